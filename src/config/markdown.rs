//! `markdown`: how the text of articles is read.

use super::structure::{Structure, When};
use crate::compat::Compat;
use crate::yaml::{Mistake, Setting};

/// How far a raw HTML block reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HtmlBlocks {
    /// As kramdown where a scraped block would fall apart, as CommonMark elsewhere.
    Auto,
    /// To the matching end tag, blank lines included.
    Kramdown,
    /// To the first blank line.
    CommonMark,
}

/// Options of Markdown.
#[derive(Clone, Copy, Debug)]
pub struct MarkdownOptions {
    pub math: bool,
    pub breaks: When,
    pub liquid: bool,
    pub repair: bool,
    pub html_blocks: HtmlBlocks,
    pub structure: Structure,
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
            breaks: match When::read(&breaks.value()) {
                Some(when) => when,
                None if breaks.is_typed() => {
                    return Err(breaks.mistake(say!("write `auto`, `true` or `false`")));
                }
                None => When::Auto,
            },
            liquid: switch("liquid", false)?,
            repair: switch("repair", true)?,
            html_blocks: typed.get("html_blocks").one_of(&html_blocks)?.unwrap_or(default_blocks),
            structure: Structure::all(When::Auto)
                .overridden(&structure.value())
                .map_err(|why| structure.mistake(why))?,
            smart_punctuation: switch("smart_punctuation", false)?,
            kramdown: switch("kramdown", is_jekyll)?,
            ruby: switch("ruby", false)?,
        })
    }
}
