//! Code in raw HTML, as editors and highlighters leave it: WeChat's (one `<code>` a line, and a list of their numbers), lines as
//! paragraphs or items, tables with a gutter. Each becomes one block with its lines, marked up if it names a language.

use std::borrow::Cow;
use std::ops::Range;

use super::{Tag, attributes, escape_attribute, tags, text_of};

/// What marks up code, the second text, in a language, the first; where none is known, or code is to be plain, its text in HTML.
pub type Markup<'a> = &'a dyn Fn(&str, &str) -> String;

/// HTML in which listings are blocks of code. Blocks that Markdown wrote carry `seal`, and stay.
pub(super) fn with_listings<'h>(html: &'h str, seal: &str, markup: Markup<'_>) -> Cow<'h, str> {
    // Highlighted code is full of tags; where all of it is Markdown's, none is looked at.
    let own = format!("<pre><code class=\"{seal}");
    let is_own = |at: usize| !seal.is_empty() && html[at..].starts_with(&own);
    let mut begins = ["<pre", "<PRE"].into_iter().flat_map(|begin| memchr::memmem::find_iter(html.as_bytes(), begin));
    if begins.all(is_own) {
        return Cow::Borrowed(html);
    }
    let page = Page { html, tags: tags(html).collect(), seal };
    let mut out = String::new();
    let (mut copied, mut at) = (0, 0);
    while at < page.tags.len() {
        let Some(listing) = page.listing(at) else {
            at += 1;
            continue;
        };
        let whole = page.tags[listing.tags.start].range.start..page.tags[listing.tags.end - 1].range.end;
        at = listing.tags.end;
        if whole.start < copied {
            continue;
        }
        out.push_str(&html[copied..whole.start]);
        copied = whole.end;
        let code = listing.code;
        match &listing.language {
            Some(language) => {
                let class = format!(" class=\"{seal}language-{}\"", escape_attribute(language));
                out.extend(["<pre><code", &class, ">", &markup(language, &code), "</code></pre>"]);
            }
            None => out.extend(["<pre><code>", &super::escape_text(&code), "</code></pre>"]),
        }
    }
    if copied == 0 { Cow::Borrowed(html) } else { Cow::Owned(out + &html[copied..]) }
}

struct Page<'h> {
    html: &'h str,
    tags: Vec<Tag<'h>>,
    seal: &'h str,
}

/// A block of code in place of some tags and what lies between them.
struct Listing {
    tags: Range<usize>,
    language: Option<String>,
    code: String,
}

