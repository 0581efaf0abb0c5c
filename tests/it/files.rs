//! Files and folders as disks have them: whatever cannot be read or written costs itself, under its
//! own name, and nothing that is not the program's is touched.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_types,
    reason = "tests stand outside; what the disk refuses fails them"
)]

use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::Path;
use std::process::{Command, Output};
use std::time::Duration;

use crate::{Site, diagnostics, json_lines, text, tree};

/// A folder of the site: where it is, what a file of it is called, and what the file holds.
struct Room {
    folder: &'static str,
    name: &'static str,
    holds: &'static str,
    is_text: bool,
}

const fn room(
    folder: &'static str,
    name: &'static str,
    holds: &'static str,
    is_text: bool,
) -> Room {
    Room { folder, name, holds, is_text }
}

/// The table of the site's folders.
const ROOMS: [Room; 11] = [
    room("posts", "2020-02-02-x.md", "---\ntitle: 题\n---\n正文。\n", true),
    room("posts/深/处", "2020-02-03-x.md", "---\ntitle: 题\n---\n正文。\n", true),
    room("pages", "x.md", "---\ntitle: 页\n---\n一页。\n", true),
    room("static", "x.txt", "文", false),
    room("data", "x.yaml", "字: 文\n", true),
    room("includes", "x.md", "文", true),
    room("templates/layouts", "x.html", "文", true),
    room("assets", "x.css", "p{content:\"文\"}", false),
    room("i18n", "zh-Hans.yaml", "home: 文\n", true),
    room("themes/mine/templates/layouts", "x.html", "文", true),
    room("themes/mine/assets", "x.css.tera", "p{content:\"文\"}", true),
];

/// What is wrong with a file.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Trouble {
    None,
    Mark,
    Gb18030,
    Utf16,
    Link,
    Dangling,
    Loop,
    Pipe,
    Socket,
    Hidden,
    Backup,
    NotUtf8,
    Decomposed,
    Unreadable,
    ClosedFolder,
    Huge,
}

fn site() -> Site {
    let site = Site::new(&[
        (
            "site.yaml",
            "title: 站\nbase_url: https://example.org\ntheme: mine\nmarkdown: {liquid: true}\n",
        ),
        ("posts/2020-01-01-a.md", "---\ntitle: 好\n---\n正文。\n"),
        ("themes/mine/theme.yaml", "name: mine\n"),
    ]);
    for room in &ROOMS {
        std::fs::create_dir_all(site.path().join(room.folder)).unwrap();
    }
    site
}

/// Puts a file with a trouble into a room, and returns the path that the report is to name.
fn bring(site: &Site, room: &Room, trouble: Trouble) -> String {
    let put = |name: &str, bytes: &[u8]| {
        let path = format!("{}/{name}", room.folder);
        site.write(&path, bytes);
        path
    };
    let special =
        |name: &str| (format!("{}/{name}", room.folder), site.path().join(room.folder).join(name));
    match trouble {
        Trouble::None => put(room.name, room.holds.as_bytes()),
        Trouble::Mark => put(room.name, format!("\u{FEFF}{}", room.holds).as_bytes()),
        // 文 and 题 in GB18030.
        Trouble::Gb18030 => put(
            room.name,
            &room
                .holds
                .bytes()
                .take_while(u8::is_ascii)
                .chain(*b"\xCE\xC4\xCC\xE2\n")
                .collect::<Vec<u8>>(),
        ),
        Trouble::Utf16 => put(
            room.name,
            &[
                &[0xFF, 0xFE][..],
                &room.holds.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>(),
            ]
            .concat(),
        ),
        Trouble::Link => {
            site.write("elsewhere", room.holds);
            let (shown, path) = special(room.name);
            symlink(site.path().join("elsewhere"), path).unwrap();
            shown
        }
        Trouble::Dangling => {
            let (shown, path) = special(room.name);
            symlink("/nowhere/at/all", path).unwrap();
            shown
        }
        Trouble::Loop => {
            let (shown, path) = special(room.name);
            symlink(room.name, path).unwrap();
            shown
        }
        Trouble::Pipe => {
            let (shown, path) = special(room.name);
            assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
            shown
        }
        Trouble::Socket => {
            let (shown, path) = special(room.name);
            drop(std::os::unix::net::UnixListener::bind(path).unwrap());
            shown
        }
        Trouble::Hidden => put(&format!(".{}", room.name), room.holds.as_bytes()),
        Trouble::Backup => put(&format!("{}~", room.name), room.holds.as_bytes()),
        Trouble::NotUtf8 => {
            use std::os::unix::ffi::OsStrExt;
            let name = [b"\xCE\xC4-", room.name.as_bytes()].concat();
            std::fs::write(
                site.path().join(room.folder).join(std::ffi::OsStr::from_bytes(&name)),
                room.holds,
            )
            .unwrap();
            format!("{}/\u{FFFD}\u{FFFD}-{}", room.folder, room.name)
        }
        Trouble::Huge => {
            put(room.name, format!("{}{}", room.holds, " \n".repeat(9 << 20)).as_bytes())
        }
        Trouble::Decomposed => put(&room.name.replace('x', "cafe\u{301}"), room.holds.as_bytes()),
        Trouble::Unreadable => {
            let shown = put(room.name, room.holds.as_bytes());
            std::fs::set_permissions(
                site.path().join(&shown),
                std::fs::Permissions::from_mode(0o000),
            )
            .unwrap();
            shown
        }
        Trouble::ClosedFolder => {
            put(&format!("closed/{}", room.name), room.holds.as_bytes());
            let (shown, path) = special("closed");
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o000)).unwrap();
            shown
        }
    }
}

/// Runs the program as somebody whom permissions bind, as they do not bind root; none where that
/// cannot be done.
fn bound(site: &Site, args: &[&str]) -> Option<Output> {
    let probe = site.path().join("probe");
    std::fs::write(&probe, "").unwrap();
    std::fs::set_permissions(&probe, std::fs::Permissions::from_mode(0o000)).unwrap();
    let is_bound = std::fs::read(&probe).is_err();
    std::fs::remove_file(&probe).unwrap();
    let folder = site.path().to_str().unwrap();
    let args = [&[args[0], "-s", folder], &args[1..]].concat();
    if is_bound {
        return Some(crate::sitegen(&args));
    }
    // A copy, since the folder that the program lies in may be closed to others.
    let program = site.path().join("sitegen");
    if !program.exists() {
        std::fs::copy(env!("CARGO_BIN_EXE_sitegen"), &program).unwrap();
    }
    assert!(Command::new("chown").args(["-R", "65534:65534", folder]).status().unwrap().success());
    let mut command = Command::new("setpriv");
    command
        .args(["--reuid=65534", "--regid=65534", "--clear-groups"])
        .arg(program)
        .args(args)
        .env("LC_ALL", "C")
        .env("HOME", "/");
    let output = command.output().ok();
    if output.is_none() {
        println!("skipped: root is bound by no permissions, and there is no setpriv");
    }
    output
}

/// What the report says of a path, as `severity code`.
fn said(report: &[serde_json::Value], path: &str) -> Vec<String> {
    let of_path = report.iter().filter(|line| line["type"] == "diagnostic" && line["path"] == path);
    of_path
        .map(|line| {
            format!("{} {}", line["severity"].as_str().unwrap(), line["code"].as_str().unwrap())
        })
        .collect()
}

