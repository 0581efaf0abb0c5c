//! What Obsidian and wikis add: `[[文]]`, `[[文#节|字]]`, `![[图.png|300]]`, `==高亮==`, `%%注%%`.
//!
//! A link in brackets leads to the post whose file is called so; without such a post it is its
//! text. Files are meant as `![](图.png)` means them, so the card of the post sees the same
//! address.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::block_id;
use super::picture::{Size, destination, is_picture};
use crate::liquid::Scope;
use crate::slug::heading_slug;
use crate::source::edits::Change;
use crate::source::lookahead::Ahead;
use crate::source::ranges::Ranges;
use crate::{Finding, Placed, html};
use chinese_text::{is_cjk, is_shared_mark, one_line};

/// Bytes of the longest link.
const LONGEST: usize = 400;

/// Reads the marks of one text from left to right.
pub(crate) struct WikiReader<'s> {
    text: &'s str,
    scope: Option<&'s dyn Scope>,
    next_equals: Ahead<'s>,
    next_line: Ahead<'s>,
    next_percents: Ahead<'s>,
    /// Where the last highlight was closed.
    closed_at: Option<usize>,
    /// The first link that leads to no post, and the names of all.
    unknown: Option<(usize, BTreeSet<&'s str>)>,
    /// Names that several posts have, each with its first place and their files.
    ambiguous: BTreeMap<&'s str, (usize, Vec<String>)>,
    /// The first comment, and how many there are.
    comments: Option<(Range<usize>, usize)>,
}

