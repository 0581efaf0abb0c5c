//! What tags show that hold nothing: pictures, what plays elsewhere, links.

use super::super::picture::{Size, destination, is_picture};
use super::one_line;
use super::tag::Arguments;
use crate::html::{escape_attribute, escape_text};

/// A picture: Hexo's `[class] 图.png [width] [height] [题]`, Hugo's `src= alt= title= caption= width=`.
pub(super) fn picture(arguments: &Arguments<'_>, is_alone: bool) -> Option<String> {
    let words = arguments.words();
    let at = words.iter().position(|word| is_picture(word.split(['?', '#']).next().unwrap_or(word)));
    let address = arguments.named(&["src", "url", "link", "path"]).or_else(|| at.map(|at| words[at])).or_else(|| words.first().copied())?;
    let mut size = Size::default();
    for name in ["width", "height"] {
        size.named(name, arguments.named(&[name]).unwrap_or_default());
    }
    let mut texts: Vec<&str> = Vec::new();
    for word in words.iter().skip(at.map_or(1, |at| at + 1)) {
        match Size::parse(word) {
            Some(side) if texts.is_empty() && size.width.is_empty() => size.width = side.width,
            Some(side) if texts.is_empty() && size.height.is_empty() => size.height = side.width,
            _ => texts.push(word),
        }
    }
    let caption = arguments.named(&["caption", "title"]).map(one_line);
    let alt = arguments
        .named(&["alt"])
        .map(one_line)
        .or_else(|| caption.clone())
        .unwrap_or_else(|| one_line(&texts.join(" ")).into_owned().into());
    let shown = format!("![{}{}]({})", alt.replace(['[', ']'], ""), size.suffix(), destination(address));
    Some(match caption.filter(|caption| is_alone && !caption.is_empty()) {
        Some(caption) => {
            let side = |name: &str, value: &str| if value.is_empty() { String::new() } else { format!(" {name}=\"{value}\"") };
            format!(
                "<figure><img src=\"{}\" alt=\"{}\"{}{}><figcaption>{}</figcaption></figure>\n",
                escape_attribute(address),
                escape_attribute(&alt),
                side("width", &size.width),
                side("height", &size.height),
                escape_text(&caption)
            )
        }
        None => shown,
    })
}

/// Where a card leads: the address that is named, or the one that the name of a film makes.
pub(super) fn card_address(arguments: &Arguments<'_>, before: &str, after: &str) -> Option<String> {
    let words = arguments.words();
    let named = arguments.named(&["url", "src", "id", "bvid", "vid", "video", "file", "link", "repo"]);
    let id = named.or_else(|| words.iter().copied().find(|word| word.contains("://"))).or_else(|| words.first().copied())?;
    let is_address = id.contains("://") || id.starts_with('/');
    if is_address || before.is_empty() {
        // Without an address of its own it must look like one.
        return (is_address || id.contains('.')).then(|| id.to_owned());
    }
    // `{% gist user/1234 %}`, `{{< tweet user="x" id="1" >}}`.
    let is_id = id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'/' | b'.' | b':' | b'?' | b'='));
    let id = if before.contains("bilibili") && id.bytes().all(|byte| byte.is_ascii_digit()) { format!("av{id}") } else { id.to_owned() };
    is_id.then(|| format!("{before}{id}{after}"))
}

/// A link: Hexo's `字 地址`, of its themes `地址, 字` and `字, 地址`, Hugo's `href=`.
pub(super) fn link(arguments: &Arguments<'_>) -> Option<String> {
    let words: Vec<&str> = arguments.words().into_iter().map(|word| word.trim_end_matches(',')).collect();
    let looks_like_one =
        |word: &&&str| word.contains("://") || word.starts_with(['/', '#']) || word.contains(".md") || word.contains(".html");
    let address = arguments.named(&["href", "url", "link"]).or_else(|| words.iter().find(looks_like_one).copied())?;
    let shown: Vec<&str> = words.iter().copied().filter(|word| *word != address && !matches!(*word, "true" | "false")).collect();
    let shown = arguments.named(&["text", "title", "name"]).map_or_else(|| shown.join(" "), str::to_owned);
    let shown = if shown.is_empty() { address.to_owned() } else { shown };
    Some(format!("[{}]({})", one_line(&shown), destination(address)))
}
