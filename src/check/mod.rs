//! What is wrong with a site as a whole: every page is rendered, and what they lead to, hold and
//! weigh is looked at.
//!
//! One [`Edition`], as a build publishes it; nothing is written. Only [`external`] speaks over a
//! network, and only when asked.
//!
//! `page` has one page's links and places, `search` the index of the search, `source_places` where
//! files say what pages lead to, `styles` the addresses in style sheets, `content` titles, sources,
//! tags and redirects; `feeds` are read as their readers do; `hosts` knows the limits of hosts.

mod content;
pub mod external;
mod feeds;
mod hosts;
#[cfg_attr(not(feature = "network"), path = "no_network.rs")]
mod other_sites;
mod page;
mod search;
mod source_places;
mod styles;

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use rayon::prelude::*;

use crate::diagnostic::{Diagnostic, Severity, contain};
use crate::edition::{Edition, merge_repeated};
use crate::plan::{self, RouteRole};
use crate::post::{self, Post};
use crate::route::decode;

pub use hosts::Fit;
pub use other_sites::check_external;
use page::{Facts, ReferenceKind};
use source_places::{SourcePlaces, Thing, WantedPlaces};

/// Files that are named for one thing that leads nowhere; the others are counted.
const NAMED: usize = 20;

/// What a check came to.
#[derive(Debug, Default)]
pub struct Checked {
    pub diagnostics: Vec<Diagnostic>,
    /// Files of the site, and their bytes.
    pub files: usize,
    pub bytes: u64,
    /// Links and images within the site that were followed.
    pub links: usize,
    /// Addresses of other sites and the pages that name them: places in the plan.
    pub external: BTreeMap<String, Vec<usize>>,
    /// How the site fits the hosts that are known.
    pub hosts: Vec<Fit>,
}

/// Looks at every page of the site.
pub fn check(edition: &Edition) -> io::Result<Checked> {
    let look = |at: usize| {
        contain(edition.plan.routes[at].0.path(), || page::look(edition, at))
            .unwrap_or_else(|defect| Ok(Facts::failed(*defect)))
    };
    let facts: Vec<Facts> =
        (0..edition.plan.routes.len()).into_par_iter().map(look).collect::<io::Result<_>>()?;
    let mut found: Vec<Diagnostic> =
        facts.iter().flat_map(|facts| facts.diagnostics.iter().cloned()).collect();
    merge_repeated(&mut found);
    let covers = covers(edition);
    found.extend(dead_ends(edition, &facts, &covers));
    found.extend(covers.into_values().flatten());
    found.extend(content::titles(edition));
    found.extend(content::sources(&edition.site));
    found.extend(content::own_sources(edition));
    found.extend(content::tags(edition));
    found.extend(content::redirects(edition)?);
    let search = search::look(edition)?;
    found.extend(search.diagnostics);
    let routes = edition.plan.routes.iter().map(|(route, _)| route.file());
    let mut files: Vec<(String, u64)> = routes.zip(facts.iter().map(|facts| facts.bytes)).collect();
    files.extend(search.files);
    let hosts = hosts::fits(edition, &files);
    found.extend(hosts.iter().flat_map(Fit::diagnostics));
    let mut external: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, facts) in facts.iter().enumerate() {
        for address in &facts.external {
            external.entry(address.clone()).or_default().push(index);
        }
    }
    Ok(Checked {
        diagnostics: found,
        files: files.len(),
        bytes: files.iter().map(|(_, bytes)| bytes).sum(),
        links: facts.iter().map(|facts| facts.links).sum(),
        external,
        hosts,
    })
}