impl<'s> WikiReader<'s> {
    pub(crate) fn new(text: &'s str, scope: Option<&'s dyn Scope>) -> WikiReader<'s> {
        let ahead = |mark| Ahead::new(text, mark);
        WikiReader {
            text,
            scope,
            next_equals: ahead("=="),
            next_line: ahead("\n"),
            next_percents: ahead("%%"),
            closed_at: None,
            unknown: None,
            ambiguous: BTreeMap::new(),
            comments: None,
        }
    }

    /// The link whose brackets open at a place.
    pub(crate) fn link(&mut self, at: usize) -> Option<Change> {
        let text = self.text;
        let window = &text[at + 2..text.floor_char_boundary(at + LONGEST)];
        let inside = &window[..window.find("]]")?];
        let end = at + 2 + inside.len() + 2;
        let is_name = !inside.contains(['[', ']', '\n', '`'])
            && inside.trim() == inside
            && inside.contains(char::is_alphanumeric);
        // `[[1]](https://…)` is Markdown's own, `[[甲]]: …` begins a definition.
        if !is_name || text[end..].starts_with(['(', '[', ':']) {
            return None;
        }
        let mut parts = inside.split('|').map(|part| part.trim_end_matches('\\').trim());
        let target = parts.next().unwrap_or_default();
        let is_embedded = text[..at].ends_with('!');
        let (path, place) = target
            .split_once('#')
            .map_or((target, None), |(path, place)| (path.trim(), Some(place.trim())));
        if is_embedded && is_picture(path) {
            let rest: Vec<&str> = parts.collect();
            let size = rest.last().and_then(|last| Size::parse(last));
            let alt = rest[..rest.len() - usize::from(size.is_some())].join(" ");
            let suffix = size.map_or(String::new(), |size| size.suffix());
            return Some((
                at - 1..end,
                format!("![{}{suffix}]({})", escaped(&alt), destination(path)),
            ));
        }
        let shown = parts.next().filter(|shown| !shown.is_empty());
        let start = at - usize::from(is_embedded);
        // A file of any other kind.
        let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
        let is_file = (2..=4).contains(&ending.len())
            && ending != "md"
            && ending.bytes().all(|byte| byte.is_ascii_alphanumeric());
        // `[[Node.js]]` may be a post, if posts are known.
        let is_post = || {
            self.scope
                .and_then(|scope| scope.post_url(path))
                .is_some_and(|address| !address.is_empty())
        };
        if is_file && ending.contains(|c: char| c.is_ascii_alphabetic()) && !is_post() {
            return Some((
                start..end,
                format!("[{}]({})", escaped(shown.unwrap_or(path)), destination(path)),
            ));
        }
        let name = path.strip_suffix(".md").unwrap_or(path);
        let address = if name.is_empty() {
            Some(String::new())
        } else {
            self.scope.and_then(|scope| scope.post_url(name))
        };
        // `[[1]]` is a note in a book unless a post is called so; which posts there are, a card
        // does not know, and `2024-05-01` is a day.
        let is_number = !name.is_empty() && !name.contains(char::is_alphabetic);
        if is_number
            && address.as_ref().is_none_or(|address| address.is_empty() && !name.contains('-'))
        {
            return None;
        }
        let label = shown.map_or_else(|| without_marks(target), str::to_owned);
        let label = if label.is_empty() { place.unwrap_or_default().to_owned() } else { label };
        let Some(address) = address else {
            // What no Chinese stands in may be an array or a test of a shell.
            if !inside.contains(is_cjk) && shown.is_none() {
                return None;
            }
            self.unknown.get_or_insert_with(|| (start, BTreeSet::new())).1.insert(name);
            return Some((start..end, escaped(&label)));
        };
        if let Some(scope) =
            self.scope.filter(|_| !name.is_empty() && !self.ambiguous.contains_key(name))
        {
            let rivals = scope.rivals(name);
            if !rivals.is_empty() {
                self.ambiguous.insert(name, (start, rivals));
            }
        }
        let place = place.map(|place| place.rsplit('#').next().unwrap_or(place));
        let fragment = match place.map(|place| (place, place.strip_prefix('^'))) {
            None => String::new(),
            Some((_, Some(block))) if block_id::is_id(block) => format!("#{}", html::raw_id(block)),
            // It is the place of nothing in another program's index.
            Some((_, Some(_))) => String::new(),
            Some((heading, None)) => format!("#{}", heading_slug(heading)),
        };
        if name.is_empty() && fragment.is_empty() {
            return Some((start..end, escaped(&label)));
        }
        Some((
            start..end,
            format!("[{}]({})", escaped(&label), destination(&(address + &fragment))),
        ))
    }

    /// The two ends of what is highlighted from a place on.
    pub(crate) fn highlight(&mut self, at: usize, code: &Ranges) -> Vec<Change> {
        if self.closed_at == Some(at) {
            return Vec::new();
        }
        let line_end = self.next_line.at_or_after(at).unwrap_or(self.text.len());
        let close = self
            .next_equals
            .at_or_after(at + 2)
            .filter(|close| *close < line_end && may_close(self.text, *close));
        let Some(close) = close.filter(|close| !code.hold(*close)) else { return Vec::new() };
        self.closed_at = Some(close);
        vec![(at..at + 2, "<mark>".to_owned()), (close..close + 2, "</mark>".to_owned())]
    }

    /// The comment that begins at a place. A doubled percent sign is as often the program's that is
    /// written of (`for %%i in`, `"%%d"`, `echo %%PATH%%`), so both marks must stand as those of a
    /// comment do.
    pub(crate) fn comment(&mut self, at: usize, code: &Ranges) -> Option<Change> {
        let text = self.text;
        let close = self.next_percents.at_or_after(at + 2)?;
        let inside = &text[at + 2..close];
        let is_comment = is_comment(&text[..at], inside, &text[close + 2..]);
        if inside.trim().is_empty() || !is_comment || code.hold(close) {
            return None;
        }
        self.comments.get_or_insert((at..close + 2, 0)).1 += 1;
        // Its lines go with it where they are those of an item or a quote: an empty one would part
        // what stands around it.
        let indented = text[..at].trim_end_matches([' ', '\t', '>']);
        let is_inside = inside.contains('\n') && indented.len() < at && indented.ends_with('\n');
        let start = if is_inside { indented.len() - 1 } else { at };
        Some((start..close + 2, String::new()))
    }

    pub(crate) fn findings(self) -> impl Iterator<Item = Placed> {
        let unknown = self.unknown.map(|(at, names)| {
            /// Names that are told.
            const TOLD: usize = 5;
            let told = names.iter().take(TOLD).map(ToString::to_string).collect();
            (at..at + 2, Finding::WikiLinkUnknown { count: names.len(), names: told })
        });
        let comments = self.comments.map(|(first, count)| {
            /// Letters that are told.
            const TOLD: usize = 20;
            let inside = one_line(&self.text[first.start + 2..first.end - 2]);
            let told: String = inside.chars().take(TOLD).collect();
            let told = if told.len() < inside.len() { told + "…" } else { told };
            (first.start..first.start + 2, Finding::WikiComment { count, first: told })
        });
        let ambiguous = self.ambiguous.into_iter().map(|(name, (at, files))| {
            /// Files that are told.
            const TOLD: usize = 4;
            let told = files.iter().take(TOLD).map(ToString::to_string).collect();
            let name = name.to_string();
            (at..at + 2, Finding::FileAmbiguous { name, count: files.len(), files: told })
        });
        unknown.into_iter().chain(ambiguous).chain(comments)
    }
}

