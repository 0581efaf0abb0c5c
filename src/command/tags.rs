//! `sitegen tags suggest`: tags for posts that have none, shown or written.

use std::io::{self, Write};
use std::path::Path;

use rayon::prelude::*;
use serde_json::json;

use super::report::{self, Volume};
use super::{Outcome, edge, open_site, unusable};
use crate::cli::{ReportFormat, Suggest};
use crate::config::{Config, Future};
use crate::diagnostic::{Diagnostic, Failure, Severity, contain};
use crate::front_matter::{self, Declined};
use crate::keywords::{Cache, Keywords, Wanted, user_words};
use crate::post::{self, Format, Held, Kind, Post};
use crate::sink::SiteFolder;
use crate::site::is_text;
use crate::source::{Directory, Source, SourcePath};

/// What is suggested for one post.
struct Suggestion {
    post: Box<Post>,
    tags: Vec<String>,
}

/// Suggests tags for the posts named, or for all without tags.
pub fn suggest(args: &Suggest) -> Result<Outcome, Failure> {
    let (source, mut config) = open_site(&args.site)?;
    let Some(tags) = config.taxonomy("tags") else {
        return Err(unusable("this site has no tags".to_owned(), "`taxonomies` in site.yaml switches them off"));
    };
    let named = !args.files.is_empty();
    if named {
        // Who names a draft means it.
        (config.drafts, config.future) = (true, Future::Publish);
    }
    let posts = if named { find_named(&args.files, &source, &config)? } else { find_all(&source, &config)? };
    let (cache, note) = Cache::read(&source);
    let wanted = if named { Wanted::Everywhere } else { Wanted::WithoutTags };
    let count = args.count.map_or(config.keywords.count, usize::from);
    let keywords = Keywords::new(wanted, count, user_words(&source, &config.keywords)?, cache);

    let read = |path: &SourcePath| -> io::Result<_> {
        let bytes = source.read(path).map_err(|error| io::Error::new(error.kind(), format!("{path}: {error}")))?;
        Ok(contain(path.as_str(), || look(path, &bytes, named, &config, &keywords)).unwrap_or_else(|defect| (None, vec![*defect])))
    };
    let looked_at: Vec<io::Result<(Option<Suggestion>, Vec<Diagnostic>)>> = posts.par_iter().map(read).collect();

    let mut diagnostics: Vec<Diagnostic> = note.into_iter().collect();
    let folder = SiteFolder::new(source.root());
    for looked_at in looked_at {
        let (suggestion, found) = looked_at?;
        diagnostics.extend(found);
        let Some(suggestion) = suggestion else { continue };
        let declined = if args.write { write(&suggestion, &source, &folder, &config, tags)? } else { None };
        print(&suggestion, args.write && declined.is_none(), args.format)?;
        diagnostics.extend(declined.map(|diagnostic| diagnostic.in_file(suggestion.post.source.as_str())));
    }
    let errors = diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
    match args.format {
        ReportFormat::Json => report::diagnostics_json(&mut diagnostics)?,
        ReportFormat::Human => report::diagnostics(&mut diagnostics, Volume::of(&args.talk)),
    }
    Ok(if errors { Outcome::Flawed } else { Outcome::Clean })
}

/// All posts of the site.
fn find_all(source: &Directory, config: &Config) -> io::Result<Vec<SourcePath>> {
    Ok(source.list(&config.posts)?.files.into_iter().map(|entry| entry.path).filter(is_text).collect())
}

/// The posts meant by paths that were typed. If one of them means none, nothing is done for the others.
fn find_named(files: &[impl AsRef<Path>], source: &Directory, config: &Config) -> Result<Vec<SourcePath>, Failure> {
    let posts = find_all(source, config)?;
    let root = edge::resolved(source.root())?;
    let mut found = Vec::with_capacity(files.len());
    let mut wrong = Vec::new();
    for file in files.iter().map(AsRef::as_ref) {
        // From the current folder first, as everywhere on a command line.
        let readings = [edge::resolved(file)?, edge::resolved(&root.join(file))?];
        let below = |path: &Path| path.strip_prefix(&root).ok().map(|path| SourcePath::new(slashed(path)));
        let spelled = |path: &Path| below(path).filter(|path| posts.binary_search(path).is_ok());
        if let Some(post) = readings.iter().find_map(|path| spelled(path)) {
            if !found.contains(&post) {
                found.push(post);
            }
        } else {
            let exists = readings.iter().any(|path| path.exists());
            let why = if exists { format!("is not a post of {}/", config.posts) } else { "does not exist".to_owned() };
            wrong.push(
                Diagnostic::error("command", format!("{} {why}", file.display()))
                    .hint("name posts by their path, such as posts/2023-04-11-标题.md"),
            );
        }
    }
    if wrong.is_empty() { Ok(found) } else { Err(Failure::Unusable(wrong)) }
}

