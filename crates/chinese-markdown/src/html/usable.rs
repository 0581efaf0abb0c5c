//! Which pictures and links can be kept, and why others cannot: one judgement for what is written
//! and for what is reported.

use std::borrow::Cow;

use super::address::{
    INLINE_IMAGE_BYTES, ImageAddress, image_address, is_safe_link, scheme, srcset_addresses,
};

/// Where lazy loaders keep the address of a picture, whatever `src` says; sorted.
#[rustfmt::skip]
const REAL: [&str; 31] = [
    "data-actualsrc", "data-async-src", "data-backsrc", "data-cfsrc", "data-defer-src",
    "data-delayed-url", "data-echo", "data-ezsrc", "data-ks-lazyload", "data-lazy-load",
    "data-lazy-original", "data-lazy-src", "data-lazyimg", "data-lazyload", "data-lazyload-img",
    "data-lazyload-src", "data-ll-src", "data-loadsrc", "data-original", "data-original-src",
    "data-pagespeed-lazy-src", "data-real-src", "data-realsrc", "data-runner-src", "data-src",
    "data-wpfc-original-src", "lay-src", "lazy-src", "lazysrc", "real_src", "zoomfile",
];

/// Where editors and galleries keep one more, which is asked for where `src` shows nothing; sorted.
#[rustfmt::skip]
const SPARE: [&str; 36] = [
    "_src", "data-canonical-src", "data-cke-saved-src", "data-croporisrc", "data-full-src",
    "data-hi-res-src", "data-highres", "data-image", "data-image-src", "data-image-url", "data-img",
    "data-img-src", "data-imgsrc", "data-imgurl", "data-large-file", "data-large-src", "data-lazy",
    "data-mce-src", "data-medium-file", "data-orig-file", "data-pin-media", "data-raw-src",
    "data-retina", "data-source", "data-src-large", "data-src-retina", "data-thumb", "data-url",
    "ess-data", "file", "lazyload", "loadsrc", "original", "originalsrc", "osrc", "src2",
];

/// Whether an attribute of this name may hold the address of a picture that is loaded later.
pub(super) fn is_lazy(name: &str) -> bool {
    REAL.binary_search(&name).is_ok() || SPARE.binary_search(&name).is_ok()
}

/// Why an address is not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unusable {
    /// There is none.
    Empty,
    /// A file on somebody's own disk.
    Disk,
    /// A drawing in the address itself that only keeps the room for a picture.
    Placeholder,
    /// A picture in the address itself that is too large.
    Large,
    /// It could run a script, or nobody can follow it.
    Unsafe,
    /// It opens a program on the reader's machine: `obsidian://…`.
    Program,
    /// A picture of one pixel, by which readers are counted.
    Tracker,
}

/// Returns why the picture at an address is not shown, if it is not.
pub fn unusable_image(address: &str) -> Option<Unusable> {
    /// The longest drawing that shows nothing.
    const PLACEHOLDER_BYTES: usize = 1_024;
    if address.trim().is_empty() {
        return Some(Unusable::Empty);
    }
    if is_on_disk(address) {
        return Some(Unusable::Disk);
    }
    match image_address(address) {
        ImageAddress::Unsafe => {}
        ImageAddress::Remote if lacks_host(address) => return Some(Unusable::Empty),
        _ => return None,
    }
    let is_drawing = address
        .trim_start()
        .get(..18)
        .is_some_and(|start| start.eq_ignore_ascii_case("data:image/svg+xml"));
    Some(match scheme(address).as_deref() {
        Some("data") if is_drawing && address.len() <= PLACEHOLDER_BYTES => Unusable::Placeholder,
        Some("data") if !is_drawing && address.len() > INLINE_IMAGE_BYTES => Unusable::Large,
        _ => Unusable::Unsafe,
    })
}

/// Whether a full address has no host that a browser takes: `https://`, `http://a b/c.png`.
fn lacks_host(address: &str) -> bool {
    let Some((_, rest)) = address.split_once("//") else { return false };
    let host = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    let is_open = host.starts_with('[') && !host.contains(']');
    is_open || host.contains(char::is_whitespace) || !host.contains(char::is_alphanumeric)
}

/// Why a link is shown as text, if it is.
pub(crate) fn unusable_link(address: &str) -> Option<Unusable> {
    if address.trim().is_empty() {
        Some(Unusable::Empty)
    } else if is_on_disk(address) {
        Some(Unusable::Disk)
    } else {
        let opens_program = || {
            !matches!(
                scheme(address).as_deref(),
                Some("javascript" | "vbscript" | "data" | "blob" | "about")
            )
        };
        (!is_safe_link(address))
            .then(|| if opens_program() { Unusable::Program } else { Unusable::Unsafe })
    }
}

/// `file:///…`, `C:\…`, `\\server\…`.
fn is_on_disk(address: &str) -> bool {
    address.trim_start().starts_with("\\\\")
        || scheme(address).is_some_and(|scheme| scheme == "file" || scheme.len() == 1)
}

