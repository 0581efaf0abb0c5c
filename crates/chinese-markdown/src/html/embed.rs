//! What plays elsewhere or cannot be put in: a link or its name stands in its place, so that nobody
//! misses it without knowing.

use std::borrow::Cow;

use lol_html::html_content::Element;

use super::{
    EXTERNAL_REL, escape_attribute, escape_text, is_external, is_safe_link, names_host, unescape,
};
use crate::reference::{OwnHost, decode};

/// Players, cards and shops of WeChat's editor, empty for everybody else; the others are named
/// `mp-…`.
pub(super) const WECHAT: [&str; 10] = [
    "mpcps",
    "mpgongyi",
    "mpproduct",
    "mpprofile",
    "mpshop",
    "mpvideo",
    "mpvideosnap",
    "mpvoice",
    "mpweapp",
    "qqmusic",
];

/// Whether an element is one of WeChat's, by its name in whatever case.
pub(super) fn is_wechat(name: &str) -> bool {
    name.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("mp-"))
        || WECHAT.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// Whether HTML may hold an element named `mp-…`.
pub(super) fn names_mini_program(html: &str) -> bool {
    let bytes = html.as_bytes();
    memchr::memchr_iter(b'<', bytes)
        .any(|at| bytes.get(at + 1..at + 4).is_some_and(|start| start.eq_ignore_ascii_case(b"mp-")))
}

/// Whether one of WeChat's elements shows something; one only tells its editor of the style.
pub(super) fn is_player(name: &str) -> bool {
    is_wechat(name) && !name.eq_ignore_ascii_case("mp-style-type")
}

/// What a card stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Video,
    Audio,
    Vote,
    /// A program inside WeChat.
    Program,
    /// Somebody's account.
    Account,
}

impl Kind {
    /// The class of its card.
    fn class(self) -> &'static str {
        match self {
            Kind::Video => "embed-video",
            Kind::Audio => "embed-audio",
            Kind::Vote => "embed-vote",
            Kind::Program => "embed-program",
            Kind::Account => "embed-account",
        }
    }

    /// What an element shows, by its name or the address of what it frames.
    fn of(name: &str, address: &str) -> Option<Kind> {
        const HOSTS: [(&str, Kind); 17] = [
            ("player.bilibili.com", Kind::Video),
            ("www.bilibili.com", Kind::Video),
            ("v.qq.com", Kind::Video),
            ("player.youku.com", Kind::Video),
            ("www.youtube.com", Kind::Video),
            ("www.youtube-nocookie.com", Kind::Video),
            ("player.vimeo.com", Kind::Video),
            ("open.iqiyi.com", Kind::Video),
            ("www.ixigua.com", Kind::Video),
            ("video.zhihu.com", Kind::Video),
            ("www.zhihu.com/video", Kind::Video),
            ("music.163.com", Kind::Audio),
            ("i.y.qq.com", Kind::Audio),
            ("www.ximalaya.com", Kind::Audio),
            ("open.spotify.com", Kind::Audio),
            ("w.soundcloud.com", Kind::Audio),
            ("mp.weixin.qq.com/mp/newappmsgvote", Kind::Vote),
        ];
        let name = name.to_ascii_lowercase();
        let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
        if has(&["video"]) {
            Some(Kind::Video)
        } else if has(&["audio", "voice", "music"]) {
            Some(Kind::Audio)
        } else if has(&["vote"]) {
            Some(Kind::Vote)
        } else if has(&["weapp", "miniprogram"]) {
            Some(Kind::Program)
        } else if has(&["profile"]) {
            Some(Kind::Account)
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
    pub(super) word: &'a dyn Fn(Kind) -> &'a str,
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
            Kind::of(&element.tag_name(), &source),
            &source,
            said(element, "title").as_deref(),
        )
    }

    /// A card with the kind, the title and the link of what is shown elsewhere.
    pub(super) fn card(
        &self,
        kind: Option<Kind>,
        address: &str,
        title: Option<&str>,
    ) -> Option<String> {
        Some(self.framed(kind, &self.link(address, title)?))
    }

    fn framed(&self, kind: Option<Kind>, shown: &str) -> String {
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
        self.framed(Kind::of(&element.tag_name(), ""), &shown)
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
