//! Lines that the parser takes for definitions and shows nowhere: `[注]: 这是说明` is one to CommonMark, since the text holds no
//! blank. What is no address stays text. And notes whose colon is `：` become notes.

use std::collections::BTreeSet;
use std::ops::Range;

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use super::source_map::Edits;
use super::{Finding, options};
use crate::diagnostic::Diagnostic;

/// A line that begins like a definition: `[label]:`, or `[^label]：`.
struct Line<'t> {
    /// From its `[` to the end of what it defines.
    range: Range<usize>,
    label: &'t str,
    /// Where its colon stands.
    colon: usize,
    /// What follows the colon.
    rest: &'t str,
}

/// What makes definitions show what they say, and what is to be said of it.
pub(super) fn keep_texts(text: &str, math: bool) -> (Edits, Vec<Finding>) {
    let mut edits = Edits::default();
    let lines: Vec<Line<'_>> = lines(text).collect();
    if lines.is_empty() {
        return (edits, Vec::new());
    }
    let parsed = Parsed::of(text, math);
    let mut defined = BTreeSet::new();
    let (mut shown, mut unused): (Vec<Range<usize>>, Vec<_>) = (Vec::new(), Vec::new());
    for line in &lines {
        // It stands in for the address of the line before.
        if shown.last().is_some_and(|last| line.range.start < last.end) {
            continue;
        }
        let is_note = line.label.starts_with('^');
        if is_note {
            let is_mentioned = text.matches(&format!("[{}]", line.label)).nth(1).is_some();
            // What looks like another definition would become one inside the note.
            if is_mentioned && !line.rest.starts_with('[') && !parsed.is_code(&line.range) {
                edits.replace(line.colon..line.colon + '：'.len_utf8(), ": ");
            }
            continue;
        }
        let label = folded(line.label);
        let is_used = parsed.used.contains(&label);
        if parsed.is_shown(&line.range) || (defined.insert(label) && is_used) || is_comment(line) {
            continue;
        }
        if is_address(line.rest) {
            unused.push(line.range.clone());
        } else {
            edits.insert(line.range.start, '\\');
            // The next line may be a definition that is used, and those end no paragraph.
            edits.insert(line.range.end, '\n');
            shown.push(line.range.clone());
        }
    }
    let mut findings = Vec::new();
    if let Some(first) = shown.first() {
        let message = say!("{} line(s) that CommonMark takes for the address of a link are shown as text", shown.len());
        findings.push((first.clone(), Diagnostic::note("definition-text", message)));
    }
    if let Some(first) = unused.first() {
        let message = say!("{} address(es) of links that no link uses are shown nowhere", unused.len());
        findings.push((first.clone(), Diagnostic::note("definition-unused", message)));
    }
    (edits, findings)
}

/// Lines that begin like definitions, outside quotes and lists.
fn lines(text: &str) -> impl Iterator<Item = Line<'_>> {
    let ends = memchr::memchr_iter(b']', text.as_bytes());
    let (mut line_start, mut looked_to) = (0, 0);
    ends.filter_map(move |end| {
        let newline = text[looked_to..end].rfind('\n').map(|newline| looked_to + newline);
        // A label ends with the first bracket of its line.
        let is_first = newline.is_some() || looked_to == 0;
        line_start = newline.map_or(line_start, |newline| newline + 1);
        looked_to = end + 1;
        let after = &text[end + 1..];
        let is_wide = after.starts_with('：');
        if !is_first || !is_wide && !after.starts_with(':') {
            return None;
        }
        let before = &text[line_start..end];
        let start = line_start + before.len() - before.trim_start_matches(' ').len();
        let label = text[start..end].strip_prefix('[')?;
        let is_label = !label.trim().is_empty() && !label.contains(['[', ']']) && start - line_start <= 3;
        // `[^1]: …` is the parser's own; `[注]：…` is text to it.
        let is_note = label.starts_with('^') && label.len() > 1 && !label.contains(char::is_whitespace);
        if !is_label || is_note != is_wide {
            return None;
        }
        let end_from = |at: usize| text[at..].find('\n').map_or(text.len(), |newline| at + newline);
        let mut line_end = end_from(end);
        // The address may stand on the next line.
        if !is_note && text[end + 2..line_end].trim().is_empty() && line_end < text.len() {
            line_end = end_from(line_end + 1);
        }
        let line_end = line_start + text[line_start..line_end].trim_end_matches('\r').len();
        let colon = end + 1;
        let rest = text[colon..line_end].trim_start_matches([':', '：']).trim();
        Some(Line { range: start..line_end, label, colon, rest })
    })
}

/// What the parser makes of a text.
struct Parsed {
    /// Labels that links and pictures use.
    used: BTreeSet<String>,
    /// Where something is shown, in order.
    shown: Vec<Range<usize>>,
    code: Vec<Range<usize>>,
}

