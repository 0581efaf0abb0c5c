//! Documents as HTML: headings, notes, links, code, raw HTML, and where findings point.

use chinese_markdown::html_writer::{self, Labels, Writing, Written};
use chinese_markdown::reference::OwnHost;
use chinese_markdown::{Document, Finding, Highlighted, Markup, RawHtml, Syntax};

/// Knows one word of one language.
fn highlight(language: &str, code: &str) -> Highlighted {
    if language != "rust" {
        return Highlighted::Unknown;
    }
    let html = code.replace("fn ", "<span class=\"k\">fn </span>");
    Highlighted::Marked(Markup { html, plain_from: None })
}

fn written(source: &str, raw_html: RawHtml) -> Written {
    let (document, _) = Document::prepare(source, &Syntax::DEFAULT);
    let labels = Labels {
        note: "注意".into(),
        done: "已完成".into(),
        todo: "未完成".into(),
        back: "返回".into(),
        ..Labels::default()
    };
    html_writer::write(
        &document.parse(),
        &Writing {
            id: "p",
            title: "题",
            raw_html,
            highlight: Some(&highlight),
            reserved_ids: &["own-"],
            ..Writing::new(&labels, &OwnHost::parse("https://own.example").expect("an origin"))
        },
    )
}

fn html(source: &str) -> String {
    written(source, RawHtml::Sanitize).html
}

#[test]
fn headings_keep_han_and_stay_distinct() {
    let written = written(
        "## 二、Hello，世界 World!\n\n## 甲\n\n## 甲\n\n## 甲-1\n\n## 乙-1\n\n## 乙\n\n## 乙\n\n## 乙\n",
        RawHtml::Sanitize,
    );
    let ids: Vec<&str> = written.outline.iter().map(|heading| heading.id.as_str()).collect();
    assert_eq!(ids, ["二hello世界-world", "甲", "甲-1", "甲-1-1", "乙-1", "乙", "乙-2", "乙-3"]);
}

#[test]
fn a_first_heading_that_is_the_title_is_not_repeated() {
    assert_eq!(html("# 题\n\n文\n\n## 节\n"), "<p>文</p>\n<h2 id=\"节\">节</h2>\n");
    assert_eq!(html("# 别\n\n## 节\n"), "<h2 id=\"别\">别</h2>\n<h3 id=\"节\">节</h3>\n");
}

#[test]
fn headings_leave_the_ids_of_the_page_alone() {
    let written = written("## 甲 {#own-top}\n\n## own-foot\n", RawHtml::Sanitize);
    let ids: Vec<&str> = written.outline.iter().map(|heading| heading.id.as_str()).collect();
    assert_eq!(ids, ["section-own-top", "section-own-foot"]);
    let told = Finding::HeadingId { given: "own-top".into(), instead: "section-own-top".into() };
    assert_eq!(written.findings, [(0..18, told)]);
}

#[test]
fn notes_go_back_and_forth() {
    let html = html("甲[^a]乙[^a]\n\n[^a]: 注文\n");
    assert!(
        html.contains(
            "<sup class=\"footnote-ref\" id=\"fnref-p-1\"><a href=\"#fn-p-1\">1</a></sup>"
        ),
        "{html}"
    );
    assert!(
        html.contains("<li id=\"fn-p-1\" value=\"1\">\n<p>注文 <a href=\"#fnref-p-1\""),
        "{html}"
    );
    assert!(html.contains("href=\"#fnref-p-1-2\""), "{html}");
}

#[test]
fn links_and_images_follow_the_policy() {
    assert_eq!(html("[某某](javascript:void(0))"), "<p>某某</p>\n");
    assert_eq!(html("[\\[1\\]]()"), "<p>[1]</p>\n");
    assert_eq!(
        html("见https://a.example/b_c。"),
        "<p>见<a href=\"https://a.example/b_c\" rel=\"nofollow noopener noreferrer\">https://a.example/b_c</a>。</p>\n"
    );
    assert_eq!(
        html("![](https://i.example/?url=https%3A//m/640%3Fa%3D1&b=2)"),
        "<p><img src=\"https://i.example/?url=https%3A//m/640%3Fa%3D1&amp;b=2\" alt=\"\" loading=\"lazy\" referrerpolicy=\"no-referrer\"></p>\n"
    );
    for own in [
        "https://own.example/a",
        "http://WWW.own.example/a",
        "//own.example/b",
        "https:/a",
        "https://me@own.example:443/",
    ] {
        assert_eq!(html(&format!("[甲]({own})")), format!("<p><a href=\"{own}\">甲</a></p>\n"));
        assert_eq!(
            html(&format!("<a rel='nofollow ugc' href='{own}'>甲</a>")),
            format!("<p><a href=\"{own}\">甲</a></p>\n")
        );
    }
    for other in [
        "https://other.example/a",
        "https://own.example.evil/",
        "http://own.example@evil/",
        "//evil/own.example",
    ] {
        for source in [format!("[甲]({other})"), format!("<a rel=me href='{other}'>甲</a>")] {
            assert!(html(&source).contains("rel=\"nofollow noopener noreferrer\""), "{source}");
        }
    }
    assert_eq!(
        html("<javascript:alert(1)> [x](data:text/html,y)"),
        "<p>javascript:alert(1) x</p>\n"
    );
}

#[test]
fn raw_html_and_own_marks_live_together() {
    let html = html(
        "## 节\n\n<u id=节>甲</u> <script>x</script>乙\n\n```rust\nfn a() {}\n```\n\n- [x] 完\n",
    );
    assert!(
        html.contains("<h2 id=\"节\">节</h2>") && html.contains("<u id=\"u-节\">甲</u> 乙"),
        "{html}"
    );
    assert!(
        html.contains("<span class=\"k\">fn </span>") && html.contains("class=\"language-rust\""),
        "{html}"
    );
    assert!(html.contains("aria-label=\"已完成\"") && html.contains("checked"), "{html}");
}

#[test]
fn raw_html_three_ways() {
    let source = "<div onclick=\"x\">甲</div>\n\n<b>乙</b> List<int>\n";
    assert!(written(source, RawHtml::Raw).html.contains("onclick"));
    assert_eq!(written(source, RawHtml::Strip).html, "<p>甲</p>\n<p>乙 List&lt;int&gt;</p>\n");
    assert_eq!(
        written(source, RawHtml::Sanitize).html,
        "<div>甲</div>\n<p><b>乙</b> List&lt;int&gt;</p>\n"
    );
    assert_eq!(written("<!-- more -->\n\n甲", RawHtml::Sanitize).html, "<p>甲</p>\n");
}

#[test]
fn findings_point_at_the_source() {
    let written = written("前。\n\n```js\nlet a\n", RawHtml::Sanitize);
    assert_eq!(written.findings[0].0.start, "前。\n\n".len());
    assert_eq!(written.findings[0].1, Finding::FenceUnclosed);
}
