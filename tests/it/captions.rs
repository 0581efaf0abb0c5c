//! Captions, measured: `tests/captions` holds small articles as WeChat has them and as tutorials
//! are written, `====` between them. `^ ` stands before what a reader would call the caption of the
//! picture above. The files grew in parts, each labelled and measured before the rule had seen it,
//! so what holds for all of them is better than what an unknown article may expect.

use std::collections::BTreeSet;

use crate::Site;

/// What was found, what should be, and what both have, of all articles of a kind; what differs, to
/// look at.
#[derive(Default)]
struct Count {
    found: usize,
    labelled: usize,
    right: usize,
    wrong: Vec<String>,
    missed: Vec<String>,
}

#[expect(clippy::cast_precision_loss, reason = "a few dozen")]
fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}

fn count(articles: &str) -> Count {
    let articles: Vec<&str> = articles.split("\n====\n").collect();
    assert!(articles.len() >= 50, "{}", articles.len());
    let site = Site::new(&[("site.yaml", "base_url: https://example.org\npermalink: /:title/\n")]);
    site.write("templates/post.html", "{{ article.html }}");
    for (number, article) in articles.iter().enumerate() {
        let text = article.replace("\n^ ", "\n");
        site.write(
            &format!("posts/a{number}.md"),
            format!("---\ntitle: t\ndate: 2020-01-01\n---\n{text}\n"),
        );
    }
    site.run("build", &[]);
    let mut count = Count::default();
    for (number, article) in articles.iter().enumerate() {
        let html = site.read(&format!("a{number}/index.html"));
        let plain = |text: &str| text.replace("<code>", "`").replace("</code>", "`");
        let found: BTreeSet<String> = html
            .split("<figcaption>")
            .skip(1)
            .filter_map(|rest| rest.split_once("</figcaption>"))
            .map(|(text, _)| plain(text))
            .collect();
        let labelled: BTreeSet<String> =
            article.lines().filter_map(|line| line.strip_prefix("^ ")).map(str::to_owned).collect();
        count.found += found.len();
        count.labelled += labelled.len();
        count.right += found.intersection(&labelled).count();
        count.wrong.extend(found.difference(&labelled).cloned());
        count.missed.extend(labelled.difference(&found).cloned());
    }
    count
}

#[test]
fn captions_of_scraped_articles_are_found() {
    let Count { found, labelled, right, wrong, missed } =
        count(include_str!("../captions/wechat.md"));
    assert!(share(right, found) >= 0.95, "precision {right}/{found}: {wrong:?}");
    assert!(share(right, labelled) >= 0.90, "recall {right}/{labelled}: {missed:?}");
}

#[test]
fn steps_of_tutorials_are_no_captions() {
    let Count { found, labelled, right, wrong, missed } =
        count(include_str!("../captions/tutorials.md"));
    assert!(share(right, found) >= 0.95, "precision {right}/{found}: {wrong:?}");
    assert!(share(right, labelled) >= 0.05, "recall {right}/{labelled}: {missed:?}");
}
