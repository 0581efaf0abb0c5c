//! What an expression of a syntax says, read as far as [`Opening`](super::opening::Opening) asks.
//!
//! Oniguruma's own syntax (`doc/RE`, `ONIG_SYNTAX_ONIGURUMA`). What is read may allow more than the
//! expression does and never less; where that cannot be promised, nothing is read.

/// A part of an expression.
#[derive(Debug)]
pub(super) enum Expression {
    /// One character out of a set.
    Character(CharacterSet),
    /// One character of which nothing is known.
    AnyCharacter,
    Sequence(Vec<Expression>),
    Alternatives(Vec<Expression>),
    /// So many times, without an upper bound where there is none.
    Repeated {
        part: Box<Expression>,
        least: usize,
        most: Option<usize>,
    },
    /// What comes next and is not part of the match.
    Ahead(Box<Expression>),
    /// What stands before the match.
    Behind(Box<Expression>),
    /// What does not stand before the match.
    NotBehind(Box<Expression>),
    LineStart,
    WordBoundary,
    /// Takes nothing, and asks for what is not looked at here.
    Nothing,
    /// Takes anything, or nothing.
    Anything,
}

/// Characters: exactly those of ASCII, and whether others may be among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct CharacterSet {
    pub(super) ascii: u128,
    pub(super) beyond: bool,
}

impl CharacterSet {
    pub(super) const ALL: CharacterSet = CharacterSet { ascii: u128::MAX, beyond: true };
    pub(super) const NONE: CharacterSet = CharacterSet { ascii: 0, beyond: false };
    const LETTERS: u128 = range(b'a', b'z') | range(b'A', b'Z');
    const DIGITS: u128 = range(b'0', b'9');
    const SPACE: u128 = range(b'\t', b'\r') | range(b' ', b' ');
    const HEX: u128 = CharacterSet::DIGITS | range(b'a', b'f') | range(b'A', b'F');
    pub(super) const WORD: u128 = CharacterSet::LETTERS | CharacterSet::DIGITS | range(b'_', b'_');

    fn one(character: char) -> CharacterSet {
        match u8::try_from(character) {
            Ok(byte) if byte.is_ascii() => CharacterSet { ascii: range(byte, byte), beyond: false },
            _ => CharacterSet { ascii: 0, beyond: true },
        }
    }

    /// Returns what `\\w` and its like stand for; outside of ASCII they have some characters each.
    fn of_escape(letter: char) -> Option<CharacterSet> {
        let ascii = match letter.to_ascii_lowercase() {
            'w' => CharacterSet::WORD,
            'd' => CharacterSet::DIGITS,
            's' => CharacterSet::SPACE,
            'h' => CharacterSet::HEX,
            _ => return None,
        };
        let ascii = if letter.is_ascii_uppercase() { !ascii } else { ascii };
        Some(CharacterSet { ascii, beyond: true })
    }

    /// Returns what `[:alpha:]`, `\\p{L}` and their like stand for.
    fn of_name(name: &str) -> Option<CharacterSet> {
        let ascii = match name {
            "L" | "Letter" | "alpha" => CharacterSet::LETTERS,
            "N" | "Nd" => CharacterSet::DIGITS,
            "Nl" | "Mn" | "Mc" => 0,
            "Pc" => range(b'_', b'_'),
            "Lu" => range(b'A', b'Z'),
            "Ll" => range(b'a', b'z'),
            "alnum" => CharacterSet::LETTERS | CharacterSet::DIGITS,
            "word" => CharacterSet::WORD,
            "digit" => CharacterSet::DIGITS,
            "xdigit" => CharacterSet::HEX,
            "space" => CharacterSet::SPACE,
            "blank" => range(b' ', b' ') | range(b'\t', b'\t'),
            "upper" => range(b'A', b'Z'),
            "lower" => range(b'a', b'z'),
            _ => return None,
        };
        Some(CharacterSet { ascii, beyond: true })
    }

    /// Whether a byte may be of one of the characters.
    pub(super) fn may_have(self, byte: u8) -> bool {
        if byte.is_ascii() { self.ascii >> byte & 1 == 1 } else { self.beyond }
    }

