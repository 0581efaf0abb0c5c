//! What a match of an expression must begin with, so that it need not be tried elsewhere.
//!
//! Of a hundred rules that apply at a place few can match there, and most nowhere in the line: `\b
//! (?:function|return)\b` asks for a character that is none of a word, then `f` or `r`, `u` or `e`
//! … Where a place is left out, a search would have failed at it. Whoever allows too much costs
//! time, whoever allows too little a colour; `tests` compares.

use super::expression::{self, CharacterSet, Expression};

/// How many bytes are looked at, beside the one before.
const DEPTH: u32 = 7;

/// The bytes that may stand before a match and at its first places.
pub(super) struct Opening {
    /// For each byte a bit for each place: the lowest for the one before the match.
    places: [u8; 256],
    /// How many bytes of a match are known.
    depth: u32,
}

impl Opening {
    /// Returns what matches of an expression begin with, if anything is known of it.
    pub(super) fn of_expression(expression: &str) -> Option<Box<Opening>> {
        let expression = expression::read(expression)?;
        let mut walk = Walk { places: [0; 256], unknown: 0 };
        let ends = walk.advance(&expression, 1, true);
        let depth = (ends | walk.unknown).trailing_zeros().min(DEPTH);
        let before = before(&expression, walk.across_boundary(depth));
        if depth == 0 && before == CharacterSet::ALL {
            return None;
        }
        let mut places = walk.places.map(|places| places << 1);
        for (byte, places) in (0..=u8::MAX).zip(&mut places) {
            let may_stand_before =
                if byte.is_ascii() { before.ascii >> byte & 1 == 1 } else { before.beyond };
            *places |= u8::from(may_stand_before);
        }
        Some(Box::new(Opening { places, depth }))
    }

    /// Returns the first place at or after one at which the expression may match.
    pub(super) fn next(&self, line: &str, at: usize) -> Option<usize> {
        let bytes = line.as_bytes();
        let goal = 1 << self.depth;
        // Bit n: so many bytes of a match, and the one before it, have been seen.
        let mut seen = if at == 0 { 1 } else { self.places[usize::from(bytes[at - 1])] & 1 };
        if seen & goal != 0 {
            return Some(at);
        }
        for (index, byte) in bytes[at..].iter().enumerate() {
            seen = (seen << 1 | 1) & self.places[usize::from(*byte)];
            if seen & goal != 0 {
                let place = at + index + 1 - self.depth as usize;
                if line.is_char_boundary(place) {
                    return Some(place);
                }
            }
        }
        None
    }
}

/// Goes through an expression with the places at which its parts may stand, a bit for each.
struct Walk {
    /// For each byte the places at which it may stand.
    places: [u8; 256],
    /// The places from which on nothing is known.
    unknown: u8,
}

impl Walk {
    /// Goes through a part that begins at these places; returns where it may end. What comes after
    /// the last part nobody asks, so what it looks ahead for stands for itself.
    fn advance(&mut self, part: &Expression, from: u8, is_last: bool) -> u8 {
        if from == 0 {
            return 0;
        }
        match part {
            Expression::Character(set) => self.character(*set, from),
            Expression::AnyCharacter => self.character(CharacterSet::ALL, from),
            Expression::Sequence(parts) => {
                let count = parts.len();
                parts.iter().enumerate().fold(from, |from, (index, part)| {
                    self.advance(part, from, is_last && index + 1 == count)
                })
            }
            Expression::Alternatives(parts) => {
                parts.iter().fold(0, |ends, part| ends | self.advance(part, from, is_last))
            }
            Expression::Repeated { part, least, most } => {
                let mut ends = from;
                for _ in 0..(*least).min(DEPTH as usize + 1) {
                    ends = self.advance(part, ends, false);
                }
                while most.is_none_or(|most| most > *least) {
                    let further = ends | self.advance(part, ends, false);
                    if further == ends {
                        break;
                    }
                    ends = further;
                }
                ends
            }
            Expression::Ahead(part) if is_last => self.advance(part, from, true),
            Expression::Ahead(_)
            | Expression::Behind(_)
            | Expression::NotBehind(_)
            | Expression::LineStart
            | Expression::WordBoundary
            | Expression::Nothing => from,
            Expression::Anything => {
                self.unknown |= from;
                0
            }
        }
    }

