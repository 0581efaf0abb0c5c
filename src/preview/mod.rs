//! The preview: a site shown page by page as it is asked for, and told anew to every open page when
//! it changes.
//!
//! At the edge, with threads, locks and a network; what is shown comes from the same [`Edition`]
//! that a build publishes. Nothing is written.

mod access;
mod address;
mod doors;
mod editions;
mod http;
mod server;
mod watch;

use std::collections::VecDeque;
use std::net::IpAddr;
use std::ops::Range;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::json;

pub use access::Access;
use access::{Admission, Refusal};
use address::Found;
pub use doors::{Door, doors};
pub use editions::{EditionUpdate, Editions, Outcome, SiteOpener};
use http::{Head, Part, Request};
pub use server::{listen, serve};
pub use watch::{Changes, Watch};

use crate::diagnostic::{Diagnostic, contain};
use crate::digest::{Digest, Digester};
use crate::edition::Edition;
use crate::plan::RouteRole;
use crate::post::Post;
use crate::route::{Route, decode, encode_path};
use crate::source::{Source, SourcePath};
use crate::words::{Language, Message};

/// What open pages run: they wait for changes and show what is wrong. No page of a site begins with
/// a dot, so nothing is in its place.
const SCRIPT: &str = include_str!("preview.js");
const SCRIPT_PATH: &str = "/.sitegen/preview.js";
const EVENTS_PATH: &str = "/.sitegen/events";

/// How long a page waits for the edition that knows its post as it was saved.
const SOON: Duration = Duration::from_secs(2);
/// How long while something is wrong: the post may be what is wrong, and then no edition will know
/// it.
const PERHAPS: Duration = Duration::from_millis(300);
/// Pages that are kept, and how large they may be.
const KEPT: usize = 32;
const KEPT_BYTES: usize = 1 << 20;

/// The preview of one site.
pub struct Preview {
    access: Access,
    settings: Settings,
    state: Mutex<State>,
    changed: Condvar,
    /// Pages that were looked at, the last first: what is read of a post that is broken now is not
    /// what its page showed.
    kept: Mutex<VecDeque<(Route, Answer)>>,
}

/// How the site is shown.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Pages are told of changes; otherwise they are exactly those of a build.
    pub tells: bool,
    /// Pages are led to the post that was saved.
    pub leads: bool,
    pub language: Language,
}

/// What is shown now.
struct State {
    /// Counts every change of the below.
    serial: u64,
    /// Counts editions.
    number: u64,
    edition: Arc<Edition>,
    /// Digest of the stamps of files that are copied as they are.
    copied: Digest,
    /// Style sheets that changed since an edition, if nothing else did: a page that was away for a
    /// moment may have missed some.
    styles: Option<Styles>,
    saved: Option<String>,
    /// Why what is shown is not what is on disk.
    problems: Vec<Diagnostic>,
    /// What was found while pages of this edition were looked at.
    stumbled: Vec<Diagnostic>,
}

/// Old and new hrefs of style sheets, and the edition that has the new one.
struct Styles {
    since: u64,
    pairs: Vec<(String, String, u64)>,
}

impl Styles {
    /// What has changed since the edition `number`, or since an earlier one if only style sheets
    /// had changed before.
    fn after(before: Option<Styles>, number: u64, news: Vec<(String, String)>) -> Styles {
        let Styles { since, mut pairs } =
            before.unwrap_or(Styles { since: number, pairs: Vec::new() });
        for (_, new, edition) in &mut pairs {
            if let Some((_, newer)) = news.iter().find(|(old, _)| old == new) {
                newer.clone_into(new);
                *edition = number + 1;
            }
        }
        pairs.extend(news.into_iter().map(|(old, new)| (old, new, number + 1)));
        pairs.sort();
        pairs.dedup();
        Styles { since, pairs }
    }
}

/// The state as one request sees it.
struct Current {
    edition: Arc<Edition>,
    copied: Digest,
    number: u64,
    serial: u64,
}

/// An answer to a request.
#[derive(Clone)]
struct Answer {
    head: Head,
    body: Body,
}

#[derive(Clone)]
enum Body {
    Bytes(Vec<u8>),
    /// A part of a file of the site.
    File(Arc<dyn Source>, SourcePath, Range<u64>),
    /// What happens from now on.
    Events,
}

impl Answer {
    fn text(status: u16, text: &str) -> Answer {
        let head = Head::new(status)
            .with("Content-Type", "text/plain; charset=utf-8")
            .with("Cache-Control", "no-store");
        Answer { head, body: Body::Bytes(text.as_bytes().to_vec()) }
    }

