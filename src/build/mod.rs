//! A build: what is done so that the output folder holds the site, and the next build does only
//! what has changed.
//!
//! The protocol is here, and nothing is said here: what is to be told is in the [`Report`].
//!
//! A build goes as far down as it must.
//!
//! 1. *Everything stands*: all stamps of sources and of files written are those of the ledger, or
//!    the bytes are, as after a clone; and no post's date has been passed since. The last report is
//!    said again; nothing is parsed, no template is loaded.
//! 2. *Something changed*: cards of unchanged sources are taken from the ledger, and the layout and
//!    the plan where they would be the same; a page whose fingerprint, answers and file stand is
//!    neither rendered nor written. Where the layout is the same, the fingerprint of a page that
//!    shows none of the posts that changed is the same, and not taken.
//! 3. *A page is rendered*: code that was marked up before comes from `.sitegen/code`, and the sink
//!    leaves equal bytes alone.

mod removal;
mod standing;

use std::path::{Path, PathBuf};
use std::sync::{Arc, RwLock};
use std::{io, mem};

use serde::{Deserialize, Serialize};

use removal::{KeptCount, fallen, readable_posts};
use standing::{other_sources, renewed, skipped};

use crate::bodies::{self, BodyStore};
use crate::config::Config;
use crate::config::folders::{KEPT, THEMES};
use crate::diagnostic::{Diagnostic, Failure, Severity};
use crate::edition::{Edition, OutputChanges, Published, Shortcuts};
use crate::highlight::{BLOCKS, Blocks};
use crate::kept::KeptStore;
use crate::keywords::CACHE;
use crate::ledger::{self, CARDS, Configuration, LEDGER, Ledger, LedgerWriter, encoded};
use crate::plan::RouteRole;
use crate::project::{Project, resolved, unusable};
use crate::search::{self, IndexSize, IndexStore};
use crate::sink::{Folder, FolderOptions, SiteFolder};
use crate::site::HeldBack;
use crate::source::{Directory, Snapshot};
use crate::words::Message;

/// What is asked of a build.
pub struct Options {
    /// The folder that is to hold the site.
    pub output: PathBuf,
    /// Whether to forget what earlier builds knew, and to write every file.
    pub fresh: bool,
    /// Whether to write nothing.
    pub dry_run: bool,
    /// Whether to go on where more than half of the posts are gone.
    pub allow_removal: bool,
    /// The keeper's own folder, in which no site is built.
    pub home: Option<PathBuf>,
    /// The machine's clock, in nanoseconds since 1970.
    pub clock: fn() -> i64,
    /// Called with the output folder when another build there has to end first.
    pub wait: fn(&Path),
    /// Held while a file is half written.
    pub writing: Arc<RwLock<()>>,
}

/// What a build came to.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct BuildSummary {
    pub posts: usize,
    pub pages: usize,
    /// Name and number of each taxonomy's terms.
    pub terms: Vec<(String, usize)>,
    pub feeds: usize,
    pub redirects: usize,
    pub han: u64,
    pub words: u64,
    /// The files that were made, changed and removed.
    #[serde(skip)]
    pub changes: OutputChanges,
    pub unchanged: usize,
    pub bytes: u64,
    /// What can be searched, where there is a search.
    pub search: Option<IndexSize>,
    pub errors: usize,
    pub warnings: usize,
    pub notes: usize,
    pub held: Vec<HeldBack>,
    pub seconds: f64,
    pub dry_run: bool,
}

impl BuildSummary {
    /// Counts diagnostics by severity.
    pub fn count(&mut self, diagnostics: &[Diagnostic]) {
        let of = |severity| {
            diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity).count()
        };
        (self.errors, self.warnings, self.notes) =
            (of(Severity::Error), of(Severity::Warning), of(Severity::Note));
    }

    fn new(edition: &Edition, published: &Published<'_>, dry_run: bool) -> BuildSummary {
        let taxonomies = edition.config.taxonomies.iter().zip(edition.site.layout.terms.iter());
        BuildSummary {
            posts: edition.site.posts.len(),
            pages: edition.site.pages.len(),
            terms: taxonomies
                .map(|(taxonomy, terms)| (taxonomy.name.clone(), terms.len()))
                .collect(),
            feeds: edition
                .plan
                .routes
                .iter()
                .filter(|(_, role)| matches!(role, RouteRole::Feed(_)))
                .count(),
            redirects: edition.plan.redirects.len(),
            han: edition.site.posts.iter().map(|post| u64::from(post.length.han)).sum(),
            words: edition.site.posts.iter().map(|post| u64::from(post.length.words)).sum(),
            unchanged: published.unchanged,
            bytes: published.bytes,
            search: published.search,
            held: edition.site.held.clone(),
            dry_run,
            ..BuildSummary::default()
        }
    }
}

