//! Lists of texts (tags, authors, old addresses) in all the forms in which people write them.

use std::ops::Range;

use serde_yaml::{Mapping, Value};

use super::Scalar;
use super::entry::Entry;
use super::reader::FrontMatterReader;
use super::value::{flow_pieces, mapping, unlinked};
use super::yaml::lines;
use crate::diagnostic::Diagnostic;
use crate::permalink::PATH_SEPARATOR;

impl FrontMatterReader<'_> {
    /// Reads a list of texts from any of the forms people write: a flow list, a block list, or one
    /// string.
    pub(super) fn list(
        &mut self,
        name: &str,
        entry: &Entry<'_>,
    ) -> Result<Vec<Scalar>, Box<Diagnostic>> {
        let (value, at) = entry.trimmed();
        if value.is_empty() || value == "~" {
            return Ok(if is_of_tags(name) { self.marked_tags(name, entry) } else { Vec::new() });
        }
        let items = if let Some(text) = unlinked(value).filter(|_| !value.contains(',')) {
            vec![Scalar { text: text.to_owned(), quoted: false, range: at..at + value.len() }]
        } else if value.starts_with('[') {
            self.flow_list(name, value, at)
        } else if value.starts_with("- ")
            || value.starts_with("-\n")
            || value == "-"
            || value.contains("\n\t- ")
            || has_tight_dashes(entry)
        {
            self.block_list(name, entry)
        } else if let Some(map) = mapping(&entry.value) {
            // A person with details, as some themes have it: the name counts.
            return Ok(self.named(name, &map, value, at).into_iter().collect());
        } else if value.eq_ignore_ascii_case("false") {
            // `categories: false`, as themes of Hexo have it.
            return Ok(Vec::new());
        } else {
            return self.string_list(name, entry);
        };
        let items =
            items
                .into_iter()
                .map(linked)
                .flat_map(|item| {
                    if is_of_tags(name) { split_text(item, &['，', '、']) } else { vec![item] }
                })
                .filter(|item| {
                    !item.text.trim().is_empty()
                        && (!self.compat.is_jekyll() || item.quoted || item.text != "null")
                })
                .collect();
        Ok(items)
    }

    /// `tags: #甲 #乙`, which YAML takes for a comment, as is `tags: # 以后`.
    fn marked_tags(&mut self, name: &str, entry: &Entry<'_>) -> Vec<Scalar> {
        let line = entry.value.split('\n').next().unwrap_or_default();
        let start = entry.start + (line.len() - line.trim_start().len());
        let line = line.trim();
        if line.is_empty() || !line.split_whitespace().all(|word| marked(word).is_some()) {
            return Vec::new();
        }
        self.warn_marked(name, line, start);
        let tag = |word: &str| Scalar {
            text: word[1..].to_owned(),
            quoted: false,
            range: start..start + line.len(),
        };
        line.split_whitespace().map(tag).collect()
    }

    fn warn_marked(&mut self, name: &str, written: &str, at: usize) {
        let message =
            say!("YAML takes `{}` for a comment; it was read as `{}` all the same", written, name);
        self.warn(
            "tags-marked",
            message,
            say!("write `[a, b]`, without `#`"),
            at..at + written.len(),
        );
    }

    fn flow_list(&mut self, name: &str, value: &str, at: usize) -> Vec<Scalar> {
        let texts: Option<Vec<String>> = serde_yaml::from_str(value).ok();
        let end = value.rfind(']').unwrap_or(value.len());
        let inside = &value[1..end.max(1)];
        let mut pieces = flow_pieces(inside, &[',']);
        if let Some(texts) = texts {
            return texts
                .into_iter()
                .enumerate()
                .map(|(index, text)| match pieces.get(index) {
                    Some(piece) => Scalar {
                        quoted: inside[piece.clone()].starts_with(['"', '\'']),
                        text,
                        range: at + 1 + piece.start..at + 1 + piece.end,
                    },
                    None => Scalar { quoted: false, text, range: at..at + value.len() },
                })
                .collect();
        }
        if end == value.len() || !value[end + 1..].trim().is_empty() {
            let message = say!(
                "the list of `{}` is not closed by `]` at its end; it was read as a list all the same",
                name
            );
            self.warn("list-unclosed", message, say!("write `[a, b]`"), at..at + value.len());
        }
        let parted = flow_pieces(inside, &[',', '，', '、']);
        if parted.len() > pieces.len() && inside.contains(['"', '\'']) {
            let message = say!(
                "`，` does not part a list in YAML; the list of `{}` was read all the same",
                name
            );
            self.warn(
                "list-full-width-comma",
                message,
                say!("write `[a, b]`"),
                at..at + value.len(),
            );
            pieces = parted;
        }
        pieces
            .into_iter()
            .flat_map(|piece| {
                self.list_item(name, inside[piece.clone()].to_owned(), at + 1 + piece.start)
            })
            .collect()
    }

    /// One entry of a list that the YAML reader could not take as a whole.
    fn list_item(&mut self, name: &str, item: String, at: usize) -> Vec<Scalar> {
        let range = at..at + item.len();
        if unlinked(&item).is_some() && !item.contains(',') {
            return vec![Scalar { text: item, quoted: false, range }];
        }
        if let Some(map) = mapping(&item) {
            return self.named(name, &map, &item, at).into_iter().collect();
        }
        if item.starts_with(['[', '{']) || item.starts_with("- ") {
            if let Some(names) = serde_yaml::from_str::<Vec<String>>(&item)
                .ok()
                .filter(|_| matches!(name, "categories" | "category"))
            {
                return self.path(&names, &range);
            }
            let message = say!("a list or map inside `{}` was left out: `{}`", name, item);
            self.warn("list-nested", message, say!("write one flat list"), range);
            return Vec::new();
        }
        if let Some(tag) = marked(&item).filter(|_| is_of_tags(name)) {
            self.warn_marked(name, &item, at);
            return vec![Scalar { text: tag.to_owned(), quoted: false, range }];
        }
        let quoted = item.starts_with(['"', '\'']);
        let text = serde_yaml::from_str::<String>(&item)
            .unwrap_or_else(|_| item.trim_matches(['"', '\'']).to_owned());
        vec![Scalar { text, quoted, range }]
    }

    /// Hexo's path of categories, `[技术, 前端]`: the post is in each of them, and the name of one
    /// tells those above it. Jekyll knows no paths.
    fn path(&self, names: &[String], range: &Range<usize>) -> Vec<Scalar> {
        let names: Vec<&str> =
            names.iter().map(|name| name.trim()).filter(|name| !name.is_empty()).collect();
        let of = |index: usize| {
            if self.compat.is_jekyll() {
                names[index].to_owned()
            } else {
                names[..=index].join(PATH_SEPARATOR)
            }
        };
        (0..names.len())
            .map(|index| Scalar { text: of(index), quoted: true, range: range.clone() })
            .collect()
    }

    /// Returns the `name` of a map that stands where a text belongs.
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
        let mut whole: Option<Vec<String>> = serde_yaml::from_str(&entry.value).ok();
        let mut items: Vec<(String, usize)> = Vec::new();
        // In which column of its line the last item begins.
        let mut column = 0;
        let mut tight: Option<Range<usize>> = None;
        for (begins, line) in lines(&entry.value, 0) {
            let item = line.trim();
            let blanks = line.len() - line.trim_start().len();
            let at = entry.start + begins + blanks;
            if let Some(tab) = line[..blanks].find('\t').filter(|_| whole.is_none()) {
                let start = entry.start + begins + tab;
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
            let is_item = |rest: &&str| {
                rest.is_empty()
                    || rest.starts_with([' ', '\t'])
                    || (whole.is_none() && !rest.starts_with('-'))
            };
            let is_within =
                items.last().is_some_and(|(last, _)| last.starts_with("- ") && blanks >= column);
            if let Some(rest) = item.strip_prefix('-').filter(|rest| is_item(rest) && !is_within) {
                let text = rest.trim_start();
                if !text.is_empty() {
                    if text.len() == rest.len() {
                        tight.get_or_insert(at..at + item.len());
                    }
                    column = blanks + (item.len() - text.len());
                    items.push((text.to_owned(), at + (item.len() - text.len())));
                }
            } else if let Some((last, _)) = items.last_mut() {
                // A line of a map inside the list keeps its place under the first one.
                last.push('\n');
                last.push_str(&line[blanks.min(column)..]);
            }
        }
        if let Some(place) = tight {
            let message = say!(
                "there is no blank after the `-`; the lines were read as the list of `{}` all the same",
                name
            );
            self.warn("dash-no-blank", message, say!("put a blank after each `-`"), place);
        }
        if is_of_tags(name) && items.iter().any(|(item, _)| marked(item).is_some()) {
            whole = None;
        }
        match whole {
            // The reader's own values, with the places of the lines where the two agree in number.
            Some(texts) => {
                let texts: Vec<String> =
                    texts.into_iter().filter(|text| !text.trim().is_empty()).collect();
                let agree = texts.len() == items.len();
                let (value, start) = entry.trimmed();
                texts
                    .into_iter()
                    .enumerate()
                    .map(|(index, text)| {
                        let (item, at) = if agree {
                            (items[index].0.as_str(), items[index].1)
                        } else {
                            (value, start)
                        };
                        Scalar {
                            quoted: item.starts_with(['"', '\'']),
                            text,
                            range: at..at + item.len(),
                        }
                    })
                    .collect()
            }
            None => {
                items.into_iter().flat_map(|(item, at)| self.list_item(name, item, at)).collect()
            }
        }
    }

    /// One string where a list may stand. Plural keys of tags and categories are split: at commas,
    /// else at blanks, as in Jekyll. Singular keys, authors and addresses are one value.
    fn string_list(
        &mut self,
        name: &str,
        entry: &Entry<'_>,
    ) -> Result<Vec<Scalar>, Box<Diagnostic>> {
        let Some(scalar) = self.scalar(entry)? else { return Ok(Vec::new()) };
        if !splits_strings(name) {
            return Ok(vec![scalar]);
        }
        let scalar = self.without_wide_brackets(name, scalar);
        let commas = [',', '，', '、'];
        let items = if scalar.text.contains(commas) && !self.compat.is_jekyll() {
            split_text(scalar, &commas)
        } else if self.compat.is_jekyll() && name == "categories" {
            // These make addresses: split as Ruby does, to the byte.
            split_text(scalar, &[' ', '\t', '\n'])
        } else if self.compat.is_jekyll() {
            split_text(scalar, &[',', '，', '、', ' ', '\t', '\n'])
        } else {
            split_text(scalar, &[' ', '\t', '\n', '\u{3000}'])
        };
        Ok(items.into_iter().map(linked).filter(|item| !item.text.is_empty()).collect())
    }

    /// `【甲，乙】` and `［甲，乙］` are lists whose keyboard was in Chinese.
    fn without_wide_brackets(&mut self, name: &str, scalar: Scalar) -> Scalar {
        let pairs = [('【', '】'), ('［', '］')];
        let inside = pairs
            .iter()
            .find_map(|(open, close)| scalar.text.trim().strip_prefix(*open)?.strip_suffix(*close));
        let Some(inside) =
            inside.filter(|inside| !inside.contains(['【', '［'])).map(str::to_owned)
        else {
            return scalar;
        };
        let message = say!(
            "full-width brackets do not make a list in YAML; the list of `{}` was read all the same",
            name
        );
        self.warn("list-full-width-comma", message, say!("write `[a, b]`"), scalar.range.clone());
        Scalar { text: inside, ..scalar }
    }
}

