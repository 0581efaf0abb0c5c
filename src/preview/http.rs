//! HTTP/1.1, as much of it as a preview needs: requests without bodies (RFC 9112), answers with
//! validators and ranges (RFC 9110).

use std::fmt::Write as _;
use std::io::{self, BufRead, Read, Write};
use std::ops::Range;

use crate::route::decode;

/// Longest head of a request in bytes, and most header fields: what servers usually take.
const HEAD_BYTES: u64 = 16 * 1024;
const FIELDS: usize = 100;

/// A request: what is asked for, and by whom.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Request {
    pub(super) method: String,
    /// As it was sent: percent-encoded or raw.
    pub(super) path: String,
    /// Without its `?`.
    pub(super) query: String,
    /// Names in lower case.
    fields: Vec<(String, String)>,
    /// Whether the connection may be used again.
    pub(super) keeps_open: bool,
}

/// Why a request cannot be answered but with a status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unreadable {
    Malformed,
    TooLarge,
}

impl Request {
    /// Reads the head of the next request. None where the connection ends before one begins.
    pub(super) fn read(from: &mut impl BufRead) -> io::Result<Option<Result<Request, Unreadable>>> {
        let mut head = Vec::new();
        let mut limited = from.take(HEAD_BYTES);
        loop {
            let line = head.len();
            if limited.read_until(b'\n', &mut head)? == 0 {
                let is_cut = limited.limit() == 0;
                return Ok(if head.is_empty() {
                    None
                } else {
                    Some(Err(if is_cut { Unreadable::TooLarge } else { Unreadable::Malformed }))
                });
            }
            // An empty line ends the head; before the first line it is passed over.
            if matches!(&head[line..], b"\r\n" | b"\n") {
                if line > 0 {
                    return Ok(Some(Request::parse(&head)));
                }
                head.clear();
            }
        }
    }

    /// Reads a whole head.
    pub(super) fn parse(head: &[u8]) -> Result<Request, Unreadable> {
        let mut fields = [httparse::EMPTY_HEADER; FIELDS];
        let mut parsed = httparse::Request::new(&mut fields);
        match parsed.parse(head) {
            Ok(httparse::Status::Complete(_)) => {}
            Err(httparse::Error::TooManyHeaders) => return Err(Unreadable::TooLarge),
            Ok(httparse::Status::Partial) | Err(_) => return Err(Unreadable::Malformed),
        }
        let target = parsed.path.ok_or(Unreadable::Malformed)?;
        // Proxies are sent whole addresses (RFC 9112, 3.2.2).
        let target = match target.strip_prefix("http://") {
            Some(rest) => &rest[rest.find('/').ok_or(Unreadable::Malformed)?..],
            None => target,
        };
        if !target.starts_with('/') {
            return Err(Unreadable::Malformed);
        }
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
        let fields: Vec<(String, String)> = parsed
            .headers
            .iter()
            .map(|field| (field.name.to_ascii_lowercase(), text(field.value)))
            .collect();
        let mut request = Request {
            method: parsed.method.unwrap_or_default().to_owned(),
            path: path.to_owned(),
            query: query.to_owned(),
            fields,
            keeps_open: false,
        };
        // Two hosts, or none, are an attempt at something (RFC 9112, 3.2).
        if request.fields.iter().filter(|(name, _)| name == "host").count() != 1 {
            return Err(Unreadable::Malformed);
        }
        let has_body = request.field("transfer-encoding").is_some()
            || request.field("content-length").is_some_and(|length| length != "0");
        let wants_close =
            request.field("connection").is_some_and(|value| value.eq_ignore_ascii_case("close"));
        request.keeps_open = parsed.version == Some(1) && !has_body && !wants_close;
        Ok(request)
    }

    /// Returns a header field, by its name in lower case.
    pub(super) fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    /// Returns a parameter of the query, decoded.
    pub(super) fn parameter(&self, name: &str) -> Option<String> {
        self.query
            .split('&')
            .find_map(|pair| pair.split_once('=').filter(|(key, _)| *key == name))
            .map(|(_, value)| decode(value))
    }

    /// Returns the value of a cookie.
    pub(super) fn cookie(&self, name: &str) -> Option<&str> {
        let cookies = self.field("cookie")?.split(';');
        cookies
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value)
    }
}

