//! Rewriting Markdown source before it is parsed, and finding the way back.
//!
//! The passes before the parser insert and replace bytes; a [`SourceMap`] turns offsets of the
//! rewritten text into offsets of the text before, so that findings point at what was
//! written.

use std::ops::Range;

/// What stands in place of a range of a text.
pub(crate) type Change = (Range<usize>, String);

/// A list of replacements, applied at once.
#[derive(Clone, Debug, Default)]
pub(crate) struct Edits {
    /// In order and disjoint: what is replaced, and where its replacement ends in `replacements`.
    edits: Vec<(Range<usize>, usize)>,
    replacements: String,
}

impl Edits {
    pub(crate) fn replace(&mut self, range: Range<usize>, with: &str) {
        debug_assert!(
            self.edits.last().is_none_or(|(last, _)| last.end <= range.start),
            "edits are made in order"
        );
        self.replacements.push_str(with);
        self.edits.push((range, self.replacements.len()));
    }

    pub(crate) fn insert(&mut self, at: usize, c: char) {
        self.replace(at..at, c.encode_utf8(&mut [0; 4]));
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.edits.is_empty()
    }

    /// Whether a replacement holds a character.
    pub(crate) fn put_in(&self, c: char) -> bool {
        self.replacements.contains(c)
    }

    /// The rewritten text, and the way back.
    pub(crate) fn apply(self, text: &str) -> (String, SourceMap) {
        let mut out = String::with_capacity(text.len() + self.replacements.len());
        let mut steps = Vec::with_capacity(self.edits.len());
        let (mut at, mut taken) = (0, 0);
        for (range, end) in self.edits {
            out.push_str(&text[at..range.start]);
            let start = out.len();
            out.push_str(&self.replacements[taken..end]);
            steps.push(Step {
                start,
                end: out.len(),
                original: range.start,
                original_end: range.end,
            });
            (at, taken) = (range.end, end);
        }
        out.push_str(&text[at..]);
        (out, SourceMap { steps })
    }
}

#[derive(Clone, Debug)]
struct Step {
    start: usize,
    end: usize,
    original: usize,
    original_end: usize,
}

/// Offsets of a rewritten text, in terms of the original.
#[derive(Clone, Debug, Default)]
pub(crate) struct SourceMap {
    steps: Vec<Step>,
}

impl SourceMap {
    /// Where the byte at `offset` of the rewritten text stood; inside a replacement, where the
    /// replaced text began.
    pub(crate) fn original(&self, offset: usize) -> usize {
        match self
            .steps
            .partition_point(|step| step.start <= offset)
            .checked_sub(1)
            .map(|index| &self.steps[index])
        {
            None => offset,
            Some(step) if offset < step.end => step.original,
            Some(step) => step.original_end + (offset - step.end),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_find_their_way_back() {
        let mut edits = Edits::default();
        edits.replace(2..4, "XYZ");
        edits.replace(5..5, "!");
        let (text, map) = edits.apply("abcdefg");
        assert_eq!(text, "abXYZe!fg");
        let back: Vec<usize> = (0..=text.len()).map(|at| map.original(at)).collect();
        assert_eq!(back, [0, 1, 2, 2, 2, 4, 5, 5, 6, 7]);
    }
}
