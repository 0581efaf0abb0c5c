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
    for file in [
        "attachments/Pasted image 1.png",
        "x/attachments/Pasted image 1.png",
        "x/附件/手册.pdf",
        "x/深/二.png",
    ] {
        site.write(&format!("posts/{file}"), "x");
    }
    // This one is of its article.
    site.write("posts/丙.md", page("丙", "![](1.png)"));
    site.write("posts/丙/1.png", "x");
    let report = site.build(0);
    assert_eq!(diagnostics(&report, "file-ambiguous"), [""; 0]);
    assert_eq!(diagnostics(&report, "file-unnamed"), ["note posts/x/attachments"]);
    let html = site.read("甲/index.html");
    assert_eq!(
        html.matches("src=\"/%E7%94%B2/attachments/Pasted%20image%201.png\"").count(),
        2,
        "{html}"
    );
    assert!(
        html.contains("/%E6%89%8B%E5%86%8C.pdf\">册</a>") && html.contains("/%E4%BA%8C.png\""),
        "{html}"
    );
    assert!(site.exists("甲/attachments/Pasted image 1.png") && site.exists("丙/1.png"));
    assert!(
        site.read("乙/index.html").contains("src=\"1.png\""),
        "another article's picture is not shown"
    );
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
    assert!(
        said.contains("any of 2 files") && said.contains("`posts/a/图.png`, `posts/b/图.png`"),
        "{said}"
    );
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

#[test]
fn the_folders_of_a_name_count_and_an_ambiguous_one_is_told() {
    let site = Site::new(&[("site.yaml", "base_url: https://example.org\npermalink: /:path/\n")]);
    for path in ["甲/文", "乙/文", "丙/深/文", "丙/根", "根", "日/2024-05-01", "3"] {
        site.write(&format!("posts/{path}.md"), page(path, "正文。"));
    }
    let links = "[[甲/文]] [[乙/文]] [[深/文]] [[文]] [[文]] [[根]] [[2024-05-01]] [[3]] [[9]] [[2024-05-02]]\n\n\
        {{< ref \"乙/文.md\" >}} {% post_link 深/文 %}";
    site.write("posts/a.md", page("A", links));
    let report = site.build(0);
    let html = site.read("a/index.html");
    let hrefs: Vec<&str> = html
        .split("<p id=")
        .skip(1)
        .flat_map(|p| p.split("href=\"").skip(1))
        .filter_map(|rest| rest.split('"').next())
        .collect();
    let wanted = [
        "/甲/文/",
        "/乙/文/",
        "/丙/深/文/",
        "/乙/文/",
        "/乙/文/",
        "/根/",
        "/日/2024-05-01/",
        "/3/",
    ];
    let wanted: Vec<String> = wanted.iter().map(|path| sitegen::route::encode_path(path)).collect();
    assert_eq!(hrefs[..8], wanted, "{html}");
    assert!(html.contains("[[9]]") && html.contains("[[2024-05-02]]"), "{html}");
    assert!(html.contains(&sitegen::route::encode_path("/丙/深/文/")), "{html}");
    assert_eq!(diagnostics(&report, "file-ambiguous"), ["warning posts/a.md:5:25"]);
    let said = format!("{report:?}");
    assert!(
        said.contains(
            "`文` may be any of 3 files, and the first is taken: `posts/乙/文.md`, `posts/甲/文.md`"
        ),
        "{said}"
    );
    // A day is a note's name, and a number may be one of a book's notes.
    assert!(site.read("index.html").contains("2024-05-01 [[3]]"), "{}", site.read("index.html"));
}

#[test]
fn links_count_from_the_folder_of_notes() {
    let site = Site::new(&[("site.yaml", "base_url: https://example.org\npermalink: /:path/\n")]);
    site.write(
        "posts/深/甲.md",
        page("甲", "[一](夹/乙.md) [二](/夹/乙.md#节) [三](乙.md) [四](同.md) ![](夹/图.png)"),
    );
    site.write("posts/夹/乙.md", page("乙", "正文。"));
    site.write("posts/夹/同.md", page("同", "正文。"));
    site.write("posts/他/同.md", page("同", "正文。"));
    site.write("posts/夹/图.png", "x");
    site.build(0);
    let html = site.read("深/甲/index.html");
    let address = sitegen::route::encode_path("/夹/乙/");
    for link in [
        format!("{address}\">一"),
        format!("{address}#节\">二"),
        format!("{address}\">三"),
        "\"同.md\">四".to_owned(),
    ] {
        assert!(html.contains(&link), "{link}\n{html}");
    }
    assert!(
        html.contains(&format!("src=\"{}\"", sitegen::route::encode_path("/深/甲/夹/图.png"))),
        "{html}"
    );
}

#[test]
fn aliases_are_names_where_they_are_no_addresses() {
    let site =
        Site::new(&[("site.yaml", "base_url: https://example.org\npermalink: /post/:filename/\n")]);
    let aliases = "aliases: [Book Notes, TCP/IP, 旧书, old-name, /旧址/, Old.html]";
    site.write("posts/a.md", format!("---\ntitle: 甲\ndate: 2020-01-01\n{aliases}\nredirect_from: [before, older/x.html]\n---\n正文。"));
    site.write("posts/b.md", page("乙", "[[Book Notes]] [[tcp/ip]] [[旧书|书]] [[old-name]]"));
    let report = site.build(0);
    let html = site.read("post/b/index.html");
    for link in [">Book Notes</a>", ">tcp/ip</a>", ">书</a>"] {
        assert!(html.contains(&format!("<a href=\"/post/a/\"{link}")), "{link}\n{html}");
    }
    for file in [
        "post/old-name/index.html",
        "旧址/index.html",
        "post/Old.html",
        "before.html",
        "older/x.html",
    ] {
        assert!(site.exists(file), "{file} {:?}", site.tree().keys());
    }
    assert!(
        site.tree()
            .keys()
            .all(|file| !file.contains("Book") && !file.contains("TCP") && !file.contains("旧书"))
    );
    assert_eq!(diagnostics(&report, "alias"), ["note posts/a.md:4:11"]);
    // Another post is asked again.
    site.write("posts/a.md", page("甲", "正文。"));
    site.build(0);
    assert!(site.read("post/b/index.html").contains("[[Book Notes]]"));
}

#[test]
fn posts_that_are_files_of_one_folder_keep_their_pictures_apart() {
    let site = Site::new(&[(
        "site.yaml",
        "base_url: https://example.org\npermalink: /posts/:title.html\n",
    )]);
    for name in ["a", "b"] {
        // As Hexo has them, and as bundles are.
        site.write(&format!("posts/{name}.md"), page(name, "![](1.png) {% asset_img 1.png %}"));
        site.write(&format!("posts/{name}/1.png"), name);
        site.write(&format!("posts/{name}c/index.md"), page(name, "![](2.png)"));
        site.write(&format!("posts/{name}c/2.png"), name);
    }
    site.build(0);
    for (file, content) in [
        ("posts/a/1.png", "a"),
        ("posts/b/1.png", "b"),
        ("posts/2.png", "a"),
        ("posts/bc/2.png", "b"),
    ] {
        assert_eq!(site.read(file), content, "{file} {:?}", site.tree().keys());
    }
    assert_eq!(site.read("posts/b.html").matches("src=\"/posts/b/1.png\"").count(), 2);
    assert!(site.read("posts/bc.html").contains("src=\"/posts/bc/2.png\""));
}
