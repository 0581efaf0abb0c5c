//! What other tools hide a post by: keys of Hexo, Hugo, Jekyll, Pelican, WordPress, Ghost,
//! Obsidian, Eleventy, `VuePress` and their plugins. Publishing cannot be undone, so a plain one is
//! followed, and an unclear one holds the post back.
//!
//! `draft` and `published` are sitegen's own; `public: true` says that the others mean nothing
//! here.

mod secret;
mod sign;
mod stance;
mod verdict;
mod word;

use std::ops::Range;

use serde_yaml::{Mapping, Value};

use super::entry::Entry;
use super::entry_value::EntryValue;
use super::reader::FrontMatterReader;
use super::{FrontMatter, Scalar};
use crate::diagnostic::Diagnostic;

use secret::conceal;
pub(super) use secret::{is_secret, keep_secrets, secrets, without_password};
use sign::{VisibilityKey, key_of, sign};
pub(super) use sign::{is_public, is_said_in, is_sign, names};
pub use stance::Bound;
pub(super) use stance::{Stance, bound, stance};
use verdict::Verdict;

/// What other tools' keys say of a post.
#[derive(Clone, Debug, Default)]
pub struct Visibility {
    /// `draft: true`, `status: draft` and the like, as it is written.
    pub draft: Option<Scalar>,
    /// What holds it back, as it is written: `private: true`.
    pub hidden: Option<Scalar>,
    /// What keeps it out of lists, as it is written: `unlisted: true`.
    pub unlisted: Option<Scalar>,
    /// That it appears at its own `date` only, as it is written: `status: future`.
    pub waits: Option<Scalar>,
    /// The error for a post that would be public here and was not elsewhere, or may not have been.
    pub unclear: Option<Box<Diagnostic>>,
    pub publish_date: Option<Scalar>,
    pub expiry_date: Option<Scalar>,
    /// `public` is sitegen's own: on purpose, whatever the other keys say.
    pub public: Option<bool>,
}

/// The code of an error that concerns all posts of a folder.
pub const HIDDEN_BELOW: &str = "hidden-below";

/// Keys under which people and other tools keep a post's own keys: `params: {draft: true}`,
/// `extra: {private: true}`.
const NESTS: [&str; 18] = [
    // What an `_index.md` of Hugo's gives to all below it.
    "cascade",
    "config",
    "custom",
    "data",
    "extra",
    "frontmatter",
    "ghost",
    "hexo",
    "hugo",
    "jekyll",
    "meta",
    "metadata",
    "options",
    "page",
    "params",
    "post",
    "settings",
    "wordpress",
];

