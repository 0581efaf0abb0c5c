//! `sitegen search`: what a reader of the built site would find.

use std::fmt::Write as _;

use clap::builder::styling::Style;
use serde_json::json;

use super::terminal::Terminal;
use super::{ExitStatus, location};
use crate::cli::{ReportFormat, SearchArgs, SearchOrder};
use crate::diagnostic::Failure;
use crate::project::unusable;
use crate::route::{decode, encode_written};
use crate::search::{Finder, Found, Hit, Snippet, Sorting};
use crate::source::Directory;
use crate::words::{Language, printable};

/// Hits that people are shown where they ask for no other number.
const SHOWN: usize = 10;

/// Searches a site that was built.
pub fn run(args: &SearchArgs, language: Language) -> Result<ExitStatus, Failure> {
    let output = if let Some(output) = &args.output {
        output.clone()
    } else {
        // Says what is wrong with the site, if it is none.
        let project = location(&args.site).open()?;
        if !project.config.search.is_on {
            return Err(unusable(
                say!("the site has no search: site.yaml switches it off"),
                say!("remove `search: false`, and build the site"),
            ));
        }
        args.site.source.join("output")
    };
    let site = Directory::new(output.clone());
    let Some(finder) = Finder::open(&site)? else {
        return Err(unusable(
            say!("there is no index of a search in {}", output.display()),
            say!("build the site with `sitegen build`, or name the built site with --output"),
        ));
    };
    let sorting = match args.sort {
        SearchOrder::Relevance => Sorting::Relevance,
        SearchOrder::Date => Sorting::Date,
    };
    let is_human = args.format == ReportFormat::Human;
    let limit = args.limit.unwrap_or(if is_human { SHOWN } else { usize::MAX });
    let found = finder.find(&args.query.join(" "), sorting, limit)?;
    match args.format {
        ReportFormat::Json => print_json(&found)?,
        ReportFormat::Human => print(&found, &finder, language)?,
    }
    Ok(ExitStatus::Clean)
}

fn print_json(found: &Found) -> Result<(), Failure> {
    let mut out = Terminal::output(Language::English);
    for Hit { article, snippet, score } in &found.hits {
        out.json(&json!({
            "type": "hit",
            "url": format!("/{}", encode_written(&article.address)),
            "title": article.title,
            "date": Some(&article.date).filter(|date| !date.is_empty()),
            "authors": article.terms.get("authors"),
            "terms": article.terms,
            "snippet": snippet.as_ref().map(|snippet| &snippet.text),
            "score": score,
        }))?;
    }
    out.json(&json!({
        "type": "summary",
        "hits": found.hits.len(),
        "unchecked": found.unchecked,
        "absent": found.absent,
        "ignored": found.ignored,
    }))?;
    Ok(())
}

fn print(found: &Found, finder: &Finder<'_>, language: Language) -> Result<(), Failure> {
    let mut out = Terminal::output(language);
    for Hit { article, snippet, .. } in &found.hits {
        let authors = article.terms.get("authors").into_iter().flatten();
        let names: Vec<&str> = authors.map(String::as_str).collect();
        let title = format!("{}  {}  {}", article.date, article.title, names.join("、"));
        out.made(&format!("{BOLD}{}{BOLD:#}\n", printable(title.trim())))?;
        if let Some(snippet) = snippet {
            out.made(&format!("    {}\n", marked(snippet)))?;
        }
        out.say(format!("    /{}", decode(&article.address)))?;
    }
    for part in &found.ignored {
        out.say(say!("`{}` has no letter and was not looked for", part))?;
    }
    for phrase in &found.absent {
        out.say(say!("no article has `{}`", phrase))?;
    }
    Ok(out.say(match (found.hits.len(), found.unchecked) {
        (hits, 0) => say!("{} of {} articles", hits, finder.articles()),
        (hits, more) => {
            say!("the first {}; about {} more: --limit shows them", hits, more)
        }
    })?)
}

const BOLD: Style = Style::new().bold();
const MARK: Style = Style::new().bold().underline();

/// A sentence with what was looked for marked.
fn marked(Snippet { text, marks }: &Snippet) -> String {
    let mut out = String::new();
    let mut at = 0;
    for mark in marks {
        out.push_str(&printable(&text[at..mark.start]));
        let _ = write!(out, "{MARK}{}{MARK:#}", printable(&text[mark.clone()]));
        at = mark.end;
    }
    out + &printable(&text[at..])
}
