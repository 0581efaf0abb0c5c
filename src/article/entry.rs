//! A body as an entry of a feed has it: read away from its page, so all addresses are full, and by
//! programs that show no more than text and pictures.

use chinese_markdown::Document;
use chinese_markdown::html_writer::{self, Labels, Writing};

use super::asking::Asking;
use super::body::{IDS_OF_THEMES, tidy};
use super::scope::PostScope;
use super::{AnsweredQuestion, SiteLinks};
use crate::config::Config;
use crate::front_matter::KNOWN_KEYS;
use crate::post::{self, Format, Post};

/// Returns the body of `post`, whose file holds `bytes`, for an entry of a feed, and what it asked
/// of the site. What is found in it is told by its page.
pub fn entry(
    post: &Post,
    bytes: &[u8],
    config: &Config,
    labels: &Labels,
    links: &dyn SiteLinks,
) -> (String, Vec<AnsweredQuestion>) {
    // The card was read from the same file; if this fails, it changed since then, and the page says
    // so.
    let Ok((text, split, _)) = post::open(bytes, &KNOWN_KEYS) else { return Default::default() };
    let asking = Asking::new(post, links);
    let page_href = config.base.href(&post.route);
    let resolve = |reference: &str| {
        let resolved = asking.resolve(reference);
        Some(config.base.resolve(&page_href, resolved.as_deref().unwrap_or(reference)))
    };
    let writing = Writing {
        id: &post.key,
        reserved_ids: &IDS_OF_THEMES,
        title: &post.title,
        raw_html: config.raw_html,
        for_feed: true,
        resolve: &resolve,
        ..Writing::new(labels, config.base.own_host())
    };
    let source = &text[split.body..];
    let html = match post.format {
        Format::Html => html_writer::write_html(source, &writing).html,
        Format::Markdown => {
            let scope = PostScope::new(post, config, &asking);
            let syntax = post::syntax(config, post.math, post.breaks, post.structure, Some(&scope));
            let (document, _) = Document::prepare(source, &syntax);
            html_writer::write(&document.parse(), &writing).html
        }
    };
    (tidy(html, post.format, config.raw_html), asking.finish())
}
