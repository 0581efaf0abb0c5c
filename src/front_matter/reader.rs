//! What the reader of one file's front matter has at hand.

use std::ops::Range;

use super::FrontMatter;
use crate::compat::Compat;
use crate::diagnostic::Diagnostic;
use crate::words::Message;

/// The state of reading the front matter of one file.
pub(super) struct FrontMatterReader<'a> {
    pub(super) text: &'a str,
    pub(super) list_keys: &'a [&'a str],
    pub(super) compat: Compat,
    pub(super) front_matter: FrontMatter,
    pub(super) diagnostics: Vec<Diagnostic>,
}

impl<'a> FrontMatterReader<'a> {
    /// Returns a reader that has found nothing yet. `list_keys` are the lower-case keys that
    /// taxonomies read.
    pub(super) fn new(
        text: &'a str,
        list_keys: &'a [&'a str],
        compat: Compat,
    ) -> FrontMatterReader<'a> {
        FrontMatterReader {
            text,
            list_keys,
            compat,
            front_matter: FrontMatter::default(),
            diagnostics: Vec::new(),
        }
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
