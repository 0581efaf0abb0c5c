//! The plan: every address of the site and what will stand there, before a byte is rendered.
//!
//! Collisions, redirects and the sitemap are known here. A new kind of page is one variant of [`Page`], its routes here, one
//! arm in `edition`, one view.

mod covers;

use std::cell::LazyCell;

use foldhash::HashMap;

use crate::config::{Config, FeedKind};
use crate::diagnostic::Diagnostic;
use crate::post::Post;
use crate::route::{Claims, Route, UnsafeRoute, decode, split_path, without_dots};
use crate::site::{AddressPlaces, Owner, PostId, Site, asked_for};
use crate::source::SourcePath;
use crate::theme::Asset;
use crate::words::Argument;
pub use covers::{missing_cover, missing_covers, not_there};

/// Addresses in one sitemap (sitemaps.org).
pub const SITEMAP_URLS: usize = 50_000;

/// Whose feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    Site,
    /// Taxonomy and term.
    Term(usize, usize),
}

/// What stands at a route. List pages carry their number, from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Page {
    Post(PostId),
    /// Index into [`Site::pages`]: a page that stands alone, or the first of a folder of posts.
    Standalone(usize),
    /// The further pages of the folder whose page this is, from 2.
    Section(usize, usize),
    Home(usize),
    Archive,
    /// Index of the year.
    Year(usize, usize),
    /// Indices of the year and of the month within it.
    Month(usize, usize, usize),
    Undated(usize),
    Terms(usize),
    /// The shell of the search.
    Search,
    Term(usize, usize, usize),
    Feed(FeedKind, Scope),
    Sitemap,
    /// One part of a large sitemap, from 1.
    SitemapPart(usize),
    Robots,
    NotFound,
    /// Leads to another route.
    Redirect(Route),
    /// The `_redirects` and `_headers` files that hosts read.
    Redirects,
    Headers,
    Asset(usize),
    /// Index into [`Site::files`].
    File(usize),
}

/// All routes, in the order of their addresses.
#[derive(Clone, Debug)]
pub struct Plan {
    pub routes: Vec<(Route, Page)>,
    /// Old address and new one.
    pub redirects: Vec<(Route, Route)>,
    /// Addresses for the sitemap: indices into `routes`.
    pub listed: Vec<usize>,
}

impl Plan {
    /// Lays out the site. `claims` are those of its posts, pages and files; `places` tells where these say so.
    pub fn lay_out(
        site: &Site,
        claims: Claims<Owner>,
        config: &Config,
        assets: &[Asset],
        places: &AddressPlaces<'_>,
    ) -> (Plan, Vec<Diagnostic>) {
        let mut layout = Layout { claims, places, routes: Vec::new(), diagnostics: Vec::new() };
        layout.routes.extend(site.posts.iter().enumerate().map(|(id, post)| (post.route.clone(), Page::Post(id))));
        layout.routes.extend(site.pages.iter().enumerate().map(|(id, page)| (page.route.clone(), Page::Standalone(id))));
        layout.routes.extend(site.files.iter().enumerate().map(|(id, (_, route))| (route.clone(), Page::File(id))));
        layout.lists(site, config);
        for (id, asset) in assets.iter().enumerate() {
            layout.generated(asset.route.clone(), Page::Asset(id));
        }
        let root = |name: &str| Route::root().below(name);
        layout.generated(root("404.html"), Page::NotFound);
        layout.generated(root("robots.txt"), Page::Robots);
        let redirects = layout.redirects(site, config);
        layout.generated(Route::exact("_headers").expect("a safe name"), Page::Headers);
        if redirects.iter().any(|(from, to)| config.base.redirect_rule(from, to).is_ok()) {
            layout.generated(Route::exact("_redirects").expect("a safe name"), Page::Redirects);
        }
        layout.generated(root("sitemap.xml"), Page::Sitemap);
        let addresses = layout.routes.iter().filter(|(_, page)| is_listed(page, site)).count();
        if addresses > SITEMAP_URLS {
            for part in 1..=addresses.div_ceil(SITEMAP_URLS) {
                layout.generated(root(&format!("sitemap-{part}.xml")), Page::SitemapPart(part));
            }
        }
        let Layout { mut routes, diagnostics, .. } = layout;
        routes.sort_by(|(a, _), (b, _)| a.cmp(b));
        let listed = routes.iter().enumerate().filter(|(_, (_, page))| is_listed(page, site)).map(|(index, _)| index).collect();
        (Plan { routes, redirects, listed }, diagnostics)
    }

