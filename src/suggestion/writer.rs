//! Suggested tags, written into the file of a post.

use std::io;

use crate::config::Config;
use crate::diagnostic::{Diagnostic, is_of_the_world};
use crate::front_matter::{self, Declined};
use crate::post::{Format, Post};
use crate::sink::{LeftAlone, SiteFolder};
use crate::source::{Directory, Source, unreadable};
use crate::words::Message;

/// Writes the tags into the post's file. The answer is why it was left alone, if it was; an error
/// is a disk that takes no post at all.
pub(super) fn write(
    post: &Post,
    words: &[String],
    source: &Directory,
    folder: &SiteFolder,
    config: &Config,
    tags: usize,
) -> io::Result<Option<Diagnostic>> {
    let by_hand = || say!("write the tags by hand");
    let declined = |why: Message| {
        Ok(Some(Diagnostic::warning("tags-not-written", say!("not written: {}", why))))
    };
    let failed = |why: Message, hint: Message| {
        let diagnostic = Diagnostic::error("tags-not-written", say!("not written: {}", why));
        Ok(Some(diagnostic.hint(hint)))
    };
    if words.is_empty() {
        return Ok(None);
    }
    let bytes = match source.read(&post.source) {
        Ok(bytes) => bytes,
        Err(error) => return Ok(Some(unreadable(post.source.as_str(), &error))),
    };
    let Ok(text) = std::str::from_utf8(&bytes) else {
        return failed(say!("the file is not UTF-8"), by_hand());
    };
    let begins = text.strip_prefix('\u{FEFF}').unwrap_or(text).trim_start();
    if post.format == Format::Html && !begins.starts_with("---") {
        return declined(say!(
            "an HTML file without front matter is a page by itself, and would show it in a browser"
        ));
    }
    let keys: Vec<&str> = config.taxonomies[tags].keys.iter().map(String::as_str).collect();
    let new = match front_matter::with_tags(text, words, &keys, &config.list_keys(), config.compat)
    {
        Ok(new) => new,
        Err(Declined::HasTags) => return declined(say!("the post has tags, and those stay")),
        Err(Declined::Unclear(why)) => return failed(why, by_hand()),
    };
    match folder.rewrite(&post.source, &bytes, new.as_bytes()) {
        Ok(None) => Ok(None),
        Ok(Some(LeftAlone::Changed)) => {
            failed(say!("it was changed meanwhile"), say!("run the command again"))
        }
        Ok(Some(LeftAlone::ReadOnly)) => failed(
            say!("it is read-only"),
            say!("make the file writable, and run the command again"),
        ),
        Ok(Some(LeftAlone::Linked)) => {
            failed(say!("it stands behind a symbolic link, and those are not followed"), by_hand())
        }
        Ok(Some(LeftAlone::NoFile)) => failed(say!("it is no plain file"), by_hand()),
        Err(error) if is_of_the_world(&error) => Err(error),
        Err(error) => {
            failed(error.into(), say!("let its folder be written to, and run the command again"))
        }
    }
}
