//! The structure that scraped articles have and do not mark: section headings set as short bold
//! paragraphs, captions set as the paragraph after an image, a list of references, and the calls to
//! follow and share at the end.
//!
//! [`Structure::of`] reads the events and says where such things are; nothing is changed, so the
//! excerpt and the page agree. `html_writer` gives them their elements and `plain` leaves them out
//! of the excerpt. Only paragraphs at the top level of an article are looked at. Each rule stands
//! for itself and can be switched off ([`StructureRules`]).

mod boilerplate;
mod caption;
mod opening;
mod paragraph;
mod postscript;
mod reference;
mod section_number;
mod target;
mod wording;

use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

use crate::Spanned;
use crate::options::{StructureRules, When};
pub(crate) use opening::is_opening;
use paragraph::Paragraph;
pub(crate) use reference::ReferenceEntry;
pub(super) use reference::{citations, leading_mark};
use target::Target;

/// What a run of events is, beside what the parser says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// A heading of second level, or third: the events of its number, where it has one, and of its
    /// title.
    Section { level: u8, number: Option<Range<usize>>, title: Range<usize> },
    /// Images with a caption: the events of both.
    Figure { images: Range<usize>, caption: Range<usize> },
    /// A list of references and its title.
    References { title: Range<usize>, entries: Vec<ReferenceEntry> },
    /// Calls to follow, share and read on, at the very end.
    Postscript,
}

/// A role and the events it covers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) events: Range<usize>,
    pub(crate) role: Role,
    /// Its first byte in the prepared text; of a figure, the caption's.
    pub(crate) place: usize,
}

/// The structure found in an article: parts in the order of the text, of which only a postscript
/// may hold others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Structure {
    pub(crate) parts: Vec<Part>,
    /// The texts of paragraphs that may be section headings, unless the title says the same.
    candidates: Vec<String>,
}

/// A block at the top level of an article.
pub(super) struct Block {
    events: Range<usize>,
    kind: BlockKind,
}

enum BlockKind {
    Paragraph(Paragraph),
    Heading,
    Rule,
    /// A list: whether all of it is links, and where they lead.
    List {
        is_links: bool,
        target: Target,
    },
    Code,
    /// A quote, a table, HTML …
    Other,
}

impl Structure {
    /// Reads the structure of an article whose title is `title`.
    pub(crate) fn of(events: &[Spanned<'_>], rules: StructureRules, title: &str) -> Structure {
        if !rules.any(true) {
            return Structure::default();
        }
        let has_heading = events.iter().any(|(event, _)| match event {
            Event::Start(Tag::Heading { .. }) => true,
            Event::Html(html) | Event::InlineHtml(html) => holds_heading(html),
            _ => false,
        });
        if !rules.any(!has_heading) {
            return Structure::default();
        }
        let on = |when: When| when.applies(!has_heading);
        let blocks = blocks_of(events);
        let mut finder = Finder {
            blocks: &blocks,
            events,
            parts: Vec::new(),
            candidates: Vec::new(),
            taken: vec![false; blocks.len()],
        };
        let end = if on(rules.postscript) { finder.postscript() } else { blocks.len() };
        if on(rules.references) {
            finder.references(end);
        }
        if on(rules.captions) {
            finder.captions(end, rules.captions == When::Auto);
        }
        if on(rules.headings) {
            finder.sections(end, title);
        }
        let Finder { mut parts, candidates, .. } = finder;
        parts.sort_by_key(|part| (part.events.start, std::cmp::Reverse(part.events.end)));
        Structure { parts, candidates }
    }

    /// Returns whether a structure that was read without a title may be another one under `title`.
    pub(crate) fn depends_on(&self, title: &str) -> bool {
        self.candidates.iter().any(|candidate| candidate == title)
    }

    /// The numbers of all references.
    pub(crate) fn reference_numbers(&self) -> impl Iterator<Item = u32> {
        self.parts
            .iter()
            .flat_map(|part| match &part.role {
                Role::References { entries, .. } => &entries[..],
                _ => &[],
            })
            .map(|reference| reference.number)
    }
}

fn holds_heading(html: &str) -> bool {
    let may_begin = |at: usize| {
        let name = html[at + 1..].trim_start_matches('/').as_bytes();
        matches!(name, [b'h' | b'H', b'1'..=b'6', ..])
    };
    memchr::memchr_iter(b'<', html.as_bytes()).any(may_begin)
        && crate::html::tags(html)
            .any(|tag| matches!(tag.name.as_bytes(), [b'h' | b'H', b'1'..=b'6']))
}

/// The blocks at the top level. Paragraphs that show nothing, as scrapers leave them, are left out.
fn blocks_of(events: &[Spanned<'_>]) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut at = 0;
    while at < events.len() {
        let end = end_of(events, at);
        let kind = match &events[at].0 {
            Event::Start(Tag::Paragraph) => {
                BlockKind::Paragraph(Paragraph::of(events, at + 1..end - 1))
            }
            Event::Start(Tag::Heading { .. }) => BlockKind::Heading,
            Event::Start(Tag::List(_)) => BlockKind::List {
                is_links: paragraph::is_all_links(&events[at..end]),
                target: Target::of(&events[at..end]),
            },
            Event::Start(Tag::CodeBlock(_)) => BlockKind::Code,
            Event::Rule => BlockKind::Rule,
            _ => BlockKind::Other,
        };
        if !matches!(&kind, BlockKind::Paragraph(paragraph) if paragraph.shows_nothing()) {
            blocks.push(Block { events: at..end, kind });
        }
        at = end;
    }
    // Notes are written at the end wherever they stand; at the end of the source they are no part
    // of the article's.
    while blocks.last().is_some_and(|block| {
        matches!(events[block.events.start].0, Event::Start(Tag::FootnoteDefinition(_)))
    }) {
        blocks.pop();
    }
    blocks
}

/// The end of the element that starts at `at`.
fn end_of(events: &[Spanned<'_>], at: usize) -> usize {
    let mut depth = 0_usize;
    for (index, (event, _)) in events.iter().enumerate().skip(at) {
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return index + 1;
        }
    }
    events.len()
}

struct Finder<'f, 's> {
    blocks: &'f [Block],
    events: &'f [Spanned<'s>],
    parts: Vec<Part>,
    candidates: Vec<String>,
    /// Blocks that have a role.
    taken: Vec<bool>,
}

impl Finder<'_, '_> {
    fn paragraph(&self, index: usize) -> Option<&Paragraph> {
        match &self.blocks.get(index)?.kind {
            BlockKind::Paragraph(paragraph) => Some(paragraph),
            _ => None,
        }
    }

