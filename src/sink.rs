//! Where a site is written to: the other door to the world.
//!
//! [`Folder`] writes each file under a temporary name and renames it, leaves equal bytes alone, and
//! removes what an earlier build made and this one does not. What it made is recorded in the folder
//! itself, so that files of others (and dot-entries such as `.git`) are never touched.
//! [`SiteFolder`] is for the little that is written beside the sources.
#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "this module is where files are written"
)]

mod site_folder;

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, RwLock};

use crate::digest::Digest;
use crate::source::Stamp;

pub use site_folder::{Draft, LeftAlone, SiteFolder};

/// What became of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Put {
    Written,
    /// As `Written`, where other bytes of ours stood.
    Replaced,
    /// It held these bytes already.
    Unchanged,
    /// Somebody else's file of these very bytes stands there, and stays theirs.
    Equal,
    /// Something of somebody else's stands there, or where a folder of the file would be: its path.
    /// It was left alone.
    Foreign(String),
}

/// What was removed in the end.
#[derive(Debug, Default)]
pub struct Swept {
    pub removed: Vec<String>,
    /// Files that should have been, and why they are still there.
    pub stuck: Vec<(String, io::Error)>,
}

/// Takes the files of a site.
pub trait Sink: Sync {
    /// Announces all files that will come, by path below the output with `/`, in order.
    fn begin(&self, files: &[&str]) -> io::Result<()>;

    /// One file, and the stamp it has now.
    fn put(&self, file: &str, bytes: &[u8]) -> io::Result<(Put, Stamp)>;

    /// Whether a file that was written with this stamp still holds what was written then, of this
    /// digest: its stamp now.
    fn holds(&self, file: &str, stamp: Stamp, digest: Digest) -> Option<Stamp>;

    /// Removes what an earlier build made and is neither among `files` (those that came, in order)
    /// nor `kept` (those whose page failed), and records what is ours now.
    fn finish(&self, files: &[&str], kept: &BTreeSet<String>) -> io::Result<Swept>;
}

/// The list of files that sitegen made, in the output folder. A dot-file: hosts and `deploy` leave
/// it out.
const RECORD: &str = ".sitegen-files";
const RECORD_HEAD: &str = "# Files that sitegen made here; others are never touched.";
/// The line of the record that says how many posts the site had.
const RECORD_POSTS: &str = "# posts: ";
/// Locked by a build while it writes, so that no two do at once, and gone when it is done. What it
/// says is by which number that build calls its drafts: one that is there and not locked was left
/// by a build that was cut off.
const LOCK: &str = ".sitegen-lock";
const LOCK_HEAD: &str = "sitegen writes here: ";

/// A folder on disk.
#[derive(Debug)]
pub struct Folder {
    root: PathBuf,
    /// What earlier builds made here, in order, and of how many posts.
    made: Vec<String>,
    posts: Option<usize>,
    /// Posts of the site that is written now.
    posts_now: AtomicUsize,
    /// All files that come are ours.
    is_ours_alone: AtomicBool,
    lock: Option<Lock>,
    /// Folders known to exist and to be no symbolic links.
    folders: Mutex<HashSet<String>>,
    temporary: AtomicU64,
    /// Stale files removed before writing began.
    cleared: Mutex<Vec<String>>,
    /// Held for reading while a draft is there; whoever holds it for writing knows that there is
    /// none.
    drafting: Arc<RwLock<()>>,
    /// Write files even where their bytes are equal.
    fresh: bool,
    /// Compare only.
    dry: bool,
}

/// The lock of an output folder, held as long as its file is open.
#[derive(Debug)]
struct Lock {
    _file: fs::File,
    /// The number of a build that was cut off.
    cut_off: Option<u32>,
}

