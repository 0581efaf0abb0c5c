//! Elements that, left open, would swallow the rest of the article.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::element::ElementSet;
use super::tag::{Tag, tags};

/// Elements whose inside a browser does not read as HTML, or that are taken out with all they hold:
/// left open, one of them would take the rest of the article with it.
const SWALLOWING: ElementSet = ElementSet::of(&[
    "applet", "audio", "button", "form", "frameset", "iframe", "math", "noembed", "noframes",
    "noscript", "object", "script", "select", "style", "svg", "template", "textarea", "title",
    "video", "xmp",
]);

/// Whether an element left open would swallow what follows.
pub(crate) fn swallows(tag: &Tag<'_>) -> bool {
    SWALLOWING.holds(tag.element)
}

/// A swallowing tag that is never closed, as it should stand: players and frames end at once,
/// others go.
pub(crate) fn closed_at_once(tag: &Tag<'_>, html: &str) -> String {
    let name = tag.name.to_ascii_lowercase();
    match name.as_str() {
        "iframe" | "video" | "audio" | "object" => format!("{}</{name}>", &html[tag.range.clone()]),
        _ => String::new(),
    }
}

/// Closes swallowing elements that a piece of HTML leaves open.
pub(crate) fn close_swallowing(html: &str) -> Cow<'_, str> {
    let found: Vec<Tag<'_>> = tags(html).filter(swallows).collect();
    let mut open: Vec<usize> = Vec::new();
    // How many of each name are open: an end tag that closes nothing costs no look at all of them.
    let mut counts: BTreeMap<Cow<'static, str>, usize> = BTreeMap::new();
    let mut unclosed: Vec<usize> = Vec::new();
    for (index, tag) in found.iter().enumerate() {
        let name = tag.lower_name();
        if !tag.closing {
            *counts.entry(name).or_default() += 1;
            open.push(index);
        } else if counts.get(&name).is_some_and(|count| *count > 0)
            && let Some(at) = open.iter().rposition(|open| found[*open].lower_name() == name)
        {
            for (place, closed) in open.split_off(at).into_iter().enumerate() {
                *counts.entry(found[closed].lower_name()).or_default() -= 1;
                if place > 0 {
                    unclosed.push(closed);
                }
            }
        }
    }
    unclosed.extend(open);
    if unclosed.is_empty() {
        return Cow::Borrowed(html);
    }
    unclosed.sort_unstable();
    let mut out = String::with_capacity(html.len() + 16);
    let mut at = 0;
    for tag in unclosed.into_iter().map(|index| &found[index]) {
        out.push_str(&html[at..tag.range.start]);
        out.push_str(&closed_at_once(tag, html));
        at = tag.range.end;
    }
    out.push_str(&html[at..]);
    Cow::Owned(out)
}