/// A path as [`Source::list`] spells it.
fn slashed(path: &Path) -> String {
    let path = path.to_string_lossy();
    if cfg!(windows) { path.replace('\\', "/") } else { path.into_owned() }
}

/// Reads one post. Of its own diagnostics only errors matter here; `build` and `list` show the others.
fn look(path: &SourcePath, bytes: &[u8], named: bool, config: &Config, keywords: &Keywords) -> (Option<Suggestion>, Vec<Diagnostic>) {
    let reading = post::read(path, bytes, Kind::Article, config, keywords);
    let mut diagnostics = reading.diagnostics;
    diagnostics.retain(|diagnostic| diagnostic.severity == Severity::Error);
    let suggestion = match (reading.outcome, reading.keywords) {
        (post::Outcome::Ready(post), Some(found)) => Some(Suggestion { post, tags: found.words }),
        (post::Outcome::Held(held), _) if named => {
            let why = match held {
                Held::Draft => "it is a draft",
                Held::Unpublished => "`published: false` holds it back",
                Held::Future => "its date lies in the future",
            };
            diagnostics.push(Diagnostic::warning("tags-not-suggested", format!("no tags are suggested: {why}")).in_file(path.as_str()));
            None
        }
        _ => None,
    };
    (suggestion, diagnostics)
}

/// Writes the tags into the post's file. The answer is why it was left alone, if it was.
fn write(
    suggestion: &Suggestion,
    source: &Directory,
    folder: &SiteFolder,
    config: &Config,
    tags: usize,
) -> Result<Option<Diagnostic>, Failure> {
    let Suggestion { post, tags: words } = suggestion;
    let declined = |why: &str| Ok(Some(Diagnostic::warning("tags-not-written", format!("not written: {why}"))));
    let unclear = |why: &str| {
        let diagnostic = Diagnostic::error("tags-not-written", format!("not written: {why}"));
        Ok(Some(diagnostic.hint("write the tags by hand")))
    };
    if words.is_empty() {
        return declined("no word of the post makes a tag");
    }
    let bytes = source.read(&post.source)?;
    let Ok(text) = std::str::from_utf8(&bytes) else { return unclear("the file is not UTF-8") };
    let begins = text.strip_prefix('\u{FEFF}').unwrap_or(text).trim_start();
    if post.format == Format::Html && !begins.starts_with("---") {
        return declined("an HTML file without front matter is a page by itself, and would show it in a browser");
    }
    let all: Vec<&str> = config.taxonomies.iter().flat_map(|taxonomy| &taxonomy.keys).map(String::as_str).collect();
    let keys: Vec<&str> = config.taxonomies[tags].keys.iter().map(String::as_str).collect();
    match front_matter::with_tags(text, words, &keys, &all, config.is_jekyll()) {
        Ok(new) => match folder.rewrite(&post.source, &bytes, new.as_bytes())? {
            None => Ok(None),
            Some(why) => unclear(why),
        },
        Err(Declined::HasTags) => declined("the post has tags, and those stay"),
        Err(Declined::Unclear(why)) => unclear(&why),
    }
}

fn print(suggestion: &Suggestion, written: bool, format: ReportFormat) -> io::Result<()> {
    let mut out = anstream::stdout().lock();
    let (source, tags) = (suggestion.post.source.as_str(), &suggestion.tags);
    match format {
        ReportFormat::Human => writeln!(out, "{source}\t{}", tags.join(", ")),
        ReportFormat::Json => writeln!(out, "{}", json!({ "type": "suggestion", "source": source, "tags": tags, "written": written })),
    }
}
