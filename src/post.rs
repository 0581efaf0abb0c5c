//! A post's card: everything that pages other than its own may know of it.
//!
//! A card is small and always in memory. The body is parsed once, for the card and whoever listens
//! (`article`). Knows no other post.
//!
//! `file` is a post as it lies in its file, `reading` what becomes of it; `card` is made of what
//! `address`, `beside`, `cover`, `dates`, `summary`, `terms` and `title` say, each of which knows
//! the `reader` alone.

mod address;
mod beside;
mod card;
mod cover;
mod dates;
mod file;
mod read_body;
mod reader;
mod reading;
mod summary;
mod terms;
mod title;

use jiff::ZonedDateTime;
use serde::{Deserialize, Serialize};
use serde_yaml::Mapping;

use crate::config::{StructureRules, When};
use crate::date;
use crate::digest::{Digest, Digester};
use crate::front_matter;
use crate::route::{BaseUrl, Route, decode, encode_written};
use crate::source::SourcePath;
use chinese_text::Length;

pub use beside::{PelicanLink, TEXTS, called, end_of_path, of_pelican};
pub use file::{open, place_of_cover, places_of_addresses};
pub use read_body::ReadBody;
pub use reading::{Held, PostReading, ReadingOutcome, read};
pub use summary::syntax;

/// Most bytes that the pages and feeds of a post's terms may come to, counted as if no other post
/// had the terms; and most bytes of the pages at its old addresses.
const BESIDES: usize = 1_000_000;

/// What a file is to become.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PostKind {
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

/// The card of a post. It can be written down (`ledger`); templates see what `page::card` makes of
/// it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Post {
    pub source: SourcePath,
    pub kind: PostKind,
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
    /// Whether it is a draft, and shown because drafts are.
    pub is_draft: bool,
    /// It has a page, and is in no list, feed or sitemap.
    pub unlisted: bool,
    pub noindex: bool,
    pub in_sitemap: bool,
    /// Whether readers may find it by searching.
    pub in_search: bool,
    /// Its text names what only the site knows, so it may change while the file does not.
    pub asks: bool,
    pub comments: Option<bool>,
    pub math: bool,
    pub breaks: When,
    pub structure: StructureRules,
    /// Old addresses.
    pub aliases: Vec<Route>,
    /// Names that wiki links may call it by, besides its file's name.
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
    /// Returns the digest of everything that a site's layout may know of the post: its file,
    /// addresses, dates and terms. Every field is named here, so that none is forgotten.
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
            in_search: _,
            asks: _,
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

    /// Returns the address as links and feeds carry it, without base URL: [`Post::url`], fit for an
    /// attribute.
    pub fn href(&self) -> String {
        // A raw permalink of Jekyll's may mean something else than its file to a browser: `/q?x` or
        // `/a%2Fb/`.
        let is_plain = !self.url.contains(['?', '#'])
            && !self.url.to_ascii_lowercase().contains("%2f")
            && decode(&self.url) == self.route.path();
        if is_plain { encode_written(&self.url) } else { self.route.encoded() }
    }

    /// Returns the full address.
    pub fn full_url(&self, base: &BaseUrl) -> String {
        if base.names_files() {
            base.absolute(&self.route)
        } else {
            base.absolute_href(&format!("{}{}", base.path(), self.href()))
        }
    }
}

#[cfg(test)]
mod tests;
