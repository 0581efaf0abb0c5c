//! Headings in raw HTML: the page has one `<h1>`, its title, which the article does not say again.

use std::borrow::Cow;
use std::ops::Range;

use super::parsed_text::text_of;
use super::tag::{Tag, tags};
use super::text::visible_text;

/// Whether a heading says what the title says; of a long one the title is the beginning.
pub(crate) fn repeats_title(heading: &str, title: &str) -> bool {
    let cut = title.strip_suffix('…').filter(|beginning| beginning.chars().count() >= 20);
    heading == title || cut.is_some_and(|beginning| heading.starts_with(beginning))
}

/// HTML without a first heading that repeats the title; where `<h1>`s remain, raw headings go down
/// a level. Those that Markdown wrote carry `seal`, and stay.
pub(super) fn with_headings<'h>(html: &'h str, seal: &str, title: &str) -> Cow<'h, str> {
    let mut headings = raw_headings(html, seal).peekable();
    let Some(first) = headings.peek() else { return Cow::Borrowed(html) };
    let repeated = first
        .whole(html)
        .filter(|whole| is_first(&html[..whole.start]) && says_title(&html[whole.clone()], title));
    let rest: Vec<RawHeading<'_>> = headings.skip(usize::from(repeated.is_some())).collect();
    let shift = u8::from(rest.iter().any(|heading| heading.level == 1));
    if repeated.is_none() && shift == 0 {
        return Cow::Borrowed(html);
    }
    let mut out = String::with_capacity(html.len());
    let mut copied = 0;
    if let Some(whole) = repeated {
        out.push_str(&html[..whole.start]);
        copied = whole.end;
    }
    for heading in rest {
        for tag in std::iter::once(&heading.opens).chain(&heading.closes) {
            // Behind `<h` or `</h`.
            let digit = tag.range.start + 2 + usize::from(tag.closing);
            out.push_str(&html[copied..digit]);
            out.push(char::from(b'0' + (heading.level + shift).min(6)));
            copied = digit + 1;
        }
    }
    Cow::Owned(out + &html[copied..])
}

struct RawHeading<'h> {
    level: u8,
    opens: Tag<'h>,
    closes: Option<Tag<'h>>,
}

impl RawHeading<'_> {
    fn whole(&self, html: &str) -> Option<Range<usize>> {
        let end = self.closes.as_ref()?.range.end;
        Some(self.opens.range.start..end + usize::from(html[end..].starts_with('\n')))
    }
}

/// Headings that Markdown did not write.
fn raw_headings<'h>(html: &'h str, seal: &str) -> impl Iterator<Item = RawHeading<'h>> {
    let level = |tag: &Tag<'_>| match tag.name.as_bytes() {
        [b'h' | b'H', level @ b'1'..=b'6'] => Some(level - b'0'),
        _ => None,
    };
    let mut all =
        tags(html).filter_map(move |tag| level(&tag).map(|level| (level, tag))).peekable();
    std::iter::from_fn(move || {
        loop {
            let (level, opens) = all.next()?;
            if opens.closing {
                continue;
            }
            let closes = all.next_if(|(_, tag)| tag.closing).map(|(_, tag)| tag);
            if seal.is_empty() || !opens.attributes.contains(seal) {
                return Some(RawHeading { level, opens, closes });
            }
        }
    })
}

/// Whether nothing to read or to look at stands before a heading.
fn is_first(before: &str) -> bool {
    const SHOWN: [&str; 9] =
        ["audio", "embed", "hr", "iframe", "image", "img", "object", "table", "video"];
    tags(before).all(|tag| !tag.known_name().is_some_and(|name| SHOWN.contains(&name)))
        && visible_text(before).trim().is_empty()
}

fn says_title(heading: &str, title: &str) -> bool {
    tags(heading).all(|tag| tag.known_name() != Some("img"))
        && repeats_title(&chinese_text::one_line(&text_of(heading)), title)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_has_one_title() {
        for (html, wanted) in [
            (
                "<div>\n<h1 class=t>题 <b>目</b></h1>\n<p>文</p><h2>节</h2></div>",
                "<div>\n<p>文</p><h2>节</h2></div>",
            ),
            ("<h3>题 目</h3>文", "文"),
            ("<p>文</p><h2>题 目</h2>", "<p>文</p><h2>题 目</h2>"),
            ("<img src=a><h2>题 目</h2>", "<img src=a><h2>题 目</h2>"),
            ("<h1>甲</h1><h2>乙</h2><H6>丙</H6>", "<h2>甲</h2><h3>乙</h3><H6>丙</H6>"),
            ("<h1>题 目</h1><h1>甲</h1><h2>乙</h2>", "<h2>甲</h2><h3>乙</h3>"),
            ("<h2 id=\"seal-x\">甲</h2><h1>乙</h1>", "<h2 id=\"seal-x\">甲</h2><h2>乙</h2>"),
            ("<h1>没有结尾", "<h2>没有结尾"),
            ("<hr><header>甲</header>", "<hr><header>甲</header>"),
        ] {
            assert_eq!(with_headings(html, "seal-", "题 目"), wanted, "{html}");
        }
        assert!(
            repeats_title(&"长".repeat(30), &format!("{}…", "长".repeat(25)))
                && !repeats_title("甲乙", "甲…")
        );
    }
}
