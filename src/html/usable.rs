//! Which pictures and links can be kept, and why others cannot: one judgement for what is written and for what is reported.

use std::borrow::Cow;

use super::{INLINE_IMAGE_BYTES, ImageAddress, image_address, is_safe_link, scheme, srcset_addresses};

/// Where lazy loaders keep the address of a picture whose `src` holds a placeholder.
pub(super) const LAZY: [&str; 17] = [
    "data-src",
    "data-lazy-src",
    "data-original",
    "data-actualsrc",
    "data-original-src",
    "data-lazy",
    "data-echo",
    "data-url",
    "data-hi-res-src",
    "data-full-src",
    "data-cfsrc",
    "data-backsrc",
    "data-croporisrc",
    "lazysrc",
    "real_src",
    "zoomfile",
    "file",
];

/// Those that hold the picture whatever `src` says; the others are asked where it shows nothing.
const FIRST: usize = 4;

/// Why an address is not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unusable {
    Empty,
    /// A file on somebody's own disk.
    Disk,
    /// A drawing in the address itself that only keeps the room for a picture.
    Placeholder,
    /// A picture in the address itself that is too large.
    Large,
    /// It could run a script, or nobody can follow it.
    Unsafe,
    /// A picture of one pixel, by which readers are counted.
    Tracker,
}

/// Why the picture of an address is not shown, if it is not.
pub fn unusable_image(address: &str) -> Option<Unusable> {
    /// The longest drawing that shows nothing.
    const PLACEHOLDER_BYTES: usize = 1_024;
    if address.trim().is_empty() {
        return Some(Unusable::Empty);
    }
    if is_on_disk(address) {
        return Some(Unusable::Disk);
    }
    if image_address(address) != ImageAddress::Unsafe {
        return None;
    }
    let is_drawing = address.trim_start().get(..18).is_some_and(|start| start.eq_ignore_ascii_case("data:image/svg+xml"));
    Some(match scheme(address).as_deref() {
        Some("data") if is_drawing && address.len() <= PLACEHOLDER_BYTES => Unusable::Placeholder,
        Some("data") if !is_drawing && address.len() > INLINE_IMAGE_BYTES => Unusable::Large,
        _ => Unusable::Unsafe,
    })
}

/// Why a link is shown as text, if it is.
pub fn unusable_link(address: &str) -> Option<Unusable> {
    if address.trim().is_empty() {
        Some(Unusable::Empty)
    } else if is_on_disk(address) {
        Some(Unusable::Disk)
    } else {
        (!is_safe_link(address)).then_some(Unusable::Unsafe)
    }
}

/// `file:///…`, `C:\…`, `\\server\…`.
fn is_on_disk(address: &str) -> bool {
    address.trim_start().starts_with("\\\\") || scheme(address).is_some_and(|scheme| scheme == "file" || scheme.len() == 1)
}

/// The address of an element's picture, by its attributes; empty where it has none.
pub(super) fn picture_of<'a>(attribute: impl Fn(&str) -> Option<Cow<'a, str>>) -> Cow<'a, str> {
    let said = |name: &str| attribute(name).filter(|value| !value.trim().is_empty());
    if let Some(lazy) = LAZY[..FIRST].iter().find_map(|name| said(name)) {
        return trimmed(lazy);
    }
    let source = said("src").unwrap_or_default();
    if !source.is_empty() && !source.trim_start().starts_with("data:") && unusable_image(&source).is_none() {
        return source;
    }
    let is_shown = |address: &Cow<'_, str>| unusable_image(address).is_none();
    let lazy = LAZY[FIRST..].iter().find_map(|name| said(name).map(trimmed).filter(|address| looks_like_one(address) && is_shown(address)));
    let of_set = || ["srcset", "data-srcset", "data-lazy-srcset"].iter().find_map(|name| first_of(&said(name)?).map(Cow::Owned));
    let set = lazy.or_else(of_set);
    // Of two that cannot be shown, the one that says more.
    set.filter(|address| source.is_empty() || is_shown(address)).unwrap_or(source)
}

