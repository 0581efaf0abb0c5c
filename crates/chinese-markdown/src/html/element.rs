//! The elements of HTML, by number: what a tag is called is found out once, and whether it is one of
//! a few is then a bit in a set.

/// Elements of HTML (living standard, obsolete ones too), SVG and MathML roots, and SVG's door back
/// to HTML; by first letter, then by length. `<int>` is none of them: it is text that looks like a tag.
#[rustfmt::skip]
const NAMES: [&str; 145] = [
    "a", "abbr", "area", "aside", "audio", "applet", "acronym", "address", "article", "b", "br",
    "bdi", "bdo", "big", "base", "body", "blink", "button", "basefont", "blockquote", "col", "cite",
    "code", "canvas", "center", "caption", "command", "content", "colgroup", "dd", "dl", "dt",
    "del", "dfn", "dir", "div", "data", "dialog", "details", "datalist", "em", "embed", "font",
    "form", "frame", "figure", "footer", "fieldset", "frameset", "figcaption", "foreignobject",
    "h1", "h2", "h3", "h4", "h5", "h6", "hr", "head", "html", "header", "hgroup", "i", "img", "ins",
    "image", "input", "iframe", "isindex", "kbd", "keygen", "li", "link", "label", "legend",
    "listing", "map", "main", "mark", "math", "menu", "meta", "meter", "marquee", "menuitem", "nav",
    "nobr", "noembed", "noframes", "noscript", "ol", "object", "option", "output", "optgroup", "p",
    "pre", "param", "portal", "picture", "progress", "q", "rb", "rp", "rt", "rtc", "ruby", "s",
    "sub", "sup", "svg", "samp", "slot", "span", "small", "style", "script", "search", "select",
    "shadow", "source", "spacer", "strike", "strong", "section", "summary", "td", "th", "tr", "tt",
    "time", "table", "tbody", "tfoot", "thead", "title", "track", "template", "textarea", "u", "ul",
    "var", "video", "wbr", "xmp",
];

/// Longer names than any are told from those by their length.
const LENGTHS: usize = 16;

/// Where the elements of each first letter and length begin, of which there are few.
const BEGINS: [u8; 26 * LENGTHS + 1] = {
    let mut begins = [0; 26 * LENGTHS + 1];
    let (mut shape, mut at) = (0, 0);
    while shape < begins.len() {
        while at < NAMES.len() && shape_of(NAMES[at].as_bytes()) < shape {
            at += 1;
        }
        #[expect(clippy::cast_possible_truncation, reason = "there are not as many elements")]
        let begin = at as u8;
        begins[shape] = begin;
        shape += 1;
    }
    begins
};

/// The first letter and the length of a name, as a number; of what begins with no letter, or is too
/// long, one that no element has.
const fn shape_of(name: &[u8]) -> usize {
    if name.is_empty() || name.len() >= LENGTHS || !name[0].is_ascii_alphabetic() {
        return 0;
    }
    (name[0].to_ascii_lowercase() - b'a') as usize * LENGTHS + name.len()
}

/// The names as numbers. To compare them as texts was a third of looking for tags.
const NUMBERS: [u128; NAMES.len()] = {
    let mut numbers = [0; NAMES.len()];
    let mut at = 0;
    while at < NAMES.len() {
        numbers[at] = number_of(NAMES[at].as_bytes());
        at += 1;
    }
    numbers
};

/// A name of at most 16 bytes, in lower case, as a number.
const fn number_of(name: &[u8]) -> u128 {
    let (mut number, mut at) = (0, 0);
    while at < name.len() {
        number = number << 8 | name[at].to_ascii_lowercase() as u128;
        at += 1;
    }
    number
}

/// An element of HTML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct KnownElement(u8);

impl KnownElement {
    /// How many there are.
    pub(super) const COUNT: usize = NAMES.len();

    /// The element of a name, in whatever case.
    pub(super) fn named(name: &str) -> Option<KnownElement> {
        let shape = shape_of(name.as_bytes());
        let alike = BEGINS[shape]..BEGINS[shape + 1];
        if alike.is_empty() {
            return None;
        }
        let number = number_of(name.as_bytes());
        alike.map(KnownElement).find(|element| NUMBERS[element.place()] == number)
    }

    /// Its name, in lower case.
    pub(super) fn name(self) -> &'static str {
        NAMES[self.place()]
    }

    /// Its place among all.
    pub(super) fn place(self) -> usize {
        usize::from(self.0)
    }
}

/// A set of elements.
#[derive(Debug, Default)]
pub(crate) struct ElementSet([u64; NAMES.len().div_ceil(64)]);

impl ElementSet {
    /// The set of some names, each of which is known, for a constant.
    pub(crate) const fn of(names: &[&str]) -> ElementSet {
        let mut set = [0; NAMES.len().div_ceil(64)];
        let mut at = 0;
        while at < names.len() {
            let place = place_of(names[at]);
            set[place / 64] |= 1 << (place % 64);
            at += 1;
        }
        ElementSet(set)
    }

    pub(super) fn insert(&mut self, element: Option<KnownElement>) {
        if let Some(element) = element {
            self.0[element.place() / 64] |= 1 << (element.place() % 64);
        }
    }

    /// Whether both sets have something in common.
    pub(super) fn meets(&self, other: &ElementSet) -> bool {
        self.0.iter().zip(&other.0).any(|(one, other)| one & other != 0)
    }

    pub(crate) fn holds(&self, element: Option<KnownElement>) -> bool {
        element
            .is_some_and(|element| self.0[element.place() / 64] >> (element.place() % 64) & 1 == 1)
    }
}

const fn place_of(name: &str) -> usize {
    let mut place = 0;
    while NUMBERS[place] != number_of(name.as_bytes()) {
        place += 1;
    }
    place
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_sorted() {
        assert!(NAMES.is_sorted_by_key(|name| shape_of(name.as_bytes())));
    }

    #[test]
    fn elements_are_found_by_their_names() {
        for name in NAMES {
            let found = KnownElement::named(&name.to_ascii_uppercase());
            assert_eq!(found.map(KnownElement::name), Some(name));
        }
        assert!(
            ["", "ab", "int", "[", "{", "甲"]
                .iter()
                .all(|name| KnownElement::named(name).is_none())
        );
        let set = ElementSet::of(&["a", "xmp"]);
        let held: Vec<&str> =
            NAMES.into_iter().filter(|name| set.holds(KnownElement::named(name))).collect();
        assert_eq!(held, ["a", "xmp"]);
    }
}
