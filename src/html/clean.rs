//! Rewriting and cleaning raw HTML.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap, HashSet};

use lol_html::html_content::{ContentType, Element};
use lol_html::{RewriteStrSettings, element, rewrite_str};

use super::{EXTERNAL_REL, ImageAddress, escape_attribute, escape_text, image_address, is_external, is_safe_link, names_host, unescape};
use crate::config::RawHtml;
use crate::route::BaseUrl;

/// How HTML with raw pieces is rewritten.
#[derive(Clone, Copy)]
pub struct Rewriting<'a> {
    pub raw: RawHtml,
    /// Raw HTML's own ids.
    pub ids: &'a BTreeSet<String>,
    /// What attributes of our own making begin with (see [`sanitize`]).
    pub seal: &'a str,
    /// Feeds carry no inline images and no `rel`.
    pub for_feed: bool,
    /// The site's address.
    pub base: &'a BaseUrl,
    /// The address to publish for one written in the text; `None` keeps it.
    pub resolve: &'a dyn Fn(&str) -> Option<String>,
    /// Width and height of the image at an address, where they are known.
    pub image_size: &'a dyn Fn(&str) -> Option<(usize, usize)>,
}

/// Rewrites images, links and embeds of HTML that holds raw pieces.
pub fn rewrite(html: &str, rewriting: &Rewriting<'_>) -> String {
    let Rewriting { raw, ids, seal, for_feed, base, resolve, image_size } = *rewriting;
    let image = |element: &mut Element<'_, '_>| {
        if is_tracker(element) {
            element.remove();
            return Ok(());
        }
        for lazy in ["data-src", "data-lazy-src", "data-original", "data-actualsrc"] {
            if let Some(source) = element.get_attribute(lazy).filter(|source| !source.trim().is_empty()) {
                element.set_attribute("src", source.trim())?;
                element.remove_attribute("srcset");
                break;
            }
        }
        if !element.has_attribute("width")
            && !element.has_attribute("height")
            && let Some((width, height)) =
                declared_size(element).or_else(|| image_size(&unescape(&element.get_attribute("src").unwrap_or_default())))
        {
            element.set_attribute("width", &width.to_string())?;
            element.set_attribute("height", &height.to_string())?;
        }
        for attribute in [
            "data-src",
            "data-lazy-src",
            "data-original",
            "data-actualsrc",
            "data-srcset",
            "data-lazy-srcset",
            "data-ratio",
            "data-w",
            "data-type",
        ] {
            element.remove_attribute(attribute);
        }
        let source = element.get_attribute("src").unwrap_or_default();
        let address = image_address(&unescape(&source));
        if source.trim().is_empty() || address == ImageAddress::Unsafe || (for_feed && address == ImageAddress::Inline) {
            element.remove();
            return Ok(());
        }
        if let Some(resolved) = resolve(&unescape(&source)) {
            element.set_attribute("src", &escape_attribute(&resolved))?;
        }
        if address == ImageAddress::Remote {
            element.set_attribute("referrerpolicy", "no-referrer")?;
        }
        if address != ImageAddress::Inline {
            element.set_attribute("loading", "lazy")?;
        }
        if !element.has_attribute("alt") {
            element.set_attribute("alt", "")?;
        }
        Ok(())
    };
    let link = |element: &mut Element<'_, '_>| {
        let href = unescape(&element.get_attribute("href").unwrap_or_default()).into_owned();
        if href.trim().is_empty() || !is_safe_link(&href) {
            if raw != RawHtml::Raw || !href.trim().is_empty() {
                element.remove_attribute("href");
                element.remove_attribute("rel");
            }
            return Ok(());
        }
        if let Some(id) = href.strip_prefix('#').filter(|id| raw != RawHtml::Raw && ids.contains(*id)) {
            element.set_attribute("href", &escape_attribute(&format!("#{RAW_ID_PREFIX}{id}")))?;
            return Ok(());
        }
        if let Some(resolved) = resolve(&href) {
            element.set_attribute("href", &escape_attribute(&resolved))?;
        }
        if is_external(&href, base) {
            if !for_feed {
                element.set_attribute("rel", EXTERNAL_REL)?;
            }
        } else if raw != RawHtml::Raw {
            element.remove_attribute("rel");
        }
        Ok(())
    };
    let embed = |element: &mut Element<'_, '_>| {
        let source = ["src", "data-src", "data"].iter().find_map(|name| element.get_attribute(name)).unwrap_or_default();
        let source = unescape(&source);
        let absolute = if source.starts_with("//") { format!("https:{source}") } else { source.into_owned() };
        if names_host(&absolute) && is_safe_link(&absolute) {
            let host = absolute.split("://").nth(1).unwrap_or(&absolute).split(['/', '?', '#']).next().unwrap_or("");
            let card = format!(
                "<p class=\"{seal}embed\"><a href=\"{}\" rel=\"{EXTERNAL_REL}\">▶ {}</a></p>",
                escape_attribute(&absolute),
                escape_text(host)
            );
            element.replace(&card, ContentType::Html);
        }
        Ok(())
    };
    let mut handlers = vec![element!("img", image), element!("a", link)];
    if raw != RawHtml::Raw {
        handlers.push(element!("iframe, embed, object, video, audio", embed));
        // A tick box may be looked at; nothing else may be put in.
        handlers.push(element!("input", |element: &mut Element<'_, '_>| Ok(element.set_attribute("disabled", "")?)));
    }
    // Not strict: what lol_html finds ambiguous, ammonia parses afterwards.
    let mut settings = RewriteStrSettings::new().with_strict(false);
    for handler in handlers {
        settings = settings.append_element_content_handler(handler);
    }
    rewrite_str(html, settings).unwrap_or_else(|_| html.to_owned())
}