impl Page<'_> {
    /// The listing whose `<pre>` is the tag at `start`, if it is one that has to be mended.
    fn listing(&self, start: usize) -> Option<Listing> {
        let end = self.pre(start)?;
        if let Some(listing) = self.beside_gutter(start, end) {
            return Some(listing);
        }
        let mut lines = Lines::default();
        let has_lines = self.read(start, end, &mut lines)?;
        let language = self.language(start);
        if !has_lines && language.is_none() {
            return None;
        }
        let first = self.numbers_before(start).unwrap_or(start);
        let last = self.numbers(end + 1).filter(|_| self.is_blank(end)).unwrap_or(end);
        Some(Listing { tags: first..last + 1, language, code: lines.code() })
    }

    /// The end tag of the `<pre>` at a tag, where it holds no other.
    fn pre(&self, start: usize) -> Option<usize> {
        let is_pre = |tag: &Tag<'_>| tag.known_name() == Some("pre");
        let tag = self.tags.get(start).filter(|tag| !tag.closing && is_pre(tag))?;
        let end = start + 1 + self.tags[start + 1..].iter().position(is_pre)?;
        let is_own = |tag: &Tag<'_>| !self.seal.is_empty() && tag.attributes.contains(self.seal);
        (self.tags[end].closing && !is_own(tag) && !self.tags.get(start + 1).is_some_and(is_own)).then_some(end)
    }

    /// Whether nothing but blanks stands between a tag and the next.
    fn is_blank(&self, tag: usize) -> bool {
        let end = self.tags.get(tag + 1).map_or(self.html.len(), |next| next.range.start);
        self.html[self.tags[tag].range.end..end].trim().is_empty()
    }

    /// Reads the lines of a `<pre>`; whether elements tell them apart. None where it holds more than code.
    fn read(&self, start: usize, end: usize, lines: &mut Lines) -> Option<bool> {
        const INLINE: [&str; 13] = ["a", "b", "code", "em", "font", "i", "kbd", "s", "span", "strong", "tt", "u", "var"];
        const WRAPPERS: [&str; 4] = ["div", "ol", "section", "ul"];
        let codes = self.tags[start..end].iter().filter(|tag| !tag.closing && tag.known_name() == Some("code")).count();
        let (mut has_lines, mut is_numbered) = (codes > 1, false);
        let mut at = start;
        while at < end {
            let text = &self.html[self.tags[at].range.end..self.tags[at + 1].range.start];
            lines.text(text, has_lines);
            at += 1;
            if at == end {
                break;
            }
            if let Some(last) = self.numbers(at) {
                is_numbered = true;
                at = last;
                continue;
            }
            let tag = &self.tags[at];
            match tag.known_name()? {
                "br" => {
                    has_lines = true;
                    lines.end_line();
                }
                "a" if attributes(tag.attributes).any(|(name, _)| name == "href") => return None,
                "code" if codes > 1 => lines.line(tag.closing),
                "p" | "li" => {
                    has_lines = true;
                    lines.line(tag.closing);
                }
                name if WRAPPERS.contains(&name) => {
                    has_lines = true;
                    lines.begin_or_end();
                }
                name if INLINE.contains(&name) => {}
                _ => return None,
            }
        }
        Some(has_lines || is_numbered)
    }

    /// The last tag of the list at a tag, if all that it holds are numbers of lines: `1`, `2`, … or nothing.
    fn numbers(&self, start: usize) -> Option<usize> {
        let list = self.tags.get(start).filter(|tag| !tag.closing)?.known_name().filter(|name| matches!(*name, "ol" | "ul"))?;
        let mut items = 0_usize;
        for at in start + 1..self.tags.len() {
            let text = self.html[self.tags[at - 1].range.end..self.tags[at].range.start].trim();
            if !text.is_empty() && text.parse() != Ok(items) {
                return None;
            }
            match self.tags[at].known_name() {
                Some("li") => items += usize::from(!self.tags[at].closing),
                Some("span" | "br") => {}
                name if name == Some(list) && self.tags[at].closing => return (items > 0).then_some(at),
                _ => return None,
            }
        }
        None
    }

    /// The first tag of a list of numbers that ends right before a tag.
    fn numbers_before(&self, tag: usize) -> Option<usize> {
        let end = tag.checked_sub(1).filter(|end| self.tags[*end].closing && self.is_blank(*end))?;
        let name = self.tags[end].known_name().filter(|name| matches!(*name, "ol" | "ul"))?;
        let is_inside = |tag: &&Tag<'_>| matches!(tag.known_name(), Some("li" | "span" | "br"));
        let start = end.checked_sub(1 + self.tags[..end].iter().rev().take_while(is_inside).count())?;
        (self.tags[start].known_name() == Some(name) && self.numbers(start) == Some(end)).then_some(start)
    }

    /// The code of a table whose first cell is this `<pre>`, which holds the numbers of lines.
    fn beside_gutter(&self, start: usize, end: usize) -> Option<Listing> {
        let first = &self.html[self.tags[start].range.end..self.tags[start + 1].range.start];
        if end > start + 1 && !first.trim().is_empty() || end == start + 1 && !first.trim_start().starts_with(|c: char| c.is_ascii_digit())
        {
            return None;
        }
        let mut gutter = Lines::default();
        self.read(start, end, &mut gutter)?;
        let gutter = gutter.code();
        let mut numbers = gutter.split_whitespace().map(|number| number.parse::<u32>().ok());
        let first = numbers.next()??;
        if !numbers.zip(first + 1..).all(|(number, wanted)| number == Some(wanted)) {
            return None;
        }
        let is_frame = |at: usize| matches!(self.tags[at].known_name(), Some("table" | "tbody" | "tr" | "td" | "div" | "figure"));
        let is_table = |at: usize| self.tags[at].known_name() == Some("table");
        let code = (end + 1..self.tags.len()).take(8).find(|at| !is_frame(*at)).filter(|at| (end..*at).all(|at| self.is_blank(at)))?;
        let code_end = self.pre(code)?;
        let before = (0..start).rev().take_while(|at| is_frame(*at) && self.is_blank(*at));
        let table = before.take(8).find(|at| is_table(*at) && !self.tags[*at].closing)?;
        let after = (code_end + 1..self.tags.len()).take_while(|at| is_frame(*at) && self.is_blank(*at - 1));
        let table_end = after.take(8).find(|at| is_table(*at) && self.tags[*at].closing)?;
        let mut lines = Lines::default();
        self.read(code, code_end, &mut lines)?;
        let language = self.language(code).or_else(|| self.language_around(table));
        Some(Listing { tags: table..table_end + 1, language, code: lines.code() })
    }

    /// The language that a `<pre>` names, or its `<code>`, or what lies right around it.
    fn language(&self, start: usize) -> Option<String> {
        let own = language_of(&self.tags[start]);
        let inner = || self.tags.get(start + 1).filter(|tag| tag.known_name() == Some("code")).and_then(language_of);
        own.or_else(inner).or_else(|| self.language_around(start))
    }

    fn language_around(&self, start: usize) -> Option<String> {
        let around = start.checked_sub(1).filter(|around| self.is_blank(*around))?;
        let tag = &self.tags[around];
        (!tag.closing && matches!(tag.known_name(), Some("div" | "figure"))).then(|| language_of(tag)).flatten()
    }
}

