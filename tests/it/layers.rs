//! The order of the modules, as ARCHITECTURE.md states it: a module may use those before it and
//! none after.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Modules in the order of the pipeline, one line a level: those of one level do not use each
/// other.
const ORDER: [&[&str]; 24] = [
    &["words", "compat"],
    &["diagnostic", "digest", "date", "image"],
    &["route", "findings"],
    &["permalink", "xml", "yaml"],
    &["config"],
    &["front_matter", "source"],
    &["folder", "highlight", "kept"],
    &["keywords", "search"],
    &["post"],
    &["article", "related"],
    &["bodies"],
    &["sink"],
    &["ledger"],
    &["site"],
    &["theme"],
    &["plan"],
    &["relative", "feed"],
    &["page"],
    &["edition"],
    &["project"],
    &["build", "preview", "check", "scaffold", "starter", "suggestion"],
    &["cli"],
    &["command"],
    &["main"],
];

fn level(module: &str) -> usize {
    ORDER.iter().position(|modules| modules.contains(&module)).unwrap_or_else(|| {
        panic!("`{module}` has no place in ORDER: add it here and in ARCHITECTURE.md")
    })
}

/// The folders of the program's code: its own, and the crates beside it.
const ROOTS: [&str; 3] = ["src", "crates/chinese-text/src", "crates/chinese-markdown/src"];

/// Source files by module: `theme/layers.rs` belongs to `theme`.
fn sources() -> BTreeMap<String, Vec<(String, String)>> {
    sources_below("src")
}

fn sources_below(root: &str) -> BTreeMap<String, Vec<(String, String)>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(root);
    let mut modules: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for entry in walkdir::WalkDir::new(&root)
        .into_iter()
        .map(|entry| entry.expect("readable"))
        .filter(|entry| entry.file_type().is_file())
    {
        let path = entry
            .path()
            .strip_prefix(&root)
            .expect("below the root")
            .to_string_lossy()
            .replace('\\', "/");
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
        .map(|(at, _)| {
            code[at + 7..]
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect::<String>()
        })
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
                    assert!(
                        level(&used) < level(module),
                        "src/{path} uses `{used}`, which stands at or after `{module}`"
                    );
                }
            }
        }
    }
}

/// The modules of the tree, as paths: `markdown::plain` for `markdown/plain.rs`, `markdown` for its
/// `mod.rs`.
fn module_of(path: &str) -> String {
    path.trim_end_matches(".rs").trim_end_matches("/mod").replace('/', "::")
}

/// The names that a text writes from `crate`, `super` or `self` on, whole: `use super::{a::B, c}`
/// names two.
fn named_paths(text: &str) -> Vec<String> {
    let code = text.split("#[cfg(test)]").next().unwrap_or(text);
    let is_comment = |line: &&str| !line.trim_start().starts_with("//");
    let code = code.lines().filter(is_comment).collect::<Vec<&str>>().join("\n");
    let mut paths = Vec::new();
    for start in ["crate::", "super::", "self::"] {
        for (at, _) in code.match_indices(start) {
            let is_within =
                code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':');
            if !is_within {
                spell_out("", &code[at..], &mut paths);
            }
        }
    }
    paths
}

/// Reads one path behind `before`, and every branch of it; what is left of the text.
fn spell_out<'t>(before: &str, text: &'t str, paths: &mut Vec<String>) -> &'t str {
    let end =
        text.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')).unwrap_or(text.len());
    let (path, mut rest) = text.split_at(end);
    let path = format!("{before}{path}");
    if !path.ends_with("::") || !rest.starts_with('{') {
        paths.push(path);
        return rest;
    }
    loop {
        rest = spell_out(&path, rest[1..].trim_start(), paths).trim_start();
        if !rest.starts_with(',') {
            return rest.strip_prefix('}').unwrap_or(rest);
        }
    }
}

/// The module that a path means, seen from another: the longest name that is one.
fn meant(path: &str, from: &str, modules: &BTreeSet<String>) -> Option<String> {
    let mut here: Vec<&str> = from.split("::").collect();
    let mut segments: Vec<&str> = path.split("::").collect();
    match segments.remove(0) {
        "crate" => here.clear(),
        "super" => drop(here.pop()),
        _ => {}
    }
    while segments.first() == Some(&"super") {
        segments.remove(0);
        here.pop();
    }
    here.extend(segments);
    (1..=here.len()).rev().map(|end| here[..end].join("::")).find(|name| modules.contains(name))
}

/// Two files that know each other, whatever lies between them, can only be understood together. A
/// folder's `mod.rs` hands its files on, so it may know them and they may know it.
#[test]
fn no_files_know_each_other() {
    for root in ROOTS {
        no_files_below_know_each_other(root);
    }
}

/// Nor do the folders of a crate, which stand in an order as the program's modules do.
#[test]
fn no_folders_of_a_crate_know_each_other() {
    for root in ROOTS.iter().filter(|root| **root != "src") {
        let folder = |module: &str| module.split("::").next().unwrap_or_default().to_owned();
        let mut known: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (module, others) in known_below(root) {
            let others = others.iter().map(|other| folder(other));
            let others = others.filter(|other| *other != folder(&module));
            known.entry(folder(&module)).or_default().extend(others);
        }
        assert!(known.len() > 4);
        assert_no_circle(root, &known);
    }
}

fn no_files_below_know_each_other(root: &str) {
    assert_no_circle(root, &known_below(root));
}

