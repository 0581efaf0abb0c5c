//! sitegen: a static-site generator for archives of Chinese long-form articles.
//!
//! The modules stand in the order of the pipeline, and each may use only those before it; `tests/it/layers.rs` holds
//! that. `ARCHITECTURE.md` is the map.

pub mod diagnostic;
pub mod text;
pub mod date;
pub mod route;
pub mod permalink;
pub mod config;
pub mod front_matter;
pub mod source;
pub mod highlight;
pub mod html;
pub mod markdown;
pub mod post;
pub mod article;
pub mod site;
pub mod theme;
pub mod plan;
pub mod view;
pub mod xml;
pub mod feed;
pub mod sitemap;
pub mod sink;
pub mod edition;
pub mod cli;
pub mod command;
