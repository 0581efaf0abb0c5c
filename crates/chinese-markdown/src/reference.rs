//! References, as they stand in a text, and which of them lead to the site itself (URL standard).

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use url::{ParseError, Position, Url};

/// The host that a site is published on: links to it are the site's own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnHost {
    /// The origin as browsers read it, where the site has one.
    url: Option<Url>,
}

impl OwnHost {
    /// Reads an origin, `https://host`, or nothing where the site has no address yet. The error is
    /// that of the parser of addresses.
    ///
    /// ```
    /// use chinese_markdown::reference::OwnHost;
    /// let own = OwnHost::parse("https://a.example").unwrap();
    /// assert_eq!(own.below("http://www.A.example/甲?b").as_deref(), Some("/%E7%94%B2?b"));
    /// assert_eq!(own.below("甲/").as_deref(), Some("甲/"));
    /// assert_eq!(own.below("https://b.example/"), None);
    /// ```
    pub fn parse(origin: &str) -> Result<OwnHost, ParseError> {
        let url = if origin.is_empty() { None } else { Some(Url::parse(origin)?) };
        Ok(OwnHost { url })
    }

    /// Returns what a reference on a page of the site says below the site's own host: itself, or
    /// what follows the host where it names it, however that is spelt, with or without `www.`. None
    /// where it leads to another host, or is no address of the web.
    pub fn below<'a>(&self, reference: &'a str) -> Option<Cow<'a, str>> {
        let reference = self.read(reference);
        if !has_scheme(&reference) && !reference.starts_with("//") {
            return Some(reference);
        }
        let own = self.url.as_ref().filter(|own| !names_another_host(&reference, own))?;
        let url =
            own.join(&reference).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
        let is_own = plain_host(&url) == plain_host(own) && url.port() == own.port();
        is_own.then(|| url[Position::BeforePath..].to_owned().into())
    }

    /// Returns a reference as browsers read it on a page of the site: one with the scheme of the
    /// page and no host is relative, and more than two slashes are two (URL standard, 4.4: special
    /// relative or authority state, special authority ignore slashes state).
    pub fn read<'a>(&self, reference: &'a str) -> Cow<'a, str> {
        let reference = as_browsers_read(reference);
        if reference.starts_with("///") {
            return format!("//{}", reference.trim_start_matches('/')).into();
        }
        let is_relative = |(scheme, rest): &(&str, &str)| {
            !rest.starts_with("//")
                && self.url.as_ref().is_some_and(|url| scheme.eq_ignore_ascii_case(url.scheme()))
        };
        match web_scheme(&reference)
            .filter(is_relative)
            .map(|(_, rest)| reference.len() - rest.len())
        {
            None => reference,
            Some(at) => match reference {
                Cow::Borrowed(reference) => Cow::Borrowed(&reference[at..]),
                Cow::Owned(reference) => Cow::Owned(reference[at..].to_owned()),
            },
        }
    }
}

/// Returns the decoded form of a percent-encoded path; invalid escapes and invalid UTF-8 are left
/// as written.
pub fn decode(path: &str) -> String {
    percent_decode_str(path).decode_utf8().map_or_else(|_| path.to_owned(), Cow::into_owned)
}

/// Returns the path of a reference, and its query and fragment with their marks.
///
/// ```
/// assert_eq!(chinese_markdown::reference::split_path("/a?b#c"), ("/a", "?b#c"));
/// ```
pub fn split_path(reference: &str) -> (&str, &str) {
    reference.split_at(reference.find(['?', '#']).unwrap_or(reference.len()))
}

/// Whether an address in a text is relative to its page.
pub fn is_relative(reference: &str) -> bool {
    !reference.is_empty() && !reference.starts_with(['/', '#', '?']) && !has_scheme(reference)
}

/// Whether a reference names its own scheme (`https:`, `mailto:`), by RFC 3986 §3.1.
pub fn has_scheme(reference: &str) -> bool {
    reference.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
    })
}

/// Whether an address is one of the web: `http:` or `https:`, in whatever case.
pub fn is_of_the_web(address: &str) -> bool {
    web_scheme(address).is_some()
}

