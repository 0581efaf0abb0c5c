//! What can be said of one unit: that its marks are sound, how they are mended, or that nobody can
//! tell.

use std::ops::Range;

use super::marks::strong_runs;
use super::{Repair, StrayKind};
use crate::source::unit::begins_block;
use chinese_text::{is_cjk, is_punctuation};

/// What can be said of a unit that holds `**`.
pub(super) enum Judgement {
    /// Every run has its partner, nothing is to be done.
    Sound,
    /// With these repairs every run has its partner.
    Broken(Vec<Repair>),
    /// Sound but for one run.
    Stray(StrayKind, Range<usize>),
    Unsure,
}

pub(super) fn judge(text: &str) -> Judgement {
    let Some(runs) = strong_runs(text).filter(|_| !text.lines().any(is_rule)) else {
        return Judgement::Unsure;
    };
    if let [run] = &runs[..]
        && run.len() == 2
    {
        match (run.start == 0, run.end == text.len()) {
            (true, true) => return Judgement::Stray(StrayKind::Alone, run.clone()),
            // `李**` is a mask; what closes a sentence is none.
            (false, true)
                if text[..run.start].ends_with(['。', '！', '？', '…', '”', '」', '』', '）']) =>
            {
                return Judgement::Stray(StrayKind::Closes, run.clone());
            }
            _ => {}
        }
    }
    match toggle(text, runs) {
        // What is reported is what was done: repairs that leave a mark in the text are none.
        Some(Judgement::Broken(repairs))
            if !mended(text, &repairs).is_some_and(|mended| is_sound(&mended)) =>
        {
            Judgement::Unsure
        }
        judgement => judgement.unwrap_or(Judgement::Unsure),
    }
}

/// `****`, `** **`: three stars or more and nothing else are a rule, which ends the paragraph
/// (CommonMark §4.1).
fn is_rule(line: &str) -> bool {
    line.bytes().all(|byte| matches!(byte, b'*' | b' ' | b'\t' | b'\r'))
        && line.bytes().filter(|byte| *byte == b'*').count() >= 3
}

/// What makes a heading of the text above it, and ends it.
fn is_underline(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty()
        && (line.bytes().all(|byte| byte == b'-') || line.bytes().all(|byte| byte == b'='))
}

/// Walks the runs as a switch: a pair of stars turns strong on or off, four turn it off and on
/// again.
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
            (2 | 4, None) if !text[run.end..].trim().is_empty() => {
                if run.len() == 4 && (at_line_end || !blank_before) {
                    return None;
                }
                if blank_after && before.is_some_and(|c| !c.is_whitespace() && !is_punctuation(c)) {
                    return None;
                }
                let repair = if run.len() == 4 || blank_after {
                    opened(text, &run)?
                } else {
                    (run.clone(), "**".to_owned())
                };
                open = Some(run.start..repair.0.end);
                if repair.0 != run || run.len() == 4 {
                    out.push(repair);
                }
            }
            (2, Some(opener)) => {
                if text[opener.end..run.start].trim().is_empty() {
                    // An empty pair: both marks go.
                    if out.last().is_some_and(|(range, _)| range.end == opener.end) {
                        out.pop();
                    }
                    out.push(emptied(text, opener.start..run.end)?);
                } else if before.is_some_and(char::is_whitespace) {
                    if !(blank_after || after.is_some_and(|c| is_punctuation(c) || is_cjk(c))) {
                        return None;
                    }
                    out.push(closed(text, &run)?);
                }
                open = None;
            }
            (4, Some(_)) if !at_line_end => out.push(emptied(text, run)?),
            (4.., Some(_)) => {
                out.push(closed(text, &run)?);
                open = None;
            }
            _ => return None,
        }
    }
    Some(match open {
        None if out.is_empty() => Judgement::Sound,
        None => Judgement::Broken(out),
        Some(opener) if opener == (0..2) && out.is_empty() && !begins_block(&text[2..]) => {
            Judgement::Stray(StrayKind::Opens, opener)
        }
        Some(_) => Judgement::Unsure,
    })
}

