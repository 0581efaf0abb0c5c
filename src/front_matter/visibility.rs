//! What other tools hide a post by: keys of Hexo, Hugo, Jekyll, Pelican, WordPress, Ghost, Obsidian, Eleventy, `VuePress` and their
//! plugins. Publishing cannot be undone, so a plain one is followed, and an unclear one holds the post back.
//!
//! `draft` and `published` are sitegen's own; `public: true` says that the others mean nothing here.

use super::{Entry, FrontMatter, Reader, Scalar};
use crate::diagnostic::Diagnostic;

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
    /// What would be public here and was not elsewhere, or may not have been.
    pub unclear: Option<Box<Diagnostic>>,
    pub publish_date: Option<Scalar>,
    pub expiry_date: Option<Scalar>,
    /// `public` is sitegen's own: on purpose, whatever the other keys say.
    pub public: Option<bool>,
}

/// What a key's value can say.
#[derive(Clone, Copy)]
enum Sign {
    /// A switch that holds the post back while it is on, or while it is off.
    Hides {
        when: bool,
    },
    /// A switch that keeps the post out of lists while it is on, or while it is off.
    Unlists {
        when: bool,
    },
    Draft,
    /// A word.
    Status,
    /// A word for who may read it.
    Audience,
    /// Hugo's map of build options.
    Build,
    PublishDate,
    ExpiryDate,
    /// A password, or a switch: the text was not readable to everybody.
    Lock,
    Public,
}

/// A key without what people put between its words.
fn key_of(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, '-' | '_' | ' ')).collect()
}

/// What a key says, if it says who may see the post; in any case, with `-`, `_` or nothing between its words.
fn sign(key: &str) -> Option<Sign> {
    Some(match key_of(key).as_str() {
        "isdraft" | "草稿" => Sign::Draft,
        "private" | "isprivate" | "私密" | "私有" | "nopublish" | "notpublic" | "headless" | "unpublished" => {
            Sign::Hides { when: true }
        }
        "publish" | "ispublished" | "dgpublish" | "visible" | "render" => Sign::Hides { when: false },
        "unlisted"
        | "隐藏"
        | "隱藏"
        | "hidden"
        | "ishidden"
        | "hide"
        | "exclude"
        | "excluded"
        | "hideinlist"
        | "eleventyexcludefromcollections" => Sign::Unlists { when: true },
        "listed" | "article" | "indexing" => Sign::Unlists { when: false },
        "status" | "poststatus" | "wpstatus" | "状态" | "狀態" => Sign::Status,
        "visibility" | "postvisibility" | "access" => Sign::Audience,
        "build" => Sign::Build,
        "publishdate" | "pubdate" | "publishat" | "publishedat" => Sign::PublishDate,
        "expirydate" | "expiredate" | "expiration" | "expirationdate" | "expires" | "unpublishdate" => Sign::ExpiryDate,
        "password" | "密码" | "密碼" | "加密" | "pwd" | "postpassword" | "hugoencrypt" | "hexoencrypt" | "isprotected" | "isencrypted"
        | "memberonly" | "passwd" | "passphrase" | "encrypt" | "encrypted" | "protected" | "secret" | "locked" | "membersonly" => {
            Sign::Lock
        }
        "public" | "ispublic" => Sign::Public,
        _ => return None,
    })
}

/// What a word for a status or an audience says.
enum Word {
    Public,
    Draft,
    Hidden,
    Unlisted,
    Waits,
    /// For some readers only.
    Locked,
    Unknown,
}

fn word(text: &str) -> Word {
    let text: String = text.to_lowercase().chars().filter(|c| !matches!(c, '-' | '_' | ' ' | '[' | ']' | '"' | '\'')).collect();
    match text.as_str() {
        "public" | "publish" | "published" | "visible" | "open" | "everyone" | "all" | "free" | "true" | "default" | "world" | "anyone"
        | "公开" | "已发布" | "发布" => Word::Public,
        "draft" | "drafts" | "autodraft" | "pending" | "waiting" | "草稿" | "待审" | "待发布" | "未完成" => Word::Draft,
        "private" | "trash" | "trashed" | "deleted" | "unpublished" | "unpublish" | "skip" | "inherit" | "internal" | "私密"
        | "私密文章" | "仅自己可见" | "私有" | "回收站" | "未发布" => Word::Hidden,
        "hidden" | "unlisted" | "隐藏" => Word::Unlisted,
        "future" | "scheduled" | "定时" => Word::Waits,
        "password" | "protected" | "encrypted" | "members" | "membersonly" | "paid" | "tiers" | "subscribers" | "friends"
        | "restricted" | "login" | "加密" | "密码" | "会员" | "付费" => Word::Locked,
        _ => Word::Unknown,
    }
}

