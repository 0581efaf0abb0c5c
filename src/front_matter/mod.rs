//! Front matter: finding it, and reading it with people's habits in mind.
//!
//! The block, in whatever form it is written (`block`), is cut into its top-level entries first,
//! and the YAML reader reads the value of each on its own. So a mistake costs one entry, not the
//! post; scalars keep their spelling (`3.10`, `on`, `0123`); and every message knows its place.
//! Where a value is not valid YAML but plainly meant (an unquoted colon, a stray quote, a tab), it
//! is taken as meant and a warning says what was assumed. Anchors reach no further than their own
//! entry.
//!
//! Pure. Knows no file names, no site; what the entries mean for a post is decided in `post`.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

use jiff::tz::TimeZone;
use serde_yaml::{Mapping, Value};

mod block;
mod headers;
mod json;
mod keys;
mod list;
mod reader;
mod said;
pub mod stored;
mod tags;
mod toml;
mod unread;
mod value;
mod visibility;
mod yaml;

pub use block::{Form, Head, Split, decode, split};
pub use keys::KNOWN_KEYS;
pub use tags::{Declined, scalar, with_tags};
pub use unread::Limit;
pub use visibility::Visibility;
pub use visibility::{Bound, HIDDEN_BELOW};
use visibility::{conceal, is_secret, is_sign};

use keys::{Meaning, TextField, meaning};
use reader::unreadable;
use said::{Said, said, switch_of};
use value::{depth, mapping, plain_meaning, quote_is_open, unlinked};

use crate::config::{DefaultValue, Defaults, When};
use crate::date;
use crate::diagnostic::{Diagnostic, Lines};
use crate::route::{has_scheme, is_relative, split_path};
use crate::words::Message;
use crate::yaml::with_text_keys;

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
    /// When a note was taken down, where nothing says when it was published.
    pub created: Option<Scalar>,
    pub slug: Option<Scalar>,
    pub permalink: Option<Scalar>,
    pub layout: Option<Scalar>,
    pub lang: Option<Scalar>,
    pub description: Option<Scalar>,
    /// Empty where it is said that there is none.
    pub cover: Option<Scalar>,
    /// What themes of other programs show on top of a post; the cover, where none is said.
    banner: Option<Scalar>,
    pub origin: Option<Scalar>,
    /// Old addresses.
    pub aliases: Vec<Scalar>,
    /// What else links to a note may call it.
    pub names: Vec<Scalar>,
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
    /// Those that the site gives to posts that have none.
    pub default_terms: Vec<(String, Vec<Scalar>)>,
    /// Every other key, as written, for the theme.
    pub extra: Mapping,
    /// Those of them that are texts, numbers or switches, by lower-case key, as they are spelt.
    spelled: Vec<(String, String)>,
}

impl FrontMatter {
    /// The address of the post's picture, and where it is said.
    pub fn picture(&self) -> Option<&Scalar> {
        self.cover.as_ref().or(self.banner.as_ref())
    }

    /// The text under a key, in lower case, as it is spelt; of a list the first.
    pub fn text_of(&self, key: &str) -> Option<&str> {
        let text = match key {
            "lang" => self.lang.as_ref(),
            "layout" => self.layout.as_ref(),
            "source" | "from" => self.origin.as_ref(),
            _ => self.terms.iter().find(|(name, _)| name == key).and_then(|(_, list)| list.first()),
        };
        let text = text.map(|scalar| scalar.text.as_str()).or_else(|| self.spelling_of(key));
        text.map(str::trim).filter(|text| !text.is_empty())
    }

    /// The text, number or switch under a key of the theme's, in lower case, to the letter.
    pub fn spelling_of(&self, key: &str) -> Option<&str> {
        self.spelled.iter().find(|(name, _)| name == key).map(|(_, text)| text.as_str())
    }
}

/// A top-level key with everything that belongs to it.
struct Entry<'a> {
    name: String,
    key: Range<usize>,
    /// As YAML: a piece of the file, or, where that is of another form, what it comes to.
    value: Cow<'a, str>,
    /// Where `value` begins in the file.
    start: usize,
}

