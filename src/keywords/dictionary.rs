//! The words: jieba's dictionary, as it lies in the program, and the keeper's own.

use std::collections::HashMap;
use std::str::{Lines, from_utf8};

use jieba_rs::Jieba;
use miniz_oxide::inflate::decompress_to_vec_zlib;

use crate::diagnostic::Diagnostic;
use crate::words::Message;

/// Made by `dictionary/make.py`, which describes the form; the licence lies beside it.
static PACKED: &[u8] = include_bytes!("../../dictionary/words.zlib");

/// Highest frequency of a word of the keeper's; the sum of all of jieba's is 60 million.
const HIGHEST: usize = 100_000_000;

/// Words of the keeper's: names and terms that no dictionary has.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct UserWords {
    /// With how often each occurs; without, so often that it is never cut in two.
    pub(super) words: Vec<(String, Option<usize>)>,
}

impl UserWords {
    /// Reads a file of one word a line. A frequency may follow, and jieba's part of speech, which
    /// means nothing here; `#` at the start of a line or behind a blank begins a comment.
    pub fn parse(text: &str) -> Result<UserWords, Box<Diagnostic>> {
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        let mut words = Vec::new();
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            match entry(line) {
                Ok(entry) => words.extend(entry),
                Err(mistake) => {
                    let at = start + (mistake.column.as_ptr().addr() - line.as_ptr().addr());
                    let diagnostic = Diagnostic::error("config", mistake.why).hint(mistake.hint);
                    return Err(Box::new(diagnostic.at(text, at..at + mistake.column.len())));
                }
            }
            start += line.len();
        }
        Ok(UserWords { words })
    }
}

/// What is wrong with a line, and which of its columns.
struct LineMistake<'l> {
    column: &'l str,
    why: Message,
    hint: Message,
}

/// Returns the word of a line, if there is one: the columns are the word, how often it occurs, and
/// jieba's part of speech, of which the last two may each be left out.
fn entry(line: &str) -> Result<Option<(String, Option<usize>)>, LineMistake<'_>> {
    let mut columns = line.split_whitespace().take_while(|column| !column.starts_with('#'));
    let Some(word) = columns.next() else { return Ok(None) };
    if word.chars().nth(1).is_none() {
        // It would be accepted and never found: no keyword is that short.
        let why = say!("`{}` is a single character, and a keyword has two or more", word);
        return Err(LineMistake {
            column: word,
            why,
            hint: say!("write whole words, or remove the line"),
        });
    }
    let hint =
        || say!("write one word a line, alone or with a number from 1 to {} behind it", HIGHEST);
    let is_part_of_speech = |column: &str| column.bytes().all(|byte| byte.is_ascii_lowercase());
    let mut next = columns.next();
    let mut frequency = None;
    if let Some(second) = next.filter(|second| !is_part_of_speech(second)) {
        frequency = second.parse().ok().filter(|frequency| (1..=HIGHEST).contains(frequency));
        if frequency.is_none() {
            let why = say!("`{}` is not how often `{}` occurs", second, word);
            return Err(LineMistake { column: second, why, hint: hint() });
        }
        next = columns.next();
    }
    if next.is_some_and(is_part_of_speech) {
        next = columns.next();
    }
    match next {
        Some(column) => Err(LineMistake {
            column,
            why: say!("`{}` has no meaning behind `{}`", column, word),
            hint: hint(),
        }),
        None => Ok(Some((word.to_owned(), frequency))),
    }
}

/// How telling a word is: the logarithm of how few texts hold it.
pub(super) struct Weights {
    /// An index into `steps` for each word: 270,000 words share 3,328 weights.
    words: HashMap<Box<str>, u16>,
    steps: Vec<f64>,
    /// What a word weighs that the list has not.
    middle: f64,
}

impl Weights {
    pub(super) fn weight(&self, word: &str) -> f64 {
        self.words.get(word).map_or(self.middle, |step| self.steps[usize::from(*step)])
    }
}

/// Unpacks the dictionary and makes the tables of both: 200 ms of work in 130 ms.
pub(super) fn load(user: &UserWords) -> (Jieba, Weights) {
    let bytes = decompress_to_vec_zlib(PACKED).expect("the dictionary was packed by zlib");
    let unpacked = Unpacked::read(&bytes);
    // A thread of its own rather than rayon: a worker that waits in here must not take up a post
    // that waits for this.
    std::thread::scope(|scope| {
        let weights = scope.spawn(|| unpacked.weights());
        let jieba = unpacked.jieba(user);
        (jieba, weights.join().expect("weights are only collected"))
    })
}

/// The dictionary, column by column.
struct Unpacked<'b> {
    /// All words, one after the other, and where each ends.
    letters: String,
    ends: Vec<usize>,
    /// Frequency and one, or 0.
    frequencies: Vec<usize>,
    /// Index into the weights and one, or 0.
    steps: Vec<usize>,
    weights: Lines<'b>,
}

