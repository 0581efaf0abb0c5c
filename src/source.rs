//! Where a site is read from: one of the two doors to the world (the other is `sink`).
//!
//! A [`Source`] lists folders and reads files; it knows no Markdown and no configuration.
//! `Directory` is a folder on disk, `Snapshot` one whose folders were listed once, `Fixture` a map
//! in memory.
#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "this module is where files are read"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::diagnostic::{Diagnostic, is_of_the_world};
use crate::words::Message;

/// A file's path relative to the site, with `/`, spelled as on disk.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", from = "String")]
pub struct SourcePath(Arc<str>);

impl SourcePath {
    pub fn new(path: impl AsRef<str>) -> SourcePath {
        SourcePath(Arc::from(path.as_ref()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The last segment.
    pub fn file_name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or(&self.0)
    }

    /// File name without its last extension.
    pub fn stem(&self) -> &str {
        let name = self.file_name();
        name.rsplit_once('.').map_or(name, |(stem, _)| if stem.is_empty() { name } else { stem })
    }

    /// The last extension in lower case, without its dot.
    pub fn extension(&self) -> String {
        self.file_name()
            .rsplit_once('.')
            .map_or_else(String::new, |(_, extension)| extension.to_ascii_lowercase())
    }

    /// The path below `folder`, if it lies there.
    pub fn below(&self, folder: &str) -> Option<&str> {
        self.0.strip_prefix(folder)?.strip_prefix('/')
    }

    /// The path to the first name below `folder` that begins with a dot, those apart that hosts ask
    /// for.
    pub fn dotted(&self, folder: &str) -> Option<&str> {
        let below = self.below(folder)?;
        let mut end = self.0.len() - below.len();
        for name in below.split('/') {
            end += name.len();
            if is_hidden(name) {
                return Some(&self.0[..end]);
            }
            end += 1;
        }
        None
    }
}

impl fmt::Display for SourcePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<String> for SourcePath {
    fn from(path: String) -> SourcePath {
        SourcePath(path.into())
    }
}

impl From<SourcePath> for String {
    fn from(path: SourcePath) -> String {
        path.0.as_ref().to_owned()
    }
}

/// What the disk says of a file without its being read. A file of the same stamp, taken [as
/// of](Stamp::as_of) some time, holds the same bytes; one of another may hold others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// Size in bytes.
    pub bytes: u64,
    /// When the content was last changed, and when the file itself was (renamed, linked, its times
    /// set): nanoseconds since
    /// 1970. The second cannot be forged by `touch`; 0 where there is no such thing. Written as
    ///       they are: a build that finds nothing to do reads hundreds of thousands of them.
    #[serde(with = "postcard::fixint::le")]
    pub modified: i64,
    #[serde(with = "postcard::fixint::le")]
    pub changed: i64,
    /// Which file it is, so that one put in its place is told from it; 0 where there is no such
    /// thing.
    pub inode: u64,
    /// When it was taken, where the file had changed a moment before and may have changed again
    /// since without showing it; 0 otherwise. So no later stamp equals this one.
    pub unsettled: i64,
}

/// How long a file may change without its times showing it: the clocks of Linux's file systems tick
/// 100 to 1,000 times a second, those of FAT every two seconds.
const TICK: i64 = 20_000_000;
const COARSE_TICK: i64 = 2_000_000_000;

impl Stamp {
    pub fn of(metadata: &fs::Metadata) -> Stamp {
        #[cfg(unix)]
        let (changed, inode) = {
            use std::os::unix::fs::MetadataExt;
            (
                metadata
                    .ctime()
                    .saturating_mul(1_000_000_000)
                    .saturating_add(metadata.ctime_nsec()),
                metadata.ino(),
            )
        };
        #[cfg(not(unix))]
        let (changed, inode) = (metadata.created().map_or(0, nanoseconds), 0);
        Stamp {
            bytes: metadata.len(),
            modified: metadata.modified().map_or(0, nanoseconds),
            changed,
            inode,
            unsettled: 0,
        }
    }

    /// The stamp as it was taken at `now` (nanoseconds since 1970). A file written a moment ago may
    /// be written again within the same tick of the clock (git calls it racy).
    #[must_use]
    pub fn as_of(self, now: i64) -> Stamp {
        let latest = self.modified.max(self.changed);
        let tick = if latest % 1_000_000_000 == 0 { COARSE_TICK } else { TICK };
        Stamp { unsettled: if latest < now - tick { 0 } else { now }, ..self }
    }
}

/// Nanoseconds since 1970; before that they are negative.
pub fn nanoseconds(time: SystemTime) -> i64 {
    let whole =
        |duration: std::time::Duration| i64::try_from(duration.as_nanos()).unwrap_or(i64::MAX);
    time.duration_since(UNIX_EPOCH).map_or_else(|before| -whole(before.duration()), whole)
}

/// One file found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub path: SourcePath,
    pub stamp: Stamp,
}

