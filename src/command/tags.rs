//! `sitegen tags suggest`: tags for posts that have none, shown or written.

use std::io;
use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;
use serde_json::json;

use super::report::{self, Volume};
use super::terminal::Terminal;
use super::{ExitStatus, edge, location};
use crate::cli::{ReportFormat, SuggestArgs};
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Failure, Severity, contain, is_of_the_world};
use crate::front_matter::{self, Declined};
use crate::keywords::{Cache, Keywords, Wanted, user_words};
use crate::ledger::{Ledger, LedgerWriter};
use crate::post::{self, Format, Held, Post, PostKind};
use crate::project::{Project, resolved, unusable};
use crate::sink::{LeftAlone, SiteFolder};
use crate::site::{Site, is_post, is_text, spell_alike};
use crate::source::{Directory, Skipped, Source, SourcePath, unreadable};
use crate::words::{Language, Message};

/// What is suggested for one post.
struct Suggestion {
    post: Arc<Post>,
    tags: Vec<String>,
}

/// Suggests tags for the posts named, or for all without tags.
pub fn suggest(args: &SuggestArgs, language: Language) -> Result<ExitStatus, Failure> {
    let named = !args.files.is_empty();
    let mut location = location(&args.site);
    if named {
        // Who names a draft means it.
        (location.overrides.drafts, location.overrides.future) = (true, true);
    }
    let Project { directory: source, config, .. } = location.open()?;
    let Some(tags) = config.taxonomy("tags") else {
        return Err(unusable(
            say!("this site has no tags"),
            say!("`taxonomies` in site.yaml switches them off"),
        ));
    };
    let (posts, skipped) = find_all(&source, &config)?;
    let posts = if named { find_named(&args.files, &posts, &source, &config)? } else { posts };
    let (cache, note) = Cache::read(&source);
    let wanted = if named { Wanted::Everywhere } else { Wanted::WithoutTags };
    let count = args.count.map_or(config.keywords.count, usize::from);
    let keywords = Keywords::new(wanted, count, user_words(&source, &config)?, cache);

    let read = |path: &SourcePath| match source.read(path) {
        Ok(bytes) => contain(path.as_str(), || look(path, &bytes, named, &config, &keywords))
            .unwrap_or_else(|defect| (None, vec![*defect])),
        Err(error) => (None, vec![unreadable(path.as_str(), &error)]),
    };
    let mut looked_at: Vec<(Option<Suggestion>, Vec<Diagnostic>)> =
        posts.par_iter().map(read).collect();
    if !named {
        spell_as_the_site_does(
            looked_at.iter_mut().filter_map(|(suggestion, _)| suggestion.as_mut()).collect(),
            &source,
            &config,
            tags,
        );
    }

    let mut diagnostics: Vec<Diagnostic> = note.into_iter().collect();
    diagnostics.extend(
        skipped
            .iter()
            .map(Skipped::diagnostic)
            .filter(|diagnostic| diagnostic.severity == Severity::Error),
    );
    let folder = SiteFolder::new(source.clone());
    if args.write {
        edge::end_between_writes(folder.writing());
        folder.sweep(skipped.iter().map(|skipped| &*skipped.path));
    }
    let candidates = looked_at
        .iter()
        .filter(|(suggestion, found)| suggestion.is_some() || !found.is_empty())
        .count();
    let mut written = 0;
    // Writing goes on when nobody listens any more (`| head`), and what was found is reported when
    // a disk is full.
    let (mut heard, mut stopped) = (Ok(()), None);
    for (suggestion, found) in looked_at {
        diagnostics.extend(found);
        let Some(suggestion) = suggestion else { continue };
        let path = suggestion.post.source.as_str();
        let edit = || {
            contain(path, || write(&suggestion, &source, &folder, &config, tags))
                .unwrap_or_else(|defect| Ok(Some(*defect)))
        };
        let declined = match args.write.then(edit).transpose() {
            Ok(declined) => declined.flatten(),
            Err(error) => {
                stopped = Some(error);
                break;
            }
        };
        let is_written = args.write && declined.is_none() && !suggestion.tags.is_empty();
        written += usize::from(is_written);
        let of_post = |diagnostic: Diagnostic| diagnostic.in_file(path);
        diagnostics.extend(declined.map(of_post));
        if suggestion.tags.is_empty() {
            let diagnostic = Diagnostic::warning(
                "tags-not-suggested",
                say!("no tags are suggested: {}", say!("no word of the post makes a tag")),
            );
            diagnostics.push(of_post(diagnostic));
        }
        // For people, a line on standard output is a post that was done.
        let is_shown = args.format == ReportFormat::Json
            || is_written
            || (!args.write && !suggestion.tags.is_empty());
        if is_shown && heard.is_ok() {
            heard = print(&suggestion, is_written, args.format, language);
        }
    }
    let errors = diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
    let volume = Volume::of(&args.verbosity);
    match args.format {
        ReportFormat::Json if heard.is_ok() => heard = report::diagnostics_json(&mut diagnostics),
        // Whoever stopped listening there is told here.
        _ => report::diagnostics(&mut diagnostics, volume, language),
    }
    if args.write && args.format == ReportFormat::Human && volume != Volume::Quiet {
        report::tags_written(written, candidates - written, language);
    }
    match (stopped, heard) {
        (Some(error), _) => Err(error.into()),
        (None, Err(error)) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(if errors { ExitStatus::Flawed } else { ExitStatus::Clean }),
    }
}

