//! The same input gives the same bytes: whatever the number of threads, the folder, and the order
//! of its entries.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use crate::{Site, tree};

fn sample_posts() -> Vec<(String, String)> {
    let tags = ["辛顿", "百度", "余凯", "C++", "C#", "AI/机器学习"];
    (0..60)
        .map(|n| {
            let name = format!("posts/20{:02}-{:02}-{:02}-第{n}篇.md", n % 24, n % 12 + 1, n % 28 + 1);
            let text = format!(
                "---\ntitle: 第 {n} 篇\nauthor: 作者{}\ntags: [{}, {}]\nx: {{b: 1, a: 2, c: [3]}}\n---\n\n正文{n}[^1]。\n\n```rust\nfn f{n}() {{}}\n```\n\n<b>粗</b>\n\n[^1]: 注\n",
                n % 7,
                tags[n % 6],
                tags[(n + 1) % 6]
            );
            (name, text)
        })
        .collect()
}

fn build(site: &Path, threads: &str) -> BTreeMap<String, Vec<u8>> {
    let output = site.join(format!("out-{threads}"));
    let status = Command::new(env!("CARGO_BIN_EXE_sitegen"))
        .args(["build", "-q", "-s"])
        .arg(site)
        .arg("-o")
        .arg(&output)
        .env("RAYON_NUM_THREADS", threads)
        .env("TZ", if threads == "2" { "Asia/Tokyo" } else { "America/New_York" })
        .env("LC_ALL", if threads == "2" { "zh_CN.UTF-8" } else { "C" })
        .status()
        .expect("the program runs");
    assert!(status.success());
    tree(&output)
}

#[test]
fn threads_folders_and_entry_order_change_nothing() {
    let posts = sample_posts();
    let config =
        ("site.yaml", "title: 档案\nbase_url: https://example.org/sub\ntimezone: Asia/Shanghai\n");
    let (one, other) = (Site::new(&[config]), Site::new(&[config]));
    for (name, text) in &posts {
        one.write(name, text);
    }
    for (name, text) in posts.iter().rev() {
        other.write(name, text);
    }
    let first = build(one.path(), "1");
    assert!(first.len() > 100, "{} files", first.len());
    for (site, threads) in [(&one, "2"), (&one, "8"), (&other, "2")] {
        let again = build(site.path(), threads);
        assert_eq!(first.keys().collect::<Vec<_>>(), again.keys().collect::<Vec<_>>());
        for (file, bytes) in &first {
            assert!(bytes == &again[file], "{file} differs with {threads} threads");
        }
    }
}

/// No byte of the site is the clock's: a build at another time is the same.
#[test]
fn the_clock_is_not_in_the_site() {
    let site = Site::new(&[
        ("site.yaml", "base_url: https://example.org\n"),
        ("posts/2023-04-11-甲.md", "正文。"),
        ("posts/乙.md", "无日期。"),
        ("posts/2031-01-01-丙.md", "将来。"),
    ]);
    let build = |epoch: &str, out: &str| {
        let status = Command::new(env!("CARGO_BIN_EXE_sitegen"))
            .args(["build", "-q", "-s"])
            .arg(site.path())
            .arg("-o")
            .arg(site.path().join(out))
            .env("LC_ALL", "C")
            .env("SOURCE_DATE_EPOCH", epoch)
            .status()
            .expect("the program runs");
        assert!(status.success());
        tree(&site.path().join(out))
    };
    assert_eq!(build("1700000000", "a"), build("2000000000", "b"));
}

/// Hash maps anywhere in the writing of a page would show here: ten builds in ten processes, raw
/// HTML and ticks on one page.
#[test]
fn runs_agree_with_each_other() {
    let site = Site::new(&[
        ("site.yaml", "base_url: https://example.org\n"),
        (
            "posts/2020-01-01-a.md",
            "- [x] 完\n- [ ] 未\n\n<p lang=zh title=t dir=ltr>甲<img alt=a src=b.png width=3 height=4></p>\n\n| a |\n|-:|\n| b |\n",
        ),
    ]);
    site.build(0);
    let first = site.tree();
    for _ in 0..9 {
        site.run("build", &["--fresh"]);
        assert!(site.tree() == first);
    }
}
