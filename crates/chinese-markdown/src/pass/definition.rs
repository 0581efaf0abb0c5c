//! Lines that the parser takes for definitions and shows nowhere: `[注]: 这是说明` is one to
//! CommonMark, since the text holds no blank. What is no address stays text. And notes as scrapers
//! write them become notes: `[^1]：`, `[^1] :`, `［^1］：`, ` [^1]:`.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;

use pulldown_cmark::{Event, Parser, Tag};

use crate::source::edits::Edits;
use crate::source::unit::marker_length;
use crate::{Finding, Placed, parser_options};

/// A line that begins like a definition: `[label]:`, or a note that is not the parser's,
/// `[^label]：`.
struct DefinitionLine<'t> {
    /// From its `[` to the end of what it defines.
    range: Range<usize>,
    label: &'t str,
    /// What comes before the definition's text, where it is a note: from the line's begin to behind
    /// the colon.
    mark: Option<Range<usize>>,
    /// What follows the colon.
    rest: &'t str,
    /// It stands in a list or a quote.
    is_inside: bool,
}

/// What makes definitions show what they say, and what is to be said of it.
pub(crate) fn keep_texts(text: &str, math: bool) -> (Edits, Vec<Placed>) {
    let has_wide = has_wide(text);
    let lines = lines(text, has_wide);
    if lines.is_empty() && !has_wide {
        return (Edits::default(), Vec::new());
    }
    let parsed = ParsedNotes::of(text, math);
    let marks = if has_wide || lines.iter().any(|line| line.mark.is_some()) {
        marks(text, &lines)
    } else {
        Vec::new()
    };
    let mentioned: BTreeSet<&str> = marks.iter().map(|mark| mark.label).collect();
    let mut edits: Vec<(Range<usize>, Cow<'_, str>)> = Vec::new();
    let mut notes: BTreeSet<&str> = BTreeSet::new();
    let mut defined = BTreeSet::new();
    let (mut shown, mut unused): (Vec<Range<usize>>, Vec<_>) = (Vec::new(), Vec::new());
    for (index, line) in lines.iter().enumerate() {
        // It stands in for the address of the line before.
        if shown.last().is_some_and(|last| line.range.start < last.end) {
            continue;
        }
        if let Some(mark) = &line.mark {
            // What looks like another definition would become one inside the note.
            if mentioned.contains(line.label)
                && !line.rest.starts_with('[')
                && !parsed.is_code(&line.range)
            {
                let blank = if text[mark.end..].starts_with(' ') { "" } else { " " };
                edits.push((mark.clone(), format!("[{}]:{blank}", line.label).into()));
                notes.insert(line.label);
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
            edits.push((line.range.start..line.range.start, "\\".into()));
            // The next line may be a definition that is used, and those end no paragraph. In a list
            // a blank line would part its items.
            let is_followed = lines
                .get(index + 1)
                .and_then(|next| text.get(line.range.end..next.range.start))
                .is_some_and(is_line_below);
            if !line.is_inside {
                edits.push((line.range.end..line.range.end, "\n".into()));
            } else if is_followed {
                edits.push((
                    line.range.end..line.range.end,
                    format!("\n{}", marks_of_quotes(text, line.range.start)).into(),
                ));
            }
            shown.push(line.range.clone());
        }
    }
    for mark in marks.iter().filter(|mark| mark.is_wide) {
        let is_defined = notes.contains(mark.label) || parsed.notes.contains(mark.label);
        if is_defined && !parsed.is_code(&mark.range) && !meets(&parsed.inline_code, &mark.range) {
            edits.push((mark.range.clone(), format!("[{}]", mark.label).into()));
        }
    }
    edits.sort_by_key(|(range, _)| range.start);
    let edits = edits.into_iter().fold(Edits::default(), |mut edits, (range, with)| {
        edits.replace(range, &with);
        edits
    });
    let mut findings = Vec::new();
    if let Some(first) = shown.first() {
        findings.push((first.clone(), Finding::DefinitionText { count: shown.len() }));
    }
    if let Some(first) = unused.first() {
        findings.push((first.clone(), Finding::DefinitionUnused { count: unused.len() }));
    }
    (edits, findings)
}

/// Whether marks of notes in wide brackets may stand in a text.
fn has_wide(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'^', bytes).any(|at| bytes[..at].ends_with("［".as_bytes()))
}

/// Lines that begin like definitions, in quotes and lists too. A label holds no bracket, so the
/// first that closes in a line tells.
fn lines(text: &str, has_wide: bool) -> Vec<DefinitionLine<'_>> {
    let ends: Vec<(usize, char)> = if has_wide {
        text.char_indices().filter(|(_, c)| matches!(c, ']' | '］')).collect()
    } else {
        memchr::memchr_iter(b']', text.as_bytes()).map(|at| (at, ']')).collect()
    };
    let (mut line_start, mut seen, mut is_first, mut in_note) = (0, 0, true, false);
    let mut found = Vec::new();
    for (end, bracket) in ends {
        if let Some(newline) = text[seen..end].rfind('\n') {
            (line_start, is_first, in_note) = (seen + newline + 1, true, false);
        }
        seen = end;
        if std::mem::replace(&mut is_first, false) {
            found.extend(line(text, line_start, end, bracket));
            // A note may begin with what looks like a definition.
            let begun = text[line_start..end].trim_start_matches([' ', '\t', '>']);
            if !in_note && begun.starts_with("[^") && text[end..].starts_with("]:") {
                (line_start, is_first, in_note) = (end + "]:".len(), true, true);
            }
        }
    }
    found
}

