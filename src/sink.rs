//! Where a site is written to: the other door to the world.
//!
//! [`Folder`] writes each file under a temporary name and renames it, leaves equal bytes alone, and
//! removes what an earlier build made and this one does not. What it made is recorded in the folder
//! itself, so that files of others (and dot-entries such as `.git`) are never touched.
//! [`SiteFolder`] is for the little that is written beside the sources.
#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "this module is where files are written"
)]

mod folder;
mod lock;
mod memory;
mod record;
mod site_folder;
mod spool;
mod unfinished;

use std::collections::BTreeSet;
use std::io;
use std::path::Path;

use crate::digest::Digest;
use crate::source::Stamp;

pub use folder::{Folder, FolderOptions};
pub use memory::Memory;
pub use site_folder::{LeftAlone, SiteFolder};
pub use unfinished::UnfinishedFile;

/// What became of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Put {
    Written,
    /// As `Written`, where other bytes of ours stood.
    Replaced,
    /// It held these bytes already.
    Unchanged,
    /// Somebody else's file of these very bytes stands there, and stays theirs.
    Equal,
    /// Something of somebody else's stands there, or where a folder of the file would be: its path.
    /// It was left alone.
    Foreign(String),
}

/// What was removed in the end.
#[derive(Debug, Default)]
pub struct Swept {
    pub removed: Vec<String>,
    /// Files that should have been, and why they are still there.
    pub stuck: Vec<(String, io::Error)>,
}

/// Takes the files of a site.
pub trait Sink: Sync {
    /// Announces all files that will come, by path below the output with `/`, in order.
    fn begin(&self, files: &[&str]) -> io::Result<()>;

    /// One file, and the stamp it has now.
    fn put(&self, file: &str, bytes: &[u8]) -> io::Result<(Put, Stamp)>;

    /// Returns whether a file that was written with this stamp still holds what was written then,
    /// of this digest: its stamp now.
    fn holds(&self, file: &str, stamp: Stamp, digest: Digest) -> Option<Stamp>;

    /// Removes what an earlier build made and is neither among `files` (those that came, in order)
    /// nor `kept` (those whose page failed), and records what is ours now.
    fn finish(&self, files: &[&str], kept: &BTreeSet<String>) -> io::Result<Swept>;
}

/// Returns the error of a file that has a name of ours and is somebody else's.
fn not_ours(path: &Path) -> io::Error {
    io::Error::other(say!(
        "{} was not made by sitegen, which needs a file of this name; move it away",
        path.display()
    ))
}

/// Returns whether a path of the record is safe to join: a record could have been written by
/// anybody.
fn is_inside(file: &str) -> bool {
    let bytes = file.as_bytes();
    let is_plain = |segment: &[u8]| !matches!(segment, b"" | b"." | b"..");
    !bytes.contains(&b'\\') && bytes.split(|byte| *byte == b'/').all(is_plain)
}

/// Returns the error with the path that it is of.
fn named(path: &Path, error: io::Error) -> io::Error {
    /// Characters of a path that are shown: one that is too long for the disk says no more.
    const SHOWN: usize = 300;
    let mut shown = path.display().to_string();
    if let Some((at, _)) = shown.char_indices().nth(SHOWN) {
        shown.truncate(at);
        shown.push('…');
    }
    io::Error::new(error.kind(), say!("{}: {}", shown, &error))
}
