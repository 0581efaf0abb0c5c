"""The words, sentences and lines of code that `generate.py` makes articles of."""
import re

WHO = ("匠人 学徒 工程师 老编辑 校对员 船长 测量员 教书先生 图书管理员 邮差 药剂师 年轻记者 译者 收藏家 观测员 画师 账房 园丁 修表人 列车员 "
       "程序员 抄书人 摄影师 调音师 养蜂人 制图员 播音员 木匠 裁缝 守塔人").split()
WHERE = ("江边的旧厂房 山脚的小站 城南的书铺 码头的仓库 二楼的阅览室 北窗下的长桌 巷口的茶馆 半山的观测站 河湾的渡口 学校的地下室 车间的角落 "
         "海边的灯塔 县里的档案室 雨后的院子 临街的铺面 乡下的祠堂 旧城的钟楼 实验室的走廊 铁桥的另一头 印刷所的排字间 剧场的后台 晒谷场 "
         "邮局的柜台 果园的棚屋").split()
THING = ("旧地图 铅字 账本 座钟 望远镜 油灯 信件 手稿 算盘 木尺 留声机 乐谱 标本 底片 罗盘 图纸 词典 打字机 温度计 日记 机床 胶卷 收音机 船票 "
         "种子 瓷片 渔网 竹简 印章 黑板 线装书 卡片柜 显微镜 水车 风筝 自行车 电报机 怀表 石碑 织机 药方 琴弦 门锁 邮戳").split()
FIELD = ("造纸 印刷 航海 测绘 天文 气象 养蚕 酿造 铁路 邮政 建筑 园艺 翻译 编目 音乐 摄影 钟表 纺织 水利 陶瓷 编程 统计 排版 无线电 木工 教育 "
         "考古 出版 植物学 制图 数学 物候").split()
IDEA = ("秩序 耐心 误差 传统 效率 记忆 标准 偶然 手感 节奏 边界 信任 分工 代价 习惯 趣味 规矩 细节 直觉 远见 余地 平衡 好奇心 时间感 次序 分寸 "
        "成本 可能 线索 名声 尊严 共识").split()
KIND = ("史话 札记 手册 图谱 年表 掌故 入门 考证 故事 笔谈 杂录 新知 旧闻 通论 访谈 书目 工艺 教学 地理 人物 收藏 修复 语汇 研究 观察 随想 备忘 "
        "评述").split()
MADE = ("修好了 抄下了 带回了 画出了 拆开了 收起了 丈量过 藏起了 换掉了 擦亮了 找到了 留下了 借走了 称过了 寄出了 编好了 认出了 描完了 清点了 "
        "翻遍了 登记了 送还了 试用了").split()
MOVED = ("改变了 成全了 动摇了 换来了 掩盖了 养成了 磨平了 催生了 说明了 牵住了 放大了 检验了 重写了 保住了 拖慢了 唤起了 限制了 打破了 照亮了 "
         "延续了").split()
LIKE = ("缓慢 笨拙 精确 朴素 漫长 偶然 耐用 琐碎 安静 明亮 粗糙 体面 脆弱 诚实 固执 轻巧 冷清 繁复 温和 含混 清楚 沉重 寻常 古怪").split()
HOW = "悄悄 慢慢 几乎 始终 往往 渐渐 恰好 反复 重新 勉强 一再 从容 确实 终于 常常 多半 默默 逐一 稍稍 彻底".split()
WHEN = ("那年春天 入冬以前 第二天清早 几十年后 许多年里 停电的夜里 搬家那天 梅雨季节 开学前一周 霜降前后 每逢集市 旧历年底 一个下午 到了秋天 "
        "涨水的时候 天亮之前 傍晚时分 退休之后 大雪封山时 头一个月 夏至那天 散场以后 火车到站时").split()
LINK = ("不过 因此 换句话说 说到底 与此同时 事实上 更要紧的是 反过来看 也正因为这样 在这之前 照这样说 有意思的是 到头来 退一步讲 由此看来 "
        "严格说来").split()
SAYING = ("慢一点才看得见 先把它记下来再说 东西坏了可以修 尺子是人定的 没有白走的路 手比眼睛记得牢 一次只做一件事 字要让人看得清 图是画给后来人的 "
          "账目总会对上的 不懂的地方先留着 好用就不必好看 规矩是吃过亏的人定的 走得慢的钟也会报时 多问一句不丢人 空白也是一种记录").split()
