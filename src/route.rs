//! Routes: the addresses of a site, and the only place that percent-encodes them.
//!
//! A [`Route`] is decoded (`/2023/04/题/`) and safe by construction: its file always lies inside
//! the output folder. Knows nothing of posts or pages.

mod base_url;
mod claims;

use std::borrow::Cow;

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use unicode_normalization::{UnicodeNormalization, is_nfc};

use crate::words::Message;
pub use base_url::BaseUrl;
pub use chinese_markdown::reference::{decode, has_scheme, is_of_the_web, is_relative, split_path};
use chinese_text as text;
pub use claims::{Claims, NameCase, Taken};

/// What RFC 3986 does not allow raw in a path segment; `%` is encoded, so a name that holds `%41`
/// stays itself. Jekyll's `URL.escape_path` keeps the same set (recorded in the Jekyll cases).
const SEGMENT: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');
const PATH: &AsciiSet = &SEGMENT.remove(b'/');

/// Longest path segment in bytes. File systems allow 255; the rest is room for `.html.br` and
/// temporary names.
pub const SEGMENT_BYTES: usize = 180;

/// Longest path of a file in bytes. macOS takes 1,024, the folders above the site among them; Linux
/// takes four times as many.
pub const PATH_BYTES: usize = 960;

/// What no name of a file may hold on Windows. Elsewhere it may, and old addresses do.
const NOT_ON_WINDOWS: [char; 7] = ['<', '>', ':', '"', '|', '?', '*'];

/// The only files and folders with a leading dot that are published as they are: hosts ask for
/// them.
pub const PUBLISHED_DOT_FILES: [&str; 3] = [".well-known", ".nojekyll", ".htaccess"];

/// Names with a leading dot that mean something to hosts, systems and tools, of which no address
/// may be made.
const DOT_NAMES: [&str; 17] = [
    ".aws",
    ".bzr",
    ".cache",
    ".config",
    ".ds_store",
    ".env",
    ".htgroup",
    ".htpasswd",
    ".idea",
    ".netlify",
    ".npmrc",
    ".ssh",
    ".svn",
    ".trash",
    ".user.ini",
    ".vercel",
    ".vscode",
];

/// Returns whether a name with a leading dot is one that hosts, git or this program keep for
/// themselves.
fn is_kept_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    [".git", ".hg", ".sitegen", ".jekyll-", ".env."].iter().any(|start| name.starts_with(start))
        || DOT_NAMES.contains(&name.as_str())
}

/// Percent-encodes one piece of a path; `/` is kept.
pub fn encode_path(path: &str) -> String {
    utf8_percent_encode(path, PATH).to_string()
}

/// Percent-encodes one path segment, `/` included.
pub fn encode_segment(segment: &str) -> Cow<'_, str> {
    let encoded: Cow<'_, str> = utf8_percent_encode(segment, SEGMENT).into();
    if encoded.contains('/') { Cow::Owned(encoded.replace('/', "%2F")) } else { encoded }
}

/// Makes an address that was written by hand fit for an attribute: blanks, quotes and characters
/// beyond ASCII are encoded, escapes that are there stay.
pub fn encode_written(address: &str) -> String {
    const WRITTEN: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'`');
    utf8_percent_encode(address, WRITTEN).to_string()
}

/// Decodes what is encoded of characters beyond ASCII alone: the address means the same, and browsers
/// encode it again.
pub fn decode_beyond_ascii(address: &str) -> String {
    let mut out = String::with_capacity(address.len());
    let mut rest = address;
    while let Some(start) = rest.find('%') {
        let encoded = rest.as_bytes()[start..].chunks_exact(3).take_while(|escape| {
            escape[0] == b'%'
                && matches!(escape[1].to_ascii_lowercase(), b'8' | b'9' | b'a'..=b'f')
                && escape[2].is_ascii_hexdigit()
        });
        let end = start + encoded.count() * 3;
        let (before, after) = rest.split_at(end.max(start + 1));
        let decoded = percent_decode_str(&before[start..]).decode_utf8();
        out.push_str(&before[..start]);
        out.push_str(&decoded.unwrap_or(Cow::Borrowed(&before[start..])));
        rest = after;
    }
    out + rest
}

