//! What the disk says of a file without its being read.

use std::fs;
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

/// What the disk says of a file without its being read. A file of the same stamp, taken [as
/// of](Stamp::as_of) some time, holds the same bytes; one of another may hold others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// Size in bytes.
    pub bytes: u64,
    /// When the content was last changed, and when the file itself was (renamed, linked, its times
    /// set): nanoseconds since 1970. The second cannot be forged by `touch`; 0 where there is no
    /// such thing. They are written as they are, since a build that finds nothing to do reads
    /// hundreds of thousands of them.
    #[serde(with = "postcard::fixint::le")]
    pub modified: i64,
    #[serde(with = "postcard::fixint::le")]
    pub changed: i64,
    /// Which file it is, so that one put in its place is told from it; 0 where there is no such
    /// thing.
    pub inode: u64,
    /// When it was taken, where the file had changed a moment before and may have changed again
    /// since without showing it; 0 otherwise. So no later stamp equals this one.
    pub unsettled: i64,
}

/// How long a file may change without its times showing it: the clocks of Linux's file systems tick
/// 100 to 1,000 times a second, those of FAT every two seconds.
const TICK: i64 = 20_000_000;
const COARSE_TICK: i64 = 2_000_000_000;

impl Stamp {
    pub fn of(metadata: &fs::Metadata) -> Stamp {
        #[cfg(unix)]
        let (changed, inode) = {
            use std::os::unix::fs::MetadataExt;
            (
                metadata
                    .ctime()
                    .saturating_mul(1_000_000_000)
                    .saturating_add(metadata.ctime_nsec()),
                metadata.ino(),
            )
        };
        #[cfg(not(unix))]
        let (changed, inode) = (metadata.created().map_or(0, nanoseconds), 0);
        Stamp {
            bytes: metadata.len(),
            modified: metadata.modified().map_or(0, nanoseconds),
            changed,
            inode,
            unsettled: 0,
        }
    }

    /// Returns the stamp as it was taken at `now` (nanoseconds since 1970). A file written a moment
    /// ago may be written again within the same tick of the clock (git calls it racy).
    #[must_use]
    pub fn as_of(self, now: i64) -> Stamp {
        let latest = self.modified.max(self.changed);
        let tick = if latest % 1_000_000_000 == 0 { COARSE_TICK } else { TICK };
        Stamp { unsettled: if latest < now - tick { 0 } else { now }, ..self }
    }
}

/// Nanoseconds since 1970; before that they are negative.
pub fn nanoseconds(time: SystemTime) -> i64 {
    let whole =
        |duration: std::time::Duration| i64::try_from(duration.as_nanos()).unwrap_or(i64::MAX);
    time.duration_since(UNIX_EPOCH).map_or_else(|before| -whole(before.duration()), whole)
}
