//! Which posts are related, found when it is first asked: a build asks for all, a preview for the few that are looked at.

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;

use super::{PostId, Site};
use crate::config::Config;
use crate::digest::{Digest, Digester};
use crate::ledger::{Ledger, RelatedLists};
use crate::related::{Index, Related};

/// The related posts of every post of one site.
#[derive(Debug, Default)]
pub struct RelatedPosts {
    /// Whether any template shows them.
    is_shown: bool,
    tags: Option<usize>,
    index: OnceLock<Arc<Index>>,
    lists: OnceLock<RelatedLists>,
}

impl RelatedPosts {
    /// Nothing is compared yet. What was indexed of the site `before`, of the same order and terms, serves again where no title has
    /// changed.
    pub fn new(config: &Config, is_shown: bool, before: Option<(&RelatedPosts, &Site, &Site)>) -> RelatedPosts {
        let same_titles = |before: &Site, site: &Site| before.listed().iter().zip(site.listed()).all(|(a, b)| a.title == b.title);
        let index = before.filter(|(_, before, site)| same_titles(before, site)).map(|(related, ..)| related.index.clone());
        RelatedPosts { is_shown, tags: config.taxonomy("tags"), index: index.unwrap_or_default(), lists: OnceLock::new() }
    }

    /// Those of one post.
    pub fn of(&self, id: PostId, site: &Site) -> Cow<'_, [Related]> {
        match self.lists.get() {
            Some(all) => Cow::Borrowed(all.lists.get(id).map_or(&[], Vec::as_slice)),
            None if self.is_shown && id < site.listed => Cow::Owned(self.index(site).of(id, site.listed())),
            None => Cow::Borrowed(&[]),
        }
    }

    /// Those of all posts; as in `past`, if they are made of the same.
    pub fn all(&self, site: &Site, past: &Ledger) -> &RelatedLists {
        self.lists.get_or_init(|| {
            if !self.is_shown {
                return RelatedLists::default();
            }
            let of = self.made_of(site);
            past.related(of).unwrap_or_else(|| {
                let index = self.index(site);
                RelatedLists { of, lists: (0..site.listed).into_par_iter().map(|id| index.of(id, site.listed())).collect() }
            })
        })
    }

    fn index(&self, site: &Site) -> &Index {
        self.index.get_or_init(|| Arc::new(Index::new(site.listed(), self.tags)))
    }

    fn made_of(&self, site: &Site) -> Digest {
        let mut made_of = Digester::new();
        for post in site.listed() {
            made_of.bytes(&post.title).value(&self.tags.map(|tags| &post.terms[tags]));
        }
        made_of.finish()
    }
}
