//! The posts of a year, of a month, or without a date.

use std::io;

use serde::{Deserialize, Serialize};

use super::address;
use super::catalogue::{Catalogue, Material};
use super::head::PageHead;
use super::kind::{Made, PageKind};
use super::listing::ListPage;
use super::renderer::Renderer;
use crate::plan::{Indexing, Planner};
use crate::site::PostId;

/// One page of the list of a year, of a month, or of the posts without a date.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PeriodPage {
    posts: Posts,
    number: usize,
}

/// Which posts.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
enum Posts {
    /// Index of the year.
    Year(usize),
    /// Indices of the year and of the month within it.
    Month(usize, usize),
    Undated,
}

/// What a page of such a list shows.
#[derive(Serialize)]
pub struct PeriodInputs<'e> {
    period: Period,
    list: ListPage<'e>,
}

/// `period`: which time a list is of; neither for the posts without a date.
#[derive(Debug, Serialize)]
struct Period {
    year: Option<i16>,
    /// Of a month's list.
    month: Option<i8>,
}

impl PageKind for PeriodPage {
    type Inputs<'e> = PeriodInputs<'e>;
    const TEMPLATE: Option<&'static str> = Some("list.html");

    fn plan<P: From<Self>>(of: Material<'_>, planner: &mut Planner<'_, P>) {
        let per_page = of.config.paginate;
        let page = |posts: Posts| move |number| PeriodPage { posts, number };
        for (index, year) in of.site.layout.years.iter().enumerate() {
            planner.paginated(
                &address::year(year.year),
                year.posts.len(),
                per_page,
                Indexing::Listed,
                page(Posts::Year(index)),
            );
            for (at, (month, posts)) in year.months.iter().enumerate() {
                planner.paginated(
                    &address::month(year.year, *month),
                    posts.len(),
                    per_page,
                    Indexing::Listed,
                    page(Posts::Month(index, at)),
                );
            }
        }
        if !of.site.layout.undated.is_empty() {
            planner.paginated(
                &address::undated(),
                of.site.layout.undated.len(),
                per_page,
                Indexing::Unlisted,
                page(Posts::Undated),
            );
        }
    }

    fn inputs<'e>(&self, of: Catalogue<'e>) -> PeriodInputs<'e> {
        let site = of.material.site;
        let (year, month, posts, first) = match self.posts {
            Posts::Year(index) => {
                let year = &site.layout.years[index];
                (Some(year.year), None, &year.posts, address::year(year.year))
            }
            Posts::Month(index, at) => {
                let year = &site.layout.years[index];
                let (month, posts) = &year.months[at];
                (Some(year.year), Some(*month), posts, address::month(year.year, *month))
            }
            Posts::Undated => (None, None, &site.layout.undated, address::undated()),
        };
        PeriodInputs {
            period: Period { year, month },
            list: ListPage::new(of, posts.clone(), self.number, first),
        }
    }

    fn shows_none_of(&self, posts: &[PostId], of: Catalogue<'_>) -> bool {
        let layout = &of.material.site.layout;
        let shown = match self.posts {
            Posts::Year(index) => &layout.years[index].posts,
            Posts::Month(index, at) => &layout.years[index].months[at].1,
            Posts::Undated => &layout.undated,
        };
        !posts.iter().any(|post| shown.contains(post))
    }

    fn make<'e>(
        PeriodInputs { period, list }: PeriodInputs<'e>,
        renderer: &mut Renderer<'e>,
    ) -> io::Result<Made<'e>> {
        let number = |number: i16| number.to_string();
        let title = match (period.year, period.month) {
            (Some(year), Some(month)) => renderer
                .phrase("month_title", &[("year", number(year)), ("month", number(month.into()))]),
            (Some(year), None) => renderer.phrase("year_title", &[("year", number(year))]),
            (None, _) => renderer.theme.word("undated"),
        };
        let head = PageHead::new("period", title, list.first(), renderer);
        let mut context = list.context(head, renderer);
        context.insert("period", &period);
        Ok(Made::View(context))
    }
}
