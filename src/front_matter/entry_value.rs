//! What the value of a switch or a sign says, in whatever form of YAML it is written: `true`,
//! `"true"`, `!!str true`, `&a true`, `>-` and a line below.

use serde_yaml::Value;

use super::entry::Entry;

/// What a value says.
pub(super) enum EntryValue {
    /// Nothing, `null`, an empty text or list.
    Nothing,
    Text(String),
    /// A list or a map.
    Parts(Value),
    /// YAML cannot read it by itself: an alias of an anchor elsewhere, or lines that are no YAML.
    Unreadable,
}

impl EntryValue {
    /// Reads what stands under a key. One line that YAML cannot read is a text, as it is
    /// everywhere.
    pub(super) fn read(entry: &Entry<'_>) -> EntryValue {
        let (written, _) = entry.trimmed();
        // Nearly all.
        if !written.is_empty()
            && written.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte >= 0x80)
            && !is_null(written)
        {
            return EntryValue::Text(written.to_owned());
        }
        match serde_yaml::from_str::<Value>(&entry.value)
            .and_then(|mut value| value.apply_merge().map(|()| value))
        {
            // The reader of texts keeps the spelling: `0123`.
            Ok(value @ (Value::Bool(_) | Value::Number(_))) => {
                match serde_yaml::from_str::<String>(&entry.value) {
                    Ok(text) => EntryValue::Text(text),
                    Err(_) => EntryValue::of_yaml(&value),
                }
            }
            Ok(value) => EntryValue::of_yaml(&value),
            Err(_)
                if entry.is_one_line()
                    && !written.starts_with(['*', '&', '!', '|', '>', '[', '{']) =>
            {
                EntryValue::Text(written.trim_matches(['"', '\'']).trim().to_owned())
            }
            Err(_) => EntryValue::Unreadable,
        }
    }

    /// Returns what a value of YAML says.
    pub(super) fn of_yaml(value: &Value) -> EntryValue {
        match value {
            Value::Null => EntryValue::Nothing,
            Value::String(text) if text.trim().is_empty() => EntryValue::Nothing,
            Value::String(text) => EntryValue::Text(text.trim().to_owned()),
            Value::Bool(on) => EntryValue::Text(on.to_string()),
            Value::Number(number) => EntryValue::Text(number.to_string()),
            Value::Sequence(items) if items.is_empty() => EntryValue::Nothing,
            Value::Mapping(map) if map.is_empty() => EntryValue::Nothing,
            Value::Sequence(_) | Value::Mapping(_) => EntryValue::Parts(value.clone()),
            Value::Tagged(tagged) => EntryValue::of_yaml(&tagged.value),
        }
    }
}

/// Returns the texts of a value, those of its lists and maps too.
pub(super) fn leaves(value: &Value) -> Vec<String> {
    match value {
        Value::Sequence(items) => items.iter().flat_map(leaves).collect(),
        Value::Mapping(map) => map.values().flat_map(leaves).collect(),
        Value::Tagged(tagged) => leaves(&tagged.value),
        value => match EntryValue::of_yaml(value) {
            EntryValue::Text(text) => vec![text],
            _ => Vec::new(),
        },
    }
}

/// `true`/`false` in all spellings of YAML 1.1, and in Chinese.
pub(super) fn switch_of(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" | "y" | "1" | "是" => Some(true),
        "false" | "no" | "off" | "n" | "0" | "否" => Some(false),
        _ => None,
    }
}

fn is_null(text: &str) -> bool {
    matches!(text, "null" | "Null" | "NULL")
}
