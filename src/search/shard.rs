//! A shard: which articles have which grams, for a part of all grams (`docs/search.md`).

use super::bits::{BitReader, BitWriter};
use super::grams::IN_TITLE;

/// Bits of a key behind those that name the shard.
const REST: u32 = 20;
/// Bits of these that name the bucket.
const BUCKET: u32 = 6;
const LOW: u32 = REST - BUCKET;
const BUCKETS: usize = 1 << BUCKET;
/// Bytes of the offsets before the buckets.
const OFFSETS: usize = BUCKETS * 3;
/// How far apart the keys of a bucket are, as a power of 2.
const KEYS_APART: u32 = 8;

/// An article that has a gram: its number within the volume, and its weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Posting {
    pub doc: u32,
    pub weight: u8,
}

/// The postings of a gram: its key behind the bits that name the shard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PostingList {
    pub rest: u32,
    /// In the order of the articles.
    pub postings: Vec<Posting>,
}

/// Where a key is found, in a volume of 2^`bits` shards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct KeyPlace {
    pub shard: usize,
    pub rest: u32,
}

/// Returns where a key is found, in a volume of 2^`bits` shards.
pub(super) fn place(key: u32, bits: u32) -> KeyPlace {
    let (shard, behind) = if bits == 0 { (0, key) } else { (key >> (32 - bits), key << bits) };
    KeyPlace { shard: shard as usize, rest: behind >> (32 - REST) }
}

/// How far apart postings are, as a power of 2.
fn apart(docs: u32, postings: u32) -> u32 {
    let quotient = u64::from(docs) * 11 / (16 * u64::from(postings));
    quotient.checked_ilog2().unwrap_or_default()
}

/// Writes a shard, list by list in the order of their keys.
#[derive(Debug)]
pub(super) struct ShardWriter {
    /// How many articles the volume has.
    docs: u32,
    offsets: Vec<usize>,
    done: BitWriter,
    /// The lists of the bucket that is being written.
    bucket: Vec<PostingList>,
}

impl ShardWriter {
    pub(super) fn new(docs: u32) -> ShardWriter {
        ShardWriter { docs, offsets: Vec::new(), done: BitWriter::default(), bucket: Vec::new() }
    }

    /// Adds a list; one without postings is none.
    pub(super) fn list(&mut self, list: PostingList) {
        if list.postings.is_empty() {
            return;
        }
        while self.offsets.len() < (list.rest >> LOW) as usize {
            self.end_bucket();
        }
        self.bucket.push(list);
    }

    fn end_bucket(&mut self) {
        let ShardWriter { docs, offsets, done, bucket } = self;
        offsets.push(done.length());
        let count = |count: usize| u32::try_from(count).expect("there are 2^20 keys and articles");
        done.gamma(count(bucket.len()) + 1);
        let mut next = 0;
        for PostingList { rest, postings } in bucket.drain(..) {
            let low = rest & ((1 << LOW) - 1);
            done.rice(low - next, KEYS_APART);
            next = low + 1;
            let number = count(postings.len());
            done.gamma(number);
            let has_weights = postings.iter().any(|posting| posting.weight > 0);
            done.bits(u32::from(has_weights), 1);
            let (apart, mut next) = (apart(*docs, number), 0);
            for posting in &postings {
                done.rice(posting.doc - next, apart);
                next = posting.doc + 1;
            }
            if has_weights {
                for posting in &postings {
                    done.ones(posting.weight, IN_TITLE);
                }
            }
        }
    }

    /// Returns the bytes of the shard.
    pub(super) fn finish(mut self) -> Vec<u8> {
        while self.offsets.len() < BUCKETS {
            self.end_bucket();
        }
        let stream = self.done.finish();
        let mut bytes = Vec::with_capacity(OFFSETS + stream.len());
        for offset in self.offsets {
            let offset = u32::try_from(offset).expect("a shard has less than 2 MB");
            bytes.extend_from_slice(&offset.to_be_bytes()[1..]);
        }
        bytes.extend(stream);
        bytes
    }
}

/// A shard as it was written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shard<'b> {
    bytes: &'b [u8],
    docs: u32,
}

