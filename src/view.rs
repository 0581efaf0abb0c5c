//! What templates see: one typed view per kind of page, documented in `docs/themes.md`.
//!
//! Lists rather than maps, finished hrefs, bodies as safe strings. Domain types do not serialise themselves: this file is
//! the contract, and whatever a page lists, its view lists. Cards are turned into template values once, in parallel, and
//! shared by every list that shows them.

mod cards;
mod related;
mod terms;

use serde::Serialize;
use tera::{Context, Value};

pub use cards::Cards;

use crate::article::Article;
use crate::config::{Config, Taxonomy};
use crate::date;
use crate::digest::Digest;
use crate::html::escape_attribute;
use crate::plan::{Page, Plan, Scope, archive_route, feed_route, month_route, page_of, search_route, undated_route, year_route};
use crate::post::{Kind, Post};
use crate::route::{BaseUrl, Route};
use crate::site::{Neighbours, PostId, RelatedPosts, Site, Term, host_of};
use crate::theme::{Theme, for_script};

/// A link with a name.
#[derive(Clone, Debug, Serialize)]
struct Link {
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
    posts: usize,
    feeds: Vec<FeedLink>,
    nav: Vec<Link>,
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

#[derive(Clone, Debug, Serialize)]
struct FeedLink {
    /// `rss`, `atom` or `json`.
    kind: &'static str,
    title: String,
    media_type: &'static str,
    href: String,
}

#[derive(Clone, Debug, Serialize)]
struct TaxonomyView {
    /// The name in site.yaml: `tags`.
    name: String,
    title: String,
    href: String,
    count: usize,
}

/// A taxonomy's index, without the number of terms: on every page it would change every page when a tag comes.
#[derive(Clone, Debug, Serialize)]
struct IndexPage {
    name: String,
    title: String,
    href: String,
}

#[derive(Clone, Debug, Serialize)]
struct YearLink {
    year: i16,
    href: String,
    count: usize,
}

/// `page`: what is true of the page itself, whatever its kind.
#[derive(Debug, Serialize)]
struct PageView {
    kind: &'static str,
    title: String,
    href: String,
    /// The full address, for `canonical`.
    url: String,
    description: String,
    lang: String,
    noindex: bool,
    /// A full address, for previews in other programs.
    image: Option<String>,
    /// Feeds of this page's own list.
    feeds: Vec<FeedLink>,
    /// JSON-LD, ready for a `<script>`.
    json_ld: Option<Value>,
}

/// A post as every list shows it.
#[derive(Debug, Serialize)]
struct CardView<'a> {
    title: &'a str,
    href: String,
    url: String,
    /// Short stable id.
    key: &'a str,
    /// RFC 3339, or none.
    date: Option<String>,
    year: Option<i16>,
    month: Option<i8>,
    updated: Option<String>,
    summary: &'a str,
    words: u32,
    han: u32,
    minutes: u32,
    authors: Value,
    tags: Value,
    categories: Value,
    /// Every taxonomy of the site, the keeper's own too.
    groups: Vec<Group>,
    lang: &'a str,
    cover: Option<String>,
    origin: Option<Origin>,
    comments: Option<bool>,
    extra: Value,
}