/// The language that a tag names.
fn language_of(tag: &Tag<'_>) -> Option<String> {
    let all: Vec<(Cow<'_, str>, Cow<'_, str>)> = attributes(tag.attributes).collect();
    let said = |name: &str| all.iter().find(|(other, _)| other == name).map_or("", |(_, value)| value.trim());
    let classes: Vec<&str> = said("class").split([' ', ';']).filter(|class| !class.is_empty()).collect();
    let named = ["data-lang", "data-language"].map(said).into_iter().find(|language| !language.is_empty());
    let is_spoken = |lang: &str| ["zh", "en", "ja", "ko", "fr", "de", "es", "ru"].iter().any(|spoken| lang.get(..2) == Some(spoken));
    let of_class = || {
        const PREFIXES: [&str; 5] = ["language-", "lang-", "highlight-source-", "brush:", "lang:"];
        classes
            .iter()
            .find_map(|class| PREFIXES.iter().find_map(|prefix| class.strip_prefix(prefix)))
            .filter(|language| !language.is_empty())
    };
    // `brush: js`, `hljs js`, Hexo's `highlight js`, Pandoc's `sourceCode js`.
    let after_class = || {
        let at = classes.iter().position(|class| matches!(*class, "brush:" | "hljs" | "highlight" | "sourceCode"))?;
        classes.get(at + 1).copied().filter(|class| !class.contains("line") && !matches!(*class, "copyable" | "wrap" | "code" | "table"))
    };
    let own = || Some(said("lang")).filter(|lang| !lang.is_empty() && !is_spoken(lang) && tag.known_name() != Some("div"));
    let language = named.or_else(of_class).or_else(after_class).or_else(own)?;
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '#' | '-' | '.' | '_');
    (language.len() <= 24 && language.chars().all(is_name)).then(|| language.to_ascii_lowercase())
}

/// Lines as they are read.
#[derive(Default)]
struct Lines {
    html: String,
    /// Something stands in the last line.
    has_begun: bool,
    /// Where elements that are lines began.
    open: Vec<usize>,
}

impl Lines {
    fn text(&mut self, text: &str, has_lines: bool) {
        // What stands between elements that are lines is layout.
        if text.is_empty() || has_lines && !self.has_begun && self.open.is_empty() && text.trim().is_empty() {
            return;
        }
        self.html.push_str(text);
        self.has_begun = !text.ends_with('\n');
    }

    fn end_line(&mut self) {
        self.html.push('\n');
        self.has_begun = false;
    }