    fn character(&mut self, set: CharacterSet, from: u8) -> u8 {
        const PLACES: u8 = (1 << DEPTH) - 1;
        let mut ends = 0;
        if set.ascii != 0 {
            let mut rest = set.ascii;
            while rest != 0 {
                self.places[rest.trailing_zeros() as usize] |= from;
                rest &= rest - 1;
            }
            ends |= from << 1;
        }
        if set.beyond {
            // Two to four bytes in UTF-8.
            let following = from << 1 | from << 2 | from << 3;
            self.places[0x80..0xC0].iter_mut().for_each(|places| *places |= following);
            self.places[0xC0..].iter_mut().for_each(|places| *places |= from);
            ends |= following << 1;
        }
        ends & PLACES
    }

    /// Returns what stands before a match at whose beginning a word begins or ends.
    fn across_boundary(&self, depth: u32) -> CharacterSet {
        let begins = |byte: u8| self.places[usize::from(byte)] & 1 == 1;
        let is_of_word = |byte: u8| CharacterSet::WORD >> byte & 1 == 1;
        if depth == 0 || (0x80..=u8::MAX).any(begins) {
            CharacterSet::ALL
        } else if (0..0x80).filter(|byte| begins(*byte)).all(is_of_word) {
            CharacterSet { ascii: !CharacterSet::WORD, beyond: true }
        } else if !(0..0x80).filter(|byte| begins(*byte)).any(is_of_word) {
            CharacterSet { ascii: CharacterSet::WORD, beyond: true }
        } else {
            CharacterSet::ALL
        }
    }
}

/// Returns the characters that may stand before a match; the line may begin there besides.
fn before(part: &Expression, across_boundary: CharacterSet) -> CharacterSet {
    match part {
        Expression::LineStart => CharacterSet { ascii: 1 << b'\n', beyond: false },
        Expression::WordBoundary => across_boundary,
        Expression::Behind(part) => last_of(part),
        Expression::NotBehind(part) => not_last_of(part),
        Expression::Ahead(part) => before(part, across_boundary),
        Expression::Repeated { part, least, .. } if *least > 0 => before(part, across_boundary),
        Expression::Alternatives(parts) => parts
            .iter()
            .fold(CharacterSet::NONE, |all, part| all.or(before(part, across_boundary))),
        Expression::Sequence(parts) => {
            let mut all = CharacterSet::ALL;
            for part in parts {
                all = all.and(before(part, across_boundary));
                if !takes_nothing(part) {
                    break;
                }
            }
            all
        }
        _ => CharacterSet::ALL,
    }
}

fn takes_nothing(part: &Expression) -> bool {
    match part {
        Expression::Sequence(parts) | Expression::Alternatives(parts) => {
            parts.iter().all(takes_nothing)
        }
        Expression::Ahead(_)
        | Expression::Behind(_)
        | Expression::NotBehind(_)
        | Expression::LineStart
        | Expression::WordBoundary
        | Expression::Nothing => true,
        _ => false,
    }
}

/// Returns the characters that a part may end with.
fn last_of(part: &Expression) -> CharacterSet {
    match part {
        Expression::Character(set) => *set,
        Expression::LineStart => CharacterSet { ascii: 1 << b'\n', beyond: false },
        Expression::Sequence(parts) => parts.last().map_or(CharacterSet::ALL, last_of),
        Expression::Alternatives(parts) => {
            parts.iter().fold(CharacterSet::NONE, |all, part| all.or(last_of(part)))
        }
        Expression::Repeated { part, least, .. } if *least > 0 => last_of(part),
        _ => CharacterSet::ALL,
    }
}

/// Returns the characters that may stand where a part does not.
fn not_last_of(part: &Expression) -> CharacterSet {
    match part {
        Expression::Character(set) => set.not(),
        Expression::Sequence(parts) if parts.len() == 1 => not_last_of(&parts[0]),
        Expression::Alternatives(parts) => {
            parts.iter().fold(CharacterSet::ALL, |all, part| all.and(not_last_of(part)))
        }
        _ => CharacterSet::ALL,
    }
}