#[test]
fn every_trouble_is_told_in_every_folder() {
    let troubles = [
        (Trouble::None, 0, ""),
        (Trouble::Mark, 0, ""),
        (Trouble::Gb18030, 1, "error encoding"),
        (Trouble::Utf16, 1, "error encoding"),
        (Trouble::Link, 0, "warning file-skipped"),
        (Trouble::Dangling, 0, "warning file-skipped"),
        (Trouble::Loop, 0, "warning file-skipped"),
        (Trouble::Pipe, 0, "warning file-skipped"),
        (Trouble::Socket, 0, "warning file-skipped"),
        (Trouble::Hidden, 0, "note file-skipped"),
        (Trouble::Backup, 0, "note file-skipped"),
        (Trouble::NotUtf8, 1, "error file-skipped"),
        (Trouble::Decomposed, 0, ""),
        (Trouble::Unreadable, 1, "error file-unreadable"),
        (Trouble::ClosedFolder, 1, "error file-unreadable"),
    ];
    for (trouble, status, expected) in
        troubles.into_iter().chain([(Trouble::Huge, 1, "error file-size")])
    {
        let site = site();
        let paths: Vec<(String, bool)> =
            ROOMS.iter().map(|room| (bring(&site, room, trouble), room.is_text)).collect();
        let args = ["build", "--format", "json", "-v"];
        let needs_bounds = matches!(trouble, Trouble::Unreadable | Trouble::ClosedFolder);
        let output =
            if needs_bounds { bound(&site, &args) } else { Some(site.run(args[0], &args[1..])) };
        let Some(output) = output else { continue };
        assert_eq!(
            output.status.code(),
            Some(status),
            "{trouble:?}: {}{}",
            text(&output.stdout),
            text(&output.stderr)
        );
        let report = json_lines(&output.stdout);
        for (path, is_text) in paths {
            let is_copied = ["error encoding", "error file-size"].contains(&expected) && !is_text;
            let is_post = path.starts_with("posts") || path.starts_with("pages");
            let expected =
                if expected == "error file-size" && is_post { "error post-size" } else { expected };
            // It is published as it is, and browsers take it for UTF-8.
            let expected = if expected == "error encoding" && path.starts_with("assets") {
                "warning encoding"
            } else {
                expected
            };
            let is_silent = expected.is_empty() || (is_copied && expected != "warning encoding");
            let expected: &[&str] = if is_silent { &[] } else { &[expected] };
            assert_eq!(said(&report, &path), expected, "{trouble:?} {path}");
        }
        // The others are built.
        assert!(site.read("2020/01/01/a/index.html").contains("正文"), "{trouble:?}");
        // Said again, whatever was written down.
        let again =
            if needs_bounds { bound(&site, &args) } else { Some(site.run(args[0], &args[1..])) };
        let again = json_lines(&again.unwrap().stdout);
        assert_eq!(again[..again.len() - 1], report[..report.len() - 1], "{trouble:?}");
    }
}

/// What lies where it is looked for and says nothing to anybody.
#[test]
fn what_nothing_reads_is_told() {
    let site = site();
    for (path, text) in [
        ("i18n/sub/x.yaml", "home: 家"),
        ("i18n/xx.yaml", "home: 家"),
        ("i18n/zh-Hans.yaml", "home: 家"),
        ("i18n/en.yaml", "home: Home"),
        ("templates/unknown.html", "x"),
        ("templates/page.html", "{% include \"part.html\" %}{{ article.html }}"),
        ("templates/part.html", "x"),
        ("templates/layouts/essay.html", "{{ article.html }}"),
        ("themes/mine/i18n/de.yaml", "home: Heim"),
        ("themes/mine/templates/spare.html", "x"),
        ("data/two.yaml", "a: 1\n---\nb: 2\n"),
    ] {
        site.write(path, text);
    }
    // 文 in GB18030.
    for (path, text) in [
        ("static/_redirects", &b"/a/ /b/ 301 # \xCE\xC4\n"[..]),
        ("static/_headers", b"/a/\n  X: \xCE\xC4\n"),
    ] {
        site.write(path, text);
    }
    let told = |report: &[serde_json::Value], code: &str| diagnostics(report, code);
    let report = json_lines(&site.run("build", &["--format", "json", "-v"]).stdout);
    let unused = [
        "warning i18n/sub/x.yaml",
        "warning i18n/xx.yaml",
        "warning templates/unknown.html",
        "note themes/mine/i18n/de.yaml",
        "note themes/mine/templates/spare.html",
    ];
    assert_eq!(told(&report, "file-unused"), unused);
    assert_eq!(
        told(&report, "encoding"),
        ["warning static/_headers:2:6", "warning static/_redirects:1:15"]
    );
    assert_eq!(told(&report, "data"), ["error data/two.yaml:2:1"]);
}

/// Whoever asks for a file by its name finds it: no post, page, old address or copied file takes
/// its place or stands in its way.
#[test]
fn files_that_are_asked_for_keep_their_places() {
    let names = [
        "/atom.xml",
        "/rss.xml",
        "/feed.json",
        "/sitemap.xml",
        "/robots.txt",
        "/404.html",
        "/_headers",
        "/_redirects",
        "/_routes.json",
        "/_worker.js",
        "/CNAME",
        "/edgeone.json",
        "/netlify.toml",
        "/staticwebapp.config.json",
        "/vercel.json",
        "/wrangler.toml",
    ];
    for name in names {
        let site = Site::new(&[
            (
                "site.yaml",
                "base_url: https://example.org\nfeeds: {atom: atom.xml, rss: rss.xml, json: feed.json}\n",
            ),
            ("posts/2020-01-01-a.md", "---\ntitle: 甲\nredirect_from: /before/\n---\n正文。\n"),
        ]);
        site.build(0);
        let before = site.tree();
        site.write("posts/2020-01-02-b.md", format!("---\npermalink: {name}/\n---\n乙"));
        site.write(
            "posts/2020-01-03-c.md",
            format!("---\ntitle: 丙\npermalink: {name}/deep/\n---\n丙"),
        );
        site.write("pages/p.md", format!("---\npermalink: {name}/\n---\n页"));
        site.write(
            "posts/2020-01-01-a.md",
            format!("---\ntitle: 甲\nredirect_from:\n  - /before/\n  - {name}/\n  - {name}/x/\n---\n正文。\n"),
        );
        site.write(&format!("static{name}/x.txt"), "x");
        let report = site.build(1);
        let expected = [
            "error pages/p.md:2:12".to_owned(),
            "error posts/2020-01-01-a.md:5:5".to_owned(),
            "error posts/2020-01-01-a.md:6:5".to_owned(),
            "error posts/2020-01-02-b.md:2:12".to_owned(),
            "error posts/2020-01-03-c.md:3:12".to_owned(),
            format!("error static{name}/x.txt"),
        ];
        assert_eq!(diagnostics(&report, "collision"), expected, "{name}");
        assert_eq!(
            site.tree().keys().collect::<Vec<_>>(),
            before.keys().collect::<Vec<_>>(),
            "{name}"
        );
        // The keeper's own file of the very name is that file.
        for path in ["posts/2020-01-02-b.md", "posts/2020-01-03-c.md", "pages/p.md"] {
            site.remove(path);
        }
        std::fs::remove_dir_all(site.path().join("static")).unwrap();
        site.write("posts/2020-01-01-a.md", "---\ntitle: 甲\n---\n正文。\n");
        site.write(&format!("static{name}"), "own");
        site.build(0);
        assert_eq!(site.read(&name[1..]), "own");
    }
}

/// Both sides of a collision are named with their places.
#[test]
fn collisions_have_two_places() {
    let site = Site::new(&[
        ("site.yaml", "base_url: https://example.org\n"),
        (
            "posts/2020-01-01-a.md",
            "---\ntitle: 甲\npermalink: /same/\nredirect_from:\n  - /x/\n  - /old/\n---\n甲",
        ),
        ("posts/2020-01-02-b.md", "---\npermalink: /same/\n---\n乙"),
        (
            "posts/2020-01-03-c.md",
            "---\ntitle: 丙\naliases:\n  - /y/\n  - /old/\n  - /same/\n---\n丙",
        ),
    ]);
    let report = site.build(1);
    let expected = [
        "error posts/2020-01-01-a.md:6:5",
        "error posts/2020-01-02-b.md:2:12",
        "error posts/2020-01-03-c.md:6:5",
    ];
    assert_eq!(diagnostics(&report, "collision"), expected);
    let says = |part: &str| {
        report
            .iter()
            .any(|line| line["message"].as_str().is_some_and(|message| message.contains(part)))
    };
    for part in [
        "belongs to posts/2020-01-01-a.md:3 already",
        "a redirect of posts/2020-01-03-c.md:5",
        "it belongs to posts/2020-01-01-a.md:3",
    ] {
        assert!(says(part), "{part}: {report:?}");
    }
}

/// Pipes where single files are read: nobody ever writes into them.
#[test]
fn no_pipe_is_waited_for() {
    for (path, status) in [
        ("site.yaml", 2),
        (".gitmodules", 0),
        (".sitegen/keywords", 0),
        (".sitegen/ledger", 0),
        (".sitegen/code", 0),
        ("words.txt", 2),
    ] {
        let site = Site::new(&[
            ("posts/2020-01-01-a.md", "甲乙丙丁。\n\n```rust\nfn a() {}\n```\n"),
            (".sitegen/x", ""),
        ]);
        if path != "site.yaml" {
            site.write("site.yaml", "keywords: {mode: auto, dictionary: words.txt}\n");
        }
        if path != "words.txt" {
            site.write("words.txt", "甲乙\n");
        }
        assert!(Command::new("mkfifo").arg(site.path().join(path)).status().unwrap().success());
        let output = site.run("build", &[]);
        assert_eq!(output.status.code(), Some(status), "{path}: {}", text(&output.stderr));
    }
}

