//! The command line: flags, exit statuses, forms of output.

use crate::{Site, diagnostics, json_lines, sitegen, text};

fn site() -> Site {
    Site::new(&[
        ("site.yaml", "title: 站\nbase_url: https://example.org\n"),
        (
            "posts/2023-04-11-甲.md",
            "---\ntitle: 甲, \"一\"\nauthor: 林间书\ntags: [辛顿]\n---\n正文一二三四五六七八。\n",
        ),
        ("posts/2024-04-11-乙.md", "---\ntitle: 乙\ntags: [百度]\n---\n正文。\n"),
        ("posts/2024-05-01-稿.md", "---\ntitle: 稿\ndraft: true\n---\n正文。\n"),
    ])
}

#[test]
fn exit_statuses() {
    let site = site();
    assert_eq!(site.run("build", &[]).status.code(), Some(0));
    // Warnings fail with --strict only.
    site.write("posts/丙.md", "---\ntitle: 丙\n---\n正文。\n");
    assert_eq!(site.run("build", &[]).status.code(), Some(0));
    assert_eq!(site.run("build", &["--strict"]).status.code(), Some(1));
    // Something in the content is wrong: everything else is built.
    site.write("posts/2024-06-01-坏.md", "---\ntitle: 坏\n");
    assert_eq!(site.run("build", &[]).status.code(), Some(1));
    assert!(site.exists("2024/04/11/乙/index.html"));
    // The command, the configuration or the world is wrong.
    assert_eq!(sitegen(&["build", "--no-such-flag"]).status.code(), Some(2));
    assert_eq!(sitegen(&["build", "-s", "no/such/folder"]).status.code(), Some(2));
    site.write("site.yaml", "titel: x\n");
    let output = site.run("build", &["--color", "never"]);
    assert_eq!(output.status.code(), Some(2));
    let said = text(&output.stderr);
    assert!(
        said.contains("site.yaml:1:1")
            && said.contains("unknown key `titel`")
            && said.contains("did you mean `title`?"),
        "{said}"
    );
    let empty = Site::new(&[]);
    assert_eq!(empty.run("build", &[]).status.code(), Some(2));
}

#[test]
fn a_disk_that_cannot_be_written_is_the_worlds_fault() {
    let site = site();
    site.write("output", "a file stands where the folder should be");
    let output = site.run("build", &["--color", "never"]);
    assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("output"));
}

#[test]
fn the_closing_table() {
    let site = site();
    let output = site.run("build", &["--timings", "--color", "never"]);
    let said = text(&output.stdout);
    for row in [
        "posts           2",
        "tags            2",
        "authors         1",
        "held back (1):",
        "2024-05-01-稿.md  draft (`draft: true`)",
    ] {
        assert!(said.contains(row), "{row:?} is missing in\n{said}");
    }
    assert!(text(&output.stderr).contains("cards"));
    assert!(text(&site.run("build", &["-q"]).stdout).is_empty());
}

#[test]
fn the_report_as_json() {
    let site = site();
    let report = site.build(0);
    let summary = report.last().expect("a summary");
    assert_eq!(summary["type"], "summary");
    for key in [
        "posts",
        "pages",
        "files_written",
        "files_unchanged",
        "files_removed",
        "errors",
        "warnings",
        "seconds",
        "tags",
        "feeds",
        "han",
        "bytes",
    ] {
        assert!(summary[key].is_number(), "{key}");
    }
    assert!(report.iter().any(|line| line["type"] == "held" && line["reason"] == "draft"));
    site.write("posts/x.md", "---\ndate: 昨天\n---\n正文。\n");
    let report = site.build(0);
    assert_eq!(diagnostics(&report, "date-unreadable"), ["warning posts/x.md:2:7"]);
    let line = report.iter().find(|line| line["code"] == "date-unreadable").expect("found");
    assert!(line["message"].is_string() && line["hint"].is_string());
}

#[test]
fn drafts_future_output_and_base_url() {
    let site = site();
    site.write("site.yaml", "future: hold\n");
    site.write("posts/2090-01-01-远.md", "正文。");
    site.build(0);
    assert!(!site.exists("2090/01/01/远/index.html") && !site.exists("2024/05/01/稿/index.html"));
    site.run(
        "build",
        &[
            "-D",
            "-F",
            "-b",
            "https://other.example/sub",
            "-d",
            site.path().join("elsewhere").to_str().expect("UTF-8"),
        ],
    );
    let page = std::fs::read_to_string(site.path().join("elsewhere/2024/05/01/稿/index.html"))
        .expect("built");
    assert!(page.contains("https://other.example/sub/2024/05/01/"));
    assert!(site.path().join("elsewhere/2090/01/01/远/index.html").exists());
}

#[test]
fn a_dry_run_writes_nothing() {
    let site = site();
    let output = site.run("build", &["-n", "--format", "json"]);
    let summary = json_lines(&output.stdout).pop().expect("a summary");
    assert!(summary["files_written"].as_u64().expect("a number") > 10);
    assert!(!site.path().join("output").exists());
}