impl<'a> Entry<'a> {
    /// An entry that stands in no post.
    fn of_default(key: &str, value: &'a str) -> Entry<'a> {
        Entry { name: key.to_owned(), key: 0..0, value: Cow::Borrowed(value), start: 0 }
    }
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

/// Reads front matter out of `text`, whose block is at `head`. `list_keys` are the lower-case keys
/// that taxonomies read; `jekyll` splits strings of tags as Jekyll does and drops `null`.
pub fn read(
    text: &str,
    head: Head,
    list_keys: &[&str],
    jekyll: bool,
) -> Result<(FrontMatter, Vec<Diagnostic>), Box<Diagnostic>> {
    read_over(&[], text, Some(head), list_keys, jekyll)
}

/// As [`read`], with what the site says for the file's folder where the file itself says nothing,
/// the rule that counts most first.
pub fn read_over(
    defaults: &[&Defaults],
    text: &str,
    head: Option<Head>,
    list_keys: &[&str],
    jekyll: bool,
) -> Result<(FrontMatter, Vec<Diagnostic>), Box<Diagnostic>> {
    let mut reader = Reader {
        text,
        list_keys,
        jekyll,
        front_matter: FrontMatter::default(),
        diagnostics: Vec::new(),
    };
    let mut said = match head {
        Some(head) => reader.read_own(head)?,
        None => HashSet::new(),
    };
    if !defaults.is_empty() {
        let own = std::mem::take(&mut reader.front_matter.terms);
        let found = reader.diagnostics.len();
        reader.read_defaults(defaults, &mut said)?;
        // They are told of once, at their place in site.yaml.
        reader.diagnostics.truncate(found);
        reader.front_matter.default_terms = std::mem::replace(&mut reader.front_matter.terms, own);
    }
    Ok((reader.front_matter, reader.diagnostics))
}

/// The lines of entries that hold a password.
fn secrets(text: &str, entries: &[Entry<'_>]) -> Vec<Range<usize>> {
    let secret: Vec<&Entry<'_>> =
        entries.iter().filter(|entry| is_secret(&entry.name.to_lowercase())).collect();
    let Some(last) = secret.last() else { return Vec::new() };
    // What a value comes to may be longer than what is written.
    let lines = Lines::of(&text[..text.floor_char_boundary(last.start + last.value.len())]);
    let line = |at: usize| lines.place(at..at).line;
    secret
        .iter()
        .map(|entry| line(entry.key.start)..line(entry.start + entry.value.len()) + 1)
        .collect()
}

/// A password is not for the report, which a workflow shows to everybody. False where all of the
/// finding is of the value.
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

/// What is wrong with values of `defaults`: where its key stands in site.yaml, and the finding
/// without its place.
pub fn mistakes_in(
    defaults: &Defaults,
    list_keys: &[&str],
    jekyll: bool,
) -> Vec<(Option<Range<usize>>, Diagnostic)> {
    let mistakes = |DefaultValue { key, value, range }: &DefaultValue| {
        let mut reader = Reader {
            text: "",
            list_keys,
            jekyll,
            front_matter: FrontMatter::default(),
            diagnostics: Vec::new(),
        };
        let refused = reader.read_entry(&key.to_lowercase(), &Entry::of_default(key, value)).err();
        let found = reader.diagnostics.into_iter().chain(refused.map(|refused| *refused));
        found
            .map(|diagnostic| (range.clone(), Diagnostic { place: None, ..diagnostic }))
            .collect::<Vec<_>>()
    };
    defaults.values.iter().flat_map(mistakes).collect()
}

struct Reader<'a> {
    text: &'a str,
    list_keys: &'a [&'a str],
    jekyll: bool,
    front_matter: FrontMatter,
    diagnostics: Vec<Diagnostic>,
}

impl<'a> Reader<'a> {
    /// Reads what the file says. The keys that have a value there, in lower case.
    fn read_own(&mut self, head: Head) -> Result<HashSet<String>, Box<Diagnostic>> {
        let range = &head.range;
        if range.len() > MAX_BYTES {
            let message = say!(
                "the front matter is {} bytes long; at most {} are read",
                range.len(),
                MAX_BYTES
            );
            return Err(Box::new(
                Diagnostic::error("front-matter", message).at(self.text, range.start..range.start),
            ));
        }
        let entries = self.entries(head.clone())?;
        let secrets = secrets(self.text, &entries);
        let without_secrets = |mut found: Box<Diagnostic>| {
            keep_secrets(&mut found, &secrets);
            found
        };
        let mut places: HashMap<String, (usize, usize)> = HashMap::with_capacity(entries.len());
        for (index, entry) in entries.iter().enumerate() {
            places.entry(entry.name.to_lowercase()).or_insert((index, index)).1 = index;
        }
        for (index, entry) in entries.iter().enumerate() {
            let name = entry.name.to_lowercase();
            let (first, last) = places[&name];
            if index == last {
                if first < last {
                    self.report_duplicate(&entries[first], entry);
                }
                self.read_entry(&name, entry).map_err(without_secrets)?;
            } else {
                self.refuse_contradiction(entry, &entries[last]).map_err(without_secrets)?;
            }
            if name == "<<" && head.form == Form::Yaml {
                self.see_merged(head.range.clone(), entry);
            }
        }
        if !secrets.is_empty() {
            self.diagnostics.retain_mut(|found| keep_secrets(found, &secrets));
        }
        let says_something = |entry: &&Entry<'_>| !entry.trimmed().0.is_empty();
        Ok(entries.iter().filter(says_something).map(|entry| entry.name.to_lowercase()).collect())
    }

