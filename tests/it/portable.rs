//! `urls.style: explicit`: a site whose links are relative and name files, and what browsers may
//! load of any site.

use std::collections::BTreeSet;
use std::path::Path;

use crate::{Site, text};

fn site(settings: &str) -> Site {
    let site = Site::new(&[
        (
            "posts/2023-04-11-题一.md",
            "---\ntitle: 题一\ntags: [甲/乙, \"冒:号\"]\nauthor: 作者\nredirect_from: /old/a/\n---\n见[关于](/about/)、[二](2024-01-02-二.md#节)、[三](../../../../2024/01/02/二/)、[外](https://x.example/a/)。\n\n![图](/img/a.png)\n",
        ),
        (
            "posts/2024-01-02-二.md",
            "---\ntitle: 二\ntags: [甲/乙]\n---\n## 节\n\n<p>原样 <a href=\"/about/?a=1&amp;b=2#x\">关于</a></p>\n",
        ),
        ("pages/about.md", "---\ntitle: 关于\n---\n[归档](/archive/)\n"),
    ]);
    site.write("static/img/a.png", png(3, 2));
    site.write("static/assets/plain.txt", "x");
    site.write("static/zh/index.html", "x");
    site.write(
        "pages/way.md",
        "---\ntitle: 路\n---\n[甲](/zh/)、[乙](/zh)、[丙](/way/index.html)、[丁](/way)\n",
    );
    site.write("site.yaml", format!("title: 站\n{settings}\n"));
    site.build(0);
    site
}

/// The beginning of a PNG of some size: what tells the size.
fn png(width: u32, height: u32) -> Vec<u8> {
    [
        &b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..],
        &width.to_be_bytes(),
        &height.to_be_bytes(),
        &[8, 2, 0, 0, 0],
    ]
    .concat()
}

/// The values of `href`, `src` and of refreshing `content` in a page.
fn links(html: &str) -> Vec<String> {
    let values = |name: &str| {
        html.split(&format!(" {name}=\""))
            .skip(1)
            .map(|rest| rest[..rest.find('"').expect("an end")].replace("&amp;", "&"))
            .collect::<Vec<_>>()
    };
    let refresh = values("content")
        .into_iter()
        .filter_map(|value| Some(value.split_once("0; url=")?.1.to_owned()));
    [values("href"), values("src"), values("action")].concat().into_iter().chain(refresh).collect()
}

/// Every link of every page leads to a file, from wherever the folder lies.
#[test]
fn every_link_leads_to_a_file_on_disk() {
    for theme in ["jian", "zhi", "su"] {
        let site = site(&format!(
            "base_url: https://example.org/sub\ntheme: {theme}\nurls: {{style: explicit}}"
        ));
        let output = site.path().join("output");
        let mut pages = 0;
        for (file, bytes) in site
            .tree()
            .into_iter()
            .filter(|(file, _)| file.ends_with(".html") && file != "404.html")
        {
            pages += 1;
            let folder = output.join(Path::new(&file).parent().expect("a folder"));
            for link in links(&text(&bytes)) {
                if link.starts_with('#') || link.contains("://") || link.starts_with("data:") {
                    continue;
                }
                assert!(!link.starts_with('/'), "{theme} {file}: {link}");
                let path = link.split(['?', '#']).next().expect("a path");
                let decoded =
                    percent_encoding::percent_decode_str(path).decode_utf8_lossy().into_owned();
                assert!(folder.join(&decoded).is_file(), "{theme} {file}: {link}");
            }
        }
        assert!(pages > 15, "{pages} pages");
    }
}

