//! Files that lie beside posts: those that a post names are published with it. What does not lie
//! where its address says is looked for by name among all of them, as Obsidian finds attachments.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use foldhash::{HashMap, HashMapExt};
use serde::{Deserialize, Serialize};

use crate::diagnostic::Diagnostic;
use crate::folder;
use crate::post::{Post, end_of_path};
use crate::route::{Route, UnsafeRoute, fold_case};
use crate::source::{SourceFile, SourcePath};

/// A file that a post names, and where it is published.
pub(super) struct Attachment {
    pub(super) entry: SourceFile,
    pub(super) route: Route,
    /// The post that it is published with.
    pub(super) post: SourcePath,
}

/// Names in posts that mean a file which does not lie where they say: the post, the end of the
/// file's path, the file.
pub(super) type ByName = HashMap<(SourcePath, String), SourcePath>;

/// Files by the ends of their paths, capitals or not.
struct FileIndex {
    ends: HashMap<String, Candidates>,
}

/// The files with the fewest folders above that an end of a path may mean.
struct Candidates {
    depth: usize,
    /// Some of them, the first by path in front.
    files: Vec<usize>,
    count: usize,
}

impl FileIndex {
    /// Returns the index of all files but those in folders that are a post's alone: `1.png` there
    /// belongs to that post.
    fn new(files: &[SourceFile], owned: &HashSet<&str>) -> FileIndex {
        /// Files of one name that are told.
        const TOLD: usize = 4;
        let mut ends: HashMap<String, Candidates> = HashMap::new();
        for (index, entry) in files.iter().enumerate() {
            let path = entry.path.as_str();
            let slashes = || path.match_indices('/').map(|(at, _)| at);
            if slashes().any(|at| owned.contains(&path[..at])) {
                continue;
            }
            let folded = fold_case(&folder::name(path));
            let depth = slashes().count();
            let begins = std::iter::once(0).chain(folded.match_indices('/').map(|(at, _)| at + 1));
            for end in begins.map(|begin| &folded[begin..]) {
                let fresh = || Candidates { depth, files: Vec::new(), count: 0 };
                let found = ends.entry(end.to_owned()).or_insert_with(fresh);
                if depth < found.depth {
                    *found = fresh();
                }
                if depth == found.depth {
                    found.count += 1;
                    if found.files.len() < TOLD {
                        found.files.push(index);
                    }
                }
            }
        }
        FileIndex { ends }
    }

    fn meant(&self, end: &str) -> Option<&Candidates> {
        self.ends.get(&fold_case(end))
    }
}

