//! Places in a text.

use std::ops::Range;

/// Ranges in order, apart from one another.
#[derive(Debug, Default)]
pub(crate) struct Ranges(Vec<Range<usize>>);

impl Ranges {
    pub(crate) fn add(&mut self, range: Range<usize>) {
        match self.0.last_mut() {
            Some(last) if range.start < last.end => {
                last.start = last.start.min(range.start);
                last.end = last.end.max(range.end);
            }
            _ => self.0.push(range),
        }
    }

    pub(crate) fn hold(&self, at: usize) -> bool {
        self.at(at).is_some()
    }

    /// The range that holds a place.
    pub(crate) fn at(&self, at: usize) -> Option<Range<usize>> {
        self.0
            .get(self.0.partition_point(|range| range.end <= at))
            .filter(|range| range.start <= at)
            .cloned()
    }
}
