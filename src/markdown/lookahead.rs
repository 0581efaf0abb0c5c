//! Looking ahead in events: where a heading ends, whether an element is closed.

use pulldown_cmark::{Event, Tag, TagEnd};

use super::Spanned;
use crate::html;

/// Whether the end tag of an inline element comes before its block ends.
pub(super) fn is_closed_within_block(name: &str, rest: &[Spanned<'_>]) -> bool {
    let mut inner = 0_usize;
    for (event, _) in rest {
        match event {
            Event::InlineHtml(html) => {
                let Some(tag) = html::tags(html).next().filter(|tag| tag.name.eq_ignore_ascii_case(name)) else { continue };
                match (tag.closing, inner) {
                    (true, 0) => return true,
                    (true, _) => inner -= 1,
                    (false, _) => inner += 1,
                }
            }
            Event::End(TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link | TagEnd::Image) => {}
            Event::End(_) => return false,
            _ => {}
        }
    }
    false
}

/// The range of events inside the heading that starts at or after `index`.
pub(super) fn heading_end(events: &[Spanned<'_>], index: usize) -> Option<(usize, usize)> {
    let start = index + events[index..].iter().position(|(event, _)| matches!(event, Event::Start(Tag::Heading { .. })))? + 1;
    let length = events[start..].iter().position(|(event, _)| matches!(event, Event::End(TagEnd::Heading(_))))?;
    Some((start, start + length))
}
