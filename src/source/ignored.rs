//! Names of files and folders that are passed over.

pub(super) fn is_hidden(name: &str) -> bool {
    name.starts_with('.') && !crate::route::PUBLISHED_DOT_FILES.contains(&name)
}

/// Returns whether a file that begins with a dot may be an article, `.NET 入门.md`, and is not a
/// system's or an editor's own.
pub(super) fn is_dotted_text(name: &str) -> bool {
    const ENDINGS: [&str; 5] = ["md", "markdown", "mkd", "mkdn", "mkdown"];
    // `.2020-01-01-x.md` was given its dot to be hidden.
    let is_own = !name[1..].starts_with(char::is_alphabetic);
    let is_text = |(stem, ending): (&str, &str)| {
        stem.len() > 1 && ENDINGS.iter().any(|text| ending.eq_ignore_ascii_case(text))
    };
    !is_own && name.rsplit_once('.').is_some_and(is_text)
}

/// Returns whether a folder that begins with a dot may be called by a word, `.NET`: what tools hide
/// is in small letters, but for macOS's.
pub(super) fn is_word(name: &str) -> bool {
    #[rustfmt::skip]
    const HIDDEN: [&str; 14] = [
        ".apple", ".archive", ".backup", ".ds_store", ".dav", ".documentrevisions", ".draft", ".lsoverride", ".private", ".rproj",
        ".spotlight", ".temp", ".trash", ".template",
    ];
    let lower = name.to_ascii_lowercase();
    name[1..].starts_with(|c: char| c.is_ascii_uppercase())
        && !HIDDEN.iter().any(|hidden| lower.starts_with(hidden))
}

pub(super) fn is_backup(name: &str) -> bool {
    name.ends_with('~') || (name.starts_with('#') && name.ends_with('#'))
}

/// Returns whether a file or folder of this name is passed over.
pub fn is_passed_over(name: &str) -> bool {
    (is_hidden(name) && !is_dotted_text(name) && !is_word(name)) || is_backup(name)
}
