//! The marks of a unit: runs of stars outside code, escapes, tags and addresses.

use std::collections::BTreeMap;
use std::ops::Range;

/// Signs that are a mark, or hide one; all other bytes are passed over.
const IS_SIGN: [bool; 256] = {
    let mut is_sign = [false; 256];
    let signs = b"\\`<]*";
    let mut at = 0;
    while at < signs.len() {
        is_sign[signs[at] as usize] = true;
        at += 1;
    }
    is_sign
};

/// All runs of two or more stars outside code spans, escapes, tags and link destinations; `None` if
/// one is odd.
pub(super) fn strong_runs(text: &str) -> Option<Vec<Range<usize>>> {
    let bytes = text.as_bytes();
    let mut runs = Vec::new();
    let mut ticks = None;
    let mut at = 0;
    while let Some(plain) =
        bytes.get(at..).and_then(|rest| rest.iter().position(|byte| IS_SIGN[*byte as usize]))
    {
        at += plain;
        match bytes[at] {
            b'\\' => at += 2,
            b'`' => {
                let length = bytes[at..].iter().take_while(|byte| **byte == b'`').count();
                let closing =
                    ticks.get_or_insert_with(|| Ticks::of(bytes)).closing(length, at + length);
                at = closing.unwrap_or(at) + length;
            }
            b'<' if let Some(length) = html_code(&text[at..]) => at += length,
            b'<' if bytes
                .get(at + 1)
                .is_some_and(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'/' | b'!')) =>
            {
                at += find_near(text, at, b'>').map_or(1, |end| end + 1);
            }
            b']' if bytes.get(at + 1) == Some(&b'(') => {
                at += find_near(text, at, b')').map_or(2, |end| end + 1);
            }
            b'*' => {
                let length = bytes[at..].iter().take_while(|byte| **byte == b'*').count();
                if length % 2 == 1 {
                    return None;
                }
                runs.push(at..at + length);
                at += length;
            }
            _ => at += 1,
        }
    }
    Some(runs)
}

/// The length of `<code>…</code>` and its like, if the text begins with one.
fn html_code(text: &str) -> Option<usize> {
    ["<code", "<kbd", "<samp", "<tt", "<pre"].iter().find_map(|tag| {
        let rest = text
            .get(..tag.len())
            .filter(|start| start.eq_ignore_ascii_case(tag))
            .map(|_| &text[tag.len()..])?;
        if !rest.starts_with(['>', ' ']) {
            return None;
        }
        let near = &text.as_bytes()[..text.len().min(4096)];
        let end = format!("</{}", &tag[1..]);
        near.windows(end.len()).position(|window| window.eq_ignore_ascii_case(end.as_bytes()))
    })
}

/// The next `mark` within the length of any real tag or address: an unclosed one must not cost a
/// look at all of the text.
fn find_near(text: &str, at: usize, mark: u8) -> Option<usize> {
    memchr::memchr(mark, &text.as_bytes()[at..(at + 4096).min(text.len())])
}

/// Where runs of backticks begin, by their length: each run is closed by the next one of its
/// length, which would else be looked for through all of the text each time.
struct Ticks(BTreeMap<usize, Vec<usize>>);

impl Ticks {
    fn of(bytes: &[u8]) -> Ticks {
        let mut runs: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        let mut at = 0;
        while let Some(found) = memchr::memchr(b'`', &bytes[at..]) {
            let start = at + found;
            let length = bytes[start..].iter().take_while(|byte| **byte == b'`').count();
            runs.entry(length).or_default().push(start);
            at = start + length;
        }
        Ticks(runs)
    }

    /// The first run of this length at or after `from`.
    fn closing(&self, length: usize, from: usize) -> Option<usize> {
        let runs = self.0.get(&length)?;
        runs.get(runs.partition_point(|start| *start < from)).copied()
    }
}