    fn take(&mut self, blocks: Range<usize>, role: Role) {
        self.taken[blocks.clone()].fill(true);
        self.push(
            self.blocks[blocks.start].events.start..self.blocks[blocks.end - 1].events.end,
            role,
        );
    }

    fn push(&mut self, events: Range<usize>, role: Role) {
        let first =
            if let Role::Figure { caption, .. } = &role { caption.start } else { events.start };
        self.parts.push(Part { place: self.events[first].1.start, events, role });
    }

    /// Finds the last list of references, which ends the article: a title such as 参考文献 and,
    /// right after it, lines that begin with `[1]`.
    fn references(&mut self, end: usize) {
        let is_trailing = |block: &Block| match &block.kind {
            BlockKind::Paragraph(paragraph) => {
                paragraph.is_filler() || boilerplate::names_makers(&paragraph.text)
            }
            BlockKind::Rule | BlockKind::List { is_links: true, .. } => true,
            _ => false,
        };
        let trailing =
            end - self.blocks[..end].iter().rev().take_while(|block| is_trailing(block)).count();
        for index in (0..end).rev() {
            if let Some((last, role)) =
                self.references_at(index, end).filter(|(last, _)| last + 1 >= trailing)
            {
                return self.take(index..last + 1, role);
            }
        }
    }

    fn references_at(&self, index: usize, end: usize) -> Option<(usize, Role)> {
        let paragraph = self.paragraph(index)?;
        let title = reference::title_of(paragraph, self.events)?;
        // What else stands in the paragraph of the title must be references too.
        let mut entries = reference::entries(self.events, title.end..paragraph.inline.end)?;
        let entries_of = |at: usize| {
            let paragraph = (at < end).then(|| self.paragraph(at)).flatten()?;
            reference::entries(self.events, paragraph.inline.clone())
                .filter(|entries| !entries.is_empty())
        };
        let mut last = index;
        while last + 1 < end {
            if let Some(more) = entries_of(last + 1) {
                entries.extend(more);
            } else if let Some(address) =
                self.paragraph(last + 1).filter(|paragraph| paragraph.is_address())
                && let Some(reference) = entries.last_mut()
            {
                // The address of a reference, in a paragraph of its own.
                reference.lines.push(address.inline.clone());
            } else {
                break;
            }
            last += 1;
        }
        (!entries.is_empty()).then_some((last, Role::References { title, entries }))
    }

