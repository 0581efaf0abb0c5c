//! `[TOC]`, `[[toc]]`, `@[TOC](目录)`: where other programs put the contents. Here the page shows
//! them beside the text, so the mark goes.

use crate::source::edits::Change;

/// The marks, the longest first of those that begin alike.
const MARKS: [&str; 4] = ["[[_toc_]]", "[[toc]]", "[_toc_]", "[toc]"];

/// Whether the bracket at a place may begin such a mark: all that is looked at is the word in it.
pub(crate) fn may_begin(text: &str, at: usize) -> bool {
    mark(text, at).is_some()
}

fn mark(text: &str, at: usize) -> Option<usize> {
    let rest = &text.as_bytes()[at..];
    MARKS.iter().map(|mark| mark.len()).zip(MARKS).find_map(|(length, mark)| {
        rest.get(..length)
            .filter(|begin| begin.eq_ignore_ascii_case(mark.as_bytes()))
            .map(|_| at + length)
    })
}

/// The line that is such a mark and nothing else.
pub(crate) fn read(text: &str, at: usize) -> Option<Change> {
    /// More than that is no title.
    const TITLE: usize = 200;
    let start = text[..at].strip_suffix('@').map_or(at, str::len);
    let end = mark(text, at)?;
    let window = &text[end..text.floor_char_boundary(end + TITLE)];
    let rest = window.split('\n').next().unwrap_or(window);
    let is_whole = rest.len() < window.len() || end + window.len() == text.len();
    let is_title = start < at && rest.trim().starts_with('(') && rest.trim().ends_with(')');
    let before = text[..start].trim_end_matches(' ');
    let begins_line = start - before.len() <= 3 && (before.is_empty() || before.ends_with('\n'));
    (begins_line && is_whole && (rest.trim().is_empty() || is_title))
        .then(|| (start..end + rest.len(), String::new()))
}
