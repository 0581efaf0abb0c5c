//! Raw HTML that no reader was shown (`html::hidden`), taken out before anything is read of it: no
//! excerpt and no feed tells it either.

use std::ops::Range;

use pulldown_cmark::{Event, Parser, Tag};

use crate::source::edits::Edits;
use crate::{Finding, Placed, html, parser_options};
use chinese_text::one_line;

/// Edits that take hidden elements out, and what is to be said of it.
pub(crate) fn take_out(text: &str, math: bool) -> (Edits, Option<Placed>) {
    let mut edits = Edits::default();
    // Most that may hide something does not; only the others are parsed.
    if !html::may_hide(text) || html::hidden(text, &[]).is_empty() {
        return (edits, None);
    }
    let mut code = Vec::new();
    for (event, range) in Parser::new_ext(text, parser_options(math)).into_offset_iter() {
        if matches!(
            event,
            Event::Code(_)
                | Event::InlineMath(_)
                | Event::DisplayMath(_)
                | Event::Start(Tag::CodeBlock(_))
        ) {
            code.push(range);
        }
    }
    let hidden = html::hidden(text, &code);
    for range in &hidden {
        edits.replace(range.clone(), "");
    }
    (edits, found(text, &hidden))
}

/// What is said of hidden elements.
pub(crate) fn found(text: &str, hidden: &[Range<usize>]) -> Option<Placed> {
    /// Letters that are told.
    const TOLD: usize = 20;
    // WeChat hides empty marks of its own in every article.
    let said = |range: &Range<usize>| {
        Some(one_line(&html::visible_text(&text[range.clone()]))).filter(|said| !said.is_empty())
    };
    let holds_something =
        |range: &&Range<usize>| said(range).is_some() || text[(*range).clone()].contains("<img");
    let count = hidden.iter().filter(holds_something).count();
    let first = hidden.iter().find(holds_something)?;
    let inside = said(first).unwrap_or_else(|| one_line(&text[first.clone()]));
    let told: String = inside.chars().take(TOLD).collect();
    let told = if told.len() < inside.len() { told + "…" } else { told };
    Some((first.start..first.start + 1, Finding::Hidden { count, first: told }))
}
