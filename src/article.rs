//! An article: the body of one post, rendered for its own page or for a feed. Lives only as long as
//! that takes.
//!
//! `body` is what a post's page shows of it but for the site's answers, `asking` asks for these and
//! remembers them, `scope` is what names in a post mean, `entry` writes bodies for feeds.

mod asking;
mod body;
mod entry;
mod scope;

use std::ops::Range;

use chinese_markdown::html_writer::Heading;
use chinese_markdown::{Document, html};
use serde::{Deserialize, Serialize};

use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::digest::{Digest, Digester};
use crate::front_matter::KNOWN_KEYS;
use crate::post::{self, Format, Post};
use crate::source::{SourceFile, SourcePath};

use asking::Asking;
pub use body::{ArticleBody, BodyWriter, NewBody};
pub use entry::entry;
use scope::PostScope;

/// What an article may ask of the site around it.
pub trait SiteLinks {
    /// Returns the href for an address written in a post; `None` keeps it as written.
    fn resolve(&self, post: &Post, reference: &str) -> Option<String>;
    /// Returns the post of a name.
    fn post_named(&self, name: &str) -> Option<NamedPost>;
    /// Returns the file of the site that a reference in `post` means.
    fn file(&self, post: &Post, reference: &str) -> Option<&SourceFile>;
    /// Width and height of an image.
    fn image_size(&self, file: &SourceFile) -> Option<(usize, usize)>;
    /// Returns the text of an include of the site.
    fn include(&self, name: &str) -> Option<String>;
}

/// A post that an article calls by its name.
#[derive(Clone, Debug, Serialize)]
pub struct NamedPost {
    pub href: String,
    pub title: String,
    /// The files that the name may mean, its own among them, where there are several.
    pub rivals: Vec<String>,
}

/// A question of an article's.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Question {
    Resolve(String),
    PostNamed(String),
    Image(String),
    Include(String),
}

impl Question {
    /// Returns the digest of the answer that `links` gives now.
    pub fn answer(&self, post: &Post, links: &dyn SiteLinks) -> Digest {
        let mut digester = Digester::new();
        match self {
            Question::Resolve(reference) => digester.optional(links.resolve(post, reference)),
            Question::PostNamed(name) => digester.value(&links.post_named(name)),
            // Another file may have another size.
            Question::Image(reference) => {
                digester.value(&links.file(post, reference).map(|file| (&file.path, file.stamp)))
            }
            Question::Include(name) => digester.optional(links.include(name)),
        };
        digester.finish()
    }
}

/// A question with the digest of its answer. Questions are the one dependency of a page that only
/// rendering it tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnsweredQuestion {
    /// The post whose article asked.
    pub post: SourcePath,
    pub question: Question,
    pub answer: Digest,
}

/// A rendered body.
#[derive(Clone, Debug, Default)]
pub struct Article {
    pub html: String,
    pub outline: Vec<Heading>,
    pub diagnostics: Vec<Diagnostic>,
    /// What it asked of the site.
    pub asked: Vec<AnsweredQuestion>,
    /// The blocks of code in it that were marked up.
    pub code: Vec<Digest>,
}

/// Returns the addresses that the body of `post` links to and shows, as they are written, with
/// their places in the file. `bytes` are those of the file.
pub fn references(
    post: &Post,
    bytes: &[u8],
    config: &Config,
    links: &dyn SiteLinks,
) -> Vec<html::Reference<'static>> {
    let Ok((text, split, _)) = post::open(bytes, &KNOWN_KEYS) else { return Vec::new() };
    let source = &text[split.body..];
    let owned = |found: html::Reference<'_>, range: Range<usize>| html::Reference {
        address: found.address.into_owned().into(),
        is_shown: found.is_shown,
        range: split.body + range.start..split.body + range.end,
    };
    match post.format {
        Format::Html => {
            html::references(source).map(|found| owned(found.clone(), found.range)).collect()
        }
        Format::Markdown => {
            let asking = Asking::new(post, links);
            let scope = PostScope::new(post, config, &asking);
            let (document, _) = Document::prepare(
                source,
                &post::syntax(config, post.math, post.breaks, post.structure, Some(&scope)),
            );
            let original =
                |range: Range<usize>| document.original(range.start)..document.original(range.end);
            document
                .references()
                .into_iter()
                .map(|found| owned(found.clone(), original(found.range)))
                .collect()
        }
    }
}
