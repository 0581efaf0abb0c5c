//! Words for a status or an audience.

/// What a word for a status or an audience says.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum StatusWord {
    Public,
    Draft,
    Hidden,
    Unlisted,
    Waits,
    /// For some readers only.
    Locked,
    Unknown,
}

/// Returns what a text says as such a word.
pub(super) fn word(text: &str) -> StatusWord {
    let text: String = text.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
    match text.as_str() {
        "public" | "publish" | "published" | "visible" | "open" | "everyone" | "all" | "free"
        | "true" | "default" | "world" | "anyone" | "公开" | "已发布" | "发布" => {
            StatusWord::Public
        }
        "draft" | "drafts" | "autodraft" | "pending" | "waiting" | "草稿" | "待审" | "待发布"
        | "未完成" => StatusWord::Draft,
        "private" | "trash" | "trashed" | "deleted" | "unpublished" | "unpublish" | "skip"
        | "inherit" | "internal" | "私密" | "私密文章" | "仅自己可见" | "私有" | "回收站"
        | "未发布" => StatusWord::Hidden,
        "hidden" | "unlisted" | "隐藏" => StatusWord::Unlisted,
        "future" | "scheduled" | "定时" => StatusWord::Waits,
        "password" | "protected" | "encrypted" | "members" | "membersonly" | "paid" | "tiers"
        | "subscribers" | "friends" | "restricted" | "login" | "加密" | "密码" | "会员"
        | "付费" => StatusWord::Locked,
        _ => StatusWord::Unknown,
    }
}

/// Returns whether a word speaks against showing something.
fn speaks_against(text: &str) -> bool {
    matches!(
        word(text),
        StatusWord::Draft | StatusWord::Hidden | StatusWord::Unlisted | StatusWord::Locked
    )
}

/// Returns whether a text that is no switch speaks against showing something, or one of its words
/// does.
pub(super) fn says_no(text: &str) -> bool {
    speaks_against(text)
        || text.split(|c: char| !c.is_alphanumeric()).any(speaks_against)
        || matches!(text.to_lowercase().as_str(), "never" | "later" | "maybe" | "也许" | "暂不")
}
