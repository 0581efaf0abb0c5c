//! The report: diagnostics and the closing table, for people and for programs. The only place that prints.

use std::collections::BTreeMap;
use std::io::{self, Write};

use annotate_snippets::{AnnotationKind, Level, Origin, Renderer, Snippet};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::diagnostic::{Diagnostic, Failure, Severity};
use crate::site::{HeldBack, Why};

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
    pub fn of(talk: &crate::cli::Talk) -> Volume {
        match (talk.quiet, talk.verbose) {
            (true, _) => Volume::Quiet,
            (_, true) => Volume::Verbose,
            _ => Volume::Normal,
        }
    }
}

/// Prints diagnostics to standard error, sorted, the many of one kind cut short.
pub fn diagnostics(diagnostics: &mut [Diagnostic], volume: Volume) {
    Diagnostic::sort(diagnostics);
    let renderer = Renderer::styled();
    let mut shown: BTreeMap<&str, usize> = BTreeMap::new();
    let mut out = anstream::stderr().lock();
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
            let _ = writeln!(out, "{}\n", render(diagnostic, &renderer));
        }
    }
    if volume != Volume::Normal {
        return;
    }
    let mut cut: Vec<(&str, usize)> = Vec::new();
    for (code, count) in shown {
        let is_warning = diagnostics.iter().any(|diagnostic| diagnostic.code == code && diagnostic.severity == Severity::Warning);
        if is_warning && count > SHOWN_OF_A_KIND {
            cut.push((code, count - SHOWN_OF_A_KIND));
        }
    }
    for (code, count) in &cut {
        let _ = writeln!(out, "… and {count} more warnings `{code}`");
    }
    if notes > 0 {
        let _ = writeln!(out, "{notes} notes on what was cleaned or passed over");
    }
    if !cut.is_empty() || notes > 0 {
        let _ = writeln!(out, "(--verbose shows them all)\n");
    }
}

fn render(diagnostic: &Diagnostic, renderer: &Renderer) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let mut group = level.primary_title(diagnostic.message.as_str()).id(&*diagnostic.code).elements(None::<annotate_snippets::Message<'_>>);
    let path = diagnostic.path.as_deref().unwrap_or("");
    group = match &diagnostic.place {
        Some(place) if place.is_whole_line() => group.element(
            Snippet::source(place.excerpt.as_str())
                .line_start(place.line)
                .path(path)
                .annotation(AnnotationKind::Primary.span(place.marked.clone())),
        ),
        Some(place) => group.element(Origin::path(path).line(place.line).char_column(place.column)).element(
            Snippet::source(place.excerpt.as_str()).line_start(place.line).annotation(AnnotationKind::Primary.span(place.marked.clone())),
        ),
        None if !path.is_empty() => group.element(Origin::path(path)),
        None => group,
    };
    if let Some(hint) = &diagnostic.hint {
        group = group.element(Level::HELP.message(hint.as_str()));
    }
    renderer.render(&[group])
}

/// Prints diagnostics as JSON lines to standard output.
pub fn diagnostics_json(diagnostics: &mut [Diagnostic]) -> io::Result<()> {
    Diagnostic::sort(diagnostics);
    let mut out = io::stdout().lock();
    for diagnostic in diagnostics.iter() {
        writeln!(out, "{}", diagnostic_json(diagnostic))?;
    }
    Ok(())
}

fn diagnostic_json(diagnostic: &Diagnostic) -> serde_json::Value {
    json!({
        "type": "diagnostic",
        "severity": diagnostic.severity.word(),
        "code": diagnostic.code,
        "path": diagnostic.path,
        "line": diagnostic.place.as_ref().map(|place| place.line),
        "column": diagnostic.place.as_ref().map(|place| place.column),
        "message": diagnostic.message,
        "hint": diagnostic.hint,
    })
}

/// Says what `tags suggest --write` came to.
pub fn tags_written(written: usize, left: usize) {
    let posts = if written == 1 { "post" } else { "posts" };
    let _ =
        writeln!(anstream::stderr().lock(), "tags written into {} {posts}, {} left alone", grouped(written as u64), grouped(left as u64));
}

/// Says why a command could not do its work.
pub fn failure(failure: &Failure, json: bool) {
    let found = match failure {
        Failure::Unusable(found) => found.clone(),
        Failure::Io(error) => vec![Diagnostic::error("world", error.to_string())],
    };
    let renderer = Renderer::styled();
    for diagnostic in &found {
        if json {
            // Nobody may be listening any more.
            let _ = writeln!(io::stdout().lock(), "{}", diagnostic_json(diagnostic));
        } else {
            let _ = writeln!(anstream::stderr().lock(), "{}\n", render(diagnostic, &renderer));
        }
    }
}

