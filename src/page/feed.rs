//! A feed, of the site or of a term.

use std::io;

use serde::{Deserialize, Serialize};

use super::card::{Card, CardBody};
use super::catalogue::{Catalogue, Material};
use super::kind::{Made, PageKind};
use super::renderer::Renderer;
use crate::config::{FeedContent, FeedKind, FeedSize};
use crate::diagnostic::Diagnostic;
use crate::feed::{self, FeedEntry, entry_id};
use crate::plan::{Indexing, Planner, RouteRole, feed_of};
use crate::post::Post;
use crate::route::Route;
use crate::site::PostId;

/// Most tags that an entry names: every feed of every tag of the post would name them all.
const CATEGORIES: usize = 20;

/// What an entry may come to: so many times its source, and so many bytes besides; three feeds
/// together as much again as a page and a half (`markdown::html_writer`).
const TIMES: usize = 10;
const BESIDES: usize = 150_000;

/// The file of one feed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FeedPage {
    kind: FeedKind,
    scope: FeedScope,
}

/// Whose feed.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
enum FeedScope {
    Site,
    /// Taxonomy and term.
    Term(usize, usize),
}

/// What a feed shows.
#[derive(Serialize)]
pub struct FeedInputs<'e> {
    kind: FeedKind,
    /// The term's name.
    term: Option<&'e str>,
    /// Where the list begins that this is the feed of.
    home: Route,
    entries: Vec<(Card<'e>, Option<CardBody<'e>>)>,
}

impl FeedScope {
    /// Returns the posts of the feeds, as many as they show; where their list begins; the term's
    /// name; and how large they may be.
    fn found(self, of: Material<'_>) -> (Vec<PostId>, Route, Option<&str>, FeedSize) {
        let feeds = &of.config.feeds;
        match self {
            FeedScope::Site => (
                (0..of.site.layout.listed.min(feeds.site.limit)).collect(),
                Route::root(),
                None,
                feeds.site,
            ),
            FeedScope::Term(taxonomy, term) => {
                let term = &of.site.layout.terms[taxonomy][term];
                let posts = term.posts.iter().copied().take(feeds.terms.limit).collect();
                (posts, term.route.clone(), Some(&term.name), feeds.terms)
            }
        }
    }
}

impl PageKind for FeedPage {
    type Inputs<'e> = FeedInputs<'e>;

    fn plan<P: From<Self>>(of: Material<'_>, planner: &mut Planner<'_, P>) {
        let mut add = |kind: FeedKind, scope: FeedScope, first: &Route| {
            if let Some(route) = feed_of(of.config, kind, first) {
                planner.generated(
                    route,
                    RouteRole::Feed(kind),
                    FeedPage { kind, scope },
                    Indexing::Unlisted,
                );
            }
        };
        for (kind, _) in &of.config.feeds.kinds {
            add(*kind, FeedScope::Site, &Route::root());
        }
        for (index, taxonomy) in of.config.taxonomies.iter().enumerate() {
            for (id, term) in of.site.layout.terms[index].iter().enumerate() {
                taxonomy
                    .feeds
                    .iter()
                    .for_each(|kind| add(*kind, FeedScope::Term(index, id), &term.route));
            }
        }
    }

    fn inputs<'e>(&self, of: Catalogue<'e>) -> FeedInputs<'e> {
        let (posts, home, term, size) = self.scope.found(of.material);
        let body = |card: Card<'e>| (size.content == FeedContent::Full).then(|| of.body(card));
        let entries = of.cards(posts).into_iter().map(|card| (card, body(card))).collect();
        FeedInputs { kind: self.kind, term, home, entries }
    }

    fn shows_none_of(&self, posts: &[PostId], of: Catalogue<'_>) -> bool {
        match self.scope {
            FeedScope::Site => {
                !posts.iter().any(|post| *post < of.material.config.feeds.site.limit)
            }
            FeedScope::Term(taxonomy, term) => {
                of.material.site.layout.terms[taxonomy][term].has_none_of(posts)
            }
        }
    }

    fn make<'e>(of: FeedInputs<'e>, renderer: &mut Renderer<'e>) -> io::Result<Made<'e>> {
        let config = renderer.config;
        let title = match of.term {
            None => config.title.clone(),
            Some(name) if config.title.is_empty() => name.to_owned(),
            Some(name) => format!("{name} · {}", config.title),
        };
        let address = feed_of(config, of.kind, &of.home).unwrap_or_else(Route::root);
        let of_nobody =
            || if config.title.is_empty() { "sitegen".to_owned() } else { config.title.clone() };
        let entries = of
            .entries
            .iter()
            .map(|(card, body)| entry(card, body.as_ref(), renderer))
            .collect::<io::Result<Vec<FeedEntry>>>()?;
        let feed = feed::Feed {
            description: if config.description.is_empty() {
                title.clone()
            } else {
                config.description.clone()
            },
            language: config.language.clone(),
            id: config.base.absolute_href(&config.base.href(&of.home)),
            home: config.base.absolute(&of.home),
            address: config.base.absolute(&address),
            author: config.author.clone().unwrap_or_else(of_nobody),
            title,
            entries,
        };
        Ok(Made::text(match of.kind {
            FeedKind::Rss => feed.rss(),
            FeedKind::Atom => feed.atom(),
            FeedKind::Json => feed.json(),
        }))
    }

    fn bodies<'e>(&self, of: Material<'e>) -> Vec<&'e Post> {
        let (posts, _, _, size) = self.scope.found(of);
        if size.content == FeedContent::Full {
            posts.into_iter().map(|id| &*of.site.posts[id]).collect()
        } else {
            Vec::new()
        }
    }

    fn weight(&self, _: Material<'_>) -> u64 {
        if matches!(self.scope, FeedScope::Site) { 1_000_000 } else { 1_000 }
    }
}

fn entry(
    card: &Card<'_>,
    body: Option<&CardBody<'_>>,
    renderer: &mut Renderer<'_>,
) -> io::Result<FeedEntry> {
    let (post, config) = (card.post, renderer.config);
    // An id is no address: it stays when the style of addresses changes.
    let id = entry_id(post, &config.base.absolute_href(&card.href()), config);
    let terms =
        |name: &str| config.taxonomy(name).map_or_else(Vec::new, |index| post.terms[index].clone());
    Ok(FeedEntry {
        id,
        url: card.url(),
        title: post.title.clone(),
        date: post.date.clone(),
        updated: post.updated.clone(),
        authors: terms("authors"),
        tags: terms("tags").into_iter().take(CATEGORIES).collect(),
        summary: post.summary.clone(),
        html: match body {
            Some(body) => content(body, renderer)?,
            None => None,
        },
        language: post.lang.clone(),
    })
}

/// Returns the text of an entry; none where it would be far longer than what it is made from.
fn content(body: &CardBody<'_>, renderer: &mut Renderer<'_>) -> io::Result<Option<String>> {
    let (html, bytes) = renderer.entry(body)?;
    if html.len() <= bytes * TIMES + BESIDES {
        return Ok(Some(html));
    }
    let message = say!(
        "{} bytes of text would make {} in a feed, which has the summary alone",
        bytes,
        html.len()
    );
    let hint = say!("see what its page repeats: a great many marks of one note, or empty cells");
    renderer
        .diagnostics
        .push(Diagnostic::warning("feed-size", message).hint(hint).in_file(body.source().as_str()));
    Ok(None)
}
