//! An edition: one state of the site, ready to be rendered route by route.
//!
//! Build, preview, check and deploy share it; nothing here asks which of them is running. [`Edition::render`] is a match
//! with straight arms: a page in, bytes out.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::Arc;

use rayon::prelude::*;
use tera::Context;
use unicode_normalization::is_nfc;

use crate::article::{self, Article, Asked, Destination, Links};
use crate::config::{Config, FeedContent, FeedKind};
use crate::diagnostic::{Diagnostic, Failure, contain, is_of_the_world};
use crate::digest::Digest;
use crate::feed::{Entry, Feed, entry_id};
use crate::fingerprint::Fingerprints;
use crate::folder;
use crate::highlight::{Blocks, Markup, Shown};
use crate::image;
use crate::keywords::Keywords;
use crate::ledger::{Draft, File, FileRow, Ledger};
use crate::markdown::html_writer::Labels;
use crate::plan::{Page, Plan, Scope, feed_route, missing_covers};
use crate::post::{Kind, Post};
use crate::relative;
use crate::route::{Route, decode, encode_path, has_scheme, split_path};
use crate::sink::{Put, Sink};
use crate::site::{AddressPlaces, PostId, RelatedPosts, Site};
use crate::sitemap;
use crate::source::{self, Source, SourcePath, UNREADABLE};
use crate::theme::{Asset, Theme};
use crate::view::{self, Cards, Views};

/// Room for a page: the median of ours is 20 KB.
const PAGE_BYTES: usize = 32 * 1024;

/// A site with its plan and its theme.
pub struct Edition {
    pub config: Config,
    pub site: Site,
    pub plan: Arc<Plan>,
    /// What was found in it.
    in_plan: Vec<Diagnostic>,
    theme: Theme,
    cards: Cards,
    pub related: RelatedPosts,
    /// Digests of the fields of `site`, as templates see it.
    fields: Vec<(String, Digest)>,
    labels: Labels,
    /// Code that was marked up before.
    pub code: Arc<Blocks>,
    source: Arc<dyn Source>,
}

/// What need not be found out again: shortcuts, none of which changes a byte.
pub struct Known<'a> {
    /// What the last build, or the edition before, read.
    pub past: &'a Ledger,
    /// Code that was marked up before.
    pub code: Arc<Blocks>,
    /// The edition before.
    pub before: Option<&'a Edition>,
}

/// The bytes of a page, or none where its template failed, and what was found on the way.
#[derive(Default)]
pub struct Rendered<'e> {
    pub bytes: Option<Cow<'e, [u8]>>,
    pub diagnostics: Vec<Diagnostic>,
    /// What its articles asked of the site.
    pub asked: Vec<Asked>,
    /// The code in them that was marked up.
    pub code: Vec<Shown>,
}

impl Rendered<'_> {
    fn failed(defect: Diagnostic) -> Self {
        Rendered { diagnostics: vec![defect], ..Rendered::default() }
    }

    /// Takes over what an article found and asked.
    fn take(&mut self, article: Article) {
        self.diagnostics.extend(article.diagnostics);
        self.asked.extend(article.asked);
        self.code.extend(article.code);
    }
}

/// Which files of the output became others, in the order of their paths.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    pub made: Vec<String>,
    pub changed: Vec<String>,
    pub removed: Vec<String>,
}

impl Changes {
    /// How many files were written.
    pub fn written(&self) -> usize {
        self.made.len() + self.changed.len()
    }
}

/// What publishing did.
#[derive(Debug, Default)]
pub struct Published<'p> {
    pub changes: Changes,
    pub unchanged: usize,
    /// Bytes of all files of the site.
    pub bytes: u64,
    pub diagnostics: Vec<Diagnostic>,
    /// What is to be known of the files next time, in the order of their paths.
    pub rows: Vec<File<'p>>,
    /// Code that was marked up for the first time.
    pub code: Vec<(Digest, Markup)>,
}

/// What became of one page.
enum Outcome<'p> {
    /// It is known to be what it was, down to the stamp.
    Stands(&'p FileRow),
    /// What it is now, whether it was written, and the code on it that was marked up for the first time.
    Done(Put, Box<FileRow>, Vec<(Digest, Markup)>),
    /// Its template failed.
    Failed(String, Vec<Diagnostic>),
}

