//! What tags show that hold nothing: pictures, what plays elsewhere, links.

use std::borrow::Cow;

use super::arguments::{Arguments, Word, is_address};
use super::said::{escaped, inline_html, plain};
use super::style::{is_style_field, is_symbol};
use super::{ShortcodeReader, one_line};
use crate::dialect::picture::{Size, destination, is_picture};
use crate::html::escape_attribute;
use crate::reference::has_scheme;

/// A picture with what stands below it.
pub(super) struct ShownPicture<'s> {
    pub(super) address: &'s str,
    size: Size,
    alt: String,
    /// Its heading, its text, who made it.
    title: &'s str,
    caption: &'s str,
    credit: &'s str,
    credit_address: Option<&'s str>,
    /// Where it leads.
    link: Option<&'s str>,
}

impl<'s> ShownPicture<'s> {
    /// Hexo's `[class] 图.png [width] [height] [题]`, of its themes `图.png, alt=题`, Hugo's
    /// `src= alt= title= caption= attr= link=`.
    pub(super) fn of(text: &'s str, is_hugo: bool) -> Option<ShownPicture<'s>> {
        let arguments = Arguments::with_address(text);
        let words: Vec<&str> = arguments.texts().collect();
        let at =
            words.iter().position(|word| is_picture(word.split(['?', '#']).next().unwrap_or(word)));
        let named = arguments.named(&["src", "url", "path"]);
        let link = arguments.named(&["link", "href"]);
        let address =
            named.or_else(|| at.map(|at| words[at])).or_else(|| words.first().copied()).or(link)?;
        let mut size = Size::default();
        for name in ["width", "height"] {
            size.named(name, arguments.named(&[name]).unwrap_or_default());
        }
        let mut texts: Vec<&str> = Vec::new();
        for word in words.iter().skip(at.map_or(usize::from(named.is_none()), |at| at + 1)) {
            match Size::parse(word.trim_end_matches("px")) {
                Some(side) if texts.is_empty() && size.width.is_empty() => size.width = side.width,
                Some(side) if texts.is_empty() && size.height.is_empty() => {
                    size.height = side.width;
                }
                _ => texts.push(word),
            }
        }
        let text = |names: &[&str]| arguments.named(names).map(str::trim).unwrap_or_default();
        let (title, caption, credit) =
            (text(&["title"]), text(&["caption", "desc", "description"]), text(&["attr"]));
        let alt = match arguments.named(&["alt"]) {
            Some(alt) => one_line(alt).into_owned(),
            None if !texts.is_empty() => one_line(&texts.join(" ")).into_owned(),
            None => plain(if caption.is_empty() { title } else { caption }),
        };
        let link = link.filter(|link| is_hugo && *link != address);
        Some(ShownPicture {
            address,
            size,
            alt,
            title,
            caption,
            credit,
            credit_address: arguments.named(&["attrlink"]),
            link,
        })
    }

    /// What stands below it, as Markdown: its heading, its text, who made it.
    fn below(&self) -> Vec<Cow<'s, str>> {
        let title = Some(self.title).filter(|title| !title.is_empty());
        let title = title.map(|title| {
            if self.caption.is_empty() {
                one_line(title)
            } else {
                format!("**{}**", one_line(title)).into()
            }
        });
        let caption = Some(self.caption).filter(|caption| !caption.is_empty()).map(one_line);
        let credit = match self.credit_address {
            Some(address) if !self.credit.is_empty() => {
                Some(format!("[{}]({})", one_line(self.credit), destination(address)).into())
            }
            Some(address) => Some(format!("<{address}>").into()),
            None => Some(self.credit).filter(|credit| !credit.is_empty()).map(one_line),
        };
        title.into_iter().chain(caption).chain(credit).collect()
    }

    /// As part of a line.
    pub(super) fn in_line(&self) -> String {
        let picture = format!(
            "![{}{}]({})",
            self.alt.replace(['[', ']'], ""),
            self.size.suffix(),
            destination(self.address)
        );
        let picture =
            self.link.map_or(picture.clone(), |link| format!("[{picture}]({})", destination(link)));
        std::iter::once(picture.into()).chain(self.below()).collect::<Vec<Cow<'_, str>>>().join(" ")
    }

