//! The archive: all posts by years and months.

use std::io;

use serde::{Deserialize, Serialize};
use tera::{Context, Value};

use super::address;
use super::card::Card;
use super::catalogue::{Catalogue, Material};
use super::head::PageHead;
use super::kind::{Made, PageKind};
use super::renderer::Renderer;
use super::site::YearLink;
use crate::plan::{Indexing, Planner, RouteRole};
use crate::site::PostId;

/// Above this the archive page shows years and months only.
const WITH_POSTS_MAX: usize = 5_000;

/// The page of the archive.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Archive;

/// What the archive shows.
#[derive(Serialize)]
pub struct ArchiveInputs<'e> {
    years: Vec<YearPosts<'e>>,
    undated: usize,
    total: usize,
}

#[derive(Serialize)]
struct YearPosts<'e> {
    year: i16,
    count: usize,
    months: Vec<MonthPosts<'e>>,
}

#[derive(Serialize)]
struct MonthPosts<'e> {
    month: i8,
    count: usize,
    posts: Vec<Card<'e>>,
}

impl PageKind for Archive {
    type Inputs<'e> = ArchiveInputs<'e>;
    const TEMPLATE: Option<&'static str> = Some("archive.html");

    fn plan<P: From<Self>>(_: Material<'_>, planner: &mut Planner<'_, P>) {
        planner.generated(address::archive(), RouteRole::Other, Archive, Indexing::Listed);
    }

    fn inputs<'e>(&self, of: Catalogue<'e>) -> ArchiveInputs<'e> {
        let site = of.material.site;
        let with_posts = site.layout.listed <= WITH_POSTS_MAX;
        let month = |(month, posts): &(i8, std::ops::Range<usize>)| MonthPosts {
            month: *month,
            count: posts.len(),
            posts: if with_posts { of.cards(posts.clone()) } else { Vec::new() },
        };
        let years = site.layout.years.iter().map(|year| YearPosts {
            year: year.year,
            count: year.posts.len(),
            months: year.months.iter().map(month).collect(),
        });
        ArchiveInputs {
            years: years.collect(),
            undated: site.layout.undated.len(),
            total: site.layout.listed,
        }
    }

    fn shows_none_of(&self, posts: &[PostId], of: Catalogue<'_>) -> bool {
        posts.is_empty() || of.material.site.layout.listed > WITH_POSTS_MAX
    }

    fn make<'e>(
        ArchiveInputs { years, undated, total }: ArchiveInputs<'e>,
        renderer: &mut Renderer<'e>,
    ) -> io::Result<Made<'e>> {
        let base = &renderer.config.base;
        let month = |year: i16, month: &MonthPosts<'_>| ArchiveMonth {
            month: month.month,
            href: base.href(&address::month(year, month.month)),
            count: month.count,
            posts: month.posts.iter().map(Card::value).collect(),
        };
        let year = |year: &YearPosts<'_>| ArchiveYear {
            year: year.year,
            href: base.href(&address::year(year.year)),
            count: year.count,
            months: year.months.iter().map(|of| month(year.year, of)).collect(),
        };
        let view = ArchiveView {
            years: years.iter().map(year).collect(),
            undated: (undated > 0).then(|| YearLink {
                year: 0,
                href: base.href(&address::undated()),
                count: undated,
            }),
            total,
            busiest: years
                .iter()
                .flat_map(|year| &year.months)
                .map(|month| month.count)
                .max()
                .unwrap_or(0),
        };
        let mut context = Context::new();
        context.insert(
            "page",
            &PageHead::new(
                "archive",
                renderer.theme.word("archive"),
                &address::archive(),
                renderer,
            ),
        );
        context.insert("archive", &view);
        Ok(Made::View(context))
    }

    fn weight(&self, _: Material<'_>) -> u64 {
        1_000_000
    }
}

#[derive(Debug, Serialize)]
struct ArchiveView {
    years: Vec<ArchiveYear>,
    undated: Option<YearLink>,
    total: usize,
    /// Posts of the fullest month.
    busiest: usize,
}

#[derive(Debug, Serialize)]
struct ArchiveYear {
    year: i16,
    href: String,
    count: usize,
    months: Vec<ArchiveMonth>,
}

#[derive(Debug, Serialize)]
struct ArchiveMonth {
    month: i8,
    href: String,
    count: usize,
    /// Filled while the whole archive has at most five thousand posts.
    posts: Vec<Value>,
}