impl Lock {
    /// Takes the lock of a folder; `wait` is called before waiting for another build. None where
    /// there is nothing to be locked: on disks of others, or of a system that knows no locks.
    fn take(root: &Path, wait: impl Fn(&Path)) -> io::Result<Option<Lock>> {
        let path = root.join(LOCK);
        loop {
            if fs::symlink_metadata(&path).is_ok_and(|metadata| !metadata.is_file()) {
                return Err(not_ours(&path));
            }
            let Ok(mut file) =
                fs::File::options().read(true).write(true).create(true).truncate(false).open(&path)
            else {
                return Ok(None);
            };
            match file.try_lock() {
                Ok(()) => {}
                Err(fs::TryLockError::WouldBlock) => {
                    wait(root);
                    file.lock().map_err(|error| named(&path, error))?;
                }
                Err(fs::TryLockError::Error(_)) => return Ok(None),
            }
            let inode = |metadata: io::Result<fs::Metadata>| {
                metadata.ok().map(|metadata| Stamp::of(&metadata).inode)
            };
            if inode(file.metadata()) != inode(fs::symlink_metadata(&path)) {
                // Whoever had it is done, and has removed it.
                continue;
            }
            let mut said = String::new();
            (&mut file).take(100).read_to_string(&mut said).map_err(|_| not_ours(&path))?;
            let cut_off =
                match said.strip_prefix(LOCK_HEAD).map(|number| number.trim().parse().ok()) {
                    Some(number) => number,
                    None if said.is_empty() => None,
                    None => return Err(not_ours(&path)),
                };
            return Ok(Some(Lock { _file: file, cut_off }));
        }
    }
}

