//! Keywords: the words that tell a text from others, for posts that have no tags.
//!
//! Words are cut by jieba with its hidden Markov model on (names are in no dictionary) and ranked
//! by TF-IDF, as `jieba.analyse.extract_tags` does; the tags of many archives were made by it. A
//! [`Keywords`] belongs to whoever reads the cards. It loads the dictionary, 200 ms and 60 MB, when
//! the first text comes that the cache does not know.
//!
//! Text in, words out: knows no posts and writes nothing.

mod cache;
mod dictionary;
mod extractor;

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

pub use cache::{CACHE, Cache};
pub use dictionary::UserWords;

use crate::config::Config;
use crate::diagnostic::{Diagnostic, Failure};
use crate::digest::{Digest, Digester};
use crate::source::{Source, SourcePath};
use crate::words::Message;
use extractor::Extractor;

/// Part of every key of the cache. Raise it with whatever changes what is found: the dictionary,
/// jieba, a filter.
const VERSION: u32 = 1;

/// Which texts keywords are looked for in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    Nowhere,
    /// In articles that have no tags.
    WithoutTags,
    /// In all articles.
    Everywhere,
}

/// What was found for one text, and the key under which the cache keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundKeywords {
    key: String,
    /// Best first.
    pub words: Vec<String>,
}

/// Finds keywords.
pub struct Keywords {
    wanted: Wanted,
    count: usize,
    user: UserWords,
    cache: Cache,
    extractor: OnceLock<Extractor>,
}

impl Keywords {
    /// Returns keywords that are switched off: none are found.
    pub fn off() -> Keywords {
        Keywords::new(Wanted::Nowhere, 0, UserWords::default(), Cache::default())
    }

    pub fn new(wanted: Wanted, count: usize, user: UserWords, cache: Cache) -> Keywords {
        Keywords { wanted, count, user, cache, extractor: OnceLock::new() }
    }

    /// Opens the keywords of a site, as its configuration says. Nothing is read where they are off.
    pub fn open(source: &dyn Source, config: &Config) -> Result<Keywords, Failure> {
        if !config.keywords.auto {
            return Ok(Keywords::off());
        }
        let user = user_words(source, config)?;
        Ok(Keywords::new(Wanted::WithoutTags, config.keywords.count, user, Cache::default()))
    }

    /// Reads what earlier builds found, where it can be of use.
    pub fn recall(&mut self, source: &dyn Source) -> Option<Diagnostic> {
        if self.wanted == Wanted::Nowhere {
            return None;
        }
        let (cache, note) = Cache::read(source);
        self.cache = cache;
        note
    }

    /// Digest of what decides which words are found in a text.
    pub fn digest(&self) -> Digest {
        Digester::new().value(&(VERSION, self.count, &self.user.words, self.wanted as u8)).finish()
    }

    /// Returns what an earlier build found.
    pub fn known(&self) -> &Cache {
        &self.cache
    }

    /// Returns whether an article with or without tags is to be looked at.
    pub fn wants(&self, has_tags: bool) -> bool {
        match self.wanted {
            Wanted::Nowhere => false,
            Wanted::WithoutTags => !has_tags,
            Wanted::Everywhere => true,
        }
    }

    /// Returns the keywords of a text under its title.
    pub fn find(&self, title: &str, text: &str) -> FoundKeywords {
        let key = self.key(title, text);
        let words = match self.cache.entries.get(&key) {
            Some(words) => words.clone(),
            None => self
                .extractor
                .get_or_init(|| Extractor::load(&self.user))
                .extract(&format!("{title}\n{text}"), self.count),
        };
        FoundKeywords { key, words }
    }

    /// Returns a hash of all that the result depends on.
    fn key(&self, title: &str, text: &str) -> String {
        let mut hasher = blake3::Hasher::new();
        let mut part = |bytes: &[u8]| {
            hasher.update(&(bytes.len() as u64).to_le_bytes());
            hasher.update(bytes);
        };
        part(&VERSION.to_le_bytes());
        part(&(self.count as u64).to_le_bytes());
        for (word, frequency) in &self.user.words {
            part(word.as_bytes());
            part(format!("{frequency:?}").as_bytes());
        }
        part(title.as_bytes());
        part(text.as_bytes());
        hasher.finalize().to_hex()[..32].to_owned()
    }
}

/// Reads the keeper's own words.
pub fn user_words(source: &dyn Source, config: &Config) -> Result<UserWords, Failure> {
    let Some(dictionary) = &config.keywords.dictionary else { return Ok(UserWords::default()) };
    let unusable = |why: Message| {
        let message = say!("the dictionary `{}` cannot be read: {}", dictionary, why);
        let found = config.mistake(&["keywords", "dictionary"], message);
        Failure::Unusable(vec![
            found.hint(say!("it is a text file in the site's folder, one word a line")),
        ])
    };
    let path = SourcePath::new(dictionary);
    let bytes = match source.read_if_present(&path) {
        Ok(Some(bytes)) => bytes,
        Ok(None) => return Err(unusable(say!("there is no such file"))),
        Err(error) => return Err(unusable(error.into())),
    };
    let text = String::from_utf8(bytes).map_err(|_| unusable(say!("it is not UTF-8")))?;
    UserWords::parse(&text)
        .map_err(|diagnostic| Failure::Unusable(vec![diagnostic.in_file(dictionary)]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keywords(count: usize, words: &str, cache: Cache) -> Keywords {
        Keywords::new(Wanted::WithoutTags, count, UserWords::parse(words).unwrap(), cache)
    }

    #[test]
    fn what_is_known_needs_no_dictionary() {
        let text = "余凯读了论文，余凯写了论文。";
        let first = keywords(2, "", Cache::default());
        let found = first.find("余凯", text);
        assert_eq!(found.words, ["余凯", "论文"]);
        assert!(first.extractor.get().is_some());
        let mut cache = Cache::default();
        cache.keep(found.clone());
        let second = keywords(2, "", cache);
        assert_eq!(second.find("余凯", text), found);
        assert!(second.extractor.get().is_none());
    }

    #[test]
    fn keys_hold_all_that_matters() {
        let key =
            |count, words, title, text| keywords(count, words, Cache::default()).key(title, text);
        let keys = [
            key(5, "", "甲", "乙"),
            key(4, "", "甲", "乙"),
            key(5, "丙丁", "甲", "乙"),
            key(5, "丙丁 3", "甲", "乙"),
            key(5, "", "甲乙", ""),
            key(5, "", "", "甲乙"),
        ];
        let different: std::collections::BTreeSet<&String> = keys.iter().collect();
        assert_eq!(different.len(), keys.len());
    }

    #[test]
    fn words_of_the_keeper_are_not_cut() {
        let text = "大模型压测平台上线，大模型压测平台下线。";
        assert!(
            !keywords(5, "", Cache::default())
                .find("", text)
                .words
                .contains(&"大模型压测".to_owned())
        );
        assert_eq!(
            keywords(1, "大模型压测\n", Cache::default()).find("", text).words,
            ["大模型压测"]
        );
    }
}