    /// The href of a site-absolute address written in a post, where the site lies under a sub-path and the address is
    /// one of its own: `/about/` becomes `/sub/about/`.
    pub fn local_href(&self, config: &Config, reference: &str) -> Option<String> {
        let base = decode(config.base.path());
        let (path, rest) = split_path(reference);
        if base.is_empty() || !path.starts_with('/') || path.starts_with("//") || decode(path).starts_with(&format!("{base}/")) {
            return None;
        }
        Some(format!("{}{rest}", config.base.href(&self.at(&decode(&without_dots(path)))?)))
    }

    /// The href of the file beside a post that an address in it means.
    pub fn beside(&self, site: &Site, config: &Config, post: &Post, reference: &str) -> Option<String> {
        let route = site.file_beside(post, reference)?;
        let rest = split_path(reference).1;
        let base = &config.base;
        Some(if base.names_files() { format!("{}{rest}", base.file_href(route)) } else { format!("{}{rest}", base.href(route)) })
    }

    /// Where the cover of a post is, if that is another address than the one that the post says: a file beside it, or a path of a site
    /// that lies under a sub-path.
    pub fn cover(&self, site: &Site, config: &Config, post: &Post) -> Option<String> {
        let cover = post.cover.as_deref()?;
        self.beside(site, config, post, cover).or_else(|| self.local_href(config, cover))
    }

    /// The route that a decoded path of the site means, with or without the slash at its end, or by its file.
    pub fn at(&self, path: &str) -> Option<Route> {
        let folder = path.trim_end_matches('/');
        let page = || match path.strip_suffix("/index.html") {
            Some(folder) => Route::parse(&format!("{folder}/")),
            None => Route::parse(path.strip_suffix(".html").unwrap_or(path)),
        };
        let there = |route: Result<Route, UnsafeRoute>| route.ok().filter(|route| self.get(route).is_some());
        there(Route::parse(path))
            .or_else(|| there(Route::exact(path)))
            .or_else(|| there(Route::parse(&format!("{folder}/"))))
            .or_else(|| there(page()))
            .or_else(|| there(Route::exact(&format!("{folder}/index.html"))))
            // A page of the keeper's own, which hosts show without its ending.
            .or_else(|| if path.ends_with('/') { None } else { there(Route::exact(&format!("{path}.html"))) })
    }

    /// What stands at a route.
    pub fn get(&self, route: &Route) -> Option<&Page> {
        self.entry(route).map(|(_, page)| page)
    }

    /// A route and what stands there.
    pub fn entry(&self, route: &Route) -> Option<(&Route, &Page)> {
        self.routes.binary_search_by(|(other, _)| other.cmp(route)).ok().map(|index| &self.routes[index]).map(|(route, page)| (route, page))
    }
}

/// Whether search engines are told of a page: every article, standalone page and first page of a list.
fn is_listed(page: &Page, site: &Site) -> bool {
    match page {
        Page::Post(id) => site.posts[*id].in_sitemap && !site.posts[*id].noindex,
        Page::Standalone(id) => site.pages[*id].in_sitemap && !site.pages[*id].noindex && site.pages[*id].route.file() != "404.html",
        Page::Home(1) | Page::Archive | Page::Year(_, 1) | Page::Month(_, _, 1) | Page::Terms(_) | Page::Term(_, _, 1) => true,
        _ => false,
    }
}

/// The address of page `number` of a list that begins at `first`.
pub fn page_of(first: &Route, number: usize) -> Route {
    if number == 1 { first.clone() } else { first.below(&format!("page/{number}/")) }
}

