//! Emphasis in Chinese text.
//!
//! [`bond`] makes stock pulldown-cmark follow the CommonMark CJK-friendly amendments
//! (tats-u/markdown-cjk-friendly, `specification.md`) by putting an invisible character between a
//! delimiter run and the punctuation beside it; `inline` takes it out of the events again. `bond`
//! can be dropped the day pulldown-cmark releases an option of its own (its pull request 1059).
//! Marks that scrapers broke are another matter: see `repair`.

use memchr::memmem;

use crate::source::edits::Edits;
use chinese_text::{is_cjk, is_punctuation};

/// Characters that the source does not hold, used as marks between the passes and the parser.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sentinels {
    /// Neither punctuation nor blank: a noncharacter.
    pub(crate) bond: char,
    /// Punctuation that no keyboard types.
    pub(crate) punctuation: char,
    /// Stands in a blank line so that it does not end an HTML block: a noncharacter.
    pub(crate) blank: char,
}

impl Sentinels {
    /// The first candidates that `source` does not hold; `None` for a text that holds all of them,
    /// which is then parsed as it is.
    pub(crate) fn absent_from(source: &str) -> Option<Sentinels> {
        let holds = |bytes: &[u8]| memmem::find(source.as_bytes(), bytes).is_some();
        // Nearly every text holds none of them; the two bytes that each group begins with settle it
        // in one look.
        let (any_free, any_rare) = (!holds(b"\xEF\xB7"), !holds(b"\xE2\xB8"));
        let mut free = ('\u{FDD0}'..='\u{FDEF}').filter(|c| any_free || !source.contains(*c));
        let mut rare =
            ['\u{2E3F}', '\u{2E2E}', '\u{2E19}', '\u{2E15}', '\u{2E2D}', '\u{A8FC}'].into_iter();
        let punctuation = rare.find(|c| (any_rare && *c != '\u{A8FC}') || !source.contains(*c))?;
        Some(Sentinels { bond: free.next()?, blank: free.next()?, punctuation })
    }

    /// Those that edits have put in.
    pub(crate) fn put_in(&self, edits: &Edits) -> impl Iterator<Item = char> {
        [self.bond, self.punctuation, self.blank]
            .into_iter()
            .filter(|sentinel| edits.put_in(*sentinel))
    }
}

/// Inserts sentinels so that `*`, `**` and `~~` beside CJK text open and close as the amendments
/// say.
pub(crate) fn bond(source: &str, sentinels: &Sentinels) -> Edits {
    let mut edits = Edits::default();
    let bytes = source.as_bytes();
    let mut at = 0;
    while let Some(found) = memchr::memchr3(b'*', b'~', b'_', &bytes[at..]) {
        let start = at + found;
        let mark = bytes[start];
        let escapes = bytes[..start].iter().rev().take_while(|byte| **byte == b'\\').count();
        if escapes % 2 == 1 {
            at = start + 1;
            continue;
        }
        let end = start + bytes[start..].iter().take_while(|byte| **byte == mark).count();
        at = end;
        if mark == b'~' && end - start != 2 {
            continue;
        }
        let before = Before::of(&source[..start]);
        let after = source[end..].chars().next().unwrap_or('\n');
        if before.base.is_whitespace() || after.is_whitespace() {
            continue;
        }
        if mark == b'_' {
            if before.selected && is_punctuation(before.base) {
                edits.insert(start, sentinels.punctuation);
            }
            continue;
        }
        if !(before.cjk || before.ideographic || is_cjk(after))
            || before.punctuation == is_punctuation(after)
        {
            continue;
        }
        if before.punctuation {
            if matches!(before.base, '*' | '_' | '~') {
                edits.insert(end, sentinels.punctuation);
            } else {
                edits.insert(start, sentinels.bond);
            }
        } else if matches!(after, '*' | '_' | '~') {
            edits.insert(start, sentinels.punctuation);
        } else {
            edits.insert(end, sentinels.bond);
        }
    }
    edits
}

/// What stands before a run, variation selectors looked through.
struct Before {
    base: char,
    cjk: bool,
    /// The parser sees punctuation, which a variation selector is not.
    punctuation: bool,
    /// An ideographic variation selector stands directly before.
    ideographic: bool,
    /// A standard variation selector was passed over.
    selected: bool,
}

impl Before {
    fn of(text: &str) -> Before {
        let mut chars = text.chars().rev();
        let last = chars.next().unwrap_or('\n');
        let ideographic = matches!(last, '\u{E0100}'..='\u{E01EF}');
        let selected = matches!(last, '\u{FE00}'..='\u{FE0E}');
        let base = if selected { chars.next().unwrap_or('\n') } else { last };
        let quote_sequence = last == '\u{FE01}' && matches!(base, '“' | '”' | '‘' | '’');
        Before {
            base,
            cjk: is_cjk(base) || quote_sequence,
            punctuation: is_punctuation(last),
            ideographic,
            selected,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn bonds_strip_to_the_source(text in "(?s)[*_~甲a。“ \\n\\\\\u{FDD0}\u{2E3F}\u{FE00}\u{E0100}]{0,60}") {
            let sentinels = Sentinels::absent_from(&text).unwrap();
            let (bonded, _) = bond(&text, &sentinels).apply(&text);
            prop_assert_eq!(bonded.replace([sentinels.bond, sentinels.punctuation], ""), text);
        }

        #[test]
        fn sentinels_are_absent(text in "[\u{FDD0}-\u{FDEF}\u{2E3F}\u{2E2E}\u{2E19}甲a]{0,80}") {
            if let Some(sentinels) = Sentinels::absent_from(&text) {
                prop_assert!(!text.contains([sentinels.bond, sentinels.punctuation, sentinels.blank]));
            }
        }
    }
}
