//! Names the program by what it is made of, for the ledger: another program may make other pages of the same posts.

#![expect(clippy::disallowed_methods, reason = "it reads what the program is made of")]

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

/// Everything that pages can depend on.
const MADE_OF: [&str; 4] = ["src", "themes", "dictionary", "Cargo.lock"];

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