#[test]
fn an_unreadable_file_is_read_when_it_can_be() {
    let site = Site::new(&[
        ("site.yaml", ""),
        ("posts/2020-01-01-a.md", "甲"),
        ("posts/2020-01-02-b.md", "乙"),
    ]);
    let post = site.path().join("posts/2020-01-02-b.md");
    let closed =
        |mode| std::fs::set_permissions(&post, std::fs::Permissions::from_mode(mode)).unwrap();
    closed(0o000);
    let Some(output) = bound(&site, &["build", "--format", "json"]) else { return };
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    let report = json_lines(&output.stdout);
    assert_eq!(diagnostics(&report, "file-unreadable"), ["error posts/2020-01-02-b.md"]);
    assert!(
        report.iter().any(|line| line["type"] == "held" && line["path"] == "posts/2020-01-02-b.md")
    );
    assert_eq!(bound(&site, &["check"]).unwrap().status.code(), Some(1));
    assert_eq!(bound(&site, &["list"]).unwrap().status.code(), Some(1));
    closed(0o644);
    assert_eq!(bound(&site, &["build"]).unwrap().status.code(), Some(0));
    assert!(site.read("2020/01/02/b/index.html").contains("乙"));
}

#[test]
fn names_are_found_however_they_are_composed() {
    let (nfc, nfd) = ("caf\u{e9}", "cafe\u{301}");
    let site = Site::new(&[
        ("site.yaml", "base_url: https://example.org\ntheme: mine\n"),
        (&format!("static/img/{nfd}.txt"), "x"),
        (&format!("data/{nfd}.yaml"), "menu: noir\n"),
        (&format!("posts/2020-01-02-{nfd}.md"), "x"),
        ("themes/mine/theme.yaml", "name: mine\n"),
        (
            &format!("themes/mine/templates/{nfd}.html"),
            &format!("{{{{ site.data[\"{nfc}\"].menu }}}}"),
        ),
    ]);
    let links = [nfc, nfd].map(|name| {
        format!("[x](/img/{name}.txt) [y](2020-01-02-{name}.md) <a href=\"/img/{name}.txt\">z</a>")
    });
    site.write("posts/2020-01-01-a.md", links.join("\n\n"));
    site.write(
        "templates/post.html",
        "{{ article.html }}{{ site.data[\"caf\u{e9}\"].menu }}{% include \"caf\u{e9}.html\" %}",
    );
    site.build(0);
    assert!(site.exists(&format!("img/{nfc}.txt")) && !site.exists(&format!("img/{nfd}.txt")));
    let page = site.read("2020/01/01/a/index.html");
    assert_eq!(
        page.matches("/img/caf%C3%A9.txt").count() + page.matches("/img/caf\u{e9}.txt").count(),
        4,
        "{page}"
    );
    assert_eq!(page.matches("/2020/01/02/caf%C3%A9/").count(), 2, "{page}");
    assert_eq!(page.matches("noir").count(), 2, "{page}");
    // Twins are two files on some disks only.
    site.write(&format!("static/img/{nfc}.txt"), "y");
    let report = site.build(1);
    assert_eq!(diagnostics(&report, "collision").len(), 1);
}

/// Names that are one on disks without case: the first keeps it.
#[test]
fn twins_are_told() {
    for (folder, ending) in [("posts", "md"), ("pages", "md"), ("static", "txt")] {
        let site = Site::new(&[("site.yaml", "permalink: /:filename/\n"), ("pages/index.md", "x")]);
        for name in [
            "a",
            "A",
            "stra\u{df}e",
            "STRASSE",
            "caf\u{e9}",
            "cafe\u{301}",
            "1\u{b5}m",
            "1\u{3bc}m",
        ] {
            site.write(&format!("{folder}/{name}.{ending}"), "x");
        }
        let report = site.build(1);
        assert_eq!(diagnostics(&report, "collision").len(), 4, "{folder}: {report:?}");
    }
}

/// A post whose address no disk takes costs itself.
#[test]
fn an_address_that_is_too_long_costs_its_post() {
    let long = format!("/{}/", vec!["段落".repeat(25); 120].join("/"));
    let ascii = format!("/{}/", vec!["a".repeat(50); 120].join("/"));
    let wide = format!("/{}/", "字".repeat(400));
    let site = Site::new(&[
        ("site.yaml", "base_url: https://example.org\n"),
        ("posts/2020-01-01-a.md", "甲"),
    ]);
    site.write("posts/2020-01-02-b.md", format!("---\npermalink: {long}\n---\n乙"));
    site.write("posts/2020-01-03-c.md", format!("---\npermalink: {ascii}\n---\n丙"));
    site.write(
        "posts/2020-01-04-d.md",
        format!("---\nredirect_from: [{ascii}, {long}, /old/]\n---\n丁"),
    );
    site.write(
        "posts/2020-01-05-e.md",
        format!("---\npermalink: {wide}\nredirect_from: {wide}x\n---\n戊"),
    );
    site.write(&format!("static/{}/x.txt", vec!["层".repeat(60); 6].join("/")), "x");
    let report = site.build(1);
    assert_eq!(
        diagnostics(&report, "permalink"),
        ["error posts/2020-01-02-b.md:2:12", "error posts/2020-01-03-c.md:2:12"]
    );
    assert_eq!(
        diagnostics(&report, "alias"),
        ["warning posts/2020-01-04-d.md:2:17", "warning posts/2020-01-04-d.md:2:6140"]
    );
    assert_eq!(diagnostics(&report, "file-name").len(), 1);
    assert_eq!(report.last().unwrap()["posts"], 3);
    for page in ["2020/01/01/a/index.html", "2020/01/04/d/index.html", "old/index.html"] {
        assert!(site.exists(page), "{page}");
    }
    for line in report {
        assert!(line["message"].as_str().unwrap_or_default().len() < 600, "{line}");
    }
}

/// The output's own path counts, and no route can know it.
#[test]
fn an_output_that_lies_deep_costs_the_longest_addresses() {
    let site = Site::new(&[
        ("site.yaml", "base_url: https://example.org\n"),
        ("posts/2020-01-01-a.md", "甲"),
    ]);
    site.write(
        "posts/2020-01-02-b.md",
        format!("---\npermalink: /{}/\n---\n乙", vec!["b".repeat(100); 9].join("/")),
    );
    let output = format!("{}/{}", site.path().display(), vec!["o".repeat(200); 16].join("/"));
    let built = site.run("build", &["--format", "json", "-o", &output]);
    let report = json_lines(&built.stdout);
    assert_eq!(built.status.code(), Some(1), "{}", text(&built.stdout));
    assert_eq!(diagnostics(&report, "file-unwritable"), ["error posts/2020-01-02-b.md"]);
    assert!(Path::new(&output).join("2020/01/01/a/index.html").exists());
}

#[test]
fn names_that_windows_refuses_are_told() {
    let site =
        Site::new(&[("site.yaml", "base_url: https://example.org\n"), ("static/a:b.txt", "x")]);
    site.write("posts/2020-01-01-a.md", "---\npermalink: /a*b/\nredirect_from: /c|d/\n---\n甲");
    let report = json_lines(&site.run("build", &["--format", "json", "-v"]).stdout);
    assert_eq!(
        diagnostics(&report, "not-portable"),
        [
            "warning posts/2020-01-01-a.md:2:12",
            "warning static/a:b.txt",
            "note posts/2020-01-01-a.md:3:16"
        ]
    );
    assert!(
        site.exists("a*b/index.html") && site.exists("c|d/index.html") && site.exists("a:b.txt")
    );
}

mod missing {
    use super::*;

    /// A site that was built, with ten posts in `content/post`.
    fn built() -> Site {
        let site =
            Site::new(&[("site.yaml", "base_url: https://example.org\nposts: content/post\n")]);
        for number in 1..=10 {
            site.write(
                &format!("content/post/2020-01-{number:02}-p.md"),
                format!("第 {number} 篇。"),
            );
        }
        site.build(0);
        site
    }

