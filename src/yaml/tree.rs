//! The tree of a file of YAML, made of the events of its parser.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use granit_parser::{Event, Parser, ScalarStyle, ScanError, Span, StructureStyle, Tag};
use serde_yaml::{Mapping, Number, Value};

use super::mistake::Mistake;
use super::syntax::{self, TOO_DEEP};
use crate::words::Message;

/// Deepest nesting, aliases followed.
const MAX_DEPTH: usize = 128;
/// Most values that aliases may add for each byte of the file: nine lines can stand for a thousand
/// million.
const MAX_REPEATED: usize = 16;

/// A value and its place.
#[derive(Clone, Debug)]
pub struct Node {
    pub content: NodeContent,
    /// Bytes of the file: of an alias its own, not those of what it names.
    pub range: Range<usize>,
}

/// What a value is.
#[derive(Clone, Debug)]
pub enum NodeContent {
    Text(String),
    /// Nothing, a switch or a number; and how it is spelt.
    Scalar {
        value: Value,
        spelling: String,
    },
    List {
        items: Vec<Node>,
        style: Style,
    },
    /// In the order of the file, each key once.
    Map {
        entries: Vec<(Node, Node)>,
        style: Style,
    },
}

/// How a list or a map is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// In lines of its own.
    Block,
    /// In brackets or braces.
    Flow,
}

impl Node {
    /// Reads a file of one document; an empty one is nothing. The only error is the first one,
    /// since what follows it is a guess.
    pub fn parse(text: &str) -> Result<Node, Mistake> {
        let options = granit_parser::options! {
            block_scalar_eof_without_line_feed: true,
            flow_nesting_limit: MAX_DEPTH,
            block_nesting_limit: MAX_DEPTH,
        };
        let mut builder =
            Builder { text, root: None, open: Vec::new(), anchors: HashMap::new(), repeated: 0 };
        for event in Parser::new_from_str_with_options(text, options) {
            let (event, span) = event.map_err(|error| not_yaml(text, &error))?;
            builder.take(event, bytes(&span))?;
        }
        Ok(builder.root.unwrap_or(Node {
            content: NodeContent::Scalar { value: Value::Null, spelling: String::new() },
            range: 0..0,
        }))
    }

    /// Returns what it says, without places. Tags of other programs are left out.
    pub fn value(&self) -> Value {
        match &self.content {
            NodeContent::Text(text) => Value::String(text.clone()),
            NodeContent::Scalar { value, .. } => value.clone(),
            NodeContent::List { items, .. } => {
                Value::Sequence(items.iter().map(Node::value).collect())
            }
            NodeContent::Map { entries, .. } => Value::Mapping(
                entries
                    .iter()
                    .map(|(key, value)| (key.value(), value.value()))
                    .collect::<Mapping>(),
            ),
        }
    }

    /// Returns how a scalar is spelt, quotes apart.
    pub fn spelling(&self) -> Option<&str> {
        match &self.content {
            NodeContent::Text(spelling) | NodeContent::Scalar { spelling, .. } => Some(spelling),
            NodeContent::List { .. } | NodeContent::Map { .. } => None,
        }
    }

    /// Returns whether it is empty or `null`.
    pub fn is_nothing(&self) -> bool {
        matches!(&self.content, NodeContent::Scalar { value: Value::Null, .. })
    }

    /// Returns a list or map whose lines stand below its key.
    pub(super) fn is_block(&self) -> bool {
        matches!(
            self.content,
            NodeContent::List { style: Style::Block, .. }
                | NodeContent::Map { style: Style::Block, .. }
        )
    }

    fn children(&self) -> impl Iterator<Item = &Node> {
        let (items, entries): (&[Node], &[(Node, Node)]) = match &self.content {
            NodeContent::Text(_) | NodeContent::Scalar { .. } => (&[], &[]),
            NodeContent::List { items, .. } => (items, &[]),
            NodeContent::Map { entries, .. } => (&[], entries),
        };
        items.iter().chain(entries.iter().flat_map(|(key, value)| [key, value]))
    }

    /// Returns how many values it is made of, and how deep they stand.
    fn size(&self) -> (usize, usize) {
        self.children()
            .map(Node::size)
            .fold((1, 1), |(size, depth), child| (size + child.0, depth.max(child.1 + 1)))
    }
}

