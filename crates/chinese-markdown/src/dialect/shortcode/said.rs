//! What tags say to readers in their arguments: titles of blocks, labels of tabs, whom a quotation
//! is by, the text of a mark.

use pulldown_cmark::{Event, Parser, TagEnd};

use super::arguments::{Arguments, Word, fields, unquoted};
use super::one_line;
use super::style::{is_style, is_style_field, is_symbol};
use super::tag::Shortcode;
use crate::dialect::callout;
use crate::dialect::picture::destination;
use crate::parser_options;

/// The kind of a callout and its title: `info 题`, `info "题" false`, `blue 'fas fa-x' modern`,
/// `success, 题`, `type=tip title=题`.
pub(super) fn callout<'s>(tag: &Shortcode<'s>, of_name: &'s str) -> (&'s str, String) {
    let arguments = Arguments::of(tag.rest);
    let is_kind = |word: &str| callout::kind(word).is_some();
    let named = arguments.named(&["type", "class", "style", "color", "level"]);
    let kind = named
        .into_iter()
        .chain(arguments.texts().map(|word| word.trim_end_matches(',')))
        .find(|word| is_kind(word))
        .unwrap_or(of_name);
    if let Some(title) = arguments.named(&["title", "header", "summary"]) {
        return (kind, title.to_owned());
    }
    if let Some((_, title)) = tag
        .rest
        .split_once(',')
        .filter(|(style, _)| style.split_whitespace().all(|word| is_style(word) || is_kind(word)))
    {
        return (kind, unquoted(title.trim()).text.to_owned());
    }
    let looks = |word: &Word<'_>| is_symbol(word.text) || is_style(word.text) || is_kind(word.text);
    // The first word is a kind or a colour, then comes how it looks.
    let mut words = &arguments.words[..];
    while let Some((word, rest)) = words.split_first()
        && (is_symbol(word.text)
            || word.text == "no-icon"
            || words.len() == arguments.words.len() && looks(word)
            || words.iter().all(looks))
    {
        words = rest;
    }
    // Of words in quotes the others are a symbol's or a switch's.
    let title = match words.iter().find(|word| word.is_quoted && !is_symbol(word.text)) {
        Some(quoted) => quoted.text.to_owned(),
        None if tag.is_hugo => words.first().map_or(String::new(), |word| word.text.to_owned()),
        None => words.iter().map(|word| word.text).collect::<Vec<_>>().join(" "),
    };
    (kind, title)
}

/// What stands above what a tag holds; `is_titled` where all that it says is that.
pub(super) fn title(tag: &Shortcode<'_>, is_titled: bool) -> String {
    let arguments = Arguments::of(tag.rest);
    let named = arguments.named(&["title", "summary", "name", "header", "label", "date"]);
    match named {
        Some(title) => title.to_owned(),
        None if is_titled => match Arguments::by_commas(tag.rest) {
            // `{% hideToggle 题,bg,color %}`
            Some(fields) if tag.name.starts_with("hide") => {
                fields.texts().find(|text| !is_style_field(text)).unwrap_or_default().to_owned()
            }
            Some(fields) => fields.shown(", "),
            None => arguments.texts().collect::<Vec<_>>().join(" "),
        },
        None => arguments.title().unwrap_or_default().trim_end_matches(',').to_owned(),
    }
}

/// The label of a tab, without the symbol that may stand behind it.
pub(super) fn label(text: &str) -> &str {
    match text.rsplit_once('@') {
        Some((label, symbol)) if symbol.trim().is_empty() || is_style_field(symbol) => label.trim(),
        _ => text.trim(),
    }
}

/// Whom a quotation is by, as Markdown: `作者, 书 https://… 题`, `author= source= link=`.
pub(super) fn source(tag: &Shortcode<'_>) -> String {
    let arguments = Arguments::of(tag.rest);
    let named: Vec<&str> = [&["author", "by"][..], &["source", "cite", "title"]]
        .iter()
        .filter_map(|names| arguments.named(names))
        .collect();
    let address = arguments.named(&["link", "url", "href", "cite_url"]);
    if !named.is_empty() || address.is_some() {
        let by = named.join(", ");
        return match address {
            Some(address) if by.is_empty() => {
                format!("[{}]({})", escaped(address), destination(address))
            }
            Some(address) => format!("[{}]({})", one_line(&by), destination(address)),
            None => one_line(&by).into_owned(),
        };
    }
    if let Some(quoted) = arguments.words.iter().find(|word| word.is_quoted).filter(|_| tag.is_hugo)
    {
        return one_line(quoted.text).into_owned();
    }
    let Some((before, address, after)) = around_address(tag.rest) else {
        return one_line(tag.rest).into_owned();
    };
    let shown = if after.is_empty() { address } else { after };
    [before.to_owned(), format!("[{shown}]({})", destination(address))].join(" ").trim().to_owned()
}

/// What stands before and after the first address of a text.
fn around_address(text: &str) -> Option<(&str, &str, &str)> {
    let word = text
        .split_whitespace()
        .find(|word| word.starts_with("http://") || word.starts_with("https://"))?;
    let at = text.find(word)?;
    Some((text[..at].trim(), word, text[at + word.len()..].trim()))
}

