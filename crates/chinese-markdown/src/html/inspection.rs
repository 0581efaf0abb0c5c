//! Looking a post's raw HTML over, for the report.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::drawn::{background_of, shows, shows_background};
use super::embed::is_player;
use super::player::{is_own, played, player_called};
use super::usable::{Unusable, is_tracker, picture_of, unusable_image, unusable_link};
use super::{MAX_DEPTH, Tag, attributes, tags};
use crate::reference::OwnHost;

/// Elements that are removed with all they hold.
const REMOVED: [&str; 23] = [
    "applet", "base", "button", "embed", "form", "frame", "frameset", "iframe", "link", "math",
    "meta", "noembed", "noframes", "noscript", "object", "script", "select", "style", "svg",
    "template", "textarea", "title", "xmp",
];

/// Elements that keep their text and lose their meaning without a word would be a loss; these are
/// reported.
const MEANING: [&str; 3] = ["canvas", "meter", "progress"];

/// Elements in whose place a link is shown.
const FRAMES: [&str; 3] = ["embed", "iframe", "object"];

/// Void elements have no end tag.
const VOID: [&str; 15] = [
    "area", "base", "br", "col", "embed", "hr", "image", "img", "input", "link", "meta", "param",
    "source", "track", "wbr",
];

/// End tags that HTML lets authors leave out.
const OPTIONAL_END: [&str; 14] = [
    "body", "colgroup", "dd", "dt", "head", "html", "li", "option", "p", "rp", "rt", "tbody", "td",
    "tr",
];

/// What a piece of raw HTML holds that the reader will not get.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Defect {
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

