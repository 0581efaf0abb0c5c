//! Elements that begin a raw block, and where they end.

/// Block elements that CommonMark (§4.6, kind 6) and kramdown both begin a raw block with.
const BLOCKS: [&str; 22] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "center",
    "dd",
    "div",
    "dl",
    "fieldset",
    "figure",
    "footer",
    "form",
    "header",
    "iframe",
    "main",
    "nav",
    "ol",
    "p",
    "section",
    "table",
    "tbody",
    "ul",
];

/// Whether an element begins a raw block wherever its tag begins a line.
pub(crate) fn is_block_element(name: &str) -> bool {
    BLOCKS.iter().any(|block| block.eq_ignore_ascii_case(name))
}

/// Where the end tag that matches the element opened at `start` ends.
pub(crate) fn matching_end(
    source: &str,
    start: usize,
    name: &str,
    budget: &mut usize,
) -> Option<usize> {
    let mut depth = 0_usize;
    let mut seen = 0;
    for tag in crate::html::tags(&source[start..]) {
        *budget = budget.checked_sub(tag.range.end - seen)?;
        seen = tag.range.end;
        if !tag.name.eq_ignore_ascii_case(name) {
            continue;
        }
        if tag.closing {
            depth = depth.checked_sub(1)?;
            if depth == 0 {
                return Some(start + tag.range.end);
            }
        } else {
            depth += 1;
        }
    }
    None
}
