//! An edition: one state of the site, ready to be rendered page by page.
//!
//! Build, preview, check and deploy share it; nothing here asks which of them is running.

mod links;
mod publish;
mod search;

use std::borrow::Cow;
use std::io;
use std::sync::{Arc, OnceLock};

pub(crate) use publish::merge_repeated;
pub use publish::{OutputChanges, Published};

use jiff::Timestamp;

use crate::article::{AnsweredQuestion, BodyWriter};
use crate::bodies::{Bodies, BodyStore};
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Failure};
use crate::digest::{Digest, Digester};
use crate::highlight::Blocks;
use crate::keywords::Keywords;
use crate::ledger::{Derivations, Derived, Ledger, LedgerWriter, encoded};
use crate::page::{
    self, Catalogue, CatalogueCache, Material, Page, RenderResources, Renderer, Templates,
};
use crate::plan::{Plan, Planner, RouteRole, missing_covers};
use crate::post::Post;
use crate::route::Route;
use crate::search::{IndexStore, SearchIndex};
use crate::site::{AddressPlaces, CardReader, RelatedPosts, Site};
use crate::source::{Source, UNREADABLE};
use crate::theme::{Asset, Theme, ThemeFiles};
use chinese_markdown::html_writer::Labels;

/// A site with its plan and its theme.
pub struct Edition {
    pub config: Config,
    /// The present: which posts wait for their time.
    pub now: Timestamp,
    pub site: Site,
    pub plan: Arc<Plan>,
    /// What stands at each route of the plan.
    pub pages: Arc<Vec<Page>>,
    /// What was found in it.
    in_plan: Vec<Diagnostic>,
    theme: Theme,
    kept: CatalogueCache,
    pub related: RelatedPosts,
    labels: Labels,
    /// Code that was marked up before.
    pub code: Arc<Blocks>,
    /// Bodies that were written before.
    pub bodies: Arc<BodyStore>,
    /// Indexes that were made before.
    pub indexes: Arc<IndexStore>,
    index: OnceLock<SearchIndex>,
    /// What an index was made of again, where what was kept of it is gone.
    index_again: OnceLock<IndexStore>,
    source: Arc<dyn Source>,
}

/// What was found out before and need not be again. None of it changes a byte.
pub struct Shortcuts<'a> {
    /// What the last build, or the edition before, read.
    pub past: &'a Ledger,
    /// Code that was marked up before.
    pub code: Arc<Blocks>,
    /// Bodies that were written before.
    pub bodies: Arc<BodyStore>,
    /// Indexes that were made before.
    pub indexes: Arc<IndexStore>,
    /// The edition before.
    pub before: Option<&'a Edition>,
}

/// The bytes of a page, or none where its template failed, and what was found on the way.
#[derive(Default)]
pub struct Rendered<'e> {
    pub bytes: Option<Cow<'e, [u8]>>,
    pub diagnostics: Vec<Diagnostic>,
    /// What its articles asked of the site.
    pub asked: Vec<AnsweredQuestion>,
    /// The code in them that was marked up.
    pub code: Vec<Digest>,
}

impl Rendered<'_> {
    fn failed(defect: Diagnostic) -> Self {
        Rendered { diagnostics: vec![defect], ..Rendered::default() }
    }
}

