//! The map: each file to a card.

use std::borrow::Cow;
use std::io;
use std::sync::Arc;

use rayon::prelude::*;

use jiff::Timestamp;

use super::{HeldBack, HoldReason};
use crate::bodies::Bodies;
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Severity, contain};
use crate::digest::Digest;
use crate::folder;
use crate::keywords::{Cache, Keywords};
use crate::ledger::{Ledger, LedgerWriter, StoredReading, encoded};
use crate::post::{self, Post, PostKind, PostReading, ReadBody, ReadingOutcome};
use crate::source::{Source, SourceFile, SourcePath};
use crate::words::Message;

/// Reads cards, or finds in the ledger what reading them gave.
pub struct CardReader<'a> {
    pub source: &'a dyn Source,
    pub config: &'a Config,
    /// The present: which posts wait for their time.
    pub now: Timestamp,
    pub keywords: &'a Keywords,
    /// What is known of files that have not changed.
    pub past: &'a Ledger,
    /// Keeps the bodies of posts that are read.
    pub bodies: Option<Bodies<'a>>,
}

/// What is found while cards are read.
#[derive(Default)]
pub(super) struct CardFindings {
    pub(super) keywords: Cache,
    /// Files whose readings are not those of the last build.
    pub(super) anew: Vec<SourcePath>,
    pub(super) held: Vec<HeldBack>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// A reading, the digest of the file it was read from, and the reading as ledgers have it.
struct ReadCard<'p> {
    is_anew: bool,
    reading: Arc<PostReading>,
    content: Digest,
    stored: Option<StoredReading<'p>>,
}

/// A card, or why there is none.
type CardResult<'p> = Result<ReadCard<'p>, Box<Diagnostic>>;

impl CardReader<'_> {
    /// Reads the cards of files, some at a time: while some are read, those before are written into
    /// the ledger.
    pub(super) fn read(
        &self,
        entries: &[SourceFile],
        kind: PostKind,
        findings: &mut CardFindings,
        next: &mut LedgerWriter<'_>,
    ) -> io::Result<Vec<Arc<Post>>> {
        /// Enough to keep the cores busy, few enough to lie in memory with all that was read of
        /// them.
        const AT_A_TIME: usize = 4_096;
        let mut posts = Vec::with_capacity(entries.len());
        let mut before: &[SourceFile] = &[];
        let mut cards: Vec<io::Result<CardResult<'_>>> = Vec::new();
        for some in entries.chunks(AT_A_TIME).chain([&[][..]]) {
            let read = || some.par_iter().map(|entry| self.card(entry, kind)).collect();
            let last = std::mem::take(&mut cards);
            let taken;
            (cards, taken) =
                rayon::join(read, || self.take_down(before, last, &mut posts, findings, next));
            taken?;
            before = some;
        }
        Ok(posts)
    }

    fn take_down(
        &self,
        entries: &[SourceFile],
        cards: Vec<io::Result<CardResult<'_>>>,
        posts: &mut Vec<Arc<Post>>,
        findings: &mut CardFindings,
        next: &mut LedgerWriter<'_>,
    ) -> io::Result<()> {
        for (entry, card) in entries.iter().zip(cards) {
            let ReadCard { is_anew, reading, content, stored } = match card? {
                Ok(card) => card,
                // The next build looks again: it may be readable then, and nothing of it would
                // tell.
                Err(problem) => {
                    let why = HoldReason::Refused(problem.message.clone());
                    findings.held.push(HeldBack { path: entry.path.clone(), why });
                    findings.diagnostics.push(*problem);
                    continue;
                }
            };
            next.take(entry, content, &reading, stored);
            if is_anew {
                findings.anew.push(entry.path.clone());
            }
            let PostReading { outcome, diagnostics: found, moments, keywords } =
                Arc::unwrap_or_clone(reading);
            next.see(&moments, self.now);
            if let Some(keywords) = keywords {
                findings.keywords.keep(keywords);
            }
            let why = match outcome {
                ReadingOutcome::Ready(post) => {
                    posts.push(post);
                    None
                }
                ReadingOutcome::Held(held) => Some(HoldReason::Held(held)),
                ReadingOutcome::Refused => {
                    let error =
                        found.iter().find(|diagnostic| diagnostic.severity == Severity::Error);
                    Some(HoldReason::Refused(
                        error.map_or_else(Message::default, |error| error.message.clone()),
                    ))
                }
            };
            findings.held.extend(why.map(|why| HeldBack { path: entry.path.clone(), why }));
            findings.diagnostics.extend(found);
        }
        Ok(())
    }

    /// Reads one file, or finds in the ledger what reading it gave.
    fn card(&self, entry: &SourceFile, kind: PostKind) -> io::Result<CardResult<'_>> {
        let known = |content: Digest| {
            let (reading, stored) = self.past.reading(&entry.path, content, self.now)?;
            Some(ReadCard { is_anew: false, reading, content, stored })
        };
        if let Some(card) = self.past.digest(entry).and_then(known) {
            return Ok(Ok(card));
        }
        let bytes = match folder::bytes(self.source, &entry.path)? {
            Ok(bytes) => bytes,
            Err(problem) => return Ok(Err(problem)),
        };
        let content = Digest::of(&bytes);
        known(content).map_or_else(|| self.parsed(entry, &bytes, content, kind), Ok).map(Ok)
    }

    fn parsed(
        &self,
        entry: &SourceFile,
        bytes: &[u8],
        content: Digest,
        kind: PostKind,
    ) -> io::Result<ReadCard<'static>> {
        let mut listener = |post: &Post, read: ReadBody<'_>| {
            if let Some(bodies) = &self.bodies {
                bodies.keep(post, read, content);
            }
        };
        let mut reading = contain(entry.path.as_str(), || {
            let CardReader { config, now, keywords, .. } = *self;
            post::read(&entry.path, bytes, kind, config, now, keywords, &mut listener)
        })
        .unwrap_or_else(|defect| PostReading::refused(*defect));
        if let ReadingOutcome::Ready(post) = &mut reading.outcome {
            let digest = Digest::of(encoded(post)?);
            Arc::make_mut(post).card = digest;
        }
        let stored = Some(StoredReading::Encoded(Cow::Owned(encoded(&reading)?)));
        let reading = Arc::new(reading.with_content(content));
        Ok(ReadCard { is_anew: true, reading, content, stored })
    }
}
