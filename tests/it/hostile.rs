//! Hostile posts: scripts, paths, bombs, characters that XML forbids. Nothing leaves its place and
//! nothing stops the build.

use quick_xml::events::Event;
use std::fmt::Write as _;

use crate::{Site, diagnostics, text};

fn is_well_formed(xml: &str) {
    let mut reader = quick_xml::Reader::from_str(xml);
    loop {
        match reader.read_event() {
            Ok(Event::Eof) => return,
            Ok(_) => {}
            Err(error) => panic!("{error}\n{xml}"),
        }
    }
}

/// What XML 1.0 (§2.2) lets a document hold.
fn is_xml_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

#[test]
fn feeds_stay_readable_whatever_posts_hold() {
    let nasty = "a\u{8}b ]]> \u{FFFE} \u{B} \u{FFFF} &#8; &#xD800; </item> <![CDATA[ \u{2028} \\ud800 \u{1F} <b>x";
    let site = Site::new(&[(
        "site.yaml",
        &format!(
            "title: '{}'\ndescription: ']]> & <x>'\nbase_url: https://example.org\nfeeds: {{terms: {{content: full}}}}\n",
            "站 ]]> &"
        ),
    )]);
    site.write(
        "posts/2020-01-01-x.md",
        format!(
            "---\ntitle: '{}'\nauthor: '{}'\ntags: ['{}']\n---\n\n{nasty}\n\n```\n{nasty}\n```\n",
            nasty.replace('\'', ""),
            "]]>\u{8}",
            "t\u{FFFE}]]>&<"
        ),
    );
    site.write("posts/2020-01-02-y.html", format!("---\ntitle: y\n---\n<p>{nasty}</p>"));
    site.build(0);
    let mut checked = 0;
    for (file, bytes) in site.tree() {
        let text = text(&bytes);
        if file.ends_with(".xml") {
            is_well_formed(&text);
            assert!(text.chars().all(is_xml_char), "{file}");
            checked += 1;
        } else if file.ends_with(".json") {
            serde_json::from_str::<serde_json::Value>(&text).expect("JSON");
            checked += 1;
        }
    }
    assert!(checked >= 10, "{checked} feeds");
}