impl Parsed {
    fn of(text: &str, math: bool) -> Parsed {
        let mut parsed = Parsed { used: BTreeSet::new(), shown: Vec::new(), code: Vec::new() };
        for (event, range) in Parser::new_ext(text, options(math)).into_offset_iter() {
            match event {
                Event::Start(Tag::Link { id, .. } | Tag::Image { id, .. }) if !id.is_empty() => {
                    parsed.used.insert(folded(&id));
                }
                Event::Start(Tag::CodeBlock(_) | Tag::HtmlBlock) => parsed.code.push(range),
                Event::Start(_) | Event::End(TagEnd::CodeBlock | TagEnd::HtmlBlock) | Event::End(_) => {}
                _ => parsed.shown.push(range),
            }
        }
        parsed
    }

    fn is_code(&self, line: &Range<usize>) -> bool {
        meets(&self.code, line)
    }

    /// Whether anything of a line is shown or is code.
    fn is_shown(&self, line: &Range<usize>) -> bool {
        meets(&self.shown, line) || self.is_code(line)
    }
}

/// Whether one of the ranges, which are in order, meets another.
fn meets(ranges: &[Range<usize>], range: &Range<usize>) -> bool {
    let first = ranges.partition_point(|other| other.end <= range.start);
    ranges.get(first).is_some_and(|other| other.start < range.end)
}

/// Labels are compared without case, and blanks count once.
fn folded(label: &str) -> String {
    label.split_whitespace().collect::<Vec<&str>>().join(" ").to_lowercase()
}

/// `[//]: # (…)`, which people write for comments.
fn is_comment(line: &Line<'_>) -> bool {
    matches!(line.label.trim(), "//" | "#" | "comment" | "_") || matches!(line.rest.split_whitespace().next(), None | Some("#" | "<>"))
}

/// Whether what follows the colon is meant for an address.
fn is_address(rest: &str) -> bool {
    let address = rest.split_whitespace().next().unwrap_or_default();
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let names_a_file =
        path.rsplit_once('.').is_some_and(|(_, end)| end.bytes().all(|byte| byte.is_ascii_alphanumeric()) && (2..=8).contains(&end.len()));
    address.contains("://")
        || address.contains('@')
        || address.starts_with(['/', '.', '#', '<'])
        || names_a_file
        || (path.is_ascii() && path.contains(['.', '/']))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn kept(text: &str) -> String {
        keep_texts(text, false).0.apply(text).0
    }

    #[test]
    fn what_is_no_address_stays_text() {
        for (text, wanted) in [
            ("[注]: 这是没有空格的说明\n", "\\[注]: 这是没有空格的说明\n\n"),
            ("甲\n\n[注]: 说明\n[r]: /a\n\n[见][r]\n", "甲\n\n\\[注]: 说明\n\n[r]: /a\n\n[见][r]\n"),
            ("[注]: 甲\n[注]: 乙\n\n[注]\n", "[注]: 甲\n\\[注]: 乙\n\n\n[注]\n"),
            ("见[一 \n二]。\n\n[一 二]: 甲\n", "见[一 \n二]。\n\n[一 二]: 甲\n"),
            ("[r]: https://a.example/\n", "[r]: https://a.example/\n"),
            ("[r]: ch1.html#一节\n[s]: 第一章.md\n", "[r]: ch1.html#一节\n[s]: 第一章.md\n"),
            ("[//]: # (comment)\n", "[//]: # (comment)\n"),
            ("```\n[注]: 说明\n```\n", "```\n[注]: 说明\n```\n"),
            ("正文\n[注]: 说明\n", "正文\n[注]: 说明\n"),
            ("[问]：答\n", "[问]：答\n"),
        ] {
            assert_eq!(kept(text), wanted, "{text}");
        }
        let codes = |text| keep_texts(text, false).1.into_iter().map(|(range, found)| (range.start, found.code)).collect::<Vec<_>>();
        assert_eq!(codes("甲\n\n[r]: https://a.example/\n"), [(5, "definition-unused".into())]);
        assert_eq!(codes("甲\n\n[注]: 说明\n"), [(5, "definition-text".into())]);
    }

    #[test]
    fn notes_may_have_a_wide_colon() {
        assert_eq!(kept("甲[^①]\n\n[^①]：注\n[^2]：没有提到\n"), "甲[^①]\n\n[^①]: 注\n[^2]：没有提到\n");
        let code = "甲[^a]\n\n```\n[^a]：码\n```\n";
        assert_eq!(kept(code), code);
    }

    proptest! {
        #[test]
        fn no_word_is_lost(text in "((\\[(甲|乙|\\^丙)\\](:|：)? ?(字|/a|字字)?|字|\\[见\\]\\[甲\\]|> |- |```)[ \n]{1,2}){0,10}") {
            let shown: String = Parser::new_ext(&kept(&text), options(false))
                .filter_map(|event| match event {
                    Event::Text(text) | Event::Code(text) | Event::Html(text) => Some(text.to_string()),
                    Event::Start(Tag::Link { dest_url, .. }) => Some(dest_url.to_string()),
                    _ => None,
                })
                .collect();
            prop_assert!(text.contains('>') || text.contains('-') || text.contains("```") || shown.matches('字').count() >= text.matches('字').count(), "{text:?} {shown}");
        }
    }
}
