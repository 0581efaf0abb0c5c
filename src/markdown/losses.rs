//! What a reader will not get: unsafe HTML, addresses that cannot be kept, notes that are nowhere.
//! Counted, one line of each kind per post.

use std::collections::BTreeMap;

use super::Finding;
use crate::config::RawHtml;
use crate::diagnostic::Diagnostic;
use crate::html::{self, Unusable};

/// What was left out, counted, with its first place and how that is written.
#[derive(Debug, Default)]
pub(super) struct Losses {
    counts: BTreeMap<Loss, (usize, usize, String)>,
}

/// One kind of what a reader will not get.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Loss {
    Picture(Unusable),
    Link(Unusable),
    /// A picture behind an element.
    Background,
    /// A mark of a note that is nowhere.
    Note,
}

impl Losses {
    pub(super) fn add(&mut self, loss: Loss, at: usize, written: &str) {
        let (first, count, _) =
            self.counts.entry(loss).or_insert_with(|| (at, 0, written.to_owned()));
        *first = (*first).min(at);
        *count += 1;
    }

    /// Those of pictures behind elements, counted in the whole of the HTML: what stands in an
    /// element may be Markdown.
    pub(super) fn add_backgrounds(
        &mut self,
        inspection: &html::Inspection,
        raw: RawHtml,
        html: &str,
    ) {
        let Some(at) = inspection.background.filter(|_| raw != RawHtml::Raw) else { return };
        let count = html::unseen_backgrounds(html);
        if count > 0 {
            self.counts.insert(Loss::Background, (at, count, String::new()));
        }
    }

    /// One finding of each kind.
    pub(super) fn findings(
        self,
        original: &dyn Fn(usize) -> usize,
    ) -> impl Iterator<Item = Finding> {
        self.counts.into_iter().map(move |(loss, (at, count, written))| {
            let at = original(at);
            (at..at + 1, loss.told(count, &shortened(&written)))
        })
    }
}

impl Loss {
    fn told(self, count: usize, written: &str) -> Diagnostic {
        let to_static = || say!("put the file into static/, and write its address from there");
        match self {
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
                say!(
                    "{} picture(s) written into the text and larger than 64 KB were left out",
                    count
                ),
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
            Loss::Link(Unusable::Program) => {
                let message = say!(
                    "{} link(s) that open a program of the reader's are shown as text: `{}`",
                    count,
                    written
                );
                Diagnostic::note("link-unsafe", message)
            }
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
}

/// Enough of what is written to find it.
fn shortened(written: &str) -> String {
    const CHARS: usize = 60;
    let mut chars = crate::text::one_line(written).chars().collect::<Vec<char>>();
    if chars.len() > CHARS {
        chars.truncate(CHARS);
        chars.push('…');
    }
    chars.into_iter().collect()
}

/// What is said where raw HTML could not be rewritten; it was made safe all the same.
pub(super) fn not_rewritten(why: &str) -> Diagnostic {
    Diagnostic::warning(
        "html-rewrite",
        say!("the pictures, links and players in raw HTML are as they were written: {}", why),
    )
}

/// The name in the tag of another program that begins a text: `{{< bilibili >}}`.
fn tag_at(text: &str) -> Option<String> {
    let (open, close) = [("{{<", ">}}"), ("{{%", "%}}"), ("{%", "%}")]
        .into_iter()
        .find(|(open, _)| text.starts_with(open))?;
    let name = text[open.len()..].split_whitespace().next()?.split(['>', '%', '}']).next()?;
    Some(format!("{open} {} {close}", shortened(name)))
}

/// Turns what the inspection found into diagnostics, one of each kind per post.
pub(super) fn report_html(
    inspection: &html::Inspection,
    raw: RawHtml,
    original: &dyn Fn(usize) -> usize,
    source: &str,
    losses: &mut Losses,
    findings: &mut Vec<Finding>,
) {
    let (mut removed, mut replaced): (BTreeMap<String, usize>, BTreeMap<String, usize>) =
        Default::default();
    let (mut first_removed, mut first_replaced, mut first_unbalanced) = (None, None, None);
    for (at, finding) in &inspection.findings {
        match finding {
            html::Finding::Removed(_) | html::Finding::Replaced(_) | html::Finding::Handler(_)
                if raw == RawHtml::Raw => {}
            html::Finding::Removed(name) => {
                *removed.entry(format!("<{name}>")).or_default() += 1;
                first_removed = first_removed.or(Some(*at));
            }
            html::Finding::Replaced(name) => {
                // What a tag of another program became is called as it is written.
                let tag = tag_at(&source[original(*at).min(source.len())..]);
                *replaced.entry(tag.unwrap_or_else(|| format!("<{name}>"))).or_default() += 1;
                first_replaced = first_replaced.or(Some(*at));
            }
            html::Finding::Handler(name) => {
                *removed.entry(name.clone()).or_default() += 1;
                first_removed = first_removed.or(Some(*at));
            }
            html::Finding::Picture(why, address) => losses.add(Loss::Picture(*why), *at, address),
            html::Finding::Link(why, address) => losses.add(Loss::Link(*why), *at, address),
            html::Finding::Overloaded(name) => {
                let at = original(*at);
                let message =
                    say!("a tag <{}> with more than 200 attributes is shown as text", name);
                findings.push((at..at + 1, Diagnostic::warning("html-attributes", message)));
            }
            html::Finding::Unbalanced(name) => {
                first_unbalanced = first_unbalanced.or(Some((*at, name.clone())))
            }
        }
    }
    let counted = |counts: &BTreeMap<String, usize>| -> Vec<String> {
        counts
            .iter()
            .map(|(name, count)| if *count > 1 { format!("{name} ×{count}") } else { name.clone() })
            .collect()
    };
    if let Some(at) = first_replaced {
        let at = original(at);
        let message = say!(
            "players and frames are shown by name and link, where they have any: {}",
            counted(&replaced)
        );
        let diagnostic = Diagnostic::warning("html-player", message)
            .hint(say!("where that does not lead readers to what could be seen or heard, write a link into the text"));
        findings.push((at..at + 1, diagnostic));
    }
    if let Some(at) = first_removed {
        let at = original(at);
        let diagnostic = Diagnostic::warning("html-removed", say!("unsafe HTML was taken out: {}", counted(&removed)))
            .hint(say!("`security: {{html: raw}}` in site.yaml keeps it, and lets the scripts of every post run: never for scraped ones"));
        findings.push((at..at + 1, diagnostic));
    }
    if let Some((at, name)) = first_unbalanced {
        let at = original(at);
        let message = match name.strip_prefix('/') {
            Some(name) => say!("</{}> closes nothing that is open", name),
            None => say!("<{}> is never closed", name),
        };
        let diagnostic = if raw == RawHtml::Raw {
            Diagnostic::warning("html-unbalanced", message)
                .hint(say!("in `raw` mode this can break the page around the article"))
        } else {
            Diagnostic::warning("html-unbalanced", say!("{}; it was mended", message))
        };
        findings.push((at..at + 1, diagnostic));
    }
}
