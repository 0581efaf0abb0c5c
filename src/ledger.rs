//! The ledger: what the last build read and what it wrote, so that the next one does only what changed.
//!
//! A shortcut, never an input: without it the same bytes are made in more time. It knows for each source file its stamp, its
//! digest and what reading it gave; for each file of the site the [fingerprint](FileRow::fingerprint) of all its page can show,
//! and what was written. One file, checked by a digest and bound to the program and the configuration that wrote it; whatever
//! is not as it was written is as good as none. It decides nothing: `site` asks for readings, `edition` for files.

use std::borrow::Cow;
use std::io::{self, Write};
use std::ops::Range;

use jiff::Timestamp;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::article::Asked;
use crate::date;
use crate::diagnostic::Diagnostic;
use crate::digest::Digest;
use crate::post::Reading;
use crate::related::Related;
use crate::source::{Entry, SourcePath, Stamp};

/// Where it lies in the site's folder.
pub const LEDGER: &str = ".sitegen/ledger";

/// Raise the number when the form changes.
const HEAD: &[u8] = b"sitegen ledger 1\n";
/// What the program is made of (`build.rs`).
const PROGRAM: &str = env!("SITEGEN_PROGRAM");
/// Bytes of the digest at the end.
const SEAL: usize = 32;

/// What a build knows of the one before.
#[derive(Debug, Default)]
pub struct Ledger {
    /// The file, and where in it the readings stand, one after another.
    bytes: Vec<u8>,
    readings: Range<usize>,
    tables: Tables,
}

#[derive(Debug, Default)]
struct Tables {
    sources: Vec<SourceRow>,
    files: Vec<FileRow>,
    related: RelatedLists,
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
    pub fingerprint: Option<Digest>,
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

/// The dates of posts before and after the present: until the clock passes one of them it changes nothing.
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
    /// Takes in the date of one article.
    fn see(&mut self, moment: Option<i128>, now: Timestamp) {
        let Some(moment) = moment else { return };
        if is_future(moment, now) {
            self.next = Some(self.next.map_or(moment, |next| next.min(moment)));
        } else {
            self.last = self.last.max(Some(moment));
        }
    }

    /// Whether all posts are as far past or future at `now` as they were.
    fn hold(&self, now: Timestamp) -> bool {
        self.last.is_none_or(|last| !is_future(last, now)) && self.next.is_none_or(|next| is_future(next, now))
    }
}

fn is_future(moment: i128, now: Timestamp) -> bool {
    Timestamp::from_nanosecond(moment).is_ok_and(|date| date::is_future(date, now))
}

impl Ledger {
    /// Reads what an earlier build wrote, if it was made by this program under the same `configuration`. An error says why a
    /// file that should be a ledger is none.
    pub fn read(bytes: Vec<u8>, configuration: Digest) -> Result<Ledger, &'static str> {
        const BROKEN: &str = "it is not as sitegen wrote it";
        let rest = bytes.strip_prefix(HEAD).ok_or("it is not a ledger of this version")?;
        let length = rest.len().checked_sub(SEAL).ok_or(BROKEN)?;
        let (content, seal) = bytes.split_at(HEAD.len() + length);
        let is_whole = || blake3::Hasher::new().update_rayon(content).finalize().as_bytes() == seal;
        let (is_whole, ledger) = rayon::join(is_whole, || Ledger::parse(content, configuration));
        if !is_whole {
            return Err(BROKEN);
        }
        let (tables, readings) = ledger.ok_or(BROKEN)??;
        Ok(Ledger { bytes, readings, tables })
    }

    /// The tables, and where the readings stand. None is a ledger that cannot be read.
    fn parse(content: &[u8], configuration: Digest) -> Option<Result<(Tables, Range<usize>), &'static str>> {
        let ((program, written_under), rest) = postcard::take_from_bytes::<(&str, Digest)>(&content[HEAD.len()..]).ok()?;
        if program != PROGRAM {
            return Some(Err("another version of sitegen wrote it"));
        }
        if written_under != configuration {
            return Some(Ok((Tables::default(), 0..0)));
        }
        let start = content.len() - rest.len();
        let (rest, tables) = rest.split_last_chunk()?;
        let readings = usize::try_from(u64::from_le_bytes(*tables)).ok()?;
        let (_, rest) = rest.split_at_checked(readings)?;
        let (sources, rest) = section(rest)?;
        let (files, rest) = section(rest)?;
        let (sources, files) = rayon::join(|| postcard::from_bytes(sources).ok(), || postcard::from_bytes(files).ok());
        let (related, build) = postcard::from_bytes(rest).ok()?;
        Some(Ok((Tables { sources: sources?, files: files?, related, build }, start..start + readings)))
    }

    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        self.tables.sources.is_empty() && self.tables.files.is_empty()
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
        let at = self.tables.sources.binary_search_by(|row| row.path.cmp(path)).ok()?;
        Some(&self.tables.sources[at])
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

    /// What reading a file of this digest gave, where it gives the same `now`; with the bytes for the next ledger.
    pub fn reading(&self, path: &SourcePath, digest: Digest, now: Timestamp) -> Option<(Reading, &[u8])> {
        let row = self.source(path).filter(|row| row.digest == digest)?;
        let (start, length) = row.reading?;
        let start = usize::try_from(start).ok()?;
        let bytes = self.bytes.get(self.readings.clone())?.get(start..start.checked_add(length as usize)?)?;
        let reading: Reading = postcard::from_bytes(bytes).ok()?;
        let then = Timestamp::from_nanosecond(self.tables.build.now).ok()?;
        reading.holds(then, now).then_some((reading, bytes))
    }

    /// The lists of related posts, if they were made of the same.
    pub fn related(&self, of: Digest) -> Option<&RelatedLists> {
        Some(&self.tables.related).filter(|related| related.of == of)
    }
}

