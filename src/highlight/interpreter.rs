//! Runs a syntax over code, line by line, and never for long.
//!
//! The semantics are Sublime Text's, as syntect 5.3 has them: a stack of contexts; of all rules
//! that apply, the one that matches first wins, and among equals the one written first. syntect's
//! own interpreter can neither be stopped nor asked what it spends, and goes round for ever where
//! two `set`s consume nothing (syntect#460): `x /* c */` in JavaScript. Here
//!
//! - no state is met twice at one place: who would, goes on one character further;
//! - a rule is tried only where it may match ([`Opening`](super::opening::Opening)), and before the
//!   match that wins: of 220 ns that a byte takes on the average, half is Oniguruma's;
//! - every try and every search is charged by the bytes it looks at and by how often it may go back
//!   at each of them, so that what a line and a block may cost is bounded, and the same on every
//!   machine.

use std::rc::Rc;

use syntect::parsing::ScopeStackOp;
use syntect::parsing::syntax_definition::MatchOperation;

use super::budget::Exhausted;
use super::captures::Captures;
use super::grammar::{Context, Id, SyntaxRule};
use super::scopes::{self, Groups, Operations, place};
use super::searches::{NOWHERE, Searches};

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

/// A rule that applies at a place.
struct Candidate {
    rule: &'static SyntaxRule,
    /// Where it matches, or else where it does not match before.
    place: usize,
    /// What it refers to.
    captures: Option<Rc<Captures>>,
    /// Where it matches with what it refers to.
    referring: Option<Groups>,
    from_prototype_of_level: bool,
}

/// The rule that wins at a place.
struct Winner {
    rule: &'static SyntaxRule,
    groups: Groups,
    from_prototype_of_level: bool,
}

/// A place, and how its candidates stand.
struct Contest<'a> {
    line: &'a str,
    at: usize,
    /// How high the stack is.
    height: usize,
    pop_would_loop: bool,
    /// A pop that would loop matches.
    is_loop: bool,
}

/// What comes next.
enum Next {
    Rule(Winner),
    /// Nothing but a pop that would bring back what was just left.
    Loop,
    End,
}

pub(super) struct Interpreter {
    stack: Vec<Level>,
    /// Heights of the stack from which on `with_prototype`s apply, the one in force last.
    prototype_starts: Vec<usize>,
    searches: Searches,
    /// Those of the last place; kept for the room they take.
    candidates: Vec<Candidate>,
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
            searches: Searches::new(bytes),
            candidates: Vec::new(),
        })
    }

    /// Returns what happens to the scopes in the next line, each at its byte.
    pub(super) fn line(&mut self, line: &str) -> Result<Operations, Exhausted> {
        let mut operations = Vec::new();
        if self.searches.begin_line(line)
            && let Some(scope) = self
                .stack
                .last()
                .and_then(|level| level.context.definition.meta_content_scope.first())
        {
            operations.push((0, ScopeStackOp::Push(*scope)));
        }
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
        let winner = match self.next(line, cursor.at, pop_would_loop)? {
            Next::Rule(winner) => winner,
            Next::Loop => return Ok(cursor.advance(line)),
            Next::End => return Ok(false),
        };
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

    /// Returns the rule that matches first. Whichever may match first is tried first, and what
    /// cannot match before the one that does is not tried.
    fn next(&mut self, line: &str, at: usize, pop_would_loop: bool) -> Result<Next, Exhausted> {
        let height = self.stack.len();
        let mut contest = Contest { line, at, height, pop_would_loop, is_loop: false };
        let candidates = &mut self.candidates;
        candidates.clear();
        for (from_prototype_of_level, context, captures) in
            contexts_in_force(&self.stack, &self.prototype_starts)
        {
            for rule in context.rules() {
                let captures = captures.filter(|_| rule.pattern.has_captures).cloned();
                let place = match captures {
                    Some(_) => at,
                    None => self.searches.place(line, at, rule),
                };
                if place == NOWHERE {
                    continue;
                }
                let mut candidate =
                    Candidate { rule, place, captures, referring: None, from_prototype_of_level };
                // None before it matches here.
                if place == at && contest.is_match(&mut candidate, &mut self.searches)? {
                    return Ok(Next::Rule(candidate.wins(&mut self.searches)));
                }
                candidates.push(candidate);
            }
        }
        loop {
            let first = candidates
                .iter()
                .enumerate()
                .min_by_key(|(_, candidate)| candidate.place)
                .map(|(index, candidate)| (index, candidate.place))
                .filter(|(_, place)| *place != NOWHERE);
            match first {
                Some((index, place)) if !contest.is_loop || place == at => {
                    if contest.is_match(&mut candidates[index], &mut self.searches)? {
                        let winner = candidates.swap_remove(index).wins(&mut self.searches);
                        return Ok(Next::Rule(winner));
                    }
                }
                _ if contest.is_loop => return Ok(Next::Loop),
                _ => return Ok(Next::End),
            }
        }
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
        let mut captured = None;
        let refers = |context: &Context| context.definition.uses_backrefs;
        for (index, id) in rule.targets.iter().enumerate() {
            let Some(context) = id.context() else { continue };
            let mut prototypes = std::mem::take(&mut kept);
            // Of several contexts the topmost is the one that a `with_prototype` is for.
            prototypes.extend(rule.with_prototype.filter(|_| index + 1 == rule.targets.len()));
            let are_referred =
                refers(context) || prototypes.iter().filter_map(|id| id.context()).any(refers);
            let captures = are_referred.then(|| {
                captured
                    .get_or_insert_with(|| {
                        Rc::new(Captures { line: line.to_owned(), groups: winner.groups.clone() })
                    })
                    .clone()
            });
            self.stack.push(Level { id: *id, context, prototypes, captures });
        }
    }
}

