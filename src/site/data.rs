//! What stands beside the posts for themes and snippets: `data/` and `includes/`.

use std::collections::BTreeMap;
use std::io;

use serde_yaml::Value;

use crate::config::{with_text_keys, yaml_error};
use crate::diagnostic::Diagnostic;
use crate::folder;
use crate::source::Source;

/// Reads `data/*.yaml` (and `.yml`, `.json`, which is YAML too).
pub(super) fn read(source: &dyn Source, diagnostics: &mut Vec<Diagnostic>) -> io::Result<BTreeMap<String, Value>> {
    let mut data = BTreeMap::new();
    for entry in folder::files(source, "data", diagnostics)? {
        let name = folder::name(entry.path.stem());
        let is_data = matches!(entry.path.extension().as_str(), "yaml" | "yml" | "json");
        let problem = if !is_data {
            Some(say!("data files are .yaml, .yml or .json"))
        } else if entry.path.below("data").is_some_and(|path| path.contains('/')) {
            Some(say!("data files stand in data/ itself"))
        } else if data.contains_key(&name) {
            Some(say!("another data file has this name with another ending"))
        } else {
            None
        };
        if let Some(problem) = problem {
            diagnostics.push(Diagnostic::warning("data-skipped", say!("not read: {}", problem)).in_file(entry.path.as_str()));
            continue;
        }
        let text = match folder::text(source, &entry.path)? {
            Ok(text) => text,
            Err(problem) => {
                diagnostics.push(*problem);
                continue;
            }
        };
        match serde_yaml::from_str::<Value>(&text) {
            Ok(value) => {
                data.insert(name, with_text_keys(value));
            }
            Err(error) => {
                diagnostics.push(yaml_error("data", &text, 0, &error).in_file(entry.path.as_str()));
            }
        }
    }
    Ok(data)
}

/// Reads snippets that posts may include where Liquid is on.
pub(super) fn includes(source: &dyn Source, diagnostics: &mut Vec<Diagnostic>) -> io::Result<BTreeMap<String, String>> {
    let mut includes = BTreeMap::new();
    for entry in folder::files(source, "includes", diagnostics)? {
        match folder::text(source, &entry.path)? {
            Ok(text) => drop(includes.insert(folder::name(entry.path.below("includes").unwrap_or_default()), text)),
            Err(problem) => diagnostics.push(*problem),
        }
    }
    Ok(includes)
}
