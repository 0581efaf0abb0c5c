//! Where a site is written to: the other door to the world.
//!
//! [`Folder`] writes each file under a temporary name and renames it, leaves equal bytes alone, and removes what an earlier
//! build made and this one does not. What it made is recorded in the folder itself, so that files of others (and dot-entries
//! such as `.git`) are never touched. [`SiteFolder`] is for the little that is written beside the sources.
#![expect(clippy::disallowed_methods, clippy::disallowed_types, reason = "this module is where files are written")]

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use crate::digest::Digest;
use crate::source::{SourcePath, Stamp, link_on_the_way};

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Put {
    Written,
    /// It held these bytes already.
    Unchanged,
    /// Somebody else's file stands there; it was left alone.
    Foreign,
}

/// Takes the files of a site.
pub trait Sink: Sync {
    /// Announces all files that will come, by path below the output with `/`, in order.
    fn begin(&self, files: &[&str]) -> io::Result<()>;

    /// One file, and the stamp it has now.
    fn put(&self, file: &str, bytes: &[u8]) -> io::Result<(Put, Stamp)>;

    /// Whether a file that was written with this stamp still holds what was written then, of this digest: its stamp now.
    fn holds(&self, file: &str, stamp: Stamp, digest: Digest) -> io::Result<Option<Stamp>>;

    /// Removes what an earlier build made and is neither among `files` (those that came, in order) nor `kept` (those whose page
    /// failed), and records what is ours now. Returns how many were removed.
    fn finish(&self, files: &[&str], kept: &BTreeSet<String>) -> io::Result<usize>;
}

/// The list of files that sitegen made, in the output folder. A dot-file: hosts and `deploy` leave it out.
const RECORD: &str = ".sitegen-files";
const RECORD_HEAD: &str = "# Files that sitegen made here; others are never touched.";

/// A folder on disk.
#[derive(Debug)]
pub struct Folder {
    root: PathBuf,
    /// What earlier builds made here, in order.
    made: Vec<String>,
    /// Folders known to exist and to be no symbolic links.
    folders: Mutex<HashSet<PathBuf>>,
    temporary: AtomicU64,
    /// Stale files removed before writing began.
    cleared: AtomicUsize,
    /// Write files even where their bytes are equal.
    fresh: bool,
    /// Compare only.
    dry: bool,
}

impl Folder {
    /// Opens `root`, which need not exist. With `fresh`, equal files are written anew; with `dry`, nothing is.
    pub fn open(root: impl Into<PathBuf>, fresh: bool, dry: bool) -> io::Result<Folder> {
        let root = root.into();
        let made = match fs::read_to_string(root.join(RECORD)) {
            Ok(text) => {
                let mut made: Vec<String> =
                    text.lines().filter(|line| *line != RECORD_HEAD && is_inside(line)).map(str::to_owned).collect();
                made.sort_unstable();
                made
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(named(&root.join(RECORD), error)),
        };
        Ok(Folder {
            root,
            made,
            folders: Mutex::new(HashSet::new()),
            temporary: AtomicU64::new(0),
            cleared: AtomicUsize::new(0),
            fresh,
            dry,
        })
    }

    /// Whether the record names these files, which come in order.
    pub fn is_record_of<'f>(&self, files: impl Iterator<Item = &'f str>) -> bool {
        files.eq(self.made.iter().map(String::as_str))
    }

    fn is_ours(&self, file: &str) -> bool {
        self.made.binary_search_by(|made| made.as_str().cmp(file)).is_ok()
    }

