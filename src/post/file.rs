//! A post as it lies in its file: its text, its front matter, and where these say what.

use super::address::LONGEST_KEPT;
use crate::config::Config;
use crate::diagnostic::{Diagnostic, LineIndex, Place};
use crate::folder::TEXT_BYTES;
use crate::front_matter::{self, KNOWN_KEYS, Split};
use crate::route::{Route, decode};
use chinese_text as text;

/// Most marks of a post: the parser keeps 130 bytes for each, and 15 MB of `[` took 2 GB. The
/// densest table of 16 MB has half of it.
const MAX_MARKS: usize = 4_000_000;

/// Reads the text of a file and finds its front matter. Used for cards and, later, for bodies.
pub fn open(
    bytes: &[u8],
    known_keys: &[&str],
) -> Result<(String, Split, Vec<Diagnostic>), Box<Diagnostic>> {
    if bytes.len() > TEXT_BYTES {
        let message = say!("{} bytes; at most {} are read of one post", bytes.len(), TEXT_BYTES);
        return Err(Box::new(
            Diagnostic::error("post-size", message).hint(say!("split it into several posts")),
        ));
    }
    if bytes.len() > MAX_MARKS {
        let marks = bytes.iter().filter(|byte| byte.is_ascii_punctuation()).count();
        if marks > MAX_MARKS {
            let message = say!(
                "{} marks such as `[` and `*`; at most {} are read of one post",
                marks,
                MAX_MARKS
            );
            return Err(Box::new(
                Diagnostic::error("post-size", message).hint(say!("split it into several posts")),
            ));
        }
    }
    let (text, nul) = front_matter::decode(bytes)?;
    let (split, late) = front_matter::split(&text, known_keys)?;
    Ok((text, split, nul.into_iter().chain(late).collect()))
}

/// Returns where a file says its address, by `permalink` or `slug`, and its old ones, each with
/// that route.
pub fn places_of_addresses(bytes: &[u8], config: &Config) -> Vec<(Option<Route>, Place)> {
    let Ok((text, Split { head: Some(head), .. }, _)) = open(bytes, &KNOWN_KEYS) else {
        return Vec::new();
    };
    let Ok((front_matter, _)) = front_matter::read(&text, head, &config.list_keys(), config.compat)
    else {
        return Vec::new();
    };
    let lines = LineIndex::new(&text);
    let own =
        front_matter.permalink.or(front_matter.slug).map(|said| (None, lines.place(said.range)));
    let old = front_matter.aliases.into_iter().filter_map(|alias| {
        let route = Route::parse_within(&decode(alias.text.trim()), LONGEST_KEPT).ok()?;
        Some((Some(route), lines.place(alias.range)))
    });
    own.into_iter().chain(old).collect()
}

/// Returns where the front matter of a file says its cover.
pub fn place_of_cover(bytes: &[u8], config: &Config, cover: &str) -> Option<Place> {
    let Ok((text, Split { head: Some(head), .. }, _)) = open(bytes, &KNOWN_KEYS) else {
        return None;
    };
    let (front_matter, _) =
        front_matter::read(&text, head, &config.list_keys(), config.compat).ok()?;
    let said = front_matter.picture().filter(|said| text::one_line(&said.text) == cover)?;
    Some(Place::of(&text, said.range.clone()))
}
