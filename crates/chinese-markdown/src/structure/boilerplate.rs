//! The phrases with which accounts end their articles.
//!
//! Written from posts of WeChat accounts. Phrases are matched only in short paragraphs, and at the
//! end only a run of them that reaches the last block counts (`Finder::postscript`), so an article
//! about following and sharing keeps its text.

use super::opening::{is_byline, is_dateline};
use chinese_text::simplified;

/// Longest paragraph that is a call, in characters.
const CALL_CHARS: usize = 90;

/// What a clause of a call begins with, in Simplified characters.
#[rustfmt::skip]
const CALLS: [&str; 66] = [
    "点击蓝字", "点击关注", "点击阅读原文", "点击文末", "点击名片", "点击卡片", "点击在看", "点这里关注", "点个赞", "点个在看",
    "点亮在看", "点在看", "点赞在看", "点赞转发", "点赞分享", "点赞关注", "阅读原文", "关注我们", "关注本号", "关注公众号",
    "关注微信", "关注下方", "敬请关注", "扫码关注", "扫码加入", "扫码添加", "扫码进群", "长按二维码", "长按识别", "长按扫码",
    "长按关注", "识别二维码", "识别下方", "识别图中", "欢迎转发", "欢迎分享", "欢迎关注", "欢迎点赞", "欢迎留言", "欢迎订阅",
    "欢迎扫码关注", "欢迎添加", "转发分享", "转发朋友圈", "转发本文", "分享本文", "分享朋友圈", "分享到朋友圈", "一键三连",
    "设为星标", "加星标", "星标我们", "后台回复", "商务合作", "合作请联系", "转载请", "未经授权", "未经许可", "原创出品",
    "求分享", "求点赞", "求在看", "在看三连", "戳阅读原文", "按赞", "追踪我们",
];

/// Where to press or to scan, which is a call only with what that does: `点击下方名片`, not
/// `点击下方“同意”按钮`.
const PLACES: [&str; 10] = [
    "点击下方",
    "点击上方",
    "点击左下",
    "点击右下",
    "点击文末",
    "扫描下方",
    "扫描上方",
    "扫描图中",
    "长按下方",
    "长按上方",
];
const ACTIONS: [&str; 14] = [
    "关注",
    "名片",
    "卡片",
    "公众号",
    "阅读原文",
    "蓝字",
    "在看",
    "点赞",
    "分享",
    "订阅",
    "加入",
    "添加",
    "进群",
    "入群",
];

/// Clauses that are calls only as a whole: `关注我`, not `关注我国的人口`.
const WHOLE_CALLS: [&str; 16] = [
    "更多精彩",
    "更多精彩内容",
    "关注我",
    "扫一扫",
    "扫描二维码",
    "扫一扫关注",
    "点赞",
    "转发",
    "往期推荐",
    "往期回顾",
    "往期精彩",
    "推荐阅读",
    "延伸阅读",
    "相关阅读",
    "精彩回顾",
    "转发给朋友",
];

/// Words of politeness and conditions before a call.
#[rustfmt::skip]
const LEADS: [&str; 24] = [
    "请", "快来", "快", "赶紧", "赶快", "记得", "别忘了", "不要忘了", "麻烦", "动动手指", "顺手", "如果喜欢", "喜欢本文", "喜欢这篇文章",
    "喜欢的话", "喜欢就", "喜欢", "觉得不错", "觉得好看", "觉得有用", "就", "您可以", "可以", "可",
];

/// What a legal notice at the end begins with, however long it is, and what it is about.
const NOTICES: [&str; 6] = ["版权声明", "免责声明", "特别声明", "郑重声明", "声明：", "本公众号所"];

/// Whether a paragraph calls on the reader to follow, share, like or read something else. A phrase
/// counts where a clause begins with it: `她把照片转发给了母亲` is no call.
pub(super) fn is_call(text: &str) -> bool {
    let text = simplified(text);
    let is_legal =
        || ["版权", "转载", "侵权", "授权", "立场", "删除"].iter().any(|word| text.contains(word));
    if NOTICES.iter().any(|notice| text.starts_with(notice)) && is_legal() {
        return true;
    }
    if text.chars().count() > CALL_CHARS {
        return false;
    }
    let bare = text.replace(['“', '”', '「', '」', '"', '\'', '【', '】'], "");
    let is_owned =
        bare.contains("版权") && ["联系", "删除", "侵删"].iter().any(|word| bare.contains(word));
    is_owned
        || bare.contains("如有侵权")
        || bare.contains("侵删")
        || bare.split(|c: char| !c.is_alphanumeric()).any(is_call_clause)
}

/// `关注我，不迷路`: a line of its own that keeps readers.
pub(super) fn keeps_readers(text: &str) -> bool {
    text.trim_end_matches(|c: char| !c.is_alphanumeric()).ends_with("不迷路")
        && text.chars().count() <= 12
}

fn is_call_clause(mut clause: &str) -> bool {
    while let Some(rest) =
        LEADS.iter().find_map(|lead| clause.strip_prefix(lead)).filter(|rest| !rest.is_empty())
    {
        clause = rest;
    }
    let tells = |rest: &str| {
        ["了", "过", "时", "之后", "以后", "的", "着"].iter().any(|word| rest.starts_with(word))
    };
    WHOLE_CALLS.contains(&clause)
        || clause.ends_with("原创出品")
        || CALLS.iter().any(|call| clause.strip_prefix(call).is_some_and(|rest| !tells(rest)))
        || PLACES.iter().any(|place| {
            clause.strip_prefix(place).is_some_and(|rest| {
                rest == "二维码" || ACTIONS.iter().any(|action| rest.contains(action))
            })
        })
}

