//! Makes the record of an index: what has not changed since the one before is taken from there.

use std::io;
use std::ops::Range;
use std::sync::OnceLock;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::files::{GROUP, SearchFields, fold, group};
use super::fold::{Folded, Variants, folded};
use super::grams::{Gram, GramCounter, IN_TERM, IN_TITLE, filter_key};
use super::store::IndexStore;
use super::volume::{self, Change, IndexVolume};
use crate::digest::Digest;

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

impl IndexOptions {
    /// Returns what of an article is searched, as site.yaml has it.
    pub(super) fn fields(&self) -> Vec<String> {
        let fields = [("title", self.title), ("terms", self.terms), ("text", self.text)];
        let searched = fields.into_iter().filter(|(_, is_searched)| *is_searched);
        searched.map(|(field, _)| field.to_owned()).collect()
    }
}

/// An article that is to be found.
#[derive(Clone, Debug)]
pub struct SearchedArticle {
    pub fields: SearchFields,
    /// What its text follows from.
    pub body: Digest,
    /// The digest of the text, where that follows from more.
    pub text: Option<Digest>,
}

/// The texts of articles.
pub trait ArticleTexts: Sync {
    /// Returns the text of an article; none where it cannot be read now. An error is the disk's.
    fn text(&self, article: u32) -> io::Result<Option<String>>;

    /// Returns the text that followed from `body`, if it is still known.
    fn text_before(&self, body: Digest) -> Option<String>;
}

/// What is kept of an article.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct IndexedArticle {
    pub(super) body: Digest,
    pub(super) text: Option<Digest>,
    pub(super) grams: u32,
    /// Bytes of the text.
    pub(super) bytes: u32,
    /// Whether the text is longer than what was searched of it.
    pub(super) is_cut: bool,
}

/// Articles whose addresses lie in one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct IndexedGroup {
    pub(super) fields: Digest,
    pub(super) file: Digest,
    pub(super) texts: Option<Digest>,
}

/// What an index is made of, as it is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct IndexRecord {
    pub(super) articles: Vec<IndexedArticle>,
    pub(super) groups: Vec<IndexedGroup>,
    pub(super) volumes: Vec<IndexVolume>,
    pub(super) fold: Option<Digest>,
}

/// Makes the parts of an index that are not those of the one before.
pub(super) struct Indexer<'a> {
    pub(super) articles: &'a [SearchedArticle],
    pub(super) texts: &'a dyn ArticleTexts,
    pub(super) options: IndexOptions,
    pub(super) store: &'a IndexStore,
    pub(super) before: &'a IndexRecord,
}

impl Indexer<'_> {
    pub(super) fn record(&self) -> io::Result<IndexRecord> {
        let fold = (self.options.variants == Variants::Folded).then(|| self.fold());
        let digest = |articles| Ok(Digest::of(fields_of(articles)?));
        let digests: Vec<Digest> =
            self.articles.par_chunks(GROUP).map(digest).collect::<io::Result<_>>()?;
        let changed = self.changed(&digests);
        let articles: Vec<OnceLock<IndexedArticle>> = (0..self.articles.len())
            .map(|at| match self.before.articles.get(at) {
                Some(article) if !changed[at] => OnceLock::from(article.clone()),
                _ => OnceLock::new(),
            })
            .collect();
        let volumes: Vec<IndexVolume> = ranges(self.articles.len())
            .into_iter()
            .map(|docs| self.volume(docs, &changed, &articles))
            .collect::<io::Result<_>>()?;
        let groups = digests
            .into_par_iter()
            .enumerate()
            .map(|(at, digest)| self.group(at, digest, &changed))
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
    fn changed(&self, groups: &[Digest]) -> Vec<bool> {
        let mut changed: Vec<bool> =
            self.articles
                .iter()
                .enumerate()
                .map(|(at, article)| {
                    self.before.articles.get(at).is_none_or(|before| {
                        (before.body, before.text) != (article.body, article.text)
                    })
                })
                .collect();
        for (at, digest) in groups.iter().enumerate() {
            let is_same = |before: &IndexedGroup| before.fields == *digest;
            if self.before.groups.get(at).is_some_and(is_same) {
                continue;
            }
            let fields = self.fields_before(at);
            let first = at * GROUP;
            let articles = self.articles.iter().zip(&mut changed).skip(first).take(GROUP);
            for (nth, (article, changed)) in articles.enumerate() {
                let before = fields.as_ref().and_then(|fields| fields.get(nth));
                *changed |= before != Some(&article.fields);
            }
        }
        changed
    }

    fn fields_before(&self, group: usize) -> Option<Vec<SearchFields>> {
        let bytes = self.store.get(self.before.groups.get(group)?.fields)?;
        postcard::from_bytes(&bytes).ok()
    }

    fn group(&self, at: usize, fields: Digest, changed: &[bool]) -> io::Result<IndexedGroup> {
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
        self.store.put(fields, fields_of(&self.articles[range.clone()])?);
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
    ) -> io::Result<IndexVolume> {
        /// So many articles are taken out of the shards one by one and put in again.
        const FEW: usize = 64;
        let keep = |digest, bytes| self.store.put(digest, bytes);
        let is_same = |volume: &&IndexVolume| {
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
        let scratch = self.store.scratch();
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
        let text =
            if self.options.text { self.texts.text_before(before.body)? } else { String::new() };
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
        let text = &text[..end.unwrap_or(text.len())];
        let body = folded(text, variants);
        counter.text(&body);
        traditional(text, &body, 0, counter);
        if title {
            let title_folded = folded(&fields.title, variants);
            counter.field(&title_folded, IN_TITLE);
            traditional(&fields.title, &title_folded, IN_TITLE, counter);
        }
        for (taxonomy, names) in &fields.terms {
            for name in names {
                let name_folded = folded(name, variants);
                counter.filter(filter_key(taxonomy, &name_folded));
                if terms {
                    counter.field(&name_folded, IN_TERM);
                    traditional(name, &name_folded, IN_TERM, counter);
                }
            }
        }
        if let Some((year, _)) = fields.date.split_once('-') {
            counter.filter(filter_key("year", &folded(year, variants)));
        }
        (counter.finish(), end.is_some())
    }
}

/// Takes in the Traditional letters of a text, if it has any.
fn traditional(text: &str, folded: &Folded, weight: u8, counter: &mut GramCounter) {
    if folded.chars.iter().any(|c| c.was_changed()) {
        counter.traditional(folded, &self::folded(text, Variants::Kept), weight);
    }
}

fn fields_of(articles: &[SearchedArticle]) -> io::Result<Vec<u8>> {
    let fields: Vec<&SearchFields> = articles.iter().map(|article| &article.fields).collect();
    postcard::to_allocvec(&fields).map_err(io::Error::other)
}

/// Returns the articles of each volume. The newest have one of their own, so that a new post
/// leaves the large one alone, until they are a thousand.
fn ranges(articles: usize) -> Vec<Range<u32>> {
    const RECENT: usize = 1024;
    let first = if articles < 2 * RECENT { 0 } else { articles - articles % RECENT };
    let (first, end) = (number(first), number(articles));
    [0..first, first..end].into_iter().filter(|docs| !docs.is_empty()).collect()
}

pub(super) fn number(count: usize) -> u32 {
    u32::try_from(count).expect("a site has less than four billion articles")
}
