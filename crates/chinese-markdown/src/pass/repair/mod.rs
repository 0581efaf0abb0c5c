//! Repair of strong emphasis that converters from HTML broke: `**a****b**`, `** x **`,
//! `**船票******`, and `**` that opens in one paragraph and closes in a later one.
//!
//! Works on the source, unit by unit (paragraph, list item, heading, table row), so that it can
//! serve a rewrite of the file as well. A unit that does not come out balanced stays as it was:
//! `李**` is a mask, and nothing here guesses. Code, links, escapes and tags are never touched.

mod judgement;
mod marks;

use std::ops::Range;

use memchr::memmem;

use crate::source::edits::Edits;
use crate::source::marks::Marks;
use crate::source::unit::{Units, begins_block};
use chinese_text::is_cjk;
use judgement::{Judgement, judge};

/// The repairs of a source.
#[derive(Clone, Debug, Default)]
pub(crate) struct Repairs {
    pub(crate) edits: Edits,
    /// What was repaired, in order: for each unit, from its first repair to its last.
    pub(crate) places: Vec<Range<usize>>,
}

/// One repair: what goes, and what comes in its place.
type Repair = (Range<usize>, String);

/// What was broken at one place, and all that mends it.
struct Mended {
    place: Range<usize>,
    repairs: Vec<Repair>,
}

/// Finds all repairs of a source.
pub(crate) fn mend(source: &str, marks: Marks) -> Repairs {
    let found = find(source, marks);
    let places = found.iter().map(|mended| mended.place.clone()).collect();
    let mut repairs: Vec<Repair> = found.into_iter().flat_map(|mended| mended.repairs).collect();
    repairs.sort_by_key(|(range, _)| range.start);
    let mut edits = Edits::default();
    for (range, with) in repairs {
        edits.replace(range, &with);
    }
    Repairs { edits, places }
}

/// What is broken, in order. Sources without any Chinese are as their authors wrote them:
/// `** foo bar**` is text by CommonMark (example 379), and only scraped Chinese says otherwise.
fn find(source: &str, marks: Marks) -> Vec<Mended> {
    let stars = memmem::Finder::new("**");
    let find_from = |at: usize| stars.find(&source.as_bytes()[at..]).map(|found| at + found);
    let mut next = find_from(0);
    if next.is_none() || !source.contains(is_cjk) {
        return Vec::new();
    }
    let mut mended = Vec::new();
    let mut strays = Vec::new();
    let mut units = Units::of(source, marks);
    while let Some(at) = next {
        units.skip_towards(at);
        let Some(unit) = units.next() else { break };
        if unit.end <= at {
            continue;
        }
        let text = &source[unit.clone()];
        // Stars before the unit are code's. A line that goes on a quote without its mark is too
        // rare to be told from one that does not.
        if (unit.start <= at || text.contains("**"))
            && !text.starts_with('<')
            && !(text.contains('\n') && line_before(source, unit.start).contains('>'))
        {
            match judge(text) {
                Judgement::Broken(found) => {
                    let shifted = |(range, with): Repair| {
                        (unit.start + range.start..unit.start + range.end, with)
                    };
                    let repairs: Vec<Repair> = found.into_iter().map(shifted).collect();
                    mended.push(Mended {
                        place: repairs[0].0.start..repairs[repairs.len() - 1].0.end,
                        repairs,
                    });
                }
                // The mark of a list with nothing after it could be the line below a heading.
                Judgement::Stray(StrayKind::Alone, _)
                    if line_before(source, unit.start).contains(['-', '+', '*']) => {}
                Judgement::Stray(kind, run) => {
                    strays.push(Stray { kind, run: unit.start + run.start..unit.start + run.end });
                }
                Judgement::Sound | Judgement::Unsure => {}
            }
        }
        next = find_from(unit.end);
    }
    let without = |place: Range<usize>, runs: &[&Range<usize>]| Mended {
        place,
        repairs: runs.iter().map(|run| ((*run).clone(), String::new())).collect(),
    };
    let pairs = pair_up(source, &strays);
    // At the very end nothing can come after a mark that is all of its paragraph: its partner is
    // lost.
    let is_paired = |run: &Range<usize>| pairs.last().is_some_and(|(_, closer)| closer == run);
    if let Some(Stray { kind: StrayKind::Alone, run }) = strays.last()
        && !is_paired(run)
        && source[run.end..].trim().is_empty()
    {
        mended.push(without(run.clone(), &[run]));
    }
    mended.extend(
        pairs.iter().map(|(opener, closer)| without(opener.start..closer.end, &[opener, closer])),
    );
    mended.sort_by_key(|mended| mended.place.start);
    mended
}

fn line_before(source: &str, at: usize) -> &str {
    source[..at].rsplit('\n').next().unwrap_or("")
}

