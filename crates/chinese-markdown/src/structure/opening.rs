//! The lines that stand before an article in scraped posts.

use chinese_text::{is_han, simplified};

/// Lines that stand before the article in scraped posts and say nothing of it: calls to follow,
/// by-lines, dates, credits, numbers of sections, and, as long as no prose was found (`first`),
/// scraps.
pub(crate) fn is_opening(block: &str, first: bool) -> bool {
    let block = &simplified(
        block.trim_start_matches(|c: char| !c.is_alphanumeric() && !"（(【[“「《?!:".contains(c)),
    );
    // By-lines and calls are short; a paragraph that begins like one is not.
    let is_short = block.chars().count() < 60;
    (is_short
        && (is_invitation(block)
            || is_byline(block)
            || is_dateline(block)
            || is_number_of_section(block)))
        || is_credit(block)
        || (first && is_scrap(block))
}

/// `点击上方蓝字关注`, `原创 张三`, `未经授权不得转载`, and containers of other generators:
/// `???+ note "题"`, `:::tip`.
fn is_invitation(block: &str) -> bool {
    const STARTS: [&str; 34] = [
        "点击上方",
        "点击蓝字",
        "点击下方",
        "点击关注",
        "点击阅读",
        "点击卡片",
        "长按识别",
        "长按二维码",
        "长按关注",
        "扫码关注",
        "扫描二维码",
        "扫描下方",
        "识别二维码",
        "关注我们",
        "关注公众号",
        "关注本号",
        "欢迎关注",
        "欢迎订阅",
        "设为星标",
        "阅读原文",
        "转载请",
        "未经授权",
        "未经许可",
        "版权所有",
        "本文转载",
        "本文首发",
        "本文经授权",
        "本文已获授权",
        "本文约",
        "全文共",
        "全文约",
        "以下文章来源",
        "文章来源于",
        "文章转载自",
    ];
    let is_original = |rest: &str| {
        rest.is_empty() || rest.starts_with([' ', '：', ':', '|', '｜', '丨', '·', '-'])
    };
    STARTS.iter().any(|start| block.starts_with(start))
        || (block.strip_prefix("原创").is_some_and(is_original) && !block.ends_with(ENDS))
        || ["???", "!!!", ":::"].iter().any(|start| block.starts_with(start))
}

/// What a sentence ends with; a heading or a by-line does not.
const ENDS: [char; 8] = ['。', '？', '！', '．', '.', '…', '”', '」'];

/// `文 | 张三`, `作者：张三`, `来源: 某报`, `【导读】`, `Image by : example.org`: a label, a
/// separator, and a name.
pub(super) fn is_byline(block: &str) -> bool {
    const LABELS: [&str; 60] = [
        "作者",
        "原作者",
        "本文作者",
        "文",
        "文字",
        "撰文",
        "撰稿",
        "采写",
        "记者",
        "口述",
        "来源",
        "文章来源",
        "信息来源",
        "原文",
        "原文链接",
        "原文地址",
        "原文标题",
        "原题",
        "原载",
        "出处",
        "首发",
        "转自",
        "转载自",
        "编辑",
        "责编",
        "责任编辑",
        "主编",
        "编译",
        "译者",
        "翻译",
        "译",
        "校对",
        "审校",
        "排版",
        "图",
        "图片",
        "图片来源",
        "图片来自",
        "图片提供",
        "图源",
        "题图",
        "封面",
        "头图",
        "配图",
        "摄影",
        "供图",
        "插图",
        "监制",
        "策划",
        "公众号",
        "微信公众号",
        "微信号",
        "发布时间",
        "发表时间",
        "更新时间",
        "阅读时间",
        "标签",
        "关键词",
        "关键字",
        "字数",
    ];
    const LATIN: [&str; 8] =
        ["by", "author", "source", "via", "image by", "photo by", "image", "id"];
    const ALONE: [&str; 9] =
        ["导读", "导语", "编者按", "摘要", "前言", "引言", "引子", "序", "目录"];
    let bare = block.trim_matches(|c: char| {
        c.is_whitespace() || "【】[]（）()《》「」：:|｜丨▲▼◆●■—-*".contains(c)
    });
    if ALONE.contains(&bare) {
        return true;
    }
    let Some(separator) = block.find(['：', ':', '|', '｜', '丨', '/', '／']) else {
        return false;
    };
    let label: String = block[..separator]
        .trim_matches(|c: char| c.is_whitespace() || "【[（(▲▼◆●■*".contains(c))
        .to_lowercase();
    // `文   字：`, `作　者：`
    let chinese: String = label.chars().filter(|c| !c.is_whitespace()).collect();
    LABELS.contains(&chinese.as_str()) || LATIN.contains(&label.as_str())
}

