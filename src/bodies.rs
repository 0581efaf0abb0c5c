//! Bodies that were written before, kept in `.sitegen/` by what they follow from, so that a page
//! whose template changed is made without parsing any Markdown.
//!
//! While a site is built, bodies are written into a spool as their cards are read, and read from
//! there when their pages are made: of 100,000 posts they are more than lies in memory. In the end
//! the spool becomes one of two files. Nearly all bodies lie in [`LARGE`], which is seldom written
//! anew; what few edits have made lies in [`RECENT`]. A body is found by its key and is what its
//! key says, so the two need not agree with each other, nor with the ledger.
//!
//! Not compressed: LZ4 would take half of the room, and a tenth of a cold build.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, Hasher};
use std::io;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use serde::{Deserialize, Serialize};

use crate::article::{ArticleBody, BodyWriter, NewBody, SiteLinks};
use crate::diagnostic::Diagnostic;
use crate::digest::{Digest, PROGRAM};
use crate::post::{Post, ReadBody};
use crate::source::{Source, SourcePath};

/// Where most bodies lie.
pub const LARGE: &str = ".sitegen/bodies";
/// Where those lie that a few edits have made.
pub const RECENT: &str = ".sitegen/bodies-recent";

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

/// Begins a spool, when the first body comes.
type SpoolOpener = Box<dyn Fn() -> io::Result<Box<dyn Spool>> + Send + Sync>;

/// Where a body stands in its file, and what its bytes come to.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct BodyPlace {
    start: u64,
    length: u32,
    checksum: u64,
}

impl BodyPlace {
    fn range(&self) -> Range<u64> {
        self.start..self.start + u64::from(self.length)
    }
}

/// The bodies of a file, by their keys.
type BodyIndex = HashMap<Digest, BodyPlace, foldhash::fast::FixedState>;

/// What earlier builds have written.
#[derive(Default)]
struct WrittenBefore {
    large: BodyIndex,
    recent: BodyIndex,
}

/// The bodies of a site that were written before, and those that are written now.
#[derive(Default)]
pub struct BodyStore {
    source: Option<Arc<dyn Source>>,
    before: OnceLock<WrittenBefore>,
    /// None where nothing is to be written.
    begin: Option<SpoolOpener>,
    spool: OnceLock<io::Result<Box<dyn Spool>>>,
    new: Mutex<BodyIndex>,
    /// The first file that is not as it was written.
    damaged: OnceLock<&'static str>,
}

impl BodyStore {
    /// Returns the bodies that earlier builds have written; none is kept.
    pub fn of(source: Arc<dyn Source>) -> BodyStore {
        BodyStore { source: Some(source), ..BodyStore::default() }
    }

    /// Keeps new bodies as well, in what `begin` begins when the first comes.
    pub fn kept_in(
        self,
        begin: impl Fn() -> io::Result<Box<dyn Spool>> + Send + Sync + 'static,
    ) -> BodyStore {
        BodyStore { begin: Some(Box::new(begin)), ..self }
    }

    /// Returns whether new bodies are kept.
    pub fn keeps(&self) -> bool {
        self.begin.is_some() && !matches!(self.spool.get(), Some(Err(_)))
    }

    /// Returns whether the body of a key is known.
    fn knows(&self, key: Digest) -> bool {
        if self.source.is_none() {
            return false;
        }
        let before = self.written_before();
        before.recent.contains_key(&key) || before.large.contains_key(&key)
    }

    /// Returns the body of a key, if it is known.
    pub fn get(&self, key: Digest) -> Option<ArticleBody> {
        let new = self.written_now().get(&key).copied();
        if let Some(place) = new {
            let bytes = self.spool.get()?.as_ref().ok()?.read(place.range()).ok()?;
            return ArticleBody::decoded(&bytes);
        }
        let source = self.source.as_ref()?;
        let before = self.written_before();
        let (file, place) = before
            .recent
            .get(&key)
            .map(|place| (RECENT, place))
            .or_else(|| before.large.get(&key).map(|place| (LARGE, place)))?;
        let bytes = source.read_part(&SourcePath::new(file), place.range()).ok()?;
        if checksum(&bytes) != place.checksum {
            let _ = self.damaged.set(file);
            return None;
        }
        ArticleBody::decoded(&bytes)
    }

