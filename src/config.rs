//! `site.yaml`: what was typed ([`Settings`]) and what it means ([`Config`]).
//!
//! The first step only reads; the second checks every value, fills in defaults and adds what the command line said.
//! Contract: the site manual, `docs/configuration.md`. Knows no posts.

mod defaults;
pub mod folders;
mod keywords;
mod mistake;
mod number;
mod policy;
mod structure;
mod taxonomies;

use std::fmt;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Deserialize;
use serde::de::{self, Deserializer, Visitor};
use serde_yaml::{Mapping, Value};

use crate::diagnostic::{Diagnostic, nearest, or_meant};
use crate::digest::{Digest, Digester};
use crate::permalink::Pattern;
use crate::route::{BaseUrl, Route};
use crate::words::Message;

pub use defaults::{Defaults, Type};
pub use keywords::{KeywordOptions, UserDictionary};
pub use mistake::yaml_error;
use mistake::{ConfigFile, Mistake};
use number::Within;
pub use policy::ContentPolicy;
pub use structure::{Structure, When};
use taxonomies::resolve_taxonomies;
pub use taxonomies::{Nested, Taxonomy};

/// `site.yaml` as typed. Unknown keys are errors.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Settings {
    title: Option<String>,
    description: Option<String>,
    base_url: Option<String>,
    language: Option<String>,
    timezone: Option<String>,
    author: Option<String>,
    theme: Option<String>,
    posts: Option<String>,
    permalink: Option<String>,
    compat: Option<String>,
    future: Option<String>,
    paginate: Option<usize>,
    reading_speed: Option<Within<50, 3000>>,
    feeds: FeedSettings,
    taxonomies: Option<Mapping>,
    markdown: MarkdownSettings,
    security: SecuritySettings,
    urls: UrlSettings,
    highlight: Option<bool>,
    keywords: Option<keywords::Typed>,
    defaults: Vec<defaults::Typed>,
    nav: Vec<NavItem>,
    extra: Option<Value>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct FeedSettings {
    rss: Option<Switch>,
    atom: Option<Switch>,
    json: Option<Switch>,
    limit: Option<usize>,
    content: Option<String>,
    ids: Option<String>,
    terms: TermFeedSettings,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct TermFeedSettings {
    limit: Option<usize>,
    content: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct MarkdownSettings {
    math: Option<bool>,
    breaks: Option<Value>,
    liquid: Option<bool>,
    repair: Option<bool>,
    html_blocks: Option<String>,
    structure: Option<Value>,
    smart_punctuation: Option<bool>,
    kramdown: Option<bool>,
    ruby: Option<bool>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct SecuritySettings {
    html: Option<String>,
    csp: Option<Value>,
    follow_symlinks: Option<bool>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct UrlSettings {
    style: Option<String>,
    case: Option<String>,
}

/// `false`, `true`, or a file name.
#[derive(Clone, Debug)]
enum Switch {
    On(bool),
    Named(String),
}

impl<'de> Deserialize<'de> for Switch {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Switch, D::Error> {
        struct SwitchVisitor;
        impl Visitor<'_> for SwitchVisitor {
            type Value = Switch;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(phrase!("`true`, `false` or a file name"))
            }
            fn visit_bool<E: de::Error>(self, on: bool) -> Result<Switch, E> {
                Ok(Switch::On(on))
            }
            fn visit_str<E: de::Error>(self, name: &str) -> Result<Switch, E> {
                Ok(Switch::Named(name.to_owned()))
            }
        }
        deserializer.deserialize_any(SwitchVisitor)
    }
}

/// An entry of the navigation: a title and where it leads (a path of the site, or a full address).
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NavItem {
    pub title: String,
    pub url: String,
}

/// Whose quirks to keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compat {
    None,
    Jekyll,
}

/// What becomes of posts dated later than now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Future {
    Publish,
    Hold,
}

