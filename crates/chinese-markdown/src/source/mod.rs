//! What every pass over a source stands on: the lines and marks of a text, looking ahead in it,
//! edits and the way back from them.

pub(crate) mod block_element;
pub(crate) mod edits;
pub(crate) mod lookahead;
pub(crate) mod marks;
pub(crate) mod ranges;
pub(crate) mod unit;
