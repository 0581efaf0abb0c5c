//! Themes: layers, overrides, errors with places, and documentation that cannot rot.

use std::collections::BTreeMap;

use crate::{Site, diagnostics, text};

fn site(files: &[(&str, &str)]) -> Site {
    let site = Site::new(&[
        ("site.yaml", "title: 站\nbase_url: https://example.org\n"),
        ("posts/2020-01-01-a.md", "---\ntitle: 题\ntags: [甲]\n---\n正文。\n"),
    ]);
    for (path, text) in files {
        site.write(path, text);
    }
    site
}

#[test]
fn the_built_in_lists_are_the_folders() {
    let themes = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("themes");
    let folders: Vec<String> = crate::tree(&themes)
        .into_keys()
        .map(|path| path.split('/').next().unwrap_or("").to_owned())
        .collect();
    for folder in folders {
        assert!(
            sitegen::theme::builtin_themes().any(|(name, _)| name == folder),
            "themes/{folder} is not built in"
        );
    }
    for (name, files) in sitegen::theme::builtin_themes() {
        let built_in: BTreeMap<String, Vec<u8>> = files
            .iter()
            .map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec()))
            .collect();
        let on_disk = crate::tree(&themes.join(name));
        assert_eq!(on_disk.keys().collect::<Vec<_>>(), built_in.keys().collect::<Vec<_>>());
        assert_eq!(on_disk, built_in);
    }
}

const LANGUAGES: [&str; 3] = ["zh-Hans", "zh-Hant", "en"];

/// The words of one built-in theme in one language; none where it has no file.
fn words(theme: &str, language: &str) -> BTreeMap<String, String> {
    let (_, files) =
        sitegen::theme::builtin_themes().find(|(name, _)| *name == theme).expect("a theme");
    let file = files.iter().find(|(path, _)| *path == format!("i18n/{language}.yaml"));
    file.map_or_else(BTreeMap::new, |(_, text)| serde_yaml::from_str(text).expect("words"))
}

#[test]
fn every_language_has_every_word() {
    for (theme, files) in sitegen::theme::builtin_themes() {
        let known: Vec<String> =
            words("jian", "en").into_keys().chain(words(theme, "en").into_keys()).collect();
        for language in LANGUAGES {
            assert_eq!(
                words(theme, language).into_keys().collect::<Vec<_>>(),
                words(theme, "en").into_keys().collect::<Vec<_>>()
            );
        }
        for (path, text) in files.iter().filter(|(path, _)| !path.starts_with("i18n/")) {
            for word in text
                .split(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '.'))
                .filter_map(|name| name.strip_prefix("t."))
            {
                let word = word.trim_end_matches('.');
                assert!(
                    known.iter().any(|other| other == word),
                    "{theme}/{path} uses `t.{word}`, which is no word"
                );
            }
        }
    }
}

#[test]
fn every_theme_speaks_the_language_of_the_site() {
    for (theme, _) in sitegen::theme::builtin_themes() {
        for language in LANGUAGES {
            let site = site(&[(
                "site.yaml",
                &format!(
                    "title: s\ntheme: {theme}\nlanguage: {language}\nbase_url: https://example.org\n"
                ),
            )]);
            site.build(0);
            assert!(
                site.read("archive/index.html").contains(&words("jian", language)["archive"]),
                "{theme} {language}"
            );
        }
    }
}

#[test]
fn a_single_template_is_overridden_and_extended() {
    let site = site(&[
        (
            "templates/post.html",
            "{% extends \"theme/post.html\" %}{% block main %}<p>前</p>{{ super() }}{% endblock %}",
        ),
        ("assets/style.css", "p{}"),
        ("i18n/zh-Hans.yaml", "archive: 总目\n"),
    ]);
    site.build(0);
    let page = site.read("2020/01/01/a/index.html");
    assert!(
        page.contains("<p>前</p>") && page.contains("e-content") && page.contains("总目"),
        "{page}"
    );
    let style =
        site.tree().keys().find(|file| file.starts_with("assets/style.")).expect("a style").clone();
    assert_eq!(site.read(&style), "p{}");
    assert!(page.contains(&style));
}

