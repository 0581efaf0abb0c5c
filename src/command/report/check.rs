//! What is said of a check.

use std::io;
use std::time::Duration;

use serde_json::json;

use super::{bytes, duration, grouped, problems, table};
use crate::check::{Checked, Fit};
use crate::command::terminal::Terminal;
use crate::words::{Language, Message};

/// What a check came to.
pub struct CheckSummary<'c> {
    pub posts: usize,
    pub pages: usize,
    pub checked: &'c Checked,
    pub asked: Option<(usize, usize)>,
    pub errors: usize,
    /// Of these, the errors that do not fail the check.
    pub spared: usize,
    pub warnings: usize,
    pub notes: usize,
    pub seconds: Duration,
}

impl CheckSummary<'_> {
    pub fn print_json(&self) -> io::Result<()> {
        let mut out = Terminal::output(Language::English);
        for fit in &self.checked.hosts {
            let over: Vec<String> = fit.over.iter().map(ToString::to_string).collect();
            out.json(
                &json!({ "type": "host", "name": fit.host, "fits": over.is_empty(), "over": over }),
            )?;
        }
        let summary = json!({
            "type": "summary",
            "posts": self.posts,
            "pages": self.pages,
            "files": self.checked.files,
            "bytes": self.checked.bytes,
            "links": self.checked.links,
            "external": self.checked.external.len(),
            "external_asked": self.asked.map(|(asked, _)| asked),
            "external_left": self.asked.map(|(_, left)| left),
            "errors": self.errors,
            "errors_spared": self.spared,
            "warnings": self.warnings,
            "notes": self.notes,
            "seconds": self.seconds.as_secs_f64(),
        });
        out.json(&summary)
    }

    pub fn print(&self, language: Language) -> io::Result<()> {
        let count = |count: usize| Message::from(grouped(count as u64));
        let mut rows: Vec<(Message, Message)> = vec![
            (say!("posts"), count(self.posts)),
            (say!("pages"), count(self.pages)),
            (
                say!("files"),
                format!("{}, {}", grouped(self.checked.files as u64), bytes(self.checked.bytes))
                    .into(),
            ),
            (say!("links within the site"), count(self.checked.links)),
        ];
        let external = grouped(self.checked.external.len() as u64);
        rows.push((
            say!("links to other sites"),
            match self.asked {
                None => say!("{}, not asked for (--external asks)", external),
                Some((asked, 0)) => say!("{}, {} asked for now", external, grouped(asked as u64)),
                Some((asked, left)) => {
                    say!(
                        "{}, {} asked for now, {} left for the next time",
                        external,
                        grouped(asked as u64),
                        grouped(left as u64)
                    )
                }
            },
        ));
        let (fits, over): (Vec<_>, Vec<_>) =
            self.checked.hosts.iter().partition(|fit| fit.over.is_empty());
        let names =
            |fits: Vec<&Fit>| Message::list(fits.iter().map(|fit| fit.host.to_owned()).collect());
        if !fits.is_empty() {
            rows.push((say!("fits"), names(fits)));
        }
        if !over.is_empty() {
            rows.push((say!("too much for"), names(over)));
        }
        rows.push((say!("time"), duration(self.seconds).into()));
        let problems = problems(self.errors, self.warnings);
        rows.push((
            say!("problems"),
            match self.spared {
                0 => problems,
                1 => say!("{}; 1 error keeps its post out and fails nothing else", problems),
                spared => say!(
                    "{}; {} errors keep their posts out and fail nothing else",
                    problems,
                    spared
                ),
            },
        ));
        table(&rows, language)
    }
}