#[test]
fn addresses_for_others_name_the_file_and_ids_stay() {
    let explicit = site("base_url: https://example.org/sub\nurls: {style: explicit}");
    let pretty = site("base_url: https://example.org/sub");
    let post = "https://example.org/sub/2024/01/02/%E4%BA%8C/";
    let page = explicit.read("2024/01/02/二/index.html");
    assert!(
        page.contains(&format!("<link rel=\"canonical\" href=\"{post}index.html\">")),
        "{page}"
    );
    assert!(
        !page.contains("Content-Security-Policy")
            && pretty.read("index.html").contains("Content-Security-Policy")
    );
    assert!(page.contains("<a href=\"../../../../about/index.html?a=1&amp;b=2#x\">"), "{page}");
    assert!(explicit.read("sitemap.xml").contains(&format!("<loc>{post}index.html</loc>")));
    let feed = explicit.read("feed.json");
    assert!(feed.contains(&format!("\"url\": \"{post}index.html\"")), "{feed}");
    // A reader that knows an entry by its id must not show it again.
    let id = format!("\"id\": \"{post}\"");
    assert!(feed.contains(&id) && pretty.read("feed.json").contains(&id));
    // Bodies in feeds are read elsewhere.
    assert!(feed.contains("https://example.org/sub/about/index.html"), "{feed}");
    // Hosts that read it show folders, and take a rule that leads to the file in one for one that
    // goes round.
    assert!(
        explicit.read("_redirects").contains("/sub/old/a/ /sub/2023/04/11/%E9%A2%98%E4%B8%80/ 301")
    );
    // The page for missing addresses is shown at any of them, whoever made it.
    assert!(explicit.read("404.html").contains("href=\"/sub/archive/index.html\""));
    explicit.write("pages/404.md", "---\ntitle: 没有\n---\n[归档](/archive/)\n");
    explicit.build(0);
    assert!(explicit.read("404.html").contains("href=\"/sub/archive/index.html\">归档</a></p>"));
    // What readers know feeds by.
    let id = "<id>https://example.org/sub/</id>";
    assert!(explicit.read("atom.xml").contains(id) && pretty.read("atom.xml").contains(id));
    let id = "<id>https://example.org/sub/tags/";
    assert!(
        explicit
            .tree()
            .iter()
            .filter(|(file, _)| file.starts_with("tags/") && file.ends_with("atom.xml"))
            .all(|(_, bytes)| {
                let feed = text(bytes);
                feed.contains(id) && !feed.contains("index.html</id>")
            })
    );
}

/// Every picture of a `srcset` is found on a disk.
#[test]
fn all_sizes_of_a_picture_are_found() {
    let site =
        site("base_url: https://example.org/sub\nsecurity: {html: raw}\nurls: {style: explicit}");
    let picture = "<img alt=\"\" src=\"/img/a.png\" srcset=\"/sub/img/a.png 1x, https://x.example/w_1,h_2/a.png 2x,/img/no.png 3x\">";
    site.write("posts/2024-01-02-二.md", format!("---\ntitle: 二\n---\n{picture}\n"));
    site.build(0);
    let page = site.read("2024/01/02/二/index.html");
    let relative =
        "srcset=\"../../../../img/a.png 1x, https://x.example/w_1,h_2/a.png 2x,/img/no.png 3x\"";
    assert!(page.contains(relative), "{page}");
}

/// `/subway/` is not below `/sub`, and a sub-path may be written in Chinese.
#[test]
fn the_sub_path_ends_at_a_slash() {
    let site = Site::new(&[
        ("site.yaml", "base_url: https://example.org/档案\nurls: {style: explicit}\n"),
        (
            "posts/2020-01-01-a.md",
            "---\ntitle: a\n---\n[甲](/档案/way/)、[乙](/档案馆/way/)、![图](/档案/img/a.png)\n",
        ),
        ("pages/way.md", "x"),
    ]);
    site.write("static/img/a.png", png(3, 2));
    site.build(0);
    let page = site.read("2020/01/01/a/index.html");
    assert!(page.contains("<a href=\"../../../../way/index.html\">甲</a>"), "{page}");
    assert!(
        page.contains("<a href=\"/档案馆/way/\">乙</a>")
            && page.contains("width=\"3\" height=\"2\""),
        "{page}"
    );
}

