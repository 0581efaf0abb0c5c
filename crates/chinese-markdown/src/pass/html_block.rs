//! kramdown's reach of raw HTML: a block element is raw to its matching end tag, blank lines
//! included.
//!
//! CommonMark ends an HTML block at the first blank line; what follows in a scraped `<div>` is then
//! Markdown, and a line indented by four blanks becomes a code block. Here blank lines inside such
//! an element get a sentinel, so that the parser sees one block. Blank lines of code (`<div><pre>`)
//! get one too, whatever the mode but CommonMark's own.

use std::collections::BTreeMap;
use std::ops::Range;

use super::emphasis::Sentinels;
use super::interior::{self, Content};
use crate::options::HtmlBlocks;
use crate::source::block_element::{is_block_element, matching_end};
use crate::source::edits::Edits;
use crate::source::lookahead::Ahead;
use crate::source::unit::{OpenLines, line_at};

/// Edits that keep raw blocks whole.
pub(crate) fn keep_whole(source: &str, mode: HtmlBlocks, sentinels: &Sentinels) -> Edits {
    let mut edits = Edits::default();
    if mode == HtmlBlocks::CommonMark || !tags_at_line_start(source).any(begins_block) {
        return edits;
    }
    let blank = |edits: &mut Edits, place: Range<usize>| {
        edits.replace(place, sentinels.blank.encode_utf8(&mut [0; 4]));
    };
    let mut listings = Listings::of(source);
    let may_ask = memchr::memmem::find(source.as_bytes(), b"markdown=").is_some();
    // Elements that are never closed make every search run to the end of the text; the budget keeps
    // that linear.
    let mut budget = source.len().saturating_mul(16);
    let mut lines = OpenLines::of(source);
    while let Some((at, line)) = lines.next() {
        let trimmed = line.trim();
        if line.len() - line.trim_start_matches(' ').len() > 3 || !begins_block(trimmed) {
            continue;
        }
        if let Some(name) = opening(trimmed)
            && let Some(end) = matching_end(source, at, &name, &mut budget)
        {
            let line_end = source[end..].find('\n').map_or(source.len(), |newline| end + newline);
            let block = &source[at..line_end];
            if blank_lines(block).next().is_none() {
                // Nothing within it can be cut in two either.
                lines.skip_to(line_end + 1);
                continue;
            }
            let is_raw = mode == HtmlBlocks::Kramdown
                || falls_apart(block)
                || interior::content_of(trimmed) == Some(Content::Raw);
            if is_raw && !(may_ask && interior::asks_for_markdown(block)) {
                for (offset, length) in blank_lines(block) {
                    blank(&mut edits, at + offset..at + offset + length);
                }
                // Markdown goes on after the block, so a blank line must follow it.
                if source[line_end..].starts_with('\n')
                    && !source[line_end + 1..].starts_with('\n')
                    && block.contains("\n\n")
                {
                    edits.replace(line_end..line_end, "\n");
                }
                lines.skip_to(line_end + 1);
                continue;
            }
        }
        if let Some(after) = listings.keep_blanks(at, &mut |place| blank(&mut edits, place)) {
            lines.skip_to(after);
        }
    }
    edits
}

/// Code in blocks of HTML, asked for from left to right.
struct Listings<'s> {
    source: &'s str,
    begin: Ahead<'s>,
    end: Ahead<'s>,
    /// Where the block that was looked at last ends.
    block_end: usize,
}

impl<'s> Listings<'s> {
    fn of(source: &'s str) -> Listings<'s> {
        Listings {
            source,
            begin: Ahead::new(source, "<pre"),
            end: Ahead::new(source, "</pre>"),
            block_end: 0,
        }
    }

    /// Passes the places of blank lines in the code of the block of HTML that begins at `at`, which
    /// would end it otherwise; where the line after the last of that code begins.
    fn keep_blanks(&mut self, at: usize, keep: &mut impl FnMut(Range<usize>)) -> Option<usize> {
        let mut last = None;
        loop {
            let from = last.unwrap_or(at);
            if self.block_end <= from {
                self.block_end = blank_line_after(self.source, from);
            }
            let code = self.begin.at_or_after(from).filter(|begin| *begin < self.block_end);
            let Some((begin, end)) =
                code.and_then(|begin| Some((begin, self.end.at_or_after(begin)?)))
            else {
                break;
            };
            for (offset, length) in blank_lines(&self.source[begin..end]) {
                keep(begin + offset..begin + offset + length);
            }
            last = Some(end);
        }
        last.map(|last| last + line_at(self.source, last).len())
    }
}

/// Where the first blank line after the line of a place begins.
fn blank_line_after(source: &str, from: usize) -> usize {
    let mut at = from + line_at(source, from).len();
    while at < source.len() {
        let line = line_at(source, at);
        if line.trim().is_empty() {
            break;
        }
        at += line.len();
    }
    at
}

/// Edits that end HTML blocks which would otherwise run to the end of the text: a `<script>`,
/// `<style>` or `<textarea>` that is never closed is closed at once, and a comment that never ends
/// is text (CommonMark §4.6, kinds 1 and 2).
pub(crate) fn end_open_blocks(source: &str) -> Edits {
    let mut edits = Edits::default();
    let may_stay_open = |rest: &str| {
        let begins = |tag: &str| {
            rest.len() >= tag.len()
                && rest.as_bytes()[..tag.len()].eq_ignore_ascii_case(tag.as_bytes())
        };
        ["<!--", "<script", "<style", "<textarea"].iter().any(|tag| begins(tag))
    };
    if !tags_at_line_start(source).any(may_stay_open) {
        return edits;
    }
    let mut ends = EndMarks { source, found: BTreeMap::new() };
    let mut after_blank = true;
    for (at, line) in OpenLines::of(source) {
        let (start, trimmed) = (at + line.len() - line.trim_start().len(), line.trim());
        // Inside lists and quotes a block ends with its container; four blanks are code.
        let follows_text = !std::mem::replace(&mut after_blank, trimmed.is_empty());
        if line.len() - line.trim_start().len() > 3 || line.starts_with('\t') {
            continue;
        }
        if !trimmed.starts_with('<') {
            continue;
        }
        let rest = &source[start..];
        if rest.starts_with("<!--") {
            // Inside another block a comment begins no block of its own.
            if !follows_text && !ends.come_after("-->", start) {
                edits.replace(start..start, "\\");
                return edits;
            }
            continue;
        }
        // A tag may go on over lines; one that never ends is text.
        let is_tag = |tag: &crate::html::Tag<'_>| {
            tag.range.start == 0 && !tag.closing && rest[..tag.range.end].ends_with('>')
        };
        let Some(tag) = crate::html::tags(rest).next().filter(is_tag) else { continue };
        let name = tag.name.to_ascii_lowercase();
        if matches!(name.as_str(), "script" | "style" | "textarea")
            && !ends.come_after(&format!("</{name}"), start + tag.range.end)
        {
            edits.replace(start + tag.range.end..start + tag.range.end, &format!("</{name}>"));
        }
    }
    edits
}

