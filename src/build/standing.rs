//! Whether everything stands as the last build left it, and what is written down so that the next
//! one can tell.

use std::collections::{HashMap, HashSet};
use std::io;

use rayon::prelude::*;

use jiff::Timestamp;

use super::Report;
use crate::diagnostic::is_of_the_world;
use crate::digest::{Digest, Digester};
use crate::edition::Edition;
use crate::ledger::{FileRow, FileState, Ledger, SourceRow};
use crate::sink::{Folder, Sink};
use crate::source::{Directory, Snapshot, Source, SourceFile, SourcePath, Stamp};

/// Returns the last report, if no file that was read or written has changed since: a build would
/// come to the same.
pub(super) fn unchanged(
    snapshot: &Snapshot<Directory>,
    past: &Ledger,
    sink: &Folder,
    now: Timestamp,
) -> Option<Report> {
    let last = past.build();
    let report = postcard::from_bytes::<Report>(last.report.as_ref()?).ok()?;
    if sink.was_cut_off()
        || !last.dates_hold(now)
        || last.skipped != skipped(snapshot)
        || !sink.is_record_of(past.files().iter().map(|row| &*row.file))
    {
        return None;
    }
    let mut entries: Vec<&SourceFile> = snapshot.entries().collect();
    entries.par_sort_unstable_by(|a, b| a.path.cmp(&b.path));
    let stands = |row: &SourceRow, entry: &SourceFile| {
        // A file that had changed a moment before the last build is looked at; others that differ
        // are read by a whole build.
        let holds = || {
            row.stamp.unsettled != 0
                && snapshot.read(&entry.path).is_ok_and(|bytes| Digest::of(bytes) == row.digest)
        };
        row.path == entry.path && (row.stamp == entry.stamp || holds())
    };
    if entries.len() != past.sources().len()
        || !past.sources().iter().zip(entries).all(|(row, entry)| stands(row, entry))
    {
        return None;
    }
    let is_there = |row: &FileRow| {
        sink.holds(&row.file, row.stamp, row.digest)
            .is_some_and(|stamp| stamp == row.stamp || row.stamp.unsettled != 0)
    };
    past.files().par_iter().all(is_there).then_some(report)
}

/// Digest of what lies in the sources' folders and is not read.
pub(super) fn skipped(snapshot: &Snapshot<Directory>) -> Digest {
    let mut digester = Digester::new();
    for skipped in snapshot.skipped() {
        digester.bytes(&skipped.path).bytes(skipped.why.message().english().as_bytes());
    }
    digester.finish()
}

/// Returns the rows of the source files that are no posts.
pub(super) fn other_sources(
    snapshot: &Snapshot<Directory>,
    past: &Ledger,
    posts: &[SourceRow],
    edition: &Edition,
    files: &[FileState<'_>],
) -> io::Result<Vec<SourceRow>> {
    let posts: HashSet<&SourcePath> = posts.iter().map(|row| &row.path).collect();
    // What is published as it is was digested when it was written.
    let digest = |file: &str| {
        files.binary_search_by(|row| row.file.as_str().cmp(file)).ok().map(|at| files[at].digest)
    };
    let published: HashMap<&SourcePath, Digest> = edition
        .site
        .files
        .iter()
        .filter_map(|(entry, route)| Some((&entry.path, digest(&route.file())?)))
        .collect();
    let row = |entry: &SourceFile| {
        let known = past.digest(entry).or_else(|| published.get(&entry.path).copied());
        let digest = match known.map_or_else(|| digest_as_listed(snapshot, entry), Ok) {
            Ok(digest) => digest,
            Err(error) if is_of_the_world(&error) => return Some(Err(error)),
            // What cannot be read has no row, so that the next build looks again.
            Err(_) => return None,
        };
        Some(Ok(SourceRow { path: entry.path.clone(), stamp: entry.stamp, digest, reading: None }))
    };
    snapshot.entries().filter(|entry| !posts.contains(&entry.path)).filter_map(row).collect()
}

/// Returns the digest of a file as it was listed. For a file that has changed since, it is the
/// digest of nothing, so that the next build reads the file again.
fn digest_as_listed(snapshot: &Snapshot<Directory>, entry: &SourceFile) -> io::Result<Digest> {
    let digest = Digest::of(snapshot.read(&entry.path)?);
    let now = snapshot
        .file(&entry.path)?
        .map(|now| Stamp { unsettled: entry.stamp.unsettled, ..now.stamp });
    Ok(if now == Some(entry.stamp) { digest } else { Digest::default() })
}
