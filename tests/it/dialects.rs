//! A site whose posts were written for other programs: what they lead to, what stands beside them,
//! what lists and feeds say of them.

use super::{Site, diagnostics, text};

const SITE: &str =
    "base_url: https://e.example/blog\npermalink: /:title/\nmarkdown: {kramdown: true}\n";

fn post(title: &str, body: &str) -> String {
    format!("---\ntitle: {title}\ndate: 2020-01-01\n---\n{body}\n")
}

/// What stands between the body's begin and end on the page of a post.
fn body(site: &Site, name: &str) -> String {
    let html = super::without_paragraph_ids(&site.read(&format!("{name}/index.html")));
    let start = html.find("<div class=\"e-content\">").expect("a body");
    html[start..html.find("<footer class=\"article-foot\"").expect("a foot")].to_owned()
}

#[test]
fn names_of_posts_lead_to_them() {
    let site = Site::new(&[("site.yaml", SITE)]);
    site.write("posts/2020-01-01-甲文.md", post("甲", "一。"));
    let links = "[[2020-01-01-甲文]]、[[2020-01-01-甲文|甲]]、[[2020-01-01-甲文#小 节]]、![[2020-01-01-甲文.md]]。\n\n\
        {% post_link 2020-01-01-甲文 '题' %}，[引]({{< ref \"posts/2020-01-01-甲文.md#末\" >}})。\n\n[[没有]]与[[没有]]、{% post_link 也没有 %}。";
    site.write("posts/b.md", post("乙", links));
    let report = site.build(0);
    let shown = body(&site, "b");
    for link in [
        "<a href=\"/blog/甲文/\">2020-01-01-甲文</a>、<a href=\"/blog/甲文/\">甲</a>、<a href=\"/blog/甲文/#小-节\">2020-01-01-甲文 &gt; 小 节</a>、<a href=\"/blog/甲文/\">2020-01-01-甲文</a>",
        "<a href=\"/blog/甲文/\">题</a>，<a href=\"/blog/甲文/#末\">引</a>。",
        "没有与没有、也没有。",
    ] {
        let encoded = link.replace("/甲文/", "/%E7%94%B2%E6%96%87/");
        assert!(shown.contains(&encoded), "{encoded}\n{shown}");
    }
    assert_eq!(diagnostics(&report, "wiki-link").len(), 1);
    assert_eq!(diagnostics(&report, "post-link").len(), 1);
    // The page of a post that comes later is asked for again.
    site.write("posts/没有.md", post("丙", "有了。"));
    let report = site.build(0);
    assert!(body(&site, "b").contains(">没有</a>与<a"), "{}", body(&site, "b"));
    assert!(diagnostics(&report, "wiki-link").is_empty());
    // Without words of its own a link has the title, also when that changes.
    site.write("posts/b.md", post("乙", "{% post_link 没有 %}。"));
    site.write("posts/没有.md", post("丙 *一*", "有了。"));
    site.build(0);
    assert!(body(&site, "b").contains(">丙 *一*</a>。"), "{}", body(&site, "b"));
    site.write("posts/没有.md", post("丁", "有了。"));
    site.build(0);
    assert!(body(&site, "b").contains(">丁</a>。"), "{}", body(&site, "b"));
}

