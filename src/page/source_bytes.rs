//! A file's bytes among the inputs of a page.

use serde::Serialize;

use crate::source::{SourceFile, SourcePath, Stamp};

/// The bytes that the disk holds for a file, known by their stamp. Only what is among the inputs of
/// a page can be read when it is made ([`super::renderer::Renderer::bytes`]).
#[derive(Debug, Serialize)]
pub(super) struct SourceBytes<'e> {
    path: &'e SourcePath,
    stamp: Stamp,
}

impl<'e> SourceBytes<'e> {
    pub(super) fn new(file: &'e SourceFile) -> SourceBytes<'e> {
        SourceBytes { path: &file.path, stamp: file.stamp }
    }

    pub(super) fn path(&self) -> &'e SourcePath {
        self.path
    }
}
