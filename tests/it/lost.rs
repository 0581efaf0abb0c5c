//! Nothing of a post vanishes without a line: what cannot be shown as it is stands there in other
//! words, or in the report.

use super::{Site, diagnostics, text};

/// The report and the page of one post.
fn page(site: &Site, body: &str) -> (Vec<serde_json::Value>, String) {
    site.write("posts/2020-01-01-a.md", format!("---\ntitle: 甲\n---\n开头。\n\n{body}\n"));
    let output = site.run("build", &["--format", "json"]);
    assert_eq!(output.status.code(), Some(0), "{body}: {}", text(&output.stderr));
    let html = site.read("2020/01/01/a/index.html");
    let start = html.find("<div class=\"e-content\">").expect("a body");
    let end = html.find("<footer class=\"article-foot\"").expect("a foot");
    (super::json_lines(&output.stdout), html[start..end].to_owned())
}

#[test]
fn what_is_written_is_shown_or_reported() {
    let site = Site::new(&[("site.yaml", "base_url: https://e.example\n")]);
    let large = format!("![大图](data:image/png;base64,{})", "A".repeat(70_000));
    // What is written, what the page must hold, and the finding that tells of the rest, with its
    // severity.
    let cases: &[(&str, &[&str], &str)] = &[
        // Tables.
        (
            "| 写法 | 意思 |\n|---|---|\n| `a || b` | 或 |",
            &["<code>a || b</code></td><td>或</td>"],
            "warning table-cells",
        ),
        (
            "| 写法 | 意思 |\n|---|---|\n| 甲 | 乙 | 丙 |",
            &["<td>甲</td><td>乙 | 丙</td>"],
            "warning table-cells",
        ),
        ("> | 一 |\n> |---|\n> | 甲 | 乙 |", &["甲 | 乙"], "warning table-cells"),
        (
            "| 写法 | 意思 |\n|---|---|\n| `a\\|b` | 或 |\n| 只有一格 |",
            &["<code>a|b</code>", "只有一格"],
            "",
        ),
        // Notes and definitions.
        ("甲[^没有]乙。", &["甲[^没有]乙"], "warning note-missing"),
        ("甲[^①]。\n\n[^①]：注文", &["注文", "footnote-back"], ""),
        ("正则 `[^a]` 与 [^a-z]、\\[^乙]。", &["[^a-z]"], ""),
        ("[^没人提]: 注文", &["注文"], ""),
        ("甲[^b]。\n\n[^b]: 注一\n\n[^b]: 注二", &["注一", "注二"], ""),
        ("[注]: 这是没有空格的说明", &["[注]: 这是没有空格的说明"], "note definition-text"),
        ("[甲]: https://gone.example/", &[], "note definition-unused"),
        (
            "[见][甲]\n\n[甲]: /x/\n[甲]: 第二个",
            &["<a href=\"/x/\">见</a>", "第二个"],
            "note definition-text",
        ),
        // Pictures and links.
        ("![图](file:///C:/a.png)", &["图"], "warning image-lost"),
        ("![图](C:\\x\\a.png)", &["图"], "warning image-lost"),
        ("![图](javascript:x)", &["图"], "warning image-lost"),
        ("![图]()", &["图"], "warning image-lost"),
        (&large, &["大图"], "warning image-lost"),
        ("![占位](data:image/svg+xml;utf8,<svg/>)", &["占位"], "note image-placeholder"),
        ("<img alt=\"图\">", &["图"], "warning image-lost"),
        ("<img src=\"\" alt=\"图\">", &["图"], "warning image-lost"),
        ("<IMG SRC='file:///a.png' ALT='图'>", &["图"], "warning image-lost"),
        ("<div><img src=\"d:\\a.png\" alt=\"图\"></div>", &["图"], "warning image-lost"),
        ("<img src=\"https://t.example/x.gif\" width=1 height=1>", &[], "note image-tracker"),
        (
            "<img data-original-src=\"https://a.example/b.jpg\">",
            &["<img src=\"https://a.example/b.jpg\" referrerpolicy=\"no-referrer\""],
            "",
        ),
        (
            "<image src=\"https://a.example/b.jpg\">",
            &["<img src=\"https://a.example/b.jpg\" referrerpolicy=\"no-referrer\""],
            "",
        ),
        ("<img srcset=\"/a.png 1x, /b.png 2x\">", &["<img src=\"/a.png\""], ""),
        ("[文](file:///a.doc)", &["文"], "warning link-lost"),
        ("[文](D:\\a.doc)", &["文"], "warning link-lost"),
        ("<a href=\"file:///a.doc\">文</a>", &["文"], "warning link-lost"),
        ("<a href=\"javascript:x\">文</a>", &["文"], "note link-unsafe"),
        ("[文]()", &["文"], "note link-empty"),
        ("<a name=\"锚\">此</a> [到锚](#锚)", &["id=\"u-锚\"", "href=\"#u-锚\""], ""),
        (
            "<img src=\"/blank.gif\" real_src =\"https://a.example/b.jpg\">",
            &["<img src=\"https://a.example/b.jpg\""],
            "",
        ),
        (
            "<img data-lazyload=\"https://a.example/b.jpg\">",
            &["<img src=\"https://a.example/b.jpg\""],
            "",
        ),
        // Verse, captions, tables.
        ("<p align=\"center\">诗</p>", &[" class=\"align-center\">诗</p>"], ""),
        (
            "<p style=\"margin: 0; Text-Align: right !important\">落款</p>",
            &[" class=\"align-right\">落款</p>"],
            "",
        ),
        ("<center>图注<br>二</center>", &["<div class=\"align-center\">图注<br>二</div>"], ""),
        (
            "<table align=\"center\"><tr align=right><td>格</td></tr></table>",
            &["<table><tbody><tr class=\"align-right\">"],
            "",
        ),
        (
            "<div class=\"align-center\" style=\"text-align:center\">字</div>",
            &["<div>字</div>"],
            "",
        ),
        (
            "<table><tr><td>格</td></tr></table>",
            &[
                "<div class=\"table-scroll\" tabindex=\"0\">\n<table><tbody><tr><td>格</td></tr></tbody></table>\n</div>",
            ],
            "",
        ),
        (
            "<u>字</u>\n\n| 甲 |\n|---|\n| 乙 |",
            &["<u>字</u></p>\n<div class=\"table-scroll\" tabindex=\"0\">\n<table>\n<thead>"],
            "",
        ),
        // Code of editors.
        (
            "<section><ul class=\"code-snippet__line-index\"><li></li></ul><pre data-lang=\"python\"><code><span>a = 1</span></code><code><span>b</span></code></pre></section>",
            &[
                "<section><pre><code class=\"language-python\">a <span class=\"o\">= </span><span class=\"n\">1\n</span>b\n</code></pre></section>",
            ],
            "",
        ),
        // Headings.
        ("<h1>一</h1><h2>二</h2>\n\n## 三", &["<h2>一</h2><h3>二</h3>\n<h2 id=\"三\">三</h2>"], ""),
        // Players and frames.
        (
            "<video controls><source src=\"https://v.example/a.mp4\"></video>",
            &["<a href=\"https://v.example/a.mp4\"", "v.example</a>"],
            "warning html-player",
        ),
        (
            "<audio><source src=\"/a.mp3\"><source src=\"/a.ogg\" type=\"audio/ogg\">后备</audio>",
            &[
                "<audio controls=\"\" preload=\"metadata\"><source src=\"/a.mp3\"><source src=\"/a.ogg\" type=\"audio/ogg\"><a href=\"/a.mp3\">▶ a.mp3</a></audio>",
            ],
            "",
        ),
        (
            "<audio src=\"/声.mp3\" autoplay></audio>",
            &["<audio controls=\"\" preload=\"metadata\"><source src=\"/声.mp3\">"],
            "",
        ),
        (
            "<video src=\"https://e.example/a.mp4\" poster=\"/a.png\" width=\"300\"></video>",
            &["width=\"300\" poster=\"/a.png\"", "<source src=\"https://e.example/a.mp4\">"],
            "",
        ),
        (
            "<video><source src=\"https://v.example/a.mp4\"><source src=\"/a.mp4\"></video>",
            &["preload=\"metadata\"><source src=\"/a.mp4\"><a href"],
            "",
        ),
        (
            "<audio title=\"歌\" src=\"//m.example/a.mp3\"></audio>",
            &[
                "<p class=\"embed embed-audio\"><span class=\"embed-kind\">音频</span> <a href=\"https://m.example/a.mp3\"",
                "▶ 歌</a></p>",
            ],
            "warning html-player",
        ),
        ("<source src=\"https://v.example/a.mp4\">字", &["<source>字"], ""),
        (
            "<iframe src=\"//player.bilibili.com/player.html?bvid=BV1\"></iframe>",
            &["<p class=\"embed embed-video\"><span class=\"embed-kind\">视频</span>"],
            "warning html-player",
        ),
        (
            "<iframe class=\"vote_iframe\" data-src=\"/mp/newappmsgvote?action=show&amp;id=1\"></iframe>",
            &[
                "embed-vote",
                "href=\"https://mp.weixin.qq.com/mp/newappmsgvote?action=show&amp;id=1\"",
            ],
            "warning html-player",
        ),
        (
            "<mpvoice name=\"录音\" voice_encode_fileid=\"MzA_1\"></mpvoice>",
            &[
                "embed-audio",
                "<a href=\"https://res.wx.qq.com/voice/getvoice?mediaid=MzA_1\"",
                "▶ 录音</a>",
            ],
            "warning html-player",
        ),
        (
            "<iframe title=\"题\" src=\"//p.example/x\"></iframe>",
            &["<a href=\"https://p.example/x\"", "▶ 题</a>"],
            "warning html-player",
        ),
        (
            "<iframe src=\"/demo/\"></iframe>",
            &["<a href=\"/demo/\">▶ demo</a>"],
            "warning html-player",
        ),
        ("<video></video>", &[], "warning html-player"),
        ("<embed src=\"/a.swf\">", &["<a href=\"/a.swf\">▶ a.swf</a>"], "warning html-player"),
        (
            "<object data=\"/a.pdf\">后备</object>",
            &["<a href=\"/a.pdf\">▶ a.pdf</a>", "后备"],
            "warning html-player",
        ),
        ("<object>后备</object>", &["后备"], "warning html-player"),
        (
            "甲<mpvoice name=\"录音\" voice_encode_fileid=\"x\"></mpvoice>乙",
            &["甲", "▶ 录音", "乙"],
            "warning html-player",
        ),
        (
            "<mp-common-mpaudio name=\"录音\"></mp-common-mpaudio>",
            &["▶ 录音"],
            "warning html-player",
        ),
        (
            "<qqmusic music_name=\"歌\" singer=\"人\" audiourl=\"https://m.example/a\"></qqmusic>",
            &["▶ 歌 · 人</a>"],
            "warning html-player",
        ),
        (
            "<mp-common-profile data-nickname=\"号\" data-signature=\"话\"></mp-common-profile>",
            &["▶ 号 · 话"],
            "warning html-player",
        ),
        (
            "<mpvideosnap data-nickname=\"号\" data-desc=\"话\">",
            &["▶ 号"],
            "warning html-player,warning html-unbalanced",
        ),
        (
            "<mp-weapp title=\"小程序\"></mp-weapp><MP-common-vote name=\"投票\"></MP-common-vote>",
            &["▶ 小程序", "▶ 投票"],
            "warning html-player",
        ),
        (
            "<mp-common-clockin></mp-common-clockin>字",
            &["▶ mp-common-clockin", "字"],
            "warning html-player",
        ),
        ("<mp-style-type data-value=\"3\"></mp-style-type>", &[], ""),
        // What people fill in.
        (
            "<form>字<button>钮</button><input value=\"值\"></form>",
            &["字钮值"],
            "warning html-removed",
        ),
        (
            "<select><option>一</option><option>二</option></select>",
            &["一 二"],
            "warning html-removed",
        ),
        ("<textarea>文<i>斜</i></textarea>", &["文&lt;i&gt;斜&lt;/i&gt;"], "warning html-removed"),
        ("<input type=\"checkbox\" checked> 甲", &["type=\"checkbox\"", "甲"], ""),
        // Drawings and the like.
        ("<svg><text>字</text></svg>", &[], "warning html-removed"),
        (
            "甲<svg><foreignObject><div>图中字</div></foreignObject></svg>乙",
            &["甲", "<div>图中字</div>乙"],
            "warning html-removed",
        ),
        ("<foreignObject>字</foreignObject>后", &["字后"], ""),
        ("<my-card a=\"b\">卡</my-card>后", &["卡后"], ""),
        ("<math><mi>x</mi></math>", &[], "warning html-removed"),
        ("<canvas>后备</canvas>", &["后备"], "warning html-removed"),
        ("<meter value=\"0.5\"></meter>", &[], "warning html-removed"),
        (
            "<map name=\"m\"><area href=\"https://a.example/\" alt=\"处\"></map>",
            &["<a href=\"https://a.example/\"", ">处</a>"],
            "",
        ),
        (
            "<picture><source srcset=\"/a.webp\"><img src=\"/a.png\" alt=\"图\"></picture>",
            &["<img src=\"/a.png\" alt=\"图\""],
            "",
        ),
        ("<picture><source srcset=\"/a.webp\"></picture>", &["<img src=\"/a.webp\" alt=\"\""], ""),
        (
            "<picture><source srcset=\"/a.webp\"><img src=\"\" alt=\"图\"></picture>",
            &["<img src=\"/a.webp\" alt=\"图\""],
            "",
        ),
        ("<picture><source srcset=\"file:///a.webp\"></picture>", &[], "warning image-lost"),
        ("<img srcset=\"file:///a.png 1x, /b.png 2x\">", &["<img src=\"/b.png\""], ""),
        (
            "<noscript><img src=\"https://a.example/b.jpg\"></noscript>",
            &["<img src=\"https://a.example/b.jpg\""],
            "",
        ),
        ("<noscript>文</noscript>", &[], "warning html-removed"),
        (
            "<section style=\"background-image: url(&quot;https://a.example/b.jpg&quot;); height: 200px\"></section>",
            &["<section><img src=\"https://a.example/b.jpg\""],
            "",
        ),
        (
            "<section style=\"background-image: url(https://a.example/b.jpg)\"><p>文</p></section>",
            &["<p"],
            "note image-background",
        ),
        (
            "<svg viewBox=\"0 0 10 5\"><image xlink:href=\"/c.png\" width=\"100\" height=\"50\"/></svg>",
            &["<img src=\"/c.png\" width=\"100\" height=\"50\""],
            "",
        ),
        (
            "<div><svg><image xlink:href=\"/c.png\"/><text>字</text></svg></div>",
            &["<img src=\"/c.png\""],
            "warning html-removed",
        ),
        ("<svg><image/></svg>", &[], "warning html-removed"),
        (
            "<svg viewBox=\"0 0 1080 600\" style=\"background-image:url(/c.png)\"></svg>",
            &["<img src=\"/c.png\" width=\"1080\""],
            "",
        ),
        ("[开](obsidian://open?vault=x)", &["开"], "note link-unsafe"),
        ("<template>字</template>", &[], "warning html-removed"),
        ("<xmp>码</xmp>", &["码"], "warning html-removed"),
        // Marks of notes as scrapers write them.
        ("甲[^5]\n\n[^5] : 注五", &["注五 <a href=\"#fnref-"], ""),
        ("甲[^2]\n\n[^2]：\n\n    注二", &["注二 <a href=\"#fnref-"], ""),
        ("甲［^1］乙\n\n［^1］：注一", &["注一 <a href=\"#fnref-"], ""),
        // What is no HTML at all.
        (
            "写 <?php echo 1 ?> 与 <!DOCTYPE html> 与 <![CDATA[数据]]>。",
            &["&lt;?php echo 1 ?&gt;", "&lt;!DOCTYPE html&gt;", "数据"],
            "",
        ),
        ("<b>粗</b> 写 <?php echo 1 ?>", &["&lt;?php echo 1 ?&gt;"], ""),
        ("甲<!-- 注释 -->乙", &["甲乙"], ""),
    ];
    let of_interest = ["table-", "note-", "definition-", "image-", "link-", "html-"];
    for (body, shown, told) in cases {
        let (report, html) = page(&site, body);
        for words in *shown {
            assert!(html.contains(words), "{body}\n{words}\n{html}");
        }
        let found: Vec<String> = report
            .iter()
            .filter(|line| {
                line["code"]
                    .as_str()
                    .is_some_and(|code| of_interest.iter().any(|start| code.starts_with(start)))
            })
            .map(|line| {
                format!(
                    "{} {}",
                    line["severity"].as_str().expect("text"),
                    line["code"].as_str().expect("text")
                )
            })
            .collect();
        let told: Vec<&str> = told.split_terminator(',').collect();
        assert_eq!(found, told, "{body}\n{html}");
        let placed = report
            .iter()
            .filter(|line| line["type"] == "diagnostic" && line["code"] != "base-url-missing");
        assert!(
            placed
                .clone()
                .all(|line| line["path"] == "posts/2020-01-01-a.md"
                    && line["line"].as_u64() >= Some(6)),
            "{body}: {report:#?}"
        );
    }
}