    /// Each command ends with 2, says why at a place of site.yaml, and nothing is gone.
    fn is_refused(
        site: &Site,
        before: &std::collections::BTreeMap<String, Vec<u8>>,
        says: &[&str],
    ) {
        for args in [
            &["build"][..],
            &["build", "--fresh"],
            &["check"],
            &["list"],
            &["tags", "suggest"],
            &["serve", "--port", "0"],
        ] {
            let folder = site.path().to_str().unwrap();
            let output = crate::sitegen(&[args, &["-s", folder]].concat());
            let report = text(&output.stderr);
            assert_eq!(output.status.code(), Some(2), "{args:?}: {report}");
            assert!(says.iter().all(|part| report.contains(part)), "{args:?}: {report}");
        }
        assert_eq!(site.tree(), *before);
    }

    #[test]
    fn a_named_folder_must_be_there() {
        let site = built();
        let before = site.tree();
        site.write("site.yaml", "base_url: https://example.org\nposts: cntent/post\n");
        is_refused(
            &site,
            &before,
            &["there is no folder `cntent/post`", "site.yaml:2:8", "did you mean `content/post`?"],
        );
        site.write("site.yaml", "base_url: https://example.org\nposts: articles\n");
        is_refused(
            &site,
            &before,
            &["there is no folder `articles`", "folders here: content, output"],
        );
        // A file, and a folder that git has not filled.
        site.write("articles", "");
        is_refused(&site, &before, &["there is no folder `articles`"]);
        site.remove("articles");
        std::fs::create_dir(site.path().join("articles")).unwrap();
        is_refused(&site, &before, &["the folder `articles` holds no file"]);
        site.write("site.yaml", "base_url: https://example.org\nposts: /archive/no-such-folder\n");
        is_refused(&site, &before, &["there is no folder `/archive/no-such-folder`"]);
        // `new` begins one, and says so; what was misspelt it does not make.
        let new = |folder: &str| {
            site.write("site.yaml", format!("base_url: https://example.org\nposts: {folder}\n"));
            let output = site.run("new", &["题"]);
            (output.status.code(), text(&output.stderr))
        };
        assert_eq!(new("fresh"), (Some(0), "the folder fresh/ was made for it\n".to_owned()));
        let (status, report) = new("cntent/post");
        assert!(status == Some(2) && report.contains("did you mean `content/post`?"), "{report}");
        assert!(!site.path().join("cntent").exists());
    }

    #[test]
    fn a_new_post_is_not_laid_beside_the_archive() {
        let site = Site::new(&[
            ("site.yaml", "base_url: https://example.org\n"),
            ("post/2020-01-01-a.md", "甲"),
        ]);
        let output = site.run("new", &["题"]);
        assert_eq!(output.status.code(), Some(2));
        assert!(text(&output.stderr).contains("say so in site.yaml: `posts: post`"));
        std::fs::rename(site.path().join("post"), site.path().join("old")).unwrap();
        let output = site.run("new", &["题"]);
        assert_eq!((output.status.code(), text(&output.stdout).lines().count()), (Some(0), 1));
        assert!(text(&output.stderr).contains("the folder posts/ was made for it"));
        assert!(site.run("new", &["又一题"]).stderr.is_empty());
    }

    /// Who names no folder and has no `posts/` has a site of pages, or has called the folder
    /// otherwise.
    #[test]
    fn nothing_is_no_site() {
        let site = Site::new(&[
            ("site.yaml", "base_url: https://example.org\n"),
            ("static/a.txt", "x"),
            ("pages/about.md", "关于。"),
        ]);
        assert_eq!(diagnostics(&site.build(0), "posts-none"), ["warning posts"]);
        let before = site.tree();
        site.write("post/2020-01-01-a.md", "甲");
        is_refused(
            &site,
            &before,
            &["error[folder-missing]: there is no folder `posts`", "did you mean `post`?"],
        );
        std::fs::rename(site.path().join("post"), site.path().join("articles")).unwrap();
        assert_eq!(diagnostics(&site.build(0), "posts-none"), ["warning posts"]);
        site.remove("pages/about.md");
        is_refused(&site, &before, &["folders here: articles, output, pages, static"]);
        // An empty folder is a beginning.
        std::fs::create_dir(site.path().join("posts")).unwrap();
        assert_eq!(diagnostics(&site.build(0), "posts-none"), ["warning posts"]);
        // An archive that was there is missed, wherever its folder is now.
        site.write("posts/2020-01-01-a.md", "甲");
        site.write("pages/about.md", "关于。");
        assert!(diagnostics(&site.build(0), "posts-none").is_empty());
        std::fs::rename(site.path().join("posts"), site.path().join("away")).unwrap();
        assert_eq!(diagnostics(&site.build(2), "posts-gone"), ["error posts"]);
    }

    #[test]
    fn a_submodule_must_be_checked_out() {
        let site = Site::new(&[
            ("site.yaml", "base_url: https://example.org\n"),
            ("posts/2020-01-01-a.md", "甲"),
            ("static/x/y.txt", "x"),
        ]);
        site.build(0);
        let before = site.tree();
        for path in ["posts", "static/x", "themes/mine", "pages"] {
            let empty = site.path().join(path);
            if empty.exists() {
                std::fs::rename(&empty, site.path().join("aside")).unwrap();
            }
            std::fs::create_dir_all(&empty).unwrap();
            site.write(
                "site.yaml",
                if path.starts_with("themes") {
                    "theme: mine\n"
                } else {
                    "base_url: https://example.org\n"
                },
            );
            site.write(
                ".gitmodules",
                format!(
                    "[submodule \"{path}\"]\n\tpath = {path}\n\turl = https://example.org/x.git\n"
                ),
            );
            is_refused(
                &site,
                &before,
                &["is a submodule of git and holds nothing", "git submodule update --init"],
            );
            std::fs::remove_dir(&empty).unwrap();
            if site.path().join("aside").exists() {
                std::fs::rename(site.path().join("aside"), &empty).unwrap();
            }
        }
        site.write("site.yaml", "base_url: https://example.org\n");
        site.write(".gitmodules", "[submodule \"other\"]\n\tpath = vendor/other\n");
        site.build(0);
    }

    #[test]
    fn half_of_the_posts_do_not_go_unasked() {
        let site = built();
        let before = site.tree();
        let refused = |args: &[&str]| {
            let output = site.run("build", args);
            let report = text(&output.stderr);
            assert_eq!(output.status.code(), Some(2), "{report}");
            assert!(
                report.contains("had 10 posts")
                    && report.contains("now it has 4")
                    && report.contains("--allow-removal"),
                "{report}"
            );
            assert!(report.contains("site.yaml:2:8"), "{report}");
            assert_eq!(site.tree(), before);
            report
        };
        for number in 5..=10 {
            site.remove(&format!("content/post/2020-01-{number:02}-p.md"));
        }
        for args in [&[][..], &["--fresh"]] {
            let report = refused(args);
            let named: Vec<usize> = (1..=10)
                .filter(|number| report.contains(&format!("2020-01-{number:02}-p.md")))
                .collect();
            assert_eq!(named, [5, 6, 7, 8, 9, 10], "{report}");
        }
        // Neither a lost ledger nor another configuration forgets.
        std::fs::remove_dir_all(site.path().join(".sitegen")).unwrap();
        refused(&[]);
        refused(&["--base-url", "https://example.net"]);
        // A look is free.
        let output = site.run("build", &["--dry-run", "--format", "json"]);
        assert_eq!(
            diagnostics(&json_lines(&output.stdout), "posts-gone"),
            ["warning site.yaml:2:8"]
        );
        assert_eq!((output.status.code(), site.tree()), (Some(0), before.clone()));
        // Half is not less than half.
        site.write("content/post/2020-02-01-p.md", "又一篇。");
        site.build(0);
        site.remove("content/post/2020-02-01-p.md");
        site.remove("content/post/2020-01-04-p.md");
        site.build(0);
        site.remove("content/post/2020-01-03-p.md");
        site.remove("content/post/2020-01-02-p.md");
        assert_eq!(site.run("build", &[]).status.code(), Some(2));
        assert_eq!(site.run("build", &["--allow-removal"]).status.code(), Some(0));
        site.build(0);
        assert_eq!(site.tree().keys().filter(|file| file.starts_with("2020/")).count(), 1);
    }

