//! Habits of front matter, as `list` shows what became of them.

use crate::{Site, diagnostics, json_lines};

/// The findings of a code, as they are.
fn found<'r>(report: &'r [serde_json::Value], code: &str) -> Vec<&'r serde_json::Value> {
    report.iter().filter(|line| line["type"] == "diagnostic" && line["code"] == code).collect()
}

fn listed(front_matter: &str, settings: &str) -> (serde_json::Value, Vec<serde_json::Value>) {
    let site = Site::new(&[("site.yaml", &format!("base_url: https://example.org\n{settings}"))]);
    site.write(
        "posts/2020-01-01-a.md",
        format!("---\n{front_matter}\n---\n正文一二三四五六七八。\n"),
    );
    let lines = json_lines(&site.run("list", &["--format", "json"]).stdout);
    (lines.iter().find(|line| line["type"] == "post").cloned().unwrap_or_default(), lines)
}

#[test]
fn comments_behind_a_key_do_not_hide_its_list() {
    assert_eq!(
        listed("title: t\ntags: # 标签\n- 甲\n- 乙", "").0["tags"],
        serde_json::json!(["甲", "乙"])
    );
}

#[test]
fn maps_give_their_name_or_address() {
    assert_eq!(
        listed("title: t\nauthor: {name: 甲, url: x}", "").0["authors"],
        serde_json::json!(["甲"])
    );
    assert_eq!(
        listed("title: t\nauthors:\n- name: 甲\n  url: x\n- 乙", "").0["authors"],
        serde_json::json!(["甲", "乙"])
    );
    assert_eq!(
        listed("title: t\nauthors:\n- name: 甲\n  description: 记者\n- 乙", "").0["authors"],
        serde_json::json!(["甲", "乙"])
    );
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
    site.write(
        "posts/2020-01-01-a.md",
        "---\ntitle: t\nSeries: The Long March\nauthor: Jane Doe\ncategories: a b\n---\n正文。\n",
    );
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
    assert!(
        site.read("feed.json").contains("\"summary\": \"正文一二三四五六，见 。\""),
        "{}",
        site.read("feed.json")
    );
    assert!(
        site.read("2020/01/01/a-b/index.html").contains("正文t一二三四五六，见 /2020/01/01/a-b/。")
    );
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

fn urls(site: &Site) -> Vec<String> {
    let lines = json_lines(&site.run("list", &["--format", "json"]).stdout);
    lines
        .iter()
        .filter(|line| line["type"] == "post")
        .map(|line| line["url"].as_str().expect("text").to_owned())
        .collect()
}

/// Hexo's paths of categories have a page a level, and addresses as Hexo has them; Jekyll knows
/// none.
#[test]
fn categories_stand_below_others() {
    let post = "---\ntitle: 甲\ncategories:\n- [技术, 前端]\n- 生活\n---\n正文。\n";
    let site = Site::new(&[
        ("site.yaml", "base_url: https://example.org\npermalink: /:categories/:title/\n"),
        ("posts/2020-01-01-a.md", post),
    ]);
    site.write(
        "posts/2020-01-02-b.md",
        "+++\ntitle = '乙'\ncategories = [['技术', '后端']]\n+++\n正文。\n",
    );
    site.write(
        "posts/2020-01-03-c.md",
        "---\ntitle: 丙\ncategories: AI/ML\ntags: [技术, 技术/前端]\n---\n正文。\n",
    );
    site.build(0);
    for page in ["技术", "技术/前端", "技术/后端", "生活"] {
        assert!(site.exists(&format!("categories/{page}/index.html")), "{page}");
        assert!(site.exists(&format!("categories/{page}/rss.xml")), "{page}");
    }
    let above = site.read("categories/技术/index.html");
    assert!(above.contains("甲") && above.contains("乙") && !above.contains("丙"));
    assert!(!site.read("categories/技术/前端/index.html").contains("乙"));
    // A slash in a name makes no path where nothing stands above, nor in tags.
    assert!(
        !site.exists("categories/AI/ML/index.html") && !site.exists("tags/技术/前端/index.html")
    );
    assert!(site.exists("技术/前端/生活/a/index.html") && site.exists("技术/后端/b/index.html"));
    site.write(
        "site.yaml",
        "base_url: https://example.org\ntaxonomies: {categories: {nested: false}}\n",
    );
    site.build(0);
    assert!(
        !site.exists("categories/技术/前端/index.html")
            && site.exists("categories/技术/index.html")
    );
    site.write("site.yaml", "base_url: https://example.org\npermalink: /:category/:title/\ntaxonomies: {categories: {nested: lists}}\n");
    site.write(
        "posts/2020-01-03-c.md",
        "---\ntitle: 丙\ncategories: [文学, 诗, 唐诗]\n---\n正文。\n",
    );
    site.build(0);
    assert!(
        site.exists("categories/文学/诗/唐诗/index.html")
            && site.exists("categories/技术/前端/index.html")
    );
    assert!(
        site.exists("生活/a/index.html")
            && site.exists("技术/后端/b/index.html")
            && site.exists("文学/诗/唐诗/c/index.html")
    );
    site.write("site.yaml", "base_url: https://example.org\ncompat: jekyll\n");
    site.build(0);
    assert!(
        site.exists("categories/前端/index.html")
            && !site.exists("categories/技术/前端/index.html")
    );
}

#[test]
fn addresses_are_made_of_any_key() {
    let site = Site::new(&[
        ("site.yaml", "base_url: https://example.org\npermalink: /p/:abbrlink/\n"),
        ("posts/2020-01-01-a.md", "---\ntitle: 甲\nabbrlink: 4e5\n---\n正文。\n"),
        ("posts/2020-01-02-b.md", "---\ntitle: 乙\n---\n正文。\n"),
        (
            "posts/x/y/2020-01-03-c.md",
            "---\ntitle: 丙\npermalink: /:sections/:series/:title/\nSeries: 长篇\n---\n正文。\n",
        ),
        (
            "posts/2020-01-04-d.md",
            "---\ntitle: 丁\npermalink: https://example.org/full/\n---\n正文。\n",
        ),
        ("posts/2020-01-05-e.md", "---\ntitle: 戊\npermalink: /:yaer/\n---\n正文。\n"),
    ]);
    let report = site.build(1);
    assert_eq!(urls(&site), ["/x/y/%E9%95%BF%E7%AF%87/c/", "/p/4e5/"]);
    let said: Vec<String> = found(&report, "permalink")
        .iter()
        .map(|found| {
            format!(
                "{}:{} {} | {}",
                found["path"].as_str().unwrap_or(""),
                found["line"],
                found["message"].as_str().unwrap_or(""),
                found["hint"].as_str().unwrap_or("")
            )
        })
        .collect();
    assert_eq!(
        said,
        [
            "posts/2020-01-02-b.md:null its address is made of `:abbrlink`, and the post has no `abbrlink` | add `abbrlink: …` to its front matter; a colon of the address itself is written `%3A`",
            "posts/2020-01-04-d.md:3 `https://example.org/full/` is a full address, and a `permalink` is a path of this site | write the path alone, such as /2023/title/",
            "posts/2020-01-05-e.md:3 its address is made of `:yaer`, and the post has no `yaer` | add `yaer: …` to its front matter; or did you mean `:year`?",
        ]
    );
}

/// The longest path wins, and the post's own over all; a change of them changes the posts.
#[test]
fn folders_have_front_matter() {
    let site = Site::new(&[
        (
            "site.yaml",
            "base_url: https://example.org\ndefaults:\n  - {path: posts/a, values: {permalink: '/blog/:filename/', author: 某某, tags: [甲]}}\n  \
             - scope: {path: '', type: posts}\n    values: {author: 众人, lang: en, math: true, summary: 说明}\n  - {path: posts/没有, values: {draft: 也许}}\n  \
             - {path: pages, values: {noindex: true}}\n",
        ),
        ("posts/a/2020-01-01-x.md", "---\ntitle: 一\nauthor:\n---\n正文。\n"),
        (
            "posts/a/2020-01-02-y.md",
            "+++\ntitle = '二'\nauthor = '自己'\ntags = []\nlang = 'zh'\ndescription = '自己的'\n+++\n正文。\n",
        ),
        ("posts/b/2020-01-03-z.md", "没有前置信息。\n"),
        ("pages/about.md", "---\ntitle: 关于\n---\n正文。\n"),
    ]);
    let report = site.build(1);
    let list = json_lines(&site.run("list", &["--format", "json"]).stdout);
    let post = |stem: &str| {
        let post = list.iter().find(|line| {
            line["type"] == "post"
                && line["source"].as_str().is_some_and(|source| source.contains(stem))
        });
        let post = post.expect("listed");
        format!("{} {} {}", post["url"].as_str().expect("text"), post["authors"], post["tags"])
    };
    assert_eq!(post("-x.md"), "/blog/2020-01-01-x/ [\"某某\"] [\"甲\"]");
    assert_eq!(post("-y.md"), "/blog/2020-01-02-y/ [\"自己\"] []");
    assert_eq!(post("-z.md"), "/2020/01/03/z/ [\"众人\"] []");
    assert!(
        site.read("2020/01/03/z/index.html").contains("<html lang=\"en\"")
            && site.read("blog/2020-01-02-y/index.html").contains("<html lang=\"zh\"")
    );
    assert!(
        site.read("blog/2020-01-01-x/index.html").contains("说明")
            && !site.read("blog/2020-01-02-y/index.html").contains("content=\"说明\"")
    );
    assert!(site.read("about/index.html").contains("noindex"));
    let unused = found(&report, "defaults-unused");
    assert_eq!(
        (unused.len(), unused[0]["path"].as_str(), unused[0]["line"].as_u64()),
        (1, Some("site.yaml"), Some(6))
    );
    let mistakes = found(&report, "switch-unreadable");
    assert_eq!(
        (mistakes.len(), mistakes[0]["path"].as_str(), mistakes[0]["line"].as_u64()),
        (1, Some("site.yaml"), Some(6))
    );

    site.write("site.yaml", "base_url: https://example.org\ndefaults:\n  - {path: posts, values: {published: false}}\n  - {path: posts/b, values: {published: true}}\n");
    site.build(0);
    assert_eq!(urls(&site), ["/2020/01/03/z/"]);
    site.write(
        "site.yaml",
        "base_url: https://example.org\ndefaults: [{values: {public: true}}]\n",
    );
    site.write("posts/b/2020-01-04-w.md", "---\ntitle: 四\nprivate: true\n---\n正文。\n");
    site.build(0);
    assert!(!urls(&site).iter().any(|url| url.contains("/w/")) && urls(&site).len() == 3);
    assert!(!site.exists("blog/2020-01-01-x/index.html"));
}

#[test]
fn names_with_a_dot_are_published() {
    let site = Site::new(&[
        (
            "site.yaml",
            "base_url: https://example.org\ncompat: jekyll\nposts: _posts\npermalink: pretty\n",
        ),
        ("_posts/2020-01-01-说完了...【某人】.md", "---\ntitle: 甲\n---\n正文。\n"),
        ("_posts/2020-01-02-b.md", "---\ntitle: 乙\npermalink: /.NET 入门/\n---\n正文。\n"),
        ("_posts/2020-01-03-c.md", "---\ntitle: 丙\npermalink: /.git/x/\n---\n正文。\n"),
        ("_posts/2020-01-04-d.md", "---\ntitle: 丁\npermalink: /.well-known/\n---\n正文。\n"),
        ("_posts/2019-10-14-.md", "---\ntitle: 空\n---\n正文。\n"),
        (
            "_posts/2019-10-15-.md",
            "---\ntitle: 空\npermalink: /:year/:title:output_ext\n---\n正文。\n",
        ),
        ("_posts/没有日期.md", "---\ntitle: 戊\ndate: 2020-01-05\n---\n正文。\n"),
        ("_posts/2020-01-06-先.md", "---\ntitle: 先\npermalink: /same/\n---\n正文。\n"),
        ("_posts/2020-01-07-后.md", "---\ntitle: 后\npermalink: /same/\n---\n正文。\n"),
        ("static/.well-known/a.txt", "a"),
        ("static/.secret", "a"),
    ]);
    let report = site.build(1);
    for file in [
        "2020/01/01/说完了/.-某人/index.html",
        ".NET 入门/index.html",
        "2019/10/14/index.html",
        "2019/.html",
        ".well-known/a.txt",
    ] {
        assert!(site.exists(file), "{file}");
    }
    assert!(!site.exists(".secret") && !site.exists(".git/x/index.html"));
    assert_eq!(diagnostics(&report, "address-dot").len(), 3);
    assert_eq!(diagnostics(&report, "permalink").len(), 2);
    // Jekyll's last one stands.
    assert!(site.read("same/index.html").contains("后"));
    let held: Vec<String> = report
        .iter()
        .filter(|line| line["type"] == "held")
        .map(|line| {
            format!(
                "{} {}",
                line["path"].as_str().unwrap_or(""),
                line["reason"].as_str().unwrap_or("")
            )
        })
        .collect();
    assert!(held.contains(&"_posts/没有日期.md no date in its name".to_owned()), "{held:?}");
    assert_eq!(held.len(), 4, "{held:?}");
}

#[test]
fn case_is_told_apart_on_request() {
    let site = Site::new(&[
        ("site.yaml", "base_url: https://example.org\n"),
        (
            "posts/2020-01-01-a.md",
            "---\ntitle: 甲\npermalink: /Case/\ntags: [GDP, gdp]\n---\n正文。\n",
        ),
        (
            "posts/2020-01-02-b.md",
            "---\ntitle: 乙\npermalink: /case/\naliases: [/CASE/]\n---\n正文。\n",
        ),
    ]);
    let report = site.build(1);
    let collision = found(&report, "collision")[0];
    assert!(collision["message"].as_str().expect("text").contains("in case only"), "{collision}");
    site.write("site.yaml", "base_url: https://example.org\nurls: {case: sensitive}\n");
    let report = site.build(0);
    assert!(
        site.read("Case/index.html").contains("甲") && site.read("case/index.html").contains("乙")
    );
    assert!(
        site.exists("CASE/index.html")
            && site.exists("tags/GDP/index.html")
            && site.exists("tags/gdp/index.html")
    );
    assert_eq!(diagnostics(&report, "not-portable").len(), 1);
}

/// Tags are written into YAML only; other files stay as they are, and it is said.
#[test]
fn tags_are_written_into_yaml_only() {
    let text = "戈壁上的风车转了一夜，戈壁上的灯也亮了一夜。风车的影子落在戈壁上。\n";
    let site = Site::new(&[("site.yaml", "base_url: https://example.org\n")]);
    for (name, head) in [
        ("toml", "+++\ntitle = '甲'\n+++\n"),
        ("json", "{\"title\": \"甲\"}\n"),
        ("pelican", "Title: 甲\nDate: 2020-01-01\n\n"),
        ("hexo", "title: 甲\n---\n"),
    ] {
        site.write(&format!("posts/2020-01-01-{name}.md"), format!("{head}{text}"));
    }
    let lines = json_lines(
        &crate::sitegen(&[
            "tags",
            "suggest",
            "--write",
            "--format",
            "json",
            "-s",
            &site.path().to_string_lossy(),
        ])
        .stdout,
    );
    assert_eq!(diagnostics(&lines, "tags-not-written").len(), 4, "{lines:?}");
    assert!(
        std::fs::read_to_string(site.path().join("posts/2020-01-01-toml.md"))
            .expect("there")
            .starts_with("+++\ntitle = '甲'\n+++\n戈壁")
    );
}

/// What parts the summary from the rest: the post's own mark, or the comment of all tools.
#[test]
fn summaries_end_where_the_post_says() {
    let body = "第一段。\n\n第二段。\n\n<!-- cut -->\n\n第三段。\n";
    for (settings, head, summary) in [
        ("", "excerpt_separator: <!-- cut -->\n", "第一段。第二段。"),
        ("compat: jekyll\n", "excerpt_separator: <!-- cut -->\n", "第一段。第二段。"),
        ("compat: jekyll\n", "", "第一段。"),
        (
            "compat: jekyll\ndefaults: [{values: {excerpt_separator: <!-- cut -->}}]\n",
            "",
            "第一段。第二段。",
        ),
    ] {
        let site =
            Site::new(&[("site.yaml", &format!("base_url: https://example.org\n{settings}"))]);
        site.write("posts/2020-01-01-a.md", format!("---\ntitle: 甲\n{head}---\n{body}"));
        site.build(0);
        assert!(
            site.read("feed.json").contains(&format!("\"summary\": \"{summary}\"")),
            "{settings}{head}{}",
            site.read("feed.json")
        );
    }
    let site = Site::new(&[("site.yaml", "base_url: https://example.org\ncompat: jekyll\n")]);
    site.write(
        "posts/2020-01-01-a.md",
        "---\ntitle: 甲\n---\n第一段。\n\n第二段。\n\n<!--more-->\n\n第三段。\n",
    );
    site.build(0);
    assert!(
        site.read("feed.json").contains("\"summary\": \"第一段。第二段。\""),
        "{}",
        site.read("feed.json")
    );
}

/// The switches of the site, which a post may turn.
#[test]
fn a_post_says_for_itself_what_formulas_and_breaks_are() {
    let site = Site::new(&[(
        "site.yaml",
        "base_url: https://example.org\nmarkdown: {math: true, breaks: true}\n",
    )]);
    let other = Site::new(&[("site.yaml", "base_url: https://example.org\n")]);
    let body = "前 $x$\n后\n　　段\n\n    缩进的一段。\n";
    let article = |site: &Site, keys: &str| {
        site.write("posts/2020-01-01-a.md", format!("---\ntitle: t\n{keys}\n---\n{body}"));
        site.build(0);
        crate::without_paragraph_ids(&site.read("2020/01/01/a/index.html"))
    };
    let set = article(&site, "slug: a");
    assert!(
        set.contains("<math>") && set.contains("<br />\n后<br />\n　　段</p>\n<p>缩进的一段。</p>"),
        "{set}"
    );
    let plain = article(&site, "math: false\nbreaks: auto");
    assert!(plain.contains("<p>前 $x$\n后</p>\n<p>　　段</p>\n<p>缩进的一段。</p>"), "{plain}");
    let strict = article(&other, "mathjax: true\nbreaks: false");
    assert!(
        strict.contains("<math>")
            && strict.contains("\n后\n　　段</p>\n<pre><code>缩进的一段。\n</code></pre>"),
        "{strict}"
    );
    let feed = other.read("atom.xml");
    assert!(feed.contains("\\(x\\)") && !feed.contains("math&gt;"), "{feed}");
}
