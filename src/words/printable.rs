//! Text of others, made fit for a terminal: none of it ends a line, moves the cursor, or changes
//! how the text around it is shown.

use std::borrow::Cow;
use std::fmt::Write;

use chinese_text::is_invisible;

/// Returns whether a terminal shows a character as what it is.
pub fn is_printable(c: char) -> bool {
    !c.is_control() && !is_invisible(c) && !matches!(c, '\u{2028}' | '\u{2029}')
}

/// Returns the text with a name in the place of each character that is not printable: `\n`,
/// `\u{1b}`. Twice gives the same as once.
pub fn printable(text: &str) -> Cow<'_, str> {
    let Some(at) = text.find(|c| !is_printable(c)) else { return Cow::Borrowed(text) };
    let mut out = text[..at].to_owned();
    for c in text[at..].chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if is_printable(c) => out.push(c),
            c => {
                let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
            }
        }
    }
    Cow::Owned(out)
}

/// JSON with each character that is not printable as JSON escapes it: to programs it says the same.
pub fn printable_json(json: &serde_json::Value) -> String {
    let text = json.to_string();
    if text.chars().all(is_printable) {
        return text;
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if is_printable(c) {
            out.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn characters_without_a_mark_have_names() {
        assert!(matches!(printable("甲 乙👨\u{200D}👩"), Cow::Borrowed(_)));
        assert_eq!(
            printable("a\n\r\t\u{1b}[1m\u{9b}b\u{202e}\u{2028}\u{e0041}\\n"),
            r"a\n\r\t\u{1b}[1m\u{9b}b\u{202e}\u{2028}\u{e0041}\n"
        );
    }

    proptest! {
        #[test]
        fn any_text_is_one_line(text in "(?s).{0,40}") {
            let shown = printable(&text);
            prop_assert!(shown.chars().all(is_printable));
            prop_assert_eq!(printable(&shown), shown.clone());
            let json = serde_json::json!({ &text: [&text] });
            let shown = printable_json(&json);
            prop_assert!(shown.chars().all(is_printable));
            prop_assert_eq!(serde_json::from_str::<serde_json::Value>(&shown).unwrap(), json);
        }
    }
}
