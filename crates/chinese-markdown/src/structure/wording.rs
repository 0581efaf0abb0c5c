//! What a short line says of itself by its words: a caption, a step, an order, a sentence of a
//! story.

use super::section_number::is_chinese_numeral;
use chinese_text::is_han;

/// `第二天`, `时间回到三十年前`, `他说`: a sentence of the story or half of one, and no words about
/// an image.
pub(super) fn tells(text: &str) -> bool {
    #[rustfmt::skip]
    const STARTS: [&str; 53] = [
        "时间", "第二天", "次日", "后来", "然后", "于是", "但", "而", "可是", "那", "这", "他", "她", "我", "你", "它",
        "如果", "因为", "所以", "因此", "不过", "当然", "其实", "首先", "其次", "接着", "同时", "此时", "此外", "另外", "由于",
        "为了", "虽然", "尽管", "无论", "只要", "只有", "一旦", "即使", "既然", "除了", "有人", "有时", "谁", "怎么", "如何",
        "没想到", "直到", "好在", "幸好", "可惜", "原来", "果然",
    ];
    #[rustfmt::skip]
    const WORDS: [&str; 34] = [
        "你", "您", "咱", "我们", "大家", "就", "可以", "需要", "应该", "必须", "无法", "不能", "不要", "别忘", "其实", "因为",
        "所以", "如果", "但是", "而且", "不过", "一定", "这样", "那么", "怎么", "什么", "为何", "已经", "终于", "竟然", "居然",
        "是不是", "能不能", "有没有",
    ];
    STARTS.iter().any(|start| text.starts_with(start))
        || WORDS.iter().any(|word| text.contains(word))
        || text.starts_with('表')
            && text.chars().nth(1).is_some_and(|c| c.is_ascii_digit() || is_chinese_numeral(c))
}

/// A paragraph that tells the reader what to do.
pub(super) fn instructs(text: &str) -> bool {
    #[rustfmt::skip]
    const WORDS: [&str; 26] = [
        "你", "您", "请", "教程", "可以", "即可", "记得", "不要", "别忘", "如果", "怎样", "怎么", "如何", "步骤", "第一步",
        "分三步", "准备", "注意", "建议", "例子", "示例", "函数", "变量", "接口", "数据库", "服务器",
    ];
    WORDS.iter().any(|word| text.contains(word))
}

/// Ends as sentences of a story do; steps seldom have a full stop.
pub(super) fn ends_story(text: &str) -> bool {
    text.ends_with(['。', '！', '？', '…', '”', '」'])
}

pub(super) fn names_a_thing(text: &str) -> bool {
    text.contains(['的', '和', '与', '《', '“', '「', '（'])
}

/// A paragraph about people and times.
pub(super) fn narrates(text: &str) -> bool {
    #[rustfmt::skip]
    const WORDS: [&str; 24] = [
        "他", "她", "人", "年", "曾", "们", "岁", "老", "孩", "师", "说", "天", "夜", "从前", "当时", "后来", "小时候",
        "爷", "奶", "父", "母", "爸", "妈", "姐",
    ];
    let text = ["说明", "说穿", "大家", "天气"].iter().fold(
        std::borrow::Cow::Borrowed(text),
        |text, word| {
            if text.contains(word) { text.replace(word, "").into() } else { text }
        },
    );
    WORDS.iter().any(|word| text.contains(word))
}

/// Two clauses, a question inside, a predicate, a label or a sign of code: `鸡蛋打散，加一点盐`,
/// `质量设为八十`, `从脸开始洗`, `左手托住头`, `提示：无`. A date may follow a comma.
pub(super) fn states(text: &str) -> bool {
    #[rustfmt::skip]
    const PREDICATES: [&str; 26] = [
        "是", "要", "设为", "设成", "改成", "改为", "换成", "保持", "向上", "向下", "向左", "向右", "向前", "向后", "向中间",
        "往上", "往下", "往左", "往右", "往前", "往后", "自己", "试试", "记得", "大于", "小于",
    ];
    let is_date = |rest: &str| {
        let is_dated = rest.trim_start().starts_with(|c: char| c.is_ascii_digit())
            || rest.ends_with(['年', '月', '日']);
        is_dated && rest.contains(|c: char| c.is_ascii_digit()) && rest.chars().count() <= 12
    };
    let is_comparison = text.contains('比')
        && text.ends_with(['大', '小', '多', '少', '高', '低', '长', '短', '快', '慢', '好']);
    let has_mark = text.contains([
        '？', '?', '！', '。', '；', '/', '\\', '=', '$', '<', '>', '{', '}', '_', '`', '→', '➜',
    ]);
    let places = ['从', '往', '向', '朝', '沿', '在', '每'];
    has_mark
        || is_comparison
        || text.split_once(['：', ':']).is_some_and(|(label, _)| !is_side(label))
        || text.split_once(['，', ',']).is_some_and(|(_, rest)| !is_date(rest))
        || PREDICATES.iter().any(|word| text.contains(word))
        // With `的` it may be a thing: `从山顶望见的县城`.
        || (!text.contains('的') && (text.starts_with(places) || text.contains('住')))
}

