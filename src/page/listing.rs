//! `list`: one page of a list of posts, as many kinds of page show it.

use serde::Serialize;
use tera::{Context, Value};

use super::card::Card;
use super::catalogue::Catalogue;
use super::head::PageHead;
use super::renderer::Renderer;
use crate::plan::page_of;
use crate::route::Route;
use crate::site::PostId;

/// One page of a list, as input.
#[derive(Serialize)]
pub(super) struct ListPage<'e> {
    posts: Vec<Card<'e>>,
    /// Posts in the whole list.
    total: usize,
    /// Of this page, from 1.
    number: usize,
    /// Where the list begins.
    first: Route,
}

impl<'e> ListPage<'e> {
    /// Page `number` of a list of posts that begins at `first`.
    pub(super) fn new(
        of: Catalogue<'e>,
        ids: impl ExactSizeIterator<Item = PostId>,
        number: usize,
        first: Route,
    ) -> ListPage<'e> {
        let per_page = of.material.config.paginate;
        let total = ids.len();
        ListPage {
            posts: of.cards(ids.skip((number - 1) * per_page).take(per_page)),
            total,
            number,
            first,
        }
    }

    /// Returns where the list begins.
    pub(super) fn first(&self) -> &Route {
        &self.first
    }

    /// Returns the variable `list`.
    pub(super) fn view(&self, renderer: &Renderer<'_>) -> ListView {
        let config = renderer.config;
        let number = self.number;
        let pages = self.total.div_ceil(config.paginate).max(1);
        let href = |number: usize| config.base.href(&page_of(&self.first, number));
        let mut links = Vec::new();
        for other in 1..=pages {
            if other == 1 || other == pages || other.abs_diff(number) <= 2 {
                links.push(PagerLink {
                    number: other,
                    href: (other != number).then(|| href(other)),
                });
            } else if links.last().is_some_and(|link: &PagerLink| link.number != 0) {
                links.push(PagerLink { number: 0, href: None });
            }
        }
        ListView {
            posts: self.posts.iter().map(Card::value).collect(),
            total: self.total,
            number,
            pages,
            newer: (number > 1).then(|| href(number - 1)),
            older: (number < pages).then(|| href(number + 1)),
            links,
        }
    }

    /// Returns the variables `list` and `page`, the latter with its number where it is not the
    /// first.
    pub(super) fn context(&self, mut head: PageHead, renderer: &Renderer<'_>) -> Context {
        let route = page_of(&self.first, self.number);
        head.href = renderer.config.base.href(&route);
        head.url = renderer.config.base.absolute(&route);
        if self.number > 1 {
            head.title = format!(
                "{} · {}",
                head.title,
                renderer.phrase("page_n", &[("n", self.number.to_string())])
            );
        }
        let mut context = Context::new();
        context.insert("list", &self.view(renderer));
        context.insert("page", &head);
        context
    }
}

/// The variable `list`.
#[derive(Debug, Serialize)]
pub(super) struct ListView {
    posts: Vec<Value>,
    /// Posts in the whole list.
    total: usize,
    number: usize,
    pages: usize,
    /// The page before (newer posts) and after (older posts).
    newer: Option<String>,
    older: Option<String>,
    /// First, last and the pages around this one; `href` is none for this page, `number` 0 marks a
    /// gap.
    links: Vec<PagerLink>,
}

#[derive(Debug, Serialize)]
struct PagerLink {
    number: usize,
    href: Option<String>,
}