/// Where a text was first published: an address with its host, or whatever the keeper wrote.
#[derive(Debug, Serialize)]
struct Origin {
    name: String,
    href: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
struct TermLink {
    name: String,
    href: String,
    /// The person's own page, from data/authors.yaml.
    url: Option<String>,
}

#[derive(Debug, Serialize)]
struct Group {
    name: Value,
    title: Value,
    /// A list of [`TermLink`].
    terms: Value,
}

#[derive(Debug, Serialize)]
struct ArticleView {
    html: Value,
    outline: Vec<HeadingView>,
    /// Headings in all; the outline holds at most 200.
    headings: usize,
}

#[derive(Debug, Serialize)]
struct HeadingView {
    level: u8,
    id: String,
    title: String,
    /// The number above the title of a scraped section.
    number: Option<String>,
}

#[derive(Debug, Serialize)]
struct NeighboursView {
    newer: Option<Value>,
    older: Option<Value>,
    author: Option<SeriesView>,
    origin: Option<SeriesView>,
}

/// Neighbours within one author or source.
#[derive(Debug, Serialize)]
struct SeriesView {
    name: String,
    href: Option<String>,
    newer: Option<Value>,
    older: Option<Value>,
}

/// One page of a list of posts.
#[derive(Debug, Serialize)]
struct ListView {
    posts: Vec<Value>,
    /// Posts in the whole list.
    total: usize,
    number: usize,
    pages: usize,
    /// The page before (newer posts) and after (older posts).
    newer: Option<String>,
    older: Option<String>,
    /// First, last and the pages around this one; `href` is none for this page, `number` 0 marks a gap.
    links: Vec<PagerLink>,
}

/// `period`: which time a list is of; neither for the posts without a date.
#[derive(Debug, Serialize)]
struct PeriodView {
    year: Option<i16>,
    /// Of a month's list.
    month: Option<i8>,
}

#[derive(Debug, Serialize)]
struct PagerLink {
    number: usize,
    href: Option<String>,
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

/// Most headings in an outline; one real post has 4,005.
const OUTLINE_MAX: usize = 200;
/// Above this the archive page shows years and months only.
pub const ARCHIVE_MAX: usize = 5_000;
/// Posts named on the page for missing addresses.
pub const NEWEST: usize = 10;

/// Makes views.
#[derive(Clone, Copy)]
pub struct Views<'a> {
    pub site: &'a Site,
    pub config: &'a Config,
    pub theme: &'a Theme,
    pub plan: &'a Plan,
    pub cards: &'a Cards,
    pub related: &'a RelatedPosts,
}

/// The variables that every page sees: `site` and the theme's words `t`; and the digests of the fields of `site`.
pub fn globals(site: &Site, config: &Config, theme: &Theme) -> (Context, Vec<(String, Digest)>) {
    let mut context = Context::new();
    let view = site_view(site, config, theme);
    let fields = match serde_json::to_value(&view) {
        Ok(serde_json::Value::Object(fields)) => fields.into_iter().map(|(name, field)| (name, Digest::of(field.to_string()))).collect(),
        _ => unreachable!("a struct is an object"),
    };
    context.insert("site", &view);
    context.insert("options", &theme.options);
    context.insert("t", &theme.words);
    (context, fields)
}

fn site_view(site: &Site, config: &Config, theme: &Theme) -> SiteView {
    let base = &config.base;
    let years: Vec<YearLink> = site
        .years
        .iter()
        .map(|year| YearLink { year: year.year, href: base.href(&year_route(year.year)), count: year.posts.len() })
        .collect();
    let taxonomies: Vec<TaxonomyView> = config
        .taxonomies
        .iter()
        .zip(site.terms.iter())
        .filter(|(_, terms)| !terms.is_empty())
        .map(|(taxonomy, terms)| TaxonomyView {
            name: taxonomy.name.clone(),
            title: taxonomy_title(taxonomy, theme),
            href: base.href(&taxonomy.folder),
            count: terms.len(),
        })
        .collect();
    SiteView {
        title: config.title.clone(),
        description: config.description.clone(),
        language: config.language.clone(),
        author: config.author.clone(),
        href: base.href(&Route::root()),
        url: base.absolute(&Route::root()),
        archive: base.href(&archive_route()),
        search: base.href(&search_route()),
        posts: site.listed,
        feeds: feed_links(site, config, Scope::Site, &config.title),
        nav: config.nav.iter().map(|item| Link { name: item.title.clone(), href: nav_href(base, &item.url) }).collect(),
        index_pages: taxonomies
            .iter()
            .map(|TaxonomyView { name, title, href, .. }| IndexPage { name: name.clone(), title: title.clone(), href: href.clone() })
            .collect(),
        taxonomies,
        first_year: years.last().map(|year| year.year),
        last_year: years.first().map(|year| year.year),
        years,
        extra: Value::from_serializable(&config.extra),
        data: Value::from_serializable(&site.data),
        generator: concat!("sitegen ", env!("CARGO_PKG_VERSION")).to_owned(),
        // `'self'` means nothing that browsers agree on where a page is opened from a disk.
        csp: config.policy.meta().filter(|_| !config.base.names_files()).map(|policy| Value::safe_string(&escape_attribute(&policy))),
    }
}

fn nav_href(base: &BaseUrl, url: &str) -> String {
    let (path, rest) = url.split_at(url.find(['?', '#']).unwrap_or(url.len()));
    match Route::parse(&crate::route::decode(path)) {
        Ok(route) if path.starts_with('/') => format!("{}{rest}", base.href(&route)),
        _ => url.to_owned(),
    }
}

fn taxonomy_title(taxonomy: &Taxonomy, theme: &Theme) -> String {
    taxonomy.title.clone().unwrap_or_else(|| {
        let key = format!("taxonomy_{}", taxonomy.name);
        theme.words.get(&key).cloned().unwrap_or_else(|| taxonomy.name.clone())
    })
}

fn feed_links(site: &Site, config: &Config, scope: Scope, title: &str) -> Vec<FeedLink> {
    let kinds = config.feeds.kinds.iter().map(|(kind, _)| *kind).filter(|kind| match scope {
        Scope::Site => true,
        Scope::Term(taxonomy, _) => config.taxonomies[taxonomy].feeds.contains(kind),
    });
    kinds
        .filter_map(|kind| {
            let route = feed_route(config, site, kind, scope)?;
            let name = match kind {
                crate::config::FeedKind::Rss => "RSS",
                crate::config::FeedKind::Atom => "Atom",
                crate::config::FeedKind::Json => "JSON",
            };
            Some(FeedLink {
                kind: kind.word(),
                title: format!("{title} ({name})"),
                media_type: kind.media_type(),
                href: config.base.href(&route),
            })
        })
        .collect()
}

fn term_link(term: &Term, config: &Config) -> TermLink {
    let about = term.about.as_ref().and_then(|about| about.get("url")).and_then(serde_yaml::Value::as_str);
    TermLink {
        name: term.name.clone(),
        href: config.base.href(&term.route),
        url: about.filter(|url| crate::html::is_safe_link(url)).map(str::to_owned),
    }
}

impl Views<'_> {
    fn card(&self, post: &Post) -> Value {
        let linked = |index: usize| {
            let ids = post.terms[index].iter().filter_map(|name| self.site.term_id(index, name));
            Value::from(ids.map(|id| self.term_link(index, id)).collect::<Vec<Value>>())
        };
        let links: Vec<Value> = (0..self.config.taxonomies.len()).map(linked).collect();
        let of = |name: &str| self.config.taxonomy(name).map_or_else(|| Value::from(Vec::<Value>::new()), |index| links[index].clone());
        let groups = links
            .iter()
            .zip(&self.cards.titles)
            .map(|(terms, (name, title))| Group { name: name.clone(), title: title.clone(), terms: terms.clone() })
            .collect();
        let view = CardView {
            title: &post.title,
            href: self.href(post),
            url: self.url(post),
            key: &post.key,
            date: post.date.as_ref().map(date::rfc3339),
            year: post.date.as_ref().map(jiff::ZonedDateTime::year),
            month: post.date.as_ref().map(jiff::ZonedDateTime::month),
            updated: post.updated.as_ref().map(date::rfc3339),
            summary: &post.summary,
            words: post.length.words,
            han: post.length.han,
            minutes: post.length.minutes(self.config.reading_speed),
            authors: of("authors"),
            tags: of("tags"),
            categories: of("categories"),
            lang: post.lang.as_deref().unwrap_or(&self.config.language),
            cover: self.cover(post),
            origin: post.origin.as_ref().map(|origin| match host_of(origin).filter(|_| crate::html::names_host(origin)) {
                Some(host) => Origin { name: host.to_owned(), href: Some(origin.clone()) },
                None => Origin { name: origin.clone(), href: None },
            }),
            comments: post.comments,
            extra: Value::from_serializable(&post.extra),
            groups,
        };
        Value::from_serializable(&view)
    }

