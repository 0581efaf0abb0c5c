//! Marks of other programs that were not understood and are shown as text: what there is to say of
//! them.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::dialect::shortcode::EXPANDED;
use crate::{Document, Finding, Placed, Remedy};

/// Marks that are shown, counted, each with its first place.
#[derive(Debug, Default)]
pub(crate) struct Leftovers {
    found: BTreeMap<&'static str, (usize, usize)>,
}

impl Leftovers {
    /// Looks at a text that readers will see, which stands at `range` of the document.
    pub(crate) fn look_at(&mut self, text: &str, range: &Range<usize>, document: &str) {
        for mark in [":::", "!!! ", "??? "].into_iter().filter(|mark| text.starts_with(mark)) {
            self.add(mark.trim_end(), range.start);
        }
        for at in memchr::memchr3_iter(b'{', b'[', b'*', text.as_bytes()) {
            if let Some(mark) = mark_at(text, at) {
                // What is written as an escape is meant to be seen.
                let written = &document[range.clone()];
                let place = if written.len() == text.len() { Some(at) } else { written.find(mark) };
                if let Some(place) =
                    place.filter(|place| *place > 0 || !document[..range.start].ends_with('\\'))
                {
                    self.add(mark, range.start + place);
                }
            }
        }
    }

    fn add(&mut self, mark: &'static str, at: usize) {
        self.found.entry(mark).or_insert((at, 0)).1 += 1;
    }

    /// One finding of each kind.
    pub(crate) fn findings(self, document: &Document<'_>) -> impl Iterator<Item = Placed> {
        self.found.into_iter().map(move |(mark, (at, count))| {
            let remedy = remedy(mark, &document.text()[at.min(document.text().len())..], document);
            let at = document.original(at);
            (at..at + 1, Finding::MarkShown { mark, count, remedy })
        })
    }
}

/// The mark that begins at a brace, a bracket or a star, or ends with it.
fn mark_at(text: &str, at: usize) -> Option<&'static str> {
    let (before, rest) = (&text[..at], &text[at..]);
    let next = rest[1..].chars().next();
    match rest.as_bytes()[0] {
        b'{' => match next? {
            '%' => Some("{%"),
            '{' if rest.starts_with("{{<") => Some("{{<"),
            '{' if rest.starts_with("{{%") => Some("{{%"),
            '.' => {
                let name = rest[2..].find(|c: char| {
                    !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '#' | ' '))
                });
                name.is_some_and(|end| end > 0 && rest[2 + end..].starts_with('}')).then_some("{.")
            }
            ':' => rest[2..]
                .starts_with(|c: char| {
                    matches!(c, ' ' | '.' | '#' | ':' | '/') || c.is_ascii_alphabetic()
                })
                .then_some("{:"),
            _ => before.ends_with("\\begin").then_some("\\begin{"),
        },
        b'[' if before.ends_with('!') => {
            let end = rest.get(..rest.floor_char_boundary(400))?.find("](")?;
            (!rest[1..end].contains('[')).then_some("![](")
        }
        b'[' if before.ends_with('^') && !before.ends_with("[^") => {
            rest.contains(']').then_some("^[")
        }
        b'[' if SHORTCODES.iter().any(|name| rest[1..].starts_with(name)) => {
            rest.contains(']').then_some("[gallery")
        }
        b'[' if rest.get(..5).is_some_and(|begin| begin.eq_ignore_ascii_case("[toc]")) => {
            Some("[TOC]")
        }
        b'[' => (next == Some('[')
            && !before.ends_with('[')
            && rest[2..].starts_with(char::is_alphabetic))
        .then_some("[["),
        // `2 ** 31` and rows of stars are no marks.
        _ => {
            let after = rest
                .strip_prefix("**")
                .filter(|after| !before.ends_with('*') && !after.starts_with('*'))?;
            let is_apart =
                before.ends_with(char::is_whitespace) && after.starts_with(char::is_whitespace);
            (!is_apart).then_some("**")
        }
    }
}

/// What WordPress writes in brackets, besides what is read.
const SHORTCODES: [&str; 6] = ["gallery ", "gallery]", "caption", "playlist ", "audio ", "video "];

/// What to do about a mark that begins a text.
fn remedy(mark: &str, text: &str, document: &Document<'_>) -> Remedy {
    // Tags of Hexo are written alike.
    let is_of_jekyll = || {
        let name = text
            .strip_prefix("{%")
            .map(|rest| rest.trim_start_matches(['-', ' ']))
            .unwrap_or_default();
        name.split_whitespace().next().is_some_and(|name| EXPANDED.contains(&name))
    };
    match mark {
        "{:" if !document.kramdown => Remedy::Kramdown,
        "{%" if !document.liquid && is_of_jekyll() => Remedy::Liquid,
        "\\begin{" => Remedy::Math,
        "^[" => Remedy::Note,
        "**" => Remedy::OtherHalf,
        "![](" => Remedy::AngleBrackets,
        _ => Remedy::Plain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&'static str> {
        let mut leftovers = Leftovers::default();
        leftovers.look_at(text, &(0..text.len()), text);
        leftovers.found.into_keys().collect()
    }

    #[test]
    fn marks_that_are_left_are_found() {
        for (text, mark) in [
            ("{: .lead}", "{:"),
            ("甲{:.x}", "{:"),
            ("{% if x %}", "{%"),
            ("{{< x >}}", "{{<"),
            ("甲[[乙]]", "[["),
            ("[toc]", "[TOC]"),
            ("![图](a b)", "![]("),
            ("**粗", "**"),
            ("\\begin{align}", "\\begin{"),
            (":::tip", ":::"),
            ("!!! note", "!!!"),
            ("甲 {.lead}", "{."),
            ("正则^[0-9]+", "^["),
            ("[gallery ids=\"1,2\"]", "[gallery"),
        ] {
            assert_eq!(found(text), [mark], "{text}");
        }
        for text in [
            "2 ** 31",
            "****",
            "[1]",
            "[[1, 2]]",
            "{a: 1}",
            "{:)",
            "甲！[乙]",
            "f(x)[0]",
            "a * b",
            "*",
            "a*",
            "{",
            "[",
            "![",
        ] {
            assert_eq!(found(text), [""; 0], "{text}");
        }
    }
}
