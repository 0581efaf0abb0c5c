//! What plays elsewhere or cannot be put in: a link or its name stands in its place, so that nobody
//! misses it without knowing.

use std::borrow::Cow;

use lol_html::html_content::Element;

use super::address::{EXTERNAL_REL, is_external, is_safe_link, names_host};
use super::escape::{escape_attribute, escape_text, unescape};
use crate::reference::{OwnHost, decode};

/// What a card stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CardKind {
    Video,
    Audio,
    Vote,
    /// A program inside WeChat.
    Program,
    /// Somebody's account.
    Account,
}

impl CardKind {
    /// The class of its card.
    fn class(self) -> &'static str {
        match self {
            CardKind::Video => "embed-video",
            CardKind::Audio => "embed-audio",
            CardKind::Vote => "embed-vote",
            CardKind::Program => "embed-program",
            CardKind::Account => "embed-account",
        }
    }

    /// What an element shows, by its name or the address of what it frames.
    fn of(name: &str, address: &str) -> Option<CardKind> {
        const HOSTS: [(&str, CardKind); 17] = [
            ("player.bilibili.com", CardKind::Video),
            ("www.bilibili.com", CardKind::Video),
            ("v.qq.com", CardKind::Video),
            ("player.youku.com", CardKind::Video),
            ("www.youtube.com", CardKind::Video),
            ("www.youtube-nocookie.com", CardKind::Video),
            ("player.vimeo.com", CardKind::Video),
            ("open.iqiyi.com", CardKind::Video),
            ("www.ixigua.com", CardKind::Video),
            ("video.zhihu.com", CardKind::Video),
            ("www.zhihu.com/video", CardKind::Video),
            ("music.163.com", CardKind::Audio),
            ("i.y.qq.com", CardKind::Audio),
            ("www.ximalaya.com", CardKind::Audio),
            ("open.spotify.com", CardKind::Audio),
            ("w.soundcloud.com", CardKind::Audio),
            ("mp.weixin.qq.com/mp/newappmsgvote", CardKind::Vote),
        ];
        let name = name.to_ascii_lowercase();
        let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
        if has(&["video"]) {
            Some(CardKind::Video)
        } else if has(&["audio", "voice", "music"]) {
            Some(CardKind::Audio)
        } else if has(&["vote"]) {
            Some(CardKind::Vote)
        } else if has(&["weapp", "miniprogram"]) {
            Some(CardKind::Program)
        } else if has(&["profile"]) {
            Some(CardKind::Account)
        } else {
            let place = address.split_once("//").map_or("", |(_, place)| place);
            HOSTS.iter().find(|(host, _)| place.starts_with(host)).map(|(_, kind)| *kind)
        }
    }
}

/// How links in place of elements are written.
#[derive(Clone, Copy)]
pub(super) struct Links<'a> {
    pub(super) seal: &'a str,
    /// The words for kinds, in the language of the site.
    pub(super) word: &'a dyn Fn(CardKind) -> &'a str,
    pub(super) own_host: &'a OwnHost,
    pub(super) resolve: &'a dyn Fn(&str) -> Option<String>,
}

