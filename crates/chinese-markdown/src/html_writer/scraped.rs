//! The structure of scraped articles, as elements: section headings with their numbers, figures,
//! lists of references with links from the marks that cite them, and the folded postscript.

use std::fmt::Write as _;
use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

use super::{Heading, Writer};
use crate::html::{escape_text, push_attribute, push_text};
use crate::slug::heading_slug;
use crate::structure::{Part, ReferenceEntry, Role, citations, leading_mark};
use crate::{Finding, Rule, Spanned, plain};
use chinese_text::one_line;

impl<'d> Writer<'d> {
    /// Writes a part of the structure and returns the index of the event after it.
    pub(super) fn part(&mut self, events: &[Spanned<'d>], part: &Part) -> usize {
        self.begin_line();
        match &part.role {
            Role::Section { level, number, title } => {
                self.section(events, *level, number.clone(), title.clone());
            }
            Role::Figure { images, caption } => {
                self.out.push_str("<figure>\n");
                self.take_all(events, images.clone());
                self.out.push_str("\n<figcaption>");
                self.take_all(events, caption.clone());
                self.out.push_str("</figcaption>\n</figure>\n");
            }
            Role::References { title, entries } => self.references(events, title.clone(), entries),
            Role::Postscript => {
                let (seal, label) = (&self.seal, escape_text(&self.writing.labels.postscript));
                let _ = write!(
                    self.out,
                    "<details class=\"{seal}postscript\">\n<summary>{label}</summary>\n"
                );
                self.take_all(events, part.events.clone());
                self.out.push_str("</details>\n");
            }
        }
        part.events.end
    }

    fn section(
        &mut self,
        events: &[Spanned<'d>],
        level: u8,
        number: Option<Range<usize>>,
        title: Range<usize>,
    ) {
        let text = one_line(&plain::inline_text(&events[title.clone()]));
        let number = number.map(|number| one_line(&plain::inline_text(&events[number])));
        let id = self.heading_id(heading_slug(&text));
        let _ = write!(self.out, "<h{level} id=\"{}", self.seal);
        push_attribute(&mut self.out, &id);
        self.out.push_str("\">");
        if let Some(number) = &number {
            let _ = write!(
                self.out,
                "<span class=\"{}section-number\">{}</span> ",
                self.seal,
                escape_text(number)
            );
        }
        let mut at = title.start;
        while at < title.end {
            // All of a heading is strong, and stands on one line.
            at = match &events[at].0 {
                Event::Start(Tag::Strong) | Event::End(TagEnd::Strong) => at + 1,
                Event::SoftBreak | Event::HardBreak => {
                    self.out.push(' ');
                    at + 1
                }
                _ => self.take(events, at),
            };
        }
        let _ = writeln!(self.out, "</h{level}>");
        self.outline.push(Heading { level, id, title: text, number });
    }

    fn references(
        &mut self,
        events: &[Spanned<'d>],
        title: Range<usize>,
        entries: &[ReferenceEntry],
    ) {
        let _ = write!(self.out, "<p class=\"{}references-title\">", self.seal);
        self.take_all(events, title);
        self.out.push_str("</p>\n");
        let _ = writeln!(self.out, "<ol class=\"{}references\">", self.seal);
        let mut written = std::collections::BTreeSet::new();
        for ReferenceEntry { number, lines } in entries {
            // Of two with one number, marks lead to the first.
            let id = reference_id(self.writing.id, *number);
            let id = if written.insert(*number) {
                format!(" id=\"{}{id}\"", self.seal)
            } else {
                String::new()
            };
            let _ = write!(self.out, "<li{id} value=\"{number}\">");
            let mut is_first = true;
            for (index, line) in lines.iter().enumerate() {
                if index > 0 {
                    self.out.push_str("<br />\n");
                }
                let mut at = line.start;
                while at < line.end {
                    at = match &events[at].0 {
                        Event::Text(text) if is_first && !text.trim().is_empty() => {
                            is_first = false;
                            self.reference_start(text, *number);
                            at + 1
                        }
                        _ => self.take(events, at),
                    };
                }
            }
            self.out.push_str("</li>\n");
        }
        self.out.push_str("</ol>\n");
    }

    /// The first text of a reference: its number leads back to the mark that cites it.
    fn reference_start(&mut self, text: &str, number: u32) {
        let Some(mark) = leading_mark(text) else { return push_text(&mut self.out, text) };
        if self.cited.contains(&number) {
            let _ = write!(
                self.out,
                "<a href=\"#{}\">{}</a>",
                citation_id(self.writing.id, number),
                escape_text(&text[mark.clone()])
            );
        } else {
            push_text(&mut self.out, &text[mark.clone()]);
        }
        self.out.push(' ');
        push_text(&mut self.out, text[mark.end..].trim_start());
    }

    /// Text of the article, with links from `[1]` to the reference of that number.
    pub(super) fn text(&mut self, text: &str) {
        if self.references.is_empty()
            || self.raw_links > 0
            || self.links.last() == Some(&true)
            || !text.contains(['[', '［', '【'])
        {
            return push_text(&mut self.out, text);
        }
        let mut at = 0;
        for (mark, number) in citations(text, &self.references) {
            push_text(&mut self.out, &text[at..mark.start]);
            let (id, seal) = (self.writing.id, &self.seal);
            let own_id = if self.cited.insert(number) {
                format!(" id=\"{seal}{}\"", citation_id(id, number))
            } else {
                String::new()
            };
            let (target, shown) = (reference_id(id, number), escape_text(&text[mark.clone()]));
            let _ = write!(
                self.out,
                "<a class=\"{seal}citation\"{own_id} href=\"#{target}\">{shown}</a>"
            );
            at = mark.end;
        }
        push_text(&mut self.out, &text[at..]);
    }

    /// One note for each rule that found something, with the beginnings of what it found.
    pub(super) fn tell_structure(&mut self, events: &[Spanned<'d>]) {
        /// Parts that are quoted.
        const QUOTED: usize = 8;
        for rule in [Rule::Headings, Rule::Captions, Rule::References, Rule::Postscript] {
            let told: Vec<&Part> =
                self.structure.parts.iter().filter(|part| rule_of(&part.role) == rule).collect();
            let Some(first) = told.first() else { continue };
            let quotes = told.iter().take(QUOTED).map(|part| beginning(events, part)).collect();
            let place = self.document.original(first.place);
            let finding = Finding::Structured { rule, count: told.len(), quotes };
            self.findings.push((place..place + 1, finding));
        }
    }
}

fn rule_of(role: &Role) -> Rule {
    match role {
        Role::Section { .. } => Rule::Headings,
        Role::Figure { .. } => Rule::Captions,
        Role::References { .. } => Rule::References,
        Role::Postscript => Rule::Postscript,
    }
}

/// The first words of a part.
fn beginning(events: &[Spanned<'_>], part: &Part) -> String {
    let range = match &part.role {
        Role::Figure { caption, .. } => caption.clone(),
        _ => part.events.clone(),
    };
    let text: String = events[range]
        .iter()
        .map(|(event, _)| match event {
            Event::Text(text) if text.is_empty() => " ",
            Event::Text(text) | Event::Code(text) => text,
            Event::Start(Tag::Paragraph) | Event::SoftBreak | Event::HardBreak => " ",
            _ => "",
        })
        .collect();
    let text = one_line(&text);
    let cut: String = text.chars().take(24).collect();
    if cut.len() < text.len() { cut + "…" } else { cut }
}

fn reference_id(post: &str, number: u32) -> String {
    format!("ref-{post}-{number}")
}

fn citation_id(post: &str, number: u32) -> String {
    format!("cite-{post}-{number}")
}
