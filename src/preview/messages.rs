//! What is told of changes and when: all that watching has of a clock.
#![expect(clippy::disallowed_methods, reason = "waiting takes a clock")]

use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

/// Messages of changes, one after another.
pub(super) trait Messages: Send {
    /// Returns the time that has gone by since some moment.
    fn time(&self) -> Duration;

    /// Waits for the next message, at most so long; without a limit until there is one.
    fn next(&mut self, longest: Option<Duration>) -> Heard;
}

/// What came of waiting for a message.
pub(super) enum Heard {
    Message(notify::Result<notify::Event>),
    /// Nothing in all the time.
    Silence,
    /// Nothing, and nothing will come any more.
    End,
}

/// The messages of the system, by the machine's clock.
pub(super) struct OfTheSystem {
    events: Receiver<notify::Result<notify::Event>>,
    since: Instant,
}

impl OfTheSystem {
    pub(super) fn new(events: Receiver<notify::Result<notify::Event>>) -> OfTheSystem {
        OfTheSystem { events, since: Instant::now() }
    }
}

impl Messages for OfTheSystem {
    fn time(&self) -> Duration {
        self.since.elapsed()
    }

    fn next(&mut self, longest: Option<Duration>) -> Heard {
        let event = match longest {
            Some(longest) => self.events.recv_timeout(longest),
            None => self.events.recv().map_err(RecvTimeoutError::from),
        };
        match event {
            Ok(event) => Heard::Message(event),
            Err(RecvTimeoutError::Timeout) => Heard::Silence,
            Err(RecvTimeoutError::Disconnected) => Heard::End,
        }
    }
}
