//! Names the program by what it is made of, for the ledger: another program may make other pages of
//! the same posts. And says where the program can be had.

#![expect(clippy::disallowed_methods, reason = "it reads what the program is made of")]

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
