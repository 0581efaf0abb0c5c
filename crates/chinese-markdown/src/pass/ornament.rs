//! Lines of tildes that are ornaments and no code fences: `~~~·~~~·~~~`, `~~~~ 完 ~~~~`, `~~~~~~`
//! between paragraphs. The parser takes each for the beginning of code (CommonMark §4.5: what
//! follows the tildes is called its language), often to the end of the text. A backslash before
//! each tilde makes them text.

use std::collections::BTreeSet;
use std::ops::Range;

use memchr::memmem;
use pulldown_cmark::{Event, Parser, Tag};

use crate::source::edits::Edits;
use crate::source::unit::{fence_of, line_at};
use crate::{Finding, Placed, parser_options};

/// A line that begins with three tildes or more, indented by three blanks at most.
struct TildeLine<'s> {
    /// The tildes it begins with.
    marks: Range<usize>,
    look: Look<'s>,
}

/// What a line of tildes looks like.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Look<'s> {
    /// Signs without a letter follow, or words between tildes on a line that stands alone: nobody's
    /// language.
    Ornament,
    /// Words between tildes, with text above or below.
    Framed,
    /// Nothing but tildes, between blank lines; all of the line, since those of one article look
    /// alike.
    Alone(&'s str),
    Fence,
}

/// Makes text of the ornaments, and says so.
pub(crate) fn keep_as_text(source: &str, math: bool) -> (Edits, Option<Placed>) {
    let lines = lines(source);
    if lines.is_empty() {
        return (Edits::default(), None);
    }
    let (ornaments, is_sure) = ornaments(source, &lines);
    let edits_of = |marks: &[Range<usize>]| {
        marks.iter().flat_map(Range::clone).fold(Edits::default(), |mut edits, at| {
            edits.insert(at, '\\');
            edits
        })
    };
    if ornaments.is_empty() {
        return (Edits::default(), None);
    }
    // In raw HTML and in code of other kinds a backslash would be shown.
    let (text, map) = edits_of(&ornaments).apply(source);
    let raw: Vec<Range<usize>> = Parser::new_ext(&text, parser_options(math))
        .into_offset_iter()
        .filter(|(event, _)| matches!(event, Event::Start(Tag::CodeBlock(_) | Tag::HtmlBlock)))
        .map(|(_, range)| map.original(range.start)..map.original(range.end))
        .collect();
    let is_raw = |marks: &Range<usize>| {
        raw[..raw.partition_point(|block| block.start <= marks.start)]
            .last()
            .is_some_and(|block| marks.start < block.end)
    };
    let ornaments: Vec<Range<usize>> =
        ornaments.into_iter().filter(|marks| !is_raw(marks)).collect();
    let finding = ornaments
        .first()
        .map(|first| (first.clone(), Finding::FenceOrnament { count: ornaments.len(), is_sure }));
    (edits_of(&ornaments), finding)
}

/// Lines that begin with tildes.
fn lines(source: &str) -> Vec<TildeLine<'_>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(tildes) = memmem::find(&source.as_bytes()[at..], b"~~~").map(|found| at + found)
    {
        let start = source[..tildes].rfind('\n').map_or(0, |newline| newline + 1);
        let line = line_at(source, start);
        let indentation = &source[start..tildes];
        if indentation.len() <= 3 && indentation.bytes().all(|byte| byte == b' ') {
            let length = line[indentation.len()..].bytes().take_while(|byte| *byte == b'~').count();
            let info = line[indentation.len() + length..].trim();
            let is_blank = |line: &str| line.trim().is_empty();
            let before = source[..start]
                .strip_suffix('\n')
                .map_or("", |before| before.rsplit('\n').next().unwrap_or(""));
            let is_alone = is_blank(before) && is_blank(line_at(source, start + line.len()));
            let is_framed = info.ends_with(['~', '～']);
            let look = match info {
                "" if is_alone => Look::Alone(line.trim()),
                "" => Look::Fence,
                info if !info.contains(char::is_alphanumeric) || (is_framed && is_alone) => {
                    Look::Ornament
                }
                _ if is_framed => Look::Framed,
                _ => Look::Fence,
            };
            found.push(TildeLine { marks: tildes..tildes + length, look });
        }
        at = start + line.len();
    }
    found
}

/// The tildes of the ornaments, and whether nobody could think them fences. Words between tildes,
/// and tildes alone, are ornaments where one of their look would else take the rest of the text for
/// code.
fn ornaments(source: &str, lines: &[TildeLine<'_>]) -> (Vec<Range<usize>>, bool) {
    let mut looks = BTreeSet::from([Look::Ornament]);
    // Each round knows one look more; an article has few, and the walk shall not be taken for each
    // of many.
    for _ in 0..4 {
        match left_open(source, lines, &looks) {
            Some(look) if look != Look::Fence => looks.insert(look),
            _ => break,
        };
    }
    let marks = lines
        .iter()
        .filter(|line| looks.contains(&line.look))
        .map(|line| line.marks.clone())
        .collect();
    (marks, !looks.iter().any(|look| matches!(look, Look::Alone(_))))
}

/// The look of the line of tildes that begins code to the end of the text, if lines of some looks
/// begin none.
fn left_open<'s>(
    source: &'s str,
    lines: &[TildeLine<'s>],
    ornaments: &BTreeSet<Look<'_>>,
) -> Option<Look<'s>> {
    // A fence of backticks holds tildes as code.
    let mut open: Option<(u8, usize, Look<'s>)> = None;
    let mut tildes = lines.iter().peekable();
    let mut at = 0;
    while at < source.len() {
        let line = line_at(source, at);
        let end = at + line.len();
        let own = tildes.next_if(|line| line.marks.start < end);
        let fence = fence_of(line.trim());
        at = end;
        match (&open, fence) {
            (Some((mark, length, _)), Some((own_mark, own_length)))
                if own_mark == *mark
                    && own_length >= *length
                    && line.trim().bytes().all(|byte| byte == *mark) =>
            {
                open = None;
            }
            (None, Some((mark, length)))
                if mark == b'`' || own.is_some_and(|line| !ornaments.contains(&line.look)) =>
            {
                open = Some((mark, length, own.map_or(Look::Fence, |line| line.look)));
            }
            _ => {}
        }
    }
    open.map(|(_, _, look)| look)
}
