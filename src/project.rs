//! A project: a site as it lies on a disk, opened in one way for everything that is done with it:
//! built, checked, listed, shown.
#![expect(clippy::disallowed_methods, reason = "the configuration file may lie anywhere")]

use std::path::{self, Component, Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use std::{fs, io};

use crate::bodies::BodyStore;
use crate::config::folders::{PAGES, STATIC};
use crate::config::{Config, Overrides};
use crate::diagnostic::{Diagnostic, Failure, nearest};
use crate::edition::{Edition, Shortcuts};
use crate::highlight::Blocks;
use crate::keywords::Keywords;
use crate::ledger::{Configuration, Ledger, LedgerWriter};
use crate::search::IndexStore;
use crate::site::{CardReader, Site};
use crate::source::{Directory, Snapshot, UnfollowedLink};
use crate::words::Message;

/// Where a site is, and what is said of it besides its configuration.
#[derive(Clone, Debug)]
pub struct Location {
    pub folder: PathBuf,
    /// In place of `site.yaml` in that folder.
    pub config_file: Option<PathBuf>,
    pub overrides: Overrides,
    /// The present: which posts wait for their time. Read once at the edge.
    pub now: Timestamp,
}

/// A site's folder, its configuration, and its keywords.
pub struct Project {
    pub directory: Directory,
    pub config: Config,
    pub keywords: Keywords,
    /// The present, as the location has it.
    pub now: Timestamp,
}

impl Location {
    /// Finds the site and reads its configuration. Folders need not be there.
    pub fn find(&self) -> Result<(Directory, Config), Failure> {
        let at = self;
        let directory = Directory::new(&at.folder);
        if !directory.exists() {
            let message = say!("there is no folder {}", at.folder.display());
            return Err(unusable(message, say!("name the site's folder with --source DIR")));
        }
        let default = at.folder.join("site.yaml");
        let path = at.config_file.as_deref().unwrap_or(&default);
        let shown = if at.config_file.is_some() {
            path.display().to_string()
        } else {
            "site.yaml".to_owned()
        };
        // Who names a file may mean a pipe.
        let text =
            match if at.config_file.is_some() { read_to_string(path) } else { read_plain(path) } {
                Ok(text) => text,
                Err(error)
                    if error.kind() == std::io::ErrorKind::NotFound && at.config_file.is_none() =>
                {
                    String::new()
                }
                Err(error) => {
                    return Err(unusable(
                        say!("{}: {}", path.display(), error),
                        say!("name a readable file with --config FILE"),
                    ));
                }
            };
        let config = Config::read(&text, &shown, &at.overrides)
            .map_err(|diagnostic| Failure::Unusable(vec![*diagnostic]))?;
        let directory = directory
            .following(&config.folders(), config.follow_symlinks)
            .map_err(|unfollowed| unfollowed_link(&config, unfollowed))?;
        let is_site = !text.is_empty()
            || [config.posts.as_str(), PAGES, STATIC]
                .iter()
                .any(|folder| at.folder.join(folder).is_dir());
        if !is_site {
            let message = say!(
                "{} holds no site: neither site.yaml nor {}/",
                at.folder.display(),
                &config.posts
            );
            return Err(unusable(
                message,
                say!("put articles into posts/, or name the site's folder with --source DIR"),
            ));
        }
        Ok((directory, config))
    }

    /// Finds the site, and sees that the folders it is made of are there: a site without them is
    /// not empty, it is incomplete.
    pub fn open(&self) -> Result<Project, Failure> {
        let (directory, config) = self.find()?;
        if let Some(missing) =
            missing_submodule(&directory, &config).or_else(|| missing_posts(&directory, &config))
        {
            return Err(Failure::Unusable(vec![missing]));
        }
        let keywords = Keywords::open(&directory, &config)?;
        Ok(Project { directory, config, keywords, now: self.now })
    }
}

impl Project {
    /// Digest of what the keeper decided: what is kept from one time to the next is bound to it.
    pub fn configuration(&self) -> Configuration {
        Configuration::new(&self.config, &self.keywords)
    }

    /// Lists the files of the site at a time of the machine's clock, in nanoseconds since 1970.
    pub fn snapshot(&self, now: i64) -> io::Result<Snapshot<Directory>> {
        Snapshot::take(self.directory.clone(), &self.config.folders(), now)
    }

    /// Returns what the last build knew, which only saves time, and a note where its keywords
    /// cannot be used.
    pub fn recall(&mut self) -> (Ledger, Option<Diagnostic>) {
        let note = self.keywords.recall(&self.directory);
        (Ledger::whole(&self.directory, self.configuration()), note)
    }

    /// Reads all cards at a time of the machine's clock, and writes nothing.
    pub fn site(&mut self, now: i64) -> Result<(Site, Vec<Diagnostic>), Failure> {
        let (past, note) = self.recall();
        let reader = CardReader {
            source: &self.snapshot(now)?,
            config: &self.config,
            now: self.now,
            keywords: &self.keywords,
            past: &past,
            bodies: None,
        };
        let (site, mut found) = Site::gather(&reader, &mut LedgerWriter::nowhere(), None)?;
        found.extend(note);
        Ok((site, found))
    }

    /// Opens the edition at a time of the machine's clock, and writes nothing.
    pub fn edition(mut self, now: i64) -> Result<(Edition, Vec<Diagnostic>), Failure> {
        let (past, note) = self.recall();
        let snapshot = Arc::new(self.snapshot(now)?);
        let known = Shortcuts {
            past: &past,
            code: Arc::new(Blocks::new(snapshot.clone())),
            bodies: Arc::new(BodyStore::of(snapshot.clone())),
            indexes: Arc::new(IndexStore::of(snapshot.clone())),
            before: None,
        };
        let (edition, mut found) = Edition::open(
            snapshot,
            self.config,
            self.now,
            &self.keywords,
            known,
            &mut LedgerWriter::nowhere(),
            &mut |_| {},
        )?;
        found.extend(note);
        Ok((edition, found))
    }
}

fn read_to_string(path: &Path) -> io::Result<String> {
    fs::read_to_string(path)
}

/// Reads the text of a plain file. A pipe, which might never end, is an error.
fn read_plain(path: &Path) -> io::Result<String> {
    if fs::metadata(path)?.is_file() {
        read_to_string(path)
    } else {
        Err(io::Error::other(say!("it is no plain file")))
    }
}

/// Returns a folder of the site that git knows to be another repository, and that holds nothing.
pub fn missing_submodule(directory: &Directory, config: &Config) -> Option<Diagnostic> {
    let modules = read_plain(&directory.root().join(".gitmodules")).ok()?;
    let paths = modules.lines().filter_map(|line| {
        Some(line.trim().strip_prefix("path")?.trim_start().strip_prefix('=')?.trim())
    });
    let is_below = |a: &str, b: &str| {
        a.strip_prefix(b).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let is_read = |path: &&str| {
        config.folders().iter().any(|folder| is_below(folder, path) || is_below(path, folder))
    };
    let missing = paths.filter(is_read).find(|path| directory.is_empty(path))?;
    let message =
        say!("{}/ is a submodule of git and holds nothing: it is not checked out", missing);
    Some(
        Diagnostic::error("folder-missing", message)
            .hint(say!("run `git submodule update --init`"))
            .in_file(missing),
    )
}

/// Returns what is wrong with the folder of the posts: site.yaml names one that is not there or
/// holds nothing; or it names none, and there is no `posts/` but a folder of nearly that name, or
/// nothing else to build. Pages alone are a site.
fn missing_posts(directory: &Directory, config: &Config) -> Option<Diagnostic> {
    let posts = config.posts.as_str();
    if config.named_posts.is_some() && directory.has_folder(posts) && directory.is_empty(posts) {
        let hint = say!("put articles into it, or write one with `sitegen new`");
        return Some(
            config.mistake(&["posts"], say!("the folder `{}` holds no file", posts)).hint(hint),
        );
    }
    let is_meant = || {
        config.named_posts.is_some()
            || directory.is_empty(PAGES)
            || folder_like(directory, posts).is_some()
    };
    missing_folder(directory, config).filter(|_| is_meant())
}

/// Returns the folder of the posts, if it is not there.
pub fn missing_folder(directory: &Directory, config: &Config) -> Option<Diagnostic> {
    /// Folders that are named where none is like the one that was typed.
    const NAMED: usize = 10;
    let wanted = config.posts.as_str();
    if directory.has_folder(wanted) {
        return None;
    }
    let message = say!("there is no folder `{}`", config.named_posts.as_deref().unwrap_or(wanted));
    let near = folder_like(directory, wanted);
    let folders = directory.folders(1);
    let here = folders.iter().map(String::as_str).take(NAMED).collect::<Vec<&str>>();
    Some(if config.named_posts.is_some() {
        config.mistake(&["posts"], message).hint(match near {
            Some(near) => say!("did you mean `{}`?", near),
            None => say!("folders here: {}", here),
        })
    } else {
        Diagnostic::error("folder-missing", message).in_file(wanted).hint(match near {
            Some(near) => {
                say!("did you mean `{}`? say so in site.yaml: `posts: {}`", near.clone(), near)
            }
            None => say!(
                "name the folder of your articles in site.yaml as `posts`; folders here: {}",
                here
            ),
        })
    })
}

/// Returns the folder of the site that may have been meant by another name.
pub fn folder_like(directory: &Directory, typed: &str) -> Option<String> {
    let folders = directory.folders(typed.split('/').count());
    nearest(typed, folders.iter().map(String::as_str)).map(str::to_owned)
}

/// Returns the path without `..` and symbolic links, as far as it exists.
pub fn resolved(path: &Path) -> io::Result<PathBuf> {
    let absolute = path::absolute(path)?;
    let mut real = PathBuf::new();
    for part in absolute.components() {
        match part {
            Component::ParentDir => {
                real.pop();
            }
            part => real.push(part),
        }
        real = real.canonicalize().unwrap_or(real);
    }
    Ok(real)
}

/// Returns what a path is called below a folder, as both are typed.
pub fn below(path: &Path, folder: &Path) -> Option<PathBuf> {
    let (path, folder) = (path::absolute(path).ok()?, path::absolute(folder).ok()?);
    Some(path.strip_prefix(folder).ok()?.to_owned())
}

/// Returns what is said of a folder that is a link and leads where it must not.
fn unfollowed_link(config: &Config, unfollowed: UnfollowedLink) -> Failure {
    let UnfollowedLink { link, why, is_outside } = unfollowed;
    let message = say!("{} is a symbolic link and cannot be followed: {}", &link, why);
    let is_named = config.named_posts.is_some() && config.posts.starts_with(&link);
    let found = if is_named {
        config.mistake(&["posts"], message)
    } else {
        Diagnostic::error("config", message).in_file(link)
    };
    let hint = if is_outside {
        say!("if the folder may lie there, say `security: {{follow_symlinks: true}}` in site.yaml")
    } else {
        say!("let it lead to a folder of its own, or put the folder itself there")
    };
    Failure::Unusable(vec![found.hint(hint)])
}

/// Returns a failure of the command line.
pub fn unusable(message: Message, hint: Message) -> Failure {
    Failure::Unusable(vec![Diagnostic::error("command", message).hint(hint)])
}
