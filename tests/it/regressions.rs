//! Defects that were found once, each by the input that showed it.

use crate::{Site, diagnostics, text};

const CONFIG: (&str, &str) = ("site.yaml", "title: T\nbase_url: https://example.org\n");

fn page(body: &str) -> String {
    let site = Site::new(&[CONFIG]);
    site.write("posts/2020-01-01-a.md", format!("---\ntitle: A\n---\n{body}\n"));
    site.build(0);
    site.read("2020/01/01/a/index.html")
}

/// The article's own HTML.
fn body(source: &str) -> String {
    let page = page(source);
    let start = page.find("<div class=\"e-content\">").expect("a body") + 23;
    crate::without_paragraph_ids(
        &page[start..start + page[start..].find("<footer class=\"article-foot\"").expect("a foot")],
    )
}

/// Taking the outside off a placeholder laid a live element inside its attribute bare.
#[test]
fn look_alikes_hide_nothing() {
    for source in [
        "<foo a=\"<img src=x onerror=alert(1)>\">",
        "<foo a='<svg onload=alert(1)>'>",
        "甲 <foo a=\"<img src=x onerror=alert(1)>\"> 乙",
    ] {
        let html = body(source);
        for tag in chinese_markdown::html::tags(&html) {
            assert!(
                !tag.attributes.contains("onerror") && !tag.attributes.contains("onload"),
                "{html}"
            );
        }
    }
}

#[test]
fn no_comment_swallows_the_page() {
    for source in ["<foo>\n<!-- x", "<foo>\n<?x", "<!-- x\n\n甲"] {
        assert!(!body(source).contains("<!--") && !body(source).contains("<?"), "{}", body(source));
    }
}

/// Self-closed frames and unclosed players took the rest of the article with them.
#[test]
fn open_frames_do_not_swallow_the_article() {
    for source in [
        "<iframe src=\"https://player.example/x\" />",
        "<video src=\"https://player.example/x\">",
        "<script src=\"x\">",
        "- <script src=\"x\" />",
        "<style>",
        "> <textarea>",
        "甲 <title>x",
        "<button>点",
        "前 <select><option>a",
        "<select><xmp>x</xmp></select>",
        "<textarea>",
    ] {
        let html = body(&format!("前。\n\n{source}\n\n后文。\n\n## 节\n\n尾巴。"));
        assert!(
            html.contains("后文。") && html.contains("尾巴。") && html.contains("<h2 id="),
            "{source} gave {html}"
        );
    }
    assert!(body("前。\n\n<!-- x\n\n后文。").contains("<p>后文。</p>"));
    assert!(
        body("<iframe src=\"https://player.example/x\" />")
            .contains("href=\"https://player.example/x\"")
    );
}

#[test]
fn device_names_are_terms_like_others() {
    let site = Site::new(&[
        CONFIG,
        (
            "posts/2020-01-01-aux.js.md",
            "---\ntitle: A\ntags: [con.txt, Aux.js, nul, com1.exe]\ncategories: ['Vol.']\n---\nx",
        ),
    ]);
    site.write("site.yaml", "base_url: https://example.org\npermalink: /:categories/:title/\n");
    site.build(0);
    assert!(site.exists("vol/aux_.js/index.html"));
}

/// Keys of maps that are no texts stopped the whole build.
#[test]
fn odd_keys_of_maps_are_texts() {
    let site = Site::new(&[
        CONFIG,
        (
            "posts/2020-01-01-a.md",
            "---\ntitle: A\nfoo: {~: x, 1.5: y, [a]: b, ? {a: b} : c}\n---\nx",
        ),
        ("data/b.yaml", "~: y\n1.5: z\n"),
    ]);
    site.write("site.yaml", "base_url: https://example.org\nextra: {1: x, ~: y}\n");
    site.build(0);
}

