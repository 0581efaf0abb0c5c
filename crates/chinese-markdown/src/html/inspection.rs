//! Looking the raw HTML of an article over, for what is to be said of it.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::attributes::attributes;
use super::drawn::{background_of, shows, shows_background};
use super::element::{ElementSet, KnownElement};
use super::open_counts::{ElementName, OpenCounts};
use super::player::{is_own, played, player_called};
use super::tag::{Tag, tags};
use super::usable::{Unusable, is_tracker, picture_of, unusable_image, unusable_link};
use super::wechat;
use crate::reference::OwnHost;

/// Deepest nesting of raw HTML that is parsed, more than Markdown's own; parsers are quadratic in
/// it.
pub(crate) const MAX_DEPTH: usize = 250;

/// Elements that are removed with all they hold.
const REMOVED: ElementSet = ElementSet::of(&[
    "applet", "base", "button", "embed", "form", "frame", "frameset", "iframe", "link", "math",
    "meta", "noembed", "noframes", "noscript", "object", "script", "select", "style", "svg",
    "template", "textarea", "title", "xmp",
]);

/// Elements that keep their text and lose their meaning without a word would be a loss; these are
/// reported.
const MEANING: ElementSet = ElementSet::of(&["canvas", "meter", "progress"]);

/// Elements in whose place a link is shown.
const FRAMES: ElementSet = ElementSet::of(&["embed", "iframe", "object"]);

/// Void elements have no end tag.
const VOID: ElementSet = ElementSet::of(&[
    "area", "base", "br", "col", "embed", "hr", "image", "img", "input", "link", "meta", "param",
    "source", "track", "wbr",
]);

/// End tags that HTML lets authors leave out.
const OPTIONAL_END: ElementSet = ElementSet::of(&[
    "body", "colgroup", "dd", "dt", "head", "html", "li", "option", "p", "rp", "rt", "tbody", "td",
    "tr",
]);

/// Items of lists.
const ITEMS: ElementSet = ElementSet::of(&["dd", "dt", "li"]);

/// Readings of ruby, and what stands around them.
const RUBY_TEXTS: ElementSet = ElementSet::of(&["rp", "rt"]);

/// What most of a text is made of, of which nothing is to be said but whether it ends.
const ORDINARY: ElementSet = ElementSet::of(&[
    "b",
    "blockquote",
    "br",
    "code",
    "dd",
    "div",
    "dl",
    "dt",
    "em",
    "font",
    "hr",
    "i",
    "li",
    "ol",
    "p",
    "section",
    "span",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "tr",
    "u",
    "ul",
]);

/// What a piece of raw HTML holds that the reader will not get.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Defect {
    /// An element that is taken out.
    Removed(String),
    /// A player or a frame, in whose place its name or a link is shown.
    Replaced(String),
    /// An event handler such as `onclick`.
    Handler(String),
    /// An element without end, or an end without element.
    Unbalanced(String),
    /// A tag with too many attributes, which is shown as text.
    Overloaded(String),
    /// A picture that is not shown, and its address.
    Picture(Unusable, String),
    /// A link whose text alone is shown, and its address.
    Link(Unusable, String),
}

