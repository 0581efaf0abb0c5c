//! What the report says of an article's text: the words for each [`Finding`].

use chinese_markdown::html::Unusable;
use chinese_markdown::math::Unset;
use chinese_markdown::{Finding, Loss, Remedy, Rule};

use crate::diagnostic::Diagnostic;
use crate::words::Message;

/// Returns the line of the report for a finding, without its place.
pub fn diagnostic(finding: Finding) -> Diagnostic {
    match finding {
        Finding::Hidden { count, first } => {
            let message = say!(
                "{} element(s) that were hidden from readers are left out, the first: `{}`",
                count,
                first
            );
            Diagnostic::note("html-hidden", message)
                .hint(say!("what is meant to be read needs no `hidden` and no `display: none`"))
        }
        Finding::Structured { rule, count, quotes } => structured(rule, count, &quotes),
        Finding::EmphasisRepaired { count, quotes } => {
            let what = say!("broken emphasis was repaired in {} place(s)", count);
            Diagnostic::note("emphasis-repaired", with_quotes(what, count, &quotes))
        }
        Finding::FormulaUnset(why) => {
            let why = unset(why);
            Diagnostic::warning(
                "math-unset",
                say!("a formula is shown as it was typed: {}", why),
            )
            .hint(say!("mend it, or write it in other commands"))
        }
        Finding::MathOff => Diagnostic::warning(
            "math-off",
            say!("this post is full of formulas, and they are shown as they were typed"),
        )
        .hint(say!("`math: true` in its front matter, or `markdown: {{math: true}}` in site.yaml")),
        Finding::DefinitionText { count } => Diagnostic::note(
            "definition-text",
            say!("{} line(s) that CommonMark takes for the address of a link are shown as text", count),
        ),
        Finding::DefinitionUnused { count } => Diagnostic::note(
            "definition-unused",
            say!("{} address(es) of links that no link uses are shown nowhere", count),
        ),
        Finding::WikiLinkUnknown { count, names } => {
            let message = say!(
                "links in `[[…]]` lead to {} name(s) that no post has, and are shown as text: {}",
                count,
                quoted(&names)
            );
            Diagnostic::warning("wiki-link", message)
                .hint(say!("a post is meant by the name of its file, without the ending"))
        }
        Finding::WikiComment { count, first } => Diagnostic::note(
            "comment",
            say!("{} comment(s) between `%%` are not shown, the first: `{}`", count, first),
        )
        .hint(say!("what is meant to be read goes between backticks")),
        Finding::FileAmbiguous { name, count, files } => {
            let message = say!(
                "`{}` may be any of {} files, and the first is taken: {}",
                name,
                count,
                quoted(&files)
            );
            Diagnostic::warning("file-ambiguous", message)
                .hint(say!("name it with the folder that it lies in"))
        }
        Finding::FenceOrnament { count, is_sure } => {
            let message =
                say!("{} line(s) of tildes are shown as ornaments; they begin no code", count);
            if is_sure {
                Diagnostic::note("fence-ornament", message)
            } else {
                Diagnostic::warning("fence-ornament", message)
                    .hint(say!("if one begins code, close it with a line of the same marks"))
            }
        }
        Finding::FenceUnclosed => Diagnostic::warning(
            "fence-unclosed",
            say!("this code fence is never closed; the rest of the text is in it"),
        )
        .hint(say!("close it with a line of the same marks")),
        Finding::CodeLanguage { language } => Diagnostic::warning(
            "code-language",
            say!("no syntax is known for the language `{}`; its code is shown plain", language),
        )
        .hint(say!("use `text` for plain text")),
        Finding::CodeCostly { language } => Diagnostic::warning(
            "code-costly",
            say!("marking up this `{}` code would take too long; from this line on the block is shown plain", language),
        )
        .hint(say!("break very long lines, or call the language `text`")),
        Finding::AddressUnknown { name, count } => Diagnostic::warning(
            "liquid",
            say!("an address names `{}`, which is not known; it leads nowhere, {} time(s)", name, count),
        )
        .hint(say!("write the address itself")),
        Finding::TagUnknown { name, count, is_dropped } => {
            let message = if is_dropped {
                say!("the tag `{}` of another program is not known; what it holds is shown without it, {} time(s)", name, count)
            } else {
                say!("the tag `{}` of another program is not known and is shown as text, {} time(s)", name, count)
            };
            Diagnostic::warning("tag-unknown", message)
                .hint(say!("write what it stood for, or put it between backticks"))
        }
        Finding::PostMissing { name } => Diagnostic::warning(
            "post-link",
            say!("no post is called `{}`; its link is shown as text", name),
        )
        .hint(say!("a post is meant by the name of its file, without the ending")),
        Finding::MarkShown { mark, count, remedy } => Diagnostic::note(
            "markup-left",
            say!("`{}` looks like a mark and is shown as text, {} time(s)", mark, count),
        )
        .hint(remedied(remedy)),
        Finding::TableCells { rows } => Diagnostic::warning(
            "table-cells",
            say!("{} row(s) of tables have more cells than the head; what is beyond stands in the last one", rows),
        )
        .hint(say!("write `\\|` for a bar that begins no cell")),
        Finding::LiquidLarge { most } => Diagnostic::warning(
            "liquid-size",
            say!("what stands for names in this post has more than {} bytes; from here on names are left as text", most),
        )
        .hint(say!("a post is no place for whole files")),
        Finding::LiquidLeft { text } => {
            Diagnostic::warning("liquid", say!("`{}` was left as text", text)).hint(say!(
                "only raw, highlight, comment, site.x, page.x, addresses with relative_url, post_url, link and include are expanded"
            ))
        }
        Finding::LiquidComment { count } => {
            Diagnostic::note("comment", say!("{} comment(s) of Liquid are not shown", count))
        }
        Finding::Lost { loss, count, written } => lost(loss, count, &written),
        Finding::HtmlNotRewritten { why } => Diagnostic::warning(
            "html-rewrite",
            say!("the pictures, links and players in raw HTML are as they were written: {}", why),
        ),
        Finding::HtmlAttributes { name } => Diagnostic::warning(
            "html-attributes",
            say!("a tag <{}> with more than 200 attributes is shown as text", name),
        ),
        Finding::HtmlPlayers { names } => Diagnostic::warning(
            "html-player",
            say!("players and frames are shown by name and link, where they have any: {}", names),
        )
        .hint(say!("where that does not lead readers to what could be seen or heard, write a link into the text")),
        Finding::HtmlRemoved { names } => {
            Diagnostic::warning("html-removed", say!("unsafe HTML was taken out: {}", names)).hint(
                say!("`security: {{html: raw}}` in site.yaml keeps it, and lets the scripts of every post run: never for scraped ones"),
            )
        }
        Finding::HtmlUnbalanced { name, is_end, is_mended } => {
            let message = if is_end {
                say!("</{}> closes nothing that is open", name)
            } else {
                say!("<{}> is never closed", name)
            };
            if is_mended {
                Diagnostic::warning("html-unbalanced", say!("{}; it was mended", message))
            } else {
                Diagnostic::warning("html-unbalanced", message)
                    .hint(say!("in `raw` mode this can break the page around the article"))
            }
        }
        Finding::HtmlDepth { depth, most } => Diagnostic::error(
            "html-depth",
            say!("HTML is nested {} deep, more than {}; the article is shown as plain text", depth, most),
        )
        .hint(say!("close the elements that are left open")),
        Finding::HtmlSize { source, html } => Diagnostic::error(
            "html-size",
            say!("{} bytes of text would make {} of HTML; the article is shown as plain text", source, html),
        )
        .hint(say!("tables with a great many empty cells do this, and notes with a great many marks")),
        Finding::MarkdownDepth { most } => Diagnostic::note(
            "markdown-depth",
            say!("marks are nested more than {} deep; those that lie deeper were left out", most),
        )
        .hint(say!("nest less, or put it into a code block")),
        Finding::HeadingId { given, instead } => Diagnostic::warning(
            "heading-id",
            say!("the id `{}` is one of the page's own; the heading has `{}` instead", given, instead),
        )
        .hint(say!("give the heading another id")),
        Finding::HeadingAccident { line } => Diagnostic::warning(
            "heading-accident",
            say!("the line `{}` made a heading of the paragraph above it", line),
        )
        .hint(say!("put a blank line between the two, if it is a rule")),
    }
}

