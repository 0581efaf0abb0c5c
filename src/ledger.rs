//! The ledger: what the last build read and what it wrote, so that the next one does only what
//! changed.
//!
//! A shortcut, never an input: without it the same bytes are made in more time. It knows for each
//! source file its stamp, its digest and what reading it gave; for each file of the site the
//! [fingerprint](FileRow::fingerprint) of all its page can show, and what was written. Two files:
//! the readings, which are most of it and stay as they are while few posts change, and all else,
//! with the readings that came since. Each is sealed by its digest; the second names the first, the
//! program and the configuration that wrote it. Whatever is not as it was written is as good as
//! none. A preview has one in memory, which holds the readings themselves. It decides nothing:
//! `site` asks for readings, `edition` for files.
//!
//! `row` is what is known of one file, `build` of all, `form` how it is written, `writer` makes the
//! next one.

mod build;
mod form;
mod row;
mod writer;

use std::borrow::Cow;
use std::io;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::config::Config;
use crate::digest::{Digest, Digester, PROGRAM};
use crate::keywords::Keywords;
use crate::post::{PostReading, ReadingOutcome};
use crate::sink::{SiteFolder, UnfinishedFile};
use crate::source::{Source, SourceFile, SourcePath};
use crate::words::Message;

pub use build::BuildRecord;
pub use form::encoded;
use form::{FORM, Sealed, broken, part, unsealed};
pub use row::{FileRow, FileState, ReadingPlace, SourceRow};
pub use writer::{LedgerWriter, StoredReading};

/// Where it lies in the site's folder.
pub const LEDGER: &str = ".sitegen/ledger";
/// Where the readings lie that were not written late.
pub const CARDS: &str = ".sitegen/cards";

/// What a build knows of the one before.
#[derive(Debug, Default)]
pub struct Ledger {
    readings: Readings,
    cards: CardsSeal,
    tables: Tables,
    derived: Derivations<'static>,
}

/// What a ledger is bound to: digests of what the keeper decided.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Configuration {
    /// Of all of it.
    all: Digest,
    /// Of what readings follow from: these outlive a new title or menu.
    reading: Digest,
}

impl Configuration {
    pub fn new(config: &Config, keywords: &Keywords) -> Configuration {
        let with_keywords =
            |digest| Digester::new().digest(digest).digest(keywords.digest()).finish();
        Configuration { all: with_keywords(config.digest), reading: with_keywords(config.reading) }
    }

    /// Returns whether files are read under both as they are under one.
    pub fn reads_as(&self, other: &Configuration) -> bool {
        self.reading == other.reading
    }
}

/// How long the file of readings is, and its digest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct CardsSeal {
    length: u64,
    digest: Digest,
}

/// What reading the sources gave.
#[derive(Debug)]
enum Readings {
    /// As [`encoded`], one after another: those of the file of readings, once they were
    /// [recalled](Ledger::recall), and those that were written late.
    Written { cards: Vec<u8>, late: Vec<u8> },
    /// As they were read in this process, in the order of the sources.
    Shared(Vec<Arc<PostReading>>),
}

impl Default for Readings {
    fn default() -> Self {
        Readings::Written { cards: Vec::new(), late: Vec::new() }
    }
}

#[derive(Debug, Default)]
struct Tables {
    sources: Vec<SourceRow>,
    files: Vec<FileRow>,
    build: BuildRecord,
}

/// What is made of all cards, and written down and read again by whoever makes it.
#[derive(Clone, Copy, Debug)]
pub enum Derived {
    Layout,
    Plan,
    Related,
}

/// All that is [`Derived`], each the digest of what it was made of and then itself, as [`encoded`].
/// A build that finds nothing to do need not read them.
#[derive(Debug, Default)]
pub struct Derivations<'p>(pub [Cow<'p, [u8]>; 3]);

/// Writes a ledger that names a file of readings. The parts are those that [`Ledger::read`] takes
/// off, in its order.
fn write(
    folder: &SiteFolder,
    configuration: Configuration,
    cards: CardsSeal,
    parts: [&[u8]; 7],
) -> io::Result<UnfinishedFile> {
    let mut ledger = Sealed::new(folder.begin(LEDGER)?);
    ledger.put(&encoded(&(FORM, PROGRAM, configuration, cards))?)?;
    for part in parts {
        ledger.put_part(part)?;
    }
    Ok(ledger.seal()?.0)
}

