//! Folding: what texts and queries are brought to before they are compared (`docs/search.md`).
//!
//! Each character by itself, so that every folded one knows where it comes from; what a block of
//! 256 characters becomes is worked out when the first of them comes.

use std::iter;
use std::sync::OnceLock;

use chinese_text::{is_invisible, is_slug_letter, simplified_character, simplified_pairs};
use unicode_general_category::{GeneralCategory, get_general_category};
use unicode_normalization::char::canonical_combining_class;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// The first character that is wide: Han, kana, Hangul, and their marks.
const FIRST_WIDE: u32 = 0x2E80;

/// Whether Traditional characters are made Simplified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub enum Variants {
    Folded,
    Kept,
}

/// A folded character, whether it is a letter, and whether it was Traditional.
#[derive(Clone, Copy, Debug)]
pub(super) struct FoldedChar(u32);

impl PartialEq for FoldedChar {
    /// Characters are equal that are folded to one.
    fn eq(&self, other: &FoldedChar) -> bool {
        self.code() == other.code()
    }
}

impl Eq for FoldedChar {}

const CODE: u32 = 0x1F_FFFF;
const LETTER: u32 = 1 << 31;
/// White space.
const BLANK: u32 = 1 << 30;
/// It leaves nothing.
const NOTHING: u32 = 1 << 29;
/// It becomes several characters.
const SEVERAL: u32 = 1 << 28;
/// It may join the character before, or change places with it.
const JOINS: u32 = 1 << 27;
/// It was made Simplified.
const CHANGED: u32 = 1 << 26;

impl FoldedChar {
    /// Returns the code point.
    pub(super) fn code(self) -> u32 {
        self.0 & CODE
    }

    /// Returns whether it is a letter, as `docs/search.md` has it: of what words are made.
    pub(super) fn is_letter(self) -> bool {
        self.0 & LETTER != 0
    }

    /// Returns whether it was Traditional.
    pub(super) fn was_changed(self) -> bool {
        self.0 & CHANGED != 0
    }

    /// Returns whether it is of a script without blanks.
    pub(super) fn is_wide(self) -> bool {
        self.code() >= FIRST_WIDE
    }

    fn is_line_break(self) -> bool {
        self.0 == u32::from('\n')
    }
}

/// A folded text.
#[derive(Clone, Debug, Default)]
pub(super) struct Folded {
    pub chars: Vec<FoldedChar>,
    /// Where each comes from, in bytes of [`Folded::text`]; empty where nobody asked.
    pub places: Vec<u32>,
}

/// Returns a text in NFC where it is in another form: what [places](Folded::places) count in.
pub(super) fn composed(text: &str) -> String {
    if is_nfc_quick(text.chars()) == IsNormalized::Yes {
        text.to_owned()
    } else {
        text.nfc().collect()
    }
}

/// Folds a text, in which `\n` stands between blocks.
pub(super) fn folded(text: &str, variants: Variants) -> Folded {
    let mut folded = Folded::default();
    folded.push_text(text, variants, false);
    folded
}

/// Folds a [composed] text, and keeps where each character comes from.
pub(super) fn folded_with_places(text: &str, variants: Variants) -> Folded {
    let mut folded = Folded::default();
    folded.push_text(text, variants, true);
    folded
}

impl Folded {
    /// Folds a text over what was here.
    pub(super) fn set(&mut self, text: &str, variants: Variants) {
        self.chars.clear();
        self.places.clear();
        self.push_text(text, variants, false);
    }

    fn push_text(&mut self, text: &str, variants: Variants, keeps_places: bool) {
        // Three bytes for each, most often.
        self.chars.reserve(text.len() / 3);
        let mut blank = None;
        let mut is_composed = keeps_places;
        for (at, c) in text.char_indices() {
            let entry = entry(c, variants);
            if entry & JOINS != 0 && !is_composed {
                let composed: String = text.nfc().collect();
                if composed != text {
                    return self.set(&composed, variants);
                }
                is_composed = true;
            }
            if entry & (BLANK | NOTHING | SEVERAL) == 0 {
                let c = FoldedChar(entry & (CODE | LETTER | CHANGED));
                self.push(c, at, &mut blank, keeps_places);
            } else if entry & BLANK != 0 {
                blank.get_or_insert(at);
            } else if entry & SEVERAL != 0 {
                for c in iter::once(c).nfkc().flat_map(char::to_lowercase) {
                    if c.is_whitespace() {
                        blank.get_or_insert(at);
                    } else {
                        let c = FoldedChar(one(c, variants));
                        self.push(c, at, &mut blank, keeps_places);
                    }
                }
            }
        }
    }

    fn push(&mut self, c: FoldedChar, at: usize, blank: &mut Option<usize>, keeps_places: bool) {
        let before = self.chars.last();
        if let Some(blank) = blank.take()
            && before.is_some_and(|before| !before.is_wide() && !before.is_line_break())
            && !c.is_wide()
            && !c.is_line_break()
        {
            self.chars.push(FoldedChar(u32::from(' ')));
            self.place(blank, keeps_places);
        } else if c.is_line_break() && before.is_none_or(|before| before.is_line_break()) {
            return;
        }
        self.chars.push(c);
        self.place(at, keeps_places);
    }

    fn place(&mut self, at: usize, keeps_places: bool) {
        if keeps_places {
            self.places.push(u32::try_from(at).unwrap_or(u32::MAX));
        }
    }

