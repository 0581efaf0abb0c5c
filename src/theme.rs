//! Themes: templates, assets and words, in three layers.
//!
//! First found wins: the site's own `templates/`, `assets/`, `i18n/`; then `themes/NAME/`; then the built-in theme. A
//! template reaches the one it overrides by its layer: `{% extends "theme/post.html" %}` or `"builtin/post.html"`. Knows no
//! posts; what templates are given is written down in `view`.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use tera::{ErrorKind, Kwargs, State, Tera, TeraResult, Value};

use crate::config::Config;
use crate::diagnostic::{Diagnostic, Failure};
use crate::markdown::html_writer::Labels;
use crate::route::Route;
use crate::source::Source;

/// The built-in theme, `themes/jian` of the repository. A test compares the list with the folder.
const BUILTIN: [(&str, &str); 16] = [
    ("templates/404.html", include_str!("../themes/jian/templates/404.html")),
    ("templates/archive.html", include_str!("../themes/jian/templates/archive.html")),
    ("templates/base.html", include_str!("../themes/jian/templates/base.html")),
    ("templates/card.html", include_str!("../themes/jian/templates/card.html")),
    ("templates/home.html", include_str!("../themes/jian/templates/home.html")),
    ("templates/list.html", include_str!("../themes/jian/templates/list.html")),
    ("templates/page.html", include_str!("../themes/jian/templates/page.html")),
    ("templates/pager.html", include_str!("../themes/jian/templates/pager.html")),
    ("templates/post.html", include_str!("../themes/jian/templates/post.html")),
    ("templates/redirect.html", include_str!("../themes/jian/templates/redirect.html")),
    ("templates/terms.html", include_str!("../themes/jian/templates/terms.html")),
    ("assets/style.css", include_str!("../themes/jian/assets/style.css")),
    ("i18n/en.yaml", include_str!("../themes/jian/i18n/en.yaml")),
    ("i18n/zh-Hans.yaml", include_str!("../themes/jian/i18n/zh-Hans.yaml")),
    ("i18n/zh-Hant.yaml", include_str!("../themes/jian/i18n/zh-Hant.yaml")),
    ("theme.yaml", include_str!("../themes/jian/theme.yaml")),
];
const BUILTIN_NAME: &str = "jian";

/// The files of the built-in theme, for a new site and for tests.
pub fn builtin_files() -> impl Iterator<Item = (&'static str, &'static str)> {
    BUILTIN.into_iter()
}

/// Templates that every theme has, itself or by the built-in ones.
const REQUIRED: [&str; 8] = ["404.html", "archive.html", "home.html", "list.html", "page.html", "post.html", "redirect.html", "terms.html"];

/// One file that pages refer to.
#[derive(Clone, Debug)]
pub struct Asset {
    /// Its name in the theme, `style.css`.
    pub name: String,
    /// Where it is published, with a hash of its content in the name: it can be cached for ever.
    pub route: Route,
    pub bytes: Vec<u8>,
}

/// A loaded theme.
#[derive(Debug)]
pub struct Theme {
    pub tera: Tera,
    pub assets: Vec<Asset>,
    /// UI strings of the site's language.
    pub words: BTreeMap<String, String>,
    /// Where each template comes from, for messages: `site/post.html` is `templates/post.html`.
    origins: BTreeMap<String, String>,
    texts: BTreeMap<String, String>,
}

impl Theme {
    /// Loads all layers. Unknown filters, missing parents and syntax errors are found here, before any post is rendered.
    pub fn load(source: &dyn Source, config: &Config) -> Result<(Theme, Vec<Diagnostic>), Failure> {
        let layers = Layers::read(source, config)?;
        let mut diagnostics = Vec::new();
        let words = layers.words(&config.language, &mut diagnostics).map_err(Failure::Unusable)?;
        let assets = layers.assets(&mut diagnostics);

        let mut tera = Tera::new();
        tera.set_fallback_prefixes(["site/", "theme/", "builtin/"]).expect("no template is loaded yet");
        register(&mut tera, config, &assets);
        let (origins, texts) = layers.templates();
        let mut theme = Theme { tera, assets, words, origins, texts };
        if let Err(error) = theme.tera.add_raw_templates(theme.texts.iter().map(|(name, text)| (name.clone(), text.clone()))) {
            return Err(Failure::Unusable(theme.explain(&error)));
        }
        let missing: Vec<Diagnostic> = REQUIRED
            .iter()
            .filter(|name| !theme.tera.contains_template(name))
            .map(|name| Diagnostic::error("theme", format!("the theme `{}` has no template `{name}`", config.theme)))
            .collect();
        if missing.is_empty() { Ok((theme, diagnostics)) } else { Err(Failure::Unusable(missing)) }
    }