    fn record<'f>(&self, files: impl ExactSizeIterator<Item = &'f str>) -> io::Result<()> {
        let mut text = String::with_capacity(files.len() * 40);
        text.push_str(RECORD_HEAD);
        text.push('\n');
        for file in files {
            text.push_str(file);
            text.push('\n');
        }
        let path = self.root.join(RECORD);
        if fs::read(&path).is_ok_and(|bytes| bytes == text.as_bytes()) {
            return Ok(());
        }
        self.replace(&path, text.as_bytes()).map(|_| ())
    }

    /// Writes a file so that readers see the old bytes or the new ones.
    fn replace(&self, path: &Path, bytes: &[u8]) -> io::Result<Stamp> {
        let folder = path.parent().unwrap_or(&self.root);
        let number = self.temporary.fetch_add(1, Ordering::Relaxed);
        let temporary = folder.join(format!(".sitegen-{}-{number}", std::process::id()));
        let write = || {
            let mut file = fs::File::create(&temporary)?;
            file.write_all(bytes)?;
            let stamp = stamp(&file.metadata()?);
            fs::rename(&temporary, path)?;
            Ok(stamp)
        };
        write().map_err(|error| {
            let _ = fs::remove_file(&temporary);
            named(path, error)
        })
    }

    /// Removes one file of ours, and folders that are empty then, up to the output folder.
    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path).map_err(|error| named(path, error))?;
        let mut folder = path.parent();
        while let Some(empty) = folder.filter(|folder| *folder != self.root && folder.starts_with(&self.root)) {
            if fs::remove_dir(empty).is_err() {
                break;
            }
            folder = empty.parent();
        }
        Ok(())
    }

    /// Removes stale files of ours that stand where a folder is to be, or whose folder stands where a file is to be.
    fn clear_the_way(&self, files: &[&str]) -> io::Result<()> {
        let folders_of = |file: &str| file.match_indices('/').map(|(at, _)| file[..at].to_owned()).collect::<Vec<_>>();
        let comes = |file: &str| files.binary_search(&file).is_ok();
        let is_folder = |path: &str| {
            let below = format!("{path}/");
            files.get(files.partition_point(|file| *file < below.as_str())).is_some_and(|file| file.starts_with(&below))
        };
        for stale in self.made.iter().filter(|made| !comes(made)) {
            let in_the_way = is_folder(stale) || folders_of(stale).iter().any(|folder| comes(folder));
            let path = self.root.join(stale);
            if in_the_way && fs::symlink_metadata(&path).is_ok_and(|metadata| metadata.is_file()) {
                self.remove(&path)?;
                self.cleared.fetch_add(1, Ordering::Relaxed);
            }
        }
        Ok(())
    }

    /// Makes the folder of a file; a symbolic link on the way is an error, since it could lead out.
    fn make_folder(&self, folder: &Path) -> io::Result<()> {
        if self.folders.lock().is_ok_and(|known| known.contains(folder)) {
            return Ok(());
        }
        if folder != self.root
            && let Some(parent) = folder.parent()
        {
            self.make_folder(parent)?;
        }
        match fs::symlink_metadata(folder) {
            Ok(metadata) if metadata.is_dir() => {}
            Ok(metadata) if metadata.is_symlink() && folder != self.root => {
                return Err(io::Error::other(say!("{} is a symbolic link; the site is not written through it", folder.display())));
            }
            Ok(metadata) if metadata.is_symlink() => {}
            Ok(_) => return Err(io::Error::other(say!("{} is a file where a folder is needed", folder.display()))),
            Err(_) if folder == self.root => fs::create_dir_all(folder).map_err(|error| named(folder, error))?,
            Err(_) => match fs::create_dir(folder) {
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(named(folder, error)),
                _ => {}
            },
        }
        if let Ok(mut known) = self.folders.lock() {
            known.insert(folder.to_owned());
        }
        Ok(())
    }
}

impl Sink for Folder {
    fn begin(&self, files: &[&str]) -> io::Result<()> {
        if self.dry {
            return Ok(());
        }
        self.make_folder(&self.root)?;
        if self.made == files {
            return Ok(());
        }
        self.clear_the_way(files)?;
        // What will be written counts as ours from now on, should this build be cut off; what stands there already does not.
        let absent = files.iter().copied().filter(|file| !self.is_ours(file) && fs::symlink_metadata(self.root.join(file)).is_err());
        let mut ours: Vec<&str> = self.made.iter().map(String::as_str).chain(absent).collect();
        ours.sort_unstable();
        self.record(ours.into_iter())
    }

