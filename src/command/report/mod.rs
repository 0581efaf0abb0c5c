//! The report: diagnostics and the closing table, for people and for programs. Printed through
//! `terminal`.
//!
//! People read it in their language. Programs read JSON, and that is English whatever the machine
//! speaks: a message says the same everywhere and can be looked for, as `code` can.

pub mod build;
pub mod check;
pub mod posts;
pub mod preview;

use std::collections::BTreeMap;
use std::io;
use std::ops::Range;
use std::time::Duration;

use annotate_snippets::{AnnotationKind, Level, Origin, Renderer, Snippet};
use serde_json::json;

use super::terminal::Terminal;
use crate::cli::ReportFormat;
use crate::diagnostic::{Diagnostic, Failure, Place, Severity};
use crate::post::Held;
use crate::site::{HeldBack, HoldReason};
use crate::words::{Language, Message, printable};
use chinese_text::is_cjk;

/// Warnings of one kind that are shown without `--verbose`.
const SHOWN_OF_A_KIND: usize = 10;

/// How much is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Volume {
    Quiet,
    Normal,
    Verbose,
}

impl Volume {
    pub fn of(verbosity: &crate::cli::VerbosityArgs) -> Volume {
        match (verbosity.quiet, verbosity.verbose) {
            (true, _) => Volume::Quiet,
            (_, true) => Volume::Verbose,
            _ => Volume::Normal,
        }
    }
}

/// Prints diagnostics to standard error, sorted, the many of one kind cut short.
pub fn diagnostics(diagnostics: &mut [Diagnostic], volume: Volume, language: Language) {
    Diagnostic::sort(diagnostics);
    let renderer = Renderer::styled();
    let mut shown: BTreeMap<&str, usize> = BTreeMap::new();
    let mut out = Terminal::errors(language);
    let mut notes = 0;
    for diagnostic in diagnostics.iter() {
        let count = shown.entry(&*diagnostic.code).or_insert(0);
        *count += 1;
        let show = match (diagnostic.severity, volume) {
            (Severity::Error, _) | (_, Volume::Verbose) => true,
            (Severity::Warning, Volume::Normal) => *count <= SHOWN_OF_A_KIND,
            _ => false,
        };
        notes += usize::from(diagnostic.severity == Severity::Note);
        if show {
            let _ = out.made(&(render(diagnostic, &renderer, language) + "\n\n"));
        }
    }
    if volume != Volume::Normal {
        return;
    }
    let mut cut: Vec<(&str, usize)> = Vec::new();
    for (code, count) in shown {
        let is_warning = diagnostics
            .iter()
            .any(|diagnostic| diagnostic.code == code && diagnostic.severity == Severity::Warning);
        if is_warning && count > SHOWN_OF_A_KIND {
            cut.push((code, count - SHOWN_OF_A_KIND));
        }
    }
    for (code, count) in &cut {
        let more = match count {
            1 => say!("… and 1 more warning `{}`", *code),
            count => say!("… and {} more warnings `{}`", *count, *code),
        };
        let _ = out.say(more);
    }
    if notes > 0 {
        let told = match notes {
            1 => say!("1 note on what was cleaned or passed over"),
            notes => say!("{} notes on what was cleaned or passed over", notes),
        };
        let _ = out.say(told);
        if let Some(left) = marks_left(diagnostics) {
            let _ = out.say(left);
        }
    }
    if !cut.is_empty() || notes > 0 {
        let _ = out.say(say!("(--verbose shows them all)")).and_then(|()| out.say(""));
    }
}

/// Returns which marks are shown as text, each with the number of posts: a blog may have one in
/// every post, and nobody would look for notes.
fn marks_left(diagnostics: &[Diagnostic]) -> Option<Message> {
    let mut left: BTreeMap<&str, usize> = BTreeMap::new();
    for mark in diagnostics
        .iter()
        .filter(|found| found.code == "markup-left")
        .filter_map(|found| found.message.first_argument())
    {
        *left.entry(mark).or_insert(0) += 1;
    }
    let told: Vec<String> =
        left.iter().map(|(mark, posts)| format!("`{mark}` × {posts}")).collect();
    (!told.is_empty()).then(|| {
        say!("what looks like a mark and is shown as text, with the number of posts: {}", told)
    })
}