impl<'b> Shard<'b> {
    /// Reads a shard of a volume of so many articles.
    pub(super) fn new(bytes: &'b [u8], docs: u32) -> Shard<'b> {
        Shard { bytes, docs }
    }

    /// Returns the postings of a key; none where it is not here.
    pub(super) fn postings(&self, rest: u32) -> Vec<Posting> {
        let mut found = Vec::new();
        self.bucket((rest >> LOW) as usize, |list| {
            if list.rest == rest {
                found = list.postings;
            }
        });
        found
    }

    /// Returns all lists, in the order of their keys.
    pub(super) fn lists(&self) -> Vec<PostingList> {
        let mut lists = Vec::new();
        (0..BUCKETS).for_each(|bucket| self.bucket(bucket, |list| lists.push(list)));
        lists
    }

    /// Reads a bucket, as far as it is as it was written.
    fn bucket(&self, bucket: usize, mut found: impl FnMut(PostingList)) {
        let Some(&[a, b, c]) = self.bytes.get(bucket * 3..bucket * 3 + 3) else { return };
        let offset = u32::from_be_bytes([0, a, b, c]) as usize;
        let mut reader = BitReader::new(self.bytes, OFFSETS * 8 + offset);
        let keys = reader.gamma().map_or(0, |keys| keys - 1);
        let mut next = 0_u32;
        for _ in 0..keys {
            let Some(low) = reader.rice(KEYS_APART).and_then(|delta| next.checked_add(delta))
            else {
                return;
            };
            next = low.saturating_add(1);
            let Some(postings) = self.list(&mut reader) else { return };
            #[expect(clippy::cast_possible_truncation, reason = "there are 64")]
            let rest = (bucket as u32) << LOW | low;
            found(PostingList { rest, postings });
        }
    }

    fn list(&self, reader: &mut BitReader<'_>) -> Option<Vec<Posting>> {
        let number = reader.gamma().filter(|number| *number <= self.docs)?;
        let has_weights = reader.bit();
        let apart = apart(self.docs, number);
        let mut postings = Vec::with_capacity(number as usize);
        let mut next = 0_u32;
        for _ in 0..number {
            let doc = next.checked_add(reader.rice(apart)?).filter(|doc| *doc < self.docs)?;
            postings.push(Posting { doc, weight: 0 });
            next = doc + 1;
        }
        if has_weights {
            for posting in &mut postings {
                posting.weight = reader.ones(IN_TITLE);
            }
        }
        Some(postings)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    fn shard(lists: &[PostingList], docs: u32) -> Vec<u8> {
        let mut writer = ShardWriter::new(docs);
        for list in lists {
            writer.list(list.clone());
        }
        writer.finish()
    }

    proptest! {
        #[test]
        fn lists_come_back(
            lists in proptest::collection::btree_map(
                0..1_u32 << REST,
                proptest::collection::btree_map(0..3000_u32, 0..=IN_TITLE, 1..40),
                0..80,
            )
        ) {
            let lists: BTreeMap<u32, BTreeMap<u32, u8>> = lists;
            let lists: Vec<PostingList> = lists
                .into_iter()
                .map(|(rest, docs)| {
                    let posting = |(doc, weight)| Posting { doc, weight };
                    PostingList { rest, postings: docs.into_iter().map(posting).collect() }
                })
                .collect();
            let bytes = shard(&lists, 3000);
            let shard = Shard::new(&bytes, 3000);
            prop_assert_eq!(shard.lists(), lists.clone());
            for list in &lists {
                prop_assert_eq!(shard.postings(list.rest), list.postings.clone());
            }
        }

        #[test]
        fn damaged_shards_are_read(bytes: Vec<u8>, rest in 0..1_u32 << REST) {
            let shard = Shard::new(&bytes, 1000);
            let docs = shard.lists().into_iter().flat_map(|list| list.postings);
            prop_assert!(docs.chain(shard.postings(rest)).all(|posting| posting.doc < 1000));
        }
    }

    #[test]
    fn a_list_of_all_takes_a_bit_for_each() {
        let all = (0..8000).map(|doc| Posting { doc, weight: 0 }).collect();
        let bytes = shard(&[PostingList { rest: 7, postings: all }], 8000);
        assert!(bytes.len() < OFFSETS + 8 + 1010, "{}", bytes.len());
    }

    #[test]
    fn places() {
        let found = place(0xABCD_E123, 8);
        assert_eq!((found.shard, found.rest), (0xAB, 0xC_DE12));
        assert_eq!(place(0xABCD_E123, 0).rest, 0xA_BCDE);
    }
}
