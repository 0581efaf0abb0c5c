//! Finding the block: encodings, delimiters, and what only looks like front matter.

use std::ops::Range;

use super::keys::names_post;
use super::unread::Limit;
use super::yaml::{belongs, entry_key, lines};
use super::{headers, json, unread};
use crate::diagnostic::Diagnostic;
use crate::words::Message;

/// The form that front matter is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Yaml,
    Toml,
    Json,
    /// Lines of `Key: value` without marks around them.
    Headers,
}

impl Form {
    /// Returns what people call the form.
    pub fn name(self) -> &'static str {
        match self {
            Form::Yaml => "YAML",
            Form::Toml => "TOML",
            Form::Json => "JSON",
            Form::Headers => "Pelican",
        }
    }
}

/// The place of front matter in a file, without the marks around it, and its form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrontMatterBlock {
    pub range: Range<usize>,
    pub form: Form,
}

/// A file cut into front matter and body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    /// The front matter; `None` where there is none.
    pub head: Option<FrontMatterBlock>,
    /// Where the body begins.
    pub body: usize,
    /// Times in lines that are no front matter, which may say when the post may be seen.
    pub limits: Vec<Limit>,
}

impl Split {
    fn new(head: Option<FrontMatterBlock>, body: usize) -> Split {
        Split { head, body, limits: Vec::new() }
    }
}

/// Turns the bytes of a file into text with `\n` line ends and without NUL.
pub fn decode(bytes: &[u8]) -> Result<(String, Option<Diagnostic>), Box<Diagnostic>> {
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        let message = say!("this file is UTF-16, not UTF-8");
        return Err(Box::new(
            Diagnostic::error("encoding", message)
                .hint(say!("save it as UTF-8: `iconv -f UTF-16 -t UTF-8 old.md > new.md`"))
                .at(" ", 0..0),
        ));
    }
    let text = match simdutf8::compat::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let valid = String::from_utf8_lossy(&bytes[..error.valid_up_to()]).into_owned();
            let line_start = valid.rfind('\n').map_or(0, |at| at + 1);
            let line_end = bytes[line_start..]
                .iter()
                .position(|byte| *byte == b'\n')
                .map_or(bytes.len(), |at| line_start + at);
            let shown = format!(
                "{}{}",
                &valid[..line_start],
                String::from_utf8_lossy(&bytes[line_start..line_end])
            );
            let message = say!(
                "not UTF-8: the bytes from offset {} on are in another encoding",
                error.valid_up_to()
            );
            let diagnostic = Diagnostic::error("encoding", message)
                .hint(say!("Chinese text that is not UTF-8 is mostly GB18030: `iconv -f GB18030 -t UTF-8 old.md > new.md`"))
                .at(&shown, valid.len()..valid.len() + 3);
            return Err(Box::new(diagnostic));
        }
    };
    let mut text = if memchr::memchr(b'\r', bytes).is_some() {
        text.replace("\r\n", "\n").replace('\r', "\n")
    } else {
        text.to_owned()
    };
    let nul = memchr::memchr(b'\0', text.as_bytes()).map(|at| {
        text = text.replace('\0', "\u{FFFD}");
        Diagnostic::warning("nul-byte", say!("a NUL byte in the text was replaced by U+FFFD"))
            .at(&text, at..at + 3)
    });
    Ok((text, nul))
}

/// Finds the front matter. An error means the file cannot be read as meant.
pub fn split(text: &str, known: &[&str]) -> Result<(Split, Option<Diagnostic>), Box<Diagnostic>> {
    // Some editors put a mark before the one that is there.
    let start = text.len() - text.trim_start_matches('\u{FEFF}').len();
    let Some((line_start, line)) = lines(text, start).find(|(_, line)| !line.trim().is_empty())
    else {
        return Ok((Split::new(None, start), Some(missing())));
    };
    let opening = line.trim_end();
    if opening.trim_start() == "---" && opening != "---" {
        let dashes = line_start + (opening.len() - 3);
        return Err(error(
            text,
            say!("this looks like front matter, but it is indented"),
            say!("start the `---` lines and the keys in column 1"),
            dashes..dashes + 3,
        ));
    }
    let found = match opening {
        "---" => Some(fenced(text, line_start, opening, Form::Yaml)?),
        "+++" => Some(fenced(text, line_start, opening, Form::Toml)?),
        ";;;" => Some(fenced(text, line_start, opening, Form::Json)?),
        _ if opening.starts_with('{') => object(text, line_start, known)?,
        _ => longer_dashes(text, line_start, opening, known),
    };
    if let Some(split) = found {
        return Ok((
            split,
            (line_start > start).then(|| late(text, line_start..line_start + opening.len())),
        ));
    }
    if let Some(split) = unopened(text, line_start) {
        let message = say!("front matter without its opening line; it was read all the same");
        let hint = match &split.head {
            Some(FrontMatterBlock { form: Form::Json, .. }) => {
                say!(
                    "begin the file with a line `;;;`, or write `key: value` lines between lines of three dashes"
                )
            }
            _ => say!(
                "begin the file with a line of three dashes: other programs read this one as having no front matter"
            ),
        };
        let warning = Diagnostic::warning("front-matter-unopened", message).hint(hint);
        return Ok((split, Some(warning.at(text, line_start..line_start + opening.len()))));
    }
    if let Some(range) = headers::find(text, line_start, known) {
        let body = range.end;
        let note = Diagnostic::note(
            "front-matter-headers",
            say!("the lines above the first blank one were read as front matter"),
        );
        let split = Split::new(Some(FrontMatterBlock { range, form: Form::Headers }), body);
        return Ok((split, Some(note.at(text, line_start..line_start + opening.len()))));
    }
    let limits = unread::refuse_hidden(text, line_start)?;
    let looks_like_keys = begins_with_known(line, known)
        && lines(text, line_start).any(|(_, line)| line.trim_end() == "---");
    let warning = if looks_like_keys {
        Diagnostic::warning(
            "front-matter-unopened",
            say!(
                "this looks like front matter without its opening `---` line; it was read as text"
            ),
        )
        .hint(say!("put a line of three dashes above it"))
        .at(text, line_start..line_start + opening.len())
    } else {
        missing()
    };
    Ok((Split { head: None, body: start, limits }, Some(warning)))
}

