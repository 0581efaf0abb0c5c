//! Rewriting raw HTML as a stream: images, links, and what cannot be put in.

use std::borrow::Cow;
use std::cell::RefCell;

use lol_html::html_content::{ContentType, Element};
use lol_html::{HandlerResult, HtmlRewriter, RewriteStrSettings, Settings, element, rewrite_str};

use super::address::{EXTERNAL_REL, ImageAddress, image_address, is_external};
use super::alignment::{aligned, alignment, may_align};
use super::drawn::with_drawn_pictures;
use super::element::ElementSet;
use super::embed::{CardKind, Links, said};
use super::escape::{escape_attribute, escape_text, unescaped};
use super::heading::with_headings;
use super::inspection::Inspection;
use super::lazy::with_lazy_pictures;
use super::listing::{CodeWriter, with_listings};
use super::picture::with_pictures;
use super::plain_tags::{PlainAttribute, PlainTag, PlainTags};
use super::player::with_players;
use super::sanitising::{is_never_kept, raw_id};
use super::size::Asked;
use super::usable::{is_lazy, is_tracker, picture_of, unusable_image, unusable_link};
use super::wechat;
use crate::reference::OwnHost;

/// How raw HTML is treated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RawHtml {
    /// What could run a script or load from elsewhere goes; the rest stays.
    Sanitize,
    /// Of raw HTML only the text is kept.
    Strip,
    /// All of it is kept. Only for those who trust every author.
    Raw,
}

/// How HTML with raw pieces is rewritten.
#[derive(Clone, Copy)]
pub(crate) struct Rewriting<'a> {
    pub(crate) raw: RawHtml,
    /// What the raw pieces hold.
    pub(crate) inspection: &'a Inspection,
    /// What attributes of our own making begin with (see [`super::sanitize`]).
    pub(crate) seal: &'a str,
    /// Feeds carry no inline images and no `rel`.
    pub(crate) for_feed: bool,
    /// The page's title.
    pub(crate) title: &'a str,
    /// The words for what cards stand for.
    pub(crate) word: &'a dyn Fn(CardKind) -> &'a str,
    pub(crate) markup: CodeWriter<'a>,
    /// The site's address.
    pub(crate) own_host: &'a OwnHost,
    /// The address to publish for one written in the text; `None` keeps it.
    pub(crate) resolve: &'a dyn Fn(&str) -> Option<String>,
    /// What to write for the sides of the image at an address.
    pub(crate) sides: &'a dyn Fn(&str, &Asked) -> (String, String),
}

/// Rewrites images, links and embeds of HTML that holds raw pieces. The error says why it could not
/// be done.
pub(crate) fn rewrite(html: &str, rewriting: &Rewriting<'_>) -> Result<String, String> {
    let links = Links {
        seal: rewriting.seal,
        word: rewriting.word,
        own_host: rewriting.own_host,
        resolve: rewriting.resolve,
    };
    let plain = PlainTags::of(html);
    if rewriting.raw == RawHtml::Raw {
        return rewriting.stream(html, plain, &links);
    }
    // These must see an element with all that it holds, which the stream does not.
    let inspection = rewriting.inspection;
    let may_hold = |elements| plain.as_ref().is_none_or(|plain| plain.elements.meets(elements));
    let mut html = Cow::Borrowed(html);
    let mut make = |made: &dyn Fn(&str) -> Cow<'_, str>| {
        if let Cow::Owned(made) = made(&html) {
            html = Cow::Owned(made);
        }
    };
    if plain.is_none() {
        make(&|html| with_lazy_pictures(html));
    }
    if may_hold(&PICTURE) {
        make(&|html| with_pictures(html));
    }
    make(&|html| with_drawn_pictures(html));
    if inspection.saw(&PLAYERS) {
        make(&|html| with_players(html, &links));
    }
    if may_hold(&LISTINGS) {
        make(&|html| with_listings(html, rewriting.seal, rewriting.markup));
    }
    if inspection.saw(&HEADINGS) {
        make(&|html| with_headings(html, rewriting.seal, rewriting.title));
    }
    match html {
        Cow::Borrowed(html) => rewriting.stream(html, plain, &links),
        Cow::Owned(html) => rewriting.stream(&html, PlainTags::of(&html), &links),
    }
}

