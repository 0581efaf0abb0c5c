//! Searches for the rules of a block, and what is known of each in the line.

use std::collections::HashMap;

use onig::Region;

use super::budget::{Budget, COMPILE, Exhausted};
use super::captures::Captures;
use super::grammar::{SyntaxRule, compile};
use super::opening::Outlook;
use super::scopes::Groups;

/// No place in the line.
pub(super) const NOWHERE: usize = usize::MAX;

/// What is known of a rule.
struct Knowledge {
    /// The number of the line; another line knows nothing of it.
    line: usize,
    /// Where the next match begins, or else where none begins before.
    place: usize,
    is_match: bool,
    region: Region,
}

pub(super) struct Searches {
    line_number: usize,
    outlook: Outlook,
    /// By syntax and rule.
    known: Vec<Vec<Knowledge>>,
    /// Expressions with captured texts put in, which are of use to this block only.
    referring: HashMap<String, Option<onig::Regex>>,
    budget: Budget,
}

impl Searches {
    /// Begins a block of so many bytes.
    pub(super) fn new(bytes: usize) -> Searches {
        Searches {
            line_number: 0,
            outlook: Outlook::default(),
            known: Vec::new(),
            referring: HashMap::new(),
            budget: Budget::of_block(bytes),
        }
    }

    /// Begins a line; whether it is the first.
    pub(super) fn begin_line(&mut self, line: &str) -> bool {
        self.line_number += 1;
        self.budget.begin_line(line.len());
        self.outlook.of_line(line);
        self.line_number == 1
    }

    /// Returns the place from `at` on before which a rule does not match, without a search.
    pub(super) fn place(&mut self, line: &str, at: usize, rule: &SyntaxRule) -> usize {
        let known = of_rule(&mut self.known, rule);
        if known.line == self.line_number && known.place >= at {
            return known.place;
        }
        known.line = self.line_number;
        known.is_match = false;
        known.place = match rule.opening() {
            Some(opening) => opening.next(line, at, &self.outlook).unwrap_or(NOWHERE),
            None => at,
        };
        known.place
    }

    /// Returns where a rule matches, if that is known now. Where the places are known at which it
    /// may, one is tried at a time, since few rules win at more than one.
    pub(super) fn search(
        &mut self,
        line: &str,
        rule: &SyntaxRule,
    ) -> Result<Option<(usize, usize)>, Exhausted> {
        let known = of_rule(&mut self.known, rule);
        // A context may include a rule twice.
        if !known.is_match && known.place != NOWHERE {
            let from = known.place;
            known.place = NOWHERE;
            if let Some(expression) = rule.expression() {
                let opening = rule.opening();
                let is_match = match opening {
                    Some(_) => self.budget.try_at(expression, line, from, &mut known.region)?,
                    None => Some(self.budget.search(expression, line, from, &mut known.region)?),
                };
                known.is_match = is_match == Some(true);
                known.place = match (opening, is_match) {
                    (_, Some(true)) => known.region.pos(0).map_or(NOWHERE, |(start, _)| start),
                    (Some(opening), Some(false)) if from < line.len() => {
                        opening.next(line, from + 1, &self.outlook).unwrap_or(NOWHERE)
                    }
                    _ => NOWHERE,
                };
            }
        }
        Ok(known.region.pos(0).filter(|_| known.is_match))
    }

    /// Returns where the match that was found last for a rule and its groups stand.
    pub(super) fn groups(&mut self, rule: &SyntaxRule) -> Groups {
        groups_of(&of_rule(&mut self.known, rule).region)
    }

    /// Searches for an expression that refers to what an earlier one captured: the end mark of a
    /// here-document. Returns where the match and its groups stand.
    pub(super) fn search_referring(
        &mut self,
        line: &str,
        at: usize,
        rule: &SyntaxRule,
        captures: &Captures,
    ) -> Result<Option<Groups>, Exhausted> {
        let text = captures.put_into(rule.pattern.regex.regex_str());
        if !self.referring.contains_key(&text) {
            self.budget.spend(COMPILE + text.len() as u64)?;
            self.referring.insert(text.clone(), compile(&text));
        }
        let Some(Some(expression)) = self.referring.get(&text) else { return Ok(None) };
        let mut region = Region::new();
        let is_match = self.budget.search(expression, line, at, &mut region)?;
        Ok(is_match.then(|| groups_of(&region)))
    }
}

