//! Pictures that lazy loaders keep in `<noscript>`, for readers without scripts; here nobody has any.

use std::borrow::Cow;
use std::collections::HashSet;

use super::usable::{picture_of, unusable_image};
use super::{Tag, attributes, tags};

/// HTML in which a `<noscript>` that holds a picture not shown otherwise lies open. It is made safe like all else, afterwards.
pub(super) fn with_lazy_pictures(html: &str) -> Cow<'_, str> {
    /// What may stand around such a picture.
    const PLAIN: [&str; 9] = ["a", "br", "figcaption", "figure", "img", "p", "picture", "source", "span"];
    if memchr::memmem::find(html.as_bytes(), b"<noscript").is_none() {
        return Cow::Borrowed(html);
    }
    let all: Vec<Tag<'_>> = tags(html).collect();
    let is_end = |tag: &Tag<'_>| tag.closing && tag.name.eq_ignore_ascii_case("noscript");
    let mut shown: HashSet<String> = HashSet::new();
    let mut frames: Vec<(usize, usize)> = Vec::new();
    let mut at = 0;
    while let Some(tag) = all.get(at) {
        if tag.name == "noscript" && !tag.closing {
            let Some(end) = all[at..].iter().position(is_end).map(|end| at + end) else { break };
            frames.push((at, end));
            at = end + 1;
            continue;
        }
        shown.extend(picture(tag));
        at += 1;
    }
    let holds_a_new_picture = |(start, end): &&(usize, usize)| {
        let inside = &all[start + 1..*end];
        let is_new = inside.iter().filter_map(picture).any(|address| !shown.contains(&address));
        is_new && inside.iter().all(|tag| tag.known_name().is_some_and(|name| PLAIN.contains(&name)))
    };
    let mut out = String::with_capacity(html.len());
    let mut copied = 0;
    for (start, end) in frames.iter().filter(holds_a_new_picture) {
        for tag in [&all[*start], &all[*end]] {
            out.push_str(&html[copied..tag.range.start]);
            copied = tag.range.end;
        }
    }
    if copied == 0 { Cow::Borrowed(html) } else { Cow::Owned(out + &html[copied..]) }
}

/// The address of the picture that a tag shows.
fn picture(tag: &Tag<'_>) -> Option<String> {
    if tag.closing || !tag.name.eq_ignore_ascii_case("img") {
        return None;
    }
    let all: Vec<(Cow<'_, str>, Cow<'_, str>)> = attributes(tag.attributes).collect();
    let address = picture_of(|name| all.iter().find(|(other, _)| other == name).map(|(_, value)| value.clone()));
    unusable_image(&address).is_none().then(|| address.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_taken_out_of_noscript_once() {
        for (html, wanted) in [
            ("甲<noscript><img src=a.png>字</noscript>乙", "甲<img src=a.png>字乙"),
            ("<img data-src=a.png><noscript><img src='a.png'></noscript>", "<img data-src=a.png><noscript><img src='a.png'></noscript>"),
            (
                "<img src='data:image/svg+xml,x'><noscript><p><img src=a.png></p></noscript>",
                "<img src='data:image/svg+xml,x'><p><img src=a.png></p>",
            ),
            ("<noscript><div><img src=a.png></noscript>", "<noscript><div><img src=a.png></noscript>"),
            ("<noscript>请打开脚本</noscript>", "<noscript>请打开脚本</noscript>"),
            ("<noscript><img src=a.png>", "<noscript><img src=a.png>"),
        ] {
            assert_eq!(with_lazy_pictures(html), wanted, "{html}");
        }
    }
}
