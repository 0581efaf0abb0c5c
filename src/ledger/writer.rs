//! The ledger of a build that is going on.

use std::borrow::Cow;
use std::io;
use std::sync::Arc;

use jiff::Timestamp;
use rayon::prelude::*;

use super::build::{BuildRecord, Dates};
use super::form::{Sealed, broken, encoded};
use super::row::{FileState, ReadingPlace, SourceRow};
use super::{CARDS, CardsSeal, Configuration, Derivations, Ledger, Readings, Tables, write};
use crate::digest::Digest;
use crate::post::{PostReading, ReadingOutcome};
use crate::sink::{SiteFolder, UnfinishedFile};
use crate::source::SourceFile;

/// The ledger of a build that is going on.
pub struct LedgerWriter<'w> {
    store: Store<'w>,
    sources: Vec<SourceRow>,
    dates: Dates,
    /// Why it cannot be written; the build goes on without.
    failure: Option<io::Error>,
}

/// Where readings go.
enum Store<'w> {
    /// They are not kept.
    Nowhere,
    /// They stay in memory as they are.
    Shared(Vec<Arc<PostReading>>),
    Written(Box<ReadingStore<'w>>),
}

/// Where readings are written.
struct ReadingStore<'w> {
    folder: &'w SiteFolder,
    configuration: Configuration,
    past: &'w Ledger,
    /// Where there were none, all go into a file of their own as soon as they are there: of 100,000
    /// posts they are 120 MB, which need not lie in memory while pages are rendered.
    cards: Option<Sealed<UnfinishedFile>>,
    /// Else those that are new wait to be written with the tables.
    late: Vec<u8>,
}

/// A reading as it is written down.
pub enum StoredReading<'p> {
    /// In the file of the last build's, which may stay as it is.
    Kept(ReadingPlace),
    Encoded(Cow<'p, [u8]>),
}

impl<'w> LedgerWriter<'w> {
    fn new(store: Store<'w>) -> LedgerWriter<'w> {
        LedgerWriter { store, sources: Vec::new(), dates: Dates::default(), failure: None }
    }

    /// Returns the ledger that follows the `past` one in a site's folder, bound to a
    /// `configuration`.
    pub fn begin(
        folder: &'w SiteFolder,
        configuration: Configuration,
        past: &'w Ledger,
    ) -> LedgerWriter<'w> {
        let mut failure = None;
        let cards = if past.cards.length == 0 {
            folder.begin(CARDS).map_err(|error| failure = Some(error)).ok().map(Sealed::new)
        } else {
            None
        };
        let written = ReadingStore { folder, configuration, past, cards, late: Vec::new() };
        LedgerWriter { failure, ..LedgerWriter::new(Store::Written(Box::new(written))) }
    }

