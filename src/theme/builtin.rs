//! The themes that are part of the program. A test compares the lists with `themes/` of the
//! repository.

/// Pairs of a path below the theme's folder and its text.
macro_rules! files {
    ($theme:literal: $($path:literal)+) => {
        &[$(($path, include_str!(concat!("../../themes/", $theme, "/", $path)))),+]
    };
}

/// Paths and texts.
pub(super) type BuiltinFiles = &'static [(&'static str, &'static str)];

/// The theme that stands in for what another one lacks.
pub(super) const DEFAULT: &str = "jian";

const THEMES: [(&str, BuiltinFiles); 3] = [
    (
        DEFAULT,
        files!("jian":
            "assets/icon.svg"
            "assets/jian.js.tera"
            "assets/style.css.tera"
            "i18n/en.yaml"
            "i18n/zh-Hans.yaml"
            "i18n/zh-Hant.yaml"
            "templates/404.html"
            "templates/archive.html"
            "templates/base.html"
            "templates/card.html"
            "templates/head.html"
            "templates/home.html"
            "templates/list.html"
            "templates/outline.html"
            "templates/page.html"
            "templates/pager.html"
            "templates/post.html"
            "templates/redirect.html"
            "templates/search.html"
            "templates/terms.html"
            "templates/years.html"
            "theme.yaml"
        ),
    ),
    (
        "su",
        files!("su":
            "assets/style.css"
            "templates/404.html"
            "templates/archive.html"
            "templates/base.html"
            "templates/card.html"
            "templates/home.html"
            "templates/list.html"
            "templates/outline.html"
            "templates/page.html"
            "templates/pager.html"
            "templates/post.html"
            "templates/search.html"
            "templates/terms.html"
            "theme.yaml"
        ),
    ),
    (
        "zhi",
        files!("zhi":
            "assets/style.css"
            "assets/zhi.js"
            "i18n/en.yaml"
            "i18n/zh-Hans.yaml"
            "i18n/zh-Hant.yaml"
            "templates/404.html"
            "templates/archive.html"
            "templates/base.html"
            "templates/card.html"
            "templates/home.html"
            "templates/list.html"
            "templates/page.html"
            "templates/pager.html"
            "templates/post.html"
            "templates/search.html"
            "templates/terms.html"
            "theme.yaml"
        ),
    ),
];

/// Returns the files of a built-in theme; none for a name that is not one.
pub(super) fn files(theme: &str) -> BuiltinFiles {
    THEMES.iter().find(|(name, _)| *name == theme).map_or(&[], |(_, files)| files)
}

/// Returns the built-in themes: their names, and their files by path below the theme's folder.
pub fn themes() -> impl Iterator<Item = (&'static str, BuiltinFiles)> {
    THEMES.into_iter()
}
