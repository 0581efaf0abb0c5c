//! From the parser's events to ours: sentinels out, texts merged, single tildes freed, soft breaks
//! between Chinese removed, bare addresses linked. One walk, one event at a time.

use std::ops::Range;

use memchr::memmem::Finder;
use pulldown_cmark::{CodeBlockKind, CowStr, Event, Tag, TagEnd};

use super::address;
use crate::Spanned;
use crate::dialect::callout;
use crate::options::When;
use crate::pass::indented::INDENT;
use crate::source::lookahead::VerbatimElement;
use chinese_text::joins_lines;

/// Collects events as they should be.
pub(crate) struct Collector<'d> {
    text: &'d str,
    events: Vec<Spanned<'d>>,
    /// The sentinels that were put in.
    sentinels: Vec<SentinelCursor<'d>>,
    /// The text that is being put together.
    run: Option<(Run<'d>, Range<usize>)>,
    addresses: address::AddressCursor<'d>,
    /// Some of the text begins with what would be a mark if it had another half.
    has_marks: bool,
    /// The quote that has just begun, while its first line is read: it may be a callout.
    quote: Option<usize>,
    /// Links, images and code around this place, inside which no address is linked.
    closed: usize,
    /// The raw element that shows code, inside which no address is linked.
    element: VerbatimElement,
    /// For each open strike-through, whether it is a single tilde.
    single_tildes: Vec<bool>,
    /// The last character shown in this block; a blank where none that counts.
    last: char,
    /// A soft break that goes if Chinese follows.
    break_at: Option<usize>,
    breaks: When,
    /// Inline elements that are open in the paragraph, if one is.
    paragraph: Option<usize>,
}

/// Text that is still growing.
enum Run<'d> {
    /// A piece of the document.
    Slice(&'d str),
    Built(String),
}

impl Run<'_> {
    fn as_str(&self) -> &str {
        match self {
            Run::Slice(text) => text,
            Run::Built(text) => text,
        }
    }
}

/// The next place of a sentinel, looked for only as far as the walk has come: each byte of the text
/// is seen once.
struct SentinelCursor<'d> {
    text: &'d str,
    sentinel: char,
    needle: Finder<'static>,
    next: usize,
}

