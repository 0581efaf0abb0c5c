//! The signs that may begin or end a formula, and which of them do.

use std::ops::Range;

use chinese_text::is_cjk;

/// What a mark of a formula turned out to be.
pub(super) enum FormulaMark {
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

/// A run of dollars or a bracket.
#[derive(Debug)]
pub(super) struct Sign {
    pub(super) range: Range<usize>,
    kind: SignKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SignKind {
    Dollar,
    Dollars,
    /// `\\(`, `\\[`, `\\)`, `\\]`, by their last character and how many backslashes stand before
    /// it.
    Bracket(u8, usize),
}

impl Sign {
    /// Dollars that are neither end of a formula are text.
    pub(super) fn leave(self, marks: &mut Vec<FormulaMark>) {
        if matches!(self.kind, SignKind::Dollar | SignKind::Dollars) {
            marks.extend(self.range.map(FormulaMark::Text));
        }
    }

    pub(super) fn may_open(&self, text: &str) -> bool {
        match self.kind {
            SignKind::Dollar => {
                text[self.range.end..].chars().next().is_some_and(|c| !c.is_whitespace())
            }
            SignKind::Dollars => true,
            SignKind::Bracket(mark, _) => matches!(mark, b'(' | b'['),
        }
    }

    /// Whether a sign ends the formula that this one opens.
    pub(super) fn ends_with(&self, end: &Sign, text: &str) -> bool {
        let tex = &text[self.range.end..end.range.start];
        match (self.kind, end.kind) {
            (SignKind::Dollars, SignKind::Dollars) => !tex.trim().is_empty(),
            (SignKind::Dollar, SignKind::Dollar) => {
                let ends = !tex.is_empty() && !tex.ends_with(char::is_whitespace);
                let is_amount = text[end.range.end..].starts_with(|c: char| c.is_ascii_digit());
                ends && !is_amount && !reads_as_prose(tex)
            }
            (SignKind::Bracket(b'(', one), SignKind::Bracket(b')', other))
            | (SignKind::Bracket(b'[', one), SignKind::Bracket(b']', other)) => {
                // One backslash escapes a bracket, too: `\[1\]` is no formula.
                one == other
                    && !tex.trim().is_empty()
                    && !tex.contains('$')
                    && (one == 2
                        || looks_like_tex(tex)
                        || reads_as_formula(tex, matches!(self.kind, SignKind::Bracket(b'(', _))))
            }
            _ => false,
        }
    }

    pub(super) fn formula(self, end: &Sign) -> FormulaMark {
        let tex = self.range.end..end.range.start;
        match self.kind {
            SignKind::Bracket(mark, _) => FormulaMark::Bracketed {
                whole: self.range.start..end.range.end,
                tex,
                is_display: mark == b'[',
            },
            kind => FormulaMark::Formula { tex, is_display: kind == SignKind::Dollars },
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
pub(super) struct Signs<'t> {
    text: &'t str,
    texts: &'t [Range<usize>],
    at: usize,
    end: usize,
    next: usize,
}

impl<'t> Signs<'t> {
    /// Of a text, as far as `texts` reach from `begin` to `end`.
    pub(super) fn new(
        text: &'t str,
        texts: &'t [Range<usize>],
        begin: usize,
        end: usize,
    ) -> Signs<'t> {
        Signs { text, texts, at: begin, end, next: 0 }
    }

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
                        1 => SignKind::Dollar,
                        2 => SignKind::Dollars,
                        _ => continue,
                    };
                    return Some(Sign { range: at..at + run, kind });
                }
                continue;
            }
            let mark = bytes.get(self.at).copied().unwrap_or(b' ');
            if matches!(mark, b'(' | b')' | b'[' | b']') && run <= 2 && self.is_text(self.at) {
                self.at += 1;
                return Some(Sign { range: at..self.at, kind: SignKind::Bracket(mark, run) });
            }
            // An odd backslash escapes what follows.
            self.at += usize::from(run % 2 == 1 && mark == b'$');
        }
        None
    }
}

/// Whether a text holds what TeX alone has: a command of two letters, or an index.
pub(super) fn looks_like_tex(text: &str) -> bool {
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