fn of_rule<'a>(known: &'a mut Vec<Vec<Knowledge>>, rule: &SyntaxRule) -> &'a mut Knowledge {
    if known.len() <= rule.syntax {
        known.resize_with(rule.syntax + 1, Vec::new);
    }
    let of_syntax = &mut known[rule.syntax];
    if of_syntax.len() <= rule.number {
        of_syntax.resize_with(rule.number + 1, || Knowledge {
            line: 0,
            place: 0,
            is_match: false,
            region: Region::new(),
        });
    }
    &mut of_syntax[rule.number]
}

fn groups_of(region: &Region) -> Groups {
    (0..region.len()).map(|group| region.pos(group)).collect()
}

#[cfg(test)]
mod tests {
    use onig::{MatchParam, SearchOptions};
    use proptest::prelude::*;
    use proptest::sample::{Index, select};

    use super::*;
    use crate::highlight::grammar::rules_of;

    const LANGUAGES: [&str; 24] = [
        "asm", "bat", "c", "clj", "css", "d", "go", "html", "ini", "java", "js", "json", "latex",
        "lisp", "make", "md", "php", "py", "rb", "rs", "sh", "sql", "ts", "yaml",
    ];

    /// Beside letters what folds with others, what is of a word in Unicode, and what stands between.
    const PIECES: [&str; 40] = [
        " ", "  ", "\t", "a", "_b1", "if", "IF", "function", "0x1f", "1.5e3", "\"", "'", "`", "(",
        ")", "{", "}", "[", "]", "<", ">", "</", "=", "==", "=>", ":", "::", ";", ",", ".", "#",
        "//", "/*", "\\", "$", "@", "ß", "ſK", "字", "ﬁé",
    ];

    fn limited() -> MatchParam {
        let mut param = MatchParam::default();
        param.set_retry_limit_in_match(20_000);
        param
    }

    /// Where a rule matches by trying one place at a time, or none where Oniguruma gives up.
    fn first_tried(
        rule: &SyntaxRule,
        line: &str,
        at: usize,
        outlook: &Outlook,
    ) -> Option<Option<usize>> {
        let (expression, opening) = (rule.expression()?, rule.opening()?);
        let mut next = opening.next(line, at, outlook);
        while let Some(place) = next {
            let options = SearchOptions::SEARCH_OPTION_NONE;
            let length = expression.match_with_param(line, place, options, None, limited()).ok()?;
            if length.is_some() {
                return Some(Some(place));
            }
            next = if place < line.len() { opening.next(line, place + 1, outlook) } else { None };
        }
        Some(None)
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]
        /// Texts are made of what the expressions of the syntax speak of, so that many match.
        #[test]
        fn what_is_not_tried_does_not_match(
            language in select(&LANGUAGES[..]),
            pieces in prop::collection::vec((select(&PIECES[..]), any::<usize>(), 0_usize..9), 0..9),
            middle in any::<Index>(),
        ) {
            let rules = rules_of(language);
            let mut line = String::new();
            for (piece, seed, length) in pieces {
                line.push_str(piece);
                let source = rules[seed % rules.len()].pattern.regex.regex_str();
                let at = seed / rules.len() % source.len().max(1);
                let words = source.chars().skip(at).filter(|c| !"\\?()|[]\n".contains(*c));
                line.extend(words.take(length));
            }
            line.push('\n');
            let mut outlook = Outlook::default();
            outlook.of_line(&line);
            let boundaries: Vec<usize> = line.char_indices().map(|(at, _)| at).collect();
            let middle = boundaries[middle.index(boundaries.len())];
            for rule in rules {
                for at in [0, middle] {
                    let Some(tried) = first_tried(rule, &line, at, &outlook) else { continue };
                    let options = SearchOptions::SEARCH_OPTION_NONE;
                    let expression = rule.expression().expect("one that was tried");
                    let found = expression
                        .search_with_param(&line[..], at, line.len(), options, None, limited());
                    let Ok(found) = found else { continue };
                    let source = rule.pattern.regex.regex_str();
                    prop_assert_eq!(tried, found, "{} from {} in {:?}", source, at, line);
                }
            }
        }
    }
}
