//! A sink in memory.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::Mutex;

use super::{Put, Sink, Swept};
use crate::digest::Digest;
use crate::source::Stamp;

/// A sink in memory, for tests and checks.
#[derive(Debug, Default)]
pub struct Memory {
    files: Mutex<BTreeMap<String, Vec<u8>>>,
}

impl Memory {
    /// Returns the files that came.
    pub fn into_files(self) -> BTreeMap<String, Vec<u8>> {
        self.files.into_inner().unwrap_or_default()
    }
}

impl Sink for Memory {
    fn begin(&self, _: &[&str]) -> io::Result<()> {
        Ok(())
    }

    fn put(&self, file: &str, bytes: &[u8]) -> io::Result<(Put, Stamp)> {
        if let Ok(mut files) = self.files.lock() {
            files.insert(file.to_owned(), bytes.to_vec());
        }
        Ok((Put::Written, Stamp::default()))
    }

    fn holds(&self, _: &str, _: Stamp, _: Digest) -> Option<Stamp> {
        None
    }

    fn finish(&self, _: &[&str], _: &BTreeSet<String>) -> io::Result<Swept> {
        Ok(Swept::default())
    }
}
