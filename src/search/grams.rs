//! Grams: the pieces that an index knows of a text, and that a phrase is asked by
//! (`docs/search.md`).

use std::collections::HashSet;

use super::fold::{Folded, FoldedChar};

/// Weights of postings: above those that say how often.
pub(super) const IN_TERM: u8 = 3;
pub(super) const IN_TITLE: u8 = 4;

/// Times in a text from which a gram occurs often, and very often.
const TIMES: [u16; 2] = [3, 8];
/// Most grams that a phrase is asked by.
const ASKED: usize = 4;

/// A gram of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Gram {
    pub key: u32,
    pub weight: u8,
}

/// The hash of some characters, unfinished.
#[derive(Clone, Copy)]
struct Hash(u32);

impl Hash {
    const EMPTY: Hash = Hash(0x811c_9dc5);

    fn and(self, code: u32) -> Hash {
        Hash((self.0 ^ code).wrapping_mul(0x0100_0193))
    }

    fn key(self) -> u32 {
        let mut hash = self.0;
        hash = (hash ^ hash >> 16).wrapping_mul(0x85eb_ca6b);
        hash = (hash ^ hash >> 13).wrapping_mul(0xc2b2_ae35);
        hash ^ hash >> 16
    }
}

/// Returns the key of a filter: of a taxonomy's term, or of a year.
pub(super) fn filter_key(taxonomy: &str, name: &Folded) -> u32 {
    let codes = name.chars.iter().map(|c| c.code());
    let all = [1].into_iter().chain(taxonomy.chars().chain([':']).map(u32::from)).chain(codes);
    all.fold(Hash::EMPTY, Hash::and).key()
}

/// Returns the key of a Traditional letter that stands for itself.
pub(super) fn letter_key(code: u32) -> u32 {
    Hash::EMPTY.and(2).and(code).key()
}

fn is_narrow(c: Option<&FoldedChar>) -> bool {
    c.is_some_and(|c| c.is_letter() && !c.is_wide())
}

/// Calls `found` with the key of each gram, as often as it occurs, and with how often that counts;
/// with that of a single letter where `is_new` says so.
fn grams(
    chars: &[FoldedChar],
    is_new: &mut impl FnMut(u32) -> bool,
    found: &mut impl FnMut(u32, u16),
) {
    for (at, c) in chars.iter().enumerate() {
        if !c.is_letter() {
            continue;
        }
        let hash = Hash::EMPTY.and(c.code());
        if is_new(c.code()) {
            found(hash.key(), 1);
        }
        let Some(second) = chars.get(at + 1).filter(|second| second.is_letter()) else { continue };
        let hash = hash.and(second.code());
        if c.is_wide() || second.is_wide() {
            found(hash.key(), 1);
            continue;
        }
        // A word of two letters, or of three, counts for more than a part of one.
        let begins = at == 0 || !is_narrow(chars.get(at - 1));
        let third = chars.get(at + 2);
        let is_third = is_narrow(third);
        found(hash.key(), if begins && !is_third { TIMES[0] } else { 1 });
        if let Some(third) = third.filter(|_| is_third) {
            let ends = begins && !is_narrow(chars.get(at + 3));
            found(hash.and(third.code()).key(), if ends { TIMES[0] } else { 1 });
        }
    }
}

/// Returns the keys that a folded phrase is asked by, in order.
pub(super) fn asked_keys(phrase: &[FoldedChar]) -> Vec<u32> {
    let letter = |at: Option<usize>| at.and_then(|at| phrase.get(at)).filter(|c| c.is_letter());
    let mut keys = Vec::new();
    for (at, c) in phrase.iter().enumerate().filter(|(_, c)| c.is_letter()) {
        let hash = Hash::EMPTY.and(c.code());
        let before = letter(at.checked_sub(1));
        let Some(second) = letter(Some(at + 1)) else {
            if before.is_none() {
                keys.push(hash.key());
            }
            continue;
        };
        let are_narrow = !c.is_wide() && !second.is_wide();
        let hash = hash.and(second.code());
        match letter(Some(at + 2)).filter(|third| are_narrow && !third.is_wide()) {
            Some(third) => keys.push(hash.and(third.code()).key()),
            None if are_narrow && before.is_some_and(|before| !before.is_wide()) => {}
            None => keys.push(hash.key()),
        }
    }
    if keys.len() > ASKED {
        let last = keys.len() - 1;
        keys = (0..ASKED).map(|at| keys[at * last / (ASKED - 1)]).collect();
    }
    keys
}

