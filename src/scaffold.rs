//! A new post: a file of its own, whose front matter is filled in.

use jiff::Timestamp;

use crate::config::Config;
use crate::diagnostic::{Diagnostic, Failure};
use crate::front_matter;
use crate::keywords::Keywords;
use crate::post::{self, PostKind};
use crate::project::{Location, folder_like, missing_folder, missing_submodule, unusable};
use crate::route::SEGMENT_BYTES;
use crate::sink::SiteFolder;
use crate::source::SourcePath;
use chinese_text as text;
use std::fmt::Write as _;

/// What the front matter of a new post says.
#[derive(Clone, Debug)]
pub struct Scaffold {
    /// Any text; blanks are made one.
    pub title: String,
    pub tags: Vec<String>,
    /// The author, if not the one that site.yaml names.
    pub author: Option<String>,
    pub is_draft: bool,
}

/// A post that was written.
#[derive(Clone, Debug)]
pub struct Created {
    /// Its path, as the site's folder was typed.
    pub path: String,
    /// The folder of the posts, if it was made for it.
    pub made_folder: Option<String>,
}

impl Scaffold {
    /// Writes the post into a site, dated with the present. Nothing is written where a file of its
    /// name is there, or where it would be read as something else than was meant.
    pub fn write(&self, location: &Location) -> Result<Created, Failure> {
        let (directory, config) = location.find()?;
        // A post in a folder that was misspelt is found by nobody.
        let missing = missing_folder(&directory, &config);
        let misspelt = missing.clone().filter(|_| folder_like(&directory, &config.posts).is_some());
        if let Some(why) = missing_submodule(&directory, &config).or(misspelt) {
            return Err(Failure::Unusable(vec![why]));
        }
        let title = self.title.split_whitespace().collect::<Vec<&str>>().join(" ");
        let slug = file_name(&title);
        if slug.is_empty() {
            return Err(unusable(
                say!("`{}` is no title: nothing of it can be in a file's name", &self.title),
                say!("give it letters or digits"),
            ));
        }
        let now = config.zone.to_datetime(location.now);
        let path =
            SourcePath::new(format!("{}/{}-{slug}.md", config.posts, now.strftime("%Y-%m-%d")));
        let text = self.text(&title, &now.strftime("%Y-%m-%d %H:%M").to_string(), &config)?;
        read_again(&path, &text, &title, &config, location.now)?;
        let folder = &location.folder;
        let shown = folder.strip_prefix(".").unwrap_or(folder).join(path.as_str());
        let shown = shown.display().to_string();
        if !SiteFolder::new(directory).create(path.as_str(), text.as_bytes())? {
            let message = say!("{} is there already, and was left as it is", shown);
            return Err(unusable(message, say!("choose another title, or edit that post")));
        }
        let made_folder = missing.map(|_| config.posts);
        Ok(Created { path: shown, made_folder })
    }

    /// Returns the text of the post.
    fn text(&self, title: &str, date: &str, config: &Config) -> Result<String, Failure> {
        let mut text = format!("---\ntitle: {}\n", front_matter::scalar(title));
        let _ = writeln!(text, "date: {date}");
        if let Some(author) = self.author.as_ref().or(config.author.as_ref()) {
            let _ = writeln!(text, "author: {}", front_matter::scalar(author));
        }
        if self.is_draft {
            text.push_str("draft: true\n");
        }
        text.push_str("---\n\n");
        let tags = self.tags.iter().map(|tag| tag.trim().to_owned());
        let tags: Vec<String> = tags.filter(|tag| !tag.is_empty()).collect();
        let Some(taxonomy) = config.taxonomy("tags").filter(|_| !tags.is_empty()) else {
            return Ok(text);
        };
        let keys: Vec<&str> = config.taxonomies[taxonomy].keys.iter().map(String::as_str).collect();
        let with_tags =
            front_matter::with_tags(&text, &tags, &keys, &config.list_keys(), config.compat);
        with_tags.map_err(|_| {
            let message = say!("these tags cannot be written into front matter: {}", tags);
            unusable(message, say!("give the post simpler tags, or write them by hand"))
        })
    }
}

