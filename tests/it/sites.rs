//! Whole sites: `tests/sites/<case>/site` must give `tests/sites/<case>/expected`, cold and warm,
//! and after the files of `edit/` are laid over it, the same tree as a fresh build of the edited
//! site.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::{Site, sitegen, text, tree};

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sites");
    let mut cases: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("readable").path())
        .collect();
    cases.sort();
    assert!(!cases.is_empty());
    cases
}

fn copy(from: &Path, site: &Site) {
    for (path, bytes) in all_files(from) {
        site.write(&path, bytes);
    }
}

fn all_files(root: &Path) -> BTreeMap<String, Vec<u8>> {
    if root.exists() { tree(root) } else { BTreeMap::new() }
}

/// The report without what differs from run to run.
fn report(site: &Site) -> (String, i32) {
    let output =
        sitegen(&["build", "-v", "--color", "never", "-s", site.path().to_str().expect("UTF-8")]);
    let stdout: Vec<String> = text(&output.stdout)
        .lines()
        .filter(|line| !line.starts_with("time "))
        .map(str::to_owned)
        .collect();
    let status = output.status.code().expect("an exit status");
    (format!("{}\nexit status {status}\n\n{}", stdout.join("\n"), text(&output.stderr)), status)
}

#[test]
fn sites_give_their_trees() {
    let overwrite = std::env::var("SNAPSHOTS").is_ok_and(|value| value == "overwrite");
    for case in cases() {
        let site = Site::new(&[]);
        copy(&case.join("site"), &site);
        let (said, _) = report(&site);
        let built = site.tree();
        let expected = case.join("expected");
        if overwrite {
            let _ = std::fs::remove_dir_all(&expected);
            for (path, bytes) in &built {
                let path = expected.join(path);
                std::fs::create_dir_all(path.parent().expect("a folder")).expect("writable");
                std::fs::write(path, bytes).expect("writable");
            }
            std::fs::write(case.join("report.txt"), &said).expect("writable");
        }
        compare(&built, &all_files(&expected), &case);
        assert_eq!(
            said,
            std::fs::read_to_string(case.join("report.txt")).expect("a report"),
            "{}",
            case.display()
        );

        // Warm: nothing is written, and nothing changes.
        let again = site.run("build", &["--format", "json"]);
        let summary = crate::json_lines(&again.stdout).pop().expect("a summary");
        assert_eq!(
            (&summary["files_written"], &summary["files_removed"]),
            (&0.into(), &0.into()),
            "{}",
            case.display()
        );
        compare(&site.tree(), &built, &case);

        // After an edit, the tree is that of a fresh build.
        if case.join("edit").exists() {
            copy(&case.join("edit"), &site);
            let fresh = Site::new(&[]);
            copy(&case.join("site"), &fresh);
            copy(&case.join("edit"), &fresh);
            site.run("build", &[]);
            fresh.run("build", &[]);
            assert_ne!(site.tree(), built, "the edit of {} changes nothing", case.display());
            compare(&site.tree(), &fresh.tree(), &case);
        }
    }
}

fn compare(built: &BTreeMap<String, Vec<u8>>, expected: &BTreeMap<String, Vec<u8>>, case: &Path) {
    let names = |tree: &BTreeMap<String, Vec<u8>>| tree.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(built), names(expected), "{}", case.display());
    for (path, bytes) in built {
        assert_eq!(text(bytes), text(&expected[path]), "{}: {path}", case.display());
    }
}
