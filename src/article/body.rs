//! Bodies as their pages show them, but for what the site answers: written once, when the card is
//! read, and kept for as long as the file and what decides how it is written are the same.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeMap;

use chinese_markdown::gap::{GappedHtml, Gaps};
use chinese_markdown::html_writer::{self, Heading, Labels, Writing, Written};
use chinese_markdown::{Document, Placed, RawHtml, html};
use serde::{Deserialize, Serialize};

use super::asking::Asking;
use super::scope::PostScope;
use super::{AnsweredQuestion, Article, SiteLinks};
use crate::config::Config;
use crate::diagnostic::{Diagnostic, LineIndex, Severity};
use crate::digest::{Digest, Digester};
use crate::findings;
use crate::front_matter::KNOWN_KEYS;
use crate::highlight::Blocks;
use crate::post::{self, Format, Post, ReadBody};
use crate::source::SourcePath;

/// What the ids of themes begin with, which no heading of an article may have.
pub(super) const IDS_OF_THEMES: [&str; 3] = ["sg-", "su-", "zhi-"];

/// A body as its page shows it, but for what the site answers.
#[derive(Clone, Debug, Default)]
pub struct ArticleBody {
    html: GappedHtml,
    notes: BodyNotes,
}

/// What is known of a body besides its HTML.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct BodyNotes {
    outline: Vec<Heading>,
    diagnostics: Vec<Diagnostic>,
    /// What names in it asked of the site before it was parsed: it is this body while the answers
    /// are these.
    asked: Vec<AnsweredQuestion>,
    /// The blocks of code in it that were marked up.
    code: Vec<Digest>,
}

/// A body that was just written.
#[derive(Debug)]
pub struct NewBody {
    pub body: ArticleBody,
    /// Whether another build may use it: whether it follows from its file and its questions.
    pub is_lasting: bool,
}

impl ArticleBody {
    /// Returns the article of `post` with the answers that the site gives now.
    pub fn article(self, post: &Post, links: &dyn SiteLinks) -> Article {
        let ArticleBody { html, notes: BodyNotes { outline, diagnostics, asked, code } } = self;
        let asking = Asking::new(post, links);
        let html = html.filled(&asking);
        let asked = asking.finish().into_iter().chain(asked).collect();
        Article { html, outline, diagnostics, asked, code }
    }

    /// Returns the text that it shows, a line for each block.
    pub fn text(&self, code: html::CodeBlocks) -> String {
        html::shown_lines(&self.html.html, code)
    }

    /// Returns whether the site gives the answers that the body was written with.
    pub fn stands(&self, post: &Post, links: &dyn SiteLinks) -> bool {
        self.notes.asked.iter().all(|asked| asked.question.answer(post, links) == asked.answer)
    }

    /// Returns the body as it is written down: its HTML, which is nearly all of it, as it is.
    pub fn encoded(&self) -> Option<Vec<u8>> {
        let notes = postcard::to_allocvec(&(&self.html.gaps, &self.notes)).ok()?;
        let length = u32::try_from(notes.len()).ok()?;
        Some([&length.to_le_bytes()[..], &notes, self.html.html.as_bytes()].concat())
    }

    /// Reads what was [`encoded`](ArticleBody::encoded).
    pub fn decoded(bytes: &[u8]) -> Option<ArticleBody> {
        let (length, rest) = bytes.split_first_chunk()?;
        let (notes, html) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
        let (gaps, notes) = postcard::from_bytes(notes).ok()?;
        let html = simdutf8::basic::from_utf8(html).ok()?.to_owned();
        Some(ArticleBody { html: GappedHtml { html, gaps }, notes })
    }
}

/// What bodies are written with.
pub struct BodyWriter<'a> {
    config: &'a Config,
    labels: &'a Labels,
    code: &'a Blocks,
    digest: Digest,
}

