//! Keywords: tags of posts that have none, the cache of them, and `sitegen tags suggest`.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::{Site, diagnostics, json_lines, shared, sitegen, text};

const DIGGER: &str =
    "挖掘机开进了老城。挖掘机的司机说，老城的城墙下埋着瓷片，考古队员要先看过瓷片。";
const BAKER: &str = "面包师傅揉面团。酵母让面团发起来，烤箱里的面包香气四溢，面包师傅尝了面包。";

fn site(keywords: &str) -> Site {
    Site::new(&[
        ("site.yaml", &format!("title: 站\nbase_url: https://example.org\n{keywords}")),
        ("posts/2023-04-11-甲.md", &format!("---\ntitle: 老城\n---\n{DIGGER}\n")),
        ("posts/2023-04-12-乙.md", &format!("---\ntitle: 面包\ntags: [烘焙]\n---\n{BAKER}\n")),
        (
            "posts/2023-04-13-丙.md",
            &format!(
                "---\ntitle: 早点\ntags:\n---\n{BAKER}\n\n```\n代码代码代码\n```\n\n见 https://example.com/oven 。\n"
            ),
        ),
        ("pages/about.md", &format!("---\ntitle: 关于\n---\n{DIGGER}\n")),
    ])
}

fn list(site: &Site) -> BTreeMap<String, Value> {
    let posts = json_lines(&site.run("list", &["--format", "json"]).stdout);
    posts
        .into_iter()
        .filter(|line| line["type"] == "post")
        .map(|post| (post["title"].as_str().expect("a title").to_owned(), post["tags"].clone()))
        .collect()
}

/// Runs `sitegen tags suggest`; the exit status must be `status`.
fn suggest(site: &Site, args: &[&str], status: i32) -> Vec<Value> {
    let path = site.path().to_str().expect("UTF-8");
    let output = sitegen(&[&["tags", "suggest", "-s", path, "--format", "json"], args].concat());
    assert_eq!(
        output.status.code(),
        Some(status),
        "{}",
        text(&output.stdout) + &text(&output.stderr)
    );
    json_lines(&output.stdout)
}

fn cache(site: &Site) -> Option<String> {
    std::fs::read_to_string(site.path().join(".sitegen/keywords")).ok()
}

/// `GPT` in one text and `gpt` in another are one tag, whether it is found in every build or
/// written once.
#[test]
fn tags_of_one_word_are_spelt_alike() {
    let texts = [
        "作者使用GPT写代码，GPT接口与GPT参数，人工智能研究。",
        "作者使用gpt写代码，gpt接口与gpt参数，人工智能研究。",
    ];
    let site = Site::new(&[("site.yaml", "base_url: https://example.org\nkeywords: auto\n")]);
    for (n, text) in texts.iter().cycle().take(5).enumerate() {
        site.write(
            &format!("posts/2023-04-1{n}-p.md"),
            format!("---\ntitle: 题{n}\n---\n{text}\n"),
        );
    }
    assert!(diagnostics(&site.build(0), "terms-alike").is_empty());
    suggest(&site, &["--write"], 0);
    site.write("site.yaml", "base_url: https://example.org\n");
    assert!(diagnostics(&site.build(0), "terms-alike").is_empty());
    assert!(site.exists("tags/GPT/index.html") && !site.exists("tags/gpt/index.html"));
}

/// `../shared/cases/keywords_jieba.json`: what Python's jieba gave two articles of one archive.
/// Only the first article is in the corpus.
#[test]
fn an_archives_own_tags_are_found_again() {
    let (Some(cases), Some(seed)) = (shared("cases/keywords_jieba.json"), shared("corpus/seed"))
    else {
        return;
    };
    let cases: Vec<Value> = serde_json::from_str(&std::fs::read_to_string(cases).unwrap()).unwrap();
    let mut tested = 0;
    for case in &cases {
        let title = case["title"].as_str().unwrap();
        let files = std::fs::read_dir(&seed).unwrap().map(|entry| entry.unwrap().path());
        let Some(file) = files.into_iter().find(|path| path.to_string_lossy().contains(title))
        else {
            println!("skipped: the article {title} is not in the shared archives");
            continue;
        };
        let article = std::fs::read_to_string(file).unwrap();
        let untagged: String =
            article.split_inclusive('\n').filter(|line| !line.starts_with("tags:")).collect();
        let site = Site::new(&[
            ("site.yaml", "keywords: auto\n"),
            ("posts/2020-01-01-a.md", &article),
            ("posts/2020-01-02-b.md", &untagged),
        ]);
        let found = &suggest(&site, &["posts/2020-01-01-a.md"], 0)[0]["tags"];
        assert_eq!(found, &case["expected_top5"], "{title}");
        // `auto` leaves the post without tags with the very tags of the other.
        for post in json_lines(&site.run("list", &["--format", "json"]).stdout)
            .iter()
            .filter(|line| line["type"] == "post")
        {
            assert_eq!(post["tags"], case["expected_top5"]);
        }
        tested += 1;
    }
    assert!(tested > 0, "the seed article is in the corpus");
}

