//! What is found in the site's folders: posts, pages, files to copy, `data/` and `includes/`.

use std::collections::BTreeMap;
use std::io;

use serde_yaml::Value;

use super::addresses::OF_HOSTS;
use crate::config::Config;
use crate::config::folders::{DATA, INCLUDES, PAGES, STATIC};
use crate::date;
use crate::diagnostic::Diagnostic;
use crate::folder;
use crate::front_matter::{self, KNOWN_KEYS};
use crate::post::{self, TEXTS};
use crate::route::{Route, UnsafeRoute};
use crate::source::{Source, SourceFile, SourcePath};
use crate::yaml::{Node, with_text_keys};

/// What is found in the folders that addresses come from.
#[derive(Default)]
pub(super) struct Sources {
    pub(super) posts: Vec<SourceFile>,
    /// Other files in the folder of posts, which posts may name.
    pub(super) beside: Vec<SourceFile>,
    pub(super) pages: Vec<SourceFile>,
    /// The `_index.md` of folders of posts.
    pub(super) sections: Vec<SourceFile>,
    /// Files to copy.
    pub(super) files: Vec<(SourceFile, Route)>,
}

/// Returns whether a file of `posts/` is a post, by its name.
pub fn is_text(path: &SourcePath) -> bool {
    path.has_extension(&TEXTS)
}

/// Returns whether a text of the folder of posts is a post. One that begins with a dot, or lies in
/// a folder that does, is one by its front matter or the date in its name: other programs pass over
/// such files, and keepers hide things so.
pub fn is_post(source: &dyn Source, config: &Config, path: &SourcePath) -> io::Result<bool> {
    if path.dotted(&config.posts).is_none() {
        return Ok(true);
    }
    if config.is_jekyll() {
        return Ok(false);
    }
    if date::from_name(path.stem()).is_some() {
        return Ok(true);
    }
    Ok(match folder::bytes(source, path)? {
        // What is wrong with it is told where it is read.
        Ok(bytes) => {
            post::open(&bytes, &KNOWN_KEYS).map_or(true, |(_, split, _)| split.head.is_some())
        }
        Err(_) => true,
    })
}

/// Lists posts, pages and files to copy; everything else found is reported.
pub(super) fn find(
    source: &dyn Source,
    config: &Config,
    diagnostics: &mut Vec<Diagnostic>,
) -> io::Result<Sources> {
    let Sources { mut posts, mut beside, mut pages, mut sections, mut files } = Sources::default();
    let mut copy = |entry: SourceFile, folder: &str, diagnostics: &mut Vec<Diagnostic>| {
        // The name that links have, whatever the disk makes of it.
        let below = folder::name(entry.path.below(folder).unwrap_or_default());
        match Route::exact(&below) {
            Ok(route) if route.file() == below => {
                if let Some(c) = route.not_on_windows() {
                    let message = say!(
                        "its name holds `{}`, so the site can be neither built nor kept on Windows",
                        c.to_string()
                    );
                    diagnostics.push(
                        Diagnostic::warning("not-portable", message).in_file(entry.path.as_str()),
                    );
                }
                files.push((entry, route));
            }
            Ok(route) => {
                // Only a name that is too long for some disks is not kept.
                let message = say!("published as {}: its own name is too long", route.file());
                diagnostics
                    .push(Diagnostic::warning("file-name", message).in_file(entry.path.as_str()));
                files.push((entry, route));
            }
            Err(UnsafeRoute(why)) => {
                diagnostics.push(
                    Diagnostic::error("file-name", say!("not published: {}", why))
                        .in_file(entry.path.as_str()),
                );
            }
        }
    };

    let mut passed_over = Vec::new();
    for entry in folder::files_of_posts(source, &config.posts, diagnostics)? {
        if is_text(&entry.path) && !is_post(source, config, &entry.path)? {
            passed_over.push(entry);
        } else if is_text(&entry.path) && entry.path.stem() == "_index" {
            if entry.path.below(&config.posts).is_some_and(|below| below.contains('/')) {
                sections.push(entry);
            } else {
                let message = say!("not shown: the home page is made from site.yaml and the posts");
                let hint = say!(
                    "put `title` and `description` into site.yaml, and a text of its own into pages/index.md"
                );
                diagnostics.push(
                    Diagnostic::warning("section-home", message)
                        .hint(hint)
                        .in_file(entry.path.as_str()),
                );
            }
        } else if is_text(&entry.path) {
            posts.push(entry);
        } else {
            beside.push(entry);
        }
    }
    folder::pass_over(passed_over, &config.posts, diagnostics);
    for entry in folder::files(source, PAGES, diagnostics)? {
        let is_plain_html = if entry.path.extension().starts_with("htm") {
            match folder::bytes(source, &entry.path)? {
                Ok(bytes) => !starts_with_dashes(&bytes),
                Err(problem) => {
                    diagnostics.push(*problem);
                    continue;
                }
            }
        } else {
            false
        };
        if is_text(&entry.path) && !is_plain_html {
            pages.push(entry);
        } else {
            copy(entry, PAGES, diagnostics);
        }
    }
    for entry in folder::files(source, STATIC, diagnostics)? {
        let is_of_hosts = entry
            .path
            .below(STATIC)
            .is_some_and(|name| OF_HOSTS.iter().any(|of_hosts| of_hosts[1..] == *name));
        if is_of_hosts {
            diagnostics.extend(folder::other_encoding(
                &entry.path,
                &folder::bytes(source, &entry.path)?.unwrap_or_default(),
            ));
        }
        copy(entry, STATIC, diagnostics);
    }
    check_defaults(config, posts.iter().chain(&pages), diagnostics);
    if posts.is_empty() {
        let message = say!("no post was found in {}/", &config.posts);
        let hint = say!("put articles there, or name their folder in site.yaml as `posts`");
        diagnostics
            .push(Diagnostic::warning("posts-none", message).hint(hint).in_file(&config.posts));
    }
    Ok(Sources { posts, beside, pages, sections, files })
}

