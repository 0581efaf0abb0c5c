//! What other tools hide is not published by accident: held back, with a page that nothing leads
//! to, or with an error.

use std::process::Command;

use super::{Site, diagnostics, json_lines, text};

/// The text that must not get out.
const SECRET: &str = "不应公开";

fn post(line: &str) -> String {
    format!(
        "---\ntitle: 秘密之题\ndate: 2023-01-01\ntags: [秘密之签]\nfrom: https://a.example/x\n{line}\n---\n{SECRET}。\n"
    )
}

/// Files of the site that hold a text.
fn holding(site: &Site, words: &str) -> Vec<String> {
    site.tree()
        .into_iter()
        .filter(|(_, bytes)| text(bytes).contains(words))
        .map(|(file, _)| file)
        .collect()
}

#[test]
fn nothing_hidden_is_published() {
    for (line, status, reason, message) in [
        ("draft: true", 0, "draft", "draft: true"),
        ("draft: 草稿", 1, "error", "`draft: 草稿` is neither true nor false"),
        ("draft: 是", 0, "draft", "draft: 是"),
        ("published: No", 0, "published: false", ""),
        ("status: draft", 0, "draft", "status: draft"),
        ("isDraft: true", 0, "draft", "isDraft: true"),
        ("private: true", 0, "hidden", "private: true"),
        ("status: private", 0, "hidden", "status: private"),
        ("visibility: private", 0, "hidden", "visibility: private"),
        ("dg-publish: false", 0, "hidden", "dg-publish: false"),
        ("publish: false", 0, "hidden", "publish: false"),
        ("visible: false", 0, "hidden", "visible: false"),
        ("headless: true", 0, "hidden", "headless: true"),
        ("permalink: false", 0, "hidden", "permalink: false"),
        ("_build: {render: never}", 0, "hidden", "_build: {render: never}"),
        ("publishDate: 2099-01-01", 0, "future date", "publishDate: 2099-01-01"),
        ("publish_date: 2099-01-01", 0, "future date", "publish_date: 2099-01-01"),
        ("expiryDate: 2020-01-01", 0, "expired", "expiryDate: 2020-01-01"),
        (
            "password: abc123",
            1,
            "error",
            "`password` hid the text of this post from readers, which sitegen cannot do",
        ),
        (
            "password: @abc123",
            1,
            "error",
            "`password` hid the text of this post from readers, which sitegen cannot do",
        ),
        (
            "pwd:abc123",
            1,
            "error",
            "`pwd` hid the text of this post from readers, which sitegen cannot do",
        ),
        (
            "meta: {password: abc123}",
            1,
            "error",
            "`meta` hid the text of this post from readers, which sitegen cannot do",
        ),
        (
            "encrypt: true",
            1,
            "error",
            "`encrypt` hid the text of this post from readers, which sitegen cannot do",
        ),
        (
            "visibility: members",
            1,
            "error",
            "`visibility` hid the text of this post from readers, which sitegen cannot do",
        ),
        (
            "hidden: maybe",
            1,
            "error",
            "`hidden: maybe` may mean that not everybody was to see this post",
        ),
        ("private: >-\n  true", 0, "hidden", "private: >-"),
        ("DRAFT: &d \"Yes\"", 0, "draft", "DRAFT: &d \"Yes\""),
        (
            "params: {draft: true}",
            1,
            "error",
            "`params: {draft: true}` may mean that not everybody was to see this post",
        ),
        (
            "b: &b {private: true}\n<<: *b",
            1,
            "error",
            "`<<: *b` may mean that not everybody was to see this post",
        ),
        (
            "draft: true\ndraft: false",
            1,
            "error",
            "`draft` says two different things of who may see this post",
        ),
        (
            "publishDate: bald",
            1,
            "error",
            "`bald` is not a date, so it is not known whether the post is to be public now",
        ),
    ] {
        let site = Site::new(&[
            ("site.yaml", "base_url: https://e.example\n"),
            ("posts/a.md", &post(line)),
            ("pages/b.md", &post(line)),
            ("posts/2020-01-01-c.md", "---\ntitle: 丙\n---\n公开。\n"),
        ]);
        let report = site.build(status);
        let held: Vec<&serde_json::Value> =
            report.iter().filter(|found| found["type"] == "held").collect();
        assert_eq!(held.len(), 2, "{line}: {report:#?}");
        assert!(
            held.iter().all(|held| held["reason"] == reason && held["message"] == message),
            "{line}: {held:#?}"
        );
        for words in [SECRET, "秘密之题", "秘密之签", "abc123"] {
            assert_eq!(holding(&site, words), Vec::<String>::new(), "{line}");
        }
        let shown = site.run("build", &["-v"]);
        assert!(
            !text(&shown.stderr).contains("abc123") && !text(&shown.stdout).contains("abc123"),
            "{}",
            text(&shown.stderr)
        );
        assert!(
            !report.iter().any(|line| line.to_string().contains("abc123")),
            "a password is not for the report: {report:#?}"
        );
        // Those who only look see it too.
        for command in ["list", "check"] {
            let output = site.run(command, &[]);
            let said = text(&output.stdout);
            assert!(said.contains("held back (2):\n  pages/b.md  "), "{line} {command}: {said}");
            assert!(
                status != 0
                    || message.is_empty()
                    || said.contains(&format!("posts/a.md  {reason} (`{message}`)\n")),
                "{said}"
            );
            let lines = json_lines(&site.run(command, &["--format", "json"]).stdout);
            assert_eq!(
                lines.iter().filter(|found| found["type"] == "held").count(),
                2,
                "{line} {command}"
            );
        }
        // Drafts are shown on request, and nothing else is.
        let drafts = site.run("build", &["-D", "-q"]);
        assert_eq!(
            !holding(&site, SECRET).is_empty(),
            reason == "draft",
            "{line}: {}",
            text(&drafts.stderr)
        );
        site.run("build", &["-F", "-q"]);
        assert_eq!(!holding(&site, SECRET).is_empty(), reason == "future date", "{line}");
    }
}

