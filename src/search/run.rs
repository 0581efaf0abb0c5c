//! Runs: the postings of some articles in the order of their keys, on the way from articles, each
//! with its grams, to grams, each with its articles.
//!
//! The grams of all articles are more than lies in memory, so they are sorted some thousand
//! articles at a time, and a part of the keys at a time.

use super::grams::Gram;
use super::shard::Posting;

/// Bits of a key that name its part.
const PART: u32 = 8;
/// How many parts the keys fall into.
pub(super) const PARTS: usize = 1 << PART;
/// Bits of a weight.
const WEIGHT: u32 = 3;

/// A posting with its key: the key in the highest 32 bits, then the article, then the weight, so
/// that they sort as a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct KeyedPosting(u64);

impl KeyedPosting {
    fn new(key: u32, doc: u32, weight: u8) -> KeyedPosting {
        KeyedPosting(u64::from(key) << 32 | u64::from(doc) << WEIGHT | u64::from(weight))
    }

    pub(super) fn key(self) -> u32 {
        (self.0 >> 32) as u32
    }

    pub(super) fn posting(self) -> Posting {
        #[expect(clippy::cast_possible_truncation, reason = "the lowest bits are meant")]
        let (low, weight) = (self.0 as u32, (self.0 & ((1 << WEIGHT) - 1)) as u8);
        Posting { doc: low >> WEIGHT, weight }
    }
}

/// Returns where the grams of each part begin in the grams of an article, and the end.
pub(super) fn part_bounds(grams: &[Gram]) -> Box<[u32; PARTS + 1]> {
    let mut bounds = Box::new([0; PARTS + 1]);
    for gram in grams {
        bounds[(gram.key >> (32 - PART)) as usize + 1] += 1;
    }
    for part in 0..PARTS {
        bounds[part + 1] += bounds[part];
    }
    bounds
}

/// Returns the run of a part of the keys, of articles whose grams of that part are given, each with
/// the article's number in the run.
pub(super) fn encoded<'g>(articles: impl Iterator<Item = (u32, &'g [Gram])>) -> Vec<u8> {
    let postings = articles.flat_map(|(doc, grams)| {
        grams.iter().map(move |gram| KeyedPosting::new(gram.key, doc, gram.weight))
    });
    let postings = sorted_by_key(postings.collect());
    let mut bytes = Vec::with_capacity(postings.len() * 3);
    let mut key = 0;
    for list in postings.chunk_by(|a, b| a.key() == b.key()) {
        push_number(&mut bytes, list[0].key() - key);
        key = list[0].key();
        push_number(&mut bytes, u32::try_from(list.len()).expect("articles have numbers"));
        let mut next = 0;
        for Posting { doc, weight } in list.iter().map(|posting| posting.posting()) {
            push_number(&mut bytes, (doc - next) << WEIGHT | u32::from(weight));
            next = doc + 1;
        }
    }
    bytes
}

/// Adds the postings of a run whose first article has a number.
pub(super) fn decode(bytes: &[u8], first: u32, postings: &mut Vec<KeyedPosting>) -> Option<()> {
    let (mut rest, mut key) = (bytes, 0_u32);
    while !rest.is_empty() {
        key = key.wrapping_add(number(&mut rest)?);
        let mut next = first;
        for _ in 0..number(&mut rest)? {
            let coded = number(&mut rest)?;
            let doc = next.wrapping_add(coded >> WEIGHT);
            postings.push(KeyedPosting::new(key, doc, (coded & ((1 << WEIGHT) - 1)) as u8));
            next = doc.wrapping_add(1);
        }
    }
    Some(())
}

/// Sorts postings that are in the order of their articles by the keys of one part. Counting takes
/// a third of what comparing does.
pub(super) fn sorted_by_key(postings: Vec<KeyedPosting>) -> Vec<KeyedPosting> {
    /// Two of them are the bits of a key behind those of its part.
    const DIGIT: u32 = 12;
    const FEW: usize = 1 << 10;
    let mut postings = postings;
    if postings.len() < FEW {
        // All numbers differ, but for those of equal postings.
        postings.sort_unstable();
        return postings;
    }
    let mut sorted = postings.clone();
    for pass in 0..2 {
        let digit = |posting: &KeyedPosting| {
            (posting.key() >> (pass * DIGIT)) as usize & ((1 << DIGIT) - 1)
        };
        let mut places = vec![0_u32; 1 << DIGIT];
        for posting in &postings {
            places[digit(posting)] += 1;
        }
        let mut next = 0;
        for place in &mut places {
            next += std::mem::replace(place, next);
        }
        for posting in &postings {
            let place = &mut places[digit(posting)];
            sorted[*place as usize] = *posting;
            *place += 1;
        }
        std::mem::swap(&mut postings, &mut sorted);
    }
    postings
}

fn push_number(bytes: &mut Vec<u8>, number: u32) {
    let mut left = number;
    while left >= 0x80 {
        #[expect(clippy::cast_possible_truncation, reason = "seven bits are meant")]
        bytes.push(left as u8 | 0x80);
        left >>= 7;
    }
    #[expect(clippy::cast_possible_truncation, reason = "seven bits are left")]
    bytes.push(left as u8);
}

fn number(bytes: &mut &[u8]) -> Option<u32> {
    let mut number = 0_u32;
    for shift in [0, 7, 14, 21, 28] {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u32::from(byte & 0x7F) << shift;
        if *byte < 0x80 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_run_comes_back(
            articles in proptest::collection::vec(
                proptest::collection::btree_map(0..1_u32 << 24, 0..5_u8, 0..400), 0..8,
            ),
            first in 0..100_000_u32,
        ) {
            let articles: Vec<Vec<Gram>> = articles
                .into_iter()
                .map(|grams| grams.into_iter().map(|(key, weight)| Gram { key, weight }).collect())
                .collect();
            let bytes = encoded((0..).zip(articles.iter().map(Vec::as_slice)));
            let mut back = Vec::new();
            prop_assert!(decode(&bytes, first, &mut back).is_some());
            let mut due: Vec<KeyedPosting> = (first..)
                .zip(&articles)
                .flat_map(|(doc, grams)| {
                    grams.iter().map(move |gram| KeyedPosting::new(gram.key, doc, gram.weight))
                })
                .collect();
            prop_assert_eq!(sorted_by_key(due.clone()), back.clone());
            due.sort_unstable();
            prop_assert_eq!(back, due);
        }

        #[test]
        fn a_damaged_run_is_told(bytes: Vec<u8>) {
            let _ = decode(&bytes, 0, &mut Vec::new());
        }
    }
}
