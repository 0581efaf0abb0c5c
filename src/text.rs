//! Chinese-aware plain text: which characters are CJK, how much a text holds.
//!
//! Pure functions over `&str`; this module knows no Markdown and no HTML.

mod natural;
mod simplified;

use std::borrow::Cow;

pub use natural::Natural;
pub use simplified::simplified;
use unicode_general_category::{GeneralCategory, get_general_category};

/// A CJK character in the sense of the CommonMark CJK-friendly amendments: East Asian Width W, F or
/// H and not shown as an emoji by default, or of script Hangul. Unicode 17; unassigned gaps between
/// ranges are joined.
pub fn is_cjk(c: char) -> bool {
    // Nearly every character of an archive is in one of these two.
    if c < '\u{1100}' {
        return false;
    }
    if matches!(c, '\u{3400}'..='\u{9FFF}') {
        return true;
    }
    matches!(c,
        '\u{1100}'..='\u{11FF}' | '\u{20A9}' | '\u{2329}'..='\u{232A}' | '\u{2630}'..='\u{2637}' | '\u{268A}'..='\u{268F}'
        | '\u{2E80}'..='\u{2FFF}' | '\u{3001}'..='\u{303E}' | '\u{3041}'..='\u{3247}' | '\u{3250}'..='\u{A4C6}'
        | '\u{A960}'..='\u{A97C}' | '\u{AC00}'..='\u{D7FB}' | '\u{F900}'..='\u{FAFF}' | '\u{FE10}'..='\u{FE19}'
        | '\u{FE30}'..='\u{FE6B}' | '\u{FF01}'..='\u{FFEE}' | '\u{16FE0}'..='\u{1B2FB}' | '\u{1D300}'..='\u{1D376}'
        | '\u{1F200}' | '\u{1F202}' | '\u{1F210}'..='\u{1F219}' | '\u{1F21B}'..='\u{1F22E}' | '\u{1F230}'..='\u{1F231}'
        | '\u{1F237}' | '\u{1F23B}' | '\u{1F240}'..='\u{1F248}' | '\u{1F260}'..='\u{1F265}' | '\u{20000}'..='\u{3FFFD}')
}

/// A Han character (ideograph), without punctuation, kana or Hangul.
pub fn is_han(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FFF}' | '\u{3400}'..='\u{4DBF}' | '\u{3007}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFD}')
}

/// Punctuation or symbol by general category (P* or S*), as CommonMark 0.31 counts it.
pub fn is_punctuation(c: char) -> bool {
    use GeneralCategory as G;
    if c.is_ascii() {
        return c.is_ascii_punctuation();
    }
    matches!(
        get_general_category(c),
        G::ConnectorPunctuation
            | G::DashPunctuation
            | G::OpenPunctuation
            | G::ClosePunctuation
            | G::InitialPunctuation
            | G::FinalPunctuation
            | G::OtherPunctuation
            | G::MathSymbol
            | G::CurrencySymbol
            | G::ModifierSymbol
            | G::OtherSymbol
    )
}

/// `\p{M}`, `\p{L}` or `\p{Nd}`: what Jekyll keeps in every slug.
pub fn is_slug_letter(c: char) -> bool {
    use GeneralCategory as G;
    if c.is_ascii() {
        return c.is_ascii_alphanumeric();
    }
    matches!(
        get_general_category(c),
        G::UppercaseLetter
            | G::LowercaseLetter
            | G::TitlecaseLetter
            | G::ModifierLetter
            | G::OtherLetter
            | G::NonspacingMark
            | G::SpacingMark
            | G::EnclosingMark
            | G::DecimalNumber
    )
}

/// Quotes, dashes and dots whose code points Chinese and Latin text share.
pub fn is_shared_mark(c: char) -> bool {
    matches!(c, '“' | '”' | '‘' | '’' | '…' | '—' | '·')
}

/// Characters that leave no mark on the page: zero-width, byte-order and bidi controls. Titles and
/// slugs drop them. U+200D stays: it joins family emoji.
pub fn is_invisible(c: char) -> bool {
    crate::words::is_hidden(c)
}

/// The text without what cannot be seen: an address is read, compared and typed by people. U+200D
/// stays where it joins, as in family emoji and in the scripts of India; beside Latin letters and
/// Han characters it does nothing.
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

/// Names of the characters that [`visible`] takes out of a text, each once: `U+200B`.
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

