//! The ledger: what the last build read and what it wrote, so that the next one does only what
//! changed.
//!
//! A shortcut, never an input: without it the same bytes are made in more time. It knows for each
//! source file its stamp, its digest and what reading it gave; for each file of the site the
//! [fingerprint](FileRow::fingerprint) of all its page can show, and what was written. One file,
//! checked by a digest and bound to the program and the configuration that wrote it; whatever is
//! not as it was written is as good as none. A preview has one in memory, which holds the readings
//! themselves. It decides nothing: `site` asks for readings, `edition` for files.

use std::borrow::Cow;
use std::io::{self, Write};
use std::ops::{Deref, Range};
use std::sync::Arc;

use jiff::Timestamp;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::article::Asked;
use crate::config::Config;
use crate::date;
use crate::diagnostic::Diagnostic;
use crate::digest::{Digest, Digester, PROGRAM};
use crate::keywords::Keywords;
use crate::post::Reading;
use crate::related::Related;
use crate::source::{Entry, Source, SourcePath, Stamp};
use crate::words::Message;

/// Where it lies in the site's folder.
pub const LEDGER: &str = ".sitegen/ledger";

/// Raise the number when the form changes.
const FORM: u32 = 3;
/// Bytes of a digest as it is written.
const DIGEST: usize = 16;
/// Bytes behind the tables: where they begin, which is also how long the readings are; the digest
/// of these; the seal.
const END: usize = 8 + DIGEST + 32;
fn broken() -> Message {
    say!("it is not as sitegen wrote it")
}

/// The seal of a ledger's tables and of what stands behind them.
fn sealed(tables: &[u8], start: u64, readings: &[u8]) -> blake3::Hash {
    blake3::Hasher::new()
        .update_rayon(tables)
        .update(&start.to_le_bytes())
        .update(readings)
        .finalize()
}

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
    Shared(Vec<Arc<Reading>>),
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
    build: Build,
}

/// One source file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SourceRow {
    pub path: SourcePath,
    pub stamp: Stamp,
    pub digest: Digest,
    /// Where its reading stands in the ledger: start and length. None for files that are not posts.
    pub reading: Option<(u64, u32)>,
}

/// One file of the site.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FileRow {
    /// Its path below the output folder.
    pub file: String,
    /// Digest of all that its page can show; none where it is always made anew.
    pub fingerprint: Digest,
    /// What its articles asked of the site around them, and the answers.
    pub asked: Vec<Asked>,
    /// What was written: as the disk sees it, its content, its size.
    pub stamp: Stamp,
    pub digest: Digest,
    pub bytes: u64,
    /// What was found while it was rendered.
    pub diagnostics: Vec<Diagnostic>,
    /// The blocks of code on it that were marked up.
    pub code: Vec<Digest>,
}

/// A file of the site as it is now.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum File<'p> {
    /// As the last build left it.
    Stands(&'p FileRow),
    /// Looked at or written by this one. Boxed, since of 100,000 posts there are 140,000, most of
    /// them new or most of them old.
    New(Box<FileRow>),
}

impl File<'_> {
    /// The row, to be changed.
    pub fn row_mut(&mut self) -> &mut FileRow {
        if let File::Stands(row) = self {
            *self = File::New(Box::new(row.clone()));
        }
        match self {
            File::New(row) => row,
            File::Stands(_) => unreachable!("it was just made new"),
        }
    }
}

impl Deref for File<'_> {
    type Target = FileRow;

    fn deref(&self) -> &FileRow {
        match self {
            File::Stands(row) => row,
            File::New(row) => row,
        }
    }
}

/// The lists of related posts, and the digest of what they were made of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RelatedLists {
    pub of: Digest,
    pub lists: Vec<Vec<Related>>,
}

/// The build as a whole.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Build {
    /// The present as the site saw it, and between which two dates of posts that lies.
    now: i128,
    dates: Dates,
    /// Digest of what was found in the sources' folders and passed over.
    pub skipped: Digest,
    /// What it said in the end, if the same may be said again when nothing has changed.
    pub report: Option<Vec<u8>>,
}

