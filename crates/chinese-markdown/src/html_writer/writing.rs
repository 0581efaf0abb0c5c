//! How a document is written, and what writing it gives.

use crate::gap::Gaps;
use crate::html::{self, Asked, RawHtml};
use crate::reference::OwnHost;
use crate::{Highlight, Placed};

/// The words that the writer adds to an article.
#[derive(Clone, Debug, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Labels {
    /// The title of `> [!NOTE]`, and so on for the five kinds of GitHub.
    pub note: String,
    /// Of `[!TIP]`.
    pub tip: String,
    /// Of `[!IMPORTANT]`.
    pub important: String,
    /// Of `[!WARNING]`.
    pub warning: String,
    /// Of `[!CAUTION]`.
    pub caution: String,
    /// The heading of the notes, for those who hear the page.
    pub footnotes: String,
    /// What stands before the number of a note in the name of its way back.
    pub back: String,
    /// The name of a ticked box.
    pub done: String,
    /// The name of an empty box.
    pub todo: String,
    /// What a folded postscript is called.
    pub postscript: String,
    /// The word for a video that plays elsewhere.
    pub video: String,
    /// For a sound that plays elsewhere.
    pub audio: String,
    /// For a vote of WeChat.
    pub vote: String,
    /// For a program inside WeChat.
    pub program: String,
    /// For somebody's account.
    pub account: String,
}

impl Labels {
    /// Returns the words in Simplified Chinese.
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
    pub(super) fn of(&self, kind: html::CardKind) -> &str {
        match kind {
            html::CardKind::Video => &self.video,
            html::CardKind::Audio => &self.audio,
            html::CardKind::Vote => &self.vote,
            html::CardKind::Program => &self.program,
            html::CardKind::Account => &self.account,
        }
    }
}

/// How a document is written.
#[derive(Clone, Copy)]
pub struct Writing<'a> {
    /// Distinguishes the notes of two articles on one page: their ids are `fn-ID-1` and so on.
    pub id: &'a str,
    /// What the ids of the page around the article begin with. A heading that wants one of these
    /// gets `section-` before it.
    pub reserved_ids: &'a [&'a str],
    /// The page's title, or nothing; a first heading that repeats it is left out.
    pub title: &'a str,
    /// What becomes of raw HTML.
    pub raw_html: RawHtml,
    /// None where code is to be plain.
    pub highlight: Option<Highlight<'a>>,
    /// The words that the writer adds.
    pub labels: &'a Labels,
    /// For a feed: inline images are left out.
    pub for_feed: bool,
    /// Where the site is: links to its own host are its own.
    pub own_host: &'a OwnHost,
    /// The address to publish for one written in the text; `None` keeps it.
    pub resolve: &'a dyn Fn(&str) -> Option<String>,
    /// Width and height in pixels of the image at an address written in the text, where they are
    /// known.
    pub image_size: &'a dyn Fn(&str) -> Option<(usize, usize)>,
    /// Where both are to be filled in later, and not asked now.
    pub gaps: Option<&'a Gaps>,
}

impl<'a> Writing<'a> {
    /// Returns the writing of an article by itself: safe HTML, code without colours, addresses as
    /// they are.
    ///
    /// ```
    /// use chinese_markdown::html_writer::{Labels, Writing, write};
    /// use chinese_markdown::reference::OwnHost;
    /// use chinese_markdown::{Document, Syntax};
    /// let (labels, own_host) = (Labels::chinese(), OwnHost::default());
    /// let writing = Writing { title: "桥", ..Writing::new(&labels, &own_host) };
    /// let (document, _) = Document::prepare("# 桥\n\n## 一、源头\n", &Syntax::DEFAULT);
    /// let written = write(&document.parse(), &writing);
    /// assert_eq!(written.html, "<h2 id=\"一源头\">一、源头</h2>\n");
    /// assert_eq!(written.outline[0].title, "一、源头");
    /// ```
    pub fn new(labels: &'a Labels, own_host: &'a OwnHost) -> Writing<'a> {
        Writing {
            id: "",
            reserved_ids: &[],
            title: "",
            raw_html: RawHtml::Sanitize,
            highlight: None,
            labels,
            for_feed: false,
            own_host,
            resolve: &|_| None,
            image_size: &|_| None,
            gaps: None,
        }
    }

    /// Returns what to write for an address of the article; none keeps it.
    pub(super) fn resolved(&self, reference: &str) -> Option<String> {
        match self.gaps {
            Some(gaps) => gaps.address(reference),
            None => (self.resolve)(reference),
        }
    }

    /// Returns what to write for the sides of a picture of which `asked` is wanted.
    pub(super) fn sides(&self, reference: &str, asked: &Asked, seal: &str) -> (String, String) {
        match self.gaps {
            Some(gaps) => gaps.sides(reference, asked, seal),
            None => asked.sides(|| (self.image_size)(reference)),
        }
    }
}

/// A heading of the article.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Heading {
    /// 2 to 6.
    pub level: u8,
    /// Unique in the article: its title in lower case, blanks as `-`, by kramdown's rule.
    pub id: String,
    /// Its text, without marks.
    pub title: String,
    /// The number that stands above the title of a scraped section (`01`), which the title does not
    /// repeat.
    pub number: Option<String>,
}

/// A written document.
#[derive(Clone, Debug, Default)]
pub struct Written {
    /// The HTML of the article, without a page around it.
    pub html: String,
    /// The headings in order, for a table of contents; without those of class `no_toc`.
    pub outline: Vec<Heading>,
    /// What there is to say, in no order; ranges in the source.
    pub findings: Vec<Placed>,
}
