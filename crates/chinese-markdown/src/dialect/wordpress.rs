//! Shortcodes of WordPress that hold something: `[caption …]<img …> 字[/caption]`,
//! `[code lang="php"]…[/code]`, `[embed]https://…[/embed]`. Those that name entries of its library,
//! `[gallery ids="1,2"]`, mean nothing elsewhere and stay.

use std::collections::BTreeMap;

use crate::html::{self, escape_text};
use crate::liquid::longest_ticks;
use crate::source::edits::Change;

/// Bytes of the longest tag, and of what it holds.
const LONGEST: usize = 400;
const MOST: usize = 20_000;

/// The names that are read.
const NAMES: [&str; 6] = ["caption", "wp_caption", "code", "sourcecode", "embed", "php"];

/// Whether the bracket at a place may open a shortcode.
pub(crate) fn may_begin(text: &str, at: usize) -> bool {
    name(text, at).is_some()
}

fn name(text: &str, at: usize) -> Option<&'static str> {
    let rest = &text[at + 1..];
    NAMES
        .into_iter()
        .find(|name| rest.strip_prefix(name).is_some_and(|rest| rest.starts_with([']', ' '])))
}

/// Reads the shortcodes of one text from left to right.
#[derive(Default)]
pub(crate) struct WordPressReader {
    /// Where the ends of each name stand.
    ends: BTreeMap<&'static str, Vec<usize>>,
}

impl WordPressReader {
    /// The shortcode whose bracket opens at a place.
    pub(crate) fn read(&mut self, text: &str, at: usize) -> Option<Change> {
        let name = name(text, at)?;
        let window = &text[at..text.floor_char_boundary(at + LONGEST)];
        let tag =
            &window[..window.find([']', '\n']).filter(|end| window[*end..].starts_with(']'))?];
        let begin = at + tag.len() + 1;
        let mark = format!("[/{name}]");
        let ends = self
            .ends
            .entry(name)
            .or_insert_with(|| memchr::memmem::find_iter(text.as_bytes(), &mark).collect());
        let end = *ends
            .get(ends.partition_point(|end| *end < begin))
            .filter(|end| **end - begin < MOST)?;
        let (inside, attributes) = (&text[begin..end], &tag[1 + name.len()..]);
        let begins_line = text[..at].trim_end_matches(' ').ends_with('\n')
            || text[..at].trim_end_matches(' ').is_empty();
        let read = match name {
            "code" | "sourcecode" | "php" => code(inside, attributes, name).filter(|_| begins_line),
            "embed" => Some(format!("<{}>", inside.trim()))
                .filter(|_| inside.contains("://") && !inside.trim().contains(char::is_whitespace)),
            _ => caption(inside, attributes),
        };
        Some((at..end + mark.len(), read?))
    }
}

fn code(inside: &str, attributes: &str, name: &str) -> Option<String> {
    let named =
        html::attributes(attributes).find(|(name, _)| matches!(&**name, "lang" | "language"));
    let language = named.map_or(String::new(), |(_, language)| language.into_owned());
    let language = if name == "php" { "php".to_owned() } else { language };
    let ticks = "`".repeat(longest_ticks(inside).max(2) + 1);
    let code = html::unescape(inside.trim_matches(['\n', '\r']));
    language
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric())
        .then(|| format!("{ticks}{language}\n{code}\n{ticks}"))
}

/// A picture, and what stands behind it.
fn caption(inside: &str, attributes: &str) -> Option<String> {
    let inside = inside.trim();
    let is_html = inside.starts_with('<');
    let end = if is_html {
        inside.rfind('>')
    } else {
        inside.rfind(')').filter(|_| inside.starts_with(['!', '[']))
    }?;
    let (picture, said) = (&inside[..=end], inside[end + 1..].trim());
    let own = html::attributes(attributes)
        .find(|(name, _)| name == "caption")
        .map(|(_, caption)| caption.into_owned());
    let said = if said.is_empty() { own.unwrap_or_default() } else { said.to_owned() };
    Some(if said.is_empty() {
        format!("\n\n{picture}\n\n")
    } else if is_html {
        format!("\n\n<figure>{picture}<figcaption>{}</figcaption></figure>\n\n", escape_text(&said))
    } else {
        format!("\n\n{picture}\n\n{said}\n\n")
    })
}
