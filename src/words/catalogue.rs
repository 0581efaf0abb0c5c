//! The Chinese of every template, for those who read Chinese.

use std::collections::HashMap;
use std::sync::OnceLock;

/// A map from the English template, as it stands in the source, to the Chinese one.
static CHINESE: &str = include_str!("zh.yaml");

/// Returns the Chinese for an English text of the program's.
pub fn chinese(english: &str) -> Option<&'static str> {
    static READ: OnceLock<HashMap<&'static str, &'static str>> = OnceLock::new();
    READ.get_or_init(read).get(english).copied()
}

/// Reads the catalogue. A test holds that it can be read; were it not so, English would be said.
/// The texts stay in memory as the program does.
fn read() -> HashMap<&'static str, &'static str> {
    let entries: HashMap<String, String> = serde_yaml::from_str(CHINESE).unwrap_or_default();
    entries.into_iter().map(|(english, chinese)| (&*english.leak(), &*chinese.leak())).collect()
}
