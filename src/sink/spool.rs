//! A file that is read while it grows.

use std::fs;
use std::io;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use super::{named, unfinished};
use crate::kept::Spool;

/// A spool beside the files whose place it may take. If it takes none, it leaves nothing behind.
pub(super) struct SpoolFile {
    site: PathBuf,
    temporary: PathBuf,
    file: fs::File,
    end: AtomicU64,
}

impl SpoolFile {
    /// Begins a spool in a folder of the `site` that is there.
    pub(super) fn begin(site: PathBuf, folder: &str, name: &str) -> io::Result<SpoolFile> {
        let name = format!("{}{}-{name}", unfinished::UNFINISHED, std::process::id());
        let temporary = site.join(folder).join(name);
        let file = unfinished::create(&temporary).map_err(|error| named(&temporary, error))?;
        Ok(SpoolFile { site, temporary, file, end: AtomicU64::new(0) })
    }
}

impl Spool for SpoolFile {
    fn append(&self, bytes: &[u8]) -> io::Result<u64> {
        // Each has a place of its own, so nobody waits for another.
        let start = self.end.fetch_add(bytes.len() as u64, Ordering::Relaxed);
        write_at(&self.file, bytes, start).map_err(|error| named(&self.temporary, error))?;
        Ok(start)
    }

    fn read(&self, range: Range<u64>) -> io::Result<Vec<u8>> {
        let length = usize::try_from(range.end - range.start).map_err(io::Error::other)?;
        let mut bytes = vec![0; length];
        read_at(&self.file, &mut bytes, range.start)?;
        Ok(bytes)
    }

    fn commit(&self, file: &str, others: &[&str]) -> io::Result<()> {
        let path = self.site.join(file);
        fs::rename(&self.temporary, &path).map_err(|error| named(&path, error))?;
        for other in others {
            // Most often there is none.
            let _ = fs::remove_file(self.site.join(other));
        }
        Ok(())
    }
}

impl Drop for SpoolFile {
    fn drop(&mut self) {
        // Gone already when it was committed.
        let _ = fs::remove_file(&self.temporary);
    }
}

#[cfg(unix)]
fn write_at(file: &fs::File, bytes: &[u8], at: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::write_all_at(file, bytes, at)
}

#[cfg(unix)]
fn read_at(file: &fs::File, bytes: &mut [u8], at: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, at)
}

#[cfg(windows)]
fn write_at(file: &fs::File, mut bytes: &[u8], mut at: u64) -> io::Result<()> {
    while !bytes.is_empty() {
        let written = std::os::windows::fs::FileExt::seek_write(file, bytes, at)?;
        if written == 0 {
            return Err(io::ErrorKind::WriteZero.into());
        }
        (bytes, at) = (&bytes[written..], at + written as u64);
    }
    Ok(())
}

#[cfg(windows)]
fn read_at(file: &fs::File, mut bytes: &mut [u8], mut at: u64) -> io::Result<()> {
    while !bytes.is_empty() {
        let read = std::os::windows::fs::FileExt::seek_read(file, bytes, at)?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        (bytes, at) = (&mut bytes[read..], at + read as u64);
    }
    Ok(())
}