/// Whether a value that may mean anything is an address.
fn looks_like_one(value: &str) -> bool {
    value.contains(['/', '.']) && !value.contains(char::is_whitespace)
}

/// The first picture of a set that can be shown, else the first.
fn first_of(srcset: &str) -> Option<String> {
    let addresses = || srcset_addresses(srcset).map(|range| &srcset[range]);
    addresses().find(|address| unusable_image(address).is_none()).or_else(|| addresses().next()).map(str::to_owned)
}

fn trimmed(value: Cow<'_, str>) -> Cow<'_, str> {
    match value {
        Cow::Borrowed(value) => Cow::Borrowed(value.trim()),
        Cow::Owned(value) => Cow::Owned(value.trim().to_owned()),
    }
}

/// Whether a picture is of at most one pixel each way.
pub(super) fn is_tracker<'a>(attribute: impl Fn(&str) -> Option<Cow<'a, str>>) -> bool {
    let tiny = |name: &str| attribute(name).is_some_and(|value| matches!(value.trim().trim_end_matches("px"), "0" | "1"));
    let style = attribute("style").unwrap_or_default().replace(' ', "").to_ascii_lowercase();
    let styled = |name: &str| {
        style.split(';').any(|rule| rule == format!("{name}:1px") || rule == format!("{name}:0") || rule == format!("{name}:0px"))
    };
    (tiny("width") && tiny("height")) || (styled("width") && styled("height"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn why_a_picture_is_not_shown() {
        for (address, why) in [
            ("", Some(Unusable::Empty)),
            (" \n", Some(Unusable::Empty)),
            ("file:///C:/a.png", Some(Unusable::Disk)),
            ("FILE://a.png", Some(Unusable::Disk)),
            ("C:\\a.png", Some(Unusable::Disk)),
            ("d:/a.png", Some(Unusable::Disk)),
            ("\\\\server\\a.png", Some(Unusable::Disk)),
            ("data:image/svg+xml;utf8,<svg/>", Some(Unusable::Placeholder)),
            ("javascript:x", Some(Unusable::Unsafe)),
            ("blob:https://a.example/x", Some(Unusable::Unsafe)),
            ("data:text/html,x", Some(Unusable::Unsafe)),
            ("data:image/png;base64,AA", None),
            ("a.png", None),
            ("//a.example/b.png", None),
        ] {
            assert_eq!(unusable_image(address), why, "{address:?}");
        }
        assert_eq!(unusable_image(&format!("data:image/png;base64,{}", "A".repeat(70_000))), Some(Unusable::Large));
        assert_eq!(unusable_image(&format!("data:image/svg+xml,{}", "A".repeat(2_000))), Some(Unusable::Unsafe));
        assert_eq!(unusable_link("D:\\a.doc"), Some(Unusable::Disk));
        assert_eq!(unusable_link("javascript:x"), Some(Unusable::Unsafe));
        assert_eq!(unusable_link("mailto:a@b.example"), None);
    }

    #[test]
    fn a_picture_is_found_where_lazy_loaders_keep_it() {
        for (attributes, address) in [
            ("src=a.png", "a.png"),
            ("src=a.png data-src=' b.png '", "b.png"),
            ("src=a.png data-url=b.png", "a.png"),
            ("src='data:image/gif;base64,R0' data-url=b.png", "b.png"),
            ("src='data:image/gif;base64,R0'", "data:image/gif;base64,R0"),
            ("DATA-ORIGINAL-SRC=https://a.example/b.jpg", "https://a.example/b.jpg"),
            ("src='' data-lazy=true srcset='b.png 1x, c.png 2x'", "b.png"),
            ("src='file:///x.png' file=b.png", "b.png"),
            ("alt=x", ""),
            ("srcset='file:///a.png 1x, /b.png 2x'", "/b.png"),
            ("src='C:/a.png' data-srcset=' data:text/html,x, b.png 2x'", "b.png"),
            ("srcset='file:///a.png 1x, C:/b.png 2x'", "file:///a.png"),
        ] {
            let found = picture_of(|name| super::super::attributes(attributes).find(|(other, _)| other == name).map(|(_, value)| value));
            assert_eq!(found, address, "{attributes}");
        }
    }
}
