//! The site: all cards in order, and what they have in common.
//!
//! [`Site::gather`] is the map (each file to a card, in parallel) and the reduce (order, terms, years, neighbours). Knows no
//! templates and renders nothing.

mod addresses;
mod beside;
mod files;
mod names;
mod related;
mod sections;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io;
use std::ops::Range;
use std::sync::Arc;

use foldhash::{HashMap, HashMapExt};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use serde_yaml::Value;
use unicode_normalization::is_nfc;

use crate::config::{Config, Nested};
use crate::diagnostic::{Diagnostic, Severity, contain};
use crate::digest::Digest;
use crate::folder;
use crate::keywords::{Cache, Keywords};
use crate::ledger::{Draft, Ledger, encoded};
use crate::permalink::above;
use crate::post::{self, Held, Kind, Outcome, Post, Reading};
use crate::route::{Claims, Route, fold_case, safe_segment, with_hash};
use crate::source::{Entry, Source, SourcePath};
use crate::text::Natural;
use crate::words::{Argument, Message};

use addresses::Addresses;
pub use addresses::{AddressPlaces, asked_for};
use beside::{Beside, attach};
use files::Sources;
pub use files::{is_post, is_text};
use names::Names;
pub use related::RelatedPosts;

/// Index of a post in [`Site::posts`].
pub type PostId = usize;

/// One tag, author, category …
#[derive(Clone, Debug)]
pub struct Term {
    pub name: String,
    pub route: Route,
    /// Newest first.
    pub posts: Vec<PostId>,
    /// What `data/authors.yaml` (or the file of another taxonomy's name) says of it.
    pub about: Option<Value>,
    /// The term it stands below, in the same taxonomy.
    pub parent: Option<usize>,
}

/// A year's posts: a run of [`Site::posts`].
#[derive(Clone, Debug)]
pub struct Year {
    pub year: i16,
    pub posts: Range<PostId>,
    /// Newest first: number and posts.
    pub months: Vec<(i8, Range<PostId>)>,
}

/// The posts before and after another, in time. Those without a date come before all others, the first chapter first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Neighbours {
    pub newer: Option<PostId>,
    pub older: Option<PostId>,
}

/// A file that was found and is not published.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldBack {
    pub path: SourcePath,
    pub why: Why,
}

/// Why a file is held back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Why {
    /// By its own words.
    Held(Held),
    /// It cannot be read or its address is taken; the error's message.
    Refused(Message),
}

/// Whose a file of the site is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Owner {
    /// A post, a page, a file that is copied.
    Source(SourcePath),
    /// A page of the program's making: its place in the plan.
    Page(usize),
    /// An old address of a post.
    Redirect(SourcePath),
}

impl Owner {
    /// The diagnostic, in the file that the owner is made from.
    pub fn place(&self, diagnostic: Diagnostic) -> Diagnostic {
        match self {
            Owner::Source(path) | Owner::Redirect(path) => diagnostic.in_file(path.as_str()),
            Owner::Page(_) => diagnostic,
        }
    }
}

impl From<Owner> for Argument {
    fn from(owner: Owner) -> Argument {
        match owner {
            Owner::Source(path) => path.as_str().into(),
            Owner::Page(_) => say!("a page of the site").into(),
            Owner::Redirect(path) => say!("a redirect of {}", path.as_str()).into(),
        }
    }
}

/// All that is known of a site before anything is rendered.
#[derive(Clone, Debug)]
pub struct Site {
    /// Newest first by (date, path); posts without a date last, in natural order of their paths; and after them, in the same order,
    /// those that no list shows.
    pub posts: Vec<Arc<Post>>,
    /// How many of them lists, feeds and terms are made of.
    pub listed: usize,
    /// Standalone pages by path, and after them the pages of folders.
    pub pages: Vec<Arc<Post>>,
    /// For each of these, the posts of its folder and the folders in it.
    pub sections: Vec<Vec<PostId>>,
    /// For each taxonomy, its terms by name.
    pub terms: Arc<Vec<Vec<Term>>>,
    /// Newest first.
    pub years: Vec<Year>,
    /// Posts without a date.
    pub undated: Range<PostId>,
    /// Files to be published as they are: where from, where to.
    pub files: Vec<(Entry, Route)>,
    beside: Beside,
    /// `data/*.yaml`, by name.
    pub data: BTreeMap<String, Value>,
    /// Snippets for `{% include %}`.
    pub includes: BTreeMap<String, String>,
    pub held: Vec<HeldBack>,
    /// The keywords of posts without tags, for the next reading.
    pub keywords: Cache,
    /// Owners of the files of posts, pages and static files; the plan goes on from here. None where they are those of the site
    /// before: see [`Site::gather`].
    pub claims: Option<Claims<Owner>>,
    places: Arc<Places>,
    /// What was found in the terms.
    in_terms: Vec<Diagnostic>,
}