    fn href(&self, post: &Post) -> String {
        format!("{}{}", self.config.base.path(), post.href())
    }

    /// The full address of a post's cover.
    fn cover(&self, post: &Post) -> Option<String> {
        let cover = post.cover.as_deref()?;
        let local = self.plan.cover(self.site, self.config, post);
        Some(self.config.base.resolve(&self.href(post), local.as_deref().unwrap_or(cover)))
    }

    fn url(&self, post: &Post) -> String {
        post.full_url(&self.config.base)
    }

    fn cards(&self, ids: impl IntoIterator<Item = PostId>) -> Vec<Value> {
        ids.into_iter().map(|id| self.card_of(id)).collect()
    }

    fn page(&self, kind: &'static str, title: String, route: &Route, scope: Option<Scope>) -> PageView {
        PageView {
            kind,
            href: self.config.base.href(route),
            url: self.config.base.absolute(route),
            description: self.config.description.clone(),
            lang: self.config.language.clone(),
            noindex: false,
            image: None,
            feeds: scope.map_or_else(Vec::new, |scope| feed_links(self.site, self.config, scope, &title)),
            json_ld: None,
            title,
        }
    }

    /// An article of `posts/`.
    pub fn post(&self, id: PostId, article: &Article) -> Context {
        let post = &self.site.posts[id];
        let neighbours = self.site.neighbours(id);
        let card = |id: Option<PostId>| id.map(|id| self.card_of(id));
        let series = |name: &str, href: Option<String>, neighbours: Neighbours| {
            (neighbours != Neighbours::default()).then(|| SeriesView {
                name: name.to_owned(),
                href,
                newer: card(neighbours.newer),
                older: card(neighbours.older),
            })
        };
        let author = self.config.taxonomy("authors").and_then(|index| {
            let term = self.site.term(index, post.terms[index].first()?)?;
            series(&term.name, Some(self.config.base.href(&term.route)), self.site.neighbours_in(term, id))
        });
        let origin = self.site.neighbours_by_origin(id).and_then(|(host, neighbours)| series(host, None, neighbours));
        let mut context = self.article_context(post, self.card_of(id), article, "post");
        context.insert("neighbours", &NeighboursView { newer: card(neighbours.newer), older: card(neighbours.older), author, origin });
        context.insert("related", &self.related(id));
        context
    }

