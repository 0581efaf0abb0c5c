//! An index: the volumes of all articles, and the files beside them. One that is made when little
//! has changed takes over what an earlier one was made of.

use std::collections::{HashMap, HashSet};
use std::io;
use std::ops::Range;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::files::{GROUP, IndexNames, SearchFields, fold, group, script};
use super::fold::{Variants, folded};
use super::grams::{Gram, GramCounter, IN_TERM, IN_TITLE, filter_key};
use super::volume::{self, Change, Scratch, Volume};
use crate::digest::{Digest, Digester};
use crate::kept::{KeptFiles, KeptStore, Spool};
use crate::source::Source;

/// Where an index is kept for the next one.
pub const FILES: KeptFiles = KeptFiles {
    large: ".sitegen/search",
    recent: ".sitegen/search-recent",
    spool: "search",
};

/// How an index is made.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct IndexOptions {
    pub variants: Variants,
    /// Whether blocks of code are searched.
    pub code: bool,
    /// Whether titles are searched.
    pub title: bool,
    /// Whether terms are searched.
    pub terms: bool,
    /// Whether bodies are searched.
    pub text: bool,
    /// Characters of a text that are searched at the most.
    pub most: usize,
    /// Whether the files are scripts, for pages on a disk.
    pub scripts: bool,
}

/// An article that is to be found.
#[derive(Clone, Debug)]
pub struct SearchedArticle {
    pub fields: SearchFields,
    /// What its text follows from.
    pub body: Digest,
    /// The digest of the text, where it follows from more.
    pub text: Option<Digest>,
}

/// The texts of articles.
pub trait Texts: Sync {
    /// Returns the text of an article; none where it cannot be read now. An error is the disk's.
    fn text(&self, article: u32) -> io::Result<Option<String>>;

    /// Returns the text that followed from `body`, if it is still known.
    fn text_before(&self, body: Digest) -> Option<String>;
}

/// What is kept of an article.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct IndexedArticle {
    body: Digest,
    text: Option<Digest>,
    grams: u32,
    /// Bytes of the text.
    bytes: u32,
    /// Whether the text is longer than what was searched of it.
    is_cut: bool,
}

/// Articles whose addresses lie in one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct IndexedGroup {
    fields: Digest,
    file: Digest,
    texts: Option<Digest>,
}

/// What an index is made of, as it is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct IndexRecord {
    articles: Vec<IndexedArticle>,
    groups: Vec<IndexedGroup>,
    volumes: Vec<Volume>,
    fold: Option<Digest>,
}

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

    fn get(&self, digest: Digest) -> Option<Vec<u8>> {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner).get(&digest).cloned();
        held.map(|bytes| bytes.to_vec()).or_else(|| self.kept.get(digest))
    }

    fn holds(&self, digest: Digest) -> bool {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.contains_key(&digest) || self.kept.knows(digest)
    }

    fn put(&self, digest: Digest, bytes: Vec<u8>) {
        if !self.kept.put(digest, &bytes) {
            let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
            held.insert(digest, bytes.into());
        }
    }

    /// Returns the first file that is not as it was written, if one was looked at.
    pub fn damaged(&self) -> Option<&'static str> {
        self.kept.damaged()
    }
}

/// A file of an index.
#[derive(Clone, Debug)]
pub struct IndexFile {
    /// Below `search/data/`.
    pub name: String,
    pub digest: Digest,
}

/// What an index came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndexSize {
    pub articles: u32,
    pub files: usize,
    /// Bytes of all files.
    pub bytes: u64,
    /// Bytes of the texts that are searched.
    pub texts: u64,
}

/// The index of a site.
#[derive(Debug)]
pub struct SearchIndex {
    options: IndexOptions,
    record: IndexRecord,
    /// What the record is kept by.
    key: Digest,
    root: Vec<u8>,
    pub files: Vec<IndexFile>,
}

