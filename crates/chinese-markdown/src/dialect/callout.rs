//! Callouts as Obsidian writes them: `> [!tip]- 题`. Markdown itself knows five kinds, without a
//! title.

use pulldown_cmark::BlockQuoteKind::{self, Caution, Important, Note, Tip, Warning};

/// Obsidian's kinds, and those of other programs that mean the same; a quotation is none.
const KINDS: [(&str, Option<BlockQuoteKind>); 38] = [
    ("note", Some(Note)),
    ("info", Some(Note)),
    ("abstract", Some(Note)),
    ("summary", Some(Note)),
    ("tldr", Some(Note)),
    ("todo", Some(Note)),
    ("example", Some(Note)),
    ("default", Some(Note)),
    ("primary", Some(Note)),
    ("memo", Some(Note)),
    ("seealso", Some(Note)),
    ("tip", Some(Tip)),
    ("tips", Some(Tip)),
    ("hint", Some(Tip)),
    ("success", Some(Tip)),
    ("check", Some(Tip)),
    ("done", Some(Tip)),
    ("important", Some(Important)),
    ("question", Some(Important)),
    ("help", Some(Important)),
    ("faq", Some(Important)),
    ("warning", Some(Warning)),
    ("warn", Some(Warning)),
    ("attention", Some(Warning)),
    ("notice", Some(Warning)),
    ("caution", Some(Caution)),
    ("danger", Some(Caution)),
    ("error", Some(Caution)),
    ("bug", Some(Caution)),
    ("failure", Some(Caution)),
    ("fail", Some(Caution)),
    ("missing", Some(Caution)),
    ("exit", Some(Caution)),
    ("quote", None),
    ("cite", None),
    ("quotation", None),
    ("blockquote", None),
    ("cq", None),
];

/// What a word says of a callout, if it is the name of a kind.
pub(crate) fn kind(word: &str) -> Option<Option<BlockQuoteKind>> {
    KINDS.iter().find(|(name, _)| name.eq_ignore_ascii_case(word)).map(|(_, kind)| *kind)
}

/// Whether a callout can be folded away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fold {
    None,
    Open,
    Closed,
}

/// The first line of a callout.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Opening {
    pub(crate) kind: Option<BlockQuoteKind>,
    pub(crate) fold: Fold,
    /// Where its title begins.
    pub(crate) title: usize,
}

/// Reads the text that a quote begins with.
pub(crate) fn opening(text: &str) -> Option<Opening> {
    let rest = text.strip_prefix("[!")?;
    let (word, rest) = rest.split_once(']')?;
    // `[!tip|left]` says besides where it stands.
    let word = word.split('|').next().unwrap_or(word).trim();
    let is_word =
        !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
    let (fold, rest) = match rest.strip_prefix('-') {
        Some(rest) => (Fold::Closed, rest),
        None => rest.strip_prefix('+').map_or((Fold::None, rest), |rest| (Fold::Open, rest)),
    };
    // A kind of the author's own looks like a note in Obsidian.
    is_word.then(|| Opening {
        kind: kind(word).unwrap_or(Some(Note)),
        fold,
        title: text.len() - rest.trim_start().len(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn callouts_begin_with_a_kind() {
        let opening_of = |kind, fold, title| Some(Opening { kind, fold, title });
        assert_eq!(opening("[!tip]- 题"), opening_of(Some(Tip), Fold::Closed, 8));
        assert_eq!(opening("[!Danger]+"), opening_of(Some(Caution), Fold::Open, 10));
        assert_eq!(opening("[!quote] 书"), opening_of(None, Fold::None, 9));
        assert_eq!(opening("[!自定]"), opening_of(Some(Note), Fold::None, 9));
        assert_eq!(opening("[!]"), None);
        assert_eq!(opening("[tip] 题"), None);
    }
}