/// Marks that open, moved over the blanks after them to the first character, be it on the next
/// line.
fn opened(text: &str, run: &Range<usize>) -> Option<Repair> {
    let rest = &text[run.end..];
    let blanks = &rest[..rest.len() - rest.trim_start().len()];
    let range = run.start..run.end + blanks.len();
    let begins_line = begins_line(text, run.start)?;
    let Some(line_end) = blanks.find('\n') else {
        // Blanks at the beginning of a line could make code of it.
        let moved = if begins_line { blanks.trim_matches([' ', '\t']) } else { blanks };
        return Some((range, format!("{moved}**")));
    };
    if begins_block(&text[range.end..]) {
        return None;
    }
    let line_break = line_break(&blanks[..line_end]);
    if begins_line {
        let kept = if text[..run.start].trim().is_empty() { "" } else { line_break };
        return Some((range, format!("{kept}**")));
    }
    // Blanks before and after the marks must not add up to a break.
    let kept = if line_break.is_empty() { "\n" } else { "  \n" };
    Some((range.start - trailing_blanks(&text[..run.start])..range.end, format!("{kept}**")))
}

/// Marks that close, moved over the blanks before them to the last character, be it on the line
/// above.
fn closed(text: &str, run: &Range<usize>) -> Option<Repair> {
    let inside = text[..run.start].trim_end();
    let blanks = &text[inside.len()..run.start];
    begins_line(text, run.start)?;
    // A backslash there would take the marks for text.
    if inside.ends_with('\\') {
        return None;
    }
    let after = &text[run.end..];
    let next = after.trim_start();
    let rest = blank_line(after);
    if !blanks.contains('\n') {
        // Blanks at the end of a line could break it.
        let moved = if rest.is_some() || next.is_empty() {
            blanks.trim_matches([' ', '\t'])
        } else {
            blanks
        };
        return Some((inside.len()..run.end, format!("**{moved}")));
    }
    match rest {
        _ if next.is_empty() => Some((inside.len()..run.end, "**".to_owned())),
        Some(rest) => {
            let kept = if begins_block(next) { "" } else { line_break(rest) };
            Some((inside.len()..run.end + rest.len() + 1, format!("**{blanks}{kept}")))
        }
        None => (!begins_block(after)).then(|| (inside.len()..run.end, format!("**{blanks}"))),
    }
}

/// Marks that go, and with them the lines on which nothing else stands: a blank line would end the
/// paragraph.
fn emptied(text: &str, range: Range<usize>) -> Option<Repair> {
    let after = &text[range.end..];
    let mut is_blank = begins_line(text, range.start)?;
    let next = after.len() - after.trim_start().len();
    if (is_blank || text[range.clone()].contains('\n'))
        && (begins_block(&after[next..]) || after[next..].starts_with(']'))
    {
        return None;
    }
    if text[..range.start].trim().is_empty() {
        return Some((range.start..range.end + next, String::new()));
    }
    if after.trim().is_empty() {
        return Some((range, String::new()));
    }
    let left = text[range.clone()].replace('*', "");
    let mut kept = String::new();
    let mut tail = "";
    let mut start = range.start;
    // Blanks before and after the marks must not add up to a break.
    let mut end_line = |blanks: &'_ str| {
        start -= trailing_blanks(&text[..range.start]);
        if line_break(blanks).is_empty() { "" } else { "  " }
    };
    for line in left.split_inclusive('\n') {
        let Some(blanks) = line.strip_suffix('\n') else {
            tail = line;
            break;
        };
        if is_blank {
            kept.push_str(line_break(blanks));
        } else {
            kept.extend([end_line(blanks), "\n"]);
        }
        is_blank = true;
    }
    match blank_line(after) {
        Some(rest) if is_blank => Some((
            start..range.end + rest.len() + 1,
            kept + line_break(if rest.is_empty() { tail } else { rest }),
        )),
        Some(rest) => {
            let kept = end_line(rest);
            Some((start..range.end + rest.len(), kept.to_owned()))
        }
        None => Some((start..range.end, kept + tail)),
    }
}

