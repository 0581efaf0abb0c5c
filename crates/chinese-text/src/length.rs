//! How much a text holds, and how long it takes to read.

use crate::class::{is_cjk, is_han, is_shared_mark};

/// How much a text holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
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
    /// Counts a text.
    ///
    /// ```
    /// use chinese_text::Length;
    /// let length = Length::of("他说：“Hello, world”，走了 3 公里。");
    /// assert_eq!(length, Length { words: 14, han: 6, latin: 3 });
    /// ```
    pub fn of(text: &str) -> Length {
        let mut length = Length::default();
        let mut in_run = false;
        let mut previous = ' ';
        let mut rest = text;
        loop {
            // Two thirds of all characters, by their first bytes.
            let han = leading_han(rest.as_bytes());
            if han > 0 {
                let count = u32::try_from(han).unwrap_or(u32::MAX);
                length += Length { words: count, han: count, latin: 0 };
                (in_run, previous) = (false, '字');
                rest = &rest[han * 3..];
            }
            let mut chars = rest.chars();
            let Some(c) = chars.next() else { return length };
            rest = chars.as_str();
            let shared_in_chinese = is_shared_mark(c)
                && (is_cjk(previous)
                    || is_shared_mark(previous)
                    || chars.next().is_some_and(is_cjk));
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
    }

    /// Returns the minutes to read at `speed` characters a minute, rounded up: none only where
    /// there is nothing to read. Chinese marks are characters like the others; a Latin word weighs
    /// two, so that 400 characters a minute are 200 words.
    ///
    /// ```
    /// use chinese_text::Length;
    /// assert_eq!(Length { words: 900, han: 800, latin: 100 }.minutes(400), 3);
    /// assert_eq!(Length::of("").minutes(400), 0);
    /// ```
    pub fn minutes(self, speed: u32) -> u32 {
        self.words.saturating_add(self.latin).div_ceil(speed.max(1))
    }
}

/// Returns how many of the characters from U+4E00 to U+9FFF a text begins with. Each is three bytes,
/// of which the first tells nearly all of them; as characters they took three times as long.
fn leading_han(text: &[u8]) -> usize {
    let is_han =
        |bytes: &&[u8]| matches!(bytes[0], 0xE5..=0xE9) || (bytes[0] == 0xE4 && bytes[1] >= 0xB8);
    text.chunks_exact(3).take_while(is_han).count()
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
}
