//! Cards and links to terms as template values: each made when it is first shown, and shared from then on.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use tera::Value;

use super::{Views, taxonomy_title, term_link};
use crate::config::Config;
use crate::site::{PostId, Site};
use crate::theme::Theme;

/// Up to so many posts, every card is kept as a template value once it was shown.
const ALL_KEPT: usize = 20_000;
/// Above, so many are. Each takes 4 KB: all of 100,000 would be half of all memory, and making a card again for each page that
/// shows it takes a tenth of the time.
const SOME_KEPT: usize = 4_000;

/// What many pages show, as template values: each made when it is first shown, and shared from then on. Measured on 10,000
/// posts: with every card holding its own links to terms the build took 287 MB at its peak, with shared links 239 MB.
#[derive(Debug, Default)]
pub struct Cards {
    posts: Vec<OnceLock<Value>>,
    /// How many of them are kept.
    kept: AtomicUsize,
    /// For each taxonomy, the links to its terms, and the name and title that groups carry.
    terms: Vec<Vec<OnceLock<Value>>>,
    pub(super) titles: Vec<(Value, Value)>,
}

impl Cards {
    pub fn new(site: &Site, config: &Config, theme: &Theme) -> Cards {
        let titles =
            config.taxonomies.iter().map(|taxonomy| (taxonomy.name.as_str().into(), taxonomy_title(taxonomy, theme).into())).collect();
        let empty = |count: usize| std::iter::repeat_with(OnceLock::new).take(count).collect();
        Cards {
            posts: empty(site.posts.len()),
            kept: AtomicUsize::new(0),
            terms: site.terms.iter().map(|terms| empty(terms.len())).collect(),
            titles,
        }
    }
}

impl Views<'_> {
    /// The card of an article, as lists show it.
    pub(super) fn card_of(&self, id: PostId) -> Value {
        let slot = &self.cards.posts[id];
        if let Some(card) = slot.get() {
            return card.clone();
        }
        let card = self.card(&self.site.posts[id]);
        let most = if self.site.posts.len() <= ALL_KEPT { ALL_KEPT } else { SOME_KEPT };
        if self.cards.kept.load(Ordering::Relaxed) < most && slot.set(card.clone()).is_ok() {
            self.cards.kept.fetch_add(1, Ordering::Relaxed);
        }
        card
    }

    /// A link to a term.
    pub(super) fn term_link(&self, taxonomy: usize, term: usize) -> Value {
        let link = || Value::from_serializable(&term_link(&self.site.terms[taxonomy][term], self.config));
        self.cards.terms[taxonomy][term].get_or_init(link).clone()
    }
}
