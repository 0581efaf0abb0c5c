//! What one edition shows at an address, as it is asked for: a page, a file, a part of one, or why
//! there is none.

use std::fmt::Write as _;
use std::ops::Range;

use super::SCRIPT_PATH;
use super::address;
use super::answer::{Answer, Body};
use super::http::{self, ByteRange, Head, Request};
use crate::diagnostic::{Diagnostic, contain};
use crate::digest::{Digest, Digester};
use crate::edition::Edition;
use crate::plan::RouteRole;
use crate::post::Post;
use crate::route::Route;
use crate::source::SourcePath;
use crate::words::Language;

/// A request to one edition.
pub(super) struct EditionRequest<'r> {
    pub(super) edition: &'r Edition,
    pub(super) copied: Digest,
    pub(super) number: u64,
    pub(super) request: &'r Request,
    pub(super) tells: bool,
    pub(super) language: Language,
}

impl EditionRequest<'_> {
    /// Returns the post or standalone page that is shown at an address.
    fn post(&self, role: &RouteRole) -> Option<&Post> {
        match role {
            RouteRole::Article(id) => Some(&self.edition.site.posts[*id]),
            RouteRole::Standalone(id) => Some(&self.edition.site.pages[*id]),
            _ => None,
        }
    }

    /// Returns whether a post is on disk as the edition has read it.
    pub(super) fn is_of_the_edition(&self, post: &Post) -> bool {
        let bytes = self.edition.source().read(&post.source);
        bytes.is_ok_and(|bytes| Digest::of(bytes) == post.content)
    }

    /// Returns the file of the search's index that was asked for, if that is one.
    pub(super) fn search_file(&self) -> Option<Answer> {
        let path = address::below_base(&self.edition.config, &self.request.path)?;
        let made = || self.edition.search_file_at(path.trim_start_matches('/'));
        match contain(&path, made) {
            Ok(Ok(None)) => None,
            Ok(Ok(Some(bytes))) => {
                let etag = format!("\"{}\"", Digest::of(&bytes));
                Some(self.whole(Head::new(200), &path, &etag, bytes))
            }
            Ok(Err(error)) => Some(self.failed(&[Diagnostic::error("world", &error)])),
            Err(defect) => Some(self.failed(&[*defect])),
        }
    }

    /// Returns the page for missing addresses.
    pub(super) fn missing(&self) -> Result<Answer, Vec<Diagnostic>> {
        let route = Route::root().below("404.html");
        match self.edition.plan.place(&route) {
            Some(at) => self.page(at, 404),
            None => Ok(Answer::text(404, "404\n")),
        }
    }

    /// Returns what stands at an address, or why it cannot be rendered.
    pub(super) fn page(&self, at: usize, status: u16) -> Result<Answer, Vec<Diagnostic>> {
        let (route, role) = &self.edition.plan.routes[at];
        let file = route.file();
        let is_html = http::media_type(&file).starts_with("text/html");
        if let RouteRole::File(index) = role
            && !(is_html && self.tells)
        {
            return Ok(self.file(&self.edition.site.files[*index].0.path, status));
        }
        let rendered = contain(route.path(), || self.edition.render(at));
        let (bytes, problems) = match rendered {
            Ok(Ok(rendered)) => (rendered.bytes, rendered.diagnostics),
            // Its source went away a moment ago; the next edition will know.
            Ok(Err(error)) => (None, vec![Diagnostic::error("world", &error)]),
            Err(defect) => (None, vec![*defect]),
        };
        let Some(bytes) = bytes else { return Err(problems) };
        let bytes = bytes.into_owned();
        let etag =
            if self.tells { self.tag(&bytes) } else { format!("\"{}\"", Digest::of(&bytes)) };
        let mut head = Head::new(status);
        if let RouteRole::Redirect(target) = role {
            let base = &self.edition.config.base;
            let target =
                if base.names_files() { base.file_href(target) } else { base.href(target) };
            head = Head::new(301).with("Location", target);
        } else if self.tells && is_html {
            let with_script = self.with_script(bytes, &etag, self.post(role));
            return Ok(self.whole(head, &file, &etag, with_script));
        }
        Ok(self.whole(head, &file, &etag, bytes))
    }

    /// Names a page by its bytes and the files that it may show: pictures, and style sheets that
    /// style sheets name.
    fn tag(&self, bytes: &[u8]) -> String {
        let mut digester = Digester::new();
        digester.digest(Digest::of(bytes));
        digester.digest(self.copied);
        format!("\"{}\"", digester.finish())
    }

    /// Returns an answer that is in memory, or a part of it.
    fn whole(&self, head: Head, file: &str, etag: &str, bytes: Vec<u8>) -> Answer {
        let head = self.described(head, file, etag);
        if head.status == 200 && http::is_known(self.request, etag) {
            return Answer { head: Head { status: 304, ..head }, body: Body::Bytes(Vec::new()) };
        }
        let length = bytes.len() as u64;
        match if head.status == 200 {
            http::part(self.request, etag, length)
        } else {
            ByteRange::All
        } {
            ByteRange::Some(range) => {
                let part = bytes[usize::try_from(range.start).unwrap_or(0)
                    ..usize::try_from(range.end).unwrap_or(0)]
                    .to_vec();
                Answer { head: partial(head, &range, length), body: Body::Bytes(part) }
            }
            ByteRange::None => unsatisfiable(length),
            ByteRange::All => Answer { head, body: Body::Bytes(bytes) },
        }
    }

    /// Returns a file that is copied as it is, straight from the disk.
    fn file(&self, path: &SourcePath, status: u16) -> Answer {
        let source = self.edition.source();
        let Ok(Some(entry)) = source.file(path) else { return Answer::text(404, "404\n") };
        let etag = format!("\"{}\"", Digester::new().value(&entry.stamp).finish());
        let head = self.described(Head::new(status), path.as_str(), &etag);
        if status == 200 && http::is_known(self.request, &etag) {
            return Answer { head: Head { status: 304, ..head }, body: Body::Bytes(Vec::new()) };
        }
        let length = entry.stamp.bytes;
        let (head, range) = match if status == 200 {
            http::part(self.request, &etag, length)
        } else {
            ByteRange::All
        } {
            ByteRange::Some(range) => (partial(head, &range, length), range),
            ByteRange::None => return unsatisfiable(length),
            ByteRange::All => (head, 0..length),
        };
        Answer { head, body: Body::File(source.clone(), path.clone(), range) }
    }

    /// Returns the fields that every page and file has; those of `_headers` are among them.
    fn described(&self, head: Head, file: &str, etag: &str) -> Head {
        let media_type = http::media_type(file);
        let head = head
            .with("Content-Type", media_type)
            .with("Cache-Control", "no-store")
            .with("ETag", etag)
            .with("Accept-Ranges", "bytes")
            .with("X-Content-Type-Options", "nosniff")
            .with("Referrer-Policy", "strict-origin-when-cross-origin");
        match self.edition.config.policy.header().filter(|_| media_type.starts_with("text/html")) {
            Some(policy) => head.with("Content-Security-Policy", policy),
            None => head,
        }
    }

    /// Returns the page that says why another cannot be rendered, with a script or without.
    pub(super) fn failed(&self, problems: &[Diagnostic]) -> Answer {
        let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;");
        let mut html =
            "<!doctype html>\n<meta charset=\"utf-8\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<title>500</title>\n"
                .to_owned();
        for problem in problems {
            let place = problem
                .place
                .as_ref()
                .map(|place| format!(":{}:{}\n{}", place.line, place.column, place.excerpt));
            let place =
                format!("{}{}", problem.path.as_deref().unwrap_or(""), place.unwrap_or_default());
            let _ = writeln!(
                html,
                "<h1>{}</h1>\n<pre>{}</pre>",
                escaped(&problem.message.in_language(self.language)),
                escaped(&place)
            );
        }
        let bytes = html.into_bytes();
        let etag = self.tag(&bytes);
        let bytes = if self.tells { self.with_script(bytes, &etag, None) } else { bytes };
        self.whole(Head::new(500), "500.html", &etag, bytes)
    }

    /// Returns the page with the script that waits for changes, told what it is.
    fn with_script(&self, mut html: Vec<u8>, etag: &str, post: Option<&Post>) -> Vec<u8> {
        let script = format!(
            "<script src=\"{}{SCRIPT_PATH}\" data-edition=\"{}\" data-page='{etag}'{} defer></script>",
            self.edition.config.base.path(),
            self.number,
            post.map_or(String::new(), |post| self.badge(post)),
        );
        let head_ends = memchr::memmem::find(&html, b"</head>");
        let at = head_ends.unwrap_or(html.len());
        html.splice(at..at, script.into_bytes());
        html
    }

    /// Returns why a reader will not see a post yet.
    fn badge(&self, post: &Post) -> String {
        let is_future = post
            .date
            .as_ref()
            .is_some_and(|date| crate::date::is_future(date.timestamp(), self.edition.now));
        match (post.is_draft, is_future) {
            (true, _) => " data-held=\"draft\"".to_owned(),
            (_, true) => " data-held=\"future\"".to_owned(),
            _ => String::new(),
        }
    }
}

/// Returns the head of a part of what has `length` bytes.
fn partial(head: Head, range: &Range<u64>, length: u64) -> Head {
    Head { status: 206, ..head }
        .with("Content-Range", format!("bytes {}-{}/{length}", range.start, range.end - 1))
}

/// Returns the answer to who wants a part behind the end.
fn unsatisfiable(length: u64) -> Answer {
    let Answer { head, body } = Answer::text(416, "");
    Answer { head: head.with("Content-Range", format!("bytes */{length}")), body }
}