/// A rule for hosts leads on from one address. `.ci/hosts.mjs` asks the hosts' own programs.
#[test]
fn no_post_redirects_more_than_its_own_addresses() {
    let aliases = "['/*', '/:x/', '/2:x/01/02/p2/', '/ar:chive/', '/a*', /12:30/, '/sp ace%23', '/q%3Fx', /2020/01/01/ABC/, /LICENSE, '/2020/01/01/AB*C/']";
    let site = Site::new(&[
        CONFIG,
        (
            "posts/2020-01-01-abc.md",
            &format!("---\ntitle: A\nredirect_from: {}\n---\nx", aliases.replace("AB*C", "ABC/*")),
        ),
        (
            "posts/2020-01-01-x-y.md",
            "---\ntitle: A\npermalink: /x*y/index.html\nredirect_from: [/X*y/, /long/]\n---\nx",
        ),
        ("static/LICENSE", "x"),
    ]);
    let report = site.build(1);
    assert_eq!(
        site.read("_redirects"),
        "/2020/01/01/ABC/ /2020/01/01/abc/ 301\n\
         /12:30/ /2020/01/01/abc/ 301\n\
         /long/ /x%2Ay/ 301\n\
         /q%3Fx /2020/01/01/abc/ 301\n\
         /sp%20ace%23 /2020/01/01/abc/ 301\n"
    );
    let told = diagnostics(&report, "alias");
    let post = "posts/2020-01-01-abc.md:3:";
    assert_eq!(
        told.iter().filter(|told| told.starts_with(&format!("note {post}"))).count(),
        6,
        "{told:?}"
    );
    assert!(told.contains(&"warning posts/2020-01-01-x-y.md:4:17".to_owned()), "{told:?}");
    assert_eq!(diagnostics(&report, "collision"), ["error posts/2020-01-01-abc.md:3:121"]);
    // The pages lead on all the same.
    assert!(
        site.exists("ar:chive/index.html") && site.exists("*.html") && !site.exists("LICENSE.html")
    );
}

/// Two addresses that look like one are two to a browser.
#[test]
fn addresses_hold_nothing_that_cannot_be_seen() {
    let odd = "\u{200b}\u{200c}\u{200d}\u{200e}\u{202e}\u{2060}\u{2066}\u{feff}\u{ad}\u{61c}\u{180e}\u{3164}\u{e0041}";
    let breaks = format!("{odd}\u{2028}\u{2029}");
    let site = Site::new(&[CONFIG]);
    site.write(
        "posts/2020-01-01-a.md",
        format!("---\ntitle: A\npermalink: \"/p{breaks}q/r{breaks}/\"\nredirect_from: [\"/old{odd}/\"]\n---\nx"),
    );
    site.write(&format!("posts/甲{breaks}乙/2020-01-02-b{breaks}c.md"), "x");
    site.write(
        "posts/2020-01-03-c.md",
        format!(
            "---\ntitle: C\nslug: s{breaks}t\ntags: [t{odd}g, tg]\nauthor: \"a{breaks}\"\n---\nx"
        ),
    );
    site.write(
        "posts/2020-01-04-d.md",
        "---\ntitle: D\npermalink: /👨\u{200d}👩\u{200d}👧/\n---\nx",
    );
    site.write(&format!("pages/g{breaks}/h{breaks}i.md"), "x");
    for pattern in
        ["/:path/", "/:title/", "/:slug/", "/:filename/", "/:name/", "/:categories/:title/"]
    {
        site.write("site.yaml", format!("base_url: https://example.org\npermalink: {pattern}\n"));
        let report = site.build(0);
        for (file, bytes) in site.tree() {
            let is_old = file.starts_with("old");
            assert!(is_old || chinese_text::unseen(&file).is_empty(), "{pattern}: {file:?}");
            let page = text(&bytes);
            let addresses = page
                .split("href=\"/")
                .skip(1)
                .map(|rest| sitegen::route::decode(rest.split('"').next().unwrap_or_default()));
            for address in addresses {
                assert!(chinese_text::unseen(&address).is_empty(), "{pattern}: {address:?}");
            }
        }
        assert!(
            site.exists("pq/r/index.html")
                && site.exists("tags/tg/index.html")
                && site.exists("g/hi/index.html"),
            "{pattern}"
        );
        assert!(
            site.exists("👨\u{200d}👩\u{200d}👧/index.html")
                && site.exists(&format!("old{odd}/index.html")),
            "{pattern}"
        );
        let told = diagnostics(&report, "address-unseen");
        assert!(told.contains(&"warning posts/2020-01-01-a.md:3:12".to_owned()), "{told:?}");
        assert!(told.contains(&"note posts/2020-01-01-a.md:4:17".to_owned()), "{told:?}");
        // A title is made into a slug, and what cannot be seen is no part of that.
        assert!(
            pattern != "/:path/" || told.iter().any(|told| told.contains("posts/甲")),
            "{told:?}"
        );
        assert!(
            pattern != "/:title/" || !told.iter().any(|told| told.contains("posts/甲")),
            "{told:?}"
        );
    }
}

