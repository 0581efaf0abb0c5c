//! `security.csp`: what a browser lets the pages of the site load and run (W3C Content Security
//! Policy, level 3).
//!
//! The default runs only the site's own scripts and styles. Images may come from anywhere, since
//! scraped articles hold remote ones until they are brought home.

use serde_yaml::Value;

use crate::diagnostic::{nearest, or_meant};
use crate::words::Message;
use crate::yaml::{Mistake, NodeContent, Setting};

const DEFAULT: [(&str, &str); 10] = [
    ("default-src", "'none'"),
    ("script-src", "'self'"),
    ("style-src", "'self'"),
    ("img-src", "'self' data: https: http:"),
    ("media-src", "'self'"),
    ("font-src", "'self'"),
    ("connect-src", "'self'"),
    ("manifest-src", "'self'"),
    ("form-action", "'self'"),
    ("base-uri", "'none'"),
];

/// Directives without a value.
const BARE: [&str; 2] = ["upgrade-insecure-requests", "block-all-mixed-content"];

/// All directives, to tell a slip of the keyboard; the rest of §6 and §7 of the specification.
const OTHERS: [&str; 19] = [
    "child-src",
    "fenced-frame-src",
    "frame-ancestors",
    "frame-src",
    "object-src",
    "prefetch-src",
    "report-to",
    "report-uri",
    "require-trusted-types-for",
    "sandbox",
    "script-src-attr",
    "script-src-elem",
    "style-src-attr",
    "style-src-elem",
    "trusted-types",
    "webrtc",
    "worker-src",
    "block-all-mixed-content",
    "upgrade-insecure-requests",
];

/// Words that mean something in quotes only.
const KEYWORDS: [&str; 7] = [
    "self",
    "none",
    "unsafe-inline",
    "unsafe-eval",
    "unsafe-hashes",
    "strict-dynamic",
    "wasm-unsafe-eval",
];

/// Directives that a `<meta>` cannot carry (§3.3 of the specification).
const HEADER_ONLY: [&str; 3] = ["frame-ancestors", "report-uri", "sandbox"];

/// Directives and their values, in the order they are written; none at all where the policy is off.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContentPolicy {
    directives: Vec<(String, String)>,
}

impl ContentPolicy {
    /// Returns the site's own scripts and styles, and images from anywhere.
    pub(super) fn of_the_site() -> ContentPolicy {
        ContentPolicy {
            directives: DEFAULT
                .iter()
                .map(|(name, value)| ((*name).into(), (*value).into()))
                .collect(),
        }
    }

    /// `true`, `false`, or a map of directives that are laid over the default.
    pub(super) fn read(typed: &Setting<'_>) -> Result<Option<ContentPolicy>, Mistake> {
        match typed.content() {
            None => Ok(None),
            Some(NodeContent::Scalar { value: Value::Bool(true), .. }) => {
                Ok(Some(ContentPolicy::of_the_site()))
            }
            Some(NodeContent::Scalar { value: Value::Bool(false), .. }) => {
                Ok(Some(ContentPolicy::default()))
            }
            Some(NodeContent::Map { .. }) => {
                let mut policy = ContentPolicy::of_the_site();
                for (name, sources) in typed.each()? {
                    policy.put(name, &sources.value()).map_err(|why| sources.mistake(why))?;
                }
                Ok(Some(policy))
            }
            Some(_) => Err(typed
                .mistake(say!("`security.csp` must be `true`, `false` or a map of directives"))),
        }
    }

    fn put(&mut self, name: &str, value: &Value) -> Result<(), Message> {
        let known = || DEFAULT.iter().map(|(name, _)| *name).chain(OTHERS);
        if !known().any(|other| other == name) {
            return Err(or_meant(
                say!("`{}` is no directive such as script-src", name),
                nearest(name, known()),
            ));
        }
        let value = match value {
            Value::Bool(false) => None,
            Value::Bool(true) if BARE.contains(&name) => Some(String::new()),
            Value::String(text) if is_source_list(text) => {
                if let Some(word) = text.split_whitespace().find(|word| KEYWORDS.contains(word)) {
                    return Err(say!(
                        "`{}`: `{}` means the site of that name; write \"'{}'\" in both kinds of quotes",
                        name,
                        word,
                        word
                    ));
                }
                Some(text.trim().to_owned())
            }
            _ => {
                return Err(say!(
                    "`{}` must be a list of sources such as \"'self' https://example.org\", or `false`",
                    name
                ));
            }
        };
        let place = self.directives.iter().position(|(other, _)| other == name);
        match (place, value) {
            (Some(at), Some(value)) => self.directives[at].1 = value,
            (Some(at), None) => drop(self.directives.remove(at)),
            (None, Some(value)) => self.directives.push((name.to_owned(), value)),
            (None, None) => {}
        }
        Ok(())
    }

    /// Returns the policy for a `<meta http-equiv>`, or none where it is off.
    pub fn meta(&self) -> Option<String> {
        self.print(|name| !HEADER_ONLY.contains(&name))
    }

    /// Returns the policy for the HTTP header, or none where it is off.
    pub fn header(&self) -> Option<String> {
        self.print(|_| true)
    }

    fn print(&self, keeps: impl Fn(&str) -> bool) -> Option<String> {
        let parts: Vec<String> = self
            .directives
            .iter()
            .filter(|(name, _)| keeps(name))
            .map(|(name, value)| format!("{name} {value}").trim_end().to_owned())
            .collect();
        (!parts.is_empty()).then(|| parts.join("; "))
    }
}

/// One line of printable ASCII without the separators of directives and policies.
fn is_source_list(text: &str) -> bool {
    !text.trim().is_empty()
        && text.bytes().all(|byte| {
            matches!(byte, b' '..=b'~') && !matches!(byte, b';' | b',' | b'"' | b'<' | b'>')
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::Node;

    fn policy(yaml: &str) -> Result<ContentPolicy, Mistake> {
        Ok(ContentPolicy::read(&Setting::file(&Node::parse(yaml)?))?.expect("something is typed"))
    }

    #[test]
    fn nothing_gets_out_of_its_directive() {
        assert!(
            policy("upgrade-insecure-requests: true")
                .unwrap()
                .meta()
                .unwrap()
                .ends_with("; upgrade-insecure-requests")
        );
        assert!(
            policy("scirpt-src: x")
                .unwrap_err()
                .message
                .english()
                .contains("did you mean `script-src`?")
        );
        assert!(policy("script-src: self").unwrap_err().message.english().contains("\"'self'\""));
        for yaml in [
            "script-src: \"'self'; x y\"",
            "script-src: \"a\\nb\"",
            "Script: x",
            "script-src: 1",
            "- x",
            "\"\": x",
            "img-src: ''",
        ] {
            assert!(policy(yaml).is_err(), "{yaml}");
        }
    }
}
