//! `sitemap.xml` (sitemaps.org 0.9), in parts where it is long.

use std::io;

use jiff::ZonedDateTime;
use serde::{Deserialize, Serialize};

use super::address;
use super::catalogue::{Catalogue, Material};
use super::kind::{Made, PageKind};
use super::renderer::Renderer;
use crate::date;
use crate::plan::{Indexing, Planner, RouteRole};
use crate::post::Post;
use crate::route::{BaseUrl, Route};
use crate::xml::Xml;

/// Addresses in one sitemap (sitemaps.org).
pub const URLS: usize = 50_000;

const NAMESPACE: (&str, &str) = ("xmlns", "http://www.sitemaps.org/schemas/sitemap/0.9");

/// One file of the sitemap.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Sitemap {
    /// All addresses, or the names of the parts.
    Whole,
    /// A part, from 1.
    Part(usize),
}

/// What a file of the sitemap shows.
#[derive(Serialize)]
pub enum SitemapInputs<'e> {
    Addresses(Vec<Address<'e>>),
    /// How many parts there are.
    Parts(usize),
}

/// An address, and when what stands there was last changed.
#[derive(Serialize)]
pub struct Address<'e> {
    route: &'e Route,
    #[serde(serialize_with = "date::stored::serialize")]
    changed: &'e Option<ZonedDateTime>,
}

/// Of what has no date of its own.
static NEVER: Option<ZonedDateTime> = None;

fn part_route(number: usize) -> Route {
    Route::root().below(&format!("sitemap-{number}.xml"))
}

impl PageKind for Sitemap {
    type Inputs<'e> = SitemapInputs<'e>;

    fn plan<P: From<Self>>(_: Material<'_>, planner: &mut Planner<'_, P>) {
        planner.generated(
            address::sitemap(),
            RouteRole::Sitemap,
            Sitemap::Whole,
            Indexing::Unlisted,
        );
        let addresses = planner.listed();
        if addresses > URLS {
            for number in 1..=addresses.div_ceil(URLS) {
                planner.generated(
                    part_route(number),
                    RouteRole::Sitemap,
                    Sitemap::Part(number),
                    Indexing::Unlisted,
                );
            }
        }
    }

    fn inputs<'e>(&self, of: Catalogue<'e>) -> SitemapInputs<'e> {
        let listed = &of.plan.listed;
        let addresses = |listed: &[usize]| {
            SitemapInputs::Addresses(listed.iter().map(|at| address(*at, of)).collect())
        };
        match self {
            Sitemap::Whole if listed.len() > URLS => {
                SitemapInputs::Parts(listed.len().div_ceil(URLS))
            }
            Sitemap::Whole => addresses(listed),
            Sitemap::Part(number) => {
                let start = (number - 1) * URLS;
                addresses(&listed[start..(start + URLS).min(listed.len())])
            }
        }
    }

    fn make<'e>(inputs: SitemapInputs<'e>, renderer: &mut Renderer<'e>) -> io::Result<Made<'e>> {
        let base = &renderer.config.base;
        Ok(Made::text(match inputs {
            SitemapInputs::Addresses(addresses) => url_set(&addresses, base),
            SitemapInputs::Parts(parts) => index(parts, base),
        }))
    }

    fn weight(&self, _: Material<'_>) -> u64 {
        1_000_000
    }
}

fn address(at: usize, of: Catalogue<'_>) -> Address<'_> {
    let site = of.material.site;
    let (route, role) = &of.plan.routes[at];
    let post: Option<&Post> = match role {
        RouteRole::Article(id) => Some(&site.posts[*id]),
        RouteRole::Standalone(id) => Some(&site.pages[*id]),
        _ => None,
    };
    let changed =
        post.map_or(&NEVER, |post| if post.updated.is_some() { &post.updated } else { &post.date });
    Address { route, changed }
}

fn url_set(addresses: &[Address<'_>], base: &BaseUrl) -> String {
    let mut xml = Xml::default();
    xml.open("urlset", &[NAMESPACE]);
    for Address { route, changed } in addresses {
        xml.open("url", &[]);
        xml.text("loc", &[], &base.absolute(route));
        if let Some(changed) = changed {
            xml.text("lastmod", &[], &date::rfc3339(changed));
        }
        xml.close();
    }
    xml.finish()
}

fn index(parts: usize, base: &BaseUrl) -> String {
    let mut xml = Xml::default();
    xml.open("sitemapindex", &[NAMESPACE]);
    for number in 1..=parts {
        xml.open("sitemap", &[]);
        xml.text("loc", &[], &base.absolute(&part_route(number)));
        xml.close();
    }
    xml.finish()
}
