//! Events to HTML, straight into one string. The layout of blocks is that of pulldown-cmark's own
//! writer; headings with ids, notes, code, images, links, alerts and the structure of scraped
//! articles are ours.
//!
//! Where a post holds raw HTML, the whole goes through `html::rewrite` and `html::sanitize` at the
//! end. Attributes of our own making then carry a seal, so that the sanitiser can tell them from
//! the post's.

mod code;
mod formula;
mod media;
mod notes;
mod quote;
mod raw;
mod scraped;

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write as _;
use std::ops::Range;

use pulldown_cmark::{Alignment, Event, HeadingLevel, Tag, TagEnd};

use super::leftover::Leftovers;
use super::lookahead::{LeftOpen, heading_end};
use super::losses::{Losses, not_rewritten, report_html};
use super::structure::Structure;
use super::{Document, Events, Finding, Spanned, plain};
use crate::config::RawHtml;
use crate::diagnostic::Diagnostic;
use crate::highlight::Highlighted;
use crate::html::{self, escape_attribute, escape_text, push_attribute, push_text};
use crate::route::BaseUrl;
use crate::text::{is_han, is_slug_letter};
use formula::{Formulas, Shape};
use notes::Notes;
use quote::Quote;
pub use raw::write_html;

/// Words that stand in an article's HTML.
#[derive(Clone, Debug, Default)]
pub struct Labels {
    pub note: String,
    pub tip: String,
    pub important: String,
    pub warning: String,
    pub caution: String,
    pub footnotes: String,
    pub back: String,
    pub done: String,
    pub todo: String,
    pub postscript: String,
    pub video: String,
    pub audio: String,
    pub vote: String,
    pub program: String,
    pub account: String,
}

impl Labels {
    /// The word for what a card stands for.
    fn of(&self, kind: html::Kind) -> &str {
        match kind {
            html::Kind::Video => &self.video,
            html::Kind::Audio => &self.audio,
            html::Kind::Vote => &self.vote,
            html::Kind::Program => &self.program,
            html::Kind::Account => &self.account,
        }
    }
}

/// Marks up code, the second text, in a language, the first.
pub type Highlight<'a> = &'a dyn Fn(&str, &str) -> Highlighted;

/// How a document is written.
#[derive(Clone, Copy)]
pub struct Writing<'a> {
    /// The post's short id: notes of two posts on one page do not collide.
    pub id: &'a str,
    /// The page's title; a first heading that repeats it is left out.
    pub title: &'a str,
    pub raw_html: RawHtml,
    /// None where code is to be plain.
    pub highlight: Option<Highlight<'a>>,
    pub labels: &'a Labels,
    /// For a feed: inline images are left out.
    pub for_feed: bool,
    /// The site's address: links to its own host are its own.
    pub base: &'a BaseUrl,
    /// The address to publish for one written in the text; `None` keeps it.
    pub resolve: &'a dyn Fn(&str) -> Option<String>,
    /// Width and height of the image at an address written in the text, where they are known.
    pub image_size: &'a dyn Fn(&str) -> Option<(usize, usize)>,
}

/// A heading of the article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// 2 to 6.
    pub level: u8,
    pub id: String,
    pub title: String,
    /// The number that stands above the title of a scraped section (`01`), which the title does not
    /// repeat.
    pub number: Option<String>,
}

/// A written document.
#[derive(Clone, Debug, Default)]
pub struct Written {
    pub html: String,
    pub outline: Vec<Heading>,
    pub findings: Vec<Finding>,
}

/// Writes a document as HTML.
pub fn write(document: &Document<'_>, writing: &Writing<'_>) -> Written {
    let Events { events, too_deep, may_have_marks } = document.read();
    let structure = document.structure(&events, writing.title);
    let mut writer = Writer::new(document, writing, &structure, &events);
    writer.leftovers = may_have_marks.then(Leftovers::default);
    writer.findings.extend(too_deep);
    writer.take_all(&events, 0..events.len());
    writer.tell_structure(&events);
    writer.finish()
}