    #[test]
    fn of_many_that_are_gone_ten_are_named() {
        let site = Site::new(&[]);
        for number in 10..40 {
            site.write(&format!("posts/2020-01-01-p{number}.md"), format!("第 {number} 篇。"));
        }
        site.build(0);
        for number in 10..30 {
            site.remove(&format!("posts/2020-01-01-p{number}.md"));
        }
        let report = text(&site.run("build", &[]).stderr);
        assert_eq!(report.matches("posts/2020-01-01-p").count(), 10, "{report}");
        assert!(
            report.contains("posts/2020-01-01-p19.md and 10 more") && report.contains("--> posts"),
            "{report}"
        );
    }

    #[test]
    fn posts_that_move_or_wait_are_not_gone() {
        let site = built();
        site.write(
            "site.yaml",
            "base_url: https://example.org\nposts: content/post\npermalink: /:title-:day/\n",
        );
        site.build(0);
        for number in 1..=8 {
            site.write(
                &format!("content/post/2020-01-{number:02}-p.md"),
                "---\ndraft: true\n---\n等等。",
            );
        }
        site.build(0);
        assert_eq!(site.run("build", &["--drafts"]).status.code(), Some(0));
        site.build(0);
        // What cannot be read is gone, and why comes first.
        for number in 1..=8 {
            site.write(&format!("content/post/2020-01-{number:02}-p.md"), b"\xCE\xC4\xCE\xC4");
        }
        let output = site.run("build", &[]);
        let report = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2));
        assert!(
            report.matches("error[encoding]").count() == 8 && report.contains("--allow-removal"),
            "{report}"
        );
    }

    #[test]
    fn linked_folders_of_the_site_are_followed_within_it() {
        let site = Site::new(&[
            ("site.yaml", "base_url: https://example.org\n"),
            ("store/posts/2020-01-01-a.md", "甲 {{ site.data.x.y }}"),
            ("store/pages/about.md", "乙"),
            ("store/static/x.txt", "丙"),
            ("store/data/x.yaml", "y: 丁"),
            ("store/templates/post.html", "{{ article.html }}{{ site.data.x.y }}"),
        ]);
        for folder in ["posts", "pages", "static", "data", "templates"] {
            symlink(format!("store/{folder}"), site.path().join(folder)).unwrap();
        }
        let report = site.build(0);
        assert!(diagnostics(&report, "file-skipped").is_empty());
        assert!(site.exists("about/index.html") && site.exists("x.txt"));
        assert!(site.read("2020/01/01/a/index.html").contains('丁'));
        // What is in them is written as anywhere: and so it is found by its name.
        let output = site.run("new", &["题"]);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        site.write(
            "store/posts/2020-01-01-a.md",
            "考古队员走下台阶。考古队员看见一口井。考古队员点起了灯。",
        );
        let post = site.path().join("posts/2020-01-01-a.md");
        let output = crate::sitegen(&[
            "tags",
            "suggest",
            post.to_str().unwrap(),
            "--write",
            "-s",
            site.path().to_str().unwrap(),
        ]);
        assert!(text(&output.stdout).contains("posts/2020-01-01-a.md"), "{}", text(&output.stderr));
        assert!(std::fs::read_to_string(&post).unwrap().starts_with("---"));
        // An output that is an input by another name.
        let output =
            site.run("build", &["-o", site.path().join("store/posts/out").to_str().unwrap()]);
        assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
    }

    /// What lies in two folders would be published twice.
    #[test]
    fn folders_that_are_links_to_each_other_are_refused() {
        for (link, target) in [
            ("static", "posts"),
            ("pages", "posts"),
            ("static", "posts/deep"),
            ("data", "pages"),
            ("static", "themes/mine/assets"),
        ] {
            let site = Site::new(&[
                ("site.yaml", "theme: mine\n"),
                ("posts/deep/2020-01-01-a.md", "甲"),
                ("themes/mine/assets/x.css", "p{}"),
                ("themes/mine/theme.yaml", "name: mine\n"),
            ]);
            if target == "pages" {
                site.write("pages/p.md", "页");
            }
            symlink(target, site.path().join(link)).unwrap();
            let output = site.run("build", &[]);
            let report = text(&output.stderr);
            assert_eq!(output.status.code(), Some(2), "{link} {target}: {report}");
            assert!(report.contains("which is a folder of the site itself"), "{report}");
        }
    }

    #[test]
    fn linked_folders_that_lead_out_are_refused() {
        let outside = Site::new(&[("notes/2020-01-01-a.md", "外"), ("notes/.git/config", "x")]);
        for (folder, status) in [
            ("posts", 2),
            ("pages", 2),
            ("static", 2),
            ("data", 2),
            ("assets", 2),
            ("includes", 2),
            ("i18n", 2),
        ] {
            let site = Site::new(&[("site.yaml", "title: x\n")]);
            symlink(outside.path().join("notes"), site.path().join(folder)).unwrap();
            let output = site.run("build", &[]);
            let report = text(&output.stderr);
            assert_eq!(output.status.code(), Some(status), "{folder}: {report}");
            assert!(
                report.contains("leads out of the site") && report.contains("follow_symlinks"),
                "{report}"
            );
        }
        let site = Site::new(&[
            ("site.yaml", "title: x\nposts: content/post\n"),
            (".git/2020-01-01-x.md", "x"),
        ]);
        let link = site.path().join("content");
        let tried = |target: &Path, site: &Site| {
            let _ = std::fs::remove_file(&link);
            symlink(target, &link).unwrap();
            text(&site.run("build", &[]).stderr)
        };
        assert!(tried(Path::new("nowhere"), &site).contains("it leads nowhere"));
        assert!(tried(Path::new("content"), &site).contains("it leads nowhere"));
        assert!(tried(Path::new("."), &site).contains("it leads to the site itself"));
        assert!(tried(Path::new(".git"), &site).contains("dot-files are not published"));
        let report = tried(outside.path(), &site);
        assert!(
            report.contains("site.yaml:2:8") && report.contains("leads out of the site"),
            "{report}"
        );
        // The keeper may say that a folder lies elsewhere; links in it lead nowhere all the same.
        let _ = std::fs::remove_file(&link);
        symlink(outside.path().join("notes"), site.path().join("posts")).unwrap();
        symlink("/etc/hostname", outside.path().join("notes/2020-01-02-b.md")).unwrap();
        site.write(
            "site.yaml",
            "base_url: https://example.org\nsecurity: {follow_symlinks: true}\n",
        );
        let report = site.build(0);
        assert_eq!(
            diagnostics(&report, "file-skipped"),
            ["warning posts/2020-01-02-b.md", "note posts/.git"]
        );
        assert!(site.exists("2020/01/01/a/index.html"));
    }
}

mod output {
    use super::*;

    fn site() -> Site {
        Site::new(&[
            ("site.yaml", "base_url: https://example.org\n"),
            ("posts/2020-01-01-a.md", "甲"),
            ("posts/2021-01-01-b.md", "乙"),
            ("static/CNAME", "example.org"),
        ])
    }

    #[test]
    fn no_link_in_it_leads_a_build_out() {
        let outside = Site::new(&[]);
        let site = site();
        site.build(0);
        // A keeper has moved a year to another disk.
        let year = site.path().join("output/2020");
        std::fs::rename(&year, outside.path().join("2020")).unwrap();
        symlink(outside.path().join("2020"), &year).unwrap();
        let before = tree(outside.path());
        site.write("posts/2020-01-01-a.md", "改了");
        let report = site.build(1);
        assert_eq!(diagnostics(&report, "output-foreign"), ["error "]);
        assert!(report.iter().any(|line| {
            line["message"]
                .as_str()
                .is_some_and(|message| message.starts_with("2020 stands in the output"))
        }));
        site.write("posts/2022-01-01-c.md", "丙");
        site.remove("posts/2020-01-01-a.md");
        site.build(0);
        assert_eq!(tree(outside.path()), before);
        assert!(year.is_symlink() && site.exists("2022/01/01/c/index.html"));
    }

    /// What others may put where a build writes.
    const KINDS: [&str; 8] =
        ["equal", "file", "folder", "link", "link to a folder", "dangling", "pipe", "socket"];

