//! The short list of Liquid that old posts of Jekyll need, expanded only where
//! [`Syntax::liquid`](crate::Syntax::liquid) is on.
//!
//! `{% raw %}`, `{% highlight lang %}`, `{% comment %}`, `{{ site.baseurl }}`, `{{ site.url }}`,
//! `{{ page.x }}`, `{{ "/a" | relative_url }}`, `{% post_url x %}`, `{% link x %}` and
//! `{% include x k=v %}`. Everything else stays as literal text and is reported. This is
//! substitution of names, not a template language: a post is never run.

use std::ops::Range;

use crate::reference::has_scheme;
use crate::source::edits::Edits;
use crate::source::lookahead::Ahead;
use crate::source::unit::marker_length;
use crate::{Finding, Placed};

/// What the names in an article stand for: those of Liquid, and in links those of other articles.
///
/// ```
/// use chinese_markdown::liquid::{Nothing, Scope};
/// use chinese_markdown::{Syntax, to_html};
/// struct Site;
/// impl Scope for Site {
///     fn variable(&self, path: &str) -> Option<String> {
///         (path == "site.baseurl").then(|| "/blog".to_owned())
///     }
///     fn post_url(&self, name: &str) -> Option<String> {
///         Some(format!("/posts/{name}/"))
///     }
///     fn link(&self, _: &str) -> Option<String> {
///         None
///     }
///     fn include(&self, _: &str) -> Option<String> {
///         None
///     }
/// }
/// let syntax = Syntax { liquid: true, scope: Some(&Site), ..Syntax::DEFAULT };
/// assert_eq!(
///     to_html("[甲]({{ site.baseurl }}/a/)、[[乙]]", &syntax),
///     "<p><a href=\"/blog/a/\">甲</a>、<a href=\"/posts/乙/\">乙</a></p>\n"
/// );
/// ```
pub trait Scope {
    /// Returns the value of `site.x` or `page.x`; `None` leaves the expression as it is.
    fn variable(&self, path: &str) -> Option<String>;
    /// Returns the address of an article by the name of its file without extension.
    fn post_url(&self, name: &str) -> Option<String>;
    /// Returns the title of an article by the same name, where it is known.
    fn post_title(&self, _name: &str) -> Option<String> {
        None
    }
    /// Whether nothing is known of other articles yet: what names one is left out, and no finding
    /// says so.
    fn is_provisional(&self) -> bool {
        false
    }
    /// Returns the files that a name may mean, where these are several; the first is meant.
    fn rivals(&self, _name: &str) -> Vec<String> {
        Vec::new()
    }
    /// Returns the address of a source file, `{% link x %}`.
    fn link(&self, path: &str) -> Option<String>;
    /// Returns the text of an include, in which names are expanded as well.
    fn include(&self, name: &str) -> Option<String>;
}

/// A scope in which every name is empty: for counts and excerpts, before other articles are known.
#[derive(Clone, Copy, Debug)]
pub struct Nothing;

