//! Front matter: finding it, and reading it with people's habits in mind.
//!
//! The block is cut into its top-level entries first, and the YAML reader reads the value of each on its own. So a
//! mistake costs one entry, not the post; scalars keep their spelling (`3.10`, `on`, `0123`); and every message knows its
//! place. Where a value is not valid YAML but plainly meant (an unquoted colon, a stray quote, a tab), it is taken as
//! meant and a warning says what was assumed. Anchors reach no further than their own entry.
//!
//! Pure. Knows no file names, no site; what the entries mean for a post is decided in `post`.

use std::collections::HashMap;
use std::ops::Range;

use jiff::tz::TimeZone;
use serde_yaml::{Mapping, Value};

mod block;
mod said;
pub mod stored;
mod tags;
mod value;
mod visibility;

pub use block::{Split, decode, split};
pub use tags::{Declined, scalar, with_tags};
pub use visibility::Visibility;
use visibility::{conceal, is_secret, is_sign};

use block::lines;
use said::{Said, said, switch_of};
use value::{depth, flow_pieces, mapping, plain_meaning, quote_is_open};

use crate::config::{When, with_text_keys, yaml_error};
use crate::date;
use crate::diagnostic::{Diagnostic, Lines};
use crate::words::Message;

/// Largest block in bytes; the largest seen in 68,000 real posts is under 8 KB.
const MAX_BYTES: usize = 64 * 1024;
/// Deepest nesting of an entry's value.
const MAX_DEPTH: usize = 16;

/// A scalar as written, with its place in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scalar {
    pub text: String,
    pub quoted: bool,
    pub range: Range<usize>,
}

/// What the front matter of one file says. Absent, empty and `null` values are `None`.
#[derive(Clone, Debug, Default)]
pub struct FrontMatter {
    pub title: Option<Scalar>,
    pub date: Option<Scalar>,
    pub updated: Option<Scalar>,
    pub slug: Option<Scalar>,
    pub permalink: Option<Scalar>,
    pub layout: Option<Scalar>,
    pub lang: Option<Scalar>,
    pub description: Option<Scalar>,
    pub cover: Option<Scalar>,
    pub origin: Option<Scalar>,
    pub aliases: Vec<Scalar>,
    pub published: Option<bool>,
    pub draft: Option<bool>,
    pub noindex: Option<bool>,
    pub sitemap: Option<bool>,
    pub comments: Option<bool>,
    pub math: Option<bool>,
    pub breaks: Option<When>,
    /// What other tools' keys say of who may see the post.
    visibility: Visibility,
    /// What `structure` says, and where.
    pub structure: Option<(Value, Range<usize>)>,
    /// The lists that taxonomies may read, by lower-case key.
    pub terms: Vec<(String, Vec<Scalar>)>,
    /// Every other key, as written, for the theme.
    pub extra: Mapping,
}

/// A line's key, if it looks like one.
struct Key<'a> {
    name: &'a str,
    /// Bytes up to and including the colon.
    length: usize,
    /// The colon is `：`.
    full_width: bool,
    /// Something follows the colon without a blank, so YAML sees no key.
    tight: bool,
}

/// A key is in column 1, without blanks at its start, and ends at a colon.
fn entry_key(line: &str) -> Option<Key<'_>> {
    let first = line.chars().next()?;
    if first.is_whitespace()
        || matches!(first, '#' | '-' | '[' | ']' | '{' | '}' | ',' | '&' | '*' | '!' | '|' | '>' | '@' | '`' | '%' | '：')
    {
        return None;
    }
    if matches!(first, '"' | '\'') {
        let end = 1 + line[1..].find(first)?;
        let rest = &line[end + 1..];
        let colon = end + 1 + (rest.len() - rest.trim_start().len());
        return line[colon..].starts_with(':').then(|| Key { name: &line[1..end], length: colon + 1, full_width: false, tight: false });
    }
    let (at, colon) = line.char_indices().find(|(_, c)| matches!(c, ':' | '：'))?;
    let name = line[..at].trim_end();
    let after = &line[at + colon.len_utf8()..];
    let tight = !after.is_empty() && !after.starts_with([' ', '\t']);
    (name.chars().count() <= 60).then_some(Key {
        name,
        length: at + colon.len_utf8(),
        full_width: colon == '：',
        tight: tight && colon == ':',
    })
}

