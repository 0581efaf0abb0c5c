//! What becomes of a file: a post, one that is held back, or neither.

use std::sync::Arc;

use jiff::{Timestamp, ZonedDateTime};
use serde::{Deserialize, Serialize};

use super::file::open;
use super::read_body::ReadBody;
use super::reader::PostReader;
use super::{Post, PostKind};
use crate::config::{Config, Defaults, Future};
use crate::date;
use crate::diagnostic::Diagnostic;
use crate::digest::Digest;
use crate::front_matter::{self, Bound, KNOWN_KEYS, Split};
use crate::keywords::{FoundKeywords, Keywords};
use crate::source::SourcePath;
use chinese_text as text;

/// Why a readable post is not in the site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Held {
    /// It is a draft. What says so, as it is written: `draft: true`; or the folder of drafts that
    /// it lies in.
    Draft(String),
    Unpublished,
    /// What says when it appears, as it is written: `publishDate: 2031-01-01`; or the file's name.
    Future(String),
    Expired(String),
    /// Its name has no date, and Jekyll's posts have one.
    Undated,
    /// Another tool's key, as it is written: `private: true`.
    Hidden(String),
}

/// What became of a file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum ReadingOutcome {
    /// Shared by the editions of a preview.
    Ready(Arc<Post>),
    Held(Held),
    /// Not readable; the diagnostics say why.
    Refused,
}

/// What reading one file gave.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PostReading {
    pub outcome: ReadingOutcome,
    pub diagnostics: Vec<Diagnostic>,
    /// Moments, in nanoseconds since 1970, at which the outcome may change: the date of an article,
    /// and the dates from and until which it is public.
    pub moments: Vec<i128>,
    /// What was found in the text, where keywords were wanted.
    pub keywords: Option<FoundKeywords>,
}

impl PostReading {
    /// Returns the reading of a file that is not readable.
    pub fn refused(why: Diagnostic) -> PostReading {
        PostReading {
            outcome: ReadingOutcome::Refused,
            diagnostics: vec![why],
            moments: Vec::new(),
            keywords: None,
        }
    }

    /// Returns the reading of a file of this content.
    pub fn with_content(mut self, content: Digest) -> PostReading {
        if let ReadingOutcome::Ready(post) = &mut self.outcome {
            let placing = post.placing();
            let post = Arc::make_mut(post);
            (post.content, post.placing) = (content, placing);
        }
        self
    }

    /// Returns whether the outcome is the same at both moments.
    pub fn holds(&self, then: Timestamp, now: Timestamp) -> bool {
        let is_same = |date| date::is_future(date, then) == date::is_future(date, now);
        self.moments.iter().all(|moment| Timestamp::from_nanosecond(*moment).is_ok_and(is_same))
    }
}

