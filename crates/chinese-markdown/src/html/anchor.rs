//! Ids of paragraphs, so that a link can lead to one.
//!
//! An id is made of the paragraph's text, so it stays when paragraphs elsewhere come, go or change;
//! a counted one would not. Six hexadecimal digits: among the 300 paragraphs of a long article the
//! chance of two equal hashes is 0.3 %, and then the second one gets a number, as the second of two
//! equal paragraphs does.

use std::collections::HashMap;
use std::fmt::Write as _;

use memchr::memmem;
use twox_hash::XxHash3_64;

use super::escape::unescape;
use super::text::visible_text;

/// Gives every paragraph of finished HTML without an id or a class an id such as `p3f9a2c`.
/// Paragraphs without text get none.
pub fn anchor_paragraphs(html: &str) -> String {
    const OPEN: &str = "<p";
    let ends = memmem::Finder::new("</p>");
    let mut out = String::with_capacity(html.len() + html.len() / 16);
    let mut seen: HashMap<u32, usize> = HashMap::new();
    let mut text = Vec::new();
    let mut copied = 0;
    for start in memmem::find_iter(html.as_bytes(), OPEN) {
        let Some(inner) = end_of_tag(html, start + OPEN.len()) else { continue };
        // The sanitiser closes every paragraph.
        let Some(end) = ends.find(&html.as_bytes()[inner..]) else { break };
        let Some(hash) = hash_of(&html[inner..inner + end], &mut text) else { continue };
        out.push_str(&html[copied..start]);
        let _ = write!(out, "<p id=\"p{hash:06x}");
        let times = seen.entry(hash).or_insert(0);
        *times += 1;
        if *times > 1 {
            let _ = write!(out, "-{times}");
        }
        out.push('"');
        copied = start + OPEN.len();
    }
    out.push_str(&html[copied..]);
    out
}

/// Whether an id looks like one that a paragraph is given.
pub(crate) fn is_paragraph_id(id: &str) -> bool {
    let is_hash = |hash: &str| hash.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    id.strip_prefix('p')
        .and_then(|id| id.split_at_checked(6))
        .is_some_and(|(hash, rest)| is_hash(hash) && (rest.is_empty() || rest.starts_with('-')))
}

/// The end of a paragraph's opening tag, where `at` is the end of its name: of one that has no id,
/// and no class but for its alignment.
fn end_of_tag(html: &str, at: usize) -> Option<usize> {
    match html.as_bytes().get(at)? {
        b'>' => Some(at + 1),
        b' ' => {
            let end = at + html[at..].find('>')?;
            let attributes = &html[at..end];
            let is_plain =
                !attributes.contains(" class=") || attributes.contains(" class=\"align-");
            (is_plain && !attributes.contains(" id=")).then_some(end + 1)
        }
        _ => None,
    }
}

/// The hash of a paragraph's text, which blanks, marks of emphasis and the numbers of notes do not
/// change: 24 bits of XXH3, whose values are fixed for ever. Whoever writes two paragraphs of one
/// hash gets a number behind the second; with BLAKE3, which nobody can do that with, hashing took
/// 3 % of a build. `text` is room to work in.
fn hash_of(inner: &str, text: &mut Vec<u8>) -> Option<u32> {
    const BITS: u64 = 0xFF_FFFF;
    text.clear();
    let mut rest = inner;
    while let Some(start) = memmem::find(rest.as_bytes(), b"<sup class=\"footnote-ref\"") {
        push_text(text, &rest[..start]);
        rest = rest[start..].split_once("</sup>").map_or("", |(_, rest)| rest);
    }
    push_text(text, rest);
    let hash = XxHash3_64::oneshot(text) & BITS;
    (!text.is_empty()).then(|| u32::try_from(hash).unwrap_or(0))
}

fn push_text(out: &mut Vec<u8>, html: &str) {
    if memchr::memchr2(b'<', b'&', html.as_bytes()).is_none() {
        push_without_blanks(out, html);
    } else if html.contains('<') {
        push_without_blanks(out, &visible_text(html));
    } else {
        push_without_blanks(out, &unescape(html));
    }
}

/// By runs of bytes, since most paragraphs are one: character by character this was half of what
/// anchors cost.
fn push_without_blanks(out: &mut Vec<u8>, text: &str) {
    const IDEOGRAPHIC: &str = "\u{3000}";
    let bytes = text.as_bytes();
    let mut at = 0;
    for blank in memmem::find_iter(bytes, IDEOGRAPHIC).chain([bytes.len()]) {
        let piece = &bytes[at..blank];
        let mut copied = 0;
        for blank in memchr::memchr3_iter(b' ', b'\n', b'\t', piece) {
            out.extend_from_slice(&piece[copied..blank]);
            copied = blank + 1;
        }
        out.extend_from_slice(&piece[copied..]);
        at = (blank + IDEOGRAPHIC.len()).min(bytes.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_survive_edits_elsewhere() {
        let ids = |html: &str| {
            let anchored = anchor_paragraphs(html);
            anchored
                .split("<p id=\"")
                .skip(1)
                .map(|rest| rest[..rest.find('"').unwrap()].to_owned())
                .collect::<Vec<_>>()
        };
        let before = ids("<p>甲。</p>\n<p>乙。</p>\n<p>丙。</p>\n");
        let after = ids(
            "<p>新。</p>\n<p>乙。</p>\n<blockquote>\n<p><strong>丙</strong>。\n</p></blockquote>\n",
        );
        assert_eq!(before.len(), 3);
        // A note more or less changes the numbers of all that follow.
        let note = |number: u8| {
            format!(
                "<p>乙<sup class=\"footnote-ref\" id=\"r{number}\"><a href=\"#n\">{number}</a></sup>。</p>"
            )
        };
        assert_eq!(ids(&note(1)), ids(&note(2)));
        assert_eq!(ids(&note(1))[0], before[1]);
        assert_eq!(ids("<p lang=\"en\" title=\"x\">乙。</p>")[0], before[1]);
        assert_eq!(before[1..], after[1..]);
        assert_ne!(before[0], after[0]);
    }

    #[test]
    fn equal_paragraphs_have_ids_of_their_own() {
        let html = anchor_paragraphs(
            "<p>同</p><p>同</p><p></p><p><img src=\"a\"></p><p class=\"embed\">x</p><p id=\"own\">y</p><pre>z</pre><param><p>没有结尾",
        );
        let id = |at: usize| {
            html.match_indices("id=\"")
                .nth(at)
                .map(|(start, _)| html[start + 4..].split('"').next().unwrap())
        };
        assert_eq!(id(1).unwrap(), format!("{}-2", id(0).unwrap()));
        assert!(id(2) == Some("own") && id(3).is_none() && html.ends_with("<p>没有结尾"), "{html}");
    }
}
