//! Rewriting and cleaning raw HTML.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use lol_html::html_content::{ContentType, Element};
use lol_html::{RewriteStrSettings, element, rewrite_str};

use super::drawn::with_drawn_pictures;
use super::embed::{Kind, Links, WECHAT, is_player, names_mini_program, said};
use super::heading::with_headings;
use super::lazy::with_lazy_pictures;
use super::listing::{Markup, with_listings};
use super::picture::with_pictures;
use super::player::{is_own, with_players};
use super::size::Asked;
use super::usable::{is_lazy, is_tracker, picture_of, unusable_image, unusable_link};
use super::{
    EXTERNAL_REL, ImageAddress, Inspection, MAX_DEPTH, escape_attribute, escape_text,
    image_address, is_external, is_safe_link, unescape, visible_text,
};
use crate::options::RawHtml;
use crate::reference::OwnHost;

/// How HTML with raw pieces is rewritten.
#[derive(Clone, Copy)]
pub struct Rewriting<'a> {
    pub raw: RawHtml,
    /// What the raw pieces hold.
    pub inspection: &'a Inspection,
    /// What attributes of our own making begin with (see [`sanitize`]).
    pub seal: &'a str,
    /// Feeds carry no inline images and no `rel`.
    pub for_feed: bool,
    /// The page's title.
    pub title: &'a str,
    /// The words for what cards stand for.
    pub word: &'a dyn Fn(Kind) -> &'a str,
    pub markup: Markup<'a>,
    /// The site's address.
    pub own_host: &'a OwnHost,
    /// The address to publish for one written in the text; `None` keeps it.
    pub resolve: &'a dyn Fn(&str) -> Option<String>,
    /// Width and height of the image at an address, where they are known.
    pub image_size: &'a dyn Fn(&str) -> Option<(usize, usize)>,
}

