//! Blocks that were marked up before, by what they hold: marking up a block takes a thousand times
//! as long as looking it up, and the first block in a language compiles its regular expressions
//! besides.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use super::{Highlighted, Markup, highlight};
use crate::diagnostic::Diagnostic;
use crate::digest::{Digest, Digester, PROGRAM};
use crate::source::{Source, SourcePath};
use crate::words::Message;

/// Where they lie in the site's folder.
pub const BLOCKS: &str = ".sitegen/code";

const HEAD: &[u8] = b"sitegen code 2\n";

/// What earlier builds marked up. A shortcut only; read when the first block comes.
pub struct Blocks {
    source: Option<Arc<dyn Source>>,
    known: OnceLock<(HashMap<Digest, Markup>, Option<Diagnostic>)>,
    new: Mutex<BTreeMap<Digest, Markup>>,
}

impl Blocks {
    /// Returns an empty collection: no block is known.
    pub fn none() -> Blocks {
        Blocks { source: None, known: OnceLock::new(), new: Mutex::default() }
    }

    /// Returns the blocks of earlier builds, which are read when the first is asked for.
    pub fn new(source: Arc<dyn Source>) -> Blocks {
        Blocks { source: Some(source), ..Blocks::none() }
    }

    /// As [`highlight`]; the digest of a block with markup is added to `shown`.
    pub fn highlight(&self, language: &str, code: &str, shown: &mut Vec<Digest>) -> Highlighted {
        let digest = Digester::new().bytes(language).bytes(code).finish();
        let known =
            self.known().get(&digest).cloned().or_else(|| self.made().get(&digest).cloned());
        let highlighted = known.map_or_else(|| highlight(language, code), Highlighted::Marked);
        if let Highlighted::Marked(markup) = &highlighted {
            shown.push(digest);
            if !self.known().contains_key(&digest) {
                self.made().entry(digest).or_insert_with(|| markup.clone());
            }
        }
        highlighted
    }

    fn made(&self) -> MutexGuard<'_, BTreeMap<Digest, Markup>> {
        self.new.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn known(&self) -> &HashMap<Digest, Markup> {
        let (known, _) = self.known.get_or_init(|| {
            match self
                .source
                .as_ref()
                .map(|source| source.read_if_present(&SourcePath::new(BLOCKS)))
            {
                None | Some(Ok(None)) => (HashMap::new(), None),
                Some(Ok(Some(bytes))) => match parse(&bytes) {
                    Some(known) => (known, None),
                    None => (
                        HashMap::new(),
                        Some(unread(say!("it is not as this version of sitegen wrote it"))),
                    ),
                },
                Some(Err(error)) => (HashMap::new(), Some(unread(error.into()))),
            }
        });
        known
    }

    /// Returns why what earlier builds marked up could not be used, if it was wanted.
    pub fn note(&self) -> Option<&Diagnostic> {
        self.known.get().and_then(|(_, note)| note.as_ref())
    }

    /// Returns the file for the next build, if it is to be another one: `used` are all blocks of
    /// the site.
    pub fn renewed(&self, used: &HashSet<Digest>) -> Option<Vec<u8>> {
        // Where no block was asked for, some may be used no more; they can wait.
        let (known, note) = self.known.get()?;
        let new = self.made();
        if new.is_empty() && note.is_none() && known.len() <= used.len() {
            return None;
        }
        let all: BTreeMap<&Digest, &Markup> =
            known.iter().chain(new.iter()).filter(|(digest, _)| used.contains(digest)).collect();
        let blocks = postcard::to_allocvec(&(PROGRAM, all)).ok()?;
        Some([HEAD, blake3::hash(&blocks).as_bytes(), &blocks].concat())
    }
}

fn parse(bytes: &[u8]) -> Option<HashMap<Digest, Markup>> {
    let (seal, blocks) = bytes.strip_prefix(HEAD)?.split_first_chunk::<32>()?;
    if blake3::hash(blocks).as_bytes() != seal {
        return None;
    }
    let (program, known): (&str, HashMap<Digest, Markup>) = postcard::from_bytes(blocks).ok()?;
    (program == PROGRAM).then_some(known)
}

fn unread(why: Message) -> Diagnostic {
    Diagnostic::note(
        "code-cache",
        say!("the code that earlier builds marked up was not used: {}", why),
    )
    .in_file(BLOCKS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Fixture;

    #[test]
    fn what_was_marked_up_once_is_known() {
        let code = "let x = 1;\n";
        let (first, mut shown) = (Blocks::new(Arc::new(Fixture::default())), Vec::new());
        let marked = first.highlight("rust", code, &mut shown);
        let digest = shown.pop().unwrap();
        let bytes = first.renewed(&HashSet::from([digest])).unwrap();

        let source = Fixture::new([(BLOCKS, bytes.clone())]);
        let second = Blocks::new(Arc::new(source));
        assert_eq!(second.highlight("rust", code, &mut shown), marked);
        assert_eq!(shown, [digest]);
        assert_eq!(second.renewed(&HashSet::from([digest])), None);
        assert!(second.renewed(&HashSet::new()).is_some_and(|smaller| smaller.len() < bytes.len()));

        for at in 0..bytes.len() {
            let mut broken = bytes.clone();
            broken[at] ^= 1;
            let source = Fixture::new([(BLOCKS, broken)]);
            let blocks = Blocks::new(Arc::new(source));
            assert_eq!(blocks.highlight("rust", code, &mut Vec::new()), marked);
            assert!(blocks.note().is_some_and(|note| note.code == "code-cache"), "{at}");
        }
    }
}
