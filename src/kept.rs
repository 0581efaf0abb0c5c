//! What earlier runs made and this one need not make again, kept in `.sitegen/` in two files by the
//! digest of what it follows from.
//!
//! While a site is built, entries are written into a spool as they are made, and read from there: of
//! 100,000 posts they are more than lies in memory. In the end the spool becomes one of the two
//! files. Nearly all entries lie in the large one, which is seldom written anew; what few edits have
//! made lies in the recent one. An entry is found by its key and is what its key says, so the two
//! need not agree with each other, nor with the ledger.
//!
//! Not compressed: LZ4 would take half of the room of bodies, and a tenth of a cold build.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, Hasher};
use std::io;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use serde::{Deserialize, Serialize};

use crate::digest::{Digest, PROGRAM};
use crate::source::{Source, SourcePath};

/// The two files, below the site's folder.
#[derive(Clone, Copy, Debug)]
pub struct KeptFiles {
    /// Where most entries lie.
    pub large: &'static str,
    /// Where those lie that a few edits have made.
    pub recent: &'static str,
    /// What the unfinished file is called.
    pub spool: &'static str,
}

/// Bytes behind the index: where it begins, and its digest with the length of that.
const END: usize = 8 + 1 + 16;

/// A file that grows while it is read, and gets its name in the end.
pub trait Spool: Send + Sync {
    /// Adds bytes and returns where they stand.
    fn append(&self, bytes: &[u8]) -> io::Result<u64>;
    /// Returns bytes that were added.
    fn read(&self, range: Range<u64>) -> io::Result<Vec<u8>>;
    /// Gives the file its name, below the site's folder; others that it stands for as well go.
    fn commit(&self, file: &str, others: &[&str]) -> io::Result<()>;
}

/// Begins a spool of a name, when the first entry comes.
type SpoolOpener = Box<dyn Fn(&'static str) -> io::Result<Box<dyn Spool>> + Send + Sync>;

/// Where an entry stands in its file, and what its bytes come to.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct EntryPlace {
    start: u64,
    length: u32,
    checksum: u64,
}

impl EntryPlace {
    fn range(&self) -> Range<u64> {
        self.start..self.start + u64::from(self.length)
    }
}

/// The entries of a file, by their keys.
type EntryIndex = HashMap<Digest, EntryPlace, foldhash::fast::FixedState>;

/// What earlier runs have written.
#[derive(Default)]
struct WrittenBefore {
    large: EntryIndex,
    recent: EntryIndex,
}

/// Entries that were written before, and those that are written now.
pub struct KeptStore {
    files: KeptFiles,
    source: Option<Arc<dyn Source>>,
    before: OnceLock<WrittenBefore>,
    /// None where nothing is to be written.
    begin: Option<SpoolOpener>,
    spool: OnceLock<io::Result<Box<dyn Spool>>>,
    new: Mutex<EntryIndex>,
    /// The first file that is not as it was written.
    damaged: OnceLock<&'static str>,
}

impl KeptStore {
    /// Returns a store that knows nothing and keeps nothing.
    pub fn none(files: KeptFiles) -> KeptStore {
        KeptStore {
            files,
            source: None,
            before: OnceLock::new(),
            begin: None,
            spool: OnceLock::new(),
            new: Mutex::default(),
            damaged: OnceLock::new(),
        }
    }

    /// Returns what earlier runs have written; nothing new is kept.
    pub fn of(files: KeptFiles, source: Arc<dyn Source>) -> KeptStore {
        KeptStore { source: Some(source), ..KeptStore::none(files) }
    }

    /// Keeps new entries as well, in what `begin` begins when the first comes.
    pub fn kept_in(
        self,
        begin: impl Fn(&'static str) -> io::Result<Box<dyn Spool>> + Send + Sync + 'static,
    ) -> KeptStore {
        KeptStore { begin: Some(Box::new(begin)), ..self }
    }

    /// Returns whether new entries are kept.
    pub fn keeps(&self) -> bool {
        self.begin.is_some() && !matches!(self.spool.get(), Some(Err(_)))
    }

    /// Returns whether the entry of a key is known from earlier runs.
    pub fn knows(&self, key: Digest) -> bool {
        if self.source.is_none() {
            return false;
        }
        let before = self.written_before();
        before.recent.contains_key(&key) || before.large.contains_key(&key)
    }

    /// Begins a spool for what is not kept, if anything is.
    pub fn scratch(&self, name: &'static str) -> Option<io::Result<Box<dyn Spool>>> {
        self.begin.as_ref().map(|begin| begin(name))
    }

    /// Returns the entry of a key, if it is known.
    pub fn get(&self, key: Digest) -> Option<Vec<u8>> {
        let new = self.written_now().get(&key).copied();
        if let Some(place) = new {
            return self.spool.get()?.as_ref().ok()?.read(place.range()).ok();
        }
        let source = self.source.as_ref()?;
        let before = self.written_before();
        let (file, place) = before
            .recent
            .get(&key)
            .map(|place| (self.files.recent, place))
            .or_else(|| before.large.get(&key).map(|place| (self.files.large, place)))?;
        let bytes = source.read_part(&SourcePath::new(file), place.range()).ok()?;
        if checksum(&bytes) != place.checksum {
            let _ = self.damaged.set(file);
            return None;
        }
        Some(bytes)
    }

    /// Keeps an entry, and says whether it can be read again. That none can be kept is told in the
    /// end.
    pub fn put(&self, key: Digest, bytes: &[u8]) -> bool {
        let Some(begin) = &self.begin else { return false };
        let Ok(spool) = self.spool.get_or_init(|| begin(self.files.spool)) else { return false };
        let Ok(length) = u32::try_from(bytes.len()) else { return false };
        // An entry without a place is made again next time.
        let Ok(start) = spool.append(bytes) else { return false };
        let place = EntryPlace { start, length, checksum: checksum(bytes) };
        self.written_now().insert(key, place);
        true
    }

    fn written_now(&self) -> MutexGuard<'_, EntryIndex> {
        self.new.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn written_before(&self) -> &WrittenBefore {
        self.before.get_or_init(|| {
            let read = |file: &'static str| {
                let Some(source) = &self.source else { return EntryIndex::default() };
                index(&**source, &SourcePath::new(file)).unwrap_or_else(|NotAsWritten| {
                    let _ = self.damaged.set(file);
                    EntryIndex::default()
                })
            };
            WrittenBefore { large: read(self.files.large), recent: read(self.files.recent) }
        })
    }

