//! A volume: the index of a range of articles, in shards.

use std::collections::BTreeMap;
use std::io;
use std::ops::Range;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::grams::{Gram, GramCounter};
use super::run::{self, KeyedPosting, PARTS};
use super::shard::{KeyPlace, Posting, PostingList, Shard, ShardWriter, place};
use crate::digest::Digest;

/// Postings of a shard, about: of 32 of them it takes 20 to 30 bytes.
const POSTINGS: u64 = 1 << 14;
/// Most shards of a volume, as a power of 2. Of a million articles each then has half a megabyte.
const MOST_BITS: u32 = 12;
/// Articles that are sorted at a time: their grams take 40 MB.
const AT_A_TIME: usize = 2048;

/// The index of a range of articles.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct IndexVolume {
    pub first: u32,
    pub docs: u32,
    /// It has 2 to the power of this shards.
    pub bits: u32,
    pub shards: Vec<Digest>,
}

/// Keeps what is found while a volume is made, until it is done.
pub(super) trait Scratch: Sync {
    /// Adds bytes and returns where they stand.
    fn append(&self, bytes: &[u8]) -> io::Result<u64>;
    /// Returns bytes that were added.
    fn read(&self, range: Range<u64>) -> io::Result<Vec<u8>>;
}

/// Returns the bits of a volume with so many postings.
pub(super) fn bits(postings: u64) -> u32 {
    postings.div_ceil(POSTINGS).next_power_of_two().ilog2().min(MOST_BITS)
}

/// Makes the volume of a range of articles. `grams` gives those of an article, in the order of
/// their keys; `keep` takes the bytes of each shard.
pub(super) fn make(
    docs: Range<u32>,
    scratch: &dyn Scratch,
    grams: &(dyn Fn(u32, &mut GramCounter) -> io::Result<Vec<Gram>> + Sync),
    keep: &(dyn Fn(Digest, Vec<u8>) + Sync),
) -> io::Result<IndexVolume> {
    let mut runs: Vec<(u32, Vec<Range<u64>>)> = Vec::new();
    let mut postings = 0;
    let numbers: Vec<u32> = docs.clone().collect();
    for some in numbers.chunks(AT_A_TIME) {
        let articles: Vec<(Vec<Gram>, Box<[u32; PARTS + 1]>)> = some
            .par_iter()
            .map_init(GramCounter::new, |counter, doc| {
                let grams = grams(*doc, counter)?;
                let bounds = run::part_bounds(&grams);
                Ok((grams, bounds))
            })
            .collect::<io::Result<_>>()?;
        postings += articles.iter().map(|(grams, _)| grams.len() as u64).sum::<u64>();
        let run = |part: usize| {
            let of_part = articles
                .iter()
                .map(|(grams, bounds)| &grams[bounds[part] as usize..bounds[part + 1] as usize]);
            let bytes = run::encoded((0..).zip(of_part));
            let start = scratch.append(&bytes)?;
            Ok(start..start + bytes.len() as u64)
        };
        let parts = (0..PARTS).into_par_iter().map(run).collect::<io::Result<_>>()?;
        runs.push((some[0] - docs.start, parts));
    }
    let bits = bits(postings);
    let number = docs.end - docs.start;
    // Of small volumes a shard has several parts of the keys, of large ones a part several shards.
    let units = PARTS.min(1 << bits);
    let shards_of = |unit: usize| -> io::Result<Vec<Digest>> {
        let mut postings = Vec::new();
        for part in unit * (PARTS / units)..(unit + 1) * (PARTS / units) {
            let mut of_part = Vec::new();
            for (first, parts) in &runs {
                let bytes = scratch.read(parts[part].clone())?;
                run::decode(&bytes, *first, &mut of_part).ok_or(io::ErrorKind::InvalidData)?;
            }
            postings.extend(if runs.len() > 1 { run::sorted_by_key(of_part) } else { of_part });
        }
        let shards = (1 << bits) / units;
        let digests = (unit * shards..(unit + 1) * shards).map(|shard| {
            let end = postings.partition_point(|posting| place(posting.key(), bits).shard <= shard);
            let rest = postings.split_off(end);
            let bytes = written(&std::mem::replace(&mut postings, rest), bits, number);
            let digest = Digest::of(&bytes);
            keep(digest, bytes);
            digest
        });
        Ok(digests.collect())
    };
    let shards: Vec<Vec<Digest>> =
        (0..units).into_par_iter().map(shards_of).collect::<io::Result<_>>()?;
    Ok(IndexVolume { first: docs.start, docs: number, bits, shards: shards.concat() })
}

