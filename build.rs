//! Names the program by what it is made of, for the ledger: another program may make other pages of
//! the same posts. Lists the files of the built-in themes, and says where the program can be had.

#![expect(clippy::disallowed_methods, reason = "it reads what the program is made of")]

use std::collections::BTreeMap;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

/// Everything that pages can depend on.
const MADE_OF: [&str; 6] = ["src", "crates", "themes", "dictionary", "Cargo.toml", "Cargo.lock"];

fn main() {
    let mut files = Vec::new();
    for path in MADE_OF {
        println!("cargo::rerun-if-changed={path}");
        collect(Path::new(path), &mut files);
    }
    files.sort();
    // Its keys are fixed, so that the same sources have one name on every machine.
    let mut hasher = DefaultHasher::new();
    for file in files {
        file.to_string_lossy().replace('\\', "/").hash(&mut hasher);
        fs::read(&file).expect("a source file can be read").hash(&mut hasher);
    }
    println!("cargo::rustc-env=SITEGEN_PROGRAM={:016x}", hasher.finish());
    fs::write(out("themes.rs"), themes()).expect("the folder for what is made can be written to");
    println!("cargo::rustc-env=SITEGEN_REPOSITORY={}", repository().unwrap_or_default());
}

/// Where the sources were cloned from, if others can get them there too; `init` writes it into the
/// workflow that builds a site.
fn repository() -> Option<String> {
    const CONFIG: &str = ".git/config";
    let config = fs::read_to_string(CONFIG).ok()?;
    println!("cargo::rerun-if-changed={CONFIG}");
    let origin = config.split("[remote \"origin\"]").nth(1)?.split('[').next()?;
    let url = origin
        .lines()
        .find_map(|line| line.trim().strip_prefix("url")?.trim_start().strip_prefix('='))?
        .trim();
    // `git@host:owner/name.git` and `https://…` are the same place; a name with a secret in it is
    // nobody's business.
    let url = url
        .strip_prefix("git@")
        .map_or_else(|| url.to_owned(), |rest| format!("https://{}", rest.replacen(':', "/", 1)));
    (url.starts_with("https://") && !url.contains('@') && !url.contains(char::is_whitespace))
        .then_some(url)
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) {
    if path.is_file() {
        files.push(path.to_owned());
    } else if let Ok(entries) = fs::read_dir(path) {
        for entry in entries.flatten() {
            collect(&entry.path(), files);
        }
    }
}

/// The place of a file that is made here.
fn out(name: &str) -> PathBuf {
    PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo names a folder for it")).join(name)
}

/// The built-in themes, as `src/theme/builtin.rs` includes them: the name of each folder of
/// `themes/` and the files below it.
fn themes() -> String {
    let mut files = Vec::new();
    collect(Path::new("themes"), &mut files);
    let mut themes: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for file in files {
        let path = file.to_string_lossy().replace('\\', "/");
        // What editors and desktops leave there is no part of a theme.
        let is_left = path.split('/').any(|name| name.starts_with('.') || name.ends_with('~'));
        if let ["themes", theme, path] = path.splitn(3, '/').collect::<Vec<_>>()[..]
            && !is_left
        {
            let file = format!("/themes/{theme}/{path}");
            let text = format!("include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), {file:?}))");
            themes.entry(theme.to_owned()).or_default().push(format!("({path:?}, {text}),\n"));
        }
    }
    for files in themes.values_mut() {
        files.sort();
    }
    let each = themes.iter().map(|(name, files)| format!("({name:?}, &[\n{}]),\n", files.concat()));
    format!("&[{}]", each.collect::<String>())
}
