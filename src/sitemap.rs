//! What hosts and robots read: `sitemap.xml` (sitemaps.org 0.9), `robots.txt`, `_redirects`, `_headers`.

use crate::config::Config;
use crate::date;
use crate::plan::{Page, Plan, SITEMAP_URLS};
use crate::route::Route;
use crate::site::Site;
use crate::xml::Xml;

const NAMESPACE: (&str, &str) = ("xmlns", "http://www.sitemaps.org/schemas/sitemap/0.9");

/// The sitemap, or the index of its parts above 50,000 addresses.
pub fn sitemap(plan: &Plan, site: &Site, config: &Config) -> String {
    if plan.listed.len() <= SITEMAP_URLS {
        return url_set(&plan.listed, plan, site, config);
    }
    let mut xml = Xml::default();
    xml.open("sitemapindex", &[NAMESPACE]);
    for part in 1..=plan.listed.len().div_ceil(SITEMAP_URLS) {
        xml.open("sitemap", &[]);
        xml.text("loc", &[], &config.base.absolute(&Route::root().below(&format!("sitemap-{part}.xml"))));
        xml.close();
    }
    xml.finish()
}

/// One part, counted from 1.
pub fn part(number: usize, plan: &Plan, site: &Site, config: &Config) -> String {
    let start = (number - 1) * SITEMAP_URLS;
    url_set(&plan.listed[start..(start + SITEMAP_URLS).min(plan.listed.len())], plan, site, config)
}

fn url_set(listed: &[usize], plan: &Plan, site: &Site, config: &Config) -> String {
    let mut xml = Xml::default();
    xml.open("urlset", &[NAMESPACE]);
    for index in listed {
        let (route, page) = &plan.routes[*index];
        let post = match page {
            Page::Post(id) => Some(&site.posts[*id]),
            Page::Standalone(id) => Some(&site.pages[*id]),
            _ => None,
        };
        xml.open("url", &[]);
        xml.text("loc", &[], &config.base.absolute(route));
        if let Some(changed) = post.and_then(|post| post.updated.as_ref().or(post.date.as_ref())) {
            xml.text("lastmod", &[], &date::rfc3339(changed));
        }
        xml.close();
    }
    xml.finish()
}

/// Everybody may read everything; the sitemap is named where its address is known.
pub fn robots(config: &Config) -> String {
    let mut out = "User-agent: *\nAllow: /\n".to_owned();
    if config.base.is_absolute() {
        out.push_str(&format!("Sitemap: {}\n", config.base.absolute(&Route::root().below("sitemap.xml"))));
    }
    out
}

/// The `_redirects` file of Cloudflare Pages, Netlify and GitLab: old address, new address, status. An old address that hosts
/// would take for a pattern is left out; the page there leads on.
pub fn redirects(plan: &Plan, config: &Config) -> String {
    // Hosts read so many lines and no more: those without a page of their own come first.
    let has_page = |from: &Route| matches!(plan.entry(from), Some((_, Page::Redirect(_))));
    let (with, without): (Vec<_>, Vec<_>) = plan.redirects.iter().partition(|(from, _)| has_page(from));
    let rules = without.into_iter().chain(with).filter_map(|(from, to)| config.base.redirect_rule(from, to).ok());
    rules.map(|rule| rule + "\n").collect()
}

/// The `_headers` file of Cloudflare Pages, Netlify and GitLab.
pub fn headers(plan: &Plan, config: &Config) -> String {
    // The path of the site itself may hold what hosts take for a pattern; a rule for other sites beside it is none of ours.
    let path = config.base.path().replace('*', "%2A").replace(':', "%3A");
    let mut out = format!("{path}/*\n  X-Content-Type-Options: nosniff\n  Referrer-Policy: strict-origin-when-cross-origin\n");
    if let Some(policy) = config.policy.header() {
        out.push_str(&format!("  Content-Security-Policy: {policy}\n"));
    }
    // Each by its name, which carries a hash of its content: other files may lie in the folder.
    let assets = plan.routes.iter().filter(|(_, page)| matches!(page, Page::Asset(_)));
    for address in assets.filter_map(|(route, _)| config.base.rule_href(route).ok()) {
        out.push_str(&format!("{address}\n  Cache-Control: public, max-age=31536000, immutable\n"));
    }
    out
}
