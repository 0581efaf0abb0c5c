//! What other programs add to Markdown, put into words that all that comes after understands: the
//! marks of Obsidian, Hexo, Hugo, Typora and, where it is switched on, of kramdown.
//!
//! One look at the text, beside that of `marks`, finds the places where such a mark may stand; a
//! post that has none costs no more. Where there are any, the text is parsed to know what is code,
//! which is left alone. Each kind of mark has a module of its own, which reads what stands at a
//! place.

pub(crate) mod admonition;
mod attributes;
mod block_id;
pub(crate) mod callout;
mod contents;
mod heading;
mod inline_note;
mod kramdown;
pub(crate) mod picture;
mod ruby;
pub(crate) mod shortcode;
mod templated;
mod wiki;
mod wordpress;

use pulldown_cmark::{Event, LinkType, Parser, Tag, TagEnd};

use crate::source::edits::{Change, Edits};
use crate::source::lookahead::VerbatimElement;
use crate::source::marks::Marks;
use crate::source::ranges::Ranges;
use crate::{Placed, Syntax, parser_options};

/// What may begin at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum MarkKind {
    /// `##题`.
    Heading,
    Contents,
    /// `![…](…)` that Markdown would not read, or would read without its size.
    Picture,
    /// `[[…]]`, with what stands before it.
    WikiLink,
    Highlight,
    Comment,
    /// ` ^abc123`.
    BlockId,
    Kramdown,
    /// `{.class}`.
    Attributes,
    Ruby,
    /// `^[…]`.
    Note,
    /// `[caption …]`.
    WordPress,
    /// `{% … %}`, `{{< … >}}`.
    Shortcode,
    /// `<!-- tab 题 -->`, which parts what a tag holds.
    Label,
    /// `{{ site.baseurl }}`, in an address.
    Output,
}

/// What became of the marks of a text.
#[derive(Default)]
pub(crate) struct Translation {
    pub(crate) edits: Edits,
    pub(crate) findings: Vec<Placed>,
    /// A brace stands as in a mark, understood or not.
    pub(crate) has_braces: bool,
}

