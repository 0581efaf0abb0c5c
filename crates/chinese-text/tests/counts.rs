//! The suite of counts.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "cases lie beside the repository, and a test that is skipped says so"
)]

use chinese_text::Length;

/// The cases of a file beside the repository; without it the test is skipped.
fn cases(file: &str) -> Option<Vec<serde_json::Value>> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/cases/").to_owned() + file;
    let Ok(text) = std::fs::read_to_string(&path) else {
        println!("skipped: there is no {path}");
        return None;
    };
    Some(serde_json::from_str(&text).expect("JSON"))
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