    fn put_foreign(path: &Path, kind: &str, equal: &[u8], outside: &Path) {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        match kind {
            "equal" => std::fs::write(path, equal).unwrap(),
            "file" => std::fs::write(path, "somebody's").unwrap(),
            "folder" => {
                std::fs::create_dir(path).unwrap();
                std::fs::write(path.join("precious"), "x").unwrap();
            }
            "link" => symlink(outside.join("precious"), path).unwrap(),
            "link to a folder" => symlink(outside.join("folder"), path).unwrap(),
            "dangling" => symlink(outside.join("nothing"), path).unwrap(),
            "pipe" => assert!(Command::new("mkfifo").arg(path).status().unwrap().success()),
            _ => drop(std::os::unix::net::UnixListener::bind(path).unwrap()),
        }
    }

    /// Which file it is, of what kind, and what it holds.
    fn stands(path: &Path) -> (u64, std::fs::FileType, Option<Vec<u8>>) {
        let metadata =
            path.symlink_metadata().unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        (
            metadata.ino(),
            metadata.file_type(),
            metadata.is_file().then(|| std::fs::read(path).unwrap()),
        )
    }

    /// Files, folders, links, pipes and sockets under every name of the site at once, each name in
    /// turn being each of them.
    #[test]
    fn nothing_foreign_is_lost() {
        let outside = Site::new(&[("precious", "x"), ("folder/precious", "x")]);
        let site = site();
        site.build(0);
        let built = site.tree();
        let output = site.path().join("output");
        for turn in 0..KINDS.len() {
            std::fs::remove_dir_all(&output).unwrap();
            let foreign: Vec<_> = built
                .keys()
                .zip(turn..)
                .map(|(name, nth)| (output.join(name), KINDS[nth % KINDS.len()]))
                .collect();
            for ((path, kind), bytes) in foreign.iter().zip(built.values()) {
                put_foreign(path, kind, bytes, outside.path());
            }
            let before: Vec<_> = foreign.iter().map(|(path, _)| stands(path)).collect();
            let stand = || {
                foreign.iter().zip(&before).for_each(|((path, kind), before)| {
                    assert_eq!(stands(path), *before, "{path:?} {kind}");
                });
            };
            for args in [&[][..], &["--fresh"], &["--allow-removal"]] {
                let done = site.run("build", &[args, &["--format", "json", "-v"]].concat());
                let report = json_lines(&done.stdout);
                assert_eq!(done.status.code(), Some(1), "{args:?}: {report:?}");
                assert_eq!(diagnostics(&report, "output-foreign").len(), built.len(), "{report:?}");
                stand();
            }
            // Neither do they go when their pages go.
            for folder in ["posts", "static"] {
                std::fs::rename(
                    site.path().join(folder),
                    site.path().join("aside").with_extension(folder),
                )
                .unwrap();
            }
            site.run("build", &["--allow-removal"]);
            stand();
            for folder in ["posts", "static"] {
                std::fs::rename(
                    site.path().join("aside").with_extension(folder),
                    site.path().join(folder),
                )
                .unwrap();
            }
            assert_eq!(tree(outside.path()).len(), 2);
        }
        // The names that a build needs for itself.
        for (name, kind) in [".sitegen-files", ".sitegen-lock"]
            .iter()
            .flat_map(|name| KINDS[1..].iter().map(move |kind| (name, kind)))
        {
            std::fs::remove_dir_all(&output).unwrap();
            put_foreign(&output.join(name), kind, b"", outside.path());
            let before = stands(&output.join(name));
            for args in [&[][..], &["--fresh"]] {
                let done = site.run("build", args);
                assert_eq!(done.status.code(), Some(2), "{name} {kind}: {}", text(&done.stderr));
                assert!(
                    text(&done.stderr).contains("was not made by sitegen"),
                    "{name} {kind}: {}",
                    text(&done.stderr)
                );
                assert_eq!(stands(&output.join(name)), before, "{name} {kind}");
            }
        }
        assert_eq!(tree(outside.path()).len(), 2);
    }

    #[test]
    fn read_only_folders_cost_their_files() {
        let site = site();
        let Some(first) = bound(&site, &["build"]) else { return };
        assert_eq!(first.status.code(), Some(0), "{}", text(&first.stderr));
        let year = site.path().join("output/2020/01/01/a");
        std::fs::set_permissions(&year, std::fs::Permissions::from_mode(0o555)).unwrap();
        site.write("posts/2020-01-01-a.md", "改了");
        site.write("posts/2021-01-01-b.md", "也改了");
        let output = bound(&site, &["build", "--format", "json"]).unwrap();
        let report = json_lines(&output.stdout);
        assert_eq!(output.status.code(), Some(1), "{}", text(&output.stdout));
        assert_eq!(diagnostics(&report, "file-unwritable"), ["error posts/2020-01-01-a.md"]);
        assert!(site.read("2021/01/01/b/index.html").contains("也改了"));
        // Nor does a page that cannot be removed stop anything.
        site.remove("posts/2020-01-01-a.md");
        let output = bound(&site, &["build", "--format", "json"]).unwrap();
        assert_eq!(diagnostics(&json_lines(&output.stdout), "file-unwritable"), ["error "]);
        std::fs::set_permissions(&year, std::fs::Permissions::from_mode(0o755)).unwrap();
        assert_eq!(bound(&site, &["build"]).unwrap().status.code(), Some(0));
        assert!(!site.exists("2020"));
    }

    #[test]
    fn a_folder_that_holds_the_site_is_refused() {
        let around = Site::new(&[
            ("site/site.yaml", "base_url: https://example.org\n"),
            ("site/posts/2020-01-01-a.md", "甲"),
        ]);
        let site = around.path().join("site");
        symlink(around.path(), around.path().join("up")).unwrap();
        symlink("..", site.join("output")).unwrap();
        std::fs::create_dir_all(site.join("content")).unwrap();
        let before = tree(around.path());
        let folder = site.to_str().unwrap();
        for output in [
            "..",
            "/",
            ".",
            "posts/..",
            "../up",
            "../up/site",
            "static",
            "posts/x",
            ".sitegen/x",
            ".git",
            "themes/x",
            "output",
            "../site/data",
        ] {
            let output = site.join(output);
            let done = crate::sitegen(&["build", "-s", folder, "-o", output.to_str().unwrap()]);
            assert_eq!(done.status.code(), Some(2), "{}: {}", output.display(), text(&done.stderr));
        }
        let home = Command::new(env!("CARGO_BIN_EXE_sitegen"))
            .args(["build", "-s", folder, "-o"])
            .arg(around.path().join("up"))
            .output()
            .unwrap();
        assert_eq!(home.status.code(), Some(2));
        let elsewhere = Site::new(&[("letter", "x")]);
        let home = Command::new(env!("CARGO_BIN_EXE_sitegen"))
            .args(["build", "-s", folder, "-o"])
            .arg(elsewhere.path())
            .env("HOME", elsewhere.path())
            .output()
            .unwrap();
        assert_eq!(home.status.code(), Some(2), "{}", text(&home.stderr));
        assert_eq!(tree(around.path()), before);
    }

    /// Somebody alters a page and sets its times back: `touch` cannot forge when the file itself
    /// was changed.
    #[test]
    fn an_altered_page_is_mended_whatever_its_times_say() {
        let site = site();
        site.build(0);
        let page = site.path().join("output/2020/01/01/a/index.html");
        let made = std::fs::read(&page).unwrap();
        site.until_stamps_count();
        site.build(0);
        let times = std::fs::metadata(&page).unwrap();
        let mut altered = made.clone();
        *altered.last_mut().unwrap() = b'!';
        std::fs::write(&page, &altered).unwrap();
        let file = std::fs::File::options().write(true).open(&page).unwrap();
        file.set_times(std::fs::FileTimes::new().set_modified(times.modified().unwrap())).unwrap();
        let now = std::fs::metadata(&page).unwrap();
        assert_eq!(
            (now.len(), now.modified().unwrap(), now.ino()),
            (times.len(), times.modified().unwrap(), times.ino())
        );
        site.build(0);
        assert_eq!(std::fs::read(&page).unwrap(), made);
    }

    /// Files of ours that are not yet what they will be, anywhere in the site.
    fn drafts(site: &Site) -> Vec<String> {
        let all = walkdir::WalkDir::new(site.path())
            .into_iter()
            .flatten()
            .map(|entry| entry.path().to_string_lossy().into_owned());
        let is_draft = |path: &String| {
            let name = path.rsplit('/').next().unwrap();
            name.starts_with(".sitegen-") && name != ".sitegen-files"
        };
        all.filter(is_draft).collect()
    }