/// The size that WeChat's editor writes: `data-w` is the width, `data-ratio` height by width.
fn declared_size(element: &Element<'_, '_>) -> Option<(usize, usize)> {
    /// Beyond this the numbers mean something else.
    const LARGEST: f64 = 20_000.0;
    let number = |name: &str| element.get_attribute(name)?.trim().parse::<f64>().ok().filter(|number| number.is_finite());
    let (width, ratio) = (number("data-w")?, number("data-ratio")?);
    let height = (width * ratio).round();
    let is_size = |side: f64| (2.0..=LARGEST).contains(&side);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "both lie between 2 and 20,000")]
    (is_size(width) && is_size(height)).then_some((width as usize, height as usize))
}

/// An image of at most one pixel each way.
fn is_tracker(element: &Element<'_, '_>) -> bool {
    let tiny = |name: &str| element.get_attribute(name).is_some_and(|value| matches!(value.trim().trim_end_matches("px"), "0" | "1"));
    let style = element.get_attribute("style").unwrap_or_default().replace(' ', "").to_ascii_lowercase();
    let styled = |name: &str| {
        style.split(';').any(|rule| rule == format!("{name}:1px") || rule == format!("{name}:0") || rule == format!("{name}:0px"))
    };
    (tiny("width") && tiny("height")) || (styled("width") && styled("height"))
}

/// Ids of raw HTML get this prefix, so that no post can take the place of the page's own.
const RAW_ID_PREFIX: &str = "u-";

