//! Cards, links to terms and bodies, as inputs of pages: written down, each is its digest; shown, each is a template value that is
//! made when it is first shown, and shared from then on.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde::{Serialize, Serializer};
use tera::Value;

use super::catalogue::{Catalogue, Material};
use super::site::taxonomy_title;
use crate::config::Config;
use crate::date;
use crate::digest::{Digest, Digester};
use crate::post::Post;
use crate::route::Route;
use crate::site::{PostId, Term, host_of};
use crate::source::SourcePath;

/// Up to so many posts, every card is kept as a template value once it was shown.
const ALL_KEPT: usize = 20_000;
/// Above, so many are. Each takes 4 KB: all of 100,000 would be half of all memory, and making a card again for each page that
/// shows it takes a tenth of the time.
const SOME_KEPT: usize = 4_000;

/// Template values that many pages show. Measured on 10,000 posts: with every card holding its own links to terms the build took
/// 287 MB at its peak, with shared links 239 MB.
#[derive(Debug)]
pub(super) struct Cards {
    posts: Vec<OnceLock<Value>>,
    /// How many of them are kept.
    kept: AtomicUsize,
    /// For each taxonomy, the links to its terms, and the name and title that groups carry.
    terms: Vec<Vec<OnceLock<Value>>>,
    titles: Vec<(Value, Value)>,
}

impl Cards {
    pub(super) fn new(of: Material<'_>) -> Cards {
        let title = |taxonomy| taxonomy_title(taxonomy, of.theme).into();
        let empty = |count: usize| std::iter::repeat_with(OnceLock::new).take(count).collect();
        Cards {
            posts: empty(of.site.posts.len()),
            kept: AtomicUsize::new(0),
            terms: of.site.terms.iter().map(|terms| empty(terms.len())).collect(),
            titles: of.config.taxonomies.iter().map(|taxonomy| (taxonomy.name.as_str().into(), title(taxonomy))).collect(),
        }
    }
}

/// The card of a post or of a page that stands alone, with the links on it.
#[derive(Clone, Copy)]
pub struct Card<'e> {
    /// All of it is in the card's digest, but for the body.
    pub post: &'e Post,
    place: Place,
    of: Catalogue<'e>,
}

/// Where a card is in its list.
#[derive(Clone, Copy)]
enum Place {
    Post(PostId),
    Page(usize),
}

impl Serialize for Card<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let digests = self.of.digests();
        let digest = match self.place {
            Place::Post(id) => digests.posts[id],
            Place::Page(id) => digests.pages[id],
        };
        digest.serialize(serializer)
    }
}

impl<'e> Card<'e> {
    pub(super) fn of_post(of: Catalogue<'e>, id: PostId) -> Card<'e> {
        Card { post: &of.material.site.posts[id], place: Place::Post(id), of }
    }

    pub(super) fn of_page(of: Catalogue<'e>, id: usize) -> Card<'e> {
        Card { post: &of.material.site.pages[id], place: Place::Page(id), of }
    }

    /// The address, with the site's base path.
    pub fn href(&self) -> String {
        format!("{}{}", self.of.material.config.base.path(), self.post.href())
    }

    /// The full address.
    pub fn url(&self) -> String {
        self.post.full_url(&self.of.material.config.base)
    }

    /// The full address of the cover.
    pub fn cover(&self) -> Option<String> {
        let Material { site, config, .. } = self.of.material;
        let cover = self.post.cover.as_deref()?;
        let local = self.of.plan.cover(site, config, self.post);
        Some(config.base.resolve(&self.href(), local.as_deref().unwrap_or(cover)))
    }

    /// Links to its terms of one taxonomy.
    pub fn terms(&self, taxonomy: usize) -> impl Iterator<Item = LinkedTerm<'e>> {
        let of = self.of;
        let ids = self.post.terms[taxonomy].iter().filter_map(move |name| of.material.site.term_id(taxonomy, name));
        ids.map(move |id| of.linked_term(taxonomy, id))
    }

    /// The card, as lists show it.
    pub fn value(&self) -> Value {
        let Place::Post(id) = self.place else { return self.view() };
        let cards = self.of.cards;
        let slot = &cards.posts[id];
        if let Some(card) = slot.get() {
            return card.clone();
        }
        let card = self.view();
        let most = if cards.posts.len() <= ALL_KEPT { ALL_KEPT } else { SOME_KEPT };
        if cards.kept.load(Ordering::Relaxed) < most && slot.set(card.clone()).is_ok() {
            cards.kept.fetch_add(1, Ordering::Relaxed);
        }
        card
    }

    fn view(&self) -> Value {
        let Material { config, .. } = self.of.material;
        let post = self.post;
        let linked = |taxonomy: usize| Value::from(self.terms(taxonomy).map(|term| term.value()).collect::<Vec<Value>>());
        let links: Vec<Value> = (0..config.taxonomies.len()).map(linked).collect();
        let of = |name: &str| config.taxonomy(name).map_or_else(|| Value::from(Vec::<Value>::new()), |index| links[index].clone());
        let groups = links.iter().zip(&self.of.cards.titles);
        let view = CardView {
            title: &post.title,
            href: self.href(),
            url: self.url(),
            key: &post.key,
            date: post.date.as_ref().map(date::rfc3339),
            year: post.date.as_ref().map(jiff::ZonedDateTime::year),
            month: post.date.as_ref().map(jiff::ZonedDateTime::month),
            updated: post.updated.as_ref().map(date::rfc3339),
            summary: &post.summary,
            words: post.length.words,
            han: post.length.han,
            minutes: post.length.minutes(config.reading_speed),
            authors: of("authors"),
            tags: of("tags"),
            categories: of("categories"),
            groups: groups.map(|(terms, (name, title))| Group { name: name.clone(), title: title.clone(), terms: terms.clone() }).collect(),
            lang: post.lang.as_deref().unwrap_or(&config.language),
            cover: self.cover(),
            origin: post.origin.as_ref().map(|origin| match host_of(origin).filter(|_| crate::html::names_host(origin)) {
                Some(host) => Origin { name: host.to_owned(), href: Some(origin.clone()) },
                None => Origin { name: origin.clone(), href: None },
            }),
            comments: post.comments,
            extra: Value::from_serializable(&post.extra),
        };
        Value::from_serializable(&view)
    }
}

/// The digest of a card with the links on it; `terms` are the digests of those.
pub(super) fn card_digest(post: &Post, of: Catalogue<'_>, terms: &[Vec<Digest>]) -> Digest {
    let Material { site, config, .. } = of.material;
    let mut digester = Digester::new();
    digester.digest(post.card);
    for (index, names) in post.terms.iter().enumerate() {
        digester.number(names.len());
        for name in names {
            digester.digest(site.term_id(index, name).map_or_else(|| Digest::of(name), |term| terms[index][term]));
        }
    }
    digester.optional(of.plan.cover(site, config, post));
    digester.finish()
}

/// A link to a term.
#[derive(Clone, Copy)]
pub struct LinkedTerm<'e> {
    taxonomy: usize,
    term: usize,
    of: Catalogue<'e>,
}

