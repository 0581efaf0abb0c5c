//! The Markdown stage against plain pulldown-cmark: the same posts, the same run, interleaved,
//! medians.
//!
//! `cargo bench -p chinese-markdown -- [FOLDER] [--rounds N] [--stage NAME]`; without a folder, the
//! sample posts of the repository. Prints MB of source per second on one thread: for all posts, and
//! for those without raw HTML, which needs a parser of its own for safety's sake. `--stage` runs
//! one stage alone, for a profiler.
//!
//! - `plain`: pulldown-cmark with the same extensions and its own writer, no source positions.
//! - `emphasis`: repair, emphasis and soft breaks for Chinese, source positions; pulldown-cmark's
//!   writer.
//! - `page`: all that an article's page needs: structure, ids, links, images, notes (no
//!   highlighting).
//! - `gist`: what a card needs: counts, the beginning of the text, the first image.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    reason = "a measurement, not a part of the pipeline"
)]

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use chinese_markdown::html_writer::{self, Labels, Writing};
use chinese_markdown::reference::OwnHost;
use chinese_markdown::{Document, Syntax, parser_options, plain};

/// A stage: its name, and what it does with a source; it returns a number so that nothing is
/// optimised away.
type Stage = (&'static str, fn(&str) -> usize);

const STAGES: [Stage; 4] =
    [("plain", by_pulldown_cmark), ("emphasis", emphasis), ("page", page), ("gist", gist)];

fn main() {
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    let (mut folder, mut rounds, mut only) = (PathBuf::from("../../posts"), 9, None);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--rounds" => {
                rounds = arguments.next().and_then(|n| n.parse().ok()).expect("a number of rounds");
            }
            "--stage" => only = arguments.next(),
            path => folder = path.into(),
        }
    }
    let stages: Vec<Stage> = STAGES
        .into_iter()
        .filter(|(name, _)| only.as_deref().is_none_or(|only| only == *name))
        .collect();
    let sources = read(&folder);
    assert!(
        !sources.is_empty() && !stages.is_empty(),
        "no .md files in {}, or no such stage",
        folder.display()
    );
    measure("all posts", &sources.iter().map(String::as_str).collect::<Vec<_>>(), &stages, rounds);
    let without_html: Vec<&str> =
        sources.iter().map(String::as_str).filter(|source| !source.contains('<')).collect();
    if !without_html.is_empty() {
        measure("posts without raw HTML", &without_html, &stages, rounds);
    }
}

fn measure(name: &str, sources: &[&str], stages: &[Stage], rounds: usize) {
    let megabytes = sources.iter().map(|source| source.len()).sum::<usize>() as f64 / 1e6;
    let mut times = vec![Vec::new(); stages.len()];
    // The first round warms up.
    for round in 0..=rounds {
        for ((_, run), times) in stages.iter().zip(&mut times) {
            let start = Instant::now();
            std::hint::black_box(sources.iter().map(|source| run(source)).sum::<usize>());
            if round > 0 {
                times.push(start.elapsed());
            }
        }
    }
    println!("{} {name}, {megabytes:.1} MB, medians of {rounds} rounds", sources.len());
    let median = |times: &mut Vec<Duration>| {
        times.sort();
        times[times.len() / 2].as_secs_f64()
    };
    let medians: Vec<f64> = times.iter_mut().map(median).collect();
    for ((name, _), time) in stages.iter().zip(&medians) {
        println!(
            "{name:>9}: {:6.1} MB/s, {:3.0} % of {}",
            megabytes / time,
            medians[0] / time * 100.0,
            stages[0].0
        );
    }
}

/// The bodies of the posts below a folder.
fn read(folder: &Path) -> Vec<String> {
    let mut sources = Vec::new();
    for entry in
        walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().filter_map(Result::ok)
    {
        if entry.path().extension().is_some_and(|extension| extension == "md")
            && let Ok(text) = std::fs::read_to_string(entry.path())
        {
            let body = text
                .strip_prefix("---\n")
                .and_then(|rest| rest.split_once("\n---\n"))
                .map(|(_, body)| body.to_owned());
            sources.push(body.unwrap_or(text));
        }
    }
    sources
}

fn by_pulldown_cmark(source: &str) -> usize {
    let mut out = String::with_capacity(source.len() * 5 / 4);
    pulldown_cmark::html::push_html(
        &mut out,
        pulldown_cmark::Parser::new_ext(source, parser_options(false)),
    );
    out.len()
}

fn emphasis(source: &str) -> usize {
    let (document, _) = Document::prepare(source, &Syntax::DEFAULT);
    let mut out = String::with_capacity(source.len() * 5 / 4);
    pulldown_cmark::html::push_html(
        &mut out,
        document.events().into_iter().map(|(event, _)| event),
    );
    out.len()
}

fn page(source: &str) -> usize {
    let (document, _) = Document::prepare(source, &Syntax::DEFAULT);
    let labels = Labels::default();
    let own_host = OwnHost::default();
    let writing = Writing { id: "p", ..Writing::new(&labels, &own_host) };
    html_writer::write(&document.parse(), &writing).html.len()
}

fn gist(source: &str) -> usize {
    let (document, _) = Document::prepare(source, &Syntax::DEFAULT);
    plain::gist(&document.parse()).lead.len()
}
