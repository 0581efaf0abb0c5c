//! The suites of Chinese Markdown: emphasis by the CJK-friendly amendments, repair of scraped
//! marks, line breaks.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "cases lie beside the repository, and a test that is skipped says so"
)]

use chinese_markdown::{Document, HtmlBlocks, Syntax};

/// The cases of a file beside the repository; without it the test is skipped.
fn cases(file: &str) -> Option<Vec<serde_json::Value>> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/cases/").to_owned() + file;
    let Ok(text) = std::fs::read_to_string(&path) else {
        println!("skipped: there is no {path}");
        return None;
    };
    Some(serde_json::from_str(&text).expect("JSON"))
}

/// A document as pulldown-cmark's own writer shows it.
fn html(source: &str, repair: bool) -> String {
    let syntax = Syntax { repair, html_blocks: HtmlBlocks::CommonMark, ..Syntax::DEFAULT };
    let (document, _) = Document::prepare(source, &syntax);
    let mut out = String::new();
    pulldown_cmark::html::push_html(
        &mut out,
        document.events().into_iter().map(|(event, _)| event),
    );
    out
}

fn failures(
    file: &str,
    cases: &[serde_json::Value],
    repair: bool,
    skip: impl Fn(&serde_json::Value) -> bool,
) -> Vec<String> {
    let mut wrong = Vec::new();
    for case in cases.iter().filter(|case| !skip(case)) {
        let (source, expected) =
            (case["markdown"].as_str().expect("text"), case["html"].as_str().expect("text"));
        let given = html(source, repair);
        // Writers differ in whether quotes in text are escaped; both are right.
        if given.trim_end() != expected.replace("&quot;", "\"").trim_end() {
            wrong.push(format!(
                "{file} {}: {source:?}\n  expected {expected:?}\n  given    {given:?}",
                case["id"]
            ));
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

/// The rule is `css3draft` without its joining of Han and Latin, so the cases of other styles that
/// differ are left out.
#[test]
fn lines_are_joined_between_chinese() {
    let Some(cases) = cases("east_asian_line_breaks.json") else { return };
    let joins_latin = |case: &serde_json::Value| {
        case["style"] == "css3draft" && !case["markdown"].as_str().expect("text").contains("他说")
    };
    let other = |case: &serde_json::Value| {
        case["style"] == "none"
            || joins_latin(case)
            || (case["style"] == "simple"
                && case["markdown"].as_str().expect("text").contains("他说"))
    };
    let wrong = failures("line breaks", &cases, false, other);
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
}
