//! `<video>` and `<audio>`: files of the site play where they stand; what lies elsewhere, which a
//! page does not load, becomes a card.

use std::borrow::Cow;
use std::fmt::Write as _;

use super::address::{is_external, is_safe_link};
use super::attributes::attributes;
use super::embed::{CardKind, Links};
use super::escape::escape_attribute;
use super::tag::{Tag, tags};
use crate::reference::OwnHost;

/// The player of a name.
pub(super) fn player_called(name: &str) -> Option<&'static str> {
    ["audio", "video"].into_iter().find(|player| *player == name)
}

/// The name of the player that a tag opens or closes.
fn player_name(tag: &Tag<'_>) -> Option<&'static str> {
    tag.known_name().and_then(player_called)
}

/// Whether a page may play what lies at an address.
pub(super) fn is_own(address: &str, own_host: &OwnHost) -> bool {
    !address.starts_with('#') && is_safe_link(address) && !is_external(address, own_host)
}

/// The address of what a player or one of its sources plays.
pub(super) fn played(tag: &Tag<'_>) -> Option<String> {
    let said = |wanted: &str| {
        attributes(tag.attributes)
            .find(|(name, value)| name == wanted && !value.trim().is_empty())
            .map(|(_, value)| value.trim().to_owned())
    };
    said("src").or_else(|| said("data-src"))
}

/// HTML in which each player is one that plays, or a card; one that names nothing leaves what it
/// holds.
pub(super) fn with_players<'h>(html: &'h str, links: &Links<'_>) -> Cow<'h, str> {
    let all: Vec<Tag<'_>> = tags(html)
        .filter(|tag| player_name(tag).is_some() || tag.known_name() == Some("source"))
        .collect();
    let mut out = String::new();
    let (mut copied, mut at) = (0, 0);
    while let Some(tag) = all.get(at) {
        at += 1;
        let Some(name) = player_name(tag) else { continue };
        let inside = all[at..].iter().take_while(|tag| player_name(tag).is_none()).count();
        let end = all.get(at + inside).filter(|end| end.closing && player_name(end) == Some(name));
        if tag.closing {
            // It closes nothing.
            out.push_str(&html[copied..tag.range.start]);
            copied = tag.range.end;
            continue;
        }
        let sources: Vec<&Tag<'_>> = std::iter::once(tag).chain(&all[at..at + inside]).collect();
        let Some(player) = player(name, &sources, links) else {
            for tag in std::iter::once(tag).chain(end) {
                out.push_str(&html[copied..tag.range.start]);
                copied = tag.range.end;
            }
            at += inside + usize::from(end.is_some());
            continue;
        };
        out.push_str(&html[copied..tag.range.start]);
        out.push_str(&player);
        copied = end.map_or(tag.range.end, |end| end.range.end);
        at += if end.is_some() { inside + 1 } else { 0 };
    }
    if copied == 0 { Cow::Borrowed(html) } else { Cow::Owned(out + &html[copied..]) }
}

/// What stands in place of a player with these sources, its own tag among them.
fn player(name: &str, tags: &[&Tag<'_>], links: &Links<'_>) -> Option<String> {
    let said = |tag: &Tag<'_>, wanted: &str| {
        attributes(tag.attributes)
            .find(|(name, _)| name == wanted)
            .map(|(_, value)| value.into_owned())
    };
    let sources: Vec<(String, Option<String>)> =
        tags.iter().filter_map(|tag| Some((played(tag)?, said(tag, "type")))).collect();
    let kind = if name == "audio" { CardKind::Audio } else { CardKind::Video };
    let title = tags.first().and_then(|tag| said(tag, "title"));
    let Some((first, _)) = sources.iter().find(|(address, _)| is_own(address, links.own_host))
    else {
        return links.card(Some(kind), &sources.first()?.0, title.as_deref());
    };
    let resolved =
        |address: &str| escape_attribute((links.resolve)(address).as_deref().unwrap_or(address));
    let mut out = format!("<{name} controls preload=\"metadata\"");
    for wanted in ["width", "height", "loop", "muted"] {
        if let Some(value) = tags.first().and_then(|tag| said(tag, wanted)) {
            let _ = write!(out, " {wanted}=\"{}\"", escape_attribute(&value));
        }
    }
    if let Some(poster) = tags
        .first()
        .and_then(|tag| said(tag, "poster"))
        .filter(|poster| is_own(poster, links.own_host))
    {
        let _ = write!(out, " poster=\"{}\"", resolved(&poster));
    }
    out.push('>');
    for (address, kind) in sources.iter().filter(|(address, _)| is_own(address, links.own_host)) {
        let kind = kind
            .as_ref()
            .map_or(String::new(), |kind| format!(" type=\"{}\"", escape_attribute(kind)));
        let _ = write!(out, "<source src=\"{}\"{kind}>", resolved(address));
    }
    // For readers of feeds, few of which play anything.
    let link = links.link(first, title.as_deref()).unwrap_or_default();
    let _ = write!(out, "{link}</{name}>");
    Some(out)
}