    /// The template of a post: the one its `layout` names, if the theme has it below `layouts/`, else `fallback`.
    pub fn layout(&self, layout: Option<&str>, fallback: &'static str) -> String {
        match layout.map(|layout| format!("layouts/{layout}.html")) {
            Some(name) if self.tera.contains_template(&name) => name,
            _ => fallback.to_owned(),
        }
    }

    /// A word of the theme, or its key where the theme has none.
    pub fn word(&self, key: &str) -> String {
        self.words.get(key).cloned().unwrap_or_else(|| key.to_owned())
    }

    /// The words that stand inside articles.
    pub fn labels(&self) -> Labels {
        Labels {
            note: self.word("alert_note"),
            tip: self.word("alert_tip"),
            important: self.word("alert_important"),
            warning: self.word("alert_warning"),
            caution: self.word("alert_caution"),
            footnotes: self.word("footnotes"),
            back: self.word("footnote_back"),
            done: self.word("task_done"),
            todo: self.word("task_todo"),
            postscript: self.word("postscript"),
        }
    }

    /// Translates a template error: where, in which file, and what. Mistakes found while loading come several at once.
    pub fn explain(&self, error: &tera::Error) -> Vec<Diagnostic> {
        match error.kind() {
            ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
                vec![self.place(report.message(), report.filename(), |_| Some(report.span().range.clone()))]
            }
            _ => {
                let mut message = error.to_string();
                let mut cause = std::error::Error::source(error);
                while let Some(inner) = cause {
                    message = format!("{message}: {inner}");
                    cause = inner.source();
                }
                let reports = self.read_reports(&message);
                if reports.is_empty() { vec![Diagnostic::error("template", message)] } else { reports }
            }
        }
    }

    /// A diagnostic in the template of Tera's `name`.
    fn place(&self, message: &str, name: &str, range: impl Fn(&str) -> Option<Range<usize>>) -> Diagnostic {
        let diagnostic = Diagnostic::error("template", message);
        let diagnostic = match self.texts.get(name).and_then(|text| Some((text, range(text)?))) {
            Some((text, range)) => diagnostic.at(text, range),
            None => diagnostic,
        };
        diagnostic.in_file(self.origins.get(name).cloned().unwrap_or_else(|| name.to_owned()))
    }

    /// Reads the reports that Tera prints into one message: `error: …` and then ` --> name:line:column`.
    fn read_reports(&self, message: &str) -> Vec<Diagnostic> {
        let lines: Vec<&str> = message.lines().collect();
        let report = |pair: &[&str]| {
            let what = pair[0].split_once("error: ")?.1;
            let (rest, column) = pair[1].trim().strip_prefix("--> ")?.rsplit_once(':')?;
            let (name, line) = rest.rsplit_once(':')?;
            let (line, column): (usize, usize) = (line.parse().ok()?, column.parse().ok()?);
            Some(self.place(what, name, |text| {
                let start = text.split_inclusive('\n').take(line - 1).map(str::len).sum::<usize>();
                let at = start + text[start..].char_indices().nth(column - 1).map_or(0, |(at, _)| at);
                Some(at..at + 1)
            }))
        };
        lines.windows(2).filter_map(report).collect()
    }
}

/// The files of the three layers, the site's first.
struct Layers {
    layers: Vec<Layer>,
}

struct Layer {
    /// What the names of its templates begin with.
    prefix: &'static str,
    /// Its folder, for messages; empty for the site itself.
    folder: String,
    /// Files by path below the layer.
    files: BTreeMap<String, Vec<u8>>,
}

