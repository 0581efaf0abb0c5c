//! Tags that hold text: what begins and ends a block where they stand.
//!
//! At the margin blank lines part a block from what is around it. In an item of a list they would
//! make all of the list loose, so there blocks begin and end in lines of HTML that begin with a
//! comment, which end with their line.

use super::margin::COMMENT;
use super::media::Link;
use super::said::{self, inline_html};
use super::table::Meaning;
use super::tag::Shortcode;
use super::{Place, ShortcodeReader, element, one_line};
use crate::html::escape_text;
use crate::source::edits::Change;

/// Blocks that may lie in one another: each costs a mark in every line.
pub(super) const DEEPEST: usize = 8;

/// A block that is open.
pub(super) struct TagBlock<'s> {
    pub(super) tag: Shortcode<'s>,
    meaning: Meaning,
    /// Where the change stands that opened it.
    pub(super) change: usize,
    /// What stands before each of its lines.
    pub(super) prefix: &'static str,
    /// What is written below what it holds, or behind it.
    below: String,
    /// What stands before the lines of the item or quote that it is a block in.
    margin: Option<String>,
    /// It is part of a line.
    is_in_line: bool,
    /// Tabs that it parts what it holds into, as far as they have been read.
    parts: usize,
}

impl<'s> TagBlock<'s> {
    /// Of a tag that holds nothing but, in Hugo, may.
    pub(super) fn holding(tag: Shortcode<'s>, change: usize) -> TagBlock<'s> {
        TagBlock {
            tag,
            meaning: Meaning::Apart,
            change,
            prefix: "",
            below: String::new(),
            margin: None,
            is_in_line: false,
            parts: 0,
        }
    }

    /// Begins a block that is a quote, a callout or what somebody said; `None` for others.
    /// `newline` goes before text that follows on the line of the tag.
    fn begin_quote(&mut self, newline: Option<&String>) -> Option<String> {
        let with = match self.meaning {
            Meaning::Callout(of_name) => {
                let (kind, title) = said::callout(&self.tag, of_name);
                let follows = newline.map_or_else(String::new, |newline| format!("{newline}> "));
                format!("> [!{kind}] {}{follows}", said::without_html(&title))
            }
            Meaning::Quote => {
                let source = said::source(&self.tag);
                if !source.is_empty() {
                    self.below = format!("— {}", said::without_html(&source));
                }
                "> ".to_owned()
            }
            _ => return None,
        };
        self.prefix = "> ";
        Some(with)
    }

    /// Whether comments part what it holds, `<!-- tab 题 -->`.
    pub(super) fn is_parted(&self) -> bool {
        matches!(self.meaning, Meaning::Apart | Meaning::Titled | Meaning::Parted)
    }

    /// What a tab is called that has no label: as `{{< tabs items="甲,乙" >}}` says, or by the name
    /// of the tabs.
    pub(super) fn next_label(&mut self) -> String {
        self.parts += 1;
        if self.meaning != Meaning::Parted {
            return String::new();
        }
        let arguments = super::Arguments::of(self.tag.rest);
        if let Some(items) = arguments.named(&["items", "names"]) {
            let item =
                items.trim_matches(['[', ']']).split(',').nth(self.parts - 1).unwrap_or_default();
            return item.trim().trim_matches(['"', '\'']).to_owned();
        }
        let name = super::arguments::fields(self.tag.rest)[0];
        let has_name = !self.tag.is_hugo && !name.is_empty() && !name.contains([':', '=']);
        if has_name { format!("{name} {}", self.parts) } else { String::new() }
    }
}

impl<'s> ShortcodeReader<'s> {
    /// Opens a block, or says what a tag says that has no end.
    pub(super) fn open(
        &mut self,
        tag: Shortcode<'s>,
        meaning: Meaning,
        place: Place,
        changes: &mut Vec<Change>,
    ) {
        let is_known = super::meaning(tag.name).is_some();
        // `{% label 字 %}`, `{% spoiler 字 %}` stand by themselves as a rule.
        let is_single = matches!(meaning, Meaning::Mark | Meaning::Text)
            || matches!(tag.name, "spoiler" | "quote" | "card");
        let end = if is_single {
            self.ends.of_own(&tag)
        } else {
            self.ends.of(tag.name, tag.is_hugo, tag.range.end)
        };
        let has_end = !tag.is_closed_at_once() && end.is_some();
        if !has_end || self.open.len() >= DEEPEST {
            match self.said(&tag, meaning, place) {
                Some(with) => changes.push((tag.range.clone(), with)),
                None => self.note_unknown(&tag, false),
            }
            return;
        }
        if !is_known {
            self.note_unknown(&tag, true);
        }
        let (margin, begins) = self.margin(tag.range.start, place);
        let (with, block) = match place {
            _ if meaning == Meaning::Mark => (
                format!("<{}>", element(tag.name)),
                TagBlock { meaning, ..TagBlock::holding(tag, 0) },
            ),
            Place::Container if begins => self.block_in(tag, meaning, margin),
            Place::Margin => self.block(tag, meaning),
            // What it holds stays where it stands, behind the title that the tag may give.
            _ => in_line(tag, meaning),
        };
        changes.push((block.tag.range.clone(), with));
        self.open.push(TagBlock { change: changes.len() - 1, ..block });
    }

