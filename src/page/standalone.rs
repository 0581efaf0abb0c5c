//! A page of `pages/`: a text that stands alone.

use std::io;

use serde::{Deserialize, Serialize};

use super::card::{Card, CardBody};
use super::catalogue::{Catalogue, Material};
use super::kind::{Made, PageKind};
use super::renderer::Renderer;
use super::text;
use crate::plan::{Indexing, Planner, RouteRole};
use crate::post::{self, Post};

/// A standalone page: its index in [`crate::site::Site::pages`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Standalone(usize);

/// What a standalone page shows.
#[derive(Serialize)]
pub struct StandaloneInputs<'e> {
    card: Card<'e>,
    body: CardBody<'e>,
}

/// Returns whether search engines are told of a text of `pages/`.
pub(super) fn indexing(page: &Post) -> Indexing {
    let is_listed = page.in_sitemap && !page.noindex && page.route.file() != "404.html";
    Indexing::listed_if(is_listed)
}

impl PageKind for Standalone {
    type Inputs<'e> = StandaloneInputs<'e>;
    const TEMPLATE: Option<&'static str> = Some("page.html");

    fn plan<P: From<Self>>(of: Material<'_>, planner: &mut Planner<'_, P>) {
        let pages = of
            .site
            .pages
            .iter()
            .enumerate()
            .filter(|(_, page)| page.kind != post::PostKind::Section);
        for (id, page) in pages {
            planner.add(
                page.route.clone(),
                RouteRole::Standalone(id),
                Standalone(id),
                indexing(page),
            );
        }
    }

    fn inputs<'e>(&self, of: Catalogue<'e>) -> StandaloneInputs<'e> {
        let card = of.page_card(self.0);
        StandaloneInputs { card, body: of.body(card) }
    }

    fn make<'e>(
        StandaloneInputs { card, body }: StandaloneInputs<'e>,
        renderer: &mut Renderer<'e>,
    ) -> io::Result<Made<'e>> {
        let article = renderer.article(&body)?;
        Ok(Made::View(text::context("page", &card, &article, renderer)))
    }

    fn layout<'e>(&self, of: Material<'e>) -> Option<&'e str> {
        of.site.pages[self.0].layout.as_deref()
    }

    fn bodies<'e>(&self, of: Material<'e>) -> Vec<&'e Post> {
        vec![&of.site.pages[self.0]]
    }
}
