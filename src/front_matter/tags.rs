//! Writing tags into a file that has none, so that every other byte stays.

use std::ops::Range;

use serde_yaml::{Mapping, Value};

use super::reader::FrontMatterReader;
use super::{Form, FrontMatter, FrontMatterBlock, KNOWN_KEYS, Scalar, decode, read, split};
use crate::compat::Compat;
use crate::config::When;
use crate::words::Message;

/// Why a file is left as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Declined {
    HasTags,
    /// It is better edited by hand: what was written would not be read back as meant.
    Unclear(Message),
}

impl From<Message> for Declined {
    fn from(why: Message) -> Declined {
        Declined::Unclear(why)
    }
}

/// Returns the text of a file with `tags` in its front matter, as its taxonomy's `keys` read them:
/// in the place of an empty list, else as the block's last line (its first where the last belongs
/// to a text), else in a block of its own. `list_keys` and `compat` are as for [`read`].
pub fn with_tags(
    raw: &str,
    tags: &[String],
    keys: &[&str],
    list_keys: &[&str],
    compat: Compat,
) -> Result<String, Declined> {
    let old = TaggedFile::read(raw, keys, list_keys, compat)?;
    if old.has_tags() {
        return Err(Declined::HasTags);
    }
    let list = format!("[{}]", tags.iter().map(|tag| scalar(tag)).collect::<Vec<_>>().join(", "));
    for (range, inserted) in old.edits(&list)? {
        let range = raw_offset(raw, range.start)..raw_offset(raw, range.end);
        let inserted = inserted.replace('\n', line_end(raw, range.start));
        let new = format!("{}{inserted}{}", &raw[..range.start], &raw[range.end..]);
        if TaggedFile::read(&new, keys, list_keys, compat)
            .is_ok_and(|again| again.is_as_meant(&old, tags))
        {
            return Ok(new);
        }
    }
    Err(say!("with tags its front matter would be read differently").into())
}

/// A file as this program reads it.
struct TaggedFile<'k> {
    text: String,
    head: Option<FrontMatterBlock>,
    body: usize,
    front_matter: FrontMatter,
    keys: &'k [&'k str],
    list_keys: &'k [&'k str],
    compat: Compat,
}

/// A scalar as it is written, and whether in quotes.
type Written<'f> = (&'f str, bool);

fn written(scalar: &Scalar) -> Written<'_> {
    (&scalar.text, scalar.quoted)
}

/// All that front matter says besides tags.
#[derive(PartialEq)]
struct FrontMatterRest<'f> {
    texts: [Option<Written<'f>>; 12],
    aliases: Vec<Written<'f>>,
    switches: [Option<bool>; 7],
    breaks: Option<When>,
    structure: Option<&'f Value>,
    terms: Vec<(&'f str, Vec<Written<'f>>)>,
    extra: &'f Mapping,
}