#[test]
fn images_of_the_site_carry_their_size() {
    for settings in [
        "base_url: https://example.org/sub",
        "base_url: https://example.org",
        "urls: {style: explicit}\nbase_url: https://example.org",
    ] {
        let page = site(settings).read("2023/04/11/题一/index.html");
        assert!(
            page.contains("img/a.png\" alt=\"图\" width=\"3\" height=\"2\" loading=\"lazy\">"),
            "{page}"
        );
    }
}

#[test]
fn hosts_are_told_the_policy() {
    let headers = site("base_url: https://example.org/sub").read("_headers");
    assert!(
        headers.starts_with("/sub/*\n") && headers.contains("script-src 'self'; style-src 'self'"),
        "{headers}"
    );
    // Only files whose names change with their content; the keeper's own `assets/` may be anything.
    for (file, _) in site("base_url: https://example.org/sub")
        .tree()
        .iter()
        .filter(|(file, _)| file.starts_with("assets/"))
    {
        let rule = format!("/sub/{file}\n  Cache-Control: public, max-age=31536000, immutable\n");
        assert_eq!(headers.contains(&rule), !file.ends_with("plain.txt"), "{file}: {headers}");
    }
    let own = site(
        "base_url: https://example.org\nsecurity: {csp: {script-src: \"'self' https://c.example\", frame-ancestors: \"'none'\"}}",
    );
    assert!(own.read("_headers").contains("script-src 'self' https://c.example;"));
    assert!(
        own.read("_headers").contains("frame-ancestors 'none'")
            && !own.read("index.html").contains("frame-ancestors")
    );
    let off = site("base_url: https://example.org\nsecurity: {csp: false}");
    assert!(
        !off.read("_headers").contains("Content-Security-Policy")
            && !off.read("index.html").contains("Content-Security-Policy")
    );
    let wrong = Site::new(&[
        ("site.yaml", "security:\n  csp: {script-src: \"'self'; x\"}\n"),
        ("posts/a.md", "x"),
    ]);
    let output = wrong.run("build", &[]);
    assert!(
        output.status.code() == Some(2) && text(&output.stderr).contains("site.yaml:2:21"),
        "{}",
        text(&output.stderr)
    );
}

/// No page of any built-in theme holds what the policy forbids.
#[test]
fn pages_keep_to_the_policy() {
    for theme in ["jian", "zhi", "su"] {
        let site = site(&format!("base_url: https://example.org\ntheme: {theme}"));
        let mut scripts = BTreeSet::new();
        for (file, bytes) in site.tree().into_iter().filter(|(file, _)| file.ends_with(".html")) {
            let html = text(&bytes);
            if !html.starts_with("<!doctype") {
                // The keeper's own.
                continue;
            }
            for tag in chinese_markdown::html::tags(&html).filter(|tag| !tag.closing) {
                let attributes: String = tag.attributes.split('"').step_by(2).collect();
                assert!(
                    !attributes.contains(" style=") && tag.name != "style",
                    "{theme} {file}: {}",
                    tag.name
                );
                assert!(
                    !attributes.split_whitespace().any(|name| name.starts_with("on")),
                    "{theme} {file}: {attributes}"
                );
                if tag.name == "script" && !tag.attributes.contains("application/ld+json") {
                    assert!(
                        tag.attributes.contains(" src=\"/assets/") && attributes.contains("defer"),
                        "{theme} {file}"
                    );
                    scripts.insert(tag.attributes.to_owned());
                }
            }
            let policy = html.find("Content-Security-Policy").expect("a policy");
            assert!(policy < html.find("<link").expect("a link"), "{theme} {file}");
        }
        // That of the search, and the theme's own.
        assert_eq!(scripts.len(), 1 + usize::from(theme != "su"), "{theme}");
        let published = site
            .tree()
            .keys()
            .filter(|file| file.starts_with("assets/") && file.ends_with(".js"))
            .count();
        assert_eq!(published, scripts.len(), "{theme} publishes what it does not use");
    }
}
