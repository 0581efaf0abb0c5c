//! The summary of a post, and the gist of its text that it is made of.

use super::Format;
use super::reader::PostReader;
use crate::config::{Config, MarkdownOptions, RawHtml, StructureRules, When};
use crate::front_matter::FrontMatter;
use chinese_markdown::plain::{self, Gist};
use chinese_markdown::{Document, Syntax, liquid};
use chinese_text::excerpt;

/// Longest summary, in characters: every list and every feed that a post is in says it.
pub(super) const SUMMARY_CHARACTERS: usize = 1_000;

impl PostReader<'_> {
    /// Returns the summary as the front matter has it, else what the text begins with.
    pub(super) fn summary(
        &mut self,
        front_matter: &FrontMatter,
        gist: &Gist,
        format: Format,
        body: usize,
    ) -> String {
        if let Some(description) = &front_matter.description {
            return self.line_of_at_most(SUMMARY_CHARACTERS, description);
        }
        // Jekyll's excerpt is what stands before the first blank line, or before what the post says
        // parts it.
        let body = self.text[body..].trim_start();
        let own =
            front_matter.spelling_of("excerpt_separator").filter(|separator| !separator.is_empty());
        let separator = own.or((self.config.is_jekyll() && !gist.marked).then_some("\n\n"));
        if let Some(separator) = separator
            && let Some(end) = body.find(separator)
        {
            let MarkdownOptions { breaks, structure, .. } = self.config.markdown;
            let first = gist_of(
                format,
                &body[..end],
                &syntax(self.config, false, breaks, structure, Some(&liquid::Nothing)),
            );
            if !first.lead.is_empty() {
                return first.lead;
            }
        }
        if gist.marked { gist.lead.clone() } else { excerpt(&gist.lead) }
    }
}

/// Returns the options with which bodies of this site are parsed.
pub fn syntax<'a>(
    config: &Config,
    math: bool,
    breaks: When,
    structure: StructureRules,
    scope: Option<&'a dyn liquid::Scope>,
) -> Syntax<'a> {
    Syntax {
        math,
        breaks,
        structure,
        smart_punctuation: config.markdown.smart_punctuation,
        repair: config.markdown.repair,
        html_blocks: config.markdown.html_blocks,
        kramdown: config.markdown.kramdown,
        ruby: config.markdown.ruby,
        keeps_hidden: config.raw_html == RawHtml::Raw,
        strips_html: config.raw_html == RawHtml::Strip,
        liquid: config.markdown.liquid,
        scope,
    }
}

/// Returns the gist of a body.
fn gist_of(format: Format, body: &str, syntax: &Syntax<'_>) -> Gist {
    match format {
        Format::Html => plain::gist_of_html(body),
        Format::Markdown => plain::gist(&Document::prepare(body, syntax).0.parse()),
    }
}
