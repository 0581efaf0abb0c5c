//! The value of one entry: a text, a switch, or whatever YAML holds.

use serde_yaml::Value;

use super::Scalar;
use super::entry::Entry;
use super::entry_value::{EntryValue, switch_of};
use super::reader::FrontMatterReader;
use super::value::{depth, plain_meaning, quote_is_open, unlinked};
use super::yaml_error::unreadable;
use crate::diagnostic::Diagnostic;
use crate::yaml::with_text_keys;

/// Deepest nesting of an entry's value.
const MAX_DEPTH: usize = 16;

impl FrontMatterReader<'_> {
    /// Returns the switch that a value is, if it is one.
    pub(super) fn switch(entry: &Entry<'_>) -> Option<bool> {
        if let EntryValue::Text(text) = EntryValue::read(entry) { switch_of(&text) } else { None }
    }

    /// Reads a switch whose misreading would publish what was meant to be hidden.
    pub(super) fn switch_or_stop(
        &self,
        entry: &Entry<'_>,
    ) -> Result<Option<bool>, Box<Diagnostic>> {
        let (value, at) = entry.trimmed();
        match Self::switch(entry) {
            Some(on) => Ok(Some(on)),
            None if matches!(EntryValue::read(entry), EntryValue::Nothing) => Ok(None),
            None => {
                let message = say!("`{}: {}` is neither true nor false", &entry.name, value);
                let hint = say!(
                    "the post is held back, because publishing cannot be undone; write `true` or `false`"
                );
                Err(Box::new(
                    Diagnostic::error("switch-unreadable", message)
                        .hint(hint)
                        .at(self.text, at..at + value.len()),
                ))
            }
        }
    }

    /// One text value.
    pub(super) fn scalar(&mut self, entry: &Entry<'_>) -> Result<Option<Scalar>, Box<Diagnostic>> {
        let (value, at) = entry.trimmed();
        if value.is_empty() || matches!(value, "~" | "null" | "Null" | "NULL") {
            return Ok(None);
        }
        let quoted = value.starts_with(['"', '\'']);
        let range = at..at + value.len();
        if let Some(text) = unlinked(value.trim_matches(['"', '\''])) {
            return Ok(Some(Scalar { text: text.to_owned(), quoted, range }));
        }
        let read = serde_yaml::from_str::<String>(value);
        // A tag, an anchor or `---` is nothing to YAML, and something to people.
        let is_lost = |text: &String| {
            text.trim().is_empty() && entry.is_one_line() && value.starts_with(['!', '&', '-'])
        };
        if let Ok(text) = &read
            && !is_lost(text)
        {
            let text = text.clone();
            if !quoted
                && let Some(comment) = value.find(" #").filter(|_| !value.starts_with(['|', '>']))
            {
                let message = say!(
                    "YAML takes `{}` for a comment; the value ends before it",
                    value[comment + 1..].trim_end()
                );
                let hint = say!("put the value in quotes if the `#` belongs to it");
                self.warn("value-comment", message, hint, at + comment + 1..at + value.len());
            }
            return Ok(Some(Scalar { text, quoted, range })
                .filter(|scalar| !scalar.text.trim().is_empty()));
        }
        // From here on the value is no YAML scalar. One line is taken as it stands; more lines are
        // not plain.
        if !entry.is_one_line() {
            if let Some(first_line) = value.lines().next().filter(|line| quote_is_open(line)) {
                return Ok(Some(self.unclosed(entry, first_line, at)));
            }
            // Indentation counts, so the error of the whole value is the better one; with a U+3000
            // at its start, which YAML takes for text, the whole may have none.
            let (start, whole) = match serde_yaml::from_str::<String>(&entry.value) {
                Err(error) => (entry.start, Err(error)),
                Ok(_) => (at, read),
            };
            if let Err(error) = whole {
                return Err(Box::new(unreadable(self.text, start, &error)));
            }
        }
        let (text, problem, hint, place) = plain_meaning(value);
        let message = say!("{}; `{}` was read as `{}`", problem, &entry.name, &text);
        self.warn("value-unquoted", message, hint, at + place..at + value.len());
        Ok(Some(Scalar { text, quoted, range }))
    }

    fn unclosed(&mut self, entry: &Entry<'_>, line: &str, at: usize) -> Scalar {
        let text = line[1..].trim().to_owned();
        let problem = say!("the quote that opens here is never closed");
        let message = say!("{}; `{}` was read as `{}`", problem, &entry.name, &text);
        self.warn(
            "value-unquoted",
            message,
            say!("close the quote at the end of the line"),
            at..at + line.len(),
        );
        Scalar { text, quoted: true, range: at..at + line.len() }
    }

    /// A key of the theme's: any value, kept as it is.
    pub(super) fn extra(&mut self, entry: &Entry<'_>) -> Result<(), Box<Diagnostic>> {
        let parsed = serde_yaml::from_str::<Value>(&entry.value)
            .and_then(|mut value| value.apply_merge().map(|()| value));
        let value = match parsed {
            Ok(value) if depth(&value) > MAX_DEPTH => {
                let message = say!("`{}` is nested more than {} deep", &entry.name, MAX_DEPTH);
                return Err(Box::new(
                    Diagnostic::error("front-matter", message).at(self.text, entry.key.clone()),
                ));
            }
            Ok(value) => value,
            Err(_) if entry.is_one_line() => match self.scalar(entry)? {
                Some(scalar) => Value::String(scalar.text),
                None => Value::Null,
            },
            Err(error) => return Err(Box::new(unreadable(self.text, entry.start, &error))),
        };
        if matches!(value, Value::String(_) | Value::Number(_) | Value::Bool(_)) {
            let spelled = match &value {
                Value::String(text) => Some(text.clone()),
                _ => serde_yaml::from_str(&entry.value).ok(),
            };
            self.front_matter.spelled.extend(spelled.map(|text| (entry.name.to_lowercase(), text)));
        }
        self.front_matter.extra.insert(Value::String(entry.name.clone()), with_text_keys(value));
        Ok(())
    }
}
