//! `##标题`: a heading whose marks stand close to its text, as Markdown was read before CommonMark.
//! One mark alone is none: `#标签` is a tag.

use crate::source::edits::Change;
use chinese_text::{is_cjk, is_punctuation};

/// The blank that the heading at a place lacks, if it is one and lacks it.
pub(crate) fn read(text: &str, at: usize) -> Option<Change> {
    let bytes = text.as_bytes();
    let line_start = bytes[..at].iter().rev().take(4).take_while(|byte| **byte == b' ').count();
    let begins_line = line_start <= 3
        && at.checked_sub(line_start + 1).is_none_or(|before| bytes[before] == b'\n');
    let marks = bytes[at..].iter().take(7).take_while(|byte| **byte == b'#').count();
    let first = text[at + marks..].chars().next()?;
    if !begins_line || !(2..=6).contains(&marks) || first.is_whitespace() {
        return None;
    }
    // Chinese alone tells it from a log or a comment of code.
    let end = memchr::memchr(b'\n', &bytes[at..]).map_or(text.len(), |newline| at + newline);
    let title = text[at + marks..end].trim_end();
    let is_title =
        (is_cjk(first) || !is_punctuation(first) || matches!(first, '*' | '`' | '[' | '"' | '('))
            && title.contains(is_cjk);
    let closing = title.len() - title.trim_end_matches('#').len();
    let shown = &title[..title.len() - if closing == marks { closing } else { 0 }];
    is_title.then(|| (at + marks..at + marks + title.len(), format!(" {}", shown.trim_end())))
}