/// Where posts, pages and terms are in their lists.
#[derive(Clone, Debug)]
struct Places {
    sources: HashMap<SourcePath, (Kind, usize)>,
    names: Names,
    /// Hosts where posts were first published.
    origins: HashMap<String, Vec<PostId>>,
    terms: Vec<HashMap<String, usize>>,
}

/// Puts a file where its path finds it, and the path as links spell it.
fn put(sources: &mut HashMap<SourcePath, (Kind, usize)>, path: &SourcePath, at: (Kind, usize)) {
    sources.insert(path.clone(), at);
    if !is_nfc(path.as_str()) {
        sources.entry(SourcePath::new(folder::name(path.as_str()))).or_insert(at);
    }
}

impl Places {
    fn of(posts: &[Arc<Post>], pages: &[Arc<Post>], posts_folder: &str) -> Places {
        let mut sources = HashMap::with_capacity(posts.len() + pages.len());
        let mut origins: HashMap<String, Vec<PostId>> = HashMap::new();
        for (id, post) in posts.iter().enumerate() {
            put(&mut sources, &post.source, (Kind::Article, id));
            if let Some(host) = post.origin.as_deref().and_then(host_of).filter(|_| !post.unlisted) {
                origins.entry(host.to_owned()).or_default().push(id);
            }
        }
        for (id, page) in pages.iter().enumerate() {
            put(&mut sources, &page.source, (Kind::Page, id));
        }
        Places { sources, names: Names::of(posts, posts_folder), origins, terms: Vec::new() }
    }
}

impl Site {
    /// Reads everything but bodies; of files that stand as they stood in `past`, nothing. `next` takes down what was read. What
    /// follows from addresses, dates and terms alone is that of the site `before`, made with the same configuration, where these
    /// are the same: half of the work, when one body has changed. The only error is a world that cannot be read.
    pub fn gather(
        source: &dyn Source,
        config: &Config,
        keywords: &Keywords,
        past: &Ledger,
        next: &mut Draft<'_>,
        before: Option<&Site>,
    ) -> io::Result<(Site, Vec<Diagnostic>)> {
        let mut diagnostics = Vec::new();
        let Sources { posts, beside, pages, sections, mut files } = files::find(source, config, &mut diagnostics)?;
        let reader = CardReader { source, config, keywords, past };
        let mut pile = Pile::default();
        let mut posts = reader.read(&posts, Kind::Article, &mut pile, next)?;
        let mut pages = reader.read(&pages, Kind::Page, &mut pile, next)?;
        pages.extend(reader.read(&sections, Kind::Section, &mut pile, next)?);
        let Pile { keywords: found, mut held, diagnostics: in_files } = pile;
        diagnostics.extend(in_files);
        let data = files::data(source, &mut diagnostics)?;
        let includes = files::includes(source, &mut diagnostics)?;

        let (attached, by_name) = attach(posts.iter().chain(&pages), beside, &config.posts, &mut diagnostics);
        let owners: HashMap<SourcePath, SourcePath> = attached.iter().map(|file| (file.entry.path.clone(), file.post.clone())).collect();
        files.extend(attached.into_iter().map(|file| (file.entry, file.route)));

        let before = before.filter(|before| before.has_same_addresses(&posts, &pages, &files));
        let claims = before.is_none().then(|| {
            let mut addresses = Addresses::new(source, config, &mut diagnostics);
            held.extend(addresses.give(&mut posts));
            held.extend(addresses.give(&mut pages));
            // What is beside a post that is held back is held back with it.
            files.retain(|(entry, _)| owners.get(&entry.path).is_none_or(|post| held.iter().all(|held| held.path != *post)));
            addresses.give_to_files(&mut files, |path| owners.contains_key(path));
            addresses.claims
        });
        held.sort_by(|a, b| a.path.cmp(&b.path));

        let listed = order(&mut posts);
        if let Some(tags) = config.taxonomy("tags") {
            spell_alike(&mut posts, tags);
        }
        let (terms, in_terms, places) = match before.filter(|before| before.has_same_terms(&posts, &data)) {
            Some(before) => (before.terms.clone(), before.in_terms.clone(), before.places.clone()),
            None => collect(&posts, listed, &pages, config, &data),
        };
        diagnostics.extend(in_terms.iter().cloned());
        let (years, undated) = group_by_date(&posts[..listed]);
        let sections = sections::collect(&pages, &posts[..listed]);
        let beside = Beside::of(files.iter().filter(|(entry, _)| owners.contains_key(&entry.path)), by_name);
        let keywords = found;
        let site = Site {
            posts,
            listed,
            pages,
            sections,
            terms,
            years,
            undated,
            files,
            beside,
            data,
            includes,
            held,
            keywords,
            claims,
            places,
            in_terms,
        };
        Ok((site, diagnostics))
    }