/// Whether nothing stands on the line before a place; `None` behind the mark of a quote, which
/// begins lines inside a unit as well. Looks at blanks alone: a unit may be one line of any length.
fn begins_line(text: &str, at: usize) -> Option<bool> {
    let before =
        text[..at].trim_end_matches(|c: char| (c.is_whitespace() && c != '\n') || c == '>');
    let is_first = before.is_empty() || before.ends_with('\n');
    (!is_first || before.is_empty() || !text[before.len()..at].contains('>')).then_some(is_first)
}

/// The blanks that a text begins with, if nothing else stands on its first line and another
/// follows.
fn blank_line(text: &str) -> Option<&str> {
    let rest = text.trim_start_matches(|c: char| c.is_whitespace() && c != '\n');
    rest.starts_with('\n').then(|| &text[..text.len() - rest.len()])
}

/// Bytes of the blanks that a text ends with, as far as they could break a line.
fn trailing_blanks(text: &str) -> usize {
    text.len() - text.trim_end_matches([' ', '\t']).len()
}

/// A line of nothing but its end, which must not be blank: a break of the line where it was one.
fn line_break(blanks: &str) -> &'static str {
    if blanks.ends_with("  ") { "\\\n" } else { "" }
}

/// The text with its repairs, if they do not overlap.
fn mended(text: &str, repairs: &[Repair]) -> Option<String> {
    let (mut out, mut at) = (String::with_capacity(text.len()), 0);
    for (range, with) in repairs {
        out.extend([text.get(at..range.start)?, with]);
        at = range.end;
    }
    Some(out + &text[at..])
}

/// Whether the parser will take every mark of a unit for one: each opens or closes where it stands,
/// and nothing that holds together begins or ends between the two alone.
fn is_sound(text: &str) -> bool {
    let Some(runs) = strong_runs(text) else { return false };
    let is_table = text.starts_with('|');
    runs.len().is_multiple_of(2)
        && runs
            .iter()
            .enumerate()
            .all(|(index, run)| run.len() == 2 && flanks(text, run, index.is_multiple_of(2)))
        && runs.chunks(2).all(|pair| {
            let inside = &text[pair[0].end..pair[1].start];
            is_balanced(inside)
                && !(is_table && inside.contains('|'))
                && !inside.lines().skip(1).any(is_underline)
        })
}

/// Whether every bracket that opens is closed, and none else.
fn is_balanced(text: &str) -> bool {
    let depth = text.bytes().try_fold(0_usize, |depth, byte| match byte {
        b'[' => Some(depth + 1),
        b']' => depth.checked_sub(1),
        _ => Some(depth),
    });
    depth == Some(0)
}

/// Whether a run can open, or close (CommonMark CJK-friendly amendments).
fn flanks(text: &str, run: &Range<usize>, opens: bool) -> bool {
    let before = text[..run.start].chars().next_back().unwrap_or('\n');
    let after = text[run.end..].chars().next().unwrap_or('\n');
    let (inner, outer) = if opens { (after, before) } else { (before, after) };
    !inner.is_whitespace()
        && (!is_punctuation(inner)
            || outer.is_whitespace()
            || is_punctuation(outer)
            || is_cjk(inner)
            || is_cjk(outer))
}

/// `2 ** 31`: a run between blanks whose nearest neighbours are ASCII letters or digits.
fn is_arithmetic(text: &str, run: &Range<usize>) -> bool {
    let left = text[..run.start].trim_end().chars().next_back();
    let right = text[run.end..].trim_start().chars().next();
    left.is_some_and(|c| c.is_ascii_alphanumeric())
        && right.is_some_and(|c| c.is_ascii_alphanumeric())
}
