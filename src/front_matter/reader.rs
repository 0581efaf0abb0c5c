//! What the reader of one file's front matter has at hand.

use std::ops::Range;

use super::FrontMatter;
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
