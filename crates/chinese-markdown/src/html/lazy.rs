//! Pictures that lazy loaders keep in `<noscript>`, for readers without scripts; here nobody has
//! any.

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

use super::attributes::attributes;
use super::tag::{Tag, tags};
use super::usable::{picture_of, unusable_image};

/// HTML in which a `<noscript>` that holds a picture not shown otherwise lies open. It is made safe
/// like all else, afterwards.
pub(super) fn with_lazy_pictures(html: &str) -> Cow<'_, str> {
    if memchr::memmem::find(html.as_bytes(), b"<noscript").is_none() {
        return Cow::Borrowed(html);
    }
    let all: Vec<Tag<'_>> = tags(html).collect();
    let mut shown: HashSet<String> = HashSet::new();
    let mut frames: Vec<Range<usize>> = Vec::new();
    let mut at = 0;
    while let Some(tag) = all.get(at) {
        if tag.name == "noscript" && !tag.closing {
            let is_end = |tag: &Tag<'_>| tag.closing && tag.name.eq_ignore_ascii_case("noscript");
            let Some(end) = all[at..].iter().position(is_end).map(|end| at + end) else { break };
            frames.push(at..end);
            at = end + 1;
            continue;
        }
        shown.extend(picture(tag).map(|picture| named(&picture.address).to_owned()));
        at += 1;
    }
    let mut out = String::with_capacity(html.len());
    let mut copied = 0;
    for frame in frames.into_iter().filter(|frame| is_new(frame, &all, html, &shown)) {
        for tag in [&all[frame.start], &all[frame.end]] {
            out.push_str(&html[copied..tag.range.start]);
            copied = tag.range.end;
        }
    }
    if copied == 0 { Cow::Borrowed(html) } else { Cow::Owned(out + &html[copied..]) }
}

/// Whether a `<noscript>`, by its first and last tag, holds a picture that is not shown otherwise:
/// under the same address, or under another size's by the picture beside it that a script would
/// load.
fn is_new(frame: &Range<usize>, all: &[Tag<'_>], html: &str, shown: &HashSet<String>) -> bool {
    /// What may stand around such a picture.
    const PLAIN: [&str; 9] =
        ["a", "br", "figcaption", "figure", "img", "p", "picture", "source", "span"];
    let inside = &all[frame.start + 1..frame.end];
    let mut pictures = inside.iter().filter_map(picture);
    let is_other = pictures.any(|picture| !shown.contains(named(&picture.address)));
    let is_plain =
        || inside.iter().all(|tag| tag.known_name().is_some_and(|name| PLAIN.contains(&name)));
    let is_loaded =
        |tag: Option<&Tag<'_>>| tag.and_then(picture).is_some_and(|picture| picture.is_lazy);
    let nothing_between =
        |from: usize, to: usize| html[all[from].range.end..all[to].range.start].trim().is_empty();
    let before = frame.start.checked_sub(1).filter(|before| nothing_between(*before, frame.start));
    let after = Some(frame.end + 1)
        .filter(|after| *after < all.len() && nothing_between(frame.end, *after));
    let is_twin = || [before, after].into_iter().flatten().any(|beside| is_loaded(all.get(beside)));
    is_other && is_plain() && !is_twin()
}

/// A picture that a tag shows.
struct LazyPicture {
    address: String,
    /// A script would load it.
    is_lazy: bool,
}

fn picture(tag: &Tag<'_>) -> Option<LazyPicture> {
    if tag.closing || !tag.name.eq_ignore_ascii_case("img") {
        return None;
    }
    let address = picture_of(attributes(tag.attributes));
    let is_lazy = attributes(tag.attributes).all(|(name, value)| name != "src" || value != address);
    unusable_image(&address)
        .is_none()
        .then(|| LazyPicture { is_lazy, address: address.into_owned() })
}

/// An address without its scheme: both twins are often written by different programs.
fn named(address: &str) -> &str {
    address.find("//").map_or(address, |at| &address[at..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_taken_out_of_noscript_once() {
        for (html, wanted) in [
            ("甲<noscript><img src=a.png>字</noscript>乙", "甲<img src=a.png>字乙"),
            (
                "<img data-src=a.png><noscript><img src='a.png'></noscript>",
                "<img data-src=a.png><noscript><img src='a.png'></noscript>",
            ),
            (
                "<img src='data:image/svg+xml,x'><noscript><p><img src=a.png></p></noscript>",
                "<img src='data:image/svg+xml,x'><p><img src=a.png></p>",
            ),
            (
                "<noscript><div><img src=a.png></noscript>",
                "<noscript><div><img src=a.png></noscript>",
            ),
            // Twins in two sizes.
            (
                "<noscript><img src=/a_b.jpg></noscript> <img src='data:image/svg+xml,x' data-actualsrc=/a_r.jpg>",
                "<noscript><img src=/a_b.jpg></noscript> <img src='data:image/svg+xml,x' data-actualsrc=/a_r.jpg>",
            ),
            (
                "<img src=blank.gif data-original=/b.jpg>\n<noscript><img src=//x.example/b.jpg></noscript>",
                "<img src=blank.gif data-original=/b.jpg>\n<noscript><img src=//x.example/b.jpg></noscript>",
            ),
            (
                "<img src=https://x.example/a.jpg>甲<noscript><img src=//x.example/a.jpg></noscript>",
                "<img src=https://x.example/a.jpg>甲<noscript><img src=//x.example/a.jpg></noscript>",
            ),
            (
                "<img src=/a.jpg><noscript><img src=/b.jpg></noscript>",
                "<img src=/a.jpg><img src=/b.jpg>",
            ),
            ("<noscript>请打开脚本</noscript>", "<noscript>请打开脚本</noscript>"),
            ("<noscript><img src=a.png>", "<noscript><img src=a.png>"),
        ] {
            assert_eq!(with_lazy_pictures(html), wanted, "{html}");
        }
    }
}
