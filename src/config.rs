//! `site.yaml`: what was typed, and what it means ([`Config`]).
//!
//! Each section is a file, which says its keys, checks what is typed under them, and gives what it
//! means; [`Config::read`] puts them together with what this run adds ([`Overrides`]). Contract:
//! the site manual, `docs/configuration.md`. Knows no posts.

mod compat;
mod defaults;
mod feeds;
mod file;
pub mod folders;
mod keywords;
mod markdown;
mod nav;
mod policy;
mod search;
mod security;
mod structure;
mod taxonomies;
mod urls;

use std::ops::Range;
use std::sync::Arc;

use jiff::tz::TimeZone;
use serde_yaml::Value;

use crate::compat::Compat;
use crate::diagnostic::Diagnostic;
use crate::digest::{Digest, Digester};
use crate::permalink::Pattern;
use crate::route::{BaseUrl, NameCase};
use crate::words::Message;
use crate::yaml::{Mistake, Setting, with_text_keys};

pub use chinese_markdown::{HtmlBlocks, RawHtml, StructureRules, When};
pub use defaults::{DefaultValue, Defaults, Type};
pub use feeds::{FeedContent, FeedIds, FeedKind, FeedSize, Feeds};
use file::ConfigFile;
pub use keywords::KeywordOptions;
pub use markdown::MarkdownOptions;
pub use nav::NavItem;
pub use policy::ContentPolicy;
pub use search::SearchOptions;
use security::Security;
pub use structure::{overridden, read_when};
pub use taxonomies::{Nested, Taxonomy};
use urls::Urls;

/// The keys of `site.yaml`.
const KEYS: [&str; 24] = [
    "title",
    "description",
    "base_url",
    "language",
    "timezone",
    "author",
    "theme",
    "posts",
    "permalink",
    "compat",
    "future",
    "paginate",
    "reading_speed",
    "feeds",
    "taxonomies",
    "markdown",
    "security",
    "urls",
    "search",
    "highlight",
    "keywords",
    "defaults",
    "nav",
    "extra",
];

/// What becomes of posts dated later than now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Future {
    Publish,
    Hold,
}

/// The configuration of a site, checked.
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
    /// Whether addresses that differ in case are two (`urls.case`).
    pub case: NameCase,
    pub future: Future,
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
    pub search: SearchOptions,
    pub highlight: bool,
    pub keywords: KeywordOptions,
    /// Front matter by folder, what goes before others first.
    pub defaults: Vec<Defaults>,
    pub nav: Vec<NavItem>,
    pub extra: Value,
    /// What this run adds; already in `base` and `future`.
    pub overrides: Overrides,
    /// Digest of everything but the present.
    pub digest: Digest,
    /// The same without what [pages alone](OF_PAGES) show: what cards and bodies follow from.
    pub reading: Digest,
    file: Arc<ConfigFile>,
}

/// Settings of one run, not of the site: what the command line says.
#[derive(Clone, Debug)]
pub struct Overrides {
    pub base_url: Option<String>,
    /// Drafts are shown.
    pub drafts: bool,
    /// Posts that wait for their time are shown before it.
    pub future: bool,
}

impl Config {
    /// Reads `site.yaml`; `text` is empty when there is none. `path` names it in diagnostics. The
    /// only error is a configuration that cannot be used, with the place of the first mistake.
    pub fn read(text: &str, path: &str, overrides: &Overrides) -> Result<Config, Box<Diagnostic>> {
        let file = Arc::new(ConfigFile::read(text, path)?);
        Config::of_file(&file, overrides).map_err(|mistake| Box::new(file.error(mistake)))
    }

