//! A query: what was typed, as `docs/search.md` reads it.

use super::fold::{Folded, FoldedChar, Variants, folded};
use super::grams::{asked_keys, filter_key, letter_key};

/// Characters of a query that count.
const MOST: usize = 1000;

/// The filters: the taxonomies that they ask, or `year`, and what people call them.
const FILTERS: [(&str, &[&str]); 4] = [
    ("tags", &["标签", "tag", "tags"]),
    ("authors", &["作者", "author", "authors"]),
    ("categories", &["分类", "category", "categories"]),
    ("year", &["年", "year"]),
];

/// Text that an article has to have, or must not have.
#[derive(Clone, Debug)]
pub(super) struct Phrase {
    /// As it was typed.
    pub typed: String,
    pub chars: Vec<FoldedChar>,
    /// Whether it is one Traditional letter, which stands for itself: 後 is not 后.
    pub(super) is_traditional_letter: bool,
}

impl Phrase {
    /// Returns the keys that it is asked by.
    pub(super) fn keys(&self) -> Vec<u32> {
        match (&self.chars[..], self.is_traditional_letter) {
            ([letter], true) => vec![letter_key(letter.code())],
            _ => asked_keys(&self.chars),
        }
    }

    /// Returns where in a folded text it stands, once for each time, none within another.
    pub(super) fn places<'t>(&'t self, text: &'t [FoldedChar]) -> impl Iterator<Item = usize> + 't {
        let mut from = 0;
        std::iter::from_fn(move || {
            let at = from + find(&text[from..], &self.chars)?;
            from = at + self.chars.len();
            Some(at)
        })
    }

    /// Returns whether a folded text has it.
    pub(super) fn is_in(&self, text: &[FoldedChar]) -> bool {
        find(text, &self.chars).is_some()
    }
}

fn find(text: &[FoldedChar], phrase: &[FoldedChar]) -> Option<usize> {
    let first = *phrase.first()?;
    let last = text.len().checked_sub(phrase.len())?;
    let mut from = 0;
    while from <= last {
        let at = from + text[from..=last].iter().position(|c| *c == first)?;
        if text[at..].starts_with(phrase) {
            return Some(at);
        }
        from = at + 1;
    }
    None
}

/// A term or a year that an article has to be of, or must not be of.
#[derive(Clone, Debug)]
pub(super) struct Filter {
    /// As it was typed.
    pub typed: String,
    pub taxonomy: &'static str,
    pub name: Folded,
    pub is_excluded: bool,
}

impl Filter {
    /// Returns the key that it is asked by.
    pub(super) fn key(&self) -> u32 {
        filter_key(self.taxonomy, &self.name)
    }
}

/// What an article has to be to be found.
#[derive(Clone, Debug, Default)]
pub(super) struct Query {
    pub phrases: Vec<Phrase>,
    pub excluded: Vec<Phrase>,
    pub filters: Vec<Filter>,
    /// Parts without a letter, which ask for nothing.
    pub ignored: Vec<String>,
}

impl Query {
    /// Reads what was typed.
    pub(super) fn parse(typed: &str, variants: Variants) -> Query {
        let typed: Vec<char> = typed.chars().take(MOST).collect();
        let mut parser = Parser { typed: &typed, at: 0, variants, query: Query::default() };
        while parser.skip_blanks() {
            parser.part();
        }
        parser.query
    }

    /// Returns whether it asks for anything that articles have.
    pub(super) fn asks(&self) -> bool {
        !self.phrases.is_empty() || self.filters.iter().any(|filter| !filter.is_excluded)
    }
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '＂')
}

struct Parser<'t> {
    typed: &'t [char],
    at: usize,
    variants: Variants,
    query: Query,
}

