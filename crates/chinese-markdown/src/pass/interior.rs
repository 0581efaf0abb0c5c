//! Markdown inside raw HTML, where kramdown is switched on and a tag asks for it:
//! `<div markdown="1">`. CommonMark reads Markdown there between blank lines only, so such lines
//! are put in.

use crate::html::{Tag, attributes, tags};
use crate::source::block_element::{is_block_element, matching_end};
use crate::source::edits::Edits;
use crate::source::unit::{OpenLines, line_at};

/// What a tag says of what it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    Markdown,
    Raw,
}

/// What the tag that a text begins with says of what it holds.
pub(crate) fn content_of(text: &str) -> Option<Content> {
    content(&first_tag(text)?)
}

/// Whether a tag of a block asks for Markdown inside.
pub(crate) fn asks_for_markdown(block: &str) -> bool {
    /// Bytes of the longest tag that is looked at.
    const LONGEST: usize = 1_000;
    memchr::memmem::find_iter(block.as_bytes(), b"markdown").any(|at| {
        let window = &block[block.ceil_char_boundary(at.saturating_sub(LONGEST))..at];
        let Some(tag) = window.rfind(['<', '>']).map(|tag| at - window.len() + tag) else {
            return false;
        };
        content_of(&block[tag..block.floor_char_boundary(at + LONGEST)]) == Some(Content::Markdown)
    })
}

/// An element whose Markdown is laid bare.
struct Element {
    name: String,
    /// Elements of its name that are open in it, itself counted.
    depth: usize,
    /// How far its tag is indented.
    indented: usize,
    /// Its tags are left out: Markdown makes the paragraph.
    is_paragraph: bool,
}

/// Edits that lay the Markdown bare which such elements hold.
pub(crate) fn lay_bare(source: &str) -> Edits {
    let mut edits = Edits::default();
    if memchr::memmem::find(source.as_bytes(), b"markdown").is_none() {
        return edits;
    }
    let mut open: Vec<Element> = Vec::new();
    let mut budget = source.len().saturating_mul(16);
    // Where the raw element ends that holds such elements, and how far it is indented.
    let (mut raw_end, mut raw_indented) = (0, 0);
    let mut lines = OpenLines::of(source);
    while let Some((start, line)) = lines.next() {
        let indented = line.len() - line.trim_start_matches([' ', '\t']).len();
        let tag_start = start + indented;
        let is_within = !open.is_empty() || start < raw_end;
        let first = first_tag(&source[tag_start..]).filter(|_| indented <= 3 || is_within);
        let outer = open
            .last()
            .map_or(if start < raw_end { raw_indented } else { indented }, |outer| outer.indented);
        let kept = outer.min(indented);
        let mut at = start;
        match first {
            Some(tag) if content(&tag) == Some(Content::Markdown) => {
                at = tag_start + tag.range.end;
                let is_paragraph = tag.known_name() == Some("p");
                edits.replace(start + kept..if is_paragraph { at } else { tag_start }, "");
                part(source, at, &mut edits);
                open.push(Element {
                    name: tag.lower_name().into_owned(),
                    depth: 1,
                    indented: kept,
                    is_paragraph,
                });
            }
            // What follows Markdown would be code.
            Some(_) if indented > 3 => {
                edits.replace(start + kept..tag_start, "");
                at = tag_start;
            }
            Some(tag) if !tag.closing && start >= raw_end && is_block_element(tag.name) => {
                let end = matching_end(source, tag_start, &tag.lower_name(), &mut budget);
                if let Some(end) = end.filter(|end| asks_for_markdown(&source[tag_start..*end])) {
                    (raw_end, raw_indented) = (end, indented);
                }
            }
            _ => {}
        }
        let end = if at < source.len() { at + line_at(source, at).len() } else { at };
        close(source, at, end, &mut open, &mut edits);
        lines.skip_to(end);
    }
    edits
}

