//! The sentence in which something was found.

use std::ops::Range;

/// Characters before the place, and in all.
const BEFORE: usize = 40;
const MOST: usize = 140;

/// A piece of a text, and what is marked in it, in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snippet {
    pub text: String,
    pub marks: Vec<Range<usize>>,
}

/// Returns the sentence around the first of some places, which are in order; none where there is
/// none.
pub(super) fn snippet(text: &str, places: &[Range<usize>]) -> Option<Snippet> {
    let first = places.first()?;
    let line = text[..first.start].rfind('\n').map_or(0, |at| at + 1);
    let before = &text[line..first.start];
    let sentence = before.char_indices().rev().find(|(_, c)| ends_sentence(*c));
    let sentence = line + sentence.map_or(0, |(at, c)| at + c.len_utf8());
    let start = text[sentence..first.start].char_indices().rev().nth(BEFORE);
    let start = start.map_or(sentence, |(at, _)| sentence + at);
    let rest = &text[start..];
    let longest = rest.char_indices().nth(MOST).map_or(rest.len(), |(at, _)| at);
    let line_end =
        rest[first.end - start..].find('\n').map_or(rest.len(), |at| first.end - start + at);
    let sentence_end = rest[first.end - start..]
        .char_indices()
        .find(|(_, c)| ends_sentence(*c))
        .map_or(rest.len(), |(at, c)| first.end - start + at + c.len_utf8());
    let end = line_end.min(longest.max(first.end - start)).min(sentence_end.max(first.end - start));
    let is_cut = end < line_end && end < sentence_end;
    let lead = if start > sentence { "…" } else { "" };
    let (skipped, text) = {
        let piece = &rest[..end];
        let trimmed = piece.trim_start();
        (
            piece.len() - trimmed.len(),
            format!("{lead}{}{}", trimmed.trim_end(), if is_cut { "…" } else { "" }),
        )
    };
    let shift = start + skipped;
    let mut marks: Vec<Range<usize>> = Vec::new();
    for place in places.iter().filter(|place| place.start >= shift && place.end <= start + end) {
        let mark = place.start - shift + lead.len()..place.end - shift + lead.len();
        match marks.last_mut() {
            Some(last) if mark.start < last.end => last.end = last.end.max(mark.end),
            _ => marks.push(mark),
        }
    }
    Some(Snippet { text, marks })
}

fn ends_sentence(c: char) -> bool {
    matches!(c, '。' | '！' | '？' | '!' | '?')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, phrase: &str) -> String {
        let places: Vec<Range<usize>> =
            text.match_indices(phrase).map(|(at, found)| at..at + found.len()).collect();
        let Snippet { mut text, marks } = snippet(text, &places).unwrap();
        for mark in marks.into_iter().rev() {
            text.insert(mark.end, ']');
            text.insert(mark.start, '[');
        }
        text
    }

    #[test]
    fn the_sentence_is_shown() {
        assert_eq!(
            shown("甲。加拿大教授辛顿夺冠，辛顿！乙。", "辛顿"),
            "加拿大教授[辛顿]夺冠，[辛顿]！"
        );
        assert_eq!(shown("题\n辛顿\n后", "辛顿"), "[辛顿]");
        let long = format!("{}辛顿{}", "前".repeat(60), "后".repeat(300));
        let shown = shown(&long, "辛顿");
        assert!(shown.starts_with("…前") && shown.ends_with("后…") && shown.contains("[辛顿]"));
        assert!(shown.chars().count() < 150);
        assert_eq!(snippet("甲", &[]), None);
    }

    #[test]
    fn a_phrase_longer_than_a_snippet_is_whole() {
        let long = "长".repeat(500);
        assert_eq!(shown(&format!("{long}。"), &long), format!("[{long}]。").replace('。', "…"));
    }
}
