//! The generator whose quirks a site keeps.

/// The generator whose quirks a site keeps, as `compat` of site.yaml names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compat {
    None,
    Jekyll,
}

impl Compat {
    /// Returns whether Jekyll's quirks are kept.
    pub fn is_jekyll(self) -> bool {
        self == Compat::Jekyll
    }
}
