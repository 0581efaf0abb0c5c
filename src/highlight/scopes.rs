//! What a match does to the scopes of the text, which classes are read off.

use std::cmp::Reverse;

use syntect::parsing::syntax_definition::MatchOperation;
use syntect::parsing::{Scope, ScopeStackOp};

use super::grammar::{Context, SyntaxRule};

/// Where a match and its groups stand, the match first.
pub(super) type Groups = Vec<Option<(usize, usize)>>;

/// What happens to the scopes, each at its byte of the line.
pub(super) type Operations = Vec<(usize, ScopeStackOp)>;

/// Start and end of a match.
pub(super) fn place(groups: &Groups) -> (usize, usize) {
    groups.first().copied().flatten().unwrap_or_default()
}

/// Says what a match does to the scopes.
pub(super) fn mark(top: &Context, rule: &SyntaxRule, groups: &Groups, operations: &mut Operations) {
    let (start, end) = place(groups);
    let pattern = rule.pattern;
    mark_before(top, rule, start, operations);
    operations.extend(pattern.scope.iter().map(|scope| (start, ScopeStackOp::Push(*scope))));
    // Groups may be named in any order, and lie in one another: the one that begins first, and of
    // those the longest, comes first.
    let mut captured: Vec<((usize, Reverse<usize>), ScopeStackOp)> = Vec::new();
    for (group, scopes) in pattern.captures.iter().flatten() {
        if let Some((from, to)) = groups.get(*group).copied().flatten()
            && from < to
        {
            captured.extend(
                scopes.iter().map(|scope| ((from, Reverse(to - from)), ScopeStackOp::Push(*scope))),
            );
            captured.push(((to, Reverse(usize::MAX)), ScopeStackOp::Pop(scopes.len())));
        }
    }
    captured.sort_by_key(|(place, _)| *place);
    operations.extend(captured.into_iter().map(|((at, _), operation)| (at, operation)));
    if !pattern.scope.is_empty() {
        operations.push((end, ScopeStackOp::Pop(pattern.scope.len())));
    }
    mark_after(top, rule, end, operations);
}

/// The scopes of contexts that a match begins under. A `set` keeps those of the context it leaves
/// until it is over.
fn mark_before(top: &Context, rule: &SyntaxRule, at: usize, operations: &mut Operations) {
    match rule.pattern.operation {
        MatchOperation::Pop => pop(&top.definition.meta_content_scope, at, operations),
        MatchOperation::Push(_) | MatchOperation::Set(_) => {
            let is_set = matches!(rule.pattern.operation, MatchOperation::Set(_));
            if is_set && top.definition.clear_scopes.is_some() {
                operations.push((at, ScopeStackOp::Restore));
            }
            for target in rule.targets.iter().filter_map(|id| id.context()) {
                if let Some(amount) = target.definition.clear_scopes.filter(|_| !is_set) {
                    operations.push((at, ScopeStackOp::Clear(amount)));
                }
                operations.extend(
                    target
                        .definition
                        .meta_scope
                        .iter()
                        .map(|scope| (at, ScopeStackOp::Push(*scope))),
                );
            }
        }
        MatchOperation::None => {}
    }
}

/// The scopes of contexts that the text after a match stands under.
fn mark_after(top: &Context, rule: &SyntaxRule, at: usize, operations: &mut Operations) {
    match rule.pattern.operation {
        MatchOperation::Pop => {
            pop(&top.definition.meta_scope, at, operations);
            if top.definition.clear_scopes.is_some() {
                operations.push((at, ScopeStackOp::Restore));
            }
        }
        MatchOperation::Push(_) | MatchOperation::Set(_) => {
            let is_set = matches!(rule.pattern.operation, MatchOperation::Set(_));
            let targets: Vec<&Context> =
                rule.targets.iter().filter_map(|id| id.context()).collect();
            let left = if is_set {
                top.definition.meta_scope.len() + top.definition.meta_content_scope.len()
            } else {
                0
            };
            let changes = |target: &&Context| {
                !target.definition.meta_content_scope.is_empty()
                    || (is_set && target.definition.clear_scopes.is_some())
            };
            if left == 0 && !targets.iter().any(changes) {
                return;
            }
            // Scopes of contexts come off and on again in one go, so that those of contents come in
            // between.
            let count = left
                + targets.iter().map(|target| target.definition.meta_scope.len()).sum::<usize>();
            if count > 0 {
                operations.push((at, ScopeStackOp::Pop(count)));
            }
            for target in targets {
                if let Some(amount) = target.definition.clear_scopes.filter(|_| is_set) {
                    operations.push((at, ScopeStackOp::Clear(amount)));
                }
                let scopes = target
                    .definition
                    .meta_scope
                    .iter()
                    .chain(&target.definition.meta_content_scope);
                operations.extend(scopes.map(|scope| (at, ScopeStackOp::Push(*scope))));
            }
        }
        MatchOperation::None => {}
    }
}

fn pop(scopes: &[Scope], at: usize, operations: &mut Operations) {
    if !scopes.is_empty() {
        operations.push((at, ScopeStackOp::Pop(scopes.len())));
    }
}