/// What is sent back, apart from its body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) status: u16,
    pub(super) fields: Vec<(&'static str, String)>,
}

impl Head {
    pub(super) fn new(status: u16) -> Head {
        Head { status, fields: Vec::new() }
    }

    #[must_use]
    pub(super) fn with(mut self, name: &'static str, value: impl Into<String>) -> Head {
        self.fields.push((name, value.into()));
        self
    }

    pub(super) fn write(&self, to: &mut impl Write) -> io::Result<()> {
        let mut head = format!("HTTP/1.1 {} {}\r\n", self.status, reason(self.status));
        for (name, value) in &self.fields {
            // Names of files and addresses get here; a line break would begin a field of its own.
            let value: String = value.chars().filter(|c| !c.is_control()).collect();
            let _ = write!(head, "{name}: {value}\r\n");
        }
        head.push_str("\r\n");
        to.write_all(head.as_bytes())
    }
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        206 => "Partial Content",
        301 => "Moved Permanently",
        302 => "Found",
        304 => "Not Modified",
        400 => "Bad Request",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        416 => "Range Not Satisfiable",
        431 => "Request Header Fields Too Large",
        503 => "Service Unavailable",
        _ => "Internal Server Error",
    }
}

/// Which part of `length` bytes a request wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ByteRange {
    All,
    Some(Range<u64>),
    /// It begins behind the end.
    None,
}

/// Reads `Range` (RFC 9110, 14). Several ranges at once, and units other than bytes, may be
/// answered with the whole.
pub(super) fn part(request: &Request, etag: &str, length: u64) -> ByteRange {
    let Some(range) = request.field("range").and_then(|range| range.strip_prefix("bytes=")) else {
        return ByteRange::All;
    };
    if request.field("if-range").is_some_and(|known| known != etag) {
        return ByteRange::All;
    }
    let Some((first, last)) =
        range.split_once('-').map(|(first, last)| (first.trim(), last.trim()))
    else {
        return ByteRange::All;
    };
    let (first, last) = match (first.parse::<u64>(), last.parse::<u64>()) {
        (Ok(first), Ok(last)) if first <= last => (first, last),
        (Ok(first), Err(_)) if last.is_empty() => (first, u64::MAX),
        (Err(_), Ok(0)) if first.is_empty() => return ByteRange::None,
        (Err(_), Ok(last)) if first.is_empty() => (length.saturating_sub(last), u64::MAX),
        _ => return ByteRange::All,
    };
    if first >= length {
        ByteRange::None
    } else {
        ByteRange::Some(first..last.saturating_add(1).min(length))
    }
}

/// Returns whether the one who asks has it already (RFC 9110, 13.1.2).
pub(super) fn is_known(request: &Request, etag: &str) -> bool {
    let weak = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    request.field("if-none-match").is_some_and(|known| {
        known.trim() == "*" || known.split(',').any(|tag| weak(tag) == weak(etag))
    })
}