    /// Returns the characters of a range.
    pub(super) fn codes(&self) -> impl DoubleEndedIterator<Item = char> {
        self.chars.iter().filter_map(|c| char::from_u32(c.code()))
    }
}

/// What becomes of a character.
fn entry(c: char, variants: Variants) -> u32 {
    const BLOCK: usize = 256;
    type Blocks = [OnceLock<Box<[u32; BLOCK]>>; 256];
    static KEPT: Blocks = [const { OnceLock::new() }; 256];
    static FOLDED: Blocks = [const { OnceLock::new() }; 256];
    let blocks = match variants {
        Variants::Kept => &KEPT,
        Variants::Folded => &FOLDED,
    };
    let (block, at) = (u32::from(c) as usize / BLOCK, u32::from(c) as usize % BLOCK);
    let Some(entries) = blocks.get(block) else { return worked_out(c, variants) };
    let of = |at: usize| {
        let c = u32::try_from(block * BLOCK + at).ok().and_then(char::from_u32);
        c.map_or(0, |c| worked_out(c, variants))
    };
    entries.get_or_init(|| Box::new(std::array::from_fn(of)))[at]
}

fn worked_out(c: char, variants: Variants) -> u32 {
    if c == '\n' {
        return u32::from(c);
    }
    if is_invisible(c) {
        return NOTHING;
    }
    if c.is_whitespace() {
        return BLANK;
    }
    // Marks may also stand in another order than that of NFC.
    let is_mark = canonical_combining_class(c) != 0;
    let joins =
        if is_mark || is_nfc_quick(iter::once(c)) == IsNormalized::Maybe { JOINS } else { 0 };
    let mut becomes = iter::once(c).nfkc().flat_map(char::to_lowercase);
    match (becomes.next(), becomes.next()) {
        (Some(single), None) if !single.is_whitespace() => one(single, variants) | joins,
        _ => SEVERAL | joins,
    }
}

/// Returns the Traditional characters that are folded, with their Simplified ones, in order. Those
/// of which one is beyond 16 bits are in no font that readers have.
pub(super) fn table() -> Vec<(u16, u16)> {
    let pairs = simplified_pairs().filter(|pair| is_of_table(*pair));
    pairs.map(|(traditional, simplified)| (traditional as u16, simplified as u16)).collect()
}

fn is_of_table((traditional, simplified): (char, char)) -> bool {
    traditional <= '\u{FFFF}' && simplified <= '\u{FFFF}'
}

/// What becomes of a character in NFKC and lower case.
fn one(c: char, variants: Variants) -> u32 {
    match simplified_character(c) {
        simplified
            if variants == Variants::Folded && simplified != c && is_of_table((c, simplified)) =>
        {
            u32::from(simplified) | letter(simplified) | CHANGED
        }
        _ => u32::from(c) | letter(c),
    }
}

fn letter(c: char) -> u32 {
    use GeneralCategory::{LetterNumber, OtherNumber};
    let is_letter = matches!(c, '+' | '#')
        || is_slug_letter(c)
        || matches!(get_general_category(c), LetterNumber | OtherNumber);
    if is_letter { LETTER } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> String {
        folded(text, Variants::Folded).codes().collect()
    }

    #[test]
    fn width_case_and_script_are_no_difference() {
        assert_eq!(text("全角ＣｈａｔＧＰＴ，ﬁ ㎡ ①"), "全角chatgpt,fi m2 1");
        assert_eq!(text("神經網路與資本主義"), "神经网路与资本主义");
        assert_eq!(folded("神經", Variants::Kept).codes().collect::<String>(), "神經");
        assert_eq!(text("e\u{301} か\u{3099} \u{F98F}"), "éが怜");
        assert_eq!(text("م\u{651}\u{64E}د"), text("م\u{64E}\u{651}د"));
        assert_eq!(text("soft\u{AD}hy\u{200B}phen\u{FEFF}"), "softhyphen");
    }

    #[test]
    fn blanks_beside_han_are_none() {
        assert_eq!(text("神经\u{3000} 网络"), "神经网络");
        assert_eq!(text("训练 GPT 模型"), "训练gpt模型");
        assert_eq!(text("  machine \t learning  "), "machine learning");
        assert_eq!(text("甲\n\n \n乙 \n b c"), "甲\n乙\nb c");
        assert_eq!(text("你好。 A"), "你好。a");
    }

    #[test]
    fn letters() {
        let is_letter = |c| folded(c, Variants::Folded).chars[0].is_letter();
        assert!(["字", "a", "é", "9", "+", "#", "か", "한"].into_iter().all(is_letter));
        assert!(!["，", "。", "-", "😀", "“"].into_iter().any(is_letter));
    }

    #[test]
    fn places_lead_back() {
        let text = "Ａ 甲ﬁ乙";
        let folded = folded_with_places(text, Variants::Folded);
        let from: Vec<&str> = folded
            .places
            .iter()
            .map(|place| {
                &text[*place as usize..]
                    [..text[*place as usize..].chars().next().map_or(0, char::len_utf8)]
            })
            .collect();
        assert_eq!(folded.codes().collect::<String>(), "a甲fi乙");
        assert_eq!(from, ["Ａ", "甲", "ﬁ", "ﬁ", "乙"]);
    }
}
