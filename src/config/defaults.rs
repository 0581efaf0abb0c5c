//! `defaults`: front matter by folder, as Jekyll's `defaults` and Hugo's `cascade` have it.

use std::borrow::Cow;

use serde::Deserialize;
use serde_yaml::{Mapping, Value};
use unicode_normalization::{UnicodeNormalization, is_nfc};

use super::mistake::Mistake;
use super::with_text_keys;
use crate::diagnostic::{nearest, or_meant};

/// One entry as typed: `{path, type, values}`, or with the first two in `scope`, as Jekyll has it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Typed {
    path: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
    scope: Option<Scope>,
    values: Mapping,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Scope {
    path: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
}

/// Which files a rule is for, besides their folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    Posts,
    Pages,
    Drafts,
}

/// What the front matter of the files of a folder says where they themselves say nothing.
#[derive(Clone, Debug)]
pub struct Defaults {
    /// The folder, or a file, below the site's; empty for the whole site. A `*` stands for any part of a name.
    pub path: String,
    pub kind: Option<Type>,
    /// Keys, and their values as YAML of one line.
    pub values: Vec<(String, String)>,
}

impl Defaults {
    /// Whether they are for a file.
    pub fn reach(&self, path: &str, kind: Type) -> bool {
        self.kind.is_none_or(|wanted| wanted == kind) && self.names(path)
    }

    /// Whether the path is that of the file, or of a folder above it.
    pub fn names(&self, path: &str) -> bool {
        // macOS hands out `é` as two characters, and people type it as one.
        let path = composed(path);
        let mut segments = path.split('/');
        self.path.split('/').filter(|part| !part.is_empty()).all(|part| segments.next().is_some_and(|segment| matches(part, segment)))
    }
}

fn composed(path: &str) -> Cow<'_, str> {
    if is_nfc(path) { Cow::Borrowed(path) } else { path.nfc().collect() }
}

/// Whether a name is of a pattern, in which a `*` stands for anything.
fn matches(pattern: &str, name: &str) -> bool {
    let Some((before, mut rest)) = pattern.split_once('*') else { return pattern == name };
    let Some(mut name) = name.strip_prefix(before) else { return false };
    while let Some((part, after)) = rest.split_once('*') {
        let Some(at) = name.find(part) else { return false };
        (name, rest) = (&name[at + part.len()..], after);
    }
    name.ends_with(rest)
}

/// The rules, those that go before others first: the longest path, and of equal ones that for a type.
pub(super) fn resolve(typed: Vec<Typed>) -> Result<Vec<Defaults>, Mistake> {
    let mut rules = typed.into_iter().map(Typed::resolve).collect::<Result<Vec<Defaults>, Mistake>>()?;
    // Of two for the same files the one that is written later counts.
    rules.reverse();
    rules.sort_by_key(|rule| std::cmp::Reverse((rule.path.len(), rule.kind.is_some())));
    Ok(rules)
}

impl Typed {
    fn resolve(self) -> Result<Defaults, Mistake> {
        const KEY: &str = "defaults";
        let scope = self.scope.unwrap_or_default();
        let path = self.path.or(scope.path).unwrap_or_default();
        let path = composed(path.trim_start_matches("./").trim_matches('/')).into_owned();
        if path.split('/').any(|segment| segment == "..") || path.contains('\\') {
            return Err(Mistake::new(KEY, say!("`{}` is not a folder of the site", path)));
        }
        let kind = match self.kind.or(scope.kind).as_deref() {
            None | Some("") => None,
            Some("posts") => Some(Type::Posts),
            Some("pages") => Some(Type::Pages),
            Some("drafts") => Some(Type::Drafts),
            Some(other) => {
                let words = ["posts", "pages", "drafts"];
                return Err(Mistake::new(KEY, or_meant(super::not_one_of("type", words.to_vec(), other), nearest(other, words))));
            }
        };
        let Value::Mapping(values) = with_text_keys(Value::Mapping(self.values)) else { unreachable!("it was a map") };
        // JSON is YAML of one line.
        let text = |(key, value): (Value, Value)| Some((key.as_str()?.to_owned(), serde_json::to_string(&value).ok()?));
        Ok(Defaults { path, kind, values: values.into_iter().filter_map(text).collect() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_name_files_and_folders() {
        let rule = |path: &str| Defaults { path: path.to_owned(), kind: None, values: Vec::new() };
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
