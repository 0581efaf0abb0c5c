//! What templates of Jekyll put into addresses: `[字]({{ site.baseurl }}/a/)`,
//! `<a href="{{ "/a" | relative_url }}">`. Left there, the blanks would make it no link, or the
//! braces lead nowhere. Elsewhere such names are text, unless Liquid is switched on.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::liquid::{self, Scope};
use crate::source::edits::Change;
use crate::{Finding, Placed};

/// Bytes of an address that are looked at before a mark, and of the longest mark.
const LONGEST: usize = 500;

/// Reads the outputs in addresses from left to right.
pub(crate) struct TemplateReader<'s> {
    text: &'s str,
    scope: Option<&'s dyn Scope>,
    /// Where the last mark of an address ended.
    passed: usize,
    was_in_address: bool,
    /// What is not known, with its first place and how often it stands there.
    unknown: BTreeMap<&'s str, (Range<usize>, usize)>,
}

impl<'s> TemplateReader<'s> {
    pub(crate) fn new(text: &'s str, scope: Option<&'s dyn Scope>) -> TemplateReader<'s> {
        TemplateReader { text, scope, passed: 0, was_in_address: false, unknown: BTreeMap::new() }
    }

    /// Whether a place lies in an address of Markdown's or in the value of an attribute that is
    /// one.
    pub(crate) fn is_in_address(&mut self, at: usize) -> bool {
        let from =
            self.text.floor_char_boundary(at.saturating_sub(LONGEST).max(self.passed.min(at)));
        let before = &self.text[from..at];
        let begin = before.rfind(|c: char| {
            c.is_whitespace() || matches!(c, '(' | '"' | '\'' | '<' | '>' | '=' | '}' | ')')
        });
        self.was_in_address = match begin.map(|begin| (from + begin, before.as_bytes()[begin])) {
            // What stands between this mark and the last is part of the same address.
            None => from == self.passed && self.passed > 0 && self.was_in_address,
            Some((place, b'(')) => self.text[..place].ends_with(']'),
            Some((place, b'<')) => self.text[..place].ends_with("]("),
            Some((place, b'"' | b'\'')) => {
                self.text[..place].ends_with('=') && names_address(&self.text[..place - 1])
            }
            Some((place, b'=')) => names_address(&self.text[..place]),
            Some((place, b' ')) => {
                self.text[..place].ends_with("]:") && names_reference(&self.text[from..place])
            }
            _ => false,
        };
        self.was_in_address
    }

    /// A mark was read that ends here.
    pub(crate) fn pass(&mut self, end: Option<usize>) {
        self.passed = end.unwrap_or(self.passed);
    }

    /// Reads the output at a place; outside of addresses, and where it is switched on, it is
    /// Liquid's.
    pub(crate) fn read(&mut self, at: usize, is_liquid: bool, changes: &mut Vec<Change>) {
        if !self.is_in_address(at) {
            return;
        }
        let Some(inside) = inside(self.text, at) else { return };
        let range = at..at + inside.len() + 4;
        self.passed = range.end;
        if is_liquid {
            return;
        }
        let is_said_again = liquid::is_said_again(inside, &self.text[range.end..]);
        match self.scope.and_then(|scope| {
            if is_said_again { Some(String::new()) } else { liquid::value(inside, scope) }
        }) {
            Some(value) => changes.push((range, value.replace(' ', "%20"))),
            None => self.unknown.entry(inside.trim()).or_insert((range, 0)).1 += 1,
        }
    }

    pub(crate) fn findings(self) -> impl Iterator<Item = Placed> {
        self.unknown.into_iter().map(|(name, (range, count))| {
            (range, Finding::AddressUnknown { name: name.to_string(), count })
        })
    }
}

/// Whether `{{` at a place is an output of one line.
pub(crate) fn may_begin(text: &str, at: usize) -> bool {
    let before = text.as_bytes().get(at.wrapping_sub(1)).copied().unwrap_or(b' ');
    // Most of it is prose about templates, or code.
    !before.is_ascii_whitespace() && inside(text, at).is_some() || text[..at].ends_with("]: ")
}

/// What stands in the braces of an output.
fn inside(text: &str, at: usize) -> Option<&str> {
    let window = &text[at + 2..text.floor_char_boundary(at + LONGEST)];
    let inside = &window[..window.find("}}")?];
    (!inside.contains(['\n', '{'])).then_some(inside)
}

/// Whether a text ends with the name of a reference, `[字]:`, and not of a note.
fn names_reference(text: &str) -> bool {
    let line = text.rsplit('\n').next().unwrap_or(text).trim_start();
    line.starts_with('[') && !line.starts_with("[^")
}

/// Whether the name of an attribute that holds an address ends a text.
fn names_address(text: &str) -> bool {
    ["href", "src", "srcset", "data-src", "poster"].iter().any(|name| {
        let before = text.len().checked_sub(name.len() + 1).map(|at| text.as_bytes()[at]);
        before.is_some_and(|before| before.is_ascii_whitespace())
            && text.as_bytes()[text.len() - name.len()..].eq_ignore_ascii_case(name.as_bytes())
    })
}
