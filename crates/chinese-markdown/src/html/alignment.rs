//! How the lines of an element are aligned.

use lol_html::html_content::Element;

use super::element::{ElementSet, KnownElement};
use super::embed::said;

/// Elements whose style says how their lines are aligned.
const PARAGRAPHS: [&str; 13] = [
    "p",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "td",
    "th",
    "figcaption",
    "caption",
    "blockquote",
    "li",
];

/// The selectors of elements that may be aligned, where any are. That any element is looked for by
/// its attributes makes lol_html read those of all, which took a third of its time; styles of
/// paragraphs, which most articles of WeChat have, need no more than these.
pub(super) fn aligned(html: &str) -> Vec<String> {
    let is_element = |at: usize| html[..at].ends_with('<') && begins_with(&html[at..], "center");
    let is_attribute = |end: &usize| html[*end..].trim_start().starts_with('=');
    let (attributes, styles): (Vec<usize>, Vec<usize>) =
        mentions(html).map(|at| at + ALIGN.len()).partition(is_attribute);
    let has_centers = memchr::memchr2_iter(b'c', b'C', html.as_bytes()).any(is_element);
    let mut selectors = Vec::new();
    if !attributes.is_empty() || has_centers {
        selectors.push("center, [align]".to_owned());
    }
    if !styles.is_empty() {
        selectors.extend(PARAGRAPHS.iter().map(|name| format!("{name}[style*='text-align' i]")));
    }
    selectors
}

/// What every mention of an alignment ends with.
const ALIGN: &str = "lign";

/// Where alignments are mentioned.
fn mentions(text: &str) -> impl Iterator<Item = usize> {
    memchr::memchr2_iter(b'l', b'L', text.as_bytes()).filter(|at| begins_with(&text[*at..], ALIGN))
}

fn begins_with(text: &str, word: &str) -> bool {
    text.get(..word.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(word))
}

/// Whether an attribute may say how the lines of its element are aligned.
pub(super) fn may_align(element: Option<KnownElement>, name: &str, value: &str) -> bool {
    const STYLED: ElementSet = ElementSet::of(&PARAGRAPHS);
    name.eq_ignore_ascii_case("align")
        || STYLED.holds(element)
            && name.eq_ignore_ascii_case("style")
            && mentions(value).next().is_some()
}

/// The class for how the lines of an element are aligned. A style is looked at where it is that of
/// a paragraph: those around them are the layout of editors.
pub(super) fn alignment(element: &Element<'_, '_>) -> Option<&'static str> {
    let name = element.tag_name();
    if matches!(
        name.as_str(),
        "table" | "img" | "image" | "hr" | "iframe" | "embed" | "object" | "input" | "legend"
    ) {
        return None;
    }
    let said = said(element, "align")
        .or_else(|| (name == "center").then(|| name.clone()))
        .or_else(|| {
            let style = element
                .get_attribute("style")
                .filter(|_| PARAGRAPHS.contains(&&*name))?
                .to_ascii_lowercase();
            let declared = style
                .split(';')
                .filter_map(|rule| rule.split_once(':'))
                .rfind(|(name, _)| name.trim() == "text-align")?;
            Some(declared.1.trim().trim_end_matches("!important").trim().to_owned())
        })?;
    match said.to_ascii_lowercase().as_str() {
        "center" | "middle" | "-webkit-center" => Some("align-center"),
        "right" | "end" => Some("align-right"),
        _ => None,
    }
}