/// A post that would be read as something else is not written.
fn read_again(
    path: &SourcePath,
    text: &str,
    title: &str,
    config: &Config,
    now: Timestamp,
) -> Result<(), Failure> {
    let keywords = Keywords::off();
    let reading = post::read(
        path,
        text.as_bytes(),
        PostKind::Article,
        config,
        now,
        &keywords,
        &mut |_, _| {},
    );
    let is_as_meant =
        matches!(&reading.outcome, post::ReadingOutcome::Ready(post) if post.title == title);
    if is_as_meant {
        return Ok(());
    }
    let of_the_text = |found: Diagnostic| found.in_file(path.as_str());
    let found: Vec<Diagnostic> = reading.diagnostics.into_iter().map(of_the_text).collect();
    Err(if found.is_empty() {
        unusable(
            say!("the title cannot be written into front matter"),
            say!("choose a simpler title"),
        )
    } else {
        Failure::Unusable(found)
    })
}

/// Returns a title as the name of a file: what some disk or shell takes for something else becomes
/// a dash.
fn file_name(title: &str) -> String {
    let mut name = String::new();
    for c in title.chars() {
        let is_plain = !c.is_whitespace()
            && !c.is_control()
            && !text::is_invisible(c)
            && !matches!(
                c,
                '/' | '\\'
                    | ':'
                    | '*'
                    | '?'
                    | '"'
                    | '\''
                    | '<'
                    | '>'
                    | '|'
                    | '%'
                    | '#'
                    | '&'
                    | '{'
                    | '}'
                    | '`'
                    | '$'
                    | '!'
                    | '~'
            );
        if is_plain {
            name.push(c);
        } else if !name.ends_with('-') {
            name.push('-');
        }
    }
    // The date before it and `.md` behind it are part of the name.
    let room = SEGMENT_BYTES - "2026-01-01-".len() - ".md".len();
    let cut = name.floor_char_boundary(room.min(name.len()));
    name[..cut].trim_matches(['-', '.', ' ']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Overrides;
    use jiff::Timestamp;
    use proptest::prelude::*;

    #[test]
    fn titles_as_file_names() {
        assert_eq!(file_name("为什么是辛顿？"), "为什么是辛顿？");
        assert_eq!(file_name("AI / ML: 十年 #1"), "AI-ML-十年-1");
        assert_eq!(file_name("../../etc/passwd"), "etc-passwd");
        assert_eq!(file_name("--- ?"), "");
        assert!(file_name(&"长".repeat(300)).len() <= SEGMENT_BYTES);
    }

    proptest! {
        /// Whatever is typed, what is written is read as it was meant, or nothing is written.
        #[test]
        fn any_title_is_read_as_it_was_typed(title in "\\PC{1,30}", tag in "\\PC{1,8}", is_jekyll: bool) {
            let site = if is_jekyll { "compat: jekyll\n" } else { "" };
            let overrides = Overrides { base_url: None, drafts: true, future: true};
            let config = Config::read(site, "site.yaml", &overrides).unwrap();
            let title = title.split_whitespace().collect::<Vec<&str>>().join(" ");
            let name = file_name(&title);
            prop_assume!(!name.is_empty());
            let path = SourcePath::new(format!("posts/2026-01-01-{name}.md"));
            prop_assert!(crate::route::Route::parse(path.as_str()).is_ok(), "{path}");
            let scaffold =
                Scaffold { title: title.clone(), tags: vec![tag], author: None, is_draft: true };
            if let Ok(text) = scaffold.text(&title, "2026-01-01 08:00", &config) {
                // What may be refused: characters that no text should have, and an address that
                // Jekyll's rules make of it and that no file can have.
                if let Err(failure) = read_again(&path, &text, &title, &config, Timestamp::from_second(1_790_000_000).unwrap()) {
                    let is_address = matches!(&failure, Failure::Unusable(found) if found.iter().any(|found| found.code == "permalink"));
                    let is_odd = title.chars().any(|c| text::is_invisible(c) || !crate::xml::is_xml_char(c));
                    prop_assert!(is_address || is_odd, "{text}");
                }
            }
        }
    }
}