#[test]
fn posts_without_tags_get_some() {
    let off = site("");
    off.build(0);
    assert!(
        off.exists("tags/烘焙/index.html")
            && !off.exists("tags/面包/index.html")
            && cache(&off).is_none()
    );
    assert_eq!(list(&off)["老城"], serde_json::json!([]));

    let auto = site("keywords: {mode: auto, count: 3}\n");
    auto.build(0);
    let tags = list(&auto);
    assert_eq!(tags["老城"], serde_json::json!(["老城", "瓷片", "挖掘机"]));
    assert_eq!(tags["面包"], serde_json::json!(["烘焙"]));
    assert_eq!(tags["早点"], serde_json::json!(["面包师傅", "面团", "面包"]));
    assert!(auto.read("tags/挖掘机/index.html").contains("/2023/04/11/"));
    assert!(
        auto.exists("tags/挖掘机/rss.xml")
            && !auto.read("about/index.html").contains("tags/挖掘机")
    );
}

/// What the cache holds changes the time of a build and nothing else.
#[test]
fn with_and_without_the_cache() {
    let site = site("keywords: auto\n");
    list(&site);
    site.run("build", &["-n"]);
    suggest(&site, &[], 0);
    assert!(cache(&site).is_none(), "only a build writes it");

    site.build(0);
    let (cold, kept) = (site.tree(), cache(&site).expect("written"));
    assert_eq!(kept.lines().count(), 3);
    site.build(0);
    assert_eq!((site.tree(), cache(&site).unwrap()), (cold.clone(), kept.clone()));
    site.run("build", &["--fresh"]);
    assert_eq!((site.tree(), cache(&site).unwrap()), (cold.clone(), kept.clone()));
    // One that was changed by others is not believed, and mended.
    site.write(".sitegen/keywords", kept.replace("挖掘机", "挖土机"));
    site.remove(".sitegen/ledger");
    let report = site.build(0);
    assert_eq!(diagnostics(&report, "keywords-cache"), ["note .sitegen/keywords"]);
    assert_eq!((site.tree(), cache(&site).unwrap()), (cold.clone(), kept.clone()));
    std::fs::remove_dir_all(site.path().join(".sitegen")).unwrap();
    site.build(0);
    assert_eq!((site.tree(), cache(&site).unwrap()), (cold, kept));
    // Posts that are gone, or have tags now, leave.
    site.remove("posts/2023-04-13-丙.md");
    site.build(0);
    assert_eq!(cache(&site).unwrap().lines().count(), 2);
    assert!(!site.tree().keys().any(|file| file.contains("sitegen")), "it is not published");
    let into = site.path().join(".sitegen");
    assert_eq!(site.run("build", &["-o", into.to_str().unwrap()]).status.code(), Some(2));
}

/// A cache that cannot be written costs time, and no build.
#[test]
fn a_cache_that_cannot_be_kept() {
    let site = site("keywords: auto\n");
    site.write(".sitegen", "a file stands here");
    let report = site.build(0);
    assert_eq!(
        diagnostics(&report, "keywords-cache"),
        ["note .sitegen/keywords", "note .sitegen/keywords"]
    );
    assert!(site.exists("tags/挖掘机/index.html"));
    let strict = site.run("build", &["--strict"]);
    assert_eq!(strict.status.code(), Some(0), "{}", text(&strict.stderr));
}

