//! The layout of a site: everything that follows from addresses, dates and terms alone.
//!
//! An edition whose cards say the same of these has the layout of the edition before, whatever else
//! has changed: half of the work, when one body has. That is one comparison of digests.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use foldhash::{HashMap, HashMapExt};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use serde_yaml::Value;
use unicode_normalization::is_nfc;

use super::addresses::Addresses;
use super::beside::{Beside, attach};
use super::names::Names;
use super::terms::{self, Term, spell_alike};
use super::{HeldBack, PostId, host_of, sections};
use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::digest::{Digest, Digester};
use crate::folder;
use crate::ledger::{Derived, Ledger, encoded};
use crate::post::{Post, PostKind};
use crate::route::Route;
use crate::source::{Source, SourceFile, SourcePath};
use chinese_text::Natural;

/// What a layout is made from.
pub(super) struct Arranged<'a> {
    pub(super) source: &'a dyn Source,
    pub(super) config: &'a Config,
    /// Cards as they were read.
    pub(super) posts: &'a [Arc<Post>],
    pub(super) pages: &'a [Arc<Post>],
    /// Files that are copied, and those that lie beside posts.
    pub(super) files: &'a [(SourceFile, Route)],
    pub(super) beside: &'a [SourceFile],
    pub(super) data: &'a BTreeMap<String, Value>,
}

impl Arranged<'_> {
    /// Digest of all that a layout can depend on, under one configuration.
    pub(super) fn digest(&self) -> Digest {
        let mut digester = Digester::new();
        for cards in [self.posts, self.pages] {
            digester.number(cards.len());
            for card in cards {
                digester.digest(card.placing);
            }
        }
        digester.number(self.files.len());
        for (entry, route) in self.files {
            digester.bytes(entry.path.as_str()).value(route);
        }
        for entry in self.beside {
            digester.bytes(entry.path.as_str());
        }
        digester.value(self.data).finish()
    }
}

/// A year's posts: a run of [`Site::posts`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Year {
    pub year: i16,
    pub posts: Range<PostId>,
    /// Newest first: number and posts.
    pub months: Vec<(i8, Range<PostId>)>,
}

/// What follows from the addresses, dates and terms of a site's posts.
#[derive(Debug, Serialize, Deserialize)]
pub struct Layout {
    /// Of what it is made of.
    pub digest: Digest,
    /// For each post and page of the site, in its order, the place of its card among those that
    /// were read.
    posts: Vec<usize>,
    pages: Vec<usize>,
    files: Vec<(FilePlace, Route)>,
    /// How many of the posts lists, feeds and terms are made of.
    pub listed: usize,
    /// For each page, the posts of its folder and the folders in it.
    pub sections: Vec<Vec<PostId>>,
    /// For each taxonomy, its terms by name.
    pub terms: Vec<Vec<Term>>,
    /// Newest first.
    pub years: Vec<Year>,
    /// Posts without a date.
    pub undated: Range<PostId>,
    pub(super) beside: Beside,
    /// Hosts where posts were first published.
    pub(super) origins: HashMap<String, Vec<PostId>>,
    #[serde(skip)]
    found: FoundPosts,
    /// Posts whose addresses are taken.
    pub(super) held: Vec<HeldBack>,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// Whether every post has the address that it asks for. Otherwise findings name lines of files,
    /// and those may change while the layout stays the same.
    has_no_conflict: bool,
}

/// Which file of the site: its place among those that were found.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
enum FilePlace {
    Copied(usize),
    Beside(usize),
}

