//! A site in memory.

use std::collections::BTreeMap;
use std::io;
use std::ops::Range;

use super::{FolderListing, Source, SourceFile, SourcePath, Stamp};

/// A site in memory, for tests and checks.
#[derive(Clone, Debug, Default)]
pub struct Fixture {
    files: BTreeMap<SourcePath, Vec<u8>>,
}

impl Fixture {
    pub fn new<P: AsRef<str>, B: Into<Vec<u8>>>(
        files: impl IntoIterator<Item = (P, B)>,
    ) -> Fixture {
        Fixture {
            files: files
                .into_iter()
                .map(|(path, bytes)| (SourcePath::new(path), bytes.into()))
                .collect(),
        }
    }

    fn describe(path: &SourcePath, bytes: &[u8]) -> SourceFile {
        SourceFile {
            path: path.clone(),
            stamp: Stamp { bytes: bytes.len() as u64, ..Stamp::default() },
        }
    }
}

impl Source for Fixture {
    fn list(&self, folder: &str) -> io::Result<FolderListing> {
        let files = self
            .files
            .iter()
            .filter(|(path, _)| path.below(folder).is_some())
            .map(|(path, bytes)| Fixture::describe(path, bytes))
            .collect();
        Ok(FolderListing { files, skipped: Vec::new() })
    }

    fn file(&self, path: &SourcePath) -> io::Result<Option<SourceFile>> {
        Ok(self.files.get(path).map(|bytes| Fixture::describe(path, bytes)))
    }

    fn read(&self, path: &SourcePath) -> io::Result<Vec<u8>> {
        self.files.get(path).cloned().ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))
    }

    fn read_part(&self, path: &SourcePath, range: Range<u64>) -> io::Result<Vec<u8>> {
        let bytes = self.files.get(path).ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))?;
        let within = |at: u64| usize::try_from(at).unwrap_or(usize::MAX).min(bytes.len());
        Ok(bytes[within(range.start)..within(range.end)].to_vec())
    }
}
