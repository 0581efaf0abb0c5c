//! Bodies that were written before, kept in `.sitegen/` by what they follow from, so that a page
//! whose template changed is made without parsing any Markdown.

use std::collections::HashSet;
use std::io;
use std::sync::Arc;

use crate::article::{ArticleBody, BodyWriter, NewBody, SiteLinks};
use crate::diagnostic::Diagnostic;
use crate::digest::Digest;
use crate::kept::{KeptFiles, KeptStore, Spool};
use crate::post::{Post, ReadBody};
use crate::source::Source;

/// Where bodies lie.
pub const FILES: KeptFiles =
    KeptFiles { large: ".sitegen/bodies", recent: ".sitegen/bodies-recent", spool: "bodies" };

/// The bodies of a site that were written before, and those that are written now.
pub struct BodyStore(KeptStore);

impl Default for BodyStore {
    fn default() -> BodyStore {
        BodyStore(KeptStore::none(FILES))
    }
}

impl BodyStore {
    /// Returns the bodies that earlier builds have written; none is kept.
    pub fn of(source: Arc<dyn Source>) -> BodyStore {
        BodyStore(KeptStore::of(FILES, source))
    }

    /// Keeps new bodies as well, in what `begin` begins when the first comes.
    pub fn kept_in(
        self,
        begin: impl Fn(&'static str) -> io::Result<Box<dyn Spool>> + Send + Sync + 'static,
    ) -> BodyStore {
        BodyStore(self.0.kept_in(begin))
    }

    /// Returns the body of a key, if it is known.
    pub fn get(&self, key: Digest) -> Option<ArticleBody> {
        ArticleBody::decoded(&self.0.get(key)?)
    }

    fn put(&self, key: Digest, body: &ArticleBody) {
        if self.0.keeps()
            && let Some(bytes) = body.encoded()
        {
            self.0.put(key, &bytes);
        }
    }

    /// Returns what is said where bodies that earlier builds have written could not be used.
    pub fn note(&self) -> Option<Diagnostic> {
        let file = self.0.damaged()?;
        let message = say!(
            "bodies that earlier builds have written were not used: they are not as they were written"
        );
        Some(Diagnostic::note("body-store", message).in_file(file))
    }

    /// Gives what was written its name, if anything was. `used` returns the keys of all bodies of
    /// the site.
    pub fn finish(&self, used: impl FnOnce() -> HashSet<Digest>) -> io::Result<()> {
        self.0.finish(used)
    }
}

/// Writes bodies, and knows those that were written before.
pub struct Bodies<'a> {
    pub writer: BodyWriter<'a>,
    pub store: &'a BodyStore,
}

