//! Answers from an index that was built, and from the pages beside it: what the browser does, for
//! the command line.

use std::collections::BTreeMap;
use std::io;
use std::ops::Range;

use rayon::prelude::*;

use super::files::{DATA, GROUP, ListedArticle, Root, listed, names, of_script};
use super::fold::{Folded, Variants, composed, folded, folded_with_places};
use super::query::{Filter, Phrase, Query};
use super::shard::{KeyPlace, Posting, Shard, place};
use super::snippet::{Snippet, snippet};
use crate::route::{Route, decode};
use crate::source::{Source, SourcePath};
use chinese_markdown::html::{CodeBlocks, inside_of_class, shown_lines};

/// The folder of the index below the site's root.
pub const FOLDER: &str = "search/";

/// The class of the element that holds an article's text.
const CONTENT: &str = "e-content";

/// In which order hits are given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sorting {
    /// The heaviest first, and of these the newest.
    Relevance,
    /// The newest first.
    Date,
}

/// An article that is what was asked for.
#[derive(Clone, Debug)]
pub struct Hit {
    pub article: ListedArticle,
    /// The sentence, where the query asks for text and the body has it.
    pub snippet: Option<Snippet>,
    pub score: u32,
}

/// What a query came to.
#[derive(Debug, Default)]
pub struct Found {
    pub hits: Vec<Hit>,
    /// Articles that may be hits and were not looked at.
    pub unchecked: usize,
    /// Phrases and filters that no article has.
    pub absent: Vec<String>,
    /// Parts of the query that ask for nothing.
    pub ignored: Vec<String>,
}

/// What the files of an index hold.
#[derive(Debug, Default)]
pub struct Audit {
    /// Files that are not there.
    pub missing: Vec<String>,
    /// Files that hold something else than their names say.
    pub damaged: Vec<String>,
    /// The articles that can be found, where nothing of that kind is wrong.
    pub articles: Vec<ListedArticle>,
    /// How many pairs of gram and article there are.
    pub postings: u64,
}

/// Finds articles in a site that was built.
pub struct Finder<'s> {
    site: &'s dyn Source,
    root: Root,
    variants: Variants,
}

/// An article that may be a hit, with its weight.
type WeighedArticles = BTreeMap<u32, u32>;

