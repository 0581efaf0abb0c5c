//! Code in raw HTML, as editors and highlighters leave it: WeChat's (one `<code>` a line, and a
//! list of their numbers), lines as paragraphs, items or rows of a table, tables with a gutter.
//! Each becomes one block with its lines, marked up if it names a language.

mod language;
mod lines;

use std::borrow::Cow;
use std::cell::Cell;
use std::ops::Range;

use super::attributes::attributes;
use super::escape::escape_attribute;
use super::tag::{Tag, tags};
use language::language_of;
use lines::Lines;

/// What marks up code, the second text, in a language, the first; where none is known, or code is
/// to be plain, its text in HTML.
pub(super) type CodeWriter<'a> = &'a dyn Fn(&str, &str) -> String;

/// HTML in which listings are blocks of code. Blocks that Markdown wrote carry `seal`, and stay.
pub(super) fn with_listings<'h>(html: &'h str, seal: &str, markup: CodeWriter<'_>) -> Cow<'h, str> {
    // Highlighted code is full of tags; where all of it is Markdown's, none is looked at.
    let own = format!("<pre><code class=\"{seal}");
    let is_own = |at: usize| !seal.is_empty() && html[at..].starts_with(&own);
    let mut begins = ["<pre", "<PRE"]
        .into_iter()
        .flat_map(|begin| memchr::memmem::find_iter(html.as_bytes(), begin));
    let is_of_a_table =
        |mark: &str| memchr::memmem::find(html.as_bytes(), mark.as_bytes()).is_some();
    if begins.all(is_own) && !["blob-code", "syntaxhighlighter"].into_iter().any(is_of_a_table) {
        return Cow::Borrowed(html);
    }
    let tags: Vec<Tag<'_>> = tags(html).collect();
    let page = Page { html, seal, looks: Cell::new(8 * tags.len()), tags };
    let mut out = String::new();
    let (mut copied, mut at) = (0, 0);
    while at < page.tags.len() {
        let Some(listing) = page.listing(at) else {
            at += 1;
            continue;
        };
        let whole =
            page.tags[listing.tags.start].range.start..page.tags[listing.tags.end - 1].range.end;
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
    /// Tags that may still be looked at to find ends of elements, many of which may have none.
    looks: Cell<usize>,
}

/// A block of code in place of some tags and what lies between them.
struct Listing {
    tags: Range<usize>,
    language: Option<String>,
    code: String,
}

impl Page<'_> {
    /// The listing whose `<pre>` or table is the tag at `start`, if it is one that has to be
    /// mended.
    fn listing(&self, start: usize) -> Option<Listing> {
        if self.opens(start, "table") {
            return self.rows(start);
        }
        let end = self.pre(start)?;
        if let Some(listing) = self.beside_gutter(start, end) {
            return Some(listing);
        }
        let mut lines = Lines::default();
        let has_lines = self.read(start, end, &mut lines)?;
        let first = self.numbers_before(start).unwrap_or(start);
        let last = self.numbers(end + 1).filter(|_| self.is_blank(end)).unwrap_or(end);
        let cell = self.cell_around(first, last);
        let (first, last) = cell.clone().map_or((first, last), |cell| (cell.start, cell.end - 1));
        let language = self.language(start, end).or_else(|| self.language_around(first));
        let is_mended = has_lines || language.is_some() || cell.is_some();
        is_mended.then(|| Listing { tags: first..last + 1, language, code: lines.code() })
    }

    /// Whether the tag at a place opens an element of this name.
    fn opens(&self, at: usize, name: &str) -> bool {
        self.tags.get(at).is_some_and(|tag| !tag.closing && tag.known_name() == Some(name))
    }

    fn closes(&self, at: usize, name: &str) -> bool {
        self.tags.get(at).is_some_and(|tag| tag.closing && tag.known_name() == Some(name))
    }

    /// The end tag of the `<pre>` at a tag, where it holds no other.
    fn pre(&self, start: usize) -> Option<usize> {
        let is_pre = |tag: &Tag<'_>| tag.known_name() == Some("pre");
        let tag = self.tags.get(start).filter(|tag| !tag.closing && is_pre(tag))?;
        let end = start + 1 + self.tags[start + 1..].iter().position(is_pre)?;
        let is_own = |tag: &Tag<'_>| !self.seal.is_empty() && tag.attributes.contains(self.seal);
        (self.tags[end].closing && !is_own(tag) && !self.tags.get(start + 1).is_some_and(is_own))
            .then_some(end)
    }

    /// What stands between a tag and the next.
    fn text_after(&self, tag: usize) -> &str {
        let end = self.tags.get(tag + 1).map_or(self.html.len(), |next| next.range.start);
        &self.html[self.tags[tag].range.end..end]
    }

    /// Whether nothing but blanks stands between a tag and the next.
    fn is_blank(&self, tag: usize) -> bool {
        self.text_after(tag).trim().is_empty()
    }

    /// The end tag of the element that a tag opens, before another tag.
    fn end_of(&self, start: usize, before: usize) -> Option<usize> {
        let name = self.tags[start].known_name()?;
        let mut depth = 0_usize;
        for (at, tag) in self.tags.iter().enumerate().take(before).skip(start) {
            self.looks.set(self.looks.get().checked_sub(1)?);
            if tag.known_name() == Some(name) {
                depth = if tag.closing { depth - 1 } else { depth + 1 };
            }
            if depth == 0 {
                return Some(at);
            }
        }
        None
    }

    /// Reads the lines between two tags; whether elements tell them apart. None where they hold
    /// more than code.
    fn read(&self, start: usize, end: usize, lines: &mut Lines) -> Option<bool> {
        const INLINE: [&str; 13] =
            ["a", "b", "code", "em", "font", "i", "kbd", "s", "span", "strong", "tt", "u", "var"];
        const WRAPPERS: [&str; 5] = ["ol", "table", "tbody", "tr", "ul"];
        let codes_are_lines = self.codes_are_lines(start, end);
        let (mut has_lines, mut is_numbered) = (codes_are_lines, false);
        let mut at = start;
        while at < end {
            lines.text(self.text_after(at), has_lines);
            at += 1;
            if at == end {
                break;
            }
            if let Some(last) = self.numbers(at).or_else(|| self.ornament(at, end)) {
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
                "code" if codes_are_lines => lines.line(tag.closing),
                "p" | "li" | "div" | "section" | "td" => {
                    has_lines = true;
                    lines.line(tag.closing);
                }
                name if WRAPPERS.contains(&name) => {
                    has_lines = true;
                    lines.begin_or_end();
                }
                "span" if self.closes(at + 1, "span") => lines.number(self.text_after(at)),
                name if INLINE.contains(&name) => {}
                _ => return None,
            }
        }
        Some(has_lines || is_numbered || lines.are_numbered())
    }

    /// Whether each `<code>` between two tags is a line, as in WeChat's editor: there are several,
    /// nothing stands outside of them, and no two stand in one line.
    fn codes_are_lines(&self, start: usize, end: usize) -> bool {
        let (mut codes, mut is_open) = (0_usize, false);
        let mut at = start;
        while at < end {
            let text = self.text_after(at);
            let is_between_lines = text.is_empty() || codes == 0 || text.contains('\n');
            if !(is_open || text.trim().is_empty() && is_between_lines) {
                return false;
            }
            at += 1;
            if let Some(last) = self.numbers(at).filter(|last| *last < end) {
                at = last;
                continue;
            }
            match self.tags[at].known_name() {
                Some("code") => {
                    is_open = !self.tags[at].closing;
                    codes += usize::from(is_open);
                }
                Some("td") => return false,
                _ => {}
            }
        }
        codes > 1
    }

    /// The end of an element that belongs to the frame of a listing and not to its code: numbers of
    /// lines, buttons.
    fn ornament(&self, start: usize, end: usize) -> Option<usize> {
        /// Characters on a button.
        const LABEL: usize = 20;
        let tag = self.tags.get(start).filter(|tag| !tag.closing && !tag.attributes.is_empty())?;
        let name = tag
            .known_name()
            .filter(|name| matches!(*name, "button" | "div" | "i" | "ol" | "span" | "td" | "ul"))?;
        let class = attributes(tag.attributes)
            .find(|(name, _)| name == "class")
            .map(|(_, class)| class.to_ascii_lowercase());
        let class = class.unwrap_or_default();
        let has = |marks: &[&str]| {
            class.split_ascii_whitespace().any(|word| marks.iter().any(|mark| word.contains(mark)))
        };
        let is_button = name == "button" || has(&["btn", "button", "toolbar", "extension-header"]);
        let is_number = has(&["line-num", "linenum", "lineno", "blob-num", "ln-num", "gutter"]);
        if !is_button && !is_number {
            return None;
        }
        let last = self.end_of(start, end)?;
        let texts = || (start..last).map(|at| self.text_after(at));
        let is_label = || texts().map(|text| text.chars().count()).sum::<usize>() <= LABEL;
        let are_numbers = || {
            texts().all(|text| {
                text.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_whitespace())
            })
        };
        (is_button && is_label() || is_number && are_numbers()).then_some(last)
    }

    /// The code of a table that has a row for each line, beside its number (GitHub's, Gist's), or
    /// cells of all numbers and of all lines.
    fn rows(&self, start: usize) -> Option<Listing> {
        const FRAME: usize = 6;
        let is_number = |at: usize| {
            self.opens(at, "td") && self.ornament(at, self.tags.len().min(at + 4_000)).is_some()
        };
        (start + 1..self.tags.len()).take(FRAME).find(|at| is_number(*at))?;
        let end =
            (start + 1..self.tags.len()).find(|at| self.tags[*at].known_name() == Some("table"))?;
        if !self.tags[end].closing {
            return None;
        }
        let mut lines = Lines::default();
        self.read(start, end, &mut lines)?;
        let language = language_of(&self.tags[start]).or_else(|| self.language_around(start));
        Some(Listing { tags: start..end + 1, language, code: lines.code() })
    }

    /// The table of one cell that a listing stands alone in.
    fn cell_around(&self, first: usize, last: usize) -> Option<Range<usize>> {
        const FRAME: [&str; 4] = ["td", "tr", "tbody", "table"];
        let (mut start, mut end) = (first, last);
        for name in FRAME {
            let before = start
                .checked_sub(1)
                .filter(|before| self.opens(*before, name) && self.is_blank(*before));
            match before.filter(|_| self.closes(end + 1, name) && self.is_blank(end)) {
                Some(before) => (start, end) = (before, end + 1),
                None if name == "tbody" => {}
                None => return None,
            }
        }
        Some(start..end + 1)
    }

    /// The last tag of the list at a tag, if all that it holds are numbers of lines: `1`, `2`, … or
    /// nothing.
    fn numbers(&self, start: usize) -> Option<usize> {
        let list = self
            .tags
            .get(start)
            .filter(|tag| !tag.closing)?
            .known_name()
            .filter(|name| matches!(*name, "ol" | "ul"))?;
        let mut items = 0_usize;
        for at in start + 1..self.tags.len() {
            let text = self.html[self.tags[at - 1].range.end..self.tags[at].range.start].trim();
            if !text.is_empty() && text.parse() != Ok(items) {
                return None;
            }
            match self.tags[at].known_name() {
                Some("li") => items += usize::from(!self.tags[at].closing),
                Some("span" | "br") => {}
                name if name == Some(list) && self.tags[at].closing => {
                    return (items > 0).then_some(at);
                }
                _ => return None,
            }
        }
        None
    }

    /// The first tag of a list of numbers that ends right before a tag.
    fn numbers_before(&self, tag: usize) -> Option<usize> {
        let end =
            tag.checked_sub(1).filter(|end| self.tags[*end].closing && self.is_blank(*end))?;
        let name = self.tags[end].known_name().filter(|name| matches!(*name, "ol" | "ul"))?;
        let is_inside = |tag: &&Tag<'_>| matches!(tag.known_name(), Some("li" | "span" | "br"));
        let start =
            end.checked_sub(1 + self.tags[..end].iter().rev().take_while(is_inside).count())?;
        (self.tags[start].known_name() == Some(name) && self.numbers(start) == Some(end))
            .then_some(start)
    }

    /// The code of a table whose first cell is this `<pre>`, which holds the numbers of lines.
    fn beside_gutter(&self, start: usize, end: usize) -> Option<Listing> {
        let first = &self.html[self.tags[start].range.end..self.tags[start + 1].range.start];
        if end > start + 1 && !first.trim().is_empty()
            || end == start + 1 && !first.trim_start().starts_with(|c: char| c.is_ascii_digit())
        {
            return None;
        }
        let mut numbers = (start..end)
            .flat_map(|at| self.text_after(at).split_whitespace())
            .map(|number| number.parse::<u32>().ok());
        let first = numbers.next()??;
        if !numbers.zip(first + 1..).all(|(number, wanted)| number == Some(wanted)) {
            return None;
        }
        let is_frame = |at: usize| {
            matches!(
                self.tags[at].known_name(),
                Some("table" | "tbody" | "tr" | "td" | "div" | "figure")
            )
        };
        let is_table = |at: usize| self.tags[at].known_name() == Some("table");
        let code = (end + 1..self.tags.len())
            .take(8)
            .find(|at| !is_frame(*at))
            .filter(|at| (end..*at).all(|at| self.is_blank(at)))?;
        let code_end = self.pre(code)?;
        let before = (0..start).rev().take_while(|at| is_frame(*at) && self.is_blank(*at));
        let table = before.take(8).find(|at| is_table(*at) && !self.tags[*at].closing)?;
        let after = (code_end + 1..self.tags.len())
            .take_while(|at| is_frame(*at) && self.is_blank(*at - 1));
        let table_end = after.take(8).find(|at| is_table(*at) && self.tags[*at].closing)?;
        let mut lines = Lines::default();
        self.read(code, code_end, &mut lines)?;
        let (mut first, mut last) = (table, table_end);
        let mut language = self.language(code, code_end);
        // Rouge puts all of it into one more block.
        for name in ["code", "pre"] {
            let around = first
                .checked_sub(1)
                .filter(|around| self.opens(*around, name) && self.is_blank(*around));
            if let Some(around) =
                around.filter(|_| self.closes(last + 1, name) && self.is_blank(last))
            {
                (first, last) = (around, last + 1);
                language = language.or_else(|| language_of(&self.tags[around]));
            }
        }
        let language = language.or_else(|| self.language_around(first));
        Some(Listing { tags: first..last + 1, language, code: lines.code() })
    }

    /// The language that a `<pre>` names, or its `<code>`, or what lies right around it.
    fn language(&self, start: usize, end: usize) -> Option<String> {
        let inner = || {
            (start + 1..end)
                .find(|at| self.opens(*at, "code"))
                .and_then(|code| language_of(&self.tags[code]))
        };
        language_of(&self.tags[start]).or_else(inner).or_else(|| self.language_around(start))
    }

    /// The language of what lies around a tag: the nearest of a few frames that name one. A caption
    /// may stand before the code.
    fn language_around(&self, start: usize) -> Option<String> {
        const FRAMES: usize = 3;
        const CAPTION: usize = 8;
        let before = start
            .checked_sub(1)
            .filter(|before| self.closes(*before, "figcaption") && self.is_blank(*before));
        let caption = before
            .and_then(|end| (0..end).rev().take(CAPTION).find(|at| self.opens(*at, "figcaption")));
        let is_frame = |at: &usize| {
            self.is_blank(*at) && (self.opens(*at, "div") || self.opens(*at, "figure"))
        };
        let around = caption.unwrap_or(start);
        (0..around)
            .rev()
            .take(FRAMES)
            .take_while(is_frame)
            .find_map(|at| language_of(&self.tags[at]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html::escape_text;

    fn listed(html: &str) -> String {
        with_listings(html, "seal-", &|language, code| format!("[{language}]{}", escape_text(code)))
            .replace("seal-", "")
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
            (
                "<pre><code>一</code><code></code><code>二</code></pre>",
                "<pre><code>一\n\n二\n</code></pre>",
            ),
            (
                "<pre><code>一<br>二<br/>    三</code></pre>",
                "<pre><code>一\n二\n    三\n</code></pre>",
            ),
            ("<pre>\n<p>一</p>\n<p>二</p>\n</pre>", "<pre><code>一\n二\n</code></pre>"),
            ("<pre><div>一</div><div>二</div></pre>", "<pre><code>一\n二\n</code></pre>"),
            (
                "<pre class=\"prettyprint linenums\"><ol><li>一</li><li></li><li>二</li></ol></pre>",
                "<pre><code>一\n\n二\n</code></pre>",
            ),
            (
                "<pre class='brush: js; gutter: false'>a &amp;&amp; b</pre>",
                "<pre><code class=\"language-js\">[js]a &amp;&amp; b\n</code></pre>",
            ),
            (
                "<pre lang=\"php\">echo 1;</pre>",
                "<pre><code class=\"language-php\">[php]echo 1;\n</code></pre>",
            ),
            (
                "<pre><code class='hljs language-go'><span>a</span>\nb</code></pre>",
                "<pre><code class=\"language-go\">[go]a\nb\n</code></pre>",
            ),
            (
                "<pre><code>甲\n乙</code><ul class=\"pre-numbering\"><li>1</li><li>2</li></ul></pre>后",
                "<pre><code>甲\n乙\n</code></pre>后",
            ),
            // Hexo's.
            (
                "<figure class=\"highlight js\"><table><tr><td class=\"gutter\"><pre>1\n2</pre></td><td class=\"code\"><pre>a\nb</pre></td></tr></table></figure>",
                "<figure class=\"highlight js\"><pre><code class=\"language-js\">[js]a\nb\n</code></pre></figure>",
            ),
            (
                "<figure class=\"highlight js\"><figcaption><span>a.js</span></figcaption><table><tbody><tr><td class=\"gutter\"><pre><span>1</span><br></pre></td>\
                 <td class=\"code\"><pre><span class=line>a</span><br></pre></td></tr></tbody></table></figure>",
                "<figure class=\"highlight js\"><figcaption><span>a.js</span></figcaption><pre><code class=\"language-js\">[js]a\n</code></pre></figure>",
            ),
            (
                "<table><tr><td class=\"code\"><pre>a</pre></td></tr></table>",
                "<pre><code>a\n</code></pre>",
            ),
            // Rouge's, which has code in code, and Chroma's.
            (
                "<div class=\"language-c x\"><div class=\"highlight\"><pre class=\"highlight\"><code><table><tr><td class=\"gl\"><pre>1\n2\n</pre></td>\
                 <td><pre>a\n\n</pre></td></tr></table></code></pre></div></div>",
                "<div class=\"language-c x\"><div class=\"highlight\"><pre><code class=\"language-c\">[c]a\n</code></pre></div></div>",
            ),
            (
                "<table><tr><td><pre><code><span>1\n</span><span>2\n</span></code></pre></td><td><pre><code class=\"language-go\"><span>a\n</span>b\n</code></pre></td></tr></table>",
                "<pre><code class=\"language-go\">[go]a\nb\n</code></pre>",
            ),
            // GitHub's, highlightjs-line-numbers', SyntaxHighlighter's: rows and cells of lines.
            (
                "<table class=\"highlight tab-size\"><tr><td class=\"blob-num\"></td><td class=\"blob-code\"><span>a</span></td></tr>\n\
                 <tr><td class=\"blob-num\">2</td>\n <td class=\"blob-code\">\n</td></tr><tr><td class=\"blob-num\"></td><td class=\"blob-code\">  b</td></tr></table>",
                "<pre><code>a\n\n  b\n</code></pre>",
            ),
            (
                "<pre><code class=\"language-js\"><table class=\"hljs-ln\"><tr><td class=\"hljs-ln-numbers\"><div class=\"hljs-ln-n\"></div></td><td class=\"hljs-ln-code\">a</td></tr>\
                 <tr><td class=\"hljs-ln-numbers\"></td><td class=\"hljs-ln-code\"></td></tr><tr><td class=\"hljs-ln-numbers\"></td><td class=\"hljs-ln-code\">b</td></tr></table></code></pre>",
                "<pre><code class=\"language-js\">[js]a\n\nb\n</code></pre>",
            ),
            (
                "<!-- syntaxhighlighter --><table><tbody><tr><td class=\"gutter\"><div>1</div><div>2</div></td><td class=\"code\"><div><div><code>int</code> <code>a</code></div>\
                 <div><code>&nbsp;&nbsp;</code><code>b</code></div></div></td></tr></tbody></table>",
                "<!-- syntaxhighlighter --><pre><code>int a\n  b\n</code></pre>",
            ),
            // Numbers and buttons in the code itself: cnblogs', Juejin's, CSDN's.
            (
                "<pre><span>1</span> a\n<span>2</span>\n<span>3</span>   b</pre>",
                "<pre><code>a\n\n  b\n</code></pre>",
            ),
            (
                "<pre><div class=\"code-block-extension-header\"><span>go</span><div>复制代码</div></div><code class=\"language-go\">a\n\nb</code></pre>",
                "<pre><code class=\"language-go\">[go]a\n\nb\n</code></pre>",
            ),
            (
                "<pre><code>甲\n乙<span class=\"copy-code-btn\">复制代码</span></code><div class=\"hljs-button\"></div></pre>",
                "<pre><code>甲\n乙\n</code></pre>",
            ),
            // Empty lines, however they are written.
            (
                "<pre><div class=\"line\">一</div><div class=\"line\"></div><div>二</div></pre>",
                "<pre><code>一\n\n二\n</code></pre>",
            ),
            (
                "<pre><code>一</code>\n<code> </code>\n<code><span><br></span></code>\n<code>二</code>\n</pre>",
                "<pre><code>一\n \n\n二\n</code></pre>",
            ),
            // What is none, or whole.
            (
                "<pre>先 <code>make</code> 后 <code>make install</code>\n<code>b</code></pre>",
                "<pre>先 <code>make</code> 后 <code>make install</code>\n<code>b</code></pre>",
            ),
            (
                "<pre><code>make</code> <code>all</code></pre>",
                "<pre><code>make</code> <code>all</code></pre>",
            ),
            (
                "<pre><span>1</span> a\n<span>3</span> b</pre>",
                "<pre><span>1</span> a\n<span>3</span> b</pre>",
            ),
            (
                "<table class=blob-code><tr><td>1</td><td><img src=a></td></tr></table>",
                "<table class=blob-code><tr><td>1</td><td><img src=a></td></tr></table>",
            ),
            ("<pre>诗\n一首</pre>", "<pre>诗\n一首</pre>"),
            ("<pre lang=\"zh-Hant\">詩</pre>", "<pre lang=\"zh-Hant\">詩</pre>"),
            ("<pre><code>a</code></pre>", "<pre><code>a</code></pre>"),
            ("<pre><img src=a><br>b</pre>", "<pre><img src=a><br>b</pre>"),
            ("<pre><a href=/x>a</a><br>b</pre>", "<pre><a href=/x>a</a><br>b</pre>"),
            (
                "<pre><code class=\"seal-language-js\">a<br></code></pre>",
                "<pre><code class=\"language-js\">a<br></code></pre>",
            ),
            ("<pre>没有结尾<br>", "<pre>没有结尾<br>"),
            (
                "<table><tr><td><pre>1</pre></td><td>字</td></tr></table>",
                "<table><tr><td><pre>1</pre></td><td>字</td></tr></table>",
            ),
        ] {
            assert_eq!(listed(html), wanted, "{html}");
        }
    }
}