#[test]
fn words_of_the_keepers_own() {
    let site = site("keywords:\n  mode: auto\n  count: 9\n  dictionary: words.txt\n");
    let said = |site: &Site| {
        let output = site.run("build", &["--color", "never"]);
        assert_eq!(output.status.code(), Some(2));
        text(&output.stderr)
    };
    let missing = said(&site);
    assert!(
        missing.contains("site.yaml:6:15") && missing.contains("there is no such file"),
        "{missing}"
    );
    site.write("words.txt", "考古队员\n瓷片 many!\n");
    assert!(said(&site).contains("words.txt:2:4"));
    site.write("words.txt", "考古队员 1000\n");
    site.build(0);
    assert!(list(&site)["老城"].as_array().unwrap().contains(&Value::from("考古队员")));
    let kept = cache(&site).unwrap();
    site.write("words.txt", "城墙下埋着瓷片\n");
    site.build(0);
    assert_ne!(cache(&site).unwrap(), kept, "other words, other keys");
    site.write("site.yaml", "keywords: auto\ntaxonomies: {tags: false}\n");
    assert!(said(&site).contains("site.yaml:1:11"));
    assert_eq!(
        sitegen(&["tags", "suggest", "-s", site.path().to_str().unwrap()]).status.code(),
        Some(2)
    );
}

#[test]
fn suggestions_are_printed() {
    let site = site("");
    let path = site.path().to_str().expect("UTF-8");
    let output = sitegen(&["tags", "suggest", "-s", path, "--count", "2"]);
    assert_eq!(
        text(&output.stdout),
        "posts/2023-04-11-甲.md\t老城, 瓷片\nposts/2023-04-13-丙.md\t面包师傅, 面团\n"
    );
    assert_eq!(output.status.code(), Some(0));
    // Named posts, with tags or without, from the site's folder or any other.
    let absolute = site.path().join("posts/2023-04-12-乙.md");
    let lines = suggest(
        &site,
        &[
            "posts/2023-04-12-乙.md",
            absolute.to_str().unwrap(),
            "./posts/../posts/2023-04-11-甲.md",
        ],
        0,
    );
    let sources: Vec<&str> = lines.iter().map(|line| line["source"].as_str().unwrap()).collect();
    assert_eq!(sources, ["posts/2023-04-12-乙.md", "posts/2023-04-11-甲.md"]);
    assert_eq!(lines[0]["type"], "suggestion");
    assert_eq!(
        (lines[0]["tags"][0].as_str(), lines[0]["written"].as_bool()),
        (Some("面包师傅"), Some(false))
    );
    for wrong in [
        &["posts/nothing.md"][..],
        &["pages/about.md"],
        &["/etc/hosts"],
        &["posts"],
        &["--count", "0"],
        &["--count", "51"],
    ] {
        let output = sitegen(&[&["tags", "suggest", "-s", path], wrong].concat());
        assert_eq!(
            (output.status.code(), text(&output.stdout).as_str()),
            (Some(2), ""),
            "{wrong:?}"
        );
    }
    assert!(text(&sitegen(&["tags", "suggest", "--help"]).stdout).contains("--write"));
}