    /// A block at the margin.
    fn block(&mut self, tag: Shortcode<'s>, meaning: Meaning) -> (String, TagBlock<'s>) {
        let outer = self.prefix();
        let lead = if self.begins_line(tag.range.start) {
            String::new()
        } else {
            format!("\n{outer}\n{outer}")
        };
        let follows = !self.ends_line(tag.range.end);
        let mut block = TagBlock { meaning, ..TagBlock::holding(tag, 0) };
        if let Some(quote) = block.begin_quote(follows.then_some(&format!("\n{outer}"))) {
            return (lead + &quote, block);
        }
        let with = match meaning {
            Meaning::Folded => format!(
                "{lead}<details>\n{outer}<summary>{}</summary>\n{outer}\n{outer}",
                inline_html(&summary(&block.tag))
            ),
            _ => match self.title(&block.tag, meaning) {
                title if title.is_empty() => String::new(),
                title => format!("{lead}{}\n{outer}", heading(&title)),
            },
        };
        (with, block)
    }

    /// A block in an item of a list or a quote.
    fn block_in(
        &mut self,
        tag: Shortcode<'s>,
        meaning: Meaning,
        margin: String,
    ) -> (String, TagBlock<'s>) {
        let newline = format!("\n{}{margin}", self.prefix());
        let follows = !self.ends_line(tag.range.end);
        let mut block = TagBlock { meaning, margin: Some(margin), ..TagBlock::holding(tag, 0) };
        if let Some(quote) = block.begin_quote(follows.then_some(&newline)) {
            return (quote, block);
        }
        let begin = match meaning {
            Meaning::Folded => {
                format!("<details><summary>{}</summary>", inline_html(&summary(&block.tag)))
            }
            _ => match self.title(&block.tag, meaning) {
                title if title.is_empty() => "<div>".to_owned(),
                title => format!("<div><p><strong>{}</strong></p>", inline_html(&title)),
            },
        };
        let with = format!("{COMMENT}{begin}{}", if follows { newline } else { String::new() });
        (with, block)
    }

    /// A title or a label that stands by itself.
    pub(super) fn titled(&mut self, at: usize, place: Place, title: &str) -> String {
        let (_, begins) = self.margin(at, place);
        if begins { heading(title) } else { format!("**{}** ", said::without_html(title)) }
    }

    /// The title of a block; a tab without one may have that which stands with the tabs.
    fn title(&mut self, tag: &Shortcode<'_>, meaning: Meaning) -> String {
        let title = said::title(tag, meaning == Meaning::Titled);
        match self.open.iter_mut().rev().find(|block| block.meaning == Meaning::Parted) {
            Some(block) if tag.name == "tab" => {
                let label = block.next_label();
                if title.is_empty() { label } else { title }
            }
            _ => title,
        }
    }

