//! Looking ahead: where the next mark of a text stands, where a heading ends, which inline elements
//! are closed.

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

use memchr::memmem;
use pulldown_cmark::{Event, Tag, TagEnd};

use crate::{Spanned, html};

/// The next place of a mark, asked for from left to right: each byte of the text is looked at once,
/// however often it is asked.
pub(crate) struct Ahead<'s> {
    text: &'s str,
    mark: memmem::Finder<'static>,
    /// The last answer.
    known: Option<Option<usize>>,
}

impl<'s> Ahead<'s> {
    pub(crate) fn new(text: &'s str, mark: &'static str) -> Ahead<'s> {
        Ahead { text, mark: memmem::Finder::new(mark), known: None }
    }

    pub(crate) fn at_or_after(&mut self, at: usize) -> Option<usize> {
        match self.known {
            Some(None) => None,
            Some(Some(place)) if place >= at => Some(place),
            _ => {
                let place = self
                    .text
                    .as_bytes()
                    .get(at..)
                    .and_then(|rest| self.mark.find(rest))
                    .map(|found| at + found);
                self.known = Some(place);
                place
            }
        }
    }
}

/// The raw inline element that shows what it holds as it is, `<code>`, while its paragraph is read.
#[derive(Debug, Default)]
pub(crate) struct VerbatimElement {
    name: &'static str,
    start: usize,
    /// Elements of its name that are open.
    depth: usize,
}

impl VerbatimElement {
    /// Looks at the next tag; where it ends the element, all of it.
    pub(crate) fn after(&mut self, tag: &str, range: &Range<usize>) -> Option<Range<usize>> {
        let tag = html::tags(tag).next()?;
        let name = ["code", "kbd", "samp", "pre"]
            .into_iter()
            .find(|name| tag.name.eq_ignore_ascii_case(name))?;
        if self.depth == 0 && !tag.closing {
            *self = VerbatimElement { name, start: range.start, depth: 1 };
        } else if self.depth > 0 && name == self.name {
            self.depth = if tag.closing { self.depth - 1 } else { self.depth + 1 };
            return (self.depth == 0).then_some(self.start..range.end);
        }
        None
    }

    pub(crate) fn is_open(&self) -> bool {
        self.depth > 0
    }
}

/// Inline elements that would swallow what follows and have no end tag before their block ends, by
/// where they begin.
#[derive(Debug, Default)]
pub(crate) struct LeftOpen {
    found: HashSet<usize>,
    /// Those of the current block that are open, by name.
    open: BTreeMap<String, Vec<usize>>,
}

impl LeftOpen {
    /// Looks at the next event.
    pub(crate) fn look_at(&mut self, (event, range): &Spanned<'_>) {
        match event {
            Event::InlineHtml(html) => {
                let Some(tag) = html::tags(html).next().filter(html::swallows) else {
                    return;
                };
                let open = self.open.entry(tag.name.to_ascii_lowercase()).or_default();
                if tag.closing {
                    open.pop();
                } else {
                    open.push(range.start);
                }
            }
            Event::End(
                TagEnd::Emphasis
                | TagEnd::Strong
                | TagEnd::Strikethrough
                | TagEnd::Link
                | TagEnd::Image,
            ) => {}
            Event::End(_) => self.end_block(),
            _ => {}
        }
    }

    /// All events were seen.
    pub(crate) fn finish(&mut self) {
        self.end_block();
    }

    fn end_block(&mut self) {
        if self.open.is_empty() {
            return;
        }
        self.found.extend(std::mem::take(&mut self.open).into_values().flatten());
    }

    pub(crate) fn contains(&self, start: usize) -> bool {
        self.found.contains(&start)
    }
}

/// The range of events inside the heading that starts at or after `index`.
pub(crate) fn heading_end(events: &[Spanned<'_>], index: usize) -> Option<(usize, usize)> {
    let start = index
        + events[index..]
            .iter()
            .position(|(event, _)| matches!(event, Event::Start(Tag::Heading { .. })))?
        + 1;
    let length = events[start..]
        .iter()
        .position(|(event, _)| matches!(event, Event::End(TagEnd::Heading(_))))?;
    Some((start, start + length))
}
