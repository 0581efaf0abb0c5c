//! Raw HTML in posts: what is in it, what is safe, and how its images are served.
//!
//! Safety is ammonia's ([`sanitize`]): an allow-list over a parsed document, applied last. Before
//! it, lol_html rewrites images, links and embeds as a stream ([`rewrite`]). [`tags`] is a light
//! scan for diagnostics and look-alikes; nothing relies on it for safety. Policy: posts are
//! scraped, so nothing in them is trusted; only `security.html` in site.yaml relaxes this.

mod anchor;
mod attributes;
mod clean;
mod drawn;
mod embed;
mod heading;
mod hidden;
mod inspection;
mod lazy;
mod listing;
mod picture;
mod player;
mod reference;
mod scroll;
mod size;
mod usable;

use std::borrow::Cow;
use std::ops::Range;

use crate::reference::{OwnHost, has_scheme};

pub use anchor::{anchor_paragraphs, is_paragraph_id};
pub use attributes::attributes;
pub use clean::{Rewriting, raw_id, rewrite, sanitize, text_of};
pub use drawn::{background_of, unseen_backgrounds};
pub use embed::Kind;
pub use heading::repeats_title;
pub use hidden::{hidden, may_hide, without_hidden};
pub use inspection::{Defect, Inspection, close_swallowing, closed_at_once, swallows};
pub use listing::Markup;
pub use reference::{Reference, holds_address, references};
pub use scroll::with_scrolling_tables;
pub use size::Asked;
pub use usable::{Unusable, unusable_image, unusable_link};

/// Deepest nesting of raw HTML that is parsed, more than Markdown's own; parsers are quadratic in
/// it.
pub const MAX_DEPTH: usize = 250;

/// One tag found in raw HTML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag<'a> {
    pub name: &'a str,
    pub closing: bool,
    /// Everything between the name and `>`.
    pub attributes: &'a str,
    pub range: Range<usize>,
}

/// The tags of a piece of HTML, comments left out.
pub fn tags(html: &str) -> impl Iterator<Item = Tag<'_>> {
    let bytes = html.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let start = at + memchr::memchr(b'<', bytes.get(at..)?)?;
            if html[start..].starts_with("<!--") {
                at = html[start..].find("-->").map_or(bytes.len(), |end| start + end + 3);
                continue;
            }
            let closing = bytes.get(start + 1) == Some(&b'/');
            let name_start = start + 1 + usize::from(closing);
            if !bytes.get(name_start).is_some_and(u8::is_ascii_alphabetic) {
                at = start + 1;
                continue;
            }
            let is_name =
                |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(**byte, b'-' | b':' | b'_');
            let name_end = name_start + bytes[name_start..].iter().take_while(is_name).count();
            let end = tag_end(bytes, name_end);
            at = end;
            let inner_end =
                if bytes.get(end.saturating_sub(1)) == Some(&b'>') { end - 1 } else { end };
            return Some(Tag {
                name: &html[name_start..name_end],
                closing,
                attributes: &html[name_end..inner_end.max(name_end)],
                range: start..end,
            });
        }
    })
}

/// Where the addresses of a `srcset` stand: each ends at a blank, and what describes it at a comma
/// (HTML standard, 4.8.4.2.2).
pub fn srcset_addresses(srcset: &str) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let begun = srcset[at..].trim_start_matches(|c: char| c.is_ascii_whitespace() || c == ',');
        if begun.is_empty() {
            return None;
        }
        let start = srcset.len() - begun.len();
        let end = start + begun.find(|c: char| c.is_ascii_whitespace()).unwrap_or(begun.len());
        let address = start..start + srcset[start..end].trim_end_matches(',').len();
        at = if address.end < end {
            end
        } else {
            srcset[end..].find(',').map_or(srcset.len(), |comma| end + comma + 1)
        };
        Some(address)
    })
}

