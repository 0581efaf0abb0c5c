//! The order of the modules, as ARCHITECTURE.md states it: a module may use those before it and none after.

use std::collections::BTreeMap;
use std::path::Path;

/// Modules in the order of the pipeline, one line a level: those of one level do not use each other.
const ORDER: [&[&str]; 25] = [
    &["words"],
    &["diagnostic", "digest", "text", "date", "image"],
    &["excerpt"],
    &["route", "pinyin"],
    &["permalink", "xml"],
    &["config"],
    &["front_matter", "source", "html"],
    &["folder", "highlight", "math"],
    &["markdown"],
    &["keywords"],
    &["post"],
    &["article", "related"],
    &["ledger"],
    &["site"],
    &["theme"],
    &["plan"],
    &["relative", "feed"],
    &["page"],
    &["sink"],
    &["edition"],
    &["project"],
    &["build", "preview", "check"],
    &["cli"],
    &["command"],
    &["main"],
];

fn level(module: &str) -> usize {
    ORDER
        .iter()
        .position(|modules| modules.contains(&module))
        .unwrap_or_else(|| panic!("`{module}` has no place in ORDER: add it here and in ARCHITECTURE.md"))
}

/// Source files by module: `markdown/plain.rs` belongs to `markdown`.
fn sources() -> BTreeMap<String, Vec<(String, String)>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut modules: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for entry in walkdir::WalkDir::new(&root).into_iter().map(|entry| entry.expect("readable")).filter(|entry| entry.file_type().is_file())
    {
        let path = entry.path().strip_prefix(&root).expect("below src").to_string_lossy().replace('\\', "/");
        let module = path.split('/').next().unwrap_or(&path).trim_end_matches(".rs").to_owned();
        let text = std::fs::read_to_string(entry.path()).expect("readable");
        modules.entry(module).or_default().push((path, text));
    }
    modules.remove("lib");
    modules
}

/// Every `crate::name` of a text outside its tests.
fn uses(text: &str) -> Vec<String> {
    let code = text.split("#[cfg(test)]").next().unwrap_or(text);
    code.match_indices("crate::")
        .map(|(at, _)| code[at + 7..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>())
        .filter(|name| !name.is_empty() && name.chars().next().is_some_and(char::is_lowercase))
        .collect()
}

#[test]
fn modules_use_only_those_before_them() {
    let modules = sources();
    assert!(modules.len() > 20);
    for (module, files) in &modules {
        for (path, text) in files {
            for used in uses(text) {
                if used != *module {
                    assert!(level(&used) < level(module), "src/{path} uses `{used}`, which stands at or after `{module}`");
                }
            }
        }
    }
}

#[test]
fn the_crate_root_lists_modules_in_this_order() {
    let lib = include_str!("../../src/lib.rs");
    let listed: Vec<usize> =
        lib.lines().filter_map(|line| line.strip_prefix("pub mod ")).map(|line| level(line.trim_end_matches(';'))).collect();
    assert!(listed.is_sorted(), "{listed:?}");
    assert_eq!(listed.len(), ORDER.iter().map(|modules| modules.len()).sum::<usize>() - 1, "every module is listed, `main` apart");
}

#[test]
fn the_map_names_every_module() {
    let map = include_str!("../../ARCHITECTURE.md");
    for module in ORDER.iter().flat_map(|modules| modules.iter()).filter(|module| **module != "main") {
        assert!(map.contains(&format!("`{module}`")), "ARCHITECTURE.md does not name `{module}`");
    }
}

/// Files of code one can read in one sitting, and no module named for nothing. The catalogue of messages is looked up, not read.
#[test]
fn files_are_short_and_well_named() {
    for (module, files) in sources() {
        for word in ["util", "helper", "manager", "context", "engine", "common", "misc"] {
            assert!(!module.contains(word), "`{module}` says nothing");
        }
        for (path, text) in files.into_iter().filter(|(path, _)| path.ends_with(".rs")) {
            let lines = text.lines().count();
            assert!(lines <= 760, "src/{path} has {lines} lines");
        }
    }
}