impl Edition {
    /// Reads all cards and the theme and lays out the plan. What is the same as in the edition `before` is taken from there.
    /// `stage` is called when each stage is done.
    pub fn open(
        source: Arc<dyn Source>,
        config: Config,
        keywords: &Keywords,
        known: Known<'_>,
        next: &mut Draft<'_>,
        stage: &mut (dyn FnMut(&'static str) + Send),
    ) -> Result<(Edition, Vec<Diagnostic>), Failure> {
        let Known { past, code, before } = known;
        let before = before.filter(|before| before.config.digest == config.digest);
        let (theme, gathered) = rayon::join(
            || Theme::load(&*source, &config),
            || Site::gather(&*source, &config, keywords, past, next, before.map(|before| &before.site)),
        );
        let (mut theme, mut diagnostics) = theme?;
        let (mut site, found) = gathered?;
        diagnostics.extend(found);
        stage(phrase!("cards"));
        let before = before.filter(|before| site.is_laid_out_as(&before.site));
        let (plan, in_plan) = if let Some(before) = before.filter(|before| before.has_same_assets(&theme)) {
            (before.plan.clone(), before.in_plan.clone())
        } else {
            let claims = site.claims(config.tells_case);
            let places = AddressPlaces::new(&*source, &config);
            let (plan, found) = Plan::lay_out(&site, claims, &config, &theme.assets, &places);
            (Arc::new(plan), found)
        };
        diagnostics.extend(in_plan.iter().cloned());
        diagnostics.extend(missing_covers(&plan, &*source, &site, &config));
        diagnostics.extend(check_base(&config));
        stage(phrase!("plan"));
        // Which posts are related costs half as much as rendering them: it is not asked where no template shows it.
        let is_shown = theme.templates().any(|template| theme.mentions(&template).has("related"));
        let related = RelatedPosts::new(&config, is_shown, before.map(|before| (&before.related, &before.site, &site)));
        let (globals, fields) = view::globals(&site, &config, &theme);
        theme.tera.global_context().extend(globals);
        let cards = Cards::new(&site, &config, &theme);
        let labels = theme.labels();
        stage(phrase!("views"));
        Ok((Edition { config, site, plan, in_plan, theme, cards, related, fields, labels, code, source }, diagnostics))
    }

    /// What it is made of.
    pub fn source(&self) -> &Arc<dyn Source> {
        &self.source
    }

    /// The theme's style sheets, scripts and pictures.
    pub fn assets(&self) -> &[Asset] {
        &self.theme.assets
    }

    fn has_same_assets(&self, theme: &Theme) -> bool {
        self.theme.assets.iter().map(|asset| &asset.route).eq(theme.assets.iter().map(|asset| &asset.route))
    }

    fn views(&self) -> Views<'_> {
        Views { site: &self.site, config: &self.config, theme: &self.theme, plan: &self.plan, cards: &self.cards, related: &self.related }
    }

    /// The bytes of one page. Needs no other page's bytes.
    pub fn render(&self, route: &Route, page: &Page) -> io::Result<Rendered<'_>> {
        let mut rendered = Rendered::default();
        rendered.bytes = match page {
            Page::Feed(kind, scope) => Some(owned(self.feed(*kind, *scope, &mut rendered)?)),
            Page::Sitemap => Some(owned(sitemap::sitemap(&self.plan, &self.site, &self.config))),
            Page::SitemapPart(number) => Some(owned(sitemap::part(*number, &self.plan, &self.site, &self.config))),
            Page::Robots => Some(owned(sitemap::robots(&self.config))),
            Page::Redirects => Some(owned(sitemap::redirects(&self.plan, &self.config))),
            Page::Headers => Some(owned(sitemap::headers(&self.plan, &self.config))),
            Page::Asset(index) => Some(Cow::Borrowed(&self.theme.assets[*index].bytes[..])),
            Page::File(index) => Some(Cow::Owned(self.read(&self.site.files[*index].0.path)?)),
            page => self.html(route, page, &mut rendered)?.map(Cow::Owned),
        };
        Ok(rendered)
    }

