//! Numbers of `site.yaml` that have bounds. They are checked as they are read: only the YAML reader knows their place in a map
//! that stands in one line.

use std::fmt;

use serde::Deserialize;
use serde::de::{self, Deserializer, Unexpected, Visitor};

use super::mistake::A_NUMBER_FROM;

/// A whole number from `LOW` to `HIGH`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Within<const LOW: u32, const HIGH: u32>(pub(super) u32);

impl<const LOW: u32, const HIGH: u32> Visitor<'_> for Within<LOW, HIGH> {
    type Value = Self;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{A_NUMBER_FROM}{LOW} to {HIGH}")
    }
    fn visit_u64<E: de::Error>(self, typed: u64) -> Result<Self, E> {
        let within = u32::try_from(typed).ok().filter(|typed| (LOW..=HIGH).contains(typed));
        within.map(Within).ok_or_else(|| E::invalid_value(Unexpected::Unsigned(typed), &self))
    }
}

impl<'de, const LOW: u32, const HIGH: u32> Deserialize<'de> for Within<LOW, HIGH> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Within::<LOW, HIGH>(LOW))
    }
}
