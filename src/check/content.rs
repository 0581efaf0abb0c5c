//! What posts have in common that they should not.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use unicode_normalization::UnicodeNormalization;

use super::page::{ReferenceKind, ReferenceMeaning, meaning};
use crate::diagnostic::Diagnostic;
use crate::edition::Edition;
use crate::post::Post;
use crate::route::{decode, fold_case, is_of_the_web};
use crate::site::{Site, host_of};
use chinese_markdown::html::names_host;
use chinese_text::simplified;

/// Returns one finding for each title that several posts have, which a reader of a list cannot tell
/// apart.
pub(super) fn titles(edition: &Edition) -> Vec<Diagnostic> {
    let site = &edition.site;
    let mut of: BTreeMap<(&str, &Option<String>), Vec<&Post>> = BTreeMap::new();
    for post in &site.posts {
        of.entry((&post.title, &post.lang)).or_default().push(post);
    }
    let twice = of.into_iter().filter(|((title, _), posts)| posts.len() > 1 && !title.is_empty());
    twice
        .map(|((title, _), posts)| {
            let others: Vec<&str> =
                posts[1..].iter().take(3).map(|post| post.source.as_str()).collect();
            let message = match posts.len() - 1 - others.len() {
                0 => say!("the title `{}` is also that of {}", title, others),
                1 => say!("the title `{}` is also that of {} and one more post", title, others),
                more => {
                    say!("the title `{}` is also that of {} and {} more posts", title, others, more)
                }
            };
            let hint =
                say!("tell them apart by their titles, or remove one if they are the same text");
            super::in_post_or_file(
                edition,
                title,
                posts[0],
                Diagnostic::warning("title-twice", message).hint(hint),
            )
        })
        .collect()
}

/// Returns a finding for the posts that do not say where they were first published, in an archive
/// where most do.
pub(super) fn sources(site: &Site) -> Vec<Diagnostic> {
    let without = || site.posts.iter().filter(|post| post.origin.is_none());
    if without().count() * 2 >= site.posts.len() {
        return Vec::new();
    }
    without()
        .map(|post| {
            Diagnostic::warning(
                "source-missing",
                say!("the post does not say where it was first published; most others do"),
            )
            .hint(say!("add `from:` with the address to its front matter"))
            .in_file(post.source.as_str())
        })
        .collect()
}

/// Returns a finding for each post that was first published at an address of this site that is not
/// there. Where the page links to that address, the link is reported instead.
pub(super) fn own_sources(edition: &Edition) -> Vec<Diagnostic> {
    let is_path = |origin: &str| origin.starts_with('/') || is_of_the_web(origin);
    let printed = |origin: &str| names_host(origin) && host_of(origin).is_some();
    let posts = edition.site.posts.iter().chain(&edition.site.pages);
    let origins = posts.filter_map(|post| {
        Some((post, post.origin.as_deref().filter(|origin| is_path(origin) && !printed(origin))?))
    });
    let dead = origins.filter(|(post, origin)| {
        matches!(meaning(edition, &post.route, origin), ReferenceMeaning::Missing(_))
    });
    dead.map(|(post, origin)| {
        let found = Diagnostic {
            severity: super::severity(post.kind),
            ..super::says(ReferenceKind::Link, origin)
        };
        super::in_post_or_file(edition, origin, post, found)
    })
    .collect()
}

/// Returns a finding for each tag that only one post has and that differs from a more frequent one
/// in case, in width, or in simplified and traditional characters alone.
pub(super) fn tags(edition: &Edition) -> Vec<Diagnostic> {
    let (site, config) = (&edition.site, &edition.config);
    let mut found = Vec::new();
    for (taxonomy, terms) in config.taxonomies.iter().zip(site.layout.terms.iter()) {
        let mut alike: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (id, term) in terms.iter().enumerate() {
            alike.entry(folded(&term.name)).or_default().push(id);
        }
        for ids in alike.into_values().filter(|ids| ids.len() > 1) {
            // The one that most posts have is right; of equals the first.
            let Some(right) = ids
                .iter()
                .copied()
                .max_by_key(|id| (terms[*id].posts.len(), std::cmp::Reverse(*id)))
            else {
                continue;
            };
            for id in ids.into_iter().filter(|id| *id != right && terms[*id].posts.len() == 1) {
                let (name, right) = (terms[id].name.as_str(), terms[right].name.as_str());
                // Those that differ in case alone have been told of when they were given their
                // pages.
                if fold_case(name) == fold_case(right) {
                    continue;
                }
                let post = &site.posts[terms[id].posts[0]];
                let message = say!(
                    "`{}` in {} is on this post only, and `{}` on others is the same",
                    name,
                    &taxonomy.name,
                    right
                );
                let finding = Diagnostic::warning("terms-alike", message)
                    .hint(say!("write `{}` here too", right));
                found.push(super::in_post_or_file(edition, name, post, finding));
            }
        }
    }
    found
}

/// Returns a name without what often differs in spellings of one.
fn folded(name: &str) -> String {
    let wide: String = name.nfkc().collect();
    fold_case(&simplified(&wide))
}

/// Rules of the keeper's own `_redirects` that lead to no page of the site, and those that nobody
/// can follow since a page stands at their old address.
pub(super) fn redirects(edition: &Edition) -> io::Result<Vec<Diagnostic>> {
    let Some((entry, _)) =
        edition.site.files.iter().find(|(_, route)| route.file() == "_redirects")
    else {
        return Ok(Vec::new());
    };
    let bytes = edition.source().read(&entry.path)?;
    let text = String::from_utf8_lossy(&bytes);
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let rule: Vec<&str> = line.split('#').next().unwrap_or("").split_whitespace().collect();
        let here = start..start + line.trim_end().len();
        start += line.len();
        // Patterns and conditions are the host's to understand.
        let [from, to, ..] = rule.as_slice() else { continue };
        if from.contains(['*', ':']) || to.contains(":splat") {
            continue;
        }
        let at = |address: &str| {
            let path = decode(address.split(['?', '#']).next().unwrap_or(address));
            let below =
                path.strip_prefix(&decode(edition.config.base.path())).unwrap_or(&path).to_owned();
            edition.plan.at(&below)
        };
        let own = edition.config.base.below_host(to).filter(|own| own.starts_with('/'));
        if own.is_some_and(|own| at(&own).is_none()) {
            let message =
                say!("the redirect from `{}` leads to no page of the site: `{}`", *from, *to);
            let hint = say!("correct its target, or remove the line");
            found.push(
                Diagnostic::error("redirect-orphan", message)
                    .hint(hint)
                    .at(&text, here)
                    .in_file(entry.path.as_str()),
            );
        } else if rule.len() <= 3 && !seen.insert((*from).to_owned()) {
            let message = say!("`{}` is redirected by an earlier line already", *from);
            found.push(
                Diagnostic::warning("redirect-twice", message)
                    .at(&text, here)
                    .in_file(entry.path.as_str()),
            );
        }
    }
    // The program's own rules are not written where the keeper has a file of that name.
    for (from, _) in &edition.plan.redirects {
        if edition.plan.place(from).is_none_or(|at| edition.plan.routes[at].0 != *from) {
            let message = say!(
                "the old address {} has no page of its own, and your `_redirects` stands in place of the one that would name it",
                from.path()
            );
            found.push(Diagnostic::warning("redirect-lost", message).in_file(entry.path.as_str()));
        }
    }
    Ok(found)
}
