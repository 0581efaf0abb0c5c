//! The id that a heading gets from its text.

use chinese_text::{is_han, is_slug_letter};

/// kramdown's ids: letters of every script, digits, `-` and `_` are kept, lower case, blanks become
/// `-`: `二、Hello，世界 World!` is `二hello世界-world`.
pub(crate) fn heading_slug(title: &str) -> String {
    let mut slug = String::with_capacity(title.len());
    for c in title.chars() {
        match c {
            c if c.is_ascii() => match c {
                '-' | '_' => slug.push(c),
                ' ' | '\t' | '\n' | '\r' => slug.push('-'),
                c if c.is_ascii_alphanumeric() => slug.push(c.to_ascii_lowercase()),
                _ => {}
            },
            c if is_han(c) => slug.push(c),
            c if c.is_whitespace() => slug.push('-'),
            c if is_slug_letter(c) => slug.extend(c.to_lowercase()),
            _ => {}
        }
    }
    slug
}
