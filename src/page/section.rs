//! A folder of posts that has an `_index.md`: its text, and the list of its posts.

use std::io;

use serde::{Deserialize, Serialize};

use super::card::{Card, CardBody};
use super::catalogue::{Catalogue, Material};
use super::head::PageHead;
use super::kind::{Made, PageKind};
use super::listing::ListPage;
use super::renderer::Renderer;
use super::standalone::indexing;
use super::text;
use crate::plan::{Indexing, Planner, RouteRole, page_of};
use crate::post::{self, Post};

/// One page of the list of a folder of posts.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Section {
    /// Index in [`crate::site::Site::pages`].
    id: usize,
    /// From 1.
    number: usize,
}

/// What a page of such a list shows.
#[derive(Serialize)]
pub struct SectionInputs<'e> {
    card: Card<'e>,
    /// On its first page.
    body: Option<CardBody<'e>>,
    list: ListPage<'e>,
}

impl PageKind for Section {
    type Inputs<'e> = SectionInputs<'e>;
    const TEMPLATE: Option<&'static str> = Some("list.html");

    fn plan<P: From<Self>>(of: Material<'_>, planner: &mut Planner<'_, P>) {
        let pages = of
            .site
            .pages
            .iter()
            .enumerate()
            .filter(|(_, page)| page.kind == post::PostKind::Section);
        for (id, page) in pages {
            planner.add(
                page.route.clone(),
                RouteRole::Standalone(id),
                Section { id, number: 1 },
                indexing(page),
            );
            for number in 2..=of.site.layout.sections[id].len().div_ceil(of.config.paginate) {
                planner.generated(
                    page_of(&page.route, number),
                    RouteRole::Section(id),
                    Section { id, number },
                    Indexing::Unlisted,
                );
            }
        }
    }

    fn inputs<'e>(&self, of: Catalogue<'e>) -> SectionInputs<'e> {
        let card = of.page_card(self.id);
        let posts = of.material.site.layout.sections[self.id].iter().copied();
        SectionInputs {
            card,
            body: (self.number == 1).then(|| of.body(card)),
            list: ListPage::new(of, posts, self.number, card.post.route.clone()),
        }
    }

    fn make<'e>(
        SectionInputs { card, body, list }: SectionInputs<'e>,
        renderer: &mut Renderer<'e>,
    ) -> io::Result<Made<'e>> {
        Ok(Made::View(match body {
            Some(body) => {
                let article = renderer.article(&body)?;
                let mut context = text::context("section", &card, &article, renderer);
                context.insert("list", &list.view(renderer));
                context
            }
            None => list.context(
                PageHead::new("section", card.post.title.clone(), list.first(), renderer),
                renderer,
            ),
        }))
    }

    fn layout<'e>(&self, of: Material<'e>) -> Option<&'e str> {
        of.site.pages[self.id].layout.as_deref()
    }

    fn bodies<'e>(&self, of: Material<'e>) -> Vec<&'e Post> {
        if self.number == 1 { vec![&of.site.pages[self.id]] } else { Vec::new() }
    }
}