/// How raw HTML in posts is treated. Only the site's configuration chooses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RawHtml {
    Sanitize,
    Strip,
    Raw,
}

/// How far a raw HTML block reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HtmlBlocks {
    /// As kramdown where a scraped block would fall apart, as CommonMark elsewhere.
    Auto,
    /// To the matching end tag, blank lines included.
    Kramdown,
    /// To the first blank line.
    CommonMark,
}

/// A kind of feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub enum FeedKind {
    Rss,
    Atom,
    Json,
}

impl FeedKind {
    pub const ALL: [FeedKind; 3] = [FeedKind::Rss, FeedKind::Atom, FeedKind::Json];

    pub fn word(self) -> &'static str {
        match self {
            FeedKind::Rss => "rss",
            FeedKind::Atom => "atom",
            FeedKind::Json => "json",
        }
    }

    pub fn media_type(self) -> &'static str {
        match self {
            FeedKind::Rss => "application/rss+xml",
            FeedKind::Atom => "application/atom+xml",
            FeedKind::Json => "application/feed+json",
        }
    }
}

/// What an entry of a feed carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FeedContent {
    Full,
    Summary,
}

/// How entries are identified; a changed id shows every entry again in every reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FeedIds {
    /// The post's full address.
    Url,
    /// As jekyll-feed writes `page.id`.
    Jekyll,
    /// As hand-written Jekyll feeds print it: site address and `page.id`, unencoded.
    JekyllRaw,
}

/// How much of what a feed holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeedSize {
    /// Most entries.
    pub limit: usize,
    pub content: FeedContent,
}

/// The feeds of the site.
#[derive(Clone, Debug)]
pub struct Feeds {
    /// Kinds switched on, with their file names.
    pub kinds: Vec<(FeedKind, String)>,
    pub site: FeedSize,
    pub terms: FeedSize,
    pub ids: FeedIds,
}

/// Options of Markdown.
#[derive(Clone, Copy, Debug)]
pub struct MarkdownOptions {
    pub math: bool,
    pub breaks: When,
    pub liquid: bool,
    pub repair: bool,
    pub html_blocks: HtmlBlocks,
    pub structure: Structure,
    pub smart_punctuation: bool,
    pub kramdown: bool,
    pub ruby: bool,
}

/// Everything the keeper decided, checked.
#[derive(Clone, Debug)]
pub struct Config {
    pub title: String,
    pub description: String,
    pub base: BaseUrl,
    pub language: String,
    pub zone: TimeZone,
    pub author: Option<String>,
    pub theme: String,
    pub posts: String,
    /// The folder of the posts as the keeper named it, so it must be there.
    pub named_posts: Option<String>,
    pub permalink: Pattern,
    pub compat: Compat,
    /// Addresses that differ in case are two (`urls.case: sensitive`).
    pub tells_case: bool,
    pub future: Future,
    pub drafts: bool,
    /// `--future`: posts that wait for their time are shown before it.
    pub early: bool,
    /// The present, read once at the edge.
    pub now: Timestamp,
    pub paginate: usize,
    /// Characters a minute.
    pub reading_speed: u32,
    pub feeds: Feeds,
    pub taxonomies: Vec<Taxonomy>,
    pub markdown: MarkdownOptions,
    pub raw_html: RawHtml,
    pub policy: ContentPolicy,
    /// Folders of the site may be links that lead out of it.
    pub follow_symlinks: bool,
    pub highlight: bool,
    pub keywords: KeywordOptions,
    /// Front matter by folder, what goes before others first.
    pub defaults: Vec<Defaults>,
    pub nav: Vec<NavItem>,
    pub extra: Value,
    /// The file itself, for what is checked later: the options of the theme.
    file: ConfigFile,
    /// Digest of everything above but the present.
    pub digest: Digest,
    /// The text of `site.yaml`, in which findings are shown.
    pub text: String,
}

