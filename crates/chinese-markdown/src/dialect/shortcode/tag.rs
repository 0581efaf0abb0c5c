//! One tag of Hexo's or Hugo's: its name, what it says, where it ends.

use std::collections::BTreeMap;
use std::ops::Range;

use super::table::meaning;
use crate::source::lookahead::Ahead;

/// Bytes of the longest tag.
const LONGEST: usize = 2_000;

/// One tag.
#[derive(Clone, Debug)]
pub(super) struct Shortcode<'s> {
    pub(super) range: Range<usize>,
    pub(super) name: &'s str,
    /// What follows the name.
    pub(super) rest: &'s str,
    pub(super) is_end: bool,
    /// Hugo's, closed by its name and no other; it may be without an end.
    pub(super) is_hugo: bool,
}

impl Shortcode<'_> {
    /// Hugo's that ends in itself, `{{< x />}}`.
    pub(super) fn is_closed_at_once(&self) -> bool {
        self.is_hugo && self.rest.strip_suffix('/').is_some_and(is_closed_at_once)
    }
}

/// The tag that begins at a place, on one line.
pub(super) fn tag_at(text: &str, at: usize) -> Option<Shortcode<'_>> {
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
    let length = shown
        .bytes()
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        .count();
    let begins = shown.as_bytes().first().is_some_and(|first| first.is_ascii_alphabetic())
        || meaning(&shown[..length]).is_some();
    let is_separate = shown[length..]
        .chars()
        .next()
        .is_none_or(|c| c.is_whitespace() || matches!(c, '/' | ',' | ':'));
    if !(begins && is_separate) {
        // What Hugo shows as it is.
        return (is_hugo && inside.starts_with("/*")).then_some(Shortcode {
            range,
            name: "",
            rest: inside,
            is_end: false,
            is_hugo,
        });
    }
    let (name, rest) = (&shown[..length], shown[length..].trim());
    match name.strip_prefix("end").filter(|name| !is_hugo && meaning(name).is_some()) {
        Some(name) => Some(Shortcode { range, name, rest, is_end: true, is_hugo }),
        None => Some(Shortcode { range, name, rest, is_end: end.is_some(), is_hugo }),
    }
}

/// Where the marks stand that end blocks, by name, and where Hugo's begin: all are looked for once
/// from left to right.
pub(super) struct EndTags<'s> {
    text: &'s str,
    hexo: Ahead<'s>,
    found: BTreeMap<(&'s str, bool), Vec<Range<usize>>>,
    begun: BTreeMap<(&'s str, bool), Vec<usize>>,
    is_read: bool,
}

impl<'s> EndTags<'s> {
    pub(super) fn new(text: &'s str) -> EndTags<'s> {
        EndTags {
            text,
            hexo: Ahead::new(text, "{%"),
            found: BTreeMap::new(),
            begun: BTreeMap::new(),
            is_read: false,
        }
    }

    /// The first end of a block of this name at or after a place.
    pub(super) fn of(&mut self, name: &str, is_hugo: bool, from: usize) -> Option<Range<usize>> {
        if !std::mem::replace(&mut self.is_read, true) {
            self.read();
        }
        let ends = self.found.get(&(name, is_hugo))?;
        ends.get(ends.partition_point(|end| end.start < from)).cloned()
    }

    /// The end of a tag that may stand by itself as well: another of its name between the two
    /// stands by itself, or has the end.
    pub(super) fn of_own(&mut self, tag: &Shortcode<'s>) -> Option<Range<usize>> {
        let end =
            self.of(tag.name, tag.is_hugo, tag.range.end).filter(|_| !tag.is_closed_at_once())?;
        let begun = self.begun.get(&(tag.name, tag.is_hugo)).map_or(&[][..], Vec::as_slice);
        let next = begun.get(begun.partition_point(|begun| *begun <= tag.range.start));
        next.is_none_or(|next| *next > end.start).then_some(end)
    }

    fn read(&mut self) {
        let mut at = 0;
        while let Some(place) = self.hexo.at_or_after(at) {
            at = place + 2;
            self.add(place);
        }
        for place in memchr::memmem::find_iter(self.text.as_bytes(), "{{<")
            .chain(memchr::memmem::find_iter(self.text.as_bytes(), "{{%"))
        {
            self.add(place);
        }
        for ends in self.found.values_mut() {
            ends.sort_unstable_by_key(|end| end.start);
        }
        for begun in self.begun.values_mut() {
            begun.sort_unstable();
        }
    }

    fn add(&mut self, place: usize) {
        match tag_at(self.text, place) {
            Some(tag) if tag.is_end => {
                self.found.entry((tag.name, tag.is_hugo)).or_default().push(tag.range);
            }
            Some(tag) => {
                self.begun.entry((tag.name, tag.is_hugo)).or_default().push(tag.range.start);
            }
            None => {}
        }
    }
}

/// Whether a slash behind this ends a tag of Hugo's, `{{< x a="b" />}}`, and no address.
pub(super) fn is_closed_at_once(before: &str) -> bool {
    before.is_empty() || before.ends_with([' ', '"', '`'])
}
