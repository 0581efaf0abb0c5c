//! Permalink patterns: Jekyll's placeholders and style names, Hugo's `:filename`, and `:id`.
//!
//! Sources: Jekyll 4.3 `lib/jekyll/drops/url_drop.rb`, `url.rb`, `utils.rb` (behaviour; recorded URLs are the test).
//! Pure: a pattern and the parts of a post's name give a URL.

use jiff::ZonedDateTime;
use unicode_normalization::UnicodeNormalization;

use crate::diagnostic::{nearest, or_meant};
use crate::pinyin;
use crate::route::{decode, encode_path, is_reserved_name, short_hash};
use crate::text::{self, is_slug_letter};
use crate::words::Message;

/// A parsed permalink pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    Placeholder(&'static str),
}

/// Placeholders that need a date.
const DATED: [&str; 19] = [
    "year",
    "short_year",
    "month",
    "i_month",
    "short_month",
    "long_month",
    "day",
    "i_day",
    "y_day",
    "w_year",
    "week",
    "w_day",
    "short_day",
    "long_day",
    "hour",
    "minute",
    "second",
    "monthname",
    "yearday",
];
const UNDATED: [&str; 12] = [
    "title",
    "pinyin",
    "slug",
    "name",
    "path",
    "filename",
    "collection",
    "categories",
    "slugified_categories",
    "output_ext",
    "id",
    "author",
];

/// What a URL is made of.
#[derive(Clone, Copy, Debug)]
pub struct Parts<'a> {
    pub date: Option<&'a ZonedDateTime>,
    /// Front matter `slug`, else the file name without date and extension.
    pub slug: &'a str,
    /// File name without extension.
    pub stem: &'a str,
    /// Path below the posts folder without extension.
    pub path: &'a str,
    pub categories: &'a [String],
    pub author: Option<&'a str>,
    /// The post's short stable hash.
    pub id: &'a str,
    /// Keep Jekyll's quirks to the byte.
    pub jekyll: bool,
}

/// A URL in both its forms: as written in links, and decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Url {
    pub encoded: String,
    pub decoded: String,
}

impl Pattern {
    /// Reads a style name (`pretty`, `date`, `ordinal`, `weekdate`, `none`) or a pattern.
    pub fn parse(text: &str) -> Result<Pattern, Message> {
        match text {
            "date" => Pattern::parse_template("/:categories/:year/:month/:day/:title:output_ext"),
            "pretty" => Pattern::parse_template("/:categories/:year/:month/:day/:title/"),
            "ordinal" => Pattern::parse_template("/:categories/:year/:y_day/:title:output_ext"),
            "weekdate" => Pattern::parse_template("/:categories/:year/W:week/:short_day/:title:output_ext"),
            "none" => Pattern::parse_template("/:categories/:title:output_ext"),
            template if template.contains([':', '/']) => Pattern::parse_template(template),
            other => Err(match nearest(other, ["pretty", "date", "ordinal", "weekdate", "none"]) {
                Some(style) => say!("`{}` is no permalink style; did you mean `{}`?", other, style),
                None => say!("`{}` is neither a style (pretty, date, ordinal, weekdate, none) nor a pattern like /:year/:title/", other),
            }),
        }
    }

    /// Reads a pattern; in a post's own `permalink` styles have no meaning (Jekyll).
    pub fn parse_template(template: &str) -> Result<Pattern, Message> {
        let mut pieces = Vec::new();
        let mut rest = template;
        while let Some(colon) = rest.find(':') {
            let (text, tail) = rest.split_at(colon);
            let letters = tail[1..].bytes().take_while(|byte| byte.is_ascii_lowercase() || *byte == b'_').count();
            let word = &tail[1..=letters];
            if letters == 0 {
                push_text(&mut pieces, &rest[..=colon]);
                rest = &rest[colon + 1..];
                continue;
            }
            push_text(&mut pieces, text);
            // `:year_:month` means `:year`, `_`, `:month`.
            let known = |word: &str| DATED.iter().chain(&UNDATED).find(|name| **name == word).copied();
            if let Some((name, length)) =
                known(word).map(|name| (name, letters)).or_else(|| word.strip_suffix('_').and_then(known).map(|name| (name, letters - 1)))
            {
                pieces.push(Piece::Placeholder(name));
                rest = &tail[1 + length..];
            } else {
                let near = nearest(word, DATED.iter().chain(&UNDATED).copied()).map(|name| format!(":{name}"));
                let unknown = say!("the permalink placeholder `:{}` is unknown", word);
                return Err(match near {
                    None => say!("{}; a colon of the address itself is written `%3A`", unknown),
                    near => or_meant(unknown, near.as_deref()),
                });
            }
        }
        push_text(&mut pieces, rest);
        Ok(Pattern { pieces })
    }

