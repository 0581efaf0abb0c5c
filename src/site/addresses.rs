//! Who has which address: posts, pages, files that are copied, and the files that hosts, robots and
//! feed readers ask for.

use std::cell::RefCell;
use std::sync::Arc;

use foldhash::{HashMap, HashMapExt};

use super::{HeldBack, HoldReason, Owner};
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Place};
use crate::post::{self, Post, PostKind};
use crate::route::{Claims, NameCase, Route};
use crate::source::{Source, SourceFile, SourcePath};
use crate::words::{Argument, Message};

/// Files at the root that hosts take for configuration, or robots for what they may read: no post
/// is one of them.
pub(super) const OF_HOSTS: [&str; 12] = [
    "/_headers",
    "/_redirects",
    "/_routes.json",
    "/_worker.js",
    "/CNAME",
    "/edgeone.json",
    "/netlify.toml",
    "/robots.txt",
    "/sitemap.xml",
    "/staticwebapp.config.json",
    "/vercel.json",
    "/wrangler.toml",
];

/// Returns the files that programs ask for by name: those of hosts and robots, feeds, the page for
/// what is not there, the folder of assets. Nothing may stand in their place or in their way but
/// the keeper's own file of that name.
pub fn asked_for(config: &Config) -> Claims<String> {
    let mut claims = Claims::new(NameCase::Insensitive);
    let feeds = config.feeds.kinds.iter().map(|(_, name)| name.as_str());
    for name in OF_HOSTS.into_iter().chain(["404.html"]).chain(feeds) {
        let name = format!("/{}", name.trim_start_matches('/'));
        if let Ok(route) = Route::exact(&name) {
            // Two feeds of one name are told of elsewhere.
            let _ = claims.claim(&route, name);
        }
    }
    let in_assets = Route::root().below("assets/x.css");
    let _ = claims.claim(&in_assets, "/assets/".to_owned());
    claims
}

/// What one file says of its own address, and of its old ones.
type FileAddresses = Vec<(Option<Route>, Place)>;

/// The lines in which files say their addresses. A file is read when it is first asked for, and
/// once.
pub struct AddressPlaces<'a> {
    source: &'a dyn Source,
    config: &'a Config,
    known: RefCell<HashMap<SourcePath, FileAddresses>>,
}

impl<'a> AddressPlaces<'a> {
    pub fn new(source: &'a dyn Source, config: &'a Config) -> AddressPlaces<'a> {
        AddressPlaces { source, config, known: RefCell::default() }
    }

    /// Returns where a file says its address, or an `old` one.
    pub fn place(&self, path: &SourcePath, old: Option<&Route>) -> Option<Place> {
        let mut known = self.known.borrow_mut();
        let read =
            || post::places_of_addresses(&self.source.read(path).unwrap_or_default(), self.config);
        let places = known.entry(path.clone()).or_insert_with(read);
        places.iter().find(|(route, _)| route.as_ref() == old).map(|(_, place)| place.clone())
    }

    /// Returns an owner as messages name it: with the line where it says its address, if it does;
    /// of a redirect that is an `old` one.
    pub fn named(&self, owner: Owner, old: Option<&Route>) -> Argument {
        let at = |path: &SourcePath, place: Place| format!("{}:{}", path.as_str(), place.line);
        let line = match &owner {
            Owner::Source(path) => self.place(path, None).map(|place| at(path, place).into()),
            Owner::Redirect(path) => {
                self.place(path, old).map(|place| say!("a redirect of {}", at(path, place)).into())
            }
            Owner::Page(_) => None,
        };
        line.unwrap_or_else(|| owner.into())
    }
}

