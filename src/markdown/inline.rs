//! Small corrections of the event stream: merged texts, single tildes, soft breaks between Chinese, bare addresses.

use std::ops::Range;

use pulldown_cmark::{CowStr, Event, LinkType, Tag, TagEnd};

use super::Spanned;
use crate::text::{is_cjk, is_shared_mark};

/// Adds an event, joining it to the last one when both are text.
pub(super) fn push_merged<'a>(events: &mut Vec<Spanned<'a>>, event: Event<'a>, range: Range<usize>) {
    if let Event::Text(text) = &event
        && let Some((Event::Text(last), last_range)) = events.last_mut()
    {
        let mut joined = std::mem::replace(last, CowStr::Borrowed("")).into_string();
        joined.push_str(text);
        *last = CowStr::from(joined);
        last_range.end = range.end;
        return;
    }
    events.push((event, range));
}

/// Corrects the events of `text` in place.
pub(super) fn mend<'a>(events: &mut Vec<Spanned<'a>>, text: &'a str) {
    free_single_tildes(events, text);
    join_chinese_lines(events);
    link_bare_addresses(events);
}

/// `2000~2500，2500~3000` is a range of numbers, not struck out: only `~~` strikes.
fn free_single_tildes<'a>(events: &mut [Spanned<'a>], text: &'a str) {
    let mut singles = Vec::new();
    for (event, range) in events.iter_mut() {
        match event {
            Event::Start(Tag::Strikethrough) => {
                let single = !text[range.clone()].starts_with("~~");
                singles.push(single);
                if single {
                    *event = Event::Text(CowStr::Borrowed("~"));
                }
            }
            Event::End(TagEnd::Strikethrough) if singles.pop() == Some(true) => *event = Event::Text(CowStr::Borrowed("~")),
            _ => {}
        }
    }
}

/// Removes soft breaks between two Chinese characters or marks, where browsers would show a blank; inline tags are looked
/// through. Hangul keeps its breaks (CSS Text 3, segment break transformation; goldmark's `css3draft` without its joining
/// of Han and Latin).
fn join_chinese_lines(events: &mut [Spanned<'_>]) {
    let mut last = ' ';
    for index in 0..events.len() {
        match &events[index].0 {
            Event::Text(text) => last = text.chars().next_back().unwrap_or(last),
            Event::SoftBreak => {
                let next = events[index + 1..].iter().find_map(|(event, _)| match event {
                    Event::Text(text) => text.chars().next(),
                    Event::Start(Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. }) | Event::End(_) => None,
                    _ => Some(' '),
                });
                if joins(last) && next.is_some_and(joins) {
                    events[index].0 = Event::Text(CowStr::Borrowed(""));
                }
            }
            Event::End(TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link) => {}
            Event::Start(Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. }) => {}
            _ => last = ' ',
        }
    }
}

fn joins(c: char) -> bool {
    (is_cjk(c) && !matches!(c, '\u{1100}'..='\u{11FF}' | '\u{AC00}'..='\u{D7FB}' | '\u{3130}'..='\u{318F}')) || is_shared_mark(c)
}

/// Links `https://…` in running text. An address ends at a blank, at `<`, and at the first character that is not ASCII:
/// `见https://a.example/b的说明` is common. Closing punctuation stays outside (GFM, autolinks extension).
fn link_bare_addresses(events: &mut Vec<Spanned<'_>>) {
    let has_address = |event: &Event<'_>| matches!(event, Event::Text(text) if text.contains("://"));
    if !events.iter().any(|(event, _)| has_address(event)) {
        return;
    }
    let mut out = Vec::with_capacity(events.len() + 8);
    let mut closed = 0_usize; // links, images and code, inside which nothing is linked
    for (event, range) in events.drain(..) {
        match &event {
            Event::Start(Tag::Link { .. } | Tag::Image { .. } | Tag::CodeBlock(_)) => closed += 1,
            Event::End(TagEnd::Link | TagEnd::Image | TagEnd::CodeBlock) => closed = closed.saturating_sub(1),
            // The author's own link around an address.
            Event::InlineHtml(html) => match crate::html::tags(html).next().filter(|tag| tag.name.eq_ignore_ascii_case("a")) {
                Some(tag) if tag.closing => closed = closed.saturating_sub(1),
                Some(_) => closed += 1,
                None => {}
            },
            // A raw link that is never closed ends with its paragraph.
            Event::End(TagEnd::Paragraph) => closed = 0,
            _ => {}
        }
        match event {
            Event::Text(text) if closed == 0 && text.contains("://") => split_addresses(&text, &range, &mut out),
            event => out.push((event, range)),
        }
    }
    *events = out;
}

fn split_addresses<'a>(text: &str, range: &Range<usize>, out: &mut Vec<Spanned<'a>>) {
    let mut push = |event: Event<'a>| out.push((event, range.clone()));
    let mut done = 0;
    let mut from = 0;
    while let Some(found) = text[from..].find("://") {
        let colon = from + found;
        from = colon + 3;
        let Some(start) = ["https", "http"].iter().find_map(|scheme| text[..colon].ends_with(scheme).then(|| colon - scheme.len())) else {
            continue;
        };
        let starts_word = text[..start].chars().next_back().is_none_or(|c| !c.is_ascii_alphanumeric());
        let length = address_length(&text[colon + 3..]);
        if start < done || !starts_word || length == 0 {
            continue;
        }
        let end = colon + 3 + length;
        push(Event::Text(CowStr::from(text[done..start].to_owned())));
        let address = CowStr::from(text[start..end].to_owned());
        push(Event::Start(Tag::Link {
            link_type: LinkType::Autolink,
            dest_url: address.clone(),
            title: CowStr::Borrowed(""),
            id: CowStr::Borrowed(""),
        }));
        push(Event::Text(address));
        push(Event::End(TagEnd::Link));
        done = end;
        from = end;
    }
    push(Event::Text(CowStr::from(text[done..].to_owned())));
}

/// Bytes of the address after `://`.
fn address_length(rest: &str) -> usize {
    let is_part =
        |byte: &u8| byte.is_ascii_graphic() && !matches!(byte, b'<' | b'>' | b'"' | b'`' | b'|' | b'\\' | b'^' | b'{' | b'}' | b'[' | b']');
    let mut length = rest.bytes().take_while(is_part).count();
    let count = |mark: u8| memchr::memchr_iter(mark, &rest.as_bytes()[..length]).count();
    let (mut closing, opening) = (count(b')'), count(b'('));
    while length > 0 {
        let last = rest.as_bytes()[length - 1];
        let unmatched = last == b')' && closing > opening;
        closing -= usize::from(last == b')');
        if !(matches!(last, b'.' | b',' | b';' | b':' | b'!' | b'?' | b'\'' | b'*' | b'_' | b'~' | b']' | b'[' | b'(') || unmatched) {
            break;
        }
        length -= 1;
    }
    if rest.starts_with(|c: char| c.is_ascii_alphanumeric()) { length } else { 0 }
}