    /// Whether these have the addresses and dates that this site's have, so that they have the same files and the same order.
    fn has_same_addresses(&self, posts: &[Arc<Post>], pages: &[Arc<Post>], files: &[(Entry, Route)]) -> bool {
        let is_same = |post: &Arc<Post>| {
            let before = self.by_source(&post.source);
            before.is_some_and(|before| {
                std::ptr::eq(before, &raw const **post)
                    || (before.kind, &before.route, &before.date, &before.aliases, &before.names)
                        == (post.kind, &post.route, &post.date, &post.aliases, &post.names)
                        && (before.in_sitemap, before.noindex, &before.origin) == (post.in_sitemap, post.noindex, &post.origin)
                        && before.unlisted == post.unlisted
            })
        };
        let of_file = |(entry, route): &(Entry, Route)| (entry.path.clone(), route.clone());
        (posts.len(), pages.len()) == (self.posts.len(), self.pages.len())
            && self.files.iter().map(of_file).eq(files.iter().map(of_file))
            && posts.par_iter().all(is_same)
            && pages.iter().all(is_same)
    }

    /// Whether posts of the same order have the terms that this site's have.
    fn has_same_terms(&self, posts: &[Arc<Post>], data: &BTreeMap<String, Value>) -> bool {
        // As they are shown: maps of another order are equal to `==`.
        format!("{:?}", self.data) == format!("{data:?}")
            && self.posts.iter().zip(posts).all(|(before, post)| Arc::ptr_eq(before, post) || before.terms == post.terms)
    }

    /// Whether the site has the addresses, the order and the terms of another, so that it is laid out alike.
    pub fn is_laid_out_as(&self, before: &Site) -> bool {
        self.claims.is_none() && Arc::ptr_eq(&self.terms, &before.terms)
    }

    /// The owners of the files of posts, pages and static files, each of which has its own.
    pub fn claims(&mut self, tells_case: bool) -> Claims<Owner> {
        self.claims.take().unwrap_or_else(|| {
            let mut claims = Claims::new(tells_case);
            let of_posts = self.posts.iter().chain(&self.pages).map(|post| (&post.route, &post.source));
            for (route, path) in of_posts.chain(self.files.iter().map(|(entry, route)| (route, &entry.path))) {
                // They were claimed without a clash in the site before.
                let _ = claims.claim(route, Owner::Source(path.clone()));
            }
            claims
        })
    }

    /// The index of a term in its taxonomy, by its name.
    pub fn term_id(&self, taxonomy: usize, name: &str) -> Option<usize> {
        self.places.terms[taxonomy].get(name).copied()
    }

    /// The term of a taxonomy by its name.
    pub fn term(&self, taxonomy: usize, name: &str) -> Option<&Term> {
        self.term_id(taxonomy, name).map(|id| &self.terms[taxonomy][id])
    }

    /// The posts that lists, feeds and terms are made of.
    pub fn listed(&self) -> &[Arc<Post>] {
        &self.posts[..self.listed]
    }

    /// The card of a source file.
    pub fn by_source(&self, path: &SourcePath) -> Option<&Post> {
        self.places.sources.get(path).map(|(kind, id)| match kind {
            Kind::Article => &*self.posts[*id],
            Kind::Page | Kind::Section => &*self.pages[*id],
        })
    }

    /// The posts that a name without ending may mean, with its folders or without: the one that is meant first, and those that it says
    /// no less of.
    pub fn named(&self, name: &str, config: &Config) -> Vec<&Post> {
        self.places.names.meant(name, &self.posts, &config.posts)
    }

    /// The route of the file beside a post that an address in it means.
    pub fn file_beside(&self, post: &Post, address: &str) -> Option<&Route> {
        self.beside.meant(post, address)
    }