/// Looks the pieces of an article's raw HTML over, in order.
#[derive(Debug, Default)]
pub(crate) struct Inspection {
    open: Vec<(ElementName, usize)>,
    /// Items of lists that are open, each whether it is an `li`: one ends where another of its kind
    /// begins, and holds one of the other.
    items: Vec<bool>,
    /// For each element in `open`, how many items were open before it.
    items_before: Vec<usize>,
    open_counts: OpenCounts,
    /// The deepest nesting seen.
    pub(crate) depth: usize,
    pub(crate) findings: Vec<(usize, Defect)>,
    /// The ids that raw HTML gives; links to them are rewritten like the ids themselves.
    pub(crate) ids: BTreeSet<String>,
    /// The elements that there are.
    elements: ElementSet,
    /// The first element with a picture behind it.
    pub(crate) background: Option<usize>,
    picture: Option<OpenPicture>,
    drawing: Option<Drawing>,
    /// Findings of what is shown in another way.
    dropped: BTreeSet<usize>,
    /// The finding of an open `<noscript>`, and whether it holds a picture.
    unscripted: Option<(usize, bool)>,
    /// An open player that names no file of the site yet.
    player: Option<(usize, &'static str)>,
    /// The site's address.
    own_host: OwnHost,
}

/// An open `<svg>`, its finding, and whether all of it that says something is shown by pictures.
#[derive(Debug)]
struct Drawing {
    finding: usize,
    is_shown: bool,
    holds_text: bool,
}

/// An open `<picture>`, whose sources show something where its `<img>` does not.
#[derive(Debug, Default)]
struct OpenPicture {
    has_source: bool,
    /// The first source, if none can be shown and no `<img>` came.
    lost: Option<(usize, Unusable, String)>,
}

impl OpenPicture {
    fn look_at_source(&mut self, at: usize, address: &str) {
        match unusable_image(address) {
            None => (self.has_source, self.lost) = (true, None),
            Some(why) if !self.has_source && self.lost.is_none() => {
                self.lost = Some((at, why, address.to_owned()));
            }
            Some(_) => {}
        }
    }
}

impl Inspection {
    /// Of a post of the site at `base`.
    pub(crate) fn of(own_host: &OwnHost) -> Inspection {
        Inspection { own_host: own_host.clone(), ..Inspection::default() }
    }

    /// Looks at one piece, which begins at `offset` of the source.
    pub(crate) fn look_at(&mut self, html: &str, offset: usize) {
        self.look_at_tags(tags(html), offset);
    }

    /// Looks at the tags of a piece that begins at `offset` of the source.
    pub(crate) fn look_at_tags<'h>(&mut self, tags: impl Iterator<Item = Tag<'h>>, offset: usize) {
        for tag in tags {
            let at = offset + tag.range.start;
            if tag.is_overloaded() {
                self.findings.push((at, Defect::Overloaded(tag.name.to_owned())));
            }
            if !tag.is_element() {
                if let Some(drawing) =
                    self.drawing.as_mut().filter(|_| tag.name.eq_ignore_ascii_case("text"))
                {
                    drawing.holds_text = true;
                }
                continue;
            }
            if !tag.closing && self.background.is_none() && background_of(&tag).is_some() {
                self.background = Some(at);
            }
            self.elements.insert(tag.element);
            let name = ElementName::of(&tag);
            self.ids.extend(attribute(tag.attributes, "id").map(str::to_owned));
            if !ORDINARY.holds(tag.element) || self.player.is_some() {
                self.look_at_special(name.as_str(), &tag, at);
            }
            self.findings.extend(
                handler(tag.attributes).map(|handler| (at, Defect::Handler(handler.to_owned()))),
            );
            if ITEMS.holds(tag.element) {
                self.look_at_item(name.as_str() == "li", tag.closing);
            }
            self.look_at_end(name, &tag, at);
        }
    }

    /// Looks at what is more than a part of the text.
    fn look_at_special(&mut self, name: &str, tag: &Tag<'_>, at: usize) {
        self.look_at_player(name, tag, at);
        if !tag.closing && (FRAMES.holds(tag.element) || wechat::is_player(name)) {
            self.findings.push((at, Defect::Replaced(name.to_owned())));
        } else if !tag.closing && (REMOVED.holds(tag.element) || MEANING.holds(tag.element)) {
            self.findings.push((at, Defect::Removed(name.to_owned())));
        }
        if name == "svg" {
            self.look_at_drawing(tag);
        }
        match (name, &mut self.unscripted) {
            ("noscript", unscripted) if !tag.closing => {
                *unscripted = Some((self.findings.len() - 1, false));
            }
            ("noscript", unscripted) => {
                // The picture in it is shown.
                if let Some((finding, true)) = unscripted.take() {
                    self.dropped.insert(finding);
                }
            }
            ("img", Some((_, holds_picture))) => *holds_picture = true,
            _ => {}
        }
        if name == "input"
            && attribute(tag.attributes, "type")
                .is_some_and(|kind| kind.eq_ignore_ascii_case("image"))
        {
            self.findings.push((at, Defect::Removed("input type=image".to_owned())));
        }
        if name == "picture" {
            let before =
                std::mem::replace(&mut self.picture, (!tag.closing).then(OpenPicture::default));
            self.findings.extend(
                before
                    .and_then(|picture| picture.lost)
                    .map(|(at, why, address)| (at, Defect::Picture(why, address))),
            );
        }
        let is_drawn = name == "image" && self.drawing.is_some();
        if let Some(drawing) = self.drawing.as_mut().filter(|_| is_drawn && !tag.closing) {
            drawing.is_shown |= shows(tag);
        }
        if !tag.closing && !is_drawn && matches!(name, "a" | "img" | "image" | "source") {
            self.look_at_address(name, tag, at);
        }
    }

