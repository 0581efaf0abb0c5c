//! Where a site is published, and what references on its pages mean there.

use std::borrow::Cow;

use chinese_markdown::reference::{OwnHost, decode, has_scheme, split_path, web_scheme};

use super::{Route, encode_path, without_dots};
use crate::words::Message;

/// Longest line of `_redirects` and `_headers` that every host reads, in characters (Cloudflare
/// Pages).
const RULE_CHARACTERS: usize = 2_000;

/// Where the site will be published: origin and path. Turns routes into hrefs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BaseUrl {
    /// `https://host`, or empty when the site has no address yet.
    origin: String,
    /// `/archive`, or empty; never ends in `/`.
    path: String,
    /// Full addresses name the file (`urls.style: explicit`).
    names_files: bool,
    /// Which references lead to the site itself.
    own: OwnHost,
}

impl BaseUrl {
    /// Reads `https://host/sub/path`, or just `/sub/path`, or nothing.
    pub fn parse(text: &str) -> Result<BaseUrl, Message> {
        let text = text.trim();
        let (origin, path) = match text.split_once("://") {
            Some((scheme, rest)) => {
                if !matches!(scheme, "http" | "https") {
                    return Err(say!(
                        "`{}` is not a scheme that a site can be published under; use https",
                        scheme
                    ));
                }
                let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
                if host.is_empty() || host.contains(char::is_whitespace) || host.contains('@') {
                    return Err(say!("`{}` has no valid host", text));
                }
                (format!("{scheme}://{host}"), path)
            }
            None if text.is_empty() || text.starts_with('/') => (String::new(), text),
            None => {
                return Err(say!(
                    "`{}` is neither an address like https://example.org/sub nor a path like /sub",
                    text
                ));
            }
        };
        if path.contains(['?', '#']) {
            return Err(say!("`{}` must not hold `?` or `#`", text));
        }
        let Ok(own) = OwnHost::parse(&origin) else {
            return Err(say!("`{}` has no valid host", text));
        };
        Ok(BaseUrl {
            origin,
            path: encode_path(&decode(path.trim_end_matches('/'))),
            names_files: false,
            own,
        })
    }

    /// Returns the same address, with full addresses that end in `index.html` or not.
    pub fn naming_files(self, names_files: bool) -> BaseUrl {
        BaseUrl { names_files, ..self }
    }

    /// Returns whether the site has a full address; feeds and sitemaps need one.
    pub fn is_absolute(&self) -> bool {
        !self.origin.is_empty()
    }

    /// Returns what an `href` on the same host holds: base path and percent-encoded route.
    pub fn href(&self, route: &Route) -> String {
        format!("{}{}", self.path, route.encoded())
    }

    /// Returns what an `href` on the same host holds to reach the very file of a route:
    /// `/a/index.html`.
    pub fn file_href(&self, route: &Route) -> String {
        format!("{}/{}", self.path, encode_path(&route.file()))
    }

    /// Returns the line of `_redirects` that leads from one address to another and from no other
    /// address. An error says why hosts have no such line.
    pub fn redirect_rule(&self, from: &Route, to: &Route) -> Result<String, Message> {
        let from = self.rule_href(from)?;
        // Hosts show a folder, and take a rule that leads to the file in it for one that goes
        // round.
        let file = to.file();
        let to = match file.strip_suffix("index.html") {
            Some(folder) if folder.is_empty() || folder.ends_with('/') => {
                format!("{}/{}", self.path, encode_path(folder))
            }
            _ => self.href(to),
        };
        // What stands for a part of the old address is put in here.
        let rule = format!("{from} {} 301", to.replace(':', "%3A").replace('*', "%2A"));
        if rule.len() > RULE_CHARACTERS {
            Err(say!("it is longer than hosts read"))
        } else {
            Ok(rule)
        }
    }

    /// Returns the address of a rule in `_redirects` or `_headers`, as browsers ask for it. Hosts
    /// compare it letter by letter, and none has a sign that takes the meaning from `*` or `:`;
    /// browsers never ask for `%2A` or `%3A` in their place.
    pub fn rule_href(&self, route: &Route) -> Result<String, Message> {
        let href = self.href(route);
        // Cloudflare Pages reads `:name` anywhere, Netlify and GitLab Pages at the beginning of a
        // segment, and there any name.
        let is_placeholder = |(at, _): (usize, &str)| {
            href[..at].ends_with('/')
                || href[at + 1..].starts_with(|c: char| c.is_ascii_alphabetic())
        };
        if href.contains('*') || href.match_indices(':').any(is_placeholder) {
            return Err(say!("hosts take `*` and `:` in it for patterns"));
        }
        Ok(href)
    }

    /// Returns the full address of a route.
    pub fn absolute(&self, route: &Route) -> String {
        self.absolute_href(&if self.names_files { self.file_href(route) } else { self.href(route) })
    }

    /// Returns whether full addresses name the file, `/a/index.html`.
    pub fn names_files(&self) -> bool {
        self.names_files
    }

    /// Returns the full address of a path that is already encoded and begins with `/`, base path
    /// included.
    pub fn absolute_href(&self, href: &str) -> String {
        format!("{}{href}", self.origin)
    }

    /// Base path, without a slash at its end.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns the decoded path on the host that a reference on a page means.
    pub fn path_on_host(&self, page: &Route, path: &str) -> String {
        let full = self.resolve(&self.href(page), path);
        decode(full.strip_prefix(&self.absolute_href("")).unwrap_or(&full))
    }

    /// Returns which references lead to the site itself.
    pub fn own_host(&self) -> &OwnHost {
        &self.own
    }

