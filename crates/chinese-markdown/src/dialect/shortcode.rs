//! The tags of Hexo (`{% note %}…{% endnote %}`) and Hugo (`{{< figure src="x.png" >}}`): those in
//! the table are put into Markdown, the others are shown as they are, with a word for each name.
//!
//! Nothing is run. What comes out goes through the parser and the sanitiser as if the author had
//! written it.

mod arguments;
mod block;
mod margin;
mod media;
mod said;
mod style;
mod table;
mod tag;
mod verbatim;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use super::picture::destination;
use crate::html::escape_attribute;
use crate::liquid::Scope;
use crate::source::edits::Change;
use crate::{Finding, Placed, Syntax};
use arguments::Arguments;
use block::TagBlock;
use margin::TagLine;
use media::{Link, ShownPicture};
use said::escaped;
use table::{Meaning, meaning};
use tag::{EndTags, Shortcode, tag_at};

/// Names that Liquid has where it is switched on.
pub(crate) const EXPANDED: [&str; 5] = ["raw", "highlight", "include", "link", "post_url"];

/// Names of Liquid itself: a template's, and no tag of a post's.
const OF_TEMPLATES: [&str; 16] = [
    "assign",
    "break",
    "capture",
    "case",
    "comment",
    "continue",
    "cycle",
    "else",
    "elsif",
    "for",
    "if",
    "include",
    "include_relative",
    "tablerow",
    "unless",
    "when",
];

/// Reads the tags of one text from left to right.
pub(crate) struct ShortcodeReader<'s> {
    text: &'s str,
    has_liquid: bool,
    /// A block of HTML would lose its picture or its link.
    strips_html: bool,
    scope: Option<&'s dyn Scope>,
    ends: EndTags<'s>,
    /// Blocks that are open, innermost last.
    open: Vec<TagBlock<'s>>,
    /// The line that was looked at last.
    line: TagLine,
    /// What lies before is verbatim.
    verbatim_until: usize,
    /// Names that are not known, and whether what they hold is shown, with their first place and
    /// how often they stand there.
    unknown: BTreeMap<(&'s str, bool), (Range<usize>, usize)>,
    /// Names of posts that there are not.
    missing: Vec<(Range<usize>, &'s str)>,
}

/// What a tag lies in. A list, a quote or a table would be torn up by a block that begins inside
/// it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Margin,
    /// An item of a list or a quote.
    Container,
    /// A cell of a table.
    Cell,
}