    fn read_defaults(
        &mut self,
        defaults: &[&Defaults],
        said: &mut HashSet<String>,
    ) -> Result<(), Box<Diagnostic>> {
        // That posts are public on purpose is not for one that says something of it itself.
        let speaks = said.iter().any(|key| is_sign(key));
        for DefaultValue { key, value, .. } in defaults.iter().flat_map(|defaults| &defaults.values)
        {
            let name = key.to_lowercase();
            if !(speaks && visibility::is_public(&name)) && said.insert(name) {
                let refused = self.read_entry(&key.to_lowercase(), &Entry::of_default(key, value));
                refused.map_err(|refused| Box::new(Diagnostic { place: None, ..*refused }))?;
            }
        }
        Ok(())
    }

    fn is_known(&self, name: &str) -> bool {
        let name = name.to_lowercase();
        KNOWN_KEYS.contains(&name.as_str())
            || self.list_keys.contains(&name.as_str())
            || is_sign(&name)
    }

    fn warn(&mut self, code: &'static str, message: Message, hint: Message, range: Range<usize>) {
        self.diagnostics.push(Diagnostic::warning(code, message).hint(hint).at(self.text, range));
    }

    /// Cuts the block into entries, which mean the same in whatever form they are written.
    fn entries(&mut self, head: Head) -> Result<Vec<Entry<'a>>, Box<Diagnostic>> {
        let Head { range, form } = head;
        match form {
            Form::Yaml => self.entries_of_yaml(range),
            Form::Toml => toml::entries(self.text, range),
            Form::Json => json::entries(self.text, range),
            Form::Headers => Ok(headers::entries(self.text, range)),
        }
    }

    fn report_duplicate(&mut self, first: &Entry<'_>, last: &Entry<'_>) {
        let line = self.text[..first.key.start].matches('\n').count() + 1;
        let message =
            say!("`{}` is given twice, first in line {}; the last one counts", &last.name, line);
        self.warn("key-duplicate", message, say!("keep one of them"), last.key.clone());
    }

