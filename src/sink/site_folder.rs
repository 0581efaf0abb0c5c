//! The little that is written beside the sources: the cache, and a post on request.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, RwLock};

use super::named;
use super::spool::SpoolFile;
use super::unfinished::{self, UNFINISHED, UnfinishedFile};
use crate::config::folders::KEPT;
use crate::kept::Spool;
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
    /// Held for reading while an unfinished file of the keeper's is there.
    writing: Arc<RwLock<()>>,
}

impl SiteFolder {
    pub fn new(site: Directory) -> SiteFolder {
        SiteFolder { site, writing: Arc::default() }
    }

    /// Returns the lock that is held for reading while an unfinished file of the keeper's is there.
    pub fn writing(&self) -> Arc<RwLock<()>> {
        self.writing.clone()
    }

    /// Returns whether anything of this name is there.
    pub fn holds(&self, file: &str) -> bool {
        fs::symlink_metadata(self.path(file)).is_ok()
    }

    /// Makes the folder, where it is not there.
    pub fn make(&self) -> io::Result<()> {
        fs::create_dir_all(self.site.root())
    }

    fn path(&self, file: &str) -> PathBuf {
        self.site.root().join(file)
    }

    /// Replaces a file of the cache: a path of one folder and a name, such as `.sitegen/keywords`.
    pub fn keep(&self, file: &str, bytes: &[u8]) -> io::Result<()> {
        let mut new = self.begin(file)?;
        new.write_all(bytes).map_err(|error| named(&self.path(file), error))?;
        new.commit()
    }

    /// Removes the unfinished ones of these files, which lie beside posts, that nobody writes any
    /// more.
    pub fn sweep<'p>(&self, files: impl Iterator<Item = &'p str>) {
        let is_unfinished = |name: &str| {
            let is_named_so = |number: &str| {
                !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
            };
            // Older versions counted them, and held no lock.
            name.strip_prefix(UNFINISHED).is_some_and(is_named_so)
                || unfinished::process_of(name).is_some_and(unfinished::is_over)
        };
        for file in files.filter(|file| {
            is_unfinished(file.rsplit('/').next().unwrap_or(file))
                && self.site.link_to(file).is_none()
        }) {
            unfinished::sweep(&self.path(file));
        }
    }

    /// Begins a file of the cache, which takes the place of the old one when it is
    /// [committed](UnfinishedFile::commit).
    pub fn begin(&self, file: &str) -> io::Result<UnfinishedFile> {
        let path = self.path(file);
        let folder = path.parent().unwrap_or(self.site.root());
        ready(folder)?;
        UnfinishedFile::begin(path)
    }

    /// Begins a spool for the cache, in its folder.
    pub fn spool(&self, name: &str) -> io::Result<Box<dyn Spool>> {
        ready(&self.path(KEPT))?;
        Ok(Box::new(SpoolFile::begin(self.site.root().to_owned(), KEPT, name)?))
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
        let _writing = self.writing.read();
        let temporary = path.with_file_name(format!("{UNFINISHED}{}", std::process::id()));
        let written = unfinished::create(&temporary)
            .and_then(|mut new| new.write_all(bytes).and_then(|()| new.sync_all()))
            .and_then(|()| fs::set_permissions(&temporary, metadata.permissions()))
            .and_then(|()| fs::rename(&temporary, &path));
        written.map(|()| None).map_err(|error| {
            let _ = fs::remove_file(&temporary);
            named(&path, error)
        })
    }
}

/// Makes a folder of the cache, where it is not there, and sweeps it.
fn ready(folder: &Path) -> io::Result<()> {
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
    unfinished::sweep_folder(folder);
    Ok(())
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
