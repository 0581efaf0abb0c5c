//! Fingerprints: for each route, the digest of all that stands there can show.
//!
//! A page whose fingerprint is the one in the ledger need not be rendered: it would be the same. What a page can show is what
//! its view says, as far as its template mentions it; so each arm here says of one kind of page what `view` says of it, in
//! digests of cards and terms instead of the cards themselves. What does not change without the configuration changing is
//! left out: a ledger of another configuration is none. `tests/it/edits.rs` compares with fresh builds.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use crate::config::{Config, FeedContent};
use crate::digest::{Digest, Digester};
use crate::ledger::RelatedLists;
use crate::plan::{Page, Plan, Scope};
use crate::post::{Kind, Post};
use crate::site::{Neighbours, PostId, Site, Term};
use crate::theme::{Mentions, Theme};
use crate::view;

/// The digests of one state of the site.
pub struct Fingerprints<'e> {
    site: &'e Site,
    config: &'e Config,
    theme: &'e Theme,
    related: &'e RelatedLists,
    /// Of the theme: what every page and every article can show.
    every_page: Digest,
    templates: BTreeMap<String, (Digest, Mentions)>,
    /// Of every article's and every page's card, with the links on it.
    posts: Vec<Digest>,
    pages: Vec<Digest>,
    /// Of every term of every taxonomy, as its own page shows it.
    terms: Vec<Vec<Digest>>,
    /// Of all addresses, where links depend on what is there.
    addresses: Digest,
    /// Of the sitemap.
    listed: Digest,
}

impl<'e> Fingerprints<'e> {
    /// Takes the digests of everything. `fields` are those of `site`, as templates see it.
    pub fn new(
        site: &'e Site,
        config: &'e Config,
        theme: &'e Theme,
        plan: &Plan,
        related: &'e RelatedLists,
        fields: &[(String, Digest)],
    ) -> Fingerprints<'e> {
        let links: Vec<Vec<Digest>> = site.terms.iter().map(|terms| terms.iter().map(link).collect()).collect();
        let card = |post: &Arc<Post>| card(post, site, config, plan, &links);
        let mut addresses = Digester::new();
        if config.base.names_files() {
            for (route, page) in &plan.routes {
                addresses.value(route).number(usize::from(matches!(page, Page::Redirect(_))));
            }
        }
        let every_page = theme.digest();
        let templates = theme.templates().map(|template| {
            let mentions = theme.mentions(&template);
            let mut digester = Digester::new();
            digester.digest(every_page).digest(mentions.texts);
            for (_, digest) in fields.iter().filter(|(field, _)| mentions.has_site(field)) {
                digester.digest(*digest);
            }
            (template, (digester.finish(), mentions))
        });
        Fingerprints {
            site,
            config,
            theme,
            related,
            every_page,
            templates: templates.collect(),
            posts: site.posts.par_iter().map(card).collect(),
            pages: site.pages.iter().map(card).collect(),
            terms: site.terms.iter().map(|terms| terms.iter().map(|term| shown(term, site)).collect()).collect(),
            addresses: addresses.finish(),
            listed: listed(site, plan),
        }
    }

    /// The fingerprint of what stands at a route; none for what is made anew each time, since that costs no more.
    pub fn of(&self, page: &Page) -> Option<Digest> {
        let mut all = Digester::new();
        all.digest(self.addresses);
        match page {
            Page::Post(id) => self.post(*id, &mut all),
            Page::Standalone(id) => {
                let post = &self.site.pages[*id];
                all.digest(self.pages[*id]).digest(post.content);
                if post.kind == Kind::Section {
                    self.list(
                        &self.theme.layout(post.layout.as_deref(), "list.html"),
                        self.site.sections[*id].iter().copied(),
                        1,
                        &mut all,
                    );
                } else {
                    self.template(&self.theme.layout(post.layout.as_deref(), "page.html"), &mut all);
                }
            }
            Page::Section(id, number) => {
                let page = &self.site.pages[*id];
                all.digest(self.pages[*id]);
                self.list(
                    &self.theme.layout(page.layout.as_deref(), "list.html"),
                    self.site.sections[*id].iter().copied(),
                    *number,
                    &mut all,
                );
            }
            Page::Home(number) => self.list("home.html", 0..self.site.listed, *number, &mut all),
            Page::Year(year, number) => self.list("list.html", self.site.years[*year].posts.clone(), *number, &mut all),
            Page::Month(year, month, number) => {
                self.list("list.html", self.site.years[*year].months[*month].1.clone(), *number, &mut all);
            }
            Page::Undated(number) => self.list("list.html", self.site.undated.clone(), *number, &mut all),
            Page::Term(taxonomy, id, number) => {
                let term = &self.site.terms[*taxonomy][*id];
                all.digest(self.terms[*taxonomy][*id]).number(self.site.terms[*taxonomy].len());
                if *number == 1 {
                    // The tags that its posts have most often.
                    self.cards(term.posts.iter().copied(), &mut all);
                }
                self.list("list.html", term.posts.iter().copied(), *number, &mut all);
            }
            Page::Archive => {
                self.template("archive.html", &mut all);
                for year in &self.site.years {
                    all.value(&year.year).number(year.posts.len());
                    for (month, posts) in &year.months {
                        all.value(month).number(posts.len());
                    }
                }
                all.number(self.site.undated.len());
                if self.site.listed <= view::ARCHIVE_MAX {
                    self.cards(0..self.site.listed, &mut all);
                }
            }
            Page::Terms(taxonomy) => {
                self.template("terms.html", &mut all);
                self.taxonomy(*taxonomy, &mut all);
            }
            Page::Search => {
                self.template("search.html", &mut all);
                (0..self.terms.len()).for_each(|taxonomy| self.taxonomy(taxonomy, &mut all));
            }
            Page::NotFound => {
                self.template("404.html", &mut all);
                self.cards(0..self.site.listed.min(view::NEWEST), &mut all);
            }
            Page::Redirect(to) => {
                self.template("redirect.html", &mut all);
                all.value(to);
            }
            Page::Feed(kind, scope) => {
                all.bytes(kind.word());
                self.feed(*scope, &mut all);
            }
            Page::Asset(index) => {
                all.bytes(&self.theme.assets[*index].bytes);
            }
            Page::File(index) => {
                let (entry, _) = &self.site.files[*index];
                all.bytes(entry.path.as_str()).value(&entry.stamp);
            }
            Page::Sitemap | Page::SitemapPart(_) => {
                all.digest(self.listed);
            }
            Page::Robots | Page::Redirects | Page::Headers => return None,
        }
        Some(all.finish())
    }

    fn post(&self, id: PostId, all: &mut Digester) {
        let post = &self.site.posts[id];
        let mentions = self.template(&self.theme.layout(post.layout.as_deref(), "post.html"), all);
        all.digest(self.posts[id]).digest(post.content);
        if mentions.has("neighbours") {
            self.neighbours(self.site.neighbours(id), all);
            let author = self.config.taxonomy("authors").and_then(|index| self.site.term(index, post.terms[index].first()?));
            all.optional(author.map(|author| author.route.path()));
            self.neighbours(author.map_or_else(Neighbours::default, |author| self.site.neighbours_in(author, id)), all);
            let origin = self.site.neighbours_by_origin(id);
            self.neighbours(origin.map_or_else(Neighbours::default, |(_, neighbours)| neighbours), all);
        }
        if mentions.has("related") {
            for related in self.related.lists.get(id).into_iter().flatten() {
                // Not its place, which changes for all when a post comes.
                all.digest(self.posts[related.post as usize]).value(&related.shared());
            }
        }
    }

    fn neighbours(&self, neighbours: Neighbours, all: &mut Digester) {
        for id in [neighbours.newer, neighbours.older] {
            all.digest(id.map_or_else(Digest::default, |id| self.posts[id]));
        }
    }

    /// One page of a list.
    fn list(&self, template: &str, posts: impl ExactSizeIterator<Item = PostId>, number: usize, all: &mut Digester) {
        self.template(template, all);
        let per_page = self.config.paginate;
        all.number(posts.len()).number(number);
        self.cards(posts.skip((number - 1) * per_page).take(per_page), all);
    }

    fn feed(&self, scope: Scope, all: &mut Digester) {
        let (posts, size): (&mut dyn Iterator<Item = PostId>, _) = match scope {
            Scope::Site => (&mut (0..self.site.listed), self.config.feeds.site),
            Scope::Term(taxonomy, term) => {
                let term = &self.site.terms[taxonomy][term];
                all.bytes(&term.name).bytes(term.route.path());
                (&mut term.posts.iter().copied(), self.config.feeds.terms)
            }
        };
        for id in posts.take(size.limit) {
            all.digest(self.posts[id]);
            if size.content == FeedContent::Full {
                all.digest(self.site.posts[id].content);
            }
        }
        if size.content == FeedContent::Full {
            all.digest(self.every_page);
        }
    }

    fn cards(&self, ids: impl Iterator<Item = PostId>, all: &mut Digester) {
        for id in ids {
            all.digest(self.posts[id]);
        }
    }

    fn taxonomy(&self, taxonomy: usize, all: &mut Digester) {
        all.number(self.terms[taxonomy].len());
        for term in &self.terms[taxonomy] {
            all.digest(*term);
        }
    }

    fn template(&self, name: &str, all: &mut Digester) -> &Mentions {
        let (digest, mentions) = &self.templates[name];
        all.bytes(name).digest(*digest);
        mentions
    }
}

