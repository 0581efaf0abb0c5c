//! What is never cut: a word, a number, an address, a character with its marks.

use unicode_general_category::{GeneralCategory, get_general_category};

use crate::class::is_cjk;

/// The end of the token that begins at `at`: a word with all that belongs to it, a run of one mark,
/// or a character with its combining marks.
pub(super) fn token_end(text: &str, at: usize) -> usize {
    let mut chars = text[at..].chars();
    let Some(first) = chars.next() else { return usize::MAX };
    if is_word_letter(first) {
        return word_end(text, at);
    }
    let mut end = at + first.len_utf8();
    let mut previous = first;
    for c in chars {
        let is_run =
            c == first && matches!(c, '…' | '—' | '.' | '-' | '~' | '～' | '=' | '*' | '_');
        if !(is_run || extends(Some(previous), c)) {
            break;
        }
        end += c.len_utf8();
        previous = c;
    }
    end
}

/// The end of a Latin word, a number or an address: letters, and the marks between them that make
/// them one.
fn word_end(text: &str, at: usize) -> usize {
    let scheme = text[at..].find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(text.len() - at);
    let is_address = text[at + scheme..].starts_with("://") || text[at..].starts_with("www.");
    let mut end = at;
    let mut previous = None;
    for (offset, c) in text[at..].char_indices() {
        let here = at + offset;
        // A mark binds only if a letter comes after it.
        let joins = |c| {
            matches!(
                c,
                '.' | '-'
                    | '_'
                    | '/'
                    | '\''
                    | '’'
                    | '@'
                    | ':'
                    | '&'
                    | '+'
                    | '#'
                    | '='
                    | '~'
                    | '%'
                    | '\\'
            )
        };
        if is_word_letter(c) || (here == end && extends(previous, c)) {
            let comma = previous == Some(',') && !is_address;
            if comma
                && !(c.is_ascii_digit() && text[..here - 1].ends_with(|c: char| c.is_ascii_digit()))
            {
                break;
            }
            end = here + c.len_utf8();
        } else if !(is_address && c.is_ascii_graphic() && !matches!(c, '"' | '<' | '>'))
            && !((joins(c) || c == ',') && here - end < 2)
        {
            break;
        }
        previous = Some(c);
    }
    // `C++`, `C#`, `10%`, `25°`.
    end + text[end..]
        .find(|c| !matches!(c, '+' | '#' | '%' | '‰' | '°' | '℃' | '％'))
        .unwrap_or(text.len() - end)
}

/// Letters and digits that are written in words, those of full width too.
pub(super) fn is_word_letter(c: char) -> bool {
    (c.is_alphanumeric() && !is_cjk(c)) || is_wide_letter(c)
}

pub(super) fn is_wide_letter(c: char) -> bool {
    matches!(c, '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ')
}

/// Whether a character is shown as part of the one before it: combining marks, variation selectors,
/// skin colours, what a zero-width joiner joins, the second half of a flag.
pub(super) fn extends(previous: Option<char>, c: char) -> bool {
    use GeneralCategory as G;
    let is_regional = |c: char| ('\u{1F1E6}'..='\u{1F1FF}').contains(&c);
    if c < '\u{300}' {
        return previous == Some('\u{200D}');
    }
    matches!(c,
        '\u{200C}' | '\u{200D}' | '\u{FF9E}' | '\u{FF9F}' | '\u{1F3FB}'..='\u{1F3FF}'
        | '\u{E0020}'..='\u{E007F}' | '\u{1160}'..='\u{11FF}' | '\u{D7B0}'..='\u{D7FF}')
        || previous == Some('\u{200D}')
        || (is_regional(c) && previous.is_some_and(is_regional))
        || matches!(get_general_category(c), G::NonspacingMark | G::SpacingMark | G::EnclosingMark)
}
