//! Which language a listing says it is in.

use std::borrow::Cow;

use super::super::attributes::attributes;
use super::super::tag::Tag;

/// The language that a tag names.
pub(super) fn language_of(tag: &Tag<'_>) -> Option<String> {
    let all: Vec<(Cow<'_, str>, Cow<'_, str>)> = attributes(tag.attributes).collect();
    let said = |name: &str| {
        all.iter().find(|(other, _)| other == name).map_or("", |(_, value)| value.trim())
    };
    let classes: Vec<&str> =
        said("class").split([' ', ';']).filter(|class| !class.is_empty()).collect();
    let named =
        ["data-lang", "data-language"].map(said).into_iter().find(|language| !language.is_empty());
    let is_spoken = |lang: &str| {
        ["zh", "en", "ja", "ko", "fr", "de", "es", "ru"]
            .iter()
            .any(|spoken| lang.get(..2) == Some(spoken))
    };
    let of_class = || {
        const PREFIXES: [&str; 5] = ["language-", "lang-", "highlight-source-", "brush:", "lang:"];
        classes
            .iter()
            .find_map(|class| PREFIXES.iter().find_map(|prefix| class.strip_prefix(prefix)))
            .filter(|language| !language.is_empty())
    };
    // `brush: js`, `hljs js`, Hexo's `highlight js`, Pandoc's `sourceCode js`.
    let after_class = || {
        let at = classes.iter().position(|class| {
            matches!(*class, "brush:" | "hljs" | "highlight" | "sourceCode" | "syntaxhighlighter")
        })?;
        classes.get(at + 1).copied().filter(|class| {
            !class.contains("line")
                && !matches!(*class, "copyable" | "wrap" | "code" | "table" | "tab-size")
        })
    };
    let own = || {
        Some(said("lang"))
            .filter(|lang| !lang.is_empty() && !is_spoken(lang) && tag.known_name() != Some("div"))
    };
    let language = named.or_else(of_class).or_else(after_class).or_else(own)?;
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '#' | '-' | '.' | '_');
    (language.len() <= 24 && language.chars().all(is_name)).then(|| language.to_ascii_lowercase())
}
