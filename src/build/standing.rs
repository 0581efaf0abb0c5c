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
/// come to the same. And whether stamps of the ledger are others now: those of files that hold what
/// they held, as the sources of a clone do. `clock` is the machine's when the sources were listed.
pub(super) fn renewed(
    snapshot: &Snapshot<Directory>,
    past: &mut Ledger,
    sink: &Folder,
    now: Timestamp,
    clock: i64,
) -> (Option<Report>, bool) {
    let last = past.build();
    let report =
        last.report.as_ref().and_then(|report| postcard::from_bytes::<Report>(report).ok());
    let may_stand = !sink.was_cut_off()
        && last.dates_hold(now)
        && last.skipped == skipped(snapshot)
        && sink.is_record_of(past.files().iter().map(|row| &*row.file));
    let (sources, files) = past.rows_mut();
    let of_sources = renew_sources(snapshot, sources);
    if report.is_none() || !may_stand || of_sources == Standing::Fallen {
        return (None, of_sources != Standing::Stands);
    }
    let of_files = files.par_iter_mut().map(|row| renew_file(sink, row, clock)).max();
    let worst = of_files.map_or(of_sources, |of_files| of_files.max(of_sources));
    (report.filter(|_| worst != Standing::Fallen), worst != Standing::Stands)
}

/// What has become of files since the last build, from the best to the worst.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Standing {
    Stands,
    /// It holds what it held, and has another stamp.
    Renewed,
    Fallen,
}

/// Compares the sources with what was read the last time. A file that has another stamp, or had
/// changed a moment before, is looked into, unless its size says enough.
fn renew_sources(snapshot: &Snapshot<Directory>, rows: &mut [SourceRow]) -> Standing {
    let mut entries: Vec<&SourceFile> = snapshot.entries().collect();
    entries.par_sort_unstable_by(|a, b| a.path.cmp(&b.path));
    let mut worst = if rows.len() == entries.len() { Standing::Stands } else { Standing::Fallen };
    let mut left = entries.into_iter().peekable();
    let mut others: Vec<(&mut SourceRow, &SourceFile)> = Vec::new();
    for row in rows {
        while left.next_if(|entry| entry.path < row.path).is_some() {}
        match left.next_if(|entry| entry.path == row.path) {
            Some(entry) if entry.stamp == row.stamp => {}
            Some(entry) if entry.stamp.bytes == row.stamp.bytes => others.push((row, entry)),
            _ => worst = Standing::Fallen,
        }
    }
    let renew = |(row, entry): (&mut SourceRow, &SourceFile)| {
        if !snapshot.read(&entry.path).is_ok_and(|bytes| Digest::of(bytes) == row.digest) {
            return Standing::Fallen;
        }
        row.stamp = entry.stamp;
        Standing::Renewed
    };
    others.into_par_iter().map(renew).max().map_or(worst, |of_others| of_others.max(worst))
}

fn renew_file(sink: &Folder, row: &mut FileRow, clock: i64) -> Standing {
    match sink.holds(&row.file, row.stamp, row.digest) {
        None => Standing::Fallen,
        Some(stamp) if stamp == row.stamp => Standing::Stands,
        Some(stamp) => {
            row.stamp = stamp.as_of(clock);
            Standing::Renewed
        }
    }
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
