//! Tags that are suggested for posts: found by their words, and written into their files.

mod selection;
mod writer;

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use rayon::prelude::*;

use jiff::Timestamp;

use crate::config::Config;
use crate::diagnostic::{Diagnostic, Failure, Severity, contain};
use crate::keywords::{Cache, Keywords, Wanted, user_words};
use crate::ledger::{Ledger, LedgerWriter};
use crate::post::{self, Held, Post, PostKind};
use crate::project::{Location, Project, unusable};
use crate::sink::SiteFolder;
use crate::site::{CardReader, Site, spell_alike};
use crate::source::{Directory, Skipped, Source, SourcePath, unreadable};

/// The tags suggested for one post.
pub struct Suggestion {
    pub post: Arc<Post>,
    pub tags: Vec<String>,
}

/// The posts for which tags are suggested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Selection {
    /// All that have no tags.
    WithoutTags,
    /// Those that were named, whatever they have.
    Named,
}

/// Suggests tags for posts of one site.
pub struct Suggester {
    source: Directory,
    config: Config,
    now: Timestamp,
    /// The index of the tags among the taxonomies.
    tags: usize,
    keywords: Keywords,
    selection: Selection,
    posts: Vec<SourcePath>,
    /// What else lies in the folder of the posts.
    skipped: Vec<Skipped>,
    /// A note where the cache of keywords cannot be used.
    note: Option<Diagnostic>,
}

impl Suggester {
    /// Opens a site for the posts in `files`, or for all without tags where there are none. `count`
    /// is how many tags a post gets at the most, if not as many as the site says.
    pub fn open(
        mut location: Location,
        files: &[PathBuf],
        count: Option<usize>,
    ) -> Result<Suggester, Failure> {
        let selection = if files.is_empty() { Selection::WithoutTags } else { Selection::Named };
        if selection == Selection::Named {
            // Who names a draft means it.
            (location.overrides.drafts, location.overrides.future) = (true, true);
        }
        let Project { directory: source, config, now, .. } = location.open()?;
        let Some(tags) = config.taxonomy("tags") else {
            return Err(unusable(
                say!("this site has no tags"),
                say!("`taxonomies` in site.yaml switches them off"),
            ));
        };
        let (posts, skipped) = selection::find_all(&source, &config)?;
        let (posts, wanted) = match selection {
            Selection::WithoutTags => (posts, Wanted::WithoutTags),
            Selection::Named => {
                (selection::find_named(files, &posts, &source, &config)?, Wanted::Everywhere)
            }
        };
        let (cache, note) = Cache::read(&source);
        let count = count.unwrap_or(config.keywords.count);
        let keywords = Keywords::new(wanted, count, user_words(&source, &config)?, cache);
        Ok(Suggester { source, config, now, tags, keywords, selection, posts, skipped, note })
    }

    /// Returns what is wrong beside the posts.
    pub fn findings(&self) -> Vec<Diagnostic> {
        let skipped = self
            .skipped
            .iter()
            .map(Skipped::diagnostic)
            .filter(|diagnostic| diagnostic.severity == Severity::Error);
        self.note.iter().cloned().chain(skipped).collect()
    }

    /// Suggests tags for each post, in the order of the posts, with the errors that were found in
    /// it.
    pub fn suggest(&self) -> Vec<(Option<Suggestion>, Vec<Diagnostic>)> {
        let read = |path: &SourcePath| match self.source.read(path) {
            Ok(bytes) => contain(path.as_str(), || self.look(path, &bytes))
                .unwrap_or_else(|defect| (None, vec![*defect])),
            Err(error) => (None, vec![unreadable(path.as_str(), &error)]),
        };
        let mut looked_at: Vec<(Option<Suggestion>, Vec<Diagnostic>)> =
            self.posts.par_iter().map(read).collect();
        // Posts that are named one by one have their own words.
        if self.selection == Selection::WithoutTags {
            let suggestions =
                looked_at.iter_mut().filter_map(|(suggestion, _)| suggestion.as_mut());
            self.spell_as_the_site_does(suggestions.collect());
        }
        looked_at
    }

    /// Returns the folder to be written to.
    pub fn folder(&self) -> SiteFolder {
        SiteFolder::new(self.source.clone())
    }

    /// Removes what commands that were cut off have left beside the posts.
    pub fn sweep(&self, folder: &SiteFolder) {
        folder.sweep(self.skipped.iter().map(|skipped| &*skipped.path));
    }

    /// Writes the tags into the post's file. The answer is why it was left alone, if it was; an
    /// error is a disk that takes no post at all.
    pub fn write(
        &self,
        suggestion: &Suggestion,
        folder: &SiteFolder,
    ) -> io::Result<Option<Diagnostic>> {
        let Suggestion { post, tags } = suggestion;
        contain(post.source.as_str(), || {
            writer::write(post, tags, &self.source, folder, &self.config, self.tags)
        })
        .unwrap_or_else(|defect| Ok(Some(*defect)))
    }

    /// Reads one post. Of its own diagnostics only errors matter here; `build` and `list` show the
    /// others.
    fn look(&self, path: &SourcePath, bytes: &[u8]) -> (Option<Suggestion>, Vec<Diagnostic>) {
        let reading = post::read(
            path,
            bytes,
            PostKind::Article,
            &self.config,
            self.now,
            &self.keywords,
            &mut |_, _| {},
        );
        let mut diagnostics = reading.diagnostics;
        diagnostics.retain(|diagnostic| diagnostic.severity == Severity::Error);
        let suggestion = match (reading.outcome, reading.keywords) {
            (post::ReadingOutcome::Ready(post), Some(found)) => {
                Some(Suggestion { post, tags: found.words })
            }
            (post::ReadingOutcome::Held(held), _) if self.selection == Selection::Named => {
                let why = match held {
                    Held::Unpublished => say!("`published: false` holds it back"),
                    Held::Undated => say!("its name has no date, so it is no post to Jekyll"),
                    Held::Draft(mark)
                    | Held::Future(mark)
                    | Held::Expired(mark)
                    | Held::Hidden(mark) => say!("`{}` holds it back", mark),
                };
                diagnostics.push(
                    Diagnostic::warning(
                        "tags-not-suggested",
                        say!("no tags are suggested: {}", why),
                    )
                    .in_file(path.as_str()),
                );
                None
            }
            _ => None,
        };
        (suggestion, diagnostics)
    }

    /// Gives suggestions the spelling of the site's other tags, as `keywords: auto` does.
    fn spell_as_the_site_does(&self, suggestions: Vec<&mut Suggestion>) {
        let tags = self.tags;
        // Where a post cannot be read, which is told elsewhere, the suggestions are alike among
        // themselves.
        let reader = CardReader {
            source: &self.source,
            config: &self.config,
            now: self.now,
            keywords: &Keywords::off(),
            past: &Ledger::default(),
            bodies: None,
        };
        let posts = Site::gather(&reader, &mut LedgerWriter::nowhere(), None)
            .map(|(site, _)| site.posts)
            .unwrap_or_default();
        let mut posts: Vec<Arc<Post>> =
            posts.into_iter().filter(|post| !post.terms[tags].is_empty()).collect();
        let written = posts.len();
        posts.extend(suggestions.iter().map(|suggestion| {
            let mut post = (*suggestion.post).clone();
            post.terms[tags].clone_from(&suggestion.tags);
            post.has_found_tags = true;
            Arc::new(post)
        }));
        spell_alike(&mut posts, tags);
        for (suggestion, post) in suggestions.into_iter().zip(&posts[written..]) {
            suggestion.tags.clone_from(&post.terms[tags]);
        }
    }
}
