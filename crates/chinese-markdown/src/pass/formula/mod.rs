//! Formulas among prose. A dollar is as often a price: Pandoc's rule says which open and close a
//! formula, and the others are text. `\\(…\\)` and `\\[…\\]`, which reach the page where a script
//! reads them, become dollars; a formula on lines of its own becomes a fence, since its lines may
//! look like lists and headings.

mod display;
mod sign;

use std::ops::Range;

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use crate::source::edits::Edits;
use crate::source::lookahead::VerbatimElement;
use crate::{Finding, Placed, parser_options};
pub(crate) use display::{FENCE, fence_displays};
use sign::{FormulaMark, Sign, Signs, looks_like_tex};

/// Edits that leave dollars to formulas alone.
///
/// To kramdown, `$$` within a paragraph is a formula within it.
pub(crate) fn mark_dollars(text: &str, is_kramdown: bool) -> Edits {
    let mut edits = Edits::default();
    for passage in passages(text) {
        for mark in passage.marks(text) {
            match mark {
                FormulaMark::Text(dollar) => edits.insert(dollar, '\\'),
                FormulaMark::Formula { tex, is_display: true }
                    if is_kramdown && !passage.is_all(text, &tex) =>
                {
                    let shown = text[tex.clone()].trim();
                    edits.replace(tex.start - 2..tex.end + 2, &format!("${shown}$"));
                }
                FormulaMark::Formula { .. } => {}
                FormulaMark::Bracketed { whole, tex, is_display } => {
                    let dollars = if is_display { "$$" } else { "$" };
                    edits.replace(whole, &format!("{dollars}{}{dollars}", text[tex].trim()));
                }
            }
        }
    }
    edits
}

/// Edits that show brackets with one backslash as they are written where formulas are not set: to
/// Markdown `\(x\)` is `(x)`.
pub(crate) fn keep_brackets(text: &str) -> Edits {
    let mut edits = Edits::default();
    if !["\\(", "\\["]
        .iter()
        .any(|mark| memchr::memmem::find(text.as_bytes(), mark.as_bytes()).is_some())
    {
        return edits;
    }
    for mark in passages(text).iter().flat_map(|passage| passage.marks(text)) {
        if let FormulaMark::Bracketed { whole, tex, .. } = mark
            && tex.start - whole.start == 2
        {
            let marks = text[whole.clone()]
                .char_indices()
                .filter(|(_, c)| matches!(c, '\\' | '*' | '_' | '`' | '<' | '&' | '~'));
            for (at, _) in marks {
                edits.insert(whole.start + at, '\\');
            }
        }
    }
    edits
}

/// Says once that a post is full of formulas which are shown as they are written.
pub(crate) fn tell_unset(text: &str) -> Option<Placed> {
    /// One on lines of its own counts twice.
    const FEW: usize = 3;
    // Two formulas have two ends each, and hold what makes them one between the first and the last.
    let bytes = text.as_bytes();
    let is_sign = |at: &usize| {
        bytes[*at] == b'$' || matches!(bytes.get(at + 1), Some(b'(' | b')' | b'[' | b']'))
    };
    let signs: Vec<usize> = memchr::memchr2_iter(b'$', b'\\', bytes).filter(is_sign).collect();
    let [first, _, _, .., last] = signs[..] else { return None };
    if !looks_like_tex(&text[first..last]) {
        return None;
    }
    let (mut count, mut first) = (0, None);
    for passage in passages(text) {
        for mark in passage.marks(text) {
            let (tex, is_display) = match mark {
                FormulaMark::Formula { tex, is_display }
                | FormulaMark::Bracketed { tex, is_display, .. } => (tex, is_display),
                FormulaMark::Text(_) => continue,
            };
            if looks_like_tex(&text[tex.clone()]) {
                count += 1 + usize::from(is_display);
                first = first.or(Some(tex));
            }
        }
    }
    first.filter(|_| count >= FEW).map(|place| (place, Finding::MathOff))
}

/// A paragraph or a cell: where text stands in it that is neither code nor a tag.
struct Passage {
    texts: Vec<Range<usize>>,
    /// Those inside `<code>`, where a dollar is one.
    verbatim: Vec<Range<usize>>,
}

