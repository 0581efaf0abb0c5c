//! What the ledger knows of a build as a whole, and until when the clock changes nothing.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::date;
use crate::digest::Digest;

/// What is known of a build as a whole.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct BuildRecord {
    /// The present as the build saw it.
    pub(super) now: i128,
    pub(super) dates: Dates,
    /// Digest of all that pages were made of besides cards and bodies.
    pub ground: Digest,
    /// Digest of what was found in the sources' folders and passed over.
    pub skipped: Digest,
    /// What it said in the end, if the same may be said again when nothing has changed.
    pub report: Option<Vec<u8>>,
}

/// The dates of posts nearest to the present, before and after it. Until the clock passes one of
/// them, it changes nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Dates {
    last: Option<i128>,
    next: Option<i128>,
}

impl BuildRecord {
    /// Returns the record of a build at `now`.
    pub fn new(
        now: Timestamp,
        ground: Digest,
        skipped: Digest,
        report: Option<Vec<u8>>,
    ) -> BuildRecord {
        let now = now.as_nanosecond();
        BuildRecord { now, ground, skipped, report, dates: Dates::default() }
    }

    /// Returns whether the clock has passed no post's date since.
    pub fn dates_hold(&self, now: Timestamp) -> bool {
        self.dates.hold(now)
    }
}

impl Dates {
    /// Takes in a moment at which the clock has a say in what becomes of one post.
    pub(super) fn see(&mut self, moment: i128, now: Timestamp) {
        if is_future(moment, now) {
            self.next = Some(self.next.map_or(moment, |next| next.min(moment)));
        } else {
            self.last = self.last.max(Some(moment));
        }
    }

    /// Returns whether the same posts lie in the past and in the future at `now` as did then.
    pub(super) fn hold(&self, now: Timestamp) -> bool {
        self.last.is_none_or(|last| !is_future(last, now))
            && self.next.is_none_or(|next| is_future(next, now))
    }
}

fn is_future(moment: i128, now: Timestamp) -> bool {
    Timestamp::from_nanosecond(moment).is_ok_and(|date| date::is_future(date, now))
}