impl SearchIndex {
    /// Makes the index of articles, in the order of their numbers, out of what `store` knows of the
    /// one before.
    pub fn new(
        articles: &[SearchedArticle],
        texts: &dyn Texts,
        options: IndexOptions,
        store: &IndexStore,
    ) -> io::Result<SearchIndex> {
        let key = Digester::new().bytes("search").value(&options).finish();
        let record = store.get(key).and_then(|bytes| postcard::from_bytes(&bytes).ok());
        let before = record.unwrap_or_default();
        let indexer = Indexer { articles, texts, options, store, before: &before };
        let record = indexer.record()?;
        if record != before {
            store.put(key, postcard::to_allocvec(&record).map_err(io::Error::other)?);
        }
        let texts = record.groups.iter().map(|group| group.texts);
        let names = IndexNames {
            docs: number(articles.len()),
            code: options.code,
            fold: record.fold,
            groups: record.groups.iter().map(|group| group.file).collect(),
            texts: if options.scripts { texts.collect() } else { None },
            volumes: &record.volumes,
        };
        let root = names.root();
        let named = root.all_files().into_iter().zip(names.digests());
        let mut files: Vec<IndexFile> =
            named.map(|(name, digest)| IndexFile { name, digest }).collect();
        let root = serde_json::to_vec(&root).map_err(io::Error::other)?;
        let name = if options.scripts { "root.js" } else { "root.json" };
        files.push(IndexFile { name: name.to_owned(), digest: Digest::of(&root) });
        Ok(SearchIndex { options, record, key, root, files })
    }

    /// Returns the bytes of a file; none where what was kept is gone or damaged.
    pub fn bytes(&self, file: &IndexFile, store: &IndexStore) -> Option<Vec<u8>> {
        let is_root = file.name.starts_with("root.");
        let bytes = if is_root { self.root.clone() } else { store.get(file.digest)? };
        Some(if self.options.scripts { script(&file.name, &bytes) } else { bytes })
    }

    /// Returns the articles whose texts were not searched to their ends.
    pub fn cut(&self) -> impl Iterator<Item = usize> {
        let articles = self.record.articles.iter().enumerate();
        articles.filter(|(_, article)| article.is_cut).map(|(at, _)| at)
    }

    /// Returns what the index came to, whose files have so many bytes.
    pub fn size(&self, bytes: u64) -> IndexSize {
        IndexSize {
            articles: number(self.record.articles.len()),
            files: self.files.len(),
            bytes,
            texts: self.record.articles.iter().map(|article| u64::from(article.bytes)).sum(),
        }
    }

    /// Gives what was kept its name, and leaves out what no index needs.
    pub fn keep(&self, store: &IndexStore) -> io::Result<()> {
        let IndexRecord { groups, .. } = &self.record;
        store.kept.finish(|| {
            let mut used: HashSet<Digest> = self.files.iter().map(|file| file.digest).collect();
            used.extend(groups.iter().map(|group| group.fields));
            used.insert(self.key);
            used
        })
    }
}

fn number(count: usize) -> u32 {
    u32::try_from(count).expect("a site has less than four billion articles")
}

/// Makes the parts of an index that are not those of the one before.
struct Indexer<'a> {
    articles: &'a [SearchedArticle],
    texts: &'a dyn Texts,
    options: IndexOptions,
    store: &'a IndexStore,
    before: &'a IndexRecord,
}

