//! Boxes of other programs: `:::tip 题` … `:::` of VuePress, Docusaurus and Yuque, `!!! note "题"`
//! and `??? note` of MkDocs, whose text is indented below. They become callouts as Obsidian writes
//! them, `> [!tip] 题`. What has no end or no kind that is known stays text.

use std::ops::Range;

use memchr::memmem;

use super::callout;
use crate::html;
use crate::source::edits::Edits;
use crate::source::unit::{OpenLines, line_at};

/// Boxes within boxes that are read: each level makes the lines in it longer.
const DEEPEST: usize = 8;

/// One box.
#[derive(Debug)]
struct Admonition {
    /// From its first line to behind its last.
    range: Range<usize>,
    /// `[!tip]- 题`; none where its kind is not known.
    opening: Option<String>,
    /// Columns before its mark.
    indent: usize,
    shape: Shape,
}

impl Admonition {
    /// Whether the line that begins at a place ends it.
    fn ends_at(&self, at: usize) -> bool {
        matches!(self.shape, Shape::Fenced(_, end) if end == at)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    /// So many colons open it, and end it in a line that begins at the place.
    Fenced(usize, usize),
    /// Its text is indented.
    Indented,
}

/// Edits that make callouts of boxes.
pub(crate) fn quote(text: &str) -> Edits {
    let mut edits = Edits::default();
    if ![":::", "!!!", "???"]
        .into_iter()
        .any(|mark| memmem::find(text.as_bytes(), mark.as_bytes()).is_some())
    {
        return edits;
    }
    let all = admonitions(text);
    let mut next = all.iter().peekable();
    let mut open: Vec<&Admonition> = Vec::new();
    let mut at = 0;
    while at < text.len() {
        if open.is_empty() {
            let Some(first) = next.peek() else { break };
            at = first.range.start;
        }
        let line = line_at(text, at);
        let shown = at..at + line.trim_end().len();
        if let Some(begun) = next.next_if(|next| next.range.start == at) {
            open.push(begun);
            let marks = marks(&open);
            edits.replace(
                shown,
                &format!(
                    "{marks}{}\n{}",
                    begun.opening.as_deref().unwrap_or_default(),
                    marks.trim_end()
                ),
            );
        } else if open.last().is_some_and(|last| last.ends_at(at)) {
            open.pop();
            edits.replace(shown, marks(&open).trim_end());
        } else if shown.is_empty() {
            edits.replace(shown, marks(&open).trim_end());
        } else {
            let indented = open.iter().filter(|open| open.shape == Shape::Indented).count();
            let indent = indentation(line, open[0].indent + INDENT * indented).1;
            edits.replace(at..at + indent, &marks(&open));
        }
        at += line.len();
        while open.last().is_some_and(|last| last.shape == Shape::Indented && last.range.end <= at)
        {
            open.pop();
            // The next line would go on with the paragraph of the box.
            edits.replace(at..at, &format!("{}\n", marks(&open).trim_end()));
        }
    }
    edits
}

/// What stands before a line in all these boxes.
fn marks(open: &[&Admonition]) -> String {
    " ".repeat(open.first().map_or(0, |first| first.indent)) + &"> ".repeat(open.len())
}

/// Columns by which MkDocs indents.
const INDENT: usize = 4;

/// The columns and the bytes of a line's indentation, as far as so many columns go.
fn indentation(line: &str, most: usize) -> (usize, usize) {
    let (mut columns, mut bytes) = (0, 0);
    for byte in line.bytes().take_while(|byte| matches!(byte, b' ' | b'\t')) {
        if columns >= most {
            break;
        }
        columns += if byte == b'\t' { INDENT } else { 1 };
        bytes += 1;
    }
    (columns, bytes)
}

/// The boxes of a text, in order; each ends before those around it do.
fn admonitions(text: &str) -> Vec<Admonition> {
    let mut boxes = Boxes::default();
    let mut seen = 0;
    for (start, line) in OpenLines::of(text) {
        if seen < start {
            // Code lies between.
            boxes.outdent(indentation(line_at(text, seen), usize::MAX).0);
            boxes.end = start;
        }
        seen = start + line.len();
        if !line.trim().is_empty() {
            boxes.look_at(start, line);
            boxes.end = seen;
        }
    }
    boxes.outdent(0);
    boxes.drop_open(0);
    let mut found: Vec<Admonition> =
        boxes.found.into_iter().flatten().filter(|found| found.opening.is_some()).collect();
    found.sort_by_key(|found| found.range.start);
    found
}

#[derive(Default)]
struct Boxes {
    found: Vec<Option<Admonition>>,
    /// Which of them are open, innermost last.
    open: Vec<usize>,
    /// Where the last line that is not blank ended.
    end: usize,
}

impl Boxes {
    fn look_at(&mut self, start: usize, line: &str) {
        let (columns, bytes) = indentation(line, usize::MAX);
        self.outdent(columns);
        let base = self
            .opened()
            .find(|(_, found)| found.shape == Shape::Indented)
            .map_or(0, |(_, found)| found.indent + INDENT);
        if columns - base.min(columns) > 3 {
            return;
        }
        let shown = line[bytes..].trim_end();
        let colons = shown.bytes().take_while(|byte| *byte == b':').count();
        if colons >= 3 && shown.len() == colons {
            self.close(colons, start, start + line.len());
            return;
        }
        let (opening, shape) = if colons >= 3 {
            let Some(opening) = fenced(&shown[colons..]) else { return };
            (opening, Shape::Fenced(colons, 0))
        } else {
            let Some(opening) = indented(shown) else { return };
            (Some(opening), Shape::Indented)
        };
        let opening = opening.filter(|_| self.open.len() < DEEPEST);
        self.open.push(self.found.len());
        self.found.push(Some(Admonition {
            range: start..start + line.len(),
            opening,
            indent: columns,
            shape,
        }));
    }