/// Returns the media type of a file, by its name; hosts do the same. Texts are UTF-8, whatever a
/// browser would guess.
pub(super) fn media_type(file: &str) -> &'static str {
    let extension = file
        .rsplit('/')
        .next()
        .and_then(|name| name.rsplit_once('.'))
        .map_or("", |(_, extension)| extension);
    match extension.to_ascii_lowercase().as_str() {
        "html" | "htm" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "json" | "map" => "application/json; charset=utf-8",
        "webmanifest" => "application/manifest+json; charset=utf-8",
        "xml" | "xsl" => "application/xml; charset=utf-8",
        "rss" => "application/rss+xml; charset=utf-8",
        "atom" => "application/atom+xml; charset=utf-8",
        "txt" | "md" | "markdown" | "" => "text/plain; charset=utf-8",
        "csv" => "text/csv; charset=utf-8",
        "vtt" => "text/vtt; charset=utf-8",
        "svg" => "image/svg+xml; charset=utf-8",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "heic" | "heif" => "image/heic",
        "bmp" => "image/bmp",
        "tif" | "tiff" => "image/tiff",
        "ico" => "image/x-icon",
        "mp3" => "audio/mpeg",
        "m4a" => "audio/mp4",
        "ogg" | "oga" | "opus" => "audio/ogg",
        "wav" => "audio/wav",
        "flac" => "audio/flac",
        "mp4" | "m4v" => "video/mp4",
        "webm" => "video/webm",
        "mov" => "video/quicktime",
        "woff" => "font/woff",
        "woff2" => "font/woff2",
        "ttf" => "font/ttf",
        "otf" => "font/otf",
        "pdf" => "application/pdf",
        "epub" => "application/epub+zip",
        "zip" => "application/zip",
        "wasm" => "application/wasm",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn get(target: &str, fields: &str) -> Result<Request, Unreadable> {
        Request::parse(
            format!("GET {target} HTTP/1.1\r\nHost: localhost\r\n{fields}\r\n").as_bytes(),
        )
    }

    #[test]
    fn raw_and_encoded_addresses_are_read() {
        assert_eq!(get("/tags/辛顿/?a=b", "").unwrap().path, "/tags/辛顿/");
        assert_eq!(get("/a?t=%E8%BE%9B&u=", "").unwrap().parameter("t").unwrap(), "辛");
        assert_eq!(get("http://evil.example/a", "").unwrap().path, "/a");
        assert_eq!(get("*", ""), Err(Unreadable::Malformed));
        assert_eq!(get("/a", "Host: b\r\n"), Err(Unreadable::Malformed));
        assert_eq!(get("/a", "Cookie: x=1; sitegen=2\r\n").unwrap().cookie("sitegen"), Some("2"));
        assert!(
            get("/a", "").unwrap().keeps_open
                && !get("/a", "Content-Length: 5\r\n").unwrap().keeps_open
        );
    }

    #[test]
    fn heads_have_an_end() {
        let read = |text: &str| Request::read(&mut text.as_bytes()).unwrap();
        assert_eq!(read(""), None);
        assert_eq!(read("GET / HTTP/1.1\r\nHost: a\r\n"), Some(Err(Unreadable::Malformed)));
        assert_eq!(
            read(&format!("GET / HTTP/1.1\r\nHost: a\r\nX: {}\r\n\r\n", "x".repeat(20_000))),
            Some(Err(Unreadable::TooLarge))
        );
        assert_eq!(
            read(&format!("GET / HTTP/1.1\r\nHost: a\r\n{}\r\n", "X: y\r\n".repeat(200))),
            Some(Err(Unreadable::TooLarge))
        );
        assert!(matches!(read("\r\nGET / HTTP/1.1\nHost: a\n\n"), Some(Ok(_))));
    }

    #[test]
    fn ranges() {
        let of =
            |range: &str| part(&get("/", &format!("Range: {range}\r\n")).unwrap(), "\"e\"", 10);
        assert_eq!(of("bytes=0-3"), ByteRange::Some(0..4));
        assert_eq!(of("bytes=4-"), ByteRange::Some(4..10));
        assert_eq!(of("bytes=-3"), ByteRange::Some(7..10));
        assert_eq!(of("bytes=-30"), ByteRange::Some(0..10));
        assert_eq!(of("bytes=0-99999999999999999999"), ByteRange::All);
        assert_eq!(of("bytes=2-18446744073709551615"), ByteRange::Some(2..10));
        assert_eq!((of("bytes=10-"), of("bytes=-0")), (ByteRange::None, ByteRange::None));
        assert_eq!(
            (of("bytes=3-1"), of("bytes=0-1,4-5"), of("lines=1-2")),
            (ByteRange::All, ByteRange::All, ByteRange::All)
        );
        let stale = get("/", "Range: bytes=0-3\r\nIf-Range: \"other\"\r\n").unwrap();
        assert_eq!(part(&stale, "\"e\"", 10), ByteRange::All);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read(bytes in proptest::collection::vec(any::<u8>(), 0..400), range in "bytes=[0-9]{0,22}-[0-9]{0,22}") {
            let _ = Request::read(&mut bytes.as_slice());
            let _ = Request::parse(&bytes);
            if let Ok(request) = get("/", &format!("Range: {range}\r\n"))
                && let ByteRange::Some(part) = part(&request, "", 10)
            {
                prop_assert!(part.start < part.end && part.end <= 10);
            }
        }
    }
}
