//! The Markdown stage against plain pulldown-cmark: the same posts, the same run, interleaved, medians.
//!
//! `cargo bench --bench markdown -- [FOLDER] [--rounds N]`; without a folder, the sample posts. Prints MB of source per
//! second on one thread. "plain" is pulldown-cmark with the same extensions and its own writer; "prepared" runs our passes before the parser and
//! over its events; "page" is all that an article's page needs: structure, ids, links, images, notes (no highlighting).

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use sitegen::config::{HtmlBlocks, RawHtml, Structure, When};
use sitegen::markdown::html_writer::{self, Labels, Writing};
use sitegen::markdown::{Document, Syntax, plain};

const SYNTAX: Syntax<'static> = Syntax {
    math: false,
    repair: true,
    html_blocks: HtmlBlocks::Auto,
    structure: Structure::all(When::Auto),
    smart_punctuation: false,
    liquid: None,
};

fn main() {
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    let (mut folder, mut rounds, mut only) = (PathBuf::from("posts"), 7, None);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--rounds" => rounds = arguments.next().and_then(|n| n.parse().ok()).expect("a number of rounds"),
            "--stage" => only = arguments.next(),
            path => folder = path.into(),
        }
    }
    let sources = read(&folder);
    let bytes: usize = sources.iter().map(String::len).sum();
    assert!(bytes > 0, "no .md files in {}", folder.display());
    type Stage = (&'static str, fn(&str) -> usize);
    let stages: [Stage; 9] = [
        ("plain", by_pulldown_cmark),
        ("prepared", prepared),
        ("page", page),
        ("gist", gist),
        ("prep", prepare_only),
        ("events", events_only),
        ("parse", parse_only),
        ("poff", parse_offset),
        ("pcoll", parse_collect),
    ];
    let mut times = vec![Vec::new(); stages.len()];
    for _ in 0..=rounds {
        for (stage, (name, run)) in stages.iter().enumerate() {
            if only.as_deref().is_some_and(|only| only != *name) {
                times[stage].push(Duration::from_secs(1));
                continue;
            }
            let start = Instant::now();
            let written: usize = sources.iter().map(|source| run(source)).sum();
            times[stage].push(start.elapsed());
            std::hint::black_box(written);
        }
    }
    println!("{} posts, {:.1} MB, medians of {rounds} rounds", sources.len(), bytes as f64 / 1e6);
    let median = |times: &[Duration]| {
        // The first round warms up.
        let mut times = times[1..].to_vec();
        times.sort();
        times[times.len() / 2].as_secs_f64()
    };
    let plain = median(&times[0]);
    for ((name, _), times) in stages.iter().zip(&times) {
        let time = median(times);
        println!("{name:>9}: {:6.1} MB/s, {:3.0} % of plain", bytes as f64 / 1e6 / time, plain / time * 100.0);
    }
}

/// The bodies of the posts below a folder.
fn read(folder: &Path) -> Vec<String> {
    let mut sources = Vec::new();
    for entry in walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().filter_map(Result::ok) {
        if entry.path().extension().is_some_and(|extension| extension == "md")
            && let Ok(text) = std::fs::read_to_string(entry.path())
        {
            let body = text.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n")).map(|(_, body)| body.to_owned());
            sources.push(body.unwrap_or(text));
        }
    }
    sources
}

fn by_pulldown_cmark(source: &str) -> usize {
    let mut out = String::with_capacity(source.len() * 5 / 4);
    pulldown_cmark::html::push_html(&mut out, pulldown_cmark::Parser::new_ext(source, sitegen::markdown::options(false)));
    out.len()
}

fn prepared(source: &str) -> usize {
    let (document, _) = Document::prepare(source, &SYNTAX);
    let mut out = String::with_capacity(source.len() * 5 / 4);
    pulldown_cmark::html::push_html(&mut out, document.events().into_iter().map(|(event, _)| event));
    out.len()
}

fn page(source: &str) -> usize {
    let (document, _) = Document::prepare(source, &SYNTAX);
    let labels = Labels::default();
    let writing =
        Writing { id: "p", title: "", raw_html: RawHtml::Raw, highlight: false, labels: &labels, for_feed: false, resolve: &|_| None };
    html_writer::write(&document, &writing).html.len()
}

fn gist(source: &str) -> usize {
    let (document, _) = Document::prepare(source, &SYNTAX);
    plain::gist(&document).lead.len()
}

fn prepare_only(source: &str) -> usize {
    Document::prepare(source, &SYNTAX).0.text().len()
}
fn events_only(source: &str) -> usize {
    Document::prepare(source, &SYNTAX).0.events().len()
}
fn parse_only(source: &str) -> usize {
    pulldown_cmark::Parser::new_ext(source, sitegen::markdown::options(false)).count()
}
fn parse_offset(source: &str) -> usize {
    pulldown_cmark::Parser::new_ext(source, sitegen::markdown::options(false)).into_offset_iter().count()
}
fn parse_collect(source: &str) -> usize {
    pulldown_cmark::Parser::new_ext(source, sitegen::markdown::options(false)).into_offset_iter().collect::<Vec<_>>().len()
}
