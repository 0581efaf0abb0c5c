//! What the program says, in the reader's language.
//!
//! A [`Message`] is an English template with what is put into it, so that it can be kept, compared
//! and stored without anybody knowing yet who will read it. English is the template itself; Chinese
//! stands in `zh.yaml`, which is read when it is first wanted. What is the same whoever reads it
//! (JSON, the order of the report) is English. Text of others, such as a title or an error of the
//! disk, is shown as it is, but for what would make a terminal show something else
//! ([`printable()`]).

mod argument;
mod catalogue;
mod printable;

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

pub use argument::Argument;
pub use catalogue::chinese;
pub use printable::{is_printable, printable, printable_json};

/// The language of a reader.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    #[default]
    English,
    Chinese,
}

impl Language {
    /// Returns the language for a locale such as `zh_CN.UTF-8` or `zh-Hans-CN`: Chinese for all of
    /// China's, English for all others.
    pub fn of_locale(locale: &str) -> Language {
        let language = locale.split(['_', '-', '.', '@']).next().unwrap_or(locale);
        if language.eq_ignore_ascii_case("zh") { Language::Chinese } else { Language::English }
    }
}

/// Something to be said: a template, in which each `{}` stands for an argument, and `{{` for a
/// brace.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    template: Cow<'static, str>,
    arguments: Vec<Argument>,
}

/// Makes a [`Message`]: `say!("`{}` is given twice", key)`. The template must be a literal, since a
/// test looks for it in the catalogue; each argument is a text, a number, a list of texts or
/// another message.
macro_rules! say {
    ($template:literal $(, $argument:expr)* $(,)?) => {
        $crate::words::Message::new(
            const { $crate::words::template($template, &[$(stringify!($argument)),*]) },
            vec![$($crate::words::Argument::from($argument)),*],
        )
    };
}

/// Marks a literal that is looked up in the catalogue when it becomes part of a message
/// ([`Message::phrase`]).
macro_rules! phrase {
    ($phrase:literal) => {
        $phrase
    };
}

impl Message {
    /// Makes the message of [`say!`].
    pub fn new(template: &'static str, arguments: Vec<Argument>) -> Message {
        Message { template: Cow::Borrowed(template), arguments }
    }

    /// Returns a text that is looked up in the catalogue, and shown as it is where the catalogue
    /// has it not.
    pub fn phrase(text: impl Into<Cow<'static, str>>) -> Message {
        let text = text.into();
        let has_braces = text.contains(['{', '}']);
        let template =
            if has_braces { text.replace('{', "{{").replace('}', "}}").into() } else { text };
        Message { template, arguments: Vec::new() }
    }

    /// Makes a message of several names.
    pub fn list(names: Vec<String>) -> Message {
        Message::new(AS_IT_IS, vec![Argument::List(names)])
    }

    /// Returns the templates it is made of, as the catalogue has them.
    pub fn templates(&self) -> Vec<&str> {
        let own = Some(&*self.template).filter(|template| *template != AS_IT_IS);
        own.into_iter().chain(self.arguments.iter().flat_map(Argument::templates)).collect()
    }

