//! The posts of a site, as a table, as JSON lines or as CSV.

use std::collections::BTreeMap;
use std::io;

use serde_json::json;

use crate::command::terminal::Terminal;
use crate::config::Config;
use crate::date;
use crate::post::Post;
use crate::words::{Language, printable};

fn terms<'p>(post: &'p Post, config: &Config, taxonomy: &str) -> &'p [String] {
    config.taxonomy(taxonomy).map_or(&[], |index| &post.terms[index])
}

pub fn print_json(
    posts: &[&Post],
    config: &Config,
    problems: &BTreeMap<&str, usize>,
) -> io::Result<()> {
    let mut out = Terminal::output(Language::English);
    for post in posts {
        out.json(&json!({
            "type": "post",
            "source": post.source.as_str(),
            "url": post.url,
            "id": post.id,
            "date": post.date.as_ref().map(date::rfc3339),
            "title": post.title,
            "authors": terms(post, config, "authors"),
            "tags": terms(post, config, "tags"),
            "categories": terms(post, config, "categories"),
            "words": post.length.words,
            "unlisted": post.unlisted,
            "problems": problems.get(post.source.as_str()).copied().unwrap_or(0),
        }))?;
    }
    Ok(())
}

/// Prints a document of each post for a search server: `key` is fit for one's own key.
pub fn print_texts(posts: &[(&Post, String)], config: &Config) -> io::Result<()> {
    let mut out = Terminal::output(Language::English);
    for (post, text) in posts {
        out.json(&json!({
            "type": "post",
            "key": post.key,
            "source": post.source.as_str(),
            "url": post.url,
            "date": post.date.as_ref().map(date::rfc3339),
            "timestamp": post.date.as_ref().map(|date| date.timestamp().as_second()),
            "title": post.title,
            "authors": terms(post, config, "authors"),
            "tags": terms(post, config, "tags"),
            "categories": terms(post, config, "categories"),
            "summary": post.summary,
            "text": text,
        }))?;
    }
    Ok(())
}

/// RFC 4180, each post one line; lists are joined by `|`.
pub fn print_csv(
    posts: &[&Post],
    config: &Config,
    problems: &BTreeMap<&str, usize>,
) -> io::Result<()> {
    let mut out = Terminal::output(Language::English);
    out.made("source,url,id,date,title,authors,tags,categories,words,problems,unlisted\r\n")?;
    for post in posts {
        let fields = [
            post.source.as_str().to_owned(),
            post.url.clone(),
            post.id.clone(),
            post.date.as_ref().map_or_else(String::new, date::rfc3339),
            post.title.clone(),
            terms(post, config, "authors").join("|"),
            terms(post, config, "tags").join("|"),
            terms(post, config, "categories").join("|"),
            post.length.words.to_string(),
            problems.get(post.source.as_str()).copied().unwrap_or(0).to_string(),
            post.unlisted.to_string(),
        ];
        let line: Vec<String> = fields.iter().map(|field| csv_field(field)).collect();
        out.made(&(line.join(",") + "\r\n"))?;
    }
    Ok(())
}

fn csv_field(field: &str) -> String {
    // Spreadsheets run what begins with one of these as a formula, and titles are scraped. Dates
    // and numbers begin with a digit.
    const FORMULAS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
    let field = printable(field);
    let field = if field.starts_with(FORMULAS) { format!("'{field}") } else { field.into_owned() };
    if field.contains([',', '"']) { format!("\"{}\"", field.replace('"', "\"\"")) } else { field }
}

pub fn print_table(
    posts: &[&Post],
    problems: &BTreeMap<&str, usize>,
    language: Language,
) -> io::Result<()> {
    let mut out = Terminal::output(language);
    for post in posts {
        let day = post
            .date
            .as_ref()
            .map_or_else(|| "-".to_owned(), |date| date.strftime("%Y-%m-%d").to_string());
        let mark = match problems.get(post.source.as_str()) {
            Some(1) => say!("  (1 problem)").in_language(language),
            Some(count) => say!("  ({} problems)", *count).in_language(language),
            None => String::new(),
        };
        let mark =
            if post.unlisted { say!("  (unlisted)").in_language(language) + &mark } else { mark };
        out.say(format!(
            "{day:10}  {:>7}  {}  {}{mark}",
            post.length.words,
            post.title,
            crate::route::decode(&post.url)
        ))?;
    }
    let count = match posts.len() {
        1 => say!("1 post"),
        count => say!("{} posts", count),
    };
    out.say(count)
}