impl<'s> ShortcodeReader<'s> {
    pub(crate) fn new(text: &'s str, syntax: &Syntax<'s>) -> ShortcodeReader<'s> {
        ShortcodeReader {
            text,
            has_liquid: syntax.liquid,
            strips_html: syntax.strips_html,
            scope: syntax.scope,
            ends: EndTags::new(text),
            open: Vec::new(),
            line: TagLine::default(),
            verbatim_until: 0,
            unknown: BTreeMap::new(),
            missing: Vec::new(),
        }
    }

    pub(crate) fn verbatim_until(&self) -> usize {
        self.verbatim_until
    }

    /// Reads the tag at a place; one in an address of a link stands for an address.
    pub(crate) fn read(
        &mut self,
        at: usize,
        place: Place,
        is_in_address: bool,
        changes: &mut Vec<Change>,
    ) {
        let Some(tag) = tag_at(self.text, at) else { return };
        // Hugo shows the tag `{{</* figure */>}}` as one.
        if let Some(shown) = tag
            .rest
            .strip_prefix("/*")
            .and_then(|rest| rest.strip_suffix("*/"))
            .filter(|_| tag.name.is_empty())
        {
            let marks = (&self.text[at..at + 3], &self.text[tag.range.end - 3..tag.range.end]);
            changes.push((tag.range.clone(), format!("`{}{shown}{}`", marks.0, marks.1)));
            return;
        }
        if tag.name.is_empty() {
            return;
        }
        let is_liquid = self.has_liquid && !tag.is_hugo && EXPANDED.contains(&tag.name);
        let meaning = meaning(tag.name);
        match meaning {
            Some(Meaning::Verbatim | Meaning::Code(_)) if !tag.is_end => {
                self.verbatim(tag, place, is_liquid, changes);
            }
            _ if is_liquid => {}
            _ if tag.is_end => self.close(&tag, changes),
            Some(meaning) if meaning.holds_text() => self.open(tag, meaning, place, changes),
            Some(meaning)
                if is_in_address
                    || matches!(meaning, Meaning::PostAddress | Meaning::FileAddress)
                    || is_of_jekyll(&tag) =>
            {
                self.address(&tag, meaning, is_in_address, changes);
            }
            Some(meaning) => self.single(tag, meaning, place, changes),
            // What an unknown tag of Hugo's holds is text all the same.
            None if tag.is_hugo && self.ends.of(tag.name, true, tag.range.end).is_some() => {
                self.open(tag, Meaning::Apart, place, changes);
            }
            // Lists and feeds say what the post says, and no tag.
            None if self.is_provisional() => changes.push((tag.range, String::new())),
            None => self.note_unknown(&tag, false),
        }
    }

    fn is_provisional(&self) -> bool {
        self.scope.is_some_and(Scope::is_provisional)
    }

    /// Reads the comment at a place, `<!-- tab 题 -->`, which parts what a tag holds.
    pub(crate) fn read_comment(&mut self, at: usize, place: Place, changes: &mut Vec<Change>) {
        let Some((text, length)) = label_in(&self.text[at..]) else { return };
        let Some(block) = self.open.iter_mut().rev().find(|block| block.is_parted()) else {
            return;
        };
        let label = said::label(text);
        let label = if label.is_empty() { block.next_label() } else { label.to_owned() };
        if !label.is_empty() {
            changes.push((at..at + length, self.titled(at, place, &label)));
        }
    }

    fn note_unknown(&mut self, tag: &Shortcode<'s>, is_shown: bool) {
        // Liquid says itself what it does not know; of a template's names nothing is expected here.
        let is_template = !tag.is_hugo
            && (self.has_liquid
                || OF_TEMPLATES.contains(&tag.name.strip_prefix("end").unwrap_or(tag.name)));
        if !tag.is_end && !is_template {
            self.unknown.entry((tag.name, is_shown)).or_insert_with(|| (tag.range.clone(), 0)).1 +=
                1;
        }
    }

    /// A tag that needs to hold nothing; what Hugo's holds all the same is shown below it, or is
    /// the text of a link.
    fn single(
        &mut self,
        mut tag: Shortcode<'s>,
        meaning: Meaning,
        place: Place,
        changes: &mut Vec<Change>,
    ) {
        let end = self.ends.of_own(&tag).filter(|_| tag.is_hugo);
        let is_empty =
            end.as_ref().is_some_and(|end| self.text[tag.range.end..end.start].trim().is_empty());
        if let Some(end) = end.clone().filter(|_| is_empty) {
            // `{{< x >}}{{< /x >}}` is one.
            tag.range.end = end.end;
        }
        let end = end.filter(|_| !is_empty && self.open.len() < block::DEEPEST);
        if let (Some(end), Meaning::Link) = (&end, meaning) {
            return self.open_link(tag, end.start, changes);
        }
        let with = self.shown(&tag, meaning, place);
        if with.is_none() {
            self.note_unknown(&tag, end.is_some());
        }
        if with.is_some() || end.is_some() {
            changes.push((tag.range.clone(), with.unwrap_or_default()));
        }
        if end.is_some() {
            self.open.push(TagBlock::holding(tag, changes.len() - 1));
        }
    }

    /// What stands for a tag that holds nothing.
    fn shown(&mut self, tag: &Shortcode<'s>, meaning: Meaning, place: Place) -> Option<String> {
        let words = Arguments::of(tag.rest);
        let file_or_post = || {
            let shown: Vec<&str> =
                words.texts().skip(1).filter(|word| !matches!(*word, "true" | "false")).collect();
            (!shown.is_empty()).then(|| shown.join(" "))
        };
        let is_block =
            place != Place::Cell && !self.strips_html && self.is_alone(&tag.range, place);
        match meaning {
            Meaning::Picture => {
                let picture = ShownPicture::of(tag.rest, tag.is_hugo)?;
                Some(
                    picture
                        .figure()
                        .filter(|_| is_block)
                        .map_or_else(|| picture.in_line(), |figure| self.html_line(place, &figure)),
                )
            }
            Meaning::Card(name, before, after) => {
                let (address, title) = media::card(tag.rest, (name, before, after))?;
                // What follows a frame on its line would be part of its block of HTML.
                if !is_block {
                    return Some(format!(
                        "[{}]({})",
                        escaped(if title.is_empty() { &address } else { &title }),
                        destination(&address)
                    ));
                }
                let frame = format!(
                    "<iframe src=\"{}\" title=\"{}\"></iframe>",
                    escape_attribute(&address),
                    escape_attribute(&title)
                );
                Some(self.html_line(place, &frame))
            }
            Meaning::Post => {
                let name = words.first()?;
                let title = || {
                    self.scope.and_then(|scope| scope.post_title(name)).map(|title| escaped(&title))
                };
                let shown = file_or_post()
                    .or_else(title)
                    .or_else(|| (!self.is_provisional()).then(|| name.to_owned()))
                    .unwrap_or_default();
                let Some(address) = self.post(name) else {
                    self.missing.push((tag.range.clone(), name));
                    return Some(one_line(&shown).into_owned());
                };
                Some(if shown.is_empty() {
                    shown
                } else {
                    format!("[{}]({})", one_line(&shown), destination(&address))
                })
            }
            Meaning::File => {
                let file = words.first()?;
                let shown = file_or_post().unwrap_or_else(|| file.to_owned());
                Some(format!("[{}]({})", one_line(&shown), destination(file)))
            }
            Meaning::Link => Link::of(tag.rest, tag.name, self).map(|link| link.in_line()),
            Meaning::Checkbox => {
                let (is_checked, text) = said::checkbox(tag);
                if place != Place::Margin || !self.is_alone(&tag.range, place) {
                    return Some(format!("{} {text}", if is_checked { '☑' } else { '☐' }));
                }
                // One a line is a list of tasks, which another line would go on.
                let next = self.text[tag.range.end..]
                    .trim_start_matches([' ', '\t', '\r'])
                    .get(1..)
                    .unwrap_or_default();
                let goes_on =
                    next.is_empty() || next.starts_with(['\n', '\r']) || next.starts_with("{%");
                let end = if goes_on { String::new() } else { format!("\n{}", self.prefix()) };
                Some(format!("- [{}] {text}{end}", if is_checked { 'x' } else { ' ' }))
            }
            Meaning::Glossed => Some(said::glossed(tag)).filter(|text| !text.is_empty()),
            _ if tag.name == "more" => Some("<!-- more -->".to_owned()),
            _ => Some(String::new()),
        }
    }

    /// Puts in a tag's place the address of a post, of a file, of what else it would lead to.
    fn address(
        &mut self,
        tag: &Shortcode<'s>,
        meaning: Meaning,
        is_in_address: bool,
        changes: &mut Vec<Change>,
    ) {
        let words = Arguments::of(tag.rest);
        let first = words.named(&["path", "page"]).or_else(|| words.first());
        let address = match meaning {
            Meaning::Post | Meaning::PostAddress => first.and_then(|name| self.post(name)),
            _ if is_of_jekyll(tag) => {
                first.and_then(|path| self.scope.and_then(|scope| scope.link(path)))
            }
            Meaning::File | Meaning::FileAddress => first.map(str::to_owned),
            Meaning::Picture => {
                ShownPicture::of(tag.rest, tag.is_hugo).map(|picture| picture.address.to_owned())
            }
            Meaning::Link => Link::of(tag.rest, tag.name, self).map(|link| link.address),
            Meaning::Card(name, before, after) => {
                media::card(tag.rest, (name, before, after)).map(|(address, _)| address)
            }
            _ => None,
        };
        match (address, first) {
            (Some(address), _) => changes.push((tag.range.clone(), address.replace(' ', "%20"))),
            (None, Some(name))
                if matches!(meaning, Meaning::Post | Meaning::PostAddress) || is_of_jekyll(tag) =>
            {
                // In a text it is what it is: a mark that is left over. A link without an address
                // is its text.
                if is_in_address {
                    self.missing.push((tag.range.clone(), name));
                    changes.push((tag.range.clone(), String::new()));
                }
            }
            _ => self.note_unknown(tag, false),
        }
    }

    /// The address of a post that a tag names: by its file, with or without folders and ending.
    fn post(&self, name: &str) -> Option<String> {
        let (path, place) = name.split_once('#').map_or((name, ""), |(path, place)| (path, place));
        let place = if place.is_empty() { String::new() } else { format!("#{place}") };
        let path = path.trim_end_matches('/');
        let called = [".md", ".markdown", ".html"]
            .iter()
            .find_map(|ending| path.strip_suffix(ending))
            .unwrap_or(path);
        let called = called
            .strip_suffix("/index")
            .or_else(|| called.strip_suffix("/_index"))
            .unwrap_or(called);
        if called.is_empty() {
            return Some(place);
        }
        let address = self.scope.and_then(|scope| scope.post_url(called));
        address.map(|address| address + &place)
    }

    /// Takes back what was opened and never closed, and says what was not understood.
    pub(crate) fn finish(self, changes: &mut Vec<Change>) -> Vec<Placed> {
        let is_provisional = !self.open.is_empty() && self.is_provisional();
        for block in self.open.iter().rev() {
            if is_provisional {
                changes[block.change].1.clear();
            } else {
                changes.remove(block.change);
            }
        }
        let mut findings = Vec::new();
        for ((name, is_shown), (range, count)) in self.unknown {
            let finding =
                Finding::TagUnknown { name: name.to_string(), count, is_dropped: is_shown };
            findings.push((range, finding));
        }
        findings.extend(
            self.missing
                .into_iter()
                .map(|(range, name)| (range, Finding::PostMissing { name: name.to_string() })),
        );
        findings
    }
}

