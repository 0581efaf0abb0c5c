//! The tags of Hexo, Hugo and their themes that are known: one table of what each stands for.

/// What a tag stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// What it holds is text as it is.
    Verbatim,
    /// What it holds is code: of the language named here, else of the one that it names.
    Code(&'static str),
    /// What it holds is a callout: of the kind that it names, else of this one.
    Callout(&'static str),
    /// What it holds is a quotation, by whom it names.
    Quote,
    /// What it holds can be folded away.
    Folded,
    /// What it holds stands there without it, below the title that it may give.
    Apart,
    /// As that; all that it says is the title.
    Titled,
    /// As that; what it holds has parts, and what it says may be their names.
    Parted,
    /// What it says, or holds, is text like any other.
    Text,
    /// What it says is a text and what explains it.
    Glossed,
    /// A box that may be ticked, and what stands beside it.
    Checkbox,
    /// A picture by its address, size and text.
    Picture,
    /// Something that plays or is shown elsewhere: its name, what its address begins with, what it
    /// ends with.
    Card(&'static str, &'static str, &'static str),
    /// A link to a post: its name, what is shown.
    Post,
    /// The address of a post.
    PostAddress,
    /// A link to a file beside the post.
    File,
    /// The address of a file beside the post.
    FileAddress,
    /// A link: what is shown, its address.
    Link,
    /// What it says is marked.
    Mark,
    /// Only a theme knows what to do with it.
    Nothing,
}

impl Meaning {
    /// Whether such a tag is one to hold something.
    pub(super) fn holds_text(self) -> bool {
        use Meaning::{Apart, Callout, Folded, Mark, Parted, Quote, Text, Titled};
        matches!(self, Callout(_) | Quote | Folded | Apart | Titled | Parted | Text | Mark)
    }
}

/// What the tag of a name stands for.
pub(super) fn meaning(name: &str) -> Option<Meaning> {
    TAGS.iter().find(|(names, _)| names.contains(&name)).map(|(_, meaning)| *meaning)
}

const TAGS: [(&[&str], Meaning); 53] = [
    (&["raw", "rawblock", "rawhtml", "unsafe"], Meaning::Verbatim),
    (&["codeblock", "code", "highlight"], Meaning::Code("")),
    (&["mermaid"], Meaning::Code("mermaid")),
    (
        &[
            "note",
            "notice",
            "admonition",
            "callout",
            "alert",
            "notel",
            "hint",
            "msg",
            "message",
            "box",
        ],
        Meaning::Callout("note"),
    ),
    (&["info", "abstract", "noteblock"], Meaning::Callout("info")),
    (&["tip", "tips", "success"], Meaning::Callout("tip")),
    (&["important", "question"], Meaning::Callout("important")),
    (&["warning", "warn", "attention"], Meaning::Callout("warning")),
    (&["danger", "caution", "error", "bug"], Meaning::Callout("danger")),
    (
        &["blockquote", "quote", "pullquote", "centerquote", "cq", "epigraph", "quot"],
        Meaning::Quote,
    ),
    (
        &[
            "details",
            "fold",
            "folding",
            "spoiler",
            "hideToggle",
            "hideBlock",
            "expand",
            "collapse",
            "toggle",
            "accordionItem",
        ],
        Meaning::Folded,
    ),
    (&["tabs", "subtabs", "subsubtabs"], Meaning::Parted),
    (
        &[
            "columns",
            "column",
            "grid",
            "cards",
            "steps",
            "center",
            "left",
            "right",
            "align",
            "folders",
            "accordion",
        ],
        Meaning::Apart,
    ),
    (
        &[
            "gallery",
            "gp",
            "grouppicture",
            "cell",
            "cellgroup",
            "row",
            "col",
            "div",
            "section",
            "container",
        ],
        Meaning::Apart,
    ),
    (
        &["timeline", "tab", "card", "timenode", "step", "item", "subtab", "poem", "folder"],
        Meaning::Titled,
    ),
    (
        &["math", "katex", "typeit", "p", "span", "lead", "hide", "style", "font", "color"],
        Meaning::Text,
    ),
    (&["hideInline", "nota", "bubble", "abbr", "referto", "reference"], Meaning::Glossed),
    (&["checkbox", "radio"], Meaning::Checkbox),
    (
        &[
            "asset_img",
            "img",
            "image",
            "figure",
            "inlineimage",
            "inlineImg",
            "asset_image",
            "fancybox",
            "fb_img",
            "imgproc",
            "lightgallery",
        ],
        Meaning::Picture,
    ),
    (
        &["youtube", "youtuber", "youtube-lite"],
        Meaning::Card("YouTube", "https://www.youtube.com/watch?v=", ""),
    ),
    (
        &["bilibili", "bvideo", "bili", "bilibli"],
        Meaning::Card("哔哩哔哩", "https://www.bilibili.com/video/", "/"),
    ),
    (&["vimeo", "vimeo_simple"], Meaning::Card("Vimeo", "https://vimeo.com/", "")),
    (&["youku"], Meaning::Card("优酷", "https://v.youku.com/v_show/id_", ".html")),
    (
        &["tencent", "tencentvideo", "txsp", "qqvideo"],
        Meaning::Card("腾讯视频", "https://v.qq.com/x/page/", ".html"),
    ),
    (&["douyin"], Meaning::Card("抖音", "https://www.douyin.com/video/", "")),
    (
        &["netease", "neteasemusic", "cloudmusic", "163"],
        Meaning::Card("网易云音乐", "https://music.163.com/#/song?id=", ""),
    ),
    (&["spotify"], Meaning::Card("Spotify", "https://open.spotify.com/", "")),
    (&["soundcloud"], Meaning::Card("SoundCloud", "https://soundcloud.com/", "")),
    (&["gist"], Meaning::Card("Gist", "https://gist.github.com/", "")),
    (&["jsfiddle"], Meaning::Card("JSFiddle", "https://jsfiddle.net/", "/")),
    (&["codepen"], Meaning::Card("CodePen", "https://codepen.io/pen/", "")),
    (&["codesandbox"], Meaning::Card("CodeSandbox", "https://codesandbox.io/s/", "")),
    (&["asciinema"], Meaning::Card("asciinema", "https://asciinema.org/a/", "")),
    (&["tweet"], Meaning::Card("Twitter", "https://twitter.com/i/status/", "")),
    (&["twitter", "x"], Meaning::Card("Twitter", "https://twitter.com/i/status/", "")),
    (&["instagram"], Meaning::Card("Instagram", "https://www.instagram.com/p/", "/")),
    (&["telegram"], Meaning::Card("Telegram", "https://t.me/", "")),
    (
        &["github", "ghcard", "githubrepo", "repo"],
        Meaning::Card("GitHub", "https://github.com/", ""),
    ),
    (&["iframe", "embed"], Meaning::Card("", "", "")),
    (&["video", "videos", "dplayer", "videojs", "mp4"], Meaning::Card("", "", "")),
    (&["audio", "aplayer", "music", "meting", "mp3", "podcast"], Meaning::Card("", "", "")),
    (&["pdf", "pdfviewer"], Meaning::Card("PDF", "", "")),
    (&["post_link", "internal_link"], Meaning::Post),
    (&["post_path", "ref", "relref", "post_url"], Meaning::PostAddress),
    (&["asset_link"], Meaning::File),
    (&["asset_path", "resource"], Meaning::FileAddress),
    (&["link", "btn", "button", "linkcard", "site", "url", "galleryGroup"], Meaning::Link),
    (&["label", "mark", "emp", "wavy", "highlighted"], Meaning::Mark),
    (
        &["kbd", "key", "u", "s", "del", "psw", "emoji", "sup", "sub", "badge", "copy"],
        Meaning::Mark,
    ),
    (&["toc", "TOC"], Meaning::Nothing),
    (&["more", "summary"], Meaning::Nothing),
    (&["adsense", "ad", "clear", "break", "hr"], Meaning::Nothing),
    (&["license", "copyright", "comments"], Meaning::Nothing),
];
