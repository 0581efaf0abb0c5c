//! `theme.yaml`: what a theme is called, and the options it takes from `extra` of `site.yaml`.

use std::collections::BTreeMap;
use std::ops::Range;

use serde_yaml::{Mapping, Value};

use super::file::ThemeFile;
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Severity, nearest};
use crate::words::Message;
use crate::yaml::{Mistake, Node, Setting};

/// What a theme says of itself; its `title`, `version` and `description` are for people who read
/// the file.
#[derive(Clone, Debug, Default)]
pub(super) struct Manifest {
    /// The name of its folder.
    pub name: Option<String>,
    options: BTreeMap<String, Declared>,
}

/// One option as declared. `help` is for people who read the file.
#[derive(Clone, Debug)]
struct Declared {
    kind: OptionKind,
    default: Value,
    /// The words of a choice.
    of: Vec<String>,
    min: Option<f64>,
    max: Option<f64>,
    /// Where its name stands.
    range: Option<Range<usize>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum OptionKind {
    Text,
    Number,
    Bool,
    Color,
    Choice,
}

impl Manifest {
    /// Reads a `theme.yaml`.
    pub(super) fn read(file: &ThemeFile) -> Result<Manifest, Vec<Diagnostic>> {
        let text = &*file.text();
        let error = |mistake: Mistake| mistake.into_error("theme", text, &file.shown);
        let manifest = Node::parse(text)
            .and_then(|node| Manifest::read_setting(Setting::file(&node)))
            .map_err(|mistake| vec![error(mistake)])?;
        let flaw = |(name, option): (&String, &Declared)| {
            Some(error(Mistake::new(option.range.clone(), option.flaw(name)?)))
        };
        let flaws: Vec<Diagnostic> = manifest.options.iter().filter_map(flaw).collect();
        if flaws.is_empty() { Ok(manifest) } else { Err(flaws) }
    }

    fn read_setting(typed: Setting<'_>) -> Result<Manifest, Mistake> {
        let typed = typed.of_keys(&["name", "title", "version", "description", "options"])?;
        for key in ["title", "version", "description"] {
            typed.get(key).text()?;
        }
        let options = typed.get("options").each()?.into_iter();
        Ok(Manifest {
            name: typed.get("name").text()?.map(str::to_owned),
            options: options
                .map(|(name, option)| Ok((name.to_owned(), Declared::read(option)?)))
                .collect::<Result<_, Mistake>>()?,
        })
    }

    /// Returns this manifest with the options of `below` added, whose templates stand in for what
    /// the theme lacks.
    pub(super) fn over(mut self, below: Manifest) -> Manifest {
        for (name, option) in below.options {
            self.options.entry(name).or_insert(option);
        }
        self
    }

    /// Returns every option with the keeper's value, or its default. Values of the wrong kind are
    /// errors; keys of `extra` that only look like an option get a warning, since `extra` may hold
    /// anything.
    pub(super) fn options(
        &self,
        config: &Config,
    ) -> Result<(Mapping, Vec<Diagnostic>), Vec<Diagnostic>> {
        let nothing = Mapping::new();
        let typed = config.extra.as_mapping().unwrap_or(&nothing);
        let (mut options, mut errors) = (Mapping::new(), Vec::new());
        for (name, declared) in &self.options {
            let value = typed.get(name.as_str()).filter(|value| !value.is_null());
            if let Some(value) = value.filter(|value| !declared.allows(value)) {
                let shown = serde_json::to_string(value).unwrap_or_default();
                let message =
                    say!("the option `{}` must be {}, not `{}`", name, declared.expected(), shown);
                errors.push(config.mistake(&["extra", name], message));
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
                let warning = Diagnostic {
                    severity: Severity::Warning,
                    code: "theme-option".into(),
                    ..config.mistake(&["extra", key], message)
                };
                Some(warning.hint(say!("did you mean `{}`?", near)))
            })
            .collect();
        if errors.is_empty() { Ok((options, warnings)) } else { Err(errors) }
    }
}

impl Declared {
    fn read(typed: Setting<'_>) -> Result<Declared, Mistake> {
        let kinds = [
            ("text", OptionKind::Text),
            ("number", OptionKind::Number),
            ("bool", OptionKind::Bool),
            ("color", OptionKind::Color),
            ("choice", OptionKind::Choice),
        ];
        let range = typed.key_range();
        let typed = typed.of_keys(&["type", "default", "of", "min", "max", "help"])?;
        typed.get("type").required_text()?;
        Ok(Declared {
            kind: typed.get("type").one_of(&kinds)?.unwrap_or(OptionKind::Text),
            default: typed.get("default").value(),
            of: typed
                .get("of")
                .texts()?
                .unwrap_or_default()
                .into_iter()
                .map(str::to_owned)
                .collect(),
            min: typed.get("min").decimal()?,
            max: typed.get("max").decimal()?,
            range,
        })
    }

    fn allows(&self, value: &Value) -> bool {
        match self.kind {
            OptionKind::Text => value.is_string(),
            OptionKind::Number => value.as_f64().is_some_and(|number| {
                self.min.is_none_or(|min| number >= min) && self.max.is_none_or(|max| number <= max)
            }),
            OptionKind::Bool => value.is_bool(),
            OptionKind::Color => value.as_str().is_some_and(is_color),
            OptionKind::Choice => {
                value.as_str().is_some_and(|word| self.of.iter().any(|other| other == word))
            }
        }
    }

    fn expected(&self) -> Message {
        match (self.kind, self.min, self.max) {
            (OptionKind::Text, ..) => say!("a text"),
            (OptionKind::Number, Some(min), Some(max)) => say!("a number from {} to {}", min, max),
            (OptionKind::Number, Some(min), None) => say!("a number of at least {}", min),
            (OptionKind::Number, None, Some(max)) => say!("a number of at most {}", max),
            (OptionKind::Number, None, None) => say!("a number"),
            (OptionKind::Bool, ..) => say!("`true` or `false`"),
            (OptionKind::Color, ..) => say!("a color such as \"#a33321\""),
            (OptionKind::Choice, ..) => say!("one of {}", self.of.clone()),
        }
    }

    /// Returns what is wrong with the declaration itself.
    fn flaw(&self, name: &str) -> Option<Message> {
        if self.kind == OptionKind::Choice && self.of.is_empty() {
            return Some(say!(
                "the option `{}` is a choice and needs `of`, the list of its words",
                name
            ));
        }
        if self.min.zip(self.max).is_some_and(|(min, max)| min > max) {
            return Some(say!("the option `{}` has a `min` above its `max`", name));
        }
        (!self.allows(&self.default))
            .then(|| say!("the default of the option `{}` must be {}", name, self.expected()))
    }
}

/// `#rgb` or `#rrggbb`: what cannot end a declaration of a style sheet.
fn is_color(text: &str) -> bool {
    text.strip_prefix('#').is_some_and(|hex| {
        matches!(hex.len(), 3 | 6) && hex.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}
