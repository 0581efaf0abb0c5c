//! The site: all cards in order, and what they have in common.
//!
//! [`Site::gather`] is the map (each file to a card, in parallel) and the reduce (order, terms,
//! years, neighbours). Knows no templates and renders nothing.

mod addresses;
mod beside;
mod cards;
mod files;
mod layout;
mod names;
mod related;
mod sections;
mod terms;

use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_yaml::Value;

use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::front_matter::HIDDEN_BELOW;
use crate::keywords::Cache;
use crate::ledger::LedgerWriter;
use crate::post::{Held, Post, PostKind};
use crate::route::{Claims, NameCase, Route};
use crate::source::{SourceFile, SourcePath};
use crate::words::{Argument, Message};

pub use addresses::{AddressPlaces, asked_for};
use cards::CardFindings;
pub use cards::CardReader;
use files::Sources;
pub use files::{is_post, is_text};
use layout::{Arranged, LayoutItems};
pub use layout::{Layout, Year};
pub use related::RelatedPosts;
pub use terms::{Term, spell_alike};

/// Most posts that pages are asked for one by one, whether they show them.
const ANEW_MAX: usize = 32;

/// Index of a post in [`Site::posts`].
pub type PostId = usize;

/// The posts before and after another, in time. Those without a date come before all others, the
/// first chapter first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Neighbours {
    pub newer: Option<PostId>,
    pub older: Option<PostId>,
}

/// A file that was found and is not published.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldBack {
    pub path: SourcePath,
    pub why: HoldReason,
}

/// Why a file is held back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum HoldReason {
    /// Its front matter says so.
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
    /// Returns the diagnostic with the path of the file that the owner is made from.
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
    /// Newest first by (date, path); posts without a date last, in natural order of their paths;
    /// and after them, in the same order, those that no list shows.
    pub posts: Vec<Arc<Post>>,
    /// Standalone pages by path, and after them the pages of folders.
    pub pages: Vec<Arc<Post>>,
    /// Files to be published as they are: where from, where to.
    pub files: Vec<(SourceFile, Route)>,
    /// `data/*.yaml`, by name.
    pub data: BTreeMap<String, Value>,
    /// Snippets for `{% include %}`.
    pub includes: BTreeMap<String, String>,
    pub held: Vec<HeldBack>,
    /// The keywords of posts without tags, for the next reading.
    pub keywords: Cache,
    /// What follows from addresses, dates and terms.
    pub layout: Arc<Layout>,
    /// The posts whose cards are not those of the last build, where they are few.
    pub anew: Option<Vec<PostId>>,
}

impl Site {
    /// Reads the cards, the data and the snippets of a site. All that was read is written into
    /// `next`. The layout of the edition `before`, made under the same configuration, is used again
    /// where it would be the same. The only error is a disk that cannot be read.
    pub fn gather(
        reader: &CardReader<'_>,
        next: &mut LedgerWriter<'_>,
        before: Option<&Arc<Layout>>,
    ) -> io::Result<(Site, Vec<Diagnostic>)> {
        let CardReader { source, config, past, .. } = *reader;
        let mut diagnostics = Vec::new();
        let Sources { posts, beside, pages, sections, files } =
            files::find(source, config, &mut diagnostics)?;
        let mut findings = CardFindings::default();
        let mut posts = reader.read(&posts, PostKind::Article, &mut findings, next)?;
        let mut pages = reader.read(&pages, PostKind::Page, &mut findings, next)?;
        pages.extend(reader.read(&sections, PostKind::Section, &mut findings, next)?);
        let CardFindings { keywords, anew, mut held, diagnostics: in_files } = findings;
        hold_below(&mut posts, &in_files, &mut held);
        diagnostics.extend(in_files);
        let data = files::data(source, &mut diagnostics)?;
        let includes = files::includes(source, &mut diagnostics)?;

        let arranged = Arranged {
            source,
            config,
            posts: &posts,
            pages: &pages,
            files: &files,
            beside: &beside,
            data: &data,
        };
        let digest = arranged.digest();
        let layout = before
            .filter(|before| before.is_of(digest))
            .cloned()
            .or_else(|| Layout::stored(digest, past).map(Arc::new))
            .unwrap_or_else(|| Arc::new(Layout::new(&arranged, digest)));
        diagnostics.extend(layout.diagnostics.iter().cloned());
        held.extend(layout.held.iter().cloned());
        held.sort_by(|a, b| a.path.cmp(&b.path));
        let LayoutItems { posts, pages, files } = layout.laid_out(&arranged);
        let anew = (anew.len() <= ANEW_MAX).then(|| {
            let is_anew = |(_, post): &(PostId, &Arc<Post>)| anew.contains(&post.source);
            posts.iter().enumerate().filter(is_anew).map(|(id, _)| id).collect()
        });
        let site = Site { posts, pages, files, data, includes, held, keywords, layout, anew };
        Ok((site, diagnostics))
    }

