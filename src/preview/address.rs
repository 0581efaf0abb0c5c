//! What stands at the path of a request, by the rules of static hosts: a folder has its slash, a
//! file its name, and everything lies below the base path.

use crate::config::Config;
use crate::plan::Plan;
use crate::route::{Route, decode, encode_path};

/// What a path leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum PathTarget {
    /// A page: its place in the plan.
    Page(usize),
    /// It is elsewhere: the href.
    Moved(String),
    Missing,
}

/// Returns the path below the site's base, decoded; none where it lies outside.
pub(super) fn below_base(config: &Config, path: &str) -> Option<String> {
    let path = decode(path);
    let rest = path.strip_prefix(&decode(config.base.path()))?;
    rest.starts_with('/').then(|| rest.to_owned())
}

/// Finds what stands at the path of a request.
pub(super) fn find(plan: &Plan, config: &Config, path: &str) -> PathTarget {
    let Some(below) = below_base(config, path) else {
        let is_above = decode(path) == "/" || decode(path) == decode(config.base.path());
        return if is_above {
            PathTarget::Moved(config.base.href(&Route::root()))
        } else {
            PathTarget::Missing
        };
    };
    let target = |route: &Route| {
        if config.base.names_files() {
            config.base.file_href(route)
        } else {
            config.base.href(route)
        }
    };
    if let Some(at) = plan.at(&below).and_then(|route| plan.place(&route)) {
        let route = &plan.routes[at].0;
        // A file `index.html` that is copied stands at its folder, as a page does.
        let file = format!("/{}", route.file());
        let folder = file.strip_suffix("index.html").filter(|folder| folder.ends_with('/'));
        let is_here = below == route.path()
            || below == file
            || folder == Some(&below)
            || file.strip_suffix(".html") == Some(&below);
        return if is_here {
            PathTarget::Page(at)
        } else if folder == Some(&format!("{below}/")) {
            PathTarget::Moved(format!(
                "{}{}",
                config.base.path(),
                encode_path(&format!("{below}/"))
            ))
        } else {
            PathTarget::Moved(config.base.href(route))
        };
    }
    // An old address that differs from its new one in case only has no page of its own.
    let old = Route::parse(&below)
        .ok()
        .and_then(|route| plan.redirects.binary_search_by(|(from, _)| from.cmp(&route)).ok());
    old.map_or(PathTarget::Missing, |at| PathTarget::Moved(target(&plan.redirects[at].1)))
}
