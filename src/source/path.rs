//! The path of a file of the site.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::ignored::is_hidden;

/// A file's path relative to the site, with `/`, spelled as on disk.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", from = "String")]
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

impl From<String> for SourcePath {
    fn from(path: String) -> SourcePath {
        SourcePath(path.into())
    }
}

impl From<SourcePath> for String {
    fn from(path: SourcePath) -> String {
        path.0.as_ref().to_owned()
    }
}
