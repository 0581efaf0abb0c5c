//! Notes: numbered in the order of their first mention, written at the end, with links both ways.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::Range;

use super::Writer;
use crate::Loss;
use crate::html::escape_attribute;

/// Notes in the order of their first mention.
#[derive(Default)]
pub(super) struct Notes {
    numbers: BTreeMap<String, usize>,
    mentions: Vec<usize>,
    bodies: BTreeMap<usize, String>,
    open: Vec<usize>,
}

impl Notes {
    /// The number of a note, from zero; a label seen for the first time gets the next one.
    pub(super) fn number(&mut self, label: &str) -> usize {
        let next = self.mentions.len();
        if let Some(number) = self.numbers.get(label) {
            return *number;
        }
        self.numbers.insert(label.to_owned(), next);
        self.mentions.push(0);
        next
    }
}

impl Writer<'_> {
    pub(super) fn mention_note(&mut self, label: &str) {
        let number = self.notes.number(label);
        self.notes.mentions[number] += 1;
        let mention = mention_id(self.writing.id, number + 1, self.notes.mentions[number]);
        let note = note_id(self.writing.id, number + 1);
        let seal = &self.seal;
        let _ = write!(
            self.out,
            "<sup class=\"{seal}footnote-ref\" id=\"{seal}{mention}\"><a href=\"#{note}\">{}</a></sup>",
            number + 1
        );
    }

    /// Marks in a text that lead to no note. `[^a-z]` is no mark.
    pub(super) fn look_for_lost_notes(&mut self, range: &Range<usize>) {
        const LONGEST: usize = 40;
        let document = self.document;
        let text = &document.text()[range.clone()];
        for (at, _) in text.match_indices("[^") {
            let Some(end) = text[at..].find(']').map(|end| at + end) else { return };
            let label = &text[at + 2..end];
            let is_label = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '*');
            let is_range = label.len() == 3 && label.as_bytes()[1] == b'-';
            let is_mark = !label.is_empty()
                && label.chars().count() <= LONGEST
                && label.chars().all(is_label)
                && !is_range;
            if is_mark && !text[..at].ends_with('\\') {
                self.losses.add(Loss::Note, range.start + at, &text[at..=end]);
            }
        }
    }

    /// What follows is the body of a note.
    pub(super) fn open_note(&mut self, label: &str) {
        let number = self.notes.number(label);
        self.notes.open.push(number);
        self.outer.push(std::mem::take(&mut self.out));
    }

    pub(super) fn close_note(&mut self) {
        let body = std::mem::replace(&mut self.out, self.outer.pop().unwrap_or_default());
        if let Some(number) = self.notes.open.pop() {
            self.notes.bodies.entry(number).or_default().push_str(&body);
        }
    }

    pub(super) fn write_notes(&mut self) {
        let notes = std::mem::take(&mut self.notes);
        if notes.bodies.is_empty() {
            return;
        }
        let (id, labels, seal) = (self.writing.id, self.writing.labels, &self.seal);
        let out = &mut self.out;
        let _ = write!(
            out,
            "<section class=\"{seal}footnotes\" aria-label=\"{seal}{}\">\n<ol>\n",
            escape_attribute(&labels.footnotes)
        );
        for (number, body) in notes.bodies {
            let _ = writeln!(
                out,
                "<li id=\"{seal}{}\" value=\"{}\">",
                note_id(id, number + 1),
                number + 1
            );
            let mut back = String::new();
            for mention in 1..=notes.mentions[number] {
                let (sign, number_of) = match mention {
                    1 => ("↩".to_owned(), (number + 1).to_string()),
                    mention => {
                        (format!("↩<sup>{mention}</sup>"), format!("{}-{mention}", number + 1))
                    }
                };
                let _ = write!(
                    back,
                    " <a href=\"#{}\" class=\"{seal}footnote-back\" aria-label=\"{seal}{} {number_of}\">{sign}</a>",
                    mention_id(id, number + 1, mention),
                    escape_attribute(&labels.back),
                );
            }
            // Into the last paragraph, if the note ends with one.
            let (text, end) =
                body.strip_suffix("</p>\n").map_or((&body[..], ""), |text| (text, "</p>\n"));
            out.extend([text, &back, end, "</li>\n"]);
        }
        out.push_str("</ol>\n</section>\n");
    }
}

fn note_id(post: &str, number: usize) -> String {
    format!("fn-{post}-{number}")
}

fn mention_id(post: &str, number: usize, mention: usize) -> String {
    if mention == 1 {
        format!("fnref-{post}-{number}")
    } else {
        format!("fnref-{post}-{number}-{mention}")
    }
}
