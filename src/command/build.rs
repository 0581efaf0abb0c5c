//! `sitegen build`.

use std::collections::{HashMap, HashSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use super::report::{self, Summary, Volume};
use super::terminal::Terminal;
use super::{Outcome, edge, open_site, unusable};
use crate::cli::{Build, ReportFormat};
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Failure, Severity, is_of_the_world};
use crate::digest::{Digest, Digester};
use crate::edition::{Edition, Known, Published};
use crate::highlight::{BLOCKS, Blocks};
use crate::keywords::{CACHE, Keywords};
use crate::ledger::{self, Draft, File, FileRow, LEDGER, Ledger, SourceRow, encoded};
use crate::plan::Role;
use crate::sink::{self, Folder, Sink, SiteFolder};
use crate::site::{HeldBack, Why};
use crate::source::{Directory, Entry, Snapshot, Source, SourcePath, Stamp};
use crate::words::{Language, Message};

/// The output must not be read as input by the next build, nor hold what is not the site's.
fn check_output(directory: &Directory, output: &Path, config: &Config) -> Result<(), Failure> {
    let (site, output) = (edge::resolved(directory.root())?, edge::resolved(output)?);
    let folders = config.folders();
    let inputs = folders.iter().map(String::as_str).chain(["themes", ".sitegen", ".git"]);
    let is_input = |folder: PathBuf| output.starts_with(&folder) || folder.starts_with(&output);
    let why = if site.starts_with(&output)
        || inputs.map(|folder| edge::resolved(&site.join(folder))).collect::<io::Result<Vec<_>>>()?.into_iter().any(is_input)
    {
        say!("{} is part of the site or holds it; its pages would be read as input by the next build", output.display())
    } else if edge::home().is_some_and(|home| home == output) {
        say!("{} is your own folder, and more than a site lies there", output.display())
    } else {
        return Ok(());
    };
    Err(unusable(why, say!("build into a folder of its own with --output DIR")))
}

/// Posts that were read: in the site, or held back because they say so themselves. Which of these are shown may change with a
/// flag; that more than half of them are gone is seldom meant.
fn readable_posts(edition: &Edition) -> usize {
    let is_post = |held: &&HeldBack| held.path.below(&edition.config.posts).is_some() && !matches!(held.why, Why::Refused(_));
    edition.site.posts.len() + edition.site.held.iter().filter(is_post).count()
}

/// How many posts there were, kept beside the site as well: where it is built and published by a machine, `output/` starts empty.
struct KeptCount {
    /// The folder of posts that were counted; another folder is another archive.
    folder: String,
    posts: Option<usize>,
}

impl KeptCount {
    const FILE: &str = ".sitegen/posts";

    fn read(source: &dyn Source, folder: &str) -> KeptCount {
        let bytes = source.read_if_present(&SourcePath::new(KeptCount::FILE)).ok().flatten().unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes);
        let posts = text.split_once('\n').filter(|(of, _)| *of == folder).and_then(|(_, count)| count.trim().parse().ok());
        KeptCount { folder: folder.to_owned(), posts }
    }

    /// Keeps another count. That it cannot be kept is said of the ledger, which lies beside it.
    fn keep(&self, posts: usize, site: &SiteFolder) {
        if self.posts != Some(posts) {
            let _ = site.keep(KeptCount::FILE, format!("{}\n{posts}\n", self.folder).as_bytes());
        }
    }
}

/// What is said of a site that has lost more than half of the posts that it had when it was last written here.
fn fallen(before: usize, edition: &Edition, past: &Ledger) -> Diagnostic {
    /// Posts that are named, of those that are gone.
    const NAMED: usize = 10;
    let told = match before {
        1 => say!("the site had 1 post when it was last built, and now it has none; nothing was removed"),
        _ => say!("the site had {} posts when it was last built, and now it has {}; nothing was removed", before, readable_posts(edition)),
    };
    let gone = gone(edition, past);
    let named = gone.iter().take(NAMED).copied().collect::<Vec<&str>>();
    let message = match gone.len() {
        0 => told,
        all if all > NAMED => say!("{}; gone are {} and {} more", told, named, all - NAMED),
        _ => say!("{}; gone are {}", told, named),
    };
    let hint = say!(
        "if a folder is missing or misspelt, mend `posts` in site.yaml; if they are meant to be gone, build once with --allow-removal"
    );
    let config = &edition.config;
    let found = if config.named_posts.is_some() {
        config.mistake("posts", message)
    } else {
        Diagnostic::error("config", message).in_file(&config.posts)
    };
    Diagnostic { code: "posts-gone".into(), ..found.hint(hint) }
}