/// The ledger of a build that is going on. Readings are written as soon as they are there: of 100,000 posts they are 120 MB,
/// which need not lie in memory while pages are rendered.
pub struct Draft<'w> {
    to: Sealing<'w>,
    sources: Vec<SourceRow>,
    /// Bytes of readings written.
    readings: u64,
    dates: Dates,
    /// Why it cannot be written; the build goes on without.
    failure: Option<io::Error>,
}

impl<'w> Draft<'w> {
    /// A ledger bound to a `configuration`.
    pub fn begin(to: impl Write + Send + 'w, configuration: Digest) -> Draft<'w> {
        let mut to = Sealing { to: Box::new(to), hasher: blake3::Hasher::new() };
        let head = || {
            to.write_all(HEAD)?;
            to.write_all(&encoded(&(PROGRAM, configuration))?)
        };
        let failure = { head }().err();
        Draft { to, sources: Vec::new(), readings: 0, dates: Dates::default(), failure }
    }

    /// For those who only want to read.
    pub fn nowhere() -> Draft<'static> {
        Draft::begin(io::sink(), Digest::default())
    }

    /// Takes in a file that was read: its reading as [`encoded`].
    pub fn take(&mut self, entry: &Entry, digest: Digest, reading: &[u8]) {
        let place = u32::try_from(reading.len()).ok().map(|length| (self.readings, length));
        self.sources.push(SourceRow { path: entry.path.clone(), stamp: entry.stamp, digest, reading: place });
        self.readings += reading.len() as u64;
        if self.failure.is_none() {
            self.failure = self.to.write_all(reading).err();
        }
    }

    /// Takes in the date of an article.
    pub fn see(&mut self, moment: Option<i128>, now: Timestamp) {
        self.dates.see(moment, now);
    }

    /// What was taken in so far.
    pub fn sources(&self) -> &[SourceRow] {
        &self.sources
    }

    /// Writes the tables and the seal. `others` are the source files that are no posts, `files` come in the order of their paths;
    /// the dates of `build` are those seen.
    pub fn finish(
        mut self,
        others: Vec<SourceRow>,
        files: &[Cow<'_, FileRow>],
        related: &RelatedLists,
        mut build: Build,
    ) -> io::Result<()> {
        if let Some(failure) = self.failure {
            return Err(failure);
        }
        self.sources.extend(others);
        self.sources.par_sort_unstable_by(|a, b| a.path.cmp(&b.path));
        build.dates = self.dates;
        let (sources, files) = rayon::join(|| encoded(&self.sources), || encoded(&files));
        self.to.section(&sources?)?;
        self.to.section(&files?)?;
        self.to.write_all(&encoded(&(related, build))?)?;
        self.to.write_all(&self.readings.to_le_bytes())?;
        let seal = self.to.hasher.finalize();
        self.to.to.write_all(seal.as_bytes())
    }
}

/// Bytes of a value as the ledger holds it.
pub fn encoded(value: &impl Serialize) -> io::Result<Vec<u8>> {
    postcard::to_allocvec(value).map_err(io::Error::other)
}

/// Writes, and digests what it writes.
struct Sealing<'w> {
    to: Box<dyn Write + Send + 'w>,
    hasher: blake3::Hasher,
}

impl Sealing<'_> {
    /// Writes some bytes and before them, how many.
    fn section(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.write_all(&(bytes.len() as u64).to_le_bytes())?;
        self.write_all(bytes)
    }
}

/// The bytes of a section, and what follows it.
fn section(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk()?;
    rest.split_at_checked(usize::try_from(u64::from_le_bytes(*length)).ok()?)
}

impl Write for Sealing<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.to.write(bytes)?;
        // Splitting up less takes longer than digesting it.
        if written < 1 << 17 {
            self.hasher.update(&bytes[..written])
        } else {
            self.hasher.update_rayon(&bytes[..written])
        };
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}