impl Edition {
    /// Reads all cards and the theme and lays out the plan. What is the same as in the edition
    /// `before` is taken from there. `stage` is called when each stage is done.
    pub fn open(
        source: Arc<dyn Source>,
        config: Config,
        now: Timestamp,
        keywords: &Keywords,
        known: Shortcuts<'_>,
        next: &mut LedgerWriter<'_>,
        stage: &mut (dyn FnMut(&'static str) + Send),
    ) -> Result<(Edition, Vec<Diagnostic>), Failure> {
        let Shortcuts { past, code, bodies, indexes, before } = known;
        let before = before.filter(|before| before.config.digest == config.digest);
        let files = ThemeFiles::read(&*source, &config)?;
        let labels = files.labels();
        let reader = CardReader {
            source: &*source,
            config: &config,
            now,
            keywords,
            past,
            bodies: Some(Bodies {
                writer: BodyWriter::new(&config, &labels, &code),
                store: &bodies,
            }),
        };
        let layout_before = before.map(|before| &before.site.layout);
        let (theme, gathered) = rayon::join(
            || Theme::load(files, &config, page::templates()),
            || Site::gather(&reader, next, layout_before),
        );
        let (mut theme, mut diagnostics) = theme?;
        let (site, found) = gathered?;
        diagnostics.extend(found);
        stage(phrase!("cards"));
        let is_same = |before: &&Edition| {
            Arc::ptr_eq(&before.site.layout, &site.layout) && before.has_same_assets(&theme)
        };
        let made_of = plan_made_of(&site, &theme);
        let (plan, pages, in_plan) = match before.filter(is_same) {
            Some(before) => (before.plan.clone(), before.pages.clone(), before.in_plan.clone()),
            None => stored_plan(made_of, past)
                .unwrap_or_else(|| lay_out(&site, &config, &theme, &*source)),
        };
        diagnostics.extend(in_plan.iter().cloned());
        diagnostics.extend(missing_covers(&plan, &*source, &site, &config));
        diagnostics.extend(check_base(&config));
        stage(phrase!("plan"));
        let (globals, fields) =
            page::globals(Material { site: &site, config: &config, theme: &theme });
        theme.tera.global_context().extend(globals);
        let templates = Templates::new(&theme, &fields);
        // Which posts are related costs half as much as rendering them: it is not asked where no
        // template shows it.
        let is_shown = templates.mention("related");
        let related =
            RelatedPosts::new(&config, is_shown, &site, before.map(|before| &before.related));
        let kept = CatalogueCache::new(
            Material { site: &site, config: &config, theme: &theme },
            templates,
        );
        stage(phrase!("views"));
        let edition = Edition {
            config,
            now,
            site,
            plan,
            pages,
            in_plan,
            theme,
            kept,
            related,
            labels,
            code,
            bodies,
            indexes,
            index: OnceLock::new(),
            index_again: OnceLock::new(),
            source,
        };
        Ok((edition, diagnostics))
    }

    /// Returns what is made of all cards, as the ledger keeps it: as it was, where it is the same.
    pub fn derived<'p>(&self, past: &'p Ledger) -> io::Result<Derivations<'p>> {
        let made_of = plan_made_of(&self.site, &self.theme);
        let plan = match past.derived(Derived::Plan, made_of) {
            // Findings name lines of files, and those may change while the plan stays the same.
            _ if !self.in_plan.is_empty() => Cow::default(),
            Some((stored, _)) => Cow::Borrowed(stored),
            None => Cow::Owned(encoded(&(made_of, &*self.plan, &*self.pages))?),
        };
        let layout = self.site.layout.to_stored(past)?;
        Ok(Derivations([layout, plan, self.related.stored(&self.site, past)?]))
    }

    /// Returns the source that the edition was read from.
    pub fn source(&self) -> &Arc<dyn Source> {
        &self.source
    }

    /// Returns the theme's style sheets, scripts and pictures.
    pub fn assets(&self) -> &[Asset] {
        &self.theme.assets
    }

    fn has_same_assets(&self, theme: &Theme) -> bool {
        self.theme
            .assets
            .iter()
            .map(|asset| &asset.route)
            .eq(theme.assets.iter().map(|asset| &asset.route))
    }

