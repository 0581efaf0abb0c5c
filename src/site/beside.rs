//! Files that lie beside posts: those that a post names are published with it.

use std::collections::BTreeMap;
use std::sync::Arc;

use foldhash::{HashMap, HashMapExt};

use crate::diagnostic::Diagnostic;
use crate::folder;
use crate::post::Post;
use crate::route::{Route, UnsafeRoute};
use crate::source::{Entry, SourcePath};

/// A file that a post names, and where it is published.
pub(super) struct Attached {
    pub(super) entry: Entry,
    pub(super) route: Route,
    /// The post that it is published with.
    pub(super) post: SourcePath,
}

/// Gives each of the files found in the folder of posts to the post that names it: to the one whose own folder it lies in, else to
/// the first by path. What nobody names is told of, a line for each folder.
pub(super) fn attach<'p>(
    posts: impl Iterator<Item = &'p Arc<Post>>,
    found: Vec<Entry>,
    posts_folder: &str,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Attached> {
    if found.is_empty() {
        return Vec::new();
    }
    let mut places: HashMap<String, usize> = HashMap::with_capacity(found.len());
    for (index, entry) in found.iter().enumerate() {
        places.entry(folder::name(entry.path.as_str())).or_insert(index);
    }
    let mut named: BTreeMap<usize, &Arc<Post>> = BTreeMap::new();
    for post in posts {
        for address in &post.beside {
            let Some(index) = post.files_meant(address).iter().find_map(|path| places.get(path)) else { continue };
            let rank = |post: &Post| (!post.has_in_own_folder(&found[*index].path), post.source.clone());
            named.entry(*index).and_modify(|first| *first = if rank(post) < rank(first) { post } else { first }).or_insert(post);
        }
    }
    let mut attached = Vec::with_capacity(named.len());
    let mut left: BTreeMap<String, usize> = BTreeMap::new();
    for (index, entry) in found.into_iter().enumerate() {
        match named.get(&index) {
            Some(post) => match post.route_of(&entry.path) {
                Ok(route) => attached.push(Attached { entry, route, post: post.source.clone() }),
                Err(UnsafeRoute(why)) => {
                    diagnostics.push(Diagnostic::error("file-name", say!("not published: {}", why)).in_file(entry.path.as_str()));
                }
            },
            None if is_foreign_text(&entry.path) => {
                let hint = say!("posts are .md, .markdown or .html; what is to be copied belongs into static/, not {}/", posts_folder);
                let diagnostic = Diagnostic::warning("not-a-post", say!("not a post, and not published")).hint(hint);
                diagnostics.push(diagnostic.in_file(entry.path.as_str()));
            }
            None => *left.entry(entry.path.as_str().rsplit_once('/').map_or("", |(folder, _)| folder).to_owned()).or_default() += 1,
        }
    }
    for (folder, count) in left {
        let message = say!("{} file(s) that no post names are not published", count);
        let hint = say!("what is to be copied as it is belongs into static/");
        diagnostics.push(Diagnostic::note("file-unnamed", message).hint(hint).in_file(&folder));
    }
    attached
}

/// Whether a file holds an article in a form that is not read.
fn is_foreign_text(path: &SourcePath) -> bool {
    const FORMS: [&str; 15] =
        ["txt", "text", "rst", "org", "adoc", "asciidoc", "textile", "mdx", "tex", "ipynb", "doc", "docx", "rtf", "odt", "wiki"];
    FORMS.contains(&path.extension().as_str())
}

/// Where files beside posts are published, by their paths as links spell them.
#[derive(Clone, Debug, Default)]
pub(super) struct Beside {
    routes: HashMap<String, Route>,
}

impl Beside {
    pub(super) fn of<'f>(files: impl Iterator<Item = &'f (Entry, Route)>) -> Beside {
        Beside { routes: files.map(|(entry, route)| (folder::name(entry.path.as_str()), route.clone())).collect() }
    }

    /// The route of the file that an address in a post means.
    pub(super) fn meant(&self, post: &Post, address: &str) -> Option<&Route> {
        if self.routes.is_empty() || address.starts_with('/') {
            return None;
        }
        post.files_meant(address).iter().find_map(|path| self.routes.get(path))
    }
}
