//! Character references: text as it stands in HTML, and back.

use std::borrow::Cow;

/// Returns text as it stands in an element.
///
/// ```
/// assert_eq!(chinese_markdown::html::escape_text("甲<乙 & \"丙\""), "甲&lt;乙 &amp; \"丙\"");
/// ```
pub fn escape_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    push_text(&mut out, text);
    out
}

/// Adds text to element content, escaped.
pub(crate) fn push_text(out: &mut String, text: &str) {
    let mut at = 0;
    for found in memchr::memchr3_iter(b'&', b'<', b'>', text.as_bytes()) {
        out.push_str(&text[at..found]);
        out.push_str(match text.as_bytes()[found] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            _ => "&gt;",
        });
        at = found + 1;
    }
    out.push_str(&text[at..]);
}

/// Returns text as it stands in an attribute in double quotes.
///
/// ```
/// assert_eq!(chinese_markdown::html::escape_attribute("\"甲\""), "&quot;甲&quot;");
/// ```
pub fn escape_attribute(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    push_attribute(&mut out, text);
    out
}

/// Adds text to an attribute in double quotes, escaped.
pub(crate) fn push_attribute(out: &mut String, text: &str) {
    let mut at = 0;
    for found in memchr::memchr_iter(b'"', text.as_bytes()) {
        push_text(out, &text[at..found]);
        out.push_str("&quot;");
        at = found + 1;
    }
    push_text(out, &text[at..]);
}

/// Returns text with its character references resolved: numbers, and the few names that matter in
/// addresses and text. Others stay as they are.
///
/// ```
/// assert_eq!(chinese_markdown::html::unescape("a&amp;b&#x7532;&hellip;"), "a&b甲&hellip;");
/// ```
pub fn unescape(text: &str) -> Cow<'_, str> {
    if memchr::memchr(b'&', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let reference = rest[1..].find(';').filter(|end| *end <= 10).map(|end| &rest[1..=end]);
        let resolved = reference.and_then(|name| match name {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            "nbsp" => Some('\u{A0}'),
            "colon" => Some(':'),
            "Tab" => Some('\t'),
            "NewLine" => Some('\n'),
            name => {
                let number = name.strip_prefix('#')?;
                let code = match number.strip_prefix(['x', 'X']) {
                    Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                    None => number.parse().ok()?,
                };
                char::from_u32(code)
            }
        });
        if let (Some(c), Some(name)) = (resolved, reference) {
            out.push(c);
            rest = &rest[name.len() + 2..];
        } else {
            out.push('&');
            rest = &rest[1..];
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Text with its character references resolved, as [`unescape`] does, where it is one's own.
pub(super) fn unescaped(text: String) -> String {
    match unescape(&text) {
        Cow::Owned(resolved) => resolved,
        Cow::Borrowed(_) => text,
    }
}
