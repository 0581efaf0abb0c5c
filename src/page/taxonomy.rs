//! `taxonomy`: what is said of one besides its terms.

use serde::Serialize;

use crate::config::Taxonomy;
use crate::route::BaseUrl;
use crate::theme::Theme;

/// A taxonomy, with the number of its terms.
#[derive(Clone, Debug, Serialize)]
pub struct TaxonomyView {
    /// The name in site.yaml: `tags`.
    pub name: String,
    pub title: String,
    pub href: String,
    pub count: usize,
}

impl TaxonomyView {
    /// Of a taxonomy with `count` terms.
    pub fn new(taxonomy: &Taxonomy, theme: &Theme, base: &BaseUrl, count: usize) -> TaxonomyView {
        let (name, title) = (taxonomy.name.clone(), taxonomy_title(taxonomy, theme));
        TaxonomyView { name, title, href: base.href(&taxonomy.folder), count }
    }
}

/// Returns what a taxonomy is called: by the keeper, by the theme, or by its name.
pub(super) fn taxonomy_title(taxonomy: &Taxonomy, theme: &Theme) -> String {
    taxonomy.title.clone().unwrap_or_else(|| {
        let key = format!("taxonomy_{}", taxonomy.name);
        theme.words.get(&key).cloned().unwrap_or_else(|| taxonomy.name.clone())
    })
}