/// A top-level key with everything that belongs to it.
struct Entry<'a> {
    name: String,
    key: Range<usize>,
    value: &'a str,
    /// Where `value` begins in the file.
    start: usize,
}

impl Entry<'_> {
    /// The value without blanks around it, and where it begins.
    fn trimmed(&self) -> (&str, usize) {
        let mut value = self.value.trim_start();
        // A comment behind the colon says nothing about the lines below.
        while value.starts_with('#') {
            value = value.find('\n').map_or("", |end| value[end..].trim_start());
        }
        (value.trim_end(), self.start + self.value.len() - value.len())
    }

    fn is_one_line(&self) -> bool {
        !self.value.trim_end().contains('\n')
    }
}

/// Reads front matter out of `text`, whose block is at `head`. `list_keys` are the lower-case keys that taxonomies read;
/// `jekyll` splits strings of tags as Jekyll does and drops `null`.
pub fn read(text: &str, head: Range<usize>, list_keys: &[&str], jekyll: bool) -> Result<(FrontMatter, Vec<Diagnostic>), Box<Diagnostic>> {
    if head.len() > MAX_BYTES {
        let message = say!("the front matter is {} bytes long; at most {} are read", head.len(), MAX_BYTES);
        return Err(Box::new(Diagnostic::error("front-matter", message).at(text, head.start..head.start)));
    }
    let mut reader = Reader { text, list_keys, jekyll, front_matter: FrontMatter::default(), diagnostics: Vec::new() };
    let entries = reader.entries(head.clone())?;
    let secrets = secrets(text, &entries);
    let mut places: HashMap<String, (usize, usize)> = HashMap::with_capacity(entries.len());
    for (index, entry) in entries.iter().enumerate() {
        places.entry(entry.name.to_lowercase()).or_insert((index, index)).1 = index;
    }
    let without_secrets = |mut found: Box<Diagnostic>| {
        keep_secrets(&mut found, &secrets);
        found
    };
    for (index, entry) in entries.iter().enumerate() {
        let name = entry.name.to_lowercase();
        let (first, last) = places[&name];
        if index == last {
            if first < last {
                reader.report_duplicate(&entries[first], entry);
            }
            reader.read_entry(&name, entry).map_err(without_secrets)?;
        } else {
            reader.refuse_contradiction(entry, &entries[last]).map_err(without_secrets)?;
        }
        if name == "<<" {
            reader.see_merged(head.clone(), entry);
        }
    }
    let mut diagnostics = reader.diagnostics;
    if !secrets.is_empty() {
        diagnostics.retain_mut(|found| keep_secrets(found, &secrets));
    }
    Ok((reader.front_matter, diagnostics))
}

/// The lines of entries that hold a password.
fn secrets(text: &str, entries: &[Entry<'_>]) -> Vec<Range<usize>> {
    let secret: Vec<&Entry<'_>> = entries.iter().filter(|entry| is_secret(&entry.name.to_lowercase())).collect();
    let Some(last) = secret.last() else { return Vec::new() };
    let lines = Lines::of(&text[..last.start + last.value.len()]);
    let line = |at: usize| lines.place(at..at).line;
    secret.iter().map(|entry| line(entry.key.start)..line(entry.start + entry.value.len()) + 1).collect()
}

/// A password is not for the report, which a workflow shows to everybody. False where all of the finding is of the value.
fn keep_secrets(found: &mut Diagnostic, secrets: &[Range<usize>]) -> bool {
    let Some(place) = found.place.as_mut().filter(|place| {
        let first = secrets.partition_point(|lines| lines.end <= place.line);
        secrets.get(first).is_some_and(|lines| lines.contains(&place.line))
    }) else {
        return true;
    };
    conceal(place);
    !found.code.starts_with("value-")
}

/// The keys that this layer gives a meaning, besides taxonomies.
pub const KNOWN_KEYS: [&str; 32] = [
    "layout",
    "title",
    "date",
    "lastmod",
    "updated",
    "last_modified_at",
    "permalink",
    "slug",
    "redirect_from",
    "aliases",
    "published",
    "public",
    "draft",
    "description",
    "summary",
    "excerpt",
    "image",
    "cover",
    "lang",
    "from",
    "source",
    "noindex",
    "sitemap",
    "comments",
    "math",
    "breaks",
    "structure",
    "author",
    "authors",
    "tags",
    "tag",
    "categories",
];

struct Reader<'a> {
    text: &'a str,
    list_keys: &'a [&'a str],
    jekyll: bool,
    front_matter: FrontMatter,
    diagnostics: Vec<Diagnostic>,
}

