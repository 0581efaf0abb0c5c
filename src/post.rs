//! A post's card: everything that pages other than its own may know of it.
//!
//! A card is small and always in memory; the body is read again when its own page or feed entry is
//! rendered (`article`). Knows no other post.

mod address;
mod beside;
mod dates;
mod terms;

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::{Timestamp, ZonedDateTime};
use serde::{Deserialize, Serialize};
use serde_yaml::Mapping;

use crate::config::{
    Config, Defaults, Future, MarkdownOptions, RawHtml, StructureRules, Type, When, overridden,
};
use crate::date;
use crate::diagnostic::{Diagnostic, Lines, Place};
use crate::digest::{Digest, Digester};
use crate::folder::TEXT_BYTES;
use crate::front_matter::{self, FrontMatter, KNOWN_KEYS, Scalar, Split};
use crate::keywords::{Found, Keywords};
use crate::permalink::{self, Parts};
use crate::route::{BaseUrl, Route, decode, encode_written};
use crate::source::SourcePath;
use chinese_markdown::html::{self, ImageAddress, Unusable};
use chinese_markdown::plain::{self, Gist};
use chinese_markdown::{Document, Syntax, liquid};
use chinese_text::excerpt;
use chinese_text::{self as text, Length};

use address::{page_id, without_ending};
use beside::may_be_beside;
pub use beside::{OfPelican, TEXTS, called, end_of_path, of_pelican};

/// Most marks of a post: the parser keeps 130 bytes for each, and 15 MB of `[` took 2 GB. The
/// densest table of 16 MB has half of it.
const MAX_MARKS: usize = 4_000_000;

/// Longest segment of an address that was in use elsewhere, in bytes: it is kept as long as file
/// systems can.
const LONGEST_KEPT: usize = 250;

/// Most bytes that pages and feeds of a post's terms come to, where it stands alone in them, or the
/// pages of its old addresses.
const BESIDES: usize = 1_000_000;

/// Longest title and summary, in characters: every list and every feed that a post is in says them.
const TITLE_CHARACTERS: usize = 300;
const SUMMARY_CHARACTERS: usize = 1_000;

/// What a file is to become.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// An article of `posts/`: dated, listed, in feeds.
    Article,
    /// A page of `pages/`: standing alone.
    Page,
    /// The `_index.md` of a folder of posts: what its list begins with.
    Section,
}

/// How a body is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Format {
    Markdown,
    Html,
}

/// The card. It can be written down (`ledger`); templates see what `page::card` makes of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Post {
    pub source: SourcePath,
    pub kind: Kind,
    pub format: Format,
    pub route: Route,
    /// The percent-encoded path, without base URL; with `compat: jekyll`, as Jekyll writes it.
    pub url: String,
    /// Jekyll's `page.id`: folder of the URL and raw slug.
    pub id: String,
    /// A short stable hash of the source path.
    pub key: String,
    pub title: String,
    #[serde(with = "date::stored")]
    pub date: Option<ZonedDateTime>,
    #[serde(with = "date::stored")]
    pub updated: Option<ZonedDateTime>,
    /// For each taxonomy of the configuration, the post's terms.
    pub terms: Vec<Vec<String>>,
    /// The tags are keywords found in the text.
    pub has_found_tags: bool,
    pub layout: Option<String>,
    pub lang: Option<String>,
    /// Plain text.
    pub summary: String,
    pub length: Length,
    pub cover: Option<String>,
    /// The front matter says the cover; otherwise it is a picture of the text.
    pub says_cover: bool,
    /// Relative addresses in the text, and of the cover, as they are written: they may mean files
    /// beside it.
    pub beside: Vec<String>,
    /// Where the text was first published.
    pub origin: Option<String>,
    /// It is shown because drafts are.
    pub is_draft: bool,
    /// It has a page, and is in no list, feed or sitemap.
    pub unlisted: bool,
    pub noindex: bool,
    pub in_sitemap: bool,
    pub comments: Option<bool>,
    pub math: bool,
    pub breaks: When,
    pub structure: StructureRules,
    /// Old addresses.
    pub aliases: Vec<Route>,
    /// What links of wikis call it besides its file's name.
    pub names: Vec<String>,
    /// Keys of the theme's.
    #[serde(with = "front_matter::stored")]
    pub extra: Mapping,
    /// Digest of the file, body included.
    #[serde(skip)]
    pub content: Digest,
    /// Digest of what decides where the post stands among others: see [`Post::placing`].
    #[serde(skip)]
    pub placing: Digest,
    /// Digest of everything above but these two, while this was zero.
    pub card: Digest,
}

