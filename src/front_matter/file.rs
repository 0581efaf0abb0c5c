//! What the front matter of a file says, over what the site says for its folder.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::entry::Entry;
use super::reader::FrontMatterReader;
use super::visibility::{self, is_sign, keep_secrets, secrets};
use super::{Form, FrontMatter, FrontMatterBlock, headers, json, toml};
use crate::compat::Compat;
use crate::config::{DefaultValue, Defaults};
use crate::diagnostic::Diagnostic;

/// Largest block in bytes; the largest seen in 68,000 real posts is under 8 KB.
const MAX_BYTES: usize = 64 * 1024;

/// Reads front matter out of `text`, whose block is at `head`. `list_keys` are the lower-case keys
/// that taxonomies read; with [`Compat::Jekyll`], strings of tags are split as Jekyll does and
/// `null` is dropped.
pub fn read(
    text: &str,
    head: FrontMatterBlock,
    list_keys: &[&str],
    compat: Compat,
) -> Result<(FrontMatter, Vec<Diagnostic>), Box<Diagnostic>> {
    read_over(&[], text, Some(head), list_keys, compat)
}

/// Reads front matter as [`read`] does, and takes from `defaults` what the file does not say
/// itself. The first of these rules counts most.
pub fn read_over(
    defaults: &[&Defaults],
    text: &str,
    head: Option<FrontMatterBlock>,
    list_keys: &[&str],
    compat: Compat,
) -> Result<(FrontMatter, Vec<Diagnostic>), Box<Diagnostic>> {
    let mut reader = FrontMatterReader::new(text, list_keys, compat);
    let mut said = match head {
        Some(head) => reader.read_own(head)?,
        None => HashSet::new(),
    };
    if !defaults.is_empty() {
        let own = std::mem::take(&mut reader.front_matter.terms);
        let found = reader.diagnostics.len();
        reader.read_defaults(defaults, &mut said)?;
        // They are told of once, at their place in site.yaml.
        reader.diagnostics.truncate(found);
        reader.front_matter.default_terms = std::mem::replace(&mut reader.front_matter.terms, own);
    }
    Ok((reader.front_matter, reader.diagnostics))
}

/// Returns what is wrong with values of `defaults`: where their keys stand in site.yaml, and the
/// findings without a place.
pub fn mistakes_in(
    defaults: &Defaults,
    list_keys: &[&str],
    compat: Compat,
) -> Vec<(Option<Range<usize>>, Diagnostic)> {
    let mistakes = |DefaultValue { key, value, range }: &DefaultValue| {
        let mut reader = FrontMatterReader::new("", list_keys, compat);
        let refused = reader.read_entry(&key.to_lowercase(), &Entry::of_default(key, value)).err();
        let found = reader.diagnostics.into_iter().chain(refused.map(|refused| *refused));
        found
            .map(|diagnostic| (range.clone(), Diagnostic { place: None, ..diagnostic }))
            .collect::<Vec<_>>()
    };
    defaults.values.iter().flat_map(mistakes).collect()
}

impl<'a> FrontMatterReader<'a> {
    /// Reads what the file itself says. Returns the keys that have a value, in lower case.
    fn read_own(&mut self, head: FrontMatterBlock) -> Result<HashSet<String>, Box<Diagnostic>> {
        let range = &head.range;
        if range.len() > MAX_BYTES {
            let message = say!(
                "the front matter is {} bytes long; at most {} are read",
                range.len(),
                MAX_BYTES
            );
            return Err(Box::new(
                Diagnostic::error("front-matter", message).at(self.text, range.start..range.start),
            ));
        }
        let entries = self.entries(head.clone())?;
        let secrets = secrets(self.text, &entries);
        let without_secrets = |mut found: Box<Diagnostic>| {
            keep_secrets(&mut found, &secrets);
            found
        };
        let mut places: HashMap<String, (usize, usize)> = HashMap::with_capacity(entries.len());
        for (index, entry) in entries.iter().enumerate() {
            places.entry(entry.name.to_lowercase()).or_insert((index, index)).1 = index;
        }
        for (index, entry) in entries.iter().enumerate() {
            let name = entry.name.to_lowercase();
            let (first, last) = places[&name];
            if index == last {
                if first < last {
                    self.report_duplicate(&entries[first], entry);
                }
                self.read_entry(&name, entry).map_err(without_secrets)?;
            } else {
                self.refuse_contradiction(entry, &entries[last]).map_err(without_secrets)?;
            }
            if name == "<<" && head.form == Form::Yaml {
                self.see_merged(head.range.clone(), entry);
            }
        }
        if !secrets.is_empty() {
            self.diagnostics.retain_mut(|found| keep_secrets(found, &secrets));
        }
        let says_something = |entry: &&Entry<'_>| !entry.trimmed().0.is_empty();
        Ok(entries.iter().filter(says_something).map(|entry| entry.name.to_lowercase()).collect())
    }

    fn read_defaults(
        &mut self,
        defaults: &[&Defaults],
        said: &mut HashSet<String>,
    ) -> Result<(), Box<Diagnostic>> {
        // That posts are public on purpose is not for one that says something of it itself.
        let speaks = said.iter().any(|key| is_sign(key));
        for DefaultValue { key, value, .. } in defaults.iter().flat_map(|defaults| &defaults.values)
        {
            let name = key.to_lowercase();
            if !(speaks && visibility::is_public(&name)) && said.insert(name) {
                let refused = self.read_entry(&key.to_lowercase(), &Entry::of_default(key, value));
                refused.map_err(|refused| Box::new(Diagnostic { place: None, ..*refused }))?;
            }
        }
        Ok(())
    }

    /// Cuts the block into entries, which mean the same in whatever form they are written.
    pub(super) fn entries(
        &mut self,
        head: FrontMatterBlock,
    ) -> Result<Vec<Entry<'a>>, Box<Diagnostic>> {
        let FrontMatterBlock { range, form } = head;
        match form {
            Form::Yaml => self.entries_of_yaml(range),
            Form::Toml => toml::entries(self.text, range),
            Form::Json => json::entries(self.text, range),
            Form::Headers => Ok(headers::entries(self.text, range)),
        }
    }

    fn report_duplicate(&mut self, first: &Entry<'_>, last: &Entry<'_>) {
        let line = self.text[..first.key.start].matches('\n').count() + 1;
        let message =
            say!("`{}` is given twice, first in line {}; the last one counts", &last.name, line);
        self.warn("key-duplicate", message, say!("keep one of them"), last.key.clone());
    }
}