    /// A page made by a template; none where the template failed.
    fn html(&self, route: &Route, page: &Page, rendered: &mut Rendered<'_>) -> io::Result<Option<Vec<u8>>> {
        let views = self.views();
        let html = match page {
            Page::Post(id) => {
                let post = &self.site.posts[*id];
                let article = self.article(post, Destination::Page)?;
                let context = views.post(*id, &article);
                rendered.take(article);
                self.fill(&self.theme.layout(post.layout.as_deref(), "post.html"), &context, &mut rendered.diagnostics)
            }
            Page::Standalone(id) => {
                let post = &self.site.pages[*id];
                let article = self.article(post, Destination::Page)?;
                let context = views.standalone(*id, &article);
                rendered.take(article);
                self.fill(&self.theme.layout(post.layout.as_deref(), layout_of(post)), &context, &mut rendered.diagnostics)
            }
            Page::Section(id, number) => {
                let layout = self.theme.layout(self.site.pages[*id].layout.as_deref(), "list.html");
                self.fill(&layout, &views.section(*id, *number), &mut rendered.diagnostics)
            }
            Page::Home(number) => self.fill("home.html", &views.home(*number), &mut rendered.diagnostics),
            Page::Archive => self.fill("archive.html", &views.archive(), &mut rendered.diagnostics),
            Page::Year(..) | Page::Month(..) | Page::Undated(_) => self.fill("list.html", &views.period(page), &mut rendered.diagnostics),
            Page::Terms(taxonomy) => self.fill("terms.html", &views.terms(*taxonomy), &mut rendered.diagnostics),
            Page::Term(taxonomy, term, number) => self.fill("list.html", &views.term(*taxonomy, *term, *number), &mut rendered.diagnostics),
            Page::Search => self.fill("search.html", &views.search(), &mut rendered.diagnostics),
            Page::NotFound => self.fill("404.html", &views.not_found(route), &mut rendered.diagnostics),
            Page::Redirect(target) => self.fill("redirect.html", &views.redirect(route, target), &mut rendered.diagnostics),
            other => unreachable!("{other:?} has no template"),
        };
        Ok(html.map(
            |html| if self.config.base.names_files() { self.with_relative_links(html, route, &mut rendered.diagnostics) } else { html },
        ))
    }

    fn with_relative_links(&self, html: Vec<u8>, route: &Route, diagnostics: &mut Vec<Diagnostic>) -> Vec<u8> {
        // The page for missing addresses is shown at any of them.
        let from = if route.file() == "404.html" { relative::From::Root } else { relative::From::Page };
        let text = String::from_utf8_lossy(&html);
        match relative::rewrite(&text, route, from, &self.plan, &self.config.base) {
            Ok(rewritten) => rewritten.into_bytes(),
            Err(why) => {
                let message = say!("the links of {} could not be made relative: {}", route.path(), why);
                diagnostics.push(Diagnostic::error("links", message).hint(say!("see whether its template writes whole elements")));
                html
            }
        }
    }

    /// Runs a template; a failure is a diagnostic of the template. Bytes, since making a text of them would look at each again.
    fn fill(&self, template: &str, context: &Context, diagnostics: &mut Vec<Diagnostic>) -> Option<Vec<u8>> {
        let mut html = Vec::with_capacity(PAGE_BYTES);
        match self.theme.tera.render_to(template, context, &mut html) {
            Ok(()) => Some(html),
            Err(error) => {
                diagnostics.extend(self.theme.explain(&error));
                None
            }
        }
    }

    fn read(&self, path: &SourcePath) -> io::Result<Vec<u8>> {
        self.source.read(path).map_err(|error| io::Error::new(error.kind(), say!("{}: {}", path.as_str(), &error)))
    }

    fn article(&self, post: &Post, destination: Destination) -> io::Result<Article> {
        Ok(article::render(post, &self.read(&post.source)?, &self.config, &self.labels, self, &self.code, destination))
    }