    /// Whether the pattern cannot be filled without a date.
    pub fn needs_date(&self) -> bool {
        self.pieces.iter().any(|piece| matches!(piece, Piece::Placeholder(name) if DATED.contains(name)))
    }

    /// The URL of a post. Without a date, a pattern that needs one becomes `/:title/` or, with pinyin in it, `/:pinyin/`.
    pub fn expand(&self, parts: &Parts<'_>) -> Url {
        if self.needs_date() && parts.date.is_none() {
            let name = if self.pieces.contains(&Piece::Placeholder("pinyin")) { "pinyin" } else { "title" };
            let undated = Pattern { pieces: vec![Piece::Text("/".into()), Piece::Placeholder(name), Piece::Text("/".into())] };
            return undated.expand(parts);
        }
        let mut url = Url { encoded: "/".to_owned(), decoded: "/".to_owned() };
        for piece in &self.pieces {
            match piece {
                // The keeper's own text is used as it is, as Jekyll does; the file has the decoded name.
                Piece::Text(text) => {
                    url.encoded.push_str(text);
                    url.decoded.push_str(&decode(text));
                }
                Piece::Placeholder(name) => {
                    let value = value(name, parts);
                    url.encoded.push_str(&encode_path(&value));
                    url.decoded.push_str(&value);
                }
            }
        }
        let clean: fn(&str) -> String = if parts.jekyll { sanitize_as_jekyll } else { squeeze_slashes };
        let decoded = clean(&url.decoded);
        let encoded = if parts.jekyll { clean(&url.encoded) } else { encode_path(&decoded) };
        Url { encoded, decoded }
    }
}

fn push_text(pieces: &mut Vec<Piece>, text: &str) {
    match pieces.last_mut() {
        Some(Piece::Text(last)) => last.push_str(text),
        _ if text.is_empty() => {}
        _ => pieces.push(Piece::Text(text.to_owned())),
    }
}

/// `"/#{url}".gsub("..", "/").gsub("./", "").squeeze("/")` of Jekyll's `url.rb`.
fn sanitize_as_jekyll(url: &str) -> String {
    squeeze_slashes(&url.replace("..", "/").replace("./", ""))
}

fn squeeze_slashes(url: &str) -> String {
    let mut out = String::with_capacity(url.len());
    for c in url.chars() {
        if c != '/' || !out.ends_with('/') {
            out.push(c);
        }
    }
    out
}

fn value(name: &str, parts: &Parts<'_>) -> String {
    if let Some(date) = parts.date.filter(|_| DATED.contains(&name)) {
        let format = match name {
            "year" => "%Y",
            "short_year" => "%y",
            "month" => "%m",
            "i_month" => "%-m",
            "short_month" => "%b",
            "long_month" | "monthname" => "%B",
            "day" => "%d",
            "i_day" => "%-d",
            "y_day" | "yearday" => "%j",
            "w_year" => "%G",
            "week" => "%V",
            "w_day" => "%u",
            "short_day" => "%a",
            "long_day" => "%A",
            "hour" => "%H",
            "minute" => "%M",
            _ => "%S",
        };
        return date.strftime(format).to_string();
    }
    match name {
        "title" => title_slug(parts),
        "pinyin" => fit_or_untitled(&pinyin::slug(parts.slug), parts),
        // Jekyll gives such names no shelter, and its addresses are kept.
        "slug" if parts.jekyll => word_slug(parts.slug),
        "name" if parts.jekyll => word_slug(parts.stem),
        "slug" => fit_or_untitled(&word_slug(parts.slug), parts),
        "name" => fit_or_untitled(&word_slug(parts.stem), parts),
        "path" => parts.path.to_owned(),
        "filename" => own_name(parts.stem, parts),
        "collection" => "posts".to_owned(),
        "categories" if parts.jekyll => joined(parts.categories, str::to_lowercase),
        "categories" => joined(parts.categories, |name| own_name(&name.to_lowercase(), parts)),
        "slugified_categories" => joined(parts.categories, word_slug),
        "output_ext" => ".html".to_owned(),
        "author" => parts.author.map_or_else(String::new, word_slug),
        _ => parts.id.to_owned(),
    }
}

