//! Attributes in braces, `{.class #id key=value}`, as Goldmark and Pandoc put them behind links,
//! code and spans and below blocks. Those of headings and pictures are read elsewhere. An id
//! becomes a place; the others mean something to a theme of another program only.

use crate::html::escape_attribute;
use crate::source::edits::Change;

/// Bytes of a list, and of the text of a span.
const LONGEST: usize = 400;

/// What a list belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owner {
    /// A link or code, which end where the list begins.
    Inline,
    /// A span of text, in brackets from here on.
    Span(usize),
    /// The block above, or below: it is all of its line.
    Block,
}

/// Whether the brace at a place opens a list of attributes.
pub(crate) fn may_begin(text: &str, at: usize) -> bool {
    list(text, at).is_some() && owner(text, at).is_some()
}

/// What the list at a place belongs to, by what stands before it.
pub(crate) fn owner(text: &str, at: usize) -> Option<Owner> {
    let before = &text[..at];
    match before.as_bytes().last() {
        Some(b')' | b'`') => Some(Owner::Inline),
        Some(b']') => {
            let window = &before[before.ceil_char_boundary(at.saturating_sub(LONGEST))..at - 1];
            let open = window.rfind(['[', ']', '\n'])?;
            window[open..].starts_with('[').then_some(Owner::Span(at - 1 - (window.len() - open)))
        }
        _ => {
            let outside = before.trim_end_matches(' ');
            let begins =
                before.len() - outside.len() < 4 && (outside.is_empty() || outside.ends_with('\n'));
            let end = at + list(text, at)?.len() + 2;
            let rest = text[end..].trim_start_matches([' ', '\r']);
            (begins && (rest.is_empty() || rest.starts_with('\n'))).then_some(Owner::Block)
        }
    }
}

/// What becomes of the list at a place.
pub(crate) fn read(text: &str, at: usize, of: Owner, changes: &mut Vec<Change>) {
    let (mut end, mut id) = (at, None);
    // There may be several.
    while let Some(list) = text[end..].starts_with('{').then(|| list(text, end)).flatten() {
        end += list.len() + 2;
        id = id.or_else(|| list.split_whitespace().find_map(|word| word.strip_prefix('#')));
    }
    let place = id.map_or(String::new(), |id| format!("<a id=\"{}\"></a>", escape_attribute(id)));
    match of {
        Owner::Inline | Owner::Block => changes.push((at..end, place)),
        Owner::Span(open) => {
            changes.extend([(open..open + 1, place), (at - 1..end, String::new())]);
        }
    }
}

/// What stands in the braces at a place, if nothing but attributes does.
fn list(text: &str, at: usize) -> Option<&str> {
    let window = &text[at + 1..text.floor_char_boundary(at + LONGEST)];
    let inside = &window[..window.find(['}', '{', '\n'])?];
    let is_name = |name: &str| {
        !name.is_empty()
            && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | ':'))
    };
    let is_attribute = |word: &str| match word.as_bytes()[0] {
        b'.' | b'#' => is_name(&word[1..]),
        _ => word
            .split_once('=')
            .is_some_and(|(name, value)| is_name(name) && name.is_ascii() && !value.is_empty()),
    };
    let is_closed = window[inside.len()..].starts_with('}');
    // A value in quotes may hold blanks.
    let words = || inside.split_whitespace();
    let quotes = inside.matches('"').count();
    let is_list = if quotes == 0 {
        words().all(is_attribute)
    } else {
        quotes.is_multiple_of(2) && words().next().is_some_and(is_attribute)
    };
    (is_closed && is_list && words().next().is_some()).then_some(inside)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_attributes_and_nothing_else() {
        for (text, wanted) in [
            ("[词](/a){.x target=_blank}", Some(Owner::Inline)),
            ("`码`{.python}", Some(Owner::Inline)),
            ("甲[词]{.x}", Some(Owner::Span(3))),
            ("段\n{.lead #x}\n", Some(Owner::Block)),
            ("段 {.lead}", None),
            ("{a: 1}", None),
            ("f(x){ return 1 }", None),
            ("[词]{}", None),
            ("{.x} 文", None),
            ("[词]{.甲乙 丙}", None),
        ] {
            let at = text.find('{').expect("a brace");
            assert_eq!(owner(text, at).filter(|_| may_begin(text, at)), wanted, "{text}");
        }
    }
}