    fn begin_or_end(&mut self) {
        if self.has_begun {
            self.end_line();
        }
    }

    /// Begins or ends an element that is a line, though it may be empty.
    fn line(&mut self, is_end: bool) {
        self.begin_or_end();
        if !is_end {
            self.open.push(self.html.len());
        } else if self.open.pop() == Some(self.html.len()) {
            self.end_line();
        }
    }

    /// The code, as it was typed.
    fn code(self) -> String {
        let text = text_of(&self.html).replace('\u{A0}', " ");
        let text = text.strip_prefix('\n').unwrap_or(&text).trim_end();
        format!("{text}\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::escape_text;

    fn listed(html: &str) -> String {
        with_listings(html, "seal-", &|language, code| format!("[{language}]{}", escape_text(code))).replace("seal-", "")
    }

    #[test]
    fn listings_have_their_lines() {
        for (html, wanted) in [
            // WeChat's.
            (
                "<section><ul class=\"code-snippet__line-index\"><li></li><li></li></ul><pre data-lang=\"python\"><code><span>def f():</span></code>\
                 <code><span><br></span></code><code><span>&nbsp; return 1 &lt; 2</span></code></pre></section>",
                "<section><pre><code class=\"language-python\">[python]def f():\n\n  return 1 &lt; 2\n</code></pre></section>",
            ),
            ("<pre><code>一</code><code></code><code>二</code></pre>", "<pre><code>一\n\n二\n</code></pre>"),
            ("<pre><code>一<br>二<br/>    三</code></pre>", "<pre><code>一\n二\n    三\n</code></pre>"),
            ("<pre>\n<p>一</p>\n<p>二</p>\n</pre>", "<pre><code>一\n二\n</code></pre>"),
            ("<pre><div>一</div><div>二</div></pre>", "<pre><code>一\n二\n</code></pre>"),
            ("<pre class=\"prettyprint linenums\"><ol><li>一</li><li></li><li>二</li></ol></pre>", "<pre><code>一\n\n二\n</code></pre>"),
            (
                "<pre class='brush: js; gutter: false'>a &amp;&amp; b</pre>",
                "<pre><code class=\"language-js\">[js]a &amp;&amp; b\n</code></pre>",
            ),
            ("<pre lang=\"php\">echo 1;</pre>", "<pre><code class=\"language-php\">[php]echo 1;\n</code></pre>"),
            (
                "<pre><code class='hljs language-go'><span>a</span>\nb</code></pre>",
                "<pre><code class=\"language-go\">[go]a\nb\n</code></pre>",
            ),
            ("<pre><code>甲\n乙</code><ul class=\"pre-numbering\"><li>1</li><li>2</li></ul></pre>后", "<pre><code>甲\n乙\n</code></pre>后"),
            // Hexo's.
            (
                "<figure class=\"highlight js\"><table><tr><td class=\"gutter\"><pre>1\n2</pre></td><td class=\"code\"><pre>a\nb</pre></td></tr></table></figure>",
                "<figure class=\"highlight js\"><pre><code class=\"language-js\">[js]a\nb\n</code></pre></figure>",
            ),
            // What is none, or whole.
            ("<pre>诗\n一首</pre>", "<pre>诗\n一首</pre>"),
            ("<pre lang=\"zh-Hant\">詩</pre>", "<pre lang=\"zh-Hant\">詩</pre>"),
            ("<pre><code>a</code></pre>", "<pre><code>a</code></pre>"),
            ("<pre><img src=a><br>b</pre>", "<pre><img src=a><br>b</pre>"),
            ("<pre><a href=/x>a</a><br>b</pre>", "<pre><a href=/x>a</a><br>b</pre>"),
            ("<pre><code class=\"seal-language-js\">a<br></code></pre>", "<pre><code class=\"language-js\">a<br></code></pre>"),
            ("<pre>没有结尾<br>", "<pre>没有结尾<br>"),
            ("<table><tr><td><pre>1</pre></td><td>字</td></tr></table>", "<table><tr><td><pre>1</pre></td><td>字</td></tr></table>"),
        ] {
            assert_eq!(listed(html), wanted, "{html}");
        }
    }
}