impl Serialize for LinkedTerm<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.of.digests().terms[self.taxonomy][self.term].serialize(serializer)
    }
}

impl<'e> LinkedTerm<'e> {
    pub(super) fn new(of: Catalogue<'e>, taxonomy: usize, term: usize) -> LinkedTerm<'e> {
        LinkedTerm { taxonomy, term, of }
    }

    fn term(&self) -> &'e Term {
        &self.of.material.site.terms[self.taxonomy][self.term]
    }

    pub fn name(&self) -> &'e str {
        &self.term().name
    }

    pub fn route(&self) -> &'e Route {
        &self.term().route
    }

    /// The link, as cards show it.
    pub fn value(&self) -> Value {
        let link = || Value::from_serializable(&TermLink::of(self.term(), self.of.material.config));
        self.of.cards.terms[self.taxonomy][self.term].get_or_init(link).clone()
    }
}

/// The digest of a term as a card links to it.
pub(super) fn link_digest(term: &Term) -> Digest {
    Digester::new().bytes(&term.name).bytes(term.route.path()).value(&term.about).finish()
}

/// The body of a text, which is read when it is shown.
#[derive(Clone, Copy)]
pub struct Body<'e> {
    post: &'e Post,
    /// Digest of the words that stand in bodies.
    theme: Digest,
}

impl Serialize for Body<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (self.post.content, self.theme).serialize(serializer)
    }
}

impl<'e> Body<'e> {
    pub(super) fn new(post: &'e Post, theme: Digest) -> Body<'e> {
        Body { post, theme }
    }

    pub(super) fn post(&self) -> &'e Post {
        self.post
    }

    pub(super) fn source(&self) -> &'e SourcePath {
        &self.post.source
    }
}

/// A post as every list shows it.
#[derive(Debug, Serialize)]
struct CardView<'a> {
    title: &'a str,
    href: String,
    url: String,
    /// Short stable id.
    key: &'a str,
    /// RFC 3339, or none.
    date: Option<String>,
    year: Option<i16>,
    month: Option<i8>,
    updated: Option<String>,
    summary: &'a str,
    words: u32,
    han: u32,
    minutes: u32,
    authors: Value,
    tags: Value,
    categories: Value,
    /// Every taxonomy of the site, the keeper's own too.
    groups: Vec<Group>,
    lang: &'a str,
    cover: Option<String>,
    origin: Option<Origin>,
    comments: Option<bool>,
    extra: Value,
}

/// Where a text was first published: an address with its host, or whatever the keeper wrote.
#[derive(Debug, Serialize)]
struct Origin {
    name: String,
    href: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
struct TermLink {
    name: String,
    href: String,
    /// The person's own page, from data/authors.yaml.
    url: Option<String>,
}

impl TermLink {
    fn of(term: &Term, config: &Config) -> TermLink {
        let about = term.about.as_ref().and_then(|about| about.get("url")).and_then(serde_yaml::Value::as_str);
        TermLink {
            name: term.name.clone(),
            href: config.base.href(&term.route),
            url: about.filter(|url| crate::html::is_safe_link(url)).map(str::to_owned),
        }
    }
}

#[derive(Debug, Serialize)]
struct Group {
    name: Value,
    title: Value,
    /// A list of [`TermLink`].
    terms: Value,
}
