//! What other sites answer, told in the files that name them.

use std::collections::BTreeSet;

use super::external::{self, ANSWERS, Answers, RequestSettings};
use super::page::ReferenceKind;
use super::source_places::{SourcePlaces, WantedPlaces};
use super::{Checked, CheckedLinks, in_files};
use crate::diagnostic::{Diagnostic, Failure, Severity};
use crate::edition::Edition;
use crate::sink::SiteFolder;
use crate::words::Message;

/// Asks for the addresses of other sites that pages name, and keeps what they answer in `folder`.
/// `progress` is told how many of how many were asked.
pub fn check_external(
    edition: &Edition,
    checked: &Checked,
    folder: &SiteFolder,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<CheckedLinks, Failure> {
    let keep = |answers: &Answers| folder.keep(ANSWERS, answers.print().as_bytes());
    let answers = external::ask(
        checked.external.keys().map(String::as_str),
        Answers::read(&**edition.source()),
        RequestSettings::default(),
        progress,
        &|answers| drop(keep(answers)),
    );
    let addresses = answers.of.iter().filter_map(|(address, answer)| {
        let (severity, message) = external::says(address, answer)?;
        let pages = checked.external.get(address).map_or(&[][..], Vec::as_slice);
        Some(ExternalAddress { address, pages, severity, message })
    });
    let mut diagnostics = told_where_named(edition, &addresses.collect::<Vec<_>>());
    if let Err(error) = keep(&answers) {
        let message = say!("this was not kept, and the next check asks again: {}", error);
        diagnostics.push(Diagnostic::note("external-cache", message).in_file(ANSWERS));
    }
    Ok(CheckedLinks { diagnostics, asked: answers.asked, left: answers.left })
}

/// An address of another site, what is to be said of it, and the pages that name it.
struct ExternalAddress<'a> {
    address: &'a str,
    pages: &'a [usize],
    severity: Severity,
    message: Message,
}

/// Returns what is to be said of addresses of other sites, in the files that name them.
fn told_where_named(edition: &Edition, all: &[ExternalAddress<'_>]) -> Vec<Diagnostic> {
    let mut wanted = WantedPlaces::new();
    for named in all {
        for index in named.pages {
            wanted
                .entry(*index)
                .or_default()
                .insert((ReferenceKind::Outside, named.address), BTreeSet::from([named.address]));
        }
    }
    let said = SourcePlaces::find(edition, &wanted);
    let each = all.iter().flat_map(|named| {
        let found = Diagnostic {
            severity: named.severity,
            ..Diagnostic::warning("link-external", named.message.clone())
        };
        let in_files = in_files(
            edition,
            (ReferenceKind::Outside, named.address),
            named.pages.iter().copied(),
            &said,
            |_| found.clone(),
        );
        if !in_files.is_empty() {
            return in_files;
        }
        let page = named.pages.first().map_or("/", |index| edition.plan.routes[*index].0.path());
        vec![Diagnostic { message: say!("{}, on {}", found.message.clone(), page), ..found }]
    });
    each.collect()
}
