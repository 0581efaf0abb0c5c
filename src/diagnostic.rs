//! Diagnostics: what is wrong with the content, as data.
//!
//! Content problems are values that travel beside results, never control flow: one run reports all
//! of them. They are rendered in one place (`command::report`). This module knows no file format
//! and reads nothing.

use std::borrow::Cow;
use std::io;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::words::Message;

/// How bad it is. Errors hold something back from the site and make the exit status 1; warnings are
/// assumptions the keeper should look at; notes record what was cleaned and are shown with
/// `--verbose` only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Severity {
    Error,
    Warning,
    Note,
}

impl Severity {
    /// Returns the word used in JSON and in the report.
    pub fn word(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        }
    }
}

/// A place in a text: 1-based line and column, the column in characters, and the line itself so
/// that the report needs no second look at the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    pub line: usize,
    pub column: usize,
    /// The source line, or the part of a very long one around the column.
    pub excerpt: String,
    /// Byte range of the culprit within `excerpt`.
    pub marked: Range<usize>,
}

/// Longest excerpt in bytes; posts hold single lines of 60,000 characters.
const EXCERPT_BYTES: usize = 400;

impl Place {
    /// Returns the place of byte `range` in `text`. Counts lines from the start of the text: for
    /// many places of one text there is [`LineIndex`].
    pub fn of(text: &str, range: Range<usize>) -> Place {
        let start = floor_char_boundary(text, range.start);
        let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let line_end = text[start..].find('\n').map_or(text.len(), |at| start + at);
        let line = memchr::memchr_iter(b'\n', &text.as_bytes()[..line_start]).count() + 1;
        Place::in_line(
            text,
            start..range.end,
            line_start..line_end,
            line,
            characters(&text.as_bytes()[line_start..start]) + 1,
        )
    }

    /// Returns the place of `range`, which begins in the line of that range and number, in that
    /// column.
    fn in_line(
        text: &str,
        range: Range<usize>,
        line: Range<usize>,
        number: usize,
        column: usize,
    ) -> Place {
        let start = range.start;
        let length = text[line.clone()].trim_end_matches('\r').len();
        let end = floor_char_boundary(text, range.end)
            .clamp(start, line.start + length.max(start - line.start));

        let mut cut_start = line.start;
        if start - line.start > EXCERPT_BYTES / 2 {
            cut_start = floor_char_boundary(text, start - EXCERPT_BYTES / 2);
        }
        let cut_end =
            floor_char_boundary(text, (cut_start + EXCERPT_BYTES).min(line.start + length));
        let excerpt = text[cut_start..cut_end.max(cut_start)].replace('\t', " ");
        let marked_end = end.min(cut_end.max(start)) - cut_start;
        Place {
            line: number,
            column,
            marked: (start - cut_start).min(excerpt.len())..marked_end.min(excerpt.len()),
            excerpt,
        }
    }

    /// Returns whether `excerpt` begins where the line begins.
    pub fn is_whole_line(&self) -> bool {
        self.excerpt[..self.marked.start].chars().count() + 1 == self.column
    }
}

/// An index of the lines of a text. It finds the places of 64,000 findings without counting from
/// the start for each.
#[derive(Debug)]
pub struct LineIndex<'t> {
    text: &'t str,
    starts: Vec<usize>,
    /// The number of characters before each [`LineIndex::STEP`]th byte: a line may be as long as
    /// the text.
    characters: Vec<usize>,
}

impl<'t> LineIndex<'t> {
    const STEP: usize = 1024;

    pub fn new(text: &'t str) -> LineIndex<'t> {
        let starts = std::iter::once(0)
            .chain(memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1))
            .collect();
        let counts = text.as_bytes().chunks(LineIndex::STEP).scan(0, |before, chunk| {
            let here = *before;
            *before += characters(chunk);
            Some(here)
        });
        LineIndex { text, starts, characters: counts.collect() }
    }

    /// As [`Place::of`].
    pub fn place(&self, range: Range<usize>) -> Place {
        let start = floor_char_boundary(self.text, range.start);
        let number = self.starts.partition_point(|line| *line <= start);
        let line_start = self.starts[number - 1];
        let line_end = self.starts.get(number).map_or(self.text.len(), |next| next - 1);
        let column = self.characters_before(start) - self.characters_before(line_start) + 1;
        Place::in_line(self.text, start..range.end, line_start..line_end, number, column)
    }

    fn characters_before(&self, at: usize) -> usize {
        let step = at / LineIndex::STEP;
        let Some(before) = self.characters.get(step) else {
            return self.characters.last().map_or(0, |last| last + self.tail());
        };
        before + characters(&self.text.as_bytes()[step * LineIndex::STEP..at])
    }

    /// Returns the characters of the last step, where the text ends with it.
    fn tail(&self) -> usize {
        characters(&self.text.as_bytes()[(self.characters.len() - 1) * LineIndex::STEP..])
    }
}

/// Returns how many characters begin in a piece of UTF-8.
fn characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| !matches!(**byte, 0x80..=0xBF)).count()
}

fn floor_char_boundary(text: &str, index: usize) -> usize {
    text.floor_char_boundary(index.min(text.len()))
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    pub severity: Severity,
    /// A stable, greppable name such as `date-unreadable`.
    pub code: Cow<'static, str>,
    /// What is wrong, in one sentence without a full stop.
    pub message: Message,
    /// What to do about it.
    pub hint: Option<Message>,
    /// The file, relative to the site, with `/`.
    pub path: Option<String>,
    pub place: Option<Place>,
}

impl Diagnostic {
    pub fn error(code: &'static str, message: impl Into<Message>) -> Diagnostic {
        Diagnostic::new(Severity::Error, code, message.into())
    }

