//! `nav`: the links in the header.

use crate::yaml::{Mistake, Setting};

/// An entry of the navigation: a title and where it leads (a path of the site, or a full address).
#[derive(Clone, Debug)]
pub struct NavItem {
    pub title: String,
    pub url: String,
}

impl NavItem {
    pub(super) fn read_all(typed: Setting<'_>) -> Result<Vec<NavItem>, Mistake> {
        typed.items()?.into_iter().map(NavItem::read).collect()
    }

    fn read(typed: Setting<'_>) -> Result<NavItem, Mistake> {
        let typed = typed.of_keys(&["title", "url"])?;
        let text = |key: &str| typed.get(key).required_text().map(str::to_owned);
        Ok(NavItem { title: text("title")?, url: text("url")? })
    }
}
