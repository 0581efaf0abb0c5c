//! What each key's value is read as, and where it goes.

use std::borrow::Cow;

use serde_yaml::{Mapping, Value};

use super::Scalar;
use super::entry::{Entry, is_date};
use super::entry_value::EntryValue;
use super::keys::{KeyMeaning, TextField, meaning};
use super::reader::FrontMatterReader;
use super::value::mapping;
use super::visibility;
use crate::config::When;
use crate::diagnostic::Diagnostic;
use crate::route::{has_scheme, is_relative, split_path};
use crate::yaml::with_text_keys;

impl FrontMatterReader<'_> {
    /// Takes in one entry; `name` is its key in lower case.
    pub(super) fn read_entry(
        &mut self,
        name: &str,
        entry: &Entry<'_>,
    ) -> Result<(), Box<Diagnostic>> {
        if self.list_keys.contains(&name) {
            let list = self.list(name, entry)?;
            if !list.is_empty() || !entry.trimmed().0.is_empty() {
                self.front_matter.terms.push((name.to_owned(), list));
            }
            return Ok(());
        }
        self.see(name, entry);
        match meaning(name) {
            Some(KeyMeaning::Text(field)) => return self.text(name, entry, field),
            Some(KeyMeaning::Switch(field)) => {
                *field(&mut self.front_matter) = Self::switch(entry);
                let _ = self.extra(entry);
            }
            Some(KeyMeaning::SwitchOfThemes(field)) => {
                let said = field(&mut self.front_matter);
                *said = said.or(Self::switch(entry));
                let _ = self.extra(entry);
            }
            Some(KeyMeaning::Breaks) => {
                self.front_matter.breaks = match EntryValue::read(entry) {
                    EntryValue::Text(text) if text == "auto" => Some(When::Auto),
                    _ => Self::switch(entry).map(|on| if on { When::Always } else { When::Never }),
                };
                let _ = self.extra(entry);
            }
            // Jekyll's plugin counts from the root.
            Some(KeyMeaning::AliasesFromRoot) => {
                let from_root = |alias: Scalar| {
                    let is_below = is_relative(&alias.text) && !alias.text.starts_with('.');
                    if is_below {
                        Scalar { text: format!("/{}", alias.text.trim_start()), ..alias }
                    } else {
                        alias
                    }
                };
                let list = self.list(name, entry)?;
                self.front_matter.aliases.extend(list.into_iter().map(from_root));
            }
            Some(KeyMeaning::Aliases) => {
                let (addresses, names): (Vec<_>, Vec<_>) =
                    self.list(name, entry)?.into_iter().partition(|alias| is_address(&alias.text));
                self.front_matter.aliases.extend(addresses);
                self.front_matter.names.extend(names);
            }
            Some(KeyMeaning::Address) => {
                self.extra(entry)?;
                let is_path = entry.trimmed().0.trim_start_matches(['"', '\'']).starts_with('/');
                if is_path && !self.compat.is_jekyll() && self.front_matter.permalink.is_none() {
                    self.front_matter.permalink = self.scalar(entry)?;
                }
            }
            Some(KeyMeaning::Published) if Self::switch(entry).is_none() && is_date(entry) => {
                self.see("publishdate", entry);
            }
            Some(KeyMeaning::Published) => {
                self.front_matter.published = self.switch_or_stop(entry)?;
            }
            Some(KeyMeaning::Draft) => {
                self.front_matter.draft = self.switch_or_stop(entry)?;
                if self.front_matter.draft == Some(true) {
                    self.front_matter.visibility.draft = Some(visibility::mark(entry));
                }
            }
            Some(KeyMeaning::Robots) => {
                self.extra(entry)?;
                if entry.value.to_ascii_lowercase().contains("noindex") {
                    self.front_matter.noindex = Some(true);
                }
            }
            Some(KeyMeaning::Created) => {
                self.extra(entry)?;
                let is_text =
                    matches!(EntryValue::read(entry), EntryValue::Text(_)) || is_date(entry);
                self.front_matter.created =
                    if is_text && entry.is_one_line() { self.scalar(entry)? } else { None };
            }
            Some(KeyMeaning::TermsByTaxonomy) => {
                self.extra(entry)?;
                self.terms_of_zola(entry)?;
            }
            Some(KeyMeaning::Structure) => {
                self.extra(entry)?;
                let value =
                    self.front_matter.extra.get(entry.name.as_str()).cloned().unwrap_or_default();
                self.front_matter.structure = Some((value, entry.key.clone()));
            }
            Some(KeyMeaning::Banner) => {
                if self.front_matter.banner.is_none() && mapping(&entry.value).is_none() {
                    // `banner: true` is a theme's own.
                    self.front_matter.banner =
                        self.scalar(entry)?.filter(|scalar| scalar.text.contains(['/', '.']));
                }
                self.extra(entry)?;
            }
            Some(KeyMeaning::Terms | KeyMeaning::Visibility) | None => return self.extra(entry),
        }
        Ok(())
    }

    /// Reads a key whose value is one text.
    fn text(
        &mut self,
        name: &str,
        entry: &Entry<'_>,
        field: TextField,
    ) -> Result<(), Box<Diagnostic>> {
        if let Some(map) = mapping(&entry.value) {
            return self.map_for_text(name, entry, &map, field);
        }
        if field(&mut self.front_matter).is_none() {
            let scalar = self.scalar(entry)?.filter(|scalar| name == "title" || !says_none(scalar));
            // A post that has no picture is not shown with the first of its text.
            *field(&mut self.front_matter) = scalar.or_else(|| Self::none(name, entry));
        }
        Ok(())
    }

    /// Reads Zola's map of lists: `taxonomies: {tags: [甲]}`.
    fn terms_of_zola(&mut self, entry: &Entry<'_>) -> Result<(), Box<Diagnostic>> {
        for (key, value) in mapping(&entry.value).unwrap_or_default() {
            let name = key.as_str().unwrap_or_default().to_lowercase();
            if self.list_keys.contains(&name.as_str()) {
                let value =
                    Cow::Owned(serde_json::to_string(&with_text_keys(value)).unwrap_or_default());
                let list = self.list(
                    &name,
                    &Entry {
                        name: name.clone(),
                        key: entry.key.clone(),
                        value,
                        start: entry.start,
                    },
                )?;
                self.front_matter.terms.push((name, list));
            }
        }
        Ok(())
    }

    /// Returns an empty text for `cover: false`, by which Butterfly says that there is none.
    fn none(name: &str, entry: &Entry<'_>) -> Option<Scalar> {
        let (value, at) = entry.trimmed();
        let is_none = matches!(name, "image" | "cover") && value.eq_ignore_ascii_case("false");
        is_none.then(|| Scalar { text: String::new(), quoted: false, range: at..at + value.len() })
    }

    /// Reads a map under a key whose value is one text: its address or name counts (`image: {path:
    /// …}` of jekyll-seo-tag, `cover: {image: …}` of PaperMod), and the theme gets the whole.
    fn map_for_text(
        &mut self,
        name: &str,
        entry: &Entry<'_>,
        map: &Mapping,
        field: TextField,
    ) -> Result<(), Box<Diagnostic>> {
        let (value, at) = entry.trimmed();
        let range = at..at + value.len();
        let keys: &[&str] = match name {
            "image" | "cover" => &["path", "url", "src", "image", "img", "feature", "file"],
            _ => &["path", "url", "src", "name", "title"],
        };
        let text = keys
            .iter()
            .find_map(|key| map.get(*key).and_then(Value::as_str))
            .filter(|text| !text.trim().is_empty());
        if let Some(text) = text {
            let scalar = Scalar { text: text.to_owned(), quoted: false, range };
            field(&mut self.front_matter).get_or_insert(scalar);
        } else {
            let inside: Vec<String> =
                map.keys().filter_map(Value::as_str).map(|key| format!("`{key}`")).collect();
            let message = say!(
                "`{}` has no value of its own, but {}, which says nothing here; it is kept for the theme only",
                &entry.name,
                inside
            );
            let hint = match name {
                "image" | "cover" => say!(
                    "write the address of the picture behind it: `{}: picture.png`",
                    &entry.name
                ),
                _ => say!("write its value behind it: `{}: …`", &entry.name),
            };
            self.warn("value-map", message, hint, entry.key.clone());
        }
        self.extra(entry)
    }
}

