//! Full-text search without a server: the index that `build` makes, and its answers on the command
//! line. The browser's are given by the theme's script; `docs/search.md` is what all three hold to.
//!
//! `fold` brings texts to what is compared, `grams` cuts them, `run` sorts the grams of many
//! articles, `shard` is the form in which they are kept, `bits` its numbers, `volume` makes and
//! changes them, `files` names them; `indexer` makes what is new since the last time out of what
//! `store` keeps, `index` is all of it. `query` reads what was typed, `finder` answers with the
//! pages of the site, `snippet` cuts the sentence out.

mod bits;
mod files;
mod finder;
mod fold;
mod grams;
mod index;
mod indexer;
mod query;
mod run;
mod shard;
mod snippet;
mod store;
mod volume;

pub use files::{ListedArticle, SearchFields};
pub use finder::{Audit, FOLDER, Finder, Found, Hit, Sorting};
pub use fold::Variants;
pub use index::{IndexFile, IndexSize, SearchIndex};
pub use indexer::{ArticleTexts, IndexOptions, SearchedArticle};
pub use snippet::Snippet;
pub use store::{FILES, IndexStore};
