//! Reading the command line, and what is said where it cannot be read.
//!
//! English is clap's own, where what was typed can be shown as it is. In another language the same
//! is said from clap's kinds and contexts of errors; what is not foreseen here is said in clap's
//! words.

use std::fmt::Write as _;
use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory, FromArgMatches};

use super::help::{translated, without_title};
use super::terminal::Terminal;
use crate::cli::Cli;
use crate::words::{Language, Message, is_printable};

/// Returns what was typed; else the exit status, after help or a mistake was shown.
pub(super) fn read(language: Language) -> Result<Cli, ExitCode> {
    let mut command = match language {
        Language::English => Cli::command(),
        Language::Chinese => {
            translated(Cli::command(), &mut |message| message.in_language(language))
        }
    };
    let read = command
        .try_get_matches_from_mut(std::env::args_os())
        .and_then(|matches| Cli::from_arg_matches(&matches));
    read.map_err(|error| {
        let status = u8::try_from(error.exit_code()).unwrap_or(2);
        // Clap shows what was typed as it is, so it is not asked where that would be something else
        // on a terminal.
        let is_plain =
            std::env::args_os().all(|arg| arg.to_string_lossy().chars().all(is_printable));
        match mistake(&error) {
            Some(mistake) if language == Language::Chinese || !is_plain => {
                show(&error, &mistake, language);
            }
            None if !is_plain => drop(Terminal::errors(language).say(error.to_string())),
            _ => drop(error.print()),
        }
        ExitCode::from(status)
    })
}

/// Prints a mistake, what may have been meant, and how the command is used.
fn show(error: &clap::Error, mistake: &Message, language: Language) {
    let styles = clap::builder::Styles::default();
    let (red, green, literal) = (styles.get_error(), styles.get_valid(), styles.get_literal());
    let said = |message: &Message| message.in_language(language);
    let mut out = format!("{red}{}{red:#}{}\n", said(&say!("error: ")), said(mistake));
    for (nth, tip) in tips(error).iter().enumerate() {
        out.push_str(if nth == 0 { "\n" } else { "" });
        let _ = writeln!(out, "  {green}{}{green:#}{}", said(&say!("tip: ")), said(tip));
    }
    if let Some(ContextValue::StyledStr(usage)) = error.get(ContextKind::Usage) {
        let heading = styles.get_usage();
        let usage = usage.ansi().to_string();
        let _ = writeln!(
            out,
            "\n{heading}{}{heading:#}{}",
            said(&say!("Usage:")),
            without_title(&usage)
        );
    }
    let more = said(&say!("for more, try `{}`", "--help"))
        .replace("--help", &format!("{literal}--help{literal:#}"));
    let _ = writeln!(out, "\n{more}");
    // Nobody may be listening any more.
    let _ = Terminal::errors(language).made(&out);
}