#[test]
fn no_script_reaches_a_page() {
    let bodies = [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg onload=alert(1)><a xlink:href=javascript:x>",
        "<iframe srcdoc='<script>'></iframe>",
        "[x](javascript:alert(1))",
        "[x](JaVa&#x53;cript:alert(1))",
        "[x](java\tscript:x)",
        "<javascript:alert(1)>",
        "[x][r]\n\n[r]: javascript:alert(1)",
        "![x](javascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "![\" onerror=\"alert(1)](x.png \"t\\\" onerror=\\\"x\")",
        "```\"><script>alert(1)</script>\nx\n```",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
        "<a href='javascript&colon;alert(1)'>x</a>",
        "<base href=//evil.example>",
        "<meta http-equiv=refresh content='0;url=//evil.example'>",
        "<form action=//evil.example><input autofocus onfocus=x>",
        "<p style='background:url(javascript:x)'>x</p>",
        "<style>@import '//evil.example'</style>",
        "# <img src=x onerror=alert(1)>",
        "a[^1]\n\n[^1]: <script>alert(1)</script>",
        "| <script>x</script> |\n|--|\n| <b onclick=x>y</b> |",
        "<details ontoggle=alert(1) open>x</details>",
        "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
        "<!--><script>alert(1)</script>-->",
        "<xmp><script>x</script></xmp>",
        "<div id=sg-main name=x>",
    ];
    let hostile = "</title><script>alert(1)</script>\"'><img src=x onerror=alert(1)>";
    let site = Site::new(&[(
        "site.yaml",
        "title: s\nbase_url: https://example.org\nfeeds: {rss: false, atom: false, json: false}\n",
    )]);
    for (n, body) in bodies.iter().enumerate() {
        site.write(
            &format!("posts/2020-01-{:02}-p{n}.md", n % 28 + 1),
            format!(
                "---\ntitle: '{}'\nauthor: '{}'\ntags: ['{}']\nfrom: 'javascript:alert(1)'\ndescription: '{}'\n---\n{body}\n",
                hostile.replace('\'', "''"),
                hostile.replace('\'', "''"),
                hostile.replace('\'', "''"),
                hostile.replace('\'', "''")
            ),
        );
    }
    site.build(0);
    for (file, bytes) in site.tree().into_iter().filter(|(file, _)| file.ends_with(".html")) {
        let html = text(&bytes);
        for tag in chinese_markdown::html::tags(&html) {
            let (name, attributes) =
                (tag.name.to_ascii_lowercase(), tag.attributes.to_ascii_lowercase());
            let is_data =
                name == "script" && (tag.closing || attributes.contains("application/ld+json"));
            // The theme's own: its scripts, the field of the search, and the bars of the archive. Of
            // a post, neither a form nor `data-search` gets into a page.
            let is_themes = (name == "script"
                && ["jian", "search"]
                    .iter()
                    .any(|script| attributes.starts_with(&format!(" src=\"/assets/{script}."))))
                || (name == "form" && (tag.closing || attributes.contains(" data-search=")))
                || (name == "noscript" && file == "search/index.html")
                || (name == "svg" && file == "archive/index.html");
            assert!(
                is_data
                    || is_themes
                    || ![
                        "script", "iframe", "svg", "math", "style", "base", "form", "object",
                        "embed", "noscript", "xmp"
                    ]
                    .contains(&name.as_str()),
                "{file}: <{name}{attributes}>"
            );
            let outside_quotes: String = attributes.split('"').step_by(2).collect();
            assert!(
                !outside_quotes
                    .split_whitespace()
                    .any(|word| word.starts_with("on") && word.ends_with('=')),
                "{file}: {attributes}"
            );
            for value in attributes.split("href=\"").chain(attributes.split("src=\"")).skip(1) {
                let value = value.trim_start();
                assert!(
                    !value.starts_with("javascript:")
                        && !value.starts_with("data:text")
                        && !value.starts_with("vbscript:"),
                    "{file}: {attributes}"
                );
            }
        }
        assert_eq!(html.matches("id=\"sg-main\"").count(), 1, "{file}");
    }
}

#[test]
fn no_post_writes_outside_the_output() {
    let site = Site::new(&[("deep/below/site.yaml", "base_url: https://example.org\n")]);
    let keys = [
        "permalink: /../../evil",
        "permalink: /a/../../evil/",
        "permalink: \"/a\\\\b/\"",
        "permalink: /con/",
        "permalink: \"/nul\\0/\"",
        "slug: ../../evil",
        "slug: \"..\\\\evil\"",
        "slug: '..'",
        "slug: /etc/passwd",
        "redirect_from: ../../evil.html",
        "aliases: [/../evil/, //evil.example/x, 'https://evil.example/', /index.html]",
        "tags: [.., ., ../../evil, /etc/passwd, con, 'a\\b', index.html, rss.xml]",
        "author: ../../evil",
        "layout: ../../../etc/passwd",
        "permalink: /.git/hooks/x",
        "permalink: /.htpasswd",
    ];
    for (n, key) in keys.iter().enumerate() {
        site.write(
            &format!("deep/below/posts/2020-01-{:02}-p.md", n + 1),
            format!("---\ntitle: t\n{key}\n---\n正文。\n"),
        );
    }
    let below = site.path().join("deep/below");
    let output = crate::sitegen(&["build", "-s", below.to_str().expect("UTF-8")]);
    assert_eq!(output.status.code(), Some(1), "{}", crate::text(&output.stderr));
    // `..` may lead out of the site, and out of the folders above it as far as the test can see.
    for file in crate::tree(site.path()).keys() {
        let is_expected = [
            "deep/below/site.yaml",
            "deep/below/posts/",
            "deep/below/output/",
            "deep/below/.sitegen/",
        ]
        .iter()
        .any(|start| file.starts_with(start));
        assert!(is_expected, "{file}");
    }
    let output = crate::tree(&below.join("output"));
    assert!(
        output.contains_key("index.html")
            && !output.keys().any(|file| file == ".htpasswd" || file.starts_with(".git/"))
    );
}

#[cfg(unix)]
#[test]
fn symbolic_links_are_not_followed() {
    let outside = Site::new(&[("secret.md", "秘密"), ("folder/secret.txt", "秘密")]);
    let site = Site::new(&[
        ("site.yaml", "base_url: https://example.org\n"),
        ("posts/2020-01-01-a.md", "正文。"),
        ("static/x.txt", "x"),
    ]);
    std::os::unix::fs::symlink(
        outside.path().join("secret.md"),
        site.path().join("posts/2020-01-02-link.md"),
    )
    .expect("a link");
    std::os::unix::fs::symlink(outside.path().join("folder"), site.path().join("static/folder"))
        .expect("a link");
    let report = site.build(0);
    assert_eq!(
        diagnostics(&report, "file-skipped"),
        ["warning posts/2020-01-02-link.md", "warning static/folder"]
    );
    assert!(site.tree().values().all(|bytes| !text(bytes).contains("秘密")));
}

/// What a post says in a few bytes stands on every list, every page of a term and every feed.
#[test]
fn no_post_makes_a_thousand_times_itself() {
    let names = |prefix: &str, count: usize| {
        (0..count).map(|n| format!("{prefix}{n}")).collect::<Vec<String>>().join(", ")
    };
    let tags = names("t", 100);
    // Front matter, and what is said of it.
    let cases = [
        (format!("tags: [{}]", names("t", 9_000)), "terms-many", "3:498"),
        (
            format!(
                "tags: [{}]\ncategories: [{}]\nauthors: [{}]",
                names("t", 999),
                names("c", 999),
                names("a", 999)
            ),
            "terms-many",
            "3:498",
        ),
        (format!("tags: [{}, {}]", names("t", 5), "长".repeat(10_000)), "term-long", "3:28"),
        (format!("tags: [{tags}]\nredirect_from: [{}]", names("/o", 7_000)), "alias", "4:6907"),
        (format!("tags: [{tags}]\ndescription: {}", "述".repeat(20_000)), "text-long", "4:14"),
        (format!("tags: [{tags}]\nlang: {}", "zh".repeat(20_000)), "lang", "4:7"),
        (format!("tags: [{tags}]\ntitle: {}", "题".repeat(20_000)), "text-long", "4:8"),
    ];
    let made = |site: &Site| site.tree().values().map(Vec::len).sum::<usize>();
    let config = "base_url: https://example.org\npermalink: /:title/\n";
    let plain =
        Site::new(&[("site.yaml", config), ("posts/2020-01-01-a.md", "---\ntitle: A\n---\nx")]);
    plain.build(0);
    for (keys, code, place) in cases {
        let title = if keys.contains("title:") { "x: y" } else { "title: A" };
        let site = Site::new(&[
            ("site.yaml", config),
            ("posts/2020-01-01-a.md", &format!("---\n{title}\n{keys}\n---\nx")),
        ]);
        let report = site.build(0);
        let (bytes, start) = (made(&site) - made(&plain), &keys[..20]);
        assert!(
            bytes < 10_000_000 && bytes < 1_000 * keys.len(),
            "{start}…: {} bytes make {bytes}",
            keys.len()
        );
        assert!(
            diagnostics(&report, code).contains(&format!("warning posts/2020-01-01-a.md:{place}")),
            "{start}…: {:?}",
            diagnostics(&report, code)
        );
        let left = report
            .iter()
            .find(|line| line["code"] == "terms-many")
            .map(|line| line["message"].as_str().expect("text").to_owned());
        let expected = "8900 of the post's tags are left out: it may have 100 terms in all";
        assert!(
            !keys.contains("t8999")
                || left.as_deref().is_some_and(|left| left.starts_with(expected)),
            "{left:?}"
        );
    }
}

/// Inputs that cost more than they should somewhere: each post alone must stay cheap. The bound is
/// on instructions of common sense: with quadratic work these sizes would run for minutes and the
/// test would be killed.
#[test]
fn bombs_go_off_quietly() {
    let mut bomb = String::from("---\ntitle: t\nx:\n  a0: &a0 [x,x,x,x,x,x,x,x,x]\n");
    for n in 1..10 {
        let _ = writeln!(bomb, "  a{n}: &a{n} [{}]", vec![format!("*a{}", n - 1); 9].join(","));
    }
    let posts = [
        bomb + "---\nx\n",
        format!("---\ntitle: t\nx: {}{}\n---\nx\n", "[".repeat(5_000), "]".repeat(5_000)),
        format!("{}\n", ">".repeat(5_000)),
        format!("{}a{}\n", "[".repeat(2_000), "]".repeat(2_000)),
        format!("{}\n", "*a ".repeat(20_000)),
        format!("{}\n", "[^".repeat(2_500)),
        "[^\n".repeat(1_500),
        "<div>\n".repeat(3_000),
        format!("{}x\n", "<b>".repeat(3_000)),
        "字".repeat(200_000),
        "## 同\n\n".repeat(4_000),
        "- a\n".repeat(20_000),
        format!("---\ntitle: t\n{}---\nx\n", "a: 1\n".repeat(8_000)),
        "| a ".repeat(3_000) + "|\n" + &"|--".repeat(3_000) + "|\n",
        "[a]: b\n".repeat(20_000),
        "`".repeat(20_000) + "a",
        "**a".repeat(20_000),
        "{{ x ".repeat(10_000),
    ];
    let site =
        Site::new(&[("site.yaml", "base_url: https://example.org\nmarkdown: {liquid: true}\n")]);
    for (n, post) in posts.iter().enumerate() {
        site.write(&format!("posts/2020-01-{:02}-bomb{n}.md", n + 1), post);
    }
    let report = site.build(1);
    assert!(diagnostics(&report, "internal").is_empty(), "{report:?}");
    assert_eq!(diagnostics(&report, "front-matter").len(), 1, "the alias bomb is refused");
    assert_eq!(diagnostics(&report, "value-unquoted").len(), 1, "the nest of brackets is text");
    assert_eq!(report.last().expect("a summary")["posts"], posts.len() - 1);
}

/// The ids of a page and the elements that have them, in their order.
fn ids(html: &str) -> Vec<(String, String)> {
    let tags = chinese_markdown::html::tags(html).filter(|tag| !tag.closing);
    tags.filter_map(|tag| {
        let id = tag.attributes.split_once(" id=\"")?.1.split('"').next()?;
        Some((chinese_markdown::html::unescape(id).into_owned(), tag.name.to_owned()))
    })
    .collect()
}

#[test]
fn no_heading_has_an_id_of_the_pages() {
    for theme in ["jian", "su", "zhi"] {
        let first = "第一段。\n\n注[^1]。\n\n[^1]: 文\n";
        let site = Site::new(&[
            ("site.yaml", &format!("title: 站\nbase_url: https://example.org\ntheme: {theme}\n")),
            (
                "posts/2020-01-01-a.md",
                &format!(
                    "---\ntitle: 题\nauthor: 甲\nfrom: https://example.com/\ntags: [t]\n---\n{first}\n## 节\n\n### 目\n\n## 末\n"
                ),
            ),
            ("posts/2020-01-02-b.md", "---\ntitle: 题\nauthor: 甲\ntags: [t]\n---\n文\n"),
        ]);
        site.build(0);
        let page = "2020/01/01/a/index.html";
        let own: Vec<String> = ids(&site.read(page))
            .into_iter()
            .filter(|(_, name)| name != "h2" && name != "h3")
            .map(|(id, _)| id)
            .collect();
        assert!(own.len() >= 5, "{theme}: {own:?}");
        let asked: String = own
            .iter()
            .flat_map(|id| {
                [
                    format!("## 甲 {{#{id}}}\n\n"),
                    format!("## {}\n\n", id.replace("sg-", "SG ")),
                    format!("<b id=\"{id}\">x</b>\n\n"),
                ]
            })
            .collect();
        site.write(
            "posts/2020-01-01-a.md",
            format!("---\ntitle: 题\nauthor: 甲\nfrom: https://example.com/\ntags: [t]\n---\n{first}\n{asked}\n## 节\n\n### 目\n\n## 末\n"),
        );
        let report = site.build(0);
        let html = site.read(page);
        let mut seen = std::collections::BTreeSet::new();
        for (id, name) in ids(&html) {
            assert!(seen.insert(id.clone()), "{theme}: {id} twice");
            assert!(!own.contains(&id) || !name.starts_with('h'), "{theme}: {id} is a heading's");
        }
        assert!(own.iter().all(|id| seen.contains(id)), "{theme}");
        let asked_for = own.iter().filter(|id| !id.is_empty()).count();
        assert_eq!(diagnostics(&report, "heading-id").len(), asked_for, "{theme}: {own:?}");
    }
}
