//! The short list of Liquid that old Jekyll posts need, expanded only where `markdown.liquid` is on.
//!
//! `{% raw %}`, `{% highlight lang %}`, `{{ site.baseurl }}`, `{{ site.url }}`, `{{ page.x }}`, `{% post_url x %}`,
//! `{% link x %}` and `{% include x k=v %}`. Everything else stays as literal text and is reported. This is substitution of
//! names, not a template language: a post is never run.

use std::ops::Range;

use super::source_map::Edits;
use crate::diagnostic::Diagnostic;

/// Where the values come from.
pub trait Scope {
    /// The value of `site.x` or `page.x`; `None` leaves the expression as it is.
    fn variable(&self, path: &str) -> Option<String>;
    /// The address of a post by its file name without extension.
    fn post_url(&self, name: &str) -> Option<String>;
    /// The address of a source file.
    fn link(&self, path: &str) -> Option<String>;
    /// The text of an include.
    fn include(&self, name: &str) -> Option<String>;
}

/// A scope in which every name is empty: for counting and excerpts, before the site is known.
#[derive(Clone, Copy, Debug)]
pub struct Nothing;

impl Scope for Nothing {
    fn variable(&self, _: &str) -> Option<String> {
        Some(String::new())
    }

    fn post_url(&self, _: &str) -> Option<String> {
        Some(String::new())
    }

    fn link(&self, _: &str) -> Option<String> {
        Some(String::new())
    }

    fn include(&self, _: &str) -> Option<String> {
        Some(String::new())
    }
}

/// Expands `source`. Diagnostics have byte ranges of `source`.
pub fn expand(source: &str, scope: &dyn Scope) -> (Edits, Vec<(Range<usize>, Diagnostic)>) {
    let mut edits = Edits::default();
    let mut problems = Vec::new();
    let mut at = 0;
    while let Some(found) = source[at..].find(['{']) {
        let start = at + found;
        let rest = &source[start..];
        let (open, close) = if rest.starts_with("{{") {
            ("{{", "}}")
        } else if rest.starts_with("{%") {
            ("{%", "%}")
        } else {
            at = start + 1;
            continue;
        };
        // A tag does not cross a line: prose holds a stray `{%` now and then.
        let line = rest[2..].split('\n').next().unwrap_or("");
        let Some(end) = line.find(close).map(|at| start + 2 + at + 2) else {
            at = start + 2;
            continue;
        };
        let inside = source[start + 2..end - 2].trim_matches('-').trim();
        at = end;
        let mut words = inside.split_whitespace();
        let expanded = match (open, words.next()) {
            ("{{", Some(path)) if words.next().is_none() => scope.variable(path),
            ("{%", Some("raw")) => match find_tag(source, end, "endraw") {
                Some(tag) => {
                    edits.replace(start..end, "");
                    edits.replace(tag.clone(), "");
                    at = tag.end;
                    continue;
                }
                None => None,
            },
            ("{%", Some("highlight")) => match find_tag(source, end, "endhighlight") {
                Some(tag) => {
                    let fence = "`".repeat(longest_ticks(&source[end..tag.start]).max(2) + 1);
                    edits.replace(start..end, &format!("{fence}{}", words.next().unwrap_or("")));
                    let newline = if source[..tag.start].ends_with('\n') { "" } else { "\n" };
                    edits.replace(tag.clone(), &format!("{newline}{fence}"));
                    at = tag.end;
                    continue;
                }
                None => None,
            },
            ("{%", Some("post_url")) => {
                Some(inside["post_url".len()..].trim()).filter(|name| !name.is_empty()).and_then(|name| scope.post_url(name))
            }
            ("{%", Some("link")) => Some(inside["link".len()..].trim()).filter(|path| !path.is_empty()).and_then(|path| scope.link(path)),
            ("{%", Some("include")) => words.next().and_then(|name| scope.include(name)).map(|text| fill(&text, inside)),
            _ => None,
        };
        match expanded {
            Some(text) => edits.replace(start..end, &text),
            None => problems.push((
                start..end,
                Diagnostic::warning("liquid", say!("`{}` was left as text", &source[start..end]))
                    .hint(say!("only raw, highlight, site.x, page.x, post_url, link and include are expanded")),
            )),
        }
    }
    (edits, problems)
}

/// The range of the tag `{% name %}` at or after `from`.
fn find_tag(source: &str, from: usize, name: &str) -> Option<Range<usize>> {
    let mut at = from;
    while let Some(found) = source[at..].find("{%") {
        let start = at + found;
        let end = start + source[start..].find("%}")? + 2;
        if source[start + 2..end - 2].trim_matches('-').trim() == name {
            return Some(start..end);
        }
        at = start + 2;
    }
    None
}

/// The longest run of backticks, which the fence around it must exceed.
fn longest_ticks(code: &str) -> usize {
    code.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

/// Puts the parameters of an include into `{{ include.k }}`.
fn fill(text: &str, inside: &str) -> String {
    let mut out = text.to_owned();
    for parameter in inside.split_whitespace().skip(2) {
        if let Some((key, value)) = parameter.split_once('=') {
            let value = value.trim_matches(['"', '\'']);
            out = out.replace(&format!("{{{{ include.{key} }}}}"), value).replace(&format!("{{{{include.{key}}}}}"), value);
        }
    }
    out
}
