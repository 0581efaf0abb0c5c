//! The quotes and brackets of a text.

use super::room::end_of_room;
use super::token::is_word_letter;

/// What a place stands inside of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Enclosure {
    None,
    /// Only quotations or asides that no excerpt can hold.
    Overlong,
    Pair,
}

/// Openers and their closers. An apostrophe is none: `'` never counts, `’` between letters belongs
/// to a word.
pub(super) const MARKS: [(char, char); 16] = [
    ('“', '”'),
    ('‘', '’'),
    ('「', '」'),
    ('『', '』'),
    ('"', '"'),
    ('《', '》'),
    ('〈', '〉'),
    ('（', '）'),
    ('(', ')'),
    ('【', '】'),
    ('［', '］'),
    ('[', ']'),
    ('〔', '〕'),
    ('〖', '〗'),
    ('｛', '｝'),
    ('{', '}'),
];

/// One pair.
struct Pair {
    open: usize,
    close: usize,
    kind: usize,
    /// Longer than any excerpt.
    overlong: bool,
}

/// The quotes and brackets of a text, matched over all of it, so that one without a partner holds
/// nothing up.
pub(super) struct Pairs {
    /// Those that open in the beginning.
    pairs: Vec<Pair>,
    /// Openers of the beginning that nothing closes, and their kind.
    strays: Vec<(usize, usize)>,
}

impl Pairs {
    /// The pairs that open before `limit`.
    pub(super) fn of(text: &str, limit: usize) -> Pairs {
        let mut open: Vec<(usize, usize)> = Vec::new();
        let mut depths = [0_usize; MARKS.len()];
        let (mut pairs, mut strays) = (Vec::new(), Vec::new());
        let mut previous = ' ';
        for (at, c) in text.char_indices() {
            if at >= limit && open.first().is_none_or(|(open, _)| *open >= limit) {
                break;
            }
            let before = std::mem::replace(&mut previous, c);
            if c.is_alphanumeric() {
                continue;
            }
            let next = || text[at + c.len_utf8()..].chars().next().unwrap_or(' ');
            if c == '’' && is_word_letter(before) && is_word_letter(next()) {
                continue;
            }
            let kind_of =
                |side: fn(&(char, char)) -> char| MARKS.iter().position(|marks| side(marks) == c);
            let closes = kind_of(|marks| marks.1)
                .filter(|kind| depths[*kind] > 0 && !(c == '"' && before.is_whitespace()));
            if let Some(kind) = closes {
                // What stands open between the two has no partner.
                while let Some((start, opened)) = open.pop() {
                    depths[opened] -= 1;
                    if opened == kind {
                        let overlong = end_of_room(&text[start..at]).is_some();
                        pairs.push(Pair { open: start, close: at, kind, overlong });
                        break;
                    }
                    strays.push((start, opened));
                }
            } else if let Some(kind) =
                kind_of(|marks| marks.0).filter(|_| !(c == '"' && next().is_whitespace()))
            {
                open.push((at, kind));
                depths[kind] += 1;
            }
        }
        strays.append(&mut open);
        pairs.retain(|pair| pair.open < limit);
        strays.retain(|(open, _)| *open < limit);
        strays.sort_unstable();
        Pairs { pairs, strays }
    }

    fn around(&self, at: usize) -> impl Iterator<Item = &Pair> {
        self.pairs.iter().filter(move |pair| pair.open < at && at <= pair.close)
    }

    pub(super) fn enclosure(&self, at: usize) -> Enclosure {
        match self.around(at).next() {
            None => Enclosure::None,
            Some(_) if self.around(at).all(|pair| pair.overlong) => Enclosure::Overlong,
            Some(_) => Enclosure::Pair,
        }
    }

    /// Whether the character at `at` closes something; of a straight quote only its pair tells.
    pub(super) fn closes(&self, at: usize, c: char) -> bool {
        if c == '"' {
            self.pairs.iter().any(|pair| pair.close == at)
        } else {
            c == '\'' || MARKS.iter().any(|(_, closer)| *closer == c)
        }
    }

    pub(super) fn opens(&self, at: usize, c: char) -> bool {
        MARKS.iter().any(|(opener, _)| *opener == c) && !(c == '"' && self.closes(at, c))
    }

    /// Whether the closing marks at `closers` end something within a sentence:
    /// `所谓“怎么办？”的问题`, `《谁？》是一本书`.
    pub(super) fn is_part_of_sentence(&self, text: &str, closers: std::ops::Range<usize>) -> bool {
        let Some(pair) = self
            .pairs
            .iter()
            .filter(|pair| closers.contains(&pair.close))
            .min_by_key(|pair| pair.open)
        else {
            return false;
        };
        let goes_on = char_at(text, closers.end).is_alphanumeric();
        let is_title = matches!(MARKS[pair.kind].0, '《' | '〈');
        let full_stop = text[..closers.start].ends_with(['。', '.']);
        let began_within = text[..pair.open].chars().next_back().is_some_and(char::is_alphanumeric);
        goes_on && (is_title || (began_within && !full_stop))
    }

    /// What must be set after `end` so that nothing stays open there: the closers of its pairs,
    /// innermost first. A quote that nobody closed (each paragraph of a long quotation opens one)
    /// is closed too.
    pub(super) fn closing_marks(&self, text: &str, end: usize) -> String {
        let mut open: Vec<(usize, usize)> =
            self.around(end).map(|pair| (pair.open, pair.kind)).collect();
        for kind in [0, 2, 3] {
            let mut unclosed = None;
            let within = self.strays.iter().filter(|(at, of)| *of == kind && *at < end);
            for (at, _) in within.filter(|(at, _)| {
                !self
                    .pairs
                    .iter()
                    .any(|pair| pair.open < *at && *at < pair.close && pair.close < end)
            }) {
                // `“甲“`: the second was meant to close.
                let follows_text =
                    text[..*at].chars().next_back().is_some_and(char::is_alphanumeric);
                unclosed =
                    if unclosed.is_some() && follows_text { None } else { Some((*at, kind)) };
            }
            open.extend(unclosed);
        }
        open.sort_unstable();
        open.iter().rev().map(|(_, kind)| MARKS[*kind].1).collect()
    }
}

fn char_at(text: &str, at: usize) -> char {
    text[at..].chars().next().unwrap_or(' ')
}
