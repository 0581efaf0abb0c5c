//! A source made ready for the parser, and the events that the parser finds in it.

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use crate::dialect::admonition;
use crate::events::inline::Collector;
use crate::events::typography;
use crate::finding::{Finding, Placed};
use crate::html::Reference;
use crate::options::{StructureRules, Syntax, When, parser_options};
use crate::pass::emphasis::{self, Sentinels};
use crate::pass::repair::{self, Repairs};
use crate::pass::{
    definition, definition_list, formula, hidden, html_block, indented, interior, nesting,
    ornament, table,
};
use crate::source::edits::{Edits, SourceMap};
use crate::source::marks::{DEEPEST, Marks};
use crate::structure::Structure;
use crate::{Spanned, dialect, liquid};

/// What the parser made of a document: the one reading of it, from which [`plain`](crate::plain)
/// takes the gist and [`html_writer`](crate::html_writer) the page.
pub struct ParsedDocument<'d> {
    pub(crate) document: &'d Document<'d>,
    /// In order.
    pub(crate) events: Vec<Spanned<'d>>,
    /// The structure of the article, as if it had no title.
    pub(crate) untitled: Structure,
    /// What is to be said where something was nested too deep.
    pub(crate) too_deep: Option<Placed>,
    /// Marks that were not understood may be among the texts.
    pub(crate) may_have_marks: bool,
}

/// A source made ready for the parser.
///
/// ```
/// use chinese_markdown::{Document, Syntax};
/// let (document, findings) = Document::prepare("**重点 **后面。", &Syntax::DEFAULT);
/// assert_eq!(findings.len(), 1);
/// assert_eq!(document.events().len(), 6);
/// ```
pub struct Document<'s> {
    pub(crate) source: &'s str,
    text: Cow<'s, str>,
    maps: Vec<SourceMap>,
    /// The sentinels that were put into the text.
    sentinels: Vec<char>,
    pub(crate) math: bool,
    breaks: When,
    smart_punctuation: bool,
    rules: StructureRules,
    pub(crate) liquid: bool,
    pub(crate) kramdown: bool,
    /// A brace stands in it as in a mark of another program.
    has_braces: bool,
    /// What the text holds, where it was asked for since the last edits.
    marks: Option<Marks>,
}

impl<'s> Document<'s> {
    /// Runs the passes that come before the parser, and returns what they found. The time is linear
    /// in the length of the source.
    pub fn prepare(source: &'s str, syntax: &Syntax<'_>) -> (Document<'s>, Vec<Placed>) {
        let mut document = Document {
            source,
            text: Cow::Borrowed(source),
            maps: Vec::new(),
            sentinels: Vec::new(),
            math: syntax.math,
            breaks: syntax.breaks,
            smart_punctuation: syntax.smart_punctuation,
            rules: syntax.structure,
            liquid: syntax.liquid,
            kramdown: syntax.kramdown,
            has_braces: false,
            marks: None,
        };
        let mut findings = Vec::new();
        document.bound(&mut findings);
        if !syntax.keeps_hidden {
            let (edits, found) = hidden::take_out(&document.text, document.math);
            findings.extend(found.map(|found| document.traced(found)));
            document.apply(edits);
        }
        document.apply(admonition::quote(&document.text));
        if syntax.kramdown {
            document.apply(interior::lay_bare(&document.text));
        }
        let marks = document.marks();
        let translation = dialect::translate(&document.text, marks, syntax);
        document.has_braces = translation.has_braces;
        findings.extend(translation.findings.into_iter().map(|found| document.traced(found)));
        document.apply(translation.edits);
        if let Some(scope) = syntax.scope.filter(|_| syntax.liquid)
            && document.text.contains('{')
        {
            let (edits, problems) = liquid::expand(&document.text, scope);
            findings.extend(problems.into_iter().map(|found| document.traced(found)));
            document.apply(edits);
            document.bound(&mut findings);
        }
        if syntax.repair && document.marks().tildes {
            let (edits, found) = ornament::keep_as_text(&document.text, document.math);
            findings.extend(found.map(|found| document.traced(found)));
            document.apply(edits);
        }
        if document.marks().formula {
            if document.math {
                document.apply(formula::fence_displays(&document.text));
            } else {
                findings.extend(
                    formula::tell_unset(&document.text).map(|found| document.traced(found)),
                );
                document.apply(formula::keep_brackets(&document.text));
            }
        }
        document.apply(definition_list::keep_colons(&document.text, document.math));
        if document.marks().definition {
            let (edits, found) = definition::keep_texts(&document.text, document.math);
            findings.extend(found.into_iter().map(|found| document.traced(found)));
            let is_another_text = !edits.is_empty();
            document.apply(edits);
            // What follows a line that is text now may be read otherwise: `- ` below it begins a
            // list.
            if is_another_text {
                document.apply(definition::keep_texts(&document.text, document.math).0);
            }
        }
        let (edits, found) = table::keep_cells(&document.text, document.math);
        findings.extend(found.map(|found| document.traced(found)));
        document.apply(edits);
        if document.marks().tag {
            document.apply(html_block::end_open_blocks(&document.text));
        }
        if document.math && document.marks().formula {
            document.apply(formula::mark_dollars(&document.text, syntax.kramdown));
        }
        if let Some(sentinels) = Sentinels::absent_from(&document.text) {
            if document.marks().tag {
                document.mark(
                    html_block::keep_whole(&document.text, syntax.html_blocks, &sentinels),
                    &sentinels,
                );
            }
            if syntax.repair {
                let marks = document.marks();
                let repairs = repair::mend(&document.text, marks);
                findings.extend(document.told(&repairs));
                document.apply(repairs.edits);
            }
            if document.breaks == When::Auto {
                document.apply(indented::end_quotes(&document.text, document.math));
            }
            if document.breaks != When::Never && document.marks().indented {
                document.apply(indented::outdent_prose(&document.text, document.math));
            }
            document.mark(emphasis::bond(&document.text, &sentinels), &sentinels);
        }
        (document, findings)
    }