impl Links<'_> {
    /// The link to what a player or a frame would show; none where it names nothing that can be led
    /// to.
    pub(super) fn player(&self, element: &Element<'_, '_>) -> Option<String> {
        let source = ["src", "data-src", "data"].iter().find_map(|name| said(element, name))?;
        // A vote of WeChat's is written as on its own host.
        let source = if source.starts_with("/mp/newappmsgvote") {
            format!("https://mp.weixin.qq.com{source}")
        } else {
            source
        };
        self.card(
            CardKind::of(&element.tag_name(), &source),
            &source,
            said(element, "title").as_deref(),
        )
    }

    /// A card with the kind, the title and the link of what is shown elsewhere.
    pub(super) fn card(
        &self,
        kind: Option<CardKind>,
        address: &str,
        title: Option<&str>,
    ) -> Option<String> {
        Some(self.framed(kind, &self.link(address, title)?))
    }

    fn framed(&self, kind: Option<CardKind>, shown: &str) -> String {
        let seal = self.seal;
        match kind {
            Some(kind) => {
                let (class, word) = (kind.class(), escape_text((self.word)(kind)));
                format!(
                    "<p class=\"{seal}embed {class}\"><span class=\"{seal}embed-kind\">{word}</span> {shown}</p>"
                )
            }
            None => format!("<p class=\"{seal}embed\">{shown}</p>"),
        }
    }

    /// The name of what one of WeChat's elements shows, with a link where it has an address.
    pub(super) fn wechat(&self, element: &Element<'_, '_>) -> String {
        const NAMES: [&str; 9] = [
            "name",
            "title",
            "music_name",
            "data-title",
            "data-nickname",
            "nickname",
            "data-miniprogram-title",
            "data-name",
            "data-desc",
        ];
        const MORE: [&str; 5] =
            ["singer", "author", "data-signature", "data-miniprogram-nickname", "data-address"];
        let name =
            NAMES.iter().find_map(|name| said(element, name)).unwrap_or_else(|| element.tag_name());
        let more = MORE.iter().find_map(|more| said(element, more)).filter(|more| *more != name);
        let label = more.map_or_else(|| name.clone(), |more| format!("{name} · {more}"));
        let address = ["src", "audiourl", "data-src"]
            .iter()
            .find_map(|name| said(element, name))
            .filter(|address| names_host(address));
        // Where WeChat keeps what was spoken.
        let voice = || {
            let id = said(element, "voice_encode_fileid")
                .filter(|id| id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'))?;
            Some(format!("https://res.wx.qq.com/voice/getvoice?mediaid={id}"))
        };
        let link = address.or_else(voice).and_then(|address| self.link(&address, Some(&label)));
        let shown = link.unwrap_or_else(|| format!("▶ {}", escape_text(&label)));
        self.framed(CardKind::of(&element.tag_name(), ""), &shown)
    }

    /// The link of a place on a picture.
    pub(super) fn area(&self, element: &Element<'_, '_>) -> Option<String> {
        let label = ["alt", "title"].iter().find_map(|name| said(element, name));
        let link = self.link(&said(element, "href")?, label.as_deref())?;
        Some(format!("{} ", link.replacen("▶ ", "", 1)))
    }

    pub(super) fn link(&self, address: &str, label: Option<&str>) -> Option<String> {
        let is_place = address.starts_with('#') || !is_safe_link(address);
        if is_place {
            return None;
        }
        let address: Cow<'_, str> = if address.starts_with("//") {
            format!("https:{address}").into()
        } else {
            address.into()
        };
        let resolved = (self.resolve)(&address);
        let href = resolved.as_deref().unwrap_or(&address);
        let rel = if is_external(&address, self.own_host) {
            format!(" rel=\"{EXTERNAL_REL}\"")
        } else {
            String::new()
        };
        let label = label.map_or_else(|| short(&address), str::to_owned);
        Some(format!("<a href=\"{}\"{rel}>▶ {}</a>", escape_attribute(href), escape_text(&label)))
    }
}

/// The host of an address, or the last name in its path.
fn short(address: &str) -> String {
    let path = address.split(['?', '#']).next().unwrap_or(address);
    match address.split_once("://") {
        Some((_, rest)) => rest.split(['/', '?', '#']).next().unwrap_or(rest).to_owned(),
        None => decode(
            path.trim_end_matches('/')
                .rsplit('/')
                .next()
                .filter(|name| !name.is_empty())
                .unwrap_or(path),
        ),
    }
}

/// What an attribute says, if it says something.
pub(super) fn said(element: &Element<'_, '_>, name: &str) -> Option<String> {
    let value = element.get_attribute(name)?;
    let value = unescape(value.trim()).trim().to_owned();
    (!value.is_empty()).then_some(value)
}
