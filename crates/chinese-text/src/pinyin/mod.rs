//! Pinyin: addresses in Latin letters, and the order of names.
//!
//! Readings are approximate. The crate reads character by character; the words of `words` correct
//! what is common and would be wrong (重庆, 银行, 音乐), longest first, and nothing understands the
//! sentence: 都 in 人都会 and in 大都会 is told apart only where a word says so. Tones are not
//! written, and ü is v. Everything is constant data: nothing is built at the start of the program
//! or kept afterwards.

use std::collections::BTreeMap;

use ::pinyin::ToPinyin;
use unicode_normalization::UnicodeNormalization;

use crate::class::is_han;

mod words;

use words::{LINES, SIMPLIFIED, SURNAMES};

/// What a name is the name of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named {
    /// A person, perhaps: where two or three Han are all of the name and begin with no known word,
    /// the first is read as a surname. 曾鸣 is zeng, while 单读 and 解放日报 stay dan and jie.
    Author,
    /// Anything else: 曾经 and 查重 are words, so surnames do not count.
    Topic,
}

/// Where a name stands in a list: by its reading, and among equal readings by itself.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SortKey {
    reading: String,
    name: String,
}

impl SortKey {
    /// Returns `A` to `Z`, or `#` for a name that begins with none of them: a digit, かな, Кириллица.
    pub fn initial(&self) -> char {
        self.reading
            .chars()
            .next()
            .map(|c| c.to_ascii_uppercase())
            .filter(char::is_ascii_uppercase)
            .unwrap_or('#')
    }
}

/// Returns the place of a name: pinyin syllable by syllable, so that 西安 (xi an) goes before 先
/// (xian); Latin in lower case and without accents, full-width as half-width; marks do not count,
/// so 《读库》 is under D.
///
/// ```
/// use chinese_text::pinyin::{Named, sort_key};
/// assert!(sort_key("西安", Named::Topic) < sort_key("先", Named::Topic));
/// assert_eq!(sort_key("曾鸣", Named::Author).initial(), 'Z');
/// assert_eq!(sort_key("曾经", Named::Topic).initial(), 'C');
/// ```
pub fn sort_key(name: &str, named: Named) -> SortKey {
    SortKey { reading: join(&pieces(name, named), ' ', true), name: name.to_owned() }
}

/// Returns what belongs to each name, in groups from `A` to `Z` and then `#`, each in order; a
/// letter without names has no group.
///
/// ```
/// use chinese_text::pinyin::{Named, by_initial};
/// let names = [("曾鸣", 1), ("单读", 2), ("《读库》", 3), ("1984", 4)];
/// let groups = by_initial(names, Named::Author);
/// assert_eq!(groups, [('D', vec![2, 3]), ('Z', vec![1]), ('#', vec![4])]);
/// ```
pub fn by_initial<'a, T>(
    names: impl IntoIterator<Item = (&'a str, T)>,
    named: Named,
) -> Vec<(char, Vec<T>)> {
    let mut groups: BTreeMap<(bool, char), Vec<(SortKey, T)>> = BTreeMap::new();
    for (name, item) in names {
        let key = sort_key(name, named);
        let initial = key.initial();
        groups.entry((initial == '#', initial)).or_default().push((key, item));
    }
    let in_order = |mut group: Vec<(SortKey, T)>| {
        group.sort_by(|(a, _), (b, _)| a.cmp(b));
        group.into_iter().map(|(_, item)| item).collect()
    };
    groups.into_iter().map(|((_, initial), group)| (initial, in_order(group))).collect()
}

/// Returns the text in Latin letters, digits and dashes, for an address. Empty where nothing can be
/// read.
///
/// ```
/// use chinese_text::pinyin::slug;
/// assert_eq!(slug("重庆ＡＩ：绿色"), "chong-qing-ai-lv-se");
/// ```
pub fn slug(text: &str) -> String {
    join(&pieces(text, Named::Topic), '-', false)
}