    /// A page of `pages/`.
    pub fn standalone(&self, id: usize, article: &Article) -> Context {
        let page = &self.site.pages[id];
        if page.kind != Kind::Section {
            return self.article_context(page, self.card(page), article, "page");
        }
        let mut context = self.article_context(page, self.card(page), article, "section");
        context.insert("list", &self.list(self.site.sections[id].iter().copied(), 1, &page.route));
        context
    }

    /// A further page of a folder of posts.
    pub fn section(&self, id: usize, number: usize) -> Context {
        let page = &self.site.pages[id];
        let view = self.page("section", page.title.clone(), &page.route, None);
        self.list_context(view, self.site.sections[id].iter().copied(), number, &page.route)
    }

    fn article_context(&self, post: &Post, card: Value, article: &Article, kind: &'static str) -> Context {
        let mut page = self.page(kind, post.title.clone(), &post.route, None);
        page.href = self.href(post);
        page.url = self.url(post);
        page.description = if post.summary.is_empty() { self.config.description.clone() } else { post.summary.clone() };
        page.lang = post.lang.clone().unwrap_or_else(|| self.config.language.clone());
        page.noindex = post.noindex;
        page.image = self.cover(post);
        page.json_ld = (post.kind == Kind::Article).then(|| self.json_ld(post, &page));
        let mut context = Context::new();
        context.insert("page", &page);
        context.insert_value("post", card);
        context.insert("article", &article_view(article));
        context
    }

