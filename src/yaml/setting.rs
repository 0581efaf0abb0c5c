//! Values by the keys they stand under, and what they must be.

use std::ops::{Range, RangeInclusive};

use serde_yaml::Value;

use super::mistake::Mistake;
use super::tree::{Node, NodeContent};
use crate::diagnostic::{nearest, or_meant};
use crate::words::Message;

/// What is typed under a key, if anything is.
#[derive(Clone, Debug)]
pub struct Setting<'n> {
    /// As messages call it: `feeds.limit`, `nav[0].title`; empty for the file.
    name: String,
    /// Where the key stands, or else the nearest setting around it that is there.
    key: Option<Range<usize>>,
    /// What stands there. Nothing, as in `title:` and `title: ~`, is not typed.
    node: Option<&'n Node>,
}

impl<'n> Setting<'n> {
    /// Returns all that a file says.
    pub fn file(root: &'n Node) -> Setting<'n> {
        Setting {
            name: String::new(),
            key: None,
            node: Some(root).filter(|node| !node.is_nothing()),
        }
    }

    /// Returns what is typed under a key of this map.
    pub fn get(&self, key: &str) -> Setting<'n> {
        let typed = self.entries().iter().find(|(typed, _)| typed.spelling() == Some(key));
        typed.map_or_else(
            || Setting { name: self.name_of(key), key: self.range(), node: None },
            |(typed, value)| Setting::below(self.name_of(key), typed, value),
        )
    }

