//! The tags of a text, by a light scan: for diagnostics and look-alikes, never for safety.

use std::borrow::Cow;
use std::ops::Range;

use super::wechat;

/// One tag found in raw HTML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag<'a> {
    /// As it is written.
    pub name: &'a str,
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
            if html[start..].starts_with("<!--") {
                at = html[start..].find("-->").map_or(bytes.len(), |end| start + end + 3);
                continue;
            }
            let closing = bytes.get(start + 1) == Some(&b'/');
            let name_start = start + 1 + usize::from(closing);
            if !bytes.get(name_start).is_some_and(u8::is_ascii_alphabetic) {
                at = start + 1;
                continue;
            }
            let is_name =
                |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(**byte, b'-' | b':' | b'_');
            let name_end = name_start + bytes[name_start..].iter().take_while(is_name).count();
            let end = tag_end(bytes, name_end);
            at = end;
            let inner_end =
                if bytes.get(end.saturating_sub(1)) == Some(&b'>') { end - 1 } else { end };
            return Some(Tag {
                name: &html[name_start..name_end],
                closing,
                attributes: &html[name_end..inner_end.max(name_end)],
                range: start..end,
            });
        }
    })
}

/// The end of a tag: after its `>`, quotes respected. A `<` outside quotes also ends it: tags do
/// not nest.
fn tag_end(bytes: &[u8], from: usize) -> usize {
    let mut at = from;
    while let Some(found) =
        bytes[at..].iter().position(|byte| matches!(byte, b'>' | b'<' | b'"' | b'\''))
    {
        at += found + 1;
        match bytes[at - 1] {
            b'>' => return at,
            b'<' => return at - 1,
            // A scraped `style` holds two hundred bytes.
            quote => match memchr::memchr(quote, &bytes[at..]) {
                Some(closing) => at += closing + 1,
                None => break,
            },
        }
    }
    bytes.len()
}

/// Elements of HTML (living standard, obsolete ones too), SVG and MathML roots, and SVG's door back
/// to HTML. `<int>` is none of them: it is text that looks like a tag.
#[rustfmt::skip]
const ELEMENTS: &[&str] = &[
    "a", "abbr", "acronym", "address", "applet", "area", "article", "aside", "audio", "b", "base",
    "basefont", "bdi", "bdo", "big", "blink", "blockquote", "body", "br", "button", "canvas",
    "caption", "center", "cite", "code", "col", "colgroup", "command", "content", "data",
    "datalist", "dd", "del", "details", "dfn", "dialog", "dir", "div", "dl", "dt", "em", "embed",
    "fieldset", "figcaption", "figure", "font", "footer", "foreignobject", "form", "frame",
    "frameset", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hgroup", "hr", "html", "i",
    "iframe", "image", "img", "input", "ins", "isindex", "kbd", "keygen", "label", "legend", "li",
    "link", "listing", "main", "map", "mark", "marquee", "math", "menu", "menuitem", "meta",
    "meter", "nav", "nobr", "noembed", "noframes", "noscript", "object", "ol", "optgroup", "option",
    "output", "p", "param", "picture", "portal", "pre", "progress", "q", "rb", "rp", "rt", "rtc",
    "ruby", "s", "samp", "script", "search", "section", "select", "shadow", "slot", "small",
    "source", "spacer", "span", "strike", "strong", "style", "sub", "summary", "sup", "svg",
    "table", "tbody", "td", "template", "textarea", "tfoot", "th", "thead", "time", "title", "tr",
    "track", "tt", "u", "ul", "var", "video", "wbr", "xmp",
];

/// Where the elements of each letter begin: most letters have a few.
const BY_LETTER: [usize; 27] = {
    let mut begins = [0; 27];
    let (mut letter, mut at) = (b'a', 0);
    while letter <= b'z' {
        while at < ELEMENTS.len() && ELEMENTS[at].as_bytes()[0] == letter {
            at += 1;
        }
        letter += 1;
        begins[(letter - b'a') as usize] = at;
    }
    begins
};

impl Tag<'_> {
    /// Whether the tag is HTML's, has a namespace (Word's `<o:p>`), or is a custom element of a
    /// page builder: those have a dash and attributes (`<mp-common-profile data-id=…>`) or end.
    /// `<commit-hash>` is a placeholder in prose. Neither is what has hundreds of attributes: a
    /// thing to wear parsers out, which compare each with all before it.
    pub(crate) fn is_element(&self) -> bool {
        let has_name = self.known_name().is_some()
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
        let letter = usize::from(
            self.name
                .bytes()
                .next()?
                .to_ascii_lowercase()
                .checked_sub(b'a')
                .filter(|letter| *letter < 26)?,
        );
        let alike = &ELEMENTS[BY_LETTER[letter]..BY_LETTER[letter + 1]];
        alike.iter().copied().find(|name| name.eq_ignore_ascii_case(self.name))
    }

    /// Returns the name in lower case.
    pub fn lower_name(&self) -> Cow<'static, str> {
        self.known_name().map_or_else(|| Cow::Owned(self.name.to_ascii_lowercase()), Cow::Borrowed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_sorted() {
        assert!(ELEMENTS.is_sorted());
    }
}
