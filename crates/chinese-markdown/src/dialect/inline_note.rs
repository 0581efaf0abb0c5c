//! Pandoc's notes within a line, `^[注]`: they become footnotes, whose texts are put at the end.

use std::fmt::Write as _;

use crate::source::edits::Change;
use chinese_text::is_cjk;

/// Bytes of the longest note, and brackets within brackets in it.
const LONGEST: usize = 4_000;
const DEEPEST: usize = 8;

/// Reads the notes of one text from left to right.
pub(crate) struct NoteReader<'s> {
    text: &'s str,
    /// What the labels begin with: no label of the author's does.
    label: String,
    count: usize,
    notes: String,
}

impl<'s> NoteReader<'s> {
    pub(crate) fn new(text: &'s str) -> NoteReader<'s> {
        NoteReader { text, label: String::new(), count: 0, notes: String::new() }
    }

    /// The note whose `^` stands at a place.
    pub(crate) fn read(&mut self, at: usize) -> Option<Change> {
        let note = note(self.text, at)?;
        if self.count == 0 {
            let longest = |label: &str| self.text.contains(&format!("[^{label}"));
            self.label = ["inline-", "inline-note-", "chinese-markdown-inline-note-"]
                .into_iter()
                .find(|label| !longest(label))?
                .to_owned();
        }
        self.count += 1;
        let shown: Vec<&str> = note
            .split('\n')
            .map(|line| line.trim_start_matches(['>', ' ', '\t']).trim_end())
            .collect();
        let _ = write!(self.notes, "\n\n[^{}{}]: {}", self.label, self.count, shown.join("\n    "));
        Some((at..at + note.len() + 3, format!("[^{}{}]", self.label, self.count)))
    }

    /// Puts the notes at the end.
    pub(crate) fn finish(self, changes: &mut Vec<Change>) {
        if self.count > 0 {
            let end = self.text.len();
            changes.push((end..end, self.notes + "\n"));
        }
    }
}

/// What stands in the brackets behind the `^` at a place, if it can be a note: Chinese, or several
/// words. `^[0-9]` begins an expression.
pub(crate) fn note(text: &str, at: usize) -> Option<&str> {
    let window = text[at..text.floor_char_boundary(at + LONGEST)].strip_prefix("^[")?;
    memchr::memchr(b']', window.as_bytes())?;
    let mut depth = 1_usize;
    let end = window.bytes().enumerate().find_map(|(at, byte)| {
        match byte {
            b'[' => depth += 1,
            b']' => depth -= 1,
            _ if depth > DEEPEST => return Some(window.len()),
            b'\n' if window[at + 1..].trim_start_matches([' ', '\t', '>']).starts_with('\n') => {
                return Some(window.len());
            }
            _ => {}
        }
        (depth == 0).then_some(at)
    })?;
    let note = window.get(..end).filter(|_| end < window.len())?;
    let is_text = note.contains(is_cjk)
        || note.trim().contains(' ') && note.starts_with(|c: char| c.is_alphabetic());
    let is_expression = note.chars().nth(1) == Some('-')
        || window[end + 1..].starts_with(['+', '*', '?', '{', '$']);
    (is_text && !is_expression && !text[..at].ends_with(['\\', '[', '/'])).then_some(note)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_are_words() {
        for (text, wanted) in [
            ("甲^[注[见](/a)。]乙", Some("注[见](/a)。")),
            ("^[a note]", Some("a note")),
            ("^[注\n两行]", Some("注\n两行")),
            ("^[0-9a-z]+", None),
            ("^[一-龥]", None),
            ("2^[n]", None),
            ("^[注\n\n另一段]", None),
            ("^[没有结尾", None),
        ] {
            assert_eq!(note(text, text.find('^').expect("a mark")), wanted, "{text}");
        }
    }
}
