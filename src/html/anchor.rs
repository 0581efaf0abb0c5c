//! Ids of paragraphs, so that a link can lead to one.
//!
//! An id is made of the paragraph's text, so it stays when paragraphs elsewhere come, go or change; a counted one would
//! not. Six hexadecimal digits: among the 300 paragraphs of a long article the chance of two equal hashes is 0.3 %, and
//! then the second one gets a number, as the second of two equal paragraphs does.

use std::collections::HashMap;

use super::{unescape, visible_text};

/// Gives every `<p>` without attributes an id such as `p3f9a2c`. Paragraphs without text get none.
pub fn anchor_paragraphs(html: &str) -> String {
    const OPEN: &str = "<p>";
    let mut out = String::with_capacity(html.len() + html.len() / 16);
    let mut seen: HashMap<String, usize> = HashMap::new();
    let mut rest = html;
    while let Some(at) = rest.find(OPEN) {
        let inner = &rest[at + OPEN.len()..];
        // The sanitiser closes every paragraph.
        let Some(end) = inner.find("</p>") else { break };
        out.push_str(&rest[..at]);
        match id_of(&inner[..end]) {
            Some(id) => {
                let times = seen.entry(id.clone()).or_insert(0);
                *times += 1;
                match times {
                    1 => out.push_str(&format!("<p id=\"{id}\">")),
                    times => out.push_str(&format!("<p id=\"{id}-{times}\">")),
                }
            }
            None => out.push_str(OPEN),
        }
        rest = inner;
    }
    out.push_str(rest);
    out
}

/// `p` and the hash of a paragraph's text, which blanks and marks of emphasis do not change.
fn id_of(inner: &str) -> Option<String> {
    let text = if inner.contains('<') { visible_text(inner) } else { unescape(inner).into_owned() };
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    (!text.is_empty()).then(|| format!("p{}", &blake3::hash(text.as_bytes()).to_hex()[..6]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_survive_edits_elsewhere() {
        let ids = |html: &str| {
            let anchored = anchor_paragraphs(html);
            anchored.split("<p id=\"").skip(1).map(|rest| rest[..rest.find('"').unwrap()].to_owned()).collect::<Vec<_>>()
        };
        let before = ids("<p>甲。</p>\n<p>乙。</p>\n<p>丙。</p>\n");
        let after = ids("<p>新。</p>\n<p>乙。</p>\n<blockquote>\n<p><strong>丙</strong>。\n</p></blockquote>\n");
        assert_eq!(before.len(), 3);
        assert_eq!(before[1..], after[1..]);
        assert_ne!(before[0], after[0]);
    }

    #[test]
    fn equal_paragraphs_have_ids_of_their_own() {
        let html = anchor_paragraphs("<p>同</p><p>同</p><p></p><p><img src=\"a\"></p><p class=\"embed\">x</p><p>没有结尾");
        let id = |at: usize| html.match_indices("id=\"").nth(at).map(|(start, _)| html[start + 4..].split('"').next().unwrap());
        assert_eq!(id(1).unwrap(), format!("{}-2", id(0).unwrap()));
        assert!(id(2).is_none() && html.ends_with("<p>没有结尾"), "{html}");
    }
}