/// The record of what was made took `#` for the beginning of a comment, so that such files stayed
/// for ever.
#[test]
fn a_file_named_with_a_hash_goes_with_its_post() {
    let site = Site::new(&[
        CONFIG,
        ("posts/2020-01-01-a.md", "---\ntitle: A\nredirect_from: ['/%23x']\n---\nx"),
        ("static/#y", "y"),
    ]);
    site.build(0);
    assert!(site.exists("#x.html") && site.exists("#y"));
    site.write("posts/2020-01-01-a.md", "x");
    site.remove("static/#y");
    site.build(0);
    assert!(!site.exists("#x.html") && !site.exists("#y"));
}

#[test]
fn a_failed_template_makes_nobodys_file_ours() {
    let site = Site::new(&[
        CONFIG,
        ("posts/2020-01-01-a.md", "x"),
        ("templates/404.html", "{{ nosuch }}"),
        ("output/404.html", "MINE"),
    ]);
    site.build(1);
    site.remove("templates/404.html");
    let report = site.build(1);
    assert_eq!(diagnostics(&report, "output-foreign").len(), 1);
    assert_eq!(site.read("404.html"), "MINE");
}

#[test]
fn files_become_folders_and_folders_files() {
    let site = Site::new(&[CONFIG, ("static/docs", "x"), ("pages/index.md", "x")]);
    site.build(0);
    site.remove("static/docs");
    site.write("static/docs/x.txt", "y");
    site.build(0);
    assert_eq!(site.read("docs/x.txt"), "y");
    site.remove("static/docs/x.txt");
    std::fs::remove_dir(site.path().join("static/docs")).expect("empty");
    site.write("static/docs", "z");
    site.build(0);
    assert_eq!(site.read("docs"), "z");
}

#[cfg(unix)]
#[test]
fn a_backslash_is_a_character_of_a_name() {
    let site = Site::new(&[
        CONFIG,
        ("posts/2020-01-01-a.md", "x"),
        ("posts/2020-01-02-a\\b.md", "x"),
        ("static/back\\slash", "x"),
    ]);
    let report = site.build(1);
    assert_eq!(diagnostics(&report, "file-name"), ["error static/back\\slash"]);
    assert!(site.exists("2020/01/01/a/index.html") && site.exists("2020/01/02/a-b/index.html"));
}

#[test]
fn titles_with_dots_are_pages() {
    let site = Site::new(&[
        CONFIG,
        ("posts/2020-01-01-Node.js.md", "x"),
        ("posts/2020-01-01-ASP.NET.md", "x"),
    ]);
    site.write("site.yaml", "base_url: https://example.org\npermalink: /:year/:title\n");
    site.build(0);
    assert!(site.exists("2020/Node.js.html") && site.exists("2020/ASP.NET.html"));
}

