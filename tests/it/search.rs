//! The search through the binary: what is found, what is not, and what is in the index.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde_json::Value;

use crate::{Site, shared, text};

/// Titles, and texts below them.
const POSTS: [(&str, &str); 12] = [
    ("辛顿", "加拿大教授辛顿（Geoffrey Hinton）带领两个学生夺冠。\n"),
    ("基辛格", "基辛格访问中国，谈到停顿的谈判。\n"),
    ("余凯", "百度技术主管余凯嗅出了不寻常的气息，使用神经网络。\n"),
    ("凯恩斯", "余下的凯恩斯主义者。\n"),
    ("中国经济", "中国经济增长放缓。\n"),
    ("中国", "经济全球化与中国。\n"),
    ("ＧＰＴ", "全角ＣｈａｔＧＰＴ与半角chatgpt，C++ 与 C#，训练 GPT 模型。\n"),
    ("繁體", "神經網路與資本主義，舊書店。\n"),
    ("断行", "神经\n网络\n"),
    ("代码", "看：\n\n```rust\nlet hidden_word = 1;\n```\n\n<svg><text>画中字</text></svg>\n"),
    ("注文", "正文[^1]接着说，<ruby>漢<rt>hàn</rt>字<rt>zì</rt></ruby>。\n\n[^1]: 脚注里的话。\n"),
    ("标签", "无关。\n"),
];

/// What is typed, and the titles that it finds.
const QUERIES: [(&str, &[&str]); 38] = [
    ("辛顿", &["辛顿"]),
    ("余凯", &["余凯"]),
    ("基辛格", &["基辛格"]),
    ("中国经济", &["中国经济"]),
    ("中国 经济", &["中国经济", "中国"]),
    ("中国　经济", &["中国经济", "中国"]),
    ("神经网络", &["余凯", "断行"]),
    ("神經網絡", &["余凯", "断行"]),
    ("神經網路", &["繁體"]),
    ("经", &["中国经济", "中国", "余凯", "繁體", "断行"]),
    ("經", &["繁體"]),
    ("\"經\"", &["繁體"]),
    ("chatgpt", &["ＧＰＴ"]),
    ("ChatGPT", &["ＧＰＴ"]),
    ("GPT", &["ＧＰＴ"]),
    ("hatg", &["ＧＰＴ"]),
    ("训练GPT模型", &["ＧＰＴ"]),
    ("c++", &["ＧＰＴ"]),
    ("C#", &["ＧＰＴ"]),
    ("李光耀", &[]),
    ("“辛顿”", &["辛顿"]),
    ("\"Geoffrey Hinton\"", &["辛顿"]),
    ("\"Geoffrey  hinton\"", &["辛顿"]),
    ("\"hinton geoffrey\"", &[]),
    ("hinton geoffrey", &["辛顿"]),
    ("中国 -谈判", &["中国经济", "中国"]),
    ("中国 -\"经济增长\"", &["基辛格", "中国"]),
    ("旧书店", &["繁體"]),
    ("正文接着", &["注文"]),
    ("汉字", &["注文"]),
    ("脚注里", &["注文"]),
    ("hidden_word", &["代码"]),
    ("画中字", &[]),
    ("标签:存档", &["标签"]),
    ("tag:存档 无关", &["标签"]),
    ("作者：林间书 年:2024", &["标签"]),
    ("存档", &["标签"]),
    ("<script>alert(1)</script>", &[]),
];

fn site(config: &str) -> Site {
    let site = Site::new(&[]);
    site.write("site.yaml", format!("title: 库\nbase_url: https://example.org\n{config}"));
    for (at, (title, body)) in POSTS.iter().enumerate() {
        let more = if *title == "标签" { "tags: [存档]\nauthor: 林间书\n" } else { "" };
        let date = format!("2024-01-{:02}", at + 1);
        site.write(
            &format!("posts/{date}-{}.md", at + 1),
            format!("---\ntitle: {title}\n{more}---\n{body}"),
        );
    }
    site
}

