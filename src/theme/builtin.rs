//! The themes that are part of the program.

/// Paths below the theme's folder, and texts.
pub(super) type BuiltinFiles = &'static [(&'static str, &'static str)];

/// The theme that stands in for what another one lacks.
pub(super) const DEFAULT: &str = "jian";

/// The folders of `themes/` in the repository, in order; `build.rs` writes down what is in them.
const THEMES: &[(&str, BuiltinFiles)] = include!(concat!(env!("OUT_DIR"), "/themes.rs"));

/// Returns the files of a built-in theme; none for a name that is not one.
pub(super) fn files(theme: &str) -> BuiltinFiles {
    THEMES.iter().find(|(name, _)| *name == theme).map_or(&[], |(_, files)| files)
}

/// Returns the built-in themes: their names, and their files by path below the theme's folder.
pub fn themes() -> impl Iterator<Item = (&'static str, BuiltinFiles)> {
    THEMES.iter().copied()
}