impl<'a> BodyWriter<'a> {
    pub fn new(config: &'a Config, labels: &'a Labels, code: &'a Blocks) -> BodyWriter<'a> {
        let digest = Digester::new().digest(config.reading).value(labels).finish();
        BodyWriter { config, labels, code, digest }
    }

    /// Returns the digest of all that a body follows from: of what it is written with, and of its
    /// file.
    pub fn key(&self, path: &SourcePath, content: Digest) -> Digest {
        Digester::new().digest(self.digest).bytes(path.as_str()).digest(content).finish()
    }

    /// Writes the body of `post` as it was parsed for the card; none where it says something else
    /// when the site is known.
    pub fn of_card(&self, post: &Post, read: ReadBody<'_>, content: Digest) -> Option<ArticleBody> {
        let ReadBody { text, start, parsed, findings, is_provisional } = read;
        if is_provisional {
            return None;
        }
        let body = self.written(post, content, text, start, findings, |writing| {
            parsed.map_or_else(
                || html_writer::write_html(&text[start..], writing),
                |parsed| html_writer::write(parsed, writing),
            )
        });
        Some(body)
    }

    /// Writes the body of `post`, whose file holds `bytes`.
    pub fn of_file(&self, post: &Post, bytes: &[u8], links: &dyn SiteLinks) -> NewBody {
        let (text, start) = match post::open(bytes, &KNOWN_KEYS) {
            Ok((text, split, _)) => (text, split.body),
            Err(why) => {
                // The card was read from the same file, so it changed since then.
                let diagnostics = vec![why.in_file(post.source.as_str())];
                let notes = BodyNotes { diagnostics, ..BodyNotes::default() };
                let body = ArticleBody { notes, ..ArticleBody::default() };
                return NewBody { body, is_lasting: false };
            }
        };
        let content = Digest::of(bytes);
        let source = &text[start..];
        if post.format == Format::Html {
            let write = |writing: &Writing<'_>| html_writer::write_html(source, writing);
            let body = self.written(post, content, &text, start, Vec::new(), write);
            return NewBody { body, is_lasting: true };
        }
        let asking = Asking::new(post, links);
        let scope = PostScope::new(post, self.config, &asking);
        let syntax =
            post::syntax(self.config, post.math, post.breaks, post.structure, Some(&scope));
        let (document, findings) = Document::prepare(source, &syntax);
        let mut body = self.written(post, content, &text, start, findings, |writing| {
            html_writer::write(&document.parse(), writing)
        });
        let is_lasting = !scope.names_values();
        body.notes.asked = asking.finish();
        NewBody { body, is_lasting }
    }

    /// Returns the body as `write` writes it. `content` is the digest of the file, so no text can
    /// hold it.
    fn written(
        &self,
        post: &Post,
        content: Digest,
        text: &str,
        start: usize,
        mut findings: Vec<Placed>,
        write: impl FnOnce(&Writing<'_>) -> Written,
    ) -> ArticleBody {
        let shown: RefCell<Vec<Digest>> = RefCell::default();
        let highlight = |language: &str, code: &str| {
            self.code.highlight(language, code, &mut shown.borrow_mut())
        };
        let gaps = Gaps::new(&content.to_string());
        let writing = Writing {
            id: &post.key,
            reserved_ids: &IDS_OF_THEMES,
            title: &post.title,
            raw_html: self.config.raw_html,
            highlight: if self.config.highlight { Some(&highlight) } else { None },
            gaps: Some(&gaps),
            ..Writing::new(self.labels, self.config.base.own_host())
        };
        let Written { html, outline, findings: written } = write(&writing);
        findings.extend(written);
        let html = tidy(html, post.format, self.config.raw_html);
        // Raw pages may hold `<p>` in a script.
        let is_anchored = self.config.raw_html != RawHtml::Raw;
        let html = if is_anchored { html::anchor_paragraphs(&html) } else { html };
        let notes = BodyNotes {
            outline,
            diagnostics: told(findings, text, start, post),
            asked: Vec::new(),
            code: shown.take(),
        };
        ArticleBody { html: gaps.cut_out(html), notes }
    }
}

/// Lets HTML end with one line break. A raw page stays as it is.
pub(super) fn tidy(mut html: String, format: Format, raw: RawHtml) -> String {
    if !(format == Format::Html && raw == RawHtml::Raw) {
        html.truncate(html.trim_end().len());
        html.push('\n');
    }
    html
}

/// Findings with their places, so many of each kind as anybody will read; the rest is counted.
fn told(findings: Vec<Placed>, text: &str, body: usize, post: &Post) -> Vec<Diagnostic> {
    /// Of one kind in one post.
    const TOLD: usize = 50;
    if findings.is_empty() {
        return Vec::new();
    }
    let lines = LineIndex::new(text);
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
                    .within(&lines, body + range.start..body + range.end)
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
