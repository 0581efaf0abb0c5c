//! Whole sites, a folder a feature. `tests/sites/<case>/site` must give the files of `expected`,
//! the names of `files.txt` and the words of `report.txt`: cold, warm, on one thread and several,
//! and after the files of `edit/` are laid over it. `tests/sites/README.md` says how to add one.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use rayon::ThreadPoolBuilder;
use rayon::prelude::*;

use crate::{Site, difference, text, tree};

/// What is taken for the present in all cases: 1 June 2024, noon in Shanghai.
const CLOCK: &str = "1717214400";
/// Files of one case that are shown; what lies beyond is counted.
const SHOWN: usize = 3;
/// Cases that are built at a time, on however few cores: a cold build waits for its disk two thirds
/// of the time.
const AT_ONCE: usize = 8;

/// A built site: bytes by path.
type Tree = BTreeMap<String, Vec<u8>>;

/// One folder of `tests/sites`.
struct Case {
    name: String,
    folder: PathBuf,
}

impl Case {
    fn all() -> Vec<Case> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sites");
        let mut cases: Vec<Case> = std::fs::read_dir(folder)
            .expect("the folder is there")
            .map(|entry| entry.expect("readable").path())
            .filter(|path| path.is_dir())
            .map(|folder| Case {
                name: folder.file_name().expect("a name").to_string_lossy().into_owned(),
                folder,
            })
            .collect();
        cases.sort_by(|one, other| one.name.cmp(&other.name));
        assert!(cases.len() > 1);
        cases
    }

    /// What the case proves, as the first line of its `site.yaml` says.
    fn claim(&self) -> Option<String> {
        let config = std::fs::read_to_string(self.folder.join("site/site.yaml")).ok()?;
        config.lines().next()?.strip_prefix("# ").map(str::to_owned)
    }

    fn text(&self, file: &str) -> String {
        std::fs::read_to_string(self.folder.join(file)).unwrap_or_default()
    }

    fn files(&self, below: &str) -> Tree {
        let folder = self.folder.join(below);
        if folder.exists() { tree(&folder) } else { Tree::new() }
    }

    /// The site of the case in a folder of its own, with the theme that its pages are shown in.
    fn site(&self) -> Site {
        let site = Site::new(&[]);
        let theme = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/themes/plain");
        if self.text("site/site.yaml").contains("theme: plain") {
            lay("themes/plain/", &tree(&theme), &site);
        }
        lay("", &self.files("site"), &site);
        site
    }

    /// Changes a site as the case says; without a word of it, the first of its posts goes on.
    fn edit(&self, site: &Site) {
        let edit = self.files("edit");
        if edit.is_empty() {
            let files = self.files("site");
            let is_post = |path: &&String| path.contains("posts/") && path.ends_with(".md");
            let path = files.keys().find(is_post).expect("a post");
            site.write(path, [&files[path], "\n\n后来添上的一句。\n".as_bytes()].concat());
        }
        lay("", &edit, site);
    }

    /// What is wrong with the case, a text for each thing.
    fn failures(&self, overwrite: bool) -> Vec<String> {
        let mut failures = Vec::new();
        if self.claim().is_none() {
            failures.push("site.yaml does not begin with a comment that says the claim".to_owned());
        }
        let site = self.site();
        let said = build(&site, "4");
        let built = site.tree();
        // The files of the search are named by what is in them, which follows from the rest.
        let names = built.keys().filter(|path| !path.starts_with("search/data/"));
        let names = names.flat_map(|path| [path, "\n"]).collect::<String>();
        if overwrite {
            self.overwrite(&built, &names, &said);
        }
        for (file, found) in [("files.txt", &names), ("report.txt", &said)] {
            let expected = self.text(file);
            if expected != *found {
                failures.push(format!("{file}\n{}", difference::of(&expected, found)));
            }
        }
        let expected = self.files("expected");
        if expected.is_empty() {
            failures.push("expected/ holds nothing that the case is about".to_owned());
        }
        failures.extend(differing(&expected, &built, Names::OfTheFirst));

        // Warm: nothing is written, nothing changes, and the same is said.
        let again = build(&site, "4").replace("0 written, ", "");
        let said = said.replace(" written, 0 unchanged", " unchanged");
        if said != again {
            failures.push(format!("warm, report.txt\n{}", difference::of(&said, &again)));
        }
        let warm = differing(&built, &site.tree(), Names::OfBoth);
        failures.extend(warm.iter().map(|why| format!("warm, {why}")));

        // After an edit, the tree and the report are those of a fresh build, on however many
        // threads.
        self.edit(&site);
        let fresh = self.site();
        self.edit(&fresh);
        let what_is_said = |report: &str| {
            let is_kept = |line: &&str| !line.starts_with("files ");
            report.lines().filter(is_kept).collect::<Vec<&str>>().join("\n")
        };
        let again = what_is_said(&build(&site, "4"));
        let said = what_is_said(&build(&fresh, "1"));
        if said != again {
            failures.push(format!("after the edit, report\n{}", difference::of(&said, &again)));
        }
        if site.tree() == built {
            failures.push("the edit changes nothing".to_owned());
        }
        let edited = differing(&fresh.tree(), &site.tree(), Names::OfBoth);
        failures.extend(edited.iter().map(|why| format!("after the edit, {why}")));
        failures
    }

    /// Writes down what was built: the names, the report, and those files that are expected; all of
    /// them where the case is new.
    fn overwrite(&self, built: &Tree, names: &str, said: &str) {
        let write = |path: &str, bytes: &[u8]| {
            let path = self.folder.join(path);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("writable");
            std::fs::write(path, bytes).expect("writable");
        };
        write("files.txt", names.as_bytes());
        write("report.txt", said.as_bytes());
        let expected = self.files("expected");
        for (path, bytes) in built {
            if expected.is_empty() || expected.contains_key(path) {
                write(&format!("expected/{path}"), bytes);
            }
        }
    }
}