/// Jekyll's `:title`: case kept; each run outside `[\p{M}\p{L}\p{Nd}._~!$&'()+,;=@]` is one `-`.
fn title_slug(parts: &Parts<'_>) -> String {
    let keep = |c: char| is_slug_letter(c) || "._~!$&'()+,;=@".contains(c);
    if parts.jekyll {
        let slug = slugify(parts.slug, keep);
        return if slug.is_empty() { parts.id.to_owned() } else { slug };
    }
    own_name(&slugify(&visible(parts.slug), keep), parts)
}

/// A name for the disk: visible, NFC, no dots at the ends, never empty and never a device name.
fn own_name(name: &str, parts: &Parts<'_>) -> String {
    let name = visible(name);
    let name = name.trim_matches(|c: char| c == '.' || c.is_whitespace());
    if name.is_empty() { parts.id.to_owned() } else { apart_from_devices(name) }
}

/// A slug of letters and digits alone: never empty and never a device name.
fn fit_or_untitled(slug: &str, parts: &Parts<'_>) -> String {
    if slug.is_empty() { format!("untitled-{}", parts.id) } else { apart_from_devices(slug) }
}

fn apart_from_devices(name: &str) -> String {
    if !is_reserved_name(name) {
        return name.to_owned();
    }
    match name.split_once('.') {
        Some((stem, rest)) => format!("{stem}_.{rest}"),
        None => format!("{name}_"),
    }
}

fn visible(text: &str) -> String {
    text::visible(&text.nfc().collect::<String>()).into_owned()
}

/// Jekyll's default slug: only `[\p{M}\p{L}\p{Nd}]`, lower case.
pub fn word_slug(text: &str) -> String {
    slugify(text, is_slug_letter).to_lowercase()
}

fn slugify(text: &str, keep: impl Fn(char) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if keep(c) {
            out.push(c);
        } else if !out.ends_with('-') {
            out.push('-');
        }
    }
    let out = out.strip_suffix('-').unwrap_or(&out);
    out.strip_prefix('-').unwrap_or(out).to_owned()
}

/// Jekyll joins categories by `/`, each name once.
fn joined(categories: &[String], slug: impl Fn(&str) -> String) -> String {
    let mut seen: Vec<String> = Vec::new();
    for category in categories {
        let category = slug(category);
        if !seen.contains(&category) {
            seen.push(category);
        }
    }
    seen.join("/")
}

/// The short stable name of a post: a hash of its path in the site.
pub fn id_of(path: &str) -> String {
    short_hash(&path.nfc().collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(pattern: &str, slug: &str) -> String {
        let parts = Parts {
            date: None,
            slug,
            stem: slug,
            path: slug,
            categories: &["AI".into(), "机器 学习".into(), "ai".into()],
            author: None,
            id: "1d",
            jekyll: false,
        };
        Pattern::parse(pattern).unwrap().expand(&parts).decoded
    }

    #[test]
    fn slugs() {
        assert_eq!(url("/:title/", "90%的VPN #OSINT 什么？“引号”：《书》 - 某站 %"), "/90-的VPN-OSINT-什么-引号-书-某站/");
        assert_eq!(url("/:title/", "零宽\u{200B}名"), "/零宽名/");
        assert_eq!(url("/:title/", "con"), "/con_/");
        assert_eq!(url("/:title/", "。。。"), "/1d/");
        assert_eq!(url("/:title/", "../../etc"), "/-..-etc/");
        assert_eq!(url("/:slug/", "CON"), "/con_/");
        assert_eq!(url("/:slug/", "。。。"), "/untitled-1d/");
        assert_eq!(url("/:pinyin/", "重庆银行"), "/chong-qing-yin-hang/");
        assert_eq!(url("/p/:pinyin.html", "ＡＩ时代：C++"), "/p/ai-shi-dai-c.html");
        assert_eq!(url("/:year/:pinyin/", "重庆"), "/chong-qing/");
        assert_eq!(url("/:pinyin/", "かな"), "/untitled-1d/");
        assert_eq!(url("none", "x"), "/ai/机器 学习/x.html");
        assert_eq!(url("/p/:year_:month/:title", "x"), "/x/");
    }

    #[test]
    fn mistakes_are_named() {
        assert!(Pattern::parse("prety").unwrap_err().english().contains("`pretty`"));
        assert!(Pattern::parse("/:yaer/").unwrap_err().english().contains("`:year`"));
    }
}