#[test]
fn files_beside_a_post_are_found_in_every_spelling() {
    let bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x02\0\0\0\x02\x08\x06\0\0\0";
    for (nth, (name, mark)) in [
        ("a.png", "![[a.png|300]]"),
        ("a b.png", "![](a b.png)"),
        ("a.png", "![](a.png =10x20)"),
        ("a.png", "{% asset_img a.png 说明 %}"),
        ("a.png", "{{< figure src=\"a.png\" title=\"题\" >}}"),
        ("a.png", "![图](a.png){: width=\"50%\"}"),
        ("a.pdf", "[[a.pdf]]"),
        ("a.pdf", "{% asset_link a.pdf 手册 %}"),
    ]
    .into_iter()
    .enumerate()
    {
        let site = Site::new(&[("site.yaml", SITE)]);
        site.write(&format!("posts/p{nth}/index.md"), post("题", &format!("正文。\n\n{mark}")));
        site.write(&format!("posts/p{nth}/{name}"), bytes);
        site.build(0);
        assert!(site.exists(&format!("p{nth}/{name}")), "{mark}: {:?}", site.tree().keys());
        let address = format!("\"/blog/p{nth}/{}\"", name.replace(' ', "%20"));
        assert!(
            body(&site, &format!("p{nth}")).contains(&address),
            "{mark}: {}",
            body(&site, &format!("p{nth}"))
        );
    }
}

#[test]
fn a_picture_of_a_known_size_keeps_its_room() {
    // 400 by 200.
    let bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\x90\0\0\0\xc8\x08\x06\0\0\0";
    let cases = [
        ("<img src=\"a.png\" style=\"zoom:50%\">", "width=\"200\" height=\"100\""),
        ("<img src=\"a.png\" alt=\"图\" style=\"zoom: 33%;\" />", "width=\"132\" height=\"66\""),
        ("<img src=\"a.png\" width=\"100\">", "width=\"100\" height=\"50\""),
        ("<img src=\"a.png\" style=\"width:300px;height:auto\">", "width=\"300\" height=\"150\""),
        ("<img src=\"a.png\" style=\"width:100%\">", "width=\"400\" height=\"200\""),
        ("<img src=\"a.png\" width=\"50%\">", "width=\"50%\" loading"),
        ("![](a.png)", "width=\"400\" height=\"200\""),
        ("![](a.png =100x)", "width=\"100\" height=\"50\""),
        ("![|x100](a.png)", "width=\"200\" height=\"100\""),
        ("![](a.png){width=50%}", "width=\"50%\" loading"),
    ];
    for markdown in [true, false] {
        let site =
            Site::new(&[("site.yaml", "base_url: https://e.example\npermalink: /:title/\n")]);
        let cases = cases.iter().filter(|(mark, _)| markdown || mark.starts_with('<'));
        site.write("posts/a.png", bytes);
        for (nth, (mark, _)) in cases.clone().enumerate() {
            site.write(
                &format!("posts/p{nth}.{}", if markdown { "md" } else { "html" }),
                post("题", &format!("正文。\n\n{mark}\n")),
            );
        }
        site.build(0);
        for (nth, (mark, wanted)) in cases.enumerate() {
            let html = body(&site, &format!("p{nth}"));
            assert!(html.contains(wanted), "{mark}: {html}");
        }
    }
    // Where styles stay, the style says it.
    let site = Site::new(&[(
        "site.yaml",
        "base_url: https://e.example\npermalink: /:title/\nsecurity: {html: raw}\n",
    )]);
    site.write("posts/a.png", bytes);
    site.write("posts/p.html", post("题", cases[0].0));
    site.build(0);
    assert!(
        body(&site, "p").contains("style=\"zoom:50%\" width=\"400\" height=\"200\""),
        "{}",
        body(&site, "p")
    );
}

#[test]
fn no_mark_is_in_lists_and_feeds() {
    let site = Site::new(&[("site.yaml", SITE)]);
    let marks = "* 目录\n{:toc}\n\n[TOC]\n\n{::comment}密{:/comment}\n\n这里==说的==是一段足够长的文字，\n%%不该出现的注释%%\n它要进入摘要。\n{: .lead #首}\n\n> [!tip]- 题\n> 文\n\n\
        {% note info %}\n提示的文字在这里，也是一句完整的话。\n{% endnote %}\n\n![图](a.png){: width=\"10\"} [[无|另一处]]也有一句完整的话。\n{: .x}";
    site.write("posts/a.md", post("甲", marks));
    site.build(0);
    for file in ["index.html", "a/index.html", "atom.xml", "rss.xml", "feed.json"] {
        let shown = site.read(file);
        for mark in ["{:", "[TOC]", "{::", "密", "==", "%%", "[!tip]", "{%", "[[", "注释"] {
            assert!(!shown.contains(mark), "{file} holds {mark}");
        }
    }
    assert!(
        site.read("index.html").contains("这里说的是一段足够长的文字，它要进入摘要。"),
        "{}",
        site.read("index.html")
    );
}

