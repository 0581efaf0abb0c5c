//! `init`, `new`, `completions`: a site from nothing to something that can be published, as a new
//! keeper makes it.

use std::path::Path;
use std::process::{Command, Output};

use super::{Site, json_lines, sitegen, text};

fn in_folder(folder: &Path, locale: &str, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_sitegen"))
        .args(args)
        .current_dir(folder)
        .env("LC_ALL", locale)
        .output()
        .expect("the program runs")
}

#[test]
fn from_nothing_to_a_site() {
    for (language, title) in [
        ("zh-Hans", "第一篇：从 C++ 说起"),
        ("zh-Hant", "「開始」之前"),
        ("en", "What's new: \"it\" #1"),
    ] {
        let root = tempfile::tempdir().expect("a temporary folder");
        let output = in_folder(root.path(), "C", &["init", "my archive", "--lang", language]);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        let site = root.path().join("my archive");
        for file in [
            ".gitignore",
            ".github/workflows/publish.yml",
            "site.yaml",
            "README.md",
            "pages/about.md",
        ] {
            assert!(site.join(file).is_file(), "{language}: {file}");
        }
        let workflow =
            std::fs::read_to_string(site.join(".github/workflows/publish.yml")).expect("readable");
        assert!(!workflow.contains("{{SITEGEN"), "{workflow}");

        let output = in_folder(&site, "C", &["new", title, "--tags", "甲,C++", "--draft"]);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        let post = text(&output.stdout).trim().to_owned();
        assert!(site.join(&post).is_file(), "{post}");
        let listed = json_lines(&in_folder(&site, "C", &["list", "-D", "--format", "json"]).stdout);
        let new = listed
            .iter()
            .find(|line| line["source"] == post.as_str())
            .expect("the new post is listed");
        assert_eq!((new["title"].as_str(), new["tags"][1].as_str()), (Some(title), Some("C++")));

        // With an address, nothing is wrong with it.
        for command in ["check", "build"] {
            let output =
                in_folder(&site, "C", &[command, "--strict", "-b", "https://example.org/archive"]);
            assert_eq!(
                output.status.code(),
                Some(0),
                "{language} {command}: {}",
                text(&output.stderr)
            );
        }
        let home = std::fs::read_to_string(site.join("output/index.html")).expect("a home page");
        assert!(
            home.contains(&format!("lang=\"{language}\"")) && !home.contains(title),
            "a draft is not shown"
        );
    }
}

/// What the workflow does to check and build, as GitHub's runner does it: the status of each step,
/// and the summary.
fn publish(site: &Path) -> (Vec<Option<i32>>, String) {
    let workflow =
        std::fs::read_to_string(site.join(".github/workflows/publish.yml")).expect("readable");
    let workflow: serde_yaml::Value = serde_yaml::from_str(&workflow).expect("YAML");
    let steps = workflow["jobs"]["build"]["steps"].as_sequence().expect("steps");
    let scripts = steps
        .iter()
        .filter_map(|step| step["run"].as_str())
        .filter(|script| script.contains("--base-url"));
    let program = Path::new(env!("CARGO_BIN_EXE_sitegen")).parent().expect("a folder");
    let path = format!("{}:{}", program.display(), std::env::var("PATH").expect("a path"));
    let temporary = tempfile::tempdir().expect("a temporary folder");
    let summary = temporary.path().join("summary.md");
    let run = |script: &str| {
        let mut shell = Command::new("bash");
        let shell = shell
            .args(["-e", "-c", script])
            .current_dir(site)
            .env("PATH", &path)
            .env("LC_ALL", "C");
        let shell = shell
            .env("BASE_URL", "https://example.org/archive")
            .env("GITHUB_STEP_SUMMARY", &summary);
        shell.env("RUNNER_TEMP", temporary.path()).output().expect("bash runs").status.code()
    };
    let statuses = scripts.map(run).collect();
    (statuses, std::fs::read_to_string(&summary).expect("a summary"))
}

/// Nothing that stands in a post keeps the others from being published; what the keeper wrote
/// himself does.
#[cfg(unix)]
#[test]
fn posts_do_not_stop_the_workflow() {
    for language in ["zh-Hans", "zh-Hant", "en"] {
        let root = tempfile::tempdir().expect("a temporary folder");
        in_folder(root.path(), "C", &["init", "s", "--lang", language]);
        let site = root.path().join("s");
        let write =
            |file: &str, text: &str| std::fs::write(site.join(file), text).expect("writable");
        write(
            "posts/2020-01-01-a.md",
            "---\ntitle: 甲\n---\n[死](/gone/) ![图](no.png) [节](#x)\n\n~~~\n~~~~\n",
        );
        write("posts/2020-01-02-b.md", "---\ntitle: 乙\npublished: 也许\n---\n文\n");
        write("posts/2020-01-03-c.md", "---\ntitle: 丙\npermalink: /2020/01/01/a/\n---\n文\n");
        write("posts/2020-01-04-d.md", "---\ntitle: 丁\nimage: no.png\npermalink: ../x\n---\n文\n");
        let (statuses, summary) = publish(&site);
        assert_eq!(statuses, [Some(0), Some(0)], "{language}: {summary}");
        for told in ["image-missing", "posts/2020-01-01-a.md:4", "switch-unreadable", "collision"] {
            assert!(summary.contains(told), "{language}: {told}: {summary}");
        }
        assert!(summary.starts_with("~~~~text\n") && summary.ends_with("\n~~~~\n"), "{summary}");
        let verdict = |summary: &str| summary.lines().nth(1).map(str::to_owned).expect("a verdict");
        let good = verdict(&summary);
        assert!(
            site.join("output/2020/01/01/a/index.html").is_file()
                && !site.join("output/2020/01/02/b").exists()
        );

        write("pages/p.md", "---\ntitle: 页\n---\n[死](/gone-too/)\n");
        let (statuses, summary) = publish(&site);
        assert_eq!(statuses, [Some(1), Some(0)], "{language}");
        let bad = verdict(&summary);
        write("pages/p.md", "---\ntitle: 页\n---\n好\n");
        write("site.yaml", "titel: x\n");
        let (statuses, summary) = publish(&site);
        assert_eq!(statuses, [Some(2), Some(1)], "{language}: the world's failure stops both");
        assert!(good != bad && bad != verdict(&summary) && good != verdict(&summary), "{summary}");
    }
}

