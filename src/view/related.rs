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
        self.related.of(id, self.site).iter().map(|related| self.related_view(id, related)).collect()
    }

    fn related_view(&self, id: PostId, related: &Related) -> RelatedView {
        let taxonomy = self.config.taxonomy("tags");
        let own = taxonomy.map_or(&[][..], |taxonomy| &self.site.posts[id].terms[taxonomy]);
        let tags: Vec<&String> = related.tags(own).collect();
        let link = |name: &&String| Some(self.term_link(taxonomy?, self.site.term_id(taxonomy?, name)?));
        RelatedView {
            post: self.card_of(related.post as usize),
            tags: tags.iter().filter_map(link).collect(),
            reason: self.reason(&tags, related.words.as_deref()),
            words: related.words.as_deref().map(str::to_owned),
        }
    }

    /// `同标签 余凯、谷歌；标题同有“人工智能”`.
    fn reason(&self, tags: &[&String], words: Option<&str>) -> String {
        let joined = || tags.iter().map(|tag| tag.as_str()).collect::<Vec<&str>>().join(&self.theme.word("list_and"));
        let tags = (!tags.is_empty()).then(|| self.fill("related_tags", &[("tags", joined())]));
        let words = words.map(|words| self.fill("related_words", &[("words", words.to_owned())]));
        let parts: Vec<String> = tags.into_iter().chain(words).collect();
        parts.join(&self.theme.word("related_and"))
    }
}
