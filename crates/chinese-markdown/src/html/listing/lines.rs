//! Lines of code, told apart by line breaks or by elements, and the numbers that some have.

use std::ops::Range;

use super::super::parsed_text::text_of;

/// Lines as they are read.
#[derive(Default)]
pub(super) struct Lines {
    html: String,
    /// Something stands in the last line.
    has_begun: bool,
    /// Where elements that are lines began.
    open: Vec<usize>,
    /// Line breaks so far.
    breaks: usize,
    /// Where lines begin with their own number.
    numbers: Vec<Range<usize>>,
}

impl Lines {
    pub(super) fn text(&mut self, text: &str, has_lines: bool) {
        // What stands between elements that are lines is layout.
        if text.is_empty()
            || has_lines && !self.has_begun && self.open.is_empty() && text.trim().is_empty()
        {
            return;
        }
        self.html.push_str(text);
        self.breaks += memchr::memchr_iter(b'\n', text.as_bytes()).count();
        self.has_begun = !text.ends_with('\n');
    }

    pub(super) fn end_line(&mut self) {
        self.html.push('\n');
        self.breaks += 1;
        self.has_begun = false;
    }

    pub(super) fn begin_or_end(&mut self) {
        if self.has_begun {
            self.end_line();
        }
    }

    /// Begins or ends an element that is a line, though it may be empty.
    pub(super) fn line(&mut self, is_end: bool) {
        self.begin_or_end();
        if !is_end {
            self.open.push(self.html.len());
        } else if self.open.pop() == Some(self.html.len()) {
            self.end_line();
        }
    }

    /// Notes the text of an element that comes next, if it is the number of the line that it
    /// begins.
    pub(super) fn number(&mut self, text: &str) {
        let is_first = self.html.is_empty() || self.html.ends_with('\n');
        if is_first
            && self.numbers.len() == self.breaks
            && text.trim().parse() == Ok(self.breaks + 1)
        {
            self.numbers.push(self.html.len()..self.html.len() + text.len());
        }
    }

    /// Whether every line begins with its number.
    pub(super) fn are_numbered(&self) -> bool {
        let end = self.html.trim_end().len();
        let lines =
            self.breaks - memchr::memchr_iter(b'\n', &self.html.as_bytes()[end..]).count() + 1;
        lines > 1 && self.numbers.len() == lines
    }

    /// The code, as it was typed, without the numbers of its lines.
    pub(super) fn code(self) -> String {
        let mut html = String::new();
        let code = if self.are_numbered() {
            // A blank that parts each number from its line goes with it.
            let has_blank = |number: &Range<usize>| {
                self.html[number.end..].starts_with(' ') || !self.is_begun(number.end)
            };
            let blank = usize::from(self.numbers.iter().all(has_blank));
            let mut at = 0;
            for number in &self.numbers {
                html.push_str(&self.html[at..number.start]);
                at = number.end + if self.is_begun(number.end) { blank } else { 0 };
            }
            html + &self.html[at..]
        } else {
            self.html
        };
        let text = text_of(&code).replace('\u{A0}', " ");
        let text = text.strip_prefix('\n').unwrap_or(&text).trim_end();
        format!("{text}\n")
    }

    /// Whether something stands in the line from a place on.
    fn is_begun(&self, at: usize) -> bool {
        !self.html[at..].is_empty() && !self.html[at..].starts_with('\n')
    }
}