/// What a text is made of.
#[derive(Clone, Copy, Debug)]
enum Piece {
    Syllable(&'static str),
    /// A Latin letter or a digit.
    Latin(char),
    /// A letter of another script, or a Han without a reading.
    Foreign(char),
    Mark,
}

fn join(pieces: &[Piece], separator: char, keep_foreign: bool) -> String {
    let mut out = String::with_capacity(pieces.len() * 4);
    let mut is_apart = false;
    for piece in pieces {
        let letter = match piece {
            Piece::Latin(c) => Some(*c),
            Piece::Foreign(c) if keep_foreign => Some(*c),
            Piece::Syllable(_) => None,
            Piece::Foreign(_) | Piece::Mark => {
                is_apart = true;
                continue;
            }
        };
        if !out.is_empty() && (is_apart || letter.is_none()) {
            out.push(separator);
        }
        if let Some(letter) = letter {
            out.extend(letter.to_lowercase());
        } else if let Piece::Syllable(syllable) = piece {
            out.extend(syllable.chars().map(|c| if c == 'ü' { 'v' } else { c }));
        }
        is_apart = letter.is_none();
    }
    out
}

/// Reads a text: words first, the longest at each place, then single characters.
fn pieces(text: &str, named: Named) -> Vec<Piece> {
    let chars: Vec<char> = text.nfkc().collect();
    let simple: Vec<char> = chars.iter().map(|c| simplified(*c)).collect();
    let mut pieces = Vec::with_capacity(chars.len());
    if named == Named::Author {
        pieces.extend(surname(&simple).map(Piece::Syllable));
    }
    while pieces.len() < chars.len() {
        let at = pieces.len();
        match word_at(&simple[at..]) {
            Some(word) => {
                let readings = readings(word).zip(chars[at..].iter().zip(&simple[at..]));
                pieces.extend(readings.map(|((_, reading), (c, simple))| match reading {
                    "" => usual(*c, *simple),
                    reading => Piece::Syllable(reading),
                }));
            }
            None => pieces.push(usual(chars[at], simple[at])),
        }
    }
    pieces
}

/// A character by itself.
fn usual(c: char, simple: char) -> Piece {
    if is_han(c) {
        let corrected = words_from(simple)
            .map(|word| &word[simple.len_utf8()..])
            .find(|reading| reading.bytes().all(|byte| byte < 128));
        return match corrected.or_else(|| c.to_pinyin().map(::pinyin::Pinyin::plain)) {
            Some(reading) => Piece::Syllable(reading),
            None => Piece::Foreign(c),
        };
    }
    // Without its accent: é is e. What has no accent to lose (æ, ß) stays.
    let base = match std::iter::once(c).nfd().next().unwrap_or(c) {
        'ø' | 'Ø' => 'o',
        'đ' | 'Đ' | 'ð' | 'Ð' => 'd',
        'ł' | 'Ł' => 'l',
        'ı' => 'i',
        base => base,
    };
    match base {
        base if base.is_ascii_alphanumeric() => Piece::Latin(base),
        '\u{C0}'..='\u{24F}' | '\u{1E00}'..='\u{1EFF}' | '\u{2C60}'..='\u{2C7F}'
            if base.is_alphabetic() =>
        {
            Piece::Latin(base)
        }
        base if base.is_alphanumeric() => Piece::Foreign(c),
        _ => Piece::Mark,
    }
}

/// The reading of a surname, where the name looks like a person's.
fn surname(simple: &[char]) -> Option<&'static str> {
    // 曾·鸣 and 曾 鸣 are 曾鸣.
    let simple: &[char] = &simple
        .iter()
        .copied()
        .filter(|c| !matches!(c, '·' | '・' | '‧' | ' ' | '\u{3000}'))
        .collect::<Vec<char>>();
    let is_person = matches!(simple.len(), 2..=3) && simple.iter().all(|c| is_han(*c));
    if !is_person || word_at(simple).is_some_and(|word| readings(word).count() > 1) {
        return None;
    }
    SURNAMES.split(' ').find_map(|surname| surname.strip_prefix(simple[0]))
}

