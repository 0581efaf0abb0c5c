//! Hugo's TOML, between two lines of `+++`.

use std::borrow::Cow;
use std::ops::Range;

use serde_json::Value;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::entry::Entry;
use super::visibility::without_password;
use crate::diagnostic::Diagnostic;

/// Returns the block's top-level keys in the order of the file. Anything that is not TOML is an
/// error of the whole: what its reader passes over may be the line that hid the post.
pub(super) fn entries(text: &str, head: Range<usize>) -> Result<Vec<Entry<'_>>, Box<Diagnostic>> {
    let block = &text[head.clone()];
    let table = DeTable::parse(block).map_err(|error| {
        let place = error.span().unwrap_or(0..0);
        let message = say!("not valid TOML: {}", error.message());
        let found = Diagnostic::error("front-matter", message)
            .at(text, head.start + place.start..head.start + place.end);
        without_password(Box::new(found))
    })?;
    let mut pairs: Vec<_> = table.get_ref().iter().collect();
    pairs.sort_by_key(|(key, _)| key.span().start);
    let entry = |(key, value): (&Spanned<_>, &Spanned<DeValue<'_>>)| {
        let written = &block[value.span()];
        let means_the_same = is_yaml_too(value.get_ref(), written);
        Entry {
            name: AsRef::<str>::as_ref(key.get_ref()).to_owned(),
            key: head.start + key.span().start..head.start + key.span().end,
            value: if means_the_same {
                Cow::Borrowed(written)
            } else {
                Cow::Owned(json(value.get_ref()).to_string())
            },
            start: head.start + value.span().start,
        }
    };
    Ok(pairs.into_iter().map(entry).collect())
}

/// Returns whether YAML reads the value as TOML does, so that what is found in it has its own
/// place.
fn is_yaml_too(value: &DeValue<'_>, written: &str) -> bool {
    match value {
        DeValue::String(_) => !written.starts_with("\"\"\"") && !written.starts_with("'''"),
        DeValue::Boolean(_) | DeValue::Datetime(_) => true,
        DeValue::Integer(_) | DeValue::Float(_) => !written.contains('_'),
        // A comment of TOML needs no blank before it.
        DeValue::Array(items) => {
            !written.contains('#')
                && items.iter().all(
                    |item| matches!(item.get_ref(), DeValue::String(text) if !text.contains('\n')),
                )
        }
        DeValue::Table(_) => false,
    }
}

fn json(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::String(text) => Value::from(text.as_ref()),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
            .map_or_else(|_| Value::from(number.as_str()), Value::from),
        DeValue::Float(number) => number
            .as_str()
            .parse::<f64>()
            .map_or_else(|_| Value::from(number.as_str()), Value::from),
        DeValue::Boolean(on) => Value::from(*on),
        DeValue::Datetime(date) => Value::from(date.to_string()),
        DeValue::Array(items) => items.iter().map(|item| json(item.get_ref())).collect(),
        DeValue::Table(table) => Value::Object(
            table
                .iter()
                .map(|(key, value)| {
                    (AsRef::<str>::as_ref(key.get_ref()).to_owned(), json(value.get_ref()))
                })
                .collect(),
        ),
    }
}
