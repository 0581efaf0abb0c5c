//! The posts of one term: a tag, an author, a category.

use std::collections::BTreeMap;
use std::io;

use serde::{Deserialize, Serialize};
use tera::Value;

use super::card::{Card, LinkedTerm};
use super::catalogue::{Catalogue, Material};
use super::head::{FeedLink, PageHead};
use super::kind::{Made, PageKind};
use super::listing::ListPage;
use super::renderer::Renderer;
use super::taxonomy::TaxonomyView;
use crate::plan::{Indexing, Planner};
use crate::route::{BaseUrl, Route};
use crate::site::{PostId, Term};

/// Most tags shown with a term.
const USED_WITH_MAX: usize = 8;

/// One page of a term's list.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TermPage {
    taxonomy: usize,
    term: usize,
    /// From 1.
    number: usize,
}

/// What a page of a term's list shows.
#[derive(Serialize)]
pub struct TermInputs<'e> {
    taxonomy: usize,
    /// Terms of the taxonomy.
    terms: usize,
    term: TermFacts<'e>,
    first_year: Option<i16>,
    last_year: Option<i16>,
    /// Name and address of the term it stands below.
    parent: Option<(&'e str, &'e Route)>,
    /// On the first page all of its posts, for the tags that these have most often.
    all: Vec<Card<'e>>,
    list: ListPage<'e>,
}

/// What pages show of a term besides its posts.
#[derive(Serialize)]
pub struct TermFacts<'e> {
    pub name: &'e str,
    pub route: &'e Route,
    /// How many posts it has.
    pub count: usize,
    about: &'e Option<serde_yaml::Value>,
}

impl<'e> TermFacts<'e> {
    pub fn of(term: &'e Term) -> TermFacts<'e> {
        TermFacts {
            name: &term.name,
            route: &term.route,
            count: term.posts.len(),
            about: &term.about,
        }
    }

    fn view(&self, base: &BaseUrl) -> TermView {
        TermView {
            name: self.name.to_owned(),
            href: base.href(self.route),
            count: self.count,
            about: self.about.as_ref().map_or_else(Value::none, Value::from_serializable),
        }
    }

    /// Returns the term, as lists of terms show it.
    pub fn value(&self, base: &BaseUrl) -> Value {
        Value::from_serializable(&self.view(base))
    }
}

impl PageKind for TermPage {
    type Inputs<'e> = TermInputs<'e>;
    const TEMPLATE: Option<&'static str> = Some("list.html");

    fn plan<P: From<Self>>(of: Material<'_>, planner: &mut Planner<'_, P>) {
        for (taxonomy, terms) in of.site.layout.terms.iter().enumerate() {
            for (term, found) in terms.iter().enumerate() {
                let page = |number| TermPage { taxonomy, term, number };
                planner.paginated(
                    &found.route,
                    found.posts.len(),
                    of.config.paginate,
                    Indexing::Listed,
                    page,
                );
            }
        }
    }

    fn inputs<'e>(&self, of: Catalogue<'e>) -> TermInputs<'e> {
        let Material { site, config, .. } = of.material;
        let terms = &site.layout.terms[self.taxonomy];
        let term = &terms[self.term];
        let years =
            || term.posts.iter().filter_map(|id| Some(site.posts[*id].date.as_ref()?.year()));
        let shows_tags = self.number == 1 && config.taxonomy("tags").is_some();
        TermInputs {
            taxonomy: self.taxonomy,
            terms: terms.len(),
            term: TermFacts::of(term),
            first_year: years().min(),
            last_year: years().max(),
            parent: term.parent.map(|parent| (terms[parent].name.as_str(), &terms[parent].route)),
            all: if shows_tags { of.cards(term.posts.iter().copied()) } else { Vec::new() },
            list: ListPage::new(of, term.posts.iter().copied(), self.number, term.route.clone()),
        }
    }

    fn shows_none_of(&self, posts: &[PostId], of: Catalogue<'_>) -> bool {
        of.material.site.layout.terms[self.taxonomy][self.term].has_none_of(posts)
    }

    fn make<'e>(of: TermInputs<'e>, renderer: &mut Renderer<'e>) -> io::Result<Made<'e>> {
        let config = renderer.config;
        let taxonomy = &config.taxonomies[of.taxonomy];
        let kinds = config
            .feeds
            .kinds
            .iter()
            .map(|(kind, _)| *kind)
            .filter(|kind| taxonomy.feeds.contains(kind));
        let head = PageHead::new("term", of.term.name.to_owned(), of.term.route, renderer);
        let feeds = FeedLink::of_list(config, kinds, of.term.route, of.term.name);
        let mut context = of.list.context(PageHead { feeds, ..head }, renderer);
        let view = TermPageView {
            term: of.term.view(&config.base),
            first_year: of.first_year,
            last_year: of.last_year,
            parent: of.parent.map(|(name, route)| ParentLink {
                name: name.to_owned(),
                href: config.base.href(route),
            }),
            tags: config
                .taxonomy("tags")
                .map_or_else(Vec::new, |tags| of.used_with(tags, &config.base)),
        };
        context.insert("term", &view);
        context.insert(
            "taxonomy",
            &TaxonomyView::new(taxonomy, renderer.theme, &config.base, of.terms),
        );
        Ok(Made::View(context))
    }
}

impl TermInputs<'_> {
    /// Returns the tags that its posts have most often, besides itself.
    fn used_with(&self, tags: usize, base: &BaseUrl) -> Vec<Value> {
        let mut counts: BTreeMap<&str, (usize, LinkedTerm<'_>)> = BTreeMap::new();
        for tag in self.all.iter().flat_map(|card| card.terms(tags)) {
            if self.taxonomy != tags || tag.name() != self.term.name {
                counts.entry(tag.name()).or_insert((0, tag)).0 += 1;
            }
        }
        let mut counts: Vec<(usize, LinkedTerm<'_>)> = counts.into_values().collect();
        counts.sort_by(|(m, a), (n, b)| n.cmp(m).then_with(|| a.name().cmp(b.name())));
        let view = |(count, tag): &(usize, LinkedTerm<'_>)| {
            Value::from_serializable(&CountedLink {
                name: tag.name(),
                href: base.href(tag.route()),
                count: *count,
            })
        };
        counts.iter().take(USED_WITH_MAX).map(view).collect()
    }
}

#[derive(Debug, Serialize)]
struct TermView {
    name: String,
    href: String,
    count: usize,
    about: Value,
}

/// `term` on its own page, where there is more to say.
#[derive(Debug, Serialize)]
struct TermPageView {
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

/// A link with the number of posts that are meant.
#[derive(Debug, Serialize)]
struct CountedLink<'a> {
    name: &'a str,
    href: String,
    count: usize,
}
