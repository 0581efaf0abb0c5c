//! What is shown now, and what open pages are told of it.

use std::sync::Arc;

use serde_json::json;

use super::Settings;
use super::editions::{EditionUpdate, Outcome};
use super::styles::Styles;
use crate::diagnostic::Diagnostic;
use crate::digest::{Digest, Digester};
use crate::edition::Edition;
use crate::words::{Language, Message};

/// What is shown now.
pub(super) struct State {
    /// Counts every change of the below.
    pub(super) serial: u64,
    /// Counts editions.
    pub(super) number: u64,
    pub(super) edition: Arc<Edition>,
    /// Digest of the stamps of files that are copied as they are.
    pub(super) copied: Digest,
    styles: Option<Styles>,
    saved: Option<String>,
    /// Why what is shown is not what is on disk.
    pub(super) problems: Vec<Diagnostic>,
    /// What was found while pages of this edition were looked at.
    stumbled: Vec<Diagnostic>,
}

impl State {
    /// Returns the state that begins with an edition and its number.
    pub(super) fn new(edition: Arc<Edition>, number: u64) -> State {
        State {
            serial: 0,
            number,
            copied: copied(&edition),
            edition,
            styles: None,
            saved: None,
            problems: Vec::new(),
            stumbled: Vec::new(),
        }
    }

    /// Takes in what came of a change. Returns whether pages are to be told.
    pub(super) fn take(&mut self, outcome: Outcome) -> bool {
        match outcome {
            Outcome::Unchanged if self.problems.is_empty() => return false,
            Outcome::RefusedAgain => return false,
            Outcome::Unchanged => self.problems.clear(),
            Outcome::Refused(problems) => self.problems = problems,
            Outcome::New(news) => {
                let EditionUpdate { edition, styles, saved, .. } = *news;
                self.styles =
                    styles.map(|styles| Styles::after(self.styles.take(), self.number, styles));
                self.number += 1;
                self.stumbled.clear();
                self.copied = copied(&edition);
                (self.edition, self.saved) = (edition, saved);
                self.problems.clear();
            }
        }
        self.serial += 1;
        true
    }

    /// Takes in what was found on a page of an edition. Returns whether pages are to be told: it is
    /// new, and of the edition that is shown.
    pub(super) fn stumble(&mut self, number: u64, problems: Vec<Diagnostic>) -> bool {
        if self.number != number {
            return false;
        }
        let before = self.stumbled.len();
        for problem in problems {
            if !self.stumbled.contains(&problem) {
                self.stumbled.push(problem);
            }
        }
        let is_new = self.stumbled.len() > before;
        if is_new {
            self.serial += 1;
        }
        is_new
    }

    /// Returns what pages are told, as one line of JSON.
    pub(super) fn event(&self, settings: &Settings) -> String {
        let Settings { leads, language, .. } = *settings;
        let say = |message: Message| message.in_language(language);
        let problem = |problem: &Diagnostic| {
            let place = problem.place.as_ref();
            json!({
                "code": problem.code,
                "message": problem.message.in_language(language),
                "hint": problem.hint.clone().map(|hint| say(say!("help: {}", hint))),
                "path": problem.path,
                "line": place.map(|place| place.line),
                "column": place.map(|place| place.column),
                "before": place.map(|place| &place.excerpt[..place.marked.start]),
                "marked": place.map(|place| &place.excerpt[place.marked.clone()]),
                "after": place.map(|place| &place.excerpt[place.marked.end..]),
            })
        };
        json!({
            "edition": self.number,
            "styles": self.styles.as_ref().map(|styles| &styles.pairs),
            "since": self.styles.as_ref().map(|styles| styles.since),
            "saved": self.saved.as_ref().filter(|_| leads),
            "problems": self.problems.iter().chain(&self.stumbled).map(problem).collect::<Vec<_>>(),
            "words": {
                "language": match language {
                    Language::English => "en",
                    Language::Chinese => "zh-Hans",
                },
                "kept": say(say!("this page shows the site as it was before")),
                "close": say(say!("close")),
                "draft": say(say!("draft")),
                "future": say(say!("future date")),
            },
        })
        .to_string()
    }
}

/// Digest of the stamps of files that are copied as they are.
fn copied(edition: &Edition) -> Digest {
    let mut digester = Digester::new();
    for (entry, _) in &edition.site.files {
        digester.bytes(entry.path.as_str()).value(&(
            entry.stamp.bytes,
            entry.stamp.modified,
            entry.stamp.changed,
        ));
    }
    digester.finish()
}