/// Returns what is wrong, where it is one of the mistakes that this command line allows. Help and
/// version are none.
fn mistake(error: &clap::Error) -> Option<Message> {
    let text = |kind: ContextKind| match error.get(kind)? {
        ContextValue::String(text) => Some(text.clone()),
        ContextValue::Strings(texts) => Some(texts.join(" ")),
        ContextValue::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let list = |kind: ContextKind| match error.get(kind) {
        Some(ContextValue::Strings(texts)) => texts.clone(),
        Some(ContextValue::String(text)) => vec![text.clone()],
        _ => Vec::new(),
    };
    let argument = || text(ContextKind::InvalidArg);
    let value = || text(ContextKind::InvalidValue);
    Some(match error.kind() {
        ErrorKind::UnknownArgument => say!("unknown argument `{}`", argument()?),
        ErrorKind::InvalidSubcommand => {
            say!("unknown command `{}`", text(ContextKind::InvalidSubcommand)?)
        }
        ErrorKind::InvalidValue => {
            let values = list(ContextKind::ValidValue);
            match value()? {
                value if value.is_empty() && values.is_empty() => {
                    say!("`{}` needs a value", argument()?)
                }
                value if value.is_empty() => {
                    say!("`{}` needs a value, one of {}", argument()?, values)
                }
                value if values.is_empty() => say!("`{}` is no value for `{}`", value, argument()?),
                value => say!(
                    "`{}` is no value for `{}`, which takes one of {}",
                    value,
                    argument()?,
                    values
                ),
            }
        }
        ErrorKind::ValueValidation => {
            let why = std::error::Error::source(error)
                .map_or_else(Message::default, |source| refused(&source.to_string()));
            say!("`{}` is no value for `{}`: {}", value()?, argument()?, why)
        }
        ErrorKind::ArgumentConflict => {
            let argument = argument().or_else(|| text(ContextKind::InvalidSubcommand))?;
            let others = list(ContextKind::PriorArg);
            match others.as_slice() {
                [] => say!("`{}` cannot be used together with other arguments given", argument),
                [other] if *other == argument => say!("`{}` is given more than once", argument),
                [other] => say!("`{}` cannot be used together with `{}`", argument, other),
                _ => say!("`{}` cannot be used together with {}", argument, others),
            }
        }
        ErrorKind::MissingRequiredArgument => {
            say!("these arguments are missing: {}", list(ContextKind::InvalidArg))
        }
        ErrorKind::MissingSubcommand => {
            say!(
                "`{}` needs a command, one of {}",
                text(ContextKind::InvalidSubcommand)?,
                list(ContextKind::ValidSubcommand)
            )
        }
        ErrorKind::NoEquals => say!("`{}` wants its value behind a `=`", argument()?),
        ErrorKind::TooManyValues => {
            say!("`{}` is one value too many for `{}`", value()?, argument()?)
        }
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            let wanted =
                text(ContextKind::MinValues).or_else(|| text(ContextKind::ExpectedNumValues))?;
            say!(
                "`{}` needs {} values, not {}",
                argument()?,
                wanted,
                text(ContextKind::ActualNumValues)?
            )
        }
        ErrorKind::InvalidUtf8 => say!("an argument is not UTF-8"),
        _ => return None,
    })
}

/// Returns why a value was refused: clap's words for bounds, those of the standard library for
/// numbers, or any other.
fn refused(why: &str) -> Message {
    const NUMBERS: [&str; 4] = [
        phrase!("invalid digit found in string"),
        phrase!("cannot parse integer from empty string"),
        phrase!("number too large to fit in target type"),
        phrase!("number too small to fit in target type"),
    ];
    match (why.split_once(" is not in "), NUMBERS.iter().find(|known| **known == why)) {
        (Some((value, bounds)), _) => match bounds.split_once("..=") {
            Some((low, high)) => say!("{} is not a number from {} to {}", value, low, high),
            None => say!("{} is not in {}", value, bounds),
        },
        (None, Some(known)) => Message::phrase(*known),
        (None, None) => why.into(),
    }
}

/// Returns what may have been meant.
fn tips(error: &clap::Error) -> Vec<Message> {
    let mut tips = Vec::new();
    for kind in
        [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg, ContextKind::SuggestedValue]
    {
        match error.get(kind) {
            Some(ContextValue::String(near)) => tips.push(say!("did you mean `{}`?", near)),
            Some(ContextValue::Strings(near)) if near.len() == 1 => {
                tips.push(say!("did you mean `{}`?", &near[0]));
            }
            Some(ContextValue::Strings(near)) if !near.is_empty() => {
                tips.push(say!("did you mean one of {}?", near.clone()));
            }
            _ => {}
        }
    }
    if let Some(ContextValue::StyledStrs(suggested)) = error.get(ContextKind::Suggested) {
        for tip in suggested.iter().map(ToString::to_string) {
            let quoted: Vec<&str> = tip.split('\'').skip(1).step_by(2).collect();
            tips.push(match quoted.as_slice() {
                [argument, written] if tip.starts_with("to pass ") => {
                    say!("to pass `{}` as a value, write `{}`", *argument, *written)
                }
                [there] if tip.ends_with(" exists") => say!("there is `{}`", *there),
                _ => tip.into(),
            });
        }
    }
    tips
}
