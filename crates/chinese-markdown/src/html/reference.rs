//! What raw HTML leads to and shows, with places.

use std::borrow::Cow;
use std::ops::Range;

use super::address::srcset_addresses;
use super::attributes::attributes;
use super::tag::tags;
use super::usable::is_lazy;

/// An address in raw HTML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference<'h> {
    /// The address, its character references resolved.
    pub address: Cow<'h, str>,
    /// It is shown, not led to.
    pub is_shown: bool,
    /// Where it stands, in bytes; where it is not written as it is read, the place of its tag.
    pub range: Range<usize>,
}

/// Whether an attribute of this name holds an address that is shown or led to.
pub(crate) fn holds_address(name: &str) -> bool {
    matches!(name, "href" | "src" | "poster" | "data") || is_lazy(name)
}

/// Returns the addresses of a piece of HTML: of links, images, players, frames and `srcset`.
pub fn references(html: &str) -> impl Iterator<Item = Reference<'_>> {
    tags(html).filter(|tag| !tag.closing).flat_map(move |tag| {
        // A frame is a page, not a picture.
        let shows = ["img", "image", "source", "video", "audio"]
            .iter()
            .any(|name| tag.name.eq_ignore_ascii_case(name));
        let mut found = Vec::new();
        for (name, value) in attributes(tag.attributes) {
            // A value with character references is no piece of the text.
            let start = match value {
                Cow::Borrowed(value) => (value.as_ptr() as usize)
                    .checked_sub(html.as_ptr() as usize)
                    .filter(|at| *at <= html.len()),
                Cow::Owned(_) => None,
            };
            let at = |range: Range<usize>| {
                start.map_or(tag.range.clone(), |start| start + range.start..start + range.end)
            };
            if holds_address(&name) {
                let range = at(0..value.len());
                found.push(Reference { address: value, is_shown: shows && name != "href", range });
            } else if name.ends_with("srcset") {
                let reference = |range: Range<usize>| Reference {
                    address: value[range.clone()].to_owned().into(),
                    is_shown: true,
                    range: at(range),
                };
                found.extend(srcset_addresses(&value).map(reference));
            }
        }
        found
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_have_their_places() {
        let html = "见 /a.png <a href=\"/a?x&amp;y\">甲</a><IMG alt=图 DATA-SRC=/a.png srcset='/b.png 1x, /c.png 2x'>\
                    <iframe src=\"/f\"></iframe></a href=no>";
        let read: Vec<String> = references(html)
            .map(|found| {
                format!(
                    "{}{} {}",
                    if found.is_shown { "!" } else { "" },
                    found.address,
                    &html[found.range]
                )
            })
            .collect();
        assert_eq!(
            read,
            [
                "/a?x&y <a href=\"/a?x&amp;y\">",
                "!/a.png /a.png",
                "!/b.png /b.png",
                "!/c.png /c.png",
                "/f /f"
            ]
        );
    }
}
