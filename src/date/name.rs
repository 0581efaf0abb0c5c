//! Dates at the beginning of files' names.

use jiff::civil;

use super::calendar::counted_on;

/// Splits `2023-04-11-标题` into its date and the rest; `2020-1-2-x` and `20-1-2-x` count, as in
/// Jekyll.
pub fn from_file_stem(stem: &str) -> Option<(civil::Date, &str)> {
    let (year, month, day, rest) = numbered(stem)?;
    Some((civil::Date::new(year, month, day).ok()?, rest))
}

/// As [`from_file_stem`], with days counted on from the end of a short month, as Jekyll does.
pub fn from_file_stem_of_jekyll(stem: &str) -> Option<(civil::Date, &str)> {
    let (year, month, day, rest) = numbered(stem)?;
    Some((civil::Date::new(year, month, day).ok().or_else(|| counted_on(year, month, day))?, rest))
}

/// Year, month and day before their hyphens, and the rest.
fn numbered(stem: &str) -> Option<(i16, i8, i8, &str)> {
    let mut rest = stem;
    let mut numbers = [0_i16; 3];
    for (index, number) in numbers.iter_mut().enumerate() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let allowed = if index == 0 { 2..=4 } else { 1..=2 };
        if !allowed.contains(&digits) || rest.as_bytes().get(digits) != Some(&b'-') {
            return None;
        }
        *number = rest[..digits].parse().ok()?;
        rest = &rest[digits + 1..];
    }
    let year = if numbers[0] < 100 {
        numbers[0] + if numbers[0] < 69 { 2000 } else { 1900 }
    } else {
        numbers[0]
    };
    Some((year, i8::try_from(numbers[1]).ok()?, i8::try_from(numbers[2]).ok()?, rest))
}

/// Splits the name of a file that begins with a date, as people and exporters write one, into the
/// date and the rest: Jekyll's form, and `2023-01-12_题`, `2023-01-12 题`, `2023.1.12题`,
/// `20230112-题`, `2023年1月12日 题`, `[2023-01-12] 题`. A date alone is the name as well.
pub fn from_name(stem: &str) -> Option<(civil::Date, &str)> {
    const BRACKETS: [(char, char); 4] = [('[', ']'), ('【', '】'), ('(', ')'), ('（', '）')];
    if let Some(found) = from_file_stem(stem) {
        return Some(found);
    }
    let closing =
        BRACKETS.iter().find(|(open, _)| stem.starts_with(*open)).map(|(_, close)| *close);
    let inside = closing.map_or(stem, |_| &stem[stem.chars().next().map_or(0, char::len_utf8)..]);
    let (date, rest) = compact(inside).or_else(|| spelled(inside))?;
    let rest = match closing {
        Some(closing) => rest.strip_prefix(closing)?,
        // `2023-01-12x` and `2023-01-123` are names of something else.
        None if rest.starts_with(|c: char| c.is_ascii_alphanumeric()) => return None,
        None => rest,
    };
    let rest = rest.trim_start_matches([' ', '_', '-', '.', '、', '，', '：', ':', '\u{3000}']);
    Some((date, if rest.is_empty() { stem } else { rest }))
}

/// `20230112` at the beginning.
fn compact(text: &str) -> Option<(civil::Date, &str)> {
    let digits = text.get(..8).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
    let year = digits[..4].parse().ok().filter(|year| (1900..2200).contains(year))?;
    Some((
        civil::Date::new(year, digits[4..6].parse().ok()?, digits[6..].parse().ok()?).ok()?,
        &text[8..],
    ))
}

/// `2023-01-12`, `2023.1.12`, `2023_1_12`, `2023年1月12日` at the beginning; always one mark
/// between the numbers.
fn spelled(text: &str) -> Option<(civil::Date, &str)> {
    let number =
        |text: &str, most: usize| text.bytes().take(most).take_while(u8::is_ascii_digit).count();
    let marks = [["-", "-", ""], [".", ".", ""], ["_", "_", ""], ["年", "月", "日"]];
    let marks = marks.into_iter().find(|[first, ..]| text[number(text, 4)..].starts_with(first))?;
    let mut rest = text;
    let mut numbers = [0_i16; 3];
    for (index, (found, mark)) in numbers.iter_mut().zip(marks).enumerate() {
        let digits = number(rest, if index == 0 { 4 } else { 2 });
        if digits < if index == 0 { 4 } else { 1 } {
            return None;
        }
        *found = rest[..digits].parse().ok()?;
        rest = rest[digits..].strip_prefix(mark)?;
    }
    let date = civil::Date::new(
        numbers[0],
        i8::try_from(numbers[1]).ok()?,
        i8::try_from(numbers[2]).ok()?,
    )
    .ok()?;
    Some((date, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names() {
        let date = |year, month, day| civil::Date::new(year, month, day).unwrap();
        assert_eq!(from_file_stem("2023-04-11-标题"), Some((date(2023, 4, 11), "标题")));
        assert_eq!(from_file_stem("2020-1-2-x"), Some((date(2020, 1, 2), "x")));
        assert_eq!(from_file_stem("2023-04-11-"), Some((date(2023, 4, 11), "")));
        assert_eq!(from_file_stem("2020-13-45-x"), None);
        assert_eq!(from_file_stem("2023-02-30-x"), None);
        assert_eq!(from_file_stem_of_jekyll("2023-02-30-x"), Some((date(2023, 3, 2), "x")));
        assert_eq!(from_file_stem_of_jekyll("2020-13-45-x"), None);
        assert_eq!(from_file_stem("0a1b2c"), None);
    }
}
