//! The folders of a site, and the one rule for what lies in them: every file is read, or a line of
//! the report says why not.
//!
//! Posts, pages, data, snippets, templates, words and assets are all read through here, so that a
//! link, a file of another encoding or one that the disk will not give is told the same way
//! wherever it lies. An error is a world that cannot be read.

use std::io;

use unicode_normalization::{UnicodeNormalization, is_nfc};

use crate::diagnostic::{Diagnostic, Severity, is_of_the_world};
use crate::front_matter;
use crate::source::{Skipped, Source, SourceFile, SourcePath, Unread, unreadable};

/// Lists the files of a folder, and reports whatever else is in it.
pub fn files(
    source: &dyn Source,
    folder: &str,
    found: &mut Vec<Diagnostic>,
) -> io::Result<Vec<SourceFile>> {
    let (dotted, files) = files_of_posts(source, folder, found)?
        .into_iter()
        .partition(|entry| entry.path.dotted(folder).is_some());
    pass_over(dotted, folder, found);
    Ok(files)
}

/// Lists the files of a folder of articles, with texts whose names begin with a dot, and reports
/// whatever else is in it.
pub fn files_of_posts(
    source: &dyn Source,
    folder: &str,
    found: &mut Vec<Diagnostic>,
) -> io::Result<Vec<SourceFile>> {
    let listing = source.list(folder)?;
    found.extend(listing.skipped.iter().map(|skipped| skipped.diagnostic()));
    Ok(listing.files)
}

/// Reports files that are passed over since they or their folders begin with a dot, a line for each
/// such name.
pub fn pass_over(dotted: Vec<SourceFile>, folder: &str, found: &mut Vec<Diagnostic>) {
    let mut names: Vec<&str> =
        dotted.iter().filter_map(|entry| entry.path.dotted(folder)).collect();
    names.dedup();
    found.extend(
        names
            .into_iter()
            .map(|path| Skipped { path: path.to_owned(), why: Unread::Hidden }.diagnostic()),
    );
}

/// Reads the bytes of a file. An error is the line of the report for one that cannot be read.
pub fn bytes(
    source: &dyn Source,
    path: &SourcePath,
) -> io::Result<Result<Vec<u8>, Box<Diagnostic>>> {
    match source.read(path) {
        Ok(bytes) => Ok(Ok(bytes)),
        Err(error) if is_of_the_world(&error) => {
            Err(io::Error::new(error.kind(), say!("{}: {}", path.as_str(), &error)))
        }
        Err(error) => Ok(Err(Box::new(unreadable(path.as_str(), &error)))),
    }
}

/// Longest text in bytes.
pub const TEXT_BYTES: usize = 16 * 1024 * 1024;

/// Reads the text of a file that is to be UTF-8, as posts are. An error is the line of the report
/// for any other.
pub fn text(source: &dyn Source, path: &SourcePath) -> io::Result<Result<String, Box<Diagnostic>>> {
    let decoded = bytes(source, path)?.and_then(|bytes| {
        if bytes.len() > TEXT_BYTES {
            let message =
                say!("{} bytes; at most {} are read of one text", bytes.len(), TEXT_BYTES);
            return Err(Box::new(Diagnostic::error("file-size", message)));
        }
        front_matter::decode(&bytes)
    });
    let text = decoded.map(|(text, _)| {
        if text.starts_with('\u{FEFF}') {
            text.trim_start_matches('\u{FEFF}').to_owned()
        } else {
            text
        }
    });
    Ok(text.map_err(|problem| Box::new(problem.in_file(path.as_str()))))
}

/// Returns the finding for a file that is published as it is, if programs read it as UTF-8 and it
/// is in another encoding.
pub fn other_encoding(path: &SourcePath, bytes: &[u8]) -> Option<Diagnostic> {
    let problem = front_matter::decode(bytes).err()?;
    let hint =
        say!("it is published as it is, and who reads it takes it for UTF-8; save it as UTF-8");
    Some(Diagnostic { severity: Severity::Warning, ..problem.hint(hint) }.in_file(path.as_str()))
}

/// Returns a name as it is looked for: macOS hands out `é` as two characters, and people type it as
/// one.
pub fn name(spelled: &str) -> String {
    if is_nfc(spelled) { spelled.to_owned() } else { spelled.nfc().collect() }
}