const PICTURE: ElementSet = ElementSet::of(&["picture"]);
const PLAYERS: ElementSet = ElementSet::of(&["audio", "video"]);
const LISTINGS: ElementSet = ElementSet::of(&["pre", "table"]);
const HEADINGS: ElementSet = ElementSet::of(&["h1", "h2", "h3", "h4", "h5", "h6"]);

/// Links and pictures, whose tags are rewritten whatever else stays.
const LINKS: ElementSet = ElementSet::of(&["a", "img"]);

/// Elements that have nothing but a tag, in whose place something else may stand.
const REPLACED: ElementSet = ElementSet::of(&["area", "embed", "input", "option"]);

/// Elements of which more than the tag is rewritten.
const REWRITTEN_WHOLE: ElementSet = ElementSet::of(&["center", "object"]);

/// Elements that a parser opens again where others end too early, those apart that have the same
/// attributes.
const FORMATTING: ElementSet = ElementSet::of(&[
    "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u",
]);

impl Rewriting<'_> {
    fn stream(
        &self,
        html: &str,
        plain: Option<PlainTags>,
        links: &Links<'_>,
    ) -> Result<String, String> {
        // Not strict: what lol_html finds ambiguous, ammonia parses afterwards.
        let settings = RewriteStrSettings::new().with_strict(false);
        let is_whole = |tag: &PlainTag| self.takes_whole(tag, html);
        if let Some(plain) = plain.filter(|plain| !plain.tags.iter().any(is_whole)) {
            let settings = settings
                .append_element_content_handler(element!("*", |tag| self.element(tag, links)));
            return self.stream_tags(html, &plain, settings.into());
        }
        let mut selectors = vec!["a, image, img".to_owned()];
        if self.raw != RawHtml::Raw {
            selectors.push("area, embed, iframe, input, object, option".to_owned());
            selectors.extend(aligned(html));
            // A selector knows whole names only.
            selectors.push(if wechat::names_mini_program(html) {
                "*".to_owned()
            } else {
                wechat::ELEMENTS.join(", ")
            });
        }
        let mut settings = settings
            .append_element_content_handler(
                element!(selectors.join(", "), |tag| self.element(tag, links))
            );
        if self.raw != RawHtml::Raw {
            let end = element!("svg foreignobject", |element| {
                end_drawing(element);
                Ok(())
            });
            settings = settings.append_element_content_handler(end);
        }
        if ends_foreign_text(html) {
            settings = settings.append_element_content_handler(element!("[href]", |_| Ok(())));
        }
        rewrite_str(html, settings).map_err(|error| error.to_string())
    }

    fn element(&self, element: &mut Element<'_, '_>, links: &Links<'_>) -> HandlerResult {
        match element.tag_name().as_str() {
            "image" | "img" => self.image(element)?,
            "a" => self.link(element)?,
            _ if self.raw == RawHtml::Raw => {}
            "area" => replace_area(element, links),
            "embed" | "iframe" | "object" => replace_player(element, links),
            "input" => input(element)?,
            "option" => element.before(" ", ContentType::Text),
            name if wechat::is_player(name) => replace_wechat(element, links),
            _ => {}
        }
        if self.raw != RawHtml::Raw {
            self.align(element)?;
        }
        Ok(())
    }

    /// Whether more than the tag of an element is rewritten.
    fn takes_whole(&self, tag: &PlainTag, html: &str) -> bool {
        self.raw != RawHtml::Raw
            && (REWRITTEN_WHOLE.holds(tag.element)
                || tag.element.is_none() && wechat::is_player(&html[tag.name.clone()]))
    }

    /// Streams those tags alone that are to be rewritten: everything else, nearly all of a text,
    /// cannot concern them. What the sanitiser takes off in any case it need not read.
    fn stream_tags(
        &self,
        html: &str,
        plain: &PlainTags,
        settings: Settings<'_, '_>,
    ) -> Result<String, String> {
        let out = RefCell::new(String::with_capacity(html.len()));
        let mut rewriter = HtmlRewriter::new(settings, |chunk: &[u8]| {
            out.borrow_mut().push_str(&String::from_utf8_lossy(chunk));
        });
        let mut copied = 0;
        for tag in &plain.tags {
            let attributes = plain.attributes(tag);
            let aligns = |PlainAttribute { name, value, .. }: &PlainAttribute| {
                may_align(tag.element, &html[name.clone()], &html[value.clone()])
            };
            let is_rewritten = LINKS.holds(tag.element)
                || self.raw != RawHtml::Raw
                    && (REPLACED.holds(tag.element) || attributes.iter().any(aligns));
            if is_rewritten {
                out.borrow_mut().push_str(&html[copied..tag.range.start]);
                rewriter
                    .write(html[tag.range.clone()].as_bytes())
                    .map_err(|error| error.to_string())?;
                copied = tag.range.end;
            } else if self.raw != RawHtml::Raw && !FORMATTING.holds(tag.element) {
                for attribute in attributes {
                    if is_never_kept(&html[attribute.name.clone()]) {
                        out.borrow_mut().push_str(&html[copied..attribute.range.start]);
                        copied = attribute.range.end;
                    }
                }
            }
        }
        rewriter.end().map_err(|error| error.to_string())?;
        let mut out = out.into_inner();
        out.push_str(&html[copied..]);
        Ok(out)
    }
}

