//! Passwords, which are not for the report: a workflow shows it to everybody.

use std::ops::Range;

use super::sign::{VisibilityKey, names, sign};
use crate::diagnostic::{Diagnostic, LineIndex, Place};
use crate::front_matter::entry::Entry;

/// Takes what may be a password out of the finding for a line that could not be cut into keys and
/// values.
pub(in crate::front_matter) fn without_password(mut found: Box<Diagnostic>) -> Box<Diagnostic> {
    if let Some(place) =
        found.place.as_mut().filter(|place| names(&place.excerpt).any(|word| is_secret(&word)))
    {
        conceal(place);
    }
    found
}

/// Returns whether a key, in lower case, may hold a password.
pub(in crate::front_matter) fn is_secret(name: &str) -> bool {
    matches!(sign(name), Some(VisibilityKey::Lock))
}

/// Takes out of an excerpt what follows its key.
pub(in crate::front_matter) fn conceal(place: &mut Place) {
    // A line that is no YAML may have another mark there, or a blank.
    let end = place.excerpt.find([':', '：', '=']).or_else(|| place.excerpt.trim_end().find(' '));
    if let Some(colon) = end {
        place.excerpt.truncate(colon);
        place.excerpt.push_str(": …");
        let length = place.excerpt.len();
        // What was marked beyond the key is all of what stands for it now.
        let end = if place.marked.end > colon { length } else { place.marked.end };
        place.marked = place.marked.start.min(colon)..end;
    }
}

/// Returns the lines of entries that hold a password.
pub(in crate::front_matter) fn secrets(text: &str, entries: &[Entry<'_>]) -> Vec<Range<usize>> {
    let secret: Vec<&Entry<'_>> =
        entries.iter().filter(|entry| is_secret(&entry.name.to_lowercase())).collect();
    let Some(last) = secret.last() else { return Vec::new() };
    // What a value comes to may be longer than what is written.
    let lines = LineIndex::new(&text[..text.floor_char_boundary(last.start + last.value.len())]);
    let line = |at: usize| lines.place(at..at).line;
    secret
        .iter()
        .map(|entry| line(entry.key.start)..line(entry.start + entry.value.len()) + 1)
        .collect()
}

/// Takes passwords out of a finding, since a workflow shows the report to everybody. Returns false
/// where nothing is left to be shown.
pub(in crate::front_matter) fn keep_secrets(
    found: &mut Diagnostic,
    secrets: &[Range<usize>],
) -> bool {
    let Some(place) = found.place.as_mut().filter(|place| {
        let first = secrets.partition_point(|lines| lines.end <= place.line);
        secrets.get(first).is_some_and(|lines| lines.contains(&place.line))
    }) else {
        return true;
    };
    conceal(place);
    !found.code.starts_with("value-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_marked_of_a_concealed_line_can_be_shown() {
        for line in
            ["password：\"\"", "password = @", "pwd = xy", "密码：甲乙", "password x", "密码"]
        {
            for start in (0..=line.len()).filter(|at| line.is_char_boundary(*at)) {
                for end in (start..=line.len()).filter(|at| line.is_char_boundary(*at)) {
                    let mut place = Place::of(line, start..end);
                    conceal(&mut place);
                    assert!(place.excerpt.get(place.marked.clone()).is_some(), "{line} {place:?}");
                }
            }
        }
    }
}
