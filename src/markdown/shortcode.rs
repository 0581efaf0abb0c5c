//! The tags of Hexo (`{% note %}…{% endnote %}`) and Hugo (`{{< figure src="x.png" >}}`): those in the table are put into Markdown,
//! the others are shown as they are, with a word for each name.
//!
//! Nothing is run. What comes out goes through the parser and the sanitiser as if the author had written it.

mod media;
mod table;
mod tag;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use super::dialect::Change;
use super::liquid::{Scope, longest_ticks};
use super::picture::destination;
use super::{Finding, callout};
use crate::diagnostic::Diagnostic;
use crate::html::{escape_attribute, escape_text};
use table::{Meaning, meaning};
use tag::{Arguments, Ends, Tag, is_closed_at_once, tag_at};

/// Blocks that may lie in one another: each costs a mark in every line.
const DEEPEST: usize = 8;

/// Names that Liquid has where it is switched on.
const EXPANDED: [&str; 5] = ["raw", "highlight", "include", "link", "post_url"];

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
pub(super) struct Reader<'s> {
    text: &'s str,
    has_liquid: bool,
    scope: Option<&'s dyn Scope>,
    ends: Ends<'s>,
    /// Blocks that are open, innermost last.
    open: Vec<Block<'s>>,
    /// Where the line of the last block of code begins, and how far it was looked for.
    line: (usize, usize),
    /// What lies before is verbatim.
    verbatim_until: usize,
    /// Names that are not known, with their first place and how often they stand there.
    unknown: BTreeMap<&'s str, (Range<usize>, usize)>,
    /// Names of posts that there are not.
    missing: Vec<(Range<usize>, &'s str)>,
}

/// What a tag lies in. A list, a quote or a table would be torn up by a block that begins inside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Margin,
    /// An item of a list or a quote.
    Container,
    /// A cell of a table.
    Cell,
}

/// A block that is open.
struct Block<'s> {
    tag: Tag<'s>,
    meaning: Meaning,
    /// Where the change stands that opened it.
    change: usize,
    /// What stands before each of its lines.
    prefix: &'static str,
    /// What is written below what it holds.
    below: String,
}

