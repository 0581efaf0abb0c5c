//! sitegen: a static-site generator for archives of Chinese long-form articles.
//!
//! The modules stand in the order of the pipeline, and each may use only those before it;
//! `tests/it/layers.rs` holds that. `ARCHITECTURE.md` is the map.

// What is said: `say!` and `phrase!` are known to all modules below.
#[macro_use]
pub mod words;

pub mod compat;

// Foundations: no file formats, no site.
pub mod date;
pub mod diagnostic;
pub mod digest;
pub mod image;

pub mod findings;
pub mod route;

pub mod permalink;
pub mod xml;
pub mod yaml;

// What the keeper says.
pub mod config;

pub mod front_matter;
pub mod source;
pub mod folder;
pub mod kept;

// From source to HTML.
pub mod highlight;
pub mod keywords;
pub mod search;
pub mod post;
pub mod article;

// The site as a whole.
pub mod related;
pub mod bodies;
pub mod sink;
pub mod ledger;
pub mod site;
pub mod theme;
pub mod plan;
pub mod relative;
pub mod feed;
pub mod page;

// What is done with it.
pub mod edition;
pub mod project;
pub mod build;
pub mod preview;
pub mod check;
pub mod scaffold;
pub mod starter;
pub mod suggestion;

// The edge: people.
pub mod cli;
pub mod command;
