//! `markdown.structure`, and `structure` in front matter: which rules for the structure of scraped
//! articles apply, and to which articles.

use chinese_markdown::{StructureRules, When};
use serde_yaml::Value;

use crate::diagnostic::nearest;
use crate::words::Message;

/// Reads `auto`, `true` or `false`.
pub fn read_when(value: &Value) -> Option<When> {
    match value {
        Value::Bool(on) => Some(if *on { When::Always } else { When::Never }),
        Value::String(word) if word == "auto" => Some(When::Auto),
        _ => None,
    }
}

/// Returns what `value` says over `rules`: one word for all rules, or a map of some of them. The
/// error says what is wrong.
pub fn overridden(rules: StructureRules, value: &Value) -> Result<StructureRules, Message> {
    let expected = || {
        say!(
            "`auto`, `true`, `false`, or a map of `headings`, `captions`, `references`, `postscript`"
        )
    };
    if let Some(when) = read_when(value) {
        return Ok(StructureRules::all(when));
    }
    let map = match value {
        Value::Null => return Ok(rules),
        Value::Mapping(map) => map,
        _ => return Err(say!("structure is {}", expected())),
    };
    let mut rules = rules;
    for (key, value) in map {
        let name = key.as_str().unwrap_or_default();
        let rule = match name {
            "headings" => &mut rules.headings,
            "captions" => &mut rules.captions,
            "references" => &mut rules.references,
            "postscript" => &mut rules.postscript,
            _ => {
                let near = nearest(name, ["headings", "captions", "references", "postscript"]);
                let meant = near.map_or_else(expected, |near| say!("did you mean `{}`?", near));
                return Err(say!("structure has no rule `{}`; {}", name, meant));
            }
        };
        *rule = read_when(value).ok_or_else(|| say!("`{}` is `auto`, `true` or `false`", name))?;
    }
    Ok(rules)
}
