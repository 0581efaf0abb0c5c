//! The posts that tags are suggested for.

use std::io;
use std::path::{Path, PathBuf};

use crate::config::Config;
use crate::diagnostic::{Diagnostic, Failure};
use crate::project::{below, resolved};
use crate::site::{is_post, is_text};
use crate::source::{Directory, Skipped, Source, SourcePath};

/// Returns all posts of the site, and what else lies in their folder.
pub(super) fn find_all(
    source: &Directory,
    config: &Config,
) -> io::Result<(Vec<SourcePath>, Vec<Skipped>)> {
    let listing = source.list(&config.posts)?;
    let mut posts = Vec::with_capacity(listing.files.len());
    for path in listing.files.into_iter().map(|entry| entry.path).filter(is_text) {
        if is_post(source, config, &path)? {
            posts.push(path);
        }
    }
    Ok((posts, listing.skipped))
}

/// Returns the posts meant by paths that were typed. If one of them means none, nothing is done for
/// the others.
pub(super) fn find_named(
    files: &[PathBuf],
    posts: &[SourcePath],
    source: &Directory,
    config: &Config,
) -> Result<Vec<SourcePath>, Failure> {
    let root = resolved(source.root())?;
    let mut found = Vec::with_capacity(files.len());
    let mut wrong = Vec::new();
    for file in files {
        // From the current folder first, as everywhere on a command line.
        let mut readings = vec![resolved(file)?, resolved(&root.join(file))?];
        // Behind a folder that is a link, as it is typed.
        readings.extend(below(file, source.root()).map(|below| root.join(below)));
        readings.push(root.join(file));
        let below =
            |path: &Path| path.strip_prefix(&root).ok().map(|path| SourcePath::new(slashed(path)));
        let spelled = |path: &Path| below(path).filter(|path| posts.binary_search(path).is_ok());
        if let Some(post) = readings.iter().find_map(|path| spelled(path)) {
            if !found.contains(&post) {
                found.push(post);
            }
        } else {
            let exists = readings.iter().any(|path| path.exists());
            let message = if exists {
                say!("{} is not a post of {}/", file.display(), &config.posts)
            } else {
                say!("{} does not exist", file.display())
            };
            wrong.push(
                Diagnostic::error("command", message)
                    .hint(say!("name posts by their path, such as posts/2023-04-11-标题.md")),
            );
        }
    }
    if wrong.is_empty() { Ok(found) } else { Err(Failure::Unusable(wrong)) }
}

/// Returns a path as [`Source::list`] spells it.
fn slashed(path: &Path) -> String {
    let path = path.to_string_lossy();
    if cfg!(windows) { path.replace('\\', "/") } else { path.into_owned() }
}
