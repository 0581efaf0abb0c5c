//! The codes of findings: all in one table, and none that is stale.

use std::collections::BTreeSet;

const TABLE: &str = include_str!("../../docs/codes.md");

/// What a code stands behind where the program makes a finding.
const MAKERS: [&str; 7] = [
    "Diagnostic::error(",
    "Diagnostic::warning(",
    "Diagnostic::note(",
    "self.warn(",
    ".into_error(",
    "not_kept(",
    "UNREADABLE: &str = ",
];

/// The code of every file of the program, without tests.
fn sources() -> impl Iterator<Item = String> {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/src");
    walkdir::WalkDir::new(root)
        .into_iter()
        .map(|entry| entry.expect("readable"))
        .filter(|entry| {
            entry.path().extension().is_some_and(|extension| extension == "rs")
                && entry.file_name() != "tests.rs"
        })
        .map(|entry| std::fs::read_to_string(entry.path()).expect("readable"))
        .map(|text| text.split("#[cfg(test)]").next().unwrap_or_default().to_owned())
}

/// The rows of the table: code, severities.
fn rows() -> Vec<(String, Vec<String>)> {
    let rows = TABLE.lines().filter_map(|line| line.strip_prefix("| `"));
    rows.map(|row| {
        let (code, rest) = row.split_once("` | ").expect("a code");
        let cells: Vec<&str> = rest.trim_end_matches(" |").split(" | ").collect();
        assert!(cells.len() == 3 && cells.iter().all(|cell| !cell.trim().is_empty()), "{row}");
        (code.to_owned(), cells[0].split(", ").map(str::to_owned).collect())
    })
    .collect()
}

#[test]
fn every_code_is_in_the_table_and_none_is_stale() {
    let rows = rows();
    assert!(rows.windows(2).all(|pair| pair[0].0 < pair[1].0), "in order, each once");
    let told: BTreeSet<&str> = rows.iter().map(|(code, _)| code.as_str()).collect();
    let mut literals = BTreeSet::new();
    for text in sources() {
        for maker in MAKERS {
            for (at, _) in text.match_indices(maker) {
                let Some((code, _)) = text[at + maker.len()..]
                    .trim_start()
                    .strip_prefix('"')
                    .and_then(|rest| rest.split_once('"'))
                else {
                    continue;
                };
                assert!(told.contains(code), "`{code}` is not in docs/codes.md");
                let severity =
                    maker.strip_prefix("Diagnostic::").map(|maker| maker.trim_end_matches('('));
                let row = rows.iter().find(|(known, _)| known == code).expect("told");
                assert!(
                    severity.is_none_or(|severity| row.1.iter().any(|known| known == severity)),
                    "`{code}` can be an {severity:?}"
                );
            }
        }
        literals.extend(text.split('"').skip(1).map(str::to_owned));
    }
    for (code, severities) in &rows {
        assert!(literals.contains(code), "`{code}` is in docs/codes.md and nowhere in the program");
        assert!(
            severities
                .iter()
                .all(|severity| matches!(severity.as_str(), "error" | "warning" | "note")),
            "{code}"
        );
    }
}
