//! Publishing: every page that is not known to stand as it would be is rendered and handed to the
//! sink.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use foldhash::{HashMap, HashSet};
use rayon::prelude::*;

use super::{Edition, Rendered, plan_made_of, unmade};
use crate::article::AnsweredQuestion;
use crate::diagnostic::{Diagnostic, Failure, contain, is_of_the_world};
use crate::digest::Digest;
use crate::ledger::{FileRow, FileState, Ledger};
use crate::search::{FOLDER, IndexFile, IndexSize};
use crate::sink::{Put, Sink};
use crate::source::Stamp;

/// The files of the output that were made, changed and removed, in the order of their paths.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OutputChanges {
    pub made: Vec<String>,
    pub changed: Vec<String>,
    pub removed: Vec<String>,
}

impl OutputChanges {
    /// Returns how many files were written.
    pub fn written(&self) -> usize {
        self.made.len() + self.changed.len()
    }
}

/// What publishing did.
#[derive(Debug, Default)]
pub struct Published<'p> {
    pub changes: OutputChanges,
    pub unchanged: usize,
    /// Bytes of all files of the site.
    pub bytes: u64,
    pub diagnostics: Vec<Diagnostic>,
    /// What is to be known of the files next time, in the order of their paths.
    pub rows: Vec<FileState<'p>>,
    /// Digest of all that pages are made of besides cards and bodies.
    pub ground: Digest,
    /// Whether every file of the site is there.
    pub is_whole: bool,
    /// What can be searched.
    pub search: Option<IndexSize>,
}

/// What became of one page.
enum PageOutcome<'p> {
    /// Its file is known to be unchanged, down to the stamp.
    Stands(&'p FileRow),
    /// What was written, and the row of the file.
    Done(Put, Box<FileRow>),
    /// Its template failed.
    Failed(String, Vec<Diagnostic>),
}