    /// The posts around a post.
    pub fn neighbours(&self, id: PostId) -> Neighbours {
        if id < self.listed { neighbours_at(id, self.undated.start, self.listed) } else { Neighbours::default() }
    }

    /// The posts around a post among those of its term.
    pub fn neighbours_in(&self, term: &Term, id: PostId) -> Neighbours {
        self.neighbours_among(&term.posts, id)
    }

    /// The posts around a post among those first published on the same host, and the host.
    pub fn neighbours_by_origin(&self, id: PostId) -> Option<(&str, Neighbours)> {
        let host = self.posts[id].origin.as_deref().and_then(host_of)?;
        Some((host, self.neighbours_among(self.places.origins.get(host)?, id)))
    }

    fn neighbours_among(&self, posts: &[PostId], id: PostId) -> Neighbours {
        let Ok(at) = posts.binary_search(&id) else { return Neighbours::default() };
        let dated = posts.partition_point(|id| self.posts[*id].date.is_some());
        let Neighbours { newer, older } = neighbours_at(at, dated, posts.len());
        Neighbours { newer: newer.map(|at| posts[at]), older: older.map(|at| posts[at]) }
    }
}

/// Places in a list of posts, the first of which are dated, around a place. From the newest to the oldest these stand as they are
/// listed, and the others, whose first chapter is the oldest, the other way round.
fn neighbours_at(at: usize, dated: usize, all: usize) -> Neighbours {
    let turned = |at: usize| if at < dated { at } else { dated + (all - 1 - at) };
    let rank = turned(at);
    Neighbours { newer: rank.checked_sub(1).map(turned), older: (rank + 1 < all).then(|| turned(rank + 1)) }
}

/// The host of a full address, without `www.`.
pub fn host_of(address: &str) -> Option<&str> {
    let rest = address.split_once("://")?.1;
    // What stands before `@` is a name at the host, and may look like another host.
    let authority = rest.split(['/', '\\', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?.split(':').next()?;
    let host = host.strip_prefix("www.").unwrap_or(host);
    (!host.is_empty()).then_some(host)
}

/// The map: each file to a card.
struct CardReader<'a> {
    source: &'a dyn Source,
    config: &'a Config,
    keywords: &'a Keywords,
    past: &'a Ledger,
}

/// What is found while cards are read.
#[derive(Default)]
struct Pile {
    keywords: Cache,
    held: Vec<HeldBack>,
    diagnostics: Vec<Diagnostic>,
}

/// A reading, the digest of the file it was read from, and how it stands in a ledger that is written.
struct Card<'p> {
    reading: Arc<Reading>,
    content: Digest,
    stored: Option<Cow<'p, [u8]>>,
}

/// A card, or why there is none.
type Found<'p> = Result<Card<'p>, Box<Diagnostic>>;