    /// As a block of HTML of one line, where anything stands below it.
    pub(super) fn figure(&self) -> Option<String> {
        let below = self.below();
        if below.is_empty() {
            return None;
        }
        let side = |name: &str, value: &str| {
            if value.is_empty() { String::new() } else { format!(" {name}=\"{value}\"") }
        };
        let picture = format!(
            "<img src=\"{}\" alt=\"{}\"{}{}>",
            escape_attribute(self.address),
            escape_attribute(&self.alt),
            side("width", &self.size.width),
            side("height", &self.size.height),
        );
        let picture = self.link.map_or(picture.clone(), |link| {
            format!("<a href=\"{}\">{picture}</a>", escape_attribute(link))
        });
        Some(format!(
            "<figure>{picture}<figcaption>{}</figcaption></figure>",
            inline_html(&below.join(" "))
        ))
    }
}

/// What plays elsewhere: where it leads, how it is called.
pub(super) fn card(
    text: &str,
    (name, before, after): (&str, &str, &str),
) -> Option<(String, String)> {
    let arguments = if before.is_empty() {
        Arguments::with_address(text)
    } else {
        Arguments::by_commas(text).unwrap_or_else(|| Arguments::of(text))
    };
    let address = card_address(&arguments, before, after)?;
    let of_person = arguments.named(&["artist", "author"]).unwrap_or_default();
    let title =
        arguments.named(&["title", "name"]).or_else(|| arguments.title()).unwrap_or_default();
    let title = if title.is_empty() || of_person.is_empty() {
        title.to_owned()
    } else {
        format!("{title} – {of_person}")
    };
    // `"url=https://…"` names the address, not what is there.
    let title = if title.contains("://") { String::new() } else { title };
    let title = match address.strip_prefix(before).filter(|_| !before.is_empty()) {
        _ if !title.is_empty() => title,
        Some(id) => format!("{name} {}", id.strip_suffix(after).unwrap_or(id)),
        None => name.to_owned(),
    };
    Some((address, title.trim().to_owned()))
}

/// Where a card leads: the address that is named, or the one that the name of a film makes.
fn card_address(arguments: &Arguments<'_>, before: &str, after: &str) -> Option<String> {
    let words: Vec<&str> = arguments.texts().collect();
    let named = arguments
        .named(&["url", "src", "id", "bvid", "vid", "video", "file", "link", "repo", "auto"]);
    if let (Some(server), Some(id)) = (arguments.named(&["server"]), arguments.named(&["id"])) {
        return music(server, arguments.named(&["type"]).unwrap_or("song"), id);
    }
    if let [id, server, kind, ..] = words[..]
        && let Some(address) = music(server, kind, id)
    {
        return Some(address);
    }
    // `{% dplayer "url=https://…" "pic=…" %}`
    let in_quotes = || {
        words
            .iter()
            .find_map(|word| word.strip_prefix("url=").or_else(|| word.strip_prefix("src=")))
    };
    let id = named
        .or_else(in_quotes)
        .or_else(|| words.iter().copied().find(|word| word.contains("://")))
        .or_else(|| words.first().copied())?;
    let is_address = id.contains("://") || id.starts_with('/');
    if is_address && has_scheme(id) && !id.starts_with("http") {
        return None;
    }
    if is_address || before.is_empty() {
        // Without an address of its own it must look like one.
        return (is_address || id.contains('.')).then(|| id.to_owned());
    }
    // `{% gist user/1234 %}`, `{{< gist user 1234 >}}`, `{{< tweet user="x" id="1" >}}`.
    let is_hash =
        |word: &&&str| word.len() >= 4 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    let of_user =
        words.get(1).filter(|_| before.contains("gist.") && named.is_none()).filter(is_hash);
    let id = of_user.map_or(id.to_owned(), |gist| format!("{id}/{gist}"));
    let is_id = id.bytes().all(|byte| {
        byte.is_ascii_alphanumeric()
            || matches!(byte, b'-' | b'_' | b'/' | b'.' | b':' | b'?' | b'=')
    });
    let id = if before.contains("bilibili") && id.bytes().all(|byte| byte.is_ascii_digit()) {
        format!("av{id}")
    } else {
        id
    };
    is_id.then(|| format!("{before}{id}{after}"))
}

