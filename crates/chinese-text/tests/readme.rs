//! What the README says of texts is true.

use chinese_text::pinyin::{self, Named};
use chinese_text::{Length, Natural, excerpt, joins_lines, one_line, simplified};

#[test]
fn texts_become_what_the_readme_says() {
    let results = [
        (
            "Length::of(\"他说：“Hello, world”，走了 3 公里。\").words",
            Length::of("他说：“Hello, world”，走了 3 公里。").words.to_string(),
        ),
        ("excerpt(\"一座桥。\")", excerpt("一座桥。")),
        ("excerpt(\"河上有一座桥，\" × 20)", excerpt(&"河上有一座桥，".repeat(20))),
        ("one_line(\" 山中往事：⏎　时代 \")", one_line(" 山中往事：\n　时代 ")),
        ("pinyin::slug(\"重庆ＡＩ：绿色\")", pinyin::slug("重庆ＡＩ：绿色")),
        ("pinyin::slug(\"音乐与快乐\")", pinyin::slug("音乐与快乐")),
        (
            "pinyin::sort_key(\"曾鸣\", Named::Author).initial()",
            pinyin::sort_key("曾鸣", Named::Author).initial().to_string(),
        ),
        (
            "pinyin::sort_key(\"《读库》\", Named::Topic).initial()",
            pinyin::sort_key("《读库》", Named::Topic).initial().to_string(),
        ),
        (
            "Natural::of(\"第二章\") < Natural::of(\"第十章\")",
            (Natural::of("第二章") < Natural::of("第十章")).to_string(),
        ),
        ("simplified(\"歡迎關注\")", simplified("歡迎關注")),
        ("joins_lines('字')", joins_lines('字').to_string()),
        ("joins_lines('한')", joins_lines('한').to_string()),
    ];
    let readme = include_str!("../README.md");
    for (call, result) in &results {
        assert!(readme.contains(&format!("| `{call}` | `{result}` |\n")), "{call}: {result}");
    }
    assert_eq!(readme.matches("\n| `").count(), results.len(), "every row is checked");
}
