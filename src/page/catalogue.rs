//! What pages select from: the site, and its cards and terms as pages show them.

use std::collections::BTreeMap;

use super::digests::{Digested, Digests};
use super::values::Values;
use crate::config::Config;
use crate::digest::{Digest, Digester};
use crate::plan::Plan;
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
    related: &'e RelatedPosts,
    kept: &'e CatalogueCache,
}

/// What one template can show.
#[derive(Debug)]
pub struct PageTemplate {
    pub mentions: Mentions,
    /// Digest of its texts, and of what it shows of the theme and of `site`.
    pub digest: Digest,
}

/// The templates that pages are made by.
#[derive(Debug)]
pub struct Templates {
    by_name: BTreeMap<String, PageTemplate>,
    /// Of the theme: what every page and every body can show.
    theme: Digest,
}

impl Templates {
    /// Reads what templates mention. `fields` are the digests of the fields of `site`, as templates
    /// see it.
    pub fn new(theme: &Theme, fields: &[(String, Digest)]) -> Templates {
        let of_theme = theme.digest();
        let by_name = theme.templates().map(|name| {
            let mentions = theme.mentions(&name);
            let mut digester = Digester::new();
            digester.digest(of_theme).digest(mentions.texts);
            for (_, digest) in fields.iter().filter(|(field, _)| mentions.has_site(field)) {
                digester.digest(*digest);
            }
            (name, PageTemplate { mentions, digest: digester.finish() })
        });
        Templates { by_name: by_name.collect(), theme: of_theme }
    }

    /// Digest of all that templates can show besides what they are given.
    fn digest(&self) -> Digest {
        let mut digester = Digester::new();
        for (name, template) in &self.by_name {
            digester.bytes(name).digest(template.digest);
        }
        digester.digest(self.theme).finish()
    }

    /// Returns whether any template may show a variable.
    pub fn mention(&self, variable: &str) -> bool {
        self.by_name.values().any(|template| template.mentions.has(variable))
    }
}

/// What is kept of a catalogue while it is in use.
#[derive(Debug)]
pub struct CatalogueCache {
    values: Values,
    templates: Templates,
    digests: Digests,
}

impl CatalogueCache {
    pub fn new(of: Material<'_>, templates: Templates) -> CatalogueCache {
        CatalogueCache {
            values: Values::new(of.site, of.config, of.theme),
            templates,
            digests: Digests::new(of.site),
        }
    }

    /// Returns the catalogue of the site that this was made for.
    pub fn catalogue<'e>(
        &'e self,
        material: Material<'e>,
        plan: &'e Plan,
        related: &'e RelatedPosts,
    ) -> Catalogue<'e> {
        Catalogue { material, plan, related, kept: self }
    }
}

impl<'e> Catalogue<'e> {
    /// Returns the posts that are related to another.
    pub fn related(self, id: PostId) -> Vec<Related> {
        self.related.related_to(id, self.material.site).into_owned()
    }

    /// Returns what a template can show.
    pub fn template(self, name: &str) -> &'e PageTemplate {
        &self.kept.templates.by_name[name]
    }

    /// Digest of all that pages are made of besides cards and bodies, under one configuration: what
    /// the plan is made of, the templates, and which posts are related.
    pub fn ground(self, plan: Digest) -> Digest {
        let templates = self.kept.templates.digest();
        Digester::new().digest(plan).digest(templates).digest(self.related.digest()).finish()
    }

    /// Digest of all addresses, where links depend on what is there.
    pub fn addresses(self) -> Digest {
        self.digests().addresses()
    }

    /// Digests of what pages show, taken when they are first asked for.
    pub(super) fn digests(self) -> Digested<'e> {
        let Material { site, config, .. } = self.material;
        Digested { site, config, plan: self.plan, digests: &self.kept.digests }
    }

    /// Template values that are shared.
    pub(super) fn values(self) -> &'e Values {
        &self.kept.values
    }

    /// Digest of what every body can show of the theme.
    pub(super) fn theme_digest(self) -> Digest {
        self.kept.templates.theme
    }
}