    /// Returns the owners of the files of posts, pages and static files, each of which has its own.
    pub fn claims(&self, case: NameCase) -> Claims<Owner> {
        let mut claims = Claims::new(case);
        let of_posts = self.posts.iter().chain(&self.pages).map(|post| (&post.route, &post.source));
        for (route, path) in
            of_posts.chain(self.files.iter().map(|(entry, route)| (route, &entry.path)))
        {
            // Whoever had none of its own was held back.
            let _ = claims.claim(route, Owner::Source(path.clone()));
        }
        claims
    }

    /// Returns the index of a term in its taxonomy, by its name.
    pub fn term_id(&self, taxonomy: usize, name: &str) -> Option<usize> {
        let terms = &self.layout.terms[taxonomy];
        terms.binary_search_by(|term| term.name.as_str().cmp(name)).ok()
    }

    /// Returns the term of a taxonomy by its name.
    pub fn term(&self, taxonomy: usize, name: &str) -> Option<&Term> {
        self.term_id(taxonomy, name).map(|id| &self.layout.terms[taxonomy][id])
    }

    /// Returns the posts that lists, feeds and terms are made of.
    pub fn listed(&self) -> &[Arc<Post>] {
        &self.posts[..self.layout.listed]
    }

    /// Returns the card of a source file.
    pub fn by_source(&self, path: &SourcePath) -> Option<&Post> {
        let (kind, id) = self.layout.by_source(path, &self.posts, &self.pages)?;
        Some(match kind {
            PostKind::Article => &*self.posts[id],
            PostKind::Page | PostKind::Section => &*self.pages[id],
        })
    }

    /// Returns the posts that a name without ending may mean, with its folders or without: the one
    /// that is meant first, then those that fit as well.
    pub fn named(&self, name: &str, config: &Config) -> Vec<&Post> {
        let names = self.layout.names(&self.posts, &config.posts);
        names.meant(name, &self.posts, &config.posts)
    }

    /// Returns the route of the file beside a post that an address in it means.
    pub fn file_beside(&self, post: &Post, address: &str) -> Option<&Route> {
        self.layout.beside.meant(post, address)
    }

    /// Returns the posts around a post.
    pub fn neighbours(&self, id: PostId) -> Neighbours {
        if id < self.layout.listed {
            neighbours_at(id, self.layout.undated.start, self.layout.listed)
        } else {
            Neighbours::default()
        }
    }

    /// Returns the posts around a post among those of its term.
    pub fn neighbours_in(&self, term: &Term, id: PostId) -> Neighbours {
        self.neighbours_among(&term.posts, id)
    }

    /// Returns the posts around a post among those first published on the same host, and the host.
    pub fn neighbours_by_origin(&self, id: PostId) -> Option<(&str, Neighbours)> {
        let host = self.posts[id].origin.as_deref().and_then(host_of)?;
        Some((host, self.neighbours_among(self.layout.origins.get(host)?, id)))
    }

    fn neighbours_among(&self, posts: &[PostId], id: PostId) -> Neighbours {
        let Ok(at) = posts.binary_search(&id) else { return Neighbours::default() };
        let dated = posts.partition_point(|id| self.posts[*id].date.is_some());
        let Neighbours { newer, older } = neighbours_at(at, dated, posts.len());
        Neighbours { newer: newer.map(|at| posts[at]), older: older.map(|at| posts[at]) }
    }
}

/// Holds back the posts of folders that may be hidden as a whole.
fn hold_below(posts: &mut Vec<Arc<Post>>, found: &[Diagnostic], held: &mut Vec<HeldBack>) {
    let folder_of = |path: &String| path.rsplit_once('/').map(|(folder, _)| folder.to_owned());
    let hiding = found
        .iter()
        .filter(|found| found.code == HIDDEN_BELOW)
        .filter_map(|found| found.path.as_ref());
    let folders: Vec<(String, &String)> =
        hiding.filter_map(|path| Some((folder_of(path)?, path))).collect();
    if folders.is_empty() {
        return;
    }
    posts.retain(|post| {
        let Some((_, by)) = folders.iter().find(|(folder, _)| post.source.below(folder).is_some())
        else {
            return true;
        };
        held.push(HeldBack {
            path: post.source.clone(),
            why: HoldReason::Held(Held::Hidden((*by).clone())),
        });
        false
    });
}

/// Returns the places before and after `at` in a list of `all` posts, of which the first `dated`
/// have dates. These stand from the newest to the oldest; the others stand the other way round,
/// since their first chapter is the oldest.
fn neighbours_at(at: usize, dated: usize, all: usize) -> Neighbours {
    let turned = |at: usize| if at < dated { at } else { dated + (all - 1 - at) };
    let rank = turned(at);
    Neighbours {
        newer: rank.checked_sub(1).map(turned),
        older: (rank + 1 < all).then(|| turned(rank + 1)),
    }
}

/// Returns the host of a full address, without `www.`.
pub fn host_of(address: &str) -> Option<&str> {
    let rest = address.split_once("://")?.1;
    // What stands before `@` is a name at the host, and may look like another host.
    let authority = rest.split(['/', '\\', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?.split(':').next()?;
    let host = host.strip_prefix("www.").unwrap_or(host);
    (!host.is_empty()).then_some(host)
}

#[cfg(test)]
mod tests;