    /// Makes text of marks that nest too deep.
    fn bound(&mut self, findings: &mut Vec<Placed>) {
        if !self.marks().deep {
            return;
        }
        let (bounded, too_deep) = nesting::bound(&self.text);
        findings.extend(
            too_deep.map(|range| too_deep_at(self.original(range.start)..self.original(range.end))),
        );
        self.apply(bounded);
    }

    fn apply(&mut self, edits: Edits) {
        if !edits.is_empty() {
            let (text, map) = edits.apply(&self.text);
            self.text = Cow::Owned(text);
            self.maps.push(map);
            self.marks = None;
        }
    }

    /// Makes edits that put in sentinels.
    fn mark(&mut self, edits: Edits, sentinels: &Sentinels) {
        self.sentinels.extend(sentinels.put_in(&edits));
        self.apply(edits);
    }

    fn marks(&mut self) -> Marks {
        *self.marks.get_or_insert_with(|| Marks::of(&self.text))
    }

    /// A finding in the text as it is prepared so far, with its place in the source.
    fn traced(&self, (range, finding): Placed) -> Placed {
        (self.original(range.start)..self.original(range.end), finding)
    }

    /// What was repaired, in one note: a scraped archive has a great many such places.
    fn told(&self, repairs: &Repairs) -> Option<Placed> {
        /// Places that are quoted.
        const QUOTED: usize = 5;
        let first = repairs.places.first()?;
        let quoted = repairs.places.iter().take(QUOTED);
        let quotes = quoted.map(|place| around(&self.text, place)).collect();
        let count = repairs.places.len();
        let place = self.original(first.start)..self.original(first.end);
        Some((place, Finding::EmphasisRepaired { count, quotes }))
    }

    /// Returns where an offset of the prepared text, in bytes, stood in the source.
    pub fn original(&self, offset: usize) -> usize {
        self.maps.iter().rev().fold(offset, |offset, map| map.original(offset))
    }