impl Post {
    /// The digest of everything that a site's layout may know of the post: its file, addresses,
    /// dates and terms. Every field is named here, so that none is forgotten.
    fn placing(&self) -> Digest {
        let Post {
            source,
            kind,
            format: _,
            route,
            url,
            id: _,
            key: _,
            title: _,
            date,
            updated: _,
            terms,
            has_found_tags,
            layout: _,
            lang: _,
            summary: _,
            length: _,
            cover,
            says_cover: _,
            beside,
            origin,
            is_draft: _,
            unlisted,
            noindex,
            in_sitemap,
            comments: _,
            math: _,
            breaks: _,
            structure: _,
            aliases,
            names,
            extra: _,
            content: _,
            placing: _,
            card: _,
        } = self;
        let date =
            date.as_ref().map(|date| (date.timestamp().as_nanosecond(), date.offset().seconds()));
        Digester::new()
            .value(&(source, kind, route, url, date, aliases, names, beside))
            .value(&(in_sitemap, noindex, unlisted, origin, terms, has_found_tags, cover))
            .finish()
    }

    /// The address as links and feeds carry it, without base URL: [`Post::url`], fit for an
    /// attribute.
    pub fn href(&self) -> String {
        // A raw permalink of Jekyll's may mean something else than its file to a browser: `/q?x` or
        // `/a%2Fb/`.
        let is_plain = !self.url.contains(['?', '#'])
            && !self.url.to_ascii_lowercase().contains("%2f")
            && decode(&self.url) == self.route.path();
        if is_plain { encode_written(&self.url) } else { self.route.encoded() }
    }

    /// The full address.
    pub fn full_url(&self, base: &BaseUrl) -> String {
        if base.names_files() {
            base.absolute(&self.route)
        } else {
            base.absolute_href(&format!("{}{}", base.path(), self.href()))
        }
    }
}

/// Why a readable post is not in the site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Held {
    /// What makes it one, as it is written: `draft: true`; or the folder that it lies in.
    Draft(String),
    Unpublished,
    /// What says when it appears, as it is written: `publishDate: 2031-01-01`; or the file's name.
    Future(String),
    Expired(String),
    /// Its name has no date, and Jekyll's posts have one.
    Undated,
    /// Another tool's key, as it is written: `private: true`.
    Hidden(String),
}

/// What became of a file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Outcome {
    /// Shared by the editions of a preview.
    Ready(Arc<Post>),
    Held(Held),
    /// Not readable; the diagnostics say why.
    Refused,
}

/// Where a file says its address, by `permalink` or `slug`, and its old ones, each with that route.
pub fn places_of_addresses(bytes: &[u8], config: &Config) -> Vec<(Option<Route>, Place)> {
    let Ok((text, Split { head: Some(head), .. }, _)) = open(bytes, &KNOWN_KEYS) else {
        return Vec::new();
    };
    let Ok((front_matter, _)) =
        front_matter::read(&text, head, &config.list_keys(), config.is_jekyll())
    else {
        return Vec::new();
    };
    let lines = Lines::of(&text);
    let own =
        front_matter.permalink.or(front_matter.slug).map(|said| (None, lines.place(said.range)));
    let old = front_matter.aliases.into_iter().filter_map(|alias| {
        let route = Route::parse_within(&decode(alias.text.trim()), LONGEST_KEPT).ok()?;
        Some((Some(route), lines.place(alias.range)))
    });
    own.into_iter().chain(old).collect()
}