/// Cleans HTML by the allow-list. Attributes of our own making (classes and ids of headings, notes and code) carry `seal`
/// before their value: a hash of the post that nothing inside the post can hold. The seal is taken off here.
pub fn sanitize(html: &str, seal: &str) -> String {
    let tags: HashSet<&str> =
        "p br hr h1 h2 h3 h4 h5 h6 blockquote ul ol li dl dt dd strong em b i u s del ins sub sup mark small code pre \
                kbd samp var abbr cite q dfn a img figure figcaption table thead tbody tfoot tr th td caption colgroup col \
                ruby rb rt rp details summary time section article aside header footer div span wbr input"
            .split_whitespace()
            .collect();
    let attributes: HashMap<&str, HashSet<&str>> = [
        ("a", ["href", "hreflang", "rel"].into()),
        ("img", HashSet::from(["src", "alt", "width", "height", "loading", "referrerpolicy"])),
        ("time", ["datetime"].into()),
        ("del", ["cite", "datetime"].into()),
        ("ins", ["cite", "datetime"].into()),
        ("q", ["cite"].into()),
        ("blockquote", ["cite"].into()),
        ("td", ["colspan", "rowspan"].into()),
        ("th", ["colspan", "rowspan", "scope"].into()),
        ("col", ["span"].into()),
        ("colgroup", ["span"].into()),
        ("ol", ["start", "reversed"].into()),
        ("li", ["value"].into()),
        ("details", ["open"].into()),
        ("input", ["checked", "disabled"].into()),
    ]
    .into_iter()
    .collect();
    let forced: HashMap<&str, HashMap<&str, &str>> = [("input", HashMap::from([("type", "checkbox")]))].into_iter().collect();
    let own_seal = seal.to_owned();
    let mut builder = ammonia::Builder::default();
    builder
        .tags(tags)
        .clean_content_tags(
            "script style template noscript iframe object embed form button svg math title textarea xmp select applet \
             noembed noframes frameset"
                .split_whitespace()
                .collect(),
        )
        .tag_attributes(attributes)
        .set_tag_attribute_values(forced)
        .generic_attributes(["id", "class", "lang", "dir", "title", "role", "aria-label", "aria-hidden", "tabindex"].into())
        .url_schemes(["http", "https", "mailto", "tel", "ftp", "magnet", "geo", "sms", "xmpp", "data"].into())
        .link_rel(None)
        .attribute_filter(move |element, attribute, value| filter_attribute(element, attribute, value, &own_seal));
    builder.clean(html).to_string()
}

fn filter_attribute<'v>(element: &str, attribute: &str, value: &'v str, seal: &str) -> Option<Cow<'v, str>> {
    if matches!(attribute, "class" | "id" | "role" | "aria-label" | "aria-hidden" | "tabindex")
        && let Some(own) = value.strip_prefix(seal)
    {
        return Some(Cow::Borrowed(own));
    }
    match attribute {
        "id" if value.is_empty() || value.contains(char::is_whitespace) => None,
        "id" => Some(Cow::Owned(format!("{RAW_ID_PREFIX}{value}"))),
        "class" => {
            let kept: Vec<&str> = value.split_whitespace().filter(|class| class.starts_with("language-")).collect();
            (!kept.is_empty() && matches!(element, "code" | "pre")).then(|| Cow::Owned(kept.join(" ")))
        }
        "role" | "aria-label" | "aria-hidden" | "tabindex" => None,
        "href" | "cite" => is_safe_link(value).then_some(Cow::Borrowed(value)),
        "src" => (image_address(value) != ImageAddress::Unsafe).then_some(Cow::Borrowed(value)),
        "rel" => Some(Cow::Borrowed(EXTERNAL_REL)),
        "width" | "height" => {
            value.bytes().all(|byte| byte.is_ascii_digit()).then_some(Cow::Borrowed(value)).filter(|value| !value.is_empty())
        }
        "loading" => (value == "lazy").then_some(Cow::Borrowed(value)),
        "referrerpolicy" => Some(Cow::Borrowed("no-referrer")),
        _ => Some(Cow::Borrowed(value)),
    }
}

/// The text of HTML, all tags gone.
pub fn text_of(html: &str) -> String {
    let cleaned = ammonia::Builder::empty().clean_content_tags(["script", "style", "template", "noscript"].into()).clean(html).to_string();
    unescape(&cleaned).into_owned()
}
