//! What the program says in the reader's language: the catalogue is complete and nothing in it is
//! stale, and both languages come out where they should.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::{Command, Output};

use clap::CommandFactory;
use sitegen::cli::Cli;
use sitegen::command::help::translated;

use crate::{Site, json_lines, text};

const CATALOGUE: &str = include_str!("../../src/words/zh.yaml");

fn catalogue() -> BTreeMap<String, String> {
    serde_yaml::from_str(CATALOGUE).expect("the catalogue is a map of texts")
}

/// The code of every file of the program, without tests and comments.
fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = walkdir::WalkDir::new(&root)
        .sort_by_file_name()
        .into_iter()
        .map(|entry| entry.expect("readable"));
    files
        .filter(|entry| entry.path().extension().is_some_and(|extension| extension == "rs"))
        .map(|entry| {
            let text = std::fs::read_to_string(entry.path()).expect("readable");
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            let code = code
                .lines()
                .filter(|line| !line.trim_start().starts_with("//"))
                .collect::<Vec<_>>()
                .join("\n");
            (entry.path().strip_prefix(&root).expect("below").display().to_string(), code)
        })
        .collect()
}

/// The literal that `code` begins with, read as Rust reads it.
fn literal(code: &str) -> Option<String> {
    let inside = code.trim_start().strip_prefix('"')?;
    let mut escaped = false;
    let end = inside.find(|c| {
        let ends = c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        ends
    })?;
    let text = serde_yaml::from_str(&format!("\"{}\"", &inside[..end]));
    Some(text.unwrap_or_else(|error| {
        panic!("write it without escapes other than \\\" and \\\\: {error}: {}", &inside[..end])
    }))
}

/// All templates of the program: those of `say!`, of `phrase!`, and the texts of the command line.
fn said() -> BTreeMap<String, String> {
    let mut said = BTreeMap::new();
    for (path, code) in sources() {
        for marker in ["say!(", "phrase!("] {
            for (at, _) in code.match_indices(marker) {
                if let Some(template) = literal(&code[at + marker.len()..]) {
                    said.insert(template, path.clone());
                }
            }
        }
    }
    let mut help = |message: sitegen::words::Message| {
        said.extend(
            message
                .templates()
                .into_iter()
                .map(|template| (template.to_owned(), "the command line".to_owned())),
        );
        message.to_string()
    };
    translated(Cli::command(), &mut help);
    said
}

#[test]
fn the_catalogue_has_what_is_said_and_nothing_else() {
    let (catalogue, said) = (catalogue(), said());
    assert!(said.len() > 300);
    let missing: Vec<String> = said
        .iter()
        .filter(|(text, _)| !catalogue.contains_key(*text))
        .map(|(text, path)| format!("{path}: {text:?}"))
        .collect();
    let stale: Vec<&String> = catalogue.keys().filter(|text| !said.contains_key(*text)).collect();
    assert!(missing.is_empty(), "src/words/zh.yaml lacks\n{}", missing.join("\n"));
    assert!(stale.is_empty(), "src/words/zh.yaml has what is no longer said: {stale:#?}");
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FFF}')
}

/// The placeholders of a template as they are meant, in order, and the template with a mark in the
/// place of each.
fn placeholders(template: &str) -> (Vec<usize>, String) {
    let plain = template.replace("{{", "\u{1}").replace("}}", "\u{2}");
    let mut pieces = plain.split('{');
    let mut rest = pieces.next().unwrap_or_default().to_owned();
    let mut numbers = Vec::new();
    for piece in pieces {
        let (number, tail) =
            piece.split_once('}').unwrap_or_else(|| panic!("an open placeholder: {template}"));
        numbers.push(if number.is_empty() {
            numbers.len()
        } else {
            number.parse().expect("a number")
        });
        rest.push('\0');
        rest.push_str(tail);
    }
    (numbers, rest)
}

#[test]
fn chinese_is_written_as_chinese() {
    for (english, chinese) in catalogue() {
        let (mut ours, (mut theirs, shown)) = (placeholders(&english).0, placeholders(&chinese));
        ours.sort_unstable();
        theirs.sort_unstable();
        assert_eq!(ours, theirs, "placeholders: {chinese}");
        assert!(!chinese.is_ascii(), "not Chinese: {chinese}");
        assert!(!chinese.ends_with('。') && !english.ends_with('.'), "a full stop: {chinese}");
        assert!(!chinese.contains('您'), "{chinese}");
        let chars: Vec<char> = shown.chars().collect();
        for pair in chars.windows(2) {
            let is_latin = |c: char| c.is_ascii_alphanumeric() || c == '`';
            assert!(
                !(is_han(pair[0]) && matches!(pair[1], ',' | ':' | ';' | '(' | ')' | '?' | '!')),
                "half-width: {chinese}"
            );
            assert!(!(is_han(pair[0]) && is_latin(pair[1])), "no blank: {chinese}");
            assert!(!(is_latin(pair[0]) && is_han(pair[1])), "no blank: {chinese}");
        }
        for three in chars.windows(3).filter(|three| three[1] == ' ') {
            // It comes by itself where it is needed.
            let is_beside =
                (three[0] == '\0' && is_han(three[2])) || (is_han(three[0]) && three[2] == '\0');
            assert!(!is_beside, "a blank beside a placeholder: {chinese}");
        }
    }
}

