//! The plan: every address of the site and what will stand there, before a byte is rendered.
//!
//! Collisions and redirects are known here. The plan knows no kind of page: those (`page`) add
//! theirs to a [`Planner`], and the plan keeps of each what others need to know, its [`RouteRole`].

mod covers;

use serde::{Deserialize, Serialize};

use crate::config::{Config, FeedKind};
use crate::diagnostic::Diagnostic;
use crate::post::Post;
use crate::route::{Claims, Route, UnsafeRoute, decode, split_path, without_dots};
use crate::site::{AddressPlaces, Owner, PostId, Site};
pub use covers::{missing_cover, missing_covers, not_there};

/// What the rest of the program knows of the page at a route.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RouteRole {
    /// The page of an article.
    Article(PostId),
    /// The page of a text that stands alone, or the first of a folder of posts: index into
    /// [`Site::pages`].
    Standalone(usize),
    /// A further page of the folder whose page this is.
    Section(usize),
    /// A file that is published as it is: index into [`Site::files`].
    File(usize),
    /// Of the theme: index into its assets.
    Asset(usize),
    /// Leads to another route.
    Redirect(Route),
    Feed(FeedKind),
    Sitemap,
    /// Anything else that is made of what other pages are made of.
    Other,
}

/// All routes, in the order of their addresses.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Plan {
    pub routes: Vec<(Route, RouteRole)>,
    /// Old address and new one.
    pub redirects: Vec<(Route, Route)>,
    /// Addresses for the sitemap: indices into `routes`.
    pub listed: Vec<usize>,
}

impl Plan {
    /// Returns the href of a site-absolute address written in a post, where the site lies under a
    /// sub-path and the address is one of its own: `/about/` becomes `/sub/about/`.
    pub fn local_href(&self, config: &Config, reference: &str) -> Option<String> {
        let base = decode(config.base.path());
        let (path, rest) = split_path(reference);
        if base.is_empty()
            || !path.starts_with('/')
            || path.starts_with("//")
            || decode(path).starts_with(&format!("{base}/"))
        {
            return None;
        }
        Some(format!("{}{rest}", config.base.href(&self.at(&decode(&without_dots(path)))?)))
    }

    /// Returns the href of the file beside a post that an address in it means.
    pub fn beside(
        &self,
        site: &Site,
        config: &Config,
        post: &Post,
        reference: &str,
    ) -> Option<String> {
        let route = site.file_beside(post, reference)?;
        let rest = split_path(reference).1;
        let base = &config.base;
        Some(if base.names_files() {
            format!("{}{rest}", base.file_href(route))
        } else {
            format!("{}{rest}", base.href(route))
        })
    }

    /// Returns where the cover of a post is, if that is another address than the one that the post
    /// says: a file beside it, or a path of a site that lies under a sub-path.
    pub fn cover(&self, site: &Site, config: &Config, post: &Post) -> Option<String> {
        let cover = post.cover.as_deref()?;
        self.beside(site, config, post, cover).or_else(|| self.local_href(config, cover))
    }

    /// Returns the route that a decoded path of the site means, with or without the slash at its
    /// end, or by its file.
    pub fn at(&self, path: &str) -> Option<Route> {
        let folder = path.trim_end_matches('/');
        let page = || match path.strip_suffix("/index.html") {
            Some(folder) => Route::parse(&format!("{folder}/")),
            None => Route::parse(path.strip_suffix(".html").unwrap_or(path)),
        };
        let there = |route: Result<Route, UnsafeRoute>| {
            route.ok().filter(|route| self.get(route).is_some())
        };
        there(Route::parse(path))
            .or_else(|| there(Route::exact(path)))
            .or_else(|| there(Route::parse(&format!("{folder}/"))))
            .or_else(|| there(page()))
            .or_else(|| there(Route::exact(&format!("{folder}/index.html"))))
            // A page of the keeper's own, which hosts show without its ending.
            .or_else(|| {
                if path.ends_with('/') {
                    None
                } else {
                    there(Route::exact(&format!("{path}.html")))
                }
            })
    }

    /// Returns what stands at a route.
    pub fn get(&self, route: &Route) -> Option<&RouteRole> {
        self.place(route).map(|at| &self.routes[at].1)
    }

    /// Returns where in the plan a route is.
    pub fn place(&self, route: &Route) -> Option<usize> {
        self.routes.binary_search_by(|(other, _)| other.cmp(route)).ok()
    }
}

/// A plan in the making, and the pages `P` that will stand there.
pub struct Planner<'a, P> {
    /// Who has which file.
    pub claims: Claims<Owner>,
    /// Where posts say their addresses.
    pub places: &'a AddressPlaces<'a>,
    /// Old address and new one.
    pub redirects: Vec<(Route, Route)>,
    pub diagnostics: Vec<Diagnostic>,
    planned: Vec<Planned<P>>,
}

/// Whether search engines are told of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Indexing {
    /// It stands in the sitemap.
    Listed,
    Unlisted,
}

impl Indexing {
    /// Returns the indexing of a page that is listed on a condition.
    pub fn listed_if(is_listed: bool) -> Indexing {
        if is_listed { Indexing::Listed } else { Indexing::Unlisted }
    }
}

