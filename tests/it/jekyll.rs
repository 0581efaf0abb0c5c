//! URLs, ids, dates and files as recorded from Jekyll: `cases/jekyll_urls.tsv`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::{Site, json_lines, shared, text};

struct Row {
    file: String,
    front_matter: serde_json::Map<String, serde_json::Value>,
    permalink: String,
    timezone: String,
    url: String,
    id: String,
    date: String,
    tags: Vec<String>,
    categories: Vec<String>,
}

fn rows(tsv: &str) -> Vec<Row> {
    let list = |field: &str| -> Vec<String> {
        let values: Vec<serde_json::Value> = serde_json::from_str(field).expect("a list");
        values
            .iter()
            .map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned))
            .collect()
    };
    tsv.lines()
        .skip(1)
        .map(|line| {
            let fields: Vec<&str> = line.split('\t').collect();
            Row {
                file: fields[0].to_owned(),
                front_matter: serde_json::from_str(fields[1]).expect("front matter"),
                permalink: fields[2].to_owned(),
                timezone: fields[3].to_owned(),
                url: fields[4].to_owned(),
                id: fields[5].to_owned(),
                date: fields[6].to_owned(),
                tags: list(fields[7]),
                categories: list(fields[8]),
            }
        })
        .collect()
}

/// Front matter as it was typed: text unquoted, lists in flow style.
fn typed(front_matter: &serde_json::Map<String, serde_json::Value>) -> String {
    let mut out = String::from("---\n");
    for (key, value) in front_matter {
        match value {
            serde_json::Value::String(text) => drop(writeln!(out, "{key}: {text}")),
            other => drop(writeln!(out, "{key}: {other}")),
        }
    }
    out + "---\n正文。\n"
}

#[test]
fn recorded_urls_ids_and_dates_are_kept() {
    let Some(path) = shared("cases/jekyll_urls.tsv") else { return };
    let rows = rows(&std::fs::read_to_string(path).expect("readable"));
    let mut settings: BTreeMap<(&str, &str), Vec<&Row>> = BTreeMap::new();
    for row in &rows {
        settings.entry((&row.permalink, &row.timezone)).or_default().push(row);
    }
    let mut checked = 0;
    for ((permalink, timezone), rows) in settings {
        let site = Site::new(&[(
            "site.yaml",
            &format!(
                "compat: jekyll\npermalink: '{permalink}'\ntimezone: {timezone}\nbase_url: https://example.org\nfeeds: {{rss: false, atom: false, json: false}}\n"
            ),
        )]);
        for row in &rows {
            site.write(&format!("posts/{}", row.file), typed(&row.front_matter));
        }
        let output = site.run("list", &["--format", "json"]);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stdout));
        let listed: BTreeMap<String, serde_json::Value> = json_lines(&output.stdout)
            .into_iter()
            .filter(|line| line["type"] == "post")
            .map(|line| {
                (
                    line["source"]
                        .as_str()
                        .expect("a path")
                        .trim_start_matches("posts/")
                        .to_owned(),
                    line,
                )
            })
            .collect();
        site.build(0);
        for row in rows {
            let post = &listed[&row.file];
            let context = format!("{} with {permalink} in {timezone}", row.file);
            assert_eq!(post["url"], row.url, "{context}");
            assert_eq!(post["id"], row.id, "{context}");
            assert_eq!(
                instant(post["date"].as_str().expect("dated")),
                instant(&row.date),
                "{context}"
            );
            // Where Jekyll leaves commas in a tag string, sitegen splits them.
            let tags: Vec<String> =
                row.tags.iter().map(|tag| tag.trim_end_matches(',').to_owned()).collect();
            assert_eq!(strings(&post["tags"]), tags, "{context}");
            assert_eq!(strings(&post["categories"]), row.categories, "{context}");
            assert!(site.exists(&file_of(&row.url)), "{context}: {}", file_of(&row.url));
            checked += 1;
        }
    }
    assert_eq!(checked, rows.len());
}

fn strings(value: &serde_json::Value) -> Vec<String> {
    value
        .as_array()
        .expect("a list")
        .iter()
        .map(|item| item.as_str().expect("text").to_owned())
        .collect()
}

fn instant(date: &str) -> jiff::Timestamp {
    date.parse().expect("RFC 3339")
}

/// The decoded path on disk, by Jekyll's rule: `index.html` after a slash, `.html` where there is
/// no such ending.
fn file_of(url: &str) -> String {
    let path = percent_encoding::percent_decode_str(url.trim_start_matches('/'))
        .decode_utf8_lossy()
        .into_owned();
    if path.ends_with('/') {
        path + "index.html"
    } else if path.ends_with(".html") {
        path
    } else {
        path + ".html"
    }
}

#[test]
fn feed_ids_and_excerpts_follow_jekyll() {
    let site = Site::new(&[
        (
            "site.yaml",
            "compat: jekyll\nbase_url: https://example.org/blog\npermalink: pretty\nfeeds: {atom: feed.xml, rss: false, json: false}\n",
        ),
        ("posts/2020-01-01-中文，标题.md", "第一段，\n*仍是*第一段。\n\n第二段。\n"),
    ]);
    site.build(0);
    let feed = site.read("feed.xml");
    assert!(
        feed.contains(
            "<id>https://example.org/blog/2020/01/01/%E4%B8%AD%E6%96%87,%E6%A0%87%E9%A2%98</id>"
        ),
        "{feed}"
    );
    assert!(feed.contains("<summary type=\"text\">第一段，仍是第一段。</summary>"), "{feed}");
}
