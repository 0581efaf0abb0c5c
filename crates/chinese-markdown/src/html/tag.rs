//! The tags of a text, by a light scan: for diagnostics and look-alikes, never for safety.

use std::borrow::Cow;
use std::ops::Range;

use super::element::KnownElement;
use super::wechat;

/// One tag found in raw HTML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag<'a> {
    /// As it is written.
    pub name: &'a str,
    /// What it is called, where that is HTML's.
    pub(crate) element: Option<KnownElement>,
    /// Whether it is an end tag.
    pub closing: bool,
    /// Everything between the name and `>`.
    pub attributes: &'a str,
    /// Where it stands, `<` and `>` included, in bytes.
    pub range: Range<usize>,
}

/// Returns the tags of a piece of HTML, comments left out.
///
/// ```
/// use chinese_markdown::html::{attributes, tags};
/// let tag = tags("甲<a href=\"/?a&amp;b\">乙").next().unwrap();
/// assert_eq!((tag.name, tag.range), ("a", 3..23));
/// assert_eq!(attributes(tag.attributes).next().unwrap().1, "/?a&b");
/// ```
pub fn tags(html: &str) -> impl Iterator<Item = Tag<'_>> {
    let bytes = html.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let start = at + memchr::memchr(b'<', bytes.get(at..)?)?;
            if bytes[start..].starts_with(b"<!--") {
                let end = memchr::memmem::find(&bytes[start..], b"-->");
                at = end.map_or(bytes.len(), |end| start + end + 3);
                continue;
            }
            let closing = bytes.get(start + 1) == Some(&b'/');
            let name_start = start + 1 + usize::from(closing);
            if !bytes.get(name_start).is_some_and(u8::is_ascii_alphabetic) {
                at = start + 1;
                continue;
            }
            let mut name_end = name_start + 1;
            while bytes.get(name_end).is_some_and(|byte| IS_NAME[usize::from(*byte)]) {
                name_end += 1;
            }
            let end = tag_end(bytes, name_end);
            at = end;
            let inner_end =
                if bytes.get(end.saturating_sub(1)) == Some(&b'>') { end - 1 } else { end };
            let name = &html[name_start..name_end];
            return Some(Tag {
                name,
                element: KnownElement::named(name),
                closing,
                attributes: &html[name_end..inner_end.max(name_end)],
                range: start..end,
            });
        }
    })
}

/// What names of elements are made of.
const IS_NAME: [bool; 256] = {
    let mut is_name = [false; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        is_name[byte as usize] = byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b':' | b'_');
        byte += 1;
    }
    is_name
};

/// The end of a tag: after its `>`, quotes respected. A `<` outside quotes also ends it: tags do
/// not nest.
fn tag_end(bytes: &[u8], from: usize) -> usize {
    let mut at = from;
    while let Some(byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'>' => return at,
            b'<' => return at - 1,
            // A scraped `style` holds two hundred bytes.
            b'"' | b'\'' => match memchr::memchr(*byte, &bytes[at..]) {
                Some(closing) => at += closing + 1,
                None => break,
            },
            _ => {}
        }
    }
    bytes.len()
}

impl Tag<'_> {
    /// Whether the tag is HTML's, has a namespace (Word's `<o:p>`), or is a custom element of a
    /// page builder: those have a dash and attributes (`<mp-common-profile data-id=…>`) or end.
    /// `<commit-hash>` is a placeholder in prose. Neither is what has hundreds of attributes: a
    /// thing to wear parsers out, which compare each with all before it.
    pub(crate) fn is_element(&self) -> bool {
        let has_name = self.element.is_some()
            || self.name.contains(':')
            || wechat::is_element(self.name)
            || (self.name.contains('-')
                && (self.closing
                    || self.attributes.contains('=')
                    || self.name.to_ascii_lowercase().starts_with("mp-")));
        has_name && !self.is_overloaded()
    }

    /// Whether it has more attributes than any real tag.
    pub(crate) fn is_overloaded(&self) -> bool {
        /// WeChat's editor gives an image thirty.
        const ATTRIBUTES: usize = 200;
        let bytes = self.attributes.as_bytes();
        if bytes.len() < 2 * ATTRIBUTES {
            return false;
        }
        let (mut count, mut at, mut in_word) = (0, 0, false);
        while let Some(byte) = bytes.get(at) {
            let is_quote = matches!(byte, b'"' | b'\'');
            let begins = !in_word
                && !is_quote
                && !byte.is_ascii_whitespace()
                && !matches!(byte, b'/' | b'=');
            count += usize::from(begins);
            in_word = !is_quote && !byte.is_ascii_whitespace() && *byte != b'/';
            at += 1;
            if is_quote {
                at += memchr::memchr(*byte, &bytes[at..]).map_or(bytes.len(), |end| end + 1);
            }
        }
        count > ATTRIBUTES
    }

    /// Returns the name in lower case, where it is HTML's.
    pub(crate) fn known_name(&self) -> Option<&'static str> {
        self.element.map(KnownElement::name)
    }

    /// Returns the name in lower case.
    pub fn lower_name(&self) -> Cow<'static, str> {
        self.known_name().map_or_else(|| Cow::Owned(self.name.to_ascii_lowercase()), Cow::Borrowed)
    }
}
