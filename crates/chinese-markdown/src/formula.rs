//! Formulas among prose. A dollar is as often a price: Pandoc's rule says which open and close a
//! formula, and the others are text. `\\(…\\)` and `\\[…\\]`, which reach the page where a script
//! reads them, become dollars; a formula on lines of its own becomes a fence, since its lines may
//! look like lists and headings.

use std::ops::Range;

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use super::lookahead::VerbatimElement;
use super::source_map::Edits;
use super::unit::OpenLines;
use super::{Finding, Placed, parser_options};
use chinese_text::is_cjk;

/// The language of a fence that holds a formula.
pub(super) const FENCE: &str = "math";

/// Edits that put formulas on lines of their own into fences.
pub(super) fn fence_displays(text: &str) -> Edits {
    let mut edits = Edits::default();
    let mut open: Option<Display<'_>> = None;
    // Dollars were opened behind a text, and end in its paragraph.
    let mut in_text = false;
    let (mut next, mut after_blank) = (0, true);
    for (start, line) in OpenLines::of(text) {
        // Code lies between, which would end the fence.
        if std::mem::replace(&mut next, start + line.len()) != start {
            (open, in_text, after_blank) = (None, false, true);
        }
        let is_blank = line.trim().is_empty();
        open = match open.take() {
            Some(mut display) => match display.end_in(line) {
                Some(end) => {
                    display.fence(start, line, end, &mut edits);
                    None
                }
                None => (!display.is_over(line)).then_some(display),
            },
            None if in_text => {
                in_text = !is_blank && line.matches("$$").count().is_multiple_of(2);
                None
            }
            None => {
                in_text = opens_behind_text(line);
                let display = Display::opened(start, line, after_blank);
                match display.map(|display| (display.end_on_its_line(line), display)) {
                    Some((Some(end), display)) => {
                        display.fence(start, line, end, &mut edits);
                        None
                    }
                    other => other.map(|(_, display)| display),
                }
            }
        };
        after_blank = is_blank;
    }
    edits
}

/// Whether dollars end a line and are not themselves an end.
fn opens_behind_text(line: &str) -> bool {
    let shown = line.trim();
    shown.len() > 2
        && shown.ends_with("$$")
        && !shown.starts_with("$$")
        && shown.matches("$$").count() % 2 == 1
}