/// Rewrites images, links and embeds of HTML that holds raw pieces. The error says why it could not
/// be done.
pub fn rewrite(html: &str, rewriting: &Rewriting<'_>) -> Result<String, String> {
    let Rewriting {
        raw,
        inspection,
        seal,
        for_feed,
        title,
        word,
        markup,
        own_host,
        resolve,
        image_size,
    } = *rewriting;
    let image = |element: &mut Element<'_, '_>| {
        let is_named_image = element.tag_name() == "image";
        if is_named_image {
            // A drawing's own is no picture of the page; elsewhere browsers read it as `<img>`,
            // whose end is not waited for.
            if element.namespace_uri() != HTML {
                return Ok(());
            }
            element.set_tag_name("img")?;
        }
        let all: Vec<(String, String)> = element
            .attributes()
            .iter()
            .map(|attribute| (attribute.name(), unescape(&attribute.value()).into_owned()))
            .collect();
        let attribute = |name: &str| {
            all.iter().find(|(other, _)| other == name).map(|(_, value)| Cow::Borrowed(&**value))
        };
        let source = picture_of(
            all.iter().map(|(name, value)| (Cow::Borrowed(&**name), Cow::Borrowed(&**value))),
        )
        .into_owned();
        let is_inline = image_address(&source) == ImageAddress::Inline;
        if is_tracker(attribute) || unusable_image(&source).is_some() || (for_feed && is_inline) {
            let alt = said(element, "alt")
                .filter(|_| !is_inline && !is_tracker(attribute))
                .unwrap_or_default();
            if is_named_image {
                element.remove_attribute("src");
            } else {
                element.replace(&escape_text(&alt), ContentType::Html);
            }
            return Ok(());
        }
        if attribute("src").as_deref() != Some(&*source) {
            element.remove_attribute("srcset");
            element.set_attribute("src", &escape_attribute(&source))?;
        }
        // Where styles stay, they say it themselves.
        let style = attribute("style").filter(|_| raw != RawHtml::Raw).unwrap_or_default();
        let asked =
            Asked::of(attribute("width").as_deref(), attribute("height").as_deref(), &style);
        let (width, height) =
            asked.sides(|| declared_size(element).or_else(|| image_size(&source)));
        for (name, side) in [("width", width), ("height", height)] {
            if !side.is_empty() && attribute(name).as_deref() != Some(&*side) {
                element.set_attribute(name, &side)?;
            }
        }
        let is_done_with = |name: &str| {
            is_lazy(name)
                || matches!(
                    name,
                    "data-srcset" | "data-lazy-srcset" | "data-ratio" | "data-w" | "data-type"
                )
        };
        for (name, _) in all.iter().filter(|(name, _)| is_done_with(name)) {
            element.remove_attribute(name);
        }
        if let Some(resolved) = resolve(&source) {
            element.set_attribute("src", &escape_attribute(&resolved))?;
        }
        if image_address(&source) == ImageAddress::Remote {
            element.set_attribute("referrerpolicy", "no-referrer")?;
        }
        if !is_inline {
            element.set_attribute("loading", "lazy")?;
        }
        if !element.has_attribute("alt") {
            element.set_attribute("alt", "")?;
        }
        Ok(())
    };
    let link = |element: &mut Element<'_, '_>| {
        // The anchors of old editors.
        if let Some(name) = element
            .get_attribute("name")
            .filter(|_| raw != RawHtml::Raw && !element.has_attribute("id"))
        {
            element.set_attribute("id", &name)?;
        }
        let href = unescape(&element.get_attribute("href").unwrap_or_default()).into_owned();
        if unusable_link(&href).is_some() {
            if raw != RawHtml::Raw || !href.trim().is_empty() {
                element.remove_attribute("href");
                element.remove_attribute("rel");
            }
            return Ok(());
        }
        if let Some(id) =
            href.strip_prefix('#').filter(|id| raw != RawHtml::Raw && inspection.ids.contains(*id))
        {
            element.set_attribute("href", &escape_attribute(&format!("#{RAW_ID_PREFIX}{id}")))?;
            return Ok(());
        }
        if let Some(resolved) = resolve(&href) {
            element.set_attribute("href", &escape_attribute(&resolved))?;
        }
        if is_external(&href, own_host) {
            if !for_feed {
                element.set_attribute("rel", EXTERNAL_REL)?;
            }
        } else if raw != RawHtml::Raw {
            element.remove_attribute("rel");
        }
        Ok(())
    };
    let links = Links { seal, word, own_host, resolve };
    let embed = |element: &mut Element<'_, '_>| {
        match links.player(element) {
            // What an object holds is shown where it cannot be.
            Some(card) if element.tag_name() == "object" => {
                element.before(&card, ContentType::Html);
                element.remove_and_keep_content();
            }
            Some(card) => element.replace(&card, ContentType::Html),
            None => {}
        }
        Ok(())
    };
    let wechat = |element: &mut Element<'_, '_>| {
        if !is_player(&element.tag_name()) {
            return Ok(());
        }
        element.before(&links.wechat(element), ContentType::Html);
        // Its end may be missing, and then all that follows would go with it.
        element.remove_and_keep_content();
        Ok(())
    };
    let area = |element: &mut Element<'_, '_>| {
        element.replace(&links.area(element).unwrap_or_default(), ContentType::Html);
        Ok(())
    };
    // A tick box may be looked at; nothing else may be put in, and what stands in it already is
    // text.
    let input = |element: &mut Element<'_, '_>| {
        match said(element, "type").unwrap_or_default().to_ascii_lowercase().as_str() {
            "checkbox" | "radio" => element.set_attribute("disabled", "")?,
            "hidden" | "password" => element.remove(),
            _ => element.replace(
                &escape_text(&said(element, "value").unwrap_or_default()),
                ContentType::Html,
            ),
        }
        Ok(())
    };
    let option = |element: &mut Element<'_, '_>| {
        element.before(" ", ContentType::Text);
        Ok(())
    };
    // HTML in a drawing is text of the article: the drawing ends before it and begins anew behind
    // it.
    let foreign = |element: &mut Element<'_, '_>| {
        element.before("</svg>", ContentType::Html);
        element.after("<svg>", ContentType::Html);
        element.remove_and_keep_content();
        Ok(())
    };
    // As a class: a strict content-security policy forbids `style`, and so does the sanitiser.
    let align = |element: &mut Element<'_, '_>| {
        if let Some(class) = alignment(element) {
            element.set_attribute("class", &format!("{seal}{class}"))?;
        }
        if element.tag_name() == "center" {
            element.set_tag_name("div")?;
        }
        Ok(())
    };
    // A selector knows whole names only.
    let wechats = if names_mini_program(html) { "*".to_owned() } else { WECHAT.join(", ") };
    let mut handlers = vec![element!("img, image", image), element!("a", link)];
    if raw != RawHtml::Raw {
        handlers.push(element!("iframe, embed, object", embed));
        handlers.push(element!(wechats, wechat));
        handlers.push(element!("area", area));
        handlers.push(element!("input", input));
        handlers.push(element!("option", option));
        handlers.push(element!("svg foreignobject", foreign));
        if let Some(aligned) = aligned(html) {
            handlers.push(element!(aligned, align));
        }
    }
    if ends_foreign_text(html) {
        handlers.push(element!("[href]", |_| Ok(())));
    }
    // Not strict: what lol_html finds ambiguous, ammonia parses afterwards.
    let mut settings = RewriteStrSettings::new().with_strict(false);
    for handler in handlers {
        settings = settings.append_element_content_handler(handler);
    }
    let rewritten = if raw == RawHtml::Raw {
        rewrite_str(html, settings)
    } else {
        let html = with_lazy_pictures(html);
        let html = with_pictures(&html);
        let html = with_drawn_pictures(&html);
        let html = if inspection.has_players { with_players(&html, &links) } else { html };
        let html = with_listings(&html, seal, markup);
        let html = if inspection.has_headings { with_headings(&html, seal, title) } else { html };
        rewrite_str(&html, settings)
    };
    rewritten.map_err(|error| error.to_string())
}