#[test]
fn suggestions_are_written() {
    let before = site("keywords: auto\n");
    before.write(
        "posts/2023-04-14-丁.md",
        format!("\u{FEFF}---\r\ntitle: 丁  \r\n# 注\r\ntag: []\t# 空\r\n---\r\n{DIGGER}\r\n  \r\n"),
    );
    before.write("posts/2023-04-15-戊.html", format!("---\ntitle: 戊\n---\n<p>{BAKER}</p>\n"));
    before.write(
        "posts/2023-04-16-己.html",
        format!("<!doctype html><title>己</title><p>{BAKER}</p>\n"),
    );
    before.write("posts/2023-04-17-庚.md", format!("# 庚\n\n{DIGGER}"));
    before.write("posts/2023-04-18-辛.md", "---\ntitle: 辛\n---\n");
    before.remove("posts/2023-04-16-己.html");
    before.build(0);
    let auto = before.tree();

    before.write("posts/2023-04-19-稿.md", format!("---\ndraft: true\n---\n{DIGGER}\n"));
    before.write(
        "posts/2023-04-16-己.html",
        format!("<!doctype html><title>己</title><p>{BAKER}</p>\n"),
    );
    let lines = suggest(&before, &["--write"], 0);
    let written = |name: &str| {
        lines
            .iter()
            .find(|line| line["source"] == format!("posts/2023-04-{name}"))
            .map(|line| line["written"] == true)
    };
    for (name, expected) in [
        ("11-甲.md", true),
        ("13-丙.md", true),
        ("14-丁.md", true),
        ("15-戊.html", true),
        ("16-己.html", false),
        ("17-庚.md", true),
        ("18-辛.md", false),
    ] {
        assert_eq!(written(name), Some(expected), "{name}");
    }
    assert_eq!((written("12-乙.md"), written("19-稿.md")), (None, None));
    assert_eq!(diagnostics(&lines, "tags-not-written"), ["warning posts/2023-04-16-己.html"]);
    assert_eq!(diagnostics(&lines, "tags-not-suggested"), ["warning posts/2023-04-18-辛.md"]);
    let read =
        |name: &str| std::fs::read_to_string(before.path().join("posts").join(name)).unwrap();
    let tags = "[瓷片, 挖掘机, 老城, 开进, 队员]";
    assert_eq!(
        read("2023-04-14-丁.md"),
        format!(
            "\u{FEFF}---\r\ntitle: 丁  \r\n# 注\r\ntag: {tags}\t# 空\r\n---\r\n{DIGGER}\r\n  \r\n"
        )
    );
    assert_eq!(read("2023-04-17-庚.md"), format!("---\ntags: {tags}\n---\n\n# 庚\n\n{DIGGER}"));
    assert_eq!(read("2023-04-12-乙.md"), format!("---\ntitle: 面包\ntags: [烘焙]\n---\n{BAKER}\n"));

    // Written tags make the site that `keywords: auto` made.
    before.remove("posts/2023-04-16-己.html");
    before.remove("posts/2023-04-19-稿.md");
    before.write("site.yaml", "title: 站\nbase_url: https://example.org\n");
    before.build(0);
    assert!(before.tree() == auto);
    // Nothing is left to do, and what has tags keeps them.
    assert!(
        suggest(&before, &["--write"], 0)
            .iter()
            .all(|line| line["source"] == "posts/2023-04-18-辛.md" || line["type"] == "diagnostic")
    );
    let named = suggest(&before, &["--write", "posts/2023-04-12-乙.md"], 0);
    assert_eq!(
        (named[0]["written"].as_bool(), diagnostics(&named, "tags-not-written").len()),
        (Some(false), 1)
    );
    assert_eq!(read("2023-04-12-乙.md"), format!("---\ntitle: 面包\ntags: [烘焙]\n---\n{BAKER}\n"));
}

/// Content that is wrong is exit status 1; the other posts are done.
#[test]
fn posts_that_cannot_be_read_or_edited() {
    let site = site("");
    site.write("posts/2023-05-01-坏.md", "---\ntitle: 坏\n");
    site.write("posts/2023-05-02-隐.md", format!("---\npublished: false\n---\n{DIGGER}\n"));
    let lines = suggest(&site, &["--write"], 1);
    assert_eq!(diagnostics(&lines, "front-matter"), ["error posts/2023-05-01-坏.md:1:1"]);
    assert_eq!(lines.iter().filter(|line| line["written"] == true).count(), 2);
    let lines = suggest(&site, &["posts/2023-05-02-隐.md"], 0);
    assert_eq!(diagnostics(&lines, "tags-not-suggested").len(), 1);
    // Written into its own key where the taxonomy reads another one.
    site.remove("posts/2023-05-01-坏.md");
    site.write("site.yaml", "taxonomies: {tags: {keys: [标签]}}\n");
    site.write("posts/2023-05-03-新.md", format!("---\ntitle: 新\ntags: [不算]\n---\n{DIGGER}\n"));
    suggest(&site, &["--write", "--count", "1"], 0);
    let new = std::fs::read_to_string(site.path().join("posts/2023-05-03-新.md")).unwrap();
    assert_eq!(new, format!("---\ntitle: 新\ntags: [不算]\n标签: [瓷片]\n---\n{DIGGER}\n"));
}

