//! The search of an edition: which articles it finds, and their texts.

use std::io;
use std::sync::Arc;

use rayon::prelude::*;

use super::Edition;
use crate::article::BodyWriter;
use crate::bodies::Bodies;
use crate::diagnostic::{Diagnostic, contain, is_of_the_world};
use crate::digest::Digest;
use crate::post::{Post, PostKind};
use crate::route::{Route, decode_beyond_ascii, encode_path};
use crate::search::{
    ArticleTexts, FOLDER, IndexFile, IndexOptions, IndexStore, SearchFields, SearchIndex,
    SearchedArticle, Variants,
};
use chinese_markdown::html::CodeBlocks;

/// The texts of the articles that are searched.
struct BodyTexts<'e> {
    edition: &'e Edition,
    posts: &'e [&'e Post],
    bodies: Bodies<'e>,
}

impl ArticleTexts for BodyTexts<'_> {
    fn text(&self, article: u32) -> io::Result<Option<String>> {
        self.edition.text_of(self.posts[article as usize], &self.bodies)
    }

    fn text_before(&self, body: Digest) -> Option<String> {
        self.edition.bodies.get(body).map(|body| body.text(self.edition.code_blocks()))
    }
}

impl Edition {
    /// Returns the index of the search, which is made when it is first asked for; none where there
    /// is no search. An error is the disk's.
    pub fn search(&self) -> io::Result<Option<&SearchIndex>> {
        if !self.config.search.is_on {
            return Ok(None);
        }
        if let Some(index) = self.index.get() {
            return Ok(Some(index));
        }
        let index = self.index_of(&self.indexes)?;
        // In a preview, what the edition before had alone is needed no more.
        index.forget_others(&self.indexes);
        Ok(Some(self.index.get_or_init(|| index)))
    }

    fn index_of(&self, store: &IndexStore) -> io::Result<SearchIndex> {
        let (posts, bodies) = (self.searched(), self.stored_bodies());
        let articles = posts.par_iter().map(|post| self.searched_article(post, &bodies));
        let articles: Vec<SearchedArticle> = articles.collect::<io::Result<_>>()?;
        let texts = BodyTexts { edition: self, posts: &posts, bodies };
        SearchIndex::new(&articles, &texts, self.index_options(), store)
    }

    /// Returns the bytes of a file of the index. What was kept of it may be gone: then it is made
    /// again. An error is the disk's.
    pub fn search_file(&self, index: &SearchIndex, file: &IndexFile) -> io::Result<Vec<u8>> {
        if let Some(bytes) = index.bytes(file, &self.indexes) {
            return Ok(bytes);
        }
        let store = self.index_again.get_or_init(IndexStore::in_memory);
        self.index_of(store)?;
        index.restore(file, &self.indexes, store);
        index.bytes(file, store).ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    /// Returns the file of the index at a path below the site's root. An error is the disk's.
    pub fn search_file_at(&self, path: &str) -> io::Result<Option<Vec<u8>>> {
        let Some(name) = path.strip_prefix(FOLDER) else { return Ok(None) };
        let Some(index) = self.search()? else { return Ok(None) };
        let file = index.files.iter().find(|file| file.name == name);
        file.map(|file| self.search_file(index, file)).transpose()
    }

    /// Gives what was kept of the index its name.
    pub fn keep_index(&self) -> io::Result<()> {
        self.search()?.map_or(Ok(()), |index| index.keep(&self.indexes))
    }

    /// Returns what is said where what was kept of the index could not be used.
    pub fn search_store_note(&self) -> Option<Diagnostic> {
        let file = self.indexes.damaged()?;
        let message = say!(
            "the index of the search was made again: what earlier builds have kept of it is not as it was written"
        );
        Some(Diagnostic::note("search-store", message).in_file(file))
    }

    fn index_options(&self) -> IndexOptions {
        let search = &self.config.search;
        IndexOptions {
            variants: if search.fold_variants { Variants::Folded } else { Variants::Kept },
            code: search.code,
            title: search.title,
            terms: search.terms,
            text: search.text,
            most: search.limit,
            scripts: self.config.base.names_files(),
        }
    }

    fn code_blocks(&self) -> CodeBlocks {
        if self.config.search.code { CodeBlocks::Read } else { CodeBlocks::Skipped }
    }

    /// Returns the posts that are searched, the oldest first, as they are numbered.
    pub fn searched(&self) -> Vec<&Post> {
        let is_searched = |post: &&Arc<Post>| {
            post.in_search
                && !post.noindex
                && !post.unlisted
                && !post.is_draft
                && post.kind != PostKind::Section
                && post.route.file() != "404.html"
        };
        let pages = self.site.pages.iter().filter(is_searched);
        let posts = self.site.posts.iter().rev().filter(is_searched);
        let mut all: Vec<&Post> = pages.chain(posts).map(|post| &**post).collect();
        // Posts are in order; pages may have a date.
        all.sort_by_key(|post| post.date.as_ref().map(|date| date.timestamp()));
        all
    }

    /// Returns the text that a post's page shows of its body, a line for each block; none where
    /// that cannot be made, which its page tells. An error is the world's.
    pub fn text(&self, post: &Post) -> io::Result<Option<String>> {
        self.text_of(post, &self.stored_bodies())
    }

    fn text_of(&self, post: &Post, bodies: &Bodies<'_>) -> io::Result<Option<String>> {
        let body = || bodies.body(post, || self.source.read(&post.source), self);
        match contain(post.source.as_str(), body) {
            Ok(Ok(body)) => Ok(Some(body.text(self.code_blocks()))),
            Ok(Err(error)) if is_of_the_world(&error) => Err(error),
            Ok(Err(_)) | Err(_) => Ok(None),
        }
    }

    fn stored_bodies(&self) -> Bodies<'_> {
        Bodies { writer: self.body_writer(), store: &self.bodies }
    }