impl<'k> TaggedFile<'k> {
    fn read(
        raw: &str,
        keys: &'k [&'k str],
        list_keys: &'k [&'k str],
        compat: Compat,
    ) -> Result<TaggedFile<'k>, Declined> {
        let (text, _) =
            decode(raw.as_bytes()).map_err(|diagnostic| Declined::Unclear(diagnostic.message))?;
        let (found, finding) = split(&text, &KNOWN_KEYS)
            .map_err(|diagnostic| Declined::Unclear(diagnostic.message))?;
        if let Some(finding) = finding.filter(|finding| finding.code == "front-matter-unopened") {
            return Err(Declined::Unclear(finding.message));
        }
        let front_matter = match &found.head {
            Some(head) => {
                read(&text, head.clone(), list_keys, compat)
                    .map_err(|diagnostic| Declined::Unclear(diagnostic.message))?
                    .0
            }
            None => FrontMatter::default(),
        };
        Ok(TaggedFile {
            text,
            head: found.head,
            body: found.body,
            front_matter,
            keys,
            list_keys,
            compat,
        })
    }

    fn tags(&self) -> impl Iterator<Item = &Scalar> {
        self.front_matter
            .terms
            .iter()
            .filter(|(name, _)| self.keys.contains(&name.as_str()))
            .flat_map(|(_, list)| list)
    }

    fn has_tags(&self) -> bool {
        self.tags().any(|tag| !tag.text.trim().is_empty())
    }

    fn body(&self) -> &str {
        &self.text[self.body..]
    }

    /// Returns all that the front matter says besides tags, without places.
    fn rest(&self) -> FrontMatterRest<'_> {
        let FrontMatter {
            title,
            date,
            updated,
            created,
            slug,
            permalink,
            layout,
            lang,
            description,
            cover,
            origin,
            aliases,
            names,
            published,
            draft,
            noindex,
            sitemap,
            search,
            comments,
            math,
            breaks,
            // All but a date of publication stands in `extra` as well.
            visibility,
            structure,
            terms,
            // The site's, not the file's.
            default_terms: _,
            extra,
            // As in `extra`.
            banner: _,
            spelled: _,
        } = &self.front_matter;
        let texts = [
            title,
            date,
            updated,
            created,
            slug,
            permalink,
            layout,
            lang,
            description,
            cover,
            origin,
            &visibility.publish_date,
        ];
        let terms = terms.iter().filter(|(name, _)| !self.keys.contains(&name.as_str()));
        FrontMatterRest {
            texts: texts.map(|field| field.as_ref().map(written)),
            aliases: aliases.iter().chain(names).map(written).collect(),
            switches: [*published, *draft, *noindex, *sitemap, *search, *comments, *math],
            breaks: *breaks,
            structure: structure.as_ref().map(|(value, _)| value),
            terms: terms
                .map(|(name, list)| (&**name, list.iter().map(written).collect()))
                .collect(),
            extra,
        }
    }

    /// Returns whether this is `old` with tags.
    fn is_as_meant(&self, old: &TaggedFile<'_>, tags: &[String]) -> bool {
        self.tags().map(|scalar| &scalar.text).eq(tags)
            && self.rest() == old.rest()
            && self.body().trim_start_matches('\n') == old.body().trim_start_matches('\n')
    }

    /// Returns what of the text to replace by what; the first is best.
    fn edits(&self, list: &str) -> Result<Vec<(Range<usize>, String)>, Declined> {
        let key =
            self.keys.first().ok_or_else(|| say!("no key of the front matter is read as tags"))?;
        let Some(head) = &self.head else {
            let blank =
                if self.body().is_empty() || self.body().starts_with('\n') { "" } else { "\n" };
            return Ok(vec![(self.body..self.body, format!("---\n{key}: {list}\n---\n{blank}"))]);
        };
        if head.form != Form::Yaml {
            return Err(say!(
                "its front matter is {}; tags are written into YAML only",
                head.form.name()
            )
            .into());
        }
        let mut reader = FrontMatterReader::new(&self.text, self.list_keys, self.compat);
        let entries = reader
            .entries(head.clone())
            .map_err(|diagnostic| Declined::Unclear(diagnostic.message))?;
        // Of a key that is given twice, the last one counts.
        let Some(empty) = self
            .keys
            .iter()
            .find_map(|key| entries.iter().rfind(|entry| entry.name.to_lowercase() == *key))
        else {
            let line = format!("{key}: {list}\n");
            let Range { start, end } = head.range;
            return Ok(vec![(end..end, line.clone()), (start..start, line)]);
        };
        let (value, at) = empty.trimmed();
        let value = without_comments(value);
        let is_nothing = value.eq_ignore_ascii_case("null")
            || value.chars().all(|c| " \t\n[]'\"~-|>".contains(c));
        if !is_nothing {
            return Err(
                say!("with tags `{}` would be lost, which stands in their place", value).into()
            );
        }
        let gap = &self.text[empty.start..at];
        let replaced = match value {
            "" => empty.start..empty.start,
            // A list of empty lines below its key.
            value if gap.contains('\n') && !gap.contains('#') => empty.start..at + value.len(),
            value => at..at + value.len(),
        };
        let is_first =
            entries.iter().position(|entry| entry.name.to_lowercase() == empty.name.to_lowercase());
        let is_first = is_first.is_none_or(|first| entries[first].start == empty.start);
        self.as_yaml_reads_it(empty.start, replaced, list, is_first).map(|edit| vec![edit])
    }

    /// Returns the edit that puts `list` in the place of `replaced`, behind the key that ends at
    /// `start`, and makes of a line that only this program reads as a key one that all do: an ASCII
    /// colon, a blank, no blanks of other alphabets. Where such a key was given before, other
    /// programs saw one and would see two.
    fn as_yaml_reads_it(
        &self,
        start: usize,
        replaced: Range<usize>,
        list: &str,
        is_first: bool,
    ) -> Result<(Range<usize>, String), Declined> {
        let is_odd = |c: char| c.is_whitespace() && !matches!(c, ' ' | '\t' | '\n');
        let before = &self.text[start..replaced.start];
        let after = &self.text[replaced.end..];
        let blanks = &after[..after.len()
            - after.trim_start_matches(|c: char| c.is_whitespace() && c != '\n').len()];
        let is_full_width = self.text[..start].ends_with('：');
        let is_tight = self.text[start..].starts_with(|c: char| !matches!(c, ' ' | '\t' | '\n'));
        if (is_full_width || is_tight) && !is_first {
            return Err(say!(
                "its key is given twice, and other programs read one of the two only"
            )
            .into());
        }
        let mut range = replaced;
        let mut inserted = list.to_owned();
        if is_full_width
            || before.contains(is_odd)
            || (!before.contains('\n') && !before.starts_with([' ', '\t']))
        {
            // The gap goes too, unless a comment stands in it: then the value stays below.
            let gap_ends = before
                .find(|c: char| !c.is_whitespace() || c == '\n')
                .map_or(range.start, |end| start + end);
            if gap_ends < range.start {
                return Err(say!(
                    "with tags other programs would read its front matter differently"
                )
                .into());
            }
            range.start = if is_full_width { start - '：'.len_utf8() } else { start };
            inserted = if is_full_width { format!(": {list}") } else { format!(" {list}") };
        }
        let comment_follows = after[blanks.len()..].starts_with('#');
        if blanks.contains(is_odd) || (blanks.is_empty() && comment_follows) {
            range.end += blanks.len();
            inserted.push_str(if comment_follows { " " } else { "" });
        }
        Ok((range, inserted))
    }
}

