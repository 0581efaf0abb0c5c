//! What a reader of an article would miss, or would see that its author did not expect: data, to be
//! said in whatever words and language a program has.

use std::ops::Range;

use crate::html::Unusable;
use crate::math::Unset;

/// A finding with its byte range in the source.
pub type Placed = (Range<usize>, Finding);

/// What was found. One of a kind stands for all of an article: `count` says how many there are, and
/// its place is that of the first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// Raw HTML that hid text from readers is left out.
    Hidden {
        count: usize,
        /// The beginning of the first one's text.
        first: String,
    },
    /// A rule for scraped articles was applied.
    Structured {
        rule: Rule,
        count: usize,
        /// The beginnings of some.
        quotes: Vec<String>,
    },
    /// Strong marks that a scraper broke were mended.
    EmphasisRepaired { count: usize, quotes: Vec<String> },
    /// A formula is shown as it was typed.
    FormulaUnset(Unset),
    /// Formulas are shown as they were typed, since [`crate::Syntax::math`] is off.
    MathOff,
    /// Lines that CommonMark would take for the address of a link are shown as text.
    DefinitionText { count: usize },
    /// Addresses of links that no link uses are shown nowhere.
    DefinitionUnused { count: usize },
    /// `[[…]]` names posts that are not there; some of the names.
    WikiLinkUnknown { count: usize, names: Vec<String> },
    /// `%%…%%` is not shown.
    WikiComment { count: usize, first: String },
    /// A name means several files, and the first is taken; some of them.
    FileAmbiguous { name: String, count: usize, files: Vec<String> },
    /// Lines of tildes are shown as ornaments.
    FenceOrnament {
        count: usize,
        /// Nothing speaks for code.
        is_sure: bool,
    },
    /// A fence runs to the end of the text.
    FenceUnclosed,
    /// No syntax is known for a fence's language.
    CodeLanguage { language: String },
    /// From a line on, code costs too much to be marked up.
    CodeCostly { language: String },
    /// An address holds a name in braces that is not known.
    AddressUnknown { name: String, count: usize },
    /// A tag of another program is not known.
    TagUnknown {
        name: String,
        count: usize,
        /// What it holds is shown without it; else it is shown as text.
        is_dropped: bool,
    },
    /// A tag names a post that is not there.
    PostMissing { name: String },
    /// A mark of another program is shown as text.
    MarkShown { mark: &'static str, count: usize, remedy: Remedy },
    /// Rows of tables have more cells than the head.
    TableCells { rows: usize },
    /// What stands for names of Liquid has more bytes than `most`.
    LiquidLarge { most: usize },
    /// A tag or a name of Liquid is left as text.
    LiquidLeft { text: String },
    /// Comments of Liquid are not shown.
    LiquidComment { count: usize },
    /// Pictures, links or notes that readers will not get; how the first is written.
    Lost { loss: Loss, count: usize, written: String },
    /// Raw HTML could not be rewritten; it was made safe all the same.
    HtmlNotRewritten { why: String },
    /// A tag with more attributes than any reader's is shown as text.
    HtmlAttributes { name: String },
    /// Players and frames are shown by name and link.
    HtmlPlayers { names: Vec<String> },
    /// Unsafe HTML was taken out.
    HtmlRemoved { names: Vec<String> },
    /// A tag has no partner.
    HtmlUnbalanced {
        name: String,
        /// `</name>` closes nothing; else `<name>` is never closed.
        is_end: bool,
        /// It was mended.
        is_mended: bool,
    },
    /// HTML is nested too deep; the article is shown as plain text.
    HtmlDepth { depth: usize, most: usize },
    /// The source would make too much HTML; the article is shown as plain text.
    HtmlSize { source: usize, html: usize },
    /// Marks are nested more than `most` deep; those that lie deeper were left out.
    MarkdownDepth { most: usize },
    /// The id that a heading gives itself is one of the page's own.
    HeadingId { given: String, instead: String },
    /// A line of dashes made a heading of a paragraph.
    HeadingAccident { line: String },
}

/// A rule for the structure of scraped articles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    Headings,
    Captions,
    References,
    Postscript,
}

/// What helps against a mark that is shown as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// [`crate::Syntax::kramdown`].
    Kramdown,
    /// [`crate::Syntax::liquid`].
    Liquid,
    /// [`crate::Syntax::math`], and dollars around it.
    Math,
    /// A note with an id and a line of its own.
    Note,
    /// The other half of the mark, or a backslash.
    OtherHalf,
    /// `<…>` around the address.
    AngleBrackets,
    /// Writing what it stood for.
    Plain,
}

/// One kind of what a reader will not get.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Loss {
    Picture(Unusable),
    Link(Unusable),
    /// A picture behind an element.
    Background,
    /// A mark of a note that is nowhere.
    Note,
}
