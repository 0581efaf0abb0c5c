//! Captions: the short paragraph after a picture, or the line below it in its paragraph.
//!
//! In articles of WeChat such a line nearly always is one; in tutorials, whose authors leave out
//! full stops and write a step between any two pictures, it hardly ever is. So a line must look
//! like a caption (no sentence, no step, no order), and the article must show that its author
//! writes captions. `tests/captions` holds articles of both kinds, and measures.

use std::ops::Range;

use pulldown_cmark::Event;

use super::paragraph::{Paragraph, is_markup};
use super::{Finder, Kind, Role, boilerplate};
use chinese_text::is_han;

/// What may be the caption of a picture.
struct Candidate {
    /// The block of the picture.
    index: usize,
    /// The events of the picture and the caption.
    images: Range<usize>,
    caption: Range<usize>,
    /// Stands in the picture's paragraph.
    is_inside: bool,
    /// Says itself that it is a caption.
    is_marked: bool,
    /// Names a thing: `渡口的早晨`, `师傅和徒弟`, `《渡口》`. Steps seldom do.
    is_named: bool,
}

/// What an article shows of its author's habits.
#[derive(Default)]
struct Habits {
    /// Pictures, those that follow each other counted once.
    pictures: usize,
    /// Pictures with a short line above that belongs to no picture before it.
    labelled: usize,
    /// Paragraphs apart from captions that end as sentences do, and short ones that do not.
    sentences: usize,
    lines: usize,
    /// Steps below pictures, and paragraphs anywhere that tell the reader what to do.
    steps: usize,
    instructions: usize,
    /// Sentences about people and times.
    stories: usize,
    has_code: bool,
}

impl Finder<'_, '_> {
    /// Finds captions. Lines that do not say what they are need evidence in the article, unless the
    /// rule is always on.
    pub(super) fn captions(&mut self, end: usize, needs_evidence: bool) {
        let mut candidates: Vec<Candidate> =
            (0..end).filter_map(|index| self.candidate_at(index, end)).collect();
        let is_sure = candidates.iter().all(|candidate| candidate.is_marked);
        if needs_evidence && !is_sure && !self.habits(end, &candidates).allow(&candidates) {
            candidates.retain(|candidate| candidate.is_marked);
        }
        for Candidate { index, images, caption, is_inside, .. } in candidates {
            self.take(
                index..index + if is_inside { 1 } else { 2 },
                Role::Figure { images, caption },
            );
        }
    }

    fn candidate_at(&self, index: usize, end: usize) -> Option<Candidate> {
        let image = self.paragraph(index).filter(|paragraph| paragraph.images > 0)?;
        if let Some((images, caption)) = image.caption_inside(self.events) {
            let text = Paragraph::of(self.events, caption.clone());
            let (is_marked, is_named) = (text.is_marked_caption(), names_a_thing(&text.text));
            return Some(Candidate {
                index,
                images,
                caption,
                is_inside: true,
                is_marked,
                is_named,
            });
        }
        if !image.is_image() || index + 1 >= end || self.taken[index + 1] {
            return None;
        }
        let text = self.paragraph(index + 1)?;
        let next = (index + 2 < end).then(|| &self.blocks[index + 2].kind);
        // A run of short lines after an image is a poem or a list, and none of its lines is a
        // caption; a line above a list, a table or a quote belongs to that, and one that points
        // down to the picture below it.
        let goes_on = match next {
            Some(Kind::Paragraph(next)) => next.is_line() && !next.is_strong && !next.is_number(),
            Some(Kind::List { .. } | Kind::Other | Kind::Code) => true,
            Some(Kind::Heading | Kind::Rule) | None => false,
        };
        let points_down = text.text.starts_with(['▼', '▽', '↓', '⬇'])
            && matches!(next, Some(Kind::Paragraph(next)) if next.is_image());
        let is_marked = text.is_marked_caption() && !points_down;
        (is_marked || (text.is_caption() && !goes_on && !points_down)).then(|| Candidate {
            index,
            images: image.inline.clone(),
            caption: text.inline.clone(),
            is_inside: false,
            is_marked,
            is_named: names_a_thing(&text.text),
        })
    }

