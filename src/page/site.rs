//! `site`, `options` and `t`: the variables that every page sees.

use serde::Serialize;
use tera::{Context, Value};

use super::address;
use super::catalogue::Material;
use super::head::FeedLink;
use super::taxonomy::TaxonomyView;
use crate::digest::Digest;
use crate::route::{BaseUrl, Route};
use chinese_markdown::html::escape_attribute;

/// A link with a name.
#[derive(Clone, Debug, Serialize)]
struct NamedLink {
    name: String,
    href: String,
}

/// `site`: the same on every page.
#[derive(Debug, Serialize)]
struct SiteView {
    title: String,
    description: String,
    language: String,
    author: Option<String>,
    /// The home page's href, and its full address.
    href: String,
    url: String,
    archive: String,
    search: String,
    /// Where the index of the search lies, or none where there is no index.
    search_data: Option<String>,
    posts: usize,
    feeds: Vec<FeedLink>,
    nav: Vec<NamedLink>,
    index_pages: Vec<IndexPage>,
    taxonomies: Vec<TaxonomyView>,
    years: Vec<YearLink>,
    first_year: Option<i16>,
    last_year: Option<i16>,
    extra: Value,
    data: Value,
    generator: String,
    /// The content security policy for a `<meta>`, ready for its attribute, or none.
    csp: Option<Value>,
}

/// A taxonomy's index, without the number of terms: on every page it would change every page when a
/// tag comes.
#[derive(Clone, Debug, Serialize)]
struct IndexPage {
    name: String,
    title: String,
    href: String,
}

/// A link to a year's list.
#[derive(Clone, Debug, Serialize)]
pub(super) struct YearLink {
    pub year: i16,
    pub href: String,
    pub count: usize,
}

/// Returns the variables that every page sees, and the digests of the fields of `site`.
pub fn globals(of: Material<'_>) -> (Context, Vec<(String, Digest)>) {
    let mut context = Context::new();
    let view = site_view(of);
    let fields = match serde_json::to_value(&view) {
        Ok(serde_json::Value::Object(fields)) => {
            fields.into_iter().map(|(name, field)| (name, Digest::of(field.to_string()))).collect()
        }
        _ => unreachable!("a struct is an object"),
    };
    context.insert("site", &view);
    context.insert("options", &of.theme.options);
    context.insert("t", &of.theme.words);
    (context, fields)
}

fn site_view(of: Material<'_>) -> SiteView {
    let Material { site, config, theme } = of;
    let base = &config.base;
    let years: Vec<YearLink> = site
        .layout
        .years
        .iter()
        .map(|year| YearLink {
            year: year.year,
            href: base.href(&address::year(year.year)),
            count: year.posts.len(),
        })
        .collect();
    let taxonomies: Vec<TaxonomyView> = config
        .taxonomies
        .iter()
        .zip(site.layout.terms.iter())
        .filter(|(_, terms)| !terms.is_empty())
        .map(|(taxonomy, terms)| TaxonomyView::new(taxonomy, theme, base, terms.len()))
        .collect();
    SiteView {
        title: config.title.clone(),
        description: config.description.clone(),
        language: config.language.clone(),
        author: config.author.clone(),
        href: base.href(&Route::root()),
        url: base.absolute(&Route::root()),
        archive: base.href(&address::archive()),
        search: base.href(&address::search()),
        search_data: config.search.is_on.then(|| base.href(&address::search().below("data/"))),
        posts: site.layout.listed,
        feeds: FeedLink::of_list(
            config,
            config.feeds.kinds.iter().map(|(kind, _)| *kind),
            &Route::root(),
            &config.title,
        ),
        nav: config
            .nav
            .iter()
            .map(|item| NamedLink { name: item.title.clone(), href: nav_href(base, &item.url) })
            .collect(),
        index_pages: taxonomies
            .iter()
            .map(|TaxonomyView { name, title, href, .. }| IndexPage {
                name: name.clone(),
                title: title.clone(),
                href: href.clone(),
            })
            .collect(),
        taxonomies,
        first_year: years.last().map(|year| year.year),
        last_year: years.first().map(|year| year.year),
        years,
        extra: Value::from_serializable(&config.extra),
        data: Value::from_serializable(&site.data),
        generator: concat!("sitegen ", env!("CARGO_PKG_VERSION")).to_owned(),
        // `'self'` means nothing that browsers agree on where a page is opened from a disk.
        csp: config
            .policy
            .meta()
            .filter(|_| !config.base.names_files())
            .map(|policy| Value::safe_string(&escape_attribute(&policy))),
    }
}

fn nav_href(base: &BaseUrl, url: &str) -> String {
    let (path, rest) = url.split_at(url.find(['?', '#']).unwrap_or(url.len()));
    match Route::parse(&crate::route::decode(path)) {
        Ok(route) if path.starts_with('/') => format!("{}{rest}", base.href(&route)),
        _ => url.to_owned(),
    }
}
