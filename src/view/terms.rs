//! `terms`, `tiers`, `groups`, `term`, `indexes`: the terms of a taxonomy, in several orders.

use std::collections::BTreeMap;

use serde::Serialize;
use tera::{Context, Value};

use super::{TaxonomyView, Views};
use crate::pinyin::{self, Named};
use crate::plan::search_route;
use crate::site::Term;

#[derive(Debug, Serialize)]
pub(super) struct TermView {
    name: String,
    href: String,
    count: usize,
    about: Value,
}

/// `term` on its own page, where there is more to say.
#[derive(Debug, Serialize)]
pub(super) struct TermPageView {
    #[serde(flatten)]
    term: TermView,
    first_year: Option<i16>,
    last_year: Option<i16>,
    /// The term it stands below.
    parent: Option<ParentLink>,
    /// The tags that its posts have most often, besides itself; on the first page of its list.
    tags: Vec<Value>,
}

/// The term above another, whose name and address begin those of the other.
#[derive(Debug, Serialize)]
struct ParentLink {
    name: String,
    href: String,
}

/// Terms of about the same number of posts.
#[derive(Debug, Serialize)]
struct Tier {
    from: usize,
    /// None for the first.
    to: Option<usize>,
    terms: Vec<Value>,
}

/// The most used terms of a taxonomy, for the search.
#[derive(Debug, Serialize)]
struct IndexView {
    taxonomy: TaxonomyView,
    terms: Vec<Value>,
}

/// A link with the number of posts that are meant.
#[derive(Debug, Serialize)]
struct CountedLink<'a> {
    name: &'a str,
    href: String,
    count: usize,
}

/// The terms whose names begin with one letter, in pinyin.
#[derive(Debug, Serialize)]
struct InitialGroup {
    initial: char,
    terms: Vec<Value>,
}

/// Most tags shown with a term.
const USED_WITH_MAX: usize = 8;
/// Most terms of a taxonomy on the page of the search.
const SEARCH_TERMS_MAX: usize = 200;
/// The tiers of a taxonomy's index begin at these numbers of posts.
const TIERS: [usize; 4] = [50, 10, 3, 1];

impl Views<'_> {
    pub(super) fn term_view(&self, term: &Term) -> TermView {
        TermView {
            name: term.name.clone(),
            href: self.config.base.href(&term.route),
            count: term.posts.len(),
            about: term.about.as_ref().map_or_else(Value::none, Value::from_serializable),
        }
    }

    pub(super) fn term_page_view(&self, taxonomy: usize, term: &Term, number: usize) -> TermPageView {
        let years = || term.posts.iter().filter_map(|id| Some(self.site.posts[*id].date.as_ref()?.year()));
        TermPageView {
            first_year: years().min(),
            last_year: years().max(),
            parent: term
                .parent
                .map(|parent| &self.site.terms[taxonomy][parent])
                .map(|parent| ParentLink { name: parent.name.clone(), href: self.config.base.href(&parent.route) }),
            tags: match self.config.taxonomy("tags") {
                Some(tags) if number == 1 => self.used_with(taxonomy, term, tags),
                _ => Vec::new(),
            },
            term: self.term_view(term),
        }
    }

    /// The terms of `tags` that the posts of `term` have most often, besides itself.
    fn used_with(&self, taxonomy: usize, term: &Term, tags: usize) -> Vec<Value> {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for name in term.posts.iter().flat_map(|id| &self.site.posts[*id].terms[tags]) {
            if taxonomy != tags || *name != term.name {
                *counts.entry(name).or_insert(0) += 1;
            }
        }
        let mut counts: Vec<(&str, usize)> = counts.into_iter().collect();
        counts.sort_by(|(a, m), (b, n)| n.cmp(m).then_with(|| a.cmp(b)));
        let view = |(name, count): (&str, usize)| {
            let href = self.config.base.href(&self.site.term(tags, name)?.route);
            Some(Value::from_serializable(&CountedLink { name, href, count }))
        };
        counts.into_iter().filter_map(view).take(USED_WITH_MAX).collect()
    }

    /// All terms of a taxonomy, those with most posts first.
    fn by_use(&self, taxonomy: usize) -> Vec<&Term> {
        let mut terms: Vec<&Term> = self.site.terms[taxonomy].iter().collect();
        terms.sort_by(|a, b| b.posts.len().cmp(&a.posts.len()).then_with(|| a.name.cmp(&b.name)));
        terms
    }

    /// The index of a taxonomy: all terms by use, in tiers, and again under their initials.
    pub fn terms(&self, taxonomy: usize) -> Context {
        let by_use = self.by_use(taxonomy);
        let terms: Vec<Value> = by_use.iter().map(|term| Value::from_serializable(&self.term_view(term))).collect();
        let view = self.taxonomy_view(taxonomy);
        let mut context = Context::new();
        context.insert("page", &self.page("terms", view.title.clone(), &self.config.taxonomies[taxonomy].folder, None));
        context.insert("taxonomy", &view);
        let is_author = |key: &String| matches!(key.to_lowercase().as_str(), "author" | "authors");
        let named = if self.config.taxonomies[taxonomy].keys.iter().any(is_author) { Named::Author } else { Named::Topic };
        let groups = pinyin::by_initial(by_use.iter().zip(&terms).map(|(term, view)| (term.name.as_str(), view.clone())), named);
        context.insert("groups", &groups.into_iter().map(|(initial, terms)| InitialGroup { initial, terms }).collect::<Vec<_>>());
        context.insert("tiers", &tiers(&by_use, &terms));
        context.insert("terms", &terms);
        context
    }

    /// The search: what can be found without an index.
    pub fn search(&self) -> Context {
        let index = |taxonomy: usize| {
            let terms = self.by_use(taxonomy).into_iter().take(SEARCH_TERMS_MAX);
            IndexView {
                taxonomy: self.taxonomy_view(taxonomy),
                terms: terms.map(|term| Value::from_serializable(&self.term_view(term))).collect(),
            }
        };
        let indexes: Vec<IndexView> =
            (0..self.config.taxonomies.len()).filter(|taxonomy| !self.site.terms[*taxonomy].is_empty()).map(index).collect();
        let mut context = Context::new();
        context.insert("page", &self.page("search", self.theme.word("search"), &search_route(), None));
        context.insert("indexes", &indexes);
        context
    }
}

/// Cuts terms, those with most posts first, into tiers; empty ones are left out.
fn tiers(by_use: &[&Term], views: &[Value]) -> Vec<Tier> {
    let mut tiers = Vec::new();
    let (mut at, mut to) = (0, None);
    for from in TIERS {
        let end = at + by_use[at..].iter().take_while(|term| term.posts.len() >= from).count();
        if end > at {
            tiers.push(Tier { from, to, terms: views[at..end].to_vec() });
        }
        (at, to) = (end, Some(from - 1));
    }
    tiers
}