/// Whether a word that is no switch speaks against showing something.
fn says_no(value: &str) -> bool {
    matches!(word(value), Word::Draft | Word::Hidden | Word::Unlisted | Word::Locked)
        || matches!(value.to_lowercase().as_str(), "never" | "later" | "maybe" | "也许" | "暂不")
}

/// The first line of an entry, as it is written.
pub(super) fn mark(entry: &Entry<'_>) -> Scalar {
    let (whole, at) = entry.trimmed();
    let first = whole.lines().next().unwrap_or_default().trim_end();
    Scalar { text: format!("{}: {first}", entry.name), quoted: false, range: entry.key.start..at + first.len() }
}

impl Reader<'_> {
    /// Takes in what a key of another tool says of who may see the post.
    pub(super) fn see(&mut self, name: &str, entry: &Entry<'_>) {
        // Eleventy writes no page for such a post.
        let sign = if name == "permalink" { Some(Sign::Hides { when: false }) } else { sign(name) };
        let Some(sign) = sign else { return };
        let (whole, at) = entry.trimmed();
        let value = plain(whole);
        if value.is_empty() {
            return;
        }
        let mark = || mark(entry);
        let switch = Self::switch(entry);
        let is_text = !whole.starts_with(['[', '{']) && entry.is_one_line();
        let visibility = &mut self.front_matter.visibility;
        match sign {
            Sign::Hides { when } if switch == Some(when) => visibility.hidden = Some(mark()),
            Sign::Unlists { when } if switch == Some(when) => visibility.unlisted = Some(mark()),
            Sign::Draft if switch == Some(true) => visibility.draft = Some(mark()),
            Sign::Public => {
                visibility.public = switch;
                match switch {
                    Some(true) => {}
                    Some(false) => visibility.hidden = Some(mark()),
                    // `public: 某公众号` says where it came from.
                    None => {}
                }
            }
            // A list of what a page is to hide (`hide: [toc]`), a text about something else (`article: 题`).
            Sign::Hides { when: true } | Sign::Unlists { when: true } | Sign::Draft if switch.is_none() && is_text => {
                self.hold_unclear(&mark());
            }
            // `publish: never`, `visible: PRIVATE`; another word is of something else (`publish: 某出版社`), and a date says when.
            Sign::Hides { when: false } if switch.is_none() && is_text && says_no(value) => self.hold_unclear(&mark()),
            Sign::Hides { .. } | Sign::Unlists { .. } | Sign::Draft => {}
            Sign::Lock if switch != Some(false) && !matches!(value.to_lowercase().as_str(), "none" | "无" | "無" | "没有") => {
                self.hold_locked(&mark());
            }
            Sign::Lock => {}
            Sign::Status | Sign::Audience => match word(value) {
                Word::Public => {}
                Word::Draft => visibility.draft = Some(mark()),
                Word::Hidden => visibility.hidden = Some(mark()),
                Word::Unlisted => visibility.unlisted = Some(mark()),
                Word::Waits => visibility.waits = Some(mark()),
                Word::Locked => self.hold_locked(&mark()),
                // A status may be anything (`status: 完稿`); who may see it is what this key is for.
                Word::Unknown if name.ends_with("visibility") => self.hold_unclear(&mark()),
                Word::Unknown => {}
            },
            Sign::Build => {
                let Some(map) = super::mapping(entry.value) else { return };
                let says = |key: &str, words: &[&str]| match map.get(key) {
                    Some(serde_yaml::Value::Bool(on)) => !on,
                    Some(serde_yaml::Value::String(word)) => words.contains(&word.as_str()),
                    _ => false,
                };
                if says("render", &["never", "link"]) {
                    visibility.hidden = Some(mark());
                } else if says("list", &["never", "local"]) {
                    visibility.unlisted = Some(mark());
                }
            }
            Sign::PublishDate | Sign::ExpiryDate => {
                let scalar = Some(Scalar { text: value.to_owned(), quoted: whole.starts_with(['"', '\'']), range: at..at + whole.len() });
                let slot = if matches!(sign, Sign::PublishDate) { &mut visibility.publish_date } else { &mut visibility.expiry_date };
                *slot = scalar;
            }
        }
    }

    fn hold_unclear(&mut self, mark: &Scalar) {
        let message = say!("`{}` may mean that not everybody was to see this post", &mark.text);
        self.hold(message, mark);
    }

    fn hold_locked(&mut self, mark: &Scalar) {
        // A password is not for the report, which a workflow shows to everybody.
        let key = mark.text.split(':').next().unwrap_or_default();
        let message = say!("`{}` hid the text of this post from readers, which sitegen cannot do", key);
        let mark = Scalar { range: mark.range.start..mark.range.start + key.len(), ..mark.clone() };
        self.hold(message, &mark);
    }

    fn hold(&mut self, message: crate::words::Message, mark: &Scalar) {
        let hint =
            say!("the post is held back, because publishing cannot be undone; write `public: true` to publish it, or remove the key");
        let diagnostic = Diagnostic::error("hidden-elsewhere", message).hint(hint).at(self.text, mark.range.clone());
        self.front_matter.visibility.unclear.get_or_insert(Box::new(diagnostic));
    }
}

