//! An archive in the layout of a Hugo site: file names of 32 hex digits, `/post/:filename/`,
//! folders `tags` and `author`, feeds named index.xml, a sub-path, posts of megabytes with
//! thousands of equal headings.

use crate::{Site, text};
use std::fmt::Write as _;

const CONFIG: &str = "title: 档案\nbase_url: https://example.org/archive/\npermalink: /post/:filename/\nfeeds: {rss: index.xml, atom: false, json: false}\ntaxonomies:\n  authors: {folder: author}\n  categories: false\n";

#[test]
fn an_archive_keeps_its_addresses() {
    let site = Site::new(&[("site.yaml", CONFIG)]);
    let name = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";
    site.write(&format!("posts/{name}.md"), "---\nlayout: default\nLastmod: 2023-04-11T20:32:25.616055+00:00\ndate: 2023-04-11T20:32:25.615825+00:00\ntitle: \"题\"\nauthor: \"吴\"\ntags: [辛顿,百度,10]\n---\n\n正文。\n");
    site.build(0);
    for file in [
        "post/0a1b2c3d4e5f60718293a4b5c6d7e8f9/index.html",
        "index.xml",
        "tags/辛顿/index.html",
        "tags/辛顿/index.xml",
        "tags/10/index.xml",
        "author/吴/index.html",
        "author/吴/index.xml",
    ] {
        assert!(site.exists(file), "{file}");
    }
    assert!(!site.exists("categories") && !site.exists("atom.xml"));
    let feed = site.read("tags/辛顿/index.xml");
    assert!(
        feed.contains(
            "<link>https://example.org/archive/post/0a1b2c3d4e5f60718293a4b5c6d7e8f9/</link>"
        ),
        "{feed}"
    );
    let page = site.read(&format!("post/{name}/index.html"));
    assert!(
        page.contains("href=\"/archive/tags/%E8%BE%9B%E9%A1%BF/\"")
            && !page.contains("href=\"/tags/")
    );
}

#[test]
fn a_post_of_four_megabytes_is_a_page_like_any_other() {
    let site = Site::new(&[("site.yaml", CONFIG)]);
    let paragraph = "很长的回答，一二三四五六七八九十。".repeat(18);
    let mut body = String::from("---\ntitle: 合集\ndate: 2020-01-01\n---\n\n");
    for n in 0..4_000 {
        let _ = write!(body, "### 匿名用户 发表\n\n**{n}。**{paragraph}\n\n");
        if n < 2_500 {
            let _ = write!(
                body,
                "![](https://images.weserv.nl/?url=https%3A//pic.example/{n}.jpg)\n\n"
            );
        }
    }
    assert!(body.len() > 3_800_000, "{}", body.len());
    site.write("posts/00000000000000000000000000000000.md", &body);
    site.build(0);
    let page = site.read("post/00000000000000000000000000000000/index.html");
    let ids: std::collections::BTreeSet<&str> =
        page.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert_eq!(page.matches("<h3 id=").count(), 4_000);
    assert!(ids.len() >= 4_000, "{} ids", ids.len());
    assert_eq!(page.matches("<img ").count(), 2_500);
    assert!(page.matches("<li class=\"level-").count() <= 200);
    let description = page
        .split("<meta name=\"description\" content=\"")
        .nth(1)
        .expect("a description")
        .split('"')
        .next()
        .expect("its end");
    assert!(description.chars().count() < 200);
    assert!(text(page.as_bytes()).contains("referrerpolicy=\"no-referrer\""));
}
