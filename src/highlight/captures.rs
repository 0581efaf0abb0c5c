//! What a rule captured, for the rules that refer to it.

use super::scopes::Groups;

/// A line and where the groups of a match stand in it.
pub(super) struct Captures {
    pub(super) line: String,
    pub(super) groups: Groups,
}

impl Captures {
    /// Returns an expression with `\\1` and its like replaced by what was captured.
    pub(super) fn put_into(&self, expression: &str) -> String {
        /// What stands for something else in an expression.
        const META: &str = "\\.+*?()|[]{}^$#&-~";
        let mut out = String::with_capacity(expression.len());
        let mut characters = expression.chars();
        while let Some(c) = characters.next() {
            match (c, if c == '\\' { characters.next() } else { None }) {
                ('\\', Some(digit)) if digit.is_ascii_digit() => {
                    let group = digit
                        .to_digit(10)
                        .and_then(|group| self.groups.get(group as usize).copied().flatten());
                    let text = group.map_or("", |(start, end)| &self.line[start..end]);
                    for c in text.chars() {
                        if META.contains(c) {
                            out.push('\\');
                        }
                        out.push(c);
                    }
                }
                ('\\', Some(escaped)) => out.extend(['\\', escaped]),
                (c, _) => out.push(c),
            }
        }
        out
    }
}