impl<'p> PageOutcome<'p> {
    /// Returns what became of a page whose file is as it would be made, with this stamp now.
    fn standing(row: &'p FileRow, stamp: Stamp) -> PageOutcome<'p> {
        if row.stamp == stamp {
            PageOutcome::Stands(row)
        } else {
            PageOutcome::Done(Put::Unchanged, Box::new(FileRow { stamp, ..row.clone() }))
        }
    }
}

impl Edition {
    /// Renders every route whose file is not known to be as it would be made, and hands it to the
    /// sink: in parallel, the longest articles first.
    pub fn publish<'p>(
        &self,
        sink: &dyn Sink,
        past: &'p Ledger,
        stage: &mut (dyn FnMut(&'static str) + Send),
    ) -> Result<Published<'p>, Failure> {
        let files: Vec<String> =
            self.plan.routes.par_iter().map(|(route, _)| route.file()).collect();
        let index = self.search()?;
        stage(phrase!("search"));
        let index_files: Vec<(String, &IndexFile)> = index
            .iter()
            .flat_map(|index| &index.files)
            .map(|file| (format!("{FOLDER}{}", file.name), file))
            .filter(|(file, _)| !self.is_planned(file))
            .collect();
        let mut planned: Vec<&str> = files.iter().map(String::as_str).collect();
        planned.extend(index_files.iter().map(|(file, _)| file.as_str()));
        planned.par_sort_unstable();
        sink.begin(&planned)?;
        self.related.all(&self.site, past);
        stage(phrase!("related"));
        let catalogue = self.catalogue();
        let ground = catalogue.ground(plan_made_of(&self.site, &self.theme));
        let anew = if past.build().ground == ground { self.site.anew.as_deref() } else { None };
        let mut order: Vec<usize> = (0..self.pages.len()).collect();
        order.sort_by_key(|at| std::cmp::Reverse(self.pages[*at].weight(catalogue.material)));
        let rows: HashMap<&str, &'p FileRow> =
            past.files().iter().map(|row| (&*row.file, row)).collect();
        let publish = |at: usize| {
            let (route, role) = &self.plan.routes[at];
            let file = files[at].as_str();
            let page = &self.pages[at];
            let row = rows.get(file).copied();
            let shows_nothing_new = || anew.is_some_and(|anew| page.shows_none_of(anew, catalogue));
            let fingerprint = match row {
                Some(row) if shows_nothing_new() => row.fingerprint,
                _ => page.fingerprint(catalogue),
            };
            if let Some(row) = row.filter(|row| row.fingerprint == fingerprint)
                && self.answers_stand(&row.asked)
                && let Some(stamp) = sink.holds(file, row.stamp, row.digest)
            {
                return Ok(PageOutcome::standing(row, stamp));
            }
            // What concerns this file alone costs this file alone.
            let failed = |error: io::Error, told: Diagnostic| {
                if is_of_the_world(&error) {
                    Err(error)
                } else {
                    Ok(PageOutcome::Failed(file.to_owned(), vec![self.at_source(role, told)]))
                }
            };
            let rendered = match contain(route.path(), || self.render(at))
                .unwrap_or_else(|defect| Ok(Rendered::failed(*defect)))
            {
                Ok(rendered) => rendered,
                Err(error) => {
                    let told = unmade(route, &error);
                    return failed(error, told);
                }
            };
            let Rendered { bytes: Some(bytes), diagnostics, asked, code } = rendered else {
                return Ok(PageOutcome::Failed(file.to_owned(), rendered.diagnostics));
            };
            let (put, stamp) = match sink.put(file, &bytes) {
                Ok(done) => done,
                Err(error) => {
                    let told = Diagnostic::error(
                        "file-unwritable",
                        say!("this could not be written: {}", &error),
                    );
                    let hint = say!(
                        "give the post a shorter `permalink`, or let its folder be written to"
                    );
                    return failed(error, told.hint(hint));
                }
            };
            let digest = Digest::of(&bytes);
            let row = FileRow {
                file: file.to_owned(),
                fingerprint,
                asked,
                stamp,
                digest,
                bytes: bytes.len() as u64,
                diagnostics,
                code,
            };
            Ok(PageOutcome::Done(put, Box::new(row)))
        };
        let publish_index = |(file, of): &(String, &IndexFile)| {
            let row = rows.get(file.as_str()).copied();
            if let Some(row) = row.filter(|row| row.fingerprint == of.digest)
                && let Some(stamp) = sink.holds(file, row.stamp, row.digest)
            {
                return Ok(PageOutcome::standing(row, stamp));
            }
            let index = index.expect("its files are known");
            let bytes = self.search_file(index, of)?;
            let (put, stamp) = sink.put(file, &bytes)?;
            let row = FileRow {
                file: file.clone(),
                fingerprint: of.digest,
                asked: Vec::new(),
                stamp,
                digest: Digest::of(&bytes),
                bytes: bytes.len() as u64,
                diagnostics: Vec::new(),
                code: Vec::new(),
            };
            Ok(PageOutcome::Done(put, Box::new(row)))
        };
        let mut outcomes: Vec<io::Result<PageOutcome<'p>>> =
            order.into_par_iter().map(publish).collect();
        outcomes.par_extend(index_files.par_iter().map(publish_index));
        stage(phrase!("pages"));
        let mut published = Published { ground, ..Published::default() };
        let mut kept = BTreeSet::new();
        for outcome in outcomes {
            let (put, row) = match outcome? {
                PageOutcome::Stands(row) => (Put::Unchanged, FileState::Stands(row)),
                PageOutcome::Done(put, row) => (put, FileState::New(row)),
                // A page whose template failed keeps its last good file, if there is one of ours.
                PageOutcome::Failed(file, diagnostics) => {
                    published.diagnostics.extend(diagnostics);
                    kept.insert(file);
                    continue;
                }
            };
            published.diagnostics.extend(row.diagnostics.iter().cloned());
            match put {
                Put::Written => published.changes.made.push(row.file.clone()),
                Put::Replaced => published.changes.changed.push(row.file.clone()),
                Put::Unchanged => published.unchanged += 1,
                Put::Equal => {
                    let message = say!(
                        "{} stands in the output folder as it would be made, but was not made by sitegen",
                        &row.file
                    );
                    let hint = say!(
                        "it stays as it is from now on; delete it, and the next build makes its own"
                    );
                    published
                        .diagnostics
                        .push(Diagnostic::note("output-foreign", message).hint(hint));
                    published.unchanged += 1;
                    published.bytes += row.bytes;
                    continue;
                }
                Put::Foreign(foreign) => {
                    let message = say!(
                        "{} stands in the output folder and was not made by sitegen; it was left alone",
                        foreign
                    );
                    let hint = say!(
                        "move it away or delete it, then build again; if all there was made by sitegen once and only its list, `.sitegen-files`, is lost, empty the output folder"
                    );
                    published
                        .diagnostics
                        .push(Diagnostic::error("output-foreign", message).hint(hint));
                    continue;
                }
            }
            published.bytes += row.bytes;
            published.rows.push(row);
        }
        published.is_whole = published.rows.len() == planned.len();
        if let Some(index) = index {
            published.diagnostics.extend(self.search_collisions(index));
            published.diagnostics.extend(self.search_notes(index));
            let files: HashSet<&str> = index_files.iter().map(|(file, _)| file.as_str()).collect();
            let rows = published.rows.iter().filter(|row| files.contains(&*row.file));
            published.search = Some(index.size(rows.map(|row| row.bytes).sum()));
        }
        published.rows.par_sort_unstable_by(|a, b| a.file.cmp(&b.file));
        merge_repeated(&mut published.diagnostics);
        let ours: Vec<&str> = published.rows.iter().map(|row| row.file.as_str()).collect();
        let swept = sink.finish(&ours, &kept)?;
        published.changes.removed = swept.removed;
        let OutputChanges { made, changed, removed } = &mut published.changes;
        for files in [made, changed, removed] {
            files.sort_unstable();
        }
        for (file, error) in swept.stuck {
            if is_of_the_world(&error) {
                return Err(error.into());
            }
            let message =
                say!("{} belongs to no page any more and could not be removed: {}", file, &error);
            published.diagnostics.push(
                Diagnostic::error("file-unwritable", message)
                    .hint(say!("let its folder be written to")),
            );
        }
        stage(phrase!("sweep"));
        Ok(published)
    }

