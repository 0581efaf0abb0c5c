//! `keywords`: whether posts without tags get some, how many, and from which words.

use crate::yaml::{Mistake, NodeContent, Setting};

/// Most keywords of one post; `cli` says so too.
const MOST_KEYWORDS: u32 = 50;

/// Keywords for posts that have no tags.
#[derive(Clone, Debug)]
pub struct KeywordOptions {
    /// Whether they become the post's tags.
    pub auto: bool,
    /// How many of each post.
    pub count: usize,
    /// A file of the keeper's own words, below the site's folder.
    pub dictionary: Option<String>,
}

impl KeywordOptions {
    /// Reads a word, or a map with one.
    pub(super) fn read(typed: Setting<'_>, has_tags: bool) -> Result<KeywordOptions, Mistake> {
        let (typed, mode) = match typed.content() {
            Some(NodeContent::List { .. }) => {
                return Err(
                    typed.wrong(say!("`auto`, `off` or a map of `mode`, `count`, `dictionary`"))
                );
            }
            Some(NodeContent::Map { .. }) => {
                let typed = typed.of_keys(&["mode", "count", "dictionary"])?;
                let mode = typed.get("mode");
                if !mode.is_typed() {
                    // Either default would surprise: tags that nobody asked for, or a map that does
                    // nothing.
                    return Err(typed.mistake(say!("`keywords` needs a `mode`: auto or off")));
                }
                (typed, mode)
            }
            Some(NodeContent::Text(_) | NodeContent::Scalar { .. }) | None => {
                (typed.clone(), typed)
            }
        };
        let auto = is_auto(&mode)?;
        if auto && !has_tags {
            return Err(typed.mistake(say!(
                "`keywords: auto` makes tags, and the taxonomy `tags` is switched off"
            )));
        }
        let count =
            typed.get("count").number_within(1..=MOST_KEYWORDS)?.map_or(5, |count| count as usize);
        Ok(KeywordOptions { auto, count, dictionary: dictionary(&typed.get("dictionary"))? })
    }
}

/// `auto` or `off`; also `true` and `false`, which is how YAML 1.1 reads `off`. Other words for a
/// switch are not taken, since `on` would not say what it switches on, but understood.
fn is_auto(mode: &Setting<'_>) -> Result<bool, Mistake> {
    const MEANT: [(&str, &[&str]); 2] = [
        ("auto", &["auto", "on", "yes", "y", "true"]),
        ("off", &["off", "no", "n", "false", "none"]),
    ];
    if let Ok(switch) = mode.switch() {
        return Ok(switch.unwrap_or(false));
    }
    let typed = mode.text()?.unwrap_or_default().to_lowercase();
    mode.one_of(&[("off", false), ("auto", true)]).map(Option::unwrap_or_default).map_err(
        |mistake| {
            let meant = MEANT.iter().find(|(_, words)| words.contains(&typed.as_str()));
            meant.map_or(mistake, |(meant, _)| mode.not_one_of(&["off", "auto"], Some(meant)))
        },
    )
}

fn dictionary(typed: &Setting<'_>) -> Result<Option<String>, Mistake> {
    match typed.text()? {
        Some(path)
            if path.split('/').any(|part| matches!(part, "" | "." | ".."))
                || path.contains('\\') =>
        {
            Err(typed.mistake(say!("`{}` is not a file of the site's folder", path)))
        }
        path => Ok(path.map(str::to_owned)),
    }
}
