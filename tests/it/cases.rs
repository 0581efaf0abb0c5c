//! Markdown and diagnostics as text: `tests/markdown/*.md` hold a source, a line with a dot, and
//! the HTML; `tests/errors/*.md` hold a post or a `site.yaml`, a line with a dot, and what the
//! program says of it.

use std::path::{Path, PathBuf};

use crate::{Site, sitegen as run, text};

/// The cases of a file: fenced blocks called `example`, with a dot between source and result; the
/// line of each.
fn examples(file: &str) -> Vec<(usize, String, String)> {
    let mut cases = Vec::new();
    let mut block: Option<(usize, Vec<&str>)> = None;
    for (number, line) in file.lines().enumerate() {
        match &mut block {
            None if line == "```````` example" => block = Some((number + 1, Vec::new())),
            Some((start, lines)) if line == "````````" => {
                let dot = lines
                    .iter()
                    .position(|line| *line == ".")
                    .unwrap_or_else(|| panic!("the case at line {start} has no dot"));
                cases.push((
                    *start,
                    lines[..dot].join("\n").replace('→', "\t") + "\n",
                    lines[dot + 1..].join("\n"),
                ));
                block = None;
            }
            Some((_, lines)) => lines.push(line),
            None => {}
        }
    }
    assert!(block.is_none() && !cases.is_empty(), "no cases, or the last one is not closed");
    cases
}

fn files(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(folder);
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("readable").path())
        .collect();
    files.sort();
    files
}

/// Builds every case as a post of one site, so that the cases go through all of the program.
#[test]
fn markdown_cases_give_their_html() {
    let overwrite = std::env::var("SNAPSHOTS").is_ok_and(|value| value == "overwrite");
    for path in files("markdown") {
        let mut file = std::fs::read_to_string(&path).expect("readable");
        let settings = file
            .lines()
            .find_map(|line| line.strip_prefix("site.yaml: "))
            .unwrap_or("")
            .replace("; ", "\n");
        let cases = examples(&file);
        let site = Site::new(&[(
            "site.yaml",
            &format!("base_url: https://example.org\npermalink: /:title/\n{settings}\n"),
        )]);
        site.write("templates/post.html", "{{ article.html }}");
        for (line, source, _) in &cases {
            site.write(
                &format!("posts/case{line}.md"),
                format!("---\ntitle: t\ndate: 2020-01-01\n---\n{source}"),
            );
        }
        site.build(0);
        let ids = ids_of(&site);
        for (line, source, html) in &cases {
            let built = crate::without_paragraph_ids(&site.read(&format!("case{line}/index.html")));
            let built = built.replace(&ids[line], "ID");
            if overwrite {
                let source = source.trim_end_matches('\n').replace('\t', "→");
                file = file.replacen(
                    &format!("{source}\n.\n{html}\n````````"),
                    &format!("{source}\n.\n{}\n````````", built.trim_end()),
                    1,
                );
            } else {
                assert_eq!(
                    built.trim_end(),
                    html.trim_end(),
                    "{}:{line}\n{source}",
                    path.display()
                );
            }
        }
        if overwrite {
            std::fs::write(&path, file).expect("writable");
        }
    }
}

/// Each case's own short id, which its notes carry.
fn ids_of(site: &Site) -> std::collections::BTreeMap<usize, String> {
    let list = crate::json_lines(&site.run("list", &["--format", "json"]).stdout);
    list.iter()
        .filter(|line| line["type"] == "post")
        .map(|line| {
            let source = line["source"].as_str().expect("a path");
            let number = source
                .trim_start_matches("posts/case")
                .trim_end_matches(".md")
                .parse()
                .expect("a line number");
            (number, sitegen::permalink::id_of(source))
        })
        .collect()
}

/// What is said of a post, or of the file that the head of the cases names, to the letter.
#[test]
fn error_cases_say_what_they_say() {
    let overwrite = std::env::var("SNAPSHOTS").is_ok_and(|value| value == "overwrite");
    for path in files("errors") {
        let mut file = std::fs::read_to_string(&path).expect("readable");
        let named = file.lines().find_map(|line| line.strip_prefix("file: ")).map(str::to_owned);
        let named = named.as_deref().unwrap_or("posts/2020-01-01-post.md");
        for (line, source, expected) in examples(&file) {
            let site = Site::new(&[("site.yaml", "base_url: https://example.org\n")]);
            site.write(named, source.trim_end_matches('\n').to_owned() + "\n");
            let output = run(&[
                "build",
                "-v",
                "--color",
                "never",
                "-s",
                site.path().to_str().expect("UTF-8"),
            ]);
            let said = text(&output.stderr);
            let said = said.trim_end();
            if overwrite {
                file = file.replacen(
                    &format!("\n.\n{expected}\n````````"),
                    &format!("\n.\n{said}\n````````"),
                    1,
                );
            } else {
                assert_eq!(said, expected.trim_end(), "{}:{line}", path.display());
            }
        }
        if overwrite {
            std::fs::write(&path, file).expect("writable");
        }
    }
}
