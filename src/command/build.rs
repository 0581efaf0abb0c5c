//! `sitegen build`.

use std::path::Path;

use super::report::{self, Summary, Volume};
use super::{Outcome, edge, open_site, unusable};
use crate::cli::{Build, ReportFormat};
use crate::diagnostic::{Diagnostic, Failure};
use crate::edition::Edition;
use crate::keywords::{CACHE, Cache, Keywords};
use crate::plan::Page;
use crate::sink::{Folder, SiteFolder};

/// The output must not be read as input by the next build.
fn check_output(site: &Path, output: &Path, posts: &str) -> Result<(), Failure> {
    let (site, output) = (edge::resolved(site)?, edge::resolved(output)?);
    let Ok(below) = output.strip_prefix(&site) else { return Ok(()) };
    let first = below.components().next().map(|first| first.as_os_str().to_string_lossy().into_owned());
    let posts = posts.split('/').next().unwrap_or(posts);
    let is_input = first.as_deref().is_none_or(|first| {
        [posts, "pages", "static", "data", "themes", "templates", "assets", "i18n", "includes", ".sitegen"].contains(&first)
    });
    if is_input {
        let message = format!("{} is part of the site; its pages would be read as input by the next build", output.display());
        return Err(unusable(message, "build into a folder of its own with --output DIR"));
    }
    Ok(())
}

/// Builds the site into its output folder.
pub fn run(args: &Build) -> Result<Outcome, Failure> {
    let start = edge::clock();
    let mut stages: Vec<(&'static str, f64)> = Vec::new();
    let mut last = start;
    let mut stage = |name: &'static str| {
        let now = edge::clock();
        stages.push((name, (now - last).as_secs_f64()));
        last = now;
    };
    let (source, config) = open_site(&args.site)?;
    let output = args.output.clone().unwrap_or_else(|| args.site.source.join("output"));
    check_output(&args.site.source, &output, &config.posts)?;
    let sink = Folder::open(output, args.fresh, args.dry_run)?;
    stage("config");
    // A fresh build asks nobody but the sources.
    let (known, unread) = if config.keywords.auto && !args.fresh { Cache::read(&source) } else { (Cache::default(), None) };
    let keywords = Keywords::open(&source, &config, known)?;
    let (edition, mut diagnostics) = Edition::open(&source, config, &keywords, &mut stage)?;
    let stale = unread.is_some() || edition.site.keywords != *keywords.known();
    diagnostics.extend(unread);
    if edition.config.keywords.auto && stale && !args.dry_run {
        let written = SiteFolder::new(source.root()).keep(CACHE, edition.site.keywords.print().as_bytes());
        // The site does not depend on it, so `--strict` must not either.
        let not_kept = |error| Diagnostic::note("keywords-cache", format!("keywords were not kept: {error}")).in_file(CACHE);
        diagnostics.extend(written.err().map(not_kept));
    }
    let published = edition.publish(&sink, &mut stage)?;
    diagnostics.extend(published.diagnostics);

    let of = |wanted: fn(&Page) -> bool| edition.plan.routes.iter().filter(|(_, page)| wanted(page)).count();
    let mut summary = Summary {
        posts: edition.site.posts.len(),
        pages: edition.site.pages.len(),
        terms: edition
            .config
            .taxonomies
            .iter()
            .zip(&edition.site.terms)
            .map(|(taxonomy, terms)| (taxonomy.name.clone(), terms.len()))
            .collect(),
        feeds: of(|page| matches!(page, Page::Feed(..))),
        redirects: edition.plan.redirects.len(),
        han: edition.site.posts.iter().map(|post| u64::from(post.length.han)).sum(),
        words: edition.site.posts.iter().map(|post| u64::from(post.length.words)).sum(),
        written: published.written,
        unchanged: published.unchanged,
        removed: published.removed,
        bytes: published.bytes,
        held: edition.site.held.clone(),
        seconds: start.elapsed().as_secs_f64(),
        dry_run: args.dry_run,
        ..Summary::default()
    };
    summary.count(&diagnostics);
    let volume = Volume::of(&args.talk);
    if args.timings {
        report::timings(&stages);
    }
    match args.format {
        ReportFormat::Json => {
            report::diagnostics_json(&mut diagnostics)?;
            summary.print_json()?;
        }
        ReportFormat::Human => {
            report::diagnostics(&mut diagnostics, volume);
            if volume != Volume::Quiet {
                summary.print()?;
            }
        }
    }
    let flawed = summary.errors > 0 || (args.strict && summary.warnings > 0);
    Ok(if flawed { Outcome::Flawed } else { Outcome::Clean })
}
