//! What a match of an expression must begin with, so that it need not be tried elsewhere.
//!
//! Of a hundred rules that apply at a place few can match there, and most nowhere in the line:
//! `\b(?:function|return)\b` asks for the beginning of a word, for `f` or `r`, and after an `f` for
//! `u`; and `[a-z]+\s*\(` asks for a `(` in what is left of the line. Where a place is left out, a
//! search would have failed at it. To allow too much costs time, to allow too little a colour:
//! `searches` compares on random lines.

use super::expression::{self, CharacterSet, Expression};

/// How many bytes are looked at, and how many kinds of beginnings are told apart: without kinds, a
/// list of sixty keywords lets nearly every word pass.
const DEPTH: u32 = 4;
const KINDS: u32 = 8;

/// For each of the first bytes of a match, the kinds of beginnings that it may be part of: the
/// first byte's lowest.
type Lanes = u32;

const FIRST: Lanes = (1 << KINDS) - 1;
const LAST: Lanes = FIRST << (KINDS * (DEPTH - 1));

/// How matches begin.
pub(super) struct Opening {
    /// For each byte where it may stand.
    places: [Lanes; 256],
    /// Where the line may have ended.
    end: Lanes,
    /// Which characters may stand before; the line may begin there besides.
    before: CharacterSet,
    /// Whether a word begins or ends there.
    is_boundary: bool,
    needs: Needs,
}

/// Characters that must come in a match, or in what it looks ahead for.
#[derive(Clone, Copy)]
struct Needs {
    all: Presence,
    one_of: Presence,
}

/// Which characters there are: a bit for each of ASCII, the lowest for any other.
type Presence = u128;

/// A line, and what there is in it from each place on.
#[derive(Default)]
pub(super) struct Outlook {
    presence: Vec<Presence>,
}

impl Outlook {
    pub(super) fn of_line(&mut self, line: &str) {
        self.presence.clear();
        self.presence.resize(line.len() + 1, 0);
        let mut present = 0;
        for (place, byte) in line.bytes().enumerate().rev() {
            present |= if byte.is_ascii() { 1 << byte } else { 1 };
            self.presence[place] = present;
        }
    }
}

impl Opening {
    /// Returns what matches of an expression begin with, if anything is known of it.
    pub(super) fn of_expression(expression: &str) -> Option<Box<Opening>> {
        let expression = expression::read(expression)?;
        let mut walk = Walk { places: [0; 256], end: 0 };
        let ends = walk.advance(&expression, FIRST, true);
        walk.allow_all(ends);
        let opening = Opening {
            places: walk.places,
            end: walk.end,
            before: before(&expression),
            is_boundary: is_boundary(&expression),
            needs: needs(&expression).and_one_of(walk.first()),
        };
        let is_open = opening.end & FIRST == FIRST;
        let asks = !is_open || opening.is_boundary || opening.before != CharacterSet::ALL;
        asks.then(|| Box::new(opening))
    }

    /// Returns the first place at or after one at which the expression may match: as shift-and
    /// does, with all kinds at once.
    pub(super) fn next(&self, line: &str, at: usize, outlook: &Outlook) -> Option<usize> {
        const DEPTH: usize = self::DEPTH as usize;
        if !self.needs.are_met(outlook.presence[at]) {
            return None;
        }
        let mut seen = 0;
        for (end, byte) in (at + 1..).zip(&line.as_bytes()[at..]) {
            seen = (seen << KINDS | FIRST) & self.places[usize::from(*byte)];
            if seen & LAST != 0 && self.may_begin(line, end - DEPTH) {
                return self.if_met(end - DEPTH, outlook);
            }
        }
        for end in line.len() + 1..=line.len() + DEPTH {
            seen = (seen << KINDS | FIRST) & self.end;
            if seen & LAST != 0 && self.may_begin(line, end - DEPTH) {
                return self.if_met(end - DEPTH, outlook);
            }
        }
        None
    }

    fn if_met(&self, place: usize, outlook: &Outlook) -> Option<usize> {
        self.needs.are_met(outlook.presence[place]).then_some(place)
    }

    fn may_begin(&self, line: &str, place: usize) -> bool {
        let bytes = line.as_bytes();
        let before = place.checked_sub(1).map(|before| bytes[before]);
        line.is_char_boundary(place)
            && before.is_none_or(|byte| self.before.may_have(byte))
            && (!self.is_boundary || {
                // Beyond ASCII it is not known what is of a word.
                let is_of_word =
                    |byte: u8| byte.is_ascii().then(|| CharacterSet::WORD >> byte & 1 == 1);
                let (before, after) = (
                    before.map_or(Some(false), is_of_word),
                    bytes.get(place).map_or(Some(false), |byte| is_of_word(*byte)),
                );
                before.is_none() || after.is_none() || before != after
            })
    }
}

impl Needs {
    const NOTHING: Needs = Needs { all: 0, one_of: Presence::MAX };

    fn of_character(set: CharacterSet) -> Needs {
        let one_of = set.ascii | Presence::from(set.beyond);
        Needs { all: if one_of.is_power_of_two() { one_of } else { 0 }, one_of }
    }

    fn and_one_of(self, one_of: Presence) -> Needs {
        // Blanks are in every line.
        let blanks = 1 << b' ' | 1 << b'\n';
        let chance = |set: Presence| (set & blanks != 0, set.count_ones());
        let is_rarer = chance(one_of) < chance(self.one_of);
        Needs { one_of: if is_rarer { one_of } else { self.one_of }, ..self }
    }