#[test]
fn what_is_left_is_told_once_a_kind_and_post() {
    let site = Site::new(&[("site.yaml", "base_url: https://e.example\n")]);
    let marks =
        "段\n{: .a}\n\n又一段\n{: .b}\n\n[a [TOC]](/x/)\n\n`{: .码}`\n\n    {: .码}\n\n\\{: .本意}";
    site.write("posts/2020-01-01-a.md", post("甲", marks));
    site.write("posts/2020-01-02-b.md", post("乙", "* 目录\n{:toc}\n"));
    let report = site.build(0);
    let left: Vec<&serde_json::Value> =
        report.iter().filter(|line| line["code"] == "markup-left").collect();
    let said: Vec<String> = left
        .iter()
        .map(|line| format!("{}:{} {}", line["path"], line["line"], line["message"]))
        .collect();
    assert_eq!(said.len(), 3, "{said:?}");
    assert!(
        said.iter()
            .any(|said| said.contains("`{:` looks like a mark and is shown as text, 2 time(s)")),
        "{said:?}"
    );
    let human = text(&site.run("build", &[]).stderr);
    assert!(human.contains("`[TOC]` × 1, `{:` × 2"), "{human}");
}

#[test]
fn lists_say_no_tag_and_links_to_nowhere_are_texts() {
    let site = Site::new(&[("site.yaml", "base_url: https://e.example\npermalink: /:title/\n")]);
    let text = "这里有一句完整的话，{% nobody 一 %}{{< somebody >}}{% if x %}也{% endif %}有{% post_link 没有 '标签' %}。{% note %}{% post_link 没有 %}\n\n\
        [甲]({{< ref \"没有.md\" >}})、<a href=\"{{< relref \"没有.md\" >}}\">乙</a>、[丙]({% post_link 没有 %})。";
    site.write("posts/a.md", post("甲", text));
    let report = site.build(0);
    let summary = site.read("index.html");
    assert!(summary.contains("这里有一句完整的话，也有标签。"), "{summary}");
    let shown = body(&site, "a");
    for text in ["<p>甲、<a>乙</a>、丙。</p>", "{% nobody 一 %}"] {
        assert!(shown.contains(text), "{shown}");
    }
    assert_eq!(diagnostics(&report, "post-link").len(), 5, "{report:?}");
    assert_eq!(diagnostics(&report, "tag-unknown").len(), 3, "{report:?}");
}

#[test]
fn advice_is_for_what_is_switched_off() {
    let site =
        Site::new(&[("site.yaml", "base_url: https://e.example\nmarkdown: {kramdown: true}\n")]);
    site.write(
        "posts/2020-01-01-a.md",
        post("甲", "[a {: .x](/x/) {% nobody %}\n\n{{< bilibili BV1xx411c7mD >}}\n\n{{< youtube dQw4w9WgXcQ >}}"),
    );
    let report = site.build(0);
    let hints: Vec<&str> = report
        .iter()
        .filter(|line| line["code"] == "markup-left")
        .filter_map(|line| line["hint"].as_str())
        .collect();
    assert!(
        !hints.is_empty() && hints.iter().all(|hint| hint.starts_with("write what it stood for")),
        "{hints:?}"
    );
    let player = report.iter().find(|line| line["code"] == "html-player").expect("a player");
    let message = player["message"].as_str().expect("a text");
    assert!(
        message.contains("{{< bilibili >}}, {{< youtube >}}") && !message.contains("iframe"),
        "{message}"
    );
}

