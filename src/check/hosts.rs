//! What free hosts take, as their documents say (2026-10).

use std::collections::BTreeMap;

use crate::diagnostic::Diagnostic;
use crate::edition::Edition;
use crate::words::Message;

const MB: u64 = 1_000_000;
const MIB: u64 = 1 << 20;
const GB: u64 = 1_000_000_000;

/// The limits of one host; none where it names none.
struct Host {
    name: &'static str,
    bytes: Option<u64>,
    files: Option<usize>,
    file_bytes: Option<u64>,
    /// Files and folders in one folder.
    in_folder: Option<usize>,
    /// Lines of `_redirects`.
    redirects: Option<usize>,
}

const HOSTS: [Host; 4] = [
    // docs.github.com/pages: limits. Files above 100 MB cannot be pushed.
    Host {
        name: "GitHub Pages",
        bytes: Some(GB),
        files: None,
        file_bytes: Some(100 * MB),
        in_folder: None,
        redirects: None,
    },
    // developers.cloudflare.com/pages/platform/limits, free plan.
    Host {
        name: "Cloudflare Pages",
        bytes: None,
        files: Some(20_000),
        file_bytes: Some(25 * MIB),
        in_folder: None,
        redirects: Some(2_000),
    },
    // docs.netlify.com: files in one folder; lines beyond which it asks for wildcards.
    Host {
        name: "Netlify",
        bytes: None,
        files: None,
        file_bytes: None,
        in_folder: Some(54_000),
        redirects: Some(10_000),
    },
    // docs.gitlab.com/user/gitlab_com: pages.
    Host {
        name: "GitLab Pages",
        bytes: Some(GB),
        files: Some(200_000),
        file_bytes: None,
        in_folder: None,
        redirects: Some(1_000),
    },
];

/// How the site fits one host.
#[derive(Clone, Debug)]
pub struct Fit {
    pub host: &'static str,
    /// What is over its limits, each with the limit.
    pub over: Vec<Message>,
}

impl Fit {
    pub(super) fn diagnostics(&self) -> impl Iterator<Item = Diagnostic> {
        self.over.iter().map(|over| {
            Diagnostic::warning("host-limit", say!("too much for {}: {}", self.host, over.clone()))
                .hint(say!("publish elsewhere, or make the site smaller: fewer feeds under terms, a larger `paginate`, smaller images"))
        })
    }
}

/// Returns how the site, with these files and their sizes, fits the hosts that are known.
pub(super) fn fits(edition: &Edition, files: &[(String, u64)]) -> Vec<Fit> {
    // A folder is one more entry of the folder around it.
    let mut entries: BTreeMap<&str, std::collections::BTreeSet<&str>> = BTreeMap::new();
    for (file, _) in files {
        let mut path = file.as_str();
        loop {
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            let is_new = entries.entry(folder).or_default().insert(path);
            if !is_new || folder.is_empty() {
                break;
            }
            path = folder;
        }
    }
    let fullest = entries
        .iter()
        .max_by_key(|(_, entries)| entries.len())
        .map_or(("", 0), |(folder, entries)| (*folder, entries.len()));
    let largest = files
        .iter()
        .max_by_key(|(_, size)| *size)
        .map_or(("", 0), |(file, size)| (file.as_str(), *size));
    let total: u64 = files.iter().map(|(_, size)| size).sum();
    let redirects = edition.plan.redirects.len();
    let fit = |host: &Host| {
        let mut over = Vec::new();
        if let Some(limit) = host.bytes.filter(|limit| total > *limit) {
            over.push(say!("the site is {} MB, of at most {}", total / MB, limit / MB));
        }
        if let Some(limit) = host.files.filter(|limit| files.len() > *limit) {
            over.push(say!("{} files, of at most {}", files.len(), limit));
        }
        if let Some(limit) = host.file_bytes.filter(|limit| largest.1 > *limit) {
            over.push(say!("{} is {} MB, of at most {}", largest.0, largest.1 / MB, limit / MB));
        }
        if let Some(limit) = host.in_folder.filter(|limit| fullest.1 > *limit) {
            over.push(say!(
                "{}/ holds {} files and folders, of at most {}",
                fullest.0,
                fullest.1,
                limit
            ));
        }
        if let Some(limit) = host.redirects.filter(|limit| redirects > *limit) {
            over.push(say!("{} redirects, of at most {} in `_redirects`", redirects, limit));
        }
        Fit { host: host.name, over }
    };
    HOSTS.iter().map(fit).collect()
}
