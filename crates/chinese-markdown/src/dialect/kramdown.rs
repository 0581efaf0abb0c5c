//! What kramdown adds, where it is switched on: attribute lists (`{: #id .class width="50%"}`) of
//! blocks and of what stands in them, lists of attributes by name (`{:x: .y}`), its extensions
//! (`{::comment}`), the place of the contents (`* 目录⏎{:toc}`), `*[HTML]: …`, `^` and `\\` at the
//! end of a line.
//!
//! Ids, sizes of pictures and `no_toc` are taken; classes and the rest mean something to a theme of
//! Jekyll's only, and are dropped.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::html::{self, escape_attribute};
use crate::source::edits::Change;
use crate::source::lookahead::Ahead;

/// Bytes of the longest list of attributes.
const LONGEST: usize = 1_000;

/// Reads the marks of one text from left to right.
pub(crate) struct KramdownReader<'s> {
    text: &'s str,
    /// What lists by name hold.
    named: BTreeMap<&'s str, Attributes>,
    next_end: Ahead<'s>,
    next_brace: Ahead<'s>,
    next_newline: Ahead<'s>,
    /// Nothing before this place is looked at again.
    seen: usize,
    /// The line that was looked at last.
    last: LineRange,
}

/// What is taken of a list of attributes.
#[derive(Clone, Debug, Default)]
struct Attributes {
    id: Option<String>,
    is_contents: bool,
    is_left_out_of_contents: bool,
}

/// A line: where it begins, where it ends before its line break.
type LineRange = Range<usize>;

impl<'s> KramdownReader<'s> {
    pub(crate) fn new(text: &'s str) -> KramdownReader<'s> {
        let ahead = |mark| Ahead::new(text, mark);
        KramdownReader {
            text,
            named: BTreeMap::new(),
            next_end: ahead("{:/"),
            next_brace: ahead("}"),
            next_newline: ahead("\n"),
            seen: 0,
            last: 0..0,
        }
    }

    /// Reads what stands at a place; in raw HTML only extensions mean something.
    pub(crate) fn read(&mut self, at: usize, is_markdown: bool, changes: &mut Vec<Change>) {
        let rest = &self.text[at..];
        if rest.starts_with("{::") || rest.starts_with("{:/") {
            changes.extend(self.extension(at));
            return;
        }
        if !is_markdown {
            return;
        }
        if rest.starts_with('\\') {
            // One of the two breaks the line.
            changes.push((at..at + 1, String::new()));
        } else if rest.starts_with('^') {
            // Two lists side by side stay two: a comment ends the first.
            changes.push((at..at + 1, "<!-- -->".to_owned()));
        } else if rest.starts_with('[') {
            changes.extend(self.abbreviation(at));
        } else {
            self.list(at, changes);
        }
    }

    /// `{::comment}…{:/comment}` goes with what it holds, of the others the marks go.
    fn extension(&mut self, at: usize) -> Option<Change> {
        let inside = self.inside(at)?;
        let end = at + inside.len() + 2;
        let is_comment = inside.starts_with("::comment") && !inside.ends_with('/');
        if !is_comment {
            return Some((self.whole_line(at..end), String::new()));
        }
        let close = self.next_end.at_or_after(end);
        let close = close.and_then(|close| Some(close + self.text[close..].find('}')? + 1));
        // Without an end it holds nothing.
        Some((self.whole_line(at..close.unwrap_or(end)), String::new()))
    }

    /// A mark that is all of its line goes with the line's break.
    fn whole_line(&mut self, range: Range<usize>) -> Range<usize> {
        let line = self.own_line(range.end.saturating_sub(1));
        let begins =
            self.text[..range.start].is_empty() || self.text[..range.start].ends_with('\n');
        let ends = self.text[range.end..line.end].trim().is_empty();
        if begins && ends { range.start..line.end } else { range }
    }

    /// `*[HTML]: Hyper Text Markup Language` explains a word to a mouse; readers of a text do
    /// without.
    fn abbreviation(&mut self, at: usize) -> Option<Change> {
        let line = self.own_line(at);
        let is_one = line.start == at - 1 && self.text[at..line.end].contains("]:");
        is_one.then(|| (line, String::new()))
    }

    /// What stands between the braces that open at a place.
    fn inside(&mut self, at: usize) -> Option<&'s str> {
        let end = self.next_brace.at_or_after(at).filter(|end| *end < at + LONGEST)?;
        let is_one_line = self.next_newline.at_or_after(at).is_none_or(|newline| newline > end);
        is_one_line.then(|| &self.text[at + 1..end])
    }