    fn moved(status: u16, to: String, query: &str) -> Answer {
        let to = if query.is_empty() { to } else { format!("{to}?{query}") };
        let head = Head::new(status).with("Location", to).with("Cache-Control", "no-store");
        Answer { head, body: Body::Bytes(Vec::new()) }
    }
}

impl Preview {
    /// `first` is the number of the edition. A preview that is started later must begin with a
    /// higher one, so that pages of the one before know that theirs is old.
    pub fn new(edition: Arc<Edition>, first: u64, access: Access, settings: Settings) -> Preview {
        let state = State {
            serial: 0,
            number: first,
            copied: copied(&edition),
            edition,
            styles: None,
            saved: None,
            problems: Vec::new(),
            stumbled: Vec::new(),
        };
        Preview {
            access,
            settings,
            state: Mutex::new(state),
            changed: Condvar::new(),
            kept: Mutex::default(),
        }
    }

    /// Shows what came of a change, and tells open pages of it.
    pub fn show(&self, outcome: Outcome) {
        let mut state = self.state();
        match outcome {
            Outcome::Unchanged if state.problems.is_empty() => return,
            Outcome::RefusedAgain => return,
            Outcome::Unchanged => state.problems.clear(),
            Outcome::Refused(problems) => state.problems = problems,
            Outcome::New(news) => {
                let EditionUpdate { edition, styles, saved, .. } = *news;
                state.styles =
                    styles.map(|styles| Styles::after(state.styles.take(), state.number, styles));
                state.number += 1;
                state.stumbled.clear();
                state.copied = copied(&edition);
                (state.edition, state.saved) = (edition, saved);
                state.problems.clear();
            }
        }
        state.serial += 1;
        drop(state);
        self.changed.notify_all();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Whoever panicked had not changed anything by halves.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until something has changed since `known`, at most so long: its serial, and what pages
    /// are told.
    fn wait(&self, known: Option<u64>, longest: Duration) -> Option<(u64, String)> {
        let is_known = |state: &mut State| known == Some(state.serial);
        let waited = self.changed.wait_timeout_while(self.state(), longest, is_known);
        let (state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        (known != Some(state.serial)).then(|| (state.serial, self.event(&state)))
    }

    /// What pages are told, as one line of JSON.
    fn event(&self, state: &State) -> String {
        let problem = |problem: &Diagnostic| {
            let place = problem.place.as_ref();
            json!({
                "code": problem.code,
                "message": problem.message.in_language(self.settings.language),
                "hint": problem.hint.clone().map(|hint| say!("help: {}", hint).in_language(self.settings.language)),
                "path": problem.path,
                "line": place.map(|place| place.line),
                "column": place.map(|place| place.column),
                "before": place.map(|place| &place.excerpt[..place.marked.start]),
                "marked": place.map(|place| &place.excerpt[place.marked.clone()]),
                "after": place.map(|place| &place.excerpt[place.marked.end..]),
            })
        };
        let say = |message: Message| message.in_language(self.settings.language);
        json!({
            "edition": state.number,
            "styles": state.styles.as_ref().map(|styles| &styles.pairs),
            "since": state.styles.as_ref().map(|styles| styles.since),
            "saved": state.saved.as_ref().filter(|_| self.settings.leads),
            "problems": state.problems.iter().chain(&state.stumbled).map(problem).collect::<Vec<_>>(),
            "words": {
                "language": match self.settings.language {
                    Language::English => "en",
                    Language::Chinese => "zh-Hans",
                },
                "kept": say(say!("this page shows the site as it was before")),
                "close": say(say!("close")),
                "draft": say(say!("draft")),
                "future": say(say!("future date")),
            },
        })
        .to_string()
    }

    /// Answers one request.
    fn answer(&self, request: &Request, peer: IpAddr) -> Answer {
        match self.access.admit(request, peer) {
            Admission::Welcome => {}
            Admission::Introduced => return introduced(request),
            Admission::Refused(Refusal::Host) => {
                return self.refused(say!("this host name is not one of the preview's"));
            }
            Admission::Refused(Refusal::Origin) => {
                return self.refused(say!("the preview does not answer pages of other sites"));
            }
            Admission::Refused(Refusal::Token) => {
                return self.refused(say!(
                    "open the address that `sitegen serve --host` prints, with its token"
                ));
            }
        }
        if !matches!(request.method.as_str(), "GET" | "HEAD") {
            let Answer { head, body } = Answer::text(405, "");
            return Answer { head: head.with("Allow", "GET, HEAD"), body };
        }
        let mut current = self.current();
        if self.settings.tells {
            match address::below_base(&current.edition.config, &request.path).as_deref() {
                Some(SCRIPT_PATH) => {
                    let head = Head::new(200)
                        .with("Content-Type", http::media_type(SCRIPT_PATH))
                        .with("Cache-Control", "no-store");
                    return Answer { head, body: Body::Bytes(SCRIPT.as_bytes().to_vec()) };
                }
                Some(EVENTS_PATH) => {
                    let head = Head::new(200)
                        .with("Content-Type", "text/event-stream")
                        .with("Cache-Control", "no-store");
                    return Answer { head: head.with("Connection", "close"), body: Body::Events };
                }
                _ => {}
            }
        }
        // A post that was saved a moment ago belongs to an edition that will be here in a moment.
        let mut waited = false;
        loop {
            let Settings { tells, language, .. } = self.settings;
            let Current { edition, copied, number, serial } = &current;
            let shown =
                Shown { edition, copied: *copied, number: *number, request, tells, language };
            match address::find(&edition.plan, &edition.config, &request.path) {
                Found::Page(at) => {
                    let (route, role) = &edition.plan.routes[at];
                    let bodies = edition.bodies(at);
                    let problems = if waited { self.state().problems.clone() } else { Vec::new() };
                    if !problems.is_empty() {
                        return self.kept(route).unwrap_or_else(|| shown.failed(&problems));
                    }
                    if waited || bodies.iter().all(|post| shown.is_of_the_edition(post)) {
                        return match shown.page(at, 200) {
                            Ok(answer)
                                if matches!(role, RouteRole::Asset(_) | RouteRole::File(_)) =>
                            {
                                answer
                            }
                            Ok(answer) => self.keep(route, answer),
                            Err(problems) => self.stumble(route, &shown, problems),
                        };
                    }
                }
                Found::Moved(href) => return Answer::moved(301, href, &request.query),
                Found::Missing => {
                    return shown.missing().unwrap_or_else(|problems| shown.failed(&problems));
                }
            }
            let longest = if self.state().problems.is_empty() { SOON } else { PERHAPS };
            waited =
                self.wait(Some(*serial), longest).is_none() || !self.state().problems.is_empty();
            current = self.current();
        }
    }

    fn current(&self) -> Current {
        let state = self.state();
        Current {
            edition: state.edition.clone(),
            copied: state.copied,
            number: state.number,
            serial: state.serial,
        }
    }

    /// Tells of a page that cannot be rendered, and shows it as it was.
    fn stumble(&self, route: &Route, shown: &Shown<'_>, problems: Vec<Diagnostic>) -> Answer {
        let answer = self.kept(route).unwrap_or_else(|| shown.failed(&problems));
        let mut state = self.state();
        if state.number == shown.number {
            let before = state.stumbled.len();
            for problem in problems {
                if !state.stumbled.contains(&problem) {
                    state.stumbled.push(problem);
                }
            }
            if state.stumbled.len() > before {
                state.serial += 1;
                drop(state);
                self.changed.notify_all();
            }
        }
        answer
    }

    /// Keeps a page as it was when all was well.
    fn keep(&self, route: &Route, answer: Answer) -> Answer {
        if let (200, Body::Bytes(bytes)) = (answer.head.status, &answer.body)
            && bytes.len() <= KEPT_BYTES
        {
            let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            kept.retain(|(other, _)| other != route);
            kept.truncate(KEPT - 1);
            kept.push_front((route.clone(), answer.clone()));
        }
        answer
    }

    /// A page as it was.
    fn kept(&self, route: &Route) -> Option<Answer> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().find(|(other, _)| other == route).map(|(_, answer)| answer.clone())
    }

    fn refused(&self, why: Message) -> Answer {
        Answer::text(403, &format!("{}\n", why.in_language(self.settings.language)))
    }
}

/// Gives a device its cookie, and leads it to the address without the token.
fn introduced(request: &Request) -> Answer {
    let token = request.parameter("token").unwrap_or_default();
    let rest: Vec<&str> =
        request.query.split('&').filter(|pair| !pair.starts_with("token=")).collect();
    // Not `//host`, which is an address elsewhere.
    let path = decode(&request.path);
    let path = format!("/{}", encode_path(path.trim_start_matches(['/', '\\'])));
    let Answer { head, body } = Answer::moved(302, path, &rest.join("&"));
    // `Lax`, so that the address may be opened from a message.
    Answer {
        head: head.with(
            "Set-Cookie",
            format!("{}={token}; Path=/; HttpOnly; SameSite=Lax", access::cookie(&token)),
        ),
        body,
    }
}

/// A request to one edition.
struct Shown<'r> {
    edition: &'r Edition,
    copied: Digest,
    number: u64,
    request: &'r Request,
    tells: bool,
    language: Language,
}