impl Ledger {
    /// Reads what an earlier build wrote, but for the file of readings, if it was made by this
    /// program under the same `configuration`; of one that reads files in the same way, what was
    /// read. An error says why a file that should be a ledger is none.
    pub fn read(source: &dyn Source, configuration: Configuration) -> Result<Ledger, Message> {
        let Some(bytes) = bytes(source, LEDGER)? else { return Ok(Ledger::default()) };
        // What says that another program wrote it must have been written by one.
        let (bytes, _) = unsealed(bytes).ok_or_else(broken)?;
        let ((form, program), rest) =
            postcard::take_from_bytes::<(u32, &str)>(&bytes).map_err(|_| broken())?;
        if form != FORM || program != PROGRAM {
            return Err(say!("another version of sitegen wrote it"));
        }
        let (written_under, rest) =
            postcard::take_from_bytes::<Configuration>(rest).map_err(|_| broken())?;
        if !written_under.reads_as(&configuration) {
            return Ok(Ledger::default());
        }
        let ledger = Ledger::parse(rest).ok_or_else(broken)?;
        Ok(if written_under == configuration { ledger } else { ledger.of_readings() })
    }

    /// Returns what a ledger knows of sources, and what it wrote where; nothing of how pages were
    /// made.
    fn of_readings(mut self) -> Ledger {
        for row in &mut self.tables.files {
            row.fingerprint = Digest::default();
        }
        let BuildRecord { ground, report, .. } = &mut self.tables.build;
        (*ground, *report) = (Digest::default(), None);
        Ledger { derived: Derivations::default(), ..self }
    }

    /// Reads the whole ledger of an earlier build. One that is not as it was written is as good as
    /// none.
    pub fn whole(source: &dyn Source, configuration: Configuration) -> Ledger {
        let recalled = |mut ledger: Ledger| ledger.recall(source).map(|()| ledger);
        Ledger::read(source, configuration).and_then(recalled).unwrap_or_default()
    }

    fn parse(bytes: &[u8]) -> Option<Ledger> {
        let (cards, rest) = postcard::take_from_bytes(bytes).ok()?;
        let (sources, rest) = part(rest)?;
        let (files, rest) = part(rest)?;
        let (late, rest) = part(rest)?;
        let (build, rest) = part(rest)?;
        let (layout, rest) = part(rest)?;
        let (plan, rest) = part(rest)?;
        let (related, _) = part(rest)?;
        let (sources, files) =
            rayon::join(|| postcard::from_bytes(sources).ok(), || postcard::from_bytes(files).ok());
        let tables =
            Tables { sources: sources?, files: files?, build: postcard::from_bytes(build).ok()? };
        let readings = Readings::Written { cards: Vec::new(), late: late.to_vec() };
        let derived = Derivations([layout, plan, related].map(|part| part.to_vec().into()));
        Some(Ledger { readings, cards, tables, derived })
    }

    /// Reads the file of readings, which [`Ledger::read`] leaves out. An error says why it is not as
    /// it was written; another one, as a build leaves it that was ended between two files, makes a
    /// ledger of none.
    pub fn recall(&mut self, source: &dyn Source) -> Result<(), Message> {
        if self.cards.length == 0 {
            return Ok(());
        }
        let Some(bytes) = bytes(source, CARDS)? else {
            *self = Ledger::default();
            return Ok(());
        };
        let (bytes, digest) = unsealed(bytes).ok_or_else(broken)?;
        if let Readings::Written { cards, .. } = &mut self.readings
            && digest == self.cards.digest
        {
            *cards = bytes;
        } else {
            *self = Ledger::default();
        }
        Ok(())
    }

