//! Emphasis in Chinese text.
//!
//! Two independent passes over the source. [`mend`] repairs what converters from HTML leave behind (`**a****b**`,
//! `** x **`). [`bond`] makes stock pulldown-cmark follow the CommonMark CJK-friendly amendments
//! (tats-u/markdown-cjk-friendly, `specification.md`) by putting an invisible character between a delimiter run and the
//! punctuation beside it; [`Sentinels::strip`] takes it out of the events again. `bond` can be dropped the day
//! pulldown-cmark releases an option of its own (its pull request 1059).

use std::borrow::Cow;

use super::source_map::Edits;
use crate::text::{is_cjk, is_punctuation};

/// Characters that the source does not hold, used as marks between the passes and the parser.
#[derive(Clone, Copy, Debug)]
pub struct Sentinels {
    /// Neither punctuation nor blank: a noncharacter.
    pub bond: char,
    /// Punctuation that no keyboard types.
    pub punctuation: char,
    /// Stands in a blank line so that it does not end an HTML block: a noncharacter.
    pub blank: char,
}

impl Sentinels {
    /// The first candidates that `source` does not hold; `None` for a text that holds all of them, which is then parsed
    /// as it is.
    pub fn absent_from(source: &str) -> Option<Sentinels> {
        // Nearly every text is free of them all; one look for their common first bytes settles it.
        let mut free = ('\u{FDD0}'..='\u{FDEF}').filter(|c| !source.contains(*c));
        let mut rare = ['\u{2E3F}', '\u{2E2E}', '\u{2E19}', '\u{2E15}', '\u{2E2D}', '\u{A8FC}'].into_iter();
        Some(Sentinels { bond: free.next()?, blank: free.next()?, punctuation: rare.find(|c| !source.contains(*c))? })
    }

    pub fn strip<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let marks = [self.bond, self.punctuation, self.blank];
        // One look for each is a `memchr`; a look for all three at once decodes every character.
        if marks.iter().any(|mark| text.contains(*mark)) { Cow::Owned(text.replace(marks, "")) } else { Cow::Borrowed(text) }
    }
}

/// Inserts sentinels so that `*`, `**` and `~~` beside CJK text open and close as the amendments say.
pub fn bond(source: &str, sentinels: &Sentinels) -> Edits {
    let mut edits = Edits::default();
    let bytes = source.as_bytes();
    let mut at = 0;
    while let Some(found) = memchr::memchr3(b'*', b'~', b'_', &bytes[at..]) {
        let start = at + found;
        let mark = bytes[start];
        let escapes = bytes[..start].iter().rev().take_while(|byte| **byte == b'\\').count();
        if escapes % 2 == 1 {
            at = start + 1;
            continue;
        }
        let end = start + bytes[start..].iter().take_while(|byte| **byte == mark).count();
        at = end;
        if mark == b'~' && end - start != 2 {
            continue;
        }
        let before = Before::of(&source[..start]);
        let after = source[end..].chars().next().unwrap_or('\n');
        if before.base.is_whitespace() || after.is_whitespace() {
            continue;
        }
        if mark == b'_' {
            if before.selected && is_punctuation(before.base) {
                edits.replace(start..start, sentinels.punctuation);
            }
            continue;
        }
        if !(before.cjk || before.ideographic || is_cjk(after)) || before.punctuation == is_punctuation(after) {
            continue;
        }
        if before.punctuation {
            if matches!(before.base, '*' | '_' | '~') {
                edits.replace(end..end, sentinels.punctuation);
            } else {
                edits.replace(start..start, sentinels.bond);
            }
        } else if matches!(after, '*' | '_' | '~') {
            edits.replace(start..start, sentinels.punctuation);
        } else {
            edits.replace(end..end, sentinels.bond);
        }
    }
    edits
}

/// What stands before a run, variation selectors looked through.
struct Before {
    base: char,
    cjk: bool,
    /// The parser sees punctuation, which a variation selector is not.
    punctuation: bool,
    /// An ideographic variation selector stands directly before.
    ideographic: bool,
    /// A standard variation selector was passed over.
    selected: bool,
}

impl Before {
    fn of(text: &str) -> Before {
        let mut chars = text.chars().rev();
        let last = chars.next().unwrap_or('\n');
        let ideographic = matches!(last, '\u{E0100}'..='\u{E01EF}');
        let selected = matches!(last, '\u{FE00}'..='\u{FE0E}');
        let base = if selected { chars.next().unwrap_or('\n') } else { last };
        let quote_sequence = last == '\u{FE01}' && matches!(base, '“' | '”' | '‘' | '’');
        Before { base, cjk: is_cjk(base) || quote_sequence, punctuation: is_punctuation(last), ideographic, selected }
    }
}

/// Repairs strong emphasis that scrapers broke, unit by unit (paragraph, list item, heading, table row). A unit that does
/// not come out balanced stays as it was: `李**` is a mask, and nothing here guesses.
pub fn mend(source: &str) -> Edits {
    let mut edits = Edits::default();
    if !source.contains("**") {
        return edits;
    }
    for unit in Units::of(source) {
        let text = &source[unit.clone()];
        if text.contains("**")
            && !text.starts_with('<')
            && let Some(repairs) = mend_unit(text)
        {
            for (range, with) in repairs {
                edits.replace(unit.start + range.start..unit.start + range.end, with);
            }
        }
    }
    edits
}

/// Cuts a source into the smallest runs of lines that emphasis cannot cross, leaving out code.
struct Units<'s> {
    source: &'s str,
    at: usize,
    fence: Option<(u8, usize)>,
    after_blank: bool,
}