#[test]
fn a_name_that_begins_with_a_dot_may_be_a_title() {
    let site = Site::new(&[
        CONFIG,
        ("posts/.NET 入门.md", "---\ndate: 2020-01-01\n---\n![](.NET/图.png) [册](册.pdf)"),
        ("posts/.NET/2020-01-02-深入.md", "深入。"),
        ("posts/.NET/图.png", "x"),
        ("posts/册.pdf", "x"),
        ("posts/.net.md", "---\ndate: 2020-01-03\nslug: net\n---\n小写。"),
        // What people and programs hide.
        ("posts/.想到的.md", "没有日期，也没有题目。"),
        ("posts/.obsidian/a.md", "---\ntitle: 藏\n---\n"),
        ("posts/.trash/a.md", "---\ntitle: 藏\n---\n"),
        ("posts/.Trash-1000/a.md", "---\ntitle: 藏\n---\n"),
        ("posts/._2020-01-01-a.md", "---\ntitle: 藏\n---\n"),
        ("posts/.#a.md", "---\ntitle: 藏\n---\n"),
        ("posts/.a.md.swp", "---\ntitle: 藏\n---\n"),
        ("posts/.DS_Store", "x"),
        ("posts/.github/a.md", "---\ntitle: 藏\n---\n"),
        ("static/.NET/a.md", "x"),
        ("static/.NET/b.md", "x"),
    ]);
    site.write("site.yaml", "base_url: https://example.org\npermalink: /:year/:title/\n");
    let report = site.build(0);
    assert_eq!(
        diagnostics(&report, "address-dot"),
        [
            "warning posts/.NET 入门.md",
            "warning posts/.NET/2020-01-02-深入.md",
            "warning posts/.net.md"
        ]
    );
    let skipped = [
        ".#a.md",
        "._2020-01-01-a.md",
        ".a.md.swp",
        ".DS_Store",
        ".github",
        ".obsidian",
        ".想到的.md",
        ".trash",
        ".Trash-1000",
    ];
    let mut wanted: Vec<String> = skipped
        .iter()
        .map(|name| format!("note posts/{name}"))
        .chain(["note static/.NET".to_owned()])
        .collect();
    let mut said = diagnostics(&report, "file-skipped");
    wanted.sort();
    said.sort();
    assert_eq!(said, wanted);
    for file in [
        "2020/NET-入门/index.html",
        "2020/NET-入门/.NET/图.png",
        "2020/NET-入门/册.pdf",
        "2020/深入/index.html",
        "2020/net/index.html",
    ] {
        assert!(site.exists(file), "{file}");
    }
    // In Jekyll no such file is a post.
    site.write("site.yaml", "base_url: https://example.org\ncompat: jekyll\n");
    std::fs::remove_dir_all(site.path().join("output")).expect("removed");
    let report = site.run("build", &["-v", "--allow-removal"]);
    assert!(!site.exists("2020/NET-入门/index.html"), "{}", text(&report.stderr));
}

#[test]
fn addresses_in_jekyll_mode_lead_to_their_files() {
    let long = "长".repeat(65);
    let site = Site::new(&[
        CONFIG,
        ("posts/2020-01-01-a.md", "---\npermalink: /%E4%B8%AD/a%20b/\n---\nx"),
        ("posts/2020-01-02-b.md", "---\npermalink: /路 径/x y/\n---\nx"),
        (&format!("posts/2020-01-03-{long}.md"), "---\ncategories: foo, bar\n---\nx"),
    ]);
    site.write("site.yaml", "compat: jekyll\nbase_url: https://example.org\npermalink: pretty\n");
    site.build(0);
    assert!(site.exists("中/a b/index.html") && site.exists("路 径/x y/index.html"));
    assert!(site.exists(&format!("foo,/bar/2020/01/03/{long}/index.html")));
    assert!(site.read("sitemap.xml").contains("https://example.org/%E4%B8%AD/a%20b/"));
    let (feed, home) = (site.read("atom.xml"), site.read("index.html"));
    for text in [feed, home] {
        assert!(
            text.contains("/%E8%B7%AF%20%E5%BE%84/x%20y/\"") && !text.contains("href=\"/路"),
            "{text}"
        );
    }
}

