//! From the parser's events to ours: what it could not know of Chinese text and of bare addresses.

mod address;
pub(crate) mod inline;
pub(crate) mod typography;