/// Whether a drawing or a formula ends in a text. In `<title href=><math </math >` lol_html 3.0
/// takes that end, which is none, for an element that it was about to look at, and gives up; not
/// where it reads the attributes of all elements, which one handler asks for (tried on 42,592
/// texts).
fn ends_foreign_text(html: &str) -> bool {
    let is_named = |at: usize, name: &str| {
        html.as_bytes()[at + 2..]
            .get(..name.len())
            .is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()))
    };
    memchr::memmem::find_iter(html.as_bytes(), "</")
        .any(|at| is_named(at, "math") || is_named(at, "svg"))
}

/// Elements whose style says how their lines are aligned.
const PARAGRAPHS: [&str; 13] = [
    "p",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "td",
    "th",
    "figcaption",
    "caption",
    "blockquote",
    "li",
];

/// The selector of elements that may be aligned, where any are. That any element is looked for by
/// its attributes makes lol_html read those of all, which took a third of its time; styles of
/// paragraphs, which most articles of WeChat have, need no more than these.
fn aligned(html: &str) -> Option<String> {
    let ends = |word: &'static str| {
        memchr::memmem::find_iter(html.as_bytes(), word).map(|at| at + word.len())
    };
    let is_attribute = |end: &usize| html[*end..].trim_start().starts_with('=');
    let is_element = |end: usize| {
        html.as_bytes()[..end]
            .last_chunk::<7>()
            .is_some_and(|tag| tag.eq_ignore_ascii_case(b"<center"))
    };
    let (attributes, styles): (Vec<usize>, Vec<usize>) =
        ends("lign").chain(ends("LIGN")).partition(is_attribute);
    let mut selectors = Vec::new();
    if !attributes.is_empty() || ends("enter").chain(ends("ENTER")).any(is_element) {
        selectors.push("center, [align]".to_owned());
    }
    if !styles.is_empty() {
        selectors.extend(PARAGRAPHS.iter().map(|name| format!("{name}[style*='text-align' i]")));
    }
    (!selectors.is_empty()).then(|| selectors.join(", "))
}

/// The class for how the lines of an element are aligned. A style is looked at where it is that of
/// a paragraph: those around them are the layout of editors.
fn alignment(element: &Element<'_, '_>) -> Option<&'static str> {
    let name = element.tag_name();
    if matches!(
        name.as_str(),
        "table" | "img" | "image" | "hr" | "iframe" | "embed" | "object" | "input" | "legend"
    ) {
        return None;
    }
    let said = said(element, "align")
        .or_else(|| (name == "center").then(|| name.clone()))
        .or_else(|| {
            let style = element
                .get_attribute("style")
                .filter(|_| PARAGRAPHS.contains(&&*name))?
                .to_ascii_lowercase();
            let declared = style
                .split(';')
                .filter_map(|rule| rule.split_once(':'))
                .rfind(|(name, _)| name.trim() == "text-align")?;
            Some(declared.1.trim().trim_end_matches("!important").trim().to_owned())
        })?;
    match said.to_ascii_lowercase().as_str() {
        "center" | "middle" | "-webkit-center" => Some("align-center"),
        "right" | "end" => Some("align-right"),
        _ => None,
    }
}

/// The size that WeChat's editor writes: `data-w` is the width, `data-ratio` height by width.
fn declared_size(element: &Element<'_, '_>) -> Option<(usize, usize)> {
    /// Beyond this the numbers mean something else.
    const LARGEST: f64 = 20_000.0;
    let number = |name: &str| {
        element.get_attribute(name)?.trim().parse::<f64>().ok().filter(|number| number.is_finite())
    };
    let (width, ratio) = (number("data-w")?, number("data-ratio")?);
    let height = (width * ratio).round();
    let is_size = |side: f64| (2.0..=LARGEST).contains(&side);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "both lie between 2 and 20,000"
    )]
    (is_size(width) && is_size(height)).then_some((width as usize, height as usize))
}

/// The namespace of HTML's elements, among which drawings and formulas have others.
const HTML: &str = "http://www.w3.org/1999/xhtml";

/// Ids of raw HTML get this prefix, so that no post can take the place of the page's own.
const RAW_ID_PREFIX: &str = "u-";

/// The id that an element of raw HTML has on its page.
pub fn raw_id(id: &str) -> String {
    format!("{RAW_ID_PREFIX}{id}")
}

