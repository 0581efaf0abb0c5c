//! Events to HTML: headings with ids, footnotes, code, images, links and alerts are written here; the rest is
//! pulldown-cmark's own writer.
//!
//! Where a post holds raw HTML, the whole goes through `html::rewrite` and `html::sanitize` at the end. Attributes of our
//! own making then carry a seal, so that the sanitiser can tell them from the post's.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::Write as _;
use std::ops::Range;

use pulldown_cmark::{Alignment, BlockQuoteKind, CodeBlockKind, CowStr, Event, HeadingLevel, LinkType, Tag, TagEnd};

use super::lookahead::{heading_end, is_closed_within_block, nesting};
use super::losses::{Losses, report_html};
use super::{Document, Finding, Spanned, plain};
use crate::config::RawHtml;
use crate::diagnostic::Diagnostic;
use crate::highlight::{Highlighted, highlight};
use crate::html::{self, ImageAddress, escape_attribute, escape_text};
use crate::text::is_slug_letter;

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
}

/// How a document is written.
#[derive(Clone, Copy)]
pub struct Writing<'a> {
    /// The post's short id: notes of two posts on one page do not collide.
    pub id: &'a str,
    /// The page's title; a first heading that repeats it is left out.
    pub title: &'a str,
    pub raw_html: RawHtml,
    pub highlight: bool,
    pub labels: &'a Labels,
    /// For a feed: inline images are left out.
    pub for_feed: bool,
    /// The address to publish for one written in the text; `None` keeps it.
    pub resolve: &'a dyn Fn(&str) -> Option<String>,
}

/// A heading of the article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// 2 to 6.
    pub level: u8,
    pub id: String,
    pub title: String,
}

/// A written document.
#[derive(Clone, Debug, Default)]
pub struct Written {
    pub html: String,
    pub outline: Vec<Heading>,
    pub findings: Vec<Finding>,
}

/// Writes a document as HTML.
pub fn write(document: &Document, writing: &Writing<'_>) -> Written {
    let events = document.events();
    let mut writer = Writer::new(document, writing, &events);
    let mut index = 0;
    while index < events.len() {
        index = writer.take(&events, index);
    }
    writer.finish()
}

/// Cleans a body that is HTML throughout.
pub fn write_html(source: &str, writing: &Writing<'_>) -> Written {
    let mut inspection = html::Inspection::default();
    inspection.look_at(source, 0);
    inspection.finish();
    let mut written = Written::default();
    report_html(&inspection, writing.raw_html, &|offset| offset, &mut written.findings);
    let seal = seal_of(source);
    if inspection.depth > html::MAX_DEPTH && writing.raw_html != RawHtml::Raw {
        let message =
            format!("HTML is nested {} deep, more than {}; the article is shown as plain text", inspection.depth, html::MAX_DEPTH);
        written.findings.push((0..1, Diagnostic::error("html-depth", message).hint("close the elements that are left open")));
        written.html = format!("<p>{}</p>\n", escape_text(&html::visible_text(source)));
        return written;
    }
    written.html = match writing.raw_html {
        RawHtml::Strip => {
            let paragraphs: Vec<String> =
                html::text_of(&html::close_swallowing(source)).split("\n\n").map(|block| escape_text(block.trim())).collect();
            format!("<p>{}</p>\n", paragraphs.join("</p>\n<p>"))
        }
        raw => {
            let escaped = html::escape_look_alikes(source);
            let text = if raw == RawHtml::Raw { source.into() } else { html::close_swallowing(&escaped) };
            let rewriting =
                html::Rewriting { raw, ids: &inspection.ids, seal: &seal, for_feed: writing.for_feed, resolve: writing.resolve };
            let rewritten = html::rewrite(&text, &rewriting);
            if raw == RawHtml::Raw { rewritten } else { html::sanitize(&rewritten, &seal) }
        }
    };
    written
}