    fn feed(&self, kind: FeedKind, scope: Scope, rendered: &mut Rendered<'_>) -> io::Result<String> {
        let config = &self.config;
        let (posts, size, title, home): (Vec<PostId>, _, _, _) = match scope {
            Scope::Site => {
                ((0..self.site.listed.min(config.feeds.site.limit)).collect(), config.feeds.site, config.title.clone(), Route::root())
            }
            Scope::Term(taxonomy, term) => {
                let term = &self.site.terms[taxonomy][term];
                let posts = term.posts.iter().copied().take(config.feeds.terms.limit).collect();
                let title = if config.title.is_empty() { term.name.clone() } else { format!("{} · {}", term.name, config.title) };
                (posts, config.feeds.terms, title, term.route.clone())
            }
        };
        let address = feed_route(config, &self.site, kind, scope).unwrap_or_else(Route::root);
        let entries =
            posts.into_iter().map(|id| self.entry(&self.site.posts[id], size.content, rendered)).collect::<io::Result<Vec<Entry>>>()?;
        let feed = Feed {
            description: if config.description.is_empty() { title.clone() } else { config.description.clone() },
            language: config.language.clone(),
            id: config.base.absolute_href(&config.base.href(&home)),
            home: config.base.absolute(&home),
            address: config.base.absolute(&address),
            author: config
                .author
                .clone()
                .unwrap_or_else(|| if config.title.is_empty() { "sitegen".to_owned() } else { config.title.clone() }),
            title,
            entries,
        };
        Ok(match kind {
            FeedKind::Rss => feed.rss(),
            FeedKind::Atom => feed.atom(),
            FeedKind::Json => feed.json(),
        })
    }

    fn entry(&self, post: &Post, content: FeedContent, rendered: &mut Rendered<'_>) -> io::Result<Entry> {
        /// Most tags that an entry names: every feed of every tag of the post would name them all.
        const CATEGORIES: usize = 20;
        let config = &self.config;
        let url = post.full_url(&config.base);
        // An id is no address: it stays when the style of addresses changes.
        let id = entry_id(post, &config.base.absolute_href(&format!("{}{}", config.base.path(), post.href())), config);
        let terms = |name: &str| config.taxonomy(name).map_or_else(Vec::new, |index| post.terms[index].clone());
        Ok(Entry {
            id,
            url,
            title: post.title.clone(),
            date: post.date.clone(),
            updated: post.updated.clone(),
            authors: terms("authors"),
            tags: terms("tags").into_iter().take(CATEGORIES).collect(),
            summary: post.summary.clone(),
            html: match content {
                FeedContent::Full => self.content(post, rendered)?,
                FeedContent::Summary => None,
            },
            language: post.lang.clone(),
        })
    }

    /// The text of an entry; none where it would be far longer than what it is made from.
    fn content(&self, post: &Post, rendered: &mut Rendered<'_>) -> io::Result<Option<String>> {
        /// What an entry may come to: so many times its source, and so many bytes besides; three feeds together as much again as a page
        /// and a half (`markdown::html_writer`).
        const TIMES: usize = 10;
        const BESIDES: usize = 150_000;
        let bytes = self.read(&post.source)?;
        let article = article::render(post, &bytes, &self.config, &self.labels, self, &self.code, Destination::Feed);
        rendered.asked.extend(article.asked);
        if article.html.len() <= bytes.len() * TIMES + BESIDES {
            return Ok(Some(article.html));
        }
        let message = say!("{} bytes of text would make {} in a feed, which has the summary alone", bytes.len(), article.html.len());
        let hint = say!("see what its page repeats: a great many marks of one note, or empty cells");
        rendered.diagnostics.push(Diagnostic::warning("feed-size", message).hint(hint).in_file(post.source.as_str()));
        Ok(None)
    }

