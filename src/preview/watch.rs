//! Watching a site's folders. What comes out says when to look again, and roughly where; what is
//! there is found by looking, so a message that was lost or came twice does no harm.
#![expect(
    clippy::disallowed_methods,
    reason = "waiting takes a clock, and what is watched are folders on disk"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use crate::source::is_passed_over;
use notify::event::{AccessKind, AccessMode, EventKind, ModifyKind};
use notify::{PollWatcher, RecommendedWatcher, RecursiveMode, Watcher as _};

/// How long it must be quiet after a change until it counts as done: an editor that has closed its
/// file is soon done with the rest (renaming, removing its backup).
const QUIET: Duration = Duration::from_millis(8);
/// As long as a file is open for writing, or on systems that do not tell when it is closed.
const QUIET_OPEN: Duration = Duration::from_millis(40);
/// For many files: a `git checkout` pauses now and then.
const QUIET_MANY: Duration = Duration::from_millis(120);
const MANY: usize = 32;
/// A log that is written all the time must not hold up everything else.
const LONGEST: Duration = Duration::from_secs(10);
/// How long after the last change everything is looked through once, in case a message was lost.
const PAUSE: Duration = Duration::from_millis(1_500);
/// How often folders are looked through where the system does not tell of changes.
const POLL: Duration = Duration::from_secs(1);

/// What has changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Paths relative to the site, with `/`; the configuration is `site.yaml` wherever it lies.
    pub paths: BTreeSet<String>,
    /// More may have changed than the paths say.
    pub is_open: bool,
}

/// Watches the folders of one site.
pub struct Watch {
    watcher: Box<dyn notify::Watcher + Send>,
    events: Receiver<notify::Result<notify::Event>>,
    root: PathBuf,
    config: PathBuf,
    /// Folders of the site that are read.
    folders: Vec<String>,
    watched: BTreeMap<PathBuf, RecursiveMode>,
    /// When everything is to be looked through, where something was told since it last was.
    look_again: Option<Instant>,
    /// Whether the system tells of changes; if not, folders are looked through every second.
    pub is_told: bool,
}

impl Watch {
    /// Watches `folders` of the site at `root`, and its configuration.
    pub fn begin(root: &Path, config: &Path, folders: &[String]) -> io::Result<Watch> {
        let root = root.canonicalize()?;
        let config = std::path::absolute(config)?;
        let config = match (
            config.parent().and_then(|folder| folder.canonicalize().ok()),
            config.file_name(),
        ) {
            (Some(folder), Some(name)) => folder.join(name),
            _ => config,
        };
        match Watch::with(&root, &config, folders, true) {
            Ok(watch) => Ok(watch),
            // Too many watches, or none at all on this file system.
            Err(_) => Watch::with(&root, &config, folders, false).map_err(io::Error::other),
        }
    }

    fn with(
        root: &Path,
        config: &Path,
        folders: &[String],
        is_told: bool,
    ) -> notify::Result<Watch> {
        let (sender, events) = mpsc::channel();
        let watcher: Box<dyn notify::Watcher + Send> = if is_told {
            Box::new(RecommendedWatcher::new(
                sender,
                notify::Config::default().with_follow_symlinks(false),
            )?)
        } else {
            Box::new(PollWatcher::new(
                sender,
                notify::Config::default().with_poll_interval(POLL).with_follow_symlinks(false),
            )?)
        };
        let mut watch = Watch {
            watcher,
            events,
            root: root.to_owned(),
            config: config.to_owned(),
            folders: folders.to_vec(),
            watched: BTreeMap::new(),
            look_again: None,
            is_told,
        };
        watch.cover()?;
        Ok(watch)
    }

    /// From now on these folders.
    pub fn follow(&mut self, folders: &[String]) {
        if self.folders != folders {
            folders.clone_into(&mut self.folders);
            if self.cover().is_err() {
                // What cannot be watched is looked through after the next change.
                self.look_again = Some(Instant::now());
            }
        }
    }