impl Layout {
    /// Makes the layout of posts, pages and files.
    pub(super) fn new(of: &Arranged<'_>, digest: Digest) -> Layout {
        let Arranged { source, config, data, .. } = *of;
        let mut diagnostics = Vec::new();
        let (attached, by_name) = attach(
            of.posts.iter().chain(of.pages),
            of.beside.to_vec(),
            &config.posts,
            &mut diagnostics,
        );
        let owners: HashMap<SourcePath, SourcePath> =
            attached.iter().map(|file| (file.entry.path.clone(), file.post.clone())).collect();
        let (mut posts, mut pages) = (of.posts.to_vec(), of.pages.to_vec());
        let mut files = of.files.to_vec();
        files.extend(attached.into_iter().map(|file| (file.entry, file.route)));

        let told = diagnostics.len();
        let mut addresses = Addresses::new(source, config, &mut diagnostics);
        let mut held = addresses.give(&mut posts);
        held.extend(addresses.give(&mut pages));
        // What is beside a post that is held back is held back with it.
        files.retain(|(entry, _)| {
            owners.get(&entry.path).is_none_or(|post| held.iter().all(|held| held.path != *post))
        });
        addresses.give_to_files(&mut files, |path| owners.contains_key(path));
        let has_no_conflict = diagnostics.len() == told && held.is_empty();

        let listed = order(&mut posts);
        if let Some(tags) = config.taxonomy("tags") {
            spell_alike(&mut posts, tags);
        }
        let about = |index: usize| {
            terms::collect(
                index,
                &posts[..listed],
                config,
                data.get(&config.taxonomies[index].name),
            )
        };
        let terms: Vec<(Vec<Term>, Vec<Diagnostic>)> =
            (0..config.taxonomies.len()).into_par_iter().map(about).collect();
        let (terms, found): (Vec<Vec<Term>>, Vec<Vec<Diagnostic>>) = terms.into_iter().unzip();
        diagnostics.extend(found.into_iter().flatten());
        let (years, undated) = group_by_date(&posts[..listed]);
        Layout {
            digest,
            sections: sections::collect(&pages, &posts[..listed]),
            beside: Beside::new(
                files.iter().filter(|(entry, _)| owners.contains_key(&entry.path)),
                by_name,
            ),
            posts: places_among(&posts, of.posts),
            pages: places_among(&pages, of.pages),
            files: found_among(files, of),
            listed,
            terms,
            years,
            undated,
            origins: by_origin(&posts),
            found: FoundPosts::default(),
            held,
            diagnostics,
            has_no_conflict,
        }
    }

    /// Returns the layout that an earlier build wrote down, if it is of what has this digest.
    pub(super) fn stored(digest: Digest, past: &Ledger) -> Option<Layout> {
        postcard::from_bytes(past.derived(Derived::Layout, digest)?.1).ok()
    }

    /// Returns the layout as it is written down. Where it has a conflict, nothing is.
    pub fn to_stored<'p>(&self, past: &'p Ledger) -> io::Result<Cow<'p, [u8]>> {
        match past.derived(Derived::Layout, self.digest) {
            _ if !self.has_no_conflict => Ok(Cow::default()),
            Some((stored, _)) => Ok(stored.into()),
            None => Ok(encoded(&(self.digest, self))?.into()),
        }
    }

    /// Returns whether this is the layout of what has a digest.
    pub(super) fn is_of(&self, digest: Digest) -> bool {
        self.digest == digest && self.has_no_conflict
    }

    /// Returns the posts and pages in their order, and the files, of what was read.
    pub(super) fn laid_out(&self, of: &Arranged<'_>) -> LayoutItems {
        let taken = |places: &[usize], cards: &[Arc<Post>]| {
            places.iter().map(|at| cards[*at].clone()).collect()
        };
        let mut posts: Vec<Arc<Post>> = taken(&self.posts, of.posts);
        if let Some(tags) = of.config.taxonomy("tags") {
            spell_alike(&mut posts, tags);
        }
        let entry = |file: FilePlace| match file {
            FilePlace::Copied(at) => of.files[at].0.clone(),
            FilePlace::Beside(at) => of.beside[at].clone(),
        };
        let files = self.files.iter().map(|(file, route)| (entry(*file), route.clone())).collect();
        LayoutItems { posts, pages: taken(&self.pages, of.pages), files }
    }
}

/// The posts, pages and files of a site, in the order of the layout.
pub(super) struct LayoutItems {
    pub(super) posts: Vec<Arc<Post>>,
    pub(super) pages: Vec<Arc<Post>>,
    pub(super) files: Vec<(SourceFile, Route)>,
}

/// For each card its place among those that were read.
fn places_among(cards: &[Arc<Post>], read: &[Arc<Post>]) -> Vec<usize> {
    let places: HashMap<&SourcePath, usize> =
        read.iter().enumerate().map(|(at, card)| (&card.source, at)).collect();
    cards.iter().map(|card| places[&card.source]).collect()
}

