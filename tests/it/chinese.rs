//! The suites of Chinese Markdown: emphasis by the CJK-friendly amendments, repair of scraped marks, line breaks, counts.

use sitegen::config::{HtmlBlocks, Structure, When};
use sitegen::markdown::{Document, Syntax};
use sitegen::text::Length;

use crate::shared;

fn cases(file: &str) -> Option<Vec<serde_json::Value>> {
    let path = shared(&format!("cases/{file}"))?;
    Some(serde_json::from_str(&std::fs::read_to_string(path).expect("readable")).expect("JSON"))
}

/// A document as pulldown-cmark's own writer shows it.
fn html(source: &str, repair: bool) -> String {
    let syntax = Syntax {
        math: false,
        repair,
        html_blocks: HtmlBlocks::CommonMark,
        structure: Structure::all(When::Never),
        smart_punctuation: false,
        liquid: None,
    };
    let (document, _) = Document::prepare(source, &syntax);
    let mut out = String::new();
    pulldown_cmark::html::push_html(&mut out, document.events().into_iter().map(|(event, _)| event));
    out
}

fn failures(file: &str, cases: &[serde_json::Value], repair: bool, skip: impl Fn(&serde_json::Value) -> bool) -> Vec<String> {
    let mut wrong = Vec::new();
    for case in cases.iter().filter(|case| !skip(case)) {
        let (source, expected) = (case["markdown"].as_str().expect("text"), case["html"].as_str().expect("text"));
        let given = html(source, repair);
        // Writers differ in whether quotes in text are escaped; both are right.
        if given.trim_end() != expected.replace("&quot;", "\"").trim_end() {
            wrong.push(format!("{file} {}: {source:?}\n  expected {expected:?}\n  given    {given:?}", case["id"]));
        }
    }
    wrong
}

#[test]
fn emphasis_follows_the_amendments() {
    let Some(cases) = cases("cjk_emphasis.json") else { return };
    assert_eq!(cases.len(), 126);
    let wrong = failures("cjk_emphasis", &cases, false, |_| false);
    assert!(wrong.is_empty(), "{} of 126\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn scraped_marks_are_repaired() {
    let Some(cases) = cases("scrape_emphasis_repair.json") else { return };
    let wrong = failures("repair", &cases, true, |_| false);
    assert!(wrong.is_empty(), "{} of {}\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

/// The rule is `css3draft` without its joining of Han and Latin, so the cases of other styles that differ are left out.
#[test]
fn lines_are_joined_between_chinese() {
    let Some(cases) = cases("east_asian_line_breaks.json") else { return };
    let joins_latin = |case: &serde_json::Value| case["style"] == "css3draft" && !case["markdown"].as_str().expect("text").contains("他说");
    let other = |case: &serde_json::Value| {
        case["style"] == "none"
            || joins_latin(case)
            || (case["style"] == "simple" && case["markdown"].as_str().expect("text").contains("他说"))
    };
    let wrong = failures("line breaks", &cases, false, other);
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn characters_are_counted_as_word_does() {
    let Some(cases) = cases("word_count.json") else { return };
    for case in &cases {
        let length = Length::of(case["text"].as_str().expect("text"));
        assert_eq!(
            (u64::from(length.words), u64::from(length.han)),
            (case["words"].as_u64().expect("a number"), case["han"].as_u64().expect("a number")),
            "{case}"
        );
    }
}
