//! `taxonomies`: by what posts are grouped, and where the groups stand.

use std::fmt;

use serde::Deserialize;
use serde::de::{self, Deserializer, Visitor};
use serde_yaml::{Mapping, Value};

use super::mistake::Mistake;
use super::{FeedKind, Feeds};
use crate::diagnostic::{nearest, or_meant};
use crate::route::{Route, UnsafeRoute};

/// A way to group posts: tags, authors, categories, or the keeper's own.
#[derive(Clone, Debug)]
pub struct Taxonomy {
    /// `tags`, `authors`, `categories` or the keeper's name for it.
    pub name: String,
    /// Title of the index page; the theme's own words where absent.
    pub title: Option<String>,
    /// Front-matter keys, lower case, in order of preference.
    pub keys: Vec<String>,
    pub folder: Route,
    /// Kinds of feed beside each term.
    pub feeds: Vec<FeedKind>,
    pub nested: Nested,
}

/// Whether terms stand below others: `技术/前端` below `技术`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nested {
    No,
    /// Where a post says so by a list in its list.
    Paths,
    /// A list of names is one path, as in Hexo.
    Lists,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct TaxonomySettings {
    keys: Option<Vec<String>>,
    folder: Option<String>,
    title: Option<String>,
    feeds: Option<Kinds>,
    nested: Option<Value>,
}

/// `true`, `false`, or a list of feed kinds.
#[derive(Clone, Debug)]
enum Kinds {
    All(bool),
    Only(Vec<String>),
}

impl<'de> Deserialize<'de> for Kinds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Kinds, D::Error> {
        struct KindsVisitor;
        impl<'de> Visitor<'de> for KindsVisitor {
            type Value = Kinds;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(phrase!("`true`, `false` or a list of `rss`, `atom`, `json`"))
            }
            fn visit_bool<E: de::Error>(self, all: bool) -> Result<Kinds, E> {
                Ok(Kinds::All(all))
            }
            fn visit_seq<A: de::SeqAccess<'de>>(self, mut list: A) -> Result<Kinds, A::Error> {
                let mut kinds = Vec::new();
                while let Some(kind) = list.next_element()? {
                    kinds.push(kind);
                }
                Ok(Kinds::Only(kinds))
            }
        }
        deserializer.deserialize_any(KindsVisitor)
    }
}

const TAXONOMY_KEYS: [&str; 5] = ["keys", "folder", "title", "feeds", "nested"];

/// The taxonomies that every site has, as `taxonomies` changes them, and those it adds.
pub(super) fn resolve_taxonomies(settings: Option<Mapping>, feeds: &Feeds) -> Result<Vec<Taxonomy>, Mistake> {
    const KEY: &str = "taxonomies";
    let all: Vec<FeedKind> = feeds.kinds.iter().map(|(kind, _)| *kind).collect();
    let taxonomy = |name: &str, keys: &[&str]| Taxonomy {
        name: name.to_owned(),
        title: None,
        keys: keys.iter().map(|key| (*key).to_owned()).collect(),
        folder: Route::root().below(&format!("{name}/")),
        feeds: all.clone(),
        nested: if name == "categories" { Nested::Paths } else { Nested::No },
    };
    let mut taxonomies = vec![
        taxonomy("tags", &["tags", "tag"]),
        taxonomy("authors", &["authors", "author"]),
        taxonomy("categories", &["categories", "category"]),
    ];
    for (name, value) in settings.unwrap_or_default() {
        let Some(name) = name.as_str() else { return Err(Mistake::new(KEY, say!("the name of a taxonomy must be a word"))) };
        let key = format!("{KEY}.{name}");
        let index = taxonomies.iter().position(|taxonomy| taxonomy.name == name);
        if value == Value::Bool(false) {
            if let Some(index) = index {
                taxonomies.remove(index);
            }
            continue;
        }
        if let Value::Mapping(map) = &value
            && let Some(typed) = map.keys().filter_map(Value::as_str).find(|typed| !TAXONOMY_KEYS.contains(typed))
        {
            let message = say!("unknown key `{}` in taxonomy `{}`", typed, name);
            return Err(Mistake::new(&key, or_meant(message, nearest(typed, TAXONOMY_KEYS))));
        }
        let typed: TaxonomySettings = if matches!(value, Value::Null | Value::Bool(true)) {
            TaxonomySettings::default()
        } else {
            serde_yaml::from_value(value).map_err(|error| Mistake::new(&key, say!("taxonomy `{}`: {}", name, &error)))?
        };
        let index = if let Some(index) = index {
            index
        } else {
            if Route::parse(name).is_err() {
                return Err(Mistake::new(&key, say!("`{}` cannot be the name of a taxonomy", name)));
            }
            taxonomies.push(taxonomy(name, &[&name.to_lowercase()]));
            taxonomies.len() - 1
        };
        let taxonomy = &mut taxonomies[index];
        if let Some(keys) = typed.keys {
            taxonomy.keys = keys.iter().map(|key| key.to_lowercase()).collect();
        }
        if let Some(folder) = typed.folder {
            taxonomy.folder = Route::parse(&format!("/{}/", folder.trim_matches('/')))
                .map_err(|UnsafeRoute(why)| Mistake::new(&key, say!("the folder of `{}`: {}", name, why)))?;
        }
        taxonomy.title = typed.title.or(taxonomy.title.take());
        taxonomy.nested = match typed.nested {
            None => taxonomy.nested,
            Some(Value::Bool(false)) => Nested::No,
            Some(Value::Bool(true)) => Nested::Paths,
            Some(Value::String(word)) if word == "lists" => Nested::Lists,
            Some(_) => return Err(Mistake::new(&key, say!("`nested` is `true`, `false` or `lists`"))),
        };
        match typed.feeds {
            None | Some(Kinds::All(true)) => {}
            Some(Kinds::All(false)) => taxonomy.feeds.clear(),
            Some(Kinds::Only(words)) => {
                taxonomy.feeds.clear();
                for word in words {
                    if let Some((kind, _)) = feeds.kinds.iter().find(|(kind, _)| kind.word() == word) {
                        taxonomy.feeds.push(*kind);
                    } else {
                        let message = say!("`{}` is not a kind of feed switched on in `feeds` (rss, atom, json)", word);
                        return Err(Mistake::new(&key, message));
                    }
                }
            }
        }
    }
    for (index, taxonomy) in taxonomies.iter().enumerate() {
        if let Some(other) = taxonomies[..index].iter().find(|other| other.folder == taxonomy.folder) {
            let message = say!("`{}` and `{}` share the folder {}", &other.name, &taxonomy.name, taxonomy.folder.path());
            return Err(Mistake::new(KEY, message));
        }
    }
    Ok(taxonomies)
}
