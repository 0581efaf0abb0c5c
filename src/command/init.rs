//! `sitegen init`: a small, complete site to begin with.
//!
//! The files stand in `starter/` of the repository, one folder a language, and are part of the
//! program; a test compares the lists.

use std::io;
use std::path::Path;

use super::terminal::Terminal;
use super::{ExitStatus, edge, report};
use crate::cli::{InitArgs, SiteLanguage};
use crate::diagnostic::Failure;
use crate::project::unusable;
use crate::sink::SiteFolder;
use crate::source::Directory;
use crate::words::{Language, Message};

/// Pairs of a path in the starter's folder and its bytes.
macro_rules! files {
    ($language:literal: $($path:literal)+) => {
        &[$(($path, include_bytes!(concat!("../../starter/", $language, "/", $path)) as &[u8])),+]
    };
}

type Files = &'static [(&'static str, &'static [u8])];

const SIMPLIFIED: Files = files!("zh-Hans":
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
const TRADITIONAL: Files = files!("zh-Hant":
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
const ENGLISH: Files = files!("en":
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
const REPOSITORY: &str = env!("SITEGEN_REPOSITORY");
const PLACEHOLDER: &str = "{{SITEGEN_REPOSITORY}}";
const WORKFLOW: &str = ".github/workflows/publish.yml";

/// Files that a folder may have already, as one that was made on GitHub has; they stay.
const MAY_STAY: [&str; 2] = ["README.md", ".gitignore"];

/// Writes the site, or nothing.
pub fn run(args: &InitArgs, language: Language) -> Result<ExitStatus, Failure> {
    let files = match args.lang.unwrap_or_else(edge::site_language) {
        SiteLanguage::Simplified => SIMPLIFIED,
        SiteLanguage::Traditional => TRADITIONAL,
        SiteLanguage::English => ENGLISH,
    };
    let is_there = |file: &str| edge::exists(&args.folder.join(file));
    let in_the_way: Vec<&str> = files
        .iter()
        .map(|(path, _)| target(path))
        .filter(|file| !MAY_STAY.contains(file) && is_there(file))
        .collect();
    if !in_the_way.is_empty() || edge::exists(&args.folder.join("posts")) {
        let there = if in_the_way.is_empty() { vec!["posts"] } else { in_the_way };
        let message = say!("{} holds a site or a part of one: {}", args.folder.display(), there);
        return Err(unusable(
            message,
            say!("name an empty folder, or one that does not exist yet"),
        ));
    }
    edge::make_folder(&args.folder)?;
    let folder = SiteFolder::new(Directory::new(&args.folder));
    let mut kept = Vec::new();
    for (path, bytes) in files {
        let file = target(path);
        let text = String::from_utf8_lossy(bytes).replace(PLACEHOLDER, REPOSITORY);
        if !folder.create(file, text.as_bytes())? {
            kept.push(file);
        }
    }
    said(&args.folder, files.len() - kept.len(), &kept, language)?;
    Ok(ExitStatus::Clean)
}

/// Where a file of the starter goes: names with a dot would be passed over where they stand.
fn target(path: &str) -> &str {
    match path {
        "gitignore" => ".gitignore",
        "publish.yml" => WORKFLOW,
        path => path,
    }
}

/// Says what there is now and what comes next.
fn said(folder: &Path, written: usize, kept: &[&str], language: Language) -> io::Result<()> {
    let mut out = Terminal::output(language);
    let mut say = |message: Message| out.say(message);
    say(say!("{}: {} files written", folder.display(), written))?;
    if !kept.is_empty() {
        say(say!("left as they are: {}", kept.to_vec()))?;
    }
    say("".into())?;
    let folder = folder.display().to_string();
    let quoted =
        if folder.contains(char::is_whitespace) { format!("\"{folder}\"") } else { folder };
    for (command, does) in [
        (format!("cd {quoted}"), None),
        ("sitegen serve".to_owned(), Some(say!("look at it, and see every change at once"))),
        (
            format!("sitegen new \"{}\"", say!("Title").in_language(language)),
            Some(say!("begin a post")),
        ),
        ("sitegen check".to_owned(), Some(say!("find what is wrong"))),
        ("sitegen build".to_owned(), Some(say!("build it into output/"))),
    ] {
        let does = does.map_or(String::new(), |does| format!("# {}", does.in_language(language)));
        let blanks = 22_usize.saturating_sub(report::columns(&command));
        say(format!("  {command}{:blanks$}{does}", "").trim_end().into())?;
    }
    if REPOSITORY.is_empty() {
        say("".into())?;
        say(say!(
            "before you publish with GitHub Actions, write into {} where sitegen can be had (SITEGEN_REPOSITORY)",
            WORKFLOW
        ))?;
    }
    Ok(())
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
