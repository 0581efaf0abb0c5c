//! Repair of strong emphasis that converters from HTML broke: `**a****b**`, `** x **`, `**船票******`, and `**` that
//! opens in one paragraph and closes in a later one.
//!
//! Works on the source, unit by unit (paragraph, list item, heading, table row), so that it can serve a rewrite of the file as
//! well. A unit that does not come out balanced stays as it was: `李**` is a mask, and nothing here guesses. Code, links,
//! escapes and tags are never touched.

use std::collections::BTreeMap;
use std::ops::Range;

use memchr::memmem;

use super::source_map::Edits;
use super::unit::{Units, begins_block};
use crate::text::{is_cjk, is_punctuation};

/// The repairs of a source.
#[derive(Clone, Debug, Default)]
pub struct Repairs {
    pub edits: Edits,
    /// What was repaired, in order: for each unit, from its first repair to its last.
    pub places: Vec<Range<usize>>,
}

/// One repair: what goes, and what comes in its place.
type Repair = (Range<usize>, String);

/// Finds all repairs of a source. Sources without any Chinese are as their authors wrote them: `** foo bar**` is text by
/// CommonMark (example 379), and only scraped Chinese says otherwise.
pub fn mend(source: &str) -> Repairs {
    if !source.contains("**") || !source.contains(is_cjk) {
        return Repairs::default();
    }
    let stars = memmem::Finder::new("**");
    let find_from = |at: usize| stars.find(&source.as_bytes()[at..]).map(|found| at + found);
    let mut repairs: Vec<Repair> = Vec::new();
    let mut places = Vec::new();
    let mut strays = Vec::new();
    let mut units = Units::of(source);
    let mut next = find_from(0);
    while let Some(at) = next {
        units.skip_towards(at);
        let Some(unit) = units.next() else { break };
        if unit.end <= at {
            continue;
        }
        let text = &source[unit.clone()];
        // Stars before the unit are code's.
        if text.contains("**") && !text.starts_with('<') {
            match judge(text) {
                Judgement::Broken(found) => {
                    let before = repairs.len();
                    repairs.extend(found.into_iter().map(|(range, with)| (unit.start + range.start..unit.start + range.end, with)));
                    places.push(repairs[before].0.start..repairs[repairs.len() - 1].0.end);
                }
                Judgement::Stray(kind, run) => strays.push(Stray { kind, run: unit.start + run.start..unit.start + run.end }),
                Judgement::Sound | Judgement::Unsure => {}
            }
        }
        next = find_from(unit.end);
    }
    let pairs = pair_up(source, &strays);
    // At the very end nothing can come after a mark that is all of its paragraph: its partner is lost.
    let is_paired = |run: &Range<usize>| pairs.last().is_some_and(|(_, closer)| closer == run);
    if let Some(Stray { kind: StrayKind::Alone, run }) = strays.last()
        && !is_paired(run)
        && source[run.end..].trim().is_empty()
    {
        places.push(run.clone());
        repairs.push((run.clone(), String::new()));
    }
    for (opener, closer) in pairs {
        places.push(opener.start..closer.end);
        repairs.push((opener, String::new()));
        repairs.push((closer, String::new()));
    }
    repairs.sort_by_key(|(range, _)| range.start);
    places.sort_by_key(|range| range.start);
    let mut edits = Edits::default();
    for (range, with) in repairs {
        edits.replace(range, &with);
    }
    Repairs { edits, places }
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

/// Pairs marks around several paragraphs, `<strong>` around blocks in the HTML that was converted. At least one of the two
/// must be all of its paragraph, which no mask ever is; both go, and no paragraph becomes bold by a guess. Nothing but
/// paragraphs may stand between them.
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
            // An opener takes a lone mark only if the lone marks that follow are not pairs among themselves.
            (Opens, Alone) => lone[at + 1] % 2 == 1,
            (Alone, Alone | Closes) => true,
            _ => false,
        };
        let pairs_with_next = belong_together && holds_paragraphs_only(&source[first.run.end..second.run.start]);
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

/// What can be said of a unit that holds `**`.
enum Judgement {
    /// Every run has its partner, nothing is to be done.
    Sound,
    /// With these repairs every run has its partner.
    Broken(Vec<Repair>),
    /// Sound but for one run.
    Stray(StrayKind, Range<usize>),
    Unsure,
}