    /// Those that are open, innermost first, with their place among the open ones. A great many are
    /// none that anybody meant.
    fn opened(&self) -> impl Iterator<Item = (usize, &Admonition)> {
        let places = (0..self.open.len()).rev().take(64);
        places.filter_map(|place| Some((place, self.found[self.open[place]].as_ref()?)))
    }

    /// Ends those whose text must be indented more than this.
    fn outdent(&mut self, columns: usize) {
        let is_over = |(_, found): &(usize, &Admonition)| {
            found.shape == Shape::Indented && columns < found.indent + INDENT
        };
        loop {
            let place = self.opened().find(is_over).map(|(place, _)| place);
            let Some(place) = place else { break };
            self.drop_open(place + 1);
            let (index, end) = (self.open.remove(place), self.end);
            // What has neither text nor title is nothing but marks.
            self.found[index].take_if(|found| {
                end <= found.range.end
                    && !found.opening.as_ref().is_some_and(|opening| opening.contains(' '))
            });
            if let Some(found) = &mut self.found[index] {
                found.range.end = end;
            }
        }
    }

    /// Ends the innermost box of so many colons, else of fewer.
    fn close(&mut self, colons: usize, start: usize, end: usize) {
        let inner = || self.opened().take_while(|(_, found)| found.shape != Shape::Indented);
        let count = |found: &Admonition| {
            if let Shape::Fenced(count, _) = found.shape { count } else { usize::MAX }
        };
        let place = inner()
            .find(|(_, found)| count(found) == colons)
            .or_else(|| inner().find(|(_, found)| count(found) < colons));
        let Some(place) = place.map(|(place, _)| place) else { return };
        self.drop_open(place + 1);
        if let Some(found) = self.open.pop().and_then(|index| self.found[index].as_mut()) {
            found.range.end = end;
            found.shape = Shape::Fenced(colons, start);
        }
    }

