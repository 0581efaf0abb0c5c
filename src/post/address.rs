//! Where a post stands, and where it stood.

use super::reader::PostReader;
use super::{BESIDES, PostKind};
use crate::diagnostic::Diagnostic;
use crate::front_matter::{FrontMatter, Scalar};
use crate::permalink::{self, Pattern, PermalinkParts, Url};
use crate::route::{
    PUBLISHED_DOT_FILES, Route, SEGMENT_BYTES, UnsafeRoute, abbreviated, decode, has_scheme,
};
use crate::source::SourcePath;
use crate::words::Message;
use chinese_text as text;

/// Longest segment of an address that was in use elsewhere, in bytes: it is kept as long as file
/// systems can.
pub(super) const LONGEST_KEPT: usize = 250;

/// Most old addresses of a post: at each stands a page.
const OLD_ADDRESSES: usize = 1_000;

impl PostReader<'_> {
    /// Returns the words of the URL: the `slug` of the front matter, else the file's name, else the
    /// title.
    pub(super) fn slug(
        &mut self,
        front_matter: &FrontMatter,
        name_slug: &str,
        title: &str,
    ) -> String {
        if let Some(slug) = front_matter
            .slug
            .as_ref()
            .map(|slug| slug.text.trim().to_owned())
            .filter(|slug| !slug.is_empty())
        {
            return slug;
        }
        if name_slug.is_empty() {
            if self.config.is_jekyll() {
                let message = say!(
                    "nothing stands after the date in the file name; the address has none either, as Jekyll has it"
                );
                self.diagnostics.push(
                    Diagnostic::warning("name-empty", message)
                        .hint(say!("rename the file to 2023-04-11-title.md")),
                );
                return String::new();
            }
            let message = say!(
                "nothing stands after the date in the file name; the title is used in the address: `{}`",
                title
            );
            self.diagnostics.push(
                Diagnostic::warning("name-empty", message)
                    .hint(say!("rename the file to 2023-04-11-title.md")),
            );
            return title.to_owned();
        }
        name_slug.to_owned()
    }

    /// Returns where the post will be: its own `permalink`, else the site's pattern, else (pages)
    /// its path.
    pub(super) fn address(
        &mut self,
        front_matter: &FrontMatter,
        parts: &PermalinkParts<'_>,
    ) -> Result<(String, Route), Box<Diagnostic>> {
        let place = front_matter.permalink.as_ref().map(|scalar| scalar.range.clone());
        let wrong = |message: Message, hint: Message| {
            let diagnostic = Diagnostic::error("permalink", message).hint(hint);
            Box::new(match &place {
                Some(range) => diagnostic.at(self.text, range.clone()),
                None => diagnostic,
            })
        };
        let own = front_matter.permalink.as_ref().map(|scalar| scalar.text.trim());
        if let Some(address) = own.filter(|own| has_scheme(own) && own.contains("://")) {
            let message = say!(
                "`{}` is a full address, and a `permalink` is a path of this site",
                abbreviated(address)
            );
            return Err(wrong(message, say!("write the path alone, such as /2023/title/")));
        }
        let own = own.map(Pattern::parse_template);
        let mut url = match &own {
            Some(pattern) => expanded(pattern, front_matter, parts)
                .map_err(|(message, hint)| wrong(message, hint))?,
            None if self.kind == PostKind::Page => page_url(self.path, parts.slug),
            None if self.kind == PostKind::Section => section_url(parts.path),
            None => expanded(&self.config.permalink, front_matter, parts)
                .map_err(|(message, hint)| wrong(message, hint))?,
        };
        // Jekyll leaves in what cannot be seen, and cuts nothing, so its addresses are kept, as
        // long as file systems can.
        let unseen = text::unseen(&url.decoded);
        if !self.config.is_jekyll() {
            url.decoded = text::visible(&url.decoded).into_owned();
        }
        let longest = if self.config.is_jekyll() { LONGEST_KEPT } else { SEGMENT_BYTES };
        let route = Route::parse_within(&url.decoded, longest).map_err(|UnsafeRoute(why)| {
            let hint = say!("the post is held back until its address is one that a file can have");
            wrong(say!("the address {}: {}", abbreviated(&url.decoded), why), hint)
        })?;
        let is_of_hosts = |segment: &&str| {
            PUBLISHED_DOT_FILES.iter().any(|name| name.eq_ignore_ascii_case(segment))
        };
        if let Some(name) = route.path().split('/').find(is_of_hosts) {
            let hint = say!("the post is held back until its address is one that a file can have");
            return Err(wrong(
                say!(
                    "the address {}: {}",
                    route.path(),
                    say!("hosts and tools keep the name `{}` for themselves", name)
                ),
                hint,
            ));
        }
        let is_whole = route.path() == url.decoded;
        let encoded =
            if self.config.is_jekyll() && is_whole { url.encoded } else { route.encoded() };
        if !unseen.is_empty() {
            let diagnostic = if self.config.is_jekyll() {
                Diagnostic::note(
                    "address-unseen",
                    say!(
                        "the address {} holds what cannot be seen, as Jekyll would have it: {}",
                        route.path(),
                        unseen
                    ),
                )
            } else {
                Diagnostic::warning(
                    "address-unseen",
                    say!(
                        "the address {} is made without what cannot be seen: {}",
                        route.path(),
                        unseen
                    ),
                )
            };
            let diagnostic =
                diagnostic.hint(say!("remove these characters from `permalink`, or from the names of the file and its folders"));
            self.diagnostics.push(match &place {
                Some(range) => diagnostic.at(self.text, range.clone()),
                None => diagnostic,
            });
        }
        Ok((encoded, route))
    }

    /// Returns the old addresses. One that does not begin with a slash is beside the post's own, as
    /// in Hugo.
    pub(super) fn aliases(&mut self, aliases: &[Scalar], own: &Route) -> Vec<Route> {
        let mut routes = Vec::new();
        // The page at each says the new address four times (measured: 700 bytes besides).
        let most = OLD_ADDRESSES.min(BESIDES / (700 + 4 * own.encoded().len()));
        if let Some(beyond) = aliases.get(most) {
            let message = say!(
                "{} of the post's old addresses are left out: it may have {}",
                aliases.len() - most,
                most
            );
            let diagnostic = Diagnostic::warning("alias", message)
                .hint(say!("give them to other posts, or write rules into static/_redirects"));
            self.diagnostics.push(diagnostic.at(self.text, beyond.range.clone()));
        }
        for alias in aliases.iter().take(most) {
            let written = alias.text.trim();
            let only_paths = || say!("only a path of this site can be redirected");
            let problem = if has_scheme(written) || written.starts_with("//") {
                Some((
                    only_paths(),
                    say!(
                        "write the path alone, such as /old/name.html; another host leads on by rules of its own"
                    ),
                ))
            } else if written.contains('#') {
                Some((
                    only_paths(),
                    say!("leave out what follows the `#`: browsers keep it to themselves"),
                ))
            } else if written.contains('?') {
                Some((
                    only_paths(),
                    say!("leave out what follows the `?`: a site of files has one page a path"),
                ))
            } else {
                match Route::parse_within(&beside(own, written), LONGEST_KEPT) {
                    Ok(route) => {
                        let unseen = text::unseen(route.path());
                        if !unseen.is_empty() {
                            // It may have been in use so.
                            let message = say!(
                                "the old address {} holds what cannot be seen: {}",
                                route.path(),
                                unseen
                            );
                            self.diagnostics.push(
                                Diagnostic::note("address-unseen", message)
                                    .at(self.text, alias.range.clone()),
                            );
                        }
                        if routes.contains(&route) {
                            continue;
                        }
                        self.warn_no_rule(&route, own, alias);
                        // It was in use, so it stays.
                        if let Some(c) = route.not_on_windows() {
                            let message = say!(
                                "the old address {} holds `{}`, so the site can be neither built nor kept on Windows",
                                route.path(),
                                c.to_string()
                            );
                            self.diagnostics.push(
                                Diagnostic::note("not-portable", message)
                                    .at(self.text, alias.range.clone()),
                            );
                        }
                        routes.push(route);
                        None
                    }
                    Err(UnsafeRoute(why)) => {
                        Some((why, say!("write it as a path, such as /old/name.html")))
                    }
                }
            };
            if let Some((problem, hint)) = problem {
                self.diagnostics.push(
                    Diagnostic::warning(
                        "alias",
                        say!(
                            "the old address `{}` was left out: {}",
                            abbreviated(written),
                            problem
                        ),
                    )
                    .hint(hint)
                    .at(self.text, alias.range.clone()),
                );
            }
        }
        routes
    }

    /// Other names of the post, for links of wikis.
    pub(super) fn names(&mut self, names: &[Scalar]) -> Vec<String> {
        let Some(first) = names.first() else { return Vec::new() };
        let said: Vec<String> = names
            .iter()
            .take(5)
            .map(|name| format!("`{}`", abbreviated(name.text.trim())))
            .collect();
        let message =
            say!("these are read as other names of the post, by which `[[…]]` finds it: {}", said);
        let hint = say!("an old address begins with a slash, `/old/`");
        self.diagnostics
            .push(Diagnostic::note("alias", message).hint(hint).at(self.text, first.range.clone()));
        names.iter().take(OLD_ADDRESSES).map(|name| text::one_line(&name.text)).collect()
    }

    /// Says that hosts are not told of an old address.
    fn warn_no_rule(&mut self, old: &Route, own: &Route, alias: &Scalar) {
        let Err(why) = self.config.base.redirect_rule(old, own) else { return };
        let message =
            say!("the old address {} stands in no line of `_redirects`: {}", old.path(), why);
        let diagnostic = if old.collision_key() == own.collision_key() {
            Diagnostic::warning("alias", message).hint(say!(
                "it differs from the post's address in case only, so no page leads on from there"
            ))
        } else {
            Diagnostic::note("alias", message)
                .hint(say!("the page that stands there leads on all the same"))
        };
        self.diagnostics.push(diagnostic.at(self.text, alias.range.clone()));
    }
}

