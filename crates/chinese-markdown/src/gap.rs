//! Gaps: what HTML lacks until the site around an article is known.
//!
//! Where a link leads and how large a picture is, the site says; all else follows from the article.
//! So an article is written once, with gaps, and filled whenever the site's answers are there or
//! are others: filling copies it, which takes a hundredth of writing it.

use std::cell::RefCell;
use std::fmt::Write as _;

use memchr::memmem;

use crate::html::{Asked, ImageAddress, image_address, push_attribute};

/// What is left open.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Gap {
    /// Where a link leads, or a picture lies: by the address that the article has.
    Address(String),
    /// The attribute with a picture's width.
    Width(String, Asked),
    /// The attribute with its height.
    Height(String, Asked),
}

/// HTML with gaps.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GappedHtml {
    /// The HTML without what is to be filled in.
    pub html: String,
    /// In order, each with its place in the HTML.
    pub gaps: Vec<(usize, Gap)>,
}

/// What the site says of an article's addresses.
pub trait Answers {
    /// Returns the address to publish for one written in the article; `None` keeps it.
    fn address(&self, reference: &str) -> Option<String>;
    /// Returns width and height in pixels of the picture at an address, where they are known.
    fn image_size(&self, reference: &str) -> Option<(usize, usize)>;
}

impl GappedHtml {
    /// Returns HTML that lacks nothing.
    pub fn whole(html: String) -> GappedHtml {
        GappedHtml { html, gaps: Vec::new() }
    }

    /// Returns the HTML with the site's answers.
    ///
    /// ```
    /// use chinese_markdown::gap::{Answers, Gaps};
    /// use chinese_markdown::html_writer::{Labels, Writing, write};
    /// use chinese_markdown::reference::OwnHost;
    /// use chinese_markdown::{Document, Syntax};
    /// struct Site(&'static str);
    /// impl Answers for Site {
    ///     fn address(&self, reference: &str) -> Option<String> {
    ///         (reference == "桥.md").then(|| self.0.to_owned())
    ///     }
    ///     fn image_size(&self, _: &str) -> Option<(usize, usize)> {
    ///         Some((400, 300))
    ///     }
    /// }
    /// let (document, _) = Document::prepare("[桥](桥.md)![](a.png)", &Syntax::DEFAULT);
    /// let (labels, own_host, gaps) = (Labels::chinese(), OwnHost::default(), Gaps::new("5eal"));
    /// let writing = Writing { gaps: Some(&gaps), ..Writing::new(&labels, &own_host) };
    /// let html = write(&document.parse(), &writing).html;
    /// let written = gaps.cut_out(html);
    /// assert_eq!(
    ///     written.clone().filled(&Site("/桥/")),
    ///     "<p><a href=\"/桥/\">桥</a>\
    ///      <img src=\"a.png\" alt=\"\" width=\"400\" height=\"300\" loading=\"lazy\"></p>\n"
    /// );
    /// assert!(written.filled(&Site("/路/")).contains("href=\"/路/\""));
    /// ```
    pub fn filled(self, answers: &dyn Answers) -> String {
        if self.gaps.is_empty() {
            return self.html;
        }
        let mut out = String::with_capacity(self.html.len() + self.gaps.len() * 32);
        let mut copied = 0;
        for (at, gap) in &self.gaps {
            out.push_str(&self.html[copied..*at]);
            copied = *at;
            let mut side = |name: &str, side: String| {
                // No sanitiser comes after this.
                if !side.is_empty() && side.bytes().all(|byte| byte.is_ascii_digit()) {
                    out.extend([" ", name, "=\"", &side, "\""]);
                }
            };
            match gap {
                Gap::Address(reference) => {
                    let answer = answers.address(reference);
                    push_attribute(&mut out, answer.as_deref().unwrap_or(reference));
                }
                Gap::Width(reference, asked) => {
                    side("width", asked.sides(|| answers.image_size(reference)).0);
                }
                Gap::Height(reference, asked) => {
                    side("height", asked.sides(|| answers.image_size(reference)).1);
                }
            }
        }
        out.push_str(&self.html[copied..]);
        out
    }
}