/// The dates that posts name, before and after the present: until the clock passes one of them it
/// changes nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Dates {
    last: Option<i128>,
    next: Option<i128>,
}

impl Build {
    /// Of a build at `now`.
    pub fn new(now: Timestamp, skipped: Digest, report: Option<Vec<u8>>) -> Build {
        Build { now: now.as_nanosecond(), skipped, report, dates: Dates::default() }
    }

    /// Whether the clock has passed no post's date since.
    pub fn dates_hold(&self, now: Timestamp) -> bool {
        self.dates.hold(now)
    }
}

impl Dates {
    /// Takes in a moment at which the clock has a say in what becomes of one post.
    fn see(&mut self, moment: i128, now: Timestamp) {
        if is_future(moment, now) {
            self.next = Some(self.next.map_or(moment, |next| next.min(moment)));
        } else {
            self.last = self.last.max(Some(moment));
        }
    }

    /// Whether all posts are as far past or future at `now` as they were.
    fn hold(&self, now: Timestamp) -> bool {
        self.last.is_none_or(|last| !is_future(last, now))
            && self.next.is_none_or(|next| is_future(next, now))
    }
}

fn is_future(moment: i128, now: Timestamp) -> bool {
    Timestamp::from_nanosecond(moment).is_ok_and(|date| date::is_future(date, now))
}

