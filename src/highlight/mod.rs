//! Code highlighting: a dozen short classes instead of inline styles, neighbours merged.
//!
//! The syntaxes are bat's (two-face), read by syntect, their regular expressions run by Oniguruma.
//! What runs them is ours ([`interpreter`]), since nothing in a post may make it run for long; so
//! is the writer, because the stock one makes 24 times the source. Loading is lazy: a site without
//! code pays nothing (measured: the set loads in 1.6 ms, the first use of a language compiles its
//! regular expressions).

mod blocks;
mod budget;
mod captures;
mod expression;
mod grammar;
mod interpreter;
mod opening;
mod scopes;
mod searches;

use std::sync::LazyLock;

use chinese_markdown::html::escape_text;
pub use chinese_markdown::{Highlighted, Markup};
use syntect::parsing::{Scope, ScopeStack, SyntaxReference};

pub use blocks::{BLOCKS, Blocks};
use grammar::{Id, SYNTAXES};
use interpreter::Interpreter;

/// Code longer than this is shown plain, in bytes; a minified bundle would take seconds.
const MAX_BYTES: usize = 200_000;
/// Lines longer than this are shown plain, in bytes; regular expressions are superlinear on them.
const MAX_LINE_BYTES: usize = 2_000;

/// Scope prefixes and the class each gets, the most specific first. Themes style these classes; see
/// `docs/themes.md`.
const CLASSES: [(&str, &str); 40] = [
    ("comment", "c"),
    ("punctuation.definition.comment", "c"),
    ("constant.character.escape", "e"),
    ("constant.numeric", "n"),
    ("constant.language", "n"),
    ("constant.other.color", "n"),
    ("constant", "n"),
    ("string.regexp", "r"),
    ("string", "s"),
    ("punctuation.definition.string", "s"),
    ("entity.name.function", "f"),
    ("support.function", "f"),
    ("variable.function", "f"),
    ("meta.function-call.generic", "f"),
    ("entity.name.tag", "k"),
    ("entity.other.attribute-name", "a"),
    ("entity.name.type", "t"),
    ("entity.name.class", "t"),
    ("entity.name.struct", "t"),
    ("entity.name.enum", "t"),
    ("entity.name.namespace", "t"),
    ("entity.other.inherited-class", "t"),
    ("support.type.property-name", "a"),
    ("support.type", "t"),
    ("support.class", "t"),
    ("storage.type.function", "k"),
    ("storage.modifier", "k"),
    ("storage.type", "k"),
    ("keyword.operator.word", "k"),
    ("keyword.operator.logical.python", "k"),
    ("keyword.operator", "o"),
    ("keyword", "k"),
    ("variable.language", "v"),
    ("variable.parameter", "v"),
    ("variable.other.constant", "n"),
    ("markup.inserted", "i"),
    ("markup.deleted", "d"),
    ("markup.heading", "k"),
    ("entity.name.section", "k"),
    ("meta.annotation", "a"),
];

static SCOPES: LazyLock<Vec<(Scope, &'static str)>> = LazyLock::new(|| {
    CLASSES
        .iter()
        .map(|(name, class)| (Scope::new(name).expect("the table holds valid scopes"), *class))
        .collect()
});

/// Marks up `code` in `language`, the first word of a fence's info string.
pub fn highlight(language: &str, code: &str) -> Highlighted {
    let language = language.to_ascii_lowercase();
    if matches!(
        language.as_str(),
        "text"
            | "txt"
            | "plain"
            | "plaintext"
            | "none"
            | "output"
            | "mermaid"
            | "math"
            | "ascii"
            | "nohighlight"
    ) || code.len() > MAX_BYTES
    {
        return Highlighted::Plain;
    }
    match find(&language) {
        Some(syntax) => Id::start_of(syntax)
            .map_or(Highlighted::Plain, |start| Highlighted::Marked(mark(start, code))),
        None => Highlighted::Unknown,
    }
}