impl Scope for Nothing {
    fn is_provisional(&self) -> bool {
        true
    }

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

/// What names may put into a source in all: so many times its length, and so many bytes besides.
const TIMES: usize = 8;
const BESIDES: usize = 256 * 1024;

/// Expands `source`. Diagnostics have byte ranges of `source`.
pub(crate) fn expand(source: &str, scope: &dyn Scope) -> (Edits, Vec<Placed>) {
    let mut edits = Edits::default();
    let mut problems = Vec::new();
    let mut budget = Some(source.len() * TIMES + BESIDES);
    let mut ends = None;
    let mut comments: Option<(Range<usize>, usize)> = None;
    let mut tags = Tags::of(source);
    while let Some(tag) = tags.next() {
        let words: Vec<&str> = tag.inside.split_whitespace().take(2).collect();
        let rest =
            |name: &str| Some(tag.inside[name.len()..].trim()).filter(|rest| !rest.is_empty());
        let is_block = |name: &str| tag.is_command && words.first() == Some(&name);
        if let Some(name) = ["raw", "highlight", "comment"].into_iter().find(|name| is_block(name))
            && let Some(end) =
                ends.get_or_insert_with(|| LiquidEnds::of(source)).of_block(name, tag.range.end)
        {
            match name {
                "comment" => {
                    comments.get_or_insert((tag.range.clone(), 0)).1 += 1;
                    edits.replace(tag.range.start..end.end, "");
                }
                "raw" => {
                    edits.replace(tag.range, "");
                    edits.replace(end.clone(), "");
                }
                _ => fence(source, tag.range, words.get(1).unwrap_or(&""), end.clone(), &mut edits),
            }
            tags.go_on_at(end.end);
            continue;
        }
        if tag.is_command && tag.inside.starts_with('#') {
            comments.get_or_insert((tag.range.clone(), 0)).1 += 1;
            edits.replace(tag.range, "");
            continue;
        }
        let Some(left) = budget else { continue };
        let expanded = match (tag.is_command, &words[..]) {
            (false, _) if is_said_again(tag.inside, &source[tag.range.end..]) => {
                Some(String::new())
            }
            (false, _) => value(tag.inside, scope),
            (true, ["post_url", ..]) => rest("post_url").and_then(|name| scope.post_url(name)),
            (true, ["link", ..]) => rest("link").and_then(|path| scope.link(path)),
            (true, ["include", name]) => {
                scope.include(name).map(|text| fill(&text, tag.inside, left))
            }
            _ => None,
        };
        match expanded {
            Some(text) if text.len() > left => {
                budget = None;
                let most = BESIDES + source.len() * TIMES;
                problems.push((tag.range, Finding::LiquidLarge { most }));
            }
            Some(text) => {
                budget = Some(left - text.len());
                edits.replace(tag.range, &text);
            }
            None => {
                let text = shortened(&source[tag.range.clone()]);
                problems.push((tag.range, Finding::LiquidLeft { text }));
            }
        }
    }
    problems.extend(comments.map(|(first, count)| (first, Finding::LiquidComment { count })));
    (edits, problems)
}

/// A block of code between tags becomes a fence, in the list or the quote that it stands in: Jekyll
/// marks it up before it reads Markdown, so neither tags nor code need be indented as those
/// require.
fn fence(source: &str, open: Range<usize>, language: &str, end: Range<usize>, edits: &mut Edits) {
    // What is further away is text before it.
    const FAR: usize = 400;
    let window = &source[source.floor_char_boundary(open.start.saturating_sub(FAR))..open.start];
    let before = window.rsplit('\n').next().unwrap_or_default();
    let marks = marker_length(before);
    let indent: String = before[..marks].chars().map(|c| if c == '>' { c } else { ' ' }).collect();
    let code = &source[open.end..end.start];
    let ticks = "`".repeat(longest_ticks(code).max(2) + 1);
    let begins = if marks < before.len() { format!("\n\n{indent}") } else { String::new() };
    let first = code.split('\n').next().unwrap_or_default();
    let breaks = if first.trim().is_empty() && first.len() < code.len() {
        String::new()
    } else {
        format!("\n{indent}")
    };
    edits.replace(open.clone(), &format!("{begins}{ticks}{language}{breaks}"));
    let mut at = open.end + first.len() + 1;
    let mut last = open.end;
    for line in code.split('\n').skip(1) {
        let blanks = line.len() - line.trim_start_matches(' ').len();
        if at + line.len() < end.start
            && blanks < indent.len()
            && !line.trim().is_empty()
            && !indent.contains('>')
        {
            edits.replace(at..at, &indent[blanks..]);
        }
        last = at;
        at += line.len() + 1;
    }
    let is_alone = first.len() < code.len()
        && source[last..end.start].trim_matches([' ', '\t', '>']).is_empty();
    let rest = source[end.end..].trim_start_matches([' ', '\t', '\r']);
    let follows = if rest.is_empty() || rest.starts_with('\n') {
        String::new()
    } else {
        format!("\n{indent}")
    };
    if is_alone {
        edits.replace(last..end.end, &format!("{indent}{ticks}{follows}"));
    } else {
        edits.replace(end, &format!("\n{indent}{ticks}{follows}"));
    }
}

/// What an output stands for: a name, or a text in quotes, and what is put before and behind it, as
/// addresses are made (`"/a" | relative_url`).
pub(crate) fn value(expression: &str, scope: &dyn Scope) -> Option<String> {
    let mut parts = expression.trim_matches('-').split('|').map(str::trim);
    let mut value = operand(parts.next()?, scope)?;
    for filter in parts {
        let (name, argument) = filter.split_once(':').unwrap_or((filter, ""));
        value = match name.trim() {
            "relative_url" => below(&scope.variable("site.baseurl")?, &value),
            "absolute_url" if has_scheme(&value) => value,
            "absolute_url" => {
                scope.variable("site.url")? + &below(&scope.variable("site.baseurl")?, &value)
            }
            "prepend" => operand(argument, scope)? + &value,
            "append" => value + &operand(argument, scope)?,
            "escape" | "uri_escape" | "strip" => value.trim().to_owned(),
            _ => return None,
        };
    }
    Some(value)
}

/// Whether an output is the path of the base, and what follows begins with it as well: Jekyll's own
/// addresses did not, once.
pub(crate) fn is_said_again(inside: &str, after: &str) -> bool {
    let tag = after
        .get(..2)
        .filter(|open| matches!(*open, "{%" | "{{"))
        .map(|_| after[2..].trim_start_matches(['-', ' ']));
    inside.trim() == "site.baseurl"
        && tag.is_some_and(|tag| {
            ["post_url ", "link ", "page.url"].iter().any(|name| tag.starts_with(name))
        })
}

/// A text in quotes, or the value of a name.
fn operand(text: &str, scope: &dyn Scope) -> Option<String> {
    let text = text.trim();
    match text.strip_prefix(['"', '\'']).and_then(|rest| rest.strip_suffix(['"', '\''])) {
        Some(literal) => Some(literal.to_owned()),
        None if text.is_empty() || text.contains(char::is_whitespace) => None,
        None => scope.variable(text),
    }
}

/// An address of the site below the path of its base.
fn below(base: &str, address: &str) -> String {
    let is_below = || address.strip_prefix(base).is_some_and(|rest| rest.starts_with('/'));
    if has_scheme(address) || !base.is_empty() && is_below() {
        return address.to_owned();
    }
    format!("{base}/{}", address.trim_start_matches('/'))
}

/// A tag as findings quote it.
fn shortened(tag: &str) -> String {
    const CHARACTERS: usize = 60;
    match tag.char_indices().nth(CHARACTERS) {
        Some((at, _)) => format!("{}…", &tag[..at]),
        None => tag.to_owned(),
    }
}

/// A tag `{% … %}` or an output `{{ … }}`.
struct LiquidTag<'s> {
    range: Range<usize>,
    is_command: bool,
    inside: &'s str,
}

