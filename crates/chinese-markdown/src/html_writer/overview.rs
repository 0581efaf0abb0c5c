//! One look at all events before the first is written.

use pulldown_cmark::{Event, HeadingLevel, Tag};

use super::notes::Notes;
use crate::source::lookahead::LeftOpen;
use crate::{Spanned, html};

/// What must be known of all events before the first is written.
#[derive(Default)]
pub(super) struct Overview {
    pub(super) has_html: bool,
    /// Deepest nesting of events.
    pub(super) depth: usize,
    /// Headings of first level.
    pub(super) titles: usize,
    /// The level of a heading that all begins with.
    pub(super) first: Option<HeadingLevel>,
    pub(super) notes: Notes,
    pub(super) left_open: LeftOpen,
}

impl Overview {
    pub(super) fn of(events: &[Spanned<'_>]) -> Overview {
        let mut overview = Overview::default();
        let (mut depth, mut has_begun) = (0_usize, false);
        for spanned in events {
            overview.left_open.look_at(spanned);
            match &spanned.0 {
                Event::Start(tag) => {
                    depth += 1;
                    overview.depth = overview.depth.max(depth);
                    if let Tag::Heading { level, .. } = tag {
                        overview.titles += usize::from(*level == HeadingLevel::H1);
                        overview.first = overview.first.or_else(|| (!has_begun).then_some(*level));
                    }
                    has_begun |= !matches!(tag, Tag::HtmlBlock);
                }
                Event::End(_) => depth = depth.saturating_sub(1),
                // Judged by what will be written: taking the outside off
                // `<foo a="<img onerror=…>">` lays the inside bare.
                Event::Html(html) | Event::InlineHtml(html) => {
                    overview.has_html = overview.has_html
                        || html::tags(&html::escape_look_alikes(html)).any(|tag| tag.is_element());
                }
                Event::FootnoteReference(label) => {
                    overview.notes.number(label);
                }
                _ => {}
            }
        }
        overview.left_open.finish();
        overview
    }
}
