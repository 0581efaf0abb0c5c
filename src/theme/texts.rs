//! The texts of templates, and what Tera's errors say about them.

use std::collections::BTreeMap;
use std::ops::Range;

use tera::ErrorKind;

use super::file::ThemeFile;
use crate::diagnostic::Diagnostic;

/// Texts by the names that Tera knows them by: `site/post.html`.
#[derive(Debug, Default)]
pub(super) struct Texts {
    templates: BTreeMap<String, TemplateText>,
}

#[derive(Debug)]
struct TemplateText {
    text: String,
    /// The file it comes from, for messages: `templates/post.html`.
    shown: String,
    is_built_in: bool,
}

impl Texts {
    /// Returns a single text.
    pub(super) fn single(name: &str, file: &ThemeFile) -> Texts {
        let mut texts = Texts::default();
        texts.insert(name.to_owned(), file);
        texts
    }

    /// Adds a file under a name that has none yet: the nearest layer's comes first.
    pub(super) fn insert(&mut self, name: String, file: &ThemeFile) {
        let template = || TemplateText {
            text: file.text().into_owned(),
            shown: file.shown.clone(),
            is_built_in: file.is_built_in,
        };
        self.templates.entry(name).or_insert_with(template);
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.templates.get(name).map(|template| template.text.as_str())
    }

    /// Returns the names of those that are no part of the program.
    pub(super) fn own(&self) -> impl Iterator<Item = &str> {
        self.templates
            .iter()
            .filter(|(_, template)| !template.is_built_in)
            .map(|(name, _)| name.as_str())
    }

    /// Names and texts, in the order of the names.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.templates.iter().map(|(name, template)| (name.as_str(), template.text.as_str()))
    }

    /// Translates an error: where, in which file, and what. Mistakes found while loading come
    /// several at once.
    pub(super) fn explain(&self, error: &tera::Error) -> Vec<Diagnostic> {
        match error.kind() {
            ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
                vec![self.place(report.message(), report.filename(), |_| {
                    Some(report.span().range.clone())
                })]
            }
            _ => {
                let mut message = error.to_string();
                let mut cause = std::error::Error::source(error);
                while let Some(inner) = cause {
                    message = format!("{message}: {inner}");
                    cause = inner.source();
                }
                let reports = self.read_reports(&message);
                if !reports.is_empty() {
                    return reports;
                }
                // Of a single text it is known whose the mistake is.
                let only = self.templates.keys().next().filter(|_| self.templates.len() == 1);
                vec![match self.named(&message).or_else(|| Some((only?, ""))) {
                    Some((name, culprit)) => {
                        let range = |text: &str| {
                            text.find(culprit)
                                .filter(|_| !culprit.is_empty())
                                .map(|at| at..at + culprit.len())
                        };
                        self.place(&message, name, range)
                    }
                    None => Diagnostic::error("template", message),
                }]
            }
        }
    }

    /// Returns the template that a message without a place names first, and what else it names that
    /// stands there: a template that is extended and is not there, or leads back.
    fn named<'a>(&'a self, message: &'a str) -> Option<(&'a String, &'a str)> {
        let mut names = message.split('\'').skip(1).step_by(2);
        let (name, template) = names.find_map(|name| self.templates.get_key_value(name))?;
        let culprit = names.find(|other| template.text.contains(other)).unwrap_or("");
        Some((name, culprit))
    }

    /// Returns a diagnostic in the template of Tera's `name`.
    fn place(
        &self,
        message: &str,
        name: &str,
        range: impl Fn(&str) -> Option<Range<usize>>,
    ) -> Diagnostic {
        let diagnostic = Diagnostic::error("template", message);
        let Some(TemplateText { text, shown, .. }) = self.templates.get(name) else {
            return diagnostic.in_file(name);
        };
        match range(text) {
            Some(range) => diagnostic.at(text, range),
            None => diagnostic,
        }
        .in_file(shown)
    }

    /// Reads the reports that Tera prints into one message: `error: …` and then
    /// ` --> name:line:column`.
    fn read_reports(&self, message: &str) -> Vec<Diagnostic> {
        let lines: Vec<&str> = message.lines().collect();
        let report = |pair: &[&str]| {
            let what = pair[0].split_once("error: ")?.1;
            let (rest, column) = pair[1].trim().strip_prefix("--> ")?.rsplit_once(':')?;
            let (name, line) = rest.rsplit_once(':')?;
            let (line, column): (usize, usize) = (line.parse().ok()?, column.parse().ok()?);
            Some(self.place(what, name, |text| {
                let start = text.split_inclusive('\n').take(line - 1).map(str::len).sum::<usize>();
                let at =
                    start + text[start..].char_indices().nth(column - 1).map_or(0, |(at, _)| at);
                Some(at..at + 1)
            }))
        };
        lines.windows(2).filter_map(report).collect()
    }
}