    /// Renders every route that is not known to stand as it would be and hands it to the sink, in parallel, the longest articles
    /// first.
    pub fn publish<'p>(
        &self,
        sink: &dyn Sink,
        past: &'p Ledger,
        stage: &mut (dyn FnMut(&'static str) + Send),
    ) -> Result<Published<'p>, Failure> {
        let files: Vec<String> = self.plan.routes.par_iter().map(|(route, _)| route.file()).collect();
        let mut planned: Vec<&str> = files.iter().map(String::as_str).collect();
        planned.par_sort_unstable();
        sink.begin(&planned)?;
        let related = self.related.all(&self.site, past);
        stage(phrase!("related"));
        let fingerprints = Fingerprints::new(&self.site, &self.config, &self.theme, &self.plan, related, &self.fields);
        stage(phrase!("fingerprints"));
        let mut order: Vec<(&Route, &Page, &str)> =
            self.plan.routes.iter().zip(&files).map(|((route, page), file)| (route, page, file.as_str())).collect();
        order.sort_by_key(|(_, page, _)| std::cmp::Reverse(self.weight(page)));
        let publish = |(route, page, file): (&Route, &Page, &str)| {
            let fingerprint = fingerprints.of(page);
            if let Some(row) = past.file(file).filter(|row| fingerprint.is_some() && row.fingerprint == fingerprint)
                && self.answers_stand(&row.asked)
                && let Some(stamp) = sink.holds(file, row.stamp, row.digest)
            {
                let stands = row.stamp == stamp;
                return Ok(if stands {
                    Outcome::Stands(row)
                } else {
                    Outcome::Done(Put::Unchanged, Box::new(FileRow { stamp, ..row.clone() }), Vec::new())
                });
            }
            // What concerns this file alone costs this file alone.
            let failed = |error: io::Error, told: Diagnostic| {
                if is_of_the_world(&error) { Err(error) } else { Ok(Outcome::Failed(file.to_owned(), vec![self.at_source(page, told)])) }
            };
            let rendered = match contain(route.path(), || self.render(route, page)).unwrap_or_else(|defect| Ok(Rendered::failed(*defect))) {
                Ok(rendered) => rendered,
                Err(error) => {
                    let told = unmade(route, &error);
                    return failed(error, told);
                }
            };
            let Rendered { bytes: Some(bytes), diagnostics, asked, code } = rendered else {
                return Ok(Outcome::Failed(file.to_owned(), rendered.diagnostics));
            };
            let (put, stamp) = match sink.put(file, &bytes) {
                Ok(done) => done,
                Err(error) => {
                    let told = Diagnostic::error("file-unwritable", say!("this could not be written: {}", &error));
                    let hint = say!("give the post a shorter `permalink`, or let its folder be written to");
                    return failed(error, told.hint(hint));
                }
            };
            let digest = Digest::of(&bytes);
            let (shown, new) = (code.iter().map(|(digest, _)| *digest).collect(), code.into_iter());
            let new = new.filter_map(|(digest, markup)| Some((digest, markup?))).collect();
            let row =
                FileRow { file: file.to_owned(), fingerprint, asked, stamp, digest, bytes: bytes.len() as u64, diagnostics, code: shown };
            Ok(Outcome::Done(put, Box::new(row), new))
        };
        let outcomes: Vec<io::Result<Outcome<'p>>> = order.into_par_iter().map(publish).collect();
        stage(phrase!("pages"));
        let mut published = Published::default();
        let mut kept = BTreeSet::new();
        for outcome in outcomes {
            let (put, row) = match outcome? {
                Outcome::Stands(row) => (Put::Unchanged, File::Stands(row)),
                Outcome::Done(put, row, code) => {
                    published.code.extend(code);
                    (put, File::New(row))
                }
                // A page whose template failed keeps its last good file, if there is one of ours.
                Outcome::Failed(file, diagnostics) => {
                    published.diagnostics.extend(diagnostics);
                    kept.insert(file);
                    continue;
                }
            };
            published.diagnostics.extend(row.diagnostics.iter().cloned());
            match put {
                Put::Written => published.changes.made.push(row.file.clone()),
                Put::Replaced => published.changes.changed.push(row.file.clone()),
                Put::Unchanged => published.unchanged += 1,
                Put::Equal => {
                    let message = say!("{} stands in the output folder as it would be made, but was not made by sitegen", &row.file);
                    let hint = say!("it stays as it is from now on; delete it, and the next build makes its own");
                    published.diagnostics.push(Diagnostic::note("output-foreign", message).hint(hint));
                    published.unchanged += 1;
                    published.bytes += row.bytes;
                    continue;
                }
                Put::Foreign(foreign) => {
                    let message = say!("{} stands in the output folder and was not made by sitegen; it was left alone", foreign);
                    let hint = say!(
                        "move it away or delete it, then build again; if all there was made by sitegen once and only its list, `.sitegen-files`, is lost, empty the output folder"
                    );
                    published.diagnostics.push(Diagnostic::error("output-foreign", message).hint(hint));
                    continue;
                }
            }
            published.bytes += row.bytes;
            published.rows.push(row);
        }
        published.rows.par_sort_unstable_by(|a, b| a.file.cmp(&b.file));
        merge_repeated(&mut published.diagnostics);
        let ours: Vec<&str> = published.rows.iter().map(|row| row.file.as_str()).collect();
        let swept = sink.finish(&ours, &kept)?;
        published.changes.removed = swept.removed;
        let Changes { made, changed, removed } = &mut published.changes;
        for files in [made, changed, removed] {
            files.sort_unstable();
        }
        for (file, error) in swept.stuck {
            if is_of_the_world(&error) {
                return Err(error.into());
            }
            let message = say!("{} belongs to no page any more and could not be removed: {}", file, &error);
            published.diagnostics.push(Diagnostic::error("file-unwritable", message).hint(say!("let its folder be written to")));
        }
        stage(phrase!("sweep"));
        Ok(published)
    }

