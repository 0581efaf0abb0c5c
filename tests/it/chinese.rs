//! Chinese in addresses: the suites of pinyin and slugs.

use crate::{Site, diagnostics, json_lines, shared};

fn cases(file: &str) -> Option<Vec<serde_json::Value>> {
    let path = shared(&format!("cases/{file}"))?;
    Some(serde_json::from_str(&std::fs::read_to_string(path).expect("readable")).expect("JSON"))
}

/// The decoded addresses that a pattern gives to titles, each title standing as `slug` in front
/// matter. `.` stands for a post's hash.
fn slugs(pattern: &str, titles: &[&str]) -> Vec<String> {
    let site = Site::new(&[(
        "site.yaml",
        &format!("title: 站\nbase_url: https://example.org\npermalink: /p/{pattern}/\n"),
    )]);
    for (index, title) in titles.iter().enumerate() {
        site.write(
            &format!("posts/{index:02}.md"),
            format!(
                "---\ntitle: 题\ndate: 2020-01-01\nslug: {}\n---\n文。\n",
                serde_json::json!(title)
            ),
        );
    }
    let mut listed = json_lines(&site.run("list", &["--format", "json"]).stdout);
    listed.retain(|line| line["type"] == "post");
    assert_eq!(listed.len(), titles.len(), "{listed:?}");
    listed.sort_by_key(|line| line["source"].as_str().map(str::to_owned));
    let hash = |slug: &str| {
        let (stem, end) = slug.rsplit_once('-').unwrap_or(("", slug));
        let is_hash = end.len() == 8
            && end.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_lowercase());
        if is_hash && matches!(stem, "untitled" | "") {
            format!("{stem}.")
        } else {
            slug.to_owned()
        }
    };
    let urls =
        listed.iter().map(|line| sitegen::route::decode(line["url"].as_str().expect("a url")));
    urls.map(|url| hash(url.trim_start_matches("/p/").trim_end_matches('/'))).collect()
}

/// `:pinyin` is all that the cases ask for. `:slug` keeps Han, and differs in one: full-width
/// letters stay full-width, since addresses are in NFC and never in NFKC: an archive whose `:slug`
/// was `ａｉ时代` keeps that address. `:title` differs where Jekyll's rule and addresses in use say
/// so: case is kept, and where nothing is left the hash stands alone.
#[test]
fn slugs_of_titles() {
    let Some(cases) = cases("slugs.json") else { return };
    assert_eq!(cases.len(), 14);
    let field = |name: &str| {
        cases
            .iter()
            .map(|case| case[name].as_str().expect("text").replace("-<hash>", "."))
            .collect::<Vec<_>>()
    };
    let titles: Vec<&str> =
        cases.iter().map(|case| case["title"].as_str().expect("text")).collect();
    let misses = |pattern: &str, expected: &[String]| -> Vec<(String, String)> {
        let given = slugs(pattern, &titles);
        expected.iter().cloned().zip(given).filter(|(expected, given)| expected != given).collect()
    };
    let as_pairs = |pairs: &[(&str, &str)]| {
        pairs.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect::<Vec<_>>()
    };
    assert_eq!(misses(":pinyin", &field("pinyin")), []);
    assert_eq!(misses(":slug", &field("keep_han")), as_pairs(&[("ai时代", "ａｉ时代")]));
    assert_eq!(
        misses(":title", &field("keep_han")),
        as_pairs(&[
            (
                "失落2012-百度和中国如此接近chatgpt-但又失去了它",
                "失落2012-百度和中国如此接近ChatGPT-但又失去了它"
            ),
            ("a-b测试-为什么", "A-B测试-为什么"),
            ("con_", "CON_"),
            ("untitled.", "."),
            ("ai时代", "ＡＩ时代"),
        ])
    );
}

#[test]
fn posts_of_one_reading_collide_aloud() {
    let site = Site::new(&[
        ("site.yaml", "title: 站\nbase_url: https://example.org\npermalink: /:year/:pinyin/\n"),
        ("posts/2020-01-01-食言.md", "---\ntitle: 甲\n---\n文。\n"),
        ("posts/2020-01-02-誓言.md", "---\ntitle: 乙\n---\n文。\n"),
        ("posts/2021-01-02-誓言.md", "---\ntitle: 丙\n---\n文。\n"),
        ("posts/2020-01-03-重庆.md", "---\ntitle: 丁\nslug: 绿 Café\n---\n文。\n"),
    ]);
    let report = site.build(1);
    assert_eq!(diagnostics(&report, "collision"), ["error posts/2020-01-02-誓言.md"]);
    assert!(
        site.exists("2020/shi-yan/index.html")
            && site.exists("2021/shi-yan/index.html")
            && site.exists("2020/lv-cafe/index.html")
    );
}
