//! `sitegen list`: every post, as a table, as JSON lines or as CSV.

use std::collections::BTreeMap;
use std::io;

use serde_json::json;

use super::report::{self, Volume};
use super::terminal::Terminal;
use super::{Outcome, edge, location};
use crate::cli::{List, ListFormat};
use crate::config::Config;
use crate::date;
use crate::diagnostic::{Diagnostic, Failure, Severity};
use crate::post::Post;
use crate::words::{Language, printable};

/// Lists the posts, newest first.
pub fn run(args: &List, language: Language) -> Result<Outcome, Failure> {
    let mut project = location(&args.site).open()?;
    let (site, mut diagnostics) = project.site(edge::nanoseconds())?;
    let config = project.config;
    Diagnostic::sort(&mut diagnostics);
    let mut problems: BTreeMap<&str, usize> = BTreeMap::new();
    for diagnostic in diagnostics.iter().filter(|diagnostic| diagnostic.severity != Severity::Note) {
        if let Some(path) = &diagnostic.path {
            *problems.entry(path).or_insert(0) += 1;
        }
    }
    let has = |post: &Post, taxonomy: &str, wanted: &Option<String>| match wanted {
        None => true,
        Some(wanted) => config.taxonomy(taxonomy).is_some_and(|index| post.terms[index].contains(wanted)),
    };
    let posts: Vec<&Post> = site
        .posts
        .iter()
        .map(|post| &**post)
        .filter(|post| has(post, "tags", &args.tag) && has(post, "authors", &args.author))
        .filter(|post| args.year.is_none_or(|year| post.date.as_ref().is_some_and(|date| date.year() == year)))
        .collect();
    // What is held back has no tags, authors or years to be asked for.
    let is_asked_for_all = args.tag.is_none() && args.author.is_none() && args.year.is_none();
    let held = if is_asked_for_all { &site.held[..] } else { &[] };
    match args.format {
        ListFormat::Json => {
            print_json(&posts, &config, &problems)?;
            report::held_json(held)?;
            report::diagnostics_json(&mut diagnostics.clone())?;
        }
        ListFormat::Csv => print_csv(&posts, &config, &problems)?,
        ListFormat::Table => {
            print_table(&posts, &problems, language)?;
            report::held(held, language)?;
        }
    }
    let errors = diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
    if args.format != ListFormat::Json {
        let volume = Volume::of(&args.talk);
        let mut shown: Vec<Diagnostic> =
            diagnostics.iter().filter(|diagnostic| volume == Volume::Verbose || diagnostic.severity == Severity::Error).cloned().collect();
        report::diagnostics(&mut shown, volume, language);
    }
    Ok(if errors { Outcome::Flawed } else { Outcome::Clean })
}

fn terms<'p>(post: &'p Post, config: &Config, taxonomy: &str) -> &'p [String] {
    config.taxonomy(taxonomy).map_or(&[], |index| &post.terms[index])
}

fn print_json(posts: &[&Post], config: &Config, problems: &BTreeMap<&str, usize>) -> io::Result<()> {
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

/// RFC 4180, each post one line; lists are joined by `|`.
fn print_csv(posts: &[&Post], config: &Config, problems: &BTreeMap<&str, usize>) -> io::Result<()> {
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
    // Spreadsheets run what begins with one of these as a formula, and titles are scraped. Dates and numbers begin with a digit.
    const FORMULAS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
    let field = printable(field);
    let field = if field.starts_with(FORMULAS) { format!("'{field}") } else { field.into_owned() };
    if field.contains([',', '"']) { format!("\"{}\"", field.replace('"', "\"\"")) } else { field }
}

fn print_table(posts: &[&Post], problems: &BTreeMap<&str, usize>, language: Language) -> io::Result<()> {
    let mut out = Terminal::output(language);
    for post in posts {
        let day = post.date.as_ref().map_or_else(|| "-".to_owned(), |date| date.strftime("%Y-%m-%d").to_string());
        let mark = match problems.get(post.source.as_str()) {
            Some(1) => say!("  (1 problem)").in_language(language),
            Some(count) => say!("  ({} problems)", *count).in_language(language),
            None => String::new(),
        };
        let mark = if post.unlisted { say!("  (unlisted)").in_language(language) + &mark } else { mark };
        out.say(format!("{day:10}  {:>7}  {}  {}{mark}", post.length.words, post.title, crate::route::decode(&post.url)))?;
    }
    let count = match posts.len() {
        1 => say!("1 post"),
        count => say!("{} posts", count),
    };
    out.say(count)
}
