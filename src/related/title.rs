//! A title as it is compared: its Han characters one by one and its words of other scripts, after
//! NFKC and lower-casing.

use std::ops::Range;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use chinese_text::{is_han, is_slug_letter};

/// Characters, or words, of a title that are compared; some scraped titles are whole paragraphs.
const LONGEST: usize = 120;

/// Characters that join others and are no part of a word: a pair with one of them says nothing, and
/// words do not begin or end with them. (都, 就, 及, 为 are not here: 首都, 成就, 埃及, 华为.)
const PARTICLES: &str = "的了着著是在和与與或而之于於被吗嗎呢啊么麼也个個";
/// Pronouns and the like: a pair with one of them says nothing.
const POINTERS: &str = "我你您他她它们們这這那哪谁誰什怎不没沒有第";
/// Pairs that hold a particle and are words all the same.
const WHOLE: &str = "和平 和谐 和諧 和解 和尚 和田 共和 饱和 飽和 中和 缓和 緩和 温和 溫和 昭和 目的 标的 標的 了解 个人 個人 个性 個性 个体 個體 \
    著名 著作 名著 原著 论著 執著 着陆 沉着 执着 是非 在线 在線 存在 内在 內在 外在 潜在 潛在 参与 參與 与会 與會 羲之 牧之 于谦";
/// Counted years, people and chapters say nothing.
const NUMERALS: &str = "〇零一二两兩三四五六七八九十百千万萬亿億几幾半多";
const MEASURES: &str = "年月日天岁歲个個种種次条條点點位名件步集篇章节節回卷部期人分";
/// Pairs that stand in titles of every subject.
const COMMONPLACE: &str = "为何 為何 何以 如何 如果 因为 因為 所以 成为 成為 作为 作為 可以 可能 以及 以后 以後 以前 以来 以來 关于 關於 由于 由於 \
    终于 已经 已經 自己 虽然 雖然 然后 然後 后来 後來 最后 最後 最近 今天 昨天 明天 时候 時候 一起 一定 一样 一樣 一直 一切 一些 一下 一场 一場 起来 起來 \
    出来 出來 回来 回來 看来 看來 到底 究竟 竟然 居然 其实 其實 只能 必须 必須 应该 應該 需要 知道 认为 認為 觉得 覺得 告诉 告訴 看到 看待 非常 真正 为例 \
    什么 什麼 怎么 怎麼 怎样 怎樣 这样 這樣 那样 那樣 还是 還是 就是 就会 就會 就能 就要 从事 從事 越来 越來 来越 來越";
/// English words that stand in titles of every subject.
const COMMON_WORDS: &[&str] = &[
    "about", "an", "and", "are", "as", "at", "be", "by", "can", "do", "for", "from", "how", "in",
    "into", "is", "it", "its", "my", "not", "of", "on", "or", "our", "that", "the", "this", "to",
    "vs", "was", "we", "what", "when", "who", "why", "with", "you", "your",
];

/// Returns whether two Han characters side by side may be a reason to read on, if they are no
/// commonplace.
fn is_telling(pair: [char; 2]) -> bool {
    let [a, b] = pair;
    let counts = has(NUMERALS, a) && (has(NUMERALS, b) || has(MEASURES, b));
    is_whole(pair) || !(is_function(pair) || counts)
}

/// Returns whether one of a pair is a particle or a pronoun.
pub(super) fn is_function(pair: [char; 2]) -> bool {
    pair.into_iter().any(|c| has(PARTICLES, c) || has(POINTERS, c))
}

fn is_whole(pair: [char; 2]) -> bool {
    pair.into_iter().any(|c| has(PARTICLES, c)) && is_in(WHOLE, pair)
}

/// Returns whether a short text has a character. `contains` takes longer, since it prepares for
/// long texts.
fn has(set: &str, c: char) -> bool {
    set.chars().any(|known| known == c)
}

