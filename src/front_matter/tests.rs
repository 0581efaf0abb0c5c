use super::keys::{self, KeyMeaning};
use super::*;
use crate::compat::Compat;
use crate::diagnostic::Diagnostic;
use proptest::prelude::*;
use std::collections::HashSet;
use std::fmt::Write as _;

const LISTS: [&str; 4] = ["tags", "tag", "author", "categories"];

fn front_matter(text: &str) -> (FrontMatter, Vec<Diagnostic>) {
    let (split, _) = split(text, &KNOWN_KEYS).unwrap();
    read(text, split.head.unwrap(), &LISTS, Compat::None).unwrap()
}

fn tags(value: &str) -> Vec<String> {
    let (front_matter, _) = front_matter(&format!("---\ntags: {value}\n---\n"));
    front_matter.terms[0].1.iter().map(|tag| tag.text.clone()).collect()
}

/// Whether front matter is found in a text, and in which form.
fn form(text: &str) -> Option<Form> {
    split(text, &KNOWN_KEYS).ok().and_then(|(split, _)| split.head).map(|head| head.form)
}

#[test]
fn a_key_of_the_table_is_known_everywhere() {
    assert_eq!(
        KNOWN_KEYS.iter().collect::<HashSet<_>>().len(),
        KNOWN_KEYS.len(),
        "each is there once"
    );
    for name in KNOWN_KEYS {
        assert_eq!(form(&format!("{{\n\"{name}\": true\n}}\n文")), Some(Form::Json), "{name}");
        assert_eq!(form(&format!("-----\n{name}: true\n-----\n文")), Some(Form::Yaml), "{name}");
        assert_eq!(form(&format!("title: 甲\n{name}: true\n\n文")), Some(Form::Headers), "{name}");
        assert_eq!(
            form(&format!("{name}: true\n---\n文")).is_some(),
            keys::names_post(name),
            "{name}"
        );
        let (mut read, found) = front_matter(&format!("---\n{name}：true\n---\n"));
        assert_eq!(found[0].code, "key-full-width-colon", "{name}");
        match keys::meaning(name) {
            Some(KeyMeaning::Text(field)) => assert_eq!(
                field(&mut read).as_ref().map(|text| &*text.text),
                Some("true"),
                "{name}"
            ),
            Some(KeyMeaning::Switch(field) | KeyMeaning::SwitchOfThemes(field)) => {
                assert_eq!(*field(&mut read), Some(true), "{name}");
            }
            meaning => assert!(meaning.is_some(), "{name}"),
        }
    }
    assert_eq!(form("{\n\"nobody\": true\n}\n文"), None);
}

#[test]
fn wide_blanks_break_nothing() {
    for text in [
        "---\ntags:\u{A0}\n}\n---\nx",
        "---\ntitle:\u{3000}\n  @a\n---\nx",
        "---\ntitle:\u{3000}\n  %\n---\nx",
    ] {
        let (split, _) = split(text, &KNOWN_KEYS).unwrap();
        if let Err(refused) = read(text, split.head.unwrap(), &LISTS, Compat::None) {
            assert!(refused.place.is_some_and(|place| (2..=3).contains(&place.line)), "{text:?}");
        }
    }
}

#[test]
fn scalars_keep_their_spelling() {
    assert_eq!(
        tags("[10,2025,3.10,on,null,2020-01-01,true,007]"),
        ["10", "2025", "3.10", "on", "null", "2020-01-01", "true", "007"]
    );
    assert_eq!(
        tags("[C, \"C#\", C++, a/b, .., \"50%?\"]"),
        ["C", "C#", "C++", "a/b", "..", "50%?"]
    );
    assert_eq!(tags("[读书，旧书铺]"), ["读书", "旧书铺"]);
    assert_eq!(tags("技术, 生活"), ["技术", "生活"]);
    assert_eq!(tags("dotnet csharp 性能"), ["dotnet", "csharp", "性能"]);
    assert_eq!(tags("\n  - A\n  -\n  - B\n"), ["A", "B"]);
    assert_eq!(tags("[测试, [内, 层], x]"), ["测试", "x"]);
    assert_eq!(tags("404"), ["404"]);
}