/// `点击右上角的按钮`, `选择第一项`, `接下来安装驱动`: a step, a hint, or the name of what stands
/// on a screen.
pub(super) fn orders(text: &str) -> bool {
    begins_as_order(text) || names_steps(text)
}

/// A step or a hint, by its first words.
pub(super) fn begins_as_order(text: &str) -> bool {
    #[rustfmt::skip]
    const STARTS: [&str; 75] = [
        "请", "先", "再", "最后", "接下来", "下一步", "下面", "上面", "以下", "以上", "如下", "如图", "见下图", "本文", "本篇",
        "本节", "本章", "注意", "注：", "提示", "说明", "备注", "方法", "步骤", "第一步", "选择", "选", "点", "单击", "双击",
        "按", "打开", "关闭", "进入", "返回", "回到", "填写", "填入", "启动", "开启", "新建", "创建", "添加", "增加", "删除",
        "修改", "设置", "设定", "更改", "拖动", "拖拽", "切换", "确认", "确定", "上传", "导入", "导出", "解压", "查看", "找到",
        "使用", "利用", "通过", "将", "把", "用", "根据", "按照", "搜索", "扫描", "调整", "勾", "插入", "连接", "测试",
    ];
    let text = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    STARTS.iter().any(|start| text.starts_with(start))
        || ["点击", "单击", "双击", "右键", "长按", "勾选", "输入", "安装", "下载", "运行", "重启"]
            .iter()
            .any(|verb| text.starts_with(verb))
}

/// Words of screens and steps, wherever they stand.
pub(super) fn names_steps(text: &str) -> bool {
    #[rustfmt::skip]
    const WORDS: [&str; 43] = [
        "点击", "单击", "双击", "右键", "右击", "长按", "勾选", "选中", "输入", "粘贴", "复制", "安装", "下载", "卸载", "执行",
        "运行", "配置", "重启", "登录", "即可", "如下", "如图", "下图", "上图", "所示", "步骤", "接下来", "按钮", "菜单", "对话框",
        "选项", "命令", "终端", "控制台", "回车", "文件夹", "浏览器", "代码", "参数", "报错", "界面", "成功", "效果",
    ];
    WORDS.iter().any(|word| text.contains(word))
}

/// `左：旧桥 右：新桥` tells pictures apart; any other label is one of the text.
fn is_side(label: &str) -> bool {
    let bare = label.trim_start_matches(['▲', '△', '▼', '▽', '↑', '⬆', '◎', '（', '(', ' ']);
    says_caption(label)
        || says_caption(&format!("{label}："))
        || ["左", "右", "上", "下", "中", "前", "后", "图"]
            .iter()
            .any(|side| bare.starts_with(side))
}