/// The end of a tag: after its `>`, quotes respected. A `<` outside quotes also ends it: tags do
/// not nest.
fn tag_end(bytes: &[u8], from: usize) -> usize {
    let mut at = from;
    while let Some(found) =
        bytes[at..].iter().position(|byte| matches!(byte, b'>' | b'<' | b'"' | b'\''))
    {
        at += found + 1;
        match bytes[at - 1] {
            b'>' => return at,
            b'<' => return at - 1,
            // A scraped `style` holds two hundred bytes.
            quote => match memchr::memchr(quote, &bytes[at..]) {
                Some(closing) => at += closing + 1,
                None => break,
            },
        }
    }
    bytes.len()
}

/// Elements of HTML (living standard, obsolete ones too), SVG and MathML roots, and SVG's door back
/// to HTML. `<int>` is none of them: it is text that looks like a tag.
#[rustfmt::skip]
const ELEMENTS: &[&str] = &[
    "a", "abbr", "acronym", "address", "applet", "area", "article", "aside", "audio", "b", "base", "basefont", "bdi", "bdo", "big",
    "blink", "blockquote", "body", "br", "button", "canvas", "caption", "center", "cite", "code", "col", "colgroup", "command",
    "content", "data", "datalist", "dd", "del", "details", "dfn", "dialog", "dir", "div", "dl", "dt", "em", "embed", "fieldset",
    "figcaption", "figure", "font", "footer", "foreignobject", "form", "frame", "frameset", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header",
    "hgroup", "hr", "html", "i", "iframe", "image", "img", "input", "ins", "isindex", "kbd", "keygen", "label", "legend", "li",
    "link", "listing", "main", "map", "mark", "marquee", "math", "menu", "menuitem", "meta", "meter", "nav", "nobr", "noembed",
    "noframes", "noscript", "object", "ol", "optgroup", "option", "output", "p", "param", "picture", "portal", "pre",
    "progress", "q", "rb", "rp", "rt", "rtc", "ruby", "s", "samp", "script", "search", "section", "select", "shadow", "slot",
    "small", "source", "spacer", "span", "strike", "strong", "style", "sub", "summary", "sup", "svg", "table", "tbody", "td",
    "template", "textarea", "tfoot", "th", "thead", "time", "title", "tr", "track", "tt", "u", "ul", "var", "video", "wbr", "xmp",
];

/// Where the elements of each letter begin: most letters have a few.
const BY_LETTER: [usize; 27] = {
    let mut begins = [0; 27];
    let (mut letter, mut at) = (b'a', 0);
    while letter <= b'z' {
        while at < ELEMENTS.len() && ELEMENTS[at].as_bytes()[0] == letter {
            at += 1;
        }
        letter += 1;
        begins[(letter - b'a') as usize] = at;
    }
    begins
};

impl Tag<'_> {
    /// Whether the tag is HTML's, has a namespace (Word's `<o:p>`), or is a custom element of a
    /// page builder: those have a dash and attributes (`<mp-common-profile data-id=…>`) or end.
    /// `<commit-hash>` is a placeholder in prose. Neither is what has hundreds of attributes: a
    /// thing to wear parsers out, which compare each with all before it.
    pub fn is_element(&self) -> bool {
        let has_name = self.known_name().is_some()
            || self.name.contains(':')
            || embed::is_wechat(self.name)
            || (self.name.contains('-')
                && (self.closing
                    || self.attributes.contains('=')
                    || self.name.to_ascii_lowercase().starts_with("mp-")));
        has_name && !self.is_overloaded()
    }

    /// Whether it has more attributes than any real tag.
    pub fn is_overloaded(&self) -> bool {
        /// WeChat's editor gives an image thirty.
        const ATTRIBUTES: usize = 200;
        let bytes = self.attributes.as_bytes();
        if bytes.len() < 2 * ATTRIBUTES {
            return false;
        }
        let (mut count, mut at, mut in_word) = (0, 0, false);
        while let Some(byte) = bytes.get(at) {
            let is_quote = matches!(byte, b'"' | b'\'');
            let begins = !in_word
                && !is_quote
                && !byte.is_ascii_whitespace()
                && !matches!(byte, b'/' | b'=');
            count += usize::from(begins);
            in_word = !is_quote && !byte.is_ascii_whitespace() && *byte != b'/';
            at += 1;
            if is_quote {
                at += memchr::memchr(*byte, &bytes[at..]).map_or(bytes.len(), |end| end + 1);
            }
        }
        count > ATTRIBUTES
    }

    /// The name in lower case, where it is HTML's.
    pub fn known_name(&self) -> Option<&'static str> {
        let letter = usize::from(
            self.name
                .bytes()
                .next()?
                .to_ascii_lowercase()
                .checked_sub(b'a')
                .filter(|letter| *letter < 26)?,
        );
        let alike = &ELEMENTS[BY_LETTER[letter]..BY_LETTER[letter + 1]];
        alike.iter().copied().find(|name| name.eq_ignore_ascii_case(self.name))
    }

    /// The name in lower case.
    pub fn lower_name(&self) -> Cow<'static, str> {
        self.known_name().map_or_else(|| Cow::Owned(self.name.to_ascii_lowercase()), Cow::Borrowed)
    }
}