/// Returns the value up to the comments at its end.
fn without_comments(mut value: &str) -> &str {
    loop {
        let line = value.rfind('\n').map_or(0, |at| at + 1);
        let comment = match &value[line..] {
            last if last.trim_start().starts_with('#') => Some(0),
            last => last.find(" #").or_else(|| last.find("\t#")),
        };
        match comment {
            Some(comment) => value = value[..line + comment].trim_end(),
            None => return value,
        }
    }
}

/// Returns a value or an item of a list, in quotes wherever YAML 1.1 or 1.2 might take it for
/// something else.
pub fn scalar(text: &str) -> String {
    const WORDS: [&str; 11] =
        ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"];
    let is_plain = text.starts_with(char::is_alphabetic)
        && text.chars().all(|c| {
            c.is_alphanumeric() || matches!(c, '+' | '#' | '_' | '-' | '.' | '&' | '%' | '·')
        })
        && !WORDS.iter().any(|word| word.eq_ignore_ascii_case(text));
    if is_plain {
        text.to_owned()
    } else if text.contains(['"', '\\']) && !text.contains(char::is_control) {
        format!("'{}'", text.replace('\'', "''"))
    } else {
        // A string of JSON is one of YAML.
        serde_json::Value::from(text).to_string()
    }
}

/// Returns where a byte of the decoded text stands in the file (see [`decode`]).
fn raw_offset(raw: &str, offset: usize) -> usize {
    let bytes = raw.as_bytes();
    let (mut at, mut decoded) = (0, 0);
    while decoded < offset && at < bytes.len() {
        match bytes[at] {
            b'\r' if bytes.get(at + 1) == Some(&b'\n') => at += 2,
            0 => {
                decoded += '\u{FFFD}'.len_utf8() - 1;
                at += 1;
            }
            _ => at += 1,
        }
        decoded += 1;
    }
    at
}

