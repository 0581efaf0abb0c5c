//! The terms of a post: its tags, authors, categories.

use std::collections::HashSet;
use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

use super::BESIDES;
use super::reader::PostReader;
use super::summary::SUMMARY_CHARACTERS;
use super::title::TITLE_CHARACTERS;
use crate::compat::Compat;
use crate::config::{Nested, Taxonomy};
use crate::diagnostic::Diagnostic;
use crate::front_matter::{FrontMatter, Scalar};
use crate::permalink::{PATH_SEPARATOR, above};
use chinese_markdown::html;
use chinese_text as text;

/// Most terms that a post has, of all taxonomies together, and the longest of them, in characters.
/// Each has a page and feeds of its own: 9,000 of them wrote gigabytes.
const TERMS: usize = 100;
const TERM_CHARACTERS: usize = 100;

impl PostReader<'_> {
    /// For each taxonomy the post's terms.
    pub(super) fn terms(&mut self, front_matter: &FrontMatter) -> Vec<Vec<String>> {
        let mut room = TermBudget::for_terms(front_matter);
        let config = self.config;
        config
            .taxonomies
            .iter()
            .map(|taxonomy| self.terms_of(taxonomy, front_matter, &mut room))
            .collect()
    }

    fn terms_of(
        &mut self,
        taxonomy: &Taxonomy,
        front_matter: &FrontMatter,
        room: &mut TermBudget,
    ) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        let mut beyond: Option<(Range<usize>, HashSet<String>)> = None;
        let is_own = front_matter.terms.iter().any(|(name, _)| taxonomy.keys.contains(name));
        let terms = if is_own { &front_matter.terms } else { &front_matter.default_terms };
        for key in keys_that_count(&taxonomy.keys, terms, self.config.compat) {
            let lists = terms.iter().filter(|(name, _)| name == key);
            for scalar in lists.flat_map(|(_, list)| list) {
                let name: String = text::one_line(&html::unescape(&scalar.text)).nfc().collect();
                if name.is_empty() || names.contains(&name) {
                    continue;
                }
                if name.chars().count() > TERM_CHARACTERS {
                    let message = say!(
                        "a name in `{}` is longer than {} characters, and is left out",
                        key,
                        TERM_CHARACTERS
                    );
                    let diagnostic = Diagnostic::warning("term-long", message)
                        .hint(say!("a list of names wants commas between them"));
                    self.diagnostics.push(diagnostic.at(self.text, scalar.range.clone()));
                } else if room.takes(&name) {
                    names.push(name);
                } else {
                    beyond
                        .get_or_insert_with(|| (scalar.range.clone(), HashSet::new()))
                        .1
                        .insert(name);
                }
            }
        }
        // A path that is written as one has said its beginnings as well.
        let is_flat = names.iter().all(|name| {
            above(name).is_none_or(|(above, _)| !names.iter().any(|other| other == above))
        });
        if taxonomy.nested == Nested::Lists && is_flat {
            names = (1..=names.len()).map(|length| names[..length].join(PATH_SEPARATOR)).collect();
        }
        if let Some((place, left)) = beyond {
            let message = say!(
                "{} of the post's {} are left out: it may have {} terms in all, fewer where they or its summary are long",
                left.len(),
                &taxonomy.name,
                TERMS
            );
            let diagnostic = Diagnostic::warning("terms-many", message)
                .hint(say!("keep those under which readers would look for it"));
            self.diagnostics.push(diagnostic.at(self.text, place));
        }
        names
    }
}

/// How many more terms a post may have.
struct TermBudget {
    terms: usize,
    bytes: usize,
    /// What each costs besides its name.
    each: usize,
}

impl TermBudget {
    /// Measured with the default theme: the page and three feeds of a term take 6,500 bytes, and
    /// say title and summary five times and its name, or what its address makes of that, as often
    /// as 140 times.
    fn for_terms(front_matter: &FrontMatter) -> TermBudget {
        /// Of a title or summary that is not given.
        const USUAL: usize = 150;
        let said = |scalar: &Option<Scalar>, most: usize| {
            scalar.as_ref().map_or(USUAL, |scalar| scalar.text.len().min(3 * most))
        };
        let said = said(&front_matter.title, TITLE_CHARACTERS)
            + said(&front_matter.description, SUMMARY_CHARACTERS);
        TermBudget { terms: TERMS, bytes: BESIDES, each: 6_500 + 5 * said }
    }

    fn takes(&mut self, name: &str) -> bool {
        let price = self.each + 140 * name.len();
        let is_room = self.terms > 0 && self.bytes >= price;
        if is_room {
            self.terms -= 1;
            self.bytes -= price;
        }
        is_room
    }
}

/// Both `tags` and `tag` count; with `compat: jekyll` the singular, where it is given, counts alone
/// (`Utils.pluralized_array_from_hash`).
fn keys_that_count<'k>(
    keys: &'k [String],
    terms: &[(String, Vec<Scalar>)],
    compat: Compat,
) -> &'k [String] {
    let is_given = |key: &String| terms.iter().any(|(name, list)| name == key && !list.is_empty());
    match keys.iter().rposition(is_given) {
        Some(singular) if compat.is_jekyll() => &keys[singular..=singular],
        _ => keys,
    }
}
