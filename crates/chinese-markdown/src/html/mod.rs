//! Raw HTML in articles: what is in it, what is safe, and how its images are served.
//!
//! Safety is ammonia's (`sanitising`): an allow-list over a parsed document, applied last. Before
//! it, lol_html rewrites images, links and embeds as a stream (`rewriting`), of which it gets no more
//! than the tags where all parsers agree on them (`plain_tags`). [`tags`] is a light scan for
//! diagnostics and look-alikes; nothing relies on either for safety. Policy: articles are scraped,
//! so nothing in them is trusted; only [`RawHtml::Raw`] relaxes this.

mod address;
mod alignment;
mod anchor;
mod attributes;
mod drawn;
mod element;
mod embed;
mod escape;
mod heading;
mod hidden;
mod inspection;
mod lazy;
mod listing;
mod look_alike;
mod open_counts;
mod parsed_text;
mod picture;
mod plain_tags;
mod player;
mod reference;
mod rewriting;
mod sanitising;
mod scroll;
mod shown;
mod size;
mod swallowing;
mod tag;
mod text;
mod usable;
mod wechat;

pub use address::{ImageAddress, image_address, is_safe_link, names_host, srcset_addresses};
pub use anchor::anchor_paragraphs;
pub use attributes::attributes;
pub use escape::{escape_attribute, escape_text, unescape};
pub use parsed_text::text_of;
pub use reference::{Reference, references};
pub use rewriting::RawHtml;
pub use shown::{CodeBlocks, inside_of_class, shown_lines};
pub use size::Asked;
pub use tag::{Tag, tags};
pub use text::visible_text;
pub use usable::{Unusable, unusable_image};