/// The longest word that the text begins with.
fn word_at(text: &[char]) -> Option<&'static str> {
    let first = *text.first().filter(|c| is_han(**c))?;
    let spells = |word: &&'static str| {
        let mut rest = text.iter();
        readings(word).all(|(c, _)| rest.next() == Some(&c))
    };
    words_from(first).filter(spells).max_by_key(|word| readings(word).count())
}

/// All words that begin with a character.
fn words_from(first: char) -> impl Iterator<Item = &'static str> {
    let head = |word: &str| word.chars().next().unwrap_or_default();
    let start = LINES.partition_point(|line| head(line.rsplit(' ').next().unwrap_or(line)) < first);
    let lines = LINES[start..].iter().take_while(move |line| head(line) <= first);
    lines.flat_map(|line| line.split(' ')).filter(move |word| head(word) == first)
}

/// The characters of a word, each with its reading, which is empty where it is the usual one.
fn readings(word: &'static str) -> impl Iterator<Item = (char, &'static str)> {
    let starts = word.char_indices().filter(|(_, c)| !c.is_ascii());
    starts.map(move |(at, c)| {
        let rest = &word[at + c.len_utf8()..];
        (c, &rest[..rest.find(|c: char| !c.is_ascii()).unwrap_or(rest.len())])
    })
}

