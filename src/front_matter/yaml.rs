//! Cutting a block of YAML into its top-level entries, line by line, so that a mistake costs one
//! entry.

use std::borrow::Cow;
use std::ops::Range;

use serde_yaml::Value;

use super::entry::Entry;
use super::keys::KNOWN_KEYS;
use super::reader::FrontMatterReader;
use super::value::{flow_pieces, quote_is_open};
use super::visibility;
use crate::diagnostic::Diagnostic;

/// A line's key, if it looks like one.
pub(super) struct LineKey<'a> {
    pub(super) name: &'a str,
    /// Bytes up to and including the colon.
    pub(super) length: usize,
    /// The colon is `：`.
    full_width: bool,
    /// Something follows the colon without a blank, so YAML sees no key.
    tight: bool,
}

impl LineKey<'_> {
    /// Returns whether every reader of YAML sees a key.
    pub(super) fn is_plain(&self) -> bool {
        !self.full_width && !self.tight
    }
}

/// Reads the key of a line. It stands at the beginning of the line, without blanks before it, and
/// ends at a colon.
pub(super) fn entry_key(line: &str) -> Option<LineKey<'_>> {
    let first = line.chars().next()?;
    if first.is_whitespace()
        || matches!(
            first,
            '#' | '-'
                | '['
                | ']'
                | '{'
                | '}'
                | ','
                | '&'
                | '*'
                | '!'
                | '|'
                | '>'
                | '@'
                | '`'
                | '%'
                | '：'
        )
    {
        return None;
    }
    if matches!(first, '"' | '\'') {
        let end = 1 + line[1..].find(first)?;
        let rest = &line[end + 1..];
        let colon = end + 1 + (rest.len() - rest.trim_start().len());
        return line[colon..].starts_with(':').then(|| LineKey {
            name: &line[1..end],
            length: colon + 1,
            full_width: false,
            tight: false,
        });
    }
    let (at, colon) = line.char_indices().find(|(_, c)| matches!(c, ':' | '：'))?;
    let name = line[..at].trim_end();
    let after = &line[at + colon.len_utf8()..];
    let tight = !after.is_empty() && !after.starts_with([' ', '\t']);
    (name.chars().count() <= 60).then_some(LineKey {
        name,
        length: at + colon.len_utf8(),
        full_width: colon == '：',
        tight: tight && colon == ':',
    })
}

/// Lines from `start`, without their line ends, with their offsets.
pub(super) fn lines(text: &str, start: usize) -> impl Iterator<Item = (usize, &str)> {
    text[start..].split('\n').scan(start, |at, line| {
        let here = *at;
        *at += line.len() + 1;
        Some((here, line))
    })
}

/// Returns whether a line that is no key belongs to the key above it.
pub(super) fn belongs(line: &str) -> bool {
    line.is_empty() || line.starts_with([' ', '\t', '#', '-', ']', '}', '\u{3000}'])
}

/// Returns the blanks before the keys of a block: where all are indented alike, YAML sees keys all
/// the same.
fn indentation(block: &str) -> &str {
    let mut said = block
        .split('\n')
        .filter(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#'));
    let Some(line) = said.next() else { return "" };
    let key = line.trim_start();
    let blanks = &line[..line.len() - key.len()];
    let is_all = entry_key(key).is_some_and(|key| key.is_plain())
        && said.all(|line| line.starts_with(blanks));
    if is_all { blanks } else { "" }
}

/// Returns whether the value is a text that ends with its line, so that what stands deeper below it
/// can be nothing of it. Below an item of a list it can: `- name: 甲` and a line ` url: …`.
fn is_finished(value: &str) -> bool {
    // What begins on the next line may be a map, and this its first key.
    let value = value.trim_end().trim_start_matches([' ', '\t', '\r']);
    !value.is_empty()
        && !value.contains('\n')
        && !value.starts_with(['"', '\'', '[', '{', '|', '>', '&', '!', '#'])
}

/// Returns the entries of a block that is one map in braces, which YAML allows too.
fn entries_of_map<'a>(text: &'a str, head: &Range<usize>) -> Option<Vec<Entry<'a>>> {
    let block = &text[head.clone()];
    let inside = block.trim().strip_prefix('{')?.strip_suffix('}')?;
    let Ok(Value::Mapping(map)) = serde_yaml::from_str(block) else { return None };
    let start = head.start + block.find('{')? + 1;
    let entry = |piece: Range<usize>| {
        let key = entry_key(&inside[piece.clone()])?;
        Some(Entry::of_line(text, start + piece.start, &key, &inside[piece]))
    };
    flow_pieces(inside, &[','])
        .into_iter()
        .map(entry)
        .collect::<Option<Vec<_>>>()
        .filter(|entries| entries.len() == map.len())
}

/// Most lines of a block that may be neither a key nor part of one: more are rather a text whose
/// block was never closed.
const STRAY_LINES: usize = 2;

impl<'a> FrontMatterReader<'a> {
    /// Returns whether a key, however it is spelt, means something here.
    fn is_known(&self, name: &str) -> bool {
        let name = name.to_lowercase();
        KNOWN_KEYS.contains(&name.as_str())
            || self.list_keys.contains(&name.as_str())
            || visibility::is_sign(&name)
    }