fn render(diagnostic: &Diagnostic, renderer: &Renderer, language: Language) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR.with_name(say!("error").in_language(language)),
        Severity::Warning => Level::WARNING.with_name(say!("warning").in_language(language)),
        Severity::Note => Level::NOTE.with_name(say!("note").in_language(language)),
    };
    let mut group = level
        .primary_title(diagnostic.message.in_language(language))
        .id(&*diagnostic.code)
        .elements(None::<annotate_snippets::Message<'_>>);
    let path = printable(diagnostic.path.as_deref().unwrap_or(""));
    let path = path.as_ref();
    group = match &diagnostic.place {
        Some(place) => {
            let (excerpt, marked) = printable_excerpt(place);
            let has_columns_of_its_own = place.is_whole_line() && excerpt == place.excerpt;
            let snippet = Snippet::source(excerpt)
                .line_start(place.line)
                .annotation(AnnotationKind::Primary.span(marked));
            if has_columns_of_its_own {
                group.element(snippet.path(path))
            } else {
                group
                    .element(Origin::path(path).line(place.line).char_column(place.column))
                    .element(snippet)
            }
        }
        None if !path.is_empty() => group.element(Origin::path(path)),
        None => group,
    };
    if let Some(hint) = &diagnostic.hint {
        group = group.element(
            Level::HELP
                .with_name(say!("help").in_language(language))
                .message(hint.in_language(language)),
        );
    }
    renderer.render(&[group])
}

/// Returns the excerpt as a terminal may show it, and where the culprit is in that.
fn printable_excerpt(place: &Place) -> (String, Range<usize>) {
    let mut excerpt = printable(&place.excerpt[..place.marked.start]).into_owned();
    let start = excerpt.len();
    excerpt += &printable(&place.excerpt[place.marked.clone()]);
    let end = excerpt.len();
    excerpt += &printable(&place.excerpt[place.marked.end..]);
    (excerpt, start..end)
}

/// Prints diagnostics as JSON lines to standard output.
pub fn diagnostics_json(diagnostics: &mut [Diagnostic]) -> io::Result<()> {
    Diagnostic::sort(diagnostics);
    let mut out = Terminal::output(Language::English);
    diagnostics.iter().try_for_each(|diagnostic| out.json(&diagnostic_json(diagnostic)))
}

fn diagnostic_json(diagnostic: &Diagnostic) -> serde_json::Value {
    json!({
        "type": "diagnostic",
        "severity": diagnostic.severity.word(),
        "code": diagnostic.code,
        "path": diagnostic.path,
        "line": diagnostic.place.as_ref().map(|place| place.line),
        "column": diagnostic.place.as_ref().map(|place| place.column),
        "message": diagnostic.message.english(),
        "hint": diagnostic.hint.as_ref().map(Message::english),
    })
}

/// Says what `tags suggest --write` came to.
pub fn tags_written(written: usize, left: usize, language: Language) {
    let left = grouped(left as u64);
    let told = match written {
        1 => say!("tags written into 1 post, {} left alone", left),
        written => say!("tags written into {} posts, {} left alone", grouped(written as u64), left),
    };
    let _ = Terminal::errors(language).say(told);
}

/// Says why a command could not do its work.
pub fn failure(failure: &Failure, format: ReportFormat, language: Language) {
    let found = match failure {
        Failure::Unusable(found) => found.clone(),
        Failure::Io(error) => vec![Diagnostic::error("world", error)],
    };
    let renderer = Renderer::styled();
    for diagnostic in &found {
        if format == ReportFormat::Json {
            // Nobody may be listening any more.
            let _ = Terminal::output(language).json(&diagnostic_json(diagnostic));
        } else {
            let _ = Terminal::errors(language)
                .made(&(render(diagnostic, &renderer, language) + "\n\n"));
        }
    }
}

/// Prints everything held back and why.
pub fn held(all: &[HeldBack], language: Language) -> io::Result<()> {
    let mut out = Terminal::output(language);
    if !all.is_empty() {
        out.say("")?;
        out.say(say!("held back ({}):", all.len()))?;
    }
    for held in all {
        let why = match reason(&held.why) {
            (reason, Some(message)) if matches!(held.why, HoldReason::Refused(_)) => {
                say!("{}: {}", Message::phrase(reason), message)
            }
            (reason, Some(mark)) => say!("{} (`{}`)", Message::phrase(reason), mark),
            (reason, None) => Message::phrase(reason),
        };
        out.say(format!("  {}  {}", held.path, why.in_language(language)))?;
    }
    Ok(())
}

