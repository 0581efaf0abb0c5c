//! What posts are called in links: `[[文]]`, `[[a/文]]`, `{% post_link 文 %}`,
//! `{{< ref "a/文.md" >}}`.

use std::cmp::Reverse;
use std::sync::Arc;

use foldhash::{HashMap, HashMapExt};

use super::PostId;
use crate::folder;
use crate::post::{self, Post};
use crate::route::fold_case;

/// Posts by the name of their file, or of the folder that is theirs, and by their other names;
/// without capitals.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    posts: HashMap<String, Called>,
}

/// Hardly ever more than one post.
#[derive(Clone, Debug)]
struct Called {
    first: PostId,
    others: Vec<PostId>,
}

/// How well a post is meant by a name; the least is best.
type Rank<'p> = (Nearness, usize, &'p str);

/// By how many folders of the name, and whether the case is that of the name.
type Nearness = (Reverse<usize>, bool);

impl Names {
    pub(super) fn new(posts: &[Arc<Post>], posts_folder: &str) -> Names {
        let mut names = Names { posts: HashMap::with_capacity(posts.len()) };
        for (id, post) in posts.iter().enumerate() {
            let called = post::called(&post.source, posts_folder);
            names.put(called.rsplit('/').next().unwrap_or(called), id);
            for name in &post.names {
                names.put(name, id);
            }
        }
        names
    }

    fn put(&mut self, name: &str, id: PostId) {
        let called = self.posts.entry(fold_case(&folder::name(name)));
        called
            .and_modify(|called| called.others.push(id))
            .or_insert(Called { first: id, others: Vec::new() });
    }

    /// Returns the posts that a name may mean, the best first; the others are there only if they
    /// fit as well. The folders of a name are compared from their end. Of several posts the one in
    /// the fewest folders is the best, as in Obsidian.
    pub(super) fn meant<'p>(
        &self,
        name: &str,
        posts: &'p [Arc<Post>],
        posts_folder: &str,
    ) -> Vec<&'p Post> {
        let name = folder::name(name.trim_matches('/'));
        let whole = self.posts.get(&fold_case(&name));
        let Some(Called { first, others }) =
            whole.or_else(|| self.posts.get(&fold_case(name.rsplit('/').next()?)))
        else {
            return Vec::new();
        };
        let mut candidates: Vec<(Rank<'p>, bool, &'p Post)> = Vec::with_capacity(1 + others.len());
        for post in std::iter::once(first).chain(others).map(|id| &*posts[*id]) {
            let called = post::called(&post.source, posts_folder);
            let path = called
                .strip_prefix(posts_folder)
                .map_or(called, |below| below.trim_start_matches('/'));
            let (nearness, is_path) = nearness(&name, &folder::name(path));
            candidates.push((
                (nearness, path.matches('/').count(), post.source.as_str()),
                is_path,
                post,
            ));
        }
        candidates.sort_by_key(|(rank, ..)| *rank);
        candidates.dedup_by(|(.., a), (.., b)| a.source == b.source);
        let Some(((best, ..), is_path, _)) = candidates.first() else { return Vec::new() };
        let rivals = candidates.iter().take_while(|((nearness, ..), ..)| nearness == best).count();
        let count = if *is_path { 1 } else { rivals };
        candidates.iter().take(count).map(|(.., post)| *post).collect()
    }
}

/// Returns how near a name is to a path, and whether it is the whole path.
fn nearness(name: &str, path: &str) -> (Nearness, bool) {
    let shared = |same: fn(&str, &str) -> bool| {
        name.rsplit('/').zip(path.rsplit('/')).take_while(|(a, b)| same(a, b)).count()
    };
    let folded = shared(|a, b| fold_case(a) == fold_case(b));
    ((Reverse(folded), shared(|a, b| a == b) < folded), name == path)
}