#[test]
fn what_hugo_gives_to_a_folder_is_named() {
    let site = Site::new(&[("site.yaml", "base_url: https://e.example\npermalink: /:path/\n")]);
    site.write("posts/甲/_index.md", "---\ntitle: 甲\ncascade:\n  author: 某\n---\n介绍");
    site.write("posts/甲/a.md", post("题", "正文。"));
    assert_eq!(diagnostics(&site.build(0), "cascade"), ["warning posts/甲/_index.md:3:1"]);
    // What may hide all of a folder holds all of it back, and what lies elsewhere is published.
    site.write("posts/乙/b.md", post("题", "正文。"));
    for cascade in [
        "cascade: {draft: true}",
        "cascade:\n  build:\n    render: never\n  private: true",
        "cascade: {password: 密}",
    ] {
        site.write("posts/甲/_index.md", format!("---\ntitle: 甲\n{cascade}\n---\n介绍"));
        assert_eq!(diagnostics(&site.build(1), "hidden-below").len(), 1, "{cascade}");
        assert!(!site.exists("甲/a/index.html") && site.exists("乙/b/index.html"), "{cascade}");
    }
    site.write(
        "posts/甲/_index.md",
        "---\ntitle: 甲\npublic: true\ncascade: {draft: true}\n---\n介绍",
    );
    site.build(0);
    assert!(site.exists("甲/a/index.html"));
}

#[test]
fn unknown_tags_are_told_once_a_name() {
    let site = Site::new(&[("site.yaml", "base_url: https://e.example\n")]);
    site.write(
        "posts/2020-01-01-a.md",
        post("甲", "{% nobody 一 %} {% nobody 二 %}\n\n{{< somebody >}}\n\n`{% code_only %}`"),
    );
    let said = diagnostics(&site.build(0), "tag-unknown");
    assert_eq!(said.len(), 2, "{said:?}");
}

#[test]
fn names_of_templates_in_addresses_lead_somewhere_or_are_told() {
    for liquid in [false, true] {
        let site = Site::new(&[(
            "site.yaml",
            &format!("{}\n", SITE.replace("kramdown: true", &format!("liquid: {liquid}"))),
        )]);
        site.write("posts/2020-01-01-a.md", post("甲", "一。"));
        let known = "[一]({% link _posts/2020-01-01-a.md %}) [二]({% post_url 2020-01-01-a %}) [三]({{ site.baseurl }}{% post_url 2020-01-01-a %}) \
            [四]({{ site.baseurl }}/a/) [五]({{ \"/a/\" | relative_url }}) [六]({{ site.baseurl }}{{ page.url }}) \
            <a href=\"{{ '/a/' | absolute_url }}\">七</a> [八]({{ site.url }}{{ site.baseurl }}/a/)\n\n<p><a href=\"{% link _posts/2020-01-01-a.md %}\">九</a></p>";
        site.write("posts/b.md", post("乙", known));
        site.write("posts/c.md", post("丙", "[一]({% link _posts/none.md %}) [二]({{ site.nothing }}/a) [三]({{site.nothing}}/b)"));
        let report = site.build(0);
        let shown = body(&site, "b");
        for (text, address) in "一二三四五七八九".chars().zip([
            "/blog/a/",
            "/blog/a/",
            "/blog/a/",
            "/blog/a/",
            "/blog/a/",
            "https://e.example/blog/a/",
            "https://e.example/blog/a/",
            "/blog/a/",
        ]) {
            assert!(
                shown.contains(&format!("<a href=\"{address}\">{text}</a>")),
                "liquid {liquid} {text}: {shown}"
            );
        }
        assert!(shown.contains("<a href=\"/blog/b/\">六</a>"), "{shown}");
        let told = |code: &str| diagnostics(&report, code).len();
        let expected = if liquid { (3, 0) } else { (1, 1) };
        assert_eq!((told("liquid"), told("post-link")), expected, "liquid {liquid}: {report:?}");
    }
}

