//! Values of `site.yaml` that cannot be used, and where they stand.

use crate::diagnostic::Diagnostic;

/// The text of `site.yaml`, and what it is called in messages.
#[derive(Clone, Debug, Default)]
pub(super) struct ConfigFile {
    pub(super) path: String,
    pub(super) text: String,
}

/// A value that cannot be used: the key it stands under, and why.
pub(super) struct Mistake {
    key: String,
    message: String,
}

impl Mistake {
    pub(super) fn new(key: impl Into<String>, message: impl Into<String>) -> Mistake {
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
            let Some((at, line)) = lines.find(|(_, line)| is_key(line) && (depth > 0 || is_top(line))) else {
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