/// Gives suggestions the spelling of the site's other tags, as `keywords: auto` does. Not for posts
/// that are named one by one, whose own words are wanted.
fn spell_as_the_site_does(
    suggestions: Vec<&mut Suggestion>,
    source: &Directory,
    config: &Config,
    tags: usize,
) {
    // Where a post cannot be read, which is told elsewhere, the suggestions are alike among
    // themselves.
    let posts = Site::gather(
        source,
        config,
        &Keywords::off(),
        &Ledger::default(),
        &mut LedgerWriter::nowhere(),
        None,
    )
    .map(|(site, _)| site.posts)
    .unwrap_or_default();
    let mut posts: Vec<Arc<Post>> =
        posts.into_iter().filter(|post| !post.terms[tags].is_empty()).collect();
    let written = posts.len();
    posts.extend(suggestions.iter().map(|suggestion| {
        let mut post = (*suggestion.post).clone();
        post.terms[tags].clone_from(&suggestion.tags);
        post.has_found_tags = true;
        Arc::new(post)
    }));
    spell_alike(&mut posts, tags);
    for (suggestion, post) in suggestions.into_iter().zip(&posts[written..]) {
        suggestion.tags.clone_from(&post.terms[tags]);
    }
}

/// All posts of the site, and what else lies in their folder.
fn find_all(source: &Directory, config: &Config) -> io::Result<(Vec<SourcePath>, Vec<Skipped>)> {
    let listing = source.list(&config.posts)?;
    let mut posts = Vec::with_capacity(listing.files.len());
    for path in listing.files.into_iter().map(|entry| entry.path).filter(is_text) {
        if is_post(source, config, &path)? {
            posts.push(path);
        }
    }
    Ok((posts, listing.skipped))
}

