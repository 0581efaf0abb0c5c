//! What follows the name of a tag: words parted by blanks, or fields parted by commas, as its
//! author's program has them; and values that have names.

use super::style::{is_style, is_symbol};
use super::tag::is_closed_at_once;
use crate::dialect::callout;
use crate::dialect::picture::is_picture;

/// What a tag says, quotes taken off.
#[derive(Default)]
pub(super) struct Arguments<'s> {
    pub(super) words: Vec<Word<'s>>,
    named: Vec<(&'s str, &'s str)>,
}

/// A word, or all of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Word<'s> {
    pub(super) text: &'s str,
    pub(super) is_quoted: bool,
}

impl<'s> Arguments<'s> {
    /// By blanks.
    pub(super) fn of(text: &'s str) -> Arguments<'s> {
        let mut arguments = Arguments::default();
        let mut rest = opened(text);
        while !rest.is_empty() {
            // A name stands in the first word.
            let word = &rest[..rest.find(char::is_whitespace).unwrap_or(rest.len())];
            let value_at = |at: usize| {
                Some(&rest[at + 1..])
                    .filter(|value| !value.is_empty() && !value.starts_with(['/', '=']))
            };
            let (name, begun) = match word
                .find(['=', ':'])
                .filter(|at| is_name(&rest[..*at], rest))
                .map(|at| (&rest[..at], value_at(at)))
            {
                Some((name, Some(value))) => (Some(name), value.trim_start()),
                _ => (None, rest),
            };
            let quoted = quoted_at_start(begun);
            let (value, after) = quoted
                .unwrap_or_else(|| begun.split_once(char::is_whitespace).unwrap_or((begun, "")));
            match name {
                Some(name) => arguments.named.push((name, value)),
                None => arguments.words.push(Word { text: value, is_quoted: quoted.is_some() }),
            }
            rest = after.trim_start();
        }
        arguments
    }

    /// By commas, where there are any.
    pub(super) fn by_commas(text: &'s str) -> Option<Arguments<'s>> {
        let fields = fields(opened(text));
        if fields.len() < 2 {
            return None;
        }
        let mut arguments = Arguments::default();
        for field in fields {
            let named = field
                .split_once(['=', ':'])
                .map(|(name, value)| (name.trim_end(), value.trim_start()));
            match named.filter(|(name, value)| is_name(name, field) && !value.starts_with("//")) {
                Some((name, value)) => arguments.named.push((name, unquoted(value).text)),
                None => arguments.words.push(unquoted(field)),
            }
        }
        Some(arguments)
    }

    /// By commas where one of the fields is an address, else by blanks: `地址, 字`, but
    /// `图.png 甲, 乙`.
    pub(super) fn with_address(text: &'s str) -> Arguments<'s> {
        let has_address = |fields: &Arguments<'_>| {
            fields.named(&["url", "src", "href", "link"]).is_some()
                || fields.words.iter().any(|field| is_address(field.text))
        };
        Arguments::by_commas(text).filter(has_address).unwrap_or_else(|| Arguments::of(text))
    }

    /// The value of the first of these names.
    pub(super) fn named(&self, names: &[&str]) -> Option<&'s str> {
        names.iter().find_map(|name| {
            self.named
                .iter()
                .find(|(named, _)| named.eq_ignore_ascii_case(name))
                .map(|(_, value)| *value)
        })
    }

    pub(super) fn texts(&self) -> impl Iterator<Item = &'s str> {
        self.words.iter().map(|word| word.text)
    }

    pub(super) fn first(&self) -> Option<&'s str> {
        self.texts().next()
    }

    /// A word that readers are meant to see: in quotes, or not of ASCII. `fas fa-bullhorn` is a
    /// symbol's.
    pub(super) fn title(&self) -> Option<&'s str> {
        let is_shown = |word: &&Word<'_>| {
            word.is_quoted
                && !word.text.is_empty()
                && !is_symbol(word.text)
                && callout::kind(word.text).is_none()
        };
        let of_quotes = self.words.iter().find(is_shown);
        of_quotes
            .or_else(|| self.words.iter().find(|word| !word.text.is_ascii()))
            .map(|word| word.text)
    }

    /// All words, those left out that only say how something looks.
    pub(super) fn shown(&self, between: &str) -> String {
        let shown: Vec<&str> = self
            .texts()
            .filter(|text| !text.is_empty() && !text.split_whitespace().all(is_style))
            .collect();
        shown.join(between)
    }
}