    /// schema.org `Article`; only what is known is said.
    fn json_ld(&self, post: &Post, page: &PageView) -> Value {
        let mut json = serde_json::json!({
            "@context": "https://schema.org",
            "@type": "Article",
            "headline": post.title,
            "inLanguage": page.lang,
            "mainEntityOfPage": page.url,
            "url": page.url,
            "wordCount": post.length.words,
        });
        let mut put = |key: &str, value: serde_json::Value| {
            json[key] = value;
        };
        if let Some(date) = &post.date {
            put("datePublished", date::rfc3339(date).into());
        }
        if let Some(updated) = &post.updated {
            put("dateModified", date::rfc3339(updated).into());
        }
        if !post.summary.is_empty() {
            put("description", post.summary.clone().into());
        }
        if let Some(image) = &page.image {
            put("image", image.clone().into());
        }
        if let Some(origin) = &post.origin
            && crate::html::names_host(origin)
        {
            put("isBasedOn", origin.clone().into());
        }
        let names = |taxonomy: &str| self.config.taxonomy(taxonomy).map_or(&[][..], |index| &post.terms[index]);
        if !names("authors").is_empty() {
            let authors: Vec<serde_json::Value> =
                names("authors").iter().map(|name| serde_json::json!({"@type": "Person", "name": name})).collect();
            put("author", authors.into());
        }
        if !names("tags").is_empty() {
            put("keywords", names("tags").join(",").into());
        }
        Value::safe_string(&for_script(&json))
    }

    /// One page of a list that begins at `first`.
    fn list(&self, ids: impl ExactSizeIterator<Item = PostId>, number: usize, first: &Route) -> ListView {
        let per_page = self.config.paginate;
        let total = ids.len();
        let pages = total.div_ceil(per_page).max(1);
        let href = |number: usize| self.config.base.href(&page_of(first, number));
        let mut links = Vec::new();
        for other in 1..=pages {
            if other == 1 || other == pages || other.abs_diff(number) <= 2 {
                links.push(PagerLink { number: other, href: (other != number).then(|| href(other)) });
            } else if links.last().is_some_and(|link: &PagerLink| link.number != 0) {
                links.push(PagerLink { number: 0, href: None });
            }
        }
        ListView {
            posts: self.cards(ids.skip((number - 1) * per_page).take(per_page)),
            total,
            number,
            pages,
            newer: (number > 1).then(|| href(number - 1)),
            older: (number < pages).then(|| href(number + 1)),
            links,
        }
    }

    fn list_context(&self, mut page: PageView, ids: impl ExactSizeIterator<Item = PostId>, number: usize, first: &Route) -> Context {
        page.href = self.config.base.href(&page_of(first, number));
        page.url = self.config.base.absolute(&page_of(first, number));
        if number > 1 {
            page.title = format!("{} · {}", page.title, self.fill("page_n", &[("n", number.to_string())]));
        }
        let mut context = Context::new();
        context.insert("list", &self.list(ids, number, first));
        context.insert("page", &page);
        context
    }

    fn fill(&self, key: &str, values: &[(&str, String)]) -> String {
        let mut text = self.theme.word(key);
        for (name, value) in values {
            text = text.replace(&format!("{{{name}}}"), value);
        }
        text
    }

    /// The home page and its further pages.
    pub fn home(&self, number: usize) -> Context {
        let title = if self.config.title.is_empty() { self.theme.word("home") } else { self.config.title.clone() };
        let page = self.page("home", title, &Route::root(), None);
        self.list_context(page, 0..self.site.listed, number, &Route::root())
    }

