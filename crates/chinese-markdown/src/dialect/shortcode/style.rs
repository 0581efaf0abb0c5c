//! Words of tags that only say how something looks: colours, sizes, symbols.

/// Colours, sizes and forms that the themes of Hexo name.
const STYLES: [&str; 73] = [
    "red",
    "orange",
    "yellow",
    "green",
    "cyan",
    "blue",
    "purple",
    "violet",
    "pink",
    "gray",
    "grey",
    "black",
    "white",
    "magenta",
    "brown",
    "gold",
    "silver",
    "default",
    "primary",
    "secondary",
    "success",
    "info",
    "warning",
    "warn",
    "danger",
    "error",
    "light",
    "dark",
    "accent",
    "theme",
    "small",
    "large",
    "huge",
    "ultra",
    "tiny",
    "mini",
    "big",
    "larger",
    "smaller",
    "left",
    "center",
    "right",
    "block",
    "inline",
    "outline",
    "round",
    "flat",
    "modern",
    "simple",
    "disabled",
    "solid",
    "regular",
    "logo",
    "code",
    "kbd",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "bold",
    "italic",
    "checked",
    "incremental",
    "plus",
    "minus",
    "times",
    "open",
    "close",
    "closed",
    "no-icon",
    "subtitle",
];

/// Whether a word says nothing to readers.
pub(super) fn is_style(word: &str) -> bool {
    let is_colour = |rest: &str| {
        matches!(rest.len(), 3 | 4 | 6 | 8) && rest.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    STYLES.contains(&word) || word.strip_prefix('#').is_some_and(is_colour) || is_symbol(word)
}

/// Whether all words of a field do.
pub(super) fn is_style_field(field: &str) -> bool {
    !field.trim().is_empty() && field.split_whitespace().all(is_style)
}

/// The name of a symbol: `fa-home`, `fas fa-bullhorn`.
pub(super) fn is_symbol(word: &str) -> bool {
    matches!(word, "fa" | "fas" | "far" | "fab" | "fal" | "fad" | "iconfont")
        || word.starts_with("fa") && word.contains("fa-")
        || word.starts_with("icon-")
}
