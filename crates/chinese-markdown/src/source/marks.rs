//! Which marks a text holds, as far as the passes before the parser must know: most of them concern
//! lines that nearly no post has, and are not run where there is none.
//!
//! One look at the first bytes of each line, and one search for signs inside lines, answer for all.
//! Measured on 300 long posts: when each pass looked for its own marks, their looks took 52 million
//! instructions; this one takes 20.

use chinese_text::is_cjk;

/// The deepest nesting of quotes and lists that is kept.
pub(crate) const DEEPEST: usize = 100;

/// Marks that occur; some may be none on a closer look, but what is not said here does not occur.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Marks {
    /// A line that may begin with more marks of quotes and lists than `nesting` keeps.
    pub(crate) deep: bool,
    /// Three backticks or tildes, perhaps in a list or a quote.
    pub(crate) fence: bool,
    /// Three tildes.
    pub(crate) tildes: bool,
    /// `<`.
    pub(crate) tag: bool,
    /// `##题`, a heading without its blank.
    pub(crate) heading: bool,
    /// `[…]:` or `［`, in lists and quotes too; `[^`.
    pub(crate) definition: bool,
    /// Chinese behind four blanks or a tab.
    pub(crate) indented: bool,
    /// `==`, wherever it stands.
    pub(crate) equals: bool,
    /// `$`, `\(`, `\[`, `\begin{`, wherever they stand.
    pub(crate) formula: bool,
}

/// What may stand before the text of a line: blanks, and marks of quotes, lists, headings,
/// definitions and emphasis.
const IS_BEFORE_TEXT: [bool; 256] = {
    let mut is_before = [false; 256];
    let bytes = b" \t\r\x0B\x0C>-+*#:_.)0123456789";
    let mut at = 0;
    while at < bytes.len() {
        is_before[bytes[at] as usize] = true;
        at += 1;
    }
    is_before
};

impl Marks {
    /// Looks at a text.
    pub(crate) fn of(text: &str) -> Marks {
        let mut marks = Marks::default();
        let bytes = text.as_bytes();
        marks.look_at_line(text);
        for newline in memchr::memchr_iter(b'\n', bytes) {
            marks.look_at_line(&text[newline + 1..]);
        }
        // One equals sign is in every attribute of raw HTML.
        marks.equals = memchr::memmem::find(bytes, b"==").is_some();
        let begins_formula = |at: usize| {
            bytes[at] == b'$'
                || matches!(bytes.get(at + 1), Some(b'(' | b'['))
                || bytes[at..].starts_with(b"\\begin{")
        };
        marks.formula = memchr::memchr2_iter(b'$', b'\\', bytes).any(begins_formula);
        marks
    }

    /// Looks at how the first line of a text begins.
    fn look_at_line(&mut self, text: &str) {
        // An end, a letter, a Chinese character: most lines.
        if text
            .as_bytes()
            .first()
            .is_none_or(|first| matches!(first, b'\n' | b'a'..=b'z' | b'A'..=b'Z' | 0xE4..=0xE9))
        {
            return;
        }
        let before = before_text(text);
        let (begin, shown) = text.split_at(before);
        let is_blank = || begin.trim_start().is_empty();
        self.deep |= before > DEEPEST;
        self.heading |= begin.contains('#')
            && begin.trim_start().strip_prefix("##").is_some_and(|rest| {
                let title = rest.trim_start_matches('#');
                let is_apart = title.starts_with(char::is_whitespace)
                    || (title.is_empty() && shown.starts_with('\n'));
                !is_apart
            });
        self.indented |= (begin.contains('\t') || begin.contains("    ")) && begins_as_prose(shown);
        match shown.as_bytes() {
            [b'`', b'`', b'`', ..] => self.fence = true,
            [b'~', b'~', b'~', ..] => (self.fence, self.tildes) = (true, true),
            [b'<', ..] => self.tag |= is_blank(),
            [b'[', next, ..] => self.definition |= *next == b'^' || may_define(shown),
            _ => self.definition |= shown.starts_with('［'),
        }
    }
}

/// Whether a line that begins with a bracket may be a definition: `[甲](乙)` is none.
fn may_define(line: &str) -> bool {
    let end = memchr::memchr2(b']', b'\n', line.as_bytes()).unwrap_or(line.len());
    let behind = line[end..]
        .strip_prefix(']')
        .map_or("", |behind| behind.trim_start_matches([' ', '\u{3000}']));
    behind.starts_with([':', '：']) || line[..end].contains(['［', '］'])
}

/// Whether a line begins as a sentence of Han does. Looks at its first characters only.
pub(crate) fn begins_as_prose(line: &str) -> bool {
    line.trim_start_matches(['*', '_', '“', '‘', '\u{3000}', ' ', '\t'])
        .chars()
        .next()
        .is_some_and(is_cjk)
}

