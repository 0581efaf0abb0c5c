//! What the reader of one file has at hand.

use jiff::Timestamp;

use super::PostKind;
use crate::config::{Config, Type};
use crate::diagnostic::Diagnostic;
use crate::front_matter::Scalar;
use crate::keywords::{FoundKeywords, Keywords};
use crate::source::SourcePath;
use chinese_markdown::html;
use chinese_text as text;

/// The state of reading the card of one file.
pub(super) struct PostReader<'a> {
    pub(super) path: &'a SourcePath,
    pub(super) kind: PostKind,
    pub(super) config: &'a Config,
    pub(super) now: Timestamp,
    pub(super) keywords: &'a Keywords,
    pub(super) moments: Vec<i128>,
    pub(super) found: Option<FoundKeywords>,
    pub(super) text: &'a str,
    pub(super) diagnostics: Vec<Diagnostic>,
}

impl PostReader<'_> {
    /// Returns which [`Defaults`] are for the file.
    pub(super) fn defaults_type(&self) -> Type {
        match self.kind {
            PostKind::Page | PostKind::Section => Type::Pages,
            PostKind::Article if self.folder_of_drafts().is_some() => Type::Drafts,
            PostKind::Article => Type::Posts,
        }
    }

    /// Returns the line on which a date stands, up to its end; without one the name of the file,
    /// which says it.
    pub(super) fn line_of(&self, date: Option<&Scalar>) -> String {
        let Some(date) = date else {
            return self.path.as_str().rsplit('/').next().unwrap_or_default().to_owned();
        };
        // What comes from `defaults` stands nowhere in the file, and what a value comes to may be
        // longer than what is written.
        if date.range.start == 0 {
            return text::one_line(&date.text);
        }
        let start = self.text[..date.range.start].rfind('\n').map_or(0, |newline| newline + 1);
        text::one_line(&self.text[start..self.text.floor_char_boundary(date.range.end)])
    }

    /// Returns the folder for drafts that the file lies in, as Jekyll and Hexo have one.
    pub(super) fn folder_of_drafts(&self) -> Option<String> {
        let folder = self.path.as_str().rsplit_once('/').map_or("", |(folder, _)| folder);
        let below = SourcePath::new(folder);
        let below = below.below(&self.config.posts).unwrap_or_default();
        let mut folders = below.split('/').filter(|_| self.kind == PostKind::Article);
        folders
            .find(|name| ["_drafts", "drafts", "草稿"].contains(name))
            .map(|name| format!("{name}/"))
    }

    /// One line of a text that stands in lists, cut where it is too long for them.
    pub(super) fn line_of_at_most(&mut self, most: usize, scalar: &Scalar) -> String {
        // WordPress and scrapers write `A &amp; B`.
        let line = text::one_line(&html::unescape(&scalar.text));
        let Some(cut) = beginning(&line, most) else { return line };
        let message = say!("this is longer than {} characters, and was cut there", most);
        let diagnostic = Diagnostic::warning("text-long", message)
            .hint(say!("a quote or a `---` may be missing behind it"));
        self.diagnostics.push(diagnostic.at(self.text, scalar.range.clone()));
        cut
    }
}

/// Returns the first `most` characters of a text and an ellipsis, if it has more.
pub(super) fn beginning(text: &str, most: usize) -> Option<String> {
    let (end, _) = text.char_indices().nth(most)?;
    Some(format!("{}…", &text[..end]))
}