/// What a build came to.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Summary {
    pub posts: usize,
    pub pages: usize,
    /// Name and number of each taxonomy's terms.
    pub terms: Vec<(String, usize)>,
    pub feeds: usize,
    pub redirects: usize,
    pub han: u64,
    pub words: u64,
    pub written: usize,
    pub unchanged: usize,
    pub removed: usize,
    pub bytes: u64,
    pub errors: usize,
    pub warnings: usize,
    pub notes: usize,
    pub held: Vec<HeldBack>,
    pub seconds: f64,
    pub dry_run: bool,
}

impl Summary {
    /// Counts diagnostics by severity.
    pub fn count(&mut self, diagnostics: &[Diagnostic]) {
        let of = |severity| diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity).count();
        (self.errors, self.warnings, self.notes) = (of(Severity::Error), of(Severity::Warning), of(Severity::Note));
    }

    /// One JSON line, after a line for each file that is held back.
    pub fn print_json(&self) -> io::Result<()> {
        let mut out = io::stdout().lock();
        for held in &self.held {
            let (reason, message) = reason(&held.why);
            writeln!(out, "{}", json!({ "type": "held", "path": held.path.as_str(), "reason": reason, "message": message }))?;
        }
        let mut summary = json!({
            "type": "summary",
            "posts": self.posts,
            "pages": self.pages,
            "feeds": self.feeds,
            "redirects": self.redirects,
            "han": self.han,
            "words": self.words,
            "files_written": self.written,
            "files_unchanged": self.unchanged,
            "files_removed": self.removed,
            "bytes": self.bytes,
            "held": self.held.len(),
            "errors": self.errors,
            "warnings": self.warnings,
            "notes": self.notes,
            "seconds": self.seconds,
        });
        for (name, count) in &self.terms {
            summary[name] = (*count).into();
        }
        writeln!(out, "{summary}")
    }

    /// The closing table, then everything held back and why.
    pub fn print(&self) -> io::Result<()> {
        let mut rows: Vec<(String, String)> =
            vec![("posts".into(), grouped(self.posts as u64)), ("pages".into(), grouped(self.pages as u64))];
        rows.extend(self.terms.iter().map(|(name, count)| (name.clone(), grouped(*count as u64))));
        rows.push(("feeds".into(), grouped(self.feeds as u64)));
        if self.redirects > 0 {
            rows.push(("redirects".into(), grouped(self.redirects as u64)));
        }
        let would = if self.dry_run { "would be " } else { "" };
        rows.push((
            "files".into(),
            format!(
                "{} {would}written, {} unchanged, {} {would}removed",
                grouped(self.written as u64),
                grouped(self.unchanged as u64),
                grouped(self.removed as u64)
            ),
        ));
        rows.push(("Han characters".into(), grouped(self.han)));
        rows.push(("output".into(), bytes(self.bytes)));
        rows.push((
            "time".into(),
            if self.seconds < 1.0 { format!("{:.0} ms", self.seconds * 1000.0) } else { format!("{:.2} s", self.seconds) },
        ));
        if self.errors + self.warnings > 0 {
            rows.push(("problems".into(), format!("{} errors, {} warnings", self.errors, self.warnings)));
        }
        let width = rows.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
        let mut out = anstream::stdout().lock();
        for (name, value) in rows {
            writeln!(out, "{name:width$}  {value}")?;
        }
        if !self.held.is_empty() {
            writeln!(out, "\nheld back ({}):", self.held.len())?;
            for held in &self.held {
                let (reason, message) = reason(&held.why);
                let message = if message.is_empty() { String::new() } else { format!(": {message}") };
                writeln!(out, "  {}  {reason}{message}", held.path)?;
            }
        }
        Ok(())
    }
}

fn reason(why: &Why) -> (&'static str, &str) {
    match why {
        Why::Draft => ("draft", ""),
        Why::Unpublished => ("published: false", ""),
        Why::Future => ("future date", ""),
        Why::Refused(message) => ("error", message),
    }
}

/// Prints the stages of a build.
pub fn timings(stages: &[(&'static str, f64)]) {
    for (name, seconds) in stages {
        anstream::eprintln!("{name:>12}  {:>8.1} ms", seconds * 1000.0);
    }
}

fn grouped(number: u64) -> String {
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

fn bytes(bytes: u64) -> String {
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
        let diagnostic = Diagnostic::warning("value-unquoted", "an unquoted value cannot hold a colon")
            .hint("put the value in quotes")
            .at(text, 16..17)
            .in_file("posts/a.md");
        let shown = render(&diagnostic, &Renderer::plain());
        assert!(
            shown.contains("posts/a.md:2:13") && shown.contains("title: ViMax: 视频") && shown.contains("help: put the value in quotes"),
            "{shown}"
        );
    }

    #[test]
    fn far_columns_keep_their_number() {
        let text = "字".repeat(5_000);
        let diagnostic = Diagnostic::error("x", "y").at(&text, 9_000..9_003).in_file("a.md");
        assert!(render(&diagnostic, &Renderer::plain()).contains("a.md:1:3001"));
    }

    #[test]
    fn numbers_are_grouped() {
        assert_eq!((grouped(1_234_567), grouped(12)), ("1,234,567".to_owned(), "12".to_owned()));
    }
}