/// A mark that no post can forge, since it depends on all of the post: to hold its own seal, a post
/// would have to be a fixed point of BLAKE3.
fn seal_of(source: &str) -> String {
    format!("{}-", blake3::hash(source.as_bytes()).to_hex())
}

/// What stands before the id of a heading that wanted one of the page's.
const RENAMED: &str = "section-";

struct Writer<'d> {
    document: &'d Document<'d>,
    writing: &'d Writing<'d>,
    structure: &'d Structure,
    /// The next part of the structure.
    next_part: usize,
    /// The numbers of references, which marks in the text link to.
    references: BTreeSet<u32>,
    /// References that a mark has linked to.
    cited: BTreeSet<u32>,
    /// Empty unless the sanitiser will run.
    seal: String,
    has_html: bool,
    /// Deepest nesting of Markdown.
    depth: usize,
    inspection: html::Inspection,
    /// What is being written: the body, or the note that is open.
    out: String,
    /// What lies around the open note.
    outer: Vec<String>,
    outline: Vec<Heading>,
    /// The ids that headings asked for, and how many more were made of each by a number.
    ids: HashMap<String, usize>,
    heading_shift: u8,
    skip_title: bool,
    notes: Notes,
    formulas: Formulas,
    left_open: LeftOpen,
    /// For each open link, whether it was written.
    links: Vec<bool>,
    /// Links of raw HTML that are open in this paragraph.
    raw_links: usize,
    /// Quotes that are open, innermost last.
    quotes: Vec<Quote>,
    /// The title of a callout is being written.
    in_title: bool,
    /// Marks that are shown as text, where there may be any.
    leftovers: Option<Leftovers>,
    table: Table,
    findings: Vec<Finding>,
    losses: Losses,
}

/// What must be known of all events before the first is written.
#[derive(Default)]
struct Overview {
    has_html: bool,
    /// Deepest nesting of events.
    depth: usize,
    /// Headings of first level.
    titles: usize,
    /// The level of a heading that all begins with.
    first: Option<HeadingLevel>,
    notes: Notes,
    left_open: LeftOpen,
}

impl Overview {
    fn of(events: &[Spanned<'_>]) -> Overview {
        let mut overview = Overview::default();
        let (mut depth, mut has_begun) = (0_usize, false);
        for spanned in events {
            overview.left_open.look_at(spanned);
            match &spanned.0 {
                Event::Start(tag) => {
                    depth += 1;
                    overview.depth = overview.depth.max(depth);
                    if let Tag::Heading { level, .. } = tag {
                        overview.titles += usize::from(*level == HeadingLevel::H1);
                        overview.first = overview.first.or_else(|| (!has_begun).then_some(*level));
                    }
                    has_begun |= !matches!(tag, Tag::HtmlBlock);
                }
                Event::End(_) => depth = depth.saturating_sub(1),
                // Judged by what will be written: taking the outside off
                // `<foo a="<img onerror=…>">` lays the inside bare.
                Event::Html(html) | Event::InlineHtml(html) => {
                    overview.has_html = overview.has_html
                        || html::tags(&html::escape_look_alikes(html)).any(|tag| tag.is_element());
                }
                Event::FootnoteReference(label) => {
                    overview.notes.number(label);
                }
                _ => {}
            }
        }
        overview.left_open.finish();
        overview
    }
}

/// The table being written; tables do not nest.
#[derive(Default)]
struct Table {
    alignments: Vec<Alignment>,
    column: usize,
    in_head: bool,
}

impl<'d> Writer<'d> {
    fn new(
        document: &'d Document<'d>,
        writing: &'d Writing<'d>,
        structure: &'d Structure,
        events: &[Spanned<'_>],
    ) -> Writer<'d> {
        let overview = Overview::of(events);
        let repeats_title = overview.first.is_some()
            && heading_end(events, 0).is_some_and(|(start, end)| {
                let is_text = |(event, _): &Spanned<'_>| {
                    !matches!(event, Event::Start(Tag::Image { .. }) | Event::FootnoteReference(_))
                };
                events[start..end].iter().all(is_text)
                    && html::repeats_title(
                        &crate::text::one_line(&plain::inline_text(&events[start..end])),
                        writing.title,
                    )
            });
        let Overview { has_html, depth, titles, first, notes, left_open } = overview;
        Writer {
            document,
            writing,
            structure,
            next_part: 0,
            references: structure.reference_numbers().collect(),
            cited: BTreeSet::new(),
            seal: if has_html && writing.raw_html == RawHtml::Sanitize {
                seal_of(document.text())
            } else {
                String::new()
            },
            has_html,
            depth,
            inspection: html::Inspection::of(writing.base),
            out: String::with_capacity(document.text().len() * 5 / 4),
            outer: Vec::new(),
            outline: Vec::new(),
            ids: HashMap::new(),
            // The page has one h1, its title; an article that uses h1 for sections moves down a
            // level.
            heading_shift: u8::from(
                titles > usize::from(repeats_title && first == Some(HeadingLevel::H1)),
            ),
            skip_title: repeats_title,
            notes,
            formulas: Formulas::default(),
            left_open,
            links: Vec::new(),
            raw_links: 0,
            quotes: Vec::new(),
            in_title: false,
            leftovers: None,
            table: Table::default(),
            findings: Vec::new(),
            losses: Losses::default(),
        }
    }

