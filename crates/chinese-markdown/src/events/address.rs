//! Bare addresses in running text: `https://…`, `www.…` and those of mail (GFM, autolinks
//! extension).

use std::ops::Range;

use pulldown_cmark::{CowStr, Event, LinkType, Tag, TagEnd};

use crate::Spanned;
use crate::dialect::picture;

/// The next place where an address may be, looked for only as far as the walk over the events has
/// come.
pub(crate) struct AddressCursor<'d> {
    text: &'d str,
    next: usize,
}

impl<'d> AddressCursor<'d> {
    pub(crate) fn new(text: &'d str) -> AddressCursor<'d> {
        AddressCursor { text, next: place(text, 0) }
    }

    pub(crate) fn is_in(&mut self, range: &Range<usize>) -> bool {
        if self.next < range.start {
            self.next = place(self.text, range.start);
        }
        self.next < range.end
    }
}

/// The first `://`, `www.` or `@` between letters from a place on. All three in one look: each look
/// costs a hundredth of the stage.
fn place(text: &str, from: usize) -> usize {
    let bytes = text.as_bytes();
    let is_letter = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_alphanumeric);
    let may_be_one = |at: &usize| match bytes[*at] {
        b':' => bytes[*at..].starts_with(b"://"),
        b'w' => bytes[*at..].starts_with(b"www."),
        _ => *at > 0 && is_letter(at - 1) && is_letter(at + 1),
    };
    memchr::memchr3_iter(b':', b'w', b'@', &bytes[from..])
        .map(|found| from + found)
        .find(may_be_one)
        .unwrap_or(usize::MAX)
}

/// Writes a text with its addresses as links. One ends at a blank, at `<`, and at the first
/// character that is not ASCII: `见https://a.example/b的说明` is common. Closing punctuation stays
/// outside.
pub(crate) fn link<'a>(text: &str, range: &Range<usize>, out: &mut Vec<Spanned<'a>>) {
    let mut push = |event: Event<'a>| out.push((event, range.clone()));
    let (mut done, mut from) = (0, 0);
    while let Some(found) = memchr::memchr3(b':', b'.', b'@', &text.as_bytes()[from..]) {
        let at = from + found;
        from = at + 1;
        let address = match text.as_bytes()[at] {
            b':' => web_address(text, at).map(|address| (address, "")),
            b'.' => host_address(text, at).map(|address| (address, "http://")),
            _ => mail_address(text, at).map(|address| (address, "mailto:")),
        };
        let Some((address, scheme)) = address.filter(|(address, _)| address.start >= done) else {
            continue;
        };
        push(Event::Text(CowStr::from(text[done..address.start].to_owned())));
        let shown = CowStr::from(text[address.clone()].to_owned());
        push(Event::Start(Tag::Link {
            link_type: LinkType::Autolink,
            dest_url: if scheme.is_empty() {
                shown.clone()
            } else {
                CowStr::from(format!("{scheme}{shown}"))
            },
            title: CowStr::Borrowed(""),
            id: CowStr::Borrowed(""),
        }));
        push(Event::Text(shown));
        push(Event::End(TagEnd::Link));
        done = address.end;
        from = address.end;
    }
    push(Event::Text(CowStr::from(text[done..].to_owned())));
}

/// The address whose scheme ends at a colon.
fn web_address(text: &str, colon: usize) -> Option<Range<usize>> {
    let rest = text[colon..].strip_prefix("://")?;
    let start = ["https", "http"]
        .iter()
        .find_map(|scheme| text[..colon].ends_with(scheme).then(|| colon - scheme.len()))?;
    let starts_word = text[..start].chars().next_back().is_none_or(|c| !c.is_ascii_alphanumeric());
    let length = address_length(rest);
    (starts_word && length > 0).then_some(start..colon + 3 + length)
}

/// `www.example.com/…`, whose first dot stands at a place.
fn host_address(text: &str, dot: usize) -> Option<Range<usize>> {
    let start = text[..dot].strip_suffix("www")?.len();
    let is_inside = |c: char| {
        c.is_ascii_alphanumeric()
            || matches!(c, '.' | '-' | '_' | '/' | '@' | ':' | '=' | '&' | '%')
    };
    let starts_word = !text[..start].ends_with(is_inside);
    let length = address_length(&text[dot + 1..]);
    let host =
        text[dot + 1..dot + 1 + length].split(['/', '?', '#', ':']).next().unwrap_or_default();
    (starts_word && host.contains('.') && is_host(host)).then_some(start..dot + 1 + length)
}

