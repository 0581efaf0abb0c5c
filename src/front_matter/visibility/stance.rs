//! What one line says of who may see a post, where it is not read as front matter.

use super::sign::{VisibilityKey, is_public, is_sign, key_of, names, sign};
use super::verdict::Verdict;
use crate::compat::Compat;
use crate::front_matter::entry::{Entry, is_date};
use crate::front_matter::entry_value::EntryValue;
use crate::front_matter::reader::FrontMatterReader;

/// What one line says of who may see the post, where it is not read as front matter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::front_matter) enum Stance {
    Nothing,
    Public,
    /// It holds the post back, drafts it, locks it, keeps it out of lists, gives it a time, or is
    /// unclear.
    Hides,
    /// The same, and a line `public: true` says otherwise.
    HidesUnlessPublic,
}

/// What a time says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// Public from then on.
    From,
    /// Public until then.
    Until,
    /// The date of the post, which waits for it where `future: hold` says so.
    Own,
}

/// Returns what the date under a key says of when the post may be seen.
pub(in crate::front_matter) fn bound(entry: &Entry<'_>) -> Option<Bound> {
    let name = entry.name.to_lowercase();
    match sign(&name) {
        Some(VisibilityKey::PublishDate) => Some(Bound::From),
        Some(VisibilityKey::ExpiryDate) => Some(Bound::Until),
        _ if name == "published" && is_date(entry) => Some(Bound::From),
        _ => (name == "date" && is_date(entry)).then_some(Bound::Own),
    }
}

pub(in crate::front_matter) fn stance(text: &str, entry: &Entry<'_>) -> Stance {
    let name = entry.name.to_lowercase();
    let is_own = matches!(key_of(&name).as_str(), "draft" | "published") || is_public(&name);
    let verdict = match sign(&name) {
        Some(sign) => sign.verdict(&EntryValue::read(entry)),
        // Nothing below other keys can speak without a name that does.
        None if name != "permalink" && !names(&entry.value).any(|name| is_sign(&name)) => {
            Verdict::Nothing
        }
        None => {
            let mut reader = FrontMatterReader::new(text, &[], Compat::None);
            reader.see(&name, entry);
            let seen = reader.front_matter.visibility;
            if seen.hidden.is_some() || seen.unclear.is_some() {
                Verdict::Hidden
            } else {
                Verdict::Nothing
            }
        }
    };
    match verdict {
        Verdict::Nothing => Stance::Nothing,
        Verdict::Public => Stance::Public,
        // A time counts whether or not the post is public.
        Verdict::Date => Stance::Hides,
        _ if is_own => Stance::Hides,
        _ => Stance::HidesUnlessPublic,
    }
}