/// The modules that each file below a folder knows, but those that it lies in or that lie in it.
fn known_below(root: &str) -> BTreeMap<String, BTreeSet<String>> {
    let files: Vec<(String, String)> = sources_below(root)
        .into_values()
        .flatten()
        .filter(|(path, _)| path.ends_with(".rs"))
        .collect();
    let modules: BTreeSet<String> = files.iter().map(|(path, _)| module_of(path)).collect();
    let is_around = |a: &str, b: &str| {
        a == b || a.starts_with(&format!("{b}::")) || b.starts_with(&format!("{a}::"))
    };
    files
        .iter()
        .map(|(path, text)| {
            let module = module_of(path);
            let others = named_paths(text)
                .iter()
                .filter_map(|path| meant(path, &module, &modules))
                .collect::<BTreeSet<String>>();
            let others = others.into_iter().filter(|other| !is_around(other, &module)).collect();
            (module, others)
        })
        .collect()
}

fn assert_no_circle(root: &str, known: &BTreeMap<String, BTreeSet<String>>) {
    let reach = |from: &str| {
        let mut reached = BTreeSet::new();
        let mut waiting: Vec<&str> = vec![from];
        while let Some(module) = waiting.pop() {
            for other in known.get(module).into_iter().flatten() {
                if reached.insert(other.as_str()) {
                    waiting.push(other);
                }
            }
        }
        reached
    };
    let circles: Vec<&String> =
        known.keys().filter(|module| reach(module).contains(module.as_str())).collect();
    let tied = |module: &&String| {
        let others: Vec<&String> =
            known[*module].iter().filter(|other| reach(other).contains(module.as_str())).collect();
        format!("{module} -> {others:?}")
    };
    assert!(
        circles.is_empty(),
        "files of {root} that know each other, if only through others: let one of them hand what both need \
         to a third file, or make one file of them\n{}",
        circles.iter().map(tied).collect::<Vec<String>>().join("\n")
    );
}

#[test]
fn the_crate_root_lists_modules_in_this_order() {
    let lib = include_str!("../../src/lib.rs");
    let listed: Vec<usize> = lib
        .lines()
        .filter_map(|line| line.strip_prefix("pub mod "))
        .map(|line| level(line.trim_end_matches(';')))
        .collect();
    assert!(listed.is_sorted(), "{listed:?}");
    assert_eq!(
        listed.len(),
        ORDER.iter().map(|modules| modules.len()).sum::<usize>() - 1,
        "every module is listed, `main` apart"
    );
}

#[test]
fn the_map_names_every_module() {
    let map = include_str!("../../ARCHITECTURE.md");
    for module in
        ORDER.iter().flat_map(|modules| modules.iter()).filter(|module| **module != "main")
    {
        assert!(map.contains(&format!("`{module}`")), "ARCHITECTURE.md does not name `{module}`");
    }
}

/// Lines that a file may have before its tests.
const SITTING: usize = 450;

/// A page is made of its inputs, of which its fingerprint is the digest. What changes without being
/// among them would stay as it was on pages that are not made again.
#[test]
fn pages_name_no_clock_and_no_file_of_their_own() {
    for (path, text) in sources().remove("page").expect("the kinds of pages") {
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for word in ["overrides", "SourcePath::new", "Timestamp::now"] {
            assert!(
                !code.contains(word),
                "src/{path} names `{word}`: put what it shows into the inputs of its page"
            );
        }
    }
}

/// Each name of a type means one thing, in the program and in each crate.
#[test]
fn one_name_is_one_type() {
    for root in ROOTS {
        let mut named: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (path, text) in sources_below(root).into_values().flatten() {
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            for line in code.lines().filter(|_| path.ends_with(".rs")) {
                let mut words = line.split_whitespace();
                let first = words.next().filter(|_| !line.starts_with(' ')).unwrap_or_default();
                let kind = if first.starts_with("pub") { words.next() } else { Some(first) };
                if matches!(kind, Some("struct" | "enum" | "trait" | "type"))
                    && let Some(name) = words.next()
                {
                    let name = name.split(|c: char| !c.is_alphanumeric()).next().unwrap_or(name);
                    named.entry(name.to_owned()).or_default().push(path.clone());
                }
            }
        }
        assert!(named.len() > 5, "types of {root}: {named:?}");
        named.retain(|_, paths| paths.len() > 1);
        assert!(
            named.is_empty(),
            "{root}: types of one name, where a reader must ask which: {named:?}"
        );
    }
}

/// Files of code one can read in one sitting, and no module named for nothing. The catalogue of
/// messages is looked up, not read.
#[test]
fn files_are_short_and_well_named() {
    for root in ROOTS {
        for (module, files) in sources_below(root) {
            for word in ["util", "helper", "manager", "context", "engine", "common", "misc"] {
                // `commonmark` is a word of its own.
                let is_part = |part: &str| part.trim_end_matches('s') == word;
                assert!(!module.split('_').any(is_part), "`{module}` says nothing");
            }
            for (path, text) in files.into_iter().filter(|(path, _)| path.ends_with(".rs")) {
                let path = format!("{root}/{path}");
                let lines = text.lines().take_while(|line| *line != "#[cfg(test)]").count();
                assert!(lines <= SITTING, "{path} has {lines} lines before its tests");
            }
        }
    }
}

/// What is read of a post does not change with a title, a menu or an option of the theme
/// (`Config::reading`): no card and no body is made of these. `site.title` is a name that posts may
/// use, and bodies in which it stands are not kept.
#[test]
fn cards_and_bodies_know_no_setting_of_pages() {
    for (module, files) in sources() {
        if !["post", "article", "keywords", "front_matter", "permalink"].contains(&&*module) {
            continue;
        }
        for (path, text) in files {
            let code = text.split("#[cfg(test)]").next().unwrap_or(&text);
            for setting in sitegen::config::OF_PAGES {
                let names = code.matches(&format!("config.{setting}")).count();
                let allowed = usize::from(path == "article/scope.rs" && setting == "title");
                assert_eq!(names, allowed, "src/{path} names `config.{setting}`");
            }
        }
    }
}