/// Where the front matter of a file says its cover.
pub fn place_of_cover(bytes: &[u8], config: &Config, cover: &str) -> Option<Place> {
    let Ok((text, Split { head: Some(head), .. }, _)) = open(bytes, &KNOWN_KEYS) else {
        return None;
    };
    let (front_matter, _) =
        front_matter::read(&text, head, &config.list_keys(), config.is_jekyll()).ok()?;
    let said = front_matter.picture().filter(|said| text::one_line(&said.text) == cover)?;
    Some(Place::of(&text, said.range.clone()))
}

/// Reads the text of a file and finds its front matter. Used for cards and, later, for bodies.
pub fn open(
    bytes: &[u8],
    known_keys: &[&str],
) -> Result<(String, Split, Vec<Diagnostic>), Box<Diagnostic>> {
    if bytes.len() > TEXT_BYTES {
        let message = say!("{} bytes; at most {} are read of one post", bytes.len(), TEXT_BYTES);
        return Err(Box::new(
            Diagnostic::error("post-size", message).hint(say!("split it into several posts")),
        ));
    }
    if bytes.len() > MAX_MARKS {
        let marks = bytes.iter().filter(|byte| byte.is_ascii_punctuation()).count();
        if marks > MAX_MARKS {
            let message = say!(
                "{} marks such as `[` and `*`; at most {} are read of one post",
                marks,
                MAX_MARKS
            );
            return Err(Box::new(
                Diagnostic::error("post-size", message).hint(say!("split it into several posts")),
            ));
        }
    }
    let (text, nul) = front_matter::decode(bytes)?;
    let (split, late) = front_matter::split(&text, known_keys)?;
    Ok((text, split, nul.into_iter().chain(late).collect()))
}

/// The options with which bodies of this site are parsed.
pub fn syntax<'a>(
    config: &Config,
    math: bool,
    breaks: When,
    structure: StructureRules,
    scope: Option<&'a dyn liquid::Scope>,
) -> Syntax<'a> {
    Syntax {
        math,
        breaks,
        structure,
        smart_punctuation: config.markdown.smart_punctuation,
        repair: config.markdown.repair,
        html_blocks: config.markdown.html_blocks,
        kramdown: config.markdown.kramdown,
        ruby: config.markdown.ruby,
        keeps_hidden: config.raw_html == RawHtml::Raw,
        strips_html: config.raw_html == RawHtml::Strip,
        liquid: config.markdown.liquid,
        scope,
    }
}

/// What reading one file gave.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Reading {
    pub outcome: Outcome,
    pub diagnostics: Vec<Diagnostic>,
    /// Moments in nanoseconds since 1970 at which the clock has a say in what becomes of it: the
    /// date of an article, the dates from and until which it is public.
    pub moments: Vec<i128>,
    /// What was found in the text, where keywords were wanted.
    pub keywords: Option<Found>,
}

impl Reading {
    /// The reading of a file of this content.
    pub fn with_content(mut self, content: Digest) -> Reading {
        if let Outcome::Ready(post) = &mut self.outcome {
            let placing = post.placing();
            let post = Arc::make_mut(post);
            (post.content, post.placing) = (content, placing);
        }
        self
    }

    /// Whether the clock says the same of the post at both moments.
    pub fn holds(&self, then: Timestamp, now: Timestamp) -> bool {
        let is_same = |date| date::is_future(date, then) == date::is_future(date, now);
        self.moments.iter().all(|moment| Timestamp::from_nanosecond(*moment).is_ok_and(is_same))
    }
}

