//! What is wrong with a file of YAML, and where.

use std::ops::Range;

use crate::diagnostic::Diagnostic;
use crate::words::Message;

/// A value that cannot be used.
#[derive(Debug)]
pub struct Mistake {
    /// Bytes of the file; none where the value stands nowhere in it.
    pub range: Option<Range<usize>>,
    /// What is wrong.
    pub message: Message,
    /// What to do about it.
    pub hint: Option<Message>,
}

impl Mistake {
    /// Makes one without a hint.
    pub fn new(range: Option<Range<usize>>, message: impl Into<Message>) -> Mistake {
        Mistake { range, message: message.into(), hint: None }
    }

    /// Adds what to do about it.
    pub fn hint(mut self, hint: impl Into<Message>) -> Mistake {
        self.hint = Some(hint.into());
        self
    }

    /// Makes an error in a file of it; `text` is the whole text of the file.
    pub fn into_error(self, code: &'static str, text: &str, path: impl Into<String>) -> Diagnostic {
        let Mistake { range, message, hint } = self;
        let error = Diagnostic { hint, ..Diagnostic::error(code, message) }.in_file(path);
        match range {
            Some(range) => error.at(text, range),
            None => error,
        }
    }
}
