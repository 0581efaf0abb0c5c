//! Where a site is read from: one of the two doors to the world (the other is `sink`).
//!
//! A [`Source`] lists folders and reads files; it knows no Markdown and no configuration. `Directory` is a folder on
//! disk, `Fixture` a map in memory.
#![expect(clippy::disallowed_methods, clippy::disallowed_types, reason = "this module is where files are read")]

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A file's path relative to the site, with `/`, spelled as on disk.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
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
        self.file_name().rsplit_once('.').map_or_else(String::new, |(_, extension)| extension.to_ascii_lowercase())
    }

    /// The path below `folder`, if it lies there.
    pub fn below(&self, folder: &str) -> Option<&str> {
        self.0.strip_prefix(folder)?.strip_prefix('/')
    }
}

impl fmt::Display for SourcePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One file found.
#[derive(Clone, Debug)]
pub struct Entry {
    pub path: SourcePath,
    /// Size in bytes.
    pub bytes: u64,
}

/// Something found that is not read, and why.
#[derive(Clone, Debug)]
pub struct Skipped {
    pub path: String,
    pub why: &'static str,
}

/// What a folder holds, sorted by path.
#[derive(Clone, Debug, Default)]
pub struct Listing {
    pub files: Vec<Entry>,
    pub skipped: Vec<Skipped>,
}

/// Reads a site.
pub trait Source: Sync {
    /// All files below `folder` in the order of their paths, whatever order the disk gives; a missing folder is empty.
    /// Symbolic links are not followed: a scraped archive must not reach outside itself.
    fn list(&self, folder: &str) -> io::Result<Listing>;

    /// The bytes of one file, to which no symbolic link leads.
    fn read(&self, path: &SourcePath) -> io::Result<Vec<u8>>;

    /// At most the first `bytes` bytes of one file.
    fn read_start(&self, path: &SourcePath, bytes: u64) -> io::Result<Vec<u8>>;

    /// The bytes of a file that may be absent.
    fn read_if_present(&self, path: &SourcePath) -> io::Result<Option<Vec<u8>>> {
        match self.read(path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// A site in a folder on disk.
#[derive(Clone, Debug)]
pub struct Directory {
    root: PathBuf,
}

impl Directory {
    pub fn new(root: impl Into<PathBuf>) -> Directory {
        Directory { root: root.into() }
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Whether the site's folder exists at all.
    pub fn exists(&self) -> bool {
        self.root.is_dir()
    }
}

impl Source for Directory {
    fn list(&self, folder: &str) -> io::Result<Listing> {
        let root = self.root.join(folder);
        let mut listing = Listing::default();
        if let Some(link) = link_on_the_way(&self.root, folder) {
            listing.skipped.push(Skipped { path: link.to_owned(), why: SYMLINK });
            return Ok(listing);
        }
        match fs::symlink_metadata(&root) {
            Ok(metadata) if metadata.is_dir() => {}
            Ok(_) => return Ok(listing),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(listing),
            Err(error) => return Err(error),
        }
        let mut walk = walkdir::WalkDir::new(&root).min_depth(1).follow_links(false).into_iter();
        while let Some(entry) = walk.next() {
            let entry = entry?;
            let relative = entry.path().strip_prefix(&self.root).expect("walked below the root");
            let shown = relative.to_string_lossy();
            // On Unix a backslash is a character of the name.
            let shown = if cfg!(windows) { shown.replace('\\', "/") } else { shown.into_owned() };
            let Some(name) = entry.file_name().to_str() else {
                listing.skipped.push(Skipped { path: shown, why: "its name is not valid UTF-8" });
                if entry.file_type().is_dir() {
                    walk.skip_current_dir();
                }
                continue;
            };
            let why = if entry.file_type().is_symlink() {
                Some(SYMLINK)
            } else if is_hidden(name) {
                Some("dot-files are not published")
            } else if name.ends_with('~') || (name.starts_with('#') && name.ends_with('#')) {
                Some("it looks like an editor's backup")
            } else {
                None
            };
            if let Some(why) = why {
                listing.skipped.push(Skipped { path: shown, why });
                if entry.file_type().is_dir() {
                    walk.skip_current_dir();
                }
            } else if entry.file_type().is_file() {
                listing.files.push(Entry { path: SourcePath::new(shown), bytes: entry.metadata()?.len() });
            }
        }
        sort(&mut listing);
        Ok(listing)
    }

    fn read(&self, path: &SourcePath) -> io::Result<Vec<u8>> {
        match link_on_the_way(&self.root, path.as_str()) {
            Some(link) => Err(is_link(link)),
            None => fs::read(self.root.join(path.as_str())),
        }
    }

    fn read_start(&self, path: &SourcePath, bytes: u64) -> io::Result<Vec<u8>> {
        if let Some(link) = link_on_the_way(&self.root, path.as_str()) {
            return Err(is_link(link));
        }
        let mut start = Vec::new();
        fs::File::open(self.root.join(path.as_str()))?.take(bytes).read_to_end(&mut start)?;
        Ok(start)
    }
}

fn is_link(link: &str) -> io::Error {
    io::Error::other(format!("`{link}` is a symbolic link, and those are not followed"))
}

/// The first symbolic link between the site's folder, which may be one itself, and a path in it: the path up to the link.
pub fn link_on_the_way<'p>(root: &Path, path: &'p str) -> Option<&'p str> {
    let ends = path.match_indices('/').map(|(at, _)| at).chain([path.len()]);
    ends.map(|end| &path[..end]).find(|part| fs::symlink_metadata(root.join(part)).is_ok_and(|metadata| metadata.is_symlink()))
}

const SYMLINK: &str = "symbolic links are not followed";

fn is_hidden(name: &str) -> bool {
    name.starts_with('.') && !crate::route::PUBLISHED_DOT_FILES.contains(&name)
}

fn sort(listing: &mut Listing) {
    listing.files.sort_by(|a, b| a.path.cmp(&b.path));
    listing.skipped.sort_by(|a, b| a.path.cmp(&b.path));
}

/// A site in memory, for tests and checks.
#[derive(Clone, Debug, Default)]
pub struct Fixture {
    files: BTreeMap<SourcePath, Vec<u8>>,
}

impl Fixture {
    pub fn new<P: AsRef<str>, B: Into<Vec<u8>>>(files: impl IntoIterator<Item = (P, B)>) -> Fixture {
        Fixture { files: files.into_iter().map(|(path, bytes)| (SourcePath::new(path), bytes.into())).collect() }
    }
}

impl Source for Fixture {
    fn list(&self, folder: &str) -> io::Result<Listing> {
        let files = self
            .files
            .iter()
            .filter(|(path, _)| path.below(folder).is_some())
            .map(|(path, bytes)| Entry { path: path.clone(), bytes: bytes.len() as u64 })
            .collect();
        Ok(Listing { files, skipped: Vec::new() })
    }

    fn read(&self, path: &SourcePath) -> io::Result<Vec<u8>> {
        self.files.get(path).cloned().ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))
    }

    fn read_start(&self, path: &SourcePath, bytes: u64) -> io::Result<Vec<u8>> {
        let mut start = self.read(path)?;
        start.truncate(usize::try_from(bytes).unwrap_or(usize::MAX));
        Ok(start)
    }
}