/// For people: standard output names what was done, standard error why the rest was not.
#[test]
fn what_was_written_is_said() {
    let site = site("");
    site.write(
        "posts/2023-04-16-己.html",
        format!("<!doctype html><title>己</title><p>{BAKER}</p>\n"),
    );
    site.write("posts/2023-04-18-辛.md", "---\ntitle: 辛\n---\n");
    let path = site.path().to_str().expect("UTF-8");
    let shown = sitegen(&["tags", "suggest", "-s", path, "--count", "1"]);
    let listed = "posts/2023-04-11-甲.md\t老城\nposts/2023-04-13-丙.md\t面包师傅\n";
    assert_eq!(text(&shown.stdout), format!("{listed}posts/2023-04-16-己.html\t面包师傅\n"));
    assert!(
        text(&shown.stderr).contains("no word of the post makes a tag")
            && text(&shown.stderr).contains("辛.md")
    );
    assert!(!text(&shown.stderr).contains("left alone"));
    let written = sitegen(&["tags", "suggest", "-s", path, "--count", "1", "--write"]);
    let said = text(&written.stderr);
    assert_eq!((text(&written.stdout).as_str(), written.status.code()), (listed, Some(0)));
    assert!(
        said.contains("an HTML file without front matter")
            && said.contains("己.html")
            && said.contains("辛.md"),
        "{said}"
    );
    assert!(said.ends_with("tags written into 2 posts, 2 left alone\n"), "{said}");
    let quiet = sitegen(&["tags", "suggest", "-s", path, "--write", "-q"]);
    assert_eq!((text(&quiet.stdout), text(&quiet.stderr)), (String::new(), String::new()));
}

/// `tags suggest --write | head -1`: whoever reads along goes away, and the posts are written all
/// the same.
#[test]
fn writing_goes_on_when_nobody_listens() {
    for (format, broken) in [("human", false), ("json", true)] {
        let site = Site::new(&[("site.yaml", "title: 站\n")]);
        let posts: Vec<String> =
            (1..=30).map(|day| format!("posts/2023-04-{day:02}-a.md")).collect();
        for post in &posts {
            site.write(post, format!("---\ntitle: 老城\n---\n{DIGGER}\n"));
        }
        if broken {
            site.write("posts/2023-05-01-坏.md", "---\ntitle: 坏\n");
        }
        let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_sitegen"))
            .args([
                "tags",
                "suggest",
                "--write",
                "--format",
                format,
                "-s",
                site.path().to_str().expect("UTF-8"),
            ])
            .env("LC_ALL", "C")
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .expect("the program runs");
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("it ends");
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(i32::from(broken)), "{said}");
        assert!(
            said.contains(if broken {
                "never closed"
            } else {
                "tags written into 30 posts, 0 left alone"
            }),
            "{said}"
        );
        for post in &posts {
            let new = std::fs::read_to_string(site.path().join(post)).unwrap();
            assert!(new.contains("\ntags: ["), "{post}: {new}");
        }
    }
}

/// Runs the program as somebody whom permissions bind: as root, it is run as `nobody`.
#[cfg(unix)]
fn bound(args: &[&str], site: &Site) -> Option<std::process::Output> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_sitegen"));
    command.args(args).env("LC_ALL", "C").current_dir(site.path());
    if std::fs::metadata("/proc/self").map_or(0, |metadata| metadata.uid()) == 0 {
        const NOBODY: u32 = 65_534;
        for entry in walkdir::WalkDir::new(site.path()) {
            chown(entry.expect("readable").path(), Some(NOBODY), None).ok()?;
        }
        std::fs::set_permissions(site.path(), std::fs::Permissions::from_mode(0o755)).ok()?;
        std::os::unix::process::CommandExt::uid(&mut command, NOBODY);
    }
    let output = command.output().ok();
    if output.is_none() {
        println!("skipped: the program cannot be run as another user here");
    }
    output
}