    /// A year, a month, or the posts without a date.
    pub fn period(&self, page: &Page) -> Context {
        let (title, period, ids, number, first) = match page {
            Page::Year(index, number) => {
                let year = &self.site.years[*index];
                let title = self.fill("year_title", &[("year", year.year.to_string())]);
                (title, (Some(year.year), None), year.posts.clone(), *number, year_route(year.year))
            }
            Page::Month(index, at, number) => {
                let year = &self.site.years[*index];
                let (month, posts) = &year.months[*at];
                let title = self.fill("month_title", &[("year", year.year.to_string()), ("month", month.to_string())]);
                (title, (Some(year.year), Some(*month)), posts.clone(), *number, month_route(year.year, *month))
            }
            Page::Undated(number) => (self.theme.word("undated"), (None, None), self.site.undated.clone(), *number, undated_route()),
            other => unreachable!("{other:?} is no period"),
        };
        let view = self.page("period", title, &first, None);
        let mut context = self.list_context(view, ids, number, &first);
        let (year, month) = period;
        context.insert("period", &PeriodView { year, month });
        context
    }

    /// The posts of one term.
    pub fn term(&self, taxonomy: usize, term: usize, number: usize) -> Context {
        let found = &self.site.terms[taxonomy][term];
        let page = self.page("term", found.name.clone(), &found.route, Some(Scope::Term(taxonomy, term)));
        let mut context = self.list_context(page, found.posts.iter().copied(), number, &found.route);
        context.insert("term", &self.term_page_view(taxonomy, found, number));
        context.insert("taxonomy", &self.taxonomy_view(taxonomy));
        context
    }

    fn taxonomy_view(&self, index: usize) -> TaxonomyView {
        let taxonomy = &self.config.taxonomies[index];
        TaxonomyView {
            name: taxonomy.name.clone(),
            title: taxonomy_title(taxonomy, self.theme),
            href: self.config.base.href(&taxonomy.folder),
            count: self.site.terms[index].len(),
        }
    }

    /// The archive by years and months.
    pub fn archive(&self) -> Context {
        let site = self.site;
        let with_posts = site.listed <= ARCHIVE_MAX;
        let base = &self.config.base;
        let view = ArchiveView {
            years: site
                .years
                .iter()
                .map(|year| ArchiveYear {
                    year: year.year,
                    href: base.href(&year_route(year.year)),
                    count: year.posts.len(),
                    months: year
                        .months
                        .iter()
                        .map(|(month, posts)| ArchiveMonth {
                            month: *month,
                            href: base.href(&month_route(year.year, *month)),
                            count: posts.len(),
                            posts: if with_posts { self.cards(posts.clone()) } else { Vec::new() },
                        })
                        .collect(),
                })
                .collect(),
            undated: (!site.undated.is_empty()).then(|| YearLink { year: 0, href: base.href(&undated_route()), count: site.undated.len() }),
            total: site.listed,
            busiest: site.years.iter().flat_map(|year| &year.months).map(|(_, posts)| posts.len()).max().unwrap_or(0),
        };
        let mut context = Context::new();
        context.insert("page", &self.page("archive", self.theme.word("archive"), &archive_route(), None));
        context.insert("archive", &view);
        context
    }

    /// The page for addresses that do not exist.
    pub fn not_found(&self, route: &Route) -> Context {
        let mut page = self.page("404", self.theme.word("not_found"), route, None);
        page.noindex = true;
        let mut context = Context::new();
        context.insert("page", &page);
        context.insert("newest", &self.cards(0..self.site.listed.min(NEWEST)));
        context
    }

    /// A page that leads on.
    pub fn redirect(&self, from: &Route, to: &Route) -> Context {
        let mut page = self.page("redirect", self.theme.word("moved"), from, None);
        page.noindex = true;
        let mut context = Context::new();
        context.insert("page", &page);
        context.insert("target", &self.config.base.href(to));
        context.insert("target_url", &self.config.base.absolute(to));
        context
    }
}

fn article_view(article: &Article) -> ArticleView {
    let headings = article.outline.len();
    let top = article.outline.iter().map(|heading| heading.level).min().unwrap_or(2);
    let outline = article
        .outline
        .iter()
        .filter(|heading| headings <= OUTLINE_MAX || heading.level == top)
        .take(OUTLINE_MAX)
        .map(|heading| HeadingView {
            level: heading.level,
            id: heading.id.clone(),
            title: heading.title.clone(),
            number: heading.number.clone(),
        })
        .collect();
    ArticleView { html: Value::safe_string(&article.html), outline, headings }
}
