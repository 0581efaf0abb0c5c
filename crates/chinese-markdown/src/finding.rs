//! What a reader of an article would miss, or would see that its author did not expect: data, to be
//! said in whatever words and language a program has.

use std::ops::Range;

use crate::html::Unusable;
use crate::math::Unset;

/// A finding with its range in the source, in bytes. The range may be empty.
pub type Placed = (Range<usize>, Finding);

/// What was found. One of a kind stands for all of an article: `count` says how many there are, and
/// its place is that of the first.
///
/// ```
/// use chinese_markdown::{Document, Finding, Syntax};
/// let (_, findings) = Document::prepare("甲**乙 **丙", &Syntax::DEFAULT);
/// let quotes = vec!["甲**乙 **丙".to_owned()];
/// assert_eq!(findings, [(8..11, Finding::EmphasisRepaired { count: 1, quotes })]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// Raw HTML that hid text from readers is left out.
    Hidden {
        /// How many elements hid text.
        count: usize,
        /// The beginning of the first one's text.
        first: String,
    },
    /// A rule for scraped articles was applied.
    Structured {
        /// Which rule.
        rule: Rule,
        /// How often.
        count: usize,
        /// The beginnings of some.
        quotes: Vec<String>,
    },
    /// Strong marks that a scraper broke were mended.
    EmphasisRepaired {
        /// How many marks.
        count: usize,
        /// The first five as they are written, with what is around them.
        quotes: Vec<String>,
    },
    /// A formula is shown as it was typed.
    FormulaUnset(Unset),
    /// Formulas are shown as they were typed, since [`crate::Syntax::math`] is off.
    MathOff,
    /// Lines that CommonMark would take for the address of a link are shown as text.
    DefinitionText {
        /// How many lines.
        count: usize,
    },
    /// Addresses of links that no link uses are shown nowhere.
    DefinitionUnused {
        /// How many addresses.
        count: usize,
    },
    /// `[[…]]` names posts that are not there.
    WikiLinkUnknown {
        /// How many links.
        count: usize,
        /// Some of the names.
        names: Vec<String>,
    },
    /// `%%…%%` is not shown.
    WikiComment {
        /// How many comments.
        count: usize,
        /// The beginning of the first.
        first: String,
    },
    /// A name means several files, and the first is taken.
    FileAmbiguous {
        /// The name.
        name: String,
        /// How many files it may mean.
        count: usize,
        /// Some of them, as [`Scope::rivals`](crate::liquid::Scope::rivals) names them.
        files: Vec<String>,
    },
    /// Lines of tildes are shown as ornaments.
    FenceOrnament {
        /// How many lines.
        count: usize,
        /// Nothing speaks for code.
        is_sure: bool,
    },
    /// A fence runs to the end of the text.
    FenceUnclosed,
    /// No syntax is known for a fence's language.
    CodeLanguage {
        /// The language as the fence names it.
        language: String,
    },
    /// From a line on, code costs too much to be marked up.
    CodeCostly {
        /// The language as the fence names it.
        language: String,
    },
    /// An address holds a name in braces that is not known.
    AddressUnknown {
        /// The name.
        name: String,
        /// How often it stands in addresses.
        count: usize,
    },
    /// A tag of another program is not known.
    TagUnknown {
        /// The name of the tag.
        name: String,
        /// How often it stands there.
        count: usize,
        /// What it holds is shown without it; else it is shown as text.
        is_dropped: bool,
    },
    /// A tag names a post that is not there.
    PostMissing {
        /// The name as the tag writes it.
        name: String,
    },
    /// A mark of another program is shown as text.
    MarkShown {
        /// The mark.
        mark: &'static str,
        /// How often it is shown.
        count: usize,
        /// What helps.
        remedy: Remedy,
    },
    /// Rows of tables have more cells than the head.
    TableCells {
        /// How many rows.
        rows: usize,
    },
    /// What stands for names of Liquid has more bytes than `most`.
    LiquidLarge {
        /// Bytes that may stand for names.
        most: usize,
    },
    /// A tag or a name of Liquid is left as text.
    LiquidLeft {
        /// The tag or the name, with its braces.
        text: String,
    },
    /// Comments of Liquid are not shown.
    LiquidComment {
        /// How many comments.
        count: usize,
    },
    /// Pictures, links or notes that readers will not get.
    Lost {
        /// Which of these.
        loss: Loss,
        /// How many.
        count: usize,
        /// How the first is written, at most 60 characters of it.
        written: String,
    },
    /// Raw HTML could not be rewritten; it was made safe all the same.
    HtmlNotRewritten {
        /// What the rewriter says, in English.
        why: String,
    },
    /// A tag with more attributes than any reader's is shown as text.
    HtmlAttributes {
        /// The name of the tag.
        name: String,
    },
    /// Players and frames are shown by name and link.
    HtmlPlayers {
        /// Their names, `<iframe>` or `<iframe> ×2`.
        names: Vec<String>,
    },
    /// Unsafe HTML was taken out.
    HtmlRemoved {
        /// Names of elements, `<script> ×2`, and of attributes, `onclick`.
        names: Vec<String>,
    },
    /// A tag has no partner.
    HtmlUnbalanced {
        /// The name of the element.
        name: String,
        /// `</name>` closes nothing; else `<name>` is never closed.
        is_end: bool,
        /// It was mended.
        is_mended: bool,
    },
    /// HTML is nested too deep; the article is shown as plain text.
    HtmlDepth {
        /// How deep, in elements.
        depth: usize,
        /// How deep it may be.
        most: usize,
    },
    /// The source would make too much HTML; the article is shown as plain text.
    HtmlSize {
        /// Bytes of the source.
        source: usize,
        /// Bytes of the HTML.
        html: usize,
    },
    /// Marks are nested more than `most` deep; those that lie deeper were left out.
    MarkdownDepth {
        /// How deep they may be, in marks.
        most: usize,
    },
    /// The id that a heading gives itself is one of the page's own.
    HeadingId {
        /// The id that it gives itself.
        given: String,
        /// The id that it got.
        instead: String,
    },
    /// A line of dashes made a heading of a paragraph.
    HeadingAccident {
        /// The first twelve characters of the line.
        line: String,
    },
}

/// A rule for the structure of scraped articles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// [`StructureRules::headings`](crate::StructureRules::headings).
    Headings,
    /// [`StructureRules::captions`](crate::StructureRules::captions).
    Captions,
    /// [`StructureRules::references`](crate::StructureRules::references).
    References,
    /// [`StructureRules::postscript`](crate::StructureRules::postscript).
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
    /// A picture whose address cannot be kept, and why.
    Picture(Unusable),
    /// A link whose address cannot be kept, and why.
    Link(Unusable),
    /// A picture behind an element.
    Background,
    /// A mark of a note that is nowhere.
    Note,
}