    /// Finds section headings: short paragraphs all in bold, with the number before them where
    /// there is one.
    fn sections(&mut self, end: usize, title: &str) {
        let mut found: Vec<(Range<usize>, Role)> = Vec::new();
        let mut index = 0;
        while index < end {
            let width = if let Some((width, role)) = self.section_at(index, end, title) {
                if let (1, Some(paragraph)) = (width, self.paragraph(index)) {
                    self.candidates.push(paragraph.text.clone());
                }
                found.push((index..index + width, role));
                width
            } else {
                1
            };
            index += width;
        }
        let numbers: Vec<Option<String>> =
            found.iter().map(|(_, role)| self.number_in(role)).collect();
        let numbered = numbers.iter().flatten().count();
        let mut different: Vec<&String> = numbers.iter().flatten().collect();
        different.sort_unstable();
        different.dedup();
        if numbered >= 2 && different.len() < numbered {
            // Numbers that begin again count points below sections without a number.
            for ((_, role), number) in found.iter_mut().zip(&numbers) {
                if let (Role::Section { level, .. }, true) =
                    (role, number.is_some() && numbered < numbers.len())
                {
                    *level = 3;
                }
            }
        } else if numbered >= 2 {
            // An article that numbers its sections stresses sentences with the rest of its bold.
            let is_kept = |(blocks, _): &(Range<usize>, Role), number: &Option<String>| {
                number.is_some() || self.paragraph(blocks.start).is_some_and(Paragraph::is_framing)
            };
            found = found
                .into_iter()
                .zip(&numbers)
                .filter(|(section, number)| is_kept(section, number))
                .map(|(section, _)| section)
                .collect();
        } else {
            // Where there would be more headings than paragraphs below them, bold is the style of
            // the text.
            let is_text = |block: &&Block| match &block.kind {
                BlockKind::Paragraph(paragraph) => !paragraph.is_image(),
                _ => false,
            };
            if found.len() * 2 > self.blocks[..end].iter().filter(is_text).count() {
                return;
            }
        }
        for (blocks, role) in found {
            self.take(blocks, role);
        }
    }

    /// The number of a section, if it has one.
    fn number_in(&self, role: &Role) -> Option<String> {
        let Role::Section { number, title, .. } = role else { return None };
        let text = Paragraph::of(self.events, number.clone().unwrap_or_else(|| title.clone()));
        (number.is_some() || text.has_number()).then(|| text.number())
    }

    /// The section heading that begins at a block, and how many blocks it covers.
    fn section_at(&self, index: usize, end: usize, title: &str) -> Option<(usize, Role)> {
        let free = |at: usize| (at < end && !self.taken[at]).then(|| self.paragraph(at)).flatten();
        // What stands below a heading is no heading itself, unless both are numbered.
        let has_text_below = |at: usize| {
            (at + 1 < end)
                && !matches!(self.blocks[at + 1].kind, BlockKind::Rule)
                && free(at + 1).is_none_or(|below| !below.is_heading() || below.has_number())
        };
        let first = free(index)?;
        if first.is_number() {
            if let Some(second) = free(index + 1).filter(|second| second.is_title())
                && has_text_below(index + 1)
            {
                return Some((
                    2,
                    Role::Section {
                        level: 2,
                        number: Some(first.inline.clone()),
                        title: second.inline.clone(),
                    },
                ));
            }
            let alone = first.is_strong
                && has_text_below(index)
                && !free(index + 1).is_some_and(Paragraph::is_heading);
            return alone.then(|| {
                (1, Role::Section { level: 2, number: None, title: first.inline.clone() })
            });
        }
        if let Some((number, rest)) = first.numbered_lines(self.events)
            && has_text_below(index)
        {
            return Some((1, Role::Section { level: 2, number: Some(number), title: rest }));
        }
        let follows_heading = index > 0
            && free(index - 1).is_some_and(|above| above.is_heading() && !above.has_number());
        let is_section = first.is_heading()
            && (first.has_number() || !follows_heading)
            && has_text_below(index)
            && first.text != title;
        is_section
            .then(|| (1, Role::Section { level: 2, number: None, title: first.inline.clone() }))
    }
}

/// Whether an event shows nothing by itself, and can be left out where its paragraph gets another
/// element.
fn is_silent(event: &Event<'_>) -> bool {
    const HARMLESS: [&str; 14] = [
        "span", "font", "br", "b", "strong", "em", "i", "u", "section", "p", "div", "wbr",
        "center", "small",
    ];
    match event {
        Event::Text(text) => {
            text.chars().all(|c| c.is_whitespace() || chinese_text::is_invisible(c))
        }
        Event::SoftBreak
        | Event::HardBreak
        | Event::Start(Tag::Strong | Tag::Emphasis | Tag::Link { .. })
        | Event::End(TagEnd::Strong | TagEnd::Emphasis | TagEnd::Link) => true,
        // An anchor is where a link leads.
        Event::InlineHtml(html) => crate::html::tags(html).all(|tag| {
            HARMLESS.contains(&tag.name.to_ascii_lowercase().as_str())
                && !tag.attributes.contains("id=")
                && !tag.attributes.contains("name=")
        }),
        _ => false,
    }
}

/// Whether a line ends here; a soft break that was taken out between two Chinese characters has
/// left an empty text.
fn is_line_break(event: &Event<'_>) -> bool {
    match event {
        Event::SoftBreak | Event::HardBreak => true,
        Event::Text(text) => text.is_empty(),
        _ => false,
    }
}
