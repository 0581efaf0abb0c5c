//! What the beginning of a file says where no front matter was found: keys that sitegen does not
//! read there, and that hid the post elsewhere.
//!
//! Front matter may go unrecognised in more ways than can be listed: another opening line, a
//! comment above it, an address among the keys. Such a file is published as text, so its first
//! lines are looked at, and what would hide it holds it back.

use std::borrow::Cow;
use std::ops::Range;

use super::Scalar;
use super::entry::Entry;
use super::visibility::{
    Bound, Stance, bound, is_said_in, is_secret, mark, names, stance, without_password,
};
use super::yaml::{belongs, entry_key, lines};
use crate::diagnostic::Diagnostic;

/// Most lines that are looked at.
const LINES: usize = 40;

/// A time, named in lines that are no front matter, until which or from which on the post would be
/// hidden. It is judged where the present is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limit {
    pub date: Scalar,
    pub bound: Bound,
    /// What is said if it hides the post.
    pub refusal: Box<Diagnostic>,
}

/// Returns the times that the lines at `start` name, which are no front matter. An error says that
/// they would hide the post if they were. `public: true` among them counts as it does in front
/// matter.
pub(super) fn refuse_hidden(text: &str, start: usize) -> Result<Vec<Limit>, Box<Diagnostic>> {
    let beginning = Beginning::read(text, start);
    let mut limits = Vec::new();
    for entry in beginning
        .entries
        .iter()
        .filter(|entry| !is_prose(entry) && (beginning.is_of_keys || is_plain(entry)))
    {
        let (value, at) = entry.trimmed();
        let value = value.trim_matches(['"', '\'']);
        if let Some(bound) = bound(entry).filter(|_| !value.is_empty()) {
            let range = at..at + value.len();
            let date = Scalar { text: value.to_owned(), quoted: false, range };
            limits.push(Limit { date, bound, refusal: refusal(text, entry) });
        }
    }
    let stances: Vec<Stance> = beginning
        .entries
        .iter()
        .map(|entry| if bound(entry).is_some() { Stance::Nothing } else { stance(text, entry) })
        .collect();
    let is_public = stances.contains(&Stance::Public);
    let hides = |(entry, stance): &(&Entry<'_>, &Stance)| match stance {
        Stance::Nothing | Stance::Public => false,
        Stance::HidesUnlessPublic if is_public => false,
        Stance::Hides | Stance::HidesUnlessPublic => {
            !is_prose(entry) && (beginning.is_of_keys || is_plain(entry))
        }
    };
    match beginning.entries.iter().zip(&stances).find(hides) {
        Some((entry, _)) => Err(refusal(text, entry)),
        None => Ok(limits),
    }
}

/// The first lines, as keys and values.
struct Beginning<'a> {
    entries: Vec<Entry<'a>>,
    /// At least half of the lines are keys or belong to one; others are rather prose in which a
    /// colon stands.
    is_of_keys: bool,
}

impl<'a> Beginning<'a> {
    fn read(text: &'a str, start: usize) -> Beginning<'a> {
        let mut entries: Vec<Entry<'a>> = Vec::new();
        let (mut of_keys, mut others) = (0, 0);
        let mut comment = Comment::default();
        // Before the first line that is more than a mark, rules and blank lines end nothing.
        let mut has_begun = false;
        for (at, line) in lines(text, start).take(LINES) {
            let is_inside = comment.is_open;
            let range = comment.without_marks(text, at..at + line.len());
            let line = &text[range.clone()];
            let is_rule = line.trim().len() >= 3 && line.trim().bytes().all(|byte| byte == b'-');
            let is_fence = line.trim().starts_with("```") || line.trim().starts_with("~~~");
            if line.trim().is_empty() || is_rule || is_fence {
                // A block of code is about keys.
                if is_fence || has_begun && !is_inside && !comment.is_last {
                    break;
                }
                continue;
            }
            has_begun |= !comment.is_last;
            let is_below = line.starts_with([' ', '\t'])
                && entries.last().is_some_and(|last| last.trimmed().0.is_empty());
            let found = if is_below { Vec::new() } else { entries_of(text, range.clone()) };
            if !found.is_empty() {
                *(if found.iter().all(is_prose) { &mut others } else { &mut of_keys }) += 1;
                entries.extend(found);
            } else if let Some(last) = entries.last_mut().filter(|_| belongs(line)) {
                last.value = Cow::Borrowed(&text[last.start..range.end]);
                of_keys += 1;
            } else if line.contains(char::is_alphanumeric) && !comment.is_last {
                others += 1;
            }
        }
        Beginning { entries, is_of_keys: of_keys >= others }
    }
}

/// Comments that a file begins with: HTML's, which go over lines, and those of Markdown
/// (`[//]: # (draft: true)`) and Obsidian.
#[derive(Default)]
struct Comment {
    is_open: bool,
    /// The last line was one of a comment.
    is_last: bool,
}

impl Comment {
    /// Returns a line without the marks of a comment that begins or ends in it.
    fn without_marks(&mut self, text: &str, line: Range<usize>) -> Range<usize> {
        const LINES: [(&str, &str); 4] =
            [("[//]: # (", ")"), ("[//]: # \"", "\""), ("[comment]: # (", ")"), ("%%", "%%")];
        let written = &text[line.clone()];
        let trimmed = written.trim();
        let start = line.start + (written.len() - written.trim_start().len());
        let end = start + trimmed.len();
        for (open, close) in LINES {
            if trimmed.len() >= open.len() + close.len()
                && trimmed.starts_with(open)
                && trimmed.ends_with(close)
            {
                self.is_last = true;
                return start + open.len()..end - close.len();
            }
        }
        let opens = !self.is_open && trimmed.starts_with("<!--");
        self.is_last = self.is_open || opens;
        if !self.is_last {
            return line;
        }
        let inside =
            if opens { start + "<!--".len()..end } else { line.start..end.max(line.start) };
        let close = text[inside.clone()].find("-->");
        self.is_open = close.is_none();
        let inside = inside.start..close.map_or(inside.end, |close| inside.start + close);
        // Of `<!-- draft: true -->` without the blank, of ` draft: true` in an open comment with
        // it.
        if opens {
            inside.start + (text[inside.clone()].len() - text[inside.clone()].trim_start().len())
                ..inside.end
        } else {
            inside
        }
    }
}

/// Returns the entries of one line: `key: value`, `key = value`, `"key": value,` or an object in
/// braces.
fn entries_of(text: &str, line: Range<usize>) -> Vec<Entry<'_>> {
    let written = &text[line.clone()];
    let inside = written.trim_start().trim_start_matches('{');
    let start = line.start + (written.len() - inside.len());
    if !written.trim_start().starts_with('{') {
        return entry_of(text, start..line.end).into_iter().collect();
    }
    let mut at = start;
    let piece = |piece: &str| {
        let range = at..at + piece.len();
        at = range.end + 1;
        entry_of(text, range)
    };
    inside.split(',').filter_map(piece).collect()
}

