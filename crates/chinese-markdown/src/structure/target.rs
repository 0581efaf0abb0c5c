//! Where links lead, as far as it tells what a block is for.

use pulldown_cmark::{Event, Tag};

use crate::Spanned;

/// Where the links of a block lead.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Target {
    /// Nowhere, to a picture, or to the account's own articles in WeChat.
    #[default]
    Account,
    Elsewhere,
    /// To a file, which is there to be taken.
    File,
}

impl Target {
    /// The farthest target of some events.
    pub(super) fn of(events: &[Spanned<'_>]) -> Target {
        let links = events.iter().filter_map(|(event, _)| match event {
            Event::Start(Tag::Link { dest_url, .. }) => Some(Target::of_address(dest_url)),
            _ => None,
        });
        links.max().unwrap_or_default()
    }

    pub(super) fn of_address(address: &str) -> Target {
        const PICTURES: [&str; 7] = ["png", "jpg", "jpeg", "gif", "webp", "svg", "bmp"];
        #[rustfmt::skip]
        const FILES: [&str; 44] = [
            "zip", "gz", "tgz", "bz2", "xz", "zst", "7z", "rar", "tar", "dmg", "exe", "msi", "apk",
            "ipa", "deb", "rpm", "appimage", "iso", "jar", "whl", "torrent", "pdf", "epub", "mobi",
            "azw3", "doc", "docx", "xls", "xlsx", "csv", "ppt", "pptx", "txt", "json", "mp3", "m4a",
            "wav", "flac", "mp4", "mkv", "ttf", "otf", "psd", "ai",
        ];
        let address = address.trim().to_ascii_lowercase();
        if ["magnet:", "thunder:", "ed2k:"].iter().any(|scheme| address.starts_with(scheme)) {
            return Target::File;
        }
        if address.is_empty() || address.starts_with(['#']) || address.starts_with("javascript:") {
            return Target::Account;
        }
        let path = address.split(['?', '#']).next().unwrap_or("");
        let (host, path) = path
            .split_once("://")
            .map_or(("", path), |(_, rest)| rest.split_once('/').unwrap_or((rest, "")));
        let ending = path
            .rsplit('/')
            .next()
            .and_then(|name| name.rsplit_once('.'))
            .map_or("", |(_, ending)| ending);
        if ["weixin.qq.com", "qpic.cn"].iter().any(|own| {
            host.strip_suffix(own).is_some_and(|sub| sub.is_empty() || sub.ends_with('.'))
        }) || PICTURES.contains(&ending)
        {
            Target::Account
        } else if FILES.contains(&ending) {
            Target::File
        } else {
            Target::Elsewhere
        }
    }
}
