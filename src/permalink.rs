//! Permalink patterns: Jekyll's placeholders and style names, Hugo's `:filename`, and `:id`.
//!
//! Sources: Jekyll 4.3 `lib/jekyll/drops/url_drop.rb`, `url.rb`, `utils.rb` (behaviour; recorded
//! URLs are the test). Pure: a pattern and the parts of a post's name give a URL.

use jiff::ZonedDateTime;
use unicode_normalization::UnicodeNormalization;

use crate::compat::Compat;
use crate::diagnostic::nearest;
use crate::route::{decode, encode_path, is_reserved_name, short_hash};
use crate::words::Message;
use chinese_text::pinyin;
use chinese_text::{self as text, is_slug_letter};

/// A parsed permalink pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    pieces: Vec<PatternPiece>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum PatternPiece {
    Text(String),
    Placeholder(&'static str),
    /// A key of front matter.
    Key(String),
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
const UNDATED: [&str; 13] = [
    "title",
    "pinyin",
    "slug",
    "name",
    "path",
    "sections",
    "filename",
    "collection",
    "categories",
    "slugified_categories",
    "output_ext",
    "id",
    "author",
];

/// What stands between the names of nested categories in the name of the innermost: `技术/前端` is
/// `前端` below `技术`, where there is a category `技术`.
pub const PATH_SEPARATOR: &str = "/";

/// Returns the name of the category above, and what is added to it.
pub fn above(name: &str) -> Option<(&str, &str)> {
    name.rsplit_once(PATH_SEPARATOR).filter(|(above, label)| !above.is_empty() && !label.is_empty())
}

/// What a URL is made of.
#[derive(Clone, Copy, Debug)]
pub struct PermalinkParts<'a> {
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
    /// What the front matter has for the [keys](Pattern::keys) of the pattern.
    pub keys: &'a [(String, String)],
    /// Keep Jekyll's quirks to the byte.
    pub compat: Compat,
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
            "date" => {
                Ok(Pattern::parse_template("/:categories/:year/:month/:day/:title:output_ext"))
            }
            "pretty" => Ok(Pattern::parse_template("/:categories/:year/:month/:day/:title/")),
            "ordinal" => Ok(Pattern::parse_template("/:categories/:year/:y_day/:title:output_ext")),
            "weekdate" => Ok(Pattern::parse_template(
                "/:categories/:year/W:week/:short_day/:title:output_ext",
            )),
            "none" => Ok(Pattern::parse_template("/:categories/:title:output_ext")),
            template if template.contains([':', '/']) => Ok(Pattern::parse_template(template)),
            other => Err(match nearest(other, ["pretty", "date", "ordinal", "weekdate", "none"]) {
                Some(style) => say!("`{}` is no permalink style; did you mean `{}`?", other, style),
                None => say!(
                    "`{}` is neither a style (pretty, date, ordinal, weekdate, none) nor a pattern like /:year/:title/",
                    other
                ),
            }),
        }
    }

    /// Reads a pattern; in a post's own `permalink` styles have no meaning (Jekyll). A word that is
    /// no placeholder is a key of front matter.
    pub fn parse_template(template: &str) -> Pattern {
        let mut pieces = Vec::new();
        let mut rest = template;
        while let Some(colon) = rest.find(':') {
            let (text, tail) = rest.split_at(colon);
            push_text(&mut pieces, text);
            let letters = tail[1..]
                .bytes()
                .take_while(|byte| byte.is_ascii_lowercase() || *byte == b'_')
                .count();
            // `:year_:month` means `:year`, `_`, `:month`.
            let word = tail[1..=letters].trim_end_matches('_');
            let length =
                if let Some(name) = DATED.iter().chain(&UNDATED).find(|name| **name == word) {
                    pieces.push(PatternPiece::Placeholder(name));
                    word.len()
                } else {
                    let is_of_key = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
                    let length = tail[1..].bytes().take_while(is_of_key).count();
                    let key = tail[1..=length].trim_end_matches('_');
                    if key.starts_with(|c: char| c.is_ascii_lowercase()) {
                        pieces.push(PatternPiece::Key(key.to_ascii_lowercase()));
                        key.len()
                    } else {
                        push_text(&mut pieces, ":");
                        0
                    }
                };
            rest = &tail[1 + length..];
        }
        push_text(&mut pieces, rest);
        Pattern { pieces }
    }

    /// Returns the keys of front matter, in lower case, that an address is made of.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().filter_map(|piece| match piece {
            PatternPiece::Key(key) => Some(key.as_str()),
            _ => None,
        })
    }

    /// Returns whether the pattern cannot be filled without a date.
    pub fn needs_date(&self) -> bool {
        self.pieces
            .iter()
            .any(|piece| matches!(piece, PatternPiece::Placeholder(name) if DATED.contains(name)))
    }

    /// Returns the URL of a post. Without a date, a pattern that needs one becomes `/:title/` or,
    /// with pinyin in it, `/:pinyin/`.
    pub fn expand(&self, parts: &PermalinkParts<'_>) -> Url {
        if self.needs_date() && parts.date.is_none() {
            let name = if self.pieces.contains(&PatternPiece::Placeholder("pinyin")) {
                "pinyin"
            } else {
                "title"
            };
            let undated = Pattern {
                pieces: vec![
                    PatternPiece::Text("/".into()),
                    PatternPiece::Placeholder(name),
                    PatternPiece::Text("/".into()),
                ],
            };
            return undated.expand(parts);
        }
        let mut url = Url { encoded: "/".to_owned(), decoded: "/".to_owned() };
        for piece in &self.pieces {
            match piece {
                // The keeper's own text is used as it is, as Jekyll does; the file has the decoded
                // name.
                PatternPiece::Text(text) => {
                    url.encoded.push_str(text);
                    url.decoded.push_str(&decode(text));
                }
                PatternPiece::Placeholder(name) => {
                    let value = value(name, parts);
                    url.encoded.push_str(&encode_path(&value));
                    url.decoded.push_str(&value);
                }
                PatternPiece::Key(key) => {
                    let value = parts
                        .keys
                        .iter()
                        .find(|(name, _)| name == key)
                        .map_or("", |(_, value)| value);
                    url.encoded.push_str(&encode_path(value));
                    url.decoded.push_str(value);
                }
            }
        }
        let clean: fn(&str) -> String =
            if parts.compat.is_jekyll() { sanitize_as_jekyll } else { squeeze_slashes };
        let decoded = clean(&url.decoded);
        let encoded =
            if parts.compat.is_jekyll() { clean(&url.encoded) } else { encode_path(&decoded) };
        Url { encoded, decoded }
    }
}

