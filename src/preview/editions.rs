//! One edition after another: what is shown is the last one that is whole.
#![expect(clippy::disallowed_methods, reason = "a stamp is taken as of the machine's clock")]

use std::collections::BTreeSet;
use std::io;
use std::mem::discriminant;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use jiff::Timestamp;

use super::watch::Changes;
use crate::bodies::BodyStore;
use crate::config::Config;
use crate::config::folders::is_everywhere;
use crate::diagnostic::{Diagnostic, Failure, Severity, contain};
use crate::edition::{Edition, Shortcuts};
use crate::highlight::Blocks;
use crate::keywords::Keywords;
use crate::ledger::{Configuration, Ledger, LedgerWriter};
use crate::plan::RouteRole;
use crate::project::Project;
use crate::route::Route;
use crate::search::IndexStore;
use crate::source::{self, Directory, Snapshot, SourcePath, UNREADABLE};

/// Opens the site anew, as it is now.
pub type SiteOpener = Box<dyn Fn() -> Result<Project, Failure> + Send>;

/// Changed paths that are looked at one by one; for more of them it takes less to list everything.
const FEW: usize = 32;

/// How often files that went away while they were read are looked for again.
const TRIES: usize = 3;

/// Makes editions.
pub struct Editions {
    open: SiteOpener,
    keywords: Keywords,
    /// What was read, and under which configuration.
    past: (Configuration, Ledger),
    code: Arc<Blocks>,
    bodies: Arc<BodyStore>,
    indexes: Arc<IndexStore>,
    /// The last whole edition, what it was made of, and what was wrong in it.
    current: Arc<Edition>,
    snapshot: Arc<Snapshot<Directory>>,
    errors: BTreeSet<ErrorIdentity>,
    changed: BTreeSet<String>,
    /// Whether the current edition has all changes up to now. Otherwise the paths that come with
    /// the next change are not all that have changed.
    is_seen: bool,
    /// Why the current edition was kept, if it was.
    kept: Vec<Diagnostic>,
}

/// What tells one error from another: its code, its file and its message.
type ErrorIdentity = (String, Option<String>, String);

/// What came of a change.
pub enum Outcome {
    /// All is as in the current edition.
    Unchanged,
    New(Box<EditionUpdate>),
    /// Something is wrong that was not before: the current edition stays.
    Refused(Vec<Diagnostic>),
    /// The same is wrong that was said to be, and nobody has changed anything since.
    RefusedAgain,
}

/// A new edition.
pub struct EditionUpdate {
    pub edition: Arc<Edition>,
    pub diagnostics: Vec<Diagnostic>,
    /// Old and new hrefs of style sheets, where nothing else has changed.
    pub styles: Option<Vec<(String, String)>>,
    /// The href of the post or page that was saved.
    pub saved: Option<String>,
}

/// A site as it was opened at one moment, with what was found.
struct OpenedSite {
    edition: Edition,
    snapshot: Arc<Snapshot<Directory>>,
    past: Ledger,
    diagnostics: Vec<Diagnostic>,
}

impl Editions {
    /// Returns the first edition, whatever is wrong in the content. What a build wrote down makes
    /// it faster.
    pub fn first(open: SiteOpener) -> Result<(Editions, Vec<Diagnostic>), Failure> {
        let mut project = open()?;
        let (past, _) = project.recall();
        let configuration = project.configuration();
        let snapshot = Arc::new(project.snapshot(now())?);
        let Project { config, keywords, now: present, .. } = project;
        let code = Arc::new(Blocks::new(snapshot.clone()));
        let bodies = Arc::new(BodyStore::of(snapshot.clone()));
        let indexes = Arc::new(IndexStore::of(snapshot.clone()));
        let known = Shortcuts {
            past: &past,
            code: code.clone(),
            bodies: bodies.clone(),
            indexes: indexes.clone(),
            before: None,
        };
        let OpenedSite { edition, snapshot, past, diagnostics } =
            open_site(snapshot, config, present, &keywords, known)?;
        let errors = troubles(&diagnostics);
        let past = (configuration, past);
        Ok((
            Editions {
                open,
                keywords,
                past,
                code,
                bodies,
                indexes,
                current: Arc::new(edition),
                snapshot,
                errors,
                is_seen: true,
                changed: BTreeSet::new(),
                kept: Vec::new(),
            },
            diagnostics,
        ))
    }

    pub fn current(&self) -> &Arc<Edition> {
        &self.current
    }

    /// Returns the paths that made the last attempt at an edition, told or found.
    pub fn changed(&self) -> &BTreeSet<String> {
        &self.changed
    }

