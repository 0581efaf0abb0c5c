//! Markdown of Chinese articles: from source to events, and from events to HTML or plain text.
//!
//! ```
//! use chinese_markdown::{Syntax, to_html};
//! let html = to_html("他说：**“好。”**于是\n动身。", &Syntax::DEFAULT);
//! assert_eq!(html, "<p>他说：<strong>“好。”</strong>于是动身。</p>\n");
//! ```
//!
//! In order: `hidden`, `admonition`, `interior`, `dialect`, [`liquid`] (if switched on), `ornament`,
//! `formula`, `definition_list`, `definition`, `table`, [`html_block`], `indented`, [`repair`],
//! [`emphasis`] rewrite the source, each where [`marks`] says that it has anything to do;
//! pulldown-cmark parses it; `inline` collects the events (soft breaks, single tildes, bare
//! addresses); [`html_writer`] or [`plain`] write them. Knows no posts and no site: what it needs
//! from there comes in as options ([`Syntax`], [`html_writer::Writing`]), and what it found goes out
//! as data ([`Finding`]), to be said in the reader's language by whoever uses it.

mod address;
mod admonition;
mod attributes;
mod block_element;
mod block_id;
mod callout;
mod contents;
mod definition;
mod definition_list;
mod dialect;
mod document;
pub mod emphasis;
mod finding;
mod formula;
mod heading;
mod hidden;
mod highlighted;
pub mod html;
pub mod html_block;
pub mod html_writer;
mod indented;
mod inline;
mod inline_note;
mod interior;
mod kramdown;
mod leftover;
pub mod liquid;
mod lookahead;
mod losses;
pub mod marks;
pub mod math;
mod nesting;
mod options;
mod ornament;
mod picture;
pub mod plain;
mod ranges;
pub mod reference;
pub mod repair;
mod ruby;
mod shortcode;
pub mod source_map;
pub mod structure;
mod table;
mod templated;
mod typography;
mod unit;
mod wiki;
mod wordpress;

use std::ops::Range;

use pulldown_cmark::Event;

pub use document::{Document, Events};
pub use finding::{Finding, Loss, Placed, Remedy, Rule};
pub use highlighted::{Highlight, Highlighted, Markup};
pub use options::{HtmlBlocks, RawHtml, StructureRules, Syntax, When, parser_options};

/// An event with its byte range in the prepared text.
pub type Spanned<'a> = (Event<'a>, Range<usize>);

/// Returns a text as HTML that is safe to show, with no site around it.
pub fn to_html(source: &str, syntax: &Syntax<'_>) -> String {
    let labels = html_writer::Labels::chinese();
    let writing = html_writer::Writing {
        id: "",
        title: "",
        raw_html: if syntax.strips_html { RawHtml::Strip } else { RawHtml::Sanitize },
        highlight: None,
        labels: &labels,
        for_feed: false,
        own_host: &reference::OwnHost::default(),
        resolve: &|_| None,
        image_size: &|_| None,
    };
    let (document, _) = Document::prepare(source, syntax);
    html_writer::write(&document, &writing).html
}

/// Returns what a reader sees of a text, without marks.
pub fn to_text(source: &str, syntax: &Syntax<'_>) -> String {
    plain::gist_and_text(&Document::prepare(source, syntax).0).1
}
