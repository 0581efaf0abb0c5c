//! The page for addresses that do not exist: `404.html`, with the newest posts.

use std::io;

use serde::{Deserialize, Serialize};
use tera::{Context, Value};

use super::card::Card;
use super::catalogue::{Catalogue, Material};
use super::head::PageHead;
use super::kind::{Made, PageKind};
use super::renderer::Renderer;
use crate::plan::{Indexing, Planner, RouteRole};
use crate::route::Route;

/// Posts named on it.
const NEWEST: usize = 10;

/// The page that hosts show for what is not there.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NotFound;

/// What the page shows.
#[derive(Serialize)]
pub struct NotFoundInputs<'e> {
    newest: Vec<Card<'e>>,
}

impl PageKind for NotFound {
    type Inputs<'e> = NotFoundInputs<'e>;
    const TEMPLATE: Option<&'static str> = Some("404.html");

    fn plan<P: From<Self>>(_: Material<'_>, planner: &mut Planner<'_, P>) {
        planner.generated(
            Route::root().below("404.html"),
            RouteRole::Other,
            NotFound,
            Indexing::Unlisted,
        );
    }

    fn inputs<'e>(&self, of: Catalogue<'e>) -> NotFoundInputs<'e> {
        NotFoundInputs { newest: of.cards(0..of.material.site.layout.listed.min(NEWEST)) }
    }

    fn make<'e>(
        NotFoundInputs { newest }: NotFoundInputs<'e>,
        renderer: &mut Renderer<'e>,
    ) -> io::Result<Made<'e>> {
        let head = PageHead::new("404", renderer.theme.word("not_found"), renderer.route, renderer);
        let mut context = Context::new();
        context.insert("page", &PageHead { noindex: true, ..head });
        context.insert("newest", &newest.iter().map(Card::value).collect::<Vec<Value>>());
        Ok(Made::View(context))
    }
}