    pub(super) fn or(self, other: CharacterSet) -> CharacterSet {
        CharacterSet { ascii: self.ascii | other.ascii, beyond: self.beyond || other.beyond }
    }

    pub(super) fn and(self, other: CharacterSet) -> CharacterSet {
        CharacterSet { ascii: self.ascii & other.ascii, beyond: self.beyond && other.beyond }
    }

    pub(super) fn not(self) -> CharacterSet {
        CharacterSet { ascii: !self.ascii, beyond: true }
    }

    fn in_both_cases(self) -> CharacterSet {
        let capitals = self.ascii & range(b'A', b'Z');
        let small = self.ascii & range(b'a', b'z');
        CharacterSet { ascii: self.ascii | capitals << 32 | small >> 32, ..self }
    }
}

const fn range(first: u8, last: u8) -> u128 {
    (u128::MAX >> (127 - last)) & (u128::MAX << first)
}

/// Reads an expression, if it is understood as a whole.
pub(super) fn read(expression: &str) -> Option<Expression> {
    let mut reader = Reader { rest: expression };
    let whole =
        reader.alternatives(Modifiers { ignore_case: false, extended: false, dot_all: false });
    whole.filter(|_| reader.rest.is_empty())
}

#[derive(Clone, Copy)]
struct Modifiers {
    ignore_case: bool,
    extended: bool,
    dot_all: bool,
}

struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.rest = &self.rest[c.len_utf8()..];
        Some(c)
    }

    /// Takes what stands next if it is this.
    fn take(&mut self, text: &str) -> bool {
        self.rest.strip_prefix(text).map(|rest| self.rest = rest).is_some()
    }

    /// Takes all up to this mark, and the mark.
    fn take_until(&mut self, mark: char) -> Option<&str> {
        let (text, rest) = self.rest.split_once(mark)?;
        self.rest = rest;
        Some(text)
    }

    /// Reads to the end of the group.
    fn alternatives(&mut self, options: Modifiers) -> Option<Expression> {
        let mut all = vec![self.sequence(options)?];
        while self.take("|") {
            all.push(self.sequence(options)?);
        }
        Some(if all.len() == 1 { all.remove(0) } else { Expression::Alternatives(all) })
    }

    fn sequence(&mut self, options: Modifiers) -> Option<Expression> {
        let mut parts = Vec::new();
        loop {
            self.skip_blanks(options);
            if matches!(self.peek(), None | Some('|' | ')')) {
                return Some(Expression::Sequence(parts));
            }
            let mut part = self.part(options)?;
            while let Some((least, most)) = self.quantifier(options) {
                part = Expression::Repeated { part: Box::new(part), least, most };
            }
            parts.push(part);
        }
    }

    /// Skips what `(?x)` lets stand between parts.
    fn skip_blanks(&mut self, options: Modifiers) {
        while options.extended && self.peek().is_some_and(|c| c.is_ascii_whitespace() || c == '#') {
            if self.next() == Some('#') && self.take_until('\n').is_none() {
                self.rest = "";
            }
        }
    }

    fn part(&mut self, options: Modifiers) -> Option<Expression> {
        Some(match self.next()? {
            '(' => return self.group(options),
            '[' => match self.class()? {
                Some(set) => in_case(set, options),
                None if options.ignore_case => Expression::Anything,
                None => Expression::AnyCharacter,
            },
            '\\' => return self.escape(options),
            '.' if options.dot_all => Expression::Character(CharacterSet::ALL),
            '.' => Expression::Character(CharacterSet::one('\n').not()),
            '^' => Expression::LineStart,
            '$' => Expression::Nothing,
            '*' | '+' | '?' => return None,
            c => in_case(CharacterSet::one(c), options),
        })
    }

    fn group(&mut self, options: Modifiers) -> Option<Expression> {
        if self.rest.starts_with('*') {
            return None;
        }
        let kind: fn(Box<Expression>) -> Expression = if !self.take("?") {
            |inner| *inner
        } else if self.take(":") || self.take(">") {
            |inner| *inner
        } else if self.take("=") {
            Expression::Ahead
        } else if self.take("!") {
            |_| Expression::Nothing
        } else if self.take("<=") {
            Expression::Behind
        } else if self.take("<!") {
            Expression::NotBehind
        } else if self.take("<") {
            self.take_until('>')?;
            |inner| *inner
        } else {
            return self.options(options);
        };
        let inner = self.alternatives(options)?;
        self.take(")").then(|| kind(Box::new(inner)))
    }

    /// Reads `(?i:…)`, or `(?i)` with what it holds for, which is the rest of the group.
    fn options(&mut self, mut options: Modifiers) -> Option<Expression> {
        let mut on = true;
        loop {
            match self.next()? {
                'i' => options.ignore_case = on,
                'x' => options.extended = on,
                'm' => options.dot_all = on,
                '-' => on = false,
                ')' => return self.alternatives(options),
                ':' => {
                    let inner = self.alternatives(options)?;
                    return self.take(")").then_some(inner);
                }
                _ => return None,
            }
        }
    }

    /// Reads how often a part may come.
    fn quantifier(&mut self, options: Modifiers) -> Option<(usize, Option<usize>)> {
        self.skip_blanks(options);
        let (least, most) = match self.peek()? {
            '*' => (0, None),
            '+' => (1, None),
            '?' => (0, Some(1)),
            '{' => return self.interval(),
            _ => return None,
        };
        self.next();
        // Reluctant and possessive.
        let _ = self.take("?") || self.take("+");
        Some((least, most))
    }

    /// Reads `{1,2}`; where that is none, it means itself.
    fn interval(&mut self) -> Option<(usize, Option<usize>)> {
        let (text, rest) = self.rest[1..].split_once('}')?;
        let (least, most) = text.split_once(',').unwrap_or((text, text));
        let are_numbers = [least, most].iter().all(|text| text.bytes().all(|b| b.is_ascii_digit()));
        if !are_numbers || (least.is_empty() && most.is_empty()) {
            return None;
        }
        self.rest = rest;
        let least = least.parse().unwrap_or(0);
        let most: Option<usize> = most.parse().ok();
        // `{2}?` is twice or not at all.
        let may_be_absent = self.take("?") && most == Some(least);
        let least = if may_be_absent { 0 } else { most.map_or(least, |most| most.min(least)) };
        Some((least, most.map(|most| most.max(least))))
    }

    fn escape(&mut self, options: Modifiers) -> Option<Expression> {
        let c = self.next()?;
        if let Some(set) = CharacterSet::of_escape(c) {
            return Some(Expression::Character(set));
        }
        Some(match c {
            'b' => Expression::WordBoundary,
            'A' => Expression::LineStart,
            'B' | 'z' | 'Z' => Expression::Nothing,
            'p' | 'P' => self.property(c)?.map_or(Expression::AnyCharacter, Expression::Character),
            // Begins where the search does; begins elsewhere than the match; quotes all that comes.
            'G' | 'K' | 'Q' | 'c' | 'C' | 'M' | 'o' => return None,
            _ => match self.code(c) {
                Some(character) => in_case(CharacterSet::one(character), options),
                None => Expression::Anything,
            },
        })
    }

    /// Reads `{L}` after `\\p`; none within is a set that is not known.
    fn property(&mut self, letter: char) -> Option<Option<CharacterSet>> {
        if !self.take("{") {
            return None;
        }
        let is_negated = (letter == 'P') != self.take("^");
        let set = CharacterSet::of_name(self.take_until('}')?);
        Some(set.map(|set| if is_negated { set.not() } else { set }))
    }

    /// Reads the character that an escape stands for, whose first one was read.
    fn code(&mut self, c: char) -> Option<char> {
        let digits = match c {
            't' => return Some('\t'),
            'n' => return Some('\n'),
            'r' => return Some('\r'),
            'f' => return Some('\u{c}'),
            'v' => return Some('\u{b}'),
            'a' => return Some('\u{7}'),
            'e' => return Some('\u{1b}'),
            'x' if self.take("{") => self.take_until('}')?,
            // A byte of a character that has several is none.
            'x' => self.take_hex(2).filter(|digits| digits.len() < 2 || digits < &"8")?,
            'u' => self.take_hex(4)?,
            '\'' | '`' => return None,
            c => return Some(c).filter(|c| !c.is_alphanumeric()),
        };
        u32::from_str_radix(digits, 16).ok().and_then(char::from_u32)
    }

    fn take_hex(&mut self, most: usize) -> Option<&str> {
        let length = self.rest.bytes().take(most).take_while(|b| b.is_ascii_hexdigit()).count();
        let (text, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(text)
    }

    /// Reads `[…]` from its second character on: none within is a set that is not known.
    fn class(&mut self) -> Option<Option<CharacterSet>> {
        let is_negated = self.take("^");
        let (mut set, mut is_known) = (CharacterSet::NONE, true);
        let mut intersected = CharacterSet::ALL;
        if self.take("]") {
            set = CharacterSet::one(']');
        }
        loop {
            if self.take("]") {
                break;
            }
            if self.take("&&") {
                intersected = intersected.and(set);
                set = CharacterSet::NONE;
                continue;
            }
            let first = match self.next()? {
                '[' if self.take(":") => {
                    let named = self.take_until(':').and_then(CharacterSet::of_name)?;
                    if !self.take("]") {
                        return None;
                    }
                    set = set.or(named);
                    continue;
                }
                '[' => {
                    let inner = self.class()?;
                    is_known &= inner.is_some();
                    set = set.or(inner.unwrap_or(CharacterSet::NONE));
                    continue;
                }
                '\\' => match self.escape_in_class()? {
                    Ok(character) => character,
                    Err(escaped) => {
                        is_known &= escaped.is_some();
                        set = set.or(escaped.unwrap_or(CharacterSet::NONE));
                        continue;
                    }
                },
                c => c,
            };
            let is_range = self.rest.starts_with('-') && !self.rest.starts_with("-]");
            let last = if is_range {
                self.next();
                match self.next()? {
                    '\\' => self.escape_in_class()?.ok(),
                    '[' | '&' => return None,
                    c => Some(c),
                }
            } else {
                Some(first)
            };
            is_known &= last.is_some();
            set = set.or(between(first, last.unwrap_or(first)));
        }
        let set = intersected.and(set);
        Some(is_known.then(|| if is_negated { set.not() } else { set }))
    }

    /// Reads a character, or else a set, which may be one that is not known.
    fn escape_in_class(&mut self) -> Option<Result<char, Option<CharacterSet>>> {
        let c = self.next()?;
        if let Some(set) = CharacterSet::of_escape(c) {
            return Some(Err(Some(set)));
        }
        Some(match c {
            'b' => Ok('\u{8}'),
            'p' | 'P' => Err(self.property(c)?),
            'Q' | 'c' | 'C' | 'M' | 'o' => return None,
            '\'' | '`' => Ok(c),
            _ => self.code(c).ok_or(None),
        })
    }
}

fn between(first: char, last: char) -> CharacterSet {
    let ascii = match (u8::try_from(first), u8::try_from(last.min('\u{7f}'))) {
        (Ok(first), Ok(last)) if first <= last => range(first, last),
        _ => 0,
    };
    CharacterSet { ascii, beyond: !last.is_ascii() }
}

/// Where case does not matter, `k` is also the Kelvin sign, and `ss` and `ß` are each other: what
/// comes after a character beyond ASCII is not known then.
fn in_case(set: CharacterSet, options: Modifiers) -> Expression {
    if !options.ignore_case || (!set.beyond && set.ascii & CharacterSet::LETTERS == 0) {
        return Expression::Character(set);
    }
    let set = set.in_both_cases();
    let unknown = |set: CharacterSet| {
        Expression::Sequence(vec![Expression::Character(set), Expression::Anything])
    };
    let beyond = CharacterSet { ascii: 0, beyond: true };
    if set.beyond {
        unknown(set.or(CharacterSet { ascii: CharacterSet::LETTERS, beyond: true }))
    } else {
        Expression::Alternatives(vec![Expression::Character(set), unknown(beyond)])
    }
}
