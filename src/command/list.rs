//! `sitegen list`: every post, as a table, as JSON lines or as CSV.

use std::collections::BTreeMap;
use std::io;

use rayon::prelude::*;

use super::report::{self, Volume};
use super::{ExitStatus, edge, location};
use crate::cli::{ListArgs, ListFormat};
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Failure, Severity};
use crate::post::Post;
use crate::project::{Project, unusable};
use crate::words::Language;

/// Lists the posts, newest first.
pub fn run(args: &ListArgs, language: Language) -> Result<ExitStatus, Failure> {
    let mut project = location(&args.site).open()?;
    if args.text {
        return texts(args, project);
    }
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
    let posts: Vec<&Post> = site
        .posts
        .iter()
        .map(|post| &**post)
        .filter(|post| is_wanted(post, &config, args))
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

fn is_wanted(post: &Post, config: &Config, args: &ListArgs) -> bool {
    let has = |taxonomy: &str, wanted: &Option<String>| match wanted {
        None => true,
        Some(wanted) => {
            config.taxonomy(taxonomy).is_some_and(|index| post.terms[index].contains(wanted))
        }
    };
    has("tags", &args.tag)
        && has("authors", &args.author)
        && args.year.is_none_or(|year| post.date.as_ref().is_some_and(|date| date.year() == year))
}

/// Prints the posts that readers can search, each with its text, newest first.
fn texts(args: &ListArgs, project: Project) -> Result<ExitStatus, Failure> {
    /// Texts that are made before they are printed.
    const AT_A_TIME: usize = 256;
    if args.format != ListFormat::Json {
        return Err(unusable(
            say!("--text prints JSON only"),
            say!("write `sitegen list --format json --text`"),
        ));
    }
    let (edition, mut diagnostics) = project.edition(edge::nanoseconds())?;
    let posts: Vec<&Post> = edition.searched().into_iter().rev().collect();
    for some in posts.chunks(AT_A_TIME) {
        let wanted = some.par_iter().filter(|post| is_wanted(post, &edition.config, args));
        let texts: Vec<(&Post, String)> = wanted
            .map(|post| Ok((*post, edition.text(post)?.unwrap_or_default())))
            .collect::<io::Result<_>>()?;
        report::posts::print_texts(&texts, &edition.config)?;
    }
    let errors = diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
    report::diagnostics_json(&mut diagnostics)?;
    Ok(if errors { ExitStatus::Flawed } else { ExitStatus::Clean })
}