    fn body_writer(&self) -> BodyWriter<'_> {
        BodyWriter::new(&self.config, &self.labels, &self.code)
    }

    /// Returns the addresses of the posts that are searched, as the index has them.
    pub fn searched_addresses(&self) -> Vec<String> {
        self.searched().into_iter().map(|post| self.address(post)).collect()
    }

    fn address(&self, post: &Post) -> String {
        let address = if self.config.base.names_files() {
            encode_path(&post.route.file())
        } else {
            post.href().trim_start_matches('/').to_owned()
        };
        // Nine letters for a Han character are a third of the file of addresses.
        decode_beyond_ascii(&address)
    }

    /// Returns what is said where files of the keeper's stand where those of the index would.
    pub fn search_collisions(&self, index: &SearchIndex) -> Vec<Diagnostic> {
        let files = index.files.iter().map(|file| format!("{FOLDER}{}", file.name));
        let told = |file: String| {
            let message = say!("/{} cannot be made: a file of yours has its address", file);
            Diagnostic::error("collision", message)
                .hint(say!("move that file, or say `search: false` in site.yaml"))
        };
        files.filter(|file| self.is_planned(file)).map(told).collect()
    }

    /// Returns whether a page or a file of the keeper's is a file of the output.
    pub(super) fn is_planned(&self, file: &str) -> bool {
        Route::exact(&format!("/{file}")).is_ok_and(|route| self.plan.get(&route).is_some())
    }

    fn searched_article(&self, post: &Post, bodies: &Bodies<'_>) -> io::Result<SearchedArticle> {
        let address = self.address(post);
        let terms = self.config.taxonomies.iter().zip(&post.terms);
        let fields = SearchFields {
            address,
            title: post.title.clone(),
            date: post
                .date
                .as_ref()
                .map_or_else(String::new, |date| date.strftime("%Y-%m-%d").to_string()),
            terms: terms
                .filter(|(_, names)| !names.is_empty())
                .map(|(taxonomy, names)| (taxonomy.name.clone(), names.clone()))
                .collect(),
        };
        let text = if post.asks { self.text_of(post, bodies)?.map(Digest::of) } else { None };
        let body = bodies.writer.key(&post.source, post.content);
        Ok(SearchedArticle { fields, body, text })
    }

    /// Returns what is said of posts that are too long to be searched to their ends.
    pub fn search_notes(&self, index: &SearchIndex) -> Vec<Diagnostic> {
        let posts = self.searched();
        let note = |at: usize| {
            let message = say!(
                "the search knows only the first {} characters of this post",
                self.config.search.limit
            );
            Diagnostic::note("search-limit", message)
                .hint(say!("set `search: {{limit: …}}` in site.yaml"))
                .in_file(posts[at].source.as_str())
        };
        index.cut().map(note).collect()
    }
}
