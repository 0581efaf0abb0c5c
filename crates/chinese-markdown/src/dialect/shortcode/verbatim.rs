//! Tags that hold code, which become fences.

use super::margin::COMMENT;
use super::said::{self, inline_html};
use super::table::{Meaning, meaning};
use super::tag::Shortcode;
use super::{Place, ShortcodeReader};
use crate::liquid::longest_ticks;
use crate::source::edits::Change;

impl<'s> ShortcodeReader<'s> {
    /// A block whose inside is not Markdown.
    pub(super) fn verbatim(
        &mut self,
        tag: Shortcode<'s>,
        place: Place,
        is_liquid: bool,
        changes: &mut Vec<Change>,
    ) {
        let Some(end) = self.ends.of(tag.name, tag.is_hugo, tag.range.end) else {
            return self.note_unknown(&tag, false);
        };
        self.verbatim_until = end.end;
        if is_liquid {
            return;
        }
        let inside = &self.text[tag.range.end..end.start];
        let Some(Meaning::Code(of_name)) = meaning(tag.name) else {
            changes.extend([(tag.range, String::new()), (end, String::new())]);
            return;
        };
        let (named, title) = said::code(&tag);
        if place == Place::Cell && !inside.contains('\n') {
            let ticks = "`".repeat(longest_ticks(inside) + 1);
            let title = if title.is_empty() { title } else { format!("{title} ") };
            changes.extend([(tag.range, format!("{title}{ticks} ")), (end, format!(" {ticks}"))]);
            return;
        }
        let fence = "`".repeat(longest_ticks(inside).max(2) + 1);
        let language = if of_name.is_empty() { named } else { of_name };
        let prefix = self.prefix();
        let (margin, begins_block) = self.margin(tag.range.start, place);
        let lead = if begins_block {
            String::new()
        } else {
            format!("\n{prefix}{}\n{prefix}{margin}", margin.trim_end())
        };
        let title = match place {
            _ if title.is_empty() => title,
            Place::Container => {
                format!("{COMMENT}<p>{}</p>\n{prefix}{margin}", inline_html(&title))
            }
            // The line above may be text.
            _ if begins_block => format!("\n{prefix}{margin}{title}\n{prefix}{margin}"),
            _ => format!("{title}\n{prefix}{margin}"),
        };
        let begin = if inside.starts_with(['\n', '\r']) {
            String::new()
        } else {
            format!("\n{prefix}{margin}")
        };
        changes.push((tag.range.clone(), format!("{lead}{title}{fence}{language}{begin}")));
        // The line of the end mark holds no code if only marks of the quote or blanks stand before
        // it.
        let code = inside
            .trim_end_matches(|c| matches!(c, ' ' | '\t') || c == '>' && margin.contains('>'));
        let ends_line = code.ends_with('\n');
        let code = if ends_line { code } else { inside };
        // Lines that stand further out would end the item, and the fence with it.
        let first = tag.range.end;
        let lines = || {
            memchr::memchr_iter(b'\n', code.as_bytes())
                .map(|at| at + 1)
                .filter(|at| *at < code.len())
        };
        let belongs = |line: &str| {
            line.starts_with(margin.trim_end())
                && (line.starts_with(&margin) || line.trim_end() == margin.trim_end())
                || line.trim().is_empty() && margin.trim().is_empty()
        };
        if !lines().all(|at| belongs(code[at..].split('\n').next().unwrap_or_default())) {
            changes.extend(lines().map(|at| (first + at..first + at, margin.clone())));
        }
        let newline = if ends_line { margin.clone() } else { format!("\n{prefix}{margin}") };
        let start = if ends_line { first + code.len() } else { end.start };
        let behind =
            if self.ends_line(end.end) { String::new() } else { format!("\n{prefix}{margin}") };
        changes.push((start..end.end, format!("{newline}{fence}{behind}")));
    }
}