    fn read_entry(&mut self, name: &str, entry: &Entry<'_>) -> Result<(), Box<Diagnostic>> {
        if self.list_keys.contains(&name) {
            let list = self.list(name, entry)?;
            if !list.is_empty() || !entry.trimmed().0.is_empty() {
                self.front_matter.terms.push((name.to_owned(), list));
            }
            return Ok(());
        }
        self.see(name, entry);
        match meaning(name) {
            Some(Meaning::Text(field)) => return self.text(name, entry, field),
            Some(Meaning::Switch(field)) => {
                *field(&mut self.front_matter) = Self::switch(entry);
                let _ = self.extra(entry);
            }
            Some(Meaning::SwitchOfThemes(field)) => {
                let said = field(&mut self.front_matter);
                *said = said.or(Self::switch(entry));
                let _ = self.extra(entry);
            }
            Some(Meaning::Breaks) => {
                self.front_matter.breaks = match said(entry) {
                    Said::Text(text) if text == "auto" => Some(When::Auto),
                    _ => Self::switch(entry).map(|on| if on { When::Always } else { When::Never }),
                };
                let _ = self.extra(entry);
            }
            // Jekyll's plugin counts from the root.
            Some(Meaning::AliasesFromRoot) => {
                let from_root = |alias: Scalar| {
                    let is_below = is_relative(&alias.text) && !alias.text.starts_with('.');
                    if is_below {
                        Scalar { text: format!("/{}", alias.text.trim_start()), ..alias }
                    } else {
                        alias
                    }
                };
                let list = self.list(name, entry)?;
                self.front_matter.aliases.extend(list.into_iter().map(from_root));
            }
            Some(Meaning::Aliases) => {
                let (addresses, names): (Vec<_>, Vec<_>) =
                    self.list(name, entry)?.into_iter().partition(|alias| is_address(&alias.text));
                self.front_matter.aliases.extend(addresses);
                self.front_matter.names.extend(names);
            }
            Some(Meaning::Address) => {
                self.extra(entry)?;
                let is_path = entry.trimmed().0.trim_start_matches(['"', '\'']).starts_with('/');
                if is_path && !self.jekyll && self.front_matter.permalink.is_none() {
                    self.front_matter.permalink = self.scalar(entry)?;
                }
            }
            Some(Meaning::Published) if Self::switch(entry).is_none() && is_date(entry) => {
                self.see("publishdate", entry)
            }
            Some(Meaning::Published) => self.front_matter.published = self.switch_or_stop(entry)?,
            Some(Meaning::Draft) => {
                self.front_matter.draft = self.switch_or_stop(entry)?;
                if self.front_matter.draft == Some(true) {
                    self.front_matter.visibility.draft = Some(visibility::mark(entry));
                }
            }
            Some(Meaning::Robots) => {
                self.extra(entry)?;
                if entry.value.to_ascii_lowercase().contains("noindex") {
                    self.front_matter.noindex = Some(true);
                }
            }
            Some(Meaning::Created) => {
                self.extra(entry)?;
                let is_text = matches!(said(entry), Said::Text(_)) || is_date(entry);
                self.front_matter.created =
                    if is_text && entry.is_one_line() { self.scalar(entry)? } else { None };
            }
            Some(Meaning::TermsByTaxonomy) => {
                self.extra(entry)?;
                self.terms_of_zola(entry)?;
            }
            Some(Meaning::Structure) => {
                self.extra(entry)?;
                let value =
                    self.front_matter.extra.get(entry.name.as_str()).cloned().unwrap_or_default();
                self.front_matter.structure = Some((value, entry.key.clone()));
            }
            Some(Meaning::Banner) => {
                if self.front_matter.banner.is_none() && mapping(&entry.value).is_none() {
                    // `banner: true` is a theme's own.
                    self.front_matter.banner =
                        self.scalar(entry)?.filter(|scalar| scalar.text.contains(['/', '.']));
                }
                self.extra(entry)?;
            }
            Some(Meaning::Terms | Meaning::Visibility) | None => return self.extra(entry),
        }
        Ok(())
    }

    /// A key that wants one text.
    fn text(
        &mut self,
        name: &str,
        entry: &Entry<'_>,
        field: TextField,
    ) -> Result<(), Box<Diagnostic>> {
        if let Some(map) = mapping(&entry.value) {
            return self.map_for_text(name, entry, &map, field);
        }
        if field(&mut self.front_matter).is_none() {
            let scalar = self.scalar(entry)?.filter(|scalar| name == "title" || !says_none(scalar));
            // A post that has no picture is not shown with the first of its text.
            *field(&mut self.front_matter) = scalar.or_else(|| Self::none(name, entry));
        }
        Ok(())
    }