/// `2021-03-05 12:00`, `2021年3月5日 星期五`, `发表于 2021/3/5 北京`: a date, and nothing that
/// makes a sentence.
pub(super) fn is_dateline(block: &str) -> bool {
    let date = ["发表于", "发布于", "更新于", "写于", "时间：", "日期："]
        .iter()
        .find_map(|word| block.strip_prefix(word))
        .unwrap_or(block)
        .trim_start();
    let year = date.chars().take_while(char::is_ascii_digit).count();
    let month = date[year..].trim_start_matches([' ', '-', '/', '.', '年']);
    year == 4
        && month.len() < date.len() - year
        && month.starts_with(|c: char| c.is_ascii_digit())
        && block.chars().count() < 32
        && !block.contains(['，', '。', '！', '？', '；', '、', '“', '「'])
}

/// `（题图：某网）`, `（图片来源：某某，署名协议）`: a credit in brackets, however long its
/// licence.
fn is_credit(block: &str) -> bool {
    let Some(inside) = block.strip_prefix(['（', '(', '【', '[']) else { return false };
    let inside = inside.trim_start();
    block.ends_with(['）', ')', '】', ']'])
        && block.chars().count() < 240
        && [
            "题图",
            "图源",
            "图片",
            "图：",
            "图:",
            "图/",
            "供图",
            "摄影",
            "封面",
            "配图",
            "LCTT 译注",
        ]
        .iter()
        .any(|word| inside.starts_with(word))
}

/// `01`, `01 船票`, `12、起源`: the number of a section that was a heading once.
fn is_number_of_section(block: &str) -> bool {
    let digits = block.chars().take_while(char::is_ascii_digit).count();
    let rest = &block[digits..];
    let is_heading = rest.starts_with(['、', '.', '|', '丨', '/'])
        || (rest.starts_with(' ') && block.starts_with('0'));
    (1..=2).contains(&digits)
        && (rest.is_empty() || (is_heading && block.chars().count() < 30))
        && !rest.ends_with(['。', '．', '！', '，', '；', '…'])
}

/// A line too short to be prose, or one word without any Han (a file's name).
fn is_scrap(block: &str) -> bool {
    let han = block.chars().filter(|c| is_han(*c)).count();
    let letters = block.chars().filter(|c| c.is_alphanumeric()).count();
    (han < 8 && letters < 20 && !block.ends_with(ENDS)) || (han == 0 && !block.contains(' '))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boilerplate_is_known_by_its_form() {
        let dropped = [
            "原创",
            "原创 张三 某公众号",
            "原创：张三",
            "点击上方蓝字，关注我们",
            "文 | 张三",
            "文丨张三",
            "文/李四 编辑/王五",
            "作者：张三，某大学教授。",
            "作　者：张三",
            "来源：某报",
            "来源: 某报（2021年）",
            "译者：李四",
            "【导读】",
            "编者按：",
            "图片来源：某网",
            "图片提供： example.org",
            "Image by : example.org",
            "（题图：某网，CC BY-SA 4.0）",
            "（图源 某某 / CC BY-SA 4.0）",
            "2021-03-05 12:00",
            "2021年3月5日 星期五",
            "发表于 2021/3/5 北京",
            "2021.03.05",
            "01",
            "01 船票",
            "02、起源是什么？",
            "关键词：排版、铅字",
            "???+ note \"题\"",
            ":::tip",
            "未经授权不得转载",
        ];
        for block in dropped {
            assert!(is_opening(block, false), "{block}");
        }
        let kept = [
            "原创性是科学的灵魂，也是它的代价。",
            "原创 是一个被用滥的词。",
            "文学是什么？从前有人这样问。",
            "作者在书里说：人人都是编者。",
            "来源不明的东西，他从不收。",
            "2021年3月5日，北京下了一场雪。",
            "2021 年以前，没有人这样写。",
            "1984年冬天的一个早晨",
            "12 个人站在桥上等船，谁也不说话。",
            "15 分钟入门排版",
            "图书馆的灯亮到半夜。",
            "导读的人走在前面，我们跟着他。",
            "时间：一个谁都知道、谁都说不清的词，从来没有人能在一页纸上把它讲完，哪怕他讲了一辈子，把所有的钟都拆开过，也没有用。",
            "（图书馆里没有别人。）",
            "点击鼠标之前，他犹豫了。",
        ];
        for block in kept {
            assert!(!is_opening(block, false), "{block}");
        }
        assert!(is_opening("ch05-03-method-syntax.md", true) && is_opening("写在前面的话", true));
        assert!(
            !is_opening("雪停了。", true)
                && !is_opening("写在前面的话", false)
                && !is_opening("Once upon a time there was a river.", true)
        );
    }
}
