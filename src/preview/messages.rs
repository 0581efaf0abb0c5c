//! What is told of changes and when: all that watching has of a clock.
#![expect(clippy::disallowed_methods, reason = "waiting takes a clock")]

use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

/// Messages of changes, one after another.
pub(super) trait Messages: Send {
    /// Returns the time that has gone by since some moment.
    fn time(&self) -> Duration;

    /// Waits for the next message, at most so long; without a limit until there is one.
    fn next(&mut self, longest: Option<Duration>) -> NextMessage;
}

/// What came of waiting for a message.
pub(super) enum NextMessage {
    Message(notify::Result<notify::Event>),
    /// Nothing in all the time.
    Silence,
    /// Nothing, and nothing will come any more.
    End,
}

/// The messages of the system, by the machine's clock.
pub(super) struct SystemMessages {
    events: Receiver<notify::Result<notify::Event>>,
    since: Instant,
}

impl SystemMessages {
    pub(super) fn new(events: Receiver<notify::Result<notify::Event>>) -> SystemMessages {
        SystemMessages { events, since: Instant::now() }
    }
}

impl Messages for SystemMessages {
    fn time(&self) -> Duration {
        self.since.elapsed()
    }

    fn next(&mut self, longest: Option<Duration>) -> NextMessage {
        let event = match longest {
            Some(longest) => self.events.recv_timeout(longest),
            None => self.events.recv().map_err(RecvTimeoutError::from),
        };
        match event {
            Ok(event) => NextMessage::Message(event),
            Err(RecvTimeoutError::Timeout) => NextMessage::Silence,
            Err(RecvTimeoutError::Disconnected) => NextMessage::End,
        }
    }
}
