//! Marking up code ends, whatever the syntax and whatever the code, and what it costs is bounded.

use proptest::prelude::*;
use rayon::prelude::*;
use sitegen::highlight::{Highlighted, highlight};

use crate::{Site, diagnostics, text};

/// Lines that have sent interpreters of syntaxes round in circles, or begin what does not end, and
/// neighbours of theirs.
const SNIPPETS: [&str; 40] = [
    "x /* c */",
    "x /*",
    "0 /* c */",
    "a = 0 /* c */",
    "return x /* c */",
    "\"a\": 1 /* c */",
    "/re/ /* c */",
    "x // c",
    "struct{estruct",
    "{\n    // c\n\n    \"foo\": \"bar\" // c\n\n    /*\n       c\n    */\n}",
    "# test",
    "\"",
    "'",
    "`",
    "\"\"\"\n'''",
    "<<EOF\n$x\nEOF\n<<~'(a'\n(a",
    "((((((((",
    "))))))))",
    "{{{{[[[[<<<<",
    "}}}}]]]]>>>>",
    "<a href=\"<?php echo '<script>x /* c */'; ?>\">",
    "<script>x /* c */</script><style>a{b:c /* */}</style>",
    "<!-- <![CDATA[ ]]>",
    "---\na: &b [*b, {c: !!d e}]\n...",
    "@a(b) #c $d %e ^f &g *h",
    "\\\\\\\\\\\n\\\"\\'\\`",
    "// \\\nx",
    "a ? b : c ? d",
    "x => y => /* c */ z",
    "=begin\n=end\n=pod\n\n=cut",
    "/* /* */ */ (* (* *) *) {- {- -} -}",
    "%{ %q( %w[ %r{a}i",
    "0x 0b 1e 1. .1 1..2",
    "if else fi end then do done begin {",
    "a.b::c->d.e!f?g",
    "```js\nx /* c */\n```",
    "$x = <<<HTML\n{$y /* c */}\nHTML;",
    "\u{FEFF}字：“中文” é \u{200D} 👩‍💻",
    "\t \t x \t",
    "",
];

/// A name for each syntax.
fn languages() -> Vec<String> {
    let set = two_face::syntax::extra_newlines();
    let token = |syntax: &syntect::parsing::SyntaxReference| {
        syntax.file_extensions.first().unwrap_or(&syntax.name).clone()
    };
    set.syntaxes().iter().map(token).collect()
}

/// The code in a block's markup.
fn code_in(markup: &str) -> String {
    let bare: String = markup
        .split('<')
        .map(|piece| piece.split_once('>').map_or(piece, |(_, text)| text))
        .collect();
    bare.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

#[test]
fn every_syntax_comes_to_an_end() {
    let languages = languages();
    assert!(languages.len() > 200, "{} syntaxes", languages.len());
    let marked: usize = languages
        .par_iter()
        .map(|language| {
            let marked = |code: String| match highlight(language, &code) {
                Highlighted::Marked(markup) => {
                    assert_eq!(code_in(&markup.html), code, "{language}");
                    assert_eq!(markup.plain_from, None, "{language}: {code}");
                    1
                }
                Highlighted::Plain | Highlighted::Unknown => 0,
            };
            let together = SNIPPETS.join("\n");
            SNIPPETS.iter().map(|code| marked(format!("{code}\n"))).sum::<usize>()
                + marked(together)
        })
        .sum();
    assert!(marked > 8_000, "{marked} blocks were marked up");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]
    #[test]
    fn code_is_whole(language in proptest::sample::select(languages()), pieces in prop::collection::vec(proptest::sample::select(&SNIPPETS[..]), 1..12), joint in "[ \n;]?") {
        let code = pieces.join(&joint);
        if let Highlighted::Marked(markup) = highlight(&language, &code) {
            prop_assert_eq!(code_in(&markup.html), code);
        }
    }
}

#[test]
fn a_loop_in_a_syntax_stops_no_command() {
    let site = Site::new(&[("site.yaml", "base_url: https://example.org\n")]);
    let languages = [
        "js",
        "javascript",
        "node",
        "mjs",
        "ts",
        "tsx",
        "jsx",
        "html",
        "vue",
        "php",
        "markdown",
        "json",
        "svelte",
    ];
    for (n, language) in languages.iter().enumerate() {
        let blocks: Vec<String> =
            SNIPPETS[..8].iter().map(|code| format!("```{language}\n{code}\n```\n\n")).collect();
        let blocks = blocks.concat();
        site.write(
            &format!("posts/2023-04-{:02}-{language}.md", n + 1),
            format!("---\ntitle: {language}\n---\n\n{blocks}"),
        );
    }
    let report = site.build(0);
    assert!(diagnostics(&report, "code-costly").is_empty());
    let page = text(&site.tree()["2023/04/01/js/index.html"]);
    assert!(page.contains("<span class=\"c\">/* c */"), "{page}");
    let checked = crate::sitegen(&["check", "-s", site.path().to_str().expect("UTF-8")]);
    assert_eq!(checked.status.code(), Some(0), "{}", text(&checked.stderr));
}

#[test]
fn code_that_costs_too_much_is_plain_and_named() {
    let line = format!("{}x", " ".repeat(1_900));
    let site = Site::new(&[("site.yaml", "base_url: https://example.org\n")]);
    site.write(
        "posts/2023-04-01-a.md",
        format!("---\ntitle: 甲\n---\n\n> ```ini\n> [a]\n> b = c\n> {line}\n> d = e\n> ```\n"),
    );
    for build in ["fresh", "with what was kept"] {
        let report = site.build(0);
        let found = report
            .iter()
            .find(|entry| entry["code"] == "code-costly")
            .unwrap_or_else(|| panic!("{build}: {report:?}"));
        assert_eq!(
            (&found["path"], &found["line"]),
            (&"posts/2023-04-01-a.md".into(), &8.into()),
            "{build}"
        );
        // The page is to be made again, from the code that is known.
        site.write("site.yaml", "title: 文库\nbase_url: https://example.org\n");
    }
    let page = text(&site.tree()["2023/04/01/a/index.html"]);
    assert!(
        page.contains("<span class=") && page.contains(&line) && page.contains("d = e"),
        "{page}"
    );
}