/// The address of the archive.
pub fn archive_route() -> Route {
    Route::root().below("archive/")
}

/// The address of the search.
pub fn search_route() -> Route {
    Route::root().below("search/")
}

/// The address of a year.
pub fn year_route(year: i16) -> Route {
    archive_route().below(&format!("{year:04}/"))
}

/// The address of a month.
pub fn month_route(year: i16, month: i8) -> Route {
    year_route(year).below(&format!("{month:02}/"))
}

/// The address of the posts without a date.
pub fn undated_route() -> Route {
    archive_route().below("undated/")
}

/// The address of a feed.
pub fn feed_route(config: &Config, site: &Site, kind: FeedKind, scope: Scope) -> Option<Route> {
    let (_, name) = config.feeds.kinds.iter().find(|(other, _)| *other == kind)?;
    Some(match scope {
        Scope::Site => Route::root().below(name),
        Scope::Term(taxonomy, term) => site.terms[taxonomy][term].route.below(name),
    })
}

struct Layout<'a> {
    places: &'a AddressPlaces<'a>,
    claims: Claims<Owner>,
    routes: Vec<(Route, Page)>,
    diagnostics: Vec<Diagnostic>,
}

impl Layout<'_> {
    /// Adds a page of the program's making. What the keeper made himself stands: his `robots.txt`, his home page.
    fn generated(&mut self, route: Route, page: Page) {
        let owner = match self.claims.claim(&route, Owner::Page(self.routes.len())) {
            Ok(()) => return self.routes.push((route, page)),
            Err(taken) => taken.owner,
        };
        match owner {
            // Only the very same file: `Index.html` is no home page where case counts.
            owner if self.is_made_by_keeper(&route) => {
                let message = say!("{} is made from {}", route.path(), owner.clone());
                self.diagnostics.push(owner.place(Diagnostic::note("page-replaced", message)));
            }
            Owner::Page(other) => {
                let message = say!("{} cannot be made: it stands where the page {} is", route.path(), self.routes[other].0.path());
                let hint = say!("give one of the taxonomies or feeds another folder or name");
                self.diagnostics.push(Diagnostic::error("collision", message).hint(hint));
            }
            owner => {
                let message = say!("{} cannot be made: its address belongs to {}", route.path(), owner.clone());
                let diagnostic = Diagnostic::error("collision", message).hint(say!("give that post another `slug` or `permalink`"));
                let place = match &owner {
                    Owner::Source(path) => self.places.of(path, None),
                    _ => None,
                };
                self.diagnostics.push(owner.place(Diagnostic { place, ..diagnostic }));
            }
        }
    }

    fn is_made_by_keeper(&self, route: &Route) -> bool {
        let file = route.file();
        self.routes.iter().any(|(other, page)| matches!(page, Page::Standalone(_) | Page::File(_)) && other.file() == file)
    }

    fn paginated(&mut self, first: &Route, posts: usize, per_page: usize, page: impl Fn(usize) -> Page) {
        for number in 1..=posts.div_ceil(per_page).max(1) {
            self.generated(page_of(first, number), page(number));
        }
    }

    fn lists(&mut self, site: &Site, config: &Config) {
        let per_page = config.paginate;
        self.paginated(&Route::root(), site.listed, per_page, Page::Home);
        for (kind, _) in &config.feeds.kinds {
            if let Some(route) = feed_route(config, site, *kind, Scope::Site) {
                self.generated(route, Page::Feed(*kind, Scope::Site));
            }
        }
        for (id, posts) in site.sections.iter().enumerate() {
            for number in 2..=posts.len().div_ceil(per_page) {
                self.generated(page_of(&site.pages[id].route, number), Page::Section(id, number));
            }
        }
        self.generated(archive_route(), Page::Archive);
        self.generated(search_route(), Page::Search);
        for (index, year) in site.years.iter().enumerate() {
            self.paginated(&year_route(year.year), year.posts.len(), per_page, |number| Page::Year(index, number));
            for (at, (month, posts)) in year.months.iter().enumerate() {
                self.paginated(&month_route(year.year, *month), posts.len(), per_page, |number| Page::Month(index, at, number));
            }
        }
        if !site.undated.is_empty() {
            self.paginated(&undated_route(), site.undated.len(), per_page, Page::Undated);
        }
        for (index, taxonomy) in config.taxonomies.iter().enumerate() {
            if site.terms[index].is_empty() {
                continue;
            }
            self.generated(taxonomy.folder.clone(), Page::Terms(index));
            for (id, term) in site.terms[index].iter().enumerate() {
                self.paginated(&term.route, term.posts.len(), per_page, |number| Page::Term(index, id, number));
                for kind in &taxonomy.feeds {
                    if let Some(route) = feed_route(config, site, *kind, Scope::Term(index, id)) {
                        self.generated(route, Page::Feed(*kind, Scope::Term(index, id)));
                    }
                }
            }
        }
    }

    /// Old addresses of posts and pages. One that is in use already is reported, unless it is the post's own.
    fn redirects(&mut self, site: &Site, config: &Config) -> Vec<(Route, Route)> {
        let asked_for = asked_for(config);
        let mut redirects = Vec::new();
        // Hosts follow a redirect before they look for a file, and `/LICENSE` is the address of `LICENSE`, not of `LICENSE.html`.
        let files: LazyCell<HashMap<&str, &SourcePath>, _> =
            LazyCell::new(|| site.files.iter().map(|(entry, route)| (route.path(), &entry.path)).collect());
        let made: LazyCell<HashMap<String, usize>, _> = {
            let routes: Vec<String> = self.routes.iter().map(|(route, _)| route.path().to_owned()).collect();
            LazyCell::new(|| {
                routes.into_iter().enumerate().map(|(index, path)| (path, index)).filter(|(path, _)| !path.ends_with('/')).collect()
            })
        };
        for post in site.posts.iter().chain(&site.pages) {
            for alias in &post.aliases {
                if alias.file() == post.route.file() {
                    continue;
                }
                if !config.tells_case && alias.collision_key() == post.route.collision_key() {
                    // One file on some disks, so there can be no page; hosts that read `_redirects` still lead on.
                    redirects.push((alias.clone(), post.route.clone()));
                    continue;
                }
                let at_alias = |found: Diagnostic| {
                    Diagnostic { place: self.places.of(&post.source, Some(alias)), ..found }.in_file(post.source.as_str())
                };
                // `/CNAME` may be asked for as well, though its page were `CNAME.html`.
                let is_asked_for = || Route::exact(alias.path()).ok().and_then(|exact| asked_for.owner(&exact).cloned());
                if let Some(name) = asked_for.owner(alias).cloned().or_else(is_asked_for) {
                    let message = say!("the old address {} was left out: hosts, robots or readers ask for {}", alias.path(), name);
                    let found = at_alias(Diagnostic::error("collision", message).hint(say!("remove it from the post")));
                    self.diagnostics.push(found);
                    continue;
                }
                let owner = files.get(alias.path()).map(|path| Owner::Source((*path).clone()));
                let owner = owner.or_else(|| made.get(alias.path()).map(|index| Owner::Page(*index)));
                let claimed =
                    owner.map_or_else(|| self.claims.claim(alias, Owner::Redirect(post.source.clone())).map_err(|taken| taken.owner), Err);
                match claimed {
                    Ok(()) => {
                        self.routes.push((alias.clone(), Page::Redirect(post.route.clone())));
                        redirects.push((alias.clone(), post.route.clone()));
                    }
                    Err(owner) => {
                        let owner: Argument = match owner {
                            Owner::Page(page) => say!("the page {}", self.routes[page].0.path()).into(),
                            owner => self.places.named(owner, Some(alias)),
                        };
                        let message = say!("the old address {} was left out: it belongs to {}", alias.path(), owner);
                        let found = at_alias(Diagnostic::error("collision", message).hint(say!("remove it from one of them")));
                        self.diagnostics.push(found);
                    }
                }
            }
        }
        redirects.sort();
        redirects
    }
}
