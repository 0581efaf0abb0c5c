//! The ledger: what the last build read and what it wrote, so that the next one does only what
//! changed.
//!
//! A shortcut, never an input: without it the same bytes are made in more time. It knows for each
//! source file its stamp, its digest and what reading it gave; for each file of the site the
//! [fingerprint](FileRow::fingerprint) of all its page can show, and what was written. One file,
//! checked by a digest and bound to the program and the configuration that wrote it; whatever is
//! not as it was written is as good as none. A preview has one in memory, which holds the readings
//! themselves. It decides nothing: `site` asks for readings, `edition` for files.
//!
//! `row` is what is known of one file, `build` of all, `form` how it is written, `writer` makes the
//! next one.

mod build;
mod form;
mod row;
mod writer;

use std::ops::Range;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::config::Config;
use crate::digest::{Digest, Digester, PROGRAM};
use crate::keywords::Keywords;
use crate::post::PostReading;
use crate::related::Related;
use crate::source::{Source, SourceFile, SourcePath};
use crate::words::Message;

pub use build::BuildRecord;
pub use form::encoded;
use form::{DIGEST, END, FORM, broken, sealed, section};
pub use row::{FileRow, FileState, SourceRow};
pub use writer::LedgerWriter;

/// Where it lies in the site's folder.
pub const LEDGER: &str = ".sitegen/ledger";

/// What a build knows of the one before.
#[derive(Debug, Default)]
pub struct Ledger {
    readings: Readings,
    /// How long they are, and their digest.
    expected: (u64, Digest),
    tables: Tables,
}

/// What reading the sources gave.
#[derive(Debug)]
enum Readings {
    /// As [`encoded`], one after another, once they were [recalled](Ledger::recall).
    Written(Vec<u8>),
    /// As they were read in this process, in the order of the sources.
    Shared(Vec<Arc<PostReading>>),
}

impl Default for Readings {
    fn default() -> Self {
        Readings::Written(Vec::new())
    }
}

#[derive(Debug, Default)]
struct Tables {
    sources: Vec<SourceRow>,
    files: Vec<FileRow>,
    /// As [`encoded`]: fifty thousand names that a build which finds nothing to do need not read.
    related: Vec<u8>,
    build: BuildRecord,
}

/// The lists of related posts, and the digest of what they were made of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelatedLists {
    pub of: Digest,
    pub lists: Vec<Vec<Related>>,
}

impl Ledger {
    /// Reads the tables of what an earlier build wrote, if it was made by this program under the
    /// same `configuration`. An error says why a file that should be a ledger is none.
    pub fn read(source: &dyn Source, configuration: Digest) -> Result<Ledger, Message> {
        let path = SourcePath::new(LEDGER);
        let part = |range: Range<u64>| source.read_part(&path, range).map_err(Message::from);
        let Some(length) =
            source.file(&path).map_err(Message::from)?.map(|entry| entry.stamp.bytes)
        else {
            return Ok(Ledger::default());
        };
        let end = length.saturating_sub(END as u64);
        let trailer = part(end..length)?;
        let (start, rest) =
            trailer.split_first_chunk().filter(|_| trailer.len() == END).ok_or_else(broken)?;
        let (readings, seal) = rest.split_at(DIGEST);
        let start = u64::from_le_bytes(*start);
        let tables = part(start.min(end)..end)?;
        let is_whole = || sealed(&tables, start, readings).as_bytes() == seal;
        let (is_whole, tables) = rayon::join(is_whole, || Ledger::parse(&tables, configuration));
        // What says that another program wrote it must have been written by one.
        if !is_whole {
            return Err(broken());
        }
        let Some(tables) = tables.ok_or_else(broken)?? else { return Ok(Ledger::default()) };
        Ok(Ledger {
            readings: Readings::default(),
            expected: (start, postcard::from_bytes(readings).map_err(|_| broken())?),
            tables,
        })
    }

    /// Reads the whole ledger of an earlier build. One that is not as it was written is as good as
    /// none.
    pub fn whole(source: &dyn Source, configuration: Digest) -> Ledger {
        let recalled = |mut ledger: Ledger| ledger.recall(source).map(|()| ledger);
        Ledger::read(source, configuration).and_then(recalled).unwrap_or_default()
    }

