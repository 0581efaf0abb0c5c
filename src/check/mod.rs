//! What is wrong with a site as a whole: every page is rendered, and what they lead to, hold and weigh is looked at.
//!
//! One [`Edition`], as a build publishes it; nothing is written. Only [`external`] speaks over a network, and only when asked.

mod content;
pub mod external;
mod feeds;
mod hosts;
mod page;
mod styles;

use std::collections::BTreeMap;
use std::io;
use std::ops::Range;

use rayon::prelude::*;

use crate::diagnostic::{Diagnostic, Severity, contain};
use crate::edition::{Edition, merge_repeated};
use crate::plan::Page;
use crate::post::Post;
use crate::route::{BaseUrl, Route, decode, has_scheme, split_path};
use crate::source::SourcePath;
use crate::words::Message;

pub use hosts::Fit;
use page::{Facts, Kind};

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
    let look = |(route, page): &(Route, Page)| {
        contain(route.path(), || page::look(edition, route, page)).unwrap_or_else(|defect| Ok(Facts::failed(*defect)))
    };
    let facts: Vec<Facts> = edition.plan.routes.par_iter().map(look).collect::<io::Result<_>>()?;
    let mut found: Vec<Diagnostic> = facts.iter().flat_map(|facts| facts.diagnostics.iter().cloned()).collect();
    merge_repeated(&mut found);
    let covers = covers(edition);
    found.extend(dead_ends(edition, &facts, &covers));
    found.extend(covers.into_values().flatten());
    found.extend(content::titles(edition));
    found.extend(content::sources(&edition.site));
    found.extend(content::tags(edition));
    found.extend(content::redirects(edition)?);
    let hosts = hosts::fits(edition, &facts.iter().map(|facts| facts.bytes).collect::<Vec<u64>>());
    found.extend(hosts.iter().flat_map(Fit::diagnostics));
    let mut external: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, facts) in facts.iter().enumerate() {
        for address in &facts.external {
            external.entry(address.clone()).or_default().push(index);
        }
    }
    Ok(Checked {
        diagnostics: found,
        files: facts.len(),
        bytes: facts.iter().map(|facts| facts.bytes).sum(),
        links: facts.iter().map(|facts| facts.links).sum(),
        external,
        hosts,
    })
}

/// What leads nowhere: once for each post that says it; once for all pages where no post does, but a template or `site.yaml`.
fn dead_ends(edition: &Edition, facts: &[Facts], covers: &BTreeMap<String, Vec<Diagnostic>>) -> Vec<Diagnostic> {
    let mut dead: BTreeMap<(Kind, &str), BTreeMap<usize, Vec<&str>>> = BTreeMap::new();
    for (index, page) in facts.iter().enumerate() {
        let missing = page.anchors.iter().filter(|(target, place, _)| facts[*target].places.binary_search(place).is_err());
        let missing = missing.map(|(_, _, reference)| (Kind::Anchor, reference));
        for (kind, reference) in page.dead.iter().map(|(kind, reference)| (*kind, reference)).chain(missing) {
            dead.entry((kind, &reference.meant)).or_default().entry(index).or_default().push(&reference.value);
        }
    }
    // Pages that list a post show its cover as well, and the post itself has been told of; a picture may be a link to itself.
    let is_new = |kind: Kind, meant: &str| match kind {
        Kind::Image => !covers.contains_key(meant),
        Kind::Link => !dead.contains_key(&(Kind::Image, meant)),
        Kind::Anchor => true,
    };
    let news = dead.iter().filter(|((kind, meant), _)| is_new(*kind, meant));
    news.flat_map(|((kind, _), pages)| dead_end(edition, *kind, pages)).collect()
}

/// Covers that are not there, by the paths on the host that they mean.
fn covers(edition: &Edition) -> BTreeMap<String, Vec<Diagnostic>> {
    let base = &edition.config.base;
    let with_covers = edition.site.posts.iter().chain(&edition.site.pages).filter_map(|post| Some((post, post.cover.as_deref()?)));
    let missing = with_covers.filter_map(|(post, cover)| {
        let path = split_path(cover).0;
        if has_scheme(cover) || cover.starts_with("//") || path.is_empty() {
            return None;
        }
        // A post may leave out the site's own sub-path.
        let meant = page::full_path(base, &post.route, path);
        let is_there = |path: &str| edition.plan.at(path).is_some();
        if meant.strip_prefix(&decode(base.path())).is_some_and(is_there) || is_there(&meant) {
            return None;
        }
        Some((meant, in_post_or_file(edition, cover, post, says(Kind::Image, cover))))
    });
    let mut covers: BTreeMap<String, Vec<Diagnostic>> = BTreeMap::new();
    for (meant, found) in missing {
        covers.entry(meant).or_default().push(found);
    }
    covers
}

/// What is to be said of one thing that is not there, by the pages that lead to it and how they write it.
fn dead_end(edition: &Edition, kind: Kind, pages: &BTreeMap<usize, Vec<&str>>) -> Vec<Diagnostic> {
    let in_sources = in_sources(edition, pages.iter().map(|(index, values)| (*index, values.as_slice())), |value| says(kind, value));
    let Some((first, values)) = pages.first_key_value().filter(|_| in_sources.is_empty()) else { return in_sources };
    let value = values[0];
    let config = edition.config.text.as_str();
    if let Some(place) = written(config, value, &edition.config.base) {
        return vec![says(kind, value).at(config, place).in_file("site.yaml")];
    }
    let first = edition.plan.routes[*first].0.path();
    let found = says(kind, value);
    let message = match pages.len() {
        0 | 1 => say!("{}, on {}", found.message.clone(), first),
        2 => say!("{}, on {} and one more page", found.message.clone(), first),
        count => say!("{}, on {} and {} more pages", found.message.clone(), first, count - 1),
    };
    vec![Diagnostic { message, ..found }]
}