    fn put(&self, file: &str, bytes: &[u8]) -> io::Result<(Put, Stamp)> {
        debug_assert!(is_inside(file), "routes are safe by construction");
        let path = self.root.join(file);
        match fs::symlink_metadata(&path) {
            Ok(metadata) if metadata.is_file() => {
                let equal = metadata.len() == bytes.len() as u64 && fs::read(&path).map_err(|error| named(&path, error))? == bytes;
                if equal && !self.fresh {
                    return Ok((Put::Unchanged, stamp(&metadata)));
                }
                if !equal && !self.is_ours(file) {
                    return Ok((Put::Foreign, Stamp::default()));
                }
            }
            Ok(_) => return Ok((Put::Foreign, Stamp::default())),
            Err(_) => {}
        }
        if self.dry {
            return Ok((Put::Written, Stamp::default()));
        }
        self.make_folder(path.parent().unwrap_or(&self.root))?;
        Ok((Put::Written, self.replace(&path, bytes)?))
    }

    fn holds(&self, file: &str, written: Stamp, digest: Digest) -> io::Result<Option<Stamp>> {
        if self.fresh {
            return Ok(None);
        }
        let path = self.root.join(file);
        let Some(metadata) = fs::symlink_metadata(&path).ok().filter(fs::Metadata::is_file) else { return Ok(None) };
        let now = stamp(&metadata);
        let holds =
            now == written || (now.bytes == written.bytes && Digest::of(fs::read(&path).map_err(|error| named(&path, error))?) == digest);
        Ok(holds.then_some(now))
    }

    fn finish(&self, files: &[&str], kept: &BTreeSet<String>) -> io::Result<usize> {
        if kept.is_empty() && self.made == files {
            return Ok(0);
        }
        let mut removed = 0;
        let mut ours: Vec<&str> = files.iter().copied().chain(kept.iter().map(String::as_str).filter(|file| self.is_ours(file))).collect();
        ours.sort_unstable();
        for file in self.made.iter().filter(|made| ours.binary_search(&made.as_str()).is_err()) {
            let path = self.root.join(file);
            if !fs::symlink_metadata(&path).is_ok_and(|metadata| metadata.is_file()) {
                continue;
            }
            removed += 1;
            if !self.dry {
                self.remove(&path)?;
            }
        }
        if !self.dry {
            self.record(ours.into_iter())?;
        }
        Ok(removed + self.cleared.load(Ordering::Relaxed))
    }
}

/// The stamp of a file of ours. When the file itself was last changed is left out: giving it its name counts as a change.
fn stamp(metadata: &fs::Metadata) -> Stamp {
    Stamp { changed: 0, ..Stamp::of(metadata) }
}

/// A path of the record that is safe to join: a record could have been written by anybody.
fn is_inside(file: &str) -> bool {
    !file.is_empty() && file.split('/').all(|segment| !matches!(segment, "" | "." | "..")) && !file.contains('\\')
}

/// Why a file of the keeper's was left alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeftAlone {
    /// It is a symbolic link, or one leads to it: it may lie outside the site.
    Linked,
    /// It is no plain file.
    NoFile,
    ReadOnly,
    /// It holds other bytes than were read.
    Changed,
}

/// The site's own folder, where a command may change two things: the cache, and a post on request.
#[derive(Clone, Debug)]
pub struct SiteFolder {
    root: PathBuf,
}

impl SiteFolder {
    pub fn new(root: impl Into<PathBuf>) -> SiteFolder {
        SiteFolder { root: root.into() }
    }

    /// Replaces a file of the cache: a path of one folder and a name, such as `.sitegen/keywords`.
    pub fn keep(&self, file: &str, bytes: &[u8]) -> io::Result<()> {
        let mut draft = self.draft(file)?;
        draft.write_all(bytes).map_err(|error| named(&self.root.join(file), error))?;
        draft.commit()
    }

