//! What is said of a preview.

use std::collections::BTreeSet;
use std::io;
use std::time::Duration;

use super::{Volume, diagnostics, duration, grouped};
use crate::command::terminal::Terminal;
use crate::diagnostic::{Diagnostic, Severity};
use crate::preview::{self, ListenAddress};
use crate::words::{Language, Message};

/// Paths that are named when many files changed.
const NAMED: usize = 3;

/// A site that can be looked at.
pub struct Ready<'d> {
    pub doors: &'d [ListenAddress],
    pub wanted: u16,
    pub port: u16,
    pub posts: usize,
    pub is_told: bool,
    pub took: Duration,
}

impl Ready<'_> {
    /// Prints where the site can be looked at.
    pub fn print(&self, language: Language) -> io::Result<()> {
        let mut out = Terminal::output(language);
        if self.port != self.wanted && self.wanted != 0 {
            out.say(say!(
                "port {} is taken; this is {}",
                self.wanted.to_string(),
                self.port.to_string()
            ))?;
        }
        let took = duration(self.took);
        out.say(match self.posts {
            1 => say!("1 post, ready in {}", took),
            posts => say!("{} posts, ready in {}", grouped(posts as u64), took),
        })?;
        out.say("")?;
        for door in self.doors {
            out.say(format!("  {}", door.url))?;
        }
        if let Some(door) = self.doors.iter().find(|door| door.is_for_devices) {
            if let Ok(code) = qrcode::QrCode::new(&door.url) {
                // Black on white, whatever the terminal's colours: cameras read no other.
                let code = code.render::<qrcode::render::unicode::Dense1x2>().build();
                let lines: Vec<String> = code
                    .lines()
                    .map(|line| format!("\x1b[38;5;16;48;5;231m{line}\x1b[0m"))
                    .collect();
                out.made(&format!("\n{}\n\n", lines.join("\n")))?;
            }
            out.say(say!(
                "other devices need the address with its token, which holds until the preview ends"
            ))?;
        }
        if !self.is_told {
            out.say("")?;
            out.say(say!(
                "the system does not tell of changes here; folders are looked through every second"
            ))?;
        }
        out.say("")?;
        out.say(say!("every change shows at once; Ctrl-C ends the preview"))?;
        out.say("")?;
        out.flush()
    }
}

/// What is said of a change.
pub struct Seen {
    diagnostics: Vec<Diagnostic>,
    is_kept: bool,
}

impl Seen {
    /// Returns what was found in the changed files of a new edition, or why an edition is not
    /// shown.
    pub fn new(
        outcome: &preview::Outcome,
        changed: &BTreeSet<String>,
        was_kept: bool,
    ) -> Option<Seen> {
        match outcome {
            preview::Outcome::Unchanged if was_kept => {
                Some(Seen { diagnostics: Vec::new(), is_kept: false })
            }
            preview::Outcome::Unchanged | preview::Outcome::RefusedAgain => None,
            preview::Outcome::Refused(problems) => {
                Some(Seen { diagnostics: problems.clone(), is_kept: true })
            }
            preview::Outcome::New(update) => {
                // What is said of a folder is said when a file of it came or went.
                let is_below = |file: &str, folder: &str| {
                    file.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
                };
                let is_of_these = |found: &&Diagnostic| {
                    found.path.as_ref().is_some_and(|path| {
                        changed.contains(path) || changed.iter().any(|file| is_below(file, path))
                    })
                };
                Some(Seen {
                    diagnostics: update.diagnostics.iter().filter(is_of_these).cloned().collect(),
                    is_kept: false,
                })
            }
        }
    }

    pub fn print(
        mut self,
        changed: &BTreeSet<String>,
        took: Duration,
        volume: Volume,
        time: &str,
        language: Language,
    ) -> io::Result<()> {
        if volume != Volume::Quiet {
            let named =
                changed.iter().take(NAMED).map(String::as_str).collect::<Vec<&str>>().join(", ");
            let more = changed.len().saturating_sub(NAMED);
            let what: Message =
                if more > 0 { say!("{} and {} more", named, more) } else { named.into() };
            let (what, took) = (what.in_language(language), duration(took));
            let mut out = Terminal::output(language);
            if self.is_kept {
                out.say(format!(
                    "{time}  {what}  {took}  {}",
                    say!("not shown: there are errors").in_language(language)
                ))?;
            } else {
                out.say(format!("{time}  {what}  {took}"))?;
            }
        }
        if volume == Volume::Normal {
            self.diagnostics.retain(|found| found.severity != Severity::Note);
        }
        diagnostics(&mut self.diagnostics, volume, language);
        Ok(())
    }
}
