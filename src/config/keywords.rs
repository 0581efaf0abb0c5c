//! `keywords` of `site.yaml`: whether posts without tags get some, how many, and from which words.

use std::fmt;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{self, Deserializer, MapAccess, Visitor};

use super::number::Within;
use super::{Mistake, choose, not_one_of};
use crate::diagnostic::{Place, or_meant};
use crate::words::Message;

/// Most keywords of one post; `cli` says so too.
const MOST_KEYWORDS: u32 = 50;

/// A word, or a map.
#[derive(Clone, Debug)]
pub(super) enum Typed {
    Mode(String),
    Long(Settings),
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Settings {
    mode: Option<ModeWord>,
    count: Option<Within<1, MOST_KEYWORDS>>,
    dictionary: Option<String>,
}

/// What is wrong with any other mode.
pub(super) const MODE: &str = phrase!("the mode is `auto` or `off`");

/// `auto` or `off`; also `true` and `false`, which is how YAML 1.1 reads `off`.
#[derive(Clone, Debug)]
struct ModeWord(String);

struct TypedVisitor;

impl<'de> Visitor<'de> for TypedVisitor {
    type Value = Typed;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(phrase!("`auto`, `off` or a map of `mode`, `count`, `dictionary`"))
    }
    fn visit_bool<E: de::Error>(self, on: bool) -> Result<Typed, E> {
        Ok(Typed::Mode(if on { "auto" } else { "off" }.to_owned()))
    }
    fn visit_str<E: de::Error>(self, word: &str) -> Result<Typed, E> {
        Ok(Typed::Mode(word.to_owned()))
    }
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Typed, A::Error> {
        Settings::deserialize(MapAccessDeserializer::new(map)).map(Typed::Long)
    }
}

impl<'de> Deserialize<'de> for Typed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Typed, D::Error> {
        deserializer.deserialize_any(TypedVisitor)
    }
}

impl<'de> Deserialize<'de> for ModeWord {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<ModeWord, D::Error> {
        match deserializer.deserialize_any(TypedVisitor)? {
            Typed::Mode(word) => Ok(ModeWord(word)),
            Typed::Long(_) => Err(de::Error::custom(MODE)),
        }
    }
}

/// `auto` or `off`. Other words for a switch are not taken, since `on` would not say what it switches on, but understood.
fn switch(key: &'static str, typed: &str) -> Result<bool, Mistake> {
    const MEANT: [(&str, &[&str]); 2] = [("auto", &["auto", "on", "yes", "y", "true"]), ("off", &["off", "no", "n", "false", "none"])];
    choose(key, Some(typed), &[("off", false), ("auto", true)]).map_err(|mistake| {
        let lower = typed.to_lowercase();
        match MEANT.iter().find(|(_, words)| words.contains(&lower.as_str())) {
            Some((meant, _)) => Mistake::new(key, or_meant(not_one_of(key, vec!["off", "auto"], typed), Some(meant))),
            None => mistake,
        }
    })
}

/// Keywords for posts that have no tags.
#[derive(Clone, Debug)]
pub struct KeywordOptions {
    /// Whether they become the post's tags.
    pub auto: bool,
    /// How many of each post.
    pub count: usize,
    pub dictionary: Option<UserDictionary>,
}

/// A file of the keeper's own words.
#[derive(Clone, Debug)]
pub struct UserDictionary {
    /// Below the site's folder.
    pub path: String,
    /// The configuration file and the place in it that names this file, for when it is not there.
    pub named_at: (Option<String>, Option<Place>),
}

impl KeywordOptions {
    pub(super) fn resolve(typed: Option<Typed>, has_tags: bool) -> Result<KeywordOptions, Mistake> {
        let (key, mode, settings) = match typed {
            None => ("keywords", Some("off".to_owned()), Settings::default()),
            Some(Typed::Mode(word)) => ("keywords", Some(word), Settings::default()),
            Some(Typed::Long(mut settings)) => ("keywords.mode", settings.mode.take().map(|ModeWord(word)| word), settings),
        };
        let Some(mode) = mode else {
            // Either default would surprise: tags that nobody asked for, or a map that does nothing.
            return Err(Mistake::new("keywords", say!("`keywords` needs a `mode`: auto or off")));
        };
        let auto = switch(key, &mode)?;
        if auto && !has_tags {
            let message = say!("`keywords: auto` makes tags, and the taxonomy `tags` is switched off");
            return Err(Mistake::new("keywords", message));
        }
        let count = settings.count.map_or(5, |Within(count)| count as usize);
        let dictionary = match settings.dictionary {
            Some(path) if path.split('/').any(|part| matches!(part, "" | "." | "..")) || path.contains('\\') => {
                return Err(Mistake::new("keywords.dictionary", say!("`{}` is not a file of the site's folder", path)));
            }
            path => path.map(|path| UserDictionary { path, named_at: (None, None) }),
        };
        Ok(KeywordOptions { auto, count, dictionary })
    }

    /// Remembers where the configuration names the dictionary.
    pub(super) fn locate(&mut self, text: &str, path: &str) {
        if let Some(dictionary) = &mut self.dictionary {
            dictionary.named_at = (Some(path.to_owned()), Mistake::new("keywords.dictionary", Message::default()).locate(text).place);
        }
    }
}
