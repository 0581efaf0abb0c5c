//! The card of a file that becomes a post.

use std::collections::BTreeSet;

use jiff::ZonedDateTime;

use super::address::{page_id, without_ending};
use super::beside::{called, may_be_beside};
use super::read_body::{ReadBody, Unanswered};
use super::reader::{PostReader, beginning};
use super::summary::syntax;
use super::{Format, Post, PostKind};
use crate::config::{StructureRules, overridden};
use crate::diagnostic::Diagnostic;
use crate::digest::Digest;
use crate::front_matter::{FrontMatter, Scalar};
use crate::permalink::{self, PermalinkParts};
use crate::route::Route;
use chinese_markdown::html::{self, ImageAddress};
use chinese_markdown::{Document, plain};
use chinese_text as text;

impl PostReader<'_> {
    /// Makes the card of what the front matter and the text say; the body begins at `body`.
    pub(super) fn card(
        &mut self,
        front_matter: FrontMatter,
        body: usize,
        date: Option<ZonedDateTime>,
        name_slug: &str,
        listener: &mut dyn FnMut(&Post, ReadBody<'_>),
    ) -> Result<Post, Box<Diagnostic>> {
        let config = self.config;
        let format =
            if self.path.extension().starts_with("htm") { Format::Html } else { Format::Markdown };
        let math = front_matter.math.unwrap_or(config.markdown.math);
        let breaks = front_matter.breaks.unwrap_or(config.markdown.breaks);
        let structure = self.structure(&front_matter);
        let scope = Unanswered::default();
        let syntax = syntax(config, math, breaks, structure, Some(&scope));
        let mut terms = self.terms(&front_matter);
        let tags = config.taxonomy("tags").filter(|index| {
            self.kind == PostKind::Article && self.keywords.wants(!terms[*index].is_empty())
        });
        let source = &self.text[body..];
        let (document, findings) = match format {
            Format::Html => (None, Vec::new()),
            Format::Markdown => {
                let (document, findings) = Document::prepare(source, &syntax);
                (Some(document), findings)
            }
        };
        let parsed = document.as_ref().map(Document::parse);
        let (gist, text) = match (&parsed, tags) {
            (Some(parsed), Some(_)) => plain::gist_and_text(parsed),
            (Some(parsed), None) => (plain::gist(parsed), String::new()),
            (None, Some(_)) => plain::gist_and_text_of_html(source),
            (None, None) => (plain::gist_of_html(source), String::new()),
        };
        if gist.is_empty && self.kind != PostKind::Section {
            self.diagnostics.push(Diagnostic::warning(
                "body-empty",
                say!("the post has no text; its page holds the title alone"),
            ));
        }
        if self.kind == PostKind::Section && front_matter.extra.contains_key("cascade") {
            self.warn_cascade(body);
        }
        let updated = self.updated(&front_matter, date.as_ref());
        let title = self.title(&front_matter, &gist, name_slug);
        let mut has_found_tags = false;
        if let Some(tags) = tags {
            let found = self.keywords.find(&title, &text);
            if terms[tags].is_empty() {
                terms[tags].clone_from(&found.words);
                has_found_tags = true;
            }
            self.found = Some(found);
        }
        let key = permalink::id_of(self.path.as_str());
        let slug = self.slug(&front_matter, name_slug, &title);
        let categories = config.taxonomy("categories").map_or(&[][..], |index| &terms[index]);
        let author =
            config.taxonomy("authors").and_then(|index| terms[index].first()).map(String::as_str);
        let called = match self.kind {
            PostKind::Article => called(self.path, &config.posts),
            PostKind::Page => without_ending(self.path),
            PostKind::Section => {
                self.path.as_str().rsplit_once('/').map_or("", |(folder, _)| folder)
            }
        };
        let below = called
            .strip_prefix(&config.posts[..])
            .and_then(|below| below.strip_prefix('/'))
            .unwrap_or(called);
        let parts = PermalinkParts {
            date: date.as_ref(),
            slug: &slug,
            stem: called.rsplit('/').next().unwrap_or(called),
            path: below,
            categories,
            author,
            id: &key,
            keys: &[],
            compat: config.compat,
        };
        let (url, route) = self.address(&front_matter, &parts)?;
        self.warn_address(&route, front_matter.permalink.as_ref());
        let id = page_id(&url, &slug);
        let summary = self.summary(&front_matter, &gist, format, body);
        let lang = front_matter.lang.as_ref().and_then(|scalar| self.lang(scalar));
        let line = |scalar: Option<Scalar>| {
            scalar.map(|scalar| text::one_line(&scalar.text)).filter(|text| !text.is_empty())
        };
        let has_no_cover = front_matter.cover.as_ref().is_some_and(|cover| cover.text.is_empty());
        let said = front_matter.picture().and_then(|said| self.picture(said));
        let says_cover = said.is_some();
        let cover = said.or(gist.image.filter(|_| !has_no_cover)).filter(|cover| {
            !matches!(html::image_address(cover), ImageAddress::Inline | ImageAddress::Unsafe)
        });
        let beside: BTreeSet<String> = gist
            .relative
            .into_iter()
            .chain(cover.clone())
            .filter(|address| may_be_beside(address))
            .collect();
        let origin = line(front_matter.origin).filter(|origin| html::is_safe_link(origin));
        let post = Post {
            source: self.path.clone(),
            kind: self.kind,
            format,
            aliases: self.aliases(&front_matter.aliases, &route),
            names: self.names(&front_matter.names),
            route,
            url,
            id,
            key,
            title,
            date,
            updated,
            terms,
            has_found_tags,
            layout: line(front_matter.layout),
            lang,
            summary,
            length: gist.length,
            cover,
            says_cover,
            beside: beside.into_iter().collect(),
            origin,
            is_draft: false,
            unlisted: false,
            noindex: front_matter.noindex == Some(true),
            in_sitemap: front_matter.sitemap != Some(false),
            in_search: front_matter.search != Some(false),
            asks: scope.was_asked.get(),
            comments: front_matter.comments,
            math,
            breaks,
            structure,
            extra: front_matter.extra,
            content: Digest::default(),
            placing: Digest::default(),
            card: Digest::default(),
        };
        let read = ReadBody {
            text: self.text,
            start: body,
            parsed: parsed.as_ref(),
            findings,
            is_provisional: scope.was_asked.get(),
        };
        listener(&post, read);
        Ok(post)
    }

    /// Says that `cascade` is not read, which Hugo hands on to the posts of a folder.
    fn warn_cascade(&mut self, body: usize) {
        let folder = self.path.as_str().rsplit_once('/').map_or("", |(folder, _)| folder);
        let message = say!("`cascade` is not read: the posts of {} have nothing of it", folder);
        let hint =
            say!("write it into site.yaml: `defaults: [{{path: {}, values: {{…}}}}]`", folder);
        let at = self.text[..body].find("cascade").unwrap_or(0);
        self.diagnostics
            .push(Diagnostic::warning("cascade", message).hint(hint).at(self.text, at..at + 1));
    }

    /// Says what some disks, hosts and tools make of an address.
    fn warn_address(&mut self, route: &Route, permalink: Option<&Scalar>) {
        if let Some(c) = route.not_on_windows() {
            let message = say!(
                "the address {} holds `{}`, so the site can be neither built nor kept on Windows",
                route.path(),
                c.to_string()
            );
            let diagnostic = Diagnostic::warning("not-portable", message);
            self.diagnostics.push(match permalink {
                Some(scalar) => diagnostic.at(self.text, scalar.range.clone()),
                None => diagnostic,
            });
        }
        if let Some(segment) = route.dotted() {
            let message = say!(
                "`{}` in the address {} begins with a dot; some hosts and tools pass over such names",
                segment,
                route.path()
            );
            let diagnostic = Diagnostic::warning("address-dot", message)
                .hint(say!("give the post a `slug` or `permalink` without it"));
            self.diagnostics.push(match permalink {
                Some(scalar) => diagnostic.at(self.text, scalar.range.clone()),
                None => diagnostic,
            });
        } else if self.kind == PostKind::Article && self.path.dotted(&self.config.posts).is_some() {
            let message = say!(
                "its name begins with a dot, and it is published all the same: other programs pass over such files"
            );
            self.diagnostics.push(
                Diagnostic::warning("address-dot", message)
                    .hint(say!("rename it, or hold it back with `draft: true`")),
            );
        }
    }

    /// Returns the rules of the site, as the front matter changes them for this post.
    fn structure(&mut self, front_matter: &FrontMatter) -> StructureRules {
        let rules = self.config.markdown.structure;
        let Some((value, range)) = &front_matter.structure else { return rules };
        overridden(rules, value).unwrap_or_else(|why| {
            let diagnostic = Diagnostic::warning("structure", why)
                .hint(say!("the rules of site.yaml hold for this post"))
                .at(self.text, range.clone());
            self.diagnostics.push(diagnostic);
            rules
        })
    }

    /// Returns the language of the post, which pages and feeds have in attributes.
    fn lang(&mut self, scalar: &Scalar) -> Option<String> {
        /// RFC 5646 §4.4.1: enough for every tag in use.
        const LONGEST: usize = 35;
        let tag = text::one_line(&scalar.text);
        let is_tag = tag.len() <= LONGEST
            && tag.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        if !is_tag {
            let shown = beginning(&tag, LONGEST).unwrap_or_else(|| tag.clone());
            let diagnostic = Diagnostic::warning(
                "lang",
                say!("`{}` is no language tag; the site's language is used", shown),
            );
            self.diagnostics.push(
                diagnostic
                    .hint(say!("write one such as `en` or `zh-Hant`"))
                    .at(self.text, scalar.range.clone()),
            );
        }
        Some(tag).filter(|tag| is_tag && !tag.is_empty())
    }
}
