//! Links to other sites: whether they still lead somewhere. What they answered is kept; asking them
//! is the feature `network`.

#[cfg(feature = "network")]
mod asker;
#[cfg(feature = "network")]
mod public;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::source::{Source, SourcePath};
use crate::words::Message;
#[cfg(feature = "network")]
pub use asker::{RequestSettings, ask};

/// Where answers are kept in the site's folder. A cache: without it, all is asked again.
pub const ANSWERS: &str = ".sitegen/external";

/// What became of an address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LinkAnswer {
    There,
    /// Its page is at another address for good.
    Moved(String),
    /// There is no such page, or no such host.
    Gone(u16),
    NoHost,
    /// It may be there: the host was slow, in trouble, or does not speak to programs.
    Unclear(u16),
    /// It is on this machine or in the keeper's own network, which readers cannot reach and posts
    /// must not.
    Private,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct StoredAnswer {
    url: String,
    /// Seconds since 1970.
    asked: u64,
    answer: LinkAnswer,
}

/// The answers to what was asked, and what was left for another time.
#[derive(Debug, Default)]
pub struct Answers {
    pub of: BTreeMap<String, LinkAnswer>,
    pub left: usize,
    /// How many requests were made.
    pub asked: usize,
    kept: BTreeMap<String, StoredAnswer>,
}

impl Answers {
    /// Reads the answers of earlier runs; a line that cannot be read is passed over.
    pub fn read(source: &dyn Source) -> Answers {
        let bytes =
            source.read_if_present(&SourcePath::new(ANSWERS)).ok().flatten().unwrap_or_default();
        let kept = String::from_utf8_lossy(&bytes)
            .lines()
            .filter_map(|line| serde_json::from_str::<StoredAnswer>(line).ok())
            .map(|kept| (kept.url.clone(), kept))
            .collect();
        Answers { kept, ..Answers::default() }
    }

    /// Takes in an answer. That there was none is not kept, since there may be one next time.
    #[cfg(feature = "network")]
    fn take(&mut self, url: &str, asked: u64, answer: LinkAnswer) {
        if answer != LinkAnswer::Unclear(0) {
            self.kept.insert(
                url.to_owned(),
                StoredAnswer { url: url.to_owned(), asked, answer: answer.clone() },
            );
        }
        self.of.insert(url.to_owned(), answer);
    }

    /// Returns the answers as JSON lines, for the next run.
    pub fn print(&self) -> String {
        let lines = self.kept.values().filter_map(|kept| serde_json::to_string(kept).ok());
        lines.map(|line| line + "\n").collect()
    }
}

/// Returns what to report of an answer, or nothing where the page is there.
pub fn says(address: &str, answer: &LinkAnswer) -> Option<(crate::diagnostic::Severity, Message)> {
    use crate::diagnostic::Severity::{Note, Warning};
    Some(match answer {
        LinkAnswer::There => return None,
        LinkAnswer::Moved(to) => (Note, say!("`{}` has moved to `{}`", address, to)),
        LinkAnswer::Gone(status) => {
            (Warning, say!("`{}` is gone: the host answers {}", address, status.to_string()))
        }
        LinkAnswer::NoHost => (Warning, say!("`{}` is gone: there is no such host", address)),
        LinkAnswer::Unclear(0) => (Note, say!("`{}` did not answer", address)),
        LinkAnswer::Unclear(status) => {
            (Note, say!("`{}` may be there: the host answers {}", address, status.to_string()))
        }
        LinkAnswer::Private => {
            (Warning, say!("`{}` lies in a private network, and was not asked for", address))
        }
    })
}