/// One post that cannot be read and one that cannot be written are errors of theirs, and of nobody
/// else.
#[cfg(unix)]
#[test]
fn a_post_that_cannot_be_had_stops_no_other() {
    use std::os::unix::fs::PermissionsExt;
    let site = site("");
    site.write("posts/a/2023-03-01-锁.md", format!("---\ntitle: 锁\n---\n{DIGGER}\n"));
    site.write("posts/2023-03-02-密.md", format!("---\ntitle: 密\n---\n{DIGGER}\n"));
    site.write("posts/2023-03-03-读.md", format!("---\ntitle: 读\n---\n{DIGGER}\n"));
    let set = |path: &str, mode| {
        std::fs::set_permissions(site.path().join(path), std::fs::Permissions::from_mode(mode))
            .unwrap();
    };
    set("posts/a", 0o555);
    set("posts/2023-03-02-密.md", 0o000);
    set("posts/2023-03-03-读.md", 0o444);
    let output = bound(&["tags", "suggest", "-s", ".", "--write", "--format", "json"], &site);
    set("posts/a", 0o755);
    let Some(output) = output else { return };
    let lines = json_lines(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{lines:?}");
    assert_eq!(diagnostics(&lines, "file-unreadable"), ["error posts/2023-03-02-密.md"]);
    assert_eq!(
        diagnostics(&lines, "tags-not-written"),
        ["error posts/2023-03-03-读.md", "error posts/a/2023-03-01-锁.md"]
    );
    let hint = |name: &str| {
        let of_post = |line: &&Value| {
            line["code"] == "tags-not-written"
                && line["path"].as_str().is_some_and(|path| path.ends_with(name))
        };
        lines.iter().find(of_post).map(|line| line["hint"].to_string()).unwrap()
    };
    assert!(hint("读.md").contains("make the file writable") && hint("锁.md").contains("folder"));
    assert_eq!(lines.iter().filter(|line| line["written"] == true).count(), 2);
    assert!(
        std::fs::read_to_string(site.path().join("posts/2023-04-13-丙.md"))
            .unwrap()
            .contains("tags: [")
    );
}

/// What lies outside the site is neither read nor written, wherever on the way the link stands.
#[cfg(unix)]
#[test]
fn links_lead_to_no_words_and_no_posts() {
    use std::os::unix::fs::symlink;
    let post = format!("---\ntitle: 外\n---\n{DIGGER}\n");
    let outside = Site::new(&[("p/2023-04-11-a.md", &post), ("words.txt", "考古队员\n")]);
    let site = Site::new(&[("site.yaml", "posts: c/p\n")]);
    symlink(outside.path(), site.path().join("c")).unwrap();
    let lines = suggest(&site, &["--write"], 2);
    assert_eq!(diagnostics(&lines, "config"), ["error site.yaml:1:8"]);
    assert_eq!(std::fs::read_to_string(outside.path().join("p/2023-04-11-a.md")).unwrap(), post);
    site.write("posts/2023-04-11-b.md", "乙");
    for (dictionary, place) in [("ln.txt", "site.yaml:3:15"), ("c/words.txt", "site.yaml:3:15")] {
        site.write("site.yaml", format!("keywords:\n  mode: auto\n  dictionary: {dictionary}\n"));
        let _ = symlink(outside.path().join("words.txt"), site.path().join("ln.txt"));
        let output = site.run("build", &["--color", "never"]);
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(place) && said.contains("is a symbolic link"), "{said}");
    }
    // The site's own folder may be a link.
    let link = site.path().join("itself");
    symlink(outside.path(), &link).unwrap();
    outside.write("site.yaml", "posts: p\nkeywords: {mode: auto, dictionary: words.txt}\n");
    let output = sitegen(&["tags", "suggest", "-s", link.to_str().unwrap(), "--write"]);
    assert_eq!(
        (output.status.code(), text(&output.stdout).lines().count()),
        (Some(0), 1),
        "{}",
        text(&output.stderr)
    );
}

/// Keys that only this program reads as keys become such that all do.
#[test]
fn empty_tags_of_any_spelling_are_filled() {
    let site = Site::new(&[("site.yaml", "title: 站\n")]);
    let posts = [
        ("posts/2023-04-11-a.md", "tags：\r\n", Some("tags: [瓷片]\r\n")),
        ("posts/2023-04-12-b.md", "tags:[]\n", Some("tags: [瓷片]\n")),
        ("posts/2023-04-13-c.md", "tags:\u{A0}\n", Some("tags: [瓷片]\n")),
        ("posts/2023-04-14-d.md", "tags: [甲]\ntags：\n", None),
    ];
    for (path, line, _) in posts {
        site.write(path, format!("---\ntitle: 地下 \n{line}---\n{DIGGER} \n"));
    }
    suggest(&site, &["--write", "--count", "1"], 1);
    for (path, line, new) in posts {
        let found = std::fs::read_to_string(site.path().join(path)).unwrap();
        assert_eq!(found, format!("---\ntitle: 地下 \n{}---\n{DIGGER} \n", new.unwrap_or(line)));
    }
}