/// Where a piece of music plays that a player names by its number:
/// `server="netease" type="song" id="1"`.
fn music(server: &str, kind: &str, id: &str) -> Option<String> {
    let is_id = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let kind = ["song", "playlist", "album", "artist"]
        .into_iter()
        .find(|known| *known == kind)
        .filter(|_| is_id)?;
    match server {
        "netease" => Some(format!("https://music.163.com/#/{kind}?id={id}")),
        "tencent" if kind == "song" => Some(format!("https://y.qq.com/n/ryqq/songDetail/{id}")),
        "tencent" if kind == "album" => Some(format!("https://y.qq.com/n/ryqq/albumDetail/{id}")),
        "tencent" => Some(format!("https://y.qq.com/n/ryqq/{kind}/{id}")),
        _ => None,
    }
}

/// A link: where it leads, what is shown, what is said of it.
pub(super) struct Link {
    pub(super) address: String,
    pub(super) shown: String,
    hint: String,
    after: String,
}

impl Link {
    /// Hexo's `字 地址 [true] ["题"]`, of its themes `地址, 字, 图标` and `字, 地址, 图`, Hugo's
    /// `href=`.
    pub(super) fn of(text: &str, name: &str, reader: &ShortcodeReader<'_>) -> Option<Link> {
        let arguments = Arguments::with_address(text);
        let has_fields = Arguments::by_commas(text)
            .is_some_and(|fields| fields.words.len() == arguments.words.len());
        let words = &arguments.words;
        let named = arguments.named(&["href", "url", "link"]);
        let of_post = || {
            arguments
                .named(&["relref", "ref", "page", "to"])
                .map(|post| reader.post(post).unwrap_or_else(|| post.to_owned()))
        };
        let at = words.iter().position(|word| is_address(word.text)).filter(|_| named.is_none());
        let address = named
            .map(str::to_owned)
            .or_else(of_post)
            .or_else(|| at.map(|at| words[at].text.to_owned()))?;
        let is_shown = |word: &&str| {
            !word.is_empty()
                && !matches!(*word, "true" | "false")
                && !word.split_whitespace().any(is_symbol)
                && !is_address(word)
        };
        let of = |range: &[Word<'_>]| {
            let mut texts: Vec<String> =
                range.iter().map(|word| word.text).filter(is_shown).map(str::to_owned).collect();
            // `regular center::字::地址`: a colour alone may be the text.
            if texts.len() > 1 {
                texts.retain(|text| !is_style_field(text));
            }
            texts
        };
        let (mut before, mut after) = (
            of(&words[..at.unwrap_or(words.len())]),
            of(&words[at.map_or(words.len(), |at| at + 1)..]),
        );
        // What stands in fields or quotes behind the address is one text, and a hint; words are one
        // text together.
        let is_text = |field: Option<&Word<'_>>| {
            field
                .map(|field| field.text.to_owned())
                .filter(|text| !text.is_empty() && !is_style_field(text))
        };
        if before.is_empty() && has_fields && matches!(name, "btn" | "button") {
            // Its third field is a symbol.
            let fields = &words[at.map_or(0, |at| at + 1)..];
            (before, after) = (
                fields.first().map(|field| field.text.to_owned()).into_iter().collect(),
                is_text(fields.get(2)).into_iter().collect(),
            );
        } else if before.is_empty()
            && (has_fields || words.iter().any(|word| word.is_quoted))
            && !after.is_empty()
        {
            before.push(after.remove(0));
        } else if before.is_empty() {
            before = std::mem::take(&mut after);
        }
        let shown = arguments
            .named(&["text", "content", "name", "title"])
            .map_or_else(|| before.join(" "), str::to_owned);
        let shown = if shown.is_empty() { address.clone() } else { shown };
        let described = arguments
            .named(&["description", "desc", "subtitle", "summary"])
            .filter(|text| !matches!(*text, "true" | "false"));
        let hint = arguments
            .named(&["title"])
            .filter(|title| *title != shown)
            .map_or_else(|| after.join(" "), str::to_owned);
        Some(Link {
            address,
            shown,
            hint,
            after: described.map_or(String::new(), |text| format!(" {}", one_line(text))),
        })
    }

    pub(super) fn in_line(&self) -> String {
        format!("[{}{}", one_line(&self.shown), self.end())
    }

    /// What stands behind the text of the link.
    pub(super) fn end(&self) -> String {
        let hint = if self.hint.is_empty() {
            String::new()
        } else {
            format!(" \"{}\"", escaped(&one_line(&self.hint)))
        };
        format!("]({}{hint}){}", destination(&self.address), self.after)
    }
}