impl Layers {
    fn read(source: &dyn Source, config: &Config) -> Result<Layers, Failure> {
        let mut site = BTreeMap::new();
        for folder in ["templates", "assets", "i18n"] {
            for entry in source.list(folder)?.files {
                site.insert(entry.path.as_str().to_owned(), source.read(&entry.path)?);
            }
        }
        let folder = format!("themes/{}", config.theme);
        let mut theme = BTreeMap::new();
        for entry in source.list(&folder)?.files {
            let below = entry.path.below(&folder).unwrap_or_default().to_owned();
            theme.insert(below, source.read(&entry.path)?);
        }
        let builtin: BTreeMap<String, Vec<u8>> =
            BUILTIN.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect();
        if theme.is_empty() && config.theme != BUILTIN_NAME {
            let themes: BTreeSet<String> = source
                .list("themes")?
                .files
                .iter()
                .filter_map(|entry| entry.path.below("themes")?.split_once('/').map(|(name, _)| name.to_owned()))
                .chain([BUILTIN_NAME.to_owned()])
                .collect();
            let list = themes.into_iter().collect::<Vec<_>>().join(", ");
            let diagnostic =
                Diagnostic::error("theme", format!("there is no theme `{}`", config.theme)).hint(format!("themes here: {list}"));
            return Err(Failure::Unusable(vec![diagnostic]));
        }
        Ok(Layers {
            layers: vec![
                Layer { prefix: "site/", folder: String::new(), files: site },
                Layer { prefix: "theme/", folder, files: theme },
                Layer { prefix: "builtin/", folder: "(built-in)".to_owned(), files: builtin },
            ],
        })
    }

    /// Template texts by Tera name, and the files they come from.
    fn templates(&self) -> (BTreeMap<String, String>, BTreeMap<String, String>) {
        let (mut origins, mut texts) = (BTreeMap::new(), BTreeMap::new());
        for Layer { prefix, folder, files } in &self.layers {
            for (path, bytes) in files {
                if let Some(name) = path.strip_prefix("templates/") {
                    let name = format!("{prefix}{name}");
                    origins.insert(name.clone(), if folder.is_empty() { path.clone() } else { format!("{folder}/{path}") });
                    texts.insert(name, String::from_utf8_lossy(bytes).into_owned());
                }
            }
        }
        // `theme/x` names what lies below the site's own layer, whichever theme that is.
        for name in texts.keys().filter_map(|name| name.strip_prefix("builtin/")).map(str::to_owned).collect::<Vec<_>>() {
            let (own, builtin) = (format!("theme/{name}"), format!("builtin/{name}"));
            if !texts.contains_key(&own) {
                texts.insert(own.clone(), texts[&builtin].clone());
                origins.insert(own, origins[&builtin].clone());
            }
        }
        (origins, texts)
    }

    /// The strings of the site's language: of the nearest language the theme has, filled up from English.
    fn words(&self, language: &str, diagnostics: &mut Vec<Diagnostic>) -> Result<BTreeMap<String, String>, Vec<Diagnostic>> {
        let candidates = languages_for(language);
        let mut words: BTreeMap<String, String> = BTreeMap::new();
        let mut found = false;
        // The nearer the language, the stronger; within a language, the nearer the layer. So a theme that brings English alone
        // leaves the built-in Chinese alone.
        for candidate in ["en"].iter().chain(candidates.iter().rev()) {
            for Layer { folder, files, .. } in self.layers.iter().rev() {
                let path = format!("i18n/{candidate}.yaml");
                let Some(bytes) = files.get(&path) else { continue };
                found |= candidates.contains(candidate);
                let text = String::from_utf8_lossy(bytes);
                let strings: BTreeMap<String, String> = serde_yaml::from_str(&text).map_err(|error| {
                    let file = if folder.is_empty() { path.clone() } else { format!("{folder}/{path}") };
                    vec![crate::config::yaml_error("theme", &text, 0, &error).in_file(file)]
                })?;
                words.extend(strings);
            }
        }
        if !found {
            diagnostics.push(
                Diagnostic::warning("language", format!("the theme has no words for `{language}`; English is used"))
                    .hint(format!("add i18n/{language}.yaml to the site")),
            );
        }
        Ok(words)
    }

