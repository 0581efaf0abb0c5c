//! Feeds and sitemaps as their readers see them: well-formed, with what the formats demand.
//!
//! RSS 2.0 (rssboard.org), Atom (RFC 4287), JSON Feed 1.1 (jsonfeed.org), sitemaps.org. The texts
//! are parsed anew, by a reader that is not the writer.

use std::collections::BTreeSet;

use roxmltree::{Document, Node, ParsingOptions};
use serde_json::Value;

use crate::config::{Config, FeedKind};
use crate::diagnostic::Diagnostic;
use crate::page::sitemap::URLS;
use crate::route::has_scheme;
use crate::words::Message;

/// Longest address in a sitemap, in bytes.
const ADDRESS: usize = 2_048;

/// Looks at a feed of the program's making.
pub(super) fn feed(kind: FeedKind, file: &str, bytes: &[u8], config: &Config) -> Vec<Diagnostic> {
    let text = String::from_utf8_lossy(bytes);
    let problems = match kind {
        FeedKind::Rss => with_xml(&text, |root| rss(root, config)),
        FeedKind::Atom => with_xml(&text, |root| atom(root, config)),
        FeedKind::Json => json_feed(&text, config),
    };
    problems
        .into_iter()
        .map(|problem| {
            Diagnostic::error("feed-invalid", say!("the feed {} is not valid: {}", file, problem))
        })
        .collect()
}

/// Looks at a sitemap, an index of sitemaps or a part.
pub(super) fn sitemap(file: &str, bytes: &[u8], config: &Config) -> Vec<Diagnostic> {
    let text = String::from_utf8_lossy(bytes);
    let problems = with_xml(&text, |root| {
        let addresses: Vec<&str> =
            root.children().filter_map(|entry| text_of(entry, "loc")).collect();
        let mut problems = Vec::new();
        if !["urlset", "sitemapindex"].contains(&root.tag_name().name())
            || addresses.len() != root.children().filter(Node::is_element).count()
        {
            problems.push(say!("each entry must have an address"));
        }
        if addresses.len() > URLS {
            problems.push(say!("{} addresses, of at most {}", addresses.len(), URLS));
        }
        let is_ours = |address: &&&str| {
            address.len() <= ADDRESS
                && (!config.base.is_absolute()
                    || address.starts_with(&config.base.absolute_href("")))
        };
        if let Some(address) = addresses.iter().find(|address| !is_ours(address)) {
            problems.push(say!("the address `{}` is too long or not of this site", *address));
        }
        problems
    });
    problems
        .into_iter()
        .map(|problem| {
            Diagnostic::error("sitemap-invalid", say!("{} is not valid: {}", file, problem))
        })
        .collect()
}

/// Looks at a file of the keeper's that programs read, by its extension.
pub(super) fn file(path: &str, extension: &str, bytes: &[u8]) -> Option<Diagnostic> {
    let text = String::from_utf8_lossy(bytes);
    let (line, column, why) = if matches!(extension, "json" | "webmanifest") {
        let error = serde_json::from_str::<serde::de::IgnoredAny>(&text).err()?;
        (
            error.line(),
            error.column(),
            error.to_string().split(" at line ").next().unwrap_or_default().to_owned(),
        )
    } else {
        let error = Document::parse_with_options(
            &text,
            ParsingOptions { allow_dtd: true, ..ParsingOptions::default() },
        )
        .err()?;
        let at = error.pos();
        (at.row as usize, at.col as usize, error.to_string())
    };
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let at = text[start..]
        .char_indices()
        .nth(column.saturating_sub(1))
        .map_or(text.len(), |(at, _)| start + at);
    Some(
        Diagnostic::error("file-invalid", say!("programs cannot read this file: {}", why))
            .at(&text, at..at)
            .in_file(path),
    )
}

/// Returns the problems of a document, or the one that it is no XML.
fn with_xml(text: &str, problems: impl FnOnce(Node<'_, '_>) -> Vec<Message>) -> Vec<Message> {
    match Document::parse(text) {
        Ok(document) => problems(document.root_element()),
        Err(error) => vec![error.to_string().into()],
    }
}

fn child<'a, 'input>(of: Node<'a, 'input>, name: &str) -> Option<Node<'a, 'input>> {
    of.children().find(|child| child.tag_name().name() == name)
}

/// Returns the text of a child, if it says something.
fn text_of<'a>(of: Node<'a, '_>, name: &str) -> Option<&'a str> {
    child(of, name)?.text().map(str::trim).filter(|text| !text.is_empty())
}

/// What every entry of a feed must have.
struct Entries<'c> {
    config: &'c Config,
    ids: BTreeSet<String>,
    problems: Vec<Message>,
}