/// Posts of the last build that are not there any more or cannot be read. None are known where site.yaml has changed since.
fn gone<'p>(edition: &Edition, past: &'p Ledger) -> Vec<&'p str> {
    let waiting = edition.site.held.iter().filter(|held| !matches!(held.why, Why::Refused(_)));
    let waiting: HashSet<&SourcePath> = waiting.map(|held| &held.path).collect();
    let posts = past.sources().iter().filter(|row| row.reading.is_some()).map(|row| &row.path);
    let posts = posts.filter(|path| path.below(&edition.config.posts).is_some());
    posts.filter(|path| edition.site.by_source(path).is_none() && !waiting.contains(path)).map(SourcePath::as_str).collect()
}

/// Builds the site into its output folder.
pub fn run(args: &Build, language: Language) -> Result<Outcome, Failure> {
    let start = edge::clock();
    let drafting = Arc::default();
    if !args.dry_run {
        edge::end_between_drafts(Arc::clone(&drafting));
    }
    let mut stages: Vec<(&'static str, f64)> = Vec::new();
    let mut last = start;
    let mut stage = |name: &'static str| {
        let now = edge::clock();
        stages.push((name, (now - last).as_secs_f64()));
        last = now;
    };
    let (directory, config) = open_site(&args.site)?;
    let output = args.output.clone().unwrap_or_else(|| args.site.source.join("output"));
    check_output(&directory, &output, &config)?;
    let keywords = Keywords::open(&directory, &config)?;
    stage(phrase!("config"));
    let listed = edge::nanoseconds();
    let (snapshot, (past, sink)) = rayon::join(
        || Snapshot::take(directory.clone(), &config.folders(), listed),
        || {
            // A fresh build asks nobody but the sources.
            let past = if args.fresh { (Ledger::default(), None) } else { read_ledger(&directory, &config, &keywords) };
            (past, Folder::open(&output, args.fresh, args.dry_run).map(|sink| sink.drafting(drafting)))
        },
    );
    let (snapshot, (mut past, mut note), sink) = (Arc::new(snapshot?), past, sink?);
    stage(phrase!("list"));
    let known = unchanged(&snapshot, &past, &sink, &config);
    stage(phrase!("compare"));
    let (mut summary, mut diagnostics) = if let Some(report) = known {
        report
    } else {
        if let Err(why) = past.recall(&directory) {
            (past, note) = (Ledger::default(), Some(ledger_unused(why)));
        }
        build(args, config, keywords, &snapshot, &past, sink, &mut stage)?
    };
    diagnostics.extend(note);

    summary.dry_run = args.dry_run;
    summary.seconds = start.elapsed().as_secs_f64();
    summary.count(&diagnostics);
    let volume = Volume::of(&args.talk);
    if args.timings {
        report::timings(&stages, language);
    }
    match args.format {
        ReportFormat::Json => {
            report::diagnostics_json(&mut diagnostics)?;
            summary.print_json()?;
        }
        ReportFormat::Human => {
            report::diagnostics(&mut diagnostics, volume, language);
            if volume != Volume::Quiet {
                summary.print(volume, language)?;
            }
        }
    }
    let flawed = summary.errors > 0 || (args.strict && summary.warnings > 0);
    Ok(if flawed { Outcome::Flawed } else { Outcome::Clean })
}

/// Says that another build has to end first.
fn wait_for_another(output: &Path) {
    let told = say!("another build writes to {}; this one waits for it", output.display());
    // A closed terminal is no reason not to build.
    let _ = Terminal::errors(edge::language()).say(told);
}

/// What the last build wrote down, if it was one of the same configuration; and a note where it cannot be used.
fn read_ledger(source: &Directory, config: &Config, keywords: &Keywords) -> (Ledger, Option<Diagnostic>) {
    match Ledger::read(source, ledger::configuration(config, keywords)) {
        Ok(ledger) => (ledger, None),
        Err(why) => (Ledger::default(), Some(ledger_unused(why))),
    }
}

fn ledger_unused(why: Message) -> Diagnostic {
    Diagnostic::note("ledger", say!("what the last build wrote down was not used: {}", why)).in_file(LEDGER)
}

/// What a build came to, and everything it found.
type Report = (Summary, Vec<Diagnostic>);

