//! Formulas: TeX to MathML, which browsers set without a script or a font.
//!
//! The parser is `math-core`'s. It knows no scripts and no links, but neither is relied on: what it
//! writes goes through a list of elements and attributes, and its styles become classes, since the
//! policy of pages forbids `style`. What nests so deep that a parser could run out of stack, and
//! what would make far more HTML than anybody reads, is left alone.

use std::fmt::Write as _;

use math_core::{LatexToMathML, MathCoreConfig, MathDisplay};

use crate::html::{attributes, escape_text, tags};

/// Longest formula that is set, in bytes.
const LONGEST: usize = 16 * 1024;

/// Most bytes that one formula may come to.
const LARGEST: usize = 256 * 1024;

/// Why a formula cannot be set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unset {
    /// Of more than `most` bytes.
    TooLong {
        /// Bytes that a formula may have.
        most: usize,
    },
    /// It nests too deep for a parser.
    TooDeep,
    /// The article has set so many that no more are.
    TooMany,
    /// The parser did not read it, and does not say why.
    NotUnderstood,
    /// What the parser says, in English.
    Parser(String),
}

/// A formula as a `<math>` element, with its TeX in an annotation; the error says why it cannot be
/// set.
pub(crate) fn mathml(tex: &str, is_display: bool) -> Result<String, Unset> {
    if tex.len() > LONGEST {
        return Err(Unset::TooLong { most: LONGEST });
    }
    if nests_too_deep(tex) {
        return Err(Unset::TooDeep);
    }
    let spelt = spelt(tex);
    let source = if is_display { tagged(&spelt) } else { spelt };
    let display = if is_display { MathDisplay::Block } else { MathDisplay::Inline };
    let set = || {
        let converter =
            LatexToMathML::new(MathCoreConfig::default()).map_err(|_| Unset::NotUnderstood)?;
        let set = converter.convert_with_local_state(&source, display);
        set.map(|result| result.mathml).map_err(|error| {
            let why = chinese_text::one_line(&error.to_string());
            Unset::Parser(why.trim_end_matches('.').to_owned())
        })
    };
    // A defect of the parser costs one formula.
    let html = std::panic::catch_unwind(std::panic::AssertUnwindSafe(set))
        .unwrap_or(Err(Unset::NotUnderstood))?;
    let body = html
        .strip_prefix("<math")
        .and_then(|rest| rest.split_once('>'))
        .and_then(|(_, rest)| rest.strip_suffix("</math>"));
    let body =
        body.filter(|body| body.len() <= LARGEST).and_then(tidied).ok_or(Unset::NotUnderstood)?;
    let block = if is_display { " display=\"block\"" } else { "" };
    let tex = escape_text(tex.trim());
    Ok(format!(
        "<math{block}><semantics><mrow>{body}</mrow><annotation encoding=\"application/x-tex\">{tex}</annotation></semantics></math>"
    ))
}

/// Whether a parser that descends into groups and arguments might run out of stack. It takes 3 KB a
/// level; threads have 2 MB.
fn nests_too_deep(tex: &str) -> bool {
    const DEEPEST: usize = 100;
    let (mut depth, mut run) = (0_usize, 0_usize);
    let mut rest = tex;
    while let Some(c) = rest.chars().next() {
        let length = match c {
            '\\' => 1 + command(&rest[1..]).len(),
            c => c.len_utf8(),
        };
        let (token, after) = rest.split_at(length);
        rest = after;
        match token {
            "{" | "\\left" | "\\begin" => depth += 1,
            "}" | "\\right" | "\\end" => depth = depth.saturating_sub(1),
            // These hold to the end of their group, which is read inside them.
            "\\color"
            | "\\displaystyle"
            | "\\textstyle"
            | "\\scriptstyle"
            | "\\scriptscriptstyle"
            | "\\over"
            | "\\choose" => depth += 1,
            _ => {}
        }
        // Arguments without braces: `\sqrt\sqrt\sqrt x`.
        run = if token.starts_with(['\\', '^', '_']) {
            run + 1
        } else if token.trim().is_empty() {
            run
        } else {
            0
        };
        if depth + run > DEEPEST {
            return true;
        }
    }
    false
}

/// The name of a command, which begins `rest`: letters, or one other character.
fn command(rest: &str) -> &str {
    let letters = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
    let length = if letters > 0 { letters } else { rest.chars().next().map_or(0, char::len_utf8) };
    &rest[..length]
}

