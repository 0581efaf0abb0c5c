//! The entries that front matter is cut into.

use std::borrow::Cow;
use std::ops::Range;

use jiff::tz::TimeZone;

use super::value::unlinked;
use crate::compat::Compat;
use crate::date;

/// A top-level key with everything that belongs to it.
pub(super) struct Entry<'a> {
    pub(super) name: String,
    pub(super) key: Range<usize>,
    /// The value as YAML: a piece of the file, or its translation where front matter is in another
    /// form.
    pub(super) value: Cow<'a, str>,
    /// Where `value` begins in the file.
    pub(super) start: usize,
}

impl<'a> Entry<'a> {
    /// Returns an entry that stands in no post.
    pub(super) fn of_default(key: &str, value: &'a str) -> Entry<'a> {
        Entry { name: key.to_owned(), key: 0..0, value: Cow::Borrowed(value), start: 0 }
    }
}

impl Entry<'_> {
    /// Returns the value without blanks around it, and where it begins.
    pub(super) fn trimmed(&self) -> (&str, usize) {
        let mut value = self.value.trim_start();
        // A comment behind the colon says nothing about the lines below.
        while value.starts_with('#') {
            value = value.find('\n').map_or("", |end| value[end..].trim_start());
        }
        (value.trim_end(), self.start + self.value.len() - value.len())
    }

    pub(super) fn is_one_line(&self) -> bool {
        !self.value.trim_end().contains('\n')
    }
}

/// Returns whether the value is a date, in whatever zone.
pub(super) fn is_date(entry: &Entry<'_>) -> bool {
    let value = entry.trimmed().0.trim_matches(['"', '\'']);
    // Obsidian links to the note of the day.
    date::parse(
        unlinked(value).unwrap_or(value),
        &TimeZone::UTC,
        date::Quoting::Quoted,
        Compat::None,
    )
    .is_some()
}
