//! Files that do not have their name yet, and those that were left so.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::named;

/// A file that is being written. Nobody sees it before it is whole; if it never is, it leaves
/// nothing behind.
#[derive(Debug)]
pub struct UnfinishedFile {
    path: PathBuf,
    temporary: PathBuf,
    to: BufWriter<fs::File>,
}

impl UnfinishedFile {
    /// Begins a file that is to be called `path`, in a folder that is there.
    pub(super) fn begin(path: PathBuf) -> io::Result<UnfinishedFile> {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let temporary = path.with_file_name(format!("{UNFINISHED}{}-{name}", std::process::id()));
        let file = create(&temporary).map_err(|error| named(&path, error))?;
        Ok(UnfinishedFile { path, temporary, to: BufWriter::with_capacity(1 << 18, file) })
    }

    /// Gives the file its name.
    pub fn commit(mut self) -> io::Result<()> {
        self.to
            .flush()
            .and_then(|()| fs::rename(&self.temporary, &self.path))
            .map_err(|error| named(&self.path, error))
    }
}

impl Write for UnfinishedFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.to.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

impl Drop for UnfinishedFile {
    fn drop(&mut self) {
        // Gone already when it was committed.
        let _ = fs::remove_file(&self.temporary);
    }
}

/// What the names of files begin with that are not yet what they will be.
pub(super) const UNFINISHED: &str = ".sitegen-";

/// Returns the process that an unfinished file is named for: `.sitegen-4711-3`.
pub(super) fn process_of(name: &str) -> Option<u32> {
    let (process, number) = name.strip_prefix(UNFINISHED)?.split_once('-')?;
    number.parse::<u64>().is_ok().then(|| process.parse().ok())?
}

/// Returns whether a process has ended, where the system tells. Elsewhere nothing is known.
pub(super) fn is_over(process: u32) -> bool {
    let processes = Path::new("/proc");
    processes.join("self").exists() && !processes.join(process.to_string()).exists()
}

/// Returns a new unfinished file, locked as long as it is open: whoever finds one that is not knows
/// that nobody writes it any more.
pub(super) fn create(path: &Path) -> io::Result<fs::File> {
    sweep(path);
    let file = fs::File::create_new(path)?;
    // Where there are no locks, such files are old after a day.
    let _ = file.try_lock();
    Ok(file)
}

/// Removes the unfinished files in a folder that commands which were cut off have left there.
pub(super) fn sweep_folder(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with(UNFINISHED) {
            sweep(&entry.path());
        }
    }
}

/// Removes an unfinished file that nobody writes any more, of this process or another.
pub(super) fn sweep(path: &Path) {
    const DAY: Duration = Duration::from_hours(24);
    let Some(metadata) = fs::symlink_metadata(path).ok().filter(fs::Metadata::is_file) else {
        return;
    };
    let Ok(file) = fs::File::open(path) else { return };
    let is_left = match file.try_lock() {
        Ok(()) => true,
        Err(fs::TryLockError::WouldBlock) => false,
        Err(fs::TryLockError::Error(_)) => {
            metadata.modified().is_ok_and(|modified| modified.elapsed().unwrap_or_default() > DAY)
        }
    };
    if is_left {
        let _ = fs::remove_file(path);
    }
}
