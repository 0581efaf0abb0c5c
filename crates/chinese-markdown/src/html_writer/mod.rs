//! Events to HTML, straight into one string. The layout of blocks is that of pulldown-cmark's own
//! writer; headings with ids, notes, code, images, links, alerts and the structure of scraped
//! articles are ours.
//!
//! Where an article holds raw HTML, the whole is rewritten and sanitised at the end. Attributes of
//! our own making then carry a seal, so that the sanitiser can tell them from the article's.

mod code;
mod formula;
mod heading;
mod leftover;
mod media;
mod notes;
mod overview;
mod quote;
mod raw;
mod scraped;
mod table;
mod writing;

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write as _;
use std::ops::Range;

use pulldown_cmark::{Event, HeadingLevel, Tag, TagEnd};

use crate::html::RawHtml;
use crate::html::{self, escape_attribute, escape_text, push_text};
use crate::losses::{Losses, report_html};
use crate::source::lookahead::{LeftOpen, heading_end};
use crate::structure::Structure;
use crate::{Document, Finding, ParsedDocument, Placed, Spanned, plain};
use formula::{FormulaShape, Formulas};
use leftover::Leftovers;
use notes::Notes;
use overview::Overview;
use quote::Quote;
pub use raw::write_html;
use table::Table;
pub use writing::{Heading, Labels, Writing, Written};

/// Writes a document as HTML.
pub fn write(parsed: &ParsedDocument<'_>, writing: &Writing<'_>) -> Written {
    let ParsedDocument { document, events, too_deep, may_have_marks, .. } = parsed;
    let structure = parsed.structure(writing.title);
    let mut writer = Writer::new(document, writing, &structure, events);
    writer.leftovers = may_have_marks.then(Leftovers::default);
    writer.findings.extend(too_deep.clone());
    writer.take_all(events, 0..events.len());
    writer.tell_structure(events);
    writer.finish()
}

/// A mark that no post can forge, since it depends on all of the post: to hold its own seal, a post
/// would have to be a fixed point of BLAKE3.
fn seal_of(source: &str) -> String {
    format!("{}-", blake3::hash(source.as_bytes()).to_hex())
}

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
    findings: Vec<Placed>,
    losses: Losses,
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
                        &chinese_text::one_line(&plain::inline_text(&events[start..end])),
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
            inspection: html::Inspection::of(writing.own_host),
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

    fn finding(&mut self, range: &Range<usize>, finding: Finding) {
        let start = self.document.original(range.start);
        let end = self.document.original(range.end).max(start);
        self.findings.push((start..end, finding));
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
            Event::End(tag) => self.end(*tag),
            Event::FootnoteReference(label) => self.mention_note(label),
            Event::Html(html) => self.out.push_str(html),
            Event::InlineHtml(source) => self.inline_raw(source, range),
            Event::InlineMath(tex) => self.formula(tex, FormulaShape::Inline, range),
            Event::DisplayMath(tex) => self.formula(tex, FormulaShape::Display, range),
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

    fn end(&mut self, tag: TagEnd) {
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
            let depth = self.inspection.depth;
            self.finding(&(0..1), Finding::HtmlDepth { depth, most: html::MAX_DEPTH });
            out = html::text_paragraphs(&html::visible_text(&html::with_breaks(&out)));
        } else if self.has_html && self.writing.raw_html != RawHtml::Strip {
            out = self.writing.rewrite(&out, &self.inspection, &self.seal).unwrap_or_else(|why| {
                self.findings.push((0..1, Finding::HtmlNotRewritten { why }));
                std::mem::take(&mut out)
            });
            if self.writing.raw_html == RawHtml::Sanitize {
                out = self.formulas.put_into(self.writing.sanitize(&out, &self.seal));
            }
        }
        let source = self.document.text();
        if out.len() - self.formulas.bytes > source.len() * TIMES + BESIDES {
            let finding = Finding::HtmlSize { source: source.len(), html: out.len() };
            self.finding(&(0..1), finding);
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
                .flat_map(|leftovers| leftovers.findings(document).collect::<Vec<Placed>>()),
        );
        Written { html: out, outline: self.outline, findings: self.findings }
    }
}
