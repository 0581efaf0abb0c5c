//! `sitegen tags suggest`: tags for posts that have none, shown or written.

use std::io;

use serde_json::json;

use super::report::{self, Volume};
use super::terminal::Terminal;
use super::{ExitStatus, edge, location};
use crate::cli::{ReportFormat, SuggestArgs};
use crate::diagnostic::{Diagnostic, Failure, Severity};
use crate::suggestion::{Suggester, Suggestion};
use crate::words::Language;

/// Suggests tags for the posts named, or for all without tags.
pub fn suggest(args: &SuggestArgs, language: Language) -> Result<ExitStatus, Failure> {
    let count = args.count.map(usize::from);
    let suggester = Suggester::open(location(&args.site), &args.files, count)?;
    let looked_at = suggester.suggest();
    let mut diagnostics = suggester.findings();
    let folder = suggester.folder();
    if args.write {
        edge::end_between_writes(folder.writing());
        suggester.sweep(&folder);
    }
    let candidates = looked_at
        .iter()
        .filter(|(suggestion, found)| suggestion.is_some() || !found.is_empty())
        .count();
    let mut written = 0;
    // Writing goes on when nobody listens any more (`| head`), and what was found is reported when
    // a disk is full.
    let (mut heard, mut stopped) = (Ok(()), None);
    for (suggestion, found) in looked_at {
        diagnostics.extend(found);
        let Some(suggestion) = suggestion else { continue };
        let edit = || suggester.write(&suggestion, &folder);
        let declined = match args.write.then(edit).transpose() {
            Ok(declined) => declined.flatten(),
            Err(error) => {
                stopped = Some(error);
                break;
            }
        };
        let has_tags = !suggestion.tags.is_empty();
        let is_written = args.write && declined.is_none() && has_tags;
        written += usize::from(is_written);
        let found = declined.into_iter().chain((!has_tags).then(no_tags));
        let path = suggestion.post.source.as_str();
        diagnostics.extend(found.map(|diagnostic| diagnostic.in_file(path)));
        // For people, a line on standard output is a post that was done.
        let is_shown = args.format == ReportFormat::Json || is_written || (!args.write && has_tags);
        if is_shown && heard.is_ok() {
            heard = print(&suggestion, is_written, args.format, language);
        }
    }
    let errors = diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
    let volume = Volume::of(&args.verbosity);
    match args.format {
        ReportFormat::Json if heard.is_ok() => heard = report::diagnostics_json(&mut diagnostics),
        // Whoever stopped listening there is told here.
        _ => report::diagnostics(&mut diagnostics, volume, language),
    }
    if args.write && args.format == ReportFormat::Human && volume != Volume::Quiet {
        report::tags_written(written, candidates - written, language);
    }
    match (stopped, heard) {
        (Some(error), _) => Err(error.into()),
        (None, Err(error)) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(if errors { ExitStatus::Flawed } else { ExitStatus::Clean }),
    }
}

/// Returns the line of the report for a post without a word that makes a tag.
fn no_tags() -> Diagnostic {
    Diagnostic::warning(
        "tags-not-suggested",
        say!("no tags are suggested: {}", say!("no word of the post makes a tag")),
    )
}

/// Prints what is suggested for one post, or was written into it.
fn print(
    suggestion: &Suggestion,
    written: bool,
    format: ReportFormat,
    language: Language,
) -> io::Result<()> {
    let mut out = Terminal::output(language);
    let (source, tags) = (suggestion.post.source.as_str(), &suggestion.tags);
    match format {
        ReportFormat::Human => out.fields(&[source, &tags.join(", ")]),
        ReportFormat::Json => out.json(
            &json!({ "type": "suggestion", "source": source, "tags": tags, "written": written }),
        ),
    }
}
