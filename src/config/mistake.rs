//! Values of `site.yaml` that cannot be used, and where they stand.

use super::keywords::MODE;
use crate::diagnostic::{Diagnostic, nearest};
use crate::words::Message;

/// The text of `site.yaml`, and what it is called in messages.
#[derive(Clone, Debug, Default)]
pub(super) struct ConfigFile {
    pub(super) path: String,
    pub(super) text: String,
}

/// A value that cannot be used: the key it stands under, and why.
#[derive(Debug)]
pub(super) struct Mistake {
    key: String,
    pub(super) message: Message,
}

impl Mistake {
    pub(super) fn new(key: impl Into<String>, message: impl Into<Message>) -> Mistake {
        Mistake { key: key.into(), message: message.into() }
    }

    /// Finds the key's line in `text`: `a.b` is a line `b:` after a line `a:`, or else stands in the line of `a:`.
    pub(super) fn locate(self, text: &str) -> Diagnostic {
        let diagnostic = Diagnostic::error("config", self.message);
        let (mut start, mut end) = (0, text.len());
        for (depth, part) in self.key.split('.').enumerate() {
            let mut lines = text[start..end].split_inclusive('\n').scan(start, |at, line| {
                let here = *at;
                *at += line.len();
                Some((here, line))
            });
            let is_key = |line: &str| line.trim_start().strip_prefix(part).is_some_and(|rest| rest.trim_start().starts_with(':'));
            // At the top level a key stands in the first column; `extra` may hold keys of any name.
            let is_top = |line: &str| !line.starts_with([' ', '\t', '#', '-', '\n', '\r']);
            // Below the parent, keys stand as deep as the first of them; deeper lines are of other maps and of texts.
            let indent = |line: &str| line.len() - line.trim_start_matches(' ').len();
            let is_said = |line: &str| !line.trim().is_empty() && !line.trim_start().starts_with('#');
            let first = text[start..end].split_inclusive('\n').skip(1).find(|line| is_said(line)).map(indent);
            let is_at_depth = |line: &str| if depth == 0 { is_top(line) } else { Some(indent(line)) == first };
            let Some((at, line)) = lines.find(|(_, line)| is_key(line) && is_at_depth(line)) else {
                if depth == 0 {
                    return diagnostic;
                }
                break;
            };
            if depth == 0 {
                end = lines.find(|(_, line)| is_top(line)).map_or(end, |(at, _)| at);
            }
            start = at + (line.len() - line.trim_start().len());
        }
        let line_end = text[start..].find('\n').map_or(text.len(), |at| start + at);
        let value = text[start..line_end].find(':').map_or(start, |colon| {
            let after = start + colon + 1;
            after + (text[after..line_end].len() - text[after..line_end].trim_start().len())
        });
        let range = if value < line_end { value..line_end } else { start..line_end };
        diagnostic.at(text, range)
    }
}

/// What the YAML reader says of the mistakes that people make.
const CAUSES: [&str; 20] = [
    MODE,
    phrase!("block sequence entries are not allowed in this context"),
    phrase!("control characters are not allowed"),
    phrase!("could not find expected ':'"),
    phrase!("deserializing from YAML containing more than one document is not supported"),
    phrase!("did not find expected ',' or ']'"),
    phrase!("did not find expected ',' or '}'"),
    phrase!("did not find expected '-' indicator"),
    phrase!("did not find expected alphabetic or numeric character"),
    phrase!("did not find expected key"),
    phrase!("did not find expected node content"),
    phrase!("did not find expected whitespace or line break"),
    phrase!("found a tab character that violates indentation"),
    phrase!("found character that cannot start any token"),
    phrase!("found undefined tag handle"),
    phrase!("found unexpected end of stream"),
    phrase!("found unknown escape character"),
    phrase!("mapping keys are not allowed in this context"),
    phrase!("mapping values are not allowed in this context"),
    phrase!("unknown anchor"),
];

