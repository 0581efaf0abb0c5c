//! That a site does not lose most of its posts unasked: how many there were, and which are gone.

use std::collections::HashSet;

use crate::diagnostic::Diagnostic;
use crate::edition::Edition;
use crate::ledger::Ledger;
use crate::sink::SiteFolder;
use crate::site::{HeldBack, HoldReason};
use crate::source::{Source, SourcePath};

/// Returns how many posts could be read: those of the site, and those that their own front matter
/// holds back. Which of these are shown may change with a flag, but not their number; that more
/// than half of them are gone is seldom meant.
pub(super) fn readable_posts(edition: &Edition) -> usize {
    let is_post = |held: &&HeldBack| {
        held.path.below(&edition.config.posts).is_some()
            && !matches!(held.why, HoldReason::Refused(_))
    };
    edition.site.posts.len() + edition.site.held.iter().filter(is_post).count()
}

/// How many posts there were, kept beside the site as well: where it is built and published by a
/// machine, `output/` starts empty.
pub(super) struct KeptCount {
    /// The folder of posts that were counted; another folder is another archive.
    folder: String,
    pub(super) posts: Option<usize>,
}

impl KeptCount {
    const FILE: &str = ".sitegen/posts";

    pub(super) fn read(source: &dyn Source, folder: &str) -> KeptCount {
        let bytes = source
            .read_if_present(&SourcePath::new(KeptCount::FILE))
            .ok()
            .flatten()
            .unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes);
        let posts = text
            .split_once('\n')
            .filter(|(of, _)| *of == folder)
            .and_then(|(_, count)| count.trim().parse().ok());
        KeptCount { folder: folder.to_owned(), posts }
    }

    /// Writes down a new count. An error is not told: the ledger lies beside it, and its error is.
    pub(super) fn keep(&self, posts: usize, site: &SiteFolder) {
        if self.posts != Some(posts) {
            let _ = site.keep(KeptCount::FILE, format!("{}\n{posts}\n", self.folder).as_bytes());
        }
    }
}

/// Returns what is said of a site that has lost more than half of the posts that it had when it was
/// last written here.
pub(super) fn fallen(before: usize, edition: &Edition, past: &Ledger) -> Diagnostic {
    /// Posts that are named, of those that are gone.
    const NAMED: usize = 10;
    let told = match before {
        1 => say!(
            "the site had 1 post when it was last built, and now it has none; nothing was removed"
        ),
        _ => say!(
            "the site had {} posts when it was last built, and now it has {}; nothing was removed",
            before,
            readable_posts(edition)
        ),
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
        config.mistake(&["posts"], message)
    } else {
        Diagnostic::error("config", message).in_file(&config.posts)
    };
    Diagnostic { code: "posts-gone".into(), ..found.hint(hint) }
}

/// Posts of the last build that are not there any more or cannot be read. None are known where
/// site.yaml has changed since.
fn gone<'p>(edition: &Edition, past: &'p Ledger) -> Vec<&'p str> {
    let waiting =
        edition.site.held.iter().filter(|held| !matches!(held.why, HoldReason::Refused(_)));
    let waiting: HashSet<&SourcePath> = waiting.map(|held| &held.path).collect();
    let posts = past.sources().iter().filter(|row| row.reading.is_some()).map(|row| &row.path);
    let posts = posts.filter(|path| path.below(&edition.config.posts).is_some());
    posts
        .filter(|path| edition.site.by_source(path).is_none() && !waiting.contains(path))
        .map(SourcePath::as_str)
        .collect()
}
