//! `sitegen new`: a post with its front matter filled in.

use super::terminal::Terminal;
use super::{ExitStatus, location};
use crate::cli::{NewArgs, SiteArgs};
use crate::diagnostic::Failure;
use crate::scaffold::Scaffold;
use crate::words::Language;

/// Writes the post and prints its path.
pub fn run(args: &NewArgs, language: Language) -> Result<ExitStatus, Failure> {
    let site = SiteArgs {
        source: args.source.clone(),
        config: args.config.clone(),
        base_url: None,
        drafts: true,
        future: true,
    };
    let scaffold = Scaffold {
        title: args.title.clone(),
        tags: args.tags.clone(),
        author: args.author.clone(),
        is_draft: args.draft,
    };
    let created = scaffold.write(&location(&site))?;
    if let Some(folder) = created.made_folder {
        Terminal::errors(language).say(say!("the folder {}/ was made for it", folder))?;
    }
    Terminal::output(language).say(created.path)?;
    Ok(ExitStatus::Clean)
}
