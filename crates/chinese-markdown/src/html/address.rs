//! Addresses in HTML: which may be kept, what they name, whose they are.

use std::ops::Range;

use crate::reference::{OwnHost, has_scheme};

/// Whether a link may keep its address: it has no scheme or one that runs nothing. Control
/// characters, blanks and case do not hide a scheme, since browsers drop them (URL standard, 4.4).
pub fn is_safe_link(reference: &str) -> bool {
    match scheme(reference).as_deref() {
        None
        | Some("http" | "https" | "mailto" | "tel" | "ftp" | "magnet" | "geo" | "sms" | "xmpp") => {
            true
        }
        Some(_) => false,
    }
}

/// Where an image's address leads, as far as it decides what becomes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImageAddress {
    /// It names no host.
    Local,
    /// It names its host.
    Remote,
    /// A small raster image in the address itself.
    Inline,
    /// No image, too large, or able to run a script.
    Unsafe,
}

/// Largest `data:` image kept, in bytes of its address.
pub(super) const INLINE_IMAGE_BYTES: usize = 64 * 1024;

/// Returns what to do with the address of an image, its character references resolved.
pub fn image_address(reference: &str) -> ImageAddress {
    match scheme(reference).as_deref() {
        None if reference.trim_start().starts_with("//") => ImageAddress::Remote,
        None => ImageAddress::Local,
        Some("http" | "https") => ImageAddress::Remote,
        Some("data") => {
            let kind = reference.trim_start().get(5..).unwrap_or("").to_ascii_lowercase();
            let raster = ["image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"]
                .iter()
                .any(|prefix| kind.starts_with(prefix));
            if raster && reference.len() <= INLINE_IMAGE_BYTES {
                ImageAddress::Inline
            } else {
                ImageAddress::Unsafe
            }
        }
        Some(_) => ImageAddress::Unsafe,
    }
}

pub(super) fn scheme(reference: &str) -> Option<String> {
    // Nearly all addresses of a post.
    if reference.starts_with("https://") {
        return Some("https".to_owned());
    }
    let clean: String = reference
        .chars()
        .filter(|c| !c.is_control() && !c.is_whitespace() && !chinese_text::is_invisible(*c))
        .take(40)
        .collect();
    has_scheme(&clean).then(|| clean.split(':').next().unwrap_or("").to_ascii_lowercase())
}

/// Whether a link leads to another host than that of the site.
pub(crate) fn is_external(href: &str, own_host: &OwnHost) -> bool {
    names_host(href) && own_host.below(href).is_none()
}

/// Whether an address names its host: `https://a.example/`, `//a.example/`, `\\\\a.example`.
pub fn names_host(href: &str) -> bool {
    // Browsers drop blanks before and line breaks within, and take `\\` for `/`.
    let mut begin = href.chars().filter(|c| !c.is_control()).skip_while(|c| c.is_whitespace());
    let begins_with_slashes = (0..2).all(|_| begin.next().is_some_and(|c| matches!(c, '/' | '\\')));
    begins_with_slashes
        || scheme(href).is_some_and(|scheme| matches!(scheme.as_str(), "http" | "https" | "ftp"))
}

/// `rel` of links to other hosts: whoever publishes an article vouches for none of them.
pub(crate) const EXTERNAL_REL: &str = "nofollow noopener noreferrer";

/// Returns where the addresses of a `srcset` stand, in bytes: each ends at a blank, and what
/// describes it at a comma (HTML standard, 4.8.4.2.2).
pub fn srcset_addresses(srcset: &str) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let begun = srcset[at..].trim_start_matches(|c: char| c.is_ascii_whitespace() || c == ',');
        if begun.is_empty() {
            return None;
        }
        let start = srcset.len() - begun.len();
        let end = start + begun.find(|c: char| c.is_ascii_whitespace()).unwrap_or(begun.len());
        let address = start..start + srcset[start..end].trim_end_matches(',').len();
        at = if address.end < end {
            end
        } else {
            srcset[end..].find(',').map_or(srcset.len(), |comma| end + comma + 1)
        };
        Some(address)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_a_srcset_end_at_blanks() {
        let read = |srcset: &str| {
            srcset_addresses(srcset)
                .map(|address| srcset[address].to_owned())
                .collect::<Vec<String>>()
                .join("|")
        };
        assert_eq!(read("/w_100,h_200/a.jpg 1x, /b.jpg 2x"), "/w_100,h_200/a.jpg|/b.jpg");
        assert_eq!(read(" /a.jpg, /b.jpg 100w,/c.jpg"), "/a.jpg|/b.jpg|/c.jpg");
        assert_eq!(read("data:image/gif;base64,AA 1x"), "data:image/gif;base64,AA");
        assert_eq!(read(" , "), "");
    }
}