#[test]
fn a_theme_of_ones_own_needs_only_what_differs() {
    let site = site(&[
        ("site.yaml", "title: 站\nbase_url: https://example.org\ntheme: own\n"),
        (
            "themes/own/templates/base.html",
            "<!doctype html><title>{{ page.title }}</title>{% block main %}{% endblock %}",
        ),
        ("themes/own/templates/layouts/plain.html", "PLAIN {{ post.title }}"),
        ("posts/2020-01-02-b.md", "---\ntitle: 素\nlayout: plain\n---\nx\n"),
    ]);
    site.build(0);
    assert!(site.read("index.html").starts_with("<!doctype html><title>站</title>"));
    assert_eq!(site.read("2020/01/02/b/index.html"), "PLAIN 素");
}

#[test]
fn mistakes_in_templates_have_places() {
    let broken = |file: &str, template: &str| {
        let site = site(&[(file, template)]);
        let output = site.run("build", &["--format", "json"]);
        (output.status.code(), text(&output.stdout))
    };
    // Found before anything is rendered.
    let (status, said) = broken("templates/post.html", "a\n{{ post.title | nothing }}");
    assert!(
        status == Some(2) && said.contains("templates/post.html") && said.contains("\"line\":2"),
        "{said}"
    );
    let (status, said) = broken("templates/post.html", "{% if %}");
    assert!(
        status == Some(2) && said.contains("templates/post.html") && said.contains("\"line\":1"),
        "{said}"
    );
    // Found while rendering: the page is held back, the others are built.
    let site = site(&[
        ("templates/post.html", "a\n  {{ post.nothing.at.all }}"),
        ("posts/2020-02-01-b.md", "---\ntitle: b\n---\nx"),
    ]);
    let report = site.build(1);
    assert_eq!(
        diagnostics(&report, "template").len(),
        1,
        "one mistake on two pages is reported once"
    );
    assert!(diagnostics(&report, "template")[0].starts_with("error templates/post.html:2:"));
    assert!(site.exists("index.html") && !site.exists("2020/01/01/a/index.html"));
    let (status, said) = broken("site.yaml", "theme: jain\n");
    assert!(status == Some(2) && said.contains("jian"), "{said}");
}

#[test]
fn options_are_checked_and_filled() {
    const THEME: &str = "name: own\noptions:\n  n: { type: number, default: 3, min: 1, max: 9 }\n  w: { type: choice, of: [a, b], default: a }\n  on: { type: bool, default: true }\n  c: { type: color, default: \"#abc\" }\n";
    let own = |theme: &str, extra: &str| {
        site(&[
            (
                "site.yaml",
                &format!(
                    "title: 站\nbase_url: https://example.org\ntheme: own\nextra:\n  free: 1\n{extra}"
                ),
            ),
            ("themes/own/theme.yaml", theme),
            (
                "themes/own/templates/404.html",
                "{{ options.n }} {{ options.w }} {{ options.on }} {{ options.paper }}",
            ),
            ("themes/own/assets/x.css.tera", "a { color: {{ options.c }} }"),
        ])
    };
    let site = own(THEME, "  n: 5\n  w: b\n");
    site.build(0);
    assert_eq!(site.read("404.html"), "5 b true auto");
    let sheet =
        site.tree().into_iter().find(|(file, _)| file.starts_with("assets/x.")).expect("a sheet");
    assert!(sheet.0.ends_with(".css") && text(&sheet.1) == "a { color: #abc }", "{sheet:?}");
    let refused = |theme: &str, extra: &str, said: &str| {
        let output = own(theme, extra).run("build", &[]);
        let error = text(&output.stderr);
        assert!(output.status.code() == Some(2) && error.contains(said), "{error}");
    };
    refused(
        THEME,
        "  n: 10\n",
        "the option `n` must be a number from 1 to 9, not `10`\n --> site.yaml:6:6",
    );
    refused(THEME, "  w: c\n", "must be one of a, b, not `\"c\"`");
    refused(THEME, "  on: yes please\n", "must be `true` or `false`");
    refused(THEME, "  c: \"red; }\"\n", "must be a color such as");
    refused(
        "options:\n  n: { type: number, default: x }\n",
        "",
        "the default of the option `n` must be a number\n --> themes/own/theme.yaml:2:3",
    );
    refused("options:\n  n: { type: choice, default: x }\n", "", "needs `of`");
    refused("naem: own\n", "", "did you mean `name`?");
    refused("options:\n  n: { type: numbr, default: 1 }\n", "", "themes/own/theme.yaml:2:");
    // Keys of the site's own are free; one that is nearly an option is told.
    let near = own(THEME, "  mesure: 30\n");
    let report = near.build(0);
    assert_eq!(diagnostics(&report, "theme-option"), ["warning site.yaml:6:11"]);
    // A mistake in an asset has a place too.
    let broken = own("options: {}\n", "");
    let error = text(&broken.run("build", &[]).stderr);
    assert!(error.contains("themes/own/assets/x.css.tera:1:"), "{error}");
}