/// Returns the contexts whose rules apply, in order; whether each is the prototype of a level, and
/// what its rules refer to.
fn contexts_in_force<'a>(
    stack: &'a [Level],
    prototype_starts: &[usize],
) -> impl Iterator<Item = (bool, &'static Context, Option<&'a Rc<Captures>>)> {
    let from = prototype_starts.last().copied().unwrap_or(0).min(stack.len());
    let of_levels = stack[from..].iter().flat_map(|level| {
        let contexts = level.prototypes.iter().filter_map(|id| id.context());
        contexts.map(|context| (true, context, level.captures.as_ref()))
    });
    let of_top = stack.last().into_iter().flat_map(|top| {
        let prototype = top.context.prototype.and_then(Id::context);
        let own = (false, top.context, top.captures.as_ref());
        prototype.map(|context| (false, context, None)).into_iter().chain([own])
    });
    of_levels.chain(of_top)
}

impl Contest<'_> {
    /// Tries a candidate; whether it matches where it was thought to. Else its place is where it
    /// does, or where it may next.
    fn is_match(
        &mut self,
        candidate: &mut Candidate,
        searches: &mut Searches,
    ) -> Result<bool, Exhausted> {
        let (rule, thought) = (candidate.rule, candidate.place);
        let found = match &candidate.captures {
            None => searches.search(self.line, rule)?,
            Some(captures) => {
                if candidate.referring.is_none() {
                    candidate.referring =
                        searches.search_referring(self.line, thought, rule, captures)?;
                }
                candidate.referring.as_ref().map(place)
            }
        };
        candidate.place = match found {
            Some((start, end)) if self.does_something(rule, start, end) => {
                let is_pop = matches!(rule.pattern.operation, MatchOperation::Pop);
                let is_loop = self.pop_would_loop && is_pop && end <= self.at;
                self.is_loop |= is_loop;
                if is_loop { NOWHERE } else { start }
            }
            None if candidate.captures.is_none() => searches.place(self.line, thought, rule),
            _ => NOWHERE,
        };
        Ok(candidate.place == thought)
    }

    fn does_something(&self, rule: &SyntaxRule, start: usize, end: usize) -> bool {
        match rule.pattern.operation {
            MatchOperation::None => start != end,
            MatchOperation::Push(_) => self.height < DEEPEST,
            // syntect lets these grow: 80 KB of `(` in D took 12 seconds.
            MatchOperation::Set(_) => rule.targets.len() < 2 || self.height < DEEPEST,
            MatchOperation::Pop => true,
        }
    }
}

impl Candidate {
    fn wins(self, searches: &mut Searches) -> Winner {
        Winner {
            rule: self.rule,
            groups: self.referring.unwrap_or_else(|| searches.groups(self.rule)),
            from_prototype_of_level: self.from_prototype_of_level,
        }
    }
}