    /// The diagnostic, in the file that a page is made from, if that is one.
    pub fn at_source(&self, page: &Page, found: Diagnostic) -> Diagnostic {
        let source = match page {
            Page::Post(id) => &self.site.posts[*id].source,
            Page::Standalone(id) | Page::Section(id, _) => &self.site.pages[*id].source,
            Page::File(index) => &self.site.files[*index].0.path,
            Page::Redirect(to) => match self.plan.get(to) {
                Some(page @ (Page::Post(_) | Page::Standalone(_))) => return self.at_source(page, found),
                _ => return found,
            },
            _ => return found,
        };
        found.in_file(source.as_str())
    }

    /// Whether the site still gives an article's questions the answers it gave.
    fn answers_stand(&self, asked: &[Asked]) -> bool {
        asked.iter().all(|asked| self.site.by_source(&asked.post).is_some_and(|post| asked.question.answer(post, self) == asked.answer))
    }

    /// How long a page may take, so that a large one does not come last.
    fn weight(&self, page: &Page) -> u64 {
        match page {
            Page::Post(id) => u64::from(self.site.posts[*id].length.words),
            Page::Feed(_, Scope::Site) | Page::Sitemap | Page::Archive => 1_000_000,
            _ => 1_000,
        }
    }
}

/// The template of a page that asks for none.
fn layout_of(page: &Post) -> &'static str {
    if page.kind == Kind::Section { "list.html" } else { "page.html" }
}

/// What is said of a page that could not be made, since a file it is made from is gone by now or cannot be read.
pub fn unmade(route: &Route, error: &io::Error) -> Diagnostic {
    Diagnostic::error(UNREADABLE, say!("{} could not be made: {}", route.path(), error))
}

/// Feeds, sitemaps and canonical links need the site's address.
fn check_base(config: &Config) -> Option<Diagnostic> {
    (!config.base.is_absolute()).then(|| {
        let message = say!("the site has no address yet, so feeds, the sitemap and canonical links have paths only");
        Diagnostic::warning("base-url-missing", message).hint(say!("set `base_url: https://…` in site.yaml, or build with --base-url"))
    })
}

/// A template that fails on 10,000 pages is one mistake, and a language without syntax is one gap: each is reported once,
/// at its first place, with its number.
pub(crate) fn merge_repeated(diagnostics: &mut Vec<Diagnostic>) {
    Diagnostic::sort(diagnostics);
    let key = |diagnostic: &Diagnostic| match &*diagnostic.code {
        "template" => Some((
            diagnostic.path.clone(),
            diagnostic.place.as_ref().map(|place| (place.line, place.column)),
            diagnostic.message.to_string(),
        )),
        "code-language" | "output-foreign" => Some((None, None, diagnostic.message.to_string())),
        // Each of three feeds finds it.
        "feed-size" => Some((diagnostic.path.clone(), None, diagnostic.message.to_string())),
        _ => None,
    };
    let mut counts = BTreeMap::new();
    for repeated in diagnostics.iter().filter_map(key) {
        *counts.entry(repeated).or_insert(0_usize) += 1;
    }
    diagnostics.retain_mut(|diagnostic| {
        let Some(repeated) = key(diagnostic) else { return true };
        let Some(count) = counts.remove(&repeated) else { return false };
        if count > 1 {
            diagnostic.message = say!("{} ({} times)", std::mem::take(&mut diagnostic.message), count);
        }
        true
    });
}

