//! The preview: a site shown page by page as it is asked for, and told anew to every open page when
//! it changes.
//!
//! At the edge, with threads, locks and a network; what is shown comes from the same [`Edition`]
//! that a build publishes. Nothing is written.
//!
//! An edition opens as soon as the cards are read (from the ledger of the last build, where there
//! is one), and a page is rendered when it is asked for. After a change:
//!
//! 1. `watch` waits until the editor has closed its file (8 ms of quiet), until it is quiet (40
//!    ms), or longer for many files, and names what changed. Names are hints: a second and a half
//!    later everything is listed once more.
//! 2. `editions` looks at the files named, reads the changed ones, and takes the rest from a ledger
//!    in memory, which holds the cards themselves. Where the digest of the layout (`site::layout`)
//!    is that of the edition before, layout and plan are those of that edition, as is the index of
//!    related posts where titles and tags are.
//! 3. The new edition is tried on the pages that the change touches. Where there are errors that
//!    were not there before, the last one stays and every open page shows why; else it takes the
//!    place of the old one (`state`), and then open pages are told.
//! 4. A page asks whether its bytes have changed (`ETag`), and loads itself again only if so; style
//!    sheets are changed in place.
//!
//! A page whose post was saved a moment ago waits for the edition that knows it; of a post that is
//! broken, the page is shown as it was when it was last looked at (`kept`).
//!
//! `messages` is what is told of changes, and the clock; `address` is what stands at a path,
//! `shown` what one edition shows there; `doors` and `access` say who may ask; `http` reads
//! requests, `server` has the connections, `preview.js` runs in open pages.

mod access;
mod address;
mod answer;
mod doors;
mod editions;
mod http;
mod kept;
mod messages;
mod server;
mod shown;
mod state;
mod styles;
mod watch;

use std::net::IpAddr;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

pub use access::Access;
use access::{Admission, Refusal};
use address::PathTarget;
use answer::{Answer, Body};
pub use doors::{ListenAddress, doors};
pub use editions::{EditionUpdate, Editions, Outcome, SiteOpener};
use http::{Head, Request};
use kept::KeptPages;
pub use server::{listen, serve};
use shown::EditionRequest;
use state::State;
pub use watch::{Changes, Watch};

use crate::diagnostic::Diagnostic;
use crate::digest::Digest;
use crate::edition::Edition;
use crate::plan::RouteRole;
use crate::route::{Route, decode, encode_path};
use crate::words::{Language, Message};

/// What open pages run: they wait for changes and show what is wrong. No page of a site begins with
/// a dot, so nothing is in its place.
const SCRIPT: &str = include_str!("preview.js");
const SCRIPT_PATH: &str = "/.sitegen/preview.js";
const EVENTS_PATH: &str = "/.sitegen/events";

/// How long a page waits for the edition that knows its post as it was saved.
const LONGEST_WAIT: Duration = Duration::from_secs(2);
/// How long while something is wrong: the post may be what is wrong, and then no edition will know
/// it.
const LONGEST_WAIT_IN_TROUBLE: Duration = Duration::from_millis(300);

/// The preview of one site.
pub struct Preview {
    access: Access,
    settings: Settings,
    state: Mutex<State>,
    changed: Condvar,
    kept: KeptPages,
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

/// The state as one request sees it.
struct Current {
    edition: Arc<Edition>,
    copied: Digest,
    number: u64,
    serial: u64,
}

impl Preview {
    /// `first` is the number of the edition. A preview that is started later must begin with a
    /// higher one, so that pages of the one before know that theirs is old.
    pub fn new(edition: Arc<Edition>, first: u64, access: Access, settings: Settings) -> Preview {
        Preview {
            access,
            settings,
            state: Mutex::new(State::new(edition, first)),
            changed: Condvar::new(),
            kept: KeptPages::default(),
        }
    }

    /// Shows what came of a change, and tells open pages of it.
    pub fn show(&self, outcome: Outcome) {
        if self.state().take(outcome) {
            self.changed.notify_all();
        }
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
        (known != Some(state.serial)).then(|| (state.serial, state.event(&self.settings)))
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
            let shown = EditionRequest {
                edition,
                copied: *copied,
                number: *number,
                request,
                tells,
                language,
            };
            match address::find(&edition.plan, &edition.config, &request.path) {
                PathTarget::Page(at) => {
                    let (route, role) = &edition.plan.routes[at];
                    let bodies = edition.bodies(at);
                    let problems = if waited { self.state().problems.clone() } else { Vec::new() };
                    if !problems.is_empty() {
                        return self.kept.page(route).unwrap_or_else(|| shown.failed(&problems));
                    }
                    if waited || bodies.iter().all(|post| shown.is_of_the_edition(post)) {
                        return match shown.page(at, 200) {
                            Ok(answer)
                                if matches!(role, RouteRole::Asset(_) | RouteRole::File(_)) =>
                            {
                                answer
                            }
                            Ok(answer) => self.kept.keep(route, answer),
                            Err(problems) => self.stumble(route, &shown, problems),
                        };
                    }
                }
                PathTarget::Moved(href) => return Answer::moved(301, href, &request.query),
                PathTarget::Missing => {
                    if let Some(answer) = shown.search_file() {
                        return answer;
                    }
                    return shown.missing().unwrap_or_else(|problems| shown.failed(&problems));
                }
            }
            let longest = if self.state().problems.is_empty() {
                LONGEST_WAIT
            } else {
                LONGEST_WAIT_IN_TROUBLE
            };
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
    fn stumble(
        &self,
        route: &Route,
        shown: &EditionRequest<'_>,
        problems: Vec<Diagnostic>,
    ) -> Answer {
        let answer = self.kept.page(route).unwrap_or_else(|| shown.failed(&problems));
        if self.state().stumble(shown.number, problems) {
            self.changed.notify_all();
        }
        answer
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
