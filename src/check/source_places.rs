//! Where the files that pages are made from say what the pages lead to.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use rayon::prelude::*;

use super::page::{self, ReferenceKind, ReferenceMeaning};
use crate::article;
use crate::diagnostic::{LineIndex, Place};
use crate::edition::Edition;
use crate::front_matter::KNOWN_KEYS;
use crate::plan::RouteRole;
use crate::post::{self, Post};
use crate::route::{BaseUrl, Route, decode};
use crate::source::SourcePath;

/// What a page leads to: for what, and the address that it means.
pub(super) type Thing<'a> = (ReferenceKind, &'a str);

/// How pages write what they lead to, by their places in the plan.
pub(super) type WantedPlaces<'a> = BTreeMap<usize, BTreeMap<Thing<'a>, BTreeSet<&'a str>>>;

/// The places where files say so themselves, and not the templates around them.
#[derive(Default)]
pub(super) struct SourcePlaces<'a>(BTreeMap<(usize, Thing<'a>), Place>);

impl<'a> SourcePlaces<'a> {
    /// Looks into each file once, however many things are wanted of it.
    pub(super) fn find(edition: &Edition, wanted: &WantedPlaces<'a>) -> SourcePlaces<'a> {
        let places = wanted.par_iter().flat_map_iter(|(index, things)| {
            let places = in_file(edition, *index, things);
            places.into_iter().map(|(thing, place)| ((*index, thing), place))
        });
        SourcePlaces(places.collect())
    }

    pub(super) fn at(&self, index: usize, thing: Thing<'a>) -> Option<&Place> {
        self.0.get(&(index, thing))
    }
}

/// Returns the file in which a page of the site is written.
pub(super) fn source_of(edition: &Edition, index: usize) -> Option<SourcePath> {
    match edition.plan.routes[index].1 {
        RouteRole::Article(id) => Some(edition.site.posts[id].source.clone()),
        RouteRole::Standalone(id) => Some(edition.site.pages[id].source.clone()),
        RouteRole::File(index) => Some(edition.site.files[index].0.path.clone()),
        RouteRole::Asset(index) => Some(SourcePath::new(&edition.assets()[index].source)),
        _ => None,
    }
}

fn in_file<'a>(
    edition: &Edition,
    index: usize,
    things: &BTreeMap<Thing<'a>, BTreeSet<&'a str>>,
) -> Vec<(Thing<'a>, Place)> {
    let (route, role) = &edition.plan.routes[index];
    let Some(bytes) = source_of(edition, index).and_then(|path| edition.source().read(&path).ok())
    else {
        return Vec::new();
    };
    let text = String::from_utf8_lossy(&bytes);
    let post = match role {
        RouteRole::Article(id) => &edition.site.posts[*id],
        RouteRole::Standalone(id) => &edition.site.pages[*id],
        _ => {
            let found = things.iter().filter_map(|(thing, values)| {
                let range =
                    values.iter().find_map(|value| written(&text, value, &edition.config.base))?;
                Some((*thing, Place::of(&text, range)))
            });
            return found.collect();
        }
    };
    let mut places = references(edition, route, post, &bytes);
    let lines = LineIndex::new(&text);
    let head = post::open(&bytes, &KNOWN_KEYS).ok().and_then(|(_, split, _)| split.head);
    let head = &text[..head.map_or(0, |head| text.floor_char_boundary(head.range.end))];
    let found = things.iter().filter_map(|(thing, values)| {
        // A player that could not be shown is a link on the page.
        let kinds = [thing.0, ReferenceKind::Image, ReferenceKind::Link];
        let in_text = kinds.into_iter().find_map(|kind| places.remove(&(kind, thing.1.to_owned())));
        let range = in_text.or_else(|| {
            values.iter().find_map(|value| written(head, value, &edition.config.base))
        })?;
        Some((*thing, lines.place(range)))
    });
    found.collect()
}

/// Returns where the body of a post first says what it leads to.
fn references(
    edition: &Edition,
    route: &Route,
    post: &Post,
    bytes: &[u8],
) -> BTreeMap<(ReferenceKind, String), Range<usize>> {
    let mut places = BTreeMap::new();
    for reference in article::references(post, bytes, &edition.config, edition) {
        let href = article::SiteLinks::resolve(edition, post, &reference.address);
        let kind = if reference.is_shown { ReferenceKind::Image } else { ReferenceKind::Link };
        let thing =
            match page::meaning(edition, route, href.as_deref().unwrap_or(&reference.address)) {
                ReferenceMeaning::Outside(address) => (ReferenceKind::Outside, address),
                ReferenceMeaning::Missing(meant) => (kind, meant),
                ReferenceMeaning::Place { meant, .. } | ReferenceMeaning::OwnPlace(meant) => {
                    (ReferenceKind::Anchor, meant)
                }
                ReferenceMeaning::Nothing | ReferenceMeaning::Page => continue,
            };
        places.entry(thing).or_insert(reference.range);
    }
    places
}

/// Returns where a post shows its cover: what its front matter says, or its first picture.
pub(super) fn cover(edition: &Edition, post: &Post, cover: &str, meant: &str) -> Option<Place> {
    let bytes = edition.source().read(&post.source).ok()?;
    post::place_of_cover(&bytes, &edition.config, cover).or_else(|| {
        let (text, ..) = post::open(&bytes, &KNOWN_KEYS).ok()?;
        Some(Place::of(
            &text,
            references(edition, &post.route, post, &bytes)
                .remove(&(ReferenceKind::Image, meant.to_owned()))?,
        ))
    })
}

/// Returns where a text says what a page has as `value`: as it is, decoded, without what the
/// program put before it, or only the place on another page, whose address the program made.
pub(super) fn written(text: &str, value: &str, base: &BaseUrl) -> Option<Range<usize>> {
    let below_base = value.strip_prefix(base.path()).unwrap_or(value);
    let full = base.absolute_href(value);
    let fragment = value.find('#').map_or("", |at| &value[at..]);
    let spellings = [value, below_base, &full, below_base.trim_start_matches('/'), fragment];
    let mut spellings =
        spellings.iter().flat_map(|spelling| [(*spelling).to_owned(), decode(spelling)]);
    spellings.find_map(|spelling| place_of(text, &spelling).map(|at| at..at + spelling.len()))
}

/// Returns where an address stands in a text; not as a part of a longer one, if possible.
fn place_of(text: &str, address: &str) -> Option<usize> {
    let is_address =
        |c: char| c.is_alphanumeric() || matches!(c, '/' | '.' | '-' | '_' | '%' | '#');
    let stands_alone = |at: &usize| {
        !text[..*at].ends_with(is_address) && !text[at + address.len()..].starts_with(is_address)
    };
    let mut found = text.match_indices(address).map(|(at, _)| at);
    if address.is_empty() { None } else { found.find(stands_alone).or_else(|| text.find(address)) }
}