impl<'b> Unpacked<'b> {
    fn read(bytes: &'b [u8]) -> Unpacked<'b> {
        let mut column = Numbers { bytes, at: 0 };
        let (words, _) = (column.next(), column.next());
        let shared: Vec<usize> = (0..words).map(|_| column.next()).collect();
        let mut at = column.at;
        let mut letters: Vec<u8> = Vec::with_capacity(bytes.len());
        let mut ends = Vec::with_capacity(words);
        let mut previous = 0;
        for shared in shared {
            let start = letters.len();
            letters.extend_from_within(previous..previous + shared);
            let length = memchr::memchr(b'\n', &bytes[at..]).expect("each word ends");
            letters.extend_from_slice(&bytes[at..at + length]);
            at += length + 1;
            ends.push(letters.len());
            previous = start;
        }
        let mut column = Numbers { bytes, at };
        let frequencies = (0..words).map(|_| column.next()).collect();
        let steps = (0..words).map(|_| column.next()).collect();
        Unpacked {
            letters: String::from_utf8(letters).expect("words are UTF-8"),
            ends,
            frequencies,
            steps,
            weights: from_utf8(&bytes[column.at..]).expect("weights are ASCII").lines(),
        }
    }

    fn words(&self) -> impl Iterator<Item = &str> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, end)| &self.letters[start..*end])
    }

    fn jieba(&self, user: &UserWords) -> Jieba {
        let mut jieba = Jieba::empty();
        for (word, frequency) in self.words().zip(&self.frequencies) {
            if let Some(frequency) = frequency.checked_sub(1) {
                jieba.add_word(word, Some(frequency), None);
            }
        }
        for (word, frequency) in &user.words {
            jieba.add_word(word, *frequency, None);
        }
        jieba
    }

    fn weights(&self) -> Weights {
        let steps: Vec<f64> = self
            .weights
            .clone()
            .map(|weight| weight.parse().expect("a weight is a number"))
            .collect();
        let mut words = HashMap::with_capacity(self.ends.len());
        let mut shares = vec![0; steps.len()];
        for (word, step) in self.words().zip(&self.steps) {
            if let Some(step) = step.checked_sub(1) {
                words.insert(Box::from(word), u16::try_from(step).expect("weights are few"));
                shares[step] += 1;
            }
        }
        // The middle of all weights in their order, as jieba takes it.
        let mut left = words.len() / 2;
        let middle = shares
            .iter()
            .position(|share| left.checked_sub(*share).map(|rest| left = rest).is_none())
            .unwrap_or(0);
        Weights { words, middle: steps[middle], steps }
    }
}

/// Numbers in LEB128.
struct Numbers<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl Numbers<'_> {
    fn next(&mut self) -> usize {
        let (mut number, mut shift) = (0, 0);
        loop {
            let byte = self.bytes[self.at];
            self.at += 1;
            number |= usize::from(byte & 127) << shift;
            shift += 7;
            if byte < 128 {
                return number;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dictionary_is_jiebas() {
        let (jieba, weights) = load(&UserWords::default());
        assert!(jieba.has_word("百度") && jieba.has_word("AT&T") && !jieba.has_word("辛顿"));
        // Lines of idf.txt, and the median that jieba computes of them.
        let found = ["劳动防护", "中国", "没有人写过的词"]
            .map(|word| format!("{:.7}", weights.weight(word)));
        assert_eq!(found, ["13.9006777", "3.0273207", "11.9547675"]);
    }

    #[test]
    fn words_of_the_keeper() {
        let words =
            UserWords::parse("\u{FEFF}# 人名\n辛顿\n余凯 30 nr\r\n\n火绒 n\n").unwrap().words;
        let expected = [("辛顿", None), ("余凯", Some(30)), ("火绒", None)];
        assert_eq!(words, expected.map(|(word, frequency)| (word.to_owned(), frequency)));
        for (wrong, column, marked) in [
            ("辛顿 3.5\n", 4, "3.5"),
            ("辛顿 -1", 4, "-1"),
            ("辛顿 0 n", 4, "0"),
            ("辛顿 999999999999", 4, "999999999999"),
            ("辛顿 X", 4, "X"),
            ("辛顿 x y z", 6, "y"),
            ("辛顿 3 4", 6, "4"),
            ("辛顿 3 n nr # 注", 8, "nr"),
            (" 词 3", 2, "词"),
            ("a#b c#d", 5, "c#d"),
        ] {
            let diagnostic = UserWords::parse(&format!("# 一\n{wrong}")).unwrap_err();
            let place = diagnostic.place.unwrap();
            assert_eq!(
                (place.line, place.column, &place.excerpt[place.marked.clone()]),
                (2, column, marked),
                "{wrong}"
            );
            assert!(diagnostic.hint.is_some());
        }
    }
}
