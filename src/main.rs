//! The binary: parse, run, exit. Everything else is in the library.

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    sitegen::command::run(&sitegen::cli::Cli::parse())
}