impl<'d> SentinelCursor<'d> {
    fn new(text: &'d str, sentinel: char) -> SentinelCursor<'d> {
        let needle = Finder::new(sentinel.encode_utf8(&mut [0; 4])).into_owned();
        let next = needle.find(text.as_bytes()).unwrap_or(usize::MAX);
        SentinelCursor { text, sentinel, needle, next }
    }

    fn is_in(&mut self, range: &Range<usize>) -> bool {
        if self.next < range.start {
            self.next = self
                .needle
                .find(&self.text.as_bytes()[range.start..])
                .map_or(usize::MAX, |found| range.start + found);
        }
        self.next < range.end
    }
}

impl<'d> Collector<'d> {
    /// A collector for the events of `text`, into which `sentinels` were put.
    pub(crate) fn new(text: &'d str, sentinels: &[char], breaks: When) -> Collector<'d> {
        Collector {
            text,
            events: Vec::with_capacity(text.len() / 16),
            sentinels: sentinels
                .iter()
                .map(|sentinel| SentinelCursor::new(text, *sentinel))
                .collect(),
            run: None,
            addresses: address::AddressCursor::new(text),
            has_marks: false,
            quote: None,
            closed: 0,
            element: VerbatimElement::default(),
            single_tildes: Vec::new(),
            last: ' ',
            break_at: None,
            breaks,
            paragraph: None,
        }
    }

    /// The events, and whether what looks like a mark may be among the texts.
    pub(crate) fn finish(mut self) -> (Vec<Spanned<'d>>, bool) {
        self.end_run();
        (self.events, self.has_marks)
    }

    /// Takes the parser's next event.
    pub(crate) fn take(&mut self, event: Event<'d>, range: Range<usize>) {
        match event {
            Event::Text(mut text) => {
                // The parser gives each mark that it could not use as a text of its own.
                self.has_marks |= match self.text.as_bytes().get(range.start..range.start + 2) {
                    Some([b'*', next]) => *next == b'*',
                    Some([b'[', next]) => {
                        matches!(next, b'[' | b't' | b'T' | b'g' | b'c' | b'p' | b'a' | b'v')
                            || self.text[..range.start].ends_with('^')
                    }
                    Some([b'!', next]) => matches!(next, b'[' | b'!'),
                    Some([b'?', next]) => *next == b'?',
                    Some([b':', next]) => *next == b':',
                    _ => false,
                };
                if self.has_sentinel(&range) {
                    strip(&self.sentinels, &mut text);
                }
                if text.starts_with(INDENT) {
                    self.begin_paragraph();
                }
                self.grow(text, range);
            }
            Event::Start(Tag::Strikethrough) | Event::End(TagEnd::Strikethrough) => {
                self.strike(event, range);
            }
            Event::SoftBreak if self.breaks == When::Always && !self.follows_line_break() => {
                self.take(Event::HardBreak, range);
            }
            mut event => {
                self.end_run();
                if self.quote.is_some() && self.ends_callout_title(&event, &range) {
                    return;
                }
                self.note(&event);
                if !self.sentinels.is_empty() {
                    self.clean(&mut event, &range);
                }
                self.events.push((event, range));
            }
        }
    }

    /// Looks at the first line of a quote, once it is there. Of a callout it is the title, a title
    /// without a list of definitions; what follows is a paragraph of its own.
    fn ends_callout_title(&mut self, event: &Event<'d>, range: &Range<usize>) -> bool {
        let Some(quote) = self.quote else { return false };
        let is_break = matches!(event, Event::SoftBreak | Event::HardBreak);
        if !is_break && !matches!(event, Event::End(TagEnd::Paragraph)) {
            // Anything but a paragraph, or what stands in its first line.
            let is_inline =
                self.events.len() > quote + 1 || matches!(event, Event::Start(Tag::Paragraph));
            self.quote = self.quote.filter(|_| is_inline);
            return false;
        }
        self.quote = None;
        let opening = match &self.events[quote + 1..] {
            [(Event::Start(Tag::Paragraph), _), (Event::Text(first), _), ..] => {
                callout::opening(first).map(|opening| (opening, first.clone()))
            }
            _ => None,
        };
        let Some((opening, first)) = opening else { return false };
        let own = self.events[quote + 1].1.clone();
        self.events[quote].0 = Event::Start(Tag::BlockQuote(opening.kind));
        let is_titled = opening.title < first.len() || self.events.len() > quote + 3;
        if is_titled {
            self.events[quote + 1].0 = Event::Start(Tag::DefinitionListTitle);
            self.events[quote + 2].0 = Event::Text(CowStr::from(first[opening.title..].to_owned()));
            self.events.push((Event::End(TagEnd::DefinitionListTitle), own.clone()));
        } else {
            self.events.truncate(quote + 1);
        }
        if is_break {
            self.events.push((Event::Start(Tag::Paragraph), own.start..range.end));
        } else {
            self.paragraph = None;
        }
        self.break_at = None;
        self.last = ' ';
        true
    }

    /// Whether the author broke the line with a tag already.
    fn follows_line_break(&self) -> bool {
        let is_break =
            |tag: &str| tag.get(..3).is_some_and(|name| name.eq_ignore_ascii_case("<br"));
        self.run.is_none()
            && matches!(self.events.last(), Some((Event::InlineHtml(tag), _)) if is_break(tag))
    }

    /// Where a line of a paragraph is indented as the beginning of one, it is one.
    fn begin_paragraph(&mut self) {
        let is_first = self.run.is_none()
            && matches!(self.events.last(), Some((Event::SoftBreak | Event::HardBreak, _)));
        if self.breaks != When::Auto || self.paragraph != Some(0) || !is_first {
            return;
        }
        if let Some((_, range)) = self.events.pop() {
            self.events.push((Event::End(TagEnd::Paragraph), range.clone()));
            self.events.push((Event::Start(Tag::Paragraph), range));
            (self.break_at, self.last, self.closed) = (None, ' ', 0);
        }
    }

    /// `2000~2500，2500~3000` is a range of numbers, not struck out: only `~~` strikes.
    fn strike(&mut self, event: Event<'d>, range: Range<usize>) {
        let is_single = if matches!(event, Event::Start(_)) {
            let is_single = !self.text[range.clone()].starts_with("~~");
            self.single_tildes.push(is_single);
            is_single
        } else {
            self.single_tildes.pop() == Some(true)
        };
        if is_single {
            self.grow(CowStr::Borrowed("~"), range);
        } else {
            self.end_run();
            self.events.push((event, range));
        }
    }

    /// Notes what an event other than text means for the texts after it.
    fn note(&mut self, event: &Event<'d>) {
        match event {
            // Soft breaks between two Chinese characters or marks go: browsers would show a blank.
            // Inline tags are looked through, and Hangul keeps its breaks (CSS Text 3, segment
            // break transformation; goldmark's `css3draft` without its joining of Han and Latin).
            Event::SoftBreak => {
                self.break_at = joins_lines(self.last).then_some(self.events.len());
                return;
            }
            // A raw link that is never closed ends with its paragraph.
            Event::Start(Tag::Paragraph) => self.paragraph = Some(0),
            Event::End(TagEnd::Paragraph) => {
                (self.closed, self.element, self.paragraph) = (0, VerbatimElement::default(), None);
            }
            Event::Start(tag) => {
                self.paragraph = self.paragraph.map(|open| open + 1);
                match tag {
                    Tag::Emphasis | Tag::Strong => return,
                    Tag::Link { .. } => {
                        self.closed += 1;
                        return;
                    }
                    Tag::Image { .. } | Tag::CodeBlock(_) => self.closed += 1,
                    Tag::BlockQuote(None) => self.quote = Some(self.events.len()),
                    _ => {}
                }
            }
            Event::End(tag) => {
                self.paragraph = self.paragraph.map(|open| open.saturating_sub(1));
                match tag {
                    TagEnd::Emphasis | TagEnd::Strong => return,
                    TagEnd::Link => {
                        self.closed = self.closed.saturating_sub(1);
                        return;
                    }
                    TagEnd::Image | TagEnd::CodeBlock => {
                        self.closed = self.closed.saturating_sub(1);
                    }
                    _ => {}
                }
            }
            // The author's own link around an address.
            Event::InlineHtml(html)
                if self.element.after(html, &(0..0)).is_some() || self.element.is_open() => {}
            Event::InlineHtml(html) => match crate::html::tags(html)
                .next()
                .filter(|tag| tag.name.eq_ignore_ascii_case("a"))
            {
                Some(tag) if tag.closing => self.closed = self.closed.saturating_sub(1),
                Some(_) => self.closed += 1,
                None => {}
            },
            _ => {}
        }
        self.break_at = None;
        self.last = ' ';
    }

    /// Adds to the run of text. A piece that follows the last one in the document makes it longer;
    /// others are copied.
    fn grow(&mut self, text: CowStr<'d>, range: Range<usize>) {
        let Some((run, whole)) = &mut self.run else {
            let start = match text {
                CowStr::Borrowed(text) => Run::Slice(text),
                text => Run::Built(text.into_string()),
            };
            self.run = Some((start, range));
            return;
        };
        whole.end = range.end;
        if let (Run::Slice(slice), CowStr::Borrowed(more)) = (&*run, &text)
            && let Some(longer) = joined(self.text, slice, more)
        {
            *run = Run::Slice(longer);
            return;
        }
        if let Run::Slice(slice) = run {
            *run = Run::Built(String::with_capacity(slice.len() + text.len()) + slice);
        }
        if let Run::Built(built) = run {
            built.push_str(&text);
        }
    }

    fn end_run(&mut self) {
        let Some((run, range)) = self.run.take() else { return };
        let shown = run.as_str();
        if shown.is_empty() {
            return;
        }
        if let Some(at) = self.break_at.take()
            && shown.chars().next().is_some_and(joins_lines)
        {
            self.events[at].0 = Event::Text(CowStr::Borrowed(""));
        }
        self.last = shown.chars().next_back().unwrap_or(self.last);
        if self.closed == 0 && !self.element.is_open() && self.addresses.is_in(&range) {
            address::link(shown, &range, &mut self.events);
            return;
        }
        let text = match run {
            Run::Slice(text) => CowStr::Borrowed(text),
            Run::Built(text) => CowStr::from(text),
        };
        self.events.push((Event::Text(text), range));
    }

    /// Whether a sentinel was put into this range.
    fn has_sentinel(&mut self, range: &Range<usize>) -> bool {
        self.sentinels.iter_mut().any(|sentinel| sentinel.is_in(range))
    }

    /// Takes sentinels out of an event other than text.
    fn clean(&mut self, event: &mut Event<'d>, range: &Range<usize>) {
        match event {
            Event::Code(text)
            | Event::Html(text)
            | Event::InlineHtml(text)
            | Event::InlineMath(text)
            | Event::DisplayMath(text)
                if self.has_sentinel(range) =>
            {
                strip(&self.sentinels, text);
            }
            // What a tag holds may stand elsewhere, as the address of a reference link does.
            Event::Start(
                Tag::Link { dest_url, title, id, .. } | Tag::Image { dest_url, title, id, .. },
            ) => {
                for text in [dest_url, title, id] {
                    strip(&self.sentinels, text);
                }
            }
            Event::Start(Tag::Heading { id, classes, .. }) => {
                for text in id.iter_mut().chain(classes) {
                    strip(&self.sentinels, text);
                }
            }
            Event::FootnoteReference(text)
            | Event::Start(
                Tag::FootnoteDefinition(text) | Tag::CodeBlock(CodeBlockKind::Fenced(text)),
            ) => {
                strip(&self.sentinels, text);
            }
            _ => {}
        }
    }
}

/// Takes sentinels out of a text. They stand beside delimiters, so nearly always at its ends.
fn strip(sentinels: &[SentinelCursor<'_>], text: &mut CowStr<'_>) {
    if text.is_ascii() {
        return;
    }
    let is_sentinel = |c: char| sentinels.iter().any(|cursor| cursor.sentinel == c);
    let holds_one =
        |text: &str| sentinels.iter().any(|cursor| cursor.needle.find(text.as_bytes()).is_some());
    if let CowStr::Borrowed(slice) = text {
        *slice = slice.trim_matches(is_sentinel);
    }
    if holds_one(text) {
        *text = CowStr::from(text.replace(is_sentinel, ""));
    }
}

/// One slice of `text` for two that follow each other in it.
fn joined<'d>(text: &'d str, first: &str, second: &str) -> Option<&'d str> {
    let start = (first.as_ptr() as usize).checked_sub(text.as_ptr() as usize)?;
    let follows = first.as_ptr() as usize + first.len() == second.as_ptr() as usize;
    text.get(start..start + first.len() + second.len()).filter(|_| follows)
}