/// A decoded address within the site, beginning with `/`.
///
/// `/a/` is the file `a/index.html`, `/a.xml` the file `a.xml`, and `/a` (no dot in the last
/// segment) the file `a.html`, as in Jekyll; an exact route (`/CNAME`) is the file of its own name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Route {
    path: String,
    exact: bool,
}

/// Why a text cannot be an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnsafeRoute(pub Message);

impl Route {
    /// Returns the home page, `/`.
    pub fn root() -> Route {
        Route { path: "/".to_owned(), exact: false }
    }

    /// Returns the route of a file that keeps its name, whatever its extension: `CNAME`,
    /// `_redirects`.
    pub fn exact(file: &str) -> Result<Route, UnsafeRoute> {
        let is_secret =
            |segment: &&str| segment.starts_with('.') && !PUBLISHED_DOT_FILES.contains(segment);
        if let Some(segment) =
            file.split('/').find(is_secret).filter(|segment| !matches!(*segment, "." | ".."))
        {
            return Err(UnsafeRoute(say!(
                "`{}` begins with a dot, and dot-files are never published",
                segment.escape_debug().to_string()
            )));
        }
        Route::parse(file).map(Route::as_file)
    }

    /// Returns the route of the file of its own name, whatever its extension.
    #[must_use]
    pub fn as_file(self) -> Route {
        Route { exact: true, ..self }
    }

    /// Reads a decoded path. Empty segments are squeezed; what could leave the output folder or
    /// cannot be a file name everywhere is refused; segments over [`SEGMENT_BYTES`] are cut with a
    /// hash of the whole.
    pub fn parse(path: &str) -> Result<Route, UnsafeRoute> {
        Route::parse_within(path, SEGMENT_BYTES)
    }

    /// As [`Route::parse`], with segments of up to `bytes`: old addresses are kept as long as a
    /// file system can.
    pub fn parse_within(path: &str, bytes: usize) -> Result<Route, UnsafeRoute> {
        let mut route = String::with_capacity(path.len() + 1);
        let mut segments = path.split('/').filter(|segment| !segment.is_empty()).peekable();
        while let Some(segment) = segments.next() {
            if let Some(why) = segment_problem(segment) {
                return Err(UnsafeRoute(why));
            }
            route.push('/');
            route.push_str(&cut_segment(segment, bytes));
            if segments.peek().is_none() && path.ends_with('/') {
                route.push('/');
            }
        }
        if route.len() + "index.html".len() > PATH_BYTES {
            return Err(UnsafeRoute(say!(
                "it has {} bytes, and a file's path at most {}",
                route.len(),
                PATH_BYTES
            )));
        }
        Ok(if route.is_empty() { Route::root() } else { Route { path: route, exact: false } })
    }

    /// Returns a segment that begins with a dot, which some hosts and tools pass over.
    pub fn dotted(&self) -> Option<&str> {
        self.path.split('/').find(|segment| segment.starts_with('.'))
    }

    /// Returns a character of the path that keeps its file from being written on Windows.
    pub fn not_on_windows(&self) -> Option<char> {
        self.path.chars().find(|c| NOT_ON_WINDOWS.contains(c))
    }

    /// This route with `name` (one safe segment, or a few joined by `/`) below its folder. `name`
    /// ends in `/` for a page.
    ///
    /// # Panics
    /// If `name` is not safe; names of the program's own making are.
    pub fn below(&self, name: &str) -> Route {
        let folder = &self.path[..self.path.rfind('/').expect("a route begins with `/`")];
        let name = Route::parse(name).expect("names of our own making are safe");
        Route { path: format!("{folder}{}", name.path), exact: false }
    }

    /// Returns the decoded path, as a reader would say it.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns the percent-encoded path, without base URL.
    pub fn encoded(&self) -> String {
        encode_path(&self.path)
    }

