//! Captions: the short paragraph after a picture, or the line below it in its paragraph.
//!
//! In articles of WeChat such a line nearly always is one; in tutorials, whose authors leave out
//! full stops and write a step between any two pictures, it hardly ever is. So a line must look
//! like a caption (no sentence, no step, no order), and the article must show that its author
//! writes captions. `tests/captions` holds articles of both kinds, and measures.

use std::ops::Range;

use pulldown_cmark::Event;

use super::opening::is_opening;
use super::paragraph::{Paragraph, is_markup};
use super::wording::{
    begins_as_order, breaks_off, ends_story, instructs, is_signed, names_a_thing, names_steps,
    narrates, orders, says_caption, states, tells,
};
use super::{BlockKind, Finder, Role, boilerplate};
use crate::Spanned;

/// What may be the caption of a picture.
struct Candidate {
    /// The block of the picture.
    index: usize,
    /// The events of the picture and the caption.
    images: Range<usize>,
    caption: Range<usize>,
    /// Stands in the picture's paragraph.
    is_inside: bool,
    /// Says itself that it is a caption.
    is_marked: bool,
    /// Names a thing: `渡口的早晨`, `师傅和徒弟`, `《渡口》`. Steps seldom do.
    is_named: bool,
}

/// What an article shows of its author's habits.
#[derive(Default)]
struct Habits {
    /// Pictures, those that follow each other counted once.
    pictures: usize,
    /// Pictures with a short line above that belongs to no picture before it.
    labelled: usize,
    /// Paragraphs apart from captions that end as sentences do, and short ones that do not.
    sentences: usize,
    lines: usize,
    /// Steps below pictures, and paragraphs anywhere that tell the reader what to do.
    steps: usize,
    instructions: usize,
    /// Sentences about people and times.
    stories: usize,
    has_code: bool,
}

impl Finder<'_, '_> {
    /// Finds captions. Lines that do not say what they are need evidence in the article, unless the
    /// rule is always on.
    pub(super) fn captions(&mut self, end: usize, needs_evidence: bool) {
        let mut candidates: Vec<Candidate> =
            (0..end).filter_map(|index| self.candidate_at(index, end)).collect();
        let is_sure = candidates.iter().all(|candidate| candidate.is_marked);
        if needs_evidence && !is_sure && !self.habits(end, &candidates).allow(&candidates) {
            candidates.retain(|candidate| candidate.is_marked);
        }
        for Candidate { index, images, caption, is_inside, .. } in candidates {
            self.take(
                index..index + if is_inside { 1 } else { 2 },
                Role::Figure { images, caption },
            );
        }
    }

    fn candidate_at(&self, index: usize, end: usize) -> Option<Candidate> {
        let image = self.paragraph(index).filter(|paragraph| paragraph.images > 0)?;
        if let Some((images, caption)) = image.caption_inside(self.events) {
            let text = Paragraph::of(self.events, caption.clone());
            let (is_marked, is_named) = (text.is_marked_caption(), names_a_thing(&text.text));
            return Some(Candidate {
                index,
                images,
                caption,
                is_inside: true,
                is_marked,
                is_named,
            });
        }
        if !image.is_image() || index + 1 >= end || self.taken[index + 1] {
            return None;
        }
        let text = self.paragraph(index + 1)?;
        let next = (index + 2 < end).then(|| &self.blocks[index + 2].kind);
        // A run of short lines after an image is a poem or a list, and none of its lines is a
        // caption; a line above a list, a table or a quote belongs to that, and one that points
        // down to the picture below it.
        let goes_on = match next {
            Some(BlockKind::Paragraph(next)) => {
                next.is_line() && !next.is_strong && !next.is_number()
            }
            Some(BlockKind::List { .. } | BlockKind::Other | BlockKind::Code) => true,
            Some(BlockKind::Heading | BlockKind::Rule) | None => false,
        };
        let points_down = text.text.starts_with(['▼', '▽', '↓', '⬇'])
            && matches!(next, Some(BlockKind::Paragraph(next)) if next.is_image());
        let is_marked = text.is_marked_caption() && !points_down;
        (is_marked || (text.is_caption() && !goes_on && !points_down)).then(|| Candidate {
            index,
            images: image.inline.clone(),
            caption: text.inline.clone(),
            is_inside: false,
            is_marked,
            is_named: names_a_thing(&text.text),
        })
    }

