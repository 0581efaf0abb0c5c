//! The one integration binary: end to end, through the real program.
//!
//! `sites` builds whole sites from folders and compares trees; the others each prove one promise.
//! Tests that need the shared archives beside the repository skip with a printed line where these
//! are absent.

#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::case_sensitive_file_extension_comparisons,
    reason = "tests stand outside the pipeline: they read files and speak"
)]

mod archive;
mod beginnings;
mod captions;
mod cases;
mod check;
mod chinese;
mod code;
mod codes;
mod command_line;
mod contract;
mod determinism;
mod dialects;
mod difference;
mod edits;
mod files;
mod front_matter;
mod hidden;
mod hostile;
mod jekyll;
mod keywords;
mod layers;
mod lost;
mod portable;
mod preview;
mod quirks;
mod regressions;
mod related;
mod search;
mod shortcodes;
mod sites;
mod structure;
mod summaries;
mod terminal;
mod themes;
mod vault;
mod words;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A site in a temporary folder.
pub struct Site {
    folder: tempfile::TempDir,
}

impl Site {
    pub fn new(files: &[(&str, &str)]) -> Site {
        let site = Site { folder: tempfile::tempdir().expect("a temporary folder") };
        for (path, text) in files {
            site.write(path, text);
        }
        site
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path().join(path);
        std::fs::create_dir_all(path.parent().expect("a file has a folder"))
            .expect("folders can be made");
        std::fs::write(path, bytes).expect("files can be written");
    }

    pub fn remove(&self, path: &str) {
        std::fs::remove_file(self.path().join(path)).expect("the file is there");
    }

    /// Runs `sitegen VERB -s SITE ARGS`.
    pub fn run(&self, verb: &str, args: &[&str]) -> Output {
        sitegen(&[&[verb, "-s", self.path().to_str().expect("UTF-8")], args].concat())
    }

    /// Builds, and returns the JSON lines of the report. The exit status must be `status`.
    pub fn build(&self, status: i32) -> Vec<serde_json::Value> {
        let output = self.run("build", &["--format", "json"]);
        assert_eq!(
            output.status.code(),
            Some(status),
            "{}",
            text(&output.stdout) + &text(&output.stderr)
        );
        json_lines(&output.stdout)
    }

    /// A file of the built site.
    pub fn read(&self, file: &str) -> String {
        let path = self.path().join("output").join(file);
        std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    pub fn exists(&self, file: &str) -> bool {
        self.path().join("output").join(file).exists()
    }

    /// Waits until the clock of the disk has gone on far enough for a build to take the stamps of
    /// all files that are there now for what they say: what was written less than 20 ms before is
    /// looked into once more.
    pub fn until_stamps_count(&self) {
        let clock = self.path().join(".clock");
        let written = || {
            std::fs::write(&clock, "").expect("files can be written");
            std::fs::metadata(&clock).and_then(|file| file.modified()).expect("a time")
        };
        let first = written();
        while written() <= first + std::time::Duration::from_millis(20) {
            std::thread::yield_now();
        }
        self.remove(".clock");
    }

    /// The built site.
    pub fn tree(&self) -> BTreeMap<String, Vec<u8>> {
        tree(&self.path().join("output"))
    }
}

/// Runs the program as in English.
pub fn sitegen(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_sitegen"))
        .args(args)
        .env("LC_ALL", "C")
        .env("RUST_BACKTRACE", "0")
        .output()
        .expect("the program runs")
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

pub fn json_lines(bytes: &[u8]) -> Vec<serde_json::Value> {
    text(bytes)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect()
}

/// Diagnostics of one code, as `severity path:line:column`.
pub fn diagnostics(report: &[serde_json::Value], code: &str) -> Vec<String> {
    report
        .iter()
        .filter(|line| line["type"] == "diagnostic" && line["code"] == code)
        .map(|line| {
            let path = line["path"].as_str().unwrap_or("");
            match line["line"].as_u64() {
                Some(at) => format!(
                    "{} {path}:{at}:{}",
                    line["severity"].as_str().unwrap_or(""),
                    line["column"]
                ),
                None => format!("{} {path}", line["severity"].as_str().unwrap_or("")),
            }
        })
        .collect()
}

/// HTML without the ids of paragraphs, which are hashes of their text.
pub fn without_paragraph_ids(html: &str) -> String {
    let mut pieces = html.split("<p id=\"p");
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let end = piece.find("\">").filter(|end| {
            piece[..*end].bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
        });
        out.push_str("<p");
        out.push_str(
            end.map_or_else(|| format!(" id=\"p{piece}"), |end| piece[end + 1..].to_owned())
                .as_str(),
        );
    }
    out
}

/// All files below a folder, but for dot-entries at its root.
pub fn tree(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in walkdir::WalkDir::new(root).min_depth(1).into_iter().filter_entry(|entry| {
        entry.depth() != 1 || !entry.file_name().to_string_lossy().starts_with('.')
    }) {
        let entry = entry.expect("the tree can be walked");
        if entry.file_type().is_file() {
            let path = entry
                .path()
                .strip_prefix(root)
                .expect("below the root")
                .to_string_lossy()
                .replace('\\', "/");
            files.insert(path, std::fs::read(entry.path()).expect("files can be read"));
        }
    }
    files
}

/// A path of the shared archives, or none with a line that says so.
pub fn shared(path: &str) -> Option<PathBuf> {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared").join(path);
    if shared.exists() {
        return Some(shared);
    }
    println!("skipped: the shared archive {path} is not here");
    None
}

/// Every file of `tests/it` is a module of this binary.
#[test]
fn no_test_file_is_forgotten() {
    let main = include_str!("main.rs");
    for entry in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it"))
        .expect("the folder is there")
    {
        let name = entry.expect("readable").file_name().to_string_lossy().into_owned();
        let module = name.trim_end_matches(".rs");
        assert!(
            module == "main" || main.contains(&format!("mod {module};")),
            "tests/it/{name} is no module of main.rs"
        );
    }
}