/// Returns the findings for references that lead nowhere: one for each post that has it, or one for
/// all pages where it comes from a template or from `site.yaml`.
fn dead_ends(
    edition: &Edition,
    facts: &[Facts],
    covers: &BTreeMap<String, Vec<Diagnostic>>,
) -> Vec<Diagnostic> {
    let mut dead: BTreeMap<Thing<'_>, BTreeMap<usize, BTreeSet<&str>>> = BTreeMap::new();
    for (index, page) in facts.iter().enumerate() {
        let missing = page
            .anchors
            .iter()
            .filter(|(target, place, _)| facts[*target].places.binary_search(place).is_err());
        let missing = missing.map(|(_, _, reference)| (ReferenceKind::Anchor, reference));
        for (kind, reference) in
            page.dead.iter().map(|(kind, reference)| (*kind, reference)).chain(missing)
        {
            dead.entry((kind, &reference.meant))
                .or_default()
                .entry(index)
                .or_default()
                .insert(&reference.value);
        }
    }
    // Pages that list a post show its cover as well, and the post itself has been told of; a
    // picture may be a link to itself.
    let images: BTreeSet<String> = dead
        .keys()
        .filter(|(kind, _)| *kind == ReferenceKind::Image)
        .map(|(_, meant)| (*meant).to_owned())
        .collect();
    dead.retain(|(kind, meant), _| match kind {
        ReferenceKind::Image => !covers.contains_key(*meant),
        ReferenceKind::Link => !images.contains(*meant),
        ReferenceKind::Anchor | ReferenceKind::Outside => true,
    });
    let said = SourcePlaces::find(edition, &by_page(&dead));
    dead.iter().flat_map(|(thing, pages)| dead_end(edition, *thing, pages, &said)).collect()
}

/// Groups the ways in which pages write what they lead to by these pages.
fn by_page<'a>(
    things: &BTreeMap<Thing<'a>, BTreeMap<usize, BTreeSet<&'a str>>>,
) -> WantedPlaces<'a> {
    let mut wanted = WantedPlaces::new();
    for (thing, pages) in things {
        for (index, values) in pages {
            wanted.entry(*index).or_default().insert(*thing, values.clone());
        }
    }
    wanted
}

/// Covers that are not there, by the paths on the host that they mean. What a post itself names was
/// told when the site was laid out.
fn covers(edition: &Edition) -> BTreeMap<String, Vec<Diagnostic>> {
    let mut covers: BTreeMap<String, Vec<Diagnostic>> = BTreeMap::new();
    for post in edition.site.posts.iter().chain(&edition.site.pages) {
        let Some((cover, meant)) = post.cover.as_deref().zip(plan::missing_cover(
            &edition.plan,
            &edition.site,
            &edition.config,
            post,
        )) else {
            continue;
        };
        let place = source_places::cover(edition, post, cover, &meant);
        let found = Diagnostic {
            severity: severity(post.kind),
            place,
            ..says(ReferenceKind::Image, cover)
        }
        .in_file(post.source.as_str());
        covers
            .entry(meant)
            .or_default()
            .extend((!post.says_cover || found.place.is_none()).then_some(found));
    }
    covers
}

/// Returns how bad it is that something leads nowhere: posts are other people's texts, and one of
/// them keeps no site from being published; the pages are the keeper's own.
fn severity(kind: post::PostKind) -> Severity {
    match kind {
        post::PostKind::Article => Severity::Warning,
        post::PostKind::Page | post::PostKind::Section => Severity::Error,
    }
}

/// Returns whether an address is that of the index of a taxonomy: it is there as soon as a post has
/// one of its terms.
fn is_index_of_terms(edition: &Edition, address: &str) -> bool {
    let path = decode(address);
    edition
        .config
        .taxonomies
        .iter()
        .any(|taxonomy| decode(&edition.config.base.href(&taxonomy.folder)) == path)
}

