"""Writes a site whose posts hold what feeds and pages must survive. Usage: hostile_site.py FOLDER"""
import pathlib
import sys

root = pathlib.Path(sys.argv[1])
posts = root / "posts"
posts.mkdir(parents=True)
(root / "site.yaml").write_text("title: ']]> & <站>'\nbase_url: https://example.org/sub\nfeeds: {terms: {content: full}}\n", "utf-8")
nasty = "a\u0008b ]]> \ufffe \u000b \uffff &#8; &#xD800; </item> <![CDATA[ \u2028 \\ud800 \u001f </script> {{ x }}"
bodies = [
    nasty,
    f"```\n{nasty}\n```\n\n> {nasty}\n\n| a |\n|--|\n| {nasty.replace('|', '')} |",
    "<div>\n\n一段。\n\n</article></body></html>\n\n末段。",
    "<p>甲<p>乙<ul><li>丙<table><tr><td>丁",
    "<script>alert(1)</script><img src=x onerror=alert(1)><svg onload=x><math><mtext></mtext>",
    "<b><i>交错</b></i> <ruby>字<rt>zi</rt></ruby> <details><summary>题</summary>文</details>",
    "# 一\n\n# 一\n\n注[^1]与[^1]。\n\n[^1]: 文\n\n- [x] 完\n- [ ] 未",
    "<a href='x'>外<a href='y'>内</a></a> <h1>大</h1> <center>中</center> <font color=red>红</font>",
]
for number, body in enumerate(bodies, 1):
    title = nasty.replace("'", "''")
    (posts / f"2020-01-{number:02}-p{number}.md").write_text(
        f"---\ntitle: '{number} {title}'\nauthor: ']]>\u0008 & <b>'\ntags: ['t\ufffe]]>&<', 'C++', 'a/b']\n---\n\n{body}\n", "utf-8"
    )
