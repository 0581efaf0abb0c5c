//! What is printed: names and values of others end no line, give the terminal no orders and turn
//! nothing around.
#![cfg(unix)]

use std::fmt::Write;
use std::process::Output;

use sitegen::words::is_printable;

use crate::{Site, json_lines, sitegen, text};

/// A line that only a name could have made.
const FORGED: &str = "error[forged]: 全部文件已删除";

/// A name that would end the line, erase it, colour it, ring, go back and turn around what follows.
fn hostile() -> String {
    format!(
        "a\n{FORGED}\r\t\u{8}\u{7}\u{1b}[2J\u{1b}]0;t\u{9b}31m\u{85}\u{202e}\u{2066}\u{200f}\u{61c}\u{2028}\u{2029}\u{200b}\u{feff}\u{e0041}\u{7f}z"
    )
}

/// As front matter and `site.yaml` hold it.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        let _ = if c.is_ascii_alphanumeric() {
            write!(out, "{c}")
        } else {
            write!(out, "\\U{:08x}", u32::from(c))
        };
    }
    out + "\""
}

/// A site in which everything that can be named is named so, and nearly everything is wrong.
fn site() -> Site {
    let name = hostile();
    let in_yaml = quoted(&name);
    let site =
        Site::new(&[("site.yaml", "title: 站\nbase_url: https://example.org\ncompat: jekyll\n")]);
    site.write(&format!("posts/2020-01-02-{name}.md"), format!("---\ntitle: {in_yaml}\ndate: {in_yaml}\ntags: [{in_yaml}]\nlayout: {in_yaml}\n---\n[x]({FORGED}) ![](\u{1b}[2Jno.png)\n\n```\u{1b}[2Jx\u{202e}\nx\n```\n<b\u{9b}31m>"));
    site.write(
        "posts/2020-01-03-b.md",
        format!(
            "---\npermalink: {}\nredirect_from: [{in_yaml}, '/*']\n---\n正文",
            quoted(&format!("/{name}/"))
        ),
    );
    site.write(
        "posts/2020-01-04-c.md",
        format!("---\ntitle: c\n{in_yaml}: [\u{1b}[2J\n\u{9b}31m\n---\n正文"),
    );
    site.write(
        "posts/2020-01-05-d.md",
        format!("---\ntitle: 标题\nslug: {in_yaml}\n{in_yaml}: x\npublished: {in_yaml}\n---\n正文"),
    );
    site.write(
        &format!("posts/2020-01-06-{name}.md"),
        "---\ntitle: 人工智能\ncover: no\u{202e}.png\n---\n人工智能与机器学习，人工智能与机器学习。[x](/no\u{202e}where/)\n",
    );
    site.write(&format!("posts/{name}.txt"), "x");
    site.write(&format!("static/{name}.txt"), "x");
    site.write(&format!("data/{name}.yaml"), "a: [\u{1b}");
    site.write(&format!("pages/{name}.md"), "---\ntitle: \"\\e[2J\"\n---\nx");
    site.write(&format!("includes/{name}"), "x");
    site
}

/// Lines of nothing but printable characters, none of which begins as the forged one does.
fn assert_printable(what: &str, bytes: &[u8], line_ends: &[char]) {
    let said = text(bytes);
    for line in said.split('\n') {
        let odd: String =
            line.trim_end_matches(line_ends).chars().filter(|c| !is_printable(*c)).collect();
        assert!(odd.is_empty(), "{what}: {odd:?} in {line:?}");
        assert!(!line.starts_with("error[forged]"), "{what}: {line:?}");
    }
}

/// The text without the colours of the program's own making.
fn without_colours(text: &str) -> String {
    let mut pieces = text.split("\u{1b}[");
    let mut out = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let end = piece.find(|c: char| !c.is_ascii_digit() && c != ';').expect("an order ends");
        assert_eq!(&piece[end..=end], "m", "an order that is no colour: {piece:?}");
        out.push_str(&piece[end + 1..]);
    }
    out
}

fn assert_report(what: &str, output: &Output) {
    for bytes in [&output.stdout, &output.stderr] {
        assert_printable(what, bytes, &[]);
    }
}

