//! Rows with more cells than the head of their table. The parser drops what is beyond (GFM, tables
//! extension); here it stays: a bar inside code, a formula or a `[[link|text]]` is text, and what
//! is left over stands in the last cell.

use std::ops::Range;

use pulldown_cmark::{Event, Parser, Tag};

use crate::source::edits::Edits;
use crate::{Finding, Placed, html, parser_options};

/// Backslashes before bars that would cost cells, and what is to be said of them.
pub(crate) fn keep_cells(text: &str, math: bool) -> (Edits, Option<Placed>) {
    let mut edits = Edits::default();
    if !may_lose_cells(text) {
        return (edits, None);
    }
    let (mut columns, mut first, mut rows) = (0, None, 0_usize);
    for (event, range) in Parser::new_ext(text, parser_options(math)).into_offset_iter() {
        match event {
            Event::Start(Tag::Table(alignments)) => columns = alignments.len(),
            Event::Start(Tag::TableRow) => {
                let end =
                    text[range.start..].find('\n').map_or(text.len(), |end| range.start + end);
                let bars = excess(&text[range.start..end], columns, math);
                if let Some(bar) = bars.first() {
                    first = first.or(Some(range.start + bar..range.start + bar + 1));
                    rows += 1;
                }
                // Raw HTML would show the backslash.
                let tags: Vec<Range<usize>> =
                    html::tags(&text[range.start..end]).map(|tag| tag.range).collect();
                for bar in bars.into_iter().filter(|bar| !tags.iter().any(|tag| tag.contains(bar)))
                {
                    edits.insert(range.start + bar, '\\');
                }
            }
            _ => {}
        }
    }
    (edits, first.map(|place| (place, Finding::TableCells { rows })))
}

/// Whether any line that looks like one of a table has more cells than that table's second line.
/// Costs a look at lines with bars.
fn may_lose_cells(text: &str) -> bool {
    let (mut columns, mut expected, mut at) = (None, 0, 0);
    while let Some(found) = memchr::memchr(b'|', &text.as_bytes()[at..]) {
        let start = text[..at + found].rfind('\n').map_or(0, |newline| newline + 1);
        let end = text[start..].find('\n').map_or(text.len(), |end| start + end);
        let line = unquoted(&text[start..end]);
        let is_rule = line.contains('-')
            && line.bytes().all(|byte| matches!(byte, b'|' | b'-' | b':' | b' ' | b'\t'));
        if is_rule {
            columns = Some(cells(line));
        } else if columns.is_some()
            && text[expected.min(start)..start].lines().any(|line| unquoted(line).is_empty())
        {
            columns = None;
        } else if columns.is_some_and(|columns| cells(line) > columns) {
            return true;
        }
        expected = end + 1;
        at = end;
    }
    false
}

fn unquoted(line: &str) -> &str {
    line.trim_start_matches([' ', '\t', '>']).trim_end()
}

fn cells(line: &str) -> usize {
    separators(line).len() + 1
}

/// The bars between the cells of a line: neither escaped nor at its ends.
fn separators(line: &str) -> Vec<usize> {
    let bytes = line.as_bytes();
    let is_escaped =
        |at: usize| bytes[..at].iter().rev().take_while(|byte| **byte == b'\\').count() % 2 == 1;
    let outer = [line.len() - line.trim_start().len(), line.trim_end().len().saturating_sub(1)];
    memchr::memchr_iter(b'|', bytes).filter(|at| !is_escaped(*at) && !outer.contains(at)).collect()
}

/// The bars of a row that must begin no cell, so that it has no more cells than there are
/// `columns`.
fn excess(row: &str, columns: usize, math: bool) -> Vec<usize> {
    let separators = separators(row);
    if separators.len() < columns.max(1) {
        return Vec::new();
    }
    let whole = wholes(row, math);
    let (inside, between): (Vec<usize>, Vec<usize>) =
        separators.into_iter().partition(|bar| whole.iter().any(|range| range.contains(bar)));
    let mut bars = inside;
    bars.extend(between.into_iter().skip(columns.max(1) - 1));
    bars.sort_unstable();
    bars
}