/// `活动地点：某馆`, `账号 1234`, `A 王建国`: a fact, which nobody should have to unfold.
pub(super) fn is_fact(text: &str) -> bool {
    let mut chars = text.chars();
    let is_choice = chars.next().is_some_and(|c| c.is_ascii_uppercase())
        && chars.next().is_some_and(|c| matches!(c, ' ' | '.' | '、'));
    is_choice
        || text.contains(|c: char| c.is_ascii_digit())
        || text.split_once(['：', ':']).is_some_and(|(label, value)| {
            (2..=10).contains(&label.chars().count())
                && value.chars().any(char::is_alphanumeric)
                && !label.contains(['，', ' '])
        })
}

/// 往期回顾 and its like, above links to earlier articles of the account.
pub(super) fn lists_earlier(text: &str) -> bool {
    let text = simplified(text);
    text.chars().count() <= 16
        && ["往期", "历史文章", "精彩回顾", "近期文章", "更多精彩"]
            .iter()
            .any(|word| text.contains(word))
}

/// 延伸阅读 and its like, above what the author would have the reader read next.
pub(super) fn lists_further(text: &str) -> bool {
    let text = simplified(text);
    let bare: String = text.chars().filter(|c| c.is_alphanumeric()).collect();
    ["推荐阅读", "延伸阅读", "相关阅读", "扩展阅读", "拓展阅读"].contains(&bare.as_str())
}

/// A licence, who the author is, a book to read on with: the reader's, whatever calls stand around
/// them.
pub(super) fn is_of_the_article(text: &str) -> bool {
    const LICENCES: [&str; 8] =
        ["CC BY", "CC-BY", "CC0", "Creative Commons", "知识共享", "许可协议", "许可证", "署名-"];
    const LIVES: [&str; 10] = [
        "作者简介",
        "关于作者",
        "作者系",
        "著有",
        "译有",
        "教授",
        "博士",
        "研究员",
        "毕业于",
        "专栏作家",
    ];
    let text = simplified(text);
    LICENCES.iter().any(|word| text.contains(word))
        || LIVES.iter().any(|word| text.contains(word))
        || names_book(&text)
}

/// `延伸阅读：《书》`.
fn names_book(text: &str) -> bool {
    let after = text
        .split_once(['：', ':'])
        .filter(|(title, _)| lists_further(title))
        .map(|(_, after)| after);
    after.is_some_and(|after| after.contains('《'))
}

/// `一周一篇，不见不散▼`, `我们下期见`, `感谢阅读！`: points at what stood below, or takes leave.
pub(super) fn takes_leave(text: &str) -> bool {
    let text = simplified(text);
    let line = text.trim_end_matches(['\u{FE0E}', '\u{FE0F}', ' ']);
    if line.ends_with(['▼', '▽', '↓', '⬇', '⇩', '👇', '☟']) {
        return !line.contains(['。', '《']);
    }
    let line = line.trim_end_matches(|c: char| {
        !c.is_alphanumeric() && !matches!(c, '。' | '？' | '”' | '」' | '》' | '…')
    });
    let greets = [
        "下期见",
        "下次见",
        "下周见",
        "下回见",
        "明天见",
        "再见",
        "不见不散",
        "不迷路",
        "与你同行",
        "与您同行",
        "陪你",
        "等你来",
    ];
    let thanks =
        ["感谢阅读", "谢谢阅读", "感谢观看", "感谢您的阅读", "感谢你的阅读", "谢谢你读到这里"];
    greets.iter().any(|word| line.ends_with(word))
        || thanks.iter().any(|word| line.starts_with(word))
}

/// Whether a short line names who wrote, edited or published, or when.
pub(super) fn names_makers(text: &str) -> bool {
    text.chars().count() < 60 && (is_byline(text) || is_dateline(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn traditional_phrases_are_known() {
        assert_eq!(
            simplified("歡迎關注我們的微信公眾號，點擊上方藍字"),
            "欢迎关注我们的微信公众号，点击上方蓝字"
        );
    }

    #[test]
    fn calls_stand_where_a_clause_begins() {
        for call in [
            "点击关注我们",
            "請關注我們",
            "长按识别二维码",
            "请关注我",
            "如果喜欢，请转发给朋友",
            "觉得有用？点个赞吧",
            "扫一扫",
        ] {
            assert!(
                call.split(|c: char| !c.is_alphanumeric())
                    .any(|clause| is_call_clause(&simplified(clause))),
                "{call}"
            );
        }
        for text in [
            "她把那张照片转发给了母亲，然后关掉手机，走进了雨里。",
            "这些年来，我一直在关注我国的人口问题。",
            "从来没有人关注我，这反而让我自由。",
            "走到哪里都不迷路。",
            "用手机扫描二维码时，摄像头先找到三个角。",
            "扫一扫之后发生了什么",
            "推荐阅读指数：五星",
            "点击下方“同意”按钮",
            "扫描下方二维码捐款",
            "愿意把文章分享给朋友的人。",
        ] {
            assert!(
                !text
                    .split(|c: char| !c.is_alphanumeric())
                    .any(|clause| is_call_clause(&simplified(clause))),
                "{text}"
            );
        }
    }
}
