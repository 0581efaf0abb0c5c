//! What a highlighter makes of a block of code.

/// A block with its marks.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Markup {
    /// Escaped HTML with `<span class="…">`.
    pub html: String,
    /// The line, from 0, that cost too much to mark up; from it on the code is plain.
    pub plain_from: Option<usize>,
}

/// What becomes of a block of code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Highlighted {
    /// HTML with marks.
    Marked(Markup),
    /// The language is known to have no marks, or the code is too long.
    Plain,
    /// No syntax of that name.
    Unknown,
}

/// A highlighter: it is given the language of a fence, as it is named there, and the code.
pub type Highlight<'a> = &'a dyn Fn(&str, &str) -> Highlighted;