/// Gives each post and each file an address of its own, in order.
pub(super) struct Addresses<'a> {
    places: AddressPlaces<'a>,
    config: &'a Config,
    asked_for: Claims<String>,
    pub(super) claims: Claims<Owner>,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl<'a> Addresses<'a> {
    pub(super) fn new(
        source: &'a dyn Source,
        config: &'a Config,
        diagnostics: &'a mut Vec<Diagnostic>,
    ) -> Addresses<'a> {
        let (places, claims) = (AddressPlaces::new(source, config), Claims::new(config.case));
        Addresses { places, config, asked_for: asked_for(config), claims, diagnostics }
    }

    /// Gives each post its file, in order of source paths; a post whose file is taken is held back.
    /// Of two posts Jekyll wrote the later one last, and that is what their address showed.
    pub(super) fn give(&mut self, posts: &mut Vec<Arc<Post>>) -> Vec<HeldBack> {
        let mut order: Vec<usize> = (0..posts.len()).collect();
        if self.config.is_jekyll() {
            let when = |index: &usize| (&posts[*index].date, &posts[*index].source);
            order.sort_by(|a, b| when(b).cmp(&when(a)));
        }
        let mut held = Vec::new();
        let mut is_kept = vec![true; posts.len()];
        for index in order {
            let post = &posts[index];
            let path = &post.source;
            let Some((message, hint)) = self.refusal(post) else { continue };
            is_kept[index] = false;
            held.push(HeldBack { path: path.clone(), why: HoldReason::Refused(message.clone()) });
            let found = Diagnostic {
                place: self.places.place(path, None),
                ..Diagnostic::error("collision", message).hint(hint)
            };
            self.diagnostics.push(found.in_file(path.as_str()));
        }
        let mut is_kept = is_kept.into_iter();
        posts.retain(|_| is_kept.next().unwrap_or(true));
        if self.config.case == NameCase::Sensitive {
            self.note_twins(posts);
        }
        held
    }

    /// Gives a post its file, or says why it cannot have it, and what to do.
    fn refusal(&mut self, post: &Post) -> Option<(Message, Message)> {
        let address = post.route.path();
        let other = || {
            say!(
                "give one of them a `slug` or `permalink` of its own, or put the date into the site's permalink pattern"
            )
        };
        if let Some(name) = self.in_the_way(&post.route, post.kind == PostKind::Article) {
            let message = say!(
                "the address {} stands in the way of {}, which hosts, robots or readers ask for; this post is held back",
                address,
                name
            );
            return Some((message, other()));
        }
        let taken = self.claims.claim(&post.route, Owner::Source(post.source.clone())).err()?;
        let owner = self.places.named(taken.owner, None);
        Some(if taken.in_case_only {
            let message = say!(
                "the address {} differs from that of {} in case only, which is one file on Windows and macOS; this post is held back",
                address,
                owner
            );
            let hint = say!(
                "give one of them a `slug` or `permalink` of its own, or write `urls: {{case: sensitive}}` into site.yaml: most hosts tell them apart"
            );
            (message, hint)
        } else {
            (
                say!(
                    "the address {} belongs to {} already; this post is held back",
                    address,
                    owner
                ),
                other(),
            )
        })
    }

    /// Says which posts cannot both be kept on a disk that does not tell case apart.
    fn note_twins(&mut self, posts: &[Arc<Post>]) {
        let mut folded: HashMap<String, &Post> = HashMap::with_capacity(posts.len());
        for post in posts {
            if let Some(other) = folded.insert(post.route.collision_key(), post) {
                let message = say!(
                    "the address {} differs from that of {} in case only, so one of the two is lost on Windows and macOS",
                    post.route.path(),
                    other.source.as_str()
                );
                self.diagnostics
                    .push(Diagnostic::note("not-portable", message).in_file(post.source.as_str()));
            }
        }
    }

    /// Gives each file that is copied its address; one whose address is taken is left out. A file
    /// beside a post is never one that hosts ask for.
    pub(super) fn give_to_files(
        &mut self,
        files: &mut Vec<(SourceFile, Route)>,
        is_beside: impl Fn(&SourcePath) -> bool,
    ) {
        files.retain(|(entry, route)| {
            let message = if let Some(name) = self.in_the_way(route, is_beside(&entry.path)) {
                say!("{} stands in the way of {}; this file is not copied", route.file(), name)
            } else if let Err(taken) = self.claims.claim(route, Owner::Source(entry.path.clone())) {
                say!(
                    "{} is made from {} already; this file is not copied",
                    route.file(),
                    self.places.named(taken.owner, None)
                )
            } else {
                return true;
            };
            let found = Diagnostic::error("collision", message).hint(say!("rename one of them"));
            self.diagnostics.push(found.in_file(entry.path.as_str()));
            false
        });
    }

    /// Returns the file that is asked for and could not stand where it belongs. The keeper's own
    /// file of the very name is that file.
    fn in_the_way(&self, route: &Route, is_of_post: bool) -> Option<String> {
        let name = self.asked_for.owner(route)?;
        (is_of_post || route.file() != name.trim_start_matches('/')).then(|| name.clone())
    }
}
