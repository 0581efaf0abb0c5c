//! What the reader of one file's front matter has at hand.

use std::ops::Range;

use super::FrontMatter;
use super::keys::KNOWN_KEYS;
use super::visibility::is_sign;
use crate::diagnostic::Diagnostic;
use crate::words::Message;

/// The file, what it is read by, and what was found so far.
pub(super) struct Reader<'a> {
    pub(super) text: &'a str,
    pub(super) list_keys: &'a [&'a str],
    pub(super) jekyll: bool,
    pub(super) front_matter: FrontMatter,
    pub(super) diagnostics: Vec<Diagnostic>,
}

impl Reader<'_> {
    pub(super) fn is_known(&self, name: &str) -> bool {
        let name = name.to_lowercase();
        KNOWN_KEYS.contains(&name.as_str())
            || self.list_keys.contains(&name.as_str())
            || is_sign(&name)
    }

    pub(super) fn warn(
        &mut self,
        code: &'static str,
        message: Message,
        hint: Message,
        range: Range<usize>,
    ) {
        self.diagnostics.push(Diagnostic::warning(code, message).hint(hint).at(self.text, range));
    }
}
