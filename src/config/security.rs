//! `security`: what posts may bring into a page, and where files may come from.

use chinese_markdown::RawHtml;

use super::policy::ContentPolicy;
use crate::yaml::{Mistake, Setting};

pub(super) struct Security {
    pub(super) raw_html: RawHtml,
    pub(super) policy: ContentPolicy,
    pub(super) follow_symlinks: bool,
}

impl Security {
    pub(super) fn read(typed: Setting<'_>) -> Result<Security, Mistake> {
        let typed = typed.of_keys(&["html", "csp", "follow_symlinks"])?;
        let html =
            [("sanitize", RawHtml::Sanitize), ("strip", RawHtml::Strip), ("raw", RawHtml::Raw)];
        let raw_html = typed.get("html").one_of(&html)?.unwrap_or(RawHtml::Sanitize);
        // Pages of raw HTML may hold anything.
        let default_policy = if raw_html == RawHtml::Raw {
            ContentPolicy::default()
        } else {
            ContentPolicy::of_the_site()
        };
        Ok(Security {
            raw_html,
            policy: ContentPolicy::read(&typed.get("csp"))?.unwrap_or(default_policy),
            follow_symlinks: typed.get("follow_symlinks").switch()?.unwrap_or(false),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::Node;

    #[test]
    fn raw_html_has_a_policy_only_on_request() {
        for (yaml, has_policy) in [
            ("{html: raw}", false),
            ("{html: raw, csp: ~}", false),
            ("{html: raw, csp: true}", true),
            ("{html: strip}", true),
            ("{csp: ~}", true),
            ("{csp: false}", false),
        ] {
            let security = Security::read(Setting::file(&Node::parse(yaml).unwrap())).unwrap();
            assert_eq!(security.policy.meta().is_some(), has_policy, "{yaml}");
        }
    }
}
