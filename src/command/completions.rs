//! `sitegen completions`: what shells complete, and the manual page.

use std::io::{self, Write};

use clap::{Command, CommandFactory};
use clap_complete::Shell;
use clap_mangen::Man;

use super::ExitStatus;
use super::help::translated;
use super::terminal::Terminal;
use crate::cli::{Cli, Completion, CompletionsArgs};
use crate::diagnostic::Failure;
use crate::words::Language;

/// Prints the completions for a shell, or the manual page.
pub fn run(args: &CompletionsArgs, language: Language) -> Result<ExitStatus, Failure> {
    let shell = match args.shell {
        Completion::Bash => Shell::Bash,
        Completion::Elvish => Shell::Elvish,
        Completion::Fish => Shell::Fish,
        Completion::PowerShell => Shell::PowerShell,
        Completion::Zsh => Shell::Zsh,
        Completion::Man => {
            Terminal::output(language)
                .made(&String::from_utf8_lossy(&manual(command(language))?))?;
            return Ok(ExitStatus::Clean);
        }
    };
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command(language), "sitegen", &mut script);
    Terminal::output(language).made(&String::from_utf8_lossy(&script))?;
    Ok(ExitStatus::Clean)
}

fn command(language: Language) -> Command {
    match language {
        Language::English => Cli::command(),
        Language::Chinese => {
            translated(Cli::command(), &mut |message| message.in_language(language))
        }
    }
}

/// One page for the program and all its commands, as roff.
fn manual(mut command: Command) -> io::Result<Vec<u8>> {
    command.build();
    let mut page = Vec::new();
    let man = Man::new(command.clone());
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    chapters(&command, "sitegen", &mut page)?;
    Ok(page)
}

/// A section for each command below `above`; its own sections come a level lower.
fn chapters(command: &Command, above: &str, page: &mut Vec<u8>) -> io::Result<()> {
    for below in command.get_subcommands().filter(|below| below.get_name() != "help") {
        let name = format!("{above} {}", below.get_name());
        let man = Man::new(below.clone());
        let mut sections = Vec::new();
        man.render_synopsis_section(&mut sections)?;
        man.render_description_section(&mut sections)?;
        man.render_options_section(&mut sections)?;
        writeln!(page, ".SH \"{}\"", name.to_uppercase())?;
        page.write_all(String::from_utf8_lossy(&sections).replace(".SH ", ".SS ").as_bytes())?;
        chapters(below, &name, page)?;
    }
    Ok(())
}