/// The definition that a line begins with, whose first bracket closes at `end`.
fn line(text: &str, line_start: usize, end: usize, bracket: char) -> Option<DefinitionLine<'_>> {
    let after = &text[end + bracket.len_utf8()..];
    let gap = after.len() - after.trim_start_matches([' ', '\u{3000}']).len();
    let sign = after[gap..].chars().next().filter(|sign| matches!(sign, ':' | '：'))?;
    let colon_end = end + bracket.len_utf8() + gap + sign.len_utf8();
    let before = &text[line_start..end];
    let outside = marker_length(before);
    let is_inside = !before[..outside].trim_matches([' ', '\t']).is_empty();
    let begun = if is_inside {
        &before[outside..]
    } else {
        before.trim_start_matches([' ', '\t', '\u{3000}'])
    };
    let indent = &before[..before.len() - begun.len()];
    let label = begun.strip_prefix(['[', '［'])?;
    let is_indented = is_inside
        || indent.contains('\t')
        || indent.matches(' ').count() > 3
        || indent.chars().count() > 4;
    let is_label = !label.trim().is_empty() && !label.contains(['[', '［']);
    let is_plain = begun.starts_with('[')
        && bracket == ']'
        && gap == 0
        && sign == ':'
        && !indent.contains('\u{3000}');
    // `[^1]: …` is the parser's own; `[注]：…` is text to it.
    let is_note = label.starts_with('^') && label.len() > 1 && !label.contains(char::is_whitespace);
    if !is_label || is_note == is_plain || is_note && is_indented {
        return None;
    }
    let end_from = |at: usize| text[at..].find('\n').map_or(text.len(), |newline| at + newline);
    let mut line_end = end_from(end);
    // The address may stand on the next line.
    if !is_note
        && !is_inside
        && text[colon_end..line_end].trim().is_empty()
        && line_end < text.len()
    {
        line_end = end_from(line_end + 1);
    }
    let line_end = line_start + text[line_start..line_end].trim_end_matches('\r').len();
    let mut rest = text[colon_end..line_end].trim();
    if is_inside && rest.is_empty() && line_end < text.len() {
        // So it may in quotes and lists, where that line has their marks, or none.
        let below = text[line_end..].trim_start_matches('\r').trim_start_matches('\n');
        rest = below.lines().next().unwrap_or_default().trim_matches([' ', '\t', '>']);
    }
    let mark = is_note.then_some(line_start..colon_end);
    Some(DefinitionLine {
        range: line_start + indent.len()..line_end,
        label,
        mark,
        rest,
        is_inside,
    })
}

/// Whether what lies between the end of a line and the text of another is the beginning of the next
/// line, in the same item.
fn is_line_below(between: &str) -> bool {
    between
        .trim_start_matches('\r')
        .strip_prefix('\n')
        .is_some_and(|marks| marks.trim_matches([' ', '\t', '>']).is_empty())
}

/// What a blank line has before it in the quotes and items that hold a place.
fn marks_of_quotes(text: &str, at: usize) -> String {
    let line_start =
        memchr::memrchr(b'\n', &text.as_bytes()[..at]).map_or(0, |newline| newline + 1);
    text[line_start..at].chars().map(|c| if c == '>' { c } else { ' ' }).collect()
}

