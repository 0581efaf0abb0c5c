//! Where a site is read from: one of the two doors to the world (the other is `sink`).
//!
//! A [`Source`] lists folders and reads files; it knows no Markdown and no configuration.
//! `Directory` is a folder on disk, `Snapshot` one whose folders were listed once, `Fixture` a map
//! in memory.
#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "this module is where files are read"
)]

mod directory;
mod fixture;
mod ignored;
mod path;
mod skipped;
mod snapshot;
mod stamp;

use std::io;
use std::ops::Range;

pub use directory::{Directory, UnfollowedLink};
pub use fixture::Fixture;
pub use ignored::is_passed_over;
pub use path::SourcePath;
pub use skipped::{Skipped, UNREADABLE, Unread, unreadable};
pub use snapshot::Snapshot;
pub use stamp::{Stamp, nanoseconds};

/// One file found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    pub path: SourcePath,
    pub stamp: Stamp,
}

/// What a folder holds, sorted by path. Texts whose names, or those of their folders, begin with a
/// dot are among the files, since they may be articles ([`SourcePath::dotted`] tells).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FolderListing {
    pub files: Vec<SourceFile>,
    pub skipped: Vec<Skipped>,
}

/// Reads a site.
pub trait Source: Send + Sync {
    /// Returns all files below `folder` in the order of their paths, whatever order the disk gives;
    /// a missing folder is empty. Symbolic links are not followed: a scraped archive must not reach
    /// outside itself.
    fn list(&self, folder: &str) -> io::Result<FolderListing>;

    /// One file, if it is there.
    fn file(&self, path: &SourcePath) -> io::Result<Option<SourceFile>>;

    /// Returns the bytes of one file, to which no symbolic link leads.
    fn read(&self, path: &SourcePath) -> io::Result<Vec<u8>>;

    /// Returns the bytes of one file that lie in `range`.
    fn read_part(&self, path: &SourcePath, range: Range<u64>) -> io::Result<Vec<u8>>;

    /// Returns the bytes of a file that may be absent.
    fn read_if_present(&self, path: &SourcePath) -> io::Result<Option<Vec<u8>>> {
        match self.read(path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}

impl<S: Source> Source for &S {
    fn list(&self, folder: &str) -> io::Result<FolderListing> {
        (**self).list(folder)
    }

    fn file(&self, path: &SourcePath) -> io::Result<Option<SourceFile>> {
        (**self).file(path)
    }

    fn read(&self, path: &SourcePath) -> io::Result<Vec<u8>> {
        (**self).read(path)
    }

    fn read_part(&self, path: &SourcePath, range: Range<u64>) -> io::Result<Vec<u8>> {
        (**self).read_part(path, range)
    }
}

impl FolderListing {
    fn sort(&mut self) {
        self.files.sort_by(|a, b| a.path.cmp(&b.path));
        self.skipped.sort_by(|a, b| a.path.cmp(&b.path));
    }
}