#[test]
fn folders_for_drafts_hold_drafts() {
    let site = Site::new(&[
        ("posts/_drafts/a.md", &post("")),
        ("posts/深/drafts/b.md", &post("slug: b")),
        ("posts/drafts.md", "---\ntitle: 丙\ndate: 2023-01-01\n---\n公开。\n"),
    ]);
    let held: Vec<String> = site
        .build(0)
        .iter()
        .filter(|found| found["type"] == "held")
        .map(|held| held["path"].to_string())
        .collect();
    assert_eq!(held, ["\"posts/_drafts/a.md\"", "\"posts/深/drafts/b.md\""]);
    assert_eq!(holding(&site, SECRET), Vec::<String>::new());
}

#[test]
fn what_is_unlisted_has_a_page_and_nothing_leads_there() {
    for line in [
        "unlisted: true",
        "hidden: true",
        "listed: false",
        "status: hidden",
        "build: {list: never}",
        "article: false",
        "exclude: true",
    ] {
        let others: Vec<(String, String)> = (1..=3)
            .map(|day| {
                let front_matter = format!(
                    "title: 公开之题 {day}\nauthor: 甲\ntags: [签]\nfrom: https://a.example/{day}"
                );
                (
                    format!("posts/2023-01-0{day}-o{day}.md"),
                    format!("---\n{front_matter}\n---\n公开。\n"),
                )
            })
            .collect();
        let site = Site::new(&[("site.yaml", "base_url: https://e.example\n")]);
        for (path, text) in &others {
            site.write(path, text);
        }
        site.build(0);
        let without = site.tree();
        // In the midst of the others, of their author, tag and source; and one without a date.
        let unlisted = post(line)
            .replace("2023-01-01", "2023-01-02")
            .replace("[秘密之签]", "[秘密之签, 签]\nauthor: 甲");
        site.write("posts/x.md", &unlisted);
        site.write("posts/y.md", unlisted.replace("date: 2023-01-02\n", ""));
        site.write("pages/z.md", post(line));
        let report = site.build(0);
        assert_eq!(diagnostics(&report, "unlisted").len(), 3, "{line}: {report:#?}");
        let mut with = site.tree();
        for page in ["2023/01/02/x/index.html", "y/index.html", "z/index.html"] {
            let html = text(&with.remove(page).unwrap_or_else(|| panic!("{line}: {page}")));
            assert!(
                html.contains("<meta name=\"robots\" content=\"noindex\">")
                    && html.contains(SECRET),
                "{line}: {html}"
            );
            assert!(
                !html.contains("公开之题"),
                "nothing leads from it to its neighbours, so that none can be guessed: {line}: {html}"
            );
        }
        for (file, bytes) in &with {
            assert_eq!(text(bytes), text(&without[file]), "{line}: {file}");
        }
        assert_eq!(with.len(), without.len(), "{line}");

        let listed = json_lines(&site.run("list", &["--format", "json"]).stdout);
        let flags: Vec<(&str, bool)> = listed
            .iter()
            .filter(|found| found["type"] == "post")
            .map(|post| {
                (
                    post["source"].as_str().expect("text"),
                    post["unlisted"].as_bool().expect("a switch"),
                )
            })
            .collect();
        assert_eq!(
            flags
                .iter()
                .filter(|(_, unlisted)| *unlisted)
                .map(|(path, _)| *path)
                .collect::<Vec<_>>(),
            ["posts/x.md", "posts/y.md"]
        );
        assert!(
            text(&site.run("list", &[]).stdout).contains("秘密之题  /2023/01/02/x/  (unlisted)")
        );
        assert_eq!(site.run("check", &["-q"]).status.code(), Some(0));

        // Back in the lists, as if it had always been there.
        site.write("posts/x.md", unlisted.replace(line, "other: 1"));
        site.build(0);
        let again = site.tree();
        assert!(
            text(&again["index.html"]).contains("秘密之题")
                && text(&again["2023/01/02/x/index.html"]).contains("公开之题")
        );
        site.run("build", &["--fresh", "-q"]);
        assert!(site.tree() == again, "{line}");
    }
}

