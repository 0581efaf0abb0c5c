//! What pages made by a template can show: the variables it and all it reaches mention.
//!
//! Found by reading the texts. Tera names the variables of a template, but not which fields of
//! `site` they are, nor what components use. Whatever might be a variable counts as one, so that at
//! worst a page is made once more than it need be.

use std::collections::BTreeSet;

use super::reach;
use super::texts::Texts;
use crate::digest::{Digest, Digester};

/// The variables that a template mentions.
#[derive(Clone, Debug)]
pub struct Mentions {
    /// Digest of all texts it reaches.
    pub texts: Digest,
    variables: BTreeSet<String>,
    /// The fields of `site`; none where `site` is handed on as a whole.
    site: Option<BTreeSet<String>>,
}

impl Mentions {
    pub(super) fn new(texts: &Texts, template: &str) -> Mentions {
        let mut mentions = Mentions {
            texts: Digest::default(),
            variables: BTreeSet::new(),
            site: Some(BTreeSet::new()),
        };
        let mut digester = Digester::new();
        for (name, text) in reach::texts_of(texts, template) {
            digester.bytes(name).bytes(text);
            for tag in tags(text) {
                mentions.read(tag);
            }
        }
        mentions.texts = digester.finish();
        mentions
    }

    /// Returns whether the variable may be shown.
    pub fn has(&self, variable: &str) -> bool {
        self.variables.contains(variable) || self.variables.contains("__tera_context")
    }

    /// Returns whether a field of `site` may be shown.
    pub fn has_site(&self, field: &str) -> bool {
        self.has("site") && self.site.as_ref().is_none_or(|fields| fields.contains(field))
            || self.has("__tera_context")
    }

    /// Takes in the names of one tag.
    fn read(&mut self, tag: &str) {
        let mut rest = tag;
        let mut after_dot = false;
        while let Some(start) = rest.find(is_of_name) {
            after_dot = rest[..start].trim_end().ends_with('.') || (after_dot && start == 0);
            let name = &rest[start..];
            let end = name.find(|c| !is_of_name(c)).unwrap_or(name.len());
            let (name, behind) = name.split_at(end);
            if !after_dot {
                self.variables.insert(name.to_owned());
                if name == "site" {
                    self.read_site(behind);
                }
            }
            after_dot = false;
            rest = behind;
        }
    }

    /// `site.title`, or the whole.
    fn read_site(&mut self, behind: &str) {
        let field = behind
            .trim_start_matches('?')
            .strip_prefix('.')
            .map(|behind| &behind[..behind.find(|c| !is_of_name(c)).unwrap_or(behind.len())]);
        match (field.filter(|field| !field.is_empty()), &mut self.site) {
            (Some(field), Some(fields)) => {
                fields.insert(field.to_owned());
            }
            (Some(_), None) => {}
            (None, _) => self.site = None,
        }
    }
}

fn is_of_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Returns the insides of `{{ … }}` and `{% … %}`. One that holds a quote left open goes on: its
/// end may stand in a text.
fn tags(text: &str) -> impl Iterator<Item = &str> {
    let starts = text
        .match_indices(['{', '}'])
        .filter(|(at, _)| text[*at..].starts_with("{{") || text[*at..].starts_with("{%"));
    starts.map(|(at, _)| {
        let inside = &text[at + 2..];
        let ends = inside.match_indices(['}', '%']).filter(|(end, _)| {
            inside[*end..].starts_with("}}") || inside[*end..].starts_with("%}")
        });
        let is_whole = |end: usize| {
            ['"', '\'', '`'].iter().all(|quote| inside[..end].matches(*quote).count() % 2 == 0)
        };
        let end = ends.map(|(end, _)| end).find(|end| is_whole(*end)).unwrap_or(inside.len());
        &inside[..end]
    })
}

#[cfg(test)]
mod tests {
    use super::super::file::ThemeFile;
    use super::*;

    fn mentions(text: &str) -> Mentions {
        let mut texts = Texts::default();
        let file =
            ThemeFile { bytes: text.as_bytes().to_vec(), shown: "x".to_owned(), is_built_in: true };
        texts.insert("builtin/x.html".to_owned(), &file);
        Mentions::new(&texts, "x.html")
    }

    #[test]
    fn variables_and_fields_of_the_site() {
        let found = mentions(
            "<p class=\"newest\">{{ site.title }}{% if post.related %}{{ list . posts }}{% endif %}{{ site?.years }}</p>",
        );
        let has = |name: &str| found.has(name);
        assert!(
            has("site")
                && has("post")
                && has("list")
                && !has("related")
                && !has("posts")
                && !has("newest")
        );
        assert!(found.has_site("title") && found.has_site("years") && !found.has_site("posts"));
    }

    #[test]
    fn whatever_may_be_a_variable_is_one() {
        assert!(mentions("{% set x = site %}").has_site("posts"));
        assert!(mentions("{{ site[\"posts\"] }}").has_site("posts"));
        assert!(
            mentions("{{ __tera_context }}").has_site("posts")
                && mentions("{{ __tera_context }}").has("related")
        );
        assert!(mentions("{{ \"it's }}\" ~ related }} 'x").has("related"));
        assert!(mentions("{{ related").has("related"));
        assert!(mentions("{% for a, b in x | sort(by=related) %}").has("related"));
        assert!(!mentions("{# related #}related").has("related"));
    }
}
