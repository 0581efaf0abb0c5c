//! Watching a site's folders. What comes out says when to look again, and roughly where; what is
//! there is found by looking, so a message that was lost or came twice does no harm.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::Duration;

use super::messages::{Messages, NextMessage, SystemMessages};
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
    messages: Box<dyn Messages>,
    root: PathBuf,
    config: PathBuf,
    /// Folders of the site that are read.
    folders: Vec<String>,
    watched: BTreeMap<PathBuf, RecursiveMode>,
    /// When everything is to be looked through, where something was told since it last was.
    look_again: Option<Duration>,
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
            messages: Box::new(SystemMessages::new(events)),
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
                self.look_again = Some(self.messages.time());
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
        let mut begun: Option<Duration> = None;
        loop {
            let is_empty = changes.paths.is_empty() && !changes.is_open;
            let now = self.messages.time();
            let longest = if is_empty {
                self.look_again.map(|time| time.saturating_sub(now))
            } else {
                if now.saturating_sub(*begun.get_or_insert(now)) > LONGEST {
                    return Some(self.told(changes));
                }
                Some(quiet(&changes, &open))
            };
            match self.messages.next(longest) {
                NextMessage::Message(Ok(event)) => self.take(&event, &mut changes, &mut open),
                NextMessage::Message(Err(_)) => changes.is_open = true,
                // None has come for a while, and something may have been missed.
                NextMessage::Silence | NextMessage::End
                    if is_empty && self.look_again.take().is_some() =>
                {
                    // What came meanwhile is watched from now on.
                    let _ = self.cover();
                    return Some(Changes { is_open: true, ..changes });
                }
                NextMessage::Silence if !is_empty => return Some(self.told(changes)),
                NextMessage::Silence | NextMessage::End => return None,
            }
        }
    }

    fn told(&mut self, changes: Changes) -> Changes {
        self.look_again = Some(self.messages.time() + PAUSE);
        changes
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

    /// Returns the path as the site calls it, if the site is made of it.
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

/// Returns how long it must be quiet until these changes count as done.
fn quiet(changes: &Changes, open: &BTreeSet<PathBuf>) -> Duration {
    if changes.paths.len() > MANY {
        QUIET_MANY
    } else if open.is_empty() {
        QUIET
    } else {
        QUIET_OPEN
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "what is watched are folders on a disk")]
mod tests {
    use super::*;
    use notify::event::{CreateKind, DataChange, MetadataKind};
    use std::collections::VecDeque;
    use std::fs;

    /// Messages with the milliseconds at which they come, by a clock of their own: who waits is at
    /// the next moment at once.
    struct Script {
        now: Duration,
        messages: VecDeque<(u64, notify::Event)>,
    }

    impl Messages for Script {
        fn time(&self) -> Duration {
            self.now
        }

        fn next(&mut self, longest: Option<Duration>) -> NextMessage {
            let comes = self.messages.front().map(|(at, _)| Duration::from_millis(*at));
            match (comes, longest) {
                (Some(at), longest) if longest.is_none_or(|longest| at <= self.now + longest) => {
                    self.now = self.now.max(at);
                    let (_, event) = self.messages.pop_front().unwrap();
                    NextMessage::Message(Ok(event))
                }
                (_, Some(longest)) => {
                    self.now += longest;
                    NextMessage::Silence
                }
                (_, None) => NextMessage::End,
            }
        }
    }

    const WRITTEN: EventKind = EventKind::Modify(ModifyKind::Data(DataChange::Any));
    const CLOSED: EventKind = EventKind::Access(AccessKind::Close(AccessMode::Write));
    const MADE: EventKind = EventKind::Create(CreateKind::File);

    /// What comes of messages about files of `/site/posts`: for each change the time at which it
    /// counts as done, and how many files it has.
    fn told(messages: impl IntoIterator<Item = (u64, EventKind, String)>) -> Vec<(u128, usize)> {
        let event = |(at, kind, name): (u64, EventKind, String)| {
            (at, notify::Event::new(kind).add_path(Path::new("/site/posts").join(name)))
        };
        let messages = messages.into_iter().map(event).collect();
        let mut watch = Watch {
            watcher: Box::new(notify::NullWatcher),
            messages: Box::new(Script { now: Duration::ZERO, messages }),
            root: "/site".into(),
            config: "/site/site.yaml".into(),
            folders: vec!["posts".to_owned()],
            watched: BTreeMap::new(),
            look_again: None,
            is_told: true,
        };
        let mut told = Vec::new();
        while let Some(changes) = watch.wait() {
            assert_eq!(changes.is_open, changes.paths.is_empty());
            told.push((watch.messages.time().as_millis(), changes.paths.len()));
        }
        told
    }

    /// Of these, all but the look through everything that comes after the last one.
    fn changes(messages: impl IntoIterator<Item = (u64, EventKind, String)>) -> Vec<(u128, usize)> {
        told(messages).into_iter().filter(|(_, files)| *files > 0).collect()
    }

    fn a(at: u64, kind: EventKind) -> (u64, EventKind, String) {
        (at, kind, "a.md".to_owned())
    }

    #[test]
    fn a_file_that_was_closed_is_done_soon() {
        assert_eq!(changes([a(0, MADE), a(1, WRITTEN), a(3, CLOSED)]), [(11, 1)]);
        // What comes in the meantime belongs to it.
        assert_eq!(changes([a(0, WRITTEN), a(3, CLOSED), a(9, MADE), a(15, CLOSED)]), [(23, 1)]);
    }

    #[test]
    fn a_file_that_is_open_is_waited_for() {
        assert_eq!(changes([a(0, WRITTEN)]), [(40, 1)]);
        assert_eq!(changes([a(0, WRITTEN), a(39, WRITTEN), a(78, CLOSED)]), [(86, 1)]);
        assert_eq!(changes([a(0, WRITTEN), a(41, CLOSED)]), [(40, 1), (49, 1)]);
    }

    #[test]
    fn pauses_among_many_files_are_no_end() {
        let files = |from: usize, to: usize, at: u64| {
            (from..to).map(move |number| (at, CLOSED, format!("{number}.md")))
        };
        assert_eq!(changes(files(0, 33, 0).chain(files(33, 66, 119))), [(239, 66)]);
        assert_eq!(changes(files(0, 32, 0).chain(files(32, 64, 119))), [(8, 32), (127, 32)]);
    }

    #[test]
    fn a_log_that_is_written_all_the_time_holds_up_nothing() {
        let told = changes((0..1_000).map(|number| a(number * 30, WRITTEN)));
        assert_eq!(told[0], (10_020, 1));
        assert_eq!(told.len(), 3);
    }

    #[test]
    fn everything_is_looked_through_once_after_the_last_change() {
        assert_eq!(told([a(0, CLOSED)]), [(8, 1), (1_508, 0)]);
        assert_eq!(told([a(0, CLOSED), a(1_000, CLOSED)]), [(8, 1), (1_008, 1), (2_508, 0)]);
        assert_eq!(told([]), []);
    }

    #[test]
    fn reading_is_no_change() {
        let read = EventKind::Access(AccessKind::Open(AccessMode::Read));
        let stamped = EventKind::Modify(ModifyKind::Metadata(MetadataKind::AccessTime));
        assert_eq!(told([a(0, read), a(1, stamped)]), []);
    }

    /// The messages of the system up to a mark, a folder that is made at the root: nothing depends
    /// on how fast they come.
    struct UpToAMark(Box<dyn Messages>);

    impl Messages for UpToAMark {
        fn time(&self) -> Duration {
            Duration::ZERO
        }

        fn next(&mut self, _: Option<Duration>) -> NextMessage {
            let is_mark = |path: &PathBuf| path.to_string_lossy().contains(".mark-");
            match self.0.next(None) {
                NextMessage::Message(Ok(event)) if event.paths.iter().any(is_mark) => {
                    NextMessage::Silence
                }
                heard => heard,
            }
        }
    }

    /// A site on a disk, which is watched.
    struct Watched {
        site: tempfile::TempDir,
        watch: Watch,
        marks: usize,
    }

    impl Watched {
        fn new() -> Watched {
            let site = tempfile::tempdir().unwrap();
            fs::create_dir_all(site.path().join("posts/2023")).unwrap();
            fs::write(site.path().join("site.yaml"), "").unwrap();
            let folders = ["posts", "static", "themes/su"].map(str::to_owned);
            let config = site.path().join("site.yaml");
            let mut watch = Watch::begin(site.path(), &config, &folders).unwrap();
            let none = Script { now: Duration::ZERO, messages: VecDeque::new() };
            let system = std::mem::replace(&mut watch.messages, Box::new(none));
            watch.messages = Box::new(UpToAMark(system));
            Watched { site, watch, marks: 0 }
        }

        fn path(&self, path: &str) -> PathBuf {
            self.site.path().join(path)
        }

        fn write(&self, path: &str) {
            fs::write(self.path(path), "1").unwrap();
        }

        fn make(&self, folder: &str) {
            fs::create_dir_all(self.path(folder)).unwrap();
        }

        /// The paths of which something was told since it was last asked.
        fn told(&mut self) -> Vec<String> {
            self.marks += 1;
            self.make(&format!(".mark-{}", self.marks));
            self.watch.wait().unwrap().paths.into_iter().collect()
        }
    }

    #[test]
    fn a_save_is_one_change_whatever_the_editor_does() {
        let mut site = Watched::new();
        let path = site.path("posts/2023/a.md");
        site.write("posts/2023/a.md");
        assert_eq!(site.told(), ["posts/2023/a.md"]);
        // Vim: a backup, then a new file under the old name.
        fs::rename(&path, site.path("posts/2023/a.md~")).unwrap();
        site.write("posts/2023/a.md");
        fs::remove_file(site.path("posts/2023/a.md~")).unwrap();
        assert_eq!(site.told(), ["posts/2023/a.md"]);
        // Others: a hidden file that takes the name.
        site.write("posts/2023/.a.tmp");
        fs::rename(site.path("posts/2023/.a.tmp"), &path).unwrap();
        assert_eq!(site.told(), ["posts/2023/a.md"]);
        site.write("site.yaml");
        assert_eq!(site.told(), ["site.yaml"]);
    }

    #[test]
    fn folders_come_and_go() {
        let mut site = Watched::new();
        site.make("static");
        assert_eq!(site.told(), ["static"]);
        site.write("static/a.css");
        assert_eq!(site.told(), ["static/a.css"]);
        site.make("themes");
        assert_eq!(site.told(), ["themes"]);
        site.make("themes/su");
        assert_eq!(site.told(), ["themes/su"]);
        fs::remove_dir_all(site.path("posts")).unwrap();
        assert!(site.told().contains(&"posts".to_owned()));
        site.make("posts/2024");
        assert!(site.told().contains(&"posts".to_owned()));
        site.write("posts/2024/b.md");
        assert!(site.told().contains(&"posts/2024/b.md".to_owned()));
    }

    #[test]
    fn other_folders_are_no_concern() {
        let mut site = Watched::new();
        site.make("output/posts");
        site.write("output/posts/a.md");
        site.make(".git");
        site.write("posts/b.md");
        assert_eq!(site.told(), ["posts/b.md"]);
    }

    #[test]
    fn many_files_are_one_change() {
        let mut site = Watched::new();
        for number in 0..2_000 {
            site.write(&format!("posts/{number}.md"));
        }
        assert_eq!(site.told().len(), 2_000);
    }
}