/// What earlier builds made in a folder, in order, and of how many posts.
fn read_record(root: &Path) -> io::Result<(Vec<String>, Option<usize>)> {
    let path = root.join(RECORD);
    match fs::symlink_metadata(&path) {
        Ok(metadata) if metadata.is_file() => {
            let text = fs::read_to_string(&path).map_err(|error| named(&path, error))?;
            let lines = text
                .strip_prefix(RECORD_HEAD)
                .ok_or_else(|| not_ours(&path))?
                .trim_start_matches(['\r', '\n']);
            let (first, rest) = lines.split_once('\n').unwrap_or((lines, ""));
            let posts =
                first.strip_prefix(RECORD_POSTS).and_then(|posts| posts.trim().parse().ok());
            // A name may begin with `#` as well.
            let files = if posts.is_some() { rest } else { lines };
            let mut made: Vec<String> =
                files.lines().filter(|line| is_inside(line)).map(str::to_owned).collect();
            made.sort_unstable();
            Ok((made, posts))
        }
        Ok(_) => Err(not_ours(&path)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok((Vec::new(), None)),
        Err(error) => Err(named(&path, error)),
    }
}

fn not_ours(path: &Path) -> io::Error {
    io::Error::other(say!(
        "{} was not made by sitegen, which needs a file of this name; move it away",
        path.display()
    ))
}

impl Folder {
    /// Opens `root`, which need not exist. With `fresh`, equal files are written anew; with `dry`,
    /// nothing is.
    pub fn open(root: impl Into<PathBuf>, fresh: bool, dry: bool) -> io::Result<Folder> {
        let root = root.into();
        let (made, posts) = read_record(&root)?;
        Ok(Folder {
            made,
            posts_now: AtomicUsize::new(posts.unwrap_or_default()),
            posts,
            is_ours_alone: AtomicBool::new(false),
            lock: None,
            folders: Mutex::new(HashSet::new()),
            temporary: AtomicU64::new(0),
            cleared: Mutex::default(),
            drafting: Arc::default(),
            fresh,
            dry,
            root,
        })
    }

    /// The folder to be written to, made where it is not there. While another build writes there
    /// this one waits, after it has called `wait`.
    pub fn locked(self, wait: impl Fn(&Path)) -> io::Result<Folder> {
        if self.dry {
            return Ok(self);
        }
        if fs::metadata(&self.root).is_err_and(|error| error.kind() == io::ErrorKind::NotFound) {
            fs::create_dir_all(&self.root).map_err(|error| named(&self.root, error))?;
        }
        let lock = Lock::take(&self.root, wait)?;
        let (made, posts) = read_record(&self.root)?;
        Ok(Folder { made, posts, lock, ..self })
    }

    /// Whether the record names these files, which come in order.
    pub fn is_record_of<'f>(&self, files: impl Iterator<Item = &'f str>) -> bool {
        let is_record = files.eq(self.made.iter().map(String::as_str));
        self.is_ours_alone.store(is_record, Ordering::Relaxed);
        is_record
    }

    /// Whether the last build here did not come to its end, or has not yet.
    pub fn was_cut_off(&self) -> bool {
        fs::symlink_metadata(self.root.join(LOCK)).is_ok()
    }

    /// How many posts the site had that was last written here.
    pub fn posts(&self) -> Option<usize> {
        self.posts
    }

    /// How many posts the site has that is written now.
    pub fn holds_posts(&self, posts: usize) {
        self.posts_now.store(posts, Ordering::Relaxed);
    }

    /// Holds `drafting` for reading while a draft is there.
    pub fn drafting(self, drafting: Arc<RwLock<()>>) -> Folder {
        Folder { drafting, ..self }
    }

    /// Where the record is gone, what was `written` the last time is ours still: the very files,
    /// which nobody has touched since. Equal bytes prove nothing, since somebody else may have put
    /// them there. Where nothing is known of the last time, an older version may have written here,
    /// and drafts are looked for that it left.
    pub fn knowing<'f>(
        mut self,
        written: impl ExactSizeIterator<Item = (&'f str, Stamp, Digest)>,
    ) -> Folder {
        if written.len() == 0 && !self.dry {
            self.sweep_old();
        }
        if self.made.is_empty() && self.posts.is_none() {
            let is_that = |(file, stamp, digest): &(&str, Stamp, Digest)| {
                let path = self.root.join(file);
                let is_untouched = is_inside(file)
                    && self.is_plain(file)
                    && fs::symlink_metadata(&path).is_ok_and(|metadata| {
                        Stamp::of(&metadata) == Stamp { unsettled: 0, ..*stamp }
                    });
                is_untouched
                    && (stamp.unsettled == 0
                        || fs::read(&path).is_ok_and(|bytes| Digest::of(bytes) == *digest))
            };
            let mut made: Vec<String> =
                written.filter(is_that).map(|(file, ..)| file.to_owned()).collect();
            made.sort_unstable();
            self.made = made;
        }
        self
    }

    /// Removes drafts of versions that took no lock: their names say which process wrote them.
    fn sweep_old(&self) {
        for entry in walkdir::WalkDir::new(&self.root).min_depth(1).into_iter().flatten() {
            let process = entry.file_name().to_str().and_then(process_of_draft);
            if entry.file_type().is_file() && process.is_some_and(is_over) {
                let _ = fs::remove_file(entry.path());
            }
        }
    }

    fn is_ours(&self, file: &str) -> bool {
        self.is_ours_alone.load(Ordering::Relaxed)
            || self.made.binary_search_by(|made| made.as_str().cmp(file)).is_ok()
    }

    fn record<'f>(
        &self,
        files: impl ExactSizeIterator<Item = &'f str>,
        posts: Option<usize>,
    ) -> io::Result<()> {
        let mut text = String::with_capacity(files.len() * 40);
        text.push_str(RECORD_HEAD);
        text.push('\n');
        if let Some(posts) = posts {
            text.push_str(&format!("{RECORD_POSTS}{posts}\n"));
        }
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
        let _drafting = self.drafting.read();
        let (draft, mut file) = loop {
            let number = self.temporary.fetch_add(1, Ordering::Relaxed);
            let draft = folder.join(format!("{DRAFT}{}-{number}", std::process::id()));
            match fs::File::create_new(&draft) {
                Ok(file) => break (draft, file),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(named(path, error)),
            }
        };
        // Its stamp is taken when it has its name: getting one is a change.
        let written = file
            .write_all(bytes)
            .and_then(|()| fs::rename(&draft, path))
            .and_then(|()| file.metadata());
        written.map(|metadata| Stamp::of(&metadata)).map_err(|error| {
            let _ = fs::remove_file(&draft);
            named(path, error)
        })
    }

    /// Removes the drafts of a build that was cut off.
    fn sweep(&self, number: u32) {
        let prefix = format!("{DRAFT}{number}-");
        let is_draft = |name: &str| {
            name.strip_prefix(&prefix)
                .is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()))
        };
        for entry in walkdir::WalkDir::new(&self.root).min_depth(1).into_iter().flatten() {
            if entry.file_type().is_file() && entry.file_name().to_str().is_some_and(is_draft) {
                let _ = fs::remove_file(entry.path());
            }
        }
    }

    /// Whether a file of ours can be removed: a plain file, to which no link leads.
    fn is_plain(&self, file: &str) -> bool {
        let kind = |path: &str| {
            fs::symlink_metadata(self.root.join(path)).map(|metadata| metadata.file_type())
        };
        steps(file).all(|step| {
            kind(step).is_ok_and(|kind| {
                if step.len() == file.len() { kind.is_file() } else { kind.is_dir() }
            })
        })
    }

    /// Removes one file of ours, and folders that are empty then, up to the output folder.
    fn remove(&self, file: &str) -> io::Result<()> {
        let path = self.root.join(file);
        fs::remove_file(&path).map_err(|error| named(&path, error))?;
        let mut folder = path.parent();
        while let Some(empty) =
            folder.filter(|folder| *folder != self.root && folder.starts_with(&self.root))
        {
            if fs::remove_dir(empty).is_err() {
                break;
            }
            folder = empty.parent();
        }
        Ok(())
    }

    /// Removes stale files of ours that stand where a folder is to be, or whose folder stands where
    /// a file is to be. One that stays is in the way of a file that comes, and told then.
    fn clear_the_way(&self, files: &[&str]) {
        let comes = |file: &str| files.binary_search(&file).is_ok();
        let is_folder = |path: &str| {
            let below = format!("{path}/");
            files
                .get(files.partition_point(|file| *file < below.as_str()))
                .is_some_and(|file| file.starts_with(&below))
        };
        for stale in self.made.iter().filter(|made| !comes(made)) {
            let in_the_way = is_folder(stale) || steps(stale).any(comes);
            if in_the_way
                && self.is_plain(stale)
                && self.remove(stale).is_ok()
                && let Ok(mut cleared) = self.cleared.lock()
            {
                cleared.push(stale.clone());
            }
        }
    }

    /// Sees that the folders of a file are there, and makes them. What stands in their place is
    /// somebody else's: a file, or a symbolic link, which could lead out.
    fn make_way(&self, file: &str) -> io::Result<Result<(), String>> {
        let Some((folder, _)) = file.rsplit_once('/') else { return Ok(Ok(())) };
        if self.folders.lock().is_ok_and(|known| known.contains(folder)) {
            return Ok(Ok(()));
        }
        for step in steps(folder) {
            let path = self.root.join(step);
            match fs::symlink_metadata(&path) {
                Ok(metadata) if metadata.is_dir() => {}
                Ok(_) => return Ok(Err(step.to_owned())),
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(named(&path, error));
                }
                // Nothing is there that could be in the way.
                Err(_) if self.dry => return Ok(Ok(())),
                Err(_) => match fs::create_dir(&path) {
                    Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                        return Err(named(&path, error));
                    }
                    _ => {}
                },
            }
        }
        if let Ok(mut known) = self.folders.lock() {
            known.extend(steps(folder).map(str::to_owned));
        }
        Ok(Ok(()))
    }
}

