//! One page as a check sees it: what it leads to, the places on it that can be led to, how large it
//! is.

use std::borrow::Cow;
use std::io;

use super::{feeds, styles};
use crate::diagnostic::{Diagnostic, is_of_the_world};
use crate::digest::Digest;
use crate::edition::{Edition, unmade};
use crate::plan::RouteRole;
use crate::route::{Route, decode, is_of_the_web, split_path};
use chinese_markdown::html::{attributes, names_host, srcset_addresses, tags};

/// What a reference is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum ReferenceKind {
    Link,
    /// A place on a page that is there.
    Anchor,
    Image,
    /// A page of another site.
    Outside,
}

/// What a reference on a page comes to.
pub(super) enum ReferenceMeaning {
    /// Another site's address.
    Outside(String),
    /// No page: a mail address, the page itself, another site on the same host.
    Nothing,
    /// A path that is not there.
    Missing(String),
    /// A page or a file that is there.
    Page,
    /// A place on a page that is there, whose place in the plan this is.
    Place { page: usize, place: Digest, meant: String },
    /// A place on the page itself.
    OwnPlace(String),
}

/// A reference within the site.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct PageReference {
    /// The path that it means, decoded, and its fragment.
    pub(super) meant: String,
    /// As the page has it.
    pub(super) value: String,
}

/// What is known of a page.
#[derive(Debug, Default)]
pub(super) struct Facts {
    pub(super) bytes: u64,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// References within the site that were followed.
    pub(super) links: usize,
    /// Those that lead nowhere.
    pub(super) dead: Vec<(ReferenceKind, PageReference)>,
    /// Those that lead to a place on another page: that page's place in the plan, and the name.
    pub(super) anchors: Vec<(usize, Digest, PageReference)>,
    /// Addresses of other sites.
    pub(super) external: Vec<String>,
    /// Digests of the names of places on the page, in their order.
    pub(super) places: Vec<Digest>,
}

impl Facts {
    pub(super) fn failed(defect: Diagnostic) -> Facts {
        Facts { diagnostics: vec![defect], ..Facts::default() }
    }
}

/// Renders a page and looks at it. Files are read only where something is to be found in them.
pub(super) fn look(edition: &Edition, at: usize) -> io::Result<Facts> {
    let (route, role) = &edition.plan.routes[at];
    let mut facts = Facts::default();
    let file = route.file();
    let extension =
        file.rsplit_once('.').map_or("", |(_, extension)| extension).to_ascii_lowercase();
    let is_read = matches!(extension.as_str(), "html" | "htm" | "css");
    let is_parsed =
        matches!(extension.as_str(), "xml" | "rss" | "atom" | "json" | "webmanifest" | "svg");
    if let RouteRole::File(index) = role {
        let (entry, _) = &edition.site.files[*index];
        if !is_read && !is_parsed {
            return Ok(Facts { bytes: entry.stamp.bytes, ..facts });
        }
    }
    let rendered = match edition.render(at) {
        Ok(rendered) => rendered,
        Err(error) if is_of_the_world(&error) => return Err(error),
        Err(error) => return Ok(Facts::failed(edition.at_source(role, unmade(route, &error)))),
    };
    facts.diagnostics = rendered.diagnostics;
    let Some(bytes) = rendered.bytes else { return Ok(facts) };
    facts.bytes = bytes.len() as u64;
    match role {
        RouteRole::Feed(kind) => {
            facts.diagnostics.extend(feeds::feed(*kind, &file, &bytes, &edition.config));
        }
        RouteRole::Sitemap => {
            facts.diagnostics.extend(feeds::sitemap(&file, &bytes, &edition.config));
        }
        RouteRole::File(index) if is_parsed => {
            facts.diagnostics.extend(feeds::file(
                edition.site.files[*index].0.path.as_str(),
                &extension,
                &bytes,
            ));
        }
        _ => {}
    }
    let mut reader = PageReader { edition, route, facts: &mut facts };
    match extension.as_str() {
        "html" | "htm" | "svg" => reader.read(&String::from_utf8_lossy(&bytes)),
        "css" => reader.read_style(&String::from_utf8_lossy(&bytes)),
        _ => {}
    }
    facts.places.sort_unstable();
    facts.places.dedup();
    Ok(facts)
}

/// Reads the references of one page.
struct PageReader<'r> {
    edition: &'r Edition,
    route: &'r Route,
    facts: &'r mut Facts,
}

