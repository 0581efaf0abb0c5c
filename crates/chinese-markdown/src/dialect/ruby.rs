//! `{漢字|かんじ}` and `{漢字|かん|じ}`: readings beside characters, as `DenDenMarkdown` and
//! Japanese sites write them.

use crate::html::escape_text;
use crate::source::edits::Change;

/// Bytes of the longest that is looked at.
const LONGEST: usize = 200;

/// The ruby that begins at a place.
pub(crate) fn read(text: &str, at: usize) -> Option<Change> {
    let window = &text[at + 1..text.floor_char_boundary(at + LONGEST)];
    let inside = &window[..window.find(['}', '{', '\n'])?];
    if !window[inside.len()..].starts_with('}') {
        return None;
    }
    let mut parts = inside.split('|').map(|part| part.trim_end_matches('\\'));
    let base =
        parts.next().filter(|base| base.chars().all(char::is_alphanumeric) && !base.is_ascii())?;
    let readings: Vec<&str> = parts.collect();
    let is_reading = |reading: &&str| !reading.is_empty() && !reading.contains(['<', '>', '`']);
    if readings.is_empty() || !readings.iter().all(is_reading) {
        return None;
    }
    let mut ruby = String::from("<ruby>");
    let mut add = |base: &str, reading: &str| {
        ruby.extend(
            [&escape_text(base), "<rp>（</rp><rt>", &escape_text(reading), "</rt><rp>）</rp>"]
                .map(|part| part.to_owned()),
        );
    };
    if readings.len() == base.chars().count() {
        base.chars()
            .zip(&readings)
            .for_each(|(c, reading)| add(c.encode_utf8(&mut [0; 4]), reading));
    } else {
        add(base, &readings.concat());
    }
    Some((at..at + inside.len() + 2, ruby + "</ruby>"))
}
