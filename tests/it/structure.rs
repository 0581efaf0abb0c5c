//! The structure of scraped articles: its switches, what is said of it, and the seed article from
//! end to end.

use crate::{Site, diagnostics, json_lines, shared, sitegen, text};

const SCRAPED: &str = "开头的话，说一件小事[1]。\n\n**渡口的来历**\n\n正文，说来历。\n\n![](a.jpg)\n\n旧渡口\n\n正文，说后来。\n\n参考文献：\n\n[1] 某书\n\n欢迎转发分享\n";

/// The article's elements that only the rules make.
const MARKS: [(&str, &str); 4] = [
    ("headings", "<h2 id=\"渡口的来历\""),
    ("captions", "<figcaption>"),
    ("references", "<ol class=\"references\">"),
    ("postscript", "<details"),
];

fn article(settings: &str, front_matter: &str) -> String {
    let site = Site::new(&[(
        "site.yaml",
        &format!("base_url: https://example.org\npermalink: /p/\n{settings}\n"),
    )]);
    site.write("templates/post.html", "{{ article.html }}");
    site.write("static/a.jpg", "x");
    site.write(
        "posts/p.md",
        format!("---\ntitle: t\ndate: 2020-01-01\n{front_matter}\n---\n{SCRAPED}"),
    );
    site.build(0);
    site.read("p/index.html")
}

#[test]
fn each_rule_has_a_switch_in_the_site_and_in_the_post() {
    for (rule, mark) in MARKS {
        assert!(article("", "").contains(mark), "{rule}");
        let all_off =
            [article("markdown: {structure: false}", ""), article("", "structure: false")];
        let one_off = [
            article(&format!("markdown: {{structure: {{{rule}: false}}}}"), ""),
            article("", &format!("structure: {{{rule}: false}}")),
        ];
        assert!(
            all_off.iter().chain(&one_off).all(|html| !html.contains(mark)),
            "{rule}: {all_off:?} {one_off:?}"
        );
        for (other, mark) in MARKS.iter().filter(|(other, _)| *other != rule) {
            assert!(
                one_off.iter().all(|html| html.contains(mark)),
                "{other} without {rule}: {one_off:?}"
            );
        }
        // The post has the last word.
        assert!(
            article("markdown: {structure: false}", &format!("structure: {{{rule}: true}}"))
                .contains(mark),
            "{rule}"
        );
    }
}

#[test]
fn a_wrong_word_is_told_with_its_place() {
    let site = Site::new(&[("site.yaml", "base_url: https://example.org\n")]);
    site.write(
        "posts/2020-01-01-a.md",
        format!("---\ntitle: t\nstructure: {{caption: false}}\n---\n{SCRAPED}"),
    );
    let report = site.build(0);
    assert_eq!(diagnostics(&report, "structure"), ["warning posts/2020-01-01-a.md:3:1"]);
    site.write("site.yaml", "base_url: https://example.org\nmarkdown:\n  structure: sometimes\n");
    let output = site.run("build", &[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("site.yaml:3:14"), "{}", text(&output.stderr));
}

#[test]
fn what_was_found_and_repaired_is_said_on_request() {
    let site = Site::new(&[("site.yaml", "base_url: https://example.org\n")]);
    site.write("posts/2020-01-01-a.md", format!("---\ntitle: t\n---\n{SCRAPED}\n\n**"));
    let report = json_lines(&site.run("build", &["--format", "json", "-v"]).stdout);
    let places: Vec<String> = [
        "structure-headings",
        "structure-captions",
        "structure-references",
        "structure-postscript",
        "emphasis-repaired",
    ]
    .iter()
    .flat_map(|code| diagnostics(&report, code))
    .collect();
    let file = "note posts/2020-01-01-a.md";
    assert_eq!(places, [6, 12, 16, 20, 23].map(|line| format!("{file}:{line}:1")));
    assert!(!text(&site.run("build", &[]).stderr).contains("structure"));
}

#[test]
fn the_seed_article_reads_as_it_was_meant() {
    let Some(seed) = shared("corpus/seed") else { return };
    let post = std::fs::read_dir(seed)
        .expect("readable")
        .next()
        .expect("the seed")
        .expect("readable")
        .path();
    let site = Site::new(&[("site.yaml", "base_url: https://example.org\npermalink: /p/\n")]);
    site.write("posts/2023-04-11-seed.md", std::fs::read(post).expect("readable"));
    site.write(
        "templates/post.html",
        "{{ article.html }}<ol>{% for h in article.outline %}<li>{{ h.number }} {{ h.title }}</li>{% endfor %}</ol>",
    );
    site.build(0);
    let html = site.read("p/index.html");
    assert!(!html.contains("**"), "{html}");
    assert!(
        html.contains(
            "<li>01 船票</li><li>02 愚蠢？聪明？</li><li>03 角斗</li><li>04 消失在时间线</li></ol>"
        ),
        "{html}"
    );
    for caption in ["余凯", "辛顿教授和他的两个学生", "辛顿（左二）在图灵奖颁奖典礼上"]
    {
        assert!(html.contains(&format!("<figcaption>{caption}</figcaption>")), "{caption}");
    }
    assert_eq!(html.matches("<li id=\"ref-").count(), 3);
    let (article, postscript) =
        html.split_once("<details class=\"postscript\">").expect("a postscript");
    assert!(
        article.contains("可惜，历史没有假设。")
            && postscript.contains("欢迎转发分享")
            && postscript.contains("点击下方关注我")
    );
    let file = site.path().join("posts/2023-04-11-seed.md");
    let output = sitegen(&[
        "tags",
        "suggest",
        "-s",
        site.path().to_str().expect("UTF-8"),
        file.to_str().expect("UTF-8"),
    ]);
    assert!(
        text(&output.stdout).trim_end().ends_with("辛顿, 百度, 余凯, 谷歌, 万美元"),
        "{}",
        text(&output.stdout)
    );
}
