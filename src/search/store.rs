//! What is kept of indexes for the next one, and what is held of them meanwhile.

use std::collections::{HashMap, HashSet};
use std::io;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::volume::Scratch;
use crate::digest::Digest;
use crate::kept::{KeptFiles, KeptStore, Spool};
use crate::source::Source;

/// Where an index is kept for the next one.
pub const FILES: KeptFiles =
    KeptFiles { large: ".sitegen/search", recent: ".sitegen/search-recent", spool: "search" };

/// The parts of indexes, by their digests.
pub struct IndexStore {
    kept: KeptStore,
    /// What is not kept.
    held: Mutex<HashMap<Digest, Arc<[u8]>>>,
}

impl IndexStore {
    pub fn new(kept: KeptStore) -> IndexStore {
        IndexStore { kept, held: Mutex::default() }
    }

    /// Returns a store that knows what earlier builds have kept, and keeps nothing.
    pub fn of(source: Arc<dyn Source>) -> IndexStore {
        IndexStore::new(KeptStore::of(FILES, source))
    }

    /// Returns a store that keeps all in memory.
    pub fn in_memory() -> IndexStore {
        IndexStore::new(KeptStore::none(FILES))
    }

    pub(super) fn get(&self, digest: Digest) -> Option<Vec<u8>> {
        let held = self.held().get(&digest).cloned();
        held.map(|bytes| bytes.to_vec()).or_else(|| self.kept.get(digest))
    }

    pub(super) fn holds(&self, digest: Digest) -> bool {
        self.held().contains_key(&digest) || self.kept.knows(digest)
    }

    pub(super) fn put(&self, digest: Digest, bytes: Vec<u8>) {
        if !self.kept.put(digest, &bytes) {
            self.held().insert(digest, bytes.into());
        }
    }

    /// Forgets all that is in memory but what is still wanted.
    pub(super) fn forget_but(&self, used: &HashSet<Digest>) {
        self.held().retain(|digest, _| used.contains(digest));
    }

    /// Gives what was kept its name. `used` returns what is still wanted.
    pub(super) fn finish(&self, used: impl FnOnce() -> HashSet<Digest>) -> io::Result<()> {
        self.kept.finish(used)
    }

    /// Begins a place for what a volume is made of.
    pub(super) fn scratch(&self) -> ScratchFile {
        match self.kept.scratch("runs") {
            Some(Ok(spool)) => ScratchFile::Spool(spool),
            // That nothing can be kept is told in the end.
            Some(Err(_)) | None => ScratchFile::Memory(Mutex::default()),
        }
    }

    fn held(&self) -> MutexGuard<'_, HashMap<Digest, Arc<[u8]>>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the first file that is not as it was written, if one was looked at.
    pub fn damaged(&self) -> Option<&'static str> {
        self.kept.damaged()
    }
}

/// Where runs lie while a volume is made: in a file that gets no name, or in memory.
pub(super) enum ScratchFile {
    Spool(Box<dyn Spool>),
    Memory(Mutex<Vec<u8>>),
}

impl Scratch for ScratchFile {
    fn append(&self, bytes: &[u8]) -> io::Result<u64> {
        match self {
            ScratchFile::Spool(spool) => spool.append(bytes),
            ScratchFile::Memory(memory) => {
                let mut all = memory.lock().unwrap_or_else(PoisonError::into_inner);
                all.extend_from_slice(bytes);
                Ok((all.len() - bytes.len()) as u64)
            }
        }
    }

    fn read(&self, range: Range<u64>) -> io::Result<Vec<u8>> {
        match self {
            ScratchFile::Spool(spool) => spool.read(range),
            ScratchFile::Memory(memory) => {
                let at = |place| usize::try_from(place).map_err(io::Error::other);
                let all = memory.lock().unwrap_or_else(PoisonError::into_inner);
                Ok(all[at(range.start)?..at(range.end)?].to_vec())
            }
        }
    }
}