/// Every setting that is written down as a comment is one that works.
#[test]
fn what_is_commented_out_can_be_switched_on() {
    for language in ["zh-Hans", "zh-Hant", "en"] {
        let root = tempfile::tempdir().expect("a temporary folder");
        let site = root.path().join("s");
        in_folder(root.path(), "C", &["init", "s", "--lang", language]);
        let path = site.join("site.yaml");
        let original = std::fs::read_to_string(&path).expect("readable");
        let is_setting = |line: &&str| {
            line.strip_prefix('#').is_some_and(|rest| {
                rest.starts_with(|c: char| c.is_ascii_lowercase()) && rest.contains(':')
            })
        };
        let settings: Vec<&str> = original.lines().filter(is_setting).collect();
        assert!(settings.len() > 4, "{settings:?}");
        for setting in settings {
            std::fs::write(&path, original.replace(setting, &setting[1..])).expect("writable");
            let output =
                in_folder(&site, "C", &["build", "--strict", "-q", "-b", "https://example.org"]);
            assert_eq!(
                output.status.code(),
                Some(0),
                "{language} {setting}: {}",
                text(&output.stderr)
            );
        }
    }
}

#[test]
fn nothing_is_overwritten() {
    let root = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(root.path().join("README.md"), "mine").expect("writable");
    std::fs::create_dir(root.path().join(".git")).expect("a folder");
    let output = in_folder(root.path(), "C", &["init", "."]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(
        text(&output.stdout).contains("left as they are: README.md"),
        "{}",
        text(&output.stdout)
    );
    assert_eq!(std::fs::read_to_string(root.path().join("README.md")).expect("readable"), "mine");

    let output = in_folder(root.path(), "C", &["init", "."]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("holds a site"), "{}", text(&output.stderr));

    let first = in_folder(root.path(), "C", &["new", "题"]);
    let post = root.path().join(text(&first.stdout).trim());
    std::fs::write(&post, "changed").expect("writable");
    let output = in_folder(root.path(), "C", &["new", "题"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("is there already"), "{}", text(&output.stderr));
    assert_eq!(std::fs::read_to_string(&post).expect("readable"), "changed");
}

#[test]
fn the_language_is_that_of_the_machine() {
    for (locale, lang) in [
        ("zh_CN.UTF-8", "zh-Hans"),
        ("zh_TW.UTF-8", "zh-Hant"),
        ("zh-Hant-HK", "zh-Hant"),
        ("en_GB.UTF-8", "en"),
        ("C", "en"),
    ] {
        let root = tempfile::tempdir().expect("a temporary folder");
        in_folder(root.path(), locale, &["init", "s"]);
        let config = std::fs::read_to_string(root.path().join("s/site.yaml")).expect("readable");
        assert!(config.contains(&format!("language: {lang}\n")), "{locale}");
    }
}

#[test]
fn a_post_follows_the_site() {
    let site = Site::new(&[(
        "site.yaml",
        "posts: articles\ntimezone: Pacific/Kiritimati\nauthor: 顾闻溪\ntaxonomies:\n  tags: {keys: [标签]}\n",
    )]);
    let output = Command::new(env!("CARGO_BIN_EXE_sitegen"))
        .args(["new", "题", "--tags", "甲", "-s"])
        .arg(site.path())
        // Half past ten in the evening of the last day of the year, in London; on Kiritimati it is
        // the next year.
        .env("SOURCE_DATE_EPOCH", "1798756200")
        .env("LC_ALL", "C")
        .output()
        .expect("the program runs");
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let post =
        std::fs::read_to_string(site.path().join("articles/2027-01-01-题.md")).expect("the post");
    assert_eq!(post, "---\ntitle: 题\ndate: 2027-01-01 12:30\nauthor: 顾闻溪\n标签: [甲]\n---\n\n");
}

#[test]
fn titles_that_cannot_be() {
    let site = Site::new(&[("site.yaml", "title: x\n")]);
    for title in ["", "///", "  "] {
        let output = site.run("new", &[title]);
        assert_eq!(output.status.code(), Some(2), "{title:?}");
    }
    let output = site.run("new", &["../../../escape"]);
    assert!(
        text(&output.stdout).contains("posts/") && text(&output.stdout).contains("-escape.md"),
        "{}",
        text(&output.stdout)
    );
}

#[test]
fn shells_and_the_manual() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let output = sitegen(&["completions", shell]);
        let script = text(&output.stdout);
        assert!(
            output.status.success()
                && ["serve", "--navigate", "--external"]
                    .iter()
                    .all(|word| script.contains(word.trim_start_matches("--"))),
            "{shell}"
        );
    }
    let manual = text(&sitegen(&["completions", "man"]).stdout);
    for part in [".TH sitegen 1", "SITEGEN SERVE", "SITEGEN TAGS SUGGEST", "\\-\\-base\\-url"] {
        assert!(manual.contains(part), "{part}");
    }
}