/// One line for each kind, at its first place and with how many there are; `check` counts them too.
#[test]
fn losses_are_counted_once_for_a_post() {
    let site = Site::new(&[("site.yaml", "base_url: https://e.example\n")]);
    let (report, _) = page(
        &site,
        "![](file:///a.png)\n\n<img src=\"C:\\b.png\">\n\n![](file:///c.png)\n\n![]()\n\n甲[^a]乙[^b]",
    );
    assert_eq!(
        diagnostics(&report, "image-lost"),
        ["warning posts/2020-01-01-a.md:6:1", "warning posts/2020-01-01-a.md:12:1"],
        "{report:#?}"
    );
    let told = report.iter().find(|line| line["line"] == 6).expect("the first");
    assert_eq!(
        told["message"],
        "3 picture(s) on somebody's own disk were left out: `file:///a.png`"
    );
    assert_eq!(diagnostics(&report, "note-missing"), ["warning posts/2020-01-01-a.md:14:2"]);
    let checked = super::json_lines(&site.run("check", &["--format", "json"]).stdout);
    assert_eq!(diagnostics(&checked, "image-lost").len(), 2, "{checked:#?}");
    assert_eq!(site.run("check", &["--strict", "-q"]).status.code(), Some(1));
    // A post that is HTML throughout tells of the same.
    site.write("posts/2020-01-02-b.html", "---\ntitle: 乙\n---\n<p><img src=\"file:///a.png\" alt=\"图\"> <a href=\"d:\\x\">文</a></p>\n");
    let report = site.build(0);
    assert!(
        site.read("2020/01/02/b/index.html").contains("图 <a>文</a>"),
        "{}",
        site.read("2020/01/02/b/index.html")
    );
    for code in ["image-lost", "link-lost"] {
        let found = diagnostics(&report, code);
        assert!(
            found.iter().any(|found| found.starts_with("warning posts/2020-01-02-b.html:4:")),
            "{code}: {found:#?}"
        );
    }
}