/// A mark of a note in the text, `[^1]` or `［^1］`.
struct NoteMark<'t> {
    range: Range<usize>,
    /// With its `^`.
    label: &'t str,
    is_wide: bool,
}

/// Marks of notes, in order; those that begin a definition are none.
fn marks<'t>(text: &'t str, lines: &[DefinitionLine<'t>]) -> Vec<NoteMark<'t>> {
    /// More of them is no label.
    const BYTES: usize = 200;
    let mut definitions =
        lines.iter().filter(|line| line.mark.is_some()).map(|line| line.range.start).peekable();
    let carets = memchr::memchr_iter(b'^', text.as_bytes());
    carets
        .filter_map(|caret| {
            let open =
                text[..caret].chars().next_back().filter(|open| matches!(open, '[' | '［'))?;
            let start = caret - open.len_utf8();
            while definitions.peek().is_some_and(|definition| *definition < start) {
                definitions.next();
            }
            if definitions.peek() == Some(&start) {
                return None;
            }
            let within = &text[caret..text.floor_char_boundary(caret + BYTES)];
            let (length, close) = within
                .char_indices()
                .find(|(_, c)| matches!(c, ']' | '］') || c.is_whitespace())?;
            let is_wide = open == '［' || close == '］';
            (length > 1 && !close.is_whitespace()).then_some(NoteMark {
                range: start..caret + length + close.len_utf8(),
                label: &text[caret..caret + length],
                is_wide,
            })
        })
        .collect()
}

/// What the parser makes of a text.
#[derive(Default)]
struct ParsedNotes {
    /// Labels that links and pictures use.
    used: BTreeSet<String>,
    /// Where something is shown, in order.
    shown: Vec<Range<usize>>,
    code: Vec<Range<usize>>,
    inline_code: Vec<Range<usize>>,
    /// Labels of the notes that it found, with their `^`.
    notes: BTreeSet<String>,
}

impl ParsedNotes {
    fn of(text: &str, math: bool) -> ParsedNotes {
        let mut parsed = ParsedNotes::default();
        for (event, range) in Parser::new_ext(text, parser_options(math)).into_offset_iter() {
            match event {
                Event::Start(Tag::Link { id, .. } | Tag::Image { id, .. }) if !id.is_empty() => {
                    parsed.used.insert(folded(&id));
                }
                Event::Start(Tag::CodeBlock(_) | Tag::HtmlBlock) => parsed.code.push(range),
                Event::Start(Tag::FootnoteDefinition(label)) => {
                    parsed.notes.insert(format!("^{label}"));
                }
                Event::Start(_) | Event::End(_) => {}
                event => {
                    if matches!(event, Event::Code(_)) {
                        parsed.inline_code.push(range.clone());
                    }
                    parsed.shown.push(range);
                }
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
fn is_comment(line: &DefinitionLine<'_>) -> bool {
    matches!(line.label.trim(), "//" | "#" | "comment" | "_")
        || matches!(line.rest.split_whitespace().next(), None | Some("#" | "<>"))
}

/// Whether what follows the colon is meant for an address.
fn is_address(rest: &str) -> bool {
    let address = rest.split_whitespace().next().unwrap_or_default();
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let names_a_file = path.rsplit_once('.').is_some_and(|(_, end)| {
        end.bytes().all(|byte| byte.is_ascii_alphanumeric()) && (2..=8).contains(&end.len())
    });
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
        let once = keep_texts(text, false).0.apply(text).0;
        keep_texts(&once, false).0.apply(&once).0
    }

    #[test]
    fn what_is_no_address_stays_text() {
        for (text, wanted) in [
            ("[注]: 这是没有空格的说明\n", "\\[注]: 这是没有空格的说明\n\n"),
            (
                "甲\n\n[注]: 说明\n[r]: /a\n\n[见][r]\n",
                "甲\n\n\\[注]: 说明\n\n[r]: /a\n\n[见][r]\n",
            ),
            ("[注]: 甲\n[注]: 乙\n\n[注]\n", "[注]: 甲\n\\[注]: 乙\n\n\n[注]\n"),
            ("见[一 \n二]。\n\n[一 二]: 甲\n", "见[一 \n二]。\n\n[一 二]: 甲\n"),
            ("[r]: https://a.example/\n", "[r]: https://a.example/\n"),
            ("[r]: ch1.html#一节\n[s]: 第一章.md\n", "[r]: ch1.html#一节\n[s]: 第一章.md\n"),
            ("[//]: # (comment)\n", "[//]: # (comment)\n"),
            ("```\n[注]: 说明\n```\n", "```\n[注]: 说明\n```\n"),
            ("正文\n[注]: 说明\n", "正文\n[注]: 说明\n"),
            ("[问]：答\n", "[问]：答\n"),
            ("- [张三]: 你好\n- [李四]: 好\n", "- \\[张三]: 你好\n- \\[李四]: 好\n"),
            ("> [王五]: 引文\n", "> \\[王五]: 引文\n"),
            ("> [!NOTE]\n> [提示]: 内容\n", "> [!NOTE]\n> \\[提示]: 内容\n"),
            ("1. 甲\n\n    [注]: 说明\n", "1. 甲\n\n    \\[注]: 说明\n\n"),
            (
                "> [注]: 说明\n> [r]: /a\n>\n> [见][r]\n",
                "> \\[注]: 说明\n> \n> [r]: /a\n>\n> [见][r]\n",
            ),
            ("- [r]: https://a.example/\n", "- [r]: https://a.example/\n"),
            ("> [甲]:\n> 字\n", "> \\[甲]:\n> 字\n"),
            ("> [甲]:\n字\n", "> \\[甲]:\n字\n"),
            ("> [r]:\n> /a\n", "> [r]:\n> /a\n"),
            ("甲[^丙]\n\n[^丙]: [甲]:字\n", "甲[^丙]\n\n[^丙]: \\[甲]:字\n\n"),
            ("[甲]:\n[甲]:\n", "\\[甲]:\n[甲]:\n\n"),
            ("甲\n\n    [注]: 码\n", "甲\n\n    [注]: 码\n"),
        ] {
            assert_eq!(kept(text), wanted, "{text}");
        }
        let found = |text| {
            keep_texts(text, false)
                .1
                .into_iter()
                .map(|(range, found)| (range.start, found))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            found("甲\n\n[r]: https://a.example/\n"),
            [(5, Finding::DefinitionUnused { count: 1 })]
        );
        assert_eq!(found("甲\n\n[注]: 说明\n"), [(5, Finding::DefinitionText { count: 1 })]);
    }

    #[test]
    fn notes_may_have_a_wide_colon() {
        assert_eq!(
            kept("甲[^①]\n\n[^①]：注\n[^2]：没有提到\n"),
            "甲[^①]\n\n[^①]: 注\n[^2]：没有提到\n"
        );
        let code = "甲[^a]\n\n```\n[^a]：码\n```\n";
        assert_eq!(kept(code), code);
        for (text, wanted) in [
            ("甲[^5]\n\n[^5] : 注\n", "甲[^5]\n\n[^5]: 注\n"),
            ("甲[^5]\n\n[^5]　：注\n", "甲[^5]\n\n[^5]: 注\n"),
            ("甲［^1］乙\n\n［^1］：注\n", "甲[^1]乙\n\n[^1]: 注\n"),
            ("甲[^1］，`［^1］`\n\n[^1]: 注\n", "甲[^1]，`［^1］`\n\n[^1]: 注\n"),
            ("甲[^1]\n\n　　[^1]: 注\n", "甲[^1]\n\n[^1]: 注\n"),
            ("甲[^2]\n\n[^2]：\n    注\n", "甲[^2]\n\n[^2]: \n    注\n"),
            ("［^1］ 没有定义\n\n［注］：文\n", "［^1］ 没有定义\n\n［注］：文\n"),
            ("[^1]：一\n[^1]：二\n", "[^1]：一\n[^1]：二\n"),
            ("甲[^1] ：注\n", "甲[^1] ：注\n"),
        ] {
            assert_eq!(kept(text), wanted, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_word_is_lost(text in "((\\[(甲|乙|\\^丙)\\] ?(:|：)? ?(字|/a|字字)?|字|\\[见\\]\\[甲\\]|> |- |```)[ \n]{1,2}){0,10}") {
            let shown: String = Parser::new_ext(&kept(&text), parser_options(false))
                .filter_map(|event| match event {
                    Event::Text(text) | Event::Code(text) | Event::Html(text) => Some(text.to_string()),
                    Event::Start(Tag::Link { dest_url, .. }) => Some(dest_url.to_string()),
                    _ => None,
                })
                .collect();
            prop_assert!(text.contains("```") || shown.matches('字').count() >= text.matches('字').count(), "{text:?} {shown}");
        }
    }
}
