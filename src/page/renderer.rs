//! What makes a page of its inputs: bodies and templates, and nothing of the site around them.

use std::io;

use tera::Context;

use super::card::CardBody;
use super::source_bytes::SourceBytes;
use crate::article::{self, AnsweredQuestion, Article, BodyWriter, SiteLinks};
use crate::bodies::{Bodies, BodyStore};
use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::digest::Digest;
use crate::highlight::Blocks;
use crate::plan::Plan;
use crate::relative;
use crate::route::Route;
use crate::source::{Source, SourcePath};
use crate::theme::Theme;
use chinese_markdown::html_writer::Labels;

/// Room for a page: the median of ours is 20 KB.
const PAGE_BYTES: usize = 32 * 1024;

/// What all pages of a site are made with.
#[derive(Clone, Copy)]
pub struct RenderResources<'e> {
    pub config: &'e Config,
    pub theme: &'e Theme,
    pub plan: &'e Plan,
    pub source: &'e dyn Source,
    /// Answers what bodies ask of the site.
    pub links: &'e dyn SiteLinks,
    pub labels: &'e Labels,
    /// Code that was marked up before.
    pub code: &'e Blocks,
    /// Bodies that were written before.
    pub bodies: &'e BodyStore,
}

/// Makes one page, and keeps what is found on the way.
pub struct Renderer<'e> {
    resources: RenderResources<'e>,
    pub route: &'e Route,
    pub config: &'e Config,
    pub theme: &'e Theme,
    pub diagnostics: Vec<Diagnostic>,
    /// What bodies asked of the site.
    pub asked: Vec<AnsweredQuestion>,
    /// The code in them that was marked up.
    pub code: Vec<Digest>,
}

impl<'e> Renderer<'e> {
    /// Returns a renderer for the page at `route`.
    pub fn new(resources: RenderResources<'e>, route: &'e Route) -> Renderer<'e> {
        let RenderResources { config, theme, .. } = resources;
        Renderer {
            resources,
            route,
            config,
            theme,
            diagnostics: Vec::new(),
            asked: Vec::new(),
            code: Vec::new(),
        }
    }

    /// Returns the bytes of a file that is among the inputs of the page.
    pub(super) fn bytes(&self, file: &SourceBytes<'_>) -> io::Result<Vec<u8>> {
        self.read(file.path())
    }

    fn read(&self, path: &SourcePath) -> io::Result<Vec<u8>> {
        self.resources
            .source
            .read(path)
            .map_err(|error| io::Error::new(error.kind(), say!("{}: {}", path.as_str(), &error)))
    }

    /// Renders a body for its own page.
    pub(super) fn article(&mut self, body: &CardBody<'_>) -> io::Result<Article> {
        let RenderResources { config, labels, links, code, bodies, .. } = self.resources;
        let bodies = Bodies { writer: BodyWriter::new(config, labels, code), store: bodies };
        let post = body.post();
        let written = bodies.body(post, || self.read(&post.source), links)?;
        let mut article = written.article(post, links);
        self.diagnostics.append(&mut article.diagnostics);
        self.asked.append(&mut article.asked);
        self.code.append(&mut article.code);
        Ok(article)
    }

    /// Renders a body for an entry of a feed, and returns with it how many bytes its file has. What
    /// is found in it is told by its page.
    pub(super) fn entry(&mut self, body: &CardBody<'_>) -> io::Result<(String, usize)> {
        let bytes = self.read(body.source())?;
        let RenderResources { config, labels, links, .. } = self.resources;
        let (html, asked) = article::entry(body.post(), &bytes, config, labels, links);
        self.asked.extend(asked);
        Ok((html, bytes.len()))
    }

    /// Returns a word of the theme with values put in: `{n}`.
    pub(super) fn phrase(&self, key: &str, values: &[(&str, String)]) -> String {
        let mut text = self.theme.word(key);
        for (name, value) in values {
            text = text.replace(&format!("{{{name}}}"), value);
        }
        text
    }

    /// Runs a template; a failure is a diagnostic of the template. Bytes, since making a text of
    /// them would look at each again.
    pub(super) fn fill(&mut self, template: &str, context: &Context) -> Option<Vec<u8>> {
        let mut html = Vec::with_capacity(PAGE_BYTES);
        match self.theme.tera.render_to(template, context, &mut html) {
            Ok(()) if self.config.base.names_files() => Some(self.with_relative_links(html)),
            Ok(()) => Some(html),
            Err(error) => {
                self.diagnostics.extend(self.theme.explain(&error));
                None
            }
        }
    }

    fn with_relative_links(&mut self, html: Vec<u8>) -> Vec<u8> {
        // The page for missing addresses is shown at any of them.
        let from = if self.route.file() == "404.html" {
            relative::From::Root
        } else {
            relative::From::Page
        };
        let text = String::from_utf8_lossy(&html);
        match relative::rewrite(&text, self.route, from, self.resources.plan, &self.config.base) {
            Ok(rewritten) => rewritten.into_bytes(),
            Err(why) => {
                let message =
                    say!("the links of {} could not be made relative: {}", self.route.path(), why);
                self.diagnostics.push(
                    Diagnostic::error("links", message)
                        .hint(say!("see whether its template writes whole elements")),
                );
                html
            }
        }
    }
}