    fn assets(&self, diagnostics: &mut Vec<Diagnostic>) -> Vec<Asset> {
        let mut files: BTreeMap<&str, &Vec<u8>> = BTreeMap::new();
        for layer in self.layers.iter().rev() {
            for (path, bytes) in &layer.files {
                if let Some(name) = path.strip_prefix("assets/") {
                    files.insert(name, bytes);
                }
            }
        }
        let mut assets = Vec::with_capacity(files.len());
        for (name, bytes) in files {
            let hash = blake3::hash(bytes).to_hex();
            let hashed = match name.rsplit_once('.') {
                Some((stem, extension)) => format!("/assets/{stem}.{}.{extension}", &hash[..8]),
                None => format!("/assets/{name}.{}", &hash[..8]),
            };
            match Route::exact(&hashed) {
                Ok(route) => assets.push(Asset { name: name.to_owned(), route, bytes: bytes.clone() }),
                Err(why) => diagnostics.push(Diagnostic::error("asset", format!("the asset {name} cannot be published: {why}"))),
            }
        }
        assets
    }
}

/// The i18n files that fit a language tag, best first: `zh-TW` takes `zh-TW`, then `zh-Hant`.
fn languages_for(language: &str) -> Vec<&str> {
    let mut candidates = vec![language];
    let lower = language.to_ascii_lowercase();
    if lower == "zh" || lower.starts_with("zh-") {
        let traditional = ["hant", "tw", "hk", "mo"].iter().any(|part| lower.split('-').any(|piece| piece == *part));
        candidates.push(if traditional { "zh-Hant" } else { "zh-Hans" });
    } else if lower.starts_with("en") {
        candidates.push("en");
    }
    candidates
}

/// sitegen's own filters and functions, documented in `docs/themes.md`. None of them reaches files, network or clock.
fn register(tera: &mut Tera, config: &Config, assets: &[Asset]) {
    tera.register_filter("date", date);
    tera.register_filter("number", number);
    tera.register_filter("han", han);
    tera.register_filter("fill", fill);
    tera.register_filter("group_by", group_by);
    let hrefs: BTreeMap<String, String> = assets.iter().map(|asset| (asset.name.clone(), config.base.href(&asset.route))).collect();
    tera.register_function("asset", move |kwargs: Kwargs, _: &State<'_>| -> TeraResult<String> {
        let name: &str = kwargs.must_get("name")?;
        hrefs.get(name).cloned().ok_or_else(|| {
            let known: Vec<&str> = hrefs.keys().map(String::as_str).collect();
            tera::Error::message(format!("there is no asset `{name}`; the theme has {}", known.join(", ")))
        })
    });
    let base = config.base.clone();
    tera.register_function("href", move |kwargs: Kwargs, _: &State<'_>| -> TeraResult<String> {
        let path: &str = kwargs.must_get("path")?;
        let (path, rest) = path.split_at(path.find(['?', '#']).unwrap_or(path.len()));
        let route = Route::parse(path).map_err(|why| tera::Error::message(format!("`{path}` is no address of the site: {why}")))?;
        Ok(format!("{}{rest}", base.href(&route)))
    });
}

/// `{{ post.date | date(format="%Y年%-m月%-d日") }}`: formats an RFC 3339 date by strftime's letters, in its own offset.
fn date(value: &str, kwargs: Kwargs, _: &State<'_>) -> TeraResult<String> {
    let format = kwargs.get::<&str>("format")?.unwrap_or("%Y-%m-%d");
    let pieces = jiff::fmt::temporal::Pieces::parse(value).map_err(|_| tera::Error::message(format!("`{value}` is not a date")))?;
    let civil = pieces.date().to_datetime(pieces.time().unwrap_or(jiff::civil::Time::midnight()));
    jiff::fmt::strtime::format(format, civil).map_err(|error| tera::Error::message(format!("the date format `{format}`: {error}")))
}

/// `{{ 12345 | number }}`: `12,345`.
fn number(value: i64, _: Kwargs, _: &State<'_>) -> String {
    let digits = value.unsigned_abs().to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if value < 0 { format!("-{out}") } else { out }
}