    /// What a tag says that should hold something and has no end: `{% label primary@字 %}`,
    /// `{{< callout text="…" >}}`, `{% note 字 %}`.
    fn said(&mut self, tag: &Shortcode<'s>, meaning: Meaning, place: Place) -> Option<String> {
        let is_alone = place != Place::Cell && self.is_alone(&tag.range, place);
        let has_address =
            || super::Arguments::of(tag.rest).named(&["href", "link", "url"]).is_some();
        let said = match meaning {
            Meaning::Mark | Meaning::Text | Meaning::Quote => said::text(tag),
            Meaning::Callout(of_name) if is_alone => said::callout(tag, of_name).1,
            Meaning::Folded if tag.name == "spoiler" => said::text(tag),
            Meaning::Titled if has_address() => {
                return Link::of(tag.rest, tag.name, self).map(|link| link.in_line());
            }
            _ => return None,
        };
        Some(said).filter(|said| !said.is_empty()).map(|said| match meaning {
            Meaning::Mark => format!("<{0}>{1}</{0}>", element(tag.name), escape_text(&said)),
            Meaning::Quote if is_alone => format!("> {}", one_line(&said)),
            Meaning::Callout(of_name) => {
                let (_, newline) = self.newline(tag.range.start, place);
                format!("> [!{}]{newline}> {}", said::callout(tag, of_name).0, one_line(&said))
            }
            _ => said,
        })
    }

    /// A link whose text is what its tag holds.
    pub(super) fn open_link(&mut self, tag: Shortcode<'s>, end: usize, changes: &mut Vec<Change>) {
        let Some(link) = Link::of(tag.rest, tag.name, self) else {
            self.note_unknown(&tag, true);
            changes.push((tag.range.clone(), String::new()));
            return self.open.push(TagBlock::holding(tag, changes.len() - 1));
        };
        let inside = &self.text[tag.range.end..end];
        let has_blank_line = inside.trim().lines().any(|line| line.trim().is_empty());
        let (begin, below) = if has_blank_line || inside.contains(['[', ']', '{', '<']) {
            // That would be no link.
            (String::new(), format!(" [{0}]({0})", link.address))
        } else {
            ("[".to_owned(), link.end())
        };
        changes.push((tag.range.clone(), begin));
        self.open.push(TagBlock {
            meaning: Meaning::Link,
            below,
            ..TagBlock::holding(tag, changes.len() - 1)
        });
    }

    pub(super) fn close(&mut self, tag: &Shortcode<'s>, changes: &mut Vec<Change>) {
        // What lies in it and has no end of its own is left as it was opened.
        let Some(index) = self
            .open
            .iter()
            .rposition(|block| block.tag.name == tag.name && block.tag.is_hugo == tag.is_hugo)
        else {
            return;
        };
        let block = self.open.remove(index);
        debug_assert!(block.change < changes.len(), "a block was opened by a change");
        let outer: String =
            self.open[..index.min(self.open.len())].iter().map(|block| block.prefix).collect();
        if let Some(margin) = &block.margin {
            return self.close_in(tag, &block, margin, &outer, changes);
        }
        if !block.prefix.is_empty() {
            changes.extend(self.lines_of(&block, tag).map(|at| (at..at, block.prefix.to_owned())));
        }
        let newline = if self.begins_line(tag.range.start) { "" } else { "\n" };
        let with = match block.meaning {
            Meaning::Mark => format!("</{}>", element(tag.name)),
            Meaning::Link => block.below,
            _ if block.is_in_line && block.below.is_empty() => String::new(),
            _ if block.is_in_line => format!(" {}", block.below),
            Meaning::Folded => format!("\n{outer}\n{outer}</details>\n{outer}\n{outer}"),
            Meaning::Callout(_) | Meaning::Quote if block.below.is_empty() => {
                format!("{newline}\n{outer}")
            }
            Meaning::Callout(_) | Meaning::Quote => {
                format!("{newline}{outer}>\n{outer}> {}\n{outer}\n{outer}", block.below)
            }
            _ => String::new(),
        };
        changes.push((tag.range.clone(), with));
    }