impl<'s> Finder<'s> {
    /// Opens the index of a site that was built; none where there is none, or it is another
    /// version's.
    pub fn open(site: &'s dyn Source) -> io::Result<Option<Finder<'s>>> {
        let read = |name| site.read_if_present(&SourcePath::new(format!("{FOLDER}{name}")));
        let root = match read("root.json")? {
            Some(bytes) => Some(bytes),
            None => read("root.js")?.and_then(|bytes| of_script(&bytes)),
        };
        let root = root.and_then(|bytes| serde_json::from_slice::<Root>(&bytes).ok());
        Ok(root.filter(Root::is_known).map(|root| {
            let variants = if root.fold.is_some() { Variants::Folded } else { Variants::Kept };
            Finder { site, root, variants }
        }))
    }

    /// Returns how many articles can be found.
    pub fn articles(&self) -> u32 {
        self.root.docs
    }

    /// Reads every file that the index names.
    pub fn audit(&self) -> io::Result<Audit> {
        let mut audit = Audit::default();
        for name in self.root.all_files() {
            match self.site.read_if_present(&SourcePath::new(format!("{FOLDER}{DATA}{name}")))? {
                None => audit.missing.push(name),
                Some(_) if !names(&name, &self.unverified(&name)?) => audit.damaged.push(name),
                Some(_) => {}
            }
        }
        if !audit.missing.is_empty() || !audit.damaged.is_empty() {
            return Ok(audit);
        }
        for group in 0..(self.root.docs as usize).div_ceil(GROUP) {
            audit.articles.extend(self.group(group)?);
        }
        for (at, volume) in self.root.volumes.iter().enumerate() {
            for shard in 0..1 << volume.bits {
                let Some(name) = self.root.shard_file(at, shard) else { continue };
                let lists = Shard::new(&self.read(&name)?, volume.docs).lists();
                audit.postings += lists.iter().map(|list| list.postings.len() as u64).sum::<u64>();
            }
        }
        Ok(audit)
    }

    /// Finds what was asked for, `limit` hits at the most.
    pub fn find(&self, typed: &str, sorting: Sorting, limit: usize) -> io::Result<Found> {
        /// Pages that are read before it is asked whether there are enough hits.
        const AT_A_TIME: usize = 64;
        let query = Query::parse(typed, self.variants);
        let mut found = Found { ignored: query.ignored.clone(), ..Found::default() };
        if !query.asks() {
            return Ok(found);
        }
        let mut candidates: Vec<(u32, u32)> =
            self.candidates(&query, &mut found.absent)?.into_iter().collect();
        candidates.sort_by_key(|(doc, weight)| match sorting {
            Sorting::Relevance => (std::cmp::Reverse(*weight), std::cmp::Reverse(*doc)),
            Sorting::Date => (std::cmp::Reverse(0), std::cmp::Reverse(*doc)),
        });
        for (nth, some) in candidates.chunks(AT_A_TIME).enumerate() {
            let hits = some.par_iter().map(|(doc, weight)| self.hit(*doc, *weight, &query));
            for hit in hits.collect::<io::Result<Vec<Option<Hit>>>>()?.into_iter().flatten() {
                found.hits.push(hit);
            }
            if found.hits.len() >= limit {
                found.unchecked = candidates.len() - candidates.len().min((nth + 1) * AT_A_TIME);
                found.unchecked += found.hits.len() - limit;
                found.hits.truncate(limit);
                break;
            }
        }
        if found.hits.is_empty()
            && found.unchecked == 0
            && found.absent.is_empty()
            && let [phrase] = &query.phrases[..]
            && query.filters.is_empty()
            && query.excluded.is_empty()
        {
            found.absent.push(phrase.typed.clone());
        }
        Ok(found)
    }

    fn candidates(&self, query: &Query, absent: &mut Vec<String>) -> io::Result<WeighedArticles> {
        let mut all: Option<WeighedArticles> = None;
        let mut meet = |found: WeighedArticles, typed: &str| {
            if found.is_empty() {
                absent.push(typed.to_owned());
            }
            all = Some(match all.take() {
                None => found,
                Some(all) => met(all, &found, |a, b| a + b),
            });
        };
        for phrase in &query.phrases {
            meet(self.with_phrase(phrase)?, &phrase.typed);
        }
        for filter in query.filters.iter().filter(|filter| !filter.is_excluded) {
            let of = self.postings(filter.key())?.into_iter().map(|posting| (posting.doc, 0));
            meet(of.collect(), &filter.typed);
        }
        Ok(all.unwrap_or_default())
    }

    /// Returns the articles that have all pieces of a phrase, each with the least of their weights.
    fn with_phrase(&self, phrase: &Phrase) -> io::Result<WeighedArticles> {
        let mut all: Option<WeighedArticles> = None;
        for key in phrase.keys() {
            let postings = self.postings(key)?.into_iter();
            let of = postings.map(|posting| (posting.doc, u32::from(posting.weight))).collect();
            all = Some(match all {
                None => of,
                Some(all) => met(all, &of, u32::min),
            });
        }
        Ok(all.unwrap_or_default())
    }

    fn postings(&self, key: u32) -> io::Result<Vec<Posting>> {
        let mut all = Vec::new();
        for (at, volume) in self.root.volumes.iter().enumerate() {
            let KeyPlace { shard, rest } = place(key, volume.bits);
            let Some(name) = self.root.shard_file(at, shard) else { continue };
            let bytes = self.read(&name)?;
            let of = Shard::new(&bytes, volume.docs).postings(rest);
            all.extend(
                of.into_iter()
                    .map(|Posting { doc, weight }| Posting { doc: doc + volume.first, weight }),
            );
        }
        Ok(all)
    }

    fn read(&self, name: &str) -> io::Result<Vec<u8>> {
        let bytes = self.unverified(name)?;
        if names(name, &bytes) {
            return Ok(bytes);
        }
        Err(io::Error::other(say!(
            "{} holds something else than when it was built; build the site again",
            format!("{FOLDER}{DATA}{name}")
        )))
    }

    fn unverified(&self, name: &str) -> io::Result<Vec<u8>> {
        let bytes = self.site.read(&SourcePath::new(format!("{FOLDER}{DATA}{name}")))?;
        Ok(if self.root.ending == "js" { of_script(&bytes).unwrap_or_default() } else { bytes })
    }

    /// Returns the articles from a number on that lie in one file with it.
    fn group(&self, group: usize) -> io::Result<Vec<ListedArticle>> {
        let Some(name) = self.root.group_file(group) else { return Ok(Vec::new()) };
        Ok(listed(&self.read(&name)?).unwrap_or_default())
    }

    /// Looks at the article itself: whether it is what the query asks for, and where.
    fn hit(&self, doc: u32, score: u32, query: &Query) -> io::Result<Option<Hit>> {
        let at = doc as usize;
        let Some(article) = self.group(at / GROUP)?.into_iter().nth(at % GROUP) else {
            return Ok(None);
        };
        if !query.filters.iter().all(|filter| self.holds(filter, &article)) {
            return Ok(None);
        }
        let text = self.text(&article)?;
        let folded = ArticleText::new(&self.root, &article, &text, self.variants);
        let mut phrases = query.phrases.iter().chain(&query.excluded);
        let kept = phrases.any(|phrase| phrase.is_traditional_letter);
        let kept = kept.then(|| ArticleText::new(&self.root, &article, &text, Variants::Kept));
        let of = |phrase: &Phrase| match &kept {
            Some(kept) if phrase.is_traditional_letter => kept,
            _ => &folded,
        };
        let has = |phrase: &Phrase| of(phrase).has(phrase);
        if !query.phrases.iter().all(has) || query.excluded.iter().any(has) {
            return Ok(None);
        }
        let mut marks: Vec<Range<usize>> = Vec::new();
        for phrase in &query.phrases {
            let body = &of(phrase).body;
            marks.extend(phrase.places(&body.chars).map(|at| {
                let last = at + phrase.chars.len() - 1;
                let place = |at: usize| body.places[at] as usize;
                let end = text[place(last)..].chars().next().map_or(0, char::len_utf8);
                place(at)..place(last) + end
            }));
        }
        marks.sort_by_key(|mark| (mark.start, mark.end));
        Ok(Some(Hit { snippet: snippet(&text, &marks), article, score }))
    }

    fn holds(&self, filter: &Filter, article: &ListedArticle) -> bool {
        let is = |name: &str| folded(name, self.variants).chars == filter.name.chars;
        let holds = match filter.taxonomy {
            "year" => is(article.date.split('-').next().unwrap_or_default()),
            taxonomy => {
                article.terms.get(taxonomy).is_some_and(|names| names.iter().any(|name| is(name)))
            }
        };
        holds != filter.is_excluded
    }

    /// Returns the text of an article, as its page shows it; none where there is no page.
    fn text(&self, article: &ListedArticle) -> io::Result<String> {
        let path = decode(&article.address);
        let route = Route::exact(&format!("/{path}"));
        let file = route.map(|route| route.file()).unwrap_or_default();
        let Some(bytes) = self.site.read_if_present(&SourcePath::new(file))? else {
            return Ok(String::new());
        };
        let page = String::from_utf8_lossy(&bytes);
        let code = if self.root.code { CodeBlocks::Read } else { CodeBlocks::Skipped };
        let body = inside_of_class(&page, CONTENT).unwrap_or_default();
        Ok(composed(&shown_lines(body, code)))
    }
}

/// Returns the articles that are in both, with a weight made of both weights.
fn met(
    all: WeighedArticles,
    others: &WeighedArticles,
    weight: impl Fn(u32, u32) -> u32,
) -> WeighedArticles {
    let met = all.into_iter().filter_map(|(doc, a)| Some((doc, weight(a, *others.get(&doc)?))));
    met.collect()
}

/// What an article says, folded.
struct ArticleText {
    fields: Vec<Folded>,
    body: Folded,
}

impl ArticleText {
    fn new(root: &Root, article: &ListedArticle, text: &str, variants: Variants) -> ArticleText {
        let searches = |field: &str| root.fields.iter().any(|searched| searched == field);
        let names = article.terms.values().flatten().filter(|_| searches("terms"));
        let fields = names.chain(searches("title").then_some(&article.title));
        let text = if searches("text") { text } else { "" };
        ArticleText {
            fields: fields.map(|name| folded(name, variants)).collect(),
            body: folded_with_places(text, variants),
        }
    }

    fn has(&self, phrase: &Phrase) -> bool {
        self.fields.iter().chain([&self.body]).any(|text| phrase.is_in(&text.chars))
    }
}