pub(crate) use address::{EXTERNAL_REL, is_external};
pub(crate) use anchor::is_paragraph_id;
pub(crate) use drawn::{background_of, unseen_backgrounds};
pub(crate) use element::ElementSet;
pub(crate) use embed::CardKind;
pub(crate) use escape::{push_attribute, push_text};
pub(crate) use heading::repeats_title;
pub(crate) use hidden::{hidden, may_hide, without_hidden};
pub(crate) use inspection::{Defect, Inspection, MAX_DEPTH};
pub(crate) use look_alike::{escape_look_alikes, made_whole};
pub(crate) use reference::holds_address;
pub(crate) use rewriting::{Rewriting, rewrite};
pub(crate) use sanitising::{raw_id, sanitize};
pub(crate) use scroll::with_scrolling_tables;
pub(crate) use swallowing::{closed_at_once, swallows};
pub(crate) use text::{text_paragraphs, with_breaks, without_comments};
pub(crate) use usable::unusable_link;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::OwnHost;
    use proptest::prelude::*;

    const SEAL: &str = "seal0123-";

    fn clean(html: &str) -> String {
        let mut inspection = Inspection::default();
        inspection.look_at(html, 0);
        let rewriting = Rewriting {
            raw: RawHtml::Sanitize,
            inspection: &inspection,
            seal: SEAL,
            for_feed: false,
            title: "题",
            word: &|_| "片",
            markup: &|_, code| escape_text(code),
            own_host: &OwnHost::default(),
            resolve: &|_| None,
            sides: &|_, asked| asked.sides(|| None),
        };
        sanitize(&rewrite(html, &rewriting).unwrap(), SEAL, rewriting.own_host)
    }

    #[test]
    fn hostile_html_is_inert() {
        for html in [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "<svg onload=alert(1)>",
            "<svg><animate attributeName=href>",
            "<math><annotation-xml encoding='text/html'><img src=x onerror=alert(1)></annotation-xml></math>",
            "<base href=//evil>",
            "<a href=\"java\tscript:alert(1)\">x</a>",
            "<a href=\"&#106;avascript:alert(1)\">x</a>",
            "<a href=' javascript:alert(1)'>x</a>",
            "<meta http-equiv=refresh content=0>",
            "<form action=x><input name=a></form>",
            "<style>*{}</style>",
            "<p style='x' onclick=y>a</p>",
            "<img src='data:text/html,<script>'>",
            "<iframe srcdoc='<script>'></iframe>",
            "<a href='vbscript:x'>x</a>",
            "<img srcset='x 1x'>",
            "<div id=x class=y>",
            "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\"></noscript>",
            "<a href='data:text/html,x'>x</a>",
        ] {
            let out = clean(html).to_lowercase();
            for forbidden in [
                "<script",
                "onerror",
                "onload",
                "onclick",
                "javascript:",
                "vbscript:",
                "<svg",
                "<math",
                "<base",
                "<meta",
                "<form",
                "<style",
                "style=",
                "<iframe",
                "srcset",
                "data:text",
                "id=\"x\"",
                "class=\"y\"",
                "name=",
            ] {
                assert!(!out.contains(forbidden), "{html} gave {out}");
            }
        }
    }

    #[test]
    fn images_are_served_politely() {
        assert_eq!(
            clean(
                "<img data-src=\"https://mmbiz.qpic.cn/x?a=1&amp;b=2\" src=\"data:image/svg+xml,x\">"
            ),
            "<img src=\"https://mmbiz.qpic.cn/x?a=1&amp;b=2\" referrerpolicy=\"no-referrer\" loading=\"lazy\" alt=\"\">"
        );
        assert_eq!(clean("<img src=\"https://t.example/p.gif\" width=\"1\" height=\"1\">前"), "前");
        assert_eq!(
            clean(
                "<img data-src=\"https://mmbiz.qpic.cn/y\" data-w=\"1080\" data-ratio=\"0.6666667\">"
            ),
            "<img src=\"https://mmbiz.qpic.cn/y\" width=\"1080\" height=\"720\" referrerpolicy=\"no-referrer\" loading=\"lazy\" alt=\"\">"
        );
        assert_eq!(clean("<img src=\"a.png\">"), "<img src=\"a.png\" loading=\"lazy\" alt=\"\">");
    }

    #[test]
    fn own_attributes_are_kept_and_others_are_not() {
        assert_eq!(
            clean("<h2 id=\"seal0123-标题\">a</h2><h2 id=\"标题\">b</h2>"),
            "<h2 id=\"标题\">a</h2><h2 id=\"u-标题\">b</h2>"
        );
        assert_eq!(
            clean("<a href=\"#n\">1</a><span id=n>2</span>"),
            "<a href=\"#u-n\">1</a><span id=\"u-n\">2</span>"
        );
        assert!(
            clean("<iframe src=\"//player.example/v?x\"></iframe>")
                .contains("<a href=\"https://player.example/v?x\"")
        );
    }

    proptest! {
        #[test]
        fn nothing_that_runs_gets_through(html in "(</?(a|img|image|div|svg|p|script|table|td|style|math|b|object|form|select|option|textarea|xmp|video|source|noscript|area|input|mpvoice|template|title) ?(href|src|alt|value|name|title|on[a-z]{3}|style|id|class)?=?[\"']?(javascript:|data:|x|#y)?[\"']?>?|[<>\"'&甲a ]){0,25}") {
            for once in [sanitize(&html, SEAL, &OwnHost::default()), clean(&html)] {
                prop_assert!(!once.contains("<script"), "{once}");
                for tag in tags(&once) {
                    for (name, value) in attributes(tag.attributes) {
                        let is_address = matches!(&*name, "href" | "src");
                        prop_assert!(!is_address || is_safe_link(&value) || value.starts_with("data:image/"), "{once}");
                        prop_assert!(!name.starts_with("on"), "{once}");
                    }
                    let forbidden = ["script", "style", "iframe", "object", "form", "textarea", "xmp", "noscript", "template", "svg", "math"];
                    prop_assert!(!forbidden.contains(&&*tag.lower_name()), "{once}");
                }
            }
        }
    }
}
