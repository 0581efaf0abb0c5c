//! What a reader will not get: unsafe HTML, addresses that cannot be kept. Counted, one line of each kind per post.

use std::collections::BTreeMap;

use super::Finding;
use crate::config::RawHtml;
use crate::diagnostic::Diagnostic;
use crate::html;

/// What was left out of links and images, counted, with its first place.
#[derive(Debug, Default)]
pub(super) struct Losses {
    /// First place and number.
    pub(super) counts: BTreeMap<&'static str, (usize, usize)>,
}

impl Losses {
    pub(super) fn add(&mut self, what: &'static str, at: usize) {
        self.counts.entry(what).or_insert((at, 0)).1 += 1;
    }
}

/// Turns what the inspection found into diagnostics, one of each kind per post.
pub(super) fn report_html(inspection: &html::Inspection, raw: RawHtml, original: &dyn Fn(usize) -> usize, findings: &mut Vec<Finding>) {
    let mut removed: BTreeMap<String, usize> = BTreeMap::new();
    let (mut first_removed, mut first_unbalanced) = (None, None);
    for (at, finding) in &inspection.findings {
        match finding {
            html::Finding::Removed(_) | html::Finding::Handler(_) if raw == RawHtml::Raw => {}
            html::Finding::Removed(name) => {
                *removed.entry(format!("<{name}>")).or_default() += 1;
                first_removed = first_removed.or(Some(*at));
            }
            html::Finding::Handler(name) => {
                *removed.entry(name.clone()).or_default() += 1;
                first_removed = first_removed.or(Some(*at));
            }
            html::Finding::Unbalanced(name) => first_unbalanced = first_unbalanced.or(Some((*at, name.clone()))),
        }
    }
    if let Some(at) = first_removed {
        let list: Vec<String> =
            removed.iter().map(|(name, count)| if *count > 1 { format!("{name} ×{count}") } else { name.clone() }).collect();
        let at = original(at);
        let diagnostic = Diagnostic::warning("html-removed", say!("unsafe HTML was taken out: {}", list))
            .hint(say!("`security: {{html: raw}}` in site.yaml keeps it, if you trust every post"));
        findings.push((at..at + 1, diagnostic));
    }
    if let Some((at, name)) = first_unbalanced {
        let at = original(at);
        let message = match name.strip_prefix('/') {
            Some(name) => say!("</{}> closes nothing that is open", name),
            None => say!("<{}> is never closed", name),
        };
        let diagnostic = if raw == RawHtml::Raw {
            Diagnostic::warning("html-unbalanced", message).hint(say!("in `raw` mode this can break the page around the article"))
        } else {
            Diagnostic::warning("html-unbalanced", say!("{}; it was mended", message))
        };
        findings.push((at..at + 1, diagnostic));
    }
}
