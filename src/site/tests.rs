use std::ops::Range;

use super::*;
use crate::config::Overrides;
use crate::keywords::Keywords;
use crate::ledger::Ledger;
use crate::source::{Fixture, Source};
use jiff::Timestamp;

fn gather(files: &[(&str, &str)], site: &str) -> (Site, Vec<Diagnostic>) {
    let overrides = Overrides { base_url: None, drafts: false, future: false };
    let config = Config::read(site, "site.yaml", &overrides).unwrap();
    gather_from(&Fixture::new(files.iter().copied()), &config).unwrap()
}

fn gather_from(source: &dyn Source, config: &Config) -> io::Result<(Site, Vec<Diagnostic>)> {
    let reader = CardReader {
        source,
        config,
        now: Timestamp::from_second(1_790_000_000).unwrap(),
        keywords: &Keywords::off(),
        past: &Ledger::default(),
        bodies: None,
    };
    Site::gather(&reader, &mut LedgerWriter::nowhere(), None)
}

/// A site of which one file is listed and gives an error when it is read.
struct Broken(Fixture, &'static str, io::ErrorKind);

impl Source for Broken {
    fn list(&self, folder: &str) -> io::Result<crate::source::FolderListing> {
        self.0.list(folder)
    }

    fn file(&self, path: &SourcePath) -> io::Result<Option<SourceFile>> {
        self.0.file(path)
    }

    fn read(&self, path: &SourcePath) -> io::Result<Vec<u8>> {
        if path.as_str() == self.1 { Err(self.2.into()) } else { self.0.read(path) }
    }

    fn read_part(&self, path: &SourcePath, range: Range<u64>) -> io::Result<Vec<u8>> {
        self.read(path).map(|bytes| bytes[usize::try_from(range.start).unwrap()..].to_vec())
    }
}

#[test]
fn a_file_that_vanishes_costs_itself_and_a_broken_disk_everything() {
    use io::ErrorKind::{InvalidFilename, NotFound, PermissionDenied, StaleNetworkFileHandle};
    let overrides = Overrides { base_url: None, drafts: false, future: false };
    let config = Config::read("", "site.yaml", &overrides).unwrap();
    let files =
        ["posts/a.md", "posts/b.md", "pages/c.md", "pages/d.html", "data/a.yaml", "includes/a.md"];
    for broken in files {
        for kind in [NotFound, PermissionDenied, InvalidFilename, StaleNetworkFileHandle] {
            let source = Broken(
                Fixture::new(files.map(|file| {
                    (file, if file.starts_with("data") { "a: 1" } else { "---\ntitle: x\n---\nx" })
                })),
                broken,
                kind,
            );
            let gathered = gather_from(&source, &config);
            if kind == StaleNetworkFileHandle {
                assert!(
                    gathered.is_err_and(|error| error.to_string().contains(broken)),
                    "{broken}"
                );
                continue;
            }
            let (site, found) = gathered.unwrap();
            let told: Vec<_> =
                found.iter().filter(|found| found.code == crate::source::UNREADABLE).collect();
            assert!(
                matches!(&told[..], [found] if found.path.as_deref() == Some(broken)),
                "{broken} {kind}: {found:?}"
            );
            let is_post = |folder: &str| usize::from(broken.starts_with(folder));
            assert_eq!(
                (site.posts.len(), site.pages.len()),
                (2 - is_post("posts"), 2 - is_post("pages"))
            );
            assert_eq!(
                (site.data.len(), site.includes.len()),
                (1 - is_post("data"), 1 - is_post("includes"))
            );
        }
    }
}

#[test]
fn found_tags_are_spelt_as_others_are() {
    let (site, _) = gather(
        &[("posts/a.md", "x"), ("posts/b.md", "x"), ("posts/c.md", "---\ntags: [Python]\n---\nx")],
        "",
    );
    let mut posts = site.posts;
    for (post, tags) in posts
        .iter_mut()
        .filter(|post| post.terms[0].is_empty())
        .zip([["python", "GPT"], ["gpt", "GPT"]])
    {
        let post = Arc::make_mut(post);
        post.terms[0] = tags.map(str::to_owned).to_vec();
        post.has_found_tags = true;
    }
    spell_alike(&mut posts, 0);
    let mut tags: Vec<String> = posts.iter().map(|post| post.terms[0].join(" ")).collect();
    tags.sort();
    assert_eq!(tags, ["GPT", "Python", "Python GPT"]);
}

#[test]
fn newest_first_and_undated_last() {
    let (site, _) = gather(
        &[
            ("posts/a.md", "x"),
            ("posts/2020-01-01-b.md", "x"),
            ("posts/2021-05-01-c.md", "x"),
            ("posts/2021-05-01-d.md", "x"),
        ],
        "",
    );
    let order: Vec<&str> = site.posts.iter().map(|post| post.source.stem()).collect();
    assert_eq!(order, ["2021-05-01-d", "2021-05-01-c", "2020-01-01-b", "a"]);
    assert_eq!(site.layout.undated, 3..4);
    assert_eq!(
        site.layout.years.iter().map(|year| (year.year, year.posts.clone())).collect::<Vec<_>>(),
        [(2021, 0..2), (2020, 2..3)]
    );
    assert_eq!(site.neighbours(0), Neighbours { newer: None, older: Some(1) });
}

#[test]
fn undated_posts_stand_as_they_are_read() {
    let names = ["章1", "章10", "章2", "第十回", "第二回", "附/2", "附/10"];
    let hidden = "---\nunlisted: true\n---\nx";
    let paths: Vec<String> = names.iter().map(|name| format!("posts/{name}.md")).collect();
    let mut files: Vec<(&str, &str)> =
        paths.iter().map(|path| (path.as_str(), "---\nauthor: 某某\n---\nx")).collect();
    files.extend([
        ("posts/2020-01-01-新.md", "---\nauthor: 某某\n---\nx"),
        ("posts/隐10.md", hidden),
        ("posts/隐9.md", hidden),
    ]);
    let (site, _) = gather(&files, "");
    let order: Vec<&str> = site.posts.iter().map(|post| post.source.stem()).collect();
    assert_eq!(
        order,
        ["2020-01-01-新", "章1", "章2", "章10", "第二回", "第十回", "2", "10", "隐9", "隐10"]
    );
    assert_eq!(site.layout.undated, 1..8);
    // What is read next is the newer one, as with posts that have a date.
    let author = site.term(1, "某某").unwrap();
    for around in [
        |site: &Site, _: &Term, id| site.neighbours(id),
        |site: &Site, term: &Term, id| site.neighbours_in(term, id),
    ] {
        assert_eq!(around(&site, author, 0), Neighbours { newer: None, older: Some(7) });
        assert_eq!(around(&site, author, 1), Neighbours { newer: Some(2), older: None });
        assert_eq!(around(&site, author, 4), Neighbours { newer: Some(5), older: Some(3) });
        assert_eq!(around(&site, author, 7), Neighbours { newer: Some(0), older: Some(6) });
    }
}