    /// Returns the file below the output folder, with `/`.
    pub fn file(&self) -> String {
        let path = &self.path[1..];
        if path.is_empty() || path.ends_with('/') {
            format!("{path}index.html")
        } else if self.exact || path.rsplit('/').next().is_some_and(has_file_extension) {
            path.to_owned()
        } else {
            format!("{path}.html")
        }
    }

    /// Returns what two routes share when they are one file on some disk: case folded, NFC (macOS,
    /// Windows).
    pub fn collision_key(&self) -> String {
        fold_case(&composed(&self.file()))
    }
}

/// Returns whether a page's address names its own kind of file. `Node.js` and `版本1.5` are titles,
/// to which `.html` is added.
fn has_file_extension(name: &str) -> bool {
    const KINDS: [&str; 15] = [
        "asp", "aspx", "atom", "htm", "html", "json", "jsp", "php", "rdf", "rss", "shtml", "txt",
        "xhtml", "xml", "xsl",
    ];
    let Some((stem, extension)) = name.rsplit_once('.') else { return false };
    // Jekyll's page of a post without a name is `.html`.
    (!stem.is_empty() || extension == "html")
        && KINDS.contains(&extension.to_ascii_lowercase().as_str())
}

/// Returns a name composed, as links have it.
fn composed(file: &str) -> String {
    if is_nfc(file) { file.to_owned() } else { file.nfc().collect() }
}

/// Full case folding, for comparing names as disks do that know no case: `ß` is `ss`, `ς` is `σ`,
/// `µ` is `μ`.
pub fn fold_case(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        // Han, kana and their marks have no case, and most names are made of them; nor have other
        // marks. `ı` is no `i`.
        if matches!(c, '\u{2E80}'..='\u{A63F}' | 'ı') || !c.is_alphabetic() {
            folded.push(c);
        } else if c.is_ascii() {
            folded.push(c.to_ascii_lowercase());
        } else {
            // There and back: what shares its capitals is one.
            folded
                .extend(c.to_lowercase().flat_map(char::to_uppercase).flat_map(char::to_lowercase));
        }
    }
    folded
}

/// Returns the beginning of an address, which says enough of one that is too long.
pub fn abbreviated(address: &str) -> String {
    const SHOWN: usize = 120;
    match address.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}…", &address[..at]),
        None => address.to_owned(),
    }
}

/// Returns why a segment cannot be a file name, if it cannot.
fn segment_problem(segment: &str) -> Option<Message> {
    let shown = || segment.escape_debug().to_string();
    if segment == "." || segment == ".." {
        return Some(say!("`{}` would leave its folder", shown()));
    }
    if segment.chars().any(|c| c.is_control() || c == '\\') {
        return Some(say!("`{}` holds a character that no file name may hold", shown()));
    }
    if is_reserved_name(segment) {
        return Some(say!("`{}` is a reserved name on Windows", shown()));
    }
    if is_kept_name(segment) {
        return Some(say!("hosts and tools keep the name `{}` for themselves", shown()));
    }
    if segment.ends_with(['.', ' ']) {
        return Some(say!("`{}` ends with a dot or a blank, which Windows drops", shown()));
    }
    None
}

/// `con`, `NUL.txt`, `com1` …: device names on Windows, whatever the extension.
pub fn is_reserved_name(segment: &str) -> bool {
    let stem = segment.split('.').next().unwrap_or(segment).to_ascii_lowercase();
    matches!(stem.as_str(), "con" | "prn" | "aux" | "nul")
        || (stem.len() == 4
            && (stem.starts_with("com") || stem.starts_with("lpt"))
            && stem.ends_with(|c: char| c.is_ascii_digit()))
}