/// Makes text of what only looks like HTML: placeholders (`List<int>`), tags without end
/// (`<p style="a>`), comments without end. What such a thing holds is looked at again, since it
/// lies bare then.
pub fn escape_look_alikes(html: &str) -> Cow<'_, str> {
    /// Tags without end that are looked into; each costs a look at the rest.
    const LOOKS: usize = 64;
    let mut out = String::new();
    let (mut copied, mut at, mut looks) = (0, 0, 0);
    while let Some(found) = memchr::memchr(b'<', &html.as_bytes()[at..]) {
        let start = at + found;
        let rest = &html[start..];
        if rest.starts_with("<!--") {
            if let Some(end) = rest.find("-->") {
                at = start + end + 3;
                continue;
            }
        } else {
            match tags(rest).next().filter(|tag| tag.range.start == 0) {
                // No tag: `1 < 2`, `<?php`; parsers read these as text or as comments that end at
                // `>`.
                None if !rest.starts_with("<!")
                    && !rest.starts_with("<?")
                    && !rest.starts_with("</") =>
                {
                    at = start + 1;
                    continue;
                }
                None => {}
                Some(tag) if tag.is_element() && rest[..tag.range.end].ends_with('>') => {
                    at = start + tag.range.end;
                    continue;
                }
                Some(_) => {}
            }
        }
        looks += 1;
        out.push_str(&html[copied..start]);
        if looks > LOOKS {
            out.push_str(&escape_text(rest));
            return Cow::Owned(out);
        }
        out.push_str("&lt;");
        (copied, at) = (start + 1, start + 1);
    }
    if copied == 0 && out.is_empty() {
        Cow::Borrowed(html)
    } else {
        Cow::Owned(out + &html[copied..])
    }
}

/// A piece of HTML without its comments.
pub fn without_comments(html: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let mut rest = html;
    while let Some(start) = rest.find("<!--") {
        let Some(end) = rest[start..].find("-->") else { break };
        out.push_str(&rest[..start]);
        rest = &rest[start + end + 3..];
    }
    if rest.len() == html.len() { Cow::Borrowed(html) } else { Cow::Owned(out + rest) }
}

/// Whether a link may keep its address. Control characters, blanks and case do not hide a scheme
/// (browsers drop them).
pub fn is_safe_link(reference: &str) -> bool {
    match scheme(reference).as_deref() {
        None
        | Some("http" | "https" | "mailto" | "tel" | "ftp" | "magnet" | "geo" | "sms" | "xmpp") => {
            true
        }
        Some(_) => false,
    }
}

/// What to do with an image's address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImageAddress {
    Local,
    Remote,
    /// A small raster image in the address itself.
    Inline,
    Unsafe,
}

/// Largest `data:` image kept, in bytes of its address.
const INLINE_IMAGE_BYTES: usize = 64 * 1024;

pub fn image_address(reference: &str) -> ImageAddress {
    match scheme(reference).as_deref() {
        None if reference.trim_start().starts_with("//") => ImageAddress::Remote,
        None => ImageAddress::Local,
        Some("http" | "https") => ImageAddress::Remote,
        Some("data") => {
            let kind = reference.trim_start().get(5..).unwrap_or("").to_ascii_lowercase();
            let raster = ["image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"]
                .iter()
                .any(|prefix| kind.starts_with(prefix));
            if raster && reference.len() <= INLINE_IMAGE_BYTES {
                ImageAddress::Inline
            } else {
                ImageAddress::Unsafe
            }
        }
        Some(_) => ImageAddress::Unsafe,
    }
}

