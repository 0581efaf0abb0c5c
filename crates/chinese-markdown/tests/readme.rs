//! What the README says of texts is true.

use chinese_markdown::{Syntax, to_html};

/// The two cells of each row below the head `| Markdown | HTML |`, without their backticks.
fn rows() -> Vec<(String, String)> {
    let rows = include_str!("../README.md")
        .lines()
        .skip_while(|line| *line != "| Markdown | HTML |")
        .skip(2)
        .take_while(|line| line.starts_with('|'));
    rows.map(|row| {
        let row = row.trim_start_matches("| `").trim_end_matches("` |").replace("\\|", "\u{0}");
        let (source, html) = row.split_once("` | `").expect("two cells");
        let text = |cell: &str| cell.replace('\u{0}', "|").replace('⏎', "\n");
        (text(source), text(html))
    })
    .collect()
}

#[test]
fn texts_become_what_the_readme_says() {
    let rows = rows();
    assert!(rows.len() >= 10);
    for (source, html) in rows {
        assert_eq!(to_html(&source, &Syntax::DEFAULT).trim_end(), html, "{source}");
    }
}
