//! The help texts of the command line in the reader's language.
//!
//! `cli` is written in English. Where another language is wanted, the tree that clap made of it is
//! walked and every text in it replaced; so a new command or flag needs an entry in the catalogue
//! and nothing here. What clap would write by itself (headings, `[default: …]`,
//! `[possible values: …]`, `[aliases: …]`) is switched off and said in our words. One thing remains
//! clap's: `[aliases: …]` of a flag, of which there is none.

use std::fmt::Write;

use clap::builder::PossibleValue;
use clap::{Arg, Command};

use crate::words::Message;

/// Returns the tree with each text as `words` has it.
pub fn translated(mut command: Command, words: &mut dyn FnMut(Message) -> String) -> Command {
    // First what clap adds by itself: flags and the command for help, the names in usages.
    command.build();
    walk(command, words)
}

fn walk(command: Command, words: &mut dyn FnMut(Message) -> String) -> Command {
    let mut command =
        command.mut_args(|arg| argument(arg, words)).mut_subcommands(|below| walk(below, words));
    for (text, set) in [
        (command.get_about().cloned(), Command::about as fn(Command, String) -> Command),
        (command.get_long_about().cloned(), Command::long_about),
        (command.get_before_help().cloned(), Command::before_help),
        (command.get_before_long_help().cloned(), Command::before_long_help),
        (command.get_after_help().cloned(), Command::after_help),
        (command.get_after_long_help().cloned(), Command::after_long_help),
    ] {
        if let Some(text) = text {
            command = set(command, words(Message::phrase(text.to_string())));
        }
    }
    let aliases: Vec<String> = command.get_visible_aliases().map(str::to_owned).collect();
    if let Some(about) =
        command.get_about().filter(|_| !aliases.is_empty()).map(ToString::to_string)
    {
        // Clap wants names that stay; these few do until the program ends.
        let all: Vec<&'static str> =
            command.get_all_aliases().map(|alias| &*alias.to_owned().leak()).collect();
        let about = words(say!("{} (alias: {})", about, aliases));
        command = command.visible_alias(None).aliases(all).about(about);
    }
    let usage = command.render_usage().ansi().to_string();
    let mut usage = without_title(&usage).to_owned();
    for (placeholder, shown) in [
        ("[OPTIONS]", say!("[OPTIONS]")),
        ("<COMMAND>", say!("<COMMAND>")),
        ("[COMMAND]", say!("[COMMAND]")),
    ] {
        usage = usage.replace(placeholder, &words(shown));
    }
    let template = template(&command, words);
    command.override_usage(usage).help_template(template)
}

/// Returns a usage as clap renders it, without its `Usage:`.
pub(super) fn without_title(usage: &str) -> &str {
    let usage = usage.split_once("Usage:").map_or(usage, |(_, usage)| usage);
    usage.strip_prefix("\u{1b}[0m").unwrap_or(usage).trim_start()
}

/// Clap's own template has headings in English.
fn template(command: &Command, words: &mut dyn FnMut(Message) -> String) -> String {
    let (header, usage) = (command.get_styles().get_header(), command.get_styles().get_usage());
    let mut out = format!(
        "{{before-help}}{{about-with-newline}}\n{usage}{}{usage:#}{{usage}}\n",
        words(say!("Usage:"))
    );
    let mut section = |is_there: bool, heading: Message, tag: &str| {
        if is_there {
            let _ = write!(out, "\n{header}{}{header:#}\n{{{tag}}}\n", words(heading));
        }
    };
    section(
        command.get_subcommands().any(|below| !below.is_hide_set()),
        say!("Commands:"),
        "subcommands",
    );
    section(
        command.get_positionals().any(|arg| !arg.is_hide_set()),
        say!("Arguments:"),
        "positionals",
    );
    section(
        command.get_arguments().any(|arg| !arg.is_positional() && !arg.is_hide_set()),
        say!("Options:"),
        "options",
    );
    out + "{after-help}"
}

fn argument(arg: Arg, words: &mut dyn FnMut(Message) -> String) -> Arg {
    let Some(help) = arg.get_help().or(arg.get_long_help()).map(ToString::to_string) else {
        return arg;
    };
    let takes_values = arg.get_action().takes_values();
    let values: Vec<PossibleValue> =
        arg.get_possible_values().into_iter().filter(|value| !value.is_hide_set()).collect();
    let (mut names, mut defaults): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    if takes_values && !arg.is_hide_possible_values_set() {
        names.extend(values.iter().map(|value| value.get_name().to_owned()));
    }
    if takes_values && !arg.is_hide_default_value_set() {
        defaults.extend(
            arg.get_default_values().iter().map(|value| value.to_string_lossy().into_owned()),
        );
    }
    let with_values =
        |help: String| match (Message::phrase(help), names.is_empty(), defaults.is_empty()) {
            (help, true, true) => help,
            (help, false, true) => say!("{} [one of: {}]", help, names.clone()),
            (help, true, false) => say!("{} [default: {}]", help, defaults.clone()),
            (help, false, false) => {
                say!("{} [one of: {}; default: {}]", help, names.clone(), defaults.clone())
            }
        };
    let help = with_values(help);
    let long = arg.get_long_help().map(|help| with_values(help.to_string()));
    let text = words(help.clone());
    // What the values mean is told by `--help`, not by `-h`.
    let mut meanings = String::new();
    for value in &values {
        if let Some(meaning) = value.get_help() {
            let meaning = Message::phrase(meaning.to_string());
            let _ = write!(meanings, "\n- {}", words(say!("{}: {}", value.get_name(), meaning)));
        }
    }
    let long =
        long.or_else(|| (!meanings.is_empty()).then_some(help)).map(|long| words(long) + &meanings);
    let arg = arg.hide_possible_values(true).hide_default_value(true).help(text);
    match long {
        Some(long) => arg.long_help(long),
        None => arg,
    }
}