impl CardReader<'_> {
    /// Some at a time: while some are read, those before are taken down.
    fn read(&self, entries: &[Entry], kind: Kind, pile: &mut Pile, next: &mut Draft<'_>) -> io::Result<Vec<Arc<Post>>> {
        /// Enough to keep the cores busy, few enough to lie in memory with all that was read of them.
        const AT_A_TIME: usize = 4_096;
        let mut posts = Vec::with_capacity(entries.len());
        let mut before: &[Entry] = &[];
        let mut cards: Vec<io::Result<Found<'_>>> = Vec::new();
        for some in entries.chunks(AT_A_TIME).chain([&[][..]]) {
            let read = || some.par_iter().map(|entry| self.card(entry, kind)).collect();
            let last = std::mem::take(&mut cards);
            let taken;
            (cards, taken) = rayon::join(read, || self.take_down(before, last, &mut posts, pile, next));
            taken?;
            before = some;
        }
        Ok(posts)
    }

    fn take_down(
        &self,
        entries: &[Entry],
        cards: Vec<io::Result<Found<'_>>>,
        posts: &mut Vec<Arc<Post>>,
        pile: &mut Pile,
        next: &mut Draft<'_>,
    ) -> io::Result<()> {
        for (entry, card) in entries.iter().zip(cards) {
            let Card { reading, content, stored } = match card? {
                Ok(card) => card,
                // The next build looks again: it may be readable then, and nothing of it would tell.
                Err(problem) => {
                    let why = Why::Refused(problem.message.clone());
                    pile.held.push(HeldBack { path: entry.path.clone(), why });
                    pile.diagnostics.push(*problem);
                    continue;
                }
            };
            next.take(entry, content, &reading, stored.as_deref());
            let Reading { outcome, diagnostics: found, moments, keywords } = Arc::unwrap_or_clone(reading);
            next.see(&moments, self.config.now);
            if let Some(keywords) = keywords {
                pile.keywords.keep(keywords);
            }
            let why = match outcome {
                Outcome::Ready(post) => {
                    posts.push(post);
                    None
                }
                Outcome::Held(held) => Some(Why::Held(held)),
                Outcome::Refused => {
                    let error = found.iter().find(|diagnostic| diagnostic.severity == Severity::Error);
                    Some(Why::Refused(error.map_or_else(Message::default, |error| error.message.clone())))
                }
            };
            pile.held.extend(why.map(|why| HeldBack { path: entry.path.clone(), why }));
            pile.diagnostics.extend(found);
        }
        Ok(())
    }

    /// Reads one file, or finds in the ledger what reading it gave.
    fn card(&self, entry: &Entry, kind: Kind) -> io::Result<Found<'_>> {
        let known = |content: Digest| {
            let (reading, stored) = self.past.reading(&entry.path, content, self.config.now)?;
            Some(Card { reading, content, stored: stored.map(Cow::Borrowed) })
        };
        if let Some(card) = self.past.digest(entry).and_then(known) {
            return Ok(Ok(card));
        }
        let bytes = match folder::bytes(self.source, &entry.path)? {
            Ok(bytes) => bytes,
            Err(problem) => return Ok(Err(problem)),
        };
        let content = Digest::of(&bytes);
        known(content).map_or_else(|| self.parsed(entry, &bytes, content, kind), Ok).map(Ok)
    }

    fn parsed(&self, entry: &Entry, bytes: &[u8], content: Digest, kind: Kind) -> io::Result<Card<'static>> {
        let defect = |defect: Box<Diagnostic>| Reading {
            outcome: Outcome::Refused,
            diagnostics: vec![*defect],
            moments: Vec::new(),
            keywords: None,
        };
        let mut reading =
            contain(entry.path.as_str(), || post::read(&entry.path, bytes, kind, self.config, self.keywords)).unwrap_or_else(defect);
        if let Outcome::Ready(post) = &mut reading.outcome {
            let digest = Digest::of(encoded(post)?);
            Arc::make_mut(post).card = digest;
        }
        let stored = Some(Cow::Owned(encoded(&reading)?));
        Ok(Card { reading: Arc::new(reading.with_content(content)), content, stored })
    }
}

/// Puts posts in the order of [`Site::posts`]; how many of them are listed.
fn order(posts: &mut [Arc<Post>]) -> usize {
    posts.sort_by(|a, b| a.unlisted.cmp(&b.unlisted).then_with(|| (&b.date, &b.source).cmp(&(&a.date, &a.source))));
    let listed = posts.partition_point(|post| !post.unlisted);
    let (shown, hidden) = posts.split_at_mut(listed);
    for posts in [shown, hidden] {
        let dated = posts.partition_point(|post| post.date.is_some());
        // Rather chapters of a book than news.
        posts[dated..].sort_by_cached_key(|post| Natural::of(post.source.as_str()));
    }
    listed
}

type Collected = (Arc<Vec<Vec<Term>>>, Vec<Diagnostic>, Arc<Places>);

/// What posts have in common, and where everything is.
fn collect(posts: &[Arc<Post>], listed: usize, pages: &[Arc<Post>], config: &Config, data: &BTreeMap<String, Value>) -> Collected {
    let of = |index: usize| collect_terms(index, &posts[..listed], config, data.get(&config.taxonomies[index].name));
    let (terms, mut places) = rayon::join(
        || (0..config.taxonomies.len()).into_par_iter().map(of).collect::<Vec<(Vec<Term>, Vec<Diagnostic>)>>(),
        || Places::of(posts, pages, &config.posts),
    );
    let (terms, found): (Vec<Vec<Term>>, Vec<Vec<Diagnostic>>) = terms.into_iter().unzip();
    let ids = |terms: &Vec<Term>| terms.iter().enumerate().map(|(id, term)| (term.name.clone(), id)).collect();
    places.terms = terms.iter().map(ids).collect();
    (Arc::new(terms), found.into_iter().flatten().collect(), Arc::new(places))
}

