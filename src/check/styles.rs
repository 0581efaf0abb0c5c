//! What a style sheet leads to.

use cssparser::{ParseError, Parser, Token};

/// Blocks in blocks that are looked into; style sheets that people write have three.
const DEEPEST: usize = 32;

/// Returns the addresses in a style sheet, or in a `style` attribute: those of `url(…)`, `@import
/// "…"` and `image-set("…")` (CSS Values 4, section 4.5; CSS Images 4, section 2.4).
pub(super) fn addresses(css: &str) -> Vec<String> {
    let mut found = Vec::new();
    collect(&mut Parser::new(css), 0, Strings::OfValues, &mut found);
    found
}

/// What strings in a block are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Strings {
    /// Values such as the name of a font.
    OfValues,
    /// Addresses: the block is that of `url()` or `image-set()`.
    OfAddresses,
}

/// The addresses in one block.
fn collect(parser: &mut Parser<'_>, depth: usize, strings: Strings, found: &mut Vec<String>) {
    let mut is_import = false;
    while let Ok(token) = parser.next().cloned() {
        match &token {
            Token::UnquotedUrl(address) => found.push(address.to_string()),
            Token::QuotedString(address) if strings == Strings::OfAddresses || is_import => {
                found.push(address.to_string());
            }
            Token::Function(_)
            | Token::ParenthesisBlock
            | Token::SquareBracketBlock
            | Token::CurlyBracketBlock
                if depth < DEEPEST =>
            {
                let inner = match &token {
                    Token::Function(name) if is_of_addresses(name) => Strings::OfAddresses,
                    _ => Strings::OfValues,
                };
                // An error ends the block, which is all that is wanted of it.
                let _ = parser.parse_nested_block(|parser| {
                    collect(parser, depth + 1, inner, found);
                    Ok::<(), ParseError<()>>(())
                });
            }
            _ => {}
        }
        is_import = matches!(&token, Token::AtKeyword(name) if name.eq_ignore_ascii_case("import"));
    }
}

fn is_of_addresses(function: &str) -> bool {
    ["url", "src", "image-set", "-webkit-image-set"]
        .iter()
        .any(|name| function.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(css: &str) -> String {
        addresses(css).join("|")
    }

    #[test]
    fn addresses_are_those_that_are_loaded() {
        assert_eq!(read("@import 'a.css'; @import url(b.css) screen;"), "a.css|b.css");
        assert_eq!(
            read("a { background: URL( \"图 一.png\" ), url('b\\29.png') }"),
            "图 一.png|b).png"
        );
        assert_eq!(
            read("@media print { @font-face { src: url(f.woff2) format(\"woff2\") } }"),
            "f.woff2"
        );
        assert_eq!(
            read("background: image-set('a.png' type('image/png') 1x, url(b.png) 2x)"),
            "a.png|b.png"
        );
        assert_eq!(
            read(
                "/* url(no.png) */ a::after { content: 'url(no.png)' } b { font-family: \"no.png\" }"
            ),
            ""
        );
        assert_eq!(
            read("a { background: url(bad\"url.png) } b { background: url(good.png) }"),
            "good.png"
        );
        assert_eq!(read(&"(".repeat(100_000)), "");
    }

    proptest! {
        #[test]
        fn whatever_is_written_is_read(css in "[-a-z(){}\\[\\]\"'/*\\\\@;:,. \n]{0,80}") {
            let _ = addresses(&css);
            let quoted = format!("a {{ background: url(x.png) }}\n{css}");
            prop_assert!(addresses(&quoted).contains(&"x.png".to_owned()));
        }
    }
}