struct Planned<P> {
    route: Route,
    role: RouteRole,
    page: P,
    indexing: Indexing,
}

impl<'a, P> Planner<'a, P> {
    /// Returns a planner without pages. `claims` are those of posts, pages and static files.
    pub fn new(claims: Claims<Owner>, places: &'a AddressPlaces<'a>) -> Planner<'a, P> {
        Planner {
            claims,
            places,
            redirects: Vec::new(),
            diagnostics: Vec::new(),
            planned: Vec::new(),
        }
    }

    /// Returns the routes that are planned so far.
    pub fn routes(&self) -> impl Iterator<Item = &Route> {
        self.planned.iter().map(|planned| &planned.route)
    }

    /// Returns the path of a route that is planned.
    pub fn path(&self, index: usize) -> &str {
        self.planned[index].route.path()
    }

    /// Returns how many addresses search engines are told of so far.
    pub fn listed(&self) -> usize {
        self.planned.iter().filter(|planned| planned.indexing == Indexing::Listed).count()
    }

    /// Adds a page whose file is claimed already.
    pub fn add(&mut self, route: Route, role: RouteRole, page: impl Into<P>, indexing: Indexing) {
        self.planned.push(Planned { route, role, page: page.into(), indexing });
    }

    /// Adds a page of the program's making, if its file is free. What the keeper made himself
    /// stands: his `robots.txt`, his home page.
    pub fn generated(
        &mut self,
        route: Route,
        role: RouteRole,
        page: impl Into<P>,
        indexing: Indexing,
    ) {
        let owner = match self.claims.claim(&route, Owner::Page(self.planned.len())) {
            Ok(()) => return self.add(route, role, page, indexing),
            Err(taken) => taken.owner,
        };
        match owner {
            // Only the very same file: `Index.html` is no home page where case counts.
            owner if self.is_made_by_keeper(&route) => {
                let message = say!("{} is made from {}", route.path(), owner.clone());
                self.diagnostics.push(owner.place(Diagnostic::note("page-replaced", message)));
            }
            Owner::Page(other) => {
                let message = say!(
                    "{} cannot be made: it stands where the page {} is",
                    route.path(),
                    self.planned[other].route.path()
                );
                let hint = say!("give one of the taxonomies or feeds another folder or name");
                self.diagnostics.push(Diagnostic::error("collision", message).hint(hint));
            }
            owner => {
                let message = say!(
                    "{} cannot be made: its address belongs to {}",
                    route.path(),
                    owner.clone()
                );
                let diagnostic = Diagnostic::error("collision", message)
                    .hint(say!("give that post another `slug` or `permalink`"));
                let place = match &owner {
                    Owner::Source(path) => self.places.place(path, None),
                    _ => None,
                };
                self.diagnostics.push(owner.place(Diagnostic { place, ..diagnostic }));
            }
        }
    }

    fn is_made_by_keeper(&self, route: &Route) -> bool {
        let file = route.file();
        let is_keepers =
            |role: &RouteRole| matches!(role, RouteRole::Standalone(_) | RouteRole::File(_));
        self.planned.iter().any(|planned| is_keepers(&planned.role) && planned.route.file() == file)
    }

    /// Adds the pages of a list of `posts`, each made by its number, from 1. `indexing` is that
    /// of the first; search engines are told of no other.
    pub fn paginated<Q: Into<P>>(
        &mut self,
        first: &Route,
        posts: usize,
        per_page: usize,
        indexing: Indexing,
        page: impl Fn(usize) -> Q,
    ) {
        for number in 1..=posts.div_ceil(per_page).max(1) {
            self.generated(
                page_of(first, number),
                RouteRole::Other,
                page(number),
                if number == 1 { indexing } else { Indexing::Unlisted },
            );
        }
    }

    /// Returns the plan, the pages in its order, and what was found.
    pub fn finish(self) -> (Plan, Vec<P>, Vec<Diagnostic>) {
        let Planner { mut planned, mut redirects, diagnostics, .. } = self;
        planned.sort_by(|a, b| a.route.cmp(&b.route));
        redirects.sort();
        let listed = planned
            .iter()
            .enumerate()
            .filter(|(_, planned)| planned.indexing == Indexing::Listed)
            .map(|(index, _)| index)
            .collect();
        let (routes, pages) = planned
            .into_iter()
            .map(|planned| ((planned.route, planned.role), planned.page))
            .unzip();
        (Plan { routes, redirects, listed }, pages, diagnostics)
    }
}

/// Returns the address of page `number` of a list that begins at `first`.
pub fn page_of(first: &Route, number: usize) -> Route {
    if number == 1 { first.clone() } else { first.below(&format!("page/{number}/")) }
}

/// Returns the address of the feed of a list that begins at `first`, if the site has feeds of this
/// kind.
pub fn feed_of(config: &Config, kind: FeedKind, first: &Route) -> Option<Route> {
    config.feeds.kinds.iter().find(|(other, _)| *other == kind).map(|(_, name)| first.below(name))
}