#[test]
fn a_folder_is_laid_over_a_built_in_theme() {
    let site = site(&[
        (
            "site.yaml",
            "title: 站\nbase_url: https://example.org\ntheme: zhi\nextra: {rules: false, mine: true}\n",
        ),
        ("themes/zhi/theme.yaml", "options:\n  mine: { type: bool, default: false }\n"),
        (
            "themes/zhi/templates/404.html",
            "{{ options.mine }} {{ options.rules }} {{ options.indent }}",
        ),
        ("themes/zhi/assets/style.css", "own{}"),
        ("posts/2020-01-02-b.md", "---\ntitle: \"x' onclick='y\"\n---\nx\n"),
        ("templates/page.html", "{% extends `theme/page.html` %}"),
    ]);
    assert_eq!(diagnostics(&site.build(0), "theme").len(), 0);
    assert_eq!(site.read("404.html"), "true false true");
    assert!(
        site.tree()
            .iter()
            .any(|(file, bytes)| file.starts_with("assets/style.") && bytes == b"own{}")
    );
    // A plain file takes the place of a template of that name, and two files of one name are told.
    site.write("site.yaml", "title: 站\nbase_url: https://example.org\n");
    site.write("themes/jian/assets/style.css", "mine{}");
    site.build(0);
    assert!(
        site.tree()
            .iter()
            .any(|(file, bytes)| file.starts_with("assets/style.") && bytes == b"mine{}")
    );
    site.write("themes/jian/assets/style.css.tera", "x");
    assert_eq!(diagnostics(&site.build(1), "asset"), ["error themes/jian/assets/style.css.tera"]);
}

#[test]
fn json_stays_in_its_attribute() {
    let site = site(&[
        ("posts/2020-01-02-b.md", "---\ntitle: \"x' onclick='y\"\n---\nx\n"),
        (
            "templates/post.html",
            "<p data-a='{{ post.title | json }}' data-b=\"{{ post.title | json }}\">",
        ),
    ]);
    site.build(0);
    let page = site.read("2020/01/02/b/index.html");
    assert!(!page.contains("' onclick") && page.matches('"').count() == 2, "{page}");
}

#[test]
fn the_search_is_of_use_without_an_index() {
    let site =
        site(&[("posts/2020-01-02-b.md", "---\ntitle: b\ntags: [甲, 乙]\nauthor: 作者\n---\nx\n")]);
    site.build(0);
    let page = site.read("search/index.html");
    assert!(
        ["/tags/%E7%94%B2/", "/tags/%E4%B9%99/", "/authors/%E4%BD%9C%E8%80%85/", "/archive/2020/"]
            .iter()
            .all(|link| page.contains(link)),
        "{page}"
    );
    assert!(
        site.read("index.html").contains("href=\"/search/\"")
            && !site.read("sitemap.xml").contains("/search/")
    );
}

