//! `sitegen build`.

use std::path::Path;
use std::sync::Arc;

use super::meter::Meter;
use super::report::{self, Volume};
use super::terminal::Terminal;
use super::{ExitStatus, edge, location};
use crate::build::{self, Options};
use crate::cli::{BuildArgs, ReportFormat};
use crate::diagnostic::Failure;
use crate::words::Language;

/// Builds the site into its output folder.
pub fn run(args: &BuildArgs, language: Language) -> Result<ExitStatus, Failure> {
    let start = edge::clock();
    let writing = Arc::default();
    if !args.dry_run {
        edge::end_between_writes(Arc::clone(&writing));
    }
    let mut meter = Meter::begin(start);
    let mut stage = |name: &'static str| meter.end(name);
    let project = location(&args.site).open()?;
    stage(phrase!("config"));
    let options = Options {
        output: args.output.clone().unwrap_or_else(|| args.site.source.join("output")),
        fresh: args.fresh,
        dry_run: args.dry_run,
        allow_removal: args.allow_removal,
        home: edge::home(),
        clock: edge::nanoseconds,
        wait: wait_for_another,
        writing,
    };
    let (mut summary, mut diagnostics) = build::build(project, &options, &mut stage)?;

    summary.seconds = start.elapsed().as_secs_f64();
    summary.count(&diagnostics);
    let volume = Volume::of(&args.verbosity);
    if args.timings {
        report::build::timings(&meter.stages, language);
    }
    match args.format {
        ReportFormat::Json => {
            report::diagnostics_json(&mut diagnostics)?;
            report::build::print_json(&summary)?;
        }
        ReportFormat::Human => {
            report::diagnostics(&mut diagnostics, volume, language);
            if volume != Volume::Quiet {
                report::build::print(&summary, volume, language)?;
            }
        }
    }
    let flawed = summary.errors > 0 || (args.strict && summary.warnings > 0);
    Ok(if flawed { ExitStatus::Flawed } else { ExitStatus::Clean })
}

/// Says that another build has to end first.
fn wait_for_another(output: &Path) {
    let told = say!("another build writes to {}; this one waits for it", output.display());
    // A closed terminal is no reason not to build.
    let _ = Terminal::errors(edge::language()).say(told);
}
