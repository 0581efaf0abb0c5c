"""The posts of the four sites: what all can read, and habits of each program. Small, and written for this comparison."""

# slug, title, date, tags, body
COMMON = [
    ("du-kou", "渡口", "2021-01-01", ["河", "船"], "清晨的渡口没有人。\n\n船在对岸。"),
    ("emphasis", "强调", "2021-01-02", ["文"], "这里有**粗体**和*斜体*，还有`代码`。"),
    ("headings", "Headings", "2021-01-03", ["text"], "Intro.\n\n## First part\n\nOne.\n\n## Second part\n\nTwo.\n\n### Deeper\n\nThree."),
    ("han-headings", "小节", "2021-01-04", ["文"], "开头。\n\n## 第一节\n\n一。\n\n## 第二节 Go 语言\n\n二。"),
    ("list", "清单", "2021-01-05", ["文"], "要买的：\n\n- 米\n- 油\n- 盐\n\n1. 先去东街\n2. 再去西街"),
    ("quote", "引文", "2021-01-06", ["文"], "> 水边的人不问路。\n>\n> 山上的人不问天。\n\n后来呢。"),
    ("code", "代码", "2021-01-07", ["text"], "看：\n\n```python\nprint(1 < 2)\n```\n\n完。"),
    ("indented", "缩进", "2021-01-08", ["text"], "看：\n\n    x = 1\n    y = 2\n\n完。"),
    ("table", "表", "2021-01-09", ["文"], "表：\n\n| 名 | 数 |\n|----|---:|\n| 米 | 1 |\n| 油 | 2 |\n"),
    ("link", "链接", "2021-01-10", ["文"], "见[这里](https://a.example/b?c=1)和[那里][x]。\n\n[x]: https://a.example/那里 \"题\""),
    ("picture", "图", "2021-01-11", ["图"], "图：\n\n![旧桥](/images/bridge.png)\n\n完。"),
    ("two-pictures", "两张图", "2021-01-12", ["图"], "![](/images/a.png)\n\n中间。\n\n![右边](/images/b.png \"题\")"),
    ("rule", "分隔", "2021-01-13", ["文"], "上。\n\n---\n\n下。"),
    ("html", "标签", "2021-01-14", ["文"], "按<kbd>Esc</kbd>退出。\n\n<div>一块</div>\n\n完。"),
    ("escape", "转义", "2021-01-15", ["文"], "\\*不是斜体\\*，1 \\< 2，a_b_c。"),
    ("break", "断行", "2021-01-16", ["文"], "第一行  \n第二行\n\n第三行"),
    ("nested", "套层", "2021-01-17", ["文"], "- 甲\n    - 乙\n    - 丙\n- 丁"),
    ("footnote", "注", "2021-01-18", ["文"], "有注[^1]。\n\n[^1]: 这是注。"),
    ("reference", "引用", "2021-01-19", ["文"], "见[渡口][]。\n\n[渡口]: /du-kou/"),
    ("entities", "符号", "2021-01-20", ["文"], "&copy; 2021 &amp; 3 &lt; 4"),
    ("long", "长文", "2021-01-21", ["文"], "\n\n".join(f"第{n}段说的是河水怎样流过第{n}座桥。" for n in range(1, 30))),
    ("colon", "题：副题", "2021-01-22", ["文"], "标题里有全角的冒号。"),
    ("quotes", "“引号”里的题", "2021-01-23", ["文"], "标题里有引号。"),
    ("latin", "Go 1.21 与 C++", "2021-01-24", ["C++", "Go"], "标签里有加号。"),
]

YAML = '---\ntitle: "{title}"\ndate: {date}\ntags: [{tags}]\n---\n{body}\n'

JEKYLL = {
    "_posts/2021-02-01-kramdown-toc.md": "---\ntitle: 目录\n---\n* toc\n{:toc}\n\n## 一\n\n甲。\n\n## 二\n\n乙。\n",
    "_posts/2021-02-02-kramdown-ids.md": "---\ntitle: 属性\n---\n## 一\n{: #first .big}\n\n![图](/images/a.png){: width=\"50%\"}\n",
    "_posts/2021-02-03-liquid.md": "---\ntitle: 变量\n---\n{{ page.title }}说：{{ site.url }}。\n\n{% raw %}{{ 原样 }}{% endraw %}\n",
    "_posts/2021-02-04-more.md": "---\ntitle: 摘要\nexcerpt_separator: <!--more-->\n---\n上面。\n\n<!--more-->\n\n下面。\n",
    "_posts/2021-02-05-date-in-front-matter.md": "---\ntitle: 日期\ndate: 2021-02-06 20:00:00 +0800\n---\n以正文前的日期为准。\n",
    "_posts/2021-02-07-permalink.md": "---\ntitle: 固定\npermalink: /fixed/address.html\n---\n固定的地址。\n",
    "_posts/2021-02-08-tags-as-text.md": "---\ntitle: 标签\ntags: 甲 乙\n---\n标签写成一行。\n",
    "_posts/2021-02-09-draft.md": "---\ntitle: 不发\npublished: false\n---\n不该出现。\n",
}

