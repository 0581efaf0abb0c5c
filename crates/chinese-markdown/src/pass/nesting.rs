//! How deep Markdown nests: no reader sees the hundredth quote in a quote, and parsers, sanitisers
//! and browsers all pay for it.

use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

use crate::Spanned;
use crate::source::edits::Edits;
use crate::source::marks::DEEPEST;

/// As events count: a list and its item are two.
const DEEPEST_EVENT: usize = 2 * DEEPEST;

/// Edits that make text of the marks of quotes and lists which one line nests deeper than that: 1
/// MB of `>` took the parser 556 MB.
pub(crate) fn bound(source: &str) -> (Edits, Option<Range<usize>>) {
    let mut edits = Edits::default();
    let mut first = None;
    let mut at = 0;
    while at < source.len() {
        let end = memchr::memchr(b'\n', &source.as_bytes()[at..])
            .map_or(source.len(), |newline| at + newline + 1);
        if let Some(mark) = mark_too_deep(&source[at..end]) {
            let place = at + mark;
            edits.replace(place..place, "\\");
            first = first.or(Some(place..place + 1));
        }
        at = end;
    }
    (edits, first)
}

/// Where the mark stands that is one too many: its last byte, which a backslash makes text.
fn mark_too_deep(line: &str) -> Option<usize> {
    let bytes = line.as_bytes();
    // A mark takes a byte and nearly all lines are no marks at all.
    if bytes.len() <= DEEPEST
        || !matches!(bytes[0], b'>' | b'-' | b'+' | b'*' | b' ' | b'\t' | b'0'..=b'9')
    {
        return None;
    }
    let (mut count, mut at) = (0, 0);
    loop {
        at += bytes[at..].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let is_blank = |at: usize| bytes.get(at).is_none_or(u8::is_ascii_whitespace);
        let mark = match bytes.get(at)? {
            b'>' => at,
            b'-' | b'+' | b'*' if is_blank(at + 1) => at,
            b'0'..=b'9' => {
                let mark = at + bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
                if !matches!(bytes.get(mark), Some(b'.' | b')')) || !is_blank(mark + 1) {
                    return None;
                }
                mark
            }
            _ => return None,
        };
        count += 1;
        if count > DEEPEST {
            return Some(mark);
        }
        at = mark + 1;
    }
}

/// Takes out the containers and inline marks that nest deeper; what they hold stays, items apart
/// from one another. The place of the first.
pub(crate) fn flatten(events: &mut Vec<Spanned<'_>>) -> Option<Range<usize>> {
    let mut depth = 0_usize;
    let deepest = events.iter().fold(0, |deepest, (event, _)| {
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest.max(depth)
    });
    if deepest <= DEEPEST_EVENT {
        return None;
    }
    let mut first = None;
    let mut kept: Vec<bool> = Vec::new();
    events.retain_mut(|(event, range)| match event {
        Event::Start(tag) => {
            let keeps = kept.len() < DEEPEST_EVENT || !is_container(tag);
            if !keeps && first.is_none() {
                first = Some(range.clone());
            }
            kept.push(keeps);
            // Its text stands in no paragraph of its own.
            let is_apart =
                matches!(tag, Tag::Item | Tag::DefinitionListTitle | Tag::DefinitionListDefinition);
            if !keeps && is_apart {
                *event = Event::HardBreak;
            }
            keeps || is_apart
        }
        Event::End(_) => kept.pop() != Some(false),
        _ => true,
    });
    first
}

/// What can lie in its like without end.
fn is_container(tag: &Tag<'_>) -> bool {
    matches!(
        tag.to_end(),
        TagEnd::BlockQuote(_)
            | TagEnd::List(_)
            | TagEnd::Item
            | TagEnd::DefinitionList
            | TagEnd::DefinitionListTitle
            | TagEnd::DefinitionListDefinition
            | TagEnd::Emphasis
            | TagEnd::Strong
            | TagEnd::Strikethrough
            | TagEnd::Link
            | TagEnd::Image
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bounded(source: &str) -> String {
        bound(source).0.apply(source).0
    }

    #[test]
    fn what_nests_too_deep_is_text() {
        let quotes = ">".repeat(DEEPEST);
        assert_eq!(
            bounded(&format!("{quotes}甲\n{quotes}>乙\n")),
            format!("{quotes}甲\n{quotes}\\>乙\n")
        );
        let lists = "- ".repeat(DEEPEST);
        assert_eq!(bounded(&format!("{lists}- 甲")), format!("{lists}\\- 甲"));
        let numbers = "12. ".repeat(DEEPEST);
        assert_eq!(bounded(&format!(" {numbers}12) 甲")), format!(" {numbers}12\\) 甲"));
        for plain in [
            "-".repeat(300),
            format!("{}x", " ".repeat(300)),
            "1234567".repeat(40),
            "* *".repeat(90),
        ] {
            assert_eq!(bounded(&plain), plain);
        }
    }
}