/// What a build came to, and everything it found.
pub type Report = (BuildSummary, Vec<Diagnostic>);

/// Builds the site into its output folder. `stage` is called when each stage is done.
pub fn build(
    project: Project,
    options: &Options,
    stage: &mut (dyn FnMut(&'static str) + Send),
) -> Result<Report, Failure> {
    check_output(&project.directory, &options.output, &project.config, options.home.as_deref())?;
    let listed = (options.clock)();
    let (snapshot, (past, sink)) = rayon::join(
        || project.snapshot(listed),
        || {
            // A fresh build asks nobody but the sources.
            let past =
                if options.fresh { (Ledger::default(), None) } else { read_ledger(&project) };
            let how = FolderOptions { fresh: options.fresh, dry: options.dry_run };
            let sink = Folder::open(&options.output, how);
            (past, sink.map(|sink| sink.writing(options.writing.clone())))
        },
    );
    let (snapshot, (mut past, mut note), sink) = (Arc::new(snapshot?), past, sink?);
    stage(phrase!("list"));
    let (known, is_renewed) = renewed(&snapshot, &mut past, &sink, project.now, listed);
    stage(phrase!("compare"));
    let (summary, mut diagnostics) = if let Some((summary, mut diagnostics)) = known {
        if is_renewed && !options.dry_run {
            let folder = SiteFolder::new(project.directory.clone());
            let kept = past.keep(&folder, project.configuration());
            diagnostics.extend(kept.err().map(|error| not_kept("ledger", LEDGER, error)));
            stage(phrase!("ledger"));
        }
        (summary, diagnostics)
    } else {
        if let Err(why) = past.recall(&project.directory) {
            (past, note) = (Ledger::default(), Some(unused(CARDS, why)));
        }
        make(options, project, &snapshot, &past, sink, stage)?
    };
    mem::forget(past);
    diagnostics.extend(note);
    Ok((BuildSummary { dry_run: options.dry_run, ..summary }, diagnostics))
}

/// The output must not be read as input by the next build, nor hold what is not the site's.
fn check_output(
    directory: &Directory,
    output: &Path,
    config: &Config,
    home: Option<&Path>,
) -> Result<(), Failure> {
    let (site, output) = (resolved(directory.root())?, resolved(output)?);
    let folders = config.folders();
    let inputs = folders.iter().map(String::as_str).chain([THEMES, KEPT, ".git"]);
    let is_input = |folder: PathBuf| output.starts_with(&folder) || folder.starts_with(&output);
    let why = if site.starts_with(&output)
        || inputs
            .map(|folder| resolved(&site.join(folder)))
            .collect::<io::Result<Vec<_>>>()?
            .into_iter()
            .any(is_input)
    {
        say!(
            "{} is part of the site or holds it; its pages would be read as input by the next build",
            output.display()
        )
    } else if home.is_some_and(|home| home == output) {
        say!("{} is your own folder, and more than a site lies there", output.display())
    } else {
        return Ok(());
    };
    Err(unusable(why, say!("build into a folder of its own with --output DIR")))
}

/// Returns what the last build wrote down, if its configuration was the same, and a note where that
/// cannot be used.
fn read_ledger(project: &Project) -> (Ledger, Option<Diagnostic>) {
    match Ledger::read(&project.directory, project.configuration()) {
        Ok(ledger) => (ledger, None),
        Err(why) => (Ledger::default(), Some(unused(LEDGER, why))),
    }
}

fn unused(file: &str, why: Message) -> Diagnostic {
    Diagnostic::note("ledger", say!("what the last build wrote down was not used: {}", why))
        .in_file(file)
}

/// Returns what is said of a shortcut that could not be written. The site does not depend on what
/// is kept, so `--strict` must not either.
fn not_kept(code: &'static str, file: &str, error: io::Error) -> Diagnostic {
    let message = say!("this was not kept, and the next build takes longer: {}", error);
    Diagnostic::note(code, message).in_file(file)
}

/// Builds the site, page by page, except what is known to be as it would be made.
fn make(
    options: &Options,
    project: Project,
    snapshot: &Arc<Snapshot<Directory>>,
    past: &Ledger,
    sink: Folder,
    stage: &mut (dyn FnMut(&'static str) + Send),
) -> Result<Report, Failure> {
    let Project { config, mut keywords, now, .. } = project;
    let folder = &SiteFolder::new(snapshot.source().clone());
    let unread = if options.fresh { None } else { keywords.recall(&**snapshot) };
    let configuration = Configuration::new(&config, &keywords);
    let code = if options.fresh { Blocks::none() } else { Blocks::new(snapshot.clone()) };
    let bodies = if options.fresh { BodyStore::default() } else { BodyStore::of(snapshot.clone()) };
    let bodies = if options.dry_run {
        bodies
    } else {
        let folder = folder.clone();
        bodies.kept_in(move |name| folder.spool(name))
    };
    let indexes = if options.fresh {
        KeptStore::none(search::FILES)
    } else {
        KeptStore::of(search::FILES, snapshot.clone())
    };
    let indexes = if options.dry_run {
        indexes
    } else {
        let folder = folder.clone();
        indexes.kept_in(move |name| folder.spool(name))
    };
    let mut next = if options.dry_run {
        LedgerWriter::nowhere()
    } else {
        LedgerWriter::begin(folder, configuration, past)
    };
    let (edition, mut diagnostics) = Edition::open(
        snapshot.clone(),
        config,
        now,
        &keywords,
        Shortcuts {
            past,
            code: Arc::new(code),
            bodies: Arc::new(bodies),
            indexes: Arc::new(IndexStore::new(indexes)),
            before: None,
        },
        &mut next,
        stage,
    )?;
    let kept_count = KeptCount::read(&**snapshot, &edition.config.posts);
    let before = sink.posts().or(kept_count.posts);
    if let Some(before) =
        before.filter(|before| readable_posts(&edition) * 2 < *before && !options.allow_removal)
    {
        // A fresh build knows nothing, but may name what is gone.
        let known = options
            .fresh
            .then(|| Ledger::read(snapshot.source(), configuration).unwrap_or_default());
        let fallen = fallen(before, &edition, known.as_ref().unwrap_or(past));
        if !options.dry_run {
            // What is wrong with the posts that are not there comes first.
            diagnostics.retain(|diagnostic| diagnostic.severity == Severity::Error);
            diagnostics.push(fallen);
            return Err(Failure::Unusable(diagnostics));
        }
        diagnostics.push(Diagnostic { severity: Severity::Warning, ..fallen });
    }
    if !options.dry_run {
        folder.sweep(snapshot.skipped().map(|skipped| &*skipped.path));
    }
    let stale = unread.is_some() || edition.site.keywords != *keywords.known();
    let mut notes: Vec<Diagnostic> = unread.into_iter().collect();
    if edition.config.keywords.auto && stale && !options.dry_run {
        let kept = folder.keep(CACHE, edition.site.keywords.print().as_bytes());
        notes.extend(kept.err().map(|error| not_kept("keywords-cache", CACHE, error)));
    }
    let sink = sink
        .locked(options.wait)?
        .knowing(past.files().iter().map(|row| (&*row.file, row.stamp, row.digest)));
    sink.holds_posts(readable_posts(&edition));
    let mut published = edition.publish(&sink, past, stage)?;
    diagnostics.append(&mut published.diagnostics);
    if !options.dry_run {
        kept_count.keep(readable_posts(&edition), folder);
    }
    let mut summary = BuildSummary::new(&edition, &published, options.dry_run);

    notes.extend(edition.code.note().cloned());
    notes.extend(edition.bodies.note());
    notes.extend(edition.search_store_note());
    if !options.dry_run {
        let used = published.rows.iter().flat_map(|row| &row.code).copied().collect();
        let kept = edition.code.renewed(&used).map(|bytes| folder.keep(BLOCKS, &bytes));
        notes.extend(kept.and_then(Result::err).map(|error| not_kept("code-cache", BLOCKS, error)));
        let kept = edition.keep_bodies();
        notes.extend(kept.err().map(|error| not_kept("body-store", bodies::FILES.large, error)));
        let kept = edition.keep_index();
        notes.extend(kept.err().map(|error| not_kept("search-store", search::FILES.large, error)));
    }
    if !options.dry_run {
        let is_whole = published.is_whole && !snapshot.reached_beyond();
        let again = BuildSummary { unchanged: published.rows.len(), ..summary.clone() };
        let report = is_whole.then(|| encoded(&(&again, &diagnostics))).transpose()?;
        let build =
            ledger::BuildRecord::new(edition.now, published.ground, skipped(snapshot), report);
        let others = other_sources(snapshot, past, next.sources(), &edition, &published.rows);
        let now = (options.clock)();
        for row in published.rows.iter_mut().filter(|row| row.stamp.as_of(now).unsettled != 0) {
            row.row_mut().stamp = row.stamp.as_of(now);
        }
        // A theme's file that is gone by now stops no build.
        let kept = others.and_then(|others| {
            next.finish(others, &published.rows, &edition.derived(past)?, build)
        });
        notes.extend(kept.err().map(|error| not_kept("ledger", LEDGER, error)));
        stage(phrase!("ledger"));
    }
    diagnostics.extend(notes);
    summary.changes = published.changes;
    // The process ends after a build, and gives back a hundred thousand cards faster all at once.
    mem::forget((edition, published.rows));
    Ok((summary, diagnostics))
}
