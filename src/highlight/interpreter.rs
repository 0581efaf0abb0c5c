//! Runs a syntax over code, line by line, and never for long.
//!
//! The semantics are Sublime Text's, as syntect 5.3 has them: a stack of contexts; of all rules
//! that apply, the one that matches first wins, and among equals the one written first. syntect's
//! own interpreter can neither be stopped nor asked what it spends, and goes round for ever where
//! two `set`s consume nothing (syntect#460): `x /* c */` in JavaScript. Here
//!
//! - no state is met twice at one place: who would, goes on one character further;
//! - every search is charged by the bytes it looks at and by how often it may go back at each of
//!   them, so that what a line and a block may cost is bounded, and the same on every machine.

use std::collections::HashMap;
use std::rc::Rc;

use onig::Region;
use syntect::parsing::ScopeStackOp;
use syntect::parsing::syntax_definition::MatchOperation;

use super::budget::{Budget, COMPILE, Exhausted};
use super::captures::Captures;
use super::grammar::{Context, Id, SyntaxRule, compile};
use super::scopes::{self, Groups, Operations, place};

/// The deepest stack; what would push beyond it does not match.
const DEEPEST: usize = 100;

/// One level of the stack.
struct Level {
    id: Id,
    context: &'static Context,
    /// Contexts whose rules come first, here and above.
    prototypes: Vec<Id>,
    /// What the rule that pushed this level captured, where rules refer to it.
    captures: Option<Rc<Captures>>,
}

/// What the last search for a rule gave.
struct LastMatch {
    /// The number of the line; another line knows nothing of it.
    line: usize,
    is_there: bool,
    region: Region,
}

/// The rule that wins at a place.
struct Winner {
    rule: &'static SyntaxRule,
    groups: Groups,
    from_prototype_of_level: bool,
    would_loop: bool,
}

pub(super) struct Interpreter {
    stack: Vec<Level>,
    /// Heights of the stack from which on `with_prototype`s apply, the one in force last.
    prototype_starts: Vec<usize>,
    line_number: usize,
    /// By syntax and rule.
    found: Vec<Vec<Option<LastMatch>>>,
    /// Expressions with captured texts put in, which are of use to this block only.
    referring: HashMap<String, Option<Rc<onig::Regex>>>,
    /// Where the last of those matched.
    referred: Region,
    budget: Budget,
}

/// The place in the line, and what was met there.
struct LinePosition {
    at: usize,
    /// Place and height of the last push that consumed nothing.
    pushed: Option<(usize, usize)>,
    /// States that came to be here, as digests.
    met: Vec<u64>,
}

impl LinePosition {
    fn move_to(&mut self, at: usize) {
        if at != self.at {
            self.at = at;
            self.met.clear();
        }
    }

    /// Moves on by a character; whether there is one after it.
    fn advance(&mut self, line: &str) -> bool {
        let next = line[self.at..].char_indices().nth(1).map(|(length, _)| self.at + length);
        next.inspect(|at| self.move_to(*at)).is_some()
    }
}

impl Interpreter {
    /// Begins a block of so many bytes where its syntax begins.
    pub(super) fn new(start: Id, bytes: usize) -> Option<Interpreter> {
        let level =
            Level { id: start, context: start.context()?, prototypes: Vec::new(), captures: None };
        Some(Interpreter {
            stack: vec![level],
            prototype_starts: Vec::new(),
            line_number: 0,
            found: Vec::new(),
            referring: HashMap::new(),
            referred: Region::new(),
            budget: Budget::of_block(bytes),
        })
    }

    /// Returns what happens to the scopes in the next line, each at its byte.
    pub(super) fn line(&mut self, line: &str) -> Result<Operations, Exhausted> {
        let mut operations = Vec::new();
        if self.line_number == 0
            && let Some(scope) = self
                .stack
                .last()
                .and_then(|level| level.context.definition.meta_content_scope.first())
        {
            operations.push((0, ScopeStackOp::Push(*scope)));
        }
        self.line_number += 1;
        self.budget.begin_line(line.len());
        let mut cursor = LinePosition { at: 0, pushed: None, met: Vec::new() };
        while self.step(line, &mut cursor, &mut operations)? {}
        Ok(operations)
    }

