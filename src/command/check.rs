//! `sitegen check`.

use std::io;

use serde_json::json;

use super::report::{self, Volume};
use super::terminal::Terminal;
use super::{Outcome, edge, location};
use crate::check::external::{self, ANSWERS, Answers, Manners};
use crate::check::{self, Checked, Named};
use crate::cli::{Check, ReportFormat};
use crate::diagnostic::{Diagnostic, Failure, Severity};
use crate::edition::Edition;
use crate::sink::SiteFolder;
use crate::source::{Directory, SourcePath};
use crate::words::{Language, Message};

/// Looks at every page of the site, and writes nothing but what other sites answered.
pub fn run(args: &Check, language: Language) -> Result<Outcome, Failure> {
    let start = edge::clock();
    let project = location(&args.site).open()?;
    let directory = project.directory.clone();
    let (edition, mut found) = project.edition(edge::nanoseconds())?;
    let checked = check::check(&edition)?;
    found.extend(checked.diagnostics.iter().cloned());
    let asked = if args.external { Some(ask(args, directory, &edition, &checked, &mut found, language)) } else { None };

    let of = |severity| found.iter().filter(|diagnostic| diagnostic.severity == severity).count();
    let summary = Summary {
        posts: edition.site.posts.len(),
        pages: edition.site.pages.len(),
        checked: &checked,
        asked,
        errors: of(Severity::Error),
        spared: found.iter().filter(|found| args.spare_posts && found.severity == Severity::Error && is_of_a_post(found, &edition)).count(),
        warnings: of(Severity::Warning),
        notes: of(Severity::Note),
        seconds: start.elapsed(),
    };
    let volume = Volume::of(&args.talk);
    match args.format {
        ReportFormat::Json => {
            report::diagnostics_json(&mut found.clone())?;
            report::held_json(&edition.site.held)?;
            summary.print_json()?;
        }
        ReportFormat::Human => {
            report::diagnostics(&mut found.clone(), volume, language);
            if volume != Volume::Quiet {
                summary.print(language)?;
                report::held(&edition.site.held, language)?;
            }
        }
    }
    let flawed = summary.errors > summary.spared || (args.strict && summary.warnings > 0);
    Ok(if flawed { Outcome::Flawed } else { Outcome::Clean })
}

/// Whether a finding is of one post, which may be missing where the rest is published. So may be a page that a defect of the
/// program costs.
fn is_of_a_post(found: &Diagnostic, edition: &Edition) -> bool {
    let is_in_posts = |path: &String| SourcePath::new(path).below(&edition.config.posts).is_some();
    found.code == "internal" || found.path.as_ref().is_some_and(is_in_posts)
}

/// Asks other sites, and keeps what they answer. How many were asked, and how many are left for another time.
fn ask(
    args: &Check,
    directory: Directory,
    edition: &Edition,
    checked: &Checked,
    found: &mut Vec<Diagnostic>,
    language: Language,
) -> (usize, usize) {
    let is_quiet = args.talk.quiet || args.format == ReportFormat::Json;
    let progress = |done: usize, all: usize| {
        if !is_quiet && (done == all || done.is_multiple_of(50)) {
            let told = say!("{} of {} other sites' pages asked for", report::grouped(done as u64), report::grouped(all as u64));
            let _ = Terminal::errors(language).say(told);
        }
    };
    let answers = Answers::read(&**edition.source());
    let folder = SiteFolder::new(directory);
    let keep = |answers: &Answers| folder.keep(ANSWERS, answers.print().as_bytes());
    let now_and_then = |answers: &Answers| drop(keep(answers));
    let answers = external::ask(checked.external.keys().map(String::as_str), answers, Manners::default(), &progress, &now_and_then);
    let named = answers.of.iter().filter_map(|(address, answer)| {
        let (severity, message) = external::says(address, answer)?;
        Some(Named { address, pages: checked.external.get(address).map_or(&[][..], Vec::as_slice), severity, message })
    });
    found.extend(check::named(edition, &named.collect::<Vec<Named<'_>>>()));
    if let Err(error) = keep(&answers) {
        found
            .push(Diagnostic::note("external-cache", say!("this was not kept, and the next check asks again: {}", error)).in_file(ANSWERS));
    }
    (answers.asked, answers.left)
}

/// What a check came to.
struct Summary<'c> {
    posts: usize,
    pages: usize,
    checked: &'c Checked,
    asked: Option<(usize, usize)>,
    errors: usize,
    /// Of these, the errors that do not fail the check.
    spared: usize,
    warnings: usize,
    notes: usize,
    seconds: std::time::Duration,
}

impl Summary<'_> {
    fn print_json(&self) -> io::Result<()> {
        let mut out = Terminal::output(Language::English);
        for fit in &self.checked.hosts {
            let over: Vec<String> = fit.over.iter().map(ToString::to_string).collect();
            out.json(&json!({ "type": "host", "name": fit.host, "fits": over.is_empty(), "over": over }))?;
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

    fn print(&self, language: Language) -> io::Result<()> {
        let count = |count: usize| Message::from(report::grouped(count as u64));
        let mut rows: Vec<(Message, Message)> = vec![
            (say!("posts"), count(self.posts)),
            (say!("pages"), count(self.pages)),
            (say!("files"), format!("{}, {}", report::grouped(self.checked.files as u64), report::bytes(self.checked.bytes)).into()),
            (say!("links within the site"), count(self.checked.links)),
        ];
        let external = report::grouped(self.checked.external.len() as u64);
        rows.push((
            say!("links to other sites"),
            match self.asked {
                None => say!("{}, not asked for (--external asks)", external),
                Some((asked, 0)) => say!("{}, {} asked for now", external, report::grouped(asked as u64)),
                Some((asked, left)) => {
                    say!(
                        "{}, {} asked for now, {} left for the next time",
                        external,
                        report::grouped(asked as u64),
                        report::grouped(left as u64)
                    )
                }
            },
        ));
        let (fits, over): (Vec<_>, Vec<_>) = self.checked.hosts.iter().partition(|fit| fit.over.is_empty());
        let names = |fits: Vec<&check::Fit>| Message::list(fits.iter().map(|fit| fit.host.to_owned()).collect());
        if !fits.is_empty() {
            rows.push((say!("fits"), names(fits)));
        }
        if !over.is_empty() {
            rows.push((say!("too much for"), names(over)));
        }
        rows.push((say!("time"), report::duration(self.seconds).into()));
        let problems = report::problems(self.errors, self.warnings);
        rows.push((
            say!("problems"),
            match self.spared {
                0 => problems,
                1 => say!("{}; 1 error keeps its post out and fails nothing else", problems),
                spared => say!("{}; {} errors keep their posts out and fail nothing else", problems, spared),
            },
        ));
        report::table(&rows, language)
    }
}
