//! Markdown of Chinese articles: from source to events, and from events to HTML or plain text.
//!
//! ```
//! use chinese_markdown::{Syntax, to_html};
//! let html = to_html("他说：**“好。”**于是\n动身。", &Syntax::DEFAULT);
//! assert_eq!(html, "<p>他说：<strong>“好。”</strong>于是动身。</p>\n");
//! ```
//!
//! Three steps, which [`to_html`] and [`to_text`] take at once:
//!
//! 1. [`Document::prepare`] reads a source by the options of [`Syntax`]. In order, `nesting`,
//!    `hidden`, `admonition`, `interior`, `dialect`, [`liquid`] (if switched on), `ornament`,
//!    `formula`, `definition_list`, `definition`, `table`, `html_block`, `repair`, `indented` and
//!    `emphasis` rewrite it, each where `marks` says that it has anything to do.
//! 2. [`Document::parse`] parses it with pulldown-cmark and mends what the parser could not know:
//!    soft breaks, single tildes, bare addresses, smart punctuation.
//! 3. [`html_writer`] writes what was parsed as HTML, with the structure of scraped articles;
//!    [`plain`] takes the gist of it, and its text.
//!
//! Knows no site: what it needs from there comes in as options ([`Syntax`],
//! [`Writing`](html_writer::Writing)), and what it found goes out as data ([`Finding`]), to be said
//! in the reader's language by whoever uses it.
//!
//! Of its modules, `source` is what every pass stands on, `dialect` reads what other programs add,
//! `pass` holds the other passes, `events` works on the parser's events, `structure` reads the
//! parts of scraped articles off them, and [`html`] is all that concerns raw HTML.

#![warn(missing_docs)]

#[cfg(test)]
mod commonmark;
mod dialect;
mod document;
mod events;
mod finding;
pub mod gap;
mod highlighted;
pub mod html;
pub mod html_writer;
pub mod liquid;
mod losses;
pub mod math;
mod options;
mod pass;
pub mod plain;
pub mod reference;
mod slug;
mod source;
mod structure;

use std::ops::Range;

use pulldown_cmark::Event;

pub use document::{Document, ParsedDocument};
pub use finding::{Finding, Loss, Placed, Remedy, Rule};
pub use highlighted::{Highlight, Highlighted, Markup};
pub use html::RawHtml;
pub use options::{HtmlBlocks, StructureRules, Syntax, When, parser_options};

/// An event with its range in the prepared text, in bytes (see [`Document::original`]).
pub type Spanned<'a> = (Event<'a>, Range<usize>);

/// Returns a text as HTML that is safe to show, with Chinese words where the writer needs some.
///
/// ```
/// use chinese_markdown::{Syntax, to_html};
/// let html = to_html("<b onclick=\"x\">甲</b>[乙](javascript:x)", &Syntax::DEFAULT);
/// assert_eq!(html, "<p><b>甲</b>乙</p>\n");
/// ```
pub fn to_html(source: &str, syntax: &Syntax<'_>) -> String {
    let labels = html_writer::Labels::chinese();
    let own_host = reference::OwnHost::default();
    let writing = html_writer::Writing {
        raw_html: if syntax.strips_html { RawHtml::Strip } else { RawHtml::Sanitize },
        ..html_writer::Writing::new(&labels, &own_host)
    };
    let (document, _) = Document::prepare(source, syntax);
    html_writer::write(&document.parse(), &writing).html
}

/// Returns what a reader sees of a text, without marks and without code blocks, a line for each
/// block.
///
/// ```
/// use chinese_markdown::{Syntax, to_text};
/// assert_eq!(to_text("# 题\n\n**“好。”**于是\n动身。", &Syntax::DEFAULT), "题\n“好。”于是动身。\n");
/// ```
pub fn to_text(source: &str, syntax: &Syntax<'_>) -> String {
    plain::gist_and_text(&Document::prepare(source, syntax).0.parse()).1
}

/// The code of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
