//! Lists of references, and the marks in the text that cite them.

use std::collections::BTreeSet;
use std::ops::Range;

use pulldown_cmark::Event;

use super::super::Spanned;
use super::paragraph::{Paragraph, is_balanced};

/// What a list of references is called.
const TITLES: [&str; 18] = [
    "参考文献",
    "参考资料",
    "参考来源",
    "参考书目",
    "参考",
    "參考文獻",
    "參考資料",
    "资料来源",
    "資料來源",
    "引用",
    "引文",
    "注释",
    "註釋",
    "注",
    "尾注",
    "文献",
    "references",
    "reference",
];

/// Longest title in bytes, with the marks around it.
const LONGEST_TITLE: usize = 40;

/// The events of a paragraph's first line, if that is the title of a list of references; the line is followed by the list, in
/// this paragraph or the next.
pub(super) fn title_of(paragraph: &Paragraph, events: &[Spanned<'_>]) -> Option<Range<usize>> {
    let is_title_long = |(event, _): &Spanned<'_>| matches!(event, Event::Text(text) if text.len() <= LONGEST_TITLE);
    if !events[paragraph.inline.clone()].iter().take(2).any(is_title_long) {
        return None;
    }
    let (line, text) = paragraph.first_line(events);
    let text = text.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    TITLES.contains(&text.as_str()).then_some(line)
}

/// The references among the events of a paragraph: each line that begins with `[1]`. Empty if the first line does not.
pub(super) fn entries(events: &[Spanned<'_>], inline: Range<usize>) -> Vec<(u32, Range<usize>)> {
    let mut entries: Vec<(u32, Range<usize>)> = Vec::new();
    let mut start = inline.start;
    for index in inline.clone().chain(std::iter::once(inline.end)) {
        let is_end = index == inline.end || matches!(events[index].0, Event::SoftBreak | Event::HardBreak);
        if !is_end {
            continue;
        }
        let line = start..index;
        start = index + 1;
        match number_of(&events[line.clone()]) {
            Some(number) => entries.push((number, line)),
            // A reference may run over several lines.
            None => match entries.last_mut() {
                Some((_, last)) => last.end = index,
                None if line.is_empty() => {}
                None => return Vec::new(),
            },
        }
    }
    let whole = entries.iter().all(|(_, line)| is_balanced(&events[line.clone()]));
    if whole { entries } else { Vec::new() }
}

/// The number at the front of a line.
fn number_of(line: &[Spanned<'_>]) -> Option<u32> {
    let text = line.iter().find_map(|(event, _)| match event {
        Event::Text(text) if !text.trim().is_empty() => Some(text),
        _ => None,
    })?;
    let (number, length) = mark_at(text.trim_start())?;
    (length > 0).then_some(number)
}

/// The number in brackets that a text begins with, and its length in bytes: `[1]`, `［2］`, `【3】`.
pub(in super::super) fn mark_at(text: &str) -> Option<(u32, usize)> {
    let open = text.chars().next().filter(|c| matches!(c, '[' | '［' | '【'))?;
    let inner = &text[open.len_utf8()..];
    let digits = inner.bytes().take_while(u8::is_ascii_digit).count();
    let close = inner[digits..].chars().next().filter(|c| matches!(c, ']' | '］' | '】'))?;
    let number = inner[..digits].parse().ok().filter(|number| (1..1000).contains(number))?;
    Some((number, open.len_utf8() + digits + close.len_utf8()))
}

/// The marks in a text that cite one of `numbers`: their byte ranges and numbers.
pub(in super::super) fn citations(text: &str, numbers: &BTreeSet<u32>) -> Vec<(Range<usize>, u32)> {
    let mut found = Vec::new();
    for (at, _) in text.char_indices().filter(|(_, c)| matches!(c, '[' | '［' | '【')) {
        if let Some((number, length)) = mark_at(&text[at..])
            && numbers.contains(&number)
        {
            found.push((at..at + length, number));
        }
    }
    found
}

/// Where the brackets of a reference's own number stand in its first text.
pub(in super::super) fn leading_mark(text: &str) -> Option<Range<usize>> {
    let blanks = text.len() - text.trim_start().len();
    mark_at(&text[blanks..]).map(|(_, length)| blanks..blanks + length)
}