#[test]
fn values_are_read_as_meant() {
    let title = |value: &str| {
        let (front_matter, diagnostics) =
            front_matter(&format!("---\ntitle: {value}\nauthor: \"某\"\n---\n"));
        let place = diagnostics[0].place.as_ref().unwrap();
        (front_matter.title.unwrap().text, place.line, place.column)
    };
    assert_eq!(title("ViMax: 视频"), ("ViMax: 视频".into(), 2, 13));
    assert_eq!(title("[转]文章"), ("[转]文章".into(), 2, 11));
    assert_eq!(title("@微信"), ("@微信".into(), 2, 8));
    assert_eq!(title("**重要**通知"), ("**重要**通知".into(), 2, 8));
    assert_eq!(title("\"水平\\智力\""), ("水平\\智力".into(), 2, 11));
    assert_eq!(title("\"他说\"好\"就走了\""), ("他说\"好\"就走了".into(), 2, 12));
    assert_eq!(title("\"没有结束的引号"), ("没有结束的引号".into(), 2, 8));
    assert_eq!(title("C 语言 #1"), ("C 语言".into(), 2, 13));
}

#[test]
fn two_line_quotes_hold_together() {
    let (front_matter, diagnostics) =
        front_matter("---\ntitle: \"一座老桥\n　　——讲稿\"\ntags: a\n---\n");
    assert_eq!(chinese_text::one_line(&front_matter.title.unwrap().text), "一座老桥 ——讲稿");
    assert!(diagnostics.is_empty() && front_matter.terms.len() == 1);
}

/// What the front matter says, in one line: title, date, tags, categories, authors, and the codes
/// of what was found.
fn said(text: &str) -> String {
    let (split, finding) = match split(text, &KNOWN_KEYS) {
        Ok(found) => found,
        Err(refused) => return format!("refused {}", refused.message),
    };
    let Some(head) = split.head else { return format!("text {}", finding.unwrap().code) };
    let (front_matter, diagnostics) = match read(text, head, &LISTS, Compat::None) {
        Ok(read) => read,
        Err(refused) => {
            let place = refused.place.as_ref().unwrap();
            return format!("refused {}:{} {}", place.line, place.column, refused.message);
        }
    };
    let texts = [&front_matter.title, &front_matter.date]
        .map(|field| field.as_ref().map_or("-", |scalar| &scalar.text));
    let lists: Vec<String> = front_matter
        .terms
        .iter()
        .map(|(name, list)| {
            format!(
                "{name}={}",
                list.iter().map(|item| item.text.as_str()).collect::<Vec<_>>().join("+")
            )
        })
        .collect();
    let codes: Vec<String> = finding
        .iter()
        .chain(&diagnostics)
        .map(|found| {
            format!("{}@{}", found.code, found.place.as_ref().map_or(0, |place| place.line))
        })
        .collect();
    format!(
        "{} {} {} [{}] {:?}",
        texts[0],
        texts[1],
        lists.join(" "),
        codes.join(" "),
        &text[split.body..]
    )
}

