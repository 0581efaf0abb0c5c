//! An output folder on disk.

use std::collections::{BTreeSet, HashSet};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, RwLock};

use super::lock::Lock;
use super::record::{self, RECORD, Record};
use super::unfinished::{UNFINISHED, is_over, process_of};
use super::{Put, Sink, Swept, is_inside, named};
use crate::digest::Digest;
use crate::source::Stamp;

/// An output folder on disk.
#[derive(Debug)]
pub struct Folder {
    root: PathBuf,
    /// What earlier builds made here.
    record: Record,
    /// Posts of the site that is written now.
    posts_now: AtomicUsize,
    /// Whether the record names all files that come: then no file need be looked for in it.
    is_ours_alone: AtomicBool,
    lock: Option<Lock>,
    /// Folders known to exist and to be no symbolic links.
    folders: Mutex<HashSet<String>>,
    temporary: AtomicU64,
    /// Stale files removed before writing began.
    cleared: Mutex<Vec<String>>,
    /// Held for reading while an unfinished file is there; whoever holds it for writing knows that
    /// there is none.
    writing: Arc<RwLock<()>>,
    options: FolderOptions,
}

/// How an output folder is written to.
#[derive(Clone, Copy, Debug, Default)]
pub struct FolderOptions {
    /// Write files even where their bytes are equal.
    pub fresh: bool,
    /// Compare only, and write nothing.
    pub dry: bool,
}

impl Folder {
    /// Opens `root`, which need not exist.
    pub fn open(root: impl Into<PathBuf>, options: FolderOptions) -> io::Result<Folder> {
        let root = root.into();
        let record = Record::read(&root, Record::default())?;
        Ok(Folder {
            posts_now: AtomicUsize::new(record.posts.unwrap_or_default()),
            record,
            is_ours_alone: AtomicBool::new(false),
            lock: None,
            folders: Mutex::new(HashSet::new()),
            temporary: AtomicU64::new(0),
            cleared: Mutex::default(),
            writing: Arc::default(),
            options,
            root,
        })
    }

    /// Locks the folder, which is made where it is not there. While another build writes there this
    /// one waits, after it has called `wait`.
    pub fn locked(self, wait: impl Fn(&Path)) -> io::Result<Folder> {
        if self.options.dry {
            return Ok(self);
        }
        if fs::metadata(&self.root).is_err_and(|error| error.kind() == io::ErrorKind::NotFound) {
            fs::create_dir_all(&self.root).map_err(|error| named(&self.root, error))?;
        }
        let lock = Lock::take(&self.root, wait)?;
        let record = Record::read(&self.root, self.record)?;
        Ok(Folder { record, lock, ..self })
    }