    /// Begins a file of the cache, which takes the place of the old one when it is [committed](Draft::commit).
    pub fn draft(&self, file: &str) -> io::Result<Draft> {
        let path = self.root.join(file);
        let folder = path.parent().unwrap_or(&self.root);
        match fs::symlink_metadata(folder) {
            Ok(metadata) if metadata.is_dir() => {}
            Ok(_) => return Err(io::Error::other(say!("{} is not a folder", folder.display()))),
            Err(_) => match fs::create_dir(folder) {
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(named(folder, error)),
                _ => {}
            },
        }
        sweep_drafts(folder);
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let temporary = folder.join(format!(".sitegen-{}-{name}", std::process::id()));
        let file = fs::File::create(&temporary).map_err(|error| named(&path, error))?;
        Ok(Draft { path, temporary, to: BufWriter::with_capacity(1 << 18, file) })
    }

    /// Writes a file of the keeper's that is not there yet, with the folders it lies in. Says whether it was written: a file that
    /// is there is never touched.
    pub fn create(&self, file: &str, bytes: &[u8]) -> io::Result<bool> {
        let path = self.root.join(file);
        if let Some(link) = link_on_the_way(&self.root, file) {
            return Err(io::Error::other(say!("{} is a symbolic link, and those are not followed", self.root.join(link).display())));
        }
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(|error| named(folder, error))?;
        }
        // The name is taken in one step, so that of two who want it one gets it.
        let mut new = match fs::File::create_new(&path) {
            Ok(new) => new,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Ok(false),
            Err(error) => return Err(named(&path, error)),
        };
        new.write_all(bytes).map_err(|error| named(&path, error))?;
        Ok(true)
    }

    /// Replaces a file of the keeper's that still holds `read`. Its permissions stay, and whoever reads it meanwhile sees the
    /// old bytes or the new ones. The answer is why a file was left alone, if it was.
    pub fn rewrite(&self, file: &SourcePath, read: &[u8], bytes: &[u8]) -> io::Result<Option<LeftAlone>> {
        let path = self.root.join(file.as_str());
        if link_on_the_way(&self.root, file.as_str()).is_some() {
            return Ok(Some(LeftAlone::Linked));
        }
        let metadata = fs::symlink_metadata(&path).map_err(|error| named(&path, error))?;
        if !metadata.is_file() {
            return Ok(Some(LeftAlone::NoFile));
        }
        if metadata.permissions().readonly() {
            return Ok(Some(LeftAlone::ReadOnly));
        }
        if fs::read(&path).map_err(|error| named(&path, error))? != read {
            return Ok(Some(LeftAlone::Changed));
        }
        let temporary = path.with_file_name(format!(".sitegen-{}", std::process::id()));
        let written = fs::File::create(&temporary)
            .and_then(|mut new| new.write_all(bytes).and_then(|()| new.sync_all()))
            .and_then(|()| fs::set_permissions(&temporary, metadata.permissions()))
            .and_then(|()| fs::rename(&temporary, &path));
        written.map(|()| None).map_err(|error| {
            let _ = fs::remove_file(&temporary);
            named(&path, error)
        })
    }
}

/// Removes what builds that were cut off left of their drafts. A build that goes on for a day is none any more.
fn sweep_drafts(folder: &Path) {
    const DAY: Duration = Duration::from_hours(24);
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let is_draft = entry.file_name().to_string_lossy().starts_with(".sitegen-");
        let age = entry.metadata().and_then(|metadata| metadata.modified()).map(|modified| modified.elapsed().unwrap_or_default());
        if is_draft && age.is_ok_and(|age| age > DAY) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// A file that is being written. Nobody sees it before it is whole; if it never is, it leaves nothing behind.
#[derive(Debug)]
pub struct Draft {
    path: PathBuf,
    temporary: PathBuf,
    to: BufWriter<fs::File>,
}

impl Draft {
    /// Gives the file its name.
    pub fn commit(mut self) -> io::Result<()> {
        self.to.flush().and_then(|()| fs::rename(&self.temporary, &self.path)).map_err(|error| named(&self.path, error))
    }
}

impl Write for Draft {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.to.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        // Gone already when it was committed.
        let _ = fs::remove_file(&self.temporary);
    }
}

