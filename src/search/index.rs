//! An index: the volumes of all articles, and the files beside them.

use std::collections::HashSet;
use std::io;

use serde::{Deserialize, Serialize};

use super::files::{DATA, IndexNames, script};
use super::indexer::{ArticleTexts, IndexOptions, IndexRecord, Indexer, SearchedArticle, number};
use super::store::IndexStore;
use crate::digest::{Digest, Digester};

/// A file of an index.
#[derive(Clone, Debug)]
pub struct IndexFile {
    /// Below `search/`.
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
        texts: &dyn ArticleTexts,
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
            fields: options.fields(),
            fold: record.fold,
            groups: record.groups.iter().map(|group| group.file).collect(),
            texts: if options.scripts { texts.collect() } else { None },
            volumes: &record.volumes,
        };
        let root = names.root();
        let named = root.all_files().into_iter().zip(names.digests());
        let mut files: Vec<IndexFile> = named
            .map(|(name, digest)| IndexFile { name: format!("{DATA}{name}"), digest })
            .collect();
        let root = serde_json::to_vec(&root).map_err(io::Error::other)?;
        let name = if options.scripts { "root.js" } else { "root.json" };
        files.push(IndexFile { name: name.to_owned(), digest: Digest::of(&root) });
        Ok(SearchIndex { options, record, key, root, files })
    }

    /// Returns the bytes of a file; none where what was kept is gone or damaged.
    pub fn bytes(&self, file: &IndexFile, store: &IndexStore) -> Option<Vec<u8>> {
        let is_root = !file.name.starts_with(DATA);
        let bytes = if is_root { self.root.clone() } else { store.get(file.digest)? };
        Some(if self.options.scripts { script(&file.name, &bytes) } else { bytes })
    }

    /// Puts a file into a store that has lost it, from one in which the index was made again.
    pub fn restore(&self, file: &IndexFile, store: &IndexStore, again: &IndexStore) {
        if let Some(bytes) = again.get(file.digest) {
            store.put(file.digest, bytes);
        }
    }

    /// Returns the articles whose texts were not searched to their ends.
    pub fn cut(&self) -> impl Iterator<Item = usize> {
        let articles = self.record.articles.iter().enumerate();
        articles.filter(|(_, article)| article.is_cut).map(|(at, _)| at)
    }

    /// Returns how many pairs of gram and article there are, of grams that share a place all.
    pub fn postings(&self) -> u64 {
        self.record.articles.iter().map(|article| u64::from(article.grams)).sum()
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

    /// Lets a store forget what it holds in memory and this index does not need.
    pub fn forget_others(&self, store: &IndexStore) {
        store.forget_but(&self.used());
    }

    /// Gives what was kept its name, and leaves out what no index needs.
    pub fn keep(&self, store: &IndexStore) -> io::Result<()> {
        store.finish(|| self.used())
    }

    fn used(&self) -> HashSet<Digest> {
        let mut used: HashSet<Digest> = self.files.iter().map(|file| file.digest).collect();
        used.extend(self.record.groups.iter().map(|group| group.fields));
        used.insert(self.key);
        used
    }
}