/// Returns a shard of these postings, which are in the order of their keys.
fn written(postings: &[KeyedPosting], bits: u32, docs: u32) -> Vec<u8> {
    let mut writer = ShardWriter::new(docs);
    let rest = |posting: &KeyedPosting| place(posting.key(), bits).rest;
    for list in postings.chunk_by(|a, b| rest(a) == rest(b)) {
        let mut postings: Vec<Posting> = list.iter().map(|posting| posting.posting()).collect();
        // Several keys may have one place.
        if !postings.is_sorted_by(|a, b| a.doc < b.doc) {
            postings.sort_unstable();
            postings.reverse();
            postings.dedup_by_key(|posting| posting.doc);
            postings.reverse();
        }
        writer.list(PostingList { rest: rest(&list[0]), postings });
    }
    writer.finish()
}

/// An article of which other grams are known now.
#[derive(Debug)]
pub(super) struct Change {
    pub doc: u32,
    pub before: Vec<Gram>,
    pub now: Vec<Gram>,
}

/// The place of a gram in its shard, an article's number in the volume, and the weight, if it has the
/// gram now.
type ShardChange = (u32, u32, Option<u8>);

impl IndexVolume {
    /// Returns the volume after some changes, of which only the shards that they touch are written
    /// again; none where it would have another number of shards, or a shard is not to be had.
    /// `postings` is their number now.
    pub(super) fn changed(
        &self,
        changes: &[Change],
        postings: u64,
        shard: &(dyn Fn(Digest) -> Option<Vec<u8>> + Sync),
        keep: &(dyn Fn(Digest, Vec<u8>) + Sync),
    ) -> Option<IndexVolume> {
        if bits(postings) != self.bits {
            return None;
        }
        let mut touched: BTreeMap<usize, Vec<ShardChange>> = BTreeMap::new();
        for Change { doc, before, now } in changes {
            let (before, now) = (self.places(before), self.places(now));
            let gone =
                before.keys().filter(|place| !now.contains_key(place)).map(|place| (place, None));
            let new = now.iter().filter(|(place, weight)| before.get(place) != Some(weight));
            for (place, weight) in gone.chain(new.map(|(place, weight)| (place, Some(*weight)))) {
                let change = (place.rest, doc - self.first, weight);
                touched.entry(place.shard).or_default().push(change);
            }
        }
        let touched: Vec<(usize, Vec<ShardChange>)> = touched.into_iter().collect();
        let written = touched.into_par_iter().map(|(at, changes)| {
            let bytes = shard(self.shards[at])?;
            let bytes = self.rewritten(&bytes, changes);
            let digest = Digest::of(&bytes);
            keep(digest, bytes);
            Some((at, digest))
        });
        let mut volume = self.clone();
        for (at, digest) in written.collect::<Option<Vec<(usize, Digest)>>>()? {
            volume.shards[at] = digest;
        }
        Some(volume)
    }

    /// Returns the heaviest weight at each place of an article.
    fn places(&self, grams: &[Gram]) -> BTreeMap<KeyPlace, u8> {
        let mut places = BTreeMap::new();
        for gram in grams {
            let weight = places.entry(place(gram.key, self.bits)).or_insert(gram.weight);
            *weight = gram.weight.max(*weight);
        }
        places
    }