/// Translates an error of the YAML reader, whose positions count from `start` in `text`, into a diagnostic.
pub fn yaml_error(code: &'static str, text: &str, start: usize, error: &serde_yaml::Error) -> Diagnostic {
    let full = error.to_string();
    let message = full.split(" at line ").next().unwrap_or(&full);
    let message = message.split(" at position ").next().unwrap_or(message);
    let mut words = message.split('`').skip(1).step_by(2);
    // The key at fault, and which of its lines.
    let (diagnostic, culprit) = if message.contains("unknown field") {
        let typed = words.next().unwrap_or_default().to_owned();
        let known: Vec<&str> = words.collect();
        let hint = match nearest(&typed, known.iter().copied()) {
            Some(near) => say!("did you mean `{}`?", near),
            None => say!("known keys: {}", known),
        };
        (Diagnostic::error(code, say!("unknown key `{}`", &typed)).hint(hint), Some((typed, 0)))
    } else if message.contains("duplicate field") {
        let typed = words.next().unwrap_or_default().to_owned();
        (Diagnostic::error(code, say!("the key `{}` is here twice", &typed)), Some((typed, 1)))
    } else {
        let known = CAUSES.iter().find_map(|cause| Some((message.strip_suffix(cause)?, *cause)));
        let message = match (known, message.split_once("duplicate entry with key ")) {
            // Before it may stand the key in whose value it was found.
            (Some((before, cause)), _) => say!("not valid YAML: {}{}", before, Message::phrase(cause)),
            (None, Some((_, key))) => say!("the key `{}` is here twice", key.trim_matches('"')),
            (None, None) => wrong_kind(message).unwrap_or_else(|| say!("not valid YAML: {}", message)),
        };
        (Diagnostic::error(code, message), None)
    };
    match error.location() {
        Some(location) => {
            let line_start =
                text[start..].split_inclusive('\n').take(location.line().saturating_sub(1)).map(str::len).sum::<usize>() + start;
            let line = text[line_start..].split('\n').next().unwrap_or("");
            // The reader places such a key at its mapping; the line that holds it is what the keeper wants to see.
            let key_at = culprit.as_ref().and_then(|(key, nth)| {
                let is_key = |at: &usize| {
                    let line_begin = text[..*at].rfind('\n').map_or(0, |at| at + 1);
                    text[line_begin..*at].trim().is_empty() && text[at + key.len()..].trim_start().starts_with(':')
                };
                text[line_start..].match_indices(key.as_str()).map(|(at, _)| line_start + at).filter(is_key).nth(*nth)
            });
            let at = key_at.unwrap_or_else(|| {
                line_start + line.char_indices().nth(location.column().saturating_sub(1)).map_or(line.len(), |(at, _)| at)
            });
            let width = match (key_at, culprit) {
                (Some(_), Some((key, _))) => key.len(),
                _ => text[at..].chars().next().map_or(0, char::len_utf8),
            };
            diagnostic.at(text, at..at + width)
        }
        None => diagnostic,
    }
}

/// How [`super::number::Within`] begins to say what it expects.
pub(super) const A_NUMBER_FROM: &str = "a number from ";

/// The YAML reader's words for a value of the wrong kind, in the words of the other mistakes.
fn wrong_kind(message: &str) -> Option<Message> {
    let (key, problem) = message.split_once(": invalid ")?;
    let (_, problem) = problem.split_once(": ")?;
    let (typed, expected) = problem.rsplit_once(", expected ")?;
    let expected = match expected {
        expected if expected.starts_with("struct ") => say!("a map"),
        "a boolean" => say!("`true` or `false`"),
        "a sequence" => say!("a list"),
        "a string" => say!("a text"),
        "usize" | "u32" | "u64" => say!("a whole number"),
        expected => match expected.strip_prefix(A_NUMBER_FROM).and_then(|bounds| bounds.split_once(" to ")) {
            Some((low, high)) => say!("a number from {} to {}", low, high),
            // Said by our own readers of values, or else by the YAML reader.
            None => Message::phrase(expected.to_owned()),
        },
    };
    let typed = match typed.split_once(' ') {
        Some(("integer" | "boolean", value)) => value.into(),
        Some(("floating", value)) => value.trim_start_matches("point ").into(),
        Some(("string", value)) => say!("the text {}", value),
        _ => match typed {
            "sequence" => say!("a list"),
            "unit value" => say!("nothing"),
            "map" => Message::phrase(phrase!("map")),
            typed => typed.into(),
        },
    };
    Some(say!("`{}` must be {}, not {}", key, expected, typed))
}