/// Returns what is wrong with a pattern of a key that the post does not have, and what to do.
pub fn unknown_key(key: &str) -> (Message, Message) {
    let hint = match nearest(key, DATED.iter().chain(&UNDATED).copied()) {
        Some(near) => say!("add `{}: …` to its front matter; or did you mean `:{}`?", key, near),
        None => say!(
            "add `{}: …` to its front matter; a colon of the address itself is written `%3A`",
            key
        ),
    };
    (say!("its address is made of `:{}`, and the post has no `{}`", key, key), hint)
}

fn push_text(pieces: &mut Vec<PatternPiece>, text: &str) {
    match pieces.last_mut() {
        Some(PatternPiece::Text(last)) => last.push_str(text),
        _ if text.is_empty() => {}
        _ => pieces.push(PatternPiece::Text(text.to_owned())),
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

fn value(name: &str, parts: &PermalinkParts<'_>) -> String {
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
        "slug" if parts.compat.is_jekyll() => word_slug(parts.slug),
        "name" if parts.compat.is_jekyll() => word_slug(parts.stem),
        "slug" => fit_or_untitled(&word_slug(parts.slug), parts),
        "name" => fit_or_untitled(&word_slug(parts.stem), parts),
        "path" => parts.path.to_owned(),
        "sections" => parts.path.rsplit_once('/').map_or("", |(folders, _)| folders).to_owned(),
        "filename" => own_name(parts.stem, parts),
        "collection" => "posts".to_owned(),
        "categories" if parts.compat.is_jekyll() => joined(parts.categories, str::to_lowercase),
        "categories" => joined(parts.categories, |name| {
            own_name(&label(name, parts.categories).to_lowercase(), parts)
        }),
        "slugified_categories" if parts.compat.is_jekyll() => joined(parts.categories, word_slug),
        "slugified_categories" => {
            joined(parts.categories, |name| word_slug(label(name, parts.categories)))
        }
        "output_ext" => ".html".to_owned(),
        "author" => parts.author.map_or_else(String::new, word_slug),
        _ => parts.id.to_owned(),
    }
}

/// Jekyll's `:title`: case kept; each run outside `[\p{M}\p{L}\p{Nd}._~!$&'()+,;=@]` is one `-`.
fn title_slug(parts: &PermalinkParts<'_>) -> String {
    let keep = |c: char| is_slug_letter(c) || "._~!$&'()+,;=@".contains(c);
    if parts.compat.is_jekyll() {
        return slugify(parts.slug, keep);
    }
    own_name(&slugify(&visible(parts.slug), keep), parts)
}

/// Returns a name for the disk: visible, NFC, no dots at the ends, never empty and never a device
/// name.
fn own_name(name: &str, parts: &PermalinkParts<'_>) -> String {
    let name = visible(name);
    let name = name.trim_matches(|c: char| c == '.' || c.is_whitespace());
    if name.is_empty() { parts.id.to_owned() } else { apart_from_devices(name) }
}

/// Returns a slug of letters and digits alone: never empty and never a device name.
fn fit_or_untitled(slug: &str, parts: &PermalinkParts<'_>) -> String {
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

/// Returns the own name of a category below another of the post's.
fn label<'n>(name: &'n str, categories: &[String]) -> &'n str {
    above(name)
        .filter(|(above, _)| categories.iter().any(|other| other == above))
        .map_or(name, |(_, label)| label)
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

/// Returns the short stable name of a post: a hash of its path in the site.
pub fn id_of(path: &str) -> String {
    short_hash(&path.nfc().collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(pattern: &str, slug: &str) -> String {
        let parts = PermalinkParts {
            date: None,
            slug,
            stem: slug,
            path: slug,
            categories: &["AI".into(), "机器 学习".into(), "ai".into()],
            author: None,
            id: "1d",
            keys: &[("abbrlink".into(), "3f2a".into())],
            compat: Compat::None,
        };
        Pattern::parse(pattern).unwrap().expand(&parts).decoded
    }

    #[test]
    fn slugs() {
        assert_eq!(
            url("/:title/", "90%的VPN #OSINT 什么？“引号”：《书》 - 某站 %"),
            "/90-的VPN-OSINT-什么-引号-书-某站/"
        );
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
        assert_eq!(url("/p/:abbrlink_:title.html", "x"), "/p/3f2a_x.html");
        assert_eq!(url("/p/:abbrLink/12:30/:B/", "x"), "/p/3f2a/12:30/:B/");
        assert_eq!(url("/:sections/:title/", "a/b/x"), "/a/b/a-b-x/");
    }

    #[test]
    fn mistakes_are_named() {
        assert!(Pattern::parse("prety").unwrap_err().english().contains("`pretty`"));
        assert!(unknown_key("yaer").1.english().contains("`:year`"));
    }
}
