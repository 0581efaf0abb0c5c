//! Markdown: from source to events, and from events to HTML or plain text.
//!
//! In order: [`liquid`] (if switched on), [`html_block`], [`emphasis`] rewrite the source; pulldown-cmark parses it;
//! [`inline`] mends the events (soft breaks, single tildes, bare addresses); [`html_writer`] or [`plain`] write them.
//! Knows no posts and no site: what it needs from there comes in as options.

pub mod emphasis;
pub mod html_block;
pub mod html_writer;
mod inline;
pub mod liquid;
mod lookahead;
mod losses;
pub mod plain;
pub mod source_map;

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, CowStr, Event, Options, Parser, Tag};

use crate::config::HtmlBlocks;
use crate::diagnostic::Diagnostic;
use emphasis::Sentinels;
use source_map::{Edits, SourceMap};

/// How a source is read.
#[derive(Clone, Copy)]
pub struct Syntax<'a> {
    pub math: bool,
    pub repair: bool,
    pub html_blocks: HtmlBlocks,
    /// Values for Liquid, where it is switched on.
    pub liquid: Option<&'a dyn liquid::Scope>,
}

/// A finding with its byte range in the source.
pub type Finding = (Range<usize>, Diagnostic);

/// An event with its byte range in the prepared text.
pub type Spanned<'a> = (Event<'a>, Range<usize>);

/// A source made ready for the parser.
pub struct Document {
    text: String,
    maps: Vec<SourceMap>,
    sentinels: Option<Sentinels>,
    math: bool,
}

impl Document {
    /// Runs the passes that come before the parser.
    pub fn prepare(source: &str, syntax: &Syntax<'_>) -> (Document, Vec<Finding>) {
        let mut document = Document { text: source.to_owned(), maps: Vec::new(), sentinels: None, math: syntax.math };
        let mut findings = Vec::new();
        if let Some(scope) = syntax.liquid
            && source.contains('{')
        {
            let (edits, problems) = liquid::expand(source, scope);
            findings = problems;
            document.apply(edits);
        }
        document.apply(html_block::end_open_blocks(&document.text));
        if let Some(sentinels) = Sentinels::absent_from(&document.text) {
            let whole = html_block::keep_whole(&document.text, syntax.html_blocks, &sentinels);
            let marked = !whole.is_empty();
            document.apply(whole);
            if syntax.repair {
                document.apply(emphasis::mend(&document.text));
            }
            let bonds = emphasis::bond(&document.text, &sentinels);
            if marked || !bonds.is_empty() {
                document.sentinels = Some(sentinels);
            }
            document.apply(bonds);
        }
        (document, findings)
    }

    fn apply(&mut self, edits: Edits) {
        if !edits.is_empty() {
            let (text, map) = edits.apply(&self.text);
            self.text = text;
            self.maps.push(map);
        }
    }

    /// Where an offset of the prepared text stood in the source.
    pub fn original(&self, offset: usize) -> usize {
        self.maps.iter().rev().fold(offset, |offset, map| map.original(offset))
    }

    /// The prepared text, for looking at the spelling of an event.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The events of the text, clean of sentinels, texts merged, inline habits mended.
    pub fn events(&self) -> Vec<Spanned<'_>> {
        let mut events: Vec<Spanned<'_>> = Vec::with_capacity(self.text.len() / 24);
        for (event, range) in Parser::new_ext(&self.text, options(self.math)).into_offset_iter() {
            let event = match &self.sentinels {
                Some(sentinels) => without_sentinels(event, sentinels),
                None => event,
            };
            inline::push_merged(&mut events, event, range);
        }
        inline::mend(&mut events, &self.text);
        events
    }
}

/// The extensions of CommonMark that posts are written with.
pub fn options(math: bool) -> Options {
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

/// Takes sentinels out of every string of an event.
fn without_sentinels<'a>(event: Event<'a>, sentinels: &Sentinels) -> Event<'a> {
    let clean = |text: CowStr<'a>| match sentinels.strip(&text) {
        std::borrow::Cow::Borrowed(_) => text,
        std::borrow::Cow::Owned(clean) => CowStr::from(clean),
    };
    match event {
        Event::Text(text) => Event::Text(clean(text)),
        Event::Code(text) => Event::Code(clean(text)),
        Event::Html(text) => Event::Html(clean(text)),
        Event::InlineHtml(text) => Event::InlineHtml(clean(text)),
        Event::InlineMath(text) => Event::InlineMath(clean(text)),
        Event::DisplayMath(text) => Event::DisplayMath(clean(text)),
        Event::FootnoteReference(label) => Event::FootnoteReference(clean(label)),
        Event::Start(tag) => Event::Start(match tag {
            Tag::Link { link_type, dest_url, title, id } => {
                Tag::Link { link_type, dest_url: clean(dest_url), title: clean(title), id: clean(id) }
            }
            Tag::Image { link_type, dest_url, title, id } => {
                Tag::Image { link_type, dest_url: clean(dest_url), title: clean(title), id: clean(id) }
            }
            Tag::CodeBlock(CodeBlockKind::Fenced(info)) => Tag::CodeBlock(CodeBlockKind::Fenced(clean(info))),
            Tag::FootnoteDefinition(label) => Tag::FootnoteDefinition(clean(label)),
            Tag::Heading { level, id, classes, attrs } => {
                Tag::Heading { level, id: id.map(&clean), classes: classes.into_iter().map(&clean).collect(), attrs }
            }
            tag => tag,
        }),
        event => event,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    pub(crate) const SYNTAX: Syntax<'static> = Syntax { math: false, repair: true, html_blocks: HtmlBlocks::Auto, liquid: None };

    fn html(source: &str) -> String {
        let (document, _) = Document::prepare(source, &SYNTAX);
        let mut out = String::new();
        pulldown_cmark::html::push_html(&mut out, document.events().into_iter().map(|(event, _)| event));
        out
    }

    #[test]
    fn emphasis_beside_chinese_punctuation() {
        assert_eq!(html("他说。**“学者。”**他"), "<p>他说。<strong>“学者。”</strong>他</p>\n");
        assert_eq!(html("a~b 与 2000~2500，~~删除~~"), "<p>a~b 与 2000~2500，<del>删除</del></p>\n");
    }

    #[test]
    fn soft_breaks_vanish_between_chinese() {
        assert_eq!(html("第一行\n第二行\nGo 语言\n他说：\n“好。”"), "<p>第一行第二行\nGo 语言他说：“好。”</p>\n");
        assert_eq!(html("**粗**\n*斜*体"), "<p><strong>粗</strong><em>斜</em>体</p>\n");
    }

    #[test]
    fn scraped_blocks_stay_whole() {
        assert_eq!(html("<div>\n\n    <p>甲</p>\n\n</div>\n\n乙"), "<div>\n\n    <p>甲</p>\n\n</div>\n<p>乙</p>\n");
        assert_eq!(html("<div>\n\n**甲**\n\n</div>"), "<div>\n<p><strong>甲</strong></p>\n</div>");
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]
        #[test]
        fn any_text_is_parsed(text in "(?s)[*_~`\\[\\]()!#>|<:/.\\- \n甲a。“^$&\\\\]{0,200}") {
            html(&text);
        }
    }
}