impl<'s> Reader<'s> {
    pub(super) fn new(text: &'s str, has_liquid: bool, scope: Option<&'s dyn Scope>) -> Reader<'s> {
        Reader {
            text,
            has_liquid,
            scope,
            ends: Ends::new(text),
            open: Vec::new(),
            line: (0, 0),
            verbatim_until: 0,
            unknown: BTreeMap::new(),
            missing: Vec::new(),
        }
    }

    pub(super) fn verbatim_until(&self) -> usize {
        self.verbatim_until
    }

    /// Reads the tag at a place.
    pub(super) fn read(&mut self, at: usize, place: Place, changes: &mut Vec<Change>) {
        let Some(tag) = tag_at(self.text, at) else { return };
        // Hugo shows the tag `{{</* figure */>}}` as one.
        if let Some(shown) = tag.rest.strip_prefix("/*").and_then(|rest| rest.strip_suffix("*/")).filter(|_| tag.name.is_empty()) {
            let marks = (&self.text[at..at + 3], &self.text[tag.range.end - 3..tag.range.end]);
            changes.push((tag.range.clone(), format!("`{}{shown}{}`", marks.0, marks.1)));
            return;
        }
        let is_liquid = self.has_liquid && !tag.is_hugo && EXPANDED.contains(&tag.name);
        match meaning(tag.name) {
            _ if tag.name.is_empty() => {}
            Some(Meaning::Verbatim | Meaning::Code(_)) if !tag.is_end => {
                self.verbatim(tag, place, is_liquid, changes);
            }
            _ if is_liquid => {}
            Some(_) if tag.is_end => self.close(&tag, changes),
            Some(meaning @ (Meaning::Callout(_) | Meaning::Quote | Meaning::Folded | Meaning::Apart | Meaning::Mark)) => {
                self.open(tag, meaning, place, changes);
            }
            Some(meaning) => match self.single(&tag, meaning) {
                Some(with) => changes.push((tag.range.clone(), with)),
                // The address of a post that there is not.
                None if meaning == Meaning::PostAddress => {}
                None => self.note_unknown(&tag),
            },
            None => self.note_unknown(&tag),
        }
    }

    fn note_unknown(&mut self, tag: &Tag<'s>) {
        // Liquid says itself what it does not know; of a template's names nothing is expected here.
        let is_template = !tag.is_hugo && (self.has_liquid || OF_TEMPLATES.contains(&tag.name));
        if !tag.is_end && !is_template {
            self.unknown.entry(tag.name).or_insert_with(|| (tag.range.clone(), 0)).1 += 1;
        }
    }

    /// A block whose inside is not Markdown.
    fn verbatim(&mut self, tag: Tag<'s>, place: Place, is_liquid: bool, changes: &mut Vec<Change>) {
        let Some(end) = self.ends.of(tag.name, tag.is_hugo, tag.range.end) else {
            return self.note_unknown(&tag);
        };
        self.verbatim_until = end.end;
        if is_liquid {
            return;
        }
        let inside = &self.text[tag.range.end..end.start];
        let Some(Meaning::Code(of_name)) = meaning(tag.name) else {
            changes.extend([(tag.range, String::new()), (end, String::new())]);
            return;
        };
        if place == Place::Cell && !inside.contains('\n') {
            let ticks = "`".repeat(longest_ticks(inside) + 1);
            changes.extend([(tag.range, format!("{ticks} ")), (end, format!(" {ticks}"))]);
            return;
        }
        let fence = "`".repeat(longest_ticks(inside).max(2) + 1);
        let language = if of_name.is_empty() { tag.language() } else { of_name };
        let prefix = self.prefix();
        let (margin, begins_block) = self.margin(tag.range.start, place);
        let lead = if begins_block { String::new() } else { format!("\n{prefix}{}\n{prefix}{margin}", margin.trim_end()) };
        let begin = if inside.starts_with(['\n', '\r']) { String::new() } else { format!("\n{prefix}{margin}") };
        changes.push((tag.range.clone(), format!("{lead}{fence}{language}{begin}")));
        // The line of the end mark holds no code if only marks of the quote or blanks stand before it.
        let code = inside.trim_end_matches(|c| matches!(c, ' ' | '\t') || c == '>' && margin.contains('>'));
        let ends_line = code.ends_with('\n');
        let code = if ends_line { code } else { inside };
        // Lines that stand further out would end the item, and the fence with it.
        let first = tag.range.end;
        let lines = || memchr::memchr_iter(b'\n', code.as_bytes()).map(|at| at + 1).filter(|at| *at < code.len());
        let belongs = |line: &str| {
            line.starts_with(margin.trim_end()) && (line.starts_with(&margin) || line.trim_end() == margin.trim_end())
                || line.trim().is_empty() && margin.trim().is_empty()
        };
        if !lines().all(|at| belongs(code[at..].split('\n').next().unwrap_or_default())) {
            changes.extend(lines().map(|at| (first + at..first + at, margin.clone())));
        }
        let newline = if ends_line { margin.clone() } else { format!("\n{prefix}{margin}") };
        let start = if ends_line { first + code.len() } else { end.start };
        let after = self.text[end.end..].trim_start_matches([' ', '\t']);
        let behind = if after.is_empty() || after.starts_with(['\n', '\r']) { String::new() } else { format!("\n{prefix}{margin}") };
        changes.push((start..end.end, format!("{newline}{fence}{behind}")));
    }

    /// What stands before the lines that go on in the item or quote of this place, and whether nothing but that stands before it.
    fn margin(&mut self, at: usize, place: Place) -> (String, bool) {
        let (start, seen) = self.line;
        let start = self.text[seen..at].rfind('\n').map_or(start, |newline| seen + newline + 1);
        self.line = (start, at);
        let line = &self.text[start..at];
        let (mut rest, mut margin) = (line, String::new());
        while let Some(first) = rest.chars().next() {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            let marker = digits + usize::from(rest[digits..].starts_with(['-', '*', '+', '.', ')']));
            let is_item = matches!(marker.wrapping_sub(digits), 1) && (digits > 0) == rest[digits..].starts_with(['.', ')']);
            match first {
                ' ' | '\t' => margin.push(first),
                _ if place != Place::Container => break,
                '>' => margin.push('>'),
                _ if is_item && rest[marker..].starts_with([' ', '\t']) => {
                    margin.extend(std::iter::repeat_n(' ', marker));
                    rest = &rest[marker..];
                    continue;
                }
                _ => break,
            }
            rest = &rest[1..];
        }
        (margin, rest.is_empty())
    }

    /// What stands before a line inside the blocks that are open.
    fn prefix(&self) -> String {
        self.open.iter().map(|block| block.prefix).collect()
    }

    /// What must stand before a block so that it begins one.
    fn lead(&self, at: usize) -> String {
        if self.begins_line(at) { String::new() } else { format!("\n{0}\n{0}", self.prefix()) }
    }

    fn open(&mut self, tag: Tag<'s>, meaning: Meaning, place: Place, changes: &mut Vec<Change>) {
        let arguments = Arguments::of(tag.rest);
        // `{% label primary@字 %}`, `{% u 字 %}`, `{{< callout text="…" >}}` hold nothing; a block has an end somewhere.
        let has_end =
            !tag.rest.strip_suffix('/').is_some_and(is_closed_at_once) && self.ends.of(tag.name, tag.is_hugo, tag.range.end).is_some();
        if !has_end || self.open.len() >= DEEPEST {
            let said = arguments.named(&["text", "content"]).map_or_else(|| arguments.words().join(" "), str::to_owned);
            let said = said.split_once('@').map_or(said.as_str(), |(_, said)| said).trim().to_owned();
            match meaning {
                Meaning::Mark if !said.is_empty() => {
                    let element = element(tag.name);
                    changes.push((tag.range.clone(), format!("<{element}>{}</{element}>", escape_text(&said))));
                }
                Meaning::Apart if matches!(tag.name, "p" | "span" | "hideInline" | "hide" | "font" | "color") && !said.is_empty() => {
                    changes.push((tag.range.clone(), said));
                }
                _ => self.note_unknown(&tag),
            }
            return;
        }
        if place != Place::Margin && meaning != Meaning::Mark {
            // What it holds stays where it stands, behind the title that the tag may give.
            let title = arguments.named(&["title", "summary", "author", "name", "header"]).or_else(|| arguments.title());
            let with = title.map_or(String::new(), |title| format!("**{}** ", one_line(title)));
            changes.push((tag.range.clone(), with));
            self.open.push(Block { tag, meaning: Meaning::Apart, change: changes.len() - 1, prefix: "", below: String::new() });
            return;
        }
        let follows_on_line = !self.text[tag.range.end..].trim_start_matches([' ', '\t']).starts_with(['\n', '\r']);
        let outer = self.prefix();
        let lead = self.lead(tag.range.start);
        let mut below = String::new();
        let (with, prefix) = match meaning {
            Meaning::Callout(of_name) => {
                let named = arguments.named(&["type", "class", "style"]);
                let kind = named.into_iter().chain(arguments.words()).find(|word| callout::kind(word).is_some()).unwrap_or(of_name);
                let title = arguments.named(&["title"]).or_else(|| arguments.title()).unwrap_or_default();
                let behind = if follows_on_line { format!("\n{outer}> ") } else { String::new() };
                (format!("{lead}> [!{kind}] {}{behind}", one_line(title)), "> ")
            }
            Meaning::Quote => {
                let by = arguments.named(&["author", "cite", "source"]).map_or_else(|| tag.rest.trim().to_owned(), str::to_owned);
                if !by.is_empty() && !by.contains('=') {
                    below = format!("— {}", one_line(&by));
                }
                (format!("{lead}> "), "> ")
            }
            Meaning::Folded => {
                let title = arguments.named(&["title", "summary"]).map_or_else(|| arguments.words().join(" "), str::to_owned);
                let title = title.split_once(',').map_or(title.as_str(), |(title, _)| title).trim().to_owned();
                let title = if title.is_empty() { "…" } else { &title };
                (format!("{lead}<details>\n{outer}<summary>{}</summary>\n{outer}\n{outer}", escape_text(title)), "")
            }
            Meaning::Mark => (format!("<{}>", element(tag.name)), ""),
            _ => {
                let title = arguments.named(&["title", "name", "header"]).or_else(|| arguments.title());
                (title.map_or(String::new(), |title| format!("{lead}**{}**\n{outer}", one_line(title))), "")
            }
        };
        changes.push((tag.range.clone(), with));
        self.open.push(Block { tag, meaning, change: changes.len() - 1, prefix, below });
    }

    fn close(&mut self, tag: &Tag<'s>, changes: &mut Vec<Change>) {
        // What lies in it and has no end of its own is left as it was opened.
        let Some(index) = self.open.iter().rposition(|block| block.tag.name == tag.name && block.tag.is_hugo == tag.is_hugo) else {
            return;
        };
        let block = self.open.remove(index);
        let outer: String = self.open[..index.min(self.open.len())].iter().map(|block| block.prefix).collect();
        if !block.prefix.is_empty() {
            let inside = block.tag.range.end..tag.range.start;
            let newlines = memchr::memchr_iter(b'\n', self.text[inside.clone()].as_bytes()).map(|at| inside.start + at + 1);
            // The line of the end mark is no line of the block unless something stands before it.
            let last = inside.start + self.text[inside.clone()].trim_end().len();
            changes.extend(newlines.filter(|at| *at <= last).map(|at| (at..at, block.prefix.to_owned())));
        }
        let is_alone = self.begins_line(tag.range.start);
        let element = element(tag.name);
        let with = match block.meaning {
            Meaning::Mark => format!("</{element}>"),
            Meaning::Folded => format!("\n{outer}\n{outer}</details>\n{outer}\n{outer}"),
            Meaning::Apart => String::new(),
            _ if block.below.is_empty() => format!("{}\n{outer}", if is_alone { "" } else { "\n" }),
            _ => format!("{0}{1}>\n{1}> {2}\n{1}\n{1}", if is_alone { "" } else { "\n" }, outer, block.below),
        };
        debug_assert!(block.change < changes.len(), "a block was opened by a change");
        changes.push((tag.range.clone(), with));
    }

    /// What stands for a tag that holds nothing.
    fn single(&mut self, tag: &Tag<'s>, meaning: Meaning) -> Option<String> {
        let arguments = Arguments::of(tag.rest);
        let is_alone = self.is_alone(&tag.range);
        match meaning {
            Meaning::Picture => media::picture(&arguments, is_alone),
            Meaning::Card(name, before, after) => {
                let address = media::card_address(&arguments, before, after)?;
                let title = arguments.named(&["title", "name"]).or_else(|| arguments.title()).unwrap_or_default();
                let id = arguments.words().into_iter().next().unwrap_or_default();
                let title = match (name, title) {
                    ("", "") => String::new(),
                    ("", title) | (_, title) if !title.is_empty() => title.to_owned(),
                    (name, _) if before.is_empty() || id.contains("://") => name.to_owned(),
                    (name, _) => format!("{name} {id}"),
                };
                let title = title.trim();
                // What follows a frame on its line would be part of its block of HTML.
                if !is_alone {
                    return Some(format!(
                        "[{}]({})",
                        if title.is_empty() { address.clone() } else { escaped(title) },
                        destination(&address)
                    ));
                }
                // A block of HTML goes on to the next blank line.
                Some(format!("<iframe src=\"{}\" title=\"{}\"></iframe>\n", escape_attribute(&address), escape_attribute(title)))
            }
            Meaning::Post => {
                let mut words = arguments.words().into_iter();
                let name = words.next()?;
                let shown: Vec<&str> = words.filter(|word| !matches!(*word, "true" | "false")).collect();
                let title = || self.scope.and_then(|scope| scope.post_title(name)).map(|title| escaped(&title));
                let shown = if shown.is_empty() { title().unwrap_or_else(|| name.to_owned()) } else { shown.join(" ") };
                let Some(address) = self.post(name) else {
                    self.missing.push((tag.range.clone(), name));
                    return Some(one_line(&shown).into_owned());
                };
                Some(format!("[{}]({})", one_line(&shown), destination(&address)))
            }
            Meaning::PostAddress => {
                let name = arguments.named(&["path"]).or_else(|| arguments.words().into_iter().next())?;
                self.post(name).map(|address| address.replace(' ', "%20"))
            }
            Meaning::File => {
                let mut words = arguments.words().into_iter();
                let file = words.next()?;
                let shown: Vec<&str> = words.filter(|word| !matches!(*word, "true" | "false")).collect();
                let shown = if shown.is_empty() { file.to_owned() } else { shown.join(" ") };
                Some(format!("[{}]({})", one_line(&shown), destination(file)))
            }
            Meaning::FileAddress => arguments.words().first().map(|file| file.replace(' ', "%20")),
            Meaning::Link => media::link(&arguments),
            _ if tag.name == "more" => Some("<!-- more -->".to_owned()),
            _ => Some(String::new()),
        }
    }

    /// The address of a post that a tag names: by its file, with or without folders and ending.
    fn post(&self, name: &str) -> Option<String> {
        let (path, place) = name.split_once('#').map_or((name, ""), |(path, place)| (path, place));
        let place = if place.is_empty() { String::new() } else { format!("#{place}") };
        let path = path.trim_end_matches('/');
        let called = [".md", ".markdown", ".html"].iter().find_map(|ending| path.strip_suffix(ending)).unwrap_or(path);
        let called = called.strip_suffix("/index").or_else(|| called.strip_suffix("/_index")).unwrap_or(called);
        if called.is_empty() {
            return Some(place);
        }
        let address = self.scope.and_then(|scope| scope.post_url(called.rsplit('/').next().unwrap_or(called)));
        address.map(|address| address + &place)
    }

    /// Whether a tag is all of its line.
    fn is_alone(&self, range: &Range<usize>) -> bool {
        let after = self.text[range.end..].trim_start_matches([' ', '\t', '\r']);
        self.begins_line(range.start) && (after.is_empty() || after.starts_with('\n'))
    }

    fn begins_line(&self, at: usize) -> bool {
        let before = self.text[..at].trim_end_matches([' ', '\t']);
        before.is_empty() || before.ends_with('\n')
    }

    /// Takes back what was opened and never closed, and says what was not understood.
    pub(super) fn finish(self, changes: &mut Vec<Change>) -> Vec<Finding> {
        for block in self.open.iter().rev() {
            changes.remove(block.change);
        }
        let mut findings = Vec::new();
        for (name, (range, count)) in self.unknown {
            let message = say!("the tag `{}` of another program is not known and is shown as text, {} time(s)", name, count);
            let hint = say!("write what it stood for, or put it between backticks");
            findings.push((range, Diagnostic::warning("tag-unknown", message).hint(hint)));
        }
        findings.extend(self.missing.into_iter().map(|(range, name)| {
            let hint = say!("a post is meant by the name of its file, without the ending");
            (range, Diagnostic::warning("post-link", say!("no post is called `{}`; its link is shown as text", name)).hint(hint))
        }));
        findings
    }
}

/// A text that is no Markdown.
fn escaped(text: &str) -> String {
    text.chars().flat_map(|c| c.is_ascii_punctuation().then_some('\\').into_iter().chain([c])).collect()
}

/// The element for what a tag marks.
fn element(name: &str) -> &'static str {
    match name {
        "kbd" | "key" => "kbd",
        "u" => "u",
        "s" | "del" => "del",
        "abbr" => "abbr",
        _ => "mark",
    }
}

/// A text of one line.
fn one_line(text: &str) -> Cow<'_, str> {
    if text.contains('\n') { crate::text::one_line(text).into() } else { Cow::Borrowed(text.trim()) }
}