#[test]
fn all_forms_mean_the_same() {
    for (text, meant) in [
        (
            "---\ntitle: 甲\ndate: 2020-01-02\ntags: [乙, 丙]\n---\n文",
            "甲 2020-01-02 tags=乙+丙 [] \"文\"",
        ),
        ("\u{FEFF}\u{FEFF}---\ntitle: 甲\n---\n文", "甲 -  [] \"文\""),
        (
            "+++\ntitle = \"甲: #乙\"\ndate = 2020-01-02T03:04:05+08:00\ntags = [\n  '乙', # 注\n  \"C#\",\n]\n+++\n文",
            "甲: #乙 2020-01-02T03:04:05+08:00 tags=乙+C# [] \"文\"",
        ),
        (
            "+++\ntitle = \"\"\"\n一\n二\"\"\"\nauthor = {name = '某'}\n+++\n",
            "一\n二 - author=某 [] \"\"",
        ),
        (
            "{\"title\": \"甲\\u4e59\\ud83d\\ude00\", \"date\": \"2020-01-02\",\n \"tags\": [\"a\\\"b\", \"c\"]}\n文",
            "甲乙😀 2020-01-02 tags=a\"b+c [] \"文\"",
        ),
        (";;;\n\"title\": \"甲\",\n\"tags\": [\"乙\"]\n;;;\n文", "甲 - tags=乙 [] \"文\""),
        (
            "\"title\": \"甲\",\n\"tags\": [\"乙\"],\n;;;\n文",
            "甲 - tags=乙 [front-matter-unopened@1] \"文\"",
        ),
        (
            "title: 甲\ndate: 2020-01-02\ntags:\n- 乙\n---\n文",
            "甲 2020-01-02 tags=乙 [front-matter-unopened@1] \"文\"",
        ),
        ("title: 甲\n-----\n文", "甲 -  [front-matter-unopened@1] \"文\""),
        ("category: 乙\n---\n文", "- -  [front-matter-unopened@1] \"文\""),
        ("-----\ntitle: 甲\n-----\n文", "甲 -  [] \"文\""),
        (
            "Title: 甲: \"乙\" #3\nDate: 2020-01-02\nTags: 丙, 丁\nAuthors: 某甲; 某, 乙\nSave_as: a.html\n\n文",
            "甲: \"乙\" #3 2020-01-02 tags=丙+丁 [front-matter-headers@1] \"\\n文\"",
        ),
        (
            "Title:   甲  \nAuthor:  某甲\n    某乙\nDate: 2020-01-02\n\n文",
            "甲 2020-01-02 author=某甲 某乙 [front-matter-headers@1] \"\\n文\"",
        ),
        ("---\n{title: 甲, tags: [乙, 丙]}\n---\n文", "甲 - tags=乙+丙 [] \"文\""),
        ("---\ntitle: !甲\n---\n", "!甲 -  [value-unquoted@2] \"\""),
        ("---\ntitle: &甲\n---\n", "&甲 -  [value-unquoted@2] \"\""),
        ("---\ntitle: ---\n---\n", "--- -  [value-unquoted@2] \"\""),
        (
            "+++\nparams.author = '某'\n\"title\" = '甲'\n[extra.more]\nx = 1\n[[extra.list]]\ny = 2\n+++\n",
            "甲 -  [] \"\"",
        ),
        (
            "title: [转]甲\ntags: [乙, \"丙\"]\n\n文",
            "[转]甲 - tags=乙+丙 [front-matter-headers@1] \"\\n文\"",
        ),
        (
            "+++\ntitle = '甲'\n[taxonomies]\ntags = ['乙', '3.10']\ncategories = ['丙']\nnope = ['丁']\n+++\n",
            "甲 - categories=丙 tags=乙+3.10 [] \"\"",
        ),
        ("---\ntitle: 甲\ntaxonomies:\n  tags:\n    - 乙\n---\n", "甲 - tags=乙 [] \"\""),
        ("---\ntitle: 甲\ntaxonomies: 生物\n---\n", "甲 -  [] \"\""),
        ("abbrlink: 4e5\ntitle: 甲\n---\n文", "甲 -  [front-matter-unopened@1] \"文\""),
        ("abbrlink: 4e5\nsticky: 1\n---\n文", "text front-matter-missing"),
        // What only looks like it.
        ("注: 这是正文\n\n---\n文", "text front-matter-missing"),
        ("From: 某报\n---\n文", "text front-matter-unopened"),
        ("source: 某报\n\n正文。\n\n---\n文", "text front-matter-unopened"),
        ("title: 甲\n\n正文。\n\n---\n文", "text front-matter-unopened"),
        ("Title: 甲\n\n文", "text front-matter-missing"),
        ("Q: 问\nA: 答\nDate: 某\n\n文", "text front-matter-missing"),
        ("Title: 甲\nAuthor: 乙\n下一行\n\n文", "text front-matter-missing"),
        ("{% raw %}\n文", "text front-matter-missing"),
        ("{漢|かん}", "text front-matter-missing"),
        ("-----\n文\n-----\n", "text front-matter-missing"),
        // Mistakes have places.
        (
            "+++\ntitle = 甲\n+++\n",
            "refused 2:9 not valid TOML: string values must be quoted, expected literal string",
        ),
        (
            "{\"title\": \"甲\",\n \"tags\": [\"a\" \"b\"]}\n文",
            "refused not valid JSON: expected `,` or `]`",
        ),
        ("+++\ntitle = '甲'\n", "refused the front matter that opens here is never closed"),
        ("+++\ndraft = 'maybe'\n+++\n", "refused 2:9 `draft: 'maybe'` is neither true nor false"),
    ] {
        assert_eq!(said(text), meant, "{text}");
    }
}

/// Who may see a post is said in every form.
#[test]
fn all_forms_hide() {
    let held = |text: &str| {
        let (front_matter, _) = front_matter(text);
        let said = front_matter.visibility();
        front_matter.draft == Some(true)
            || front_matter.published == Some(false)
            || said.hidden.is_some()
            || said.draft.is_some()
            || said.unclear.is_some()
    };
    for text in [
        "+++\ndraft = true\n+++\n",
        "+++\n[_build]\nrender = 'never'\n+++\n",
        "+++\nprivate = true\n+++\n",
        "+++\npassword = 'x'\n+++\n",
        "{\"title\": \"甲\", \"draft\": true}\n",
        "{\"title\": \"甲\", \"build\": {\"render\": \"never\"}}\n",
        "\"title\": \"甲\",\n\"published\": false\n;;;\n",
        "title: 甲\npublished: no\n---\n",
        "Title: 甲\nDate: 2020-01-01\nStatus: draft\n\n文",
        "---\n{title: 甲, private: true}\n---\n",
        "---\n title: 甲\n draft: true\n---\n",
        "---\ntitle: 甲\n  draft: true\n---\n",
    ] {
        assert!(held(text), "{text}");
    }
    assert!(
        !held("+++\ndraft = false\n+++\n")
            && !held("Title: 甲\nDate: 2020-01-01\nStatus: published\n\n文")
    );
}

