//! What programs need to know of Chinese text, as pure functions over `&str`.
//!
//! | question | answer |
//! |---|---|
//! | What kind of character is it? | [`is_cjk`], [`is_han`], [`is_punctuation`], [`is_shared_mark`], [`is_invisible`] |
//! | How long is a text, and how long does it take to read? | [`Length`] |
//! | Where may its beginning end? | [`excerpt()`] |
//! | Does a line break between two characters leave a blank? | [`joins_lines`] |
//! | What is this scraped title as one line? | [`one_line`], [`visible`] |
//! | How is a name read, and where does it stand in a list? | [`pinyin`] |
//! | Which chapter comes first, 第二章 or 第十章? | [`Natural`] |
//! | Are these two the same word in two scripts? | [`simplified()`] |
//!
//! No Markdown, no HTML, no files, no clock. Data is constant: what is built on first use is the
//! table behind [`simplified()`], 42 KB for the life of the program.

#![warn(missing_docs)]

mod class;
mod excerpt;
mod length;
mod line;
mod natural;
pub mod pinyin;
mod simplified;

pub use class::{
    is_cjk, is_han, is_invisible, is_punctuation, is_shared_mark, is_slug_letter, joins_lines,
};
pub use excerpt::excerpt;
pub use length::Length;
pub use line::{one_line, unseen, visible};
pub use natural::Natural;
pub use simplified::{simplified, simplified_character, simplified_pairs};

/// The code of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
