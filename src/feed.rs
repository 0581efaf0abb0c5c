//! Feeds: RSS 2.0, Atom 1.0 (RFC 4287), JSON Feed 1.1.
//!
//! A feed is data first and is then written in one of three forms. No date in it is the clock's:
//! the feed is as old as its newest entry.

use jiff::ZonedDateTime;
use serde_json::json;
use unicode_normalization::UnicodeNormalization;

use crate::config::{Config, FeedIds};
use crate::date;
use crate::post::Post;
use crate::xml::Xml;
use chinese_markdown::html::escape_text;

/// A feed, whatever its form.
#[derive(Debug)]
pub struct Feed {
    pub title: String,
    pub description: String,
    pub language: String,
    /// Full address of the page that the feed belongs to, and of the feed.
    pub home: String,
    pub address: String,
    /// What Atom readers know the feed by; the page's address without the name of a file.
    pub id: String,
    /// Whom to name where an entry names nobody.
    pub author: String,
    pub entries: Vec<FeedEntry>,
}

/// One post in a feed.
#[derive(Debug)]
pub struct FeedEntry {
    pub id: String,
    pub url: String,
    pub title: String,
    pub date: Option<ZonedDateTime>,
    /// No earlier than `date`.
    pub updated: Option<ZonedDateTime>,
    pub authors: Vec<String>,
    pub tags: Vec<String>,
    pub summary: String,
    /// HTML with full addresses; none in feeds of summaries.
    pub html: Option<String>,
    pub language: Option<String>,
}

impl FeedEntry {
    fn changed(&self) -> Option<&ZonedDateTime> {
        self.updated.as_ref().or(self.date.as_ref())
    }
}

impl Feed {
    /// Returns the newest change of any entry.
    fn changed(&self) -> Option<&ZonedDateTime> {
        self.entries.iter().filter_map(FeedEntry::changed).max()
    }

    /// RSS 2.0 with `content:encoded` and `dc:creator` (`author` there would have to be an e-mail
    /// address). A `description` is HTML to every reader, so plain text is made HTML first.
    pub fn rss(&self) -> String {
        let mut xml = Xml::default();
        xml.open(
            "rss",
            &[
                ("version", "2.0"),
                ("xmlns:atom", "http://www.w3.org/2005/Atom"),
                ("xmlns:content", "http://purl.org/rss/1.0/modules/content/"),
                ("xmlns:dc", "http://purl.org/dc/elements/1.1/"),
            ],
        );
        xml.open("channel", &[]);
        xml.text("title", &[], &self.title);
        xml.text("link", &[], &self.home);
        xml.text("description", &[], &escape_text(&self.description));
        xml.text("language", &[], &self.language);
        if let Some(changed) = self.changed() {
            xml.text("lastBuildDate", &[], &date::rfc2822(changed));
        }
        xml.empty(
            "atom:link",
            &[("href", &self.address), ("rel", "self"), ("type", "application/rss+xml")],
        );
        for entry in &self.entries {
            xml.open("item", &[]);
            xml.text("title", &[], &entry.title);
            xml.text("link", &[], &entry.url);
            let permalink = if entry.id == entry.url { "true" } else { "false" };
            xml.text("guid", &[("isPermaLink", permalink)], &entry.id);
            if let Some(date) = &entry.date {
                xml.text("pubDate", &[], &date::rfc2822(date));
            }
            for author in &entry.authors {
                xml.text("dc:creator", &[], author);
            }
            for tag in &entry.tags {
                xml.text("category", &[], tag);
            }
            xml.text("description", &[], &escape_text(&entry.summary));
            if let Some(html) = &entry.html {
                xml.text("content:encoded", &[], html);
            }
            xml.close();
        }
        xml.finish()
    }

    /// Returns the entries that Atom can hold: those with a date, which it demands of each, and
    /// nobody knows the date of the others.
    fn in_atom(&self) -> impl Iterator<Item = (&FeedEntry, &ZonedDateTime)> {
        self.entries.iter().filter_map(|entry| Some((entry, entry.changed()?)))
    }

