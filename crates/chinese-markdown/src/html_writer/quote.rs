//! Quotes and callouts.

use std::fmt::Write as _;

use pulldown_cmark::{BlockQuoteKind, Event, Tag};

use super::Writer;
use crate::Spanned;
use crate::dialect::callout::{self, Fold};
use crate::html::escape_text;

/// A quote that is open.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Quote {
    Plain,
    /// A callout.
    Alert,
    /// A callout that can be folded away.
    Folded,
}

impl Quote {
    pub(super) fn end(self) -> &'static str {
        match self {
            Quote::Plain => "</blockquote>\n",
            Quote::Alert => "</div>\n",
            Quote::Folded => "</details>\n",
        }
    }

    /// What ends the title of a callout.
    pub(super) fn title_end(self) -> &'static str {
        if self == Quote::Folded { "</summary>\n" } else { "</p>\n" }
    }
}

impl<'d> Writer<'d> {
    pub(super) fn open_quote(
        &mut self,
        events: &[Spanned<'d>],
        index: usize,
        kind: Option<BlockQuoteKind>,
    ) {
        let labels = self.writing.labels;
        let (class, label) = match kind {
            None => {
                self.quotes.push(Quote::Plain);
                return self.open_block("<blockquote>\n");
            }
            Some(BlockQuoteKind::Note) => ("note", &labels.note),
            Some(BlockQuoteKind::Tip) => ("tip", &labels.tip),
            Some(BlockQuoteKind::Important) => ("important", &labels.important),
            Some(BlockQuoteKind::Warning) => ("warning", &labels.warning),
            Some(BlockQuoteKind::Caution) => ("caution", &labels.caution),
        };
        let source = &self.document.text()[events[index].1.clone()];
        let fold = source
            .find("[!")
            .and_then(|at| callout::opening(&source[at..]))
            .map_or(Fold::None, |opening| opening.fold);
        let has_title =
            matches!(events.get(index + 1), Some((Event::Start(Tag::DefinitionListTitle), _)));
        let (seal, label) = (&self.seal, escape_text(label));
        let (element, title, quote) = match fold {
            Fold::None => ("div", "p", Quote::Alert),
            Fold::Open | Fold::Closed => ("details", "summary", Quote::Folded),
        };
        let open = if fold == Fold::Open { " open" } else { "" };
        let _ = writeln!(self.out, "<{element} class=\"{seal}alert alert-{class}\"{open}>");
        if !has_title {
            let _ = writeln!(self.out, "<{title} class=\"{seal}alert-title\">{label}</{title}>");
        }
        self.quotes.push(quote);
    }

    /// The title of a callout that has one of its own.
    pub(super) fn open_title(&mut self) {
        self.in_title = true;
        self.begin_line();
        let _ = match self.quotes.last() {
            Some(Quote::Folded) => write!(self.out, "<summary class=\"{}alert-title\">", self.seal),
            Some(Quote::Alert) => write!(self.out, "<p class=\"{}alert-title\">", self.seal),
            _ => write!(self.out, "<p>"),
        };
    }
}
