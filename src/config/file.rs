//! `site.yaml` as it was read, for what is found later: options of the theme, folders that are not
//! there.

use std::ops::Range;

use crate::diagnostic::Diagnostic;
use crate::yaml::{Mistake, Node, Setting};

/// The text of the configuration and its tree.
#[derive(Clone, Debug)]
pub(super) struct ConfigFile {
    /// What it is called in messages.
    pub(super) path: String,
    pub(super) text: String,
    tree: Node,
}

impl ConfigFile {
    pub(super) fn read(text: &str, path: &str) -> Result<ConfigFile, Box<Diagnostic>> {
        // Windows' editor writes a mark that is no character of the first line.
        let text = text.trim_start_matches('\u{FEFF}');
        match Node::parse(text) {
            Ok(tree) => Ok(ConfigFile { path: path.to_owned(), text: text.to_owned(), tree }),
            Err(mistake) => Err(Box::new(mistake.into_error("config", text, path))),
        }
    }

    pub(super) fn typed(&self) -> Setting<'_> {
        Setting::file(&self.tree)
    }

    pub(super) fn error(&self, mistake: Mistake) -> Diagnostic {
        mistake.into_error("config", &self.text, &self.path)
    }

    /// Returns a finding at bytes of the file.
    pub(super) fn at(&self, range: Option<Range<usize>>, found: Diagnostic) -> Diagnostic {
        let found = found.in_file(&self.path);
        match range {
            Some(range) => found.at(&self.text, range),
            None => found,
        }
    }
}
