//! How a source is read and how raw HTML is treated.

use pulldown_cmark::Options;

use crate::liquid;

/// When a rule applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum When {
    /// Where it seems meant: rules for the structure of scraped articles, to those that have no
    /// heading of their own.
    Auto,
    Always,
    Never,
}

impl When {
    /// Whether the rule applies; `auto` is the answer for [`When::Auto`].
    pub fn applies(self, auto: bool) -> bool {
        match self {
            When::Auto => auto,
            When::Always => true,
            When::Never => false,
        }
    }
}

/// When each rule for the structure of scraped articles applies. Scrapers keep what an article looks
/// like and lose what it is: a heading is a bold paragraph, a caption a line below a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct StructureRules {
    /// Bold paragraphs become section headings.
    pub headings: When,
    /// Short paragraphs below a picture become its caption.
    pub captions: When,
    /// A numbered list of sources at the end is linked with the marks in the text.
    pub references: When,
    /// Calls to follow and share at the end are folded.
    pub postscript: When,
}

impl StructureRules {
    /// Every rule the same.
    pub const fn all(when: When) -> StructureRules {
        StructureRules { headings: when, captions: when, references: when, postscript: when }
    }

    /// Whether any rule applies.
    pub fn any(self, auto: bool) -> bool {
        [self.headings, self.captions, self.references, self.postscript]
            .iter()
            .any(|when| when.applies(auto))
    }
}

/// How far a raw HTML block reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HtmlBlocks {
    /// As kramdown where a scraped block would fall apart, as CommonMark elsewhere.
    Auto,
    /// To the matching end tag, blank lines included.
    Kramdown,
    /// To the first blank line.
    CommonMark,
}

/// How raw HTML is treated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RawHtml {
    /// What could run a script or load from elsewhere goes; the rest stays.
    Sanitize,
    /// Of raw HTML only the text is kept.
    Strip,
    /// All of it is kept. Only for those who trust every author.
    Raw,
}

/// How a source is read. Each switch shows what it makes of a text.
#[derive(Clone, Copy)]
pub struct Syntax<'a> {
    /// `$…$`, `$$…$$` and fences of `math` are formulas, set in MathML.
    ///
    /// ```
    /// use chinese_markdown::{Syntax, to_html};
    /// let math = Syntax { math: true, ..Syntax::DEFAULT };
    /// assert!(to_html("质能方程 $E=mc^2$", &math).contains("<math>"));
    /// assert_eq!(to_html("要 $5 或 $6", &Syntax::DEFAULT), "<p>要 $5 或 $6</p>\n");
    /// ```
    pub math: bool,
    /// Whether line breaks are kept. Else they are blanks, and between two Chinese characters
    /// nothing. Never is CommonMark to the letter.
    ///
    /// ```
    /// use chinese_markdown::{Syntax, When, to_html};
    /// let kept = Syntax { breaks: When::Always, ..Syntax::DEFAULT };
    /// assert_eq!(to_html("甲\n乙", &kept), "<p>甲<br />\n乙</p>\n");
    /// assert_eq!(to_html("甲\n乙", &Syntax::DEFAULT), "<p>甲乙</p>\n");
    /// ```
    pub breaks: When,
    /// Strong marks that scrapers broke are mended.
    ///
    /// ```
    /// use chinese_markdown::{Syntax, to_html};
    /// let broken = "**重点 **后面。";
    /// assert_eq!(to_html(broken, &Syntax::DEFAULT), "<p><strong>重点</strong> 后面。</p>\n");
    /// assert!(to_html(broken, &Syntax { repair: false, ..Syntax::DEFAULT }).contains("**"));
    /// ```
    pub repair: bool,
    /// How far a raw HTML block reaches.
    ///
    /// ```
    /// use chinese_markdown::{HtmlBlocks, Syntax, to_html};
    /// let kramdown = Syntax { html_blocks: HtmlBlocks::Kramdown, ..Syntax::DEFAULT };
    /// let block = "<div>\n\n*甲*\n\n</div>";
    /// assert!(to_html(block, &kramdown).contains("*甲*"));
    /// ```
    pub html_blocks: HtmlBlocks,
    /// Which rules for scraped articles apply.
    ///
    /// ```
    /// use chinese_markdown::{StructureRules, Syntax, When, to_html};
    /// let scraped = Syntax { structure: StructureRules::all(When::Always), ..Syntax::DEFAULT };
    /// let text = "开头的一段话。\n\n**一、源头**\n\n正文。\n\n**二、去处**\n\n正文。";
    /// assert!(to_html(text, &scraped).contains("<h2"));
    /// ```
    pub structure: StructureRules,
    /// Straight quotes, dashes and dots of Latin runs become typographic ones.
    ///
    /// ```
    /// use chinese_markdown::{Syntax, to_html};
    /// let smart = Syntax { smart_punctuation: true, ..Syntax::DEFAULT };
    /// assert_eq!(to_html("It's \"so\"", &smart), "<p>It’s “so”</p>\n");
    /// ```
    pub smart_punctuation: bool,
    /// kramdown's attribute lists, contents and extensions are understood.
    ///
    /// ```
    /// use chinese_markdown::{Syntax, to_html};
    /// let kramdown = Syntax { kramdown: true, ..Syntax::DEFAULT };
    /// assert_eq!(to_html("段。\n{: .lead}", &kramdown), "<p>段。</p>\n");
    /// ```
    pub kramdown: bool,
    /// `{漢|かん}` is ruby.
    ///
    /// ```
    /// use chinese_markdown::{Syntax, to_html};
    /// let ruby = Syntax { ruby: true, ..Syntax::DEFAULT };
    /// assert!(to_html("{漢|かん}", &ruby).contains("<rt>かん</rt>"));
    /// ```
    pub ruby: bool,
    /// What raw HTML hides is left to its scripts; else it is left out.
    pub keeps_hidden: bool,
    /// Of raw HTML only the text will be kept.
    pub strips_html: bool,
    /// Names of Liquid are expanded.
    pub liquid: bool,
    /// What names stand for: Liquid's, links to posts.
    pub scope: Option<&'a dyn liquid::Scope>,
}

impl Syntax<'_> {
    /// What most archives want.
    pub const DEFAULT: Syntax<'static> = Syntax {
        math: false,
        breaks: When::Auto,
        repair: true,
        html_blocks: HtmlBlocks::Auto,
        structure: StructureRules::all(When::Auto),
        smart_punctuation: false,
        kramdown: false,
        ruby: false,
        keeps_hidden: false,
        strips_html: false,
        liquid: false,
        scope: None,
    };
}

/// The extensions of CommonMark that posts are written with.
pub fn parser_options(math: bool) -> Options {
    let mut options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_GFM;
    options.set(Options::ENABLE_MATH, math);
    options
}
