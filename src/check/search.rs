//! The index of the search, read back: whether every file that it names is there, and whether it
//! knows of the pages that readers may search and of nothing else.

use std::collections::BTreeSet;
use std::io;

use crate::diagnostic::Diagnostic;
use crate::edition::Edition;
use crate::search::{Audit, FOLDER, Finder};
use crate::source::Fixture;
use crate::words::Message;

/// What is wrong with the index, and its files with their sizes.
#[derive(Default)]
pub(super) struct SearchFacts {
    pub(super) diagnostics: Vec<Diagnostic>,
    pub(super) files: Vec<(String, u64)>,
}

/// Looks at every file of the index.
pub(super) fn look(edition: &Edition) -> io::Result<SearchFacts> {
    let Some(index) = edition.search()? else { return Ok(SearchFacts::default()) };
    let mut made = Vec::new();
    for file in &index.files {
        made.push((format!("{FOLDER}{}", file.name), edition.search_file(index, file)?));
    }
    let files = made.iter().map(|(file, bytes)| (file.clone(), bytes.len() as u64)).collect();
    let site = Fixture::new(made);
    let problems = match Finder::open(&site)? {
        None => vec![say!("its root cannot be read")],
        Some(finder) => problems(&finder.audit()?, edition, index.postings()),
    };
    let mut diagnostics = edition.search_collisions(index);
    let told = |problem: Message| {
        Diagnostic::error(
            "search-invalid",
            say!("the index of the search is not valid: {}", problem),
        )
        .hint(say!("build with --fresh; if it stays, this is a defect of the program"))
    };
    diagnostics.extend(problems.into_iter().map(told));
    Ok(SearchFacts { diagnostics, files })
}

fn problems(audit: &Audit, edition: &Edition, postings: u64) -> Vec<Message> {
    let missing = audit.missing.iter().map(|file| say!("{} is not there", file));
    let damaged = audit.damaged.iter().map(|file| say!("{} holds something else", file));
    let mut problems: Vec<Message> = missing.chain(damaged).collect();
    if !problems.is_empty() {
        return problems;
    }
    let found: BTreeSet<&str> =
        audit.articles.iter().map(|article| article.address.as_str()).collect();
    let due = edition.searched_addresses();
    let due: BTreeSet<&str> = due.iter().map(String::as_str).collect();
    problems.extend(
        found
            .difference(&due)
            .map(|address| say!("it knows /{}, which readers may not search", *address)),
    );
    problems.extend(due.difference(&found).map(|address| say!("it does not know /{}", *address)));
    if audit.postings > postings {
        problems.push(say!("it knows more words than the pages have that readers may search"));
    }
    problems
}
