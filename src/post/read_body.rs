//! A body as it was parsed for its card.

use std::cell::Cell;

use chinese_markdown::{ParsedDocument, Placed, liquid};

/// The body of a post as it was parsed for its card.
pub struct ReadBody<'b> {
    /// The text of the file, in which the body begins at `start`.
    pub text: &'b str,
    pub start: usize,
    /// None where the body is HTML throughout.
    pub parsed: Option<&'b ParsedDocument<'b>>,
    /// What was found before it was parsed, with places in the body.
    pub findings: Vec<Placed>,
    /// Whether it names what only the site knows: its page holds another text.
    pub is_provisional: bool,
}

/// What names come to before anything is known of the site: nothing.
#[derive(Default)]
pub(super) struct Unanswered {
    /// Whether anything was asked.
    pub(super) was_asked: Cell<bool>,
}

impl Unanswered {
    fn nothing(&self) -> String {
        self.was_asked.set(true);
        String::new()
    }
}

impl liquid::Scope for Unanswered {
    fn is_provisional(&self) -> bool {
        self.was_asked.set(true);
        true
    }

    fn variable(&self, _: &str) -> Option<String> {
        Some(self.nothing())
    }

    fn post_url(&self, _: &str) -> Option<String> {
        Some(self.nothing())
    }

    fn link(&self, _: &str) -> Option<String> {
        Some(self.nothing())
    }

    fn include(&self, _: &str) -> Option<String> {
        Some(self.nothing())
    }
}