/// What the command line adds.
#[derive(Clone, Debug)]
pub struct Overrides {
    pub base_url: Option<String>,
    pub drafts: bool,
    pub future: bool,
    pub now: Timestamp,
}

impl Config {
    /// The folders of the site that are read.
    pub fn folders(&self) -> Vec<String> {
        let own = folders::INPUTS.iter().map(|folder| folder.name.to_owned());
        own.chain([self.theme_folder(), self.posts.clone()]).collect()
    }

    /// The folder of its theme, where it is none of the built-in ones.
    pub fn theme_folder(&self) -> String {
        format!("{}/{}", folders::THEMES, self.theme)
    }

    /// All of the site that is read besides `site.yaml`: [folders](Config::folders), and the dictionary of keywords.
    pub fn inputs(&self) -> Vec<String> {
        let dictionary = self.keywords.dictionary.as_ref().map(|dictionary| dictionary.path.clone());
        self.folders().into_iter().chain(dictionary).collect()
    }

    pub fn is_jekyll(&self) -> bool {
        self.compat == Compat::Jekyll
    }

    /// Index of a taxonomy by name.
    pub fn taxonomy(&self, name: &str) -> Option<usize> {
        self.taxonomies.iter().position(|taxonomy| taxonomy.name == name)
    }

    /// The keys of front matter that hold terms, of all taxonomies.
    pub fn list_keys(&self) -> Vec<&str> {
        self.taxonomies.iter().flat_map(|taxonomy| &taxonomy.keys).map(String::as_str).collect()
    }

    /// Reads `site.yaml`; `text` is empty when there is none. `path` names it in diagnostics. The only error is a
    /// configuration that cannot be used, with the place of the first mistake.
    pub fn read(text: &str, path: &str, overrides: &Overrides) -> Result<Config, Box<Diagnostic>> {
        let settings = Settings::parse(text).map_err(|diagnostic| Box::new(diagnostic.in_file(path)))?;
        let mut config = settings.resolve(overrides).map_err(|mistake| Box::new(mistake.locate(text).in_file(path)))?;
        config.keywords.locate(text, path);
        config.file = ConfigFile { path: path.to_owned(), text: text.to_owned() };
        let Overrides { base_url, drafts, future, now: _ } = overrides;
        text.clone_into(&mut config.text);
        config.digest = Digester::new().bytes(path).bytes(text).value(&(base_url, drafts, future)).finish();
        Ok(config)
    }

    /// An error at the place of `key` (`extra.measure`), for values that only other parts of the site can judge.
    pub fn mistake(&self, key: &str, message: impl Into<Message>) -> Diagnostic {
        Mistake::new(key, message).locate(&self.file.text).in_file(&self.file.path)
    }

    /// A finding in `defaults`, where the rule of that path first says `word`.
    pub fn in_defaults(&self, path: &str, word: &str, diagnostic: Diagnostic) -> Diagnostic {
        let text = &self.file.text;
        let after = |at: usize, word: &str| text[at..].find(word).map_or(at, |found| at + found);
        let start = after(after(text.find("\ndefaults:").unwrap_or(0), path), word);
        diagnostic.at(text, start..start + word.len()).in_file(&self.file.path)
    }
}