    /// Returns the site as pages select from it.
    pub fn catalogue(&self) -> Catalogue<'_> {
        self.kept.catalogue(self.material(), &self.plan, &self.related)
    }

    fn material(&self) -> Material<'_> {
        Material { site: &self.site, config: &self.config, theme: &self.theme }
    }

    /// Renders the page at a place of the plan. It needs no other page's bytes.
    pub fn render(&self, at: usize) -> io::Result<Rendered<'_>> {
        let resources = RenderResources {
            config: &self.config,
            theme: &self.theme,
            plan: &self.plan,
            source: &*self.source,
            links: self,
            labels: &self.labels,
            code: &self.code,
            bodies: &self.bodies,
        };
        let mut renderer = Renderer::new(resources, &self.plan.routes[at].0);
        let bytes = self.pages[at].render(self.catalogue(), &mut renderer)?;
        let Renderer { diagnostics, asked, code, .. } = renderer;
        Ok(Rendered { bytes, diagnostics, asked, code })
    }

    /// Gives what was kept of bodies its name, and leaves out those of no post.
    pub fn keep_bodies(&self) -> io::Result<()> {
        let writer = BodyWriter::new(&self.config, &self.labels, &self.code);
        let posts = self.site.posts.iter().chain(&self.site.pages);
        self.bodies.finish(|| posts.map(|post| writer.key(&post.source, post.content)).collect())
    }

    /// Returns the posts whose bodies the page at a place of the plan shows: these are read when it
    /// is rendered.
    pub fn bodies(&self, at: usize) -> Vec<&Post> {
        self.pages[at].bodies(self.material())
    }

    /// Returns the diagnostic, in the file that a page is made from, if that is one.
    pub fn at_source(&self, role: &RouteRole, found: Diagnostic) -> Diagnostic {
        let source = match role {
            RouteRole::Article(id) => &self.site.posts[*id].source,
            RouteRole::Standalone(id) | RouteRole::Section(id) => &self.site.pages[*id].source,
            RouteRole::File(index) => &self.site.files[*index].0.path,
            RouteRole::Redirect(to) => match self.plan.get(to) {
                Some(role @ (RouteRole::Article(_) | RouteRole::Standalone(_))) => {
                    return self.at_source(role, found);
                }
                _ => return found,
            },
            _ => return found,
        };
        found.in_file(source.as_str())
    }
}

/// Digest of all that a plan follows from, under one configuration.
fn plan_made_of(site: &Site, theme: &Theme) -> Digest {
    let mut digester = Digester::new();
    digester.digest(site.layout.digest);
    for asset in &theme.assets {
        digester.value(&asset.route);
    }
    digester.finish()
}

/// Returns the plan that an earlier build wrote down, if it is the same.
fn stored_plan(made_of: Digest, past: &Ledger) -> Option<LaidOut> {
    let (_, stored) = past.derived(Derived::Plan, made_of)?;
    let (plan, pages) = postcard::from_bytes(stored).ok()?;
    Some((Arc::new(plan), Arc::new(pages), Vec::new()))
}

/// A plan, the pages in its order, and what was found.
type LaidOut = (Arc<Plan>, Arc<Vec<Page>>, Vec<Diagnostic>);

/// Plans all pages. Posts, pages and static files have their addresses already; generated pages
/// take those that are left.
fn lay_out(site: &Site, config: &Config, theme: &Theme, source: &dyn Source) -> LaidOut {
    let claims = site.claims(config.case);
    let places = AddressPlaces::new(source, config);
    let mut planner = Planner::new(claims, &places);
    page::plan(Material { site, config, theme }, &mut planner);
    let (plan, pages, found) = planner.finish();
    (Arc::new(plan), Arc::new(pages), found)
}

/// Returns what is said of a page that could not be made, since a file it is made from is gone by
/// now or cannot be read.
pub fn unmade(route: &Route, error: &io::Error) -> Diagnostic {
    Diagnostic::error(UNREADABLE, say!("{} could not be made: {}", route.path(), error))
}

/// Feeds, sitemaps and canonical links need the site's address.
fn check_base(config: &Config) -> Option<Diagnostic> {
    (!config.base.is_absolute()).then(|| {
        let message = say!(
            "the site has no address yet, so feeds, the sitemap and canonical links have paths only"
        );
        Diagnostic::warning("base-url-missing", message)
            .hint(say!("set `base_url: https://…` in site.yaml, or build with --base-url"))
    })
}