    /// Applies the next rule; whether there was one.
    fn step(
        &mut self,
        line: &str,
        cursor: &mut LinePosition,
        operations: &mut Operations,
    ) -> Result<bool, Exhausted> {
        while self.prototype_starts.last().is_some_and(|start| *start >= self.stack.len()) {
            self.prototype_starts.pop();
        }
        let pop_would_loop = cursor.pushed == Some((cursor.at, self.stack.len()));
        let Some(winner) = self.winner(line, cursor.at, pop_would_loop)? else { return Ok(false) };
        if winner.would_loop {
            return Ok(cursor.advance(line));
        }
        let (_, end) = place(&winner.groups);
        let consumes = end > cursor.at;
        if !consumes && matches!(winner.rule.pattern.operation, MatchOperation::Push(_)) {
            cursor.pushed = Some((end, self.stack.len() + 1));
        }
        cursor.move_to(end);
        if winner.from_prototype_of_level {
            self.prototype_starts.push(self.stack.len());
        }
        if let Some(top) = self.stack.last() {
            scopes::mark(top.context, winner.rule, &winner.groups, operations);
        }
        self.change_stack(line, winner);
        if self.stack.is_empty() {
            // A syntax that leaves its first context is broken.
            return Err(Exhausted);
        }
        if !consumes {
            let state = self.digest_of_state(cursor);
            if cursor.met.contains(&state) {
                return Ok(cursor.advance(line));
            }
            cursor.met.push(state);
        }
        Ok(true)
    }

    /// Returns all that decides what comes next at this place. Two states of one digest would cost
    /// a character its colour.
    fn digest_of_state(&self, cursor: &LinePosition) -> u64 {
        let pushed_here =
            cursor.pushed.filter(|(at, _)| *at == cursor.at).map_or(0, |(_, height)| height as u64);
        let starts = self.prototype_starts.iter().map(|start| *start as u64);
        let ids = self.stack.iter().flat_map(|level| level.prototypes.iter().chain([&level.id]));
        let ids = ids.map(|id| ((id.syntax as u64) << 32) ^ id.context as u64);
        [self.stack.len() as u64, pushed_here]
            .into_iter()
            .chain(starts)
            .chain(ids)
            .fold(0, |digest: u64, part| {
                (digest.rotate_left(5) ^ part).wrapping_mul(0x9E37_79B9_7F4A_7C15)
            })
    }

    /// Returns the rule that matches first.
    fn winner(
        &mut self,
        line: &str,
        at: usize,
        pop_would_loop: bool,
    ) -> Result<Option<Winner>, Exhausted> {
        let mut winner: Option<Winner> = None;
        let mut first = usize::MAX;
        for (from_prototype_of_level, context, captures) in self.contexts_in_force() {
            for rule in context.rules() {
                let Some((start, end)) = self.search(line, at, rule, captures.as_deref())? else {
                    continue;
                };
                if start < first
                    || (start == first && winner.as_ref().is_some_and(|winner| winner.would_loop))
                {
                    first = start;
                    let would_loop = pop_would_loop
                        && end <= at
                        && matches!(rule.pattern.operation, MatchOperation::Pop);
                    winner = Some(Winner {
                        rule,
                        groups: self.groups(rule, captures.as_deref()),
                        from_prototype_of_level,
                        would_loop,
                    });
                    if start == at && !would_loop {
                        return Ok(winner);
                    }
                }
            }
        }
        Ok(winner)
    }

    /// Returns the contexts whose rules are tried, in order.
    fn contexts_in_force(&self) -> Vec<(bool, &'static Context, Option<Rc<Captures>>)> {
        let from = self.prototype_starts.last().copied().unwrap_or(0).min(self.stack.len());
        let of_level = |level: &Level| -> Vec<_> {
            level
                .prototypes
                .iter()
                .filter_map(|id| Some((true, id.context()?, level.captures.clone())))
                .collect()
        };
        let mut contexts: Vec<_> = self.stack[from..].iter().flat_map(of_level).collect();
        if let Some(top) = self.stack.last() {
            contexts.extend(
                top.context.prototype.and_then(Id::context).map(|context| (false, context, None)),
            );
            contexts.push((false, top.context, top.captures.clone()));
        }
        contexts
    }

