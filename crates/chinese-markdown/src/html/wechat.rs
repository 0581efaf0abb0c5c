//! The elements of WeChat's editor.

/// Players, cards and shops of WeChat's editor, empty for everybody else; the others are named
/// `mp-…`.
pub(super) const ELEMENTS: [&str; 10] = [
    "mpcps",
    "mpgongyi",
    "mpproduct",
    "mpprofile",
    "mpshop",
    "mpvideo",
    "mpvideosnap",
    "mpvoice",
    "mpweapp",
    "qqmusic",
];

/// Whether an element is one of WeChat's, by its name in whatever case.
pub(super) fn is_element(name: &str) -> bool {
    name.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("mp-"))
        || ELEMENTS.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// Whether HTML may hold an element named `mp-…`.
pub(super) fn names_mini_program(html: &str) -> bool {
    let bytes = html.as_bytes();
    memchr::memchr_iter(b'<', bytes)
        .any(|at| bytes.get(at + 1..at + 4).is_some_and(|start| start.eq_ignore_ascii_case(b"mp-")))
}

/// Whether one of WeChat's elements shows something; one only tells its editor of the style.
pub(super) fn is_player(name: &str) -> bool {
    is_element(name) && !name.eq_ignore_ascii_case("mp-style-type")
}