/// What stands in braces at the beginning of `rest`, blanks aside, and what follows.
fn argument(rest: &str) -> Option<(&str, &str)> {
    let inner = rest.trim_start().strip_prefix('{')?;
    let (mut depth, mut escaped) = (1_usize, false);
    for (at, byte) in inner.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'{' => depth += 1,
            b'}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some((&inner[..at], &inner[at + 1..]));
        }
    }
    None
}

/// The formula with what the parser does not know, and people write, spelt as it knows it.
/// Equations are not numbered: in an archive each would be the first.
fn spelt(tex: &str) -> String {
    let mut out = String::with_capacity(tex.len());
    let mut rest = tex;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let name = command(&rest[at + 1..]);
        let after = &rest[at + 1 + name.len()..];
        rest = after;
        match (name, argument(after)) {
            ("mbox" | "hbox" | "textnormal", _) => out.push_str("\\text"),
            ("pmb", _) => out.push_str("\\bm"),
            ("widetilde", _) => out.push_str("\\tilde"),
            ("nonumber" | "notag", _) => {}
            ("left" | "right" | "middle", _) if after.starts_with(['<', '>']) => {
                let _ = write!(
                    out,
                    "\\{name}\\{}",
                    if after.starts_with('<') { "langle " } else { "rangle " }
                );
                rest = &after[1..];
            }
            // The name of an operator has a font of its own.
            ("operatorname", Some((inner, after))) if in_font(inner).is_some() => {
                let _ = write!(out, "\\operatorname{{{}}}", in_font(inner).unwrap_or_default());
                rest = after;
            }
            ("label", Some((_, after))) => rest = after,
            ("boxed" | "fbox", Some((inner, after))) => {
                let _ = write!(
                    out,
                    "\\begin{{array}}{{|c|}}\\hline {} \\\\ \\hline\\end{{array}}",
                    spelt(inner)
                );
                rest = after;
            }
            ("substack", Some((inner, after))) => {
                let _ = write!(out, "\\begin{{subarray}}{{c}}{}\\end{{subarray}}", spelt(inner));
                rest = after;
            }
            ("textcolor", Some((color, after))) if argument(after).is_some() => {
                let (inner, after) = argument(after).unwrap_or_default();
                let _ = write!(out, "{{\\color{{{color}}} {}}}", spelt(inner));
                rest = after;
            }
            ("mathop", Some((inner, after))) if operator(inner).is_some() => {
                let _ = write!(out, "\\operatorname*{{{}}}", operator(inner).unwrap_or_default());
                rest = after.trim_start().strip_prefix("\\limits").unwrap_or(after);
            }
            ("begin" | "end", Some((environment, after))) => {
                rest = after;
                let known = match environment {
                    "split" => "aligned",
                    "alignat" | "alignat*" | "alignedat" => {
                        if let Some((_, after)) = argument(after).filter(|_| name == "begin") {
                            rest = after;
                        }
                        "aligned"
                    }
                    "align" => "align*",
                    "equation" => "equation*",
                    "gather" => "gather*",
                    "smallmatrix" => "matrix",
                    "eqnarray" | "eqnarray*" => "array",
                    environment => environment,
                };
                let columns = if name == "begin" && environment.starts_with("eqnarray") {
                    "{rcl}"
                } else {
                    ""
                };
                let _ = write!(out, "\\{name}{{{known}}}{columns}");
            }
            _ => out.extend(["\\", name]),
        }
    }
    out + rest
}

/// What `\mathsf{…}` holds, if that is all.
fn in_font(inner: &str) -> Option<&str> {
    let font = inner.trim().strip_prefix('\\')?;
    let name = command(font);
    let (word, rest) = argument(&font[name.len()..])?;
    ((name.starts_with("math") || name.starts_with("text")) && rest.is_empty()).then_some(word)
}

/// `\arg\min` as the name of one operator.
fn operator(inner: &str) -> Option<String> {
    let words: Vec<&str> = inner
        .split(['\\', ' ', '{', '}'])
        .filter(|word| !matches!(*word, "" | "rm" | "mathrm" | "," | "text"))
        .collect();
    let is_word =
        |word: &&str| word.len() > 1 && word.bytes().all(|byte| byte.is_ascii_lowercase());
    (!words.is_empty() && words.iter().all(is_word)).then(|| words.join("\\,"))
}

