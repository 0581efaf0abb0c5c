//! What the reader of values says of those that it cannot read, which it says in English and as one
//! text.

use crate::diagnostic::Diagnostic;
use crate::words::Message;

/// The mistakes that people make.
const CAUSES: [&str; 19] = [
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

/// Returns the finding for an error whose positions count from `start` in `text`.
pub(super) fn unreadable(text: &str, start: usize, error: &serde_yaml::Error) -> Diagnostic {
    let full = error.to_string();
    let message = full.split(" at line ").next().unwrap_or(&full);
    let message = message.split(" at position ").next().unwrap_or(message);
    let known = CAUSES.iter().find_map(|cause| Some((message.strip_suffix(cause)?, *cause)));
    let message = match (known, message.split_once("duplicate entry with key ")) {
        // Before it may stand the key in whose value it was found.
        (Some((before, cause)), _) => say!("not valid YAML: {}{}", before, Message::phrase(cause)),
        (None, Some((_, key))) => say!("the key `{}` is here twice", key.trim_matches('"')),
        (None, None) => say!("not valid YAML: {}", message),
    };
    let found = Diagnostic::error("front-matter", message);
    let Some(location) = error.location() else { return found };
    let above = text[start..].split_inclusive('\n').take(location.line().saturating_sub(1));
    let line_start = start + above.map(str::len).sum::<usize>();
    let line = text[line_start..].split('\n').next().unwrap_or("");
    let at = line_start
        + line
            .char_indices()
            .nth(location.column().saturating_sub(1))
            .map_or(line.len(), |(at, _)| at);
    let width = text[at..].chars().next().map_or(0, char::len_utf8);
    found.at(text, at..at + width)
}
