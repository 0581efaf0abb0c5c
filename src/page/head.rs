//! `page`: what is true of a page itself, whatever its kind.

use serde::Serialize;
use tera::Value;

use super::renderer::Renderer;
use crate::config::{Config, FeedKind};
use crate::plan::feed_of;
use crate::route::Route;

/// The variable `page`.
#[derive(Debug, Serialize)]
pub(super) struct PageHead {
    pub kind: &'static str,
    pub title: String,
    pub href: String,
    /// The full address, for `canonical`.
    pub url: String,
    pub description: String,
    pub lang: String,
    pub noindex: bool,
    /// A full address, for previews in other programs.
    pub image: Option<String>,
    /// Feeds of this page's own list.
    pub feeds: Vec<FeedLink>,
    /// JSON-LD, ready for a `<script>`.
    pub json_ld: Option<Value>,
}

impl PageHead {
    /// Of a page at `route` that says nothing else of itself than its `title`.
    pub(super) fn new(
        kind: &'static str,
        title: String,
        route: &Route,
        renderer: &Renderer<'_>,
    ) -> PageHead {
        let config = renderer.config;
        PageHead {
            kind,
            title,
            href: config.base.href(route),
            url: config.base.absolute(route),
            description: config.description.clone(),
            lang: config.language.clone(),
            noindex: false,
            image: None,
            feeds: Vec::new(),
            json_ld: None,
        }
    }
}

/// A link to a feed.
#[derive(Clone, Debug, Serialize)]
pub(super) struct FeedLink {
    /// `rss`, `atom` or `json`.
    kind: &'static str,
    title: String,
    media_type: &'static str,
    href: String,
}

impl FeedLink {
    /// Links to the feeds, of `kinds`, of a list called `title` that begins at `first`.
    pub(super) fn of_list(
        config: &Config,
        kinds: impl Iterator<Item = FeedKind>,
        first: &Route,
        title: &str,
    ) -> Vec<FeedLink> {
        let link = |kind: FeedKind| {
            let name = match kind {
                FeedKind::Rss => "RSS",
                FeedKind::Atom => "Atom",
                FeedKind::Json => "JSON",
            };
            Some(FeedLink {
                kind: kind.word(),
                title: format!("{title} ({name})"),
                media_type: kind.media_type(),
                href: config.base.href(&feed_of(config, kind, first)?),
            })
        };
        kinds.filter_map(link).collect()
    }
}
