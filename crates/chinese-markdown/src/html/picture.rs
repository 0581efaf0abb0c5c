//! `<picture>`: an `<img>` with other sizes and formats beside it. Where the `<img>` shows nothing,
//! one of these does.

use std::borrow::Cow;
use std::ops::Range;

use super::attributes::attributes;
use super::escape::escape_attribute;
use super::tag::{Tag, tags};
use super::usable::{picture_of, unusable_image};

/// HTML in which each `<picture>` that could show something shows it by an `<img>`: scrapers leave
/// the `<source>`s alone.
pub(super) fn with_pictures(html: &str) -> Cow<'_, str> {
    if memchr::memmem::find(html.as_bytes(), b"<picture").is_none() {
        return Cow::Borrowed(html);
    }
    let mut images: Vec<(Range<usize>, String)> = Vec::new();
    let mut open: Option<PictureElement> = None;
    for tag in tags(html) {
        if tag.known_name() == Some("picture") {
            images.extend(open.take().and_then(PictureElement::image));
            open = (!tag.closing).then(PictureElement::default);
        } else if let Some(picture) = &mut open {
            picture.look_at(&tag);
        }
    }
    images.extend(open.and_then(PictureElement::image));
    let mut out = String::with_capacity(html.len());
    let mut copied = 0;
    for (range, image) in images {
        out.push_str(&html[copied..range.start]);
        out.push_str(&image);
        copied = range.end;
    }
    if copied == 0 { Cow::Borrowed(html) } else { Cow::Owned(out + &html[copied..]) }
}

/// What an open `<picture>` holds.
#[derive(Default)]
struct PictureElement {
    /// The first address among its sources that can be shown, and where the `<img>` for it may
    /// stand.
    source: Option<(String, Range<usize>)>,
    /// An `<img>` that shows nothing, and what it says of itself.
    placeholder: Option<(Range<usize>, String)>,
    is_shown: bool,
}

impl PictureElement {
    fn look_at(&mut self, tag: &Tag<'_>) {
        let name =
            tag.known_name().filter(|name| !tag.closing && matches!(*name, "img" | "source"));
        let Some(name) = name else { return };
        let address = address(tag);
        if name == "source" {
            if self.source.is_none() && unusable_image(&address).is_none() {
                self.source = Some((address, tag.range.clone()));
            }
        } else if unusable_image(&address).is_none() {
            self.is_shown = true;
        } else if self.placeholder.is_none() {
            let alt = attributes(tag.attributes)
                .find(|(name, _)| name == "alt")
                .map_or(String::new(), |(_, alt)| alt.into_owned());
            self.placeholder = Some((tag.range.clone(), alt));
        }
    }

    /// The `<img>` that it lacks, and the tag that it replaces.
    fn image(self) -> Option<(Range<usize>, String)> {
        let (address, range) = self.source.filter(|_| !self.is_shown)?;
        let (range, alt) = self.placeholder.unwrap_or((range, String::new()));
        Some((
            range,
            format!(
                "<img src=\"{}\" alt=\"{}\">",
                escape_attribute(&address),
                escape_attribute(&alt)
            ),
        ))
    }
}

/// The address of the picture that a tag names.
pub(super) fn address(tag: &Tag<'_>) -> String {
    picture_of(attributes(tag.attributes)).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_shown_by_its_sources_where_its_image_shows_nothing() {
        for (html, wanted) in [
            (
                "甲<picture><source srcset='/a.webp 1x'></picture>乙",
                "甲<picture><img src=\"/a.webp\" alt=\"\"></picture>乙",
            ),
            (
                "<picture><source srcset=/a.webp><img src=/a.png></picture>",
                "<picture><source srcset=/a.webp><img src=/a.png></picture>",
            ),
            (
                "<picture><source srcset='file:///a 1x, /b.png 2x'><source srcset=/c.png><img src='' alt='图'></picture>",
                "<picture><source srcset='file:///a 1x, /b.png 2x'><source srcset=/c.png><img src=\"/b.png\" alt=\"图\"></picture>",
            ),
            (
                "<picture><source srcset=C:/a.png></picture>",
                "<picture><source srcset=C:/a.png></picture>",
            ),
            ("<picture><source srcset=/a.png>字", "<picture><img src=\"/a.png\" alt=\"\">字"),
            ("<video><source src=/a.mp4></video>", "<video><source src=/a.mp4></video>"),
        ] {
            assert_eq!(with_pictures(html), wanted, "{html}");
        }
    }
}
