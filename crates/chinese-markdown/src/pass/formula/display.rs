//! Formulas on lines of their own.

use std::ops::Range;

use crate::source::edits::Edits;
use crate::source::unit::OpenLines;
use chinese_text::is_cjk;

/// The language of a fence that holds a formula.
pub(crate) const FENCE: &str = "math";

/// Edits that put formulas on lines of their own into fences.
pub(crate) fn fence_displays(text: &str) -> Edits {
    let mut edits = Edits::default();
    let mut open: Option<Display<'_>> = None;
    // Dollars were opened behind a text, and end in its paragraph.
    let mut in_text = false;
    let (mut next, mut after_blank) = (0, true);
    for (start, line) in OpenLines::of(text) {
        // Code lies between, which would end the fence.
        if std::mem::replace(&mut next, start + line.len()) != start {
            (open, in_text, after_blank) = (None, false, true);
        }
        let is_blank = line.trim().is_empty();
        open = match open.take() {
            Some(mut display) => match display.end_in(line) {
                Some(end) => {
                    display.fence(start, line, end, &mut edits);
                    None
                }
                None => (!display.is_over(line)).then_some(display),
            },
            None if in_text => {
                in_text = !is_blank && line.matches("$$").count().is_multiple_of(2);
                None
            }
            None => {
                in_text = opens_behind_text(line);
                let display = Display::opened(start, line, after_blank);
                match display.map(|display| (display.end_on_its_line(line), display)) {
                    Some((Some(end), display)) => {
                        display.fence(start, line, end, &mut edits);
                        None
                    }
                    other => other.map(|(_, display)| display),
                }
            }
        };
        after_blank = is_blank;
    }
    edits
}

/// Whether dollars end a line and are not themselves an end.
fn opens_behind_text(line: &str) -> bool {
    let shown = line.trim();
    shown.len() > 2
        && shown.ends_with("$$")
        && !shown.starts_with("$$")
        && shown.matches("$$").count() % 2 == 1
}

/// A formula whose end is looked for.
struct Display<'t> {
    /// What stands before the mark that opens it, and what follows it on its line.
    indent: &'t str,
    rest: &'t str,
    mark: Range<usize>,
    end: End<'t>,
    after_blank: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum End<'t> {
    Mark(&'static str),
    /// `\end{equation}`, the mark itself being part of the formula.
    Environment(&'t str),
}

/// Environments that are formulas where no dollars are around them.
const ENVIRONMENTS: [&str; 9] = [
    "equation",
    "align",
    "gather",
    "multline",
    "eqnarray",
    "alignat",
    "flalign",
    "displaymath",
    "split",
];

impl<'t> Display<'t> {
    fn opened(start: usize, line: &'t str, after_blank: bool) -> Option<Display<'t>> {
        let begun = line.trim_start();
        let indent = &line[..line.len() - begun.len()];
        let at = start + indent.len();
        if indent.len() >= 4 || indent.contains('\t') {
            return None;
        }
        if let Some(name) = begun
            .strip_prefix("\\begin{")
            .and_then(|rest| rest.split_once('}'))
            .map(|(name, _)| name)
        {
            let is_known = after_blank && ENVIRONMENTS.contains(&name.trim_end_matches('*'));
            return is_known.then(|| Display {
                indent,
                rest: begun.trim_end(),
                mark: at..at,
                end: End::Environment(name),
                after_blank: false,
            });
        }
        let (mark, end) = [("$$", "$$"), ("\\\\[", "\\\\]"), ("\\[", "\\]")]
            .into_iter()
            .find(|(mark, _)| begun.starts_with(mark))?;
        let rest = begun[mark.len()..].trim_end();
        // One that ends on its own line needs no fence, and one backslash before a bracket is an
        // escape as often.
        let is_open = !rest.contains(end) && (rest.is_empty() || mark != "\\[");
        is_open.then(|| Display {
            indent,
            rest,
            mark: at..at + mark.len(),
            end: End::Mark(end),
            after_blank: false,
        })
    }

    /// Where the mark stands in a line that ends the formula.
    fn end_in(&self, line: &str) -> Option<Range<usize>> {
        match self.end {
            End::Mark(end) => line.find(end).map(|at| at..at + end.len()),
            End::Environment(name) => {
                let at = line.find("\\end{")?;
                let rest = &line[at + "\\end{".len()..];
                rest.strip_prefix(name)
                    .filter(|rest| rest.starts_with('}'))
                    .map(|rest| at..line.len() - rest.len() + 1)
            }
        }
    }

    /// Where an environment ends on the line that it begins on.
    fn end_on_its_line(&self, line: &str) -> Option<Range<usize>> {
        self.end_in(line).filter(|_| matches!(self.end, End::Environment(_)))
    }

    /// Whether a line that does not end the formula shows that it is none: a paragraph of prose, or
    /// the end of one that it began in.
    fn is_over(&mut self, line: &str) -> bool {
        if line.trim().is_empty() {
            self.after_blank = true;
            return !self.rest.is_empty() && matches!(self.end, End::Mark(_));
        }
        std::mem::take(&mut self.after_blank)
            && line.contains(is_cjk)
            && !line.contains(['\\', '=', '^', '_', '{', '&'])
    }

    /// Ends with the mark at `end` of `line`.
    fn fence(self, start: usize, line: &str, end: Range<usize>, edits: &mut Edits) {
        let (indent, is_environment) = (self.indent, matches!(self.end, End::Environment(_)));
        let closing = if is_environment { end.end..end.end } else { end.clone() };
        let is_apart = self.rest.is_empty() && !is_environment;
        let opening =
            if is_apart { format!("```{FENCE}") } else { format!("```{FENCE}\n{indent}") };
        let before = line[..closing.start].trim();
        let after = line[end.end..].trim();
        let fence = if before.is_empty() { "```".to_owned() } else { format!("\n{indent}```") };
        edits.replace(self.mark, &opening);
        if after.is_empty() {
            edits.replace(start + closing.start..start + closing.end, &fence);
        } else {
            let behind = start + line.len() - line[end.end..].trim_start().len();
            let label = after
                .strip_prefix("{#")
                .and_then(|label| label.strip_suffix('}'))
                .filter(|label| !label.contains(['"', '<', '{']));
            // Others lead to the number of the formula by its label.
            let (until, with) = match label {
                Some(label) => (
                    start + line.trim_end().len(),
                    format!("{fence}\n\n{indent}<div id=\"{label}\"></div>\n"),
                ),
                None => (behind, format!("{fence}\n{indent}")),
            };
            edits.replace(start + closing.start..until, &with);
        }
    }
}