    fn habits(&self, end: usize, candidates: &[Candidate]) -> Habits {
        let mut habits = Habits::default();
        let mut candidates = candidates.iter().peekable();
        let (mut is_picture, mut is_label, mut caption) = (false, false, None);
        for (index, block) in self.blocks[..end].iter().enumerate() {
            let own = candidates.next_if(|candidate| candidate.index == index);
            let (was_picture, was_label) =
                (std::mem::take(&mut is_picture), std::mem::take(&mut is_label));
            match &block.kind {
                BlockKind::Paragraph(paragraph) if own.is_some() || paragraph.is_image() => {
                    habits.pictures += usize::from(!was_picture);
                    habits.labelled += usize::from(was_label);
                    is_picture = own.is_none_or(|own| !own.is_inside);
                    caption = own.filter(|own| !own.is_inside).map(|_| index + 1);
                }
                BlockKind::Paragraph(_) if caption == Some(index) || self.taken[index] => {}
                BlockKind::Paragraph(paragraph)
                    if paragraph.is_heading() || paragraph.is_number() => {}
                BlockKind::Paragraph(paragraph) => {
                    let is_line = paragraph.is_line()
                        && !boilerplate::names_makers(&paragraph.text)
                        && !paragraph.is_call();
                    habits.lines += usize::from(is_line);
                    habits.sentences += usize::from(!paragraph.is_line());
                    let is_step = paragraph.is_numbered()
                        || (paragraph.is_brief()
                            && !ends_story(&paragraph.text)
                            && orders(&paragraph.text));
                    habits.steps += usize::from(was_picture && is_step);
                    let begin = self.beginning(paragraph);
                    habits.instructions +=
                        usize::from(is_step || instructs(begin) || names_steps(begin));
                    habits.stories += usize::from(!paragraph.is_line() && narrates(begin));
                    is_label = is_line || paragraph.announces();
                }
                BlockKind::Code => habits.has_code = true,
                _ => {}
            }
        }
        habits
    }

    /// The first characters of a paragraph, long ones too.
    fn beginning(&self, paragraph: &Paragraph) -> &str {
        const CHARS: usize = 40;
        let text =
            self.events[paragraph.inline.clone()].iter().find_map(|(event, _)| match event {
                Event::Text(text) if !text.trim().is_empty() => Some(&**text),
                _ => None,
            });
        text.map_or("", |text| text.char_indices().nth(CHARS).map_or(text, |(end, _)| &text[..end]))
    }
}

impl Habits {
    /// Whether lines below pictures are captions here.
    fn allow(&self, candidates: &[Candidate]) -> bool {
        let found = candidates.len();
        let marked = candidates.iter().filter(|candidate| candidate.is_marked).count();
        let named = candidates
            .iter()
            .filter(|candidate| candidate.is_named && !candidate.is_marked)
            .count();
        let paragraphs = self.sentences + self.lines;
        // An author who ends paragraphs without a full stop says nothing by leaving it out.
        let leaves_out_stops = self.lines * 3 > self.sentences;
        // Where pictures have their line above, the line below belongs to the next one.
        let labels_above = self.labelled * 2 > self.pictures;
        let instructs = self.instructions * 3 > paragraphs || self.steps * 2 > found - marked;
        if leaves_out_stops || labels_above || instructs {
            return false;
        }
        // In `tests/captions` stories have people and times in a third of their sentences or more.
        // So have tutorials that are told as one; their steps seldom name a thing.
        let narrates = self.stories * 3 >= self.sentences
            && (named * 2 > found - marked || found == 1 && self.stories * 4 >= self.sentences * 3);
        // Lines are more frequent below pictures than elsewhere by far.
        let stands_out =
            found > 1 && found * (paragraphs + 1) >= 4 * (self.lines + 1) * self.pictures;
        marked > 0 || ((found * 2 > self.pictures || stands_out) && narrates && !self.has_code)
    }
}

impl Paragraph {
    /// Could be the caption of the image above it.
    fn is_caption(&self) -> bool {
        self.stands_alone()
            && !states(&self.text)
            && !tells(&self.text)
            && !orders(&self.text)
            && !breaks_off(&self.text)
    }

    /// Is set in italics below a picture, as translators of tutorials set captions, and orders
    /// nothing.
    fn is_slanted_caption(&self) -> bool {
        self.is_slanted
            && self.stands_alone()
            && !tells(&self.text)
            && !begins_as_order(&self.text)
            && !breaks_off(&self.text)
    }

    /// A line that is nothing else by its form.
    fn stands_alone(&self) -> bool {
        self.is_line()
            && !self.is_link
            && !self.has_code
            && self.text.chars().any(char::is_alphanumeric)
            && !self.is_number()
            && !self.is_numbered()
            && !self.is_framing()
            && !self.is_heading()
            && !self.is_call()
            && !is_opening(&self.text, false)
            && !self.is_end_mark()
            && !is_markup(&self.text)
    }

    /// Says itself that it is a caption: `▲ 图1`, `图源：…`, `某某 摄`, or by its italics.
    fn is_marked_caption(&self) -> bool {
        let is_caption = is_signed(&self.text) || (says_caption(&self.text) && !orders(&self.text));
        (self.is_marked_width() && is_caption && !self.is_call()) || self.is_slanted_caption()
    }

    /// Images and, after a line break, a caption in the same paragraph.
    fn caption_inside(&self, events: &[Spanned<'_>]) -> Option<(Range<usize>, Range<usize>)> {
        let (images, rest) = self.image_and_rest(events)?;
        let caption = Paragraph::of(events, rest.clone());
        let is_caption = Paragraph::of(events, images.clone()).is_image()
            && (caption.is_marked_caption() || caption.is_caption());
        is_caption.then_some((images, rest))
    }
}
