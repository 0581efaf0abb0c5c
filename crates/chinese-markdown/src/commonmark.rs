//! The 652 examples of CommonMark 0.31.2: our passes over the source leave ordinary Markdown alone.
//!
//! The examples are read from the file that `COMMONMARK_SPEC` names, `spec.txt` of the npm package
//! `commonmark-spec`; its licence, CC BY-SA, is not the program's, so it is not kept here.
//! `.ci/run` fetches it.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "the examples lie outside the repository, and a test that is skipped says so"
)]

use crate::pass::emphasis::{Sentinels, bond};
use crate::pass::repair::mend;
use crate::source::marks::Marks;
use crate::{Document, HtmlBlocks, Syntax, parser_options};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use pulldown_cmark::{Parser, html::push_html};

/// The Markdown of every example, the first being number 1.
fn examples() -> Option<Vec<String>> {
    let Some(path) = std::env::var_os("COMMONMARK_SPEC") else {
        println!("skipped: COMMONMARK_SPEC names no spec.txt of commonmark-spec");
        return None;
    };
    let spec = std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("COMMONMARK_SPEC {}: {error}", path.display()));
    let fence = "`".repeat(32);
    let (mut examples, mut markdown, mut in_markdown) = (Vec::new(), String::new(), false);
    for line in spec.lines() {
        if in_markdown && line == "." {
            examples.push(std::mem::take(&mut markdown));
            in_markdown = false;
        } else if in_markdown {
            markdown.push_str(&line.replace('→', "\t"));
            markdown.push('\n');
        } else {
            in_markdown = line.strip_prefix(&fence).is_some_and(|info| info == " example");
        }
    }
    assert_eq!(examples.len(), 652, "not the examples of CommonMark 0.31.2: {}", path.display());
    Some(examples)
}

/// What pulldown-cmark with the same extensions makes of a source.
fn plain(source: &str) -> String {
    let mut out = String::new();
    push_html(&mut out, Parser::new_ext(source, parser_options(false)));
    out
}

/// The same after an emphasis pass alone, its sentinels taken out of the finished HTML, where
/// addresses carry them percent-encoded.
fn with_bonds(source: &str) -> String {
    let sentinels = Sentinels::absent_from(source).expect("no example holds them all");
    let html = plain(&bond(source, &sentinels).apply(source).0);
    [sentinels.bond, sentinels.punctuation].iter().fold(html, |html, mark| {
        let encoded = utf8_percent_encode(&mark.to_string(), NON_ALPHANUMERIC).to_string();
        html.replace(*mark, "").replace(&encoded, "")
    })
}

fn with_repair(source: &str) -> String {
    with_bonds(&mend(source, Marks::of(source)).edits.apply(source).0)
}

/// The same as a whole document: every pass before the parser and over its events.
fn prepared(source: &str) -> String {
    let syntax = Syntax { html_blocks: HtmlBlocks::CommonMark, ..Syntax::DEFAULT };
    let (document, _) = Document::prepare(source, &syntax);
    let mut out = String::new();
    push_html(&mut out, document.events().into_iter().map(|(event, _)| event));
    out
}

/// Corrections that have nothing to do with emphasis.
const CORRECTED: [(usize, &str); 6] = [
    (173, "a `<style>` that nobody ends would hide the rest of the page"),
    (204, "a second definition of one name, which nothing leads to, is shown"),
    (602, "a bare address is a link"),
    (608, "a bare address is a link"),
    (611, "a bare address is a link"),
    (612, "a bare mail address is a link"),
];

/// Asserts that exactly the listed examples, no more and no fewer, give other HTML than plain
/// pulldown-cmark.
fn only_these_differ(ours: fn(&str) -> String, listed: &[(usize, &str)]) {
    let Some(examples) = examples() else { return };
    let mut listed: Vec<usize> = listed.iter().map(|(number, _)| *number).collect();
    listed.sort_unstable();
    let (mut differing, mut shown) = (Vec::new(), String::new());
    for (number, source) in (1..).zip(&examples) {
        let (plain, ours) = (plain(source), ours(source));
        if plain != ours {
            differing.push(number);
            if !listed.contains(&number) {
                let row = format!("{number}: {source:?}\n  plain {plain:?}\n  ours  {ours:?}\n");
                shown.push_str(&row);
            }
        }
    }
    assert_eq!(differing, listed, "\n{shown}");
}

/// The rule for Chinese emphasis takes nothing from other Markdown: not one example differs.
#[test]
fn the_rule_for_chinese_emphasis_changes_no_example() {
    only_these_differ(with_bonds, &[]);
}

/// Nor does the repair of scraped marks, which looks at Chinese sources only.
#[test]
fn repair_changes_no_example() {
    only_these_differ(with_repair, &[]);
}

#[test]
fn all_passes_together_change_only_what_they_mean_to() {
    only_these_differ(prepared, &CORRECTED);
}
