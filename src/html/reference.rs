//! What raw HTML leads to and shows, with places: for the report alone.

use std::borrow::Cow;
use std::ops::Range;

use super::inspection::attribute;
use super::{srcset_addresses, tags, unescape};

/// An address in raw HTML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference<'h> {
    pub address: Cow<'h, str>,
    /// It is shown, not led to.
    pub is_shown: bool,
    pub range: Range<usize>,
}

/// The addresses of a piece of HTML.
pub fn references(html: &str) -> impl Iterator<Item = Reference<'_>> {
    /// Lazy loaders keep the address of a picture beside `src`.
    const SHOWN: [&str; 7] = ["src", "data-src", "data-original", "data-lazy-src", "data-actualsrc", "poster", "data"];
    tags(html).filter(|tag| !tag.closing).flat_map(move |tag| {
        let place = |value: &str| {
            let start = (value.as_ptr() as usize).saturating_sub(html.as_ptr() as usize);
            start..start + value.len()
        };
        let whole = |name: &str, is_shown: bool| {
            let value = attribute(tag.attributes, name)?;
            Some(Reference { address: unescape(value), is_shown, range: place(value) })
        };
        // A frame is a page, not a picture.
        let shows = ["img", "image", "source", "video", "audio"].iter().any(|name| tag.name.eq_ignore_ascii_case(name));
        let srcset = attribute(tag.attributes, "srcset").unwrap_or_default();
        let in_srcset = srcset_addresses(srcset).map(|range| &srcset[range]);
        let in_srcset = in_srcset.map(|value| Reference { address: unescape(value), is_shown: true, range: place(value) });
        let all = whole("href", false).into_iter().chain(SHOWN.iter().filter_map(|name| whole(name, shows))).chain(in_srcset);
        all.collect::<Vec<Reference<'_>>>()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_have_their_places() {
        let html = "见 /a.png <a href=\"/a?x&amp;y\">甲</a><IMG alt='/a.png' data-src=/a.png srcset='/b.png 1x, /c.png 2x'>\
                    <iframe src=\"/f\"></iframe></a href=no>";
        let read: Vec<String> = references(html)
            .map(|found| format!("{}{} {}", if found.is_shown { "!" } else { "" }, found.address, &html[found.range]))
            .collect();
        assert_eq!(read, ["/a?x&y /a?x&amp;y", "!/a.png /a.png", "!/b.png /b.png", "!/c.png /c.png", "/f /f"]);
    }
}
