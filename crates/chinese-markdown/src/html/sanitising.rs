//! The allow-list: what of raw HTML may reach a page.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::address::{EXTERNAL_REL, ImageAddress, image_address, is_safe_link};
use super::player::is_own;
use crate::reference::OwnHost;

/// Ids of raw HTML get this prefix, so that no post can take the place of the page's own.
const RAW_ID_PREFIX: &str = "u-";

/// The id that an element of raw HTML has on its page.
pub(crate) fn raw_id(id: &str) -> String {
    format!("{RAW_ID_PREFIX}{id}")
}

/// Cleans HTML by the allow-list. Attributes of our own making (classes and ids of headings, notes
/// and code) carry `seal` before their value: a hash of the post that nothing inside the post can
/// hold. The seal is taken off here. A player plays files of the site at `base` alone.
pub(crate) fn sanitize(html: &str, seal: &str, own_host: &OwnHost) -> String {
    static ALLOWED: LazyLock<Allowed> = LazyLock::new(Allowed::new);
    let (own_seal, own_host) = (seal.to_owned(), own_host.clone());
    let mut builder = ammonia::Builder::default();
    builder
        .tags(ALLOWED.elements.clone())
        .clean_content_tags(ALLOWED.removed.clone())
        .tag_attributes(ALLOWED.attributes.clone())
        .set_tag_attribute_values(ALLOWED.forced.clone())
        .generic_attributes(ALLOWED.common_attributes.clone())
        .url_schemes(ALLOWED.schemes.clone())
        .link_rel(None)
        .attribute_filter(move |element, attribute, value| {
            filter_attribute(element, attribute, value, &own_seal, &own_host)
        });
    let clean = builder.clean(html);
    let mut out = Vec::with_capacity(html.len());
    // Chinese takes the standard library ten times as long to look through.
    match (clean.write_to(&mut out), simdutf8::basic::from_utf8(&out)) {
        (Ok(()), Ok(html)) => html.to_owned(),
        // Memory takes all that is written, and that is text.
        _ => clean.to_string(),
    }
}

/// What is kept, made once.
struct Allowed {
    elements: HashSet<&'static str>,
    /// Elements that go with all they hold.
    removed: HashSet<&'static str>,
    attributes: HashMap<&'static str, HashSet<&'static str>>,
    /// Attributes of every element.
    common_attributes: HashSet<&'static str>,
    /// Values that attributes have whatever is written.
    forced: HashMap<&'static str, HashMap<&'static str, &'static str>>,
    schemes: HashSet<&'static str>,
}

impl Allowed {
    fn new() -> Allowed {
        let words = |words: &'static str| words.split_whitespace().collect();
        let elements = words(
            "p br hr h1 h2 h3 h4 h5 h6 blockquote ul ol li dl dt dd strong em b i u s del ins sub sup mark small code pre \
                kbd samp var abbr cite q dfn a img figure figcaption table thead tbody tfoot tr th td caption colgroup col \
                ruby rb rt rp details summary time section article aside header footer div span wbr input audio video source",
        );
        let attributes = [
            ("a", "href hreflang rel"),
            ("img", "src alt width height loading referrerpolicy"),
            ("audio", "controls preload loop muted"),
            ("video", "controls preload loop muted poster width height"),
            ("source", "src type"),
            ("time", "datetime"),
            ("del", "cite datetime"),
            ("ins", "cite datetime"),
            ("q", "cite"),
            ("blockquote", "cite"),
            ("td", "colspan rowspan"),
            ("th", "colspan rowspan scope"),
            ("col", "span"),
            ("colgroup", "span"),
            ("ol", "start reversed"),
            ("li", "value"),
            ("details", "open"),
            ("input", "checked disabled"),
        ];
        Allowed {
            elements,
            removed: words(
                "script style template noscript iframe embed svg math title noembed noframes frameset",
            ),
            attributes: attributes.into_iter().map(|(name, kept)| (name, words(kept))).collect(),
            common_attributes: words(
                "id class lang dir title role aria-label aria-hidden tabindex",
            ),
            forced: HashMap::from([("input", HashMap::from([("type", "checkbox")]))]),
            schemes: words("http https mailto tel ftp magnet geo sms xmpp data"),
        }
    }
}

/// Whether [`sanitize`] takes an attribute off, whatever element has it and whatever it says, so that
/// it needs not be read at all: half of what editors write is `style`.
pub(super) fn is_never_kept(name: &str) -> bool {
    name == "style" || name.starts_with("data-")
}

fn filter_attribute<'v>(
    element: &str,
    attribute: &str,
    value: &'v str,
    seal: &str,
    own_host: &OwnHost,
) -> Option<Cow<'v, str>> {
    if matches!(
        attribute,
        "class" | "id" | "role" | "aria-label" | "aria-hidden" | "tabindex" | "width" | "height"
    ) && let Some(own) = value.strip_prefix(seal)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_read_is_not_allowed() {
        let allowed = Allowed::new();
        let own = allowed.attributes.values().flatten();
        assert!(own.chain(&allowed.common_attributes).all(|name| !is_never_kept(name)));
    }
}