impl<'a> Reader<'a> {
    fn is_known(&self, name: &str) -> bool {
        let name = name.to_lowercase();
        KNOWN_KEYS.contains(&name.as_str()) || self.list_keys.contains(&name.as_str()) || is_sign(&name)
    }

    fn warn(&mut self, code: &'static str, message: Message, hint: Message, range: Range<usize>) {
        self.diagnostics.push(Diagnostic::warning(code, message).hint(hint).at(self.text, range));
    }

    /// Cuts the block into entries. A line that begins an entry has a key in column 1; a value in quotes that is still
    /// open takes the next lines too, unless they look like keys.
    fn entries(&mut self, head: Range<usize>) -> Result<Vec<Entry<'a>>, Box<Diagnostic>> {
        let text = self.text;
        let mut entries: Vec<Entry<'a>> = Vec::new();
        for (at, line) in lines(&text[..head.end], head.start) {
            let key = entry_key(line).filter(|key| !(key.tight || key.full_width) || self.is_known(key.name));
            if let Some(key) = key {
                if key.tight {
                    let message = say!("there is no blank after `{}:`; it was read as a key all the same", key.name);
                    self.warn("key-no-blank", message, say!("put a blank after the colon"), at..at + key.length);
                } else if key.full_width {
                    let message = say!("the colon after `{}` is a full-width `：`; it was read as `:`", key.name);
                    self.warn(
                        "key-full-width-colon",
                        message,
                        say!("write `: ` with an ASCII colon and a blank"),
                        at + key.length - 3..at + key.length,
                    );
                }
                entries.push(Entry {
                    name: key.name.to_owned(),
                    key: at..at + key.name.len(),
                    value: &text[at + key.length..at + line.len()],
                    start: at + key.length,
                });
                continue;
            }
            let belongs = line.is_empty() || line.starts_with([' ', '\t', '#', '-', ']', '}']) || line.starts_with('\u{3000}');
            match entries.last_mut() {
                Some(last) if belongs || quote_is_open(last.value) => last.value = &text[last.start..at + line.len()],
                None if line.trim().is_empty() || line.starts_with('#') => {}
                _ => {
                    let diagnostic = Diagnostic::error("front-matter", say!("this line is neither a `key: value` nor part of one"))
                        .hint(say!("indent it if it continues the line above; otherwise give it a key, or remove it"))
                        .at(text, at..at + line.trim_end().len());
                    return Err(Box::new(diagnostic));
                }
            }
        }
        Ok(entries)
    }

    fn report_duplicate(&mut self, first: &Entry<'_>, last: &Entry<'_>) {
        let line = self.text[..first.key.start].matches('\n').count() + 1;
        let message = say!("`{}` is given twice, first in line {}; the last one counts", &last.name, line);
        self.warn("key-duplicate", message, say!("keep one of them"), last.key.clone());
    }

    fn read_entry(&mut self, name: &str, entry: &Entry<'_>) -> Result<(), Box<Diagnostic>> {
        if self.list_keys.contains(&name) {
            let list = self.list(name, entry)?;
            self.front_matter.terms.push((name.to_owned(), list));
            return Ok(());
        }
        self.see(name, entry);
        match name {
            "redirect_from" | "aliases" => {
                let list = self.list(name, entry)?;
                self.front_matter.aliases.extend(list);
            }
            // Obsidian's Web Clipper writes the date under this name.
            "published" if Self::switch(entry).is_none() && is_date(entry) => self.see("publishdate", entry),
            "published" => self.front_matter.published = self.switch_or_stop(entry)?,
            "draft" => {
                self.front_matter.draft = self.switch_or_stop(entry)?;
                if self.front_matter.draft == Some(true) {
                    self.front_matter.visibility.draft = Some(visibility::mark(entry));
                }
            }
            "noindex" => self.front_matter.noindex = Self::switch(entry),
            "sitemap" => self.front_matter.sitemap = Self::switch(entry),
            "comments" => self.front_matter.comments = Self::switch(entry),
            "math" => self.front_matter.math = Self::switch(entry),
            // What themes of Hexo and Hugo call it.
            "mathjax" | "katex" => self.front_matter.math = self.front_matter.math.or(Self::switch(entry)),
            "breaks" => {
                self.front_matter.breaks = match said(entry) {
                    Said::Text(text) if text == "auto" => Some(When::Auto),
                    _ => Self::switch(entry).map(|on| if on { When::Always } else { When::Never }),
                };
            }
            "robots" if entry.value.to_ascii_lowercase().contains("noindex") => {
                self.front_matter.noindex = Some(true);
                self.extra(entry)?;
            }
            "structure" => {
                self.extra(entry)?;
                let value = self.front_matter.extra.get(entry.name.as_str()).cloned().unwrap_or_default();
                self.front_matter.structure = Some((value, entry.key.clone()));
            }
            _ => {
                if let Some(field) = field(&mut self.front_matter, name) {
                    let is_absent = field.is_none();
                    if let Some(map) = mapping(entry.value) {
                        return self.map_for_text(name, entry, &map, is_absent);
                    }
                    // Of several names for one thing, the first in the file counts.
                    if is_absent {
                        let scalar = self.scalar(entry)?;
                        *field_of(&mut self.front_matter, name) = scalar;
                    }
                    return Ok(());
                }
                return self.extra(entry);
            }
        }
        // What is not a switch or a list here may mean something to the theme.
        if matches!(name, "noindex" | "sitemap" | "comments" | "math" | "mathjax" | "katex" | "breaks") {
            let _ = self.extra(entry);
        }
        Ok(())
    }

    /// A map under a key that wants a text: its address or name counts (`image: {path: …}` of jekyll-seo-tag), and the
    /// theme gets the whole.
    fn map_for_text(&mut self, name: &str, entry: &Entry<'_>, map: &Mapping, is_first: bool) -> Result<(), Box<Diagnostic>> {
        let (value, at) = entry.trimmed();
        let range = at..at + value.len();
        let text = ["path", "url", "src", "name", "title"].iter().find_map(|key| map.get(*key).and_then(Value::as_str));
        if let Some(text) = text {
            if is_first {
                *field_of(&mut self.front_matter, name) = Some(Scalar { text: text.to_owned(), quoted: false, range });
            }
        } else {
            let message = say!("`{}` is a map where a text belongs; it is kept for the theme only", &entry.name);
            self.warn("value-map", message, say!("write one text"), entry.key.clone());
        }
        self.extra(entry)
    }

    fn switch(entry: &Entry<'_>) -> Option<bool> {
        if let Said::Text(text) = said(entry) { switch_of(&text) } else { None }
    }

    /// A switch whose misreading would publish what was meant to be hidden.
    fn switch_or_stop(&self, entry: &Entry<'_>) -> Result<Option<bool>, Box<Diagnostic>> {
        let (value, at) = entry.trimmed();
        match Self::switch(entry) {
            Some(on) => Ok(Some(on)),
            None if matches!(said(entry), Said::Nothing) => Ok(None),
            None => {
                let message = say!("`{}: {}` is neither true nor false", &entry.name, value);
                let hint = say!("the post is held back, because publishing cannot be undone; write `true` or `false`");
                Err(Box::new(Diagnostic::error("switch-unreadable", message).hint(hint).at(self.text, at..at + value.len())))
            }
        }
    }

    /// One text value.
    fn scalar(&mut self, entry: &Entry<'_>) -> Result<Option<Scalar>, Box<Diagnostic>> {
        let (value, at) = entry.trimmed();
        if value.is_empty() || matches!(value, "~" | "null" | "Null" | "NULL") {
            return Ok(None);
        }
        let quoted = value.starts_with(['"', '\'']);
        let range = at..at + value.len();
        let read = serde_yaml::from_str::<String>(value);
        if let Ok(text) = read {
            if !quoted && let Some(comment) = value.find(" #").filter(|_| !value.starts_with(['|', '>'])) {
                let message = say!("YAML takes `{}` for a comment; the value ends before it", value[comment + 1..].trim_end());
                let hint = say!("put the value in quotes if the `#` belongs to it");
                self.warn("value-comment", message, hint, at + comment + 1..at + value.len());
            }
            return Ok(Some(Scalar { text, quoted, range }).filter(|scalar| !scalar.text.trim().is_empty()));
        }
        // From here on the value is no YAML scalar. One line is taken as it stands; more lines are not plain.
        if !entry.is_one_line() {
            if let Some(first_line) = value.lines().next().filter(|line| quote_is_open(line)) {
                return Ok(Some(self.unclosed(entry, first_line, at)));
            }
            // Indentation counts, so the error of the whole value is the better one; with a U+3000 at its start, which YAML takes
            // for text, the whole may have none.
            let (start, whole) = match serde_yaml::from_str::<String>(entry.value) {
                Err(error) => (entry.start, Err(error)),
                Ok(_) => (at, read),
            };
            if let Err(error) = whole {
                return Err(Box::new(yaml_error("front-matter", self.text, start, &error)));
            }
        }
        let (text, problem, hint, place) = plain_meaning(value);
        let message = say!("{}; `{}` was read as `{}`", problem, &entry.name, &text);
        self.warn("value-unquoted", message, hint, at + place..at + value.len());
        Ok(Some(Scalar { text, quoted, range }))
    }

    fn unclosed(&mut self, entry: &Entry<'_>, line: &str, at: usize) -> Scalar {
        let text = line[1..].trim().to_owned();
        let problem = say!("the quote that opens here is never closed");
        let message = say!("{}; `{}` was read as `{}`", problem, &entry.name, &text);
        self.warn("value-unquoted", message, say!("close the quote at the end of the line"), at..at + line.len());
        Scalar { text, quoted: true, range: at..at + line.len() }
    }

    /// A list of texts from any of the forms people write: a flow list, a block list, or one string.
    fn list(&mut self, name: &str, entry: &Entry<'_>) -> Result<Vec<Scalar>, Box<Diagnostic>> {
        let (value, at) = entry.trimmed();
        if value.is_empty() || value == "~" {
            return Ok(Vec::new());
        }
        let items = if value.starts_with('[') {
            self.flow_list(name, value, at)
        } else if value.starts_with("- ") || value.starts_with("-\n") || value == "-" || value.contains("\n\t- ") {
            self.block_list(name, entry)
        } else if let Some(map) = mapping(entry.value) {
            // A person with details, as some themes have it: the name counts.
            return Ok(self.named(name, &map, value, at).into_iter().collect());
        } else {
            return self.string_list(name, entry);
        };
        let items = items
            .into_iter()
            .flat_map(|item| if splits_on_full_width(name) { split_text(item, &['，', '、']) } else { vec![item] })
            .filter(|item| !item.text.trim().is_empty() && (!self.jekyll || item.quoted || item.text != "null"))
            .collect();
        Ok(items)
    }

    fn flow_list(&mut self, name: &str, value: &str, at: usize) -> Vec<Scalar> {
        let texts: Option<Vec<String>> = serde_yaml::from_str(value).ok();
        let end = value.rfind(']').unwrap_or(value.len());
        let pieces = flow_pieces(&value[1..end.max(1)]);
        if let Some(texts) = texts {
            let ranges: Vec<Range<usize>> = pieces.iter().map(|piece| at + 1 + piece.start..at + 1 + piece.end).collect();
            return texts
                .into_iter()
                .enumerate()
                .map(|(index, text)| {
                    let range = ranges.get(index).cloned().unwrap_or(at..at + value.len());
                    Scalar { quoted: self.text[range.clone()].starts_with(['"', '\'']), text, range }
                })
                .collect();
        }
        if end == value.len() || !value[end + 1..].trim().is_empty() {
            let message = say!("the list of `{}` is not closed by `]` at its end; it was read as a list all the same", name);
            self.warn("list-unclosed", message, say!("write `[a, b]`"), at..at + value.len());
        }
        pieces.into_iter().filter_map(|piece| self.list_item(name, value[1..][piece.clone()].to_owned(), at + 1 + piece.start)).collect()
    }

    /// One entry of a list that the YAML reader could not take as a whole.
    fn list_item(&mut self, name: &str, item: String, at: usize) -> Option<Scalar> {
        let range = at..at + item.len();
        if let Some(map) = mapping(&item) {
            return self.named(name, &map, &item, at);
        }
        if item.starts_with(['[', '{']) || item.starts_with("- ") {
            let message = say!("a list or map inside `{}` was left out: `{}`", name, item);
            self.warn("list-nested", message, say!("write one flat list"), range);
            return None;
        }
        let quoted = item.starts_with(['"', '\'']);
        let text = serde_yaml::from_str::<String>(&item).unwrap_or_else(|_| item.trim_matches(['"', '\'']).to_owned());
        Some(Scalar { text, quoted, range })
    }

    /// The `name` of a map that stands where a text belongs.
    fn named(&mut self, key: &str, map: &Mapping, value: &str, at: usize) -> Option<Scalar> {
        let range = at..at + value.len();
        if let Some(text) = map.get("name").and_then(Value::as_str) {
            Some(Scalar { text: text.to_owned(), quoted: false, range })
        } else {
            let message = say!("a map inside `{}` was left out, since it has no `name`", key);
            self.warn("list-nested", message, say!("write the name itself"), range);
            None
        }
    }

    fn block_list(&mut self, name: &str, entry: &Entry<'_>) -> Vec<Scalar> {
        let whole: Option<Vec<String>> = serde_yaml::from_str(entry.value).ok();
        let mut items = Vec::new();
        for (at, line) in lines(entry.value, 0) {
            let item = line.trim();
            let at = entry.start + at + (line.len() - line.trim_start().len());
            if let Some(tab) = line.find('\t').filter(|tab| line[..*tab].trim().is_empty()).filter(|_| whole.is_none()) {
                let start = at - (line.len() - line.trim_start().len()) + tab;
                self.warn(
                    "tab-indent",
                    say!("a tab as indentation, which YAML forbids; the line was read as part of the list"),
                    say!("use blanks"),
                    start..start + 1,
                );
            }
            if item.is_empty() || item.starts_with('#') {
                continue;
            }
            if let Some(rest) = item.strip_prefix('-').filter(|rest| rest.is_empty() || rest.starts_with([' ', '\t'])) {
                let text = rest.trim_start();
                if !text.is_empty() {
                    let text_at = at + (item.len() - text.len());
                    items.push((text.to_owned(), text_at));
                }
            } else if let Some((last, last_at)) = items.last_mut() {
                // A line of a map inside the list keeps its place under the first one.
                let column = self.text[..*last_at].rfind('\n').map_or(*last_at, |newline| *last_at - newline - 1);
                let blanks = line.len() - line.trim_start().len();
                last.push('\n');
                last.push_str(&line[blanks.min(column)..]);
            }
        }
        match whole {
            // The reader's own values, with the places of the lines where the two agree in number.
            Some(texts) => {
                let texts: Vec<String> = texts.into_iter().filter(|text| !text.trim().is_empty()).collect();
                let agree = texts.len() == items.len();
                let (value, start) = entry.trimmed();
                texts
                    .into_iter()
                    .enumerate()
                    .map(|(index, text)| {
                        let range = if agree { items[index].1..items[index].1 + items[index].0.len() } else { start..start + value.len() };
                        Scalar { quoted: self.text[range.clone()].starts_with(['"', '\'']), text, range }
                    })
                    .collect()
            }
            None => items.into_iter().filter_map(|(item, at)| self.list_item(name, item, at)).collect(),
        }
    }

    /// One string where a list may stand. Plural keys of tags and categories are split: at commas, else at blanks, as in
    /// Jekyll. Singular keys, authors and addresses are one value.
    fn string_list(&mut self, name: &str, entry: &Entry<'_>) -> Result<Vec<Scalar>, Box<Diagnostic>> {
        let Some(scalar) = self.scalar(entry)? else { return Ok(Vec::new()) };
        if !splits_strings(name) {
            return Ok(vec![scalar]);
        }
        let commas = [',', '，', '、'];
        let items = if scalar.text.contains(commas) && !self.jekyll {
            split_text(scalar, &commas)
        } else if self.jekyll && name == "categories" {
            // These make addresses: split as Ruby does, to the byte.
            split_text(scalar, &[' ', '\t', '\n'])
        } else if self.jekyll {
            split_text(scalar, &[',', '，', '、', ' ', '\t', '\n'])
        } else {
            split_text(scalar, &[' ', '\t', '\n', '\u{3000}'])
        };
        Ok(items.into_iter().filter(|item| !item.text.is_empty()).collect())
    }

    /// A key of the theme's: any value, kept as it is.
    fn extra(&mut self, entry: &Entry<'_>) -> Result<(), Box<Diagnostic>> {
        let parsed = serde_yaml::from_str::<Value>(entry.value).and_then(|mut value| value.apply_merge().map(|()| value));
        let value = match parsed {
            Ok(value) if depth(&value) > MAX_DEPTH => {
                let message = say!("`{}` is nested more than {} deep", &entry.name, MAX_DEPTH);
                return Err(Box::new(Diagnostic::error("front-matter", message).at(self.text, entry.key.clone())));
            }
            Ok(value) => value,
            Err(_) if entry.is_one_line() => match self.scalar(entry)? {
                Some(scalar) => Value::String(scalar.text),
                None => Value::Null,
            },
            Err(error) => return Err(Box::new(yaml_error("front-matter", self.text, entry.start, &error))),
        };
        self.front_matter.extra.insert(Value::String(entry.name.clone()), with_text_keys(value));
        Ok(())
    }
}

