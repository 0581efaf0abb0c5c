//! The attributes of a tag, as browsers read them.

use std::borrow::Cow;

use super::escape::unescape;

/// Returns the names and values of the attributes of a tag: names in lower case, character
/// references in values resolved, no value being an empty one.
pub fn attributes(text: &str) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        let end = rest
            .find(|c: char| c.is_ascii_whitespace() || matches!(c, '=' | '/'))
            .unwrap_or(rest.len());
        if rest.is_empty() {
            return None;
        }
        // A stray `=` is part of the name, as browsers have it.
        let (name, after) = rest.split_at(end.max(rest.chars().next().map_or(0, char::len_utf8)));
        let name = if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
            name.to_ascii_lowercase().into()
        } else {
            Cow::Borrowed(name)
        };
        let Some(value) = after.trim_start().strip_prefix('=') else {
            rest = after;
            return Some((name, Cow::Borrowed("")));
        };
        let value = value.trim_start();
        let (value, after) = match value.chars().next() {
            Some(quote @ ('"' | '\'')) => value[1..].split_once(quote).unwrap_or((&value[1..], "")),
            _ => {
                value.split_at(value.find(|c: char| c.is_ascii_whitespace()).unwrap_or(value.len()))
            }
        };
        rest = after;
        Some((name, unescape(value.trim())))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_read_as_browsers_do() {
        let read = |text: &str| {
            attributes(text)
                .map(|(name, value)| format!("{name}={value}"))
                .collect::<Vec<String>>()
                .join("|")
        };
        assert_eq!(
            read(r#" HREF="/a?b&amp;c" alt='see href=x' data-x=1 hidden"#),
            "href=/a?b&c|alt=see href=x|data-x=1|hidden="
        );
        assert_eq!(read(" src = x.png / "), "src=x.png");
        assert_eq!(read(" ="), "==");
        assert_eq!(read(""), "");
        assert_eq!(read(" href=\"/open"), "href=/open");
    }
}
