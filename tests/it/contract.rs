//! `docs/themes.md` against the program: every variable and every field that templates get is
//! documented, and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use crate::Site;

const DOCS: &str = include_str!("../../docs/themes.md");

/// The names in backticks at the beginning of a table's row.
fn names(row: &str) -> Vec<String> {
    let cell = row.trim_start_matches('|').split('|').next().unwrap_or("");
    cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The rows of the table whose header begins with `header`, from `text` on.
fn rows<'d>(text: &'d str, header: &str) -> Vec<&'d str> {
    let table = &text[text.find(header).unwrap_or_else(|| panic!("no table `{header}`"))..];
    table.lines().skip(2).take_while(|line| line.starts_with('|')).collect()
}

/// For each template, the variables that the table of templates lists, and those that all have.
fn documented_variables() -> BTreeMap<String, BTreeSet<String>> {
    let mut variables: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in rows(DOCS, "| template | page |") {
        let cells: Vec<&str> = row.split('|').collect();
        let kind = cells[3].split('`').nth(1).expect("a kind").to_owned();
        let mut all: BTreeSet<String> =
            cells[4].split('`').skip(1).step_by(2).map(str::to_owned).collect();
        all.extend(["site", "t", "options", "page"].map(str::to_owned));
        variables.insert(kind, all);
    }
    variables
}

/// For each place (`post.html post`, `terms.html terms.0`), the documented fields. `more` ones
/// stand on top of a term's.
fn documented_fields() -> BTreeMap<(String, String), BTreeSet<String>> {
    let mut fields: BTreeMap<(String, String), BTreeSet<String>> = BTreeMap::new();
    let mut pieces = DOCS.split("fields: ");
    let mut before = pieces.next().expect("a beginning");
    for piece in pieces {
        let (place, rest) = piece.split_once(" -->").expect("an end of the comment");
        let (template, path) = place.split_once(' ').expect("a template and a path");
        let mut names: BTreeSet<String> =
            rows(rest, "| field |").into_iter().flat_map(names).collect();
        if before.ends_with("<!-- more ") {
            names.extend(fields[&("terms.html".to_owned(), "terms.0".to_owned())].clone());
        }
        fields.insert((template.to_owned(), path.to_owned()), names);
        before = piece;
    }
    fields
}

/// The keys of the outermost map that `__tera_context` prints, which is JSON but for its empty
/// values.
fn outer_keys(printed: &str) -> BTreeSet<String> {
    let (mut keys, mut depth, mut text, mut escaped, mut in_text) =
        (BTreeSet::new(), 0, String::new(), false, false);
    for c in printed.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' if in_text => escaped = true,
            '"' => {
                in_text = !in_text;
                if in_text {
                    text.clear();
                }
            }
            c if in_text => text.push(c),
            '{' | '[' => depth += 1,
            '}' | ']' => depth -= 1,
            ':' if depth == 1 => {
                keys.insert(text.clone());
            }
            _ => {}
        }
    }
    keys
}

/// A site with every kind of page, and what its templates print of their variables.
fn printed() -> (Site, BTreeMap<&'static str, &'static str>) {
    let site = Site::new(&[
        (
            "site.yaml",
            "title: 站\nbase_url: https://example.org\nnav: [{title: 关于, url: /about/}]\nextra: {x: 1}\n",
        ),
        (
            "posts/2020-01-01-a.md",
            "---\ntitle: 题甲乙丙丁\ntags: [甲, 乙]\nauthor: 作者\nfrom: https://a.example/x\n---\n## 节\n\n正文。\n",
        ),
        (
            "posts/2021-01-01-b.md",
            "---\ntitle: 题甲乙丙丁\ntags: [甲, 乙]\nauthor: 作者\nfrom: https://a.example/y\nredirect_from: /old/\n---\n正文。\n",
        ),
        ("posts/集/_index.md", "---\ntitle: 集\n---\n文。\n"),
        ("pages/about.md", "---\ntitle: 关于\n---\n文。\n"),
    ]);
    let pages = BTreeMap::from([
        ("home", "index.html"),
        ("post", "2021/01/01/b/index.html"),
        ("page", "about/index.html"),
        ("period", "archive/2020/index.html"),
        ("section", "集/index.html"),
        ("term", "tags/甲/index.html"),
        ("terms", "tags/index.html"),
        ("archive", "archive/index.html"),
        ("search", "search/index.html"),
        ("404", "404.html"),
        ("redirect", "old/index.html"),
    ]);
    (site, pages)
}

fn template_of(kind: &str) -> String {
    match kind {
        "period" | "section" | "term" => "list.html".to_owned(),
        kind => format!("{kind}.html"),
    }
}

#[test]
fn every_variable_is_documented() {
    let (site, pages) = printed();
    for kind in pages.keys() {
        site.write(&format!("templates/{}", template_of(kind)), "{{ __tera_context | safe }}");
    }
    site.build(0);
    let documented = documented_variables();
    assert_eq!(
        documented.keys().map(String::as_str).collect::<Vec<_>>(),
        pages.keys().copied().collect::<Vec<_>>(),
        "a kind of page has a section in docs/themes.md and an address in `printed()`"
    );
    for (kind, file) in pages {
        assert_eq!(outer_keys(&site.read(file)), documented[kind], "{kind}");
    }
}

#[test]
fn every_field_is_documented() {
    let (site, pages) = printed();
    let documented = documented_fields();
    assert!(documented.len() > 12, "docs/themes.md marks {} tables", documented.len());
    for ((template, path), wanted) in documented {
        let variable = path.split('.').next().expect("a variable");
        // One place at a time: a site that fails elsewhere would say nothing of this one.
        let guarded = format!(
            "{{% if {variable} is defined %}}{{{{ {variable} | json | safe }}}}{{% endif %}}"
        );
        site.write(&format!("templates/{template}"), guarded);
        site.build(0);
        // `list.html` makes two kinds of pages.
        let made = pages
            .iter()
            .filter(|(kind, _)| template_of(kind) == template)
            .map(|(_, file)| site.read(file));
        let printed = made
            .into_iter()
            .find(|printed| !printed.trim().is_empty())
            .unwrap_or_else(|| panic!("no {path} in {template}"));
        let printed: serde_json::Value =
            serde_json::from_str(&printed).unwrap_or_else(|error| panic!("{template}: {error}"));
        let below = path.split_once('.').map(|(_, below)| format!("/{}", below.replace('.', "/")));
        let value = printed
            .pointer(&below.unwrap_or_default())
            .unwrap_or_else(|| panic!("{template} has no {path}"));
        let fields: BTreeSet<String> = value
            .as_object()
            .unwrap_or_else(|| panic!("{path} is no map"))
            .keys()
            .cloned()
            .collect();
        assert_eq!(fields, wanted, "{template} {path}");
        site.remove(&format!("templates/{template}"));
    }
}