/// Returns whether a list of words, two characters each, has a pair.
fn is_in(list: &str, pair: [char; 2]) -> bool {
    let mut bytes = [0; 8];
    let first = pair[0].encode_utf8(&mut bytes).len();
    let second = pair[1].encode_utf8(&mut bytes[first..]).len();
    memchr::memmem::find(list.as_bytes(), &bytes[..first + second]).is_some()
}

/// Returns whether a word of another script may be one: not a single letter, not a short number, a
/// year or a round number.
fn is_telling_word(word: &str) -> bool {
    let is_number = word.bytes().all(|byte| byte.is_ascii_digit());
    let is_year = word.len() == 4 && (word.starts_with("19") || word.starts_with("20"));
    let is_dull_number = is_number && (word.len() < 3 || is_year || word.ends_with("00"));
    word.chars().nth(1).is_some() && !is_dull_number && COMMON_WORDS.binary_search(&word).is_err()
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Han(char),
    Word(String),
}

/// How a token stands to the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Bond {
    /// Side by side.
    Touching,
    /// Between them is a blank, or a mark as inside a name: 乔治·奥威尔, GPT-4.
    Near,
    /// Between them is punctuation, or nothing stands before.
    Apart,
}

/// A title in tokens.
pub(super) struct Title {
    text: String,
    tokens: Vec<Token>,
    bonds: Vec<Bond>,
    /// Where in `text` each token stands.
    places: Vec<Range<usize>>,
}

/// Tokens that stand in two titles: where they start in each, and how many they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SharedRun {
    start: usize,
    other: usize,
    count: usize,
}

impl SharedRun {
    pub(super) fn starts_both(self) -> bool {
        self.start == 0 && self.other == 0
    }

    fn end(self) -> usize {
        self.start + self.count
    }
}

impl Title {
    pub(super) fn read(title: &str) -> Title {
        let mut read = Title {
            text: String::new(),
            tokens: Vec::new(),
            bonds: Vec::new(),
            places: Vec::new(),
        };
        // Nearly every title is in this form already.
        let text = if is_nfc_quick(title.chars()) == IsNormalized::Yes {
            title.to_owned()
        } else {
            title.nfc().collect()
        };
        let mut bond = Bond::Apart;
        for (at, c) in text.char_indices() {
            if read.tokens.len() > LONGEST {
                break;
            }
            let place = at..at + c.len_utf8();
            if c.is_ascii() || matches!(c, '\u{4E00}'..='\u{9FFF}') {
                read.push(c.to_ascii_lowercase(), place, &mut bond);
            } else {
                for folded in std::iter::once(c).nfkc().flat_map(char::to_lowercase) {
                    read.push(folded, place.clone(), &mut bond);
                }
            }
        }
        read.text = text;
        read
    }

    fn push(&mut self, c: char, place: Range<usize>, bond: &mut Bond) {
        if is_han(c) || c == '々' {
            self.tokens.push(Token::Han(c));
        } else if let Some(Token::Word(word)) = self.tokens.last_mut()
            && *bond == Bond::Touching
            && (is_slug_letter(c) || matches!(c, '+' | '#'))
        {
            word.push(c);
            if let Some(last) = self.places.last_mut() {
                last.end = place.end;
            }
            return;
        } else if is_slug_letter(c) {
            self.tokens.push(Token::Word(c.to_string()));
        } else {
            let is_soft =
                c.is_whitespace() || matches!(c, '-' | '.' | '_' | '·' | '・' | '/' | '\'' | '’');
            *bond = if is_soft && *bond != Bond::Apart { Bond::Near } else { Bond::Apart };
            return;
        }
        self.bonds.push(*bond);
        self.places.push(place);
        *bond = Bond::Touching;
    }

    /// Returns the pair that begins at a token.
    fn pair(&self, at: usize) -> Option<[char; 2]> {
        match (self.tokens.get(at)?, self.tokens.get(at + 1)?) {
            (Token::Han(a), Token::Han(b)) if self.bonds[at + 1] == Bond::Touching => {
                Some([*a, *b])
            }
            _ => None,
        }
    }