    /// Cuts the block into entries. A value in quotes that is still open takes the next lines too,
    /// unless they look like keys.
    pub(super) fn entries_of_yaml(
        &mut self,
        head: Range<usize>,
    ) -> Result<Vec<Entry<'a>>, Box<Diagnostic>> {
        let text = self.text;
        if let Some(entries) = entries_of_map(text, &head) {
            return Ok(entries);
        }
        let indentation = indentation(&text[head.clone()]);
        if let Some(odd) = indentation.find(|c| c != ' ') {
            let at = head.start + text[head.clone()].find(indentation).unwrap_or(0) + odd;
            let message = say!(
                "keys are indented with what is no blank, which YAML forbids; they were read all the same"
            );
            self.warn("tab-indent", message, say!("start the keys in column 1"), at..at + 1);
        }
        let mut entries: Vec<Entry<'a>> = Vec::new();
        let mut strays: Vec<Range<usize>> = Vec::new();
        let mut is_after_blank = false;
        for (at, line) in lines(&text[..head.end], head.start) {
            let (at, line) = line
                .strip_prefix(indentation)
                .map_or((at, line), |rest| (at + indentation.len(), rest));
            let key = entry_key(line).filter(|key| key.is_plain() || self.is_known(key.name));
            if let Some(key) = key {
                self.warn_odd_colon(&key, at);
                entries.push(Entry::of_line(text, at, &key, line));
            } else if let Some(key) = self.indented_key(line, entries.last()) {
                let begins = at + (line.len() - line.trim_start().len());
                let message = say!(
                    "`{}` is indented and belongs to nothing above it; it was read as a key all the same",
                    key.name
                );
                self.warn(
                    "key-indented",
                    message,
                    say!("start the keys in column 1"),
                    begins..begins + key.length,
                );
                entries.push(Entry::of_line(text, begins, &key, line.trim_start()));
            } else if let Some(last) = entries.last_mut()
                && (belongs(line) || quote_is_open(&last.value))
            {
                last.value = Cow::Borrowed(&text[last.start..at + line.len()]);
            } else if !(line.trim().is_empty() || line.starts_with('#')) {
                let place = at..at + line.trim_end().len();
                // What may say that not everybody was to see the post is not passed over, nor is
                // what looks like its text.
                if is_after_blank || strays.len() == STRAY_LINES || visibility::is_said_in(line) {
                    return Err(self.stray(&strays.into_iter().next().unwrap_or(place)));
                }
                strays.push(place);
            }
            is_after_blank = line.trim().is_empty();
        }
        if entries.is_empty()
            && let Some(first) = strays.first()
        {
            return Err(self.stray(first));
        }
        for place in strays {
            let message =
                say!("this line is neither a `key: value` nor part of one; it was left out");
            let hint = say!(
                "indent it if it continues the line above; otherwise give it a key, or remove it"
            );
            self.warn("line-stray", message, hint, place);
        }
        Ok(entries)
    }

    /// Returns a known key that is indented below nothing, or below a value that has ended, which
    /// is no YAML. That a post is public on purpose is not guessed.
    fn indented_key<'l>(&self, line: &'l str, last: Option<&Entry<'_>>) -> Option<LineKey<'l>> {
        let deeper = line.trim_start();
        let key = entry_key(deeper)
            .filter(|key| deeper.len() < line.len() && key.is_plain() && self.is_known(key.name))?;
        let stands_alone = last.is_none_or(|last| is_finished(&last.value));
        (stands_alone && !visibility::is_public(&key.name.to_lowercase())).then_some(key)
    }

    fn warn_odd_colon(&mut self, key: &LineKey<'_>, at: usize) {
        let end = at + key.length;
        if key.tight {
            let message =
                say!("there is no blank after `{}:`; it was read as a key all the same", key.name);
            self.warn("key-no-blank", message, say!("put a blank after the colon"), at..end);
        } else if key.full_width {
            let message =
                say!("the colon after `{}` is a full-width `：`; it was read as `:`", key.name);
            self.warn(
                "key-full-width-colon",
                message,
                say!("write `: ` with an ASCII colon and a blank"),
                end - 3..end,
            );
        }
    }

    fn stray(&self, place: &Range<usize>) -> Box<Diagnostic> {
        let diagnostic = Diagnostic::error(
            "front-matter",
            say!("this line is neither a `key: value` nor part of one"),
        )
        .hint(say!(
            "indent it if it continues the line above; otherwise give it a key, or remove it"
        ));
        visibility::without_password(Box::new(diagnostic.at(self.text, place.clone())))
    }
}

impl<'a> Entry<'a> {
    /// Returns the entry that begins with a key at `at`, up to the end of its line.
    fn of_line(text: &'a str, at: usize, key: &LineKey<'_>, line: &str) -> Entry<'a> {
        Entry {
            name: key.name.to_owned(),
            key: at..at + key.name.len(),
            value: Cow::Borrowed(&text[at + key.length..at + line.len()]),
            start: at + key.length,
        }
    }
}
