//! `markdown`: how the text of articles is read.

use chinese_markdown::{HtmlBlocks, StructureRules, When};

use super::structure::{overridden, read_when};
use crate::compat::Compat;
use crate::yaml::{Mistake, Setting};

/// Options of Markdown.
#[derive(Clone, Copy, Debug)]
pub struct MarkdownOptions {
    pub math: bool,
    pub breaks: When,
    pub liquid: bool,
    pub repair: bool,
    pub html_blocks: HtmlBlocks,
    pub structure: StructureRules,
    pub smart_punctuation: bool,
    pub kramdown: bool,
    pub ruby: bool,
}

const KEYS: [&str; 9] = [
    "math",
    "breaks",
    "liquid",
    "repair",
    "html_blocks",
    "structure",
    "smart_punctuation",
    "kramdown",
    "ruby",
];

impl MarkdownOptions {
    pub(super) fn read(typed: Setting<'_>, compat: Compat) -> Result<MarkdownOptions, Mistake> {
        let typed = typed.of_keys(&KEYS)?;
        let switch = |key: &str, default: bool| Ok(typed.get(key).switch()?.unwrap_or(default));
        let is_jekyll = compat.is_jekyll();
        let breaks = typed.get("breaks");
        let structure = typed.get("structure");
        let html_blocks = [
            ("auto", HtmlBlocks::Auto),
            ("kramdown", HtmlBlocks::Kramdown),
            ("commonmark", HtmlBlocks::CommonMark),
        ];
        let default_blocks = if is_jekyll { HtmlBlocks::Kramdown } else { HtmlBlocks::Auto };
        Ok(MarkdownOptions {
            math: switch("math", false)?,
            breaks: match read_when(&breaks.value()) {
                Some(when) => when,
                None if breaks.is_typed() => {
                    return Err(breaks.mistake(say!("write `auto`, `true` or `false`")));
                }
                None => When::Auto,
            },
            liquid: switch("liquid", false)?,
            repair: switch("repair", true)?,
            html_blocks: typed.get("html_blocks").one_of(&html_blocks)?.unwrap_or(default_blocks),
            structure: overridden(StructureRules::all(When::Auto), &structure.value())
                .map_err(|why| structure.mistake(why))?,
            smart_punctuation: switch("smart_punctuation", false)?,
            kramdown: switch("kramdown", is_jekyll)?,
            ruby: switch("ruby", false)?,
        })
    }
}