/// Whether `==` at a place may open a highlight: two, before a word, and behind what no comparison
/// is written after.
pub(crate) fn may_open(text: &str, at: usize) -> bool {
    let before = text[..at].chars().next_back().unwrap_or(' ');
    let after = text[at + 2..].chars().next().unwrap_or(' ');
    let is_apart = before.is_whitespace()
        || !before.is_ascii()
        || matches!(before, '(' | '[' | '*' | '_' | '~' | '>' | '|' | ':' | ',' | '.');
    is_apart && !after.is_whitespace() && !matches!(after, '=' | '>' | '<')
}

fn may_close(text: &str, at: usize) -> bool {
    let before = text[..at].chars().next_back().unwrap_or(' ');
    !before.is_whitespace()
        && !matches!(before, '=' | '!' | '<')
        && !text[at + 2..].starts_with(['=', '>', '"', '\''])
}

/// Whether what stands between two `%%`, and between these, is a comment: Chinese, or blanks, at
/// both ends of it, or several words; and no quotes around it. Over lines it is one within a
/// paragraph, or where both marks have their lines for themselves.
fn is_comment(before: &str, inside: &str, after: &str) -> bool {
    if before.ends_with(is_quote) || after.starts_with(is_quote) {
        return false;
    }
    let begins_line = begins_line(before);
    let rest = after.trim_start_matches([' ', '\t', '\r']);
    let ends_line = rest.is_empty() || rest.starts_with('\n');
    if inside.contains('\n') {
        let is_apart = inside.starts_with(['\n', '\r']) || begins_line || opens(before, inside);
        let is_closed = inside.trim_end_matches([' ', '\t', '>']).ends_with('\n')
            || ends_line
            || closes(inside, after);
        return is_apart && is_closed && (begins_line && ends_line || !has_blank_line(inside));
    }
    let begins = |c: char| c.is_ascii_alphanumeric();
    let ends = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '!' | '?' | ')');
    let is_sentence = inside.starts_with(begins)
        && inside.ends_with(ends)
        && (begins_line && ends_line || inside.contains(' '));
    is_sentence && !follows_amount(before) || opens(before, inside) && closes(inside, after)
}

/// Between blanks and behind a word of a program `%%` is the remainder of a division; behind a
/// number it is a share.
fn opens(before: &str, inside: &str) -> bool {
    let follows_word = before
        .trim_end_matches([' ', '\t'])
        .ends_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, ')' | ']' | '"' | '\''));
    let is_free = before.is_empty()
        || before.ends_with(['\n', ' ', '\t', '\u{3000}', '|'])
        || before.ends_with(is_chinese);
    inside.starts_with([' ', '\t']) && is_free && !follows_word
        || inside.starts_with(is_chinese) && !follows_amount(before)
}

fn closes(inside: &str, after: &str) -> bool {
    let is_free = after.starts_with([' ', '\t', '\n', '\r', '\u{3000}', '|'])
        || after.is_empty()
        || after.starts_with(is_chinese);
    inside.ends_with([' ', '\t']) && is_free || inside.ends_with(is_chinese)
}

fn follows_amount(before: &str) -> bool {
    before.ends_with(|c: char| c.is_ascii_digit())
}

/// Whether nothing but indentation and marks of quotes and items stands in the line before a place.
fn begins_line(before: &str) -> bool {
    let shown = before.trim_end_matches([' ', '\t', '>']);
    let outside = shown
        .strip_suffix(['-', '*', '+'])
        .map_or(shown, |before| before.trim_end_matches([' ', '\t', '>']));
    outside.is_empty() || outside.ends_with('\n')
}

/// Whether a blank line lies between the first and the last line of a text.
fn has_blank_line(text: &str) -> bool {
    let (_, rest) = text.split_once('\n').unwrap_or_default();
    let (between, _) = rest.rsplit_once('\n').unwrap_or_default();
    rest.contains('\n')
        && between.split('\n').any(|line| line.trim_matches(['>', ' ', '\t', '\r']).is_empty())
}

/// What is quoted is what is written of.
fn is_quote(c: char) -> bool {
    matches!(c, '“' | '”' | '‘' | '’' | '「' | '」' | '『' | '』' | '＂' | '＇' | '"' | '\'' | '`')
}

/// Chinese, and no quote.
fn is_chinese(c: char) -> bool {
    (is_cjk(c) || is_shared_mark(c)) && !is_quote(c)
}

/// What a target says to readers: Obsidian writes `文 > 节`.
fn without_marks(target: &str) -> String {
    let shown = target.split_once("#^").map_or(target, |(path, _)| path);
    let parts = shown.split('#').map(str::trim).filter(|part| !part.is_empty());
    parts.collect::<Vec<&str>>().join(" > ").replace(".md", "")
}

/// A text in which nothing is a mark of Markdown.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '*' | '_' | '`' | '<' | '>' | '~' | '$' | '\\' | '&' | '|') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}