    /// Whether any element of a set was seen.
    pub(super) fn saw(&self, elements: &ElementSet) -> bool {
        self.elements.meets(elements)
    }

    /// An element begins, or ends those that are open within it.
    fn look_at_end(&mut self, name: ElementName, tag: &Tag<'_>, at: usize) {
        // Outside `<ruby>` nothing ends these but their own end tags.
        let ends_by_itself = OPTIONAL_END.holds(tag.element)
            && (!RUBY_TEXTS.holds(tag.element) || self.is_open("ruby"));
        if VOID.holds(tag.element) || ends_by_itself {
            return;
        }
        let count = self.open_counts.of(&name);
        if !tag.closing {
            *count += 1;
            self.open.push((name, at));
            self.items_before.push(self.items.len());
            self.depth = self.depth.max(self.open.len() + self.items.len());
        } else if *count > 0
            && let Some(depth) = self.open.iter().rposition(|(open, _)| *open == name)
        {
            self.items.truncate(self.items_before[depth]);
            self.items_before.truncate(depth);
            for (index, (name, at)) in self.open.split_off(depth).into_iter().enumerate() {
                *self.open_counts.of(&name) -= 1;
                if index > 0 {
                    self.findings.push((at, Defect::Unbalanced(name.as_str().to_owned())));
                }
            }
        } else if !REMOVED.holds(tag.element) {
            self.findings.push((at, Defect::Unbalanced(format!("/{}", name.as_str()))));
        }
    }

    fn is_open(&mut self, name: &str) -> bool {
        KnownElement::named(name)
            .is_some_and(|element| *self.open_counts.of(&ElementName::Known(element)) > 0)
    }

    /// An item of a list begins or ends.
    fn look_at_item(&mut self, is_li: bool, closing: bool) {
        let around = self.items_before.last().copied().unwrap_or(0);
        let innermost = self.items[around..].last().copied();
        if closing {
            if let Some(at) = self.items[around..].iter().rposition(|item| *item == is_li) {
                self.items.truncate(around + at);
            }
        } else if innermost != Some(is_li) && self.items.len() <= MAX_DEPTH {
            self.items.push(is_li);
            self.depth = self.depth.max(self.open.len() + self.items.len());
        }
    }

    /// A drawing begins, whose finding is the last, or ends. What of it is shown by a picture is
    /// not lost.
    fn look_at_drawing(&mut self, tag: &Tag<'_>) {
        if let Some(drawing) =
            self.drawing.take().filter(|drawing| drawing.is_shown && !drawing.holds_text)
        {
            self.dropped.insert(drawing.finding);
        }
        if !tag.closing {
            self.drawing = Some(Drawing {
                finding: self.findings.len() - 1,
                is_shown: shows_background(tag),
                holds_text: false,
            });
        }
    }

    fn look_at_player(&mut self, name: &str, tag: &Tag<'_>, at: usize) {
        if let Some(player) = player_called(name) {
            self.end_player();
            self.player = (!tag.closing).then_some((at, player));
        }
        if self.player.is_some()
            && played(tag).is_some_and(|address| is_own(&address, &self.own_host))
        {
            self.player = None;
        }
    }

    fn end_player(&mut self) {
        self.findings
            .extend(self.player.take().map(|(at, name)| (at, Defect::Replaced(name.to_owned()))));
    }