/// Names people write that the syntax set does not know.
fn find(language: &str) -> Option<&'static SyntaxReference> {
    let name = match language {
        "shell" | "console" | "shellsession" | "sh-session" | "zsh" | "terminal" | "bash" => "sh",
        "objc" | "objective-c" | "oc" => "m",
        "json5" | "jsonc" | "hjson" => "json",
        "golang" => "go",
        "py3" | "python3" | "pycon" | "ipython" => "py",
        "c++" | "cxx" => "cpp",
        "c#" | "csharp" => "cs",
        "js" | "node" | "mjs" => "javascript",
        "vue-html" | "html5" | "xhtml" => "html",
        "yml" => "yaml",
        "docker" => "dockerfile",
        "make" => "makefile",
        "ps1" | "posh" => "powershell",
        "mysql" | "pgsql" | "postgresql" | "plsql" | "sqlite" => "sql",
        "conf" | "properties" | "cfg" => "ini",
        "proto3" => "proto",
        "kt" | "kts" => "kotlin",
        "rs" => "rust",
        other => other,
    };
    SYNTAXES.find_syntax_by_token(name)
}

fn mark(start: Id, code: &str) -> Markup {
    let mut interpreter = Interpreter::new(start, code.len());
    let mut stack = ScopeStack::new();
    let mut writer = MarkupWriter::new(code.len());
    let mut plain_from = None;
    for (number, line) in code.split_inclusive('\n').enumerate() {
        let operations = match &mut interpreter {
            Some(interpreter) if line.len() <= MAX_LINE_BYTES => interpreter.line(line),
            _ => Ok(Vec::new()),
        };
        let Ok(operations) = operations else {
            // What state the rest of the code is in nobody knows.
            (interpreter, plain_from) = (None, Some(number));
            stack = ScopeStack::new();
            writer.push(line, &stack);
            continue;
        };
        if line.len() > MAX_LINE_BYTES {
            writer.push(line, &ScopeStack::new());
            continue;
        }
        let mut at = 0;
        for (index, operation) in operations {
            // What a lookahead captured lies beyond its match.
            writer.push(&line[at..index.max(at)], &stack);
            at = index.max(at);
            // Scopes that cannot be restored were never cleared: nothing is lost.
            let _ = stack.apply(&operation);
        }
        writer.push(&line[at..], &stack);
    }
    Markup { html: writer.finish(), plain_from }
}

struct MarkupWriter {
    out: String,
    class: Option<&'static str>,
    /// The classes of scopes that were met: a block has some thirty of them.
    classes: foldhash::HashMap<Scope, Option<&'static str>>,
}

impl MarkupWriter {
    fn new(bytes: usize) -> MarkupWriter {
        MarkupWriter {
            out: String::with_capacity(bytes * 3),
            class: None,
            classes: foldhash::HashMap::default(),
        }
    }

