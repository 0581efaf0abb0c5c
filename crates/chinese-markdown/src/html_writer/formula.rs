//! Formulas, as MathML; in feeds, whose readers drop it, and where it cannot be set, as TeX.
//!
//! MathML is made here and checked by `math`, so it does not go through the sanitiser, which knows
//! none: an empty element that no post can write keeps its place.

use std::fmt::Write as _;
use std::ops::Range;

use memchr::memmem;

use super::Writer;
use crate::html::escape_text;
use crate::{Finding, math};

/// Where a formula stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum FormulaShape {
    Inline,
    /// On a line of its own within a paragraph.
    Display,
    /// Between paragraphs.
    Block,
}

/// The formulas of an article.
#[derive(Default)]
pub(super) struct Formulas {
    /// Those whose places are kept.
    waiting: Vec<String>,
    /// What all come to.
    pub(super) bytes: usize,
}

/// What all formulas of an article may come to: so many times its source, and so many bytes
/// besides. The others stay TeX.
const TIMES: usize = 30;
const BESIDES: usize = 500_000;

impl Formulas {
    /// HTML, clean already, with the formulas in their places.
    pub(super) fn put_into(&self, html: String) -> String {
        const PLACE: &str = "<span class=\"math-";
        if self.waiting.is_empty() {
            return html;
        }
        let mut out = String::with_capacity(html.len() + self.bytes);
        let mut copied = 0;
        for start in memmem::find_iter(html.as_bytes(), PLACE) {
            let rest = &html[start + PLACE.len()..];
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            let formula =
                rest[..digits].parse().ok().and_then(|index: usize| self.waiting.get(index));
            if let (Some(formula), Some(after)) =
                (formula, rest[digits..].strip_prefix("\"></span>"))
            {
                out.push_str(&html[copied..start]);
                out.push_str(formula);
                copied = html.len() - after.len();
            }
        }
        out + &html[copied..]
    }
}

impl Writer<'_> {
    pub(super) fn formula(&mut self, tex: &str, shape: FormulaShape, range: &Range<usize>) {
        let (element, class, end) = match shape {
            FormulaShape::Inline => ("span", "math", ""),
            FormulaShape::Display => ("span", "math math-display", ""),
            FormulaShape::Block => ("div", "math math-display", "\n"),
        };
        if shape == FormulaShape::Block {
            self.begin_line();
        }
        let _ = write!(self.out, "<{element} class=\"{}{class}\">", self.seal);
        match self.set(tex, shape, range) {
            Some(mathml) if self.seal.is_empty() => self.out.push_str(&mathml),
            Some(mathml) => {
                let _ = write!(
                    self.out,
                    "<span class=\"{}math-{}\"></span>",
                    self.seal,
                    self.formulas.waiting.len()
                );
                self.formulas.waiting.push(mathml);
            }
            None => {
                let [open, close] =
                    if shape == FormulaShape::Inline { ["\\(", "\\)"] } else { ["\\[", "\\]"] };
                self.out.extend([open, &escape_text(tex), close]);
            }
        }
        let _ = write!(self.out, "</{element}>{end}");
    }

    fn set(&mut self, tex: &str, shape: FormulaShape, range: &Range<usize>) -> Option<String> {
        if self.writing.for_feed {
            return None;
        }
        let set = if self.formulas.bytes > self.document.text().len() * TIMES + BESIDES {
            Err(math::Unset::TooMany)
        } else {
            math::mathml(tex, shape != FormulaShape::Inline)
        };
        match set {
            Ok(mathml) => {
                self.formulas.bytes += mathml.len();
                Some(mathml)
            }
            Err(why) => {
                self.finding(range, Finding::FormulaUnset(why));
                None
            }
        }
    }
}