    fn are_met(self, present: Presence) -> bool {
        self.all & !present == 0 && (self.one_of == Presence::MAX || self.one_of & present != 0)
    }
}

/// Returns the characters that come in each match of a part.
fn needs(part: &Expression) -> Needs {
    match part {
        Expression::Character(set) => Needs::of_character(*set),
        Expression::Ahead(part) => needs(part),
        Expression::Repeated { part, least, .. } if *least > 0 => needs(part),
        Expression::Sequence(parts) => {
            parts.iter().map(needs).fold(Needs::NOTHING, |both, needs| {
                let both = both.and_one_of(needs.one_of);
                Needs { all: both.all | needs.all, ..both }
            })
        }
        Expression::Alternatives(parts) => parts
            .iter()
            .map(needs)
            .reduce(|one, other| Needs {
                all: one.all & other.all,
                one_of: one.one_of | other.one_of,
            })
            .unwrap_or(Needs::NOTHING),
        _ => Needs::NOTHING,
    }
}

/// Goes through an expression with the places at which its parts may stand.
struct Walk {
    places: [Lanes; 256],
    end: Lanes,
}

impl Walk {
    /// Goes through a part that begins at these places; returns where it may end. What comes after
    /// the last part nobody asks, so what it looks ahead for stands for itself.
    fn advance(&mut self, part: &Expression, from: Lanes, is_last: bool) -> Lanes {
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
            Expression::Alternatives(parts) => parts.iter().fold(0, |ends, part| {
                // Those that begin with one letter are of one kind.
                let kind = first_byte(part).filter(|_| from == FIRST);
                let from = kind.map_or(from, |byte| 1 << (u32::from(byte) % KINDS));
                ends | self.advance(part, from, is_last)
            }),
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
                self.allow_all(from);
                0
            }
        }
    }

    fn character(&mut self, set: CharacterSet, from: Lanes) -> Lanes {
        let mut ends = 0;
        let mut ascii = set.ascii;
        while ascii != 0 {
            self.places[ascii.trailing_zeros() as usize] |= from;
            ascii &= ascii - 1;
            ends = from << KINDS;
        }
        if set.beyond {
            // Two to four bytes in UTF-8.
            let (second, third) = (from << KINDS, from << (2 * KINDS));
            let following = second | third | third << KINDS;
            self.places[0x80..0xC0].iter_mut().for_each(|places| *places |= following);
            self.places[0xC0..=0xFF].iter_mut().for_each(|places| *places |= from);
            ends |= following << KINDS;
        }
        ends
    }

    /// Lets anything stand at these places and after.
    fn allow_all(&mut self, from: Lanes) {
        let all = (1..DEPTH).fold(from, |all, _| from | all << KINDS);
        self.places.iter_mut().chain([&mut self.end]).for_each(|places| *places |= all);
    }

    /// Returns the characters that a match may begin with.
    fn first(&self) -> Presence {
        if self.end & FIRST != 0 {
            return Presence::MAX;
        }
        let begins = |byte: &u8| self.places[usize::from(*byte)] & FIRST != 0;
        let bit = |byte: u8| if byte.is_ascii() { 1 << byte } else { 1 };
        (0..=u8::MAX).filter(begins).fold(0, |all, byte| all | bit(byte))
    }
}

/// Returns a byte that a part begins with.
fn first_byte(part: &Expression) -> Option<u8> {
    match part {
        Expression::Character(set) => {
            (set.ascii != 0).then(|| u8::try_from(set.ascii.trailing_zeros()).unwrap_or(0))
        }
        Expression::Sequence(parts) => {
            parts.iter().find(|part| !takes_nothing(part)).and_then(first_byte)
        }
        Expression::Alternatives(parts) => parts.first().and_then(first_byte),
        Expression::Repeated { part, .. } => first_byte(part),
        _ => None,
    }
}

/// Returns whether a word begins or ends where a match begins.
fn is_boundary(part: &Expression) -> bool {
    match part {
        Expression::WordBoundary => true,
        Expression::Ahead(part) => is_boundary(part),
        Expression::Repeated { part, least, .. } => *least > 0 && is_boundary(part),
        Expression::Alternatives(parts) => parts.iter().all(is_boundary),
        Expression::Sequence(parts) => beginning(parts).any(is_boundary),
        _ => false,
    }
}

/// Returns the characters that may stand before a match.
fn before(part: &Expression) -> CharacterSet {
    match part {
        Expression::LineStart => CharacterSet { ascii: 1 << b'\n', beyond: false },
        Expression::Behind(part) => last_of(part),
        Expression::NotBehind(part) => not_last_of(part),
        Expression::Ahead(part) => before(part),
        Expression::Repeated { part, least, .. } if *least > 0 => before(part),
        Expression::Alternatives(parts) => {
            parts.iter().fold(CharacterSet::NONE, |all, part| all.or(before(part)))
        }
        Expression::Sequence(parts) => {
            beginning(parts).fold(CharacterSet::ALL, |all, part| all.and(before(part)))
        }
        _ => CharacterSet::ALL,
    }
}

/// Returns the parts of a sequence that begin where it does.
fn beginning(parts: &[Expression]) -> impl Iterator<Item = &Expression> {
    let nothing = parts.iter().take_while(|part| takes_nothing(part)).count();
    parts.iter().take(nothing + 1)
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