    fn habits(&self, end: usize, candidates: &[Candidate]) -> Habits {
        let mut habits = Habits::default();
        let mut candidates = candidates.iter().peekable();
        let (mut is_picture, mut is_label, mut caption) = (false, false, None);
        for (index, block) in self.blocks[..end].iter().enumerate() {
            let own = candidates.next_if(|candidate| candidate.index == index);
            let (was_picture, was_label) =
                (std::mem::take(&mut is_picture), std::mem::take(&mut is_label));
            match &block.kind {
                Kind::Paragraph(paragraph) if own.is_some() || paragraph.is_image() => {
                    habits.pictures += usize::from(!was_picture);
                    habits.labelled += usize::from(was_label);
                    is_picture = own.is_none_or(|own| !own.is_inside);
                    caption = own.filter(|own| !own.is_inside).map(|_| index + 1);
                }
                Kind::Paragraph(_) if caption == Some(index) || self.taken[index] => {}
                Kind::Paragraph(paragraph) if paragraph.is_heading() || paragraph.is_number() => {}
                Kind::Paragraph(paragraph) => {
                    let is_line = paragraph.is_line()
                        && !boilerplate::names_makers(&paragraph.text)
                        && !paragraph.is_call();
                    habits.lines += usize::from(is_line);
                    habits.sentences += usize::from(!paragraph.is_line());
                    let is_step = paragraph.is_numbered()
                        || (paragraph.is_brief()
                            && !ends_story(&paragraph.text)
                            && orders(&paragraph.text));
                    habits.steps += usize::from(was_picture && is_step);
                    let begin = self.beginning(paragraph);
                    habits.instructions +=
                        usize::from(is_step || instructs(begin) || names_steps(begin));
                    habits.stories += usize::from(!paragraph.is_line() && narrates(begin));
                    is_label = is_line || paragraph.announces();
                }
                Kind::Code => habits.has_code = true,
                _ => {}
            }
        }
        habits
    }

    /// The first characters of a paragraph, long ones too.
    fn beginning(&self, paragraph: &Paragraph) -> &str {
        const CHARS: usize = 40;
        let text =
            self.events[paragraph.inline.clone()].iter().find_map(|(event, _)| match event {
                Event::Text(text) if !text.trim().is_empty() => Some(&**text),
                _ => None,
            });
        text.map_or("", |text| text.char_indices().nth(CHARS).map_or(text, |(end, _)| &text[..end]))
    }
}

impl Habits {
    /// Whether lines below pictures are captions here.
    fn allow(&self, candidates: &[Candidate]) -> bool {
        let found = candidates.len();
        let marked = candidates.iter().filter(|candidate| candidate.is_marked).count();
        let named = candidates
            .iter()
            .filter(|candidate| candidate.is_named && !candidate.is_marked)
            .count();
        let paragraphs = self.sentences + self.lines;
        // An author who ends paragraphs without a full stop says nothing by leaving it out.
        let leaves_out_stops = self.lines * 3 > self.sentences;
        // Where pictures have their line above, the line below belongs to the next one.
        let labels_above = self.labelled * 2 > self.pictures;
        let instructs = self.instructions * 3 > paragraphs || self.steps * 2 > found - marked;
        if leaves_out_stops || labels_above || instructs {
            return false;
        }
        // In `tests/captions` stories have people and times in a third of their sentences or more.
        // So have tutorials that are told as one; their steps seldom name a thing.
        let narrates = self.stories * 3 >= self.sentences
            && (named * 2 > found - marked || found == 1 && self.stories * 4 >= self.sentences * 3);
        // Lines are more frequent below pictures than elsewhere by far.
        let stands_out =
            found > 1 && found * (paragraphs + 1) >= 4 * (self.lines + 1) * self.pictures;
        marked > 0 || ((found * 2 > self.pictures || stands_out) && narrates && !self.has_code)
    }
}

impl Paragraph {
    /// Could be the caption of the image above it.
    fn is_caption(&self) -> bool {
        self.stands_alone()
            && !states(&self.text)
            && !tells(&self.text)
            && !orders(&self.text)
            && !breaks_off(&self.text)
    }

    /// Is set in italics below a picture, as translators of tutorials set captions, and orders
    /// nothing.
    fn is_slanted_caption(&self) -> bool {
        self.is_slanted
            && self.stands_alone()
            && !tells(&self.text)
            && !begins_as_order(&self.text)
            && !breaks_off(&self.text)
    }

    /// A line that is nothing else by its form.
    fn stands_alone(&self) -> bool {
        self.is_line()
            && !self.is_link
            && !self.has_code
            && self.text.chars().any(char::is_alphanumeric)
            && !self.is_number()
            && !self.is_numbered()
            && !self.is_framing()
            && !self.is_heading()
            && !self.is_call()
            && !boilerplate::is_opening(&self.text, false)
            && !self.is_end_mark()
            && !is_markup(&self.text)
    }

    /// Says itself that it is a caption: `▲ 图1`, `图源：…`, `某某 摄`, or by its italics.
    fn is_marked_caption(&self) -> bool {
        let is_caption = is_signed(&self.text) || (says_caption(&self.text) && !orders(&self.text));
        (self.is_marked_width() && is_caption && !self.is_call()) || self.is_slanted_caption()
    }