/// The addresses of the sitemap, with the dates there.
fn listed(site: &Site, plan: &Plan) -> Digest {
    let mut digester = Digester::new();
    for index in &plan.listed {
        let (route, page) = &plan.routes[*index];
        digester.bytes(route.path());
        if let Page::Post(id) | Page::Standalone(id) = page {
            let post = if matches!(page, Page::Post(_)) { &site.posts[*id] } else { &site.pages[*id] };
            for date in [&post.date, &post.updated] {
                let parts = date.as_ref().map(|date| (date.timestamp().as_nanosecond(), date.offset().seconds()));
                digester.value(&parts);
            }
        }
    }
    digester.finish()
}

/// A term as a card links to it.
fn link(term: &Term) -> Digest {
    let mut digester = Digester::new();
    digester.bytes(&term.name).bytes(term.route.path()).bytes(format!("{:?}", term.about));
    digester.finish()
}

/// A term as its own page and the index show it.
fn shown(term: &Term, site: &Site) -> Digest {
    let years = || term.posts.iter().filter_map(|id| Some(site.posts[*id].date.as_ref()?.year()));
    let mut digester = Digester::new();
    digester.digest(link(term)).number(term.posts.len()).value(&(years().min(), years().max()));
    digester.finish()
}

/// A card with the links on it.
fn card(post: &Post, site: &Site, config: &Config, plan: &Plan, links: &[Vec<Digest>]) -> Digest {
    let mut digester = Digester::new();
    digester.digest(post.card);
    for (index, names) in post.terms.iter().enumerate() {
        digester.number(names.len());
        for name in names {
            digester.digest(site.term_id(index, name).map_or_else(|| Digest::of(name), |term| links[index][term]));
        }
    }
    digester.optional(plan.cover(site, config, post));
    digester.finish()
}
