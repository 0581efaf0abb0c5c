//! `sitegen new`: a post with its front matter filled in.

use super::terminal::Terminal;
use super::{ExitStatus, edge, location};
use crate::cli::{NewArgs, SiteArgs};
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Failure};
use crate::front_matter;
use crate::post::{self, PostKind};
use crate::project::{folder_like, missing_folder, missing_submodule, unusable};
use crate::route::SEGMENT_BYTES;
use crate::sink::SiteFolder;
use crate::source::SourcePath;
use crate::words::Language;
use chinese_text as text;

/// Writes the post and prints its path.
pub fn run(args: &NewArgs, language: Language) -> Result<ExitStatus, Failure> {
    let site = SiteArgs {
        source: args.source.clone(),
        config: args.config.clone(),
        base_url: None,
        drafts: true,
        future: true,
    };
    let (directory, config) = location(&site).find()?;
    // A post in a folder that was misspelt is found by nobody.
    let missing = missing_folder(&directory, &config);
    let misspelt = missing.clone().filter(|_| folder_like(&directory, &config.posts).is_some());
    if let Some(why) = missing_submodule(&directory, &config).or(misspelt) {
        return Err(Failure::Unusable(vec![why]));
    }
    let title = args.title.split_whitespace().collect::<Vec<&str>>().join(" ");
    let slug = file_name(&title);
    if slug.is_empty() {
        return Err(unusable(
            say!("`{}` is no title: nothing of it can be in a file's name", &args.title),
            say!("give it letters or digits"),
        ));
    }
    let now = config.zone.to_datetime(edge::now());
    let path = SourcePath::new(format!("{}/{}-{slug}.md", config.posts, now.strftime("%Y-%m-%d")));
    let text = post(&title, &now.strftime("%Y-%m-%d %H:%M").to_string(), args, &config)?;
    read_again(&path, &text, &title, &config)?;
    let shown = args.source.strip_prefix(".").unwrap_or(&args.source).join(path.as_str());
    if !SiteFolder::new(directory).create(path.as_str(), text.as_bytes())? {
        let message = say!("{} is there already, and was left as it is", shown.display());
        return Err(unusable(message, say!("choose another title, or edit that post")));
    }
    if missing.is_some() {
        Terminal::errors(language).say(say!("the folder {}/ was made for it", &config.posts))?;
    }
    Terminal::output(language).say(shown.display().to_string())?;
    Ok(ExitStatus::Clean)
}

/// The text of the post.
fn post(title: &str, date: &str, args: &NewArgs, config: &Config) -> Result<String, Failure> {
    let mut text = format!("---\ntitle: {}\n", front_matter::scalar(title));
    text.push_str(&format!("date: {date}\n"));
    if let Some(author) = args.author.as_ref().or(config.author.as_ref()) {
        text.push_str(&format!("author: {}\n", front_matter::scalar(author)));
    }
    if args.draft {
        text.push_str("draft: true\n");
    }
    text.push_str("---\n\n");
    let tags: Vec<String> =
        args.tags.iter().map(|tag| tag.trim().to_owned()).filter(|tag| !tag.is_empty()).collect();
    let Some(taxonomy) = config.taxonomy("tags").filter(|_| !tags.is_empty()) else {
        return Ok(text);
    };
    let keys: Vec<&str> = config.taxonomies[taxonomy].keys.iter().map(String::as_str).collect();
    front_matter::with_tags(&text, &tags, &keys, &config.list_keys(), config.compat).map_err(|_| {
        let message = say!("these tags cannot be written into front matter: {}", tags);
        unusable(message, say!("give the post simpler tags, or write them by hand"))
    })
}

/// A post that would be read as something else is not written.
fn read_again(path: &SourcePath, text: &str, title: &str, config: &Config) -> Result<(), Failure> {
    let keywords = crate::keywords::Keywords::off();
    let reading = post::read(path, text.as_bytes(), PostKind::Article, config, &keywords);
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

/// A title as the name of a file: what some disk or shell takes for something else becomes a dash.
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
        fn any_title_is_read_as_it_was_typed(title in "\\PC{1,30}", tag in "\\PC{1,8}", jekyll: bool) {
            let site = if jekyll { "compat: jekyll\n" } else { "" };
            let overrides = Overrides { base_url: None, drafts: true, future: true, now: Timestamp::from_second(1_790_000_000).unwrap() };
            let config = Config::read(site, "site.yaml", &overrides).unwrap();
            let title = title.split_whitespace().collect::<Vec<&str>>().join(" ");
            let name = file_name(&title);
            prop_assume!(!name.is_empty());
            let path = SourcePath::new(format!("posts/2026-01-01-{name}.md"));
            prop_assert!(crate::route::Route::parse(path.as_str()).is_ok(), "{path}");
            let args = NewArgs {
                title: title.clone(),
                source: ".".into(),
                config: None,
                tags: vec![tag],
                author: None,
                draft: true,
            };
            if let Ok(text) = post(&title, "2026-01-01 08:00", &args, &config) {
                // What may be refused: characters that no text should have, and an address that
                // Jekyll's rules make of it and that no file can have.
                if let Err(failure) = read_again(&path, &text, &title, &config) {
                    let is_address = matches!(&failure, Failure::Unusable(found) if found.iter().any(|found| found.code == "permalink"));
                    let is_odd = title.chars().any(|c| text::is_invisible(c) || !crate::xml::is_xml_char(c));
                    prop_assert!(is_address || is_odd, "{text}");
                }
            }
        }
    }
}
