//! The phrases with which accounts begin and end their articles.
//!
//! Written from posts of WeChat accounts. Phrases are matched only in short paragraphs, and at the end only a run of them
//! that reaches the last block counts (`Finder::postscript`), so an article about following and sharing keeps its text.

use super::paragraph::Paragraph;
use crate::text::is_han;

/// Longest paragraph that is a call, in characters.
const CALL_CHARS: usize = 90;

/// Anywhere in a short paragraph.
const CALLS: [&str; 74] = [
    "点击下方",
    "点击上方",
    "点击蓝字",
    "点击关注",
    "点击左下",
    "点击右下",
    "点击阅读原文",
    "点击文末",
    "点击图片",
    "点击名片",
    "点这里关注",
    "阅读原文",
    "关注我们",
    "关注我",
    "关注本号",
    "关注公众号",
    "关注微信",
    "关注下方",
    "敬请关注",
    "扫码关注",
    "扫描二维码",
    "扫描下方",
    "扫一扫",
    "扫码加入",
    "长按二维码",
    "长按识别",
    "长按扫码",
    "识别二维码",
    "识别下方",
    "识别图中",
    "下方二维码",
    "欢迎转发",
    "欢迎分享",
    "欢迎关注",
    "欢迎点赞",
    "欢迎留言",
    "欢迎投稿",
    "欢迎订阅",
    "欢迎加入",
    "欢迎扫码",
    "欢迎添加",
    "转发分享",
    "转发给",
    "分享给更多",
    "分享给朋友",
    "点个赞",
    "点赞、",
    "点个在看",
    "点“在看”",
    "点击在看",
    "点亮在看",
    "点在看",
    "一键三连",
    "设为星标",
    "加星标",
    "标星",
    "星标我们",
    "不迷路",
    "原创出品",
    "往期推荐",
    "往期回顾",
    "往期精彩",
    "推荐阅读",
    "延伸阅读",
    "相关阅读",
    "商务合作",
    "合作请联系",
    "投稿邮箱",
    "转载请联系",
    "转载请注明",
    "未经授权",
    "版权归原作者",
    "侵删",
    "如有侵权",
];

/// Whether a paragraph calls on the reader to follow, share, like or read something else.
pub(super) fn is_call(paragraph: &Paragraph) -> bool {
    let text = &paragraph.text;
    text.len() <= CALL_CHARS * 3 && text.chars().count() <= CALL_CHARS && CALLS.iter().any(|call| text.contains(call))
}

/// By-lines and credits.
const CREDITS: [&str; 30] = [
    "原创",
    "来源",
    "作者",
    "文：",
    "文 |",
    "文|",
    "文丨",
    "文 丨",
    "文｜",
    "文/",
    "文 /",
    "编辑",
    "責編",
    "责编",
    "责任编辑",
    "编译",
    "翻译",
    "译者",
    "校对",
    "排版",
    "审核",
    "监制",
    "主编",
    "采访",
    "整理",
    "本文转载",
    "本文来自",
    "本文首发",
    "转载自",
    "出品",
];

/// Whether a short line names who wrote, edited or published.
pub(super) fn is_credit(text: &str) -> bool {
    text.chars().count() < 60
        && CREDITS.iter().any(|credit| {
            text.strip_prefix(credit).is_some_and(|rest| {
                credit.ends_with(['：', '|', '丨', '｜', '/'])
                    || rest.is_empty()
                    || rest.trim_start().starts_with(['：', ':', '|', '丨', '｜', '/', '／', '·', '▏', '▕'])
            })
        })
}

/// Whether a line stands before the article proper: calls to follow, by-lines, section numbers. `first` is the first line
/// with text, which must say something to be taken for the article.
pub fn is_opening(block: &str, first: bool) -> bool {
    const STARTS: [&str; 8] = ["点击上方", "点击蓝字", "点击下方", "关注我们", "原创", "本文转载", "来源：", "来源:"];
    let han = block.chars().filter(|c| is_han(*c)).count();
    let letters = block.chars().filter(|c| c.is_alphanumeric()).count();
    is_credit(block)
        || (STARTS.iter().any(|start| block.starts_with(start)) && block.chars().count() < 60)
        || (first && han < 8 && letters < 20 && !block.ends_with(['。', '？', '！', '.', '…', '”']))
}