/// Whether a word leads somewhere.
pub(super) fn is_address(word: &str) -> bool {
    let path = word.split(['?', '#']).next().unwrap_or(word);
    let looks_like_one = word.contains("://")
        || word.starts_with(['/', '#']) && word.len() > 1 && !is_style(word)
        || word.starts_with("./")
        || word.starts_with("../")
        || word.starts_with("mailto:")
        || path.contains(".md")
        || path.contains(".html")
        || is_picture(path);
    looks_like_one && !word.contains(char::is_whitespace)
}

/// What stands between the commas of a text, or between `::`. A comma in quotes parts nothing, nor
/// does one of an address or of a number where others have a blank, a quote or a Chinese character
/// beside them.
pub(super) fn fields(text: &str) -> Vec<&str> {
    if text.contains("::") && !text.contains(',') {
        return text.split("::").map(str::trim).collect();
    }
    let (mut commas, mut at, mut begins) = (Vec::new(), 0, true);
    while let Some(next) = text[at..].chars().next() {
        if begins && let Some((_, after)) = quoted_at_start(&text[at..]) {
            at = text.len() - after.len();
            begins = false;
            continue;
        }
        if next == ',' {
            commas.push(at);
        }
        begins = next == ',' || begins && next.is_whitespace();
        at += next.len_utf8();
    }
    let is_apart = |at: usize| {
        let beside = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ',') || !c.is_ascii();
        text[at + 1..].chars().next().is_none_or(beside)
            || text[..at].chars().next_back().is_none_or(beside)
    };
    if commas.iter().any(|at| is_apart(*at)) {
        commas.retain(|at| is_apart(*at));
    }
    let mut start = 0;
    let mut fields: Vec<&str> = Vec::new();
    for comma in commas {
        fields.push(text[start..comma].trim());
        start = comma + 1;
    }
    fields.push(text[start..].trim());
    fields
}

/// What a tag says, without the slash that may end it.
fn opened(text: &str) -> &str {
    text.strip_suffix('/').filter(|rest| is_closed_at_once(rest)).unwrap_or(text).trim()
}

/// A field, out of its quotes if all of it stands in them.
pub(super) fn unquoted(field: &str) -> Word<'_> {
    match quoted_at_start(field) {
        Some((text, after)) if after.trim().is_empty() => {
            Word { text: text.trim(), is_quoted: true }
        }
        _ => Word { text: field, is_quoted: false },
    }
}

/// What stands in the quotes that a text begins with, and what follows them.
fn quoted_at_start(text: &str) -> Option<(&str, &str)> {
    let quote = text.chars().next().filter(|quote| matches!(quote, '"' | '\'' | '`' | '“'))?;
    text[quote.len_utf8()..].split_once(if quote == '“' { '”' } else { quote })
}

/// Whether what stands before `=` or `:` is a name, and no time or word of a text: `Re:` begins
/// one.
fn is_name(name: &str, with_value: &str) -> bool {
    let begins = |c: char| {
        c.is_ascii_lowercase()
            || c == '_'
            || c.is_ascii_uppercase() && with_value[name.len()..].starts_with('=')
    };
    name.starts_with(begins)
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_part_fields() {
        assert_eq!(fields("甲, 乙"), ["甲", "乙"]);
        assert_eq!(
            fields("'/a','甲, 乙','far fa-x',outline blue"),
            ["'/a'", "'甲, 乙'", "'far fa-x'", "outline blue"]
        );
        assert_eq!(
            fields("https://a.example/1,2.png, alt=甲"),
            ["https://a.example/1,2.png", "alt=甲"]
        );
        assert_eq!(fields("https://a.example/,Text,home"), ["https://a.example/", "Text", "home"]);
        assert_eq!(fields("/a,, home fa-fw"), ["/a", "", "home fa-fw"]);
        assert_eq!(fields("center::甲::/a"), ["center", "甲", "/a"]);
        assert_eq!(fields("don't, won't"), ["don't", "won't"]);
        assert_eq!(fields(""), [""]);
    }

    #[test]
    fn words_have_names_or_none() {
        let arguments = Arguments::of("左 a=\"b c\" 10:30 Re:Zero color:red 'd e' /f=g");
        assert_eq!(
            arguments.texts().collect::<Vec<_>>(),
            ["左", "10:30", "Re:Zero", "d e", "/f=g"]
        );
        assert_eq!(
            (arguments.named(&["a"]), arguments.named(&["color"])),
            (Some("b c"), Some("red"))
        );
        let arguments = Arguments::with_address("甲 一, url=https://a.example, 'd e'");
        assert_eq!(arguments.texts().collect::<Vec<_>>(), ["甲 一", "d e"]);
        let arguments = Arguments::with_address("图.png 甲, 乙");
        assert_eq!(arguments.texts().collect::<Vec<_>>(), ["图.png", "甲,", "乙"]);
    }
}