impl Entries<'_> {
    fn new(config: &Config) -> Entries<'_> {
        Entries { config, ids: BTreeSet::new(), problems: Vec::new() }
    }

    fn has(&mut self, what: &'static str, value: Option<&str>) {
        if value.is_none() {
            self.problems.push(say!("`{}` is missing", what));
        }
    }

    fn has_id(&mut self, id: Option<&str>) {
        match id {
            None => self.problems.push(say!("`{}` is missing", "id")),
            Some(id) if !self.ids.insert(id.to_owned()) => {
                self.problems.push(say!("two entries have the id `{}`", id));
            }
            Some(_) => {}
        }
    }

    /// Checks that an entry has an address. That the site has none is said once, and not by each
    /// feed.
    fn has_address(&mut self, address: Option<&str>) {
        if let Some(address) =
            address.filter(|address| self.config.base.is_absolute() && !has_scheme(address))
        {
            self.problems.push(say!("the address `{}` is not a full one", address));
        }
    }

    fn finish(mut self) -> Vec<Message> {
        self.problems.dedup();
        self.problems
    }
}

fn rss(root: Node<'_, '_>, config: &Config) -> Vec<Message> {
    let mut entries = Entries::new(config);
    let Some(channel) = child(root, "channel").filter(|_| root.tag_name().name() == "rss") else {
        return vec![say!("`{}` is missing", "channel")];
    };
    // An archive without a title has a feed with an empty one, which readers take.
    for name in ["title", "link", "description"] {
        entries.has(name, child(channel, name).map(|_| name));
    }
    for item in channel.children().filter(|child| child.tag_name().name() == "item") {
        entries.has("title", text_of(item, "title").or_else(|| text_of(item, "description")));
        entries.has_address(text_of(item, "link"));
        entries.has_id(text_of(item, "guid").or_else(|| text_of(item, "link")));
    }
    entries.finish()
}

fn atom(root: Node<'_, '_>, config: &Config) -> Vec<Message> {
    let mut entries = Entries::new(config);
    for name in ["id", "updated"] {
        entries.has(name, text_of(root, name));
    }
    for entry in root.children().filter(|child| child.tag_name().name() == "entry") {
        entries.has_id(text_of(entry, "id"));
        for name in ["title", "updated"] {
            entries.has(name, text_of(entry, name));
        }
        entries.has_address(child(entry, "link").and_then(|link| link.attribute("href")));
    }
    entries.finish()
}

fn json_feed(text: &str, config: &Config) -> Vec<Message> {
    let feed: Value = match serde_json::from_str(text) {
        Ok(feed) => feed,
        Err(error) => return vec![error.to_string().into()],
    };
    let mut entries = Entries::new(config);
    for name in ["version", "title"] {
        entries.has(name, feed[name].as_str());
    }
    for item in feed["items"].as_array().into_iter().flatten() {
        entries.has_id(item["id"].as_str());
        entries.has_address(item["url"].as_str());
    }
    entries.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Overrides;

    fn config() -> Config {
        let overrides = Overrides { base_url: None, drafts: false, future: false };
        Config::read("base_url: https://a.example\n", "site.yaml", &overrides).unwrap()
    }

    fn found(kind: FeedKind, text: &str) -> String {
        let found = feed(kind, "x", text.as_bytes(), &config());
        found.iter().map(|found| found.message.to_string()).collect::<Vec<String>>().join("\n")
    }

    #[test]
    fn what_readers_cannot_read_is_named() {
        let channel = |items: &str| {
            format!(
                "<rss><channel><title/><link>https://a.example/</link><description>d</description>{items}</channel></rss>"
            )
        };
        let item = "<item><title>a</title><link>https://a.example/a/</link><guid>1</guid></item>";
        assert_eq!(found(FeedKind::Rss, &channel(item)), "");
        assert!(
            found(FeedKind::Rss, &channel(&item.repeat(2))).contains("two entries have the id `1`")
        );
        assert!(
            found(FeedKind::Rss, &channel("<item><link>/a/</link><guid>1</guid></item>"))
                .contains("`title` is missing")
        );
        assert!(
            found(FeedKind::Rss, &channel("<item><title>&nbsp;</title></item>"))
                .contains("not valid")
        );
        assert!(
            found(
                FeedKind::Atom,
                "<feed><id>x</id><updated>2020</updated><entry><id>1</id></entry></feed>"
            )
            .contains("`title` is missing")
        );
        assert!(
            found(FeedKind::Json, "{\"version\": \"1\", \"title\": \"t\", \"items\": [{\"id\": \"1\", \"url\": \"/a/\"}]}")
                .contains("`/a/`")
        );
        assert!(
            sitemap(
                "x",
                "<urlset><url><loc>https://b.example/</loc></url></urlset>".as_bytes(),
                &config()
            )
            .len()
                == 1
        );
    }

    #[test]
    fn files_of_the_keeper_show_their_place() {
        let found = file("static/a.json", "json", "{\n  \"a\": 1,\n}".as_bytes()).unwrap();
        assert_eq!(found.place.map(|place| place.line), Some(3));
        assert!(
            file("static/a.svg", "svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>").is_none()
        );
        assert!(file("static/a.xml", "xml", b"<a><b></a>").is_some());
    }
}