/// Prints a JSON line for everything held back.
pub fn held_json(all: &[HeldBack]) -> io::Result<()> {
    let mut out = Terminal::output(Language::English);
    for held in all {
        let (reason, message) = reason(&held.why);
        let message = message.map(|message| message.english().into_owned()).unwrap_or_default();
        out.json(&json!({ "type": "held", "path": held.path.as_str(), "reason": reason, "message": message }))?;
    }
    Ok(())
}

/// Returns how many columns of a terminal a text takes.
pub fn columns(text: &str) -> usize {
    text.chars().map(|c| if is_cjk(c) { 2 } else { 1 }).sum()
}

/// Returns a word for it, and what is wrong.
fn reason(why: &HoldReason) -> (&'static str, Option<Message>) {
    match why {
        HoldReason::Held(Held::Draft(mark)) => (phrase!("draft"), Some(mark.as_str().into())),
        HoldReason::Held(Held::Unpublished) => ("published: false", None),
        HoldReason::Held(Held::Future(mark)) => {
            (phrase!("future date"), Some(mark.as_str().into()))
        }
        HoldReason::Held(Held::Expired(mark)) => (phrase!("expired"), Some(mark.as_str().into())),
        HoldReason::Held(Held::Undated) => (phrase!("no date in its name"), None),
        HoldReason::Held(Held::Hidden(mark)) => (phrase!("hidden"), Some(mark.as_str().into())),
        HoldReason::Refused(message) => (phrase!("error"), Some(message.clone())),
    }
}

/// Prints names and values, one below the other.
pub fn table(rows: &[(Message, Message)], language: Language) -> io::Result<()> {
    let rows: Vec<(String, String)> = rows
        .iter()
        .map(|(name, value)| (name.in_language(language), value.in_language(language)))
        .collect();
    let width = rows.iter().map(|(name, _)| columns(name)).max().unwrap_or(0);
    let mut out = Terminal::output(language);
    for (name, value) in rows {
        out.say(format!("{name}{:blanks$}  {value}", "", blanks = width - columns(&name)))?;
    }
    Ok(())
}

/// Returns how many errors and warnings there are.
pub fn problems(errors: usize, warnings: usize) -> Message {
    let errors = match errors {
        0 => None,
        1 => Some(say!("1 error")),
        errors => Some(say!("{} errors", errors)),
    };
    let warnings = match warnings {
        0 => None,
        1 => Some(say!("1 warning")),
        warnings => Some(say!("{} warnings", warnings)),
    };
    match (errors, warnings) {
        (None, None) => say!("none"),
        (Some(errors), Some(warnings)) => say!("{}, {}", errors, warnings),
        (problems, None) | (None, problems) => problems.unwrap_or_default(),
    }
}

/// Returns how long something took.
pub fn duration(took: Duration) -> String {
    let seconds = took.as_secs_f64();
    if seconds < 1.0 { format!("{:.0} ms", seconds * 1000.0) } else { format!("{seconds:.2} s") }
}

pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

pub fn bytes(bytes: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "two digits are shown")]
    let bytes_f = bytes as f64;
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{:.1} KB", bytes_f / 1e3),
        1_000_000..1_000_000_000 => format!("{:.1} MB", bytes_f / 1e6),
        _ => format!("{:.2} GB", bytes_f / 1e9),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_diagnostic_shows_its_line_and_place() {
        let text = "---\ntitle: ViMax: 视频\n---\n";
        let diagnostic =
            Diagnostic::warning("value-unquoted", "an unquoted value cannot hold a colon")
                .hint("put the value in quotes")
                .at(text, 16..17)
                .in_file("posts/a.md");
        let shown = render(&diagnostic, &Renderer::plain(), Language::English);
        assert!(
            shown.contains("posts/a.md:2:13")
                && shown.contains("title: ViMax: 视频")
                && shown.contains("help: put the value in quotes"),
            "{shown}"
        );
    }

    #[test]
    fn far_columns_keep_their_number() {
        let text = "字".repeat(5_000);
        let diagnostic = Diagnostic::error("x", "y").at(&text, 9_000..9_003).in_file("a.md");
        assert!(render(&diagnostic, &Renderer::plain(), Language::English).contains("a.md:1:3001"));
    }

    #[test]
    fn numbers_are_grouped() {
        assert_eq!((grouped(1_234_567), grouped(12)), ("1,234,567".to_owned(), "12".to_owned()));
    }
}