/// The label in the comment that begins a text, and how long that is, where it parts what a tag
/// holds: `<!-- tab 题 -->`.
pub(crate) fn label_in(text: &str) -> Option<(&str, usize)> {
    /// Bytes of the longest.
    const LONGEST: usize = 300;
    let window = &text[..text.floor_char_boundary(LONGEST)];
    let end = window.find("-->")?;
    let inside = window.get("<!--".len()..end)?.trim();
    let (word, label) = inside.split_once(char::is_whitespace).unwrap_or((inside, ""));
    let is_label =
        ["tab", "subtab", "timeline", "timenode", "node", "cell", "col", "folder", "item", "step"]
            .contains(&word);
    (is_label && !inside.contains('\n')).then_some((label.trim(), end + "-->".len()))
}

/// Jekyll's `{% link _posts/x.md %}`: a file of the source alone.
fn is_of_jekyll(tag: &Shortcode<'_>) -> bool {
    let file = tag.rest.trim_matches(['"', '\'']);
    let is_file = [".md", ".markdown", ".html"].iter().any(|ending| file.ends_with(ending))
        || file.contains('/');
    tag.name == "link"
        && !tag.is_hugo
        && is_file
        && !file.contains(char::is_whitespace)
        && !file.contains("://")
}

/// The element for what a tag marks.
fn element(name: &str) -> &'static str {
    match name {
        "kbd" | "key" => "kbd",
        "u" => "u",
        "s" | "del" => "del",
        "sup" => "sup",
        "sub" => "sub",
        "copy" => "code",
        _ => "mark",
    }
}

/// A text of one line.
fn one_line(text: &str) -> Cow<'_, str> {
    if text.contains('\n') {
        chinese_text::one_line(text).into()
    } else {
        Cow::Borrowed(text.trim())
    }
}