    /// The list of files is lost: what stands as it was written is known by its stamps, all else is
    /// said to be in the way.
    #[test]
    fn a_lost_record_is_made_anew() {
        let site = site();
        site.write("static/own.txt", "x");
        site.build(0);
        let built = site.tree();
        let page = site.path().join("output/2020/01/01/a/index.html");
        std::fs::write(&page, "somebody's").unwrap();
        site.remove("output/.sitegen-files");
        let report = site.build(1);
        assert_eq!(diagnostics(&report, "output-foreign").len(), 1, "{report:?}");
        assert!(report.iter().any(|line| line.to_string().contains("empty the output folder")));
        std::fs::remove_file(&page).unwrap();
        site.build(0);
        assert_eq!(site.tree(), built);
        // All is removed again that belongs to no page.
        site.remove("output/.sitegen-files");
        site.remove("static/own.txt");
        site.build(0);
        assert!(!site.exists("own.txt") && site.exists("index.html"));
        // Copies are nobody's: they may be somebody's own.
        let copy = Site::new(&[]);
        for (path, bytes) in site.tree() {
            copy.write(&path, bytes);
        }
        let done =
            site.run("build", &["--format", "json", "-v", "-o", copy.path().to_str().unwrap()]);
        assert_eq!(
            diagnostics(&json_lines(&done.stdout), "output-foreign").len(),
            tree(copy.path()).len()
        );
    }

    /// What a version without locks left, when its process is over.
    #[test]
    fn leftovers_of_older_versions_go() {
        let site = site();
        let alive = std::process::id();
        let mut ended = Command::new("true").spawn().unwrap();
        let over = ended.id();
        ended.wait().unwrap();
        for process in [alive, over] {
            site.write(&format!("output/2020/.sitegen-{process}-0"), "half a pa");
            site.write(&format!("posts/.sitegen-{process}-12"), "half a po");
        }
        site.write("output/.sitegen-notes-1", "somebody's");
        site.build(0);
        let mut left = drafts(&site);
        left.sort();
        let expected = [
            "output/.sitegen-notes-1".to_owned(),
            format!("output/2020/.sitegen-{alive}-0"),
            format!("posts/.sitegen-{alive}-12"),
        ];
        assert_eq!(
            left,
            expected.map(|path| site.path().join(path).to_string_lossy().into_owned())
        );
    }

    /// Killed at any moment, and built again: the tree is a fresh one, and nothing is left over.
    #[test]
    fn a_build_that_is_killed_leaves_nothing_behind() {
        const KILLS: u32 = 20;
        let site = Site::new(&[("site.yaml", "base_url: https://example.org\n")]);
        let write = |round: u32| {
            for number in 1..=60 {
                site.write(
                    &format!("posts/2020-{:02}-{:02}-p.md", number % 12 + 1, number % 28 + 1),
                    format!("第 {round} 稿，{number}。"),
                );
            }
        };
        let folder = site.path().to_str().unwrap().to_owned();
        let build = || {
            Command::new(env!("CARGO_BIN_EXE_sitegen"))
                .args(["build", "-q", "-s", &folder])
                .spawn()
                .unwrap()
        };
        write(0);
        let start = std::time::Instant::now();
        assert!(build().wait().unwrap().success());
        let whole = start.elapsed();
        for round in 1..=KILLS {
            write(round);
            let mut child = build();
            std::thread::sleep(whole * round / KILLS);
            child.kill().unwrap();
            child.wait().unwrap();
            assert!(build().wait().unwrap().success());
            assert_eq!(drafts(&site), Vec::<String>::new(), "round {round}");
            let fresh = Site::new(&[]);
            let done = site.run("build", &["-q", "--fresh", "-o", fresh.path().to_str().unwrap()]);
            assert!(done.status.success());
            assert_eq!(site.tree(), tree(fresh.path()), "round {round}");
        }
    }

    /// What a build that was killed left of its drafts goes with the next one, also where nothing
    /// else is to be done; a file of such a name that no build made does not.
    #[test]
    fn leftovers_go_with_the_next_build() {
        let site = site();
        site.build(0);
        site.write("output/.sitegen-lock", "sitegen writes here: 4711\n");
        site.write("output/2020/.sitegen-4711-3", "half a pa");
        site.write("output/2020/.sitegen-1-1", "somebody's");
        site.write("posts/.sitegen-4711", "half a po");
        site.write(".sitegen/.sitegen-4711-ledger", "half a le");
        site.build(0);
        assert_eq!(drafts(&site), [site.path().join("output/2020/.sitegen-1-1").to_string_lossy()]);
        assert!(!site.exists(".sitegen-lock"));
    }

    #[test]
    fn a_draft_that_is_being_written_stays() {
        let site = site();
        site.build(0);
        site.write("posts/.sitegen-1", "half a po");
        site.write(".sitegen/.sitegen-1-ledger", "half a le");
        let held = ["posts/.sitegen-1", ".sitegen/.sitegen-1-ledger"].map(|path| {
            let file = std::fs::File::open(site.path().join(path)).unwrap();
            file.lock().unwrap();
            file
        });
        site.write("posts/2020-01-01-a.md", "改了");
        site.build(0);
        assert_eq!(drafts(&site).len(), 2);
        drop(held);
        site.write("posts/2020-01-01-a.md", "又改了");
        site.build(0);
        assert!(drafts(&site).is_empty());
    }

    /// A build waits for another one that writes to the same folder.
    #[test]
    fn two_builds_take_turns() {
        let site = site();
        site.build(0);
        let path = site.path().join("output/.sitegen-lock");
        let lock = std::fs::File::create_new(&path).unwrap();
        lock.lock().unwrap();
        let folder = site.path().to_str().unwrap().to_owned();
        let mut child = Command::new(env!("CARGO_BIN_EXE_sitegen"))
            .args(["build", "-s", &folder])
            .env("LC_ALL", "C")
            .stderr(std::process::Stdio::piped())
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        let mut said = std::io::BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        std::io::BufRead::read_line(&mut said, &mut line).unwrap();
        assert!(line.contains("another build writes to"), "{line}");
        assert!(child.try_wait().unwrap().is_none());
        // As the other one ends.
        std::fs::remove_file(&path).unwrap();
        drop(lock);
        assert!(child.wait().unwrap().success());
    }

    #[test]
    fn signals_end_a_build_between_two_files() {
        // Who starts the tests in the background may have signals ignored, and what is ignored
        // stays so.
        let sitegen_told = |arguments: &[&str]| {
            let mut command = Command::new("env");
            command
                .args(["--default-signal=INT,TERM,HUP", env!("CARGO_BIN_EXE_sitegen")])
                .args(arguments);
            command
        };
        let site = Site::new(&[("site.yaml", "base_url: https://example.org\n")]);
        for number in 1..=300 {
            site.write(
                &format!("posts/2020-{:02}-{:02}-{number}.md", number % 12 + 1, number % 28 + 1),
                "正文。",
            );
        }
        let folder = site.path().to_str().unwrap().to_owned();
        let told_to_end = |signal: &str| {
            let mut child =
                sitegen_told(&["build", "-q", "--fresh", "-s", &folder]).spawn().unwrap();
            // As soon as it writes.
            let lock = site.path().join("output/.sitegen-lock");
            let number = child.id().to_string();
            let writes = || std::fs::read_to_string(&lock).is_ok_and(|said| said.contains(&number));
            while !writes() && child.try_wait().unwrap().is_none() {
                std::thread::sleep(Duration::from_millis(1));
            }
            let _ = Command::new("kill").args([signal, &number]).status().unwrap();
            child.wait().unwrap().code()
        };
        for signal in ["-INT", "-TERM", "-HUP"] {
            // One that has ended before it was told to says nothing.
            assert!((0..10).any(|_| told_to_end(signal) == Some(130)), "{signal}");
            let in_output: Vec<String> = drafts(&site)
                .into_iter()
                .filter(|path| path.contains("/output/") && !path.ends_with("-lock"))
                .collect();
            assert!(in_output.is_empty(), "{in_output:?}");
        }
        site.build(0);
        assert!(drafts(&site).is_empty());
        // However early.
        let early = (0..20).any(|wait| {
            let child = sitegen_told(&["build", "--fresh", "-s", &folder])
                .env("LC_ALL", "C")
                .stderr(std::process::Stdio::piped())
                .stdout(std::process::Stdio::null())
                .spawn()
                .unwrap();
            std::thread::sleep(Duration::from_millis(wait * 3));
            let _ = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
            let done = child.wait_with_output().unwrap();
            done.status.code() == Some(130)
                && text(&done.stderr).trim()
                    == "stopped: no file was left half written; the next run does the rest"
        });
        assert!(early);
    }
}

