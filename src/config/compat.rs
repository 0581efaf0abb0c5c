//! `compat`: whose quirks to keep.

use crate::compat::Compat;
use crate::yaml::{Mistake, Setting};

impl Compat {
    pub(super) fn read(typed: Setting<'_>) -> Result<Compat, Mistake> {
        Ok(typed
            .one_of(&[("none", Compat::None), ("jekyll", Compat::Jekyll)])?
            .unwrap_or(Compat::None))
    }
}