    /// Closes a block in an item of a list or a quote; a line that stands further out would end the
    /// item.
    fn close_in(
        &self,
        tag: &Shortcode<'s>,
        block: &TagBlock<'s>,
        margin: &str,
        outer: &str,
        changes: &mut Vec<Change>,
    ) {
        for at in self.lines_of(block, tag) {
            let line = self.text[at..].split('\n').next().unwrap_or_default();
            let is_blank =
                line.chars().all(|c| c.is_whitespace() || c == '>' && margin.contains('>'));
            changes.push(match line.strip_prefix(margin) {
                Some(_) => (at + margin.len()..at + margin.len(), block.prefix.to_owned()),
                None if is_blank => (
                    at..at + line.trim_end_matches('\r').len(),
                    format!("{margin}{}", block.prefix).trim_end().to_owned(),
                ),
                None => (at..at, format!("{margin}{}", block.prefix)),
            });
        }
        let newline = format!("\n{outer}{margin}");
        let end = match block.meaning {
            Meaning::Folded => format!("{COMMENT}</details>"),
            Meaning::Quote if !block.below.is_empty() => {
                format!(">{newline}> {}{newline}{COMMENT}", block.below)
            }
            Meaning::Callout(_) | Meaning::Quote => COMMENT.to_owned(),
            _ => format!("{COMMENT}</div>"),
        };
        let behind = if self.ends_line(tag.range.end) { "" } else { &newline };
        let line_start = self.text[block.tag.range.end..tag.range.start]
            .rfind('\n')
            .map(|at| block.tag.range.end + at + 1);
        let is_alone = |start: &usize| {
            self.text[*start..tag.range.start].chars().all(|c| matches!(c, ' ' | '\t' | '>'))
        };
        changes.push(match line_start.filter(is_alone) {
            Some(start) => (start..tag.range.end, format!("{margin}{end}{behind}")),
            None => (tag.range.clone(), format!("{newline}{end}{behind}")),
        });
    }

    /// Where lines begin in a block. That of the end mark is none unless something stands before
    /// it.
    fn lines_of(
        &self,
        block: &TagBlock<'s>,
        end: &Shortcode<'s>,
    ) -> impl Iterator<Item = usize> + use<'s> {
        let (text, inside) = (self.text, block.tag.range.end..end.range.start);
        let is_mark = |c: char| c.is_whitespace() || c == '>' && block.margin.is_some();
        let last = inside.start + text[inside.clone()].trim_end_matches(is_mark).len();
        memchr::memchr_iter(b'\n', text[inside.clone()].as_bytes())
            .map(move |at| inside.start + at + 1)
            .filter(move |at| *at <= last)
    }
}

/// A title as a line of HTML, which is no heading of the article.
fn heading(title: &str) -> String {
    format!("{COMMENT}<p><strong>{}</strong></p>", inline_html(title))
}

/// What is shown of what is folded away.
fn summary(tag: &Shortcode<'_>) -> String {
    let title = said::title(tag, true);
    if title.is_empty() { "…".to_owned() } else { one_line(&title).into_owned() }
}

/// A block that is part of a line: its title before, what stands below it behind.
fn in_line(tag: Shortcode<'_>, meaning: Meaning) -> (String, TagBlock<'_>) {
    let (title, below) = match meaning {
        Meaning::Callout(of_name) => (said::callout(&tag, of_name).1, String::new()),
        Meaning::Quote => (String::new(), said::source(&tag)),
        Meaning::Folded | Meaning::Titled => (said::title(&tag, true), String::new()),
        _ => (said::title(&tag, false), String::new()),
    };
    let below =
        if below.is_empty() { below } else { format!("— {}", said::without_html(&below)) };
    let with =
        if title.is_empty() { title } else { format!("**{}** ", said::without_html(&title)) };
    (with, TagBlock { meaning, below, is_in_line: true, ..TagBlock::holding(tag, 0) })
}