HEXO = {
    "source/_posts/unopened.md": "title: 没有开头\ndate: 2021-02-01 08:00:00\ntags:\n- 甲\n- 乙\n---\n没有开头的三条线。\n",
    "source/_posts/json.md": "\"title\": \"分号\",\n\"date\": \"2021-02-02 08:00:00\"\n;;;\n分号隔开的正文。\n",
    "source/_posts/categories.md": "---\ntitle: 分类\ndate: 2021-02-03 08:00:00\ncategories:\n  - [技术, 前端]\n---\n嵌套的分类。\n",
    "source/_posts/more.md": "---\ntitle: 更多\ndate: 2021-02-04 08:00:00\n---\n上面。\n\n<!-- more -->\n\n下面。\n",
    "source/_posts/asset.md": "---\ntitle: 资源\ndate: 2021-02-05 08:00:00\n---\n![图](图.png)\n",
    "source/_posts/asset/图.png": "x",
    "source/_posts/breaks.md": "---\ntitle: 诗\ndate: 2021-02-06 08:00:00\n---\n床前明月光\n疑是地上霜\n",
    "source/_posts/tag.md": "---\ntitle: 插件\ndate: 2021-02-07 08:00:00\n---\n{% post_link du-kou %}\n\n{% blockquote %}\n引文\n{% endblockquote %}\n",
    "source/_posts/deep/path.md": "---\ntitle: 深\ndate: 2021-02-08 08:00:00\n---\n文件夹里的一篇。\n",
}

HUGO = {
    "content/posts/toml.md": "+++\ntitle = \"题\"\ndate = 2021-02-01\ntags = [\"甲\"]\n+++\n正文。\n",
    "content/posts/json.md": "{\n\"title\": \"题\",\n\"date\": \"2021-02-02\"\n}\n正文。\n",
    "content/posts/bundle/index.md": "---\ntitle: 包\ndate: 2021-02-03\n---\n![图](图.png)\n",
    "content/posts/bundle/图.png": "x",
    "content/posts/section/_index.md": "---\ntitle: 一栏\n---\n栏目的说明。\n",
    "content/posts/section/a.md": "---\ntitle: 栏内\ndate: 2021-02-04\n---\n栏目里的一篇。\n",
    "content/posts/shortcode.md": "---\ntitle: 短码\ndate: 2021-02-05\n---\n{{< figure src=\"/images/a.png\" caption=\"旧桥\" >}}\n",
    "content/posts/alias.md": "---\ntitle: 旧址\ndate: 2021-02-06\naliases: [/old/]\n---\n搬过家。\n",
    "content/posts/url.md": "---\ntitle: 固定\ndate: 2021-02-07\nurl: /fixed/\n---\n固定的地址。\n",
    "content/posts/draft.md": "---\ntitle: 不发\ndate: 2021-02-08\ndraft: true\n---\n不该出现。\n",
}

PELICAN = {
    "content/one.md": "Title: 甲\nDate: 2021-02-01 10:20\nTags: 甲, 乙\nSlug: one\n\n正文。\n",
    "content/two.md": "Title: 乙\nDate: 2021-02-02\nCategory: 类\nSlug: two\n\n正文。\n",
    "content/no-slug.md": "Title: No Slug Here\nDate: 2021-02-03\n\nText.\n",
    "content/multi.md": "Title: 多行\nDate: 2021-02-04\nSlug: multi\nSummary: 一行\n    又一行\n\n正文。\n",
    "content/draft.md": "Title: 不发\nDate: 2021-02-05\nSlug: draft\nStatus: draft\n\n不该出现。\n",
    "content/hidden.md": "Title: 隐藏\nDate: 2021-02-06\nSlug: hidden\nStatus: hidden\n\n不该出现在列表。\n",
    "content/deep/in.md": "Title: 深\nDate: 2021-02-07\nSlug: in\n\n正文。\n",
    "content/static.md": "Title: 链接\nDate: 2021-02-08\nSlug: static\n\n见[甲]({filename}one.md)。\n",
}
