//! How a document is written, and what writing it gives.

use super::super::{Highlight, Placed, RawHtml, html};
use crate::reference::OwnHost;

/// Words that stand in an article's HTML.
#[derive(Clone, Debug, Default)]
pub struct Labels {
    pub note: String,
    pub tip: String,
    pub important: String,
    pub warning: String,
    pub caution: String,
    pub footnotes: String,
    pub back: String,
    pub done: String,
    pub todo: String,
    pub postscript: String,
    pub video: String,
    pub audio: String,
    pub vote: String,
    pub program: String,
    pub account: String,
}

impl Labels {
    /// Simplified Chinese.
    pub fn chinese() -> Labels {
        Labels {
            note: "说明".to_owned(),
            tip: "提示".to_owned(),
            important: "重要".to_owned(),
            warning: "警告".to_owned(),
            caution: "当心".to_owned(),
            footnotes: "注释".to_owned(),
            back: "回到正文，注".to_owned(),
            done: "已完成".to_owned(),
            todo: "未完成".to_owned(),
            postscript: "原文附言".to_owned(),
            video: "视频".to_owned(),
            audio: "音频".to_owned(),
            vote: "投票".to_owned(),
            program: "小程序".to_owned(),
            account: "账号".to_owned(),
        }
    }

    /// The word for what a card stands for.
    pub(super) fn of(&self, kind: html::Kind) -> &str {
        match kind {
            html::Kind::Video => &self.video,
            html::Kind::Audio => &self.audio,
            html::Kind::Vote => &self.vote,
            html::Kind::Program => &self.program,
            html::Kind::Account => &self.account,
        }
    }
}

/// How a document is written.
#[derive(Clone, Copy)]
pub struct Writing<'a> {
    /// The post's short id: notes of two posts on one page do not collide.
    pub id: &'a str,
    /// The page's title; a first heading that repeats it is left out.
    pub title: &'a str,
    pub raw_html: RawHtml,
    /// None where code is to be plain.
    pub highlight: Option<Highlight<'a>>,
    pub labels: &'a Labels,
    /// For a feed: inline images are left out.
    pub for_feed: bool,
    /// Where the site is: links to its own host are its own.
    pub own_host: &'a OwnHost,
    /// The address to publish for one written in the text; `None` keeps it.
    pub resolve: &'a dyn Fn(&str) -> Option<String>,
    /// Width and height of the image at an address written in the text, where they are known.
    pub image_size: &'a dyn Fn(&str) -> Option<(usize, usize)>,
}

/// A heading of the article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// 2 to 6.
    pub level: u8,
    pub id: String,
    pub title: String,
    /// The number that stands above the title of a scraped section (`01`), which the title does not
    /// repeat.
    pub number: Option<String>,
}

/// A written document.
#[derive(Clone, Debug, Default)]
pub struct Written {
    pub html: String,
    pub outline: Vec<Heading>,
    pub findings: Vec<Placed>,
}