    /// Keeps a body. That it cannot be kept is told in the end.
    pub fn put(&self, key: Digest, body: &ArticleBody) {
        let Some(begin) = &self.begin else { return };
        let Ok(spool) = self.spool.get_or_init(begin) else { return };
        let Some(bytes) = body.encoded() else { return };
        let Ok(length) = u32::try_from(bytes.len()) else { return };
        // A body without a place is written again next time.
        let Ok(start) = spool.append(&bytes) else { return };
        let place = BodyPlace { start, length, checksum: checksum(&bytes) };
        self.written_now().insert(key, place);
    }

    fn written_now(&self) -> MutexGuard<'_, BodyIndex> {
        self.new.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn written_before(&self) -> &WrittenBefore {
        self.before.get_or_init(|| {
            let read = |file: &'static str| {
                let Some(source) = &self.source else { return BodyIndex::default() };
                index(&**source, &SourcePath::new(file)).unwrap_or_else(|NotAsWritten| {
                    let _ = self.damaged.set(file);
                    BodyIndex::default()
                })
            };
            WrittenBefore { large: read(LARGE), recent: read(RECENT) }
        })
    }

    /// Returns what is said where bodies that earlier builds have written could not be used.
    pub fn note(&self) -> Option<Diagnostic> {
        let file = self.damaged.get()?;
        let message = say!(
            "bodies that earlier builds have written were not used: they are not as they were written"
        );
        Some(Diagnostic::note("body-store", message).in_file(*file))
    }

    /// Gives what was written its name, if anything was. `used` returns the keys of all bodies of
    /// the site.
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
        let is_left = |key: &Digest, new: &BodyIndex| used.contains(key) && !new.contains_key(key);
        let size = |index: &BodyIndex| -> u64 {
            let left = index.iter().filter(|(key, _)| is_left(key, &new));
            left.map(|(_, place)| u64::from(place.length)).sum()
        };
        let (large, recent) = (size(&before.large), size(&before.recent));
        let written: u64 = new.values().map(|place| u64::from(place.length)).sum();
        let is_small = recent + written <= (large / TIMES_SMALLER).max(ALWAYS) && large > 0;
        let (name, files, others) = if is_small {
            (RECENT, vec![(RECENT, &before.recent)], &[][..])
        } else {
            (LARGE, vec![(RECENT, &before.recent), (LARGE, &before.large)], &[RECENT][..])
        };
        for (file, index) in files {
            let left = index.iter().filter(|(key, _)| is_left(key, &new));
            let mut left: Vec<(Digest, BodyPlace)> =
                left.map(|(key, place)| (*key, *place)).collect();
            left.sort_unstable_by_key(|(_, place)| place.start);
            for (key, place) in left {
                let Some(source) = &self.source else { continue };
                let Ok(bytes) = source.read_part(&SourcePath::new(file), place.range()) else {
                    continue;
                };
                if checksum(&bytes) == place.checksum {
                    new.insert(key, BodyPlace { start: spool.append(&bytes)?, ..place });
                }
            }
        }
        let mut entries: Vec<(Digest, BodyPlace)> = new.into_iter().collect();
        entries.sort_unstable_by_key(|(_, place)| place.start);
        let index = postcard::to_allocvec(&(PROGRAM, entries)).map_err(io::Error::other)?;
        let digest = postcard::to_allocvec(&Digest::of_much(&index)).map_err(io::Error::other)?;
        let start = spool.append(&index)?;
        spool.append(&[&start.to_le_bytes()[..], &digest].concat())?;
        spool.commit(name, others)
    }
}

/// Writes bodies, and knows those that were written before.
pub struct Bodies<'a> {
    pub writer: BodyWriter<'a>,
    pub store: &'a BodyStore,
}

impl Bodies<'_> {
    /// Writes the body of `post` as it was parsed for the card, if bodies are kept and this one is
    /// none yet. `content` is the digest of its file.
    pub fn keep(&self, post: &Post, read: ReadBody<'_>, content: Digest) {
        let key = self.writer.key(&post.source, content);
        if self.store.keeps()
            && !self.store.knows(key)
            && let Some(body) = self.writer.of_card(post, read, content)
        {
            self.store.put(key, &body);
        }
    }

    /// Returns the body of `post`: as it was written before, if the site still gives the answers it
    /// was written with, else as `bytes` of its file say. An error is the disk's.
    pub fn body(
        &self,
        post: &Post,
        bytes: impl FnOnce() -> io::Result<Vec<u8>>,
        links: &dyn SiteLinks,
    ) -> io::Result<ArticleBody> {
        let key = self.writer.key(&post.source, post.content);
        if let Some(body) = self.store.get(key).filter(|body| body.stands(post, links)) {
            return Ok(body);
        }
        let bytes = bytes()?;
        let NewBody { body, is_lasting } = self.writer.of_file(post, &bytes, links);
        // The file may be another one by now.
        if is_lasting && Digest::of(&bytes) == post.content {
            self.store.put(key, &body);
        }
        Ok(body)
    }
}