/// Makes `name` one safe segment that differs from every other name's: what is not safe becomes
/// `-`, and then a hash of the name is added, so `C/C++`, `C\C++` and `..` each have an address of
/// their own. Safe names stay as they are.
pub fn safe_segment(name: &str) -> String {
    let nfc: String = name.nfc().collect();
    let segment: String = nfc
        .chars()
        .map(|c| match c {
            '/' | '\\' | '<' | '>' | ':' | '"' | '|' | '?' | '*' | '%' => '-',
            c if c.is_control() => '-',
            c => c,
        })
        .collect();
    let segment = text::visible(&segment).into_owned();
    // The hash is of the NFC name: twins in NFC and NFD are one name.
    if segment == nfc
        && segment_problem(&segment).is_none()
        && !segment.starts_with('.')
        && segment.len() <= SEGMENT_BYTES
    {
        return segment;
    }
    // A device name stays one whatever follows its first dot.
    let segment = if is_reserved_name(&segment) { segment.replace('.', "-") } else { segment };
    with_hash(segment.trim_matches(['.', ' ', '-']), &nfc)
}

/// `segment`, cut where needed, with a hash of `name` that tells it from others cut to the same
/// text.
pub fn with_hash(segment: &str, name: &str) -> String {
    let room = SEGMENT_BYTES - 9;
    let cut = &segment[..segment.floor_char_boundary(room.min(segment.len()))];
    let cut = cut.trim_end_matches(['.', ' ', '-']);
    let hash = short_hash(name);
    if cut.is_empty() { hash } else { format!("{cut}-{hash}") }
}

fn cut_segment(segment: &str, bytes: usize) -> Cow<'_, str> {
    if segment.len() <= bytes {
        return Cow::Borrowed(segment);
    }
    let (stem, extension) = match segment.rsplit_once('.') {
        Some((stem, extension)) if has_file_extension(segment) => (stem, format!(".{extension}")),
        _ => (segment, String::new()),
    };
    Cow::Owned(format!("{}{extension}", with_hash(stem, segment)))
}

/// Eight characters of base 32 (no `i l o u`) of a BLAKE3 hash: short, stable, the same on every
/// machine. 40 bits: among 100,000 names the chance of one collision is 0.5 %, and a collision is
/// reported like any other.
pub fn short_hash(text: &str) -> String {
    const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
    let hash = blake3::hash(text.as_bytes());
    let mut bits =
        u64::from_be_bytes(hash.as_bytes()[..8].try_into().expect("a hash has 32 bytes"));
    let mut out = String::with_capacity(8);
    for _ in 0..8 {
        out.push(char::from(ALPHABET[(bits >> 59) as usize]));
        bits <<= 5;
    }
    out
}

