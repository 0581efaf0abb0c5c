//! About a hundred small files, one habit of real archives each: `corpus/quirks/expected.tsv` says
//! how each must end.

use std::collections::BTreeMap;

use crate::{Site, shared};

#[test]
fn each_quirk_ends_as_expected() {
    let (Some(quirks), Some(posts)) = (shared("corpus/quirks"), shared("corpus/posts")) else {
        return;
    };
    let site = Site::new(&[("site.yaml", "base_url: https://example.org\n")]);
    let mut copied = 0;
    for folder in [&quirks, &posts, &shared("corpus/seed").expect("beside the others")] {
        for entry in std::fs::read_dir(folder).expect("readable") {
            let path = entry.expect("readable").path();
            if path.extension().is_some_and(|extension| extension == "md") {
                let name = path.file_name().expect("a name").to_string_lossy().into_owned();
                site.write(&format!("posts/{name}"), std::fs::read(&path).expect("readable"));
                copied += 1;
            }
        }
    }
    assert!(copied > 570, "only {copied} files");
    let report = site.build(1);
    let mut found: BTreeMap<&str, Vec<&serde_json::Value>> = BTreeMap::new();
    for line in
        report.iter().filter(|line| line["type"] == "diagnostic" && line["severity"] != "note")
    {
        found
            .entry(line["path"].as_str().unwrap_or("").trim_start_matches("posts/"))
            .or_default()
            .push(line);
    }
    let expected = std::fs::read_to_string(quirks.join("expected.tsv")).expect("readable");
    for row in expected.lines().skip(1) {
        let fields: Vec<&str> = row.split('\t').collect();
        let (file, expect, at) = (fields[0], fields[1], fields[2]);
        // Five accepted files have no body, which `body-empty.md` wants a warning for.
        let mut lines: Vec<&&serde_json::Value> = found.get(file).into_iter().flatten().collect();
        if expect == "accept" {
            lines.retain(|line| line["code"] != "body-empty");
        }
        // Nothing in it says a date, and that it says so is right.
        if file == "front-matter-toml.md" {
            lines.retain(|line| line["code"] != "date-missing");
        }
        let severities: Vec<&str> =
            lines.iter().map(|line| line["severity"].as_str().expect("text")).collect();
        match expect {
            "accept" => assert!(lines.is_empty(), "{file}: {lines:?}"),
            "warn" => assert!(
                severities.contains(&"warning") && !severities.contains(&"error"),
                "{file}: {lines:?}"
            ),
            "reject" => assert!(severities.contains(&"error"), "{file}: {lines:?}"),
            other => panic!("unknown expectation {other}"),
        }
        if at != "-" {
            let places: Vec<String> =
                lines.iter().map(|line| format!("{}:{}", line["line"], line["column"])).collect();
            assert!(
                places.iter().any(|place| place == at),
                "{file}: expected at {at}, found {places:?}"
            );
        }
        let held = report
            .iter()
            .any(|line| line["type"] == "held" && line["path"] == format!("posts/{file}"));
        assert_eq!(
            held,
            expect == "reject" || file == "published-false.md" || file == "draft-yes.md",
            "{file}"
        );
    }
    what_must_hold(&site);
}