fn scheme(reference: &str) -> Option<String> {
    // Nearly all addresses of a post.
    if reference.starts_with("https://") {
        return Some("https".to_owned());
    }
    let clean: String = reference
        .chars()
        .filter(|c| !c.is_control() && !c.is_whitespace() && !chinese_text::is_invisible(*c))
        .take(40)
        .collect();
    has_scheme(&clean).then(|| clean.split(':').next().unwrap_or("").to_ascii_lowercase())
}

/// Whether a link leads to another host than that of the site.
pub fn is_external(href: &str, own_host: &OwnHost) -> bool {
    names_host(href) && own_host.below(href).is_none()
}

/// Whether an address names its host.
pub fn names_host(href: &str) -> bool {
    // Browsers drop blanks before and line breaks within, and take `\\` for `/`.
    let mut begin = href.chars().filter(|c| !c.is_control()).skip_while(|c| c.is_whitespace());
    let begins_with_slashes = (0..2).all(|_| begin.next().is_some_and(|c| matches!(c, '/' | '\\')));
    begins_with_slashes
        || scheme(href).is_some_and(|scheme| matches!(scheme.as_str(), "http" | "https" | "ftp"))
}

/// `rel` of links to other hosts: the keeper vouches for none of them.
pub const EXTERNAL_REL: &str = "nofollow noopener noreferrer";

/// The text between tags, by the light scan: for HTML that no parser should be given.
pub fn visible_text(html: &str) -> String {
    let mut out = String::new();
    let mut at = 0;
    for tag in tags(html) {
        out.push_str(&html[at.min(tag.range.start)..tag.range.start]);
        at = tag.range.end;
    }
    out.push_str(&html[at.min(html.len())..]);
    unescape(&out).into_owned()
}

/// HTML with an empty line before each tag of a block, so that its text, when the tags go, falls
/// into paragraphs.
pub fn with_breaks(html: &str) -> String {
    const INLINE: [&str; 25] = [
        "a", "abbr", "b", "big", "cite", "code", "del", "em", "font", "i", "img", "ins", "kbd",
        "mark", "q", "rt", "ruby", "s", "small", "span", "strong", "sub", "sup", "u", "wbr",
    ];
    let mut out = String::with_capacity(html.len());
    let mut at = 0;
    for tag in tags(html).filter(|tag| tag.known_name().is_some_and(|name| !INLINE.contains(&name)))
    {
        out.push_str(&html[at..tag.range.start]);
        if !out.ends_with("\n\n") {
            out.push_str(if tag.known_name() == Some("br") { "\n" } else { "\n\n" });
        }
        at = tag.range.start;
    }
    out + &html[at..]
}

/// Text whose paragraphs stand between empty lines, as HTML.
pub fn text_paragraphs(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for paragraph in text.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty()) {
        out.push_str("<p>");
        push_text(&mut out, paragraph);
        out.push_str("</p>\n");
    }
    out
}

/// Escapes text for element content.
pub fn escape_text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    push_text(&mut out, text);
    out
}

/// Adds text to element content, escaped.
pub fn push_text(out: &mut String, text: &str) {
    let mut at = 0;
    for found in memchr::memchr3_iter(b'&', b'<', b'>', text.as_bytes()) {
        out.push_str(&text[at..found]);
        out.push_str(match text.as_bytes()[found] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            _ => "&gt;",
        });
        at = found + 1;
    }
    out.push_str(&text[at..]);
}

/// Escapes text for an attribute in double quotes.
pub fn escape_attribute(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    push_attribute(&mut out, text);
    out
}

/// Adds text to an attribute in double quotes, escaped.
pub fn push_attribute(out: &mut String, text: &str) {
    let mut at = 0;
    for found in memchr::memchr_iter(b'"', text.as_bytes()) {
        push_text(out, &text[at..found]);
        out.push_str("&quot;");
        at = found + 1;
    }
    push_text(out, &text[at..]);
}