/// Reads the card of one file. `listener` hears the body of a post that gets one, as it was parsed
/// for that: whoever wants more of it need not parse it again.
pub fn read(
    path: &SourcePath,
    bytes: &[u8],
    kind: PostKind,
    config: &Config,
    now: Timestamp,
    keywords: &Keywords,
    listener: &mut dyn FnMut(&Post, ReadBody<'_>),
) -> PostReading {
    let (text, split, diagnostics) = match open(bytes, &KNOWN_KEYS) {
        Ok(opened) => opened,
        Err(why) => return PostReading::refused(why.in_file(path.as_str())),
    };
    let mut reader = PostReader {
        path,
        kind,
        config,
        now,
        keywords,
        moments: Vec::new(),
        found: None,
        text: &text,
        diagnostics,
    };
    let outcome = match reader.read(split, listener) {
        Ok(outcome) => outcome,
        Err(diagnostic) => {
            reader.diagnostics.push(*diagnostic);
            ReadingOutcome::Refused
        }
    };
    let diagnostics = reader
        .diagnostics
        .into_iter()
        .map(|diagnostic| diagnostic.in_file(path.as_str()))
        .collect();
    PostReading { outcome, diagnostics, moments: reader.moments, keywords: reader.found }
}

impl PostReader<'_> {
    fn read(
        &mut self,
        split: Split,
        listener: &mut dyn FnMut(&Post, ReadBody<'_>),
    ) -> Result<ReadingOutcome, Box<Diagnostic>> {
        self.refuse_out_of_time(&split.limits)?;
        let defaults = self
            .config
            .defaults
            .iter()
            .filter(|defaults| defaults.reach(self.path.as_str(), self.defaults_type()));
        let defaults: Vec<&Defaults> = defaults.collect();
        let list_keys = self.config.list_keys();
        let (front_matter, found) = front_matter::read_over(
            &defaults,
            self.text,
            split.head.clone(),
            &list_keys,
            self.config.compat,
        )?;
        self.diagnostics.extend(found);
        if front_matter.published == Some(false) {
            return Ok(ReadingOutcome::Held(Held::Unpublished));
        }
        let visibility = front_matter.visibility();
        let draft = visibility.draft.map(|mark| text::one_line(&mark.text));
        let draft =
            draft.or_else(|| (front_matter.draft == Some(true)).then(|| "draft: true".to_owned()));
        let draft = draft.or_else(|| self.folder_of_drafts());
        let is_draft = draft.is_some();
        if let Some(mark) = draft.filter(|_| !self.config.overrides.drafts) {
            return Ok(ReadingOutcome::Held(Held::Draft(mark)));
        }
        if let Some(mark) = visibility.hidden {
            return Ok(ReadingOutcome::Held(Held::Hidden(text::one_line(&mark.text))));
        }
        if let Some(unclear) = visibility.unclear {
            return Err(unclear);
        }
        if self.is_no_post_of_jekyll() {
            return Ok(ReadingOutcome::Held(Held::Undated));
        }
        let (name_date, name_slug) = self.name();
        let date = self.date(&front_matter, name_date);
        let from = if visibility.waits.is_some() {
            date.clone()
        } else {
            self.limit(visibility.publish_date.as_ref(), Bound::From)?
        };
        let until = self.limit(visibility.expiry_date.as_ref(), Bound::Until)?;
        let own = date.as_ref().filter(|_| self.kind == PostKind::Article);
        self.moments.extend(
            [own, from.as_ref(), until.as_ref()]
                .into_iter()
                .flatten()
                .map(|date| date.timestamp().as_nanosecond()),
        );
        let is_future = |date: &ZonedDateTime| date::is_future(date.timestamp(), self.now);
        if from.as_ref().is_some_and(is_future) && !self.config.overrides.future {
            let mark = visibility.waits.map(|mark| text::one_line(&mark.text));
            return Ok(ReadingOutcome::Held(Held::Future(
                mark.unwrap_or_else(|| self.line_of(visibility.publish_date.as_ref())),
            )));
        }
        if until.as_ref().is_some_and(|until| !is_future(until)) {
            return Ok(ReadingOutcome::Held(Held::Expired(
                self.line_of(visibility.expiry_date.as_ref()),
            )));
        }
        if let Some(date) = &date
            && date::is_future(date.timestamp(), self.now)
            && self.kind == PostKind::Article
        {
            if self.config.future == Future::Hold {
                return Ok(ReadingOutcome::Held(Held::Future(
                    self.line_of(front_matter.date.as_ref()),
                )));
            }
            self.warn_future(&front_matter, date);
        }
        let mut post = self.card(front_matter, split.body, date, &name_slug, listener)?;
        post.is_draft = is_draft;
        if let Some(mark) = visibility.unlisted {
            (post.unlisted, post.noindex) = (true, true);
            let message =
                say!("the post is in no list, feed or sitemap: `{}`", text::one_line(&mark.text));
            self.diagnostics.push(Diagnostic::note("unlisted", message).at(self.text, mark.range));
        }
        Ok(ReadingOutcome::Ready(Arc::new(post)))
    }
}