/// On purpose, with one key; the dates and the keys of sitegen's own count as ever.
#[test]
fn public_true_publishes() {
    for (line, is_public) in [
        ("password: abc123\npublic: true", true),
        ("status: private\npublic: yes", true),
        ("visibility: members\nPublic: true", true),
        ("hidden: maybe\npublic: true", true),
        ("draft: true\npublic: true", false),
        ("published: false\npublic: true", false),
        ("publishDate: 2099-01-01\npublic: true", false),
        ("public: false", false),
    ] {
        let site = Site::new(&[("posts/a.md", &post(line))]);
        site.build(0);
        assert_eq!(holding(&site, SECRET).contains(&"index.html".to_owned()), is_public, "{line}");
        assert!(holding(&site, "abc123").is_empty(), "{line}");
    }
    let site = Site::new(&[("posts/a.md", &post("unlisted: true\npublic: true"))]);
    site.build(0);
    assert!(holding(&site, "秘密之题").contains(&"index.html".to_owned()));
}

/// With the ledger of a build before the moment, as without it.
#[test]
fn the_clock_publishes_and_ends() {
    let site = Site::new(&[
        ("site.yaml", "base_url: https://e.example\n"),
        ("posts/a.md", &post("slug: from\npublishDate: 2023-06-01")),
        ("posts/b.md", &post("slug: until\nexpiryDate: 2023-07-01")),
        ("posts/c.md", "---\ntitle: 丙\nstatus: future\ndate: 2023-06-15\n---\n文。\n"),
    ]);
    let build = |seconds: &str, fresh: bool| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sitegen"));
        command
            .args(["build", "-q", "-s"])
            .arg(site.path())
            .env("SOURCE_DATE_EPOCH", seconds)
            .env("LC_ALL", "C");
        let output = if fresh { command.arg("--fresh") } else { &mut command }
            .output()
            .expect("the program runs");
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        ["2023/01/01/from", "2023/01/01/until", "2023/06/15/c"]
            .map(|page| site.exists(&format!("{page}/index.html")))
    };
    // May, early June, late June and July 2023, and May again.
    for (seconds, there) in [
        ("1684000000", [false, true, false]),
        ("1686000000", [true, true, false]),
        ("1687500000", [true, true, true]),
        ("1689000000", [true, false, true]),
        ("1684000000", [false, true, false]),
    ] {
        assert_eq!(build(seconds, false), there, "{seconds}");
        let tree = site.tree();
        assert_eq!(build(seconds, false), there, "{seconds}, again");
        assert_eq!(build(seconds, true), there, "{seconds}, fresh");
        assert!(site.tree() == tree, "{seconds}");
    }
}

/// Keys that only look as if they hid something, and words that are no switch.
#[test]
fn keys_in_chinese_and_words_that_are_no_switch_hold_back() {
    let held = [
        "密码: abc",
        "私密: true",
        "草稿: true",
        "pwd: x",
        "publish: never",
        "dg-publish: 也许",
        "visible: PRIVATE",
        "is_public: no",
        "post_password: x",
    ];
    let public = [
        "publish: 2020-01-01",
        "status: 连载中",
        "密码: ''",
        "私密: false",
        "article: 题",
        "publish: 某出版社",
        "public: 量子位",
        "expiryDate: 9999-12-31",
        "publish_date: 2019-01",
    ];
    let site = Site::new(&[("site.yaml", "base_url: https://example.org\n")]);
    for (n, key) in held.iter().chain(&public).enumerate() {
        site.write(
            &format!("posts/2020-01-{:02}-p.md", n + 1),
            format!("---\ntitle: 题{n}\n{key}\n---\n正文{n}。\n"),
        );
    }
    let report = site.build(1);
    let posts = report.last().expect("a summary")["posts"].as_u64().expect("a number");
    assert_eq!(usize::try_from(posts).expect("small"), public.len(), "{report:?}");
}

