//! The path of a file of the site.

use std::fmt;
use std::sync::Arc;

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::ignored::is_hidden;

/// A file's path relative to the site, with `/`, spelled as on disk.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourcePath(Arc<str>);

impl SourcePath {
    pub fn new(path: impl AsRef<str>) -> SourcePath {
        SourcePath(Arc::from(path.as_ref()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the last segment.
    pub fn file_name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or(&self.0)
    }

    /// File name without its last extension.
    pub fn stem(&self) -> &str {
        let name = self.file_name();
        name.rsplit_once('.').map_or(name, |(stem, _)| if stem.is_empty() { name } else { stem })
    }

    /// Returns whether the last extension, in lower case or not, is one of these.
    pub fn has_extension(&self, extensions: &[&str]) -> bool {
        let extension = self.file_name().rsplit_once('.').map_or("", |(_, extension)| extension);
        extensions.iter().any(|other| extension.eq_ignore_ascii_case(other))
    }

    /// Returns the last extension in lower case, without its dot.
    pub fn extension(&self) -> String {
        self.file_name()
            .rsplit_once('.')
            .map_or_else(String::new, |(_, extension)| extension.to_ascii_lowercase())
    }

    /// Returns the path below `folder`, if it lies there.
    pub fn below(&self, folder: &str) -> Option<&str> {
        self.0.strip_prefix(folder)?.strip_prefix('/')
    }

    /// Returns the path to the first name below `folder` that begins with a dot, those apart that
    /// hosts ask for.
    pub fn dotted(&self, folder: &str) -> Option<&str> {
        let below = self.below(folder)?;
        let mut end = self.0.len() - below.len();
        for name in below.split('/') {
            end += name.len();
            if is_hidden(name) {
                return Some(&self.0[..end]);
            }
            end += 1;
        }
        None
    }
}

impl fmt::Display for SourcePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for SourcePath {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for SourcePath {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<SourcePath, D::Error> {
        struct Text;

        impl Visitor<'_> for Text {
            type Value = SourcePath;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a path")
            }

            // A text of its own would be copied once more.
            fn visit_str<E: Error>(self, path: &str) -> Result<SourcePath, E> {
                Ok(SourcePath::new(path))
            }
        }

        deserializer.deserialize_str(Text)
    }
}