COUNT = "三十七 一百二十 两千多 十来 四五百 七十二 九 六十 上万 十五 二十八 三百六十 八十一 四十九".split()
LATIN = ("anchor archive barrel beacon branch bridge bucket canal cargo chart clock copper dictionary engine ferry folder garden harbor "
         "index kettle ladder lantern ledger letter margin meadow mirror needle orchard paper pencil press pulley river ruler sail "
         "shelf signal spool station stencil thread timber valley volume wheel window").split()

WORDS = {
    "who": WHO, "where": WHERE, "thing": THING, "field": FIELD, "idea": IDEA, "kind": KIND, "made": MADE, "moved": MOVED, "like": LIKE,
    "how": HOW, "when": WHEN, "link": LINK, "saying": SAYING, "count": COUNT, "latin": LATIN,
    "year": [f"{year} 年" for year in range(1871, 2021)], "page": [f"{page}" for page in range(10_007, 99_991, 97)],
}


def patterns(text):
    """Each line of a text as a format and the classes of the words that it asks for."""
    lines = [line for line in text.split("\n") if line]
    return [(re.sub(r"\{\w+\}", "%s", line.replace("%", "%%")), re.findall(r"\{(\w+)\}", line)) for line in lines]


SENTENCES = patterns("""
{when}，{who}在{where}{made}一件{like}的{thing}。
{link}，{field}里的{idea}{how}{moved}{idea}。
{year}，{where}还堆着{count}件{thing}，{who}{how}给它们编了号。
“{saying}，”{who}说，“{saying}。”
人们谈起{field}，总先想到{thing}，{how}忘了它背后的{idea}。
{who}不相信{idea}，只相信手里那件{like}的{thing}。
没有{thing}，{field}就只剩下{like}的{idea}；没有{who}，连{thing}也不会有人要。
从{field}到{field}，隔着的不是{thing}，而是{count}年的{idea}。
{who}花了{count}个日夜，{how}{made}那件{thing}，却说不清它的{idea}。
如果说{field}是一门{like}的手艺，那么{field}更像{like}的{idea}。
{link}，{who}与{who}之间的{idea}，比一件{thing}更难修补。
至于{thing}，它{how}只是{idea}的一种{like}的说法。
他们把{thing}摆在{where}，等{who}来认，等了{count}天。
这件事要从{year}说起：{when}，{who}{made}{thing}，{field}从此有了{like}的{idea}。
有人问，{like}的{idea}究竟有什么用？{who}没有回答，只是{how}{made}{thing}。
记录上写着：{year}，{thing}{count}件，{who}经手，存于{where}。
同样是{field}，{who}看见的是{idea}，{who}看见的却是{idea}。
{thing}越{like}，{idea}就越{like}，这是{who}在{where}学到的头一课。
后来{field}{how}变了样，{thing}进了柜子，{who}也换了行当。
与其说这是{field}的{idea}，不如说是{who}的{idea}。
谁也没有料到，{count}年以后，{moved}{idea}的竟是一件{like}的{thing}。
{when}，风从{where}吹过来，{who}放下{thing}，想起{year}的{field}。
按{who}的说法，{field}有三样东西省不得：{thing}、{idea}和{like}的脾气。
数字不会说谎，但是{thing}会：{count}件里{how}有一件是{like}的。
要懂得{field}，先得懂得{idea}；要懂得{idea}，不妨先去{where}坐一个下午。
{link}，{thing}的价值不在于{like}，而在于它{how}{moved}{field}的{idea}。
{who}的笔记只有{count}页，一半讲{field}，另一半全是{thing}的{idea}。
这种{like}的做法在{field}里并不少见，{when}尤其如此。
它{like}，它{like}，可是{when}，它仍然{moved}我们的{idea}。
读到这里，难免要问：{field}的{idea}，到底是{thing}带来的，还是{who}带来的？
{year}的那份报告提到{count}处{idea}，其中大半与{field}有关。
{where}没有{thing}，也没有{idea}，只有{who}{how}留下的一行小字。
我见过{like}的{thing}，也见过{like}的{who}，两样都不多了。
把{field}写成{field}的附录，是{like}的；把{thing}当作{idea}的证据，也一样。
当{who}第{count}次打开那件{thing}时，{idea}已经不再是问题。
{field}教人{idea}，{field}教人{idea}，而{thing}只教人等。
""")
# Bold text begins and ends with a character that is no mark, so that every reader of Markdown finds it.
MARKED = patterns("""
关键在于**{like}的{idea}**，而不在{thing}。
{who}把它叫作**{field}的{idea}**，{when}就有人这样叫了。
参见[{field}{kind}](https://www.example.org/{latin}/{page})，那里列出了{count}件{thing}。
目录里写作 `{latin}-{page}`，{who}一看便知是{where}的{thing}。
*{saying}*，{when}，{where}的墙上还贴着这句话。
[{who}的{kind}](https://www.example.org/{latin}?id={page})说得更**{like}**：{thing}不等于{idea}。
""")
HEADINGS = patterns("""
{field}与{idea}
{when}的{where}
{thing}的{idea}
从{thing}到{thing}
{who}的{idea}
为什么是{field}
{like}的{thing}
{year}：{field}的转折
""")
TITLES = patterns("""
{thing}与{idea}：{field}小史
{who}的{thing}
{field}{kind}：{like}的{thing}
{year}，{field}的{idea}
重读{field}：{thing}、{idea}与{who}
当{field}遇见{field}
{where}与{thing}
为什么{field}需要{idea}
{like}的{idea}，{like}的{who}
""")

