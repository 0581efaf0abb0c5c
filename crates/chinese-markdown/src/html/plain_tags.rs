//! HTML whose tags every parser reads alike, which is nearly all there is: where they stand can be
//! found out without a parser, and so which of them anybody has to look at.

use std::ops::Range;

use super::element::{ElementSet, KnownElement};

/// Elements whose inside is not read as HTML, or by other rules.
const OPAQUE: ElementSet = ElementSet::of(&[
    "iframe", "image", "math", "noembed", "noframes", "noscript", "script", "style", "svg",
    "textarea", "title", "xmp",
]);

/// The start tags of a text, and all their attributes, in order.
#[derive(Default)]
pub(super) struct PlainTags {
    pub(super) tags: Vec<PlainTag>,
    /// The elements that there are.
    pub(super) elements: ElementSet,
    attributes: Vec<PlainAttribute>,
}

/// A start tag.
pub(super) struct PlainTag {
    pub(super) element: Option<KnownElement>,
    pub(super) name: Range<usize>,
    pub(super) range: Range<usize>,
    /// Which of all attributes are its own.
    attributes: Range<usize>,
}

/// An attribute of a start tag.
pub(super) struct PlainAttribute {
    pub(super) name: Range<usize>,
    /// Without quotes, and as it is written; empty where there is none.
    pub(super) value: Range<usize>,
    /// From the first byte of the name to the last of the value, quotes included.
    pub(super) range: Range<usize>,
}

impl PlainTags {
    /// The start tags of HTML that is plain: comments and tags end, quotes stand around values and
    /// nowhere else in a tag, end tags have no attributes, and there is no element whose inside is
    /// read in another way. None where something is not so.
    pub(super) fn of(html: &str) -> Option<PlainTags> {
        let bytes = html.as_bytes();
        let mut found = PlainTags::default();
        let mut at = 0;
        while let Some(start) = memchr::memchr(b'<', &bytes[at..]).map(|next| at + next) {
            at = match bytes.get(start + 1)? {
                b'!' => start + comment(&html[start..])?,
                b'?' => return None,
                b'/' => end_tag(bytes, start)?,
                byte if byte.is_ascii_alphabetic() => found.take(html, start)?,
                _ => start + 1,
            };
        }
        Some(found)
    }

    /// The attributes of one of the tags.
    pub(super) fn attributes(&self, tag: &PlainTag) -> &[PlainAttribute] {
        &self.attributes[tag.attributes.clone()]
    }

    /// Takes the start tag that begins at `start`, and returns its end.
    fn take(&mut self, html: &str, start: usize) -> Option<usize> {
        let bytes = html.as_bytes();
        let end = after_name(bytes, start + 1)?;
        let name = start + 1..end;
        let element = KnownElement::named(&html[name.clone()]);
        if OPAQUE.holds(element) || html[name.clone()].eq_ignore_ascii_case("plaintext") {
            return None;
        }
        self.elements.insert(element);
        let first = self.attributes.len();
        let mut at = end;
        loop {
            at += bytes[at..].iter().position(|byte| *byte != b'/' && !is_blank(*byte))?;
            if bytes[at] == b'>' {
                break;
            }
            let attribute = attribute(bytes, at)?;
            at = attribute.range.end;
            self.attributes.push(attribute);
        }
        let attributes = first..self.attributes.len();
        self.tags.push(PlainTag { element, name, range: start..at + 1, attributes });
        Some(at + 1)
    }
}

/// The length of the comment that a text begins with.
fn comment(html: &str) -> Option<usize> {
    const OPEN: &str = "<!--";
    let inside = html.strip_prefix(OPEN)?;
    let length = memchr::memmem::find(inside.as_bytes(), b"-->")?;
    let ends_before = inside.starts_with(['>', '-']) || inside[..length].contains("--!");
    (!ends_before).then_some(OPEN.len() + length + "-->".len())
}

/// The end of the end tag that begins at `start`.
fn end_tag(bytes: &[u8], start: usize) -> Option<usize> {
    let end = after_name(bytes, start + 2)?;
    (bytes[end] == b'>').then_some(end + 1)
}