    /// Writes the ledger anew after stamps of it have changed; readings stay where they are.
    pub fn keep(&self, folder: &SiteFolder, configuration: Configuration) -> io::Result<()> {
        let Readings::Written { late, .. } = &self.readings else { return Ok(()) };
        let Tables { sources, files, build } = &self.tables;
        let (sources, files, build) = (encoded(sources)?, encoded(files)?, encoded(build)?);
        let Derivations([layout, plan, related]) = &self.derived;
        let parts = [&sources, &files, late, &build, &layout[..], plan, related];
        write(folder, configuration, self.cards, parts)?.commit()
    }

    pub fn build(&self) -> &BuildRecord {
        &self.tables.build
    }

    /// Returns what is known of source files, in the order of their paths.
    pub fn sources(&self) -> &[SourceRow] {
        &self.tables.sources
    }

    /// Returns what is known of the site's files, in the order of their paths.
    pub fn files(&self) -> &[FileRow] {
        &self.tables.files
    }

    /// Returns the rows of sources and files, whose stamps may have become others.
    pub fn rows_mut(&mut self) -> (&mut [SourceRow], &mut [FileRow]) {
        (&mut self.tables.sources, &mut self.tables.files)
    }

    /// Returns what is known of a source file.
    pub fn source(&self, path: &SourcePath) -> Option<&SourceRow> {
        self.place(path).map(|at| &self.tables.sources[at])
    }

    fn place(&self, path: &SourcePath) -> Option<usize> {
        self.tables.sources.binary_search_by(|row| row.path.cmp(path)).ok()
    }

    /// Returns the digest of a source file, where its stamp tells that it holds what it held.
    pub fn digest(&self, entry: &SourceFile) -> Option<Digest> {
        self.source(&entry.path).filter(|row| row.stamp == entry.stamp).map(|row| row.digest)
    }

    /// Returns what reading a file of this digest gave, if it gives the same `now`; and as it is
    /// written for the next ledger, if it was written.
    pub fn reading(
        &self,
        path: &SourcePath,
        digest: Digest,
        now: Timestamp,
    ) -> Option<(Arc<PostReading>, Option<StoredReading<'_>>)> {
        let at = self.place(path).filter(|at| self.tables.sources[*at].digest == digest)?;
        let (reading, stored) = match &self.readings {
            Readings::Shared(readings) => (readings.get(at)?.clone(), None),
            Readings::Written { .. } => {
                let place = self.tables.sources[at].reading?;
                let bytes = self.stored(place)?;
                let mut reading: PostReading = postcard::from_bytes(bytes).ok()?;
                if let ReadingOutcome::Ready(post) = &mut reading.outcome {
                    let post = Arc::make_mut(post);
                    (post.content, post.placing) = (digest, place.placing);
                }
                let stored = if place.start < self.cards.length {
                    StoredReading::Kept(place)
                } else {
                    StoredReading::Encoded(Cow::Borrowed(bytes))
                };
                (Arc::new(reading), Some(stored))
            }
        };
        let then = Timestamp::from_nanosecond(self.tables.build.now).ok()?;
        reading.holds(then, now).then_some((reading, stored))
    }

    /// Returns a reading as it was written.
    fn stored(&self, place: ReadingPlace) -> Option<&[u8]> {
        let Readings::Written { cards, late } = &self.readings else { return None };
        let (bytes, start) = match place.start.checked_sub(self.cards.length) {
            Some(start) => (late, start),
            None => (cards, place.start),
        };
        let start = usize::try_from(start).ok()?;
        bytes.get(start..start.checked_add(place.length as usize)?)
    }

    /// Returns what was derived, if it was made of the same: all of it with the digest, and itself.
    pub fn derived(&self, what: Derived, of: Digest) -> Option<(&[u8], &[u8])> {
        let all = &self.derived.0[what as usize];
        let (made_of, itself) = postcard::take_from_bytes::<Digest>(all).ok()?;
        (made_of == of).then_some((all, itself))
    }
}

/// Returns the bytes of a plain file, if there is one.
fn bytes(source: &dyn Source, file: &str) -> Result<Option<Vec<u8>>, Message> {
    let path = SourcePath::new(file);
    match source.file(&path)? {
        Some(_) => Ok(source.read_if_present(&path)?),
        None => Ok(None),
    }
}
