//! The allow-list: what of raw HTML may reach a page.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

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