fn found_among(files: Vec<(SourceFile, Route)>, of: &Arranged<'_>) -> Vec<(FilePlace, Route)> {
    let copied =
        of.files.iter().enumerate().map(|(at, (entry, _))| (&entry.path, FilePlace::Copied(at)));
    let beside =
        of.beside.iter().enumerate().map(|(at, entry)| (&entry.path, FilePlace::Beside(at)));
    let places: HashMap<&SourcePath, FilePlace> = copied.chain(beside).collect();
    files.into_iter().map(|(entry, route)| (places[&entry.path], route)).collect()
}

/// Where posts and pages are, found when it is first asked.
#[derive(Clone, Debug, Default)]
struct FoundPosts {
    by_source: OnceLock<HashMap<SourcePath, (PostKind, usize)>>,
    by_name: OnceLock<Names>,
}

impl Layout {
    /// Returns where the card of a file is, by its path or the path as links spell it.
    pub(super) fn by_source(
        &self,
        path: &SourcePath,
        posts: &[Arc<Post>],
        pages: &[Arc<Post>],
    ) -> Option<(PostKind, usize)> {
        let found = self.found.by_source.get_or_init(|| {
            let mut sources = HashMap::with_capacity(posts.len() + pages.len());
            for (kind, cards) in [(PostKind::Article, posts), (PostKind::Page, pages)] {
                for (id, card) in cards.iter().enumerate() {
                    put(&mut sources, &card.source, (kind, id));
                }
            }
            sources
        });
        found.get(path).copied()
    }

    /// Returns what posts are called.
    pub(super) fn names(&self, posts: &[Arc<Post>], posts_folder: &str) -> &Names {
        self.found.by_name.get_or_init(|| Names::new(posts, posts_folder))
    }
}

/// Puts a file where its path finds it, and the path as links spell it.
fn put(
    sources: &mut HashMap<SourcePath, (PostKind, usize)>,
    path: &SourcePath,
    at: (PostKind, usize),
) {
    sources.insert(path.clone(), at);
    if !is_nfc(path.as_str()) {
        sources.entry(SourcePath::new(folder::name(path.as_str()))).or_insert(at);
    }
}

fn by_origin(posts: &[Arc<Post>]) -> HashMap<String, Vec<PostId>> {
    let mut origins: HashMap<String, Vec<PostId>> = HashMap::new();
    for (id, post) in posts.iter().enumerate().filter(|(_, post)| !post.unlisted) {
        if let Some(host) = post.origin.as_deref().and_then(host_of) {
            origins.entry(host.to_owned()).or_default().push(id);
        }
    }
    origins
}

/// Puts posts in the order of [`Site::posts`]; how many of them are listed.
fn order(posts: &mut [Arc<Post>]) -> usize {
    posts.sort_by(|a, b| {
        a.unlisted.cmp(&b.unlisted).then_with(|| (&b.date, &b.source).cmp(&(&a.date, &a.source)))
    });
    let listed = posts.partition_point(|post| !post.unlisted);
    let (shown, hidden) = posts.split_at_mut(listed);
    for posts in [shown, hidden] {
        let dated = posts.partition_point(|post| post.date.is_some());
        // Rather chapters of a book than news.
        posts[dated..].sort_by_cached_key(|post| Natural::of(post.source.as_str()));
    }
    listed
}

/// Years and months of dated posts, newest first, and the posts without a date.
fn group_by_date(posts: &[Arc<Post>]) -> (Vec<Year>, Range<PostId>) {
    let mut years: Vec<Year> = Vec::new();
    let dated = posts.partition_point(|post| post.date.is_some());
    for (id, post) in posts[..dated].iter().enumerate() {
        let Some(date) = &post.date else { continue };
        if years.last().is_none_or(|year| year.year != date.year()) {
            years.push(Year { year: date.year(), posts: id..id, months: Vec::new() });
        }
        let year = years.last_mut().expect("one was just made");
        year.posts.end = id + 1;
        if year.months.last().is_none_or(|(month, _)| *month != date.month()) {
            year.months.push((date.month(), id..id));
        }
        year.months.last_mut().expect("one was just made").1.end = id + 1;
    }
    (years, dated..posts.len())
}