/// Whether names of characters may be left in an address, which the parser of HTML reads: `&eacute;`,
/// and `&lt` at the end. Of a query, `=` tells: `?a=1&b=2`.
fn may_hold_names(reference: &str) -> bool {
    reference.split('&').skip(1).any(|rest| {
        let after = rest.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '#');
        after.len() < rest.len() && !after.starts_with('=')
    })
}

/// The gaps of an article that is being written.
pub struct Gaps {
    mark: String,
    gaps: RefCell<Vec<Gap>>,
}

impl Gaps {
    /// Returns the gaps of an article in which `seal` does not occur, of letters and digits: a hash
    /// of the article, which to hold it would have to be a fixed point.
    pub fn new(seal: &str) -> Gaps {
        Gaps { mark: format!("/{seal}."), gaps: RefCell::default() }
    }

    fn leave(&self, gap: Gap) -> String {
        let mut gaps = self.gaps.borrow_mut();
        let mut left = self.mark.clone();
        let _ = write!(left, "{}.", gaps.len());
        gaps.push(gap);
        left
    }

    /// Returns what stands for an address; none where it is kept as it is: it is another site's,
    /// leads to a place in the article, or is a gap already.
    pub(crate) fn address(&self, reference: &str) -> Option<String> {
        let is_left = self.is_left(reference) && !may_hold_names(reference);
        is_left.then(|| self.leave(Gap::Address(reference.to_owned())))
    }

    /// Returns what stands for width and height, with the seal that lets it through the sanitiser.
    pub(crate) fn sides(&self, reference: &str, asked: &Asked, seal: &str) -> (String, String) {
        if !asked.asks_the_file() || !self.is_left(reference) {
            return asked.sides(|| None);
        }
        let (width, height) = (
            self.leave(Gap::Width(reference.to_owned(), asked.clone())),
            self.leave(Gap::Height(reference.to_owned(), asked.clone())),
        );
        (format!("{seal}{width}"), format!("{seal}{height}"))
    }

    fn is_left(&self, reference: &str) -> bool {
        image_address(reference) == ImageAddress::Local
            && !reference.starts_with(['#', '?'])
            && !reference.starts_with(&self.mark)
    }

    /// Takes the marks out of finished HTML.
    pub fn cut_out(self, html: String) -> GappedHtml {
        let gaps = self.gaps.into_inner();
        if gaps.is_empty() {
            return GappedHtml::whole(html);
        }
        let mut cut = GappedHtml { html: String::with_capacity(html.len()), gaps: Vec::new() };
        let mut copied = 0;
        for at in memmem::find_iter(html.as_bytes(), &self.mark) {
            let number = at + self.mark.len();
            let Some(end) = html[number..].find('.').map(|end| number + end) else { continue };
            let Some(gap) = html[number..end].parse().ok().and_then(|at: usize| gaps.get(at))
            else {
                continue;
            };
            // Of a side the whole attribute, which may not be there in the end.
            let (before, after) = match gap {
                Gap::Address(_) => ("", ""),
                Gap::Width(..) => (" width=\"", "\""),
                Gap::Height(..) => (" height=\"", "\""),
            };
            let Some((before, after)) =
                html[copied..at].strip_suffix(before).zip(html[end + 1..].strip_prefix(after))
            else {
                continue;
            };
            cut.html.push_str(before);
            cut.gaps.push((cut.html.len(), gap.clone()));
            copied = html.len() - after.len();
        }
        cut.html.push_str(&html[copied..]);
        cut
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::html_writer::{Labels, Writing, write, write_html};
    use crate::reference::OwnHost;
    use crate::{Document, Syntax};

    struct Known(Option<(usize, usize)>);

    impl Answers for Known {
        fn address(&self, _: &str) -> Option<String> {
            None
        }

        fn image_size(&self, _: &str) -> Option<(usize, usize)> {
            self.0
        }
    }

    /// HTML as its tags, whose attributes have no order: the sanitiser changes it where it takes one
    /// off.
    fn read(html: &str) -> Vec<(String, Vec<(String, String)>)> {
        let attributes = |tag: &crate::html::Tag<'_>| {
            let mut all: Vec<(String, String)> = crate::html::attributes(tag.attributes)
                .map(|(name, value)| (name.into_owned(), value.into_owned()))
                .collect();
            all.sort();
            all
        };
        crate::html::tags(html).map(|tag| (tag.name.to_owned(), attributes(&tag))).collect()
    }