/// Reads the card of one file.
pub fn read(
    path: &SourcePath,
    bytes: &[u8],
    kind: Kind,
    config: &Config,
    keywords: &Keywords,
) -> Reading {
    let mut reader = Reader {
        path,
        kind,
        config,
        keywords,
        moments: Vec::new(),
        found: None,
        text: String::new(),
        diagnostics: Vec::new(),
    };
    let outcome = match reader.read(bytes) {
        Ok(outcome) => outcome,
        Err(diagnostic) => {
            reader.diagnostics.push(*diagnostic);
            Outcome::Refused
        }
    };
    let diagnostics = reader
        .diagnostics
        .into_iter()
        .map(|diagnostic| diagnostic.in_file(path.as_str()))
        .collect();
    Reading { outcome, diagnostics, moments: reader.moments, keywords: reader.found }
}

struct Reader<'a> {
    path: &'a SourcePath,
    kind: Kind,
    config: &'a Config,
    keywords: &'a Keywords,
    moments: Vec<i128>,
    found: Option<Found>,
    text: String,
    diagnostics: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn read(&mut self, bytes: &[u8]) -> Result<Outcome, Box<Diagnostic>> {
        let (text, split, diagnostics) = open(bytes, &KNOWN_KEYS)?;
        self.text = text;
        self.diagnostics.extend(diagnostics);
        self.refuse_out_of_time(&split.limits)?;
        let defaults = self
            .config
            .defaults
            .iter()
            .filter(|defaults| defaults.reach(self.path.as_str(), self.defaults_type()));
        let defaults: Vec<&Defaults> = defaults.collect();
        let list_keys = self.config.list_keys();
        let (front_matter, found) = front_matter::read_over(
            &defaults,
            &self.text,
            split.head.clone(),
            &list_keys,
            self.config.is_jekyll(),
        )?;
        self.diagnostics.extend(found);
        if front_matter.published == Some(false) {
            return Ok(Outcome::Held(Held::Unpublished));
        }
        let visibility = front_matter.visibility();
        let draft = visibility.draft.map(|mark| text::one_line(&mark.text));
        let draft =
            draft.or_else(|| (front_matter.draft == Some(true)).then(|| "draft: true".to_owned()));
        let draft = draft.or_else(|| self.folder_of_drafts());
        let is_draft = draft.is_some();
        if let Some(mark) = draft.filter(|_| !self.config.overrides.drafts) {
            return Ok(Outcome::Held(Held::Draft(mark)));
        }
        if let Some(mark) = visibility.hidden {
            return Ok(Outcome::Held(Held::Hidden(text::one_line(&mark.text))));
        }
        if let Some(unclear) = visibility.unclear {
            return Err(unclear);
        }
        if self.is_no_post_of_jekyll() {
            return Ok(Outcome::Held(Held::Undated));
        }
        let (name_date, name_slug) = self.name();
        let date = self.date(&front_matter, name_date);
        let from = if visibility.waits.is_some() {
            date.clone()
        } else {
            self.limit(visibility.publish_date.as_ref(), false)?
        };
        let until = self.limit(visibility.expiry_date.as_ref(), true)?;
        let own = date.as_ref().filter(|_| self.kind == Kind::Article);
        self.moments.extend(
            [own, from.as_ref(), until.as_ref()]
                .into_iter()
                .flatten()
                .map(|date| date.timestamp().as_nanosecond()),
        );
        let is_future =
            |date: &ZonedDateTime| date::is_future(date.timestamp(), self.config.overrides.now);
        if from.as_ref().is_some_and(is_future) && !self.config.overrides.future {
            let mark = visibility.waits.map(|mark| text::one_line(&mark.text));
            return Ok(Outcome::Held(Held::Future(
                mark.unwrap_or_else(|| self.line_of(visibility.publish_date.as_ref())),
            )));
        }
        if until.as_ref().is_some_and(|until| !is_future(until)) {
            return Ok(Outcome::Held(Held::Expired(self.line_of(visibility.expiry_date.as_ref()))));
        }
        if let Some(date) = &date
            && date::is_future(date.timestamp(), self.config.overrides.now)
            && self.kind == Kind::Article
        {
            if self.config.future == Future::Hold {
                return Ok(Outcome::Held(Held::Future(self.line_of(front_matter.date.as_ref()))));
            }
            self.warn_future(&front_matter, date);
        }
        let mut post = self.card(front_matter, split.body, date, &name_slug)?;
        post.is_draft = is_draft;
        if let Some(mark) = visibility.unlisted {
            (post.unlisted, post.noindex) = (true, true);
            let message =
                say!("the post is in no list, feed or sitemap: `{}`", text::one_line(&mark.text));
            self.diagnostics.push(Diagnostic::note("unlisted", message).at(&self.text, mark.range));
        }
        Ok(Outcome::Ready(Arc::new(post)))
    }

    /// Which [`Defaults`] are for the file.
    fn defaults_type(&self) -> Type {
        match self.kind {
            Kind::Page | Kind::Section => Type::Pages,
            Kind::Article if self.folder_of_drafts().is_some() => Type::Drafts,
            Kind::Article => Type::Posts,
        }
    }

    /// The line on which a date stands, up to its end; without one the name of the file, which says
    /// it.
    fn line_of(&self, date: Option<&Scalar>) -> String {
        let Some(date) = date else {
            return self.path.as_str().rsplit('/').next().unwrap_or_default().to_owned();
        };
        // What comes from `defaults` stands nowhere in the file, and what a value comes to may be
        // longer than what is written.
        if date.range.start == 0 {
            return text::one_line(&date.text);
        }
        let start = self.text[..date.range.start].rfind('\n').map_or(0, |newline| newline + 1);
        text::one_line(&self.text[start..self.text.floor_char_boundary(date.range.end)])
    }

    /// The folder for drafts that the file lies in, as Jekyll and Hexo have one.
    fn folder_of_drafts(&self) -> Option<String> {
        let folder = self.path.as_str().rsplit_once('/').map_or("", |(folder, _)| folder);
        let below = SourcePath::new(folder);
        let below = below.below(&self.config.posts).unwrap_or_default();
        let mut folders = below.split('/').filter(|_| self.kind == Kind::Article);
        folders
            .find(|name| ["_drafts", "drafts", "草稿"].contains(name))
            .map(|name| format!("{name}/"))
    }

    fn card(
        &mut self,
        front_matter: FrontMatter,
        body: usize,
        date: Option<ZonedDateTime>,
        name_slug: &str,
    ) -> Result<Post, Box<Diagnostic>> {
        let config = self.config;
        let format =
            if self.path.extension().starts_with("htm") { Format::Html } else { Format::Markdown };
        let math = front_matter.math.unwrap_or(config.markdown.math);
        let breaks = front_matter.breaks.unwrap_or(config.markdown.breaks);
        let structure = self.structure(&front_matter);
        let syntax = syntax(config, math, breaks, structure, Some(&liquid::Nothing));
        let mut terms = self.terms(&front_matter);
        let tags = config.taxonomy("tags").filter(|index| {
            self.kind == Kind::Article && self.keywords.wants(!terms[*index].is_empty())
        });
        let (gist, text) = match tags {
            Some(_) => gist_and_text_of(format, &self.text[body..], &syntax),
            None => (gist_of(format, &self.text[body..], &syntax), String::new()),
        };
        if gist.is_empty && self.kind != Kind::Section {
            self.diagnostics.push(Diagnostic::warning(
                "body-empty",
                say!("the post has no text; its page holds the title alone"),
            ));
        }
        if self.kind == Kind::Section && front_matter.extra.contains_key("cascade") {
            let folder = self.path.as_str().rsplit_once('/').map_or("", |(folder, _)| folder);
            let message = say!("`cascade` is not read: the posts of {} have nothing of it", folder);
            let hint =
                say!("write it into site.yaml: `defaults: [{{path: {}, values: {{…}}}}]`", folder);
            let at = self.text[..body].find("cascade").unwrap_or(0);
            self.diagnostics.push(
                Diagnostic::warning("cascade", message).hint(hint).at(&self.text, at..at + 1),
            );
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
            Kind::Article => called(self.path, &config.posts),
            Kind::Page => without_ending(self.path),
            Kind::Section => self.path.as_str().rsplit_once('/').map_or("", |(folder, _)| folder),
        };
        let below = called
            .strip_prefix(&config.posts[..])
            .and_then(|below| below.strip_prefix('/'))
            .unwrap_or(called);
        let parts = Parts {
            date: date.as_ref(),
            slug: &slug,
            stem: called.rsplit('/').next().unwrap_or(called),
            path: below,
            categories,
            author,
            id: &key,
            keys: &[],
            jekyll: config.is_jekyll(),
        };
        let (url, route) = self.address(&front_matter, &parts)?;
        if let Some(c) = route.not_on_windows() {
            let message = say!(
                "the address {} holds `{}`, so the site can be neither built nor kept on Windows",
                route.path(),
                c.to_string()
            );
            let diagnostic = Diagnostic::warning("not-portable", message);
            self.diagnostics.push(match &front_matter.permalink {
                Some(scalar) => diagnostic.at(&self.text, scalar.range.clone()),
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
            self.diagnostics.push(match &front_matter.permalink {
                Some(scalar) => diagnostic.at(&self.text, scalar.range.clone()),
                None => diagnostic,
            });
        } else if self.kind == Kind::Article && self.path.dotted(&self.config.posts).is_some() {
            let message = say!(
                "its name begins with a dot, and it is published all the same: other programs pass over such files"
            );
            self.diagnostics.push(
                Diagnostic::warning("address-dot", message)
                    .hint(say!("rename it, or hold it back with `draft: true`")),
            );
        }
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
        Ok(Post {
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
            comments: front_matter.comments,
            math,
            breaks,
            structure,
            extra: front_matter.extra,
            content: Digest::default(),
            placing: Digest::default(),
            card: Digest::default(),
        })
    }

    /// The rules of the site, as the front matter changes them for this post.
    fn structure(&mut self, front_matter: &FrontMatter) -> StructureRules {
        let rules = self.config.markdown.structure;
        let Some((value, range)) = &front_matter.structure else { return rules };
        overridden(rules, value).unwrap_or_else(|why| {
            let diagnostic = Diagnostic::warning("structure", why)
                .hint(say!("the rules of site.yaml hold for this post"))
                .at(&self.text, range.clone());
            self.diagnostics.push(diagnostic);
            rules
        })
    }

    fn title(&mut self, front_matter: &FrontMatter, gist: &Gist, name_slug: &str) -> String {
        if let Some(scalar) = &front_matter.title
            && let title = self.line_of_at_most(TITLE_CHARACTERS, scalar)
            && !title.is_empty()
        {
            return title;
        }
        let (title, from) = if let Some(heading) = &gist.heading {
            (
                beginning(heading, TITLE_CHARACTERS).unwrap_or_else(|| heading.clone()),
                say!("the heading that the text begins with"),
            )
        } else {
            let name = title_of_name(name_slug);
            (
                if name.is_empty() { self.path.stem().to_owned() } else { name },
                say!("the file name"),
            )
        };
        let message = say!("no title; {} is used: `{}`", from, &title);
        self.diagnostics.push(
            Diagnostic::warning("title-missing", message)
                .hint(say!("add `title: …` to the front matter")),
        );
        title
    }

    /// One line of a text that stands in lists, cut where it is too long for them.
    fn line_of_at_most(&mut self, most: usize, scalar: &Scalar) -> String {
        // WordPress and scrapers write `A &amp; B`.
        let line = text::one_line(&html::unescape(&scalar.text));
        let Some(cut) = beginning(&line, most) else { return line };
        let message = say!("this is longer than {} characters, and was cut there", most);
        let diagnostic = Diagnostic::warning("text-long", message)
            .hint(say!("a quote or a `---` may be missing behind it"));
        self.diagnostics.push(diagnostic.at(&self.text, scalar.range.clone()));
        cut
    }

    /// The language of the post, which pages and feeds have in attributes.
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
                    .at(&self.text, scalar.range.clone()),
            );
        }
        Some(tag).filter(|tag| is_tag && !tag.is_empty())
    }

    /// The address of a cover that can be shown; what cannot is told.
    fn picture(&mut self, said: &Scalar) -> Option<String> {
        let address = text::one_line(&said.text);
        // Themes of Hexo take a colour too, or `false` for none.
        let is_none = matches!(
            address.to_ascii_lowercase().as_str(),
            "false" | "true" | "no" | "none" | "null" | "transparent"
        );
        if address.is_empty()
            || is_none
            || address.starts_with('#')
            || address.contains("gradient(")
        {
            return None;
        }
        match html::unusable_image(&address) {
            Some(Unusable::Disk) => {
                let diagnostic = Diagnostic::warning(
                    "image-lost",
                    say!("the cover lies on somebody's own disk and is not shown"),
                );
                let hint = say!("put the file into static/, and write its address from there");
                self.diagnostics.push(diagnostic.hint(hint).at(&self.text, said.range.clone()));
            }
            Some(_) => {
                let diagnostic = Diagnostic::warning(
                    "image-lost",
                    say!("the cover has no address that a reader could follow"),
                );
                self.diagnostics.push(diagnostic.at(&self.text, said.range.clone()));
            }
            None => return Some(address),
        }
        None
    }

    fn summary(
        &mut self,
        front_matter: &FrontMatter,
        gist: &Gist,
        format: Format,
        body: usize,
    ) -> String {
        if let Some(description) = &front_matter.description {
            return self.line_of_at_most(SUMMARY_CHARACTERS, description);
        }
        // Jekyll's excerpt is what stands before the first blank line, or before what the post says
        // parts it.
        let body = self.text[body..].trim_start();
        let own =
            front_matter.spelling_of("excerpt_separator").filter(|separator| !separator.is_empty());
        let separator = own.or((self.config.is_jekyll() && !gist.marked).then_some("\n\n"));
        if let Some(separator) = separator
            && let Some(end) = body.find(separator)
        {
            let MarkdownOptions { breaks, structure, .. } = self.config.markdown;
            let first = gist_of(
                format,
                &body[..end],
                &syntax(self.config, false, breaks, structure, Some(&liquid::Nothing)),
            );
            if !first.lead.is_empty() {
                return first.lead;
            }
        }
        if gist.marked { gist.lead.clone() } else { excerpt(&gist.lead) }
    }
}