    /// Images and, after a line break, a caption in the same paragraph.
    fn caption_inside(
        &self,
        events: &[super::Spanned<'_>],
    ) -> Option<(Range<usize>, Range<usize>)> {
        let (images, rest) = self.image_and_rest(events)?;
        let caption = Paragraph::of(events, rest.clone());
        let is_caption = Paragraph::of(events, images.clone()).is_image()
            && (caption.is_marked_caption() || caption.is_caption());
        is_caption.then_some((images, rest))
    }
}

/// `第二天`, `时间回到三十年前`, `他说`: a sentence of the story or half of one, and no words about
/// an image.
fn tells(text: &str) -> bool {
    #[rustfmt::skip]
    const STARTS: [&str; 53] = [
        "时间", "第二天", "次日", "后来", "然后", "于是", "但", "而", "可是", "那", "这", "他", "她", "我", "你", "它", "如果", "因为", "所以",
        "因此", "不过", "当然", "其实", "首先", "其次", "接着", "同时", "此时", "此外", "另外", "由于", "为了", "虽然", "尽管", "无论", "只要",
        "只有", "一旦", "即使", "既然", "除了", "有人", "有时", "谁", "怎么", "如何", "没想到", "直到", "好在", "幸好", "可惜", "原来", "果然",
    ];
    #[rustfmt::skip]
    const WORDS: [&str; 34] = [
        "你", "您", "咱", "我们", "大家", "就", "可以", "需要", "应该", "必须", "无法", "不能", "不要", "别忘", "其实", "因为", "所以", "如果",
        "但是", "而且", "不过", "一定", "这样", "那么", "怎么", "什么", "为何", "已经", "终于", "竟然", "居然", "是不是", "能不能", "有没有",
    ];
    STARTS.iter().any(|start| text.starts_with(start))
        || WORDS.iter().any(|word| text.contains(word))
        || text.starts_with('表')
            && text
                .chars()
                .nth(1)
                .is_some_and(|c| c.is_ascii_digit() || super::paragraph::is_chinese_numeral(c))
}

/// A paragraph that tells the reader what to do.
fn instructs(text: &str) -> bool {
    #[rustfmt::skip]
    const WORDS: [&str; 26] = [
        "你", "您", "请", "教程", "可以", "即可", "记得", "不要", "别忘", "如果", "怎样", "怎么", "如何", "步骤", "第一步", "分三步", "准备", "注意",
        "建议", "例子", "示例", "函数", "变量", "接口", "数据库", "服务器",
    ];
    WORDS.iter().any(|word| text.contains(word))
}

/// Ends as sentences of a story do; steps seldom have a full stop.
fn ends_story(text: &str) -> bool {
    text.ends_with(['。', '！', '？', '…', '”', '」'])
}

fn names_a_thing(text: &str) -> bool {
    text.contains(['的', '和', '与', '《', '“', '「', '（'])
}

/// A paragraph about people and times.
fn narrates(text: &str) -> bool {
    #[rustfmt::skip]
    const WORDS: [&str; 24] = [
        "他", "她", "人", "年", "曾", "们", "岁", "老", "孩", "师", "说", "天", "夜", "从前", "当时", "后来", "小时候", "爷", "奶", "父", "母", "爸", "妈",
        "姐",
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
fn states(text: &str) -> bool {
    #[rustfmt::skip]
    const PREDICATES: [&str; 26] = [
        "是", "要", "设为", "设成", "改成", "改为", "换成", "保持", "向上", "向下", "向左", "向右", "向前", "向后", "向中间", "往上", "往下", "往左",
        "往右", "往前", "往后", "自己", "试试", "记得", "大于", "小于",
    ];
    let is_date = |rest: &str| {
        let is_dated = rest.trim_start().starts_with(|c: char| c.is_ascii_digit())
            || rest.ends_with(['年', '月', '日']);
        is_dated && rest.contains(|c: char| c.is_ascii_digit()) && rest.chars().count() <= 12
    };
    let is_comparison = text.contains('比')
        && text.ends_with(['大', '小', '多', '少', '高', '低', '长', '短', '快', '慢', '好']);
    text.contains(['？', '?', '！', '。', '；', '/', '\\', '=', '$', '<', '>', '{', '}', '_', '`', '→', '➜'])
        || is_comparison
        || text.split_once(['：', ':']).is_some_and(|(label, _)| !is_side(label))
        || text.split_once(['，', ',']).is_some_and(|(_, rest)| !is_date(rest))
        || PREDICATES.iter().any(|word| text.contains(word))
        // With `的` it may be a thing: `从山顶望见的县城`.
        || (!text.contains('的') && (text.starts_with(['从', '往', '向', '朝', '沿', '在', '每']) || text.contains('住')))
}

/// `点击右上角的按钮`, `选择第一项`, `接下来安装驱动`: a step, a hint, or the name of what stands
/// on a screen.
fn orders(text: &str) -> bool {
    begins_as_order(text) || names_steps(text)
}

/// A step or a hint, by its first words.
fn begins_as_order(text: &str) -> bool {
    #[rustfmt::skip]
    const STARTS: [&str; 75] = [
        "请", "先", "再", "最后", "接下来", "下一步", "下面", "上面", "以下", "以上", "如下", "如图", "见下图", "本文", "本篇", "本节", "本章", "注意",
        "注：", "提示", "说明", "备注", "方法", "步骤", "第一步", "选择", "选", "点", "单击", "双击", "按", "打开", "关闭", "进入", "返回", "回到",
        "填写", "填入", "启动", "开启", "新建", "创建", "添加", "增加", "删除", "修改", "设置", "设定", "更改", "拖动", "拖拽", "切换", "确认",
        "确定", "上传", "导入", "导出", "解压", "查看", "找到", "使用", "利用", "通过", "将", "把", "用", "根据", "按照", "搜索", "扫描",
        "调整", "勾", "插入", "连接", "测试",
    ];
    let text = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    STARTS.iter().any(|start| text.starts_with(start))
        || ["点击", "单击", "双击", "右键", "长按", "勾选", "输入", "安装", "下载", "运行", "重启"]
            .iter()
            .any(|verb| text.starts_with(verb))
}

/// Words of screens and steps, wherever they stand.
fn names_steps(text: &str) -> bool {
    #[rustfmt::skip]
    const WORDS: [&str; 43] = [
        "点击", "单击", "双击", "右键", "右击", "长按", "勾选", "选中", "输入", "粘贴", "复制", "安装", "下载", "卸载", "执行", "运行", "配置", "重启",
        "登录", "即可", "如下", "如图", "下图", "上图", "所示", "步骤", "接下来", "按钮", "菜单", "对话框", "选项", "命令", "终端", "控制台", "回车",
        "文件夹", "浏览器", "代码", "参数", "报错", "界面", "成功", "效果",
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
fn breaks_off(text: &str) -> bool {
    #[rustfmt::skip]
    const PARTICLES: [char; 55] = [
        '在', '对', '把', '被', '从', '向', '为', '以', '和', '与', '及', '或', '跟', '给', '由', '于', '至', '按', '将', '让', '使', '而', '且', '但',
        '则', '因', '若', '如', '是', '有', '说', '看', '做', '要', '也', '都', '还', '才', '又', '很', '更', '最', '不', '没', '了', '着', '过', '吗', '呢',
        '吧', '啊', '呀', '后', '时', '到',
    ];
    #[rustfmt::skip]
    const WORDS: [&str; 46] = [
        "说道", "知道", "问道", "答道", "叫道", "写道", "一下", "剩下", "留下", "坐下", "放下", "停下", "之前", "以前", "目前", "此前", "年前", "天前",
        "起来", "下来", "出来", "回来", "过来", "看来", "进去", "下去", "出去", "回去", "通过", "根据", "关于", "变成", "成为", "作为", "认为", "以为", "发现",
        "表示", "觉得", "开始", "完成", "结束", "继续", "决定", "告诉", "等等",
    ];
    text.chars().next_back().is_some_and(|last| PARTICLES.contains(&last))
        || WORDS.iter().any(|word| text.ends_with(word))
}

/// Whether a line says that it is a caption or a credit of an image.
fn says_caption(text: &str) -> bool {
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
        "是", "为", "中", "里", "上", "所示", "展示", "显示", "给出", "表示", "描述", "说明", "可", "就", "的", "和", "与", "、", "到", "这", "那", "年",
    ];
    let Some(rest) = text.strip_prefix(word).map(str::trim_start) else { return false };
    let is_part = |c: char| c.is_ascii_digit() || super::paragraph::is_chinese_numeral(c);
    let title = rest.trim_start_matches(|c: char| is_part(c) || matches!(c, '-' | '.' | '－'));
    rest.starts_with(is_part) && !VERBS.iter().any(|verb| title.trim_start().starts_with(verb))
}

/// `某某 摄`, `渡口的早晨（摄影：某某）`, `旧街（资料图）`, `远处的灯塔。图/某报`,
/// `词云（某某，CC BY-SA 4.0）`: a credit at the end.
fn is_signed(text: &str) -> bool {
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
