//! Pictures as other programs write them: with their size (`![](x.png =100x200)`,
//! `![](x.png){width=50%}`, `![题|300](x.png)`), with blanks in their address, or with a drawing in
//! place of one (`![](data:image/svg+xml;utf8,<svg …></svg>)`).
//!
//! All sizes become the one form that the writer reads, that of Obsidian: `![题|300x200](x.png)`.

use std::borrow::Cow;
use std::ops::Range;

use crate::html::{self, Unusable};
use crate::losses::Losses;
use crate::source::edits::Change;
use crate::{Loss, Placed};

/// Bytes of text, of an address, of a list of attributes that are looked at.
const LONGEST: usize = 2_000;

/// Endings of files that pictures have.
const ENDINGS: [&str; 10] =
    ["png", "jpg", "jpeg", "gif", "webp", "svg", "bmp", "avif", "ico", "tiff"];

/// Whether a path is a picture's.
pub(crate) fn is_picture(path: &str) -> bool {
    path.rsplit_once('.')
        .is_some_and(|(_, ending)| ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known)))
}

/// Width and height as they are written: numbers of pixels, a width also as a percentage.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Size {
    pub(crate) width: String,
    pub(crate) height: String,
}

impl Size {
    pub(crate) fn is_empty(&self) -> bool {
        self.width.is_empty() && self.height.is_empty()
    }

    /// `300`, `300x200`, `50%`, `x200`, with `*` for a side that is not given.
    pub(crate) fn parse(text: &str) -> Option<Size> {
        let (width, height) = text.split_once(['x', 'X', '×']).unwrap_or((text, ""));
        let size = Size { width: side(width)?, height: side(height)? };
        (!size.is_empty()).then_some(size)
    }

    /// As attributes name it.
    pub(crate) fn named(&mut self, name: &str, value: &str) {
        match (name, side(value)) {
            ("width", Some(width)) => self.width = width,
            ("height", Some(height)) if !height.ends_with('%') => self.height = height,
            _ => {}
        }
    }

    fn of_attributes(attributes: &str) -> Size {
        let mut size = Size::default();
        for (name, value) in html::attributes(attributes) {
            size.named(&name, &value);
        }
        size
    }

    /// Behind the text of a picture; a bar that begins no cell of a table.
    pub(crate) fn suffix(&self) -> String {
        match (&*self.width, &*self.height) {
            ("", "") => String::new(),
            (width, "") => format!("\\|{width}"),
            (width, height) => format!("\\|{width}x{height}"),
        }
    }
}

/// One side: empty where it is left open.
fn side(text: &str) -> Option<String> {
    let text = text.trim().trim_end_matches("px");
    let digits = text.trim_end_matches('%');
    if text.is_empty() || matches!(text, "*" | "auto") {
        return Some(String::new());
    }
    let is_number = digits.len() <= 4
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && digits.bytes().any(|byte| byte != b'0');
    let is_share =
        text.len() == digits.len() || (text.len() == digits.len() + 1 && digits.len() <= 3);
    (is_number && is_share).then(|| text.to_owned())
}

/// The text of a picture, and the size that stands behind its last bar.
pub(crate) fn text_and_size(alt: &str) -> (&str, Option<Size>) {
    let (text, size) = alt.rsplit_once('|').unwrap_or(("", alt));
    let has_bar = text.len() < alt.len() && alt[text.len()..].starts_with('|');
    match Size::parse(size.trim()).filter(|_| has_bar) {
        Some(size) => (text.trim_end(), Some(size)),
        None => (alt, None),
    }
}

/// What a picture becomes.
pub(crate) enum Reading {
    Change(Change),
    /// Its size alone is taken: what a template or a tag puts into its address is read by itself.
    Size(Change, Range<usize>),
    /// It only kept the room for one.
    Placeholder(Range<usize>),
}

