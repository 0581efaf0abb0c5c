//! Which keys say who may see a post.

use unicode_normalization::UnicodeNormalization;

use chinese_text::is_invisible;

/// What a key says of who may see a post.
#[derive(Clone, Copy)]
pub(super) enum VisibilityKey {
    /// A switch that holds the post back while it is on, or while it is off.
    Hides {
        when: bool,
    },
    /// A switch that keeps the post out of lists while it is on, or while it is off.
    Unlists {
        when: bool,
    },
    Draft,
    /// A word, which may be anything (`status: 完稿`).
    Status,
    /// A word for who may read it, and for nothing else.
    Audience,
    /// Hugo's map of build options.
    Build,
    PublishDate,
    ExpiryDate,
    /// A password, or a switch: the text was not readable to everybody.
    Lock,
    Public,
}

/// Returns a key without what people put between its words, wide letters made narrow.
pub(super) fn key_of(name: &str) -> String {
    let is_kept = |c: &char| !matches!(c, '-' | '_') && !c.is_whitespace() && !is_invisible(*c);
    if name.is_ascii() {
        name.chars().filter(is_kept).collect()
    } else {
        name.nfkc().filter(is_kept).collect()
    }
}

/// Returns what a key says of who may see the post, if anything. `name` is in lower case, with `-`,
/// `_` or nothing between its words.
pub(super) fn sign(name: &str) -> Option<VisibilityKey> {
    Some(match key_of(name).as_str() {
        "draft" | "isdraft" | "草稿" => VisibilityKey::Draft,
        "private" | "isprivate" | "私密" | "私有" | "nopublish" | "notpublic" | "headless"
        | "unpublished" => VisibilityKey::Hides { when: true },
        "publish" | "published" | "ispublished" | "dgpublish" | "visible" | "render" => {
            VisibilityKey::Hides { when: false }
        }
        "unlisted"
        | "隐藏"
        | "隱藏"
        | "hidden"
        | "ishidden"
        | "hide"
        | "exclude"
        | "excluded"
        | "hideinlist"
        | "eleventyexcludefromcollections" => VisibilityKey::Unlists { when: true },
        "listed" | "article" | "indexing" => VisibilityKey::Unlists { when: false },
        "status" | "poststatus" | "wpstatus" | "状态" | "狀態" | "access" => {
            VisibilityKey::Status
        }
        "visibility" | "postvisibility" => VisibilityKey::Audience,
        "build" => VisibilityKey::Build,
        "publishdate" | "pubdate" | "publishat" | "publishedat" => VisibilityKey::PublishDate,
        "expirydate" | "expiredate" | "expiration" | "expirationdate" | "expires"
        | "unpublishdate" => VisibilityKey::ExpiryDate,
        "password" | "密码" | "密碼" | "加密" | "pwd" | "postpassword" | "hugoencrypt"
        | "hexoencrypt" | "isprotected" | "isencrypted" | "memberonly" | "passwd"
        | "passphrase" | "encrypt" | "encrypted" | "protected" | "secret" | "locked"
        | "membersonly" => VisibilityKey::Lock,
        "public" | "ispublic" => VisibilityKey::Public,
        _ => return None,
    })
}

/// Returns whether a key, in lower case, says who may see the post.
pub(in crate::front_matter) fn is_sign(name: &str) -> bool {
    sign(name).is_some()
}

/// Returns whether a key, in lower case, says that a post is public on purpose.
pub(in crate::front_matter) fn is_public(name: &str) -> bool {
    matches!(sign(name), Some(VisibilityKey::Public))
}

/// Returns whether a line that is no key begins with the name of one that says who may see the
/// post: `draft true`.
pub(in crate::front_matter) fn is_said_in(line: &str) -> bool {
    names(line).next().is_some_and(|word| is_sign(&word))
}

/// Returns the words of a line that may be keys, in lower case.
pub(in crate::front_matter) fn names(line: &str) -> impl Iterator<Item = String> {
    let is_of_name = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    line.split(move |c| !is_of_name(c)).filter(|word| !word.is_empty()).map(str::to_lowercase)
}