impl Bodies<'_> {
    /// Writes the body of `post` as it was parsed for the card, if bodies are kept and this one is
    /// none yet. `content` is the digest of its file.
    pub fn keep(&self, post: &Post, read: ReadBody<'_>, content: Digest) {
        let key = self.writer.key(&post.source, content);
        if self.store.0.keeps()
            && !self.store.0.knows(key)
            && let Some(body) = self.writer.of_card(post, read, content)
        {
            self.store.put(key, &body);
        }
    }

    /// Returns the body of `post`: as it was written before, if the site still gives the answers it
    /// was written with, else as `bytes` of its file say. An error is the disk's.
    pub fn body(
        &self,
        post: &Post,
        bytes: impl FnOnce() -> io::Result<Vec<u8>>,
        links: &dyn SiteLinks,
    ) -> io::Result<ArticleBody> {
        let key = self.writer.key(&post.source, post.content);
        if let Some(body) = self.store.get(key).filter(|body| body.stands(post, links)) {
            return Ok(body);
        }
        let bytes = bytes()?;
        let NewBody { body, is_lasting } = self.writer.of_file(post, &bytes, links);
        // The file may be another one by now.
        if is_lasting && Digest::of(&bytes) == post.content {
            self.store.put(key, &body);
        }
        Ok(body)
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::collections::BTreeMap;
    use std::ops::Range;
    use std::sync::Mutex;

    use super::*;
    use crate::article::NamedPost;
    use crate::config::{Config, Overrides};
    use crate::highlight::Blocks;
    use crate::keywords::Keywords;
    use crate::post::{self, PostKind, ReadingOutcome};
    use crate::source::{Fixture, SourceFile, SourcePath};
    use chinese_markdown::html_writer::Labels;
    use jiff::Timestamp;

    /// A disk in memory.
    #[derive(Clone, Default)]
    struct Disk(Arc<Mutex<BTreeMap<String, Vec<u8>>>>);

    struct InMemory(Disk, Mutex<Vec<u8>>);

    impl Spool for InMemory {
        fn append(&self, bytes: &[u8]) -> io::Result<u64> {
            let mut all = self.1.lock().unwrap();
            let start = all.len() as u64;
            all.extend_from_slice(bytes);
            Ok(start)
        }

        fn read(&self, range: Range<u64>) -> io::Result<Vec<u8>> {
            let at = |place| usize::try_from(place).unwrap();
            Ok(self.1.lock().unwrap()[at(range.start)..at(range.end)].to_vec())
        }

        fn commit(&self, file: &str, others: &[&str]) -> io::Result<()> {
            let mut files = self.0.0.lock().unwrap();
            files.insert(file.to_owned(), self.1.lock().unwrap().clone());
            files.retain(|file, _| !others.contains(&&**file));
            Ok(())
        }
    }

    impl Disk {
        fn store(&self) -> BodyStore {
            let disk = self.clone();
            let files = self.0.lock().unwrap().clone();
            BodyStore::of(Arc::new(Fixture::new(files)))
                .kept_in(move |_| Ok(Box::new(InMemory(disk.clone(), Mutex::default()))))
        }

        fn files(&self) -> Vec<String> {
            self.0.lock().unwrap().keys().cloned().collect()
        }
    }

    /// A site whose answer changes.
    struct Site(&'static str);

    impl SiteLinks for Site {
        fn resolve(&self, _: &Post, reference: &str) -> Option<String> {
            (reference == "桥.md").then(|| self.0.to_owned())
        }

        fn post_named(&self, name: &str) -> Option<NamedPost> {
            let (href, title) = (self.0.to_owned(), name.to_owned());
            Some(NamedPost { href, title, rivals: Vec::new() })
        }

        fn file(&self, _: &Post, _: &str) -> Option<&SourceFile> {
            None
        }

        fn image_size(&self, _: &SourceFile) -> Option<(usize, usize)> {
            None
        }

        fn include(&self, _: &str) -> Option<String> {
            None
        }
    }

    /// Reads posts and asks for their articles, as a build does, and returns these and how many
    /// files were read for them.
    fn build(disk: &Disk, site: &str, texts: &[&str], links: &Site) -> (Vec<String>, usize) {
        let overrides = Overrides { base_url: None, drafts: false, future: false };
        let config = Config::read(site, "site.yaml", &overrides).unwrap();
        let (labels, code, store) = (Labels::chinese(), Blocks::none(), disk.store());
        let bodies = Bodies { writer: BodyWriter::new(&config, &labels, &code), store: &store };
        let read = Cell::new(0);
        let mut used = HashSet::new();
        let mut article = |(number, text): (usize, &&str)| {
            let path = SourcePath::new(format!("posts/{number}.md"));
            let content = Digest::of(text);
            let reading = post::read(
                &path,
                text.as_bytes(),
                PostKind::Article,
                &config,
                Timestamp::UNIX_EPOCH,
                &Keywords::off(),
                &mut |post, read| bodies.keep(post, read, content),
            )
            .with_content(content);
            let ReadingOutcome::Ready(post) = reading.outcome else { panic!("{text}") };
            used.insert(bodies.writer.key(&post.source, post.content));
            let bytes = || {
                read.set(read.get() + 1);
                Ok(text.as_bytes().to_vec())
            };
            bodies.body(&post, bytes, links).unwrap().article(&post, links).html
        };
        let articles = texts.iter().enumerate().map(&mut article).collect();
        store.finish(|| used).unwrap();
        (articles, read.get())
    }

    #[test]
    fn a_body_is_written_once() {
        let disk = Disk::default();
        let texts = ["[桥](桥.md)与路。", "见[[路]]。"];
        let (first, read) = build(&disk, "", &texts, &Site("/a/"));
        // What names another post is written when that is known.
        assert_eq!(read, 1);
        assert!(first[0].contains("<a href=\"/a/\">桥</a>与路。"), "{first:?}");
        assert!(first[1].contains("<a href=\"/a/\">路</a>"), "{first:?}");
        assert_eq!(build(&disk, "", &texts, &Site("/a/")), (first.clone(), 0));
        // A title and a menu change no body; an address changes those that named it.
        assert_eq!(build(&disk, "title: 别的\nnav: []\n", &texts, &Site("/a/")).1, 0);
        let (moved, read) = build(&disk, "", &texts, &Site("/b/"));
        assert_eq!((moved[0].contains("/b/"), moved[1].contains("/b/"), read), (true, true, 1));
        assert_eq!(build(&disk, "markdown: {repair: false}\n", &texts, &Site("/a/")).1, 1);
    }

    #[test]
    fn a_few_new_bodies_leave_the_large_file_alone() {
        let disk = Disk::default();
        let texts = ["甲。", "乙。", "丙。"];
        build(&disk, "", &texts, &Site(""));
        assert_eq!(disk.files(), [FILES.large]);
        let large = disk.0.lock().unwrap()[FILES.large].clone();
        build(&disk, "", &["甲。", "丁。", "丙。"], &Site(""));
        assert_eq!(disk.files(), [FILES.large, FILES.recent]);
        assert_eq!(disk.0.lock().unwrap()[FILES.large], large);
        build(&disk, "", &["甲。", "丁。", "戊。"], &Site(""));
        let (articles, _) = build(&disk, "", &["甲。", "丁。", "戊。"], &Site(""));
        assert!(articles[1].contains("丁。") && articles[2].contains("戊。"), "{articles:?}");
        // Bodies of no post are left out where the file is written anew.
        build(&disk, "", &["甲。", "己。", "戊。"], &Site(""));
        let recent = String::from_utf8_lossy(&disk.0.lock().unwrap()[FILES.recent]).into_owned();
        assert!(recent.contains("己。") && recent.contains("戊。") && !recent.contains("丁。"));
        // Where much is new, one file holds all.
        build(&disk, "", &["甲。", "己。", "戊。", &"庚".repeat(1 << 19)], &Site(""));
        assert_eq!(disk.files(), [FILES.large]);
        assert_eq!(build(&disk, "", &["甲。", "己。", "戊。"], &Site("")).1, 0);
    }

    #[test]
    fn damage_costs_time() {
        let texts = ["甲[桥](桥.md)。", "**乙**。"];
        let whole = Disk::default();
        let (due, _) = build(&whole, "", &texts, &Site("/a/"));
        let bytes = whole.0.lock().unwrap()[FILES.large].clone();
        for at in 0..bytes.len() {
            let disk = Disk::default();
            let mut damaged = bytes.clone();
            damaged[at] ^= 1;
            disk.0.lock().unwrap().insert(FILES.large.to_owned(), damaged);
            assert_eq!(build(&disk, "", &texts, &Site("/a/")).0, due, "{at}");
        }
        for end in 0..bytes.len() {
            let disk = Disk::default();
            disk.0.lock().unwrap().insert(FILES.large.to_owned(), bytes[..end].to_vec());
            assert_eq!(build(&disk, "", &texts, &Site("/a/")).0, due, "{end}");
        }
    }
}
