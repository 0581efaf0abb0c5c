//! The little that is written beside the sources: the cache, and a post on request.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, RwLock};
use std::time::Duration;

use super::{DRAFT, is_over, named, process_of_draft};
use crate::source::{Directory, SourcePath};

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
    site: Directory,
    /// As for [`Folder`].
    drafting: Arc<RwLock<()>>,
}

impl SiteFolder {
    pub fn new(site: Directory) -> SiteFolder {
        SiteFolder { site, drafting: Arc::default() }
    }

    /// As for [`Folder`].
    pub fn drafting(&self) -> Arc<RwLock<()>> {
        self.drafting.clone()
    }

    fn path(&self, file: &str) -> PathBuf {
        self.site.root().join(file)
    }

    /// Replaces a file of the cache: a path of one folder and a name, such as `.sitegen/keywords`.
    pub fn keep(&self, file: &str, bytes: &[u8]) -> io::Result<()> {
        let mut draft = self.draft(file)?;
        draft.write_all(bytes).map_err(|error| named(&self.path(file), error))?;
        draft.commit()
    }

    /// Removes the drafts among these files, which lie beside posts, that nobody writes any more.
    pub fn sweep<'p>(&self, files: impl Iterator<Item = &'p str>) {
        let is_draft = |name: &str| {
            let is_named_so = |number: &str| {
                !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
            };
            // Older versions counted them, and held no lock.
            name.strip_prefix(DRAFT).is_some_and(is_named_so)
                || process_of_draft(name).is_some_and(is_over)
        };
        for file in files.filter(|file| {
            is_draft(file.rsplit('/').next().unwrap_or(file)) && self.site.link_to(file).is_none()
        }) {
            sweep_draft(&self.path(file));
        }
    }

    /// Begins a file of the cache, which takes the place of the old one when it is
    /// [committed](Draft::commit).
    pub fn draft(&self, file: &str) -> io::Result<Draft> {
        let path = self.path(file);
        let folder = path.parent().unwrap_or(self.site.root());
        match fs::symlink_metadata(folder) {
            Ok(metadata) if metadata.is_dir() => {}
            Ok(_) => return Err(io::Error::other(say!("{} is not a folder", folder.display()))),
            Err(_) => match fs::create_dir(folder) {
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                    return Err(named(folder, error));
                }
                _ => {}
            },
        }
        sweep_drafts(folder);
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let temporary = folder.join(format!("{DRAFT}{}-{name}", std::process::id()));
        let file = drafted(&temporary).map_err(|error| named(&path, error))?;
        Ok(Draft { path, temporary, to: BufWriter::with_capacity(1 << 18, file) })
    }

    /// Writes a file of the keeper's that is not there yet, with the folders it lies in. Says
    /// whether it was written: a file that is there is never touched.
    pub fn create(&self, file: &str, bytes: &[u8]) -> io::Result<bool> {
        let path = self.path(file);
        if let Some(link) = self.site.link_to(file) {
            return Err(io::Error::other(say!(
                "{} is a symbolic link, and those are not followed",
                self.path(link).display()
            )));
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

    /// Replaces a file of the keeper's that still holds `read`. Its permissions stay, and whoever
    /// reads it meanwhile sees the old bytes or the new ones. The answer is why a file was left
    /// alone, if it was.
    pub fn rewrite(
        &self,
        file: &SourcePath,
        read: &[u8],
        bytes: &[u8],
    ) -> io::Result<Option<LeftAlone>> {
        let path = self.path(file.as_str());
        if self.site.link_to(file.as_str()).is_some() {
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
        let _drafting = self.drafting.read();
        let temporary = path.with_file_name(format!("{DRAFT}{}", std::process::id()));
        let written = drafted(&temporary)
            .and_then(|mut new| new.write_all(bytes).and_then(|()| new.sync_all()))
            .and_then(|()| fs::set_permissions(&temporary, metadata.permissions()))
            .and_then(|()| fs::rename(&temporary, &path));
        written.map(|()| None).map_err(|error| {
            let _ = fs::remove_file(&temporary);
            named(&path, error)
        })
    }
}

/// A new draft, locked as long as it is open: whoever finds one that is not knows that nobody
/// writes it any more.
fn drafted(path: &Path) -> io::Result<fs::File> {
    sweep_draft(path);
    let file = fs::File::create_new(path)?;
    // Where there are no locks, drafts are old one day.
    let _ = file.try_lock();
    Ok(file)
}

/// Removes what commands that were cut off left of their drafts.
fn sweep_drafts(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with(DRAFT) {
            sweep_draft(&entry.path());
        }
    }
}

/// Removes a draft that nobody writes any more, of this process or another.
fn sweep_draft(path: &Path) {
    const DAY: Duration = Duration::from_hours(24);
    let Some(metadata) = fs::symlink_metadata(path).ok().filter(fs::Metadata::is_file) else {
        return;
    };
    let Ok(file) = fs::File::open(path) else { return };
    let is_left = match file.try_lock() {
        Ok(()) => true,
        Err(fs::TryLockError::WouldBlock) => false,
        Err(fs::TryLockError::Error(_)) => {
            metadata.modified().is_ok_and(|modified| modified.elapsed().unwrap_or_default() > DAY)
        }
    };
    if is_left {
        let _ = fs::remove_file(path);
    }
}

/// A file that is being written. Nobody sees it before it is whole; if it never is, it leaves
/// nothing behind.
#[derive(Debug)]
pub struct Draft {
    path: PathBuf,
    temporary: PathBuf,
    to: BufWriter<fs::File>,
}

impl Draft {
    /// Gives the file its name.
    pub fn commit(mut self) -> io::Result<()> {
        self.to
            .flush()
            .and_then(|()| fs::rename(&self.temporary, &self.path))
            .map_err(|error| named(&self.path, error))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_post_is_replaced_as_it_was_read() {
        use std::os::unix::fs::PermissionsExt;
        let root = tempfile::tempdir().unwrap();
        let folder = SiteFolder::new(Directory::new(root.path()));
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
        assert_eq!(
            folder.rewrite(&SourcePath::new("link.md"), b"new", b"newer").unwrap(),
            Some(LeftAlone::Linked)
        );
        assert_eq!(
            (
                fs::read_to_string(&path).unwrap().as_str(),
                fs::read_dir(root.path()).unwrap().count()
            ),
            ("new", 2)
        );
    }

    #[cfg(unix)]
    #[test]
    fn no_post_is_replaced_through_a_link() {
        let (root, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        fs::create_dir(outside.path().join("p")).unwrap();
        let post = outside.path().join("p/a.md");
        fs::write(&post, "old").unwrap();
        std::os::unix::fs::symlink(outside.path(), root.path().join("c")).unwrap();
        let folder = SiteFolder::new(Directory::new(root.path()));
        assert_eq!(
            folder.rewrite(&SourcePath::new("c/p/a.md"), b"old", b"new").unwrap(),
            Some(LeftAlone::Linked)
        );
        assert_eq!(fs::read_to_string(&post).unwrap(), "old");
        // The site's own folder may be a link.
        let folder = SiteFolder::new(Directory::new(root.path().join("c")));
        assert_eq!(folder.rewrite(&SourcePath::new("p/a.md"), b"old", b"new").unwrap(), None);
        assert_eq!(fs::read_to_string(&post).unwrap(), "new");
    }

    #[test]
    fn a_post_that_cannot_be_replaced_stays() {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join("a.md"), "old").unwrap();
        fs::create_dir(root.path().join(format!(".sitegen-{}", std::process::id()))).unwrap();
        let error = SiteFolder::new(Directory::new(root.path()))
            .rewrite(&SourcePath::new("a.md"), b"old", b"new")
            .unwrap_err();
        assert!(error.to_string().contains("a.md"), "{error}");
        assert_eq!(fs::read_to_string(root.path().join("a.md")).unwrap(), "old");
    }

    #[cfg(unix)]
    #[test]
    fn the_cache_lies_in_the_site() {
        let (root, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let folder = SiteFolder::new(Directory::new(root.path()));
        folder.keep(".sitegen/x", b"1").unwrap();
        folder.keep(".sitegen/x", b"2").unwrap();
        assert_eq!(fs::read(root.path().join(".sitegen/x")).unwrap(), b"2");
        std::os::unix::fs::symlink(outside.path(), root.path().join("link")).unwrap();
        assert!(folder.keep("link/x", b"3").is_err());
    }
}