impl FrontMatterReader<'_> {
    /// Takes in what a key of another tool says of who may see the post.
    pub(super) fn see(&mut self, name: &str, entry: &Entry<'_>) {
        if matches!(name, "draft" | "published") {
            return;
        }
        let sign = match name {
            // Eleventy writes no page for such a post.
            "permalink" if !entry.value.trim_start().starts_with(['/', ':']) => {
                Some(VisibilityKey::Hides { when: false })
            }
            name => sign(name),
        };
        let Some(sign) = sign else {
            if NESTS.contains(&key_of(name).as_str()) {
                self.see_nested(entry);
            }
            return;
        };
        let said = EntryValue::read(entry);
        let (whole, at) = entry.trimmed();
        let mark = mark(entry);
        let visibility = &mut self.front_matter.visibility;
        match sign.verdict(&said) {
            Verdict::Nothing => {}
            Verdict::Public => visibility.public = Some(true),
            Verdict::Draft => visibility.draft = Some(mark),
            Verdict::Hidden => {
                visibility.hidden = Some(mark);
                if matches!(sign, VisibilityKey::Public) {
                    visibility.public = Some(false);
                }
            }
            Verdict::Unlisted => visibility.unlisted = Some(mark),
            Verdict::Waits => visibility.waits = Some(mark),
            Verdict::Locked => self.hold_locked(&mark),
            Verdict::Unclear => self.hold_unclear(&mark),
            Verdict::Date => {
                let text = if let EntryValue::Text(text) = said { text } else { whole.to_owned() };
                let scalar = Some(Scalar {
                    text,
                    quoted: whole.starts_with(['"', '\'']),
                    range: at..at + whole.len(),
                });
                let slot = if matches!(sign, VisibilityKey::PublishDate) {
                    &mut visibility.publish_date
                } else {
                    &mut visibility.expiry_date
                };
                *slot = scalar;
            }
        }
    }

    /// Looks for the post's own keys inside a map. What they say is not followed but refused, since
    /// some tools read them there and others do not.
    fn see_nested(&mut self, entry: &Entry<'_>) {
        match EntryValue::read(entry) {
            EntryValue::Parts(Value::Mapping(map)) => self.see_map(&map, &mark(entry)),
            EntryValue::Unreadable => self.hold_unclear(&mark(entry)),
            _ => {}
        }
        // What an `_index.md` of Hugo's gives to all below it.
        if entry.name.eq_ignore_ascii_case("cascade")
            && let Some(unclear) = &mut self.front_matter.visibility.unclear
        {
            unclear.code = HIDDEN_BELOW.into();
        }
    }

    /// Looks at what `<<: *name` brings in. It is not followed, since anchors reach no further than
    /// their own entry.
    pub(super) fn see_merged(&mut self, head: Range<usize>, entry: &Entry<'_>) {
        let whole = serde_yaml::from_str::<Value>(&self.text[head])
            .and_then(|mut value| value.apply_merge().map(|()| value));
        match whole {
            Ok(Value::Mapping(map)) => self.see_map(&map, &mark(entry)),
            _ => self.hold_unclear(&mark(entry)),
        }
    }

    fn see_map(&mut self, map: &Mapping, mark: &Scalar) {
        let verdict = |(key, value): (&Value, &Value)| {
            Some(sign(&key.as_str()?.to_lowercase())?.verdict(&EntryValue::of_yaml(value)))
        };
        let verdicts: Vec<Verdict> = map.iter().filter_map(verdict).collect();
        if verdicts.contains(&Verdict::Locked) {
            self.hold_locked(mark);
        } else if verdicts
            .iter()
            .any(|verdict| !matches!(verdict, Verdict::Nothing | Verdict::Public | Verdict::Date))
        {
            self.hold_unclear(mark);
        }
    }

    /// Refuses two different values of a key that says who may see the post: other tools take the
    /// first, the last, or neither.
    pub(super) fn refuse_contradiction(
        &self,
        first: &Entry<'_>,
        last: &Entry<'_>,
    ) -> Result<(), Box<Diagnostic>> {
        let name = last.name.to_lowercase();
        let Some(sign) = sign(&name) else { return Ok(()) };
        let (before, after) =
            (sign.verdict(&EntryValue::read(first)), sign.verdict(&EntryValue::read(last)));
        if before == after && before != Verdict::Date {
            return Ok(());
        }
        let message = say!("`{}` says two different things of who may see this post", &last.name);
        let hint =
            say!("the post is held back, because publishing cannot be undone; keep one of them");
        Err(Box::new(
            Diagnostic::error("hidden-elsewhere", message)
                .hint(hint)
                .at(self.text, last.key.clone()),
        ))
    }

    fn hold_unclear(&mut self, mark: &Scalar) {
        let message = say!("`{}` may mean that not everybody was to see this post", &mark.text);
        self.hold(message, mark);
    }

    fn hold_locked(&mut self, mark: &Scalar) {
        // A password is not for the report, which a workflow shows to everybody.
        let key = mark.text.split(':').next().unwrap_or_default();
        let message =
            say!("`{}` hid the text of this post from readers, which sitegen cannot do", key);
        let mark = Scalar { range: mark.range.start..mark.range.start + key.len(), ..mark.clone() };
        self.hold(message, &mark);
        if let Some(place) =
            self.front_matter.visibility.unclear.as_mut().and_then(|found| found.place.as_mut())
        {
            conceal(place);
        }
    }

    fn hold(&mut self, message: crate::words::Message, mark: &Scalar) {
        let hint = say!(
            "the post is held back, because publishing cannot be undone; write `public: true` to publish it, or remove the key"
        );
        let diagnostic = Diagnostic::error("hidden-elsewhere", message)
            .hint(hint)
            .at(self.text, mark.range.clone());
        self.front_matter.visibility.unclear.get_or_insert(Box::new(diagnostic));
    }
}