#[test]
fn what_tags_say_is_kept_where_html_is_not() {
    let site = Site::new(&[(
        "site.yaml",
        "base_url: https://e.example\npermalink: /:title/\nsecurity: {html: strip}\n",
    )]);
    let tags = "{{< figure src=\"/a.png\" title=\"题\" attr=\"人\" link=\"/b.png\" >}}\n\n{% youtube abc %}\n\n- {% tabs x %}\n  <!-- tab 签 -->\n  内\n  {% endtabs %}\n\n\
        {% codeblock 码题 lang:text %}\nx\n{% endcodeblock %}\n\n{% fold 折 %}\n里\n{% endfold %}";
    site.write("posts/a.md", post("甲", tags));
    site.build(0);
    let shown = body(&site, "a");
    for kept in [
        "<a href=\"/b.png\"><img src=\"/a.png\"",
        "题",
        "人",
        "https://www.youtube.com/watch?v=abc",
        "签",
        "内",
        "码题",
        "折",
        "里",
    ] {
        assert!(shown.contains(kept), "{kept}: {shown}");
    }
}

#[test]
fn what_unknown_tags_of_hugo_hold_is_shown_and_told_once() {
    let site = Site::new(&[("site.yaml", "base_url: https://e.example\npermalink: /:title/\n")]);
    site.write(
        "posts/a.md",
        post("甲", "{{< nobody >}}一{{< /nobody >}}\n\n{{< nobody a=\"b\" >}}\n二\n{{< /nobody >}}\n\n{{< nobody />}}"),
    );
    let report = site.build(0);
    let said: Vec<String> = report
        .iter()
        .filter(|line| line["code"] == "tag-unknown")
        .map(|line| line["message"].to_string())
        .collect();
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(
        said.iter().any(|said| said.contains("what it holds is shown without it, 2 time(s)")),
        "{said:?}"
    );
    let shown = body(&site, "a");
    assert!(shown.contains("<p>一</p>") && shown.contains("<p>二</p>"), "{shown}");
}

#[test]
fn addresses_of_pelican_lead_to_files_and_terms() {
    let site = Site::new(&[(
        "site.yaml",
        "base_url: https://e.example/blog\nposts: content\npermalink: /:slug.html\n",
    )]);
    let links = "[一]({filename}b.md) [二]({filename}/深/c.md#节) [三](|filename|b.md) [四]({tag}甲) [五]({index}) [六]({author}某)\n\n\
        ![]({static}/images/x.png) ![]({attach}a.png) <a href=\"{static}/b.pdf\">册</a> [无]({filename}没有.md)";
    site.write("content/a.md", format!("Title: 甲\nDate: 2020-01-01\nTags: 甲\n\n{links}"));
    site.write("content/b.md", "Title: 乙\nDate: 2020-01-01\n\n正文。");
    site.write("content/深/c.md", "Title: 丙\nDate: 2020-01-01\n\n正文。");
    for file in ["content/images/x.png", "content/a.png", "static/b.pdf"] {
        site.write(file, "x");
    }
    site.build(0);
    let html = site.read("a.html");
    for link in [
        "\"/blog/b.html\">一",
        "\"/blog/c.html#节\">二",
        "\"/blog/b.html\">三",
        "\"/blog/tags/%E7%94%B2/\">四",
        "\"/blog/\">五",
        "src=\"/blog/images/x.png\"",
        "src=\"/blog/a.png\"",
        "\"/blog/b.pdf\">册",
        // It is named by `check`.
        "\"{filename}没有.md\">无",
        "\"{author}某\">六",
    ] {
        assert!(html.contains(link), "{link}\n{html}");
    }
    assert!(site.exists("images/x.png") && site.exists("a.png"));
}