    /// Atom 1.0. A feed must be `updated` too; one without entries never was.
    pub fn atom(&self) -> String {
        const NEVER: &str = "1970-01-01T00:00:00+00:00";
        let mut xml = Xml::default();
        xml.open("feed", &[("xmlns", "http://www.w3.org/2005/Atom"), ("xml:lang", &self.language)]);
        xml.text("title", &[], &self.title);
        if !self.description.is_empty() {
            xml.text("subtitle", &[], &self.description);
        }
        xml.empty(
            "link",
            &[("href", &self.address), ("rel", "self"), ("type", "application/atom+xml")],
        );
        xml.empty("link", &[("href", &self.home), ("rel", "alternate"), ("type", "text/html")]);
        xml.text("id", &[], &self.id);
        xml.text("updated", &[], &self.changed().map_or_else(|| NEVER.to_owned(), date::rfc3339));
        xml.open("author", &[]);
        xml.text("name", &[], &self.author);
        xml.close();
        for (entry, changed) in self.in_atom() {
            let language = entry.language.as_deref().unwrap_or(&self.language);
            xml.open("entry", &[("xml:lang", language)]);
            xml.text("title", &[("type", "text")], &entry.title);
            xml.empty("link", &[("href", &entry.url), ("rel", "alternate"), ("type", "text/html")]);
            xml.text("id", &[], &entry.id);
            if let Some(date) = &entry.date {
                xml.text("published", &[], &date::rfc3339(date));
            }
            xml.text("updated", &[], &date::rfc3339(changed));
            for author in &entry.authors {
                xml.open("author", &[]);
                xml.text("name", &[], author);
                xml.close();
            }
            for tag in &entry.tags {
                xml.empty("category", &[("term", tag)]);
            }
            if !entry.summary.is_empty() {
                xml.text("summary", &[("type", "text")], &entry.summary);
            }
            if let Some(html) = &entry.html {
                xml.text("content", &[("type", "html")], html);
            }
            xml.close();
        }
        xml.finish()
    }

    /// JSON Feed 1.1.
    pub fn json(&self) -> String {
        let names =
            |names: &[String]| names.iter().map(|name| json!({ "name": name })).collect::<Vec<_>>();
        let items: Vec<serde_json::Value> = self
            .entries
            .iter()
            .map(|entry| {
                let mut item = json!({ "id": entry.id, "url": entry.url, "title": entry.title });
                if !entry.summary.is_empty() {
                    item["summary"] = entry.summary.clone().into();
                }
                // One of the two contents is required.
                match &entry.html {
                    Some(html) => item["content_html"] = html.clone().into(),
                    None => item["content_text"] = entry.summary.clone().into(),
                }
                if let Some(date) = &entry.date {
                    item["date_published"] = date::rfc3339(date).into();
                }
                if let Some(updated) = &entry.updated {
                    item["date_modified"] = date::rfc3339(updated).into();
                }
                if !entry.authors.is_empty() {
                    item["authors"] = names(&entry.authors).into();
                }
                if !entry.tags.is_empty() {
                    item["tags"] = entry.tags.clone().into();
                }
                if let Some(language) = &entry.language {
                    item["language"] = language.clone().into();
                }
                item
            })
            .collect();
        let mut feed = json!({
            "version": "https://jsonfeed.org/version/1.1",
            "title": self.title,
            "home_page_url": self.home,
            "feed_url": self.address,
            "language": self.language,
            "authors": names(std::slice::from_ref(&self.author)),
            "items": items,
        });
        if !self.description.is_empty() {
            feed["description"] = self.description.clone().into();
        }
        let mut out = serde_json::to_string_pretty(&feed).expect("a feed is plain data");
        out.push('\n');
        out
    }
}

/// Returns the id of a post's entry. A changed id shows every entry again in every reader, so a
/// Jekyll archive keeps its own.
pub fn entry_id(post: &Post, url: &str, config: &Config) -> String {
    match config.feeds.ids {
        FeedIds::Url => url.to_owned(),
        FeedIds::JekyllRaw => {
            config.base.absolute_href(&format!("{}{}", config.base.path(), post.id))
        }
        FeedIds::Jekyll => {
            config.base.absolute_href(&format!("{}{}", config.base.path(), normalize(&post.id)))
        }
    }
}

