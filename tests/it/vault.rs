//! A vault of Obsidian: files and notes are found by their names alone.

use crate::{Site, diagnostics};

const CONFIG: (&str, &str) = ("site.yaml", "base_url: https://example.org\npermalink: /:title/\n");

fn page(title: &str, text: &str) -> String {
    format!("---\ntitle: {title}\ndate: 2020-01-01\n---\n{text}\n")
}

#[test]
fn attachments_are_found_by_name() {
    let site = Site::new(&[CONFIG]);
    site.write("posts/2023/甲.md", page("甲", "![[Pasted image 1.png]] ![](pasted%20image%201.PNG) [[附件/手册.pdf|册]] ![](深/二.png)"));
    site.write("posts/乙.md", page("乙", "![[1.png]]\n\n![](../1.png)"));
    for file in ["attachments/Pasted image 1.png", "x/attachments/Pasted image 1.png", "x/附件/手册.pdf", "x/深/二.png"] {
        site.write(&format!("posts/{file}"), "x");
    }
    // This one is of its article.
    site.write("posts/丙.md", page("丙", "![](1.png)"));
    site.write("posts/丙/1.png", "x");
    let report = site.build(0);
    assert_eq!(diagnostics(&report, "file-ambiguous"), [""; 0]);
    assert_eq!(diagnostics(&report, "file-unnamed"), ["note posts/x/attachments"]);
    let html = site.read("甲/index.html");
    assert_eq!(html.matches("src=\"/%E7%94%B2/attachments/Pasted%20image%201.png\"").count(), 2, "{html}");
    assert!(html.contains("/%E6%89%8B%E5%86%8C.pdf\">册</a>") && html.contains("/%E4%BA%8C.png\""), "{html}");
    assert!(site.exists("甲/attachments/Pasted image 1.png") && site.exists("丙/1.png"));
    assert!(site.read("乙/index.html").contains("src=\"1.png\""), "another article's picture is not shown");
}

#[test]
fn of_several_attachments_the_nearest_is_taken_and_told() {
    let site = Site::new(&[CONFIG]);
    site.write("posts/甲.md", page("甲", "![[图.png]]"));
    site.write("posts/b/图.png", "b");
    site.write("posts/a/图.png", "a");
    site.write("posts/c/d/图.png", "d");
    let report = site.build(0);
    assert_eq!(diagnostics(&report, "file-ambiguous"), ["warning posts/甲.md"]);
    let said = format!("{report:?}");
    assert!(said.contains("any of 2 files") && said.contains("`posts/a/图.png`, `posts/b/图.png`"), "{said}");
    assert_eq!(site.read("甲/a/图.png"), "a");
    // The same with a ledger, and where the file goes.
    site.build(0);
    assert_eq!(site.read("甲/a/图.png"), "a");
    std::fs::remove_file(site.path().join("posts/a/图.png")).expect("removed");
    let report = site.build(0);
    assert_eq!(diagnostics(&report, "file-ambiguous"), [""; 0]);
    assert!(site.read("甲/index.html").contains("/b/%E5%9B%BE.png"));
}

#[test]
fn notes_are_found_whatever_their_capitals() {
    let site = Site::new(&[CONFIG]);
    site.write(
        "posts/a.md",
        page("A", "[[B]] [[b]] [[ASP.NET]] [[夹/丙|一]] [[他/丙|二]] [[b#小 节]] [[b#^abc123]] [[#^abc]]\n\n段。 ^abc"),
    );
    site.write("posts/b.md", page("B", "## 小 节\n\n段。 ^abc123"));
    site.write("posts/asp.net.md", page("网", "文"));
    site.write("posts/夹/丙.md", page("丙一", "文"));
    site.write("posts/他/丙.md", "---\ntitle: 丙二\ndate: 2020-01-01\nslug: 丙二\n---\n文");
    let report = site.build(0);
    assert_eq!(diagnostics(&report, "wiki-link"), [""; 0]);
    let html = site.read("a/index.html");
    for link in [
        "<a href=\"/b/\">B</a>",
        "<a href=\"/b/\">b</a>",
        "<a href=\"/asp.net/\">ASP.NET</a>",
        "<a href=\"/%E4%B8%99/\">一</a>",
        "<a href=\"/%E4%B8%99%E4%BA%8C/\">二</a>",
        "<a href=\"/b/#小-节\">",
        "<a href=\"/b/#u-abc123\">",
        "<a href=\"#u-abc\">^abc</a>",
        "<a id=\"u-abc\"></a>",
    ] {
        assert!(html.contains(link), "{link}\n{html}");
    }
    assert!(site.read("b/index.html").contains("id=\"u-abc123\""));
}