/// What makes of the text what its author's program would have made of it, and what is to be said
/// of that.
pub(crate) fn translate(text: &str, known: Marks, syntax: &Syntax<'_>) -> Translation {
    let (marks, has_braces) = marks(text, known, syntax);
    if marks.is_empty() {
        return Translation { has_braces, ..Translation::default() };
    }
    let parsed = Parsed::of(text, syntax.math);
    let mut changes: Vec<Change> = Vec::new();
    let mut wiki = wiki::WikiReader::new(text, syntax.scope);
    let mut kramdown = kramdown::KramdownReader::new(text);
    let mut shortcodes = shortcode::ShortcodeReader::new(text, syntax);
    let mut templated = templated::TemplateReader::new(text, syntax.scope);
    let (mut notes, mut wordpress) =
        (inline_note::NoteReader::new(text), wordpress::WordPressReader::default());
    let mut placeholders = picture::Placeholders::default();
    let mut done = 0;
    for (at, mark) in marks {
        let is_markdown = !parsed.html.hold(at);
        let comment = parsed.comments.at(at);
        if at < done
            || parsed.code.hold(at)
            || comment
                .as_ref()
                .is_some_and(|comment| mark != MarkKind::Label || comment.start != at)
        {
            continue;
        }
        let before = changes.len();
        match mark {
            MarkKind::Heading if is_markdown => changes.extend(heading::read(text, at)),
            MarkKind::Contents if is_markdown => changes.extend(contents::read(text, at)),
            MarkKind::Picture if is_markdown => {
                changes.extend(placeholders.noted(text, picture::read(text, at, syntax.kramdown)));
            }
            MarkKind::WikiLink if is_markdown && !parsed.begins_link(at) => {
                changes.extend(wiki.link(at));
            }
            MarkKind::Highlight if is_markdown && !parsed.addresses.hold(at) => {
                changes.extend(wiki.highlight(at, &parsed.code));
            }
            MarkKind::Comment if is_markdown && !parsed.addresses.hold(at) => {
                changes.extend(wiki.comment(at, &parsed.code));
            }
            MarkKind::Attributes if is_markdown => {
                if let Some(of) = parsed.attributes_of(text, at) {
                    attributes::read(text, at, of, &mut changes);
                }
            }
            MarkKind::Note if is_markdown && !parsed.addresses.hold(at) => {
                changes.extend(notes.read(at));
            }
            MarkKind::WordPress if is_markdown && !parsed.begins_link(at) => {
                changes.extend(wordpress.read(text, at));
            }
            MarkKind::BlockId if is_markdown && !parsed.addresses.hold(at) => {
                changes.extend(block_id::read(text, at));
            }
            MarkKind::Ruby if is_markdown => changes.extend(ruby::read(text, at)),
            MarkKind::Kramdown => kramdown.read(at, is_markdown, &mut changes),
            MarkKind::Shortcode => {
                shortcodes.read(
                    at,
                    parsed.place(text, at),
                    templated.is_in_address(at),
                    &mut changes,
                );
                templated.pass(
                    changes
                        .last()
                        .filter(|(range, _)| range.start == at)
                        .map(|(range, _)| range.end),
                );
            }
            MarkKind::Label => shortcodes.read_comment(at, parsed.place(text, at), &mut changes),
            MarkKind::Output => templated.read(at, syntax.liquid, &mut changes),
            _ => {}
        }
        // Of a mark that opens and closes, what lies between is read as well.
        done = changes
            .get(before)
            .map_or(done, |(range, _)| range.end)
            .max(shortcodes.verbatim_until());
    }
    notes.finish(&mut changes);
    let mut findings = shortcodes.finish(&mut changes);
    findings.extend(wiki.findings());
    findings.extend(templated.findings());
    findings.extend(placeholders.finding());
    Translation { edits: edits(changes), findings, has_braces }
}

