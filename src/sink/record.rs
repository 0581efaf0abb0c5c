//! The record of an output folder: what sitegen made there.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;

use super::{is_inside, named, not_ours};

/// The list of files that sitegen made, in the output folder. A dot-file: hosts and `deploy` leave
/// it out.
pub(super) const RECORD: &str = ".sitegen-files";
pub(super) const RECORD_HEAD: &str = "# Files that sitegen made here; others are never touched.";
/// The line of the record that says how many posts the site had.
const RECORD_POSTS: &str = "# posts: ";

/// What earlier builds made in a folder.
#[derive(Debug, Default)]
pub(super) struct Record {
    /// As it is written.
    text: String,
    /// The files, in order.
    pub(super) made: Vec<String>,
    /// Of how many posts.
    pub(super) posts: Option<usize>,
}

impl Record {
    /// Returns the record of a folder, which `before` may be already.
    pub(super) fn read(root: &Path, before: Record) -> io::Result<Record> {
        let path = root.join(RECORD);
        match fs::symlink_metadata(&path) {
            Ok(metadata) if metadata.is_file() => {
                let text = fs::read_to_string(&path).map_err(|error| named(&path, error))?;
                if text == before.text {
                    return Ok(before);
                }
                let lines = text
                    .strip_prefix(RECORD_HEAD)
                    .ok_or_else(|| not_ours(&path))?
                    .trim_start_matches(['\r', '\n']);
                let (first, rest) = lines.split_once('\n').unwrap_or((lines, ""));
                let posts =
                    first.strip_prefix(RECORD_POSTS).and_then(|posts| posts.trim().parse().ok());
                // A name may begin with `#` as well.
                let files = if posts.is_some() { rest } else { lines };
                let mut made: Vec<String> =
                    files.lines().filter(|line| is_inside(line)).map(str::to_owned).collect();
                made.sort_unstable();
                Ok(Record { text, made, posts })
            }
            Ok(_) => Err(not_ours(&path)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Record::default()),
            Err(error) => Err(named(&path, error)),
        }
    }
}

/// Returns the record of these files, which come in order, and of so many posts.
pub(super) fn text<'f>(
    files: impl ExactSizeIterator<Item = &'f str>,
    posts: Option<usize>,
) -> String {
    let mut text = String::with_capacity(files.len() * 40);
    text.push_str(RECORD_HEAD);
    text.push('\n');
    if let Some(posts) = posts {
        let _ = writeln!(text, "{RECORD_POSTS}{posts}");
    }
    for file in files {
        text.push_str(file);
        text.push('\n');
    }
    text
}
