//! The door to the terminal, and the only one (`clippy.toml`): what goes through it is printable,
//! whoever wrote it.
#![expect(
    clippy::disallowed_methods,
    reason = "nothing else opens standard output and standard error"
)]

use std::io::{self, Write};

use crate::words::{Language, Message, printable, printable_json};

/// Standard output or standard error, for a reader.
pub(super) struct Terminal {
    out: Box<dyn Write>,
    language: Language,
}

impl Terminal {
    /// Standard output: what was asked for.
    pub(super) fn output(language: Language) -> Terminal {
        Terminal { out: Box::new(anstream::stdout().lock()), language }
    }

    /// Standard error: what is said besides.
    pub(super) fn errors(language: Language) -> Terminal {
        Terminal { out: Box::new(anstream::stderr().lock()), language }
    }

    /// One line.
    pub(super) fn say(&mut self, message: impl Into<Message>) -> io::Result<()> {
        let line = message.into().in_language(self.language);
        writeln!(self.out, "{}", printable(&line))
    }

    /// One line of fields for programs, tabs between them.
    pub(super) fn fields(&mut self, fields: &[&str]) -> io::Result<()> {
        let fields: Vec<_> = fields.iter().map(|field| printable(field)).collect();
        writeln!(self.out, "{}", fields.join("\t"))
    }

    /// One line of JSON.
    pub(super) fn json(&mut self, value: &serde_json::Value) -> io::Result<()> {
        writeln!(self.out, "{}", printable_json(value))
    }

    /// What was made printable already, with lines and styles of the program's making.
    pub(super) fn made(&mut self, text: &str) -> io::Result<()> {
        self.out.write_all(text.as_bytes())
    }

    pub(super) fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