    /// Returns the edition after some changes.
    pub fn next(&mut self, changes: &Changes) -> Outcome {
        let outcome = self.tried(changes);
        match &outcome {
            Outcome::Refused(found) if changes.paths.is_empty() && *found == self.kept => {
                return Outcome::RefusedAgain;
            }
            Outcome::Refused(found) => self.kept.clone_from(found),
            _ => self.kept.clear(),
        }
        outcome
    }

    fn tried(&mut self, changes: &Changes) -> Outcome {
        let mut tries = 0;
        loop {
            tries += 1;
            match self.attempt(changes, tries == TRIES) {
                Ok(outcome) => return outcome,
                Err(Failure::Unusable(found)) => {
                    self.is_seen = false;
                    return Outcome::Refused(found);
                }
                Err(Failure::Io(error)) if tries == TRIES => {
                    self.is_seen = false;
                    return Outcome::Refused(vec![Diagnostic::error("world", &error)]);
                }
                // A file that was listed went away before it was read, or is being replaced.
                Err(Failure::Io(_)) => std::thread::sleep(Duration::from_millis(10)),
            }
        }
    }

    /// Tries to make the edition after some changes. A file that cannot be read fails the attempt,
    /// since it may be there in a moment; in the `last` one it is reported.
    fn attempt(&mut self, changes: &Changes, last: bool) -> Result<Outcome, Failure> {
        self.changed.clone_from(&changes.paths);
        let project = (self.open)()?;
        let Project { directory, config, .. } = &project;
        if !self.current.site.posts.is_empty() && !directory.has_folder(&config.posts) {
            return Err(Failure::Unusable(vec![gone(config)]));
        }
        let configuration = project.configuration();
        let is_known = configuration == Configuration::new(&self.current.config, &self.keywords);
        let snapshot = if is_known && !changes.is_open && self.is_seen && changes.paths.len() <= FEW
        {
            Arc::new(self.snapshot.renewed(changes.paths.iter().map(String::as_str), now())?)
        } else {
            Arc::new(project.snapshot(now())?)
        };
        if is_known && snapshot.is_as(&self.snapshot, |path| changes.paths.contains(path)) {
            self.is_seen = true;
            return Ok(Outcome::Unchanged);
        }
        // What was not told, or is not yet.
        let mut paths = changes.paths.clone();
        paths.extend(snapshot.differences(&self.snapshot));
        if !is_known {
            paths.insert("site.yaml".to_owned());
        }
        self.changed.clone_from(&paths);
        let changes = &paths;
        let Project { directory, config, mut keywords, now: present } = project;
        // Whoever has unpacked the dictionary keeps it.
        if keywords.digest() != self.keywords.digest() {
            keywords.recall(&directory);
            self.keywords = keywords;
        }
        let is_same_config = config.digest == self.current.config.digest;
        let none = Ledger::default();
        let past = if self.past.0.reads_as(&configuration) { &self.past.1 } else { &none };
        let known = Shortcuts {
            past,
            code: self.code.clone(),
            bodies: self.bodies.clone(),
            indexes: self.indexes.clone(),
            before: Some(&self.current),
        };
        let opened =
            contain("site.yaml", || open_site(snapshot, config, present, &self.keywords, known));
        let OpenedSite { edition, snapshot, past, diagnostics } =
            opened.map_err(|defect| Failure::Unusable(vec![*defect]))??;
        if !last && diagnostics.iter().any(|found| found.code == UNREADABLE) {
            return Err(Failure::Io(io::ErrorKind::Interrupted.into()));
        }
        self.past = (configuration, past);

        let errors = troubles(&diagnostics);
        let is_worse = !errors.is_subset(&self.errors);
        let broken = if is_worse { Vec::new() } else { broken(&edition, changes) };
        // Pages that could not be rendered before are no reason to wait for them now.
        let known = if broken.is_empty() {
            BTreeSet::new()
        } else {
            troubles(&self::broken(&self.current, changes))
        };
        let is_broken = !troubles(&broken).is_subset(&known);
        if is_worse || is_broken {
            self.is_seen = false;
            let errors =
                diagnostics.into_iter().filter(|diagnostic| diagnostic.severity == Severity::Error);
            return Ok(Outcome::Refused(errors.chain(broken).collect()));
        }
        let styles = if is_same_config { styles(&self.current, &edition, changes) } else { None };
        let saved = changes.iter().find_map(|path| edition.site.by_source(&SourcePath::new(path)));
        let saved = saved.map(|post| edition.config.base.href(&post.route));
        (self.snapshot, self.errors, self.is_seen) = (snapshot, errors, true);
        let old = std::mem::replace(&mut self.current, Arc::new(edition));
        // Giving back the memory of 10,000 posts takes 15 ms, in which nobody need wait.
        rayon::spawn(move || drop(old));
        Ok(Outcome::New(Box::new(EditionUpdate {
            edition: self.current.clone(),
            diagnostics,
            styles,
            saved,
        })))
    }
}