/// Counts the grams of one text after another. Slots stand in the order of the keys but for those
/// that met, so that what comes out is all but sorted.
#[derive(Debug)]
pub(super) struct GramCounter {
    /// A key and how often it came; zero where there is none.
    slots: Vec<(u32, u16, u8)>,
    used: usize,
    /// The letters of the text, which are counted once: a bit for each of the first 65,536, and the
    /// others.
    letters: Vec<u64>,
    rare_letters: HashSet<u32>,
}

impl GramCounter {
    /// Room for the grams of an article of 2,500 characters.
    const SLOTS: usize = 1 << 13;
    /// Room that is given back, since few articles need it.
    const MANY: usize = 1 << 16;

    pub(super) fn new() -> GramCounter {
        GramCounter {
            slots: vec![(0, 0, 0); GramCounter::SLOTS],
            used: 0,
            letters: vec![0; (1 << 16) / 64],
            rare_letters: HashSet::new(),
        }
    }

    /// Takes in the grams of a body.
    pub(super) fn text(&mut self, text: &Folded) {
        let (mut letters, mut rare) =
            (std::mem::take(&mut self.letters), std::mem::take(&mut self.rare_letters));
        let mut is_new = |code: u32| match letters.get_mut(code as usize / 64) {
            Some(bits) => {
                let bit = 1 << (code % 64);
                let is_new = *bits & bit == 0;
                *bits |= bit;
                is_new
            }
            None => rare.insert(code),
        };
        grams(&text.chars, &mut is_new, &mut |key, times| self.add(key, times, 0));
        letters.fill(0);
        rare.clear();
        (self.letters, self.rare_letters) = (letters, rare);
    }

    /// Takes in the grams of a title or a term.
    pub(super) fn field(&mut self, field: &Folded, weight: u8) {
        grams(&field.chars, &mut |_| true, &mut |key, _| self.add(key, 1, weight));
    }

    /// Takes in the Traditional letters of a text, which is folded and not.
    pub(super) fn traditional(&mut self, folded: &Folded, kept: &Folded, weight: u8) {
        let letters = folded.chars.iter().zip(&kept.chars);
        for (_, kept) in letters.filter(|(c, _)| c.was_changed() && c.is_letter()) {
            self.add(letter_key(kept.code()), 1, weight);
        }
    }

    /// Takes in a filter.
    pub(super) fn filter(&mut self, key: u32) {
        self.add(key, 1, 0);
    }

    fn add(&mut self, key: u32, times: u16, weight: u8) {
        if self.used * 2 >= self.slots.len() {
            self.grow();
        }
        let mask = self.slots.len() - 1;
        let mut at = self.first_slot(key);
        loop {
            let slot = &mut self.slots[at];
            if slot.1 == 0 {
                *slot = (key, times, weight);
                self.used += 1;
                return;
            }
            if slot.0 == key {
                slot.1 = slot.1.saturating_add(times);
                slot.2 = slot.2.max(weight);
                return;
            }
            at = (at + 1) & mask;
        }
    }

    /// The highest bits of the key.
    fn first_slot(&self, key: u32) -> usize {
        (key >> (32 - self.slots.len().trailing_zeros())) as usize
    }

    fn grow(&mut self) {
        let larger = vec![(0, 0, 0); self.slots.len() * 2];
        let slots = std::mem::replace(&mut self.slots, larger);
        self.used = 0;
        for (key, times, weight) in slots.into_iter().filter(|slot| slot.1 > 0) {
            self.add(key, times, weight);
        }
    }

