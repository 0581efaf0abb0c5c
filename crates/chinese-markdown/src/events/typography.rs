//! Smart punctuation for the Latin runs of a text: `"x"` to “x”, `don't` to don’t, `--` to –, `---`
//! to —, `...` to ….
//!
//! Off by default. Beside Han nothing is changed: what a Chinese author typed there is a matter of
//! style, and a guess would be wrong half of the time. A pair of quotes is changed as a whole or
//! not at all.

use pulldown_cmark::{CowStr, Event, Tag, TagEnd};

use crate::Spanned;
use chinese_text::{is_cjk, is_shared_mark};

/// Changes the texts of `events` in place, block by block.
pub(crate) fn smarten(events: &mut [Spanned<'_>]) {
    let mut line: Vec<Glyph> = Vec::new();
    let mut closed = 0_usize;
    for index in 0..events.len() {
        match &events[index].0 {
            Event::Text(text) if closed == 0 => {
                line.extend(
                    text.char_indices()
                        .map(|(at, shown)| Glyph { shown, place: Some((index, at)) }),
                );
            }
            // Code and mathematics stand for a word.
            Event::Code(_) | Event::InlineMath(_) | Event::DisplayMath(_) => {
                line.push(Glyph { shown: 'x', place: None });
            }
            Event::SoftBreak | Event::HardBreak => line.push(Glyph { shown: ' ', place: None }),
            Event::Start(Tag::CodeBlock(_) | Tag::Image { .. } | Tag::HtmlBlock) => closed += 1,
            Event::End(TagEnd::CodeBlock | TagEnd::Image | TagEnd::HtmlBlock) => {
                closed = closed.saturating_sub(1);
            }
            Event::Start(Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. })
            | Event::End(
                TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link,
            )
            | Event::InlineHtml(_)
            | Event::Text(_) => {}
            _ => finish(&mut line, events),
        }
    }
    finish(&mut line, events);
}

/// A character of a block and where it stands: its event and its byte there.
#[derive(Clone, Copy)]
struct Glyph {
    shown: char,
    place: Option<(usize, usize)>,
}

fn finish(line: &mut Vec<Glyph>, events: &mut [Spanned<'_>]) {
    let mut changes = Vec::new();
    if line.iter().any(|glyph| matches!(glyph.shown, '"' | '\'' | '-' | '.')) {
        let shown: Vec<char> = line.iter().map(|glyph| glyph.shown).collect();
        pair_quotes(&shown, &mut changes);
        join_runs(&shown, &mut changes);
        changes.sort_unstable_by_key(|change| change.at);
    }
    // Each text is put together once, however many changes it has.
    let mut changes = changes.into_iter().filter(|change| is_within_one(line, change)).peekable();
    while let Some(change) = changes.next() {
        let Some((event, _)) = line[change.at].place else { continue };
        let mut of_event = vec![change];
        while let Some(change) =
            changes.next_if(|change| line[change.at].place.is_some_and(|(other, _)| other == event))
        {
            of_event.push(change);
        }
        if let Event::Text(text) = &mut events[event].0 {
            let mut changed = String::with_capacity(text.len() + of_event.len() * 2);
            let mut copied = 0;
            for Smartened { at, length, with } in of_event {
                let byte = line[at].place.map_or(copied, |(_, byte)| byte);
                changed.push_str(&text[copied..byte]);
                changed.push(with);
                copied = byte + length;
            }
            changed.push_str(&text[copied..]);
            *text = CowStr::from(changed);
        }
    }
    line.clear();
}

/// `length` ASCII characters from `at` become one.
struct Smartened {
    at: usize,
    length: usize,
    with: char,
}

/// Whether the characters of a change stand in one text.
fn is_within_one(line: &[Glyph], change: &Smartened) -> bool {
    let event = |at: usize| line[at].place.map(|(event, _)| event);
    event(change.at).is_some()
        && (change.at..change.at + change.length).all(|at| event(at) == event(change.at))
}

/// Whether the nearest character that is no blank is Chinese.
fn is_chinese<'c>(mut chars: impl Iterator<Item = &'c char>) -> bool {
    chars.find(|c| !c.is_whitespace()).is_some_and(|c| is_cjk(*c) || is_shared_mark(*c))
}

