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
                known.is_match = match opening {
                    Some(_) => self.budget.try_at(expression, line, from, &mut known.region)?,
                    None => self.budget.search(expression, line, from, &mut known.region)?,
                };
                if known.is_match {
                    known.place = known.region.pos(0).map_or(NOWHERE, |(start, _)| start);
                } else if let Some(opening) = opening.filter(|_| from < line.len()) {
                    known.place = opening.next(line, from + 1, &self.outlook).unwrap_or(NOWHERE);
                }
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