/// A formula with a `\tag` as the environment that may have one.
fn tagged(tex: &str) -> String {
    let trimmed = tex.trim();
    if !trimmed.contains("\\tag")
        || ["align*", "equation*", "gather*"]
            .iter()
            .any(|name| trimmed.starts_with(&format!("\\begin{{{name}}}")))
    {
        return tex.to_owned();
    }
    match trimmed
        .strip_prefix("\\begin{aligned}")
        .and_then(|rest| rest.strip_suffix("\\end{aligned}"))
    {
        Some(rows) => format!("\\begin{{align*}}{rows}\\end{{align*}}"),
        None => format!("\\begin{{equation*}}{trimmed}\\end{{equation*}}"),
    }
}

/// MathML with known elements and attributes alone; none where it holds others.
fn tidied(mathml: &str) -> Option<String> {
    const ELEMENTS: [&str; 27] = [
        "b",
        "code",
        "i",
        "mfrac",
        "mi",
        "mmultiscripts",
        "mn",
        "mo",
        "mover",
        "mpadded",
        "mphantom",
        "mprescripts",
        "mroot",
        "mrow",
        "mspace",
        "msqrt",
        "mstyle",
        "msub",
        "msubsup",
        "msup",
        "mtable",
        "mtd",
        "mtext",
        "mtr",
        "munder",
        "munderover",
        "span",
    ];
    const ATTRIBUTES: [&str; 18] = [
        "accent",
        "accentunder",
        "depth",
        "displaystyle",
        "form",
        "height",
        "linethickness",
        "lspace",
        "mathvariant",
        "maxsize",
        "minsize",
        "movablelimits",
        "rspace",
        "scriptlevel",
        "stretchy",
        "symmetric",
        "voffset",
        "width",
    ];
    let mut out = String::with_capacity(mathml.len());
    let mut at = 0;
    for tag in tags(mathml) {
        let text = &mathml[at..tag.range.start];
        if text.contains('<') || !ELEMENTS.contains(&tag.name) {
            return None;
        }
        out.push_str(text);
        at = tag.range.end;
        if tag.closing {
            out.push_str(&mathml[tag.range]);
            continue;
        }
        out.extend(["<", tag.name]);
        let mut classes = Vec::new();
        for (name, value) in attributes(tag.attributes) {
            match &*name {
                "style" => value.split(';').for_each(|rule| {
                    let Some((property, value)) = rule.split_once(':') else { return };
                    match color(property, value) {
                        Some(color) => out.extend([" mathcolor=\"", color, "\""]),
                        None => classes.extend(class(property.trim(), value.trim())),
                    }
                }),
                "class" => {}
                name if ATTRIBUTES.contains(&name) && value.bytes().all(is_plain) => {
                    out.extend([" ", name, "=\"", &value, "\""]);
                }
                _ => return None,
            }
        }
        if !classes.is_empty() {
            out.extend([" class=\"", &classes.join(" "), "\""]);
        }
        out.push_str(if mathml[tag.range].ends_with("/>") { "/>" } else { ">" });
    }
    let text = &mathml[at..];
    (!text.contains('<')).then(|| out + text)
}

fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'+' | b'%')
}

fn color<'v>(property: &str, value: &'v str) -> Option<&'v str> {
    let value = value.trim();
    let is_color =
        |digits: &str| digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    (property.trim() == "color" && value.strip_prefix('#').is_some_and(is_color)).then_some(value)
}

