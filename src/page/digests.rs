//! Digests of what pages show: cards, terms, addresses.

use std::sync::OnceLock;

use crate::config::Config;
use crate::digest::{Digest, Digester};
use crate::plan::{Plan, RouteRole};
use crate::post::Post;
use crate::site::{PostId, Site, Term};

/// Digests of what pages show, each taken when it is first asked for: where one post was edited, few
/// are.
#[derive(Debug)]
pub(super) struct Digests {
    posts: Vec<OnceLock<Digest>>,
    pages: Vec<OnceLock<Digest>>,
    /// Of every term of every taxonomy, as cards link to it.
    terms: Vec<Vec<OnceLock<Digest>>>,
    /// Of all addresses, where links depend on what is there.
    addresses: OnceLock<Digest>,
}

/// What digests are taken of.
#[derive(Clone, Copy)]
pub(super) struct Digested<'e> {
    pub(super) site: &'e Site,
    pub(super) config: &'e Config,
    pub(super) plan: &'e Plan,
    pub(super) digests: &'e Digests,
}

impl Digests {
    pub(super) fn new(site: &Site) -> Digests {
        let none = |count: usize| vec![OnceLock::new(); count];
        Digests {
            posts: none(site.posts.len()),
            pages: none(site.pages.len()),
            terms: site.layout.terms.iter().map(|terms| none(terms.len())).collect(),
            addresses: OnceLock::new(),
        }
    }
}

impl Digested<'_> {
    pub(super) fn post(self, id: PostId) -> Digest {
        *self.digests.posts[id].get_or_init(|| self.card(&self.site.posts[id]))
    }

    pub(super) fn page(self, id: usize) -> Digest {
        *self.digests.pages[id].get_or_init(|| self.card(&self.site.pages[id]))
    }

    /// Returns the digest of a term as a card links to it.
    pub(super) fn term(self, taxonomy: usize, term: usize) -> Digest {
        *self.digests.terms[taxonomy][term]
            .get_or_init(|| link(&self.site.layout.terms[taxonomy][term]))
    }

    pub(super) fn addresses(self) -> Digest {
        *self.digests.addresses.get_or_init(|| {
            let mut addresses = Digester::new();
            if self.config.base.names_files() {
                for (route, role) in &self.plan.routes {
                    let is_redirect = matches!(role, RouteRole::Redirect(_));
                    addresses.value(route).number(usize::from(is_redirect));
                }
            }
            addresses.finish()
        })
    }

    /// Returns the digest of a card with the links on it.
    fn card(self, post: &Post) -> Digest {
        let Digested { site, config, plan, .. } = self;
        let mut digester = Digester::new();
        digester.digest(post.card);
        for (index, names) in post.terms.iter().enumerate() {
            digester.number(names.len());
            for name in names {
                let term = site.term_id(index, name);
                digester.digest(term.map_or_else(|| Digest::of(name), |id| self.term(index, id)));
            }
        }
        digester.optional(plan.cover(site, config, post));
        digester.finish()
    }
}

/// Returns the digest of a term as a card links to it.
fn link(term: &Term) -> Digest {
    Digester::new().bytes(&term.name).bytes(term.route.path()).value(&term.about).finish()
}
