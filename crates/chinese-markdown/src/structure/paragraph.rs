//! A paragraph of an article's top level, as far as its role can be read off it.

use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

use super::section_number::{is_chinese_numeral, is_numbered, is_section_number};
use super::target::Target;
use super::{boilerplate, is_line_break, is_silent};
use crate::Spanned;
use chinese_text::{is_cjk, is_shared_mark, one_line};

/// Text in bytes beyond which a paragraph is prose, whatever else it is.
const LONG: usize = 300;
/// Widest heading and caption, in halves of a Han character.
const WIDEST: usize = 60;
/// Widest heading with a comma in it: more is a sentence that is stressed.
const WIDEST_WITH_COMMA: usize = 40;
/// Widest title below a number, which may be a sentence.
const WIDEST_NUMBERED: usize = 80;
/// Widest caption that says it is one.
const WIDEST_MARKED: usize = 160;

/// What a paragraph looks like. Of long ones little more than that is known.
#[derive(Debug)]
pub(super) struct Paragraph {
    /// The events between its start and its end.
    pub(super) inline: Range<usize>,
    /// Its text on one line; of a long paragraph only the beginning.
    pub(super) text: String,
    /// Its width in halves of a Han character.
    width: usize,
    pub(super) images: usize,
    /// All of its text is bold.
    pub(super) is_strong: bool,
    /// All of it is emphasised.
    pub(super) is_slanted: bool,
    /// All of its text is links.
    pub(super) is_link: bool,
    /// Where its links lead, the farthest.
    pub(super) target: Target,
    is_long: bool,
    /// Some of its text is code.
    pub(super) has_code: bool,
    /// It shows something that is neither text nor image.
    has_other: bool,
    breaks: usize,
}