impl Parser<'_> {
    fn rest(&self) -> &[char] {
        &self.typed[self.at..]
    }

    /// Goes to the next part, if there is one.
    fn skip_blanks(&mut self) -> bool {
        let blanks = self.rest().iter().take_while(|c| c.is_whitespace()).count();
        self.at += blanks;
        self.at < self.typed.len()
    }

    fn part(&mut self) {
        let start = self.at;
        let has_more = self.rest().get(1).is_some_and(|c| !c.is_whitespace());
        let is_excluded = matches!(self.rest()[0], '-' | '－') && has_more;
        self.at += usize::from(is_excluded);
        let taxonomy = self.filter();
        let is_quoted = is_quote(self.rest()[0]);
        let value: String = if is_quoted {
            self.at += 1;
            let value: String = self.rest().iter().take_while(|c| !is_quote(**c)).collect();
            self.at = self.typed.len().min(self.at + value.chars().count() + 1);
            value
        } else {
            let is_part = |c: &&char| !c.is_whitespace() && !is_quote(**c);
            let value: String = self.rest().iter().take_while(is_part).collect();
            self.at += value.chars().count();
            value
        };
        let typed: String = self.typed[start..self.at].iter().collect();
        // Lines of a query are blanks.
        let folded = folded(&value.replace('\n', " "), self.variants);
        if let Some(taxonomy) = taxonomy {
            let filter = Filter { typed, taxonomy, name: folded, is_excluded };
            return self.query.filters.push(filter);
        }
        let mut chars = &folded.chars[..];
        if !is_quoted {
            let start = chars.iter().position(|c| c.is_letter()).unwrap_or(chars.len());
            let end = chars.iter().rposition(|c| c.is_letter()).map_or(start, |at| at + 1);
            chars = &chars[start..end];
        }
        if !chars.iter().any(|c| c.is_letter()) {
            return self.query.ignored.push(typed);
        }
        let typed = if is_quoted { value.clone() } else { typed };
        let mut phrase = Phrase { typed, chars: chars.to_vec(), is_traditional_letter: false };
        if let [letter] = chars
            && letter.was_changed()
        {
            let kept = self::folded(&value, Variants::Kept);
            phrase.chars = kept.chars.into_iter().filter(|c| c.is_letter()).collect();
            phrase.is_traditional_letter = true;
        }
        if is_excluded {
            self.query.excluded.push(phrase);
        } else {
            self.query.phrases.push(phrase);
        }
    }

    /// Passes over the name of a filter, if there is more behind it.
    fn filter(&mut self) -> Option<&'static str> {
        /// The longest name.
        const LONGEST: usize = 10;
        let end = self.rest().iter().take(LONGEST + 1).position(|c| matches!(c, ':' | '：'))?;
        self.rest().get(end + 1).filter(|c| !c.is_whitespace())?;
        let name: String = self.rest()[..end].iter().collect();
        if name.contains(char::is_whitespace) {
            return None;
        }
        let name: String = folded(&name, Variants::Folded).codes().collect();
        let (taxonomy, _) = FILTERS.iter().find(|(_, names)| names.contains(&name.as_str()))?;
        self.at += end + 1;
        Some(taxonomy)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Phrases, excluded ones, filters and what is ignored.
    fn parsed(typed: &str) -> (Vec<String>, Vec<String>, Vec<String>, Vec<String>) {
        let Query { phrases, excluded, filters, ignored } = Query::parse(typed, Variants::Folded);
        let text = |chars: &[FoldedChar]| -> String {
            chars.iter().filter_map(|c| char::from_u32(c.code())).collect()
        };
        let texts = |phrases: Vec<Phrase>| phrases.iter().map(|one| text(&one.chars)).collect();
        let filters = filters.iter().map(|filter| {
            let sign = if filter.is_excluded { "-" } else { "" };
            format!("{sign}{}={}", filter.taxonomy, text(&filter.name.chars))
        });
        (texts(phrases), texts(excluded), filters.collect(), ignored)
    }

    #[test]
    fn parts_of_a_query() {
        let all = |phrases: &[&str], excluded: &[&str], filters: &[&str], ignored: &[&str]| {
            let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
            (owned(phrases), owned(excluded), owned(filters), owned(ignored))
        };
        let phrases = |phrases: &[&str]| all(phrases, &[], &[], &[]);
        assert_eq!(parsed(" 中国\u{3000}经济 "), phrases(&["中国", "经济"]));
        assert_eq!(parsed("“辛顿”"), phrases(&["辛顿"]));
        assert_eq!(parsed("\"Machine  Learning\""), phrases(&["machine learning"]));
        assert_eq!(parsed("\"甲，\" 乙，《丙》"), phrases(&["甲,", "乙,《丙"]));
        assert_eq!(parsed("甲\"乙 丙"), phrases(&["甲", "乙丙"]));
        assert_eq!(
            parsed("神经網絡 -显卡 -\"a b\" GPT-4"),
            all(&["神经网络", "gpt-4"], &["显卡", "a b"], &[], &[])
        );
        assert_eq!(
            parsed("标签:百度 作者：\"余 凯\" tag:AI -年:2023 年: 注:甲"),
            all(
                &["年", "注:甲"],
                &[],
                &["tags=百度", "authors=余凯", "tags=ai", "-year=2023"],
                &[]
            )
        );
        assert_eq!(parsed("标 签:c"), phrases(&["标", "签:c"]));
        assert_eq!(parsed("- … c++ 😀"), all(&["c++"], &[], &[], &["-", "…", "😀"]));
        assert_eq!(parsed("\""), all(&[], &[], &[], &["\""]));
    }

    proptest! {
        #[test]
        fn anything_can_be_asked(typed in "[ \"“:：\\-a标签年甲\\p{Any}]{0,40}") {
            Query::parse(&typed, Variants::Folded);
        }
    }

    #[test]
    fn places_of_a_phrase() {
        let text = folded("辛顿说，辛辛顿。", Variants::Folded);
        let query = Query::parse("辛顿", Variants::Folded);
        assert_eq!(query.phrases[0].places(&text.chars).collect::<Vec<usize>>(), [0, 5]);
    }
}
