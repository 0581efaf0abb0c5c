//! Lists of references, and the marks in the text that cite them.

use std::collections::BTreeSet;
use std::ops::Range;

use pulldown_cmark::Event;

use super::paragraph::{Paragraph, is_balanced};
use super::{is_line_break, is_silent};
use crate::Spanned;

/// What a list of references is called.
#[rustfmt::skip]
const TITLES: [&str; 20] = [
    "参考文献", "参考资料", "参考来源", "参考书目", "参考", "參考文獻", "參考資料", "參考書目", "资料来源", "資料來源", "引用文献", "引文",
    "注释", "註釋", "注", "尾注", "文献", "文献来源", "references", "reference",
];

/// Longest title in bytes, with the marks around it.
const LONGEST_TITLE: usize = 60;

/// A reference: its number, and the events of its lines, the number still at the front of the
/// first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ReferenceEntry {
    pub(crate) number: u32,
    pub(crate) lines: Vec<Range<usize>>,
}

/// The events of a paragraph's first line, if that is the title of a list of references; the line
/// is followed by the list, in this paragraph or the next.
pub(super) fn title_of(paragraph: &Paragraph, events: &[Spanned<'_>]) -> Option<Range<usize>> {
    let is_title_long = |(event, _): &Spanned<'_>| match event {
        Event::Text(text) => text.len() <= LONGEST_TITLE,
        _ => false,
    };
    if !events[paragraph.inline.clone()].iter().take(2).any(is_title_long) {
        return None;
    }
    let (line, text) = paragraph.first_line(events);
    if mark_at(&text).is_some() {
        return None;
    }
    // `七、参考文献（部分）`
    let text = text.rsplit_once('、').map_or(&text[..], |(_, text)| text);
    let text = text.split(['（', '(']).next().unwrap_or(text);
    let text = text.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    (TITLES.contains(&text.as_str()) && is_balanced(&events[line.clone()])).then_some(line)
}

/// The references among the events of a paragraph: each line that begins with `[1]`. `None` if the
/// first line does not, or if an element goes on from one reference to the next.
pub(super) fn entries(events: &[Spanned<'_>], inline: Range<usize>) -> Option<Vec<ReferenceEntry>> {
    let mut entries: Vec<(u32, Range<usize>)> = Vec::new();
    let mut start = inline.start;
    for index in inline.clone().chain(std::iter::once(inline.end)) {
        if index < inline.end && !is_line_break(&events[index].0) {
            continue;
        }
        let line = start..index;
        start = index + 1;
        match number_of(&events[line.clone()]) {
            Some(number) => entries.push((number, line)),
            // A reference may run over several lines.
            None => match entries.last_mut() {
                Some((_, last)) => last.end = index,
                None if events[line].iter().all(|(event, _)| is_silent(event)) => {}
                None => return None,
            },
        }
    }
    let is_whole = entries.iter().all(|(_, line)| is_balanced(&events[line.clone()]));
    is_whole.then(|| {
        entries
            .into_iter()
            .map(|(number, line)| ReferenceEntry { number, lines: vec![line] })
            .collect()
    })
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

/// The number in brackets that a text begins with, and its length in bytes: `[1]`, `［2］`,
/// `【3】`.
pub(crate) fn mark_at(text: &str) -> Option<(u32, usize)> {
    let open = text.chars().next().filter(|c| matches!(c, '[' | '［' | '【'))?;
    let inner = &text[open.len_utf8()..];
    let digits = inner.bytes().take_while(u8::is_ascii_digit).count();
    let close = inner[digits..].chars().next().filter(|c| matches!(c, ']' | '］' | '】'))?;
    let number = inner[..digits].parse().ok().filter(|number| (1..1000).contains(number))?;
    Some((number, open.len_utf8() + digits + close.len_utf8()))
}

/// The marks in a text that cite one of `numbers`: their byte ranges and numbers. `arr[1] = 2` and
/// `第[1]条` cite nothing.
pub(crate) fn citations(text: &str, numbers: &BTreeSet<u32>) -> Vec<(Range<usize>, u32)> {
    let mut found = Vec::new();
    for (at, _) in text.char_indices().filter(|(_, c)| matches!(c, '[' | '［' | '【')) {
        if let Some((number, length)) = mark_at(&text[at..])
            && numbers.contains(&number)
            && !text[at + length..].trim_start().starts_with('=')
            && !text[..at].ends_with('第')
        {
            found.push((at..at + length, number));
        }
    }
    found
}

/// Where the brackets of a reference's own number stand in its first text.
pub(crate) fn leading_mark(text: &str) -> Option<Range<usize>> {
    let blanks = text.len() - text.trim_start().len();
    mark_at(&text[blanks..]).map(|(_, length)| blanks..blanks + length)
}
