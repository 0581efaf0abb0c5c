//! Terms: what posts have in common, each with an address of its own.

use std::collections::BTreeMap;
use std::sync::Arc;

use foldhash::{HashMap, HashMapExt};
use serde::{Deserialize, Serialize};
use serde_yaml::Value;

use super::PostId;
use crate::config::{Config, Nested};
use crate::diagnostic::Diagnostic;
use crate::front_matter;
use crate::permalink::above;
use crate::post::Post;
use crate::route::{NameCase, Route, fold_case, safe_segment, with_hash};

/// One tag, author, category …
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Term {
    pub name: String,
    pub route: Route,
    /// Newest first.
    pub posts: Vec<PostId>,
    /// What `data/authors.yaml` (or the file of another taxonomy's name) says of it.
    #[serde(with = "front_matter::stored::value")]
    pub about: Option<Value>,
    /// The term it stands below, in the same taxonomy.
    pub parent: Option<usize>,
}

impl Term {
    pub fn has_none_of(&self, posts: &[PostId]) -> bool {
        !posts.iter().any(|post| self.posts.binary_search(post).is_ok())
    }
}

/// Returns the terms of one taxonomy, by name, each with an address of its own.
pub(super) fn collect(
    index: usize,
    posts: &[Arc<Post>],
    config: &Config,
    about: Option<&Value>,
) -> (Vec<Term>, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let taxonomy = &config.taxonomies[index];
    let mut by_name: BTreeMap<&str, Vec<PostId>> = BTreeMap::new();
    for (id, post) in posts.iter().enumerate() {
        for name in &post.terms[index] {
            by_name.entry(name).or_default().push(id);
        }
    }
    // Names that stand in a term's folder already.
    let reserved: Vec<String> = config
        .feeds
        .kinds
        .iter()
        .map(|(_, name)| fold_case(name))
        .chain(["index.html".to_owned(), "page".to_owned()])
        .collect();
    let about = about.map(About::read);
    let mut taken: HashMap<(Option<usize>, String), &str> = HashMap::with_capacity(by_name.len());
    let mut terms: Vec<Term> = Vec::with_capacity(by_name.len());
    let mut ids: HashMap<&str, usize> = HashMap::new();
    for (name, posts) in by_name {
        // A name sorts after those that it begins with.
        let nested = above(name)
            .filter(|_| taxonomy.nested != Nested::No)
            .and_then(|(above, label)| Some((*ids.get(above)?, label)));
        let (parent, label) = nested.map_or((None, name), |(parent, label)| (Some(parent), label));
        let mut segment = safe_segment(label);
        let mut key = (parent, fold_case(&segment));
        let alike = taken.get(&key);
        if let Some(other) = alike {
            let message = say!(
                "`{}` and `{}` in {} are one name where case does not count; they have two pages",
                *other,
                name,
                &taxonomy.name
            );
            diagnostics.push(
                Diagnostic::warning("terms-alike", message)
                    .hint(say!("spell them alike in the posts if they are one")),
            );
        }
        if reserved.contains(&key.1) || (alike.is_some() && config.case == NameCase::Insensitive) {
            segment = with_hash(&segment, name);
            key.1 = fold_case(&segment);
        }
        taken.insert(key, name);
        ids.insert(name, terms.len());
        let about = about.as_ref().and_then(|about| about.get(name)).cloned();
        let folder = parent.map_or(&taxonomy.folder, |parent| &terms[parent].route);
        terms.push(Term {
            name: name.to_owned(),
            route: folder.below(&format!("{segment}/")),
            posts,
            about,
            parent,
        });
    }
    (terms, diagnostics)
}

/// Gives keywords found in texts the spelling that others have: `gpt` in one text and `GPT` in
/// another are one tag, and no keeper could mend it. What a post's author wrote comes before what
/// was found, the frequent before the rare.
pub fn spell_alike(posts: &mut [Arc<Post>], tags: usize) {
    if !posts.iter().any(|post| post.has_found_tags) {
        return;
    }
    // For each spelling, how often it was written and how often found.
    let mut spellings: BTreeMap<String, BTreeMap<String, (usize, usize)>> = BTreeMap::new();
    for post in &*posts {
        for name in &post.terms[tags] {
            let counts =
                spellings.entry(fold_case(name)).or_default().entry(name.clone()).or_default();
            *(if post.has_found_tags { &mut counts.1 } else { &mut counts.0 }) += 1;
        }
    }
    let best: BTreeMap<String, String> = spellings
        .into_iter()
        .filter(|(_, names)| names.len() > 1)
        .filter_map(|(key, names)| {
            Some((key, names.into_iter().rev().max_by_key(|(_, counts)| *counts)?.0))
        })
        .collect();
    for post in posts.iter_mut().filter(|post| post.has_found_tags) {
        let mut names: Vec<&String> = Vec::with_capacity(post.terms[tags].len());
        for name in &post.terms[tags] {
            let name = best.get(&fold_case(name)).unwrap_or(name);
            if !names.contains(&name) {
                names.push(name);
            }
        }
        // A card is shared; most stay as they are.
        if !names.iter().copied().eq(&post.terms[tags]) {
            let names = names.into_iter().cloned().collect();
            Arc::make_mut(post).terms[tags] = names;
        }
    }
}

/// Data of terms: a map by name, or a list of maps with `name`, of which the first of a name
/// counts.
struct About<'v> {
    of: HashMap<&'v str, &'v Value>,
}

impl<'v> About<'v> {
    fn read(data: &'v Value) -> About<'v> {
        let named = |item: &'v Value| Some((item.get("name")?.as_str()?, item));
        let of = match data {
            Value::Mapping(map) => {
                map.iter().filter_map(|(name, about)| Some((name.as_str()?, about))).collect()
            }
            // Of equal names the one that comes last is kept.
            Value::Sequence(list) => list.iter().rev().filter_map(named).collect(),
            _ => HashMap::new(),
        };
        About { of }
    }

    fn get(&self, name: &str) -> Option<&'v Value> {
        self.of.get(name).copied()
    }
}