#[test]
fn an_address_may_be_called_url() {
    let permalink = |text: &str| {
        front_matter(&format!("---\n{text}\n---\n")).0.permalink.map(|scalar| scalar.text)
    };
    assert_eq!(permalink("url: /my/url/").as_deref(), Some("/my/url/"));
    assert_eq!(permalink("url: \"/my/url/\"\npermalink: /b/").as_deref(), Some("/my/url/"));
    assert_eq!(permalink("permalink: /b/\nurl: /my/url/").as_deref(), Some("/b/"));
    assert_eq!(permalink("url: https://mp.example/s"), None);
}

#[test]
fn lists_by_hand() {
    for (text, meant) in [
        ("tags: [ \"甲\"，\"乙\" ]", "tags=甲+乙 [list-full-width-comma@2]"),
        ("tags: ['甲'、'乙']", "tags=甲+乙 [list-full-width-comma@2]"),
        ("tags: 【甲，乙】", "tags=甲+乙 [list-full-width-comma@2]"),
        ("tags:\n-甲\n-乙", "tags=甲+乙 [dash-no-blank@3]"),
        ("tags:\n  -甲\n  - 乙", "tags=甲+乙 [dash-no-blank@3]"),
        ("tags:\n- 甲\n-乙", "tags=甲+乙 [dash-no-blank@4]"),
        ("author:\n-甲\n-乙", "author=甲+乙 [dash-no-blank@3]"),
        ("tags: #甲 #乙", "tags=甲+乙 [tags-marked@2]"),
        ("tags: [#甲, #乙]", "tags=甲+乙 [tags-marked@2 tags-marked@2]"),
        ("tags:\n- #甲\n- 乙", "tags=甲+乙 [tags-marked@3]"),
        ("tags: # 以后", " []"),
        ("tags: #标签\n- 甲", "tags=甲 []"),
        ("author: [\"[[某某]]\"]", "author=某某 []"),
        ("author:\n  - \"[[某某|字]]\"", "author=字 []"),
        ("author: [[某某]]", "author=某某 []"),
        ("author: \"[[某某#节]]\"", "author=某某 []"),
        ("author:\n- [[某某]]\n- [[乙]]", "author=某某+乙 []"),
        ("tags: [\"[[甲]]\", 乙]", "tags=甲+乙 []"),
        ("author: \"[[Smith, John]]\"", "author=Smith, John []"),
        ("categories:\n- [甲, 乙]\n- [丙]\n- 丁", "categories=甲+甲/乙+丙+丁 []"),
        ("categories: [[甲, 乙]]", "categories=甲+甲/乙 []"),
        ("categories:\n- - 甲\n  - 乙", "categories=甲+甲/乙 []"),
    ] {
        assert_eq!(said(&format!("---\n{text}\n---\n")), format!("- - {meant} \"\""), "{text}");
    }
}

#[test]
fn one_line_costs_itself() {
    for (text, meant) in [
        ("title: 甲\n乙丙丁\ntags: [戊]", "甲 - tags=戊 [line-stray@3]"),
        ("=====\ntitle: 甲", "甲 -  [line-stray@2]"),
        (" title: 甲\n date: 2020-01-02\n tags:\n  - 乙", "甲 2020-01-02 tags=乙 []"),
        ("\ttitle: 甲\n\ttags: [乙]", "甲 - tags=乙 [tab-indent@2]"),
        (" title: 甲\ndate: 2020-01-02", "甲 2020-01-02  [key-indented@2]"),
        (" title: 甲\nextra:\n draft: true", "甲 -  [key-indented@2]"),
        ("title: 甲\n  date: 2020-01-02", "甲 2020-01-02  [key-indented@3]"),
        ("x:\n  title: 乙\ntitle: 甲", "甲 -  []"),
    ] {
        assert_eq!(said(&format!("---\n{text}\n---\n")), format!("{meant} \"\""), "{text}");
    }
    let (nested, _) = front_matter("---\n title: 甲\nprivate: true\nx:\n public: true\n---\n");
    assert!(nested.visibility().hidden.is_some());
    // What may hide the post, or looks like a text whose block was never closed, is not passed
    // over.
    for text in [
        "title: 甲\nprivate true",
        "private: true\n public: true",
        "title: 甲\n\n正文。",
        "title: 甲\n一\n二\n三",
        "正文一段",
    ] {
        assert!(said(&format!("---\n{text}\n---\n")).starts_with("refused"), "{text}");
    }
    let (hidden, _) = front_matter("---\nprivate：true\n---\n");
    assert!(hidden.visibility().hidden.is_some());
}

