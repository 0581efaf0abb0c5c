//! The home page: all posts, newest first.

use std::io;

use serde::{Deserialize, Serialize};

use super::catalogue::{Catalogue, Material};
use super::head::PageHead;
use super::kind::{Made, PageKind};
use super::listing::ListPage;
use super::renderer::Renderer;
use crate::plan::{Indexing, Planner};
use crate::route::Route;
use crate::site::PostId;

/// One page of the home page's list, from 1.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Home(usize);

impl PageKind for Home {
    type Inputs<'e> = ListPage<'e>;
    const TEMPLATE: Option<&'static str> = Some("home.html");

    fn plan<P: From<Self>>(of: Material<'_>, planner: &mut Planner<'_, P>) {
        planner.paginated(
            &Route::root(),
            of.site.layout.listed,
            of.config.paginate,
            Indexing::Listed,
            Home,
        );
    }

    fn inputs<'e>(&self, of: Catalogue<'e>) -> ListPage<'e> {
        ListPage::new(of, 0..of.material.site.layout.listed, self.0, Route::root())
    }

    fn shows_none_of(&self, posts: &[PostId], of: Catalogue<'_>) -> bool {
        !posts.iter().any(|post| post / of.material.config.paginate + 1 == self.0)
    }

    fn make<'e>(list: ListPage<'e>, renderer: &mut Renderer<'e>) -> io::Result<Made<'e>> {
        let name = &renderer.config.title;
        let title = if name.is_empty() { renderer.theme.word("home") } else { name.clone() };
        let head = PageHead::new("home", title, &Route::root(), renderer);
        Ok(Made::View(list.context(head, renderer)))
    }
}