fn passages(text: &str) -> Vec<Passage> {
    let mut passages = Vec::new();
    let (mut texts, mut verbatim): (Vec<Range<usize>>, Vec<Range<usize>>) = Default::default();
    let (mut in_code, mut element) = (false, VerbatimElement::default());
    for (event, range) in Parser::new_ext(text, parser_options(false)).into_offset_iter() {
        match event {
            Event::Text(_) if !in_code => {
                verbatim.extend(element.is_open().then(|| range.clone()));
                texts.push(range);
            }
            Event::InlineHtml(tag) => _ = element.after(&tag, &range),
            Event::Start(Tag::CodeBlock(_)) => in_code = true,
            Event::End(TagEnd::CodeBlock) => in_code = false,
            Event::Start(
                Tag::Emphasis
                | Tag::Strong
                | Tag::Strikethrough
                | Tag::Link { .. }
                | Tag::Image { .. },
            )
            | Event::End(
                TagEnd::Emphasis
                | TagEnd::Strong
                | TagEnd::Strikethrough
                | TagEnd::Link
                | TagEnd::Image,
            ) => {}
            Event::Start(_) | Event::End(_) if !texts.is_empty() => {
                element = VerbatimElement::default();
                passages.push(Passage {
                    texts: std::mem::take(&mut texts),
                    verbatim: std::mem::take(&mut verbatim),
                });
            }
            _ => {}
        }
    }
    passages
}

impl Passage {
    /// Whether it is nothing but the formula.
    fn is_all(&self, text: &str, tex: &Range<usize>) -> bool {
        let [Some(first), Some(last)] = [self.texts.first(), self.texts.last()] else {
            return false;
        };
        let is_blank =
            |range: Range<usize>| text.get(range).is_none_or(|text| text.trim().is_empty());
        is_blank(first.start..tex.start - 2) && is_blank(tex.end + 2..last.end)
    }

