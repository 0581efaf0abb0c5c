//! Which posts are related, found when it is first asked: a build asks for all, a preview for the
//! few that are looked at.

use std::borrow::Cow;
use std::io;
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;

use super::{PostId, Site};
use crate::config::Config;
use crate::digest::{Digest, Digester};
use crate::ledger::{Derived, Ledger, encoded};
use crate::related::{Index, Related};

/// The related posts of every post of one site.
#[derive(Debug, Default)]
pub struct RelatedPosts {
    /// Whether any template shows them.
    is_shown: bool,
    tags: Option<usize>,
    /// Digest of what they are made of.
    of: Digest,
    index: OnceLock<Arc<Index>>,
    lists: OnceLock<Vec<Vec<Related>>>,
}

impl RelatedPosts {
    /// Returns the related posts of a site, of which none are compared yet. The index of the
    /// edition `before` is used again if it was made of the same titles and tags.
    pub fn new(
        config: &Config,
        is_shown: bool,
        site: &Site,
        before: Option<&RelatedPosts>,
    ) -> RelatedPosts {
        let tags = config.taxonomy("tags");
        let of = if is_shown { made_of(site, tags) } else { Digest::default() };
        let index = before
            .filter(|before| before.is_shown && before.of == of)
            .map(|before| before.index.clone());
        RelatedPosts {
            is_shown,
            tags,
            of,
            index: index.unwrap_or_default(),
            lists: OnceLock::new(),
        }
    }

    /// Digest of what they are made of.
    pub fn digest(&self) -> Digest {
        self.of
    }

    /// Returns the posts that are related to one.
    pub fn related_to(&self, id: PostId, site: &Site) -> Cow<'_, [Related]> {
        match self.lists.get() {
            Some(all) => Cow::Borrowed(all.get(id).map_or(&[], Vec::as_slice)),
            None if self.is_shown && id < site.layout.listed => {
                Cow::Owned(self.index(site).related_to(id, site.listed()))
            }
            None => Cow::Borrowed(&[]),
        }
    }

    /// Returns the related posts of all posts, from `past` if they were made of the same.
    pub fn all(&self, site: &Site, past: &Ledger) -> &[Vec<Related>] {
        self.lists.get_or_init(|| {
            if !self.is_shown {
                return Vec::new();
            }
            let known = past.derived(Derived::Related, self.of);
            known.and_then(|(_, lists)| postcard::from_bytes(lists).ok()).unwrap_or_else(|| {
                let index = self.index(site);
                (0..site.layout.listed)
                    .into_par_iter()
                    .map(|id| index.related_to(id, site.listed()))
                    .collect()
            })
        })
    }

    /// Returns the related posts of all posts as they are written down.
    pub fn stored<'p>(&self, site: &Site, past: &'p Ledger) -> io::Result<Cow<'p, [u8]>> {
        match past.derived(Derived::Related, self.of) {
            Some((stored, _)) => Ok(stored.into()),
            None => Ok(encoded(&(self.of, self.all(site, past)))?.into()),
        }
    }

    fn index(&self, site: &Site) -> &Index {
        self.index.get_or_init(|| Arc::new(Index::new(site.listed(), self.tags)))
    }
}

fn made_of(site: &Site, tags: Option<usize>) -> Digest {
    let of_post = |post: &Arc<crate::post::Post>| {
        Digester::new().bytes(&post.title).value(&tags.map(|tags| &post.terms[tags])).finish()
    };
    let digests: Vec<Digest> = site.listed().par_iter().map(of_post).collect();
    Digester::new().value(&digests).finish()
}
