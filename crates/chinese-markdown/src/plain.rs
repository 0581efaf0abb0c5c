//! Markdown as plain text: what a list of articles shows of each.

use std::borrow::Cow;

use pulldown_cmark::{Event, HeadingLevel, Tag, TagEnd};

use crate::html::ElementSet;
use crate::reference::is_relative;
use crate::structure::is_opening;
use crate::{ParsedDocument, Spanned, html};
use chinese_text::{Length, is_punctuation};

/// What can be said of an article without writing it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gist {
    /// The heading of the first level that the text begins with.
    pub heading: Option<String>,
    /// Text for an excerpt: the first paragraphs that are prose, joined.
    pub lead: String,
    /// Whether `<!-- more -->` ended the lead.
    pub marked: bool,
    /// Count of everything visible but code blocks.
    pub length: Length,
    /// The first image's address.
    pub image: Option<String>,
    /// Addresses of links and pictures that are relative, once or more often each.
    pub relative: Vec<String>,
    /// Whether a reader sees nothing at all.
    pub is_empty: bool,
}

/// Elements of raw HTML that lead to something or show it.
const ADDRESSED: ElementSet =
    ElementSet::of(&["a", "audio", "embed", "image", "img", "source", "video"]);

/// Elements whose inside nobody sees.
const HIDING: ElementSet = ElementSet::of(&[
    "iframe", "math", "noscript", "object", "script", "select", "style", "svg", "template",
    "textarea", "title",
]);

const HEADINGS: ElementSet = ElementSet::of(&["h1", "h2", "h3", "h4", "h5", "h6"]);

/// Elements that are blocks of text.
const BLOCKS: ElementSet = ElementSet::of(&[
    "article",
    "blockquote",
    "div",
    "figure",
    "li",
    "p",
    "pre",
    "section",
    "td",
    "tr",
]);

const PICTURES: ElementSet = ElementSet::of(&["audio", "image", "img", "video"]);

/// Characters of prose collected for an excerpt.
const LEAD_CHARS: usize = 400;
/// The same where the author may say with `<!-- more -->` how far it goes.
const MARKED_CHARS: usize = 2000;

/// Returns the gist of a document.
///
/// ```
/// use chinese_markdown::{Document, Syntax, plain};
/// let (document, _) = Document::prepare("# 题\n\n开头的**一段**。\n\n![](a.png)", &Syntax::DEFAULT);
/// let gist = plain::gist(&document.parse());
/// assert_eq!(gist.heading.as_deref(), Some("题"));
/// assert_eq!(gist.lead, "开头的一段。");
/// assert_eq!(gist.image.as_deref(), Some("a.png"));
/// ```
pub fn gist(parsed: &ParsedDocument<'_>) -> Gist {
    let mut reader = GistReader::default();
    reader.document(parsed);
    reader.finish()
}

/// Returns the gist of an article that is HTML throughout.
pub fn gist_of_html(source: &str) -> Gist {
    let mut reader = GistReader::default();
    reader.html(&shown(source));
    reader.end_block();
    reader.finish()
}

/// Returns the gist, and all that is counted in its length: the visible text but code blocks, a
/// line for each block.
pub fn gist_and_text(parsed: &ParsedDocument<'_>) -> (Gist, String) {
    let mut reader = GistReader { text: Some(String::new()), ..GistReader::default() };
    reader.document(parsed);
    reader.finish_with_text()
}

/// Does as [`gist_and_text`] with an article that is HTML throughout.
pub fn gist_and_text_of_html(source: &str) -> (Gist, String) {
    let mut reader = GistReader { text: Some(String::new()), ..GistReader::default() };
    reader.html(&shown(source));
    reader.finish_with_text()
}

/// HTML without what it hides.
fn shown(source: &str) -> Cow<'_, str> {
    let hidden = html::hidden(source, &[]);
    if hidden.is_empty() {
        Cow::Borrowed(source)
    } else {
        html::without_hidden(source, &hidden).into()
    }
}