impl Paragraph {
    pub(super) fn of(events: &[Spanned<'_>], inline: Range<usize>) -> Paragraph {
        let mut paragraph = Paragraph {
            inline: inline.clone(),
            text: String::new(),
            width: 0,
            images: 0,
            is_strong: true,
            is_slanted: true,
            is_link: true,
            target: Target::default(),
            is_long: false,
            has_code: false,
            has_other: false,
            breaks: 0,
        };
        // Nearly every paragraph of prose is settled by its first text.
        if matches!(events.get(inline.start), Some((Event::Text(text), _)) if text.len() > LONG) {
            return Paragraph {
                is_long: true,
                is_strong: false,
                is_slanted: false,
                is_link: false,
                ..paragraph
            };
        }
        let (mut strong, mut slanted, mut links, mut in_image) =
            (0_usize, 0_usize, 0_usize, 0_usize);
        for (event, _) in &events[inline] {
            match event {
                Event::Start(Tag::Strong) => strong += 1,
                Event::End(TagEnd::Strong) => strong = strong.saturating_sub(1),
                Event::Start(Tag::Emphasis) => slanted += 1,
                Event::End(TagEnd::Emphasis) => slanted = slanted.saturating_sub(1),
                Event::Start(Tag::Link { dest_url, .. }) => {
                    links += 1;
                    paragraph.target = paragraph.target.max(Target::of_address(dest_url));
                }
                Event::End(TagEnd::Link) => links = links.saturating_sub(1),
                Event::Start(Tag::Image { .. }) => {
                    in_image += 1;
                    paragraph.images += 1;
                }
                Event::End(TagEnd::Image) => in_image -= 1,
                _ if in_image > 0 => {}
                event if is_line_break(event) => {
                    paragraph.breaks += 1;
                    paragraph.text.push('\n');
                }
                // The mark of a note is no part of a title.
                Event::FootnoteReference(_) => {}
                Event::Text(text) | Event::Code(text) => {
                    if !is_silent(event) {
                        paragraph.is_strong &= strong > 0;
                        paragraph.is_slanted &= slanted > 0;
                        paragraph.is_link &= links > 0;
                    }
                    paragraph.has_code |= matches!(event, Event::Code(_));
                    paragraph.text.push_str(text);
                    if paragraph.text.len() > LONG {
                        return Paragraph { is_long: true, ..paragraph };
                    }
                }
                event => paragraph.has_other |= !is_silent(event),
            }
        }
        paragraph.text = one_line(&paragraph.text);
        paragraph.width = width(&paragraph.text);
        paragraph
    }

    fn has_text(&self) -> bool {
        self.is_long || !self.text.is_empty()
    }

    pub(super) fn shows_nothing(&self) -> bool {
        !self.has_text() && self.images == 0 && !self.has_other
    }

    /// Nothing but images.
    pub(super) fn is_image(&self) -> bool {
        self.images > 0 && !self.has_text() && !self.has_other
    }

    /// Text alone, and little of it.
    fn is_short(&self, widest: usize) -> bool {
        self.has_text()
            && self.images == 0
            && !self.has_other
            && !self.is_long
            && self.width <= widest
    }

    /// A short line without a full stop, in prose a title, a caption or a tagline.
    pub(super) fn is_line(&self) -> bool {
        self.is_short(WIDEST) && self.breaks == 0 && !ends_sentence(&self.text)
    }

    /// An address alone.
    pub(super) fn is_address(&self) -> bool {
        self.images == 0
            && !self.is_long
            && self.has_text()
            && (self.is_link || self.text.starts_with("http"))
    }

    /// Whether it calls on the reader to follow, share, like or read something else.
    pub(super) fn is_call(&self) -> bool {
        boilerplate::is_call(&self.text)
            || (self.is_line() && boilerplate::keeps_readers(&self.text))
    }

    /// An image, a link or the word that ends an article.
    pub(super) fn is_aside(&self) -> bool {
        self.is_image()
            || (self.is_link && self.has_text() && !self.is_long)
            || is_end_mark(&self.text)
    }

    /// What may be folded with the calls around it: a name, a motto, a link. Not a number, a
    /// question or a fact.
    pub(super) fn is_tagline(&self) -> bool {
        self.is_filler()
            && !self.has_number()
            && !self.text.ends_with(['？', '?'])
            && !boilerplate::is_fact(&self.text)
    }

    /// A line below the last call that points at what stood there (`一周一篇▼`), or takes leave.
    pub(super) fn is_farewell(&self) -> bool {
        self.is_short(WIDEST_WITH_COMMA)
            && self.breaks == 0
            && !self.is_number()
            && !self.is_numbered()
            && !boilerplate::is_fact(&self.text)
            && boilerplate::takes_leave(&self.text)
    }

    /// What can stand among the calls at the end of an article and is none: images, short lines,
    /// links.
    pub(super) fn is_filler(&self) -> bool {
        self.is_image()
            || self.is_line()
            || (self.is_link && self.has_text() && !self.is_long)
            || is_end_mark(&self.text)
    }

    /// A number that stands above a title: `01`, `PART 2`, `第三章`, `四`.
    pub(super) fn is_number(&self) -> bool {
        !self.is_link && self.is_short(16) && is_section_number(&self.text)
    }

    /// A title with its number: `一、概述`, `1. 背景`, `第一章 起源`.
    pub(super) fn is_numbered(&self) -> bool {
        is_numbered(&self.text)
    }

    /// Its number: all of its text where that is nothing else, or the digits and numerals it begins
    /// with.
    pub(super) fn number(&self) -> String {
        if self.is_number() {
            return self.text.clone();
        }
        let is_part =
            |c: &char| is_chinese_numeral(*c) || c.is_ascii_digit() || matches!(c, '①'..='⑳');
        self.text.chars().skip_while(|c| !is_part(c)).take_while(is_part).collect()
    }

    /// Is a number, or carries one.
    pub(super) fn has_number(&self) -> bool {
        self.is_number() || self.is_numbered()
    }

    /// A title that stands before or after numbered sections: 写在前面, 尾声.
    pub(super) fn is_framing(&self) -> bool {
        const TITLES: [&str; 25] = [
            "写在前面",
            "写在前头",
            "写在开头",
            "写在最后",
            "写在后面",
            "写在结尾",
            "引言",
            "引子",
            "导言",
            "导语",
            "导读",
            "前言",
            "序言",
            "序",
            "楔子",
            "结语",
            "结论",
            "结尾",
            "结束语",
            "总结",
            "小结",
            "尾声",
            "后记",
            "附录",
            "致谢",
        ];
        let bare = self.text.trim_matches(|c: char| !c.is_alphanumeric());
        TITLES.contains(&bare)
    }

    /// Could be a section heading by itself.
    pub(super) fn is_heading(&self) -> bool {
        self.is_strong
            && !self.is_link
            && self.is_short(WIDEST)
            && self.text.chars().any(char::is_alphanumeric)
            && (!ends_sentence(&self.text) || self.text.ends_with(['？', '?']))
            && (!self.text.contains(['，', ',', '；', '。']) || self.width <= WIDEST_WITH_COMMA)
            && !self.text.contains('。')
            && !self.text.starts_with([
                '“', '”', '「', '『', '—', '–', '-', '*', '※', '▲', '△', '▼', '↑', '↓', '（', '(',
                '@', '#',
            ])
            && !self.is_call()
            && (self.text.ends_with(['？', '?']) || !boilerplate::names_makers(&self.text))
            && !is_end_mark(&self.text)
    }

    /// A title if a number stands above it, be it a sentence or a sign.
    pub(super) fn is_title(&self) -> bool {
        self.is_strong && !self.is_link && self.is_short(WIDEST_NUMBERED) && !self.is_number()
    }

    /// No longer than a line, however it ends.
    pub(super) fn is_brief(&self) -> bool {
        self.is_short(WIDEST)
    }

    /// Short enough for a caption that says it is one.
    pub(super) fn is_marked_width(&self) -> bool {
        self.is_short(WIDEST_MARKED)
    }

    /// Announces what stands below it: `效果如下：`.
    pub(super) fn announces(&self) -> bool {
        self.is_short(WIDEST) && self.text.ends_with(['：', ':'])
    }

    pub(super) fn is_end_mark(&self) -> bool {
        is_end_mark(&self.text)
    }

    /// The first line: its events and its text.
    pub(super) fn first_line(&self, events: &[Spanned<'_>]) -> (Range<usize>, String) {
        let is_break = |(event, _): &Spanned<'_>| is_line_break(event);
        let length =
            events[self.inline.clone()].iter().position(is_break).unwrap_or(self.inline.len());
        let line = self.inline.start..self.inline.start + length;
        let text = if length == self.inline.len() {
            self.text.clone()
        } else {
            Paragraph::of(events, line.clone()).text
        };
        (line, text)
    }

    /// Images and what stands after a line break in the same paragraph, if the two can be taken
    /// apart.
    pub(super) fn image_and_rest(
        &self,
        events: &[Spanned<'_>],
    ) -> Option<(Range<usize>, Range<usize>)> {
        if self.breaks == 0 || !self.has_text() || self.is_long || self.has_other {
            return None;
        }
        let inside = &events[self.inline.clone()];
        // Raw tags would be torn apart, and so would elements that go on over the break.
        if inside.iter().any(|(event, _)| matches!(event, Event::InlineHtml(_))) {
            return None;
        }
        let last_image =
            inside.iter().rposition(|(event, _)| matches!(event, Event::End(TagEnd::Image)))?;
        let gap = self.inline.start
            + last_image
            + inside[last_image..].iter().position(|(event, _)| is_line_break(event))?;
        let (images, rest) = (self.inline.start..gap, gap + 1..self.inline.end);
        (is_balanced(&events[images.clone()]) && is_balanced(&events[rest.clone()]))
            .then_some((images, rest))
    }

    /// A number on the first line and a title on the second, all bold.
    pub(super) fn numbered_lines(
        &self,
        events: &[Spanned<'_>],
    ) -> Option<(Range<usize>, Range<usize>)> {
        if self.breaks != 1 || !self.is_strong || self.images > 0 || self.is_long || self.has_other
        {
            return None;
        }
        let inside = &events[self.inline.clone()];
        let gap = self.inline.start + inside.iter().position(|(event, _)| is_line_break(event))?;
        let (number, title) = (self.inline.start..gap, gap + 1..self.inline.end);
        let whole = is_balanced(&events[number.clone()]) && is_balanced(&events[title.clone()]);
        let (first, second) =
            (Paragraph::of(events, number.clone()), Paragraph::of(events, title.clone()));
        (whole && first.is_number() && second.is_title()).then_some((number, title))
    }
}

/// Whether every element that starts among the events ends among them.
pub(super) fn is_balanced(events: &[Spanned<'_>]) -> bool {
    let mut depth = 0_usize;
    for (event, _) in events {
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) if depth == 0 => return false,
            Event::End(_) => depth -= 1,
            _ => {}
        }
    }
    depth == 0
}

/// Whether all text of a list is links.
pub(super) fn is_all_links(events: &[Spanned<'_>]) -> bool {
    let mut links = 0_usize;
    let mut seen = false;
    for (event, _) in events {
        match event {
            Event::Start(Tag::Link { .. }) => {
                links += 1;
                seen = true;
            }
            Event::End(TagEnd::Link) => links = links.saturating_sub(1),
            Event::Text(_) | Event::Code(_) if links == 0 && !is_silent(event) => return false,
            _ => {}
        }
    }
    seen
}

/// Width in halves of a Han character.
fn width(text: &str) -> usize {
    text.chars().map(|c| if is_cjk(c) || is_shared_mark(c) { 2 } else { 1 }).sum()
}

/// Whether a line ends as sentences do, or goes on.
fn ends_sentence(text: &str) -> bool {
    text.ends_with([
        '。', '．', '｡', '！', '？', '…', '；', '，', '、', '：', '”', '’', '」', '』', '.', '!',
        '?', ';', ',', ':', '"', '~', '～',
    ])
}

/// `END`, `- 完 -`, `（全文完）`.
fn is_end_mark(text: &str) -> bool {
    let bare: String = text.chars().filter(|c| c.is_alphanumeric()).collect();
    matches!(
        bare.to_ascii_uppercase().as_str(),
        "END" | "THEEND" | "FIN" | "完" | "全文完" | "正文完" | "本文完" | "未完待续"
    )
}

/// Whether a line begins with a mark that could not be read.
pub(super) fn is_markup(text: &str) -> bool {
    ["![", "!【", "{%", "{{", "{:", "[["].iter().any(|mark| text.starts_with(mark))
}