impl Indexer<'_> {
    fn record(&self) -> io::Result<IndexRecord> {
        let fold = (self.options.variants == Variants::Folded).then(|| self.fold());
        let digests: Vec<(Digest, Vec<u8>)> =
            self.articles.par_chunks(GROUP).map(fields_of).collect::<io::Result<_>>()?;
        let changed = self.changed(&digests);
        let articles: Vec<OnceLock<IndexedArticle>> = (0..self.articles.len())
            .map(|at| match self.before.articles.get(at) {
                Some(article) if !changed[at] => OnceLock::from(article.clone()),
                _ => OnceLock::new(),
            })
            .collect();
        let volumes: Vec<Volume> = ranges(self.articles.len())
            .into_iter()
            .map(|docs| self.volume(docs, &changed, &articles))
            .collect::<io::Result<_>>()?;
        let groups = digests
            .into_par_iter()
            .enumerate()
            .map(|(at, (digest, bytes))| self.group(at, digest, bytes, &changed))
            .collect::<io::Result<_>>()?;
        let articles = articles.into_iter().map(|article| {
            article.into_inner().expect("an article whose grams were not taken is as it was")
        });
        Ok(IndexRecord { articles: articles.collect(), groups, volumes, fold })
    }

    fn fold(&self) -> Digest {
        if let Some(fold) = self.before.fold.filter(|fold| self.store.holds(*fold)) {
            return fold;
        }
        let bytes = fold();
        let digest = Digest::of(&bytes);
        self.store.put(digest, bytes);
        digest
    }

    /// Returns of each article whether it is another than before.
    fn changed(&self, groups: &[(Digest, Vec<u8>)]) -> Vec<bool> {
        let mut changed: Vec<bool> = self
            .articles
            .iter()
            .enumerate()
            .map(|(at, article)| {
                self.before.articles.get(at).is_none_or(|before| {
                    (before.body, before.text) != (article.body, article.text)
                })
            })
            .collect();
        for (at, (digest, _)) in groups.iter().enumerate() {
            let is_same = |before: &IndexedGroup| before.fields == *digest;
            if self.before.groups.get(at).is_some_and(is_same) {
                continue;
            }
            let fields = self.fields_before(at);
            for article in at * GROUP..self.articles.len().min((at + 1) * GROUP) {
                let before = fields.as_ref().and_then(|fields| fields.get(article - at * GROUP));
                changed[article] |= before != Some(&self.articles[article].fields);
            }
        }
        changed
    }

    fn fields_before(&self, group: usize) -> Option<Vec<SearchFields>> {
        let bytes = self.store.get(self.before.groups.get(group)?.fields)?;
        postcard::from_bytes(&bytes).ok()
    }

    fn group(
        &self,
        at: usize,
        fields: Digest,
        bytes: Vec<u8>,
        changed: &[bool],
    ) -> io::Result<IndexedGroup> {
        let range = at * GROUP..self.articles.len().min((at + 1) * GROUP);
        let before = self.before.groups.get(at).filter(|before| {
            before.fields == fields
                && !(self.options.scripts && changed[range.clone()].contains(&true))
                && [Some(before.file), before.texts]
                    .into_iter()
                    .flatten()
                    .all(|digest| self.store.holds(digest))
        });
        if let Some(before) = before {
            return Ok(before.clone());
        }
        self.store.put(fields, bytes);
        let put = |bytes: Vec<u8>| {
            let digest = Digest::of(&bytes);
            self.store.put(digest, bytes);
            digest
        };
        let articles = &self.articles[range.clone()];
        let all: Vec<SearchFields> =
            articles.iter().map(|article| article.fields.clone()).collect();
        let texts = if self.options.scripts {
            let text = |at| Ok(self.texts.text(number(at))?.unwrap_or_default());
            let texts = range.map(text);
            let texts: Vec<String> = texts.collect::<io::Result<_>>()?;
            Some(put(serde_json::to_vec(&texts).map_err(io::Error::other)?))
        } else {
            None
        };
        Ok(IndexedGroup { fields, file: put(group(&all)), texts })
    }

    fn volume(
        &self,
        docs: Range<u32>,
        changed: &[bool],
        articles: &[OnceLock<IndexedArticle>],
    ) -> io::Result<Volume> {
        /// So many articles are taken out of the shards one by one and put in again.
        const FEW: usize = 64;
        let keep = |digest, bytes| self.store.put(digest, bytes);
        let is_same = |volume: &&Volume| {
            (volume.first, volume.docs) == (docs.start, docs.end - docs.start)
                && volume.shards.iter().all(|shard| self.store.holds(*shard))
        };
        let before = self.before.volumes.iter().find(is_same);
        let new: Vec<u32> = docs.clone().filter(|doc| changed[*doc as usize]).collect();
        if let Some(volume) = before.filter(|_| new.len() <= FEW) {
            let mut counter = GramCounter::new();
            let change = |doc: &u32| -> io::Result<Option<Change>> {
                let Some(before) = self.grams_before(*doc, &mut counter) else { return Ok(None) };
                let now = self.grams(*doc, &mut counter, articles)?;
                Ok(Some(Change { doc: *doc, before, now }))
            };
            let changes: Option<Vec<Change>> =
                new.iter().map(change).collect::<io::Result<Option<_>>>()?;
            if let Some(changes) = changes {
                let count = |doc: u32| articles[doc as usize].get().map_or(0, |one| one.grams);
                let postings = docs.clone().map(|doc| u64::from(count(doc))).sum();
                let shard = |digest| self.store.get(digest);
                if let Some(volume) = volume.changed(&changes, postings, &shard, &keep) {
                    return Ok(volume);
                }
            }
        }
        let scratch = ScratchFile::begin(&self.store.kept)?;
        let grams = |doc: u32, counter: &mut GramCounter| self.grams(doc, counter, articles);
        volume::make(docs, &scratch, &grams, &keep)
    }

    /// Returns the grams of an article, and writes down what is kept of it.
    fn grams(
        &self,
        doc: u32,
        counter: &mut GramCounter,
        articles: &[OnceLock<IndexedArticle>],
    ) -> io::Result<Vec<Gram>> {
        let SearchedArticle { fields, body, text: digest } = &self.articles[doc as usize];
        let text = if self.options.text { self.texts.text(doc)? } else { Some(String::new()) };
        // What could not be read now is asked for again.
        let body = if text.is_some() { *body } else { Digest::default() };
        let text = text.unwrap_or_default();
        let (grams, is_cut) = self.grams_of(fields, &text, counter);
        let indexed = IndexedArticle {
            body,
            text: *digest,
            grams: number(grams.len()),
            bytes: number(text.len()),
            is_cut,
        };
        // The same again, where an article was taken out first.
        let _ = articles[doc as usize].set(indexed);
        Ok(grams)
    }

    /// Returns the grams that an article had, as far as that is known.
    fn grams_before(&self, doc: u32, counter: &mut GramCounter) -> Option<Vec<Gram>> {
        let at = doc as usize;
        let before = self.before.articles.get(at)?;
        let fields = self.fields_before(at / GROUP)?.into_iter().nth(at % GROUP)?;
        let text = if self.options.text { self.texts.text_before(before.body)? } else { String::new() };
        let is_same = before.text.is_none_or(|digest| digest == Digest::of(&text));
        is_same.then(|| self.grams_of(&fields, &text, counter).0)
    }

    fn grams_of(
        &self,
        fields: &SearchFields,
        text: &str,
        counter: &mut GramCounter,
    ) -> (Vec<Gram>, bool) {
        let IndexOptions { variants, title, terms, most, .. } = self.options;
        let end = text.char_indices().nth(most).map(|(at, _)| at);
        counter.text(&folded(&text[..end.unwrap_or(text.len())], variants));
        if title {
            counter.field(&folded(&fields.title, variants), IN_TITLE);
        }
        for (taxonomy, names) in &fields.terms {
            for name in names.iter().map(|name| folded(name, variants)) {
                counter.filter(filter_key(taxonomy, &name));
                if terms {
                    counter.field(&name, IN_TERM);
                }
            }
        }
        if let Some((year, _)) = fields.date.split_once('-') {
            counter.filter(filter_key("year", &folded(year, variants)));
        }
        (counter.finish(), end.is_some())
    }
}