/// The picture whose `[` stands at a place, where Markdown would not read it as it was meant.
pub(crate) fn read(text: &str, at: usize, is_kramdown: bool) -> Option<Reading> {
    let window = &text[..text.floor_char_boundary(at + LONGEST)];
    let alt_end = at + window[at..].find("](")?;
    let alt = &text[at + 1..alt_end];
    if alt.contains(['\n', '[']) {
        return None;
    }
    let start = alt_end + 2;
    let window = &text[start..text.floor_char_boundary(start + LONGEST)];
    if window.starts_with("data:image/svg") {
        return drawing(text, at, start, window);
    }
    let length = address_length(window)?;
    if window[..length].contains("{{") || window[..length].contains("{%") {
        let (attributes, behind) = attributes_at(text, start + length + 1, is_kramdown)?;
        let size = Size::of_attributes(attributes);
        return Some(Reading::Size((alt_end..alt_end, size.suffix()), start + length + 1..behind));
    }
    let attributes = attributes_at(text, start + length + 1, is_kramdown);
    // Nearly every picture is an address and nothing else.
    if attributes.is_none() && !window[..length].contains(' ') {
        return None;
    }
    let (mut address, title) = address_and_title(window[..length].trim());
    let mut end = start + length + 1;
    let mut size = Size::default();
    if let Some((before, written)) = address.rsplit_once(" =")
        && let Some(parsed) = Size::parse(written)
    {
        (address, size) = (before.trim_end(), parsed);
    }
    let mut title = title;
    // markdown-it-imsize has the size behind the title as well.
    if let Some((before, written)) = title.rsplit_once(" =")
        && let Some(parsed) = Size::parse(written)
    {
        (title, size) = (before, parsed);
    }
    let mut is_meant = !size.is_empty();
    if let Some((attributes, behind)) = attributes {
        for (name, value) in html::attributes(attributes) {
            size.named(&name, &value);
            if name == "data-src" && html::unusable_image(&value).is_none() {
                return Some(Reading::Change((
                    at - 1..behind,
                    format!("![{alt}]({})", destination(&value)),
                )));
            }
        }
        (end, is_meant) = (behind, true);
    }
    let has_blanks =
        !address.starts_with('<') && address.contains(' ') && is_picture(html_path(address));
    if !is_meant && !has_blanks {
        return None;
    }
    let (alt, own) = text_and_size(alt);
    let size = if size.is_empty() { own.unwrap_or_default() } else { size };
    let title = if title.is_empty() { String::new() } else { format!(" {title}") };
    Some(Reading::Change((
        at - 1..end,
        format!("![{alt}{}]({}{title})", size.suffix(), destination(address)),
    )))
}

/// A path without its query.
fn html_path(address: &str) -> &str {
    address.split(['?', '#']).next().unwrap_or(address)
}

/// An address as it may stand in a link, whatever it holds: blanks are written as browsers do.
pub(crate) fn destination(address: &str) -> Cow<'_, str> {
    if address.starts_with('<') || !address.contains([' ', '(', ')', '<', '>', '\\']) {
        return Cow::Borrowed(address);
    }
    let address =
        address.replace(' ', "%20").replace('\\', "\\\\").replace('<', "%3C").replace('>', "%3E");
    if address.contains(['(', ')']) { format!("<{address}>").into() } else { address.into() }
}

/// A drawing in place of a picture: to the bracket behind its end.
fn drawing(text: &str, at: usize, start: usize, window: &str) -> Option<Reading> {
    // What can be read as an address is judged as one.
    let is_read = window
        .find(')')
        .is_some_and(|end| !window[..end].contains([' ', '\n']) && !window[..end].contains('('));
    if is_read && attributes_at(text, start + window.find(')')? + 1, false).is_none() {
        return None;
    }
    let tag_end = window
        .find("</svg>")
        .map(|end| end + "</svg>".len())
        .or_else(|| window.find("/>").map(|end| end + 2));
    let from = tag_end.unwrap_or(0);
    let end = from + window[from..].find(')')?;
    if window[from..end].contains('\n') {
        return None;
    }
    let behind = start + end + 1;
    if let Some((attributes, behind)) = attributes_at(text, behind, false) {
        let real = html::attributes(attributes)
            .find(|(name, value)| name == "data-src" && html::unusable_image(value).is_none());
        return Some(match real {
            Some((_, address)) => Reading::Change((
                at - 1..behind,
                format!("![{}", &text[at + 1..start]) + &destination(&address) + ")",
            )),
            None => Reading::Placeholder(at - 1..behind),
        });
    }
    Some(Reading::Placeholder(at - 1..behind))
}