/// Returns the machine's clock, as stamps have it.
fn now() -> i64 {
    source::nanoseconds(SystemTime::now())
}

fn open_site(
    snapshot: Arc<Snapshot<Directory>>,
    config: Config,
    now: Timestamp,
    keywords: &Keywords,
    known: Shortcuts<'_>,
) -> Result<OpenedSite, Failure> {
    let mut next = LedgerWriter::in_memory();
    let (edition, diagnostics) =
        Edition::open(snapshot.clone(), config, now, keywords, known, &mut next, &mut |_| {})?;
    Ok(OpenedSite { edition, snapshot, past: next.into_ledger(now), diagnostics })
}

/// Returns what is said where the folder of the posts is there no more: a branch that has none, a
/// disk that is away. Nobody empties an archive by that.
fn gone(config: &Config) -> Diagnostic {
    let message =
        say!("the folder `{}` is gone; the site is shown as it was with its posts", &config.posts);
    Diagnostic::error("posts-gone", message)
        .hint(say!("put the folder back, or begin the preview anew"))
        .in_file(&config.posts)
}

fn troubles(diagnostics: &[Diagnostic]) -> BTreeSet<ErrorIdentity> {
    let errors = diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error);
    errors
        .map(|error| (error.code.to_string(), error.path.clone(), error.message.to_string()))
        .collect()
}

/// Returns what is wrong with pages that the changes touch: those of the posts that were saved, and
/// one of each kind where a change may show on every page.
fn broken(edition: &Edition, changes: &BTreeSet<String>) -> Vec<Diagnostic> {
    const POSTS: usize = 8;
    let post = |path: &String| edition.site.by_source(&SourcePath::new(path));
    let mut pages: Vec<usize> = changes
        .iter()
        .filter_map(post)
        .take(POSTS)
        .filter_map(|post| edition.plan.place(&post.route))
        .collect();
    if changes.iter().any(|path| post(path).is_none() && is_everywhere(path)) {
        let mut kinds = Vec::new();
        for (at, (page, (_, role))) in edition.pages.iter().zip(&edition.plan.routes).enumerate() {
            if !kinds.contains(&discriminant(page)) && !matches!(role, RouteRole::File(_)) {
                kinds.push(discriminant(page));
                pages.push(at);
            }
        }
    }
    let mut found = Vec::new();
    for at in pages {
        match contain(edition.plan.routes[at].0.path(), || edition.render(at)) {
            Ok(Ok(rendered)) if rendered.bytes.is_none() => found.extend(rendered.diagnostics),
            Ok(_) => {}
            Err(defect) => found.push(*defect),
        }
    }
    Diagnostic::sort(&mut found);
    found.dedup();
    found
}

/// Hrefs of style sheets before and after, if only style sheets have changed.
fn styles(
    before: &Edition,
    after: &Edition,
    changes: &BTreeSet<String>,
) -> Option<Vec<(String, String)>> {
    let is_style =
        |path: &str| SourcePath::new(path.trim_end_matches(".tera")).extension() == "css";
    if changes.is_empty() || !changes.iter().all(|path| is_style(path)) {
        return None;
    }
    let href = |edition: &Edition, route: &Route| edition.config.base.href(route);
    let mut styles = Vec::new();
    for path in changes {
        let name =
            path.rsplit_once("assets/").map_or("", |(_, name)| name.trim_end_matches(".tera"));
        let of = |edition: &'_ Edition| {
            edition
                .assets()
                .iter()
                .find(|asset| asset.name == name)
                .map(|asset| href(edition, &asset.route))
        };
        let copied = after
            .site
            .files
            .iter()
            .find(|(entry, _)| entry.path.as_str() == path)
            .map(|(_, route)| href(after, route));
        // What is neither is part of a page, or came or went: open pages must be loaded again.
        styles.push(match (copied, of(before), of(after)) {
            (Some(same), ..) => (same.clone(), same),
            (None, Some(old), Some(new)) => (old, new),
            _ => return None,
        });
    }
    Some(styles)
}
