//! YAML of which every value knows where it stands: a tree ([`Node`]) whose ranges are the parser's
//! own marks, its values by the keys they stand under ([`Setting`]), and what is wrong with them
//! ([`Mistake`]).
//!
//! The parser that makes the tree decides both what a file means and where that stands. What a
//! plain scalar is (`0o17`, `no`, `~`) follows YAML 1.2's core schema as the reader of front matter
//! has it. Anchors are followed; `<<` is a key like any other. Pure. Knows no keys.

mod mistake;
mod setting;
mod syntax;
mod tree;

use serde_yaml::Value;

pub use mistake::Mistake;
pub use setting::Setting;
pub use tree::{Node, NodeContent};

/// Returns a value whose maps have texts for keys: what templates and JSON can hold. `{1: x}` and
/// `{~: x}` keep their spelling.
pub fn with_text_keys(value: Value) -> Value {
    match value {
        Value::Sequence(items) => Value::Sequence(items.into_iter().map(with_text_keys).collect()),
        Value::Mapping(map) => Value::Mapping(
            map.into_iter()
                .map(|(key, value)| {
                    let key = match key {
                        Value::String(key) => key,
                        other => {
                            serde_yaml::to_string(&other).unwrap_or_default().trim().to_owned()
                        }
                    };
                    (Value::String(key), with_text_keys(value))
                })
                .collect(),
        ),
        Value::Tagged(tagged) => with_text_keys(tagged.value),
        value => value,
    }
}