#[test]
fn a_dry_run_names_the_files() {
    let site = site();
    let files = |args: &[&str]| {
        let report =
            json_lines(&site.run("build", &[&["-n", "--format", "json"], args].concat()).stdout);
        let files = report.iter().filter(|line| line["type"] == "file");
        files
            .map(|line| {
                format!("{} {}", line["change"].as_str().unwrap(), line["file"].as_str().unwrap())
            })
            .collect::<Vec<String>>()
    };
    let all = files(&[]);
    site.build(0);
    let tree = site.tree();
    assert_eq!(all, tree.keys().map(|file| format!("made {file}")).collect::<Vec<String>>());
    assert!(files(&[]).is_empty());
    assert!(site.build(0).iter().all(|line| line["type"] != "file"));
    site.remove("posts/2024-04-11-乙.md");
    site.write("posts/2025-01-01-丁.md", "正文。");
    let told = files(&[]);
    let human = text(&site.run("build", &["-n"]).stdout);
    assert_eq!(site.tree(), tree);
    site.build(0);
    let after = site.tree();
    let mut really: Vec<String> = after
        .keys()
        .filter(|file| !tree.contains_key(*file))
        .map(|file| format!("made {file}"))
        .collect();
    really.extend(
        after
            .iter()
            .filter(|(file, bytes)| tree.get(*file).is_some_and(|before| before != *bytes))
            .map(|(file, _)| format!("changed {file}")),
    );
    really.extend(
        tree.keys().filter(|file| !after.contains_key(*file)).map(|file| format!("removed {file}")),
    );
    assert_eq!(told, really);
    // People read some of many, and how many there are.
    assert!(human.contains("would be made (5):\n  2025/01/01/丁/index.html\n"), "{human}");
    let all = text(&site.run("build", &["-n", "--fresh"]).stdout);
    assert!(
        all.contains(&format!("would be changed ({}):", after.len()))
            && all.contains(&format!("  … and {} more\n", after.len() - 20)),
        "{all}"
    );
    let all = text(&site.run("build", &["-n", "-v", "--fresh"]).stdout);
    assert!(after.keys().all(|file| all.contains(&format!("\n  {file}\n"))));
    assert!(site.run("build", &["-n", "-q", "--fresh"]).stdout.is_empty());
}

#[test]
fn stale_files_go_and_others_stay() {
    let site = site();
    site.build(0);
    site.write("output/own.html", "mine");
    site.write("output/.git/config", "x");
    site.remove("posts/2024-04-11-乙.md");
    let summary = site.build(0).pop().expect("a summary");
    assert!(summary["files_removed"].as_u64().expect("a number") > 3);
    assert!(!site.exists("tags/百度") && !site.exists("2024"));
    assert!(site.exists("own.html") && site.exists(".git/config"));
    // A file of somebody else's where a page belongs is an error, and stays.
    site.write("output/2025/01/01/丁/index.html", "mine");
    site.write("posts/2025-01-01-丁.md", "正文。");
    let report = site.build(1);
    assert_eq!(diagnostics(&report, "output-foreign").len(), 1);
    assert_eq!(site.read("2025/01/01/丁/index.html"), "mine");
}

#[test]
fn list_in_three_forms() {
    let site = site();
    let table = text(&site.run("list", &[]).stdout);
    assert!(
        table.starts_with("2024-04-11")
            && table.contains("/2023/04/11/甲/")
            && table.ends_with(
                "2 posts\n\nheld back (1):\n  posts/2024-05-01-稿.md  draft (`draft: true`)\n"
            ),
        "{table}"
    );
    let post = &json_lines(&site.run("list", &["--format", "json", "--tag", "辛顿"]).stdout)[0];
    for (key, value) in [
        ("type", serde_json::json!("post")),
        ("source", serde_json::json!("posts/2023-04-11-甲.md")),
        ("url", serde_json::json!("/2023/04/11/%E7%94%B2/")),
        ("id", serde_json::json!("/2023/04/11/甲")),
        ("date", serde_json::json!("2023-04-11T00:00:00+00:00")),
        ("title", serde_json::json!("甲, \"一\"")),
        ("authors", serde_json::json!(["林间书"])),
        ("tags", serde_json::json!(["辛顿"])),
        ("categories", serde_json::json!([])),
        ("words", serde_json::json!(11)),
    ] {
        assert_eq!(post[key], value, "{key}");
    }
    let csv = text(&site.run("list", &["--format", "csv", "--year", "2023"]).stdout);
    assert!(
        csv.lines().count() == 2
            && csv.lines().all(|line| line.ends_with(",unlisted") || line.ends_with(",false"))
            && csv.contains("\"甲, \"\"一\"\"\""),
        "{csv}"
    );
    assert_eq!(json_lines(&site.run("list", &["--format", "json", "--drafts"]).stdout).len(), 3);
    assert!(site.run("list", &["--format", "json", "--author", "无名"]).stdout.is_empty());
}

#[test]
fn help_names_every_flag_of_the_contract() {
    let help = text(&sitegen(&["build", "--help"]).stdout);
    for flag in [
        "--source",
        "--output",
        "--config",
        "--base-url",
        "--drafts",
        "--future",
        "--quiet",
        "--verbose",
        "--color",
        "--dry-run",
        "--fresh",
        "--strict",
        "--timings",
        "--format",
    ] {
        assert!(help.contains(flag), "{flag}");
    }
}
