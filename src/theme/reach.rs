//! Which templates the pages of a site can reach.
//!
//! A theme that brings its own `base.html` never shows the built-in one, and need not publish its
//! script. Found by reading the texts: Tera tells of no template what it extends or includes. Names
//! made at run time are not seen, which costs nothing but an asset that is missed with an error.

use std::collections::{BTreeMap, BTreeSet};

use super::PREFIXES;
use super::texts::Texts;

/// Returns the texts of all templates that pages can reach.
pub(super) fn texts<'t>(texts: &'t Texts, required: &BTreeSet<&str>) -> Vec<&'t str> {
    // Files of the site's and the theme's own are there to be used: as layouts, as components.
    let own = texts.own().map(str::to_owned);
    let roots = required.iter().filter_map(|name| nearest(texts, name)).chain(own).collect();
    reached(texts, roots).into_values().collect()
}

/// Returns the names of the templates that pages can reach: the required ones, layouts, components,
/// and whatever these name.
pub(super) fn names(texts: &Texts, required: &BTreeSet<&str>) -> BTreeSet<String> {
    let by_name = |name: &str| {
        PREFIXES.iter().any(|prefix| {
            name.strip_prefix(prefix)
                .is_some_and(|name| required.contains(&name) || name.starts_with("layouts/"))
        })
    };
    // Components are called by a name of their own, wherever they are; a name made at run time may
    // be any.
    let is_root = |name: &str, text: &str| by_name(name) || text.contains("component");
    let roots = texts
        .iter()
        .filter(|(name, text)| is_root(name, text))
        .map(|(name, _)| name.to_owned())
        .collect();
    reached(texts, roots).into_keys().collect()
}

/// Returns the texts that pages made by one template can reach, by name.
pub(super) fn texts_of<'t>(texts: &'t Texts, template: &str) -> BTreeMap<String, &'t str> {
    // Components are called by a name of their own, wherever they are.
    let components = texts
        .iter()
        .filter(|(_, text)| text.contains("component"))
        .map(|(name, _)| name.to_owned());
    reached(texts, nearest(texts, template).into_iter().chain(components).collect())
}

fn reached(texts: &Texts, mut waiting: Vec<String>) -> BTreeMap<String, &str> {
    let mut reached = BTreeMap::new();
    while let Some(name) = waiting.pop() {
        if let Some(text) = texts.get(&name)
            && !reached.contains_key(&name)
        {
            reached.insert(name, text);
            waiting.extend(references(text).filter_map(|name| nearest(texts, name)));
        }
    }
    reached
}

/// Returns the template that a name means: the nearest layer's.
fn nearest(texts: &Texts, name: &str) -> Option<String> {
    let nearest = PREFIXES
        .iter()
        .map(|prefix| format!("{prefix}{name}"))
        .find(|name| texts.get(name).is_some());
    nearest.or_else(|| texts.get(name).map(|_| name.to_owned()))
}

/// Returns the templates that a text extends, includes or imports from.
fn references(text: &str) -> impl Iterator<Item = &str> {
    text.split("{%").skip(1).flat_map(|tag| {
        let tag = tag.split("%}").next().unwrap_or_default().trim_start_matches('-').trim_start();
        let named = ["extends", "include", "import", "from"]
            .iter()
            .find_map(|keyword| tag.strip_prefix(keyword));
        quoted(named.unwrap_or_default())
    })
}

/// Returns the texts in quotes: an `include` may name several.
fn quoted(mut text: &str) -> impl Iterator<Item = &str> {
    std::iter::from_fn(move || {
        let start = text.find(['"', '\'', '`'])?;
        let (inside, rest) = text[start + 1..].split_once(&text[start..=start])?;
        text = rest;
        Some(inside)
    })
}

/// Returns whether a text holds the name of an asset in quotes.
pub(super) fn names_asset(text: &str, name: &str) -> bool {
    [format!("\"{name}\""), format!("'{name}'"), format!("`{name}`")]
        .iter()
        .any(|quoted| text.contains(quoted.as_str()))
}

#[cfg(test)]
mod tests {
    use super::super::file::ThemeFile;
    use super::*;

    #[test]
    fn an_overridden_base_hides_the_one_below() {
        let mut templates = Texts::default();
        for (name, text) in [
            ("builtin/base.html", "base of jian"),
            (
                "builtin/home.html",
                "{% extends \"base.html\" %}home {%- include ['own.html', 'card.html'] %}",
            ),
            ("builtin/card.html", "card"),
            ("builtin/unused.html", "unused"),
            ("theme/base.html", "own base"),
            ("theme/layouts/essay.html", "{% extends `builtin/home.html` %}essay"),
        ] {
            let is_built_in = name.starts_with("builtin/");
            templates.insert(
                name.to_owned(),
                &ThemeFile { bytes: text.as_bytes().to_vec(), shown: name.to_owned(), is_built_in },
            );
        }
        let mut reached = texts(&templates, &BTreeSet::from(["home.html"]));
        reached.sort_unstable();
        assert_eq!(reached.len(), 4);
        assert!(
            reached.contains(&"own base")
                && reached.contains(&"card")
                && !reached.contains(&"base of jian")
        );
    }
}