/// The address of an element's picture, by its attributes; empty where it has none.
pub(super) fn picture_of<'a>(
    attributes: impl Iterator<Item = (Cow<'a, str>, Cow<'a, str>)>,
) -> Cow<'a, str> {
    let is_shown = |address: &str| unusable_image(address).is_none() && !is_inline(address);
    let mut source = Cow::Borrowed("");
    // The first that can be shown of each kind, and the first that cannot.
    let (mut real, mut spare, mut set, mut lost) = (None, None, None, None);
    for (name, value) in attributes.filter(|(_, value)| !value.trim().is_empty()) {
        let (kind, address) = match &*name {
            "src" => {
                source = value;
                continue;
            }
            name if name.ends_with("srcset") => match first_of(&value) {
                Some(address) => (&mut set, Cow::Owned(address)),
                None => continue,
            },
            name if REAL.binary_search(&name).is_ok() => (&mut real, trimmed(value)),
            name if SPARE.binary_search(&name).is_ok()
                && !value.trim().contains(char::is_whitespace) =>
            {
                (&mut spare, trimmed(value))
            }
            _ => continue,
        };
        if !address.contains(['/', '.']) {
            continue;
        }
        match is_shown(&address) {
            true if kind.is_none() => *kind = Some(address),
            true => {}
            false => lost = lost.or(Some(address)),
        }
    }
    if let Some(real) = real {
        return real;
    }
    if is_shown(&source) && !is_stand_in(&source) {
        return source;
    }
    // Of two that cannot be shown, the one that says more.
    spare.or(set).or(lost.filter(|_| source.is_empty())).unwrap_or(source)
}

fn is_inline(address: &str) -> bool {
    address.trim_start().get(..5).is_some_and(|start| start.eq_ignore_ascii_case("data:"))
}

/// Whether a file's name says that it only keeps the room for another picture.
fn is_stand_in(address: &str) -> bool {
    const NAMES: [&str; 18] = [
        "1x1",
        "blank",
        "clear",
        "default",
        "empty",
        "gray",
        "grey",
        "lazy",
        "lazyload",
        "load",
        "loader",
        "loading",
        "none",
        "pixel",
        "placeholder",
        "spacer",
        "transparent",
        "white",
    ];
    let path = address.split(['?', '#']).next().unwrap_or(address);
    let name = path.rsplit('/').next().unwrap_or(path);
    name.split_once('.')
        .is_some_and(|(stem, _)| NAMES.iter().any(|known| known.eq_ignore_ascii_case(stem)))
}

/// The first picture of a set that can be shown, else the first.
fn first_of(srcset: &str) -> Option<String> {
    let addresses = || srcset_addresses(srcset).map(|range| &srcset[range]);
    addresses()
        .find(|address| unusable_image(address).is_none())
        .or_else(|| addresses().next())
        .map(str::to_owned)
}

fn trimmed(value: Cow<'_, str>) -> Cow<'_, str> {
    match value {
        Cow::Borrowed(value) => Cow::Borrowed(value.trim()),
        Cow::Owned(value) => Cow::Owned(value.trim().to_owned()),
    }
}

/// Whether a picture is of at most one pixel each way.
pub(super) fn is_tracker<'a>(attribute: impl Fn(&str) -> Option<Cow<'a, str>>) -> bool {
    let tiny = |name: &str| {
        attribute(name)
            .is_some_and(|value| matches!(value.trim().trim_end_matches("px"), "0" | "1"))
    };
    let style = attribute("style").unwrap_or_default();
    let says = |rule: &str, wanted: &str| {
        let letters = rule.bytes().filter(|byte| *byte != b' ');
        letters.map(|byte| byte.to_ascii_lowercase()).eq(wanted.bytes())
    };
    let styled = |wanted: [&str; 3]| {
        style.split(';').any(|rule| wanted.iter().any(|wanted| says(rule, wanted)))
    };
    (tiny("width") && tiny("height"))
        || (styled(["width:1px", "width:0", "width:0px"])
            && styled(["height:1px", "height:0", "height:0px"]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn why_a_picture_is_not_shown() {
        for (address, why) in [
            ("", Some(Unusable::Empty)),
            (" \n", Some(Unusable::Empty)),
            ("https://", Some(Unusable::Empty)),
            ("//", Some(Unusable::Empty)),
            ("http://[bad", Some(Unusable::Empty)),
            ("http://a b/c.png", Some(Unusable::Empty)),
            ("https://[::1]/c.png", None),
            ("//图.example/c.png", None),
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
        assert_eq!(
            unusable_image(&format!("data:image/png;base64,{}", "A".repeat(70_000))),
            Some(Unusable::Large)
        );
        assert_eq!(
            unusable_image(&format!("data:image/svg+xml,{}", "A".repeat(2_000))),
            Some(Unusable::Unsafe)
        );
        assert_eq!(unusable_link("D:\\a.doc"), Some(Unusable::Disk));
        assert_eq!(unusable_link("javascript:x"), Some(Unusable::Unsafe));
        assert_eq!(unusable_link("mailto:a@b.example"), None);
    }

    #[test]
    fn names_of_attributes_are_sorted() {
        assert!(REAL.is_sorted() && SPARE.is_sorted());
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
            // Sina's, Discuz's, and what else loaders and galleries write.
            ("src=/blank.gif real_src=https://a.example/b.jpg", "https://a.example/b.jpg"),
            ("src=static/none.gif file=data/a.jpg zoomfile=data/b.jpg", "data/b.jpg"),
            ("src=static/none.gif file=data/a.jpg", "data/a.jpg"),
            ("src=blank.gif data-echo=b.png", "b.png"),
            ("src=loading.gif original=b.png", "b.png"),
            ("src=loading.gif?v=2 data-srcset='b.png 1x'", "b.png"),
            ("data-lazyload=b.png", "b.png"),
            ("data-backsrc=b.png", "b.png"),
            ("src=thumb.jpg data-large-file=b.png", "thumb.jpg"),
            ("src=thumb.jpg data-original=true", "thumb.jpg"),
            ("src=thumb.jpg data-src='data:image/gif;base64,R0'", "thumb.jpg"),
            ("src=loading.gif", "loading.gif"),
            ("data-src='file:///a.png'", "file:///a.png"),
        ] {
            let found = picture_of(super::super::attributes(attributes));
            assert_eq!(found, address, "{attributes}");
        }
    }
}