/// That such posts cost what they weigh is counted by `benches/linear/linear.py`; here, what
/// becomes of them.
#[test]
fn what_nests_without_end_is_shown_all_the_same() {
    let site = Site::new(&[CONFIG]);
    let inputs = [
        ("html-depth", "<div>".repeat(2_000)),
        ("html-depth", format!("{}x", "<b>".repeat(2_000))),
        ("markdown-depth", format!("{}甲\n", ">".repeat(2_000))),
        ("markdown-depth", format!("{}甲\n", "- ".repeat(2_000))),
        ("markdown-depth", format!("{}{}\n", "*a ".repeat(300), "b* ".repeat(300))),
        (
            "html-size",
            format!("|{}\n|{}\n{}", "a|".repeat(3_000), "-|".repeat(3_000), "|a\n".repeat(3_000)),
        ),
    ];
    for (n, (_, input)) in inputs.iter().enumerate() {
        site.write(
            &format!("posts/2020-01-{:02}-p.md", n + 1),
            format!("前{n}。\n\n{input}\n后{n}。\n"),
        );
    }
    let report = site.build(1);
    for (n, (code, _)) in inputs.iter().enumerate() {
        let path = format!("posts/2020-01-{:02}-p.md", n + 1);
        assert!(
            report.iter().any(|entry| entry["code"] == *code && entry["path"] == path),
            "{path}: {code}, {report:?}"
        );
        let page = site.read(&format!("2020/01/{:02}/p/index.html", n + 1));
        assert!(page.contains(&format!("前{n}。")) && page.contains(&format!("后{n}。")), "{path}");
        assert!(page.len() < 200_000, "{path}: {}", page.len());
        assert!(page.matches("<blockquote").count() <= 100, "{path}");
    }
}

#[test]
fn a_post_of_marks_alone_is_refused_and_costs_itself() {
    let site = Site::new(&[CONFIG, ("posts/2020-01-01-a.md", "正文。")]);
    site.write("posts/2020-01-02-b.md", "[".repeat(4_000_001));
    site.write("posts/2020-01-03-c.md", "字[".repeat(1_100_000));
    let report = site.build(1);
    assert_eq!(diagnostics(&report, "post-size"), ["error posts/2020-01-02-b.md"]);
    assert_eq!(report.last().expect("a summary")["posts"], 2);
}

#[test]
fn the_output_is_never_read_as_input() {
    let site = Site::new(&[CONFIG, ("posts/2020-01-01-a.md", "x")]);
    for folder in ["static/out", "posts/out", "", "themes", "posts/..", "nowhere/../static/x"] {
        let output = site.path().join(folder);
        assert_eq!(
            site.run("build", &["-o", output.to_str().expect("UTF-8")]).status.code(),
            Some(2),
            "{folder}"
        );
    }
}

#[test]
fn data_files_do_not_hide_each_other() {
    let site = Site::new(&[
        CONFIG,
        ("posts/2020-01-01-a.md", "x"),
        ("data/a.json", "{\"k\": 1}"),
        ("data/a.yaml", "k: 2"),
        ("data/z/a.yaml", "k: 3"),
    ]);
    assert_eq!(diagnostics(&site.build(0), "data-skipped").len(), 2);
}

#[test]
fn liquid_keeps_to_its_line_and_its_fence() {
    let site = Site::new(&[
        CONFIG,
        (
            "posts/2020-01-01-a.md",
            "用 {% 开头。\n\n{{ site.url }}/y\n\n{% highlight text %}\n```\nx\n```\n{% endhighlight %}\n\n后文。\n",
        ),
    ]);
    site.write("site.yaml", "base_url: https://example.org\nmarkdown: {liquid: true}\n");
    site.build(0);
    let page = site.read("2020/01/01/a/index.html");
    let page = crate::without_paragraph_ids(&page);
    assert!(page.contains("https://example.org/y</a>") && page.contains("<p>后文。</p>"), "{page}");
}