/// Which files two trees must have in common.
#[derive(Clone, Copy, PartialEq)]
enum Names {
    OfTheFirst,
    OfBoth,
}

/// The files in which a tree differs from the one that was expected, the first few with lines.
fn differing(expected: &Tree, found: &Tree, names: Names) -> Vec<String> {
    let paths: BTreeSet<&String> = match names {
        Names::OfTheFirst => expected.keys().collect(),
        Names::OfBoth => expected.keys().chain(found.keys()).collect(),
    };
    let wrong = |path: &String| match (expected.get(path), found.get(path)) {
        (Some(expected), Some(found)) if expected == found => None,
        (Some(expected), Some(found)) => {
            Some(format!("{path}\n{}", difference::of(&text(expected), &text(found))))
        }
        (Some(_), None) => Some(format!("{path} is expected and not there")),
        (None, _) => Some(format!("{path} is there and not expected")),
    };
    let mut all: Vec<String> = paths.into_iter().filter_map(wrong).collect();
    let hidden = all.len().saturating_sub(SHOWN);
    all.truncate(SHOWN);
    all.extend((hidden > 0).then(|| format!("{hidden} more files")));
    all
}

fn lay(below: &str, files: &Tree, site: &Site) {
    for (path, bytes) in files {
        site.write(&format!("{below}{path}"), bytes);
    }
}

/// Builds a site, and returns the report without the time it took and the bytes it came to, which
/// say nothing of any case.
fn build(site: &Site, threads: &str) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_sitegen"))
        .args(["build", "-v", "--color", "never", "-s"])
        .arg(site.path())
        .env("LC_ALL", "C")
        .env("RAYON_NUM_THREADS", threads)
        .env("SOURCE_DATE_EPOCH", CLOCK)
        .output()
    let is_measure = |line: &str| ["time ", "output ", "search "].iter().any(|row| line.starts_with(row));
    let stdout = text(&output.stdout);
    let says = |line: &&str| !is_measure(line);
    let lines: Vec<&str> = stdout.lines().filter(says).collect();
    let status = output.status.code().expect("an exit status");
    format!("{}\nexit status {status}\n\n{}", lines.join("\n"), text(&output.stderr))
}

#[test]
fn sites_give_their_trees() {
    let overwrite = std::env::var("SNAPSHOTS").is_ok_and(|value| value == "overwrite");
    let wrong = |case: &Case| {
        let failures = case.failures(overwrite);
        let claim = case.claim().unwrap_or_default();
        let of_case = |why: &String| format!("\n  {why}");
        (!failures.is_empty()).then(|| {
            format!(
                "tests/sites/{}: {claim}{}",
                case.name,
                failures.iter().map(of_case).collect::<String>()
            )
        })
    };
    let pool = ThreadPoolBuilder::new().num_threads(AT_ONCE).build().expect("threads");
    let wrong: Vec<String> = pool.install(|| Case::all().par_iter().filter_map(wrong).collect());
    assert!(wrong.is_empty(), "{} cases\n\n{}\n", wrong.len(), wrong.join("\n\n"));
}