    fn of_file(file: &Arc<ConfigFile>, overrides: &Overrides) -> Result<Config, Mistake> {
        let typed = file.typed().of_keys(&KEYS)?;
        let text =
            |key: &str, default: &str| Ok(typed.get(key).text()?.unwrap_or(default).to_owned());
        let compat = Compat::read(typed.get("compat"))?;
        let future = typed
            .get("future")
            .one_of(&[("publish", Future::Publish), ("hold", Future::Hold)])?
            .unwrap_or(Future::Publish);
        let urls = Urls::read(typed.get("urls"))?;
        let security = Security::read(typed.get("security"))?;
        let feeds = Feeds::read(typed.get("feeds"), compat)?;
        let taxonomies = Taxonomy::read_all(typed.get("taxonomies"), &feeds)?;
        let has_tags = taxonomies.iter().any(|taxonomy| taxonomy.name == "tags");
        let Overrides { base_url, drafts, future: is_early } = overrides;
        Ok(Config {
            title: text("title", "")?,
            description: text("description", "")?,
            base: base(&typed.get("base_url"), base_url.as_deref())?.naming_files(urls.names_files),
            language: text("language", "zh-Hans")?,
            zone: zone(&typed.get("timezone"))?,
            author: typed
                .get("author")
                .text()?
                .filter(|author| !author.trim().is_empty())
                .map(str::to_owned),
            theme: theme(&typed.get("theme"))?,
            posts: posts(&typed.get("posts"))?,
            named_posts: typed.get("posts").text()?.map(str::to_owned),
            permalink: permalink(&typed.get("permalink"))?,
            compat,
            case: urls.case,
            future: if *is_early { Future::Publish } else { future },
            paginate: match typed.get("paginate").number()? {
                Some(0) => {
                    return Err(typed
                        .get("paginate")
                        .mistake(say!("a page must hold at least one post")));
                }
                paginate => paginate.unwrap_or(50),
            },
            // Nobody reads slower or faster than the bounds; a value beyond is a slip of the
            // keyboard.
            reading_speed: typed.get("reading_speed").number_within(50..=3000)?.unwrap_or(400),
            markdown: MarkdownOptions::read(typed.get("markdown"), compat)?,
            raw_html: security.raw_html,
            policy: security.policy,
            follow_symlinks: security.follow_symlinks,
            search: SearchOptions::read(&typed.get("search"))?,
            highlight: typed.get("highlight").switch()?.unwrap_or(true),
            keywords: KeywordOptions::read(typed.get("keywords"), has_tags)?,
            defaults: Defaults::read_all(typed.get("defaults"))?,
            nav: NavItem::read_all(typed.get("nav"))?,
            extra: with_text_keys(typed.get("extra").value()),
            feeds,
            taxonomies,
            overrides: overrides.clone(),
            digest: Digester::new()
                .bytes(&file.path)
                .bytes(&file.text)
                .value(&(base_url, drafts, is_early))
                .finish(),
            reading: reading(&typed, overrides),
            file: Arc::clone(file),
        })
    }

    /// Returns the folders of the site that are read.
    pub fn folders(&self) -> Vec<String> {
        let own = folders::INPUTS.iter().map(|folder| folder.name.to_owned());
        own.chain([self.theme_folder(), self.posts.clone()]).collect()
    }

    /// Returns the folder of its theme, where it is none of the built-in ones.
    pub fn theme_folder(&self) -> String {
        format!("{}/{}", folders::THEMES, self.theme)
    }

    /// Returns the paths that are read besides `site.yaml`: the [folders](Config::folders), and the
    /// dictionary of keywords.
    pub fn inputs(&self) -> Vec<String> {
        self.folders().into_iter().chain(self.keywords.dictionary.clone()).collect()
    }

    /// Returns whether Jekyll's quirks are kept.
    pub fn is_jekyll(&self) -> bool {
        self.compat.is_jekyll()
    }

    /// Index of a taxonomy by name.
    pub fn taxonomy(&self, name: &str) -> Option<usize> {
        self.taxonomies.iter().position(|taxonomy| taxonomy.name == name)
    }

    /// Returns the keys of front matter that hold terms, of all taxonomies.
    pub fn list_keys(&self) -> Vec<&str> {
        self.taxonomies.iter().flat_map(|taxonomy| &taxonomy.keys).map(String::as_str).collect()
    }

    /// Returns the text of `site.yaml`, in which findings are shown.
    pub fn text(&self) -> &str {
        &self.file.text
    }

    /// Returns an error at the place of a key (`["extra", "measure"]`), for values that only other
    /// parts of the site can judge.
    pub fn mistake(&self, key: &[&str], message: impl Into<Message>) -> Diagnostic {
        self.file.error(self.file.typed().find(key).mistake(message))
    }

    /// Returns a finding at bytes of `site.yaml`.
    pub fn at(&self, range: Option<Range<usize>>, found: Diagnostic) -> Diagnostic {
        self.file.at(range, found)
    }
}

/// What is typed of the site that no card and no body knows (`tests/it/layers.rs`): a post need not
/// be read again where it changes.
pub const OF_PAGES: [&str; 10] = [
    "author",
    "description",
    "extra",
    "feeds",
    "nav",
    "paginate",
    "reading_speed",
    "search",
    "theme",
    "title",
];

/// Returns the digest of what cards and bodies follow from.
fn reading(typed: &Setting<'_>, overrides: &Overrides) -> Digest {
    let Overrides { base_url, drafts, future } = overrides;
    let mut digester = Digester::new();
    if let Value::Mapping(settings) = typed.value() {
        let of_pages = |key: &Value| key.as_str().is_some_and(|key| OF_PAGES.contains(&key));
        for setting in settings.iter().filter(|(key, _)| !of_pages(key)) {
            digester.value(&setting);
        }
    }
    digester.value(&(base_url, drafts, future)).finish()
}