    /// Watches what there is to watch: the folders that exist, and those in which missing ones may
    /// appear.
    fn cover(&mut self) -> notify::Result<()> {
        let mut wanted: BTreeMap<PathBuf, RecursiveMode> = BTreeMap::new();
        // Who holds a folder open, as a terminal does that stands in it, keeps the system from
        // telling that it went: the folder around it tells, and that it came back. Where that one
        // cannot be watched, nothing else is lost.
        let around =
            self.root.ancestors().skip(1).find(|folder| folder.is_dir()).map(Path::to_owned);
        wanted.extend(around.iter().map(|folder| (folder.clone(), RecursiveMode::NonRecursive)));
        wanted.insert(self.root.clone(), RecursiveMode::NonRecursive);
        wanted.extend(
            self.config.parent().map(|folder| (folder.to_owned(), RecursiveMode::NonRecursive)),
        );
        for folder in &self.folders {
            // The nearest folder that exists: `themes` while there is no `themes/su`.
            let mut path = self.root.join(folder);
            let mut mode = RecursiveMode::Recursive;
            while !path.is_dir() && path != self.root && path.pop() {
                mode = RecursiveMode::NonRecursive;
            }
            // A folder that is a link is watched where it leads.
            let known = wanted.entry(path).or_insert(mode);
            if mode == RecursiveMode::Recursive {
                *known = mode;
            }
        }
        if wanted == self.watched {
            return Ok(());
        }
        for path in self.watched.keys().filter(|path| wanted.get(*path) != self.watched.get(*path))
        {
            // It may be gone, and its watch with it.
            let _ = self.watcher.unwatch(path);
        }
        let before = std::mem::take(&mut self.watched);
        for (path, mode) in wanted {
            if before.get(&path) != Some(&mode) {
                match self.watcher.watch(&path, mode) {
                    Ok(()) => {}
                    // Gone since.
                    Err(error)
                        if matches!(error.kind, notify::ErrorKind::PathNotFound)
                            || around.as_ref() == Some(&path) =>
                    {
                        continue;
                    }
                    Err(error) => return Err(error),
                }
            }
            self.watched.insert(path, mode);
        }
        Ok(())
    }

    /// Waits for changes until they are done. None when nothing will come any more.
    pub fn wait(&mut self) -> Option<Changes> {
        let mut changes = Changes::default();
        let mut open: BTreeSet<PathBuf> = BTreeSet::new();
        let mut begun: Option<Instant> = None;
        loop {
            let is_empty = changes.paths.is_empty() && !changes.is_open;
            let event = if is_empty {
                match self.next_event() {
                    Some(event) => event,
                    None if self.look_again.take().is_some() => {
                        // What came meanwhile is watched from now on.
                        let _ = self.cover();
                        return Some(Changes { is_open: true, ..changes });
                    }
                    None => return None,
                }
            } else {
                let quiet = if changes.paths.len() > MANY {
                    QUIET_MANY
                } else if open.is_empty() {
                    QUIET
                } else {
                    QUIET_OPEN
                };
                if begun.get_or_insert_with(Instant::now).elapsed() > LONGEST {
                    return Some(self.told(changes));
                }
                match self.events.recv_timeout(quiet) {
                    Ok(event) => event,
                    Err(RecvTimeoutError::Timeout) => return Some(self.told(changes)),
                    Err(RecvTimeoutError::Disconnected) => return None,
                }
            };
            match event {
                Ok(event) => self.take(&event, &mut changes, &mut open),
                Err(_) => changes.is_open = true,
            }
        }
    }

    fn told(&mut self, changes: Changes) -> Changes {
        self.look_again = Some(Instant::now() + PAUSE);
        changes
    }

    /// The next event. None when none has come for a while, and something may have been missed; or
    /// none will come any more.
    fn next_event(&self) -> Option<notify::Result<notify::Event>> {
        match self.look_again {
            Some(time) => {
                self.events.recv_timeout(time.saturating_duration_since(Instant::now())).ok()
            }
            None => self.events.recv().ok(),
        }
    }