/// Bytes of the blanks and marks that a line begins with.
fn before_text(line: &str) -> usize {
    let mut at = 0;
    loop {
        at +=
            line.as_bytes()[at..].iter().take_while(|byte| IS_BEFORE_TEXT[**byte as usize]).count();
        match line[at..].chars().next() {
            // The blank of a paragraph on paper, and rarer ones.
            Some(c) if !c.is_ascii() && c.is_whitespace() => at += c.len_utf8(),
            _ => return at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::HtmlBlocks;
    use crate::pass::emphasis::Sentinels;
    use crate::pass::{definition, formula, html_block, indented, nesting, ornament, repair};
    use crate::source::edits::Edits;
    use crate::{Syntax, dialect};
    use proptest::prelude::*;

    const ALL: Marks = Marks {
        deep: true,
        fence: true,
        tildes: true,
        tag: true,
        heading: true,
        definition: true,
        indented: true,
        equals: true,
        formula: true,
    };

    #[test]
    fn what_nearly_every_post_holds_asks_for_nothing() {
        let post = "甲乙，**丙**。\n\n## 一、题\n\n- 甲\n  - [乙](https://a.example/?b=c)\n\n1. 丙\n\n> 丁 `戊`\n\n![](a.png)\n\n　　己。\n\n\
                    | 甲 | 乙 |\n|--|--|\n| 1 | 2 |\n\n[庚](辛)：\n\n---\n\n\tlet a;\n\n“庚”\n";
        assert_eq!(Marks::of(post), Marks::default());
    }

    #[test]
    fn marks_are_seen_where_they_count() {
        for (text, seen) in [
            (
                format!("甲\n{}甲", ">".repeat(DEEPEST + 1)),
                Marks { deep: true, ..Marks::default() },
            ),
            ("- 甲\n\n  ```\n".to_owned(), Marks { fence: true, ..Marks::default() }),
            ("　　> ~~~".to_owned(), Marks { fence: true, tildes: true, ..Marks::default() }),
            ("甲\n\u{A0} <b>".to_owned(), Marks { tag: true, ..Marks::default() }),
            ("##1. 题".to_owned(), Marks { heading: true, ..Marks::default() }),
            ("甲\n　　[^1]：乙".to_owned(), Marks { definition: true, ..Marks::default() }),
            ("> - [^1]: 乙".to_owned(), Marks { definition: true, ..Marks::default() }),
            ("[^注］：乙".to_owned(), Marks { definition: true, ..Marks::default() }),
            ("[注] ：乙".to_owned(), Marks { definition: true, ..Marks::default() }),
            ("［注］: 乙".to_owned(), Marks { definition: true, ..Marks::default() }),
            ("甲\n    **乙**".to_owned(), Marks { indented: true, ..Marks::default() }),
            ("甲==乙".to_owned(), Marks { equals: true, ..Marks::default() }),
            ("甲\\(x\\)".to_owned(), Marks { formula: true, ..Marks::default() }),
        ] {
            assert_eq!(Marks::of(&text), seen, "{text}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]
        /// A pass that is not asked would have changed nothing, and said nothing.
        #[test]
        fn no_pass_misses_its_marks(pieces in proptest::collection::vec(proptest::sample::select(vec![
            "甲", "甲。", "a", " ", "  ", "    ", "\t", "　", "\u{A0}", "\r\n", "\n", "\n", "\n", "\n\n", "\n> ", "\n- ", "\n1. ", "\n: ", "\n# ", "\n##", "##",
            "*", "**", "****", "_", "`", "```", "\n```\n", "~", "~~~", "\n~~~", "·", "<", "\n<div>", "</div>", "<!--", "\n<script>", "<pre>", "[注]", "［注］", "[^1]", "［^1］", ":", "：",
            "$", "$$", "$x_1$", "\\(", "\\)", "\\[", "\\]", "\\alpha_1", "=", "==", "/a", "1", ".",
        ]), 0..24)) {
            let text = &pieces.concat();
            let marks = Marks::of(text);
            let is_same = |edits: Edits| edits.is_empty();
            prop_assert!(marks.deep || is_same(nesting::bound(text).0));
            prop_assert!(marks.tildes || is_same(ornament::keep_as_text(text, false).0));
            prop_assert!(marks.indented || is_same(indented::outdent_prose(text, false)));
            let (edits, findings) = definition::keep_texts(text, false);
            prop_assert!(marks.definition || (edits.is_empty() && findings.is_empty()));
            let displays = [formula::fence_displays(text), formula::mark_dollars(text, false)];
            prop_assert!(marks.formula || (formula::tell_unset(text).is_none() && displays.into_iter().all(is_same)));
            if let Some(sentinels) = Sentinels::absent_from(text) {
                let blocks = [html_block::end_open_blocks(text), html_block::keep_whole(text, HtmlBlocks::Kramdown, &sentinels)];
                prop_assert!(marks.tag || blocks.into_iter().all(is_same));
            }
            let translated = |marks: Marks| dialect::translate(text, marks, &Syntax::DEFAULT).edits.apply(text).0;
            prop_assert_eq!(translated(marks), translated(ALL));
            let mended = |marks: Marks| repair::mend(text, marks).edits.apply(text).0;
            prop_assert_eq!(mended(marks), mended(ALL));
        }
    }
}
