//! An article: the body of one post, rendered for its own page or for a feed. Lives only as long as
//! that takes.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap, btree_map};
use std::ops::Range;

use chinese_markdown::html_writer::{self, Heading, Labels, Writing, Written};
use chinese_markdown::reference::has_scheme;
use chinese_markdown::{Document, Placed, RawHtml, html, liquid};
use serde::{Deserialize, Serialize};

use crate::config::Config;
use crate::diagnostic::{Diagnostic, LineIndex, Severity};
use crate::digest::{Digest, Digester};
use crate::findings;
use crate::front_matter::KNOWN_KEYS;
use crate::highlight::{Blocks, ShownBlock};
use crate::post::{self, Format, Post};
use crate::source::{SourceFile, SourcePath};

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

/// What the ids of themes begin with, which no heading of an article may have.
const IDS_OF_THEMES: [&str; 3] = ["sg-", "su-", "zhi-"];

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

/// Passes questions on and remembers them.
struct Asking<'a> {
    post: &'a Post,
    links: &'a dyn SiteLinks,
    asked: RefCell<BTreeMap<Question, Digest>>,
}

impl<'a> Asking<'a> {
    fn new(post: &'a Post, links: &'a dyn SiteLinks) -> Asking<'a> {
        Asking { post, links, asked: RefCell::default() }
    }

    fn note(&self, question: Question) {
        // A post may ask the same a hundred thousand times.
        if let btree_map::Entry::Vacant(place) = self.asked.borrow_mut().entry(question) {
            let answer = place.key().answer(self.post, self.links);
            place.insert(answer);
        }
    }

    fn resolve(&self, reference: &str) -> Option<String> {
        let answer = self.links.resolve(self.post, reference);
        // Addresses of other sites are as they are, whatever stands on this one.
        if !has_scheme(reference)
            && !reference.starts_with(['#', '?'])
            && !reference.starts_with("//")
        {
            self.note(Question::Resolve(reference.to_owned()));
        }
        answer
    }

    fn post_named(&self, name: &str) -> Option<NamedPost> {
        self.note(Question::PostNamed(name.to_owned()));
        self.links.post_named(name)
    }

    fn image_size(&self, reference: &str) -> Option<(usize, usize)> {
        if has_scheme(reference) || reference.starts_with("//") {
            return None;
        }
        self.note(Question::Image(reference.to_owned()));
        self.links.image_size(self.links.file(self.post, reference)?)
    }

    fn include(&self, name: &str) -> Option<String> {
        self.note(Question::Include(name.to_owned()));
        self.links.include(name)
    }

    fn finish(self) -> Vec<AnsweredQuestion> {
        let asked = |(question, answer)| AnsweredQuestion {
            post: self.post.source.clone(),
            question,
            answer,
        };
        self.asked.into_inner().into_iter().map(asked).collect()
    }
}

/// Where an article will be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Destination {
    Page,
    /// Addresses must be full there, and inline images are left out.
    Feed,
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
    pub code: Vec<ShownBlock>,
}