/// Cleans HTML by the allow-list. Attributes of our own making (classes and ids of headings, notes
/// and code) carry `seal` before their value: a hash of the post that nothing inside the post can
/// hold. The seal is taken off here. A player plays files of the site at `base` alone.
pub fn sanitize(html: &str, seal: &str, own_host: &OwnHost) -> String {
    let tags: HashSet<&str> =
        "p br hr h1 h2 h3 h4 h5 h6 blockquote ul ol li dl dt dd strong em b i u s del ins sub sup mark small code pre \
                kbd samp var abbr cite q dfn a img figure figcaption table thead tbody tfoot tr th td caption colgroup col \
                ruby rb rt rp details summary time section article aside header footer div span wbr input audio video source"
            .split_whitespace()
            .collect();
    let attributes: HashMap<&str, HashSet<&str>> = [
        ("a", ["href", "hreflang", "rel"].into()),
        ("img", HashSet::from(["src", "alt", "width", "height", "loading", "referrerpolicy"])),
        ("audio", ["controls", "preload", "loop", "muted"].into()),
        (
            "video",
            HashSet::from(["controls", "preload", "loop", "muted", "poster", "width", "height"]),
        ),
        ("source", ["src", "type"].into()),
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
    let forced: HashMap<&str, HashMap<&str, &str>> =
        [("input", HashMap::from([("type", "checkbox")]))].into_iter().collect();
    let (own_seal, own_host) = (seal.to_owned(), own_host.clone());
    let mut builder = ammonia::Builder::default();
    builder
        .tags(tags)
        .clean_content_tags(
            "script style template noscript iframe embed svg math title noembed noframes frameset"
                .split_whitespace()
                .collect(),
        )
        .tag_attributes(attributes)
        .set_tag_attribute_values(forced)
        .generic_attributes(
            [
                "id",
                "class",
                "lang",
                "dir",
                "title",
                "role",
                "aria-label",
                "aria-hidden",
                "tabindex",
            ]
            .into(),
        )
        .url_schemes(
            ["http", "https", "mailto", "tel", "ftp", "magnet", "geo", "sms", "xmpp", "data"]
                .into(),
        )
        .link_rel(None)
        .attribute_filter(move |element, attribute, value| {
            filter_attribute(element, attribute, value, &own_seal, &own_host)
        });
    builder.clean(html).to_string()
}

fn filter_attribute<'v>(
    element: &str,
    attribute: &str,
    value: &'v str,
    seal: &str,
    own_host: &OwnHost,
) -> Option<Cow<'v, str>> {
    if matches!(attribute, "class" | "id" | "role" | "aria-label" | "aria-hidden" | "tabindex")
        && let Some(own) = value.strip_prefix(seal)
    {
        return Some(Cow::Borrowed(own));
    }
    match attribute {
        "id" if value.is_empty() || value.contains(char::is_whitespace) => None,
        "id" => Some(Cow::Owned(format!("{RAW_ID_PREFIX}{value}"))),
        "class" => {
            let kept: Vec<&str> =
                value.split_whitespace().filter(|class| class.starts_with("language-")).collect();
            (!kept.is_empty() && matches!(element, "code" | "pre"))
                .then(|| Cow::Owned(kept.join(" ")))
        }
        "role" | "aria-label" | "aria-hidden" | "tabindex" => None,
        "href" | "cite" => is_safe_link(value).then_some(Cow::Borrowed(value)),
        "src" if element == "source" => is_own(value, own_host).then_some(Cow::Borrowed(value)),
        "poster" => (is_own(value, own_host) && image_address(value) != ImageAddress::Unsafe)
            .then_some(Cow::Borrowed(value)),
        "preload" => Some(Cow::Borrowed("metadata")),
        "src" => (image_address(value) != ImageAddress::Unsafe).then_some(Cow::Borrowed(value)),
        "rel" => Some(Cow::Borrowed(EXTERNAL_REL)),
        "width" | "height" => {
            let number =
                if attribute == "width" { value.strip_suffix('%').unwrap_or(value) } else { value };
            (!number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
                .then_some(Cow::Borrowed(value))
        }
        "loading" => (value == "lazy").then_some(Cow::Borrowed(value)),
        "referrerpolicy" => Some(Cow::Borrowed("no-referrer")),
        _ => Some(Cow::Borrowed(value)),
    }
}

/// The text of HTML, all tags gone; of what nests too deep for a parser, by the light scan.
pub fn text_of(html: &str) -> String {
    let mut inspection = Inspection::default();
    inspection.look_at(html, 0);
    if inspection.depth > MAX_DEPTH {
        return visible_text(html);
    }
    let cleaned = ammonia::Builder::empty()
        .clean_content_tags(["script", "style", "template", "noscript"].into())
        .clean(html)
        .to_string();
    unescape(&cleaned).into_owned()
}
