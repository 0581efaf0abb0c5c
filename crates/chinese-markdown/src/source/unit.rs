//! Lines and the units they form, as far as the passes before the parser must know them: fences,
//! containers, paragraphs.

use std::ops::Range;

use memchr::memmem;

use super::marks::Marks;

/// Cuts a source into the smallest runs of lines that emphasis cannot cross, leaving out code.
pub(crate) struct Units<'s> {
    source: &'s str,
    /// Whether there may be a code fence or a block of raw HTML with blank lines in it.
    has_fences: bool,
    /// What ends the raw HTML block that is open.
    raw_end: Option<&'static str>,
    /// The open fence stands in a quote, and ends with it at the latest.
    in_quote: bool,
    /// A list item may go on: four blanks are its indentation and not code's.
    in_list: bool,
    at: usize,
    fence: Option<(u8, usize)>,
    after_blank: bool,
}

impl<'s> Units<'s> {
    pub(crate) fn of(source: &'s str, marks: Marks) -> Units<'s> {
        Units {
            source,
            has_fences: marks.fence || marks.tag,
            raw_end: None,
            in_quote: false,
            in_list: false,
            at: 0,
            fence: None,
            after_blank: true,
        }
    }

    /// Leaves out units before the one that holds the byte at `at`. A blank line is where any scan
    /// may begin, unless it is in a fence.
    pub(crate) fn skip_towards(&mut self, at: usize) {
        if !self.has_fences
            && self.at < at
            && let Some(blank) = blank_before(&self.source.as_bytes()[self.at..at])
        {
            self.at += blank;
            self.after_blank = true;
        }
    }

    fn line(&self) -> Option<&'s str> {
        (self.at < self.source.len()).then(|| line_at(self.source, self.at))
    }
}

/// Where the line after the last blank one begins.
fn blank_before(text: &[u8]) -> Option<usize> {
    memchr::memrchr_iter(b'\n', text).find(|at| *at > 0 && text[*at - 1] == b'\n').map(|at| at + 1)
}

/// The line that begins at `at`, with its end.
pub(crate) fn line_at(source: &str, at: usize) -> &str {
    let rest = &source[at..];
    &rest[..memchr::memchr(b'\n', rest.as_bytes()).map_or(rest.len(), |end| end + 1)]
}

impl Iterator for Units<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut unit: Option<Range<usize>> = None;
        while let Some(line) = self.line() {
            let start = self.at;
            if self.in_quote && !line.trim_start().starts_with('>') {
                (self.fence, self.in_quote) = (None, false);
            }
            if let Some(fence) = self.fence {
                if closes(line, fence) {
                    self.fence = None;
                }
                self.at += line.len();
                self.after_blank = true;
                continue;
            }
            if let Some(end) = self.raw_end.or_else(|| raw_end_of(inside_indentation(line))) {
                if unit.is_some() {
                    return unit;
                }
                let is_over =
                    memmem::find(line.to_ascii_lowercase().as_bytes(), end.as_bytes()).is_some();
                self.raw_end = (!is_over).then_some(end);
                self.at += line.len();
                self.after_blank = true;
                continue;
            }
            let end = start + line.trim_end().len();
            if is_prose(line) {
                self.in_list &= !self.after_blank;
                self.at += line.len();
                self.after_blank = false;
                unit = Some(unit.map_or(start..end, |unit| unit.start..end));
                continue;
            }
            let is_blank = end == start;
            if unit.is_none() && begins_html_block(inside_indentation(line)) {
                // To the next blank line nothing is a fence, nor anything else (CommonMark §4.6,
                // kinds 6 and 7).
                while let Some(line) = self.line().filter(|line| !line.trim().is_empty()) {
                    self.at += line.len();
                }
                self.after_blank = true;
                continue;
            }
            let indented_code = self.after_blank
                && line.starts_with(['\t', ' '])
                && (line.starts_with("    ") || line.starts_with('\t'));
            let marker = marker_length(&line[..end - start]);
            let opens = if is_blank || (indented_code && !self.in_list) {
                None
            } else {
                fence_of(line[marker..end - start].trim_start())
            };
            if is_blank || indented_code || opens.is_some() {
                if unit.is_some() {
                    return unit;
                }
                self.in_list |= opens.is_some()
                    && marker > line.len() - line.trim_start().len()
                    && !line.trim_start().starts_with('>');
                self.fence = opens;
                self.in_quote = opens.is_some() && line.trim_start().starts_with('>');
                self.at += line.len();
                self.after_blank = true;
                continue;
            }
            let is_marked = marker > line.len() - line.trim_start().len();
            let is_item = is_marked && !line.trim_start().starts_with(['#', '>']);
            self.in_list =
                is_item || (self.in_list && (!self.after_blank || line.starts_with([' ', '\t'])));
            if unit.is_some() && (is_marked || line.trim_start().starts_with('|')) {
                return unit;
            }
            self.at += line.len();
            // Nothing goes on after a heading, and code may begin right below it.
            let is_heading = line.trim_start().starts_with('#') && is_marked;
            self.after_blank = is_heading;
            unit = Some(unit.map_or(start + marker..end, |unit| unit.start..end));
            if is_heading {
                return unit;
            }
        }
        unit
    }
}

/// Whether a line begins a block of raw HTML: a block element, or a tag of any name that is all of
/// the line.
fn begins_html_block(line: &str) -> bool {
    line.starts_with('<')
        && crate::html::tags(line.trim_end()).next().is_some_and(|tag| {
            tag.range.start == 0
                && (tag.range.end == line.trim_end().len()
                    || super::block_element::is_block_element(tag.name))
        })
}

