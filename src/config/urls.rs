//! `urls`: how addresses are written, and which are the same.

use crate::route::NameCase;
use crate::yaml::{Mistake, Setting};

pub(super) struct Urls {
    /// Links are relative and name files.
    pub(super) names_files: bool,
    /// Whether addresses that differ in case are two.
    pub(super) case: NameCase,
}

impl Urls {
    pub(super) fn read(typed: Setting<'_>) -> Result<Urls, Mistake> {
        let typed = typed.of_keys(&["style", "case"])?;
        Ok(Urls {
            names_files: typed
                .get("style")
                .one_of(&[("pretty", false), ("explicit", true)])?
                .unwrap_or(false),
            case: typed
                .get("case")
                .one_of(&[
                    ("insensitive", NameCase::Insensitive),
                    ("sensitive", NameCase::Sensitive),
                ])?
                .unwrap_or(NameCase::Insensitive),
        })
    }
}