    /// Returns what is typed at the end of a path of keys.
    pub fn find(&self, path: &[&str]) -> Setting<'n> {
        path.iter().fold(self.clone(), |setting, key| setting.get(key))
    }

    /// Checks that this is a map that holds no other keys than those known.
    pub fn of_keys(self, known: &[&str]) -> Result<Setting<'n>, Mistake> {
        let is_map = matches!(self.content(), None | Some(NodeContent::Map { .. }));
        if !is_map {
            return Err(self.wrong(say!("a map")));
        }
        let unknown = self
            .entries()
            .iter()
            .map(|(key, _)| key)
            .find(|key| key.spelling().is_none_or(|typed| !known.contains(&typed)));
        match unknown {
            Some(key) => Err(unknown_key(key, known)),
            None => Ok(self),
        }
    }

    /// Returns the keys of a map that may hold any, and what is typed under them.
    pub fn each(&self) -> Result<Vec<(&'n str, Setting<'n>)>, Mistake> {
        if !matches!(self.content(), None | Some(NodeContent::Map { .. })) {
            return Err(self.wrong(say!("a map")));
        }
        let each = |(typed, value): &'n (Node, Node)| match typed.spelling() {
            Some(key) => Ok((key, Setting::below(self.name_of(key), typed, value))),
            None => Err(Mistake::new(Some(typed.range.clone()), say!("a key must be a word"))),
        };
        self.entries().iter().map(each).collect()
    }

    /// Returns the items of a list.
    pub fn items(&self) -> Result<Vec<Setting<'n>>, Mistake> {
        match self.content() {
            None => Ok(Vec::new()),
            Some(NodeContent::List { items, .. }) => {
                let item = |(at, node): (usize, &'n Node)| {
                    Setting::below(format!("{}[{at}]", self.name), node, node)
                };
                Ok(items.iter().enumerate().map(item).collect())
            }
            Some(_) => Err(self.wrong(say!("a list"))),
        }
    }

    /// Reads a text. What would be a number or a switch elsewhere is one here, as it is spelt.
    pub fn text(&self) -> Result<Option<&'n str>, Mistake> {
        match self.node.map(Node::spelling) {
            None => Ok(None),
            Some(Some(text)) => Ok(Some(text)),
            Some(None) => Err(self.wrong(say!("a text"))),
        }
    }

    /// Reads a text that must be there.
    pub fn required_text(&self) -> Result<&'n str, Mistake> {
        self.text()?.ok_or_else(|| self.mistake(say!("`{}` is missing", &self.name)))
    }

    /// Reads a list of texts.
    pub fn texts(&self) -> Result<Option<Vec<&'n str>>, Mistake> {
        let texts = self
            .items()?
            .iter()
            .map(|item| item.text().map(Option::unwrap_or_default))
            .collect::<Result<Vec<&str>, Mistake>>();
        Ok(Some(texts?).filter(|_| self.is_typed()))
    }

    /// Reads `true` or `false`.
    pub fn switch(&self) -> Result<Option<bool>, Mistake> {
        match self.scalar() {
            Some(Value::Bool(on)) => Ok(Some(*on)),
            _ if !self.is_typed() => Ok(None),
            _ => Err(self.wrong(say!("`true` or `false`"))),
        }
    }

    /// Reads a whole number, not below zero.
    pub fn number(&self) -> Result<Option<usize>, Mistake> {
        match self.scalar().and_then(Value::as_u64).and_then(|number| usize::try_from(number).ok())
        {
            None if self.is_typed() => Err(self.wrong(say!("a whole number"))),
            number => Ok(number),
        }
    }

    /// Reads any number.
    pub fn decimal(&self) -> Result<Option<f64>, Mistake> {
        match self.scalar().and_then(Value::as_f64) {
            None if self.is_typed() => Err(self.wrong(say!("a number"))),
            number => Ok(number),
        }
    }

    /// Reads a whole number that has bounds.
    pub fn number_within(&self, bounds: RangeInclusive<u32>) -> Result<Option<u32>, Mistake> {
        let number =
            self.scalar().and_then(Value::as_u64).and_then(|number| u32::try_from(number).ok());
        match number.filter(|number| bounds.contains(number)) {
            None if self.is_typed() => {
                Err(self.wrong(say!("a number from {} to {}", *bounds.start(), *bounds.end())))
            }
            number => Ok(number),
        }
    }

    /// Reads one of a few words, and returns what it stands for.
    pub fn one_of<T: Copy>(&self, options: &[(&str, T)]) -> Result<Option<T>, Mistake> {
        let Some(typed) = self.text()? else { return Ok(None) };
        let words: Vec<&str> = options.iter().map(|(word, _)| *word).collect();
        match options.iter().find(|(word, _)| *word == typed) {
            Some((_, value)) => Ok(Some(*value)),
            None => Err(self.not_one_of(&words, nearest(typed, words.iter().copied()))),
        }
    }

    /// Refuses a word that is none of a few; `meant` is the one that was.
    pub fn not_one_of(&self, words: &[&str], meant: Option<&str>) -> Mistake {
        let typed = self.node.and_then(Node::spelling).unwrap_or_default();
        self.mistake(or_meant(
            say!("`{}` must be one of {}, not `{}`", &self.name, words.to_vec(), typed),
            meant,
        ))
    }

    /// Returns whether anything stands under the key.
    pub fn is_typed(&self) -> bool {
        self.node.is_some()
    }

    /// Returns what kind of value stands there.
    pub fn content(&self) -> Option<&'n NodeContent> {
        self.node.map(|node| &node.content)
    }

    /// Returns what is typed, whatever it is.
    pub fn value(&self) -> Value {
        self.node.map_or(Value::Null, Node::value)
    }

    /// Says what is wrong with it, at its place.
    pub fn mistake(&self, message: impl Into<Message>) -> Mistake {
        Mistake::new(self.range(), message)
    }

    /// Refuses a value of another kind than the one expected.
    pub fn wrong(&self, expected: Message) -> Mistake {
        self.mistake(match self.name.as_str() {
            "" => say!("the file must be {}, not {}", expected, self.kind()),
            name => say!("`{}` must be {}, not {}", name, expected, self.kind()),
        })
    }

    /// Returns where it is looked at: the value, or the key where the value stands below it or
    /// nowhere.
    pub fn range(&self) -> Option<Range<usize>> {
        match (self.node, &self.key) {
            (Some(node), Some(key)) if node.is_block() => Some(key.clone()),
            (Some(node), _) => Some(node.range.clone()),
            (None, key) => key.clone(),
        }
    }

    /// Returns where its key stands.
    pub fn key_range(&self) -> Option<Range<usize>> {
        self.key.clone()
    }

    fn kind(&self) -> Message {
        match self.content() {
            None => say!("nothing"),
            Some(NodeContent::List { .. }) => say!("a list"),
            Some(NodeContent::Map { .. }) => say!("a map"),
            Some(NodeContent::Text(text)) => say!("the text {}", format!("{text:?}")),
            Some(NodeContent::Scalar { spelling, .. }) => format!("`{spelling}`").into(),
        }
    }

    fn scalar(&self) -> Option<&'n Value> {
        match self.content() {
            Some(NodeContent::Scalar { value, .. }) => Some(value),
            _ => None,
        }
    }

    fn entries(&self) -> &'n [(Node, Node)] {
        match self.content() {
            Some(NodeContent::Map { entries, .. }) => entries,
            _ => &[],
        }
    }

    fn below(name: String, key: &Node, value: &'n Node) -> Setting<'n> {
        Setting {
            name,
            key: Some(key.range.clone()),
            node: Some(value).filter(|node| !node.is_nothing()),
        }
    }

    fn name_of(&self, key: &str) -> String {
        if self.name.is_empty() { key.to_owned() } else { format!("{}.{key}", self.name) }
    }
}

fn unknown_key(key: &Node, known: &[&str]) -> Mistake {
    let Some(typed) = key.spelling() else {
        return Mistake::new(Some(key.range.clone()), say!("a key must be a word"));
    };
    Mistake::new(Some(key.range.clone()), say!("unknown key `{}`", typed)).hint(
        match nearest(typed, known.iter().copied()) {
            Some(near) => say!("did you mean `{}`?", near),
            None => say!("known keys: {}", known.to_vec()),
        },
    )
}
