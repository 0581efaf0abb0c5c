//! `feeds`: which feeds the site has, what they are called and how much they hold.

use crate::compat::Compat;
use crate::route::Route;
use crate::yaml::{Mistake, NodeContent, Setting};

/// A kind of feed.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
pub enum FeedKind {
    Rss,
    Atom,
    Json,
}

impl FeedKind {
    pub const ALL: [FeedKind; 3] = [FeedKind::Rss, FeedKind::Atom, FeedKind::Json];

    pub fn word(self) -> &'static str {
        match self {
            FeedKind::Rss => "rss",
            FeedKind::Atom => "atom",
            FeedKind::Json => "json",
        }
    }

    pub fn media_type(self) -> &'static str {
        match self {
            FeedKind::Rss => "application/rss+xml",
            FeedKind::Atom => "application/atom+xml",
            FeedKind::Json => "application/feed+json",
        }
    }

    /// Returns what its file is called where nothing is said.
    fn default_name(self) -> &'static str {
        match self {
            FeedKind::Rss => "rss.xml",
            FeedKind::Atom => "atom.xml",
            FeedKind::Json => "feed.json",
        }
    }
}

/// What an entry of a feed carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FeedContent {
    Full,
    Summary,
}

/// How entries are identified; a changed id shows every entry again in every reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FeedIds {
    /// The post's full address.
    Url,
    /// As jekyll-feed writes `page.id`.
    Jekyll,
    /// As hand-written Jekyll feeds print it: site address and `page.id`, unencoded.
    JekyllRaw,
}

/// How much of what a feed holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeedSize {
    /// Most entries.
    pub limit: usize,
    pub content: FeedContent,
}

/// The feeds of the site.
#[derive(Clone, Debug)]
pub struct Feeds {
    /// Kinds switched on, with their file names.
    pub kinds: Vec<(FeedKind, String)>,
    pub site: FeedSize,
    pub terms: FeedSize,
    pub ids: FeedIds,
}

const KEYS: [&str; 7] = ["rss", "atom", "json", "limit", "content", "ids", "terms"];
const LIMIT: usize = 20;

impl Feeds {
    pub(super) fn read(typed: Setting<'_>, compat: Compat) -> Result<Feeds, Mistake> {
        let typed = typed.of_keys(&KEYS)?;
        let terms = typed.get("terms").of_keys(&["limit", "content"])?;
        let limit = typed.get("limit").number()?;
        let ids = [
            ("url", FeedIds::Url),
            ("jekyll", FeedIds::Jekyll),
            ("jekyll-raw", FeedIds::JekyllRaw),
        ];
        let default_ids = if compat.is_jekyll() { FeedIds::Jekyll } else { FeedIds::Url };
        Ok(Feeds {
            kinds: kinds(&typed)?,
            site: FeedSize {
                limit: limit.unwrap_or(LIMIT),
                content: content(&typed)?.unwrap_or(FeedContent::Full),
            },
            terms: FeedSize {
                limit: terms.get("limit").number()?.or(limit).unwrap_or(LIMIT),
                // Full text in every tag feed of a real archive is six times its input.
                content: content(&terms)?.unwrap_or(FeedContent::Summary),
            },
            ids: typed.get("ids").one_of(&ids)?.unwrap_or(default_ids),
        })
    }
}

fn kinds(typed: &Setting<'_>) -> Result<Vec<(FeedKind, String)>, Mistake> {
    let mut kinds: Vec<(FeedKind, String)> = Vec::new();
    for kind in FeedKind::ALL {
        let switch = typed.get(kind.word());
        let Some(name) = name(&switch, kind)? else { continue };
        let is_file = Route::parse(name).is_ok_and(|route| route.file() == name);
        if !is_file || name == "index.html" {
            return Err(switch.mistake(say!(
                "`{}` is not the name of a feed file such as {}",
                name,
                kind.default_name()
            )));
        }
        if kinds.iter().any(|(_, other)| other == name) {
            return Err(switch.mistake(say!("two kinds of feed cannot share the name `{}`", name)));
        }
        kinds.push((kind, name.to_owned()));
    }
    Ok(kinds)
}

/// `false`, `true`, or a file name.
fn name<'n>(switch: &Setting<'n>, kind: FeedKind) -> Result<Option<&'n str>, Mistake> {
    match (switch.switch(), switch.content()) {
        (Ok(Some(false)), _) => Ok(None),
        (Ok(_), _) => Ok(Some(kind.default_name())),
        (Err(_), Some(NodeContent::Text(name))) => Ok(Some(name.trim_start_matches('/'))),
        (Err(_), _) => Err(switch.wrong(say!("`true`, `false` or a file name"))),
    }
}

fn content(typed: &Setting<'_>) -> Result<Option<FeedContent>, Mistake> {
    typed.get("content").one_of(&[("full", FeedContent::Full), ("summary", FeedContent::Summary)])
}
