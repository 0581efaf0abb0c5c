//! The folders of a site, in one table.

/// A folder that a site is read from.
#[derive(Clone, Copy, Debug)]
pub struct InputFolder {
    pub name: &'static str,
    /// Whether what is in it may show on any page, not only on those that are made of it.
    pub is_everywhere: bool,
}

/// Pages that stand alone; read by `site`, as `posts/` is, whose name the keeper may choose.
pub const PAGES: &str = "pages";
/// Files that are published as they are; read by `site`.
pub const STATIC: &str = "static";
/// What templates and terms are told besides; read by `site`.
pub const DATA: &str = "data";
/// Snippets that posts include; read by `site`.
pub const INCLUDES: &str = "includes";
/// Read by `theme`, as are the following, from the site and from its theme.
pub const TEMPLATES: &str = "templates";
pub const ASSETS: &str = "assets";
/// Words of templates in other languages.
pub const WORDS: &str = "i18n";
/// The themes, each a folder.
pub const THEMES: &str = "themes";
/// What one run keeps for the next: never read as the site's, and not published.
pub const KEPT: &str = ".sitegen";

/// The folders besides those of posts and themes. What is in them and is not read is told by one
/// rule, `folder`.
pub const INPUTS: [InputFolder; 7] = [
    InputFolder { name: PAGES, is_everywhere: false },
    InputFolder { name: STATIC, is_everywhere: false },
    InputFolder { name: DATA, is_everywhere: true },
    InputFolder { name: INCLUDES, is_everywhere: true },
    InputFolder { name: TEMPLATES, is_everywhere: true },
    InputFolder { name: ASSETS, is_everywhere: true },
    InputFolder { name: WORDS, is_everywhere: true },
];

/// Returns whether a file of the site may show on any page: all but posts, pages and what is
/// copied.
pub fn is_everywhere(path: &str) -> bool {
    let top = path.split('/').next().unwrap_or(path);
    path == "site.yaml"
        || top == THEMES
        || INPUTS.iter().any(|folder| folder.is_everywhere && folder.name == top)
}
