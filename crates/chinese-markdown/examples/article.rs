//! Reads Markdown from standard input, writes HTML to standard output, and says on standard error
//! what a reader would miss.
//!
//! `cargo run -p chinese-markdown --example article < article.md`

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "an example, not a part of the pipeline"
)]

use std::io;

use chinese_markdown::{Document, Syntax, html_writer, reference};

fn main() -> io::Result<()> {
    let source = io::read_to_string(io::stdin())?;
    let labels = html_writer::Labels::chinese();
    let writing = html_writer::Writing {
        id: "article",
        title: "",
        raw_html: chinese_markdown::RawHtml::Sanitize,
        highlight: None,
        labels: &labels,
        for_feed: false,
        own_host: &reference::OwnHost::default(),
        resolve: &|_| None,
        image_size: &|_| None,
    };
    let (document, mut findings) = Document::prepare(&source, &Syntax::DEFAULT);
    let written = html_writer::write(&document, &writing);
    findings.extend(written.findings);
    print!("{}", written.html);
    for (range, finding) in findings {
        let line = source[..range.start].matches('\n').count() + 1;
        eprintln!("line {line}: {finding:?}");
    }
    Ok(())
}