#[test]
fn notes_are_numbered_by_mention() {
    let html = body("[^b]: 乙\n\n[^a]: 甲\n\n正文[^a]，又[^b]。");
    assert!(
        html.find("href=\"#fn-").is_some_and(
            |at| html[at..].starts_with("href=\"#fn-") && html[at..].contains("-1\">1</a>")
        ),
        "{html}"
    );
    assert!(html.find("<p>甲").expect("a note") < html.find("<p>乙").expect("a note"));
}

#[test]
fn a_twin_of_the_home_page_does_not_replace_it() {
    let site = Site::new(&[CONFIG, ("posts/2020-01-01-a.md", "x"), ("static/Index.html", "x")]);
    assert_eq!(diagnostics(&site.build(1), "collision").len(), 1);
    let site = Site::new(&[
        CONFIG,
        ("posts/2020-01-01-a.md", "x"),
        ("static/index.html", "own"),
        ("static/notes.md", "n"),
    ]);
    site.write("site.yaml", "base_url: https://example.org/sub\n");
    site.write("posts/2020-01-02-b.md", "[n](/notes.md)");
    site.build(0);
    assert_eq!(site.read("index.html"), "own");
    assert!(
        text(site.read("2020/01/02/b/index.html").as_bytes()).contains("href=\"/sub/notes.md\"")
    );
}

#[test]
fn maps_of_one_key_are_maps() {
    let site = Site::new(&[
        CONFIG,
        (
            "posts/2020-01-01-a.md",
            "---\ntitle: A\ncover: /first.png\nimage:\n  path: /a.png\nauthor:\n  name: 甲\nextra:\n  k: v\n---\nx",
        ),
    ]);
    site.build(0);
    let page = site.read("2020/01/01/a/index.html");
    assert!(
        page.contains("https://example.org/first.png") && site.exists("authors/甲/index.html"),
        "{page}"
    );
}

#[test]
fn old_addresses_are_not_cut() {
    let long = "长".repeat(70);
    let site = Site::new(&[
        CONFIG,
        ("posts/2020-01-01-a.md", &format!("---\ntitle: A\nredirect_from: /{long}/\n---\nx")),
    ]);
    site.build(0);
    assert!(site.exists(&format!("{long}/index.html")));
}

#[test]
fn raw_permalinks_lead_to_their_files() {
    let site =
        Site::new(&[CONFIG, ("posts/2020-01-01-a.md", "---\npermalink: '/q?x=1#y'\n---\nx")]);
    site.write("site.yaml", "compat: jekyll\nbase_url: https://example.org\n");
    site.build(0);
    assert!(
        site.read("index.html").contains("href=\"/q%3Fx=1%23y\"") && site.exists("q?x=1#y.html")
    );
}

/// Malformed HTML costs its own block at most.
#[test]
fn nothing_after_broken_html_is_lost() {
    for source in [
        "<p style=\"color:red>文字</p>",
        "<div class=\"a>文字</div>",
        "<p>甲 <span style=\"a>文字</span></p>",
        "<div>\n<!-- x\n文字</div>",
        "<div><!-- x</div>文字",
        "<script><!--\nvar a=1;\n</script>\n\n文字",
        "文字 <object><object></object> 乙",
        "<div><iframe src=https://p.example/x\n<p>文字</p></div>",
        "前 <plaintext> 文字",
        "文字 <noframes> 后",
        "正文。\n\n<!-- 注 -->文字在同一行",
        "<!-- more --> 文字继续",
    ] {
        let html = body(&format!("前。\n\n{source}\n\n后文。\n\n## 节\n\n尾巴。"));
        assert!(
            html.contains("文字")
                && html.contains("后文。")
                && html.contains("<h2 id=\"节\">节</h2>")
                && html.contains("尾巴。"),
            "{source} gave {html}"
        );
    }
}