fn entry_of(text: &str, range: Range<usize>) -> Option<Entry<'_>> {
    let written = text[range.clone()].trim_end();
    let line = written.trim_start();
    let at = range.start + (written.len() - line.len());
    let (name, length) = match (line.find('='), entry_key(line)) {
        (Some(sign), key) if key.as_ref().is_none_or(|key| sign < key.length) => {
            let name = line[..sign].trim().trim_matches(['"', '\'']);
            (is_name(name).then_some(name)?, sign + 1)
        }
        (_, key) => key.map(|key| (key.name, key.length))?,
    };
    let value = line[length..].trim_end_matches([',', ' ', '\t']);
    // Of an object that began before.
    let count = |brace: char| value.matches(brace).count();
    let value = (count('{')..count('}'))
        .fold(value, |value, _| value.strip_suffix('}').unwrap_or(value).trim_end());
    // `params.draft = true`
    let name = name.rsplit('.').next().unwrap_or(name).to_owned();
    let (start, key) = (at + length, line[..length].trim_end_matches([':', '：', '=', ' ', '\t']));
    Some(Entry {
        name,
        key: at..at + key.len(),
        value: Cow::Borrowed(&text[start..start + value.len()]),
        start,
    })
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'))
}

/// Returns whether a line is a sentence with a colon in it: `状态：一切都好。`
fn is_prose(entry: &Entry<'_>) -> bool {
    let ends_sentence =
        |c: char| matches!(c, '。' | '！' | '？' | '；' | '，' | '、' | '：' | '…' | '”' | '」');
    !entry.name.is_ascii() && (entry.trimmed().0.ends_with(ends_sentence) || !is_name(&entry.name))
}

/// Returns whether a line says one word of who may see the post, and nothing else.
fn is_plain(entry: &Entry<'_>) -> bool {
    let value = entry.trimmed().0;
    is_said_in(&entry.name)
        && !value.contains(|c: char| {
            c.is_whitespace() || matches!(c, '，' | '。' | '；' | '、' | '！' | '？')
        })
}

fn refusal(text: &str, entry: &Entry<'_>) -> Box<Diagnostic> {
    let mark = mark(entry);
    // A password is not for the report.
    let is_locked =
        is_secret(&entry.name.to_lowercase()) || names(&mark.text).any(|name| is_secret(&name));
    let (shown, range) = if is_locked {
        (entry.name.as_str(), entry.key.clone())
    } else {
        (mark.text.as_str(), mark.range)
    };
    let message =
        say!("`{}` would hide this post, but stands where no front matter is read", shown);
    let hint = say!(
        "the post is held back, because publishing cannot be undone; put lines of three dashes above and below its keys, or, to publish it all as text, two such lines above it"
    );
    without_password(Box::new(
        Diagnostic::error("hidden-elsewhere", message).hint(hint).at(text, range),
    ))
}

#[cfg(test)]
mod tests {
    use crate::front_matter::{KNOWN_KEYS, split};

