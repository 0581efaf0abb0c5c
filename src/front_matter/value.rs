//! Values that YAML cannot read but people plainly meant.

use std::ops::Range;

use serde_yaml::{Mapping, Value};

use crate::words::Message;

/// Returns whether a value opens with a quote that is not closed by its end.
pub(super) fn quote_is_open(value: &str) -> bool {
    let value = value.trim_start();
    match value.chars().next() {
        Some('"') => closing_quote(value).is_none(),
        Some('\'') => !value[1..].replace("''", "").contains('\''),
        _ => false,
    }
}

/// Returns where the double quote that opens `value` is closed.
fn closing_quote(value: &str) -> Option<usize> {
    let mut escaped = false;
    value.char_indices().skip(1).find_map(|(at, c)| {
        let closes = c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        closes.then_some(at)
    })
}

/// Returns what one line plainly means although YAML cannot read it: the text, what is wrong, what
/// to do, and where.
pub(super) fn plain_meaning(value: &str) -> (String, Message, Message, usize) {
    let quote_it = || say!("put the value in quotes");
    if let Some(inner) = value.strip_prefix('"') {
        return match closing_quote(value) {
            None => (
                inner.trim_end().to_owned(),
                say!("the quote that opens here is never closed"),
                say!("close the quote at the end of the line"),
                0,
            ),
            Some(end) if end + 1 < value.len() => {
                let inner = inner.strip_suffix('"').unwrap_or(inner);
                (
                    inner.to_owned(),
                    say!("the value goes on after its closing quote"),
                    say!("use single quotes around it: '…\"…\"…'"),
                    end + 1,
                )
            }
            Some(_) => {
                let inner = &value[1..value.len() - 1];
                let bad = bad_escape(inner).unwrap_or(0);
                let shown: String = inner[bad..].chars().take(2).collect();
                (
                    inner.replace("\\\"", "\""),
                    say!("`{}` is no escape in double quotes", shown),
                    say!("use single quotes, or write \\\\ for a backslash"),
                    bad + 1,
                )
            }
        };
    }
    if value.starts_with('[') {
        let end = value.find(']').map_or(0, |at| at + 1);
        let place = if end < value.len() { end } else { 0 };
        return (
            value.to_owned(),
            say!("YAML reads `[…]` as a list, and text follows it or a list cannot stand here"),
            quote_it(),
            place,
        );
    }
    if let Some(first) = value.chars().next().filter(|c| "@*&!|>%`{,?'".contains(*c)) {
        return (
            value.to_owned(),
            say!("`{}` means something else to YAML at the start of a value", first),
            quote_it(),
            0,
        );
    }
    match value.find(": ").or_else(|| value.ends_with(':').then(|| value.len() - 1)) {
        Some(colon) => (
            value.to_owned(),
            say!("an unquoted value cannot hold a colon and a blank"),
            quote_it(),
            colon,
        ),
        None => (value.to_owned(), say!("this is not valid YAML"), quote_it(), 0),
    }
}

/// Returns the first backslash in the inside of a double-quoted scalar that YAML 1.2 (§5.7) gives
/// no meaning.
fn bad_escape(inner: &str) -> Option<usize> {
    let mut chars = inner.char_indices();
    while let Some((at, c)) = chars.next() {
        if c == '\\' && !chars.next().is_some_and(|(_, c)| "0abt\tnvfre \"/\\N_LPxuU".contains(c)) {
            return Some(at);
        }
    }
    None
}

/// Returns the pieces of a flow list's inside between its `commas`, trimmed, empty ones left out;
/// quotes and brackets hold together.
pub(super) fn flow_pieces(inside: &str, commas: &[char]) -> Vec<Range<usize>> {
    let mut pieces = Vec::new();
    let (mut start, mut depth, mut quote) = (0, 0_i32, None);
    let mut push = |start: usize, end: usize| {
        let piece = &inside[start..end];
        let lead = piece.len() - piece.trim_start().len();
        if !piece.trim().is_empty() {
            pieces.push(start + lead..start + lead + piece.trim().len());
        }
    };
    for (at, c) in inside.char_indices() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') if inside[start..at].trim().is_empty() => quote = Some(c),
            (None, '[' | '{') => depth += 1,
            (None, ']' | '}') => depth -= 1,
            (None, c) if depth <= 0 && commas.contains(&c) => {
                push(start, at);
                start = at + c.len_utf8();
            }
            _ => {}
        }
    }
    push(start, inside.len());
    pieces
}

/// Returns the text of Obsidian's link to a note, where the value is one: `[[某某]]` and `[[某某|字]]`,
/// a picture's `![[图.png]]`.
pub(super) fn unlinked(text: &str) -> Option<&str> {
    let trimmed = text.trim();
    let inner =
        trimmed.strip_prefix('!').unwrap_or(trimmed).strip_prefix("[[")?.strip_suffix("]]")?;
    let (target, shown) =
        inner.split_once('|').unwrap_or((inner, inner.split('#').next().unwrap_or(inner)));
    let is_picture = trimmed.starts_with('!');
    let text = if is_picture { target } else { shown }.trim();
    (!text.is_empty() && !inner.contains(['[', ']', '"', '\'', '\n'])).then_some(text)
}

pub(super) fn depth(value: &Value) -> usize {
    match value {
        Value::Sequence(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        Value::Mapping(map) => 1 + map.values().map(depth).max().unwrap_or(0),
        Value::Tagged(tagged) => depth(&tagged.value),
        _ => 0,
    }
}

/// Returns the map that a value is, if it plainly is one: in braces, or a block of `key: value`
/// lines. A title with a colon in it is no map.
pub(super) fn mapping(value: &str) -> Option<Mapping> {
    let trimmed = value.trim();
    let is_block = (trimmed.contains('\n')
        || value.trim_start_matches([' ', '\t', '\r']).starts_with('\n'))
        && trimmed
            .lines()
            .next()
            .is_some_and(|line| !line.starts_with(['"', '\'', '|', '>', '[', '-']));
    let named = trimmed.starts_with("name:");
    if !(trimmed.starts_with('{') || is_block || named) {
        return None;
    }
    match serde_yaml::from_str(value) {
        Ok(Value::Mapping(map)) if !map.is_empty() => Some(map),
        _ => None,
    }
}