    fn look_at_address(&mut self, name: &str, tag: &Tag<'_>, at: usize) {
        let all: Vec<(Cow<'_, str>, Cow<'_, str>)> = attributes(tag.attributes).collect();
        let attribute = |name: &str| {
            all.iter().find(|(other, _)| other == name).map(|(_, value)| value.clone())
        };
        if name == "a" {
            if let Some(anchor) = attribute("name") {
                self.ids.insert(anchor.into_owned());
            }
            // Without one it is a place, not a link.
            let href = attribute("href").unwrap_or(Cow::Borrowed("#"));
            self.findings
                .extend(unusable_link(&href).map(|why| (at, Defect::Link(why, href.into_owned()))));
            return;
        }
        let source = picture_of(all.iter().cloned());
        if name == "source" {
            if let Some(picture) = &mut self.picture {
                picture.look_at_source(at, &source);
            }
            return;
        }
        if let Some(picture) = &mut self.picture {
            picture.lost = None;
            if picture.has_source && unusable_image(&source).is_some() {
                return;
            }
        }
        let why =
            if is_tracker(attribute) { Some(Unusable::Tracker) } else { unusable_image(&source) };
        self.findings.extend(why.map(|why| (at, Defect::Picture(why, source.into_owned()))));
    }

    /// All pieces were seen.
    pub(crate) fn finish(&mut self) {
        self.end_player();
        let lost = self.picture.take().and_then(|picture| picture.lost);
        self.findings.extend(lost.map(|(at, why, address)| (at, Defect::Picture(why, address))));
        for (name, at) in std::mem::take(&mut self.open) {
            self.findings.push((at, Defect::Unbalanced(name.as_str().to_owned())));
        }
        let dropped = std::mem::take(&mut self.dropped);
        let mut index = 0..;
        self.findings.retain(|_| index.next().is_none_or(|index| !dropped.contains(&index)));
        self.findings.sort_by_key(|(at, _)| *at);
    }
}

/// The value of an attribute in the raw text of a tag.
pub(super) fn attribute<'a>(attributes: &'a str, name: &str) -> Option<&'a str> {
    if !before_values(attributes).any(|before| before.ends_with(name)) {
        return None;
    }
    let mut rest = attributes;
    while let Some(found) = rest.find(name) {
        let before = rest[..found].chars().next_back();
        let after = rest[found + name.len()..].trim_start();
        if before.is_none_or(|c| c.is_whitespace() || matches!(c, '"' | '\'' | '/'))
            && let Some(value) = after.strip_prefix('=')
        {
            let value = value.trim_start();
            return Some(match value.chars().next() {
                Some(quote @ ('"' | '\'')) => value[1..].split(quote).next().unwrap_or(""),
                _ => value.split(char::is_whitespace).next().unwrap_or(""),
            });
        }
        rest = &rest[found + name.len()..];
    }
    None
}

/// What stands before each `=`: of nearly every tag, that no attribute is called so is soon seen.
fn before_values(attributes: &str) -> impl Iterator<Item = &str> {
    memchr::memchr_iter(b'=', attributes.as_bytes()).map(|at| attributes[..at].trim_end())
}

/// The first attribute named `on…`.
pub(super) fn handler(attributes: &str) -> Option<&str> {
    let names_event = |before: &str| {
        let letters = before.bytes().rev().take_while(u8::is_ascii_alphabetic).count();
        before.as_bytes()[before.len() - letters..]
            .windows(2)
            .any(|pair| pair.eq_ignore_ascii_case(b"on"))
    };
    if !before_values(attributes).any(names_event) {
        return None;
    }
    attributes.split(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '/')).find_map(
        |word| {
            let name = word.split('=').next()?;
            (name.len() > 3
                && name.is_char_boundary(2)
                && name[..2].eq_ignore_ascii_case("on")
                && name.bytes().all(|byte| byte.is_ascii_alphabetic())
                && (word.contains('=') || attributes.contains(&format!("{name} ="))))
            .then_some(name)
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