/// From each `<` that begins a line, blanks aside, to the end of the text. Both passes change such
/// lines only; that there is none of their kind is soon seen, and true of nearly every post.
fn tags_at_line_start(source: &str) -> impl Iterator<Item = &str> {
    memchr::memchr_iter(b'<', source.as_bytes()).filter_map(|at| {
        let before = source[..at].trim_end_matches(|c: char| c.is_whitespace() && c != '\n');
        (before.is_empty() || before.ends_with('\n')).then(|| &source[at..])
    })
}

/// Where end marks stand. Each is looked for once from left to right, however many beginnings there
/// are.
struct EndMarks<'s> {
    source: &'s str,
    /// The last place found, or that there is none any more.
    found: BTreeMap<String, Option<usize>>,
}

impl EndMarks<'_> {
    fn come_after(&mut self, mark: &str, at: usize) -> bool {
        let known = self.found.get(mark).copied();
        let place = match known {
            Some(None) => None,
            Some(Some(place)) if place >= at => Some(place),
            _ => {
                let rest = &self.source.as_bytes()[at..];
                rest.windows(mark.len())
                    .position(|window| window.eq_ignore_ascii_case(mark.as_bytes()))
                    .map(|offset| at + offset)
            }
        };
        self.found.insert(mark.to_owned(), place);
        place.is_some()
    }
}

/// Whether CommonMark would make a mess of the block: a line after a blank one is indented as code,
/// or everything between blank lines is tags.
fn falls_apart(block: &str) -> bool {
    let mut after_blank = false;
    let mut chunks = 0;
    let mut tags = 0;
    let last = block.lines().count() - 1;
    for (index, line) in block.lines().enumerate() {
        if line.trim().is_empty() {
            after_blank = true;
            continue;
        }
        if after_blank && index != last {
            if line.starts_with("    ") || line.starts_with('\t') {
                return true;
            }
            chunks += 1;
            tags += usize::from(line.trim_start().starts_with('<'));
        }
        after_blank = false;
    }
    chunks > 0 && chunks == tags
}

/// Whether a line begins a block of HTML that a blank line ends: with one of
/// [`block_element`](crate::source::block_element), or with what stands in such.
fn begins_block(line: &str) -> bool {
    const INNER: [&str; 12] = [
        "body",
        "caption",
        "details",
        "dt",
        "figcaption",
        "html",
        "legend",
        "li",
        "summary",
        "td",
        "thead",
        "tr",
    ];
    opening(line).is_some() || element_of(line).is_some_and(|name| INNER.contains(&&*name))
}

/// The block element that a line opens, which begins with `<`.
fn opening(line: &str) -> Option<String> {
    element_of(line).filter(|name| is_block_element(name))
}

fn element_of(line: &str) -> Option<String> {
    let rest = line.strip_prefix('<')?;
    let letters = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
    let name = rest[..letters].to_ascii_lowercase();
    let ends = rest[letters..].is_empty()
        || rest[letters..].starts_with(['>', ' ', '\t', '/', '\n', '\r']);
    (ends && !name.is_empty()).then_some(name)
}

/// Offset and length of each blank line's blanks.
fn blank_lines(block: &str) -> impl Iterator<Item = (usize, usize)> {
    let mut at = 0;
    memchr::memchr_iter(b'\n', block.as_bytes()).chain([block.len()]).filter_map(move |end| {
        let here = std::mem::replace(&mut at, end + 1);
        block[here..end].trim().is_empty().then_some((here, end - here))
    })
}