/// Returns the keys whose texts people part by whatever is at hand: `[读书，旧书铺]`, in 73 of 752 posts
/// of one archive, and `#甲 #乙`.
fn is_of_tags(name: &str) -> bool {
    matches!(name, "tags" | "tag")
}

fn splits_strings(name: &str) -> bool {
    matches!(name, "tags" | "categories")
}

/// Returns the tag that a word is in other places: `#甲`.
fn marked(word: &str) -> Option<&str> {
    word.strip_prefix('#').filter(|tag| {
        !tag.is_empty() && !tag.starts_with([' ', '\t']) && !tag.contains(['#', '\n'])
    })
}

/// Returns whether the lines below the key are a list whose dashes have no blank after them.
fn has_tight_dashes(entry: &Entry<'_>) -> bool {
    let (first, below) = entry.value.split_once('\n').unwrap_or((&entry.value, ""));
    let mut items = below.lines().map(str::trim).filter(|line| !line.is_empty()).peekable();
    (first.trim().is_empty() || first.trim().starts_with('#'))
        && items.peek().is_some()
        && items.all(|item| item.starts_with('-'))
}

fn linked(item: Scalar) -> Scalar {
    match unlinked(&item.text).map(str::to_owned) {
        Some(text) => Scalar { text, ..item },
        None => item,
    }
}

fn split_text(scalar: Scalar, separators: &[char]) -> Vec<Scalar> {
    if !scalar.text.contains(separators) {
        return vec![scalar];
    }
    let Scalar { text, quoted, range } = scalar;
    text.split(separators)
        .map(|part| Scalar { text: part.trim().to_owned(), quoted, range: range.clone() })
        .collect()
}