/// Something found that is not read, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    pub path: String,
    pub why: Unread,
}

/// Why something that was found is not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unread {
    Hidden,
    Backup,
    Link,
    /// A pipe, a socket or a device, which might never end.
    Special,
    NoFolder,
    /// The name is no text.
    Name,
    /// The disk's own words.
    Error(String),
}

impl Unread {
    /// In a few words.
    pub fn message(&self) -> Message {
        match self {
            Unread::Hidden => say!("dot-files are not published"),
            Unread::Backup => say!("it looks like an editor's backup"),
            Unread::Link => say!("symbolic links are not followed"),
            Unread::Special => say!("it is no plain file"),
            Unread::NoFolder => say!("it is a file where a folder would be"),
            Unread::Name => say!("its name is not valid UTF-8"),
            Unread::Error(error) => error.as_str().into(),
        }
    }
}

impl Skipped {
    /// The line of the report. What the keeper will miss is no note.
    pub fn diagnostic(&self) -> Diagnostic {
        let message = say!("not read: {}", self.why.message());
        let diagnostic = match &self.why {
            Unread::Hidden | Unread::Backup => Diagnostic::note("file-skipped", message),
            Unread::Link => Diagnostic::warning("file-skipped", message)
                .hint(say!("put the file itself there; only the site's own folders may be links, such as posts/")),
            Unread::Special | Unread::NoFolder => Diagnostic::warning("file-skipped", message),
            Unread::Name => {
                Diagnostic::error("file-skipped", message).hint(say!("give it a name in UTF-8; names from old Windows are mostly GB18030"))
            }
            Unread::Error(_) => Diagnostic::error(UNREADABLE, message),
        };
        diagnostic.in_file(&self.path)
    }
}

/// The code of what the disk would not give.
pub const UNREADABLE: &str = "file-unreadable";

/// The line of the report for a file that was found and cannot be read.
pub fn unreadable(path: &str, error: &io::Error) -> Diagnostic {
    Diagnostic::error(UNREADABLE, say!("it cannot be read: {}", error)).in_file(path)
}

/// What a folder holds, sorted by path. Texts whose names, or those of their folders, begin with a
/// dot are among the files, since they may be articles ([`SourcePath::dotted`] tells).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    pub files: Vec<Entry>,
    pub skipped: Vec<Skipped>,
}

/// Reads a site.
pub trait Source: Send + Sync {
    /// All files below `folder` in the order of their paths, whatever order the disk gives; a
    /// missing folder is empty. Symbolic links are not followed: a scraped archive must not reach
    /// outside itself.
    fn list(&self, folder: &str) -> io::Result<Listing>;

    /// One file, if it is there.
    fn entry(&self, path: &SourcePath) -> io::Result<Option<Entry>>;

    /// The bytes of one file, to which no symbolic link leads.
    fn read(&self, path: &SourcePath) -> io::Result<Vec<u8>>;

    /// The bytes of one file that lie in `range`.
    fn read_part(&self, path: &SourcePath, range: Range<u64>) -> io::Result<Vec<u8>>;