/// The end of the name that begins at `start`, and is followed by something.
fn after_name(bytes: &[u8], start: usize) -> Option<usize> {
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b':' | b'_');
    let length = bytes[start..].iter().position(|byte| !is_name(byte))?;
    let is_apart = matches!(bytes[start + length], b'>' | b'/') || is_blank(bytes[start + length]);
    (is_apart && bytes[start].is_ascii_alphabetic()).then_some(start + length)
}

fn attribute(bytes: &[u8], start: usize) -> Option<PlainAttribute> {
    let ends_name = |byte: &u8| matches!(byte, b'=' | b'>' | b'/') || is_blank(*byte);
    let end = start + bytes[start..].iter().position(ends_name)?;
    let name = start..end;
    let is_odd = |byte: &u8| matches!(byte, b'"' | b'\'' | b'<');
    if name.is_empty() || bytes[name.clone()].iter().any(is_odd) {
        return None;
    }
    let next = |at: usize| Some(at + bytes[at..].iter().position(|byte| !is_blank(*byte))?);
    let equals = next(end)?;
    if bytes[equals] != b'=' {
        return Some(PlainAttribute { value: end..end, range: name.clone(), name });
    }
    let begin = next(equals + 1)?;
    if let quote @ (b'"' | b'\'') = bytes[begin] {
        let value = begin + 1..begin + 1 + memchr::memchr(quote, &bytes[begin + 1..])?;
        return Some(PlainAttribute { range: start..value.end + 1, name, value });
    }
    let ends_value = |byte: &u8| *byte == b'>' || is_blank(*byte);
    let value = begin..begin + bytes[begin..].iter().position(ends_value)?;
    let is_clear = !bytes[value.clone()].iter().any(is_odd);
    is_clear.then_some(PlainAttribute { range: start..value.end, name, value })
}

/// What HTML calls white space, in tags.
fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0C)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(html: &str) -> Option<String> {
        let found = PlainTags::of(html)?;
        let said = |tag: &PlainTag| {
            let attributes = found.attributes(tag).iter().map(|attribute| {
                assert!(html[attribute.range.clone()].starts_with(&html[attribute.name.clone()]));
                format!(" {}={}", &html[attribute.name.clone()], &html[attribute.value.clone()])
            });
            let whole = &html[tag.range.clone()];
            assert!(whole.starts_with('<') && whole.ends_with('>'));
            format!("{}{}", &html[tag.name.clone()], attributes.collect::<String>())
        };
        Some(found.tags.iter().map(said).collect::<Vec<String>>().join("|"))
    }

    #[test]
    fn plain_tags_are_found() {
        for (html, wanted) in [
            ("甲 < 乙 <3 <p>丙</p>", "p"),
            (
                "<p class=\"a > b\"style='c'\n hidden id = d/>",
                "p class=a > b style=c hidden= id=d/",
            ),
            ("<br/><IMG src=/a.png /><a href=>", "br|IMG src=/a.png|a href="),
            ("<!-- <p> --><mp-x data-a=\"1\">", "mp-x data-a=1"),
        ] {
            assert_eq!(read(html).as_deref(), Some(wanted), "{html}");
        }
    }

    #[test]
    fn what_parsers_may_read_otherwise_is_not_plain() {
        for html in [
            "<p",
            "<",
            "<p a",
            "<p a=",
            "<p a='b>",
            "<p a=b\"c>",
            "<p a\"b>",
            "<p =a>",
            "<p a==b <i>",
            "<p <i>",
            "<p.a>",
            "</p a=b>",
            "</ p>",
            "</>",
            "<?php ?>",
            "<!DOCTYPE html>",
            "<!-- a",
            "<!-->",
            "<!--->",
            "<!-- a --!> -->",
            "<svg></svg>",
            "<title>a</title>",
            "<PlainText>",
            "<image src=a>",
        ] {
            assert_eq!(read(html), None, "{html}");
        }
    }
}