/// Returns what is to be said of one thing that is not there, by the pages that lead to it and how
/// they write it.
fn dead_end<'a>(
    edition: &Edition,
    thing: Thing<'a>,
    pages: &BTreeMap<usize, BTreeSet<&'a str>>,
    said: &SourcePlaces<'a>,
) -> Vec<Diagnostic> {
    let spelt =
        |index: usize| pages.get(&index).and_then(BTreeSet::first).copied().unwrap_or_default();
    let in_files = in_files(edition, thing, pages.keys().copied(), said, |index| {
        let is_post = matches!(edition.plan.routes[index].1, RouteRole::Article(_));
        let found = says_of(edition, thing, spelt(index));
        Diagnostic { severity: if is_post { Severity::Warning } else { found.severity }, ..found }
    });
    let Some(first) = pages.keys().next().filter(|_| in_files.is_empty()) else { return in_files };
    let value = spelt(*first);
    let config = edition.config.text();
    if let Some(place) = source_places::written(config, value, &edition.config.base) {
        return vec![says_of(edition, thing, value).at(config, place).in_file("site.yaml")];
    }
    let first = edition.plan.routes[*first].0.path();
    // What stands on pages of some posts alone came from them, whatever it was before it was made
    // safe; what all have is the theme's.
    let is_post = |index: &usize| matches!(edition.plan.routes[*index].1, RouteRole::Article(_));
    let is_posts = thing.0 != ReferenceKind::Anchor
        && pages.len() < edition.site.posts.len()
        && pages.keys().all(is_post);
    let found = says_of(edition, thing, value);
    let found = if is_posts { Diagnostic { severity: Severity::Warning, ..found } } else { found };
    let message = match pages.len() {
        0 | 1 => say!("{}, on {}", found.message.clone(), first),
        2 => say!("{}, on {} and one more page", found.message.clone(), first),
        count => say!("{}, on {} and {} more pages", found.message.clone(), first, count - 1),
    };
    vec![Diagnostic { message, ..found }]
}

/// As [`says`], of one thing of this site.
fn says_of(edition: &Edition, thing: Thing<'_>, value: &str) -> Diagnostic {
    let found = says(thing.0, value);
    if thing.0 == ReferenceKind::Link
        && (is_index_of_terms(edition, thing.1) || is_index_of_terms(edition, value))
    {
        let hint = say!(
            "no post has a term of this kind yet: give a post one (`keywords: auto` finds tags), or remove the link"
        );
        return Diagnostic { severity: Severity::Warning, hint: Some(hint), ..found };
    }
    found
}

fn says(kind: ReferenceKind, value: &str) -> Diagnostic {
    let shown = decode(value);
    match kind {
        ReferenceKind::Link | ReferenceKind::Outside => {
            Diagnostic::error("link-dead", say!("`{}` leads to no page of the site", shown)).hint(
                say!("correct the link, or give its old address to a post as `redirect_from`"),
            )
        }
        ReferenceKind::Anchor => {
            Diagnostic::error("anchor-missing", say!("`{}` leads to no place on its page", shown))
                .hint(say!("name the `id` of a heading or paragraph that is there"))
        }
        ReferenceKind::Image => plan::not_there(value),
    }
}

/// What other sites answered.
#[derive(Debug, Default)]
pub struct CheckedLinks {
    pub diagnostics: Vec<Diagnostic>,
    /// How many addresses were asked for.
    pub asked: usize,
    /// How many are left for another time.
    pub left: usize,
}

/// Returns the finding at its place in every file that says so itself, by the pages made from them;
/// of many files the others are counted.
fn in_files<'a>(
    edition: &Edition,
    thing: Thing<'a>,
    pages: impl Iterator<Item = usize>,
    said: &SourcePlaces<'a>,
    says: impl Fn(usize) -> Diagnostic,
) -> Vec<Diagnostic> {
    let mut found: Vec<Diagnostic> = pages
        .filter_map(|index| {
            let place = said.at(index, thing)?.clone();
            let path = source_places::source_of(edition, index)?;
            Some(Diagnostic { place: Some(place), ..says(index) }.in_file(path.as_str()))
        })
        .collect();
    // A mistake of the keeper's is named before those of posts.
    found.sort_by_key(|found| found.severity);
    let others = found.len().saturating_sub(NAMED);
    found.truncate(NAMED);
    if let Some(last) = found.last().filter(|_| others > 0) {
        let message = match others {
            1 => say!("{}, in one more file", last.message.clone()),
            others => say!("{}, in {} more files", last.message.clone(), others),
        };
        found.push(Diagnostic { message, path: None, place: None, ..last.clone() });
    }
    found
}

/// Returns the finding at its place in the post, or at the post, where it says so in other words.
fn in_post_or_file(edition: &Edition, value: &str, post: &Post, found: Diagnostic) -> Diagnostic {
    let found = found.in_file(post.source.as_str());
    let Ok(bytes) = edition.source().read(&post.source) else { return found };
    let text = String::from_utf8_lossy(&bytes);
    match source_places::written(&text, value, &edition.config.base) {
        Some(place) => found.at(&text, place),
        None => found,
    }
}