/// Resolves the character references that matter in addresses and text; others stay as they are.
pub fn unescape(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let reference = rest[1..].find(';').filter(|end| *end <= 10).map(|end| &rest[1..=end]);
        let resolved = reference.and_then(|name| match name {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            "nbsp" => Some('\u{A0}'),
            "colon" => Some(':'),
            "Tab" => Some('\t'),
            "NewLine" => Some('\n'),
            name => {
                let number = name.strip_prefix('#')?;
                let code = match number.strip_prefix(['x', 'X']) {
                    Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                    None => number.parse().ok()?,
                };
                char::from_u32(code)
            }
        });
        if let (Some(c), Some(name)) = (resolved, reference) {
            out.push(c);
            rest = &rest[name.len() + 2..];
        } else {
            out.push('&');
            rest = &rest[1..];
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::RawHtml;
    use proptest::prelude::*;

    const SEAL: &str = "seal0123-";

    fn clean(html: &str) -> String {
        let mut inspection = Inspection::default();
        inspection.look_at(html, 0);
        let rewriting = Rewriting {
            raw: RawHtml::Sanitize,
            inspection: &inspection,
            seal: SEAL,
            for_feed: false,
            title: "题",
            word: &|_| "片",
            markup: &|_, code| escape_text(code),
            own_host: &OwnHost::default(),
            resolve: &|_| None,
            image_size: &|_| None,
        };
        sanitize(&rewrite(html, &rewriting).unwrap(), SEAL, rewriting.own_host)
    }

    #[test]
    fn addresses_of_a_srcset_end_at_blanks() {
        let read = |srcset: &str| {
            srcset_addresses(srcset)
                .map(|address| srcset[address].to_owned())
                .collect::<Vec<String>>()
                .join("|")
        };
        assert_eq!(read("/w_100,h_200/a.jpg 1x, /b.jpg 2x"), "/w_100,h_200/a.jpg|/b.jpg");
        assert_eq!(read(" /a.jpg, /b.jpg 100w,/c.jpg"), "/a.jpg|/b.jpg|/c.jpg");
        assert_eq!(read("data:image/gif;base64,AA 1x"), "data:image/gif;base64,AA");
        assert_eq!(read(" , "), "");
    }

    #[test]
    fn elements_are_sorted() {
        assert!(ELEMENTS.is_sorted());
    }

    #[test]
    fn hostile_html_is_inert() {
        for html in [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "<svg onload=alert(1)>",
            "<svg><animate attributeName=href>",
            "<math><annotation-xml encoding='text/html'><img src=x onerror=alert(1)></annotation-xml></math>",
            "<base href=//evil>",
            "<a href=\"java\tscript:alert(1)\">x</a>",
            "<a href=\"&#106;avascript:alert(1)\">x</a>",
            "<a href=' javascript:alert(1)'>x</a>",
            "<meta http-equiv=refresh content=0>",
            "<form action=x><input name=a></form>",
            "<style>*{}</style>",
            "<p style='x' onclick=y>a</p>",
            "<img src='data:text/html,<script>'>",
            "<iframe srcdoc='<script>'></iframe>",
            "<a href='vbscript:x'>x</a>",
            "<img srcset='x 1x'>",
            "<div id=x class=y>",
            "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\"></noscript>",
            "<a href='data:text/html,x'>x</a>",
        ] {
            let out = clean(html).to_lowercase();
            for forbidden in [
                "<script",
                "onerror",
                "onload",
                "onclick",
                "javascript:",
                "vbscript:",
                "<svg",
                "<math",
                "<base",
                "<meta",
                "<form",
                "<style",
                "style=",
                "<iframe",
                "srcset",
                "data:text",
                "id=\"x\"",
                "class=\"y\"",
                "name=",
            ] {
                assert!(!out.contains(forbidden), "{html} gave {out}");
            }
        }
    }

    #[test]
    fn images_are_served_politely() {
        assert_eq!(
            clean(
                "<img data-src=\"https://mmbiz.qpic.cn/x?a=1&amp;b=2\" src=\"data:image/svg+xml,x\">"
            ),
            "<img src=\"https://mmbiz.qpic.cn/x?a=1&amp;b=2\" referrerpolicy=\"no-referrer\" loading=\"lazy\" alt=\"\">"
        );
        assert_eq!(clean("<img src=\"https://t.example/p.gif\" width=\"1\" height=\"1\">前"), "前");
        assert_eq!(
            clean(
                "<img data-src=\"https://mmbiz.qpic.cn/y\" data-w=\"1080\" data-ratio=\"0.6666667\">"
            ),
            "<img src=\"https://mmbiz.qpic.cn/y\" width=\"1080\" height=\"720\" referrerpolicy=\"no-referrer\" loading=\"lazy\" alt=\"\">"
        );
        assert_eq!(clean("<img src=\"a.png\">"), "<img src=\"a.png\" loading=\"lazy\" alt=\"\">");
    }

    #[test]
    fn own_attributes_are_kept_and_others_are_not() {
        assert_eq!(
            clean("<h2 id=\"seal0123-标题\">a</h2><h2 id=\"标题\">b</h2>"),
            "<h2 id=\"标题\">a</h2><h2 id=\"u-标题\">b</h2>"
        );
        assert_eq!(
            clean("<a href=\"#n\">1</a><span id=n>2</span>"),
            "<a href=\"#u-n\">1</a><span id=\"u-n\">2</span>"
        );
        assert!(
            clean("<iframe src=\"//player.example/v?x\"></iframe>")
                .contains("<a href=\"https://player.example/v?x\"")
        );
    }

    #[test]
    fn look_alikes_are_text() {
        assert_eq!(
            escape_look_alikes("List<int> <b>x</b> <mp-x> <commit-hash>"),
            "List&lt;int> <b>x</b> <mp-x> &lt;commit-hash>"
        );
    }

    #[test]
    fn findings_have_places() {
        let mut inspection = Inspection::default();
        inspection.look_at("<div class=a>", 10);
        inspection.look_at("<p onclick=\"x\">a</article>", 40);
        inspection.finish();
        let found: Vec<(usize, String)> =
            inspection.findings.iter().map(|(at, finding)| (*at, format!("{finding:?}"))).collect();
        assert_eq!(
            found,
            [
                (10, "Unbalanced(\"div\")".into()),
                (40, "Handler(\"onclick\")".into()),
                (56, "Unbalanced(\"/article\")".into())
            ]
        );
    }

    #[test]
    fn items_that_hold_one_another_nest() {
        let depth = |html: &str| {
            let mut inspection = Inspection::default();
            inspection.look_at(html, 0);
            inspection.depth
        };
        // The parser of the sanitiser keeps each `<li>` open in the `<dt>` before it, and looks
        // through all of them at the next.
        assert!(depth(&"<li>甲<dt>乙".repeat(200)) > MAX_DEPTH);
        for html in [
            "<li>甲",
            "<dt>甲<dd>乙",
            "<ul><li>甲<dl><dt>乙</dl></ul>",
            "<ul><li>甲</li><li>乙</li></ul>",
            "<dl><div><dt>甲</dt></div></dl>",
        ] {
            assert!(depth(&html.repeat(500)) < 8, "{html}");
        }
    }

    proptest! {
        #[test]
        fn nothing_that_runs_gets_through(html in "(</?(a|img|image|div|svg|p|script|table|td|style|math|b|object|form|select|option|textarea|xmp|video|source|noscript|area|input|mpvoice|template|title) ?(href|src|alt|value|name|title|on[a-z]{3}|style|id|class)?=?[\"']?(javascript:|data:|x|#y)?[\"']?>?|[<>\"'&甲a ]){0,25}") {
            for once in [sanitize(&html, SEAL, &OwnHost::default()), clean(&html)] {
                prop_assert!(!once.contains("<script"), "{once}");
                for tag in tags(&once) {
                    for (name, value) in attributes(tag.attributes) {
                        let is_address = matches!(&*name, "href" | "src");
                        prop_assert!(!is_address || is_safe_link(&value) || value.starts_with("data:image/"), "{once}");
                        prop_assert!(!name.starts_with("on"), "{once}");
                    }
                    let forbidden = ["script", "style", "iframe", "object", "form", "textarea", "xmp", "noscript", "template", "svg", "math"];
                    prop_assert!(!forbidden.contains(&&*tag.lower_name()), "{once}");
                }
            }
        }
    }
}