/// Parts what is bare from the end tags of a line.
fn close(source: &str, start: usize, end: usize, open: &mut Vec<Element>, edits: &mut Edits) {
    if open.is_empty() {
        return;
    }
    for tag in tags(&source[start..end]) {
        let Some(element) = open.last_mut() else { return };
        if !tag.name.eq_ignore_ascii_case(&element.name) {
            continue;
        }
        element.depth = if tag.closing { element.depth - 1 } else { element.depth + 1 };
        if element.depth > 0 {
            continue;
        }
        let place = start + tag.range.start..start + tag.range.end;
        let before = source[..place.start].trim_end_matches([' ', '\t']);
        let is_first = before.ends_with('\n');
        let follows_blank =
            is_first && before[..before.len() - 1].trim_end_matches([' ', '\t']).ends_with('\n');
        // Right behind the first tag it is parted already.
        if !follows_blank && (is_first || place.start > start) {
            let blanks = place.start - before.len();
            let kept = &source[before.len()..before.len() + element.indented.min(blanks)];
            let empty = if is_first { "\n" } else { "\n\n" };
            edits.replace(before.len().max(start)..place.start, &format!("{empty}{kept}"));
        }
        if element.is_paragraph {
            edits.replace(place.clone(), "");
        }
        part(source, place.end, edits);
        open.pop();
    }
}

/// Puts an empty line between what ends at a place and what follows.
fn part(source: &str, at: usize, edits: &mut Edits) {
    let rest = &source[at..];
    let same_line = rest.split('\n').next().unwrap_or_default();
    if !same_line.trim().is_empty() {
        let blanks = same_line.len() - same_line.trim_start().len();
        edits.replace(at..at + blanks, "\n\n");
    } else if rest.len() > same_line.len() + 1
        && !line_at(rest, same_line.len() + 1).trim().is_empty()
    {
        edits.replace(at..at, "\n");
    }
}

fn first_tag(text: &str) -> Option<Tag<'_>> {
    text.starts_with('<').then(|| tags(text).next()).flatten().filter(|tag| tag.range.start == 0)
}

/// By the attribute of kramdown and of PHP Markdown Extra. What is one run of text to them becomes
/// a paragraph here.
fn content(tag: &Tag<'_>) -> Option<Content> {
    if tag.closing || !tag.attributes.contains("markdown") {
        return None;
    }
    let (_, said) = attributes(tag.attributes).find(|(name, _)| name == "markdown")?;
    let is_block = is_block_element(tag.name)
        || matches!(
            tag.known_name(),
            Some("details" | "summary" | "li" | "td" | "th" | "figcaption")
        );
    match &*said {
        "1" | "" | "block" | "span" if is_block => Some(Content::Markdown),
        "0" => Some(Content::Raw),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_lies_bare_where_a_tag_asks_for_it() {
        for (source, wanted) in [
            (
                "<div markdown=\"1\">\n**甲**\n</div>\n后。\n",
                "<div markdown=\"1\">\n\n**甲**\n\n</div>\n\n后。\n",
            ),
            ("<div markdown='1'>**甲**</div>\n", "<div markdown='1'>\n\n**甲**\n\n</div>\n"),
            ("<p markdown=span>*甲*</p>\n", "\n\n*甲*\n\n\n"),
            (
                "<div markdown=1>\n    <div markdown=1>\n- 项\n    </div>\n</div>\n",
                "<div markdown=1>\n\n<div markdown=1>\n\n- 项\n\n</div>\n\n\n</div>\n",
            ),
            (
                "<div>\n    <div markdown=1>\n*甲*\n    </div>\n    <hr>\n</div>\n",
                "<div>\n<div markdown=1>\n\n*甲*\n\n</div>\n\n<hr>\n</div>\n",
            ),
        ] {
            assert_eq!(lay_bare(source).apply(source).0, wanted, "{source}");
        }
        for source in [
            "<div markdown=\"0\">\n**甲**\n</div>\n",
            "<div>\n**甲**\n</div>\n",
            "```\n<div markdown=1>\n*甲*\n</div>\n```\n",
            "<span markdown=1>*甲*</span>\n",
            "markdown\n",
        ] {
            assert!(lay_bare(source).is_empty(), "{source}");
        }
    }
}
