//! Habits of front matter, as `list` shows what became of them.

use crate::{Site, diagnostics, json_lines};

fn listed(front_matter: &str, settings: &str) -> (serde_json::Value, Vec<serde_json::Value>) {
    let site = Site::new(&[("site.yaml", &format!("base_url: https://example.org\n{settings}"))]);
    site.write("posts/2020-01-01-a.md", format!("---\n{front_matter}\n---\n正文一二三四五六七八。\n"));
    let lines = json_lines(&site.run("list", &["--format", "json"]).stdout);
    (lines.iter().find(|line| line["type"] == "post").cloned().unwrap_or_default(), lines)
}

#[test]
fn comments_behind_a_key_do_not_hide_its_list() {
    assert_eq!(listed("title: t\ntags: # 标签\n- 甲\n- 乙", "").0["tags"], serde_json::json!(["甲", "乙"]));
}

#[test]
fn maps_give_their_name_or_address() {
    assert_eq!(listed("title: t\nauthor: {name: 甲, url: x}", "").0["authors"], serde_json::json!(["甲"]));
    assert_eq!(listed("title: t\nauthors:\n- name: 甲\n  url: x\n- 乙", "").0["authors"], serde_json::json!(["甲", "乙"]));
    let (post, lines) = listed("title: t\nimage:\n  path: /a.png\n  alt: x", "");
    assert_eq!(post["title"], "t");
    assert!(lines.iter().all(|line| line["type"] != "diagnostic"), "{lines:?}");
    let (post, lines) = listed("title: {a: b}\ntags: [甲]", "");
    assert_eq!(post["tags"], serde_json::json!(["甲"]));
    assert_eq!(diagnostics(&lines, "value-map").len(), 1);
}

#[test]
fn only_tags_and_categories_are_split_at_blanks() {
    let settings = "taxonomies:\n  Series: {}\n";
    let site = Site::new(&[("site.yaml", &format!("base_url: https://example.org\n{settings}"))]);
    site.write("posts/2020-01-01-a.md", "---\ntitle: t\nSeries: The Long March\nauthor: Jane Doe\ncategories: a b\n---\n正文。\n");
    site.build(0);
    assert!(site.exists("Series/The Long March/index.html"));
    assert!(site.exists("authors/Jane Doe/index.html") && site.exists("categories/b/index.html"));
}

#[test]
fn a_source_need_not_be_an_address() {
    let site = Site::new(&[
        ("site.yaml", "base_url: https://example.org\n"),
        ("posts/2020-01-01-a.md", "---\ntitle: t\nsource: 某公众号\n---\n正文。\n"),
    ]);
    site.build(0);
    let page = site.read("2020/01/01/a/index.html");
    assert!(page.contains("<dd>某公众号</dd>"), "{page}");
}

#[test]
fn liquid_is_not_in_summaries() {
    let site = Site::new(&[
        ("site.yaml", "base_url: https://example.org\nmarkdown: {liquid: true}\n"),
        (
            "posts/2020-01-01-a b.md",
            "---\ntitle: t\n---\n{% raw %}正文{% endraw %}{{ page.title }}一二三四五六，见 {% post_url 2020-01-01-a b %}。\n",
        ),
    ]);
    site.build(0);
    assert!(site.read("feed.json").contains("\"summary\": \"正文一二三四五六，见 。\""), "{}", site.read("feed.json"));
    assert!(site.read("2020/01/01/a-b/index.html").contains("正文t一二三四五六，见 /2020/01/01/a-b/。"));
}

#[test]
fn what_feeds_leave_out() {
    let site = Site::new(&[
        ("site.yaml", "base_url: https://example.org/s\n"),
        (
            "posts/2020-01-01-a.md",
            "---\ntitle: t\n---\n正文<b>粗</b>[内](/archive/) <img src=\"data:image/png;base64,AAAA\"> ![](data:image/gif;base64,AAAA)\n",
        ),
    ]);
    site.build(0);
    let feed = site.read("rss.xml");
    assert!(!feed.contains("data:image") && !feed.contains("nofollow"), "{feed}");
    assert!(site.read("2020/01/01/a/index.html").contains("data:image/gif"));
}

/// The switches of the site, which a post may turn.
#[test]
fn a_post_says_for_itself_what_formulas_and_breaks_are() {
    let site = Site::new(&[("site.yaml", "base_url: https://example.org\nmarkdown: {math: true, breaks: true}\n")]);
    let other = Site::new(&[("site.yaml", "base_url: https://example.org\n")]);
    let body = "前 $x$\n后\n　　段\n\n    缩进的一段。\n";
    let article = |site: &Site, keys: &str| {
        site.write("posts/2020-01-01-a.md", format!("---\ntitle: t\n{keys}\n---\n{body}"));
        site.build(0);
        crate::without_paragraph_ids(&site.read("2020/01/01/a/index.html"))
    };
    let set = article(&site, "slug: a");
    assert!(set.contains("<math>") && set.contains("<br />\n后<br />\n　　段</p>\n<p>缩进的一段。</p>"), "{set}");
    let plain = article(&site, "math: false\nbreaks: auto");
    assert!(plain.contains("<p>前 $x$\n后</p>\n<p>　　段</p>\n<p>缩进的一段。</p>"), "{plain}");
    let strict = article(&other, "mathjax: true\nbreaks: false");
    assert!(strict.contains("<math>") && strict.contains("\n后\n　　段</p>\n<pre><code>缩进的一段。\n</code></pre>"), "{strict}");
    let feed = other.read("atom.xml");
    assert!(feed.contains("\\(x\\)") && !feed.contains("math&gt;"), "{feed}");
}