impl Settings {
    fn parse(text: &str) -> Result<Settings, Box<Diagnostic>> {
        let text = text.trim_start_matches('\u{FEFF}');
        if text.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#')) {
            return Ok(Settings::default());
        }
        serde_yaml::from_str(text).map_err(|error| Box::new(yaml_error("config", text, 0, &error)))
    }

    fn resolve(self, overrides: &Overrides) -> Result<Config, Mistake> {
        let compat = choose("compat", self.compat.as_deref(), &[("none", Compat::None), ("jekyll", Compat::Jekyll)])?;
        let base_url = overrides.base_url.clone().or(self.base_url).unwrap_or_default();
        let base = BaseUrl::parse(&base_url).map_err(|why| Mistake::new("base_url", why))?;
        let zone_name = self.timezone.unwrap_or_else(|| "UTC".to_owned());
        let zone = TimeZone::get(&zone_name)
            .map_err(|_| Mistake::new("timezone", say!("`{}` is no time zone; use a name like Asia/Shanghai or UTC", &zone_name)))?;
        let permalink = self.permalink.unwrap_or_else(|| "/:year/:month/:day/:title/".to_owned());
        let permalink = Pattern::parse(&permalink).map_err(|why| Mistake::new("permalink", why))?;
        let future = choose("future", self.future.as_deref(), &[("publish", Future::Publish), ("hold", Future::Hold)])?;
        let raw_html = choose(
            "security.html",
            self.security.html.as_deref(),
            &[("sanitize", RawHtml::Sanitize), ("strip", RawHtml::Strip), ("raw", RawHtml::Raw)],
        )?;
        let policy = ContentPolicy::resolve(self.security.csp.as_ref(), raw_html)?;
        let names_files = choose("urls.style", self.urls.style.as_deref(), &[("pretty", false), ("explicit", true)])?;
        let base = base.naming_files(names_files);
        let breaks = match &self.markdown.breaks {
            None => When::Auto,
            Some(value) => When::read(value).ok_or_else(|| Mistake::new("markdown.breaks", say!("write `auto`, `true` or `false`")))?,
        };
        let html_blocks = choose(
            "markdown.html_blocks",
            self.markdown.html_blocks.as_deref().or((compat == Compat::Jekyll).then_some("kramdown")),
            &[("auto", HtmlBlocks::Auto), ("kramdown", HtmlBlocks::Kramdown), ("commonmark", HtmlBlocks::CommonMark)],
        )?;
        let structure = Structure::all(When::Auto)
            .overridden(self.markdown.structure.as_ref().unwrap_or(&Value::Null))
            .map_err(|why| Mistake::new("markdown.structure", why))?;
        let theme = self.theme.unwrap_or_else(|| "jian".to_owned());
        if theme.is_empty() || theme.contains(['/', '\\']) || theme.starts_with('.') {
            return Err(Mistake::new("theme", say!("`{}` is not the name of a folder below themes/", theme)));
        }
        let named_posts = self.posts.clone();
        let posts = self.posts.unwrap_or_else(|| "posts".to_owned()).trim_matches('/').to_owned();
        if posts.is_empty() || posts.split('/').any(|segment| segment == ".." || segment == ".") || posts.contains('\\') {
            return Err(Mistake::new("posts", say!("`{}` is not a folder of the site", posts)));
        }
        let feeds = self.feeds.resolve(compat)?;
        let taxonomies = resolve_taxonomies(self.taxonomies, &feeds)?;
        let keywords = KeywordOptions::resolve(self.keywords, taxonomies.iter().any(|taxonomy| taxonomy.name == "tags"))?;
        Ok(Config {
            title: self.title.unwrap_or_default(),
            description: self.description.unwrap_or_default(),
            base,
            language: self.language.unwrap_or_else(|| "zh-Hans".to_owned()),
            zone,
            author: self.author.filter(|author| !author.trim().is_empty()),
            theme,
            posts,
            named_posts,
            permalink,
            compat,
            tells_case: choose("urls.case", self.urls.case.as_deref(), &[("insensitive", false), ("sensitive", true)])?,
            future: if overrides.future { Future::Publish } else { future },
            drafts: overrides.drafts,
            early: overrides.future,
            now: overrides.now,
            paginate: match self.paginate {
                Some(0) => return Err(Mistake::new("paginate", say!("a page must hold at least one post"))),
                paginate => paginate.unwrap_or(50),
            },
            // Nobody reads slower or faster than the bounds; a value beyond is a slip of the keyboard.
            reading_speed: self.reading_speed.map_or(400, |Within(speed)| speed),
            feeds,
            taxonomies,
            markdown: MarkdownOptions {
                math: self.markdown.math.unwrap_or(false),
                breaks,
                liquid: self.markdown.liquid.unwrap_or(false),
                repair: self.markdown.repair.unwrap_or(true),
                html_blocks,
                structure,
                smart_punctuation: self.markdown.smart_punctuation.unwrap_or(false),
                kramdown: self.markdown.kramdown.unwrap_or(compat == Compat::Jekyll),
                ruby: self.markdown.ruby.unwrap_or(false),
            },
            raw_html,
            policy,
            follow_symlinks: self.security.follow_symlinks.unwrap_or(false),
            highlight: self.highlight.unwrap_or(true),
            keywords,
            defaults: defaults::resolve(self.defaults)?,
            nav: self.nav,
            extra: with_text_keys(self.extra.unwrap_or(Value::Null)),
            file: ConfigFile::default(),
            digest: Digest::default(),
            text: String::new(),
        })
    }
}