/// A reference with its marks on their letters, if it is written otherwise: `e` and an accent instead of `é`.
fn composed(reference: &str) -> Option<String> {
    if reference.is_ascii() && !reference.contains('%') {
        return None;
    }
    let (path, rest) = split_path(reference);
    let path = decode(path);
    (!is_nfc(&path)).then(|| format!("{}{rest}", encode_path(&folder::name(&path))))
}

fn owned<'e>(text: String) -> Cow<'e, [u8]> {
    Cow::Owned(text.into_bytes())
}

impl Links for Edition {
    /// A reference to a source file (`../2023/x.md`) becomes the post's address; a path of this site gets the base path.
    fn resolve(&self, post: &Post, reference: &str) -> Option<String> {
        if has_scheme(reference) || reference.starts_with(['#', '?']) || reference.starts_with("//") {
            return None;
        }
        // Files have composed names (`folder::name`), so links have as well.
        if let Some(composed) = composed(reference) {
            let is_there = || relative::target(&composed, &self.config.base.href(&post.route), &self.plan, &self.config.base).is_some();
            return self.resolve(post, &composed).or_else(|| is_there().then(|| composed.clone()));
        }
        if let Some(address) = self.plan.beside(&self.site, &self.config, post, reference) {
            return Some(address);
        }
        let (path, rest) = split_path(reference);
        if [".md", ".markdown"].iter().any(|extension| path.ends_with(extension))
            && let Some(found) = self.by_reference(post, &decode(path))
        {
            return Some(format!("{}{rest}", self.href(found)));
        }
        if self.config.base.names_files() {
            let base = &self.config.base;
            let (to, rest) = relative::target(reference, &base.href(&post.route), &self.plan, base)?;
            return Some(format!("{}{rest}", base.file_href(&to)));
        }
        self.plan.local_href(&self.config, reference)
    }

    fn post_named(&self, name: &str) -> Option<(String, String)> {
        // Of posts of one name, the one at the path that is given.
        let at_path = name.contains('/').then(|| SourcePath::new(format!("{}/{name}.md", self.config.posts)));
        let stem = name.rsplit('/').next().unwrap_or(name);
        let post = at_path.and_then(|path| self.site.by_source(&path)).or_else(|| self.site.by_stem(stem))?;
        Some((self.href(post), post.title.clone()))
    }

    fn file(&self, post: &Post, reference: &str) -> Option<&source::Entry> {
        let composed = composed(reference);
        let reference = composed.as_deref().unwrap_or(reference);
        let base = &self.config.base;
        let beside = self.site.file_beside(post, reference).cloned();
        let route = beside.or_else(|| Some(relative::target(reference, &base.href(&post.route), &self.plan, base)?.0))?;
        let Some(Page::File(index)) = self.plan.get(&route) else { return None };
        Some(&self.site.files[*index].0)
    }

    fn image_size(&self, file: &source::Entry) -> Option<(usize, usize)> {
        image::size(&self.source.read_part(&file.path, 0..image::START).ok()?)
    }

    fn include(&self, name: &str) -> Option<String> {
        self.site.includes.get(name).cloned()
    }
}

impl Edition {
    /// What an article holds to reach another post.
    fn href(&self, post: &Post) -> String {
        let base = &self.config.base;
        if base.names_files() { base.file_href(&post.route) } else { format!("{}{}", base.path(), post.href()) }
    }

    /// The post that a path means: from the post's own folder, or from the site's root.
    fn by_reference(&self, post: &Post, path: &str) -> Option<&Post> {
        let folder = post.source.as_str().rsplit_once('/').map_or("", |(folder, _)| folder);
        let mut segments: Vec<&str> = if path.starts_with('/') { Vec::new() } else { folder.split('/').collect() };
        for segment in path.split('/') {
            match segment {
                "" | "." => {}
                ".." => {
                    segments.pop();
                }
                segment => segments.push(segment),
            }
        }
        self.site.by_source(&SourcePath::new(segments.join("/"))).or_else(|| self.site.by_source(&SourcePath::new(path)))
    }
}
