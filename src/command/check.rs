//! `sitegen check`.

use super::report::check::CheckSummary;
use super::report::{self, Volume};
use super::terminal::Terminal;
use super::{ExitStatus, edge, location};
use crate::check;
use crate::cli::{CheckArgs, ReportFormat};
use crate::diagnostic::{Diagnostic, Failure, Severity};
use crate::edition::Edition;
use crate::sink::SiteFolder;
use crate::source::SourcePath;
use crate::words::Language;

/// Looks at every page of the site, and writes nothing but what other sites answered.
pub fn run(args: &CheckArgs, language: Language) -> Result<ExitStatus, Failure> {
    let start = edge::clock();
    let project = location(&args.site).open()?;
    let folder = SiteFolder::new(project.directory.clone());
    let (edition, mut found) = project.edition(edge::nanoseconds())?;
    let checked = check::check(&edition)?;
    found.extend(checked.diagnostics.iter().cloned());
    let asked = if args.external {
        let is_quiet = args.verbosity.quiet || args.format == ReportFormat::Json;
        let progress = |done, all| {
            if !is_quiet {
                progress(done, all, language);
            }
        };
        let links = check::check_external(&edition, &checked, &folder, &progress)?;
        found.extend(links.diagnostics);
        Some((links.asked, links.left))
    } else {
        None
    };

    let of = |severity| found.iter().filter(|diagnostic| diagnostic.severity == severity).count();
    let summary = CheckSummary {
        posts: edition.site.posts.len(),
        pages: edition.site.pages.len(),
        checked: &checked,
        asked,
        errors: of(Severity::Error),
        spared: found
            .iter()
            .filter(|found| {
                args.spare_posts
                    && found.severity == Severity::Error
                    && is_of_a_post(found, &edition)
            })
            .count(),
        warnings: of(Severity::Warning),
        notes: of(Severity::Note),
        seconds: start.elapsed(),
    };
    let volume = Volume::of(&args.verbosity);
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
    Ok(if flawed { ExitStatus::Flawed } else { ExitStatus::Clean })
}

/// Returns whether a finding is of one post, which may be missing where the rest is published. So
/// may be a page that a defect of the program costs.
fn is_of_a_post(found: &Diagnostic, edition: &Edition) -> bool {
    let is_in_posts = |path: &String| SourcePath::new(path).below(&edition.config.posts).is_some();
    found.code == "internal" || found.path.as_ref().is_some_and(is_in_posts)
}

/// Says now and then how many other sites were asked.
fn progress(done: usize, all: usize, language: Language) {
    if done == all || done.is_multiple_of(50) {
        let told = say!(
            "{} of {} other sites' pages asked for",
            report::grouped(done as u64),
            report::grouped(all as u64)
        );
        let _ = Terminal::errors(language).say(told);
    }
}
