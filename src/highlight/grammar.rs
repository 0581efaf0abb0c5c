//! bat's syntaxes as the interpreter wants them: contexts with their rules laid out, expressions
//! compiled when first wanted.
//!
//! The definitions are syntect's (`syntect::parsing::syntax_definition`, all public). Two things it
//! keeps to itself: what stands at a [`ContextId`], and which context a syntax begins with. An id
//! can be written down and read, and is then two numbers; so every context of a syntax can be asked
//! for by number, and the first one is known by its form.

use std::sync::{LazyLock, OnceLock};

use onig::{RegexOptions, Syntax};
use syntect::parsing::syntax_definition::{
    Context as Definition, ContextId, ContextReference, MatchOperation, MatchPattern, Pattern,
};
use syntect::parsing::{SyntaxReference, SyntaxSet};

use super::opening::Opening;

pub(super) static SYNTAXES: LazyLock<SyntaxSet> = LazyLock::new(two_face::syntax::extra_newlines);

static GRAMMARS: LazyLock<Vec<OnceLock<Grammar>>> =
    LazyLock::new(|| SYNTAXES.syntaxes().iter().map(|_| OnceLock::new()).collect());

/// Which context: the number of its syntax, and its own among those of the syntax.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Id {
    pub(super) syntax: usize,
    pub(super) context: usize,
}

/// All contexts of one syntax.
struct Grammar {
    contexts: Vec<Context>,
    rules: Vec<SyntaxRule>,
    start: Option<usize>,
}

pub(super) struct Context {
    syntax: usize,
    pub(super) definition: &'static Definition,
    /// Rules that come before those of this context.
    pub(super) prototype: Option<Id>,
    entries: Vec<ContextItem>,
    /// The entries with what they include, in the order in which they are tried.
    rules: OnceLock<Vec<&'static SyntaxRule>>,
}

enum ContextItem {
    Rule(usize),
    Include(Id),
}

/// What to look for, and what then.
pub(super) struct SyntaxRule {
    /// Which rule of which syntax.
    pub(super) syntax: usize,
    pub(super) number: usize,
    pub(super) pattern: &'static MatchPattern,
    /// The contexts that a push or a set puts on the stack.
    pub(super) targets: Vec<Id>,
    pub(super) with_prototype: Option<Id>,
    expression: OnceLock<Option<onig::Regex>>,
    opening: OnceLock<Option<Box<Opening>>>,
}

impl Id {
    /// Returns where a syntax begins.
    pub(super) fn start_of(syntax: &SyntaxReference) -> Option<Id> {
        let number = SYNTAXES.syntaxes().iter().position(|other| std::ptr::eq(other, syntax))?;
        Some(Id { syntax: number, context: grammar(number)?.start? })
    }

    pub(super) fn context(self) -> Option<&'static Context> {
        grammar(self.syntax)?.contexts.get(self.context)
    }

    fn from_context_id(id: ContextId) -> Option<Id> {
        let (syntax, context) = postcard::from_bytes(&postcard::to_allocvec(&id).ok()?).ok()?;
        Some(Id { syntax, context })
    }

    fn of_reference(reference: &ContextReference) -> Option<Id> {
        reference.id().ok().and_then(Id::from_context_id)
    }

    fn definition(self) -> Option<&'static Definition> {
        /// The number of `ContextReference::Direct` among its kinds.
        const DIRECT: u32 = 4;
        let reference: ContextReference = postcard::from_bytes(
            &postcard::to_allocvec(&(DIRECT, self.syntax, self.context)).ok()?,
        )
        .ok()?;
        reference.resolve(&SYNTAXES).ok()
    }
}

fn grammar(syntax: usize) -> Option<&'static Grammar> {
    Some(GRAMMARS.get(syntax)?.get_or_init(|| Grammar::read(syntax)))
}

