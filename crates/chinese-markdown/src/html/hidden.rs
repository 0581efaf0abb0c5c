//! What scrapers saved and no reader was shown: elements that are `hidden` or `display: none`, with
//! all they hold.
//!
//! `visibility: hidden` and `opacity: 0` hide nothing here: WeChat's articles are saved so, before
//! a script shows them.

use std::collections::HashMap;
use std::ops::Range;

use memchr::memmem;

use super::attributes::attributes;
use super::tag::{Tag, tags};

/// Hidden elements of a text, in order. What begins in one of the ranges of `code`, which are in
/// order, is no tag.
pub(crate) fn hidden(html: &str, code: &[Range<usize>]) -> Vec<Range<usize>> {
    let is_code = |at: usize| {
        code.get(code.partition_point(|range| range.end <= at))
            .is_some_and(|range| range.start <= at)
    };
    let shown = || tags(html).filter(|tag| !is_code(tag.range.start));
    if !may_hide(html) || !shown().any(|tag| is_hidden(&tag)) {
        return Vec::new();
    }
    // The elements that are open, by name: whether each is hidden, and where it begins.
    let mut open: HashMap<String, Vec<(bool, usize)>> = HashMap::new();
    let mut found: Vec<Range<usize>> = Vec::new();
    for tag in shown().filter(Tag::is_element) {
        let opened = open.entry(tag.name.to_ascii_lowercase()).or_default();
        if !tag.closing {
            opened.push((is_hidden(&tag), tag.range.start));
        } else if let Some((true, start)) = opened.pop()
            && !is_article(start..tag.range.end, html)
        {
            while found.last().is_some_and(|last| last.start > start) {
                found.pop();
            }
            found.push(start..tag.range.end);
        }
    }
    found.sort_by_key(|range| range.start);
    let mut end = 0;
    found.retain(|range| {
        let is_apart = range.start >= end;
        end = end.max(range.end);
        is_apart
    });
    found
}

/// Whether any tag of a text may hide something; nearly no post has one.
pub(crate) fn may_hide(html: &str) -> bool {
    memchr::memchr(b'<', html.as_bytes()).is_some()
        && ["hidden", "HIDDEN", "display", "DISPLAY"]
            .iter()
            .any(|word| memmem::find(html.as_bytes(), word.as_bytes()).is_some())
}

/// A text with blanks in place of what is hidden; all else stands where it stood.
pub(crate) fn without_hidden(html: &str, hidden: &[Range<usize>]) -> String {
    let mut out = String::with_capacity(html.len());
    for range in hidden {
        out.push_str(&html[out.len()..range.start]);
        out.extend(html[range.clone()].bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }));
    }
    out.push_str(&html[out.len()..]);
    out
}

fn is_hidden(tag: &Tag<'_>) -> bool {
    !tag.closing
        && !matches!(&*tag.lower_name(), "img" | "image" | "input" | "source" | "br" | "svg")
        && attributes(tag.attributes).any(|(name, value)| match &*name {
            "hidden" => !value.eq_ignore_ascii_case("until-found"),
            "style" => {
                value.split(';').filter_map(|rule| rule.split_once(':')).any(|(property, value)| {
                    let value = value.split('!').next().unwrap_or(value).trim();
                    property.trim().eq_ignore_ascii_case("display")
                        && value.eq_ignore_ascii_case("none")
                })
            }
            _ => false,
        })
}

/// Whether an element is what a script was to show: most of a long text.
fn is_article(range: Range<usize>, html: &str) -> bool {
    const LONG: usize = 2_000;
    range.len() > LONG && range.len() * 2 > html.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(html: &str) -> String {
        without_hidden(html, &hidden(html, &[])).split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn what_nobody_was_shown_is_found() {
        for (html, wanted) in [
            ("甲<p style=\"color:red; DISPLAY : none !important\">密</p>乙", "甲 乙"),
            ("<div hidden>密<div>密</div>密</div>乙", "乙"),
            ("<span hidden=\"\">密<b hidden>密</b></span>乙<i hidden>密</i>", "乙"),
            ("<p hidden=until-found>甲</p>", "<p hidden=until-found>甲</p>"),
            (
                "<p style=\"visibility:hidden;opacity:0\">甲</p>",
                "<p style=\"visibility:hidden;opacity:0\">甲</p>",
            ),
            ("<p hidden>没有结尾", "<p hidden>没有结尾"),
            (
                "<p style='overflow:hidden;display:block'>甲</p>",
                "<p style='overflow:hidden;display:block'>甲</p>",
            ),
            (
                "<img style=\"display:none\" src=a.png>甲",
                "<img style=\"display:none\" src=a.png>甲",
            ),
        ] {
            assert_eq!(shown(html), wanted, "{html}");
        }
        let article = format!("<div style=\"display:none\">{}</div>", "甲".repeat(1_000));
        assert!(hidden(&article, &[]).is_empty(), "most of a text is what a script was to show");
        let code = vec![Range { start: 0, end: 12 }];
        assert_eq!(hidden("`<p hidden>`<p hidden>密</p>", &code).first(), Some(&(12..29)));
    }
}