/// What stands above a block of code, as Markdown, and the language that it names:
/// `题 lang:js https://… 字`.
pub(super) fn code<'s>(tag: &Shortcode<'s>) -> (&'s str, String) {
    let arguments = Arguments::of(tag.rest);
    let is_language = |word: &str| {
        word.bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'#' | b'-' | b'_'))
    };
    let named = arguments.named(&["lang", "language"]);
    let words: Vec<&str> = arguments.texts().collect();
    // Hexo's says a title alone; `main.c`, `Array` are no languages.
    let may_be = |word: &str| {
        is_language(word)
            && (!tag.name.starts_with("code")
                || !word.bytes().any(|byte| byte.is_ascii_uppercase()))
    };
    let first = words.first().copied().filter(|word| may_be(word));
    let (language, shown) = match named {
        Some(language) => (language, &words[..]),
        // What Hugo says besides are lines and numbers.
        None if tag.is_hugo => (first.unwrap_or_default(), &words[..0]),
        None if first.is_some() => (first.unwrap_or_default(), &words[1..]),
        None => ("", &words[..]),
    };
    let title =
        arguments.named(&["title", "caption", "name", "file", "filename"]).unwrap_or_default();
    let shown = shown.join(" ");
    let shown = match around_address(&shown) {
        Some((before, address, after)) => {
            let link = format!(
                "[{}]({})",
                escaped(if after.is_empty() { address } else { after }),
                destination(address)
            );
            format!("{} {link}", escaped(before)).trim().to_owned()
        }
        None => escaped(&shown),
    };
    (language, format!("{} {shown}", escaped(&one_line(title))).trim().to_owned())
}

/// The text of a tag that holds nothing: `primary@字`, `red, 字`, `字 blue`, `"字"`.
pub(super) fn text(tag: &Shortcode<'_>) -> String {
    let arguments = Arguments::of(tag.rest);
    if let Some(text) = arguments.named(&["text", "content"]) {
        return text.trim().to_owned();
    }
    let rest = tag.rest.strip_suffix('/').filter(|_| tag.is_closed_at_once()).unwrap_or(tag.rest);
    if let Some((_, text)) =
        rest.split_once('@').filter(|(style, _)| style.trim().is_empty() || is_style_field(style))
    {
        return text.trim().to_owned();
    }
    let parts = fields(rest);
    if parts.len() > 1 && parts[0].split_whitespace().all(|word| is_style(unquoted(word).text)) {
        let text = rest.split_once(',').map_or("", |(_, text)| text.trim());
        return unquoted(text).text.to_owned();
    }
    let mut words: Vec<&str> = arguments.texts().collect();
    if tag.name == "label" && words.len() > 1 && words.last().is_some_and(|word| is_style(word)) {
        words.pop();
    }
    words.join(" ")
}

/// A text with what explains it, or what stands where it is hidden: `字, 注`.
pub(super) fn glossed(tag: &Shortcode<'_>) -> String {
    let arguments = Arguments::by_commas(tag.rest).unwrap_or_else(|| Arguments::of(tag.rest));
    let named = arguments.named(&["title", "content", "text"]);
    let mut texts = arguments.texts().chain(named).filter(|text| {
        !text.is_empty() && !is_style_field(text) && !matches!(*text, "bg" | "color")
    });
    let text = texts.next().unwrap_or_default();
    texts.next().map_or(text.to_owned(), |gloss| format!("{text}（{gloss}）"))
}

/// Whether a box is ticked, and what stands beside it.
pub(super) fn checkbox(tag: &Shortcode<'_>) -> (bool, String) {
    let style =
        fields(tag.rest).first().copied().filter(|style| is_style_field(style)).unwrap_or_default();
    (style.split_whitespace().any(|word| word == "checked"), text(tag))
}

/// A line of Markdown as HTML that can stand in a line of a block of HTML. Raw HTML in it is text.
pub(super) fn inline_html(text: &str) -> String {
    let is_block = |event: &Event<'_>| {
        use TagEnd::{Emphasis, Link, Strikethrough, Strong};
        match event {
            Event::Start(mark) => {
                !matches!(mark.to_end(), Emphasis | Strong | Strikethrough | Link)
            }
            Event::End(mark) => !matches!(mark, Emphasis | Strong | Strikethrough | Link),
            Event::Rule | Event::TaskListMarker(_) | Event::FootnoteReference(_) => true,
            _ => false,
        }
    };
    let line = one_line(text);
    let events = Parser::new_ext(&line, parser_options(false))
        .filter(|event| !is_block(event))
        .map(|event| match event {
            Event::InlineHtml(html) | Event::Html(html) => Event::Text(html),
            event => event,
        });
    let mut html = String::new();
    pulldown_cmark::html::push_html(&mut html, events);
    chinese_text::one_line(&html)
}

/// A line of Markdown in which what looks like HTML is text.
pub(super) fn without_html(text: &str) -> String {
    let line = one_line(text);
    let begins_tag = |after: &str| {
        after.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'))
    };
    let mut pieces = line.split('<');
    let first = pieces.next().unwrap_or_default().to_owned();
    // Between backticks it is text anyway, and a backslash would be, too.
    let has_code = line.contains('`');
    pieces.fold(first, |out, piece| {
        let is_address = out.ends_with("](");
        out + if begins_tag(piece) && !has_code && !is_address { "\\<" } else { "<" } + piece
    })
}

/// A line of Markdown without its marks.
pub(super) fn plain(text: &str) -> String {
    let shown = |event| match event {
        Event::Text(text) | Event::Code(text) => Some(text),
        _ => None,
    };
    Parser::new(&one_line(text)).filter_map(shown).collect::<Vec<_>>().concat()
}

/// A text that is no Markdown.
pub(super) fn escaped(text: &str) -> String {
    text.chars()
        .flat_map(|c| c.is_ascii_punctuation().then_some('\\').into_iter().chain([c]))
        .collect()
}