    /// Returns what stands for the first `{}`, where that is a text.
    pub fn first_argument(&self) -> Option<&str> {
        match self.arguments.first() {
            Some(Argument::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// Returns the English words, with names and values as they are: for programs.
    pub fn english(&self) -> Cow<'_, str> {
        match self.arguments.as_slice() {
            [] if !self.template.contains(['{', '}']) => Cow::Borrowed(&self.template),
            [Argument::Text(text)] if self.template == AS_IT_IS => Cow::Borrowed(text),
            _ => Cow::Owned(self.filled(Language::English, |text| Cow::Borrowed(text))),
        }
    }

    /// Returns the words for a reader: names and values in them are printable.
    pub fn in_language(&self, language: Language) -> String {
        self.filled(language, printable)
    }

    fn filled(&self, language: Language, shown: TextFilter) -> String {
        let mut out = String::with_capacity(self.template.len() + 16 * self.arguments.len());
        self.write(&mut out, language, shown);
        out
    }

    fn write(&self, out: &mut String, language: Language, shown: TextFilter) {
        let template = match language {
            Language::English => &*self.template,
            Language::Chinese => chinese(&self.template).unwrap_or(&self.template),
        };
        fill(template, out, language, |index, out| {
            if let Some(argument) = self.arguments.get(index) {
                argument.write(out, language, shown);
            }
        });
    }
}

/// What makes a text of others fit to be shown.
type TextFilter = fn(&str) -> Cow<'_, str>;

fn is_han(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FFF}')
}

/// The template of a text that is shown as it is.
const AS_IT_IS: &str = "{}";

/// Returns a template of [`say!`], seen by the compiler to have a place for each argument.
pub const fn template(template: &'static str, arguments: &[&str]) -> &'static str {
    assert!(placeholders(template) == arguments.len(), "each argument has one placeholder");
    template
}

/// Returns how many arguments a template of [`say!`] takes.
const fn placeholders(template: &str) -> usize {
    let bytes = template.as_bytes();
    let (mut at, mut count) = (0, 0);
    while at + 1 < bytes.len() {
        let (first, second) = (bytes[at], bytes[at + 1]);
        if first == b'{' && second == b'}' {
            count += 1;
        }
        let is_pair = (first == b'{' && (second == b'}' || second == b'{'))
            || (first == b'}' && second == b'}');
        at += if is_pair { 2 } else { 1 };
    }
    count
}

/// Writes a template: `argument` writes what stands for `{}` (numbered as they come) or `{0}`. In
/// Chinese, a blank is put between an argument of Latin letters, digits or code and a Han character
/// of the template's.
fn fill(
    template: &str,
    out: &mut String,
    language: Language,
    argument: impl Fn(usize, &mut String),
) {
    let (mut rest, mut next) = (template, 0);
    let spaced = language == Language::Chinese;
    let mut after_argument = false;
    let text = |out: &mut String, text: &str, after_argument: bool| {
        let meets =
            |out: &str| out.ends_with(|c: char| c.is_ascii_graphic()) && text.starts_with(is_han);
        if spaced && after_argument && meets(out) {
            out.push(' ');
        }
        out.push_str(text);
    };
    while let Some(at) = rest.find(['{', '}']) {
        text(out, &rest[..at], after_argument);
        after_argument = after_argument && at == 0;
        let (brace, after) = rest[at..].split_at(1);
        if let Some(tail) = after.strip_prefix(brace) {
            out.push_str(brace);
            rest = tail;
        } else if let Some((number, tail)) = after.split_once('}').filter(|_| brace == "{") {
            let start = out.len();
            argument(
                if number.is_empty() { next } else { number.parse().unwrap_or(usize::MAX) },
                out,
            );
            if spaced
                && out[..start].ends_with(is_han)
                && out[start..].starts_with(|c: char| c.is_ascii_graphic())
            {
                out.insert(start, ' ');
            }
            (next, after_argument) = (next + 1, true);
            rest = tail;
        } else {
            out.push_str(brace);
            rest = after;
        }
    }
    text(out, rest, after_argument);
}

impl fmt::Display for Message {
    /// In English.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.english())
    }
}

/// An `io::Error` can carry a message; see `From<io::Error>`.
impl std::error::Error for Message {}

impl From<String> for Message {
    fn from(text: String) -> Message {
        Message::new(AS_IT_IS, vec![Argument::Text(text)])
    }
}

impl From<&str> for Message {
    fn from(text: &str) -> Message {
        text.to_owned().into()
    }
}

impl From<&std::io::Error> for Message {
    /// Our own words, where the error was made of them, else those of the system.
    fn from(error: &std::io::Error) -> Message {
        // What Unix says of the mishaps that people meet. Windows speaks the machine's language by
        // itself.
        const OF_THE_SYSTEM: [&str; 13] = [
            phrase!("No such file or directory"),
            phrase!("Permission denied"),
            phrase!("Not a directory"),
            phrase!("Is a directory"),
            phrase!("No space left on device"),
            phrase!("Read-only file system"),
            phrase!("Too many open files"),
            phrase!("File name too long"),
            phrase!("File exists"),
            phrase!("Directory not empty"),
            phrase!("Operation not permitted"),
            phrase!("Disk quota exceeded"),
            phrase!("Too many levels of symbolic links"),
        ];
        if let Some(own) = error.get_ref().and_then(|inner| inner.downcast_ref::<Message>()) {
            return own.clone();
        }
        let text = error.to_string();
        let known = text
            .split_once(" (os error ")
            .and_then(|(known, _)| OF_THE_SYSTEM.iter().find(|said| **said == known));
        match (known, error.raw_os_error()) {
            (Some(known), Some(number)) => {
                say!("{} (os error {})", Message::phrase(*known), number.to_string())
            }
            _ => text.into(),
        }
    }
}

impl From<std::io::Error> for Message {
    fn from(error: std::io::Error) -> Message {
        (&error).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_filled() {
        let message = say!("`{}` is {} of {{these}}: {}", "a", 2_usize, vec!["x", "y"]);
        assert_eq!(message.to_string(), "`a` is 2 of {these}: x, y");
        assert_eq!(say!("{{}}").to_string(), "{}");
        assert_eq!((placeholders("{}{{}}{}"), placeholders("a{{b}} {}")), (2, 1));
        let mut out = String::new();
        fill("{1}、{0}{", &mut out, Language::English, |index, out| {
            out.push_str(["a", "b"][index]);
        });
        assert_eq!(out, "b、a{");
        out.clear();
        fill("有{}个`{}`字{}", &mut out, Language::Chinese, |index, out| {
            out.push_str(["2", "字", "a"][index]);
        });
        assert_eq!(out, "有 2 个`字`字 a");
    }

    #[test]
    fn text_of_others_stays() {
        for text in ["", "{}", "{0} {{", "did you mean `{}`?", "日期"] {
            let message = Message::from(text);
            assert_eq!(
                (message.to_string(), message.in_language(Language::Chinese)),
                (text.to_owned(), text.to_owned())
            );
            assert!(message.templates().is_empty());
        }
        assert_eq!(Message::phrase("a {} b").in_language(Language::Chinese), "a {} b");
    }

    #[test]
    fn templates_of_templates() {
        let message = say!("{}: {}", say!("error"), 1_usize);
        assert_eq!(
            (&*message.english(), message.templates()),
            ("error: 1", vec!["{}: {}", "error"])
        );
    }

    #[test]
    fn both_languages_after_the_ledger() {
        let inner = say!("did you mean `{}`?", "title");
        let message = say!("{} ({} times)", inner, 3_usize);
        let bytes = postcard::to_allocvec(&message).unwrap();
        let back: Message = postcard::from_bytes(&bytes).unwrap();
        assert_eq!(back, message);
        assert_eq!(back.to_string(), "did you mean `title`? (3 times)");
        assert_eq!(back.in_language(Language::Chinese), "是不是 `title`？（共 3 次）");
    }

    #[test]
    fn errors_of_the_disk_carry_messages() {
        let error = std::io::Error::other(say!(
            "{}: {}",
            "a.md",
            std::io::Error::other(say!("there is no such file"))
        ));
        assert_eq!(error.to_string(), "a.md: there is no such file");
        assert_eq!(Message::from(&error).in_language(Language::Chinese), "a.md：没有这个文件");
        assert_eq!(Message::from(std::io::Error::other("x")).to_string(), "x");
    }

    #[test]
    fn languages_of_locales() {
        for locale in ["zh", "zh_CN.UTF-8", "zh-Hans-CN", "ZH_TW", "zh@x"] {
            assert_eq!(Language::of_locale(locale), Language::Chinese, "{locale}");
        }
        for locale in ["", "C", "C.UTF-8", "en_US.UTF-8", "zha", "POSIX"] {
            assert_eq!(Language::of_locale(locale), Language::English, "{locale}");
        }
    }
}