impl Rewriting<'_> {
    fn image(&self, element: &mut Element<'_, '_>) -> HandlerResult {
        let is_named_image = element.tag_name() == "image";
        if is_named_image {
            // A drawing's own is no picture of the page; elsewhere browsers read it as `<img>`,
            // whose end is not waited for.
            if element.namespace_uri() != HTML {
                return Ok(());
            }
            element.set_tag_name("img")?;
        }
        let all: Vec<(String, String)> = element
            .attributes()
            .iter()
            .map(|attribute| (attribute.name(), unescaped(attribute.value())))
            .collect();
        let attribute = |name: &str| {
            all.iter().find(|(other, _)| other == name).map(|(_, value)| Cow::Borrowed(&**value))
        };
        let source = picture_of(
            all.iter().map(|(name, value)| (Cow::Borrowed(&**name), Cow::Borrowed(&**value))),
        )
        .into_owned();
        let is_inline = image_address(&source) == ImageAddress::Inline;
        if is_tracker(attribute)
            || unusable_image(&source).is_some()
            || (self.for_feed && is_inline)
        {
            let alt = said(element, "alt")
                .filter(|_| !is_inline && !is_tracker(attribute))
                .unwrap_or_default();
            if is_named_image {
                element.remove_attribute("src");
            } else {
                element.replace(&escape_text(&alt), ContentType::Html);
            }
            return Ok(());
        }
        if attribute("src").as_deref() != Some(&*source) {
            element.remove_attribute("srcset");
            element.set_attribute("src", &escape_attribute(&source))?;
        }
        // Where styles stay, they say it themselves.
        let style = attribute("style").filter(|_| self.raw != RawHtml::Raw).unwrap_or_default();
        let asked =
            Asked::of(attribute("width").as_deref(), attribute("height").as_deref(), &style);
        let (width, height) = match declared_size(element) {
            Some(size) => asked.sides(|| Some(size)),
            None => (self.sides)(&source, &asked),
        };
        for (name, side) in [("width", width), ("height", height)] {
            if !side.is_empty() && attribute(name).as_deref() != Some(&*side) {
                element.set_attribute(name, &side)?;
            }
        }
        let is_done_with = |name: &str| {
            self.raw != RawHtml::Raw && is_never_kept(name)
                || is_lazy(name)
                || matches!(
                    name,
                    "data-srcset" | "data-lazy-srcset" | "data-ratio" | "data-w" | "data-type"
                )
        };
        for (name, _) in all.iter().filter(|(name, _)| is_done_with(name)) {
            element.remove_attribute(name);
        }
        if let Some(resolved) = (self.resolve)(&source) {
            element.set_attribute("src", &escape_attribute(&resolved))?;
        }
        if image_address(&source) == ImageAddress::Remote {
            element.set_attribute("referrerpolicy", "no-referrer")?;
        }
        if !is_inline {
            element.set_attribute("loading", "lazy")?;
        }
        if !element.has_attribute("alt") {
            element.set_attribute("alt", "")?;
        }
        Ok(())
    }

    fn link(&self, element: &mut Element<'_, '_>) -> HandlerResult {
        // The anchors of old editors.
        if let Some(name) = element
            .get_attribute("name")
            .filter(|_| self.raw != RawHtml::Raw && !element.has_attribute("id"))
        {
            element.set_attribute("id", &name)?;
        }
        let href = unescaped(element.get_attribute("href").unwrap_or_default());
        if unusable_link(&href).is_some() {
            if self.raw != RawHtml::Raw || !href.trim().is_empty() {
                element.remove_attribute("href");
                element.remove_attribute("rel");
            }
            return Ok(());
        }
        if let Some(id) = href
            .strip_prefix('#')
            .filter(|id| self.raw != RawHtml::Raw && self.inspection.ids.contains(*id))
        {
            element.set_attribute("href", &escape_attribute(&format!("#{}", raw_id(id))))?;
            return Ok(());
        }
        if let Some(resolved) = (self.resolve)(&href) {
            element.set_attribute("href", &escape_attribute(&resolved))?;
        }
        if is_external(&href, self.own_host) {
            if !self.for_feed {
                element.set_attribute("rel", EXTERNAL_REL)?;
            }
        } else if self.raw != RawHtml::Raw {
            element.remove_attribute("rel");
        }
        Ok(())
    }

    /// As a class: a strict content-security policy forbids `style`, and so does the sanitiser.
    fn align(&self, element: &mut Element<'_, '_>) -> HandlerResult {
        if let Some(class) = alignment(element) {
            element.set_attribute("class", &format!("{}{class}", self.seal))?;
            element.remove_attribute("style");
        }
        if element.tag_name() == "center" {
            element.set_tag_name("div")?;
        }
        Ok(())
    }
}

