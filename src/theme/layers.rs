//! The layers of a theme, first found wins: the site's own files; the theme, which is a folder, a
//! built-in theme, or the one over the other; the built-in default theme.

use std::collections::{BTreeMap, BTreeSet};

use super::builtin;
use super::file::{TEMPLATE, ThemeFile};
use super::texts::Texts;
use crate::config::Config;
use crate::config::folders::{ASSETS, TEMPLATES, THEMES, WORDS};
use crate::diagnostic::{Diagnostic, Failure, Severity, nearest};
use crate::folder;
use crate::source::Source;
use crate::yaml::{Mistake, Node, Setting};

/// The files of the layers, the nearest first.
pub(super) struct Layers {
    layers: Vec<Layer>,
}

struct Layer {
    /// What the names of its templates begin with.
    prefix: &'static str,
    /// Files by path below the layer.
    files: LayerFiles,
}

type LayerFiles = BTreeMap<String, ThemeFile>;

impl Layers {
    pub(super) fn read(
        source: &dyn Source,
        config: &Config,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Result<Layers, Failure> {
        let mut site = LayerFiles::new();
        for folder in [TEMPLATES, ASSETS, WORDS] {
            for entry in folder::files(source, folder, diagnostics)? {
                site.extend(ThemeFile::read(
                    source,
                    &entry.path,
                    entry.path.as_str(),
                    diagnostics,
                )?);
            }
        }
        let folder = config.theme_folder();
        let mut theme = LayerFiles::new();
        for entry in folder::files(source, &folder, diagnostics)? {
            theme.extend(ThemeFile::read(
                source,
                &entry.path,
                entry.path.below(&folder).unwrap_or_default(),
                diagnostics,
            )?);
        }
        // A folder of a built-in theme's name is laid over that theme.
        let built_in = if config.theme == builtin::DEFAULT {
            LayerFiles::new()
        } else {
            embedded(&config.theme)
        };
        if theme.is_empty() && built_in.is_empty() && config.theme != builtin::DEFAULT {
            let themes: BTreeSet<String> = source
                .list(THEMES)?
                .files
                .iter()
                .filter_map(|entry| {
                    entry.path.below(THEMES)?.split_once('/').map(|(name, _)| name.to_owned())
                })
                .chain(builtin::themes().map(|(name, _)| name.to_owned()))
                .collect();
            let name = &config.theme;
            let list: Vec<&str> = themes.iter().map(String::as_str).collect();
            let hint = match nearest(name, list.iter().copied()) {
                Some(near) => say!("did you mean `{}`? themes here: {}", near, list),
                None => say!("themes here: {}", list),
            };
            let message = say!(
                "there is no theme `{}`: no file in themes/{}/, and no theme of this name is built in",
                name,
                name
            );
            return Err(Failure::Unusable(vec![config.mistake(&["theme"], message).hint(hint)]));
        }
        Ok(Layers {
            layers: vec![
                Layer { prefix: "site/", files: site },
                Layer { prefix: "theme/", files: theme },
                Layer { prefix: "theme/", files: built_in },
                Layer { prefix: "builtin/", files: embedded(builtin::DEFAULT) },
            ],
        })
    }

    /// Returns the templates of all layers.
    pub(super) fn templates(&self) -> Texts {
        let mut texts = Texts::default();
        for Layer { prefix, files } in &self.layers {
            for (path, file) in files {
                let Some(name) = path.strip_prefix("templates/") else { continue };
                texts.insert(format!("{prefix}{name}"), file);
                // `theme/x` names what lies below the site's own layer, whichever theme that is.
                if *prefix == "builtin/" {
                    texts.insert(format!("theme/{name}"), file);
                }
            }
        }
        texts
    }

    /// Returns the strings of the site's language: of the nearest language the theme has, filled up
    /// from English.
    pub(super) fn words(
        &self,
        language: &str,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Result<BTreeMap<String, String>, Vec<Diagnostic>> {
        let candidates = languages_for(language);
        let mut words: BTreeMap<String, String> = BTreeMap::new();
        let mut found = false;
        // The nearer the language, the stronger; within a language, the nearer the layer. So a
        // theme that brings English alone leaves the built-in Chinese alone.
        for candidate in ["en"].iter().chain(candidates.iter().rev()) {
            for layer in self.layers.iter().rev() {
                let Some(file) = layer.files.get(&format!("i18n/{candidate}.yaml")) else {
                    continue;
                };
                found |= candidates.contains(candidate);
                let text = file.text();
                let strings = words_of(&text)
                    .map_err(|mistake| vec![mistake.into_error("theme", &text, &file.shown)])?;
                words.extend(strings);
            }
        }
        let is_used = |path: &str| {
            path.strip_suffix(".yaml")
                .is_some_and(|language| language == "en" || candidates.contains(&language))
        };
        let told = Diagnostic::warning(
            "file-unused",
            say!("no word of it is used: the site's words are those of i18n/{}.yaml", language),
        );
        diagnostics.extend(self.unused(
            "i18n/",
            is_used,
            &told.hint(say!("name it after the site's `language`, or remove it")),
        ));
        if !found {
            diagnostics.push(
                Diagnostic::warning(
                    "language",
                    say!("the theme has no words for `{}`; English is used", language),
                )
                .hint(say!("add i18n/{}.yaml to the site", language)),
            );
        }
        Ok(words)
    }

    /// Returns a finding for each file in a folder that nothing reads. For a theme's it is a note,
    /// since a theme may bring more than one site needs.
    pub(super) fn unused(
        &self,
        folder: &str,
        is_used: impl Fn(&str) -> bool,
        told: &Diagnostic,
    ) -> Vec<Diagnostic> {
        let own = self.layers.iter().flat_map(|layer| {
            layer.files.iter().map(move |(path, file)| (layer.prefix, path, file))
        });
        let unused = own.filter(|(_, path, file)| {
            !file.is_built_in && path.strip_prefix(folder).is_some_and(|path| !is_used(path))
        });
        unused
            .map(|(prefix, _, file)| {
                let severity = if prefix == "site/" { told.severity } else { Severity::Note };
                Diagnostic { severity, ..told.clone() }.in_file(&file.shown)
            })
            .collect()
    }

    /// Returns the `theme.yaml` of every layer that has one, the nearest last.
    pub(super) fn manifests(&self) -> Vec<&ThemeFile> {
        self.layers.iter().rev().filter_map(|layer| layer.files.get("theme.yaml")).collect()
    }

    /// Returns the assets by name, the nearest layer's. Of those that are part of the program only
    /// the `wanted` ones: a theme or a site with templates of its own need not publish what these
    /// do not use.
    pub(super) fn assets(
        &self,
        wanted: impl Fn(&str) -> bool,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> BTreeMap<&str, &ThemeFile> {
        let mut assets = BTreeMap::new();
        for layer in self.layers.iter().rev() {
            for (path, file) in &layer.files {
                let Some(name) = path.strip_prefix("assets/") else { continue };
                let name = name.strip_suffix(TEMPLATE).unwrap_or(name);
                if path.ends_with(TEMPLATE) && layer.files.contains_key(&format!("assets/{name}")) {
                    let message = say!(
                        "{} is left out: `{}` beside it has the same name when published",
                        &file.shown,
                        name
                    );
                    diagnostics.push(
                        Diagnostic::error("asset", message)
                            .hint(say!("keep one of them"))
                            .in_file(&file.shown),
                    );
                } else if !file.is_built_in || wanted(name) {
                    assets.insert(name, file);
                }
            }
        }
        assets
    }
}

fn embedded(theme: &str) -> LayerFiles {
    let file = |path: &str, text: &str| ThemeFile {
        bytes: text.as_bytes().to_vec(),
        shown: format!("(built-in) {theme}/{path}"),
        is_built_in: true,
    };
    builtin::files(theme)
        .iter()
        .map(|(path, text)| ((*path).to_owned(), file(path, text)))
        .collect()
}

/// Returns the words of one language: texts by name.
fn words_of(text: &str) -> Result<BTreeMap<String, String>, Mistake> {
    let node = Node::parse(text)?;
    let word = |(name, typed): (&str, Setting<'_>)| {
        Ok((name.to_owned(), typed.text()?.unwrap_or_default().to_owned()))
    };
    Setting::file(&node).each()?.into_iter().map(word).collect()
}

/// Returns the i18n files that fit a language tag, best first: `zh-TW` takes `zh-TW`, then
/// `zh-Hant`.
fn languages_for(language: &str) -> Vec<&str> {
    let mut candidates = vec![language];
    let lower = language.to_ascii_lowercase();
    if lower == "zh" || lower.starts_with("zh-") {
        let traditional = ["hant", "tw", "hk", "mo"]
            .iter()
            .any(|part| lower.split('-').any(|piece| piece == *part));
        candidates.push(if traditional { "zh-Hant" } else { "zh-Hans" });
    } else if lower.starts_with("en") {
        candidates.push("en");
    }
    candidates
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_have_relatives() {
        assert_eq!(languages_for("zh-TW"), ["zh-TW", "zh-Hant"]);
        assert_eq!(languages_for("zh-CN"), ["zh-CN", "zh-Hans"]);
        assert_eq!(languages_for("fr"), ["fr"]);
    }
}
