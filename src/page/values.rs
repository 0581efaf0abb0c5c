//! Template values that many pages show: each is made when it is first shown, and shared from then
//! on.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use tera::Value;

use super::taxonomy::taxonomy_title;
use crate::config::Config;
use crate::site::{PostId, Site};
use crate::theme::Theme;

/// Up to so many posts, every card is kept as a template value once it was shown.
const ALL_KEPT: usize = 20_000;
/// Above, so many are. Each takes 4 KB: all of 100,000 would be half of all memory, and making a
/// card again for each page that shows it takes a tenth of the time.
const SOME_KEPT: usize = 4_000;

/// Cards and links to terms. Measured on 10,000 posts: with every card holding its own links to
/// terms the build took 287 MB at its peak, with shared links 239 MB.
#[derive(Debug)]
pub(super) struct Values {
    posts: Vec<OnceLock<Value>>,
    /// How many of them are kept.
    kept: AtomicUsize,
    /// For each taxonomy, the links to its terms.
    terms: Vec<Vec<OnceLock<Value>>>,
    /// The name and title of each taxonomy, as the groups of cards carry them.
    pub(super) titles: Vec<(Value, Value)>,
}

impl Values {
    pub(super) fn new(site: &Site, config: &Config, theme: &Theme) -> Values {
        let empty = |count: usize| std::iter::repeat_with(OnceLock::new).take(count).collect();
        let title = |taxonomy| taxonomy_title(taxonomy, theme).into();
        Values {
            posts: empty(site.posts.len()),
            kept: AtomicUsize::new(0),
            terms: site.layout.terms.iter().map(|terms| empty(terms.len())).collect(),
            titles: config
                .taxonomies
                .iter()
                .map(|taxonomy| (taxonomy.name.as_str().into(), title(taxonomy)))
                .collect(),
        }
    }

    /// Returns the card of a post, which is made if there is none.
    pub(super) fn card(&self, id: PostId, make: impl FnOnce() -> Value) -> Value {
        let slot = &self.posts[id];
        if let Some(card) = slot.get() {
            return card.clone();
        }
        let card = make();
        let most = if self.posts.len() <= ALL_KEPT { ALL_KEPT } else { SOME_KEPT };
        if self.kept.load(Ordering::Relaxed) < most && slot.set(card.clone()).is_ok() {
            self.kept.fetch_add(1, Ordering::Relaxed);
        }
        card
    }

    /// Returns the link to a term, which is made if there is none.
    pub(super) fn link(&self, taxonomy: usize, term: usize, make: impl FnOnce() -> Value) -> Value {
        self.terms[taxonomy][term].get_or_init(make).clone()
    }
}
