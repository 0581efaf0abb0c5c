//! The lock of an output folder.

use std::fs;
use std::io::{self, Read};
use std::path::Path;

use super::{named, not_ours};
use crate::source::Stamp;

/// Locked by a build while it writes, so that no two do at once, and gone when it is done. What it
/// says is by which number that build calls its unfinished files: a lock that is there and not
/// locked was left by a build that was cut off.
const LOCK: &str = ".sitegen-lock";
const LOCK_HEAD: &str = "sitegen writes here: ";

/// The lock of an output folder, held as long as its file is open.
#[derive(Debug)]
pub(super) struct Lock {
    _file: fs::File,
    /// The number of a build that was cut off.
    pub(super) cut_off: Option<u32>,
}

impl Lock {
    /// Takes the lock of a folder; `wait` is called before waiting for another build. None where
    /// there is nothing to be locked: on disks of others, or of a system that knows no locks.
    pub(super) fn take(root: &Path, wait: impl Fn(&Path)) -> io::Result<Option<Lock>> {
        let path = root.join(LOCK);
        loop {
            if fs::symlink_metadata(&path).is_ok_and(|metadata| !metadata.is_file()) {
                return Err(not_ours(&path));
            }
            let Ok(mut file) =
                fs::File::options().read(true).write(true).create(true).truncate(false).open(&path)
            else {
                return Ok(None);
            };
            match file.try_lock() {
                Ok(()) => {}
                Err(fs::TryLockError::WouldBlock) => {
                    wait(root);
                    file.lock().map_err(|error| named(&path, error))?;
                }
                Err(fs::TryLockError::Error(_)) => return Ok(None),
            }
            let inode = |metadata: io::Result<fs::Metadata>| {
                metadata.ok().map(|metadata| Stamp::of(&metadata).inode)
            };
            if inode(file.metadata()) != inode(fs::symlink_metadata(&path)) {
                // Whoever had it is done, and has removed it.
                continue;
            }
            let mut said = String::new();
            (&mut file).take(100).read_to_string(&mut said).map_err(|_| not_ours(&path))?;
            let cut_off =
                match said.strip_prefix(LOCK_HEAD).map(|number| number.trim().parse().ok()) {
                    Some(number) => number,
                    None if said.is_empty() => None,
                    None => return Err(not_ours(&path)),
                };
            return Ok(Some(Lock { _file: file, cut_off }));
        }
    }

    /// Returns whether a folder is locked, or was when a build was cut off.
    pub(super) fn is_in(root: &Path) -> bool {
        fs::symlink_metadata(root.join(LOCK)).is_ok()
    }

    /// Writes down which build has the lock, should it be cut off.
    pub(super) fn sign(root: &Path) -> io::Result<()> {
        let path = root.join(LOCK);
        fs::write(&path, format!("{LOCK_HEAD}{}\n", std::process::id()))
            .map_err(|error| named(&path, error))
    }

    /// Removes the lock of a build that is done.
    pub(super) fn remove(root: &Path) -> io::Result<()> {
        let path = root.join(LOCK);
        fs::remove_file(&path).map_err(|error| named(&path, error))
    }
}