/// Renders the body of `post`, whose file holds `bytes`.
pub fn render(
    post: &Post,
    bytes: &[u8],
    config: &Config,
    labels: &Labels,
    links: &dyn SiteLinks,
    blocks: &Blocks,
    destination: Destination,
) -> Article {
    let (text, body) = match post::open(bytes, &KNOWN_KEYS) {
        Ok((text, split, _)) => (text, split.body),
        Err(diagnostic) => {
            // The card was read from the same file, so it changed since then.
            return Article {
                diagnostics: vec![diagnostic.in_file(post.source.as_str())],
                ..Article::default()
            };
        }
    };
    let asking = Asking::new(post, links);
    let page_href = config.base.href(&post.route);
    let resolve = |reference: &str| {
        let resolved = asking.resolve(reference);
        match destination {
            Destination::Page => resolved,
            Destination::Feed => {
                Some(config.base.resolve(&page_href, resolved.as_deref().unwrap_or(reference)))
            }
        }
    };
    // An article may show one picture a thousand times.
    let sizes: RefCell<HashMap<String, Option<(usize, usize)>>> = RefCell::default();
    let image_size = |reference: &str| {
        if destination == Destination::Feed {
            return None;
        }
        if let Some(known) = sizes.borrow().get(reference) {
            return *known;
        }
        let size = asking.image_size(reference);
        sizes.borrow_mut().insert(reference.to_owned(), size);
        size
    };
    let shown: RefCell<Vec<ShownBlock>> = RefCell::default();
    let highlight =
        |language: &str, code: &str| blocks.highlight(language, code, &mut shown.borrow_mut());
    let writing = Writing {
        id: &post.key,
        reserved_ids: &IDS_OF_THEMES,
        title: &post.title,
        raw_html: config.raw_html,
        highlight: if config.highlight && destination == Destination::Page {
            Some(&highlight)
        } else {
            None
        },
        labels,
        for_feed: destination == Destination::Feed,
        own_host: config.base.own_host(),
        resolve: &resolve,
        image_size: &image_size,
    };
    let source = &text[body..];
    let (written, mut findings) = match post.format {
        Format::Html => (html_writer::write_html(source, &writing), Vec::new()),
        Format::Markdown => {
            let scope = PostScope { post, config, asking: &asking };
            let (document, findings) = Document::prepare(
                source,
                &post::syntax(config, post.math, post.breaks, post.structure, Some(&scope)),
            );
            (html_writer::write(&document, &writing), findings)
        }
    };
    let Written { html, outline, findings: written_findings } = written;
    findings.extend(written_findings);
    let diagnostics = if findings.is_empty() {
        Vec::new()
    } else {
        told(findings, &LineIndex::new(&text), body, post)
    };
    let html = tidy(html, post.format, config.raw_html);
    // Raw pages may hold `<p>` in a script.
    let anchored = destination == Destination::Page && config.raw_html != RawHtml::Raw;
    Article {
        html: if anchored { html::anchor_paragraphs(&html) } else { html },
        outline,
        diagnostics,
        asked: asking.finish(),
        code: shown.take(),
    }
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
            let scope = PostScope { post, config, asking: &asking };
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

/// Findings with their places, so many of each kind as anybody will read; the rest is counted.
fn told(findings: Vec<Placed>, lines: &LineIndex<'_>, body: usize, post: &Post) -> Vec<Diagnostic> {
    /// Of one kind in one post.
    const TOLD: usize = 50;
    let mut counts: BTreeMap<Cow<'static, str>, (usize, Severity)> = BTreeMap::new();
    let mut told = Vec::new();
    for (range, finding) in findings {
        let diagnostic = findings::diagnostic(finding);
        let (count, severity) =
            counts.entry(diagnostic.code.clone()).or_insert((0, diagnostic.severity));
        *count += 1;
        *severity = (*severity).min(diagnostic.severity);
        if *count <= TOLD {
            told.push(
                diagnostic
                    .within(lines, body + range.start..body + range.end)
                    .in_file(post.source.as_str()),
            );
        }
    }
    for (code, (count, severity)) in counts.into_iter().filter(|(_, (count, _))| *count > TOLD) {
        let message = say!("{} more of these are in this post", count - TOLD);
        told.push(Diagnostic {
            severity,
            code,
            message,
            hint: None,
            path: Some(post.source.to_string()),
            place: None,
        });
    }
    told
}

/// Lets HTML end with one line break. A raw page stays as it is.
fn tidy(mut html: String, format: Format, raw: RawHtml) -> String {
    if !(format == Format::Html && raw == RawHtml::Raw) {
        html.truncate(html.trim_end().len());
        html.push('\n');
    }
    html
}

/// The values that Liquid in a post may name.
struct PostScope<'a> {
    post: &'a Post,
    config: &'a Config,
    asking: &'a Asking<'a>,
}

impl liquid::Scope for PostScope<'_> {
    fn variable(&self, path: &str) -> Option<String> {
        let term = |name: &str| {
            let index = self.config.taxonomy(name)?;
            Some(self.post.terms[index].join(" "))
        };
        Some(match path {
            "site.baseurl" => self.config.base.path().to_owned(),
            "site.url" => self.config.base.absolute_href(""),
            "site.title" => self.config.title.clone(),
            "page.title" => self.post.title.clone(),
            "page.url" => self.post.url.clone(),
            "page.id" => self.post.id.clone(),
            "page.date" => self.post.date.as_ref()?.strftime("%Y-%m-%d %H:%M:%S %z").to_string(),
            "page.author" => term("authors")?,
            "page.tags" => term("tags")?,
            "page.categories" => term("categories")?,
            "page.excerpt" | "page.description" => self.post.summary.clone(),
            _ => {
                let value = self.post.extra.get(path.strip_prefix("page.")?)?;
                match value {
                    serde_yaml::Value::String(text) => text.clone(),
                    serde_yaml::Value::Number(number) => number.to_string(),
                    serde_yaml::Value::Bool(on) => on.to_string(),
                    _ => return None,
                }
            }
        })
    }

    fn post_url(&self, name: &str) -> Option<String> {
        self.asking.post_named(name).map(|post| post.href)
    }

    fn post_title(&self, name: &str) -> Option<String> {
        self.asking.post_named(name).map(|post| post.title)
    }

    fn rivals(&self, name: &str) -> Vec<String> {
        self.asking.post_named(name).map_or_else(Vec::new, |post| post.rivals)
    }

    fn link(&self, path: &str) -> Option<String> {
        // Where posts lie in another folder than `_posts`, their names are enough.
        let stem =
            || [".md", ".markdown", ".html"].iter().find_map(|ending| path.strip_suffix(ending));
        self.asking.resolve(path).or_else(|| self.post_url(stem()?))
    }

    fn include(&self, name: &str) -> Option<String> {
        self.asking.include(name)
    }
}