#[test]
fn a_cover_that_is_not_there_is_told() {
    let site = Site::new(&[("site.yaml", "base_url: https://example.org\npermalink: /:title/\n")]);
    let post = |name: &str, says: &str| {
        site.write(
            &format!("posts/{name}.md"),
            format!("---\ntitle: 题\ndate: 2020-01-01\n{says}\n---\n文。\n"),
        );
    };
    post("a", "cover: 没有.png");
    post("b", "image: ../../../外.png");
    post("c", "other: 1\nthumbnail: 没有.png");
    post("d", "banner: /img/没有.png");
    post("e", "cover: {image: 没有.png}");
    post("f", "cover: 'C:\\图.png'");
    post("g", "image: javascript:x");
    for (name, says) in [
        ("h", "cover: false"),
        ("i", "top_img: transparent"),
        ("j", "cover: '#fff'"),
        ("k", "banner: 有.png"),
        ("l", "thumbnail: 1"),
    ] {
        post(name, says);
    }
    site.write("posts/有.png", "x");
    let report = site.build(0);
    let missing =
        ["posts/a.md:4:8", "posts/b.md:4:8", "posts/c.md:5:12", "posts/d.md:4:9", "posts/e.md:4:8"];
    let missing: Vec<String> = missing.iter().map(|place| format!("warning {place}")).collect();
    assert_eq!(diagnostics(&report, "image-missing"), missing);
    assert_eq!(
        diagnostics(&report, "image-lost"),
        ["warning posts/f.md:4:8", "warning posts/g.md:4:8"]
    );
    assert!(site.read("k/index.html").contains("content=\"https://example.org/k/%E6%9C%89.png\""));
    assert!(!site.read("h/index.html").contains("og:image"));
    // The check says it once, and a build with a ledger again.
    assert_eq!(
        diagnostics(
            &crate::json_lines(&site.run("check", &["--format", "json"]).stdout),
            "image-missing"
        ),
        missing
    );
    assert_eq!(diagnostics(&site.build(0), "image-missing"), missing);
    site.write("posts/没有.png", "x");
    assert_eq!(
        diagnostics(&site.build(0), "image-missing"),
        [missing[1].as_str(), missing[3].as_str()]
    );
}