/// Whether the value is a date, in whatever zone.
fn is_date(entry: &Entry<'_>) -> bool {
    let (value, _) = entry.trimmed();
    date::parse(value.trim_matches(['"', '\'']), &TimeZone::UTC, date::Written::Quoted, false).is_some()
}

/// The slot of a text key.
fn field<'f>(front_matter: &'f mut FrontMatter, name: &str) -> Option<&'f mut Option<Scalar>> {
    Some(match name {
        "title" => &mut front_matter.title,
        "date" => &mut front_matter.date,
        "lastmod" | "updated" | "last_modified_at" => &mut front_matter.updated,
        "slug" => &mut front_matter.slug,
        "permalink" => &mut front_matter.permalink,
        "layout" => &mut front_matter.layout,
        "lang" => &mut front_matter.lang,
        "description" | "summary" | "excerpt" => &mut front_matter.description,
        "image" | "cover" => &mut front_matter.cover,
        "from" | "source" => &mut front_matter.origin,
        _ => return None,
    })
}

fn field_of<'f>(front_matter: &'f mut FrontMatter, name: &str) -> &'f mut Option<Scalar> {
    field(front_matter, name).expect("asked only for names that have a field")
}

/// Tags run together by a full-width comma inside a list (`[读书，旧书铺]`: 73 of 752 posts of one archive).
fn splits_on_full_width(name: &str) -> bool {
    matches!(name, "tags" | "tag")
}

