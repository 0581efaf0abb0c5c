//! The search page: the field is the theme's, the lists beside it need no index.

use std::io;

use serde::{Deserialize, Serialize};
use tera::{Context, Value};

use super::address;
use super::catalogue::{Catalogue, Material};
use super::head::PageHead;
use super::kind::{Made, PageKind};
use super::renderer::Renderer;
use super::taxonomy::TaxonomyView;
use super::term::TermFacts;
use super::terms::{TaxonomyTerms, by_use};
use crate::plan::{Indexing, Planner, RouteRole};

/// Most terms of a taxonomy on the page. With 200, the page and the script of the search came to more
/// than the 14 KB that the first packets of a connection hold.
const TERMS_MAX: usize = 80;

/// The search page.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Search;

/// What the search page shows: the taxonomies that have terms.
#[derive(Serialize)]
pub struct SearchInputs<'e> {
    taxonomies: Vec<TaxonomyTerms<'e>>,
}

impl PageKind for Search {
    type Inputs<'e> = SearchInputs<'e>;
    const TEMPLATE: Option<&'static str> = Some("search.html");

    fn plan<P: From<Self>>(_: Material<'_>, planner: &mut Planner<'_, P>) {
        planner.generated(address::search(), RouteRole::Other, Search, Indexing::Unlisted);
    }

    fn inputs<'e>(&self, of: Catalogue<'e>) -> SearchInputs<'e> {
        let taxonomies = (0..of.material.config.taxonomies.len())
            .map(|index| TaxonomyTerms::new(of.material, index));
        SearchInputs {
            taxonomies: taxonomies.filter(|taxonomy| !taxonomy.terms.is_empty()).collect(),
        }
    }

    fn make<'e>(
        SearchInputs { taxonomies }: SearchInputs<'e>,
        renderer: &mut Renderer<'e>,
    ) -> io::Result<Made<'e>> {
        let base = &renderer.config.base;
        let index = |of: &TaxonomyTerms<'_>| IndexView {
            taxonomy: of.view(renderer),
            terms: by_use(&of.terms)
                .into_iter()
                .take(TERMS_MAX)
                .map(|term: &TermFacts<'_>| term.value(base))
                .collect(),
        };
        let mut context = Context::new();
        context.insert(
            "page",
            &PageHead::new("search", renderer.theme.word("search"), &address::search(), renderer),
        );
        context.insert("indexes", &taxonomies.iter().map(index).collect::<Vec<IndexView>>());
        Ok(Made::View(context))
    }
}

/// The most used terms of a taxonomy.
#[derive(Debug, Serialize)]
struct IndexView {
    taxonomy: TaxonomyView,
    terms: Vec<Value>,
}