/// Returns a key with the first line of its value, and where they stand.
pub(super) fn mark(entry: &Entry<'_>) -> Scalar {
    let (whole, at) = entry.trimmed();
    let first = whole.lines().next().unwrap_or_default().trim_end();
    let range =
        if first.is_empty() { entry.key.clone() } else { entry.key.start..at + first.len() };
    Scalar { text: format!("{}: {first}", entry.name), quoted: false, range }
}

impl FrontMatter {
    /// Returns what other tools' keys say of who may see the post. `public: true` overrules them.
    pub fn visibility(&self) -> Visibility {
        let said = &self.visibility;
        if said.public == Some(true) {
            let (publish_date, expiry_date) = (said.publish_date.clone(), said.expiry_date.clone());
            return Visibility {
                publish_date,
                expiry_date,
                public: said.public,
                ..Visibility::default()
            };
        }
        said.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::super::{KNOWN_KEYS, read, split};
    use super::*;
    use crate::compat::Compat;

    fn front_matter(text: &str) -> FrontMatter {
        let (split, _) = split(text, &KNOWN_KEYS).unwrap();
        read(text, split.head.unwrap(), &["tags"], Compat::None).unwrap().0
    }

    /// What each key and value means for who may see a post.
    #[test]
    fn what_hid_a_post_elsewhere_is_understood() {
        let read = |line: &str| {
            let front_matter = front_matter(&format!("---\n{line}\ntitle: 题\n---\n"));
            let said = front_matter.visibility();
            match said {
                Visibility { unclear: Some(found), .. } => {
                    format!("error {}:{}", found.place.clone().unwrap().line, found.message)
                }
                Visibility { hidden: Some(mark), .. } => format!("held {}", mark.text),
                Visibility { draft: Some(_), .. } => "draft".to_owned(),
                Visibility { unlisted: Some(mark), .. } => format!("unlisted {}", mark.text),
                Visibility { waits: Some(_), .. } => "waits".to_owned(),
                Visibility { publish_date: Some(date), .. } => format!("from {}", date.text),
                Visibility { expiry_date: Some(date), .. } => format!("until {}", date.text),
                _ => "public".to_owned(),
            }
        };
        for (line, means) in [
            ("private: true", "held private: true"),
            ("Private: YES # 注", "held Private: YES # 注"),
            ("is_private: 是", "held is_private: 是"),
            ("private: \"1\"", "held private: \"1\""),
            ("private: 'false'", "public"),
            ("private: ''", "public"),
            ("private: ~", "public"),
            (
                "private: 也许",
                "error 2:`private: 也许` may mean that not everybody was to see this post",
            ),
            ("publish: false", "held publish: false"),
            ("dg-publish: false", "held dg-publish: false"),
            ("dg-publish: true", "public"),
            ("publish: 某出版社", "public"),
            ("visible: off", "held visible: off"),
            ("headless: true", "held headless: true"),
            ("render: false", "held render: false"),
            ("permalink: false", "held permalink: false"),
            ("public: false", "held public: false"),
            ("unlisted: true", "unlisted unlisted: true"),
            ("hidden: true", "unlisted hidden: true"),
            ("hide: true", "unlisted hide: true"),
            ("hide: [toc, navigation]", "public"),
            ("hide:\n  - toc", "public"),
            (
                "hidden: maybe",
                "error 2:`hidden: maybe` may mean that not everybody was to see this post",
            ),
            ("listed: false", "unlisted listed: false"),
            ("article: false", "unlisted article: false"),
            ("article: 题", "public"),
            (
                "eleventyExcludeFromCollections: true",
                "unlisted eleventyExcludeFromCollections: true",
            ),
            ("isDraft: true", "draft"),
            ("status: draft", "draft"),
            ("Status: 草稿", "draft"),
            ("status: auto-draft", "draft"),
            ("post_status: pending", "draft"),
            ("status: [draft]", "draft"),
            ("status: private", "held status: private"),
            ("status: trash", "held status: trash"),
            ("status: hidden", "unlisted status: hidden"),
            ("status: future", "waits"),
            ("status: publish", "public"),
            ("status: 完稿", "public"),
            ("visibility: public", "public"),
            ("visibility: private", "held visibility: private"),
            (
                "visibility: members",
                "error 2:`visibility` hid the text of this post from readers, which sitegen cannot do",
            ),
            (
                "visibility: 朋友",
                "error 2:`visibility: 朋友` may mean that not everybody was to see this post",
            ),
            (
                "access: paid",
                "error 2:`access` hid the text of this post from readers, which sitegen cannot do",
            ),
            ("access: 地铁二号线", "public"),
            (
                "password: abc123",
                "error 2:`password` hid the text of this post from readers, which sitegen cannot do",
            ),
            ("password: ''", "public"),
            ("password:", "public"),
            (
                "encrypt: true",
                "error 2:`encrypt` hid the text of this post from readers, which sitegen cannot do",
            ),
            ("encrypt: false", "public"),
            ("_build: {render: never, list: never}", "held _build: {render: never, list: never}"),
            ("build:\n  list: never", "unlisted build: list: never"),
            ("build: {list: false}", "unlisted build: {list: false}"),
            ("build: {render: false}", "held build: {render: false}"),
            ("build: 2020-01", "public"),
            ("publishDate: 2031-01-01", "from 2031-01-01"),
            ("publish_date: \"2031-01-01\"", "from 2031-01-01"),
            ("PublishDate: 2031-01-01", "from 2031-01-01"),
            ("published: 2020-01-01", "from 2020-01-01"),
            ("expiryDate: 2020-01-01", "until 2020-01-01"),
            ("expiry-date: 2020-01-01", "until 2020-01-01"),
            ("password: x\npublic: true", "public"),
            ("private: true\npublic: yes", "public"),
            ("hidden: true\npublic: true", "public"),
            ("publishDate: 2031-01-01\npublic: true", "from 2031-01-01"),
            ("public: 量子位", "public"),
            ("is_public: no", "held is_public: no"),
            ("password: 无", "public"),
            (
                "access: friends",
                "error 2:`access` hid the text of this post from readers, which sitegen cannot do",
            ),
            ("visibility: default", "public"),
            ("wp_status: draft", "draft"),
            ("状态: 草稿", "draft"),
            ("hideInList: true", "unlisted hideInList: true"),
            (
                "publish: never",
                "error 2:`publish: never` may mean that not everybody was to see this post",
            ),
            ("publish: 2020-01-01", "public"),
            // All forms of YAML say the same.
            ("private: >-\n  true", "held private: >-"),
            ("private: |\n  yes", "held private: |"),
            ("private:\n  true", "held private: true"),
            ("private: !!str true", "held private: !!str true"),
            ("private: !!bool \"true\"", "held private: !!bool \"true\""),
            ("private: &p true", "held private: &p true"),
            ("private: TRUE", "held private: TRUE"),
            ("PRIVATE: \"On\"", "held PRIVATE: \"On\""),
            ("\"private\": 'yes'", "held private: 'yes'"),
            ("private：true", "held private: true"),
            ("ｐｒｉｖａｔｅ: true", "held ｐｒｉｖａｔｅ: true"),
            ("pri\u{200B}vate: true", "held pri\u{200B}vate: true"),
            ("draft\u{200B}: true", "draft"),
            (
                "private: \"~\"",
                "error 2:`private: \"~\"` may mean that not everybody was to see this post",
            ),
            (
                "other: &p true\nprivate: *p",
                "error 3:`private: *p` may mean that not everybody was to see this post",
            ),
            (
                "private: [true]",
                "error 2:`private: [true]` may mean that not everybody was to see this post",
            ),
            (
                "private: {for: 朋友}",
                "error 2:`private: {for: 朋友}` may mean that not everybody was to see this post",
            ),
            ("private: 2", "error 2:`private: 2` may mean that not everybody was to see this post"),
            (
                "hidden: [true]",
                "error 2:`hidden: [true]` may mean that not everybody was to see this post",
            ),
            (
                "publish: {web: false}",
                "error 2:`publish: {web: false}` may mean that not everybody was to see this post",
            ),
            (
                "public: never",
                "error 2:`public: never` may mean that not everybody was to see this post",
            ),
            ("status: >-\n  draft", "draft"),
            ("status:\n  - 甲\n  - Draft", "draft"),
            (
                "status: draft 待改",
                "error 2:`status: draft 待改` may mean that not everybody was to see this post",
            ),
            (
                "status: false",
                "error 2:`status: false` may mean that not everybody was to see this post",
            ),
            ("status: *s", "error 2:`status: *s` may mean that not everybody was to see this post"),
            ("build: {Render: Never}", "held build: {Render: Never}"),
            ("build: {render: \"no\"}", "held build: {render: \"no\"}"),
            (
                "build: {render: always, list: Local}",
                "unlisted build: {render: always, list: Local}",
            ),
            (
                "build: {render: 也许}",
                "error 2:`build: {render: 也许}` may mean that not everybody was to see this post",
            ),
            (
                "_build: false",
                "error 2:`_build: false` may mean that not everybody was to see this post",
            ),
            ("publishDate: >-\n  2031-01-01", "from 2031-01-01"),
            // Keys of the post inside a map, and those that a merge brings in.
            (
                "params: {draft: true}",
                "error 2:`params: {draft: true}` may mean that not everybody was to see this post",
            ),
            ("params:\n  Draft: false\n  toc: true", "public"),
            (
                "extra:\n  private: yes",
                "error 2:`extra: private: yes` may mean that not everybody was to see this post",
            ),
            (
                "extra: {published: no}",
                "error 2:`extra: {published: no}` may mean that not everybody was to see this post",
            ),
            (
                "meta: {password: abc123}",
                "error 2:`meta` hid the text of this post from readers, which sitegen cannot do",
            ),
            ("toc: {hidden: true}", "public"),
            (
                "meta: {draft: true, pwd: abc123}",
                "error 2:`meta` hid the text of this post from readers, which sitegen cannot do",
            ),
            (
                "base: &b {private: true}\n<<: *b",
                "error 3:`<<: *b` may mean that not everybody was to see this post",
            ),
            ("base: &b {toc: true}\n<<: *b", "public"),
            (
                "params: {draft: true",
                "error 2:`params: {draft: true` may mean that not everybody was to see this post",
            ),
            (
                "<<: {draft: true}",
                "error 2:`<<: {draft: true}` may mean that not everybody was to see this post",
            ),
            (
                "<<: *nowhere",
                "error 2:`<<: *nowhere` may mean that not everybody was to see this post",
            ),
            ("<<: *nowhere\npublic: true", "public"),
        ] {
            assert_eq!(read(line), means, "{line}");
        }
        for (line, draft) in [
            ("draft: >-\n  true", true),
            ("draft: !!str true", true),
            ("DRAFT: &d Yes", true),
            ("Draft: \"off\"", false),
        ] {
            assert_eq!(
                front_matter(&format!("---\n{line}\ntitle: 题\n---\n")).draft,
                Some(draft),
                "{line}"
            );
        }
        // What other tools take the first of, the last of, or refuse.
        for (lines, is_refused) in [
            ("draft: true\ndraft: false", true),
            ("Private: true\nprivate: false", true),
            ("public: false\npublic: true", true),
            ("publishDate: 2031-01-01\npublishDate: 2020-01-01", true),
            ("draft: true\ndraft: yes", false),
            ("title: 甲\ntitle: 乙", false),
        ] {
            let text = format!("---\n{lines}\n---\n");
            let (split, _) = split(&text, &KNOWN_KEYS).unwrap();
            assert_eq!(
                super::super::read(&text, split.head.unwrap(), &["tags"], Compat::None).is_err(),
                is_refused,
                "{lines}"
            );
        }
        let robots = front_matter("---\nrobots: [NoIndex, nofollow]\n---\n");
        assert_eq!(robots.noindex, Some(true));
    }
}
