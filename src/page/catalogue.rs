//! What pages select from: the site, and its cards and terms as pages show them.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use rayon::prelude::*;

use super::card::{self, Body, Card, Cards, LinkedTerm};
use crate::config::Config;
use crate::digest::{Digest, Digester};
use crate::plan::{Plan, Role};
use crate::related::Related;
use crate::site::{PostId, RelatedPosts, Site};
use crate::theme::{Mentions, Theme};

/// What a site is made of before it is laid out.
#[derive(Clone, Copy)]
pub struct Material<'e> {
    pub site: &'e Site,
    pub config: &'e Config,
    pub theme: &'e Theme,
}

/// The site, laid out. Pages select their inputs from it.
#[derive(Clone, Copy)]
pub struct Catalogue<'e> {
    pub material: Material<'e>,
    pub plan: &'e Plan,
    pub(super) cards: &'e Cards,
    related: &'e RelatedPosts,
    templates: &'e Templates,
    digests: &'e OnceLock<Digests>,
}

/// Digests of what pages show, taken when the first fingerprint is asked for.
#[derive(Debug)]
pub(super) struct Digests {
    pub(super) posts: Vec<Digest>,
    pub(super) pages: Vec<Digest>,
    /// Of every term of every taxonomy, as cards link to it.
    pub(super) terms: Vec<Vec<Digest>>,
    /// Of all addresses, where links depend on what is there.
    addresses: Digest,
}

/// What one template can show.
#[derive(Debug)]
pub struct Template {
    pub mentions: Mentions,
    /// Digest of its texts, and of what it shows of the theme and of `site`.
    pub digest: Digest,
}

/// The templates that pages are made by.
#[derive(Debug)]
pub struct Templates {
    by_name: BTreeMap<String, Template>,
    /// Of the theme: what every page and every body can show.
    theme: Digest,
}

impl Templates {
    /// Reads what templates mention. `fields` are the digests of the fields of `site`, as templates see it.
    pub fn new(theme: &Theme, fields: &[(String, Digest)]) -> Templates {
        let of_theme = theme.digest();
        let by_name = theme.templates().map(|name| {
            let mentions = theme.mentions(&name);
            let mut digester = Digester::new();
            digester.digest(of_theme).digest(mentions.texts);
            for (_, digest) in fields.iter().filter(|(field, _)| mentions.has_site(field)) {
                digester.digest(*digest);
            }
            (name, Template { mentions, digest: digester.finish() })
        });
        Templates { by_name: by_name.collect(), theme: of_theme }
    }

    /// Whether any template may show a variable.
    pub fn mention(&self, variable: &str) -> bool {
        self.by_name.values().any(|template| template.mentions.has(variable))
    }
}

/// What is kept of a catalogue while it is in use.
#[derive(Debug)]
pub struct Kept {
    cards: Cards,
    templates: Templates,
    digests: OnceLock<Digests>,
}

impl Kept {
    pub fn new(of: Material<'_>, templates: Templates) -> Kept {
        Kept { cards: Cards::new(of), templates, digests: OnceLock::new() }
    }

    /// The catalogue of the site that this was made for.
    pub fn catalogue<'e>(&'e self, material: Material<'e>, plan: &'e Plan, related: &'e RelatedPosts) -> Catalogue<'e> {
        Catalogue { material, plan, related, cards: &self.cards, templates: &self.templates, digests: &self.digests }
    }
}

impl<'e> Catalogue<'e> {
    /// The card of a post, as lists show it.
    pub fn card(self, id: PostId) -> Card<'e> {
        Card::of_post(self, id)
    }

    /// The cards of posts.
    pub fn cards(self, ids: impl IntoIterator<Item = PostId>) -> Vec<Card<'e>> {
        ids.into_iter().map(|id| self.card(id)).collect()
    }

    /// The card of a page that stands alone.
    pub fn page_card(self, id: usize) -> Card<'e> {
        Card::of_page(self, id)
    }

    /// The body of a card's text.
    pub fn body(self, card: Card<'e>) -> Body<'e> {
        Body::new(card.post, self.templates.theme)
    }

    /// A link to a term.
    pub fn linked_term(self, taxonomy: usize, term: usize) -> LinkedTerm<'e> {
        LinkedTerm::new(self, taxonomy, term)
    }

    /// The posts that are related to another.
    pub fn related(self, id: PostId) -> Vec<Related> {
        self.related.of(id, self.material.site).into_owned()
    }

    /// What a template can show.
    pub fn template(self, name: &str) -> &'e Template {
        &self.templates.by_name[name]
    }

    /// Digest of all addresses, where links depend on what is there.
    pub fn addresses(self) -> Digest {
        self.digests().addresses
    }

    pub(super) fn digests(self) -> &'e Digests {
        self.digests.get_or_init(|| self.digested())
    }

    fn digested(self) -> Digests {
        let Material { site, config, .. } = self.material;
        let terms: Vec<Vec<Digest>> = site.terms.iter().map(|terms| terms.par_iter().map(card::link_digest).collect()).collect();
        let mut addresses = Digester::new();
        if config.base.names_files() {
            for (route, role) in &self.plan.routes {
                addresses.value(route).number(usize::from(matches!(role, Role::Redirect(_))));
            }
        }
        let digest = |post: &std::sync::Arc<crate::post::Post>| card::card_digest(post, self, &terms);
        Digests {
            posts: site.posts.par_iter().map(digest).collect(),
            pages: site.pages.iter().map(digest).collect(),
            addresses: addresses.finish(),
            terms,
        }
    }
}
