//! Where a tag stands: the margin of the item or quote around it, what else is on its line.

use std::ops::Range;

use super::{Place, ShortcodeReader};

/// What makes a block of HTML end with its line.
pub(super) const COMMENT: &str = "<!-- -->";

/// The line that was looked at last.
#[derive(Default)]
pub(super) struct TagLine {
    start: usize,
    /// Where it was looked at.
    seen: usize,
    /// What stands before the lines that go on in its item or quote, and where what is behind that
    /// begins; of which line and place.
    margin: Option<(usize, Place, String, usize)>,
}

impl ShortcodeReader<'_> {
    /// What stands before the lines that go on in the item or quote of this place, and whether
    /// nothing but that stands before it.
    pub(super) fn margin(&mut self, at: usize, place: Place) -> (String, bool) {
        let TagLine { start, seen, .. } = self.line;
        let start = self.text[seen..at].rfind('\n').map_or(start, |newline| seen + newline + 1);
        (self.line.start, self.line.seen) = (start, at);
        if let Some((of, of_place, margin, begin)) = &self.line.margin
            && (*of, *of_place) == (start, place)
        {
            return (margin.clone(), *begin >= at);
        }
        let (mut rest, mut margin) = (&self.text[start..], String::new());
        while let Some(first) = rest.chars().next() {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            let marker =
                digits + usize::from(rest[digits..].starts_with(['-', '*', '+', '.', ')']));
            let is_item = matches!(marker.wrapping_sub(digits), 1)
                && (digits > 0) == rest[digits..].starts_with(['.', ')']);
            match first {
                ' ' | '\t' => margin.push(first),
                _ if place != Place::Container => break,
                '>' => margin.push('>'),
                _ if is_item && rest[marker..].starts_with([' ', '\t']) => {
                    margin.extend(std::iter::repeat_n(' ', marker));
                    rest = &rest[marker..];
                    continue;
                }
                _ => break,
            }
            rest = &rest[1..];
        }
        let begin = self.text.len() - rest.len();
        self.line.margin = Some((start, place, margin.clone(), begin));
        (margin, begin >= at)
    }

    /// What stands before a line inside the blocks that are open.
    pub(super) fn prefix(&self) -> String {
        self.open.iter().map(|block| block.prefix).collect()
    }

    /// The margin of a place, and what begins another line there.
    pub(super) fn newline(&mut self, at: usize, place: Place) -> (String, String) {
        let (margin, _) = self.margin(at, place);
        let newline = format!("\n{}{margin}", self.prefix());
        (margin, newline)
    }

    /// A line that is a block of HTML. Such a block goes on to the next blank line, or, where it
    /// begins with a comment, to the end of the line.
    pub(super) fn html_line(&self, place: Place, html: &str) -> String {
        if place == Place::Container {
            format!("{COMMENT}{html}")
        } else {
            format!("{html}\n{}", self.prefix())
        }
    }

    /// Whether a tag is all of its line.
    pub(super) fn is_alone(&mut self, range: &Range<usize>, place: Place) -> bool {
        self.margin(range.start, place).1 && self.ends_line(range.end)
    }

    pub(super) fn begins_line(&self, at: usize) -> bool {
        let before = self.text[..at].trim_end_matches([' ', '\t']);
        before.is_empty() || before.ends_with('\n')
    }

    pub(super) fn ends_line(&self, at: usize) -> bool {
        let after = self.text[at..].trim_start_matches([' ', '\t', '\r']);
        after.is_empty() || after.starts_with('\n')
    }
}
