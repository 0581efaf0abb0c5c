//! The elements of HTML, by number: what a tag is called is found out once, and whether it is one of
//! a few is then a bit in a set.

/// Elements of HTML (living standard, obsolete ones too), SVG and MathML roots, and SVG's door back
/// to HTML; sorted. `<int>` is none of them: it is text that looks like a tag.
#[rustfmt::skip]
const NAMES: [&str; 145] = [
    "a", "abbr", "acronym", "address", "applet", "area", "article", "aside", "audio", "b", "base",
    "basefont", "bdi", "bdo", "big", "blink", "blockquote", "body", "br", "button", "canvas",
    "caption", "center", "cite", "code", "col", "colgroup", "command", "content", "data",
    "datalist", "dd", "del", "details", "dfn", "dialog", "dir", "div", "dl", "dt", "em", "embed",
    "fieldset", "figcaption", "figure", "font", "footer", "foreignobject", "form", "frame",
    "frameset", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hgroup", "hr", "html", "i",
    "iframe", "image", "img", "input", "ins", "isindex", "kbd", "keygen", "label", "legend", "li",
    "link", "listing", "main", "map", "mark", "marquee", "math", "menu", "menuitem", "meta",
    "meter", "nav", "nobr", "noembed", "noframes", "noscript", "object", "ol", "optgroup", "option",
    "output", "p", "param", "picture", "portal", "pre", "progress", "q", "rb", "rp", "rt", "rtc",
    "ruby", "s", "samp", "script", "search", "section", "select", "shadow", "slot", "small",
    "source", "spacer", "span", "strike", "strong", "style", "sub", "summary", "sup", "svg",
    "table", "tbody", "td", "template", "textarea", "tfoot", "th", "thead", "time", "title", "tr",
    "track", "tt", "u", "ul", "var", "video", "wbr", "xmp",
];

/// Where the elements of each letter begin: most letters have a few.
const BY_LETTER: [usize; 27] = {
    let mut begins = [0; 27];
    let (mut letter, mut at) = (b'a', 0);
    while letter <= b'z' {
        while at < NAMES.len() && NAMES[at].as_bytes()[0] == letter {
            at += 1;
        }
        letter += 1;
        begins[(letter - b'a') as usize] = at;
    }
    begins
};

/// The names as numbers, of which two are compared at once. Byte by byte this was a third of looking
/// for tags.
const NUMBERS: [u128; NAMES.len()] = {
    let mut numbers = [0; NAMES.len()];
    let mut at = 0;
    while at < NAMES.len() {
        numbers[at] = number_of(NAMES[at].as_bytes());
        at += 1;
    }
    numbers
};

/// Bytes that a number has room for; no element has a longer name.
const LONGEST: usize = 16;

/// A name in lower case as a number.
const fn number_of(name: &[u8]) -> u128 {
    assert!(name.len() <= LONGEST);
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
        if name.len() > LONGEST {
            return None;
        }
        let letter = usize::from(name.bytes().next()?.to_ascii_lowercase().checked_sub(b'a')?);
        let begin = *BY_LETTER.get(letter)?;
        let number = number_of(name.as_bytes());
        let at = NUMBERS[begin..*BY_LETTER.get(letter + 1)?].iter().position(|other| *other == number)?;
        u8::try_from(begin + at).ok().map(KnownElement)
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

    pub(crate) fn holds(&self, element: Option<KnownElement>) -> bool {
        element.is_some_and(|element| {
            self.0[element.place() / 64] >> (element.place() % 64) & 1 == 1
        })
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
        assert!(NAMES.is_sorted());
    }

    #[test]
    fn elements_are_found_by_their_names() {
        for name in NAMES {
            let found = KnownElement::named(&name.to_ascii_uppercase());
            assert_eq!(found.map(KnownElement::name), Some(name));
        }
        assert!(["", "ab", "int", "[", "{", "甲"].iter().all(|name| KnownElement::named(name).is_none()));
        let set = ElementSet::of(&["a", "xmp"]);
        let held: Vec<&str> =
            NAMES.into_iter().filter(|name| set.holds(KnownElement::named(name))).collect();
        assert_eq!(held, ["a", "xmp"]);
    }
}