    /// Returns a ledger that stays in memory, see [`LedgerWriter::into_ledger`].
    pub fn in_memory() -> LedgerWriter<'static> {
        LedgerWriter::new(Store::Shared(Vec::new()))
    }

    /// Returns what was taken in as a ledger, for those who read the same files again in this
    /// process.
    pub fn into_ledger(mut self, now: Timestamp) -> Ledger {
        let Store::Shared(shared) = self.store else { return Ledger::default() };
        let mut read: Vec<(SourceRow, Arc<PostReading>)> =
            self.sources.drain(..).zip(shared).collect();
        read.sort_unstable_by(|(a, _), (b, _)| a.path.cmp(&b.path));
        let (sources, readings) = read.into_iter().unzip();
        let none = Digest::default();
        let build = BuildRecord { dates: self.dates, ..BuildRecord::new(now, none, none, None) };
        let tables = Tables { sources, build, ..Tables::default() };
        Ledger { readings: Readings::Shared(readings), tables, ..Ledger::default() }
    }

    /// Returns a writer that writes nothing, for those who only read.
    pub fn nowhere() -> LedgerWriter<'static> {
        LedgerWriter::new(Store::Nowhere)
    }

    /// Takes in a file that was read. `stored` is its reading as it is written, where that is
    /// known.
    pub fn take(
        &mut self,
        entry: &SourceFile,
        digest: Digest,
        reading: &Arc<PostReading>,
        stored: Option<StoredReading<'_>>,
    ) {
        let mut row =
            SourceRow { path: entry.path.clone(), stamp: entry.stamp, digest, reading: None };
        match &mut self.store {
            Store::Nowhere => {}
            Store::Shared(shared) => shared.push(reading.clone()),
            Store::Written(_) if self.failure.is_some() => {}
            Store::Written(written) => match written.take(reading, stored) {
                Ok(place) => row.reading = place,
                Err(failure) => self.failure = Some(failure),
            },
        }
        self.sources.push(row);
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

    /// Writes what was taken in. `others` are the source files that are no posts, `files` come in
    /// the order of their paths; the dates of `build` are those seen.
    pub fn finish(
        mut self,
        others: Vec<SourceRow>,
        files: &[FileState<'_>],
        derived: &Derivations<'_>,
        mut build: BuildRecord,
    ) -> io::Result<()> {
        if let Some(failure) = self.failure {
            return Err(failure);
        }
        let Store::Written(written) = self.store else { return Ok(()) };
        self.sources.extend(others);
        self.sources.par_sort_unstable_by(|a, b| a.path.cmp(&b.path));
        build.dates = self.dates;
        written.finish(self.sources, files, derived, &build)
    }
}

impl ReadingStore<'_> {
    /// Returns where a reading comes to stand.
    fn take(
        &mut self,
        reading: &PostReading,
        stored: Option<StoredReading<'_>>,
    ) -> io::Result<Option<ReadingPlace>> {
        let bytes = match stored {
            Some(StoredReading::Kept(place)) => return Ok(Some(place)),
            Some(StoredReading::Encoded(bytes)) => bytes,
            None => Cow::Owned(encoded(reading)?),
        };
        let start = match &self.cards {
            Some(cards) => cards.length(),
            None => self.past.cards.length + self.late.len() as u64,
        };
        match &mut self.cards {
            Some(cards) => cards.put(&bytes)?,
            None => self.late.extend_from_slice(&bytes),
        }
        let placing = match &reading.outcome {
            ReadingOutcome::Ready(post) => post.placing,
            _ => Digest::default(),
        };
        let place = |length| ReadingPlace { start, length, placing };
        Ok(u32::try_from(bytes.len()).ok().map(place))
    }

    fn finish(
        mut self,
        mut sources: Vec<SourceRow>,
        files: &[FileState<'_>],
        Derivations([layout, plan, related]): &Derivations<'_>,
        build: &BuildRecord,
    ) -> io::Result<()> {
        if self.cards.is_none() && self.is_stale(&sources) {
            self.cards = Some(self.gathered(&mut sources)?);
        }
        let (cards, digest) = match self.cards {
            Some(cards) => {
                let length = cards.length();
                let (file, digest) = cards.seal()?;
                (Some(file), CardsSeal { length, digest })
            }
            None => (None, self.past.cards),
        };
        let (sources, files) = rayon::join(|| encoded(&sources), || encoded(&files));
        let (sources, files, build) = (sources?, files?, encoded(build)?);
        let parts = [&sources, &files, &self.late, &build, &layout[..], plan, related];
        let ledger = write(self.folder, self.configuration, digest, parts)?;
        // Whoever is ended between the two leaves a ledger of other readings, which is none.
        cards.map_or(Ok(()), UnfinishedFile::commit)?;
        ledger.commit()
    }

    /// Returns whether the file of readings is to be written anew: an eighth is late, or half is of
    /// posts that are gone or were written late.
    fn is_stale(&self, sources: &[SourceRow]) -> bool {
        let all = self.past.cards.length;
        let used = sources
            .iter()
            .filter_map(|row| row.reading.filter(|place| place.start < all))
            .map(|place| u64::from(place.length))
            .sum::<u64>();
        self.late.len() as u64 * 8 > all || used * 2 < all
    }

    /// Writes all readings into a file of their own.
    fn gathered(&mut self, sources: &mut [SourceRow]) -> io::Result<Sealed<UnfinishedFile>> {
        let mut cards = Sealed::new(self.folder.begin(CARDS)?);
        for place in sources.iter_mut().filter_map(|row| row.reading.as_mut()) {
            let bytes = match place.start.checked_sub(self.past.cards.length) {
                Some(start) => {
                    let start = usize::try_from(start).expect("it lies in memory");
                    &self.late[start..start + place.length as usize]
                }
                None => self.past.stored(*place).ok_or_else(|| io::Error::other(broken()))?,
            };
            place.start = cards.length();
            cards.put(bytes)?;
        }
        self.late = Vec::new();
        Ok(cards)
    }
}