/// The places at which marks may begin, in order; and whether braces are among what looks like one.
fn marks(text: &str, known: Marks, syntax: &Syntax<'_>) -> (Vec<(usize, MarkKind)>, bool) {
    let bytes = text.as_bytes();
    let begins = |at: usize, mark: &str| bytes[at..].starts_with(mark.as_bytes());
    let (mut marks, mut has_braces) = (Vec::new(), false);
    for at in memchr::memchr3_iter(b'{', b'[', b'%', bytes) {
        let (before, next) = (at.checked_sub(1).map(|before| bytes[before]), bytes.get(at + 1));
        has_braces |= bytes[at] == b'{'
            && (matches!(next, Some(b':' | b'%' | b'{' | b'.'))
                || bytes[..at].ends_with(b"\\begin"));
        let mark = match (bytes[at], next) {
            (b'{', Some(b':')) if syntax.kramdown => Some(MarkKind::Kramdown),
            (b'{', Some(b'%')) => Some(MarkKind::Shortcode),
            (b'{', Some(b'{')) if begins(at, "{{<") || begins(at, "{{%") => {
                Some(MarkKind::Shortcode)
            }
            (b'{', Some(b'.' | b'#' | b'a'..=b'z')) if attributes::may_begin(text, at) => {
                Some(MarkKind::Attributes)
            }
            (b'{', Some(b'{')) if templated::may_begin(text, at) => Some(MarkKind::Output),
            (b'{', Some(_)) if syntax.ruby => Some(MarkKind::Ruby),
            (b'[', Some(b'[' | b'_' | b't' | b'T')) if contents::may_begin(text, at) => {
                Some(MarkKind::Contents)
            }
            (b'[', Some(b'[')) if before != Some(b'[') => Some(MarkKind::WikiLink),
            (b'[', _) if before == Some(b'!') => {
                picture::read(text, at, syntax.kramdown).map(|_| MarkKind::Picture)
            }
            (b'[', Some(b'c' | b'e' | b'p' | b's' | b'w')) if wordpress::may_begin(text, at) => {
                Some(MarkKind::WordPress)
            }
            (b'[', _) if before == Some(b'^') && inline_note::note(text, at - 1).is_some() => {
                Some(MarkKind::Note)
            }
            (b'[', _) if before == Some(b'*') && syntax.kramdown => Some(MarkKind::Kramdown),
            (b'%', Some(b'%'))
                if !matches!(before, Some(b'%' | b'{')) && bytes.get(at + 2) != Some(&b'}') =>
            {
                Some(MarkKind::Comment)
            }
            _ => None,
        };
        marks.extend(mark.map(|mark| (if mark == MarkKind::Note { at - 1 } else { at }, mark)));
    }
    let found = marks.len();
    if marks.iter().any(|(_, mark)| *mark == MarkKind::Shortcode) {
        let comments = memchr::memmem::find_iter(bytes, "<!--");
        marks.extend(
            comments
                .filter(|at| shortcode::label_in(&text[*at..]).is_some())
                .map(|at| (at, MarkKind::Label)),
        );
    }
    if known.equals {
        let equals = memchr::memchr_iter(b'=', bytes)
            .filter(|at| begins(*at, "==") && wiki::may_open(text, *at));
        marks.extend(equals.map(|at| (at, MarkKind::Highlight)));
    }
    if known.heading && syntax.repair {
        let hashes = memchr::memchr_iter(b'#', bytes)
            .filter(|at| begins(*at, "##") && heading::read(text, *at).is_some());
        marks.extend(hashes.map(|at| (at, MarkKind::Heading)));
    }
    if syntax.kramdown {
        let breaks = memchr::memmem::find_iter(bytes, "\\\\\n")
            .filter(|at| kramdown::breaks_line(text, *at));
        marks.extend(breaks.map(|at| (at, MarkKind::Kramdown)));
    }
    for at in memchr::memchr_iter(b'^', bytes) {
        if syntax.kramdown && kramdown::ends_block(text, at) {
            marks.push((at, MarkKind::Kramdown));
        } else if block_id::read(text, at).is_some() {
            marks.push((at, MarkKind::BlockId));
        }
    }
    if marks.len() > found {
        marks.sort_unstable();
    }
    (marks, has_braces)
}

/// All changes in order; of two that meet, the first.
fn edits(mut changes: Vec<Change>) -> Edits {
    changes.sort_by_key(|(range, _)| (range.start, range.end));
    let mut edits = Edits::default();
    let mut done = 0;
    for (range, with) in changes {
        if range.start >= done {
            done = range.end;
            edits.replace(range, &with);
        }
    }
    edits
}

/// What the parser says of the text as it is written.
#[derive(Debug, Default)]
struct Parsed {
    /// Code, formulas, scripts.
    code: Ranges,
    /// Blocks that begin with a comment.
    comments: Ranges,
    /// Blocks of raw HTML.
    html: Ranges,
    /// Addresses of links and pictures.
    addresses: Ranges,
    /// Where links begin.
    links: Vec<usize>,
    /// Items of lists, quotes, notes, definitions.
    containers: Ranges,
    tables: Ranges,
}

