//! Themes: templates, assets, words and options, in three layers.
//!
//! First found wins: the site's own `templates/`, `assets/`, `i18n/`; then the theme,
//! `themes/NAME/` or built in; then the default theme. A template reaches the one it overrides by
//! its layer: `{% extends "theme/post.html" %}` or `"builtin/post.html"`. Knows no posts; what
//! templates are given is written down in `page`.
//!
//! `builtin` names the files of the themes that are part of the program, `layers` finds the first
//! of each, `texts` holds templates and what Tera's errors say of them, `reach` which templates
//! pages can reach, so that nothing is published for nothing, `manifest` is `theme.yaml` with its
//! options. Assets whose names end in `.tera` are rendered once with words and options; so options
//! reach style sheets and words reach scripts without anything inline.

mod builtin;
mod file;
mod filters;
mod layers;
mod manifest;
mod mentions;
mod reach;
mod texts;

use std::collections::{BTreeMap, BTreeSet};

use serde_yaml::Mapping;
use tera::Tera;

use crate::config::Config;
use crate::diagnostic::{Diagnostic, Failure};
use crate::digest::{Digest, Digester};
use crate::route::{Route, UnsafeRoute};
use crate::source::Source;
pub use builtin::themes as builtin_themes;
use chinese_markdown::html_writer::Labels;
use file::{TEMPLATE, ThemeFile};
pub use filters::for_script;
use layers::Layers;
use manifest::Manifest;
pub use mentions::Mentions;
use texts::Texts;

/// The layers as names of templates begin with them, the nearest first.
const PREFIXES: [&str; 3] = ["site/", "theme/", "builtin/"];

/// One file that pages refer to.
#[derive(Clone, Debug)]
pub struct Asset {
    /// Its name in the theme, `style.css`.
    pub name: String,
    /// The file it is made from, below the site's folder; of a built-in theme a name that is no
    /// file.
    pub source: String,
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
    /// The theme's options, as the keeper set them in `extra`, or their defaults.
    pub options: Mapping,
    texts: Texts,
    /// The templates that it must have, itself or by the built-in themes.
    required: BTreeSet<&'static str>,
}

/// The files of a theme, and its words, which bodies want before there are templates.
pub struct ThemeFiles {
    layers: Layers,
    words: BTreeMap<String, String>,
    diagnostics: Vec<Diagnostic>,
}

impl ThemeFiles {
    pub fn read(source: &dyn Source, config: &Config) -> Result<ThemeFiles, Failure> {
        let mut diagnostics = Vec::new();
        let layers = Layers::read(source, config, &mut diagnostics)?;
        let words = layers.words(&config.language, &mut diagnostics).map_err(Failure::Unusable)?;
        Ok(ThemeFiles { layers, words, diagnostics })
    }

    /// Returns the words that stand inside articles.
    pub fn labels(&self) -> Labels {
        let word = |key: &str| word(&self.words, key);
        Labels {
            note: word("alert_note"),
            tip: word("alert_tip"),
            important: word("alert_important"),
            warning: word("alert_warning"),
            caution: word("alert_caution"),
            footnotes: word("footnotes"),
            back: word("footnote_back"),
            done: word("task_done"),
            todo: word("task_todo"),
            postscript: word("postscript"),
            video: word("embed_video"),
            audio: word("embed_audio"),
            vote: word("embed_vote"),
            program: word("embed_program"),
            account: word("embed_account"),
        }
    }
}

impl Theme {
    /// Makes a theme of its files, with the templates that are `required`. Unknown filters, missing
    /// parents and syntax errors are found here, before any page is rendered.
    pub fn load(
        files: ThemeFiles,
        config: &Config,
        required: BTreeSet<&'static str>,
    ) -> Result<(Theme, Vec<Diagnostic>), Failure> {
        let ThemeFiles { layers, words, mut diagnostics } = files;
        let options = options(&layers, config, &mut diagnostics).map_err(Failure::Unusable)?;
        let texts = layers.templates();
        let reached = reach::texts(&texts, &required);
        let used = reach::names(&texts, &required);
        let is_used =
            |name: &str| PREFIXES.iter().any(|prefix| used.contains(&format!("{prefix}{name}")));
        let told = Diagnostic::warning(
            "file-unused",
            say!("no page is made with this template: none names it"),
        );
        let hint = say!(
            "include it in another one, give it the name of a kind of page, or put it into templates/layouts/"
        );
        diagnostics.extend(layers.unused("templates/", is_used, &told.hint(hint)));
        let files = layers.assets(
            |name| reached.iter().any(|text| reach::names_asset(text, name)),
            &mut diagnostics,
        );
        let assets = publish(files, &words, &options, config, &mut diagnostics)
            .map_err(Failure::Unusable)?;

        let mut tera = Tera::new();
        tera.set_fallback_prefixes(PREFIXES).expect("no template is loaded yet");
        filters::register(&mut tera, config, &assets);
        let mut theme = Theme { tera, assets, words, options, texts, required };
        if let Err(error) = theme.tera.add_raw_templates(theme.texts.iter()) {
            return Err(Failure::Unusable(theme.explain(&error)));
        }
        let missing: Vec<Diagnostic> = theme
            .required
            .iter()
            .filter(|name| !theme.tera.contains_template(name))
            .map(|name| {
                Diagnostic::error(
                    "theme",
                    say!("the theme `{}` has no template `{}`", &config.theme, *name),
                )
            })
            .collect();
        if missing.is_empty() { Ok((theme, diagnostics)) } else { Err(Failure::Unusable(missing)) }
    }