    /// The bytes of a file that may be absent.
    fn read_if_present(&self, path: &SourcePath) -> io::Result<Option<Vec<u8>>> {
        match self.read(path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}

impl<S: Source> Source for &S {
    fn list(&self, folder: &str) -> io::Result<Listing> {
        (**self).list(folder)
    }

    fn entry(&self, path: &SourcePath) -> io::Result<Option<Entry>> {
        (**self).entry(path)
    }

    fn read(&self, path: &SourcePath) -> io::Result<Vec<u8>> {
        (**self).read(path)
    }

    fn read_part(&self, path: &SourcePath, range: Range<u64>) -> io::Result<Vec<u8>> {
        (**self).read_part(path, range)
    }
}

/// A site in a folder on disk.
#[derive(Clone, Debug)]
pub struct Directory {
    root: PathBuf,
    /// Symbolic links that are followed: folders of the site, which its keeper made.
    links: Arc<BTreeSet<String>>,
}

/// A folder of the site that is a symbolic link and cannot be followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Astray {
    pub link: String,
    pub why: Message,
    /// It would be followed, were the keeper to say so.
    pub is_outside: bool,
}

impl Directory {
    pub fn new(root: impl Into<PathBuf>) -> Directory {
        Directory { root: root.into(), links: Arc::default() }
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Whether the site's folder exists at all.
    pub fn exists(&self) -> bool {
        self.root.is_dir()
    }

    /// The same site, with those of its `folders` followed that are symbolic links or lie behind
    /// one. They may lead to another place in the site; out of it only if the keeper says so. Links
    /// in the folders are never followed.
    pub fn following(self, folders: &[String], outside: bool) -> Result<Directory, Astray> {
        let mut links = BTreeSet::new();
        for link in folders
            .iter()
            .flat_map(|folder| steps(folder))
            .filter(|step| is_link(&self.root.join(step)))
        {
            let astray =
                |why: Message, is_outside| Astray { link: link.to_owned(), why, is_outside };
            let real = |path: &Path| {
                path.canonicalize()
                    .map_err(|error| astray(say!("it leads nowhere: {}", &error), false))
            };
            let (root, target) = (real(&self.root)?, real(&self.root.join(link))?);
            match target.strip_prefix(&root) {
                Ok(below) if below.as_os_str().is_empty() => {
                    return Err(astray(say!("it leads to the site itself"), false));
                }
                Ok(below) if below.iter().any(|name| is_passed_over(&name.to_string_lossy())) => {
                    return Err(astray(
                        say!("it leads to {}, and dot-files are not published", below.display()),
                        false,
                    ));
                }
                Err(_) if !outside => {
                    return Err(astray(
                        say!("it leads out of the site, to {}", target.display()),
                        true,
                    ));
                }
                _ => links.insert(link.to_owned()),
            };
            // What lies in two folders would be read twice, and published twice.
            let is_through = |folder: &&String| steps(folder).any(|step| step == link);
            for folder in folders.iter().filter(is_through) {
                let Ok(target) = self.root.join(folder).canonicalize() else { continue };
                let is_shared = |other: &&String| {
                    let real = self.root.join(other).canonicalize();
                    *other != folder
                        && real.is_ok_and(|real| {
                            real.starts_with(&target) || target.starts_with(&real)
                        })
                };
                if let Some(other) = folders.iter().find(is_shared) {
                    return Err(astray(
                        say!(
                            "it leads to files of {}/, which is a folder of the site itself",
                            other
                        ),
                        false,
                    ));
                }
            }
        }
        Ok(Directory { links: Arc::new(links), ..self })
    }

    /// The folder that a folder of the site really is, if it is there.
    pub fn real(&self, folder: &str) -> Option<PathBuf> {
        self.root.join(folder).canonicalize().ok()
    }

    /// Whether there is such a folder in the site.
    pub fn has_folder(&self, folder: &str) -> bool {
        self.root.join(folder).is_dir()
    }

    /// Whether a folder of the site holds nothing that could be read, however deep.
    pub fn is_empty(&self, folder: &str) -> bool {
        let walk = walkdir::WalkDir::new(self.root.join(folder)).min_depth(1).into_iter();
        let mut seen = walk
            .filter_entry(|entry| !is_passed_over(&entry.file_name().to_string_lossy()))
            .flatten();
        !seen.any(|entry| !entry.file_type().is_dir())
    }

    /// The folders of the site as deep as `depth`, to find one that was meant by another name.
    pub fn folders(&self, depth: usize) -> Vec<String> {
        const ENOUGH: usize = 2_000;
        let walk = walkdir::WalkDir::new(&self.root)
            .min_depth(1)
            .max_depth(depth)
            .sort_by_file_name()
            .into_iter();
        let walk = walk.filter_entry(|entry| {
            entry.file_type().is_dir() && !is_passed_over(&entry.file_name().to_string_lossy())
        });
        walk.flatten().take(ENOUGH).filter_map(|entry| self.shown(entry.path())).collect()
    }

    /// The first symbolic link between the site's folder, which may be one itself, and a path in
    /// it, that is not followed.
    pub fn link_to<'p>(&self, path: &'p str) -> Option<&'p str> {
        steps(path).find(|step| is_link(&self.root.join(step)) && !self.links.contains(*step))
    }

