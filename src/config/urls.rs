//! `urls`: how addresses are written, and which are the same.

use crate::yaml::{Mistake, Setting};

pub(super) struct Urls {
    /// Links are relative and name files.
    pub(super) names_files: bool,
    /// Addresses that differ in case are two.
    pub(super) tells_case: bool,
}

impl Urls {
    pub(super) fn read(typed: Setting<'_>) -> Result<Urls, Mistake> {
        let typed = typed.of_keys(&["style", "case"])?;
        Ok(Urls {
            names_files: typed
                .get("style")
                .one_of(&[("pretty", false), ("explicit", true)])?
                .unwrap_or(false),
            tells_case: typed
                .get("case")
                .one_of(&[("insensitive", false), ("sensitive", true)])?
                .unwrap_or(false),
        })
    }
}
