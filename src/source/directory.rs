//! A site in a folder on disk.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use super::ignored::{is_backup, is_dotted_text, is_hidden, is_passed_over, is_word};
use super::{FolderListing, Skipped, Source, SourceFile, SourcePath, Stamp, Unread};
use crate::diagnostic::is_of_the_world;
use crate::words::Message;

/// A site in a folder on disk.
#[derive(Clone, Debug)]
pub struct Directory {
    root: PathBuf,
    /// Symbolic links that are followed: folders of the site, which its keeper made.
    links: Arc<BTreeSet<String>>,
}

/// A folder of the site that is a symbolic link and cannot be followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnfollowedLink {
    pub link: String,
    pub why: Message,
    /// Whether it leads out of the site: it would be followed if site.yaml said so.
    pub is_outside: bool,
}

impl Directory {
    pub fn new(root: impl Into<PathBuf>) -> Directory {
        Directory { root: root.into(), links: Arc::default() }
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Returns whether the site's folder exists at all.
    pub fn exists(&self) -> bool {
        self.root.is_dir()
    }

    /// Returns the same site, with those of its `folders` followed that are symbolic links or lie
    /// behind one. They may lead to another place in the site, and out of it if `outside` says so.
    /// Links in the folders are never followed.
    pub fn following(self, folders: &[String], outside: bool) -> Result<Directory, UnfollowedLink> {
        let mut links = BTreeSet::new();
        for link in folders
            .iter()
            .flat_map(|folder| steps(folder))
            .filter(|step| is_link(&self.root.join(step)))
        {
            let refused = |why: Message, is_outside| UnfollowedLink {
                link: link.to_owned(),
                why,
                is_outside,
            };
            let real = |path: &Path| {
                path.canonicalize()
                    .map_err(|error| refused(say!("it leads nowhere: {}", &error), false))
            };
            let (root, target) = (real(&self.root)?, real(&self.root.join(link))?);
            match target.strip_prefix(&root) {
                Ok(below) if below.as_os_str().is_empty() => {
                    return Err(refused(say!("it leads to the site itself"), false));
                }
                Ok(below) if below.iter().any(|name| is_passed_over(&name.to_string_lossy())) => {
                    return Err(refused(
                        say!("it leads to {}, and dot-files are not published", below.display()),
                        false,
                    ));
                }
                Err(_) if !outside => {
                    return Err(refused(
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
                    return Err(refused(
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

    /// Returns the folder that a folder of the site really is, if it is there.
    pub fn real(&self, folder: &str) -> Option<PathBuf> {
        self.root.join(folder).canonicalize().ok()
    }

    /// Returns whether there is such a folder in the site.
    pub fn has_folder(&self, folder: &str) -> bool {
        self.root.join(folder).is_dir()
    }

    /// Returns whether a folder of the site holds nothing that could be read, however deep.
    pub fn is_empty(&self, folder: &str) -> bool {
        let walk = walkdir::WalkDir::new(self.root.join(folder)).min_depth(1).into_iter();
        let mut seen = walk
            .filter_entry(|entry| !is_passed_over(&entry.file_name().to_string_lossy()))
            .flatten();
        !seen.any(|entry| !entry.file_type().is_dir())
    }

    /// Returns the folders of the site as deep as `depth`, to find one that was meant by another
    /// name.
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

    /// Returns the first symbolic link between the site's folder, which may be one itself, and a
    /// path in it, that is not followed.
    pub fn link_to<'p>(&self, path: &'p str) -> Option<&'p str> {
        steps(path).find(|step| is_link(&self.root.join(step)) && !self.links.contains(*step))
    }

    /// Returns where a plain file lies. No link that could lead out stands on the way, and it is no
    /// pipe, which might never end.
    fn plain_file(&self, path: &str) -> io::Result<PathBuf> {
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

    /// Returns a path below the site as the site spells it.
    fn shown(&self, path: &Path) -> Option<String> {
        let shown = path.strip_prefix(&self.root).ok()?.to_string_lossy();
        // On Unix a backslash is a character of the name.
        Some(if cfg!(windows) { shown.replace('\\', "/") } else { shown.into_owned() })
    }
}

/// Returns a path, step by step: `a`, `a/b`, `a/b/c`.
fn steps(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(at, _)| at).chain([path.len()]).map(|end| &path[..end])
}

fn is_link(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_symlink())
}

impl Source for Directory {
    fn list(&self, folder: &str) -> io::Result<FolderListing> {
        let root = self.root.join(folder);
        let mut listing = FolderListing::default();
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
                Ok(Some(SourceFile { path: name, stamp: Stamp::of(&metadata) }))
            }
            // It was removed or replaced a moment ago.
            Ok(_) => Ok(None),
            Err(error) if is_absent(&error) => Ok(None),
            Err(error) => Err((name, error)),
        };
        let stamped: Vec<Result<SourceFile, (SourcePath, io::Error)>> =
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
        listing.sort();
        Ok(listing)
    }

    fn file(&self, path: &SourcePath) -> io::Result<Option<SourceFile>> {
        match fs::symlink_metadata(self.root.join(path.as_str())) {
            Ok(metadata) => Ok(metadata
                .is_file()
                .then(|| SourceFile { path: path.clone(), stamp: Stamp::of(&metadata) })),
            Err(error) if is_absent(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn read(&self, path: &SourcePath) -> io::Result<Vec<u8>> {
        fs::read(self.plain_file(path.as_str())?)
    }

    fn read_part(&self, path: &SourcePath, range: Range<u64>) -> io::Result<Vec<u8>> {
        let mut file = fs::File::open(self.plain_file(path.as_str())?)?;
        file.seek(SeekFrom::Start(range.start))?;
        let mut part = Vec::new();
        file.take(range.end.saturating_sub(range.start)).read_to_end(&mut part)?;
        Ok(part)
    }
}

/// Returns whether there is nothing of the name, or a file where a folder would be.
fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}
