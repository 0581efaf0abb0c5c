//! What looks like a tag and is text.

use std::borrow::Cow;

use super::escape::escape_text;
use super::swallowing::{close_swallowing, swallows};
use super::tag::{Tag, tags};

/// HTML whose tags are what they look like, and whose elements do not swallow what follows; `tags`
/// are its own. Nearly all HTML is so, which they say without another look.
pub(crate) fn made_whole<'h>(html: &'h str, tags: &[Tag<'_>]) -> Cow<'h, str> {
    let is_text = |text: &str| memchr::memchr(b'<', text.as_bytes()).is_none();
    let mut at = 0;
    let is_whole = tags.iter().all(|tag| {
        let before = std::mem::replace(&mut at, tag.range.end)..tag.range.start;
        is_text(&html[before]) && tag.is_element() && !swallows(tag) && html[..at].ends_with('>')
    });
    if is_whole && is_text(&html[at..]) {
        return Cow::Borrowed(html);
    }
    let escaped = escape_look_alikes(html);
    match close_swallowing(&escaped) {
        Cow::Owned(closed) => Cow::Owned(closed),
        Cow::Borrowed(_) => escaped,
    }
}

/// Makes text of what only looks like HTML: placeholders (`List<int>`), tags without end
/// (`<p style="a>`), comments without end. What such a thing holds is looked at again, since it
/// lies bare then.
pub(crate) fn escape_look_alikes(html: &str) -> Cow<'_, str> {
    /// Tags without end that are looked into; each costs a look at the rest.
    const LOOKS: usize = 64;
    let mut out = String::new();
    let (mut copied, mut at, mut looks) = (0, 0, 0);
    while let Some(found) = memchr::memchr(b'<', &html.as_bytes()[at..]) {
        let start = at + found;
        let rest = &html[start..];
        if rest.starts_with("<!--") {
            if let Some(end) = rest.find("-->") {
                at = start + end + 3;
                continue;
            }
        } else {
            match tags(rest).next().filter(|tag| tag.range.start == 0) {
                // No tag: `1 < 2`, `<?php`; parsers read these as text or as comments that end at
                // `>`.
                None if !rest.starts_with("<!")
                    && !rest.starts_with("<?")
                    && !rest.starts_with("</") =>
                {
                    at = start + 1;
                    continue;
                }
                None => {}
                Some(tag) if tag.is_element() && rest[..tag.range.end].ends_with('>') => {
                    at = start + tag.range.end;
                    continue;
                }
                Some(_) => {}
            }
        }
        looks += 1;
        out.push_str(&html[copied..start]);
        if looks > LOOKS {
            out.push_str(&escape_text(rest));
            return Cow::Owned(out);
        }
        out.push_str("&lt;");
        (copied, at) = (start + 1, start + 1);
    }
    if copied == 0 && out.is_empty() {
        Cow::Borrowed(html)
    } else {
        Cow::Owned(out + &html[copied..])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn look_alikes_are_text() {
        assert_eq!(
            escape_look_alikes("List<int> <b>x</b> <mp-x> <commit-hash>"),
            "List&lt;int> <b>x</b> <mp-x> &lt;commit-hash>"
        );
    }
}