    /// Returns where a rule matches at or after a place, if it does something there.
    fn search(
        &mut self,
        line: &str,
        at: usize,
        rule: &'static SyntaxRule,
        captures: Option<&Captures>,
    ) -> Result<Option<(usize, usize)>, Exhausted> {
        let place = match captures.filter(|_| rule.pattern.has_captures) {
            Some(captures) => self.search_referring(line, at, rule, captures)?,
            None => self.search_known(line, at, rule)?,
        };
        Ok(place.filter(|(start, end)| match rule.pattern.operation {
            MatchOperation::None => start != end,
            MatchOperation::Push(_) => self.stack.len() < DEEPEST,
            // syntect lets these grow: 80 KB of `(` in D took 12 seconds.
            MatchOperation::Set(_) => rule.targets.len() < 2 || self.stack.len() < DEEPEST,
            MatchOperation::Pop => true,
        }))
    }

    /// Searches for an expression that stays the same; what was found in this line and still lies
    /// ahead is known.
    fn search_known(
        &mut self,
        line: &str,
        at: usize,
        rule: &'static SyntaxRule,
    ) -> Result<Option<(usize, usize)>, Exhausted> {
        if self.found.len() <= rule.syntax {
            self.found.resize_with(rule.syntax + 1, Vec::new);
        }
        let of_syntax = &mut self.found[rule.syntax];
        if of_syntax.len() <= rule.number {
            of_syntax.resize_with(rule.number + 1, || None);
        }
        let mut found = of_syntax[rule.number].take().unwrap_or_else(|| LastMatch {
            line: 0,
            is_there: false,
            region: Region::with_capacity(4),
        });
        let place = found.region.pos(0);
        let holds = found.line == self.line_number
            && (!found.is_there || place.is_some_and(|(start, _)| start >= at));
        if !holds {
            found.line = self.line_number;
            found.is_there = match rule.expression() {
                Some(expression) => self.budget.run(expression, line, at, &mut found.region)?,
                None => false,
            };
        }
        let place = found.region.pos(0).filter(|_| found.is_there);
        self.found[rule.syntax][rule.number] = Some(found);
        Ok(place)
    }

    /// Searches for an expression that refers to what an earlier one captured: the end mark of a
    /// here-document.
    fn search_referring(
        &mut self,
        line: &str,
        at: usize,
        rule: &SyntaxRule,
        captures: &Captures,
    ) -> Result<Option<(usize, usize)>, Exhausted> {
        let text = captures.put_into(rule.pattern.regex.regex_str());
        if !self.referring.contains_key(&text) {
            self.budget.spend(COMPILE + text.len() as u64)?;
            self.referring.insert(text.clone(), compile(&text).map(Rc::new));
        }
        let Some(expression) = self.referring.get(&text).cloned().flatten() else {
            return Ok(None);
        };
        let mut region = std::mem::take(&mut self.referred);
        let is_there = self.budget.run(&expression, line, at, &mut region)?;
        let place = region.pos(0).filter(|_| is_there);
        self.referred = region;
        Ok(place)
    }

    /// Returns where the match that was just found for a rule and its groups stand.
    fn groups(&self, rule: &SyntaxRule, captures: Option<&Captures>) -> Groups {
        let region = match captures.filter(|_| rule.pattern.has_captures) {
            Some(_) => Some(&self.referred),
            None => self.found[rule.syntax][rule.number].as_ref().map(|found| &found.region),
        };
        region.map_or_else(Vec::new, |region| {
            (0..region.len()).map(|group| region.pos(group)).collect()
        })
    }

    fn change_stack(&mut self, line: &str, winner: Winner) {
        let rule = winner.rule;
        let mut kept = match rule.pattern.operation {
            MatchOperation::None => return,
            MatchOperation::Pop => {
                self.stack.pop();
                return;
            }
            // Prototypes stay in force until the level they were given to is popped.
            MatchOperation::Set(_) => {
                self.stack.pop().map(|level| level.prototypes).unwrap_or_default()
            }
            MatchOperation::Push(_) => Vec::new(),
        };
        let captures = Rc::new(Captures { line: line.to_owned(), groups: winner.groups });
        for (index, id) in rule.targets.iter().enumerate() {
            let Some(context) = id.context() else { continue };
            let mut prototypes = std::mem::take(&mut kept);
            // Of several contexts the topmost is the one that a `with_prototype` is for.
            prototypes.extend(rule.with_prototype.filter(|_| index + 1 == rule.targets.len()));
            let refers = |context: &Context| context.definition.uses_backrefs;
            let are_referred =
                refers(context) || prototypes.iter().filter_map(|id| id.context()).any(refers);
            let captures = are_referred.then(|| captures.clone());
            self.stack.push(Level { id: *id, context, prototypes, captures });
        }
    }
}
