//! What kind of character it is.

use unicode_general_category::{GeneralCategory, get_general_category};

/// A CJK character in the sense of the CommonMark CJK-friendly amendments: East Asian Width W, F or
/// H and not shown as an emoji by default, or of script Hangul. Unicode 17; unassigned gaps between
/// ranges are joined.
pub fn is_cjk(c: char) -> bool {
    // Nearly every character of an archive is in one of these two.
    if c < '\u{1100}' {
        return false;
    }
    if matches!(c, '\u{3400}'..='\u{9FFF}') {
        return true;
    }
    matches!(c,
        '\u{1100}'..='\u{11FF}' | '\u{20A9}' | '\u{2329}'..='\u{232A}' | '\u{2630}'..='\u{2637}' | '\u{268A}'..='\u{268F}'
        | '\u{2E80}'..='\u{2FFF}' | '\u{3001}'..='\u{303E}' | '\u{3041}'..='\u{3247}' | '\u{3250}'..='\u{A4C6}'
        | '\u{A960}'..='\u{A97C}' | '\u{AC00}'..='\u{D7FB}' | '\u{F900}'..='\u{FAFF}' | '\u{FE10}'..='\u{FE19}'
        | '\u{FE30}'..='\u{FE6B}' | '\u{FF01}'..='\u{FFEE}' | '\u{16FE0}'..='\u{1B2FB}' | '\u{1D300}'..='\u{1D376}'
        | '\u{1F200}' | '\u{1F202}' | '\u{1F210}'..='\u{1F219}' | '\u{1F21B}'..='\u{1F22E}' | '\u{1F230}'..='\u{1F231}'
        | '\u{1F237}' | '\u{1F23B}' | '\u{1F240}'..='\u{1F248}' | '\u{1F260}'..='\u{1F265}' | '\u{20000}'..='\u{3FFFD}')
}

/// A Han character (ideograph), without punctuation, kana or Hangul.
pub fn is_han(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FFF}' | '\u{3400}'..='\u{4DBF}' | '\u{3007}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFD}')
}

/// Punctuation or symbol by general category (P* or S*), as CommonMark 0.31 counts it.
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

/// `\p{M}`, `\p{L}` or `\p{Nd}`: what Jekyll keeps in every slug.
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

/// Quotes, dashes and dots whose code points Chinese and Latin text share.
pub fn is_shared_mark(c: char) -> bool {
    matches!(c, '“' | '”' | '‘' | '’' | '…' | '—' | '·')
}

/// Whether a character leaves no mark of its own and changes how others are shown or read: zero
/// widths, marks and controls of direction, byte-order marks, soft hyphens, fillers, tags. U+200D
/// is none: it joins family emoji.
pub fn is_invisible(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}' | '\u{200C}' | '\u{200E}' | '\u{200F}'
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
    (is_cjk(c)
        && !matches!(c, '\u{1100}'..='\u{11FF}' | '\u{AC00}'..='\u{D7FB}' | '\u{3130}'..='\u{318F}'))
        || is_shared_mark(c)
}