fn named(path: &Path, error: io::Error) -> io::Error {
    io::Error::new(error.kind(), say!("{}: {}", path.display(), &error))
}

/// A sink in memory, for tests and checks.
#[derive(Debug, Default)]
pub struct Memory {
    files: Mutex<BTreeMap<String, Vec<u8>>>,
}

impl Memory {
    /// The files that came.
    pub fn into_files(self) -> BTreeMap<String, Vec<u8>> {
        self.files.into_inner().unwrap_or_default()
    }
}

impl Sink for Memory {
    fn begin(&self, _: &[&str]) -> io::Result<()> {
        Ok(())
    }

    fn put(&self, file: &str, bytes: &[u8]) -> io::Result<(Put, Stamp)> {
        if let Ok(mut files) = self.files.lock() {
            files.insert(file.to_owned(), bytes.to_vec());
        }
        Ok((Put::Written, Stamp::default()))
    }

    fn holds(&self, _: &str, _: Stamp, _: Digest) -> io::Result<Option<Stamp>> {
        Ok(None)
    }

    fn finish(&self, _: &[&str], _: &BTreeSet<String>) -> io::Result<usize> {
        Ok(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn build(root: &Path, files: &[(&str, &str)]) -> (Vec<Put>, usize) {
        let folder = Folder::open(root, false, false).unwrap();
        let names: BTreeSet<String> = files.iter().map(|(name, _)| (*name).to_owned()).collect();
        folder.begin(&names.iter().map(String::as_str).collect::<Vec<&str>>()).unwrap();
        let puts: Vec<Put> = files.iter().map(|(name, text)| folder.put(name, text.as_bytes()).unwrap().0).collect();
        let mut ours: Vec<&str> = files.iter().zip(&puts).filter(|(_, put)| **put != Put::Foreign).map(|((name, _), _)| *name).collect();
        ours.sort_unstable();
        let removed = folder.finish(&ours, &BTreeSet::new()).unwrap();
        (puts, removed)
    }

    #[test]
    fn equal_bytes_stay_and_stale_files_go() {
        let root = tempfile::tempdir().unwrap();
        let root = root.path();
        assert_eq!(build(root, &[("a/b.html", "1"), ("c.html", "2")]), (vec![Put::Written, Put::Written], 0));
        assert_eq!(build(root, &[("a/b.html", "1"), ("c.html", "3")]), (vec![Put::Unchanged, Put::Written], 0));
        assert_eq!(build(root, &[("c.html", "3")]), (vec![Put::Unchanged], 1));
        assert!(!root.join("a").exists());
        // A file becomes a folder, and a folder a file.
        assert_eq!(build(root, &[("c.html/d.html", "4")]), (vec![Put::Written], 1));
        assert_eq!(build(root, &[("c.html", "5")]), (vec![Put::Written], 1));
    }

    #[test]
    fn files_of_others_are_never_touched() {
        let root = tempfile::tempdir().unwrap();
        let root = root.path();
        fs::write(root.join("own.html"), "mine").unwrap();
        fs::create_dir(root.join(".git")).unwrap();
        fs::write(root.join(".git/config"), "x").unwrap();
        assert_eq!(build(root, &[("own.html", "theirs")]).0, [Put::Foreign]);
        assert_eq!(build(root, &[]), (vec![], 0));
        assert_eq!(fs::read_to_string(root.join("own.html")).unwrap(), "mine");
        assert!(root.join(".git/config").exists());
    }

    #[cfg(unix)]
    #[test]
    fn symbolic_links_do_not_lead_out() {
        let (root, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        std::os::unix::fs::symlink(outside.path(), root.path().join("a")).unwrap();
        let folder = Folder::open(root.path(), false, false).unwrap();
        assert!(folder.put("a/b.html", b"x").is_err());
        assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 0);
    }

    #[cfg(unix)]
    #[test]
    fn a_post_is_replaced_as_it_was_read() {
        use std::os::unix::fs::PermissionsExt;
        let root = tempfile::tempdir().unwrap();
        let folder = SiteFolder::new(root.path());
        let path = root.path().join("a.md");
        fs::write(&path, "old").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let file = SourcePath::new("a.md");
        assert_eq!(folder.rewrite(&file, b"other", b"new").unwrap(), Some(LeftAlone::Changed));
        assert_eq!(folder.rewrite(&file, b"old", b"new").unwrap(), None);
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o440)).unwrap();
        assert_eq!(folder.rewrite(&file, b"new", b"newer").unwrap(), Some(LeftAlone::ReadOnly));
        std::os::unix::fs::symlink(&path, root.path().join("link.md")).unwrap();
        assert_eq!(folder.rewrite(&SourcePath::new("link.md"), b"new", b"newer").unwrap(), Some(LeftAlone::Linked));
        assert_eq!((fs::read_to_string(&path).unwrap().as_str(), fs::read_dir(root.path()).unwrap().count()), ("new", 2));
    }