/// Returns the block between two lines of a mark, the first of which is at `at`.
fn fenced(text: &str, at: usize, mark: &str, form: Form) -> Result<Split, Box<Diagnostic>> {
    let start = after_line(text, at);
    let closes = |line: &str| line == mark || (form == Form::Yaml && line == "...");
    let Some((end, _)) = lines(text, start).find(|(_, line)| closes(line.trim_end())) else {
        let hint = match form {
            Form::Yaml => say!("end it with a line of three dashes"),
            _ => say!("end it with a line `{}`", mark),
        };
        return Err(error(
            text,
            say!("the front matter that opens here is never closed"),
            hint,
            at..at + mark.len(),
        ));
    };
    Ok(Split::new(Some(FrontMatterBlock { range: start..end, form }), after_line(text, end)))
}

/// Between lines of more than three dashes, which Hexo takes as well, where a key follows.
fn longer_dashes(text: &str, at: usize, mark: &str, known: &[&str]) -> Option<Split> {
    let is_mark = mark.len() > 3 && mark.bytes().all(|byte| byte == b'-');
    let (_, next) = lines(text, after_line(text, at)).next().filter(|_| is_mark)?;
    begins_with_known(next, known).then(|| fenced(text, at, mark, Form::Yaml).ok()).flatten()
}

/// Hugo's JSON: an object that begins the file. A text may begin with a brace too.
fn object(text: &str, at: usize, known: &[&str]) -> Result<Option<Split>, Box<Diagnostic>> {
    let first = text[at + 1..].trim_start();
    if !begins_with_known(first, known) {
        return Ok(None);
    }
    let end =
        at + json::object_end(&text[at..]).map_err(|error| json::mistake(text, at, &error))?;
    Ok(Some(Split::new(
        Some(FrontMatterBlock { range: at..end, form: Form::Json }),
        after_line(text, end),
    )))
}

/// Hexo's form: keys, and a line of dashes or semicolons that ends them. All lines must be keys or
/// parts of their values, and what a post is known by must be among them: `From: …` above a rule is
/// a text.
fn unopened(text: &str, start: usize) -> Option<Split> {
    let mut is_post = false;
    for (at, line) in lines(text, start) {
        let mark = line.trim_end();
        if at > start
            && mark.len() >= 3
            && (mark.bytes().all(|byte| byte == b'-') || mark.bytes().all(|byte| byte == b';'))
        {
            let form = if mark.starts_with('-') { Form::Yaml } else { Form::Json };
            return is_post.then(|| {
                Split::new(Some(FrontMatterBlock { range: start..at, form }), after_line(text, at))
            });
        }
        match entry_key(line).filter(|key| key.is_plain() || line.starts_with('"')) {
            Some(key) => is_post |= names_post(&key.name.to_lowercase()),
            None if at > start && belongs(line) => {}
            None => return None,
        }
    }
    None
}

fn begins_with_known(line: &str, known: &[&str]) -> bool {
    entry_key(line).is_some_and(|key| known.contains(&key.name.to_lowercase().as_str()))
}

/// Returns where the line after that at `at` begins.
fn after_line(text: &str, at: usize) -> usize {
    text[at..].find('\n').map_or(text.len(), |end| at + end + 1)
}

fn error(text: &str, message: Message, hint: Message, range: Range<usize>) -> Box<Diagnostic> {
    Box::new(Diagnostic::error("front-matter", message).hint(hint).at(text, range))
}

fn late(text: &str, range: Range<usize>) -> Diagnostic {
    Diagnostic::warning(
        "front-matter-late",
        say!("blank lines before the front matter were passed over"),
    )
    .hint(say!(
        "begin the file with its `---` line: other programs read this one as having no front matter"
    ))
    .at(text, range)
}

fn missing() -> Diagnostic {
    Diagnostic::warning(
        "front-matter-missing",
        say!("no front matter: title and date come from the text and the file name"),
    )
    .hint(say!("begin the file with `---`, `title: …`, `date: …`, `---`"))
}