/// The hits of a query, as JSON lines, and the line that sums them up.
fn found(site: &Site, query: &[&str]) -> (Vec<Value>, Value) {
    let run = site.run("search", &[&["--format", "json"], query].concat());
    assert_eq!(run.status.code(), Some(0), "{query:?} {}", text(&run.stderr));
    let mut lines: Vec<Value> =
        text(&run.stdout).lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let summary = lines.pop().expect("a summary");
    (lines, summary)
}

fn titles(site: &Site, query: &[&str]) -> BTreeSet<String> {
    let title = |hit: Value| hit["title"].as_str().expect("a title").to_owned();
    found(site, query).0.into_iter().map(title).collect()
}

/// What `titles` differ in from what each query should find.
fn wrong(site: &Site, queries: &[(&str, &[&str])]) -> String {
    let mut wrong = String::new();
    for (query, due) in queries {
        let due: BTreeSet<String> = due.iter().map(|title| (*title).to_owned()).collect();
        let found = titles(site, &["--", query]);
        if found != due {
            let _ = writeln!(wrong, "{query}: {found:?}, not {due:?}");
        }
    }
    wrong
}

#[test]
fn what_is_there_is_found_and_nothing_else() {
    for config in ["", "urls: {style: explicit}\n"] {
        let site = site(config);
        site.build(0);
        assert_eq!(wrong(&site, &QUERIES), "", "{config}");
    }
}

#[test]
fn settings_of_the_search() {
    let kept = site("search: {fold_variants: false, code: false, fields: [text]}\n");
    kept.build(0);
    let queries: [(&str, &[&str]); 6] = [
        ("旧书店", &[]),
        ("舊書店", &["繁體"]),
        ("hidden_word", &[]),
        ("断行", &[]),
        ("存档", &[]),
        ("标签:存档", &["标签"]),
    ];
    assert_eq!(wrong(&kept, &queries), "");
    let off = site("search: false\n");
    off.build(0);
    assert!(!off.exists("search/root.json") && off.exists("search/index.html"));
    let run = off.run("search", &["辛顿"]);
    assert_eq!(run.status.code(), Some(2), "{}", text(&run.stderr));
    let typed = site("search: {fields: [texts]}\n");
    let run = typed.run("build", &[]);
    assert!(text(&run.stderr).contains("site.yaml:3"), "{}", text(&run.stderr));
}

#[test]
fn a_hit_has_its_sentence_and_an_absent_word_is_named() {
    let site = site("");
    site.build(0);
    let (hits, summary) = found(&site, &["辛頓 -李光耀"]);
    assert_eq!(hits[0]["url"], "/2024/01/01/1/");
    assert_eq!(hits[0]["snippet"], "加拿大教授辛顿（Geoffrey Hinton）带领两个学生夺冠。");
    assert_eq!((hits.len(), &summary["hits"]), (1, &Value::from(1)));
    let (_, summary) = found(&site, &["中国 李光耀 …"]);
    assert_eq!(summary["absent"], serde_json::json!(["李光耀"]));
    assert_eq!(summary["ignored"], serde_json::json!(["…"]));
    // The title goes before the text, then the newer before the older; or the newest first.
    let order = |query: &[&str]| -> Vec<String> {
        let title = |hit: &Value| hit["title"].as_str().expect("a title").to_owned();
        found(&site, query).0.iter().map(title).collect()
    };
    assert_eq!(order(&["中国"]), ["中国", "中国经济", "基辛格"]);
    assert_eq!(order(&["神经", "--sort", "date"]), ["断行", "繁體", "余凯"]);
    let (hits, summary) = found(&site, &["中国", "--limit", "1"]);
    assert_eq!((hits.len(), &summary["unchecked"]), (1, &Value::from(2)));
    let human = text(&site.run("search", &["辛顿"]).stdout);
    assert!(human.contains("夺冠") && human.contains("/2024/01/01/1/"), "{human}");
}