ROWS = patterns("| {year} | {thing} | {who} | {count} |")
PICTURES = patterns("![{thing}](https://images.example.org/{latin}/{page}.jpg)")
STRESSED = patterns('<strong>{like}的{idea}</strong>，<span style="text-decoration: underline;">{saying}</span>。')
SCRAPED_PICTURES = patterns(
    '<p style="text-align: center; margin: 8px;"><img class="rich_pages wxw-img" data-ratio="0.{page}" data-s="300,640" '
    'data-src="https://images.example.org/{latin}/{page}/640?wx_fmt=jpeg" data-type="jpeg" data-w="1080" '
    'style="width: 100%; height: auto;"></p>'
)

# Code: how it begins, lines of which some are taken, how it ends. NAME, NUMBER and TEXT are replaced: no two blocks are alike.
CODE = {
    "python": ("def NAME(NAME, NAME=NUMBER):", """
    NAME = [NAME * NUMBER for NAME in NAME if NAME > NUMBER]
    # TEXT: NUMBER of NAME
    if NAME is None or len(NAME) < NUMBER:
        raise ValueError(f"TEXT {NAME!r}")
    NAME = sorted(NAME, key=lambda NAME: NAME["TEXT"])
    NAME += int(NAME.get("TEXT", NUMBER)) // NUMBER
    with open("TEXT.txt", encoding="utf-8") as NAME:
        NAME = NAME.read(NUMBER)""", "    return NAME"),
    "rust": ("pub fn NAME(NAME: &[u32]) -> Option<usize> {", """
    let NAME: Vec<u32> = NAME.iter().map(|NAME| NAME + NUMBER).collect();
    let mut NAME = String::with_capacity(NUMBER);
    // TEXT: NUMBER
    if NAME.len() > NUMBER { return None; }
    println!("TEXT {}", NAME[NUMBER]);
    let NAME = match NAME { 0 => "TEXT", NUMBER..=9999 => "TEXT", _ => return None };
    NAME.push_str("TEXT");""", "    NAME.iter().position(|NAME| *NAME == NUMBER)\n}"),
    "js": ("export async function NAME(NAME, NAME = NUMBER) {", """
  const NAME = await fetch(`/TEXT/${NAME}?n=NUMBER`);
  const { NAME, NAME } = NAME ?? {};
  // TEXT NUMBER
  if (NAME === undefined) throw new Error("TEXT");
  let NAME = NAME.map((NAME) => NAME * NUMBER).filter(Boolean);
  document.querySelector("#TEXT").textContent = `TEXT ${NAME}`;
  NAME.sort((a, b) => a.NAME - b.NAME || NUMBER);""", "  return NAME;\n}"),
    "bash": ("#!/usr/bin/env bash\nset -euo pipefail", """
NAME="${1:-TEXT}"
for NAME in $(seq 1 NUMBER); do printf '%s\\n' "$NAME"; done
# TEXT NUMBER
find "$NAME" -name '*.TEXT' -mtime +NUMBER -print0 | xargs -0 wc -c
if [[ "$NAME" -gt NUMBER ]]; then echo "TEXT" >&2; exit 1; fi
NAME=$(sort -k NUMBER "TEXT.txt" | head -n NUMBER)
tar -czf "TEXT-NUMBER.tar.gz" --exclude='TEXT' "$NAME\"""", 'echo "TEXT $NAME"'),
    "c": ("#include <stdio.h>\n\nstatic int NAME(const char *NAME, size_t NAME)\n{", """
    int NAME[NUMBER] = { 0 };
    /* TEXT: NUMBER */
    for (size_t NAME = 0; NAME < NUMBER; NAME++) NAME[NAME] += NUMBER;
    if (NAME == NULL) return -NUMBER;
    printf("TEXT %d\\n", NAME[NUMBER]);
    unsigned long NAME = (NAME << 4) ^ NUMBERUL;
    struct NAME *NAME = malloc(sizeof *NAME * NUMBER);""", "    return NUMBER;\n}"),
    "go": ("package NAME\n\nfunc NAME(NAME []int, NAME string) (int, error) {", """
	NAME := make(map[string]int, NUMBER)
	for NAME, NAME := range NAME { NAME[NAME] += NAME * NUMBER }
	// TEXT NUMBER
	if len(NAME) == 0 { return 0, fmt.Errorf("TEXT: %w", NAME) }
	NAME := strings.Split(NAME, "TEXT")
	fmt.Printf("TEXT %d\\n", NAME["TEXT"])
	defer NAME.Close()""", "\treturn NUMBER, nil\n}"),
    "json": ("{", """
  "NAME": NUMBER,
  "NAME": "TEXT",
  "NAME": ["TEXT", "TEXT", NUMBER],
  "NAME": {"NAME": true, "NAME": NUMBER},
  "NAME": null,""", '  "NAME": "TEXT"\n}'),
    "yaml": ("# TEXT\nNAME:", """
  NAME: NUMBER
  NAME: "TEXT"
  NAME: [TEXT, TEXT, NUMBER]
  NAME: {NAME: true, NAME: NUMBER}
  # TEXT NUMBER
  NAME: &NAME TEXT""", "NAME: NUMBER"),
    "html": ('<section id="NAME">', """
  <h2 class="TEXT">TEXT NUMBER</h2>
  <p data-NAME="NUMBER">TEXT <em>TEXT</em></p>
  <!-- TEXT NUMBER -->
  <a href="/TEXT/NUMBER" title="TEXT">TEXT</a>
  <img src="TEXT-NUMBER.png" alt="TEXT" width="NUMBER">
  <input name="NAME" value="NUMBER" disabled>""", "</section>"),
    "sql": ("SELECT NAME, COUNT(NAME) AS NAME", """
     , COALESCE(NAME, NUMBER) AS NAME
     , SUM(CASE WHEN NAME > NUMBER THEN 1 ELSE 0 END) AS NAME
     -- TEXT NUMBER
     , (SELECT MAX(NAME) FROM NAME WHERE NAME = 'TEXT') AS NAME
     , SUBSTR(NAME, 1, NUMBER) || 'TEXT' AS NAME""", "  FROM NAME JOIN NAME ON NAME.id = NAME.id\n WHERE NAME LIKE 'TEXT%'\n LIMIT NUMBER;"),
}

