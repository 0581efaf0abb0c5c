//! `security`: what posts may bring into a page, and where files may come from.

use super::ContentPolicy;
use crate::yaml::{Mistake, Setting};

/// How raw HTML in posts is treated. Only the site's configuration chooses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RawHtml {
    Sanitize,
    Strip,
    Raw,
}

pub(super) struct Security {
    pub(super) raw_html: RawHtml,
    pub(super) policy: ContentPolicy,
    pub(super) follow_symlinks: bool,
}

impl Security {
    pub(super) fn read(typed: Setting<'_>) -> Result<Security, Mistake> {
        let typed = typed.of_keys(&["html", "csp", "follow_symlinks"])?;
        let html = [("sanitize", RawHtml::Sanitize), ("strip", RawHtml::Strip), ("raw", RawHtml::Raw)];
        let raw_html = typed.get("html").one_of(&html)?.unwrap_or(RawHtml::Sanitize);
        Ok(Security {
            raw_html,
            policy: ContentPolicy::read(&typed.get("csp"), raw_html)?,
            follow_symlinks: typed.get("follow_symlinks").switch()?.unwrap_or(false),
        })
    }
}
