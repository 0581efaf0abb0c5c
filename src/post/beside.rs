//! Where a post lies: what it is called by, and the files beside it that it names.
//!
//! An article may be a file, `2023/名.md`, or a folder that holds it with its pictures:
//! `2023/名/index.md` (Hugo, Zola, exporters of WeChat) or `2023/名/名.md`. Hexo keeps the pictures
//! of `名.md` in the folder `名`.

use super::Post;
use crate::folder;
use crate::route::{Route, UnsafeRoute, decode, is_relative, split_path};
use crate::source::SourcePath;

/// Endings of files that are posts themselves.
pub const TEXTS: [&str; 7] = ["md", "markdown", "mkd", "mkdn", "mkdown", "html", "htm"];

/// Returns the path of an article without its ending, as it is called: an article that has a folder
/// of its own is called by that.
pub fn called<'p>(path: &'p SourcePath, posts: &str) -> &'p str {
    let path_of_stem =
        &path.as_str()[..path.as_str().len() - path.file_name().len() + path.stem().len()];
    let Some((folder, _)) = path_of_stem.rsplit_once('/').filter(|(folder, _)| *folder != posts)
    else {
        return path_of_stem;
    };
    let name = folder.rsplit('/').next().unwrap_or(folder);
    if path.stem() == "index" || path.stem() == name { folder } else { path_of_stem }
}

/// What Pelican's addresses name: `{filename}x.md`, `{static}/images/x.png`, `|filename|x.md`,
/// `{tag}甲`, `{index}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PelicanLink<'a> {
    /// From the folder of the text, or with a slash from that of all.
    File(&'a str),
    Term {
        taxonomy: &'static str,
        name: &'a str,
    },
    Home,
}

/// Returns what an address of Pelican's means.
pub fn of_pelican(address: &str) -> Option<PelicanLink<'_>> {
    let (kind, rest) = match address.as_bytes().first()? {
        b'{' => address[1..].split_once('}')?,
        b'|' => address[1..].split_once('|')?,
        _ => return None,
    };
    let term = |taxonomy| PelicanLink::Term { taxonomy, name: split_path(rest).0 };
    Some(match kind {
        "filename" | "static" | "attach" | "photo" | "image" => PelicanLink::File(rest),
        "tag" => term("tags"),
        "category" => term("categories"),
        "author" => term("authors"),
        "index" => PelicanLink::Home,
        _ => return None,
    })
}

/// Returns a relative address of a file. Pelican's name the folder of all texts by a slash, where
/// the end of a path finds them.
fn relative(address: &str) -> Option<&str> {
    match of_pelican(address) {
        Some(PelicanLink::File(path)) => Some(path.trim_start_matches('/')),
        Some(_) => None,
        None => Some(address).filter(|address| is_relative(address)),
    }
}

/// Returns whether an address in a text may mean a file that lies beside it: it is relative and has
/// an ending that no text has.
pub(super) fn may_be_beside(address: &str) -> bool {
    if relative(address).is_none() {
        return false;
    }
    let path = split_path(address).0;
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    // `.htaccess` is for the host, not for readers.
    !name.starts_with('.')
        && !ending.is_empty()
        && !ending.contains('%')
        && !TEXTS.iter().any(|text| ending.eq_ignore_ascii_case(text))
}

/// Returns the path that an address spells. Typora on Windows writes `图\1.png`.
fn written(address: &str) -> String {
    decode(split_path(relative(address).unwrap_or(address)).0).replace('\\', "/")
}

/// Returns the end of a path by which an address may mean a file wherever it lies, as Obsidian
/// finds attachments.
pub fn end_of_path(address: &str) -> Option<String> {
    let written = written(address);
    let is_end = relative(address).is_some()
        && !written.split('/').any(|segment| matches!(segment, "" | "." | ".."));
    is_end.then(|| folder::name(&written))
}

impl Post {
    /// Returns the files that an address in the post may mean, as links spell their paths: from the
    /// folder of its file, and from the folder that is called as the post is.
    pub fn files_meant(&self, address: &str) -> [String; 2] {
        let (folder, own) = self.folders();
        let written = written(address);
        let from = |folder: &str| {
            let mut segments: Vec<&str> =
                folder.split('/').filter(|segment| !segment.is_empty()).collect();
            for segment in written.split('/') {
                match segment {
                    "" | "." => {}
                    ".." => drop(segments.pop()),
                    segment => segments.push(segment),
                }
            }
            folder::name(&segments.join("/"))
        };
        [from(folder), from(own)]
    }

    /// Returns the folders that are the post's alone.
    pub fn own_folders(&self) -> impl Iterator<Item = &str> {
        let (folder, own) = self.folders();
        let is_own_folder = folder == called(&self.source, "");
        is_own_folder.then_some(folder).into_iter().chain([own])
    }

    /// Returns whether a file lies in the folder that is the post's alone.
    pub fn has_in_own_folder(&self, file: &SourcePath) -> bool {
        self.own_folders().any(|folder| file.below(folder).is_some())
    }

    /// Returns where a file is published with the post: below its address, or beside it where that
    /// is a file. The folders that post and file share are left out, and the one that is called as
    /// the post is. What lies in that is below the page all the same, as in Hexo, whose
    /// `posts/1.html` has its pictures at `posts/1/` (`lib/models/post_asset`).
    pub fn route_of(&self, file: &SourcePath) -> Result<Route, UnsafeRoute> {
        let (folder, own) = self.folders();
        if let Some(below) = file.below(own) {
            return self.route_below(below);
        }
        let below = file.below(folder).unwrap_or_else(|| {
            let shared = folder
                .split('/')
                .zip(file.as_str().split('/'))
                .take_while(|(a, b)| a == b)
                .map(|(a, _)| a.len() + 1)
                .sum();
            &file.as_str()[shared..]
        });
        let path = self.route.path();
        file_at(&format!(
            "{}{}",
            &path[..=path.rfind('/').unwrap_or_default()],
            folder::name(below)
        ))
    }

    /// Returns where a file is published whose place beside the post another file has.
    pub fn second_route_of(&self, file: &SourcePath) -> Result<Route, UnsafeRoute> {
        self.own_folders()
            .find_map(|own| file.below(own))
            .map_or_else(|| self.route_of(file), |below| self.route_below(below))
    }

    /// Returns the route of a file in the folder that the page has, or that is called as the page
    /// is.
    fn route_below(&self, below: &str) -> Result<Route, UnsafeRoute> {
        let path = self.route.path();
        let page =
            [".html", ".htm"].iter().find_map(|ending| path.strip_suffix(ending)).unwrap_or(path);
        file_at(&format!("{}/{}", page.trim_end_matches('/'), folder::name(below)))
    }

    /// Returns the folder of the post's file, and the one that is called as the file is.
    fn folders(&self) -> (&str, &str) {
        let path = self.source.as_str();
        (
            path.rsplit_once('/').map_or("", |(folder, _)| folder),
            path.rsplit_once('.').map_or(path, |(own, _)| own),
        )
    }
}

/// Returns the route of a file. Its folder, and the post's address, may begin with a dot, `/.NET/`;
/// what is hidden was not found.
fn file_at(path: &str) -> Result<Route, UnsafeRoute> {
    Ok(Route::parse(path)?.as_file())
}
