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
        if let Some(changed) = post.and_then(|post| post.updated.as_ref().max(post.date.as_ref())) {
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

/// The `_redirects` file of Cloudflare Pages, Netlify and GitLab: old address, new address, status.
pub fn redirects(plan: &Plan, config: &Config) -> String {
    // `*` and a leading `:` are patterns to hosts; a post must not redirect more than its own old address.
    let plain = |href: String| href.replace('*', "%2A").replace("/:", "/%3A");
    let target = |route: &Route| if config.base.names_files() { config.base.file_href(route) } else { config.base.href(route) };
    let line = |(from, to): &(Route, Route)| format!("{} {} 301\n", plain(config.base.href(from)), plain(target(to)));
    plan.redirects.iter().map(line).collect::<Vec<String>>().concat()
}

/// The `_headers` file of Cloudflare Pages, Netlify and GitLab.
pub fn headers(plan: &Plan, config: &Config) -> String {
    let mut out =
        format!("{}/*\n  X-Content-Type-Options: nosniff\n  Referrer-Policy: strict-origin-when-cross-origin\n", config.base.path());
    if let Some(policy) = config.policy.header() {
        out.push_str(&format!("  Content-Security-Policy: {policy}\n"));
    }
    // Each by its name, which carries a hash of its content: other files may lie in the folder.
    for (route, _) in plan.routes.iter().filter(|(_, page)| matches!(page, Page::Asset(_))) {
        out.push_str(&format!("{}\n  Cache-Control: public, max-age=31536000, immutable\n", config.base.href(route)));
    }
    out
}
