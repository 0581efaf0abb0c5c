//! Words for a status or an audience.

/// What a word for a status or an audience says.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Word {
    Public,
    Draft,
    Hidden,
    Unlisted,
    Waits,
    /// For some readers only.
    Locked,
    Unknown,
}

/// What a text says as such a word.
pub(super) fn word(text: &str) -> Word {
    let text: String = text.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
    match text.as_str() {
        "public" | "publish" | "published" | "visible" | "open" | "everyone" | "all" | "free"
        | "true" | "default" | "world" | "anyone" | "公开" | "已发布" | "发布" => {
            Word::Public
        }
        "draft" | "drafts" | "autodraft" | "pending" | "waiting" | "草稿" | "待审" | "待发布"
        | "未完成" => Word::Draft,
        "private" | "trash" | "trashed" | "deleted" | "unpublished" | "unpublish" | "skip"
        | "inherit" | "internal" | "私密" | "私密文章" | "仅自己可见" | "私有" | "回收站"
        | "未发布" => Word::Hidden,
        "hidden" | "unlisted" | "隐藏" => Word::Unlisted,
        "future" | "scheduled" | "定时" => Word::Waits,
        "password" | "protected" | "encrypted" | "members" | "membersonly" | "paid" | "tiers"
        | "subscribers" | "friends" | "restricted" | "login" | "加密" | "密码" | "会员"
        | "付费" => Word::Locked,
        _ => Word::Unknown,
    }
}

/// Whether a word speaks against showing something.
fn speaks_against(text: &str) -> bool {
    matches!(word(text), Word::Draft | Word::Hidden | Word::Unlisted | Word::Locked)
}

/// Whether a text that is no switch speaks against showing something, or one of its words does.
pub(super) fn says_no(text: &str) -> bool {
    speaks_against(text)
        || text.split(|c: char| !c.is_alphanumeric()).any(speaks_against)
        || matches!(text.to_lowercase().as_str(), "never" | "later" | "maybe" | "也许" | "暂不")
}