fn structured(rule: Rule, count: usize, quotes: &[String]) -> Diagnostic {
    let (code, what) = match rule {
        Rule::Headings => {
            ("structure-headings", say!("{} bold paragraph(s) became section headings", count))
        }
        Rule::Captions => {
            ("structure-captions", say!("{} paragraph(s) after an image became captions", count))
        }
        Rule::References => (
            "structure-references",
            say!("{} list of references is linked with the marks in the text", count),
        ),
        Rule::Postscript => (
            "structure-postscript",
            say!("{} run of calls to follow and share at the end is folded", count),
        ),
    };
    Diagnostic::note(code, with_quotes(what, count, quotes)).hint(say!(
        "`structure: false` in the front matter leaves a post as it is; each rule has a switch of its own"
    ))
}

/// Returns what was found, and the first of the places; dots where there are more.
fn with_quotes(what: Message, count: usize, quotes: &[String]) -> Message {
    let shown = quoted(quotes);
    if count > quotes.len() {
        say!("{}: {}, …", what, shown)
    } else {
        say!("{}: {}", what, shown)
    }
}

fn quoted(names: &[String]) -> Vec<String> {
    names.iter().map(|name| format!("`{name}`")).collect()
}

fn unset(why: Unset) -> Message {
    match why {
        Unset::TooLong { most } => say!("it is longer than {} KB", most / 1024),
        Unset::TooDeep => say!("it is nested too deep"),
        Unset::TooMany => say!("the post has too many"),
        Unset::NotUnderstood => say!("it is not understood"),
        Unset::Parser(why) => Message::from(why),
    }
}