/// `{{ 2023 | han(digits=true) }}`: 二〇二三; `{{ 12 | han }}`: 十二.
fn han(value: i64, kwargs: Kwargs, _: &State<'_>) -> TeraResult<String> {
    const DIGITS: [char; 10] = ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
    let digit = |c: char| DIGITS[c.to_digit(10).unwrap_or(0) as usize];
    let text = value.unsigned_abs().to_string();
    if kwargs.get::<bool>("digits")?.unwrap_or(false) || text.len() > 12 {
        return Ok(text.chars().map(digit).collect());
    }
    if value == 0 {
        return Ok("〇".to_owned());
    }
    let mut out = String::new();
    let mut gap = false;
    let mut group_written = false;
    for (index, c) in text.chars().enumerate() {
        let place = text.len() - 1 - index;
        if c == '0' {
            gap = true;
        } else {
            if gap && !out.is_empty() {
                out.push('〇');
            }
            gap = false;
            group_written = true;
            if !(c == '1' && place % 4 == 1 && out.is_empty()) {
                out.push(digit(c));
            }
            match place % 4 {
                1 => out.push('十'),
                2 => out.push('百'),
                3 => out.push('千'),
                _ => {}
            }
        }
        if place > 0 && place.is_multiple_of(4) && std::mem::take(&mut group_written) {
            out.push(if place == 4 { '万' } else { '亿' });
        }
    }
    Ok(out)
}

/// `{{ t.minutes | fill(n=5) }}`: puts the arguments into `{n}`.
fn fill(value: &str, kwargs: Kwargs, _: &State<'_>) -> String {
    let mut out = value.to_owned();
    for (key, argument) in kwargs.iter() {
        out = out.replace(&format!("{{{key}}}"), &argument.to_string());
    }
    out
}

/// `{% for group in posts | group_by(key="year") %}`: a list of `{key, items}` in the order of first appearance. Tera's own
/// filter of this name makes a map in random order.
fn group_by(value: &Value, kwargs: Kwargs, _: &State<'_>) -> TeraResult<Vec<Value>> {
    let key: &str = kwargs.must_get("key")?;
    let items = value.as_array().ok_or_else(|| tera::Error::message("group_by needs a list"))?;
    let mut groups: Vec<(Value, Vec<Value>)> = Vec::new();
    for item in items {
        let found = item.get_from_path(key).cloned().unwrap_or_else(Value::none);
        match groups.iter_mut().rev().find(|(key, _)| *key == found) {
            Some((_, list)) => list.push(item.clone()),
            None => groups.push((found, vec![item.clone()])),
        }
    }
    Ok(groups.into_iter().map(|(key, items)| Value::from(BTreeMap::from([("key", key), ("items", Value::from(items))]))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn render(template: &str) -> String {
        let mut tera = Tera::new();
        let overrides = crate::config::Overrides { base_url: None, drafts: false, future: false, now: jiff::Timestamp::UNIX_EPOCH };
        register(&mut tera, &Config::read("base_url: /sub\n", "site.yaml", &overrides).unwrap(), &[]);
        tera.add_raw_template("x", template).unwrap();
        let mut context = tera::Context::new();
        context.insert("rows", &serde_json::json!([{"k": 2, "v": "a"}, {"k": 1, "v": "b"}, {"k": 2, "v": "c"}]));
        tera.render("x", &context).unwrap()
    }

    #[test]
    fn filters() {
        assert_eq!(render("{{ '2023-04-01T09:00:00+08:00' | date(format='%Y年%-m月%-d日') }}"), "2023年4月1日");
        assert_eq!(render("{{ 1234567 | number }} {{ 999 | number }}"), "1,234,567 999");
        assert_eq!(
            render("{{ 12 | han }} {{ 105 | han }} {{ 20003 | han }} {{ 110 | han }} {{ 2023 | han(digits=true) }}"),
            "十二 一百〇五 二万〇三 一百一十 二〇二三"
        );
        assert_eq!(render("{{ '约 {n} 分钟' | fill(n=5) }}"), "约 5 分钟");
        assert_eq!(
            render("{% for g in rows | group_by(key='k') %}{{ g.key }}:{% for r in g.items %}{{ r.v }}{% endfor %} {% endfor %}"),
            "2:ac 1:b "
        );
        assert_eq!(render("{{ href(path='/标签/') }}"), "/sub/%E6%A0%87%E7%AD%BE/");
    }

    #[test]
    fn languages_have_relatives() {
        assert_eq!(languages_for("zh-TW"), ["zh-TW", "zh-Hant"]);
        assert_eq!(languages_for("zh-CN"), ["zh-CN", "zh-Hans"]);
        assert_eq!(languages_for("fr"), ["fr"]);
    }
}
