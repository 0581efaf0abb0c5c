//! `sitegen init`: a small, complete site to begin with.

use std::io;
use std::path::Path;

use super::terminal::Terminal;
use super::{ExitStatus, edge, report};
use crate::cli::{InitArgs, SiteLanguage};
use crate::diagnostic::Failure;
use crate::starter::{Begun, REPOSITORY, Starter, WORKFLOW};
use crate::words::{Language, Message};

/// Writes the site, or nothing.
pub fn run(args: &InitArgs, language: Language) -> Result<ExitStatus, Failure> {
    let starter = match args.lang.unwrap_or_else(edge::site_language) {
        SiteLanguage::Simplified => Starter::Simplified,
        SiteLanguage::Traditional => Starter::Traditional,
        SiteLanguage::English => Starter::English,
    };
    let begun = starter.write(&args.folder)?;
    print(&args.folder, &begun, language)?;
    Ok(ExitStatus::Clean)
}

/// Says what there is now and what comes next.
fn print(folder: &Path, begun: &Begun, language: Language) -> io::Result<()> {
    let Begun { written, left } = begun;
    let mut out = Terminal::output(language);
    let mut say = |message: Message| out.say(message);
    say(say!("{}: {} files written", folder.display(), *written))?;
    if !left.is_empty() {
        say(say!("left as they are: {}", left.clone()))?;
    }
    say("".into())?;
    let folder = folder.display().to_string();
    let quoted =
        if folder.contains(char::is_whitespace) { format!("\"{folder}\"") } else { folder };
    for (command, does) in [
        (format!("cd {quoted}"), None),
        ("sitegen serve".to_owned(), Some(say!("look at it, and see every change at once"))),
        (
            format!("sitegen new \"{}\"", say!("Title").in_language(language)),
            Some(say!("begin a post")),
        ),
        ("sitegen check".to_owned(), Some(say!("find what is wrong"))),
        ("sitegen build".to_owned(), Some(say!("build it into output/"))),
    ] {
        let does = does.map_or(String::new(), |does| format!("# {}", does.in_language(language)));
        let blanks = 22_usize.saturating_sub(report::columns(&command));
        say(format!("  {command}{:blanks$}{does}", "").trim_end().into())?;
    }
    if REPOSITORY.is_empty() {
        say("".into())?;
        say(say!(
            "before you publish with GitHub Actions, write into {} where sitegen can be had (SITEGEN_REPOSITORY)",
            WORKFLOW
        ))?;
    }
    Ok(())
}