/// Returns the scheme of an address of the web, and what follows its colon.
pub fn web_scheme(reference: &str) -> Option<(&str, &str)> {
    reference.split_once(':').filter(|(scheme, _)| {
        ["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known))
    })
}

/// The host of an address without `www.` and the dot of the root.
fn plain_host(url: &Url) -> Option<&str> {
    let host = url.host_str()?;
    let host = host.strip_suffix('.').unwrap_or(host);
    Some(host.strip_prefix("www.").unwrap_or(host))
}

/// Whether a reference names a host in letters that have one spelling, and not the host of `own`.
/// Nearly every link of a post does, and a parser of addresses took a fiftieth of the time of an
/// article to say so.
fn names_another_host(reference: &str, own: &Url) -> bool {
    let Some((_, rest)) =
        reference.split_once("//").filter(|(scheme, _)| matches!(*scheme, "" | "http:" | "https:"))
    else {
        return false;
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let is_plain = host.bytes().all(|byte| {
        byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'-')
    });
    // A number at the end makes an address of numbers, which are spelt in many ways (URL standard,
    // 3.5).
    let ends_in_name = host
        .rsplit('.')
        .next()
        .is_some_and(|label| label.starts_with(|c: char| c.is_ascii_lowercase()));
    is_plain && ends_in_name && plain_host(own) != Some(host.strip_prefix("www.").unwrap_or(host))
}

/// A reference as browsers read it: without blanks around it, without line breaks and tabs inside;
/// `\` in a path is `/` (URL standard, 4.4).
fn as_browsers_read(reference: &str) -> Cow<'_, str> {
    let reference = reference.trim_matches(|c: char| c <= ' ');
    if !reference.contains(['\t', '\n', '\r', '\\']) {
        return Cow::Borrowed(reference);
    }
    let reference = reference.replace(['\t', '\n', '\r'], "");
    let is_of_host = !has_scheme(&reference)
        || reference.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("http"));
    let (path, rest) = split_path(&reference);
    Cow::Owned(if is_of_host { path.replace('\\', "/") + rest } else { reference })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_own_host_has_many_spellings() {
        let own_host = OwnHost::parse("https://Example.org").unwrap();
        let rest = |address: &str| own_host.below(address).map(Cow::into_owned);
        for own in [
            "http://example.org/x",
            "//example.org/x",
            "///example.org/x",
            "\\\\example.org\\x",
            "/\\example.org/x",
            "HTTPS://EXAMPLE.ORG:443/x",
            "http://www.example.org:80/x",
            "https://example.org./x",
            "https:///example.org/x",
            "http:/example.org/x",
            "http:example.org/x",
            "https://a@example.org/x",
            "https://a:b@example.org/x",
            "https://ｅｘａｍｐｌｅ.ｏｒｇ/x",
            "https://example。org/x",
            "https://ex%61mple.org/x",
            " https://exam\nple.org/x ",
            "https://example.org/y/../x",
            "https:/x",
            "HTTPS:/x",
            "/x",
        ] {
            assert_eq!(rest(own).as_deref(), Some("/x"), "{own}");
        }
        assert_eq!(rest("https://example.org").as_deref(), Some("/"));
        assert_eq!(rest("https://example.org?x").as_deref(), Some("/?x"));
        // Without a host, the scheme of the page is no scheme at all.
        for (relative, read) in [
            ("https:x", "x"),
            ("https:", ""),
            ("https:#x", "#x"),
            ("https:/example.org/x", "/example.org/x"),
            ("x", "x"),
        ] {
            assert_eq!(rest(relative).as_deref(), Some(read), "{relative}");
        }
        for other in [
            "https://example.org.evil/x",
            "https://example.org@evil.example/x",
            "https://blog.example.org/x",
            "https://example.org:8080/x",
            "https://other.example/x",
            "//other.example?x",
            "http:x",
            "ftp://example.org/x",
            "mailto:a@example.org",
            "javascript:x",
        ] {
            assert_eq!(rest(other), None, "{other}");
        }
        assert_eq!(OwnHost::default().below("//sub/x"), None);
        for number in [
            "http://127.0.0.1/x",
            "http://127.1/x",
            "http://0x7f.1/x",
            "http://127.0.0.0x1/x",
            "http://2130706433/x",
        ] {
            assert_eq!(
                OwnHost::parse("http://127.0.0.1").unwrap().below(number).as_deref(),
                Some("/x"),
                "{number}"
            );
        }
        assert_eq!(
            OwnHost::parse("https://www.a.example").unwrap().below("http://a.example/x").as_deref(),
            Some("/x")
        );
        assert_eq!(
            OwnHost::parse("https://例子.example")
                .unwrap()
                .below("//xn--fsqu00a.example/x")
                .as_deref(),
            Some("/x")
        );
        assert_eq!(
            OwnHost::parse("https://a.example:8443")
                .unwrap()
                .below("//a.example:8443/x")
                .as_deref(),
            Some("/x")
        );
        assert_eq!(
            OwnHost::parse("http://a.example").unwrap().below("https:/a.example/x").as_deref(),
            Some("/x")
        );
    }
}