SURNAMES = "陆 沈 顾 苏 程 韩 唐 冯 许 邓 萧 曹 彭 曾 潘 袁 于 蒋 蔡 余 杜 叶 魏 吕 丁 任 卢 姚 钟 谭".split()
GIVEN = ("知远 若水 明川 怀瑾 清和 以宁 望舒 景行 书航 南星 晚晴 长歌 见山 听雨 行舟 子衿 令仪 维桢 思齐 伯言 仲平 叔夜 季真 承志 维新 守拙 慕白 "
         "云起 采薇 问渠 如晦 之涣 元白 希文 乐天 安石 尧臣 少游 同甫 道存").split()
# Two of these make the name of a place: over four thousand names.
NEAR = ("青 临 云 长 石 白 柳 桐 松 梅 兰 竹 溪 沙 洪 安 永 宁 昌 平 新 古 上 下 东 西 南 北 金 银 玉 铜 铁 红 黄 紫 丹 墨 乌 素 龙 凤 鹤 鹿 马 牛 羊 燕 雁 "
        "鱼 龟 虎 清 明 朝 暮 春 夏 秋 冬 风 雨 霜 雪").split()
FAR = ("浦 溪 州 城 镇 桥 渡 湾 港 岭 峰 坡 塘 湖 泽 洲 屿 岩 坪 田 庄 寨 堡 关 驿 亭 楼 台 园 井 泉 滩 坝 圩 埠 墩 垭 峪 沟 涧 川 原 岗 阜 丘 壑 洞 崖 浜 "
       "泾 荡 淀 汀 渚 礁 岛 岬 陂 堰 埂 畈 坳 墟 集").split()
