use super::*;
use crate::config::{Config, Overrides};
use crate::diagnostic::Diagnostic;
use crate::keywords::Keywords;
use jiff::Timestamp;
use std::sync::Arc;

fn read_post(name: &str, text: &str, site: &str) -> (ReadingOutcome, Vec<Diagnostic>) {
    let now = Timestamp::from_second(1_790_000_000).unwrap();
    let config = Config::read(
        site,
        "site.yaml",
        &Overrides { base_url: None, drafts: false, future: false },
    )
    .unwrap();
    let reading = read(
        &SourcePath::new(format!("posts/{name}")),
        text.as_bytes(),
        PostKind::Article,
        &config,
        now,
        &Keywords::off(),
        &mut |_, _| {},
    );
    (reading.outcome, reading.diagnostics)
}

fn ready(name: &str, text: &str, site: &str) -> Post {
    match read_post(name, text, site) {
        (ReadingOutcome::Ready(post), _) => Arc::unwrap_or_clone(post),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_name_gives_what_the_front_matter_leaves_out() {
    let post = ready("2023-04-11-空格 与，全角.md", "正文一二三四五六。", "");
    assert_eq!(post.route.path(), "/2023/04/11/空格-与-全角/");
    assert_eq!(post.url, "/2023/04/11/%E7%A9%BA%E6%A0%BC-%E4%B8%8E-%E5%85%A8%E8%A7%92/");
    assert_eq!(post.summary, "正文一二三四五六。");
    assert_eq!(ready("0a1b.md", "x", "").route.path(), "/0a1b/");
    assert_eq!(
        ready("2023-04-11-.md", "---\ntitle: 题\n---\nx", "").route.path(),
        "/2023/04/11/题/"
    );
}

#[test]
fn hidden_posts_are_held() {
    let held = |text| matches!(read_post("a.md", text, "").0, ReadingOutcome::Held(_));
    assert!(held("---\ndraft: yes\n---\n") && held("---\npublished: false\n---\n"));
    assert!(matches!(
        read_post("a.md", "---\npublished: flase\n---\n", "").0,
        ReadingOutcome::Refused
    ));
    assert!(matches!(
        read_post("a.md", "---\ndate: 2031-01-01\n---\n", "future: hold\n").0,
        ReadingOutcome::Held(Held::Future(_))
    ));
}

#[test]
fn the_clock_has_a_say() {
    // The present is 2026-09-21.
    let at = |text: &str, site: &str| {
        let now = Timestamp::from_second(1_790_000_000).unwrap();
        let config = Config::read(
            site,
            "site.yaml",
            &Overrides { base_url: None, drafts: false, future: false },
        )
        .unwrap();
        let path = SourcePath::new("posts/2020-01-01-a.md");
        let reading = read(
            &path,
            text.as_bytes(),
            PostKind::Article,
            &config,
            now,
            &Keywords::off(),
            &mut |_, _| {},
        );
        let later = Timestamp::from_second(1_900_000_000).unwrap();
        (reading.outcome.clone(), reading.holds(now, later), reading.holds(later, later))
    };
    let held = |text: &str| match at(text, "") {
        (ReadingOutcome::Held(held), clock, true) => Some((held, clock)),
        _ => None,
    };
    assert_eq!(
        held("---\npublishDate: 2030-01-01\n---\nx"),
        Some((Held::Future("publishDate: 2030-01-01".to_owned()), false))
    );
    assert_eq!(
        held("---\ndate: 2030-01-01\nstatus: future\n---\nx"),
        Some((Held::Future("status: future".to_owned()), false))
    );
    assert_eq!(
        held("---\nexpiryDate: 2026-09-20\n---\nx"),
        Some((Held::Expired("expiryDate: 2026-09-20".to_owned()), true))
    );
    for (text, holds) in [
        ("---\npublishDate: 2020-01-01\n---\nx", true),
        ("---\nexpiryDate: 2030-01-01\n---\nx", false),
        ("---\nstatus: future\n---\nx", true),
        ("---\npublishDate:\nexpiryDate: ''\n---\nx", true),
    ] {
        let (outcome, clock, _) = at(text, "");
        assert!(
            matches!(outcome, ReadingOutcome::Ready(_)) && clock == holds,
            "{text}: {outcome:?}"
        );
    }
    assert!(matches!(at("---\npublishDate: 也许\n---\nx", "").0, ReadingOutcome::Refused));
    let post = ready("a.md", "---\npublishDate: 2020-05-06\n---\nx", "");
    assert_eq!(post.date.unwrap().strftime("%F").to_string(), "2020-05-06");
}

#[test]
fn addresses_cannot_leave_the_site() {
    for permalink in ["../../x", "/a/../../x/", "/con/", "/a\\b/"] {
        let (outcome, diagnostics) =
            read_post("a.md", &format!("---\npermalink: '{permalink}'\n---\n"), "");
        assert!(matches!(outcome, ReadingOutcome::Refused), "{permalink}");
        assert_eq!(diagnostics.last().unwrap().code, "permalink");
    }
    let post = ready("a.md", "---\nslug: ../../x\naliases: [/old/, ../up, 'http://x/']\n---\n", "");
    assert_eq!(post.route.path(), "/-..-x/");
    assert_eq!(post.aliases.len(), 1);
}

/// As recorded from Jekyll 4.3.1.
#[test]
fn names_that_jekyll_takes() {
    let at = |name: &str, style: &str| {
        let post =
            ready(name, "---\ntitle: 空\n---\nx", &format!("compat: jekyll\npermalink: {style}\n"));
        (post.url.clone(), post.id.clone(), post.route.file())
    };
    let is = |url: &str, id: &str, file: &str| (url.to_owned(), id.to_owned(), file.to_owned());
    assert_eq!(
        at("2019-10-14-.md", "pretty"),
        is("/2019/10/14/", "/2019/10/", "2019/10/14/index.html")
    );
    assert_eq!(
        at("2019-10-14-.md", "date"),
        is("/2019/10/14/.html", "/2019/10/14/", "2019/10/14/.html")
    );
    assert_eq!(
        at("2019-10-14-.md", "ordinal"),
        is("/2019/287/.html", "/2019/287/", "2019/287/.html")
    );
    assert_eq!(at("2019-10-14-.md", "none"), is("/.html", "/", ".html"));
    assert_eq!(
        at("2023-02-30-x.md", "pretty"),
        is("/2023/03/02/x/", "/2023/03/02/x", "2023/03/02/x/index.html")
    );
    assert_eq!(
        at("2020-01-03-说完了...【某人】.md", "pretty").2,
        "2020/01/03/说完了/.-某人/index.html"
    );
}

#[test]
fn a_title_is_given_or_begins_the_text_or_is_the_name() {
    for (name, text, title) in [
        ("2020-01-01-hello-world.md", "文", "hello world"),
        ("2024-05-01.md", "文", "2024-05-01"),
        ("2024-W18.md", "文", "2024-W18"),
        ("C-47 与 B-29.md", "文", "C-47 与 B-29"),
        ("covid-19-report.md", "文", "covid 19 report"),
        ("读书_笔记.md", "## 第一章\n\n文", "读书 笔记"),
        ("a.md", "![](a.png)\n\n# 题 *一*\n\n文", "题 一"),
        ("a.md", "题\n===\n\n文", "题"),
        ("a.md", "前言。\n\n# 题\n\n文", "a"),
        ("a.html", "<div><h1>题</h1><p>文</p></div>", "题"),
        ("a.html", "<p>前言。</p><h1>题</h1>", "a"),
        (
            "a.md",
            "---\ntitle: A &amp; B &lt;b&gt; &#8211; &copy AT&T\n---\n# 题",
            "A & B <b> – &copy AT&T",
        ),
    ] {
        assert_eq!(ready(name, text, "").title, title, "{name} {text}");
    }
    let post = ready(
        "a.md",
        "---\ntags: [\"R&amp;D\"]\ndescription: '&quot;引&quot;'\ncreated: '[[2024-05-01]]'\ncover: false\n---\n![](a.png)",
        "",
    );
    assert_eq!(
        (post.terms[0][0].as_str(), post.summary.as_str(), post.cover),
        ("R&D", "\"引\"", None)
    );
    assert_eq!(post.date.map(|date| date.date()), Some(jiff::civil::date(2024, 5, 1)));
    let (_, found) = read_post("a.md", "---\ntitle: 甲\ncreated: 昨天\n---\n文", "");
    assert!(found.iter().any(|found| found.code == "date-unreadable"), "{found:?}");
}
