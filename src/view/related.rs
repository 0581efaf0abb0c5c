//! `related`: other posts, and why a reader of this one may want them.

use serde::Serialize;
use tera::Value;

use super::Views;
use crate::related::Related;
use crate::site::PostId;

/// A related post, what it shares with this one, and that in a sentence.
#[derive(Debug, Serialize)]
pub(super) struct RelatedView {
    post: Value,
    /// A list of the card's own links to terms.
    tags: Vec<Value>,
    words: Option<String>,
    reason: String,
}

impl Views<'_> {
    pub(super) fn related(&self, id: PostId) -> Vec<RelatedView> {
        self.related.lists.get(id).into_iter().flatten().map(|related| self.related_view(related)).collect()
    }

    fn related_view(&self, related: &Related) -> RelatedView {
        let links = |taxonomy: usize| {
            let ids = related.tags.iter().filter_map(move |name| self.site.term_id(taxonomy, name));
            ids.map(|term| self.term_link(taxonomy, term)).collect()
        };
        RelatedView {
            post: self.card_of(related.post),
            tags: self.config.taxonomy("tags").map_or_else(Vec::new, links),
            reason: self.reason(related),
            words: related.words.clone(),
        }
    }

    /// `同标签 余凯、谷歌；标题同有“人工智能”`.
    fn reason(&self, related: &Related) -> String {
        let tags =
            (!related.tags.is_empty()).then(|| self.fill("related_tags", &[("tags", related.tags.join(&self.theme.word("list_and")))]));
        let words = related.words.as_ref().map(|words| self.fill("related_words", &[("words", words.clone())]));
        let parts: Vec<String> = tags.into_iter().chain(words).collect();
        parts.join(&self.theme.word("related_and"))
    }
}