    /// Returns the class of the innermost scope that has one.
    fn class_of(&mut self, stack: &ScopeStack) -> Option<&'static str> {
        let class = |scope: &Scope| {
            SCOPES.iter().find(|(prefix, _)| prefix.is_prefix_of(*scope)).map(|(_, class)| *class)
        };
        let mut scopes = stack.as_slice().iter().rev();
        scopes.find_map(|scope| *self.classes.entry(*scope).or_insert_with(|| class(scope)))
    }

    fn push(&mut self, text: &str, scopes: &ScopeStack) {
        // Blanks look the same in every class, so they never end a span.
        if !text.trim().is_empty() {
            let class = self.class_of(scopes);
            if class != self.class {
                self.close();
                if let Some(class) = class {
                    self.out.push_str("<span class=\"");
                    self.out.push_str(class);
                    self.out.push_str("\">");
                }
                self.class = class;
            }
        }
        self.out.push_str(&escape_text(text));
    }

    fn close(&mut self) {
        if self.class.take().is_some() {
            self.out.push_str("</span>");
        }
    }

    fn finish(mut self) -> String {
        self.close();
        self.out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_few_and_text_is_whole() {
        let code = "fn main() {\n    // 注释 <b>\n    let x = \"a&b\";\n}\n";
        let Highlighted::Marked(Markup { html, plain_from: None }) = highlight("rust", code) else {
            panic!("rust is known")
        };
        assert!(html.contains("<span class=\"c\">// 注释 &lt;b&gt;"), "{html}");
        assert_eq!(chinese_markdown::html::text_of(&html), code);
        assert!(html.len() < code.len() * 5);
    }

    /// The same block as syntect's own interpreter has it.
    fn by_syntect(language: &str, code: &str) -> String {
        let mut state =
            syntect::parsing::ParseState::new(find(language).expect("a known language"));
        let (mut stack, mut writer) = (ScopeStack::new(), MarkupWriter::new(code.len()));
        for line in code.split_inclusive('\n') {
            let mut at = 0;
            for (index, operation) in state.parse_line(line, &SYNTAXES).expect("a whole syntax") {
                writer.push(&line[at..index.max(at)], &stack);
                at = index.max(at);
                stack.apply(&operation).expect("scopes that were pushed");
            }
            writer.push(&line[at..], &stack);
        }
        writer.finish()
    }

    #[test]
    fn marks_are_those_of_syntect() {
        for (language, code) in [
            ("sh", "1) 1) 1) 1) x\na) b) c\nfoo; bar) baz\n# a\nb) c=1 d=2\nif a) then b=1 fi\n"),
            (
                "sh",
                "java -D<x>=<y> -agentlib:<libname>\n> db.createUser({roles:[{role:\"x\"}]})\ncat <<EOF\n$a ${b:-c}\nEOF\n",
            ),
            (
                "python",
                "@a.b\nclass 甲(乙):\n    '''说明'''\n    def f(self, *a, x: int = 1) -> str:\n        return f\"{x!r:>{10}} {a}\"\n",
            ),
            (
                "rust",
                "impl<'a, T: Fn(&'a str) -> u8> X for Y<'a, T> where T: Z { const A: &str = r#\"b\"#; }\n/* a /* b */ c */ x\n",
            ),
            (
                "c",
                "#define A(x) \\\n  (x)\nstruct { int a : 3; } b = { .a = 0x1fUL }; /* 注\n释 */ char *s = \"a\\n\" L\"b\";\n",
            ),
            (
                "html",
                "<!DOCTYPE html><p class=\"a\" x=y>甲<style>a{b:c}</style><!-- d --><script>f(1) // g\n</script>\n",
            ),
            ("yaml", "a: &b\n  - {c: 'd', e: [1, ~]}\n  - |\n    f\n# g\nh: *b\n"),
            (
                "ruby",
                "def a(b:, *c) = %w[d e].map { |f| \"#{f}\" =~ /g(?<h>i)/x }\nx = <<~J\n  k #{l}\nJ\n",
            ),
            (
                "php",
                "<p><?php function a(?int $b = null): array { return ['c' => \"d {$b}\"]; } ?></p>\n",
            ),
            ("make", "a: b c\n\t@echo $(D) $@\nE := $(shell f)\nifdef G\nendif\n"),
            ("sql", "SELECT a.b, count(*) FROM c AS d WHERE e LIKE '%f%' -- g\n"),
            (
                "css",
                "@media (min-width: 1em) { a:hover > b::before { color: #fff; content: '\\201C' } }\n",
            ),
        ] {
            let Highlighted::Marked(markup) = highlight(language, code) else {
                panic!("{language} is known")
            };
            assert_eq!(markup.html, by_syntect(language, code), "{language}");
        }
    }

    #[test]
    fn unknown_languages_say_so() {
        assert_eq!(highlight("没有这种语言", "x"), Highlighted::Unknown);
        assert_eq!(highlight("text", "x"), Highlighted::Plain);
        assert!(matches!(highlight("shell", "ls -l\n"), Highlighted::Marked(_)));
    }
}