/// The last report, where everything that was read then and everything that was written stands as it stood: then a build would
/// come to the same.
fn unchanged(snapshot: &Snapshot<Directory>, past: &Ledger, sink: &Folder, config: &Config) -> Option<Report> {
    let last = past.build();
    let report = postcard::from_bytes::<Report>(last.report.as_ref()?).ok()?;
    if sink.was_cut_off()
        || !last.dates_hold(config.now)
        || last.skipped != skipped(snapshot)
        || !sink.is_record_of(past.files().iter().map(|row| &*row.file))
    {
        return None;
    }
    let mut entries: Vec<&Entry> = snapshot.entries().collect();
    entries.par_sort_unstable_by(|a, b| a.path.cmp(&b.path));
    let stands = |row: &SourceRow, entry: &Entry| {
        // A file that had changed a moment before the last build is looked at; others that differ are read by a whole build.
        let holds = || row.stamp.unsettled != 0 && snapshot.read(&entry.path).is_ok_and(|bytes| Digest::of(bytes) == row.digest);
        row.path == entry.path && (row.stamp == entry.stamp || holds())
    };
    if entries.len() != past.sources().len() || !past.sources().iter().zip(entries).all(|(row, entry)| stands(row, entry)) {
        return None;
    }
    let is_there =
        |row: &FileRow| sink.holds(&row.file, row.stamp, row.digest).is_some_and(|stamp| stamp == row.stamp || row.stamp.unsettled != 0);
    past.files().par_iter().all(is_there).then_some(report)
}

/// Digest of what lies in the sources' folders and is not read.
fn skipped(snapshot: &Snapshot<Directory>) -> Digest {
    let mut digester = Digester::new();
    for skipped in snapshot.skipped() {
        digester.bytes(&skipped.path).bytes(skipped.why.message().english().as_bytes());
    }
    digester.finish()
}

