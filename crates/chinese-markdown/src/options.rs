//! How a source is read.

use pulldown_cmark::Options;

use crate::liquid;

/// When a rule applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum When {
    /// Where it seems meant: rules for the structure of scraped articles, to those that have no
    /// heading of their own.
    Auto,
    /// Wherever it may.
    Always,
    /// Nowhere.
    Never,
}

impl When {
    /// Whether the rule applies; `auto` is the answer for [`When::Auto`].
    pub(crate) fn applies(self, auto: bool) -> bool {
        match self {
            When::Auto => auto,
            When::Always => true,
            When::Never => false,
        }
    }
}

/// When each rule for the structure of scraped articles applies. Scrapers keep what an article
/// looks like and lose what it is: a heading is a bold paragraph, a caption a line below a picture.
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
    /// Returns rules that all apply alike.
    pub const fn all(when: When) -> StructureRules {
        StructureRules { headings: when, captions: when, references: when, postscript: when }
    }

    /// Whether any rule applies.
    pub(crate) fn any(self, auto: bool) -> bool {
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

/// How a source is read. Each switch shows what it makes of a text.
#[derive(Clone, Copy)]
pub struct Syntax<'a> {
    /// `$…$`, `$$…$$` and fences of `math` are formulas, set in MathML. Prices are none.
    ///
    /// ```
    /// use chinese_markdown::{Syntax, to_html};
    /// let math = Syntax { math: true, ..Syntax::DEFAULT };
    /// let formula = "<span class=\"math\"><math><semantics><mrow><mi>x</mi></mrow>\
    ///     <annotation encoding=\"application/x-tex\">x</annotation></semantics></math></span>";
    /// assert_eq!(to_html("设 $x$。", &math), format!("<p>设 {formula}。</p>\n"));
    /// assert_eq!(to_html("要 $5 或 $6", &math), "<p>要 $5 或 $6</p>\n");
    /// assert_eq!(to_html("设 $x$。", &Syntax::DEFAULT), "<p>设 $x$。</p>\n");
    /// ```
    pub math: bool,
    /// Whether line breaks are kept. Else they are blanks, and between two Chinese characters
    /// nothing (CSS Text 3, §4.1.2). Where it seems meant, a line indented as on paper begins a
    /// paragraph, and prose behind four blanks is no code.
    ///
    /// ```
    /// use chinese_markdown::{Syntax, When, to_html};
    /// let html = |text, breaks| to_html(text, &Syntax { breaks, ..Syntax::DEFAULT });
    /// assert_eq!(html("甲\n乙", When::Auto), "<p>甲乙</p>\n");
    /// assert_eq!(html("甲\n乙", When::Always), "<p>甲<br />\n乙</p>\n");
    /// assert_eq!(html("　　甲。\n　　乙。", When::Auto), "<p>　　甲。</p>\n<p>　　乙。</p>\n");
    /// assert_eq!(html("　　甲。\n　　乙。", When::Never), "<p>　　甲。\n　　乙。</p>\n");
    /// ```
    pub breaks: When,
    /// Strong marks that scrapers broke are mended, headings without a blank are read, and lines of
    /// tildes are ornaments. Sources without Chinese are left alone.
    ///
    /// ```
    /// use chinese_markdown::{Syntax, to_html};
    /// let text = "**重点 **后面，**甲****乙**。";
    /// assert_eq!(
    ///     to_html(text, &Syntax::DEFAULT),
    ///     "<p><strong>重点</strong> 后面，<strong>甲乙</strong>。</p>\n"
    /// );
    /// let left = to_html("**重点 **后面。", &Syntax { repair: false, ..Syntax::DEFAULT });
    /// assert_eq!(left, "<p>**重点 **后面。</p>\n");
    /// ```
    pub repair: bool,
    /// How far a raw HTML block reaches.
    ///
    /// ```
    /// use chinese_markdown::{HtmlBlocks, Syntax, to_html};
    /// let block = |html_blocks| {
    ///     to_html("<div>\n\n*甲*\n\n</div>", &Syntax { html_blocks, ..Syntax::DEFAULT })
    /// };
    /// assert_eq!(block(HtmlBlocks::CommonMark), "<div>\n<p><em>甲</em></p>\n</div>");
    /// assert_eq!(block(HtmlBlocks::Kramdown), "<div>\n\n*甲*\n\n</div>");
    /// ```
    pub html_blocks: HtmlBlocks,
    /// Which rules for scraped articles apply.
    ///
    /// ```
    /// use chinese_markdown::{StructureRules, Syntax, When, to_html};
    /// let structured = |when| {
    ///     let syntax = Syntax { structure: StructureRules::all(when), ..Syntax::DEFAULT };
    ///     to_html("开头。\n\n**一、源头**\n\n正文。\n\n**二、去处**\n\n正文。", &syntax)
    /// };
    /// assert_eq!(
    ///     structured(When::Always),
    ///     "<p>开头。</p>\n<h2 id=\"一源头\">一、源头</h2>\n<p>正文。</p>\n\
    ///     <h2 id=\"二去处\">二、去处</h2>\n<p>正文。</p>\n"
    /// );
    /// assert_eq!(
    ///     structured(When::Never),
    ///     "<p>开头。</p>\n<p><strong>一、源头</strong></p>\n<p>正文。</p>\n\
    ///     <p><strong>二、去处</strong></p>\n<p>正文。</p>\n"
    /// );
    /// ```
    pub structure: StructureRules,
    /// Straight quotes, dashes and dots of Latin runs become typographic ones.
    ///
    /// ```
    /// use chinese_markdown::{Syntax, to_html};
    /// let smart = Syntax { smart_punctuation: true, ..Syntax::DEFAULT };
    /// assert_eq!(to_html("It's \"so\"", &smart), "<p>It’s “so”</p>\n");
    /// assert_eq!(to_html("It's \"so\"", &Syntax::DEFAULT), "<p>It's \"so\"</p>\n");
    /// ```
    pub smart_punctuation: bool,
    /// kramdown's attribute lists, contents and extensions are understood, and Markdown in raw HTML
    /// where a tag asks for it. Ids and sizes are taken; classes mean nothing here.
    ///
    /// ```
    /// use chinese_markdown::{Syntax, to_html};
    /// let kramdown = Syntax { kramdown: true, ..Syntax::DEFAULT };
    /// assert_eq!(to_html("段。\n{: .lead}", &kramdown), "<p>段。</p>\n");
    /// assert_eq!(to_html("段。\n{: .lead}", &Syntax::DEFAULT), "<p>段。\n{: .lead}</p>\n");
    /// ```
    pub kramdown: bool,
    /// `{漢|かん}` is ruby.
    ///
    /// ```
    /// use chinese_markdown::{Syntax, to_html};
    /// let ruby = Syntax { ruby: true, ..Syntax::DEFAULT };
    /// assert_eq!(
    ///     to_html("{漢|かん}", &ruby),
    ///     "<p><ruby>漢<rp>（</rp><rt>かん</rt><rp>）</rp></ruby></p>\n"
    /// );
    /// assert_eq!(to_html("{漢|かん}", &Syntax::DEFAULT), "<p>{漢|かん}</p>\n");
    /// ```
    pub ruby: bool,
    /// Elements of raw HTML that are hidden stay, for scripts that may show them; else they are
    /// left out with all they hold.
    ///
    /// ```
    /// use chinese_markdown::{Syntax, to_html};
    /// let kept = Syntax { keeps_hidden: true, ..Syntax::DEFAULT };
    /// let text = "甲<span style=\"display: none\">乙</span>";
    /// assert_eq!(to_html(text, &Syntax::DEFAULT), "<p>甲</p>\n");
    /// assert_eq!(to_html(text, &kept), "<p>甲<span>乙</span></p>\n");
    /// ```
    pub keeps_hidden: bool,
    /// Of raw HTML only the text will be kept ([`RawHtml::Strip`](crate::RawHtml::Strip)), so that
    /// what other programs' tags become is written without it.
    ///
    /// ```
    /// use chinese_markdown::{Syntax, to_html};
    /// let stripped = Syntax { strips_html: true, ..Syntax::DEFAULT };
    /// assert_eq!(to_html("<b>甲</b>乙", &stripped), "<p>甲乙</p>\n");
    /// assert_eq!(to_html("<b>甲</b>乙", &Syntax::DEFAULT), "<p><b>甲</b>乙</p>\n");
    /// ```
    pub strips_html: bool,
    /// The tags and names of [`liquid`] are expanded, where there is a [`scope`](Syntax::scope).
    ///
    /// ```
    /// use chinese_markdown::{Syntax, liquid, to_html};
    /// let jekyll = Syntax { liquid: true, scope: Some(&liquid::Nothing), ..Syntax::DEFAULT };
    /// assert_eq!(to_html("{% raw %}{{甲}}{% endraw %}", &jekyll), "<p>{{甲}}</p>\n");
    /// ```
    pub liquid: bool,
    /// What names stand for: Liquid's, and those of articles in links, `[[文]]`. Without it such a
    /// link is its text.
    ///
    /// ```
    /// use chinese_markdown::{Syntax, to_html};
    /// assert_eq!(to_html("见[[文|此文]]", &Syntax::DEFAULT), "<p>见此文</p>\n");
    /// ```
    pub scope: Option<&'a dyn liquid::Scope>,
}

impl Syntax<'_> {
    /// The options that most archives want.
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

/// Returns the extensions of CommonMark (GFM's, notes, definition lists, ids of headings) that an
/// article is parsed with.
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