#[test]
fn what_readers_may_not_see_is_not_in_the_index() {
    let site = site("");
    let hidden = [
        ("noindex: true", "甲甲乙乙"),
        ("search: false", "丙丙丁丁"),
        ("indexing: false", "戊戊己己"),
        ("draft: true", "庚庚辛辛"),
        ("unlisted: true", "壬壬癸癸"),
        ("publishDate: 2999-01-01", "子子丑丑"),
    ];
    for (at, (key, word)) in hidden.iter().enumerate() {
        site.write(&format!("posts/2023-01-01-h{at}.md"), format!("---\n{key}\n---\n{word}。\n"));
    }
    site.write("pages/about.md", "---\ntitle: 关于\n---\n寅寅卯卯。\n");
    site.build(0);
    for (key, word) in hidden {
        assert!(titles(&site, &[word]).is_empty(), "{key}");
    }
    assert_eq!(titles(&site, &["寅寅卯卯"]).len(), 1);
    let check = text(&site.run("check", &["--format", "json"]).stdout);
    assert!(!check.contains("search-invalid"), "{check}");
    // Drafts that are shown are not found.
    site.run("build", &["--drafts"]);
    assert!(titles(&site, &["庚庚辛辛"]).is_empty());
}

#[test]
fn the_index_follows_every_change() {
    let site = site("");
    site.build(0);
    let same = |what: &str| {
        let warm = site.tree();
        let run = site.run("build", &["--fresh"]);
        assert_eq!(run.status.code(), Some(0), "{}", text(&run.stderr));
        assert!(site.tree() == warm, "{what}");
    };
    let rewritten = || -> BTreeMap<String, Value> {
        let summary = site.build(0).pop().expect("a summary");
        summary.as_object().expect("an object").clone().into_iter().collect()
    };
    site.write("posts/2024-01-03-3.md", "---\ntitle: 余凯\n---\n换了的文字，图灵。\n");
    rewritten();
    assert_eq!((titles(&site, &["图灵"]).len(), titles(&site, &["嗅出"]).len()), (1, 0));
    same("another text");
    site.write("posts/2024-01-03-3.md", "---\ntitle: 图灵机\n---\n换了的文字，图灵。\n");
    rewritten();
    assert_eq!(titles(&site, &["图灵机"]).len(), 1);
    same("another title");
    site.write("posts/2022-01-01-旧.md", "---\ntitle: 旧\n---\n最早的一篇。\n");
    rewritten();
    assert_eq!(titles(&site, &["最早"]).len(), 1);
    same("an older post");
    site.remove("posts/2024-01-01-1.md");
    rewritten();
    assert!(titles(&site, &["辛顿"]).is_empty());
    same("a post that went");
    site.write("posts/2024-01-04-4.md", "---\ntitle: 名\n---\n[甲](http://e.org/乙丙) `丁戊`\n");
    rewritten();
    std::fs::rename(
        site.path().join("posts/2024-01-04-4.md"),
        site.path().join("posts/2024-01-04-4.html"),
    )
    .expect("it can be renamed");
    rewritten();
    assert_eq!(titles(&site, &["乙丙"]).len(), 1);
    same("the same bytes, read otherwise");
    // A file of the index that is gone is made again, and so is what was kept of it.
    let shard =
        site.tree().into_keys().find(|file| file.starts_with("search/data/0-")).expect("one");
    site.remove(&format!("output/{shard}"));
    site.build(0);
    assert!(site.exists(&shard));
    site.write(".sitegen/search", "damaged");
    site.remove(&format!("output/{shard}"));
    site.write("posts/2024-01-02-2.md", "---\ntitle: 基辛格\n---\n又换。\n");
    site.build(0);
    assert_eq!(titles(&site, &["又换"]).len(), 1);
    same("a damaged store");
}