/// What the names of files begin with that are not yet what they will be.
const DRAFT: &str = ".sitegen-";

/// The process that a draft is named for: `.sitegen-4711-3`.
fn process_of_draft(name: &str) -> Option<u32> {
    let (process, number) = name.strip_prefix(DRAFT)?.split_once('-')?;
    number.parse::<u64>().is_ok().then(|| process.parse().ok())?
}

/// Whether a process has ended, where the system tells. Elsewhere nothing is known.
fn is_over(process: u32) -> bool {
    let processes = Path::new("/proc");
    processes.join("self").exists() && !processes.join(process.to_string()).exists()
}

/// A path, step by step: `a`, `a/b`, `a/b/c`.
fn steps(file: &str) -> impl Iterator<Item = &str> {
    file.match_indices('/').map(|(at, _)| &file[..at]).chain([file])
}

impl Sink for Folder {
    fn begin(&self, files: &[&str]) -> io::Result<()> {
        if self.dry {
            return Ok(());
        }
        if let Some(lock) = &self.lock {
            if let Some(number) = lock.cut_off {
                self.sweep(number);
            }
            let path = self.root.join(LOCK);
            fs::write(&path, format!("{LOCK_HEAD}{}\n", std::process::id()))
                .map_err(|error| named(&path, error))?;
        }
        let is_record = self.made == files;
        self.is_ours_alone.store(is_record, Ordering::Relaxed);
        if is_record {
            return Ok(());
        }
        self.clear_the_way(files);
        // What will be written counts as ours from now on, should this build be cut off; what
        // stands there already does not.
        let is_absent = |file: &&str| {
            fs::symlink_metadata(self.root.join(file)).is_err_and(|error| {
                matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
            })
        };
        let absent = files.iter().copied().filter(|file| !self.is_ours(file)).filter(is_absent);
        let mut ours: Vec<&str> = self.made.iter().map(String::as_str).chain(absent).collect();
        ours.sort_unstable();
        self.record(ours.into_iter(), self.posts)
    }