impl Ledger {
    /// Reads the tables of what an earlier build wrote, if it was made by this program under the
    /// same `configuration`. An error says why a file that should be a ledger is none.
    pub fn read(source: &dyn Source, configuration: Digest) -> Result<Ledger, Message> {
        let path = SourcePath::new(LEDGER);
        let part = |range: Range<u64>| source.read_part(&path, range).map_err(Message::from);
        let Some(length) =
            source.entry(&path).map_err(Message::from)?.map(|entry| entry.stamp.bytes)
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

    /// All of what an earlier build wrote, for whoever is only faster by it: what is not as it was
    /// written is as good as none.
    pub fn whole(source: &dyn Source, configuration: Digest) -> Ledger {
        let recalled = |mut ledger: Ledger| ledger.recall(source).map(|()| ledger);
        Ledger::read(source, configuration).and_then(recalled).unwrap_or_default()
    }

    /// The tables. None is what cannot be read, and within, what was written under another
    /// configuration.
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

    /// Reads the readings, without which there are none. An error says why they are not as they
    /// were written.
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

    pub fn build(&self) -> &Build {
        &self.tables.build
    }

    /// What is known of source files, in the order of their paths.
    pub fn sources(&self) -> &[SourceRow] {
        &self.tables.sources
    }

    /// What is known of the site's files, in the order of their paths.
    pub fn files(&self) -> &[FileRow] {
        &self.tables.files
    }

    /// What is known of a source file.
    pub fn source(&self, path: &SourcePath) -> Option<&SourceRow> {
        self.place(path).map(|at| &self.tables.sources[at])
    }

    fn place(&self, path: &SourcePath) -> Option<usize> {
        self.tables.sources.binary_search_by(|row| row.path.cmp(path)).ok()
    }

    /// What is known of a file of the site.
    pub fn file(&self, file: &str) -> Option<&FileRow> {
        let at = self.tables.files.binary_search_by(|row| row.file.as_str().cmp(file)).ok()?;
        Some(&self.tables.files[at])
    }

    /// The digest of a source file, where its stamp tells that it holds what it held.
    pub fn digest(&self, entry: &Entry) -> Option<Digest> {
        self.source(&entry.path).filter(|row| row.stamp == entry.stamp).map(|row| row.digest)
    }

    /// What reading a file of this digest gave, where it gives the same `now`; with the bytes for
    /// the next ledger, if it was written.
    pub fn reading(
        &self,
        path: &SourcePath,
        digest: Digest,
        now: Timestamp,
    ) -> Option<(Arc<Reading>, Option<&[u8]>)> {
        let at = self.place(path).filter(|at| self.tables.sources[*at].digest == digest)?;
        let (reading, bytes) = match &self.readings {
            Readings::Shared(readings) => (readings.get(at)?.clone(), None),
            Readings::Written(bytes) => {
                let (start, length) = self.tables.sources[at].reading?;
                let start = usize::try_from(start).ok()?;
                let bytes = bytes.get(start..start.checked_add(length as usize)?)?;
                let reading: Reading = postcard::from_bytes(bytes).ok()?;
                (Arc::new(reading.with_content(digest)), Some(bytes))
            }
        };
        let then = Timestamp::from_nanosecond(self.tables.build.now).ok()?;
        reading.holds(then, now).then_some((reading, bytes))
    }

    /// The lists of related posts, if they were made of the same.
    pub fn related(&self, of: Digest) -> Option<RelatedLists> {
        let (made_of, lists) = postcard::take_from_bytes::<Digest>(&self.tables.related).ok()?;
        (made_of == of)
            .then(|| Some(RelatedLists { of, lists: postcard::from_bytes(lists).ok()? }))
            .flatten()
    }
}

/// The ledger of a build that is going on. Readings are written as soon as they are there: of
/// 100,000 posts they are 120 MB, which need not lie in memory while pages are rendered.
pub struct Draft<'w> {
    to: Box<dyn Write + Send + 'w>,
    configuration: Digest,
    /// Readings to be digested and written, much at a time: BLAKE3 takes eight pieces of 1 KB in
    /// the time of two.
    waiting: Vec<u8>,
    /// In place of all that: the readings themselves.
    shared: Option<Vec<Arc<Reading>>>,
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

impl<'w> Draft<'w> {
    /// A ledger bound to a `configuration`.
    pub fn begin(to: impl Write + Send + 'w, configuration: Digest) -> Draft<'w> {
        Draft {
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

    /// A ledger that stays in memory, see [`Draft::into_ledger`].
    pub fn in_memory() -> Draft<'static> {
        Draft { shared: Some(Vec::new()), ..Draft::nowhere() }
    }

    /// What was taken in, for whoever reads the same files again in this process.
    pub fn into_ledger(mut self, now: Timestamp) -> Ledger {
        let mut read: Vec<(SourceRow, Arc<Reading>)> =
            self.sources.drain(..).zip(self.shared.take().unwrap_or_default()).collect();
        read.sort_unstable_by(|(a, _), (b, _)| a.path.cmp(&b.path));
        let (sources, readings) = read.into_iter().unzip();
        let build = Build { dates: self.dates, ..Build::new(now, Digest::default(), None) };
        let tables = Tables { sources, build, ..Tables::default() };
        Ledger { readings: Readings::Shared(readings), expected: (0, Digest::default()), tables }
    }

    /// For those who only want to read.
    pub fn nowhere() -> Draft<'static> {
        Draft::begin(io::sink(), Digest::default())
    }

    /// Takes in a file that was read: its reading, and that [`encoded`] where it is known.
    pub fn take(
        &mut self,
        entry: &Entry,
        digest: Digest,
        reading: &Arc<Reading>,
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

    /// Where the bytes of a reading come to stand.
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

    /// What was taken in so far.
    pub fn sources(&self) -> &[SourceRow] {
        &self.sources
    }

    /// Writes the tables and the seal. `others` are the source files that are no posts, `files`
    /// come in the order of their paths; the dates of `build` are those seen.
    pub fn finish(
        mut self,
        others: Vec<SourceRow>,
        files: &[File<'_>],
        related: &RelatedLists,
        mut build: Build,
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

/// Digest of what the keeper decided: a ledger is bound to it.
pub fn configuration(config: &Config, keywords: &Keywords) -> Digest {
    Digester::new().digest(config.digest).digest(keywords.digest()).finish()
}

/// Bytes of a value as the ledger holds it.
pub fn encoded(value: &impl Serialize) -> io::Result<Vec<u8>> {
    postcard::to_allocvec(value).map_err(io::Error::other)
}

/// The bytes of a section, and what follows it.
fn section(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk()?;
    rest.split_at_checked(usize::try_from(u64::from_le_bytes(*length)).ok()?)
}
