//! Elements that are open, counted by their names.

use std::collections::BTreeMap;

use super::element::KnownElement;
use super::tag::Tag;

/// The name of an element, in lower case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ElementName {
    Known(KnownElement),
    Other(String),
}

impl ElementName {
    pub(super) fn of(tag: &Tag<'_>) -> ElementName {
        tag.element
            .map_or_else(|| ElementName::Other(tag.name.to_ascii_lowercase()), ElementName::Known)
    }

    pub(super) fn as_str(&self) -> &str {
        match self {
            ElementName::Known(element) => element.name(),
            ElementName::Other(name) => name,
        }
    }
}

/// How many elements of each name are open.
#[derive(Debug, Default)]
pub(super) struct OpenCounts {
    known: Vec<usize>,
    other: BTreeMap<String, usize>,
}

impl OpenCounts {
    pub(super) fn of(&mut self, name: &ElementName) -> &mut usize {
        match name {
            ElementName::Known(element) => {
                self.known.resize(KnownElement::COUNT, 0);
                &mut self.known[element.place()]
            }
            ElementName::Other(name) => self.other.entry(name.clone()).or_default(),
        }
    }
}
