//! What is said of a build.

use std::io;
use std::time::Duration;

use serde_json::json;

use super::{Volume, bytes, columns, duration, grouped, held, held_json, problems, table};
use crate::build::BuildSummary;
use crate::command::meter::Stage;
use crate::command::terminal::Terminal;
use crate::edition::OutputChanges;
use crate::search::IndexSize;
use crate::words::{Language, Message};

/// Files that a dry run names without `--verbose`, of those to be made, changed, removed.
const FILES_SHOWN: usize = 20;

/// Prints what a build came to: one JSON line, after a line for each file that is held back, and in
/// a dry run for each that would become another.
pub fn print_json(build: &BuildSummary) -> io::Result<()> {
    held_json(&build.held)?;
    if build.dry_run {
        changes_json(&build.changes)?;
    }
    let mut out = Terminal::output(Language::English);
    let mut summary = json!({
        "type": "summary",
        "posts": build.posts,
        "pages": build.pages,
        "feeds": build.feeds,
        "redirects": build.redirects,
        "han": build.han,
        "words": build.words,
        "files_written": build.changes.written(),
        "files_unchanged": build.unchanged,
        "files_removed": build.changes.removed.len(),
        "bytes": build.bytes,
        "search": build.search.map(|search| json!({
            "articles": search.articles,
            "files": search.files,
            "bytes": search.bytes,
            "text_bytes": search.texts,
        })),
        "held": build.held.len(),
        "errors": build.errors,
        "warnings": build.warnings,
        "notes": build.notes,
        "seconds": build.seconds,
    });
    for (name, count) in &build.terms {
        summary[name] = (*count).into();
    }
    out.json(&summary)
}

/// Prints what a build came to: in a dry run, the files that would become others; the closing
/// table, then everything held back and why.
pub fn print(build: &BuildSummary, volume: Volume, language: Language) -> io::Result<()> {
    if build.dry_run {
        changes(&build.changes, volume, language)?;
    }
    let count = |count: usize| Message::from(grouped(count as u64));
    let mut rows: Vec<(Message, Message)> =
        vec![(say!("posts"), count(build.posts)), (say!("pages"), count(build.pages))];
    rows.extend(build.terms.iter().map(|(name, terms)| (taxonomy(name), count(*terms))));
    rows.push((say!("feeds"), count(build.feeds)));
    if build.redirects > 0 {
        rows.push((say!("redirects"), count(build.redirects)));
    }
    let (written, unchanged, removed) = (
        count(build.changes.written()),
        count(build.unchanged),
        count(build.changes.removed.len()),
    );
    let files = if build.dry_run {
        say!("{} would be written, {} unchanged, {} would be removed", written, unchanged, removed)
    } else {
        say!("{} written, {} unchanged, {} removed", written, unchanged, removed)
    };
    rows.push((say!("files"), files));
    rows.push((say!("Han characters"), grouped(build.han).into()));
    if let Some(search) = &build.search {
        rows.push((say!("search"), index(search)));
    }
    rows.push((say!("output"), bytes(build.bytes).into()));
    rows.push((say!("time"), duration(Duration::from_secs_f64(build.seconds)).into()));
    if build.errors + build.warnings > 0 {
        rows.push((say!("problems"), problems(build.errors, build.warnings)));
    }
    table(&rows, language)?;
    held(&build.held, language)
}

/// Returns how large the index of the search is: its files, and bytes for each byte of text.
fn index(search: &IndexSize) -> Message {
    /// Bytes of text from which their share tells anything: one file is the same for all sites.
    const MUCH: u64 = 1_000_000;
    if search.texts < MUCH {
        return say!("{} in {} files", bytes(search.bytes), search.files);
    }
    let share = search.bytes * 1000 / search.texts.max(1);
    let share = format!("{}.{:03}", share / 1000, share % 1000);
    say!("{} in {} files, {} bytes for each of the text", bytes(search.bytes), search.files, share)
}

/// Prints the files that a build would make, change and remove; some of many.
fn changes(all: &OutputChanges, volume: Volume, language: Language) -> io::Result<()> {
    let shown = if volume == Volume::Verbose { usize::MAX } else { FILES_SHOWN };
    let mut out = Terminal::output(language);
    let lists = [
        (say!("would be made ({}):", all.made.len()), &all.made),
        (say!("would be changed ({}):", all.changed.len()), &all.changed),
        (say!("would be removed ({}):", all.removed.len()), &all.removed),
    ];
    let lists: Vec<(Message, &Vec<String>)> =
        lists.into_iter().filter(|(_, files)| !files.is_empty()).collect();
    let is_cut = lists.iter().any(|(_, files)| files.len() > shown);
    for (title, files) in lists {
        out.say(title)?;
        for file in files.iter().take(shown) {
            out.say(format!("  {file}"))?;
        }
        if files.len() > shown {
            out.say(format!(
                "  {}",
                say!("… and {} more", files.len() - shown).in_language(language)
            ))?;
        }
        out.say("")?;
    }
    if is_cut {
        out.say(say!("(--verbose shows them all)")).and_then(|()| out.say(""))?;
    }
    Ok(())
}

/// Prints a JSON line for each file that a build would make, change or remove.
fn changes_json(all: &OutputChanges) -> io::Result<()> {
    let mut out = Terminal::output(Language::English);
    for (change, files) in
        [("made", &all.made), ("changed", &all.changed), ("removed", &all.removed)]
    {
        for file in files {
            out.json(&json!({ "type": "file", "change": change, "file": file }))?;
        }
    }
    Ok(())
}

/// Returns what a taxonomy is called: the keeper's own have the names that he gave them.
fn taxonomy(name: &str) -> Message {
    match name {
        "tags" => say!("tags"),
        "authors" => say!("authors"),
        "categories" => say!("categories"),
        name => name.into(),
    }
}

/// Prints what the stages of a build took: time on the clock, time of all cores, bytes.
pub(in crate::command) fn timings(stages: &[Stage], language: Language) {
    let mut out = Terminal::errors(language);
    let milliseconds = |time: Duration| format!("{:>8.1} ms", time.as_secs_f64() * 1000.0);
    for stage in stages {
        let name = Message::phrase(stage.name).in_language(language);
        let blanks = 12_usize.saturating_sub(columns(&name));
        let moved = stage.bytes.map_or_else(String::new, |(read, written)| {
            let moved = say!("read {}, written {}", bytes(read), bytes(written));
            format!("  {}", moved.in_language(language))
        });
        let (wall, cpu) = (milliseconds(stage.wall), milliseconds(stage.cpu));
        let _ = out.say(format!("{:blanks$}{name}  {wall}  {cpu} CPU{moved}", ""));
    }
}