/// What is wrong with `defaults`, once for all the files that they are for.
fn check_defaults<'e>(
    config: &Config,
    files: impl Iterator<Item = &'e SourceFile> + Clone,
    diagnostics: &mut Vec<Diagnostic>,
) {
    for defaults in &config.defaults {
        for (range, mistake) in
            front_matter::mistakes_in(defaults, &config.list_keys(), config.compat)
        {
            diagnostics.push(config.at(range, mistake));
        }
        if !files.clone().any(|entry| defaults.names(entry.path.as_str())) {
            let message = say!("`defaults` for `{}` reach no post and no page", &defaults.path);
            let hint = say!(
                "write the path from the folder of site.yaml on, such as {}/2023",
                &config.posts
            );
            let unused = Diagnostic::warning("defaults-unused", message).hint(hint);
            diagnostics.push(config.at(defaults.range.clone(), unused));
        }
    }
}

fn starts_with_dashes(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix("\u{FEFF}".as_bytes()).unwrap_or(bytes);
    bytes.starts_with(b"---") || bytes.starts_with(b"+++")
}

/// Reads `data/*.yaml` (and `.yml`, `.json`, which is YAML too).
pub(super) fn data(
    source: &dyn Source,
    diagnostics: &mut Vec<Diagnostic>,
) -> io::Result<BTreeMap<String, Value>> {
    let mut data = BTreeMap::new();
    for entry in folder::files(source, DATA, diagnostics)? {
        let name = folder::name(entry.path.stem());
        let is_data = matches!(entry.path.extension().as_str(), "yaml" | "yml" | "json");
        let problem = if !is_data {
            Some(say!("data files are .yaml, .yml or .json"))
        } else if entry.path.below(DATA).is_some_and(|path| path.contains('/')) {
            Some(say!("data files stand in data/ itself"))
        } else if data.contains_key(&name) {
            Some(say!("another data file has this name with another ending"))
        } else {
            None
        };
        if let Some(problem) = problem {
            diagnostics.push(
                Diagnostic::warning("data-skipped", say!("not read: {}", problem))
                    .in_file(entry.path.as_str()),
            );
            continue;
        }
        let text = match folder::text(source, &entry.path)? {
            Ok(text) => text,
            Err(problem) => {
                diagnostics.push(*problem);
                continue;
            }
        };
        match Node::parse(&text) {
            Ok(node) => drop(data.insert(name, with_text_keys(node.value()))),
            Err(mistake) => {
                diagnostics.push(mistake.into_error("data", &text, entry.path.as_str()));
            }
        }
    }
    Ok(data)
}

/// Reads snippets that posts may include where Liquid is on.
pub(super) fn includes(
    source: &dyn Source,
    diagnostics: &mut Vec<Diagnostic>,
) -> io::Result<BTreeMap<String, String>> {
    let mut includes = BTreeMap::new();
    for entry in folder::files(source, INCLUDES, diagnostics)? {
        match folder::text(source, &entry.path)? {
            Ok(text) => drop(
                includes.insert(folder::name(entry.path.below(INCLUDES).unwrap_or_default()), text),
            ),
            Err(problem) => diagnostics.push(*problem),
        }
    }
    Ok(includes)
}
