//! The title of a post.

use super::reader::{PostReader, beginning};
use crate::diagnostic::Diagnostic;
use crate::front_matter::FrontMatter;
use chinese_markdown::plain::Gist;
use chinese_text as text;

/// Longest title, in characters: every list and every feed that a post is in says it.
pub(super) const TITLE_CHARACTERS: usize = 300;

impl PostReader<'_> {
    /// Returns the title as the front matter has it, else the heading of the text, else the file's
    /// name.
    pub(super) fn title(
        &mut self,
        front_matter: &FrontMatter,
        gist: &Gist,
        name_slug: &str,
    ) -> String {
        if let Some(scalar) = &front_matter.title
            && let title = self.line_of_at_most(TITLE_CHARACTERS, scalar)
            && !title.is_empty()
        {
            return title;
        }
        let (title, from) = if let Some(heading) = &gist.heading {
            (
                beginning(heading, TITLE_CHARACTERS).unwrap_or_else(|| heading.clone()),
                say!("the heading that the text begins with"),
            )
        } else {
            let name = title_of_name(name_slug);
            (
                if name.is_empty() { self.path.stem().to_owned() } else { name },
                say!("the file name"),
            )
        };
        let message = say!("no title; {} is used: `{}`", from, &title);
        self.diagnostics.push(
            Diagnostic::warning("title-missing", message)
                .hint(say!("add `title: …` to the front matter")),
        );
        title
    }
}

/// Returns the title that a file's name spells. Hyphens and underscores become blanks, but for the
/// hyphens of a date, and unless there are blanks already.
fn title_of_name(name: &str) -> String {
    if name.contains(' ') {
        return text::one_line(name);
    }
    let between = |at: usize| {
        let is_digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
        is_digit(name[..at].chars().next_back())
            && (is_digit(name[at + 1..].chars().next()) || name[at + 1..].starts_with(['W', 'Q']))
    };
    let title = name
        .char_indices()
        .map(|(at, c)| if c == '_' || c == '-' && !between(at) { ' ' } else { c });
    text::one_line(&title.collect::<String>())
}