/// Returns how lines end around an offset: as the line before, else as the first of the file.
fn line_end(raw: &str, at: usize) -> &'static str {
    let end = raw[..at].rfind(['\n', '\r']).or_else(|| raw.find(['\n', '\r'])).unwrap_or(raw.len());
    match &raw.as_bytes()[end..] {
        [b'\r', b'\n', ..] => "\r\n",
        [b'\n', ..] if raw[..end].ends_with('\r') => "\r\n",
        [b'\r', ..] => "\r",
        _ => "\n",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const KEYS: [&str; 2] = ["tags", "tag"];
    const LIST_KEYS: [&str; 4] = ["tags", "tag", "author", "categories"];

    fn add(raw: &str, tags: &[&str]) -> Result<String, Declined> {
        let tags: Vec<String> = tags.iter().map(|tag| (*tag).to_owned()).collect();
        with_tags(raw, &tags, &KEYS, &LIST_KEYS, Compat::None)
    }

    #[test]
    fn every_place_for_tags() {
        for (old, new) in [
            ("---\ntitle: 甲\n---\n文", "---\ntitle: 甲\ntags: [辛顿, C++]\n---\n文"),
            (
                "\u{FEFF}---\r\ntitle: 甲  \r\n...\r\n文\r\n",
                "\u{FEFF}---\r\ntitle: 甲  \r\ntags: [辛顿, C++]\r\n...\r\n文\r\n",
            ),
            ("---\rtitle: 甲\r---\r文", "---\rtitle: 甲\rtags: [辛顿, C++]\r---\r文"),
            ("---\n---\n", "---\ntags: [辛顿, C++]\n---\n"),
            ("---\ntags:\ntitle: 甲\n---\n", "---\ntags: [辛顿, C++]\ntitle: 甲\n---\n"),
            (
                "---\nTags:  # 以后\ntitle: 甲\n---\n",
                "---\nTags: [辛顿, C++]  # 以后\ntitle: 甲\n---\n",
            ),
            ("---\ntags: []  # 以后\n---\n", "---\ntags: [辛顿, C++]  # 以后\n---\n"),
            (
                "---\r\ntag: ~ \r\ntitle: 甲\r\n---\r\n",
                "---\r\ntag: [辛顿, C++] \r\ntitle: 甲\r\n---\r\n",
            ),
            (
                "---\ntags: [] # 一\n# 二\n\nx: 1\n---\n",
                "---\ntags: [辛顿, C++] # 一\n# 二\n\nx: 1\n---\n",
            ),
            ("---\ntag: ''\n---\n", "---\ntag: [辛顿, C++]\n---\n"),
            ("---\ntags: [\n]\nx: 1\n---\n", "---\ntags: [辛顿, C++]\nx: 1\n---\n"),
            ("---\ntags:\n-\n-\nx: 1\n---\n", "---\ntags: [辛顿, C++]\nx: 1\n---\n"),
            ("---\ntags:\n  # 没有\nx: 1\n---\n", "---\ntags: [辛顿, C++]\n  # 没有\nx: 1\n---\n"),
            ("---\ntags：\nx: 1\n---\n", "---\ntags: [辛顿, C++]\nx: 1\n---\n"),
            ("---\ntags： []  # 注\n---\n", "---\ntags: [辛顿, C++]  # 注\n---\n"),
            ("---\ntags：\u{3000}[]\u{3000}\n---\n", "---\ntags: [辛顿, C++]\n---\n"),
            (
                "---\r\ntags：\r\n  -\r\nx: 1\r\n---\r\n",
                "---\r\ntags: [辛顿, C++]\r\nx: 1\r\n---\r\n",
            ),
            ("---\ntags：# 注\n---\n", "---\ntags: [辛顿, C++] # 注\n---\n"),
            ("---\ntags:[]\n---\n", "---\ntags: [辛顿, C++]\n---\n"),
            ("---\ntags:[] # 注\n---\n", "---\ntags: [辛顿, C++] # 注\n---\n"),
            ("---\ntags:\u{A0}\n---\n", "---\ntags: [辛顿, C++]\n---\n"),
            ("---\ntags:\u{A0}[]\u{A0}\n---\n", "---\ntags: [辛顿, C++]\n---\n"),
            ("---\ntags:\u{A0}# 注\n---\n", "---\ntags: [辛顿, C++] # 注\n---\n"),
            ("---\ntags: \u{A0}\n---\n", "---\ntags: [辛顿, C++]\n---\n"),
            ("---\ntags: []\ntags:\n---\n", "---\ntags: []\ntags: [辛顿, C++]\n---\n"),
            ("---\ntag:\ntags:\n---\n", "---\ntag:\ntags: [辛顿, C++]\n---\n"),
            (
                "---\ndescription: |\n  一\n---\n",
                "---\ndescription: |\n  一\ntags: [辛顿, C++]\n---\n",
            ),
            ("---\nextra: |\n  一\n---\n", "---\ntags: [辛顿, C++]\nextra: |\n  一\n---\n"),
            ("\0---\nx", "---\ntags: [辛顿, C++]\n---\n\n\0---\nx"),
            ("# 题\r\n文", "---\r\ntags: [辛顿, C++]\r\n---\r\n\r\n# 题\r\n文"),
            ("\u{FEFF}\n文", "\u{FEFF}---\ntags: [辛顿, C++]\n---\n\n文"),
            ("\n---\ntitle: a\0b\n---\n", "\n---\ntitle: a\0b\ntags: [辛顿, C++]\n---\n"),
        ] {
            assert_eq!(add(old, &["辛顿", "C++"]), Ok(new.to_owned()), "{old:?}");
            // Another reader agrees.
            let line = new.split(['\r', '\n']).find(|line| line.contains("[辛顿")).unwrap();
            let value: serde_yaml::Value = serde_yaml::from_str(line).unwrap();
            let (key, value) = value.as_mapping().unwrap().iter().next().unwrap();
            assert!(
                key.as_str().unwrap().to_lowercase().starts_with("tag")
                    && value.as_sequence().unwrap().len() == 2,
                "{line:?}"
            );
        }
    }

    #[test]
    fn what_is_better_done_by_hand() {
        for old in [
            "---\ntags: 甲\n---\n",
            "---\ntag: [甲]\n---\n",
            "---\ntitle: 甲\n",
            "title: 甲\ntags:\n---\n文",
            "---\n?\n---\n",
            "+++\n+++\n",
            // Other programs see the first of the two only.
            "---\ntags: [甲]\ntags：\n---\n",
            "---\ntags:\nTags:[]\n---\n",
            "---\ntags: 甲\ntags:\u{A0}\n---\n",
        ] {
            assert!(add(old, &["辛顿"]).is_err(), "{old:?}");
        }
        // Full-width commas part tags, however they are quoted.
        assert!(add("---\n---\n", &["一，二"]).is_err());
    }

    #[test]
    fn what_yaml_would_misread_is_quoted() {
        let tags = [
            "on", "3.5", "a: b", "#x", "*a", "&a", "@a", "a, b", "[a]", "null", "5G", "C#", "it's",
            "\"a\"", "a\\b", "-", "a:",
        ];
        let new = add("---\n---\n", &tags).unwrap();
        let line = r##"tags: ["on", "3.5", "a: b", "#x", "*a", "&a", "@a", "a, b", "[a]", "null", "5G", C#, "it's", '"a"', 'a\b', "-", "a:"]"##;
        assert_eq!(new, format!("---\n{line}\n---\n"));
        // Another reader agrees.
        let value: serde_yaml::Value = serde_yaml::from_str(line).unwrap();
        assert!(
            value["tags"].as_sequence().unwrap().iter().map(|tag| tag.as_str().unwrap()).eq(tags)
        );
    }

    fn line() -> impl Strategy<Value = String> {
        prop_oneof![
            prop::sample::select(vec![
                "title: 甲",
                "title: \"甲: 乙\"",
                "title: 甲: 乙",
                "title: \"甲",
                "date: 2023-04-11",
                "author: [吴, 杨]",
                "author:",
                "",
                "tags:",
                "tags: []",
                "tags: [ ] # 注",
                "Tags: ''",
                "tag: ~",
                "tag:",
                "tags: null  ",
                "tags:\t",
                "tags:[]",
                "tags：",
                "tags：# 注",
                "tags: [",
                "]",
                "- ",
                "  -",
                "# 注",
                "  # 注 [a]",
                "extra: {a: [1, 2]}",
                "extra: |",
                "  缩进 'x",
                "\t制表",
                "description: >-",
                "categories:",
                "  - 甲",
                "tags: \"",
                "tags: '",
                "x: &a 1",
                "y: *a",
                "draft: true",
                "image: {path: a.png}",
                "标签: 甲",
            ])
            .prop_map(str::to_owned),
            "[a-z]{1,5}: ?[\\[\\]{}'\"#:a，-]{0,6}",
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]
        #[test]
        fn tags_are_read_back_and_other_bytes_stay(
            lines in prop::collection::vec(line(), 0..7),
            with_head in prop::bool::weighted(0.8),
            (bom, is_jekyll) in any::<(bool, bool)>(),
            end in prop::sample::select(vec!["\n", "\r\n", "\r"]),
            close in prop::sample::select(vec!["---", "...", "---  "]),
            body in prop::sample::select(vec!["", "\n文\n\n---\n", "文  ", "# 题\n\0"]),
            tags in prop::collection::vec(prop::sample::select(vec![
                "辛顿", "ChatGPT", "on", "No", "3.5", "2012", "a: b", "a:", "#x", "a #b", "*a", "&a", "@a", "`a", "!a", "%a", "a, b", "[a]", "{a}",
                "it's", "\"a\"", "a\\", "null", "~", "-", "- a", "?", "|", ">", "1e5", "0x1f", "C++", "C#", ".inf", "=", "<<",
            ]), 1..5),
        ) {
            let mut raw = if bom { "\u{FEFF}".to_owned() } else { String::new() };
            if with_head {
                raw.push_str("---\n");
                for line in &lines { raw.push_str(line); raw.push('\n'); }
                raw.push_str(close);
                raw.push('\n');
            }
            raw.push_str(body);
            let raw = raw.replace('\n', end);
            let compat = if is_jekyll { Compat::Jekyll } else { Compat::None };
            let old = TaggedFile::read(&raw, &KEYS, &LIST_KEYS, compat);
            let owned: Vec<String> = tags.iter().map(|tag| (*tag).to_owned()).collect();
            match with_tags(&raw, &owned, &KEYS, &LIST_KEYS, compat) {
                Ok(new) => {
                    let read = TaggedFile::read(&new, &KEYS, &LIST_KEYS, compat).unwrap();
                    prop_assert!(read.tags().map(|tag| tag.text.as_str()).eq(tags.iter().copied()));
                    // Other programs read them too, whatever they make of the other lines.
                    let is_new = |line: &&str| line.contains('[') && !raw.split(['\r', '\n']).any(|old| old == *line);
                    let line = new.split(['\r', '\n']).find(is_new).unwrap().trim();
                    let value: serde_yaml::Value = serde_yaml::from_str(line).unwrap();
                    let list = value.as_mapping().and_then(|map| map.values().next()).unwrap_or(&value);
                    let read = list.as_sequence().cloned().unwrap_or_default();
                    prop_assert!(read.iter().filter_map(serde_yaml::Value::as_str).eq(tags.iter().copied()), "{line:?}");
                    // What was replaced held nothing.
                    let same = |(a, b): &(char, char)| a == b;
                    let before: usize = raw.chars().zip(new.chars()).take_while(same).map(|(c, _)| c.len_utf8()).sum();
                    let after: usize = raw[before..].chars().rev().zip(new[before..].chars().rev()).take_while(same).map(|(c, _)| c.len_utf8()).sum();
                    let gone = &raw[before..raw.len() - after];
                    prop_assert!(gone.chars().all(|c| " \t\r\n[]'\"~-null|>：".contains(c)), "{gone:?} went");
                }
                Err(why) => {
                    let readable = old.is_ok_and(|old| !old.has_tags());
                    let unclear = matches!(&why, Declined::Unclear(why) if why.english().starts_with("with tags") || why.english().contains("given twice"));
                    prop_assert!(!readable || unclear, "{why:?}");
                }
            }
        }
    }
}
