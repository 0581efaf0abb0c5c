//! Digests of what pages show: cards, terms, addresses.

use rayon::prelude::*;

use crate::config::Config;
use crate::digest::{Digest, Digester};
use crate::plan::{Plan, RouteRole};
use crate::post::Post;
use crate::site::{Site, Term};

/// Digests of what pages show, taken when the first fingerprint is asked for.
#[derive(Debug)]
pub(super) struct Digests {
    pub(super) posts: Vec<Digest>,
    pub(super) pages: Vec<Digest>,
    /// Of every term of every taxonomy, as cards link to it.
    pub(super) terms: Vec<Vec<Digest>>,
    /// Of all addresses, where links depend on what is there.
    pub(super) addresses: Digest,
}

impl Digests {
    pub(super) fn new(site: &Site, config: &Config, plan: &Plan) -> Digests {
        let terms: Vec<Vec<Digest>> =
            site.layout.terms.iter().map(|terms| terms.par_iter().map(link).collect()).collect();
        let mut addresses = Digester::new();
        if config.base.names_files() {
            for (route, role) in &plan.routes {
                addresses.value(route).number(usize::from(matches!(role, RouteRole::Redirect(_))));
            }
        }
        Digests {
            posts: site
                .posts
                .par_iter()
                .map(|post| card(post, site, config, plan, &terms))
                .collect(),
            pages: site.pages.iter().map(|page| card(page, site, config, plan, &terms)).collect(),
            addresses: addresses.finish(),
            terms,
        }
    }
}

/// Returns the digest of a card with the links on it; `terms` are the digests of those.
fn card(post: &Post, site: &Site, config: &Config, plan: &Plan, terms: &[Vec<Digest>]) -> Digest {
    let mut digester = Digester::new();
    digester.digest(post.card);
    for (index, names) in post.terms.iter().enumerate() {
        digester.number(names.len());
        for name in names {
            digester.digest(
                site.term_id(index, name)
                    .map_or_else(|| Digest::of(name), |term| terms[index][term]),
            );
        }
    }
    digester.optional(plan.cover(site, config, post));
    digester.finish()
}

/// Returns the digest of a term as a card links to it.
fn link(term: &Term) -> Digest {
    Digester::new().bytes(&term.name).bytes(term.route.path()).value(&term.about).finish()
}