    fn marks(&self, text: &str) -> Vec<FormulaMark> {
        let begin = self.texts.first().map_or(0, |first| first.start.saturating_sub(1));
        let end = self.texts.last().map_or(begin, |last| last.end);
        let mut marks = Vec::new();
        // Markdown's texts begin behind the backslash that escapes, so what counts is where a sign
        // ends.
        let is_verbatim = |sign: &Sign| {
            let next = self.verbatim.partition_point(|range| range.end < sign.range.end);
            self.verbatim.get(next).is_some_and(|range| range.start < sign.range.end)
        };
        let mut open: Option<Sign> = None;
        for sign in Signs::new(text, &self.texts, begin, end) {
            if let Some(opened) = open.take() {
                if !is_verbatim(&sign) && opened.ends_with(&sign, text) {
                    marks.push(opened.formula(&sign));
                    continue;
                }
                opened.leave(&mut marks);
            }
            if sign.may_open(text) && !is_verbatim(&sign) {
                open = Some(sign);
            } else {
                sign.leave(&mut marks);
            }
        }
        if let Some(opened) = open {
            opened.leave(&mut marks);
        }
        marks
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dollars_are_formulas_or_amounts() {
        let marked = |text: &str| mark_dollars(text, false).apply(text).0;
        for (text, wanted) in [
            ("价格$100到$200之间，$x$。", "价格\\$100到\\$200之间，$x$。"),
            ("$5 与 $10", "\\$5 与 \\$10"),
            ("$ x $ 与 $y$", "\\$ x \\$ 与 $y$"),
            ("$a_1*b*c$ 与 `$z$`", "$a_1*b*c$ 与 `$z$`"),
            ("块$$E=mc^2$$行内", "块$$E=mc^2$$行内"),
            ("\\$5 $x$", "\\$5 $x$"),
            ("甲$x\n\n乙$", "甲\\$x\n\n乙\\$"),
            ("\\\\(x_1\\\\) 与 \\\\[ y \\\\]", "$x_1$ 与 $$y$$"),
            ("\\(x_1\\)，注\\[1\\]\\(见下\\)", "$x_1$，注\\[1\\]\\(见下\\)"),
            ("```\n$a\n```\n", "```\n$a\n```\n"),
            (
                "\\(x\\)、\\(n+1\\) 与 \\(f(x)\\)，\\[a\\] \\(10\\) \\(see a\\)",
                "$x$、$n+1$ 与 $f(x)$，\\[a\\] \\(10\\) \\(see a\\)",
            ),
            ("收$5.00，找$3.00，共$8$", "收\\$5.00，找\\$3.00，共$8$"),
        ] {
            assert_eq!(marked(text), wanted, "{text}");
        }
    }

    #[test]
    fn formulas_on_lines_of_their_own_are_fences() {
        let fenced = |text: &str| fence_displays(text).apply(text).0;
        for (text, wanted) in [
            ("甲\n$$\na\n- b\n\n= c\n$$\n乙", "甲\n```math\na\n- b\n\n= c\n```\n乙"),
            ("$$a\n+ b$$\n", "```math\na\n+ b\n```\n"),
            ("\\\\[\nx\n\\\\]\n", "```math\nx\n```\n"),
            ("$$a$$\n\n$$\nb\n$$", "$$a$$\n\n```math\nb\n```"),
            ("$$\n没有结尾", "$$\n没有结尾"),
            ("```\n$$\na\n$$\n```", "```\n$$\na\n$$\n```"),
            (
                "$$\nx\n$$，\n\n其中二。\n\n$$\ny\n$$",
                "```math\nx\n```\n，\n\n其中二。\n\n```math\ny\n```",
            ),
            ("$$\nx\n$$ (1)\n", "```math\nx\n```\n(1)\n"),
            ("$$\nx\n$$ {#eq:1}\n文", "```math\nx\n```\n\n<div id=\"eq:1\"></div>\n\n文"),
            ("已知 $$\nx\n$$\n其中。\n\n$$\ny\n$$", "已知 $$\nx\n$$\n其中。\n\n```math\ny\n```"),
            ("$$\n\n其中没有结尾。\n\n$$\ny\n$$", "$$\n\n其中没有结尾。\n\n```math\ny\n```"),
            (
                "\\begin{equation}x\\end{equation}，\n",
                "```math\n\\begin{equation}x\\end{equation}\n```\n，\n",
            ),
            ("文\n\\begin{equation}x\\end{equation}\n", "文\n\\begin{equation}x\\end{equation}\n"),
            ("$$\n甲 = 1\n\n乙 = 2\n$$", "```math\n甲 = 1\n\n乙 = 2\n```"),
            (
                "甲\n\n\\begin{align*}\na\n\n- b\n\\end{align*}\n",
                "甲\n\n```math\n\\begin{align*}\na\n\n- b\n\\end{align*}\n```\n",
            ),
        ] {
            assert_eq!(fenced(text), wanted, "{text}");
        }
    }

    #[test]
    fn kramdown_has_formulas_of_paragraphs_between_two_dollars() {
        let marked = |text: &str| mark_dollars(text, true).apply(text).0;
        assert_eq!(marked("设 $$A$$ 是\n\n$$B$$\n\n- $$C$$\n"), "设 $A$ 是\n\n$$B$$\n\n- $$C$$\n");
    }

    #[test]
    fn brackets_stay_where_nothing_is_set() {
        let kept = |text: &str| keep_brackets(text).apply(text).0;
        assert_eq!(kept("\\(x_1*a\\) 与注\\[1\\]"), "\\\\(x\\_1\\*a\\\\) 与注\\[1\\]");
    }

    #[test]
    fn a_post_full_of_formulas_is_told_once() {
        assert!(
            tell_unset("$x_1$、$\\alpha$ 与 $y^2$").is_some()
                && tell_unset("$$\n\\frac{a}{b}\n$$\n与 $x_1$").is_some()
        );
        for text in [
            "$x_1$ 与 $y$",
            "$MY_VAR/$OTHER_VAR/$THIRD_VAR",
            "`$x_1$` `$x_2$` `$x_3$`",
            "共 $5、$6、$7",
            "a^b_c",
        ] {
            assert!(tell_unset(text).is_none(), "{text}");
        }
    }
}