    /// Those from this one on have no end.
    fn drop_open(&mut self, from: usize) {
        for index in self.open.drain(from.min(self.open.len())..) {
            self.found[index] = None;
        }
    }
}

/// What follows the colons that open a box: its kind and title, as a callout has them; none within
/// where the kind is not known.
fn fenced(rest: &str) -> Option<Option<String>> {
    let rest = rest.trim();
    let begun = rest.strip_prefix("{.").unwrap_or(rest);
    let length = begun
        .bytes()
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        .count();
    let (name, after) = begun.split_at(length);
    if name.is_empty() {
        return None;
    }
    let is_color = name.strip_prefix("color").is_some_and(|number| number.len() == 1);
    let mark = match name.to_ascii_lowercase().as_str() {
        "details" => "[!note]-".to_owned(),
        _ if is_color => "[!note]".to_owned(),
        name if callout::kind(name).is_some() => format!("[!{name}]"),
        _ => return Some(None),
    };
    let after = after.trim().trim_end_matches(':').trim_end();
    let in_brackets = after
        .strip_prefix('[')
        .and_then(|title| title.split_once(']'))
        .map(|(title, _)| title.to_owned());
    let in_braces = after.strip_prefix('{').filter(|list| list.ends_with('}')).map(|list| {
        html::attributes(&list[..list.len() - 1])
            .find(|(name, _)| name == "title")
            .map_or(String::new(), |(_, title)| title.into_owned())
    });
    let title = in_brackets.or(in_braces).unwrap_or_else(|| after.trim_end_matches('}').to_owned());
    Some(Some(titled(mark, title.trim())))
}

/// A line that opens a box whose text is indented.
fn indented(line: &str) -> Option<String> {
    let (fold, rest) = if let Some(rest) = line.strip_prefix("!!!") {
        ("", rest)
    } else {
        let rest = line.strip_prefix("???")?;
        rest.strip_prefix('+').map_or(("-", rest), |rest| ("+", rest))
    };
    let rest = rest.strip_prefix(' ').unwrap_or(rest);
    let (words, title) = match rest.split_once('"') {
        Some((words, title)) => (words, title.trim_end().strip_suffix('"')?),
        None => (rest, ""),
    };
    let is_word = |word: &str| {
        word.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    let kind =
        words.split_whitespace().next().filter(|kind| kind.as_bytes()[0].is_ascii_alphabetic())?;
    words.split_whitespace().all(is_word).then(|| titled(format!("[!{kind}]{fold}"), title.trim()))
}

fn titled(mark: String, title: &str) -> String {
    if title.is_empty() { mark } else { mark + " " + title }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn quoted(text: &str) -> String {
        quote(text).apply(text).0
    }

    #[test]
    fn boxes_become_callouts() {
        for (text, wanted) in [
            (":::tip 题\n文\n:::\n后", "> [!tip] 题\n>\n> 文\n\n后"),
            (
                "::: warning\n文\n\n```\n:::\n```\n:::",
                "> [!warning]\n>\n> 文\n>\n> ```\n> :::\n> ```\n",
            ),
            (":::note[题]\n:::\n", "> [!note] 题\n>\n\n"),
            (":::info{title=\"题\"}\n文\n:::\n", "> [!info] 题\n>\n> 文\n\n"),
            ("::: {.tip}\n文\n:::\n", "> [!tip]\n>\n> 文\n\n"),
            ("::: details 点开\n文\n:::\n", "> [!note]- 点开\n>\n> 文\n\n"),
            (
                "::::tip\n甲\n:::warning\n乙\n:::\n丙\n::::\n",
                "> [!tip]\n>\n> 甲\n> > [!warning]\n> >\n> > 乙\n>\n> 丙\n\n",
            ),
            (
                "1. 甲\n   :::tip\n   乙\n   :::\n2. 丙\n",
                "1. 甲\n   > [!tip]\n   >\n   > 乙\n\n2. 丙\n",
            ),
            (
                "!!! note \"题\"\n    甲\n\n        码\n后\n",
                "> [!note] 题\n>\n> 甲\n>\n>     码\n\n后\n",
            ),
            ("??? tip\n    甲\n\n后\n", "> [!tip]-\n>\n> 甲\n\n\n后\n"),
            (
                "!!! tip\n\t甲\n\n\t!!! danger \"内\"\n\t\t乙\n",
                "> [!tip]\n>\n> 甲\n>\n> > [!danger] 内\n> >\n> > 乙\n>\n\n",
            ),
        ] {
            assert_eq!(quoted(text), wanted, "{text}");
        }
        for text in [
            ":::tip 没有结尾\n\n文",
            "::: code-group\n文\n:::\n",
            ":::\n",
            "```\n:::tip\n文\n:::\n```\n",
            "!!! 注意\n",
            "!!! note\n文\n",
            "!!!\n",
            "???\n\n    码",
            "    :::tip\n    文\n    :::\n",
        ] {
            assert_eq!(quoted(text), text);
        }
    }

    #[test]
    fn many_boxes_cost_no_more_than_they_are() {
        for piece in [":::tip\n", ":::tip\n:::\n", "!!! note\n    ", ":::x\n", "::::tip\n:::\n"] {
            let source = piece.repeat(20_000);
            assert!(quoted(&source).len() < 20 * source.len(), "{piece}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "((:::|::::|!!! |\\?\\?\\? |tip|x|\"甲\"|    |\t|```|> |- |甲)?(\n|\n| )){0,24}") {
            quoted(&text);
        }
    }
}