/// A line without the three blanks that a block may be indented by; four are code.
fn inside_indentation(line: &str) -> &str {
    let inside = line.trim_start_matches(' ');
    if line.len() - inside.len() <= 3 { inside } else { "" }
}

/// What ends the block of raw HTML that begins here, if blank lines do not (CommonMark §4.6, kinds
/// 1 to 5).
fn raw_end_of(text: &str) -> Option<&'static str> {
    if !text.starts_with('<') {
        return None;
    }
    let begins = |tag: &str| {
        let bytes = text.as_bytes();
        bytes.len() > tag.len()
            && bytes[..tag.len()].eq_ignore_ascii_case(tag.as_bytes())
            && matches!(bytes[tag.len()], b' ' | b'\t' | b'>' | b'\n' | b'\r')
    };
    [
        ("<pre", "</pre>"),
        ("<script", "</script>"),
        ("<style", "</style>"),
        ("<textarea", "</textarea>"),
    ]
    .into_iter()
    .find_map(|(tag, end)| begins(tag).then_some(end))
    .or_else(|| text.starts_with("<!--").then_some("-->"))
    .or_else(|| text.starts_with("<?").then_some("?>"))
    .or_else(|| text.starts_with("<![CDATA[").then_some("]]>"))
}

/// Whether a line ends a code fence that was opened with `length` marks.
fn closes(line: &str, (mark, length): (u8, usize)) -> bool {
    // Few lines of code hold the mark at all.
    memchr::memchr(mark, line.as_bytes()).is_some()
        && fence_of(inside_containers(line)).is_some_and(|(m, l)| m == mark && l >= length)
        && inside_containers(line).bytes().all(|byte| byte == mark)
}

/// A line without the markers of lists and quotes around its text.
fn inside_containers(line: &str) -> &str {
    let line = line.trim_end();
    line[marker_length(line)..].trim()
}

/// A code fence's character and length.
pub(crate) fn fence_of(trimmed: &str) -> Option<(u8, usize)> {
    let mark = *trimmed.as_bytes().first().filter(|byte| matches!(byte, b'`' | b'~'))?;
    let length = trimmed.bytes().take_while(|byte| *byte == mark).count();
    (length >= 3 && !(mark == b'`' && trimmed[length..].contains('`'))).then_some((mark, length))
}

/// Bytes of indentation and of list, quote or heading markers at the start of a line.
pub(crate) fn marker_length(line: &str) -> usize {
    let mut at = 0;
    loop {
        let rest = &line[at..];
        let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        let rest = &rest[blanks..];
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let marker = if rest.starts_with('>') {
            1
        } else if rest.starts_with(['-', '+', '*', '#']) {
            let run = if rest.starts_with('#') {
                rest.bytes().take_while(|byte| *byte == b'#').count()
            } else {
                1
            };
            if rest[run..].starts_with([' ', '\t']) { run + 1 } else { 0 }
        } else if (1..=9).contains(&digits)
            && rest[digits..].starts_with(['.', ')'])
            && rest[digits + 1..].starts_with([' ', '\t'])
        {
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

/// The lines of a source, those of code fences left out, and where each begins.
pub(crate) struct OpenLines<'s> {
    source: &'s str,
    at: usize,
    fence: Option<(u8, usize)>,
}

impl<'s> OpenLines<'s> {
    pub(crate) fn of(source: &'s str) -> OpenLines<'s> {
        OpenLines { source, at: 0, fence: None }
    }

    /// Goes on after the line that the byte before `at` stands in.
    pub(crate) fn skip_to(&mut self, at: usize) {
        self.at = at.min(self.source.len());
    }
}

impl<'s> Iterator for OpenLines<'s> {
    type Item = (usize, &'s str);

    fn next(&mut self) -> Option<Self::Item> {
        while self.at < self.source.len() {
            let (start, line) = (self.at, line_at(self.source, self.at));
            self.at += line.len();
            if let Some(open) = self.fence {
                if closes(line, open) {
                    self.fence = None;
                }
                continue;
            }
            if !is_prose(line) && !is_empty(line) {
                self.fence = fence_of(inside_containers(line));
            }
            if self.fence.is_none() {
                return Some((start, line));
            }
        }
        None
    }
}

/// Whether a line is nothing but its end.
fn is_empty(line: &str) -> bool {
    matches!(line, "\n" | "\r\n")
}

/// Whether a line's first character says that it has no marker, no fence, no tag and no
/// indentation: most lines do, and spare the passes a closer look.
fn is_prose(line: &str) -> bool {
    match line.chars().next() {
        Some('*') => line.as_bytes().get(1) == Some(&b'*'),
        Some(c) if c.is_ascii() => {
            c.is_ascii_alphabetic()
                || matches!(c, '!' | '[' | '(' | '"' | '\'' | '\\' | '/' | '@' | '$' | '&' | '{')
        }
        Some(c) => !c.is_whitespace(),
        None => false,
    }
}

/// Whether a line would be more than text if nothing stood before it: a list item, a quote, a
/// heading, a fence, a table row.
pub(crate) fn begins_block(line: &str) -> bool {
    let line = line.split('\n').next().unwrap_or("");
    marker_length(line) > 0
        || fence_of(line).is_some()
        || line.starts_with(['|', '-', '=', '+', '<'])
}
