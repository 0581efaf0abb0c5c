//! The text of HTML as a parser reads it.

use super::escape::unescape;
use super::inspection::{Inspection, MAX_DEPTH};
use super::text::visible_text;

/// The text of HTML, all tags gone; of what nests too deep for a parser, by the light scan.
pub fn text_of(html: &str) -> String {
    let mut inspection = Inspection::default();
    inspection.look_at(html, 0);
    if inspection.depth > MAX_DEPTH {
        return visible_text(html);
    }
    let cleaned = ammonia::Builder::empty()
        .clean_content_tags(["script", "style", "template", "noscript"].into())
        .clean(html)
        .to_string();
    unescape(&cleaned).into_owned()
}
