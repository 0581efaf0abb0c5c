//! What was found and is not read, and the lines of the report for it.

use std::io;

use crate::diagnostic::Diagnostic;
use crate::words::Message;

/// Something found that is not read, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    pub path: String,
    pub why: Unread,
}

/// Why something that was found is not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unread {
    Hidden,
    Backup,
    Link,
    /// A pipe, a socket or a device, which might never end.
    Special,
    NoFolder,
    /// The name is no text.
    Name,
    /// The disk's own words.
    Error(String),
}

impl Unread {
    /// In a few words.
    pub fn message(&self) -> Message {
        match self {
            Unread::Hidden => say!("dot-files are not published"),
            Unread::Backup => say!("it looks like an editor's backup"),
            Unread::Link => say!("symbolic links are not followed"),
            Unread::Special => say!("it is no plain file"),
            Unread::NoFolder => say!("it is a file where a folder would be"),
            Unread::Name => say!("its name is not valid UTF-8"),
            Unread::Error(error) => error.as_str().into(),
        }
    }
}

impl Skipped {
    /// Returns the line of the report: more than a note where the keeper will miss the file.
    pub fn diagnostic(&self) -> Diagnostic {
        let message = say!("not read: {}", self.why.message());
        let diagnostic = match &self.why {
            Unread::Hidden | Unread::Backup => Diagnostic::note("file-skipped", message),
            Unread::Link => Diagnostic::warning("file-skipped", message)
                .hint(say!("put the file itself there; only the site's own folders may be links, such as posts/")),
            Unread::Special | Unread::NoFolder => Diagnostic::warning("file-skipped", message),
            Unread::Name => {
                Diagnostic::error("file-skipped", message).hint(say!("give it a name in UTF-8; names from old Windows are mostly GB18030"))
            }
            Unread::Error(_) => Diagnostic::error(UNREADABLE, message),
        };
        diagnostic.in_file(&self.path)
    }
}

/// The code of what the disk would not give.
pub const UNREADABLE: &str = "file-unreadable";

/// Returns the line of the report for a file that was found and cannot be read.
pub fn unreadable(path: &str, error: &io::Error) -> Diagnostic {
    Diagnostic::error(UNREADABLE, say!("it cannot be read: {}", error)).in_file(path)
}