    /// Returns whether the record names these files, which come in order.
    pub fn is_record_of<'f>(&self, files: impl Iterator<Item = &'f str>) -> bool {
        let is_record = files.eq(self.record.made.iter().map(String::as_str));
        self.is_ours_alone.store(is_record, Ordering::Relaxed);
        is_record
    }

    /// Returns whether the last build here did not come to its end, or has not yet.
    pub fn was_cut_off(&self) -> bool {
        Lock::is_in(&self.root)
    }

    /// Returns how many posts the site had that was last written here.
    pub fn posts(&self) -> Option<usize> {
        self.record.posts
    }

    /// How many posts the site has that is written now.
    pub fn holds_posts(&self, posts: usize) {
        self.posts_now.store(posts, Ordering::Relaxed);
    }

    /// Holds `writing` for reading while an unfinished file is there.
    pub fn writing(self, writing: Arc<RwLock<()>>) -> Folder {
        Folder { writing, ..self }
    }

    /// Takes what was `written` the last time for ours where the record is gone: the very files,
    /// which nobody has touched since. Equal bytes prove nothing, since somebody else may have put
    /// them there. Where nothing is known of the last time, an older version may have written here,
    /// and its unfinished files are removed.
    pub fn knowing<'f>(
        mut self,
        written: impl ExactSizeIterator<Item = (&'f str, Stamp, Digest)>,
    ) -> Folder {
        if written.len() == 0 && !self.options.dry {
            self.sweep_old();
        }
        if self.record.made.is_empty() && self.record.posts.is_none() {
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
            self.record.made = made;
        }
        self
    }

    /// Removes unfinished files of versions that took no lock: their names say which process wrote
    /// them.
    fn sweep_old(&self) {
        for entry in walkdir::WalkDir::new(&self.root).min_depth(1).into_iter().flatten() {
            let process = entry.file_name().to_str().and_then(process_of);
            if entry.file_type().is_file() && process.is_some_and(is_over) {
                let _ = fs::remove_file(entry.path());
            }
        }
    }

    fn is_ours(&self, file: &str) -> bool {
        self.is_ours_alone.load(Ordering::Relaxed)
            || self.record.made.binary_search_by(|made| made.as_str().cmp(file)).is_ok()
    }

    fn write_record<'f>(
        &self,
        files: impl ExactSizeIterator<Item = &'f str>,
        posts: Option<usize>,
    ) -> io::Result<()> {
        let text = record::text(files, posts);
        let path = self.root.join(RECORD);
        if fs::read(&path).is_ok_and(|bytes| bytes == text.as_bytes()) {
            return Ok(());
        }
        self.replace(&path, text.as_bytes()).map(|_| ())
    }

    /// Writes a file so that readers see the old bytes or the new ones.
    fn replace(&self, path: &Path, bytes: &[u8]) -> io::Result<Stamp> {
        let folder = path.parent().unwrap_or(&self.root);
        let _writing = self.writing.read();
        let (unfinished, mut file) = loop {
            let number = self.temporary.fetch_add(1, Ordering::Relaxed);
            let unfinished = folder.join(format!("{UNFINISHED}{}-{number}", std::process::id()));
            match fs::File::create_new(&unfinished) {
                Ok(file) => break (unfinished, file),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(named(path, error)),
            }
        };
        // Its stamp is taken when it has its name: getting one is a change.
        let written = file
            .write_all(bytes)
            .and_then(|()| fs::rename(&unfinished, path))
            .and_then(|()| file.metadata());
        written.map(|metadata| Stamp::of(&metadata)).map_err(|error| {
            let _ = fs::remove_file(&unfinished);
            named(path, error)
        })
    }

    /// Removes the unfinished files of a build that was cut off.
    fn sweep(&self, number: u32) {
        let prefix = format!("{UNFINISHED}{number}-");
        let is_unfinished = |name: &str| {
            name.strip_prefix(&prefix)
                .is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()))
        };
        for entry in walkdir::WalkDir::new(&self.root).min_depth(1).into_iter().flatten() {
            if entry.file_type().is_file() && entry.file_name().to_str().is_some_and(is_unfinished)
            {
                let _ = fs::remove_file(entry.path());
            }
        }
    }

    /// Returns whether a file of ours can be removed: a plain file, to which no link leads.
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
        for stale in self.record.made.iter().filter(|made| !comes(made)) {
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
                Err(_) if self.options.dry => return Ok(Ok(())),
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

/// Returns a path, step by step: `a`, `a/b`, `a/b/c`.
fn steps(file: &str) -> impl Iterator<Item = &str> {
    file.match_indices('/').map(|(at, _)| &file[..at]).chain([file])
}

impl Sink for Folder {
    fn begin(&self, files: &[&str]) -> io::Result<()> {
        if self.options.dry {
            return Ok(());
        }
        if let Some(lock) = &self.lock {
            if let Some(number) = lock.cut_off {
                self.sweep(number);
            }
            Lock::sign(&self.root)?;
        }
        let is_record = self.record.made == files;
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
        let mut ours: Vec<&str> =
            self.record.made.iter().map(String::as_str).chain(absent).collect();
        ours.sort_unstable();
        self.write_record(ours.into_iter(), self.record.posts)
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
                    (true, true) if !self.options.fresh => {
                        return Ok((Put::Unchanged, Stamp::of(&metadata)));
                    }
                    (_, true) => Put::Replaced,
                }
            }
            Ok(_) => return Ok((Put::Foreign(file.to_owned()), Stamp::default())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Put::Written,
            Err(error) => return Err(named(&path, error)),
        };
        let stamp = if self.options.dry { Stamp::default() } else { self.replace(&path, bytes)? };
        Ok((put, stamp))
    }

    fn holds(&self, file: &str, written: Stamp, digest: Digest) -> Option<Stamp> {
        if self.options.fresh || !self.is_ours(file) {
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
        if !kept.is_empty() || self.record.made != files || self.record.posts != posts {
            let mut ours: BTreeSet<&str> = files
                .iter()
                .copied()
                .chain(kept.iter().map(String::as_str).filter(|file| self.is_ours(file)))
                .collect();
            for file in self
                .record
                .made
                .iter()
                .filter(|made| !ours.contains(made.as_str()))
                .collect::<Vec<&String>>()
            {
                if !self.is_plain(file) {
                    continue;
                }
                match if self.options.dry { Ok(()) } else { self.remove(file) } {
                    Ok(()) => swept.removed.push(file.clone()),
                    Err(error) => {
                        // Ours still: the next build tries again.
                        ours.insert(file);
                        swept.stuck.push((file.clone(), error));
                    }
                }
            }
            if !self.options.dry {
                self.write_record(ours.into_iter(), posts)?;
            }
        }
        if self.lock.is_some() {
            Lock::remove(&self.root)?;
        }
        Ok(swept)
    }
}

#[cfg(test)]
mod tests {
    use super::super::record::RECORD_HEAD;
    use super::*;

    fn build(root: &Path, files: &[(&str, &str)]) -> (Vec<Put>, usize) {
        let folder = Folder::open(root, FolderOptions::default()).unwrap().locked(|_| ()).unwrap();
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
        let folder =
            Folder::open(root.path(), FolderOptions::default()).unwrap().locked(|_| ()).unwrap();
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
