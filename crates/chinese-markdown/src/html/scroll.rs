//! Wide tables scroll by themselves, and so that keys can scroll them they take the focus.

use std::borrow::Cow;

use super::tag::tags;

/// What stands before the table that scrolls.
const OPENS: &str = "<div class=\"table-scroll\" tabindex=\"0\">\n";

/// HTML, clean already, in which each table that lies in no other scrolls.
pub(crate) fn with_scrolling_tables(html: &str) -> Cow<'_, str> {
    if memchr::memmem::find(html.as_bytes(), b"<table").is_none() {
        return Cow::Borrowed(html);
    }
    let mut out = String::with_capacity(html.len() + 64);
    let (mut copied, mut depth, mut scrolls) = (0, 0_usize, false);
    for tag in tags(html).filter(|tag| tag.name == "table") {
        if tag.closing {
            depth = depth.saturating_sub(1);
            if depth == 0 {
                out.push_str(&html[copied..tag.range.end]);
                copied = tag.range.end;
                out.push_str(if scrolls { "" } else { "\n</div>" });
            }
        } else {
            depth += 1;
            if depth == 1 {
                out.push_str(&html[copied..tag.range.start]);
                copied = tag.range.start;
                scrolls = html[..copied].ends_with(OPENS);
                out.push_str(if scrolls { "" } else { OPENS });
            }
        }
    }
    Cow::Owned(out + &html[copied..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outer_tables_scroll_once() {
        let table =
            "<table><tbody><tr><td title=\"<table>\"><table></table></td></tr></tbody></table>";
        let wrapped = format!("{OPENS}{table}\n</div>");
        assert_eq!(with_scrolling_tables(&format!("甲{table}乙")), format!("甲{wrapped}乙"));
        assert_eq!(with_scrolling_tables(&wrapped), wrapped);
    }
}