/// Every message is a template, so that foreign text and ours cannot be mistaken for each other.
#[test]
fn no_message_is_a_bare_literal() {
    for (path, code) in sources() {
        for (marker, second) in [
            ("Diagnostic::error(", true),
            ("Diagnostic::warning(", true),
            ("Diagnostic::note(", true),
            ("Mistake::new(", true),
            (".hint(", false),
        ] {
            for (at, _) in code.match_indices(marker) {
                let arguments = &code[at + marker.len()..];
                let argument = if second {
                    arguments.split_once(',').map_or("", |(_, second)| second)
                } else {
                    arguments
                };
                let argument = argument.trim_start().trim_start_matches('&');
                assert!(
                    !argument.starts_with('"') && !argument.starts_with("format!"),
                    "src/{path}: {marker}… {}",
                    argument.lines().next().unwrap_or_default()
                );
            }
        }
    }
}

fn sitegen(locale: &str, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sitegen"));
    command
        .args(args)
        .env("LC_ALL", locale)
        .env("RUST_BACKTRACE", "0")
        .output()
        .expect("the program runs")
}

const CHINA: &str = "zh_CN.UTF-8";

/// Every command as it is typed.
fn commands(command: &clap::Command, typed: &[String], all: &mut Vec<Vec<String>>) {
    all.push(typed.to_vec());
    for below in command.get_subcommands() {
        commands(below, &[typed, &[below.get_name().to_owned()]].concat(), all);
    }
}

#[test]
fn help_is_chinese_but_for_names() {
    let mut all = Vec::new();
    let cli = Cli::command();
    commands(&cli, &[], &mut all);
    assert!(all.len() > 3);
    // What is the same in every language: values, commands, names of files and formats.
    let mut names: BTreeSet<String> =
        ["sitegen", "yaml", "site", "output", "keywords", "count", "help"]
            .map(str::to_owned)
            .into();
    let mut tree = cli;
    tree.build();
    let mut below = vec![&tree];
    while let Some(command) = below.pop() {
        names.extend(
            std::iter::once(command.get_name()).chain(command.get_all_aliases()).map(str::to_owned),
        );
        for arg in command.get_arguments() {
            names.extend(arg.get_possible_values().iter().map(|value| value.get_name().to_owned()));
            names.extend(
                arg.get_default_values().iter().map(|value| value.to_string_lossy().into_owned()),
            );
        }
        below.extend(command.get_subcommands());
    }
    for typed in all {
        for flag in ["--help", "-h"] {
            let args: Vec<&str> = typed.iter().map(String::as_str).chain([flag]).collect();
            let output = sitegen(CHINA, &args);
            let help = text(&output.stdout);
            assert_eq!(output.status.code(), Some(0), "{args:?}");
            assert!(help.contains("用法：") && help.contains("选项："), "{help}");
            let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
            // Within backticks stands what is typed or written in files.
            let outside: String = help.split('`').step_by(2).collect();
            for word in outside.split(|c| !is_part(c)) {
                let is_name = word.starts_with('-')
                    || word.len() < 2
                    || !word.chars().any(|c| c.is_ascii_lowercase());
                assert!(
                    is_name || names.contains(word),
                    "{args:?}: `{word}` is English in\n{help}"
                );
            }
        }
    }
}

#[test]
fn mistakes_in_typing_are_told_in_chinese() {
    for (args, said) in [
        (
            &["build", "--frsh"][..],
            "错误：没有参数 `--frsh`\n\n  建议：是不是 `--fresh`？\n\n用法：sitegen build [选项]\n\n更多说明见 `--help`",
        ),
        (&["biuld"], "错误：没有命令 `biuld`\n\n  建议：是不是其中之一：b、build？"),
        (
            &["build", "--format", "jsn"],
            "错误：`jsn` 不能作 `--format <FORMAT>` 的值，可选：human、json\n\n  建议：是不是 `json`？",
        ),
        (&["build", "-q", "-v"], "不能与 `--verbose` 同时使用"),
        (&["build", "--output"], "错误：`--output <DIR>` 需要一个值"),
        (
            &["tags", "suggest", "--count", "99"],
            "错误：`99` 不能作 `--count <N>` 的值：99 不是 1 到 50 之间的数",
        ),
        (&["list", "--year", "x"], "错误：`x` 不能作 `--year <YEAR>` 的值：不是整数"),
        (&["build", "-n", "-n"], "不止一次给出"),
        (&["build", "extra"], "错误：没有参数 `extra`"),
    ] {
        let output = sitegen(CHINA, args);
        let shown = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(shown.contains(said), "{args:?}: {said:?} is missing in\n{shown}");
        let english = text(&sitegen("C", args).stderr);
        assert!(english.is_ascii() && english.starts_with("error: "), "{english}");
    }
    // Without a command, help.
    let output = sitegen(CHINA, &[]);
    assert!(output.status.code() == Some(2) && text(&output.stderr).contains("命令："));
    assert!(text(&sitegen(CHINA, &["--version"]).stdout).starts_with("sitegen "));
}