    /// Where a plain file lies. No link that could lead out stands on the way, and it is no pipe,
    /// which might never end.
    fn file(&self, path: &str) -> io::Result<PathBuf> {
        let mut is_file = false;
        for step in steps(path) {
            let metadata = fs::symlink_metadata(self.root.join(step))?;
            if metadata.is_symlink() && !self.links.contains(step) {
                return Err(io::Error::other(say!(
                    "`{}` is a symbolic link, and those are not followed",
                    step
                )));
            }
            is_file = metadata.is_file();
        }
        if is_file {
            Ok(self.root.join(path))
        } else {
            Err(io::Error::other(say!("it is no plain file")))
        }
    }

    /// A path below the site as the site spells it.
    fn shown(&self, path: &Path) -> Option<String> {
        let shown = path.strip_prefix(&self.root).ok()?.to_string_lossy();
        // On Unix a backslash is a character of the name.
        Some(if cfg!(windows) { shown.replace('\\', "/") } else { shown.into_owned() })
    }
}

/// A path, step by step: `a`, `a/b`, `a/b/c`.
fn steps(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(at, _)| at).chain([path.len()]).map(|end| &path[..end])
}

fn is_link(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_symlink())
}

impl Source for Directory {
    fn list(&self, folder: &str) -> io::Result<Listing> {
        let root = self.root.join(folder);
        let mut listing = Listing::default();
        let mut skip = |path: String, why: Unread| listing.skipped.push(Skipped { path, why });
        if let Some(link) = self.link_to(folder) {
            skip(link.to_owned(), Unread::Link);
            return Ok(listing);
        }
        match fs::metadata(&root) {
            Ok(metadata) if metadata.is_dir() => {}
            Ok(metadata) => {
                skip(
                    folder.to_owned(),
                    if metadata.is_file() { Unread::NoFolder } else { Unread::Special },
                );
                return Ok(listing);
            }
            Err(error) if is_absent(&error) => return Ok(listing),
            Err(error) if is_of_the_world(&error) => return Err(error),
            Err(error) => {
                skip(folder.to_owned(), Unread::Error(error.to_string()));
                return Ok(listing);
            }
        }
        let mut found: Vec<(PathBuf, SourcePath)> = Vec::new();
        let mut walk = walkdir::WalkDir::new(&root).min_depth(1).follow_links(false).into_iter();
        while let Some(entry) = walk.next() {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    let path = error
                        .path()
                        .and_then(|path| self.shown(path))
                        .unwrap_or_else(|| folder.to_owned());
                    let error =
                        error.into_io_error().unwrap_or_else(|| io::ErrorKind::Other.into());
                    if is_of_the_world(&error) {
                        return Err(error);
                    }
                    // A folder that is gone by now holds nothing.
                    if !is_absent(&error) {
                        skip(path, Unread::Error(error.to_string()));
                    }
                    continue;
                }
            };
            let shown = self.shown(entry.path()).expect("walked below the root");
            let (kind, name) = (entry.file_type(), entry.file_name().to_str());
            let why = match name {
                None => Some(Unread::Name),
                Some(name)
                    if is_hidden(name)
                        && !(if kind.is_dir() { is_word(name) } else { is_dotted_text(name) }) =>
                {
                    Some(Unread::Hidden)
                }
                Some(name) if is_backup(name) => Some(Unread::Backup),
                Some(_) if kind.is_symlink() => Some(Unread::Link),
                Some(_) if !kind.is_dir() && !kind.is_file() => Some(Unread::Special),
                Some(_) => None,
            };
            if let Some(why) = why {
                skip(shown, why);
                if kind.is_dir() {
                    walk.skip_current_dir();
                }
            } else if kind.is_file() {
                found.push((entry.into_path(), SourcePath::new(shown)));
            }
        }
        // Asking for the stamps takes longer than finding the names: 10,000 of them 12 ms on two
        // cores and 21 ms on one.
        let stamped = |(path, name): (PathBuf, SourcePath)| match fs::symlink_metadata(&path) {
            Ok(metadata) if metadata.is_file() => {
                Ok(Some(Entry { path: name, stamp: Stamp::of(&metadata) }))
            }
            // It was removed or replaced a moment ago.
            Ok(_) => Ok(None),
            Err(error) if is_absent(&error) => Ok(None),
            Err(error) => Err((name, error)),
        };
        let stamped: Vec<Result<Entry, (SourcePath, io::Error)>> =
            found.into_par_iter().filter_map(|file| stamped(file).transpose()).collect();
        for file in stamped {
            match file {
                Ok(entry) => listing.files.push(entry),
                Err((_, error)) if is_of_the_world(&error) => return Err(error),
                Err((name, error)) => {
                    listing.skipped.push(Skipped {
                        path: name.to_string(),
                        why: Unread::Error(error.to_string()),
                    });
                }
            }
        }
        sort(&mut listing);
        Ok(listing)
    }

    fn entry(&self, path: &SourcePath) -> io::Result<Option<Entry>> {
        match fs::symlink_metadata(self.root.join(path.as_str())) {
            Ok(metadata) => Ok(metadata
                .is_file()
                .then(|| Entry { path: path.clone(), stamp: Stamp::of(&metadata) })),
            Err(error) if is_absent(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn read(&self, path: &SourcePath) -> io::Result<Vec<u8>> {
        fs::read(self.file(path.as_str())?)
    }

    fn read_part(&self, path: &SourcePath, range: Range<u64>) -> io::Result<Vec<u8>> {
        let mut file = fs::File::open(self.file(path.as_str())?)?;
        file.seek(SeekFrom::Start(range.start))?;
        let mut part = Vec::new();
        file.take(range.end.saturating_sub(range.start)).read_to_end(&mut part)?;
        Ok(part)
    }
}

/// Whether there is nothing of the name, or a file where a folder would be.
fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

fn is_hidden(name: &str) -> bool {
    name.starts_with('.') && !crate::route::PUBLISHED_DOT_FILES.contains(&name)
}

/// Whether a file that begins with a dot may be an article, `.NET 入门.md`, and is not a system's
/// or an editor's own.
fn is_dotted_text(name: &str) -> bool {
    const ENDINGS: [&str; 5] = ["md", "markdown", "mkd", "mkdn", "mkdown"];
    // `.2020-01-01-x.md` was given its dot to be hidden.
    let is_own = !name[1..].starts_with(char::is_alphabetic);
    let is_text = |(stem, ending): (&str, &str)| {
        stem.len() > 1 && ENDINGS.iter().any(|text| ending.eq_ignore_ascii_case(text))
    };
    !is_own && name.rsplit_once('.').is_some_and(is_text)
}

/// Whether a folder that begins with a dot may be called by a word, `.NET`: what tools hide is in
/// small letters, but for macOS's.
fn is_word(name: &str) -> bool {
    #[rustfmt::skip]
    const HIDDEN: [&str; 14] = [
        ".apple", ".archive", ".backup", ".ds_store", ".dav", ".documentrevisions", ".draft", ".lsoverride", ".private", ".rproj",
        ".spotlight", ".temp", ".trash", ".template",
    ];
    let lower = name.to_ascii_lowercase();
    name[1..].starts_with(|c: char| c.is_ascii_uppercase())
        && !HIDDEN.iter().any(|hidden| lower.starts_with(hidden))
}

fn is_backup(name: &str) -> bool {
    name.ends_with('~') || (name.starts_with('#') && name.ends_with('#'))
}

/// Whether a file or folder of this name is passed over.
pub fn is_passed_over(name: &str) -> bool {
    (is_hidden(name) && !is_dotted_text(name) && !is_word(name)) || is_backup(name)
}

fn sort(listing: &mut Listing) {
    listing.files.sort_by(|a, b| a.path.cmp(&b.path));
    listing.skipped.sort_by(|a, b| a.path.cmp(&b.path));
}

/// A source whose folders were listed once, so that everybody speaks of one state of it and no file
/// is asked for its stamp twice. What lies beyond the list can be had, and
/// [`Snapshot::reached_beyond`] tells of it: a ledger must not rely on what it has not seen.
#[derive(Debug)]
pub struct Snapshot<S> {
    source: S,
    folders: Vec<(String, Listing)>,
    beyond: AtomicBool,
}

impl<S: Source> Snapshot<S> {
    /// Lists `folders`, none of which lies in another. `now` is the machine's clock, in nanoseconds
    /// since 1970.
    pub fn take(source: S, folders: &[String], now: i64) -> io::Result<Snapshot<S>> {
        let mut folders: Vec<(String, Listing)> = folders
            .iter()
            .map(|folder| Ok((folder.clone(), source.list(folder)?)))
            .collect::<io::Result<_>>()?;
        for entry in folders.iter_mut().flat_map(|(_, listing)| &mut listing.files) {
            entry.stamp = entry.stamp.as_of(now);
        }
        Ok(Snapshot { source, folders, beyond: AtomicBool::new(false) })
    }

    /// What was listed.
    pub fn source(&self) -> &S {
        &self.source
    }

    /// Every file found, in no order.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.folders.iter().flat_map(|(_, listing)| &listing.files)
    }

    /// What was found in the folders and is not read.
    pub fn skipped(&self) -> impl Iterator<Item = &Skipped> {
        self.folders.iter().flat_map(|(_, listing)| &listing.skipped)
    }

    /// The snapshot after some paths have changed, files or folders; nothing else is looked at.
    /// `now` is as for [`Snapshot::take`].
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
                    self.source.entry(&SourcePath::new(path)).unwrap_or(None)
                } else {
                    None
                };
                let found = match file {
                    Some(entry) => Listing { files: vec![entry], skipped: Vec::new() },
                    None => self.source.list(if is_within { path } else { folder })?,
                };
                listing.files.extend(
                    found
                        .files
                        .into_iter()
                        .map(|entry| Entry { stamp: entry.stamp.as_of(now), ..entry }),
                );
                listing.skipped.extend(found.skipped);
                sort(listing);
            }
        }
        Ok(Snapshot { source: self.source.clone(), folders, beyond: AtomicBool::new(false) })
    }

    /// The paths of files that are not in both snapshots, or not the same in both.
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

    /// Whether every file of the folders is what it was in another snapshot. When a stamp was taken
    /// counts for files that `may_have_changed` only.
    pub fn is_as(&self, other: &Snapshot<S>, may_have_changed: impl Fn(&str) -> bool) -> bool {
        let is_same = |a: &Entry, b: &Entry| {
            let untimed = |entry: &Entry| Stamp { unsettled: 0, ..entry.stamp };
            a.path == b.path
                && (a.stamp == b.stamp
                    || (untimed(a) == untimed(b) && !may_have_changed(a.path.as_str())))
        };
        let is_same_listing = |a: &Listing, b: &Listing| {
            a.skipped == b.skipped
                && a.files.len() == b.files.len()
                && a.files.iter().zip(&b.files).all(|(a, b)| is_same(a, b))
        };
        let folders = self.folders.iter().zip(&other.folders);
        self.folders.len() == other.folders.len()
            && folders.into_iter().all(|((a, x), (b, y))| a == b && is_same_listing(x, y))
    }

    /// Whether something was asked for that the snapshot does not hold.
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
    fn list(&self, folder: &str) -> io::Result<Listing> {
        if let Some((_, listing)) = self.folders.iter().find(|(listed, _)| listed == folder) {
            return Ok(listing.clone());
        }
        self.beyond.store(true, Ordering::Relaxed);
        self.source.list(folder)
    }

    fn entry(&self, path: &SourcePath) -> io::Result<Option<Entry>> {
        self.note(path);
        self.source.entry(path)
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

/// A site in memory, for tests and checks.
#[derive(Clone, Debug, Default)]
pub struct Fixture {
    files: BTreeMap<SourcePath, Vec<u8>>,
}

impl Fixture {
    pub fn new<P: AsRef<str>, B: Into<Vec<u8>>>(
        files: impl IntoIterator<Item = (P, B)>,
    ) -> Fixture {
        Fixture {
            files: files
                .into_iter()
                .map(|(path, bytes)| (SourcePath::new(path), bytes.into()))
                .collect(),
        }
    }

    fn describe(path: &SourcePath, bytes: &[u8]) -> Entry {
        Entry { path: path.clone(), stamp: Stamp { bytes: bytes.len() as u64, ..Stamp::default() } }
    }
}

impl Source for Fixture {
    fn list(&self, folder: &str) -> io::Result<Listing> {
        let files = self
            .files
            .iter()
            .filter(|(path, _)| path.below(folder).is_some())
            .map(|(path, bytes)| Fixture::describe(path, bytes))
            .collect();
        Ok(Listing { files, skipped: Vec::new() })
    }

    fn entry(&self, path: &SourcePath) -> io::Result<Option<Entry>> {
        Ok(self.files.get(path).map(|bytes| Fixture::describe(path, bytes)))
    }

    fn read(&self, path: &SourcePath) -> io::Result<Vec<u8>> {
        self.files.get(path).cloned().ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))
    }

    fn read_part(&self, path: &SourcePath, range: Range<u64>) -> io::Result<Vec<u8>> {
        let bytes = self.files.get(path).ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))?;
        let within = |at: u64| usize::try_from(at).unwrap_or(usize::MAX).min(bytes.len());
        Ok(bytes[within(range.start)..within(range.end)].to_vec())
    }
}