/// A list or map of which the end has not come yet.
struct OpenCollection {
    node: Node,
    anchor: usize,
    /// The key whose value comes next.
    key: Option<Node>,
    /// The keys that were there.
    keys: HashSet<Value>,
}

struct Builder<'t> {
    text: &'t str,
    root: Option<Node>,
    open: Vec<OpenCollection>,
    anchors: HashMap<usize, Node>,
    /// Values that aliases added.
    repeated: usize,
}

impl Builder<'_> {
    fn take(&mut self, event: Event<'_>, range: Range<usize>) -> Result<(), Mistake> {
        match event {
            Event::DocumentStart(..) if self.root.is_some() => {
                let cause = phrase!(
                    "deserializing from YAML containing more than one document is not supported"
                );
                Err(refused(cause, range))
            }
            Event::Scalar(text, style, anchor, tag) => {
                let content = meant(text.into_owned(), style, tag.as_deref());
                self.put(Node { content, range }, anchor)
            }
            Event::SequenceStart(style, anchor, _) => self.begin(
                NodeContent::List { items: Vec::new(), style: style.into() },
                range,
                anchor,
            ),
            Event::MappingStart(style, anchor, _) => self.begin(
                NodeContent::Map { entries: Vec::new(), style: style.into() },
                range,
                anchor,
            ),
            Event::SequenceEnd | Event::MappingEnd => {
                let Some(OpenCollection { mut node, anchor, .. }) = self.open.pop() else {
                    return Ok(());
                };
                node.range.end = range.end.max(node.range.end);
                self.put(node, anchor)
            }
            Event::Alias(anchor) => {
                let node = self.repeat(anchor, range)?;
                self.put(node, 0)
            }
            _ => Ok(()),
        }
    }

    fn begin(
        &mut self,
        content: NodeContent,
        range: Range<usize>,
        anchor: usize,
    ) -> Result<(), Mistake> {
        if self.open.len() == MAX_DEPTH {
            return Err(refused(TOO_DEEP, range));
        }
        self.open.push(OpenCollection {
            node: Node { content, range },
            anchor,
            key: None,
            keys: HashSet::new(),
        });
        Ok(())
    }

    /// A finished value goes where it belongs. The parser numbers anchors from one.
    fn put(&mut self, node: Node, anchor: usize) -> Result<(), Mistake> {
        if anchor != 0 {
            self.anchors.insert(anchor, node.clone());
        }
        let Some(open) = self.open.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        match (&mut open.node.content, open.key.take()) {
            (NodeContent::List { items, .. }, _) => items.push(node),
            (NodeContent::Map { entries, .. }, Some(key)) => entries.push((key, node)),
            (_, _) => {
                if !open.keys.insert(node.value()) {
                    let spelling =
                        node.spelling().unwrap_or(&self.text[node.range.clone()]).to_owned();
                    return Err(Mistake::new(
                        Some(node.range),
                        say!("the key `{}` is here twice", spelling),
                    ));
                }
                open.key = Some(node);
            }
        }
        Ok(())
    }

    /// Returns what an alias stands for.
    fn repeat(&mut self, anchor: usize, range: Range<usize>) -> Result<Node, Mistake> {
        // It may stand inside what it names, which has no end then.
        let Some(named) = self.anchors.get(&anchor) else {
            return Err(refused(phrase!("unknown anchor"), range));
        };
        let (size, depth) = named.size();
        self.repeated += size;
        if self.repeated > MAX_REPEATED * self.text.len() {
            return Err(refused(phrase!("aliases stand for too much"), range));
        }
        if self.open.len() + depth > MAX_DEPTH {
            return Err(refused(TOO_DEEP, range));
        }
        Ok(Node { content: named.content.clone(), range })
    }
}

impl From<StructureStyle> for Style {
    fn from(style: StructureStyle) -> Style {
        match style {
            StructureStyle::Block => Style::Block,
            StructureStyle::Flow => Style::Flow,
        }
    }
}