fn gist_of(format: Format, body: &str, syntax: &Syntax<'_>) -> Gist {
    match format {
        Format::Html => plain::gist_of_html(body),
        Format::Markdown => plain::gist(&Document::prepare(body, syntax).0),
    }
}

/// [`gist_of`], and the text it is the gist of.
fn gist_and_text_of(format: Format, body: &str, syntax: &Syntax<'_>) -> (Gist, String) {
    match format {
        Format::Html => plain::gist_and_text_of_html(body),
        Format::Markdown => plain::gist_and_text(&Document::prepare(body, syntax).0),
    }
}

/// The title that a file's name is. What joins words in it parts them; in a date, or where blanks
/// part them, it is part of the name.
fn title_of_name(name: &str) -> String {
    if name.contains(' ') {
        return text::one_line(name);
    }
    let between = |at: usize| {
        let is_digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
        is_digit(name[..at].chars().next_back())
            && (is_digit(name[at + 1..].chars().next()) || name[at + 1..].starts_with(['W', 'Q']))
    };
    let title = name
        .char_indices()
        .map(|(at, c)| if c == '_' || c == '-' && !between(at) { ' ' } else { c });
    text::one_line(&title.collect::<String>())
}

/// So many characters of a text that has more.
fn beginning(text: &str, most: usize) -> Option<String> {
    let (end, _) = text.char_indices().nth(most)?;
    Some(format!("{}…", &text[..end]))
}

#[cfg(test)]
mod tests;