/// Bytes up to the bracket that closes an address and its title.
fn address_length(window: &str) -> Option<usize> {
    // Many a mark is opened and never closed.
    memchr::memchr(b')', window.as_bytes())?;
    let (mut depth, mut quote) = (0_usize, None);
    for (at, byte) in window.bytes().enumerate() {
        match (byte, quote) {
            (b'\n', _) => return None,
            (byte, Some(open)) if byte == open => quote = None,
            (_, Some(_)) => {}
            (b'"', None) if window[..at].ends_with(' ') => quote = Some(b'"'),
            (b'(', None) => depth += 1,
            (b')', None) if depth == 0 => return Some(at),
            (b')', None) => depth -= 1,
            _ => {}
        }
    }
    None
}

/// What stands in the brackets of a link: its address, and its title with all that follows.
fn address_and_title(inside: &str) -> (&str, &str) {
    let quote = [" \"", " '"].iter().filter_map(|quote| inside.find(quote)).min();
    match quote {
        Some(at) if inside[at + 2..].contains(&inside[at + 1..at + 2]) => {
            (inside[..at].trim_end(), inside[at + 1..].trim())
        }
        _ => (inside, ""),
    }
}

/// The attributes that follow a picture: `{width=50%}`, kramdown's `{: width="50%"}`; and where
/// they end.
fn attributes_at(text: &str, at: usize, is_kramdown: bool) -> Option<(&str, usize)> {
    let rest = text.get(at..)?.strip_prefix('{')?;
    let inside = &rest[..rest[..rest.floor_char_boundary(LONGEST)].find(['}', '\n'])?];
    let end = at + inside.len() + 2;
    if let Some(list) = inside.strip_prefix(':') {
        return is_kramdown.then_some((list, end));
    }
    let is_list = inside.contains('=') || inside.starts_with(['#', '.']);
    (is_list && !inside.contains('|')).then_some((inside, end))
}

/// Drawings that only kept the room for a picture.
#[derive(Default)]
pub(crate) struct Placeholders {
    losses: Losses,
}

impl Placeholders {
    /// The changes that a reading asks for.
    pub(crate) fn noted(
        &mut self,
        text: &str,
        reading: Option<Reading>,
    ) -> impl Iterator<Item = Change> + use<> {
        let (first, second) = match reading {
            Some(Reading::Change(change)) => (Some(change), None),
            Some(Reading::Size(size, attributes)) => {
                (Some(size), Some((attributes, String::new())))
            }
            Some(Reading::Placeholder(range)) => {
                self.losses.add(
                    Loss::Picture(Unusable::Placeholder),
                    range.start,
                    &text[range.clone()],
                );
                (Some((range, String::new())), None)
            }
            None => (None, None),
        };
        first.into_iter().chain(second)
    }

    pub(crate) fn finding(self) -> impl Iterator<Item = Placed> {
        self.losses.findings(&|offset| offset).collect::<Vec<Placed>>().into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_where_they_are_some() {
        for (alt, text, size) in [
            ("图|300", "图", Some(("300", ""))),
            ("图|300x200", "图", Some(("300", "200"))),
            ("图|50%", "图", Some(("50%", ""))),
            ("甲|乙|x200", "甲|乙", Some(("", "200"))),
            ("图|二〇", "图|二〇", None),
            ("图|12345", "图|12345", None),
            ("300", "300", None),
            ("图|", "图|", None),
        ] {
            let size =
                size.map(|(width, height)| Size { width: width.into(), height: height.into() });
            assert_eq!(text_and_size(alt), (text, size), "{alt}");
        }
    }
}