/// A `**` without its partner in the unit.
struct Stray {
    kind: StrayKind,
    run: Range<usize>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum StrayKind {
    /// Before the unit's first character.
    Opens,
    /// After its last.
    Closes,
    /// All there is.
    Alone,
}

/// Pairs marks around several paragraphs, `<strong>` around blocks in the HTML that was converted.
/// At least one of the two must be all of its paragraph, which no mask ever is; both go, and no
/// paragraph becomes bold by a guess. Nothing but paragraphs may stand between them.
fn pair_up(source: &str, strays: &[Stray]) -> Vec<(Range<usize>, Range<usize>)> {
    use StrayKind::{Alone, Closes, Opens};
    // For each stray, how many lone marks follow one another from it on.
    let mut lone = vec![0_usize; strays.len() + 1];
    for (at, stray) in strays.iter().enumerate().rev() {
        lone[at] = if stray.kind == Alone { lone[at + 1] + 1 } else { 0 };
    }
    let mut pairs = Vec::new();
    let mut at = 0;
    while let [first, second, ..] = &strays[at..] {
        let belong_together = match (first.kind, second.kind) {
            // An opener takes a lone mark only if the lone marks that follow are not pairs among
            // themselves.
            (Opens, Alone) => lone[at + 1] % 2 == 1,
            (Alone, Alone | Closes) => true,
            _ => false,
        };
        let pairs_with_next =
            belong_together && holds_paragraphs_only(&source[first.run.end..second.run.start]);
        if pairs_with_next {
            pairs.push((first.run.clone(), second.run.clone()));
        }
        at += if pairs_with_next { 2 } else { 1 };
    }
    pairs
}

fn holds_paragraphs_only(text: &str) -> bool {
    !text.lines().skip(1).map(str::trim).any(|line| begins_block(line) && !line.starts_with("**"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Document, Syntax};
    use proptest::prelude::*;

    fn mended(source: &str) -> String {
        mend(source, Marks::of(source)).edits.apply(source).0
    }

    #[test]
    fn scraped_strong_is_mended() {
        for (scraped, meant) in [
            ("**创造了****奇迹****。**", "**创造了奇迹。**"),
            ("**船票******", "**船票**"),
            ("****船票****", "**船票**"),
            ("** 注意：**请", "**注意：**请"),
            ("当然，** 列表 **，我们", "当然， **列表** ，我们"),
            ("**读书会 **原创", "**读书会** 原创"),
            ("甲，** **乙", "甲， 乙"),
            ("甲。  \n**  \n乙，丙**。", "甲。  \n\\\n**乙，丙**。"),
            ("甲。\n**\n乙，丙**。", "甲。\n**乙，丙**。"),
            ("**  \n甲，乙**", "**甲，乙**"),
            ("甲。**  \n乙，丙**", "甲。  \n**乙，丙**"),
            ("**甲，乙  \n**丙", "**甲，乙**  \n丙"),
            ("**甲，乙  \n**  \n丙", "**甲，乙**  \n\\\n丙"),
            ("**甲，乙\n**\n丙", "**甲，乙**\n丙"),
            ("甲  \n**  \n**  \n乙", "甲  \n\\\n\\\n乙"),
            ("**    甲，乙**", "**甲，乙**"),
            ("甲\n\n**\n\n \u{A0}\n", "甲\n\n\n\n \u{A0}\n"),
            ("**ChatGPT******\n\n甲", "**ChatGPT**\n\n甲"),
            ("> ```\n> x\n\n** 乙 **后", "> ```\n> x\n\n**乙** 后"),
            ("<pre>\n** x **\n</pre>\n\n** 乙 **后", "<pre>\n** x **\n</pre>\n\n**乙** 后"),
            ("```\n** x **\n```\n\n** 粗 **字", "```\n** x **\n```\n\n**粗** 字"),
            (
                "**为小城添砖加瓦\n\n  \n\n下一段。\n\n**\n\n末段。",
                "为小城添砖加瓦\n\n  \n\n下一段。\n\n\n\n末段。",
            ),
            ("**\n\n甲\n\n**\n\n乙\n\n**\n\n丙\n\n**", "\n\n甲\n\n\n\n乙\n\n\n\n丙\n\n"),
            ("**\n\n甲**粗**\n\n乙。**", "\n\n甲**粗**\n\n乙。"),
            ("**某先生\n\n**\n\n甲\n\n**", "**某先生\n\n\n\n甲\n\n"),
        ] {
            assert_eq!(mended(scraped), meant);
        }
    }

    #[test]
    fn what_is_not_sure_stays() {
        for text in [
            "李**表示",
            "某** 某**",
            "`a****b` 与 **粗**",
            "[图](a****b.png)",
            "***粗斜***",
            "2 ** 31 与 2 ** 10",
            "\\*\\*不是\\*\\*",
            "* **甲**：说明",
            "```\n** a **\n```",
            "```\n**\n```\n\n甲\n\n**\n\n乙",
            "    ** a **",
            "    ```\n甲\n```\n** b **\n```",
            "<string>\n甲\n```\n</string>\n\n```\n** b **\n```",
            "1. 甲\n\n    ```\n    ** b ** 乙\n    ```",
            "**甲**和**乙**",
            "> 甲。  \n> **  \n> 乙，丙**。",
            "**甲\\ **乙",
            "甲。  \n**  \n- 乙**",
            "甲  \n** **  \n乙",
            "甲  \n****  \n** 乙 **",
            "甲** [乙 **](a)",
            "a** (b) **c与**（甲** ",
            "**某先生说\n\n后来李**",
            "甲\n\n**\n\n乙",
            "** foo bar** and ****foo****",
            "**\n\n甲\n\n获奖用户：李**\n\n乙",
            "**甲\n\n# 题\n\n乙\n\n**\n\n丙",
            "<pre>\n甲\n\n** x ** 与 b\n</pre>",
            "甲 <code>** x **</code> 乙",
            "甲\n\n<script>\n\n** x ** 乙\n\n</script>",
            "# 题目\n    a = ** x ** 甲",
        ] {
            assert_eq!(mended(text), text);
        }
    }

    #[test]
    fn places_are_told() {
        let source = "前\n\n**船票******\n\n**甲\n\n**";
        let places: Vec<&str> = mend(source, Marks::of(source))
            .places
            .into_iter()
            .map(|range| &source[range])
            .collect();
        assert_eq!(places, ["******", "**甲\n\n**"]);
    }

    /// What a reader sees: the lines of each paragraph, without stars and blanks.
    fn lines(html: &str) -> String {
        let text = ["<p>", "</p>", "<li>", "</li>", "<blockquote>"]
            .iter()
            .fold(html.replace("<br />", "\u{1}"), |html, tag| html.replace(tag, "\u{2}"));
        let text = text.replace(['*', '\u{a0}', '\u{3000}'], "");
        let text: String =
            crate::html::text_of(&text).chars().filter(|c| !c.is_whitespace()).collect();
        text.split('\u{2}')
            .map(|paragraph| paragraph.trim_matches('\u{1}'))
            .filter(|paragraph| !paragraph.is_empty())
            .collect::<Vec<_>>()
            .join("\n")
    }

    /// How much of what is shown is no emphasis, or emphasis twice.
    fn broken(html: &str) -> usize {
        let opened = |at: usize| {
            html[..at].matches("<strong>").count() > html[..at].matches("</strong>").count()
        };
        html.matches('*').count()
            + html.match_indices("<strong>").filter(|(at, _)| opened(*at)).count()
    }

    fn shown(source: &str, mended: &[Mended]) -> String {
        let mut repairs: Vec<Repair> =
            mended.iter().flat_map(|mended| mended.repairs.clone()).collect();
        repairs.sort_by_key(|(range, _)| range.start);
        let mut edits = Edits::default();
        for (range, with) in repairs {
            edits.replace(range, &with);
        }
        let (text, _) = edits.apply(source);
        let (document, _) = Document::prepare(&text, &Syntax { repair: false, ..Syntax::DEFAULT });
        let mut out = String::new();
        pulldown_cmark::html::push_html(
            &mut out,
            document.events().into_iter().map(|(event, _)| event),
        );
        out
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]
        /// Each place that is reported has changed what is shown, and no line is lost with the
        /// marks.
        #[test]
        fn what_is_reported_was_done(parts in prop::collection::vec(prop::sample::select(vec!["**", "**", "****", "甲", "乙。", "，", "a", " ", "  \n", "\n", "\n\n", "　乙", "[丙", "](x)", "\n\n> ", "- "]), 0..24)) {
            let source = parts.concat();
            let mut mended = find(&source, Marks::of(&source));
            let after = shown(&source, &mended);
            prop_assert_eq!(lines(&shown(&source, &[])), lines(&after));
            for index in 0..mended.len() {
                let one = mended.remove(index);
                let before = shown(&source, &mended);
                prop_assert!(broken(&before) > broken(&after), "{:?}: {} {}", one.place, before, after);
                mended.insert(index, one);
            }
        }
    }

    proptest! {
        #[test]
        fn mending_is_stable(text in "[*` \\n\\\\甲a。<>\\[\\]()|>-]{0,60}") {
            let once = mended(&text);
            prop_assert_eq!(mended(&once), once);
        }

        #[test]
        fn only_marks_and_blanks_change(text in "(?s)[*` \\n\\\\甲a。<>\\[\\]()|>~_#1.-]{0,120}") {
            let bare = |text: &str| text.replace("\\\n", "").chars().filter(|c| *c != '*' && !c.is_whitespace()).collect::<String>();
            prop_assert_eq!(bare(&mended(&text)), bare(&text));
        }
    }
}