fn pair_quotes(line: &[char], changes: &mut Vec<Smartened>) {
    for (quote, left, right) in [('"', '“', '”'), ('\'', '‘', '’')] {
        let mut open: Option<usize> = None;
        for at in (0..line.len()).filter(|at| line[*at] == quote) {
            let before = at.checked_sub(1).map(|at| line[at]);
            let after = line.get(at + 1).copied();
            let is_letter = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() && !is_cjk(c));
            if quote == '\'' && is_letter(before) && is_letter(after) {
                changes.push(Smartened { at, length: 1, with: '’' });
                continue;
            }
            let can_open = after.is_some_and(|c| !c.is_whitespace()) && !is_letter(before);
            match open {
                Some(start) if before.is_some_and(|c| !c.is_whitespace()) && !is_letter(after) => {
                    let beside_chinese = is_chinese(line[..start].iter().rev())
                        || is_chinese(line[start + 1..at].iter())
                        || is_chinese(line[start + 1..at].iter().rev())
                        || is_chinese(line[at + 1..].iter());
                    if !beside_chinese {
                        changes.push(Smartened { at: start, length: 1, with: left });
                        changes.push(Smartened { at, length: 1, with: right });
                    }
                    open = None;
                }
                _ if can_open => open = Some(at),
                _ => {}
            }
        }
    }
}

fn join_runs(line: &[char], changes: &mut Vec<Smartened>) {
    let mut at = 0;
    while at < line.len() {
        let mark = line[at];
        let length = line[at..].iter().take_while(|c| **c == mark).count();
        let with = match (mark, length) {
            ('-', 2) => Some('–'),
            ('-', 3) => Some('—'),
            ('.', 3) => Some('…'),
            _ => None,
        };
        let beside_chinese =
            || is_chinese(line[..at].iter().rev()) || is_chinese(line[at + length..].iter());
        // `--flag` is an option, not a dash.
        let is_flag = || {
            mark == '-'
                && line.get(at + length).is_some_and(|c| c.is_alphanumeric())
                && at.checked_sub(1).is_none_or(|at| line[at] == ' ')
        };
        if let Some(with) = with.filter(|_| at > 0 && !beside_chinese() && !is_flag()) {
            changes.push(Smartened { at, length, with });
        }
        at += length;
    }
}

#[cfg(test)]
mod tests {
    use crate::{Document, Syntax};
    use proptest::prelude::*;

    fn smart(source: &str) -> String {
        let (document, _) =
            Document::prepare(source, &Syntax { smart_punctuation: true, ..Syntax::DEFAULT });
        let mut out = String::new();
        pulldown_cmark::html::push_html(
            &mut out,
            document.events().into_iter().map(|(event, _)| event),
        );
        out.trim_end().trim_start_matches("<p>").trim_end_matches("</p>").to_owned()
    }

    #[test]
    fn latin_runs_are_typeset() {
        assert_eq!(
            smart("He said \"don't -- never\" and left..."),
            "He said “don’t – never” and left…"
        );
        assert_eq!(smart("\"the *best* one\" wins"), "“the <em>best</em> one” wins");
        assert_eq!(
            smart("a --- b, 'c' and `\"x\" -- y`"),
            "a — b, ‘c’ and <code>\"x\" -- y</code>"
        );
    }

    #[test]
    fn text_beside_han_is_left_alone() {
        for text in [
            "他说\"Hello world\"然后",
            "他说 \"Hello\" and left",
            "\"你好\"",
            "等等...后来",
            "甲--乙",
            "use --flag here",
            "rock 'n roll",
        ] {
            assert_eq!(smart(text), text);
        }
    }

    proptest! {
        #[test]
        fn only_marks_change(text in "[\"'a 甲.。*-]{0,60}") {
            let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
            let (document, _) = Document::prepare(&text, &Syntax::DEFAULT);
            let plain: String = { let mut out = String::new(); pulldown_cmark::html::push_html(&mut out, document.events().into_iter().map(|(event, _)| event)); out };
            prop_assert_eq!(letters(&smart(&text)), letters(plain.trim_end().trim_start_matches("<p>").trim_end_matches("</p>")));
        }
    }
}