/// Returns the path that an old address means, decoded.
fn beside(own: &Route, written: &str) -> String {
    let written = decode(written);
    if written.starts_with(['/', '\\', '.']) {
        return written;
    }
    let folder = own.path().trim_end_matches('/').rsplit_once('/').map_or("", |(folder, _)| folder);
    let is_file = written.rsplit('/').next().is_some_and(|name| name.contains('.'));
    format!("{folder}/{written}{}", if is_file || written.ends_with('/') { "" } else { "/" })
}

/// Returns the address that a pattern gives. An error is a key of front matter that the post does
/// not have.
fn expanded(
    pattern: &Pattern,
    front_matter: &FrontMatter,
    parts: &PermalinkParts<'_>,
) -> Result<Url, (Message, Message)> {
    let value = |key: &str| {
        // Hexo's is the last, with those above it.
        let category = parts.categories.last().map(String::as_str).filter(|_| key == "category");
        let value = category
            .or_else(|| front_matter.text_of(key))
            .ok_or_else(|| permalink::unknown_key(key))?;
        Ok::<_, (Message, Message)>((key.to_owned(), value.to_owned()))
    };
    let keys = pattern.keys().map(value).collect::<Result<Vec<_>, _>>()?;
    Ok(pattern.expand(&PermalinkParts { keys: &keys, ..*parts }))
}

