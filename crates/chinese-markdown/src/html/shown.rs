//! What a reader sees of written HTML, as lines.

use super::element::ElementSet;
use super::escape::unescape;
use super::tag::{Tag, tags};
use super::text::without_comments;

/// Elements whose inside is no text, or another one beside the text.
const APART: ElementSet = ElementSet::of(&[
    "button", "iframe", "math", "noscript", "object", "rp", "rt", "script", "select", "style",
    "svg", "template", "textarea", "title",
]);

/// Elements that begin a line and end one.
const LINES: ElementSet = ElementSet::of(&[
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "caption",
    "dd",
    "details",
    "dialog",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "html",
    "legend",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ul",
]);

/// Whether the text of blocks of code is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeBlocks {
    /// It is text like other text.
    Read,
    /// It is passed over.
    Skipped,
}

/// Returns the text that written HTML shows, a line for each block: by the light scan, for HTML
/// that a writer or a sanitiser has closed. Numbers of notes, the second text of ruby and what is
/// drawn are left out.
///
/// ```
/// use chinese_markdown::html::{CodeBlocks, shown_lines};
/// let html = "<h2>题</h2><p>神经<em>网</em>\n络<br>A &amp; B</p><pre>x</pre>";
/// assert_eq!(shown_lines(html, CodeBlocks::Skipped), "题\n神经网 络 A & B");
/// assert_eq!(shown_lines(html, CodeBlocks::Read), "题\n神经网 络 A & B\nx");
/// ```
pub fn shown_lines(html: &str, code: CodeBlocks) -> String {
    let html = &*without_comments(html);
    let mut lines = ShownLines(String::with_capacity(html.len() / 2));
    let mut at = 0;
    // The element that is passed over, and how many of its name are open.
    let mut apart: Option<(String, usize)> = None;
    for tag in tags(html) {
        let before = at.min(tag.range.start)..tag.range.start;
        at = tag.range.end;
        if let Some((name, depth)) = &mut apart {
            if tag.name.eq_ignore_ascii_case(name) && !tag.attributes.ends_with('/') {
                *depth = if tag.closing { *depth - 1 } else { *depth + 1 };
                if *depth == 0 {
                    apart = None;
                }
            }
        } else {
            lines.push(&html[before]);
            if is_apart(&tag, code) && !tag.closing && !tag.attributes.ends_with('/') {
                apart = Some((tag.name.to_ascii_lowercase(), 1));
            }
        }
        if apart.is_none() || LINES.holds(tag.element) {
            lines.tag(&tag);
        }
    }
    if apart.is_none() {
        lines.push(&html[at.min(html.len())..]);
    }
    lines.finish()
}

/// Returns the inside of the first element of a class.
///
/// ```
/// use chinese_markdown::html::inside_of_class;
/// let page = "<main><div class=\"a e-content\"><div>文</div></div>尾</main>";
/// assert_eq!(inside_of_class(page, "e-content"), Some("<div>文</div>"));
/// ```
pub fn inside_of_class<'h>(html: &'h str, class: &str) -> Option<&'h str> {
    let mut tags = tags(html);
    let opening = tags.find(|tag| !tag.closing && has_class(tag, class))?;
    let start = opening.range.end;
    let mut depth = 1_usize;
    for tag in tags.filter(|tag| tag.name.eq_ignore_ascii_case(opening.name)) {
        depth = if tag.closing { depth - 1 } else { depth + 1 };
        if depth == 0 {
            return Some(&html[start..tag.range.start]);
        }
    }
    Some(&html[start..])
}

fn is_apart(tag: &Tag<'_>, code: CodeBlocks) -> bool {
    APART.holds(tag.element)
        || (code == CodeBlocks::Skipped && tag.known_name() == Some("pre"))
        || (tag.attributes.contains("footnote-")
            && (has_class(tag, "footnote-ref") || has_class(tag, "footnote-back")))
}

fn has_class(tag: &Tag<'_>, class: &str) -> bool {
    tag.attributes.contains(class)
        && super::attributes(tag.attributes).any(|(name, value)| {
            name == "class" && value.split_ascii_whitespace().any(|one| one == class)
        })
}

struct ShownLines(String);

impl ShownLines {
    fn push(&mut self, html: &str) {
        let mut from = self.0.len();
        self.0.push_str(&unescape(html));
        // A line break of the source is a blank.
        while let Some(at) = memchr::memchr(b'\n', &self.0.as_bytes()[from..]) {
            self.0.replace_range(from + at..=from + at, " ");
            from += at + 1;
        }
    }

    fn tag(&mut self, tag: &Tag<'_>) {
        if LINES.holds(tag.element) {
            let end = self.0.trim_end_matches(' ').len();
            self.0.truncate(end);
            if !self.0.is_empty() && !self.0.ends_with('\n') {
                self.0.push('\n');
            }
        } else if tag.known_name() == Some("br") {
            self.0.push(' ');
        }
    }

    fn finish(mut self) -> String {
        self.0.truncate(self.0.trim_end().len());
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(html: &str) -> String {
        shown_lines(html, CodeBlocks::Skipped)
    }

    #[test]
    fn what_stands_beside_the_text_is_left_out() {
        assert_eq!(
            shown("<p>甲<sup class=\"footnote-ref\" id=\"a\"><a href=\"#n\">1</a></sup>乙</p>"),
            "甲乙"
        );
        assert_eq!(shown("<ruby>漢<rp>(</rp><rt>hàn</rt><rp>)</rp>字<rt>zì</rt></ruby>"), "漢字");
        assert_eq!(shown("甲<svg><svg></svg><text>x</text></svg>乙<svg/>丙"), "甲乙丙");
        assert_eq!(shown("甲<script>if (a < b) {}</script>乙<!-- <p>x -->丙"), "甲乙丙");
        assert_eq!(shown("<p>甲</p><pre><code>let x;</code></pre><p>乙</p>"), "甲\n乙");
        assert_eq!(shown("x<sup>2</sup>"), "x2");
    }

    #[test]
    fn blocks_are_lines() {
        assert_eq!(shown("<ul>\n<li>甲</li>\n<li>乙 </li>\n</ul>\n"), "甲\n乙");
        assert_eq!(shown("<table><tr><td>甲<td>乙</table>"), "甲\n乙");
        assert_eq!(shown("床前明月光<br>疑是<b>地</b>上霜"), "床前明月光 疑是地上霜");
        assert!(shown("").is_empty() && shown("<p>").is_empty());
        assert_eq!(shown("<"), "<");
    }

    #[test]
    fn a_class_is_a_word() {
        assert_eq!(inside_of_class("<p class=\"e-content2\">甲", "e-content"), None);
        assert_eq!(inside_of_class("<p class='x e-content'>甲", "e-content"), Some("甲"));
        assert_eq!(inside_of_class("", "e-content"), None);
    }
}