impl FeedSettings {
    fn resolve(self, compat: Compat) -> Result<Feeds, Mistake> {
        let mut kinds = Vec::new();
        let defaults = [
            (FeedKind::Rss, self.rss, "feeds.rss", "rss.xml"),
            (FeedKind::Atom, self.atom, "feeds.atom", "atom.xml"),
            (FeedKind::Json, self.json, "feeds.json", "feed.json"),
        ];
        for (kind, switch, key, default) in defaults {
            let name = match switch {
                Some(Switch::On(false)) => continue,
                Some(Switch::Named(name)) => name,
                Some(Switch::On(true)) | None => default.to_owned(),
            };
            let name = name.trim_start_matches('/').to_owned();
            let is_file = Route::parse(&name).is_ok_and(|route| route.file() == name);
            if !is_file || name == "index.html" {
                return Err(Mistake::new(key, say!("`{}` is not the name of a feed file such as {}", name, default)));
            }
            if kinds.iter().any(|(_, other)| *other == name) {
                return Err(Mistake::new(key, say!("two kinds of feed cannot share the name `{}`", name)));
            }
            kinds.push((kind, name));
        }
        let contents = [("full", FeedContent::Full), ("summary", FeedContent::Summary)];
        let ids = choose(
            "feeds.ids",
            self.ids.as_deref().or((compat == Compat::Jekyll).then_some("jekyll")),
            &[("url", FeedIds::Url), ("jekyll", FeedIds::Jekyll), ("jekyll-raw", FeedIds::JekyllRaw)],
        )?;
        Ok(Feeds {
            kinds,
            site: FeedSize { limit: self.limit.unwrap_or(20), content: choose("feeds.content", self.content.as_deref(), &contents)? },
            terms: FeedSize {
                limit: self.terms.limit.or(self.limit).unwrap_or(20),
                // Full text in every tag feed of a real archive is six times its input.
                content: choose("feeds.terms.content", self.terms.content.as_deref().or(Some("summary")), &contents)?,
            },
            ids,
        })
    }
}

/// One of a few words; the first is the default.
fn choose<T: Copy>(key: &'static str, typed: Option<&str>, options: &[(&str, T)]) -> Result<T, Mistake> {
    let Some(typed) = typed else { return Ok(options[0].1) };
    if let Some((_, value)) = options.iter().find(|(word, _)| *word == typed) {
        Ok(*value)
    } else {
        let words: Vec<&str> = options.iter().map(|(word, _)| *word).collect();
        let near = nearest(typed, words.iter().copied());
        Err(Mistake::new(key, or_meant(not_one_of(key, words, typed), near)))
    }
}

fn not_one_of(key: &str, words: Vec<&str>, typed: &str) -> Message {
    say!("`{}` must be one of {}, not `{}`", key, words, typed)
}

