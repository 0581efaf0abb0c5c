//! Cards, links to terms and bodies, as inputs of pages: written down, each is its digest; shown,
//! each is a template value that is made when it is first shown.

use serde::{Serialize, Serializer};
use tera::Value;

use super::catalogue::{Catalogue, Material};
use crate::config::Config;
use crate::date;
use crate::digest::Digest;
use crate::post::Post;
use crate::route::Route;
use crate::site::{PostId, Term, host_of};
use crate::source::SourcePath;

/// The card of a post or of a page that stands alone, with the links on it.
#[derive(Clone, Copy)]
pub struct Card<'e> {
    /// All of it is in the card's digest, but for the body.
    pub post: &'e Post,
    place: CardPosition,
    of: Catalogue<'e>,
}

impl<'e> Catalogue<'e> {
    /// Returns the card of a post, as lists show it.
    pub fn card(self, id: PostId) -> Card<'e> {
        Card::of_post(self, id)
    }

    /// Returns the cards of posts.
    pub fn cards(self, ids: impl IntoIterator<Item = PostId>) -> Vec<Card<'e>> {
        ids.into_iter().map(|id| self.card(id)).collect()
    }

    /// Returns the card of a page that stands alone.
    pub fn page_card(self, id: usize) -> Card<'e> {
        Card::of_page(self, id)
    }

    /// Returns the body of a card's text.
    pub fn body(self, card: Card<'e>) -> CardBody<'e> {
        CardBody { post: card.post, theme: self.theme_digest() }
    }

    /// Returns a link to a term.
    pub fn linked_term(self, taxonomy: usize, term: usize) -> LinkedTerm<'e> {
        LinkedTerm { taxonomy, term, of: self }
    }
}

/// Where a card is in its list.
#[derive(Clone, Copy)]
enum CardPosition {
    Post(PostId),
    Page(usize),
}

impl Serialize for Card<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let digests = self.of.digests();
        let digest = match self.place {
            CardPosition::Post(id) => digests.post(id),
            CardPosition::Page(id) => digests.page(id),
        };
        digest.serialize(serializer)
    }
}

impl<'e> Card<'e> {
    fn of_post(of: Catalogue<'e>, id: PostId) -> Card<'e> {
        Card { post: &of.material.site.posts[id], place: CardPosition::Post(id), of }
    }

    fn of_page(of: Catalogue<'e>, id: usize) -> Card<'e> {
        Card { post: &of.material.site.pages[id], place: CardPosition::Page(id), of }
    }

    /// Returns the address, with the site's base path.
    pub fn href(&self) -> String {
        format!("{}{}", self.of.material.config.base.path(), self.post.href())
    }

    /// Returns the full address.
    pub fn url(&self) -> String {
        self.post.full_url(&self.of.material.config.base)
    }

    /// Returns the full address of the cover.
    pub fn cover(&self) -> Option<String> {
        let Material { site, config, .. } = self.of.material;
        let cover = self.post.cover.as_deref()?;
        let local = self.of.plan.cover(site, config, self.post);
        Some(config.base.resolve(&self.href(), local.as_deref().unwrap_or(cover)))
    }

    /// Links to its terms of one taxonomy.
    pub fn terms(&self, taxonomy: usize) -> impl Iterator<Item = LinkedTerm<'e>> {
        let of = self.of;
        let ids = self.post.terms[taxonomy]
            .iter()
            .filter_map(move |name| of.material.site.term_id(taxonomy, name));
        ids.map(move |id| of.linked_term(taxonomy, id))
    }

    /// Returns the card, as lists show it.
    pub fn value(&self) -> Value {
        let CardPosition::Post(id) = self.place else { return self.view() };
        self.of.values().card(id, || self.view())
    }

    fn view(&self) -> Value {
        let Material { config, .. } = self.of.material;
        let post = self.post;
        let linked = |taxonomy: usize| {
            Value::from(self.terms(taxonomy).map(|term| term.value()).collect::<Vec<Value>>())
        };
        let links: Vec<Value> = (0..config.taxonomies.len()).map(linked).collect();
        let of = |name: &str| {
            config
                .taxonomy(name)
                .map_or_else(|| Value::from(Vec::<Value>::new()), |index| links[index].clone())
        };
        let groups = links.iter().zip(&self.of.values().titles);
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
            groups: groups
                .map(|(terms, (name, title))| Group {
                    name: name.clone(),
                    title: title.clone(),
                    terms: terms.clone(),
                })
                .collect(),
            lang: post.lang.as_deref().unwrap_or(&config.language),
            cover: self.cover(),
            origin: post.origin.as_ref().map(|origin| {
                match host_of(origin).filter(|_| chinese_markdown::html::names_host(origin)) {
                    Some(host) => Origin { name: host.to_owned(), href: Some(origin.clone()) },
                    None => Origin { name: origin.clone(), href: None },
                }
            }),
            comments: post.comments,
            extra: Value::from_serializable(&post.extra),
        };
        Value::from_serializable(&view)
    }
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
        self.of.digests().term(self.taxonomy, self.term).serialize(serializer)
    }
}

impl<'e> LinkedTerm<'e> {
    fn term(&self) -> &'e Term {
        &self.of.material.site.layout.terms[self.taxonomy][self.term]
    }

    pub fn name(&self) -> &'e str {
        &self.term().name
    }

    pub fn route(&self) -> &'e Route {
        &self.term().route
    }

    /// Returns the link, as cards show it.
    pub fn value(&self) -> Value {
        let link =
            || Value::from_serializable(&TermLink::new(self.term(), self.of.material.config));
        self.of.values().link(self.taxonomy, self.term, link)
    }
}

/// The body of a text, which is read when it is shown.
#[derive(Clone, Copy)]
pub struct CardBody<'e> {
    post: &'e Post,
    /// Digest of the words that stand in bodies.
    theme: Digest,
}

impl Serialize for CardBody<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (self.post.content, self.theme).serialize(serializer)
    }
}

impl<'e> CardBody<'e> {
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
    fn new(term: &Term, config: &Config) -> TermLink {
        let about = term
            .about
            .as_ref()
            .and_then(|about| about.get("url"))
            .and_then(serde_yaml::Value::as_str);
        TermLink {
            name: term.name.clone(),
            href: config.base.href(&term.route),
            url: about.filter(|url| chinese_markdown::html::is_safe_link(url)).map(str::to_owned),
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