    /// Returns whether the site still gives an article's questions the answers it gave.
    fn answers_stand(&self, asked: &[AnsweredQuestion]) -> bool {
        asked.iter().all(|asked| {
            self.site
                .by_source(&asked.post)
                .is_some_and(|post| asked.question.answer(post, self) == asked.answer)
        })
    }
}

/// Merges findings that are repeated: a template that fails on 10,000 pages is reported once, at
/// its first place, with their number.
pub(crate) fn merge_repeated(diagnostics: &mut Vec<Diagnostic>) {
    Diagnostic::sort(diagnostics);
    let key = |diagnostic: &Diagnostic| match &*diagnostic.code {
        "template" => Some((
            diagnostic.path.clone(),
            diagnostic.place.as_ref().map(|place| (place.line, place.column)),
            diagnostic.message.to_string(),
        )),
        "code-language" | "output-foreign" => Some((None, None, diagnostic.message.to_string())),
        // Each of three feeds finds it.
        "feed-size" => Some((diagnostic.path.clone(), None, diagnostic.message.to_string())),
        _ => None,
    };
    let mut counts = BTreeMap::new();
    for repeated in diagnostics.iter().filter_map(key) {
        *counts.entry(repeated).or_insert(0_usize) += 1;
    }
    diagnostics.retain_mut(|diagnostic| {
        let Some(repeated) = key(diagnostic) else { return true };
        let Some(count) = counts.remove(&repeated) else { return false };
        if count > 1 {
            diagnostic.message =
                say!("{} ({} times)", std::mem::take(&mut diagnostic.message), count);
        }
        true
    });
}