/// A file is not as this program would have written it.
struct NotAsWritten;

/// Returns the index of a file; an empty one where there is no file, or another version of the
/// program wrote it.
fn index(source: &dyn Source, file: &SourcePath) -> Result<BodyIndex, NotAsWritten> {
    let Ok(Some(entry)) = source.file(file) else { return Ok(BodyIndex::default()) };
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
        return Ok(BodyIndex::default());
    }
    let entries: Vec<(Digest, BodyPlace)> = postcard::from_bytes(rest).map_err(|_| NotAsWritten)?;
    Ok(entries.into_iter().collect())
}

/// A sum that tells damaged bytes; whoever can write there needs no collision.
fn checksum(bytes: &[u8]) -> u64 {
    let mut hasher = foldhash::quality::FixedState::default().build_hasher();
    hasher.write(bytes);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::collections::BTreeMap;

    use super::*;
    use crate::article::NamedPost;
    use crate::config::{Config, Overrides};
    use crate::highlight::Blocks;
    use crate::keywords::Keywords;
    use crate::post::{self, PostKind, ReadingOutcome};
    use crate::source::{Fixture, SourceFile};
    use chinese_markdown::html_writer::Labels;
    use jiff::Timestamp;

    /// A disk in memory.
    #[derive(Clone, Default)]
    struct Disk(Arc<Mutex<BTreeMap<String, Vec<u8>>>>);

    struct InMemory(Disk, Mutex<Vec<u8>>);

    impl Spool for InMemory {
        fn append(&self, bytes: &[u8]) -> io::Result<u64> {
            let mut all = self.1.lock().unwrap();
            let start = all.len() as u64;
            all.extend_from_slice(bytes);
            Ok(start)
        }

        fn read(&self, range: Range<u64>) -> io::Result<Vec<u8>> {
            let at = |place| usize::try_from(place).unwrap();
            Ok(self.1.lock().unwrap()[at(range.start)..at(range.end)].to_vec())
        }

        fn commit(&self, file: &str, others: &[&str]) -> io::Result<()> {
            let mut files = self.0.0.lock().unwrap();
            files.insert(file.to_owned(), self.1.lock().unwrap().clone());
            files.retain(|file, _| !others.contains(&&**file));
            Ok(())
        }
    }

    impl Disk {
        fn store(&self) -> BodyStore {
            let disk = self.clone();
            let files = self.0.lock().unwrap().clone();
            BodyStore::of(Arc::new(Fixture::new(files)))
                .kept_in(move || Ok(Box::new(InMemory(disk.clone(), Mutex::default()))))
        }

        fn files(&self) -> Vec<String> {
            self.0.lock().unwrap().keys().cloned().collect()
        }
    }

    /// A site whose answer changes.
    struct Site(&'static str);

    impl SiteLinks for Site {
        fn resolve(&self, _: &Post, reference: &str) -> Option<String> {
            (reference == "桥.md").then(|| self.0.to_owned())
        }

        fn post_named(&self, name: &str) -> Option<NamedPost> {
            let (href, title) = (self.0.to_owned(), name.to_owned());
            Some(NamedPost { href, title, rivals: Vec::new() })
        }

        fn file(&self, _: &Post, _: &str) -> Option<&SourceFile> {
            None
        }

        fn image_size(&self, _: &SourceFile) -> Option<(usize, usize)> {
            None
        }

        fn include(&self, _: &str) -> Option<String> {
            None
        }
    }

    /// Reads posts and asks for their articles, as a build does, and returns these and how many
    /// files were read for them.
    fn build(disk: &Disk, site: &str, texts: &[&str], links: &Site) -> (Vec<String>, usize) {
        let overrides = Overrides { base_url: None, drafts: false, future: false };
        let config = Config::read(site, "site.yaml", &overrides).unwrap();
        let (labels, code, store) = (Labels::chinese(), Blocks::none(), disk.store());
        let bodies = Bodies { writer: BodyWriter::new(&config, &labels, &code), store: &store };
        let read = Cell::new(0);
        let mut used = HashSet::new();
        let mut article = |(number, text): (usize, &&str)| {
            let path = SourcePath::new(format!("posts/{number}.md"));
            let content = Digest::of(text);
            let reading = post::read(
                &path,
                text.as_bytes(),
                PostKind::Article,
                &config,
                Timestamp::UNIX_EPOCH,
                &Keywords::off(),
                &mut |post, read| bodies.keep(post, read, content),
            )
            .with_content(content);
            let ReadingOutcome::Ready(post) = reading.outcome else { panic!("{text}") };
            used.insert(bodies.writer.key(&post.source, post.content));
            let bytes = || {
                read.set(read.get() + 1);
                Ok(text.as_bytes().to_vec())
            };
            bodies.body(&post, bytes, links).unwrap().article(&post, links).html
        };
        let articles = texts.iter().enumerate().map(&mut article).collect();
        store.finish(|| used).unwrap();
        (articles, read.get())
    }

    #[test]
    fn a_body_is_written_once() {
        let disk = Disk::default();
        let texts = ["[桥](桥.md)与路。", "见[[路]]。"];
        let (first, read) = build(&disk, "", &texts, &Site("/a/"));
        // What names another post is written when that is known.
        assert_eq!(read, 1);
        assert!(first[0].contains("<a href=\"/a/\">桥</a>与路。"), "{first:?}");
        assert!(first[1].contains("<a href=\"/a/\">路</a>"), "{first:?}");
        assert_eq!(build(&disk, "", &texts, &Site("/a/")), (first.clone(), 0));
        // A title and a menu change no body; an address changes those that named it.
        assert_eq!(build(&disk, "title: 别的\nnav: []\n", &texts, &Site("/a/")).1, 0);
        let (moved, read) = build(&disk, "", &texts, &Site("/b/"));
        assert_eq!((moved[0].contains("/b/"), moved[1].contains("/b/"), read), (true, true, 1));
        assert_eq!(build(&disk, "markdown: {repair: false}\n", &texts, &Site("/a/")).1, 1);
    }

    #[test]
    fn a_few_new_bodies_leave_the_large_file_alone() {
        let disk = Disk::default();
        let texts = ["甲。", "乙。", "丙。"];
        build(&disk, "", &texts, &Site(""));
        assert_eq!(disk.files(), [LARGE]);
        let large = disk.0.lock().unwrap()[LARGE].clone();
        build(&disk, "", &["甲。", "丁。", "丙。"], &Site(""));
        assert_eq!(disk.files(), [LARGE, RECENT]);
        assert_eq!(disk.0.lock().unwrap()[LARGE], large);
        build(&disk, "", &["甲。", "丁。", "戊。"], &Site(""));
        let (articles, _) = build(&disk, "", &["甲。", "丁。", "戊。"], &Site(""));
        assert!(articles[1].contains("丁。") && articles[2].contains("戊。"), "{articles:?}");
        // Bodies of no post are left out where the file is written anew.
        build(&disk, "", &["甲。", "己。", "戊。"], &Site(""));
        let recent = String::from_utf8_lossy(&disk.0.lock().unwrap()[RECENT]).into_owned();
        assert!(recent.contains("己。") && recent.contains("戊。") && !recent.contains("丁。"));
        // Where much is new, one file holds all.
        build(&disk, "", &["甲。", "己。", "戊。", &"庚".repeat(1 << 19)], &Site(""));
        assert_eq!(disk.files(), [LARGE]);
        assert_eq!(build(&disk, "", &["甲。", "己。", "戊。"], &Site("")).1, 0);
    }

    #[test]
    fn damage_costs_time() {
        let texts = ["甲[桥](桥.md)。", "**乙**。"];
        let whole = Disk::default();
        let (due, _) = build(&whole, "", &texts, &Site("/a/"));
        let bytes = whole.0.lock().unwrap()[LARGE].clone();
        for at in 0..bytes.len() {
            let disk = Disk::default();
            let mut damaged = bytes.clone();
            damaged[at] ^= 1;
            disk.0.lock().unwrap().insert(LARGE.to_owned(), damaged);
            assert_eq!(build(&disk, "", &texts, &Site("/a/")).0, due, "{at}");
        }
        for end in 0..bytes.len() {
            let disk = Disk::default();
            disk.0.lock().unwrap().insert(LARGE.to_owned(), bytes[..end].to_vec());
            assert_eq!(build(&disk, "", &texts, &Site("/a/")).0, due, "{end}");
        }
    }
}
