//! Code blocks, highlighted where a syntax is known.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, TagEnd};

use super::Writer;
use super::formula::FormulaShape;
use crate::highlighted::{Highlighted, Markup};
use crate::html::{escape_attribute, escape_text};
use crate::pass::formula::FENCE;
use crate::{Finding, Spanned};

/// Marks of code, with the seal that brings them through the sanitiser.
pub(super) fn sealed(html: String, seal: &str) -> String {
    if seal.is_empty() {
        html
    } else {
        html.replace("<span class=\"", &format!("<span class=\"{seal}"))
    }
}

/// The language that the first line of indented code names, as Python-Markdown has it, and the
/// rest: `:::python`.
fn named_within(code: &str) -> Option<(&str, &str)> {
    let (first, rest) = code.split_once('\n')?;
    let name = first.strip_prefix(":::")?.split_whitespace().next()?;
    name.bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'#' | b'-' | b'_'))
        .then_some((name, rest))
}

impl<'d> Writer<'d> {
    pub(super) fn code(
        &mut self,
        events: &[Spanned<'d>],
        index: usize,
        kind: &CodeBlockKind<'_>,
    ) -> usize {
        let mut code = String::new();
        let mut end = index + 1;
        while end < events.len() && !matches!(events[end].0, Event::End(TagEnd::CodeBlock)) {
            if let Event::Text(text) = &events[end].0 {
                code.push_str(text);
            }
            end += 1;
        }
        let range = &events[index].1;
        let named = match kind {
            CodeBlockKind::Fenced(_) => None,
            CodeBlockKind::Indented => named_within(&code),
        };
        let (named, code) = named.map_or((None, &code[..]), |(name, rest)| (Some(name), rest));
        let info = match kind {
            CodeBlockKind::Fenced(info) => info.trim(),
            CodeBlockKind::Indented => "",
        };
        // Pandoc and kramdown: `{.python .numberLines}`.
        let info = info.strip_prefix("{.").unwrap_or(info);
        let language = named
            .unwrap_or_else(|| info.split([' ', ',', '{', '}', '\t', ':']).next().unwrap_or(""));
        if self.document.math && language == FENCE {
            self.formula(code, FormulaShape::Block, range);
            return end + 1;
        }
        if matches!(kind, CodeBlockKind::Fenced(_)) && self.is_unclosed(range) {
            let open = range.start..range.start + 3;
            self.finding(&open, Finding::FenceUnclosed);
        }
        let body = match self.writing.highlight.filter(|_| !language.is_empty()) {
            None => escape_text(code),
            Some(highlight) => match highlight(language, code) {
                Highlighted::Marked(Markup { html, plain_from }) => {
                    if let Some(line) = plain_from {
                        self.tell_costly(range, language, line);
                    }
                    sealed(html, &self.seal)
                }
                Highlighted::Plain => escape_text(code),
                Highlighted::Unknown => {
                    let open = range.start..(range.start + 3 + info.len()).min(range.end);
                    self.finding(&open, Finding::CodeLanguage { language: language.to_owned() });
                    escape_text(code)
                }
            },
        };
        let class = if language.is_empty() {
            String::new()
        } else {
            format!(" class=\"{}language-{}\"", self.seal, escape_attribute(language))
        };
        self.out.extend(["<pre><code", &class, ">", &body, "</code></pre>\n"]);
        end + 1
    }

    /// From a line of the block on, counted from 0, marks cost too much.
    fn tell_costly(&mut self, block: &Range<usize>, language: &str, line: usize) {
        let text = &self.document.text()[block.clone()];
        // The fence is a line of the block, too.
        let at = memchr::memchr_iter(b'\n', text.as_bytes())
            .nth(line)
            .map_or(block.start, |newline| block.start + newline + 1);
        let end = self.document.text()[at..].find('\n').map_or(block.end, |length| at + length);
        self.finding(&(at..end), Finding::CodeCostly { language: language.to_owned() });
    }

    /// Whether a fence runs to the end of the text without being closed.
    fn is_unclosed(&self, range: &Range<usize>) -> bool {
        let text = self.document.text();
        if !text[range.end.min(text.len())..].trim().is_empty() {
            return false;
        }
        let block = text[range.clone()].trim_end();
        let mark = block.trim_start_matches(['>', ' ']).chars().next().unwrap_or('`');
        let last = block.lines().last().unwrap_or("").trim_start_matches(['>', ' ', '\t']);
        block.lines().count() < 2 || last.len() < 3 || !last.trim_end().chars().all(|c| c == mark)
    }
}
