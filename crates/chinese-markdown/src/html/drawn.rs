//! Pictures that raw HTML draws: the background of an element that holds nothing else, `<image>` in
//! a drawing. WeChat's editors make pages of them, and ornaments.

use std::borrow::Cow;

use super::attributes::attributes;
use super::escape::escape_attribute;
use super::tag::{Tag, tags};
use super::text::visible_text;
use super::usable::unusable_image;

/// A picture that can be shown by an `<img>`.
struct Shown {
    /// Where that may stand.
    at: usize,
    image: String,
}

/// What a piece of HTML draws.
#[derive(Default)]
pub(super) struct Drawn {
    shown: Vec<Shown>,
    /// Backgrounds that nobody will see: behind a text, too small, or of an element that has no
    /// size.
    unseen: usize,
}

/// An element with a background, as long as nothing is found in it.
struct Open {
    at: usize,
    name: Cow<'static, str>,
    /// How many of its name are open within it.
    within: usize,
    image: String,
    is_large: bool,
}

impl Drawn {
    /// Few pieces of HTML draw anything.
    fn of(html: &str) -> Drawn {
        let names = |word: &str| memchr::memmem::find(html.as_bytes(), word.as_bytes()).is_some();
        let mut drawn = Drawn::default();
        if names("url(") || names("<image") && names("<svg") {
            drawn.look_at(html);
        }
        drawn
    }

    fn look_at(&mut self, html: &str) {
        let mut open: Option<Open> = None;
        let mut drawing: Option<usize> = None;
        let mut passed = 0;
        for tag in tags(html).filter(Tag::is_element) {
            let name = tag.lower_name();
            let between = &html[passed.min(tag.range.start)..tag.range.start];
            passed = tag.range.end;
            let holds_something = !visible_text(between).trim().is_empty() && drawing.is_none()
                || matches!(
                    &*name,
                    "img"
                        | "image"
                        | "iframe"
                        | "video"
                        | "audio"
                        | "input"
                        | "table"
                        | "hr"
                        | "canvas"
                        | "foreignobject"
                );
            if holds_something {
                self.unseen += usize::from(open.take().is_some());
            }
            if tag.closing {
                if name == "svg" {
                    drawing = None;
                }
                match &mut open {
                    Some(background) if background.name == name && background.within > 0 => {
                        background.within -= 1;
                    }
                    Some(background) if background.name == name => {
                        let at = if name == "svg" { background.at } else { tag.range.start };
                        self.end(open.take(), at);
                    }
                    _ => {}
                }
                continue;
            }
            let is_empty = tag.attributes.trim_end().ends_with('/');
            if name == "image"
                && let Some(drawing) = &drawing
            {
                self.shown.extend(image_of(&tag).map(|image| Shown { at: *drawing, image }));
            } else if let Some(address) = background_of(&tag) {
                // It is all that the one around it holds.
                self.unseen += usize::from(open.take().is_some());
                let (is_large, size) = size_of(&tag);
                let image = format!("<img src=\"{}\"{size}>", escape_attribute(&address));
                open = Some(Open {
                    at: tag.range.start,
                    name: name.clone(),
                    within: 0,
                    image,
                    is_large,
                });
                if is_empty && name == "svg" {
                    self.end(open.take(), tag.range.start);
                }
            } else if let Some(background) = &mut open
                && background.name == name
            {
                background.within += 1;
            }
            if name == "svg" && !is_empty {
                drawing = Some(tag.range.start);
            }
        }
        self.unseen += usize::from(open.is_some());
    }

    fn end(&mut self, background: Option<Open>, at: usize) {
        match background {
            Some(Open { image, is_large: true, .. }) => self.shown.push(Shown { at, image }),
            Some(_) => self.unseen += 1,
            None => {}
        }
    }
}

/// How many pictures behind elements are not shown.
pub(crate) fn unseen_backgrounds(html: &str) -> usize {
    Drawn::of(html).unseen
}

/// Whether a drawing is shown by the picture behind it, or, of its `<image>`, by that.
pub(super) fn shows_background(tag: &Tag<'_>) -> bool {
    size_of(tag).0 && background_of(tag).is_some()
}

pub(super) fn shows(tag: &Tag<'_>) -> bool {
    image_of(tag).is_some()
}

/// HTML in which pictures that are drawn are pictures.
pub(super) fn with_drawn_pictures(html: &str) -> Cow<'_, str> {
    let Drawn { mut shown, .. } = Drawn::of(html);
    if shown.is_empty() {
        return Cow::Borrowed(html);
    }
    shown.sort_by_key(|shown| shown.at);
    let mut out = String::with_capacity(html.len() + shown.len() * 100);
    let mut copied = 0;
    for Shown { at, image, .. } in shown {
        out.push_str(&html[copied..at]);
        out.push_str(&image);
        copied = at;
    }
    Cow::Owned(out + &html[copied..])
}