    fn rewritten(&self, bytes: &[u8], mut changes: Vec<ShardChange>) -> Vec<u8> {
        changes.sort_unstable();
        let mut lists: BTreeMap<u32, Vec<Posting>> = Shard::new(bytes, self.docs)
            .lists()
            .into_iter()
            .map(|list| (list.rest, list.postings))
            .collect();
        for (rest, doc, weight) in changes {
            let postings = lists.entry(rest).or_default();
            let at = postings.binary_search_by_key(&doc, |posting| posting.doc);
            match (at, weight) {
                (Ok(at), Some(weight)) => postings[at].weight = weight,
                (Err(at), Some(weight)) => postings.insert(at, Posting { doc, weight }),
                (Ok(at), None) => drop(postings.remove(at)),
                (Err(_), None) => {}
            }
        }
        let mut writer = ShardWriter::new(self.docs);
        for (rest, postings) in lists {
            writer.list(PostingList { rest, postings });
        }
        writer.finish()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::sync::Mutex;

    use proptest::prelude::*;

    use super::*;

    #[derive(Default)]
    struct InMemory(Mutex<Vec<u8>>);

    impl Scratch for InMemory {
        fn append(&self, bytes: &[u8]) -> io::Result<u64> {
            let mut all = self.0.lock().unwrap();
            let start = all.len() as u64;
            all.extend_from_slice(bytes);
            Ok(start)
        }

        fn read(&self, range: Range<u64>) -> io::Result<Vec<u8>> {
            let at = |place| usize::try_from(place).unwrap();
            Ok(self.0.lock().unwrap()[at(range.start)..at(range.end)].to_vec())
        }
    }

    type Kept = Mutex<HashMap<Digest, Vec<u8>>>;

    fn made(articles: &[Vec<Gram>], kept: &Kept) -> IndexVolume {
        let grams = |doc: u32, _: &mut GramCounter| Ok(articles[doc as usize].clone());
        let keep = |digest, bytes| drop(kept.lock().unwrap().insert(digest, bytes));
        let docs = 0..u32::try_from(articles.len()).unwrap();
        make(docs, &InMemory::default(), &grams, &keep).unwrap()
    }

    fn articles() -> impl Strategy<Value = Vec<Vec<Gram>>> {
        // Few keys, so that many share a place.
        let grams = proptest::collection::btree_map(0..300_u32, 0..5_u8, 0..60);
        let key = |key: u32| key.wrapping_mul(0x00D0_0001) ^ key;
        proptest::collection::vec(
            grams.prop_map(move |grams| {
                let mut grams: Vec<Gram> =
                    grams.into_iter().map(|(at, weight)| Gram { key: key(at), weight }).collect();
                grams.sort_unstable_by_key(|gram| gram.key);
                grams.dedup_by_key(|gram| gram.key);
                grams
            }),
            1..8,
        )
    }

    proptest! {
        #[test]
        fn a_changed_volume_is_the_one_that_is_made(
            before in articles(), others in articles(), which: prop::sample::Index
        ) {
            let kept = Kept::default();
            let volume = made(&before, &kept);
            let mut now = before.clone();
            let doc = which.index(now.len());
            now[doc] = others[0].clone();
            let change = Change {
                doc: u32::try_from(doc).unwrap(),
                before: before[doc].clone(),
                now: now[doc].clone(),
            };
            let shard = |digest: Digest| kept.lock().unwrap().get(&digest).cloned();
            let keep = |digest, bytes| drop(kept.lock().unwrap().insert(digest, bytes));
            let postings = now.iter().map(|grams| grams.len() as u64).sum();
            let changed = volume.changed(&[change], postings, &shard, &keep);
            prop_assert_eq!(changed, Some(made(&now, &Kept::default())));
        }
    }

    #[test]
    fn many_articles_are_sorted_some_at_a_time() {
        let count = u32::try_from(AT_A_TIME).unwrap() + 100;
        let articles: Vec<Vec<Gram>> = (0..count)
            .map(|doc| {
                let key = |at: u32| (doc % 7 + at).wrapping_mul(0x9E37_79B9);
                let mut grams: Vec<Gram> =
                    (0..40).map(|at| Gram { key: key(at), weight: (at % 5) as u8 }).collect();
                grams.sort_unstable_by_key(|gram| gram.key);
                grams
            })
            .collect();
        let kept = Kept::default();
        let volume = made(&articles, &kept);
        assert_eq!((volume.docs, volume.bits, volume.shards.len()), (count, 3, 8));
        let kept = kept.into_inner().unwrap();
        for (doc, grams) in (0..).zip(&articles).step_by(300) {
            for gram in grams {
                let KeyPlace { shard, rest } = place(gram.key, volume.bits);
                let shard = Shard::new(&kept[&volume.shards[shard]], count);
                let found = Posting { doc, weight: gram.weight };
                assert!(shard.postings(rest).contains(&found));
            }
        }
    }
}
