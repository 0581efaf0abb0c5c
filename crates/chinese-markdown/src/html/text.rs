//! HTML as text, and text as HTML.

use std::borrow::Cow;

use super::escape::{push_text, unescape};
use super::tag::tags;

/// Returns the text between tags, by the light scan: for HTML that no parser should be given.
///
/// ```
/// assert_eq!(chinese_markdown::html::visible_text("<p>甲 &amp; <b>乙"), "甲 & 乙");
/// ```
pub fn visible_text(html: &str) -> String {
    let mut out = String::new();
    let mut at = 0;
    for tag in tags(html) {
        out.push_str(&html[at.min(tag.range.start)..tag.range.start]);
        at = tag.range.end;
    }
    out.push_str(&html[at.min(html.len())..]);
    unescape(&out).into_owned()
}

/// HTML with an empty line before each tag of a block, so that its text, when the tags go, falls
/// into paragraphs.
pub(crate) fn with_breaks(html: &str) -> String {
    const INLINE: [&str; 25] = [
        "a", "abbr", "b", "big", "cite", "code", "del", "em", "font", "i", "img", "ins", "kbd",
        "mark", "q", "rt", "ruby", "s", "small", "span", "strong", "sub", "sup", "u", "wbr",
    ];
    let mut out = String::with_capacity(html.len());
    let mut at = 0;
    for tag in tags(html).filter(|tag| tag.known_name().is_some_and(|name| !INLINE.contains(&name)))
    {
        out.push_str(&html[at..tag.range.start]);
        if !out.ends_with("\n\n") {
            out.push_str(if tag.known_name() == Some("br") { "\n" } else { "\n\n" });
        }
        at = tag.range.start;
    }
    out + &html[at..]
}

/// Text whose paragraphs stand between empty lines, as HTML.
pub(crate) fn text_paragraphs(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for paragraph in text.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty()) {
        out.push_str("<p>");
        push_text(&mut out, paragraph);
        out.push_str("</p>\n");
    }
    out
}

/// A piece of HTML without its comments.
pub(crate) fn without_comments(html: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut rest = html;
    while let Some(start) = rest.find("<!--") {
        let Some(end) = rest[start..].find("-->") else { break };
        out.push_str(&rest[..start]);
        rest = &rest[start + end + 3..];
    }
    if rest.len() == html.len() { Cow::Borrowed(html) } else { Cow::Owned(out + rest) }
}