/// Returns what jekyll-feed's `absolute_url` (Addressable's `normalize`) makes of a path: decoded
/// where possible, NFKC, so full-width marks become ASCII, then percent-encoded; `#` and `?` stay
/// as they are.
fn normalize(id: &str) -> String {
    let decoded: String = crate::route::decode(id).nfkc().collect();
    crate::route::encode_path(&decoded).replace("%23", "#").replace("%3F", "?")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_as_jekyll_feed_writes_them() {
        assert_eq!(
            normalize("/2020/01/01/中文，标题"),
            "/2020/01/01/%E4%B8%AD%E6%96%87,%E6%A0%87%E9%A2%98"
        );
        assert_eq!(normalize("/a/什么？ x"), "/a/%E4%BB%80%E4%B9%88?%20x");
        assert_eq!(normalize("/a/C#"), "/a/C#");
        assert_eq!(normalize("/a/90%的"), "/a/90%25%E7%9A%84");
    }

    fn entry(id: &str, date: Option<&str>, updated: Option<&str>) -> FeedEntry {
        let moment = |text: &str| {
            date::parse(
                text,
                &jiff::tz::TimeZone::UTC,
                date::Quoting::Plain,
                crate::compat::Compat::None,
            )
            .unwrap()
        };
        FeedEntry {
            id: id.into(),
            url: format!("https://a.example/{id}/"),
            title: format!("List<int> 与 <b>：{id}"),
            date: date.map(moment),
            updated: updated.map(moment),
            authors: Vec::new(),
            tags: Vec::new(),
            summary: "用 <script>alert(1)</script> 标签，List<int> 与 &amp; 不见了？".into(),
            html: None,
            language: None,
        }
    }

    fn feed(entries: Vec<FeedEntry>) -> Feed {
        Feed {
            title: "站".into(),
            description: "讲 <b> & <i>".into(),
            language: "zh-Hans".into(),
            home: "https://a.example/".into(),
            address: "https://a.example/rss.xml".into(),
            id: "https://a.example/".into(),
            author: "某某".into(),
            entries,
        }
    }

    /// The texts of all elements of a name, as a reader of XML takes them.
    fn texts(xml: &str, name: &str) -> Vec<String> {
        let document = roxmltree::Document::parse(xml).unwrap();
        let named = document.descendants().filter(|node| node.tag_name().name() == name);
        named.map(|node| node.text().unwrap_or_default().to_owned()).collect()
    }

    #[test]
    fn plain_text_stays_text_to_those_who_read_html() {
        let feed = feed(vec![entry("a", Some("2020-01-02"), None)]);
        let plain = [feed.description.as_str(), feed.entries[0].summary.as_str()];
        // RSS is read as HTML after it was read as XML.
        let shown: Vec<String> = texts(&feed.rss(), "description")
            .iter()
            .map(|html| chinese_markdown::html::visible_text(html))
            .collect();
        assert_eq!(shown, plain);
        assert!(texts(&feed.rss(), "description").iter().all(|html| !html.contains('<')));
        // Atom says what it is, and JSON Feed knows no HTML there.
        assert_eq!(
            [texts(&feed.atom(), "subtitle"), texts(&feed.atom(), "summary")].concat(),
            plain
        );
        let json: serde_json::Value = serde_json::from_str(&feed.json()).unwrap();
        assert_eq!([&json["description"], &json["items"][0]["summary"]], plain);
        assert_eq!(texts(&feed.rss(), "title")[1], feed.entries[0].title);
    }

    #[test]
    fn dates_are_those_of_posts_or_none() {
        let feed = feed(vec![
            entry("a", Some("2020-01-02"), Some("2020-01-03")),
            entry("b", None, Some("2019-01-01")),
            entry("c", Some("2018-01-01"), None),
            entry("d", None, None),
        ]);
        let atom = feed.atom();
        let ids: Vec<String> = texts(&atom, "id").split_off(1);
        assert_eq!(ids, ["a", "b", "c"]);
        let days = |name: &str| {
            texts(&atom, name).iter().map(|date| date[..10].to_owned()).collect::<Vec<String>>()
        };
        assert_eq!(days("updated"), ["2020-01-03", "2020-01-03", "2019-01-01", "2018-01-01"]);
        assert_eq!(days("published"), ["2020-01-02", "2018-01-01"]);
        assert_eq!(texts(&feed.rss(), "guid"), ["a", "b", "c", "d"]);
        assert_eq!(texts(&feed.rss(), "pubDate").len(), 2);
        let json: serde_json::Value = serde_json::from_str(&feed.json()).unwrap();
        let dates: Vec<[bool; 2]> = json["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| ["date_published", "date_modified"].map(|key| item[key].is_string()))
            .collect();
        assert_eq!(dates, [[true, true], [false, true], [true, false], [false, false]]);
    }

    #[test]
    fn hostile_text_leaves_feeds_readable() {
        let text = "\u{8}]]> </item> \u{FFFE} & \u{B} “” <b>";
        let feed = Feed {
            title: text.into(),
            description: text.into(),
            author: text.into(),
            ..feed(vec![FeedEntry {
                id: text.into(),
                url: text.into(),
                title: text.into(),
                authors: vec![text.into()],
                tags: vec![text.into()],
                summary: text.into(),
                html: Some(text.into()),
                ..entry("a", Some("2020-01-02"), None)
            }])
        };
        for xml in [feed.rss(), feed.atom()] {
            assert!(xml.chars().all(crate::xml::is_xml_char) && !xml.contains("]]>"));
            let mut reader = quick_xml::Reader::from_str(&xml);
            while !matches!(reader.read_event().unwrap(), quick_xml::events::Event::Eof) {}
        }
        assert!(serde_json::from_str::<serde_json::Value>(&feed.json()).is_ok());
    }
}