#[test]
fn filters_mean_their_taxonomy_and_dates_the_order() {
    let site = site("");
    for (name, front) in
        [("a", "categories: [百度]"), ("b", "tags: [百度]"), ("c", "date: 2020-01-01")]
    {
        let text = format!("---\ntitle: {name}\n{front}\n---\n共同的字。\n");
        site.write(&format!("posts/2021-01-01-{name}.md"), text);
    }
    site.write("pages/p.md", "---\ntitle: p\ndate: 2030-01-01\n---\n共同的字。\n");
    site.build(0);
    let queries: [(&str, &[&str]); 4] = [
        ("共同 -tag:百度", &["a", "c", "p"]),
        ("共同 -分类:百度", &["b", "c", "p"]),
        ("共同 tag:百度", &["b"]),
        ("共同 -年:2021", &["c", "p"]),
    ];
    assert_eq!(wrong(&site, &queries), "");
    let (hits, _) = found(&site, &["共同", "--sort", "date"]);
    assert_eq!((&hits[0]["title"], &hits[3]["title"]), (&"p".into(), &"c".into()));
    let (hits, summary) = found(&site, &["共同", "--limit", "0"]);
    assert_eq!((hits.len(), &summary["absent"]), (0, &serde_json::json!([])));
}

#[test]
fn hostile_posts_cost_little() {
    let site = site("");
    // Nearly all pairs of neighbours differ.
    let mut number = 3_u32;
    let mut next = || {
        number = number.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        char::from_u32(0x4E00 + (number >> 10) % 20_000).expect("a Han character")
    };
    let pairs: String = (0..300_000).map(|_| next()).collect();
    site.write("posts/2020-01-01-pairs.md", format!("---\ntitle: 许多\n---\n{pairs}\n"));
    site.write(
        "posts/2020-01-02-line.md",
        format!(
            "---\ntitle: <b>长</b>\ntags: ['<img src=x onerror=alert(1)>']\n---\n{}辛普森\n",
            "一行".repeat(300_000)
        ),
    );
    site.build(0);
    assert_eq!(titles(&site, &["辛普森"]), BTreeSet::from(["<b>长</b>".to_owned()]));
    assert!(titles(&site, &[&"辛普森".repeat(4_000)]).is_empty());
    for file in site.tree().keys().filter(|file| file.starts_with("search/data/")) {
        let bytes = std::fs::metadata(site.path().join("output").join(file)).expect("there").len();
        assert!(bytes < 200_000, "{file} has {bytes} bytes");
    }
}

#[test]
fn texts_for_another_server() {
    let site = site("");
    let run = site.run("list", &["--format", "json", "--text", "--tag", "存档"]);
    let lines: Vec<Value> = text(&run.stdout)
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .filter(|line: &Value| line["type"] == "post")
        .collect();
    assert_eq!(lines.len(), 1);
    assert_eq!((&lines[0]["text"], &lines[0]["title"]), (&"无关。".into(), &"标签".into()));
    assert!(lines[0]["key"].as_str().is_some_and(|key| key.chars().all(char::is_alphanumeric)));
    assert_eq!(site.run("list", &["--text"]).status.code(), Some(2));
}

#[test]
fn the_cases_that_all_share() {
    let Some(cases) = shared("cases/search_cases.json") else { return };
    let cases = std::fs::read_to_string(cases).expect("readable");
    let cases: Value = serde_json::from_str(&cases).expect("JSON");
    let site = Site::new(&[]);
    site.write("site.yaml", "title: 库\nbase_url: https://example.org\n");
    for doc in cases["docs"].as_array().expect("documents") {
        let id = doc["id"].as_u64().expect("a number");
        let (title, body) =
            (doc["title"].as_str().expect("text"), doc["text"].as_str().expect("text"));
        site.write(
            &format!("posts/2024-01-01-doc{id}.md"),
            format!("---\ntitle: {title}\n---\n{body}\n"),
        );
    }
    site.build(0);
    for query in cases["queries"].as_array().expect("queries") {
        let typed = query["q"].as_str().expect("text");
        let due: BTreeSet<String> = query["hits"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|id| format!("/2024/01/01/doc{id}/"))
            .collect();
        let url = |hit: &Value| hit["url"].as_str().expect("text").to_owned();
        let found: BTreeSet<String> = found(&site, &["--", typed]).0.iter().map(url).collect();
        assert_eq!(found, due, "{typed}");
    }
}