    /// What is no front matter here was some elsewhere.
    #[test]
    fn times_that_are_not_read_are_for_the_clock() {
        for (text, wanted) in [
            ("sticky: 1\npublishDate: 2099-01-01\n---\n文", "From 2099-01-01"),
            ("published: '2023-06-01'\n---\n文", "From 2023-06-01"),
            ("<!-- expiryDate: bald -->\n文", "Until bald"),
            ("sticky: 1\ndate: 2099-01-01\nhttps://a.example/x\n---\n文", "Own 2099-01-01"),
            ("sticky: 1\ndate: 今天\npublishDate:\nhttps://a.example/x\n---\n文", ""),
        ] {
            let (split, _) = split(text, &KNOWN_KEYS).expect(text);
            let said: Vec<String> = split
                .limits
                .iter()
                .map(|limit| format!("{:?} {}", limit.bound, limit.date.text))
                .collect();
            assert_eq!(said.join(", "), wanted, "{text}");
        }
    }

    #[test]
    fn what_is_not_read_hides_too() {
        for (text, place) in [
            ("# 注释\ntitle: 甲\npassword: abc\n---\n文", "3:1 password: …"),
            ("#title: 旧题\ntitle: 甲\npassword: abc\n---\n文", "3:1 password: …"),
            ("title: 甲\nhttps://a.example/x\nprivate: true\n---\n文", "3:1 private: true"),
            ("layout: post\ndraft: true\nTitle:甲\n---\n文", "2:1 draft: true"),
            ("published: false\n---\n文", "1:1 published: false"),
            ("comments: false\nhidden: true\ntoc: true\n---\n文", "2:1 hidden: true"),
            ("Title: 甲\nDate: 2023-01-01\nStatus: draft\n正文没有空行", "3:1 Status: draft"),
            ("Slug: x\nStatus: draft\nCategory: y\n\n文", "2:1 Status: draft"),
            ("Author: 某人\nDraft: true\nCategory: x\n\n文", "2:1 Draft: true"),
            ("Slug: x\n密码: abc\nCategory: y\n\n文", "2:1 密码: …"),
            ("---toml\ndraft = true\n---\n文", "2:1 draft = true"),
            ("---toml\ntitle = '甲'\npassword = 'abc'\n---\n文", "3:1 password : …"),
            ("---toml\nparams.draft = true # 注\n---\n文", "2:1 params.draft = true # 注"),
            ("---json\n{\"draft\":true}\n---\n文", "2:2 {\"draft\":true}"),
            (
                "---json\n{\"x\": [1, 2], \"params\": {\"y\": 1, \"draft\": true}}\n---\n文",
                "2:34 {\"x\": [1, 2], \"params\": {\"y\": 1, \"draft\": true}}",
            ),
            ("{\n  \"x\": {\n    \"private\": true}\n}\n文", "3:5     \"private\": true}"),
            ("{\"x\": \"甲\", \"密码\": \"abc\"}\n文", "1:12 {\"x\": …"),
            ("-----\nsticky: 1\nprivate:\n  true\n-----\n文", "3:1 private:"),
            ("sticky: 1\nparams:\n  password: abc\n---\n文", "2:1 params:"),
            ("sticky: 1\nmeta: {pwd: abc}\n---\n文", "2:1 meta: …"),
            ("sticky: 1\nprivate: 也许\n---\n文", "2:1 private: 也许"),
            ("<!-- draft: true -->\n文", "1:6 <!-- draft: true -->"),
            ("<!--\ntitle: 甲\n\npassword: abc\n-->\n文", "4:1 password: …"),
            ("[//]: # (private: true)\n文", "1:10 [//]: # (private: true)"),
            ("一行\n二行\n三行\ndraft: true\n五行\n\n文", "4:1 draft: true"),
            ("sticky: 1\ndraft: true\npublic: true\n---\n文", "2:1 draft: true"),
        ] {
            let refused = split(text, &KNOWN_KEYS).expect_err(text);
            let found = refused.place.as_ref().unwrap();
            assert_eq!(
                format!("{}:{} {}", found.line, found.column, found.excerpt),
                place,
                "{text}"
            );
            assert_eq!(refused.code, "hidden-elsewhere");
            assert!(!format!("{refused:?}").contains("abc"), "{refused:?}");
        }
        for text in [
            "注：这是正文。\n\n文",
            "今天是晴天，\n状态：草稿，还没有写完，\n明天再写，\n后天再改。\n\n文",
            "状态：一切都好，密码也没有忘。\n\n文",
            "密码：人类怎样藏起自己的话，又怎样把它找回来。\n\n文",
            "Q: 问\nA: 答\n\n文",
            "sticky: 1\nhide:\n  - toc\ntoc:\n  hidden: true\n---\n文",
            "sticky: 1\nprivate: true\npublic: true\n---\n文",
            "draft: false\nstatus: 连载中\n密码: ''\n---\n文",
            "Post: [甲](https://a.example/)\n\n文",
            "```yaml\ndraft: true\n```\n文",
            "第一段。\n\ndraft: true\n",
            "<!-- 注 -->\n\n第一段。\n\ndraft: true\n",
            "---\n---\ndraft: true\n文",
            "if (draft == true) return;\n一\n二\n\n文",
        ] {
            assert!(split(text, &KNOWN_KEYS).is_ok(), "{text}: {:?}", split(text, &KNOWN_KEYS));
        }
    }
}