#[test]
fn the_field_of_the_search_is_where_there_is_one() {
    let pages = |theme: &str, search: &str| {
        let site = Site::new(&[
            ("site.yaml", &format!("title: 站\ntheme: {theme}\nsearch: {search}\n")),
            ("posts/2020-01-02-b.md", "---\ntitle: b\ntags: [甲]\n---\nx\n"),
        ]);
        site.build(0);
        ["search/index.html", "404.html"].map(|file| site.read(file))
    };
    for theme in ["jian", "zhi", "su"] {
        for page in pages(theme, "true") {
            assert!(page.contains("<form") && page.contains("/search."), "{theme}: {page}");
        }
        for page in pages(theme, "false") {
            assert!(!page.contains("<form") && !page.contains("/search."), "{theme}: {page}");
            assert!(!page.contains("JavaScript") && !page.contains("脚本"), "{theme}: {page}");
        }
    }
}

#[test]
fn a_long_index_is_grouped_by_initials() {
    let tags = |range: std::ops::Range<usize>| {
        range.map(|n| format!("标{n}")).collect::<Vec<_>>().join(", ")
    };
    let index = |tags: &str, others: &str| {
        let site = site(&[
            (
                "posts/2020-01-02-b.md",
                &format!("---\ntitle: b\ntags: [{tags}]\nauthor: [单田芳, 曾鸣]\n---\nx\n"),
            ),
            ("posts/2020-01-03-c.md", &format!("---\ntitle: c\ntags: [{others}]\n---\nx\n")),
        ]);
        site.build(0);
        (site.read("tags/index.html"), site.read("authors/index.html"))
    };
    // 24 terms with the 甲 of the other post.
    let (short, authors) = index(&tags(0..23), "");
    assert!(!short.contains("sg-initials") && !authors.contains("sg-initials"));
    let (long, _) =
        index(&format!("{}, 重庆, OpenAI, \"2001\", 曾国藩", tags(0..60)), &tags(60..120));
    let letters: Vec<&str> = long
        .split("<h3 id=\"")
        .skip(1)
        .map(|rest| &rest[..rest.find('"').expect("an end")])
        .collect();
    assert_eq!(letters, ["sg-B", "sg-C", "sg-J", "sg-O", "sg-Z", "sg-other"]);
    for letter in letters {
        assert!(long.contains(&format!("<a href=\"#{letter}\">")), "{letter}");
    }
    let (most, all) = long.split_once("sg-initials").expect("groups");
    assert_eq!(
        (
            most.matches("<span class=\"count\">").count(),
            all.matches("<span class=\"count\">").count()
        ),
        (100, 125)
    );
}

/// The example templates of the documentation build a site.
#[test]
fn the_documented_templates_build_a_site() {
    let docs = include_str!("../../docs/themes.md");
    let site = site(&[
        (
            "posts/2021-02-03-b.md",
            "---\ntitle: b\nauthor: 甲\ncategories: [c]\nredirect_from: /old/\n---\n## 节\n\nx\n",
        ),
        ("posts/undated.md", "---\ntitle: u\n---\nx"),
        ("pages/about.md", "---\ntitle: 关于\n---\nx"),
    ]);
    let mut found = 0;
    let mut lines = docs.lines().peekable();
    while let Some(line) = lines.next() {
        // A template is introduced by its name in bold code: **`post.html`**
        let Some(name) = line
            .strip_prefix("**`")
            .and_then(|rest| rest.split("`**").next())
            .filter(|name| name.ends_with(".html"))
        else {
            continue;
        };
        while lines.peek().is_some_and(|line| !line.starts_with("```")) {
            lines.next();
        }
        lines.next();
        let template: Vec<&str> =
            lines.by_ref().take_while(|line| !line.starts_with("```")).collect();
        site.write(&format!("templates/{name}"), template.join("\n"));
        found += 1;
    }
    assert!(found >= 8, "docs/themes.md shows {found} templates");
    let report = site.build(0);
    assert!(diagnostics(&report, "template").is_empty(), "{report:?}");
}