    /// Reads the tables. `None` says that they cannot be read, the inner `None` that they were
    /// written under another configuration.
    fn parse(bytes: &[u8], configuration: Digest) -> Option<Result<Option<Tables>, Message>> {
        let ((form, program, written_under), rest) =
            postcard::take_from_bytes::<(u32, &str, Digest)>(bytes).ok()?;
        if form != FORM || program != PROGRAM {
            return Some(Err(say!("another version of sitegen wrote it")));
        }
        if written_under != configuration {
            return Some(Ok(None));
        }
        let (sources, rest) = section(rest)?;
        let (files, rest) = section(rest)?;
        let (related, build) = section(rest)?;
        let (sources, files) =
            rayon::join(|| postcard::from_bytes(sources).ok(), || postcard::from_bytes(files).ok());
        let build = postcard::from_bytes(build).ok()?;
        Some(Ok(Some(Tables {
            sources: sources?,
            files: files?,
            related: related.to_vec(),
            build,
        })))
    }

    /// Reads the readings, which [`Ledger::read`] leaves out. An error says why they are not as
    /// they were written.
    pub fn recall(&mut self, source: &dyn Source) -> Result<(), Message> {
        let (length, digest) = self.expected;
        if length == 0 {
            return Ok(());
        }
        let readings =
            source.read_part(&SourcePath::new(LEDGER), 0..length).map_err(Message::from)?;
        if Digest::of_much(&readings) != digest {
            return Err(broken());
        }
        self.readings = Readings::Written(readings);
        Ok(())
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

    /// Returns what is known of a source file.
    pub fn source(&self, path: &SourcePath) -> Option<&SourceRow> {
        self.place(path).map(|at| &self.tables.sources[at])
    }

    fn place(&self, path: &SourcePath) -> Option<usize> {
        self.tables.sources.binary_search_by(|row| row.path.cmp(path)).ok()
    }

    /// Returns what is known of a file of the site.
    pub fn file(&self, file: &str) -> Option<&FileRow> {
        let at = self.tables.files.binary_search_by(|row| row.file.as_str().cmp(file)).ok()?;
        Some(&self.tables.files[at])
    }

    /// Returns the digest of a source file, where its stamp tells that it holds what it held.
    pub fn digest(&self, entry: &SourceFile) -> Option<Digest> {
        self.source(&entry.path).filter(|row| row.stamp == entry.stamp).map(|row| row.digest)
    }

    /// Returns what reading a file of this digest gave, if it gives the same `now`; with its bytes
    /// for the next ledger, if it was written.
    pub fn reading(
        &self,
        path: &SourcePath,
        digest: Digest,
        now: Timestamp,
    ) -> Option<(Arc<PostReading>, Option<&[u8]>)> {
        let at = self.place(path).filter(|at| self.tables.sources[*at].digest == digest)?;
        let (reading, bytes) = match &self.readings {
            Readings::Shared(readings) => (readings.get(at)?.clone(), None),
            Readings::Written(bytes) => {
                let (start, length) = self.tables.sources[at].reading?;
                let start = usize::try_from(start).ok()?;
                let bytes = bytes.get(start..start.checked_add(length as usize)?)?;
                let reading: PostReading = postcard::from_bytes(bytes).ok()?;
                (Arc::new(reading.with_content(digest)), Some(bytes))
            }
        };
        let then = Timestamp::from_nanosecond(self.tables.build.now).ok()?;
        reading.holds(then, now).then_some((reading, bytes))
    }

    /// Returns the lists of related posts, if they were made of the same.
    pub fn related(&self, of: Digest) -> Option<RelatedLists> {
        let (made_of, lists) = postcard::take_from_bytes::<Digest>(&self.tables.related).ok()?;
        (made_of == of)
            .then(|| Some(RelatedLists { of, lists: postcard::from_bytes(lists).ok()? }))
            .flatten()
    }
}

/// Digest of what the keeper decided: a ledger is bound to it.
pub fn configuration(config: &Config, keywords: &Keywords) -> Digest {
    Digester::new().digest(config.digest).digest(keywords.digest()).finish()
}
