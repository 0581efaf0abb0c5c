//! `search`: whether there is one, and what it searches.

use crate::yaml::{Mistake, NodeContent, Setting};

/// What of an article may be searched.
const FIELDS: [&str; 3] = ["title", "terms", "text"];

/// Characters of one text that are searched, where nothing else is said: more than any novel has.
const LIMIT: u32 = 2_000_000;

/// What readers can search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchOptions {
    /// Whether there is a search.
    pub is_on: bool,
    /// Whether 舊書店 and 旧书店 are the same.
    pub fold_variants: bool,
    /// Whether blocks of code are searched.
    pub code: bool,
    /// Whether titles are.
    pub title: bool,
    /// Whether the names of tags, authors and other terms are.
    pub terms: bool,
    /// Whether the texts are.
    pub text: bool,
    /// Characters of one text that are searched at the most.
    pub limit: usize,
}

impl SearchOptions {
    /// Reads a switch, or a map.
    pub(super) fn read(typed: &Setting<'_>) -> Result<SearchOptions, Mistake> {
        let (is_on, typed) = match typed.content() {
            Some(NodeContent::Scalar { .. } | NodeContent::Text(_)) => {
                (typed.switch()?.unwrap_or(true), typed.get("fields"))
            }
            _ => (true, typed.clone()),
        };
        let typed = typed.of_keys(&["fold_variants", "code", "fields", "limit"])?;
        let fields = typed.get("fields");
        let named = fields.texts()?;
        if let Some(unknown) = named.iter().flatten().find(|field| !FIELDS.contains(field)) {
            return Err(fields.mistake(say!(
                "`{}` cannot be searched; what can be is {}",
                *unknown,
                FIELDS.to_vec()
            )));
        }
        let has = |field: &str| named.as_ref().is_none_or(|named| named.contains(&field));
        let switch = |key: &str, default| Ok(typed.get(key).switch()?.unwrap_or(default));
        Ok(SearchOptions {
            is_on,
            fold_variants: switch("fold_variants", true)?,
            code: switch("code", true)?,
            title: has("title"),
            terms: has("terms"),
            text: has("text"),
            limit: typed.get("limit").number_within(1..=u32::MAX)?.unwrap_or(LIMIT) as usize,
        })
    }
}