fn remedied(remedy: Remedy) -> Message {
    match remedy {
        Remedy::Kramdown => {
            say!("`markdown: {{kramdown: true}}` in site.yaml understands kramdown's marks")
        }
        Remedy::Liquid => say!(
            "`markdown: {{liquid: true}}` in site.yaml expands the few names that old posts of Jekyll need"
        ),
        Remedy::Math => {
            say!("`math: true` in the front matter, and dollars around it, make it a formula")
        }
        Remedy::Note => say!(
            "a note has several words, or Chinese; `[^1]` with a line `[^1]: …` is read always"
        ),
        Remedy::OtherHalf => {
            say!("see whether its other half is there; a backslash before it says that it is meant")
        }
        Remedy::AngleBrackets => {
            say!("an address with blanks stands in `<…>`, and has no line break in it")
        }
        Remedy::Plain => say!("write what it stood for, or put it between backticks"),
    }
}

fn lost(loss: Loss, count: usize, written: &str) -> Diagnostic {
    let to_static = || say!("put the file into static/, and write its address from there");
    match loss {
        Loss::Picture(Unusable::Empty) => Diagnostic::warning(
            "image-lost",
            say!("{} picture(s) without an address were left out", count),
        ),
        Loss::Picture(Unusable::Disk) => Diagnostic::warning(
            "image-lost",
            say!("{} picture(s) on somebody's own disk were left out: `{}`", count, written),
        )
        .hint(to_static()),
        Loss::Picture(Unusable::Large) => Diagnostic::warning(
            "image-lost",
            say!("{} picture(s) written into the text and larger than 64 KB were left out", count),
        )
        .hint(to_static()),
        Loss::Picture(Unusable::Unsafe | Unusable::Program) => Diagnostic::warning(
            "image-lost",
            say!("{} picture(s) with an unsafe address were left out: `{}`", count, written),
        ),
        Loss::Picture(Unusable::Placeholder) => Diagnostic::note(
            "image-placeholder",
            say!("{} placeholder(s) of a picture were left out", count),
        ),
        Loss::Picture(Unusable::Tracker) => Diagnostic::note(
            "image-tracker",
            say!("{} picture(s) of one pixel, which count readers, were left out", count),
        ),
        Loss::Link(Unusable::Empty) => Diagnostic::note(
            "link-empty",
            say!("{} link(s) without an address are shown as text", count),
        ),
        Loss::Link(Unusable::Disk) => Diagnostic::warning(
            "link-lost",
            say!("{} link(s) to somebody's own disk are shown as text: `{}`", count, written),
        )
        .hint(to_static()),
        Loss::Link(Unusable::Program) => Diagnostic::note(
            "link-unsafe",
            say!(
                "{} link(s) that open a program of the reader's are shown as text: `{}`",
                count,
                written
            ),
        ),
        Loss::Link(_) => Diagnostic::note(
            "link-unsafe",
            say!("{} link(s) whose address could run a script are shown as text", count),
        ),
        Loss::Background => Diagnostic::note(
            "image-background",
            say!(
                "{} background picture(s), behind a text or too small to say something, are not shown",
                count
            ),
        ),
        Loss::Note => Diagnostic::warning(
            "note-missing",
            say!("{} mark(s) of a note that is nowhere: `{}`", count, written),
        )
        .hint(say!("write the note on a line of its own: `[^1]: …`")),
    }
}