fn fields_of(articles: &[SearchedArticle]) -> io::Result<(Digest, Vec<u8>)> {
    let fields: Vec<&SearchFields> = articles.iter().map(|article| &article.fields).collect();
    let bytes = postcard::to_allocvec(&fields).map_err(io::Error::other)?;
    Ok((Digest::of(&bytes), bytes))
}

/// Returns the articles of each volume. The newest have one of their own, so that a new post
/// leaves the large one alone, until they are a thousand.
fn ranges(articles: usize) -> Vec<Range<u32>> {
    const RECENT: usize = 1024;
    let first = if articles < 2 * RECENT { 0 } else { articles - articles % RECENT };
    let (first, end) = (number(first), number(articles));
    [0..first, first..end].into_iter().filter(|docs| !docs.is_empty()).collect()
}

/// Where runs lie while a volume is made: in a file that gets no name, or in memory.
enum ScratchFile {
    Spool(Box<dyn Spool>),
    Memory(Mutex<Vec<u8>>),
}

impl ScratchFile {
    fn begin(kept: &KeptStore) -> io::Result<ScratchFile> {
        let spool = kept.scratch("runs").transpose()?;
        Ok(spool.map_or_else(|| ScratchFile::Memory(Mutex::default()), ScratchFile::Spool))
    }
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
