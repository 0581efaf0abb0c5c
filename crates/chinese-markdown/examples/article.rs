//! Reads Markdown from standard input, writes HTML to standard output, and says on standard error
//! what a reader would miss. Front matter is to be cut off before.
//!
//! `cargo run -p chinese-markdown --example article < article.md`

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "an example, not a part of the pipeline"
)]

use std::io;

use chinese_markdown::html_writer::{Labels, Writing, write};
use chinese_markdown::reference::OwnHost;
use chinese_markdown::{Document, Syntax};

fn main() -> io::Result<()> {
    let source = io::read_to_string(io::stdin())?;
    let (labels, own_host) = (Labels::chinese(), OwnHost::default());
    let writing = Writing { id: "article", ..Writing::new(&labels, &own_host) };
    let (document, mut findings) = Document::prepare(&source, &Syntax::DEFAULT);
    let written = write(&document.parse(), &writing);
    findings.extend(written.findings);
    print!("{}", written.html);
    for (range, finding) in findings {
        let line = source[..range.start].matches('\n').count() + 1;
        eprintln!("line {line}: {finding:?}");
    }
    Ok(())
}
