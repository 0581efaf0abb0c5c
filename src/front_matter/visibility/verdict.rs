//! What a key and its value say of who may see a post.

use serde_yaml::Value;

use super::sign::VisibilityKey;
use super::word::{StatusWord, says_no, word};
use crate::front_matter::entry_value::{EntryValue, leaves, switch_of};

/// What a key and its value say of the post.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Verdict {
    Nothing,
    Public,
    Draft,
    Hidden,
    Unlisted,
    Waits,
    Locked,
    /// The value is not understood, and may have meant that not everybody was to see the post.
    Unclear,
    Date,
}

impl VisibilityKey {
    pub(super) fn verdict(self, said: &EntryValue) -> Verdict {
        match (self, said) {
            (_, EntryValue::Nothing) => Verdict::Nothing,
            // What is no date is said to be none.
            (VisibilityKey::PublishDate | VisibilityKey::ExpiryDate, _) => Verdict::Date,
            (_, EntryValue::Text(text)) => self.of_text(text),
            (_, EntryValue::Parts(value)) => self.of_parts(value),
            (VisibilityKey::Lock, EntryValue::Unreadable) => Verdict::Locked,
            (_, EntryValue::Unreadable) => Verdict::Unclear,
        }
    }

    fn of_text(self, text: &str) -> Verdict {
        let switch = switch_of(text);
        match self {
            VisibilityKey::Hides { when } if switch == Some(when) => Verdict::Hidden,
            VisibilityKey::Unlists { when } if switch == Some(when) => Verdict::Unlisted,
            VisibilityKey::Draft if switch == Some(true) => Verdict::Draft,
            VisibilityKey::Hides { .. } | VisibilityKey::Unlists { .. } | VisibilityKey::Draft
                if switch.is_some() =>
            {
                Verdict::Nothing
            }
            VisibilityKey::Hides { when: true }
            | VisibilityKey::Unlists { when: true }
            | VisibilityKey::Draft => Verdict::Unclear,
            VisibilityKey::Public if switch == Some(true) => Verdict::Public,
            VisibilityKey::Public if switch == Some(false) => Verdict::Hidden,
            // `publish: never`, `visible: PRIVATE`; another word is of something else
            // (`publish: 某出版社`, `public: 某公众号`), and a date says when.
            VisibilityKey::Hides { when: false }
            | VisibilityKey::Unlists { when: false }
            | VisibilityKey::Public
                if says_no(text) =>
            {
                Verdict::Unclear
            }
            VisibilityKey::Hides { when: false }
            | VisibilityKey::Unlists { when: false }
            | VisibilityKey::Public => Verdict::Nothing,
            VisibilityKey::Lock
                if switch == Some(false)
                    || matches!(text.to_lowercase().as_str(), "none" | "无" | "無" | "没有") =>
            {
                Verdict::Nothing
            }
            VisibilityKey::Lock => Verdict::Locked,
            VisibilityKey::Status | VisibilityKey::Audience => match word(text) {
                StatusWord::Public => Verdict::Nothing,
                StatusWord::Draft => Verdict::Draft,
                StatusWord::Hidden => Verdict::Hidden,
                StatusWord::Unlisted => Verdict::Unlisted,
                StatusWord::Waits => Verdict::Waits,
                StatusWord::Locked => Verdict::Locked,
                StatusWord::Unknown
                    if matches!(self, VisibilityKey::Audience)
                        || switch == Some(false)
                        || says_no(text) =>
                {
                    Verdict::Unclear
                }
                StatusWord::Unknown => Verdict::Nothing,
            },
            VisibilityKey::Build if switch == Some(false) || says_no(text) => Verdict::Unclear,
            VisibilityKey::Build | VisibilityKey::PublishDate | VisibilityKey::ExpiryDate => {
                Verdict::Nothing
            }
        }
    }

    /// Of a list or a map.
    fn of_parts(self, value: &Value) -> Verdict {
        let any = |test: &dyn Fn(&str) -> bool| leaves(value).iter().any(|leaf| test(leaf));
        match self {
            VisibilityKey::Hides { when: true } | VisibilityKey::Draft => Verdict::Unclear,
            VisibilityKey::Lock => Verdict::Locked,
            // Mostly of what a page is to hide: `hide: [toc]`.
            VisibilityKey::Unlists { when: true } if any(&|leaf| switch_of(leaf) == Some(true)) => {
                Verdict::Unclear
            }
            VisibilityKey::Hides { when: false }
            | VisibilityKey::Unlists { when: false }
            | VisibilityKey::Public
                if any(&|leaf| switch_of(leaf) == Some(false) || says_no(leaf)) =>
            {
                Verdict::Unclear
            }
            VisibilityKey::Status | VisibilityKey::Audience => leaves(value)
                .iter()
                .map(|leaf| self.of_text(leaf))
                .find(|verdict| *verdict != Verdict::Nothing)
                .unwrap_or(Verdict::Nothing),
            VisibilityKey::Build => build(value),
            _ => Verdict::Nothing,
        }
    }
}

/// Returns what Hugo's `build` says.
fn build(value: &Value) -> Verdict {
    let Value::Mapping(map) = value else { return Verdict::Nothing };
    let option = |name: &str| {
        let value = map
            .iter()
            .find(|(key, _)| key.as_str().is_some_and(|key| key.eq_ignore_ascii_case(name)))
            .map(|(_, value)| value)?;
        leaves(value).pop().map(|leaf| leaf.to_lowercase())
    };
    let verdict = |name: &str, off: [&str; 2], verdict: Verdict| match option(name).as_deref() {
        None | Some("always") => Verdict::Nothing,
        Some(said) if off.contains(&said) => verdict,
        Some(said) => match switch_of(said) {
            Some(true) => Verdict::Nothing,
            Some(false) => verdict,
            None => Verdict::Unclear,
        },
    };
    match verdict("render", ["never", "link"], Verdict::Hidden) {
        Verdict::Nothing => verdict("list", ["never", "local"], Verdict::Unlisted),
        found => found,
    }
}
