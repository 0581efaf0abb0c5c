//! `sitegen check`: each kind of defect is found once, with its place, and nothing is found where
//! nothing is wrong.

use std::path::Path;
use std::process::Output;

use super::{Site, json_lines, text};

fn check(folder: &Path, flags: &[&str]) -> Output {
    super::sitegen(&[&["check", "-s", folder.to_str().expect("a path")], flags].concat())
}

/// Every finding as `code path:line`.
fn found(folder: &Path, flags: &[&str]) -> Vec<String> {
    let output = check(folder, &[&["--format", "json"], flags].concat());
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let lines =
        text.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON"));
    let findings = lines.filter(|line| line["type"] == "diagnostic" && line["severity"] != "note");
    findings
        .map(|line| {
            let line_number =
                line["line"].as_u64().map_or(String::new(), |line| format!(":{line}"));
            format!(
                "{} {}{line_number}",
                line["code"].as_str().unwrap_or(""),
                line["path"].as_str().unwrap_or("-")
            )
        })
        .collect()
}

const POST: &str = "---\ntitle: 一\nfrom: https://a.example/\ntags: [余凯]\n---\n正文。\n";

#[test]
fn each_defect_is_found_once() {
    let site = Site::new(&[
        (
            "site.yaml",
            "title: 站\nbase_url: https://e.example/sub\nnav:\n  - { title: 关于, url: /about/ }\n  - { title: 没有, url: /nowhere/ }\n",
        ),
        ("posts/2020-01-01-a.md", POST),
        // A dead link, raw and encoded the same; a dead `.md`; an anchor here and one elsewhere; an
        // image; one that is there.
        (
            "posts/2020-01-02-b.md",
            "---\ntitle: 二\nfrom: https://a.example/\n---\n## 一节\n\n[死](/gone/)、[文](c-gone.md)、[节](#没有)、[好](#一节)、\
             [别处](2020-01-01-a.md#nothing)、[页](/about/)。\n\n![图](/images/no.png) ![好](/images/yes.png)\n",
        ),
        // A cover that is not there.
        (
            "posts/2020-01-03-c.md",
            "---\ntitle: 三\nfrom: https://a.example/\nimage: /images/no-cover.png\n---\n正文。\n",
        ),
        // The same title as the first; no source.
        ("posts/2020-01-04-d.md", "---\ntitle: 一\n---\n正文。\n"),
        // A tag in traditional characters, one in full width, and a date that is missing.
        (
            "posts/2020-01-05-e.md",
            "---\ntitle: 五\nfrom: https://a.example/\ntags: [余凱, ＡＩ]\n---\n正文。\n",
        ),
        ("posts/f.md", "---\ntitle: 六\nfrom: https://a.example/\ntags: [AI, 余凯]\n---\n正文。\n"),
        (
            "posts/2020-01-07-g.md",
            "---\ntitle: 七\nfrom: https://a.example/\ntags: [AI]\n---\n正文。\n",
        ),
        // Two posts of one address.
        ("posts/2020-01-08-h.md", "---\ntitle: 八\nfrom: https://a.example/\n---\n正文。\n"),
        ("posts/deep/2020-01-08-h.md", "---\ntitle: 九\nfrom: https://a.example/\n---\n正文。\n"),
        // Front matter that cannot be read.
        (
            "posts/2020-01-09-i.md",
            "---\ntitle: 十\nfrom: https://a.example/\npublished: 也许\n---\n正文。\n",
        ),
        ("pages/about.md", "---\ntitle: 关于\n---\n正文。\n"),
        ("static/images/yes.png", "x"),
        (
            "static/_redirects",
            "/sub/old/ /sub/about/ 301\n/sub/older/ /sub/no-such-page/ 301\n/news/* /sub/:splat 301\n",
        ),
        ("static/data.xml", "<a><b></a>"),
    ]);
    let mut findings = found(site.path(), &[]);
    findings.sort();
    let expected = [
        "anchor-missing posts/2020-01-02-b.md:7",
        "anchor-missing posts/2020-01-02-b.md:7",
        "collision posts/deep/2020-01-08-h.md",
        "date-missing posts/f.md",
        "file-invalid static/data.xml:1",
        "image-missing posts/2020-01-02-b.md:9",
        "image-missing posts/2020-01-03-c.md:4",
        "link-dead posts/2020-01-02-b.md:7",
        "link-dead posts/2020-01-02-b.md:7",
        "link-dead site.yaml:5",
        "redirect-orphan static/_redirects:2",
        "source-missing posts/2020-01-04-d.md",
        "switch-unreadable posts/2020-01-09-i.md:4",
        "terms-alike posts/2020-01-05-e.md:4",
        "terms-alike posts/2020-01-05-e.md:4",
        "title-twice posts/2020-01-04-d.md:2",
    ];
    assert_eq!(findings, expected);
    assert_eq!(check(site.path(), &[]).status.code(), Some(1));
    assert!(
        !site.path().join("output").exists() && !site.path().join(".sitegen").exists(),
        "nothing is written"
    );
}

