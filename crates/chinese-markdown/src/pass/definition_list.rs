//! A colon that begins a line: it gives a definition where a blank follows it, as in PHP Markdown
//! Extra and kramdown. The parser takes any: `保存并退出：⏎⏎:wq` would lose its colon.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use crate::parser_options;
use crate::source::edits::Edits;

/// Edits that make text of colons which give no definition.
pub(crate) fn keep_colons(text: &str, math: bool) -> Edits {
    let mut edits = Edits::default();
    let mut colons = colons(text).peekable();
    if colons.peek().is_none() {
        return edits;
    }
    // As if there were none: what the parser takes for one cuts code in two.
    let without = parser_options(math).difference(Options::ENABLE_DEFINITION_LIST);
    let mut code = Parser::new_ext(text, without).into_offset_iter().filter_map(
        |(event, range)| match event {
            Event::Code(_)
            | Event::InlineMath(_)
            | Event::DisplayMath(_)
            | Event::Html(_)
            | Event::InlineHtml(_)
            | Event::Start(Tag::CodeBlock(_))
            | Event::End(TagEnd::HtmlBlock) => Some(range),
            _ => None,
        },
    );
    let mut verbatim = code.next();
    for colon in colons {
        while verbatim.as_ref().is_some_and(|range| range.end <= colon) {
            verbatim = code.next();
        }
        if verbatim.as_ref().is_none_or(|range| colon < range.start) {
            edits.insert(colon, '\\');
        }
    }
    edits
}

/// Colons that begin the text of a line and stand close to it.
fn colons(text: &str) -> impl Iterator<Item = usize> {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b':', bytes).filter(|at| {
        // Most stand behind a word.
        let is_apart = at
            .checked_sub(1)
            .is_none_or(|before| matches!(bytes[before], b'\n' | b' ' | b'\t' | b'>'));
        let is_close =
            bytes.get(at + 1).is_some_and(|next| !matches!(next, b' ' | b'\t' | b'\n' | b'\r'));
        let is_mark = |byte: &u8| {
            matches!(
                byte,
                b' ' | b'\t' | b'>' | b'-' | b'+' | b'*' | b'.' | b')' | b':' | b'0'..=b'9'
            )
        };
        is_apart
            && is_close
            && bytes[..*at]
                .iter()
                .rev()
                .take(LONGEST)
                .take_while(|byte| **byte != b'\n')
                .all(is_mark)
            && !is_delimiter_row(&bytes[*at..])
    })
}

/// Whether the rest of a line is that of the row below the head of a table: `:-- | --:`.
fn is_delimiter_row(rest: &[u8]) -> bool {
    let rest = &rest[..rest.len().min(LONGEST)];
    let line = &rest[..memchr::memchr(b'\n', rest).unwrap_or(rest.len())];
    let is_row = line.iter().all(|byte| matches!(byte, b':' | b'-' | b'|' | b' ' | b'\t' | b'\r'));
    is_row && [b'-', b'|'].iter().all(|mark| line.contains(mark))
}

/// Bytes of marks that may stand before the text of a line.
const LONGEST: usize = 200;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_definition_has_a_blank_behind_its_colon() {
        for (text, wanted) in [
            ("保存并退出：\n\n:wq\n", "保存并退出：\n\n\\:wq\n"),
            (":smile: 你好\n", "\\:smile: 你好\n"),
            ("甲\n:-)\n\n> 乙\n> :100:\n", "甲\n\\:-)\n\n> 乙\n> \\:100:\n"),
            ("甲\n::\n\n:-: - 乙\n", "甲\n\\::\n\n\\:-: - 乙\n"),
            ("- 甲\n\n  :q\n", "- 甲\n\n  \\:q\n"),
        ] {
            assert_eq!(keep_colons(text, false).apply(text).0, wanted);
        }
        for text in [
            "词\n: 义\n",
            "词\n:   义\n:\t义\n",
            "甲:乙\n",
            "```\n:q\n```\n",
            "<div>\n:q\n</div>\n",
            "甲 | 乙\n:-- | --:\n1 | 2\n",
        ] {
            assert!(keep_colons(text, false).is_empty(), "{text}");
        }
    }
}