/// Whether XML 1.0 (§2.2, `Char`) may hold the character. U+0008 or U+FFFE make a feed unreadable.
pub fn is_xml_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..='\u{10FFFF}')
}

/// One line of visible text out of a scraped scalar: runs of white space (line breaks, U+3000)
/// between words become one blank, outer blanks, control characters and bidi controls go.
pub fn one_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut pending = "";
    for c in text.chars() {
        if c.is_whitespace() {
            // A blank inside a line is the author's; a line break with its indentation is the
            // scraper's.
            pending = if c == '\n' || c == '\r' || pending == "\n" { "\n" } else { " " };
        } else if !c.is_control() && !is_invisible(c) {
            if !out.is_empty() {
                match pending {
                    "" => {}
                    "\n" if out.chars().next_back().is_some_and(joins) && joins(c) => out.push(' '),
                    _ => out.push(' '),
                }
            }
            pending = "";
            out.push(c);
        }
    }
    // One that joins nothing makes two names that look like one.
    if out.contains('\u{200D}') { visible(&out).into_owned() } else { out }
}

fn joins(c: char) -> bool {
    is_cjk(c) || is_shared_mark(c)
}

/// How much a text holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Length {
    /// 字数 by the rule of Microsoft Word: each CJK character and each CJK punctuation mark counts
    /// one, each run of other characters between blanks counts one.
    pub words: u32,
    /// Han characters alone.
    pub han: u32,
    /// The runs of other characters alone: Latin words, numbers.
    pub latin: u32,
}

impl Length {
    pub fn of(text: &str) -> Length {
        let mut length = Length::default();
        let mut in_run = false;
        let mut previous = ' ';
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            // Two thirds of all characters; the rest of the loop costs twice as much.
            if matches!(c, '\u{4E00}'..='\u{9FFF}') {
                length.words += 1;
                length.han += 1;
                in_run = false;
                previous = c;
                continue;
            }
            let shared_in_chinese = is_shared_mark(c)
                && (is_cjk(previous)
                    || is_shared_mark(previous)
                    || chars.peek().is_some_and(|c| is_cjk(*c)));
            if c.is_whitespace() || c.is_control() {
                in_run = false;
            } else if is_cjk(c) || shared_in_chinese {
                length.words += 1;
                length.han += u32::from(is_han(c));
                in_run = false;
            } else if !in_run {
                length.words += 1;
                length.latin += 1;
                in_run = true;
            }
            previous = c;
        }
        length
    }

    /// Minutes to read at `speed` characters a minute, rounded up: none only where there is nothing
    /// to read. Chinese marks are characters like the others; a Latin word weighs two, so that 400
    /// characters a minute are 200 words.
    pub fn minutes(self, speed: u32) -> u32 {
        self.words.saturating_add(self.latin).div_ceil(speed.max(1))
    }
}

impl std::ops::AddAssign for Length {
    fn add_assign(&mut self, other: Length) {
        self.words += other.words;
        self.han += other.han;
        self.latin += other.latin;
    }
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
    fn counts_like_word() {
        let words = |text| Length::of(text).words;
        assert_eq!(
            Length::of("百度和中国如此接近ChatGPT，但又失去了它。"),
            Length { words: 18, han: 15, latin: 1 }
        );
        assert_eq!(words("2012年10月"), 4);
        assert_eq!(words("第3.5章"), 3);
        assert_eq!(words("“船票”"), 4);
        assert_eq!(words("Hello, world!"), 2);
        assert_eq!(words("辛顿 (Geoffrey Hinton)"), 4);
        assert_eq!(words(""), 0);
    }

    #[test]
    fn reading_takes_its_time() {
        let minutes = |text: &str| Length::of(text).minutes(400);
        assert_eq!((minutes(""), minutes(" \n"), minutes("好")), (0, 0, 1));
        // Marks are characters: 400 of both are a minute, and one more begins the next.
        let minute = "天地玄黄，宇宙洪。".repeat(44) + "“一……”";
        assert_eq!(Length::of(&minute).words, 44 * 9 + 5);
        assert_eq!((minutes(&minute[..minute.len() - "”".len()]), minutes(&minute)), (1, 2));
        assert_eq!((minutes(&"word ".repeat(200)), minutes(&"word, ".repeat(201))), (1, 2));
        assert_eq!(Length::of(&"字".repeat(1000)).minutes(500), 2);
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
