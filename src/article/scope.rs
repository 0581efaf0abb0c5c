//! What names in a post mean.

use std::cell::Cell;

use chinese_markdown::liquid;

use super::asking::Asking;
use crate::config::Config;
use crate::post::Post;

/// The values that Liquid in a post may name.
pub(super) struct PostScope<'a> {
    post: &'a Post,
    config: &'a Config,
    asking: &'a Asking<'a>,
    /// Whether a value of the card or of the site was wanted.
    names_values: Cell<bool>,
}

impl<'a> PostScope<'a> {
    pub(super) fn new(post: &'a Post, config: &'a Config, asking: &'a Asking<'a>) -> PostScope<'a> {
        PostScope { post, config, asking, names_values: Cell::new(false) }
    }

    /// Returns whether a value of the card or of the site was wanted.
    pub(super) fn names_values(&self) -> bool {
        self.names_values.get()
    }
}

impl liquid::Scope for PostScope<'_> {
    fn variable(&self, path: &str) -> Option<String> {
        self.names_values.set(true);
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