    fn list(&mut self, at: usize, changes: &mut Vec<Change>) {
        if at < self.seen {
            return;
        }
        let Some(inside) = self.inside(at) else { return };
        let end = at + inside.len() + 2;
        let line = self.own_line(at);
        let before = &self.text[line.start..at];
        let is_last = are_lists(&self.text[end..line.end]);
        let has_line = is_last && are_lists(before.trim_start_matches(is_mark));
        if let Some((name, list)) =
            inside[1..].split_once(':').filter(|(name, _)| has_line && is_word(name))
        {
            let attributes = self.attributes(list);
            self.named.insert(name, attributes);
            changes.push((line, String::new()));
            return;
        }
        if has_line {
            // Of several that stand side by side the first takes all.
            let all = self.text[at..line.end].trim().replace("}{:", " ");
            let attributes = self.attributes(all[2..].trim_end_matches('}'));
            self.list_of_block(line, at, &attributes, changes);
            return;
        }
        let attributes = self.attributes(&inside[1..]);
        if begins_text(before) || before.ends_with([')', ']', '*', '_', '`', '~', '>', '}']) {
            // Of an item, or of a link, a picture, of what is emphasised; sizes of pictures were
            // taken with them.
            changes.push((at..end, String::new()));
        } else if before.trim_start().starts_with('#') && self.text[end..line.end].trim().is_empty()
        {
            let start = line.start + before.trim_end().len();
            changes.push((start..line.end, heading_attributes(&attributes)));
        } else if is_last
            && (before.starts_with("[^")
                || before.starts_with(": ")
                || self.text[line.end..].starts_with("\n: "))
        {
            // Of a note, of a term, of what it means.
            changes.push((at..line.end, String::new()));
        }
    }

    /// A list that is all of its line belongs to the block above, or to the one below where a blank
    /// line is above.
    fn list_of_block(
        &mut self,
        line: LineRange,
        at: usize,
        attributes: &Attributes,
        changes: &mut Vec<Change>,
    ) {
        let above = line
            .start
            .checked_sub(1)
            .map(|end| self.line(end))
            .filter(|above| !self.text[above.clone()].trim().is_empty());
        let block = match &above {
            Some(above) if attributes.is_contents => self.beginning_of_list(above),
            _ => None,
        };
        if let Some(start) = block {
            changes.push((start..line.end, String::new()));
            self.seen = line.end;
            return;
        }
        let below = (line.end < self.text.len()).then(|| self.line(line.end + 1));
        let of = above.as_ref().or(below.as_ref());
        let shown = of.map_or("", |of| &self.text[of.clone()]);
        // An empty line between two items would part them.
        let next = below.as_ref().map_or("", |below| &self.text[below.clone()]);
        let is_between_items = at == line.start
            && next.starts_with(|c: char| matches!(c, '*' | '-' | '+' | ' ') || c.is_ascii_digit());
        let gone = (at..line.end + usize::from(is_between_items), String::new());
        if let Some(of) = of.filter(|_| shown.starts_with('#') && !shown.contains("{#")) {
            let marks = (of.start + shown.trim_end().len()..of.end, heading_attributes(attributes));
            changes.extend(if of.start < at { [marks, gone] } else { [gone, marks] });
        } else if let (Some(of), Some(id)) = (of.filter(|_| is_prose(shown)), &attributes.id) {
            let place = (of.start..of.start, format!("<a id=\"{}\"></a>", escape_attribute(id)));
            changes.extend(if of.start < at { [place, gone] } else { [gone, place] });
        } else {
            changes.push(gone);
        }
        self.seen = line.end;
    }

    /// Where the list begins that the line above a mark is in; none where that is no list.
    fn beginning_of_list(&self, above: &LineRange) -> Option<usize> {
        let mut first = above.clone();
        loop {
            let shown = &self.text[first.clone()];
            if shown.trim().is_empty() || first.start < self.seen {
                return None;
            }
            let is_item = shown.starts_with(['*', '-', '+'])
                || shown.trim_start_matches(|c: char| c.is_ascii_digit()).starts_with(['.', ')']);
            let before = first
                .start
                .checked_sub(1)
                .map(|end| self.line(end))
                .filter(|line| line.start >= self.seen);
            match before.filter(|before| {
                !self.text[before.clone()].trim().is_empty()
                    && !self.text[before.clone()].starts_with('#')
            }) {
                Some(before) => first = before,
                None => return is_item.then_some(first.start),
            }
        }
    }

