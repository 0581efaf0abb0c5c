//! Lines of `Key: value` above the text, without marks around them: Pelican's and MultiMarkdown's.

use std::borrow::Cow;
use std::ops::Range;

use super::entry::Entry;
use super::keys::names_terms;
use super::yaml::{entry_key, lines};

/// Keys of Pelican's that are no keys of ours.
const PELICAN: [&str; 6] = ["save_as", "translation", "keywords", "status", "template", "series"];

/// Returns the headers that `text` begins with at `start`, up to the first blank line. A text may
/// begin with `注: …` or `From: …`, and a conversation is made of such lines: there must be two
/// known keys, a title or a date among them, and no line that is none.
pub(super) fn find(text: &str, start: usize, known: &[&str]) -> Option<Range<usize>> {
    let is_known = |name: &str| known.contains(&name) || PELICAN.contains(&name);
    let mut end = start;
    let mut names: Vec<String> = Vec::new();
    for (at, line) in lines(text, start) {
        if line.trim().is_empty() {
            break;
        }
        match header(line) {
            Some((name, _)) if names.is_empty() && !is_known(&name.to_lowercase()) => return None,
            Some((name, _)) => names.push(name.to_lowercase()),
            None if !names.is_empty() && line.starts_with([' ', '\t']) => {}
            None => return None,
        }
        end = (at + line.len() + 1).min(text.len());
    }
    let counts = |name: &&String| is_known(name);
    let is_headed = names.iter().any(|name| matches!(name.as_str(), "title" | "date"));
    (is_headed && names.iter().filter(counts).count() >= 2).then_some(start..end)
}

/// Returns a line's key, a name in ASCII, and where its value begins.
fn header(line: &str) -> Option<(&str, usize)> {
    let key = entry_key(line)?;
    let is_name = |name: &str| {
        name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b))
    };
    (line[..key.length].ends_with(':') && is_name(key.name)).then_some((key.name, key.length))
}

/// Values are texts to the end of their lines, whatever YAML makes of them.
pub(super) fn entries(text: &str, head: Range<usize>) -> Vec<Entry<'_>> {
    let mut found: Vec<(&str, usize, String, usize)> = Vec::new();
    for (at, line) in lines(&text[..head.end], head.start) {
        if let Some((name, length)) = header(line) {
            let value = line[length..].trim();
            let start = at + length + (line.len() - length - line[length..].trim_start().len());
            found.push((name, at, value.to_owned(), start));
        } else if let Some((_, _, value, _)) = found.last_mut().filter(|_| !line.trim().is_empty())
        {
            value.push(' ');
            value.push_str(line.trim());
        }
    }
    let entry = |(name, at, value, start): (&str, usize, String, usize)| Entry {
        name: name.to_owned(),
        key: at..at + name.len(),
        value: Cow::Owned(as_yaml(&name.to_lowercase(), &value)),
        start,
    };
    found.into_iter().map(entry).collect()
}

fn as_yaml(name: &str, value: &str) -> String {
    if names_terms(name) && value.starts_with('[') && value.ends_with(']') {
        return value.to_owned();
    }
    // Pelican parts authors at semicolons where there are some.
    let separator = if value.contains(';') { ';' } else { ',' };
    if name == "authors" && value.contains(separator) {
        return value.split(separator).map(str::trim).collect::<serde_json::Value>().to_string();
    }
    if value.is_empty() { String::new() } else { serde_json::Value::from(value).to_string() }
}