    pub fn warning(code: &'static str, message: impl Into<Message>) -> Diagnostic {
        Diagnostic::new(Severity::Warning, code, message.into())
    }

    pub fn note(code: &'static str, message: impl Into<Message>) -> Diagnostic {
        Diagnostic::new(Severity::Note, code, message.into())
    }

    fn new(severity: Severity, code: &'static str, message: Message) -> Diagnostic {
        Diagnostic { severity, code: code.into(), message, hint: None, path: None, place: None }
    }

    pub fn hint(mut self, hint: impl Into<Message>) -> Diagnostic {
        self.hint = Some(hint.into());
        self
    }

    /// Points at byte `range` of `text`, the whole text of the file.
    pub fn at(mut self, text: &str, range: Range<usize>) -> Diagnostic {
        self.place = Some(Place::of(text, range));
        self
    }

    /// Points at byte `range` of the text of `lines`, the whole text of the file.
    pub fn within(mut self, lines: &LineIndex<'_>, range: Range<usize>) -> Diagnostic {
        self.place = Some(lines.place(range));
        self
    }

    pub fn in_file(mut self, path: impl Into<String>) -> Diagnostic {
        self.path = Some(path.into());
        self
    }

    /// The order of the report: errors first, then by file and place. It is the same in every
    /// language.
    pub fn sort(diagnostics: &mut [Diagnostic]) {
        diagnostics.sort_by(|a, b| {
            a.order().cmp(&b.order()).then_with(|| a.message.english().cmp(&b.message.english()))
        });
    }

    fn order(&self) -> (Severity, Option<&str>, usize, usize, &str) {
        let (line, column) = self.place.as_ref().map_or((0, 0), |place| (place.line, place.column));
        (self.severity, self.path.as_deref(), line, column, &self.code)
    }
}

/// Runs `work` on one file's behalf; a panic in it is a defect of the program that costs this file
/// alone.
pub fn contain<T>(path: &str, work: impl FnOnce() -> T) -> Result<T, Box<Diagnostic>> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(work)).map_err(|panic| {
        let why = panic
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| panic.downcast_ref::<&str>().copied())
            .unwrap_or("");
        let message =
            say!("a defect of sitegen keeps this file out: {}", why.lines().next().unwrap_or(""));
        Box::new(
            Diagnostic::error("internal", message)
                .hint(say!("please report it, with the file"))
                .in_file(path),
        )
    })
}

/// Returns whether an error of the disk concerns more than one file: the next file would fail as
/// well, and nothing can be whole. Any other error (the file cannot be read, it is gone, its name
/// is too long, its folder is closed) costs that file alone, and a line of the report names it. All
/// that read or write between listing and closing ask here.
pub fn is_of_the_world(error: &io::Error) -> bool {
    use io::ErrorKind::{
        OutOfMemory, QuotaExceeded, ReadOnlyFilesystem, StaleNetworkFileHandle, StorageFull,
    };
    matches!(
        error.kind(),
        StorageFull | QuotaExceeded | ReadOnlyFilesystem | StaleNetworkFileHandle | OutOfMemory
    )
}

/// What stops a command: things it cannot work with, or a world that does not answer. Everything
/// else is a diagnostic.
#[derive(Debug)]
pub enum Failure {
    /// A configuration or theme that cannot be used.
    Unusable(Vec<Diagnostic>),
    /// A disk that cannot be read or written.
    Io(io::Error),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Failure {
        Failure::Io(error)
    }
}

/// `message`, and the known word that was meant, if there is one.
pub fn or_meant(message: Message, near: Option<&str>) -> Message {
    match near {
        Some(near) => say!("{}; did you mean `{}`?", message, near),
        None => message,
    }
}

/// Returns the known word nearest to `typed`, if one is near enough to be what was meant.
pub fn nearest<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known
        .into_iter()
        .map(|word| (strsim::osa_distance(typed, word), word))
        .filter(|(distance, word)| {
            *distance <= (word.chars().count().max(typed.chars().count()) / 3).max(1)
        })
        .min_by_key(|(distance, word)| (*distance, word.len()))
        .map(|(_, word)| word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters() {
        let place = Place::of("一\n二三：四\n", 4 + 6..4 + 9);
        assert_eq!((place.line, place.column), (2, 3));
        assert_eq!(&place.excerpt[place.marked.clone()], "：");
    }

    #[test]
    fn long_lines_are_cut_around_the_place() {
        let text = "字".repeat(60_000);
        let place = Place::of(&text, 90_000..90_003);
        assert_eq!(place.column, 30_001);
        assert!(
            place.excerpt.len() <= EXCERPT_BYTES && &place.excerpt[place.marked.clone()] == "字"
        );
        assert!(!place.is_whole_line());
    }

    #[test]
    fn any_range_has_a_place() {
        let text = "a\r\n字\tb";
        for start in 0..12 {
            for end in start..12 {
                let place = Place::of(text, start..end);
                assert!(place.excerpt.get(place.marked).is_some());
            }
        }
    }

    #[test]
    fn lines_say_what_counting_says() {
        let long =
            format!("{}\n{}\r\n\n{}", "字a".repeat(700), "é".repeat(512), "x\n字".repeat(600));
        for text in ["", "\n", "a\r\n字\tb", &long, &long[..1024], &"a".repeat(2048)] {
            let lines = LineIndex::new(text);
            for start in (0..text.len() + 3).filter(|at| at % 7 < 2 || *at < 50) {
                assert_eq!(
                    lines.place(start..start + 5),
                    Place::of(text, start..start + 5),
                    "{start}"
                );
            }
        }
    }

    #[test]
    fn nearest_key() {
        assert_eq!(nearest("titel", ["title", "theme"]), Some("title"));
        assert_eq!(nearest("colour", ["title", "theme"]), None);
    }
}
