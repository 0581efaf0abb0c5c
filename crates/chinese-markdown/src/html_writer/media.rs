//! Images and links: which addresses are kept, and how the elements are written.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Tag, TagEnd};

use super::Writer;
use crate::dialect::picture;
use crate::html::{self, ImageAddress, push_attribute, push_text};
use crate::{Loss, Spanned, plain};

impl<'d> Writer<'d> {
    pub(super) fn image(
        &mut self,
        events: &[Spanned<'d>],
        index: usize,
        address: &str,
        title: &str,
    ) -> usize {
        let mut depth = 0;
        let mut end = index;
        loop {
            match events.get(end) {
                Some((Event::Start(Tag::Image { .. }), _)) => depth += 1,
                Some((Event::End(TagEnd::Image), _)) => {
                    depth -= 1;
                    if depth == 0 {
                        break;
                    }
                }
                Some(_) => {}
                None => break,
            }
            end += 1;
        }
        let alt = plain::inline_text(&events[index..end.min(events.len())]);
        let (alt, size) = picture::text_and_size(&alt);
        let at = events[index].1.start;
        let kind = html::image_address(address);
        if kind == ImageAddress::Inline && self.writing.for_feed {
            return end + 1;
        }
        if let Some(why) = html::unusable_image(address) {
            self.losses.add(Loss::Picture(why), at, address);
            if !alt.is_empty() {
                push_text(&mut self.out, alt);
            }
            return end + 1;
        }
        let resolved = self.writing.resolved(address);
        self.out.push_str("<img src=\"");
        push_attribute(&mut self.out, resolved.as_deref().unwrap_or(address));
        self.out.push_str("\" alt=\"");
        push_attribute(&mut self.out, alt);
        self.push_title(title);
        let asked =
            size.map(|size| html::Asked::new(&size.width, &size.height)).unwrap_or_default();
        let (width, height) = if kind == ImageAddress::Local {
            self.writing.sides(address, &asked, &self.seal)
        } else {
            asked.sides(|| None)
        };
        for (name, side) in [("width", width), ("height", height)] {
            if !side.is_empty() {
                let _ = write!(self.out, "\" {name}=\"{side}");
            }
        }
        self.out.push_str(match kind {
            ImageAddress::Remote => "\" loading=\"lazy\" referrerpolicy=\"no-referrer\">",
            ImageAddress::Inline => "\">",
            _ => "\" loading=\"lazy\">",
        });
        end + 1
    }

    /// The title of a link or an image, inside the quotes of the attribute before it.
    fn push_title(&mut self, title: &str) {
        if !title.is_empty() {
            self.out.push_str("\" title=\"");
            push_attribute(&mut self.out, title);
        }
    }

    pub(super) fn open_link(
        &mut self,
        kind: LinkType,
        address: &str,
        title: &str,
        range: &Range<usize>,
    ) {
        let address: Cow<'_, str> = if kind == LinkType::Email {
            format!("mailto:{address}").into()
        } else {
            address.into()
        };
        let unusable = html::unusable_link(&address);
        self.links.push(unusable.is_none());
        if let Some(why) = unusable {
            self.losses.add(Loss::Link(why), range.start, &address);
            return;
        }
        let resolved = self.writing.resolved(&address);
        self.out.push_str("<a href=\"");
        push_attribute(&mut self.out, resolved.as_deref().unwrap_or(&address));
        self.push_title(title);
        if html::is_external(&address, self.writing.own_host) {
            self.out.extend(["\" rel=\"", html::EXTERNAL_REL]);
        }
        self.out.push_str("\">");
    }
}