#[test]
fn people_read_their_language_and_programs_english() {
    let site = Site::new(&[
        ("site.yaml", "title: 站\nbase_url: https://example.org\n"),
        ("posts/a.md", "---\ntitle: 题\ndate: 昨天\n---\n正文。\n"),
        ("posts/2024-05-01-b.md", "---\ntitle: 题\ndraft: true\n---\n正文。\n"),
    ]);
    let folder = site.path().to_str().expect("UTF-8");
    let build = |locale: &str, more: &[&str]| {
        sitegen(locale, &[&["build", "-s", folder, "--color", "never"], more].concat())
    };
    // The second build says again what the ledger holds of the first, which was made in the other
    // language.
    for _ in 0..2 {
        let output = build(CHINA, &[]);
        let (table, report) = (text(&output.stdout), text(&output.stderr));
        assert!(
            report.contains("警告[date-unreadable]: `昨天` 不是日期，文章没有日期"),
            "{report}"
        );
        assert!(report.contains("= 建议: 可用的写法：2023-04-11、2023-04-11 20:32、"), "{report}");
        // Han characters take two columns.
        for row in [
            "文章    1\n",
            "订阅源  3\n",
            "汉字    2\n",
            "问题    1 个警告\n",
            "未发布（1）：\n  posts/2024-05-01-b.md  草稿（`draft: true`）\n",
        ] {
            assert!(table.contains(row), "{row:?} is missing in\n{table}");
        }
        let output = build("C", &[]);
        let (table, report) = (text(&output.stdout), text(&output.stderr));
        assert!(
            report.contains("warning[date-unreadable]: `昨天` is not a date; the post has no date"),
            "{report}"
        );
        assert!(
            report.contains("= help: accepted forms: 2023-04-11, 2023-04-11 20:32, "),
            "{report}"
        );
        assert!(
            table.contains("posts           1\n") && table.contains("problems        1 warning\n"),
            "{table}"
        );
    }
    let json = |locale: &str| {
        let mut lines = json_lines(&build(locale, &["--format", "json"]).stdout);
        lines.pop();
        lines
    };
    assert_eq!(json(CHINA), json("C"));
    assert!(
        json(CHINA)
            .iter()
            .any(|line| line["message"] == "`昨天` is not a date; the post has no date")
    );
    let list = sitegen(CHINA, &["list", "-s", folder]);
    assert!(
        text(&list.stdout).ends_with("（1 个问题）\n1 篇文章\n\n未发布（1）：\n  posts/2024-05-01-b.md  草稿（`draft: true`）\n"),
        "{}",
        text(&list.stdout)
    );
    let output = sitegen(CHINA, &["build", "-s", "no/such/folder"]);
    assert!(
        text(&output.stderr).starts_with("错误[command]: 没有文件夹 no/such/folder"),
        "{}",
        text(&output.stderr)
    );
    let said = text(
        &sitegen(CHINA, &["build", "-s", folder, "-o", &format!("{folder}/site.yaml")]).stderr,
    );
    assert!(said.contains("site.yaml/.sitegen-files：不是文件夹（系统错误 20）"), "{said}");
}

/// What the YAML reader says of common mistakes is said in the reader's language.
#[test]
fn causes_of_broken_yaml_are_said_in_chinese() {
    let site = Site::new(&[]);
    let values = [
        "a: b: c",
        "- a\n  b",
        "a: @b",
        "a: \"b\\q\"\n  c: d",
        "a: *b\n  c: d",
        "a: !x!y b\n  c: d",
        "a: \"b\n",
        "a: - b\n  c: d",
        "a: & b\n  c: d",
        "a: 1\n  a: 2",
        "a: \u{1}\n  c: d",
        "\"a\" b\n  c: d",
    ];
    for (n, value) in values.iter().enumerate() {
        site.write(
            &format!("posts/2020-01-{:02}-p.md", n + 1),
            format!("---\ntitle: 题\nx:\n  {value}\n---\n正文。\n"),
        );
    }
    let output = Command::new(env!("CARGO_BIN_EXE_sitegen"))
        .args(["build", "-v", "-s"])
        .arg(site.path())
        .env("LC_ALL", "zh_CN.UTF-8")
        .output();
    let told = text(&output.expect("the program runs").stderr);
    let causes: Vec<&str> =
        told.lines().filter(|line| line.starts_with("错误[front-matter]")).collect();
    assert_eq!(causes.len(), values.len(), "{told}");
    for cause in causes {
        assert!(
            !cause
                .split_once("]: ")
                .expect("a message")
                .1
                .contains(|c: char| c.is_ascii_lowercase())
                || cause.contains("`a`"),
            "{cause}"
        );
    }
}