/// The visible text of inline events, for headings and `alt`.
pub(crate) fn inline_text(events: &[Spanned<'_>]) -> String {
    let mut out = String::new();
    for (event, _) in events {
        match event {
            Event::Text(text)
            | Event::Code(text)
            | Event::InlineMath(text)
            | Event::DisplayMath(text) => out.push_str(text),
            Event::SoftBreak | Event::HardBreak => out.push(' '),
            _ => {}
        }
    }
    out
}

#[derive(Default)]
struct GistReader {
    gist: Gist,
    block: String,
    /// Depth of blocks that are no prose: headings, code, tables, notes, captions, references, the
    /// postscript.
    aside: usize,
    in_code: bool,
    in_heading: bool,
    in_image: usize,
    seen: bool,
    /// The raw HTML block being read.
    raw: String,
    /// The element whose inside nobody sees, while it is open.
    hidden: Option<String>,
    /// Short lines before the first that is prose: all there is of a poem or a list of songs.
    scraps: String,
    /// The most that is kept for an excerpt, where it is not the usual.
    lead_bytes: Option<usize>,
    /// Every block, where the text is asked for.
    text: Option<String>,
}

impl GistReader {
    fn document(&mut self, parsed: &ParsedDocument<'_>) {
        let (text, events) = (parsed.document.text(), &parsed.events);
        let may_be_marked = text.contains("<!--") && text.contains("more");
        self.lead_bytes = may_be_marked.then_some(MARKED_CHARS * 3);
        let mut at = 0;
        for part in &parsed.untitled.parts {
            // A part within a part: the postscript's.
            if part.events.start < at {
                continue;
            }
            self.take_all(&events[at..part.events.start]);
            self.end_block();
            self.aside += 1;
            self.take_all(&events[part.events.clone()]);
            self.end_block();
            self.aside -= 1;
            at = part.events.end;
        }
        self.take_all(&events[at..]);
    }

    fn take_all(&mut self, events: &[Spanned<'_>]) {
        for (event, _) in events {
            self.take(event);
        }
    }

    fn take(&mut self, event: &Event<'_>) {
        match event {
            Event::Start(tag) => match tag {
                Tag::Heading { .. } => {
                    self.end_block();
                    self.in_heading = true;
                    self.aside += 1;
                }
                Tag::CodeBlock(_) => {
                    self.end_block();
                    self.in_code = true;
                    self.seen = true;
                    self.aside += 1;
                }
                Tag::Table(_) | Tag::FootnoteDefinition(_) => {
                    self.end_block();
                    self.aside += 1;
                }
                Tag::Link { dest_url, .. } => self.address(dest_url),
                Tag::Image { dest_url, .. } => {
                    self.address(dest_url);
                    self.in_image += 1;
                    self.seen = true;
                    if self.gist.image.is_none()
                        && html::image_address(dest_url) != html::ImageAddress::Unsafe
                        && !dest_url.starts_with("data:")
                    {
                        self.gist.image = Some(dest_url.to_string());
                    }
                }
                Tag::Paragraph
                | Tag::Item
                | Tag::BlockQuote(_)
                | Tag::TableCell
                | Tag::DefinitionListDefinition
                | Tag::HtmlBlock => {
                    self.end_block();
                }
                _ => {}
            },
            Event::End(tag) => match tag {
                TagEnd::Heading(level) => {
                    self.end_heading(*level == HeadingLevel::H1);
                    self.in_heading = false;
                    self.aside -= 1;
                }
                TagEnd::CodeBlock => {
                    self.block.clear();
                    self.in_code = false;
                    self.aside -= 1;
                }
                TagEnd::Table | TagEnd::FootnoteDefinition => {
                    self.end_block();
                    self.aside -= 1;
                }
                TagEnd::Image => self.in_image -= 1,
                TagEnd::HtmlBlock => {
                    let raw = std::mem::take(&mut self.raw);
                    self.html(&raw);
                    self.end_block();
                }
                TagEnd::Paragraph
                | TagEnd::Item
                | TagEnd::TableCell
                | TagEnd::DefinitionListTitle => {
                    self.hidden = None;
                    self.end_block();
                }
                _ => {}
            },
            Event::Text(_) if self.in_code || self.in_image > 0 => {}
            Event::Text(_) | Event::Code(_) if self.hidden.is_some() => {}
            Event::Text(text)
            | Event::Code(text)
            | Event::InlineMath(text)
            | Event::DisplayMath(text) => self.block.push_str(text),
            // Lines of a poem end with a mark of their own.
            Event::HardBreak
                if self.block.ends_with(|c: char| !c.is_ascii() && is_punctuation(c)) => {}
            Event::SoftBreak | Event::HardBreak => self.block.push(' '),
            // Blocks come line by line; a comment or a script is one thing.
            Event::Html(html) => self.raw.push_str(html),
            Event::InlineHtml(html) => self.html(html),
            _ => {}
        }
    }

    fn address(&mut self, address: &str) {
        if is_relative(address) {
            self.gist.relative.push(address.to_owned());
        }
    }

    fn addresses(&mut self, attributes: &str) {
        for (name, value) in html::attributes(attributes) {
            if html::holds_address(&name) {
                self.address(&value);
            } else if name.ends_with("srcset") {
                html::srcset_addresses(&value).for_each(|address| self.address(&value[address]));
            }
        }
    }

    fn html(&mut self, source: &str) {
        let mut rest = source;
        while let Some(start) = memchr::memmem::find(rest.as_bytes(), b"<!--") {
            self.tags(&rest[..start]);
            let end = rest[start..].find("-->").map_or(rest.len(), |end| start + end + 3);
            let inside = rest[start..end].trim_start_matches("<!--").trim_end_matches("-->").trim();
            if inside.eq_ignore_ascii_case("more") && !self.gist.marked {
                self.end_block();
                // With nothing but a call to follow above it, the text is below it.
                self.gist.marked = !self.gist.lead.is_empty() || !self.scraps.is_empty();
            }
            rest = &rest[end..];
        }
        self.tags(rest);
    }

    fn tags(&mut self, source: &str) {
        let mut at = 0;
        let mut hidden = self.hidden.take();
        for tag in html::tags(source) {
            if hidden.is_none() {
                self.block
                    .push_str(&html::unescape(&source[at.min(tag.range.start)..tag.range.start]));
            }
            at = tag.range.end;
            // A `<noscript>` may hold the picture that is shown.
            let is_shown = hidden.as_deref().is_none_or(|open| open == "noscript");
            if is_shown && !tag.closing && ADDRESSED.holds(tag.element) {
                self.addresses(tag.attributes);
            } else if is_shown
                && !tag.closing
                && let Some(address) = html::background_of(&tag)
            {
                self.address(&address);
            }
            if let Some(open) = &hidden {
                if tag.closing && tag.name.eq_ignore_ascii_case(open) {
                    hidden = None;
                }
            } else if HIDING.holds(tag.element) && !tag.closing {
                hidden = Some(tag.lower_name().into_owned());
            } else if HEADINGS.holds(tag.element) && tag.closing {
                self.end_heading(tag.known_name() == Some("h1"));
            } else if BLOCKS.holds(tag.element) || HEADINGS.holds(tag.element) {
                self.end_block();
            } else if tag.known_name() == Some("br") {
                self.block.push(' ');
            } else if PICTURES.holds(tag.element) {
                self.seen = true;
            } else if !tag.is_element() {
                self.block.push_str(&source[tag.range]);
            }
        }
        if hidden.is_none() {
            self.block.push_str(&html::unescape(&source[at.min(source.len())..]));
        }
        self.hidden = hidden;
    }

    /// A heading is complete; it is no prose.
    fn end_heading(&mut self, is_highest: bool) {
        let heading = chinese_text::one_line(&self.block);
        // Pictures may stand above the title of a text, and nothing that is read.
        if is_highest && self.gist.length == Length::default() && !heading.is_empty() {
            self.gist.heading = Some(heading);
        }
        self.aside += 1;
        self.end_block();
        self.aside -= 1;
    }

    /// A block is complete: count it, and keep it for the lead if it is prose.
    fn end_block(&mut self) {
        if self.block.trim().is_empty() {
            self.block.clear();
            return;
        }
        self.seen = true;
        self.gist.length += Length::of(&self.block);
        if let Some(text) = &mut self.text {
            text.push_str(&self.block);
            text.push('\n');
        }
        if self.aside == 0
            && !self.gist.marked
            && self.gist.lead.len() < self.lead_bytes.unwrap_or(LEAD_CHARS * 3)
        {
            let block = chinese_text::one_line(&self.block);
            let is_first = self.gist.lead.is_empty();
            if is_first && is_opening(&block, true) && !is_opening(&block, false) {
                // Too short to begin with, unless there is nothing else.
                if self.scraps.len() < LEAD_CHARS * 3 {
                    self.scraps.push_str(if self.scraps.is_empty() { "" } else { " " });
                    self.scraps.push_str(&block);
                }
            } else if !is_opening(&block, is_first) {
                if self
                    .gist
                    .lead
                    .chars()
                    .next_back()
                    .is_some_and(|c| !is_punctuation(c) || c.is_ascii())
                {
                    self.gist.lead.push(' ');
                }
                self.gist.lead.push_str(&block);
            }
        }
        self.block.clear();
    }

    fn finish_with_text(mut self) -> (Gist, String) {
        self.end_block();
        let text = self.text.take().unwrap_or_default();
        (self.finish(), text)
    }

    fn finish(mut self) -> Gist {
        self.end_block();
        self.gist.is_empty = !self.seen;
        if self.gist.lead.is_empty() {
            self.gist.lead = self.scraps;
        }
        self.gist
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Document, Syntax};

    fn gist_of(source: &str) -> Gist {
        gist(&Document::prepare(source, &Syntax::DEFAULT).0.parse())
    }

    #[test]
    fn the_lead_is_prose() {
        let gist = gist_of(
            "![](a.png)\n\n点击上方蓝字关注\n\n**01**\n\n**船票**\n\n一条不起眼的新闻标题，引起了注意。\n\n```\ncode\n```\n\n第二段**粗**。\n\n[^1]: 注\n",
        );
        assert_eq!(gist.lead, "一条不起眼的新闻标题，引起了注意。第二段粗。");
        assert_eq!(gist.image.as_deref(), Some("a.png"));
    }

    #[test]
    fn poems_and_hidden_text() {
        assert_eq!(gist_of("春眠不觉晓，  \n处处闻啼鸟。").lead, "春眠不觉晓，处处闻啼鸟。");
        assert_eq!(gist_of("床前明月光\n\n疑是地上霜").lead, "床前明月光 疑是地上霜");
        let gist = gist_of(
            "正文在这里，有一句话。<script>var secret = 1;</script>尾。<textarea>x</textarea>",
        );
        assert_eq!((gist.lead.as_str(), gist.length.latin), ("正文在这里，有一句话。尾。", 0));
        assert_eq!(
            gist_of("**点击关注我们**\n\n文 | 张三\n\n<!-- more -->\n\n正文从这里开始。").lead,
            "正文从这里开始。"
        );
    }

    #[test]
    fn more_ends_the_lead_and_counts_go_on() {
        let gist = gist_of("# 首个标题\n\n甲乙丙丁戊己庚辛。\n\n<!-- more -->\n\n后面。");
        assert_eq!(
            (gist.lead.as_str(), gist.marked, gist.heading.as_deref()),
            ("甲乙丙丁戊己庚辛。", true, Some("首个标题"))
        );
        assert_eq!(gist.length.han, 4 + 8 + 2);
        assert!(gist_of(" \n\n").is_empty && !gist_of("![](a.png)").is_empty);
    }

    #[test]
    fn html_has_visible_text() {
        let gist = gist_of_html(
            "<style>p{}</style><p>甲乙丙丁&amp;戊己庚辛壬。</p><script>x</script><p>癸</p>",
        );
        assert_eq!(gist.lead, "甲乙丙丁&戊己庚辛壬。癸");
    }
}
