//! What a key and its value say of who may see a post.

use serde_yaml::Value;

use super::sign::Sign;
use super::word::{Word, says_no, word};
use crate::front_matter::said::{Said, leaves, switch_of};

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

impl Sign {
    pub(super) fn verdict(self, said: &Said) -> Verdict {
        match (self, said) {
            (_, Said::Nothing) => Verdict::Nothing,
            // What is no date is said to be none.
            (Sign::PublishDate | Sign::ExpiryDate, _) => Verdict::Date,
            (_, Said::Text(text)) => self.of_text(text),
            (_, Said::Parts(value)) => self.of_parts(value),
            (Sign::Lock, Said::Unreadable) => Verdict::Locked,
            (_, Said::Unreadable) => Verdict::Unclear,
        }
    }

    fn of_text(self, text: &str) -> Verdict {
        let switch = switch_of(text);
        match self {
            Sign::Hides { when } if switch == Some(when) => Verdict::Hidden,
            Sign::Unlists { when } if switch == Some(when) => Verdict::Unlisted,
            Sign::Draft if switch == Some(true) => Verdict::Draft,
            Sign::Hides { .. } | Sign::Unlists { .. } | Sign::Draft if switch.is_some() => {
                Verdict::Nothing
            }
            Sign::Hides { when: true } | Sign::Unlists { when: true } | Sign::Draft => {
                Verdict::Unclear
            }
            Sign::Public if switch == Some(true) => Verdict::Public,
            Sign::Public if switch == Some(false) => Verdict::Hidden,
            // `publish: never`, `visible: PRIVATE`; another word is of something else
            // (`publish: 某出版社`, `public: 某公众号`), and a date says when.
            Sign::Hides { when: false } | Sign::Unlists { when: false } | Sign::Public
                if says_no(text) =>
            {
                Verdict::Unclear
            }
            Sign::Hides { when: false } | Sign::Unlists { when: false } | Sign::Public => {
                Verdict::Nothing
            }
            Sign::Lock
                if switch == Some(false)
                    || matches!(text.to_lowercase().as_str(), "none" | "无" | "無" | "没有") =>
            {
                Verdict::Nothing
            }
            Sign::Lock => Verdict::Locked,
            Sign::Status | Sign::Audience => match word(text) {
                Word::Public => Verdict::Nothing,
                Word::Draft => Verdict::Draft,
                Word::Hidden => Verdict::Hidden,
                Word::Unlisted => Verdict::Unlisted,
                Word::Waits => Verdict::Waits,
                Word::Locked => Verdict::Locked,
                Word::Unknown
                    if matches!(self, Sign::Audience) || switch == Some(false) || says_no(text) =>
                {
                    Verdict::Unclear
                }
                Word::Unknown => Verdict::Nothing,
            },
            Sign::Build if switch == Some(false) || says_no(text) => Verdict::Unclear,
            Sign::Build | Sign::PublishDate | Sign::ExpiryDate => Verdict::Nothing,
        }
    }

    /// Of a list or a map.
    fn of_parts(self, value: &Value) -> Verdict {
        let any = |test: &dyn Fn(&str) -> bool| leaves(value).iter().any(|leaf| test(leaf));
        match self {
            Sign::Hides { when: true } | Sign::Draft => Verdict::Unclear,
            Sign::Lock => Verdict::Locked,
            // Mostly of what a page is to hide: `hide: [toc]`.
            Sign::Unlists { when: true } if any(&|leaf| switch_of(leaf) == Some(true)) => {
                Verdict::Unclear
            }
            Sign::Hides { when: false } | Sign::Unlists { when: false } | Sign::Public
                if any(&|leaf| switch_of(leaf) == Some(false) || says_no(leaf)) =>
            {
                Verdict::Unclear
            }
            Sign::Status | Sign::Audience => leaves(value)
                .iter()
                .map(|leaf| self.of_text(leaf))
                .find(|verdict| *verdict != Verdict::Nothing)
                .unwrap_or(Verdict::Nothing),
            Sign::Build => build(value),
            _ => Verdict::Nothing,
        }
    }
}

/// What Hugo's `build` says.
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
