//! `page`, `post` and `article`, as the pages of all texts have them.

use serde::Serialize;
use tera::{Context, Value};

use super::card::Card;
use super::head::PageHead;
use super::renderer::Renderer;
use crate::article::Article;
use crate::config::Config;
use crate::date;
use crate::post::{Post, PostKind};
use crate::theme::for_script;

/// Most headings in an outline; one real post has 4,005.
const OUTLINE_MAX: usize = 200;

/// Returns the variables of a text's own page.
pub(super) fn context(
    kind: &'static str,
    card: &Card<'_>,
    article: &Article,
    renderer: &Renderer<'_>,
) -> Context {
    let (post, config) = (card.post, renderer.config);
    let mut head = PageHead::new(kind, post.title.clone(), &post.route, renderer);
    head.href = card.href();
    head.url = card.url();
    if !post.summary.is_empty() {
        head.description.clone_from(&post.summary);
    }
    if let Some(lang) = &post.lang {
        head.lang.clone_from(lang);
    }
    head.noindex = post.noindex;
    head.image = card.cover();
    head.json_ld = (post.kind == PostKind::Article).then(|| json_ld(post, &head, config));
    let mut context = Context::new();
    context.insert("page", &head);
    context.insert_value("post", card.value());
    context.insert("article", &article_view(article));
    context
}

/// schema.org `Article`; only what is known is said.
fn json_ld(post: &Post, head: &PageHead, config: &Config) -> Value {
    let mut json = serde_json::json!({
        "@context": "https://schema.org",
        "@type": "Article",
        "headline": post.title,
        "inLanguage": head.lang,
        "mainEntityOfPage": head.url,
        "url": head.url,
        "wordCount": post.length.words,
    });
    let mut put = |key: &str, value: serde_json::Value| {
        json[key] = value;
    };
    if let Some(date) = &post.date {
        put("datePublished", date::rfc3339(date).into());
    }
    if let Some(updated) = &post.updated {
        put("dateModified", date::rfc3339(updated).into());
    }
    if !post.summary.is_empty() {
        put("description", post.summary.clone().into());
    }
    if let Some(image) = &head.image {
        put("image", image.clone().into());
    }
    if let Some(origin) = &post.origin
        && chinese_markdown::html::names_host(origin)
    {
        put("isBasedOn", origin.clone().into());
    }
    let names =
        |taxonomy: &str| config.taxonomy(taxonomy).map_or(&[][..], |index| &post.terms[index]);
    if !names("authors").is_empty() {
        let authors: Vec<serde_json::Value> = names("authors")
            .iter()
            .map(|name| serde_json::json!({"@type": "Person", "name": name}))
            .collect();
        put("author", authors.into());
    }
    if !names("tags").is_empty() {
        put("keywords", names("tags").join(",").into());
    }
    Value::safe_string(&for_script(&json))
}

fn article_view(article: &Article) -> ArticleView {
    let headings = article.outline.len();
    let top = article.outline.iter().map(|heading| heading.level).min().unwrap_or(2);
    let outline = article
        .outline
        .iter()
        .filter(|heading| headings <= OUTLINE_MAX || heading.level == top)
        .take(OUTLINE_MAX)
        .map(|heading| HeadingView {
            level: heading.level,
            id: heading.id.clone(),
            title: heading.title.clone(),
            number: heading.number.clone(),
        })
        .collect();
    ArticleView { html: Value::safe_string(&article.html), outline, headings }
}

#[derive(Debug, Serialize)]
struct ArticleView {
    html: Value,
    outline: Vec<HeadingView>,
    /// Headings in all; the outline holds at most 200.
    headings: usize,
}

#[derive(Debug, Serialize)]
struct HeadingView {
    level: u8,
    id: String,
    title: String,
    /// The number above the title of a scraped section.
    number: Option<String>,
}