/// Sources and sinks that fail for one file, as no disk can be made to at will.
mod failing {
    use std::collections::BTreeSet;
    use std::io;
    use std::ops::Range;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};

    use sitegen::check;
    use sitegen::config::{Config, Overrides};
    use sitegen::diagnostic::Failure;
    use sitegen::digest::Digest;
    use sitegen::edition::{Edition, Published, Shortcuts};
    use sitegen::highlight::Blocks;
    use sitegen::keywords::Keywords;
    use sitegen::ledger::{Ledger, LedgerWriter};
    use sitegen::search::IndexStore;
    use sitegen::sink::{Memory, Put, Sink, Swept};
    use sitegen::source::{Fixture, FolderListing, Source, SourceFile, SourcePath, Stamp};

    const FILES: [(&str, &str); 4] = [
        ("posts/2020-01-01-a.md", "甲"),
        ("posts/2020-01-02-b.md", "乙"),
        ("pages/about.md", "---\ntitle: 丙\nredirect_from: /old/\n---\n丙"),
        ("static/x.txt", "丁"),
    ];

    /// From some moment on, one file gives an error.
    struct Late {
        site: Fixture,
        file: &'static str,
        error: io::ErrorKind,
        has_begun: Arc<AtomicBool>,
    }

    impl Source for Late {
        fn list(&self, folder: &str) -> io::Result<FolderListing> {
            self.site.list(folder)
        }

        fn file(&self, path: &SourcePath) -> io::Result<Option<SourceFile>> {
            self.site.file(path)
        }

        fn read(&self, path: &SourcePath) -> io::Result<Vec<u8>> {
            if path.as_str() == self.file && self.has_begun.load(Ordering::Relaxed) {
                Err(self.error.into())
            } else {
                self.site.read(path)
            }
        }

        fn read_part(&self, path: &SourcePath, range: Range<u64>) -> io::Result<Vec<u8>> {
            self.site.read_part(path, range)
        }
    }

    /// One file cannot be written.
    struct Closed {
        memory: Memory,
        file: &'static str,
        error: io::ErrorKind,
    }

    impl Sink for Closed {
        fn begin(&self, files: &[&str]) -> io::Result<()> {
            self.memory.begin(files)
        }

        fn put(&self, file: &str, bytes: &[u8]) -> io::Result<(Put, Stamp)> {
            if file == self.file { Err(self.error.into()) } else { self.memory.put(file, bytes) }
        }

        fn holds(&self, _: &str, _: Stamp, _: Digest) -> Option<Stamp> {
            None
        }

        fn finish(&self, files: &[&str], kept: &BTreeSet<String>) -> io::Result<Swept> {
            self.memory.finish(files, kept)
        }
    }

    fn edition(file: &'static str, error: io::ErrorKind) -> Edition {
        let has_begun = Arc::new(AtomicBool::new(false));
        let source = Late { site: Fixture::new(FILES), file, error, has_begun: has_begun.clone() };
        let overrides = Overrides {
            base_url: Some("https://example.org".to_owned()),
            drafts: false,
            future: false,
        };
        let config = Config::read("feeds: {content: summary}\n", "site.yaml", &overrides).unwrap();
        let known = Shortcuts {
            past: &Ledger::default(),
            code: Arc::new(Blocks::none()),
            bodies: Arc::default(),
            indexes: Arc::new(IndexStore::in_memory()),
            before: None,
        };
        let opened = Edition::open(
            Arc::new(source),
            config,
            "2026-01-01T00:00:00Z".parse().unwrap(),
            &Keywords::off(),
            known,
            &mut LedgerWriter::nowhere(),
            &mut |_| (),
        );
        let (edition, found) = opened.ok().unwrap();
        assert!(found.iter().all(|found| found.code != "file-unreadable"));
        has_begun.store(true, Ordering::Relaxed);
        edition
    }

    fn published<'p>(
        edition: &Edition,
        sink: &dyn Sink,
        past: &'p Ledger,
    ) -> Result<Published<'p>, Failure> {
        edition.publish(sink, past, &mut |_| ())
    }

    #[test]
    fn a_file_that_vanishes_costs_its_page() {
        let whole = {
            let past = Ledger::default();
            published(&edition("", io::ErrorKind::NotFound), &Memory::default(), &past)
                .ok()
                .unwrap()
                .changes
                .written()
        };
        for (file, _) in FILES {
            let edition = edition(file, io::ErrorKind::NotFound);
            let past = Ledger::default();
            let published = published(&edition, &Memory::default(), &past).ok().unwrap();
            let told: Vec<&sitegen::diagnostic::Diagnostic> = published
                .diagnostics
                .iter()
                .filter(|found| found.code == "file-unreadable")
                .collect();
            assert!(
                matches!(&told[..], [found] if found.path.as_deref() == Some(file)),
                "{file}: {:?}",
                published.diagnostics
            );
            assert_eq!(published.changes.written(), whole - 1, "{file}");
            let checked = check::check(&edition).unwrap();
            // A file that is only copied is not read by a check.
            let is_told = checked.diagnostics.iter().any(|found| {
                found.code == "file-unreadable" && found.path.as_deref() == Some(file)
            });
            assert_eq!(is_told, !file.starts_with("static"), "{file}");
        }
    }

    #[test]
    fn a_disk_that_fails_costs_everything() {
        let past = Ledger::default();
        for error in [io::ErrorKind::StaleNetworkFileHandle, io::ErrorKind::OutOfMemory] {
            let edition = edition("posts/2020-01-01-a.md", error);
            assert!(matches!(published(&edition, &Memory::default(), &past), Err(Failure::Io(_))));
            assert!(check::check(&edition).is_err());
        }
    }

    #[test]
    fn a_page_that_cannot_be_written_costs_itself() {
        let edition = edition("", io::ErrorKind::NotFound);
        let past = Ledger::default();
        let owners = [
            ("2020/01/01/a/index.html", Some("posts/2020-01-01-a.md")),
            ("about/index.html", Some("pages/about.md")),
            ("old/index.html", Some("pages/about.md")),
            ("x.txt", Some("static/x.txt")),
            ("rss.xml", None),
        ];
        for (file, owner) in owners {
            for error in [
                io::ErrorKind::PermissionDenied,
                io::ErrorKind::InvalidFilename,
                io::ErrorKind::NotADirectory,
            ] {
                let published =
                    published(&edition, &Closed { memory: Memory::default(), file, error }, &past)
                        .ok()
                        .unwrap();
                let told: Vec<_> = published
                    .diagnostics
                    .iter()
                    .filter(|found| found.code == "file-unwritable")
                    .collect();
                assert!(
                    matches!(&told[..], [found] if found.path.as_deref() == owner),
                    "{file}: {:?}",
                    published.diagnostics
                );
            }
            for error in [
                io::ErrorKind::StorageFull,
                io::ErrorKind::QuotaExceeded,
                io::ErrorKind::ReadOnlyFilesystem,
            ] {
                let failed =
                    published(&edition, &Closed { memory: Memory::default(), file, error }, &past);
                assert!(matches!(failed, Err(Failure::Io(_))), "{file} {error}");
            }
        }
    }
}

/// A post gives no file to those that hosts, robots and readers ask for, nor one that steers the
/// host.
#[test]
fn files_beside_posts_are_not_the_hosts() {
    let site = Site::new(&[("site.yaml", "base_url: https://example.org\n")]);
    let names = [
        "rss.xml",
        "sitemap.xml",
        "robots.txt",
        "_redirects.txt",
        "404.htm",
        ".htaccess",
        "note.xml",
    ];
    let links = names.map(|name| format!("[f]({name})")).join(" ");
    site.write("posts/2020-01-01-r.md", format!("---\npermalink: /root.html\n---\n{links}"));
    for name in names.iter().filter(|name| !name.ends_with(".htm")) {
        site.write(&format!("posts/{name}"), "evil");
    }
    let report = site.build(1);
    assert_eq!(diagnostics(&report, "collision").len(), 3, "{report:#?}");
    for name in ["rss.xml", "sitemap.xml", "robots.txt"] {
        assert!(!site.read(name).contains("evil"), "{name}");
    }
    assert!(
        !site.exists(".htaccess")
            && site.read("note.xml") == "evil"
            && site.read("_redirects.txt") == "evil"
    );
}