    /// Returns the pairs that may be a reason to read on. A commonplace takes its characters along:
    /// 怎样回来 has no 样回.
    pub(super) fn pairs(&self) -> impl Iterator<Item = [char; 2]> {
        let pairs: Vec<Option<[char; 2]>> =
            (0..self.tokens.len()).map(|at| self.pair(at)).collect();
        let is_commonplace: Vec<bool> =
            pairs.iter().map(|pair| pair.is_some_and(|pair| is_in(COMMONPLACE, pair))).collect();
        let stands_alone = move |at: usize| {
            !is_commonplace[at.saturating_sub(1)..(at + 2).min(is_commonplace.len())]
                .contains(&true)
        };
        pairs
            .into_iter()
            .enumerate()
            .filter_map(move |(at, pair)| pair.filter(|pair| stands_alone(at) && is_telling(*pair)))
    }

    /// Returns the words that may be one.
    pub(super) fn words(&self) -> impl Iterator<Item = &str> {
        self.words_among(0..self.tokens.len())
    }

    pub(super) fn words_of(&self, run: SharedRun) -> impl Iterator<Item = &str> {
        self.words_among(run.start..run.end())
    }

    fn words_among(&self, range: Range<usize>) -> impl Iterator<Item = &str> {
        let words = self.tokens[range].iter().filter_map(|token| match token {
            Token::Word(word) => Some(word.as_str()),
            Token::Han(_) => None,
        });
        words.filter(|word| is_telling_word(word))
    }

    /// Returns what stands at each place of a run but the last: the pair that begins there.
    pub(super) fn pairs_of(&self, run: SharedRun) -> impl Iterator<Item = Option<[char; 2]>> {
        (run.start..run.end().saturating_sub(1)).map(|at| self.pair(at))
    }

    /// Returns the runs of tokens that both titles have and that go on in neither direction.
    pub(super) fn runs_shared_with(&self, other: &Title) -> Vec<SharedRun> {
        let mut runs = Vec::new();
        // Of a run that ends here and there, how many tokens; for the token before, and for this
        // one.
        let mut before = vec![0; other.tokens.len() + 1];
        let mut row = before.clone();
        for (i, token) in self.tokens.iter().enumerate() {
            for (j, same) in other.tokens.iter().enumerate() {
                let joined = self.bonds[i] != Bond::Apart && other.bonds[j] != Bond::Apart;
                let count = if token != same {
                    0
                } else if joined {
                    before[j] + 1
                } else {
                    1
                };
                row[j + 1] = count;
                if count > 0 && !self.goes_on(i, other, j) {
                    runs.push(SharedRun { start: i + 1 - count, other: j + 1 - count, count });
                }
            }
            std::mem::swap(&mut before, &mut row);
        }
        runs.retain(|run| run.count > 1 || matches!(self.tokens[run.start], Token::Word(_)));
        runs
    }

    fn goes_on(&self, i: usize, other: &Title, j: usize) -> bool {
        i + 1 < self.tokens.len()
            && other.tokens.get(j + 1) == self.tokens.get(i + 1)
            && self.bonds[i + 1] != Bond::Apart
            && other.bonds[j + 1] != Bond::Apart
    }

    /// Returns a run without particles at its ends, nor characters that belong to what stands
    /// outside: 苹果手 in 苹果手机 and 苹果手表 is 苹果, since more titles have 手机 than 果手.
    pub(super) fn trimmed(
        &self,
        other: &Title,
        mut run: SharedRun,
        posts_with: impl Fn([char; 2]) -> usize,
    ) -> SharedRun {
        let joined_more = |outside: [Option<[char; 2]>; 2], inside: Option<[char; 2]>| {
            outside.into_iter().flatten().map(&posts_with).max().unwrap_or(0)
                > inside.map_or(0, &posts_with)
        };
        while run.count > 0 {
            let (first, last) = (run.start, run.end() - 1);
            let pair = |at: usize| if run.count > 1 { self.pair(at) } else { None };
            let before = |title: &Title, at: usize| at.checked_sub(1).and_then(|at| title.pair(at));
            let (head, tail) = (pair(first), pair(last.saturating_sub(1)));
            if self.is_loose(first, head)
                || joined_more([before(self, first), before(other, run.other)], head)
            {
                run =
                    SharedRun { start: run.start + 1, other: run.other + 1, count: run.count - 1 };
            } else if self.is_loose(last, tail)
                || joined_more([self.pair(last), other.pair(run.other + run.count - 1)], tail)
            {
                run.count -= 1;
            } else {
                break;
            }
        }
        run
    }

