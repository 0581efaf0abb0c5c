//! Related posts: on the page of each article, with the reason a reader understands.

use crate::Site;

/// The names of related posts and the reasons, as the page shows them.
fn related(page: &str) -> Vec<(String, String)> {
    let Some((_, rest)) = page.split_once("<aside class=\"related\"") else { return Vec::new() };
    let list = rest.split("</aside>").next().expect("it is closed");
    let text = |from: &str, start: &str, end: &str| {
        let rest = from.split_once(start).expect("it opens").1;
        rest.split_once(end).expect("it closes").0.to_owned()
    };
    list.split("<li>")
        .skip(1)
        .map(|item| (text(&text(item, "<a ", "/a>"), ">", "<"), text(item, "<p>", "</p>")))
        .collect()
}

fn rows(rows: &[(&str, &str)]) -> Vec<(String, String)> {
    rows.iter().map(|(title, reason)| ((*title).to_owned(), (*reason).to_owned())).collect()
}

fn post(title: &str, tags: &str) -> String {
    format!("---\ntitle: \"{title}\"\ntags: [{tags}]\n---\n\n正文。\n")
}

const CONFIG: &str = "title: 站\nbase_url: https://example.org/sub\n";

fn archive(config: &str) -> Site {
    Site::new(&[
        ("site.yaml", config),
        ("posts/2020-01-01-a.md", &post("人工智能的冬天", "余凯, 谷歌")),
        ("posts/2020-01-02-b.md", &post("她与他", "谷歌, 余凯")),
        ("posts/2020-01-03-c.md", &post("谈人工智能", "谷歌")),
        ("posts/2020-01-04-d.md", &post("<b>舊書</b>", "")),
        ("posts/2020-01-05-e.md", "---\ntitle: 人工智能\ntags: [余凯]\ndraft: true\n---\n"),
        ("pages/about.md", &post("人工智能", "余凯")),
    ])
}

#[test]
fn a_page_says_what_is_related_and_why() {
    let site = archive(CONFIG);
    site.build(0);
    let page = site.read("2020/01/01/a/index.html");
    assert_eq!(
        related(&page),
        rows(&[("她与他", "同标签 余凯、谷歌"), ("谈人工智能", "同标签 谷歌；标题同有“人工智能”")])
    );
    assert!(
        page.contains("<h2 id=\"sg-related\">相关文章</h2>")
            && page.contains("<a href=\"/sub/2020/01/02/b/\">她与他</a>"),
        "{page}"
    );
    // No fillers, no drafts, and pages have none.
    assert!(!site.read("2020/01/04/d/index.html").contains("related"));
    assert!(!site.read("about/index.html").contains("related"));
}

#[test]
fn reasons_are_in_the_language_of_the_site() {
    for (language, tags, both) in [
        ("zh-Hant", "同標籤 余凯、谷歌", "同標籤 谷歌；標題同有「人工智能」"),
        ("en", "same tags: 余凯, 谷歌", "same tags: 谷歌; both titles have “人工智能”"),
    ] {
        let site = archive(&format!("{CONFIG}language: {language}\n"));
        site.build(0);
        let page = site.read("2020/01/01/a/index.html");
        assert_eq!(related(&page), rows(&[("她与他", tags), ("谈人工智能", both)]));
    }
}

#[test]
fn templates_get_the_parts_of_a_reason() {
    let site = archive(CONFIG);
    site.write(
        "templates/post.html",
        "{% for item in related %}{{ item.post.title }}|{% for tag in item.tags %}{{ tag.name }} {{ tag.href }},{% endfor %}|{{ item.words or \"-\" }}\n{% endfor %}",
    );
    // Words in which braces stand are no placeholders; a site without tags has titles.
    site.write("posts/2020-01-04-d.md", post("{words}", "'{words}', '{tags}'"));
    site.write("posts/2020-01-06-f.md", post("{tags}", "'{words}', '{tags}'"));
    site.build(0);
    assert_eq!(
        site.read("2020/01/01/a/index.html"),
        "她与他|余凯 /sub/tags/%E4%BD%99%E5%87%AF/,谷歌 /sub/tags/%E8%B0%B7%E6%AD%8C/,|-\n谈人工智能|谷歌 /sub/tags/%E8%B0%B7%E6%AD%8C/,|人工智能\n"
    );
    site.remove("templates/post.html");
    site.build(0);
    assert_eq!(
        related(&site.read("2020/01/06/f/index.html")),
        rows(&[("{words}", "同标签 {words}、{tags}")])
    );
    site.write("site.yaml", format!("{CONFIG}taxonomies: {{tags: false}}\n"));
    site.build(0);
    assert_eq!(
        related(&site.read("2020/01/01/a/index.html")),
        rows(&[("谈人工智能", "标题同有“人工智能”")])
    );
}

/// At most five; of a series the volumes around this one.
#[test]
fn of_a_series_the_nearest() {
    let site = Site::new(&[("site.yaml", CONFIG)]);
    for n in 1..=20 {
        site.write(
            &format!("posts/2020-01-{n:02}-{n:02}.md"),
            post(&format!("全唐詩選 {n:02}"), "唐詩"),
        );
    }
    site.build(0);
    let titles: Vec<String> = related(&site.read("2020/01/10/10/index.html"))
        .into_iter()
        .map(|(title, _)| title)
        .collect();
    assert_eq!(titles, ["全唐詩選 11", "全唐詩選 09", "全唐詩選 12", "全唐詩選 08", "全唐詩選 13"]);
}
