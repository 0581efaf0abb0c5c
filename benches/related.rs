//! Related posts for whole archives of made-up cards: every list asked for, on one thread.
//!
//! `cargo bench --bench related -- [POSTS]…`; without numbers, 10,000, 50,000 and 100,000. Each
//! archive is asked four times: with five tags a post, with one tag besides on every second post or
//! on every post, and with that and titles of one series.

#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a measurement stands outside the pipeline: it reads the clock and speaks, of rounded numbers"
)]

use std::sync::Arc;
use std::time::Instant;

use jiff::Timestamp;
use sitegen::config::{Config, Overrides};
use sitegen::keywords::Keywords;
use sitegen::post::{self, Post, PostKind, ReadingOutcome};
use sitegen::related::Index;
use sitegen::source::SourcePath;

fn main() {
    let mut sizes: Vec<usize> =
        std::env::args().skip(1).filter_map(|argument| argument.parse().ok()).collect();
    if sizes.is_empty() {
        sizes = vec![10_000, 50_000, 100_000];
    }
    println!(
        "{:>8} {:>8} {:>9} {:>10} {:>11} {:>7}",
        "posts", "archive", "index ms", "lists ms", "µs a list", "shown"
    );
    for count in sizes {
        for (name, every, series) in
            [("plain", 0, false), ("half", 2, false), ("all", 1, false), ("series", 1, true)]
        {
            let posts = cards(count, every, series);
            let start = Instant::now();
            let index = Index::new(&posts, Some(0));
            let built = start.elapsed();
            let start = Instant::now();
            let shown: usize = (0..count).map(|id| index.related_to(id, &posts).len()).sum();
            let asked = start.elapsed();
            println!(
                "{count:>8} {name:>8} {:>9} {:>10} {:>11.1} {:>7.2}",
                built.as_millis(),
                asked.as_millis(),
                asked.as_secs_f64() * 1e6 / count as f64,
                shown as f64 / count as f64
            );
        }
    }
}

/// Cards with titles of about sixteen characters and tags, words being frequent as words are: the
/// n-th about 1/n as often as the first.
fn cards(count: usize, every: usize, series: bool) -> Vec<Arc<Post>> {
    let overrides = Overrides { base_url: None, drafts: false, future: false };
    let config = Config::read("", "site.yaml", &overrides).expect("no keys, no mistakes");
    let reading = post::read(
        &SourcePath::new("posts/2020-01-01-a.md"),
        b"x",
        PostKind::Article,
        &config,
        Timestamp::UNIX_EPOCH,
        &Keywords::off(),
        &mut |_, _| {},
    );
    let ReadingOutcome::Ready(sample) = reading.outcome else {
        panic!("a card");
    };
    let mut state = 42_u64;
    let mut random = move |below: usize| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    let mut word = move |known: usize| {
        let rank = (known as f64).powf(random(1_000_000) as f64 / 1e6) as usize;
        let han = |n: usize| char::from_u32(0x4E00 + (n * 7919 % 3000) as u32).expect("Han");
        (0..2 + rank % 2).map(|place| han(rank * 3 + place)).collect::<String>()
    };
    let posts = (0..count).map(|n| {
        let mut post = (*sample).clone();
        post.title = if series {
            format!("全唐詩選 {n:05}")
        } else {
            (0..6).map(|_| word(20_000)).collect()
        };
        post.terms[0] = (0..5)
            .map(|_| word(30_000))
            .chain((every > 0 && n % every == 0).then(|| "人人".to_owned()))
            .collect();
        Arc::new(post)
    });
    posts.collect()
}