    fn take(&mut self, event: &notify::Event, changes: &mut Changes, open: &mut BTreeSet<PathBuf>) {
        if event.need_rescan() {
            changes.is_open = true;
        }
        let is_closed = event.kind == EventKind::Access(AccessKind::Close(AccessMode::Write));
        // Reading is no change, and who reads a file may change when it was last read.
        if (matches!(event.kind, EventKind::Access(_)) && !is_closed)
            || matches!(
                event.kind,
                EventKind::Modify(ModifyKind::Metadata(notify::event::MetadataKind::AccessTime))
            )
        {
            return;
        }
        for path in &event.paths {
            let is_made_or_gone = matches!(
                event.kind,
                EventKind::Create(_)
                    | EventKind::Remove(_)
                    | EventKind::Modify(ModifyKind::Name(_))
            );
            if is_made_or_gone
                && (self.root.starts_with(path)
                    || self.config.parent().is_some_and(|folder| folder.starts_with(path)))
            {
                self.cover_anew(path, changes);
                changes.is_open = true;
                continue;
            }
            let Some(name) = self.name_of(path) else { continue };
            if is_closed
                || matches!(
                    event.kind,
                    EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(_))
                )
            {
                open.remove(path);
            } else if matches!(
                event.kind,
                EventKind::Modify(ModifyKind::Data(_) | ModifyKind::Any) | EventKind::Any
            ) {
                open.insert(path.clone());
            }
            // Its old watch may be worth nothing.
            if is_made_or_gone
                && self
                    .folders
                    .iter()
                    .any(|folder| *folder == name || folder.starts_with(&format!("{name}/")))
            {
                self.cover_anew(path, changes);
            }
            changes.paths.insert(name);
        }
    }

    /// Watches a folder that came, went or is another now, and all below it.
    fn cover_anew(&mut self, path: &Path, changes: &mut Changes) {
        self.watched.retain(|watched, _| {
            let stands = !watched.starts_with(path);
            if !stands {
                let _ = self.watcher.unwatch(watched);
            }
            stands
        });
        if self.cover().is_err() {
            changes.is_open = true;
        }
    }

    /// The path as the site calls it, if the site is made of it.
    fn name_of(&self, path: &Path) -> Option<String> {
        if path == self.config {
            return Some("site.yaml".to_owned());
        }
        let below = path.strip_prefix(&self.root).ok()?;
        let segments: Vec<&str> =
            below.components().map(|part| part.as_os_str().to_str()).collect::<Option<_>>()?;
        if segments.is_empty() || segments.iter().any(|name| is_passed_over(name)) {
            return None;
        }
        let name = segments.join("/");
        let is_part = |folder: &String| {
            name == *folder
                || name.starts_with(&format!("{folder}/"))
                || folder.starts_with(&format!("{name}/"))
        };
        self.folders.iter().any(is_part).then_some(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn watch() -> (tempfile::TempDir, Watch) {
        let site = tempfile::tempdir().unwrap();
        fs::create_dir_all(site.path().join("posts/2023")).unwrap();
        fs::write(site.path().join("site.yaml"), "").unwrap();
        let folders = ["posts", "static", "themes/su"].map(str::to_owned);
        let watch = Watch::begin(site.path(), &site.path().join("site.yaml"), &folders).unwrap();
        (site, watch)
    }

    fn next(watch: &mut Watch) -> Vec<String> {
        watch.wait().unwrap().paths.into_iter().collect()
    }

    #[test]
    fn a_save_is_one_change_whatever_the_editor_does() {
        let (site, mut watch) = watch();
        let path = site.path().join("posts/2023/a.md");
        fs::write(&path, "1").unwrap();
        assert_eq!(next(&mut watch), ["posts/2023/a.md"]);
        // Vim: a backup, then a new file under the old name.
        fs::rename(&path, site.path().join("posts/2023/a.md~")).unwrap();
        fs::write(&path, "2").unwrap();
        fs::remove_file(site.path().join("posts/2023/a.md~")).unwrap();
        assert_eq!(next(&mut watch), ["posts/2023/a.md"]);
        // Others: a hidden file that takes the name.
        fs::write(site.path().join("posts/2023/.a.tmp"), "3").unwrap();
        fs::rename(site.path().join("posts/2023/.a.tmp"), &path).unwrap();
        assert_eq!(next(&mut watch), ["posts/2023/a.md"]);
        fs::write(site.path().join("site.yaml"), "title: x").unwrap();
        assert_eq!(next(&mut watch), ["site.yaml"]);
    }

    #[test]
    fn folders_come_and_go() {
        let (site, mut watch) = watch();
        fs::create_dir_all(site.path().join("static")).unwrap();
        assert_eq!(next(&mut watch), ["static"]);
        fs::write(site.path().join("static/a.css"), "1").unwrap();
        assert_eq!(next(&mut watch), ["static/a.css"]);
        fs::create_dir_all(site.path().join("themes")).unwrap();
        assert_eq!(next(&mut watch), ["themes"]);
        fs::create_dir_all(site.path().join("themes/su")).unwrap();
        assert_eq!(next(&mut watch), ["themes/su"]);
        fs::remove_dir_all(site.path().join("posts")).unwrap();
        assert!(next(&mut watch).contains(&"posts".to_owned()));
        fs::create_dir_all(site.path().join("posts/2024")).unwrap();
        next(&mut watch);
        fs::write(site.path().join("posts/2024/b.md"), "1").unwrap();
        assert!(next(&mut watch).contains(&"posts/2024/b.md".to_owned()));
    }

    #[test]
    fn other_folders_are_no_concern() {
        let (site, mut watch) = watch();
        fs::create_dir_all(site.path().join("output/posts")).unwrap();
        fs::write(site.path().join("output/posts/a.md"), "1").unwrap();
        fs::create_dir_all(site.path().join(".git")).unwrap();
        fs::write(site.path().join("posts/b.md"), "1").unwrap();
        assert_eq!(next(&mut watch), ["posts/b.md"]);
    }

    #[test]
    fn many_files_are_one_change() {
        let (site, mut watch) = watch();
        for number in 0..2_000 {
            fs::write(site.path().join(format!("posts/{number}.md")), "1").unwrap();
        }
        assert_eq!(next(&mut watch).len(), 2_000);
    }
}
