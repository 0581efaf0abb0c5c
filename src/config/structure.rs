//! `markdown.structure`: which rules for the structure of scraped articles apply, and to which
//! articles.

use serde::{Deserialize, Serialize};
use serde_yaml::Value;

use crate::diagnostic::nearest;
use crate::words::Message;

/// When a rule applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum When {
    /// Where it seems meant: rules for the structure of scraped articles, to those that have no
    /// heading of their own.
    Auto,
    Always,
    Never,
}

impl When {
    /// Whether the rule applies; `auto` is the answer for [`When::Auto`].
    pub fn applies(self, auto: bool) -> bool {
        match self {
            When::Auto => auto,
            When::Always => true,
            When::Never => false,
        }
    }

    /// `auto`, `true` or `false`.
    pub fn read(value: &Value) -> Option<When> {
        match value {
            Value::Bool(on) => Some(if *on { When::Always } else { When::Never }),
            Value::String(word) if word == "auto" => Some(When::Auto),
            _ => None,
        }
    }
}

/// The rules for the structure of scraped articles (`markdown.structure`, and `structure` in front
/// matter).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Structure {
    pub headings: When,
    pub captions: When,
    pub references: When,
    pub postscript: When,
}

impl Structure {
    /// Every rule the same.
    pub const fn all(when: When) -> Structure {
        Structure { headings: when, captions: when, references: when, postscript: when }
    }

    /// Whether any rule applies.
    pub fn any(self, auto: bool) -> bool {
        [self.headings, self.captions, self.references, self.postscript]
            .iter()
            .any(|when| when.applies(auto))
    }

    /// What `value` says over `self`: one word for all rules, or a map of some of them. The error
    /// says what is wrong.
    pub fn overridden(self, value: &Value) -> Result<Structure, Message> {
        let expected = || {
            say!(
                "`auto`, `true`, `false`, or a map of `headings`, `captions`, `references`, `postscript`"
            )
        };
        if let Some(when) = When::read(value) {
            return Ok(Structure::all(when));
        }
        let map = match value {
            Value::Null => return Ok(self),
            Value::Mapping(map) => map,
            _ => return Err(say!("structure is {}", expected())),
        };
        let mut rules = self;
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
            *rule =
                When::read(value).ok_or_else(|| say!("`{}` is `auto`, `true` or `false`", name))?;
        }
        Ok(rules)
    }
}