/// A value whose maps have texts for keys: what templates and JSON can hold. `{1: x}` and `{~: x}` keep their spelling.
pub fn with_text_keys(value: Value) -> Value {
    match value {
        Value::Sequence(items) => Value::Sequence(items.into_iter().map(with_text_keys).collect()),
        Value::Mapping(map) => Value::Mapping(
            map.into_iter()
                .map(|(key, value)| {
                    let key = match key {
                        Value::String(key) => key,
                        other => serde_yaml::to_string(&other).unwrap_or_default().trim().to_owned(),
                    };
                    (Value::String(key), with_text_keys(value))
                })
                .collect(),
        ),
        Value::Tagged(tagged) => with_text_keys(tagged.value),
        value => value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Config, Box<Diagnostic>> {
        let overrides = Overrides { base_url: None, drafts: false, future: false, now: Timestamp::UNIX_EPOCH };
        Config::read(text, "site.yaml", &overrides)
    }

    fn mistake(text: &str) -> String {
        let diagnostic = *read(text).unwrap_err();
        let place = diagnostic.place.expect("a mistake has a place");
        format!("{}:{} {} {}", place.line, place.column, diagnostic.message, diagnostic.hint.unwrap_or_default())
    }

    #[test]
    fn defaults_hold_without_a_file() {
        let config = read("# nothing\n").unwrap();
        assert_eq!(config.paginate, 50);
        assert_eq!(config.reading_speed, 400);
        assert_eq!(config.feeds.kinds.len(), 3);
        assert_eq!(config.taxonomies.len(), 3);
        assert!(!config.keywords.auto && config.keywords.count == 5);
    }

    #[test]
    fn keywords_in_two_forms() {
        let options = |text| read(text).unwrap().keywords;
        for (text, auto, count) in [
            ("keywords: auto", true, 5),
            ("keywords: off", false, 5),
            ("keywords: false", false, 5),
            ("keywords: true", true, 5),
            ("keywords:", false, 5),
            ("keywords: {mode: auto, count: 8}", true, 8),
            ("keywords: {mode: off, count: 8}\ntaxonomies: {tags: false}", false, 8),
        ] {
            assert_eq!((options(text).auto, options(text).count), (auto, count), "{text}");
        }
        let dictionary = options("keywords:\n  mode: auto\n  dictionary: data/words.txt\n").dictionary.unwrap();
        assert_eq!((dictionary.path.as_str(), dictionary.named_at.1.unwrap().line), ("data/words.txt", 3));
    }

    #[test]
    fn mistakes_have_places_and_hints() {
        assert_eq!(mistake("title: x\ntitel: y\n"), "2:1 unknown key `titel` did you mean `title`?");
        assert!(mistake("title: x\nmarkdown:\n  mathe: true\n").starts_with("3:3 unknown key `mathe` did you mean `math`?"));
        assert!(mistake("timezone: Asia/Peking\n").starts_with("1:11 `Asia/Peking` is no time zone"));
        assert!(
            mistake("security:\n  html: row\n")
                .starts_with("2:9 `security.html` must be one of sanitize, strip, raw, not `row`; did you mean `raw`?")
        );
        assert!(mistake("taxonomies:\n  tags: {foldr: a}\n").contains("did you mean `folder`?"));
        assert!(mistake("taxonomies:\n  categories: {nested: list}\n").contains("`nested` is `true`, `false` or `lists`"));
        assert!(mistake("defaults:\n  - {paht: posts, values: {}}\n").starts_with("2:6 unknown key `paht` did you mean `path`?"));
        assert!(mistake("defaults:\n  - {path: posts, type: post}\n").contains("did you mean `posts`?"));
        assert!(mistake("urls: {case: sensible}\n").contains("did you mean `sensitive`?"));
        assert_eq!(mistake("paginate: many\n"), "1:11 `paginate` must be a whole number, not the text \"many\" ");
        assert!(
            mistake("security:\n  csp:\n    img-src: \"'self'\"\n    script-src: self\n").starts_with("4:17 `script-src`: `self` means")
        );
        assert_eq!(mistake("urls: explicit\n"), "1:7 `urls` must be a map, not the text \"explicit\" ");
        assert_eq!(mistake("highlight: yes\n"), "1:12 `highlight` must be `true` or `false`, not the text \"yes\" ");
        assert_eq!(mistake("nav: x\n"), "1:6 `nav` must be a list, not the text \"x\" ");
        assert_eq!(mistake("feeds: false\n"), "1:8 `feeds` must be a map, not `false` ");
        assert_eq!(mistake("title: x\ntheme: a\ntitle: y\n"), "3:1 the key `title` is here twice ");
        for speed in ["0", "-400", "49", "3001", "400000000000"] {
            let said = mistake(&format!("title: x\nreading_speed: {speed}\n"));
            assert_eq!(said, format!("2:16 `reading_speed` must be a number from 50 to 3000, not `{speed}` "));
        }
        for (typed, said) in [("4.5", "`4.5`"), ("fast", "the text \"fast\""), ("\"5\"", "the text \"5\""), ("[1]", "a list")] {
            let expected = format!("1:16 `reading_speed` must be a number from 50 to 3000, not {said} ");
            assert_eq!(mistake(&format!("reading_speed: {typed}\n")), expected);
        }
        assert!(mistake("feeds:\n  rss: ../x.xml\n").starts_with("2:8"));
        assert!(mistake("extra:\n  keywords: fine\nkeywords: atuo\n").starts_with("3:11"));
        assert!(mistake("keywords: atuo\n").starts_with("1:11 `keywords` must be one of off, auto, not `atuo`; did you mean `auto`?"));
        assert!(mistake("keywords:\n  mode: auto\n  cuont: 3\n").starts_with("3:3 unknown key `cuont` did you mean `count`?"));
        for (typed, said) in
            [("0", "`0`"), ("-1", "`-1`"), ("2.5", "`2.5`"), ("51", "`51`"), ("\"5\"", "the text \"5\""), ("a", "the text \"a\"")]
        {
            let expected = format!("`keywords.count` must be a number from 1 to 50, not {said} ");
            assert_eq!(mistake(&format!("keywords: {{mode: auto, count: {typed}}}\n")), format!("1:31 {expected}"));
            assert_eq!(mistake(&format!("keywords:\n  mode: auto\n  count: {typed}\n")), format!("3:10 {expected}"));
        }
        for (typed, meant) in [("on", "auto"), ("yes", "auto"), ("AUTO", "auto"), ("Off", "off"), ("no", "off")] {
            let said = mistake(&format!("keywords: {typed}\n"));
            assert_eq!(said, format!("1:11 `keywords` must be one of off, auto, not `{typed}`; did you mean `{meant}`? "));
            let said = mistake(&format!("keywords:\n  mode: {typed}\n"));
            assert_eq!(said, format!("2:9 `keywords.mode` must be one of off, auto, not `{typed}`; did you mean `{meant}`? "));
        }
        assert!(mistake("keywords:\n  count: 3\n").starts_with("1:1 `keywords` needs a `mode`"));
        assert!(mistake("keywords:\n  mode: auto\n  dictionary: ../x.txt\n").starts_with("3:15 `../x.txt` is not a file"));
        assert!(mistake("keywords: auto\ntaxonomies: {tags: false}\n").starts_with("1:11 `keywords: auto` makes tags"));
        assert!(mistake("keywords: [auto]\n").contains("`auto`, `off` or a map"));
    }

    #[test]
    fn an_archive_may_rename_folders_and_feeds() {
        let config = read("base_url: https://h.example/archive/\nfeeds: {rss: index.xml, atom: false, json: false}\ntaxonomies:\n  authors: {folder: author}\n  categories: false\n").unwrap();
        assert_eq!(config.feeds.kinds, [(FeedKind::Rss, "index.xml".to_owned())]);
        assert_eq!(config.taxonomies[1].folder.path(), "/author/");
        assert_eq!(config.taxonomies.len(), 2);
    }
}