fn splits_strings(name: &str) -> bool {
    matches!(name, "tags" | "categories")
}

fn split_text(scalar: Scalar, separators: &[char]) -> Vec<Scalar> {
    if !scalar.text.contains(separators) {
        return vec![scalar];
    }
    let Scalar { text, quoted, range } = scalar;
    text.split(separators).map(|part| Scalar { text: part.trim().to_owned(), quoted, range: range.clone() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LISTS: [&str; 4] = ["tags", "tag", "author", "categories"];

    fn front_matter(text: &str) -> (FrontMatter, Vec<Diagnostic>) {
        let (split, _) = split(text, &KNOWN_KEYS).unwrap();
        read(text, split.head.unwrap(), &LISTS, false).unwrap()
    }

    fn tags(value: &str) -> Vec<String> {
        let (front_matter, _) = front_matter(&format!("---\ntags: {value}\n---\n"));
        front_matter.terms[0].1.iter().map(|tag| tag.text.clone()).collect()
    }

    #[test]
    fn wide_blanks_break_nothing() {
        for text in ["---\ntags:\u{A0}\n}\n---\nx", "---\ntitle:\u{3000}\n  @a\n---\nx", "---\ntitle:\u{3000}\n  %\n---\nx"] {
            let (split, _) = split(text, &KNOWN_KEYS).unwrap();
            if let Err(refused) = read(text, split.head.unwrap(), &LISTS, false) {
                assert!(refused.place.is_some_and(|place| (2..=3).contains(&place.line)), "{text:?}");
            }
        }
    }

    #[test]
    fn scalars_keep_their_spelling() {
        assert_eq!(tags("[10,2025,3.10,on,null,2020-01-01,true,007]"), ["10", "2025", "3.10", "on", "null", "2020-01-01", "true", "007"]);
        assert_eq!(tags("[C, \"C#\", C++, a/b, .., \"50%?\"]"), ["C", "C#", "C++", "a/b", "..", "50%?"]);
        assert_eq!(tags("[读书，旧书铺]"), ["读书", "旧书铺"]);
        assert_eq!(tags("技术, 生活"), ["技术", "生活"]);
        assert_eq!(tags("dotnet csharp 性能"), ["dotnet", "csharp", "性能"]);
        assert_eq!(tags("\n  - A\n  -\n  - B\n"), ["A", "B"]);
        assert_eq!(tags("[测试, [内, 层], x]"), ["测试", "x"]);
        assert_eq!(tags("404"), ["404"]);
    }

    #[test]
    fn values_are_read_as_meant() {
        let title = |value: &str| {
            let (front_matter, diagnostics) = front_matter(&format!("---\ntitle: {value}\nauthor: \"某\"\n---\n"));
            let place = diagnostics[0].place.as_ref().unwrap();
            (front_matter.title.unwrap().text, place.line, place.column)
        };
        assert_eq!(title("ViMax: 视频"), ("ViMax: 视频".into(), 2, 13));
        assert_eq!(title("[转]文章"), ("[转]文章".into(), 2, 11));
        assert_eq!(title("@微信"), ("@微信".into(), 2, 8));
        assert_eq!(title("**重要**通知"), ("**重要**通知".into(), 2, 8));
        assert_eq!(title("\"水平\\智力\""), ("水平\\智力".into(), 2, 11));
        assert_eq!(title("\"他说\"好\"就走了\""), ("他说\"好\"就走了".into(), 2, 12));
        assert_eq!(title("\"没有结束的引号"), ("没有结束的引号".into(), 2, 8));
        assert_eq!(title("C 语言 #1"), ("C 语言".into(), 2, 13));
    }

    #[test]
    fn two_line_quotes_hold_together() {
        let (front_matter, diagnostics) = front_matter("---\ntitle: \"一座老桥\n　　——讲稿\"\ntags: a\n---\n");
        assert_eq!(crate::text::one_line(&front_matter.title.unwrap().text), "一座老桥 ——讲稿");
        assert!(diagnostics.is_empty() && front_matter.terms.len() == 1);
    }

    #[test]
    fn bombs_and_depths_are_refused() {
        let mut bomb = String::from("---\nx:\n  a0: &a0 [x,x,x,x,x,x,x,x,x]\n");
        for i in 1..10 {
            bomb.push_str(&format!("  a{i}: &a{i} [{}]\n", vec![format!("*a{}", i - 1); 9].join(",")));
        }
        bomb.push_str("---\n");
        let (split, _) = split(&bomb, &KNOWN_KEYS).unwrap();
        assert!(read(&bomb, split.head.unwrap(), &LISTS, false).is_err());
        let deep = format!("---\nx: {}{}\n---\n", "[".repeat(100), "]".repeat(100));
        let (split, _) = super::split(&deep, &KNOWN_KEYS).unwrap();
        assert!(read(&deep, split.head.unwrap(), &LISTS, false).is_err());
    }

    proptest! {
        #[test]
        fn any_file_is_read_or_refused(text in "(?s)(---\n)?([a-zA-Z:：\"'\\[\\]{}#,|>&*!@%\\- \t\n中文]|title: |tags: ){0,80}(---\n)?") {
            if let Ok((split, _)) = split(&text, &KNOWN_KEYS) && let Some(head) = split.head {
                let _ = read(&text, head, &LISTS, false);
            }
        }

        #[test]
        fn any_bytes_are_decoded_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            let _ = decode(&bytes);
        }
    }
}
