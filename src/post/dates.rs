//! The dates of a post: in its front matter, in its name, and from when to when it is public.

use jiff::ZonedDateTime;

use super::PostKind;
use super::beside::called;
use super::reader::PostReader;
use crate::config::Future;
use crate::date;
use crate::diagnostic::Diagnostic;
use crate::front_matter::{Bound, FrontMatter, Limit, Scalar};

impl PostReader<'_> {
    /// Returns the date from or until which a post is public. One that cannot be read is an error,
    /// since it may lie anywhere.
    pub(super) fn limit(
        &self,
        scalar: Option<&Scalar>,
        bound: Bound,
    ) -> Result<Option<ZonedDateTime>, Box<Diagnostic>> {
        let Some(scalar) = scalar else { return Ok(None) };
        let text = scalar.text.trim();
        if bound == Bound::Until
            && (text.starts_with("9999")
                || matches!(text.to_lowercase().as_str(), "never" | "none" | "永不" | "永久"))
        {
            return Ok(None);
        }
        // `2019-01` and `2019` say enough where the year is over.
        let year = text
            .get(..4)
            .filter(|year| year.bytes().all(|byte| byte.is_ascii_digit()))
            .and_then(|year| year.parse::<i16>().ok());
        let past = || {
            let last_day = jiff::civil::Date::new(year?, 12, 31).ok()?;
            date::midnight(last_day, &self.config.zone).filter(|date| date.timestamp() < self.now)
        };
        let date = self.parse_date(scalar).or_else(past).ok_or_else(|| {
            let message = say!(
                "`{}` is not a date, so it is not known whether the post is to be public now",
                scalar.text.trim()
            );
            let hint = say!(
                "the post is held back, because publishing cannot be undone; accepted forms: {}",
                date::FORMS.to_vec()
            );
            Box::new(
                Diagnostic::error("date-unreadable", message)
                    .hint(hint)
                    .at(self.text, scalar.range.clone()),
            )
        })?;
        Ok(Some(date))
    }

    /// Refuses a post that would be hidden now by a time outside of its front matter.
    pub(super) fn refuse_out_of_time(&mut self, limits: &[Limit]) -> Result<(), Box<Diagnostic>> {
        for Limit { date, bound, refusal } in limits {
            if *bound == Bound::Own
                && (self.config.future != Future::Hold || self.kind != PostKind::Article)
            {
                continue;
            }
            let Ok(found) = self.limit(Some(date), *bound) else {
                return Err(refusal.clone());
            };
            let Some(found) = found.map(|found| found.timestamp()) else { continue };
            self.moments.push(found.as_nanosecond());
            let is_future = date::is_future(found, self.now);
            if is_future != (*bound == Bound::Until) && !(is_future && self.config.overrides.future)
            {
                return Err(refusal.clone());
            }
        }
        Ok(())
    }

    /// Returns whether Jekyll passes over the file: its posts stand in a folder `_posts` and have a
    /// date in their names, drafts apart.
    pub(super) fn is_no_post_of_jekyll(&self) -> bool {
        let mut parts = self.path.stem().splitn(4, '-');
        let mut is_number = |most: usize| {
            parts.next().is_some_and(|part| {
                (1..=most).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
            })
        };
        let has_date = is_number(4) && is_number(2) && is_number(2) && parts.next().is_some();
        let is_among_posts = self.path.as_str().split('/').any(|name| name == "_posts");
        self.config.is_jekyll()
            && self.kind == PostKind::Article
            && is_among_posts
            && !has_date
            && self.folder_of_drafts().is_none()
    }

    /// Returns the date and the slug in the file's name.
    pub(super) fn name(&self) -> (Option<ZonedDateTime>, String) {
        let stem = match self.kind {
            PostKind::Article => {
                called(self.path, &self.config.posts).rsplit('/').next().unwrap_or_default()
            }
            PostKind::Page => self.path.stem(),
            PostKind::Section => self.path.as_str().rsplit('/').nth(1).unwrap_or_default(),
        };
        // Jekyll knows one form.
        let split =
            if self.config.is_jekyll() { date::from_file_stem_of_jekyll } else { date::from_name };
        match split(stem).filter(|_| self.kind == PostKind::Article) {
            Some((date, rest)) => {
                (date::midnight(date, &self.config.zone), rest.trim_end_matches('.').to_owned())
            }
            None => (None, stem.trim_end_matches('.').to_owned()),
        }
    }

    pub(super) fn date(
        &mut self,
        front_matter: &FrontMatter,
        name_date: Option<ZonedDateTime>,
    ) -> Option<ZonedDateTime> {
        if let Some(scalar) = &front_matter.date {
            if let Some(date) = self.read_date(scalar) {
                return Some(date);
            }
            let instead = match &name_date {
                Some(date) => say!(
                    "the date in the file name is used, {}",
                    date.strftime("%Y-%m-%d").to_string()
                ),
                None => say!("the post has no date"),
            };
            let message = say!("`{}` is not a date; {}", scalar.text.trim(), instead);
            self.diagnostics.push(
                Diagnostic::warning("date-unreadable", message)
                    .hint(say!("accepted forms: {}", date::FORMS.to_vec()))
                    .at(self.text, scalar.range.clone()),
            );
        } else if name_date.is_none() && self.kind == PostKind::Article {
            // Hugo takes the date from which a post is public for its date.
            if let Some(date) =
                front_matter.visibility().publish_date.and_then(|scalar| self.read_date(&scalar))
            {
                return Some(date);
            }
            if let Some(created) = &front_matter.created {
                if let Some(date) = self.read_date(created) {
                    return Some(date);
                }
                let message = say!(
                    "`{}` is not a date; {}",
                    created.text.trim(),
                    say!("the post has no date")
                );
                let diagnostic = Diagnostic::warning("date-unreadable", message)
                    .hint(say!("accepted forms: {}", date::FORMS.to_vec()));
                self.diagnostics.push(diagnostic.at(self.text, created.range.clone()));
                return None;
            }
            self.diagnostics.push(
                Diagnostic::warning(
                    "date-missing",
                    say!("no date in the front matter or the file name; the post is sorted last, and no Atom feed can hold it"),
                )
                .hint(say!("add `date: 2023-04-11`")),
            );
        }
        name_date
    }

    /// Returns when the post was last changed. No change is older than what it changes: a day
    /// without an hour is the post's own day more often than not, and an earlier day is a mistake.
    pub(super) fn updated(
        &mut self,
        front_matter: &FrontMatter,
        date: Option<&ZonedDateTime>,
    ) -> Option<ZonedDateTime> {
        let scalar = front_matter.updated.as_ref()?;
        let Some(updated) = self.read_date(scalar) else {
            let instead = say!("the post has no date of last change");
            let message = say!("`{}` is not a date; {}", scalar.text.trim(), instead);
            self.diagnostics.push(
                Diagnostic::warning("date-unreadable", message)
                    .hint(say!("accepted forms: {}", date::FORMS.to_vec()))
                    .at(self.text, scalar.range.clone()),
            );
            return None;
        };
        let Some(date) = date.filter(|date| updated < **date) else { return Some(updated) };
        if updated.date() < date.date() {
            let shown = date.strftime("%Y-%m-%d").to_string();
            let message = say!(
                "`{}` is earlier than the post's own date, {}; it counts as not changed since",
                scalar.text.trim(),
                shown
            );
            let hint = say!("see whether the two dates have changed places");
            self.diagnostics.push(
                Diagnostic::warning("date-order", message)
                    .hint(hint)
                    .at(self.text, scalar.range.clone()),
            );
        }
        Some(date.clone())
    }

    pub(super) fn parse_date(&self, scalar: &Scalar) -> Option<ZonedDateTime> {
        let written = if scalar.quoted { date::Quoting::Quoted } else { date::Quoting::Plain };
        date::parse(&scalar.text, &self.config.zone, written, self.config.compat)
    }

    /// As [`PostReader::parse_date`], saying what was assumed.
    pub(super) fn read_date(&mut self, scalar: &Scalar) -> Option<ZonedDateTime> {
        let written = if scalar.quoted { date::Quoting::Quoted } else { date::Quoting::Plain };
        let date::ParsedDate { date, doubt } =
            date::read(&scalar.text, &self.config.zone, written, self.config.compat)?;
        if let Some(doubt) = doubt {
            let message = say!(
                "`{}` was read as {}: {}",
                scalar.text.trim(),
                date.strftime("%Y-%m-%d %H:%M %:z").to_string(),
                doubt
            );
            let diagnostic = Diagnostic::warning("date-assumed", message)
                .hint(say!("accepted forms: {}", date::FORMS.to_vec()));
            self.diagnostics.push(diagnostic.at(self.text, scalar.range.clone()));
        }
        Some(date)
    }

    pub(super) fn warn_future(&mut self, front_matter: &FrontMatter, date: &ZonedDateTime) {
        let shown = date.strftime("%Y-%m-%d %H:%M").to_string();
        let message =
            say!("the date {} lies in the future; the post is published all the same", shown);
        let mut diagnostic = Diagnostic::warning("date-future", message)
            .hint(say!("`future: hold` in site.yaml holds such posts back until then"));
        if let Some(scalar) = &front_matter.date {
            diagnostic = diagnostic.at(self.text, scalar.range.clone());
        }
        self.diagnostics.push(diagnostic);
    }
}