    /// Returns the template of a post: the one its `layout` names, if the theme has it below
    /// `layouts/`, else `fallback`.
    pub fn layout(&self, layout: Option<&str>, fallback: &'static str) -> String {
        match layout.map(|layout| format!("layouts/{layout}.html")) {
            Some(name) if self.tera.contains_template(&name) => name,
            _ => fallback.to_owned(),
        }
    }

    /// Returns what pages made by a template can show of what they are given.
    pub fn mentions(&self, template: &str) -> Mentions {
        Mentions::new(&self.texts, template)
    }

    /// Digest of what every page can show whatever it mentions: words, options, addresses of
    /// assets.
    pub fn digest(&self) -> Digest {
        let mut digester = Digester::new();
        // As YAML, which tells `true` from `1`.
        let options = serde_yaml::to_string(&self.options).expect("options were read from YAML");
        digester.value(&self.words).bytes(options);
        for asset in &self.assets {
            digester.bytes(&asset.name).bytes(asset.route.path());
        }
        digester.finish()
    }

    /// Returns the templates that pages are made by, layouts included.
    pub fn templates(&self) -> impl Iterator<Item = String> {
        let below = |name: &str| {
            PREFIXES.iter().find_map(|prefix| name.strip_prefix(prefix)).unwrap_or(name).to_owned()
        };
        let layouts = self
            .texts
            .iter()
            .map(|(name, _)| below(name))
            .filter(|name| name.starts_with("layouts/"));
        self.required
            .iter()
            .map(|name| (*name).to_owned())
            .chain(layouts)
            .collect::<BTreeSet<String>>()
            .into_iter()
    }

    /// Returns a word of the theme, or its key where the theme has none.
    pub fn word(&self, key: &str) -> String {
        word(&self.words, key)
    }

    /// Translates a template error: where, in which file, and what.
    pub fn explain(&self, error: &tera::Error) -> Vec<Diagnostic> {
        self.texts.explain(error)
    }
}

/// Returns a word; one that the theme lacks is its key.
fn word(words: &BTreeMap<String, String>, key: &str) -> String {
    words.get(key).cloned().unwrap_or_else(|| key.to_owned())
}

/// Returns the options of the theme and of the built-in one, whose templates stand in for what it
/// lacks.
fn options(
    layers: &Layers,
    config: &Config,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Mapping, Vec<Diagnostic>> {
    let mut manifest = Manifest::default();
    for file in layers.manifests() {
        let nearer = Manifest::read(file)?;
        if let Some(name) =
            nearer.name.as_ref().filter(|name| !file.is_built_in && **name != config.theme)
        {
            let message = say!(
                "the theme calls itself `{}`; it is known by its folder, `{}`",
                name,
                &config.theme
            );
            let text = file.text();
            let at = text.find(name.as_str()).unwrap_or(0);
            diagnostics.push(
                Diagnostic::warning("theme", message)
                    .at(&text, at..at + name.len())
                    .in_file(&file.shown),
            );
        }
        manifest = nearer.over(manifest);
    }
    let (options, warnings) = manifest.options(config)?;
    diagnostics.extend(warnings);
    Ok(options)
}

/// Makes assets of files: those that are templates are rendered, and every name gets a hash of its
/// content.
fn publish(
    files: BTreeMap<&str, &ThemeFile>,
    words: &BTreeMap<String, String>,
    options: &Mapping,
    config: &Config,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Vec<Asset>, Vec<Diagnostic>> {
    let mut assets = Vec::with_capacity(files.len());
    for (name, file) in files {
        let is_template = file.shown.ends_with(TEMPLATE);
        let bytes = if is_template {
            render_asset(file, words, options, config)?
        } else {
            file.bytes.clone()
        };
        let hash = blake3::hash(&bytes).to_hex();
        let folder = name.rfind('/').map_or(0, |at| at + 1);
        let hashed = match name[folder..].rfind('.').map(|dot| name.split_at(folder + dot)) {
            Some((stem, extension)) => format!("/assets/{stem}.{}{extension}", &hash[..8]),
            None => format!("/assets/{name}.{}", &hash[..8]),
        };
        match Route::exact(&hashed) {
            Ok(route) => assets.push(Asset {
                name: name.to_owned(),
                source: file.shown.clone(),
                route,
                bytes,
            }),
            Err(UnsafeRoute(why)) => {
                diagnostics.push(Diagnostic::error(
                    "asset",
                    say!("the asset {} cannot be published: {}", name, why),
                ));
            }
        }
    }
    Ok(assets)
}

/// Renders an asset that is a template. It sees the words, the options and the language, and
/// nothing of the posts.
fn render_asset(
    file: &ThemeFile,
    words: &BTreeMap<String, String>,
    options: &Mapping,
    config: &Config,
) -> Result<Vec<u8>, Vec<Diagnostic>> {
    let mut tera = Tera::new();
    filters::register_filters(&mut tera);
    let mut context = tera::Context::new();
    context.insert("t", words);
    context.insert("options", options);
    context.insert("language", &config.language);
    // The name does not end in .html, so that nothing is escaped.
    let text = Texts::single("asset", file);
    tera.add_raw_templates(text.iter())
        .and_then(|()| tera.render("asset", &context))
        .map(String::into_bytes)
        .map_err(|error| text.explain(&error))
}
