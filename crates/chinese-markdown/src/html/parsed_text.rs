//! The text of HTML as a parser reads it.

use super::escape::unescape;
use super::inspection::{Inspection, MAX_DEPTH};
use super::text::visible_text;

/// Returns the text of HTML, without tags, scripts and styles. What nests too deep for a parser
/// goes through the light scan of [`visible_text`].
///
/// ```
/// assert_eq!(chinese_markdown::html::text_of("<p>甲<script>x</script><b>乙</b>"), "甲乙");
/// ```
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