#[test]
fn code_in_lists_and_quotes_is_left_alone() {
    let html = body(
        "- ```text\n  <script src=x>\n  ```\n\n> ```\n> ** x **\n> <!-- x\n> ```\n\n    <!-- y\n\n** 粗 **字\n",
    );
    for code in
        ["&lt;script src=x&gt;\n", "** x **\n&lt;!-- x\n", "&lt;!-- y\n", "<strong>粗</strong>"]
    {
        assert!(html.contains(code), "{code} in {html}");
    }
    assert!(!html.contains("&lt;/script"), "{html}");
}

/// Comments and scripts are nobody's business: not in descriptions, not in feeds.
#[test]
fn hidden_text_stays_hidden() {
    for source in [
        "<!--\n未发表的备注一二三四五六\n-->\n\n正文一二三四五六七八。",
        "<script>\nvar 未发表的备注 = loadEverything(1, 2, 3);\n</script>\n\n正文一二三四五六七八。",
    ] {
        let site = Site::new(&[
            CONFIG,
            ("posts/2020-01-01-a.md", &format!("---\ntitle: A\n---\n{source}\n")),
        ]);
        site.write(
            "posts/2020-01-02-b.html",
            format!("---\ntitle: B\n---\n<!-- 由程序转换 -->\n{source}\n"),
        );
        site.build(0);
        assert!(site.tree().values().all(|bytes| !text(bytes).contains("未发表")), "{source}");
        assert_eq!(
            site.read("feed.json").matches("\"summary\": \"正文一二三四五六七八。\"").count(),
            2,
            "{}",
            site.read("feed.json")
        );
    }
}

#[test]
fn a_link_of_the_authors_stays_whole() {
    let html = body(
        "见 <a href=\"https://a.example/full/path\">https://a.example/…</a> 与 https://b.example/。",
    );
    assert!(
        html.contains("<a href=\"https://a.example/full/path\" rel=\"nofollow noopener noreferrer\">https://a.example/…</a>"),
        "{html}"
    );
    assert!(html.contains("<a href=\"https://b.example/\""), "{html}");
}

#[test]
fn headings_keep_images_and_notes() {
    assert!(body("# A ![](https://a.example/x.png)\n\n文").contains("<img "));
    let html = body("# A[^1]\n\n## [^1]\n\n[^1]: 注");
    assert_eq!(html.matches("footnote-ref").count(), 2, "{html}");
}

/// What lies deeper than is kept stays text of its own.
#[test]
fn what_nests_too_deep_stays_apart() {
    let list = (0..130)
        .map(|n| format!("{}- 第{n}项", "  ".repeat(n)))
        .collect::<Vec<String>>()
        .join("\n");
    let html = body(&list);
    assert!(html.contains("第128项<br />\n第129项"), "{html}");
    let site = Site::new(&[CONFIG]);
    site.write(
        "posts/2020-01-01-a.md",
        format!(
            "---\ntitle: 题\n---\n{}<p>甲<b>粗</b></p><p>乙<br>丙</p>{}",
            "<div>".repeat(300),
            "</div>".repeat(300)
        ),
    );
    site.build(1);
    let html = text(&site.tree()["2020/01/01/a/index.html"]);
    assert!(html.contains(">甲粗</p>") && html.contains(">乙\n丙</p>"), "{html}");
}

#[test]
fn deep_markdown_beside_html_is_cheap() {
    let site = Site::new(&[CONFIG]);
    site.write("posts/2020-01-01-a.md", format!("{}<b>x</b>\n", "> ".repeat(20_000)));
    site.write("posts/2020-01-02-b.md", format!("{}<b>x</b>\n", "- ".repeat(10_000)));
    let report = site.build(0);
    assert_eq!(diagnostics(&report, "markdown-depth").len(), 2);
}
