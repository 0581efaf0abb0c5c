//! What the ledger knows of one file.

use std::ops::Deref;

use serde::{Deserialize, Serialize};

use crate::article::AnsweredQuestion;
use crate::diagnostic::Diagnostic;
use crate::digest::Digest;
use crate::source::{SourcePath, Stamp};

/// One source file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SourceRow {
    pub path: SourcePath,
    pub stamp: Stamp,
    pub digest: Digest,
    /// What reading it gave. None for files that are not posts.
    pub reading: Option<ReadingPlace>,
}

/// Where a reading stands: as if those that were written late followed the others.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct ReadingPlace {
    pub(super) start: u64,
    pub(super) length: u32,
    /// Digest of where the post stands among others, which need not be taken again.
    pub(super) placing: Digest,
}

/// One file of the site.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FileRow {
    /// Its path below the output folder.
    pub file: String,
    /// Digest of all that its page can show; none where it is always made anew.
    pub fingerprint: Digest,
    /// What its articles asked of the site around them, and the answers.
    pub asked: Vec<AnsweredQuestion>,
    /// What was written: as the disk sees it, its content, its size.
    pub stamp: Stamp,
    pub digest: Digest,
    pub bytes: u64,
    /// What was found while it was rendered.
    pub diagnostics: Vec<Diagnostic>,
    /// The blocks of code on it that were marked up.
    pub code: Vec<Digest>,
}

/// A file of the site as it is now.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum FileState<'p> {
    /// As the last build left it.
    Stands(&'p FileRow),
    /// Looked at or written by this one. Boxed, since of 100,000 posts there are 140,000, most of
    /// them new or most of them old.
    New(Box<FileRow>),
}

impl FileState<'_> {
    /// The row, to be changed.
    pub fn row_mut(&mut self) -> &mut FileRow {
        if let FileState::Stands(row) = self {
            *self = FileState::New(Box::new(row.clone()));
        }
        match self {
            FileState::New(row) => row,
            FileState::Stands(_) => unreachable!("it was just made new"),
        }
    }
}

impl Deref for FileState<'_> {
    type Target = FileRow;

    fn deref(&self) -> &FileRow {
        match self {
            FileState::Stands(row) => row,
            FileState::New(row) => row,
        }
    }
}
