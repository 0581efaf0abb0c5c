//! Tags of Hexo and Hugo wherever they may stand: what they say and hold is on the page, their
//! marks are not, and what follows is read as if they were not there.

use crate::Site;

/// Tags, in which every text that readers should see is one of 甲乙丙丁.
const TAGS: [&str; 38] = [
    "{% note info 甲 %}乙{% endnote %}",
    "{% note 甲 %}\n乙\n{% endnote %}",
    "{% fold 甲 %}\n乙\n\n丙\n{% endfold %}",
    "{% folding red open, 甲 %}乙{% endfolding %}",
    "{% blockquote 甲, 丁 https://a.example 丙 %}\n乙\n{% endblockquote %}",
    "{% tabs 甲 %}\n<!-- tab 乙 -->\n丙\n<!-- endtab -->\n{% endtabs %}",
    "{% timeline 甲 %}\n{% timenode 乙 %}\n丙\n{% endtimenode %}\n{% endtimeline %}",
    "{% codeblock 甲 lang:text https://a.example 乙 %}\n丙\n{% endcodeblock %}",
    "{% highlight text %}\n甲\n{% endhighlight %}",
    "{% raw %}甲{% endraw %}",
    "{{< figure src=\"a.png\" title=\"甲\" caption=\"乙\" attr=\"丙\" >}}",
    "{{< figure src=\"a.png\" caption=\"甲\" >}}乙{{< /figure >}}",
    "{% image /a.png, alt=甲 %}",
    "{% asset_img a.png 甲 %}",
    "{{< nobody title=\"甲\" >}}乙{{< /nobody >}}",
    "{{< nobody \"甲\" >}}\n乙\n{{< /nobody >}}",
    "{% btn https://a.example, 甲, fa fa-x %}",
    "{% link 甲 https://a.example %}",
    "{% site 甲, url=https://a.example, description=乙 %}",
    "{{< button href=\"https://a.example\" >}}甲{{< /button >}}",
    "{% post_link 无 甲 %}",
    "{% label primary @甲 %}",
    "{% p red, 甲 %}",
    "{{< kbd \"甲\" >}}",
    "{% checkbox checked, 甲 %}",
    "{% nota 甲, 乙 %}",
    "{% spoiler 甲 %}",
    "{% quot 甲 %}",
    "{% bilibili BV1 甲 %}",
    "{{< youtube id=\"abc\" title=\"甲\" >}}",
    "{{< admonition tip \"甲\" >}}\n乙\n{{< /admonition >}}",
    "{{< tabs >}}\n{{< tab \"甲\" >}}\n乙\n{{< /tab >}}\n{{< /tabs >}}",
    "{{< quote author=\"甲\" source=\"乙\" >}}丙{{< /quote >}}",
    "{{< details \"甲\" >}}乙{{< /details >}}",
    "{% poem 甲, 乙 %}\n丙\n{% endpoem %}",
    "{% hideToggle 甲,red %}\n乙\n{% endhideToggle %}",
    "{% hideInline 甲,乙 %}",
    "{% noteblock success, 甲 %}\n乙\n{% endnoteblock %}",
];

/// Places by name: what stands before the tag's first line, before its others, behind it.
const PLACES: [(&str, &str, &str, &str); 12] = [
    ("margin", "前\n", "", "\n后"),
    ("item", "- 子\n  ", "  ", "\n- 丑"),
    ("item-begin", "- ", "  ", "\n- 丑"),
    ("item-further-out", "- ", "", "\n- 丑"),
    ("numbered", "1. 子\n\n   ", "   ", "\n\n   寅\n2. 丑"),
    ("quote", "> 子\n> ", "> ", "\n> 丑"),
    ("quoted-item", "> - 子\n>   ", ">   ", "\n>   丑"),
    ("line", "子", "", "丑"),
    ("note", "{% note %}\n", "", "\n{% endnote %}"),
    (
        "item-in-note",
        "{% fold 子 %}\n{% note warning %}\n- 丑\n  ",
        "  ",
        "\n{% endnote %}\n{% endfold %}",
    ),
    ("footnote", "文[^1]\n\n[^1]: 子\n\n    ", "    ", ""),
    ("hugo", "{{< columns >}}\n", "", "\n{{< /columns >}}"),
];

fn at_place(tag: &str, (_, first, others, behind): (&str, &str, &str, &str)) -> String {
    let newline = format!("\n{others}");
    format!(
        "{first}{}{behind}\n\n末尾**粗**",
        tag.replace('\n', &newline).replace(&format!("{newline}\n"), "\n\n")
    )
}

#[test]
fn what_tags_say_is_shown_wherever_they_stand() {
    for html in ["sanitize", "strip"] {
        let site = Site::new(&[(
            "site.yaml",
            &format!(
                "base_url: https://e.example\npermalink: /:filename/\nsecurity: {{html: {html}}}\n"
            ),
        )]);
        site.write("templates/post.html", "{{ article.html }}");
        let cell = ("cell", "| 子 | 丑 |\n|--|--|\n| ", "", " | 寅 |");
        for (number, tag) in TAGS.iter().enumerate() {
            let posts = PLACES
                .iter()
                .map(|place| (place.0, at_place(tag, *place)))
                .chain([("cell", at_place(&tag.replace('\n', " "), cell))]);
            for (name, body) in posts {
                site.write(
                    &format!("posts/{name}-{number}.md"),
                    format!("---\ntitle: x\ndate: 2020-01-01\n---\n{body}\n"),
                );
            }
        }
        site.build(0);
        for (number, tag) in TAGS.iter().enumerate() {
            for name in PLACES.iter().map(|place| place.0).chain(["cell"]) {
                let shown = site.read(&format!("{name}-{number}/index.html"));
                for text in "甲乙丙丁".chars().filter(|text| tag.contains(*text)) {
                    assert!(shown.contains(text), "{html}, {name}: {text} of {tag}\n{shown}");
                }
                let marks =
                    ["{%", "{{", "**", "[!", "&lt;"].into_iter().find(|mark| shown.contains(mark));
                assert!(
                    marks.is_none() && shown.contains("<strong>粗</strong>"),
                    "{html}, {name}: {marks:?} of {tag}\n{shown}"
                );
                let has_blank_line =
                    tag.contains("\n\n") || !["item", "item-begin", "item-in-note"].contains(&name);
                assert!(
                    has_blank_line || !shown.contains("<li>\n<p"),
                    "{html}, {name}: the list is loose with {tag}\n{shown}"
                );
            }
        }
    }
}