impl Parsed {
    fn of(text: &str, math: bool) -> Parsed {
        let mut parsed = Parsed::default();
        // Where the address of each open link or picture begins, as far as it is known; where an
        // element that shows code does.
        let (mut open, mut element): (Vec<usize>, VerbatimElement) = Default::default();
        let is_verbatim = |block: &str| {
            let begins = |tag: &&str| {
                block
                    .trim_start()
                    .get(..tag.len())
                    .is_some_and(|begin| begin.eq_ignore_ascii_case(tag))
            };
            ["<pre", "<script", "<style", "<textarea"].iter().any(begins)
        };
        for (event, range) in Parser::new_ext(text, parser_options(math)).into_offset_iter() {
            match event {
                Event::Code(_)
                | Event::InlineMath(_)
                | Event::DisplayMath(_)
                | Event::Start(Tag::CodeBlock(_)) => {
                    parsed.code.add(range.clone());
                }
                Event::Start(Tag::HtmlBlock) if is_verbatim(&text[range.clone()]) => {
                    parsed.code.add(range.clone());
                }
                Event::Start(Tag::HtmlBlock)
                    if text[range.clone()].trim_start().starts_with("<!--") =>
                {
                    let indent = text[range.clone()].len() - text[range.clone()].trim_start().len();
                    parsed.comments.add(range.start + indent..range.end);
                }
                Event::Start(Tag::HtmlBlock) => parsed.html.add(range.clone()),
                Event::Start(
                    Tag::Item
                    | Tag::BlockQuote(_)
                    | Tag::FootnoteDefinition(_)
                    | Tag::DefinitionListDefinition,
                ) => {
                    parsed.containers.add(range.clone());
                }
                Event::Start(Tag::Table(_)) => parsed.tables.add(range.clone()),
                Event::InlineHtml(source) => {
                    parsed.addresses.add(range.clone());
                    if let Some(shown) = element.after(&source, &range) {
                        parsed.code.add(shown);
                    }
                }
                Event::Start(Tag::Link {
                    link_type: LinkType::Autolink | LinkType::Email, ..
                }) => {
                    parsed.addresses.add(range.clone());
                    open.push(range.end);
                    continue;
                }
                Event::Start(Tag::Link { .. } | Tag::Image { .. }) => {
                    parsed.links.push(range.start);
                    open.push(range.start);
                    continue;
                }
                Event::End(TagEnd::Link | TagEnd::Image) => {
                    parsed.addresses.add(open.pop().unwrap_or(range.end).min(range.end)..range.end);
                }
                Event::End(TagEnd::Paragraph) => element = VerbatimElement::default(),
                _ => {}
            }
            // The address follows what is shown.
            if let Some(address) = open.last_mut() {
                *address = range.end.max(*address);
            }
        }
        parsed
    }

    /// What a tag at a place lies in. One at the margin ends what it only continues because no
    /// blank line stands between.
    fn place(&self, text: &str, at: usize) -> shortcode::Place {
        let begins_line = at == 0 || text.as_bytes()[at - 1] == b'\n';
        let closes_line =
            || text[at..].split('\n').next().is_some_and(|line| line.trim_end().ends_with('}'));
        if self.tables.hold(at) && !(begins_line && closes_line()) {
            shortcode::Place::Cell
        } else if self.containers.hold(at) && !begins_line {
            shortcode::Place::Container
        } else {
            shortcode::Place::Margin
        }
    }

    /// What the list of attributes at a place belongs to.
    fn attributes_of(&self, text: &str, at: usize) -> Option<attributes::Owner> {
        match attributes::owner(text, at)? {
            attributes::Owner::Inline => (self.addresses.hold(at - 1) || self.code.hold(at - 1))
                .then_some(attributes::Owner::Inline),
            attributes::Owner::Span(open)
                if self.begins_link(open) || self.addresses.hold(at - 1) =>
            {
                Some(attributes::Owner::Inline)
            }
            of => Some(of),
        }
    }

    /// Whether `[[` at a place is Markdown's own link in brackets.
    fn begins_link(&self, at: usize) -> bool {
        self.links.binary_search(&at).is_ok() || self.links.binary_search(&(at + 1)).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Document, liquid};
    use proptest::prelude::*;