/// The tags of a text from left to right. None crosses a line: prose holds a stray `{%` now and
/// then.
struct Tags<'s> {
    source: &'s str,
    at: usize,
    newline: Ahead<'s>,
    close_command: Ahead<'s>,
    close_output: Ahead<'s>,
}

impl<'s> Tags<'s> {
    fn of(source: &'s str) -> Tags<'s> {
        let ahead = |mark| Ahead::new(source, mark);
        Tags {
            source,
            at: 0,
            newline: ahead("\n"),
            close_command: ahead("%}"),
            close_output: ahead("}}"),
        }
    }

    fn go_on_at(&mut self, at: usize) {
        self.at = at;
    }

    fn next(&mut self) -> Option<LiquidTag<'s>> {
        loop {
            let start = self.at + memchr::memchr(b'{', &self.source.as_bytes()[self.at..])?;
            let is_command = match self.source.as_bytes().get(start + 1) {
                Some(b'%') => true,
                Some(b'{') => false,
                _ => {
                    self.at = start + 1;
                    continue;
                }
            };
            let close = if is_command { &mut self.close_command } else { &mut self.close_output };
            let line_end = self.newline.at_or_after(start).unwrap_or(self.source.len());
            if let Some(end) = close.at_or_after(start + 2).filter(|end| *end < line_end) {
                self.at = end + 2;
                let inside = self.source[start + 2..end].trim_matches('-').trim();
                return Some(LiquidTag { range: start..end + 2, is_command, inside });
            }
            self.at = start + 2;
        }
    }
}

/// The tags that end blocks, in order.
struct LiquidEnds {
    raw: Vec<Range<usize>>,
    highlight: Vec<Range<usize>>,
    comment: Vec<Range<usize>>,
}

impl LiquidEnds {
    fn of(source: &str) -> LiquidEnds {
        let mut ends = LiquidEnds { raw: Vec::new(), highlight: Vec::new(), comment: Vec::new() };
        let mut after = 0;
        for close in memchr::memmem::find_iter(source.as_bytes(), "%}") {
            // What begins last ends here.
            if let Some(open) = source[after..close].rfind("{%").map(|at| after + at) {
                match source[open + 2..close].trim_matches('-').trim() {
                    "endraw" => ends.raw.push(open..close + 2),
                    "endcomment" => ends.comment.push(open..close + 2),
                    "endhighlight" => ends.highlight.push(open..close + 2),
                    _ => {}
                }
            }
            after = close + 2;
        }
        ends
    }