    /// Returns the first file that is not as it was written, if one was looked at.
    pub fn damaged(&self) -> Option<&'static str> {
        self.damaged.get().copied()
    }

    /// Gives what was written its name, if anything was. `used` returns the keys of all
    /// entries that are still wanted.
    pub fn finish(&self, used: impl FnOnce() -> HashSet<Digest>) -> io::Result<()> {
        /// How much smaller than the large file the other one is at the most, and how many bytes it
        /// may always have.
        const TIMES_SMALLER: u64 = 16;
        const ALWAYS: u64 = 1 << 20;
        let Some(spool) = self.spool.get() else { return Ok(()) };
        let spool =
            spool.as_ref().map_err(|error| io::Error::new(error.kind(), error.to_string()))?;
        let (used, before) = (used(), self.written_before());
        let mut new = std::mem::take(&mut *self.written_now());
        let is_left = |key: &Digest, new: &EntryIndex| used.contains(key) && !new.contains_key(key);
        let size = |index: &EntryIndex| -> u64 {
            let left = index.iter().filter(|(key, _)| is_left(key, &new));
            left.map(|(_, place)| u64::from(place.length)).sum()
        };
        let (large, recent) = (size(&before.large), size(&before.recent));
        let written: u64 = new.values().map(|place| u64::from(place.length)).sum();
        let is_small = recent + written <= (large / TIMES_SMALLER).max(ALWAYS) && large > 0;
        let files = self.files;
        let (name, stores, others) = if is_small {
            (files.recent, vec![(files.recent, &before.recent)], vec![])
        } else {
            let both = vec![(files.recent, &before.recent), (files.large, &before.large)];
            (files.large, both, vec![files.recent])
        };
        for (file, index) in stores {
            let left = index.iter().filter(|(key, _)| is_left(key, &new));
            let mut left: Vec<(Digest, EntryPlace)> =
                left.map(|(key, place)| (*key, *place)).collect();
            left.sort_unstable_by_key(|(_, place)| place.start);
            for (key, place) in left {
                let Some(source) = &self.source else { continue };
                let Ok(bytes) = source.read_part(&SourcePath::new(file), place.range()) else {
                    continue;
                };
                if checksum(&bytes) == place.checksum {
                    new.insert(key, EntryPlace { start: spool.append(&bytes)?, ..place });
                }
            }
        }
        let mut entries: Vec<(Digest, EntryPlace)> = new.into_iter().collect();
        entries.sort_unstable_by_key(|(_, place)| place.start);
        let index = postcard::to_allocvec(&(PROGRAM, entries)).map_err(io::Error::other)?;
        let digest = postcard::to_allocvec(&Digest::of_much(&index)).map_err(io::Error::other)?;
        let start = spool.append(&index)?;
        spool.append(&[&start.to_le_bytes()[..], &digest].concat())?;
        spool.commit(name, &others)
    }
}

/// A file is not as this program would have written it.
struct NotAsWritten;

/// Returns the index of a file; an empty one where there is no file, or another version of the
/// program wrote it.
fn index(source: &dyn Source, file: &SourcePath) -> Result<EntryIndex, NotAsWritten> {
    let Ok(Some(entry)) = source.file(file) else { return Ok(EntryIndex::default()) };
    let part = |range: Range<u64>| source.read_part(file, range).map_err(|_| NotAsWritten);
    let end = entry.stamp.bytes.checked_sub(END as u64).ok_or(NotAsWritten)?;
    let trailer = part(end..entry.stamp.bytes)?;
    let (start, digest) = trailer.split_first_chunk().ok_or(NotAsWritten)?;
    let bytes = part(u64::from_le_bytes(*start).min(end)..end)?;
    if postcard::from_bytes(digest) != Ok(Digest::of_much(&bytes)) {
        return Err(NotAsWritten);
    }
    let (program, rest): (&str, &[u8]) =
        postcard::take_from_bytes(&bytes).map_err(|_| NotAsWritten)?;
    if program != PROGRAM {
        return Ok(EntryIndex::default());
    }
    let entries: Vec<(Digest, EntryPlace)> =
        postcard::from_bytes(rest).map_err(|_| NotAsWritten)?;
    Ok(entries.into_iter().collect())
}

/// A sum that tells damaged bytes; whoever can write there needs no collision.
fn checksum(bytes: &[u8]) -> u64 {
    let mut hasher = foldhash::quality::FixedState::default().build_hasher();
    hasher.write(bytes);
    hasher.finish()
}