/// Returns what a scalar means: in quotes a text.
fn meant(spelling: String, style: ScalarStyle, tag: Option<&Tag>) -> NodeContent {
    let is_text = tag.is_some_and(|tag| tag.is_yaml_core_schema_tag("str"));
    if is_text || style != ScalarStyle::Plain && !tag.is_some_and(Tag::is_yaml_core_schema) {
        return NodeContent::Text(spelling);
    }
    let value = match spelling.as_str() {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        _ => match spelling.parse::<Number>() {
            Ok(number) => Value::Number(number),
            Err(_) => return NodeContent::Text(spelling),
        },
    };
    NodeContent::Scalar { value, spelling }
}

fn bytes(span: &Span) -> Range<usize> {
    span.byte_range().unwrap_or_default()
}

fn refused(cause: &'static str, range: Range<usize>) -> Mistake {
    Mistake::new(Some(range), say!("not valid YAML: {}", Message::phrase(cause)))
}

fn not_yaml(text: &str, error: &ScanError) -> Mistake {
    let at = text.floor_char_boundary(error.marker().byte_offset().unwrap_or(text.len()));
    let width = text[at..].chars().next().map_or(0, char::len_utf8);
    Mistake::new(Some(at..at + width), syntax::message(error.kind()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Documents that people write, in the forms in which readers of YAML part ways.
    const DOCUMENTS: [&str; 48] = [
        "",
        "# nothing\n",
        "---\n",
        "title: 旧文\n",
        "title: 旧文\r\nnav:\r\n  - {title: a, url: /}\r\n",
        "a: yes\nb: no\nc: on\nd: True\ne: FALSE\nf: ~\ng: Null\nh:\n",
        "a: 017\nb: 0o17\nc: 0x1F\nd: 0b11\ne: +5\nf: -5\ng: 1_000\nh: 1e3\ni: .5\nj: 5.\nk: -.inf\nl: .nan\nm: 3.10\n",
        "a: 18446744073709551615\nb: -9223372036854775808\n\n",
        "a: 2023-04-11\nb: 2023-04-11 08:00:00\nc: 12:30:45\nd: 1.2.3\n",
        "a: &x {b: 1}\nc: *x\nd: [*x, *x]\n",
        "base: &x\n  b: 1\nnext:\n  <<: *x\n  c: 2\n",
        "a: !!str 5\nb: !!int \"5\"\nd: !!bool true\n",
        "a: 'it''s'\nb: \"tab\\t 中\\u6587 \\x41\"\nc: ''\nd: \"\"\n",
        "a: |\n  one\n  two\nb: >\n  one\n  two\n\n  three\nc: |-\n  one\nd: |+\n  one\n\ne: |2\n    one\n",
        "a: |\n  one",
        "a: >-\n  one\n  two",
        "a: one\n  two\n  three\nb: x\n",
        "a: \"one\n  two\n\n  three\"\n",
        "- a\n- - b\n  - c\n-\n  d: e\n  f: g\n- \n",
        "a:\n- b\n- c\nd: []\ne: {}\n",
        "{a: 1, \"b\": 2, 'c': 3, d: , e}\n",
        "{\"a\":1,\"b\":[true,false,null],\"c\":{\"d\":\"e\"}}\n",
        "{\n\t\"a\": 1,\n\t\"b\": [\n\t\t2\n\t]\n}\n",
        "a: b # comment\n# another\nc: 'd' # third\ne: f#g\n",
        "? a\n: b\n? [c, d]\n: e\n? |\n  f\n: g\n",
        "1: a\n2.5: b\ntrue: c\n~: d\n",
        "a: http://h.example/?q=1&r=2#f\nb: a:b\nc: a,b\nd: -x\ne: ?x\nf: :x\n",
        "a: [b c, d:e, 'f', \"g\", http://h.example/]\n",
        "a: [b,\n  c,\n  d,\n]\n",
        "a: {b: c,\n  d: e,\n}\n",
        "a: b\n---\n",
        "--- \na: b\n...\n",
        "%YAML 1.2\n---\na: b\n",
        "--- # comment\na: b\n",
        "a:   b   \nc:\td\n",
        "a:\n    b:\n        c: d\n    e: f\n",
        "a:\n  - b\n  -   c\n  - {d: e}\n  - [f]\n",
        "a: &b c\nd: *b\n",
        "a: !custom b\nc: !custom [d]\ne: !custom {f: g}\ni: !custom 5\n",
        "\"a b\": c\n'd': e\nf g: h\n标题: 值\n",
        "a: >\n\n  one\n   indented\n  two\n",
        "a: '#b'\nc: \"# d\"\n",
        "a: b\n\n\n\nc: d\n",
        "  a: b\n  c: d\n",
        "just a text\n",
        "a: \u{3000}b\nc: b\u{A0}c\n",
        "a: 😀\nb: \"\\U0001F600\"\n",
        "a: [\n]\nb: {\n}\n",
    ];

    /// Not one reader more is to be learnt: what a file means is what it means where front matter
    /// is read.
    #[test]
    fn values_are_those_of_the_other_reader() {
        let without_tags = crate::yaml::with_text_keys;
        let differs = |text: &&str| match (Node::parse(text), serde_yaml::from_str::<Value>(text)) {
            (Ok(ours), Ok(theirs)) => without_tags(ours.value()) != without_tags(theirs),
            (ours, theirs) => ours.is_ok() || theirs.is_ok(),
        };
        let differing: Vec<&str> = DOCUMENTS.into_iter().filter(differs).collect();
        assert!(differing.is_empty(), "{differing:#?}");
    }

    /// What is said of a text that is no YAML, and from where on.
    fn refused(text: &str) -> (String, &str) {
        let mistake = Node::parse(text).expect_err(text);
        let range = mistake.range.expect("a place");
        (
            mistake.message.english().trim_start_matches("not valid YAML: ").to_owned(),
            &text[range.start..],
        )
    }

    #[test]
    fn what_is_no_yaml_is_shown_where_it_begins() {
        for (text, message, rest) in [
            ("a: \"x\nb: c\n", "found unexpected end of stream", "\"x\nb: c\n"),
            ("a: [b, c\n", "did not find expected ',' or ']'", "[b, c\n"),
            ("a: {b: c\nd: e\n", "did not find expected ',' or '}'", ": e\n"),
            ("a: b: c\n", "mapping values are not allowed in this context", ": c\n"),
            ("标题: @x\n", "found character that cannot start any token", "@x\n"),
            ("a:\n\tb: c\n", "found a tab character that violates indentation", "b: c\n"),
            ("a:\n  b: 1\n c: 2\n", "did not find expected key", "c: 2\n"),
            ("a: \"x\" y\n", "did not find expected key", "y\n"),
            ("a: *x\n", "unknown anchor", "*x\n"),
            ("a: &x [*x]\n", "unknown anchor", "*x]\n"),
            ("a: x\u{7}\n", "control characters are not allowed", "x\u{7}\n"),
            (
                "a: b\n---\nc: d\n",
                "deserializing from YAML containing more than one document is not supported",
                "---\nc: d\n",
            ),
            ("a: 1\n标题: x\n标题: y\n", "the key `标题` is here twice", "标题: y\n"),
            ("a: {b: 1, \"b\": 2}\n", "the key `b` is here twice", "\"b\": 2}\n"),
        ] {
            assert_eq!(refused(text), (message.to_owned(), rest), "{text:?}");
        }
    }

    #[test]
    fn little_text_cannot_stand_for_much() {
        let line = |(at, before): (usize, String)| format!("a{at}: &a{at} [{before}]\n");
        let wide = (0..12)
            .map(|at| (at, format!("*a{}, ", at.max(1) - 1).repeat(10)))
            .map(line)
            .collect::<String>();
        let wide = wide.replacen("*a0", "x", 10);
        assert_eq!(refused(&wide).0, "aliases stand for too much");
        let nested = |inside: &str| format!("{}{inside}{}", "[".repeat(100), "]".repeat(100));
        let deep = line((0, nested(""))) + &line((1, nested("*a0")));
        assert_eq!(refused(&deep).0, "maps and lists stand too deep in each other");
        assert_eq!(
            refused(&format!("a: {}", "[".repeat(100_000))).0,
            "maps and lists stand too deep in each other"
        );
        assert_eq!(refused(&"- ".repeat(100_000)).0, "maps and lists stand too deep in each other");
    }

    #[test]
    fn an_alias_stands_where_it_is_written() {
        let text = "a: &x {b: 1}\nc: *x\n";
        let NodeContent::Map { entries, .. } = Node::parse(text).unwrap().content else {
            panic!("a map")
        };
        assert_eq!(&text[entries[1].1.range.clone()], "*x");
        assert_eq!(&text[entries[0].1.range.clone()], "{b: 1}");
    }
}