/// The posts meant by paths that were typed. If one of them means none, nothing is done for the
/// others.
fn find_named(
    files: &[impl AsRef<Path>],
    posts: &[SourcePath],
    source: &Directory,
    config: &Config,
) -> Result<Vec<SourcePath>, Failure> {
    let root = resolved(source.root())?;
    let mut found = Vec::with_capacity(files.len());
    let mut wrong = Vec::new();
    for file in files.iter().map(AsRef::as_ref) {
        // From the current folder first, as everywhere on a command line.
        let mut readings = vec![resolved(file)?, resolved(&root.join(file))?];
        // Behind a folder that is a link, as it is typed.
        readings.extend(edge::below(file, source.root()).map(|below| root.join(below)));
        readings.push(root.join(file));
        let below =
            |path: &Path| path.strip_prefix(&root).ok().map(|path| SourcePath::new(slashed(path)));
        let spelled = |path: &Path| below(path).filter(|path| posts.binary_search(path).is_ok());
        if let Some(post) = readings.iter().find_map(|path| spelled(path)) {
            if !found.contains(&post) {
                found.push(post);
            }
        } else {
            let exists = readings.iter().any(|path| path.exists());
            let message = if exists {
                say!("{} is not a post of {}/", file.display(), &config.posts)
            } else {
                say!("{} does not exist", file.display())
            };
            wrong.push(
                Diagnostic::error("command", message)
                    .hint(say!("name posts by their path, such as posts/2023-04-11-标题.md")),
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

/// Reads one post. Of its own diagnostics only errors matter here; `build` and `list` show the
/// others.
fn look(
    path: &SourcePath,
    bytes: &[u8],
    named: bool,
    config: &Config,
    keywords: &Keywords,
) -> (Option<Suggestion>, Vec<Diagnostic>) {
    let reading = post::read(path, bytes, PostKind::Article, config, keywords);
    let mut diagnostics = reading.diagnostics;
    diagnostics.retain(|diagnostic| diagnostic.severity == Severity::Error);
    let suggestion = match (reading.outcome, reading.keywords) {
        (post::ReadingOutcome::Ready(post), Some(found)) => {
            Some(Suggestion { post, tags: found.words })
        }
        (post::ReadingOutcome::Held(held), _) if named => {
            let why = match held {
                Held::Unpublished => say!("`published: false` holds it back"),
                Held::Undated => say!("its name has no date, so it is no post to Jekyll"),
                Held::Draft(mark)
                | Held::Future(mark)
                | Held::Expired(mark)
                | Held::Hidden(mark) => say!("`{}` holds it back", mark),
            };
            diagnostics.push(
                Diagnostic::warning("tags-not-suggested", say!("no tags are suggested: {}", why))
                    .in_file(path.as_str()),
            );
            None
        }
        _ => None,
    };
    (suggestion, diagnostics)
}

/// Writes the tags into the post's file. The answer is why it was left alone, if it was; an error
/// is a disk that takes no post at all.
fn write(
    suggestion: &Suggestion,
    source: &Directory,
    folder: &SiteFolder,
    config: &Config,
    tags: usize,
) -> io::Result<Option<Diagnostic>> {
    let by_hand = || say!("write the tags by hand");
    let Suggestion { post, tags: words } = suggestion;
    let declined = |why: Message| {
        Ok(Some(Diagnostic::warning("tags-not-written", say!("not written: {}", why))))
    };
    let failed = |why: Message, hint: Message| {
        let diagnostic = Diagnostic::error("tags-not-written", say!("not written: {}", why));
        Ok(Some(diagnostic.hint(hint)))
    };
    if words.is_empty() {
        return Ok(None);
    }
    let bytes = match source.read(&post.source) {
        Ok(bytes) => bytes,
        Err(error) => return Ok(Some(unreadable(post.source.as_str(), &error))),
    };
    let Ok(text) = std::str::from_utf8(&bytes) else {
        return failed(say!("the file is not UTF-8"), by_hand());
    };
    let begins = text.strip_prefix('\u{FEFF}').unwrap_or(text).trim_start();
    if post.format == Format::Html && !begins.starts_with("---") {
        return declined(say!(
            "an HTML file without front matter is a page by itself, and would show it in a browser"
        ));
    }
    let keys: Vec<&str> = config.taxonomies[tags].keys.iter().map(String::as_str).collect();
    let new = match front_matter::with_tags(text, words, &keys, &config.list_keys(), config.compat)
    {
        Ok(new) => new,
        Err(Declined::HasTags) => return declined(say!("the post has tags, and those stay")),
        Err(Declined::Unclear(why)) => return failed(why, by_hand()),
    };
    match folder.rewrite(&post.source, &bytes, new.as_bytes()) {
        Ok(None) => Ok(None),
        Ok(Some(LeftAlone::Changed)) => {
            failed(say!("it was changed meanwhile"), say!("run the command again"))
        }
        Ok(Some(LeftAlone::ReadOnly)) => failed(
            say!("it is read-only"),
            say!("make the file writable, and run the command again"),
        ),
        Ok(Some(LeftAlone::Linked)) => {
            failed(say!("it stands behind a symbolic link, and those are not followed"), by_hand())
        }
        Ok(Some(LeftAlone::NoFile)) => failed(say!("it is no plain file"), by_hand()),
        Err(error) if is_of_the_world(&error) => Err(error),
        Err(error) => {
            failed(error.into(), say!("let its folder be written to, and run the command again"))
        }
    }
}

/// Prints what is suggested for one post, or was written into it.
fn print(
    suggestion: &Suggestion,
    written: bool,
    format: ReportFormat,
    language: Language,
) -> io::Result<()> {
    let mut out = Terminal::output(language);
    let (source, tags) = (suggestion.post.source.as_str(), &suggestion.tags);
    match format {
        ReportFormat::Human => out.fields(&[source, &tags.join(", ")]),
        ReportFormat::Json => out.json(
            &json!({ "type": "suggestion", "source": source, "tags": tags, "written": written }),
        ),
    }
}