/// The class for what a style declares.
fn class(property: &str, value: &str) -> Option<&'static str> {
    Some(match (property, value) {
        ("text-align", "left") => "math-start",
        ("text-align", "right") => "math-end",
        ("padding-left", "0") => "math-flush-start",
        ("padding-right", "0") => "math-flush-end",
        ("border-top", _) => "math-rule-above",
        ("border-bottom", _) => "math-rule-below",
        ("border-left", _) => "math-rule-start",
        ("border-right", _) => "math-rule-end",
        ("width", "100%") => "math-wide",
        ("width", "50%") => "math-side",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn set(tex: &str) -> String {
        mathml(tex, true).unwrap_or_else(|why| panic!("{tex}: {why:?}"))
    }

    #[test]
    fn a_formula_keeps_its_tex() {
        assert_eq!(
            mathml("a_1<b", false).unwrap(),
            "<math><semantics><mrow><msub><mi>a</mi><mn>1</mn></msub><mo>&lt;</mo><mi>b</mi></mrow>\
             <annotation encoding=\"application/x-tex\">a_1&lt;b</annotation></semantics></math>"
        );
        assert!(set("x").starts_with("<math display=\"block\">"));
    }

    #[test]
    fn what_people_write_is_set() {
        for tex in [
            r"\begin{aligned} a_1 &= b_1 \\ c &< d \end{aligned}",
            r"\begin{align} a &= b \label{eq:1} \\ c &= d \nonumber \end{align}",
            r"\begin{equation}\begin{split} a &= b \\ c &= d \end{split}\end{equation}",
            r"\begin{eqnarray} a &=& b \\ c &=& d \end{eqnarray}",
            r"\begin{alignat}{2} a &= b &\quad c &= d \end{alignat}",
            r"f(x)=\left\{\begin{array}{ll} 1 & x>0 \\ 0 & \text{否则}\end{array}\right.",
            r"\begin{array}{c|c} a & b \\ \hline c & d \end{array}",
            r"\begin{smallmatrix} a & b \end{smallmatrix}",
            r"\begin{aligned} a &= b \tag{1} \end{aligned}",
            r"a = b \tag{1.1}",
            r"\boxed{E=mc^2}",
            r"\textcolor{blue}{y} + \mbox{若 } x",
            r"\sum_{\substack{i<n \\ j<m}} a_{ij}",
            r"\mathop{\arg\min}\limits_{x} f(x)",
            r"\left<f_0,f_1\right>, \operatorname{\mathsf{Comp}}(x), \textrm{otherwise}",
            r"\bm{x}, \pmb{x}, \widetilde{abc}",
            r"a \equiv b \pmod{n}, {n \choose k}, {\rm d}x, \phantom{x}",
            "速度 = \\frac{路程}{时间}",
        ] {
            let html = set(tex);
            assert!(!html.contains(" style=") && !html.contains("<merror"), "{tex}: {html}");
        }
        assert!(set(r"\color{red} x").contains("mathcolor=\"#"), "{}", set(r"\color{red} x"));
    }

    #[test]
    fn what_cannot_be_set_says_why() {
        for tex in [
            r"\frac{1}{",
            r"\foo{x}",
            r"\href{javascript:alert(1)}{x}",
            r"\class{x}{y}",
            r"\cancel{x}",
            r"\eqref{a}",
            "a & b",
            "}",
        ] {
            assert!(mathml(tex, true).is_err(), "{tex}: {:?}", mathml(tex, true));
        }
        assert_eq!(mathml(&r"\sqrt".repeat(200), false), Err(Unset::TooDeep));
        assert_eq!(mathml(&"{".repeat(200), false), Err(Unset::TooDeep));
        assert_eq!(mathml(&r"\displaystyle a".repeat(200), false), Err(Unset::TooDeep));
        assert_eq!(mathml(&"a+".repeat(9_000), false), Err(Unset::TooLong { most: LONGEST }));
    }

    #[test]
    fn hostile_tex_is_inert() {
        for tex in [
            r"\text{<script>alert(1)</script>}",
            r"<script>x</script>",
            r"\operatorname{<img src=x>}",
            r"\color{red}\text{</math><b onclick=x>}",
        ] {
            let html = mathml(tex, false).unwrap_or_default();
            assert!(
                !html.contains("<script") && !html.contains("<img") && !html.contains("<b "),
                "{tex}: {html}"
            );
        }
    }

    proptest! {
        #[test]
        fn any_tex_is_set_or_not(tex in r"(\\(frac|sqrt|left|right|begin\{matrix\}|end\{matrix\}|text|color|tag|mathop|boxed|substack|over|hat|limits|operatorname|href|[{}\\,&|])|[{}^_&$#%~'a1甲<>()\[\] ]){0,40}") {
            for is_display in [true, false] {
                let Ok(html) = mathml(&tex, is_display) else { continue };
                prop_assert!(html.starts_with("<math") && html.ends_with("</math>"), "{html}");
                for tag in tags(&html) {
                    prop_assert!(!matches!(tag.name, "script" | "a" | "img" | "style"), "{html}");
                    prop_assert!(attributes(tag.attributes).all(|(name, _)| !name.starts_with("on") && name != "href" && name != "style"));
                }
            }
        }
    }
}