#[test]
fn names_of_others_give_no_orders() {
    let site = site();
    let all = ["--color", "never", "--verbose", "--drafts"];
    for verb in ["build", "build", "check", "list"] {
        let output = site.run(verb, &all);
        assert!(output.stderr.len() > 500, "{verb}: {}", text(&output.stderr));
        assert_report(verb, &output);
    }
    let output = site.run("build", &["--color", "always", "--verbose", "--fresh", "--timings"]);
    for bytes in [output.stdout, output.stderr] {
        let plain = without_colours(&text(&bytes));
        assert_printable("colours", plain.as_bytes(), &[]);
    }
    let folder = site.path().to_str().expect("UTF-8");
    let suggested = sitegen(&["tags", "suggest", "-s", folder, "--color", "never", "--verbose"]);
    let lines = text(&suggested.stdout);
    assert!(
        lines.lines().count() > 0 && lines.lines().all(|line| line.matches('\t').count() == 1),
        "{lines:?}"
    );
    assert_printable("tags suggest", lines.replace('\t', "").as_bytes(), &[]);
    assert_printable("tags suggest", &suggested.stderr, &[]);
}

#[test]
fn what_was_typed_gives_no_orders() {
    let site = site();
    let folder = site.path().to_str().expect("UTF-8");
    let name = hostile();
    let there = format!("{folder}/{name}");
    let missing = format!("--{name}");
    let typed: [&[&str]; 12] = [
        &["build", "-s", &there],
        &["build", "-s", folder, "-o", &format!("{folder}/posts/{name}")],
        &["build", "-s", folder, "-c", &there],
        &["build", "-s", folder, "-b", &name],
        &["build", &missing],
        &["build", "--format", &name],
        &[&name],
        &["tags", "suggest", "-s", folder, &name],
        &["new", "-s", folder, &format!("{FORGED}\u{1b}[2J\u{202e}")],
        &["new", "-s", folder, "\u{1b}\u{202e}"],
        &["init", &format!("{folder}/posts/{name}")],
        &["init", folder],
    ];
    for args in typed {
        for locale in ["C", "zh_CN.UTF-8"] {
            let output = std::process::Command::new(env!("CARGO_BIN_EXE_sitegen"))
                .args(args)
                .env("LC_ALL", locale)
                .output();
            let output = output.expect("the program runs");
            assert!(output.stdout.len() + output.stderr.len() > 10, "{args:?}");
            assert_report(&format!("{args:?}"), &output);
        }
    }
    site.write("site.yaml", format!("{}: x\ntaxonomies: [{0}]\n", quoted(&name)));
    assert_report("site.yaml", &site.run("build", &["--color", "never"]));
}

/// Programs read the very names, in lines that a terminal shows as they are.
#[test]
fn json_says_what_is_there() {
    let site = site();
    let name = hostile();
    for args in [&["build"][..], &["check"], &["list"], &["tags", "suggest"]] {
        let folder = site.path().to_str().expect("UTF-8");
        let output = sitegen(&[args, &["-s", folder, "--format", "json"]].concat());
        assert_printable(&format!("{args:?}"), &output.stdout, &[]);
        let lines = json_lines(&output.stdout);
        let named = |key: &str| {
            lines.iter().any(|line| line[key].as_str().is_some_and(|value| value.contains(&name)))
        };
        assert!(named("path") || named("source"), "{args:?}: {lines:?}");
    }
}

#[test]
fn cells_are_no_formulas() {
    let site = site();
    let titles =
        ["=1+1", "+1", "-5 度", "@x", "＝1", "＋1", "－1", "＠x", "2020", "a=b", "一, \"二\""];
    for (n, title) in titles.iter().enumerate() {
        site.write(
            &format!("posts/2021-01-{:02}-t{n}.md", n + 1),
            format!("---\ntitle: {}\ntags: [{}]\n---\nx", quoted(title), quoted(title)),
        );
    }
    let output = site.run("list", &["--format", "csv"]);
    assert_printable("csv", &output.stdout, &['\r']);
    let csv = text(&output.stdout);
    let cells: Vec<&str> = csv
        .split("\r\n")
        .filter(|line| line.starts_with("posts/2021"))
        .map(|line| line.split(',').nth(4).expect("a title"))
        .collect();
    let shown =
        ["\"一", "a=b", "2020", "'＠x", "'－1", "'＋1", "'＝1", "'@x", "'-5 度", "'+1", "'=1+1"];
    assert_eq!(cells, shown);
    assert!(csv.contains(",2021-01-01T00:00:00+00:00,'=1+1,,'=1+1,,"), "{csv}");
}