impl FrontMatter {
    /// What other tools' keys say, where the post does not say that it is public all the same.
    pub fn visibility(&self) -> Visibility {
        let said = &self.visibility;
        if said.public == Some(true) {
            let (publish_date, expiry_date) = (said.publish_date.clone(), said.expiry_date.clone());
            return Visibility { publish_date, expiry_date, public: said.public, ..Visibility::default() };
        }
        said.clone()
    }
}

/// A value of one line without its comment and quotes; empty where it says nothing.
fn plain(value: &str) -> &str {
    let value = value.split(" #").next().unwrap_or(value).trim().trim_matches(['"', '\'']).trim();
    if matches!(value, "~" | "null" | "Null" | "NULL" | "[]" | "{}") { "" } else { value }
}

#[cfg(test)]
mod tests {
    use super::super::{KNOWN_KEYS, read, split};
    use super::*;

    fn front_matter(text: &str) -> FrontMatter {
        let (split, _) = split(text, &KNOWN_KEYS).unwrap();
        read(text, split.head.unwrap(), &["tags"], false).unwrap().0
    }

    /// What each key and value means for who may see a post.
    #[test]
    fn what_hid_a_post_elsewhere_is_understood() {
        let read = |line: &str| {
            let front_matter = front_matter(&format!("---\n{line}\ntitle: 题\n---\n"));
            let said = front_matter.visibility();
            match said {
                Visibility { unclear: Some(found), .. } => format!("error {}:{}", found.place.clone().unwrap().line, found.message),
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
            ("private: 也许", "error 2:`private: 也许` may mean that not everybody was to see this post"),
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
            ("hidden: maybe", "error 2:`hidden: maybe` may mean that not everybody was to see this post"),
            ("listed: false", "unlisted listed: false"),
            ("article: false", "unlisted article: false"),
            ("article: 题", "public"),
            ("eleventyExcludeFromCollections: true", "unlisted eleventyExcludeFromCollections: true"),
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
            ("visibility: members", "error 2:`visibility` hid the text of this post from readers, which sitegen cannot do"),
            ("visibility: 朋友", "error 2:`visibility: 朋友` may mean that not everybody was to see this post"),
            ("access: paid", "error 2:`access` hid the text of this post from readers, which sitegen cannot do"),
            ("access: 地铁二号线", "public"),
            ("password: abc123", "error 2:`password` hid the text of this post from readers, which sitegen cannot do"),
            ("password: ''", "public"),
            ("password:", "public"),
            ("encrypt: true", "error 2:`encrypt` hid the text of this post from readers, which sitegen cannot do"),
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
            ("access: friends", "error 2:`access` hid the text of this post from readers, which sitegen cannot do"),
            ("visibility: default", "public"),
            ("wp_status: draft", "draft"),
            ("状态: 草稿", "draft"),
            ("hideInList: true", "unlisted hideInList: true"),
            ("publish: never", "error 2:`publish: never` may mean that not everybody was to see this post"),
            ("publish: 2020-01-01", "public"),
        ] {
            assert_eq!(read(line), means, "{line}");
        }
        let robots = front_matter("---\nrobots: [NoIndex, nofollow]\n---\n");
        assert_eq!(robots.noindex, Some(true));
    }
}
