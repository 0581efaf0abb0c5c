//! Texts as one line, without what cannot be seen.

use std::borrow::Cow;

use crate::class::{is_cjk, is_invisible};

/// Returns the text without what cannot be seen, as an address should be, which people read,
/// compare and type. U+200D stays where it joins, as in family emoji and in the scripts of India;
/// beside Latin letters and Han characters it does nothing.
///
/// ```
/// use chinese_text::visible;
/// assert_eq!(visible("山\u{200B}中"), "山中");
/// assert_eq!(visible("👨\u{200D}👩"), "👨\u{200D}👩");
/// ```
pub fn visible(text: &str) -> Cow<'_, str> {
    let is_unseen = |c: char| is_invisible(c) || matches!(c, '\u{200D}' | '\u{2028}' | '\u{2029}');
    if !text.contains(is_unseen) {
        return Cow::Borrowed(text);
    }
    let is_joined = |c: char| !c.is_ascii() && !is_cjk(c) && !is_unseen(c);
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let joins = c == '\u{200D}'
            && out.ends_with(is_joined)
            && chars.peek().is_some_and(|next| is_joined(*next));
        if joins || !is_unseen(c) {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

/// Returns the names of the characters that [`visible`] takes out of a text, each once.
///
/// ```
/// assert_eq!(chinese_text::unseen("山\u{200B}中\u{200B}"), ["U+200B"]);
/// ```
pub fn unseen(text: &str) -> Vec<String> {
    let Cow::Owned(seen) = visible(text) else { return Vec::new() };
    let mut rest = seen.chars().peekable();
    let mut names: Vec<String> = Vec::new();
    for c in text.chars().filter(|c| rest.next_if_eq(c).is_none()) {
        let name = format!("U+{:04X}", u32::from(c));
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// Returns a scraped title as one line of visible text: runs of white space (line breaks, U+3000)
/// become one blank; outer blanks, control characters and what [`is_invisible`] go.
///
/// ```
/// use chinese_text::one_line;
/// assert_eq!(one_line(" 山中往事\u{200B}：\n  时代 "), "山中往事： 时代");
/// ```
pub fn one_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut is_apart = false;
    for c in text.chars() {
        if c.is_whitespace() {
            is_apart = true;
        } else if !c.is_control() && !is_invisible(c) {
            if is_apart && !out.is_empty() {
                out.push(' ');
            }
            is_apart = false;
            out.push(c);
        }
    }
    // One that joins nothing makes two names that look like one.
    if out.contains('\u{200D}') { visible(&out).into_owned() } else { out }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_cannot_be_seen_goes() {
        assert!(matches!(visible("/甲/a-b/"), Cow::Borrowed(_)));
        assert_eq!(
            visible("/a\u{200b}b\u{2028}\u{2029}\u{202e}\u{feff}\u{ad}\u{e0041}\u{61c}/"),
            "/ab/"
        );
        assert_eq!(visible("a\u{200d}b甲\u{200d}乙\u{200d}/"), "ab甲乙/");
        for joined in ["👨\u{200d}👩\u{200d}👧", "❤\u{fe0f}\u{200d}🔥", "क\u{94d}\u{200d}ष"]
        {
            assert_eq!(visible(joined), joined);
        }
        assert_eq!(unseen("a\u{200b}b\u{200b}c\u{200d}👨\u{200d}👩"), ["U+200B", "U+200D"]);
    }

    #[test]
    fn scalars_become_one_line() {
        assert_eq!(one_line("一座老桥的两个名字 　　——讲稿"), "一座老桥的两个名字 ——讲稿");
        assert_eq!(one_line(" 山中往事\u{200B}：时代 "), "山中往事：时代");
        assert_eq!(one_line("two\n  lines"), "two lines");
    }

    proptest! {
        #[test]
        fn one_line_has_no_breaks(text in "(?s).{0,60}") {
            prop_assert!(!one_line(&text).contains(['\n', '\r', '\t']));
        }
    }
}
