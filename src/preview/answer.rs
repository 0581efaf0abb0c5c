//! An answer to a request: its head and what follows it.

use std::ops::Range;
use std::sync::Arc;

use super::http::Head;
use crate::source::{Source, SourcePath};

/// An answer to a request.
#[derive(Clone)]
pub(super) struct Answer {
    pub(super) head: Head,
    pub(super) body: Body,
}

/// What follows the head of an answer.
#[derive(Clone)]
pub(super) enum Body {
    Bytes(Vec<u8>),
    /// A part of a file of the site.
    File(Arc<dyn Source>, SourcePath, Range<u64>),
    /// What happens from now on.
    Events,
}

impl Answer {
    /// Returns a few words as plain text.
    pub(super) fn text(status: u16, text: &str) -> Answer {
        let head = Head::new(status)
            .with("Content-Type", "text/plain; charset=utf-8")
            .with("Cache-Control", "no-store");
        Answer { head, body: Body::Bytes(text.as_bytes().to_vec()) }
    }

    /// Returns a redirect that keeps the query.
    pub(super) fn moved(status: u16, to: String, query: &str) -> Answer {
        let to = if query.is_empty() { to } else { format!("{to}?{query}") };
        let head = Head::new(status).with("Location", to).with("Cache-Control", "no-store");
        Answer { head, body: Body::Bytes(Vec::new()) }
    }
}