    #[cfg(unix)]
    #[test]
    fn no_post_is_replaced_through_a_link() {
        let (root, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        fs::create_dir(outside.path().join("p")).unwrap();
        let post = outside.path().join("p/a.md");
        fs::write(&post, "old").unwrap();
        std::os::unix::fs::symlink(outside.path(), root.path().join("c")).unwrap();
        let folder = SiteFolder::new(root.path());
        assert_eq!(folder.rewrite(&SourcePath::new("c/p/a.md"), b"old", b"new").unwrap(), Some(LeftAlone::Linked));
        assert_eq!(fs::read_to_string(&post).unwrap(), "old");
        // The site's own folder may be a link.
        let folder = SiteFolder::new(root.path().join("c"));
        assert_eq!(folder.rewrite(&SourcePath::new("p/a.md"), b"old", b"new").unwrap(), None);
        assert_eq!(fs::read_to_string(&post).unwrap(), "new");
    }

    #[test]
    fn a_post_that_cannot_be_replaced_stays() {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join("a.md"), "old").unwrap();
        fs::create_dir(root.path().join(format!(".sitegen-{}", std::process::id()))).unwrap();
        let error = SiteFolder::new(root.path()).rewrite(&SourcePath::new("a.md"), b"old", b"new").unwrap_err();
        assert!(error.to_string().contains("a.md"), "{error}");
        assert_eq!(fs::read_to_string(root.path().join("a.md")).unwrap(), "old");
    }

    #[cfg(unix)]
    #[test]
    fn the_cache_lies_in_the_site() {
        let (root, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let folder = SiteFolder::new(root.path());
        folder.keep(".sitegen/x", b"1").unwrap();
        folder.keep(".sitegen/x", b"2").unwrap();
        assert_eq!(fs::read(root.path().join(".sitegen/x")).unwrap(), b"2");
        std::os::unix::fs::symlink(outside.path(), root.path().join("link")).unwrap();
        assert!(folder.keep("link/x", b"3").is_err());
    }

    #[test]
    fn a_forged_record_reaches_nothing() {
        let root = tempfile::tempdir().unwrap();
        let site = root.path().join("output");
        fs::create_dir(&site).unwrap();
        fs::write(root.path().join("precious"), "x").unwrap();
        fs::write(site.join(RECORD), "../precious\n/etc/hosts\n").unwrap();
        assert_eq!(build(&site, &[]).1, 0);
        assert!(root.path().join("precious").exists());
    }
}