/// The `<img>` for a drawing's `<image>`.
fn image_of(tag: &Tag<'_>) -> Option<String> {
    let all: Vec<(Cow<'_, str>, Cow<'_, str>)> = attributes(tag.attributes).collect();
    let value = |name: &str| all.iter().find(|(other, _)| other == name).map(|(_, value)| &**value);
    let address = ["href", "xlink:href", "src", "data-src"]
        .into_iter()
        .filter_map(value)
        .find(|address| unusable_image(address).is_none())?;
    let side = |name: &str| {
        value(name)
            .and_then(|side| side.trim_end_matches("px").parse::<u32>().ok())
            .filter(|side| *side > 1)
    };
    let size = side("width")
        .zip(side("height"))
        .map_or(String::new(), |(width, height)| format!(" width=\"{width}\" height=\"{height}\""));
    Some(format!("<img src=\"{}\"{size}>", escape_attribute(address)))
}

/// The address of the picture behind an element. A pattern is none.
pub(crate) fn background_of(tag: &Tag<'_>) -> Option<String> {
    // Nearly every style has a colour in brackets; a search for `url(` would be begun at each tag.
    memchr::memchr_iter(b'(', tag.attributes.as_bytes())
        .find(|at| tag.attributes[..*at].ends_with("url"))?;
    let (_, style) = attributes(tag.attributes).find(|(name, _)| name == "style")?;
    let at = style.to_ascii_lowercase().find("background")?;
    let (_, rest) = style.get(at..)?.split_once("url(")?;
    let address = match rest.trim_start().strip_prefix(['"', '\'']) {
        Some(quoted) => quoted.split(['"', '\'']).next()?,
        None => rest.split(')').next()?,
    };
    let is_pattern = style.contains("repeat") && !style.contains("no-repeat");
    (!is_pattern && unusable_image(address.trim()).is_none()).then(|| address.trim().to_owned())
}

/// Whether an element without content is as large as a picture that says something, and its size,
/// where it has one of its own.
fn size_of(tag: &Tag<'_>) -> (bool, String) {
    /// Rules, corners and bullets are smaller.
    const PIXELS: f64 = 80.0;
    const PERCENT: f64 = 10.0;
    let mut is_large = false;
    for (name, value) in attributes(tag.attributes) {
        if name == "viewbox" || name == "viewBox" {
            let sides: Vec<f64> =
                value.split([' ', ',']).filter_map(|side| side.parse().ok()).collect();
            if let [_, _, width, height] = sides[..] {
                let is_size =
                    (PIXELS..=20_000.0).contains(&width) && (PIXELS..=20_000.0).contains(&height);
                return (
                    is_size,
                    if is_size {
                        format!(" width=\"{width:.0}\" height=\"{height:.0}\"")
                    } else {
                        String::new()
                    },
                );
            }
        } else if name == "style" {
            let room = value.split(';').filter_map(|rule| rule.split_once(':')).filter_map(
                |(name, value)| {
                    let name = name.trim().to_ascii_lowercase();
                    let value = value.trim().trim_end_matches("!important").trim();
                    let number = value
                        .trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == '%')
                        .parse::<f64>()
                        .ok()?;
                    let is_room = matches!(
                        &*name,
                        "height" | "min-height" | "padding-top" | "padding-bottom"
                    );
                    is_room.then_some(if value.ends_with("px") {
                        number / PIXELS
                    } else {
                        number / PERCENT
                    })
                },
            );
            is_large |= room.fold(0.0, f64::max) >= 1.0;
        }
    }
    (is_large, String::new())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_drawn_is_shown_where_it_says_something() {
        for (html, wanted) in [
            (
                "<section style=\"background-image:url(https://a.example/x.png);height:200px\"><br></section>",
                "<img src=\"https://a.example/x.png\"></section>",
            ),
            (
                "<p style='background: #fff url(&quot;/x.png&quot;) no-repeat; padding-bottom: 56%'><span></span></p>",
                "<img src=\"/x.png\"></p>",
            ),
            (
                "<svg viewBox=\"0 0 1080 608\" style=\"background-image: url('/x.png')\"><rect/></svg>",
                "<img src=\"/x.png\" width=\"1080\" height=\"608\"><svg ",
            ),
            (
                "<svg viewBox='0 0 10 5'><g><image xlink:href='/c.png' width='100' height='50'></image></g></svg>",
                "<img src=\"/c.png\" width=\"100\" height=\"50\"><svg ",
            ),
        ] {
            assert!(
                with_drawn_pictures(html).contains(wanted),
                "{html}\n{}",
                with_drawn_pictures(html)
            );
            assert_eq!(unseen_backgrounds(html), 0, "{html}");
        }
        for (html, unseen) in [
            (
                "<section style=\"background-image:url(/x.png);height:200px\"><p>文字</p></section>",
                1,
            ),
            ("<section style=\"background-image:url(/x.png)\"></section>", 1),
            ("<section style=\"background-image:url(/x.png);height:20px\"></section>", 1),
            ("<p style=\"background-image:url(/x.png);height:200px\"><img src=\"/y.png\"></p>", 1),
            ("<p style=\"background:url(/x.png) repeat-x;height:200px\"></p>", 0),
            ("<p style=\"color: red\">url(</p><svg><image/></svg>", 0),
        ] {
            assert_eq!(with_drawn_pictures(html), html);
            assert_eq!(unseen_backgrounds(html), unseen, "{html}");
        }
    }
}
