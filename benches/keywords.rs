//! Keywords: what loading the dictionary costs once, and each text after that.
//!
//! `cargo bench --bench keywords -- [FOLDER] [--rounds N]`; without a folder, the sample posts. One
//! thread; the medians.

#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    reason = "a measurement stands outside the pipeline: it reads files, looks at the clock and speaks"
)]

use std::path::PathBuf;
use std::time::{Duration, Instant};

use chinese_markdown::{Document, Syntax, plain};
use sitegen::keywords::{Cache, Keywords, UserWords, Wanted};

fn main() {
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    let (mut folder, mut rounds) = (PathBuf::from("posts"), 7);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--rounds" => {
                rounds = arguments.next().and_then(|n| n.parse().ok()).expect("a number of rounds");
            }
            path => folder = path.into(),
        }
    }
    let files =
        walkdir::WalkDir::new(&folder).sort_by_file_name().into_iter().filter_map(Result::ok);
    let texts: Vec<String> = files
        .filter(|entry| entry.path().extension().is_some_and(|extension| extension == "md"))
        .filter_map(|entry| std::fs::read_to_string(entry.path()).ok())
        .map(|source| {
            plain::gist_and_text(&Document::prepare(&source, &Syntax::DEFAULT).0.parse()).1
        })
        .collect();
    let bytes: usize = texts.iter().map(String::len).sum();
    assert!(bytes > 0, "no .md files in {}", folder.display());

    let (mut loading, mut finding) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        let start = Instant::now();
        let keywords = Keywords::new(Wanted::Everywhere, 5, UserWords::default(), Cache::default());
        keywords.find("", "");
        loading.push(start.elapsed());
        let start = Instant::now();
        let found: usize = texts.iter().map(|text| keywords.find("", text).words.len()).sum();
        finding.push(start.elapsed());
        std::hint::black_box(found);
    }
    let (loading, finding) = (median(loading), median(finding));
    println!(
        "{} posts, {:.1} MB of text, medians of {rounds} rounds",
        texts.len(),
        bytes as f64 / 1e6
    );
    println!("loading: {:.0} ms", loading * 1e3);
    println!(
        "finding: {:.1} MB/s, {:.2} ms a post",
        bytes as f64 / 1e6 / finding,
        finding * 1e3 / texts.len() as f64
    );
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort();
    times[times.len() / 2].as_secs_f64()
}