impl<'s> Units<'s> {
    fn of(source: &'s str) -> Units<'s> {
        Units { source, at: 0, fence: None, after_blank: true }
    }

    fn line(&self) -> Option<&'s str> {
        (self.at < self.source.len()).then(|| {
            let rest = &self.source[self.at..];
            &rest[..rest.find('\n').map_or(rest.len(), |end| end + 1)]
        })
    }
}

impl Iterator for Units<'_> {
    type Item = std::ops::Range<usize>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut unit: Option<std::ops::Range<usize>> = None;
        while let Some(line) = self.line() {
            let trimmed = line.trim();
            let start = self.at;
            let opens = fence_of(inside_containers(line));
            if let Some((mark, length)) = self.fence {
                if opens.is_some_and(|(m, l)| m == mark && l >= length) && inside_containers(line).bytes().all(|byte| byte == mark) {
                    self.fence = None;
                }
                self.at += line.len();
                self.after_blank = true;
                continue;
            }
            let indented_code = self.after_blank && (line.starts_with("    ") || line.starts_with('\t'));
            if trimmed.is_empty() || indented_code || opens.is_some() {
                if unit.is_some() {
                    return unit;
                }
                self.fence = opens;
                self.at += line.len();
                self.after_blank = trimmed.is_empty() || opens.is_some() || indented_code;
                continue;
            }
            let body = start + marker_length(line.trim_end());
            if unit.is_some() && (body > start + (line.len() - line.trim_start().len()) || trimmed.starts_with('|')) {
                return unit;
            }
            self.at += line.len();
            self.after_blank = false;
            let end = start + line.trim_end().len();
            unit = Some(unit.map_or(body..end, |unit| unit.start..end));
        }
        unit
    }
}

/// A line without the markers of lists and quotes around its text.
pub fn inside_containers(line: &str) -> &str {
    let line = line.trim_end();
    line[marker_length(line)..].trim()
}

/// A code fence's character and length.
pub fn fence_of(trimmed: &str) -> Option<(u8, usize)> {
    let mark = *trimmed.as_bytes().first().filter(|byte| matches!(byte, b'`' | b'~'))?;
    let length = trimmed.bytes().take_while(|byte| *byte == mark).count();
    (length >= 3 && !(mark == b'`' && trimmed[length..].contains('`'))).then_some((mark, length))
}

/// Bytes of indentation and of list, quote or heading markers at the start of a line.
fn marker_length(line: &str) -> usize {
    let mut at = 0;
    loop {
        let rest = &line[at..];
        let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        let rest = &rest[blanks..];
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let marker = if rest.starts_with('>') {
            1
        } else if rest.starts_with(['-', '+', '*', '#']) {
            let run = if rest.starts_with('#') { rest.bytes().take_while(|byte| *byte == b'#').count() } else { 1 };
            if rest[run..].starts_with([' ', '\t']) { run + 1 } else { 0 }
        } else if (1..=9).contains(&digits) && rest[digits..].starts_with(['.', ')']) && rest[digits + 1..].starts_with([' ', '\t']) {
            digits + 2
        } else {
            0
        };
        at += blanks + marker;
        if marker == 0 {
            return at;
        }
    }
}

/// The repairs of one unit; `None` where nothing is to be done or nothing is sure.
fn mend_unit(text: &str) -> Option<Vec<(std::ops::Range<usize>, String)>> {
    let runs = strong_runs(text)?;
    let mut out: Vec<(std::ops::Range<usize>, String)> = Vec::new();
    let mut open: Option<std::ops::Range<usize>> = None;
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
    (open.is_none() && !out.is_empty()).then_some(out)
}

/// All runs of two or more stars outside code spans, escapes, tags and link destinations; `None` if one is odd.
fn strong_runs(text: &str) -> Option<Vec<std::ops::Range<usize>>> {
    let bytes = text.as_bytes();
    let mut runs = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 2,
            b'`' => {
                let ticks = bytes[at..].iter().take_while(|byte| **byte == b'`').count();
                at += closing_ticks(&bytes[at + ticks..], ticks).map_or(ticks, |inside| ticks + inside + ticks);
            }
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

/// The next `mark` within the length of any real tag or address: an unclosed one must not cost a look at all of the text.
fn find_near(text: &str, at: usize, mark: u8) -> Option<usize> {
    memchr::memchr(mark, &text.as_bytes()[at..(at + 4096).min(text.len())])
}

fn closing_ticks(bytes: &[u8], ticks: usize) -> Option<usize> {
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] == b'`' {
            let run = bytes[at..].iter().take_while(|byte| **byte == b'`').count();
            if run == ticks {
                return Some(at);
            }
            at += run;
        } else {
            at += 1;
        }
    }
    None
}

/// `2 ** 31`: a run between blanks whose nearest neighbours are ASCII letters or digits.
fn is_arithmetic(text: &str, run: &std::ops::Range<usize>) -> bool {
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
        mend(source).apply(source).0
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
            "    ** a **",
            "**甲**和**乙**",
            "**开\n\n**",
        ] {
            assert_eq!(mended(text), text);
        }
    }

    proptest! {
        #[test]
        fn mending_is_stable(text in "[*` \\n\\\\甲a。<>\\[\\]()|>-]{0,60}") {
            let once = mended(&text);
            prop_assert_eq!(mended(&once), once);
        }

        #[test]
        fn bonds_strip_to_the_source(text in "(?s)[*_~甲a。“ \\n\\\\\u{FDD0}\u{FE00}\u{E0100}]{0,60}") {
            let sentinels = Sentinels::absent_from(&text).unwrap();
            let (bonded, _) = bond(&text, &sentinels).apply(&text);
            prop_assert_eq!(sentinels.strip(&bonded), text);
        }
    }
}
