//! Covers that are not there. A list shows them before anybody opens the post, so they are told
//! when the site is laid out.

use rayon::prelude::*;

use super::Plan;
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Severity};
use crate::post::{Post, place_of_cover};
use crate::route::{decode, split_path};
use crate::site::Site;
use crate::source::Source;

/// Returns what is said of a picture's file that is not there.
pub fn not_there(address: &str) -> Diagnostic {
    Diagnostic::error("image-missing", say!("the file `{}` is not there", decode(address)))
        .hint(say!("put it into static/, or correct its address"))
}

/// Returns the path on the host that the cover of a post means, where nothing is there.
pub fn missing_cover(plan: &Plan, site: &Site, config: &Config, post: &Post) -> Option<String> {
    let base = &config.base;
    let cover = post.cover.as_deref()?;
    let reference = base.below_host(cover)?;
    let path = split_path(&reference).0;
    if path.is_empty() || site.file_beside(post, cover).is_some() {
        return None;
    }
    // A post may leave out the site's own sub-path.
    let meant = base.path_on_host(&post.route, path);
    let is_there = |path: &str| plan.at(path).is_some();
    let is_found =
        meant.strip_prefix(&decode(base.path())).is_some_and(is_there) || is_there(&meant);
    (!is_found).then_some(meant)
}

/// Returns a finding, with its place, for each cover that a post names and that is not there.
/// Covers that `defaults` name are reported by the check.
pub fn missing_covers(
    plan: &Plan,
    source: &dyn Source,
    site: &Site,
    config: &Config,
) -> Vec<Diagnostic> {
    let posts: Vec<&Post> = site
        .posts
        .iter()
        .chain(&site.pages)
        .map(|post| &**post)
        .filter(|post| post.says_cover)
        .collect();
    let found = posts.into_par_iter().filter_map(|post| {
        missing_cover(plan, site, config, post)?;
        let cover = post.cover.as_deref()?;
        let place = place_of_cover(&source.read(&post.source).ok()?, config, cover)?;
        let told =
            Diagnostic { severity: Severity::Warning, place: Some(place), ..not_there(cover) };
        Some(told.in_file(post.source.as_str()))
    });
    found.collect()
}