/// A mark that no post can forge, since it depends on all of the post: to hold its own seal, a post would have to be a
/// fixed point of BLAKE3.
fn seal_of(source: &str) -> String {
    format!("{}-", blake3::hash(source.as_bytes()).to_hex())
}

struct Writer<'d> {
    document: &'d Document,
    writing: &'d Writing<'d>,
    /// Empty unless the sanitiser will run.
    seal: String,
    has_html: bool,
    /// Deepest nesting of Markdown.
    depth: usize,
    inspection: html::Inspection,
    /// Output of the body, and of each note that is open, innermost last.
    outputs: Vec<Vec<Event<'d>>>,
    outline: Vec<Heading>,
    ids: HashSet<String>,
    repeats: HashMap<String, usize>,
    heading_shift: u8,
    skip_title: bool,
    notes: Notes<'d>,
    /// For each open link, whether it was written.
    links: Vec<bool>,
    /// Alerts and plain quotes, innermost last: whether it is an alert.
    quotes: Vec<bool>,
    table: Table,
    findings: Vec<Finding>,
    losses: Losses,
}

/// The table being written; tables do not nest.
#[derive(Default)]
struct Table {
    alignments: Vec<Alignment>,
    column: usize,
    in_head: bool,
}

/// Notes in the order of their first mention.
#[derive(Default)]
struct Notes<'d> {
    numbers: BTreeMap<String, usize>,
    mentions: Vec<usize>,
    bodies: BTreeMap<usize, Vec<Event<'d>>>,
    open: Vec<usize>,
}

impl Notes<'_> {
    fn number(&mut self, label: &str) -> usize {
        let next = self.mentions.len();
        let number = *self.numbers.entry(label.to_owned()).or_insert(next);
        if number == next {
            self.mentions.push(0);
        }
        number
    }
}

