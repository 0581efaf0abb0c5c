//! What articles ask of the site around them, and its answers.

use unicode_normalization::is_nfc;

use super::Edition;
use crate::article::{NamedPost, SiteLinks};
use crate::folder;
use crate::image;
use crate::plan::RouteRole;
use crate::post::{PelicanLink, Post, of_pelican};
use crate::relative;
use crate::route::{Route, decode, encode_path, has_scheme, split_path};
use crate::source::{self, SourcePath};

/// Returns a reference with its marks on their letters, if it is written otherwise: `e` and an
/// accent instead of `é`.
fn composed(reference: &str) -> Option<String> {
    if reference.is_ascii() && !reference.contains('%') {
        return None;
    }
    let (path, rest) = split_path(reference);
    let path = decode(path);
    (!is_nfc(&path)).then(|| format!("{}{rest}", encode_path(&folder::name(&path))))
}

impl SiteLinks for Edition {
    /// Resolves a reference: one to a source file (`../2023/x.md`) becomes the post's address, a
    /// path of this site gets the base path.
    fn resolve(&self, post: &Post, reference: &str) -> Option<String> {
        if has_scheme(reference) || reference.starts_with(['#', '?']) || reference.starts_with("//")
        {
            return None;
        }
        // Files have composed names (`folder::name`), so links have as well.
        if let Some(composed) = composed(reference) {
            let is_there = || {
                relative::target(
                    &composed,
                    &self.config.base.href(&post.route),
                    &self.plan,
                    &self.config.base,
                )
                .is_some()
            };
            return self.resolve(post, &composed).or_else(|| is_there().then(|| composed.clone()));
        }
        if let Some(address) = self.plan.beside(&self.site, &self.config, post, reference) {
            return Some(address);
        }
        match of_pelican(reference) {
            Some(PelicanLink::File(path)) => {
                return self
                    .resolve(post, path)
                    .or_else(|| path.starts_with('/').then(|| path.to_owned()));
            }
            Some(PelicanLink::Term { taxonomy, name }) => {
                let term = self.site.term(self.config.taxonomy(taxonomy)?, &decode(name))?;
                return Some(self.route_href(&term.route));
            }
            Some(PelicanLink::Home) => return Some(self.route_href(&Route::root())),
            None => {}
        }
        let (path, rest) = split_path(reference);
        if [".md", ".markdown"].iter().any(|extension| path.ends_with(extension))
            && let Some(found) = self.by_reference(post, &decode(path))
        {
            return Some(format!("{}{rest}", self.href(found)));
        }
        if self.config.base.names_files() {
            let base = &self.config.base;
            let (to, rest) =
                relative::target(reference, &base.href(&post.route), &self.plan, base)?;
            return Some(format!("{}{rest}", base.file_href(&to)));
        }
        self.plan.local_href(&self.config, reference)
    }

    fn post_named(&self, name: &str) -> Option<NamedPost> {
        let meant = self.site.named(name, &self.config);
        let post = *meant.first()?;
        let rivals = if meant.len() > 1 {
            meant.iter().map(|post| post.source.to_string()).collect()
        } else {
            Vec::new()
        };
        Some(NamedPost { href: self.href(post), title: post.title.clone(), rivals })
    }

    fn file(&self, post: &Post, reference: &str) -> Option<&source::SourceFile> {
        let composed = composed(reference);
        let reference = composed.as_deref().unwrap_or(reference);
        let base = &self.config.base;
        let beside = self.site.file_beside(post, reference).cloned();
        let route = beside.or_else(|| {
            Some(relative::target(reference, &base.href(&post.route), &self.plan, base)?.0)
        })?;
        let Some(RouteRole::File(index)) = self.plan.get(&route) else { return None };
        Some(&self.site.files[*index].0)
    }

    fn image_size(&self, file: &source::SourceFile) -> Option<(usize, usize)> {
        image::size(&self.source.read_part(&file.path, 0..image::START).ok()?)
    }

    fn include(&self, name: &str) -> Option<String> {
        self.site.includes.get(name).cloned()
    }
}

impl Edition {
    fn route_href(&self, route: &Route) -> String {
        let base = &self.config.base;
        if base.names_files() { base.file_href(route) } else { base.href(route) }
    }

    /// Returns what an article holds to reach another post.
    fn href(&self, post: &Post) -> String {
        let base = &self.config.base;
        if base.names_files() {
            base.file_href(&post.route)
        } else {
            format!("{}{}", base.path(), post.href())
        }
    }

    /// Returns the post that a path means: from the post's own folder, from the site's root, from
    /// the folder of posts, or by its name.
    fn by_reference(&self, post: &Post, path: &str) -> Option<&Post> {
        let folder = post.source.as_str().rsplit_once('/').map_or("", |(folder, _)| folder);
        let mut segments: Vec<&str> =
            if path.starts_with('/') { Vec::new() } else { folder.split('/').collect() };
        for segment in path.split('/') {
            match segment {
                "" | "." => {}
                ".." => {
                    segments.pop();
                }
                segment => segments.push(segment),
            }
        }
        // Obsidian counts from the folder of the notes, or names the note alone.
        let from_posts = || format!("{}/{}", self.config.posts, path.trim_start_matches('/'));
        let called = || match &self.site.named(path.rsplit_once('.')?.0, &self.config)[..] {
            [post] if !path.contains("..") => Some(*post),
            _ => None,
        };
        let there = |path: String| self.site.by_source(&SourcePath::new(path));
        there(segments.join("/"))
            .or_else(|| there(path.to_owned()))
            .or_else(|| there(from_posts()))
            .or_else(called)
    }
}
