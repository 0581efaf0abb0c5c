//! Obsidian's names of blocks, which links lead to: `一段。 ^abc123` at the end of a paragraph or
//! an item, or in a line of its own below a quote, a table, a list. They are places, and shown to
//! nobody.

use crate::source::edits::Change;

/// Obsidian's own have six characters; `x ^2` is a power.
const SHORTEST: usize = 3;
const LONGEST: usize = 40;

/// Whether a text can be the name of a block.
pub(crate) fn is_id(text: &str) -> bool {
    (SHORTEST..=LONGEST).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// The name whose `^` stands at a place. Of many in one line only the last is looked at for long.
pub(crate) fn read(text: &str, at: usize) -> Option<Change> {
    let rest = &text[at + 1..];
    let length = rest
        .bytes()
        .take(LONGEST + 1)
        .take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
        .count();
    let id = &rest[..length];
    let behind = rest[length..].trim_start_matches([' ', '\t', '\r']);
    if !is_id(id) || !(behind.is_empty() || behind.starts_with('\n')) {
        return None;
    }
    let next = behind.trim_start_matches('\n').trim_start_matches([' ', '\t']);
    let ends_block = behind.len() < 2
        || behind[1..].trim_start_matches([' ', '\t']).starts_with('\n')
        || next.is_empty()
        || next.starts_with(['-', '*', '+', '>', '#'])
        || next.starts_with(|c: char| c.is_ascii_digit());
    let before = &text[..at];
    let line = before.rsplit('\n').next().unwrap_or_default();
    let is_apart = line.is_empty() || line.ends_with([' ', '\t']);
    if !ends_block || !is_apart || line.trim_start().starts_with('#') {
        return None;
    }
    let is_alone = line.trim_matches([' ', '\t', '>']).is_empty();
    // Alone it would make a paragraph of nothing.
    let element = if is_alone { "div" } else { "a" };
    let start = if is_alone { at } else { line.trim_end().len() + (at - line.len()) };
    Some((start..at + 1 + length, format!("<{element} id=\"{id}\"></{element}>")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_end_their_blocks() {
        for (text, wanted) in [
            ("一段。 ^abc123\n\n后", "一段。<a id=\"abc123\"></a>\n\n后"),
            ("- 项 ^abc-1\n- 项", "- 项<a id=\"abc-1\"></a>\n- 项"),
            ("> 引\n\n^quote\n", "> 引\n\n<div id=\"quote\"></div>\n"),
            ("> 引\n> ^quote", "> 引\n> <div id=\"quote\"></div>"),
        ] {
            let at = text.find('^').expect("a mark");
            let (range, with) = read(text, at).expect(text);
            assert_eq!(format!("{}{with}{}", &text[..range.start], &text[range.end..]), wanted);
        }
        for text in
            ["x ^2", "E = mc ^abc 与", "a^abc", "一行 ^abc\n下一行", "## 题 ^abc", "甲 ^不是"]
        {
            assert_eq!(read(text, text.find('^').expect("a mark")), None, "{text}");
        }
    }
}