/// Returns where the site is published. What the command line says has no place in the file.
fn base(typed: &Setting<'_>, replaced_by: Option<&str>) -> Result<BaseUrl, Mistake> {
    match replaced_by {
        Some(url) => BaseUrl::parse(url).map_err(|why| Mistake::new(None, why)),
        None => BaseUrl::parse(typed.text()?.unwrap_or_default()).map_err(|why| typed.mistake(why)),
    }
}

fn zone(typed: &Setting<'_>) -> Result<TimeZone, Mistake> {
    let name = typed.text()?.unwrap_or("UTC");
    TimeZone::get(name).map_err(|_| {
        typed.mistake(say!("`{}` is no time zone; use a name like Asia/Shanghai or UTC", name))
    })
}

fn permalink(typed: &Setting<'_>) -> Result<Pattern, Mistake> {
    Pattern::parse(typed.text()?.unwrap_or("/:year/:month/:day/:title/"))
        .map_err(|why| typed.mistake(why))
}

fn theme(typed: &Setting<'_>) -> Result<String, Mistake> {
    let theme = typed.text()?.unwrap_or("jian");
    if theme.is_empty() || theme.contains(['/', '\\']) || theme.starts_with('.') {
        return Err(typed.mistake(say!("`{}` is not the name of a folder below themes/", theme)));
    }
    Ok(theme.to_owned())
}

fn posts(typed: &Setting<'_>) -> Result<String, Mistake> {
    let posts = typed.text()?.unwrap_or("posts").trim_matches('/');
    if posts.is_empty()
        || posts.split('/').any(|segment| segment == ".." || segment == ".")
        || posts.contains('\\')
    {
        return Err(typed.mistake(say!("`{}` is not a folder of the site", posts)));
    }
    Ok(posts.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Config, Box<Diagnostic>> {
        let overrides = Overrides { base_url: None, drafts: false, future: false };
        Config::read(text, "site.yaml", &overrides)
    }

    fn mistake(text: &str) -> String {
        let diagnostic = *read(text).unwrap_err();
        let place = diagnostic.place.expect("a mistake has a place");
        format!(
            "{}:{} {} {}",
            place.line,
            place.column,
            diagnostic.message,
            diagnostic.hint.unwrap_or_default()
        )
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
        let config = read("keywords:\n  mode: auto\n  dictionary: data/words.txt\n").unwrap();
        assert_eq!(config.keywords.dictionary.as_deref(), Some("data/words.txt"));
        let place = config.mistake(&["keywords", "dictionary"], say!("a list")).place.unwrap();
        assert_eq!((place.line, place.column), (3, 15));
    }

    /// What else is said of a mistake, and where, is in `tests/errors/configuration.md`.
    #[test]
    fn numbers_have_bounds() {
        for speed in ["0", "-400", "49", "3001", "400000000000", "4.5"] {
            assert_eq!(
                mistake(&format!("title: x\nreading_speed: {speed}\n")),
                format!("2:16 `reading_speed` must be a number from 50 to 3000, not `{speed}` ")
            );
        }
        for count in ["0", "-1", "2.5", "51"] {
            let said = format!("`keywords.count` must be a number from 1 to 50, not `{count}` ");
            assert_eq!(
                mistake(&format!("keywords: {{mode: auto, count: {count}}}\n")),
                format!("1:31 {said}")
            );
            assert_eq!(
                mistake(&format!("keywords:\n  mode: auto\n  count: {count}\n")),
                format!("3:10 {said}")
            );
        }
    }

    #[test]
    fn words_for_on_and_off_are_no_modes() {
        for (typed, meant) in
            [("on", "auto"), ("yes", "auto"), ("AUTO", "auto"), ("Off", "off"), ("no", "off")]
        {
            let said = format!("must be one of off, auto, not `{typed}`; did you mean `{meant}`? ");
            assert_eq!(mistake(&format!("keywords: {typed}\n")), format!("1:11 `keywords` {said}"));
            assert_eq!(
                mistake(&format!("keywords:\n  mode: {typed}\n")),
                format!("2:9 `keywords.mode` {said}")
            );
        }
    }

    #[test]
    fn a_byte_order_mark_and_lines_of_windows_move_no_place() {
        assert!(mistake("\u{FEFF}theme: a/b\n").starts_with("1:8 "));
        assert!(mistake("title: x\r\ntheme: a/b # 随便\r\n").starts_with("2:8 "));
    }

    #[test]
    fn an_archive_may_rename_folders_and_feeds() {
        let config = read("base_url: https://h.example/archive/\nfeeds: {rss: index.xml, atom: false, json: false}\ntaxonomies:\n  authors: {folder: author}\n  categories: false\n").unwrap();
        assert_eq!(config.feeds.kinds, [(FeedKind::Rss, "index.xml".to_owned())]);
        assert_eq!(config.taxonomies[1].folder.path(), "/author/");
        assert_eq!(config.taxonomies.len(), 2);
    }
}