/// A formula whose end is looked for.
struct Display<'t> {
    /// What stands before the mark that opens it, and what follows it on its line.
    indent: &'t str,
    rest: &'t str,
    mark: Range<usize>,
    end: End<'t>,
    after_blank: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum End<'t> {
    Mark(&'static str),
    /// `\end{equation}`, the mark itself being part of the formula.
    Environment(&'t str),
}

/// Environments that are formulas where no dollars are around them.
const ENVIRONMENTS: [&str; 9] = [
    "equation",
    "align",
    "gather",
    "multline",
    "eqnarray",
    "alignat",
    "flalign",
    "displaymath",
    "split",
];

impl<'t> Display<'t> {
    fn opened(start: usize, line: &'t str, after_blank: bool) -> Option<Display<'t>> {
        let begun = line.trim_start();
        let indent = &line[..line.len() - begun.len()];
        let at = start + indent.len();
        if indent.len() >= 4 || indent.contains('\t') {
            return None;
        }
        if let Some(name) = begun
            .strip_prefix("\\begin{")
            .and_then(|rest| rest.split_once('}'))
            .map(|(name, _)| name)
        {
            let is_known = after_blank && ENVIRONMENTS.contains(&name.trim_end_matches('*'));
            return is_known.then(|| Display {
                indent,
                rest: begun.trim_end(),
                mark: at..at,
                end: End::Environment(name),
                after_blank: false,
            });
        }
        let (mark, end) = [("$$", "$$"), ("\\\\[", "\\\\]"), ("\\[", "\\]")]
            .into_iter()
            .find(|(mark, _)| begun.starts_with(mark))?;
        let rest = begun[mark.len()..].trim_end();
        // One that ends on its own line needs no fence, and one backslash before a bracket is an
        // escape as often.
        let is_open = !rest.contains(end) && (rest.is_empty() || mark != "\\[");
        is_open.then(|| Display {
            indent,
            rest,
            mark: at..at + mark.len(),
            end: End::Mark(end),
            after_blank: false,
        })
    }

    /// Where the mark stands in a line that ends the formula.
    fn end_in(&self, line: &str) -> Option<Range<usize>> {
        match self.end {
            End::Mark(end) => line.find(end).map(|at| at..at + end.len()),
            End::Environment(name) => {
                let at = line.find("\\end{")?;
                let rest = &line[at + "\\end{".len()..];
                rest.strip_prefix(name)
                    .filter(|rest| rest.starts_with('}'))
                    .map(|rest| at..line.len() - rest.len() + 1)
            }
        }
    }

    /// Where an environment ends on the line that it begins on.
    fn end_on_its_line(&self, line: &str) -> Option<Range<usize>> {
        self.end_in(line).filter(|_| matches!(self.end, End::Environment(_)))
    }

    /// Whether a line that does not end the formula shows that it is none: a paragraph of prose, or
    /// the end of one that it began in.
    fn is_over(&mut self, line: &str) -> bool {
        if line.trim().is_empty() {
            self.after_blank = true;
            return !self.rest.is_empty() && matches!(self.end, End::Mark(_));
        }
        std::mem::take(&mut self.after_blank)
            && line.contains(is_cjk)
            && !line.contains(['\\', '=', '^', '_', '{', '&'])
    }

    /// Ends with the mark at `end` of `line`.
    fn fence(self, start: usize, line: &str, end: Range<usize>, edits: &mut Edits) {
        let (indent, is_environment) = (self.indent, matches!(self.end, End::Environment(_)));
        let closing = if is_environment { end.end..end.end } else { end.clone() };
        let is_apart = self.rest.is_empty() && !is_environment;
        let opening =
            if is_apart { format!("```{FENCE}") } else { format!("```{FENCE}\n{indent}") };
        let before = line[..closing.start].trim();
        let after = line[end.end..].trim();
        let fence = if before.is_empty() { "```".to_owned() } else { format!("\n{indent}```") };
        edits.replace(self.mark, &opening);
        if after.is_empty() {
            edits.replace(start + closing.start..start + closing.end, &fence);
        } else {
            let behind = start + line.len() - line[end.end..].trim_start().len();
            let label = after
                .strip_prefix("{#")
                .and_then(|label| label.strip_suffix('}'))
                .filter(|label| !label.contains(['"', '<', '{']));
            // Others lead to the number of the formula by its label.
            let (until, with) = match label {
                Some(label) => (
                    start + line.trim_end().len(),
                    format!("{fence}\n\n{indent}<div id=\"{label}\"></div>\n"),
                ),
                None => (behind, format!("{fence}\n{indent}")),
            };
            edits.replace(start + closing.start..until, &with);
        }
    }
}

/// Edits that leave dollars to formulas alone.
///
/// To kramdown, `$$` within a paragraph is a formula within it.
pub(super) fn mark_dollars(text: &str, is_kramdown: bool) -> Edits {
    let mut edits = Edits::default();
    for block in blocks(text) {
        for mark in block.marks(text) {
            match mark {
                Mark::Text(dollar) => edits.insert(dollar, '\\'),
                Mark::Formula { tex, is_display: true }
                    if is_kramdown && !block.is_all(text, &tex) =>
                {
                    let shown = text[tex.clone()].trim();
                    edits.replace(tex.start - 2..tex.end + 2, &format!("${shown}$"));
                }
                Mark::Formula { .. } => {}
                Mark::Bracketed { whole, tex, is_display } => {
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
pub(super) fn keep_brackets(text: &str) -> Edits {
    let mut edits = Edits::default();
    if !["\\(", "\\["]
        .iter()
        .any(|mark| memchr::memmem::find(text.as_bytes(), mark.as_bytes()).is_some())
    {
        return edits;
    }
    for mark in blocks(text).iter().flat_map(|block| block.marks(text)) {
        if let Mark::Bracketed { whole, tex, .. } = mark
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
pub(super) fn tell_unset(text: &str) -> Option<Placed> {
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
    for block in blocks(text) {
        for mark in block.marks(text) {
            let (tex, is_display) = match mark {
                Mark::Formula { tex, is_display } | Mark::Bracketed { tex, is_display, .. } => {
                    (tex, is_display)
                }
                Mark::Text(_) => continue,
            };
            if looks_like_tex(&text[tex.clone()]) {
                count += 1 + usize::from(is_display);
                first = first.or(Some(tex));
            }
        }
    }
    first.filter(|_| count >= FEW).map(|place| (place, Finding::MathOff))
}

/// Whether a text holds what TeX alone has: a command of two letters, or an index.
fn looks_like_tex(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr3_iter(b'\\', b'^', b'_', bytes).any(|at| {
        let after = |offset: usize| bytes.get(at + offset).copied().unwrap_or(b' ');
        match bytes[at] {
            b'\\' => after(1).is_ascii_alphabetic() && after(2).is_ascii_alphabetic(),
            _ => {
                after(1) == b'{'
                    || after(1) == b'\\'
                    || (after(1).is_ascii_alphanumeric()
                        && !after(2).is_ascii_alphanumeric()
                        && after(2) != b'_')
            }
        }
    })
}

/// A paragraph or a cell: where text stands in it that is neither code nor a tag.
struct Block {
    texts: Vec<Range<usize>>,
    /// Those inside `<code>`, where a dollar is one.
    verbatim: Vec<Range<usize>>,
}

/// What a mark of a formula turned out to be.
enum Mark {
    /// A dollar that is text.
    Text(usize),
    Formula {
        tex: Range<usize>,
        is_display: bool,
    },
    /// Between brackets with backslashes.
    Bracketed {
        whole: Range<usize>,
        tex: Range<usize>,
        is_display: bool,
    },
}

fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
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
                blocks.push(Block {
                    texts: std::mem::take(&mut texts),
                    verbatim: std::mem::take(&mut verbatim),
                });
            }
            _ => {}
        }
    }
    blocks
}

impl Block {
    /// Whether it is nothing but the formula.
    fn is_all(&self, text: &str, tex: &Range<usize>) -> bool {
        let [Some(first), Some(last)] = [self.texts.first(), self.texts.last()] else {
            return false;
        };
        let is_blank =
            |range: Range<usize>| text.get(range).is_none_or(|text| text.trim().is_empty());
        is_blank(first.start..tex.start - 2) && is_blank(tex.end + 2..last.end)
    }

    fn marks(&self, text: &str) -> Vec<Mark> {
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
        for sign in (Signs { text, texts: &self.texts, at: begin, end, next: 0 }) {
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

/// A run of dollars or a bracket.
#[derive(Debug)]
struct Sign {
    range: Range<usize>,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Dollar,
    Dollars,
    /// `\\(`, `\\[`, `\\)`, `\\]`, by their last character and how many backslashes stand before
    /// it.
    Bracket(u8, usize),
}

impl Sign {
    /// Dollars that are neither end of a formula are text.
    fn leave(self, marks: &mut Vec<Mark>) {
        if matches!(self.kind, Kind::Dollar | Kind::Dollars) {
            marks.extend(self.range.map(Mark::Text));
        }
    }

    fn may_open(&self, text: &str) -> bool {
        match self.kind {
            Kind::Dollar => {
                text[self.range.end..].chars().next().is_some_and(|c| !c.is_whitespace())
            }
            Kind::Dollars => true,
            Kind::Bracket(mark, _) => matches!(mark, b'(' | b'['),
        }
    }

    /// Whether a sign ends the formula that this one opens.
    fn ends_with(&self, end: &Sign, text: &str) -> bool {
        let tex = &text[self.range.end..end.range.start];
        match (self.kind, end.kind) {
            (Kind::Dollars, Kind::Dollars) => !tex.trim().is_empty(),
            (Kind::Dollar, Kind::Dollar) => {
                let ends = !tex.is_empty() && !tex.ends_with(char::is_whitespace);
                let is_amount = text[end.range.end..].starts_with(|c: char| c.is_ascii_digit());
                ends && !is_amount && !reads_as_prose(tex)
            }
            (Kind::Bracket(b'(', one), Kind::Bracket(b')', other))
            | (Kind::Bracket(b'[', one), Kind::Bracket(b']', other)) => {
                // One backslash escapes a bracket, too: `\[1\]` is no formula.
                one == other
                    && !tex.trim().is_empty()
                    && !tex.contains('$')
                    && (one == 2
                        || looks_like_tex(tex)
                        || reads_as_formula(tex, matches!(self.kind, Kind::Bracket(b'(', _))))
            }
            _ => false,
        }
    }

    fn formula(self, end: &Sign) -> Mark {
        let tex = self.range.end..end.range.start;
        match self.kind {
            Kind::Bracket(mark, _) => Mark::Bracketed {
                whole: self.range.start..end.range.end,
                tex,
                is_display: mark == b'[',
            },
            kind => Mark::Formula { tex, is_display: kind == Kind::Dollars },
        }
    }
}

/// Whether what stands between two dollars is prose between two amounts: `100元，另付`.
fn reads_as_prose(tex: &str) -> bool {
    tex.starts_with(|c: char| c.is_ascii_digit())
        && tex.contains(is_cjk)
        && !tex.contains(['\\', '=', '^', '_', '{'])
}

/// Whether what stands between brackets that may be escaped is a formula all the same: letters one
/// by one, and signs. Words and numbers alone are not, nor a single letter in square brackets,
/// which is a mark of a note.
fn reads_as_formula(tex: &str, is_round: bool) -> bool {
    let tex = tex.trim();
    let words = || tex.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| !word.is_empty());
    let has_sign = tex.contains(['+', '-', '=', '<', '>', '^', '_', '/', '*', '|', '(', ',']);
    !tex.contains(is_cjk)
        && words().next().is_some()
        && words().all(|word| word.len() == 1)
        && (has_sign || is_round && tex.len() == 1)
}

/// The signs in the texts of a block, from left to right; what is escaped is none.
struct Signs<'t> {
    text: &'t str,
    texts: &'t [Range<usize>],
    at: usize,
    end: usize,
    next: usize,
}

impl Signs<'_> {
    fn is_text(&mut self, at: usize) -> bool {
        while self.texts.get(self.next).is_some_and(|range| range.end <= at) {
            self.next += 1;
        }
        self.texts.get(self.next).is_some_and(|range| range.contains(&at))
    }
}

impl Iterator for Signs<'_> {
    type Item = Sign;

    fn next(&mut self) -> Option<Sign> {
        let bytes = self.text.as_bytes();
        while self.at < self.end {
            let at = self.at + memchr::memchr2(b'$', b'\\', &bytes[self.at..self.end])?;
            let run = bytes[at..self.end].iter().take_while(|byte| **byte == bytes[at]).count();
            self.at = at + run;
            if bytes[at] == b'$' {
                if self.is_text(at) {
                    let kind = match run {
                        1 => Kind::Dollar,
                        2 => Kind::Dollars,
                        _ => continue,
                    };
                    return Some(Sign { range: at..at + run, kind });
                }
                continue;
            }
            let mark = bytes.get(self.at).copied().unwrap_or(b' ');
            if matches!(mark, b'(' | b')' | b'[' | b']') && run <= 2 && self.is_text(self.at) {
                self.at += 1;
                return Some(Sign { range: at..self.at, kind: Kind::Bracket(mark, run) });
            }
            // An odd backslash escapes what follows.
            self.at += usize::from(run % 2 == 1 && mark == b'$');
        }
        None
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