    /// The first end of a block of this name at or after `from`.
    fn of_block(&self, name: &str, from: usize) -> Option<Range<usize>> {
        let ends = match name {
            "raw" => &self.raw,
            "comment" => &self.comment,
            _ => &self.highlight,
        };
        ends.get(ends.partition_point(|end| end.start < from)).cloned()
    }
}

/// The longest run of backticks, which the fence around it must exceed.
pub(crate) fn longest_ticks(code: &str) -> usize {
    code.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

/// Puts the parameters of an include into `{{ include.k }}`, in one pass: what a parameter holds is
/// not looked at again. What would be longer than `most` ends a little above it.
fn fill(text: &str, inside: &str, most: usize) -> String {
    let parameters: Vec<(&str, &str)> = inside
        .split_whitespace()
        .skip(2)
        .filter_map(|parameter| parameter.split_once('='))
        .collect();
    let value = |tag: &LiquidTag<'_>| {
        let key = tag.inside.strip_prefix("include.").filter(|_| !tag.is_command)?;
        parameters
            .iter()
            .find(|(name, _)| *name == key)
            .map(|(_, value)| value.trim_matches(['"', '\'']))
    };
    let mut out = String::new();
    let mut at = 0;
    let mut tags = Tags::of(text);
    while let Some(tag) = tags.next() {
        if let Some(value) = value(&tag) {
            out.push_str(&text[at..tag.range.start]);
            out.push_str(value);
            at = tag.range.end;
        }
        if out.len() > most {
            return out;
        }
    }
    out + &text[at..]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A site with one include and one long value.
    struct Site;

    impl Scope for Site {
        fn variable(&self, path: &str) -> Option<String> {
            (path == "page.x").then(|| "x".repeat(60_000))
        }

        fn post_url(&self, _: &str) -> Option<String> {
            None
        }

        fn link(&self, path: &str) -> Option<String> {
            Some(format!("/{path}"))
        }

        fn include(&self, name: &str) -> Option<String> {
            (name == "a.html").then(|| "{{ include.a }}{{include.b}}{{ include.c }}".to_owned())
        }
    }

    fn expanded(source: &str) -> (String, usize) {
        let (edits, problems) = expand(source, &Site);
        (edits.apply(source).0, problems.len())
    }

    #[test]
    fn parameters_are_put_in_once() {
        let out = "{{include.b}}{{include.b}}x{{ include.c }}";
        assert_eq!(expanded("{% include a.html a={{include.b}}{{include.b}} b=x %}").0, out);
        assert_eq!(expanded("{% include a.html a='甲' b=乙 %}").0, "甲乙{{ include.c }}");
    }

    #[test]
    fn names_do_not_make_a_post_long() {
        let source = "{{ page.x }}\n".repeat(2_000);
        let (out, problems) = expanded(&source);
        assert!(
            out.len() < source.len() * (TIMES + 1) + BESIDES && out.contains("{{ page.x }}"),
            "{}",
            out.len()
        );
        assert_eq!(problems, 1);
    }

    #[test]
    fn blocks_end_where_their_end_stands() {
        assert_eq!(expanded("{% raw %}{{ page.x }}{% endraw %} {% link a %}").0, "{{ page.x }} /a");
        assert_eq!(expanded("{%- raw -%}\n{% raw %}\n{%- endraw -%}").0, "\n{% raw %}\n");
        assert_eq!(
            expanded("{% {% endraw %} {% raw %}a"),
            ("{% {% endraw %} {% raw %}a".to_owned(), 2)
        );
        for (source, out) in [
            ("{% highlight js %}\n```\n{% endhighlight %}", "````js\n```\n````"),
            (
                "1. 甲\n\n   {% highlight sh %}\n   ls\n   {% endhighlight %}\n\n2. 乙",
                "1. 甲\n\n   ```sh\n   ls\n   ```\n\n2. 乙",
            ),
            ("- {% highlight sh %}\nls\n{% endhighlight %}\n- 乙", "- ```sh\n  ls\n  ```\n- 乙"),
            ("> {% highlight sh %}\n> ls\n> {% endhighlight %}", "> ```sh\n> ls\n> ```"),
            ("甲{% highlight sh %}ls{% endhighlight %}乙", "甲\n\n```sh\nls\n```\n乙"),
            ("{% highlight sh %}ls\n{% endhighlight %} 乙", "```sh\nls\n```\n 乙"),
        ] {
            assert_eq!(expanded(source).0, out);
        }
        assert_eq!(
            expanded("甲{% comment %}密\n{{ page.x }}{% endcomment %}乙{% # 密 %}"),
            ("甲乙".to_owned(), 1)
        );
    }
}
