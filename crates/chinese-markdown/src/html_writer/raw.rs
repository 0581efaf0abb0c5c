//! Raw HTML among Markdown, and bodies that are HTML throughout.

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::{Event, TagEnd};

use super::code::sealed;
use super::{Writer, Writing, Written, seal_of};
use crate::highlighted::{Highlighted, Markup};
use crate::html::RawHtml;
use crate::html::{self, escape_text, push_text};
use crate::losses::{Losses, report_html};
use crate::pass::hidden;
use crate::{Finding, Spanned};

/// Writes an article that is HTML throughout, as [`write`](super::write) does a document. It has no
/// outline: what headings it has stay as they are.
pub fn write_html(source: &str, writing: &Writing<'_>) -> Written {
    let nobody_sees =
        if writing.raw_html == RawHtml::Raw { Vec::new() } else { html::hidden(source, &[]) };
    if !nobody_sees.is_empty() {
        let mut written = write_html(&html::without_hidden(source, &nobody_sees), writing);
        written.findings.extend(hidden::found(source, &nobody_sees));
        return written;
    }
    let mut inspection = html::Inspection::of(writing.own_host);
    let tags: Vec<html::Tag<'_>> = html::tags(source).collect();
    inspection.look_at_tags(tags.iter().cloned(), 0);
    inspection.finish();
    let mut written = Written::default();
    let mut losses = Losses::default();
    report_html(
        &inspection,
        writing.raw_html,
        &|offset| offset,
        source,
        &mut losses,
        &mut written.findings,
    );
    let seal = if writing.raw_html == RawHtml::Raw { String::new() } else { seal_of(source) };
    losses.add_backgrounds(&inspection, writing.raw_html, source);
    written.findings.extend(losses.findings(&|offset| offset));
    if inspection.depth > html::MAX_DEPTH && writing.raw_html != RawHtml::Raw {
        let finding = Finding::HtmlDepth { depth: inspection.depth, most: html::MAX_DEPTH };
        written.findings.push((0..1, finding));
        written.html = html::text_paragraphs(&html::visible_text(&html::with_breaks(source)));
        return written;
    }
    written.html = match writing.raw_html {
        RawHtml::Strip => html::text_paragraphs(&html::text_of(&html::with_breaks(
            &html::made_whole(source, &tags),
        ))),
        raw => {
            let text = if raw == RawHtml::Raw {
                Cow::Borrowed(source)
            } else {
                html::made_whole(source, &tags)
            };
            let rewritten = writing.rewrite(&text, &inspection, &seal).unwrap_or_else(|why| {
                written.findings.push((0..1, Finding::HtmlNotRewritten { why }));
                text.into_owned()
            });
            if raw == RawHtml::Raw { rewritten } else { writing.sanitize(&rewritten, &seal) }
        }
    };
    written
}

impl Writing<'_> {
    /// HTML with raw pieces, its pictures, links, players and code as they are to be.
    pub(super) fn rewrite(
        &self,
        html: &str,
        inspection: &html::Inspection,
        seal: &str,
    ) -> Result<String, String> {
        let rewriting = html::Rewriting {
            raw: self.raw_html,
            inspection,
            seal,
            for_feed: self.for_feed,
            title: self.title,
            word: &|kind| self.labels.of(kind),
            markup: &|language, code| {
                self.markup(language, code, seal).unwrap_or_else(|| escape_text(code))
            },
            own_host: self.own_host,
            resolve: &|reference| self.resolved(reference),
            sides: &|reference, asked| self.sides(reference, asked, seal),
        };
        html::rewrite(html, &rewriting)
    }

    /// HTML made safe.
    pub(super) fn sanitize(&self, html: &str, seal: &str) -> String {
        let mut clean = html::sanitize(html, seal, self.own_host);
        let holds = |mark: &str| memchr::memmem::find(clean.as_bytes(), mark.as_bytes()).is_some();
        // A card in a paragraph ends it, and leaves nothing on both sides.
        if holds("<p class=\"embed") && holds("<p></p>") {
            clean = clean
                .replace("<p></p><p class=\"embed", "<p class=\"embed")
                .replace("</p><p></p>", "</p>");
        }
        match html::with_scrolling_tables(&clean) {
            Cow::Owned(html) => html,
            Cow::Borrowed(_) => clean,
        }
    }

    fn markup(&self, language: &str, code: &str, seal: &str) -> Option<String> {
        match self.highlight?(language, code) {
            Highlighted::Marked(Markup { html, .. }) => Some(sealed(html, seal)),
            Highlighted::Plain | Highlighted::Unknown => None,
        }
    }
}

impl<'d> Writer<'d> {
    pub(super) fn html_block(&mut self, events: &[Spanned<'d>], index: usize) -> usize {
        let mut source = String::new();
        let mut end = index + 1;
        while end < events.len() && !matches!(events[end].0, Event::End(TagEnd::HtmlBlock)) {
            if let Event::Html(html) | Event::Text(html) = &events[end].0 {
                source.push_str(html);
            }
            end += 1;
        }
        let tags: Vec<html::Tag<'_>> = html::tags(&source).collect();
        self.inspection.look_at_tags(tags.iter().cloned(), events[index].1.start);
        match self.writing.raw_html {
            RawHtml::Raw => self.out.push_str(&source),
            RawHtml::Strip => {
                let whole = html::made_whole(&source, &tags);
                let text = html::text_of(&html::with_breaks(&whole));
                self.out.push_str(&html::text_paragraphs(&text));
            }
            // Without elements the sanitiser does not run, and nothing but text may be written.
            RawHtml::Sanitize if !self.has_html => {
                let text = html::without_comments(&source);
                if !text.trim().is_empty() {
                    self.out.extend(["<p>", &escape_text(text.trim()), "</p>\n"]);
                }
            }
            RawHtml::Sanitize => self.out.push_str(&html::made_whole(&source, &tags)),
        }
        end + 1
    }

    pub(super) fn inline_raw(&mut self, source: &str, range: &Range<usize>) {
        let tag = html::tags(source).next().filter(html::Tag::is_element);
        if let Some(tag) = tag.as_ref().filter(|tag| tag.name.eq_ignore_ascii_case("a")) {
            self.raw_links =
                if tag.closing { self.raw_links.saturating_sub(1) } else { self.raw_links + 1 };
        }
        match (self.writing.raw_html, tag) {
            (RawHtml::Raw, _) => self.out.push_str(source),
            (_, None) => {
                // What a program or a document type says in prose is text.
                if !source.starts_with("<!--") {
                    push_text(&mut self.out, source);
                }
            }
            (RawHtml::Sanitize, Some(tag)) => {
                self.inspection.look_at(source, range.start);
                if !tag.closing && self.left_open.contains(range.start) {
                    self.out.push_str(&html::closed_at_once(&tag, source));
                } else {
                    self.out.push_str(source);
                }
            }
            (RawHtml::Strip, Some(_)) => self.inspection.look_at(source, range.start),
        }
    }
}