    fn put(&self, file: &str, bytes: &[u8]) -> io::Result<(Put, Stamp)> {
        debug_assert!(is_inside(file), "routes are safe by construction");
        if let Err(foreign) = self.make_way(file)? {
            return Ok((Put::Foreign(foreign), Stamp::default()));
        }
        let path = self.root.join(file);
        let put = match fs::symlink_metadata(&path) {
            Ok(metadata) if metadata.is_file() => {
                let is_equal = metadata.len() == bytes.len() as u64
                    && fs::read(&path).is_ok_and(|there| there == bytes);
                match (is_equal, self.is_ours(file)) {
                    (true, false) => return Ok((Put::Equal, Stamp::default())),
                    (false, false) => return Ok((Put::Foreign(file.to_owned()), Stamp::default())),
                    (true, true) if !self.fresh => {
                        return Ok((Put::Unchanged, Stamp::of(&metadata)));
                    }
                    (_, true) => Put::Replaced,
                }
            }
            Ok(_) => return Ok((Put::Foreign(file.to_owned()), Stamp::default())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Put::Written,
            Err(error) => return Err(named(&path, error)),
        };
        let stamp = if self.dry { Stamp::default() } else { self.replace(&path, bytes)? };
        Ok((put, stamp))
    }

    fn holds(&self, file: &str, written: Stamp, digest: Digest) -> Option<Stamp> {
        if self.fresh || !self.is_ours(file) {
            return None;
        }
        let path = self.root.join(file);
        let now = fs::symlink_metadata(&path)
            .ok()
            .filter(fs::Metadata::is_file)
            .map(|metadata| Stamp::of(&metadata))?;
        let holds = now == written
            || (now.bytes == written.bytes
                && fs::read(&path).is_ok_and(|bytes| Digest::of(bytes) == digest));
        holds.then_some(now)
    }

    fn finish(&self, files: &[&str], kept: &BTreeSet<String>) -> io::Result<Swept> {
        let removed = self
            .cleared
            .lock()
            .map(|mut cleared| std::mem::take(&mut *cleared))
            .unwrap_or_default();
        let mut swept = Swept { removed, ..Swept::default() };
        let posts = Some(self.posts_now.load(Ordering::Relaxed));
        if !kept.is_empty() || self.made != files || self.posts != posts {
            let mut ours: BTreeSet<&str> = files
                .iter()
                .copied()
                .chain(kept.iter().map(String::as_str).filter(|file| self.is_ours(file)))
                .collect();
            for file in self
                .made
                .iter()
                .filter(|made| !ours.contains(made.as_str()))
                .collect::<Vec<&String>>()
            {
                if !self.is_plain(file) {
                    continue;
                }
                match if self.dry { Ok(()) } else { self.remove(file) } {
                    Ok(()) => swept.removed.push(file.clone()),
                    Err(error) => {
                        // Ours still: the next build tries again.
                        ours.insert(file);
                        swept.stuck.push((file.clone(), error));
                    }
                }
            }
            if !self.dry {
                self.record(ours.into_iter(), posts)?;
            }
        }
        if self.lock.is_some() {
            let path = self.root.join(LOCK);
            fs::remove_file(&path).map_err(|error| named(&path, error))?;
        }
        Ok(swept)
    }
}

/// A path of the record that is safe to join: a record could have been written by anybody.
fn is_inside(file: &str) -> bool {
    let bytes = file.as_bytes();
    let is_plain = |segment: &[u8]| !matches!(segment, b"" | b"." | b"..");
    !bytes.contains(&b'\\') && bytes.split(|byte| *byte == b'/').all(is_plain)
}

fn named(path: &Path, error: io::Error) -> io::Error {
    /// Characters of a path that are shown: one that is too long for the disk says no more.
    const SHOWN: usize = 300;
    let mut shown = path.display().to_string();
    if let Some((at, _)) = shown.char_indices().nth(SHOWN) {
        shown.truncate(at);
        shown.push('…');
    }
    io::Error::new(error.kind(), say!("{}: {}", shown, &error))
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

    fn holds(&self, _: &str, _: Stamp, _: Digest) -> Option<Stamp> {
        None
    }

    fn finish(&self, _: &[&str], _: &BTreeSet<String>) -> io::Result<Swept> {
        Ok(Swept::default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn build(root: &Path, files: &[(&str, &str)]) -> (Vec<Put>, usize) {
        let folder = Folder::open(root, false, false).unwrap().locked(|_| ()).unwrap();
        let names: BTreeSet<String> = files.iter().map(|(name, _)| (*name).to_owned()).collect();
        folder.begin(&names.iter().map(String::as_str).collect::<Vec<&str>>()).unwrap();
        let puts: Vec<Put> =
            files.iter().map(|(name, text)| folder.put(name, text.as_bytes()).unwrap().0).collect();
        let mut ours: Vec<&str> = files
            .iter()
            .zip(&puts)
            .filter(|(_, put)| matches!(put, Put::Written | Put::Replaced | Put::Unchanged))
            .map(|((name, _), _)| *name)
            .collect();
        ours.sort_unstable();
        let swept = folder.finish(&ours, &BTreeSet::new()).unwrap();
        assert!(swept.stuck.is_empty());
        (puts, swept.removed.len())
    }

    #[test]
    fn equal_bytes_stay_and_stale_files_go() {
        let root = tempfile::tempdir().unwrap();
        let root = root.path();
        assert_eq!(
            build(root, &[("a/b.html", "1"), ("c.html", "2")]),
            (vec![Put::Written, Put::Written], 0)
        );
        assert_eq!(
            build(root, &[("a/b.html", "1"), ("c.html", "3")]),
            (vec![Put::Unchanged, Put::Replaced], 0)
        );
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
        assert_eq!(build(root, &[("own.html", "theirs")]).0, [Put::Foreign("own.html".to_owned())]);
        assert_eq!(build(root, &[]), (vec![], 0));
        assert_eq!(fs::read_to_string(root.join("own.html")).unwrap(), "mine");
        assert!(root.join(".git/config").exists());
    }

    #[cfg(unix)]
    #[test]
    fn symbolic_links_do_not_lead_out() {
        let (root, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        std::os::unix::fs::symlink(outside.path(), root.path().join("a")).unwrap();
        let folder = Folder::open(root.path(), false, false).unwrap().locked(|_| ()).unwrap();
        assert_eq!(folder.put("a/b.html", b"x").unwrap().0, Put::Foreign("a".to_owned()));
        assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 0);
    }

    #[test]
    fn names_may_look_like_lines_of_the_record() {
        let root = tempfile::tempdir().unwrap();
        assert_eq!(build(root.path(), &[("#1.html", "1"), ("# posts: 7", "2")]).1, 0);
        assert_eq!(build(root.path(), &[("#1.html", "1")]), (vec![Put::Unchanged], 1));
        assert_eq!(build(root.path(), &[]).1, 1);
    }

    #[test]
    fn a_forged_record_reaches_nothing() {
        let root = tempfile::tempdir().unwrap();
        let site = root.path().join("output");
        fs::create_dir(&site).unwrap();
        fs::write(root.path().join("precious"), "x").unwrap();
        fs::write(site.join(RECORD), format!("{RECORD_HEAD}\n../precious\n/etc/hosts\n")).unwrap();
        assert_eq!(build(&site, &[]).1, 0);
        assert!(root.path().join("precious").exists());
    }
}
