//! What kind of character it is.

use unicode_general_category::{GeneralCategory, get_general_category};

/// Whether a character is a CJK one by the CommonMark CJK-friendly amendments: of East Asian Width
/// W, F or H and not shown as an emoji by default, or of script Hangul (Unicode 17). Unassigned
/// gaps between ranges are joined.
///
/// ```
/// use chinese_text::is_cjk;
/// assert!(is_cjk('字') && is_cjk('，') && is_cjk('한') && is_cjk('か'));
/// assert!(!is_cjk('a') && !is_cjk('“') && !is_cjk('😀'));
/// ```
pub fn is_cjk(c: char) -> bool {
    // Nearly every character of an archive is in one of these two.
    if c < '\u{1100}' {
        return false;
    }
    if matches!(c, '\u{3400}'..='\u{9FFF}') {
        return true;
    }
    matches!(c,
        '\u{1100}'..='\u{11FF}' | '\u{20A9}' | '\u{2329}'..='\u{232A}' | '\u{2630}'..='\u{2637}'
        | '\u{268A}'..='\u{268F}' | '\u{2E80}'..='\u{2FFF}' | '\u{3001}'..='\u{303E}'
        | '\u{3041}'..='\u{3247}' | '\u{3250}'..='\u{A4C6}' | '\u{A960}'..='\u{A97C}'
        | '\u{AC00}'..='\u{D7FB}' | '\u{F900}'..='\u{FAFF}' | '\u{FE10}'..='\u{FE19}'
        | '\u{FE30}'..='\u{FE6B}' | '\u{FF01}'..='\u{FFEE}' | '\u{16FE0}'..='\u{1B2FB}'
        | '\u{1D300}'..='\u{1D376}' | '\u{1F200}' | '\u{1F202}' | '\u{1F210}'..='\u{1F219}'
        | '\u{1F21B}'..='\u{1F22E}' | '\u{1F230}'..='\u{1F231}' | '\u{1F237}' | '\u{1F23B}'
        | '\u{1F240}'..='\u{1F248}' | '\u{1F260}'..='\u{1F265}' | '\u{20000}'..='\u{3FFFD}')
}

/// Whether a character is a Han one (an ideograph, 〇 included): no punctuation, kana or Hangul.
///
/// ```
/// use chinese_text::is_han;
/// assert!(is_han('字') && is_han('〇'));
/// assert!(!is_han('，') && !is_han('か') && !is_han('한'));
/// ```
pub fn is_han(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FFF}' | '\u{3400}'..='\u{4DBF}' | '\u{3007}'
        | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFD}')
}

/// Whether a character is punctuation by CommonMark 0.31 §2.1: of general category P or S.
///
/// ```
/// use chinese_text::is_punctuation;
/// assert!(is_punctuation('。') && is_punctuation('“') && is_punctuation('+'));
/// assert!(!is_punctuation('字') && !is_punctuation('a'));
/// ```
pub fn is_punctuation(c: char) -> bool {
    use GeneralCategory as G;
    if c.is_ascii() {
        return c.is_ascii_punctuation();
    }
    matches!(
        get_general_category(c),
        G::ConnectorPunctuation
            | G::DashPunctuation
            | G::OpenPunctuation
            | G::ClosePunctuation
            | G::InitialPunctuation
            | G::FinalPunctuation
            | G::OtherPunctuation
            | G::MathSymbol
            | G::CurrencySymbol
            | G::ModifierSymbol
            | G::OtherSymbol
    )
}

/// Whether Jekyll keeps a character in every slug: one of `\p{M}`, `\p{L}` or `\p{Nd}`.
///
/// ```
/// use chinese_text::is_slug_letter;
/// assert!(is_slug_letter('字') && is_slug_letter('é') && is_slug_letter('8'));
/// assert!(!is_slug_letter('，') && !is_slug_letter('_'));
/// ```
pub fn is_slug_letter(c: char) -> bool {
    use GeneralCategory as G;
    if c.is_ascii() {
        return c.is_ascii_alphanumeric();
    }
    matches!(
        get_general_category(c),
        G::UppercaseLetter
            | G::LowercaseLetter
            | G::TitlecaseLetter
            | G::ModifierLetter
            | G::OtherLetter
            | G::NonspacingMark
            | G::SpacingMark
            | G::EnclosingMark
            | G::DecimalNumber
    )
}

/// Whether a character is one of the quotes, dashes and dots whose code points Chinese and Latin
/// text share.
///
/// ```
/// use chinese_text::is_shared_mark;
/// assert!(is_shared_mark('“') && is_shared_mark('—') && is_shared_mark('…'));
/// assert!(!is_shared_mark('「') && !is_shared_mark('"'));
/// ```
pub fn is_shared_mark(c: char) -> bool {
    matches!(c, '“' | '”' | '‘' | '’' | '…' | '—' | '·')
}

/// Whether a character leaves no mark of its own and changes how others are shown or read: zero
/// widths, marks and controls of direction, byte-order marks, soft hyphens, fillers, tags. U+200D
/// is none: it joins family emoji.
///
/// ```
/// use chinese_text::is_invisible;
/// assert!(is_invisible('\u{200B}') && is_invisible('\u{202E}') && is_invisible('\u{FEFF}'));
/// assert!(!is_invisible('\u{200D}') && !is_invisible(' '));
/// ```
pub fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}' | '\u{200C}' | '\u{200E}' | '\u{200F}'
        | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{206F}' | '\u{3164}'
        | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}

/// Whether a line break beside this character, and another such one, leaves no blank: Chinese,
/// Japanese and their marks. Hangul keeps its blanks (CSS Text 3 §4.1.2, segment break
/// transformation).
///
/// ```
/// use chinese_text::joins_lines;
/// assert!(joins_lines('字') && joins_lines('，') && joins_lines('”'));
/// assert!(!joins_lines('a') && !joins_lines('한'));
/// ```
pub fn joins_lines(c: char) -> bool {
    let is_hangul = matches!(c,
        '\u{1100}'..='\u{11FF}' | '\u{3130}'..='\u{318F}' | '\u{AC00}'..='\u{D7FB}');
    (is_cjk(c) && !is_hangul) || is_shared_mark(c)
}
