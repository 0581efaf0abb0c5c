//! Headings: their levels, their ids, and the contents that they make.

use std::fmt::Write as _;
use std::ops::Range;

use pulldown_cmark::{Event, HeadingLevel, Tag};

use super::{Heading, Writer};
use crate::html::{self, push_attribute};
use crate::slug::heading_slug;
use crate::source::lookahead::heading_end;
use crate::{Finding, Spanned, plain};

/// What stands before the id of a heading that wanted one of the page's.
const RENAMED: &str = "section-";

impl<'d> Writer<'d> {
    pub(super) fn heading(
        &mut self,
        events: &[Spanned<'d>],
        index: usize,
        level: HeadingLevel,
        given: Option<&str>,
        is_listed: bool,
    ) -> usize {
        let (start, end) = heading_end(events, index).unwrap_or((index + 1, events.len()));
        if std::mem::take(&mut self.skip_title) {
            return end + 1;
        }
        let title = chinese_text::one_line(&plain::inline_text(&events[start..end]));
        let shows_nothing = title.is_empty()
            && !events[start..end].iter().any(|(event, _)| {
                matches!(
                    event,
                    Event::Start(Tag::Image { .. })
                        | Event::InlineHtml(_)
                        | Event::FootnoteReference(_)
                )
            });
        if shows_nothing {
            return end + 1;
        }
        let level = (level as u8 + self.heading_shift).clamp(2, 6);
        if let Some(given) = given.filter(|given| self.is_of_the_page(given)) {
            let instead = format!("{RENAMED}{given}");
            let finding = Finding::HeadingId { given: given.to_owned(), instead };
            self.finding(&events[index].1.clone(), finding);
        }
        self.tell_accident(&events[index].1, &title);
        let id = self.heading_id(given.map_or_else(|| heading_slug(&title), str::to_owned));
        let _ = write!(self.out, "<h{level} id=\"{}", self.seal);
        push_attribute(&mut self.out, &id);
        self.out.push_str("\">");
        self.take_all(events, start..end);
        let _ = writeln!(self.out, "</h{level}>");
        if !title.is_empty() && is_listed {
            self.outline.push(Heading { level, id, title, number: None });
        }
        end + 1
    }

    /// A rule of dashes right below a paragraph makes a heading of it, which nobody writes this
    /// long.
    fn tell_accident(&mut self, range: &Range<usize>, title: &str) {
        const LONGEST: usize = 40;
        let text = self.document.text()[range.clone()].trim_end();
        let underline = text.rfind('\n').map_or(0, |newline| newline + 1);
        let marks = text[underline..].trim_start_matches([' ', '\t', '>']);
        if title.chars().count() > LONGEST && underline > 0 && marks.starts_with(['-', '=']) {
            let start = range.start + text.len() - marks.len();
            let line = marks.chars().take(12).collect();
            self.finding(&(start..start + marks.len()), Finding::HeadingAccident { line });
        }
    }

    /// An id that the article does not have yet; the 4,000th equal heading costs no more than the
    /// second, and nothing is kept of it but the count: 1.3 million equal headings in one post held
    /// 1.3 million ids.
    pub(super) fn heading_id(&mut self, wanted: String) -> String {
        let wanted = match wanted {
            wanted if wanted.is_empty() => "section".to_owned(),
            wanted if self.is_of_the_page(&wanted) => format!("{RENAMED}{wanted}"),
            wanted => wanted,
        };
        let is_new = !self.ids.contains_key(&wanted) && !self.is_numbered(&wanted);
        let mut count = *self.ids.entry(wanted.clone()).or_insert(0);
        if is_new {
            return wanted;
        }
        loop {
            count += 1;
            let id = format!("{wanted}-{count}");
            if !self.ids.contains_key(&id) {
                self.ids.insert(wanted, count);
                return id;
            }
        }
    }

    /// Whether an id was made of another by a number.
    fn is_numbered(&self, id: &str) -> bool {
        id.rsplit_once('-').is_some_and(|(wanted, number)| {
            let count = self.ids.get(wanted).copied().unwrap_or(0);
            !number.starts_with(['0', '+'])
                && number.parse::<usize>().is_ok_and(|number| number <= count)
        })
    }

    /// Whether an id may be that of something else on the page: of what is around the article, of a
    /// paragraph, of a note.
    fn is_of_the_page(&self, id: &str) -> bool {
        const OF_NOTES: [&str; 4] = ["fn-", "fnref-", "ref-", "cite-"];
        let begins = |prefix: &&str| id.strip_prefix(prefix);
        (id.is_ascii() && self.writing.reserved_ids.iter().any(|prefix| id.starts_with(prefix)))
            || OF_NOTES
                .iter()
                .find_map(begins)
                .is_some_and(|rest| rest.starts_with(self.writing.id))
            || html::is_paragraph_id(id)
    }
}