/// Gives each of the files found in the folder of posts to the post that names it: to the one whose
/// own folder it lies in, else to the first by path. What nobody names is told of, a line for each
/// folder.
pub(super) fn attach<'p>(
    posts: impl Iterator<Item = &'p Arc<Post>> + Clone,
    found: Vec<SourceFile>,
    posts_folder: &str,
    diagnostics: &mut Vec<Diagnostic>,
) -> (Vec<Attachment>, ByName) {
    let mut by_name = ByName::new();
    if found.is_empty() {
        return (Vec::new(), by_name);
    }
    let mut places: HashMap<String, usize> = HashMap::with_capacity(found.len());
    for (index, entry) in found.iter().enumerate() {
        places.entry(folder::name(entry.path.as_str())).or_insert(index);
    }
    let mut named: BTreeMap<usize, &Arc<Post>> = BTreeMap::new();
    // Few sites ask for a file by its name alone.
    let mut by_end: Option<FileIndex> = None;
    for post in posts.clone() {
        for address in &post.beside {
            let beside = post.files_meant(address).iter().find_map(|path| places.get(path));
            let index = if let Some(index) = beside {
                index
            } else {
                let Some(end) = end_of_path(address) else { continue };
                let owned = || {
                    posts
                        .clone()
                        .flat_map(|post| post.own_folders())
                        .filter(|own| *own != posts_folder)
                        .collect()
                };
                let by_end = by_end.get_or_insert_with(|| FileIndex::new(&found, &owned()));
                let Some(candidates) = by_end.meant(&end) else { continue };
                let index = &candidates.files[0];
                if candidates.count > 1 {
                    diagnostics
                        .push(ambiguous(&end, candidates, &found).in_file(post.source.as_str()));
                }
                by_name.insert((post.source.clone(), end), found[*index].path.clone());
                index
            };
            let rank =
                |post: &Post| (!post.has_in_own_folder(&found[*index].path), post.source.clone());
            named
                .entry(*index)
                .and_modify(|first| *first = if rank(post) < rank(first) { post } else { first })
                .or_insert(post);
        }
    }
    let mut attached = Vec::with_capacity(named.len());
    let mut left: BTreeMap<String, usize> = BTreeMap::new();
    let mut taken: HashSet<String> = HashSet::with_capacity(named.len());
    for (index, entry) in found.into_iter().enumerate() {
        match named.get(&index) {
            Some(post) => match post.route_of(&entry.path).and_then(|route| {
                // Two posts whose addresses are files of one folder may have a `1.png` each.
                if taken.insert(route.collision_key()) {
                    Ok(route)
                } else {
                    post.second_route_of(&entry.path)
                }
            }) {
                Ok(route) => attached.push(Attachment { entry, route, post: post.source.clone() }),
                Err(UnsafeRoute(why)) => {
                    diagnostics.push(
                        Diagnostic::error("file-name", say!("not published: {}", why))
                            .in_file(entry.path.as_str()),
                    );
                }
            },
            None if is_foreign_text(&entry.path) => {
                let hint = say!(
                    "posts are .md, .markdown or .html; what is to be copied belongs into static/, not {}/",
                    posts_folder
                );
                let diagnostic =
                    Diagnostic::warning("not-a-post", say!("not a post, and not published"))
                        .hint(hint);
                diagnostics.push(diagnostic.in_file(entry.path.as_str()));
            }
            None => {
                *left
                    .entry(
                        entry
                            .path
                            .as_str()
                            .rsplit_once('/')
                            .map_or("", |(folder, _)| folder)
                            .to_owned(),
                    )
                    .or_default() += 1;
            }
        }
    }
    for (folder, count) in left {
        let message = say!("{} file(s) that no post names are not published", count);
        let hint = say!("what is to be copied as it is belongs into static/");
        diagnostics.push(Diagnostic::note("file-unnamed", message).hint(hint).in_file(&folder));
    }
    (attached, by_name)
}

/// Returns what is said where a name may mean several files.
fn ambiguous(name: &str, candidates: &Candidates, files: &[SourceFile]) -> Diagnostic {
    let paths: Vec<String> =
        candidates.files.iter().map(|index| format!("`{}`", files[*index].path)).collect();
    let message = say!(
        "`{}` may be any of {} files, and the first is taken: {}",
        name,
        candidates.count,
        paths
    );
    Diagnostic::warning("file-ambiguous", message)
        .hint(say!("name it with the folder that it lies in"))
}

/// Returns whether a file holds an article in a form that is not read.
fn is_foreign_text(path: &SourcePath) -> bool {
    const FORMS: [&str; 15] = [
        "txt", "text", "rst", "org", "adoc", "asciidoc", "textile", "mdx", "tex", "ipynb", "doc",
        "docx", "rtf", "odt", "wiki",
    ];
    FORMS.contains(&path.extension().as_str())
}

/// Where files beside posts are published, by their paths as links spell them.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Beside {
    routes: HashMap<String, Route>,
    by_name: HashMap<(SourcePath, String), Route>,
}

impl Beside {
    pub(super) fn new<'f>(
        files: impl Iterator<Item = &'f (SourceFile, Route)>,
        by_name: ByName,
    ) -> Beside {
        let routes: HashMap<String, Route> = files
            .map(|(entry, route)| (folder::name(entry.path.as_str()), route.clone()))
            .collect();
        let route_of = |file: &SourcePath| routes.get(&folder::name(file.as_str())).cloned();
        let by_name =
            by_name.into_iter().filter_map(|(name, file)| Some((name, route_of(&file)?))).collect();
        Beside { routes, by_name }
    }

    /// Returns the route of the file that an address in a post means.
    pub(super) fn meant(&self, post: &Post, address: &str) -> Option<&Route> {
        if self.routes.is_empty() || address.starts_with('/') {
            return None;
        }
        let beside = post.files_meant(address).iter().find_map(|path| self.routes.get(path));
        beside.or_else(|| {
            self.by_name.get(&(
                post.source.clone(),
                end_of_path(address).filter(|_| !self.by_name.is_empty())?,
            ))
        })
    }
}