impl Grammar {
    fn read(syntax: usize) -> Grammar {
        let mut rules = Vec::new();
        let definitions = (0..).map_while(|context| Id { syntax, context }.definition());
        let contexts: Vec<Context> = definitions
            .map(|definition| Context {
                syntax,
                definition,
                prototype: definition.prototype.and_then(Id::from_context_id),
                entries: definition
                    .patterns
                    .iter()
                    .filter_map(|pattern| ContextItem::read(pattern, syntax, &mut rules))
                    .collect(),
                rules: OnceLock::new(),
            })
            .collect();
        Grammar {
            start: contexts.iter().position(|context| is_start(context.definition)),
            contexts,
            rules,
        }
    }
}

/// Returns whether a context is the one that syntect puts before every syntax: `- match: ''` with a
/// push, and no prototype.
fn is_start(definition: &Definition) -> bool {
    let [Pattern::Match(only)] = &definition.patterns[..] else { return false };
    !definition.meta_include_prototype
        && definition.meta_content_scope.len() == 1
        && only.regex.regex_str().is_empty()
        && matches!(only.operation, MatchOperation::Push(_))
}

impl ContextItem {
    fn read(
        pattern: &'static Pattern,
        syntax: usize,
        rules: &mut Vec<SyntaxRule>,
    ) -> Option<ContextItem> {
        let pattern = match pattern {
            Pattern::Include(reference) => {
                return Id::of_reference(reference).map(ContextItem::Include);
            }
            Pattern::Match(pattern) => pattern,
        };
        let targets = match &pattern.operation {
            MatchOperation::Push(targets) | MatchOperation::Set(targets) => {
                targets.iter().filter_map(Id::of_reference).collect()
            }
            _ => Vec::new(),
        };
        let with_prototype = pattern.with_prototype.as_ref().and_then(Id::of_reference);
        let number = rules.len();
        rules.push(SyntaxRule {
            syntax,
            number,
            pattern,
            targets,
            with_prototype,
            expression: OnceLock::new(),
            opening: OnceLock::new(),
        });
        Some(ContextItem::Rule(number))
    }
}

impl Context {
    /// Returns the rules in the order in which they are tried, those of included contexts in their
    /// places.
    pub(super) fn rules(&self) -> &[&'static SyntaxRule] {
        /// More than any syntax has nested; one that includes itself must end.
        const DEEPEST: usize = 32;
        fn collect(context: &Context, depth: usize, rules: &mut Vec<&'static SyntaxRule>) {
            for entry in &context.entries {
                match entry {
                    ContextItem::Rule(number) => rules.extend(
                        grammar(context.syntax).and_then(|grammar| grammar.rules.get(*number)),
                    ),
                    ContextItem::Include(id) if depth < DEEPEST => {
                        if let Some(included) = id.context() {
                            collect(included, depth + 1, rules);
                        }
                    }
                    ContextItem::Include(_) => {}
                }
            }
        }
        self.rules.get_or_init(|| {
            let mut rules = Vec::new();
            collect(self, 0, &mut rules);
            rules
        })
    }
}

impl SyntaxRule {
    /// Returns the expression that is looked for, or none where Oniguruma does not take it.
    pub(super) fn expression(&self) -> Option<&onig::Regex> {
        self.expression.get_or_init(|| compile(self.pattern.regex.regex_str())).as_ref()
    }

    /// Returns what a match of the expression begins with, if that is known. Many an expression is
    /// never compiled, since nothing begins so.
    pub(super) fn opening(&self) -> Option<&Opening> {
        self.opening
            .get_or_init(|| Opening::of_expression(self.pattern.regex.regex_str()))
            .as_deref()
    }
}

/// As syntect compiles them.
pub(super) fn compile(expression: &str) -> Option<onig::Regex> {
    onig::Regex::with_options(
        expression,
        RegexOptions::REGEX_OPTION_CAPTURE_GROUP,
        Syntax::default(),
    )
    .ok()
}

/// Returns all rules of the syntax that goes by a name.
#[cfg(test)]
pub(super) fn rules_of(name: &str) -> &'static [SyntaxRule] {
    let syntax = SYNTAXES.find_syntax_by_token(name).expect("a known language");
    let id = Id::start_of(syntax).expect("a syntax with a beginning");
    &grammar(id.syntax).expect("its grammar").rules
}
