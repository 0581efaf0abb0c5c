//! JSON: Hugo's object at the beginning of the file, and Hexo's members of one above a line of
//! `;;;`.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use serde::de::{self, Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::entry::Entry;
use super::visibility::without_password;
use crate::diagnostic::Diagnostic;

/// The members of an object as they are written, in their order.
struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Members<'a>, D::Error> {
        struct MembersVisitor;
        impl<'de> Visitor<'de> for MembersVisitor {
            type Value = Members<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
                let mut members = Vec::new();
                while let Some(key) = map.next_key::<String>()? {
                    members.push((key, map.next_value::<&RawValue>()?));
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(MembersVisitor)
    }
}

/// Returns where an object ends that begins the text.
pub(super) fn object_end(text: &str) -> Result<usize, serde_json::Error> {
    let mut objects = serde_json::Deserializer::from_str(text).into_iter::<Members<'_>>();
    match objects.next() {
        Some(Ok(_)) => Ok(objects.byte_offset()),
        Some(Err(error)) => Err(error),
        None => Err(de::Error::custom("an object")),
    }
}

/// Returns an error of the JSON reader, whose lines count from `start`.
pub(super) fn mistake(text: &str, start: usize, error: &serde_json::Error) -> Box<Diagnostic> {
    let full = error.to_string();
    let message = full.split(" at line ").next().unwrap_or(&full);
    let lines = text[start..].split_inclusive('\n');
    let line = start + lines.take(error.line().saturating_sub(1)).map(str::len).sum::<usize>();
    let at = (line + error.column().saturating_sub(1)).min(text.len());
    without_password(Box::new(
        Diagnostic::error("front-matter", say!("not valid JSON: {}", message)).at(text, at..at + 1),
    ))
}

/// Returns the members of the block: an object, or what stands in one.
pub(super) fn entries(text: &str, head: Range<usize>) -> Result<Vec<Entry<'_>>, Box<Diagnostic>> {
    let block = &text[head.clone()];
    let is_object = block.trim_start().starts_with('{');
    // Braces are put around Hexo's form, and the commas that it allows at the end go.
    let object = if is_object {
        Cow::Borrowed(block)
    } else {
        Cow::Owned(format!("{{{}}}", block.trim_end().trim_end_matches(',')))
    };
    let shift = usize::from(!is_object);
    let Members(members) =
        serde_json::from_str(&object).map_err(|error| mistake(text, head.start, &error))?;
    let begin = object.as_ptr().addr();
    let entry = |(name, value): (String, &RawValue)| {
        let start = head.start + value.get().as_ptr().addr() - begin - shift;
        let written = &text[start..start + value.get().len()];
        Entry {
            key: key_before(text, start),
            name,
            // YAML knows the escapes of JSON, but no halves of a character.
            value: if written.contains("\\u") {
                Cow::Owned(unescaped(value))
            } else {
                Cow::Borrowed(written)
            },
            start,
        }
    };
    Ok(members.into_iter().map(entry).collect())
}

/// Returns where the key of the value stands that begins at `start`.
fn key_before(text: &str, start: usize) -> Range<usize> {
    let before = text[..start].trim_end().trim_end_matches(':').trim_end();
    let inner = before.strip_suffix('"').unwrap_or(before);
    inner.rfind('"').map_or(start, |quote| quote + 1)..inner.len().max(1)
}

fn unescaped(value: &RawValue) -> String {
    serde_json::from_str::<serde_json::Value>(value.get()).unwrap_or_default().to_string()
}