fn judge(text: &str) -> Judgement {
    let Some(runs) = strong_runs(text) else { return Judgement::Unsure };
    if let [run] = &runs[..]
        && run.len() == 2
    {
        match (run.start == 0, run.end == text.len()) {
            (true, true) => return Judgement::Stray(StrayKind::Alone, run.clone()),
            // `李**` is a mask; what closes a sentence is none.
            (false, true) if text[..run.start].ends_with(['。', '！', '？', '…', '”', '」', '』', '）']) => {
                return Judgement::Stray(StrayKind::Closes, run.clone());
            }
            _ => {}
        }
    }
    toggle(text, runs).unwrap_or(Judgement::Unsure)
}

/// Walks the runs as a switch: a pair of stars turns strong on or off, four turn it off and on again.
fn toggle(text: &str, runs: Vec<Range<usize>>) -> Option<Judgement> {
    let mut out: Vec<Repair> = Vec::new();
    let mut open: Option<Range<usize>> = None;
    for run in runs {
        let before = text[..run.start].chars().next_back();
        let after = text[run.end..].chars().next();
        let blank_before = before.is_none_or(char::is_whitespace);
        let at_line_end = after.is_none_or(|c| c == '\n');
        let blank_after = after.is_none_or(char::is_whitespace);
        if blank_before && blank_after && is_arithmetic(text, &run) {
            return None;
        }
        match (run.len(), &open) {
            (2, None) | (4, None) if !at_line_end => {
                if run.len() == 4 && !blank_before {
                    return None;
                }
                if blank_after && before.is_some_and(|c| !c.is_whitespace() && !is_punctuation(c)) {
                    return None;
                }
                let blanks = leading_blanks(&text[run.end..]);
                if run.len() == 4 || blanks > 0 {
                    let moved = text[run.end..run.end + blanks].to_owned();
                    out.push((run.start..run.end + blanks, moved + "**"));
                }
                open = Some(run.start..run.end + blanks);
            }
            (2, Some(opener)) => {
                if text[opener.end..run.start].trim().is_empty() {
                    // An empty pair: both marks go.
                    if out.last().is_some_and(|(range, _)| range.start == opener.start) {
                        out.pop();
                    }
                    out.push((opener.start..run.end, text[opener.start..run.end].replace('*', "")));
                } else if before.is_some_and(char::is_whitespace) {
                    if !(blank_after || after.is_some_and(|c| is_punctuation(c) || is_cjk(c))) {
                        return None;
                    }
                    let blanks = trailing_blanks(&text[opener.end..run.start]);
                    let moved = format!("**{}", &text[run.start - blanks..run.start]);
                    out.push((run.start - blanks..run.end, moved));
                }
                open = None;
            }
            (4, Some(_)) if !at_line_end => out.push((run, String::new())),
            (4.., Some(opener)) => {
                let blanks = trailing_blanks(&text[opener.end..run.start]);
                out.push((run.start - blanks..run.end, format!("**{}", &text[run.start - blanks..run.start])));
                open = None;
            }
            _ => return None,
        }
    }
    Some(match open {
        None if out.is_empty() => Judgement::Sound,
        None => Judgement::Broken(out),
        Some(opener) if opener == (0..2) && out.is_empty() && !begins_block(&text[2..]) => Judgement::Stray(StrayKind::Opens, opener),
        Some(_) => Judgement::Unsure,
    })
}

/// All runs of two or more stars outside code spans, escapes, tags and link destinations; `None` if one is odd.
fn strong_runs(text: &str) -> Option<Vec<Range<usize>>> {
    let bytes = text.as_bytes();
    let mut runs = Vec::new();
    let mut ticks = None;
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            b'`' => {
                let length = bytes[at..].iter().take_while(|byte| **byte == b'`').count();
                let closing = ticks.get_or_insert_with(|| Ticks::of(bytes)).closing(length, at + length);
                at = closing.unwrap_or(at) + length;
            }
            b'<' if let Some(length) = html_code(&text[at..]) => at += length,
            b'<' if bytes.get(at + 1).is_some_and(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'/' | b'!')) => {
                at += find_near(text, at, b'>').map_or(1, |end| end + 1);
            }
            b']' if bytes.get(at + 1) == Some(&b'(') => at += find_near(text, at, b')').map_or(2, |end| end + 1),
            b'*' => {
                let length = bytes[at..].iter().take_while(|byte| **byte == b'*').count();
                if length % 2 == 1 {
                    return None;
                }
                runs.push(at..at + length);
                at += length;
            }
            _ => at += 1,
        }
    }
    Some(runs)
}