/// Ends in a preposition, a conjunction, a verb or a particle: half a sentence, which goes on
/// below.
pub(super) fn breaks_off(text: &str) -> bool {
    #[rustfmt::skip]
    const PARTICLES: [char; 55] = [
        '在', '对', '把', '被', '从', '向', '为', '以', '和', '与', '及', '或', '跟', '给', '由', '于', '至', '按',
        '将', '让', '使', '而', '且', '但', '则', '因', '若', '如', '是', '有', '说', '看', '做', '要', '也', '都',
        '还', '才', '又', '很', '更', '最', '不', '没', '了', '着', '过', '吗', '呢', '吧', '啊', '呀', '后', '时',
        '到',
    ];
    #[rustfmt::skip]
    const WORDS: [&str; 46] = [
        "说道", "知道", "问道", "答道", "叫道", "写道", "一下", "剩下", "留下", "坐下", "放下", "停下", "之前", "以前", "目前",
        "此前", "年前", "天前", "起来", "下来", "出来", "回来", "过来", "看来", "进去", "下去", "出去", "回去", "通过", "根据",
        "关于", "变成", "成为", "作为", "认为", "以为", "发现", "表示", "觉得", "开始", "完成", "结束", "继续", "决定", "告诉",
        "等等",
    ];
    text.chars().next_back().is_some_and(|last| PARTICLES.contains(&last))
        || WORDS.iter().any(|word| text.ends_with(word))
}

/// Whether a line says that it is a caption or a credit of an image.
pub(super) fn says_caption(text: &str) -> bool {
    let text = text.trim_start_matches(['（', '(', '【', '[', '|', '丨', ' ']);
    if text.starts_with(['▲', '△', '▼', '▽', '↑', '⬆', '◎']) {
        return text.chars().any(is_han) || text.chars().any(|c| c.is_ascii_alphabetic());
    }
    if text.ends_with(['，', '、', ',']) {
        return false;
    }
    let after = |word: &str| text.strip_prefix(word).map(|rest| rest.trim_start().chars().next());
    let is_mark = |c: Option<char>| matches!(c, Some('：' | ':' | '/' | '|' | '｜' | '丨' | '©'));
    ["图", "圖", "Fig.", "Figure"]
        .iter()
        .any(|word| after(word).is_some_and(is_mark) || is_numbered_figure(text, word))
        || CREDITS.iter().any(|word| after(word).is_some_and(is_mark))
        || ["图源", "图自", "图据", "图片来自", "图片来源", "圖源", "圖片來源", "摄于"]
            .iter()
            .any(|word| text.starts_with(word))
}

const CREDITS: [&str; 16] = [
    "图片来源",
    "图片来自",
    "图片提供",
    "图片版权",
    "图片说明",
    "图片",
    "图源",
    "圖片來源",
    "供图",
    "摄影",
    "攝影",
    "拍摄",
    "图说",
    "Photo",
    "Source",
    "Image",
];

/// `图1`, `图 2-1 旧渡口`; not `图 3 展示了…`, nor `图二十年后`.
fn is_numbered_figure(text: &str, word: &str) -> bool {
    #[rustfmt::skip]
    const VERBS: [&str; 22] = [
        "是", "为", "中", "里", "上", "所示", "展示", "显示", "给出", "表示", "描述", "说明", "可", "就", "的", "和", "与",
        "、", "到", "这", "那", "年",
    ];
    let Some(rest) = text.strip_prefix(word).map(str::trim_start) else { return false };
    let is_part = |c: char| c.is_ascii_digit() || is_chinese_numeral(c);
    let title = rest.trim_start_matches(|c: char| is_part(c) || matches!(c, '-' | '.' | '－'));
    rest.starts_with(is_part) && !VERBS.iter().any(|verb| title.trim_start().starts_with(verb))
}

/// `某某 摄`, `渡口的早晨（摄影：某某）`, `旧街（资料图）`, `远处的灯塔。图/某报`,
/// `词云（某某，CC BY-SA 4.0）`: a credit at the end.
pub(super) fn is_signed(text: &str) -> bool {
    #[rustfmt::skip]
    const CREDITS: [&str; 11] =
        ["资料图", "图/", "图／", "图：", "图源", "图片来自", "图片来源", "摄影/", "摄影：", "来源：", "供图"];
    let text = text.trim_end_matches(['）', ')', '】', ']', ' ', '.']);
    let credit = text
        .rsplit(['（', '(', '。', ' ', '　'])
        .next()
        .filter(|credit| credit.len() < text.len())
        .unwrap_or("");
    ["CC BY", "CC-BY", "CC0"].iter().any(|licence| text.contains(licence))
        || CREDITS.iter().any(|word| credit.starts_with(word))
        || text
            .strip_suffix(['摄', '攝', '绘', '繪'])
            .is_some_and(|name| name.ends_with([' ', '/', '／', '|', '　']))
        || text.ends_with("供图")
}