    /// Returns the grams of what was taken in, in the order of their keys.
    pub(super) fn finish(&mut self) -> Vec<Gram> {
        let weight = |times: u16, weight: u8| {
            let often = TIMES.iter().filter(|least| times >= **least).count();
            weight.max(u8::try_from(often).unwrap_or(IN_TITLE))
        };
        let mut grams: Vec<Gram> = Vec::with_capacity(self.used);
        for slot in &mut self.slots {
            if slot.1 > 0 {
                grams.push(Gram { key: slot.0, weight: weight(slot.1, slot.2) });
            }
            *slot = (0, 0, 0);
        }
        self.used = 0;
        if self.slots.len() > GramCounter::MANY {
            self.slots = vec![(0, 0, 0); GramCounter::SLOTS];
        }
        // They are all but sorted: sorting anew took 5 % of the time of an index.
        for end in 1..grams.len() {
            let mut at = end;
            while at > 0 && grams[at - 1].key > grams[at].key {
                grams.swap(at - 1, at);
                at -= 1;
            }
        }
        grams
    }
}

#[cfg(test)]
mod tests {
    use super::super::fold::{Variants, folded};
    use super::*;

    fn counted(text: &str) -> Vec<Gram> {
        let mut counter = GramCounter::new();
        counter.text(&folded(text, Variants::Folded));
        counter.finish()
    }

    fn asked(phrase: &str) -> Vec<u32> {
        asked_keys(&folded(phrase, Variants::Folded).chars)
    }

    /// As `docs/search.md` writes it.
    fn key(gram: &str) -> u32 {
        gram.chars().fold(Hash::EMPTY, |hash, c| hash.and(u32::from(c))).key()
    }

    #[test]
    fn keys_are_those_of_the_document() {
        assert_eq!([key("辛顿"), key("gpt")], [0x77e5_2e8f, 0x72b8_48cc]);
    }

    #[test]
    fn a_phrase_is_asked_by_what_its_texts_have() {
        for text in ["他说辛顿与GPT-4o模型，c++ é2年", "a", "字", "ab c", "x字y"] {
            let all = counted(text);
            let folded = folded(text, Variants::Folded);
            for start in 0..folded.chars.len() {
                for end in start + 1..=folded.chars.len() {
                    for key in asked_keys(&folded.chars[start..end]) {
                        assert!(all.iter().any(|gram| gram.key == key), "{text} {start}..{end}");
                    }
                }
            }
        }
    }

    #[test]
    fn grams_of_phrases() {
        assert_eq!(asked("辛顿"), [key("辛顿")]);
        assert_eq!(asked("人"), [key("人")]);
        assert_eq!(asked("ai模型"), [key("ai"), key("i模"), key("模型")]);
        assert_eq!(asked("gpt4"), [key("gpt"), key("pt4")]);
        assert_eq!(asked("甲乙丙丁戊己庚"), ["甲乙", "乙丙", "丁戊", "己庚"].map(key));
        assert_eq!(asked("c++"), [key("c++")]);
        assert!(asked("，。").is_empty());
    }

    #[test]
    fn weights() {
        let weight = |text: &str, gram: &str| {
            counted(text).iter().find(|one| one.key == key(gram)).map(|one| one.weight)
        };
        assert_eq!(weight("辛顿", "辛顿"), Some(0));
        assert_eq!(weight("辛顿，辛顿，辛顿", "辛顿"), Some(1));
        assert_eq!(weight("辛顿，辛顿，辛顿", "辛"), Some(0));
        assert_eq!(weight(&"辛顿，".repeat(8), "辛顿"), Some(2));
        assert_eq!((weight("ai", "ai"), weight("main", "ai")), (Some(1), Some(0)));
        let mut counter = GramCounter::new();
        counter.field(&folded("辛顿", Variants::Folded), IN_TITLE);
        assert!(counter.finish().iter().all(|gram| gram.weight == IN_TITLE));
    }

    #[test]
    fn many_grams_are_counted() {
        let text: String = (0x4E00..0x9E00).filter_map(char::from_u32).collect();
        let all = counted(&text);
        assert!(all.len() > 30_000 && all.is_sorted_by_key(|gram| gram.key));
        assert_eq!(counted("a").len(), 1);
    }
}