/// What a bar does not divide: code, formulas, links of a wiki.
fn wholes(row: &str, math: bool) -> Vec<Range<usize>> {
    let bytes = row.as_bytes();
    let mut wholes = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &row[at..];
        let run = rest.bytes().take_while(|byte| *byte == b'`').count();
        let end = if run > 0 {
            closing_run(rest, run)
        } else if math && rest.starts_with('$') {
            rest[1..].find('$').map(|end| end + 2)
        } else if rest.starts_with("[[") {
            rest.find("]]").map(|end| end + 2)
        } else {
            None
        };
        match end {
            Some(length) => {
                wholes.push(at..at + length);
                at += length;
            }
            None => at += run.max(rest.chars().next().map_or(1, char::len_utf8)),
        }
    }
    wholes
}

/// Where code that opens with `run` backticks ends.
fn closing_run(rest: &str, run: usize) -> Option<usize> {
    let bytes = rest.as_bytes();
    let mut at = run;
    while let Some(found) = memchr::memchr(b'`', &bytes[at..]) {
        let start = at + found;
        let length = bytes[start..].iter().take_while(|byte| **byte == b'`').count();
        at = start + length;
        if length == run {
            return Some(at);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn kept(text: &str) -> String {
        keep_cells(text, false).0.apply(text).0
    }

    #[test]
    fn no_cell_is_lost() {
        let table = |row: &str| format!("| 甲 | 乙 |\n|---|---|\n{row}\n");
        for (row, wanted) in [
            ("| `a || b` | 或 |", "| `a \\|\\| b` | 或 |"),
            ("| `` a | ` b `` | 或 |", "| `` a \\| ` b `` | 或 |"),
            ("`cat x | sort` | 管道", "`cat x \\| sort` | 管道"),
            ("| 甲 | 乙 | 丙 | 丁 |", "| 甲 | 乙 \\| 丙 \\| 丁 |"),
            ("| [[甲|乙]] | 双链 |", "| [[甲\\|乙]] | 双链 |"),
            ("| a \\| b | 乙 |", "| a \\| b | 乙 |"),
            ("| `a|b` |", "| `a|b` |"),
            ("| 甲 |", "| 甲 |"),
            ("| 甲 | 乙 |", "| 甲 | 乙 |"),
            ("| `没有关 | 乙 | 丙 |", "| `没有关 | 乙 \\| 丙 |"),
        ] {
            assert_eq!(kept(&table(row)), table(wanted), "{row}");
        }
        let quoted = "> | 甲 | 乙 |\n> |---|---|\n> | 一 | 二 | 三 |\n";
        assert_eq!(kept(quoted), quoted.replace("二 | 三", "二 \\| 三"));
        let code = "```\n| 甲 | 乙 |\n|---|---|\n| 一 | 二 | 三 |\n```\n";
        assert_eq!(kept(code), code);
        let math = table("| $|x|$ | 绝对值 |");
        assert_eq!(keep_cells(&math, true).0.apply(&math).0, table("| $\\|x\\|$ | 绝对值 |"));
        let (_, finding) = keep_cells(&table("| 一 | 二 | 三 |"), false);
        assert_eq!(
            finding.map(|(range, _)| range.start),
            Some(table("").len() + "| 一 | 二 ".len() - 1)
        );
    }

    proptest! {
        #[test]
        fn every_word_of_a_table_is_shown(rows in proptest::collection::vec("\\|?( ?(w[0-9]|`|\\$|\\[\\[|\\]\\]|\\\\)? ?\\|){0,5}( w[0-9])?", 1..5)) {
            let text = format!("| a | b |\n|---|---|\n{}\n", rows.join("\n"));
            let words = |text: &str| text.match_indices('w').count();
            let kept = kept(&text);
            let shown: usize = Parser::new_ext(&kept, parser_options(false))
                .map(|event| match event {
                    Event::Text(text) | Event::Code(text) => words(&text),
                    _ => 0,
                })
                .sum();
            prop_assert_eq!(shown, words(&text), "{}", kept);
        }
    }
}
