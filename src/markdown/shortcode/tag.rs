//! One tag of Hexo's or Hugo's: its name, what it says, where it ends.

use std::collections::BTreeMap;
use std::ops::Range;

use super::super::callout;
use super::super::lookahead::Ahead;
use super::table::meaning;

/// Bytes of the longest tag.
const LONGEST: usize = 2_000;

/// One tag.
#[derive(Clone, Debug)]
pub(super) struct Tag<'s> {
    pub(super) range: Range<usize>,
    pub(super) name: &'s str,
    /// What follows the name.
    pub(super) rest: &'s str,
    pub(super) is_end: bool,
    /// Hugo's, closed by its name and no other; it may be without an end.
    pub(super) is_hugo: bool,
}

impl<'s> Tag<'s> {
    /// The language that a block of code names.
    pub(super) fn language(&self) -> &'s str {
        let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'#' | b'-' | b'_');
        let mut words = self.rest.split_whitespace().map(|word| word.trim_matches(['"', '\'']));
        let first = words.clone().next().filter(|word| word.bytes().all(is_letter));
        let named = words.find_map(|word| ["lang:", "lang=", "language="].iter().find_map(|name| word.strip_prefix(name)));
        named.or(first).map_or("", |language| language.trim_matches(['"', '\'']))
    }
}

/// The tag that begins at a place, on one line.
pub(super) fn tag_at(text: &str, at: usize) -> Option<Tag<'_>> {
    let window = &text[at..text.floor_char_boundary(at + LONGEST)];
    let is_hugo = window.starts_with("{{");
    let (open, close) = match window.as_bytes().get(..3)? {
        b"{{<" => (3, ">}}"),
        b"{{%" => (3, "%}}"),
        [b'{', b'%', _] => (2, "%}"),
        _ => return None,
    };
    let inside = &window[open..open + window[open..].find(close)?];
    if inside.contains('\n') && !is_hugo {
        return None;
    }
    let range = at..at + open + inside.len() + close.len();
    let inside = if is_hugo { inside.trim() } else { inside.trim_matches('-').trim() };
    let end = inside.strip_prefix('/').filter(|end| is_hugo && !end.starts_with('*'));
    let shown = end.unwrap_or(inside).trim();
    let length = shown.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')).count();
    let begins = shown.as_bytes().first().is_some_and(|first| first.is_ascii_alphabetic()) || meaning(&shown[..length]).is_some();
    let is_separate = shown[length..].chars().next().is_none_or(|c| c.is_whitespace() || matches!(c, '/' | ',' | ':'));
    if !(begins && is_separate) {
        // What Hugo shows as it is.
        return (is_hugo && inside.starts_with("/*")).then_some(Tag { range, name: "", rest: inside, is_end: false, is_hugo });
    }
    let (name, rest) = (&shown[..length], shown[length..].trim());
    match name.strip_prefix("end").filter(|name| !is_hugo && meaning(name).is_some()) {
        Some(name) => Some(Tag { range, name, rest, is_end: true, is_hugo }),
        None => Some(Tag { range, name, rest, is_end: end.is_some(), is_hugo }),
    }
}

/// Where the marks stand that end blocks, by name: each name is looked for once from left to right.
pub(super) struct Ends<'s> {
    text: &'s str,
    hexo: Ahead<'s>,
    found: BTreeMap<(&'s str, bool), Vec<Range<usize>>>,
    is_read: bool,
}

impl<'s> Ends<'s> {
    pub(super) fn new(text: &'s str) -> Ends<'s> {
        Ends { text, hexo: Ahead::new(text, "{%"), found: BTreeMap::new(), is_read: false }
    }

    /// The first end of a block of this name at or after a place.
    pub(super) fn of(&mut self, name: &str, is_hugo: bool, from: usize) -> Option<Range<usize>> {
        if !std::mem::replace(&mut self.is_read, true) {
            self.read();
        }
        let ends = self.found.get(&(name, is_hugo))?;
        ends.get(ends.partition_point(|end| end.start < from)).cloned()
    }

    fn read(&mut self) {
        let mut at = 0;
        while let Some(place) = self.hexo.at_or_after(at) {
            at = place + 2;
            self.add(place);
        }
        for place in memchr::memmem::find_iter(self.text.as_bytes(), "{{<").chain(memchr::memmem::find_iter(self.text.as_bytes(), "{{%")) {
            self.add(place);
        }
        for ends in self.found.values_mut() {
            ends.sort_unstable_by_key(|end| end.start);
        }
    }

    fn add(&mut self, place: usize) {
        if let Some(tag) = tag_at(self.text, place).filter(|tag| tag.is_end) {
            self.found.entry((tag.name, tag.is_hugo)).or_default().push(tag.range);
        }
    }
}

/// The words that follow the name of a tag, quotes taken off, and the values that have names.
pub(super) struct Arguments<'s> {
    words: Vec<&'s str>,
    named: Vec<(&'s str, &'s str)>,
    /// Those in quotes.
    quoted: Vec<&'s str>,
}

impl<'s> Arguments<'s> {
    pub(super) fn of(text: &'s str) -> Arguments<'s> {
        let mut arguments = Arguments { words: Vec::new(), named: Vec::new(), quoted: Vec::new() };
        let mut rest = text.strip_suffix('/').filter(|rest| is_closed_at_once(rest)).unwrap_or(text).trim();
        while !rest.is_empty() {
            let (name, begun) = match rest.split_once(['=', ':']) {
                Some((name, value)) if is_name(name) && !value.starts_with(['/', '=']) && !value.is_empty() => {
                    (Some(name), value.trim_start())
                }
                _ => (None, rest),
            };
            let quote = begun.chars().next().filter(|quote| matches!(quote, '"' | '\'' | '`' | '“'));
            let closing = quote.map(|quote| if quote == '“' { '”' } else { quote });
            let quoted = quote.and_then(|quote| begun[quote.len_utf8()..].split_once(closing.unwrap_or(quote)));
            let (value, after) = quoted.unwrap_or_else(|| begun.split_once(char::is_whitespace).unwrap_or((begun, "")));
            if let Some(name) = name {
                arguments.named.push((name, value));
            } else {
                arguments.words.push(value);
                arguments.quoted.extend(quoted.map(|(value, _)| value));
            }
            rest = after.trim_start();
        }
        arguments
    }

    pub(super) fn words(&self) -> Vec<&'s str> {
        self.words.clone()
    }

    /// The value of the first of these names.
    pub(super) fn named(&self, names: &[&str]) -> Option<&'s str> {
        names.iter().find_map(|name| self.named.iter().find(|(named, _)| named.eq_ignore_ascii_case(name)).map(|(_, value)| *value))
    }

    /// A word that readers are meant to see: in quotes, or not of ASCII. `fas fa-bullhorn` is a symbol's.
    pub(super) fn title(&self) -> Option<&'s str> {
        let is_symbol = |word: &str| word.starts_with("fa") && word.contains("fa-");
        let quoted = self.quoted.iter().find(|word| !is_symbol(word) && !word.is_empty() && callout::kind(word).is_none());
        quoted.or_else(|| self.words.iter().find(|word| !word.is_ascii())).copied()
    }
}

/// Whether a slash behind this ends a tag of Hugo's, `{{< x a="b" />}}`, and no address.
pub(super) fn is_closed_at_once(before: &str) -> bool {
    before.is_empty() || before.ends_with([' ', '"', '`'])
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}
