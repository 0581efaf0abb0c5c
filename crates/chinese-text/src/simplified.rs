//! Traditional characters and their Simplified ones.

use std::sync::OnceLock;

/// Pairs in the order of their Traditional characters, one a line: OpenCC's, see
/// `data/simplified.py`.
static TABLE: &str = include_str!("../data/simplified.txt");

/// Returns a text with every Traditional character made Simplified, by OpenCC's table: for
/// comparing texts, not for reading, since phrases are not looked at.
///
/// ```
/// use chinese_text::simplified;
/// assert_eq!(simplified("歡迎關注"), "欢迎关注");
/// assert_eq!(simplified("乾隆"), "干隆");
/// ```
pub fn simplified(text: &str) -> String {
    text.chars().map(simplified_character).collect()
}

/// Returns the Simplified character of a Traditional one, and any other character as it is.
///
/// ```
/// use chinese_text::simplified_character;
/// assert_eq!((simplified_character('經'), simplified_character('a')), ('经', 'a'));
/// ```
pub fn simplified_character(c: char) -> char {
    /// Nearly all Han that is written: their Simplified ones lie side by side, since every
    /// paragraph's beginning is looked at.
    const COMMON: std::ops::RangeInclusive<char> = '\u{4E00}'..='\u{9FFF}';
    static PAIRS: OnceLock<Vec<(char, char)>> = OnceLock::new();
    static BY_PLACE: OnceLock<Vec<char>> = OnceLock::new();
    let pairs = || PAIRS.get_or_init(|| simplified_pairs().collect());
    if COMMON.contains(&c) {
        let by_place = BY_PLACE.get_or_init(|| {
            let mut all: Vec<char> = COMMON.collect();
            for (traditional, simplified) in
                pairs().iter().filter(|(traditional, _)| COMMON.contains(traditional))
            {
                all[place(*traditional)] = *simplified;
            }
            all
        });
        return by_place[place(c)];
    }
    if !crate::class::is_han(c) {
        return c;
    }
    let pairs = pairs();
    pairs.binary_search_by_key(&c, |pair| pair.0).map_or(c, |at| pairs[at].1)
}

/// The place of a common character.
fn place(c: char) -> usize {
    c as usize - 0x4E00
}

/// Returns all Traditional characters with their Simplified ones, in the order of the former.
pub fn simplified_pairs() -> impl Iterator<Item = (char, char)> {
    TABLE.lines().filter_map(pair)
}

fn pair(line: &str) -> Option<(char, char)> {
    let mut chars = line.chars();
    Some((chars.next()?, chars.next()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_order_and_each_line_is_a_pair() {
        let lines: Vec<&str> = TABLE.lines().collect();
        assert!(lines.len() > 4_000);
        assert!(lines.iter().all(|line| line.chars().count() == 2));
        assert!(lines.is_sorted_by_key(|line| line.chars().next()));
    }

    #[test]
    fn texts_in_both_scripts_are_alike() {
        assert_eq!(simplified("舊書店與人工智慧，A1"), "旧书店与人工智慧，A1");
        assert_eq!(simplified("旧书店"), "旧书店");
        let (all, meant): (String, String) = TABLE.lines().filter_map(pair).unzip();
        assert_eq!(simplified(&all), meant);
        assert_eq!(simplified("點擊閱讀原文，關注我們"), "点击阅读原文，关注我们");
    }
}
