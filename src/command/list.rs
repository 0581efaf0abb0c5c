//! `sitegen list`: every post, as a table, as JSON lines or as CSV.

use std::collections::BTreeMap;

use super::report::{self, Volume};
use super::{ExitStatus, edge, location};
use crate::cli::{ListArgs, ListFormat};
use crate::diagnostic::{Diagnostic, Failure, Severity};
use crate::post::Post;
use crate::words::Language;

/// Lists the posts, newest first.
pub fn run(args: &ListArgs, language: Language) -> Result<ExitStatus, Failure> {
    let mut project = location(&args.site).open()?;
    let (site, mut diagnostics) = project.site(edge::nanoseconds())?;
    let config = project.config;
    Diagnostic::sort(&mut diagnostics);
    let mut problems: BTreeMap<&str, usize> = BTreeMap::new();
    for diagnostic in diagnostics.iter().filter(|diagnostic| diagnostic.severity != Severity::Note)
    {
        if let Some(path) = &diagnostic.path {
            *problems.entry(path).or_insert(0) += 1;
        }
    }
    let has = |post: &Post, taxonomy: &str, wanted: &Option<String>| match wanted {
        None => true,
        Some(wanted) => {
            config.taxonomy(taxonomy).is_some_and(|index| post.terms[index].contains(wanted))
        }
    };
    let posts: Vec<&Post> = site
        .posts
        .iter()
        .map(|post| &**post)
        .filter(|post| has(post, "tags", &args.tag) && has(post, "authors", &args.author))
        .filter(|post| {
            args.year.is_none_or(|year| post.date.as_ref().is_some_and(|date| date.year() == year))
        })
        .collect();
    // What is held back has no tags, authors or years to be asked for.
    let is_asked_for_all = args.tag.is_none() && args.author.is_none() && args.year.is_none();
    let held = if is_asked_for_all { &site.held[..] } else { &[] };
    match args.format {
        ListFormat::Json => {
            report::posts::print_json(&posts, &config, &problems)?;
            report::held_json(held)?;
            report::diagnostics_json(&mut diagnostics.clone())?;
        }
        ListFormat::Csv => report::posts::print_csv(&posts, &config, &problems)?,
        ListFormat::Table => {
            report::posts::print_table(&posts, &problems, language)?;
            report::held(held, language)?;
        }
    }
    let errors = diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
    if args.format != ListFormat::Json {
        let volume = Volume::of(&args.verbosity);
        let mut shown: Vec<Diagnostic> = diagnostics
            .iter()
            .filter(|diagnostic| {
                volume == Volume::Verbose || diagnostic.severity == Severity::Error
            })
            .cloned()
            .collect();
        report::diagnostics(&mut shown, volume, language);
    }
    Ok(if errors { ExitStatus::Flawed } else { ExitStatus::Clean })
}
