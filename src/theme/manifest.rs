//! `theme.yaml`: what a theme is called, and the options it takes from `extra` of `site.yaml`.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_yaml::{Mapping, Value};

use super::file::File;
use crate::config::{Config, yaml_error};
use crate::diagnostic::{Diagnostic, nearest};
use crate::words::Message;

/// What a theme says of itself.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Manifest {
    /// The name of its folder.
    pub name: Option<String>,
    /// The name for people.
    pub title: Option<String>,
    pub version: Option<String>,
    pub description: Option<String>,
    #[serde(deserialize_with = "none_is_empty")]
    options: BTreeMap<String, Declared>,
}

/// `options:` without any.
fn none_is_empty<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, Declared>, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// One option as declared.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Declared {
    #[serde(rename = "type")]
    kind: Kind,
    default: Value,
    /// The words of a choice.
    #[serde(default)]
    of: Vec<String>,
    min: Option<f64>,
    max: Option<f64>,
    /// For people who read the file.
    #[serde(default, rename = "help")]
    _help: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Text,
    Number,
    Bool,
    Color,
    Choice,
}

impl Manifest {
    /// Reads a `theme.yaml`.
    pub(super) fn read(file: &File) -> Result<Manifest, Vec<Diagnostic>> {
        let text = &*file.text();
        let manifest: Manifest =
            serde_yaml::from_str(text).map_err(|error| vec![yaml_error("theme", text, 0, &error).in_file(&file.shown)])?;
        let flaws: Vec<Diagnostic> = manifest
            .options
            .iter()
            .filter_map(|(name, option)| {
                let message = option.flaw(name)?;
                let below = text.find("options").unwrap_or(0);
                let named = |at: &usize| text[at + name.len()..].trim_start_matches(['"', '\'']).starts_with(':');
                let line = text[below..].match_indices(name.as_str()).map(|(at, _)| below + at).find(named);
                let diagnostic = Diagnostic::error("theme", message);
                Some(line.map_or(diagnostic.clone(), |at| diagnostic.at(text, at..at + name.len())).in_file(&file.shown))
            })
            .collect();
        if flaws.is_empty() { Ok(manifest) } else { Err(flaws) }
    }

    /// This manifest laid over `below`, whose templates stand in for what the theme lacks and need their options.
    pub(super) fn over(mut self, below: Manifest) -> Manifest {
        for (name, option) in below.options {
            self.options.entry(name).or_insert(option);
        }
        self
    }

    /// Every option with the keeper's value, or its default. Values of the wrong kind are errors; keys of `extra` that only
    /// look like an option get a warning, since `extra` may hold anything.
    pub(super) fn options(&self, config: &Config) -> Result<(Mapping, Vec<Diagnostic>), Vec<Diagnostic>> {
        let nothing = Mapping::new();
        let typed = config.extra.as_mapping().unwrap_or(&nothing);
        let (mut options, mut errors) = (Mapping::new(), Vec::new());
        for (name, declared) in &self.options {
            let value = typed.get(name.as_str()).filter(|value| !value.is_null());
            if let Some(value) = value.filter(|value| !declared.allows(value)) {
                let shown = serde_json::to_string(value).unwrap_or_default();
                let message = say!("the option `{}` must be {}, not `{}`", name, declared.expected(), shown);
                errors.push(config.mistake(&format!("extra.{name}"), message));
            }
            options.insert(name.as_str().into(), value.unwrap_or(&declared.default).clone());
        }
        let names = || self.options.keys().map(String::as_str);
        let warnings = typed
            .keys()
            .filter_map(Value::as_str)
            .filter(|key| !self.options.contains_key(*key))
            .filter_map(|key| {
                let near = nearest(key, names())?;
                let message = say!("the theme `{}` has no option `{}`", &config.theme, key);
                let place = config.mistake(&format!("extra.{key}"), Message::default());
                let warning = Diagnostic { place: place.place, path: place.path, ..Diagnostic::warning("theme-option", message) };
                Some(warning.hint(say!("did you mean `{}`?", near)))
            })
            .collect();
        if errors.is_empty() { Ok((options, warnings)) } else { Err(errors) }
    }
}

impl Declared {
    fn allows(&self, value: &Value) -> bool {
        match self.kind {
            Kind::Text => value.is_string(),
            Kind::Number => {
                value.as_f64().is_some_and(|number| self.min.is_none_or(|min| number >= min) && self.max.is_none_or(|max| number <= max))
            }
            Kind::Bool => value.is_bool(),
            Kind::Color => value.as_str().is_some_and(is_color),
            Kind::Choice => value.as_str().is_some_and(|word| self.of.iter().any(|other| other == word)),
        }
    }

    fn expected(&self) -> Message {
        match (self.kind, self.min, self.max) {
            (Kind::Text, ..) => say!("a text"),
            (Kind::Number, Some(min), Some(max)) => say!("a number from {} to {}", min, max),
            (Kind::Number, Some(min), None) => say!("a number of at least {}", min),
            (Kind::Number, None, Some(max)) => say!("a number of at most {}", max),
            (Kind::Number, None, None) => say!("a number"),
            (Kind::Bool, ..) => say!("`true` or `false`"),
            (Kind::Color, ..) => say!("a color such as \"#a33321\""),
            (Kind::Choice, ..) => say!("one of {}", self.of.clone()),
        }
    }

    /// What is wrong with the declaration itself.
    fn flaw(&self, name: &str) -> Option<Message> {
        if self.kind == Kind::Choice && self.of.is_empty() {
            return Some(say!("the option `{}` is a choice and needs `of`, the list of its words", name));
        }
        if self.min.zip(self.max).is_some_and(|(min, max)| min > max) {
            return Some(say!("the option `{}` has a `min` above its `max`", name));
        }
        (!self.allows(&self.default)).then(|| say!("the default of the option `{}` must be {}", name, self.expected()))
    }
}

/// `#rgb` or `#rrggbb`: what cannot end a declaration of a style sheet.
fn is_color(text: &str) -> bool {
    text.strip_prefix('#').is_some_and(|hex| matches!(hex.len(), 3 | 6) && hex.bytes().all(|byte| byte.is_ascii_hexdigit()))
}
