//! `defaults`: front matter by folder, as Jekyll's `defaults` and Hugo's `cascade` have it.

use std::borrow::Cow;
use std::ops::Range;

use unicode_normalization::{UnicodeNormalization, is_nfc};

use crate::yaml::{Mistake, Setting, with_text_keys};

/// Which files a rule is for, besides their folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    Posts,
    Pages,
    Drafts,
}

/// A rule of `defaults`: values for the front matter of files that say nothing themselves.
#[derive(Clone, Debug)]
pub struct Defaults {
    /// The folder, or a file, below the site's; empty for the whole site. A `*` stands for any part
    /// of a name.
    pub path: String,
    pub kind: Option<Type>,
    pub values: Vec<DefaultValue>,
    /// Where site.yaml says which files it is for.
    pub range: Option<Range<usize>>,
}

/// What a rule says under one key.
#[derive(Clone, Debug)]
pub struct DefaultValue {
    pub key: String,
    /// As YAML of one line.
    pub value: String,
    /// Where site.yaml says it.
    pub range: Option<Range<usize>>,
}

impl Defaults {
    /// Reads the rules, in the order in which they count: longer paths first, and of equal paths
    /// those for a type.
    pub(super) fn read_all(typed: Setting<'_>) -> Result<Vec<Defaults>, Mistake> {
        let mut rules = typed
            .items()?
            .into_iter()
            .map(Defaults::read)
            .collect::<Result<Vec<Defaults>, Mistake>>()?;
        // Of two for the same files the one that is written later counts.
        rules.reverse();
        rules.sort_by_key(|rule| std::cmp::Reverse((rule.path.len(), rule.kind.is_some())));
        Ok(rules)
    }

    /// `{path, type, values}`, or with the first two in `scope`, as Jekyll has it.
    fn read(typed: Setting<'_>) -> Result<Defaults, Mistake> {
        let typed = typed.of_keys(&["path", "type", "scope", "values"])?;
        let scope = typed.get("scope").of_keys(&["path", "type"])?;
        let said = |key: &str| {
            Some(typed.get(key)).filter(Setting::is_typed).unwrap_or_else(|| scope.get(key))
        };
        let path = said("path");
        let kind = said("type");
        let values = typed.get("values").each()?.into_iter().map(|(key, value)| DefaultValue {
            key: key.to_owned(),
            // JSON is YAML of one line.
            value: serde_json::to_string(&with_text_keys(value.value())).unwrap_or_default(),
            range: value.key_range(),
        });
        Ok(Defaults {
            values: values.collect(),
            range: path.range(),
            path: folder(&path)?,
            kind: match kind.text()? {
                None | Some("") => None,
                Some(_) => kind.one_of(&[
                    ("posts", Type::Posts),
                    ("pages", Type::Pages),
                    ("drafts", Type::Drafts),
                ])?,
            },
        })
    }

    /// Returns whether the rule is for a file.
    pub fn reach(&self, path: &str, kind: Type) -> bool {
        self.kind.is_none_or(|wanted| wanted == kind) && self.names(path)
    }

    /// Returns whether the path is that of the file, or of a folder above it.
    pub fn names(&self, path: &str) -> bool {
        // macOS hands out `é` as two characters, and people type it as one.
        let path = composed(path);
        let mut segments = path.split('/');
        self.path
            .split('/')
            .filter(|part| !part.is_empty())
            .all(|part| segments.next().is_some_and(|segment| matches(part, segment)))
    }
}

fn folder(typed: &Setting<'_>) -> Result<String, Mistake> {
    let path =
        composed(typed.text()?.unwrap_or_default().trim_start_matches("./").trim_matches('/'))
            .into_owned();
    if path.split('/').any(|segment| segment == "..") || path.contains('\\') {
        return Err(typed.mistake(say!("`{}` is not a folder of the site", path)));
    }
    Ok(path)
}

fn composed(path: &str) -> Cow<'_, str> {
    if is_nfc(path) { Cow::Borrowed(path) } else { path.nfc().collect() }
}

/// Returns whether a name is of a pattern, in which a `*` stands for anything.
fn matches(pattern: &str, name: &str) -> bool {
    let Some((before, mut rest)) = pattern.split_once('*') else { return pattern == name };
    let Some(mut name) = name.strip_prefix(before) else { return false };
    while let Some((part, after)) = rest.split_once('*') {
        let Some(at) = name.find(part) else { return false };
        (name, rest) = (&name[at + part.len()..], after);
    }
    name.ends_with(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_name_files_and_folders() {
        let rule = |path: &str| Defaults {
            path: path.to_owned(),
            kind: None,
            values: Vec::new(),
            range: None,
        };
        for (path, file, names) in [
            ("", "posts/a.md", true),
            ("posts", "posts/a/b.md", true),
            ("posts/a", "posts/a/b.md", true),
            ("posts/a", "posts/ab/b.md", false),
            ("posts/a/b.md", "posts/a/b.md", true),
            ("posts/a/b.md/c", "posts/a/b.md", false),
            ("posts/*/b.md", "posts/a/b.md", true),
            ("posts/2*-*x", "posts/2020-01-x/b.md", true),
            ("posts/2*-*x", "posts/2020-01-y/b.md", false),
        ] {
            assert_eq!(rule(path).names(file), names, "{path} {file}");
        }
        assert!(!Defaults { kind: Some(Type::Pages), ..rule("") }.reach("posts/a.md", Type::Posts));
    }
}