    const ALL: Syntax<'static> = Syntax {
        math: true,
        kramdown: true,
        ruby: true,
        scope: Some(&liquid::Nothing),
        ..Syntax::DEFAULT
    };

    fn translated(source: &str) -> String {
        translate(source, Marks::of(source), &ALL).edits.apply(source).0
    }

    #[test]
    fn what_is_code_stays() {
        for source in [
            "`[[甲]]` ``==甲==``",
            "```\n[TOC]\n{% note %}\n##题\n```",
            "    {: .x}",
            "<pre>\n==甲==\n\n[[甲]]\n</pre>",
            "<code>==甲==</code> <kbd>[[甲]]</kbd>",
            "$a_{:x}$ $$==a==$$",
            "[甲](https://a.example/?q==b==) <https://a.example/?==b==>",
            "<!-- [[甲]] -->",
            "<script>\nlet a = {% x %};\n</script>",
            "[[甲]](https://a.example/) [[甲][乙]\n\n[乙]: /b",
            "a==b 与 c==d，甲 == 乙 == 丙 ====甲==== 甲 ==> 乙 ==> 丙",
            "ATTR{idVendor}==\"04a9\",\nATTR{idProduct}==\"317b\" x ==\"a\" y==\"b\"",
            "<code>a <kbd>==甲==</kbd> [[乙]]</code> 文 <pre>[[丙]] %% 丁 %%</pre>",
            "100%% 与 50%%，`%%`",
            "2^3\n^x",
        ] {
            assert_eq!(translated(source), source);
        }
    }

    #[test]
    fn many_marks_cost_no_more_than_they_are() {
        for piece in [
            "{% note %}",
            "[[",
            "![](",
            "==",
            "%%",
            "{:",
            "{::comment}",
            "{{<",
            "[toc]",
            "{甲|",
            "\n##",
            "^\n",
            "![[",
            "{% raw %}",
            " ^abc12\n",
            "^ ",
            "{{< x >}}",
            "{{< /x >}}",
            "{% tabs a %}<!-- tab b -->\n",
            "]({{",
            "]({{ x }}",
            "- {% fold a %}\n",
            "- {% fold a %}b{% endfold %}",
            "{% btn a, b %}",
            "{% codeblock a b:c %}",
            "{{< button href=a >}}b",
        ] {
            let source = piece.repeat(20_000);
            assert!(translated(&source).len() < 20 * source.len(), "{piece}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]
        #[test]
        fn any_marks_are_read(pieces in proptest::collection::vec(proptest::sample::select(vec![
            "甲", "a", " ", "\n", "\n\n", "{:", "}", ".x", "#y", "toc}", "{::comment}", "{:/}", "^", "* ", "[[", "]]", "|", "#", "![", "](", ")", "x.png",
            " =3x4", "{width=5%}", "==", "%%", "{% note %}", "{% endnote %}", "{% fold %}", "{% endfold %}", "{% raw %}", "{% endraw %}",
            "{{< figure src=", ">}}", "{{< tab >}}", "{{< /tab >}}", "\"", "[toc]", "@[toc](x)", "##", "`", "```", "> ", "[!tip]-", "data:image/svg+xml,<svg>",
            "</svg>", "{漢|かん}", " ^abc12", "<!-- tab x -->", "{% tabs a %}", "{% endtabs %}", "\n- ", "\n  ", "{{ site.baseurl }}",
            "{% link a.md %}", "{{< button href=a >}}", "{{< /button >}}", "{% codeblock x lang:js %}", "{% endcodeblock %}", "www.a.b", "a@b.cd", "https://", "/wiki/", "*[", "]: ", "<b>", "\\", "　",
        ]), 0..30)) {
            let source = pieces.concat();
            let (document, findings) = Document::prepare(&source, &ALL);
            prop_assert!(findings.iter().all(|(range, _)| range.end <= source.len()));
            let mut depth = 0_i64;
            for (event, _) in document.events() {
                depth += match event { Event::Start(_) => 1, Event::End(_) => -1, _ => 0 };
                prop_assert!(depth >= 0);
            }
            prop_assert_eq!(depth, 0, "every block that begins ends");
        }
    }
}