/// Looks a post's raw HTML pieces over for the report, in order.
#[derive(Debug, Default)]
pub struct Inspection {
    open: Vec<(Cow<'static, str>, usize)>,
    /// Items of lists that are open, each whether it is an `li`: one ends where another of its kind
    /// begins, and holds one of the other.
    items: Vec<bool>,
    /// For each element in `open`, how many items were open before it.
    items_before: Vec<usize>,
    /// How many of each name are open.
    open_counts: BTreeMap<Cow<'static, str>, usize>,
    /// The deepest nesting seen.
    pub depth: usize,
    pub findings: Vec<(usize, Defect)>,
    /// The ids that raw HTML gives; links to them are rewritten like the ids themselves.
    pub ids: BTreeSet<String>,
    /// Whether there are players, and headings.
    pub has_players: bool,
    pub has_headings: bool,
    /// The first element with a picture behind it.
    pub background: Option<usize>,
    picture: Option<Picture>,
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
struct Picture {
    has_source: bool,
    /// The first source, if none can be shown and no `<img>` came.
    lost: Option<(usize, Unusable, String)>,
}

impl Picture {
    fn look_at_source(&mut self, at: usize, address: &str) {
        match unusable_image(address) {
            None => (self.has_source, self.lost) = (true, None),
            Some(why) if !self.has_source && self.lost.is_none() => {
                self.lost = Some((at, why, address.to_owned()))
            }
            Some(_) => {}
        }
    }
}

impl Inspection {
    /// Of a post of the site at `base`.
    pub fn of(own_host: &OwnHost) -> Inspection {
        Inspection { own_host: own_host.clone(), ..Inspection::default() }
    }

    /// Looks at one piece, which begins at `offset` of the source.
    pub fn look_at(&mut self, html: &str, offset: usize) {
        for tag in tags(html) {
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
            let name = tag.lower_name();
            if !tag.closing && self.background.is_none() && background_of(&tag).is_some() {
                self.background = Some(at);
            }
            if let Some(id) = attribute(tag.attributes, "id") {
                self.ids.insert(id.to_owned());
            }
            self.look_at_player(&name, &tag, at);
            self.has_headings |= matches!(&*name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6");
            if !tag.closing && (FRAMES.contains(&&*name) || is_player(&name)) {
                self.findings.push((at, Defect::Replaced(name.to_string())));
            } else if !tag.closing && (REMOVED.contains(&&*name) || MEANING.contains(&&*name)) {
                self.findings.push((at, Defect::Removed(name.to_string())));
            }
            if name == "svg" {
                self.look_at_drawing(&tag);
            }
            match (&*name, &mut self.unscripted) {
                ("noscript", unscripted) if !tag.closing => {
                    *unscripted = Some((self.findings.len() - 1, false))
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
                    std::mem::replace(&mut self.picture, (!tag.closing).then(Picture::default));
                self.findings.extend(
                    before
                        .and_then(|picture| picture.lost)
                        .map(|(at, why, address)| (at, Defect::Picture(why, address))),
                );
            }
            let is_drawn = name == "image" && self.drawing.is_some();
            if let Some(drawing) = self.drawing.as_mut().filter(|_| is_drawn && !tag.closing) {
                drawing.is_shown |= shows(&tag);
            }
            if !tag.closing && !is_drawn && matches!(&*name, "a" | "img" | "image" | "source") {
                self.look_at_address(&name, &tag, at);
            }
            if let Some(handler) = handler(tag.attributes) {
                self.findings.push((at, Defect::Handler(handler.to_owned())));
            }
            // Outside `<ruby>` nothing ends these but their own end tags.
            let is_ruby_text = matches!(&*name, "rp" | "rt");
            let ends_by_itself = OPTIONAL_END.contains(&&*name)
                && (!is_ruby_text || self.open_counts.get("ruby").is_some_and(|open| *open > 0));
            if matches!(&*name, "li" | "dt" | "dd") {
                self.look_at_item(&name == "li", tag.closing);
            }
            if VOID.contains(&&*name) || ends_by_itself {
                continue;
            }
            if !tag.closing {
                *self.open_counts.entry(name.clone()).or_default() += 1;
                self.open.push((name, at));
                self.items_before.push(self.items.len());
                self.depth = self.depth.max(self.open.len() + self.items.len());
            } else if self.open_counts.get(&name).is_some_and(|count| *count > 0)
                && let Some(depth) = self.open.iter().rposition(|(open, _)| *open == name)
            {
                self.items.truncate(self.items_before[depth]);
                self.items_before.truncate(depth);
                for (index, (name, at)) in self.open.split_off(depth).into_iter().enumerate() {
                    if let Some(count) = self.open_counts.get_mut(&name) {
                        *count -= 1;
                    }
                    if index > 0 {
                        self.findings.push((at, Defect::Unbalanced(name.into_owned())));
                    }
                }
            } else if !REMOVED.contains(&&*name) {
                self.findings.push((at, Defect::Unbalanced(format!("/{name}"))));
            }
        }
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
            self.has_players = true;
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
    pub fn finish(&mut self) {
        self.end_player();
        let lost = self.picture.take().and_then(|picture| picture.lost);
        self.findings.extend(lost.map(|(at, why, address)| (at, Defect::Picture(why, address))));
        for (name, at) in std::mem::take(&mut self.open) {
            self.findings.push((at, Defect::Unbalanced(name.into_owned())));
        }
        let dropped = std::mem::take(&mut self.dropped);
        let mut index = 0..;
        self.findings.retain(|_| index.next().is_none_or(|index| !dropped.contains(&index)));
        self.findings.sort_by_key(|(at, _)| *at);
    }
}

/// The value of an attribute in the raw text of a tag.
pub(super) fn attribute<'a>(attributes: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = attributes;
    let finder = memchr::memmem::Finder::new(name);
    while let Some(found) = finder.find(rest.as_bytes()) {
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

/// The first attribute named `on…`.
pub(super) fn handler(attributes: &str) -> Option<&str> {
    let bytes = attributes.as_bytes();
    // That no word begins with `on` is soon seen, and true of nearly every tag.
    let begins = |at: usize| {
        bytes.get(at + 1).is_some_and(|byte| byte.eq_ignore_ascii_case(&b'n'))
            && at.checked_sub(1).is_none_or(|before| {
                bytes[before].is_ascii_whitespace()
                    || matches!(bytes[before], b'"' | b'\'' | b'/' | 0x80..)
            })
    };
    if !memchr::memchr2_iter(b'o', b'O', bytes).any(begins) {
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

/// Elements whose inside a browser does not read as HTML, or that are taken out with all they hold:
/// left open, one of them would take the rest of the article with it.
const SWALLOWING: [&str; 19] = [
    "applet", "audio", "button", "form", "frameset", "iframe", "math", "noembed", "noframes",
    "noscript", "object", "script", "select", "style", "svg", "template", "textarea", "title",
    "video",
];

/// Whether an element left open would swallow what follows.
pub fn swallows(name: &str) -> bool {
    SWALLOWING.contains(&name.to_ascii_lowercase().as_str()) || name.eq_ignore_ascii_case("xmp")
}

/// A swallowing tag that is never closed, as it should stand: players and frames end at once,
/// others go.
pub fn closed_at_once(tag: &Tag<'_>, html: &str) -> String {
    let name = tag.name.to_ascii_lowercase();
    match name.as_str() {
        "iframe" | "video" | "audio" | "object" => format!("{}</{name}>", &html[tag.range.clone()]),
        _ => String::new(),
    }
}

/// Closes swallowing elements that a piece of HTML leaves open.
pub fn close_swallowing(html: &str) -> Cow<'_, str> {
    let found: Vec<Tag<'_>> = tags(html).filter(|tag| swallows(tag.name)).collect();
    let mut open: Vec<usize> = Vec::new();
    // How many of each name are open: an end tag that closes nothing costs no look at all of them.
    let mut counts: BTreeMap<Cow<'static, str>, usize> = BTreeMap::new();
    let mut unclosed: Vec<usize> = Vec::new();
    for (index, tag) in found.iter().enumerate() {
        let name = tag.lower_name();
        if !tag.closing {
            *counts.entry(name).or_default() += 1;
            open.push(index);
        } else if counts.get(&name).is_some_and(|count| *count > 0)
            && let Some(at) = open.iter().rposition(|open| found[*open].lower_name() == name)
        {
            for (place, closed) in open.split_off(at).into_iter().enumerate() {
                *counts.entry(found[closed].lower_name()).or_default() -= 1;
                if place > 0 {
                    unclosed.push(closed);
                }
            }
        }
    }
    unclosed.extend(open);
    if unclosed.is_empty() {
        return Cow::Borrowed(html);
    }
    unclosed.sort_unstable();
    let mut out = String::with_capacity(html.len() + 16);
    let mut at = 0;
    for tag in unclosed.into_iter().map(|index| &found[index]) {
        out.push_str(&html[at..tag.range.start]);
        out.push_str(&closed_at_once(tag, html));
        at = tag.range.end;
    }
    out.push_str(&html[at..]);
    Cow::Owned(out)
}