    /// Zola's map of lists: `taxonomies: {tags: [甲]}`.
    fn terms_of_zola(&mut self, entry: &Entry<'_>) -> Result<(), Box<Diagnostic>> {
        for (key, value) in mapping(&entry.value).unwrap_or_default() {
            let name = key.as_str().unwrap_or_default().to_lowercase();
            if self.list_keys.contains(&name.as_str()) {
                let value =
                    Cow::Owned(serde_json::to_string(&with_text_keys(value)).unwrap_or_default());
                let list = self.list(
                    &name,
                    &Entry {
                        name: name.clone(),
                        key: entry.key.clone(),
                        value,
                        start: entry.start,
                    },
                )?;
                self.front_matter.terms.push((name, list));
            }
        }
        Ok(())
    }

    /// `cover: false`, as Butterfly has it.
    fn none(name: &str, entry: &Entry<'_>) -> Option<Scalar> {
        let (value, at) = entry.trimmed();
        let is_none = matches!(name, "image" | "cover") && value.eq_ignore_ascii_case("false");
        is_none.then(|| Scalar { text: String::new(), quoted: false, range: at..at + value.len() })
    }

    /// A map under a key that wants a text: its address or name counts (`image: {path: …}` of
    /// jekyll-seo-tag, `cover: {image: …}` of PaperMod), and the theme gets the whole.
    fn map_for_text(
        &mut self,
        name: &str,
        entry: &Entry<'_>,
        map: &Mapping,
        field: TextField,
    ) -> Result<(), Box<Diagnostic>> {
        let (value, at) = entry.trimmed();
        let range = at..at + value.len();
        let keys: &[&str] = match name {
            "image" | "cover" => &["path", "url", "src", "image", "img", "feature", "file"],
            _ => &["path", "url", "src", "name", "title"],
        };
        let text = keys
            .iter()
            .find_map(|key| map.get(*key).and_then(Value::as_str))
            .filter(|text| !text.trim().is_empty());
        if let Some(text) = text {
            let scalar = Scalar { text: text.to_owned(), quoted: false, range };
            field(&mut self.front_matter).get_or_insert(scalar);
        } else {
            let inside: Vec<String> =
                map.keys().filter_map(Value::as_str).map(|key| format!("`{key}`")).collect();
            let message = say!(
                "`{}` has no value of its own, but {}, which says nothing here; it is kept for the theme only",
                &entry.name,
                inside
            );
            let hint = match name {
                "image" | "cover" => say!(
                    "write the address of the picture behind it: `{}: picture.png`",
                    &entry.name
                ),
                _ => say!("write its value behind it: `{}: …`", &entry.name),
            };
            self.warn("value-map", message, hint, entry.key.clone());
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
                let hint = say!(
                    "the post is held back, because publishing cannot be undone; write `true` or `false`"
                );
                Err(Box::new(
                    Diagnostic::error("switch-unreadable", message)
                        .hint(hint)
                        .at(self.text, at..at + value.len()),
                ))
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
        if let Some(text) = unlinked(value.trim_matches(['"', '\''])) {
            return Ok(Some(Scalar { text: text.to_owned(), quoted, range }));
        }
        let read = serde_yaml::from_str::<String>(value);
        // A tag, an anchor or `---` is nothing to YAML, and something to people.
        let is_lost = |text: &String| {
            text.trim().is_empty() && entry.is_one_line() && value.starts_with(['!', '&', '-'])
        };
        if let Ok(text) = &read
            && !is_lost(text)
        {
            let text = text.clone();
            if !quoted
                && let Some(comment) = value.find(" #").filter(|_| !value.starts_with(['|', '>']))
            {
                let message = say!(
                    "YAML takes `{}` for a comment; the value ends before it",
                    value[comment + 1..].trim_end()
                );
                let hint = say!("put the value in quotes if the `#` belongs to it");
                self.warn("value-comment", message, hint, at + comment + 1..at + value.len());
            }
            return Ok(Some(Scalar { text, quoted, range })
                .filter(|scalar| !scalar.text.trim().is_empty()));
        }
        // From here on the value is no YAML scalar. One line is taken as it stands; more lines are
        // not plain.
        if !entry.is_one_line() {
            if let Some(first_line) = value.lines().next().filter(|line| quote_is_open(line)) {
                return Ok(Some(self.unclosed(entry, first_line, at)));
            }
            // Indentation counts, so the error of the whole value is the better one; with a U+3000
            // at its start, which YAML takes for text, the whole may have none.
            let (start, whole) = match serde_yaml::from_str::<String>(&entry.value) {
                Err(error) => (entry.start, Err(error)),
                Ok(_) => (at, read),
            };
            if let Err(error) = whole {
                return Err(Box::new(unreadable(self.text, start, &error)));
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
        self.warn(
            "value-unquoted",
            message,
            say!("close the quote at the end of the line"),
            at..at + line.len(),
        );
        Scalar { text, quoted: true, range: at..at + line.len() }
    }

    /// A key of the theme's: any value, kept as it is.
    fn extra(&mut self, entry: &Entry<'_>) -> Result<(), Box<Diagnostic>> {
        let parsed = serde_yaml::from_str::<Value>(&entry.value)
            .and_then(|mut value| value.apply_merge().map(|()| value));
        let value = match parsed {
            Ok(value) if depth(&value) > MAX_DEPTH => {
                let message = say!("`{}` is nested more than {} deep", &entry.name, MAX_DEPTH);
                return Err(Box::new(
                    Diagnostic::error("front-matter", message).at(self.text, entry.key.clone()),
                ));
            }
            Ok(value) => value,
            Err(_) if entry.is_one_line() => match self.scalar(entry)? {
                Some(scalar) => Value::String(scalar.text),
                None => Value::Null,
            },
            Err(error) => return Err(Box::new(unreadable(self.text, entry.start, &error))),
        };
        if matches!(value, Value::String(_) | Value::Number(_) | Value::Bool(_)) {
            let spelled = match &value {
                Value::String(text) => Some(text.clone()),
                _ => serde_yaml::from_str(&entry.value).ok(),
            };
            self.front_matter.spelled.extend(spelled.map(|text| (entry.name.to_lowercase(), text)));
        }
        self.front_matter.extra.insert(Value::String(entry.name.clone()), with_text_keys(value));
        Ok(())
    }
}

/// Whether the value is a date, in whatever zone.
fn is_date(entry: &Entry<'_>) -> bool {
    let value = entry.trimmed().0.trim_matches(['"', '\'']);
    // Obsidian links to the note of the day.
    date::parse(unlinked(value).unwrap_or(value), &TimeZone::UTC, date::Written::Quoted, false)
        .is_some()
}

/// Whether a value says that there is none: `layout: false`.
fn says_none(scalar: &Scalar) -> bool {
    !scalar.quoted && scalar.text.eq_ignore_ascii_case("false")
}

/// Whether one of `aliases` is an address, as in Hugo, or a name, as in Obsidian: `/old/`,
/// `old-name` and `Old.html`, but not `Book Notes`, `TCP/IP` and `旧书`.
fn is_address(alias: &str) -> bool {
    let alias = alias.trim();
    let path = split_path(alias).0;
    let is_of_word = |c: char| {
        c.is_ascii_lowercase()
            || c.is_ascii_digit()
            || matches!(c, '-' | '_' | '.' | '~' | '/' | '%' | '+')
    };
    alias.starts_with(['/', '\\', '.'])
        || has_scheme(alias) && alias.contains("//")
        || path.ends_with('/')
        || [".html", ".htm", ".md"].iter().any(|ending| path.to_ascii_lowercase().ends_with(ending))
        || alias.chars().all(is_of_word)
}

#[cfg(test)]
mod tests;