/// The address of mail around an `@`.
fn mail_address(text: &str, at: usize) -> Option<Range<usize>> {
    /// Nobody's name is longer (RFC 5321), nor the name of a host.
    const NAME: usize = 64;
    const HOST: usize = 253;
    let bytes = text.as_bytes();
    let is_part =
        |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-' | b'+');
    let name = bytes[..at].iter().rev().take(NAME + 1).take_while(is_part).count();
    let host = bytes[at + 1..]
        .iter()
        .take(HOST + 1)
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'))
        .count();
    let host = text[at + 1..at + 1 + host].trim_end_matches('.');
    let end = at + 1 + host.len();
    // `git@host:path` is no mail, nor is `logo@2x.png`.
    let is_path = text[end..].starts_with([':', '/', '@'])
        && !text[end + 1..].starts_with(char::is_whitespace)
        && end + 1 < text.len();
    let ending = host.rsplit('.').next().unwrap_or_default();
    let is_file =
        picture::is_picture(host) || matches!(ending, "js" | "css" | "html" | "md" | "txt");
    let is_name = (1..=NAME).contains(&name)
        && bytes[at - name].is_ascii_alphanumeric()
        && !matches!(bytes.get(at.wrapping_sub(name + 1)), Some(b'/' | b':' | b'@'));
    let is_mail = is_name
        && host.contains('.')
        && is_host(host)
        && ending.len() >= 2
        && ending.bytes().all(|byte| byte.is_ascii_alphabetic());
    (is_mail && !is_path && !is_file).then_some(at - name..end)
}

fn is_host(host: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty()
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    };
    host.split('.').all(is_label) && !host.ends_with(['-', '_'])
}

/// Bytes of the address after `://`.
fn address_length(rest: &str) -> usize {
    let is_part = |byte: &u8| {
        byte.is_ascii_graphic()
            && !matches!(
                byte,
                b'<' | b'>' | b'"' | b'`' | b'|' | b'\\' | b'^' | b'{' | b'}' | b'[' | b']'
            )
    };
    let mut length = rest.bytes().take_while(is_part).count();
    if names_in_any_script(&rest[..length]) {
        let is_name = |c: &char| {
            c.is_alphanumeric() || matches!(c, '·' | '・') || (c.is_ascii() && is_part(&(*c as u8)))
        };
        length += rest[length..].chars().take_while(is_name).map(char::len_utf8).sum::<usize>();
    }
    let count = |mark: u8| memchr::memchr_iter(mark, &rest.as_bytes()[..length]).count();
    let (mut closing, opening) = (count(b')'), count(b'('));
    while length > 0 {
        let last = rest.as_bytes()[length - 1];
        let unmatched = last == b')' && closing > opening;
        closing -= usize::from(last == b')');
        if !(matches!(
            last,
            b'.' | b','
                | b';'
                | b':'
                | b'!'
                | b'?'
                | b'\''
                | b'*'
                | b'_'
                | b'~'
                | b']'
                | b'['
                | b'('
        ) || unmatched)
        {
            break;
        }
        length -= 1;
    }
    if rest.starts_with(|c: char| c.is_ascii_alphanumeric()) { length } else { 0 }
}

/// Whether the address so far is one of an encyclopedia, which names its articles as they are
/// called: `zh.wikipedia.org/wiki/辛顿`. On other sites only the whole name may be in another
/// script: `/wiki/页面` is a page, and `/wiki/Page的说明` is not.
fn names_in_any_script(address: &str) -> bool {
    const WITHIN: [&str; 7] =
        ["/wiki/", "/item/", "/zh/", "/zh-cn/", "/zh-hans/", "/zh-hant/", "/zh-tw/"];
    const HOSTS: [&str; 6] = [
        "wikipedia.org/",
        "wiktionary.org/",
        "wikisource.org/",
        "wikiquote.org/",
        "baike.",
        "moegirl.",
    ];
    let is_known = HOSTS.iter().any(|host| address.contains(host))
        && WITHIN.iter().any(|folder| address.contains(folder));
    is_known || address.ends_with("/wiki/")
}