/// Returns whether a value says that there is none: `layout: false`.
fn says_none(scalar: &Scalar) -> bool {
    !scalar.quoted && scalar.text.eq_ignore_ascii_case("false")
}

/// Returns whether one of `aliases` is an address, as in Hugo, or a name, as in Obsidian: `/old/`,
/// `old-name` and `Old.html`, but not `Book Notes`, `TCP/IP` and `旧书`.
fn is_address(alias: &str) -> bool {
    let alias = alias.trim();
    let path = split_path(alias).0;
    let is_of_word = |c: char| {
        c.is_ascii_lowercase()
            || c.is_ascii_digit()
            || matches!(c, '-' | '_' | '.' | '~' | '/' | '%' | '+')
    };
    alias.starts_with(['/', '\\', '.'])
        || has_scheme(alias) && alias.contains("//")
        || path.ends_with('/')
        || [".html", ".htm", ".md"].iter().any(|ending| path.to_ascii_lowercase().ends_with(ending))
        || alias.chars().all(is_of_word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aliases_are_addresses_or_names() {
        for alias in ["/旧/", "old-name", "a/b", "Old.html", "../x", "旧/", "https://a.example/x"]
        {
            assert!(is_address(alias), "{alias}");
        }
        for alias in ["Book Notes", "TCP/IP", "旧书", "RAII", "C#", "Foo: bar"] {
            assert!(!is_address(alias), "{alias}");
        }
    }
}