/// Front matter that is not recognised is no text to publish, if it hid the post.
#[test]
fn what_is_no_front_matter_hides_too() {
    let held = [
        "abbrlink: 4e5\ntitle: 秘密之题\ndate: 2023-01-01\npassword: abc123\n---\n",
        "sticky: 1\ntitle: 秘密之题\npassword: abc123\n---\n",
        "# 注释\ntitle: 秘密之题\npassword: abc123\n---\n",
        "title: 秘密之题\nhttps://a.example/x\nprivate: true\n---\n",
        "published: false\n---\n",
        "Title: 秘密之题\nDate: 2023-01-01\nStatus: draft\n",
        "Author: 某人\n密码: abc123\nCategory: x\n\n",
        "---toml\ndraft = true\n---\n",
        "---json\n{\"draft\":true}\n---\n",
        // In comments.
        "<!-- draft: true -->\n",
        "<!--\ntitle: 秘密之题\n\ndraft: true\n-->\n",
        "<!---\n---\ntitle: 秘密之题\nstatus: private\n---\n-->\n",
        "<!-- 某程序写的 -->\n\n---\ntitle: 秘密之题\ndraft: true\n---\n",
        "<!-- title: 秘密之题 -->\n<!-- private: true -->\n",
        "<!-- {\"draft\": true} -->\n",
        "[//]: # (draft: true)\n",
        "%% published: false %%\n",
        // Before their time.
        "published: 2099-01-01\n---\n",
        "title: 秘密之题\nhttps://a.example/x\npublishDate: 2099-01-01\n---\n",
        "<!-- publish_date: 2099-01-01 -->\n",
        "<!-- expiryDate: 2020-01-01 -->\n",
    ];
    let site = Site::new(&[("site.yaml", "base_url: https://e.example\n")]);
    for (n, beginning) in held.iter().enumerate() {
        site.write(&format!("posts/2020-01-{:02}-h.md", n + 1), format!("{beginning}{SECRET}。\n"));
        site.write(&format!("pages/p{n}.md"), format!("{beginning}{SECRET}。\n"));
    }
    site.write("posts/2020-02-01-p.md", format!("---\n---\n{}公开。\n", held[4]));
    for (n, beginning) in [
        "<!-- 草稿写于 2020 年 -->\n",
        "<!-- title: 公开 -->\n\n正文里说 draft: true 是草稿。\n",
        "<!-- published: 2020-01-01 -->\n",
        "<!-- draft: false -->\n",
        "<!-- date: 2099-01-01 -->\n",
        "题目\n\n<!-- draft: true -->\n",
        "<!-- more -->\n```yaml\ndraft: true\n```\n",
    ]
    .iter()
    .enumerate()
    {
        site.write(&format!("posts/2020-03-{:02}-p.md", n + 1), format!("{beginning}公开。\n"));
    }
    site.write("posts/2020-02-02-q.md", "状态：一切都好，没有什么要藏的。\n\n公开。\n");
    let report = site.build(1);
    assert_eq!(diagnostics(&report, "hidden-elsewhere").len(), 2 * held.len(), "{report:#?}");
    assert_eq!(
        report.iter().filter(|found| found["type"] == "held" && found["reason"] == "error").count(),
        2 * held.len()
    );
    for words in [SECRET, "秘密之题", "abc123"] {
        assert_eq!(holding(&site, words), Vec::<String>::new());
    }
    assert!(!report.iter().any(|line| line.to_string().contains("abc123")), "{report:#?}");
    assert!(site.exists("2020/02/01/p/index.html") && site.exists("2020/02/02/q/index.html"));
}

/// A time in such lines ends with the clock, with a ledger too; the post's own date counts where
/// the site holds the future back.
#[test]
fn the_clock_ends_what_no_front_matter_says() {
    let site = Site::new(&[
        ("site.yaml", "base_url: https://e.example\nfuture: hold\npermalink: /:title/\n"),
        ("posts/2023-01-01-a.md", "<!-- published: 2023-06-01 -->\n文。\n"),
        (
            "posts/2023-01-01-b.md",
            "sticky: 1\ntitle: 乙\ndate: 2023-06-01\nhttps://a.example/x\n---\n文。\n",
        ),
    ]);
    for (seconds, is_there) in [("1684000000", false), ("1686000000", true), ("1684000000", false)]
    {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sitegen"));
        command
            .args(["build", "-q", "--allow-removal", "-s"])
            .arg(site.path())
            .env("SOURCE_DATE_EPOCH", seconds)
            .env("LC_ALL", "C");
        let output = command.output().expect("the program runs");
        assert_eq!(output.status.code(), Some(i32::from(!is_there)), "{}", text(&output.stderr));
        assert_eq!(
            ["a", "b"].map(|page| site.exists(&format!("{page}/index.html"))),
            [is_there, is_there],
            "{seconds}"
        );
    }
}