#[test]
fn bombs_and_depths_are_refused() {
    let mut bomb = String::from("---\nx:\n  a0: &a0 [x,x,x,x,x,x,x,x,x]\n");
    for i in 1..10 {
        let _ = writeln!(bomb, "  a{i}: &a{i} [{}]", vec![format!("*a{}", i - 1); 9].join(","));
    }
    bomb.push_str("---\n");
    let (split, _) = split(&bomb, &KNOWN_KEYS).unwrap();
    assert!(read(&bomb, split.head.unwrap(), &LISTS, Compat::None).is_err());
    let deep = format!("---\nx: {}{}\n---\n", "[".repeat(100), "]".repeat(100));
    let (split, _) = super::split(&deep, &KNOWN_KEYS).unwrap();
    assert!(read(&deep, split.head.unwrap(), &LISTS, Compat::None).is_err());
}

proptest! {
    #[test]
    fn any_form_is_read_or_refused(
        open in prop::sample::select(vec!["+++\n", "{", ";;;\n", "", "---\n{", "\"title\": \"a\",\n", "Title: 甲\nDate: 2020\n", "title: 甲\n"]),
        pieces in prop::collection::vec(prop::sample::select(vec![
            "title", " = ", "\"甲\"", "'''", "\"\"\"", "[", "]", "{", "}", ",", ":", "\n", "tags", "乙", "[[x]]\n", "[a.b]\n", "\\u", "1_0", "2020-01-01",
            "password", "draft", "true", "null", "#", "-", " ", "\t", "：", "é", "😀", "a.b = 1\n", "\"x\": \"y\", ", "d = 2020-01-01\n", "x = 'é😀'\n",
        ]), 0..25),
        close in prop::sample::select(vec!["+++\n", "}\n", ";;;\n", "---\n", "\n\n文", ""]),
    ) {
        let text = format!("{open}{}\n{close}文", pieces.concat());
        if let Ok((split, _)) = split(&text, &KNOWN_KEYS) && let Some(head) = split.head {
            assert!(text.is_char_boundary(split.body));
            let _ = read(&text, head, &LISTS, Compat::None);
        }
    }

    #[test]
    fn any_file_is_read_or_refused(text in "(?s)(---\n)?([a-zA-Z:：\"'\\[\\]{}#,|>&*!@%\\- \t\n中文]|title: |tags: ){0,80}(---\n)?") {
        if let Ok((split, _)) = split(&text, &KNOWN_KEYS) && let Some(head) = split.head {
            let _ = read(&text, head, &LISTS, Compat::None);
        }
    }

    #[test]
    fn any_bytes_are_decoded_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
        let _ = decode(&bytes);
    }
}

#[test]
fn pictures_of_themes_are_read() {
    let cover = |value: &str| {
        let (front_matter, diagnostics) =
            front_matter(&format!("---\ntitle: 甲\ncover:{value}\n---\n"));
        (front_matter.cover.map(|cover| cover.text), diagnostics.len())
    };
    for value in [
        " {image: a.png, alt: 好}",
        "\n  src: a.png\n  hidden: true",
        " {alt: 好, url: a.png}",
        "\n  feature: a.png",
    ] {
        assert_eq!(cover(value), (Some("a.png".to_owned()), 0), "{value}");
    }
    assert_eq!(cover(" {alt: 好, caption: 题}"), (None, 1));
    // That there is none is said too, by the word alone.
    assert_eq!(cover(" false"), (Some(String::new()), 0));
    assert_eq!(cover(" \"false\""), (Some("false".to_owned()), 0));
    let (front_matter, _) = front_matter(
        "---\ntitle: false\nlayout: false\ndescription: False\nauthor: false\ntags: [false]\n---\n",
    );
    assert_eq!(front_matter.title.as_ref().map(|title| title.text.as_str()), Some("false"));
    assert!(front_matter.layout.is_none() && front_matter.description.is_none());
    assert_eq!(
        front_matter
            .terms
            .iter()
            .map(|(name, list)| (name.as_str(), list.len()))
            .collect::<Vec<_>>(),
        [("author", 0), ("tags", 1)]
    );
}