impl PageReader<'_> {
    fn read(&mut self, html: &str) {
        let mut own: Vec<String> = Vec::new();
        // The element whose text is not HTML, while it is open.
        let mut verbatim: Option<Cow<'_, str>> = None;
        for tag in tags(html) {
            if tag.closing || verbatim.is_some() {
                verbatim.take_if(|name| tag.closing && tag.name.eq_ignore_ascii_case(name));
                continue;
            }
            let name = tag.lower_name();
            // In drawings `<title/>` is whole.
            match &*name {
                _ if tag.attributes.ends_with('/') => {}
                "style" => {
                    let rest = &html[tag.range.end..];
                    let end = tags(rest)
                        .find(|tag| tag.closing && tag.name.eq_ignore_ascii_case("style"));
                    self.read_style(&rest[..end.map_or(rest.len(), |end| end.range.start)]);
                    verbatim = Some(name.clone());
                }
                "script" | "textarea" | "title" => verbatim = Some(name.clone()),
                _ => {}
            }
            let (mut rel, mut refresh) = (None, false);
            let attributes: Vec<(Cow<'_, str>, Cow<'_, str>)> =
                attributes(tag.attributes).collect();
            for (attribute, value) in &attributes {
                match (&*name, &**attribute) {
                    (_, "id") | ("a", "name") => {
                        self.facts.places.push(Digest::of(value.as_bytes()));
                    }
                    ("link", "rel") => rel = Some(value.as_ref()),
                    ("meta", "http-equiv") => refresh = value.eq_ignore_ascii_case("refresh"),
                    _ => {}
                }
            }
            for (attribute, value) in &attributes {
                match (&*name, &**attribute) {
                    ("a" | "area", "href") if value.starts_with('#') => own.push(value.to_string()),
                    ("a" | "area", "href")
                    | ("form", "action")
                    | ("button" | "input", "formaction")
                    | ("iframe" | "embed" | "script", "src")
                    | ("object", "data") => {
                        self.follow(ReferenceKind::Link, value);
                    }
                    // Whom search engines are told of, and hosts that are only greeted, are not
                    // loaded.
                    ("link", "href") if !rel.is_some_and(is_only_named) => {
                        self.follow(ReferenceKind::Link, value);
                    }
                    ("img" | "source" | "video" | "audio" | "track" | "input", "src")
                    | ("video", "poster") => {
                        self.follow(ReferenceKind::Image, value);
                    }
                    ("image" | "use", "href" | "xlink:href") => {
                        self.follow(ReferenceKind::Image, value);
                    }
                    (_, "style") if value.contains('(') => self.read_style(value),
                    ("img" | "source", "srcset") | ("link", "imagesrcset") => {
                        for address in srcset_addresses(value) {
                            self.follow(ReferenceKind::Image, &value[address]);
                        }
                    }
                    ("meta", "content") if refresh => {
                        if let Some((_, address)) =
                            value.split_once(';').and_then(|(_, rest)| rest.split_once('='))
                        {
                            self.follow(
                                ReferenceKind::Link,
                                address.trim().trim_matches(['\'', '"']),
                            );
                        }
                    }
                    _ => {}
                }
            }
        }
        // What stands further down is known now.
        for value in own {
            self.facts.links += 1;
            let has_place =
                place(&value[1..]).is_none_or(|place| self.facts.places.contains(&place));
            if !has_place {
                let meant = format!("{}{}", self.route.path(), decode(&value));
                self.facts.dead.push((ReferenceKind::Anchor, PageReference { meant, value }));
            }
        }
    }

    fn read_style(&mut self, css: &str) {
        for address in styles::addresses(css) {
            self.follow(ReferenceKind::Image, &address);
        }
    }

    fn follow(&mut self, kind: ReferenceKind, value: &str) {
        let meaning = meaning(self.edition, self.route, value);
        self.facts.links += usize::from(!matches!(
            meaning,
            ReferenceMeaning::Outside(_) | ReferenceMeaning::Nothing
        ));
        let reference = |meant: String| PageReference { meant, value: value.to_owned() };
        match meaning {
            ReferenceMeaning::Outside(address) => self.facts.external.push(address),
            ReferenceMeaning::Missing(meant) => self.facts.dead.push((kind, reference(meant))),
            ReferenceMeaning::Place { page, place, meant } => {
                self.facts.anchors.push((page, place, reference(meant)));
            }
            ReferenceMeaning::Nothing | ReferenceMeaning::Page | ReferenceMeaning::OwnPlace(_) => {}
        }
    }
}

/// Returns what a reference on the page at `route` means, as browsers read it.
pub(super) fn meaning(edition: &Edition, route: &Route, value: &str) -> ReferenceMeaning {
    let base = &edition.config.base;
    let Some(reference) = base.below_host(value) else {
        let full = base.resolve(&base.href(route), value);
        let address = full.split('#').next().unwrap_or(&full);
        return if is_of_the_web(address) {
            ReferenceMeaning::Outside(address.to_owned())
        } else {
            ReferenceMeaning::Nothing
        };
    };
    let reference = &*reference;
    if reference.len() > 1 && reference.starts_with('#') {
        return ReferenceMeaning::OwnPlace(format!("{}{}", route.path(), decode(reference)));
    }
    if reference.is_empty() || reference.starts_with(['?', '#']) {
        return ReferenceMeaning::Nothing;
    }
    let (path, rest) = split_path(reference);
    let full = base.path_on_host(route, path);
    let plan = &edition.plan;
    let below = full
        .strip_prefix(&decode(base.path()))
        .filter(|below| below.is_empty() || below.starts_with('/'));
    let target = match below {
        Some(below) => plan.at(below),
        // Another site may stand beside this one on the same host, and is named in full.
        None if names_host(value) => return ReferenceMeaning::Nothing,
        None => None,
    };
    let Some(target) = target else { return ReferenceMeaning::Missing(full) };
    if let Some((_, fragment)) = rest.split_once('#')
        && let Some(place) = place(fragment)
        && target.file().rsplit_once('.').is_some_and(|(_, extension)| extension == "html")
        && let Some(page) = plan.place(&target)
        && !matches!(plan.routes[page].1, RouteRole::Redirect(_))
    {
        return ReferenceMeaning::Place {
            page,
            place,
            meant: format!("{}#{}", target.path(), decode(fragment)),
        };
    }
    ReferenceMeaning::Page
}

fn is_only_named(rel: &str) -> bool {
    ["canonical", "preconnect", "dns-prefetch"].iter().any(|name| rel.eq_ignore_ascii_case(name))
}

/// Returns the place that a fragment names; none where it is the top of the page, or words on it.
fn place(fragment: &str) -> Option<Digest> {
    let name = decode(fragment.split(":~:").next().unwrap_or(fragment));
    (!name.is_empty() && !name.eq_ignore_ascii_case("top")).then(|| Digest::of(name))
}
