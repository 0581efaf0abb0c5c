//! Builds sites of one post each, wholly in memory, one after another: what `linear.py` beside it
//! counts instructions of.
//!
//! `linear FILE…`: each file is the text of a post; one that ends in `.html` is HTML throughout,
//! and of `NAME.CONFIG.md` the `CONFIG` names one of the configurations below. Prints a line for
//! each: the bytes of the post, and of all files made of it.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a measurement, not a part of the pipeline"
)]

use std::sync::Arc;

use jiff::Timestamp;
use sitegen::check;
use sitegen::config::{Config, Overrides};
use sitegen::edition::{Edition, Shortcuts};
use sitegen::highlight::Blocks;
use sitegen::keywords::Keywords;
use sitegen::ledger::{Ledger, LedgerWriter};
use sitegen::search::IndexStore;
use sitegen::sink::Memory;
use sitegen::source::Fixture;

fn main() {
    // On this thread alone, so that the counts are of one post and not of what waits for it.
    rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .use_current_thread()
        .build_global()
        .expect("the first pool");
    for file in std::env::args().skip(1).filter(|argument| argument != "--bench") {
        let text = std::fs::read(&file).expect("a post");
        let name = file.rsplit('/').next().unwrap_or(&file);
        let settings = match name.split('.').nth(1) {
            Some("liquid") => "markdown: {liquid: true}\n",
            Some("math") => "markdown: {math: true, smart_punctuation: true}\n",
            Some("raw") => "security: {html: raw}\n",
            Some("strip") => "security: {html: strip}\n",
            Some("jekyll") => "compat: jekyll\nmarkdown: {html_blocks: kramdown}\n",
            _ => "",
        };
        let extension = name.rsplit('.').next().unwrap_or("md");
        let bytes = build_one_post(&text, settings, extension);
        println!("{} {bytes}", text.len());
    }
}

/// Bytes of all files that a site of this post alone is made of. Its name is what `linear.py` looks
/// for in the profile.
#[inline(never)]
fn build_one_post(text: &[u8], settings: &str, extension: &str) -> usize {
    let configuration =
        format!("title: 文库\nbase_url: https://example.org\ntimezone: Asia/Shanghai\n{settings}");
    let overrides = Overrides { base_url: None, drafts: false, future: false };
    let config = Config::read(&configuration, "site.yaml", &overrides).expect("a configuration");
    let source = Arc::new(Fixture::new([(format!("posts/2023-04-11-a.{extension}"), text)]));
    let keywords = Keywords::off();
    let past = Ledger::default();
    let known = Shortcuts {
        past: &past,
        code: Arc::new(Blocks::none()),
        bodies: Arc::default(),
        indexes: Arc::new(IndexStore::in_memory()),
        before: None,
    };
    let (edition, mut found) = Edition::open(
        source,
        config,
        Timestamp::UNIX_EPOCH,
        &keywords,
        known,
        &mut LedgerWriter::nowhere(),
        &mut |_| {},
    )
    .expect("a site");
    let sink = Memory::default();
    let published = edition.publish(&sink, &past, &mut |_| {}).expect("pages");
    found.extend(published.diagnostics);
    found.extend(check::check(&edition).expect("pages").diagnostics);
    std::hint::black_box(&found);
    sink.into_files().values().map(Vec::len).sum()
}