fn says(kind: Kind, value: &str) -> Diagnostic {
    let shown = decode(value);
    match kind {
        Kind::Link => Diagnostic::error("link-dead", say!("`{}` leads to no page of the site", shown))
            .hint(say!("correct the link, or give its old address to a post as `redirect_from`")),
        Kind::Anchor => Diagnostic::error("anchor-missing", say!("`{}` leads to no place on its page", shown))
            .hint(say!("name the `id` of a heading or paragraph that is there")),
        Kind::Image => Diagnostic::error("image-missing", say!("the file `{}` is not there", shown))
            .hint(say!("put it into static/, or correct its address")),
    }
}

/// What is to be said of an address of another site, in the files that name it.
pub fn named(edition: &Edition, address: &str, pages: &[usize], severity: Severity, message: &Message) -> Vec<Diagnostic> {
    let found = Diagnostic { severity, ..Diagnostic::warning("link-external", message.clone()) };
    let values = [address];
    let in_sources = in_sources(edition, pages.iter().map(|index| (*index, &values[..])), |_| found.clone());
    if !in_sources.is_empty() {
        return in_sources;
    }
    let page = pages.first().map_or("/", |index| edition.plan.routes[*index].0.path());
    vec![Diagnostic { message: say!("{}, on {}", found.message.clone(), page), ..found }]
}

/// The finding at its place in every file that says so itself, by the pages made from them and how they write it; of many files
/// the others are counted.
fn in_sources<'v>(
    edition: &Edition,
    pages: impl Iterator<Item = (usize, &'v [&'v str])>,
    says: impl Fn(&str) -> Diagnostic,
) -> Vec<Diagnostic> {
    let sources: Vec<_> = pages.filter_map(|(index, values)| Some((source_of(edition, index)?, values))).collect();
    let mut sources = sources.iter();
    let named = sources.by_ref().filter_map(|(path, values)| values.iter().find_map(|value| in_source(edition, value, path, says(value))));
    let mut named: Vec<Diagnostic> = named.take(NAMED).collect();
    let others = sources.len();
    if let Some(found) = named.last().filter(|_| others > 0) {
        let message = match others {
            1 => say!("{}, in one more file", found.message.clone()),
            others => say!("{}, in {} more files", found.message.clone(), others),
        };
        named.push(Diagnostic { message, path: None, place: None, ..found.clone() });
    }
    named
}

/// The finding at its place in the source, if the source says so itself.
fn in_source(edition: &Edition, value: &str, path: &SourcePath, found: Diagnostic) -> Option<Diagnostic> {
    let bytes = edition.source().read(path).ok()?;
    let text = String::from_utf8_lossy(&bytes);
    let place = written(&text, value, &edition.config.base)?;
    Some(found.at(&text, place).in_file(path.as_str()))
}

/// The finding at its place in the post, or at the post, where it says so in other words.
fn in_post_or_file(edition: &Edition, value: &str, post: &Post, found: Diagnostic) -> Diagnostic {
    in_source(edition, value, &post.source, found.clone()).unwrap_or_else(|| found.in_file(post.source.as_str()))
}

/// Where a text says what a page has as `value`: as it is, decoded, without what the program put before it, or only the place
/// on another page, whose address the program made.
fn written(text: &str, value: &str, base: &BaseUrl) -> Option<Range<usize>> {
    let below_base = value.strip_prefix(base.path()).unwrap_or(value);
    let full = base.absolute_href(value);
    let fragment = value.find('#').map_or("", |at| &value[at..]);
    let spellings = [value, below_base, &full, below_base.trim_start_matches('/'), fragment];
    let mut spellings = spellings.iter().flat_map(|spelling| [(*spelling).to_owned(), decode(spelling)]);
    spellings.find_map(|spelling| place_of(text, &spelling).map(|at| at..at + spelling.len()))
}

/// Where an address stands in a text; not as a part of a longer one, if possible.
fn place_of(text: &str, address: &str) -> Option<usize> {
    let is_address = |c: char| c.is_alphanumeric() || matches!(c, '/' | '.' | '-' | '_' | '%' | '#');
    let stands_alone = |at: &usize| !text[..*at].ends_with(is_address) && !text[at + address.len()..].starts_with(is_address);
    let mut found = text.match_indices(address).map(|(at, _)| at);
    if address.is_empty() { None } else { found.find(stands_alone).or_else(|| text.find(address)) }
}

/// The file in which a page of the site is written.
fn source_of(edition: &Edition, index: usize) -> Option<SourcePath> {
    match edition.plan.routes[index].1 {
        Page::Post(id) => Some(edition.site.posts[id].source.clone()),
        Page::Standalone(id) => Some(edition.site.pages[id].source.clone()),
        Page::File(index) => Some(edition.site.files[index].0.path.clone()),
        Page::Asset(index) => Some(SourcePath::new(&edition.assets()[index].source)),
        _ => None,
    }
}