    fn attributes(&self, list: &str) -> Attributes {
        let mut attributes = Attributes::default();
        for word in list.split_whitespace() {
            if let Some(id) = word.strip_prefix('#') {
                attributes.id = Some(id.split('.').next().unwrap_or(id).to_owned());
            } else if word == "toc" {
                attributes.is_contents = true;
            } else if word.split('.').any(|class| class == "no_toc") {
                attributes.is_left_out_of_contents = true;
            } else if let Some(named) = self.named.get(word) {
                attributes.id = named.id.clone().or(attributes.id);
                attributes.is_left_out_of_contents |= named.is_left_out_of_contents;
            }
        }
        let id = html::attributes(list)
            .find(|(name, value)| name == "id" && !value.is_empty())
            .map(|(_, id)| id.into_owned());
        attributes.id = id
            .or(attributes.id)
            .filter(|id| !id.contains(['{', '}', '"', '<', '>']) && !id.is_empty());
        attributes
    }

    /// The line of a mark; there may be many in one.
    fn own_line(&mut self, at: usize) -> LineRange {
        if !self.last.contains(&at) {
            self.last = self.line(at);
        }
        self.last.clone()
    }

    /// The line that holds the byte at a place.
    fn line(&self, at: usize) -> LineRange {
        let bytes = self.text.as_bytes();
        let start = memchr::memrchr(b'\n', &bytes[..at]).map_or(0, |newline| newline + 1);
        start..memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |newline| at + newline)
    }
}

/// Whether `^` at a place is all of its line.
pub(crate) fn ends_block(text: &str, at: usize) -> bool {
    let bytes = text.as_bytes();
    let begins = at.checked_sub(1).is_none_or(|before| bytes[before] == b'\n');
    begins
        && text[at + 1..].trim_start_matches([' ', '\r']).chars().next().is_none_or(|c| c == '\n')
}

/// Whether the two backslashes at the end of a line break it: a third would be escaped by one of
/// them.
pub(crate) fn breaks_line(text: &str, at: usize) -> bool {
    !text[..at].ends_with('\\')
}

fn is_word(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'))
}

/// Whether a character is indentation, or part of the marks of quotes, items and definitions.
fn is_mark(c: char) -> bool {
    matches!(c, ' ' | '\t' | '>' | '*' | '-' | '+' | '.' | ':') || c.is_ascii_digit()
}

/// Whether the text of an item or a note begins behind this.
fn begins_text(before: &str) -> bool {
    let note = before.strip_prefix("[^").map(|note| &note[..note.floor_char_boundary(LONGEST)]);
    let label = note.and_then(|note| note.find("]:")).map_or(0, |end| end + "[^]:".len());
    let before = &before[label..];
    before.chars().all(is_mark)
}

/// Whether nothing but attribute lists, or nothing at all, stands in the rest of a line.
fn are_lists(rest: &str) -> bool {
    let mut rest = rest.trim();
    if rest.len() > LONGEST {
        return false;
    }
    while let Some((_, after)) = rest.strip_prefix("{:").and_then(|list| list.split_once('}')) {
        rest = after.trim_start();
    }
    rest.is_empty()
}

/// Whether a line is the text of a paragraph, into which a place can be put.
fn is_prose(line: &str) -> bool {
    line.chars().next().is_some_and(|c| {
        c.is_alphanumeric() || (!c.is_ascii() && !c.is_whitespace()) || matches!(c, '*' | '!' | '[')
    }) && !line.starts_with("* ")
        && !line.trim_start_matches(|c: char| c.is_ascii_digit()).starts_with(". ")
}

/// As a heading carries attributes in the line itself.
fn heading_attributes(attributes: &Attributes) -> String {
    let id = attributes.id.as_ref().map(|id| format!("#{id}"));
    let class = attributes.is_left_out_of_contents.then(|| ".no_toc".to_owned());
    let all: Vec<String> = id.into_iter().chain(class).collect();
    if all.is_empty() { String::new() } else { format!(" {{{}}}", all.join(" ")) }
}
