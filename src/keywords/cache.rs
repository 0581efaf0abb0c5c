//! What earlier builds found, so that the dictionary need not be loaded for texts that stand.

use std::collections::BTreeMap;

use crate::diagnostic::Diagnostic;
use crate::source::{Source, SourcePath};

/// Where the cache lies in the site's folder.
pub const CACHE: &str = ".sitegen/keywords";

const HEAD: &str = "sitegen keywords 1 ";

/// Keywords by what they depend on. A shortcut only: without it the same words are found again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cache {
    pub(super) entries: BTreeMap<String, Vec<String>>,
}

impl Cache {
    /// Reads what the last build left. A file that is not as it was written is as good as none, and
    /// a note says so.
    pub fn read(source: &dyn Source) -> (Cache, Option<Diagnostic>) {
        let why = match source.read_if_present(&SourcePath::new(CACHE)) {
            Ok(None) => return (Cache::default(), None),
            Ok(Some(bytes)) => match Cache::parse(&bytes) {
                Some(cache) => return (cache, None),
                None => say!("it is not as sitegen wrote it"),
            },
            Err(error) => error.into(),
        };
        let message = say!("the keywords of the last build were not used: {}", why);
        (Cache::default(), Some(Diagnostic::note("keywords-cache", message).in_file(CACHE)))
    }

    /// Returns a line of its own for each text, below a line with the hash of all of them.
    pub fn print(&self) -> String {
        let mut lines = String::new();
        for (key, words) in &self.entries {
            lines.push_str(key);
            for word in words {
                lines.push('\t');
                lines.push_str(word);
            }
            lines.push('\n');
        }
        format!("{HEAD}{}\n{lines}", blake3::hash(lines.as_bytes()).to_hex())
    }

    fn parse(bytes: &[u8]) -> Option<Cache> {
        let text = std::str::from_utf8(bytes).ok()?;
        let (hash, lines) = text.strip_prefix(HEAD)?.split_once('\n')?;
        if blake3::hash(lines.as_bytes()).to_hex().as_str() != hash {
            return None;
        }
        let entry = |line: &str| {
            let mut columns = line.split('\t').map(str::to_owned);
            Some((columns.next()?, columns.collect()))
        };
        Some(Cache { entries: lines.lines().map(entry).collect::<Option<_>>()? })
    }

    /// Adds what was found for one text.
    pub fn keep(&mut self, found: super::FoundKeywords) {
        self.entries.insert(found.key, found.words);
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Fixture;

    #[test]
    fn a_cache_is_read_as_it_was_written_or_not_at_all() {
        let entries =
            [("b".to_owned(), vec!["辛顿".to_owned(), "C++".to_owned()]), ("a".to_owned(), vec![])];
        let cache = Cache { entries: entries.into() };
        let text = cache.print();
        let read = |bytes: &[u8]| Cache::read(&Fixture::new([(CACHE, bytes)]));
        assert_eq!(read(text.as_bytes()), (cache, None));
        for cut in 0..text.len() {
            let (cache, note) = read(&text.as_bytes()[..cut]);
            assert!(
                cache.is_empty() && note.is_some_and(|note| note.code == "keywords-cache"),
                "{cut}"
            );
        }
        assert!(read(text.replace("辛顿", "余凯").as_bytes()).1.is_some());
        assert_eq!(Cache::read(&Fixture::default()), (Cache::default(), None));
    }
}
