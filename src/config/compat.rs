//! `compat`: whose quirks to keep.

use crate::yaml::{Mistake, Setting};

/// Whose quirks to keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compat {
    None,
    Jekyll,
}

impl Compat {
    pub(super) fn read(typed: Setting<'_>) -> Result<Compat, Mistake> {
        Ok(typed
            .one_of(&[("none", Compat::None), ("jekyll", Compat::Jekyll)])?
            .unwrap_or(Compat::None))
    }
}