    /// Returns whether a token at the end of a run is a particle and no part of a word with its
    /// neighbour.
    fn is_loose(&self, at: usize, with: Option<[char; 2]>) -> bool {
        matches!(&self.tokens[at], Token::Han(c) if has(PARTICLES, *c))
            && !with.is_some_and(is_whole)
    }

    /// Returns how long a run looks, in halves of a Han character.
    pub(super) fn width(&self, run: SharedRun) -> usize {
        let width = |token: &Token| match token {
            Token::Han(_) => 2,
            Token::Word(word) => word.chars().count(),
        };
        self.tokens[run.start..run.end()].iter().map(width).sum()
    }

    /// Returns a run as the title writes it.
    pub(super) fn text(&self, run: SharedRun) -> &str {
        &self.text[self.places[run.start].start..self.places[run.end() - 1].end]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runs(one: &str, other: &str) -> Vec<String> {
        let (one, other) = (Title::read(one), Title::read(other));
        let trimmed =
            one.runs_shared_with(&other).into_iter().map(|run| one.trimmed(&other, run, |_| 0));
        trimmed.filter(|run| run.count > 1).map(|run| one.text(run).to_owned()).collect()
    }

    #[test]
    fn pairs_and_words_that_say_something() {
        let pairs = |title: &str| {
            Title::read(title)
                .pairs()
                .map(|pair| pair.into_iter().collect::<String>())
                .collect::<Vec<_>>()
        };
        assert_eq!(pairs("余凯，谷歌"), ["余凯", "谷歌"]);
        assert_eq!(pairs("这是怎样的三十年，第二章：如何"), [""; 0]);
        assert_eq!(pairs("三体与和平"), ["三体", "和平"]);
        assert_eq!(pairs("怎样回来"), [""; 0]);
        let words = |title: &str| Title::read(title).words().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(
            words("ＣｈａｔＧＰＴ and C++ in 2023, 7 x 100: 996, cafe\u{301}"),
            ["chatgpt", "c++", "996", "caf\u{e9}"]
        );
        assert!(COMMON_WORDS.is_sorted());
    }

    #[test]
    fn runs_stop_at_punctuation_and_lose_particles() {
        assert_eq!(runs("谈人工智能的未来", "人工智能的历史"), ["人工智能"]);
        assert_eq!(runs("甲乙，丙丁", "甲乙丙丁"), ["甲乙", "丙丁"]);
        assert_eq!(runs("乔治·奥威尔传", "读乔治·奥威尔"), ["乔治·奥威尔"]);
        assert_eq!(runs("iPhone 15 之夜", "iphone　15 开箱"), ["iPhone 15"]);
        assert_eq!(runs("在和平中", "论和平"), ["和平"]);
        assert_eq!(runs("水的故事", "山的故事"), ["故事"]);
    }

    #[test]
    fn words_are_not_cut() {
        let (one, other) = (Title::read("苹果手机"), Title::read("苹果手表"));
        let run = one.runs_shared_with(&other)[0];
        assert_eq!(one.text(run), "苹果手");
        let posts_with = |pair: [char; 2]| if pair == ['手', '机'] { 9 } else { 2 };
        assert_eq!(one.text(one.trimmed(&other, run, posts_with)), "苹果");
        assert_eq!(
            other.text(other.trimmed(&one, other.runs_shared_with(&one)[0], posts_with)),
            "苹果"
        );
    }

    #[test]
    fn whole_paragraphs_are_cut_short() {
        let title = Title::read(&"一二三a b，".repeat(500));
        assert!(title.tokens.len() <= LONGEST + 1 && title.tokens.len() == title.places.len());
        assert!(Title::read("").tokens.is_empty());
    }
}
