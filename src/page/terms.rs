//! The index of a taxonomy: all terms by use, in tiers, and again under their initials.

use std::io;

use serde::{Deserialize, Serialize};
use tera::{Context, Value};

use super::catalogue::{Catalogue, Material};
use super::head::PageHead;
use super::kind::{Made, PageKind};
use super::renderer::Renderer;
use super::taxonomy::TaxonomyView;
use super::term::TermFacts;
use crate::plan::{Indexing, Planner, RouteRole};
use chinese_text::pinyin::{self, Named};

/// The tiers begin at these numbers of posts.
const TIERS: [usize; 4] = [50, 10, 3, 1];

/// The page of a taxonomy.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Terms(usize);

/// All terms of a taxonomy, in the order of their names.
#[derive(Serialize)]
pub struct TaxonomyTerms<'e> {
    taxonomy: usize,
    pub terms: Vec<TermFacts<'e>>,
}

impl<'e> TaxonomyTerms<'e> {
    pub fn new(material: Material<'e>, taxonomy: usize) -> TaxonomyTerms<'e> {
        TaxonomyTerms {
            taxonomy,
            terms: material.site.layout.terms[taxonomy].iter().map(TermFacts::of).collect(),
        }
    }

    /// Returns the variable `taxonomy`.
    pub fn view(&self, renderer: &Renderer<'_>) -> TaxonomyView {
        let config = renderer.config;
        TaxonomyView::new(
            &config.taxonomies[self.taxonomy],
            renderer.theme,
            &config.base,
            self.terms.len(),
        )
    }
}

/// Terms, those with most posts first.
pub fn by_use<'t, 'e>(terms: &'t [TermFacts<'e>]) -> Vec<&'t TermFacts<'e>> {
    let mut terms: Vec<&TermFacts<'e>> = terms.iter().collect();
    terms.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.name.cmp(b.name)));
    terms
}

impl PageKind for Terms {
    type Inputs<'e> = TaxonomyTerms<'e>;
    const TEMPLATE: Option<&'static str> = Some("terms.html");

    fn plan<P: From<Self>>(of: Material<'_>, planner: &mut Planner<'_, P>) {
        for (index, taxonomy) in of.config.taxonomies.iter().enumerate() {
            if !of.site.layout.terms[index].is_empty() {
                planner.generated(
                    taxonomy.folder.clone(),
                    RouteRole::Other,
                    Terms(index),
                    Indexing::Listed,
                );
            }
        }
    }

    fn inputs<'e>(&self, of: Catalogue<'e>) -> TaxonomyTerms<'e> {
        TaxonomyTerms::new(of.material, self.0)
    }

    fn make<'e>(of: TaxonomyTerms<'e>, renderer: &mut Renderer<'e>) -> io::Result<Made<'e>> {
        let taxonomy = &renderer.config.taxonomies[of.taxonomy];
        let by_use = by_use(&of.terms);
        let terms: Vec<Value> =
            by_use.iter().map(|term| term.value(&renderer.config.base)).collect();
        let view = of.view(renderer);
        let mut context = Context::new();
        context.insert(
            "page",
            &PageHead::new("terms", view.title.clone(), &taxonomy.folder, renderer),
        );
        context.insert("taxonomy", &view);
        let is_author = |key: &String| matches!(key.to_lowercase().as_str(), "author" | "authors");
        let named = if taxonomy.keys.iter().any(is_author) { Named::Author } else { Named::Topic };
        let groups = pinyin::by_initial(
            by_use.iter().zip(&terms).map(|(term, view)| (term.name, view.clone())),
            named,
        );
        context.insert(
            "groups",
            &groups
                .into_iter()
                .map(|(initial, terms)| InitialGroup { initial, terms })
                .collect::<Vec<_>>(),
        );
        context.insert("tiers", &tiers(&by_use, &terms));
        context.insert("terms", &terms);
        Ok(Made::View(context))
    }
}

/// Cuts terms, those with most posts first, into tiers; empty ones are left out.
fn tiers(by_use: &[&TermFacts<'_>], views: &[Value]) -> Vec<Tier> {
    let mut tiers = Vec::new();
    let (mut at, mut to) = (0, None);
    for from in TIERS {
        let end = at + by_use[at..].iter().take_while(|term| term.count >= from).count();
        if end > at {
            tiers.push(Tier { from, to, terms: views[at..end].to_vec() });
        }
        (at, to) = (end, Some(from - 1));
    }
    tiers
}

/// Terms of about the same number of posts.
#[derive(Debug, Serialize)]
struct Tier {
    from: usize,
    /// None for the first.
    to: Option<usize>,
    terms: Vec<Value>,
}

/// The terms whose names begin with one letter, in pinyin.
#[derive(Debug, Serialize)]
struct InitialGroup {
    initial: char,
    terms: Vec<Value>,
}