/// Returns the address of a standalone page: its path, `index` being its folder and `404` the page
/// of that name.
fn page_url(path: &SourcePath, slug: &str) -> Url {
    let below = path.as_str().split_once('/').map_or(path.as_str(), |(_, below)| below);
    let folder = below.rsplit_once('/').map_or("", |(folder, _)| folder);
    let decoded = match path.stem() {
        "index" if slug == "index" => format!("/{folder}/"),
        "404" if folder.is_empty() => "/404.html".to_owned(),
        _ if path.extension().starts_with("htm") => format!("/{folder}/{slug}.html"),
        _ => format!("/{folder}/{slug}/"),
    };
    let decoded = decoded.replace("//", "/");
    Url { encoded: crate::route::encode_path(&decoded), decoded }
}

pub(super) fn without_ending(path: &SourcePath) -> &str {
    path.as_str().rsplit_once('.').map_or(path.as_str(), |(path, _)| path)
}

/// Returns the address of the list of a folder of posts.
fn section_url(folder: &str) -> Url {
    let decoded = format!("/{folder}/");
    Url { encoded: crate::route::encode_path(&decoded), decoded }
}

/// `File.join(File.dirname(url), slug)`, as Jekyll makes `page.id`.
pub(super) fn page_id(url: &str, slug: &str) -> String {
    let trimmed = url.trim_end_matches('/');
    let folder = trimmed.rsplit_once('/').map_or("", |(folder, _)| folder);
    format!("{folder}/{slug}")
}