/// A player of another site becomes a card.
fn replace_player(element: &mut Element<'_, '_>, links: &Links<'_>) {
    match links.player(element) {
        // What an object holds is shown where it cannot be.
        Some(card) if element.tag_name() == "object" => {
            element.before(&card, ContentType::Html);
            element.remove_and_keep_content();
        }
        Some(card) => element.replace(&card, ContentType::Html),
        None => {}
    }
}

/// A player of WeChat's becomes a card.
fn replace_wechat(element: &mut Element<'_, '_>, links: &Links<'_>) {
    element.before(&links.wechat(element), ContentType::Html);
    // Its end may be missing, and then all that follows would go with it.
    element.remove_and_keep_content();
}

/// An area of a map becomes a link behind its picture.
fn replace_area(element: &mut Element<'_, '_>, links: &Links<'_>) {
    element.replace(&links.area(element).unwrap_or_default(), ContentType::Html);
}

/// A tick box may be looked at; nothing else may be put in, and what stands in it already is
/// text.
fn input(element: &mut Element<'_, '_>) -> HandlerResult {
    match said(element, "type").unwrap_or_default().to_ascii_lowercase().as_str() {
        "checkbox" | "radio" => element.set_attribute("disabled", "")?,
        "hidden" | "password" => element.remove(),
        _ => element
            .replace(&escape_text(&said(element, "value").unwrap_or_default()), ContentType::Html),
    }
    Ok(())
}

/// HTML in a drawing is text of the article: the drawing ends before it and begins anew behind
/// it.
fn end_drawing(element: &mut Element<'_, '_>) {
    element.before("</svg>", ContentType::Html);
    element.after("<svg>", ContentType::Html);
    element.remove_and_keep_content();
}

/// Whether a drawing or a formula ends in a text. In `<title href=><math </math >` lol_html 3.0
/// takes that end, which is none, for an element that it was about to look at, and gives up; not
/// where it reads the attributes of all elements, which one handler asks for (tried on 42,592
/// texts).
fn ends_foreign_text(html: &str) -> bool {
    let is_named = |at: usize, name: &str| {
        html.as_bytes()[at + 2..]
            .get(..name.len())
            .is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()))
    };
    memchr::memmem::find_iter(html.as_bytes(), "</")
        .any(|at| is_named(at, "math") || is_named(at, "svg"))
}

/// The size that WeChat's editor writes: `data-w` is the width, `data-ratio` height by width.
fn declared_size(element: &Element<'_, '_>) -> Option<(usize, usize)> {
    /// Beyond this the numbers mean something else.
    const LARGEST: f64 = 20_000.0;
    let number = |name: &str| {
        element.get_attribute(name)?.trim().parse::<f64>().ok().filter(|number| number.is_finite())
    };
    let (width, ratio) = (number("data-w")?, number("data-ratio")?);
    let height = (width * ratio).round();
    let is_size = |side: f64| (2.0..=LARGEST).contains(&side);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "both lie between 2 and 20,000"
    )]
    (is_size(width) && is_size(height)).then_some((width as usize, height as usize))
}

/// The namespace of HTML's elements, among which drawings and formulas have others.
const HTML: &str = "http://www.w3.org/1999/xhtml";
