//! Finding the block: encodings, delimiters, and what only looks like front matter.

use std::ops::Range;

use super::entry_key;
use crate::diagnostic::Diagnostic;
use crate::words::Message;

/// A file cut in two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    /// Byte range of the block, without its delimiters; `None` where there is none.
    pub head: Option<Range<usize>>,
    /// Where the body begins.
    pub body: usize,
}

/// Turns the bytes of a file into text with `\n` line ends and without NUL.
pub fn decode(bytes: &[u8]) -> Result<(String, Option<Diagnostic>), Box<Diagnostic>> {
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        let message = say!("this file is UTF-16, not UTF-8");
        return Err(Box::new(
            Diagnostic::error("encoding", message).hint(say!("save it as UTF-8: `iconv -f UTF-16 -t UTF-8 old.md > new.md`")).at(" ", 0..0),
        ));
    }
    let text = match simdutf8::compat::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let valid = String::from_utf8_lossy(&bytes[..error.valid_up_to()]).into_owned();
            let line_start = valid.rfind('\n').map_or(0, |at| at + 1);
            let line_end = bytes[line_start..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |at| line_start + at);
            let shown = format!("{}{}", &valid[..line_start], String::from_utf8_lossy(&bytes[line_start..line_end]));
            let message = say!("not UTF-8: the bytes from offset {} on are in another encoding", error.valid_up_to());
            let diagnostic = Diagnostic::error("encoding", message)
                .hint(say!("Chinese text that is not UTF-8 is mostly GB18030: `iconv -f GB18030 -t UTF-8 old.md > new.md`"))
                .at(&shown, valid.len()..valid.len() + 3);
            return Err(Box::new(diagnostic));
        }
    };
    let mut text = if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text.to_owned() };
    let nul = text.find('\0').map(|at| {
        text = text.replace('\0', "\u{FFFD}");
        Diagnostic::warning("nul-byte", say!("a NUL byte in the text was replaced by U+FFFD")).at(&text, at..at + 3)
    });
    Ok((text, nul))
}

/// Finds the front matter. An error means the file cannot be read as meant.
pub fn split(text: &str, known: &[&str]) -> Result<(Split, Option<Diagnostic>), Box<Diagnostic>> {
    let start = if text.starts_with('\u{FEFF}') { 3 } else { 0 };
    let Some((line_start, line)) = lines(text, start).find(|(_, line)| !line.trim().is_empty()) else {
        return Ok((Split { head: None, body: start }, Some(missing())));
    };
    let trimmed = line.trim_end();
    let error = |message: Message, hint: Message, range: Range<usize>| {
        Box::new(Diagnostic::error("front-matter", message).hint(hint).at(text, range))
    };
    if trimmed.trim_start() == "---" && trimmed != "---" {
        let dashes = line_start + (trimmed.len() - 3);
        return Err(error(
            say!("this looks like front matter, but it is indented"),
            say!("start the `---` lines and the keys in column 1"),
            dashes..dashes + 3,
        ));
    }
    if trimmed == "+++" || trimmed == ";;;" {
        let format = if trimmed == "+++" { "TOML" } else { "JSON" };
        return Err(error(
            say!("{} front matter is not supported", format),
            say!("write it as YAML between two `---` lines"),
            line_start..line_start + 3,
        ));
    }
    if trimmed != "---" {
        let looks_like_keys = entry_key(line).is_some_and(|key| known.contains(&key.name.to_lowercase().as_str()))
            && lines(text, line_start).any(|(_, line)| line.trim_end() == "---");
        let warning = if looks_like_keys {
            Diagnostic::warning(
                "front-matter-unopened",
                say!("this looks like front matter without its opening `---` line; it was read as text"),
            )
            .hint(say!("put a line of three dashes above it"))
            .at(text, line_start..line_start + line.trim_end().len())
        } else {
            missing()
        };
        return Ok((Split { head: None, body: start }, Some(warning)));
    }
    let head_start = (line_start + line.len() + 1).min(text.len());
    let Some((end, closing)) = lines(text, head_start).find(|(_, line)| matches!(line.trim_end(), "---" | "...")) else {
        return Err(error(
            say!("the front matter that opens here is never closed"),
            say!("end it with a line of three dashes"),
            line_start..line_start + 3,
        ));
    };
    let split = Split { head: Some(head_start..end), body: (end + closing.len() + 1).min(text.len()) };
    let late = (line_start > start).then(|| {
        Diagnostic::warning("front-matter-late", say!("blank lines before the front matter were passed over"))
            .hint(say!("begin the file with its `---` line: other programs read this one as having no front matter"))
            .at(text, line_start..line_start + 3)
    });
    Ok((split, late))
}

fn missing() -> Diagnostic {
    Diagnostic::warning("front-matter-missing", say!("no front matter: title and date come from the text and the file name"))
        .hint(say!("begin the file with `---`, `title: …`, `date: …`, `---`"))
}

/// Lines from `start`, without their line ends, with their offsets.
pub(super) fn lines(text: &str, start: usize) -> impl Iterator<Item = (usize, &str)> {
    text[start..].split('\n').scan(start, |at, line| {
        let here = *at;
        *at += line.len() + 1;
        Some((here, line))
    })
}