/// A traditional character as the words are written.
fn simplified(c: char) -> char {
    let row = SIMPLIFIED
        .partition_point(|row| row.chars().next().unwrap_or_default() <= c)
        .saturating_sub(1);
    let mut pairs = SIMPLIFIED[row].chars();
    while let (Some(traditional), Some(simplified)) = (pairs.next(), pairs.next()) {
        if traditional == c {
            return simplified;
        }
    }
    c
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn words_go_before_characters() {
        assert_eq!(slug("重庆的音乐银行"), "chong-qing-de-yin-yue-yin-hang");
        assert_eq!(slug("行长长大了，还是还钱"), "hang-zhang-zhang-da-le-hai-shi-huan-qian");
        assert_eq!(slug("国家长期规划与家长会"), "guo-jia-chang-qi-gui-hua-yu-jia-zhang-hui");
        assert_eq!(slug("严重复杂的大厦门口"), "yan-zhong-fu-za-de-da-sha-men-kou");
        assert_eq!(slug("了解、为了解决"), "liao-jie-wei-le-jie-jue");
        assert_eq!(slug("学生还是要长跑"), "xue-sheng-hai-shi-yao-chang-pao");
        assert_eq!(
            slug("佛系青年仿佛似乎懂了似的"),
            "fo-xi-qing-nian-fang-fu-si-hu-dong-le-shi-de"
        );
        assert_eq!(slug("龟兹、单于、尉迟、吐谷浑"), "qiu-ci-chan-yu-yu-chi-tu-yu-hun");
    }

    #[test]
    fn traditional_words_are_the_same_words() {
        assert_eq!(slug("重慶銀行行長聽音樂"), "chong-qing-yin-hang-hang-zhang-ting-yin-yue");
        assert_eq!(slug("廈門大廈、西藏藏書、還錢"), "xia-men-da-sha-xi-zang-cang-shu-huan-qian");
    }

    #[test]
    fn slugs_are_latin() {
        assert_eq!(slug("ＡＩ时代 GPT-4o：绿色、战略"), "ai-shi-dai-gpt-4o-lv-se-zhan-lve");
        assert_eq!(slug("  C++ / Émile Zola & かな №３"), "c-emile-zola-no3");
        assert_eq!(slug("二〇二三"), "er-ling-er-san");
        assert_eq!(slug("。。。"), "");
    }

    #[test]
    fn initials() {
        let initial = |name: &str| sort_key(name, Named::Topic).initial();
        assert_eq!(initial("重庆"), 'C');
        assert_eq!(initial("ＡＩ"), 'A');
        assert_eq!(initial("《读库》"), 'D');
        assert_eq!(initial("éclair"), 'E');
        for other in ["2023", "かな", "Кириллица", "！", "", "한국"] {
            assert_eq!(initial(other), '#', "{other}");
        }
    }

    #[test]
    fn surnames_count_for_authors_alone() {
        let reading = |name: &str, named| sort_key(name, named).reading;
        assert_eq!(reading("曾鸣", Named::Author), "zeng ming");
        assert_eq!(reading("曾鳴", Named::Author), "zeng ming");
        assert_eq!(reading("單小明", Named::Author), "shan xiao ming");
        assert_eq!(reading("区可可", Named::Author), "ou ke ke");
        assert_eq!(reading("区可可", Named::Topic), "qu ke ke");
        assert_eq!(reading("万俟卨", Named::Author), "mo qi xie");
        for word in ["曾经", "单读", "查理", "解放日报", "区块链", "仇恨", "朴树"]
        {
            assert_eq!(reading(word, Named::Author), reading(word, Named::Topic), "{word}");
        }
    }

    #[test]
    fn names_are_in_order() {
        let mut names = [
            "张三",
            "西安",
            "先知",
            "安",
            "Zola",
            "apple",
            "阿Q",
            "重庆",
            "2001",
            "Apple",
            "曾国藩",
        ];
        names.sort_by_key(|name| sort_key(name, Named::Topic));
        assert_eq!(
            names,
            [
                "2001",
                "阿Q",
                "安",
                "Apple",
                "apple",
                "重庆",
                "西安",
                "先知",
                "曾国藩",
                "张三",
                "Zola"
            ]
        );
    }

    #[test]
    fn groups_go_from_a_to_z() {
        let names = ["百度", "2001", "阿里", "白", "かな", "OpenAI"];
        let groups = by_initial(names.map(|name| (name, name)), Named::Topic);
        assert_eq!(
            groups,
            [
                ('A', vec!["阿里"]),
                ('B', vec!["白", "百度"]),
                ('O', vec!["OpenAI"]),
                ('#', vec!["2001", "かな"])
            ]
        );
    }

    /// What the search relies on, and what a slip of the hand would break.
    #[test]
    fn the_tables_are_in_order() {
        let words: Vec<&str> = LINES.iter().flat_map(|line| line.split(' ')).collect();
        assert!(
            words.is_sorted_by_key(|word| word.chars().next()),
            "words are sorted by their first character"
        );
        for word in &words {
            assert!(
                readings(word).count() > 0
                    && word.chars().all(|c| is_han(c) || c.is_ascii_lowercase()),
                "{word}"
            );
            assert!(
                readings(word).all(|(c, _)| simplified(c) == c),
                "{word} is not in simplified characters"
            );
        }
        let bare = |word: &&'static str| readings(word).map(|(c, _)| c).collect::<String>();
        let distinct: std::collections::BTreeSet<String> = words.iter().map(bare).collect();
        assert_eq!(distinct.len(), words.len(), "a word stands once");
        let traditional: Vec<char> =
            SIMPLIFIED.iter().flat_map(|row| row.chars().step_by(2)).collect();
        assert!(
            traditional.is_sorted() && SIMPLIFIED.iter().all(|row| row.chars().count() % 2 == 0)
        );
    }

    /// A slip of the hand in a reading is no syllable.
    #[test]
    fn readings_are_syllables() {
        let syllables: std::collections::BTreeSet<&str> = ('\u{4E00}'..='\u{9FFF}')
            .filter_map(|c| c.to_pinyin())
            .map(::pinyin::Pinyin::plain)
            .chain(["dia"])
            .collect();
        for word in LINES.iter().flat_map(|line| line.split(' ')).chain(SURNAMES.split(' ')) {
            assert!(
                readings(word)
                    .all(|(_, reading)| reading.is_empty() || syllables.contains(reading)),
                "{word}"
            );
        }
    }

    proptest! {
        #[test]
        fn slugs_are_letters_and_single_dashes(text in "\\PC{0,40}") {
            let slug = slug(&text);
            prop_assert!(slug.is_empty() || slug.split('-').all(|part| !part.is_empty() && part.chars().all(char::is_alphanumeric)), "{slug}");
        }
    }
}
