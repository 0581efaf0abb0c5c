//! How much room a text takes.

use crate::class::{is_cjk, is_shared_mark};

/// Longest excerpt in halves of a Han character: 120 Han, or 240 Latin letters.
pub(super) const LONGEST: usize = 240;

/// How much room a character takes, in halves of a Han character.
pub(super) fn width(c: char) -> usize {
    if is_cjk(c) || is_shared_mark(c) || c >= '\u{1F000}' { 2 } else { 1 }
}

/// Where the room for an excerpt ends; `None` if the text is no longer than that.
pub(super) fn end_of_room(text: &str) -> Option<usize> {
    let mut used = 0;
    text.char_indices().find_map(|(at, c)| {
        used += width(c);
        (used > LONGEST).then_some(at)
    })
}
