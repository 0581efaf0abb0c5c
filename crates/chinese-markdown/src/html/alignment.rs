//! How the lines of an element are aligned.

use lol_html::html_content::Element;

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

/// The selector of elements that may be aligned, where any are. That any element is looked for by
/// its attributes makes lol_html read those of all, which took a third of its time; styles of
/// paragraphs, which most articles of WeChat have, need no more than these.
pub(super) fn aligned(html: &str) -> Option<String> {
    let ends = |word: &'static str| {
        memchr::memmem::find_iter(html.as_bytes(), word).map(|at| at + word.len())
    };
    let is_attribute = |end: &usize| html[*end..].trim_start().starts_with('=');
    let is_element = |end: usize| {
        html.as_bytes()[..end]
            .last_chunk::<7>()
            .is_some_and(|tag| tag.eq_ignore_ascii_case(b"<center"))
    };
    let (attributes, styles): (Vec<usize>, Vec<usize>) =
        ends("lign").chain(ends("LIGN")).partition(is_attribute);
    let mut selectors = Vec::new();
    if !attributes.is_empty() || ends("enter").chain(ends("ENTER")).any(is_element) {
        selectors.push("center, [align]".to_owned());
    }
    if !styles.is_empty() {
        selectors.extend(PARAGRAPHS.iter().map(|name| format!("{name}[style*='text-align' i]")));
    }
    (!selectors.is_empty()).then(|| selectors.join(", "))
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
