//! Code between fences at the margin, told without the parser. The posts of a programmer are full of what would be marks anywhere else,
//! and a text is not parsed for what stands in code alone: of 471 real posts 145 were, some of them three times.

use std::ops::Range;

use super::unit::line_at;

/// The lines of code between fences of backticks, fences included, in order. Only such as are read so whatever stands around them; a
/// tag, tildes or an indented fence may hold what looks like a fence, and behind the first of these nothing is told.
pub(super) fn code(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    // To the parser that is the end of a line, too.
    if memchr::memchr(b'\r', text.as_bytes()).is_some() {
        return found;
    }
    let mut open: Option<(usize, usize)> = None;
    let mut at = 0;
    while at < text.len() {
        let (start, line) = (at, line_at(text, at));
        at += line.len();
        let begun = line.trim_start_matches(' ');
        let indent = line.len() - begun.len();
        let ticks = begun.bytes().take_while(|byte| *byte == b'`').count();
        let rest = begun[ticks..].trim_end_matches('\n');
        match open {
            Some((first, length)) if ticks >= length && indent <= 3 && rest.bytes().all(|byte| byte == b' ') => {
                found.push(first..at);
                open = None;
            }
            Some(_) => {}
            None if indent == 0 && ticks >= 3 && !rest.contains('`') => open = Some((start, ticks)),
            None if indent <= 3 && (ticks >= 3 || begun.starts_with("~~~") || begun.starts_with('<')) => break,
            None => {}
        }
    }
    found.extend(open.map(|(first, _)| first..text.len()));
    found
}

#[cfg(test)]
mod tests {
    use super::super::options;
    use super::*;
    use proptest::prelude::*;
    use pulldown_cmark::{Event, Parser, Tag};

    #[test]
    fn code_at_the_margin_is_told() {
        let told = |text: &str| code(text).into_iter().map(|range| text[range].to_owned()).collect::<Vec<String>>();
        assert_eq!(told("甲：\n```js\n$a == 1\n```\n乙\n````\n```\n````\n"), ["```js\n$a == 1\n```\n", "````\n```\n````\n"]);
        assert_eq!(told("```\n没有结尾"), ["```\n没有结尾"]);
        for unsure in ["<div>\n```\n甲\n```\n", " ```\n```\n甲", "~~~\n```\n~~~\n", "甲\r```\r\n```\n乙", "```a`b```\n", "> ```\n> 甲\n"]
        {
            assert_eq!(told(unsure), [""; 0], "{unsure}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]
        #[test]
        fn the_parser_reads_the_same_code(pieces in proptest::collection::vec(proptest::sample::select(vec![
            "甲", "a", " ", "   ", "    ", "\t", "\n", "\n", "\n\n", "\n```", "\n```", "\n````", "```", "`", "\n> ", "\n- ", "\n1. ", "\n  ", "\n: ", "\n[a]:",
            "\n[a]: /b\n\"", "\n[^1]: ", "\n|a|b|\n|-|-|\n", "|", "\n===\n", "\n# ", "\n~~~", "\n<div>", "\n<!--", "<b>", "\\", "$$", "\r", "\u{A0}", "　",
        ]), 0..30), math: bool) {
            let text = pieces.concat();
            let blocks: Vec<Range<usize>> = Parser::new_ext(&text, options(math))
                .into_offset_iter()
                .filter(|(event, _)| matches!(event, Event::Start(Tag::CodeBlock(_))))
                .map(|(_, range)| range)
                .collect();
            for told in code(&text) {
                let is_read = blocks.iter().any(|block| block.start == told.start && block.end + 1 >= text[..told.end].trim_end_matches('\n').len());
                prop_assert!(is_read, "{:?} {:?} {:?}", text, told, blocks);
            }
        }
    }
}