    /// As [`OwnHost::below`].
    pub fn below_host<'a>(&self, reference: &'a str) -> Option<Cow<'a, str>> {
        self.own.below(reference)
    }

    /// Resolves a reference found in the page at `page_href` to a full address, as browsers do (URL
    /// standard, for http bases).
    pub fn resolve(&self, page_href: &str, reference: &str) -> String {
        let reference = &*self.own.read(reference);
        if let Some((scheme, rest)) = web_scheme(reference) {
            // However many slashes stand there, browsers read two.
            let is_plain = rest.starts_with("//") && !rest.starts_with("///");
            return if is_plain {
                reference.to_owned()
            } else {
                format!("{scheme}://{}", rest.trim_start_matches('/'))
            };
        }
        if has_scheme(reference) {
            return reference.to_owned();
        }
        if reference.starts_with("//") {
            return format!("https:{reference}");
        }
        if reference.is_empty() || reference.starts_with(['#', '?']) {
            return format!("{}{page_href}{reference}", self.origin);
        }
        let (path, rest) = split_path(reference);
        if path.starts_with('/') {
            return format!("{}{}{rest}", self.origin, without_dots(path));
        }
        let folder = &page_href[..=page_href.rfind('/').unwrap_or(0)];
        format!("{}{}{rest}", self.origin, without_dots(&format!("{folder}{path}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_resolved_as_browsers_do() {
        // Values of the URL standard's own reference implementation (whatwg-url).
        let base = BaseUrl::parse("https://e.example/sub").unwrap();
        let resolve = |reference: &str| base.resolve("/sub/2023/a/", reference);
        for (reference, resolved) in [
            ("/a/../b/", "/b/"),
            ("/a/./b/", "/a/b/"),
            ("/a/%2e%2E/b/", "/b/"),
            ("/a/.%2e/b", "/b"),
            ("/a/..", "/"),
            ("/../../b/", "/b/"),
            ("/a//../b/", "/a/b/"),
            ("..\\b\\c/?x\\y", "/sub/2023/b/c/?x\\y"),
            (" /a/\n b/\t", "/a/ b/"),
            ("../b/#x", "/sub/2023/b/#x"),
            ("../../../../b", "/b"),
            (".", "/sub/2023/a/"),
            ("%2e%2e", "/sub/2023/"),
            ("..a/...", "/sub/2023/a/..a/..."),
            ("?q", "/sub/2023/a/?q"),
        ] {
            assert_eq!(resolve(reference), format!("https://e.example{resolved}"), "{reference:?}");
        }
        assert_eq!(resolve("//b.example/x/../y"), "https://b.example/x/../y");
        assert_eq!(resolve("mailto:a\\b@b.example"), "mailto:a\\b@b.example");
        assert_eq!(resolve("https:../b/"), "https://e.example/sub/2023/b/");
        assert_eq!(resolve("https:/b.example/x"), "https://e.example/b.example/x");
        assert_eq!(resolve("http:/b.example/x"), "http://b.example/x");
        assert_eq!(resolve("///b.example/x"), "https://b.example/x");
    }

    #[test]
    fn references_resolve() {
        let base = BaseUrl::parse("https://example.org/archive/").unwrap();
        let page = "/archive/2023/%E9%A2%98/";
        assert_eq!(base.resolve(page, "a.png"), "https://example.org/archive/2023/%E9%A2%98/a.png");
        assert_eq!(base.resolve(page, "../b/?q#f"), "https://example.org/archive/2023/b/?q#f");
        assert_eq!(base.resolve(page, "../../../../c"), "https://example.org/c");
        assert_eq!(base.resolve(page, "/d"), "https://example.org/d");
        assert_eq!(base.resolve(page, "#x"), "https://example.org/archive/2023/%E9%A2%98/#x");
        assert_eq!(base.resolve(page, "//cdn.example/x"), "https://cdn.example/x");
        assert_eq!(base.resolve(page, "mailto:a@b.c"), "mailto:a@b.c");
    }

    #[test]
    fn base_urls() {
        let base = BaseUrl::parse("https://example.org/档案/").unwrap();
        assert_eq!(base.href(&Route::root()), "/%E6%A1%A3%E6%A1%88/");
        assert_eq!(BaseUrl::parse("").unwrap().href(&Route::root()), "/");
        for wrong in [
            "example.org",
            "ftp://x",
            "https://",
            "https://a b/",
            "https://u@h/",
            "https://h/?q",
            "https://a^b/",
        ] {
            assert!(BaseUrl::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn rules_of_hosts() {
        let base = BaseUrl::parse("https://example.org/sub/").unwrap();
        let rule = |from: &str, to: &str| {
            base.redirect_rule(&Route::parse(from).unwrap(), &Route::parse(to).unwrap())
        };
        assert_eq!(rule("/旧/", "/a/").unwrap(), "/sub/%E6%97%A7/ /sub/a/ 301");
        assert_eq!(
            rule("/12:30/a:/", "/:x/*/b:c").unwrap(),
            "/sub/12:30/a:/ /sub/%3Ax/%2A/b%3Ac 301"
        );
        assert_eq!(
            rule("/a b#?%41", "/x/index.html").unwrap(),
            "/sub/a%20b%23%3F%2541 /sub/x/ 301"
        );
        assert_eq!(rule("/a", "/index").unwrap(), "/sub/a /sub/ 301");
        for pattern in ["/*", "/a*b/", "/2:x/", "/ar:chive/", "/:1/", "/:甲/", "/:/", "/a/:_/"] {
            assert!(rule(pattern, "/a/").is_err(), "{pattern}");
        }
        assert!(rule(&"/字".repeat(220), "/a/").is_err());
    }
}
