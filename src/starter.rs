//! A small, complete site to begin with.
//!
//! The files stand in `starter/` of the repository, one folder a language, and are part of the
//! program; a test compares the lists.

use std::path::Path;

use crate::diagnostic::Failure;
use crate::project::unusable;
use crate::sink::SiteFolder;
use crate::source::Directory;

/// Pairs of a path in the starter's folder and its bytes.
macro_rules! files {
    ($language:literal: $($path:literal)+) => {
        &[$(($path, include_bytes!(concat!("../starter/", $language, "/", $path)) as &[u8])),+]
    };
}

type StarterFiles = &'static [(&'static str, &'static [u8])];

const SIMPLIFIED: StarterFiles = files!("zh-Hans":
    "README.md"
    "data/authors.yaml"
    "gitignore"
    "pages/about.md"
    "posts/2026-01-01-剪报.md"
    "posts/2026-01-02-从这里开始.md"
    "publish.yml"
    "site.yaml"
    "static/images/drawers.svg"
);
const TRADITIONAL: StarterFiles = files!("zh-Hant":
    "README.md"
    "data/authors.yaml"
    "gitignore"
    "pages/about.md"
    "posts/2026-01-01-日曆紙.md"
    "posts/2026-01-02-開門.md"
    "publish.yml"
    "site.yaml"
    "static/images/drawers.svg"
);
const ENGLISH: StarterFiles = files!("en":
    "README.md"
    "data/authors.yaml"
    "gitignore"
    "pages/about.md"
    "posts/2026-01-01-corrections-to-a-cookbook.md"
    "posts/2026-01-02-start-here.md"
    "publish.yml"
    "site.yaml"
    "static/images/drawers.svg"
);

/// Where the program itself can be had, as far as it knows (`build.rs`).
pub const REPOSITORY: &str = env!("SITEGEN_REPOSITORY");
const PLACEHOLDER: &str = "{{SITEGEN_REPOSITORY}}";
/// The file that publishes the site with GitHub Actions.
pub const WORKFLOW: &str = ".github/workflows/publish.yml";

/// Files that a folder may have already, as one that was made on GitHub has; they stay.
const MAY_STAY: [&str; 2] = ["README.md", ".gitignore"];

/// A site to begin with, by the language it is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Starter {
    Simplified,
    Traditional,
    English,
}

/// What was written of a starter.
#[derive(Clone, Debug)]
pub struct Begun {
    /// How many files were written.
    pub written: usize,
    /// Files that were there, and stayed as they were.
    pub left: Vec<&'static str>,
}

impl Starter {
    /// Writes the site into a folder, which is made where it is not there. Nothing is written where
    /// a site or a part of one is there.
    pub fn write(self, folder: &Path) -> Result<Begun, Failure> {
        let files = self.files();
        let site = SiteFolder::new(Directory::new(folder));
        let in_the_way: Vec<&str> = files
            .iter()
            .map(|(path, _)| target(path))
            .filter(|file| !MAY_STAY.contains(file) && site.holds(file))
            .collect();
        if !in_the_way.is_empty() || site.holds("posts") {
            let there = if in_the_way.is_empty() { vec!["posts"] } else { in_the_way };
            let message = say!("{} holds a site or a part of one: {}", folder.display(), there);
            return Err(unusable(
                message,
                say!("name an empty folder, or one that does not exist yet"),
            ));
        }
        site.make()?;
        let mut left = Vec::new();
        for (path, bytes) in files {
            let file = target(path);
            let text = String::from_utf8_lossy(bytes).replace(PLACEHOLDER, REPOSITORY);
            if !site.create(file, text.as_bytes())? {
                left.push(file);
            }
        }
        Ok(Begun { written: files.len() - left.len(), left })
    }

    fn files(self) -> StarterFiles {
        match self {
            Starter::Simplified => SIMPLIFIED,
            Starter::Traditional => TRADITIONAL,
            Starter::English => ENGLISH,
        }
    }
}

/// Returns where a file of the starter goes: names with a dot would be passed over where they
/// stand.
fn target(path: &'static str) -> &'static str {
    match path {
        "gitignore" => ".gitignore",
        "publish.yml" => WORKFLOW,
        path => path,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_a_starter_is_named() {
        for (language, files) in
            [("zh-Hans", SIMPLIFIED), ("zh-Hant", TRADITIONAL), ("en", ENGLISH)]
        {
            let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("starter").join(language);
            let found = walkdir::WalkDir::new(&root)
                .into_iter()
                .map(Result::unwrap)
                .filter(|entry| entry.file_type().is_file());
            let mut found: Vec<String> = found
                .map(|entry| {
                    entry.path().strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/")
                })
                .collect();
            found.sort();
            let mut named: Vec<&str> = files.iter().map(|(path, _)| *path).collect();
            named.sort_unstable();
            assert_eq!(found, named, "{language}");
            let workflow = files
                .iter()
                .find(|(path, _)| *path == "publish.yml")
                .map(|(_, bytes)| String::from_utf8_lossy(bytes))
                .unwrap();
            assert_eq!(workflow.matches(PLACEHOLDER).count(), 1, "{language}");
        }
    }
}
