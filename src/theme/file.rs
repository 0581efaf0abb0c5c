//! One file of a theme, wherever it comes from.

use std::borrow::Cow;
use std::io;

use crate::config::folders::{TEMPLATES, WORDS};
use crate::diagnostic::Diagnostic;
use crate::folder;
use crate::source::{Source, SourcePath};

/// What the name of an asset ends in that is made from a template.
pub(super) const TEMPLATE: &str = ".tera";

/// One file of a layer.
pub(super) struct ThemeFile {
    pub(super) bytes: Vec<u8>,
    /// What it is called in messages.
    pub(super) shown: String,
    /// Part of the program.
    pub(super) is_built_in: bool,
}

impl ThemeFile {
    /// Reads a file, under its name in the layer. One that cannot be read, or is a text of another
    /// encoding, is reported and left out: the next layer's stands in for it.
    pub(super) fn read(
        source: &dyn Source,
        path: &SourcePath,
        name: &str,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> io::Result<Option<(String, ThemeFile)>> {
        let is_text = [TEMPLATES, WORDS].contains(&name.split('/').next().unwrap_or_default())
            || name == "theme.yaml"
            || name.ends_with(TEMPLATE);
        let read = if is_text {
            folder::text(source, path)?.map(String::into_bytes)
        } else {
            folder::bytes(source, path)?
        };
        match read {
            Ok(bytes) => {
                // Of the web's text formats, not of pictures.
                let is_read_as_text =
                    [".css", ".js", ".mjs", ".svg", ".json", ".xml", ".html", ".txt"]
                        .iter()
                        .any(|ending| name.ends_with(ending));
                if !is_text && is_read_as_text {
                    diagnostics.extend(folder::other_encoding(path, &bytes));
                }
                Ok(Some((
                    folder::name(name),
                    ThemeFile { bytes, shown: path.as_str().to_owned(), is_built_in: false },
                )))
            }
            Err(problem) => {
                diagnostics.push(*problem);
                Ok(None)
            }
        }
    }

    pub(super) fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.bytes)
    }
}