impl<'d> Writer<'d> {
    fn new(document: &'d Document, writing: &'d Writing<'d>, events: &[Spanned<'_>]) -> Writer<'d> {
        // Judged by what will be written: taking the outside off `<foo a="<img onerror=…>">` lays the inside bare.
        let has_html = events.iter().any(|(event, _)| match event {
            Event::Html(html) | Event::InlineHtml(html) => html::tags(&html::escape_look_alikes(html)).any(|tag| tag.is_element()),
            _ => false,
        });
        let first = events
            .iter()
            .find(|(event, _)| !matches!(event, Event::Start(Tag::HtmlBlock) | Event::End(TagEnd::HtmlBlock) | Event::Html(_)));
        let has_h1 = events.iter().filter(|(event, _)| matches!(event, Event::Start(Tag::Heading { level: HeadingLevel::H1, .. }))).count();
        let repeats_title = matches!(first, Some((Event::Start(Tag::Heading { level: HeadingLevel::H1, .. }), _)))
            && heading_end(events, 0).is_some_and(|(start, end)| {
                let is_text = |(event, _): &Spanned<'_>| !matches!(event, Event::Start(Tag::Image { .. }) | Event::FootnoteReference(_));
                events[start..end].iter().all(is_text) && crate::text::one_line(&plain::inline_text(&events[start..end])) == writing.title
            });
        let mut notes = Notes::default();
        for (event, _) in events {
            if let Event::FootnoteReference(label) = event {
                notes.number(label);
            }
        }
        Writer {
            document,
            writing,
            seal: if has_html && writing.raw_html == RawHtml::Sanitize { seal_of(document.text()) } else { String::new() },
            has_html,
            depth: nesting(events),
            inspection: html::Inspection::default(),
            outputs: vec![Vec::with_capacity(events.len())],
            outline: Vec::new(),
            ids: HashSet::new(),
            repeats: HashMap::new(),
            // The page has one h1, its title; an article that uses h1 for sections moves down a level.
            heading_shift: u8::from(has_h1 > usize::from(repeats_title)),
            skip_title: repeats_title,
            notes,
            links: Vec::new(),
            quotes: Vec::new(),
            table: Table::default(),
            findings: Vec::new(),
            losses: Losses::default(),
        }
    }

    fn push(&mut self, event: Event<'d>) {
        self.outputs.last_mut().expect("the body's output is always there").push(event);
    }

    fn html(&mut self, html: impl Into<String>) {
        self.push(Event::Html(CowStr::from(html.into())));
    }

    fn inline_html(&mut self, html: impl Into<String>) {
        self.push(Event::InlineHtml(CowStr::from(html.into())));
    }

    fn finding(&mut self, range: &Range<usize>, diagnostic: Diagnostic) {
        let start = self.document.original(range.start);
        let end = self.document.original(range.end).max(start);
        self.findings.push((start..end, diagnostic));
    }

    /// Writes the event at `index` and returns the index of the next one to write.
    fn take(&mut self, events: &[Spanned<'d>], index: usize) -> usize {
        let (event, range) = &events[index];
        match event {
            Event::Start(Tag::Heading { level, id, .. }) => return self.heading(events, index, *level, id.as_deref()),
            Event::Start(Tag::CodeBlock(kind)) => return self.code(events, index, kind),
            Event::Start(Tag::HtmlBlock) => return self.html_block(events, index),
            Event::Start(Tag::Image { dest_url, title, .. }) => return self.image(events, index, dest_url, title),
            Event::Start(Tag::Link { link_type, dest_url, title, .. }) => {
                self.open_link(*link_type, dest_url, title, range);
                // A link without text shows its address.
                if matches!(events.get(index + 1), Some((Event::End(TagEnd::Link), _))) {
                    self.push(Event::Text(dest_url.clone()));
                }
            }
            Event::End(TagEnd::Link) => {
                if self.links.pop() == Some(true) {
                    self.inline_html("</a>");
                }
            }
            Event::Start(Tag::BlockQuote(kind)) => self.open_quote(*kind),
            Event::End(TagEnd::BlockQuote(_)) => {
                if self.quotes.pop() == Some(true) {
                    self.html("</div>\n");
                } else {
                    self.push(event.clone());
                }
            }
            Event::Start(Tag::Table(alignments)) => {
                self.table = Table { alignments: alignments.clone(), ..Table::default() };
                self.html(format!("<div class=\"{}table-scroll\">\n<table>\n", self.seal));
            }
            Event::End(TagEnd::Table) => self.html("</tbody>\n</table>\n</div>\n"),
            Event::Start(Tag::TableHead) => {
                self.table.in_head = true;
                self.html("<thead>\n<tr>");
            }
            Event::End(TagEnd::TableHead) => {
                self.table.in_head = false;
                self.html("</tr>\n</thead>\n<tbody>\n");
            }
            Event::Start(Tag::TableRow) => {
                self.table.column = 0;
                self.html("<tr>");
            }
            Event::End(TagEnd::TableRow) => self.html("</tr>\n"),
            Event::Start(Tag::TableCell) => self.open_cell(),
            Event::End(TagEnd::TableCell) => {
                self.table.column += 1;
                self.html(if self.table.in_head { "</th>" } else { "</td>" });
            }
            Event::Start(Tag::FootnoteDefinition(label)) => {
                let number = self.notes.number(label);
                self.notes.open.push(number);
                self.outputs.push(Vec::new());
            }
            Event::End(TagEnd::FootnoteDefinition) => {
                let body = self.outputs.pop().unwrap_or_default();
                if let Some(number) = self.notes.open.pop() {
                    self.notes.bodies.entry(number).or_default().extend(body);
                }
            }
            Event::FootnoteReference(label) => self.note_mention(label),
            Event::InlineHtml(source) => self.inline_raw(source, range, &events[index + 1..]),
            Event::InlineMath(tex) => self.inline_html(format!("<span class=\"{}math\">\\({}\\)</span>", self.seal, escape_text(tex))),
            Event::DisplayMath(tex) => {
                self.inline_html(format!("<span class=\"{}math math-display\">\\[{}\\]</span>", self.seal, escape_text(tex)));
            }
            Event::TaskListMarker(done) => {
                let (checked, label) = if *done { (" checked", &self.writing.labels.done) } else { ("", &self.writing.labels.todo) };
                let html = format!("<input type=\"checkbox\" disabled{checked} aria-label=\"{}{}\">\n", self.seal, escape_attribute(label));
                self.inline_html(html);
            }
            _ => self.push(event.clone()),
        }
        index + 1
    }

    fn heading(&mut self, events: &[Spanned<'d>], index: usize, level: HeadingLevel, given: Option<&str>) -> usize {
        let (start, end) = heading_end(events, index).unwrap_or((index + 1, events.len()));
        if std::mem::take(&mut self.skip_title) {
            return end + 1;
        }
        let title = crate::text::one_line(&plain::inline_text(&events[start..end]));
        let shows_nothing = title.is_empty()
            && !events[start..end]
                .iter()
                .any(|(event, _)| matches!(event, Event::Start(Tag::Image { .. }) | Event::InlineHtml(_) | Event::FootnoteReference(_)));
        if shows_nothing {
            return end + 1;
        }
        let level = (level as u8 + self.heading_shift).clamp(2, 6);
        let id = self.heading_id(given.map_or_else(|| heading_slug(&title), str::to_owned));
        self.html(format!("<h{level} id=\"{}{}\">", self.seal, escape_attribute(&id)));
        let mut at = start;
        while at < end {
            at = self.take(events, at);
        }
        self.html(format!("</h{level}>\n"));
        if !title.is_empty() {
            self.outline.push(Heading { level, id, title });
        }
        end + 1
    }

    /// An id that the article does not have yet; the 4,000th equal heading costs no more than the second.
    fn heading_id(&mut self, wanted: String) -> String {
        let wanted = if wanted.is_empty() { "section".to_owned() } else { wanted };
        let mut id = wanted.clone();
        let count = self.repeats.entry(wanted.clone()).or_insert(0);
        while !self.ids.insert(id.clone()) {
            *count += 1;
            id = format!("{wanted}-{count}");
        }
        id
    }

    fn code(&mut self, events: &[Spanned<'d>], index: usize, kind: &CodeBlockKind<'_>) -> usize {
        let mut code = String::new();
        let mut end = index + 1;
        while end < events.len() && !matches!(events[end].0, Event::End(TagEnd::CodeBlock)) {
            if let Event::Text(text) = &events[end].0 {
                code.push_str(text);
            }
            end += 1;
        }
        let range = &events[index].1;
        let info = match kind {
            CodeBlockKind::Fenced(info) => info.trim(),
            CodeBlockKind::Indented => "",
        };
        let language = info.split([' ', ',', '{', '\t', ':']).next().unwrap_or("");
        if matches!(kind, CodeBlockKind::Fenced(_)) && self.is_unclosed(range) {
            let open = range.start..range.start + 3;
            self.finding(
                &open,
                Diagnostic::warning("fence-unclosed", "this code fence is never closed; the rest of the text is in it")
                    .hint("close it with a line of the same marks"),
            );
        }
        let body = if language.is_empty() || !self.writing.highlight {
            escape_text(&code)
        } else {
            match highlight(language, &code) {
                Highlighted::Marked(html) if self.seal.is_empty() => html,
                Highlighted::Marked(html) => html.replace("<span class=\"", &format!("<span class=\"{}", self.seal)),
                Highlighted::Plain => escape_text(&code),
                Highlighted::Unknown => {
                    let message = format!("no syntax is known for the language `{language}`; its code is shown plain");
                    let open = range.start..(range.start + 3 + info.len()).min(range.end);
                    self.finding(&open, Diagnostic::warning("code-language", message).hint("use `text` for plain text"));
                    escape_text(&code)
                }
            }
        };
        let class =
            if language.is_empty() { String::new() } else { format!(" class=\"{}language-{}\"", self.seal, escape_attribute(language)) };
        self.html(format!("<pre><code{class}>{body}</code></pre>\n"));
        end + 1
    }

    /// Whether a fence runs to the end of the text without being closed.
    fn is_unclosed(&self, range: &Range<usize>) -> bool {
        let text = self.document.text();
        if !text[range.end.min(text.len())..].trim().is_empty() {
            return false;
        }
        let block = text[range.clone()].trim_end();
        let mark = block.trim_start_matches(['>', ' ']).chars().next().unwrap_or('`');
        let last = block.lines().last().unwrap_or("").trim_start_matches(['>', ' ', '\t']);
        block.lines().count() < 2 || last.len() < 3 || !last.trim_end().chars().all(|c| c == mark)
    }

    fn html_block(&mut self, events: &[Spanned<'d>], index: usize) -> usize {
        let mut source = String::new();
        let mut end = index + 1;
        while end < events.len() && !matches!(events[end].0, Event::End(TagEnd::HtmlBlock)) {
            if let Event::Html(html) | Event::Text(html) = &events[end].0 {
                source.push_str(html);
            }
            end += 1;
        }
        self.inspection.look_at(&source, events[index].1.start);
        match self.writing.raw_html {
            RawHtml::Raw => self.html(source),
            RawHtml::Strip => {
                let text = html::text_of(&html::close_swallowing(&source));
                if !text.trim().is_empty() {
                    self.html(format!("<p>{}</p>\n", escape_text(text.trim())));
                }
            }
            // Without elements the sanitiser does not run, and nothing but text may be written.
            RawHtml::Sanitize if !self.has_html => {
                let text = html::without_comments(&source);
                if !text.trim().is_empty() {
                    self.html(format!("<p>{}</p>\n", escape_text(text.trim())));
                }
            }
            RawHtml::Sanitize => {
                let safe = html::escape_look_alikes(&source);
                self.html(html::close_swallowing(&safe).into_owned());
            }
        }
        end + 1
    }

    fn inline_raw(&mut self, source: &CowStr<'d>, range: &Range<usize>, rest: &[Spanned<'_>]) {
        let tag = html::tags(source).next().filter(html::Tag::is_element);
        match (self.writing.raw_html, tag) {
            (RawHtml::Raw, _) => self.push(Event::InlineHtml(source.clone())),
            (_, None) => {
                if !source.starts_with("<!") && !source.starts_with("<?") {
                    self.push(Event::Text(source.clone()));
                }
            }
            (RawHtml::Sanitize, Some(tag)) => {
                self.inspection.look_at(source, range.start);
                if !tag.closing && html::swallows(tag.name) && !is_closed_within_block(tag.name, rest) {
                    self.inline_html(html::closed_at_once(&tag, source));
                } else {
                    self.push(Event::InlineHtml(source.clone()));
                }
            }
            (RawHtml::Strip, Some(_)) => self.inspection.look_at(source, range.start),
        }
    }

    fn image(&mut self, events: &[Spanned<'d>], index: usize, address: &str, title: &str) -> usize {
        let mut depth = 0;
        let mut end = index;
        loop {
            match events.get(end) {
                Some((Event::Start(Tag::Image { .. }), _)) => depth += 1,
                Some((Event::End(TagEnd::Image), _)) => {
                    depth -= 1;
                    if depth == 0 {
                        break;
                    }
                }
                Some(_) => {}
                None => break,
            }
            end += 1;
        }
        let alt = plain::inline_text(&events[index..end.min(events.len())]);
        let at = events[index].1.start;
        let kind = html::image_address(address);
        if kind == ImageAddress::Inline && self.writing.for_feed {
            return end + 1;
        }
        if address.trim().is_empty() || kind == ImageAddress::Unsafe {
            self.losses.add("image", at);
            if !alt.is_empty() {
                self.push(Event::Text(CowStr::from(alt)));
            }
            return end + 1;
        }
        let resolved = (self.writing.resolve)(address);
        let mut tag =
            format!("<img src=\"{}\" alt=\"{}\"", escape_attribute(resolved.as_deref().unwrap_or(address)), escape_attribute(&alt));
        if !title.is_empty() {
            let _ = write!(tag, " title=\"{}\"", escape_attribute(title));
        }
        if kind != ImageAddress::Inline {
            tag.push_str(" loading=\"lazy\"");
        }
        if kind == ImageAddress::Remote {
            tag.push_str(" referrerpolicy=\"no-referrer\"");
        }
        tag.push('>');
        self.inline_html(tag);
        end + 1
    }

    fn open_link(&mut self, kind: LinkType, address: &str, title: &str, range: &Range<usize>) {
        let address = if kind == LinkType::Email { format!("mailto:{address}") } else { address.to_owned() };
        let what = if address.trim().is_empty() {
            Some("link-empty")
        } else if !html::is_safe_link(&address) {
            Some("link-unsafe")
        } else {
            None
        };
        self.links.push(what.is_none());
        if let Some(what) = what {
            self.losses.add(what, range.start);
            return;
        }
        let resolved = (self.writing.resolve)(&address);
        let mut tag = format!("<a href=\"{}\"", escape_attribute(resolved.as_deref().unwrap_or(&address)));
        if !title.is_empty() {
            let _ = write!(tag, " title=\"{}\"", escape_attribute(title));
        }
        if html::is_external(&address) {
            let _ = write!(tag, " rel=\"{}\"", html::EXTERNAL_REL);
        }
        tag.push('>');
        self.inline_html(tag);
    }

    fn open_quote(&mut self, kind: Option<BlockQuoteKind>) {
        self.quotes.push(kind.is_some());
        let labels = self.writing.labels;
        let (class, label) = match kind {
            None => return self.push(Event::Start(Tag::BlockQuote(None))),
            Some(BlockQuoteKind::Note) => ("note", &labels.note),
            Some(BlockQuoteKind::Tip) => ("tip", &labels.tip),
            Some(BlockQuoteKind::Important) => ("important", &labels.important),
            Some(BlockQuoteKind::Warning) => ("warning", &labels.warning),
            Some(BlockQuoteKind::Caution) => ("caution", &labels.caution),
        };
        let seal = &self.seal;
        let html = format!("<div class=\"{seal}alert alert-{class}\">\n<p class=\"{seal}alert-title\">{}</p>\n", escape_text(label));
        self.html(html);
    }

    /// Alignment is a class: a strict content-security policy forbids `style`, and so does the sanitiser.
    fn open_cell(&mut self) {
        let class = match self.table.alignments.get(self.table.column) {
            Some(Alignment::Right) => format!(" class=\"{}align-right\"", self.seal),
            Some(Alignment::Center) => format!(" class=\"{}align-center\"", self.seal),
            _ => String::new(),
        };
        let tag = if self.table.in_head { format!("<th scope=\"col\"{class}>") } else { format!("<td{class}>") };
        self.html(tag);
    }

    fn note_mention(&mut self, label: &str) {
        let number = self.notes.number(label);
        self.notes.mentions[number] += 1;
        let mention = mention_id(self.writing.id, number + 1, self.notes.mentions[number]);
        let html = format!(
            "<sup class=\"{seal}footnote-ref\" id=\"{seal}{mention}\"><a href=\"#{}\">{}</a></sup>",
            note_id(self.writing.id, number + 1),
            number + 1,
            seal = self.seal,
        );
        self.inline_html(html);
    }

    fn finish(mut self) -> Written {
        self.write_notes();
        let mut out = String::with_capacity(self.document.text().len() * 5 / 4);
        for events in self.outputs.drain(..) {
            pulldown_cmark::html::push_html(&mut out, events.into_iter());
        }
        self.inspection.finish();
        self.inspection.depth = self.inspection.depth.max(self.depth);
        let too_deep = self.has_html && self.inspection.depth > html::MAX_DEPTH;
        if too_deep && self.writing.raw_html == RawHtml::Sanitize {
            let message =
                format!("HTML is nested {} deep, more than {}; the article is shown as plain text", self.inspection.depth, html::MAX_DEPTH);
            self.finding(&(0..1), Diagnostic::error("html-depth", message).hint("close the elements that are left open"));
            out = format!("<p>{}</p>\n", escape_text(&html::visible_text(&out)));
        } else if self.has_html && self.writing.raw_html != RawHtml::Strip {
            let rewriting = html::Rewriting {
                raw: self.writing.raw_html,
                ids: &self.inspection.ids,
                seal: &self.seal,
                for_feed: self.writing.for_feed,
                resolve: self.writing.resolve,
            };
            out = html::rewrite(&out, &rewriting);
            if self.writing.raw_html == RawHtml::Sanitize {
                out = html::sanitize(&out, &self.seal);
            }
        }
        let document = self.document;
        report_html(&self.inspection, self.writing.raw_html, &|offset| document.original(offset), &mut self.findings);
        for (what, (at, count)) in std::mem::take(&mut self.losses.counts) {
            let message = match what {
                "image" => format!("{count} image(s) whose address is empty or unsafe were left out"),
                "link-empty" => format!("{count} link(s) without an address are shown as text"),
                _ => format!("{count} link(s) whose address could run a script are shown as text"),
            };
            self.finding(&(at..at + 1), Diagnostic::note(what, message));
        }
        Written { html: out, outline: self.outline, findings: self.findings }
    }

    fn write_notes(&mut self) {
        let notes = std::mem::take(&mut self.notes);
        if notes.bodies.is_empty() {
            return;
        }
        let seal = self.seal.clone();
        let labels = self.writing.labels;
        self.html(format!("<section class=\"{seal}footnotes\" aria-label=\"{seal}{}\">\n<ol>\n", escape_attribute(&labels.footnotes)));
        for (number, mut body) in notes.bodies {
            self.html(format!("<li id=\"{seal}{}\" value=\"{}\">\n", note_id(self.writing.id, number + 1), number + 1));
            let mut back = String::new();
            for mention in 1..=notes.mentions[number] {
                let label = if mention == 1 { "↩".to_owned() } else { format!("↩<sup>{mention}</sup>") };
                let _ = write!(
                    back,
                    " <a href=\"#{}\" class=\"{seal}footnote-back\" aria-label=\"{seal}{} {}\">{label}</a>",
                    mention_id(self.writing.id, number + 1, mention),
                    escape_attribute(&labels.back),
                    number + 1,
                );
            }
            // Into the last paragraph, if the note ends with one.
            let at = if matches!(body.last(), Some(Event::End(TagEnd::Paragraph))) { body.len() - 1 } else { body.len() };
            body.insert(at, Event::InlineHtml(CowStr::from(back)));
            self.outputs.last_mut().expect("the body's output is always there").extend(body);
            self.html("</li>\n");
        }
        self.html("</ol>\n</section>\n");
    }
}

/// kramdown's ids: letters of every script, digits, `-` and `_` are kept, lower case, blanks become `-`:
/// `二、Hello，世界 World!` is `二hello世界-world`.
fn heading_slug(title: &str) -> String {
    title
        .chars()
        .filter_map(|c| match c {
            c if c.is_whitespace() => Some('-'),
            '-' | '_' => Some(c),
            c => is_slug_letter(c).then_some(c),
        })
        .flat_map(char::to_lowercase)
        .collect()
}

fn note_id(post: &str, number: usize) -> String {
    format!("fn-{post}-{number}")
}

fn mention_id(post: &str, number: usize, mention: usize) -> String {
    if mention == 1 { format!("fnref-{post}-{number}") } else { format!("fnref-{post}-{number}-{mention}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::tests::SYNTAX;

    fn written(source: &str, raw_html: RawHtml) -> Written {
        let (document, _) = Document::prepare(source, &SYNTAX);
        let labels = Labels {
            note: "注意".into(), done: "已完成".into(), todo: "未完成".into(), back: "返回".into(), ..Labels::default()
        };
        let resolve = |_: &str| None;
        write(&document, &Writing { id: "p", title: "题", raw_html, highlight: true, labels: &labels, for_feed: false, resolve: &resolve })
    }

    fn html(source: &str) -> String {
        written(source, RawHtml::Sanitize).html
    }

    #[test]
    fn headings_keep_han_and_stay_distinct() {
        let written = written("## 二、Hello，世界 World!\n\n## 甲\n\n## 甲\n\n## 甲-1\n", RawHtml::Sanitize);
        let ids: Vec<&str> = written.outline.iter().map(|heading| heading.id.as_str()).collect();
        assert_eq!(ids, ["二hello世界-world", "甲", "甲-1", "甲-1-1"]);
    }

    #[test]
    fn a_first_heading_that_is_the_title_is_not_repeated() {
        assert_eq!(html("# 题\n\n文\n\n## 节\n"), "<p>文</p>\n<h2 id=\"节\">节</h2>\n");
        assert_eq!(html("# 别\n\n## 节\n"), "<h2 id=\"别\">别</h2>\n<h3 id=\"节\">节</h3>\n");
    }

    #[test]
    fn notes_go_back_and_forth() {
        let html = html("甲[^a]乙[^a]\n\n[^a]: 注文\n");
        assert!(html.contains("<sup class=\"footnote-ref\" id=\"fnref-p-1\"><a href=\"#fn-p-1\">1</a></sup>"), "{html}");
        assert!(html.contains("<li id=\"fn-p-1\" value=\"1\">\n<p>注文 <a href=\"#fnref-p-1\""), "{html}");
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
        assert_eq!(html("<javascript:alert(1)> [x](data:text/html,y)"), "<p>javascript:alert(1) x</p>\n");
    }

    #[test]
    fn raw_html_and_own_marks_live_together() {
        let html = html("## 节\n\n<u id=节>甲</u> <script>x</script>乙\n\n```rust\nfn a() {}\n```\n\n- [x] 完\n");
        assert!(html.contains("<h2 id=\"节\">节</h2>") && html.contains("<u id=\"u-节\">甲</u> 乙"), "{html}");
        assert!(html.contains("<span class=\"k\">fn </span>") && html.contains("class=\"language-rust\""), "{html}");
        assert!(html.contains("aria-label=\"已完成\"") && html.contains("checked"), "{html}");
    }

    #[test]
    fn raw_html_three_ways() {
        let source = "<div onclick=\"x\">甲</div>\n\n<b>乙</b> List<int>\n";
        assert!(written(source, RawHtml::Raw).html.contains("onclick"));
        assert_eq!(written(source, RawHtml::Strip).html, "<p>甲</p>\n<p>乙 List&lt;int&gt;</p>\n");
        assert_eq!(written(source, RawHtml::Sanitize).html, "<div>甲</div>\n<p><b>乙</b> List&lt;int&gt;</p>\n");
        assert_eq!(written("<!-- more -->\n\n甲", RawHtml::Sanitize).html, "<p>甲</p>\n");
    }

    #[test]
    fn findings_point_at_the_source() {
        let written = written("前。\n\n```js\nlet a\n", RawHtml::Sanitize);
        assert_eq!(written.findings[0].0.start, "前。\n\n".len());
        assert_eq!(written.findings[0].1.code, "fence-unclosed");
    }
}