/// Builds what is not known to stand.
fn build(
    args: &Build,
    config: Config,
    mut keywords: Keywords,
    snapshot: &Arc<Snapshot<Directory>>,
    past: &Ledger,
    sink: Folder,
    stage: &mut (dyn FnMut(&'static str) + Send),
) -> Result<Report, Failure> {
    let folder = &SiteFolder::new(snapshot.source().clone());
    let unread = if args.fresh { None } else { keywords.recall(&**snapshot) };
    let configuration = ledger::configuration(&config, &keywords);
    let code = if args.fresh { Blocks::none() } else { Blocks::of(snapshot.clone()) };
    let mut file = if args.dry_run { None } else { Some(folder.draft(LEDGER)) };
    let mut next = match &mut file {
        Some(Ok(file)) => Draft::begin(file, configuration),
        _ => Draft::nowhere(),
    };
    let (edition, mut diagnostics) =
        Edition::open(snapshot.clone(), config, &keywords, Known { past, code: Arc::new(code), before: None }, &mut next, stage)?;
    let kept_count = KeptCount::read(&**snapshot, &edition.config.posts);
    let before = sink.posts().or(kept_count.posts);
    if let Some(before) = before.filter(|before| readable_posts(&edition) * 2 < *before && !args.allow_removal) {
        // A fresh build knows nothing, but may name what is gone.
        let known = args.fresh.then(|| Ledger::read(snapshot.source(), configuration).unwrap_or_default());
        let fallen = fallen(before, &edition, known.as_ref().unwrap_or(past));
        if !args.dry_run {
            // What is wrong with the posts that are not there comes first.
            diagnostics.retain(|diagnostic| diagnostic.severity == Severity::Error);
            diagnostics.push(fallen);
            return Err(Failure::Unusable(diagnostics));
        }
        diagnostics.push(Diagnostic { severity: Severity::Warning, ..fallen });
    }
    if !args.dry_run {
        folder.sweep(snapshot.skipped().map(|skipped| &*skipped.path));
    }
    // The site does not depend on what is kept, so `--strict` must not either.
    let not_kept = |code: &'static str, file: &str, error: io::Error| {
        Diagnostic::note(code, say!("this was not kept, and the next build takes longer: {}", error)).in_file(file)
    };
    let stale = unread.is_some() || edition.site.keywords != *keywords.known();
    let mut notes: Vec<Diagnostic> = unread.into_iter().collect();
    if edition.config.keywords.auto && stale && !args.dry_run {
        let kept = folder.keep(CACHE, edition.site.keywords.print().as_bytes());
        notes.extend(kept.err().map(|error| not_kept("keywords-cache", CACHE, error)));
    }
    let sink = sink.locked(wait_for_another)?.knowing(past.files().iter().map(|row| (&*row.file, row.stamp, row.digest)));
    sink.holds_posts(readable_posts(&edition));
    let mut published = edition.publish(&sink, past, stage)?;
    diagnostics.append(&mut published.diagnostics);
    if !args.dry_run {
        kept_count.keep(readable_posts(&edition), folder);
    }
    let mut summary = summary(&edition, &published, args.dry_run);

    notes.extend(edition.code.note().cloned());
    if !args.dry_run {
        let used = published.rows.iter().flat_map(|row| &row.code).copied().collect();
        let kept = edition.code.renewed(&used, &published.code).map(|bytes| folder.keep(BLOCKS, &bytes));
        notes.extend(kept.and_then(Result::err).map(|error| not_kept("code-cache", BLOCKS, error)));
    }
    if !args.dry_run {
        let is_whole = published.rows.len() == edition.plan.routes.len() && !snapshot.reached_beyond();
        let again = Summary { unchanged: published.rows.len(), ..summary.clone() };
        let report = is_whole.then(|| encoded(&(&again, &diagnostics))).transpose()?;
        let build = ledger::Build::new(edition.config.now, skipped(snapshot), report);
        let others = other_sources(snapshot, past, next.sources(), &edition, &published.rows);
        let now = edge::nanoseconds();
        for row in published.rows.iter_mut().filter(|row| row.stamp.as_of(now).unsettled != 0) {
            row.row_mut().stamp = row.stamp.as_of(now);
        }
        // A theme's file that is gone by now stops no build.
        let written = others.and_then(|others| next.finish(others, &published.rows, edition.related.all(&edition.site, past), build));
        let kept = written.and_then(|()| file.transpose()?.map_or(Ok(()), sink::Draft::commit));
        notes.extend(kept.err().map(|error| not_kept("ledger", LEDGER, error)));
        stage(phrase!("ledger"));
    }
    diagnostics.extend(notes);
    summary.changes = published.changes;
    Ok((summary, diagnostics))
}

/// What is to be known of the source files that are no posts.
fn other_sources(
    snapshot: &Snapshot<Directory>,
    past: &Ledger,
    posts: &[SourceRow],
    edition: &Edition,
    files: &[File<'_>],
) -> io::Result<Vec<SourceRow>> {
    let posts: HashSet<&SourcePath> = posts.iter().map(|row| &row.path).collect();
    // What is published as it is was digested when it was written.
    let digest = |file: &str| files.binary_search_by(|row| row.file.as_str().cmp(file)).ok().map(|at| files[at].digest);
    let published: HashMap<&SourcePath, Digest> =
        edition.site.files.iter().filter_map(|(entry, route)| Some((&entry.path, digest(&route.file())?))).collect();
    let row = |entry: &Entry| {
        let known = past.digest(entry).or_else(|| published.get(&entry.path).copied());
        let digest = match known.map_or_else(|| digest_as_listed(snapshot, entry), Ok) {
            Ok(digest) => digest,
            Err(error) if is_of_the_world(&error) => return Some(Err(error)),
            // What cannot be read has no row, so that the next build looks again.
            Err(_) => return None,
        };
        Some(Ok(SourceRow { path: entry.path.clone(), stamp: entry.stamp, digest, reading: None }))
    };
    snapshot.entries().filter(|entry| !posts.contains(&entry.path)).filter_map(row).collect()
}

/// The digest of a file that was read a while ago; of one that has changed since, the digest of nothing, so that the next build
/// does not take what is there now for what this one showed.
fn digest_as_listed(snapshot: &Snapshot<Directory>, entry: &Entry) -> io::Result<Digest> {
    let digest = Digest::of(snapshot.read(&entry.path)?);
    let now = snapshot.entry(&entry.path)?.map(|now| Stamp { unsettled: entry.stamp.unsettled, ..now.stamp });
    Ok(if now == Some(entry.stamp) { digest } else { Digest::default() })
}

fn summary(edition: &Edition, published: &Published<'_>, dry_run: bool) -> Summary {
    let taxonomies = edition.config.taxonomies.iter().zip(edition.site.terms.iter());
    Summary {
        posts: edition.site.posts.len(),
        pages: edition.site.pages.len(),
        terms: taxonomies.map(|(taxonomy, terms)| (taxonomy.name.clone(), terms.len())).collect(),
        feeds: edition.plan.routes.iter().filter(|(_, role)| matches!(role, Role::Feed(_))).count(),
        redirects: edition.plan.redirects.len(),
        han: edition.site.posts.iter().map(|post| u64::from(post.length.han)).sum(),
        words: edition.site.posts.iter().map(|post| u64::from(post.length.words)).sum(),
        unchanged: published.unchanged,
        bytes: published.bytes,
        held: edition.site.held.clone(),
        dry_run,
        ..Summary::default()
    }
}
