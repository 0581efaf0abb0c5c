//! What is said of a post in lists and `<meta>`: its excerpt and its minutes, through the real
//! program.

use crate::{Site, text};

const SITE: &str = "base_url: https://example.org\npermalink: /:title/\n";

/// The description in the head of a post's page, and the summary on the home page, which must be
/// the same text.
fn summary(body: &str) -> String {
    let site = Site::new(&[
        ("site.yaml", SITE),
        ("posts/2020-01-01-a.md", &format!("---\ntitle: 题\n---\n{body}")),
    ]);
    site.build(0);
    let between = |page: &str, start: &str, end: &str| {
        let rest = page.split(start).nth(1).unwrap_or_else(|| panic!("no {start} in {page}"));
        rest.split(end)
            .next()
            .unwrap_or_default()
            .replace("&#39;", "'")
            .replace("&#x27;", "'")
            .replace("&quot;", "\"")
    };
    let description =
        between(&site.read("a/index.html"), "<meta name=\"description\" content=\"", "\">");
    let listed = between(&site.read("index.html"), "<p class=\"p-summary\">", "</p>");
    assert_eq!(description, listed);
    description
}

#[test]
fn an_excerpt_ends_where_an_editor_would() {
    let sentence = "渡口的老船工说，河水每年要改三次道，";
    let cases = [
        // The last sentence in time, with the quote that closes there; the image, the heading and
        // the code say nothing.
        (
            format!(
                "![](a.png)\n\n# 引子\n\n{}“**谁也拦不住它。**”\n\n```\nx = 1\n```\n\n{}",
                sentence.repeat(3),
                sentence.repeat(6)
            ),
            sentence.repeat(3) + "“谁也拦不住它。”",
        ),
        // No sentence ends in time: the last pause, with six dots; the title at the edge stays out
        // as a whole.
        (
            format!(
                "{}见《河道变迁考，附图三种及凡例。》一书{}",
                sentence.repeat(6),
                sentence.repeat(3)
            ),
            sentence.repeat(6).trim_end_matches('，').to_owned() + "……",
        ),
        // A speech longer than any excerpt is cut at a sentence, and closed.
        (
            format!(
                "老船工说：“{}。{}。”",
                sentence.repeat(5).trim_end_matches('，'),
                sentence.repeat(8)
            ),
            format!("老船工说：“{}。……”", sentence.repeat(5).trim_end_matches('，')),
        ),
        // English ends with its own marks, and a doctor is no end.
        (
            format!(
                "{}It was Dr. Wu who told me. {}",
                "The ferryman, he says, won't wait for anyone. ".repeat(4),
                "And then the river moved ".repeat(9)
            ),
            format!(
                "{}It was Dr. Wu who told me.",
                "The ferryman, he says, won't wait for anyone. ".repeat(4)
            ),
        ),
    ];
    for (body, expected) in cases {
        assert_eq!(summary(&body), expected, "{body}");
    }
}

#[test]
fn minutes_follow_the_reading_speed() {
    let body = "天地玄黄，宇宙洪。".repeat(100);
    let site = Site::new(&[
        ("posts/a.md", &format!("---\ntitle: 题\n---\n{body}")),
        ("templates/post.html", "{{ post.words }} {{ post.minutes }}"),
    ]);
    for (settings, expected) in [
        ("", "900 3"),
        ("reading_speed: 300\n", "900 3"),
        ("reading_speed: 900\n", "900 1"),
        ("reading_speed: 899\n", "900 2"),
    ] {
        site.write("site.yaml", format!("{SITE}{settings}"));
        site.build(0);
        assert_eq!(site.read("a/index.html").trim(), expected, "{settings}");
    }
    site.write("site.yaml", format!("{SITE}reading_speed: 0\n"));
    let output = site.run("build", &[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("site.yaml:3:16"), "{}", text(&output.stderr));
}