/// The last column of the table, where a page can show it.
fn what_must_hold(site: &Site) {
    let list = crate::json_lines(&site.run("list", &["--format", "json"]).stdout);
    let post = |name: &str| {
        list.iter()
            .find(|line| line["type"] == "post" && line["source"] == format!("posts/{name}"))
            .unwrap_or_else(|| panic!("{name} is not listed"))
    };
    let page = |name: &str| {
        let url = post(name)["url"].as_str().expect("text").to_owned();
        site.read(
            &(percent_encoding::percent_decode_str(url.trim_start_matches('/'))
                .decode_utf8_lossy()
                .into_owned()
                + "index.html"),
        )
    };
    let body = |name: &str| {
        let page = page(name);
        let start = page.find("<div class=\"e-content\">").expect("a body") + 23;
        crate::without_paragraph_ids(
            &page[start
                ..start + page[start..].find("<footer class=\"article-foot\"").expect("a foot")],
        )
    };
    let title = |name: &str| post(name)["title"].as_str().expect("text").to_owned();
    let tags = |name: &str| {
        post(name)["tags"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|tag| tag.as_str().expect("text").to_owned())
            .collect::<Vec<_>>()
    };
    let date = |name: &str| post(name)["date"].as_str().unwrap_or("none").to_owned();

    assert_eq!(title("bom.md"), "测试");
    assert!(!page("bom.md").contains('\u{FEFF}'));
    assert!(!page("crlf.md").contains('\r') && !page("crlf-mixed.md").contains('\r'));
    assert_eq!(body("dashes-in-block-scalar.md").matches("<p>").count(), 2);
    assert_eq!(body("rule-in-body.md").matches("<p>").count(), 3);
    assert_eq!(title("front-matter-none.md"), "首个标题");
    assert_eq!(title("front-matter-after-blank-line.md"), "测试");
    assert_eq!(title("front-matter-toml.md"), "TOML");
    assert!(!page("front-matter-toml.md").contains("+++"));
    assert_eq!(title("front-matter-hexo-no-opener.md"), "没有开头的横线");
    assert_eq!(tags("front-matter-hexo-no-opener.md"), ["Git"]);
    assert_eq!(title("title-bare-colon.md"), "ViMax: 视频生成的新工具");
    assert_eq!(title("title-bare-bracket.md"), "[转]深入理解计算机");
    assert_eq!(title("title-no-space.md"), "【前端】开发记录");
    assert_eq!(title("title-bad-escape.md"), "水平\\智力\\测验");
    assert_eq!(title("title-unescaped-quote.md"), "他说\"好\"就走了");
    assert_eq!(title("title-unclosed-quote.md"), "没有结束的引号");
    assert_eq!(title("title-hash-cut.md"), "C 语言");
    for (name, wanted) in [
        ("title-types.md", "404"),
        ("title-yes.md", "yes"),
        ("title-date-like.md", "2023-04-11"),
        ("title-sexagesimal.md", "12:30:00"),
        ("title-octal.md", "0123"),
    ] {
        assert_eq!(title(name), wanted);
    }
    assert_eq!(title("title-empty.md"), "首个标题");
    assert_eq!(title("title-null.md"), "title null");
    assert_eq!(title("title-two-lines.md"), "一座老桥的两个名字 ——讲稿");
    assert_eq!(title("title-invisible.md"), "山中往事：时代");
    assert!(!page("title-html.md").contains("<script>alert"));
    for (name, wanted) in [
        ("date-unpadded.md", "2015-09-03T10:02:45+00:00"),
        ("date-no-zone.md", "2023-04-11T20:32:00+00:00"),
        ("date-offset-space.md", "2023-04-11T12:32:25+00:00"),
        ("date-only.md", "2023-04-11T00:00:00+00:00"),
        ("date-slashes.md", "2023-04-01T00:00:00+00:00"),
        ("date-one-digit-time.md", "2018-10-08T01:05:03+00:00"),
        ("date-chinese.md", "2018-09-04T00:00:00+00:00"),
        ("date-words.md", "none"),
        ("2021-05-06-date-from-name.md", "2021-05-06T00:00:00+00:00"),
        ("0a1b2c3d4e5f60718293a4b5c6d7e8f9.md", "none"),
    ] {
        assert_eq!(date(name), wanted, "{name}");
    }
    assert!(date("2021-05-06-date-differs.md").starts_with("2020-01-02"));
    assert_eq!(
        tags("tags-scalars.md"),
        ["10", "2025", "3.10", "on", "null", "2020-01-01", "true", "007"]
    );
    assert_eq!(tags("tags-fullwidth-comma.md"), ["读书", "旧书铺"]);
    assert_eq!(tags("tags-comma-string.md"), ["技术", "生活"]);
    assert_eq!(tags("tags-space-string.md").len(), 3);
    assert_eq!(tags("tags-block-list.md"), ["A", "B"]);
    assert_eq!(tags("tags-nested.md"), ["测试"]);
    assert_eq!(tags("tab-indent.md"), ["好", "坏"]);
    assert_eq!(tags("key-duplicate.md"), ["后者"]);
    assert_eq!(post("author-hazards.md")["authors"][0], "#a/b# https://x.example/y?z");
    assert_eq!(post("author-two-lines.md")["authors"][0], "某甲 2025年10月29日某报");
    for folder in ["tags/GDP", "tags/C", "tags/C#", "tags/C++"] {
        assert!(site.exists(&format!("{folder}/index.html")), "{folder}");
    }
    assert!(!body("emphasis-cjk-punctuation.md").contains('*'));
    assert_eq!(body("emphasis-cjk-punctuation.md").matches("<strong>").count(), 4);
    for name in ["emphasis-star-runs.md", "emphasis-spaces.md"] {
        assert!(!body(name).contains('*'), "{name}: {}", body(name));
    }
    // Opened in one paragraph and closed in a later one: both marks go, and nothing is bold by a
    // guess.
    let unpaired = body("emphasis-unpaired.md");
    assert!(
        unpaired.contains("<p>为小城图书馆添砖加瓦</p>")
            && unpaired.contains("<p>末段。</p>")
            && !unpaired.contains("strong"),
        "{unpaired}"
    );
    assert!(
        !body("emphasis-not.md").contains("<strong>") && !body("emphasis-not.md").contains("<em>")
    );
    assert_eq!(body("tilde-range.md").matches("<del>").count(), 1);
    assert!(body("dollar-no-math.md").contains("从 $100 涨到 $200，又跌回 $150。"));
    assert!(!body("zhihu-blank-lines.md").contains("<pre>"));
    assert!(
        !page("link-javascript.md").contains("javascript:")
            && page("link-javascript.md").contains("某某写字的地方")
    );
    assert!(body("link-empty.md").contains("引用 [1]。"));
    assert!(
        body("image-weserv.md")
            .contains("src=\"https://images.weserv.nl/?url=https%3A//mmbiz.qpic.cn/a_b/640%3Fwx_fmt%3Djpeg%26wx_lazy%3D1\"")
    );
    let script = body("html-script.md");
    assert!(
        !script.contains("<script")
            && !script.contains("onerror")
            && !script.contains("<iframe")
            && script.contains("前")
            && script.contains("后")
    );
    assert!(page("html-unclosed.md").contains("</article>"));
    assert!(body("html-tag-lookalike.md").contains("List&lt;int&gt; 与 &lt;某某&gt;"));
    assert!(!body("template-tags.md").is_empty() && page("template-tags.md").contains("{%"));
    let table = body("table-footnote-task.md");
    assert!(
        table.contains("<table>")
            && table.contains("footnote-ref")
            && table.matches("type=\"checkbox\"").count() == 2
    );
    let headings = page("headings-4000.md");
    assert!(headings.matches("<h2 id=").count() + headings.matches("<h3 id=").count() >= 4000);
    assert!(headings.matches("<li class=\"level-").count() <= 200);
    for name in [
        "2023-04-11-特殊#字%41符&+.md",
        "2023-04-11-🚀火箭.md",
        "2023-04-11-零宽\u{200B}名.md",
        "2020-01-01-same-name.md",
        "2020-01-02-same-name.md",
    ] {
        page(name);
    }
    assert!(
        !post("2023-04-11-零宽\u{200B}名.md")["url"].as_str().expect("text").contains("%E2%80%8B")
    );
    for (file, _) in site.tree() {
        assert!(file.split('/').all(|segment| segment.len() <= 255), "{file}");
    }
}
