//! What is put into a message.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::{Language, Message, TextFilter};

/// What stands for a `{}` of a template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Argument {
    /// A name, a value, a number: the same in every language.
    Text(String),
    /// Several of them.
    List(Vec<String>),
    Message(Message),
}

impl Argument {
    pub(super) fn templates(&self) -> Vec<&str> {
        match self {
            Argument::Text(_) | Argument::List(_) => Vec::new(),
            Argument::Message(message) => message.templates(),
        }
    }

    pub(super) fn write(&self, out: &mut String, language: Language, shown: TextFilter) {
        match self {
            Argument::Text(text) => out.push_str(&shown(text)),
            Argument::List(list) => {
                let comma = match language {
                    Language::English => ", ",
                    Language::Chinese => "、",
                };
                for (nth, text) in list.iter().enumerate() {
                    out.push_str(if nth == 0 { "" } else { comma });
                    out.push_str(&shown(text));
                }
            }
            Argument::Message(message) => message.write(out, language, shown),
        }
    }
}

impl From<String> for Argument {
    fn from(text: String) -> Argument {
        Argument::Text(text)
    }
}

impl From<Message> for Argument {
    fn from(message: Message) -> Argument {
        Argument::Message(message)
    }
}

impl From<Vec<String>> for Argument {
    fn from(list: Vec<String>) -> Argument {
        Argument::List(list)
    }
}

impl From<Vec<&str>> for Argument {
    fn from(list: Vec<&str>) -> Argument {
        Argument::List(list.into_iter().map(str::to_owned).collect())
    }
}

impl From<std::io::Error> for Argument {
    fn from(error: std::io::Error) -> Argument {
        Argument::Message(error.into())
    }
}

impl From<&std::io::Error> for Argument {
    fn from(error: &std::io::Error) -> Argument {
        Argument::Message(error.into())
    }
}

/// Everything else is shown as it prints itself.
macro_rules! texts {
    ($($kind:ty),*) => {
        $(impl From<$kind> for Argument {
            fn from(value: $kind) -> Argument {
                Argument::Text(value.to_string())
            }
        })*
    };
}

texts!(&str, &String, Cow<'_, str>, char, u8, u32, u64, usize, f64, std::path::Display<'_>);