/// The length of `<code>…</code>` and its like, if the text begins with one.
fn html_code(text: &str) -> Option<usize> {
    ["<code", "<kbd", "<samp", "<tt", "<pre"].iter().find_map(|tag| {
        let rest = text.get(..tag.len()).filter(|start| start.eq_ignore_ascii_case(tag)).map(|_| &text[tag.len()..])?;
        if !rest.starts_with(['>', ' ']) {
            return None;
        }
        let near = &text.as_bytes()[..text.len().min(4096)];
        let end = format!("</{}", &tag[1..]);
        near.windows(end.len()).position(|window| window.eq_ignore_ascii_case(end.as_bytes()))
    })
}

/// The next `mark` within the length of any real tag or address: an unclosed one must not cost a look at all of the text.
fn find_near(text: &str, at: usize, mark: u8) -> Option<usize> {
    memchr::memchr(mark, &text.as_bytes()[at..(at + 4096).min(text.len())])
}

/// Where runs of backticks begin, by their length: each run is closed by the next one of its length, which would else be looked for
/// through all of the text each time.
struct Ticks(BTreeMap<usize, Vec<usize>>);

impl Ticks {
    fn of(bytes: &[u8]) -> Ticks {
        let mut runs: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        let mut at = 0;
        while let Some(found) = memchr::memchr(b'`', &bytes[at..]) {
            let start = at + found;
            let length = bytes[start..].iter().take_while(|byte| **byte == b'`').count();
            runs.entry(length).or_default().push(start);
            at = start + length;
        }
        Ticks(runs)
    }

    /// The first run of this length at or after `from`.
    fn closing(&self, length: usize, from: usize) -> Option<usize> {
        let runs = self.0.get(&length)?;
        runs.get(runs.partition_point(|start| *start < from)).copied()
    }
}

/// `2 ** 31`: a run between blanks whose nearest neighbours are ASCII letters or digits.
fn is_arithmetic(text: &str, run: &Range<usize>) -> bool {
    let left = text[..run.start].trim_end().chars().next_back();
    let right = text[run.end..].trim_start().chars().next();
    left.is_some_and(|c| c.is_ascii_alphanumeric()) && right.is_some_and(|c| c.is_ascii_alphanumeric())
}

fn leading_blanks(text: &str) -> usize {
    text.len() - text.trim_start_matches(|c: char| c.is_whitespace() && c != '\n').len()
}

fn trailing_blanks(text: &str) -> usize {
    text.len() - text.trim_end_matches(|c: char| c.is_whitespace() && c != '\n').len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn mended(source: &str) -> String {
        mend(source).edits.apply(source).0
    }

    #[test]
    fn scraped_strong_is_mended() {
        for (scraped, meant) in [
            ("**创造了****奇迹****。**", "**创造了奇迹。**"),
            ("**船票******", "**船票**"),
            ("****船票****", "**船票**"),
            ("** 注意：**请", " **注意：**请"),
            ("当然，** 列表 **，我们", "当然， **列表** ，我们"),
            ("**读书会 **原创", "**读书会** 原创"),
            ("甲，** **乙", "甲， 乙"),
            ("甲\n\n**\n\n \u{A0}\n", "甲\n\n\n\n \u{A0}\n"),
            ("**ChatGPT******\n\n甲", "**ChatGPT**\n\n甲"),
            ("> ```\n> x\n\n** 乙 **后", "> ```\n> x\n\n **乙** 后"),
            ("<pre>\n** x **\n</pre>\n\n** 乙 **后", "<pre>\n** x **\n</pre>\n\n **乙** 后"),
            ("```\n** x **\n```\n\n** 粗 **字", "```\n** x **\n```\n\n **粗** 字"),
            ("**为小城添砖加瓦\n\n  \n\n下一段。\n\n**\n\n末段。", "为小城添砖加瓦\n\n  \n\n下一段。\n\n\n\n末段。"),
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
        let places: Vec<&str> = mend(source).places.into_iter().map(|range| &source[range]).collect();
        assert_eq!(places, ["******", "**甲\n\n**"]);
    }

    proptest! {
        #[test]
        fn mending_is_stable(text in "[*` \\n\\\\甲a。<>\\[\\]()|>-]{0,60}") {
            let once = mended(&text);
            prop_assert_eq!(mended(&once), once);
        }

        #[test]
        fn only_marks_and_blanks_change(text in "(?s)[*` \\n\\\\甲a。<>\\[\\]()|>~_#1.-]{0,120}") {
            let bare = |text: &str| text.chars().filter(|c| *c != '*' && !c.is_whitespace()).collect::<String>();
            prop_assert_eq!(bare(&mended(&text)), bare(&text));
        }
    }
}
