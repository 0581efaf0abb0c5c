//! The ledger of a build that is going on.

use std::borrow::Cow;
use std::io::{self, Write};
use std::sync::Arc;

use jiff::Timestamp;
use rayon::prelude::*;

use super::build::{BuildRecord, Dates};
use super::form::{FORM, encoded};
use super::row::{FileState, SourceRow};
use super::{Ledger, Readings, RelatedLists, Tables};
use crate::digest::{Digest, PROGRAM};
use crate::post::PostReading;
use crate::source::SourceFile;

/// The ledger of a build that is going on. Readings are written as soon as they are there: of
/// 100,000 posts they are 120 MB, which need not lie in memory while pages are rendered.
pub struct LedgerWriter<'w> {
    to: Box<dyn Write + Send + 'w>,
    configuration: Digest,
    /// Readings to be digested and written, much at a time: BLAKE3 takes eight pieces of 1 KB in
    /// the time of two.
    waiting: Vec<u8>,
    /// The readings themselves, where the ledger stays in memory and nothing is written.
    shared: Option<Vec<Arc<PostReading>>>,
    hasher: blake3::Hasher,
    sources: Vec<SourceRow>,
    /// Bytes of readings taken.
    readings: u64,
    dates: Dates,
    /// Why it cannot be written; the build goes on without.
    failure: Option<io::Error>,
}

/// Bytes that are written together.
const TOGETHER: usize = 1 << 20;

impl<'w> LedgerWriter<'w> {
    /// Returns a ledger bound to a `configuration`.
    pub fn begin(to: impl Write + Send + 'w, configuration: Digest) -> LedgerWriter<'w> {
        LedgerWriter {
            to: Box::new(to),
            configuration,
            waiting: Vec::new(),
            shared: None,
            hasher: blake3::Hasher::new(),
            sources: Vec::new(),
            readings: 0,
            dates: Dates::default(),
            failure: None,
        }
    }

    /// Returns a ledger that stays in memory, see [`LedgerWriter::into_ledger`].
    pub fn in_memory() -> LedgerWriter<'static> {
        LedgerWriter { shared: Some(Vec::new()), ..LedgerWriter::nowhere() }
    }

    /// Returns what was taken in as a ledger, for those who read the same files again in this
    /// process.
    pub fn into_ledger(mut self, now: Timestamp) -> Ledger {
        let mut read: Vec<(SourceRow, Arc<PostReading>)> =
            self.sources.drain(..).zip(self.shared.take().unwrap_or_default()).collect();
        read.sort_unstable_by(|(a, _), (b, _)| a.path.cmp(&b.path));
        let (sources, readings) = read.into_iter().unzip();
        let build =
            BuildRecord { dates: self.dates, ..BuildRecord::new(now, Digest::default(), None) };
        let tables = Tables { sources, build, ..Tables::default() };
        Ledger { readings: Readings::Shared(readings), expected: (0, Digest::default()), tables }
    }

    /// Returns a writer that writes nothing, for those who only read.
    pub fn nowhere() -> LedgerWriter<'static> {
        LedgerWriter::begin(io::sink(), Digest::default())
    }

    /// Takes in a file that was read. `bytes` are its reading as [`encoded`], where they are known.
    pub fn take(
        &mut self,
        entry: &SourceFile,
        digest: Digest,
        reading: &Arc<PostReading>,
        bytes: Option<&[u8]>,
    ) {
        let mut row =
            SourceRow { path: entry.path.clone(), stamp: entry.stamp, digest, reading: None };
        if let Some(shared) = &mut self.shared {
            shared.push(reading.clone());
        } else {
            match bytes
                .map_or_else(|| encoded(reading).map(Cow::Owned), |bytes| Ok(Cow::Borrowed(bytes)))
            {
                Ok(bytes) => row.reading = self.append(&bytes),
                Err(failure) => self.failure = Some(failure),
            }
        }
        self.sources.push(row);
    }

    /// Returns where the bytes of a reading come to stand.
    fn append(&mut self, bytes: &[u8]) -> Option<(u64, u32)> {
        let place = u32::try_from(bytes.len()).ok().map(|length| (self.readings, length));
        self.readings += bytes.len() as u64;
        self.waiting.extend_from_slice(bytes);
        if self.waiting.len() >= TOGETHER {
            self.flush();
        }
        place
    }

    fn flush(&mut self) {
        self.hasher.update_rayon(&self.waiting);
        if self.failure.is_none() {
            self.failure = self.to.write_all(&self.waiting).err();
        }
        self.waiting.clear();
    }

    /// Takes in the moments at which the clock has a say in what becomes of a post.
    pub fn see(&mut self, moments: &[i128], now: Timestamp) {
        for moment in moments {
            self.dates.see(*moment, now);
        }
    }

    /// Returns what was taken in so far.
    pub fn sources(&self) -> &[SourceRow] {
        &self.sources
    }

    /// Writes the tables and the seal. `others` are the source files that are no posts, `files`
    /// come in the order of their paths; the dates of `build` are those seen.
    pub fn finish(
        mut self,
        others: Vec<SourceRow>,
        files: &[FileState<'_>],
        related: &RelatedLists,
        mut build: BuildRecord,
    ) -> io::Result<()> {
        self.flush();
        if let Some(failure) = self.failure {
            return Err(failure);
        }
        self.sources.extend(others);
        self.sources.par_sort_unstable_by(|a, b| a.path.cmp(&b.path));
        build.dates = self.dates;
        let ((sources, files), (related, build)) = rayon::join(
            || rayon::join(|| encoded(&self.sources), || encoded(&files)),
            || (encoded(related), encoded(&build)),
        );
        let mut seal = blake3::Hasher::new();
        let mut write = |bytes: &[u8]| {
            seal.update_rayon(bytes);
            self.to.write_all(bytes)
        };
        write(&encoded(&(FORM, PROGRAM, self.configuration))?)?;
        for part in [sources?, files?, related?] {
            write(&(part.len() as u64).to_le_bytes())?;
            write(&part)?;
        }
        write(&build?)?;
        write(&self.readings.to_le_bytes())?;
        write(&encoded(&Digest::of_hash(self.hasher.finalize()))?)?;
        self.to.write_all(seal.finalize().as_bytes())
    }
}
