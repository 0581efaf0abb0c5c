//! Paragraphs indented by four blanks or a tab, as on paper. CommonMark shows them as code; Han prose with ends of sentences is none.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};

use super::options;
use super::source_map::Edits;
use crate::text::{is_cjk, is_han};

/// Edits that take the indentation off prose; each line begins a paragraph.
pub(super) fn outdent_prose(text: &str, math: bool) -> Edits {
    let mut edits = Edits::default();
    let mut lines: Option<Vec<Range<usize>>> = None;
    for (event, range) in Parser::new_ext(text, options(math)).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Indented)) => lines = Some(Vec::new()),
            Event::Text(_) => lines.iter_mut().for_each(|lines| lines.push(range.clone())),
            Event::End(TagEnd::CodeBlock) => {
                let lines = lines.take().unwrap_or_default();
                if is_prose(lines.iter().map(|line| &text[line.clone()])) {
                    outdent(text, &lines, &mut edits);
                }
            }
            _ => {}
        }
    }
    edits
}

/// Whether a line begins as a sentence of Han does. Looks at its first characters only.
fn begins_as_prose(line: &str) -> bool {
    line.trim_start_matches(['*', '_', '\u{3000}', ' ', '\t']).chars().next().is_some_and(is_cjk)
}

/// Whether the lines of a block are Han throughout, and sentences end among them.
fn is_prose<'l>(lines: impl Iterator<Item = &'l str>) -> bool {
    const ENDS: &str = "。！？…”』」）：；";
    let mut ends = false;
    for line in lines.map(str::trim).filter(|line| !line.is_empty()) {
        let (mut han, mut others) = (0_usize, 0_usize);
        for c in line.chars().filter(|c| !c.is_whitespace() && !matches!(c, '*' | '_')) {
            han += usize::from(is_han(c));
            others += usize::from(!is_cjk(c));
        }
        if !begins_as_prose(line) || han <= others {
            return false;
        }
        ends |= line.trim_end_matches(['*', '_']).ends_with(|c| ENDS.contains(c));
    }
    ends
}

fn outdent(text: &str, lines: &[Range<usize>], edits: &mut Edits) {
    const COLUMNS: usize = 4;
    for (index, line) in lines.iter().enumerate() {
        let content = &text[line.clone()];
        let begin = line.start + content.len() - content.trim_start_matches([' ', '\t']).len();
        let before = &text[..line.start];
        let blanks = if before.ends_with('\t') { 1 } else { before.bytes().rev().take(COLUMNS).take_while(|byte| *byte == b' ').count() };
        let start = line.start - blanks;
        if content.trim().is_empty() {
            continue;
        }
        // In a list or a quote an empty line would need its marks.
        let above = text[..start].strip_suffix('\n').map(|above| above.rsplit('\n').next().unwrap_or(above));
        let is_item = text[begin..line.end].starts_with("* ");
        let follows = index > 0 && !is_item && above.is_some_and(|above| !above.trim().is_empty());
        edits.replace(start..begin, if follows { "\n" } else { "" });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_is_no_code() {
        let outdented = |text: &str| outdent_prose(text, false).apply(text).0;
        for (text, wanted) in [
            ("甲。\n\n    乙写道：“丙。”\n", "甲。\n\n乙写道：“丙。”\n"),
            ("\t一段。\n\t二段。\n\n\t**三**段。\n", "一段。\n\n二段。\n\n**三**段。\n"),
            ("    　　两种缩进都有。\n", "　　两种缩进都有。\n"),
            ("    * 一项。\n    * 二项。\n", "* 一项。\n* 二项。\n"),
            ("- 项\n\n      项里的一段。\n", "- 项\n\n  项里的一段。\n"),
        ] {
            assert_eq!(outdented(text), wanted, "{text}");
        }
        for code in [
            "    四空格缩进像代码\n",
            "    // 注释。\n    int a;\n",
            "    打印(\"甲\")\n    甲。\n",
            "    if 甲 { return b; }。\n",
            "```\n    围栏里。\n```\n",
            "甲\n    接着写。\n",
            "<pre>\n    诗。\n</pre>\n",
        ] {
            assert_eq!(outdented(code), code);
        }
    }
}