    /// Blocks begin on a line of their own.
    fn begin_line(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with('\n') {
            self.out.push('\n');
        }
    }

    fn open_block(&mut self, tag: &str) {
        self.begin_line();
        self.out.push_str(tag);
    }

    fn finding(&mut self, range: &Range<usize>, diagnostic: Diagnostic) {
        let start = self.document.original(range.start);
        let end = self.document.original(range.end).max(start);
        self.findings.push((start..end, diagnostic));
    }

    fn take_all(&mut self, events: &[Spanned<'d>], range: Range<usize>) {
        let mut index = range.start;
        while index < range.end {
            index = self.take(events, index);
        }
    }

    /// Writes what is at `index` and returns the index of the next event to write.
    fn take(&mut self, events: &[Spanned<'d>], index: usize) -> usize {
        if let Some(part) = self.structure.parts.get(self.next_part)
            && part.events.start == index
        {
            self.next_part += 1;
            return self.part(events, part);
        }
        let (event, range) = &events[index];
        match event {
            Event::Text(text) => {
                if text.contains("[^") {
                    self.look_for_lost_notes(range);
                }
                if let Some(leftovers) = &mut self.leftovers {
                    leftovers.look_at(text, range, self.document.text());
                }
                self.text(text);
            }
            Event::Code(text) => {
                self.out.push_str("<code>");
                push_text(&mut self.out, text);
                self.out.push_str("</code>");
            }
            Event::SoftBreak => self.out.push('\n'),
            Event::HardBreak => self.out.push_str("<br />\n"),
            Event::Rule => self.open_block("<hr />\n"),
            Event::Start(tag) => return self.start(events, index, tag),
            Event::End(tag) => self.end(tag),
            Event::FootnoteReference(label) => self.mention_note(label),
            Event::Html(html) => self.out.push_str(html),
            Event::InlineHtml(source) => self.inline_raw(source, range),
            Event::InlineMath(tex) => self.formula(tex, Shape::Inline, range),
            Event::DisplayMath(tex) => self.formula(tex, Shape::Display, range),
            Event::TaskListMarker(done) => {
                let (checked, label) = if *done {
                    (" checked", &self.writing.labels.done)
                } else {
                    ("", &self.writing.labels.todo)
                };
                let label = escape_attribute(label);
                let _ = writeln!(
                    self.out,
                    "<input type=\"checkbox\" disabled{checked} aria-label=\"{}{label}\">",
                    self.seal
                );
            }
        }
        index + 1
    }

    fn start(&mut self, events: &[Spanned<'d>], index: usize, tag: &Tag<'d>) -> usize {
        match tag {
            Tag::Heading { level, id, classes, .. } => {
                let is_listed = !classes.iter().any(|class| &**class == "no_toc");
                return self.heading(events, index, *level, id.as_deref(), is_listed);
            }
            Tag::CodeBlock(kind) => return self.code(events, index, kind),
            Tag::HtmlBlock => return self.html_block(events, index),
            Tag::Image { dest_url, title, .. } => {
                return self.image(events, index, dest_url, title);
            }
            Tag::Link { link_type, dest_url, title, .. } => {
                self.open_link(*link_type, dest_url, title, &events[index].1);
                // A link without text shows its address.
                if matches!(events.get(index + 1), Some((Event::End(TagEnd::Link), _))) {
                    push_text(&mut self.out, dest_url);
                }
            }
            Tag::Paragraph => self.open_block("<p>"),
            Tag::BlockQuote(kind) => self.open_quote(events, index, *kind),
            Tag::List(Some(1)) => self.open_block("<ol>\n"),
            Tag::List(Some(start)) => {
                self.begin_line();
                let _ = writeln!(self.out, "<ol start=\"{start}\">");
            }
            Tag::List(None) => self.open_block("<ul>\n"),
            Tag::Item => self.open_block("<li>"),
            Tag::DefinitionList => self.open_block("<dl>\n"),
            Tag::DefinitionListTitle
                if matches!(
                    events.get(index.wrapping_sub(1)),
                    Some((Event::Start(Tag::BlockQuote(_)), _))
                ) =>
            {
                self.open_title();
            }
            Tag::DefinitionListTitle => self.open_block("<dt>"),
            Tag::DefinitionListDefinition => self.open_block("<dd>"),
            Tag::Emphasis => self.out.push_str("<em>"),
            Tag::Strong => self.out.push_str("<strong>"),
            Tag::Strikethrough => self.out.push_str("<del>"),
            Tag::Subscript => self.out.push_str("<sub>"),
            Tag::Superscript => self.out.push_str("<sup>"),
            Tag::Table(alignments) => {
                self.table = Table { alignments: alignments.clone(), ..Table::default() };
                let _ = write!(
                    self.out,
                    "<div class=\"{0}table-scroll\" tabindex=\"{0}0\">\n<table>\n",
                    self.seal
                );
            }
            Tag::TableHead => {
                self.table.in_head = true;
                self.out.push_str("<thead>\n<tr>");
            }
            Tag::TableRow => {
                self.table.column = 0;
                self.out.push_str("<tr>");
            }
            Tag::TableCell => self.open_cell(),
            Tag::FootnoteDefinition(label) => self.open_note(label),
            Tag::MetadataBlock(_) => {}
        }
        index + 1
    }

    fn end(&mut self, tag: &TagEnd) {
        let html = match tag {
            TagEnd::Paragraph => {
                self.raw_links = 0;
                "</p>\n"
            }
            TagEnd::List(true) => "</ol>\n",
            TagEnd::List(false) => "</ul>\n",
            TagEnd::Item => "</li>\n",
            TagEnd::DefinitionList => "</dl>\n",
            TagEnd::DefinitionListTitle if std::mem::take(&mut self.in_title) => {
                self.quotes.last().map_or("", |quote| quote.title_end())
            }
            TagEnd::DefinitionListTitle => "</dt>\n",
            TagEnd::DefinitionListDefinition => "</dd>\n",
            TagEnd::Emphasis => "</em>",
            TagEnd::Strong => "</strong>",
            TagEnd::Strikethrough => "</del>",
            TagEnd::Subscript => "</sub>",
            TagEnd::Superscript => "</sup>",
            TagEnd::Table => "</tbody>\n</table>\n</div>\n",
            TagEnd::TableRow => "</tr>\n",
            TagEnd::TableHead => {
                self.table.in_head = false;
                "</tr>\n</thead>\n<tbody>\n"
            }
            TagEnd::TableCell => {
                self.table.column += 1;
                if self.table.in_head { "</th>" } else { "</td>" }
            }
            TagEnd::Link => {
                if self.links.pop() == Some(true) {
                    "</a>"
                } else {
                    ""
                }
            }
            TagEnd::BlockQuote(_) => self.quotes.pop().map_or("", |quote| quote.end()),
            TagEnd::FootnoteDefinition => return self.close_note(),
            // Written where they start.
            TagEnd::Heading(_)
            | TagEnd::CodeBlock
            | TagEnd::HtmlBlock
            | TagEnd::Image
            | TagEnd::MetadataBlock(_) => "",
        };
        self.out.push_str(html);
    }

    fn heading(
        &mut self,
        events: &[Spanned<'d>],
        index: usize,
        level: HeadingLevel,
        given: Option<&str>,
        is_listed: bool,
    ) -> usize {
        let (start, end) = heading_end(events, index).unwrap_or((index + 1, events.len()));
        if std::mem::take(&mut self.skip_title) {
            return end + 1;
        }
        let title = crate::text::one_line(&plain::inline_text(&events[start..end]));
        let shows_nothing = title.is_empty()
            && !events[start..end].iter().any(|(event, _)| {
                matches!(
                    event,
                    Event::Start(Tag::Image { .. })
                        | Event::InlineHtml(_)
                        | Event::FootnoteReference(_)
                )
            });
        if shows_nothing {
            return end + 1;
        }
        let level = (level as u8 + self.heading_shift).clamp(2, 6);
        if let Some(given) = given.filter(|given| self.is_of_the_page(given)) {
            let message = say!(
                "the id `{}` is one of the page's own; the heading has `{}` instead",
                given,
                format!("{RENAMED}{given}")
            );
            self.finding(
                &events[index].1.clone(),
                Diagnostic::warning("heading-id", message)
                    .hint(say!("give the heading another id")),
            );
        }
        self.tell_accident(&events[index].1, &title);
        let id = self.heading_id(given.map_or_else(|| heading_slug(&title), str::to_owned));
        let _ = write!(self.out, "<h{level} id=\"{}", self.seal);
        push_attribute(&mut self.out, &id);
        self.out.push_str("\">");
        self.take_all(events, start..end);
        let _ = writeln!(self.out, "</h{level}>");
        if !title.is_empty() && is_listed {
            self.outline.push(Heading { level, id, title, number: None });
        }
        end + 1
    }

    /// A rule of dashes right below a paragraph makes a heading of it, which nobody writes this
    /// long.
    fn tell_accident(&mut self, range: &Range<usize>, title: &str) {
        const LONGEST: usize = 40;
        let text = self.document.text()[range.clone()].trim_end();
        let underline = text.rfind('\n').map_or(0, |newline| newline + 1);
        let marks = text[underline..].trim_start_matches([' ', '\t', '>']);
        if title.chars().count() > LONGEST && underline > 0 && marks.starts_with(['-', '=']) {
            let start = range.start + text.len() - marks.len();
            let message = say!(
                "the line `{}` made a heading of the paragraph above it",
                marks.chars().take(12).collect::<String>()
            );
            let diagnostic = Diagnostic::warning("heading-accident", message)
                .hint(say!("put a blank line between the two, if it is a rule"));
            self.finding(&(start..start + marks.len()), diagnostic);
        }
    }

    /// An id that the article does not have yet; the 4,000th equal heading costs no more than the
    /// second, and nothing is kept of it but the count: 1.3 million equal headings in one post held
    /// 1.3 million ids.
    fn heading_id(&mut self, wanted: String) -> String {
        let wanted = match wanted {
            wanted if wanted.is_empty() => "section".to_owned(),
            wanted if self.is_of_the_page(&wanted) => format!("{RENAMED}{wanted}"),
            wanted => wanted,
        };
        let is_new = !self.ids.contains_key(&wanted) && !self.is_numbered(&wanted);
        let mut count = *self.ids.entry(wanted.clone()).or_insert(0);
        if is_new {
            return wanted;
        }
        loop {
            count += 1;
            let id = format!("{wanted}-{count}");
            if !self.ids.contains_key(&id) {
                self.ids.insert(wanted, count);
                return id;
            }
        }
    }

    /// Whether an id was made of another by a number.
    fn is_numbered(&self, id: &str) -> bool {
        id.rsplit_once('-').is_some_and(|(wanted, number)| {
            let count = self.ids.get(wanted).copied().unwrap_or(0);
            !number.starts_with(['0', '+'])
                && number.parse::<usize>().is_ok_and(|number| number <= count)
        })
    }

    /// Whether an id may be that of something else on the page: of the theme's, of a paragraph, of
    /// a note.
    fn is_of_the_page(&self, id: &str) -> bool {
        const OF_THEMES: [&str; 3] = ["sg-", "su-", "zhi-"];
        const OF_NOTES: [&str; 4] = ["fn-", "fnref-", "ref-", "cite-"];
        let begins = |prefix: &&str| id.strip_prefix(prefix);
        (id.is_ascii() && OF_THEMES.iter().any(|prefix| id.starts_with(prefix)))
            || OF_NOTES
                .iter()
                .find_map(begins)
                .is_some_and(|rest| rest.starts_with(self.writing.id))
            || html::is_paragraph_id(id)
    }

    /// Alignment is a class: a strict content-security policy forbids `style`, and so does the
    /// sanitiser.
    fn open_cell(&mut self) {
        self.out.push_str(if self.table.in_head { "<th scope=\"col\"" } else { "<td" });
        match self.table.alignments.get(self.table.column) {
            Some(Alignment::Right) => self.out.extend([" class=\"", &self.seal, "align-right\">"]),
            Some(Alignment::Center) => {
                self.out.extend([" class=\"", &self.seal, "align-center\">"])
            }
            _ => self.out.push('>'),
        }
    }

    fn finish(mut self) -> Written {
        /// What an article may come to: so many times its source, and so many bytes besides. Verse
        /// in lines of one character comes to 12 times its source; tables whose rows have one cell
        /// of thousands, to hundreds.
        const TIMES: usize = 20;
        const BESIDES: usize = 500_000;
        self.write_notes();
        let mut out = std::mem::take(&mut self.out);
        self.inspection.finish();
        self.inspection.depth = self.inspection.depth.max(self.depth);
        self.losses.add_backgrounds(&self.inspection, self.writing.raw_html, &out);
        let too_deep = self.has_html && self.inspection.depth > html::MAX_DEPTH;
        if too_deep && self.writing.raw_html == RawHtml::Sanitize {
            let message = say!(
                "HTML is nested {} deep, more than {}; the article is shown as plain text",
                self.inspection.depth,
                html::MAX_DEPTH
            );
            self.finding(
                &(0..1),
                Diagnostic::error("html-depth", message)
                    .hint(say!("close the elements that are left open")),
            );
            out = html::text_paragraphs(&html::visible_text(&html::with_breaks(&out)));
        } else if self.has_html && self.writing.raw_html != RawHtml::Strip {
            out = self.writing.rewrite(&out, &self.inspection, &self.seal).unwrap_or_else(|why| {
                self.findings.push((0..1, not_rewritten(&why)));
                std::mem::take(&mut out)
            });
            if self.writing.raw_html == RawHtml::Sanitize {
                out = self.formulas.put_into(self.writing.sanitize(&out, &self.seal));
            }
        }
        let source = self.document.text();
        if out.len() - self.formulas.bytes > source.len() * TIMES + BESIDES {
            let message = say!(
                "{} bytes of text would make {} of HTML; the article is shown as plain text",
                source.len(),
                out.len()
            );
            self.finding(
                &(0..1),
                Diagnostic::error("html-size", message)
                    .hint(say!("tables with a great many empty cells do this, and notes with a great many marks")),
            );
            out = format!("<p>{}</p>\n", escape_text(source));
            self.outline.clear();
        }
        let document = self.document;
        let original = |offset| document.original(offset);
        report_html(
            &self.inspection,
            self.writing.raw_html,
            &original,
            document.source,
            &mut self.losses,
            &mut self.findings,
        );
        self.findings.extend(std::mem::take(&mut self.losses).findings(&original));
        self.findings.extend(
            self.leftovers
                .take()
                .into_iter()
                .flat_map(|leftovers| leftovers.findings(document).collect::<Vec<Finding>>()),
        );
        Written { html: out, outline: self.outline, findings: self.findings }
    }
}

/// kramdown's ids: letters of every script, digits, `-` and `_` are kept, lower case, blanks become
/// `-`: `二、Hello，世界 World!` is `二hello世界-world`.
pub(super) fn heading_slug(title: &str) -> String {
    let mut slug = String::with_capacity(title.len());
    for c in title.chars() {
        match c {
            c if c.is_ascii() => match c {
                '-' | '_' => slug.push(c),
                ' ' | '\t' | '\n' | '\r' => slug.push('-'),
                c if c.is_ascii_alphanumeric() => slug.push(c.to_ascii_lowercase()),
                _ => {}
            },
            c if is_han(c) => slug.push(c),
            c if c.is_whitespace() => slug.push('-'),
            c if is_slug_letter(c) => slug.extend(c.to_lowercase()),
            _ => {}
        }
    }
    slug
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::Syntax;

    fn written(source: &str, raw_html: RawHtml) -> Written {
        let (document, _) = Document::prepare(source, &Syntax::DEFAULT);
        let labels = Labels {
            note: "注意".into(),
            done: "已完成".into(),
            todo: "未完成".into(),
            back: "返回".into(),
            ..Labels::default()
        };
        let resolve = |_: &str| None;
        write(
            &document,
            &Writing {
                id: "p",
                title: "题",
                raw_html,
                highlight: Some(&crate::highlight::highlight),
                labels: &labels,
                for_feed: false,
                base: &BaseUrl::parse("https://own.example/sub").unwrap(),
                resolve: &resolve,
                image_size: &|_| None,
            },
        )
    }

    fn html(source: &str) -> String {
        written(source, RawHtml::Sanitize).html
    }

    #[test]
    fn headings_keep_han_and_stay_distinct() {
        let written = written(
            "## 二、Hello，世界 World!\n\n## 甲\n\n## 甲\n\n## 甲-1\n\n## 乙-1\n\n## 乙\n\n## 乙\n\n## 乙\n",
            RawHtml::Sanitize,
        );
        let ids: Vec<&str> = written.outline.iter().map(|heading| heading.id.as_str()).collect();
        assert_eq!(
            ids,
            ["二hello世界-world", "甲", "甲-1", "甲-1-1", "乙-1", "乙", "乙-2", "乙-3"]
        );
    }

    #[test]
    fn a_first_heading_that_is_the_title_is_not_repeated() {
        assert_eq!(html("# 题\n\n文\n\n## 节\n"), "<p>文</p>\n<h2 id=\"节\">节</h2>\n");
        assert_eq!(html("# 别\n\n## 节\n"), "<h2 id=\"别\">别</h2>\n<h3 id=\"节\">节</h3>\n");
    }

    #[test]
    fn notes_go_back_and_forth() {
        let html = html("甲[^a]乙[^a]\n\n[^a]: 注文\n");
        assert!(
            html.contains(
                "<sup class=\"footnote-ref\" id=\"fnref-p-1\"><a href=\"#fn-p-1\">1</a></sup>"
            ),
            "{html}"
        );
        assert!(
            html.contains("<li id=\"fn-p-1\" value=\"1\">\n<p>注文 <a href=\"#fnref-p-1\""),
            "{html}"
        );
        assert!(html.contains("href=\"#fnref-p-1-2\""), "{html}");
    }

    #[test]
    fn links_and_images_follow_the_policy() {
        assert_eq!(html("[某某](javascript:void(0))"), "<p>某某</p>\n");
        assert_eq!(html("[\\[1\\]]()"), "<p>[1]</p>\n");
        assert_eq!(
            html("见https://a.example/b_c。"),
            "<p>见<a href=\"https://a.example/b_c\" rel=\"nofollow noopener noreferrer\">https://a.example/b_c</a>。</p>\n"
        );
        assert_eq!(
            html("![](https://i.example/?url=https%3A//m/640%3Fa%3D1&b=2)"),
            "<p><img src=\"https://i.example/?url=https%3A//m/640%3Fa%3D1&amp;b=2\" alt=\"\" loading=\"lazy\" referrerpolicy=\"no-referrer\"></p>\n"
        );
        for own in [
            "https://own.example/a",
            "http://WWW.own.example/a",
            "//own.example/b",
            "https:/a",
            "https://me@own.example:443/",
        ] {
            assert_eq!(html(&format!("[甲]({own})")), format!("<p><a href=\"{own}\">甲</a></p>\n"));
            assert_eq!(
                html(&format!("<a rel='nofollow ugc' href='{own}'>甲</a>")),
                format!("<p><a href=\"{own}\">甲</a></p>\n")
            );
        }
        for other in [
            "https://other.example/a",
            "https://own.example.evil/",
            "http://own.example@evil/",
            "//evil/own.example",
        ] {
            for source in [format!("[甲]({other})"), format!("<a rel=me href='{other}'>甲</a>")] {
                assert!(html(&source).contains("rel=\"nofollow noopener noreferrer\""), "{source}");
            }
        }
        assert_eq!(
            html("<javascript:alert(1)> [x](data:text/html,y)"),
            "<p>javascript:alert(1) x</p>\n"
        );
    }

    #[test]
    fn raw_html_and_own_marks_live_together() {
        let html = html(
            "## 节\n\n<u id=节>甲</u> <script>x</script>乙\n\n```rust\nfn a() {}\n```\n\n- [x] 完\n",
        );
        assert!(
            html.contains("<h2 id=\"节\">节</h2>") && html.contains("<u id=\"u-节\">甲</u> 乙"),
            "{html}"
        );
        assert!(
            html.contains("<span class=\"k\">fn </span>")
                && html.contains("class=\"language-rust\""),
            "{html}"
        );
        assert!(html.contains("aria-label=\"已完成\"") && html.contains("checked"), "{html}");
    }

    #[test]
    fn raw_html_three_ways() {
        let source = "<div onclick=\"x\">甲</div>\n\n<b>乙</b> List<int>\n";
        assert!(written(source, RawHtml::Raw).html.contains("onclick"));
        assert_eq!(written(source, RawHtml::Strip).html, "<p>甲</p>\n<p>乙 List&lt;int&gt;</p>\n");
        assert_eq!(
            written(source, RawHtml::Sanitize).html,
            "<div>甲</div>\n<p><b>乙</b> List&lt;int&gt;</p>\n"
        );
        assert_eq!(written("<!-- more -->\n\n甲", RawHtml::Sanitize).html, "<p>甲</p>\n");
    }

    #[test]
    fn findings_point_at_the_source() {
        let written = written("前。\n\n```js\nlet a\n", RawHtml::Sanitize);
        assert_eq!(written.findings[0].0.start, "前。\n\n".len());
        assert_eq!(written.findings[0].1.code, "fence-unclosed");
    }
}
