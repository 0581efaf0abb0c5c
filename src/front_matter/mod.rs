//! Front matter: finding it, and reading it with people's habits in mind.
//!
//! The block, in whatever form it is written (`block`), is cut into its top-level entries first,
//! and the YAML reader reads the value of each on its own. So a mistake costs one entry, not the
//! post; scalars keep their spelling (`3.10`, `on`, `0123`); and every message knows its place.
//! Where a value is not valid YAML but plainly meant (an unquoted colon, a stray quote, a tab), it
//! is taken as meant and a warning says what was assumed. Anchors reach no further than their own
//! entry.
//!
//! Pure. Knows no file names, no site; what the entries mean for a post is decided in `post`.
//!
//! `keys` is the one table of keys and what they mean; `yaml`, `toml`, `json` and `headers` cut a
//! block into entries whose values are YAML (`entry`), and all after that is the same for all
//! (`field`, `scalar`, `list`, `value`); `file` is what a file says over what the site says for its
//! folder; `visibility` is what other tools hide posts by; `tags` is the one thing that writes
//! front matter.

mod block;
mod entry;
mod field;
mod file;
mod headers;
mod json;
mod keys;
mod list;
mod reader;
mod entry_value;
mod scalar;
pub mod stored;
mod tags;
mod toml;
mod unread;
mod value;
mod visibility;
mod yaml;
mod yaml_error;

use std::ops::Range;

use serde_yaml::{Mapping, Value};

use crate::config::When;

pub use block::{Form, FrontMatterBlock, Split, decode, split};
pub use file::{mistakes_in, read, read_over};
pub use keys::KNOWN_KEYS;
pub use tags::{Declined, scalar, with_tags};
pub use unread::Limit;
pub use visibility::{Bound, HIDDEN_BELOW, Visibility};

/// A scalar as written, with its place in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scalar {
    pub text: String,
    pub quoted: bool,
    pub range: Range<usize>,
}

/// What the front matter of one file says. Absent, empty and `null` values are `None`.
#[derive(Clone, Debug, Default)]
pub struct FrontMatter {
    pub title: Option<Scalar>,
    pub date: Option<Scalar>,
    pub updated: Option<Scalar>,
    /// When a note was taken down, where nothing says when it was published.
    pub created: Option<Scalar>,
    pub slug: Option<Scalar>,
    pub permalink: Option<Scalar>,
    pub layout: Option<Scalar>,
    pub lang: Option<Scalar>,
    pub description: Option<Scalar>,
    /// Empty where it is said that there is none.
    pub cover: Option<Scalar>,
    /// The picture that themes of other programs show on top of a post: the cover, where no other
    /// is said.
    banner: Option<Scalar>,
    pub origin: Option<Scalar>,
    /// Old addresses.
    pub aliases: Vec<Scalar>,
    /// Other names that links may call a note by.
    pub names: Vec<Scalar>,
    pub published: Option<bool>,
    pub draft: Option<bool>,
    pub noindex: Option<bool>,
    pub sitemap: Option<bool>,
    pub search: Option<bool>,
    pub comments: Option<bool>,
    pub math: Option<bool>,
    pub breaks: Option<When>,
    /// What other tools' keys say of who may see the post.
    visibility: Visibility,
    /// What `structure` says, and where.
    pub structure: Option<(Value, Range<usize>)>,
    /// The lists that taxonomies may read, by lower-case key.
    pub terms: Vec<(String, Vec<Scalar>)>,
    /// Those that the site gives to posts that have none.
    pub default_terms: Vec<(String, Vec<Scalar>)>,
    /// Every other key, as written, for the theme.
    pub extra: Mapping,
    /// The texts, numbers and switches of `extra`, by lower-case key, as they are spelt.
    spelled: Vec<(String, String)>,
}

impl FrontMatter {
    /// Returns the address of the post's picture, and where it is said.
    pub fn picture(&self) -> Option<&Scalar> {
        self.cover.as_ref().or(self.banner.as_ref())
    }

    /// Returns the text under a key, in lower case, as it is spelt; of a list the first.
    pub fn text_of(&self, key: &str) -> Option<&str> {
        let text = match key {
            "lang" => self.lang.as_ref(),
            "layout" => self.layout.as_ref(),
            "source" | "from" => self.origin.as_ref(),
            _ => self.terms.iter().find(|(name, _)| name == key).and_then(|(_, list)| list.first()),
        };
        let text = text.map(|scalar| scalar.text.as_str()).or_else(|| self.spelling_of(key));
        text.map(str::trim).filter(|text| !text.is_empty())
    }

    /// Returns the text, number or switch under a key of the theme's, in lower case, to the letter.
    pub fn spelling_of(&self, key: &str) -> Option<&str> {
        self.spelled.iter().find(|(name, _)| name == key).map(|(_, text)| text.as_str())
    }
}

#[cfg(test)]
mod tests;