    /// An article written with gaps and filled, and written at once.
    fn both_ways(source: &str, is_html: bool, size: Option<(usize, usize)>) -> (String, String) {
        let (labels, own_host) = (Labels::chinese(), OwnHost::default());
        let gaps = Gaps::new("5ea1");
        // What names a place in a page is no picture, and nothing is known of another host's.
        let is_file = |reference: &str| {
            image_address(reference) == ImageAddress::Local && !reference.starts_with(['#', '?'])
        };
        let known = |reference: &str| size.filter(|_| is_file(reference));
        let at_once = Writing { image_size: &known, ..Writing::new(&labels, &own_host) };
        let later = Writing { gaps: Some(&gaps), ..Writing::new(&labels, &own_host) };
        let written = |writing: &Writing<'_>| {
            if is_html {
                return write_html(source, writing).html;
            }
            let (document, _) = Document::prepare(source, &Syntax::DEFAULT);
            write(&document.parse(), writing).html
        };
        let (at_once, later) = (written(&at_once), written(&later));
        (gaps.cut_out(later).filled(&Known(size)), at_once)
    }

    #[test]
    fn what_an_author_says_of_sides_stays_what_it_is() {
        for side in
            ["1\" onerror=\"alert(1)", "\"><script>alert(1)</script>", "/a.0.", "auto", "50%", "7"]
        {
            let value = side.replace('"', "&quot;");
            for (name, other) in [("width", "height"), ("height", "width")] {
                for rest in [String::new(), format!(" {other}=\"8\""), format!(" {other}=\"\"")] {
                    let source = format!("甲<img src=\"x.png\" {name}=\"{value}\"{rest}>");
                    for (is_html, size) in
                        [(false, None), (true, None), (false, Some((4, 2))), (true, Some((4, 2)))]
                    {
                        let (later, at_once) = both_ways(&source, is_html, size);
                        assert_eq!(read(&later), read(&at_once), "{source}");
                    }
                }
            }
        }
    }

    #[test]
    fn names_of_characters_are_read() {
        for address in ["caf&eacute;.png", "a&lt", "b?x=1&y=2", "b?x=1&amp;y=2", "c&#x4E00;.md"] {
            let source = format!("甲<img src=\"{address}\"><a href=\"{address}\">乙</a>");
            for is_html in [true, false] {
                let (later, at_once) = both_ways(&source, is_html, None);
                assert_eq!(read(&later), read(&at_once), "{source}");
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]
        #[test]
        fn filling_later_is_writing_at_once(
            width in "(?s)[0-9a-z%px\"'<>&/. =]{0,12}",
            height in "(?s)[0-9a-z%px\"'<>&/. =]{0,12}",
            address in "[a-z./#?&\"<:]{1,12}",
            is_html in any::<bool>(),
            is_known in any::<bool>(),
        ) {
            let source = format!(
                "甲 ![图]({address}) <img src='{address}' width='{width}' height=\"{height}\"> <a href=\"{address}\">乙</a>"
            );
            let (later, at_once) = both_ways(&source, is_html, is_known.then_some((40, 30)));
            prop_assert_eq!(read(&later), read(&at_once));
        }
    }
}