/// The tutorial's theme is complete, has fewer than 100 lines, and builds pages of every kind. So
/// it does without any one of its templates but `base.html`, and but `post.html`, from which
/// `page.html` is made: the tutorial says so.
#[test]
fn the_theme_of_the_tutorial_builds_a_site() {
    let tutorial = include_str!("../../docs/theme-tutorial.md");
    // A file is introduced by its path in bold code, alone on a line, and is the next fenced block.
    let mut files: Vec<(&str, String)> = Vec::new();
    let mut fenced = 0;
    let mut lines = tutorial.lines();
    let mut path = None;
    while let Some(line) = lines.next() {
        if let Some(name) = line.strip_prefix("**`").and_then(|rest| rest.strip_suffix("`**")) {
            assert_eq!(path.replace(name), None, "no block follows");
        } else if line.starts_with("```") {
            let block: Vec<&str> =
                lines.by_ref().take_while(|line| !line.starts_with("```")).collect();
            fenced += block.len();
            files.push((path.take().expect("every block is a file"), block.join("\n") + "\n"));
        }
    }
    assert_eq!(path, None);
    assert!(fenced < 100, "{fenced} lines");

    let site = || {
        let site = site(&[
            (
                "site.yaml",
                "title: 站\ndescription: 说明\nbase_url: https://example.org\ntheme: mini\npaginate: 2\n",
            ),
            (
                "posts/2021-02-03-b.md",
                "---\ntitle: b\nauthor: 甲\ntags: [甲]\ncategories: [c]\nfrom: https://example.com/\nredirect_from: /old/\n---\n## 节\n\nx\n",
            ),
            ("posts/2021-03-04-c.md", "---\ntitle: 紙\nlang: zh-Hant\n---\nx\n"),
            ("posts/undated.md", "---\ntitle: u\n---\nx\n"),
            ("pages/about.md", "---\ntitle: 关于\n---\nx\n"),
            ("data/authors.yaml", "甲: { bio: 生平 }\n"),
        ]);
        for (path, text) in &files {
            site.write(&format!("themes/mini/{path}"), text);
        }
        site
    };
    let whole = site();
    let report = whole.build(0);
    assert!(diagnostics(&report, "template").is_empty(), "{report:?}");
    for page in [
        "index.html",
        "page/2/index.html",
        "2021/02/03/b/index.html",
        "about/index.html",
        "tags/index.html",
        "tags/甲/index.html",
        "authors/甲/index.html",
        "archive/index.html",
        "archive/2021/index.html",
        "archive/2021/02/index.html",
        "archive/undated/index.html",
        "search/index.html",
        "404.html",
    ] {
        let html = whole.read(page);
        assert!(
            html.contains("<main id=\"sg-main\">") && html.contains("Content-Security-Policy"),
            "{page}: {html}"
        );
        assert_eq!(html.matches("<h1").count(), 1, "{page}");
        assert!(!html.contains("<style") && !html.contains("style=\""), "{page}");
    }
    assert!(whole.read("authors/甲/index.html").contains("生平"));
    // The summaries are an option.
    let card = "</time>\n<p>";
    assert!(whole.read("index.html").contains(card));
    whole.write(
        "site.yaml",
        "title: 站\nbase_url: https://example.org\ntheme: mini\nextra: { summaries: false }\n",
    );
    whole.build(0);
    assert!(!whole.read("index.html").contains(card));

    let needed = ["templates/base.html", "templates/post.html"];
    for (path, _) in
        files.iter().filter(|(path, _)| path.starts_with("templates/") && !needed.contains(path))
    {
        let without = site();
        without.remove(&format!("themes/mini/{path}"));
        let report = without.build(0);
        assert!(diagnostics(&report, "template").is_empty(), "without {path}: {report:?}");
        for page in [
            "index.html",
            "2021/02/03/b/index.html",
            "about/index.html",
            "tags/index.html",
            "archive/index.html",
            "search/index.html",
            "404.html",
        ] {
            assert!(without.read(page).contains("<main id=\"sg-main\">"), "without {path}: {page}");
        }
    }
}
