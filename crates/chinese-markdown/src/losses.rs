//! What a reader will not get: unsafe HTML, addresses that cannot be kept, notes that are nowhere.
//! Counted, one line of each kind per post.

use std::collections::BTreeMap;

use crate::html::RawHtml;
use crate::{Finding, Loss, Placed, html};

/// What was left out, counted, with its first place and how that is written.
#[derive(Debug, Default)]
pub(crate) struct Losses {
    counts: BTreeMap<Loss, (usize, usize, String)>,
}

impl Losses {
    pub(crate) fn add(&mut self, loss: Loss, at: usize, written: &str) {
        let (first, count, _) =
            self.counts.entry(loss).or_insert_with(|| (at, 0, written.to_owned()));
        *first = (*first).min(at);
        *count += 1;
    }

    /// Those of pictures behind elements, counted in the whole of the HTML: what stands in an
    /// element may be Markdown.
    pub(crate) fn add_backgrounds(
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
    pub(crate) fn findings(
        self,
        original: &dyn Fn(usize) -> usize,
    ) -> impl Iterator<Item = Placed> {
        self.counts.into_iter().map(move |(loss, (at, count, written))| {
            let at = original(at);
            (at..at + 1, Finding::Lost { loss, count, written: shortened(&written) })
        })
    }
}

/// Enough of what is written to find it.
fn shortened(written: &str) -> String {
    const CHARS: usize = 60;
    let mut chars = chinese_text::one_line(written).chars().collect::<Vec<char>>();
    if chars.len() > CHARS {
        chars.truncate(CHARS);
        chars.push('…');
    }
    chars.into_iter().collect()
}

/// The name in the tag of another program that begins a text: `{{< bilibili >}}`.
fn tag_at(text: &str) -> Option<String> {
    let (open, close) = [("{{<", ">}}"), ("{{%", "%}}"), ("{%", "%}")]
        .into_iter()
        .find(|(open, _)| text.starts_with(open))?;
    let name = text[open.len()..].split_whitespace().next()?.split(['>', '%', '}']).next()?;
    Some(format!("{open} {} {close}", shortened(name)))
}

/// Turns what the inspection found into findings, one of each kind per post.
pub(crate) fn report_html(
    inspection: &html::Inspection,
    raw: RawHtml,
    original: &dyn Fn(usize) -> usize,
    source: &str,
    losses: &mut Losses,
    findings: &mut Vec<Placed>,
) {
    let (mut removed, mut replaced): (BTreeMap<String, usize>, BTreeMap<String, usize>) =
        Default::default();
    let (mut first_removed, mut first_replaced, mut first_unbalanced) = (None, None, None);
    for (at, finding) in &inspection.findings {
        match finding {
            html::Defect::Removed(_) | html::Defect::Replaced(_) | html::Defect::Handler(_)
                if raw == RawHtml::Raw => {}
            html::Defect::Removed(name) => {
                *removed.entry(format!("<{name}>")).or_default() += 1;
                first_removed = first_removed.or(Some(*at));
            }
            html::Defect::Replaced(name) => {
                // What a tag of another program became is called as it is written.
                let tag = source.get(original(*at)..).and_then(tag_at);
                *replaced.entry(tag.unwrap_or_else(|| format!("<{name}>"))).or_default() += 1;
                first_replaced = first_replaced.or(Some(*at));
            }
            html::Defect::Handler(name) => {
                *removed.entry(name.clone()).or_default() += 1;
                first_removed = first_removed.or(Some(*at));
            }
            html::Defect::Picture(why, address) => losses.add(Loss::Picture(*why), *at, address),
            html::Defect::Link(why, address) => losses.add(Loss::Link(*why), *at, address),
            html::Defect::Overloaded(name) => {
                let at = original(*at);
                findings.push((at..at + 1, Finding::HtmlAttributes { name: name.clone() }));
            }
            html::Defect::Unbalanced(name) => {
                first_unbalanced = first_unbalanced.or(Some((*at, name.clone())));
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
        findings.push((at..at + 1, Finding::HtmlPlayers { names: counted(&replaced) }));
    }
    if let Some(at) = first_removed {
        let at = original(at);
        findings.push((at..at + 1, Finding::HtmlRemoved { names: counted(&removed) }));
    }
    if let Some((at, name)) = first_unbalanced {
        let at = original(at);
        let (name, is_end) = name.strip_prefix('/').map_or((&*name, false), |name| (name, true));
        let finding = Finding::HtmlUnbalanced {
            name: name.to_owned(),
            is_end,
            is_mended: raw != RawHtml::Raw,
        };
        findings.push((at..at + 1, finding));
    }
}
