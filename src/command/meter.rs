//! What the stages of a build take.

use std::time::{Duration, Instant};

use super::edge;

/// What one stage took.
#[derive(Debug)]
pub(super) struct Stage {
    pub(super) name: &'static str,
    pub(super) wall: Duration,
    /// The time of all cores.
    pub(super) cpu: Duration,
    /// Bytes read and written, where the system counts them: Linux.
    pub(super) bytes: Option<(u64, u64)>,
}

/// Reads the clocks at the end of each stage.
pub(super) struct Meter {
    last: (Instant, Duration, Option<(u64, u64)>),
    pub(super) stages: Vec<Stage>,
}

impl Meter {
    /// Begins at a reading of the clock.
    pub(super) fn begin(at: Instant) -> Meter {
        Meter { last: (at, edge::processor_time(), edge::bytes_moved()), stages: Vec::new() }
    }

    /// Ends a stage, and begins the next.
    pub(super) fn end(&mut self, name: &'static str) {
        let now = (edge::clock(), edge::processor_time(), edge::bytes_moved());
        let last = std::mem::replace(&mut self.last, now);
        let moved = |(read, written): (u64, u64)| {
            last.2.map(|before| (read.saturating_sub(before.0), written.saturating_sub(before.1)))
        };
        self.stages.push(Stage {
            name,
            wall: now.0 - last.0,
            cpu: now.1.saturating_sub(last.1),
            bytes: now.2.and_then(moved),
        });
    }
}