    /// The prepared text, for looking at the spelling of an event.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// Returns the events of the article, to be looked at or written by another writer; their
    /// ranges are those of the prepared text (see [`Document::original`]).
    ///
    /// ```
    /// use chinese_markdown::{Document, Syntax};
    /// let (document, _) = Document::prepare("甲\n乙", &Syntax::DEFAULT);
    /// let mut html = String::new();
    /// let events = document.events().into_iter().map(|(event, _)| event);
    /// pulldown_cmark::html::push_html(&mut html, events);
    /// assert_eq!(html, "<p>甲乙</p>\n");
    /// ```
    pub fn events(&self) -> Vec<Spanned<'_>> {
        self.read().0
    }

    /// Parses the document, once for all that is to be made of it.
    ///
    /// ```
    /// use chinese_markdown::html_writer::{Labels, Writing, write};
    /// use chinese_markdown::reference::OwnHost;
    /// use chinese_markdown::{Document, Syntax, plain};
    /// let (document, _) = Document::prepare("# 题\n\n甲、乙、丙、丁。", &Syntax::DEFAULT);
    /// let parsed = document.parse();
    /// let title = plain::gist(&parsed).heading.unwrap();
    /// let (labels, own_host) = (Labels::chinese(), OwnHost::default());
    /// let writing = Writing { title: &title, ..Writing::new(&labels, &own_host) };
    /// assert_eq!(write(&parsed, &writing).html, "<p>甲、乙、丙、丁。</p>\n");
    /// ```
    pub fn parse(&self) -> ParsedDocument<'_> {
        let (events, has_marks, too_deep) = self.read();
        let untitled = Structure::of(&events, self.rules, "");
        let may_have_marks = has_marks || self.has_braces;
        ParsedDocument { document: self, events, untitled, too_deep, may_have_marks }
    }

    /// Returns the events, whether marks that were not understood may be among their texts, and
    /// what is to be said where something was nested too deep.
    fn read(&self) -> (Vec<Spanned<'_>>, bool, Option<Placed>) {
        let mut collector = Collector::new(&self.text, &self.sentinels, self.breaks);
        for (event, range) in
            Parser::new_ext(&self.text, parser_options(self.math)).into_offset_iter()
        {
            collector.take(event, range);
        }
        let (mut events, has_marks) = collector.finish();
        // Lists that lie in one another line by line, marks of emphasis, links.
        let too_deep = nesting::flatten(&mut events);
        if self.smart_punctuation {
            typography::smarten(&mut events);
        }
        let too_deep =
            too_deep.map(|range| too_deep_at(self.original(range.start)..self.original(range.end)));
        (events, has_marks, too_deep)
    }

    /// Returns what the article leads to and shows, with places in the prepared text.
    pub fn references(&self) -> Vec<Reference<'static>> {
        let events = self.events();
        let mut found = Vec::new();
        let mut block = 0;
        for (event, range) in &events {
            let (address, is_shown) = match event {
                Event::Start(Tag::Link { dest_url, .. }) => (dest_url, false),
                Event::Start(Tag::Image { dest_url, .. }) => (dest_url, true),
                // The tags of a block may take several lines, which are an event each.
                Event::Start(Tag::HtmlBlock) => {
                    block = range.start;
                    continue;
                }
                Event::InlineHtml(_) => {
                    self.add_references(range.clone(), &mut found);
                    continue;
                }
                Event::End(TagEnd::HtmlBlock) => {
                    self.add_references(block..range.end, &mut found);
                    continue;
                }
                _ => continue,
            };
            // The address itself, which stands behind the text, where it is written as it is read.
            let written = self.text[range.clone()]
                .rfind(&**address)
                .map(|at| range.start + at..range.start + at + address.len());
            let range = written.unwrap_or(range.clone());
            found.push(Reference { address: address.to_string().into(), is_shown, range });
        }
        found
    }

    fn add_references(&self, range: Range<usize>, found: &mut Vec<Reference<'static>>) {
        let start = range.start;
        let in_html = crate::html::references(&self.text[range]);
        found.extend(in_html.map(|found| Reference {
            address: found.address.into_owned().into(),
            is_shown: found.is_shown,
            range: start + found.range.start..start + found.range.end,
        }));
    }
}

impl ParsedDocument<'_> {
    /// The structure of the article under the post's title.
    pub(crate) fn structure(&self, title: &str) -> Cow<'_, Structure> {
        if self.untitled.depends_on(title) {
            Cow::Owned(Structure::of(&self.events, self.document.rules, title))
        } else {
            Cow::Borrowed(&self.untitled)
        }
    }
}

fn too_deep_at(range: Range<usize>) -> Placed {
    (range, Finding::MarkdownDepth { most: DEEPEST })
}

/// A place with a few characters of its line on both sides.
fn around(text: &str, place: &Range<usize>) -> String {
    const CHARS: usize = 6;
    let line_start = text[..place.start].rfind('\n').map_or(0, |at| at + 1);
    let before: Vec<char> = text[line_start..place.start].chars().rev().take(CHARS).collect();
    let inside = match text[place.clone()].split_once('\n') {
        Some((first, _)) => format!("{} …", first.chars().take(2 * CHARS).collect::<String>()),
        None => text[place.clone()].to_owned(),
    };
    let shown_after = if inside.ends_with('…') { 0 } else { CHARS };
    let after = text[place.end..].chars().take_while(|c| *c != '\n').take(shown_after);
    before.into_iter().rev().chain(inside.chars()).chain(after).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn html(source: &str) -> String {
        let (document, _) = Document::prepare(source, &Syntax::DEFAULT);
        let mut out = String::new();
        pulldown_cmark::html::push_html(
            &mut out,
            document.events().into_iter().map(|(event, _)| event),
        );
        out
    }

    #[test]
    fn emphasis_beside_chinese_punctuation() {
        assert_eq!(html("他说。**“学者。”**他"), "<p>他说。<strong>“学者。”</strong>他</p>\n");
        assert_eq!(
            html("a~b 与 2000~2500，~~删除~~"),
            "<p>a~b 与 2000~2500，<del>删除</del></p>\n"
        );
    }

    #[test]
    fn soft_breaks_vanish_between_chinese() {
        assert_eq!(
            html("第一行\n第二行\nGo 语言\n他说：\n“好。”"),
            "<p>第一行第二行\nGo 语言他说：“好。”</p>\n"
        );
        assert_eq!(html("**粗**\n*斜*体"), "<p><strong>粗</strong><em>斜</em>体</p>\n");
    }

    #[test]
    fn scraped_blocks_stay_whole() {
        assert_eq!(
            html("<div>\n\n    <p>甲</p>\n\n</div>\n\n乙"),
            "<div>\n\n    <p>甲</p>\n\n</div>\n<p>乙</p>\n"
        );
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