/// Returns a path from the root without its `.` and `..`, which may be written `%2e`.
pub fn without_dots(path: &str) -> Cow<'_, str> {
    if !path.contains("/.") && !path.contains("%2") {
        return Cow::Borrowed(path);
    }
    let mut segments: Vec<&str> = Vec::new();
    let mut parts = path.split('/').peekable();
    while let Some(part) = parts.next() {
        let plain = if part.len() <= 6 {
            part.to_ascii_lowercase().replace("%2e", ".")
        } else {
            String::new()
        };
        let is_up = plain == "..";
        if !is_up && plain != "." {
            segments.push(part);
            continue;
        }
        if is_up && segments.len() > 1 {
            segments.pop();
        }
        if parts.peek().is_none() {
            segments.push("");
        }
    }
    Cow::Owned(segments.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn letters_beyond_ascii_are_decoded_alone() {
        assert_eq!(decode_beyond_ascii("a%20%E9%A2%98/%25%E9%A2%98x%"), "a%20题/%25题x%");
        assert_eq!(decode_beyond_ascii("%E9%A2/%e9%a2%98%FF"), "%E9%A2/%e9%a2%98%FF");
        assert_eq!(decode_beyond_ascii("%甲%E9甲%2"), "%甲%E9甲%2");
        assert_eq!(encode_written("a%20题/%25"), "a%20%E9%A2%98/%25");
    }

    #[test]
    fn files_of_routes() {
        let file = |path| Route::parse(path).unwrap().file();
        assert_eq!(file("/"), "index.html");
        assert_eq!(file("/2023/04/题/"), "2023/04/题/index.html");
        assert_eq!(file("/a//b.xml"), "a/b.xml");
        assert_eq!(file("/中文/路 径"), "中文/路 径.html");
        assert_eq!(file("/版本1.5"), "版本1.5.html");
        assert_eq!(file("/2020/Node.js"), "2020/Node.js.html");
        assert_eq!(Route::exact("CNAME").unwrap().file(), "CNAME");
    }

    #[test]
    fn routes_stay_inside() {
        for path in [
            "/../x",
            "/a/..",
            "/a\\b",
            "/a\0",
            "/con/",
            "/nul.txt",
            "/.git/config",
            "/a./",
            "/COM1",
        ] {
            assert!(Route::parse(path).is_err(), "{path:?}");
        }
    }

    #[test]
    fn names_with_a_dot() {
        for (path, is_address) in [
            ("/.NET-入门/", true),
            ("/a/.-某人/", true),
            ("/.well-known/x.txt", true),
            ("/2019/10/14/.html", true),
            ("/.git/x/", false),
            ("/.gitignore", false),
            ("/.GitHub/", false),
            ("/.env", false),
            ("/.env.local/", false),
            ("/.environment/", true),
            ("/.DS_Store", false),
            ("/.sitegen/", false),
            ("/.htpasswd", false),
            ("/../x", false),
        ] {
            assert_eq!(Route::parse(path).is_ok(), is_address, "{path}");
        }
        assert_eq!(Route::parse("/2019/10/14/.html").unwrap().file(), "2019/10/14/.html");
        // Files that are copied are published on purpose only where hosts ask for them.
        assert!(
            Route::exact(".foo").is_err()
                && Route::exact("a/.foo/b").is_err()
                && Route::exact(".well-known/a").is_ok()
        );
        assert!(!safe_segment(".net").starts_with('.'));
    }

    #[test]
    fn a_path_is_no_longer_than_disks_take() {
        let deep = |segments: usize| Route::parse(&"/deep".repeat(segments));
        assert!(deep(190).is_ok_and(|route| route.file().len() <= PATH_BYTES));
        assert!(deep(191).is_err());
        assert!(
            Route::parse(&format!("/{}", "段".repeat(50).repeat(120))).is_ok(),
            "one long segment is cut"
        );
        assert!(Route::parse(&format!("/{}", "段".repeat(50)).repeat(120)).is_err());
    }

    #[test]
    fn long_segments_are_cut_and_stay_distinct() {
        let long = |end: &str| Route::parse(&format!("/{}{end}/", "长".repeat(100))).unwrap();
        assert!(long("甲").path().len() <= SEGMENT_BYTES + 2);
        assert_ne!(long("甲"), long("乙"));
        assert_eq!(long("甲"), long("甲"));
    }

    #[test]
    fn terms_keep_their_names_apart() {
        assert_eq!(safe_segment("辛顿"), "辛顿");
        assert_eq!(safe_segment("C++"), "C++");
        assert_eq!(safe_segment("C#"), "C#");
        let names = [
            "con.txt", "Aux.js", "nul", "com1.exe", "C", "C#", "C++", "a/b", "a-b", "a\\b", "..",
            ".", "50%?", "50--", "con", "", " ", "a.",
        ];
        let segments: std::collections::BTreeSet<_> =
            names.iter().map(|name| safe_segment(name)).collect();
        assert_eq!(segments.len(), names.len(), "{segments:?}");
    }

    proptest! {
        #[test]
        fn every_route_stays_inside_and_decodes_to_itself(path in "\\PC{0,40}") {
            if let Ok(route) = Route::parse(&path) {
                prop_assert!(!route.file().split('/').any(|segment| segment == ".." || segment.is_empty()));
                prop_assert_eq!(decode(&route.encoded()), route.path());
                prop_assert_eq!(Route::parse(route.path()).unwrap(), route);
            }
        }

        #[test]
        fn every_name_makes_a_safe_segment(name in "(con|nul|com1)?[.]?\\PC{0,300}") {
            let segment = safe_segment(&name);
            prop_assert!(segment.len() <= SEGMENT_BYTES && segment_problem(&segment).is_none(), "{segment:?}");
            prop_assert!(!segment.contains('/'));
        }
    }
}