#[test]
fn nothing_is_found_on_the_own_site() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    assert_eq!(found(root, &[]), Vec::<String>::new());
    let output = check(root, &["--strict"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Every finding as `severity code path:line`.
fn found_with_severity(site: &Site) -> Vec<String> {
    let mut found: Vec<String> =
        super::json_lines(&check(site.path(), &["--format", "json"]).stdout)
            .iter()
            .filter(|line| line["type"] == "diagnostic" && line["severity"] != "note")
            .map(|line| {
                let text = |key: &str| line[key].as_str().unwrap_or("-").to_owned();
                format!(
                    "{} {} {}:{}:{}",
                    text("severity"),
                    text("code"),
                    text("path"),
                    line["line"],
                    line["column"]
                )
            })
            .collect();
    found.sort();
    found
}

/// Posts are other people's texts: what leads nowhere in them is a warning. In pages, menus,
/// templates and the theme it is an error.
#[test]
fn what_leads_nowhere_in_posts_is_a_warning() {
    let dead = "[死](/gone/) [节](#x) [别](/about/#x) ![图](no.png) <img src=\"/no-2.png\"> [文](no.md) [自](https://e.example/no/)\n";
    let site = Site::new(&[
        ("site.yaml", "base_url: https://e.example\n"),
        ("posts/2020-01-01-a.md", &format!("---\ntitle: 一\n---\n{dead}")),
        (
            "posts/2020-01-02-b.html",
            "---\ntitle: 二\nimage: /no-3.png\n---\n<p><a href=\"/gone-2/\">死</a></p>\n",
        ),
        ("pages/about.md", "---\ntitle: 关于\n---\n好\n"),
    ]);
    let found = found_with_severity(&site);
    assert_eq!(found.len(), 9, "{found:#?}");
    assert!(
        found.iter().all(|found| found.starts_with("warning ") && !found.contains("null")),
        "{found:#?}"
    );
    assert_eq!(check(site.path(), &[]).status.code(), Some(0));
    assert_eq!(check(site.path(), &["--strict"]).status.code(), Some(1));

    for (file, text, at) in [
        ("pages/p.md", "---\ntitle: 页\n---\n[死](/gone/)\n".to_owned(), "pages/p.md:4:5"),
        (
            "site.yaml",
            "base_url: https://e.example\nnav: [{title: 无, url: /nowhere/}]\n".to_owned(),
            "site.yaml:2:23",
        ),
        (
            "assets/extra.css",
            "a { background: url(/no-4.png) }\n".to_owned(),
            "assets/extra.css:1:21",
        ),
        ("static/p.html", "<a href=\"/gone-3/\">x</a>\n".to_owned(), "static/p.html:1:10"),
        (
            "templates/404.html",
            "<!doctype html><title>x</title><a href=\"/gone-4/\">x</a>\n".to_owned(),
            "-:null:null",
        ),
    ] {
        site.write(file, &text);
        let found = found_with_severity(&site);
        assert!(
            found.iter().any(|found| found.starts_with("error ") && found.ends_with(at)),
            "{file}: {found:#?}"
        );
        assert_eq!(check(site.path(), &[]).status.code(), Some(1), "{file}");
        assert_eq!(check(site.path(), &["--spare-posts"]).status.code(), Some(1), "{file}");
        if file == "site.yaml" {
            site.write(file, "base_url: https://e.example\n");
        } else {
            site.remove(file);
        }
    }

    // A post that is not published is an error, and may be spared.
    site.write("posts/2020-01-03-c.md", "---\ntitle: 三\ndraft: 也许\n---\n文\n");
    assert_eq!(check(site.path(), &[]).status.code(), Some(1));
    let spared = check(site.path(), &["--spare-posts"]);
    assert_eq!(spared.status.code(), Some(0));
    let report = text(&spared.stdout);
    assert!(
        report.contains("1 error, ")
            && report.contains("; 1 error keeps its post out and fails nothing else"),
        "{report}"
    );
    let summary = json_lines(&check(site.path(), &["--spare-posts", "--format", "json"]).stdout)
        .pop()
        .expect("a summary");
    assert_eq!((&summary["errors"], &summary["errors_spared"]), (&1.into(), &1.into()));
}

/// What a template says on the page of every post is not the posts'.
#[test]
fn a_link_of_the_theme_is_not_the_posts() {
    let template = "<!doctype html><title>{{ post.title }}</title>{{ article.html }}<a href=\"/gone/\">x</a><a href=\"#x\">x</a>\
                    <a href=\"https://e.example/gone-2/\">x</a>\n";
    let site = Site::new(&[
        ("site.yaml", "base_url: https://e.example\n"),
        ("templates/post.html", template),
    ]);
    for number in 1..=3 {
        site.write(
            &format!("posts/2020-01-0{number}-p.md"),
            format!("---\ntitle: 第 {number} 篇\n---\n写作 `/gone/` 与 #x。\n"),
        );
    }
    let found = found_with_severity(&site);
    let expected: Vec<String> =
        [["error anchor-missing -:null:null"; 3].as_slice(), &["error link-dead -:null:null"; 2]]
            .concat()
            .iter()
            .map(|found| (*found).to_owned())
            .collect();
    assert_eq!(found, expected);
}

/// A finding stands where the picture or the link stands, not where the same text stands first.
#[test]
fn places_are_those_of_links_and_pictures() {
    let body = "正文提到 a/no.png 与 `![x](a/no.png)`。\n\n```html\n<img src=\"a/no.png\">\n```\n\n[字](a/no.png.txt)\n\n\
                > 引文里 ![说明 a/no.png](a/no.png \"题\")\n\n<div>\n<img alt=\"b.png\"\n src=\"b.png\">\n</div>\n\n![图][r]\n\n\
                ![另](%E5%9B%BE%20一.png)\n\n[r]: c.png\n";
    let site = Site::new(&[
        ("site.yaml", "base_url: https://e.example\n"),
        ("posts/2020-01-01-a.md", &format!("---\ntitle: 谈 a/no.png\n---\n{body}")),
        (
            "posts/2020-01-02-b.md",
            "---\ntitle: 说 cover.png\ndescription: cover.png\nimage: cover.png\n---\n正文 cover.png\n",
        ),
    ]);
    let expected = [
        "warning image-missing posts/2020-01-01-a.md:12:22",
        "warning image-missing posts/2020-01-01-a.md:16:7",
        "warning image-missing posts/2020-01-01-a.md:19:1",
        "warning image-missing posts/2020-01-01-a.md:21:6",
        "warning image-missing posts/2020-01-02-b.md:4:8",
        "warning link-dead posts/2020-01-01-a.md:10:5",
    ];
    assert_eq!(found_with_severity(&site), expected);
}

/// Links are followed as browsers follow them, and the site's own host has many spellings.
#[test]
fn links_are_followed_as_browsers_do() {
    let alive = "[1](/x/../about/) [2](/./about/) [3](/x/%2e%2e/about/) [4](/about/.) [5](<\\about\\>) [6](/x//../../about/)\n\n\
                 <a href=\" /ab\nout/ \">7</a> [8](http://e.example/about/) [9](//e.example/about/) [10](HTTPS://E.example:443/about/)\n\n\
                 [11](https://www.e.example/about/) [12](https://e.example) [13](../../../../../about/) [14](https://e.example/about/#sg)\n\n\
                 ## 节 {#sg}\n";
    let about = "---\ntitle: 关于\n---\n## 节 {#sg}\n";
    for config in [
        "base_url: https://e.example\n",
        "base_url: https://www.e.example\n",
        "base_url: https://e.example\nurls: {style: explicit}\n",
    ] {
        let site = Site::new(&[
            ("site.yaml", config),
            ("posts/2020-01-01-a.md", &format!("---\ntitle: 一\n---\n{alive}")),
            ("pages/about.md", about),
        ]);
        assert_eq!(found_with_severity(&site), Vec::<String>::new(), "{config}");
        let dead = [
            "/x/../gone/",
            "/%2e/gone/",
            "http://e.example/gone/",
            "//e.example/gone/",
            "HTTP://E.EXAMPLE/gone/",
            "https://e.example:443/gone/",
            "https://www.e.example/gone/",
            "https://e.example./gone/",
            "https:/gone/",
            "https:../../../../gone/",
            "http:/e.example/gone/",
            "https:////e.example/gone/",
            "https://user@e.example/gone/",
            "https://user:word@e.example/gone/",
            "https://ｅ.ｅｘａｍｐｌｅ/gone/",
            "https://e。example/gone/",
            "https://e.ex%61mple/gone/",
            "///e.example/gone/",
            "https://e.example/about/#gone",
            "/about/../about/#gone",
        ];
        let lines =
            dead.map(|address| format!("[死]({address})\n\n<a href=\"{address}\">死</a>\n\n"));
        site.write("posts/2020-01-01-a.md", format!("---\ntitle: 一\n---\n{}", lines.concat()));
        let found = found_with_severity(&site);
        // Those of one meaning in one post are one finding.
        assert_eq!(found.len(), 2, "{config}: {found:#?}");
        for address in dead {
            site.write(
                "posts/2020-01-01-a.md",
                format!("---\ntitle: 一\n---\n\n[死]({address})\n"),
            );
            let found = found_with_severity(&site);
            assert!(
                found.len() == 1 && found[0].contains(" posts/2020-01-01-a.md:5:"),
                "{config} {address}: {found:#?}"
            );
        }
    }
}

/// Addresses of the own host in every place that readers are led to or shown something from.
#[test]
fn links_are_followed_wherever_they_stand() {
    let page = "<!doctype html><html><head><title>页</title><link rel=\"preload\" as=\"image\" imagesrcset=\"/images/no-1.png 1x\">\
                </head><body>\n<img alt=\"\" src=\"/images/a.png\" srcset=\"/images/no-2.png 2x, /images/a.png 1x\">\n\
                <picture><source srcset=\"//user@E.example/images/no-3.png 2x\"><img alt=\"\" src=\"/images/a.png\"></picture>\n\
                <form action=\"/page\"><button formaction=\"https:/gone/\">x</button></form></body></html>";
    let site = Site::new(&[
        ("site.yaml", "base_url: https://e.example\n"),
        ("posts/2020-01-01-a.md", "---\ntitle: 一\nfrom: https://e.example/gone-1/\n---\n正文。\n"),
        (
            "posts/2020-01-02-b.md",
            "---\ntitle: 二\nimage: https://e.example:443/images/no-4.png\nfrom: https://u@e.example/page\n---\n正文。\n",
        ),
        ("posts/2020-01-03-c.md", "---\ntitle: 三\nfrom: /gone-2/\n---\n正文。\n"),
        ("posts/2020-01-04-d.md", "---\ntitle: 四\nfrom: https:/page\n---\n正文。\n"),
        ("pages/page.html", page),
        ("static/images/a.png", "x"),
    ]);
    let found = found_with_severity(&site);
    let expected = [
        "error image-missing pages/page.html:1:88",
        "error image-missing pages/page.html:2:41",
        "error image-missing pages/page.html:3:26",
        "error link-dead pages/page.html:4:42",
        "warning image-missing posts/2020-01-02-b.md:3:8",
        "warning link-dead posts/2020-01-01-a.md:3:7",
        "warning link-dead posts/2020-01-03-c.md:3:7",
    ];
    assert_eq!(found, expected);
}

/// What was once found where nothing is wrong, or twice.
#[test]
fn nothing_is_found_twice_or_for_nothing() {
    let page = "<!doctype html><html><head><title>页</title><link rel=\"preconnect\" href=\"https://a.example\"></head><body>\
                <img alt=\"\" src=\"/images/a.png\" srcset=\"/images/w_1,h_2/a.png 1x, /images/a.png 2x\"></body></html>";
    let site = Site::new(&[
        ("site.yaml", "base_url: https://e.example\n"),
        ("posts/2020-01-01-a.md", "---\ntitle: 一\n---\n[![图](/images/no.png)](/images/no.png)\n"),
        ("pages/page.html", page),
        ("static/images/a.png", "x"),
        ("static/images/w_1,h_2/a.png", "x"),
        ("static/_redirects", "/ /page 302 Country=cn\n/ /page 302 Country=us\n"),
    ]);
    assert_eq!(found(site.path(), &[]), ["image-missing posts/2020-01-01-a.md:4"]);
    // One cover that two posts lack is a finding in each.
    for name in ["b", "c"] {
        site.write(
            &format!("posts/2020-01-02-{name}.md"),
            format!("---\ntitle: {name}\nimage: /images/cover.png\n---\n正文。\n"),
        );
    }
    let covers = [
        "image-missing posts/2020-01-01-a.md:4",
        "image-missing posts/2020-01-02-b.md:3",
        "image-missing posts/2020-01-02-c.md:3",
    ];
    assert_eq!(found(site.path(), &[]), covers);
}

/// Style sheets of the theme, of the site and in pages lead to files as well, and what stands in
/// scripts leads nowhere.
#[test]
fn style_sheets_are_read() {
    let page = "<!doctype html><html><head><title><a href=\"/no.html\"></title><style>body { background: url(/images/no-1.png) }</style>\n\
                <script>document.write('<img src=\"/no.png\">')</script></head>\n\
                <body style=\"background: url('/images/yes.png')\">\n\
                <p style=\"background: url(&quot;/images/no-2.png&quot;)\">文</p></body></html>";
    let site = Site::new(&[
        ("site.yaml", "base_url: https://e.example/sub\n"),
        ("posts/2020-01-01-a.md", "---\ntitle: 一\n---\n正文。\n"),
        (
            "assets/extra.css",
            "@import \"/sub/no.css\";\n@font-face { src: url(/sub/字.woff2), url(../images/no-3.png) }\n",
        ),
        (
            "static/own.css",
            "a { background: url(images/yes.png) }\nb { background: url(images/no-4.png) }\n",
        ),
        ("static/page.html", page),
        (
            "static/drawing.svg",
            "<svg xmlns=\"http://www.w3.org/2000/svg\"><title/>\n<image href=\"images/no-5.png\"/><use href=\"#a\"/></svg>",
        ),
        ("static/images/yes.png", "x"),
        ("static/字.woff2", "x"),
    ]);
    let mut findings = found(site.path(), &[]);
    findings.sort();
    let expected = [
        "image-missing assets/extra.css:1",
        "image-missing assets/extra.css:2",
        "image-missing static/drawing.svg:2",
        "image-missing static/own.css:2",
        "image-missing static/page.html:1",
        "image-missing static/page.html:3",
        "image-missing static/page.html:4",
    ];
    assert_eq!(findings, expected);
}

/// What hundreds of posts say fills no screen, and is counted.
#[test]
fn files_that_are_not_named_are_counted() {
    let site = Site::new(&[("site.yaml", "base_url: https://e.example\n")]);
    for number in 1..=25 {
        site.write(
            &format!("posts/2020-01-{number:02}-p.md"),
            format!("---\ntitle: 第 {number} 篇\n---\n[死](/gone/)\n"),
        );
    }
    let findings = found(site.path(), &[]);
    assert_eq!(findings.len(), 21, "{findings:#?}");
    assert_eq!(
        findings.iter().filter(|found| found.ends_with("-p.md:4")).count(),
        20,
        "{findings:#?}"
    );
    let output = check(site.path(), &[]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("`/gone/` leads to no page of the site, in 5 more files"), "{said}");
    site.remove("posts/2020-01-25-p.md");
    for number in 22..=24 {
        site.remove(&format!("posts/2020-01-{number}-p.md"));
    }
    let said = check(site.path(), &[]);
    assert!(String::from_utf8_lossy(&said.stderr).contains("in one more file"));
}

/// The same site with links that name files, and below a sub-path.
#[test]
fn styles_of_addresses_make_no_difference() {
    let body = "[页](/about/) [文](2020-01-01-a.md) [签](/tags/余凯/) [死](/gone/) ![图](/images/yes.png)\n";
    let post = format!("---\ntitle: 二\n---\n{body}");
    for config in [
        "base_url: https://e.example\n",
        "base_url: https://e.example/sub\n",
        "base_url: https://e.example\nurls:\n  style: explicit\n",
    ] {
        let site = Site::new(&[
            ("site.yaml", config),
            ("posts/2020-01-01-a.md", "---\ntitle: 一\ntags: [余凯]\n---\n正文。\n"),
            ("posts/2020-01-02-b.md", &post),
            ("pages/about.md", "---\ntitle: 关于\n---\n正文。\n"),
            ("static/images/yes.png", "x"),
        ]);
        assert_eq!(found(site.path(), &[]), ["link-dead posts/2020-01-02-b.md:4"], "{config}");
    }
}

#[test]
fn warnings_fail_a_strict_check() {
    let site = Site::new(&[
        ("site.yaml", "base_url: https://e.example\n"),
        ("posts/a.md", "---\ntitle: 一\n---\n正文。\n"),
    ]);
    assert_eq!(found(site.path(), &[]), ["date-missing posts/a.md"]);
    assert_eq!(check(site.path(), &[]).status.code(), Some(0));
    assert_eq!(check(site.path(), &["--strict"]).status.code(), Some(1));
    assert_eq!(check(Path::new("/no/such/folder"), &[]).status.code(), Some(2));
}

/// A link into the keeper's own network is told of, and not followed.
#[test]
fn external_links_are_asked_for_on_request_only() {
    let post = "---\ntitle: 一\n---\n[家](http://127.0.0.1:9/)、[名](http://localhost:9/)、[外](http://no-such-host.invalid/x)。\n";
    let site = Site::new(&[
        ("site.yaml", "base_url: https://e.example\n"),
        ("posts/2020-01-01-a.md", post),
    ]);
    assert_eq!(found(site.path(), &[]), Vec::<String>::new());
    assert_eq!(found(site.path(), &["--external"]), ["link-external posts/2020-01-01-a.md:4"; 3]);
    assert!(site.path().join(".sitegen/external").exists(), "what was answered is kept");
}
