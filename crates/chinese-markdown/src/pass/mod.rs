//! The passes over the source before it is parsed: each makes edits, in the order in which
//! [`Document::prepare`](crate::Document::prepare) runs them.

pub(crate) mod definition;
pub(crate) mod definition_list;
pub(crate) mod emphasis;
pub(crate) mod formula;
pub(crate) mod hidden;
pub(crate) mod html_block;
pub(crate) mod indented;
pub(crate) mod interior;
pub(crate) mod nesting;
pub(crate) mod ornament;
pub(crate) mod repair;
pub(crate) mod table;