/// The terms of one taxonomy, by name, each with an address of its own.
fn collect_terms(index: usize, posts: &[Arc<Post>], config: &Config, about: Option<&Value>) -> (Vec<Term>, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let taxonomy = &config.taxonomies[index];
    let mut by_name: BTreeMap<&str, Vec<PostId>> = BTreeMap::new();
    for (id, post) in posts.iter().enumerate() {
        for name in &post.terms[index] {
            by_name.entry(name).or_default().push(id);
        }
    }
    // Names that stand in a term's folder already.
    let reserved: Vec<String> =
        config.feeds.kinds.iter().map(|(_, name)| fold_case(name)).chain(["index.html".to_owned(), "page".to_owned()]).collect();
    let about = about.map(About::of);
    let mut taken: HashMap<(Option<usize>, String), &str> = HashMap::with_capacity(by_name.len());
    let mut terms: Vec<Term> = Vec::with_capacity(by_name.len());
    let mut ids: HashMap<&str, usize> = HashMap::new();
    for (name, posts) in by_name {
        // A name sorts after those that it begins with.
        let nested = above(name).filter(|_| taxonomy.nested != Nested::No).and_then(|(above, label)| Some((*ids.get(above)?, label)));
        let (parent, label) = nested.map_or((None, name), |(parent, label)| (Some(parent), label));
        let mut segment = safe_segment(label);
        let mut key = (parent, fold_case(&segment));
        let alike = taken.get(&key);
        if let Some(other) = alike {
            let message =
                say!("`{}` and `{}` in {} are one name where case does not count; they have two pages", *other, name, &taxonomy.name);
            diagnostics.push(Diagnostic::warning("terms-alike", message).hint(say!("spell them alike in the posts if they are one")));
        }
        if reserved.contains(&key.1) || (alike.is_some() && !config.tells_case) {
            segment = with_hash(&segment, name);
            key.1 = fold_case(&segment);
        }
        taken.insert(key, name);
        ids.insert(name, terms.len());
        let about = about.as_ref().and_then(|about| about.get(name)).cloned();
        let folder = parent.map_or(&taxonomy.folder, |parent| &terms[parent].route);
        terms.push(Term { name: name.to_owned(), route: folder.below(&format!("{segment}/")), posts, about, parent });
    }
    (terms, diagnostics)
}

/// Gives keywords found in texts the spelling that others have: `gpt` in one text and `GPT` in another are one tag, and no
/// keeper could mend it. What a post's author wrote comes before what was found, the frequent before the rare.
pub fn spell_alike(posts: &mut [Arc<Post>], tags: usize) {
    if !posts.iter().any(|post| post.has_found_tags) {
        return;
    }
    // For each spelling, how often it was written and how often found.
    let mut spellings: BTreeMap<String, BTreeMap<String, (usize, usize)>> = BTreeMap::new();
    for post in &*posts {
        for name in &post.terms[tags] {
            let counts = spellings.entry(fold_case(name)).or_default().entry(name.clone()).or_default();
            *(if post.has_found_tags { &mut counts.1 } else { &mut counts.0 }) += 1;
        }
    }
    let best: BTreeMap<String, String> = spellings
        .into_iter()
        .filter(|(_, names)| names.len() > 1)
        .filter_map(|(key, names)| Some((key, names.into_iter().rev().max_by_key(|(_, counts)| *counts)?.0)))
        .collect();
    for post in posts.iter_mut().filter(|post| post.has_found_tags) {
        let mut names: Vec<&String> = Vec::with_capacity(post.terms[tags].len());
        for name in &post.terms[tags] {
            let name = best.get(&fold_case(name)).unwrap_or(name);
            if !names.contains(&name) {
                names.push(name);
            }
        }
        // A card is shared; most stay as they are.
        if !names.iter().copied().eq(&post.terms[tags]) {
            let names = names.into_iter().cloned().collect();
            Arc::make_mut(post).terms[tags] = names;
        }
    }
}

/// Data of terms: a map by name, or a list of maps with `name`, of which the first of a name counts.
struct About<'v> {
    of: HashMap<&'v str, &'v Value>,
}

impl<'v> About<'v> {
    fn of(data: &'v Value) -> About<'v> {
        let named = |item: &'v Value| Some((item.get("name")?.as_str()?, item));
        let of = match data {
            Value::Mapping(map) => map.iter().filter_map(|(name, about)| Some((name.as_str()?, about))).collect(),
            // Of equal names the one that comes last is kept.
            Value::Sequence(list) => list.iter().rev().filter_map(named).collect(),
            _ => HashMap::new(),
        };
        About { of }
    }

    fn get(&self, name: &str) -> Option<&'v Value> {
        self.of.get(name).copied()
    }
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

#[cfg(test)]
mod tests;
