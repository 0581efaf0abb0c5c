//! The calls to follow, share and read on at the very end of an article.

use super::paragraph::Paragraph;
use super::target::Target;
use super::{Block, BlockKind, Finder, Role, boilerplate};

impl Finder<'_, '_> {
    /// Finds the boilerplate at the end, from its first call to the last block, and returns the
    /// block it begins at. Walks up from the end over calls and over what stands among them
    /// (images, rules, a few taglines, links to the account's own articles, credits) and stops at
    /// the first block of the article proper: a download or further reading is the reader's. In
    /// doubt nothing is folded: what a reader does not see is as good as lost.
    pub(super) fn postscript(&mut self) -> usize {
        /// Taglines between two calls, or below the last.
        const LINES: usize = 3;
        let (mut begin, mut calls, mut lines) = (self.blocks.len(), 0, 0);
        // Links from here on stand below a title such as 往期回顾.
        let mut earlier = self.blocks.len();
        for index in (0..self.blocks.len()).rev() {
            let target = self.target(index);
            if target == Target::Elsewhere && index < earlier {
                earlier = self
                    .title_above(index)
                    .filter(|title| boilerplate::lists_earlier(&title.text))
                    .map_or(earlier, |_| index);
            }
            let is_earlier = target == Target::Elsewhere && index >= earlier;
            match &self.blocks[index].kind {
                BlockKind::Paragraph(paragraph)
                    if target == Target::File
                        || boilerplate::is_of_the_article(&paragraph.text) =>
                {
                    break;
                }
                BlockKind::Paragraph(paragraph)
                    if boilerplate::lists_further(&paragraph.text)
                        && !self.is_account_list(index + 1) =>
                {
                    break;
                }
                BlockKind::Paragraph(paragraph) if paragraph.is_call() => {
                    begin = index;
                    calls += 1;
                    lines = 0;
                }
                BlockKind::Paragraph(paragraph)
                    if paragraph.is_aside() && (target == Target::Account || is_earlier) => {}
                BlockKind::Paragraph(_) if target == Target::Elsewhere => break,
                BlockKind::Paragraph(paragraph) if boilerplate::names_makers(&paragraph.text) => {}
                // Below the last call a line may be the article's own, unless it points or takes
                // leave.
                BlockKind::Paragraph(paragraph) if lines < LINES && paragraph.is_farewell() => {
                    lines += 1;
                }
                BlockKind::Paragraph(paragraph)
                    if calls > 0 && lines < LINES && paragraph.is_tagline() =>
                {
                    lines += 1;
                }
                BlockKind::List { is_links: true, .. }
                    if target == Target::Account || is_earlier => {}
                BlockKind::Rule => {}
                _ => break,
            }
        }
        let is_prose = |block: &Block| match &block.kind {
            BlockKind::Paragraph(paragraph) => {
                !paragraph.is_filler()
                    && !paragraph.is_call()
                    && !boilerplate::names_makers(&paragraph.text)
            }
            BlockKind::Rule | BlockKind::List { is_links: true, .. } => false,
            _ => true,
        };
        let last = self.blocks.len();
        // A single sentence that only sounds like a call stays, unless a picture to scan or a list
        // of links stands by it.
        let is_sure = calls > 1
            || self.blocks[begin.min(last)..].iter().any(|block| match &block.kind {
                BlockKind::Paragraph(paragraph) => {
                    paragraph.is_image() || (paragraph.is_line() && paragraph.is_call())
                }
                BlockKind::List { .. } => true,
                _ => false,
            });
        if begin == last || !is_sure || !self.blocks[..begin].iter().any(is_prose) {
            return last;
        }
        self.push(
            self.blocks[begin].events.start..self.blocks[last - 1].events.end,
            Role::Postscript,
        );
        begin
    }

    fn target(&self, index: usize) -> Target {
        match &self.blocks[index].kind {
            BlockKind::Paragraph(paragraph) => paragraph.target,
            BlockKind::List { target, .. } => *target,
            _ => Target::Account,
        }
    }

    fn is_account_list(&self, index: usize) -> bool {
        match self.blocks.get(index).map(|block| &block.kind) {
            Some(BlockKind::Paragraph(paragraph)) => {
                paragraph.is_aside() && paragraph.target == Target::Account
            }
            Some(BlockKind::List { is_links, target }) => *is_links && *target == Target::Account,
            _ => false,
        }
    }

    /// What stands above the links that `index` ends.
    fn title_above(&self, index: usize) -> Option<&Paragraph> {
        let is_links = |block: &&Block| match &block.kind {
            BlockKind::Paragraph(paragraph) => paragraph.is_aside(),
            BlockKind::List { is_links, .. } => *is_links,
            _ => false,
        };
        let above = self.blocks[..=index].iter().rev().find(|block| !is_links(block))?;
        match &above.kind {
            BlockKind::Paragraph(paragraph) => Some(paragraph),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_lead_to_the_account_elsewhere_or_to_files() {
        for (address, target) in [
            ("", Target::Account),
            ("#top", Target::Account),
            ("https://mp.weixin.qq.com/s?__biz=a&mid=1", Target::Account),
            ("http://mmbiz.qpic.cn/x/640?wx_fmt=png", Target::Account),
            ("/images/码.png", Target::Account),
            ("https://a.example/post/", Target::Elsewhere),
            ("https://notweixin.qq.com.example/s", Target::Elsewhere),
            ("https://a.example", Target::Elsewhere),
            ("/posts/b/", Target::Elsewhere),
            ("https://dl.example/puzzle.tar.gz", Target::File),
            ("谱.pdf?v=2", Target::File),
            ("magnet:?xt=urn:btih:1", Target::File),
        ] {
            assert_eq!(Target::of_address(address), target, "{address}");
        }
    }
}