impl Shown<'_> {
    /// The post or standalone page that is shown at an address.
    fn post(&self, role: &RouteRole) -> Option<&Post> {
        match role {
            RouteRole::Article(id) => Some(&self.edition.site.posts[*id]),
            RouteRole::Standalone(id) => Some(&self.edition.site.pages[*id]),
            _ => None,
        }
    }

    /// Whether a post is on disk as the edition has read it.
    fn is_of_the_edition(&self, post: &Post) -> bool {
        let bytes = self.edition.source().read(&post.source);
        bytes.is_ok_and(|bytes| Digest::of(bytes) == post.content)
    }

    /// The page for missing addresses.
    fn missing(&self) -> Result<Answer, Vec<Diagnostic>> {
        let route = Route::root().below("404.html");
        match self.edition.plan.place(&route) {
            Some(at) => self.page(at, 404),
            None => Ok(Answer::text(404, "404\n")),
        }
    }

    /// What stands at an address, or why it cannot be rendered.
    fn page(&self, at: usize, status: u16) -> Result<Answer, Vec<Diagnostic>> {
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

    /// An answer that is in memory, or a part of it.
    fn whole(&self, head: Head, file: &str, etag: &str, bytes: Vec<u8>) -> Answer {
        let head = self.described(head, file, etag);
        if head.status == 200 && http::is_known(self.request, etag) {
            return Answer { head: Head { status: 304, ..head }, body: Body::Bytes(Vec::new()) };
        }
        let length = bytes.len() as u64;
        match if head.status == 200 { http::part(self.request, etag, length) } else { Part::All } {
            Part::Some(range) => {
                let part = bytes[usize::try_from(range.start).unwrap_or(0)
                    ..usize::try_from(range.end).unwrap_or(0)]
                    .to_vec();
                Answer { head: partial(head, &range, length), body: Body::Bytes(part) }
            }
            Part::None => unsatisfiable(length),
            Part::All => Answer { head, body: Body::Bytes(bytes) },
        }
    }

    /// A file that is copied as it is, straight from the disk.
    fn file(&self, path: &SourcePath, status: u16) -> Answer {
        let source = self.edition.source();
        let Ok(Some(entry)) = source.entry(path) else { return Answer::text(404, "404\n") };
        let etag = format!("\"{}\"", Digest::of(format!("{:?}", entry.stamp)));
        let head = self.described(Head::new(status), path.as_str(), &etag);
        if status == 200 && http::is_known(self.request, &etag) {
            return Answer { head: Head { status: 304, ..head }, body: Body::Bytes(Vec::new()) };
        }
        let length = entry.stamp.bytes;
        let (head, range) =
            match if status == 200 { http::part(self.request, &etag, length) } else { Part::All } {
                Part::Some(range) => (partial(head, &range, length), range),
                Part::None => return unsatisfiable(length),
                Part::All => (head, 0..length),
            };
        Answer { head, body: Body::File(source.clone(), path.clone(), range) }
    }

    /// The fields that every page and file has; those of `_headers` are among them.
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

    /// A page that cannot be rendered says why, with a script or without.
    fn failed(&self, problems: &[Diagnostic]) -> Answer {
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
            html.push_str(&format!(
                "<h1>{}</h1>\n<pre>{}</pre>\n",
                escaped(&problem.message.in_language(self.language)),
                escaped(&place)
            ));
        }
        let bytes = html.into_bytes();
        let etag = self.tag(&bytes);
        let bytes = if self.tells { self.with_script(bytes, &etag, None) } else { bytes };
        self.whole(Head::new(500), "500.html", &etag, bytes)
    }

    /// The page with the script that waits for changes, told what it is.
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

    /// Why a reader will not see a post yet.
    fn badge(&self, post: &Post) -> String {
        let is_future = post.date.as_ref().is_some_and(|date| {
            crate::date::is_future(date.timestamp(), self.edition.config.overrides.now)
        });
        match (post.is_draft, is_future) {
            (true, _) => " data-held=\"draft\"".to_owned(),
            (_, true) => " data-held=\"future\"".to_owned(),
            _ => String::new(),
        }
    }
}

/// Digest of the stamps of files that are copied as they are.
fn copied(edition: &Edition) -> Digest {
    let mut digester = Digester::new();
    for (entry, _) in &edition.site.files {
        digester.bytes(entry.path.as_str()).value(&(
            entry.stamp.bytes,
            entry.stamp.modified,
            entry.stamp.changed,
        ));
    }
    digester.finish()
}

fn partial(head: Head, range: &Range<u64>, length: u64) -> Head {
    Head { status: 206, ..head }
        .with("Content-Range", format!("bytes {}-{}/{length}", range.start, range.end - 1))
}

fn unsatisfiable(length: u64) -> Answer {
    let Answer { head, body } = Answer::text(416, "");
    Answer { head: head.with("Content-Range", format!("bytes */{length}")), body }
}
