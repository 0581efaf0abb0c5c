//! Folders of posts that have a page of their own: those with an `_index.md`.

use std::sync::Arc;

use foldhash::HashMap;

use super::PostId;
use crate::post::{Post, PostKind};

/// For each page, the posts of its folder and of the folders in it, in their order; none for pages
/// that stand alone.
pub(super) fn collect(pages: &[Arc<Post>], posts: &[Arc<Post>]) -> Vec<Vec<PostId>> {
    let mut sections = vec![Vec::new(); pages.len()];
    let folders: HashMap<&str, usize> = pages
        .iter()
        .enumerate()
        .filter(|(_, page)| page.kind == PostKind::Section)
        .filter_map(|(id, page)| Some((page.source.as_str().rsplit_once('/')?.0, id)))
        .collect();
    if folders.is_empty() {
        return sections;
    }
    for (id, post) in posts.iter().enumerate() {
        let mut path = post.source.as_str();
        while let Some((folder, _)) = path.rsplit_once('/') {
            if let Some(section) = folders.get(folder) {
                sections[*section].push(id);
            }
            path = folder;
        }
    }
    sections
}
