//! What the beginning of a file says where no front matter was found: keys that sitegen does not read there, and that hid the post elsewhere.
//!
//! Front matter may go unrecognised in more ways than can be listed: another opening line, a comment above it, an address among the
//! keys. Such a file is published as text, so its first lines are looked at, and what would hide it holds it back.

use std::borrow::Cow;
use std::ops::Range;

use super::Entry;
use super::visibility::{Stance, is_said_in, is_secret, mark, names, stance, without_password};
use super::yaml::{belongs, entry_key, lines};
use crate::diagnostic::Diagnostic;

/// Most lines that are looked at.
const LINES: usize = 40;

/// An error where the lines at `start`, which are no front matter, would hide the post if they were. `public: true` among them
/// counts as it does in front matter.
pub(super) fn refuse_hidden(text: &str, start: usize) -> Result<(), Box<Diagnostic>> {
    let beginning = Beginning::of(text, start);
    let stances: Vec<Stance> = beginning.entries.iter().map(|entry| stance(text, entry)).collect();
    let is_public = stances.contains(&Stance::Public);
    let hides = |(entry, stance): &(&Entry<'_>, &Stance)| match stance {
        Stance::Nothing | Stance::Public => false,
        Stance::HidesUnlessPublic if is_public => false,
        Stance::Hides | Stance::HidesUnlessPublic => !is_prose(entry) && (beginning.is_of_keys || is_plain(entry)),
    };
    match beginning.entries.iter().zip(&stances).find(hides) {
        Some((entry, _)) => Err(refusal(text, entry)),
        None => Ok(()),
    }
}

/// The first lines, as keys and values.
struct Beginning<'a> {
    entries: Vec<Entry<'a>>,
    /// At least half of the lines are keys or belong to one; others are rather prose in which a colon stands.
    is_of_keys: bool,
}

impl<'a> Beginning<'a> {
    fn of(text: &'a str, start: usize) -> Beginning<'a> {
        let mut entries: Vec<Entry<'a>> = Vec::new();
        let (mut of_keys, mut others) = (0, 0);
        let is_rule = |line: &str| line.len() >= 3 && line.bytes().all(|byte| byte == b'-');
        // A block of code is about keys.
        let ends = |line: &str| line.is_empty() || is_rule(line) || line.starts_with("```") || line.starts_with("~~~");
        let looked_at = lines(text, start).take(LINES).enumerate();
        for (_, (at, line)) in looked_at.take_while(|(index, (_, line))| !ends(line.trim()) || *index == 0 && is_rule(line.trim())) {
            let is_below = line.starts_with([' ', '\t']) && entries.last().is_some_and(|last| last.trimmed().0.is_empty());
            let found = if is_below { Vec::new() } else { entries_of(text, at..at + line.len()) };
            if !found.is_empty() {
                *(if found.iter().all(is_prose) { &mut others } else { &mut of_keys }) += 1;
                entries.extend(found);
            } else if let Some(last) = entries.last_mut().filter(|_| belongs(line)) {
                last.value = Cow::Borrowed(&text[last.start..at + line.len()]);
                of_keys += 1;
            } else if line.contains(char::is_alphanumeric) {
                others += 1;
            }
        }
        Beginning { entries, is_of_keys: of_keys >= others }
    }
}

/// The entries of one line: `key: value`, `key = value`, `"key": value,` or an object in braces.
fn entries_of(text: &str, line: Range<usize>) -> Vec<Entry<'_>> {
    let written = &text[line.clone()];
    let inside = written.trim_start().trim_start_matches('{');
    let start = line.start + (written.len() - inside.len());
    if !written.trim_start().starts_with('{') {
        return entry_of(text, start..line.end).into_iter().collect();
    }
    let mut at = start;
    let piece = |piece: &str| {
        let range = at..at + piece.len();
        at = range.end + 1;
        entry_of(text, range)
    };
    inside.split(',').filter_map(piece).collect()
}

fn entry_of(text: &str, range: Range<usize>) -> Option<Entry<'_>> {
    let written = text[range.clone()].trim_end();
    let line = written.trim_start();
    let at = range.start + (written.len() - line.len());
    let (name, length) = match (line.find('='), entry_key(line)) {
        (Some(sign), key) if key.as_ref().is_none_or(|key| sign < key.length) => {
            let name = line[..sign].trim().trim_matches(['"', '\'']);
            (is_name(name).then_some(name)?, sign + 1)
        }
        (_, key) => key.map(|key| (key.name, key.length))?,
    };
    let value = line[length..].trim_end_matches([',', ' ', '\t']);
    // Of an object that began before.
    let count = |brace: char| value.matches(brace).count();
    let value = (count('{')..count('}')).fold(value, |value, _| value.strip_suffix('}').unwrap_or(value).trim_end());
    // `params.draft = true`
    let name = name.rsplit('.').next().unwrap_or(name).to_owned();
    let (start, key) = (at + length, line[..length].trim_end_matches([':', '：', '=', ' ', '\t']));
    Some(Entry { name, key: at..at + key.len(), value: Cow::Borrowed(&text[start..start + value.len()]), start })
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'))
}

/// Whether a line is a sentence with a colon in it: `状态：一切都好。`
fn is_prose(entry: &Entry<'_>) -> bool {
    let ends_sentence = |c: char| matches!(c, '。' | '！' | '？' | '；' | '，' | '、' | '：' | '…' | '”' | '」');
    !entry.name.is_ascii() && (entry.trimmed().0.ends_with(ends_sentence) || !is_name(&entry.name))
}

/// Whether a line says one word of who may see the post, and nothing else.
fn is_plain(entry: &Entry<'_>) -> bool {
    let value = entry.trimmed().0;
    is_said_in(&entry.name) && !value.contains(|c: char| c.is_whitespace() || matches!(c, '，' | '。' | '；' | '、' | '！' | '？'))
}

fn refusal(text: &str, entry: &Entry<'_>) -> Box<Diagnostic> {
    let mark = mark(entry);
    // A password is not for the report.
    let is_locked = is_secret(&entry.name.to_lowercase()) || names(&mark.text).any(|name| is_secret(&name));
    let (shown, range) = if is_locked { (entry.name.as_str(), entry.key.clone()) } else { (mark.text.as_str(), mark.range) };
    let message = say!("`{}` would hide this post, but stands where no front matter is read", shown);
    let hint = say!(
        "the post is held back, because publishing cannot be undone; put lines of three dashes above and below its keys, or, to publish it all as text, two such lines above it"
    );
    without_password(Box::new(Diagnostic::error("hidden-elsewhere", message).hint(hint).at(text, range)))
}
