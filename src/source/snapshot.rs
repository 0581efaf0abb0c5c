//! A source whose folders were listed once.

use std::io;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};

use super::{FolderListing, Skipped, Source, SourceFile, SourcePath, Stamp};

/// A source whose folders were listed once, so that all see one state of it and no file is asked
/// for its stamp twice. Files beyond the list can be read, and [`Snapshot::reached_beyond`] tells
/// that some were: a ledger must not rely on what it has not seen.
#[derive(Debug)]
pub struct Snapshot<S> {
    source: S,
    folders: Vec<(String, FolderListing)>,
    beyond: AtomicBool,
}

impl<S: Source> Snapshot<S> {
    /// Lists `folders`, none of which lies in another. `now` is the machine's clock, in nanoseconds
    /// since 1970.
    pub fn take(source: S, folders: &[String], now: i64) -> io::Result<Snapshot<S>> {
        let mut folders: Vec<(String, FolderListing)> = folders
            .iter()
            .map(|folder| Ok((folder.clone(), source.list(folder)?)))
            .collect::<io::Result<_>>()?;
        for entry in folders.iter_mut().flat_map(|(_, listing)| &mut listing.files) {
            entry.stamp = entry.stamp.as_of(now);
        }
        Ok(Snapshot { source, folders, beyond: AtomicBool::new(false) })
    }

    /// Returns what was listed.
    pub fn source(&self) -> &S {
        &self.source
    }

    /// Returns every file found, in no order.
    pub fn entries(&self) -> impl Iterator<Item = &SourceFile> {
        self.folders.iter().flat_map(|(_, listing)| &listing.files)
    }

    /// Returns what was found in the folders and is not read.
    pub fn skipped(&self) -> impl Iterator<Item = &Skipped> {
        self.folders.iter().flat_map(|(_, listing)| &listing.skipped)
    }

    /// Returns the snapshot after some paths have changed, files or folders; nothing else is looked
    /// at. `now` is as for [`Snapshot::take`].
    pub fn renewed<'p>(
        &self,
        paths: impl Iterator<Item = &'p str>,
        now: i64,
    ) -> io::Result<Snapshot<S>>
    where
        S: Clone,
    {
        let mut folders = self.folders.clone();
        for path in paths {
            let is_there = |found: &str| {
                found == path
                    || found.strip_prefix(path).is_some_and(|below| below.starts_with('/'))
            };
            for (folder, listing) in &mut folders {
                let is_within = path
                    .strip_prefix(folder.as_str())
                    .is_some_and(|below| below.is_empty() || below.starts_with('/'));
                let is_around =
                    folder.strip_prefix(path).is_some_and(|below| below.starts_with('/'));
                if !is_within && !is_around {
                    continue;
                }
                listing.files.retain(|entry| !is_there(entry.path.as_str()));
                listing.skipped.retain(|skipped| !is_there(&skipped.path));
                // What the disk will not tell is told by listing it.
                let file = if is_within {
                    self.source.file(&SourcePath::new(path)).unwrap_or(None)
                } else {
                    None
                };
                let found = match file {
                    Some(entry) => FolderListing { files: vec![entry], skipped: Vec::new() },
                    None => self.source.list(if is_within { path } else { folder })?,
                };
                listing.files.extend(
                    found
                        .files
                        .into_iter()
                        .map(|entry| SourceFile { stamp: entry.stamp.as_of(now), ..entry }),
                );
                listing.skipped.extend(found.skipped);
                listing.sort();
            }
        }
        Ok(Snapshot { source: self.source.clone(), folders, beyond: AtomicBool::new(false) })
    }

    /// Returns the paths of files that are not in both snapshots, or not the same in both.
    pub fn differences(&self, other: &Snapshot<S>) -> Vec<String> {
        let mut found = Vec::new();
        for ((_, a), (_, b)) in self.folders.iter().zip(&other.folders) {
            let (mut a, mut b) = (a.files.iter().peekable(), b.files.iter().peekable());
            loop {
                let entry = match (a.peek(), b.peek()) {
                    (Some(here), Some(there)) if here.path == there.path => {
                        let is_same = here.stamp == there.stamp;
                        (a.next(), b.next()).0.filter(|_| !is_same)
                    }
                    (Some(here), Some(there)) if here.path < there.path => a.next(),
                    (Some(_), None) => a.next(),
                    (None, None) => break,
                    _ => b.next(),
                };
                found.extend(entry.map(|entry| entry.path.to_string()));
            }
        }
        found
    }

    /// Returns whether every file of the folders is what it was in another snapshot. When a stamp
    /// was taken counts for files that `may_have_changed` only.
    pub fn is_as(&self, other: &Snapshot<S>, may_have_changed: impl Fn(&str) -> bool) -> bool {
        let is_same = |a: &SourceFile, b: &SourceFile| {
            let untimed = |entry: &SourceFile| Stamp { unsettled: 0, ..entry.stamp };
            a.path == b.path
                && (a.stamp == b.stamp
                    || (untimed(a) == untimed(b) && !may_have_changed(a.path.as_str())))
        };
        let is_same_listing = |a: &FolderListing, b: &FolderListing| {
            a.skipped == b.skipped
                && a.files.len() == b.files.len()
                && a.files.iter().zip(&b.files).all(|(a, b)| is_same(a, b))
        };
        let folders = self.folders.iter().zip(&other.folders);
        self.folders.len() == other.folders.len()
            && folders.into_iter().all(|((a, x), (b, y))| a == b && is_same_listing(x, y))
    }

    /// Returns whether something was asked for that the snapshot does not hold.
    pub fn reached_beyond(&self) -> bool {
        self.beyond.load(Ordering::Relaxed)
    }

    fn note(&self, path: &SourcePath) {
        let is_listed = self.folders.iter().any(|(folder, _)| path.below(folder).is_some());
        // What lies in `.sitegen/` is a cache and changes nothing.
        if !is_listed && path.below(".sitegen").is_none() {
            self.beyond.store(true, Ordering::Relaxed);
        }
    }
}

impl<S: Source> Source for Snapshot<S> {
    fn list(&self, folder: &str) -> io::Result<FolderListing> {
        if let Some((_, listing)) = self.folders.iter().find(|(listed, _)| listed == folder) {
            return Ok(listing.clone());
        }
        self.beyond.store(true, Ordering::Relaxed);
        self.source.list(folder)
    }

    fn file(&self, path: &SourcePath) -> io::Result<Option<SourceFile>> {
        self.note(path);
        self.source.file(path)
    }

    fn read(&self, path: &SourcePath) -> io::Result<Vec<u8>> {
        self.note(path);
        self.source.read(path)
    }

    fn read_part(&self, path: &SourcePath, range: Range<u64>) -> io::Result<Vec<u8>> {
        self.note(path);
        self.source.read_part(path, range)
    }
}
